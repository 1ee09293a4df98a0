// Waiting on shared memory: hooks->atomics_wait, atomics_wait_async and atomics_notify for the runtimes of one thread.
// A guest in Atomics.wait is set aside like one that called a blocking host function: the thread stays free, so that
// the runtime that will wake it can run there.
#include "host/runtime/shared_waits.h"

#include <math.h>

#include "host/runtime/host.h"
#include "interpreter/interpreter.h"
#include "runtime/atomic_waits.h"
#include "runtime/errors.h"

typedef struct SharedWait SharedWait;
// In the WaiterList of its block (https://tc39.es/ecma262/#sec-waiterlist-records) and in the list of its runtime.
struct SharedWait {
  SharedWait *previous, *next;          // in the list of the block, oldest first
  SharedWait *previous_own, *next_own;  // in the list of the runtime
  CaissonRuntime *runtime;
  ArrayBuffer *buffer;  // rooted, so that its block stays and is accounted for
  size_t offset;
  double deadline;  // host_monotonic_time
  uint64_t timer;   // only runs when the time is limited or the wait is over
  uint64_t fiber;   // the fiber in Atomics.wait; 0: this is `waiter`, of Atomics.waitAsync
  Value waiter;     // kept alive by its Context (runtime/atomic_waits.c)
  bool is_woken;    // woken, and no longer in the block's list
};

static void wait_unlink_from_block(SharedWait *wait) {
  if (wait->is_woken) return;  // waking has removed it
  SharedBlock *block = wait->buffer->shared;
  *(wait->previous ? &wait->previous->next : &block->waits) = wait->next;
  *(wait->next ? &wait->next->previous : &block->last_wait) = wait->previous;
}

static void wait_release(SharedWait *wait) {
  CaissonRuntime *runtime = wait->runtime;
  wait_unlink_from_block(wait);
  *(wait->previous_own ? &wait->previous_own->next_own : &runtime->shared_waits) = wait->next_own;
  if (wait->next_own) wait->next_own->previous_own = wait->previous_own;
  memory_release(&runtime->cx.memory, wait, sizeof *wait);
}

void shared_waits_release(CaissonRuntime *runtime) {
  while (runtime->shared_waits) wait_release(runtime->shared_waits);
}

void shared_waits_end(CaissonRuntime *runtime) {
  for (SharedWait *wait = runtime->shared_waits, *next; wait; wait = next) {
    next = wait->next_own;
    if (!wait->fiber || fiber_find_parked(&runtime->cx, wait->fiber)) continue;
    host_remove_timer(runtime, wait->timer);
    wait_release(wait);
  }
}

void shared_waits_trace(const CaissonRuntime *runtime, Tracer *tracer) {
  for (const SharedWait *wait = runtime->shared_waits; wait; wait = wait->next_own)
    tracer_visit_cell(tracer, wait->buffer);
}

// The time of the wait is over, or another runtime woke it.
static bool wait_finish(Context *cx, uint64_t timer) {
  SharedWait *wait = host_of(cx)->shared_waits;
  for (; wait && wait->timer != timer; wait = wait->next_own) context_spend_step(cx);
  if (!wait) return true;
  // Timers of hosts fire up to a millisecond early.
  double left = wait->deadline - host_monotonic_time();
  if (!wait->is_woken && left > 0 && (wait->timer = host_add_timer(cx, left, wait_finish)) != 0) return true;
  SharedWait ended = *wait;
  wait_release(wait);
  if (!ended.fiber) return atomics_finish(cx, ended.waiter, !ended.is_woken);
  Fiber *fiber = fiber_find_parked(cx, ended.fiber);
  if (!fiber) return true;
  ROOTS(cx, r, text);
  r->text = string_from_ascii(cx, ended.is_woken ? "ok" : "timed-out");
  // Whoever started the fiber is told how it goes on (fiber_resume).
  (void)fiber_resume(cx, fiber, r->text, value_is_abrupt(r->text) ? FIBER_RAISE : FIBER_ANSWER);
  return true;
}

static SharedWait *wait_begin(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout) {
  CaissonRuntime *runtime = host_of(cx);
  if (!host_check_timers(cx)) return NULL;
  SharedWait *wait = memory_allocate_zeroed(&cx->memory, sizeof *wait);
  if (!wait) {
    (void)context_throw_out_of_memory(cx);
    return NULL;
  }
  uint64_t timer = host_add_timer(cx, timeout, wait_finish);
  if (!timer) {
    memory_release(&cx->memory, wait, sizeof *wait);
    return NULL;
  }
  *wait = (SharedWait){.next_own = runtime->shared_waits,
                       .runtime = runtime,
                       .buffer = buffer,
                       .offset = offset,
                       .deadline = host_monotonic_time() + timeout,
                       .timer = timer,
                       .waiter = VALUE_UNDEFINED};
  if (wait->next_own) wait->next_own->previous_own = wait;
  runtime->shared_waits = wait;
  SharedBlock *block = buffer->shared;
  wait->previous = block->last_wait;
  *(wait->previous ? &wait->previous->next : &block->waits) = wait;
  block->last_wait = wait;
  return wait;
}

static bool element_is(const SharedBlock *block, size_t offset, uint32_t size, uint64_t expected) {
  const char *address = (const char *)block->data + offset;
  return size == 4 ? *(const uint32_t *)address == (uint32_t)expected : *(const uint64_t *)address == expected;
}

int shared_wait(Context *cx, ArrayBuffer *buffer, size_t offset, uint32_t size, uint64_t expected, double timeout) {
  if (host_of(cx)->must_not_wait || !fiber_can_park(cx)) {
    throw_type_error(
        cx, "Atomics.wait: the program may not wait %s; use Atomics.waitAsync",
        host_of(cx)->must_not_wait ? "when it is evaluated synchronously" : "inside " PLACES_THAT_CANNOT_WAIT);
    return -1;
  }
  if (!element_is(buffer->shared, offset, size, expected)) return ATOMICS_NOT_EQUAL;
  if (timeout == 0) return ATOMICS_TIMED_OUT;
  SharedWait *wait = wait_begin(cx, buffer, offset, timeout);
  if (!wait) return -1;
  wait->fiber = fiber_begin_wait(cx);
  return ATOMICS_PARKED;
}

bool shared_wait_async(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Value waiter) {
  SharedWait *wait = wait_begin(cx, buffer, offset, timeout);
  if (wait) wait->waiter = waiter;
  return wait != NULL;
}

// Promises of the running program are settled at once; all other waits go on in a task of their own.
double shared_notify(Context *cx, ArrayBuffer *buffer, size_t offset, double count) {
  double woken = 0;
  for (SharedWait *wait = buffer->shared->waits, *next; wait && woken < count; wait = next) {
    next = wait->next;
    context_spend_step(cx);
    if (wait->offset != offset) continue;
    CaissonRuntime *runtime = wait->runtime;
    woken++;
    wait_unlink_from_block(wait);
    wait->is_woken = true;
    if (&runtime->cx == cx && !wait->fiber) {
      Value waiter = wait->waiter;
      host_remove_timer(runtime, wait->timer);
      wait_release(wait);
      if (!atomics_finish(cx, waiter, false)) return -1;
    } else {
      host_restart_timer(runtime, wait->timer, 0);
    }
  }
  return woken;
}
