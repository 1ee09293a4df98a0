#include "runtime/replay.h"

#include "runtime/errors.h"
#include "runtime/names.h"

// The log is a row of entries. An entry is its header, an int, and then its values: one exception when the operation
// threw, none when it is not over. Entries within an operation follow its header, until it is over and replaces them.
enum { ENTRY_OVER = 1, ENTRY_THREW = 2, ENTRY_KIND_SHIFT = 2, LOG_FIRST_CAPACITY = 24 };

static Value entry_header(ReplayKind kind, int flags) { return value_int((int)kind << ENTRY_KIND_SHIFT | flags); }

static MUST_CHECK bool log_append(Context *cx, const Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  Values *log = value_is_internal(replay->log) ? (Values *)value_as_cell(replay->log) : NULL;
  uint32_t capacity = log ? values_count(log) : 0;
  if (replay->count + count > capacity) {
    Values *larger = values_create(cx, MAX_OF(capacity * 2, LOG_FIRST_CAPACITY + count));
    if (!larger) return false;
    for (uint32_t i = 0; i < replay->count; i++) larger->items[i] = log->items[i];  // bounded: the appends have paid
    log = larger;
    replay->log = value_internal(log);
  }
  for (uint32_t i = 0; i < count; i++)
    cell_store(&log->cell, &log->items[replay->count + i], values[i]);  // bounded: few
  replay->count += count;
  replay->next = replay->count;
  return true;
}

static inline Value *log_items(const Context *cx) { return ((Values *)value_as_cell(cx->replay.log))->items; }

// The record does not agree with the step: code that can be run again has read something without a note.
static Value replay_diverged(Context *cx) {
  ASSERT(!"a step that was run again did something else");
  return throw_error(cx, ERROR_RANGE, "internal error: a built-in function could not be continued");
}

bool replay_begin(Context *cx, ReplayKind kind, ReplayOperation *operation, Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  fuel_spend(&cx->fuel, 1);
  *operation = (ReplayOperation){replay->next, kind};
  if (replay->next == replay->count) {
    Value header = entry_header(kind, 0);
    if (log_append(cx, &header, 1)) return false;
    values[0] = VALUE_ABRUPT;
    return true;
  }
  const Value *entry = log_items(cx) + replay->next;
  if (entry[0] == entry_header(kind, 0)) {
    replay->next++;
    return false;
  }
  if (entry[0] == entry_header(kind, ENTRY_OVER)) {
    memcpy(values, entry + 1, count * sizeof(Value));
    replay->next += 1 + count;
  } else if (entry[0] == entry_header(kind, ENTRY_OVER | ENTRY_THREW)) {
    replay->next += 2;
    values[0] = throw_value(cx, entry[1]);
  } else {
    values[0] = replay_diverged(cx);
  }
  return true;
}

Value replay_end(Context *cx, const ReplayOperation *operation, const Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  bool threw = value_is_abrupt(values[0]);
  if (replay->state != REPLAY_RECORDING || (threw && cx->termination != TERMINATION_NONE)) return values[0];
  replay->count = operation->start;
  Value header = entry_header(operation->kind, threw ? ENTRY_OVER | ENTRY_THREW : ENTRY_OVER);
  const Value *kept = threw ? &cx->exception : values;
  if (!log_append(cx, &header, 1) || !log_append(cx, kept, threw ? 1 : count)) return VALUE_ABRUPT;
  return values[0];
}

Value replay_note_slowly(Context *cx, Value value) {
  ReplayOperation operation;
  ROOTS(cx, r, value, noted);
  r->value = value;
  if (replay_begin(cx, REPLAY_NOTE, &operation, &r->noted, 1)) return r->noted;
  return replay_end(cx, &operation, &r->value, 1);
}

bool replay_note_number_slowly(Context *cx, double *number) {
  Value noted = replay_note_slowly(cx, value_number(*number));
  if (value_is_abrupt(noted)) return false;
  *number = value_as_number(noted);
  return true;
}

bool replay_once(Context *cx, bool *failed) {
  if (!replay_is_recording(cx)) return true;
  bool is_first = cx->replay.next == cx->replay.count;
  *failed = value_is_abrupt(replay_note_slowly(cx, VALUE_TRUE));
  return is_first && !*failed;
}

bool replay_loop_slowly(Context *cx, ReplayLoop *loop, Value *state, uint32_t count) {
  Replay *replay = &cx->replay;
  loop->place = replay->next;
  if (replay->next == replay->count) {
    Value header = entry_header(REPLAY_LOOP, ENTRY_OVER);
    return log_append(cx, &header, 1) && log_append(cx, state, count);
  }
  const Value *entry = log_items(cx) + replay->next;
  if (entry[0] != entry_header(REPLAY_LOOP, ENTRY_OVER)) return replay_diverged(cx), false;
  memcpy(state, entry + 1, count * sizeof(Value));
  replay->next += 1 + count;
  return true;
}

