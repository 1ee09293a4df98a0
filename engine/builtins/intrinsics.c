// The general operations of self-hosted code. Operations of one global object are in its file.
#include "builtins/intrinsics.h"

#include "base/text_view.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/slotted.h"
#include "text/utf8.h"

const NativeFunction intrinsic_operations[INTRINSIC_OPERATION_COUNT] = {
#define INTRINSIC_OPERATION(name, function) function,
#include "builtins/intrinsics.def"
#undef INTRINSIC_OPERATION
};

int intrinsic_operation_find(TextView name) {
  static const char *const names[] = {
#define INTRINSIC_OPERATION(name, function) #name,
#include "builtins/intrinsics.def"
#undef INTRINSIC_OPERATION
  };
  for (int i = 0; i < INTRINSIC_OPERATION_COUNT; i++) {
    if (text_view_equals(text_view_literal(names[i]), name)) return i;
  }
  return -1;
}

// Conversions and tests ------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-toobject
Value intrinsic_to_object(Context *cx, const Call *call) {
  Value value = call_argument(call, 0);
  return value_is_object(value) ? value : value_to_object(cx, value);
}

// https://tc39.es/ecma262/#sec-tonumber
Value intrinsic_to_number(Context *cx, const Call *call) {
  double number;
  if (!value_to_number(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return value_number(number);
}

// https://tc39.es/ecma262/#sec-tostring
Value intrinsic_to_string(Context *cx, const Call *call) { return value_to_string(cx, call_argument(call, 0)); }

// https://tc39.es/ecma262/#sec-topropertykey
Value intrinsic_to_property_key(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return key_to_value(cx, r->key);
}

// https://tc39.es/ecma262/#sec-tolength
Value intrinsic_to_length(Context *cx, const Call *call) {
  double length;
  if (!value_to_length(cx, call_argument(call, 0), &length)) return VALUE_ABRUPT;
  return value_number(length);
}

// https://tc39.es/ecma262/#sec-tointegerorinfinity
Value intrinsic_to_integer_or_infinity(Context *cx, const Call *call) {
  double number;
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return value_number(number);
}

// https://tc39.es/ecma262/#sec-lengthofarraylike
Value intrinsic_length_of_array_like(Context *cx, const Call *call) {
  Object *object = value_as_object(call_argument(call, 0));
  if (object->cell.kind == CELL_ARRAY) return value_unsigned(object->length);
  double length;
  if (!object_length(cx, object, &length)) return VALUE_ABRUPT;
  return value_number(length);
}

Value intrinsic_is_object(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_object(call_argument(call, 0)));
}

// https://tc39.es/ecma262/#sec-isarray
Value intrinsic_is_array(Context *cx, const Call *call) {
  bool is_array;
  if (!value_is_array(cx, call_argument(call, 0), &is_array)) return VALUE_ABRUPT;
  return value_boolean(is_array);
}

// https://tc39.es/ecma262/#sec-iscallable
Value intrinsic_is_callable(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_callable(call_argument(call, 0)));
}

// https://tc39.es/ecma262/#sec-isconstructor
Value intrinsic_is_constructor(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_constructor(call_argument(call, 0)));
}

// https://tc39.es/ecma262/#sec-samevalue
Value intrinsic_same_value(Context *cx, const Call *call) {
  bool same;
  if (!value_same(cx, call_argument(call, 0), call_argument(call, 1), &same)) return VALUE_ABRUPT;
  return value_boolean(same);
}

// https://tc39.es/ecma262/#sec-samevaluezero
Value intrinsic_same_value_zero(Context *cx, const Call *call) {
  bool same;
  if (!value_same_zero(cx, call_argument(call, 0), call_argument(call, 1), &same)) return VALUE_ABRUPT;
  return value_boolean(same);
}

// https://tc39.es/ecma262/#sec-ordinaryhasinstance
Value intrinsic_ordinary_has_instance(Context *cx, const Call *call) {
  bool result;
  if (!value_ordinary_has_instance(cx, call_argument(call, 1), call_argument(call, 0), &result)) return VALUE_ABRUPT;
  return value_boolean(result);
}

// Objects --------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-ordinaryobjectcreate
Value intrinsic_create_object(Context *cx, const Call *call) {
  Value prototype = call_argument(call, 0);
  Object *object = object_create(cx, value_is_object(prototype) ? value_as_object(prototype) : NULL);
  return object ? value_object(object) : VALUE_ABRUPT;
}

