#include "runtime/atomic_waits.h"

#include "runtime/hooks.h"
#include "runtime/promises.h"

// A waiter is a Record; the list is linked through it from cx->atomics_waiters.
enum { WAITER_PROMISE, WAITER_NEXT, WAITER_FIELDS };

static Record *waiter_of(Value value) { return (Record *)value_as_cell(value); }

bool atomics_finish(Context *cx, Value value, bool timed_out) {
  Value *link = &cx->atomics_waiters;
  for (; value_is_internal(*link) && *link != value; link = &waiter_of(*link)->items[WAITER_NEXT])
    context_spend_step(cx);
  if (!value_is_internal(*link)) return true;
  cell_store(cx, link, waiter_of(value)->items[WAITER_NEXT]);
  ROOTS(cx, r, waiter, text);
  r->waiter = value;
  r->text = string_from_ascii(cx, timed_out ? "timed-out" : "ok");
  return !value_is_abrupt(r->text) &&
         promise_fulfill(cx, value_as_object(waiter_of(value)->items[WAITER_PROMISE]), r->text);
}

bool atomics_wait_async(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Object *promise) {
  ROOTS(cx, r, waiter);
  Record *waiter = record_create(cx, 0, WAITER_FIELDS);
  if (!waiter) return false;
  r->waiter = value_internal(waiter);
  waiter->items[WAITER_PROMISE] = value_object(promise);
  waiter->items[WAITER_NEXT] = cx->atomics_waiters;
  cx->atomics_waiters = r->waiter;
  return cx->hooks->atomics_wait_async(cx, buffer, offset, timeout, r->waiter);
}
