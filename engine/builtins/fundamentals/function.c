// Function, its three siblings, and Function.prototype. https://tc39.es/ecma262/#sec-function-objects
#include "builtins/fundamentals/function.h"

#include "bytecode/code.h"
#include "number/arithmetic.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/replay.h"

// Constructors -----------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-createdynamicfunction
static Value function_create_dynamic(Context *cx, const Call *call, int kind) {
  ROOTS(cx, r, text, parameters, body);
  REPLAY_TEXT(text, cx, &r->text);
  for (double i = 0;; i++) {
    if (!replay_text_round(&text, &i)) return VALUE_ABRUPT;
    if (i + 1 >= call->count) break;
    r->body = value_to_string(cx, call->arguments[(uint32_t)i]);
    if (value_is_abrupt(r->body)) return VALUE_ABRUPT;
    if (i > 0) string_builder_append_unit(&text.builder, ',');
    if (!string_builder_append_string(&text.builder, value_as_string(r->body))) return VALUE_ABRUPT;
  }
  r->parameters = replay_text_finish(&text);
  if (value_is_abrupt(r->parameters)) return VALUE_ABRUPT;
  r->body = call->count > 0 ? value_to_string(cx, call->arguments[call->count - 1]) : cx->names->empty;
  if (value_is_abrupt(r->body)) return VALUE_ABRUPT;
  Value new_target = call_is_construct(call) ? call->new_target : call->callee;
  return cx->hooks->compile_function(cx, kind, r->parameters, r->body, new_target);
}

// https://tc39.es/ecma262/#sec-function-p1-p2-pn-body
static Value function_constructor(Context *cx, const Call *call) {
  return function_create_dynamic(cx, call, FUNCTION_KIND_PLAIN);
}

// https://tc39.es/ecma262/#sec-generatorfunction
static Value generator_function_constructor(Context *cx, const Call *call) {
  return function_create_dynamic(cx, call, FUNCTION_KIND_GENERATOR);
}

// https://tc39.es/ecma262/#sec-async-function-constructor-arguments
static Value async_function_constructor(Context *cx, const Call *call) {
  return function_create_dynamic(cx, call, FUNCTION_KIND_ASYNC);
}

// https://tc39.es/ecma262/#sec-asyncgeneratorfunction
static Value async_generator_function_constructor(Context *cx, const Call *call) {
  return function_create_dynamic(cx, call, FUNCTION_KIND_ASYNC | FUNCTION_KIND_GENERATOR);
}

