// What the files that implement objects share about shapes; other files use objects.h.
#ifndef CAISSON_SHAPES_H
#define CAISSON_SHAPES_H

#include "runtime/objects.h"

// Keys of transitions that add no property (Values that are never property keys).
#define SHAPE_KEY_NOT_EXTENSIBLE VALUE_MAKE(VALUE_TAG_SPECIAL, 16)
#define SHAPE_KEY_SEALED VALUE_MAKE(VALUE_TAG_SPECIAL, 17)
#define SHAPE_KEY_FROZEN VALUE_MAKE(VALUE_TAG_SPECIAL, 18)

enum { SHAPE_DICTIONARY_FROM = 512, PROPERTY_TABLE_SCAN_LIMIT = 8 };

// A shape's children by (key, attributes): open addressing over a power of two, entries weak.
typedef struct TransitionTable {
  Cell cell;  // extra: see transition_table_capacity
  uint32_t count;
  uint32_t reserved;
  Shape *entries[];
} TransitionTable;
static inline uint32_t transition_table_capacity(const TransitionTable *table) { return table->cell.extra; }
static inline void transition_table_set_capacity(TransitionTable *table, uint32_t capacity) {
  table->cell.extra = capacity;
}

// The shape of unfilled built-in objects of the class with that prototype; its last_key refers to their realm.
MUST_CHECK Shape *shape_for_unfilled(Context *cx, Realm *realm, const ObjectClass *class_, Object *prototype);
Realm *shape_realm_of_unfilled(const Shape *shape);
// Makes an unfilled object an ordinary dictionary with room for `extra` properties (object_append_reserved).
MUST_CHECK bool object_begin_filling(Context *cx, Object *object, uint32_t extra);

MUST_CHECK bool root_shapes_initialize(Context *cx);
void root_shapes_release(Context *cx);
void root_shapes_begin_clearing(Context *cx);
// Of heap->clear_weak_roots_partly.
bool root_shapes_clear_some(Context *cx, Heap *heap, size_t entries);

void property_table_trace(Tracer *tracer, Cell *cell);
void shape_trace(Tracer *tracer, Cell *cell);
void shape_clear_weak(Heap *heap, Cell *cell);
void transitions_trace(Tracer *tracer, Cell *cell);
void transitions_clear_weak(Heap *heap, Cell *cell);

// Property tables (runtime/property_tables.c). Entry numbers; PROPERTY_ABSENT when there is none.
#define PROPERTY_ABSENT UINT32_MAX
MUST_CHECK PropertyTable *property_table_create(Context *cx, uint32_t capacity);
// A copy of those of the first `count` entries that are not deleted, in order, with room for `capacity`.
MUST_CHECK PropertyTable *property_table_copy(Context *cx, const PropertyTable *from, uint32_t count,
                                              uint32_t capacity);
uint32_t property_table_find(const PropertyTable *table, PropertyKey key, uint32_t count);
void property_table_append(PropertyTable *table, PropertyKey key, uint32_t slot, uint32_t attributes);  // has room
void property_table_delete(PropertyTable *table, uint32_t entry);
size_t property_table_size(uint32_t capacity);

// Changes the attributes of the property `key`, which the object has. False: threw.
MUST_CHECK bool object_reconfigure_property(Context *cx, Object *object, PropertyKey key, uint32_t attributes);
// Removes the named property (present, not an element).
MUST_CHECK bool object_remove_property(Context *cx, Object *object, PropertyKey key);
MUST_CHECK bool object_change_prototype(Context *cx, Object *object, Object *prototype);
MUST_CHECK bool object_make_not_extensible(Context *cx, Object *object);
// Makes all properties non-configurable and the object not extensible; frozen: data properties become read-only too.
MUST_CHECK bool object_restrict_properties(Context *cx, Object *object, bool freeze);
// Makes the object a dictionary with room for `extra` more properties, so that adding them allocates nothing.
MUST_CHECK bool object_reserve_dictionary(Context *cx, Object *object, uint32_t extra);
void object_append_reserved(Object *object, PropertyKey key, Value value, uint32_t attributes);
// The array indices among the keys of the shape, ascending, in accounted memory of *size bytes. NULL: threw.
MUST_CHECK uint32_t *object_sorted_indices(Context *cx, const Object *object, uint32_t *count, size_t *size);
Values *object_slots_cell(const Object *object);  // the cell of its slots; NULL: they are in the object itself
// Must be called before the layout of an object changes.
static inline void object_layout_changes(Context *cx, Object *object) {
  if (UNLIKELY(object->cell.flags & OBJECT_USED_AS_PROTOTYPE)) context_begin_prototype_epoch(cx);
}

#endif
