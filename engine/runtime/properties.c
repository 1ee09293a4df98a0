// The ordinary internal methods and the entry points that dispatch on the class.
// https://tc39.es/ecma262/#sec-ordinary-object-internal-methods-and-internal-slots
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/own_property.h"
#include "runtime/recorded_methods.h"
#include "runtime/replay.h"

static inline const ObjectClass *class_of(const Object *object) { return object->shape->class_; }

// Own storage --------------------------------------------------------------------------------------------

bool own_property_materialize(Context *cx, Object *object, PropertyKey key, OwnProperty *property) {
  ROOTS(cx, r, value);
  r->value = realm_materialize_property(cx, object, key, *property->place);
  if (value_is_abrupt(r->value)) return false;
  if (!own_property_find(object, key, property)) return true;
  if (property_is_unfilled(*property->place)) cell_store(cx, property->place, r->value);
  return true;
}

static inline bool own_property_is_unfilled(const OwnProperty *property) {
  return UNLIKELY(property->attributes & PROPERTY_LAZY) && property_is_unfilled(*property->place);
}

// Like own_property_find, with a lazy slot filled. TRISTATE_FALSE: absent.
static Tristate own_property_load(Context *cx, Object *object, PropertyKey key, OwnProperty *out) {
  if (!own_property_find(object, key, out)) return TRISTATE_FALSE;
  if (own_property_is_unfilled(out) && !own_property_materialize(cx, object, key, out)) return TRISTATE_ABRUPT;
  return TRISTATE_TRUE;
}

bool own_property_put(Context *cx, Object *object, PropertyKey key, Value value, uint32_t attributes) {
  if (key_is_index(key) && !(object->cell.flags & OBJECT_SPARSE)) {
    uint32_t index = (uint32_t)value_as_int(key);
    if (attributes == elements_attributes(object)) return element_put(cx, object, index, value);
    if (!object_make_sparse(cx, object)) return false;
  }
  const Property *property = shape_lookup(object->shape, key);
  if (!property) return object_transition(cx, object, key, value, (uint8_t)attributes);
  if ((property->attributes & ~(uint32_t)PROPERTY_LAZY) != attributes) {
    if (!object_reconfigure_property(cx, object, key, attributes)) return false;
    property = shape_lookup(object->shape, key);
  }
  cell_store(cx, &object->slots[property->slot], value);
  return true;
}

static void descriptor_from_own(const OwnProperty *property, Descriptor *out, Value *roots) {
  *out = (Descriptor){VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, (uint8_t)(property->attributes & PROPERTY_DEFAULT),
                      PROPERTY_DEFAULT};
  if (property->attributes & PROPERTY_ACCESSOR) {
    const Record *record = (const Record *)value_as_cell(*property->place);
    roots[0] = out->get = record->items[ACCESSOR_GET];
    roots[1] = out->set = record->items[ACCESSOR_SET];
    out->attributes &= ~PROPERTY_WRITABLE;
    out->present &= ~PROPERTY_WRITABLE;
  } else {
    roots[0] = out->value = *property->place;
  }
}

Tristate ordinary_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots) {
  if (key_is_array_length(cx, object, key)) {
    bool read_only = object->cell.flags & OBJECT_LENGTH_READ_ONLY;
    *out = descriptor_data(value_unsigned(object->length), read_only ? 0 : PROPERTY_WRITABLE);
    return TRISTATE_TRUE;
  }
  OwnProperty property;
  Tristate found = own_property_load(cx, object, key, &property);
  if (found == TRISTATE_TRUE) descriptor_from_own(&property, out, roots);
  return found;
}

// https://tc39.es/ecma262/#sec-ordinarydefineownproperty
Tristate ordinary_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor) {
  ROOTS(cx, r, a, b, c);
  Descriptor current;
  Tristate found = object_get_own_property(cx, object, key, &current, &r->a);
  if (found == TRISTATE_ABRUPT) return found;
  Tristate extensible = object_is_extensible(cx, object);
  if (extensible == TRISTATE_ABRUPT) return extensible;
  return object_validate_and_apply(cx, object, key, extensible, descriptor, found ? &current : NULL);
}

