// Async generators: a queue of requests per generator, served one at a time.
// https://tc39.es/ecma262/#sec-asyncgenerator-objects
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

enum { REQUEST_VALUE, REQUEST_MODE, REQUEST_PROMISE, REQUEST_NEXT, REQUEST_FIELDS };
enum { RECORD_ASYNC_GENERATOR_REQUEST = 1 };

static Record *request_first(const Generator *generator) {
  return value_is_internal(generator->queue) ? (Record *)value_as_cell(generator->queue) : NULL;
}

Value async_generator_promise(const Generator *generator) {
  const Record *request = request_first(generator);
  return request ? request->items[REQUEST_PROMISE] : VALUE_UNDEFINED;
}

static void request_remove_first(Generator *generator) {
  generator->queue = request_first(generator)->items[REQUEST_NEXT];
  if (!value_is_internal(generator->queue)) generator->queue_tail = VALUE_UNDEFINED;
}

static bool request_append(Context *cx, Generator *generator, Value value, ResumeMode mode, Value promise) {
  Record *request = record_create(cx, RECORD_ASYNC_GENERATOR_REQUEST, REQUEST_FIELDS);
  if (!request) return false;
  request->items[REQUEST_VALUE] = value;
  request->items[REQUEST_MODE] = value_int(mode);
  request->items[REQUEST_PROMISE] = promise;
  if (value_is_internal(generator->queue_tail)) {
    ((Record *)value_as_cell(generator->queue_tail))->items[REQUEST_NEXT] = value_internal(request);
  } else {
    generator->queue = value_internal(request);
  }
  generator->queue_tail = value_internal(request);
  return true;
}

// https://tc39.es/ecma262/#sec-asyncgeneratorcompletestep
static bool request_complete(Context *cx, Generator *generator, Value value, bool done, bool is_abrupt) {
  ROOTS(cx, r, promise, result);
  r->promise = request_first(generator)->items[REQUEST_PROMISE];
  request_remove_first(generator);
  if (is_abrupt) return promise_reject(cx, value_as_object(r->promise), value);
  Realm *realm = cx->realm;
  cx->realm = generator->realm;
  r->result = object_create_iterator_result(cx, value, done);
  cx->realm = realm;
  if (value_is_abrupt(r->result)) return false;
  return promise_resolve_with(cx, value_as_object(r->promise), r->result);
}

// https://tc39.es/ecma262/#sec-asyncgeneratorawaitreturn
static bool async_generator_await_return(Context *cx, Generator *generator) {
  generator->state = GENERATOR_AWAITING_RETURN;
  if (promise_await(cx, request_first(generator)->items[REQUEST_VALUE], &generator->object)) return true;
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, reason);
  r->reason = exception_take(cx);
  generator->state = GENERATOR_COMPLETED;
  return request_complete(cx, generator, r->reason, true, true);
}

// https://tc39.es/ecma262/#sec-asyncgeneratordrainqueue
// bounded: a call made each request.
static bool async_generator_drain_queue(Context *cx, Generator *generator) {
  for (Record *request; (request = request_first(generator)) != NULL;) {
    int mode = value_as_int(request->items[REQUEST_MODE]);
    if (mode == RESUME_RETURN) {
      if (!async_generator_await_return(cx, generator)) return false;
      if (generator->state == GENERATOR_AWAITING_RETURN) return true;
      continue;
    }
    ROOTS(cx, r, value);
    r->value = mode == RESUME_THROW ? request->items[REQUEST_VALUE] : VALUE_UNDEFINED;
    if (!request_complete(cx, generator, r->value, true, mode == RESUME_THROW)) return false;
  }
  return true;
}

Value async_generator_return_awaited(Context *cx, Generator *generator, Value value, int mode) {
  replay_close(cx);
  ROOTS(cx, r, value, generator);
  r->value = value;
  r->generator = value_object(generator);
  generator->state = GENERATOR_COMPLETED;
  if (!request_complete(cx, generator, value, true, mode == RESUME_THROW)) return VALUE_ABRUPT;
  return async_generator_drain_queue(cx, generator) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

bool async_generator_yielded(Context *cx, Generator *generator, Value value, bool *goes_on) {
  replay_close(cx);
  if (!request_complete(cx, generator, value, false, false)) return false;
  *goes_on = request_first(generator) != NULL;
  return true;
}

bool async_generator_finished(Context *cx, Generator *generator, Value value, bool is_abrupt) {
  replay_close(cx);
  ROOTS(cx, r, value, generator);
  r->value = value;
  r->generator = value_object(generator);
  generator->state = GENERATOR_COMPLETED;
  return request_complete(cx, generator, value, true, is_abrupt) && async_generator_drain_queue(cx, generator);
}

// After a yield while another request waits: the frame still exists and goes on with that request's completion. True:
// cx->exception must be raised in it.
bool generator_continue(Context *cx, Generator *generator) {
  const Record *request = request_first(generator);
  generator->state = GENERATOR_EXECUTING;
  return generator_deliver(cx, generator, request->items[REQUEST_VALUE], value_as_int(request->items[REQUEST_MODE]));
}

// A step that changes a queue is not run again.
// https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next and its siblings
Value async_generator_enqueue(Context *cx, Value this_value, Value value, ResumeMode mode) {
  replay_close(cx);
  static const char *const methods[] = {"next", "throw", "return"};
  ROOTS(cx, r, promise, reason);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  Generator *generator =
      value_is_object_of(this_value, CELL_GENERATOR) ? (Generator *)value_as_object(this_value) : NULL;
  if (!generator || generator->kind != GENERATOR_ASYNC) {
    throw_type_error(cx, "AsyncGenerator.prototype.%s: expected an async generator, got %v", methods[mode], this_value);
    r->reason = exception_take(cx);
    return promise_reject(cx, promise, r->reason) ? r->promise : VALUE_ABRUPT;
  }
  uint8_t state = generator->state;
  if (mode == RESUME_NEXT && state == GENERATOR_COMPLETED) {
    r->reason = object_create_iterator_result(cx, VALUE_UNDEFINED, true);
    if (value_is_abrupt(r->reason)) return VALUE_ABRUPT;
    return promise_resolve_with(cx, promise, r->reason) ? r->promise : VALUE_ABRUPT;
  }
  if (mode == RESUME_THROW && (state == GENERATOR_SUSPENDED_START || state == GENERATOR_COMPLETED)) {
    generator->state = GENERATOR_COMPLETED;
    return promise_reject(cx, promise, value) ? r->promise : VALUE_ABRUPT;
  }
  if (!request_append(cx, generator, value, mode, r->promise)) return VALUE_ABRUPT;
  if (mode == RESUME_RETURN && (state == GENERATOR_SUSPENDED_START || state == GENERATOR_COMPLETED)) {
    return async_generator_await_return(cx, generator) ? r->promise : VALUE_ABRUPT;
  }
  if (state == GENERATOR_SUSPENDED_START || state == GENERATOR_SUSPENDED_YIELD) {
    Value result = interpreter_resume_activation(cx, generator, value, mode, 0);
    if (value_is_abrupt(result)) return VALUE_ABRUPT;
  }
  return r->promise;
}
