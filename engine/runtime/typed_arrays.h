// Typed arrays: integer-indexed exotic objects. https://tc39.es/ecma262/#sec-typedarray-exotic-objects
#ifndef CAISSON_TYPED_ARRAYS_H
#define CAISSON_TYPED_ARRAYS_H

#include "number/arithmetic.h"
#include "runtime/buffers.h"
#include "runtime/conversions.h"

typedef enum ElementKind {
#define ELEMENT_KIND(name, type) ELEMENT_##name,
#include "runtime/element_kinds.def"
#undef ELEMENT_KIND
  ELEMENT_KIND_COUNT
} ElementKind;

typedef BufferView TypedArray;
extern const ObjectClass object_class_typed_array, object_class_data_view;
extern const uint8_t element_size_shifts[ELEMENT_KIND_COUNT];

static inline bool value_is_typed_array(Value value) { return value_is_object_of(value, CELL_TYPED_ARRAY); }
static inline TypedArray *value_as_typed_array(Value value) { return (TypedArray *)value_as_cell(value); }
static inline uint32_t typed_array_length(const TypedArray *array) { return array->object.length; }
static inline uint32_t element_size(uint32_t kind) { return 1u << element_size_shifts[kind]; }
static inline bool element_is_bigint(uint32_t kind) { return kind >= ELEMENT_BigInt64; }
static inline bool element_is_float(uint32_t kind) { return kind >= ELEMENT_Float16 && kind <= ELEMENT_Float64; }

// Without a call: the element at an index below typed_array_length(); VALUE_HOLE: this kind needs more than a load.
static inline Value typed_array_load_quickly(const TypedArray *array, uint32_t index) {
  switch (array->element_kind) {
    case ELEMENT_Int8: return value_int(((const int8_t *)array->data)[index]);
    case ELEMENT_Uint8:
    case ELEMENT_Uint8Clamped: return value_int(array->data[index]);
    case ELEMENT_Int16: return value_int(((const int16_t *)array->data)[index]);
    case ELEMENT_Uint16: return value_int(((const uint16_t *)array->data)[index]);
    case ELEMENT_Int32: return value_int(((const int32_t *)array->data)[index]);
    case ELEMENT_Uint32: return value_unsigned(((const uint32_t *)array->data)[index]);
    case ELEMENT_Float32: return value_double_untrusted((double)((const float *)array->data)[index]);
    case ELEMENT_Float64: return value_double_untrusted(((const double *)array->data)[index]);
    default: return VALUE_HOLE;
  }
}

// False: nothing was stored, since it needs more than a store.
static inline bool typed_array_store_quickly(TypedArray *array, uint32_t index, Value value) {
  if (!value_is_number(value)) return false;
  uint32_t kind = array->element_kind;
  if (kind == ELEMENT_Float64) {
    ((double *)array->data)[index] = value_as_number(value);
    return true;
  }
  if (kind == ELEMENT_Float32) {
    ((float *)array->data)[index] = (float)value_as_number(value);
    return true;
  }
  int32_t integer;
  if (!value_to_int32_quickly(value, &integer)) return false;
  switch (kind) {
    case ELEMENT_Int8:
    case ELEMENT_Uint8: array->data[index] = (uint8_t)integer; return true;
    case ELEMENT_Uint8Clamped:
      if (!value_is_int(value)) return false;
      array->data[index] = integer < 0 ? 0 : integer > 255 ? 255 : (uint8_t)integer;
      return true;
    case ELEMENT_Int16:
    case ELEMENT_Uint16: ((uint16_t *)array->data)[index] = (uint16_t)integer; return true;
    case ELEMENT_Int32:
    case ELEMENT_Uint32: ((int32_t *)array->data)[index] = integer; return true;
    default: return false;
  }
}

// The element at an index below typed_array_length(); VALUE_HOLE for the BigInt kinds, which allocate. Leaf.
static inline Value typed_array_load(const TypedArray *array, uint32_t index) {
  if (array->element_kind != ELEMENT_Float16) return typed_array_load_quickly(array, index);
  return value_double_untrusted(number_from_half(((const uint16_t *)array->data)[index]));
}

// Stores a number at an index below typed_array_length(). False: the value is not a number, or the array holds BigInts;
// use typed_array_set then. Leaf.
static inline bool typed_array_store(TypedArray *array, uint32_t index, Value value) {
  if (typed_array_store_quickly(array, index, value)) return true;
  if (!value_is_number(value)) return false;
  double number = value_as_number(value);
  switch (array->element_kind) {
    case ELEMENT_Int8:
    case ELEMENT_Uint8: array->data[index] = (uint8_t)number_to_int32(number); return true;
    case ELEMENT_Uint8Clamped: array->data[index] = number_to_uint8_clamped(number); return true;
    case ELEMENT_Int16:
    case ELEMENT_Uint16: ((uint16_t *)array->data)[index] = (uint16_t)number_to_int32(number); return true;
    case ELEMENT_Int32:
    case ELEMENT_Uint32: ((int32_t *)array->data)[index] = number_to_int32(number); return true;
    case ELEMENT_Float16: ((uint16_t *)array->data)[index] = number_to_half(number); return true;
    default: return false;
  }
}

// TypedArrayGetElement: undefined out of bounds.
Value typed_array_get(Context *cx, const TypedArray *array, double index);
// TypedArraySetElement: converts, then stores if the index is (still) valid.
MUST_CHECK bool typed_array_set(Context *cx, TypedArray *array, double index, Value value);

// Raw elements anywhere (data views, Atomics): values of the element's type, ready to store. Converts with ToNumber or
// ToBigInt as the kind requires. The result holds the element's bytes, lowest first (little-endian).
MUST_CHECK bool element_from_value(Context *cx, uint32_t kind, Value value, uint64_t *bits);
Value element_to_value(Context *cx, uint32_t kind, uint64_t bits);

// A typed array of the current realm on a new buffer.
MUST_CHECK TypedArray *typed_array_create(Context *cx, ElementKind kind, double length);
// An array without a buffer yet, for buffer_view_attach.
MUST_CHECK TypedArray *typed_array_create_detached(Context *cx, ElementKind kind, Value new_target);
const char *typed_array_name(uint32_t kind);  // "Int8Array"

#endif
