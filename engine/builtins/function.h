// Natives which the interpreter recognises and performs without C recursion: it turns the call into the call
// (or construction) that they stand for. The C bodies serve calls from C.
#ifndef CAISSON_BUILTINS_FUNCTION_H
#define CAISSON_BUILTINS_FUNCTION_H

#include "runtime/realm.h"

Value function_prototype_apply(Context *cx, const Call *call);  // (thisArgument, argumentsList)
Value function_prototype_call(Context *cx, const Call *call);   // (thisArgument, ...arguments)
Value reflect_apply(Context *cx, const Call *call);             // (target, thisArgument, argumentsList)
Value reflect_construct(Context *cx, const Call *call);         // (target, argumentsList, newTarget)
Value promise_constructor(Context *cx, const Call *call);        // (executor)
// What the executor is called with: the new promise, its resolve and its reject functions.
MUST_CHECK bool promise_construct_prepare(Context *cx, Value new_target, Value rooted[3]);

// %Object.prototype.toString%, for those that need it whatever the guest has put there.
Value object_prototype_to_string(Context *cx, const Call *call);

// %ThrowTypeError% and the accessors of Function.prototype that hold it; part of making a realm.
MUST_CHECK bool function_install_restricted(Context *cx, Realm *realm);
// The accessor of errors (error.c).
MUST_CHECK bool error_install_stack(Context *cx, Realm *realm);

#endif
