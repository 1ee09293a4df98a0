#include "host/boundary/message_blocks.h"

#include "runtime/buffers.h"

static uint8_t *address_of(const Cell *block) { return (uint8_t *)(block + 1); }

static MUST_CHECK bool reserve_place(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  if (bridge->block_count < bridge->block_capacity) return true;
  uint32_t grown = MAX_OF(8u, bridge->block_capacity * 2);
  HostBlock *resized = memory_resize(&runtime->cx.memory, bridge->blocks, bridge->block_capacity * sizeof *resized, grown * sizeof *resized);
  if (!resized) return false;
  bridge->blocks = resized;
  bridge->block_capacity = grown;
  return true;
}

static Cell *allocate_block(CaissonRuntime *runtime, size_t size) {
  Heap *heap = &runtime->cx.heap;
  size_t total = sizeof(Cell) + size;
  return total > HEAP_LARGEST_SMALL ? heap_allocate_unset(heap, CELL_BYTES, total) : heap_allocate(heap, CELL_BYTES, total);
}

uint8_t *message_block_create(CaissonRuntime *runtime, size_t size) {
  if (size > BUFFER_MAX_BYTES || !reserve_place(runtime)) return NULL;
  Cell *block = allocate_block(runtime, size);
  if (!block) {
    context_reclaim_memory(&runtime->cx, size);
    block = allocate_block(runtime, size);
  }
  if (!block) return NULL;
  block->extra = (uint32_t)size;
  Bridge *bridge = runtime->bridge;
  bridge->blocks[bridge->block_count++] = (HostBlock){.bytes = block};
  return address_of(block);
}

// bounded: by what the host has sent. The next one to be found is nearly always the first that is looked at.
static uint32_t find_block(const Bridge *bridge, uintptr_t address) {
  uint32_t i = 0;
  while (i < bridge->block_count && (uintptr_t)address_of(bridge->blocks[i].bytes) != address) i++;
  return i;
}

static void remove_block(Bridge *bridge, uint32_t index) {
  bridge->block_count--;
  memmove(bridge->blocks + index, bridge->blocks + index + 1, (bridge->block_count - index) * sizeof *bridge->blocks);
}

void message_block_send(CaissonRuntime *runtime, const uint8_t *address) {
  Bridge *bridge = runtime->bridge;
  uint32_t index = find_block(bridge, (uintptr_t)address);
  if (index < bridge->block_count) bridge->blocks[index].is_sent = true;
}

void message_block_drop(CaissonRuntime *runtime, const uint8_t *address) {
  Bridge *bridge = runtime->bridge;
  uint32_t index = find_block(bridge, (uintptr_t)address);
  if (index < bridge->block_count) remove_block(bridge, index);
}

void message_blocks_end(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < bridge->block_count; i++)
    if (!bridge->blocks[i].is_sent) bridge->blocks[kept++] = bridge->blocks[i];
  bridge->block_count = kept;
}

size_t message_blocks_size(Context *cx) {
  const Bridge *bridge = host_of(cx)->bridge;
  size_t size = 0;
  for (uint32_t i = 0; i < bridge->block_count; i++)
    if (bridge->blocks[i].is_sent) size += bridge->blocks[i].bytes->extra;
  return size;
}

Cell *message_block_take(Context *cx, uint32_t address) {
  Bridge *bridge = host_of(cx)->bridge;
  uint32_t index = find_block(bridge, address);
  if (index == bridge->block_count || !bridge->blocks[index].is_sent) return NULL;
  Cell *bytes = bridge->blocks[index].bytes;
  remove_block(bridge, index);
  return bytes;
}

void message_blocks_trace(CaissonRuntime *runtime, Tracer *tracer) {
  const Bridge *bridge = runtime->bridge;
  for (uint32_t i = 0; i < bridge->block_count; i++) tracer_visit_cell(tracer, bridge->blocks[i].bytes);
}

void message_blocks_release(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  memory_release(&runtime->cx.memory, bridge->blocks, bridge->block_capacity * sizeof *bridge->blocks);
  bridge->blocks = NULL;
  bridge->block_count = bridge->block_capacity = 0;
}