void replay_next_round(Context *cx, const ReplayLoop *loop, uint32_t count) {
  if (replay_is_recording(cx)) cx->replay.count = cx->replay.next = loop->place + 1 + count;
}

void replay_put_loop(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count) {
  Values *log = (Values *)value_as_cell(cx->replay.log);
  // bounded: few
  for (uint32_t i = 0; i < count; i++) cell_store(&log->cell, &log->items[loop->place + 1 + i], state[i]);
}

void replay_keep_loop_slowly(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count) {
  replay_put_loop(cx, loop, state, count);
  replay_next_round(cx, loop, count);
}

bool replay_round_slowly(Context *cx, ReplayLoop *loop, Value *state, uint32_t count) {
  if (loop->is_entered) {
    replay_keep_loop_slowly(cx, loop, state, count);
    return true;
  }
  loop->is_entered = true;
  return replay_loop_slowly(cx, loop, state, count);
}

bool replay_round_value(Context *cx, ReplayLoop *loop, double *number, Value *rooted) {
  ROOTS(cx, r, state[2]);
  r->state[0] = value_number(*number), r->state[1] = *rooted;
  if (!replay_round_slowly(cx, loop, r->state, 2)) return false;
  *number = value_as_number(r->state[0]), *rooted = r->state[1];
  return true;
}

bool replay_round_numbers(Context *cx, ReplayLoop *loop, double *first, double *second) {
  ROOTS(cx, r, second);
  r->second = value_number(*second);
  if (!replay_round_value(cx, loop, first, &r->second)) return false;
  *second = value_as_number(r->second);
  return true;
}

void replay_text_begin(Context *cx, ReplayText *text, Value *rooted) {
  *text = (ReplayText){.before = rooted};
  string_builder_initialize(&text->builder, cx);
  *rooted = cx->names->empty;
}

bool replay_text_round_slowly(ReplayText *text, double *number) {
  Context *cx = text->builder.cx;
  if (text->loop.is_entered) {
    replay_next_round(cx, &text->loop, 2);
  } else if (!replay_round_value(cx, &text->loop, number, text->before)) {
    return false;
  }
  text->round = *number;
  return true;
}

// Adds what was written to the text of earlier runs, and saves it if the step may be run again.
static MUST_CHECK bool text_flush(ReplayText *text) {
  Context *cx = text->builder.cx;
  ROOTS(cx, r, state[2]);
  r->state[1] = string_builder_finish(&text->builder);
  if (value_is_abrupt(r->state[1])) return false;
  if (string_length(value_as_string(*text->before)) > 0) {
    r->state[1] = string_concatenate(cx, value_as_string(*text->before), value_as_string(r->state[1]));
    if (value_is_abrupt(r->state[1])) return false;
  }
  *text->before = r->state[1];
  r->state[0] = value_number(text->round);
  if (text->loop.is_entered && replay_is_recording(cx)) replay_put_loop(cx, &text->loop, r->state, 2);
  return true;
}

Value replay_text_finish(ReplayText *text) {
  bool flushed = text_flush(text);
  text->loop.is_entered = false;
  return flushed ? *text->before : VALUE_ABRUPT;
}

void replay_text_leave(ReplayText *text) {
  Context *cx = text->builder.cx;
  if (text->loop.is_entered && cx->termination == TERMINATION_REPLAY) {
    cx->termination = TERMINATION_NONE;
    if (text_flush(text)) cx->termination = TERMINATION_REPLAY;
  }
  string_builder_release(&text->builder);
}

Value replay_call(Context *cx, Value callee, Value this_value, Value new_target, const Value *arguments,
                  uint32_t count) {
  Replay *replay = &cx->replay;
  if (replay->state == REPLAY_OPEN) {
    cx->termination = TERMINATION_REPLAY;
    return VALUE_ABRUPT;
  }
  ROOTS(cx, r, callee, this_value, new_target, list);
  r->callee = callee, r->this_value = this_value, r->new_target = new_target;
  ReplayOperation operation;
  Value answer;
  if (replay_begin(cx, REPLAY_CALL, &operation, &answer, 1)) return answer;
  if (count > 0) {
    Values *list = values_create(cx, count);
    if (!list) return VALUE_ABRUPT;
    memcpy(list->items, arguments, count * sizeof(Value));
    r->list = value_internal(list);
  }
  replay->callee = r->callee, replay->this_value = r->this_value, replay->new_target = r->new_target;
  replay->arguments = r->list;
  replay->is_asked = true;
  cx->termination = TERMINATION_REPLAY;
  return VALUE_ABRUPT;
}

bool replay_answer(Context *cx, Value value, bool is_thrown) {
  ReplayOperation operation = {cx->replay.count - 1, REPLAY_CALL};
  cx->replay.count--;
  Value header = entry_header(operation.kind, is_thrown ? ENTRY_OVER | ENTRY_THREW : ENTRY_OVER);
  ROOTS(cx, r, value);
  r->value = value;
  return log_append(cx, &header, 1) && log_append(cx, &r->value, 1);
}
