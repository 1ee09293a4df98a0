// [[OwnPropertyKeys]]: integer indices ascending, then strings, then symbols in order of creation.
#include "runtime/own_property.h"
#include "runtime/recorded_methods.h"
#include "runtime/replay.h"

static bool key_is_private(PropertyKey key) {
  return key_is_symbol(key) && (value_as_symbol(key)->cell.flags & SYMBOL_PRIVATE);
}

typedef struct KeyCounts {
  uint32_t dense, indices, strings, symbols;
} KeyCounts;

static KeyCounts keys_count(Context *cx, const Object *object) {
  KeyCounts counts = {0};
  fuel_spend(&cx->fuel, (object->element_count + object->shape->count) / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < object->element_count; i++) counts.dense += !value_is_hole(object->elements->items[i]);
  const Shape *shape = object->shape;
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    uint32_t index;
    if (!key || key_is_private(key)) continue;
    if (key_is_symbol(key)) {
      counts.symbols++;
    } else if (key_as_array_index(key, &index)) {
      counts.indices++;
    } else {
      counts.strings++;
    }
  }
  counts.strings += key_is_array_length(cx, object, cx->names->length);
  return counts;
}

static void indices_sift_down(uint32_t *indices, uint32_t root, uint32_t count) {
  for (;;) {
    uint32_t child = root * 2 + 1;
    if (child >= count) return;
    if (child + 1 < count && indices[child + 1] > indices[child]) child++;
    if (indices[root] >= indices[child]) return;
    uint32_t swap = indices[root];
    indices[root] = indices[child];
    indices[child] = swap;
    root = child;
  }
}

static void indices_sort(uint32_t *indices, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) indices_sift_down(indices, i, count);
  for (uint32_t end = count; end-- > 1;) {
    uint32_t swap = indices[0];
    indices[0] = indices[end];
    indices[end] = swap;
    indices_sift_down(indices, 0, end);
  }
}

uint32_t *object_sorted_indices(Context *cx, const Object *object, uint32_t *count, size_t *size) {
  const Shape *shape = object->shape;
  uint32_t n = 0, index;
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    n += key && key_as_array_index(key, &index);
  }
  *size = (n + 1) * sizeof(uint32_t);
  uint32_t *indices = memory_allocate(&cx->memory, *size);
  if (!indices) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  *count = 0;
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    if (key && key_as_array_index(key, &index)) indices[(*count)++] = index;
  }
  fuel_spend(&cx->fuel, (shape->count + n * (size_t)(n ? 32 - __builtin_clz(n) : 0)) / FUEL_STEPS_PER_UNIT);
  indices_sort(indices, n);
  return indices;
}

static bool keys_add_index(Context *cx, Values *keys, uint32_t *next, uint32_t index) {
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
  Value string = string_from_uint32(cx, index);
  if (value_is_abrupt(string)) return false;
  keys->items[(*next)++] = string;
  return true;
}

static bool keys_add_sparse(Context *cx, Object *object, Values *keys, uint32_t *next) {
  uint32_t count;
  size_t size;
  uint32_t *indices = object_sorted_indices(cx, object, &count, &size);
  if (!indices) return false;
  bool added = true;
  for (uint32_t i = 0; added && i < count; i++) added = keys_add_index(cx, keys, next, indices[i]);
  memory_release(&cx->memory, indices, size);
  return added;
}

// bounded: the list pays for its size when it is made.
static void keys_add_named(const Shape *shape, Values *keys, uint32_t *next, bool symbols) {
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    uint32_t index;
    if (!key || key_is_symbol(key) != symbols || key_is_private(key) || key_as_array_index(key, &index)) continue;
    keys->items[(*next)++] = key;
  }
}

// https://tc39.es/ecma262/#sec-ordinaryownpropertykeys
Value ordinary_own_keys(Context *cx, Object *object) {
  ROOTS(cx, r, keys);
  KeyCounts counts = keys_count(cx, object);
  Values *keys = values_create(cx, counts.dense + counts.indices + counts.strings + counts.symbols);
  if (!keys) return VALUE_ABRUPT;
  r->keys = value_internal(keys);
  if (!context_charge(cx, (int32_t)(values_count(keys) / 4))) return context_throw_interrupted(cx);
  uint32_t next = 0;
  for (uint32_t i = 0; i < object->element_count; i++) {
    if (!value_is_hole(object->elements->items[i]) && !keys_add_index(cx, keys, &next, i)) return VALUE_ABRUPT;
  }
  if (counts.indices && !keys_add_sparse(cx, object, keys, &next)) return VALUE_ABRUPT;
  if (key_is_array_length(cx, object, cx->names->length)) keys->items[next++] = cx->names->length;
  keys_add_named(object->shape, keys, &next, false);
  if (counts.symbols) keys_add_named(object->shape, keys, &next, true);
  ASSERT(next == values_count(keys));
  return r->keys;
}

Value object_perform_own_keys(Context *cx, Object *object) {
  if (!object_ensure_filled(cx, object)) return VALUE_ABRUPT;
  const ObjectClass *class_ = object->shape->class_;
  return class_->own_keys ? class_->own_keys(cx, object) : ordinary_own_keys(cx, object);
}

Value object_own_keys(Context *cx, Object *object) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_own_keys(cx, object);
  return object_perform_own_keys(cx, object);
}