static Value accessor_create(Context *cx, Value get, Value set) {
  Record *record = record_create(cx, 0, ACCESSOR_FIELDS);
  if (!record) return VALUE_ABRUPT;
  if (!value_is_hole(get)) record->items[ACCESSOR_GET] = get;
  if (!value_is_hole(set)) record->items[ACCESSOR_SET] = set;
  return value_internal(record);
}

static Tristate own_property_put_accessor(Context *cx, Object *object, PropertyKey key, Value get, Value set,
                                          uint32_t attributes) {
  ROOTS(cx, r, accessor);
  r->accessor = accessor_create(cx, get, set);
  if (value_is_abrupt(r->accessor)) return TRISTATE_ABRUPT;
  attributes = (attributes & (PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE)) | PROPERTY_ACCESSOR;
  return own_property_put(cx, object, key, r->accessor, attributes) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

static Tristate apply_absent(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor) {
  uint32_t attributes = descriptor->attributes & descriptor->present;
  if (descriptor_is_accessor(descriptor)) {
    return own_property_put_accessor(cx, object, key, descriptor->get, descriptor->set, attributes);
  }
  Value value = value_is_hole(descriptor->value) ? VALUE_UNDEFINED : descriptor->value;
  return own_property_put(cx, object, key, value, attributes) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

static Tristate values_agree(Context *cx, Value wanted, Value current) {
  if (value_is_hole(wanted) || wanted == current) return TRISTATE_TRUE;
  bool same;
  if (!value_same(cx, wanted, current, &same)) return TRISTATE_ABRUPT;
  return same;
}

// Checks a change to a property that is not configurable.
static Tristate validate_not_configurable(Context *cx, const Descriptor *descriptor, const Descriptor *current) {
  if (descriptor->present & descriptor->attributes & PROPERTY_CONFIGURABLE) return TRISTATE_FALSE;
  if (descriptor->present & (descriptor->attributes ^ current->attributes) & PROPERTY_ENUMERABLE) return TRISTATE_FALSE;
  bool is_accessor = descriptor_is_accessor(descriptor);
  if (!is_accessor && !descriptor_is_data(descriptor)) return TRISTATE_TRUE;
  if (is_accessor != descriptor_is_accessor(current)) return TRISTATE_FALSE;
  if (is_accessor) {
    Tristate agree = values_agree(cx, descriptor->get, current->get);
    return agree == TRISTATE_TRUE ? values_agree(cx, descriptor->set, current->set) : agree;
  }
  if (current->attributes & PROPERTY_WRITABLE) return TRISTATE_TRUE;
  if (descriptor->present & descriptor->attributes & PROPERTY_WRITABLE) return TRISTATE_FALSE;
  return values_agree(cx, descriptor->value, current->value);
}

// https://tc39.es/ecma262/#sec-validateandapplypropertydescriptor
Tristate object_validate_and_apply(Context *cx, Object *object, PropertyKey key, bool extensible,
                                   const Descriptor *descriptor, const Descriptor *current) {
  if (!current) {
    if (!extensible) return TRISTATE_FALSE;
    return object ? apply_absent(cx, object, key, descriptor) : TRISTATE_TRUE;
  }
  if (!(current->attributes & PROPERTY_CONFIGURABLE)) {
    Tristate valid = validate_not_configurable(cx, descriptor, current);
    if (valid != TRISTATE_TRUE) return valid;
  }
  if (!object) return TRISTATE_TRUE;
  uint32_t attributes =
      (current->attributes & ~(uint32_t)descriptor->present) | (descriptor->attributes & descriptor->present);
  if (descriptor_is_accessor(descriptor)) {
    Value get = value_is_hole(descriptor->get) ? current->get : descriptor->get;
    Value set = value_is_hole(descriptor->set) ? current->set : descriptor->set;
    return own_property_put_accessor(cx, object, key, get, set, attributes);
  }
  if (descriptor_is_accessor(current)) {
    if (!descriptor_is_data(descriptor)) {
      return own_property_put_accessor(cx, object, key, current->get, current->set, attributes);
    }
    if (!(descriptor->present & PROPERTY_WRITABLE)) attributes &= ~(uint32_t)PROPERTY_WRITABLE;
    Value value = value_is_hole(descriptor->value) ? VALUE_UNDEFINED : descriptor->value;
    return own_property_put(cx, object, key, value, attributes) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
  }
  Value value = value_is_hole(descriptor->value) ? current->value : descriptor->value;
  return own_property_put(cx, object, key, value, attributes) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

// [[GetOwnProperty]], [[DefineOwnProperty]], [[HasProperty]], [[Delete]] --------------------------------------

Tristate object_perform_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots) {
  if (!object_ensure_filled(cx, object)) return TRISTATE_ABRUPT;
  const ObjectClass *class_ = class_of(object);
  return class_->get_own_property ? class_->get_own_property(cx, object, key, out, roots)
                                  : ordinary_get_own_property(cx, object, key, out, roots);
}

Tristate object_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_get_own_property(cx, object, key, out, roots);
  return object_perform_get_own_property(cx, object, key, out, roots);
}

Tristate object_perform_define_own_property(Context *cx, Object *object, PropertyKey key,
                                            const Descriptor *descriptor) {
  if (!object_ensure_filled(cx, object)) return TRISTATE_ABRUPT;
  const ObjectClass *class_ = class_of(object);
  return class_->define_own_property ? class_->define_own_property(cx, object, key, descriptor)
                                     : ordinary_define_own_property(cx, object, key, descriptor);
}

Tristate object_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_method(cx, REPLAY_DEFINE, object, key, descriptor, NULL);
  return object_perform_define_own_property(cx, object, key, descriptor);
}

