// The interpreter's state in a Context.
#include "interpreter/interpreter.h"

bool interpreter_initialize(Context *cx) {
  cx->interpreter = memory_allocate_zeroed(&cx->memory, sizeof *cx->interpreter);
  return cx->interpreter != NULL;
}

void interpreter_release(Context *cx) {
  if (!cx->interpreter) return;
  fibers_release_all(cx);
  memory_release(&cx->memory, cx->interpreter, sizeof *cx->interpreter);
  cx->interpreter = NULL;
}
