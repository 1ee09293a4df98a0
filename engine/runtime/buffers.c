#include "runtime/buffers.h"

#include <stdlib.h>

#include "runtime/errors.h"
#include "runtime/realm.h"

static void array_buffer_trace(Tracer *tracer, Object *object) {
  const ArrayBuffer *buffer = (const ArrayBuffer *)object;
  tracer_visit_cell(tracer, buffer->bytes);
  tracer_visit_value(tracer, buffer->detach_key);
  if (buffer->views) tracer_add_weak(tracer, &object->cell);
}

const ObjectClass object_class_array_buffer = {
    .name = "ArrayBuffer", .kind = CELL_ARRAY_BUFFER, .size = sizeof(ArrayBuffer), .trace = array_buffer_trace};

// Views ----------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-istypedarrayoutofbounds
void buffer_view_refresh(BufferView *view) {
  const ArrayBuffer *buffer = view->buffer;
  size_t length = buffer->byte_length, offset = view->byte_offset;
  size_t wanted = (size_t)view->fixed_length << view->size_shift;
  view->out_of_bounds =
      buffer_is_detached(buffer) || offset > length || (!view->tracks_length && length - offset < wanted);
  if (view->out_of_bounds) {
    view->data = NULL;
    view->object.length = 0;
    return;
  }
  view->data = buffer->data + offset;
  view->object.length = view->tracks_length ? (uint32_t)((length - offset) >> view->size_shift) : view->fixed_length;
}

void buffer_view_attach(BufferView *view, ArrayBuffer *buffer) {
  view->buffer = buffer;
  view->next_view = buffer->views;
  buffer->views = view;
  buffer_view_refresh(view);
}

static void buffer_refresh_views(Context *cx, ArrayBuffer *buffer) {
  for (BufferView *view = buffer->views; view; view = view->next_view) {
    buffer_view_refresh(view);
    context_spend_step(cx);
  }
}

void array_buffer_clear_weak(Heap *heap, Cell *cell) {
  BufferView **link = &((ArrayBuffer *)cell)->views;
  while (*link) {
    if (heap_is_marked(heap, *link)) {
      link = &(*link)->next_view;
    } else {
      *link = (*link)->next_view;
    }
  }
}

// Storage --------------------------------------------------------------------------------------------------

static bool buffer_refuse(Context *cx) {
  throw_range_error(cx, "cannot allocate an array buffer of that size");
  return false;
}

static bool buffer_allocate_bytes(Context *cx, ArrayBuffer *buffer, size_t capacity) {
  // Not context_allocate: a request that is merely too large does not mean that memory is running out.
  if (!context_charge_bytes(cx, capacity, CHARGE_COPY)) return false;
  Cell *bytes = heap_allocate(&cx->heap, CELL_BYTES, sizeof(Cell) + capacity);
  if (!bytes) return buffer_refuse(cx);
  bytes_set_size(bytes, (uint32_t)capacity);
  buffer->bytes = bytes;
  buffer->data = (uint8_t *)(bytes + 1);
  return true;
}

static void buffer_link_shared(Context *cx, ArrayBuffer *buffer, SharedBlock *block) {
  buffer->shared = block;
  buffer->data = (uint8_t *)block->data;
  buffer->next_shared = cx->shared_buffers;
  cx->shared_buffers = buffer;
}

// Allocates the whole capacity at once, because shared storage cannot move.
static bool buffer_allocate_shared(Context *cx, ArrayBuffer *buffer, size_t byte_length, size_t capacity) {
  Memory *memory = &cx->memory;
  if (capacity > memory->limit || memory->used > memory->limit - capacity) return buffer_refuse(cx);
  SharedBlock *block = calloc(1, sizeof(SharedBlock) + capacity);
  if (!block) return buffer_refuse(cx);
  memory->used += capacity;
  block->references = 1;
  block->byte_length = byte_length;
  block->capacity = capacity;
  buffer_link_shared(cx, buffer, block);
  return true;
}

void shared_block_release(SharedBlock *block) {
  if (__atomic_sub_fetch(&block->references, 1, __ATOMIC_ACQ_REL) == 0) free(block);
}

static void buffer_release_shared(Context *cx, ArrayBuffer *buffer) {
  cx->memory.used -= buffer->shared->capacity;
  shared_block_release(buffer->shared);
}

void buffers_clear_weak(Context *cx, Heap *heap) {
  ArrayBuffer **link = &cx->shared_buffers;
  while (*link) {
    ArrayBuffer *buffer = *link;
    if (heap_is_marked(heap, buffer)) {
      link = &buffer->next_shared;
    } else {
      *link = buffer->next_shared;
      buffer_release_shared(cx, buffer);
    }
  }
}

void buffers_release(Context *cx) {
  for (ArrayBuffer *buffer = cx->shared_buffers; buffer; buffer = buffer->next_shared) {
    buffer_release_shared(cx, buffer);
  }
  cx->shared_buffers = NULL;
}

// Buffers --------------------------------------------------------------------------------------------------

static void array_buffer_prepare(ArrayBuffer *buffer, bool shared, bool resizable) {
  buffer->buffer_flags = (shared ? BUFFER_SHARED : 0) | (resizable ? BUFFER_RESIZABLE : 0);
  buffer->detach_key = VALUE_UNDEFINED;
}

