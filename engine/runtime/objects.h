// Objects, shapes and properties.
//
// An object's layout is its Shape: prototype, class, and the ordered property names with their attributes and
// slots. Objects built the same way share shapes (transitions), so that one pointer comparison tells an inline
// cache everything: names, attributes, prototype, class, extensibility. An object that is abused as a
// dictionary gets a shape of its own (SHAPE_DICTIONARY), which is replaced by a fresh copy when its layout
// changes after an inline cache has seen it (SHAPE_CACHED).
//
// Integer keys (0 .. 2^31-1) with default attributes live in `elements`, dense, VALUE_HOLE where absent.
// When they would be too sparse or get other attributes they move into the (dictionary) shape as ordinary
// keyed properties; then OBJECT_SPARSE is set and `elements` stays empty.
#ifndef CAISSON_OBJECTS_H
#define CAISSON_OBJECTS_H

#include "runtime/strings.h"

// Property attributes -------------------------------------------------------------------------------
enum {
  PROPERTY_WRITABLE = 1,
  PROPERTY_ENUMERABLE = 2,
  PROPERTY_CONFIGURABLE = 4,
  PROPERTY_ACCESSOR = 8,  // the slot holds an internal Record {get, set}
  PROPERTY_LAZY = 16,     // the slot may be unfilled: see property_is_unfilled
  PROPERTY_DEFAULT = PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE,
  PROPERTY_HIDDEN = PROPERTY_WRITABLE | PROPERTY_CONFIGURABLE,  // what built-ins use
};

typedef struct Property {  // an entry of a property table
  PropertyKey key;         // 0 (the double +0, never a key): deleted, in dictionaries only
  uint32_t slot;
  uint32_t attributes;
} Property;

// A PROPERTY_LAZY property (closures' `prototype`, most functions of built-in objects) is filled at first use: while
// property_is_unfilled(slot), readers first store the result of realm_materialize_property in the slot. The attribute
// stays in the shape. A write just replaces the slot. Inline caches may cache such properties once the slot is filled,
// unless the holder or receiver is a closure; this is possible because built-in objects share no shapes. Lazy accessors
// exist too.
static inline bool property_is_unfilled(Value slot) {
  return value_is_hole(slot) || (value_is_internal(slot) && value_as_cell(slot)->kind == CELL_REALM);
}
// The value (or, for accessors, the internal Record {get, set}) that the slot is to hold. Defined by realm.c.
Value realm_materialize_property(Context *cx, Object *object, PropertyKey key, Value slot);

typedef struct PropertyTable {
  Cell cell;       // extra: see property_table_capacity
  uint32_t count;  // entries in use, deleted ones included
  uint32_t deleted;
  uint32_t hash_mask;  // 0: no hash index yet (few entries: scan)
  uint32_t serial;     // no two tables that exist between two collections have the same
  Property entries[];  // then uint32_t index[hash_mask + 1], entry number + 1
} PropertyTable;
// In entries.
static inline uint32_t property_table_capacity(const PropertyTable *table) { return table->cell.extra; }
static inline void property_table_set_capacity(PropertyTable *table, uint32_t capacity) {
  table->cell.extra = capacity;
}

typedef struct ObjectClass ObjectClass;

enum {
  SHAPE_DICTIONARY = 1,
  SHAPE_NOT_EXTENSIBLE = 2,
  SHAPE_CACHED = 4,           // an inline cache refers to it
  SHAPE_HAS_READ_ONLY = 8,    // some property is read-only or an accessor
  SHAPE_HAS_INDEX_KEYS = 16,  // sparse integer keys are among the properties
  SHAPE_EXOTIC = 32,          // class (not Array) overrides property access: see ObjectClass.names_are_ordinary
  SHAPE_UNFILLED = 128,       // besides SHAPE_EXOTIC: a built-in object that has not been used yet, see object_fill
};

struct Shape {
  Cell cell;  // flags as above; small: reconfigurations among the ancestors; extra: see shape_last_attributes
  const ObjectClass *class_;
  Object *prototype;          // NULL: null prototype
  Shape *parent;              // NULL: this is a root shape
  PropertyTable *properties;  // may be shared with descendants; only the first `count` entries belong to this shape
  uint32_t count;
  uint32_t slot_count;
  Value transitions;     // hole, one shape (internal), or a transition table (internal); weak
  PropertyKey last_key;  // the property this shape added to its parent
};
// The attributes of last_key, and RECONFIGURED (shapes.c) where the step only changed these.
static inline uint32_t shape_last_attributes(const Shape *shape) { return shape->cell.extra; }
static inline void shape_set_last_attributes(Shape *shape, uint32_t attributes) { shape->cell.extra = attributes; }

