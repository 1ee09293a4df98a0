// Creating objects, and convenience functions for natives.
#include "runtime/objects.h"

#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"
#include "runtime/refusals.h"
#include "runtime/replay.h"

enum { ORDINARY_INLINE_SLOTS = 4 };

const ObjectClass object_class_ordinary = {.name = "Object", .kind = CELL_OBJECT, .size = sizeof(Object)};

// Creation ---------------------------------------------------------------------------------------------

Object *object_create_with_shape(Context *cx, Shape *shape, uint32_t inline_slots) {
  const ObjectClass *class_ = shape->class_;
  ASSERT(class_->size % sizeof(Value) == 0 && inline_slots <= UINT8_MAX);
  Object *object = context_allocate(cx, class_->kind, class_->size + inline_slots * sizeof(Value));
  if (!object) return NULL;
  object->cell.small = (uint8_t)inline_slots;
  object->shape = shape;
  object->slots = (Value *)((char *)object + class_->size);
  return object;
}

Object *object_create_of_class(Context *cx, const ObjectClass *class_, Object *prototype, uint32_t inline_slots) {
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_prototype(cx, class_, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  return object_create_with_shape(cx, shape, inline_slots);
}

Object *object_create(Context *cx, Object *prototype) {
  return object_create_of_class(cx, &object_class_ordinary, prototype, ORDINARY_INLINE_SLOTS);
}

// https://tc39.es/ecma262/#sec-getprototypefromconstructor
Value object_prototype_from_constructor(Context *cx, Value new_target, int intrinsic) {
  if (!value_is_object(new_target)) return builtin_intrinsic(cx, cx->realm, intrinsic);
  ROOTS(cx, r, prototype);
  r->prototype = object_get_key(cx, value_as_object(new_target), cx->names->prototype);
  if (value_is_abrupt(r->prototype) || value_is_object(r->prototype)) return r->prototype;
  Realm *realm = function_get_realm(cx, value_as_object(new_target));
  return realm ? builtin_intrinsic(cx, realm, intrinsic) : VALUE_ABRUPT;
}

Object *object_create_from_constructor(Context *cx, Value new_target, int intrinsic, const ObjectClass *class_) {
  ROOTS(cx, r, prototype);
  r->prototype = object_prototype_from_constructor(cx, new_target, intrinsic);
  if (value_is_abrupt(r->prototype)) return NULL;
  uint32_t inline_slots = class_ == &object_class_ordinary ? ORDINARY_INLINE_SLOTS : 0;
  return object_create_of_class(cx, class_, value_as_object(r->prototype), inline_slots);
}

static Shape *iterator_result_shape(Context *cx) {
  Realm *realm = cx->realm;
  if (LIKELY(realm->shapes[REALM_SHAPE_ITERATOR_RESULT] != NULL)) return realm->shapes[REALM_SHAPE_ITERATOR_RESULT];
  ROOTS(cx, r, shape);
  Object *prototype = value_as_object(realm->intrinsics[INTRINSIC_ObjectPrototype]);
  Shape *shape = shape_for_prototype(cx, &object_class_ordinary, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->value, PROPERTY_DEFAULT);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->done, PROPERTY_DEFAULT);
  return realm->shapes[REALM_SHAPE_ITERATOR_RESULT] = shape;
}

// https://tc39.es/ecma262/#sec-createiterresultobject
Value object_create_iterator_result(Context *cx, Value value, bool done) {
  Shape *shape = iterator_result_shape(cx);
  if (!shape) return VALUE_ABRUPT;
  Object *result = object_create_with_shape(cx, shape, 2);
  if (!result) return VALUE_ABRUPT;
  result->slots[0] = value;
  result->slots[1] = value_boolean(done);
  return value_object(result);
}

// Conveniences -------------------------------------------------------------------------------------------

