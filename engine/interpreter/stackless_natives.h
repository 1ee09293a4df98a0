// Natives that the interpreter recognises and performs itself, without C recursion: it turns the call into the call,
// construction or resumption that they stand for. Their C bodies (builtins/) serve calls from C.
#ifndef CAISSON_STACKLESS_NATIVES_H
#define CAISSON_STACKLESS_NATIVES_H

#include "runtime/functions.h"

Value function_prototype_apply(Context *cx, const Call *call);  // (thisArgument, argumentsList)
Value function_prototype_call(Context *cx, const Call *call);   // (thisArgument, ...arguments)
Value reflect_apply(Context *cx, const Call *call);             // (target, thisArgument, argumentsList)
Value reflect_construct(Context *cx, const Call *call);         // (target, argumentsList, newTarget)
Value promise_constructor(Context *cx, const Call *call);        // (executor)
// What the executor is called with: the new promise, its resolve and its reject functions.
MUST_CHECK bool promise_construct_prepare(Context *cx, Value new_target, Value rooted[3]);
Value generator_prototype_next(Context *cx, const Call *call);
Value generator_prototype_return(Context *cx, const Call *call);
Value generator_prototype_throw(Context *cx, const Call *call);

#endif
