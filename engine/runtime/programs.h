// Programs: one evaluation or import by the host, with all the work that it sets going. Everything that continues it
// carries its number: jobs (a reaction has the number of the code that registered it), fibers, timers, module
// evaluations, cleanup callbacks. Calls that the host makes on its own account belong to program 0, which cannot be
// aborted.
//
// An aborted program runs nothing any more. Where it is running, it is unwound as by a limit (TERMINATION_PROGRAM), but
// only to where the program was entered: the code that restores cx->program there ends the termination. The note about
// a program is kept until the collector finds nothing that carries its number.
//
// The time of a program may be limited: that of all its work together, in all entries. While there is such a program,
// the clock is read when the guest begins to work for another program. When the time is up, the program is aborted.
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
// Notes the abort. The running code looks at its fuel, and so at this note, at once. The host layer does the rest.
void program_abort(Context *cx, uint32_t program);
// For a program that has not begun. False: there is no memory.
MUST_CHECK bool program_limit_time(Context *cx, uint32_t program, double milliseconds);
void program_charge_change(Context *cx);        // must be called after a change of cx->program
void program_check_time(Context *cx);           // aborts the running program when its time is up
ProgramNote *program_take_untold(Context *cx);  // a program whose time is up, which the host must be told; or NULL
void programs_release(Context *cx);

static inline void program_set(Context *cx, uint32_t program) {
  cx->program = program;
  if (UNLIKELY(cx->program_notes.timed_count > 0)) program_charge_change(cx);
}

// Begins work for another program; returns the one before it, for program_leave.
static inline MUST_CHECK uint32_t program_enter(Context *cx, uint32_t program) {
  uint32_t outer = cx->program;
  program_set(cx, program);
  return outer;
}
static inline void program_leave(Context *cx, uint32_t outer) {
  program_set(cx, outer);
  if (UNLIKELY(cx->termination == TERMINATION_PROGRAM)) cx->termination = TERMINATION_NONE;
}

// While marking: called for each number in a cell that is alive.
static inline void program_note_reachable(const Context *cx, uint32_t program) {
  if (LIKELY(cx->program_notes.count == 0)) return;
  ProgramNote *note = program_find_note(cx, program);
  if (note) note->is_reachable = true;
}
void programs_clear_weak(Context *cx);
void programs_entry_ended(Context *cx);  // the outermost entry has ended

#endif
