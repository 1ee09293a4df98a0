// Marking: an explicit stack (outside the accounted memory, so that a collection works when the guest has
// none left), then the weak cells until nothing changes. When the stack itself cannot grow, marking goes on
// without it: the heap is scanned for marked cells until a scan marks nothing new.
// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).
#include <stdlib.h>

#include "heap/heap_internal.h"

enum { MARK_BYTES_PER_UNIT = 256 };

static bool cell_stack_push(CellStack *stack, Cell *cell) {
  if (stack->count == stack->capacity) {
    size_t capacity = stack->capacity ? stack->capacity * 2 : 1024;
    Cell **items = realloc(stack->items, capacity * sizeof *items);
    if (!items) return false;
    stack->items = items;
    stack->capacity = capacity;
  }
  stack->items[stack->count++] = cell;
  return true;
}

// Waiting ephemerons --------------------------------------------------------------------------------------
//
// To look through all weak tables until nothing changes takes as many passes as the longest chain of keys that lead to
// one another, so a guest could make it quadratic. So after two passes the entries with unmarked keys are put into a
// table by key, and marking a key makes its values due: that is linear. When there is no memory for the table, the
// passes go on.

enum { EPHEMERON_PASSES = 2, WAITING_LEAST = 256 };

static WaitingValue *waiting_place(const WaitingTable *table, const Cell *key) {
  uint32_t mask = table->place_count - 1;
  uint32_t place = hash_address((uintptr_t)key) & mask;
  while (table->places[place].key && table->places[place].key != key) place = (place + 1) & mask;
  return &table->places[place];
}

static bool waiting_reserve(WaitingTable *table) {
  if (table->used + 1 <= table->place_count / 4 * 3) return true;
  if (table->place_count > UINT32_MAX / 4) return false;
  WaitingTable larger = *table;
  larger.place_count = table->place_count ? table->place_count * 2 : WAITING_LEAST;
  larger.places = calloc(larger.place_count, sizeof *larger.places);
  if (!larger.places) return false;
  for (uint32_t i = 0; i < table->place_count; i++) {
    if (table->places[i].key) *waiting_place(&larger, table->places[i].key) = table->places[i];
  }
  free(table->places);
  *table = larger;
  return true;
}

static bool waiting_add(WaitingTable *table, Cell *key, Value value) {
  if (!waiting_reserve(table)) return false;
  WaitingValue *place = waiting_place(table, key);
  if (!place->key) {
    *place = (WaitingValue){.key = key, .value = value};
    table->used++;
    return true;
  }
  if (table->more_count == table->more_capacity) {
    if (table->more_capacity > UINT32_MAX / 4) return false;
    uint32_t capacity = table->more_capacity ? table->more_capacity * 2 : WAITING_LEAST;
    WaitingValue *more = realloc(table->more, capacity * sizeof *more);
    if (!more) return false;
    table->more = more;
    table->more_capacity = capacity;
  }
  table->more[table->more_count++] = (WaitingValue){.value = value, .next = place->next};
  place->next = table->more_count;
  return true;
}

void tracer_await(Tracer *tracer, const void *key, Value value) {
  // On failure the waiting ends, and passes follow.
  if (tracer->awaits && !waiting_add(&tracer->waiting, (Cell *)(uintptr_t)key, value)) tracer->awaits = false;
}

static void tracer_visit_due(Tracer *tracer) {
  while (tracer->due.count) {
    const WaitingValue *waiting = waiting_place(&tracer->waiting, tracer->due.items[--tracer->due.count]);
    for (;;) {
      tracer_visit_value(tracer, waiting->value);
      if (!waiting->next) break;
      waiting = &tracer->waiting.more[waiting->next - 1];
    }
  }
}

// Marking ------------------------------------------------------------------------------------------------

static inline void tracer_mark(Tracer *tracer, Cell *cell) {
  Heap *heap = tracer->heap;
  if ((cell->mark & HEAP_MARK_BITS) == heap->current_mark) return;
  cell->mark = (uint8_t)((cell->mark & ~HEAP_MARK_BITS) | heap->current_mark);
  tracer->live_bytes += heap_cell_size(cell);
  tracer->marked_count++;
  tracer->marked_any = true;
  if (UNLIKELY(tracer->awaits) && tracer->waiting.used && waiting_place(&tracer->waiting, cell)->key &&
      !cell_stack_push(&tracer->due, cell))
    tracer->awaits = false;
  if (heap->types[cell->kind].trace && !cell_stack_push(&tracer->marked, cell)) tracer->overflowed = true;
}

static inline void tracer_count_visit(Tracer *tracer) {
#ifdef CAISSON_STRESS
  tracer->visits++;
#else
  (void)tracer;
#endif
}

void tracer_visit_cell(Tracer *tracer, const void *cell) {
  tracer_count_visit(tracer);
  if (!cell) return;
  if (UNLIKELY(tracer->verifier != NULL)) {
    verifier_check(tracer, cell, 0);
    return;
  }
  tracer_mark(tracer, (Cell *)(uintptr_t)cell);
}