// Calling ----------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-properties-of-the-function-prototype-object
static Value function_prototype_itself(Context *cx, const Call *call) {
  (void)cx;
  (void)call;
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-function.prototype.apply
static Value function_prototype_apply(Context *cx, const Call *call) {
  ROOTS(cx, r, list);
  if (!value_is_callable(call->this_value)) {
    return throw_type_error(cx, "Function.prototype.apply: %v is not a function", call->this_value);
  }
  Value array = call_argument(call, 1);
  if (value_is_nullish(array)) return function_call(cx, call->this_value, call_argument(call, 0), NULL, 0);
  r->list = value_list_from_array_like(cx, array);
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  Values *list = (Values *)value_as_cell(r->list);
  return function_call(cx, call->this_value, call_argument(call, 0), list->items, values_count(list));
}

// https://tc39.es/ecma262/#sec-function.prototype.call
static Value function_prototype_call(Context *cx, const Call *call) {
  if (!value_is_callable(call->this_value)) {
    return throw_type_error(cx, "Function.prototype.call: %v is not a function", call->this_value);
  }
  uint32_t count = call->count > 0 ? call->count - 1 : 0;
  return function_call(cx, call->this_value, call_argument(call, 0), call->arguments + (call->count > 0), count);
}

// The `length` of a bound function.
static MUST_CHECK bool function_bound_length(Context *cx, Object *target, uint32_t bound_count, Value *length) {
  ROOTS(cx, r, value);
  *length = VALUE_INT_ZERO;
  Tristate has_length = object_has_own_property(cx, target, cx->names->length);
  if (has_length != TRISTATE_TRUE) return has_length == TRISTATE_FALSE;
  r->value = object_get_key(cx, target, cx->names->length);
  if (value_is_abrupt(r->value)) return false;
  if (!value_is_number(r->value)) return true;
  double number = number_to_integer_or_infinity(value_as_number(r->value)) - bound_count;
  *length = value_number(number > 0 ? number : 0);
  return true;
}

// https://tc39.es/ecma262/#sec-boundfunctioncreate
static Object *function_create_bound(Context *cx, const Call *call, uint32_t bound_count) {
  ROOTS(cx, r, prototype, bound);
  Object *target = value_as_object(call->this_value);
  if (object_get_prototype(cx, target, &r->prototype) == TRISTATE_ABRUPT) return NULL;
  Object *prototype = value_is_null(r->prototype) ? NULL : value_as_object(r->prototype);
  BoundFunction *bound = (BoundFunction *)object_create_of_class(cx, &object_class_bound_function, prototype, 2);
  if (!bound) return NULL;
  bound->target = bound->this_value = bound->arguments = VALUE_UNDEFINED;
  r->bound = value_object(bound);
  bound->object.cell.flags |= OBJECT_CALLABLE | (target->cell.flags & OBJECT_CONSTRUCTOR);
  cell_store(cx, &bound->target, call->this_value);
  cell_store(cx, &bound->this_value, call_argument(call, 0));
  if (bound_count == 0) return &bound->object;
  Values *values = values_create(cx, bound_count);
  if (!values) return NULL;
  for (uint32_t i = 0; i < bound_count; i++) cell_store(cx, &values->items[i], call->arguments[i + 1]);
  cell_store(cx, &bound->arguments, value_internal(values));
  return &bound->object;
}

// https://tc39.es/ecma262/#sec-function.prototype.bind
static Value function_prototype_bind(Context *cx, const Call *call) {
  ROOTS(cx, r, bound, length, name, prefix);
  if (!value_is_callable(call->this_value)) {
    return throw_type_error(cx, "Function.prototype.bind: %v is not a function", call->this_value);
  }
  uint32_t bound_count = call->count > 0 ? call->count - 1 : 0;
  Object *bound = function_create_bound(cx, call, bound_count);
  if (!bound) return VALUE_ABRUPT;
  r->bound = value_object(bound);
  Object *target = value_as_object(call->this_value);
  if (!function_bound_length(cx, target, bound_count, &r->length)) return VALUE_ABRUPT;
  r->name = object_get_key(cx, target, cx->names->name);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  r->prefix = string_from_ascii(cx, "bound ");
  if (value_is_abrupt(r->prefix)) return VALUE_ABRUPT;
  if (value_is_string(r->name)) {
    r->name = string_concatenate(cx, value_as_string(r->prefix), value_as_string(r->name));
    if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  } else {
    r->name = r->prefix;
  }
  if (!object_add_property(cx, bound, cx->names->length, r->length, PROPERTY_CONFIGURABLE) ||
      !object_add_property(cx, bound, cx->names->name, r->name, PROPERTY_CONFIGURABLE)) {
    return VALUE_ABRUPT;
  }
  return r->bound;
}

// https://tc39.es/ecma262/#sec-function.prototype-%symbol.hasinstance%
static Value function_prototype_has_instance(Context *cx, const Call *call) {
  bool result;
  if (!value_ordinary_has_instance(cx, call->this_value, call_argument(call, 0), &result)) return VALUE_ABRUPT;
  return value_boolean(result);
}

// Source text --------------------------------------------------------------------------------------------

static bool unit_is_name(uint16_t unit) {
  return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9') || unit == '_' ||
         unit == '$';
}

// Whether the text is what NativeFunction allows between `function` and the parentheses:
// an identifier or [Symbol.x], after an optional `get` or `set`.
static bool text_is_native_name(TextView text) {
  uint32_t i = 0;
  if (text.length > 4 && text_view_unit(text, 1) == 'e' && text_view_unit(text, 2) == 't' &&
      text_view_unit(text, 3) == ' ' && (text_view_unit(text, 0) == 'g' || text_view_unit(text, 0) == 's')) {
    i = 4;
  }
  if (i == text.length) return false;
  bool in_brackets = text_view_unit(text, i) == '[';
  uint32_t end = text.length;
  if (in_brackets) {
    i++;
    if (text_view_unit(text, --end) != ']') return false;
  } else if (text_view_unit(text, i) >= '0' && text_view_unit(text, i) <= '9') {
    return false;
  }
  for (; i < end; i++) {
    uint16_t unit = text_view_unit(text, i);
    if (!unit_is_name(unit) && !(in_brackets && unit == '.')) return false;
  }
  return true;
}

static Value function_native_text(Context *cx, Object *function) {
  ROOTS(cx, r, fields[3]);
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_ascii(&builder, "function ");
  Descriptor descriptor;
  if (function->cell.kind == CELL_NATIVE_FUNCTION || function->cell.kind == CELL_CLOSURE) {
    Tristate found = ordinary_get_own_property(cx, function, cx->names->name, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (found == TRISTATE_TRUE && value_is_string(descriptor.value)) {
      TextView text;
      if (!string_view(cx, value_as_string(descriptor.value), &text)) return VALUE_ABRUPT;
      if (text_is_native_name(text)) string_builder_append_view(&builder, text);
    }
  }
  string_builder_append_ascii(&builder, "() { [native code] }");
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-function.prototype.tostring
static Value function_prototype_to_string(Context *cx, const Call *call) {
  if (!value_is_callable(call->this_value)) {
    return throw_type_error(cx, "Function.prototype.toString: %v is not a function", call->this_value);
  }
  Object *function = value_as_object(call->this_value);
  if (function->cell.kind == CELL_CLOSURE) {
    const Code *code = ((Closure *)function)->code;
    bool has_source = !(code->flags & CODE_SELF_HOSTED) && value_is_internal(code->source);
    if (has_source && value_as_cell(code->source)->small != SOURCE_OF_ENGINE) {
      Value text = ((Record *)value_as_cell(code->source))->items[SOURCE_TEXT];
      return string_slice(cx, value_as_string(text), code->source_start, code->source_end);
    }
  }
  return function_native_text(cx, function);
}

// Restricted properties ------------------------------------------------------------------------------------

// Functions of sloppy code have a harmless `caller` and `arguments`, since old programs read them.
static bool function_is_legacy(Value value) {
  if (!value_is_object_of(value, CELL_CLOSURE)) return false;
  uint32_t flags = ((Closure *)value_as_object(value))->code->flags;
  return (flags & CODE_HAS_CONSTRUCT) && !(flags & (CODE_STRICT | CODE_CLASS_CONSTRUCTOR));
}

// https://tc39.es/ecma262/#sec-%throwtypeerror%
static Value function_throw_type_error(Context *cx, const Call *call) {
  if (function_is_legacy(call->this_value)) return VALUE_UNDEFINED;
  return throw_type_error(cx,
                          "'caller', 'callee' and 'arguments' may not be accessed on strict functions and their "
                          "arguments objects");
}

// https://tc39.es/ecma262/#sec-addrestrictedfunctionproperties
bool function_install_restricted(Context *cx, Realm *realm) {
  ROOTS(cx, r, thrower, fields[3]);
  Object *thrower = native_function_create(cx, function_throw_type_error, cx->names->empty, 0, false);
  if (!thrower) return false;
  r->thrower = value_object(thrower);
  Descriptor fixed = {VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, 0, PROPERTY_CONFIGURABLE | PROPERTY_WRITABLE};
  if (!object_define_or_throw(cx, thrower, cx->names->length, &fixed) ||
      !object_define_or_throw(cx, thrower, cx->names->name, &fixed) ||
      object_prevent_extensions(cx, thrower) != TRISTATE_TRUE) {
    return false;
  }
  cell_store(cx, &realm->intrinsics[INTRINSIC_ThrowTypeError], r->thrower);
  Object *prototype = value_as_object(realm->intrinsics[INTRINSIC_FunctionPrototype]);
  Descriptor accessor = {VALUE_HOLE, r->thrower, r->thrower, PROPERTY_CONFIGURABLE,
                         PROPERTY_CONFIGURABLE | PROPERTY_ENUMERABLE};
  return object_define_or_throw(cx, prototype, cx->names->caller, &accessor) &&
         object_define_or_throw(cx, prototype, cx->names->arguments, &accessor);
}

// Tables -----------------------------------------------------------------------------------------------

static const BuiltinRow no_rows[] = {END_OF_ROWS};

static const BuiltinRow function_prototype_rows[] = {
    PERFORMED("apply", 2, function_prototype_apply, NATIVE_FUNCTION_APPLY, INTRINSIC_FunctionPrototype_apply),
    FUNCTION("bind", 1, function_prototype_bind),
    PERFORMED("call", 1, function_prototype_call, NATIVE_FUNCTION_CALL, -1),
    FUNCTION("toString", 0, function_prototype_to_string),
    FUNCTION_ATTRIBUTES("@@hasInstance", 1, function_prototype_has_instance, 0),
    END_OF_ROWS,
};

const BuiltinObject builtin_function_prototype = {
    .intrinsic = INTRINSIC_FunctionPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .constructor = function_prototype_itself,
    .constructor_name = "",
    .is_not_constructor = true,
    .prototype_property = -1,
    .rows = function_prototype_rows,
};

const BuiltinObject builtin_function = {
    .global_name = "Function",
    .intrinsic = INTRINSIC_Function,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = function_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_FunctionPrototype,
    .rows = no_rows,
};

static const BuiltinRow generator_function_prototype_rows[] = {
    VALUE_INTRINSIC("prototype", INTRINSIC_GeneratorPrototype, PROPERTY_CONFIGURABLE),
    TO_STRING_TAG("GeneratorFunction"),
    END_OF_ROWS,
};

const BuiltinObject builtin_generator_function_prototype = {
    .intrinsic = INTRINSIC_GeneratorFunctionPrototype,
    .prototype = INTRINSIC_FunctionPrototype,
    .prototype_property = -1,
    .rows = generator_function_prototype_rows,
};

const BuiltinObject builtin_generator_function = {
    .intrinsic = INTRINSIC_GeneratorFunction,
    .prototype = INTRINSIC_Function,
    .constructor = generator_function_constructor,
    .constructor_name = "GeneratorFunction",
    .length = 1,
    .prototype_property = INTRINSIC_GeneratorFunctionPrototype,
    .rows = no_rows,
};

static const BuiltinRow async_function_prototype_rows[] = {
    TO_STRING_TAG("AsyncFunction"),
    END_OF_ROWS,
};

const BuiltinObject builtin_async_function_prototype = {
    .intrinsic = INTRINSIC_AsyncFunctionPrototype,
    .prototype = INTRINSIC_FunctionPrototype,
    .prototype_property = -1,
    .rows = async_function_prototype_rows,
};

const BuiltinObject builtin_async_function = {
    .intrinsic = INTRINSIC_AsyncFunction,
    .prototype = INTRINSIC_Function,
    .constructor = async_function_constructor,
    .constructor_name = "AsyncFunction",
    .length = 1,
    .prototype_property = INTRINSIC_AsyncFunctionPrototype,
    .rows = no_rows,
};

static const BuiltinRow async_generator_function_prototype_rows[] = {
    VALUE_INTRINSIC("prototype", INTRINSIC_AsyncGeneratorPrototype, PROPERTY_CONFIGURABLE),
    TO_STRING_TAG("AsyncGeneratorFunction"),
    END_OF_ROWS,
};

const BuiltinObject builtin_async_generator_function_prototype = {
    .intrinsic = INTRINSIC_AsyncGeneratorFunctionPrototype,
    .prototype = INTRINSIC_FunctionPrototype,
    .prototype_property = -1,
    .rows = async_generator_function_prototype_rows,
};

const BuiltinObject builtin_async_generator_function = {
    .intrinsic = INTRINSIC_AsyncGeneratorFunction,
    .prototype = INTRINSIC_Function,
    .constructor = async_generator_function_constructor,
    .constructor_name = "AsyncGeneratorFunction",
    .length = 1,
    .prototype_property = INTRINSIC_AsyncGeneratorFunctionPrototype,
    .rows = no_rows,
};
