// Waiting on shared memory. The host decides who waits and who is woken (RuntimeHooks.atomics_*); the promises of
// Atomics.waitAsync are kept alive here.
#ifndef CAISSON_ATOMIC_WAITS_H
#define CAISSON_ATOMIC_WAITS_H

#include "runtime/buffers.h"

// Results of RuntimeHooks.atomics_wait. ATOMICS_PARKED: the fiber is set aside and gets the text as its answer.
enum { ATOMICS_WOKEN, ATOMICS_TIMED_OUT, ATOMICS_NOT_EQUAL, ATOMICS_PARKED };

// The promise resolves to "ok" when woken, to "timed-out" after `timeout` ms.
MUST_CHECK bool atomics_wait_async(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Object *promise);
// Settles a waiter of this Context (RuntimeHooks.atomics_wait_async); does nothing if it is settled already.
MUST_CHECK bool atomics_finish(Context *cx, Value waiter, bool timed_out);

#endif
