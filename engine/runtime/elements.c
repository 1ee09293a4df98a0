// Dense elements: a Values cell whose items from element_count on are holes. Writing far beyond the end
// makes the object sparse for good.
#include "runtime/own_property.h"

enum {
  ELEMENTS_GAP_LIMIT = 1024,         // holes that a write beyond the end may make, while the elements are few
  ELEMENTS_DECLARED_LIMIT = 1 << 20, // `new Array(n)` up to here is dense in whatever order it is filled
  ELEMENTS_PREALLOCATE_LIMIT = 1 << 16,
  ELEMENTS_MAX = 1 << 28,
};

static uint32_t elements_capacity(const Object *object) { return object->elements ? object->elements->cell.extra : 0; }

static bool elements_resize(Context *cx, Object *object, uint32_t capacity) {
  Values *values = values_create(cx, capacity);
  if (!values) return false;
  Values *old = object->elements;
  if (old) {
    memcpy(values->items, old->items, object->element_count * sizeof(Value));
    heap_free(&cx->heap, &old->cell, sizeof(Values) + old->cell.extra * sizeof(Value));
  }
  object->elements = values;
  return true;
}

bool object_reserve_elements(Context *cx, Object *object, uint32_t capacity) {
  uint32_t old = elements_capacity(object);
  if (capacity <= old) return true;
  return elements_resize(cx, object, MAX_OF(capacity, old ? old + old / 2 + 4 : 0));
}

// Whether an eighth of what would be allocated is in use: writes at powers of two (flags of an enumeration) double the
// array each time and leave it nearly empty.
static bool elements_are_in_use(Context *cx, const Object *object, uint32_t index) {
  uint32_t live = 0;
  fuel_spend(&cx->fuel, object->element_count / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < object->element_count; i++) live += !value_is_hole(object->elements->items[i]);
  return live >= index / 8;
}

static bool element_would_be_sparse(Context *cx, const Object *object, uint32_t index) {
  if (index < elements_capacity(object)) return false;
  if (index >= ELEMENTS_MAX) return true;
  // Many small gaps in a row are as empty as a large one.
  bool is_small_gap = index - object->element_count <= ELEMENTS_GAP_LIMIT;
  if (is_small_gap && (index <= ELEMENTS_GAP_LIMIT * 4 || elements_are_in_use(cx, object, index))) return false;
  if (index / 2 < object->element_count && elements_are_in_use(cx, object, index)) return false;
  return !(object->cell.kind == CELL_ARRAY && index < object->length && object->length <= ELEMENTS_DECLARED_LIMIT);
}

static bool element_make_room(Context *cx, Object *object, uint32_t index) {
  uint32_t old = elements_capacity(object);
  if (LIKELY(index < old)) return true;
  uint32_t capacity = MAX_OF(index + 1, old + old / 2 + 4);
  if (object->cell.kind == CELL_ARRAY && index < object->length) {
    capacity = MAX_OF(capacity, MIN_OF(object->length, (uint32_t)ELEMENTS_PREALLOCATE_LIMIT));
  }
  return elements_resize(cx, object, capacity);
}

bool object_make_sparse(Context *cx, Object *object) {
  if (object->cell.flags & OBJECT_SPARSE) return true;
  uint32_t count = object->element_count, live = 0;
  fuel_spend(&cx->fuel, count);
  for (uint32_t i = 0; i < count; i++) live += !value_is_hole(object->elements->items[i]);
  if (!object_reserve_dictionary(cx, object, live)) return false;
  uint32_t attributes = elements_attributes(object);
  Values *elements = object->elements;
  for (uint32_t i = 0; i < count; i++) {
    if (!value_is_hole(elements->items[i])) {
      object_append_reserved(object, value_int((int32_t)i), elements->items[i], attributes);
    }
  }
  object->elements = NULL;
  object->element_count = 0;
  object->cell.flags |= OBJECT_SPARSE;
  if (elements) heap_free(&cx->heap, &elements->cell, sizeof(Values) + elements->cell.extra * sizeof(Value));
  return true;
}

bool element_put(Context *cx, Object *object, uint32_t index, Value value) {
  if (!(object->cell.flags & OBJECT_SPARSE) && UNLIKELY(element_would_be_sparse(cx, object, index)) &&
      !object_make_sparse(cx, object)) {
    return false;
  }
  if (object->cell.flags & OBJECT_SPARSE) {
    const Property *property = shape_lookup(object->shape, value_int((int32_t)index));
    if (!property) return object_transition(cx, object, value_int((int32_t)index), value, PROPERTY_DEFAULT);
    object->slots[property->slot] = value;
    return true;
  }
  object_layout_changes(cx, object);
  if (!element_make_room(cx, object, index)) return false;
  cell_store(&object->elements->cell, &object->elements->items[index], value);
  if (index >= object->element_count) object->element_count = index + 1;
  return true;
}
