#include "runtime/refusals.h"

#include "runtime/errors.h"
#include "runtime/objects.h"

Value throw_of_nullish(Context *cx, const char *action, Value key, Value base) {
  if (value_is_string(key) || value_is_symbol(key) || value_is_number(key))
    return throw_type_error(cx, "%ecannot %s '%k' of %v", action, key, base);
  return throw_type_error(cx, "%ecannot %s a property of %v", action, base);
}

Value throw_refused(Context *cx, const char *prefix, const char *action, Value key, Value base, const char *reason) {
  if (!prefix) return throw_type_error(cx, "%ecannot %s '%k' of %v: %s", action, key, base, reason);
  return throw_type_error(cx, "%scannot %s '%k' of %v: %s", prefix, action, key, base, reason);
}

static const char *refusal_of_class(const Object *object) {
  switch (object->shape->class_->kind) {
    case CELL_PROXY: return "the proxy refused";
    case CELL_MODULE_NAMESPACE: return "it belongs to a module";
    default: return "the object refused";
  }
}

static bool has_element(const Object *object, PropertyKey key) {
  return key_is_index(key) && (uint32_t)value_as_int(key) < object->element_count &&
         !value_is_hole(object->elements->items[value_as_int(key)]);
}

const char *refusal_of_set(Context *cx, Value base, PropertyKey key) {
  if (!value_is_object(base)) {
    return value_is_string(base) ? "it is read-only" : "primitives have no properties of their own";
  }
  const Object *first = value_as_object(base);
  for (const Object *object = first; object; object = object->shape->prototype) {
    const ObjectClass *class_ = object->shape->class_;
    if (class_->get || class_->get_own_property) return refusal_of_class(object);
    const Property *property = shape_lookup(object->shape, key);
    if (property) return property->attributes & PROPERTY_ACCESSOR ? "it has no setter" : "it is read-only";
    if (object == first && has_element(object, key)) return "it is read-only";
    context_spend_step(cx);
  }
  return "the object is not extensible";
}

const char *refusal_of_delete(Value base) {
  bool is_class = value_is_object(base) && value_as_object(base)->shape->class_->delete_property;
  return is_class ? refusal_of_class(value_as_object(base)) : "it is not configurable";
}

const char *refusal_of_define(const Object *object, PropertyKey key) {
  if (object->shape->class_->get_own_property) return refusal_of_class(object);
  bool is_there = shape_lookup(object->shape, key) || has_element(object, key);
  return is_there ? "it is not configurable" : "the object is not extensible";
}
