#include "host/boundary/message_shapes.h"

#include "runtime/errors.h"
#include "runtime/realm.h"

// What describing one takes at most, all shapes and the names of its keys.
enum { ROOM_FOR_SHAPE = 64 * 1024, TABLE_SIZE = PROTOCOL_SHAPE_COUNT * sizeof(Shape *) };

// Names of properties, no two the same, none of them an index.
static MUST_CHECK bool read_keys(Context *cx, const uint8_t *bytes, size_t size, Shape **result) {
  ROOTS(cx, r, key, shape);
  Shape *shape = shape_for_prototype(cx, &object_class_ordinary, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!shape) return false;
  r->shape = value_internal(shape);
  for (size_t position = 0; position < size;) {
    uint32_t length = bytes[position++];
    if (length > size - position || length > PROTOCOL_SHAPE_KEY_LENGTH || shape->count == PROTOCOL_SHAPE_KEYS)
      return false;
    r->key = key_from_view(cx, text_view_narrow(bytes + position, length));
    position += length;
    if (value_is_abrupt(r->key)) return false;
    uint32_t index;
    if (key_as_array_index(r->key, &index) || !value_is_string(r->key) || shape_lookup(shape, r->key)) return false;
    shape = shape_add_property(cx, shape, r->key, PROPERTY_DEFAULT);
    if (!shape) return false;
    r->shape = value_internal(shape);
  }
  *result = shape;
  return shape->count > 0 && shape->slot_count == shape->count;
}

uint32_t message_describe_shape(CaissonRuntime *runtime, const uint8_t *bytes, size_t size) {
  Context *cx = &runtime->cx;
  Bridge *bridge = runtime->bridge;
  const Memory *memory = &cx->memory;
  if (bridge->shape_count == PROTOCOL_SHAPE_COUNT || memory->limit < memory->used ||
      memory->limit - memory->used < ROOM_FOR_SHAPE || cx->termination != TERMINATION_NONE)
    return UINT32_MAX;
  if (!bridge->shapes) bridge->shapes = memory_allocate_zeroed(&cx->memory, TABLE_SIZE);
  if (!bridge->shapes) return UINT32_MAX;
  ROOTS(cx, r, exception);
  r->exception = cx->exception;
  Shape *shape;
  bool is_read = read_keys(cx, bytes, size, &shape);
  cx->exception = r->exception;
  if (!is_read) return UINT32_MAX;
  bridge->shapes[bridge->shape_count] = shape;
  return bridge->shape_count++;
}

Shape *message_shape(Context *cx, uint32_t number) {
  const Bridge *bridge = host_of(cx)->bridge;
  return number < bridge->shape_count ? bridge->shapes[number] : NULL;
}

void message_shapes_trace(CaissonRuntime *runtime, Tracer *tracer) {
  const Bridge *bridge = runtime->bridge;
  for (uint32_t i = 0; i < bridge->shape_count; i++) tracer_visit_value(tracer, value_internal(bridge->shapes[i]));
}

void message_shapes_release(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  if (bridge->shapes) memory_release(&runtime->cx.memory, bridge->shapes, TABLE_SIZE);
  bridge->shapes = NULL;
  bridge->shape_count = 0;
}
