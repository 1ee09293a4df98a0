// How C code is continued with the answer of guest code, while no C frame waits for it.
//
// A step is one instruction with everything that it calls in C. When C code of a step needs guest code, the step is
// abandoned: the functions return as after an exception that nothing can catch (TERMINATION_REPLAY). The guest code
// runs as a frame on the VM stack, and then the step is run again from its beginning, with the answer. So guest code
// can be set aside wherever it runs, and recursion through built-ins takes no C stack.
//
// A step may be run again only when it does what it did before, up to the answer. So what it learns from objects and
// does to them is recorded, and taken from the record when it is run again. A step that calls no guest code pays
// nothing for this: recording begins when one is abandoned for the first time. At that time no guest code has run since
// the step began, so the next run meets what the first one met, unless the first one has changed something itself.
//
// This takes several times as long as to run guest code on the C stack. So a step that comes to guest code for the
// first time, at a small depth of the C stack, runs it there, and cannot be run again from then on; unless the sandbox
// has something that waits or is paused for its host (`is_wanted`).
//
// What that asks of C code that can come to guest code:
// - The internal methods of objects (object_get, object_set and so on), function_call and function_construct record
//   themselves. Anything else that guest code could change, and that is read before such a call and used after it, is
//   passed through replay_note. So is an object that is made before such a call and used after it, when it is changed
//   by internal methods or the guest can see it.
// - Before a change that must not happen twice, and that a call may follow: replay_must_record, then replay_once around
//   the change. Changes by internal methods need only the former.
// - A loop that calls for each of its elements begins its rounds with replay_round, or keeps its state with
//   replay_loop. Else it takes quadratic time. What it fills is made once (replay_note, and not made at all while the
//   step is repeating), and changed at the end of a round.
#ifndef CAISSON_REPLAY_H
#define CAISSON_REPLAY_H

#include "runtime/strings.h"

typedef enum ReplayKind {
  REPLAY_GET,
  REPLAY_SET,
  REPLAY_HAS,
  REPLAY_GET_OWN,
  REPLAY_DEFINE,
  REPLAY_DELETE,
  REPLAY_OWN_KEYS,
  REPLAY_GET_PROTOTYPE,
  REPLAY_SET_PROTOTYPE,
  REPLAY_IS_EXTENSIBLE,
  REPLAY_PREVENT_EXTENSIONS,
  REPLAY_CALL,
  REPLAY_NATIVE,
  REPLAY_NOTE,
  REPLAY_LOOP,
} ReplayKind;

// C frames below a step that still runs guest code on the C stack.
enum { REPLAY_DEPTH = 32 };
static inline bool replay_is_worth_it(const Context *cx) {
  return cx->replay.is_wanted || cx->native_depth >= REPLAY_DEPTH || cx->replay.state == REPLAY_RECORDING;
}

static inline bool replay_is_possible(const Context *cx) { return cx->replay.state != REPLAY_CLOSED; }
// For code that cannot be run again, until its step ends: guest code that it calls runs on the C stack, where it cannot
// be set aside, within the limit of native depth.
static inline void replay_close(Context *cx) { cx->replay.state = REPLAY_CLOSED; }
// Around work that calls nothing of the guest, and may be done again or is not: it is not recorded. The caller roots
// the log.
static inline Replay replay_suspend(Context *cx) {
  Replay suspended = cx->replay;
  replay_close(cx);
  return suspended;
}
static inline void replay_go_on(Context *cx, Replay suspended) {
  suspended.is_wanted |= cx->replay.is_wanted;
  cx->replay = suspended;
}
static inline bool replay_is_recording(const Context *cx) { return cx->replay.state == REPLAY_RECORDING; }

// Whether the step does again what it has done before. Where a fast path runs no guest code and ends the work, the
// first run may have taken the other way.
static inline bool replay_is_repeating(const Context *cx) {
  return UNLIKELY(replay_is_recording(cx)) && cx->replay.next < cx->replay.count;
}

// Operations. replay_begin true: it is over, and values[0..count) are what it gave, or values[0] is VALUE_ABRUPT.
// False: it has to be performed, and ended by replay_end, which returns values[0].
typedef struct ReplayOperation {
  uint32_t start;
  ReplayKind kind;
} ReplayOperation;
MUST_CHECK bool replay_begin(Context *cx, ReplayKind kind, ReplayOperation *operation, Value *values, uint32_t count);
Value replay_end(Context *cx, const ReplayOperation *operation, const Value *values, uint32_t count);

// The value that it had when the step came here for the first time. The caller roots the result. May be
// VALUE_ABRUPT: no memory.
Value replay_note_slowly(Context *cx, Value value);
static inline Value replay_note(Context *cx, Value value) {
  return UNLIKELY(replay_is_recording(cx)) ? replay_note_slowly(cx, value) : value;
}
// The same for numbers and flags. False: no memory.
MUST_CHECK bool replay_note_number_slowly(Context *cx, double *number);
static inline MUST_CHECK bool replay_note_number(Context *cx, double *number) {
  return LIKELY(!replay_is_recording(cx)) || replay_note_number_slowly(cx, number);
}
static inline MUST_CHECK bool replay_note_flag(Context *cx, bool *flag) {
  if (LIKELY(!replay_is_recording(cx))) return true;
  double number = *flag;
  if (!replay_note_number_slowly(cx, &number)) return false;
  *flag = number != 0;
  return true;
}
// False: the step has to be abandoned, and is run again with a record.
static inline MUST_CHECK bool replay_must_record(Context *cx) {
  if (LIKELY(cx->replay.state != REPLAY_OPEN)) return true;
  if (!replay_is_worth_it(cx)) {
    replay_close(cx);  // what changes may be called again, but not from the beginning
    return true;
  }
  cx->termination = TERMINATION_REPLAY;
  return false;
}
// Whether a change has to wait until the call that follows it is over, since the step may yet be abandoned without a
// record of the change.
static inline bool replay_defers(Context *cx) {
  if (cx->replay.state != REPLAY_OPEN) return false;
  if (!replay_is_worth_it(cx)) replay_close(cx);
  return cx->replay.state == REPLAY_OPEN;
}
// Whether the step comes here for the first time.
bool replay_once(Context *cx, bool *failed);

