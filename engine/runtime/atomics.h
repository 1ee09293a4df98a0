// Waiting on shared memory. Blocking and waking other agents is the host's (RuntimeHooks.atomics_wait and
// atomics_notify); promises of Atomics.waitAsync are kept in a list of their Context, which wakes them itself
// when there are no other agents.
#ifndef CAISSON_ATOMICS_H
#define CAISSON_ATOMICS_H

#include "runtime/buffers.h"

enum { ATOMICS_WOKEN, ATOMICS_TIMED_OUT, ATOMICS_NOT_EQUAL };  // what RuntimeHooks.atomics_wait gives

// Wakes up to `count` waiters in the order in which they began to wait.
MUST_CHECK bool atomics_wake(Context *cx, SharedBlock *block, size_t offset, double count, double *woken);
// The promise resolves to "ok" when woken, to "timed-out" after `timeout` ms.
MUST_CHECK bool atomics_wait_async(Context *cx, SharedBlock *block, size_t offset, double timeout, Object *promise);
// Settles a waiter of this Context (RuntimeHooks.atomics_wait_async); nothing when that was done before.
MUST_CHECK bool atomics_finish(Context *cx, Value waiter, bool timed_out);

#endif