// OPTIMIZATION: appends to a dense array, as map and similar methods do.
static bool array_try_append(Context *cx, Object *array, Value key, Value value) {
  enum {
    GUARDED = OBJECT_SPARSE | OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN | OBJECT_LENGTH_READ_ONLY |
              OBJECT_USED_AS_PROTOTYPE
  };
  if (array->cell.kind != CELL_ARRAY || !value_is_int(key) || (uint32_t)value_as_int(key) != array->element_count ||
      !array->elements || array->element_count >= values_count(array->elements) || (array->cell.flags & GUARDED) ||
      (array->shape->cell.flags & SHAPE_NOT_EXTENSIBLE)) {
    return false;
  }
  cell_store(cx, &array->elements->items[array->element_count++], value);
  array->length = MAX_OF(array->length, array->element_count);
  return true;
}

// https://tc39.es/ecma262/#sec-createdatapropertyorthrow
Value intrinsic_create_data_property_or_throw(Context *cx, const Call *call) {
  if (array_try_append(cx, value_as_object(call->arguments[0]), call->arguments[1], call->arguments[2])) {
    return VALUE_UNDEFINED;
  }
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Object *object = value_as_object(call_argument(call, 0));
  if (!object_create_data_property(cx, object, r->key, call_argument(call, 2))) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-createnonenumerabledatapropertyorthrow
Value intrinsic_create_non_enumerable_data_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor = descriptor_data(call_argument(call, 2), PROPERTY_HIDDEN);
  if (!object_define_or_throw(cx, value_as_object(call_argument(call, 0)), r->key, &descriptor)) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-deletepropertyorthrow
Value intrinsic_delete_property_or_throw(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  if (!object_delete_or_throw(cx, value_as_object(call_argument(call, 0)), r->key)) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

static Value tristate_to_value(Tristate state) {
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(state == TRISTATE_TRUE);
}

// https://tc39.es/ecma262/#sec-hasproperty
Value intrinsic_has_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return tristate_to_value(object_has_property(cx, value_as_object(call_argument(call, 0)), r->key));
}

// https://tc39.es/ecma262/#sec-hasownproperty
Value intrinsic_has_own_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return tristate_to_value(object_has_own_property(cx, value_as_object(call_argument(call, 0)), r->key));
}

// https://tc39.es/ecma262/#sec-ordinarygetownproperty
Value intrinsic_is_own_enumerable(Context *cx, const Call *call) {
  ROOTS(cx, r, key, fields[3]);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, value_as_object(call_argument(call, 0)), r->key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  if (found == TRISTATE_FALSE) return VALUE_UNDEFINED;
  return value_boolean(descriptor.attributes & PROPERTY_ENUMERABLE);
}

Value intrinsic_own_keys(Context *cx, const Call *call) {
  ROOTS(cx, r, keys);
  r->keys = object_own_keys(cx, value_as_object(call_argument(call, 0)));
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Values *keys = (Values *)value_as_cell(r->keys);
  Object *array = array_create_from(cx, keys->items, values_count(keys));
  return array ? value_object(array) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-getmethod
Value intrinsic_get_method(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return value_get_method(cx, call_argument(call, 0), r->key);
}

// https://tc39.es/ecma262/#sec-speciesconstructor
Value intrinsic_species_constructor(Context *cx, const Call *call) {
  return object_species_constructor(cx, value_as_object(call_argument(call, 0)), call_argument(call, 1));
}

// Errors ---------------------------------------------------------------------------------------------

// The message with each % replaced by a description of the next operand.
static Value intrinsic_format_message(Context *cx, const Call *call) {
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  TextView message;
  if (!string_view(cx, value_as_string(call_argument(call, 0)), &message)) return VALUE_ABRUPT;
  uint32_t next = 1;
  for (uint32_t i = 0; i < message.length; i++) {
    uint16_t unit = text_view_unit(message, i);
    if (unit != '%') {
      string_builder_append_unit(&builder, unit);
      continue;
    }
    Buffer text;
    buffer_initialize(&text, &cx->memory);
    value_describe(cx, call_argument(call, next++), &text);
    for (size_t at = 0; at < text.size;) {
      uint32_t point = utf8_next_code_point(text.data, text.size, &at);
      string_builder_append_code_point(&builder, point == UINT32_MAX ? 0xFFFD : point);
    }
    buffer_release(&text);
  }
  return string_builder_finish(&builder);
}

static Value intrinsic_make_error(Context *cx, const Call *call, ErrorType type) {
  ROOTS(cx, r, message);
  r->message = intrinsic_format_message(cx, call);
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, type, r->message);
  return error ? value_object(error) : VALUE_ABRUPT;
}

