// Steps: calls, constructions and returns.
#include "interpreter/step.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

// A call costs a unit of fuel. False: the slice ended before the call, which is made when the run goes on.
static inline bool step_pay_call(Context *cx, Frame *frame) {
  if (LIKELY(--cx->fuel.remaining >= 0)) return true;
  if (replay_is_recording(cx)) return true;  // its record would be lost; the next call ends the slice
  frame_repeat_instruction(frame);
  return false;
}

RunStatus step_call(Context *cx, Frame *frame, Value *area, uint32_t count, uint32_t result_register) {
  if (!step_pay_call(cx, frame)) return RUN_SLICE_ENDED;
  Value result = VALUE_UNDEFINED;
  CallStatus status = call_area(cx, area, count, result_register, 0, &result);
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_tail_call(Context *cx, Frame *frame, Value *area, uint32_t count, uint32_t result_register) {
  if (!step_pay_call(cx, frame)) return RUN_SLICE_ENDED;
  Value result = VALUE_UNDEFINED;
  CallStatus status = tail_call_area(cx, area, count, result_register, &result);
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_construct(Context *cx, Frame *frame, Value *area, uint32_t count, Value new_target,
                         uint32_t result_register) {
  if (!step_pay_call(cx, frame)) return RUN_SLICE_ENDED;
  Value result = VALUE_UNDEFINED;
  CallStatus status = construct_area(cx, area, count, new_target, result_register, 0, &result);
  return step_called(cx, frame, status, result_register, result);
}

static const Value *list_items(const Object *list) { return list->elements ? list->elements->items : NULL; }

RunStatus step_call_list(Context *cx, Frame *frame, const Value *area, const Object *list, uint16_t flags,
                         uint32_t result_register) {
  if (!step_pay_call(cx, frame)) return RUN_SLICE_ENDED;
  Value result = VALUE_UNDEFINED;
  CallStatus status = call_values(cx, area[0], area[FRAME_WORDS], list_items(list), list->element_count,
                                  result_register, flags, &result);
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_construct_list(Context *cx, Frame *frame, Value callee, Value new_target, const Object *list,
                              uint32_t result_register) {
  if (!step_pay_call(cx, frame)) return RUN_SLICE_ENDED;
  Value result = VALUE_UNDEFINED;
  CallStatus status =
      construct_values(cx, callee, new_target, list_items(list), list->element_count, result_register, 0, &result);
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_call_eval(Context *cx, Frame *frame, const Value *area, uint32_t count, const Object *list,
                         uint32_t result_register) {
  const Instruction *operand = frame->pc++;
  const Value *arguments = list ? list_items(list) : area + FRAME_WORDS + 1;
  if (list) count = list->element_count;
  Value result = VALUE_UNDEFINED;
  CallStatus status;
  if (area[0] != cx->realm->intrinsics[INTRINSIC_eval]) {
    uint16_t flags = operand->a & EVAL_TAIL ? CALL_TAIL : 0;
    status = call_values(cx, area[0], area[FRAME_WORDS], arguments, count, result_register, flags, &result);
  } else if (count == 0 || !value_is_string(arguments[0])) {
    result = count == 0 ? VALUE_UNDEFINED : arguments[0];
    status = CALL_FINISHED;
  } else {
    Value scope = frame->code->constants->items[(uint32_t)instruction_wide(operand)];
    status = eval_direct(cx, arguments[0], operand->a, scope, result_register, &result);
  }
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_call_intrinsic(Context *cx, Frame *frame, unsigned operation, Value *arguments, uint32_t count,
                              Value *place) {
  Call call = {.arguments = arguments,
               .count = count,
               .this_value = VALUE_UNDEFINED,
               .callee = frame->function,
               .new_target = VALUE_UNDEFINED};
  return step_store(place, cx->hooks->intrinsic_operations[operation](cx, &call));
}

RunStatus step_get_super_constructor(Context *cx, Object *function, Value *place) {
  return step_check(object_get_prototype(cx, function, place) != TRISTATE_ABRUPT);
}

RunStatus step_return(Context *cx, Value value, Value *result) {
  switch (frame_return(cx, value, result)) {
    case CALL_PUSHED: return RUN_CONTINUES;
    case CALL_FINISHED: return RUN_RETURNED;
    case CALL_REPLAYS: return RUN_REPLAYS;
    default: return RUN_THREW;
  }
}

RunStatus step_return_derived(Context *cx, Frame *frame, Value value, Value this_value, Value *result) {
  if (value_is_object(value)) return step_return(cx, value, result);
  if (value_is_undefined(value) && this_value != VALUE_UNINITIALIZED) return step_return(cx, this_value, result);
  frame_restore_realm(cx, frame);  // errors belong to the caller's realm
  if (value_is_undefined(value)) {
    throw_uninitialized_this(cx);
  } else {
    throw_type_error(cx, "a derived constructor may return only an object or undefined, not %v", value);
  }
  return RUN_THREW;
}
