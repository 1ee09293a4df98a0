// The bytes of ArrayBuffers that a message carries, and the table of them at its end (message.h). Bytes are copied when
// their buffer or view is met, before guest code can change them; how they form buffers is known only after all views.
#ifndef CAISSON_MESSAGE_BUFFERS_H
#define CAISSON_MESSAGE_BUFFERS_H

#include "host/boundary/message.h"
#include "runtime/buffers.h"

typedef struct BufferWriter {
  Context *cx;
  Buffer *out;
  size_t base;    // where the message begins in `out`
  Value *seen;    // rooted: internal HashTable, ArrayBuffer -> number of its BufferUse
  Value *shared;  // rooted: array of the SharedArrayBuffers; NULL: SharedArrayBuffers cannot cross
  Buffer uses, chunks, items;
} BufferWriter;

void buffer_writer_initialize(BufferWriter *writer, Context *cx, Buffer *out, Value *seen, Value *shared);
void buffer_writer_release(BufferWriter *writer);
// Adds the bytes from `start` to `end` as the next item; `alignment`: a power of two that divides `start`.
MUST_CHECK bool buffer_writer_add(BufferWriter *writer, ArrayBuffer *buffer, size_t start, size_t end,
                                  uint32_t alignment, bool is_whole, uint8_t flags);
// Appends the table, if there are buffers.
MUST_CHECK bool buffer_writer_finish(BufferWriter *writer);

typedef struct BufferItem {
  uint32_t buffer, offset, size;
  uint8_t flags;
} BufferItem;
typedef struct BufferTable {
  Context *cx;
  Value *buffers;  // rooted: an array of ArrayBuffers
  Buffer items;    // BufferItems
  uint32_t next;   // item
} BufferTable;
void buffer_table_initialize(BufferTable *table, Context *cx, Value *buffers);
void buffer_table_release(BufferTable *table);
// Reads the table that begins at `position`. TRISTATE_FALSE: malformed.
Tristate buffer_table_read(BufferTable *table, const uint8_t *bytes, size_t size, size_t position, const Value *shared);

void message_append_varint(Buffer *out, uint32_t number);
MUST_CHECK bool message_take_varint(const uint8_t *bytes, size_t size, size_t *position, uint32_t *number);

#endif
