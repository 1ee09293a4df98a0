#include "host/boundary/message_shapes.h"

#include "runtime/errors.h"
#include "runtime/realm.h"

enum {
  ROOM_FOR_SHAPE = 64 * 1024,                // the most that describing one takes: this table and the names of its keys
  PLACES = 256,                              // a power of two
  MOST_OF_GUEST = PROTOCOL_SHAPE_COUNT / 2,  // the guest leaves the rest to the host
  SEEN_ONCE = -1,
  NOT_TAKEN = -2,
};

typedef struct ShapePlace {
  const Shape *shape;  // weak unless numbered: another may have its address by now, and is described later or never
  int32_t number;
} ShapePlace;

typedef struct ShapeTable {
  Shape *shapes[PROTOCOL_SHAPE_COUNT];
  ShapePlace places[PLACES];  // shapes that the guest has sent, by their addresses
  uint8_t description[1 + PROTOCOL_SHAPE_KEYS * (1 + PROTOCOL_SHAPE_KEY_LENGTH)];
} ShapeTable;

static bool has_room(const Memory *memory) {
  return memory->used < memory->limit && memory->limit - memory->used >= ROOM_FOR_SHAPE;
}

static ShapeTable *table_of(Context *cx) {
  Bridge *bridge = host_of(cx)->bridge;
  if (!bridge->shapes && has_room(&cx->memory))
    bridge->shapes = memory_allocate_zeroed(&cx->memory, sizeof(ShapeTable));
  return bridge->shapes;
}

// Reads names of properties: no two are equal, and none is an index.
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
  if (bridge->shape_count == PROTOCOL_SHAPE_COUNT || !has_room(&cx->memory) || cx->termination != TERMINATION_NONE ||
      !table_of(cx))
    return MESSAGE_NO_SHAPE;
  ROOTS(cx, r, exception);
  r->exception = cx->exception;
  Shape *shape;
  bool is_read = read_keys(cx, bytes, size, &shape);
  cx->exception = r->exception;
  if (!is_read) return MESSAGE_NO_SHAPE;
  bridge->shapes->shapes[bridge->shape_count] = shape;
  return bridge->shape_count++;
}

Shape *message_shape(Context *cx, uint32_t number) {
  const Bridge *bridge = host_of(cx)->bridge;
  return number < bridge->shape_count ? bridge->shapes->shapes[number] : NULL;
}

// Whether a description has room for the shape: a plain object whose properties are plain data, with slots in order. A
// described shape must keep no realm alive.
static bool is_describable(CaissonRuntime *runtime, const Shape *shape) {
  if (shape->cell.flags & ~SHAPE_CACHED || shape->class_ != &object_class_ordinary || shape->count == 0 ||
      shape->prototype != value_as_object(runtime->main_realm->intrinsics[INTRINSIC_ObjectPrototype]) ||
      shape->count > PROTOCOL_SHAPE_KEYS || shape->slot_count != shape->count)
    return false;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *property = &shape->properties->entries[i];
    if (!key_is_atom(property->key) || property->attributes != PROPERTY_DEFAULT || property->slot != i) return false;
    const String *name = value_as_string(property->key);
    if (name->cell.flags & STRING_WIDE || string_length(name) > PROTOCOL_SHAPE_KEY_LENGTH) return false;
  }
  return true;
}

static int32_t number_of(Context *cx, Shape *shape) {
  Bridge *bridge = host_of(cx)->bridge;
  for (uint32_t i = 0; i < bridge->shape_count; i++)
    if (bridge->shapes->shapes[i] == shape) return (int32_t)i;
  if (bridge->shape_count >= MOST_OF_GUEST || !is_describable(host_of(cx), shape)) return NOT_TAKEN;
  bridge->shapes->shapes[bridge->shape_count] = shape;
  return (int32_t)bridge->shape_count++;
}

uint32_t message_shape_number(Context *cx, Shape *shape) {
  ShapeTable *table = table_of(cx);
  if (!table) return MESSAGE_NO_SHAPE;
  ShapePlace *place = &table->places[(uintptr_t)shape / sizeof(Value) % PLACES];
  if (place->shape != shape) *place = (ShapePlace){shape, SEEN_ONCE};
  else if (place->number == SEEN_ONCE) place->number = number_of(cx, shape);
  return place->number >= 0 ? (uint32_t)place->number : MESSAGE_NO_SHAPE;
}

const uint8_t *message_shape_description(CaissonRuntime *runtime, uint32_t number) {
  const Shape *shape = message_shape(&runtime->cx, number);
  if (!shape) return NULL;
  uint8_t *description = runtime->bridge->shapes->description, *next = description;
  *next++ = (uint8_t)shape->count;
  for (uint32_t i = 0; i < shape->count; i++) {
    const String *name = value_as_string(shape->properties->entries[i].key);
    uint32_t length = string_length(name);
    *next++ = (uint8_t)length;
    memcpy(next, name->narrow, length);
    next += length;
  }
  return description;
}

void message_shapes_trace(CaissonRuntime *runtime, Tracer *tracer) {
  const Bridge *bridge = runtime->bridge;
  for (uint32_t i = 0; i < bridge->shape_count; i++)
    tracer_visit_value(tracer, value_internal(bridge->shapes->shapes[i]));
}

void message_shapes_release(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  if (bridge->shapes) memory_release(&runtime->cx.memory, bridge->shapes, sizeof(ShapeTable));
  bridge->shapes = NULL;
  bridge->shape_count = 0;
}
