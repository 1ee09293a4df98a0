// Shapes form trees. A child differs from its parent by one step: an added property, changed attributes, or a lost
// extensibility. A parent finds its children again through its transitions, which are weak; a child keeps its parent
// alive. Siblings and ancestors share one PropertyTable as long as each step appends to its end; a step that finds that
// another child has appended already copies the table.
//
// A dictionary shape belongs to one object and changes in place, unless an inline cache has seen it.
#include "runtime/shapes.h"

#include "runtime/functions.h"

enum {
  RECONFIGURED = 0x100,         // in the step's attributes: the step changed an existing property
  RECONFIGURATIONS_LIMIT = 32,  // beyond which an object becomes a dictionary
  REBUILD_LIMIT = 64,           // shapes with up to so many properties are rebuilt, larger ones become dictionaries
  ROOT_SHAPES_LEAST = 64,
};

struct RootShapes {
  Shape **entries;
  uint32_t capacity, count, removed;
  uint32_t cleared;  // while the heap clears weak references: the entries before it are cleared
};

#define SHAPE_REMOVED ((Shape *)(uintptr_t)1)

static bool class_is_exotic(const ObjectClass *class_) {
  if (class_->kind == CELL_ARRAY) return false;
  return class_->get_own_property || class_->define_own_property || class_->has_property || class_->get ||
         class_->set || class_->delete_property || class_->get_prototype;
}

static Shape *shape_create_root(Context *cx, const ObjectClass *class_, Object *prototype) {
  Shape *shape = context_allocate(cx, CELL_SHAPE, sizeof(Shape));
  if (!shape) return NULL;
  if (prototype) object_mark_as_prototype(cx, prototype);
  shape->cell.flags = class_is_exotic(class_) ? SHAPE_EXOTIC : 0;
  shape->class_ = class_;
  shape->prototype = prototype;
  shape->transitions = VALUE_HOLE;
  shape->last_key = VALUE_HOLE;
  return shape;
}

// Root shapes by prototype -------------------------------------------------------------------------------

static uint32_t root_shape_hash(const ObjectClass *class_, const Object *prototype) {
  uint32_t mixed = (uint32_t)((uintptr_t)class_ >> 4) * 31 + (uint32_t)((uintptr_t)prototype >> 4);
  return mixed * 2654435761u >> 7;
}

bool root_shapes_initialize(Context *cx) {
  RootShapes *roots = memory_allocate_zeroed(&cx->memory, sizeof(RootShapes));
  if (!roots) return false;
  cx->root_shapes = roots;
  roots->entries = memory_allocate_zeroed(&cx->memory, ROOT_SHAPES_LEAST * sizeof(Shape *));
  if (!roots->entries) return false;
  roots->capacity = ROOT_SHAPES_LEAST;
  return true;
}

void root_shapes_release(Context *cx) {
  RootShapes *roots = cx->root_shapes;
  if (!roots) return;
  memory_release(&cx->memory, roots->entries, roots->capacity * sizeof(Shape *));
  memory_release(&cx->memory, roots, sizeof(RootShapes));
  cx->root_shapes = NULL;
}

void root_shapes_begin_clearing(Context *cx) {
  if (cx->root_shapes) cx->root_shapes->cleared = 0;
}

bool root_shapes_clear_some(Context *cx, Heap *heap, size_t entries) {
  RootShapes *roots = cx->root_shapes;
  if (!roots) return true;
  uint32_t end = roots->capacity - roots->cleared > entries ? roots->cleared + (uint32_t)entries : roots->capacity;
  memory_spend(heap->memory, (end - roots->cleared) / FUEL_STEPS_PER_UNIT);
  for (; roots->cleared < end; roots->cleared++) {
    Shape *shape = roots->entries[roots->cleared];
    if (!shape || shape == SHAPE_REMOVED || heap_is_marked(heap, shape)) continue;
    roots->entries[roots->cleared] = SHAPE_REMOVED;
    roots->count--;
    roots->removed++;
  }
  return roots->cleared == roots->capacity;
}

