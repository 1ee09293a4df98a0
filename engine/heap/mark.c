// Marking: an explicit stack (outside the accounted memory, so that a collection works when the guest has
// none left), then the weak cells until nothing changes. When the stack itself cannot grow, marking goes on
// without it: the heap is scanned for marked cells until a scan marks nothing new.
// Loops here are bounded: steps are paid for by what they marked (heap_mark_some).
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

static bool mark_stack_push(MarkStack *stack, Cell *cell) {
  if (!stack->top || stack->count == SEGMENT_CELLS) {
    Segment *segment = stack->spare ? stack->spare : malloc(sizeof *segment);
    if (!segment) return false;
    stack->spare = NULL;
    segment->below = stack->top;
    stack->top = segment;
    stack->count = 0;
  }
  stack->top->cells[stack->count++] = cell;
  return true;
}

// The stack is not empty.
static inline Cell *mark_stack_pop(MarkStack *stack) {
  Cell *cell = stack->top->cells[--stack->count];
  if (UNLIKELY(stack->count == 0) && stack->top->below) {
    Segment *segment = stack->top;
    stack->top = segment->below;
    stack->count = SEGMENT_CELLS;
    free(stack->spare);
    stack->spare = segment;
  }
  return cell;
}

static void mark_stack_free(MarkStack *stack) {
  free(stack->spare);
  for (Segment *segment = stack->top, *below; segment; segment = below) {
    below = segment->below;
    free(segment);
  }
}

// Waiting ephemerons --------------------------------------------------------------------------------------
//
// To look through all weak tables until nothing changes takes as many passes as the longest chain of keys that lead to
// one another, so a guest could make it quadratic. So they are looked through once, when the rest is marked: entries
// with unmarked keys are put into a table by key, and marking a key makes its values due. That is linear. When there is
// no memory for the table, passes are made after all.

static inline WaitingValue **waiting_bucket(const WaitingTable *table, uint32_t bucket) {
  return &table->segments[bucket / WAITING_SEGMENT][bucket % WAITING_SEGMENT];
}

static inline WaitingValue **waiting_bucket_of(const WaitingTable *table, const Cell *key) {
  uint32_t bucket = hash_address((uintptr_t)key) & (table->half * 2 - 1);
  return waiting_bucket(table, bucket < table->bucket_count ? bucket : bucket - table->half);
}

static inline WaitingValue *waiting_find(const WaitingTable *table, const Cell *key) {
  WaitingValue *found = table->key_count ? *waiting_bucket_of(table, key) : NULL;
  while (found && found->key != key) found = found->next;
  return found;
}

static bool waiting_reserve_bucket(WaitingTable *table) {
  uint32_t segment = table->bucket_count / WAITING_SEGMENT;
  if (table->bucket_count % WAITING_SEGMENT) return true;
  if (table->bucket_count > UINT32_MAX / 4) return false;
  // A power of two: the list of segments is full.
  if ((segment & (segment - 1)) == 0) {
    size_t capacity = segment ? (size_t)segment * 2 : 1;
    WaitingValue ***segments = realloc(table->segments, capacity * sizeof *segments);
    if (!segments) return false;
    table->segments = segments;
  }
  table->segments[segment] = calloc(WAITING_SEGMENT, sizeof **table->segments);
  return table->segments[segment] != NULL;
}

// Splits the next bucket in two.
static bool waiting_add_bucket(WaitingTable *table) {
  if (!waiting_reserve_bucket(table)) return false;
  uint32_t added = table->bucket_count++;
  if (added == 0) {
    table->half = 1;
    return true;
  }
  if (added == table->half * 2) table->half = added;
  uint32_t mask = table->half * 2 - 1;
  WaitingValue **target = waiting_bucket(table, added), **link = waiting_bucket(table, added - table->half);
  while (*link) {
    WaitingValue *value = *link;
    if ((hash_address((uintptr_t)value->key) & mask) != added) {
      link = &value->next;
      continue;
    }
    *link = value->next;
    value->next = *target;
    *target = value;
  }
  return true;
}

static WaitingValue *waiting_allocate(WaitingTable *table) {
  if (!table->pool || table->pool_used == WAITING_SEGMENT) {
    WaitingPool *pool = malloc(sizeof *pool);
    if (!pool) return NULL;
    pool->below = table->pool;
    table->pool = pool;
    table->pool_used = 0;
  }
  return &table->pool->values[table->pool_used++];
}

