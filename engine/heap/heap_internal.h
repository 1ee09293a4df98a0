// Shared by heap.c, mark.c, verify.c and their test only.
#ifndef CAISSON_HEAP_INTERNAL_H
#define CAISSON_HEAP_INTERNAL_H

#include "heap/heap.h"

// A stress build collects at every allocation while marking is cheap (a realm and a small program). With a deep stack
// or a large heap it allows one more allocation between collections for each so many visits; otherwise it would take
// quadratic time.
enum { HEAP_CLASS_LARGE = 31, STRESS_VISITS_PER_ALLOCATION = 1 << 14 };
// In a marked cell: tracing has not been through all of it yet. Elsewhere the bit has no meaning.
enum { HEAP_PENDING = 128 };

struct HeapBlock {
  HeapBlock *next;
  uint32_t cell_size, cell_count;
  uint32_t size;  // of the block, in bytes
  uint32_t free_count;
  FreeCell *free_cells;  // found by the sweep, not handed out yet
  uint64_t cells[];
};

struct __attribute__((aligned(8))) HeapLarge {
  HeapLarge *next, *previous;
  size_t size;   // of the cell
  bool is_kept;  // of a marked cell: its contents are marked, too, though it is still to be traced
};

static inline unsigned heap_class_of(const Cell *cell) { return (cell->mark & ~HEAP_PENDING) >> 2; }
static inline Cell *heap_cell_of_large(HeapLarge *large) { return (Cell *)(large + 1); }
static inline HeapLarge *heap_large_of(const Cell *cell) { return (HeapLarge *)(uintptr_t)cell - 1; }

// Marks the bytes of a freed cell after its list link with a pattern (stress) and makes them unreadable
// (AddressSanitizer).
#if defined(__SANITIZE_ADDRESS__)
#define HEAP_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAP_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef HEAP_ADDRESS_SANITIZER
void __asan_poison_memory_region(void const volatile *address, size_t size);
void __asan_unpoison_memory_region(void const volatile *address, size_t size);
#define HEAP_UNPOISON(address, size) __asan_unpoison_memory_region((address), (size))
#else
#define HEAP_UNPOISON(address, size) ((void)0)
#endif
#ifdef CAISSON_STRESS
static inline void heap_poison_cell(void *cell, size_t size) {
  HEAP_UNPOISON(cell, size);
  uint8_t mark = ((Cell *)cell)->mark;
  memset((char *)cell + sizeof(uint32_t), 0xDB, size - sizeof(uint32_t));
  ((Cell *)cell)->mark = mark;
#ifdef HEAP_ADDRESS_SANITIZER
  __asan_poison_memory_region((char *)cell + sizeof(FreeCell), size - sizeof(FreeCell));
#endif
}
#define HEAP_POISON_CELL(cell, size) heap_poison_cell((cell), (size))
#else
#define HEAP_POISON_CELL(cell, size) ((void)0)
#endif

// Values of ephemerons, by the key whose marking they wait for (mark.c).
typedef struct WaitingValue {
  Cell *key;
  Value value;
  struct WaitingValue *next;  // with another key, in the same bucket
  struct WaitingValue *more;  // with the same key; those are in no bucket
} WaitingValue;
enum { WAITING_SEGMENT = 2048 };
typedef struct WaitingPool {
  struct WaitingPool *below;
  WaitingValue values[WAITING_SEGMENT];
} WaitingPool;
// Linear hashing: a bucket is split whenever there are more keys than buckets, so that no step has to move them all.
typedef struct WaitingTable {
  WaitingPool *pool;
  uint32_t pool_used;
  WaitingValue ***segments;     // of buckets
  uint32_t bucket_count, half;  // half: a power of two, half <= bucket_count <= 2 * half; 0 before the first key
  uint32_t key_count;
} WaitingTable;

typedef struct CellStack {
  Cell **items;
  size_t count, capacity;
} CellStack;

// The stack of marked cells grows by segments, so that no step has to move it.
enum { SEGMENT_CELLS = 4096 };
typedef struct Segment {
  struct Segment *below;
  Cell *cells[SEGMENT_CELLS];
} Segment;
typedef struct MarkStack {
  Segment *top, *spare;
  size_t count;  // in `top`; 0: the stack is empty
} MarkStack;

// A large cell that tracing has been through as far as an item.
typedef struct PartialCell {
  Cell *cell;
  size_t next;
} PartialCell;

struct Tracer {
  Heap *heap;
  MarkStack marked;  // marked, children still to visit
  PartialCell *partial;
  size_t partial_count, partial_capacity;
  size_t next;      // the item with which tracing the present cell begins
  bool is_partial;  // the present cell is to be traced again for more items
  CellStack weak;
  size_t weak_at;    // the place in that list: of the look through them, then of clearing
  size_t weak_next;  // the item of the cell there to go on with; 0: all are done
  enum { RANGES_TRACED, RANGES_OF_WEAK, RANGES_WHOLE } ranges;  // what tracer_range is for
  bool overflowed;  // a cell was marked without being pushed: rescan the heap
  bool weak_overflowed;
  bool marked_any;
  size_t live_bytes, marked_count, weak_table_bytes;
  // Ephemerons whose key is not marked yet, once `awaits` is set. `due` are keys that were marked since then and are
  // still to be handled.
  WaitingTable waiting;
  CellStack due;
  const WaitingValue *due_value;  // of a due key, to be visited next
  bool awaits, has_waited;
  size_t visits;              // of values and cells, counted in stress builds: what marking costs
  struct Verifier *verifier;  // set while verifying: visits check instead of marking
};

void heap_finish_sweeping(Heap *heap);
size_t heap_cell_size(const Cell *cell);
// Visits the roots.
void heap_begin_marking(Heap *heap);
// Marks cells of about so many bytes. True: everything reachable is marked.
bool heap_mark_some(Heap *heap, size_t bytes);
// Notes the live bytes, and begins to clear.
void heap_end_marking(Heap *heap);
void heap_abandon_marking(Heap *heap);
// Clears weak cells of about so many bytes. True: all are cleared.
bool heap_clear_some(Heap *heap, size_t bytes);
// Also while marking, when dead cells are still around.
void heap_visit_cells(Heap *heap, void (*visit)(void *sink, Cell *cell, size_t size), void *sink);
#ifdef CAISSON_STRESS
void heap_verify_or_trap(Heap *heap);
#endif
void verifier_check(Tracer *tracer, const void *cell, uint32_t value_tag);

#endif
