// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).

#include "heap/heap.h"

#include <stdlib.h>

#include "heap/heap_internal.h"

// Blocks hold cells of one size behind a small header.
enum { SWEPT_CELLS_PER_UNIT = 8 };
enum { COLLECTION_THRESHOLD_LEAST = 1 << 20, COLLECTION_THRESHOLD_TIGHT = 128 << 10, STRESS_VERIFY_INTERVAL = 64 };

static const uint16_t size_of_class[HEAP_SIZE_CLASSES] = {16,  32,  48,  64,  80,  96,   112,  128,
                                                          144, 160, 176, 192, 208, 224,  240,  256,
                                                          320, 384, 448, 512, 768, 1024, 1360, 2048};

static inline size_t large_total_size(size_t size) { return sizeof(HeapLarge) + size; }

size_t heap_cell_size(const Cell *cell) {
  unsigned size_class = cell->mark >> 2;
  return size_class == HEAP_CLASS_LARGE ? heap_large_of(cell)->size : size_of_class[size_class];
}

void heap_initialize(Heap *heap, Memory *memory, const CellType *types, void *owner) {
  *heap = (Heap){
      .memory = memory,
      .types = types,
      .owner = owner,
      .current_mark = 1,
      .collection_threshold = COLLECTION_THRESHOLD_LEAST,
  };
#ifdef CAISSON_STRESS
  heap->stress_interval = heap->stress_countdown = 1;
#endif
}

static void heap_release_block(Heap *heap, HeapBlock *block) {
  size_t size = block->size;
  HEAP_UNPOISON(block, size);
  memory_release(heap->memory, block, size);
}

void heap_release(Heap *heap) {
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    for (HeapBlock *block = heap->blocks[i], *next; block; block = next) {
      next = block->next;
      heap_release_block(heap, block);
    }
    heap->blocks[i] = heap->unswept[i] = NULL;
    heap->free_cells[i] = NULL;
  }
  for (HeapLarge *large = heap->large, *next; large; large = next) {
    next = large->next;
    memory_release(heap->memory, large, large_total_size(large->size));
  }
  heap->large = NULL;
}

// Blocks and sweeping ----------------------------------------------------------------------------------

// Threads the dead and free cells of a block onto the free list. Returns how many cells live on.
static uint32_t block_sweep(Heap *heap, HeapBlock *block, unsigned size_class) {
  uint32_t size = size_of_class[size_class], count = block->cell_count, alive = 0;
  FreeCell *list = heap->free_cells[size_class];
  for (uint32_t i = count; i-- > 0;) {
    FreeCell *cell = (FreeCell *)((char *)block->cells + (size_t)i * size);
    if (cell->cell.kind && (cell->cell.mark & HEAP_MARK_BITS) == heap->current_mark) {
      alive++;
      continue;
    }
    // A cell that was free before is already poisoned.
    if (cell->cell.kind) HEAP_POISON_CELL(cell, size);
    cell->cell.kind = 0;
    cell->next = list;
    list = cell;
  }
  heap->free_cells[size_class] = list;
  return alive;
}

// Sweeps one more block of the class. An empty block is released unless cells are wanted now.
static void heap_sweep_next(Heap *heap, unsigned size_class, bool keep_empty) {
  HeapBlock **place = heap->sweep_place[size_class], *block = *place;
  FreeCell *list_before = heap->free_cells[size_class];
  uint32_t alive = block_sweep(heap, block, size_class);
  memory_spend(heap->memory, block->cell_count / SWEPT_CELLS_PER_UNIT);
  if (alive == 0 && !keep_empty) {
    heap->free_cells[size_class] = list_before;
    *place = block->next;
    heap_release_block(heap, block);
  } else {
    heap->sweep_place[size_class] = &block->next;
    heap->allocated_since_collection += (size_t)(block->cell_count - alive) * size_of_class[size_class];
  }
  heap->unswept[size_class] = *heap->sweep_place[size_class];
}

void heap_finish_sweeping(Heap *heap) {
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    // Bytes found by this sweep are not new allocations, so they do not count towards the next collection.
    size_t allocated = heap->allocated_since_collection;
    while (heap->unswept[i]) heap_sweep_next(heap, i, false);
    heap->allocated_since_collection = allocated;
  }
}

// Small at first, for the many heaps that never fill a block of most classes.
static size_t heap_next_block_size(const Heap *heap, unsigned size_class) {
  const HeapBlock *last = heap->blocks[size_class];
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
  *block = (HeapBlock){.next = heap->blocks[size_class],
                       .cell_size = size,
                       .cell_count = (uint32_t)((total - offsetof(HeapBlock, cells)) / size),
                       .size = (uint32_t)total};
  // When the head is the place of the sweep, that place must stay behind the new block.
  if (heap->sweep_place[size_class] == &heap->blocks[size_class]) heap->sweep_place[size_class] = &block->next;
  heap->blocks[size_class] = block;
  FreeCell *list = NULL;
  for (uint32_t i = block->cell_count; i-- > 0;) {
    FreeCell *cell = (FreeCell *)((char *)block->cells + (size_t)i * size);
    HEAP_POISON_CELL(cell, size);
    cell->cell.kind = 0;
    cell->next = list;
    list = cell;
  }
  heap->free_cells[size_class] = list;
  heap->allocated_since_collection += total;
  return true;
}

// Allocation -------------------------------------------------------------------------------------------

