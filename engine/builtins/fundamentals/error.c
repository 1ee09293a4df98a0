// Error, its native kinds, AggregateError and SuppressedError. https://tc39.es/ecma262/#sec-error-objects
#include "builtins/fundamentals/function.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/iterators.h"
#include "runtime/names.h"
#include "runtime/own_property.h"

// https://tc39.es/ecma262/#sec-installerrorcause
static MUST_CHECK bool error_install_cause(Context *cx, Object *error, Value options) {
  if (!value_is_object(options)) return true;
  Tristate present = object_has_property(cx, value_as_object(options), cx->names->cause);
  if (present != TRISTATE_TRUE) return present == TRISTATE_FALSE;
  ROOTS(cx, r, cause);
  r->cause = object_get_key(cx, value_as_object(options), cx->names->cause);
  return !value_is_abrupt(r->cause) && object_add_property(cx, error, cx->names->cause, r->cause, PROPERTY_HIDDEN);
}

// Makes the object of `new Error(message, options)` and of similar constructors, without the stack.
static Object *error_construct(Context *cx, const Call *call, Intrinsic prototype, Value message, Value options) {
  ROOTS(cx, r, error, message);
  Value new_target = call_is_construct(call) ? call->new_target : call->callee;
  Object *error = object_create_from_constructor(cx, new_target, prototype, &object_class_error);
  if (!error) return NULL;
  r->error = value_object(error);
  ((ErrorObject *)error)->frames = VALUE_HOLE;
  if (!error_add_stack(cx, error)) return NULL;
  if (!value_is_undefined(message)) {
    r->message = value_to_string(cx, message);
    if (value_is_abrupt(r->message)) return NULL;
    if (!object_add_property(cx, error, cx->names->message, r->message, PROPERTY_HIDDEN)) return NULL;
  }
  return error_install_cause(cx, error, options) ? error : NULL;
}

static Value error_finish(Context *cx, Object *error) {
  return error && error_capture_stack(cx, error) ? value_object(error) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-error-message
static Value error_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, error);
  Object *error = error_construct(cx, call, INTRINSIC_ErrorPrototype, call_argument(call, 0), call_argument(call, 1));
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  return error_finish(cx, error);
}

// https://tc39.es/ecma262/#sec-nativeerror
#define NATIVE_ERROR_CONSTRUCTOR(function, name)                                              \
  static Value function(Context *cx, const Call *call) {                                      \
    ROOTS(cx, r, error);                                                                      \
    Value message = call_argument(call, 0), options = call_argument(call, 1);                 \
    Object *error = error_construct(cx, call, INTRINSIC_##name##Prototype, message, options); \
    if (!error) return VALUE_ABRUPT;                                                          \
    r->error = value_object(error);                                                           \
    return error_finish(cx, error);                                                           \
  }
NATIVE_ERROR_CONSTRUCTOR(eval_error_constructor, EvalError)
NATIVE_ERROR_CONSTRUCTOR(range_error_constructor, RangeError)
NATIVE_ERROR_CONSTRUCTOR(reference_error_constructor, ReferenceError)
NATIVE_ERROR_CONSTRUCTOR(syntax_error_constructor, SyntaxError)
NATIVE_ERROR_CONSTRUCTOR(type_error_constructor, TypeError)
NATIVE_ERROR_CONSTRUCTOR(uri_error_constructor, URIError)

static MUST_CHECK bool aggregate_error_set_errors(Context *cx, Object *error, const Value *items, uint32_t count) {
  ROOTS(cx, r, array);
  Object *array = array_create_from(cx, items, count);
  if (!array) return false;
  r->array = value_object(array);
  return object_add_property(cx, error, cx->names->errors, r->array, PROPERTY_HIDDEN);
}

// https://tc39.es/ecma262/#sec-aggregate-error
static Value aggregate_error_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, error, list);
  Value message = call_argument(call, 1), options = call_argument(call, 2);
  Object *error = error_construct(cx, call, INTRINSIC_AggregateErrorPrototype, message, options);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  r->list = iterable_to_list(cx, call_argument(call, 0));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  const Values *list = (const Values *)value_as_cell(r->list);
  if (!aggregate_error_set_errors(cx, error, list->items, values_count(list))) return VALUE_ABRUPT;
  return error_finish(cx, error);
}

