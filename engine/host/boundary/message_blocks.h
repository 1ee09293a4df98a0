// Blocks: large byte sequences of the host. The host writes them directly to the memory where the guest will keep them,
// and then sends a message that refers to them by their address. So they are copied only once.
#ifndef CAISSON_MESSAGE_BLOCKS_H
#define CAISSON_MESSAGE_BLOCKS_H

#include "host/boundary/bridge.h"

// Memory for `size` bytes, which the host must write at once; NULL: not enough memory.
uint8_t *message_block_create(CaissonRuntime *runtime, size_t size);
// The block belongs to the message that comes to the inbox next.
void message_block_send(CaissonRuntime *runtime, const uint8_t *address);
// The message with this block will not be sent.
void message_block_drop(CaissonRuntime *runtime, const uint8_t *address);
// The message has been read, or never will be: blocks that it did not take are dropped.
void message_blocks_end(CaissonRuntime *runtime);
// The bytes of all blocks that belong to the message.
size_t message_blocks_size(Context *cx);
// The CELL_BYTES of a block that belongs to the message being read; NULL: there is none, or it has been taken.
Cell *message_block_take(Context *cx, uint32_t address);

void message_blocks_trace(CaissonRuntime *runtime, Tracer *tracer);

#endif
