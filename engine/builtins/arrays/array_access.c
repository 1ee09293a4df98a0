// Element access for the natives of Array, and the operations that self-hosted array code calls.
#include "builtins/arrays/array.h"
#include "builtins/intrinsics.h"
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"

bool array_is_mutable(const Object *object) {
  enum {
    GUARDED = OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN | OBJECT_LENGTH_READ_ONLY | OBJECT_USED_AS_PROTOTYPE,
  };
  return !(object->cell.flags & GUARDED) && array_reads_directly(object) &&
         !(object->shape->cell.flags & SHAPE_NOT_EXTENSIBLE);
}

static PropertyKey array_index_key(Context *cx, double index) {
  if (index <= INT32_MAX) return value_int((int32_t)index);
  ROOTS(cx, r, text);
  r->text = string_from_number(cx, index);
  return value_is_abrupt(r->text) ? VALUE_ABRUPT : key_from_string(cx, value_as_string(r->text));
}

// Gets the element if it can be read directly.
static inline bool array_peek(const Context *cx, const Object *object, double index, Value *value) {
  if (UNLIKELY(replay_is_recording(cx)) || !array_is_dense(object) || index >= object->element_count) return false;
  *value = object->elements->items[(uint32_t)index];
  return !value_is_hole(*value);
}

Value array_get_index(Context *cx, Object *object, double index) {
  Value value;
  if (array_peek(cx, object, index, &value)) return value;
  ROOTS(cx, r, key);
  r->key = array_index_key(cx, index);
  return value_is_abrupt(r->key) ? VALUE_ABRUPT : object_get_key(cx, object, r->key);
}

bool array_get_if_present(Context *cx, Object *object, double index, Value *value) {
  if (array_peek(cx, object, index, value)) return true;
  ROOTS(cx, r, key);
  r->key = array_index_key(cx, index);
  if (value_is_abrupt(r->key)) return false;
  Tristate found = object_has_property(cx, object, r->key);
  *value = VALUE_HOLE;
  if (found != TRISTATE_TRUE) return found == TRISTATE_FALSE;
  *value = object_get_key(cx, object, r->key);
  return !value_is_abrupt(*value);
}

bool array_set_index(Context *cx, Object *object, double index, Value value) {
  ROOTS(cx, r, key);
  r->key = array_index_key(cx, index);
  return !value_is_abrupt(r->key) && object_set_key(cx, object, r->key, value);
}

bool array_create_index(Context *cx, Object *object, double index, Value value) {
  ROOTS(cx, r, key);
  r->key = array_index_key(cx, index);
  return !value_is_abrupt(r->key) && object_create_data_property(cx, object, r->key, value);
}

bool array_delete_index(Context *cx, Object *object, double index) {
  ROOTS(cx, r, key);
  r->key = array_index_key(cx, index);
  return !value_is_abrupt(r->key) && object_delete_or_throw(cx, object, r->key);
}

bool array_put_length(Context *cx, Object *object, double length) {
  return object_set_key(cx, object, cx->names->length, value_number(length));
}

bool array_enter(Context *cx, const Call *call, Value *rooted, double *length) {
  *rooted = value_is_object(call->this_value) ? call->this_value : value_to_object(cx, call->this_value);
  if (value_is_abrupt(*rooted)) return false;
  Object *object = value_as_object(*rooted);
  if (object->cell.kind == CELL_ARRAY) {
    *length = object->length;
    return replay_note_number(cx, length);
  }
  return object_length(cx, object, length);
}

