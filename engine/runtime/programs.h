// Programs: what one evaluation or import of the host has set going. Its number goes with everything that continues it:
// jobs (reactions have that of whoever registered them), fibers, timers, module evaluations, cleanup callbacks. What the host calls
// on its own account belongs to program 0, which cannot be aborted.
//
// An aborted program runs nothing any more. Where it is running it is unwound like a limit would (TERMINATION_PROGRAM), but only to where
// the program was entered: whoever restores cx->program there ends the termination. Numbers of aborted programs are kept
// until the collector finds nothing that carries them.
#ifndef CAISSON_PROGRAMS_H
#define CAISSON_PROGRAMS_H

#include "runtime/context.h"

AbortedProgram *program_find_aborted(const Context *cx, uint32_t program);
static inline bool program_is_aborted(const Context *cx, uint32_t program) {
  return UNLIKELY(cx->aborted.count > 0) && program_find_aborted(cx, program) != NULL;
}
// Notes that it is; the code that runs looks at its fuel, and therefore at this, at once. The rest is the host layer's.
void program_abort(Context *cx, uint32_t program);
void programs_release(Context *cx);

// Brackets work for another program; gives the one around it.
static inline MUST_CHECK uint32_t program_enter(Context *cx, uint32_t program) {
  uint32_t outer = cx->program;
  cx->program = program;
  return outer;
}
static inline void program_leave(Context *cx, uint32_t outer) {
  cx->program = outer;
  if (UNLIKELY(cx->termination == TERMINATION_PROGRAM)) cx->termination = TERMINATION_NONE;
}

// While marking: a cell carries this number.
static inline void program_note_reachable(const Context *cx, uint32_t program) {
  if (LIKELY(cx->aborted.count == 0)) return;
  AbortedProgram *aborted = program_find_aborted(cx, program);
  if (aborted) aborted->is_reachable = true;
}
void programs_clear_weak(Context *cx);
void programs_entry_ended(Context *cx);  // the outermost one

#endif
