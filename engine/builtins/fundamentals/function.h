// What the files of functions, errors and realms share.
#ifndef CAISSON_BUILTINS_FUNCTION_H
#define CAISSON_BUILTINS_FUNCTION_H

#include "runtime/realm.h"

// %Object.prototype.toString%, even when the guest has replaced the property.
Value object_prototype_to_string(Context *cx, const Call *call);

// Makes %ThrowTypeError% and the accessors of Function.prototype that hold it; part of making a realm.
MUST_CHECK bool function_install_restricted(Context *cx, Realm *realm);
// Makes the `stack` accessor of errors (error.c).
MUST_CHECK bool error_install_stack(Context *cx, Realm *realm);

#endif
