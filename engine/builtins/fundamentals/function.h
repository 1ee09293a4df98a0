// What the files of functions, errors and realms need of one another.
#ifndef CAISSON_BUILTINS_FUNCTION_H
#define CAISSON_BUILTINS_FUNCTION_H

#include "runtime/realm.h"

// %Object.prototype.toString%, for those that need it whatever the guest has put there.
Value object_prototype_to_string(Context *cx, const Call *call);

// %ThrowTypeError% and the accessors of Function.prototype that hold it; part of making a realm.
MUST_CHECK bool function_install_restricted(Context *cx, Realm *realm);
// The accessor of errors (error.c).
MUST_CHECK bool error_install_stack(Context *cx, Realm *realm);

#endif
