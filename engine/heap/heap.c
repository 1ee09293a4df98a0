// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).

#include "heap/heap.h"

#include <stdlib.h>

#include "heap/heap_internal.h"

// Blocks hold cells of one size behind a small header.
enum { SWEPT_CELLS_PER_UNIT = 8 };
enum {
  COLLECTION_THRESHOLD_LEAST = 1 << 20,
  COLLECTION_THRESHOLD_TIGHT = 128 << 10,
  // So much is marked at once: steps would only cost time. A step marks at most STEP_MOST, or a part of the allocation
  // that it is for, which takes longer itself.
  MARKED_AT_ONCE = 2 << 20,
  STEP_MOST = 1 << 20,
  STEP_PART_OF_ALLOCATION = 8,
  DEBT_MOST = 8 * STEP_MOST,
  STRESS_VERIFY_INTERVAL = 64,
};
// Bytes that are marked for one that is allocated.
enum { MARKING_RATE_LEAST = 4, MARKING_RATE_MOST = 64 };
// Blocks that are swept when a class needs cells before it gets a new block; those that are swept ahead then, so that
// the sweep is usually done when the next marking is due; and those when it is not.
enum { BLOCKS_SEARCHED = 16, BLOCKS_SWEPT_AHEAD = 4, BLOCKS_SWEPT_LATE = 32, LARGE_SWEPT_AHEAD = 16 };

static const uint16_t size_of_class[HEAP_SIZE_CLASSES] = {16,  32,  48,  64,  80,  96,   112,  128,
                                                          144, 160, 176, 192, 208, 224,  240,  256,
                                                          320, 384, 448, 512, 768, 1024, 1360, 2048};

static inline size_t large_total_size(size_t size) { return sizeof(HeapLarge) + size; }

size_t heap_cell_size(const Cell *cell) {
  unsigned size_class = heap_class_of(cell);
  return size_class == HEAP_CLASS_LARGE ? heap_large_of(cell)->size : size_of_class[size_class];
}

bool heap_initialize(Heap *heap, Memory *memory, const CellType *types, void *owner) {
  *heap = (Heap){
      .memory = memory,
      .types = types,
      .owner = owner,
      .current_mark = 1,
      .collection_threshold = COLLECTION_THRESHOLD_LEAST,
  };
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++)
    heap->classes[i].sweep_place = heap->classes[i].take_place = &heap->classes[i].first;
  heap->tracer = memory_allocate(memory, sizeof(Tracer));
#ifdef CAISSON_STRESS
  heap->stress_interval = heap->stress_countdown = 1;
  const char *step = getenv("CAISSON_STRESS_STEP");
  if (step) heap->stress_step = (uint32_t)atoi(step);
#endif
  return heap->tracer != NULL;
}

static void heap_release_block(Heap *heap, HeapBlock *block) {
  size_t size = block->size;
  HEAP_UNPOISON(block, size);
  memory_release(heap->memory, block, size);
}

void heap_release(Heap *heap) {
  heap_abandon_marking(heap);
  if (heap->clearing) free(heap->tracer->weak.items);
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    for (HeapBlock *block = heap->classes[i].first, *next; block; block = next) {
      next = block->next;
      heap_release_block(heap, block);
    }
    heap->classes[i] = (HeapClass){0};
  }
  for (HeapLarge *large = heap->large, *next; large; large = next) {
    next = large->next;
    memory_release(heap->memory, large, large_total_size(large->size));
  }
  heap->large = heap->unswept_large = NULL;
  memory_release(heap->memory, heap->tracer, sizeof(Tracer));
  heap->tracer = NULL;
}

// Blocks and sweeping ----------------------------------------------------------------------------------

// Makes a list of the dead and free cells of a block.
static void block_sweep(Heap *heap, HeapBlock *block) {
  uint32_t size = block->cell_size, count = 0;
  FreeCell *list = NULL;
  for (uint32_t i = block->cell_count; i-- > 0;) {
    FreeCell *cell = (FreeCell *)((char *)block->cells + (size_t)i * size);
    if (cell->cell.kind && heap_is_marked(heap, &cell->cell)) continue;
    // A cell that was free before is already poisoned.
    if (cell->cell.kind) HEAP_POISON_CELL(cell, size);
    cell->cell.kind = 0;
    cell->next = list;
    list = cell;
    count++;
  }
  block->free_cells = list;
  block->free_count = count;
}

