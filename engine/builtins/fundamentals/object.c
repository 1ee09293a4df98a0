// Object and Object.prototype. https://tc39.es/ecma262/#sec-object-objects
#include "builtins/fundamentals/function.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/primitive_objects.h"
#include "runtime/replay.h"

static Value object_or_abrupt(Object *object) { return object ? value_object(object) : VALUE_ABRUPT; }

static Value boolean_from_tristate(Tristate state) {
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(state == TRISTATE_TRUE);
}

// Looking at own properties ---------------------------------------------------------------------------

typedef enum OwnLookup { OWN_ABSENT, OWN_HIDDEN, OWN_ENUMERABLE, OWN_UNKNOWN } OwnLookup;

// OPTIMIZATION: data properties of objects without exotic behaviour, found without a descriptor. OWN_UNKNOWN: use the
// internal method.
static OwnLookup object_look_at(const Object *object, PropertyKey key, Value *value) {
  if (object->shape->cell.flags & SHAPE_EXOTIC) return OWN_UNKNOWN;
  if (key_is_index(key) && !(object->cell.flags & OBJECT_SPARSE)) {
    uint32_t index = (uint32_t)value_as_int(key);
    if (index >= object->element_count || value_is_hole(object->elements->items[index])) return OWN_ABSENT;
    *value = object->elements->items[index];
    return OWN_ENUMERABLE;
  }
  const Property *property = shape_lookup(object->shape, key);
  if (!property) return OWN_ABSENT;  // (the `length` of an array is not enumerable)
  if (property->attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY)) return OWN_UNKNOWN;
  *value = object->slots[property->slot];
  return property->attributes & PROPERTY_ENUMERABLE ? OWN_ENUMERABLE : OWN_HIDDEN;
}

// Gets an own property if it is enumerable: *value, rooted. False in *is_enumerable otherwise.
static MUST_CHECK bool object_get_own_enumerable(Context *cx, Object *object, PropertyKey key, bool wants_value,
                                                 Value *value, bool *is_enumerable) {
  OwnLookup lookup = object_look_at(object, key, value);
  if (UNLIKELY(replay_is_recording(cx))) {
    double noted = lookup;  // a call that follows may change the property
    if (!replay_note_number(cx, &noted)) return false;
    lookup = (OwnLookup)noted;
    *value = replay_note(cx, lookup == OWN_UNKNOWN || lookup == OWN_ABSENT ? VALUE_UNDEFINED : *value);
    if (value_is_abrupt(*value)) return false;
  }
  *is_enumerable = lookup == OWN_ENUMERABLE;
  if (lookup != OWN_UNKNOWN) return true;
  ROOTS(cx, r, fields[3]);
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, object, key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return false;
  *is_enumerable = found == TRISTATE_TRUE && (descriptor.attributes & PROPERTY_ENUMERABLE);
  if (!*is_enumerable || !wants_value) return true;
  *value = object_get_key(cx, object, key);
  return !value_is_abrupt(*value);
}

// The constructor --------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object-value
static Value object_constructor(Context *cx, const Call *call) {
  if (call_is_construct(call) && call->new_target != call->callee) {
    return object_or_abrupt(
        object_create_from_constructor(cx, call->new_target, INTRINSIC_ObjectPrototype, &object_class_ordinary));
  }
  Value value = call_argument(call, 0);
  if (!value_is_nullish(value)) return value_to_object(cx, value);
  return object_or_abrupt(object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype)));
}

static MUST_CHECK bool object_assign_from(Context *cx, Object *target, Value source_value) {
  ROOTS(cx, r, source, keys, key, value);
  r->source = value_to_object(cx, source_value);
  if (value_is_abrupt(r->source)) return false;
  Object *source = value_as_object(r->source);
  r->keys = object_own_keys(cx, source);
  if (value_is_abrupt(r->keys)) return false;
  Values *keys = (Values *)value_as_cell(r->keys);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx), false;
    if (!replay_round_index(cx, &loop, &i)) return false;
    if (i >= values_count(keys)) return true;
    r->key = key_from_value(cx, keys->items[i]);
    bool is_enumerable;
    if (value_is_abrupt(r->key) || !object_get_own_enumerable(cx, source, r->key, true, &r->value, &is_enumerable)) {
      return false;
    }
    if (is_enumerable && !object_set_key(cx, target, r->key, r->value)) return false;
  }
}

