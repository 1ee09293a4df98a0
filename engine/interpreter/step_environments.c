// Steps: environments and their bindings.
#include "interpreter/step.h"
#include "runtime/errors.h"

RunStatus step_push_environment(Context *cx, Frame *frame, uint32_t slot_count, Value names) {
  Environment *environment = environment_create(cx, frame->environment, slot_count);
  if (!environment) return RUN_THREW;
  environment->names = names;
  if (value_is_internal(names)) {
    environment->cell.flags |= value_as_cell(names)->small;
    if (environment->cell.flags & ENVIRONMENT_EVAL_VARS) environment->slots[slot_count - 1] = VALUE_UNDEFINED;
  }
  frame->environment = environment;
  return RUN_CONTINUES;
}

RunStatus step_push_with(Context *cx, Frame *frame, Value object) {
  Environment *environment = environment_create(cx, frame->environment, 1);
  if (!environment) return RUN_THREW;
  environment->cell.flags |= ENVIRONMENT_WITH;
  environment->names = VALUE_UNDEFINED;
  environment->slots[0] = object;
  frame->environment = environment;
  return RUN_CONTINUES;
}

RunStatus step_copy_environment(Context *cx, Frame *frame) {
  const Environment *old = frame->environment;
  Environment *copy = environment_create(cx, old->outer, environment_slot_count(old));
  if (!copy) return RUN_THREW;
  copy->cell.flags = old->cell.flags;
  copy->names = old->names;
  memcpy(copy->slots, old->slots, environment_slot_count(old) * sizeof(Value));
  frame->environment = copy;
  return RUN_CONTINUES;
}

RunStatus step_check_initialized(Context *cx, Value value) {
  if (LIKELY(value != VALUE_UNINITIALIZED)) return RUN_CONTINUES;
  throw_dead_zone(cx);
  return RUN_THREW;
}

RunStatus step_store_initialized(Context *cx, Value value, Value *place) {
  if (UNLIKELY(value == VALUE_UNINITIALIZED)) return step_check_initialized(cx, value);
  *place = value;
  return RUN_CONTINUES;
}

RunStatus step_set_slot(Context *cx, Environment *environment, uint32_t slot, Value value) {
  cell_store(cx, &environment->slots[slot], value);
  return RUN_CONTINUES;
}

RunStatus step_set_slot_checked(Context *cx, Environment *environment, uint32_t slot, Value value) {
  RunStatus checked = step_check_initialized(cx, environment->slots[slot]);
  return checked == RUN_CONTINUES ? step_set_slot(cx, environment, slot, value) : checked;
}

RunStatus step_bind_this(Context *cx, Value this_value, Value *place) {
  if (UNLIKELY(*place != VALUE_UNINITIALIZED)) {
    throw_reference_error(cx, "super() was already called in this constructor");
    return RUN_THREW;
  }
  *place = this_value;
  return RUN_CONTINUES;
}

// The `this` of a call by name: the object of a with statement; undefined for names that were found elsewhere.
RunStatus step_resolved_this(Value base, Value *place) {
  *place = VALUE_UNDEFINED;
  if (value_is_internal(base)) {
    const Environment *environment = (const Environment *)value_as_cell(base);
    if (environment->cell.flags & ENVIRONMENT_WITH) *place = environment->slots[0];
  }
  return RUN_CONTINUES;
}
