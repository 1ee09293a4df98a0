// Steps: conversions and comparison.
#include "interpreter/step.h"
#include "runtime/realm.h"

RunStatus step_coerce_this(Context *cx, Value *this_place) {
  Value this_value = *this_place;
  if (value_is_object(this_value)) return RUN_CONTINUES;
  if (value_is_nullish(this_value)) return step_store(this_place, cx->realm->global_this);
  return step_store(this_place, value_to_object(cx, this_value));
}

RunStatus step_to_number(Context *cx, Value value, Value *place) {
  double number;
  if (!value_to_number(cx, value, &number)) return RUN_THREW;
  *place = value_number(number);
  return RUN_CONTINUES;
}

RunStatus step_to_property_key_of(Context *cx, Value key, Value base, Value *place) {
  if (!value_is_nullish(base)) return step_store(place, operation_to_property_key(cx, key));
  throw_nullish_access(cx, base, key, "read");
  return RUN_THREW;
}

RunStatus step_compare(Context *cx, Comparison comparison, Value left, Value right, Value *place) {
  bool outcome;
  if (!value_compare(cx, comparison, left, right, &outcome)) return RUN_THREW;
  *place = value_boolean(outcome);
  return RUN_CONTINUES;
}

RunStatus step_loosely_equal(Context *cx, Value left, Value right, bool wanted, Value *place) {
  bool equal;
  if (!value_loosely_equals(cx, left, right, &equal)) return RUN_THREW;
  *place = value_boolean(equal == wanted);
  return RUN_CONTINUES;
}

RunStatus step_strictly_equal(Context *cx, Value left, Value right, bool wanted, Value *place) {
  bool equal;
  if (!value_strict_equals(cx, left, right, &equal)) return RUN_THREW;
  *place = value_boolean(equal == wanted);
  return RUN_CONTINUES;
}

RunStatus step_instance_of(Context *cx, Value value, Value target, Value *place) {
  bool outcome;
  if (!operation_instance_of(cx, value, target, &outcome)) return RUN_THREW;
  *place = value_boolean(outcome);
  return RUN_CONTINUES;
}

RunStatus step_jump_compare(Context *cx, Frame *frame, Comparison comparison, Value left, Value right, bool wanted,
                            int32_t distance) {
  bool outcome;
  if (!value_compare(cx, comparison, left, right, &outcome)) return RUN_THREW;
  return step_jump_if(cx, frame, outcome == wanted, distance);
}

RunStatus step_jump_loosely_equal(Context *cx, Frame *frame, Value left, Value right, bool wanted, int32_t distance) {
  bool equal;
  if (!value_loosely_equals(cx, left, right, &equal)) return RUN_THREW;
  return step_jump_if(cx, frame, equal == wanted, distance);
}

RunStatus step_jump_strictly_equal(Context *cx, Frame *frame, Value left, Value right, bool wanted, int32_t distance) {
  bool equal;
  if (!value_strict_equals(cx, left, right, &equal)) return RUN_THREW;
  return step_jump_if(cx, frame, equal == wanted, distance);
}
