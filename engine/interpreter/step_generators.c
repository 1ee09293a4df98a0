// Steps: generators and async functions, which set their frame aside.
#include "interpreter/generator.h"
#include "interpreter/step.h"
#include "runtime/errors.h"

// The frame has been copied out; its caller goes on with the value.
static RunStatus step_suspend(Context *cx, Frame *frame, Value value, Value *result) {
  uint16_t flags = frame->flags;
  uint32_t result_register = frame->result_register;
  bool is_raw = flags & FRAME_DELEGATED && frame->generator->suspension == SUSPENSION_YIELD;
  frame_pop(cx);
  if (flags & FRAME_ENTRY) {
    *result = value;
    return RUN_RETURNED;
  }
  Frame *caller = cx->frame;
  if (is_raw) {  // resumed by iterator_next: skip the unpacking
    WideInstruction unpack;
    caller->pc = instruction_read(caller->pc, &unpack);
    *(frame_register(caller, unpack.b) + 2) = VALUE_FALSE;
  }
  *frame_register(caller, result_register) = value;
  return RUN_CONTINUES;
}

RunStatus step_create_generator(Context *cx, Frame *frame, Value *result) {
  Value generator = generator_begin(cx);
  if (value_is_abrupt(generator)) return RUN_THREW;
  // The frame returns the generator, but that does not finish the activation.
  frame->flags &= (uint16_t)~(FRAME_GENERATOR | FRAME_CONSTRUCT);
  return step_return(cx, generator, result);
}

static RunStatus step_yield_async(Context *cx, Frame *frame, Generator *generator, Value value, Value *result) {
  // Answers the oldest request; when another one is queued, the generator goes on at once.
  if (!async_generator_answer(cx, generator, value, false)) return RUN_THREW;
  if (async_generator_has_requests(generator)) return generator_continue(cx, generator) ? RUN_THREW : RUN_CONTINUES;
  generator_save_frame(cx, generator);
  generator->state = GENERATOR_SUSPENDED_YIELD;
  return step_suspend(cx, frame, VALUE_UNDEFINED, result);
}

RunStatus step_yield(Context *cx, Frame *frame, bool is_delegate, uint32_t value_register, uint32_t mode_register,
                     Value *result) {
  Generator *generator = frame->generator;
  Value value = *frame_register(frame, value_register);
  generator->value_register = value_register;
  generator->mode_register = mode_register;
  generator->suspension = is_delegate ? SUSPENSION_DELEGATE : SUSPENSION_YIELD;
  if (generator->kind == GENERATOR_ASYNC) return step_yield_async(cx, frame, generator, value, result);
  if (!is_delegate && !(frame->flags & FRAME_DELEGATED)) {
    value = object_create_iterator_result(cx, value, false);
    if (value_is_abrupt(value)) return RUN_THREW;
  }
  generator_save_frame(cx, generator);
  generator->state = GENERATOR_SUSPENDED_YIELD;
  return step_suspend(cx, frame, value, result);
}

RunStatus step_await(Context *cx, Frame *frame, uint32_t value_register, Value value, Value *result) {
  Generator *generator = frame->generator;
  generator->value_register = value_register;
  generator->suspension = SUSPENSION_AWAIT;
  if (!promise_await(cx, value, &generator->object)) return RUN_THREW;
  generator_save_frame(cx, generator);
  bool begins = frame->flags & FRAME_ASYNC && !(frame->flags & FRAME_RESUMED);
  return step_suspend(cx, frame, begins ? generator->promise : VALUE_UNDEFINED, result);
}
