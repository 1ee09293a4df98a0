#include "runtime/programs.h"

AbortedProgram *program_find_aborted(const Context *cx, uint32_t program) {
  uint32_t first = 0, end = cx->aborted.count;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    AbortedProgram *item = &cx->aborted.items[middle];
    if (item->number == program) return item;
    if (item->number < program) first = middle + 1;
    else end = middle;
  }
  return NULL;
}

static bool aborted_grow(Context *cx) {
  AbortedPrograms *aborted = &cx->aborted;
  uint32_t capacity = aborted->capacity ? aborted->capacity * 2 : 8;
  size_t size = capacity * sizeof *aborted->items;
  AbortedProgram *items = memory_allocate(&cx->memory, size);
  if (!items) {
    // A guest that has filled its memory is aborted all the same.
    cx->memory.limit += size;
    items = memory_allocate(&cx->memory, size);
    cx->memory.limit -= size;
  }
  if (!items) return false;
  if (aborted->count) memcpy(items, aborted->items, aborted->count * sizeof *items);
  memory_release(&cx->memory, aborted->items, aborted->capacity * sizeof *items);
  aborted->items = items;
  aborted->capacity = capacity;
  return true;
}

void program_abort(Context *cx, uint32_t program) {
  AbortedPrograms *aborted = &cx->aborted;
  if (program == 0 || program_is_aborted(cx, program)) return;
  if (aborted->count == aborted->capacity && !aborted_grow(cx)) return;
  uint32_t place = aborted->count++;
  for (; place > 0 && aborted->items[place - 1].number > program; place--) aborted->items[place] = aborted->items[place - 1];
  aborted->items[place] = (AbortedProgram){.number = program, .may_run = true};
  cx->fuel.remaining = MIN_OF(cx->fuel.remaining, 0);
}

void programs_release(Context *cx) {
  memory_release(&cx->memory, cx->aborted.items, cx->aborted.capacity * sizeof *cx->aborted.items);
  cx->aborted = (AbortedPrograms){0};
}

void programs_entry_ended(Context *cx) {
  for (uint32_t i = 0; i < cx->aborted.count; i++) cx->aborted.items[i].may_run = false;
}

void programs_clear_weak(Context *cx) {
  AbortedPrograms *aborted = &cx->aborted;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < aborted->count; i++) {
    AbortedProgram item = aborted->items[i];
    if (!item.is_reachable && !item.may_run) continue;
    item.is_reachable = false;
    aborted->items[kept++] = item;
  }
  aborted->count = kept;
}