static int primitive_prototype(Value value) {
  if (value_is_string(value)) return INTRINSIC_StringPrototype;
  if (value_is_number(value)) return INTRINSIC_NumberPrototype;
  if (value_is_boolean(value)) return INTRINSIC_BooleanPrototype;
  if (value_is_symbol(value)) return INTRINSIC_SymbolPrototype;
  return INTRINSIC_BigIntPrototype;
}

// https://tc39.es/ecma262/#sec-getv
Value value_get(Context *cx, Value base, PropertyKey key) {
  if (value_is_object(base)) return object_get(cx, value_as_object(base), key, base);
  if (value_is_nullish(base)) {
    if (key == cx->names->symbol_iterator) return throw_type_error(cx, "%e%v is not iterable", base);
    return throw_of_nullish(cx, "read", key, base);
  }
  if (value_is_string(base)) {
    String *s = value_as_string(base);
    if (key_is_index(key) && (uint32_t)value_as_int(key) < string_length(s)) {
      TextView text;
      if (!string_view(cx, s, &text)) return VALUE_ABRUPT;
      return string_from_unit(cx, text_view_unit(text, (uint32_t)value_as_int(key)));
    }
    if (key == cx->names->length) return value_int((int32_t)string_length(s));
  }
  return object_get(cx, realm_prototype(cx, (Intrinsic)primitive_prototype(base)), key, base);
}

// https://tc39.es/ecma262/#sec-getmethod
Value value_get_method(Context *cx, Value base, PropertyKey key) {
  ROOTS(cx, r, method);
  r->method = value_get(cx, base, key);
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  if (value_is_nullish(r->method)) return VALUE_UNDEFINED;
  if (!value_is_callable(r->method))
    return throw_type_error(cx, "%e'%k' of %v is not a function: it is %v", key, base, r->method);
  return r->method;
}

bool object_set_key(Context *cx, Object *object, PropertyKey key, Value value) {
  Tristate done = object_set(cx, object, key, value, value_object(object));
  if (done != TRISTATE_FALSE) return done == TRISTATE_TRUE;
  Value base = value_object(object);
  throw_refused(cx, NULL, "set", key, base, refusal_of_set(cx, base, key));
  return false;
}

// Returns false.
static bool throw_define_refused(Context *cx, const Object *object, PropertyKey key) {
  throw_refused(cx, NULL, "define", key, value_object((Object *)object), refusal_of_define(object, key));
  return false;
}

// https://tc39.es/ecma262/#sec-createdatapropertyorthrow
bool object_create_data_property(Context *cx, Object *object, PropertyKey key, Value value) {
  // OPTIMIZATION: adding to an ordinary object needs no descriptor.
  OwnProperty present;
  Tristate done;
  if (!replay_is_recording(cx) && object_is_ordinary_for(object, key) && object_is_extensible_flag(object) &&
      !own_property_find(object, key, &present) && !key_is_array_length(cx, object, key)) {
    done = object_add_checked(cx, object, key, value);
  } else {
    Descriptor descriptor = descriptor_data(value, PROPERTY_DEFAULT);
    done = object_define_own_property(cx, object, key, &descriptor);
  }
  return done == TRISTATE_TRUE || (done == TRISTATE_FALSE && throw_define_refused(cx, object, key));
}

bool object_define_or_throw(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor) {
  Tristate done = object_define_own_property(cx, object, key, descriptor);
  return done == TRISTATE_TRUE || (done == TRISTATE_FALSE && throw_define_refused(cx, object, key));
}

bool object_delete_or_throw(Context *cx, Object *object, PropertyKey key) {
  Tristate done = object_delete(cx, object, key);
  if (done == TRISTATE_FALSE)
    throw_refused(cx, NULL, "delete", key, value_object(object), refusal_of_delete(value_object(object)));
  return done == TRISTATE_TRUE;
}

bool object_add_property(Context *cx, Object *object, PropertyKey key, Value value, uint8_t attributes) {
  return own_property_put(cx, object, key, value, attributes);
}

