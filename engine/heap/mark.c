// Marking: an explicit stack (outside the accounted memory, so that a collection works when the guest has
// none left), then the weak cells until nothing changes. When the stack itself cannot grow, marking goes on
// without it: the heap is scanned for marked cells until a scan marks nothing new.
#include <stdlib.h>

#include "heap/heap_internal.h"

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

static inline void tracer_mark(Tracer *tracer, Cell *cell) {
  Heap *heap = tracer->heap;
  if ((cell->mark & HEAP_MARK_BITS) == heap->current_mark) return;
  cell->mark = (uint8_t)((cell->mark & ~HEAP_MARK_BITS) | heap->current_mark);
  tracer->live_bytes += heap_cell_size(cell);
  tracer->marked_any = true;
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
  // A NULL pointer boxed to be rooted is as welcome as one passed by itself.
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
    while (tracer->marked.count) {
      Cell *cell = tracer->marked.items[--tracer->marked.count];
      types[cell->kind].trace(tracer, cell);
    }
    if (!tracer->overflowed) return;
    tracer->overflowed = false;
    heap_visit_cells(tracer->heap, retrace_marked, tracer);
  }
}

// Weak cells that could not be listed are found by looking at every marked cell.
static void add_ephemeron_pass(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  const CellType *type = &tracer->heap->types[cell->kind];
  if (type->trace_ephemerons && heap_is_marked(tracer->heap, cell)) type->trace_ephemerons(tracer, cell);
}

static void tracer_reach_ephemeron_fixpoint(Tracer *tracer) {
  const CellType *types = tracer->heap->types;
  do {
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
  heap->live_bytes_after_collection = tracer.live_bytes;
#ifdef CAISSON_STRESS
  heap->stress_countdown = heap->stress_interval + (uint32_t)(tracer.visits / STRESS_VISITS_PER_ALLOCATION);
#endif
}