// https://tc39.es/ecma262/#sec-object.assign
static Value object_assign(Context *cx, const Call *call) {
  ROOTS(cx, r, target);
  r->target = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->target)) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (uint32_t i = 1;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= call->count) return r->target;
    if (value_is_nullish(call->arguments[i])) continue;
    if (!object_assign_from(cx, value_as_object(r->target), call->arguments[i])) return VALUE_ABRUPT;
  }
}

// A descriptor that was read: its key, fields, attributes and which of them are present.
enum { READ_KEY, READ_VALUE, READ_GET, READ_SET, READ_ATTRIBUTES, READ_VALUES };

// Reads the descriptors of all enumerable properties into a list of READ_VALUES values each. *count: how many.
static Value read_descriptors(Context *cx, Object *properties, double *count) {
  ROOTS(cx, r, keys, key, value, list);
  r->keys = object_own_keys(cx, properties);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  bool is_made = replay_is_repeating(cx);
  if (values_count(keys) > UINT32_MAX / READ_VALUES) return context_throw_out_of_memory(cx);
  Values *list = is_made ? NULL : values_create(cx, values_count(keys) * READ_VALUES);
  if (!is_made && !list) return VALUE_ABRUPT;
  r->list = replay_note(cx, value_internal_or_undefined(list));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  list = (Values *)value_as_cell(r->list);
  *count = 0;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    if (!replay_round_pair(cx, &loop, &i, count)) return VALUE_ABRUPT;
    if (i >= values_count(keys)) return r->list;
    r->key = key_from_value(cx, keys->items[(uint32_t)i]);
    bool is_enumerable;
    if (value_is_abrupt(r->key) || !object_get_own_enumerable(cx, properties, r->key, true, &r->value, &is_enumerable))
      return VALUE_ABRUPT;
    if (!is_enumerable) continue;
    Value *read = list->items + (size_t)*count * READ_VALUES;
    Descriptor descriptor;
    if (!descriptor_from_object(cx, r->value, &descriptor, read + READ_VALUE)) return VALUE_ABRUPT;
    read[READ_VALUE] = descriptor.value, read[READ_GET] = descriptor.get, read[READ_SET] = descriptor.set;
    read[READ_ATTRIBUTES] = value_int(descriptor.attributes << 8 | descriptor.present);
    cell_store(cx, &read[READ_KEY], r->key);
    ++*count;
  }
}

// https://tc39.es/ecma262/#sec-objectdefineproperties
static MUST_CHECK bool object_define_properties_from(Context *cx, Object *object, Value properties_value) {
  ROOTS(cx, r, properties, list);
  r->properties = value_to_object(cx, properties_value);
  if (value_is_abrupt(r->properties)) return false;
  double count;
  r->list = read_descriptors(cx, value_as_object(r->properties), &count);
  if (value_is_abrupt(r->list)) return false;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (!replay_round(cx, &loop, &i)) return false;
    if (i >= count) return true;
    const Value *read = ((const Values *)value_as_cell(r->list))->items + (size_t)i * READ_VALUES;
    int32_t attributes = value_as_int(read[READ_ATTRIBUTES]);
    Descriptor descriptor = {read[READ_VALUE], read[READ_GET], read[READ_SET], (uint8_t)(attributes >> 8),
                             (uint8_t)attributes};
    if (!object_define_or_throw(cx, object, read[READ_KEY], &descriptor)) return false;
  }
}

// https://tc39.es/ecma262/#sec-object.create
static Value object_static_create(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  Value prototype = call_argument(call, 0);
  if (!value_is_object(prototype) && !value_is_null(prototype)) {
    return throw_type_error(cx, "Object.create: the prototype must be an object or null, not %v", prototype);
  }
  r->object = object_or_abrupt(object_create(cx, value_is_null(prototype) ? NULL : value_as_object(prototype)));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Value properties = call_argument(call, 1);
  if (!value_is_undefined(properties) && !object_define_properties_from(cx, value_as_object(r->object), properties)) {
    return VALUE_ABRUPT;
  }
  return r->object;
}

