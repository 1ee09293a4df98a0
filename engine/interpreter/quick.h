// The work that the dispatch loop does without a call: leaf functions, all inline. Where one returns a bool, false
// means that the slow path must decide.
#ifndef CAISSON_QUICK_H
#define CAISSON_QUICK_H

#include "bytecode/code.h"
#include "runtime/environments.h"

#define BOTH_INT(x, y) (value_is_int(x) && value_is_int(y))
#define BOTH_NUMBER(x, y) (value_is_number(x) && value_is_number(y))

static inline bool multiply_overflows(int32_t x, int32_t y, int32_t *product) {
  // A zero product with a negative factor is -0, which is not an int32.
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
    default:
      return value_is_boolean(value) ? TYPE_OF_BOOLEAN : value_is_null(value) ? TYPE_OF_OBJECT : TYPE_OF_UNDEFINED;
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

// The jump distance of a value in a jump table of code: the first item is the integer that belongs to the second one.
// 0: the value is not in the table.
static inline int32_t jump_table_distance(const Values *table, Value value) {
  if (value_is_double(value)) value = value_number(value_as_double(value));
  if (!value_is_int(value)) return 0;
  int64_t index = (int64_t)value_as_int(value) - value_as_int(table->items[0]);
  return index < 0 || index + 1 >= (int64_t)values_count(table) ? 0 : value_as_int(table->items[index + 1]);
}

// OPTIMIZATION: state[1] of an iteration holds the next index while an untouched array is walked (iteration_open).
static inline bool quick_iterate_array(Value *state, Value *place) {
  if (UNLIKELY(!value_is_int(state[1]))) return false;
  const Object *array = value_as_object(state[0]);
  uint32_t index = (uint32_t)value_as_int(state[1]);
  if (UNLIKELY(index >= array->element_count)) return false;
  Value value = array->elements->items[index];
  if (UNLIKELY(value_is_hole(value))) return false;
  *place = value;
  state[1] = value_int((int32_t)index + 1);
  state[2] = VALUE_FALSE;
  return true;
}

// cell_store, unless that has to make a call.
static inline bool quick_store(Context *cx, Value *place, Value value) {
  if (UNLIKELY(!heap_may_lose(&cx->heap, *place))) return false;
  *place = value;
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

// These allocate from the free list, or return NULL and leave it to the slow path.
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
  environment_set_slot_count(environment, slot_count);
  environment->outer = outer;
  environment->names = VALUE_UNDEFINED;
  return environment;
}

#endif
