// What Map, Set, WeakMap and WeakSet share.
#ifndef CAISSON_BUILTINS_COLLECTION_H
#define CAISSON_BUILTINS_COLLECTION_H

#include "runtime/collections.h"
#include "runtime/functions.h"

// The constructors: entries or values come from an iterable through the `set` or `add` of the new object.
Value collection_construct(Context *cx, const Call *call, CollectionType type);
// The receiver, checked. NULL: threw.
MUST_CHECK Collection *collection_this(Context *cx, Value value, CollectionType type);

enum { COLLECTION_KEYS, COLLECTION_VALUES, COLLECTION_ENTRIES };
// Creates an iterator; its slots: the collection (undefined when exhausted), the next ordinal, the kind of results.
Value collection_iterator_create(Context *cx, Value collection, bool is_map, int32_t kind);
// `next` of map and set iterators; magic: is_map.
Value collection_iterator_next(Context *cx, const Call *call);

Value map_prototype_set(Context *cx, const Call *call);
Value set_prototype_add(Context *cx, const Call *call);

#endif