Tristate object_has_own_property(Context *cx, Object *object, PropertyKey key) {
  if (LIKELY(!replay_is_recording(cx)) && object_is_ordinary_for(object, key)) {
    OwnProperty property;
    return own_property_find(object, key, &property) || key_is_array_length(cx, object, key);
  }
  ROOTS(cx, r, a, b, c);
  Descriptor descriptor;
  return object_get_own_property(cx, object, key, &descriptor, &r->a);
}

// https://tc39.es/ecma262/#sec-ordinaryhasproperty
Tristate ordinary_has_property(Context *cx, Object *object, PropertyKey key) {
  ROOTS(cx, r, parent);
  if (!context_enter_native(cx)) return TRISTATE_ABRUPT;
  Tristate result = object_has_own_property(cx, object, key);
  if (result == TRISTATE_FALSE) {
    result = object_get_prototype(cx, object, &r->parent);
    if (result != TRISTATE_ABRUPT) {
      result = value_is_null(r->parent) ? TRISTATE_FALSE : object_has_property(cx, value_as_object(r->parent), key);
    }
  }
  context_leave_native(cx);
  return result;
}

Tristate object_perform_has_property(Context *cx, Object *object, PropertyKey key) {
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (UNLIKELY(!object_is_ordinary_for(object, key))) {
      const ObjectClass *class_ = class_of(object);
      return class_->has_property ? class_->has_property(cx, object, key) : ordinary_has_property(cx, object, key);
    }
    OwnProperty property;
    if (own_property_find(object, key, &property) || key_is_array_length(cx, object, key)) return TRISTATE_TRUE;
  }
  return TRISTATE_FALSE;
}

Tristate object_has_property(Context *cx, Object *object, PropertyKey key) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_method(cx, REPLAY_HAS, object, key, NULL, NULL);
  return object_perform_has_property(cx, object, key);
}