// Object flags (cell.flags)
enum {
  OBJECT_SPARSE = 1,             // integer keys live in the shape
  OBJECT_USED_AS_PROTOTYPE = 2,  // layout changes bump cx->prototype_epoch
  OBJECT_ELEMENTS_SEALED = 4,    // dense elements not configurable, none can be added
  OBJECT_ELEMENTS_FROZEN = 8,    // ... nor written
  OBJECT_LENGTH_READ_ONLY = 16,  // arrays
  OBJECT_CALLABLE = 32,
  OBJECT_CONSTRUCTOR = 64,
  OBJECT_HTMLDDA = 128,  // [[IsHTMLDDA]]
};

struct Object {
  Cell cell;  // small: number of inline slots
  Shape *shape;
  Value *slots;            // the inline slots, or the items of a Values cell
  Values *elements;        // their capacity is values_count(elements); NULL when none
  uint32_t element_count;  // dense elements in use: 0 .. element_count-1, holes included
  union {
    uint32_t length;           // arrays: the `length` property; typed arrays and DataViews: elements in reach now
    uint32_t function_kind;    // closures: FUNCTION_KIND_* bits (hooks.h)
    uint32_t collection_type;  // CollectionType (collections.h)
    uint32_t slotted_kind;     // SlottedKind (slotted.h)
    uint32_t cell_count;       // registries of finalization: cells in use
    uint32_t crossing_place;   // copies of host objects, errors that crossed: where the bridge notes them (bridge.h)
  };
  // then the kind's own fields, then cell.small inline slots
};

static inline Object *value_as_object(Value v) { return (Object *)value_as_cell(v); }
static inline bool value_is_object_of(Value v, CellKind kind) {
  return value_is_object(v) && value_as_object(v)->cell.kind == kind;
}
static inline bool value_is_callable(Value v) {
  return value_is_object(v) && (value_as_object(v)->cell.flags & OBJECT_CALLABLE);
}
static inline bool value_is_constructor(Value v) {
  return value_is_object(v) && (value_as_object(v)->cell.flags & OBJECT_CONSTRUCTOR);
}

// Property descriptors -------------------------------------------------------------------------------
// https://tc39.es/ecma262/#sec-property-descriptor-specification-type
typedef struct Descriptor {
  Value value, get, set;  // VALUE_HOLE: field absent. The holder of the descriptor must root the values.
  uint8_t attributes;     // PROPERTY_WRITABLE | ENUMERABLE | CONFIGURABLE
  uint8_t present;        // which of those three are present
} Descriptor;
static inline bool descriptor_is_accessor(const Descriptor *d) {
  return !value_is_hole(d->get) || !value_is_hole(d->set);
}
static inline bool descriptor_is_data(const Descriptor *d) {
  return !value_is_hole(d->value) || (d->present & PROPERTY_WRITABLE);
}
static inline Descriptor descriptor_data(Value value, uint8_t attributes) {
  return (Descriptor){value, VALUE_HOLE, VALUE_HOLE, attributes, PROPERTY_DEFAULT};
}
Value descriptor_to_object(Context *cx, const Descriptor *descriptor);  // FromPropertyDescriptor
// Fills `out`; the caller provides roots[0..2], which keep its values alive.
MUST_CHECK bool descriptor_from_object(Context *cx, Value object, Descriptor *out, Value *roots);

// The internal methods -------------------------------------------------------------------------------
// A class overrides what it needs; NULL means the ordinary behaviour. All may throw.
// `get`/`set`: receiver semantics as in the specification. Out-values must point to rooted storage.
typedef enum Tristate { TRISTATE_ABRUPT = -1, TRISTATE_FALSE = 0, TRISTATE_TRUE = 1 } Tristate;

