// Async generators: a queue of requests per generator, served one at a time.
// https://tc39.es/ecma262/#sec-asyncgenerator-objects
//
// To answer a request may call a getter `then` of the guest, which may ask the generator for more. While it runs, the
// request stays the first in the queue, and the state of the generator lets others wait behind it. So a step that
// answers a request can be run again, and answers no more than one.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

enum { REQUEST_VALUE, REQUEST_MODE, REQUEST_PROMISE, REQUEST_NEXT, REQUEST_FIELDS };
enum { RECORD_ASYNC_GENERATOR_REQUEST = 1 };
enum { RESUME_RETURN_AWAITED = RESUME_RETURN + 1 };  // the mode of a return request after the await of its value

static Record *request_first(const Generator *generator) {
  return value_is_internal(generator->queue) ? (Record *)value_as_cell(generator->queue) : NULL;
}

Value async_generator_promise(const Generator *generator) {
  const Record *request = request_first(generator);
  return request ? request->items[REQUEST_PROMISE] : VALUE_UNDEFINED;
}

bool async_generator_has_requests(const Generator *generator) { return request_first(generator) != NULL; }

static void request_remove_first(Context *cx, Generator *generator) {
  cell_store(cx, &generator->queue, request_first(generator)->items[REQUEST_NEXT]);
  if (!value_is_internal(generator->queue)) cell_store(cx, &generator->queue_tail, VALUE_UNDEFINED);
}

static bool request_append(Context *cx, Generator *generator, Value value, ResumeMode mode, Value promise) {
  Record *request = record_create(cx, RECORD_ASYNC_GENERATOR_REQUEST, REQUEST_FIELDS);
  if (!request) return false;
  request->items[REQUEST_VALUE] = value;
  request->items[REQUEST_MODE] = value_int(mode);
  request->items[REQUEST_PROMISE] = promise;
  if (value_is_internal(generator->queue_tail)) {
    Record *last = (Record *)value_as_cell(generator->queue_tail);
    cell_store(cx, &last->items[REQUEST_NEXT], value_internal(request));
  } else {
    cell_store(cx, &generator->queue, value_internal(request));
  }
  cell_store(cx, &generator->queue_tail, value_internal(request));
  return true;
}

// https://tc39.es/ecma262/#sec-asyncgeneratorcompletestep
bool async_generator_answer(Context *cx, Generator *generator, Value value, bool done) {
  ROOTS(cx, r, promise, result);
  r->promise = request_first(generator)->items[REQUEST_PROMISE];
  Realm *realm = cx->realm;
  cx->realm = generator->realm;
  r->result = object_create_iterator_result(cx, value, done);
  cx->realm = realm;
  if (value_is_abrupt(r->result)) return false;
  r->result = replay_note(cx, r->result);
  if (value_is_abrupt(r->result)) return false;
  if (!promise_resolve_with(cx, value_as_object(r->promise), r->result)) return false;
  request_remove_first(cx, generator);
  return true;
}

bool async_generator_refuse(Context *cx, Generator *generator, Value reason) {
  ROOTS(cx, r, promise);
  r->promise = request_first(generator)->items[REQUEST_PROMISE];
  request_remove_first(cx, generator);
  return promise_reject(cx, value_as_object(r->promise), reason);
}

// https://tc39.es/ecma262/#sec-asyncgeneratorawaitreturn
static bool async_generator_await_return(Context *cx, Generator *generator, bool *waits) {
  *waits = promise_await(cx, request_first(generator)->items[REQUEST_VALUE], &generator->object);
  if (*waits) return true;
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, reason);
  r->reason = exception_take(cx);
  return async_generator_refuse(cx, generator, r->reason);
}

Value async_generator_serve(Context *cx, Generator *generator) {
  const Record *request = request_first(generator);
  if (!request) {
    generator->state = GENERATOR_COMPLETED;
    return VALUE_FALSE;
  }
  ROOTS(cx, r, value);
  bool waits = false, ok;
  int mode = value_as_int(request->items[REQUEST_MODE]);
  r->value = mode == RESUME_NEXT ? VALUE_UNDEFINED : request->items[REQUEST_VALUE];
  if (mode == RESUME_RETURN) ok = async_generator_await_return(cx, generator, &waits);
  else if (mode == RESUME_THROW) ok = async_generator_refuse(cx, generator, r->value);
  else ok = async_generator_answer(cx, generator, r->value, true);
  return ok ? value_boolean(!waits) : VALUE_ABRUPT;
}

static Value drain_function(Context *cx, const Generator *generator) {
  return cx->hooks->self_hosted(cx, generator->realm, "AsyncGeneratorDrainQueue");
}

bool async_generator_push_drain(Context *cx, Generator *generator, uint32_t result_register, uint16_t flags) {
  ROOTS(cx, r, generator, function);
  r->generator = value_object(generator);
  r->function = drain_function(cx, generator);
  Value result;
  return !value_is_abrupt(r->function) && call_values(cx, r->function, VALUE_UNDEFINED, &r->generator, 1,
                                                      result_register, flags, &result) == CALL_PUSHED;
}

static Value async_generator_drain(Context *cx, Generator *generator) {
  ROOTS(cx, r, generator, function);
  bool may_park = cx->may_park;
  r->generator = value_object(generator);
  r->function = drain_function(cx, generator);
  cx->may_park = may_park;
  if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
  return interpreter_call(cx, r->function, VALUE_UNDEFINED, &r->generator, 1);
}

