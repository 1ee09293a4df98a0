#include "runtime/replay.h"

#include "runtime/errors.h"
#include "runtime/names.h"

// The log is a row of entries. An entry is its header, an int, and then its values: one exception when the operation
// threw, none when it is not over. Entries within an operation follow its header, until it is over and replaces them.
enum { ENTRY_OVER = 1, ENTRY_THREW = 2, ENTRY_KIND_SHIFT = 2, LOG_CAPACITY = 24 };

static Value entry_header(ReplayKind kind, int flags) { return value_int((int)kind << ENTRY_KIND_SHIFT | flags); }

static inline Values *log_of(const Context *cx) { return (Values *)value_as_cell(cx->replay.log); }
static inline Value *log_items(const Context *cx) { return log_of(cx)->items; }

static NO_INLINE MUST_CHECK bool log_grow(Context *cx, uint32_t least) {
  Replay *replay = &cx->replay;
  bool is_new = !value_is_internal(replay->log);
  if (is_new && value_is_internal(replay->spare_log) && least <= LOG_CAPACITY) {
    replay->log = replay->spare_log;
    replay->spare_log = VALUE_UNDEFINED;
    return true;
  }
  Values *log = values_create(cx, is_new ? MAX_OF(least, LOG_CAPACITY) : MAX_OF(least, values_count(log_of(cx)) * 2));
  if (!log) return false;
  for (uint32_t i = 0; i < replay->count; i++) log->items[i] = log_items(cx)[i];  // bounded: the entries have paid
  replay->log = value_internal(log);
  return true;
}

// Room for an entry behind the others, which the caller fills; NULL: no memory.
static inline Value *log_append(Context *cx, uint32_t count) {
  Replay *replay = &cx->replay;
  uint32_t end = replay->count + count;
  if (UNLIKELY(!value_is_internal(replay->log) || end > values_count(log_of(cx))) && !log_grow(cx, end)) return NULL;
  Value *entry = log_items(cx) + replay->count;
  replay->count = replay->next = end;
  return entry;
}

// bounded: few
static inline void log_fill(Context *cx, Value *entry, Value header, const Value *values, uint32_t count) {
  cell_store(cx, &entry[0], header);
  for (uint32_t i = 0; i < count; i++) cell_store(cx, &entry[1 + i], values[i]);
}

// The record does not agree with the step: code that can be run again has read something without a note.
static Value replay_diverged(Context *cx) {
  ASSERT(!"a step that was run again did something else");
  return throw_error(cx, ERROR_RANGE, "internal error: a built-in function could not be continued");
}

// Takes the entry at which the step stands, if it is of that kind and over. False: it is not over.
// bounded: few
static MUST_CHECK bool log_take(Context *cx, ReplayKind kind, Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  const Value *entry = log_items(cx) + replay->next;
  if (LIKELY(entry[0] == entry_header(kind, ENTRY_OVER))) {
    for (uint32_t i = 0; i < count; i++) values[i] = entry[1 + i];
    replay->next += 1 + count;
  } else if (entry[0] == entry_header(kind, ENTRY_OVER | ENTRY_THREW)) {
    replay->next += 2;
    values[0] = throw_value(cx, entry[1]);
  } else if (entry[0] == entry_header(kind, 0)) {
    replay->next++;
    return false;
  } else {
    values[0] = replay_diverged(cx);
  }
  return true;
}

bool replay_begin(Context *cx, ReplayKind kind, ReplayOperation *operation, Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  fuel_spend(&cx->fuel, 1);
  *operation = (ReplayOperation){replay->next, kind};
  if (replay->next < replay->count) return log_take(cx, kind, values, count);
  Value *entry = log_append(cx, 1);
  if (entry) {
    cell_store(cx, &entry[0], entry_header(kind, 0));
    return false;
  }
  values[0] = VALUE_ABRUPT;
  return true;
}