bool array_copy_into(Context *cx, Object *result, const Object *source, uint32_t start, uint32_t end) {
  uint32_t present = MIN_OF(end, source->element_count);
  uint32_t count = present > start ? present - start : 0;
  result->length = end > start ? end - start : 0;
  if (count == 0) return true;
  if (!context_charge(cx, (int32_t)(count / 8))) return context_throw_interrupted(cx), false;
  if (!object_reserve_elements(cx, result, count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    cell_store(cx, &result->elements->items[i], source->elements->items[start + i]);
  }
  result->element_count = count;
  return true;
}

Object *array_copy_range(Context *cx, const Object *source, uint32_t start, uint32_t end) {
  ROOTS(cx, r, copy);
  Object *copy = array_create(cx, 0);
  if (!copy) return NULL;
  r->copy = value_object(copy);
  return array_copy_into(cx, copy, source, start, end) ? copy : NULL;
}

// bounded: the elements were paid for when they were stored.
void array_drop_elements(Context *cx, Object *array, uint32_t count) {
  if (count < array->element_count)
    heap_keep_values(&cx->heap, array->elements->items + count, array->element_count - count);
  for (uint32_t i = count; i < array->element_count; i++) array->elements->items[i] = VALUE_HOLE;
  array->element_count = array->length = count;
}

// bounded: the room was paid for when it was made.
bool array_extend_elements(Context *cx, Object *array, uint32_t count) {
  if (count > array->element_count) {
    if (!object_reserve_elements(cx, array, count)) return false;
    for (uint32_t i = array->element_count; i < count; i++) array->elements->items[i] = VALUE_HOLE;
    array->element_count = count;
  }
  if (array->length < count) array->length = count;
  return true;
}

// OPTIMIZATION: Array[@@species] is still the getter that gives Array, so it need not be called.
static bool array_species_is_untouched(Context *cx, const Object *constructor) {
  const Property *property = shape_lookup(constructor->shape, cx->names->symbol_species);
  if (!property || !(property->attributes & PROPERTY_ACCESSOR)) return false;
  Value slot = constructor->slots[property->slot];
  if (property_is_unfilled(slot)) return true;
  Value getter = ((Record *)value_as_cell(slot))->items[0];
  return value_is_object_of(getter, CELL_NATIVE_FUNCTION) &&
         ((NativeFunctionObject *)value_as_object(getter))->function == array_get_species;
}

// The constructor that `original` names as its species: undefined for a plain Array.
static Value array_species(Context *cx, Object *original) {
  ROOTS(cx, r, constructor);
  bool is_array;
  if (!value_is_array(cx, value_object(original), &is_array)) return VALUE_ABRUPT;
  if (!is_array) return VALUE_UNDEFINED;
  r->constructor = object_get_key(cx, original, cx->names->constructor);
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  if (r->constructor == realm_intrinsic(cx, INTRINSIC_Array) && !replay_is_recording(cx) &&
      array_species_is_untouched(cx, value_as_object(r->constructor))) {
    return VALUE_UNDEFINED;
  }
  if (value_is_constructor(r->constructor)) {
    Realm *realm = function_get_realm(cx, value_as_object(r->constructor));
    if (!realm) return VALUE_ABRUPT;
    if (realm != cx->realm && r->constructor == realm->intrinsics[INTRINSIC_Array]) return VALUE_UNDEFINED;
  }
  if (value_is_object(r->constructor)) {
    r->constructor = object_get_key(cx, value_as_object(r->constructor), cx->names->symbol_species);
    if (value_is_null(r->constructor)) return VALUE_UNDEFINED;
  }
  return r->constructor;
}

Object *array_species_create(Context *cx, Object *original, double length, bool *is_plain) {
  ROOTS(cx, r, constructor, length, result);
  *is_plain = false;
  r->constructor = array_species(cx, original);
  if (value_is_abrupt(r->constructor)) return NULL;
  if (value_is_undefined(r->constructor) || r->constructor == realm_intrinsic(cx, INTRINSIC_Array)) {
    *is_plain = true;
    Object *result = array_create_checked(cx, length);
    if (!result) return NULL;
    r->result = value_object(result);
    r->result = replay_note(cx, r->result);
    return value_is_abrupt(r->result) ? NULL : value_as_object(r->result);
  }
  if (!value_is_constructor(r->constructor)) {
    throw_type_error(cx, "the species of the array must be a constructor, not %v", r->constructor);
    return NULL;
  }
  r->length = value_number(length);
  r->result = function_construct(cx, r->constructor, r->constructor, &r->length, 1);
  return value_is_abrupt(r->result) ? NULL : value_as_object(r->result);
}

// Intrinsic operations -------------------------------------------------------------------------------------

static Value object_or_abrupt(Object *object) { return object ? value_object(object) : VALUE_ABRUPT; }

// https://tc39.es/ecma262/#sec-arraycreate
Value intrinsic_array_create(Context *cx, const Call *call) {
  return object_or_abrupt(array_create_checked(cx, value_as_number(call_argument(call, 0))));
}

// https://tc39.es/ecma262/#sec-arrayspeciescreate
Value intrinsic_array_species_create(Context *cx, const Call *call) {
  bool is_plain;
  Object *original = value_as_object(call_argument(call, 0));
  return object_or_abrupt(array_species_create(cx, original, value_as_number(call_argument(call, 1)), &is_plain));
}

Value intrinsic_list_create(Context *cx, const Call *call) {
  return object_or_abrupt(array_create_from(cx, call->arguments, call->count));
}

Value intrinsic_list_append(Context *cx, const Call *call) {
  if (!array_push(cx, value_as_object(call->arguments[0]), call->arguments[1])) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// bounded: the list paid for its size when it was made.
Value intrinsic_list_of_length(Context *cx, const Call *call) {
  ROOTS(cx, r, list);
  uint32_t length = (uint32_t)value_as_number(call_argument(call, 0));
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  r->list = value_object(list);
  if (!array_extend_elements(cx, list, length)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < length; i++) list->elements->items[i] = VALUE_UNDEFINED;
  return r->list;
}

Value intrinsic_list_copy(Context *cx, const Call *call) {
  Object *list = value_as_object(call->arguments[0]);
  return object_or_abrupt(array_copy_range(cx, list, 0, list->length));
}

// OPTIMIZATION: the elements of an untouched array, without iterating; undefined for other values.
// bounded: the copy paid for its size when it was made.
Value intrinsic_array_from_dense(Context *cx, const Call *call) {
  Value items = call_argument(call, 0);
  if (!value_is_object(items) || !array_reads_directly(value_as_object(items))) return VALUE_UNDEFINED;
  Object *source = value_as_object(items);
  if (source->element_count != source->length) return VALUE_UNDEFINED;
  if (shape_lookup(source->shape, cx->names->symbol_iterator) || !iteration_array_is_untouched(cx)) {
    return VALUE_UNDEFINED;
  }
  Object *copy = array_copy_range(cx, source, 0, source->length);
  if (!copy) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < copy->element_count; i++) {
    if (value_is_hole(copy->elements->items[i])) copy->elements->items[i] = VALUE_UNDEFINED;
  }
  return value_object(copy);
}
