// Steps: iteration. A state is three registers: iterator, its next method, and whether it is done.
#include "interpreter/quick.h"
#include "interpreter/step.h"
#include "runtime/names.h"

RunStatus step_array_take(Context *cx, Frame *frame, Value array, Value *places, uint32_t count) {
  if (iteration_take(cx, array, places, count)) frame->pc++;
  return RUN_CONTINUES;
}

static void skip_unpack(Frame *frame) {
  WideInstruction unpack;
  frame->pc = instruction_read(frame->pc, &unpack);
}

// The next element of an array that is walked without an iterator, for cases that quick_iterate_array leaves: the end,
// a hole, or an element that is kept elsewhere.
static RunStatus step_array_next(Context *cx, Frame *frame, Value *state, uint32_t result_register) {
  Object *array = value_as_object(state[0]);
  uint32_t index = (uint32_t)value_as_int(state[1]);
  state[2] = VALUE_TRUE;
  if (index >= array->length) {
    *frame_register(frame, result_register) = VALUE_UNDEFINED;
    WideInstruction unpack;
    frame->pc = instruction_read(frame->pc, &unpack);
    return step_jump(cx, frame, (int16_t)unpack.c);
  }
  Value value = object_get_key(cx, array, value_int((int32_t)index));
  if (value_is_abrupt(value)) return RUN_THREW;
  *frame_register(frame, result_register) = value;
  state[1] = value_int((int32_t)index + 1);
  state[2] = VALUE_FALSE;
  skip_unpack(frame);
  return RUN_CONTINUES;
}

RunStatus step_iterator_next(Context *cx, Frame *frame, Value *state, Value *area, uint32_t result_register) {
  if (quick_iterate_array(state, frame_register(frame, result_register))) {
    skip_unpack(frame);
    return RUN_CONTINUES;
  }
  if (value_is_int(state[1])) return step_array_next(cx, frame, state, result_register);
  state[2] = VALUE_TRUE;
  Value result = VALUE_UNDEFINED;
  CallStatus status = iteration_call_next(cx, state, area, result_register, &result);
  return step_called(cx, frame, status, result_register, result);
}

RunStatus step_iterator_unpack(Context *cx, Frame *frame, Value *result, Value *state, int32_t distance) {
  bool done;
  if (!iteration_unpack(cx, result, &done)) return RUN_THREW;
  if (done) return step_jump(cx, frame, distance);
  state[2] = VALUE_FALSE;
  return RUN_CONTINUES;
}

RunStatus step_iterator_close(Context *cx, Frame *frame, Value *area, Value *state, int32_t distance) {
  if (LIKELY(value_is_int(state[1]))) {
    if (LIKELY(!iteration_may_close_arrays(cx))) return step_jump(cx, frame, distance);
    if (!iteration_reify_array(cx, state)) return RUN_THREW;
  }
  Value method = value_get_method(cx, state[0], cx->names->return_);
  if (value_is_abrupt(method)) return RUN_THREW;
  if (value_is_undefined(method)) return step_jump(cx, frame, distance);
  area[0] = method;
  area[FRAME_WORDS] = state[0];
  return RUN_CONTINUES;
}

RunStatus step_for_in_next(Context *cx, Frame *frame, Value enumerator, Value *place, int32_t distance) {
  Value key = for_in_next(cx, enumerator);
  if (value_is_abrupt(key)) return RUN_THREW;
  if (value_is_hole(key)) return step_jump(cx, frame, distance);
  *place = key;
  return RUN_CONTINUES;
}
