#include "base/memory.h"

#include <stdlib.h>

void memory_initialize(Memory *memory, size_t limit) {
  *memory = (Memory){.limit = limit};
}

static bool memory_reserve(Memory *memory, size_t size) {
  if (memory->fail_after > 0 && --memory->fail_after == 0) return false;
  if (size > memory->limit || memory->used > memory->limit - size) return false;
  memory->used += size;
  if (memory->used > memory->peak) memory->peak = memory->used;
  return true;
}

void *memory_allocate(Memory *memory, size_t size) {
  if (!memory_reserve(memory, size)) return NULL;
  void *block = malloc(size ? size : 1);
  if (!block) memory->used -= size;
  return block;
}

void *memory_allocate_zeroed(Memory *memory, size_t size) {
  if (!memory_reserve(memory, size)) return NULL;
  void *block = calloc(1, size ? size : 1);
  if (!block) memory->used -= size;
  return block;
}

void *memory_resize(Memory *memory, void *block, size_t old_size, size_t new_size) {
  if (new_size > old_size && !memory_reserve(memory, new_size - old_size)) return NULL;
  void *resized = realloc(block, new_size ? new_size : 1);
  if (!resized) {
    if (new_size > old_size) memory->used -= new_size - old_size;
    return NULL;
  }
  if (new_size < old_size) memory->used -= old_size - new_size;
  return resized;
}

void memory_release(Memory *memory, void *block, size_t size) {
  if (!block) return;
  ASSERT(memory->used >= size);
  memory->used -= size;
  free(block);
}

void *memory_allocate_aligned(Memory *memory, size_t alignment, size_t size) {
  if (!memory_reserve(memory, size)) return NULL;
  void *block = aligned_alloc(alignment, size);
  if (!block) memory->used -= size;
  return block;
}

void memory_release_aligned(Memory *memory, void *block, size_t size) {
  memory_release(memory, block, size);
}
