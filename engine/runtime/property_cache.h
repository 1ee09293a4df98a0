// What inline caches ask of the object model.
//
// A hit is guarded by the receiver's shape and, when the holder is another object (or the property is absent), by
// cx->prototype_epoch. The value is always read through holder->slots[slot]. caches_begin_round empties every cache
// that holds an epoch; other caches compare context_layout_time.
#ifndef CAISSON_PROPERTY_CACHE_H
#define CAISSON_PROPERTY_CACHE_H

#include "runtime/objects.h"

typedef struct PropertyLookup {
  Object *holder;  // NULL: no object in the chain has it
  uint32_t slot;
  uint32_t attributes;
  bool is_own;  // holder is the receiver itself
} PropertyLookup;

// Walks the chain from `receiver` (for a primitive: from its prototype). False: must not be cached (exotic objects,
// index keys, array length, lazy properties). Leaf. Marks the objects that it passes so that changes invalidate caches:
// dictionaries as cached, prototypes as prototypes.
bool object_lookup_for_cache(Context *cx, Object *receiver, PropertyKey key, PropertyLookup *out);

// After a store that changed an object's shape from `before` to object->shape: true when that was the plain addition of
// `key` as a default data property. It may be repeated for objects of shape `before` while the prototype epoch is the
// same. The new slot is after->slot_count - 1; slots may have to grow first (object_grow_slots). Leaf.
bool shape_is_addition(const Shape *before, const Shape *after, PropertyKey key);

// A cache by (shape, key) for megamorphic sites and for C; emptied at each collection.
enum { STUB_CACHE_SIZE = 1024 };
typedef struct StubEntry {
  const Shape *shape;  // NULL: free
  PropertyKey key;
  Object *holder;  // NULL: own property of the receiver, at slot
  uint32_t slot;
  uint32_t attributes;
  uint32_t epoch;  // of prototypes, when holder is set
} StubEntry;
struct StubCache {
  StubEntry entries[STUB_CACHE_SIZE];
};
static inline StubEntry *stub_cache_entry(StubCache *cache, const Shape *shape, PropertyKey key) {
  uint32_t hash = ((uint32_t)((uintptr_t)shape >> 4) ^ key_hash(key)) & (STUB_CACHE_SIZE - 1);
  return &cache->entries[hash];
}
// An absent property is found in slot 0 of cx->absent_holder. NULL: not cacheable.
const StubEntry *stub_cache_find(Context *cx, Object *receiver, PropertyKey key);  // looks up and fills; leaf
void stub_cache_clear(Context *cx);
void stub_cache_release(Context *cx);

#endif
