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
  if (index >= values_count(map) || value_is_hole(map->items[index])) return NULL;
  return &arguments->environment->slots[value_as_int(map->items[index])];
}

static void arguments_unmap(Context *cx, Object *object, PropertyKey key) {
  Arguments *arguments = (Arguments *)object;
  Values *map = (Values *)value_as_cell(arguments->map);
  cell_store(cx, &map->items[value_as_int(key)], VALUE_HOLE);
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
    arguments_unmap(cx, object, key);
    return TRISTATE_TRUE;
  }
  if (!value_is_hole(descriptor->value)) cell_store(cx, place, descriptor->value);
  if (becomes_read_only) arguments_unmap(cx, object, key);
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
  if (place) cell_store(cx, place, value);
  return ordinary_set(cx, object, key, value, receiver);
}

// https://tc39.es/ecma262/#sec-arguments-exotic-objects-delete-p
static Tristate arguments_delete(Context *cx, Object *object, PropertyKey key) {
  bool is_mapped = arguments_mapped_place(object, key) != NULL;
  Tristate done = ordinary_delete(cx, object, key);
  if (done == TRISTATE_TRUE && is_mapped) arguments_unmap(cx, object, key);
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
    .names_are_ordinary = true,
    .trace = arguments_trace,
};

// All three forms have the properties `length`, @@iterator and `callee`, in this order; the realm keeps their shapes.
enum { SLOT_LENGTH, SLOT_ITERATOR, SLOT_CALLEE, ARGUMENTS_INLINE_SLOTS };

static const ObjectClass *arguments_class(RealmShape which) {
  return which == REALM_SHAPE_MAPPED_ARGUMENTS ? &object_class_mapped_arguments : &object_class_arguments;
}

static MUST_CHECK Shape *arguments_make_shape(Context *cx, RealmShape which) {
  // Filling ArrayPrototype records the intrinsic that is the @@iterator of arguments objects.
  if (!object_ensure_filled(cx, realm_prototype(cx, INTRINSIC_ArrayPrototype))) return NULL;
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_prototype(cx, arguments_class(which), realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->length, PROPERTY_HIDDEN);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->symbol_iterator, PROPERTY_HIDDEN);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  uint8_t callee_attributes = which == REALM_SHAPE_ARGUMENTS ? PROPERTY_ACCESSOR : PROPERTY_HIDDEN;
  return cx->realm->shapes[which] = shape_add_property(cx, shape, cx->names->callee, callee_attributes);
}

// Creates the object with everything except the callee.
// bounded: arguments, which the call paid for.
static MUST_CHECK Object *arguments_create(Context *cx, RealmShape which, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, object);
  Shape *shape = cx->realm->shapes[which];
  if (UNLIKELY(!shape) && !(shape = arguments_make_shape(cx, which))) return NULL;
  Object *object = object_create_with_shape(cx, shape, ARGUMENTS_INLINE_SLOTS);
  if (!object) return NULL;
  ((Arguments *)object)->map = VALUE_UNDEFINED;
  r->object = value_object(object);
  cell_store(cx, &object->slots[SLOT_LENGTH], value_unsigned(count));
  cell_store(cx, &object->slots[SLOT_ITERATOR], realm_intrinsic(cx, INTRINSIC_ArrayPrototype_values));
  cell_store(cx, &object->slots[SLOT_CALLEE], VALUE_UNDEFINED);
  if (count > 0) {
    if (!object_reserve_elements(cx, object, count)) return NULL;
    for (uint32_t i = 0; i < count; i++) cell_store(cx, &object->elements->items[i], arguments[i]);
    object->element_count = count;
  }
  return object;
}

Object *arguments_create_unmapped(Context *cx, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, thrower);
  Record *thrower = record_create(cx, 0, 2);  // getter and setter
  if (!thrower) return NULL;
  r->thrower = value_internal(thrower);
  for (int half = 0; half < 2; half++) {
    cell_store(cx, &thrower->items[half], realm_intrinsic(cx, INTRINSIC_ThrowTypeError));
  }
  Object *object = arguments_create(cx, REALM_SHAPE_ARGUMENTS, arguments, count);
  if (object) cell_store(cx, &object->slots[SLOT_CALLEE], r->thrower);
  return object;
}

// bounded: arguments, which the call paid for.
Object *arguments_create_mapped(Context *cx, const Value *arguments, uint32_t count, Value callee,
                                Environment *environment, const Values *slots) {
  ROOTS(cx, r, object);
  uint32_t mapped = environment ? MIN_OF(count, values_count(slots)) : 0;
  RealmShape which = mapped > 0 ? REALM_SHAPE_MAPPED_ARGUMENTS : REALM_SHAPE_SLOPPY_ARGUMENTS;
  Object *object = arguments_create(cx, which, arguments, count);
  if (!object) return NULL;
  cell_store(cx, &object->slots[SLOT_CALLEE], callee);
  if (mapped == 0) return object;
  r->object = value_object(object);
  Values *map = values_create(cx, mapped);
  if (!map) return NULL;
  for (uint32_t i = 0; i < mapped; i++) {
    if (value_as_int(slots->items[i]) >= 0) map->items[i] = slots->items[i];
  }
  Arguments *result = (Arguments *)object;
  result->environment = environment;
  cell_store(cx, &result->map, value_internal(map));
  return object;
}
