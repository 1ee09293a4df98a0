// Waiting on shared memory. Blocking and waking other agents is the host's (RuntimeHooks.atomics_wait and
// atomics_notify); promises of Atomics.waitAsync wait in a list of their Context.
#ifndef CAISSON_ATOMICS_H
#define CAISSON_ATOMICS_H

#include "runtime/buffers.h"

enum { ATOMICS_WOKEN, ATOMICS_TIMED_OUT, ATOMICS_NOT_EQUAL };  // what RuntimeHooks.atomics_wait gives

// Wakes up to `count` waiters, first those of this Context, in the order in which they began to wait.
MUST_CHECK bool atomics_wake(Context *cx, SharedBlock *block, size_t offset, double count, double *woken);
// The promise resolves to "ok" when woken, to "timed-out" after `timeout` ms.
MUST_CHECK bool atomics_wait_async(Context *cx, SharedBlock *block, size_t offset, double timeout, Object *promise);
// The host's timer of a waiter ran out (RuntimeHooks.start_timer).
MUST_CHECK bool atomics_time_out(Context *cx, Value waiter);

#endif
