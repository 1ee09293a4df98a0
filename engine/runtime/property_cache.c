#include "runtime/property_cache.h"

#include "base/counters.h"
#include "runtime/hooks.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"

static void shape_note_cached(Shape *shape) {
  if (shape->cell.flags & SHAPE_DICTIONARY) shape->cell.flags |= SHAPE_CACHED;
}

// String objects override only `length` and index keys.
static bool name_is_ordinary(const Context *cx, const Object *object, PropertyKey key) {
  if (key_is_array_length(cx, object, key) || object_is_unfilled(object)) return false;
  if (object_is_ordinary_for(object, key)) return true;
  return object->cell.kind == CELL_PRIMITIVE && key_is_plain_name(key) && key != cx->names->length;
}

bool object_lookup_for_cache(Context *cx, Object *receiver, PropertyKey key, PropertyLookup *out) {
  if (key_is_index(key)) return false;
  for (Object *object = receiver; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (!name_is_ordinary(cx, object, key)) return false;
    if (object == receiver) {
      shape_note_cached(object->shape);
    } else {
      object_mark_as_prototype(cx, object);
    }
    const Property *property = shape_lookup(object->shape, key);
    if (!property) continue;
    uint32_t attributes = property->attributes;
    if (attributes & PROPERTY_LAZY) {
      // Closures share shapes, so the slot of one says nothing about that of another.
      if (object->cell.kind == CELL_CLOSURE || property_is_unfilled(object->slots[property->slot])) return false;
      attributes &= ~(uint32_t)PROPERTY_LAZY;
    }
    *out = (PropertyLookup){object, property->slot, attributes, object == receiver};
    return true;
  }
  *out = (PropertyLookup){0};
  return true;
}

bool shape_is_addition(const Shape *before, const Shape *after, PropertyKey key) {
  return after->parent == before && after->last_key == key && shape_last_attributes(after) == PROPERTY_DEFAULT &&
         !((before->cell.flags | after->cell.flags) & SHAPE_DICTIONARY);
}

const StubEntry *stub_cache_find(Context *cx, Object *receiver, PropertyKey key) {
  if (UNLIKELY(!cx->stub_cache)) {
    cx->stub_cache = memory_allocate_zeroed(&cx->memory, sizeof(StubCache));
    if (!cx->stub_cache) return NULL;
  }
  StubEntry *entry = stub_cache_entry(cx->stub_cache, receiver->shape, key);
  if (entry->shape == receiver->shape && entry->key == key && (!entry->holder || entry->epoch == cx->prototype_epoch)) {
    return entry;
  }
  PropertyLookup found;
  if (!object_lookup_for_cache(cx, receiver, key, &found)) return NULL;
  Object *holder = found.is_own ? NULL : found.holder ? found.holder : value_as_object(cx->absent_holder);
  *entry = (StubEntry){receiver->shape, key, holder, found.slot, found.attributes, cx->prototype_epoch};
  return entry;
}

void stub_cache_clear(Context *cx) {
  if (cx->stub_cache) memset(cx->stub_cache, 0, sizeof(StubCache));
}

static void empty_cell_caches(void *sink, Cell *cell, size_t size) {
  (void)size;
  Context *cx = sink;
  if (cell->kind == CELL_CODE) cx->hooks->empty_caches(cx, (Code *)cell);
}

// bounded: once in 2^32 changes.
void caches_begin_round(Context *cx) {
  stub_cache_clear(cx);
  for (Realm *realm = cx->first_realm; realm; realm = realm->next) realm->quiet_close_epoch = 0;
  heap_for_each_cell(&cx->heap, empty_cell_caches, cx);
  cx->prototype_epoch = COUNTER_FIRST_32;
  cx->epoch_rounds++;
}

void stub_cache_release(Context *cx) {
  memory_release(&cx->memory, cx->stub_cache, sizeof(StubCache));
  cx->stub_cache = NULL;
}