static inline bool class_is_swept(const HeapClass *class_) { return !*class_->sweep_place; }

// Sweeps one more block of the class. An empty one is released unless cells are wanted now.
static void heap_sweep_block(Heap *heap, HeapClass *class_, bool keep_empty) {
  HeapBlock *block = *class_->sweep_place;
  block_sweep(heap, block);
  memory_spend(heap->memory, block->cell_count / SWEPT_CELLS_PER_UNIT);
  if (block->free_count == block->cell_count && !keep_empty) {
    *class_->sweep_place = block->next;
    heap_release_block(heap, block);
  } else {
    class_->sweep_place = &block->next;
  }
}

static void heap_release_large(Heap *heap, HeapLarge *large) {
  if (large->previous) {
    large->previous->next = large->next;
  } else {
    heap->large = large->next;
  }
  if (large->next) large->next->previous = large->previous;
  if (heap->unswept_large == large) heap->unswept_large = large->next;
  memory_release(heap->memory, large, large_total_size(large->size));
}

static void heap_sweep_next_large(Heap *heap) {
  HeapLarge *large = heap->unswept_large;
  heap->unswept_large = large->next;
  if (!heap_is_marked(heap, heap_cell_of_large(large))) heap_release_large(heap, large);
}

void heap_finish_sweeping(Heap *heap) {
  while (heap->unswept_large) heap_sweep_next_large(heap);
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    while (!class_is_swept(&heap->classes[i])) heap_sweep_block(heap, &heap->classes[i], false);
  }
}

// A little at each new block. False: there is more.
static bool heap_sweep_ahead(Heap *heap, unsigned blocks) {
  for (unsigned large = LARGE_SWEPT_AHEAD; large > 0 && heap->unswept_large; large--) heap_sweep_next_large(heap);
  for (unsigned searched = 0; searched < HEAP_SIZE_CLASSES;) {
    HeapClass *class_ = &heap->classes[heap->sweep_class];
    if (class_is_swept(class_)) {
      heap->sweep_class = (heap->sweep_class + 1) % HEAP_SIZE_CLASSES;
      searched++;
    } else if (blocks-- > 0) {
      heap_sweep_block(heap, class_, false);
    } else {
      return false;
    }
  }
  return heap->unswept_large == NULL;
}

// Small at first, for the many heaps that never fill a block of most classes.
static size_t heap_next_block_size(const Heap *heap, unsigned size_class) {
  const HeapBlock *last = heap->classes[size_class].first;
  size_t size = last ? MIN_OF((size_t)last->size * 2, (size_t)HEAP_BLOCK_SIZE) : HEAP_FIRST_BLOCK_SIZE;
  while (size < sizeof(HeapBlock) + 3 * size_of_class[size_class]) size *= 2;
  return size;
}

// To be called with an empty free list.
static bool heap_add_block(Heap *heap, unsigned size_class) {
  size_t total = heap_next_block_size(heap, size_class);
  HeapBlock *block = memory_allocate(heap->memory, total);
  if (!block) return false;
  memory_spend(heap->memory, total / size_of_class[size_class] / SWEPT_CELLS_PER_UNIT);
  uint32_t size = size_of_class[size_class];
  HeapClass *class_ = &heap->classes[size_class];
  *block = (HeapBlock){.next = class_->first,
                       .cell_size = size,
                       .cell_count = (uint32_t)((total - offsetof(HeapBlock, cells)) / size),
                       .size = (uint32_t)total};
  // Its cells are handed out at once.
  if (class_->sweep_place == &class_->first) class_->sweep_place = &block->next;
  if (class_->take_place == &class_->first) class_->take_place = &block->next;
  class_->first = block;
  FreeCell *list = NULL;
  for (uint32_t i = block->cell_count; i-- > 0;) {
    FreeCell *cell = (FreeCell *)((char *)block->cells + (size_t)i * size);
    HEAP_POISON_CELL(cell, size);
    cell->cell.kind = 0;
    cell->next = list;
    list = cell;
  }
  class_->free_cells = list;
  heap->allocated_since_collection += total;
  return true;
}

