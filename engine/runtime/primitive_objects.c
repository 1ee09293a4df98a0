// Wrapper objects, and the exotic String object. https://tc39.es/ecma262/#sec-string-exotic-objects
#include "runtime/primitive_objects.h"

#include "runtime/names.h"

static void primitive_object_trace(Tracer *tracer, Object *object) {
  tracer_visit_value(tracer, ((PrimitiveObject *)object)->value);
}

static String *string_object_text(Object *object) { return value_as_string(((PrimitiveObject *)object)->value); }

static bool string_object_has_index(Object *object, PropertyKey key) {
  return key_is_index(key) && (uint32_t)value_as_int(key) < string_length(string_object_text(object));
}

static Value string_object_unit(Context *cx, Object *object, PropertyKey key) {
  TextView text;
  if (!string_view(cx, string_object_text(object), &text)) return VALUE_ABRUPT;
  return string_from_unit(cx, text_view_unit(text, (uint32_t)value_as_int(key)));
}

// https://tc39.es/ecma262/#sec-stringgetownproperty
static Tristate string_object_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out,
                                               Value *roots) {
  if (!string_object_has_index(object, key)) return ordinary_get_own_property(cx, object, key, out, roots);
  roots[0] = string_object_unit(cx, object, key);
  if (value_is_abrupt(roots[0])) return TRISTATE_ABRUPT;
  *out = descriptor_data(roots[0], PROPERTY_ENUMERABLE);
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-string-exotic-objects-defineownproperty-p-desc
static Tristate string_object_define_own_property(Context *cx, Object *object, PropertyKey key,
                                                  const Descriptor *descriptor) {
  if (!string_object_has_index(object, key)) return ordinary_define_own_property(cx, object, key, descriptor);
  ROOTS(cx, r, fields[3]);
  Descriptor current;
  if (string_object_get_own_property(cx, object, key, &current, r->fields) == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  bool extensible = !(object->shape->cell.flags & SHAPE_NOT_EXTENSIBLE);
  return object_validate_and_apply(cx, NULL, key, extensible, descriptor, &current);
}

static Tristate string_object_has_property(Context *cx, Object *object, PropertyKey key) {
  return string_object_has_index(object, key) ? TRISTATE_TRUE : ordinary_has_property(cx, object, key);
}

static Value string_object_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  if (string_object_has_index(object, key)) return string_object_unit(cx, object, key);
  return ordinary_get(cx, object, key, receiver);
}

static Tristate string_object_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  if (string_object_has_index(object, key)) return TRISTATE_FALSE;  // read-only
  return ordinary_set(cx, object, key, value, receiver);
}

static Tristate string_object_delete(Context *cx, Object *object, PropertyKey key) {
  return string_object_has_index(object, key) ? TRISTATE_FALSE : ordinary_delete(cx, object, key);
}

// https://tc39.es/ecma262/#sec-string-exotic-objects-ownpropertykeys
static Value string_object_own_keys(Context *cx, Object *object) {
  ROOTS(cx, r, rest, all);
  r->rest = ordinary_own_keys(cx, object);
  if (value_is_abrupt(r->rest)) return VALUE_ABRUPT;
  Values *rest = (Values *)value_as_cell(r->rest);
  uint32_t length = string_length(string_object_text(object));
  if (length == 0) return r->rest;
  Values *all = values_create(cx, length + values_count(rest));
  if (!all) return VALUE_ABRUPT;
  r->all = value_internal(all);
  for (uint32_t i = 0; i < length; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    Value key = string_from_uint32(cx, i);
    if (value_is_abrupt(key)) return VALUE_ABRUPT;
    cell_store(cx, &all->items[i], key);
  }
  // All integer keys of its own are beyond the text, so they come after these.
  for (uint32_t i = 0; i < values_count(rest); i++) cell_store(cx, &all->items[length + i], rest->items[i]);
  return r->all;
}

#define PLAIN_CLASS(name_) \
  {.name = name_, .kind = CELL_PRIMITIVE, .size = sizeof(PrimitiveObject), .trace = primitive_object_trace}
const ObjectClass object_class_boolean = PLAIN_CLASS("Boolean");
const ObjectClass object_class_number = PLAIN_CLASS("Number");
const ObjectClass object_class_symbol = PLAIN_CLASS("Symbol");
const ObjectClass object_class_bigint = PLAIN_CLASS("BigInt");
const ObjectClass object_class_date = PLAIN_CLASS("Date");

const ObjectClass object_class_string = {
    .name = "String",
    .kind = CELL_PRIMITIVE,
    .size = sizeof(PrimitiveObject),
    .get_own_property = string_object_get_own_property,
    .define_own_property = string_object_define_own_property,
    .has_property = string_object_has_property,
    .get = string_object_get,
    .set = string_object_set,
    .delete_property = string_object_delete,
    .own_keys = string_object_own_keys,
    .trace = primitive_object_trace,
};

Object *primitive_object_create(Context *cx, const ObjectClass *class_, Object *prototype, Value value) {
  ROOTS(cx, r, object);
  Object *object = object_create_of_class(cx, class_, prototype, class_ == &object_class_string ? 1 : 0);
  if (!object) return NULL;
  r->object = value_object(object);
  cell_store(cx, &((PrimitiveObject *)object)->value, value);
  if (class_ != &object_class_string) return object;
  Value length = value_unsigned(string_length(value_as_string(value)));
  return object_add_property(cx, object, cx->names->length, length, 0) ? object : NULL;
}
