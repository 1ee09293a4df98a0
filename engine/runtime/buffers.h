// ArrayBuffer and SharedArrayBuffer, and what typed arrays and data views have in common.
//
// A view caches where its bytes are and how many elements are in reach. Operations that change those (detaching,
// resizing) go through the buffer, which knows its views in a weak list and refreshes them. So an element access does
// not look at the buffer: it only compares the index with object.length.
#ifndef CAISSON_BUFFERS_H
#define CAISSON_BUFFERS_H

#include "runtime/objects.h"

typedef struct SharedBlock SharedBlock;
typedef struct BufferView BufferView;

// Storage of SharedArrayBuffers. It is outside every heap, since agents share it. Each ArrayBuffer that refers to it
// holds one reference and is charged for all of it.
struct SharedBlock {
  uint32_t references;  // atomic
  uint32_t reserved;
  size_t byte_length;  // atomic; grows up to `capacity`
  size_t capacity;
  struct SharedWait *waits, *last_wait;  // the host's: who waits here, oldest first
  uint64_t data[];
};

enum { BUFFER_SHARED = 1, BUFFER_RESIZABLE = 2, BUFFER_DETACHED = 4 };
#define BUFFER_MAX_BYTES ((size_t)0x7FFFFFFF)

struct ArrayBuffer {  // CELL_ARRAY_BUFFER
  Object object;
  uint8_t *data;  // NULL when detached
  Cell *bytes;    // CELL_BYTES that holds the data (bytes_size: the capacity); NULL when shared or detached
  SharedBlock *shared;
  BufferView *views;         // weak list
  ArrayBuffer *next_shared;  // in cx->shared_buffers
  size_t byte_length, max_byte_length;
  uint8_t buffer_flags;
  Value detach_key;
};
extern const ObjectClass object_class_array_buffer;

struct BufferView {  // CELL_TYPED_ARRAY, CELL_DATA_VIEW; object.length: elements (bytes of a DataView) in reach now
  Object object;
  uint8_t *data;  // the first element; NULL when out of bounds
  ArrayBuffer *buffer;
  BufferView *next_view;
  size_t byte_offset;
  uint32_t fixed_length;  // as created, unless tracks_length
  bool tracks_length;
  bool out_of_bounds;    // or detached
  uint8_t element_kind;  // ElementKind
  uint8_t size_shift;    // log2 of the element size
};

static inline ArrayBuffer *value_as_array_buffer(Value value) { return (ArrayBuffer *)value_as_cell(value); }
static inline bool value_is_array_buffer(Value value, bool shared) {
  return value_is_object_of(value, CELL_ARRAY_BUFFER) &&
         (value_as_array_buffer(value)->buffer_flags & BUFFER_SHARED) == (shared ? BUFFER_SHARED : 0);
}
static inline bool buffer_is_detached(const ArrayBuffer *buffer) { return buffer->buffer_flags & BUFFER_DETACHED; }
static inline bool buffer_is_resizable(const ArrayBuffer *buffer) { return buffer->buffer_flags & BUFFER_RESIZABLE; }
static inline bool buffer_is_shared(const ArrayBuffer *buffer) { return buffer->buffer_flags & BUFFER_SHARED; }

// https://tc39.es/ecma262/#sec-allocatearraybuffer  Zeroed. max_byte_length NULL: of fixed length. NULL: threw.
MUST_CHECK ArrayBuffer *array_buffer_allocate(Context *cx, Value constructor, double byte_length,
                                              const double *max_byte_length, bool shared);
// An ArrayBuffer with the current realm's %ArrayBuffer%: fixed length, not shared.
MUST_CHECK ArrayBuffer *array_buffer_create(Context *cx, double byte_length);
// The same with these bytes (CELL_BYTES), which nothing else refers to.
MUST_CHECK ArrayBuffer *array_buffer_adopt(Context *cx, Cell *bytes);
// A SharedArrayBuffer of the current realm on a block of another agent (which counts one more reference).
MUST_CHECK ArrayBuffer *array_buffer_adopt_shared(Context *cx, SharedBlock *block);
// https://tc39.es/ecma262/#sec-detacharraybuffer  Throws when shared or the key differs.
MUST_CHECK bool array_buffer_detach(Context *cx, ArrayBuffer *buffer, Value key);
// Resizes to at most max_byte_length; new bytes are zero.
MUST_CHECK bool array_buffer_resize(Context *cx, ArrayBuffer *buffer, size_t byte_length);

// Attaches the view to the buffer: the fields that describe it are set, and the cached ones are computed.
void buffer_view_attach(BufferView *view, ArrayBuffer *buffer);
void buffer_view_refresh(BufferView *view);

void shared_block_release(SharedBlock *block);
void buffers_clear_weak(Context *cx, Heap *heap);
void buffers_release(Context *cx);
void array_buffer_clear_weak(Heap *heap, Cell *cell);

#endif