// Hands out the free cells of the next block that was swept. False: no swept block has any.
static bool heap_take_swept(Heap *heap, HeapClass *class_) {
  while (class_->take_place != class_->sweep_place) {
    HeapBlock *block = *class_->take_place;
    class_->take_place = &block->next;
    if (!block->free_cells) continue;
    class_->free_cells = block->free_cells;
    block->free_cells = NULL;
    heap->allocated_since_collection += (size_t)block->free_count * block->cell_size;
    return true;
  }
  return false;
}

// Collecting -------------------------------------------------------------------------------------------

// The threshold follows the size of the live cells, but takes at most a part of the room that the limit leaves:
// marking needs another, and allocations outside the heap cannot make room by collecting. Weak tables do not count:
// they hold what dies between two collections, so they would make them rarer and grow with them, round after round.
static size_t heap_room_part(const Heap *heap) {
  size_t live = heap->live_bytes_after_collection, limit = heap->memory->limit;
  return limit > live ? (limit - live) / 3 : 0;
}
static size_t heap_choose_threshold(const Heap *heap) {
  size_t live = heap->live_bytes_after_collection - heap->weak_table_bytes;
  size_t threshold = MAX_OF((size_t)COLLECTION_THRESHOLD_LEAST, live / 4 * 3);
  return MAX_OF(MIN_OF(threshold, heap_room_part(heap)), (size_t)COLLECTION_THRESHOLD_TIGHT);
}
static size_t heap_bytes_to_mark(const Heap *heap) {
  return heap->live_bytes_after_collection + heap->allocated_since_collection;
}

static void heap_begin_collection(Heap *heap) {
  heap_finish_sweeping(heap);
  heap->current_mark = (uint8_t)(heap->current_mark % 3 + 1);
  heap->allocated_before_marking = heap->seen_by_steps = heap->allocated_since_collection;
  heap->debt = 0;
  heap_begin_marking(heap);
}

// All is marked: weak references are to be cleared.
static void heap_begin_clearing(Heap *heap) {
  heap->collecting = true;
  heap_end_marking(heap);
  heap->collecting = false;
#ifdef CAISSON_STRESS
  if (heap->stress_step || heap->collections % STRESS_VERIFY_INTERVAL == 0) heap_verify_or_trap(heap);
#endif
}

static void heap_begin_sweeping(Heap *heap) {
  if (heap->allocated_since_collection > heap->allocated_before_marking)
    heap->live_bytes_after_collection += heap->allocated_since_collection - heap->allocated_before_marking;
  heap->collections++;
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    HeapClass *class_ = &heap->classes[i];
    class_->free_cells = NULL;
    class_->sweep_place = class_->take_place = &class_->first;
  }
  heap->unswept_large = heap->large;
  heap->sweep_class = 0;
  heap->allocated_since_collection = 0;
  heap->collection_threshold = heap_choose_threshold(heap);
#ifdef CAISSON_STRESS
  heap_finish_sweeping(heap);
#endif
}

static void heap_finish_clearing(Heap *heap) {
  if (!heap->clearing) return;
  while (!heap_clear_some(heap, SIZE_MAX)) continue;
  heap_begin_sweeping(heap);
}

void heap_collect(Heap *heap) {
  if (heap->forbid_collection || heap->collecting) return;
  heap_abandon_marking(heap);
  heap_finish_clearing(heap);
  heap_begin_collection(heap);
  while (!heap_mark_some(heap, SIZE_MAX)) continue;
  heap_begin_clearing(heap);
  heap_finish_clearing(heap);
}

static void heap_collect_some(Heap *heap, size_t bytes) {
  if (heap->marking) {
    if (heap_mark_some(heap, bytes)) heap_begin_clearing(heap);
  } else if (heap_clear_some(heap, bytes)) {
    heap_begin_sweeping(heap);
  }
}