static void root_shapes_place(Shape **entries, uint32_t capacity, Shape *shape) {
  uint32_t place = root_shape_hash(shape->class_, shape->prototype) & (capacity - 1);
  while (entries[place]) place = (place + 1) & (capacity - 1);
  entries[place] = shape;
}

// bounded: doubling moves each entry once.
static bool root_shapes_insert(Context *cx, Shape *shape) {
  RootShapes *roots = cx->root_shapes;
  if ((roots->count + roots->removed + 1) * 4 > roots->capacity * 3) {
    uint32_t capacity = roots->count * 2 >= roots->capacity ? roots->capacity * 2 : roots->capacity;
    Shape **entries = memory_allocate_zeroed(&cx->memory, capacity * sizeof(Shape *));
    if (!entries) {
      context_throw_out_of_memory(cx);
      return false;
    }
    context_spend_steps(cx, roots->capacity);
    for (uint32_t i = 0; i < roots->capacity; i++) {
      Shape *other = roots->entries[i];
      if (!other || other == SHAPE_REMOVED) continue;
      if (heap_is_dying(&cx->heap, other)) {
        roots->count--;
      } else {
        root_shapes_place(entries, capacity, other);
      }
    }
    memory_release(&cx->memory, roots->entries, roots->capacity * sizeof(Shape *));
    roots->entries = entries;
    roots->capacity = roots->cleared = capacity;
    roots->removed = 0;
  }
  root_shapes_place(roots->entries, roots->capacity, shape);
  roots->count++;
  return true;
}

static inline Shape *root_shape_find(Context *cx, const ObjectClass *class_, Object *prototype, uint8_t unfilled) {
  const RootShapes *roots = cx->root_shapes;
  uint32_t mask = roots->capacity - 1, place = root_shape_hash(class_, prototype) & mask;
  for (; roots->entries[place]; place = (place + 1) & mask) {
    Shape *shape = roots->entries[place];
    if (shape != SHAPE_REMOVED && shape->prototype == prototype && shape->class_ == class_ &&
        (shape->cell.flags & SHAPE_UNFILLED) == unfilled && !heap_is_dying(&cx->heap, shape)) {
      heap_keep_cell(&cx->heap, shape);
      return shape;
    }
  }
  return NULL;
}

