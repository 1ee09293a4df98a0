#include "base/memory.h"

#include <stdlib.h>

void memory_initialize(Memory *memory, size_t limit) { *memory = (Memory){.limit = limit}; }

// The system clears or moves about a hundred bytes in the time of a unit. To take pages from it and give them back
// costs a multiple of that.
enum { MEMORY_LARGE = 4096, MEMORY_TOUCHED_PER_UNIT = 128, MEMORY_MAPPED_PER_UNIT = 1024 };

static inline void memory_pay(Memory *memory, size_t size, size_t bytes_per_unit) {
  if (UNLIKELY(size >= MEMORY_LARGE)) memory_spend(memory, size / bytes_per_unit);
}

static bool memory_reserve(Memory *memory, size_t size) {
  memory->is_system_full = false;
  if (memory->fail_after > 0 && --memory->fail_after == 0) return false;
  if (size > memory->limit || memory->used > memory->limit - size) return false;
  // No object of C may be larger than a pointer difference can express (2 GiB in WebAssembly).
  if (size > PTRDIFF_MAX) return false;
  memory->used += size;
  if (memory->used > memory->peak) memory->peak = memory->used;
  return true;
}

// The allocators of WebAssembly's libraries grow the linear memory by exactly what a request lacks. To the host each
// growth is a new large object: V8 runs a collection of its own nearly every time. So when a request has made the
// memory grow, it grows by another eighth at once.
#ifdef __wasm__
enum { WASM_PAGE_SIZE = 65536 };
static size_t system_memory_size(void) { return __builtin_wasm_memory_size(0); }
static void system_grow_ahead(size_t pages_before) {
  size_t pages = __builtin_wasm_memory_size(0);
  if (pages == pages_before) return;
  void *ahead = malloc(pages / 8 * WASM_PAGE_SIZE);
  __asm__ volatile("" : "+r"(ahead));  // keeps the compiler from optimising the pair of malloc and free away
  free(ahead);
}
#else
static size_t system_memory_size(void) { return 0; }
static void system_grow_ahead(size_t pages_before) { (void)pages_before; }
#endif

static void memory_take_back(Memory *memory, size_t size) {
  memory->used -= size;
  memory->is_system_full = true;
}

void *memory_allocate(Memory *memory, size_t size) {
  if (!memory_reserve(memory, size)) return NULL;
  size_t pages = system_memory_size();
  void *block = malloc(size ? size : 1);
  if (!block) memory_take_back(memory, size);
  system_grow_ahead(pages);
  memory_pay(memory, size, MEMORY_MAPPED_PER_UNIT);
  return block;
}

void *memory_allocate_zeroed(Memory *memory, size_t size) {
  if (!memory_reserve(memory, size)) return NULL;
  size_t pages = system_memory_size();
  void *block = calloc(1, size ? size : 1);
  if (!block) memory_take_back(memory, size);
  system_grow_ahead(pages);
  memory_pay(memory, size, MEMORY_TOUCHED_PER_UNIT);
  return block;
}

void *memory_resize(Memory *memory, void *block, size_t old_size, size_t new_size) {
  if (new_size > old_size && !memory_reserve(memory, new_size - old_size)) return NULL;
  size_t pages = system_memory_size();
  void *resized = realloc(block, new_size ? new_size : 1);
  system_grow_ahead(pages);
  if (!resized) {
    if (new_size > old_size) memory_take_back(memory, new_size - old_size);
    return NULL;
  }
  if (new_size < old_size) memory->used -= old_size - new_size;
  memory_pay(memory, MIN_OF(old_size, new_size), MEMORY_TOUCHED_PER_UNIT);
  return resized;
}

void memory_release(Memory *memory, void *block, size_t size) {
  if (!block) return;
  ASSERT(memory->used >= size);
  memory->used -= size;
  memory_pay(memory, size, MEMORY_MAPPED_PER_UNIT);
  free(block);
}
