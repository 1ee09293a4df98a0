// How a frame is left: by a return, or by an exception that looks for its handler.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/replay.h"

enum { HANDLERS_PER_UNIT = 8 };

// The frame that was pushed by step_abandoned ends with the answer to its call: the step below is run again.
static CallStatus frame_replay(Context *cx, Value answer, bool is_thrown) {
  const Value *parameters = frame_registers(cx->frame) + REGISTER_FIRST_PARAMETER;
  Replay *replay = &cx->replay;
  replay->log = parameters[REPLAY_FRAME_LOG];
  replay->count = (uint32_t)value_as_int(parameters[REPLAY_FRAME_COUNT]);
  replay->joins = parameters[REPLAY_FRAME_JOINS];
  frame_pop(cx);
  if (!replay_answer(cx, answer, is_thrown)) return CALL_ABRUPT;
  replay->next = 0;
  cx->frame->pc--;
  return CALL_REPLAYS;
}

// Leaves the frame of an async generator whose end has answered its first request. When there are others, a function
// that serves them takes its place. CALL_ABRUPT: the frame is gone, and cx->exception is raised in its caller.
static CallStatus async_generator_leave(Context *cx, Value *result) {
  ROOTS(cx, r, generator);
  Generator *generator = cx->frame->generator;
  r->generator = value_object(generator);
  uint16_t entry = cx->frame->flags & FRAME_ENTRY;
  uint32_t result_register = cx->frame->result_register;
  bool drains = async_generator_has_requests(generator);
  generator->state = drains ? GENERATOR_DRAINING_QUEUE : GENERATOR_COMPLETED;
  cell_store(cx, &generator->saved, VALUE_UNDEFINED);
  frame_pop(cx);
  *result = VALUE_UNDEFINED;
  if (drains) {
    if (async_generator_push_drain(cx, generator, result_register, entry)) return CALL_PUSHED;
    *result = VALUE_ABRUPT;
    return entry ? CALL_FINISHED : CALL_ABRUPT;
  }
  if (entry) return CALL_FINISHED;
  *frame_register(cx->frame, result_register) = VALUE_UNDEFINED;
  return CALL_PUSHED;
}

CallStatus frame_return(Context *cx, Value value, Value *result) {
  Frame *frame = cx->frame;
  if (UNLIKELY(frame->flags & FRAME_REPLAY)) return frame_replay(cx, value, false);
  if (frame->flags & FRAME_CONSTRUCT) {
    Value this_value = frame_registers(frame)[REGISTER_THIS];
    uint32_t slot_count = value_is_object(this_value) ? value_as_object(this_value)->shape->slot_count : 0;
    if (slot_count > frame->code->instance_slots) frame->code->instance_slots = MIN_OF(slot_count, 32);
    if (!value_is_object(value)) value = this_value;
  }
  if (frame->flags & (FRAME_GENERATOR | FRAME_ASYNC)) {
    Generator *generator = frame->generator;
    if (generator->kind == GENERATOR_ASYNC)
      return async_generator_answer(cx, generator, value, true) ? async_generator_leave(cx, result) : CALL_ABRUPT;
    generator->state = GENERATOR_COMPLETED;
    if (frame->flags & FRAME_ASYNC) {
      if (!promise_resolve_with(cx, value_as_object(generator->promise), value)) return CALL_ABRUPT;
      value = frame->flags & FRAME_RESUMED ? VALUE_UNDEFINED : generator->promise;
    } else if (frame->flags & FRAME_DELEGATED) {
      cell_store(cx, &generator->saved, VALUE_UNDEFINED);
      frame_pop(cx);
      // iterator_next: a finished generator's value is not used; the unpack instruction gets `done`.
      Frame *caller = cx->frame;
      WideInstruction unpack;
      caller->pc = instruction_read(caller->pc, &unpack) + (int16_t)unpack.c;
      *frame_register(caller, unpack.b) = VALUE_UNDEFINED;
      return CALL_PUSHED;
    } else {
      value = object_create_iterator_result(cx, value, true);
      if (value_is_abrupt(value)) return CALL_ABRUPT;
    }
    cell_store(cx, &generator->saved, VALUE_UNDEFINED);
  }
  uint16_t flags = frame->flags;
  uint32_t result_register = frame->result_register;
  frame_pop(cx);
  if (flags & FRAME_ENTRY) {
    *result = value;
    return CALL_FINISHED;
  }
  *frame_register(cx->frame, result_register) = value;
  return CALL_PUSHED;
}

