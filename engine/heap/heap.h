// The garbage-collected heap: precise, non-moving, incremental mark and sweep over size-class blocks.
//
// Invariants.
// - A cell begins with a `Cell` header. Its kind indexes a const table of CellTypes, which the owner of the heap
//   supplies; the heap itself knows no kind.
// - The collector works only inside heap_allocate() and heap_collect(). Code that holds a cell across an allocation
//   keeps it in a root (heap/roots.h) or reachable from one. Cells never move, so a copy of a rooted pointer stays
//   valid.
// - A cell is alive when its mark equals the heap's; marks are never cleared, the heap's value goes round. Sweeping is
//   completed before the next marking begins.
// - Cells have no finalizers. A cell that must learn of deaths is weak (CellType.clear_weak).
//
// A collection marks what was reachable when it began (the roots are visited at once, then cells a step at a time, in
// proportion to what is allocated) and what is allocated meanwhile. So that guest code may change the graph between two
// steps, it tells the collector, by heap_keep_value and heap_keep_cell,
// - what it takes out of a cell: the old value of a field that is overwritten (the barrier, in cell_store), the cell
//   that a field no longer refers to, values that are moved over or dropped;
// - what it gets from a weak reference: an interned string, the target of a WeakRef, a transition between shapes.
// Stores that only fill what was empty need neither, nor do changes of roots. When all is marked, weak references to
// cells that are not are cleared, in steps as well: who looks one up meanwhile asks heap_is_dying. Sweeping is lazy,
// block by block.
// Loops here are bounded: a collection is paid for by what it marked and swept (mark.c, heap_sweep_block).
#ifndef CAISSON_HEAP_H
#define CAISSON_HEAP_H

#include "base/fuel.h"
#include "base/memory.h"
#include "heap/value.h"

// Aligned so that Values may follow any cell struct.
struct __attribute__((aligned(8))) Cell {
  uint8_t kind;    // 0 is a free cell
  uint8_t mark;    // the heap's: HEAP_PENDING, size class << 2, mark
  uint8_t flags;   // belongs to the kind
  uint8_t small;   // belongs to the kind
  uint32_t extra;  // belongs to the kind (lengths, counts), which has accessors for it
};

typedef struct Heap Heap;
typedef struct FreeCell FreeCell;
typedef struct Tracer Tracer;

typedef struct CellType {
  const char *name;
  uint16_t value_tag;  // the upper 16 bits of Values that refer to such cells; the verifier checks them
  // Visits every cell the given one keeps alive. NULL: holds none.
  void (*trace)(Tracer *tracer, Cell *cell);
  // Weak cells: after marking, visits the values whose keys are alive, and awaits the keys of others (tracer_await).
  void (*trace_ephemerons)(Tracer *tracer, Cell *cell);
  // Weak cells: after marking, drops references to dead cells. Must not allocate.
  void (*clear_weak)(Heap *heap, Cell *cell);
  // Both may use tracer_range or heap_clear_range.
} CellType;

enum {
  HEAP_SIZE_CLASSES = 24,
  HEAP_LARGEST_SMALL = 2048,
  HEAP_BLOCK_SIZE = 16 * 1024,
  HEAP_FIRST_BLOCK_SIZE = 2 * 1024
};  // a class begins with a small block and doubles the next ones

typedef struct HeapBlock HeapBlock;
typedef struct HeapLarge HeapLarge;

// Blocks of one size class. The places are links in the list `first`: the blocks before `sweep_place` are swept, and
// the free cells of those before `take_place` were handed out.
typedef struct HeapClass {
  FreeCell *free_cells;
  HeapBlock *first;
  HeapBlock **sweep_place, **take_place;
} HeapClass;

