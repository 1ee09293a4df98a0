#include "host/boundary/message_buffers.h"

#include "host/boundary/message_blocks.h"
#include "runtime/collections.h"
#include "runtime/errors.h"
#include "runtime/realm.h"

// Bytes of one ArrayBuffer that are in the message; the ranges of a use are in order and do not overlap.
typedef struct BufferRange {
  size_t start, end;
  uint32_t alignment;  // the largest of the views in it
  uint32_t number;     // of the buffer in the table
} BufferRange;

typedef struct BufferUse {
  ArrayBuffer *buffer;  // kept alive by the values in the message
  Buffer ranges;
  bool is_whole;   // the buffer itself is an item
  bool has_empty;  // an item without bytes lies in no range
  uint32_t empty_number;
} BufferUse;

typedef struct BufferChunk {
  uint32_t use;
  uint32_t size, position;
  size_t start;
} BufferChunk;

typedef struct WrittenItem {
  uint32_t use;
  uint8_t flags;
  size_t start, end;
} WrittenItem;

void message_append_varint(Buffer *out, uint32_t number) {
  uint8_t bytes[5];
  size_t size = 0;
  while (number >= 0x80) {
    bytes[size++] = (uint8_t)(number | 0x80);
    number >>= 7;
  }
  bytes[size++] = (uint8_t)number;
  buffer_append(out, bytes, size);
}

bool message_take_varint(const uint8_t *bytes, size_t size, size_t *position, uint32_t *number) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (*position >= size) return false;
    uint8_t byte = bytes[(*position)++];
    result |= (uint64_t)(byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    *number = (uint32_t)result;
    return result <= UINT32_MAX;
  }
  return false;
}

void buffer_writer_initialize(BufferWriter *writer, Context *cx, Buffer *out, Value *seen, Value *shared) {
  *writer = (BufferWriter){.cx = cx, .out = out, .base = out->size, .seen = seen, .shared = shared};
  buffer_initialize(&writer->uses, &cx->memory);
  buffer_initialize(&writer->chunks, &cx->memory);
  buffer_initialize(&writer->items, &cx->memory);
}

static BufferUse *use_at(const BufferWriter *writer, uint32_t index) { return (BufferUse *)writer->uses.data + index; }
static uint32_t use_count(const BufferWriter *writer) { return (uint32_t)(writer->uses.size / sizeof(BufferUse)); }
static uint32_t range_count(const BufferUse *use) { return (uint32_t)(use->ranges.size / sizeof(BufferRange)); }

void buffer_writer_release(BufferWriter *writer) {
  for (uint32_t i = 0; i < use_count(writer); i++) buffer_release(&use_at(writer, i)->ranges);
  buffer_release(&writer->uses);
  buffer_release(&writer->chunks);
  buffer_release(&writer->items);
}

static MUST_CHECK bool fail(BufferWriter *writer) {
  context_throw_out_of_memory(writer->cx);
  return false;
}

static MUST_CHECK bool find_use(BufferWriter *writer, ArrayBuffer *buffer, uint32_t *index) {
  Context *cx = writer->cx;
  HashTable *seen = value_is_internal(*writer->seen) ? (HashTable *)value_as_cell(*writer->seen) : NULL;
  int64_t found = hash_table_find(cx, seen, value_object(buffer));
  if (found != HASH_ABSENT) {
    *index = (uint32_t)value_as_int(seen->entries[found].value);
    return true;
  }
  *index = use_count(writer);
  if (!hash_table_put(cx, &seen, value_object(buffer), value_int((int32_t)*index))) return false;
  *writer->seen = value_internal(seen);
  BufferUse use = {.buffer = buffer};
  buffer_initialize(&use.ranges, &cx->memory);
  buffer_append(&writer->uses, &use, sizeof use);
  return !writer->uses.failed || fail(writer);
}

