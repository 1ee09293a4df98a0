// Symbol. https://tc39.es/ecma262/#sec-symbol-objects
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"

// https://tc39.es/ecma262/#sec-symbol-description
static Value symbol_constructor(Context *cx, const Call *call) {
  if (call_is_construct(call)) return throw_type_error(cx, "Symbol is not a constructor");
  ROOTS(cx, r, description);
  r->description = call_argument(call, 0);
  if (!value_is_undefined(r->description)) r->description = value_to_string(cx, r->description);
  return value_is_abrupt(r->description) ? VALUE_ABRUPT : symbol_create(cx, r->description, 0);
}

// The registry: an object without prototype, key -> symbol.
static Object *symbol_registry(Context *cx) {
  if (!value_is_object(cx->symbol_registry)) {
    Object *registry = object_create(cx, NULL);
    if (!registry) return NULL;
    cx->symbol_registry = value_object(registry);
    if (!object_make_dictionary(cx, registry)) return NULL;
  }
  return value_as_object(cx->symbol_registry);
}

// https://tc39.es/ecma262/#sec-symbol.for
static Value symbol_for(Context *cx, const Call *call) {
  ROOTS(cx, r, text, key, symbol);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->key = key_from_string(cx, value_as_string(r->text));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Object *registry = symbol_registry(cx);
  if (!registry) return VALUE_ABRUPT;
  r->symbol = object_get_key(cx, registry, r->key);
  if (value_is_abrupt(r->symbol) || value_is_symbol(r->symbol)) return r->symbol;
  r->symbol = symbol_create(cx, r->text, SYMBOL_REGISTERED);
  if (value_is_abrupt(r->symbol)) return VALUE_ABRUPT;
  return object_create_data_property(cx, registry, r->key, r->symbol) ? r->symbol : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-symbol.keyfor
static Value symbol_key_for(Context *cx, const Call *call) {
  Value symbol = call_argument(call, 0);
  if (!value_is_symbol(symbol)) return throw_type_error(cx, "Symbol.keyFor: expected a symbol, not %v", symbol);
  bool is_registered = value_as_symbol(symbol)->cell.flags & SYMBOL_REGISTERED;
  return is_registered ? value_as_symbol(symbol)->description : VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-thissymbolvalue
static Value this_symbol_value(Context *cx, const Call *call, const char *method) {
  if (value_is_symbol(call->this_value)) return call->this_value;
  if (value_is_primitive_object(call->this_value, &object_class_symbol))
    return primitive_object_value(call->this_value);
  return throw_type_error(cx, "%s called on %v, not on a symbol", method, call->this_value);
}

// https://tc39.es/ecma262/#sec-symbol.prototype.tostring
static Value symbol_prototype_to_string(Context *cx, const Call *call) {
  Value symbol = this_symbol_value(cx, call, "Symbol.prototype.toString");
  if (value_is_abrupt(symbol)) return VALUE_ABRUPT;
  Value description = value_as_symbol(symbol)->description;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_ascii(&builder, "Symbol(");
  if (value_is_string(description) && !string_builder_append_string(&builder, value_as_string(description))) {
    return VALUE_ABRUPT;
  }
  string_builder_append_ascii(&builder, ")");
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-symbol.prototype.valueof and
// https://tc39.es/ecma262/#sec-symbol.prototype-%symbol.toprimitive%
static Value symbol_prototype_value_of(Context *cx, const Call *call) {
  return this_symbol_value(cx, call, "Symbol.prototype.valueOf");
}

// https://tc39.es/ecma262/#sec-symbol.prototype.description
static Value symbol_prototype_get_description(Context *cx, const Call *call) {
  Value symbol = this_symbol_value(cx, call, "Symbol.prototype.description");
  return value_is_abrupt(symbol) ? VALUE_ABRUPT : value_as_symbol(symbol)->description;
}

static const BuiltinRow symbol_rows[] = {
    FUNCTION("for", 1, symbol_for),
    FUNCTION("keyFor", 1, symbol_key_for),
#define SYMBOL(identifier) VALUE_SYMBOL(#identifier),
    WELL_KNOWN_SYMBOLS(SYMBOL)
#undef SYMBOL
        END_OF_ROWS,
};
static const BuiltinRow symbol_prototype_rows[] = {
    FUNCTION("toString", 0, symbol_prototype_to_string),
    FUNCTION("valueOf", 0, symbol_prototype_value_of),
    GETTER("description", symbol_prototype_get_description),
    TO_STRING_TAG("Symbol"),
    FUNCTION_ATTRIBUTES("@@toPrimitive", 1, symbol_prototype_value_of, PROPERTY_CONFIGURABLE),
    END_OF_ROWS,
};
const BuiltinObject builtin_symbol_prototype = {
    .intrinsic = INTRINSIC_SymbolPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = symbol_prototype_rows,
};
const BuiltinObject builtin_symbol = {
    .global_name = "Symbol",
    .intrinsic = INTRINSIC_Symbol,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = symbol_constructor,
    .length = 0,
    .prototype_property = INTRINSIC_SymbolPrototype,
    .rows = symbol_rows,
};
