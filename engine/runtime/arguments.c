// Arguments objects. https://tc39.es/ecma262/#sec-arguments-exotic-objects
#include "runtime/arguments.h"

#include "runtime/functions.h"
#include "runtime/names.h"
#include "runtime/realm.h"

static void arguments_trace(Tracer *tracer, Object *object) {
  Arguments *arguments = (Arguments *)object;
  tracer_visit_cell(tracer, arguments->environment);
  tracer_visit_value(tracer, arguments->map);
}

// The environment slot behind a mapped index, or NULL.
static Value *arguments_mapped_place(Object *object, PropertyKey key) {
  Arguments *arguments = (Arguments *)object;
  if (!key_is_index(key) || !arguments->environment) return NULL;
  Values *map = (Values *)value_as_cell(arguments->map);
  uint32_t index = (uint32_t)value_as_int(key);
  if (index >= map->cell.extra || value_is_hole(map->items[index])) return NULL;
  return &arguments->environment->slots[value_as_int(map->items[index])];
}

static void arguments_unmap(Object *object, PropertyKey key) {
  Arguments *arguments = (Arguments *)object;
  Values *map = (Values *)value_as_cell(arguments->map);
  cell_store(&map->cell, &map->items[value_as_int(key)], VALUE_HOLE);
}

static void arguments_store(Object *object, Value *place, Value value) {
  cell_store(&((Arguments *)object)->environment->cell, place, value);
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-getownproperty-p
static Tristate arguments_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out,
                                           Value *roots) {
  Tristate found = ordinary_get_own_property(cx, object, key, out, roots);
  if (found != TRISTATE_TRUE) return found;
  Value *place = arguments_mapped_place(object, key);
  if (place) out->value = roots[0] = *place;
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-defineownproperty-p-desc
static Tristate arguments_define_own_property(Context *cx, Object *object, PropertyKey key,
                                              const Descriptor *descriptor) {
  Value *place = arguments_mapped_place(object, key);
  if (!place) return ordinary_define_own_property(cx, object, key, descriptor);
  ROOTS(cx, r, value);
  Descriptor changed = *descriptor;
  bool becomes_read_only = (descriptor->present & PROPERTY_WRITABLE) && !(descriptor->attributes & PROPERTY_WRITABLE);
  if (descriptor_is_data(descriptor) && value_is_hole(descriptor->value) && becomes_read_only) {
    changed.value = r->value = *place;
  }
  Tristate done = ordinary_define_own_property(cx, object, key, &changed);
  if (done != TRISTATE_TRUE) return done;
  if (descriptor_is_accessor(descriptor)) {
    arguments_unmap(object, key);
    return TRISTATE_TRUE;
  }
  if (!value_is_hole(descriptor->value)) arguments_store(object, place, descriptor->value);
  if (becomes_read_only) arguments_unmap(object, key);
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-get-p-receiver
static Value arguments_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  Value *place = arguments_mapped_place(object, key);
  return place ? *place : ordinary_get(cx, object, key, receiver);
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-set-p-v-receiver
static Tristate arguments_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  Value *place = receiver == value_object(object) ? arguments_mapped_place(object, key) : NULL;
  if (place) arguments_store(object, place, value);
  return ordinary_set(cx, object, key, value, receiver);
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-delete-p
static Tristate arguments_delete(Context *cx, Object *object, PropertyKey key) {
  bool is_mapped = arguments_mapped_place(object, key) != NULL;
  Tristate done = ordinary_delete(cx, object, key);
  if (done == TRISTATE_TRUE && is_mapped) arguments_unmap(object, key);
  return done;
}

const ObjectClass object_class_arguments = {
    .name = "Arguments", .kind = CELL_ARGUMENTS, .size = sizeof(Arguments), .trace = arguments_trace};

const ObjectClass object_class_mapped_arguments = {
    .name = "Arguments",
    .kind = CELL_ARGUMENTS,
    .size = sizeof(Arguments),
    .get_own_property = arguments_get_own_property,
    .define_own_property = arguments_define_own_property,
    .get = arguments_get,
    .set = arguments_set,
    .delete_property = arguments_delete,
    .trace = arguments_trace,
};

enum { ARGUMENTS_INLINE_SLOTS = 3 };

// The object with its elements filled and `length` and @@iterator defined, in the order of the specification.
static Object *arguments_create(Context *cx, const ObjectClass *class_, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, object);
  Object *prototype = realm_prototype(cx, INTRINSIC_ObjectPrototype);
  Object *object = object_create_of_class(cx, class_, prototype, ARGUMENTS_INLINE_SLOTS);
  if (!object) return NULL;
  ((Arguments *)object)->map = VALUE_UNDEFINED;
  r->object = value_object(object);
  if (count > 0) {
    if (!object_reserve_elements(cx, object, count)) return NULL;
    for (uint32_t i = 0; i < count; i++) cell_store(&object->elements->cell, &object->elements->items[i], arguments[i]);
    object->element_count = count;
  }
  if (!object_add_property(cx, object, cx->names->length, value_unsigned(count), PROPERTY_HIDDEN)) return NULL;
  return object;
}

static bool arguments_add_iterator(Context *cx, Object *object) {
  return object_add_property(cx, object, cx->names->symbol_iterator,
                             realm_intrinsic(cx, INTRINSIC_ArrayPrototype_values), PROPERTY_HIDDEN);
}

Object *arguments_create_unmapped(Context *cx, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, object);
  Object *object = arguments_create(cx, &object_class_arguments, arguments, count);
  if (!object) return NULL;
  r->object = value_object(object);
  Value thrower = realm_intrinsic(cx, INTRINSIC_ThrowTypeError);
  if (!arguments_add_iterator(cx, object) ||
      !object_add_accessor(cx, object, cx->names->callee, thrower, thrower, 0)) {
    return NULL;
  }
  return object;
}

Object *arguments_create_mapped(Context *cx, const Value *arguments, uint32_t count, Value callee,
                                Environment *environment, const uint16_t *slots, uint32_t slot_count) {
  ROOTS(cx, r, object);
  uint32_t mapped = MIN_OF(count, slot_count);
  const ObjectClass *class_ = mapped > 0 && environment ? &object_class_mapped_arguments : &object_class_arguments;
  Object *object = arguments_create(cx, class_, arguments, count);
  if (!object) return NULL;
  r->object = value_object(object);
  if (!arguments_add_iterator(cx, object) ||
      !object_add_property(cx, object, cx->names->callee, callee, PROPERTY_HIDDEN)) {
    return NULL;
  }
  if (class_ == &object_class_arguments) return object;
  Values *map = values_create(cx, mapped);
  if (!map) return NULL;
  for (uint32_t i = 0; i < mapped; i++) {
    if (slots[i] != ARGUMENTS_NOT_MAPPED) map->items[i] = value_int(slots[i]);
  }
  Arguments *result = (Arguments *)object;
  result->environment = environment;
  cell_store(&object->cell, &result->map, value_internal(map));
  return object;
}
