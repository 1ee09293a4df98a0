// Reflect. https://tc39.es/ecma262/#sec-reflect-object
#include "builtins/fundamentals/function.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"

static Value boolean_from_tristate(Tristate state) {
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(state == TRISTATE_TRUE);
}

// The first argument, which must be an object; NULL: threw.
static MUST_CHECK Object *reflect_target(Context *cx, const Call *call, const char *method) {
  Value target = call_argument(call, 0);
  if (value_is_object(target)) return value_as_object(target);
  throw_type_error(cx, "Reflect.%s: the target must be an object, not %v", method, target);
  return NULL;
}

// https://tc39.es/ecma262/#sec-reflect.apply
static Value reflect_apply(Context *cx, const Call *call) {
  ROOTS(cx, r, list);
  Value target = call_argument(call, 0);
  if (!value_is_callable(target)) return throw_type_error(cx, "Reflect.apply: %v is not a function", target);
  r->list = value_list_from_array_like(cx, call_argument(call, 2));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  Values *list = (Values *)value_as_cell(r->list);
  return function_call(cx, target, call_argument(call, 1), list->items, values_count(list));
}

// https://tc39.es/ecma262/#sec-reflect.construct
static Value reflect_construct(Context *cx, const Call *call) {
  ROOTS(cx, r, list);
  Value target = call_argument(call, 0);
  if (!value_is_constructor(target)) return throw_type_error(cx, "Reflect.construct: %v is not a constructor", target);
  Value new_target = call->count > 2 ? call->arguments[2] : target;
  if (!value_is_constructor(new_target)) {
    return throw_type_error(cx, "Reflect.construct: newTarget %v is not a constructor", new_target);
  }
  r->list = value_list_from_array_like(cx, call_argument(call, 1));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  Values *list = (Values *)value_as_cell(r->list);
  return function_construct(cx, target, new_target, list->items, values_count(list));
}

// https://tc39.es/ecma262/#sec-reflect.defineproperty
static Value reflect_define_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key, fields[3]);
  Object *target = reflect_target(cx, call, "defineProperty");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor;
  if (!descriptor_from_object(cx, call_argument(call, 2), &descriptor, r->fields)) return VALUE_ABRUPT;
  return boolean_from_tristate(object_define_own_property(cx, target, r->key, &descriptor));
}

// https://tc39.es/ecma262/#sec-reflect.deleteproperty
static Value reflect_delete_property(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  Object *target = reflect_target(cx, call, "deleteProperty");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return boolean_from_tristate(object_delete(cx, target, r->key));
}

// https://tc39.es/ecma262/#sec-reflect.get
static Value reflect_get(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  Object *target = reflect_target(cx, call, "get");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return object_get(cx, target, r->key, call->count > 2 ? call->arguments[2] : call->arguments[0]);
}

// https://tc39.es/ecma262/#sec-reflect.getownpropertydescriptor
static Value reflect_get_own_property_descriptor(Context *cx, const Call *call) {
  ROOTS(cx, r, key, fields[3]);
  Object *target = reflect_target(cx, call, "getOwnPropertyDescriptor");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, target, r->key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return found == TRISTATE_TRUE ? descriptor_to_object(cx, &descriptor) : VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-reflect.getprototypeof
static Value reflect_get_prototype_of(Context *cx, const Call *call) {
  ROOTS(cx, r, prototype);
  Object *target = reflect_target(cx, call, "getPrototypeOf");
  if (!target) return VALUE_ABRUPT;
  return object_get_prototype(cx, target, &r->prototype) == TRISTATE_ABRUPT ? VALUE_ABRUPT : r->prototype;
}

// https://tc39.es/ecma262/#sec-reflect.has
static Value reflect_has(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  Object *target = reflect_target(cx, call, "has");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return boolean_from_tristate(object_has_property(cx, target, r->key));
}

// https://tc39.es/ecma262/#sec-reflect.isextensible
static Value reflect_is_extensible(Context *cx, const Call *call) {
  Object *target = reflect_target(cx, call, "isExtensible");
  return target ? boolean_from_tristate(object_is_extensible(cx, target)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-reflect.ownkeys
static Value reflect_own_keys(Context *cx, const Call *call) {
  ROOTS(cx, r, keys);
  Object *target = reflect_target(cx, call, "ownKeys");
  if (!target) return VALUE_ABRUPT;
  r->keys = object_own_keys(cx, target);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Values *keys = (Values *)value_as_cell(r->keys);
  Object *array = array_create_from(cx, keys->items, values_count(keys));
  return array ? value_object(array) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-reflect.preventextensions
static Value reflect_prevent_extensions(Context *cx, const Call *call) {
  Object *target = reflect_target(cx, call, "preventExtensions");
  return target ? boolean_from_tristate(object_prevent_extensions(cx, target)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-reflect.set
static Value reflect_set(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  Object *target = reflect_target(cx, call, "set");
  if (!target) return VALUE_ABRUPT;
  r->key = key_from_value(cx, call_argument(call, 1));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Value receiver = call->count > 3 ? call->arguments[3] : call->arguments[0];
  return boolean_from_tristate(object_set(cx, target, r->key, call_argument(call, 2), receiver));
}

// https://tc39.es/ecma262/#sec-reflect.setprototypeof
static Value reflect_set_prototype_of(Context *cx, const Call *call) {
  Object *target = reflect_target(cx, call, "setPrototypeOf");
  if (!target) return VALUE_ABRUPT;
  Value prototype = call_argument(call, 1);
  if (!value_is_object(prototype) && !value_is_null(prototype)) {
    return throw_type_error(cx, "Reflect.setPrototypeOf: the prototype must be an object or null, not %v", prototype);
  }
  return boolean_from_tristate(object_set_prototype(cx, target, prototype));
}

static const BuiltinRow reflect_rows[] = {
    PERFORMED("apply", 3, reflect_apply, NATIVE_REFLECT_APPLY, -1),
    PERFORMED("construct", 2, reflect_construct, NATIVE_REFLECT_CONSTRUCT, INTRINSIC_Reflect_construct),
    FUNCTION("defineProperty", 3, reflect_define_property),
    FUNCTION("deleteProperty", 2, reflect_delete_property),
    FUNCTION("get", 2, reflect_get),
    FUNCTION("getOwnPropertyDescriptor", 2, reflect_get_own_property_descriptor),
    FUNCTION("getPrototypeOf", 1, reflect_get_prototype_of),
    FUNCTION("has", 2, reflect_has),
    FUNCTION("isExtensible", 1, reflect_is_extensible),
    FUNCTION("ownKeys", 1, reflect_own_keys),
    FUNCTION("preventExtensions", 1, reflect_prevent_extensions),
    FUNCTION("set", 3, reflect_set),
    FUNCTION("setPrototypeOf", 2, reflect_set_prototype_of),
    TO_STRING_TAG("Reflect"),
    END_OF_ROWS,
};

const BuiltinObject builtin_reflect = {
    .global_name = "Reflect",
    .intrinsic = INTRINSIC_Reflect,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = reflect_rows,
};