static Tristate own_property_delete(Context *cx, Object *object, PropertyKey key) {
  if (key_is_array_length(cx, object, key)) return TRISTATE_FALSE;
  OwnProperty property;
  if (!own_property_find(object, key, &property)) return TRISTATE_TRUE;
  if (!(property.attributes & PROPERTY_CONFIGURABLE)) return TRISTATE_FALSE;
  if (!key_is_index(key) || (object->cell.flags & OBJECT_SPARSE)) {
    return object_remove_property(cx, object, key) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
  }
  object_layout_changes(cx, object);
  cell_store(cx, property.place, VALUE_HOLE);
  while (object->element_count && value_is_hole(object->elements->items[object->element_count - 1])) {
    object->element_count--;
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-ordinarydelete
Tristate ordinary_delete(Context *cx, Object *object, PropertyKey key) {
  if (!class_of(object)->get_own_property || object_is_ordinary_for(object, key)) {
    return own_property_delete(cx, object, key);
  }
  ROOTS(cx, r, a, b, c);
  Descriptor current;
  Tristate found = object_get_own_property(cx, object, key, &current, &r->a);
  if (found == TRISTATE_ABRUPT) return found;
  if (found == TRISTATE_FALSE) return TRISTATE_TRUE;
  if (!(current.attributes & PROPERTY_CONFIGURABLE)) return TRISTATE_FALSE;
  return own_property_delete(cx, object, key);
}

Tristate object_perform_delete(Context *cx, Object *object, PropertyKey key) {
  if (!object_ensure_filled(cx, object)) return TRISTATE_ABRUPT;
  const ObjectClass *class_ = class_of(object);
  return class_->delete_property ? class_->delete_property(cx, object, key) : ordinary_delete(cx, object, key);
}

Tristate object_delete(Context *cx, Object *object, PropertyKey key) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_method(cx, REPLAY_DELETE, object, key, NULL, NULL);
  return object_perform_delete(cx, object, key);
}

// [[Get]] --------------------------------------------------------------------------------------------------

bool object_step_up(Context *cx, Value *object, double *proxies) {
  enum { PROXIES_LIMIT = 100000 };
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
  if (value_is_object_of(*object, CELL_PROXY) && ++*proxies > PROXIES_LIMIT) {
    throw_range_error(cx, "the prototype chain has too many proxies");
    return false;
  }
  return object_get_prototype(cx, value_as_object(*object), object) != TRISTATE_ABRUPT;
}

static Value getter_call(Context *cx, Value getter, Value receiver) {
  if (value_is_undefined(getter)) return VALUE_UNDEFINED;
  ROOTS(cx, r, getter, receiver);
  r->getter = getter;
  r->receiver = receiver;
  return function_call(cx, getter, receiver, NULL, 0);
}

// https://tc39.es/ecma262/#sec-ordinaryget
Value ordinary_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  ROOTS(cx, r, a, b, c, result);
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, object, key, &descriptor, &r->a);
  if (found == TRISTATE_ABRUPT) {
    r->result = VALUE_ABRUPT;
  } else if (found == TRISTATE_TRUE) {
    r->result = descriptor_is_accessor(&descriptor) ? getter_call(cx, descriptor.get, receiver) : descriptor.value;
  } else if (object_get_prototype(cx, object, &r->a) == TRISTATE_ABRUPT) {
    r->result = VALUE_ABRUPT;
  } else {
    r->result = value_is_null(r->a) ? VALUE_UNDEFINED : object_get(cx, value_as_object(r->a), key, receiver);
  }
  context_leave_native(cx);
  return r->result;
}

static NO_INLINE Value own_property_read(Context *cx, Object *object, PropertyKey key, Value receiver,
                                         OwnProperty *property) {
  if (own_property_is_unfilled(property) && !own_property_materialize(cx, object, key, property)) return VALUE_ABRUPT;
  if (property->attributes & PROPERTY_ACCESSOR) {
    return getter_call(cx, ((Record *)value_as_cell(*property->place))->items[ACCESSOR_GET], receiver);
  }
  return *property->place;
}

Value object_perform_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (UNLIKELY(!object_is_ordinary_for(object, key))) {
      const ObjectClass *class_ = class_of(object);
      return class_->get ? class_->get(cx, object, key, receiver) : ordinary_get(cx, object, key, receiver);
    }
    OwnProperty property;
    if (own_property_find(object, key, &property)) {
      if (LIKELY(!(property.attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY)))) return *property.place;
      return own_property_read(cx, object, key, receiver, &property);
    }
    if (key_is_array_length(cx, object, key)) return value_unsigned(object->length);
  }
  return VALUE_UNDEFINED;
}

Value object_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_get(cx, object, key, receiver);
  return object_perform_get(cx, object, key, receiver);
}