struct ObjectClass {
  const char *name;  // for diagnostics and dumps
  CellKind kind;
  uint16_t size;  // sizeof the struct, without inline slots
  Tristate (*get_own_property)(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots);
  Tristate (*define_own_property)(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor);
  Tristate (*has_property)(Context *cx, Object *object, PropertyKey key);
  Value (*get)(Context *cx, Object *object, PropertyKey key, Value receiver);
  Tristate (*set)(Context *cx, Object *object, PropertyKey key, Value value, Value receiver);
  Tristate (*delete_property)(Context *cx, Object *object, PropertyKey key);
  Value (*own_keys)(Context *cx, Object *object);  // an internal Values-list: see object_own_keys
  Tristate (*get_prototype)(Context *cx, Object *object, Value *out);
  Tristate (*set_prototype)(Context *cx, Object *object, Value prototype);
  Tristate (*is_extensible)(Context *cx, Object *object);
  Tristate (*prevent_extensions)(Context *cx, Object *object);
  // Traces the fields beyond struct Object. NULL: there is nothing to trace.
  void (*trace)(Tracer *tracer, Object *object);
  // The overrides only matter for index keys (and canonical numeric strings): other names are looked up and cached as
  // in ordinary objects.
  bool names_are_ordinary;
};
extern const ObjectClass object_class_ordinary;
extern const ObjectClass object_class_array;

// Dispatching entry points: the specification's internal methods on any object.
Tristate object_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots /*[3]*/);
Tristate object_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor);
Tristate object_has_property(Context *cx, Object *object, PropertyKey key);
Tristate object_has_own_property(Context *cx, Object *object, PropertyKey key);
Value object_get(Context *cx, Object *object, PropertyKey key, Value receiver);
Tristate object_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver);
Tristate object_delete(Context *cx, Object *object, PropertyKey key);
// Own keys in specification order as a CELL_VALUES internal value; its items are keys as guest values
// (strings and symbols); cell.small unused; exactly values_count items.
Value object_own_keys(Context *cx, Object *object);
Tristate object_get_prototype(Context *cx, Object *object, Value *out);  // object or null
// One step of a loop up the prototype chain: *object becomes its prototype, or null. Chains with proxies may be
// endless: *proxies, 0 at first, counts them, and too many are a RangeError.
MUST_CHECK bool object_step_up(Context *cx, Value *object, double *proxies);
Tristate object_set_prototype(Context *cx, Object *object, Value prototype);
Tristate object_is_extensible(Context *cx, Object *object);
Tristate object_prevent_extensions(Context *cx, Object *object);
// The ordinary behaviours, for classes that extend them.
Tristate ordinary_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots);
Tristate ordinary_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor);
Tristate ordinary_has_property(Context *cx, Object *object, PropertyKey key);
Value ordinary_get(Context *cx, Object *object, PropertyKey key, Value receiver);
Tristate ordinary_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver);
Tristate ordinary_delete(Context *cx, Object *object, PropertyKey key);
Value ordinary_own_keys(Context *cx, Object *object);
Tristate ordinary_set_prototype(Context *cx, Object *object, Value prototype);
Tristate ordinary_prevent_extensions(Context *cx, Object *object);
// https://tc39.es/ecma262/#sec-validateandapplypropertydescriptor (object NULL: only validate)
Tristate object_validate_and_apply(Context *cx, Object *object, PropertyKey key, bool extensible,
                                   const Descriptor *descriptor, const Descriptor *current /*NULL: absent*/);

// Convenience of natives: -----------------------------------------------------------------------------
// Get(O, P) with O as receiver; Set(O, P, V, true); CreateDataProperty(OrThrow); DefinePropertyOrThrow; ...
// Whether object_get may call code of the guest, a getter or a trap; it may say so without need. Leaf.
bool object_get_may_call(Context *cx, const Object *object, PropertyKey key);
static inline Value object_get_key(Context *cx, Object *object, PropertyKey key) {
  return object_get(cx, object, key, value_object(object));
}
Value value_get(Context *cx, Value base, PropertyKey key);  // GetV: primitives too; throws for nullish
MUST_CHECK bool object_set_key(Context *cx, Object *object, PropertyKey key, Value value);  // Set(.., true)
MUST_CHECK bool object_create_data_property(Context *cx, Object *object, PropertyKey key, Value value);  // OrThrow
MUST_CHECK bool object_define_or_throw(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor);
MUST_CHECK bool object_delete_or_throw(Context *cx, Object *object, PropertyKey key);
Value value_get_method(Context *cx, Value base, PropertyKey key);  // GetMethod: undefined or a callable
// For objects that the caller has just made (ordinary, no such property yet): no checks; throws only when out of
// memory.
MUST_CHECK bool object_add_property(Context *cx, Object *object, PropertyKey key, Value value, uint8_t attributes);
MUST_CHECK bool object_add_accessor(Context *cx, Object *object, PropertyKey key, Value get, Value set,
                                    uint8_t attributes);

typedef enum IntegrityLevel { INTEGRITY_SEALED, INTEGRITY_FROZEN } IntegrityLevel;
MUST_CHECK Tristate object_set_integrity(Context *cx, Object *object, IntegrityLevel level);
MUST_CHECK Tristate object_test_integrity(Context *cx, Object *object, IntegrityLevel level);

