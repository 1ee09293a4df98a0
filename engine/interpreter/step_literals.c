// Steps: literals of arrays, objects, functions and classes.
#include "interpreter/step.h"

RunStatus step_create_array(Context *cx, uint32_t capacity, Value *place) {
  Object *array = array_create(cx, 0);
  if (!array) return RUN_THREW;
  *place = value_object(array);
  return step_check(capacity == 0 || object_reserve_elements(cx, array, capacity));
}

RunStatus step_create_array_of(Context *cx, const Values *items, Value *place) {
  return step_store_object(place, array_create_from(cx, items->items, values_count(items)));
}

RunStatus step_array_append_all(Context *cx, Frame *frame, Value array, Value iterable, int32_t distance) {
  Value appended = array_append_iterable_fast(cx, value_as_object(array), iterable);
  if (value_is_abrupt(appended)) return RUN_THREW;
  return step_jump_if(cx, frame, appended == VALUE_TRUE, distance);
}

RunStatus step_set_prototype_literal(Context *cx, Object *object, Value prototype) {
  if (!value_is_object(prototype) && !value_is_null(prototype)) return RUN_CONTINUES;
  return step_check(object_set_prototype(cx, object, prototype) != TRISTATE_ABRUPT);
}

RunStatus step_set_function_name(Context *cx, Value function, Value key, unsigned prefix) {
  static const char *const prefixes[] = {NULL, "get", "set"};
  return step_check(function_name_anonymous(cx, function, key, prefixes[prefix]));
}

RunStatus step_prepare_class(Context *cx, Value heritage, Value *pair) {
  pair[0] = heritage;
  return step_check(class_prepare(cx, heritage, pair));
}

RunStatus step_create_rest(Context *cx, Frame *frame, uint32_t start, Value *place) {
  const Values *list = (const Values *)value_as_cell(*frame_register(frame, frame->code->argument_list));
  start = MIN_OF(start, values_count(list));
  return step_store_object(place, array_create_from(cx, list->items + start, values_count(list) - start));
}
