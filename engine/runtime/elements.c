// Dense elements: a Values cell whose items from element_count on are holes. A write far beyond the end makes the
// object sparse for good.
#include "runtime/own_property.h"

enum {
  ELEMENTS_GAP_LIMIT = 1024,          // holes that a write beyond the end may make, while the elements are few
  ELEMENTS_DECLARED_LIMIT = 1 << 20,  // `new Array(n)` up to this size is dense, in whatever order it is filled
  ELEMENTS_PREALLOCATE_LIMIT = 1 << 16,
  ELEMENTS_MAX = 1 << 28,
};

static uint32_t elements_capacity(const Object *object) {
  return object->elements ? values_count(object->elements) : 0;
}

void elements_release(Context *cx, Values *elements) {
  if (!elements) return;
  Values *cell = elements_cell(elements);
  heap_free(&cx->heap, &cell->cell);
}

static uint32_t elements_offset(const Values *elements) {  // in words, of the header within the cell
  return elements->cell.flags & VALUES_INSIDE ? (uint32_t)value_as_int(((const Value *)elements)[-1]) : 0;
}

// Puts the header `offset` words into the cell; the caller clears the words before it. An offset of 1 is impossible:
// there is no room for the number.
static void elements_place(Object *object, Values *cell, uint32_t offset) {
  ASSERT(offset != 1);
  object->elements = (Values *)((Value *)cell + offset);
  if (offset == 0) return;
  object->elements->cell = cell->cell;
  object->elements->cell.flags |= VALUES_INSIDE;
  values_set_count(object->elements, values_count(cell) - offset);
  ((Value *)object->elements)[-1] = value_int((int32_t)offset);
}

// bounded: the elements paid for this space when they were stored, and the caller pays for moving them.
static void elements_fill_holes(Value *from, Value *to) {
  while (from < to) *from++ = VALUE_HOLE;
}

// Moves the elements to the beginning of their cell.
static void elements_close_front(Context *cx, Object *object) {
  uint32_t offset = elements_offset(object->elements), count = object->element_count;
  if (offset == 0) return;
  Value *items = object->elements->items;
  heap_keep_contents(&cx->heap, &elements_cell(object->elements)->cell);
  elements_place(object, elements_cell(object->elements), 0);
  fuel_spend(&cx->fuel, (count + offset) / (CHARGE_COPY / sizeof(Value)));
  memmove(object->elements->items, items, count * sizeof(Value));
  elements_fill_holes(object->elements->items + count, items + count);
}

static bool elements_resize(Context *cx, Object *object, uint32_t capacity) {
  // The room that a queue has left behind is used first.
  if (object->elements && elements_offset(object->elements) &&
      values_count(elements_cell(object->elements)) >= capacity) {
    elements_close_front(cx, object);
    return true;
  }
  Values *values = values_create(cx, capacity);
  if (!values) return false;
  Values *old = object->elements;
  if (old) memcpy(values->items, old->items, object->element_count * sizeof(Value));
  elements_release(cx, old);
  object->elements = values;
  return true;
}

enum { FRONT_LEAST = 32 };  // with fewer elements, moving them costs less than managing a header

void array_drop_front(Context *cx, Object *array, uint32_t count) {
  uint32_t left = array->element_count - count, old_offset = elements_offset(array->elements),
           offset = old_offset + count;
  Values *cell = elements_cell(array->elements);
  Value *words = (Value *)cell, *items = array->elements->items;
  fuel_spend(&cx->fuel, count / FUEL_STEPS_PER_UNIT);
  heap_keep_values(&cx->heap, items, count);
  if (left < FRONT_LEAST || (offset == 1 && left == values_count(array->elements) - 1)) {
    fuel_spend(&cx->fuel, left / (CHARGE_COPY / sizeof(Value)));
    heap_keep_values(&cx->heap, items + count, left);
    memmove(items, items + count, left * sizeof(Value));
    elements_fill_holes(items + left, items + array->element_count);
    array->element_count = left;
    if (left == 0 && old_offset) {
      elements_fill_holes(words + old_offset - 1, words + old_offset + 1);
      elements_place(array, cell, 0);
    }
    return;
  }
  if (offset == 1) {  // there is no room for the offset, so the elements go one word further
    offset = 2;
    fuel_spend(&cx->fuel, left / (CHARGE_COPY / sizeof(Value)));
    heap_keep_contents(&cx->heap, &cell->cell);
    memmove(items + 2, items + 1, left * sizeof(Value));
  }
  elements_fill_holes(words + (old_offset ? old_offset - 1 : 1), words + offset);
  elements_place(array, cell, offset);
  array->element_count = left;
}

// bounded: the cell pays for its size when it is made.
bool array_extend_front(Context *cx, Object *array, uint32_t count) {
  uint32_t offset = array->elements ? elements_offset(array->elements) : 0, old = array->element_count;
  if (count == 0) return true;
  if (offset >= count && offset - count != 1) {
    Values *cell = elements_cell(array->elements);
    elements_fill_holes((Value *)cell + offset - 1, (Value *)cell + offset + 1);
    elements_place(array, cell, offset - count);
    array->element_count = old + count;
    return true;
  }
  if (old < FRONT_LEAST) {
    if (!object_reserve_elements(cx, array, old + count)) return false;
    heap_keep_values(&cx->heap, array->elements->items, old);
    memmove(array->elements->items + count, array->elements->items, old * sizeof(Value));
    elements_fill_holes(array->elements->items, array->elements->items + count);
    array->element_count = old + count;
    return true;
  }
  // Leaves as much room at either end as usual at the back.
  uint32_t room = (old + count) / 2 + 2;
  Values *values = values_create(cx, room + old + count + room);
  if (!values) return false;
  memcpy(values->items + room + count, array->elements->items, old * sizeof(Value));
  elements_release(cx, array->elements);
  array->elements = values;
  elements_place(array, values, room);
  array->element_count = old + count;
  return true;
}

bool object_reserve_elements(Context *cx, Object *object, uint32_t capacity) {
  uint32_t old = elements_capacity(object);
  if (capacity <= old) return true;
  return elements_resize(cx, object, MAX_OF(capacity, old ? old + old / 2 + 4 : 0));
}

// Whether at least an eighth of the new size would be in use. Writes at powers of two (flags of an enumeration) double
// the array each time and leave it nearly empty.
static bool elements_are_in_use(Context *cx, const Object *object, uint32_t index) {
  uint32_t live = 0;
  fuel_spend(&cx->fuel, object->element_count / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < object->element_count; i++) live += !value_is_hole(object->elements->items[i]);
  return live >= index / 8;
}

static bool element_would_be_sparse(Context *cx, const Object *object, uint32_t index) {
  if (index < elements_capacity(object)) return false;
  if (index >= ELEMENTS_MAX) return true;
  // Many small gaps in a row leave the array as empty as a large one does.
  bool is_small_gap = index - object->element_count <= ELEMENTS_GAP_LIMIT;
  if (is_small_gap && (index <= ELEMENTS_GAP_LIMIT * 4 || elements_are_in_use(cx, object, index))) return false;
  if (index / 2 < object->element_count && elements_are_in_use(cx, object, index)) return false;
  return !(object->cell.kind == CELL_ARRAY && index <= object->length && object->length <= ELEMENTS_DECLARED_LIMIT);
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
  elements_release(cx, elements);
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
    cell_store(cx, &object->slots[property->slot], value);
    return true;
  }
  object_layout_changes(cx, object);
  if (!element_make_room(cx, object, index)) return false;
  cell_store(cx, &object->elements->items[index], value);
  if (index >= object->element_count) object->element_count = index + 1;
  return true;
}
