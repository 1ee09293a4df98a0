#include "runtime/recorded_methods.h"

#include "runtime/errors.h"
#include "runtime/functions.h"
#include "runtime/own_property.h"
#include "runtime/replay.h"

static inline const ObjectClass *class_of(const Object *object) { return object->shape->class_; }

static Value value_of_outcome(Tristate outcome) {
  return outcome == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_int((int32_t)outcome);
}
static Tristate outcome_of_value(Value value) {
  return value_is_abrupt(value) ? TRISTATE_ABRUPT : (Tristate)value_as_int(value);
}

static Tristate outcome_end(Context *cx, const ReplayOperation *operation, Tristate outcome) {
  Value value = value_of_outcome(outcome);
  return outcome_of_value(replay_end(cx, operation, &value, 1));
}

// Where a walk along the prototypes has ended: at an object that goes on by itself, at an accessor, whose record it
// is, or (undefined) at a data property or nowhere. Another walk after a call might end elsewhere.
static MUST_CHECK bool note_place(Context *cx, Value *place) {
  *place = replay_note(cx, *place);
  return !value_is_abrupt(*place);
}

// The accessor record or exotic object at which a walk for `key` ends.
static MUST_CHECK bool walk(Context *cx, Object *object, PropertyKey key, Value *place) {
  *place = VALUE_UNDEFINED;
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (!object_is_ordinary_for(object, key)) {
      *place = value_object(object);
      return true;
    }
    OwnProperty property;
    if (key_is_array_length(cx, object, key)) return true;
    if (!own_property_find(object, key, &property)) continue;
    if (UNLIKELY(property.attributes & PROPERTY_LAZY) && property_is_unfilled(*property.place) &&
        !own_property_materialize(cx, object, key, &property))
      return false;
    if (property.attributes & PROPERTY_ACCESSOR) *place = *property.place;
    return true;
  }
  return true;
}

static Value get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  ROOTS(cx, r, place, function);
  if (!walk(cx, object, key, &r->place) || !note_place(cx, &r->place)) return VALUE_ABRUPT;
  if (value_is_undefined(r->place)) return object_perform_get(cx, object, key, receiver);
  if (value_is_object(r->place)) {
    Object *holder = value_as_object(r->place);
    return class_of(holder)->get ? class_of(holder)->get(cx, holder, key, receiver)
                                 : ordinary_get(cx, holder, key, receiver);
  }
  r->function = ((const Record *)value_as_cell(r->place))->items[ACCESSOR_GET];
  r->function = replay_note(cx, r->function);
  if (value_is_abrupt(r->function) || value_is_undefined(r->function)) return r->function;
  return function_call(cx, r->function, receiver, NULL, 0);
}

Value recorded_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  ReplayOperation operation;
  ROOTS(cx, r, object, key, receiver, result);
  if (replay_begin(cx, REPLAY_GET, &operation, &r->result, 1)) return r->result;
  r->object = value_object(object), r->key = key, r->receiver = receiver;
  r->result = get(cx, object, key, receiver);
  return replay_end(cx, &operation, &r->result, 1);
}

static Tristate set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  ROOTS(cx, r, place, function);
  if (!walk(cx, object, key, &r->place) || !note_place(cx, &r->place)) return TRISTATE_ABRUPT;
  // Where no accessor is met, only the receiver may go on by itself. It does so after it has been reached once.
  if (value_is_undefined(r->place) && replay_is_repeating(cx)) return object_set_on_receiver(cx, receiver, key, value);
  if (value_is_undefined(r->place)) return object_perform_set(cx, object, key, value, receiver);
  if (value_is_object(r->place)) {
    Object *holder = value_as_object(r->place);
    return class_of(holder)->set ? class_of(holder)->set(cx, holder, key, value, receiver)
                                 : ordinary_set(cx, holder, key, value, receiver);
  }
  r->function = ((const Record *)value_as_cell(r->place))->items[ACCESSOR_SET];
  r->function = replay_note(cx, r->function);
  if (value_is_abrupt(r->function)) return TRISTATE_ABRUPT;
  if (value_is_undefined(r->function)) return TRISTATE_FALSE;
  return value_is_abrupt(function_call(cx, r->function, receiver, &value, 1)) ? TRISTATE_ABRUPT : TRISTATE_TRUE;
}