void tracer_visit_value(Tracer *tracer, Value value) {
  tracer_count_visit(tracer);
  // A rooted NULL pointer is allowed, like one that is passed directly.
  if (!value_is_cell(value) || !value_as_cell(value)) return;
  if (UNLIKELY(tracer->verifier != NULL)) {
    verifier_check(tracer, value_as_cell(value), value_tag(value));
    return;
  }
  tracer_mark(tracer, value_as_cell(value));
}

void tracer_visit_values(Tracer *tracer, const Value *values, size_t count) {
  for (size_t i = 0; i < count; i++) tracer_visit_value(tracer, values[i]);
}

void tracer_add_weak(Tracer *tracer, Cell *cell) {
  if (tracer->verifier) return;
  if (!cell_stack_push(&tracer->weak, cell)) tracer->weak_overflowed = true;
}

void *tracer_owner(const Tracer *tracer) { return tracer->heap->owner; }

bool heap_is_marked(const Heap *heap, const void *cell) {
  return (((const Cell *)cell)->mark & HEAP_MARK_BITS) == heap->current_mark;
}

static void retrace_marked(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  const CellType *type = &tracer->heap->types[cell->kind];
  if (type->trace && heap_is_marked(tracer->heap, cell)) type->trace(tracer, cell);
}

static void tracer_drain(Tracer *tracer) {
  const CellType *types = tracer->heap->types;
  for (;;) {
    while (tracer->marked.count || tracer->due.count) {
      tracer_visit_due(tracer);
      if (!tracer->marked.count) break;
      Cell *cell = tracer->marked.items[--tracer->marked.count];
      types[cell->kind].trace(tracer, cell);
    }
    if (!tracer->overflowed) return;
    tracer->overflowed = false;
    heap_visit_cells(tracer->heap, retrace_marked, tracer);
  }
}

// Finds weak cells that could not be listed by looking at every marked cell.
static void add_ephemeron_pass(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  const CellType *type = &tracer->heap->types[cell->kind];
  if (type->trace_ephemerons && heap_is_marked(tracer->heap, cell)) type->trace_ephemerons(tracer, cell);
}

// Looks through every weak table once; tables found meanwhile are appended and looked through too. False: some could
// not be.
static bool tracer_reach_by_waiting(Tracer *tracer) {
  if (tracer->weak_overflowed) return false;
  const CellType *types = tracer->heap->types;
  tracer->awaits = true;
  for (size_t i = 0; i < tracer->weak.count; i++) {
    Cell *cell = tracer->weak.items[i];
    if (types[cell->kind].trace_ephemerons) types[cell->kind].trace_ephemerons(tracer, cell);
    if (i + 1 == tracer->weak.count) tracer_drain(tracer);
  }
  bool reached = tracer->awaits && !tracer->weak_overflowed;
  tracer->awaits = false;
  return reached;
}

static void tracer_reach_ephemeron_fixpoint(Tracer *tracer) {
  const CellType *types = tracer->heap->types;
  unsigned passes = 0;
  do {
    if (passes++ == EPHEMERON_PASSES && tracer_reach_by_waiting(tracer)) return;
    tracer->marked_any = false;
    if (tracer->weak_overflowed) {
      heap_visit_cells(tracer->heap, add_ephemeron_pass, tracer);
    } else {
      for (size_t i = 0; i < tracer->weak.count; i++) {
        Cell *cell = tracer->weak.items[i];
        if (types[cell->kind].trace_ephemerons) types[cell->kind].trace_ephemerons(tracer, cell);
      }
    }
    tracer_drain(tracer);
  } while (tracer->marked_any);
}

static void clear_marked_weak(void *sink, Cell *cell, size_t size) {
  (void)size;
  Heap *heap = sink;
  if (heap->types[cell->kind].clear_weak && heap_is_marked(heap, cell)) heap->types[cell->kind].clear_weak(heap, cell);
}

static void tracer_clear_weak(Tracer *tracer) {
  Heap *heap = tracer->heap;
  if (tracer->weak_overflowed) {
    heap_visit_cells(heap, clear_marked_weak, heap);
    return;
  }
  for (size_t i = 0; i < tracer->weak.count; i++) {
    Cell *cell = tracer->weak.items[i];
    if (heap->types[cell->kind].clear_weak) heap->types[cell->kind].clear_weak(heap, cell);
  }
}

void heap_mark(Heap *heap) {
  Tracer tracer = {.heap = heap};
  if (heap->trace_roots) heap->trace_roots(heap->owner, &tracer);
  tracer_drain(&tracer);
  tracer_reach_ephemeron_fixpoint(&tracer);
  tracer_clear_weak(&tracer);
  if (heap->clear_weak_roots) heap->clear_weak_roots(heap->owner, heap);
  free(tracer.marked.items);
  free(tracer.weak.items);
  free(tracer.due.items);
  free(tracer.waiting.places);
  free(tracer.waiting.more);
  heap->live_bytes_after_collection = tracer.live_bytes;
  // A collection is not stopped half-way but paid for afterwards: a unit per cell, and its contents by size, since
  // tracing looks through them (texts and bytes are not traced, but are few and large).
  memory_spend(heap->memory, tracer.marked_count + tracer.live_bytes / MARK_BYTES_PER_UNIT);
#ifdef CAISSON_STRESS
  heap->stress_countdown = heap->stress_interval + (uint32_t)(tracer.visits / STRESS_VISITS_PER_ALLOCATION);
#endif
}