// https://tc39.es/ecma262/#sec-object.defineproperties
static Value object_define_properties(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) {
    return throw_type_error(cx, "Object.defineProperties: expected an object, not %v", object);
  }
  if (!object_define_properties_from(cx, value_as_object(object), call_argument(call, 1))) return VALUE_ABRUPT;
  return object;
}

// https://tc39.es/ecma262/#sec-object.defineproperty
static Value object_define_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key, fields[3]);
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) {
    return throw_type_error(cx, "Object.defineProperty: expected an object, not %v", object);
  }
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor;
  if (!descriptor_from_object(cx, call_argument(call, 2), &descriptor, r->fields)) return VALUE_ABRUPT;
  if (!object_define_or_throw(cx, value_as_object(object), r->key, &descriptor)) return VALUE_ABRUPT;
  return object;
}

// keys, values, entries --------------------------------------------------------------------------------

enum { ENUMERATE_KEYS, ENUMERATE_VALUES, ENUMERATE_ENTRIES };

// Adds the entry for one enumerable property to the result.
static MUST_CHECK bool object_enumerate_add(Context *cx, Object *result, int32_t kind, Value *key_and_value) {
  if (kind != ENUMERATE_ENTRIES) return array_push(cx, result, key_and_value[kind == ENUMERATE_VALUES]);
  ROOTS(cx, r, entry);
  r->entry = object_or_abrupt(array_create_from(cx, key_and_value, 2));
  return !value_is_abrupt(r->entry) && array_push(cx, result, r->entry);
}