static bool waiting_add(WaitingTable *table, Cell *key, Value value) {
  if (table->key_count >= table->bucket_count && !waiting_add_bucket(table)) return false;
  WaitingValue *added = waiting_allocate(table), *first = waiting_find(table, key);
  if (!added) return false;
  *added = (WaitingValue){.key = key, .value = value};
  if (first) {
    added->more = first->more;
    first->more = added;
  } else {
    WaitingValue **bucket = waiting_bucket_of(table, key);
    added->next = *bucket;
    *bucket = added;
    table->key_count++;
  }
  return true;
}

static void waiting_free(WaitingTable *table) {
  for (WaitingPool *pool = table->pool, *below; pool; pool = below) {
    below = pool->below;
    free(pool);
  }
  for (uint32_t i = 0; i < table->bucket_count; i += WAITING_SEGMENT) free(table->segments[i / WAITING_SEGMENT]);
  free(table->segments);
}

void tracer_await(Tracer *tracer, const void *key, Value value) {
  // On failure the waiting ends, and passes follow.
  if (tracer->awaits && !waiting_add(&tracer->waiting, (Cell *)(uintptr_t)key, value)) tracer->awaits = false;
}

enum { DUE_AT_ONCE = 256 };

// Visits some values whose keys were marked, and returns how many.
static size_t tracer_visit_due(Tracer *tracer) {
  size_t count = 0;
  for (; count < DUE_AT_ONCE && (tracer->due_value || tracer->due.count); count++) {
    if (!tracer->due_value) tracer->due_value = waiting_find(&tracer->waiting, tracer->due.items[--tracer->due.count]);
    tracer_visit_value(tracer, tracer->due_value->value);
    tracer->due_value = tracer->due_value->more;
  }
  return count;
}

// Marking ------------------------------------------------------------------------------------------------

