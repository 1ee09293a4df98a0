#include "host/boundary/message_blocks.h"

#include "runtime/buffers.h"

static uint8_t *address_of(const Cell *block) { return (uint8_t *)(block + 1); }

static HostBlock *blocks_of(const Bridge *bridge) { return (HostBlock *)bridge->blocks.data; }
static uint32_t block_count(const Bridge *bridge) { return (uint32_t)(bridge->blocks.size / sizeof(HostBlock)); }

static Cell *allocate_block(CaissonRuntime *runtime, size_t size) {
  Heap *heap = &runtime->cx.heap;
  size_t total = sizeof(Cell) + size;
  return total > HEAP_LARGEST_SMALL ? heap_allocate_unset(heap, CELL_BYTES, total)
                                    : heap_allocate(heap, CELL_BYTES, total);
}

uint8_t *message_block_create(CaissonRuntime *runtime, size_t size) {
  Bridge *bridge = runtime->bridge;
  if (size > BUFFER_MAX_BYTES) return NULL;
  bridge->blocks.failed = false;
  if (!buffer_reserve(&bridge->blocks, sizeof(HostBlock))) return NULL;
  Cell *block = allocate_block(runtime, size);
  if (!block) {
    context_reclaim_memory(&runtime->cx, size);
    block = allocate_block(runtime, size);
  }
  if (!block) return NULL;
  bytes_set_size(block, (uint32_t)size);
  HostBlock entry = {.bytes = block};
  buffer_append(&bridge->blocks, &entry, sizeof entry);
  return address_of(block);
}

// bounded: by the number of blocks that the host has sent. The first one looked at is nearly always the one wanted.
static uint32_t find_block(const Bridge *bridge, uintptr_t address) {
  uint32_t i = 0;
  while (i < block_count(bridge) && (uintptr_t)address_of(blocks_of(bridge)[i].bytes) != address) i++;
  return i;
}

static void remove_block(Bridge *bridge, uint32_t index) {
  HostBlock *place = blocks_of(bridge) + index;
  memmove(place, place + 1, (block_count(bridge) - index - 1) * sizeof *place);
  bridge->blocks.size -= sizeof *place;
}

void message_block_send(CaissonRuntime *runtime, const uint8_t *address) {
  Bridge *bridge = runtime->bridge;
  uint32_t index = find_block(bridge, (uintptr_t)address);
  if (index < block_count(bridge)) blocks_of(bridge)[index].is_sent = true;
}

void message_block_drop(CaissonRuntime *runtime, const uint8_t *address) {
  Bridge *bridge = runtime->bridge;
  uint32_t index = find_block(bridge, (uintptr_t)address);
  if (index < block_count(bridge)) remove_block(bridge, index);
}

void message_blocks_end(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  HostBlock *blocks = blocks_of(bridge);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < block_count(bridge); i++)
    if (!blocks[i].is_sent) blocks[kept++] = blocks[i];
  bridge->blocks.size = kept * sizeof *blocks;
}

size_t message_blocks_size(Context *cx) {
  const Bridge *bridge = host_of(cx)->bridge;
  size_t size = 0;
  for (uint32_t i = 0; i < block_count(bridge); i++)
    if (blocks_of(bridge)[i].is_sent) size += bytes_size(blocks_of(bridge)[i].bytes);
  return size;
}

Cell *message_block_take(Context *cx, uint32_t address) {
  Bridge *bridge = host_of(cx)->bridge;
  uint32_t index = find_block(bridge, address);
  if (index == block_count(bridge) || !blocks_of(bridge)[index].is_sent) return NULL;
  Cell *bytes = blocks_of(bridge)[index].bytes;
  remove_block(bridge, index);
  return bytes;
}

void message_blocks_trace(CaissonRuntime *runtime, Tracer *tracer) {
  const Bridge *bridge = runtime->bridge;
  for (uint32_t i = 0; i < block_count(bridge); i++) tracer_visit_cell(tracer, blocks_of(bridge)[i].bytes);
}
