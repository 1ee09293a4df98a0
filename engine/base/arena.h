// A bump allocator whose contents die together: syntax trees, scopes, compiled patterns in the making.
#ifndef CAISSON_ARENA_H
#define CAISSON_ARENA_H

#include "base/memory.h"

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
  Memory *memory;
  ArenaChunk *chunks;  // newest first
  char *next, *end;
} Arena;

void arena_initialize(Arena *arena, Memory *memory);
// Zeroed, aligned to 8 bytes; NULL when memory is exhausted.
MUST_CHECK void *arena_allocate(Arena *arena, size_t size);
// Grows an arena array in place where it is the newest allocation, else copies it.
MUST_CHECK void *arena_grow(Arena *arena, void *block, size_t old_size, size_t new_size);
void arena_release(Arena *arena);

#define arena_new(arena, Type) ((Type *)arena_allocate((arena), sizeof(Type)))
#define arena_new_array(arena, Type, count) ((Type *)arena_allocate((arena), sizeof(Type) * (size_t)(count)))

#endif