static MUST_CHECK bool suppressed_error_set(Context *cx, Object *error, Value inner, Value suppressed) {
  return object_add_property(cx, error, cx->names->error, inner, PROPERTY_HIDDEN) &&
         object_add_property(cx, error, cx->names->suppressed, suppressed, PROPERTY_HIDDEN);
}

// https://tc39.es/ecma262/#sec-suppressederror
static Value suppressed_error_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, error);
  Value message = call_argument(call, 2);
  Object *error = error_construct(cx, call, INTRINSIC_SuppressedErrorPrototype, message, VALUE_UNDEFINED);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  if (!suppressed_error_set(cx, error, call_argument(call, 0), call_argument(call, 1))) return VALUE_ABRUPT;
  return error_finish(cx, error);
}

// %CreateAggregateError(list): of Promise.any
Value intrinsic_create_aggregate_error(Context *cx, const Call *call) {
  ROOTS(cx, r, message, error);
  const Object *list = value_as_object(call_argument(call, 0));
  r->message = string_from_ascii(cx, "All promises were rejected");
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, ERROR_AGGREGATE, r->message);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  const Value *items = list->elements ? list->elements->items : NULL;
  return aggregate_error_set_errors(cx, error, items, list->element_count) ? r->error : VALUE_ABRUPT;
}

// %CreateSuppressedError(error, suppressed): of disposal
Value intrinsic_create_suppressed_error(Context *cx, const Call *call) {
  ROOTS(cx, r, message, error);
  r->message = string_from_ascii(cx, "an error was suppressed during disposal");
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, ERROR_SUPPRESSED, r->message);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  return suppressed_error_set(cx, error, call_argument(call, 0), call_argument(call, 1)) ? r->error : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-error.iserror
static Value error_is_error(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_object_of(call_argument(call, 0), CELL_ERROR));
}

// https://github.com/tc39/proposal-error-capturestacktrace
static Value error_capture_stack_trace(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object))
    return throw_type_error(cx, "Error.captureStackTrace: expected an object, not %v", object);
  return error_define_stack(cx, value_as_object(object), call_argument(call, 1)) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

static MUST_CHECK bool error_text_of(Context *cx, Object *object, PropertyKey key, Value if_undefined, Value *out) {
  *out = object_get_key(cx, object, key);
  if (value_is_abrupt(*out)) return false;
  *out = value_is_undefined(*out) ? if_undefined : value_to_string(cx, *out);
  return !value_is_abrupt(*out);
}

// https://tc39.es/ecma262/#sec-error.prototype.tostring
static Value error_prototype_to_string(Context *cx, const Call *call) {
  if (!value_is_object(call->this_value)) {
    return throw_type_error(cx, "Error.prototype.toString called on %v", call->this_value);
  }
  Object *object = value_as_object(call->this_value);
  ROOTS(cx, r, name, message, fallback);
  r->fallback = string_from_ascii(cx, "Error");
  if (value_is_abrupt(r->fallback)) return VALUE_ABRUPT;
  if (!error_text_of(cx, object, cx->names->name, r->fallback, &r->name)) return VALUE_ABRUPT;
  if (!error_text_of(cx, object, cx->names->message, cx->names->empty, &r->message)) return VALUE_ABRUPT;
  if (string_length(value_as_string(r->name)) == 0) return r->message;
  if (string_length(value_as_string(r->message)) == 0) return r->name;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  if (!string_builder_append_string(&builder, value_as_string(r->name))) return VALUE_ABRUPT;
  string_builder_append_ascii(&builder, ": ");
  if (!string_builder_append_string(&builder, value_as_string(r->message))) return VALUE_ABRUPT;
  return string_builder_finish(&builder);
}

