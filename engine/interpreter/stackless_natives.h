// Natives that the interpreter recognises and performs itself, without C recursion: it turns the call into the call,
// construction or resumption that they stand for. Their C bodies (builtins/) serve calls from C.
#ifndef CAISSON_STACKLESS_NATIVES_H
#define CAISSON_STACKLESS_NATIVES_H

#include "runtime/functions.h"

Value function_prototype_apply(Context *cx, const Call *call);  // (thisArgument, argumentsList)
Value function_prototype_call(Context *cx, const Call *call);   // (thisArgument, ...arguments)
Value reflect_apply(Context *cx, const Call *call);             // (target, thisArgument, argumentsList)
Value reflect_construct(Context *cx, const Call *call);         // (target, argumentsList, newTarget)
Value generator_prototype_next(Context *cx, const Call *call);
Value generator_prototype_return(Context *cx, const Call *call);
Value generator_prototype_throw(Context *cx, const Call *call);

#endif
