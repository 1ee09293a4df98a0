#include "runtime/programs.h"

#include "runtime/hooks.h"

ProgramNote *program_find_note(const Context *cx, uint32_t program) {
  uint32_t first = 0, end = cx->program_notes.count;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    ProgramNote *item = &cx->program_notes.items[middle];
    if (item->number == program) return item;
    if (item->number < program) first = middle + 1;
    else end = middle;
  }
  return NULL;
}

static bool notes_grow(Context *cx) {
  ProgramNotes *notes = &cx->program_notes;
  uint32_t capacity = notes->capacity ? notes->capacity * 2 : 8;
  size_t size = capacity * sizeof *notes->items;
  ProgramNote *items = memory_allocate(&cx->memory, size);
  if (!items) {
    // A guest that has filled its memory must still be abortable.
    cx->memory.limit += size;
    items = memory_allocate(&cx->memory, size);
    cx->memory.limit -= size;
  }
  if (!items) return false;
  if (notes->count) memcpy(items, notes->items, notes->count * sizeof *items);
  memory_release(&cx->memory, notes->items, notes->capacity * sizeof *items);
  notes->items = items;
  notes->capacity = capacity;
  return true;
}

// NULL: there is no memory, not even for the note.
static ProgramNote *note_of(Context *cx, uint32_t program) {
  ProgramNotes *notes = &cx->program_notes;
  ProgramNote *known = program_find_note(cx, program);
  if (known) return known;
  if (notes->count == notes->capacity && !notes_grow(cx)) return NULL;
  uint32_t place = notes->count++;
  for (; place > 0 && notes->items[place - 1].number > program; place--) notes->items[place] = notes->items[place - 1];
  notes->items[place] = (ProgramNote){.number = program, .may_run = true};
  return &notes->items[place];
}

static void abort_noted(Context *cx, ProgramNote *note) {
  note->is_aborted = true;
  if (note->is_timed) cx->program_notes.timed_count--;
  note->is_timed = false;
  note->may_run = true;
  cx->fuel.remaining = MIN_OF(cx->fuel.remaining, 0);
}

void program_abort(Context *cx, uint32_t program) {
  if (program == 0 || program_is_aborted(cx, program)) return;
  ProgramNote *note = note_of(cx, program);
  if (note) abort_noted(cx, note);
}

bool program_limit_time(Context *cx, uint32_t program, double milliseconds) {
  ProgramNote *note = note_of(cx, program);
  if (!note) return false;
  note->is_timed = true;
  note->time_limit = note->time_left = milliseconds;
  cx->program_notes.timed_count++;
  return true;
}

static double time_since(Context *cx, double *now) {
  *now = cx->hooks->monotonic_time(cx);
  return MAX_OF(*now - cx->program_notes.since, 0);
}

void program_charge_change(Context *cx) {
  ProgramNotes *notes = &cx->program_notes;
  if (cx->program == notes->charged) return;
  double now, passed = time_since(cx, &now);
  ProgramNote *before = program_find_note(cx, notes->charged);
  if (before && before->is_timed) before->time_left -= passed;
  notes->charged = cx->program;
  notes->since = now;
  ProgramNote *after = program_find_note(cx, cx->program);
  // It is stopped at its next look at the fuel.
  if (after) after->may_run = true;
  if (after && after->is_timed && after->time_left <= 0) cx->fuel.remaining = MIN_OF(cx->fuel.remaining, 0);
}

void program_check_time(Context *cx) {
  const ProgramNotes *notes = &cx->program_notes;
  ProgramNote *note = program_find_note(cx, notes->charged);
  if (!note || !note->is_timed) return;
  double now;
  if (time_since(cx, &now) < note->time_left) return;
  note->is_out_of_time = true;
  abort_noted(cx, note);
}

ProgramNote *program_take_untold(Context *cx) {
  for (uint32_t i = 0; i < cx->program_notes.count; i++) {
    ProgramNote *note = &cx->program_notes.items[i];
    if (!note->is_out_of_time || note->is_told) continue;
    note->is_told = true;
    return note;
  }
  return NULL;
}

void programs_release(Context *cx) {
  memory_release(&cx->memory, cx->program_notes.items, cx->program_notes.capacity * sizeof *cx->program_notes.items);
  cx->program_notes = (ProgramNotes){0};
}

void programs_entry_ended(Context *cx) {
  for (uint32_t i = 0; i < cx->program_notes.count; i++) cx->program_notes.items[i].may_run = false;
}

void programs_clear_weak(Context *cx) {
  ProgramNotes *notes = &cx->program_notes;
  uint32_t kept = 0;
  notes->timed_count = 0;
  for (uint32_t i = 0; i < notes->count; i++) {
    ProgramNote item = notes->items[i];
    if (!item.is_reachable && !item.may_run) continue;
    item.is_reachable = false;
    if (item.is_timed) notes->timed_count++;
    notes->items[kept++] = item;
  }
  notes->count = kept;
}