bool object_get_may_call(Context *cx, const Object *object, PropertyKey key) {
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (object_is_unfilled(object) || !object_is_ordinary_for(object, key)) return true;
    OwnProperty property;
    if (own_property_find(object, key, &property)) return property.attributes & PROPERTY_ACCESSOR;
  }
  return false;
}

// [[Set]] --------------------------------------------------------------------------------------------------

static Tristate setter_call(Context *cx, Value setter, Value receiver, Value value) {
  if (value_is_undefined(setter)) return TRISTATE_FALSE;
  ROOTS(cx, r, setter, receiver, value);
  r->setter = setter;
  r->receiver = receiver;
  r->value = value;
  return value_is_abrupt(function_call(cx, setter, receiver, &r->value, 1)) ? TRISTATE_ABRUPT : TRISTATE_TRUE;
}

Tristate object_add_checked(Context *cx, Object *object, PropertyKey key, Value value) {
  uint32_t index;
  if (object->cell.kind == CELL_ARRAY && key_as_array_index(key, &index) && index >= object->length) {
    if (object->cell.flags & OBJECT_LENGTH_READ_ONLY) return TRISTATE_FALSE;
    if (!own_property_put(cx, object, key, value, PROPERTY_DEFAULT)) return TRISTATE_ABRUPT;
    object->length = index + 1;
    return TRISTATE_TRUE;
  }
  return own_property_put(cx, object, key, value, PROPERTY_DEFAULT) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

Tristate object_set_on_receiver(Context *cx, Value receiver, PropertyKey key, Value value) {
  if (!value_is_object(receiver)) return TRISTATE_FALSE;
  Object *object = value_as_object(receiver);
  if (object_is_ordinary_for(object, key) && !key_is_array_length(cx, object, key)) {
    OwnProperty property;
    if (!own_property_find(object, key, &property)) {
      return object_is_extensible_flag(object) ? object_add_checked(cx, object, key, value) : TRISTATE_FALSE;
    }
    if (property.attributes & PROPERTY_ACCESSOR || !(property.attributes & PROPERTY_WRITABLE)) return TRISTATE_FALSE;
    cell_store(cx, property.place, value);
    return TRISTATE_TRUE;
  }
  ROOTS(cx, r, a, b, c);
  Descriptor existing;
  Tristate found = object_get_own_property(cx, object, key, &existing, &r->a);
  if (found == TRISTATE_ABRUPT) return found;
  Descriptor wanted = descriptor_data(value, PROPERTY_DEFAULT);
  if (found == TRISTATE_TRUE) {
    if (descriptor_is_accessor(&existing) || !(existing.attributes & PROPERTY_WRITABLE)) return TRISTATE_FALSE;
    wanted.present = 0;
  }
  return object_define_own_property(cx, object, key, &wanted);
}

// https://tc39.es/ecma262/#sec-ordinaryset
Tristate ordinary_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  ROOTS(cx, r, a, b, c);
  if (!context_enter_native(cx)) return TRISTATE_ABRUPT;
  Descriptor own;
  Tristate result = object_get_own_property(cx, object, key, &own, &r->a);
  if (result == TRISTATE_TRUE) {
    if (descriptor_is_accessor(&own)) {
      result = setter_call(cx, own.set, receiver, value);
    } else {
      result = own.attributes & PROPERTY_WRITABLE ? object_set_on_receiver(cx, receiver, key, value) : TRISTATE_FALSE;
    }
  } else if (result == TRISTATE_FALSE) {
    result = object_get_prototype(cx, object, &r->a);
    if (result != TRISTATE_ABRUPT) {
      result = value_is_null(r->a) ? object_set_on_receiver(cx, receiver, key, value)
                                   : object_set(cx, value_as_object(r->a), key, value, receiver);
    }
  }
  context_leave_native(cx);
  return result;
}

