// Programs: what one evaluation or import of the host has set going. Its number goes with everything that continues it:
// jobs (reactions have that of whoever registered them), fibers, timers, module evaluations, cleanup callbacks. What
// the host calls on its own account belongs to program 0, which cannot be aborted.
//
// An aborted program runs nothing any more. Where it is running it is unwound like a limit would (TERMINATION_PROGRAM),
// but only to where the program was entered: whoever restores cx->program there ends the termination. What is noted of
// a program is kept until the collector finds nothing that carries its number.
//
// The time of a program may be limited: that of all its work together, in whatever entries. While there is such a
// program, the clock is looked at when the guest begins to work for another one. When the time is up, the program is
// aborted.
#ifndef CAISSON_PROGRAMS_H
#define CAISSON_PROGRAMS_H

#include "runtime/context.h"

ProgramNote *program_find_note(const Context *cx, uint32_t program);
static inline bool program_is_aborted(const Context *cx, uint32_t program) {
  if (LIKELY(cx->program_notes.count == 0)) return false;
  const ProgramNote *note = program_find_note(cx, program);
  return note && note->is_aborted;
}
static inline bool program_is_out_of_time(const Context *cx, uint32_t program) {
  const ProgramNote *note = program_find_note(cx, program);
  return note && note->is_out_of_time;
}
// Notes that it is; the code that runs looks at its fuel, and therefore at this, at once. The rest is the host layer's.
void program_abort(Context *cx, uint32_t program);
// Of a program that has not begun. False: there is no memory.
MUST_CHECK bool program_limit_time(Context *cx, uint32_t program, double milliseconds);
void program_charge_change(Context *cx);        // cx->program is another one now
void program_check_time(Context *cx);           // aborts the program that runs when its time is up
ProgramNote *program_take_untold(Context *cx);  // one whose time is up, of which the host is to be told; or NULL
void programs_release(Context *cx);

static inline void program_set(Context *cx, uint32_t program) {
  cx->program = program;
  if (UNLIKELY(cx->program_notes.timed_count > 0)) program_charge_change(cx);
}

// Brackets work for another program; gives the one around it.
static inline MUST_CHECK uint32_t program_enter(Context *cx, uint32_t program) {
  uint32_t outer = cx->program;
  program_set(cx, program);
  return outer;
}
static inline void program_leave(Context *cx, uint32_t outer) {
  program_set(cx, outer);
  if (UNLIKELY(cx->termination == TERMINATION_PROGRAM)) cx->termination = TERMINATION_NONE;
}

// While marking: a cell carries this number.
static inline void program_note_reachable(const Context *cx, uint32_t program) {
  if (LIKELY(cx->program_notes.count == 0)) return;
  ProgramNote *note = program_find_note(cx, program);
  if (note) note->is_reachable = true;
}
void programs_clear_weak(Context *cx);
void programs_entry_ended(Context *cx);  // the outermost one

#endif