static inline void tracer_mark(Tracer *tracer, Cell *cell) {
  Heap *heap = tracer->heap;
  if (heap_is_marked(heap, cell)) return;
  bool is_traced = heap->types[cell->kind].trace != NULL;
  cell->mark =
      (uint8_t)((cell->mark & ~(HEAP_MARK_BITS | HEAP_PENDING)) | heap->current_mark | (is_traced ? HEAP_PENDING : 0));
  if (UNLIKELY(heap_class_of(cell) == HEAP_CLASS_LARGE)) heap_large_of(cell)->is_kept = false;
  tracer->live_bytes += heap_cell_size(cell);
  tracer->marked_count++;
  tracer->marked_any = true;
  if (UNLIKELY(tracer->awaits) && waiting_find(&tracer->waiting, cell) && !cell_stack_push(&tracer->due, cell))
    tracer->awaits = false;
  if (is_traced && !mark_stack_push(&tracer->marked, cell)) tracer->overflowed = true;
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

// Items are visited in parts of so many bytes.
enum { TRACED_AT_ONCE = 16 << 10 };

static bool tracer_push_partial(Tracer *tracer, Cell *cell, size_t next) {
  if (tracer->partial_count == tracer->partial_capacity) {
    size_t capacity = tracer->partial_capacity ? tracer->partial_capacity * 2 : 16;
    PartialCell *partial = realloc(tracer->partial, capacity * sizeof *partial);
    if (!partial) return false;
    tracer->partial = partial;
    tracer->partial_capacity = capacity;
  }
  tracer->partial[tracer->partial_count++] = (PartialCell){cell, next};
  tracer->is_partial = true;
  return true;
}

TracerRange tracer_range(Tracer *tracer, Cell *cell, size_t count, size_t size) {
  size_t most = TRACED_AT_ONCE / size;
  if (LIKELY(count <= most) || tracer->verifier || tracer->ranges == RANGES_WHOLE) return (TracerRange){0, count};
  if (tracer->ranges == RANGES_OF_WEAK) {
    size_t first = MIN_OF(tracer->weak_next, count), end = count - first > most ? first + most : count;
    tracer->weak_next = end < count ? end : 0;
    return (TracerRange){first, end};
  }
  size_t first = MIN_OF(tracer->next, count);
  if (count - first <= most || !tracer_push_partial(tracer, cell, first + most)) return (TracerRange){first, count};
  return (TracerRange){first, first + most};
}

TracerRange heap_clear_range(Heap *heap, size_t count, size_t size) {
  return tracer_range(heap->tracer, NULL, count, size);
}

void tracer_add_weak(Tracer *tracer, Cell *cell) {
  if (tracer->verifier) return;
  if (heap_class_of(cell) == HEAP_CLASS_LARGE) tracer->weak_table_bytes += heap_cell_size(cell);
  if (!cell_stack_push(&tracer->weak, cell)) tracer->weak_overflowed = true;
}

void *tracer_owner(const Tracer *tracer) { return tracer->heap->owner; }

// What a heap keeps ------------------------------------------------------------------------------------------

void heap_keep_cell_slowly(Heap *heap, const void *cell) {
  if (cell) tracer_mark(heap->marking, (Cell *)(uintptr_t)cell);
}

void heap_keep_value_slowly(Heap *heap, Value value) {
  if (value_is_cell(value)) heap_keep_cell_slowly(heap, value_as_cell(value));
}

void heap_keep_values_slowly(Heap *heap, const Value *values, size_t count) {
  for (size_t i = 0; i < count; i++) heap_keep_value_slowly(heap, values[i]);
}

static bool heap_must_keep_contents(const Heap *heap, const Cell *cell) {
  if (!heap_is_marked(heap, cell)) return true;
  bool is_kept = heap_class_of(cell) == HEAP_CLASS_LARGE && heap_large_of(cell)->is_kept;
  return (cell->mark & HEAP_PENDING) && !is_kept;
}

void heap_revive_slowly(Heap *heap, Cell *leaf) {
  if (heap->marking) tracer_mark(heap->marking, leaf);
  else leaf->mark = (uint8_t)((leaf->mark & ~HEAP_MARK_BITS) | heap->current_mark);
}

// Tracing ----------------------------------------------------------------------------------------------------

// What tracing a cell costs, in bytes.
enum { TRACING_LEAST = 64 };

static inline size_t tracer_trace(Tracer *tracer, Cell *cell, size_t next) {
  tracer->next = next;
  tracer->is_partial = false;
  tracer->heap->types[cell->kind].trace(tracer, cell);
  if (!tracer->is_partial) cell->mark &= (uint8_t)~HEAP_PENDING;
  return MAX_OF((size_t)TRACING_LEAST, MIN_OF(heap_cell_size(cell), (size_t)TRACED_AT_ONCE));
}

void heap_keep_contents_slowly(Heap *heap, Cell *cell) {
  if (!heap_must_keep_contents(heap, cell)) return;
  Tracer *tracer = heap->marking;
  tracer_mark(tracer, cell);
  tracer->ranges = RANGES_WHOLE;
  heap->types[cell->kind].trace(tracer, cell);
  tracer->ranges = RANGES_TRACED;
  if (heap_class_of(cell) == HEAP_CLASS_LARGE) heap_large_of(cell)->is_kept = true;
  memory_spend(heap->memory, heap_cell_size(cell) / (sizeof(Value) * FUEL_STEPS_PER_UNIT));
}

static void retrace_marked(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  if (tracer->heap->types[cell->kind].trace && heap_is_marked(tracer->heap, cell)) (void)tracer_trace(tracer, cell, 0);
}

// False: `bytes` are used up. Adds what was used to *total.
static bool tracer_drain(Tracer *tracer, size_t bytes, size_t *total) {
  size_t used = 0;
  for (;;) {
    while (tracer->marked.count || tracer->due.count || tracer->due_value || tracer->partial_count) {
      if (used >= bytes) {
        *total += used;
        return false;
      }
      if (UNLIKELY(tracer->due.count > 0 || tracer->due_value)) {
        used += tracer_visit_due(tracer) * TRACING_LEAST;
      } else if (tracer->marked.count) {
        used += tracer_trace(tracer, mark_stack_pop(&tracer->marked), 0);
      } else {
        PartialCell partial = tracer->partial[--tracer->partial_count];
        used += tracer_trace(tracer, partial.cell, partial.next);
      }
    }
    if (!tracer->overflowed) {
      *total += used;
      return true;
    }
    tracer->overflowed = false;
    heap_visit_cells(tracer->heap, retrace_marked, tracer);
  }
}

// Weak cells -------------------------------------------------------------------------------------------------

// Calls back for the weak cell at the present place, or for the next part of it. Returns what that cost, in bytes.
static size_t tracer_visit_weak(Tracer *tracer, bool clears) {
  Heap *heap = tracer->heap;
  Cell *cell = tracer->weak.items[tracer->weak_at];
  const CellType *type = &heap->types[cell->kind];
  tracer->ranges = RANGES_OF_WEAK;
  if (clears) {
    if (type->clear_weak) type->clear_weak(heap, cell);
  } else if (type->trace_ephemerons) {
    type->trace_ephemerons(tracer, cell);
  }
  tracer->ranges = RANGES_TRACED;
  if (tracer->weak_next == 0) tracer->weak_at++;
  return MAX_OF((size_t)TRACING_LEAST, MIN_OF(heap_cell_size(cell), (size_t)TRACED_AT_ONCE));
}

static void trace_marked_ephemerons(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  const CellType *type = &tracer->heap->types[cell->kind];
  tracer->ranges = RANGES_WHOLE;
  if (type->trace_ephemerons && heap_is_marked(tracer->heap, cell)) type->trace_ephemerons(tracer, cell);
  tracer->ranges = RANGES_TRACED;
}

static void clear_weak_cell(Heap *heap, Cell *cell) {
  heap->tracer->ranges = RANGES_WHOLE;
  if (heap->types[cell->kind].clear_weak) heap->types[cell->kind].clear_weak(heap, cell);
  heap->tracer->ranges = RANGES_TRACED;
}

static void clear_marked_weak(void *sink, Cell *cell, size_t size) {
  (void)size;
  if (heap_is_marked(sink, cell)) clear_weak_cell(sink, cell);
}

void heap_note_weak(Heap *heap, Cell *cell) {
  if (heap->marking) tracer_add_weak(heap->marking, cell);
  if (heap->clearing && !cell_stack_push(&heap->tracer->weak, cell)) clear_weak_cell(heap, cell);
}

// Without lists and waiting, when there was no memory for them.
static void tracer_make_passes(Tracer *tracer) {
  tracer->awaits = false;
  do {
    tracer->marked_any = false;
    heap_visit_cells(tracer->heap, trace_marked_ephemerons, tracer);
    size_t used = 0;
    (void)tracer_drain(tracer, SIZE_MAX, &used);
  } while (tracer->marked_any);
}

// Steps ------------------------------------------------------------------------------------------------------

void heap_begin_marking(Heap *heap) {
  Tracer *tracer = heap->marking = heap->tracer;
  *tracer = (Tracer){.heap = heap};
  if (heap->trace_roots) heap->trace_roots(heap->owner, tracer);
}

// A step is not stopped half-way but paid for afterwards: a unit per cell, and its contents by size, since tracing
// looks through them (texts and bytes are not traced, but are few and large).
static void heap_pay_for_marking(Heap *heap, size_t marked_before, size_t live_before) {
  const Tracer *tracer = heap->marking;
  memory_spend(heap->memory,
               tracer->marked_count - marked_before + (tracer->live_bytes - live_before) / MARK_BYTES_PER_UNIT);
}

bool heap_mark_some(Heap *heap, size_t bytes) {
  Tracer *tracer = heap->marking;
  size_t marked_before = tracer->marked_count, live_before = tracer->live_bytes, used = 0;
  bool is_done = false;
  while (!is_done && used <= bytes && tracer_drain(tracer, bytes - used, &used)) {
    is_done = tracer->weak_at >= tracer->weak.count || tracer->weak_overflowed;
    if (is_done) break;
    if (!tracer->has_waited) tracer->has_waited = tracer->awaits = true;
    used += tracer_visit_weak(tracer, false);
  }
  heap_pay_for_marking(heap, marked_before, live_before);
  return is_done;
}

static void tracer_free(Tracer *tracer) {
  mark_stack_free(&tracer->marked);
  free(tracer->partial);
  free(tracer->weak.items);
  free(tracer->due.items);
  waiting_free(&tracer->waiting);
  *tracer = (Tracer){.heap = tracer->heap};
}

void heap_abandon_marking(Heap *heap) {
  if (heap->marking) tracer_free(heap->marking);
  heap->marking = NULL;
}

void heap_end_marking(Heap *heap) {
  Tracer *tracer = heap->marking;
  bool has_looked = tracer->awaits || tracer->weak.count == 0;
  if (!has_looked || tracer->weak_overflowed) tracer_make_passes(tracer);
  heap->live_bytes_after_collection = tracer->live_bytes;
  heap->weak_table_bytes = MIN_OF(tracer->weak_table_bytes, tracer->live_bytes);
#ifdef CAISSON_STRESS
  heap->stress_countdown = heap->stress_interval + (uint32_t)(tracer->visits / STRESS_VISITS_PER_ALLOCATION);
#endif
  if (tracer->weak_overflowed) heap_visit_cells(heap, clear_marked_weak, heap);
  CellStack weak = tracer->weak;
  tracer->weak = (CellStack){0};
  heap_abandon_marking(heap);
  tracer->weak = weak;
  heap->clearing = true;
  if (heap->clear_weak_roots) heap->clear_weak_roots(heap->owner, heap);
}

// What clearing an entry of a table costs, in bytes.
enum { CLEARING_ENTRY = 16 };

bool heap_clear_some(Heap *heap, size_t bytes) {
  Tracer *tracer = heap->tracer;
  for (size_t used = 0; tracer->weak_at < tracer->weak.count;) {
    if (used >= bytes) return false;
    used += tracer_visit_weak(tracer, true);
  }
  if (heap->clear_weak_roots_partly && !heap->clear_weak_roots_partly(heap->owner, heap, bytes / CLEARING_ENTRY + 1))
    return false;
  tracer_free(tracer);
  heap->clearing = false;
  return true;
}