// OPTIMIZATION: objects that have only named data properties are read from their shape. False in *done: it is not one.
static MUST_CHECK bool object_enumerate_shape(Context *cx, Object *object, Object *result, int32_t kind, bool *done) {
  const Shape *shape = object->shape;
  *done = object->cell.kind == CELL_OBJECT && !(shape->cell.flags & (SHAPE_EXOTIC | SHAPE_HAS_INDEX_KEYS)) &&
          object->element_count == 0;
  if (!*done || !shape->properties) return true;
  const Property *entries = shape->properties->entries;
  for (uint32_t i = 0; i < shape->count; i++) {
    if (entries[i].attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY)) {
      *done = false;
      return true;
    }
  }
  if (!context_charge(cx, (int32_t)shape->count)) return context_throw_interrupted(cx), false;
  if (!object_reserve_elements(cx, result, shape->count)) return false;
  ROOTS(cx, r, pair[2]);
  for (uint32_t i = 0; i < shape->count; i++) {
    if (!key_is_atom(entries[i].key) || !(entries[i].attributes & PROPERTY_ENUMERABLE)) continue;
    r->pair[0] = entries[i].key;
    r->pair[1] = object->slots[entries[i].slot];
    if (!object_enumerate_add(cx, result, kind, r->pair)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-enumerableownproperties
static Value object_enumerate(Context *cx, const Call *call) {
  ROOTS(cx, r, object, keys, key, result, pair[2]);
  int32_t kind = call_magic(call);
  r->object = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  bool is_known = replay_is_repeating(cx), done = false;
  Object *result = array_create(cx, 0);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (!is_known && !object_enumerate_shape(cx, object, result, kind, &done)) return VALUE_ABRUPT;
  if (done) return r->result;
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Values *keys = (Values *)value_as_cell(r->keys);
  if (!is_known && !object_reserve_elements(cx, result, values_count(keys))) return VALUE_ABRUPT;
  r->result = replay_note(cx, r->result);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  result = value_as_object(r->result);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!context_charge(cx, 2)) return context_throw_interrupted(cx);
    if (!replay_round_index(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= values_count(keys)) return r->result;
    if (value_is_symbol(keys->items[i])) continue;
    r->key = key_from_value(cx, keys->items[i]);
    bool is_enumerable;
    if (value_is_abrupt(r->key) ||
        !object_get_own_enumerable(cx, object, r->key, kind != ENUMERATE_KEYS, &r->pair[1], &is_enumerable)) {
      return VALUE_ABRUPT;
    }
    r->pair[0] = keys->items[i];
    if (is_enumerable && !object_enumerate_add(cx, result, kind, r->pair)) return VALUE_ABRUPT;
  }
}

// https://tc39.es/ecma262/#sec-getownpropertykeys
// bounded: the keys were paid for when they were listed.
static Value object_get_own_property_keys(Context *cx, Value value, bool symbols) {
  ROOTS(cx, r, object, keys, result);
  r->object = value_to_object(cx, value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->keys = object_own_keys(cx, value_as_object(r->object));
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Values *keys = (Values *)value_as_cell(r->keys);
  Object *result = array_create(cx, 0);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  for (uint32_t i = 0; i < values_count(keys); i++) {
    if (value_is_symbol(keys->items[i]) == symbols && !array_push(cx, result, keys->items[i])) return VALUE_ABRUPT;
  }
  return r->result;
}

// https://tc39.es/ecma262/#sec-object.getownpropertynames
static Value object_get_own_property_names(Context *cx, const Call *call) {
  return object_get_own_property_keys(cx, call_argument(call, 0), false);
}

// https://tc39.es/ecma262/#sec-object.getownpropertysymbols
static Value object_get_own_property_symbols(Context *cx, const Call *call) {
  return object_get_own_property_keys(cx, call_argument(call, 0), true);
}

// Descriptors --------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object.getownpropertydescriptor
static Value object_get_own_property_descriptor(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key, fields[3]);
  r->object = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, value_as_object(r->object), r->key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return found == TRISTATE_TRUE ? descriptor_to_object(cx, &descriptor) : VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-object.getownpropertydescriptors
static Value object_get_own_property_descriptors(Context *cx, const Call *call) {
  ROOTS(cx, r, object, keys, key, fields[3], value, result);
  r->object = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->keys = object_own_keys(cx, value_as_object(r->object));
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Values *keys = (Values *)value_as_cell(r->keys);
  r->result = object_or_abrupt(object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype)));
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  r->result = replay_note(cx, r->result);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    if (!replay_round_index(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= values_count(keys)) return r->result;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, value_as_object(r->object), r->key, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (found == TRISTATE_FALSE) continue;
    r->value = descriptor_to_object(cx, &descriptor);
    if (value_is_abrupt(r->value) || !object_create_data_property(cx, value_as_object(r->result), r->key, r->value)) {
      return VALUE_ABRUPT;
    }
  }
}

// Prototypes ---------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object.getprototypeof
static Value object_static_get_prototype_of(Context *cx, const Call *call) {
  ROOTS(cx, r, object, prototype);
  r->object = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Tristate state = object_get_prototype(cx, value_as_object(r->object), &r->prototype);
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : r->prototype;
}

// [[SetPrototypeOf]] or TypeError. The value is an object or null.
static MUST_CHECK bool object_set_prototype_or_throw(Context *cx, Value object, Value prototype) {
  Tristate done = object_set_prototype(cx, value_as_object(object), prototype);
  if (done == TRISTATE_TRUE) return true;
  if (done == TRISTATE_ABRUPT) return false;
  const Object *target = value_as_object(object);
  const char *reason = "it would be its own ancestor";
  if (target->shape->class_->set_prototype) reason = "the object refused";
  else if (!object_is_extensible_flag(target)) reason = "the object is not extensible";
  throw_type_error(cx, "%ecannot set the prototype of %v: %s", object, reason);
  return false;
}

// https://tc39.es/ecma262/#sec-object.setprototypeof
static Value object_static_set_prototype_of(Context *cx, const Call *call) {
  Value object = call_argument(call, 0), prototype = call_argument(call, 1);
  if (!value_require_object_coercible(cx, object, "Object.setPrototypeOf")) return VALUE_ABRUPT;
  if (!value_is_object(prototype) && !value_is_null(prototype)) {
    return throw_type_error(cx, "Object.setPrototypeOf: the prototype must be an object or null, not %v", prototype);
  }
  if (value_is_object(object) && !object_set_prototype_or_throw(cx, object, prototype)) return VALUE_ABRUPT;
  return object;
}

