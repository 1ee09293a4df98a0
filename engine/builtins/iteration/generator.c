// The prototypes of generators and async generators. https://tc39.es/ecma262/#sec-generator-objects
// Continuing a generator's frame is the interpreter's work; from C it goes through the hooks.
#include "interpreter/generator.h"

#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/hooks.h"

// https://tc39.es/ecma262/#sec-generator.prototype.next
static Value generator_prototype_next(Context *cx, const Call *call) {
  return cx->hooks->generator_resume(cx, call->this_value, call_argument(call, 0), RESUME_NEXT);
}

// https://tc39.es/ecma262/#sec-generator.prototype.return
static Value generator_prototype_return(Context *cx, const Call *call) {
  return cx->hooks->generator_resume(cx, call->this_value, call_argument(call, 0), RESUME_RETURN);
}

// https://tc39.es/ecma262/#sec-generator.prototype.throw
static Value generator_prototype_throw(Context *cx, const Call *call) {
  return cx->hooks->generator_resume(cx, call->this_value, call_argument(call, 0), RESUME_THROW);
}

// https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next
static Value async_generator_prototype_next(Context *cx, const Call *call) {
  return cx->hooks->async_generator_enqueue(cx, call->this_value, call_argument(call, 0), RESUME_NEXT);
}

// https://tc39.es/ecma262/#sec-asyncgenerator-prototype-return
static Value async_generator_prototype_return(Context *cx, const Call *call) {
  return cx->hooks->async_generator_enqueue(cx, call->this_value, call_argument(call, 0), RESUME_RETURN);
}

// https://tc39.es/ecma262/#sec-asyncgenerator-prototype-throw
static Value async_generator_prototype_throw(Context *cx, const Call *call) {
  return cx->hooks->async_generator_enqueue(cx, call->this_value, call_argument(call, 0), RESUME_THROW);
}

// %AsyncGeneratorServe(generator): whether there is more to serve at once
Value intrinsic_async_generator_serve(Context *cx, const Call *call) {
  return async_generator_serve(cx, (Generator *)value_as_object(call_argument(call, 0)));
}

static const BuiltinRow generator_prototype_rows[] = {
    VALUE_INTRINSIC("constructor", INTRINSIC_GeneratorFunctionPrototype, PROPERTY_CONFIGURABLE),
    PERFORMED("next", 1, generator_prototype_next, NATIVE_GENERATOR_NEXT, -1),
    PERFORMED("return", 1, generator_prototype_return, NATIVE_GENERATOR_RETURN, -1),
    PERFORMED("throw", 1, generator_prototype_throw, NATIVE_GENERATOR_THROW, -1),
    TO_STRING_TAG("Generator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_generator_prototype = {
    .intrinsic = INTRINSIC_GeneratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = generator_prototype_rows,
};

static const BuiltinRow async_generator_prototype_rows[] = {
    VALUE_INTRINSIC("constructor", INTRINSIC_AsyncGeneratorFunctionPrototype, PROPERTY_CONFIGURABLE),
    PERFORMED("next", 1, async_generator_prototype_next, NATIVE_ASYNC_GENERATOR_NEXT, -1),
    PERFORMED("return", 1, async_generator_prototype_return, NATIVE_ASYNC_GENERATOR_RETURN, -1),
    PERFORMED("throw", 1, async_generator_prototype_throw, NATIVE_ASYNC_GENERATOR_THROW, -1),
    TO_STRING_TAG("AsyncGenerator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_async_generator_prototype = {
    .intrinsic = INTRINSIC_AsyncGeneratorPrototype,
    .prototype = INTRINSIC_AsyncIteratorPrototype,
    .prototype_property = -1,
    .rows = async_generator_prototype_rows,
};