// Creation -------------------------------------------------------------------------------------------
// `prototype` may be NULL (null prototype). NULL result: threw.
MUST_CHECK Object *object_create(Context *cx, Object *prototype);
// Any class; extra struct fields zeroed; `inline_slots` of room.
MUST_CHECK Object *object_create_of_class(Context *cx, const ObjectClass *class_, Object *prototype,
                                          uint32_t inline_slots);
MUST_CHECK Object *object_create_with_shape(Context *cx, Shape *shape, uint32_t inline_slots);
// https://tc39.es/ecma262/#sec-getprototypefromconstructor
Value object_prototype_from_constructor(Context *cx, Value new_target, int intrinsic);
// https://tc39.es/ecma262/#sec-ordinarycreatefromconstructor: prototype from new_target, else the intrinsic
// numbered `intrinsic` (realm.h) of new_target's realm.
MUST_CHECK Object *object_create_from_constructor(Context *cx, Value new_target, int intrinsic,
                                                  const ObjectClass *class_);
// {value, done} with its cached shape.
Value object_create_iterator_result(Context *cx, Value value, bool done);

// Shapes (runtime/shapes.c) --------------------------------------------------------------------------
// The cached root shape of a prototype (or of null).
MUST_CHECK Shape *shape_for_prototype(Context *cx, const ObjectClass *class_, Object *prototype);
MUST_CHECK Shape *shape_add_property(Context *cx, Shape *shape, PropertyKey key, uint8_t attributes);
// Leaf: no allocation. NULL: absent. The entry is valid until the shape's table changes.
const Property *shape_lookup(const Shape *shape, PropertyKey key);
MUST_CHECK bool object_grow_slots(Context *cx, Object *object, uint32_t needed);
static inline uint32_t object_slot_capacity(const Object *object) {
  const Value *inline_slots = (const Value *)((const char *)object + object->shape->class_->size);
  return object->slots == inline_slots ? object->cell.small
                                       : values_count((const Values *)((const char *)object->slots - sizeof(Values)));
}
// Adds by transition: stores value in the new slot.
MUST_CHECK bool object_transition(Context *cx, Object *object, PropertyKey key, Value value, uint8_t attributes);
MUST_CHECK bool object_make_dictionary(Context *cx, Object *object);
// A built-in object gets its properties when it is first used, or when it becomes the prototype of an object: until
// then its shape is unfilled. Nothing caches an unfilled shape, and code that reads or changes properties comes here
// first. False: threw, and the object is as before. Defined by builtin_tables.c.
MUST_CHECK bool object_fill(Context *cx, Object *object);
static inline bool object_is_unfilled(const Object *object) { return object->shape->cell.flags & SHAPE_UNFILLED; }
static inline MUST_CHECK bool object_ensure_filled(Context *cx, Object *object) {
  return !UNLIKELY(object_is_unfilled(object)) || object_fill(cx, object);
}
// Must be called when the object becomes the prototype of another.
void object_mark_as_prototype(Context *cx, Object *object);

// Arrays (runtime/arrays.c) --------------------------------------------------------------------------
// An Array is an Object of kind CELL_ARRAY with `length`. Dense: !OBJECT_SPARSE; elements 0..element_count-1,
// element_count <= length; indices from element_count to length are holes.
MUST_CHECK Object *array_create(Context *cx, uint32_t length);  // current realm's prototype; elements are holes
MUST_CHECK Object *array_create_from(Context *cx, const Value *values, uint32_t count);  // values rooted elsewhere
// for a dense array that the caller made
MUST_CHECK Object *array_create_checked(Context *cx, double length);
MUST_CHECK bool array_push(Context *cx, Object *array, Value value);                        // a dense array made by us
MUST_CHECK bool array_set_length(Context *cx, Object *array, uint32_t length, bool *done);  // ArraySetLength core
MUST_CHECK bool object_reserve_elements(Context *cx, Object *object, uint32_t capacity);
// True when elements below element_count can be read directly, without the prototype chain, unless they are holes.
static inline bool array_is_dense(const Object *object) {
  return object->cell.kind == CELL_ARRAY && !(object->cell.flags & OBJECT_SPARSE);
}
// A dense array whose holes read as undefined and accept stores: nothing on its prototype chain has elements.
bool array_reads_directly(const Object *object);
// True when holes of arrays can be read as undefined: no element on Array.prototype or Object.prototype.
bool array_prototypes_have_no_elements(Context *cx);

#endif