struct Heap {
  Memory *memory;
  Tracer *marking;  // the tracer while a collection is marking, a step at a time; else NULL
  Tracer *tracer;
  const CellType *types;
  void *owner;  // handed to the callbacks below
  void (*trace_roots)(void *owner, Tracer *tracer);
  // Tables outside the heap that hold cells weakly: at the end of marking; and, for large ones, a part at each step, of
  // about so many entries. True: nothing is left.
  void (*clear_weak_roots)(void *owner, Heap *heap);
  bool (*clear_weak_roots_partly)(void *owner, Heap *heap, size_t entries);
  uint8_t current_mark;                          // 1 to 3
  bool collecting, clearing, forbid_collection;  // clearing: weak references, after marking
  HeapClass classes[HEAP_SIZE_CLASSES];
  unsigned sweep_class;  // where sweeping ahead goes on
  HeapLarge *large, *unswept_large;
  size_t allocated_since_collection, collection_threshold;
  size_t live_bytes_after_collection;
  size_t weak_table_bytes;          // those of large weak cells among them
  size_t allocated_before_marking;  // allocated_since_collection when marking began
  size_t seen_by_steps;             // the part of allocated_since_collection that steps have been made for
  size_t debt;                      // bytes that steps have yet to mark
  uint64_t collections;             // never reaches its end, so that it can serve as a proof that nothing was freed
  // Stress builds: the least number of allocations between collections (1 from the start), and what is left of it;
  // 0: only when the threshold says so. Above 0, `stress_step` is how many bytes a step marks; 0: all at once.
  uint32_t stress_interval, stress_countdown, stress_step;
};

// False: there is no memory.
MUST_CHECK bool heap_initialize(Heap *heap, Memory *memory, const CellType *types, void *owner);
void heap_release(Heap *heap);  // frees every block; cannot fail

struct FreeCell {
  Cell cell;
  FreeCell *next;
};

// Sizes up to 256 in steps of 16, then 320, 384, 448, 512, 768, 1024, 1360, 2048.
static inline unsigned heap_size_class(size_t size) {
  if (LIKELY(size <= 256)) return (unsigned)((size + 15) >> 4) - (size > 0);
  if (size <= 512) return (unsigned)((size - 257) >> 6) + 16;
  return size <= 768 ? 20 : size <= 1024 ? 21 : size <= 1360 ? 22 : 23;
}
// A cell of `size` bytes rounded up to 16, zero except for its header.
static inline void heap_clear_cell(void *cell, size_t size, uint64_t header) {
  uint64_t *words = cell;
  words[0] = header;
  words[1] = 0;
  for (size_t i = 2; i < (size + 15) / 16 * 2; i += 2) {
    words[i] = words[i + 1] = 0;
    // OPTIMIZATION: keeps the compiler from calling memset, which costs more than this loop for most cells.
    __asm__ volatile("" : : : "memory");
  }
}
static inline uint64_t heap_cell_header(uint8_t kind, uint8_t mark) {
  Cell header = {.kind = kind, .mark = mark};
  uint64_t word;
  memcpy(&word, &header, sizeof word);
  return word;
}
void *heap_allocate_slowly(Heap *heap, uint8_t kind, size_t size);

// A zeroed cell of `size` bytes (header filled in), or NULL when no free cell is available. Never collects.
static inline MUST_CHECK void *heap_allocate_quickly(Heap *heap, uint8_t kind, size_t size) {
#ifndef CAISSON_STRESS
  if (LIKELY(size <= HEAP_LARGEST_SMALL)) {
    unsigned size_class = heap_size_class(size);
    FreeCell *cell = heap->classes[size_class].free_cells;
    if (LIKELY(cell != NULL)) {
      heap->classes[size_class].free_cells = cell->next;
      heap_clear_cell(cell, size, heap_cell_header(kind, (uint8_t)(size_class << 2 | heap->current_mark)));
      return cell;
    }
  }
#else
  (void)heap, (void)kind, (void)size;
#endif
  return NULL;
}
// The same, but may collect; NULL when memory is exhausted even after a collection.
static inline MUST_CHECK void *heap_allocate(Heap *heap, uint8_t kind, size_t size) {
  void *cell = heap_allocate_quickly(heap, kind, size);
  return LIKELY(cell != NULL) ? cell : heap_allocate_slowly(heap, kind, size);
}
// A large cell (above HEAP_LARGEST_SMALL) that still holds old bytes, perhaps of another runtime: nothing may read it
// before the caller has written all of it.
MUST_CHECK void *heap_allocate_unset(Heap *heap, uint8_t kind, size_t size);
// Gives back a cell that is certainly unreachable (an outgrown backing store whose contents were copied).
void heap_free(Heap *heap, Cell *cell);
// A whole collection: nothing that was unreachable before it survives.
void heap_collect(Heap *heap);
// Collects and sweeps everything at once, so that Memory shows what is really in use.
void heap_collect_fully(Heap *heap);
// The same, but nothing is marked when no cell was allocated since the last time.
void heap_collect_if_stale(Heap *heap);
size_t heap_count_live_bytes(Heap *heap);
// Before collection is forbidden for a while: does the collector's part of an allocation. A guest that allocates mainly
// while it is forbidden (by compiling) would leave the steps behind; then all is collected at once.
void heap_catch_up(Heap *heap);

