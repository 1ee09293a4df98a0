// The interpreter's state in a Context.
#include "interpreter/interpreter.h"

#include "base/counters.h"

bool interpreter_initialize(Context *cx) {
  cx->interpreter = memory_allocate_zeroed(&cx->memory, sizeof *cx->interpreter);
  if (!cx->interpreter) return false;
  cx->interpreter->fiber_counter = COUNTER_BEFORE_FIRST;
  return true;
}

void interpreter_release(Context *cx) {
  if (!cx->interpreter) return;
  fibers_release_all(cx);
  memory_release(&cx->memory, cx->interpreter, sizeof *cx->interpreter);
  cx->interpreter = NULL;
}
