#include "base/arena.h"

struct ArenaChunk {
  ArenaChunk *next;
  size_t size;
};

enum { ARENA_FIRST_CHUNK = 8192, ARENA_LARGEST_CHUNK = 256 * 1024 };

void arena_initialize(Arena *arena, Memory *memory) { *arena = (Arena){.memory = memory}; }

static bool arena_add_chunk(Arena *arena, size_t least) {
  size_t size = arena->chunks ? arena->chunks->size * 2 : ARENA_FIRST_CHUNK;
  if (size > ARENA_LARGEST_CHUNK) size = ARENA_LARGEST_CHUNK;
  if (least > SIZE_MAX / 2) return false;
  if (size < least + sizeof(ArenaChunk)) size = least + sizeof(ArenaChunk);
  ArenaChunk *chunk = memory_allocate_zeroed(arena->memory, size);
  if (!chunk) return false;
  *chunk = (ArenaChunk){.next = arena->chunks, .size = size};
  arena->chunks = chunk;
  arena->next = (char *)chunk + ((sizeof(ArenaChunk) + 7) & ~(size_t)7);
  arena->end = (char *)chunk + size;
  return true;
}

void *arena_allocate(Arena *arena, size_t size) {
  if (size > SIZE_MAX / 4) return NULL;
  size = (size + 7) & ~(size_t)7;
  if ((size_t)(arena->end - arena->next) < size && !arena_add_chunk(arena, size + 8)) return NULL;
  void *block = arena->next;
  arena->next += size;
  return block;
}

void *arena_grow(Arena *arena, void *block, size_t old_size, size_t new_size) {
  size_t old_rounded = (old_size + 7) & ~(size_t)7;
  size_t new_rounded = (new_size + 7) & ~(size_t)7;
  if (block && (char *)block + old_rounded == arena->next && new_size >= old_size &&
      (size_t)(arena->end - (char *)block) >= new_rounded) {
    arena->next = (char *)block + new_rounded;
    return block;
  }
  void *grown = arena_allocate(arena, new_size);
  if (grown && old_size) memcpy(grown, block, old_size);
  return grown;
}

void arena_release(Arena *arena) {
  for (ArenaChunk *chunk = arena->chunks; chunk;) {
    ArenaChunk *next = chunk->next;
    memory_release(arena->memory, chunk, chunk->size);
    chunk = next;
  }
  arena_initialize(arena, arena->memory);
}
