// Array exotic objects. https://tc39.es/ecma262/#sec-array-exotic-objects
#include <math.h>

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/index_order.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"

const ObjectClass object_class_array = {
    .name = "Array",
    .kind = CELL_ARRAY,
    .size = sizeof(Object),
    .define_own_property = array_define_own_property,
};

// Creation ---------------------------------------------------------------------------------------------

Object *array_create(Context *cx, uint32_t length) {
  Realm *realm = cx->realm;
  Shape *shape = realm->shapes[REALM_SHAPE_ARRAY];
  if (UNLIKELY(!shape)) {
    shape = shape_for_prototype(cx, &object_class_array, realm_prototype(cx, INTRINSIC_ArrayPrototype));
    if (!shape) return NULL;
    realm->shapes[REALM_SHAPE_ARRAY] = shape;
  }
  Object *array = object_create_with_shape(cx, shape, 0);
  if (array) array->length = length;
  return array;
}

Object *array_create_from(Context *cx, const Value *values, uint32_t count) {
  ROOTS(cx, r, array);
  Object *array = array_create(cx, count);
  if (!array || count == 0) return array;
  r->array = value_object(array);
  if (!object_reserve_elements(cx, array, count)) return NULL;
  memcpy(array->elements->items, values, count * sizeof(Value));
  array->element_count = count;
  return array;
}

// https://tc39.es/ecma262/#sec-arraycreate
Object *array_create_checked(Context *cx, double length) {
  if (length > UINT32_MAX) {
    throw_range_error(cx, "%einvalid array length: %v is not an integer from 0 to 2^32 - 1", value_number(length));
    return NULL;
  }
  return array_create(cx, (uint32_t)length);
}

bool array_push(Context *cx, Object *array, Value value) {
  uint32_t index = array->element_count;
  ASSERT(!(array->cell.flags & OBJECT_SPARSE) && array->length == index);
  if (!object_reserve_elements(cx, array, index + 1)) return false;
  cell_store(cx, &array->elements->items[index], value);
  array->element_count = array->length = index + 1;
  return true;
}

// Length -----------------------------------------------------------------------------------------------

// bounded: elements that were paid for when they were stored.
static bool array_truncate_dense(Context *cx, Object *array, uint32_t length) {
  if (length >= array->element_count) {
    array->length = length;
    return true;
  }
  if (array->cell.flags & OBJECT_ELEMENTS_SEALED) {
    uint32_t last = array->element_count;
    while (last > length && value_is_hole(array->elements->items[last - 1])) last--;
    array->length = last;
    return last == length;
  }
  object_layout_changes(cx, array);
  Values *elements = array->elements;
  if (length == 0) {
    array->elements = NULL;
    elements_release(cx, elements);
  } else {
    heap_keep_values(&cx->heap, elements->items + length, array->element_count - length);
    for (uint32_t i = length; i < array->element_count; i++) elements->items[i] = VALUE_HOLE;
  }
  array->element_count = length;
  array->length = length;
  return true;
}

// Deletes keyed indices from the highest down until one refuses. OPTIMIZATION: a stack that pops one element at a time
// needs no order.
static bool array_truncate_sparse(Context *cx, Object *array, uint32_t length, bool *done) {
  enum { FEW = 4 };
  bool are_few = array->length - length <= FEW, ok = true;
  double next = array->length;
  ROOTS(cx, r, key);
  array->length = length;
  while (ok && *done) {
    next--;
    if (next < length) break;
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (!are_few && (!index_order_seek(cx, array, next, true, &next) || isinf(next) || next < length)) break;
    r->key = key_from_uint32(cx, (uint32_t)next);
    if (value_is_abrupt(r->key)) return false;
    const Property *property = shape_lookup(array->shape, r->key);
    if (!property) continue;
    if (property->attributes & PROPERTY_CONFIGURABLE) {
      ok = object_remove_property(cx, array, r->key);
    } else {
      array->length = (uint32_t)next + 1;
      *done = false;
    }
  }
  return ok;
}