Tristate object_perform_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (UNLIKELY(!object_is_ordinary_for(object, key))) {
      const ObjectClass *class_ = class_of(object);
      return class_->set ? class_->set(cx, object, key, value, receiver)
                         : ordinary_set(cx, object, key, value, receiver);
    }
    OwnProperty property;
    if (own_property_find(object, key, &property)) {
      if (property.attributes & PROPERTY_ACCESSOR) {
        if (own_property_is_unfilled(&property) && !own_property_materialize(cx, object, key, &property)) {
          return TRISTATE_ABRUPT;
        }
        return setter_call(cx, ((Record *)value_as_cell(*property.place))->items[ACCESSOR_SET], receiver, value);
      }
      if (!(property.attributes & PROPERTY_WRITABLE)) return TRISTATE_FALSE;
      if (receiver != value_object(object)) break;
      cell_store(cx, property.place, value);
      return TRISTATE_TRUE;
    }
    if (key_is_array_length(cx, object, key)) {
      if (object->cell.flags & OBJECT_LENGTH_READ_ONLY) return TRISTATE_FALSE;
      break;
    }
  }
  return object_set_on_receiver(cx, receiver, key, value);
}

Tristate object_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  if (UNLIKELY(replay_is_recording(cx))) return recorded_set(cx, object, key, value, receiver);
  return object_perform_set(cx, object, key, value, receiver);
}

// Prototype and extensibility --------------------------------------------------------------------------------

Tristate object_perform_get_prototype(Context *cx, Object *object, Value *out) {
  const ObjectClass *class_ = class_of(object);
  if (class_->get_prototype) return class_->get_prototype(cx, object, out);
  *out = object->shape->prototype ? value_object(object->shape->prototype) : VALUE_NULL;
  return TRISTATE_TRUE;
}

Tristate object_get_prototype(Context *cx, Object *object, Value *out) {
  if (UNLIKELY(replay_is_recording(cx)))
    return recorded_method(cx, REPLAY_GET_PROTOTYPE, object, VALUE_UNDEFINED, NULL, out);
  return object_perform_get_prototype(cx, object, out);
}

// https://tc39.es/ecma262/#sec-ordinarysetprototypeof
Tristate object_perform_set_prototype(Context *cx, Object *object, Value prototype) {
  const ObjectClass *class_ = class_of(object);
  if (class_->set_prototype) return class_->set_prototype(cx, object, prototype);
  return ordinary_set_prototype(cx, object, prototype);
}

Tristate object_set_prototype(Context *cx, Object *object, Value prototype) {
  if (UNLIKELY(replay_is_recording(cx)))
    return recorded_method(cx, REPLAY_SET_PROTOTYPE, object, VALUE_UNDEFINED, NULL, &prototype);
  return object_perform_set_prototype(cx, object, prototype);
}

Tristate ordinary_set_prototype(Context *cx, Object *object, Value prototype) {
  Object *wanted = value_is_null(prototype) ? NULL : value_as_object(prototype);
  if (wanted == object->shape->prototype) return TRISTATE_TRUE;
  if (!object_is_extensible_flag(object)) return TRISTATE_FALSE;
  for (Object *p = wanted; p && !class_of(p)->get_prototype; p = p->shape->prototype, context_spend_step(cx)) {
    if (p == object) return TRISTATE_FALSE;
  }
  return object_change_prototype(cx, object, wanted) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}

Tristate object_perform_is_extensible(Context *cx, Object *object) {
  const ObjectClass *class_ = class_of(object);
  return class_->is_extensible ? class_->is_extensible(cx, object) : (Tristate)object_is_extensible_flag(object);
}

Tristate object_is_extensible(Context *cx, Object *object) {
  if (UNLIKELY(replay_is_recording(cx)))
    return recorded_method(cx, REPLAY_IS_EXTENSIBLE, object, VALUE_UNDEFINED, NULL, NULL);
  return object_perform_is_extensible(cx, object);
}

Tristate object_perform_prevent_extensions(Context *cx, Object *object) {
  const ObjectClass *class_ = class_of(object);
  return class_->prevent_extensions ? class_->prevent_extensions(cx, object) : ordinary_prevent_extensions(cx, object);
}

Tristate object_prevent_extensions(Context *cx, Object *object) {
  if (UNLIKELY(replay_is_recording(cx)))
    return recorded_method(cx, REPLAY_PREVENT_EXTENSIONS, object, VALUE_UNDEFINED, NULL, NULL);
  return object_perform_prevent_extensions(cx, object);
}

Tristate ordinary_prevent_extensions(Context *cx, Object *object) {
  return object_make_not_extensible(cx, object) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
}
