#include "host/boundary/outcomes.h"

#include "bytecode/code.h"
#include "host/boundary/message.h"
#include "host/boundary/message_numbers.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/replay.h"

static MUST_CHECK bool write_as(Context *cx, Value value, Result form, Buffer *out) {
  switch (form) {
    case RESULT_COPY: return message_write_copy(cx, value, out);
    case RESULT_REFERENCE: return message_write_reference(cx, value, out);
    default: return message_write(cx, value, out);
  }
}

// A value that cannot cross is replaced by an error that says so: first by the one that the guest's getters and traps
// threw, and if that cannot cross either, by one of the engine's own. The error names the thrown value. A limit that
// strikes meanwhile ends the entry too.
static CaissonStatus write_value(CaissonRuntime *runtime, const Outcome *outcome, Buffer *out) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, value, failure);
  uint32_t memory_errors = cx->out_of_memory_errors;
  r->value = outcome->was_thrown ? bridge_make_thrown(cx, outcome->value) : outcome->value;
  for (int attempt = 0; attempt < 3 && !value_is_abrupt(r->value); attempt++) {
    out->size = 0;
    out->failed = false;
    bool is_value = attempt > 0 || outcome->status != CAISSON_OK;
    if (write_as(cx, r->value, is_value ? RESULT_VALUE : outcome->form, out))
      return attempt == 0 ? outcome->status : CAISSON_EXCEPTION;
    if (!exception_is_catchable(cx)) break;
    r->failure = exception_take(cx);
    if (attempt == 0 && outcome->was_thrown && cx->out_of_memory_errors == memory_errors) {
      r->value = host_make_uncrossable(cx, outcome->value, r->failure);
      if (!value_is_abrupt(r->value)) continue;
      if (!exception_is_catchable(cx)) break;
      (void)exception_take(cx);
    }
    r->value = r->failure;
  }
  out->size = 0;
  out->failed = false;
  return host_limit_status(cx->termination, CAISSON_MEMORY_LIMIT);
}

// In a fiber ----------------------------------------------------------------------------------------------------------

// What the fiber has of the outcome. The status becomes that of the message.
enum {
  PART_STATUS,
  PART_VALUE,
  PART_FORM,
  PART_WAS_THROWN,
  PART_RECEIVER,
  PART_NUMBER,
  PART_MESSAGE,  // internal Bytes, when it is written
  PARTS,
};

// The native function that the fiber performs.
static Value write_in_frame(Context *cx, const Call *call) {
  CaissonRuntime *runtime = host_of(cx);
  Values *parts = (Values *)value_as_cell(call_callee(call)->captured[0]);
  Outcome outcome = {.status = (CaissonStatus)value_as_int(parts->items[PART_STATUS]),
                     .value = parts->items[PART_VALUE],
                     .form = (Result)value_as_int(parts->items[PART_FORM]),
                     .was_thrown = value_as_boolean(parts->items[PART_WAS_THROWN])};
  Buffer message;
  buffer_initialize(&message, &cx->memory);
  CaissonStatus status = write_value(runtime, &outcome, &message);
  Value result = VALUE_ABRUPT;
  if (cx->termination == TERMINATION_NONE) {
    replay_close(cx);
    if (message.size > UINT32_MAX) context_throw_out_of_memory(cx);
    Bytes *bytes = message.size <= UINT32_MAX ? bytes_create(cx, (uint32_t)message.size) : NULL;
    if (bytes) {
      // A message without bytes is that of a limit.
      if (message.size) memcpy(bytes->data, message.data, message.size);
      cell_store(cx, &parts->items[PART_MESSAGE], value_internal(bytes));
      parts->items[PART_STATUS] = value_int((int32_t)status);
      result = VALUE_UNDEFINED;
    } else {
      message_drop(runtime, &message);
    }
  }
  buffer_release(&message);
  return result;
}

// Takes the message. When there is none, the fiber was ended with `error`, or by a limit.
static CaissonStatus take_message(CaissonRuntime *runtime, Values *parts, Value error, Buffer *out) {
  Context *cx = &runtime->cx;
  if (value_is_internal(parts->items[PART_MESSAGE])) {
    const Bytes *bytes = (const Bytes *)value_as_cell(parts->items[PART_MESSAGE]);
    buffer_append(out, bytes->data, bytes_size(&bytes->cell));
    cell_store(cx, &parts->items[PART_MESSAGE], VALUE_UNDEFINED);
    if (!out->failed) return (CaissonStatus)value_as_int(parts->items[PART_STATUS]);
    return CAISSON_MEMORY_LIMIT;
  }
  if (!exception_is_catchable(cx)) return host_limit_status(cx->termination, CAISSON_MEMORY_LIMIT);
  return write_value(runtime, &(Outcome){.status = CAISSON_EXCEPTION, .value = error, .was_thrown = true}, out);
}