// Marks in proportion to what was allocated since the last step: everything is to be marked before the room for
// that is used up.
static void heap_make_step(Heap *heap, size_t size) {
  size_t rate = MARKING_RATE_LEAST, room = heap_room_part(heap);
  while (rate < MARKING_RATE_MOST && room < heap_bytes_to_mark(heap) / rate) rate *= 2;
  size_t allocated = heap->allocated_since_collection;
  // Cells that were given back make the sum less.
  size_t added = allocated > heap->seen_by_steps ? allocated - heap->seen_by_steps : 0;
  heap->seen_by_steps = allocated;
  heap->debt = MIN_OF(heap->debt + MIN_OF(added, (size_t)DEBT_MOST) * rate, (size_t)DEBT_MOST);
  size_t due = MIN_OF(heap->debt, MAX_OF((size_t)STEP_MOST, size / STEP_PART_OF_ALLOCATION));
  heap->debt -= due;
  heap_collect_some(heap, due);
}

#ifdef CAISSON_STRESS
static void heap_work_under_stress(Heap *heap) {
  if (heap->marking || heap->clearing) {
    heap_collect_some(heap, heap->stress_step);
  } else if (--heap->stress_countdown == 0) {
    if (!heap->stress_step) heap_collect(heap);
    else heap_begin_collection(heap);
  }
}
#endif

// The collector's part of an allocation of `size` bytes.
static void heap_work(Heap *heap, size_t size) {
  if (heap->forbid_collection) return;
#ifdef CAISSON_STRESS
  if (heap->stress_interval) {
    heap_work_under_stress(heap);
    return;
  }
#endif
  if (heap->marking || heap->clearing) {
    heap_make_step(heap, size);
  } else if (heap->allocated_since_collection < heap->collection_threshold) {
    (void)heap_sweep_ahead(heap, BLOCKS_SWEPT_AHEAD);
  } else if (heap_bytes_to_mark(heap) <= MARKED_AT_ONCE) {
    heap_collect(heap);
  } else if (heap_sweep_ahead(heap, BLOCKS_SWEPT_LATE)) {
    heap_begin_collection(heap);
  }
}

// Allocation -------------------------------------------------------------------------------------------

// Called when memory was refused. If the same allocation has collected before (`collections` is older), only the sweep
// is finished: a guest that catches each refusal would otherwise get two collections before anybody looks at the clock.
static void heap_collect_unless_just_done(Heap *heap, uint64_t collections) {
  if (heap->collections == collections || heap->marking || heap->clearing) {
    heap_collect_fully(heap);
  } else {
    heap_finish_sweeping(heap);
  }
}

void heap_catch_up(Heap *heap) {
  if (heap->allocated_since_collection / 2 > heap->collection_threshold) heap_collect(heap);
  else heap_work(heap, 0);
}

typedef void *AllocateMemory(Memory *memory, size_t size);

static void *heap_allocate_large(Heap *heap, uint8_t kind, size_t size, uint64_t collections,
                                 AllocateMemory *allocate) {
  if (size > SIZE_MAX - sizeof(HeapLarge)) return NULL;
  HeapLarge *large = allocate(heap->memory, large_total_size(size));
  if (!large && !heap->forbid_collection) {
    heap_collect_unless_just_done(heap, collections);
    large = allocate(heap->memory, large_total_size(size));
  }
  if (!large) return NULL;
  *large = (HeapLarge){0};
  large->size = size;
  large->next = heap->large;
  if (heap->large) heap->large->previous = large;
  heap->large = large;
  heap->allocated_since_collection += large_total_size(size);
  Cell *cell = heap_cell_of_large(large);
  *cell = (Cell){.kind = kind, .mark = (uint8_t)(HEAP_CLASS_LARGE << 2 | heap->current_mark)};
  return cell;
}

static bool heap_refill(Heap *heap, unsigned size_class, uint64_t collections) {
  HeapClass *class_ = &heap->classes[size_class];
  for (unsigned searched = 0; searched < BLOCKS_SEARCHED; searched++) {
    if (heap_take_swept(heap, class_)) return true;
    if (class_is_swept(class_)) break;
    heap_sweep_block(heap, class_, true);
  }
  if (heap_add_block(heap, size_class)) return true;
  if (!heap->forbid_collection) heap_collect_unless_just_done(heap, collections);
  while (!heap_take_swept(heap, class_)) {
    if (class_is_swept(class_)) return heap_add_block(heap, size_class);
    heap_sweep_block(heap, class_, true);
  }
  return true;
}

