// Finding and changing own properties of ordinary storage, below the internal methods.
#ifndef CAISSON_OWN_PROPERTY_H
#define CAISSON_OWN_PROPERTY_H

#include "runtime/functions.h"
#include "runtime/names.h"
#include "runtime/shapes.h"

typedef struct OwnProperty {
  Value *place;  // valid until the object's layout changes
  uint32_t attributes;
} OwnProperty;

enum { ACCESSOR_GET, ACCESSOR_SET, ACCESSOR_FIELDS };  // of the Record behind PROPERTY_ACCESSOR

static inline uint32_t elements_attributes(const Object *object) {
  if (LIKELY(!(object->cell.flags & (OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN)))) return PROPERTY_DEFAULT;
  return object->cell.flags & OBJECT_ELEMENTS_FROZEN ? PROPERTY_ENUMERABLE : PROPERTY_ENUMERABLE | PROPERTY_WRITABLE;
}

// Looks at elements and shape, but not at the `length` of arrays.
static inline bool own_property_find(const Object *object, PropertyKey key, OwnProperty *out) {
  if (key_is_index(key) && !(object->cell.flags & OBJECT_SPARSE)) {
    uint32_t index = (uint32_t)value_as_int(key);
    if (index >= object->element_count || value_is_hole(object->elements->items[index])) return false;
    out->place = &object->elements->items[index];
    out->attributes = elements_attributes(object);
    return true;
  }
  const Property *property = shape_lookup(object->shape, key);
  if (!property) return false;
  out->place = &object->slots[property->slot];
  out->attributes = property->attributes;
  return true;
}

// Whether the key is a symbol or a string that cannot be a canonical numeric string.
static inline bool key_is_plain_name(PropertyKey key) {
  if (key_is_symbol(key)) return true;
  if (!key_is_atom(key)) return false;
  const String *atom = value_as_string(key);
  if (string_length(atom) == 0) return true;
  uint32_t first = atom->cell.flags & STRING_WIDE ? atom->wide[0] : atom->narrow[0];
  return first - '0' > 9 && first != '-' && first != 'I' && first != 'N';
}

// Whether access by that key follows the ordinary behaviour (for Arrays: except `length`).
static inline bool object_is_ordinary_for(const Object *object, PropertyKey key) {
  if (LIKELY(!(object->shape->cell.flags & SHAPE_EXOTIC))) return true;
  return object->shape->class_->names_are_ordinary && key_is_plain_name(key);
}

static inline bool key_is_array_length(const Context *cx, const Object *object, PropertyKey key) {
  return object->cell.kind == CELL_ARRAY && key == cx->names->length;
}
static inline bool object_is_extensible_flag(const Object *object) {
  return !(object->shape->cell.flags & SHAPE_NOT_EXTENSIBLE);
}

// Gives an unfilled PROPERTY_LAZY property its value; *property is looked up again.
MUST_CHECK bool own_property_materialize(Context *cx, Object *object, PropertyKey key, OwnProperty *property);
// Sets the value (or accessor Record) and the attributes of a property, present or not. The caller handles the length
// of an array.
MUST_CHECK bool own_property_put(Context *cx, Object *object, PropertyKey key, Value value, uint32_t attributes);
// Adds or replaces an element with default attributes; the object becomes sparse if need be.
MUST_CHECK bool element_put(Context *cx, Object *object, uint32_t index, Value value);
MUST_CHECK bool object_make_sparse(Context *cx, Object *object);

// OPTIMIZATION: queues. When an array loses its first elements, the others stay where they are in the cell:
// `object->elements` then points to a second header (VALUES_INSIDE) inside it, which holds the remaining capacity; the
// word before it holds the distance of the two headers in words. The words between them are holes, and the second
// header, read as a Value, is a double. Code that traces or frees elements asks for their cell.
enum { VALUES_INSIDE = 1 };
static inline Values *elements_cell(Values *elements) {
  if (LIKELY(!elements || !(elements->cell.flags & VALUES_INSIDE))) return elements;
  Value *words = (Value *)elements;
  return (Values *)(words - value_as_int(words[-1]));
}
void elements_release(Context *cx, Values *elements);
// Removes the first elements of an array without guards, or puts holes before them; the caller adjusts `length`.
void array_drop_front(Context *cx, Object *array, uint32_t count);
MUST_CHECK bool array_extend_front(Context *cx, Object *array, uint32_t count);
// Adds a data property to an ordinary object or array that is extensible and lacks it. TRISTATE_FALSE: the array's
// length is read-only.
Tristate object_add_checked(Context *cx, Object *object, PropertyKey key, Value value);
Tristate array_define_own_property(Context *cx, Object *array, PropertyKey key, const Descriptor *descriptor);

#endif