// https://tc39.es/ecma262/#sec-get-object.prototype.__proto__
static Value object_prototype_get_proto(Context *cx, const Call *call) {
  ROOTS(cx, r, object, prototype);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Tristate state = object_get_prototype(cx, value_as_object(r->object), &r->prototype);
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : r->prototype;
}

// https://tc39.es/ecma262/#sec-set-object.prototype.__proto__
static Value object_prototype_set_proto(Context *cx, const Call *call) {
  Value prototype = call_argument(call, 0);
  if (!value_require_object_coercible(cx, call->this_value, "Object.prototype.__proto__")) return VALUE_ABRUPT;
  if (!value_is_object(prototype) && !value_is_null(prototype)) return VALUE_UNDEFINED;
  if (value_is_object(call->this_value) && !object_set_prototype_or_throw(cx, call->this_value, prototype)) {
    return VALUE_ABRUPT;
  }
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-object.prototype.isprototypeof
static Value object_prototype_is_prototype_of(Context *cx, const Call *call) {
  ROOTS(cx, r, self, object);
  r->object = call_argument(call, 0);
  if (!value_is_object(r->object)) return VALUE_FALSE;
  r->self = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->self)) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (double proxies = 0;;) {
    if (!replay_round_with(cx, &loop, &proxies, &r->object) || !object_step_up(cx, &r->object, &proxies))
      return VALUE_ABRUPT;
    if (value_is_null(r->object)) return VALUE_FALSE;
    if (r->object == r->self) return VALUE_TRUE;
  }
}

// Integrity ----------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object.freeze https://tc39.es/ecma262/#sec-object.seal
static Value object_static_set_integrity(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) return object;
  IntegrityLevel level = (IntegrityLevel)call_magic(call);
  Tristate done = object_set_integrity(cx, value_as_object(object), level);
  if (done == TRISTATE_FALSE) {
    return throw_type_error(cx, "Object.%s: %v cannot be made non-extensible",
                            level == INTEGRITY_FROZEN ? "freeze" : "seal", object);
  }
  return done == TRISTATE_ABRUPT ? VALUE_ABRUPT : object;
}

// https://tc39.es/ecma262/#sec-object.isfrozen https://tc39.es/ecma262/#sec-object.issealed
static Value object_static_test_integrity(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) return VALUE_TRUE;
  return boolean_from_tristate(object_test_integrity(cx, value_as_object(object), (IntegrityLevel)call_magic(call)));
}

// https://tc39.es/ecma262/#sec-object.preventextensions
static Value object_static_prevent_extensions(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) return object;
  Tristate done = object_prevent_extensions(cx, value_as_object(object));
  if (done == TRISTATE_FALSE) {
    return throw_type_error(cx, "Object.preventExtensions: %v refused to become non-extensible", object);
  }
  return done == TRISTATE_ABRUPT ? VALUE_ABRUPT : object;
}

// https://tc39.es/ecma262/#sec-object.isextensible
static Value object_static_is_extensible(Context *cx, const Call *call) {
  Value object = call_argument(call, 0);
  if (!value_is_object(object)) return VALUE_FALSE;
  return boolean_from_tristate(object_is_extensible(cx, value_as_object(object)));
}

// Small questions ----------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object.hasown
static Value object_has_own(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key);
  r->object = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return boolean_from_tristate(object_has_own_property(cx, value_as_object(r->object), r->key));
}

// https://tc39.es/ecma262/#sec-object.is
static Value object_is(Context *cx, const Call *call) {
  bool same;
  if (!value_same(cx, call_argument(call, 0), call_argument(call, 1), &same)) return VALUE_ABRUPT;
  return value_boolean(same);
}