void *heap_allocate_unset(Heap *heap, uint8_t kind, size_t size) {
  ASSERT(!heap->collecting && size > HEAP_LARGEST_SMALL);
  uint64_t collections = heap->collections;
  heap_work(heap, size);
  return heap_allocate_large(heap, kind, size, collections, memory_allocate);
}

void *heap_allocate_slowly(Heap *heap, uint8_t kind, size_t size) {
  ASSERT(!heap->collecting);
  uint64_t collections = heap->collections;
  heap_work(heap, size);
  if (size > HEAP_LARGEST_SMALL) return heap_allocate_large(heap, kind, size, collections, memory_allocate_zeroed);
  unsigned size_class = heap_size_class(size);
  HeapClass *class_ = &heap->classes[size_class];
  if (!class_->free_cells && !heap_refill(heap, size_class, collections)) return NULL;
  FreeCell *cell = class_->free_cells;
  class_->free_cells = cell->next;
  HEAP_UNPOISON(cell, size_of_class[size_class]);
  heap_clear_cell(cell, size, heap_cell_header(kind, (uint8_t)(size_class << 2 | heap->current_mark)));
  return cell;
}

// A cell stays when its contents are still to be visited, or when it may be on the list of weak cells.
static bool heap_must_keep(Heap *heap, Cell *cell) {
  if (!heap->marking && !heap->clearing) return false;
  const CellType *type = &heap->types[cell->kind];
  if (type->trace_ephemerons || type->clear_weak) return true;
  if (!type->trace || (heap_is_marked(heap, cell) && !(cell->mark & HEAP_PENDING))) return false;
  heap_keep_cell_slowly(heap, cell);
  return true;
}

void heap_free(Heap *heap, Cell *cell) {
  if (heap_must_keep(heap, cell)) return;
  unsigned size_class = heap_class_of(cell);
  if (size_class == HEAP_CLASS_LARGE) {
    HeapLarge *large = heap_large_of(cell);
    size_t total = large_total_size(large->size);
    heap->allocated_since_collection -= MIN_OF(total, heap->allocated_since_collection);
    heap_release_large(heap, large);
    return;
  }
  HeapClass *class_ = &heap->classes[size_class];
  HEAP_POISON_CELL(cell, size_of_class[size_class]);
  FreeCell *free_cell = (FreeCell *)cell;
  free_cell->cell.kind = 0;
  // In a block that is still to be swept the cell would get onto two lists; the sweep will find it.
  if (!class_is_swept(class_)) return;
  free_cell->next = class_->free_cells;
  class_->free_cells = free_cell;
}

void heap_collect_fully(Heap *heap) {
  heap_collect(heap);
  heap_finish_sweeping(heap);
}

void heap_collect_if_stale(Heap *heap) {
  if (heap->allocated_since_collection > 0 || heap->marking || heap->clearing) heap_collect(heap);
  heap_finish_sweeping(heap);
}

size_t heap_count_live_bytes(Heap *heap) {
  heap_collect(heap);
  return heap->live_bytes_after_collection;
}

void heap_for_each_cell(Heap *heap, void (*visit)(void *sink, Cell *cell, size_t size), void *sink) {
  heap_finish_sweeping(heap);
  heap_visit_cells(heap, visit, sink);
}

void heap_visit_cells(Heap *heap, void (*visit)(void *sink, Cell *cell, size_t size), void *sink) {
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    for (HeapBlock *block = heap->classes[i].first; block; block = block->next) {
      for (uint32_t n = 0; n < block->cell_count; n++) {
        Cell *cell = (Cell *)((char *)block->cells + (size_t)n * block->cell_size);
        if (cell->kind) visit(sink, cell, block->cell_size);
      }
    }
  }
  for (HeapLarge *large = heap->large; large; large = large->next) {
    visit(sink, heap_cell_of_large(large), large->size);
  }
}
