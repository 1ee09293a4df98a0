// Steps: instructions that throw, always or when a value is not as required.
#include "interpreter/step.h"
#include "runtime/errors.h"

RunStatus step_throw(Context *cx, Value value) {
  throw_value(cx, value);
  return RUN_THREW;
}

RunStatus step_throw_error(Context *cx, unsigned type, Value message) {
  operation_throw_error(cx, type, message);
  return RUN_THREW;
}

RunStatus step_throw_constant(Context *cx, Value name) {
  throw_type_error(cx, "cannot assign to constant '%k'", name);
  return RUN_THREW;
}

RunStatus step_check_object(Context *cx, Value value, unsigned role) {
  static const char *const roles[] = {"iterator result", "iterator", "result of the iterator's return method"};
  if (LIKELY(value_is_object(value))) return RUN_CONTINUES;
  throw_type_error(cx, "%s must be an object, got %v", roles[role], value);
  return RUN_THREW;
}

RunStatus step_check_coercible(Context *cx, Value value) {
  if (LIKELY(!value_is_nullish(value))) return RUN_CONTINUES;
  throw_not_coercible(cx, value);
  return RUN_THREW;
}