Value async_generator_return_awaited(Context *cx, Generator *generator, Value value, ResumeMode mode) {
  Record *request = request_first(generator);
  cell_store(cx, &request->items[REQUEST_VALUE], value);
  request->items[REQUEST_MODE] = value_int(mode == RESUME_THROW ? RESUME_THROW : RESUME_RETURN_AWAITED);
  return async_generator_drain(cx, generator);
}

// After a yield while another request waits: the frame still exists and goes on with that request's completion. True:
// cx->exception must be raised in it.
bool generator_continue(Context *cx, Generator *generator) {
  const Record *request = request_first(generator);
  return generator_deliver(cx, generator, request->items[REQUEST_VALUE], value_as_int(request->items[REQUEST_MODE]));
}

// The methods ------------------------------------------------------------------------------------------------------

typedef enum Enqueued {
  ENQUEUED_ABRUPT,
  ENQUEUED,          // nothing else has to be done now
  ENQUEUED_RESUMES,  // the activation goes on with the request
  ENQUEUED_DRAINS,   // there is no activation that could serve it
} Enqueued;

// *promise, which the caller roots, is that of the request.
// https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next and its siblings
static Enqueued enqueue(Context *cx, Value this_value, Value value, ResumeMode mode, Value *promise) {
  static const char *const methods[] = {"next", "throw", "return"};
  ROOTS(cx, r, reason);
  Object *made = promise_create(cx);
  if (!made) return ENQUEUED_ABRUPT;
  *promise = value_object(made);
  Generator *generator =
      value_is_object_of(this_value, CELL_GENERATOR) ? (Generator *)value_as_object(this_value) : NULL;
  if (!generator || generator->kind != GENERATOR_ASYNC) {
    throw_type_error(cx, "AsyncGenerator.prototype.%s: expected an async generator, got %v", methods[mode], this_value);
    r->reason = exception_take(cx);
    return promise_reject(cx, made, r->reason) ? ENQUEUED : ENQUEUED_ABRUPT;
  }
  uint8_t state = generator->state;
  if (mode == RESUME_NEXT && state == GENERATOR_COMPLETED) {
    r->reason = object_create_iterator_result(cx, VALUE_UNDEFINED, true);
    if (value_is_abrupt(r->reason)) return ENQUEUED_ABRUPT;
    r->reason = replay_note(cx, r->reason);
    if (value_is_abrupt(r->reason)) return ENQUEUED_ABRUPT;
    return promise_resolve_with(cx, made, r->reason) ? ENQUEUED : ENQUEUED_ABRUPT;
  }
  bool has_no_activation = state == GENERATOR_SUSPENDED_START || state == GENERATOR_COMPLETED;
  if (mode == RESUME_THROW && has_no_activation) {
    generator->state = GENERATOR_COMPLETED;
    return promise_reject(cx, made, value) ? ENQUEUED : ENQUEUED_ABRUPT;
  }
  if (!request_append(cx, generator, value, mode, *promise)) return ENQUEUED_ABRUPT;
  if (mode == RESUME_RETURN && has_no_activation) {
    generator->state = GENERATOR_DRAINING_QUEUE;
    cell_store(cx, &generator->saved, VALUE_UNDEFINED);
    return ENQUEUED_DRAINS;
  }
  return state == GENERATOR_SUSPENDED_START || state == GENERATOR_SUSPENDED_YIELD ? ENQUEUED_RESUMES : ENQUEUED;
}

CallStatus async_generator_resume(Context *cx, Realm *realm, Value this_value, Value value, ResumeMode mode,
                                  uint32_t result_register, Value *result) {
  ROOTS(cx, r, this_value, value, promise);
  r->this_value = this_value, r->value = value;
  Frame *frame = cx->frame;
  Realm *caller_realm = cx->realm;
  cx->realm = realm;
  Enqueued enqueued = enqueue(cx, this_value, value, mode, &r->promise);
  cx->realm = caller_realm;
  if (enqueued == ENQUEUED_ABRUPT) return CALL_ABRUPT;
  if (enqueued == ENQUEUED) {
    *result = r->promise;
    return CALL_FINISHED;
  }
  // The caller has its promise already when the frame above it begins; what that frame returns is not used.
  Generator *generator = (Generator *)value_as_object(this_value);
  *frame_register(frame, result_register) = r->promise;
  if (enqueued == ENQUEUED_DRAINS)
    return async_generator_push_drain(cx, generator, frame_discard_register(frame), 0) ? CALL_PUSHED : CALL_ABRUPT;
  if (!generator_restore_frame(cx, generator, frame_discard_register(frame), 0)) {
    request_remove_first(cx, generator);
    return CALL_ABRUPT;
  }
  return generator_deliver(cx, generator, value, mode) ? CALL_ABRUPT : CALL_PUSHED;
}

Value async_generator_enqueue(Context *cx, Value this_value, Value value, ResumeMode mode) {
  ROOTS(cx, r, promise);
  Enqueued enqueued = enqueue(cx, this_value, value, mode, &r->promise);
  if (enqueued == ENQUEUED_ABRUPT) return VALUE_ABRUPT;
  if (enqueued == ENQUEUED) return r->promise;
  Generator *generator = (Generator *)value_as_object(this_value);
  Value served = enqueued == ENQUEUED_DRAINS ? async_generator_drain(cx, generator)
                                             : interpreter_resume_activation(cx, generator, value, mode, 0);
  return value_is_abrupt(served) ? VALUE_ABRUPT : r->promise;
}