Shape *shape_for_prototype(Context *cx, const ObjectClass *class_, Object *prototype) {
  Shape *found = root_shape_find(cx, class_, prototype, 0);
  if (LIKELY(found != NULL)) return found;
  // So a lookup along a chain meets no unfilled object after the first.
  if (prototype && !object_ensure_filled(cx, prototype)) return NULL;
  ROOTS(cx, r, shape);
  Shape *shape = shape_create_root(cx, class_, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  return root_shapes_insert(cx, shape) ? shape : NULL;
}

Shape *shape_for_unfilled(Context *cx, Realm *realm, const ObjectClass *class_, Object *prototype) {
  Shape *found = root_shape_find(cx, class_, prototype, SHAPE_UNFILLED);
  if (found) return found;
  ROOTS(cx, r, shape);
  Shape *shape = shape_create_root(cx, class_, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape->cell.flags |= SHAPE_EXOTIC | SHAPE_UNFILLED;
  shape->last_key = value_internal(realm);
  return root_shapes_insert(cx, shape) ? shape : NULL;
}

Realm *shape_realm_of_unfilled(const Shape *shape) {
  while (shape->parent) shape = shape->parent;
  return (Realm *)value_as_cell(shape->last_key);
}

// Transitions --------------------------------------------------------------------------------------------

static inline uint32_t transition_hash(PropertyKey key, uint32_t attributes) {
  uint32_t hash = value_tag(key) == VALUE_TAG_SPECIAL ? (uint32_t)key : key_hash(key);
  return hash ^ attributes * 0x9E3779B1u;
}

static Shape *shape_peek_transition(const Heap *heap, const Shape *shape, PropertyKey key, uint32_t attributes) {
  if (value_is_hole(shape->transitions)) return NULL;
  Cell *cell = value_as_cell(shape->transitions);
  if (cell->kind == CELL_SHAPE) {
    Shape *child = (Shape *)cell;
    bool matches = child->last_key == key && shape_last_attributes(child) == attributes;
    return matches && !heap_is_dying(heap, child) ? child : NULL;
  }
  const TransitionTable *table = (TransitionTable *)cell;
  uint32_t mask = transition_table_capacity(table) - 1;
  for (uint32_t place = transition_hash(key, attributes) & mask; table->entries[place]; place = (place + 1) & mask) {
    Shape *child = table->entries[place];
    if (child != SHAPE_REMOVED && child->last_key == key && shape_last_attributes(child) == attributes &&
        !heap_is_dying(heap, child))
      return child;
  }
  return NULL;
}

static inline Shape *shape_find_transition(Context *cx, const Shape *shape, PropertyKey key, uint32_t attributes) {
  Shape *found = shape_peek_transition(&cx->heap, shape, key, attributes);
  heap_keep_cell(&cx->heap, found);
  return found;
}

static void transitions_place(TransitionTable *table, Shape *child) {
  uint32_t mask = transition_table_capacity(table) - 1,
           place = transition_hash(child->last_key, shape_last_attributes(child)) & mask;
  while (table->entries[place]) place = (place + 1) & mask;
  table->entries[place] = child;
  table->count++;
}

static TransitionTable *transitions_create(Context *cx, uint32_t capacity) {
  TransitionTable *table = context_allocate(cx, CELL_TRANSITIONS, sizeof(TransitionTable) + capacity * sizeof(Shape *));
  if (table) transition_table_set_capacity(table, capacity);
  return table;
}

// Room for the living ones to double, so that a rehash is paid for by what was added since the last one. A table that
// only grew would take as much as all names that were ever used in it.
// bounded: by the entries that the caller moves and pays for
static uint32_t transitions_wanted_capacity(const Heap *heap, const TransitionTable *table) {
  uint32_t living = 0, capacity = transition_table_capacity(table);
  for (uint32_t i = 0; i < capacity; i++) {
    const Shape *child = table->entries[i];
    living += child && child != SHAPE_REMOVED && !heap_is_dying(heap, child);
  }
  if (living * 2 >= capacity) return capacity * 2;
  while (capacity > 8 && living * 8 < capacity) capacity /= 2;
  return capacity;
}

// `child` is rooted.
// bounded: each entry is moved once for one or more that were added.
static bool shape_add_transition(Context *cx, Shape *shape, Shape *child) {
  bool is_dying = !value_is_hole(shape->transitions) && heap_is_dying(&cx->heap, value_as_cell(shape->transitions));
  if (value_is_hole(shape->transitions) || is_dying) {
    shape->transitions = value_internal(child);
    return true;
  }
  Cell *cell = value_as_cell(shape->transitions);
  TransitionTable *old = cell->kind == CELL_TRANSITIONS ? (TransitionTable *)cell : NULL;
  if (old && (old->count + 1) * 4 <= transition_table_capacity(old) * 3) {
    transitions_place(old, child);
    return true;
  }
  TransitionTable *table = transitions_create(cx, old ? transitions_wanted_capacity(&cx->heap, old) : 4);
  if (!table) return false;
  // The allocation may have collected, which removes dead children.
  if (old) {
    context_spend_steps(cx, transition_table_capacity(old));
    for (uint32_t i = 0; i < transition_table_capacity(old); i++) {
      Shape *other = old->entries[i];
      if (other && other != SHAPE_REMOVED && !heap_is_dying(&cx->heap, other)) transitions_place(table, other);
    }
  } else if (!value_is_hole(shape->transitions)) {
    transitions_place(table, (Shape *)value_as_cell(shape->transitions));
  }
  transitions_place(table, child);
  heap_note_weak(&cx->heap, &table->cell);
  shape->transitions = value_internal(table);
  if (old) heap_free(&cx->heap, &old->cell);
  return true;
}

// A child that differs in nothing yet and is not among the transitions.
static Shape *shape_create_child(Context *cx, Shape *parent, PropertyKey key, uint32_t attributes) {
  Shape *child = context_allocate(cx, CELL_SHAPE, sizeof(Shape));
  if (!child) return NULL;
  child->cell.flags = parent->cell.flags & ~(SHAPE_CACHED | SHAPE_DICTIONARY);
  child->cell.small = parent->cell.small;
  shape_set_last_attributes(child, attributes);
  child->class_ = parent->class_;
  child->prototype = parent->prototype;
  child->parent = parent;
  child->properties = parent->properties;
  child->count = parent->count;
  child->slot_count = parent->slot_count;
  child->transitions = VALUE_HOLE;
  child->last_key = key;
  return child;
}

static inline void object_set_shape(Context *cx, Object *object, Shape *shape) {
  heap_keep_cell(&cx->heap, object->shape);
  object->shape = shape;
}

static inline bool attributes_are_read_only(uint32_t attributes) {
  return (attributes & (PROPERTY_WRITABLE | PROPERTY_ACCESSOR)) != PROPERTY_WRITABLE;
}

static void shape_note_property(Shape *shape, PropertyKey key, uint32_t attributes) {
  uint32_t index;
  if (attributes_are_read_only(attributes)) shape->cell.flags |= SHAPE_HAS_READ_ONLY;
  if (key_as_array_index(key, &index)) shape->cell.flags |= SHAPE_HAS_INDEX_KEYS;
}

Shape *shape_add_property(Context *cx, Shape *shape, PropertyKey key, uint8_t attributes) {
  Shape *found = shape_find_transition(cx, shape, key, attributes);
  if (LIKELY(found != NULL)) return found;
  ROOTS(cx, r, child);
  Shape *child = shape_create_child(cx, shape, key, attributes);
  if (!child) return NULL;
  r->child = value_internal(child);
  PropertyTable *table = shape->properties;
  bool owns_end = table && table->count == shape->count;
  if (!owns_end || table->count == property_table_capacity(table)) {
    uint32_t capacity = shape->count < 4 ? 4 : shape->count < 8 ? 8 : shape->count * 2;
    table = table ? property_table_copy(cx, table, shape->count, capacity) : property_table_create(cx, capacity);
    if (!table) return NULL;
  }
  property_table_append(table, key, shape->slot_count, attributes);
  child->properties = table;
  child->count++;
  child->slot_count++;
  shape_note_property(child, key, attributes);
  return shape_add_transition(cx, shape, child) ? child : NULL;
}

const Property *shape_lookup(const Shape *shape, PropertyKey key) {
  if (!shape->count) return NULL;
  uint32_t entry = property_table_find(shape->properties, key, shape->count);
  return entry == PROPERTY_ABSENT ? NULL : &shape->properties->entries[entry];
}

// Slots --------------------------------------------------------------------------------------------------

Values *object_slots_cell(const Object *object) {
  const Value *inline_slots = (const Value *)((const char *)object + object->shape->class_->size);
  return object->slots == inline_slots ? NULL : (Values *)((char *)object->slots - sizeof(Values));
}

// bounded: the slots pay for their size when they are made.
bool object_grow_slots(Context *cx, Object *object, uint32_t needed) {
  uint32_t capacity = object_slot_capacity(object);
  if (needed <= capacity) return true;
  uint32_t larger = MAX_OF(needed, capacity < 4 ? 4 : capacity + capacity / 2 + 2);
  if (larger > 8) larger |= 3;  // fewer sizes of cells, each of which takes a block of its own
  Values *values = values_create(cx, larger);
  if (!values) return false;
  Values *old = object_slots_cell(object);
  if (!old) heap_keep_values(&cx->heap, object->slots, capacity);  // inline slots are not traced any more
  for (uint32_t i = 0; i < capacity; i++) values->items[i] = object->slots[i];
  object->slots = values->items;
  // Caches of globals keep the slot cells that they know alive.
  bool is_free = old && !(object->cell.flags & OBJECT_USED_AS_PROTOTYPE);
  if (is_free) heap_free(&cx->heap, &old->cell);
  else heap_keep_cell(&cx->heap, old);
  return true;
}

// Dictionaries -------------------------------------------------------------------------------------------

static Shape *shape_create_dictionary(Context *cx, Shape *from) {
  Shape *shape = context_allocate(cx, CELL_SHAPE, sizeof(Shape));
  if (!shape) return NULL;
  shape->cell.flags = (from->cell.flags & ~SHAPE_CACHED) | SHAPE_DICTIONARY;
  shape->class_ = from->class_;
  shape->prototype = from->prototype;
  shape->properties = from->properties;
  shape->count = from->count;
  shape->slot_count = from->slot_count;
  shape->transitions = VALUE_HOLE;
  shape->last_key = VALUE_HOLE;
  return shape;
}

static bool object_make_dictionary_of(Context *cx, Object *object, uint32_t capacity) {
  if (!object_ensure_filled(cx, object)) return false;
  Shape *from = object->shape;
  if (from->cell.flags & SHAPE_DICTIONARY) return true;
  ROOTS(cx, r, shape);
  Shape *shape = shape_create_dictionary(cx, from);
  if (!shape) return false;
  r->shape = value_internal(shape);
  PropertyTable *table = from->count ? property_table_copy(cx, from->properties, from->count, capacity)
                                     : property_table_create(cx, capacity);
  if (!table) return false;
  shape->properties = table;
  object_set_shape(cx, object, shape);
  return true;
}

bool object_make_dictionary(Context *cx, Object *object) {
  uint32_t count = object->shape->count;
  return object_make_dictionary_of(cx, object, MAX_OF(8, count + count / 2));
}

bool object_begin_filling(Context *cx, Object *object, uint32_t extra) {
  ROOTS(cx, r, shape);
  Shape *from = object->shape, *shape = shape_create_dictionary(cx, from);
  if (!shape) return false;
  r->shape = value_internal(shape);
  shape->cell.flags &= ~(SHAPE_UNFILLED | SHAPE_EXOTIC);
  if (class_is_exotic(shape->class_)) shape->cell.flags |= SHAPE_EXOTIC;
  uint32_t capacity = from->count + extra;
  PropertyTable *table = from->count ? property_table_copy(cx, from->properties, from->count, capacity)
                                     : property_table_create(cx, capacity);
  if (!table) return false;
  shape->properties = table;
  if (!object_grow_slots(cx, object, from->slot_count + extra)) return false;
  object_layout_changes(cx, object);
  object_set_shape(cx, object, shape);
  return true;
}

// An inline cache that has seen the dictionary must not accept the changed one.
static bool dictionary_prepare_change(Context *cx, Object *object) {
  Shape *seen = object->shape;
  if (!(seen->cell.flags & SHAPE_CACHED)) return true;
  Shape *shape = shape_create_dictionary(cx, seen);
  if (!shape) return false;
  heap_keep_cell(&cx->heap, seen->properties);
  seen->properties = NULL;
  seen->count = 0;
  object_set_shape(cx, object, shape);
  return true;
}

// Replaces the table by one of the given capacity without deleted entries, and closes the gaps in the slots. Slots
// ascend with the entries, so values only move down. The slots that every new closure has stay in place: the
// interpreter uses the slot number of one closure's `prototype` for other closures of the same code.
static bool dictionary_rebuild(Context *cx, Object *object, uint32_t capacity) {
  Shape *shape = object->shape;
  uint32_t fixed = object->cell.kind == CELL_CLOSURE ? MIN_OF((uint32_t)FUNCTION_FIRST_SLOTS, shape->slot_count) : 0;
  PropertyTable *old = shape->properties;
  fuel_spend(&cx->fuel, shape->count);
  PropertyTable *table = property_table_create(cx, capacity);
  if (!table) return false;
  Values *slots = object_slots_cell(object);
  heap_keep_contents(&cx->heap, slots ? &slots->cell : &object->cell);
  uint32_t next = fixed;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *entry = &old->entries[i];
    if (!entry->key) continue;
    uint32_t slot = entry->slot < fixed ? entry->slot : next++;
    object->slots[slot] = object->slots[entry->slot];
    property_table_append(table, entry->key, slot, entry->attributes);
  }
  for (uint32_t i = next; i < shape->slot_count; i++) object->slots[i] = VALUE_UNDEFINED;
  shape->properties = table;
  shape->count = table->count;
  shape->slot_count = next;
  heap_free(&cx->heap, &old->cell);
  return true;
}

static bool dictionary_add(Context *cx, Object *object, PropertyKey key, Value value, uint8_t attributes) {
  if (!dictionary_prepare_change(cx, object)) return false;
  PropertyTable *table = object->shape->properties;
  if (table->count == property_table_capacity(table)) {
    uint32_t live = table->count - table->deleted;
    uint32_t capacity = table->deleted > table->count / 4 ? MAX_OF(8, live + live / 2) : table->count * 2;
    if (!dictionary_rebuild(cx, object, capacity)) return false;
  }
  Shape *shape = object->shape;
  if (!object_grow_slots(cx, object, shape->slot_count + 1)) return false;
  property_table_append(shape->properties, key, shape->slot_count, attributes);
  object->slots[shape->slot_count++] = value;
  shape->count++;
  shape_note_property(shape, key, attributes);
  return true;
}

bool object_reserve_dictionary(Context *cx, Object *object, uint32_t extra) {
  object_layout_changes(cx, object);
  if (!object_make_dictionary_of(cx, object, MAX_OF(8, object->shape->count + extra)) ||
      !dictionary_prepare_change(cx, object))
    return false;
  const PropertyTable *table = object->shape->properties;
  bool has_room = property_table_capacity(table) - table->count >= extra;
  if (!has_room && !dictionary_rebuild(cx, object, table->count - table->deleted + extra + extra / 4 + 8)) return false;
  return object_grow_slots(cx, object, object->shape->slot_count + extra);
}

void object_append_reserved(Object *object, PropertyKey key, Value value, uint32_t attributes) {
  Shape *shape = object->shape;
  property_table_append(shape->properties, key, shape->slot_count, attributes);
  object->slots[shape->slot_count++] = value;
  shape->count++;
  shape_note_property(shape, key, attributes);
}

// Changes of layout --------------------------------------------------------------------------------------

bool object_transition(Context *cx, Object *object, PropertyKey key, Value value, uint8_t attributes) {
  if (!object_ensure_filled(cx, object)) return false;
  object_layout_changes(cx, object);
  Shape *shape = object->shape;
  if (!(shape->cell.flags & SHAPE_DICTIONARY) && shape->count >= SHAPE_DICTIONARY_FROM &&
      !object_make_dictionary(cx, object)) {
    return false;
  }
  if (object->shape->cell.flags & SHAPE_DICTIONARY) return dictionary_add(cx, object, key, value, attributes);
  ROOTS(cx, r, next);
  Shape *next = shape_add_property(cx, shape, key, attributes);
  if (!next) return false;
  r->next = value_internal(next);
  if (next->slot_count > object_slot_capacity(object) && !object_grow_slots(cx, object, next->slot_count)) return false;
  object->slots[next->slot_count - 1] = value;
  object_set_shape(cx, object, next);
  return true;
}

bool object_remove_property(Context *cx, Object *object, PropertyKey key) {
  object_layout_changes(cx, object);
  Shape *shape = object->shape;
  bool was_added_last = !(shape->cell.flags & SHAPE_DICTIONARY) && shape->parent && shape->last_key == key &&
                        !(shape_last_attributes(shape) & RECONFIGURED);
  if (was_added_last) {
    cell_store(cx, &object->slots[shape->slot_count - 1], VALUE_UNDEFINED);
    object_set_shape(cx, object, shape->parent);
    return true;
  }
  if (!object_make_dictionary(cx, object) || !dictionary_prepare_change(cx, object)) return false;
  shape = object->shape;
  uint32_t entry = property_table_find(shape->properties, key, shape->count);
  cell_store(cx, &object->slots[shape->properties->entries[entry].slot], VALUE_UNDEFINED);
  cell_keep(cx, key);
  property_table_delete(shape->properties, entry);
  return true;
}

// A child of the object's shape by a step that copies the table; NULL: threw. *is_new: the caller must complete it.
static Shape *shape_step_copying(Context *cx, Shape *shape, PropertyKey key, uint32_t attributes, bool *is_new) {
  Shape *child = shape_find_transition(cx, shape, key, attributes);
  *is_new = !child;
  if (child) return child;
  ROOTS(cx, r, child);
  child = shape_create_child(cx, shape, key, attributes);
  if (!child) return NULL;
  r->child = value_internal(child);
  if (shape->count) {
    PropertyTable *table = property_table_copy(cx, shape->properties, shape->count, MAX_OF(4, shape->count));
    if (!table) return NULL;
    child->properties = table;
  }
  return shape_add_transition(cx, shape, child) ? child : NULL;
}

bool object_reconfigure_property(Context *cx, Object *object, PropertyKey key, uint32_t attributes) {
  object_layout_changes(cx, object);
  Shape *shape = object->shape;
  bool is_dictionary = shape->cell.flags & SHAPE_DICTIONARY;
  if (!is_dictionary && (shape->count > REBUILD_LIMIT || shape->cell.small >= RECONFIGURATIONS_LIMIT)) {
    if (!object_make_dictionary(cx, object)) return false;
    is_dictionary = true;
  }
  bool is_new = true;
  if (is_dictionary) {
    if (!dictionary_prepare_change(cx, object)) return false;
    shape = object->shape;
  } else {
    shape = shape_step_copying(cx, shape, key, attributes | RECONFIGURED, &is_new);
    if (!shape) return false;
    object_set_shape(cx, object, shape);
  }
  if (!is_new) return true;
  shape->properties->entries[property_table_find(shape->properties, key, shape->count)].attributes = attributes;
  if (!is_dictionary) shape->cell.small++;
  shape_note_property(shape, key, attributes);
  return true;
}

bool object_change_prototype(Context *cx, Object *object, Object *prototype) {
  if (!object_ensure_filled(cx, object) || (prototype && !object_ensure_filled(cx, prototype))) return false;
  object_layout_changes(cx, object);
  Shape *from = object->shape;
  if (!(from->cell.flags & SHAPE_DICTIONARY) && from->count > REBUILD_LIMIT && !object_make_dictionary(cx, object)) {
    return false;
  }
  if (object->shape->cell.flags & SHAPE_DICTIONARY) {
    if (!dictionary_prepare_change(cx, object)) return false;
    if (prototype) object_mark_as_prototype(cx, prototype);
    heap_keep_cell(&cx->heap, object->shape->prototype);
    object->shape->prototype = prototype;
    return true;
  }
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_prototype(cx, from->class_, prototype);
  fuel_spend(&cx->fuel, from->count);
  for (uint32_t i = 0; shape && i < from->count; i++) {
    r->shape = value_internal(shape);
    shape = shape_add_property(cx, shape, from->properties->entries[i].key,
                               (uint8_t)from->properties->entries[i].attributes);
  }
  if (!shape) return false;
  object_set_shape(cx, object, shape);
  return true;
}

bool object_make_not_extensible(Context *cx, Object *object) {
  if (!object_ensure_filled(cx, object)) return false;
  object_layout_changes(cx, object);
  Shape *shape = object->shape;
  if (shape->cell.flags & SHAPE_NOT_EXTENSIBLE) return true;
  if (shape->cell.flags & SHAPE_DICTIONARY) {
    if (!dictionary_prepare_change(cx, object)) return false;
    object->shape->cell.flags |= SHAPE_NOT_EXTENSIBLE;
    return true;
  }
  Shape *child = shape_find_transition(cx, shape, SHAPE_KEY_NOT_EXTENSIBLE, 0);
  if (!child) {
    ROOTS(cx, r, child);
    child = shape_create_child(cx, shape, SHAPE_KEY_NOT_EXTENSIBLE, 0);
    if (!child) return false;
    r->child = value_internal(child);
    child->cell.flags |= SHAPE_NOT_EXTENSIBLE;
    if (!shape_add_transition(cx, shape, child)) return false;
  }
  object_set_shape(cx, object, child);
  return true;
}

static void shape_restrict(Context *cx, Shape *shape, bool freeze) {
  fuel_spend(&cx->fuel, shape->count / FUEL_STEPS_PER_UNIT);
  shape->cell.flags |= SHAPE_NOT_EXTENSIBLE;
  for (uint32_t i = 0; i < shape->count; i++) {
    Property *entry = &shape->properties->entries[i];
    if (!entry->key) continue;
    if (key_is_symbol(entry->key) && (value_as_symbol(entry->key)->cell.flags & SYMBOL_PRIVATE)) continue;
    entry->attributes &= ~PROPERTY_CONFIGURABLE;
    if (freeze && !(entry->attributes & PROPERTY_ACCESSOR)) entry->attributes &= ~PROPERTY_WRITABLE;
    if (attributes_are_read_only(entry->attributes)) shape->cell.flags |= SHAPE_HAS_READ_ONLY;
  }
}

bool object_restrict_properties(Context *cx, Object *object, bool freeze) {
  object_layout_changes(cx, object);
  if (object->shape->cell.flags & SHAPE_DICTIONARY) {
    if (!dictionary_prepare_change(cx, object)) return false;
    shape_restrict(cx, object->shape, freeze);
    return true;
  }
  bool is_new;
  Shape *child = shape_step_copying(cx, object->shape, freeze ? SHAPE_KEY_FROZEN : SHAPE_KEY_SEALED, 0, &is_new);
  if (!child) return false;
  if (is_new) shape_restrict(cx, child, freeze);
  object_set_shape(cx, object, child);
  return true;
}

void object_mark_as_prototype(Context *cx, Object *object) {
  (void)cx;
  object->cell.flags |= OBJECT_USED_AS_PROTOTYPE;
}

// Tracing ------------------------------------------------------------------------------------------------

void shape_trace(Tracer *tracer, Cell *cell) {
  Shape *shape = (Shape *)cell;
  tracer_visit_cell(tracer, shape->prototype);
  tracer_visit_cell(tracer, shape->parent);
  tracer_visit_cell(tracer, shape->properties);
  tracer_visit_value(tracer, shape->last_key);
  if (value_is_hole(shape->transitions)) return;
  if (value_as_cell(shape->transitions)->kind == CELL_TRANSITIONS) {
    tracer_visit_value(tracer, shape->transitions);
  } else {
    tracer_add_weak(tracer, cell);
  }
}

void shape_clear_weak(Heap *heap, Cell *cell) {
  Shape *shape = (Shape *)cell;
  if (!value_is_hole(shape->transitions) && !heap_is_marked(heap, value_as_cell(shape->transitions))) {
    shape->transitions = VALUE_HOLE;
  }
}

void transitions_trace(Tracer *tracer, Cell *cell) { tracer_add_weak(tracer, cell); }

// What clearing an entry costs, in bytes: each looks at a shape that lies elsewhere.
enum { TRANSITION_CLEARING = 64 };

void transitions_clear_weak(Heap *heap, Cell *cell) {
  TransitionTable *table = (TransitionTable *)cell;
  TracerRange range = heap_clear_range(heap, transition_table_capacity(table), TRANSITION_CLEARING);
  memory_spend(heap->memory, (range.end - range.first) / FUEL_STEPS_PER_UNIT);
  for (size_t i = range.first; i < range.end; i++) {
    Shape *child = table->entries[i];
    if (child && child != SHAPE_REMOVED && !heap_is_marked(heap, child)) table->entries[i] = SHAPE_REMOVED;
  }
}