static bool heap_should_collect(Heap *heap) {
  // heap_mark() sets the next countdown.
  if (heap->stress_interval && --heap->stress_countdown == 0) return true;
  return heap->allocated_since_collection >= heap->collection_threshold;
}

// Called when memory was refused. If the same allocation has collected before (`collections` is older), only the sweep
// is finished: a guest that catches each refusal would otherwise get two collections before anybody looks at the clock.
static void heap_collect_unless_just_done(Heap *heap, uint64_t collections) {
  if (heap->collections == collections) {
    heap_collect_fully(heap);
  } else {
    heap_finish_sweeping(heap);
  }
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
  while (!heap->free_cells[size_class] && heap->unswept[size_class]) heap_sweep_next(heap, size_class, true);
  if (heap->free_cells[size_class]) return true;
  if (heap_add_block(heap, size_class)) return true;
  if (heap->forbid_collection) return false;
  heap_collect_unless_just_done(heap, collections);
  return heap->free_cells[size_class] || heap_add_block(heap, size_class);
}

void *heap_allocate_unset(Heap *heap, uint8_t kind, size_t size) {
  ASSERT(!heap->collecting && size > HEAP_LARGEST_SMALL);
  uint64_t collections = heap->collections;
  if (!heap->forbid_collection && heap_should_collect(heap)) heap_collect(heap);
  return heap_allocate_large(heap, kind, size, collections, memory_allocate);
}

void *heap_allocate_slowly(Heap *heap, uint8_t kind, size_t size) {
  ASSERT(!heap->collecting);
  uint64_t collections = heap->collections;
  if (!heap->forbid_collection && heap_should_collect(heap)) heap_collect(heap);
  if (size > HEAP_LARGEST_SMALL) return heap_allocate_large(heap, kind, size, collections, memory_allocate_zeroed);
  unsigned size_class = heap_size_class(size);
  if (!heap->free_cells[size_class] && !heap_refill(heap, size_class, collections)) return NULL;
  FreeCell *cell = heap->free_cells[size_class];
  heap->free_cells[size_class] = cell->next;
  HEAP_UNPOISON(cell, size_of_class[size_class]);
  heap_clear_cell(cell, size, heap_cell_header(kind, (uint8_t)(size_class << 2 | heap->current_mark)));
  return cell;
}

static void heap_release_large(Heap *heap, HeapLarge *large) {
  if (large->previous) {
    large->previous->next = large->next;
  } else {
    heap->large = large->next;
  }
  if (large->next) large->next->previous = large->previous;
  memory_release(heap->memory, large, large_total_size(large->size));
}

void heap_free(Heap *heap, Cell *cell, size_t size) {
  (void)size;
  unsigned size_class = cell->mark >> 2;
  if (size_class == HEAP_CLASS_LARGE) {
    HeapLarge *large = heap_large_of(cell);
    size_t total = large_total_size(large->size);
    heap->allocated_since_collection -= MIN_OF(total, heap->allocated_since_collection);
    heap_release_large(heap, large);
    return;
  }
  HEAP_POISON_CELL(cell, size_of_class[size_class]);
  FreeCell *free_cell = (FreeCell *)cell;
  free_cell->cell.kind = 0;
  // In a block that is still to be swept the cell would get onto the free list twice; the sweep will find it.
  if (heap->unswept[size_class]) return;
  free_cell->next = heap->free_cells[size_class];
  heap->free_cells[size_class] = free_cell;
}

// Collection -------------------------------------------------------------------------------------------

static void heap_sweep_large(Heap *heap) {
  for (HeapLarge *large = heap->large, *next; large; large = next) {
    next = large->next;
    if ((heap_cell_of_large(large)->mark & HEAP_MARK_BITS) != heap->current_mark) heap_release_large(heap, large);
  }
}

// The threshold is the size of the live cells, but at most half of the room that the limit leaves: allocations outside
// the heap cannot make room by collecting.
static size_t heap_choose_threshold(const Heap *heap) {
  size_t live = heap->live_bytes_after_collection, limit = heap->memory->limit;
  size_t threshold = MAX_OF((size_t)COLLECTION_THRESHOLD_LEAST, live);
  size_t room = limit > live ? (limit - live) / 2 : 0;
  return MAX_OF(MIN_OF(threshold, room), (size_t)COLLECTION_THRESHOLD_TIGHT);
}

void heap_collect(Heap *heap) {
  if (heap->forbid_collection || heap->collecting) return;
  heap_finish_sweeping(heap);
  heap->collecting = true;
  heap->current_mark = (uint8_t)(3 - heap->current_mark);
  heap_mark(heap);
  heap->collections++;
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    heap->free_cells[i] = NULL;
    heap->sweep_place[i] = &heap->blocks[i];
    heap->unswept[i] = heap->blocks[i];
  }
  heap_sweep_large(heap);
  heap->collecting = false;
  heap->allocated_since_collection = 0;
  heap->collection_threshold = heap_choose_threshold(heap);
#ifdef CAISSON_STRESS
  heap_finish_sweeping(heap);
  if (heap->collections % STRESS_VERIFY_INTERVAL == 0 && heap_verify(heap, NULL, NULL) > 0) __builtin_trap();
#endif
}

void heap_collect_fully(Heap *heap) {
  heap_collect(heap);
  heap_finish_sweeping(heap);
}

void heap_collect_if_stale(Heap *heap) {
  if (heap->allocated_since_collection > 0) heap_collect(heap);
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
    for (HeapBlock *block = heap->blocks[i]; block; block = block->next) {
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
