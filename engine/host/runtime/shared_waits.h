// Atomics.wait, waitAsync and notify for runtimes that take turns on one thread (RuntimeHooks, runtime/hooks.h).
#ifndef CAISSON_SHARED_WAITS_H
#define CAISSON_SHARED_WAITS_H

#include "host/runtime/caisson.h"
#include "runtime/buffers.h"

int shared_wait(Context *cx, ArrayBuffer *buffer, size_t offset, uint32_t size, uint64_t expected, double timeout);
MUST_CHECK bool shared_wait_async(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Value waiter);
double shared_notify(Context *cx, ArrayBuffer *buffer, size_t offset, double count);
void shared_waits_trace(const CaissonRuntime *runtime, Tracer *tracer);
void shared_waits_end(CaissonRuntime *runtime);      // the waits of fibers that have been ended
void shared_waits_release(CaissonRuntime *runtime);  // before the runtime ends

#endif