bool array_set_length(Context *cx, Object *array, uint32_t length, bool *done) {
  *done = true;
  if (length >= array->length) {
    array->length = length;
    return true;
  }
  if (array->shape->cell.flags & SHAPE_HAS_INDEX_KEYS && !array_truncate_sparse(cx, array, length, done)) return false;
  if (*done && !(array->cell.flags & OBJECT_SPARSE)) *done = array_truncate_dense(cx, array, length);
  return true;
}

// The new length from a descriptor's value, which the specification converts twice.
static bool array_length_from_value(Context *cx, Value value, uint32_t *length) {
  double number;
  if (value_is_int(value) && value_as_int(value) >= 0) {
    *length = (uint32_t)value_as_int(value);
    return true;
  }
  if (!value_to_uint32(cx, value, length) || !value_to_number(cx, value, &number)) return false;
  if (number == *length) return true;
  throw_range_error(cx, "%einvalid array length: %v is not an integer from 0 to 2^32 - 1", value);
  return false;
}

// https://tc39.es/ecma262/#sec-arraysetlength
static Tristate array_define_length(Context *cx, Object *array, const Descriptor *descriptor) {
  uint32_t length = array->length;
  if (!value_is_hole(descriptor->value) && !array_length_from_value(cx, descriptor->value, &length)) {
    return TRISTATE_ABRUPT;
  }
  Descriptor wanted = *descriptor;
  if (!value_is_hole(descriptor->value)) wanted.value = value_unsigned(length);
  bool read_only = array->cell.flags & OBJECT_LENGTH_READ_ONLY;
  Descriptor current = descriptor_data(value_unsigned(array->length), read_only ? 0 : PROPERTY_WRITABLE);
  Tristate valid = object_validate_and_apply(cx, NULL, cx->names->length, true, &wanted, &current);
  if (valid != TRISTATE_TRUE) return valid;
  bool done = true;
  if (!value_is_hole(descriptor->value) && !array_set_length(cx, array, length, &done)) return TRISTATE_ABRUPT;
  if (descriptor->present & ~descriptor->attributes & PROPERTY_WRITABLE) array->cell.flags |= OBJECT_LENGTH_READ_ONLY;
  return done;
}

// https://tc39.es/ecma262/#sec-array-exotic-objects-defineownproperty-p-desc
Tristate array_define_own_property(Context *cx, Object *array, PropertyKey key, const Descriptor *descriptor) {
  uint32_t index;
  if (key == cx->names->length) return array_define_length(cx, array, descriptor);
  if (!key_as_array_index(key, &index) || index < array->length) {
    return ordinary_define_own_property(cx, array, key, descriptor);
  }
  if (array->cell.flags & OBJECT_LENGTH_READ_ONLY) return TRISTATE_FALSE;
  Tristate defined = ordinary_define_own_property(cx, array, key, descriptor);
  if (defined == TRISTATE_TRUE) array->length = index + 1;
  return defined;
}

static bool object_has_no_indices(const Object *object) {
  return object->element_count == 0 && !(object->shape->cell.flags & (SHAPE_HAS_INDEX_KEYS | SHAPE_EXOTIC));
}

bool array_prototypes_have_no_elements(Context *cx) {
  const Object *array_prototype = realm_prototype(cx, INTRINSIC_ArrayPrototype);
  const Object *object_prototype = realm_prototype(cx, INTRINSIC_ObjectPrototype);
  return array_prototype->shape->prototype == object_prototype && !object_prototype->shape->prototype &&
         object_has_no_indices(array_prototype) && object_has_no_indices(object_prototype);
}

bool array_reads_directly(const Object *object) {
  if (!array_is_dense(object) || object->shape->cell.flags & SHAPE_HAS_INDEX_KEYS) return false;
  const Object *prototype = object->shape->prototype;
  for (int i = 0; i < 16; i++, prototype = prototype->shape->prototype) {
    if (!prototype) return true;
    if (!object_has_no_indices(prototype)) return false;
  }
  return false;  // too expensive to find out
}
