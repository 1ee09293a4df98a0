// The resumption of generators belongs to the interpreter, which recognises these natives and continues the
// generator's frame without C recursion. The C bodies serve calls from C, through the hooks.
#ifndef CAISSON_BUILTINS_GENERATOR_H
#define CAISSON_BUILTINS_GENERATOR_H

#include "runtime/functions.h"

Value generator_prototype_next(Context *cx, const Call *call);
Value generator_prototype_return(Context *cx, const Call *call);
Value generator_prototype_throw(Context *cx, const Call *call);
Value async_generator_prototype_next(Context *cx, const Call *call);
Value async_generator_prototype_return(Context *cx, const Call *call);
Value async_generator_prototype_throw(Context *cx, const Call *call);

#endif