static void tell(CaissonRuntime *runtime, OutcomeReceiver receiver, double number, CaissonStatus status,
                 const Buffer *message) {
  if (receiver == OUTCOME_OF_PROMISE && !bridge_has_handle(runtime, (uint32_t)number)) {
    // The host has given it back, or the message that contained it was never finished.
    Buffer dropped = *message;
    message_drop(runtime, &dropped);
    return;
  }
  runtime->bridge->host->tell(runtime->options.user, receiver, number, status, message->data, message->size);
}

static void finish_later(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  CaissonRuntime *runtime = host_of(cx);
  Values *parts = (Values *)value_as_cell(fiber->data);
  (void)is_abrupt;
  Buffer message;
  buffer_initialize(&message, &cx->memory);
  CaissonStatus status = take_message(runtime, parts, result, &message);
  if (status == CAISSON_INTERRUPTED && program_is_out_of_time(cx, fiber->program)) status = CAISSON_PROGRAM_TIME_LIMIT;
  tell(runtime, (OutcomeReceiver)value_as_int(parts->items[PART_RECEIVER]), value_as_number(parts->items[PART_NUMBER]),
       status, &message);
  buffer_release(&message);
}

static MUST_CHECK bool prepare_fiber(Context *cx, const Outcome *outcome, Value *parts_place, Value *native_place) {
  Values *parts = values_create(cx, PARTS);
  if (!parts) return false;
  *parts_place = value_internal(parts);
  parts->items[PART_STATUS] = value_int((int32_t)outcome->status);
  parts->items[PART_VALUE] = outcome->value;
  parts->items[PART_FORM] = value_int((int32_t)outcome->form);
  parts->items[PART_WAS_THROWN] = value_boolean(outcome->was_thrown);
  parts->items[PART_RECEIVER] = value_int((int32_t)outcome->receiver);
  parts->items[PART_NUMBER] = value_number(outcome->number);
  parts->items[PART_MESSAGE] = VALUE_UNDEFINED;
  Object *native = native_function_create(cx, write_in_frame, cx->names->empty, 0, false);
  if (!native) return false;
  ((NativeFunctionObject *)native)->captured[0] = *parts_place;
  *native_place = value_object(native);
  return true;
}

static CaissonStatus write_in_fiber(CaissonRuntime *runtime, const Outcome *outcome, Buffer *out) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, value, parts, native, result);
  r->value = outcome->value;
  r->result = VALUE_ABRUPT;
  if (prepare_fiber(cx, outcome, &r->parts, &r->native)) {
    context_let_park(cx);
    r->result = function_call(cx, r->native, VALUE_UNDEFINED, NULL, 0);
  }
  if (r->result == VALUE_PARKED) {
    Fiber *fiber = cx->parked;
    fiber->complete = finish_later;
    fiber->data = r->parts;
    bool tells_itself = outcome->receiver == OUTCOME_OF_FIBER && outcome->number == 0;
    if (tells_itself) ((Values *)value_as_cell(r->parts))->items[PART_NUMBER] = value_number((double)fiber->number);
    return CAISSON_WAITING;
  }
  if (value_is_abrupt(r->result) && exception_is_catchable(cx)) r->value = exception_take(cx);
  if (value_is_internal(r->parts)) return take_message(runtime, (Values *)value_as_cell(r->parts), r->value, out);
  return host_limit_status(cx->termination, CAISSON_MEMORY_LIMIT);
}

CaissonStatus outcome_write(CaissonRuntime *runtime, const Outcome *outcome, Buffer *out) {
  Context *cx = &runtime->cx;
  if (!outcome->may_wait || !cx->replay.is_wanted || cx->fiber || !value_is_object(outcome->value))
    return write_value(runtime, outcome, out);
  // Most values need no guest code. The others are recognised when the step, which this is not, would be abandoned.
  cx->replay.state = REPLAY_OPEN;
  CaissonStatus status = write_value(runtime, outcome, out);
  replay_close(cx);
  if (cx->termination != TERMINATION_REPLAY) return status;
  cx->termination = TERMINATION_NONE;
  return write_in_fiber(runtime, outcome, out);
}

void outcome_deliver(CaissonRuntime *runtime, const Outcome *outcome) {
  Buffer message;
  buffer_initialize(&message, &runtime->cx.memory);
  CaissonStatus status = outcome_write(runtime, outcome, &message);
  if (status != CAISSON_WAITING) tell(runtime, outcome->receiver, outcome->number, status, &message);
  buffer_release(&message);
}