Value replay_end(Context *cx, const ReplayOperation *operation, const Value *values, uint32_t count) {
  Replay *replay = &cx->replay;
  bool threw = value_is_abrupt(values[0]);
  if (replay->state != REPLAY_RECORDING || (threw && cx->termination != TERMINATION_NONE)) return values[0];
  replay->count = operation->start;
  uint32_t kept = threw ? 1 : count;
  Value *entry = log_append(cx, 1 + kept);
  if (!entry) return VALUE_ABRUPT;
  log_fill(cx, entry, entry_header(operation->kind, threw ? ENTRY_OVER | ENTRY_THREW : ENTRY_OVER),
           threw ? &cx->exception : values, kept);
  return values[0];
}

Value replay_note_slowly(Context *cx, Value value) {
  Value noted;
  fuel_spend(&cx->fuel, 1);
  if (cx->replay.next < cx->replay.count) return log_take(cx, REPLAY_NOTE, &noted, 1) ? noted : replay_diverged(cx);
  ROOTS(cx, r, value);
  r->value = value;
  Value *entry = log_append(cx, 2);
  if (!entry) return VALUE_ABRUPT;
  log_fill(cx, entry, entry_header(REPLAY_NOTE, ENTRY_OVER), &r->value, 1);
  return value;
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
  loop->place = cx->replay.next;
  if (cx->replay.next < cx->replay.count) {
    Value first = VALUE_UNDEFINED;
    return log_take(cx, REPLAY_LOOP, count ? state : &first, count) && !value_is_abrupt(count ? state[0] : first);
  }
  Value *entry = log_append(cx, 1 + count);
  if (!entry) return false;
  log_fill(cx, entry, entry_header(REPLAY_LOOP, ENTRY_OVER), state, count);
  return true;
}

void replay_next_round(Context *cx, const ReplayLoop *loop, uint32_t count) {
  if (replay_is_recording(cx)) cx->replay.count = cx->replay.next = loop->place + 1 + count;
}

void replay_put_loop(Context *cx, const ReplayLoop *loop, const Value *state, uint32_t count) {
  Values *log = log_of(cx);
  // bounded: few
  for (uint32_t i = 0; i < count; i++) cell_store(cx, &log->items[loop->place + 1 + i], state[i]);
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
    replay_begin_saving(cx);
    replay_end_saving(cx, text_flush(text));
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

void replay_keep_join_slowly(Context *cx, Value array) {
  Replay *replay = &cx->replay;
  ROOTS(cx, r, array);
  r->array = array;
  replay_begin_saving(cx);
  Record *entry = record_create(cx, 0, REPLAY_JOIN_FIELDS);
  if (entry) {
    entry->items[REPLAY_JOIN_ARRAY] = array;
    entry->items[REPLAY_JOIN_REST] = value_is_internal(replay->joins_left) ? replay->joins_left : replay->joins;
    replay->joins_left = value_internal(entry);
  }
  replay_end_saving(cx, entry != NULL);
}

bool replay_answer(Context *cx, Value value, bool is_thrown) {
  ROOTS(cx, r, value);
  r->value = value;
  cx->replay.count--;  // the header of the call that is not over
  Value *entry = log_append(cx, 2);
  if (!entry) return false;
  log_fill(cx, entry, entry_header(REPLAY_CALL, is_thrown ? ENTRY_OVER | ENTRY_THREW : ENTRY_OVER), &r->value, 1);
  return true;
}

void replay_forget(Context *cx) {
  Replay *replay = &cx->replay;
  if (value_is_internal(replay->log) && values_count(log_of(cx)) == LOG_CAPACITY) {
    heap_keep_values(&cx->heap, log_items(cx), LOG_CAPACITY);
    memset(log_items(cx), 0, LOG_CAPACITY * sizeof(Value));
    replay->spare_log = replay->log;
  }
  replay->log = replay->joins_left = VALUE_UNDEFINED;
  replay->count = replay->next = 0;
}
