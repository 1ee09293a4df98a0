// The tables behind Map, Set, WeakMap, WeakSet, WeakRef and FinalizationRegistry.
//
// A HashTable keeps its entries in order of insertion. Each entry carries an ordinal; ordinals only grow. So an
// iterator remembers only the ordinal that it wants next: whatever is deleted, cleared or compacted meanwhile, the
// entries from that ordinal on are those still to visit. A table stores ordinals as distances from that of its first
// entry, in 37 bits; ordinals themselves end at 2^53.
#ifndef CAISSON_COLLECTIONS_H
#define CAISSON_COLLECTIONS_H

#include "runtime/objects.h"

typedef struct HashEntry {
  Value key;  // VALUE_HOLE: deleted
  Value value;
  uint64_t chain : 27;     // entry number + 1 of the next with the same bucket; 0: none
  uint64_t distance : 37;  // of its ordinal from the table's first
} HashEntry;
_Static_assert(sizeof(HashEntry) == 3 * sizeof(Value), "maps and sets are small");

typedef struct HashTable {
  Cell cell;  // extra: see hash_table_capacity
  uint32_t count, deleted;
  uint32_t bucket_mask;
  uint32_t first;  // entries before it are deleted (Maps used as queues)
  uint64_t first_ordinal, next_ordinal;
  HashEntry entries[];  // then uint32_t buckets[bucket_mask + 1], entry number + 1
} HashTable;
// In entries.
static inline uint32_t hash_table_capacity(const HashTable *table) { return table->cell.extra; }
static inline void hash_table_set_capacity(HashTable *table, uint32_t capacity) { table->cell.extra = capacity; }

typedef struct WeakEntry {
  Value key;  // an object or symbol; 0: free; VALUE_HOLE: removed
  Value value;
} WeakEntry;

typedef struct WeakTable {
  Cell cell;  // extra: see weak_table_capacity
  uint32_t count, removed;
  WeakEntry entries[];
} WeakTable;
// In entries: a power of two.
static inline uint32_t weak_table_capacity(const WeakTable *table) { return table->cell.extra; }
static inline void weak_table_set_capacity(WeakTable *table, uint32_t capacity) { table->cell.extra = capacity; }

typedef enum CollectionType { COLLECTION_MAP, COLLECTION_SET, COLLECTION_WEAK_MAP, COLLECTION_WEAK_SET } CollectionType;
typedef struct Collection {  // CELL_COLLECTION
  Object object;
  union {
    HashTable *table;  // NULL: empty
    WeakTable *weak;
  };
} Collection;
extern const ObjectClass object_class_collection;

static inline bool value_is_collection(Value value, CollectionType type) {
  return value_is_object_of(value, CELL_COLLECTION) && value_as_object(value)->collection_type == (uint32_t)type;
}
static inline Collection *value_as_collection(Value value) { return (Collection *)value_as_cell(value); }

enum { HASH_ABSENT = -1 };

// Maps and sets (keys by SameValueZero). collection_key prepares a key for the leaf functions: -0 becomes 0, strings
// are flattened and hashed.
MUST_CHECK bool collection_key(Context *cx, Value *key);
int64_t hash_table_find(Context *cx, const HashTable *table, Value key);  // entry number; leaf; table may be NULL
MUST_CHECK bool collection_put(Context *cx, Collection *collection, Value key, Value value);  // any key
Value collection_get(Context *cx, Collection *map, Value key);                                // undefined when absent
Tristate collection_has(Context *cx, Collection *collection, Value key);
Tristate collection_delete(Context *cx, Collection *collection, Value key);
void collection_clear(Context *cx, Collection *collection);
static inline uint32_t collection_size(const Collection *collection) {
  return collection->table ? collection->table->count - collection->table->deleted : 0;
}
// The first entry at or after *ordinal; *ordinal moves past it. NULL: none is left. Leaf.
const HashEntry *collection_step(Context *cx, const Collection *collection, uint64_t *ordinal);

MUST_CHECK bool hash_table_put(Context *cx, HashTable **table /*in a traced place*/, Value key, Value value);

// Weak maps and sets.
bool value_can_be_held_weakly(Value value);
const WeakEntry *weak_table_find(Context *cx, const WeakTable *table, Value key);  // leaf; table may be NULL
MUST_CHECK bool weak_collection_put(Context *cx, Collection *collection, Value key, Value value);
bool weak_collection_delete(Collection *collection, Value key);

void hash_table_trace(Tracer *tracer, Cell *cell);
void weak_table_trace(Tracer *tracer, Cell *cell);
void weak_table_trace_ephemerons(Tracer *tracer, Cell *cell);
void weak_table_clear(Heap *heap, Cell *cell);

// WeakRef and FinalizationRegistry ------------------------------------------------------------------------
typedef struct WeakRef {
  Object object;
  Value target;  // weak; undefined once dead
} WeakRef;
extern const ObjectClass object_class_weak_ref;
void weak_ref_clear(Heap *heap, Cell *cell);

typedef struct FinalizationCell {
  Value target;  // weak; VALUE_HOLE: free; VALUE_NULL: died, to be reported
  Value held;
  Value token;  // weak or undefined
} FinalizationCell;
typedef struct FinalizationRegistry {
  Object object;
  Value cleanup;
  Realm *realm;
  Cell *cells;         // CELL_BYTES of FinalizationCells, so that the collector does not trace their contents
  Value next_pending;  // in cx->finalization_queue
  bool is_pending;
  uint32_t scan;     // cells before it have been reported
  uint32_t program;  // the program that its callbacks work for
} FinalizationRegistry;
extern const ObjectClass object_class_finalization_registry;
void finalization_registry_clear(Heap *heap, Cell *cell);
MUST_CHECK bool finalization_registry_register(Context *cx, FinalizationRegistry *registry, Value target, Value held,
                                               Value token);
bool finalization_registry_unregister(Context *cx, FinalizationRegistry *registry, Value token);
// Calls the callback for one of the dead cells, which is then removed. False: the callback threw.
MUST_CHECK bool finalization_run_next(Context *cx);
static inline bool finalization_is_due(const Context *cx) { return value_is_object(cx->finalization_queue); }

// https://tc39.es/ecma262/#sec-addtokeptobjects
MUST_CHECK bool weak_keep_alive(Context *cx, Value target);

#endif
