// The garbage-collected heap: precise, non-moving mark and sweep over size-class blocks.
//
// Invariants.
// - A cell begins with a `Cell` header. Its kind indexes a const table of CellTypes, which the owner of the heap
//   supplies; the heap itself knows no kind.
// - Collection happens only inside heap_allocate() and heap_collect(). Code that holds a cell across an allocation
//   keeps it in a root (heap/roots.h) or reachable from one. Cells never move, so a copy of a rooted pointer stays
//   valid.
// - Marking completes at once. Sweeping is lazy, block by block, when a size class runs dry. A cell is alive when its
//   mark equals the heap's; marks are never cleared, the heap's value alternates. Sweeping is completed before the next
//   marking begins.
// - Cells have no finalizers. A cell that must learn of deaths is weak (CellType.clear_weak).
// - All stores of values into cells go through cell_store(), the one place for a future write barrier.
// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).
#ifndef CAISSON_HEAP_H
#define CAISSON_HEAP_H

#include "base/fuel.h"
#include "base/memory.h"
#include "heap/value.h"

// Aligned so that Values may follow any cell struct.
struct __attribute__((aligned(8))) Cell {
  uint8_t kind;    // 0 is a free cell
  uint8_t mark;    // the heap's: size class << 2 | mark
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
  // Weak cells: after marking, visits values whose keys turned out alive; true when that marked anything.
  bool (*trace_ephemerons)(Tracer *tracer, Cell *cell);
  // Weak cells: after marking, drops references to dead cells. Must not allocate.
  void (*clear_weak)(Heap *heap, Cell *cell);
} CellType;

enum {
  HEAP_SIZE_CLASSES = 24,
  HEAP_LARGEST_SMALL = 2048,
  HEAP_BLOCK_SIZE = 16 * 1024,
  HEAP_FIRST_BLOCK_SIZE = 2 * 1024
};  // a class begins with a small block and doubles the next ones

typedef struct HeapBlock HeapBlock;
typedef struct HeapLarge HeapLarge;

struct Heap {
  Memory *memory;
  const CellType *types;
  void *owner;  // handed to the callbacks below
  void (*trace_roots)(void *owner, Tracer *tracer);
  void (*clear_weak_roots)(void *owner, Heap *heap);  // interning tables and the like
  uint8_t current_mark;                               // 1 or 2
  bool collecting, forbid_collection;
  FreeCell *free_cells[HEAP_SIZE_CLASSES];
  HeapBlock *blocks[HEAP_SIZE_CLASSES];        // all blocks
  HeapBlock *unswept[HEAP_SIZE_CLASSES];       // where lazy sweeping continues; NULL: done
  HeapBlock **sweep_place[HEAP_SIZE_CLASSES];  // the link that leads to `unswept`
  HeapLarge *large;
  size_t allocated_since_collection, collection_threshold;
  size_t live_bytes_after_collection;
  uint64_t collections;  // never reaches its end, so that it can serve as a proof that no collection happened
  // Stress builds: the least number of allocations between collections (1 from the start), and what is left of it;
  // 0: only when the threshold says so.
  uint32_t stress_interval, stress_countdown;
};

void heap_initialize(Heap *heap, Memory *memory, const CellType *types, void *owner);
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
    FreeCell *cell = heap->free_cells[size_class];
    if (LIKELY(cell != NULL)) {
      heap->free_cells[size_class] = cell->next;
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
// Gives back a cell that is certainly unreachable (an outgrown backing store).
void heap_free(Heap *heap, Cell *cell, size_t size);
void heap_collect(Heap *heap);
// Collects and sweeps everything at once, so that Memory shows what is really in use.
void heap_collect_fully(Heap *heap);
// The same, but nothing is marked when no cell was allocated since the last time.
void heap_collect_if_stale(Heap *heap);
size_t heap_count_live_bytes(Heap *heap);

// For trace callbacks. Accepts NULL and values that are not cells.
void tracer_visit_cell(Tracer *tracer, const void *cell);
void tracer_visit_value(Tracer *tracer, Value value);
void tracer_visit_values(Tracer *tracer, const Value *values, size_t count);
// Registers the cell for trace_ephemerons/clear_weak in this collection.
void tracer_add_weak(Tracer *tracer, Cell *cell);
// For trace_ephemerons: the value is to be visited when the key is marked.
void tracer_await(Tracer *tracer, const void *key, Value value);
void *tracer_owner(const Tracer *tracer);                 // the heap's
bool heap_is_marked(const Heap *heap, const void *cell);  // meaningful while collecting

static inline void cell_store(Cell *owner, Value *place, Value value) {
  (void)owner;
  *place = value;
}

// Walks the heap and checks every reference; returns the number of wrong ones and describes them.
typedef void (*HeapVerifyReport)(void *sink, const Cell *owner, const char *problem);
size_t heap_verify(Heap *heap, HeapVerifyReport report, void *sink);
// Every live cell, for statistics and dumps.
void heap_for_each_cell(Heap *heap, void (*visit)(void *sink, Cell *cell, size_t size), void *sink);

#endif