// For trace callbacks. Accepts NULL and values that are not cells.
void tracer_visit_cell(Tracer *tracer, const void *cell);
void tracer_visit_value(Tracer *tracer, Value value);
void tracer_visit_values(Tracer *tracer, const Value *values, size_t count);
// For cells that may be large: which of `count` items of `size` bytes are visited now; the trace callback is called
// again for the others.
typedef struct TracerRange {
  size_t first, end;
} TracerRange;
TracerRange tracer_range(Tracer *tracer, Cell *cell, size_t count, size_t size);
// Registers the cell for trace_ephemerons/clear_weak in this collection.
void tracer_add_weak(Tracer *tracer, Cell *cell);
// For trace_ephemerons: the value is to be visited when the key is marked.
void tracer_await(Tracer *tracer, const void *key, Value value);
void *tracer_owner(const Tracer *tracer);  // the heap's
enum { HEAP_MARK_BITS = 3 };
static inline bool heap_is_marked(const Heap *heap, const void *cell) {  // for clear callbacks
  return (((const Cell *)cell)->mark & HEAP_MARK_BITS) == heap->current_mark;
}
// For clear callbacks of cells that may be large: like tracer_range.
TracerRange heap_clear_range(Heap *heap, size_t count, size_t size);
// The cell came from a weak reference that is still to be cleared: it counts as gone.
static inline bool heap_is_dying(const Heap *heap, const void *cell) {
  return UNLIKELY(heap->clearing) && !heap_is_marked(heap, cell);
}
// Saves such a cell, which must refer to no others.
void heap_revive_slowly(Heap *heap, Cell *leaf);
static inline void heap_revive(Heap *heap, Cell *leaf) {
  if (UNLIKELY(heap->clearing || heap->marking)) heap_revive_slowly(heap, leaf);
}

// The marking that is under way keeps these alive: see above. Values that are not cells, and NULL, are allowed.
void heap_keep_value_slowly(Heap *heap, Value value);
void heap_keep_values_slowly(Heap *heap, const Value *values, size_t count);
void heap_keep_cell_slowly(Heap *heap, const void *cell);
static inline void heap_keep_value(Heap *heap, Value value) {
  if (UNLIKELY(heap->marking != NULL)) heap_keep_value_slowly(heap, value);
}
static inline void heap_keep_values(Heap *heap, const Value *values, size_t count) {
  if (UNLIKELY(heap->marking != NULL)) heap_keep_values_slowly(heap, values, count);
}
static inline void heap_keep_cell(Heap *heap, const void *cell) {
  if (UNLIKELY(heap->marking != NULL)) heap_keep_cell_slowly(heap, cell);
}
// All that the cell refers to: before much of it is changed, with no allocation in between. Done once in a collection.
void heap_keep_contents_slowly(Heap *heap, Cell *cell);
static inline void heap_keep_contents(Heap *heap, Cell *cell) {
  if (UNLIKELY(heap->marking != NULL)) heap_keep_contents_slowly(heap, cell);
}
// Whether there is nothing to keep of a value: for code that makes no calls.
static inline bool heap_may_lose(const Heap *heap, Value value) {
  return LIKELY(heap->marking == NULL) || !value_is_cell(value) || heap_is_marked(heap, value_as_cell(value));
}
// A new weak cell refers to what another one referred to before.
void heap_note_weak(Heap *heap, Cell *cell);

// Walks the heap and checks every reference; returns the number of wrong ones and describes them.
// `target`: of the reference, NULL when it leads to no cell.
typedef void (*HeapVerifyReport)(void *sink, const Cell *owner, const Cell *target, const char *problem);
size_t heap_verify(Heap *heap, HeapVerifyReport report, void *sink);
// Every live cell, for statistics and dumps.
void heap_for_each_cell(Heap *heap, void (*visit)(void *sink, Cell *cell, size_t size), void *sink);

#endif