Tristate recorded_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  ReplayOperation operation;
  ROOTS(cx, r, object, key, value, receiver, outcome);
  if (replay_begin(cx, REPLAY_SET, &operation, &r->outcome, 1)) return outcome_of_value(r->outcome);
  r->object = value_object(object), r->key = key, r->value = value, r->receiver = receiver;
  return outcome_end(cx, &operation, set(cx, object, key, r->value, receiver));
}

static Tristate has_property(Context *cx, Object *object, PropertyKey key) {
  ROOTS(cx, r, place);
  if (!walk(cx, object, key, &r->place) || !note_place(cx, &r->place)) return TRISTATE_ABRUPT;
  if (!value_is_object(r->place)) return object_perform_has_property(cx, object, key);
  Object *holder = value_as_object(r->place);
  return class_of(holder)->has_property ? class_of(holder)->has_property(cx, holder, key)
                                        : ordinary_has_property(cx, holder, key);
}

Tristate recorded_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots) {
  enum { OUTCOME, VALUE, GET, SET, ATTRIBUTES, PARTS };
  ReplayOperation operation;
  ROOTS(cx, r, object, key, parts[PARTS]);
  if (!replay_begin(cx, REPLAY_GET_OWN, &operation, r->parts, PARTS)) {
    r->object = value_object(object), r->key = key;
    Descriptor found = {VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, 0, 0};
    r->parts[OUTCOME] = value_of_outcome(object_perform_get_own_property(cx, object, key, &found, r->parts + VALUE));
    r->parts[VALUE] = found.value, r->parts[GET] = found.get, r->parts[SET] = found.set;
    r->parts[ATTRIBUTES] = value_int(found.attributes << 8 | found.present);
    r->parts[OUTCOME] = replay_end(cx, &operation, r->parts, PARTS);
  }
  if (outcome_of_value(r->parts[OUTCOME]) == TRISTATE_TRUE) {
    int32_t attributes = value_as_int(r->parts[ATTRIBUTES]);
    *out = (Descriptor){r->parts[VALUE], r->parts[GET], r->parts[SET], (uint8_t)(attributes >> 8), (uint8_t)attributes};
    for (int i = 0; i < 3; i++) roots[i] = r->parts[VALUE + i];
  }
  return outcome_of_value(r->parts[OUTCOME]);
}

Value recorded_own_keys(Context *cx, Object *object) {
  ReplayOperation operation;
  ROOTS(cx, r, object, keys);
  if (replay_begin(cx, REPLAY_OWN_KEYS, &operation, &r->keys, 1)) return r->keys;
  r->object = value_object(object);
  r->keys = object_perform_own_keys(cx, object);
  return replay_end(cx, &operation, &r->keys, 1);
}

// The other internal methods; *value is what some of them take or give.
static Tristate perform(Context *cx, ReplayKind kind, Object *object, PropertyKey key, const Descriptor *descriptor,
                        Value *value) {
  switch (kind) {
    case REPLAY_HAS: return has_property(cx, object, key);
    case REPLAY_DEFINE: return object_perform_define_own_property(cx, object, key, descriptor);
    case REPLAY_DELETE: return object_perform_delete(cx, object, key);
    case REPLAY_GET_PROTOTYPE: return object_perform_get_prototype(cx, object, value);
    case REPLAY_SET_PROTOTYPE: return object_perform_set_prototype(cx, object, *value);
    case REPLAY_IS_EXTENSIBLE: return object_perform_is_extensible(cx, object);
    default: return object_perform_prevent_extensions(cx, object);
  }
}

Tristate recorded_method(Context *cx, ReplayKind kind, Object *object, PropertyKey key, const Descriptor *descriptor,
                         Value *value) {
  enum { OUTCOME, VALUE, PARTS };
  ReplayOperation operation;
  ROOTS(cx, r, object, key, parts[PARTS]);
  if (!replay_begin(cx, kind, &operation, r->parts, PARTS)) {
    r->object = value_object(object), r->key = key;
    r->parts[VALUE] = kind == REPLAY_SET_PROTOTYPE ? *value : VALUE_UNDEFINED;
    r->parts[OUTCOME] = value_of_outcome(perform(cx, kind, object, key, descriptor, &r->parts[VALUE]));
    r->parts[OUTCOME] = replay_end(cx, &operation, r->parts, PARTS);
  }
  if (value) *value = r->parts[VALUE];
  return outcome_of_value(r->parts[OUTCOME]);
}