// The first range that ends after `position`.
static uint32_t find_range(const BufferUse *use, size_t position) {
  const BufferRange *ranges = (const BufferRange *)use->ranges.data;
  uint32_t low = 0, high = range_count(use);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ranges[middle].end > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

static void append_chunk(BufferWriter *writer, uint32_t index, size_t start, size_t end) {
  BufferChunk chunk = {index, (uint32_t)(end - start), (uint32_t)(writer->out->size - writer->base), start};
  buffer_append(&writer->chunks, &chunk, sizeof chunk);
  buffer_append(writer->out, use_at(writer, index)->buffer->data + start, end - start);
}

// Copies the bytes that no range has yet; overlapping ranges become one.
static MUST_CHECK bool cover(BufferWriter *writer, uint32_t index, BufferRange range) {
  BufferUse *use = use_at(writer, index);
  uint32_t count = range_count(use), first = find_range(use, range.start), last = first;
  BufferRange *ranges = (BufferRange *)use->ranges.data;
  size_t fresh = range.end - range.start;
  for (; last < count && ranges[last].start < range.end; last++)
    fresh -= MIN_OF(ranges[last].end, range.end) - MAX_OF(ranges[last].start, range.start);
  if (fresh > UINT32_MAX) return fail(writer);
  message_append_varint(writer->out, (uint32_t)fresh);
  if (!context_charge_bytes(writer->cx, fresh + (count - first) * sizeof(BufferRange), CHARGE_COPY)) return false;
  size_t at = range.start, end = range.end;
  for (uint32_t i = first; i < last; i++) {
    if (ranges[i].start > at) append_chunk(writer, index, at, ranges[i].start);
    at = ranges[i].end;
    range.start = MIN_OF(range.start, ranges[i].start);
    range.end = MAX_OF(range.end, ranges[i].end);
    range.alignment = MAX_OF(range.alignment, ranges[i].alignment);
  }
  if (at < end) append_chunk(writer, index, at, end);
  if (first == last) {
    if (!buffer_reserve(&use->ranges, sizeof range)) return fail(writer);
    use->ranges.size += sizeof range;
    ranges = (BufferRange *)use->ranges.data;
    memmove(ranges + first + 1, ranges + first, (count - first) * sizeof range);
  } else {
    memmove(ranges + first + 1, ranges + last, (count - last) * sizeof range);
    use->ranges.size -= (last - first - 1) * sizeof range;
  }
  ranges[first] = range;
  return !(writer->out->failed || writer->chunks.failed) || fail(writer);
}

bool buffer_writer_add(BufferWriter *writer, ArrayBuffer *buffer, size_t start, size_t end, uint32_t alignment,
                       bool is_whole, uint8_t flags) {
  uint32_t index;
  if (!find_use(writer, buffer, &index)) return false;
  use_at(writer, index)->is_whole |= is_whole;
  WrittenItem item = {index, flags, start, end};
  buffer_append(&writer->items, &item, sizeof item);
  if (writer->items.failed) return fail(writer);
  if (is_whole) {
    start = 0;
    end = buffer->byte_length;
  }
  if (start == end || buffer_is_shared(buffer)) {
    message_append_varint(writer->out, 0);
    return true;
  }
  return cover(writer, index, (BufferRange){start, end, alignment, 0});
}

static size_t aligned_start(const BufferRange *range) { return range->start & ~(size_t)(range->alignment - 1); }

// The range that contains an item; NULL: the item is empty and gets a buffer without bytes.
static const BufferRange *range_of_item(const BufferUse *use, const WrittenItem *item) {
  if (item->start == item->end && !use->is_whole) return NULL;
  const BufferRange *ranges = (const BufferRange *)use->ranges.data;
  uint32_t index = find_range(use, item->start);
  if (index < range_count(use) && ranges[index].start <= item->start) return &ranges[index];
  // An empty item may be at the end of a range.
  return index > 0 && ranges[index - 1].end == item->start ? &ranges[index - 1] : NULL;
}

static MUST_CHECK bool append_buffer(BufferWriter *writer, const BufferUse *use, size_t size, bool is_whole) {
  const ArrayBuffer *buffer = use->buffer;
  if (buffer_is_shared(buffer)) {
    Object *shared = value_as_object(*writer->shared);
    buffer_append_byte(writer->out, PROTOCOL_BUFFER_IS_SHARED);
    message_append_varint(writer->out, shared->element_count);
    return array_push(writer->cx, shared, value_object(buffer));
  }
  bool is_resizable = is_whole && buffer_is_resizable(buffer);
  double maximum = (double)MAX_OF(buffer->max_byte_length, size);
  buffer_append_byte(writer->out, is_resizable ? PROTOCOL_BUFFER_IS_RESIZABLE : 0);
  message_append_varint(writer->out, (uint32_t)size);
  if (is_resizable) buffer_append(writer->out, &maximum, sizeof maximum);
  return true;
}

static MUST_CHECK bool append_buffers(BufferWriter *writer, uint32_t total) {
  uint32_t number = 0;
  message_append_varint(writer->out, total);
  for (uint32_t i = 0; i < use_count(writer); i++) {
    BufferUse *use = use_at(writer, i);
    for (uint32_t k = 0; k < range_count(use); k++) {
      BufferRange *range = (BufferRange *)use->ranges.data + k;
      range->number = number++;
      if (!append_buffer(writer, use, range->end - aligned_start(range), use->is_whole && range->start == 0))
        return false;
    }
    if (!use->has_empty) continue;
    use->empty_number = number++;
    if (!append_buffer(writer, use, 0, use->is_whole)) return false;
  }
  return true;
}

bool buffer_writer_finish(BufferWriter *writer) {
  Buffer *out = writer->out;
  uint32_t items = (uint32_t)(writer->items.size / sizeof(WrittenItem));
  if (items == 0) return true;
  uint32_t chunks = (uint32_t)(writer->chunks.size / sizeof(BufferChunk)), total = 0;
  if (!context_charge(writer->cx, (int32_t)MIN_OF(items + chunks, (uint32_t)INT32_MAX)))
    return context_throw_interrupted(writer->cx), false;
  const WrittenItem *item = (const WrittenItem *)writer->items.data;
  for (uint32_t i = 0; i < items; i++) {
    BufferUse *use = use_at(writer, item[i].use);
    if (!range_of_item(use, &item[i])) use->has_empty = true;
  }
  for (uint32_t i = 0; i < use_count(writer); i++)
    total += range_count(use_at(writer, i)) + use_at(writer, i)->has_empty;
  if (out->size - writer->base > UINT32_MAX) return fail(writer);
  uint32_t position = (uint32_t)(out->size - writer->base);
  if (!append_buffers(writer, total)) return false;
  message_append_varint(out, chunks);
  const BufferChunk *chunk = (const BufferChunk *)writer->chunks.data;
  for (uint32_t i = 0; i < chunks; i++, chunk++) {
    const BufferUse *use = use_at(writer, chunk->use);
    const BufferRange *range = (const BufferRange *)use->ranges.data + find_range(use, chunk->start);
    message_append_varint(out, range->number);
    message_append_varint(out, (uint32_t)(chunk->start - aligned_start(range)));
    message_append_varint(out, chunk->size);
    message_append_varint(out, chunk->position);
  }
  message_append_varint(out, items);
  for (uint32_t i = 0; i < items; i++, item++) {
    const BufferUse *use = use_at(writer, item->use);
    const BufferRange *range = range_of_item(use, item);
    bool is_shared = buffer_is_shared(use->buffer);
    message_append_varint(out, range ? range->number : use->empty_number);
    message_append_varint(out, (uint32_t)(range ? item->start - aligned_start(range) : is_shared ? item->start : 0));
    message_append_varint(out, (uint32_t)(item->end - item->start));
    buffer_append_byte(out, item->flags);
  }
  for (int shift = 0; shift < 32; shift += 8) buffer_append_byte(out, (uint8_t)(position >> shift));
  if (out->failed) return fail(writer);
  out->data[writer->base] |= PROTOCOL_MESSAGE_HAS_BUFFERS;
  return true;
}

// Reading -------------------------------------------------------------------------------------------------------------

void buffer_table_initialize(BufferTable *table, Context *cx, Value *buffers) {
  *table = (BufferTable){.cx = cx, .buffers = buffers};
  buffer_initialize(&table->items, &cx->memory);
}

void buffer_table_release(BufferTable *table) { buffer_release(&table->items); }

typedef struct TableReader {
  Context *cx;
  const uint8_t *bytes;
  size_t size, position;
  size_t bytes_left;  // how many bytes buffers may still take
} TableReader;

static bool take_number(TableReader *reader, uint32_t *number) {
  return message_take_varint(reader->bytes, reader->size, &reader->position, number);
}

static bool take_byte(TableReader *reader, uint8_t *byte) {
  if (reader->position >= reader->size) return false;
  *byte = reader->bytes[reader->position++];
  return true;
}

// Takes a block of that size; NULL: malformed.
static Cell *take_block(TableReader *reader, uint32_t size) {
  uint32_t address;
  Cell *block = take_number(reader, &address) ? message_block_take(reader->cx, address) : NULL;
  return block && bytes_size(block) == size ? block : NULL;
}

// The bytes of this buffer are in a block, where the host has put them.
static Tristate read_block(TableReader *reader, uint32_t size, Value *buffer) {
  Cell *block = take_block(reader, size);
  if (!block) return TRISTATE_FALSE;
  *buffer = value_internal(block);
  if (!context_charge_bytes(reader->cx, size, CHARGE_COPY)) return TRISTATE_ABRUPT;
  ArrayBuffer *made = array_buffer_adopt(reader->cx, block);
  if (!made) return TRISTATE_ABRUPT;
  *buffer = value_object(made);
  return TRISTATE_TRUE;
}

static Tristate read_table_buffer(TableReader *reader, const Value *shared, Value *buffer) {
  uint8_t flags;
  uint32_t size;
  double maximum = 0;
  Context *cx = reader->cx;
  if (!take_byte(reader, &flags) || !take_number(reader, &size)) return TRISTATE_FALSE;
  ArrayBuffer *made;
  if (flags == PROTOCOL_BUFFER_IS_SHARED) {
    if (!shared || size >= value_as_object(*shared)->element_count) return TRISTATE_FALSE;
    made =
        array_buffer_adopt_shared(cx, value_as_array_buffer(value_as_object(*shared)->elements->items[size])->shared);
  } else {
    if (flags == PROTOCOL_BUFFER_IS_BLOCK && !shared) return read_block(reader, size, buffer);
    // At most 7 bytes before the first view of a buffer are not sent.
    if (flags > PROTOCOL_BUFFER_IS_RESIZABLE || size > reader->bytes_left + 7) return TRISTATE_FALSE;
    reader->bytes_left -= MIN_OF(reader->bytes_left, size);
    if (flags) {
      if (reader->size - reader->position < sizeof maximum) return TRISTATE_FALSE;
      memcpy(&maximum, reader->bytes + reader->position, sizeof maximum);
      reader->position += sizeof maximum;
      if (!(maximum >= size && maximum <= (double)BUFFER_MAX_BYTES)) return TRISTATE_FALSE;
      maximum = (double)(size_t)maximum;
    }
    made = flags ? array_buffer_allocate(cx, realm_intrinsic(cx, INTRINSIC_ArrayBuffer), size, &maximum, false)
                 : array_buffer_create(cx, size);
  }
  if (!made) return TRISTATE_ABRUPT;
  *buffer = value_object(made);
  return TRISTATE_TRUE;
}

// The address of a chunk's bytes; NULL: malformed.
static const uint8_t *find_chunk(TableReader *reader, uint32_t size, bool is_clone) {
  uint32_t position;
  if (!take_number(reader, &position)) return NULL;
  if (position == 0 && !is_clone) {
    const Cell *block = take_block(reader, size);
    return block ? (const uint8_t *)(block + 1) : NULL;
  }
  if (position > reader->size || size > reader->size - position || size > reader->bytes_left) return NULL;
  reader->bytes_left -= size;
  return reader->bytes + position;
}

static Tristate read_chunk(TableReader *reader, const Object *buffers, bool is_clone) {
  uint32_t number, offset, size;
  if (!take_number(reader, &number) || !take_number(reader, &offset) || !take_number(reader, &size) ||
      number >= buffers->element_count)
    return TRISTATE_FALSE;
  const ArrayBuffer *buffer = value_as_array_buffer(buffers->elements->items[number]);
  if (buffer_is_shared(buffer) || offset > buffer->byte_length || size > buffer->byte_length - offset)
    return TRISTATE_FALSE;
  const uint8_t *bytes = find_chunk(reader, size, is_clone);
  if (!bytes) return TRISTATE_FALSE;
  // Copying allocates nothing, so bytes that were in a block are still there.
  return context_move_bytes(reader->cx, buffer->data + offset, bytes, size) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

static Tristate read_table_item(TableReader *reader, const Object *buffers, BufferItem *item) {
  *item = (BufferItem){0};
  if (!take_number(reader, &item->buffer) || !take_number(reader, &item->offset) || !take_number(reader, &item->size) ||
      !take_byte(reader, &item->flags) || item->buffer >= buffers->element_count)
    return TRISTATE_FALSE;
  const ArrayBuffer *buffer = value_as_array_buffer(buffers->elements->items[item->buffer]);
  bool is_within = item->offset <= buffer->byte_length && item->size <= buffer->byte_length - item->offset;
  return is_within && item->flags <= PROTOCOL_VIEW_TRACKS_LENGTH ? TRISTATE_TRUE : TRISTATE_FALSE;
}

Tristate buffer_table_read(BufferTable *table, const uint8_t *bytes, size_t size, size_t position,
                           const Value *shared) {
  Context *cx = table->cx;
  TableReader reader = {cx, bytes, size, position, size + (shared ? 0 : message_blocks_size(cx))};
  uint32_t count;
  ROOTS(cx, r, buffer);
  Object *buffers = array_create(cx, 0);
  if (!buffers) return TRISTATE_ABRUPT;
  *table->buffers = value_object(buffers);
  if (!take_number(&reader, &count) || count > size - reader.position) return TRISTATE_FALSE;
  for (uint32_t i = 0; i < count; i++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx), TRISTATE_ABRUPT;
    Tristate read = read_table_buffer(&reader, shared, &r->buffer);
    if (read != TRISTATE_TRUE) return read;
    if (!array_push(cx, buffers, r->buffer)) return TRISTATE_ABRUPT;
  }
  reader.bytes_left = size;
  if (!take_number(&reader, &count) || count > size - reader.position) return TRISTATE_FALSE;
  for (uint32_t i = 0; i < count; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), TRISTATE_ABRUPT;
    Tristate read = read_chunk(&reader, buffers, shared != NULL);
    if (read != TRISTATE_TRUE) return read;
  }
  if (!take_number(&reader, &count) || count > size - reader.position) return TRISTATE_FALSE;
  for (uint32_t i = 0; i < count; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), TRISTATE_ABRUPT;
    BufferItem item;
    Tristate read = read_table_item(&reader, buffers, &item);
    if (read != TRISTATE_TRUE) return read;
    buffer_append(&table->items, &item, sizeof item);
  }
  if (table->items.failed) return context_throw_out_of_memory(cx), TRISTATE_ABRUPT;
  return reader.position == size ? TRISTATE_TRUE : TRISTATE_FALSE;
}