// The stack --------------------------------------------------------------------------------------------------
//
// As in V8 an error has an accessor `stack` of its own, and what is set is what is read, whatever it is, since programs
// write `error.stack = undefined`. The proposal has the accessor on Error.prototype
// (https://tc39.es/proposal-error-stack-accessor/) and refuses all but strings; there is none there, since programs set
// that as well.

static Value error_get_stack(Context *cx, const Call *call) { return error_read_stack(cx, call->this_value); }

static Value error_set_stack(Context *cx, const Call *call) {
  error_replace_stack(cx, call->this_value, call_argument(call, 0));
  return VALUE_UNDEFINED;
}

bool error_install_stack(Context *cx, Realm *realm) {
  ROOTS(cx, r, get, set);
  Object *get = native_function_create(cx, error_get_stack, cx->names->empty, 0, false);
  if (!get) return false;
  r->get = value_object(get);
  Object *set = native_function_create(cx, error_set_stack, cx->names->empty, 1, false);
  if (!set) return false;
  r->set = value_object(set);
  Record *accessor = record_create(cx, 0, ACCESSOR_FIELDS);
  if (!accessor) return false;
  accessor->items[ACCESSOR_GET] = r->get;
  accessor->items[ACCESSOR_SET] = r->set;
  cell_store(cx, &realm->error_stack, value_internal(accessor));
  return true;
}

// Tables ---------------------------------------------------------------------------------------------

static const BuiltinRow error_rows[] = {
    FUNCTION("captureStackTrace", 2, error_capture_stack_trace),
    FUNCTION("isError", 1, error_is_error),
    {.name = "stackTraceLimit", .kind = BUILTIN_NUMBER, .number = 10, .attributes = PROPERTY_DEFAULT, .intrinsic = -1},
    END_OF_ROWS,
};
static const BuiltinRow error_prototype_rows[] = {
    VALUE_STRING("name", "Error", PROPERTY_HIDDEN),
    VALUE_STRING("message", "", PROPERTY_HIDDEN),
    FUNCTION("toString", 0, error_prototype_to_string),
    END_OF_ROWS,
};
const BuiltinObject builtin_error_prototype = {
    .intrinsic = INTRINSIC_ErrorPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = error_prototype_rows,
};
const BuiltinObject builtin_error = {
    .global_name = "Error",
    .intrinsic = INTRINSIC_Error,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = error_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_ErrorPrototype,
    .rows = error_rows,
};

#define NATIVE_ERROR(variable, name, function, arity)     \
  static const BuiltinRow variable##_prototype_rows[] = { \
      VALUE_STRING("name", #name, PROPERTY_HIDDEN),       \
      VALUE_STRING("message", "", PROPERTY_HIDDEN),       \
      END_OF_ROWS,                                        \
  };                                                      \
  const BuiltinObject builtin_##variable##_prototype = {  \
      .intrinsic = INTRINSIC_##name##Prototype,           \
      .prototype = INTRINSIC_ErrorPrototype,              \
      .prototype_property = -1,                           \
      .rows = variable##_prototype_rows,                  \
  };                                                      \
  const BuiltinObject builtin_##variable = {              \
      .global_name = #name,                               \
      .intrinsic = INTRINSIC_##name,                      \
      .prototype = INTRINSIC_Error,                       \
      .constructor = function,                            \
      .length = arity,                                    \
      .prototype_property = INTRINSIC_##name##Prototype,  \
  };
NATIVE_ERROR(eval_error, EvalError, eval_error_constructor, 1)
NATIVE_ERROR(range_error, RangeError, range_error_constructor, 1)
NATIVE_ERROR(reference_error, ReferenceError, reference_error_constructor, 1)
NATIVE_ERROR(syntax_error, SyntaxError, syntax_error_constructor, 1)
NATIVE_ERROR(type_error, TypeError, type_error_constructor, 1)
NATIVE_ERROR(uri_error, URIError, uri_error_constructor, 1)
NATIVE_ERROR(aggregate_error, AggregateError, aggregate_error_constructor, 2)
NATIVE_ERROR(suppressed_error, SuppressedError, suppressed_error_constructor, 3)
