// Freezing and sealing. https://tc39.es/ecma262/#sec-setintegritylevel
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/own_property.h"
#include "runtime/replay.h"

// Whether elements, shape and array length hold all properties of the object.
static bool object_is_plain(const Object *object) {
  return !(object->shape->cell.flags & SHAPE_EXOTIC) && !object->shape->class_->prevent_extensions &&
         !object->shape->class_->own_keys && !object->shape->class_->is_extensible;
}

static Tristate plain_set_integrity(Context *cx, Object *object, IntegrityLevel level) {
  bool freeze = level == INTEGRITY_FROZEN;
  if (!object_restrict_properties(cx, object, freeze)) return TRISTATE_ABRUPT;
  object->cell.flags |= freeze ? OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN : OBJECT_ELEMENTS_SEALED;
  if (freeze && object->cell.kind == CELL_ARRAY) object->cell.flags |= OBJECT_LENGTH_READ_ONLY;
  return TRISTATE_TRUE;
}

static Tristate restrict_key(Context *cx, Object *object, PropertyKey key, IntegrityLevel level) {
  Descriptor wanted = {VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, 0, PROPERTY_CONFIGURABLE};
  if (level == INTEGRITY_FROZEN) {
    ROOTS(cx, r, a, b, c);
    Descriptor current;
    Tristate found = object_get_own_property(cx, object, key, &current, &r->a);
    if (found != TRISTATE_TRUE) return found == TRISTATE_FALSE ? TRISTATE_TRUE : found;
    if (!descriptor_is_accessor(&current)) wanted.present |= PROPERTY_WRITABLE;
  }
  return object_define_or_throw(cx, object, key, &wanted) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

// bounded: keys, which were paid for when they were listed.
Tristate object_set_integrity(Context *cx, Object *object, IntegrityLevel level) {
  if (object_is_plain(object)) return plain_set_integrity(cx, object, level);
  Tristate prevented = object_prevent_extensions(cx, object);
  if (prevented != TRISTATE_TRUE) return prevented;
  ROOTS(cx, r, keys, key);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return TRISTATE_ABRUPT;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return TRISTATE_ABRUPT;
    if (i >= values_count(keys)) return TRISTATE_TRUE;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return TRISTATE_ABRUPT;
    Tristate done = restrict_key(cx, object, r->key, level);
    if (done != TRISTATE_TRUE) return done;
  }
}

static bool plain_test_integrity(Context *cx, const Object *object, IntegrityLevel level) {
  bool frozen = level == INTEGRITY_FROZEN;
  if (object_is_extensible_flag(object)) return false;
  fuel_spend(&cx->fuel, (object->element_count + object->shape->count) / FUEL_STEPS_PER_UNIT);
  uint8_t wanted = frozen ? OBJECT_ELEMENTS_FROZEN : OBJECT_ELEMENTS_SEALED;
  for (uint32_t i = 0; i < object->element_count && !(object->cell.flags & wanted); i++) {
    if (!value_is_hole(object->elements->items[i])) return false;
  }
  if (frozen && object->cell.kind == CELL_ARRAY && !(object->cell.flags & OBJECT_LENGTH_READ_ONLY)) return false;
  for (uint32_t i = 0; i < object->shape->count; i++) {
    const Property *property = &object->shape->properties->entries[i];
    PropertyKey key = property->key;
    if (!key || (key_is_symbol(key) && (value_as_symbol(key)->cell.flags & SYMBOL_PRIVATE))) continue;
    if (property->attributes & PROPERTY_CONFIGURABLE) return false;
    if (frozen && !(property->attributes & PROPERTY_ACCESSOR) && (property->attributes & PROPERTY_WRITABLE))
      return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-testintegritylevel
// bounded: keys, which were paid for when they were listed.
Tristate object_test_integrity(Context *cx, Object *object, IntegrityLevel level) {
  if (object_is_plain(object)) return plain_test_integrity(cx, object, level);
  Tristate extensible = object_is_extensible(cx, object);
  if (extensible != TRISTATE_FALSE) return extensible == TRISTATE_TRUE ? TRISTATE_FALSE : extensible;
  ROOTS(cx, r, keys, key, a, b, c);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return TRISTATE_ABRUPT;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return TRISTATE_ABRUPT;
    if (i >= values_count(keys)) return TRISTATE_TRUE;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return TRISTATE_ABRUPT;
    Descriptor current;
    Tristate found = object_get_own_property(cx, object, r->key, &current, &r->a);
    if (found == TRISTATE_ABRUPT) return found;
    if (found == TRISTATE_FALSE) continue;
    if (current.attributes & PROPERTY_CONFIGURABLE) return TRISTATE_FALSE;
    if (level == INTEGRITY_FROZEN && descriptor_is_data(&current) && (current.attributes & PROPERTY_WRITABLE)) {
      return TRISTATE_FALSE;
    }
  }
}