ArrayBuffer *array_buffer_allocate(Context *cx, Value constructor, double byte_length, const double *max_byte_length,
                                   bool shared) {
  if (max_byte_length && byte_length > *max_byte_length) {
    throw_range_error(cx, "the length of an array buffer must be at most its maxByteLength");
    return NULL;
  }
  ROOTS(cx, r, buffer);
  int intrinsic = shared ? INTRINSIC_SharedArrayBufferPrototype : INTRINSIC_ArrayBufferPrototype;
  ArrayBuffer *buffer =
      (ArrayBuffer *)object_create_from_constructor(cx, constructor, intrinsic, &object_class_array_buffer);
  if (!buffer) return NULL;
  r->buffer = value_object(buffer);
  array_buffer_prepare(buffer, shared, max_byte_length != NULL);
  if (shared) cx->replay.is_wanted = true;  // Atomics.wait
  double capacity = max_byte_length ? *max_byte_length : byte_length;
  if (capacity > (double)BUFFER_MAX_BYTES) {
    if (!buffer_refuse(cx)) return NULL;
  }
  if (!context_charge_bytes(cx, (size_t)(shared ? capacity : byte_length), CHARGE_COPY)) return NULL;
  buffer->max_byte_length = (size_t)capacity;
  bool made = shared ? buffer_allocate_shared(cx, buffer, (size_t)byte_length, (size_t)capacity)
                     : buffer_allocate_bytes(cx, buffer, (size_t)byte_length);
  if (!made) return NULL;
  buffer->byte_length = (size_t)byte_length;
  return buffer;
}

ArrayBuffer *array_buffer_create(Context *cx, double byte_length) {
  return array_buffer_allocate(cx, VALUE_UNDEFINED, byte_length, NULL, false);
}

ArrayBuffer *array_buffer_adopt(Context *cx, Cell *bytes) {
  ROOTS(cx, r, bytes);
  r->bytes = value_internal(bytes);
  ArrayBuffer *buffer = array_buffer_create(cx, 0);
  if (!buffer) return NULL;
  buffer->bytes = bytes;
  buffer->data = (uint8_t *)(bytes + 1);
  buffer->byte_length = buffer->max_byte_length = bytes_size(bytes);
  return buffer;
}

ArrayBuffer *array_buffer_adopt_shared(Context *cx, SharedBlock *block) {
  ROOTS(cx, r, buffer);
  Object *prototype = realm_prototype(cx, INTRINSIC_SharedArrayBufferPrototype);
  ArrayBuffer *buffer = (ArrayBuffer *)object_create_of_class(cx, &object_class_array_buffer, prototype, 0);
  if (!buffer) return NULL;
  r->buffer = value_object(buffer);
  size_t byte_length = __atomic_load_n(&block->byte_length, __ATOMIC_SEQ_CST);
  array_buffer_prepare(buffer, true, block->capacity != byte_length);
  __atomic_add_fetch(&block->references, 1, __ATOMIC_ACQ_REL);
  cx->memory.used += block->capacity;
  buffer_link_shared(cx, buffer, block);
  buffer->byte_length = byte_length;
  buffer->max_byte_length = block->capacity;
  return buffer;
}

bool array_buffer_detach(Context *cx, ArrayBuffer *buffer, Value key) {
  if (buffer_is_shared(buffer) || buffer->detach_key != key) {
    throw_type_error(cx, "this array buffer cannot be detached");
    return false;
  }
  buffer->buffer_flags |= BUFFER_DETACHED;
  heap_keep_cell(&cx->heap, buffer->bytes);
  buffer->data = NULL;
  buffer->bytes = NULL;
  buffer->byte_length = 0;
  buffer_refresh_views(cx, buffer);
  return true;
}

// Other buffers of this runtime that refer to the same block; structuredClone makes them.
static void renew_relatives(Context *cx, const ArrayBuffer *buffer) {
  for (ArrayBuffer *other = cx->shared_buffers; other; other = other->next_shared) {
    fuel_spend(&cx->fuel, 1);
    if (other == buffer || other->shared != buffer->shared) continue;
    other->byte_length = buffer->byte_length;
    buffer_refresh_views(cx, other);
  }
}

bool array_buffer_resize(Context *cx, ArrayBuffer *buffer, size_t byte_length) {
  if (buffer_is_shared(buffer)) {
    __atomic_store_n(&buffer->shared->byte_length, byte_length, __ATOMIC_SEQ_CST);
  } else if (byte_length > bytes_size(buffer->bytes)) {
    Cell *old = buffer->bytes;
    size_t capacity = MIN_OF(MAX_OF(byte_length, 2 * (size_t)bytes_size(old)), buffer->max_byte_length);
    if (!buffer_allocate_bytes(cx, buffer, capacity)) return false;
    if (!context_move_bytes(cx, buffer->data, old + 1, buffer->byte_length)) {
      buffer->bytes = old;
      buffer->data = (uint8_t *)(old + 1);
      return false;
    }
    heap_free(&cx->heap, old);
  } else if (byte_length < buffer->byte_length) {
    // Clears from the end, so that when it is stopped the buffer still has its old length.
    for (size_t end = buffer->byte_length; end > byte_length;) {
      size_t part = MIN_OF(end - byte_length, (size_t)1 << 20);
      if (!context_charge_bytes(cx, part, CHARGE_COPY)) return false;
      end -= part;
      memset(buffer->data + end, 0, part);
    }
  }
  buffer->byte_length = byte_length;
  buffer_refresh_views(cx, buffer);
  if (buffer_is_shared(buffer)) renew_relatives(cx, buffer);
  return true;
}
