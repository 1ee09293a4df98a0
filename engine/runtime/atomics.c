#include "runtime/atomics.h"

#include "runtime/hooks.h"
#include "runtime/promises.h"

// A waiter is a Record; the list is linked through it, oldest first, from cx->atomics_waiters.
enum { WAITER_PROMISE, WAITER_BLOCK, WAITER_OFFSET, WAITER_NEXT, WAITER_FIELDS };

static Record *waiter_of(Value value) { return (Record *)value_as_cell(value); }

// Addresses and offsets fit the 53 bits of a number.
static Value value_of_block(const SharedBlock *block) { return value_double((double)(uintptr_t)block); }

static bool waiter_resolve(Context *cx, Record *waiter, const char *text) {
  ROOTS(cx, r, waiter, text);
  r->waiter = value_internal(waiter);
  r->text = string_from_ascii(cx, text);
  if (value_is_abrupt(r->text)) return false;
  return promise_fulfill(cx, value_as_object(waiter->items[WAITER_PROMISE]), r->text);
}

bool atomics_finish(Context *cx, Value value, bool timed_out) {
  Value *link = &cx->atomics_waiters;
  while (value_is_internal(*link) && *link != value) link = &waiter_of(*link)->items[WAITER_NEXT];
  if (!value_is_internal(*link)) return true;
  *link = waiter_of(value)->items[WAITER_NEXT];
  return waiter_resolve(cx, waiter_of(value), timed_out ? "timed-out" : "ok");
}

static bool waiter_time_out(Context *cx, Value waiter) { return atomics_finish(cx, waiter, true); }

bool atomics_wait_async(Context *cx, SharedBlock *block, size_t offset, double timeout, Object *promise) {
  ROOTS(cx, r, waiter);
  Record *waiter = record_create(cx, 0, WAITER_FIELDS);
  if (!waiter) return false;
  r->waiter = value_internal(waiter);
  waiter->items[WAITER_PROMISE] = value_object(promise);
  waiter->items[WAITER_BLOCK] = value_of_block(block);
  waiter->items[WAITER_OFFSET] = value_double((double)offset);
  Value *link = &cx->atomics_waiters;
  while (value_is_internal(*link)) link = &waiter_of(*link)->items[WAITER_NEXT];
  *link = r->waiter;
  if (cx->hooks->atomics_wait_async) return cx->hooks->atomics_wait_async(cx, block, offset, timeout, r->waiter);
  if (timeout - timeout != 0 || !cx->hooks->start_timer) return true;
  return cx->hooks->start_timer(cx, timeout, waiter_time_out, r->waiter);
}

bool atomics_wake(Context *cx, SharedBlock *block, size_t offset, double count, double *woken) {
  if (cx->hooks->atomics_notify) {
    *woken = cx->hooks->atomics_notify(cx, block, offset, count);
    return true;
  }
  ROOTS(cx, r, waiter);
  Value *link = &cx->atomics_waiters;
  while (*woken < count && value_is_internal(*link)) {
    Record *waiter = waiter_of(*link);
    bool waits_here = waiter->items[WAITER_BLOCK] == value_of_block(block) &&
                      waiter->items[WAITER_OFFSET] == value_double((double)offset);
    if (!waits_here) {
      link = &waiter->items[WAITER_NEXT];
      continue;
    }
    r->waiter = *link;
    *link = waiter->items[WAITER_NEXT];
    if (cx->hooks->stop_timer) cx->hooks->stop_timer(cx, r->waiter);
    if (!waiter_resolve(cx, waiter, "ok")) return false;
    ++*woken;
  }
  return true;
}