// https://tc39.es/ecma262/#sec-object.prototype.hasownproperty
static Value object_prototype_has_own_property(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key);
  r->key = key_from_value(cx, call_argument(call, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  return boolean_from_tristate(object_has_own_property(cx, value_as_object(r->object), r->key));
}

// https://tc39.es/ecma262/#sec-object.prototype.propertyisenumerable
static Value object_prototype_property_is_enumerable(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key, fields[3]);
  r->key = key_from_value(cx, call_argument(call, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, value_as_object(r->object), r->key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return value_boolean(found == TRISTATE_TRUE && (descriptor.attributes & PROPERTY_ENUMERABLE));
}

// https://tc39.es/ecma262/#sec-object.prototype.valueof
static Value object_prototype_value_of(Context *cx, const Call *call) { return value_to_object(cx, call->this_value); }

static const char *object_builtin_tag(const Object *object) {
  switch (object->cell.kind) {
    case CELL_ARGUMENTS: return "Arguments";
    case CELL_ERROR: return "Error";
    case CELL_REGEXP: return "RegExp";
    case CELL_PRIMITIVE: {
      const ObjectClass *class_ = object->shape->class_;
      if (class_ == &object_class_boolean || class_ == &object_class_number || class_ == &object_class_string ||
          class_ == &object_class_date) {
        return class_->name;
      }
      return "Object";
    }
    default: return object->cell.flags & OBJECT_CALLABLE ? "Function" : "Object";
  }
}

// https://tc39.es/ecma262/#sec-object.prototype.tostring
Value object_prototype_to_string(Context *cx, const Call *call) {
  ROOTS(cx, r, object, tag);
  if (value_is_undefined(call->this_value)) return string_from_ascii(cx, "[object Undefined]");
  if (value_is_null(call->this_value)) return string_from_ascii(cx, "[object Null]");
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  bool is_array;
  if (!value_is_array(cx, r->object, &is_array)) return VALUE_ABRUPT;
  const char *builtin_tag = is_array ? "Array" : object_builtin_tag(object);
  r->tag = object_get_key(cx, object, cx->names->symbol_toStringTag);
  if (value_is_abrupt(r->tag)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_ascii(&builder, "[object ");
  if (value_is_string(r->tag)) {
    if (!string_builder_append_string(&builder, value_as_string(r->tag))) return VALUE_ABRUPT;
  } else {
    string_builder_append_ascii(&builder, builtin_tag);
  }
  string_builder_append_ascii(&builder, "]");
  return string_builder_finish(&builder);
}

// Annex B accessors ----------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-object.prototype.__defineGetter__ and __defineSetter__ (magic 1)
static Value object_prototype_define_accessor(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key);
  bool is_setter = call_magic(call);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  Value function = call_argument(call, 1);
  if (!value_is_callable(function)) {
    return throw_type_error(cx, "Object.prototype.%s: expected a function, not %v",
                            is_setter ? "__defineSetter__" : "__defineGetter__", function);
  }
  r->key = key_from_value(cx, call_argument(call, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor = {VALUE_HOLE, is_setter ? VALUE_HOLE : function, is_setter ? function : VALUE_HOLE,
                           PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE, PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE};
  if (!object_define_or_throw(cx, value_as_object(r->object), r->key, &descriptor)) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-object.prototype.__lookupGetter__ and __lookupSetter__ (magic 1)
static Value object_prototype_lookup_accessor(Context *cx, const Call *call) {
  ROOTS(cx, r, object, key, fields[3]);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (double proxies = 0;;) {
    if (!replay_round_with(cx, &loop, &proxies, &r->object)) return VALUE_ABRUPT;
    if (value_is_null(r->object)) return VALUE_UNDEFINED;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, value_as_object(r->object), r->key, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (found == TRISTATE_TRUE) {
      if (!descriptor_is_accessor(&descriptor)) return VALUE_UNDEFINED;
      Value function = call_magic(call) ? descriptor.set : descriptor.get;
      return value_is_hole(function) ? VALUE_UNDEFINED : function;
    }
    if (!object_step_up(cx, &r->object, &proxies)) return VALUE_ABRUPT;
  }
}

// Object.prototype is an immutable prototype exotic object.
// https://tc39.es/ecma262/#sec-immutable-prototype-exotic-objects-setprototypeof-v
static Tristate object_prototype_set_prototype(Context *cx, Object *object, Value prototype) {
  (void)cx;
  (void)object;
  return value_is_null(prototype) ? TRISTATE_TRUE : TRISTATE_FALSE;
}

const ObjectClass object_class_object_prototype = {
    .name = "Object",
    .kind = CELL_OBJECT,
    .size = sizeof(Object),
    .set_prototype = object_prototype_set_prototype,
};

static const BuiltinRow object_rows[] = {
    FUNCTION("assign", 2, object_assign),
    FUNCTION("create", 2, object_static_create),
    FUNCTION("defineProperties", 2, object_define_properties),
    FUNCTION("defineProperty", 3, object_define_property),
    FUNCTION_MAGIC("entries", 1, object_enumerate, ENUMERATE_ENTRIES),
    FUNCTION_MAGIC("freeze", 1, object_static_set_integrity, INTEGRITY_FROZEN),
    SELF_HOSTED("fromEntries", 1, "Object_fromEntries"),
    FUNCTION("getOwnPropertyDescriptor", 2, object_get_own_property_descriptor),
    FUNCTION("getOwnPropertyDescriptors", 1, object_get_own_property_descriptors),
    FUNCTION("getOwnPropertyNames", 1, object_get_own_property_names),
    FUNCTION("getOwnPropertySymbols", 1, object_get_own_property_symbols),
    FUNCTION("getPrototypeOf", 1, object_static_get_prototype_of),
    SELF_HOSTED("groupBy", 2, "Object_groupBy"),
    FUNCTION("hasOwn", 2, object_has_own),
    FUNCTION("is", 2, object_is),
    FUNCTION("isExtensible", 1, object_static_is_extensible),
    FUNCTION_MAGIC("isFrozen", 1, object_static_test_integrity, INTEGRITY_FROZEN),
    FUNCTION_MAGIC("isSealed", 1, object_static_test_integrity, INTEGRITY_SEALED),
    FUNCTION_MAGIC("keys", 1, object_enumerate, ENUMERATE_KEYS),
    FUNCTION("preventExtensions", 1, object_static_prevent_extensions),
    FUNCTION_MAGIC("seal", 1, object_static_set_integrity, INTEGRITY_SEALED),
    FUNCTION("setPrototypeOf", 2, object_static_set_prototype_of),
    FUNCTION_MAGIC("values", 1, object_enumerate, ENUMERATE_VALUES),
    END_OF_ROWS,
};

static const BuiltinRow object_prototype_rows[] = {
    FUNCTION_MAGIC("__defineGetter__", 2, object_prototype_define_accessor, 0),
    FUNCTION_MAGIC("__defineSetter__", 2, object_prototype_define_accessor, 1),
    FUNCTION("hasOwnProperty", 1, object_prototype_has_own_property),
    FUNCTION_MAGIC("__lookupGetter__", 1, object_prototype_lookup_accessor, 0),
    FUNCTION_MAGIC("__lookupSetter__", 1, object_prototype_lookup_accessor, 1),
    FUNCTION("isPrototypeOf", 1, object_prototype_is_prototype_of),
    FUNCTION("propertyIsEnumerable", 1, object_prototype_property_is_enumerable),
    SELF_HOSTED("toLocaleString", 0, "ObjectPrototype_toLocaleString"),
    FUNCTION("toString", 0, object_prototype_to_string),
    FUNCTION("valueOf", 0, object_prototype_value_of),
    ACCESSOR("__proto__", object_prototype_get_proto, object_prototype_set_proto),
    END_OF_ROWS,
};

const BuiltinObject builtin_object_prototype = {
    .intrinsic = INTRINSIC_ObjectPrototype,
    .prototype = -1,
    .prototype_property = -1,
    .class_ = &object_class_object_prototype,
    .rows = object_prototype_rows,
};

const BuiltinObject builtin_object = {
    .global_name = "Object",
    .intrinsic = INTRINSIC_Object,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = object_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_ObjectPrototype,
    .rows = object_rows,
};
