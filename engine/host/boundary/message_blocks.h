// Blocks: many bytes of the host, which it puts where the guest will keep them, and then sends a message that refers to
// them by their address. So they are copied once.
#ifndef CAISSON_MESSAGE_BLOCKS_H
#define CAISSON_MESSAGE_BLOCKS_H

#include "host/boundary/bridge.h"

// Where so many bytes go, which the host writes at once; NULL: not enough memory.
uint8_t *message_block_create(CaissonRuntime *runtime, size_t size);
// It belongs to the message that comes to the inbox next.
void message_block_send(CaissonRuntime *runtime, const uint8_t *address);
// Its message will not be sent.
void message_block_drop(CaissonRuntime *runtime, const uint8_t *address);
// The message has been read, or it will not be: what it did not take is dropped.
void message_blocks_end(CaissonRuntime *runtime);
// Of all that belong to the message: bytes.
size_t message_blocks_size(Context *cx);
// The CELL_BYTES of one that belongs to the message that is read; NULL: there is none, or it has been taken.
Cell *message_block_take(Context *cx, uint32_t address);

void message_blocks_trace(CaissonRuntime *runtime, Tracer *tracer);

#endif