static Value intrinsic_throw_error(Context *cx, const Call *call, ErrorType type) {
  ROOTS(cx, r, error);
  r->error = intrinsic_make_error(cx, call, type);
  if (value_is_abrupt(r->error)) return VALUE_ABRUPT;
  return throw_value(cx, r->error);
}

Value intrinsic_throw_type_error(Context *cx, const Call *call) { return intrinsic_throw_error(cx, call, ERROR_TYPE); }
Value intrinsic_throw_range_error(Context *cx, const Call *call) {
  return intrinsic_throw_error(cx, call, ERROR_RANGE);
}
Value intrinsic_throw_reference_error(Context *cx, const Call *call) {
  return intrinsic_throw_error(cx, call, ERROR_REFERENCE);
}
Value intrinsic_type_error(Context *cx, const Call *call) { return intrinsic_make_error(cx, call, ERROR_TYPE); }
Value intrinsic_range_error(Context *cx, const Call *call) { return intrinsic_make_error(cx, call, ERROR_RANGE); }

// Slotted objects ------------------------------------------------------------------------------------

Value intrinsic_create_slotted(Context *cx, const Call *call) {
  Object *prototype = value_as_object(call_argument(call, 1));
  Slotted *slotted = slotted_create(cx, (SlottedKind)value_as_int(call_argument(call, 0)), prototype);
  if (!slotted) return VALUE_ABRUPT;
  for (uint32_t i = 2; i < call->count && i - 2 < SLOTTED_SLOTS; i++)
    slotted_set(cx, slotted, i - 2, call->arguments[i]);
  return value_object(slotted);
}

Value intrinsic_is_slotted(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_slotted(call_argument(call, 0), (SlottedKind)value_as_int(call_argument(call, 1))));
}

Value intrinsic_slot_get(Context *cx, const Call *call) {
  (void)cx;
  return value_as_slotted(call->arguments[0])->internal[value_as_int(call->arguments[1])];
}

Value intrinsic_slot_set(Context *cx, const Call *call) {
  (void)cx;
  slotted_set(cx, value_as_slotted(call->arguments[0]), (uint32_t)value_as_int(call->arguments[1]), call->arguments[2]);
  return VALUE_UNDEFINED;
}

// Other ----------------------------------------------------------------------------------------------

Value intrinsic_symbol_iterator(Context *cx, const Call *call) {
  (void)call;
  return cx->names->symbol_iterator;
}

Value intrinsic_symbol_async_iterator(Context *cx, const Call *call) {
  (void)call;
  return cx->names->symbol_asyncIterator;
}

Value intrinsic_deferred_begin(Context *cx, const Call *call) {
  return module_deferred_begin(cx, value_as_module(call->arguments[0]));
}
Value intrinsic_deferred_next(Context *cx, const Call *call) {
  return module_deferred_next(cx, value_as_module(call->arguments[0]));
}
Value intrinsic_deferred_fail(Context *cx, const Call *call) {
  return module_deferred_fail(cx, value_as_module(call->arguments[0]), call->arguments[1]);
}

// bounded: the name of a function of the engine.
Value intrinsic_self_hosted(Context *cx, const Call *call) {
  // OPTIMIZATION: names are atoms, under which the realm keeps the functions it has made (builtins/self_hosted.c).
  Value made = cx->realm->self_hosted;
  if (value_is_object(made) && value_as_string(call->arguments[0])->cell.flags & STRING_ATOM) {
    const Property *property = shape_lookup(value_as_object(made)->shape, call->arguments[0]);
    if (property) return value_as_object(made)->slots[property->slot];
  }
  TextView text;
  if (!string_view(cx, value_as_string(call_argument(call, 0)), &text)) return VALUE_ABRUPT;
  char name[64];
  uint32_t length = MIN_OF(text.length, (uint32_t)sizeof name - 1);
  for (uint32_t i = 0; i < length; i++) name[i] = (char)text_view_unit(text, i);
  name[length] = 0;
  return builtin_self_hosted(cx, name);
}
