// What the dispatch loop does without a call: leaf functions, all inline. Those that return a bool tell with false that
// the question is one for the slow path.
#ifndef CAISSON_QUICK_H
#define CAISSON_QUICK_H

#include "bytecode/code.h"
#include "runtime/typed_arrays.h"

#define BOTH_INT(x, y) (value_is_int(x) && value_is_int(y))
#define BOTH_NUMBER(x, y) (value_is_number(x) && value_is_number(y))

static inline bool multiply_overflows(int32_t x, int32_t y, int32_t *product) {
  // A zero product of a negative factor is -0, which is not an int32.
  return __builtin_mul_overflow(x, y, product) || (*product == 0 && (x | y) < 0);
}

// Two atoms are equal only if they are the same cell. Only for x != y.
static inline bool strings_differ_surely(const String *x, const String *y) {
  return (x->cell.flags & y->cell.flags & STRING_ATOM) || string_length(x) != string_length(y);
}

// Equality without side effects; false when only the slow path can tell.
static inline bool quick_strict_equals(Value x, Value y, bool *equal) {
  if (BOTH_NUMBER(x, y)) {
    *equal = BOTH_INT(x, y) ? x == y : value_as_number(x) == value_as_number(y);
    return true;
  }
  if (x == y) {
    *equal = true;
    return true;
  }
  if (value_tag(x) == value_tag(y)) {
    if (value_is_bigint(x)) return false;
    if (value_is_string(x) && !strings_differ_surely(value_as_string(x), value_as_string(y))) return false;
  }
  *equal = false;
  return true;
}

// https://tc39.es/ecma262/#sec-typeof-operator
static inline uint32_t type_of_kind(Value value) {
  if (value_is_number(value)) return TYPE_OF_NUMBER;
  switch (value_tag(value)) {
    case VALUE_TAG_STRING: return TYPE_OF_STRING;
    case VALUE_TAG_SYMBOL: return TYPE_OF_SYMBOL;
    case VALUE_TAG_BIGINT: return TYPE_OF_BIGINT;
    case VALUE_TAG_OBJECT: {
      uint8_t flags = value_as_object(value)->cell.flags;
      return flags & OBJECT_HTMLDDA ? TYPE_OF_UNDEFINED : flags & OBJECT_CALLABLE ? TYPE_OF_FUNCTION : TYPE_OF_OBJECT;
    }
    default: return value_is_boolean(value) ? TYPE_OF_BOOLEAN : value_is_null(value) ? TYPE_OF_OBJECT : TYPE_OF_UNDEFINED;
  }
}

static inline bool nullish_equals(Value other) {
  return value_is_nullish(other) || (value_is_object(other) && (value_as_object(other)->cell.flags & OBJECT_HTMLDDA));
}

static inline bool quick_loosely_equals(Value x, Value y, bool *equal) {
  if (BOTH_NUMBER(x, y)) {
    *equal = BOTH_INT(x, y) ? x == y : value_as_number(x) == value_as_number(y);
    return true;
  }
  if (x == y) {
    *equal = true;
    return true;
  }
  if (value_is_nullish(x) || value_is_nullish(y)) {
    *equal = value_is_nullish(x) ? nullish_equals(y) : nullish_equals(x);
    return true;
  }
  if (value_tag(x) != value_tag(y) || value_is_bigint(x)) return false;
  if (value_is_string(x) && !strings_differ_surely(value_as_string(x), value_as_string(y))) return false;
  *equal = false;
  return true;
}

static inline Environment *environment_at(Environment *environment, uint32_t hops) {
  for (; hops > 0; hops--) environment = environment->outer;
  return environment;
}

// ToInt32 of a number; what lies beyond 64 bits is rare.
static inline bool quick_to_int32(Value value, int32_t *out) {
  if (LIKELY(value_is_int(value))) {
    *out = value_as_int(value);
    return true;
  }
  if (!value_is_double(value)) return false;
  double number = value_as_double(value);
  if (!(number > -9.0e18 && number < 9.0e18)) return false;
  *out = (int32_t)(uint32_t)(int64_t)number;
  return true;
}

static inline bool quick_to_boolean(Value value, bool *out) {
  if (value_is_boolean(value)) {
    *out = value_as_boolean(value);
  } else if (value_is_int(value)) {
    *out = value_as_int(value) != 0;
  } else if (value_is_object(value)) {
    *out = !(value_as_object(value)->cell.flags & OBJECT_HTMLDDA);
  } else if (value_is_nullish(value)) {
    *out = false;
  } else if (value_is_string(value)) {
    *out = string_length(value_as_string(value)) != 0;
  } else {
    return false;
  }
  return true;
}

// Allocations that take a free cell, or are left to the slow path (NULL).
static inline Object *object_create_quickly(Context *cx, Shape *shape, uint32_t inline_slots) {
  Object *object = heap_allocate_quickly(&cx->heap, CELL_OBJECT, sizeof(Object) + inline_slots * sizeof(Value));
  if (UNLIKELY(!object)) return NULL;
  object->cell.small = (uint8_t)inline_slots;
  object->shape = shape;
  object->slots = (Value *)(object + 1);
  return object;
}

static inline Environment *environment_create_quickly(Context *cx, Environment *outer, uint32_t slot_count) {
  Environment *environment =
      heap_allocate_quickly(&cx->heap, CELL_ENVIRONMENT, sizeof(Environment) + slot_count * sizeof(Value));
  if (UNLIKELY(!environment)) return NULL;
  environment->cell.extra = slot_count;
  environment->outer = outer;
  environment->names = VALUE_UNDEFINED;
  return environment;
}

// The element at an index below the length; VALUE_HOLE: a kind that takes more than a load.
static inline Value quick_typed_array_load(const TypedArray *array, uint32_t index) {
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

static inline bool quick_typed_array_store(TypedArray *array, uint32_t index, Value value) {
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
  if (!quick_to_int32(value, &integer)) return false;
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

#endif