bool object_add_accessor(Context *cx, Object *object, PropertyKey key, Value get, Value set, uint8_t attributes) {
  ROOTS(cx, r, accessor);
  Record *record = record_create(cx, 0, ACCESSOR_FIELDS);
  if (!record) return false;
  r->accessor = value_internal(record);
  record->items[ACCESSOR_GET] = get;
  record->items[ACCESSOR_SET] = set;
  attributes = (attributes & (PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE)) | PROPERTY_ACCESSOR;
  return own_property_put(cx, object, key, r->accessor, attributes);
}

// Descriptors and objects ----------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-frompropertydescriptor
Value descriptor_to_object(Context *cx, const Descriptor *d) {
  ROOTS(cx, r, object);
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  const Names *names = cx->names;
  const struct {
    Value key, value;
    bool present;
  } fields[] = {
      {names->value, d->value, !value_is_hole(d->value)},
      {names->writable, value_boolean(d->attributes & PROPERTY_WRITABLE), d->present & PROPERTY_WRITABLE},
      {names->get, d->get, !value_is_hole(d->get)},
      {names->set, d->set, !value_is_hole(d->set)},
      {names->enumerable, value_boolean((d->attributes & PROPERTY_ENUMERABLE) != 0), d->present & PROPERTY_ENUMERABLE},
      {names->configurable, value_boolean((d->attributes & PROPERTY_CONFIGURABLE) != 0),
       d->present & PROPERTY_CONFIGURABLE},
  };
  for (size_t i = 0; i < COUNT_OF(fields); i++) {
    if (fields[i].present && !object_transition(cx, object, fields[i].key, fields[i].value, PROPERTY_DEFAULT)) {
      return VALUE_ABRUPT;
    }
  }
  return r->object;
}

// Reads an optional field; *value stays a hole when the object has no such property.
static bool descriptor_read(Context *cx, Object *object, PropertyKey key, Value *value) {
  Tristate present = object_has_property(cx, object, key);
  if (present != TRISTATE_TRUE) return present == TRISTATE_FALSE;
  Value field = object_get_key(cx, object, key);
  if (value_is_abrupt(field)) return false;
  *value = field;
  return true;
}

// https://tc39.es/ecma262/#sec-topropertydescriptor
bool descriptor_from_object(Context *cx, Value source, Descriptor *out, Value *roots) {
  if (!value_is_object(source)) {
    throw_type_error(cx, "a property descriptor must be an object, not %v", source);
    return false;
  }
  Object *object = value_as_object(source);
  const Names *names = cx->names;
  *out = (Descriptor){VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, 0, 0};
  const struct {
    Value key;
    uint8_t attribute;  // 0: goes to roots[root]
    uint8_t root;
  } fields[] = {{names->enumerable, PROPERTY_ENUMERABLE, 0},
                {names->configurable, PROPERTY_CONFIGURABLE, 0},
                {names->value, 0, 0},
                {names->writable, PROPERTY_WRITABLE, 0},
                {names->get, 0, 1},
                {names->set, 0, 2}};
  roots[0] = roots[1] = roots[2] = VALUE_HOLE;
  for (size_t i = 0; i < COUNT_OF(fields); i++) {
    Value value = VALUE_HOLE;
    if (!descriptor_read(cx, object, fields[i].key, &value)) return false;
    if (!fields[i].attribute) {
      roots[fields[i].root] = value;
      bool is_function = value_is_hole(value) || value_is_undefined(value) || value_is_callable(value);
      if (fields[i].root > 0 && !is_function) {
        throw_type_error(cx, "a %s must be a function, not %v", fields[i].root == 1 ? "getter" : "setter", value);
        return false;
      }
    } else if (!value_is_hole(value)) {
      out->present |= fields[i].attribute;
      if (value_to_boolean(value)) out->attributes |= fields[i].attribute;
    }
  }
  out->value = roots[0];
  out->get = roots[1];
  out->set = roots[2];
  if (descriptor_is_accessor(out) && descriptor_is_data(out)) {
    throw_type_error(cx, "a property descriptor must have accessors or a value, not both");
    return false;
  }
  return true;
}