// The innermost handler around an instruction; NULL: there is none, or the run is terminated. Handlers come before
// their targets and are sorted by them: those of the code before the instruction are skipped at once, the others are
// paid for.
static const ExceptionHandler *find_handler(Context *cx, const Code *code, uint32_t index) {
  uint32_t first = 0, end = code->handler_count;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    if (code->handlers[middle].target <= index) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  for (uint32_t i = first; i < code->handler_count; i++) {
    const ExceptionHandler *handler = &code->handlers[i];
    if (index >= handler->start && index < handler->end) return handler;
    if ((i - first) % HANDLERS_PER_UNIT == HANDLERS_PER_UNIT - 1 && !context_charge(cx, 1)) {
      (void)context_throw_interrupted(cx);
      return NULL;
    }
  }
  return NULL;
}

CallStatus frame_unwind(Context *cx) {
  for (;;) {
    Frame *frame = cx->frame;
    Code *code = frame->code;
    if (cx->termination == TERMINATION_NONE) {
      const ExceptionHandler *handler = find_handler(cx, code, (uint32_t)(frame->pc - code->instructions) - 1);
      if (handler) {
        *frame_register(frame, handler->exception_register) = exception_take(cx);
        frame->pc = code->instructions + handler->target;
        return CALL_PUSHED;
      }
    }
    uint16_t flags = frame->flags;
    uint32_t result_register = frame->result_register;
    if (UNLIKELY(flags & FRAME_REPLAY) && cx->termination == TERMINATION_NONE) {
      CallStatus status = frame_replay(cx, exception_take(cx), true);
      if (status == CALL_REPLAYS) return status;
      continue;
    }
    if (UNLIKELY(flags & FRAME_REPLAY))  // of a run that is terminated
      cx->replay.joins = frame_registers(frame)[REGISTER_FIRST_PARAMETER + REPLAY_FRAME_JOINS];
    if (flags & (FRAME_GENERATOR | FRAME_ASYNC)) {
      replay_close(cx);  // what unwinds is no step
      Generator *generator = frame->generator;
      generator->state = GENERATOR_COMPLETED;
      cell_store(cx, &generator->saved, VALUE_UNDEFINED);
      if (cx->termination == TERMINATION_NONE && generator->kind == GENERATOR_ASYNC) {
        ROOTS(cx, r, reason);
        r->reason = exception_take(cx);
        if (async_generator_refuse(cx, generator, r->reason)) {
          Value result;
          CallStatus status = async_generator_leave(cx, &result);
          if (status == CALL_ABRUPT) continue;
          if (status != CALL_FINISHED) return status;
          if (value_is_abrupt(result)) return CALL_ABRUPT;
          cx->exception = result;
          return CALL_FINISHED;
        }
      } else if (cx->termination == TERMINATION_NONE && flags & FRAME_ASYNC) {
        ROOTS(cx, r, reason);
        r->reason = exception_take(cx);
        if (promise_reject(cx, value_as_object(generator->promise), r->reason)) {
          Value value = flags & FRAME_RESUMED ? VALUE_UNDEFINED : generator->promise;
          frame_pop(cx);
          if (flags & FRAME_ENTRY) {
            cx->exception = value;
            return CALL_FINISHED;
          }
          *frame_register(cx->frame, result_register) = value;
          return CALL_PUSHED;
        }
      }
    }
    frame_pop(cx);
    if (flags & FRAME_ENTRY) return CALL_ABRUPT;
  }
}