// The state of a loop: count values that *state holds before the loop. They become those of the iteration that was
// abandoned. After each iteration replay_keep_loop keeps what has changed, and drops the record of the iteration.
typedef struct ReplayLoop {
  uint32_t place;
  bool is_entered;  // for replay_round
} ReplayLoop;
MUST_CHECK bool replay_loop_slowly(Context *cx, ReplayLoop *loop, Value *state, uint32_t count);
void replay_keep_loop_slowly(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count);
// The two halves of replay_keep_loop, for a state that takes long to save: the record of the iteration is dropped after
// each; the state, which is that before the iteration, is saved when one is abandoned.
void replay_next_round(Context *cx, const ReplayLoop *loop, uint32_t count);
void replay_put_loop(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count);
static inline MUST_CHECK bool replay_loop(Context *cx, ReplayLoop *loop, Value *state, uint32_t count) {
  return LIKELY(!replay_is_recording(cx)) || replay_loop_slowly(cx, loop, state, count);
}
static inline void replay_keep_loop(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count) {
  if (UNLIKELY(replay_is_recording(cx))) replay_keep_loop_slowly(cx, loop, state, count);
}

// The same for a loop that tells its state at the beginning of each round, and once more before it ends. The first call
// goes on with the round that was abandoned. `loop` is {0} before the loop.
MUST_CHECK bool replay_round_slowly(Context *cx, ReplayLoop *loop, Value *state, uint32_t count);
MUST_CHECK bool replay_round_numbers(Context *cx, ReplayLoop *loop, double *first, double *second);
MUST_CHECK bool replay_round_value(Context *cx, ReplayLoop *loop, double *number, Value *rooted);
// For a loop whose state is a number, ...
static inline MUST_CHECK bool replay_round(Context *cx, ReplayLoop *loop, double *number) {
  if (LIKELY(!replay_is_recording(cx))) return true;
  double first = *number, second = 0;  // copies, so that the loop's own variable can be in a register
  if (!replay_round_numbers(cx, loop, &first, &second)) return false;
  *number = first;
  return true;
}
static inline MUST_CHECK bool replay_round_index(Context *cx, ReplayLoop *loop, uint32_t *index) {
  double number = *index;
  if (!replay_round(cx, loop, &number)) return false;
  *index = (uint32_t)number;
  return true;
}
// ... two, ...
static inline MUST_CHECK bool replay_round_pair(Context *cx, ReplayLoop *loop, double *first, double *second) {
  return LIKELY(!replay_is_recording(cx)) || replay_round_numbers(cx, loop, first, second);
}
// ... or a number and a value.
static inline MUST_CHECK bool replay_round_with(Context *cx, ReplayLoop *loop, double *number, Value *rooted) {
  return LIKELY(!replay_is_recording(cx)) || replay_round_value(cx, loop, number, rooted);
}
// For a loop that builds a text. A round writes nothing before its last call, since the text is saved as it is when the
// round is abandoned.
typedef struct ReplayText {
  StringBuilder builder;
  ReplayLoop loop;
  double round;
  Value *before;  // rooted: the text of earlier runs
} ReplayText;
void replay_text_begin(Context *cx, ReplayText *text, Value *rooted);
void replay_text_leave(ReplayText *text);
MUST_CHECK bool replay_text_round_slowly(ReplayText *text, double *number);
static inline MUST_CHECK bool replay_text_round(ReplayText *text, double *number) {
  return LIKELY(!replay_is_recording(text->builder.cx)) || replay_text_round_slowly(text, number);
}
// All of the text, after the loop; releases the builder in any case.
Value replay_text_finish(ReplayText *text);
#define REPLAY_TEXT(name, cx, rooted)                                    \
  ReplayText name __attribute__((cleanup(replay_text_leave)));           \
  replay_text_begin(cx, &name, rooted)
// Around the saving of a state in an iteration that is abandoned for a call. When it threw, the step ends by that.
static inline void replay_begin_saving(Context *cx) { cx->termination = TERMINATION_NONE; }
static inline void replay_end_saving(Context *cx, bool is_saved) {
  if (is_saved) cx->termination = TERMINATION_REPLAY;
  else cx->replay.is_asked = false;
}

// Abandons the step for a call. new_target VALUE_HOLE: no construction. Returns the answer when it is there.
Value replay_call(Context *cx, Value callee, Value this_value, Value new_target, const Value *arguments,
                  uint32_t count);
// Joining an array within itself gives an empty text, also when the inner join runs while the step of the outer one
// waits for an answer. So an array that is being joined when the step is abandoned for a call stays in a list of the
// fiber, until the frame that makes the call is gone.
enum { REPLAY_JOIN_ARRAY, REPLAY_JOIN_REST, REPLAY_JOIN_FIELDS };
void replay_keep_join_slowly(Context *cx, Value array);
static inline void replay_keep_join(Context *cx, Value array) {
  if (UNLIKELY(cx->termination == TERMINATION_REPLAY) && cx->replay.is_asked) replay_keep_join_slowly(cx, array);
}

// The answer to the call for which the step was abandoned.
MUST_CHECK bool replay_answer(Context *cx, Value value, bool is_thrown);
// The step is over: nothing of its record stays alive, but its log serves the next one.
void replay_forget(Context *cx);

#endif
