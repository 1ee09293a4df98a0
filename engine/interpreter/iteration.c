// Iteration protocols of the bytecode. https://tc39.es/ecma262/#sec-operations-on-iterator-objects
// State registers: iterator, next method, done. OPTIMIZATION: for an untouched array the state is the array itself
// and, in place of the next method, the next index.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"

static Value own_data_value(const Object *object, PropertyKey key) {
  const Property *property = shape_lookup(object->shape, key);
  if (!property || property->attributes & PROPERTY_ACCESSOR) return VALUE_HOLE;
  return object->slots[property->slot];
}

bool iteration_array_is_untouched(Context *cx) {
  Realm *realm = cx->realm;
  Value next = own_data_value(realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype), cx->names->next);
  Value values = own_data_value(realm_prototype(cx, INTRINSIC_ArrayPrototype), cx->names->symbol_iterator);
  // A lazy slot that was never read holds the built-in.
  return (next == realm->intrinsics[INTRINSIC_ArrayIteratorPrototype_next] || property_is_unfilled(next)) &&
         (values == realm->intrinsics[INTRINSIC_ArrayPrototype_values] || property_is_unfilled(values)) &&
         next != VALUE_HOLE && values != VALUE_HOLE;
}

bool iteration_may_close_arrays(Context *cx) {
  if (LIKELY(cx->realm->quiet_close_epoch == cx->prototype_epoch)) return false;
  PropertyLookup found;
  bool is_known =
      object_lookup_for_cache(cx, realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype), cx->names->return_, &found);
  if (!is_known || found.holder) return true;
  // The lookup has marked all objects except the first as prototypes.
  object_mark_as_prototype(cx, realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype));
  cx->realm->quiet_close_epoch = cx->prototype_epoch;
  return false;
}

bool iteration_reify_array(Context *cx, Value *state) {
  enum { ITERATOR_ARRAY, ITERATOR_INDEX, ITERATOR_KIND, KIND_VALUES = 1 };  // slotted.h
  Slotted *iterator = slotted_create(cx, SLOTTED_ARRAY_ITERATOR, realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype));
  if (!iterator) return false;
  slotted_set(cx, iterator, ITERATOR_ARRAY, state[0]);
  slotted_set(cx, iterator, ITERATOR_INDEX, state[1]);
  slotted_set(cx, iterator, ITERATOR_KIND, value_int(KIND_VALUES));
  state[0] = value_object(iterator);
  state[1] = realm_intrinsic(cx, INTRINSIC_ArrayIteratorPrototype_next);
  return true;
}

static bool array_iterates_plainly(Context *cx, Value value) {
  if (!value_is_object_of(value, CELL_ARRAY)) return false;
  Object *array = value_as_object(value);
  return array_is_dense(array) && array->shape->prototype == realm_prototype(cx, INTRINSIC_ArrayPrototype) &&
         !shape_lookup(array->shape, cx->names->symbol_iterator) && iteration_array_is_untouched(cx);
}

// bounded: the targets of one pattern, which paid when it was compiled.
bool iteration_take(Context *cx, Value value, Value *out, uint32_t count) {
  if (!array_iterates_plainly(cx, value) || iteration_may_close_arrays(cx)) return false;
  const Object *array = value_as_object(value);
  uint32_t there = MIN_OF(count, array->element_count);
  for (uint32_t i = 0; i < there; i++) {
    if (UNLIKELY(value_is_hole(array->elements->items[i]))) return false;
    out[i] = array->elements->items[i];
  }
  if (UNLIKELY(there < count && array->length > there)) return false;
  for (uint32_t i = there; i < count; i++) out[i] = VALUE_UNDEFINED;
  return true;
}

// The registers of the state may be those of the iterable, which is needed until the last call has been made.
static bool iteration_start(Context *cx, Value method, Value iterable, Value *state) {
  ROOTS(cx, r, iterator);
  r->iterator = function_call(cx, method, iterable, NULL, 0);
  if (value_is_abrupt(r->iterator)) return false;
  if (!value_is_object(r->iterator)) {
    char text[EXPRESSION_TEXT_SIZE];
    throw_type_error(cx, "%sthe iterator method must return an object, got %v", expression_prefix(cx, text),
                     r->iterator);
    return false;
  }
  Value next = object_get_key(cx, value_as_object(r->iterator), cx->names->next);
  if (value_is_abrupt(next)) return false;
  state[0] = r->iterator;
  // An int would be mistaken for the index into an array. This double is not callable either.
  state[1] = UNLIKELY(value_is_int(next)) ? value_double(value_as_int(next)) : next;
  state[2] = VALUE_FALSE;
  return true;
}

bool iteration_open(Context *cx, Value iterable, Value *state) {
  if (!replay_is_repeating(cx) && array_iterates_plainly(cx, iterable)) {
    state[0] = iterable;
    state[1] = VALUE_INT_ZERO;
    state[2] = VALUE_FALSE;
    return true;
  }
  return iteration_open_object(cx, iterable, state);
}

bool iteration_open_object(Context *cx, Value iterable, Value *state) {
  ROOTS(cx, r, iterable, method);
  r->iterable = iterable;
  if (value_is_nullish(iterable)) {
    throw_not_iterable(cx, iterable, false);
    return false;
  }
  r->method = value_get_method(cx, iterable, cx->names->symbol_iterator);
  if (value_is_abrupt(r->method)) return false;
  if (value_is_undefined(r->method)) {
    throw_not_iterable(cx, iterable, false);
    return false;
  }
  return iteration_start(cx, r->method, r->iterable, state);
}

bool iteration_open_async(Context *cx, Value iterable, Value *state) {
  ROOTS(cx, r, iterable, method, wrapper, inner[3]);
  r->iterable = iterable;
  if (value_is_nullish(iterable)) {
    throw_not_iterable(cx, iterable, true);
    return false;
  }
  r->method = value_get_method(cx, iterable, cx->names->symbol_asyncIterator);
  if (value_is_abrupt(r->method)) return false;
  if (!value_is_undefined(r->method)) return iteration_start(cx, r->method, r->iterable, state);
  r->method = value_get_method(cx, iterable, cx->names->symbol_iterator);
  if (value_is_abrupt(r->method)) return false;
  if (value_is_undefined(r->method)) {
    throw_not_iterable(cx, iterable, true);
    return false;
  }
  if (!iteration_start(cx, r->method, r->iterable, r->inner)) return false;
  // https://tc39.es/ecma262/#sec-createasyncfromsynciterator
  r->method = cx->hooks->self_hosted(cx, cx->realm, "CreateAsyncFromSyncIterator");
  if (value_is_abrupt(r->method)) return false;
  r->wrapper = function_call(cx, r->method, VALUE_UNDEFINED, r->inner, 2);
  if (value_is_abrupt(r->wrapper)) return false;
  Value next = object_get_key(cx, value_as_object(r->wrapper), cx->names->next);
  if (value_is_abrupt(next)) return false;
  state[0] = r->wrapper;
  state[1] = next;
  state[2] = VALUE_FALSE;
  return true;
}

CallStatus iteration_call_next(Context *cx, Value *state, Value *area, uint32_t result_register, Value *result) {
  Value next = state[1];
  if (value_is_object_of(next, CELL_NATIVE_FUNCTION) &&
      ((NativeFunctionObject *)value_as_object(next))->performed == NATIVE_GENERATOR_NEXT &&
      value_is_object_of(state[0], CELL_GENERATOR)) {
    Generator *generator = (Generator *)value_as_object(state[0]);
    if (generator->kind == GENERATOR_SYNC &&
        (generator->state == GENERATOR_SUSPENDED_START ||
         (generator->state == GENERATOR_SUSPENDED_YIELD && generator->suspension == SUSPENSION_YIELD)))
      // OPTIMIZATION: values are passed on without a result object. Delegated results arrive as objects instead.
      return generator_resume(cx, state[0], VALUE_UNDEFINED, RESUME_NEXT, result_register, FRAME_DELEGATED, result);
  }
  if (UNLIKELY(!value_is_callable(next))) {
    char text[EXPRESSION_TEXT_SIZE];
    throw_type_error(cx, "%sthe iterator's next method is not a function: it is %v", expression_prefix(cx, text), next);
    return CALL_ABRUPT;
  }
  area[0] = next;
  area[FRAME_WORDS + REGISTER_THIS] = state[0];
  return call_area(cx, area, 0, result_register, 0, result);
}

bool iteration_unpack(Context *cx, Value *place, bool *done) {
  Value outcome = *place;
  if (!value_is_object(outcome)) {
    char text[EXPRESSION_TEXT_SIZE];
    throw_type_error(cx, "%sthe iterator's next method must return an object, got %v", expression_prefix(cx, text),
                     outcome);
    return false;
  }
  Object *object = value_as_object(outcome);
  Shape *shape = cx->realm->shapes[REALM_SHAPE_ITERATOR_RESULT];
  if (object->shape == shape) {  // OPTIMIZATION: {value, done} as the engine makes it
    *done = value_to_boolean(object->slots[1]);
    *place = object->slots[0];
    return true;
  }
  ROOTS(cx, r, outcome);
  r->outcome = outcome;
  Value flag = object_get_key(cx, object, cx->names->done);
  if (value_is_abrupt(flag)) return false;
  *done = value_to_boolean(flag);
  if (*done) return true;
  Value value = object_get_key(cx, object, cx->names->value);
  if (value_is_abrupt(value)) return false;
  *place = value;
  return true;
}

// for-in ---------------------------------------------------------------------------------------------------------
// https://tc39.es/ecma262/#sec-enumerate-object-properties
// The enumerator is an internal Record. It has the keys of one object of the prototype chain at a time; seen names are
// kept in a null-prototype object, which exists only when more than one object has keys.

enum { RECORD_FOR_IN = 2 };
enum { FOR_IN_OBJECT, FOR_IN_KEYS, FOR_IN_INDEX, FOR_IN_SEEN, FOR_IN_PROXIES, FOR_IN_FIELDS };

Value for_in_start(Context *cx, Value base) {
  ROOTS(cx, r, object, record);
  r->object = VALUE_NULL;
  if (!value_is_nullish(base)) {
    r->object = value_to_object(cx, base);
    if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  }
  Record *record = record_create(cx, RECORD_FOR_IN, FOR_IN_FIELDS);
  if (!record) return VALUE_ABRUPT;
  record->items[FOR_IN_OBJECT] = r->object;
  record->items[FOR_IN_INDEX] = record->items[FOR_IN_PROXIES] = VALUE_INT_ZERO;
  return value_internal(record);
}

// The part of the record that changes is copied at the beginning of a step, and written back at its end.
enum { STEP_OBJECT, STEP_KEYS, STEP_INDEX, STEP_PROXIES, STEP_FIELDS };

static bool for_in_load_keys(Context *cx, Value *step) {
  Value keys = object_own_keys(cx, value_as_object(step[STEP_OBJECT]));
  if (value_is_abrupt(keys)) return false;
  step[STEP_KEYS] = keys;
  step[STEP_INDEX] = VALUE_INT_ZERO;
  return true;
}

// Moves to the next object of the chain. False: that threw.
static bool for_in_next_object(Context *cx, Value *step) {
  double proxies = value_as_int(step[STEP_PROXIES]);
  ROOTS(cx, r, object);
  r->object = step[STEP_OBJECT];
  if (!object_step_up(cx, &r->object, &proxies)) return false;
  step[STEP_OBJECT] = r->object;
  step[STEP_PROXIES] = value_int((int32_t)proxies);
  step[STEP_KEYS] = VALUE_UNDEFINED;
  return true;
}

// Whether an object further up the chain could still have a key.
static bool for_in_needs_seen(Context *cx, const Object *object) {
  for (Object *up = object->shape->prototype; up; up = up->shape->prototype, context_spend_step(cx)) {
    if (up->shape->class_->own_keys || up->element_count || up->cell.flags & OBJECT_SPARSE) return true;
    const PropertyTable *table = up->shape->properties;
    for (uint32_t i = 0; i < up->shape->count; i++)
      if (table->entries[i].attributes & PROPERTY_ENUMERABLE) return true;
  }
  return object->shape->class_->get_prototype != NULL;
}

// Notes that the key has been met. False: threw. *was_seen: by an object further down.
static bool for_in_see(Context *cx, Record *record, const Object *object, PropertyKey key, bool *was_seen) {
  *was_seen = false;
  if (!value_is_object(record->items[FOR_IN_SEEN])) {
    if (!for_in_needs_seen(cx, object)) return true;
    Object *made = object_create(cx, NULL);
    if (!made) return false;
    cell_store(cx, &record->items[FOR_IN_SEEN], value_object(made));
  }
  Object *seen = value_as_object(record->items[FOR_IN_SEEN]);
  OwnProperty present;
  *was_seen = own_property_find(seen, key, &present);
  return *was_seen || object_add_checked(cx, seen, key, VALUE_TRUE) != TRISTATE_ABRUPT;
}

// The next name, VALUE_HOLE at the end.
// bounded: listing the keys paid for them.
static Value for_in_step(Context *cx, Record *record, Value *step) {
  ROOTS(cx, r, key, name, value, get, set);
  ReplayLoop loop;
  if (!replay_loop(cx, &loop, step, STEP_FIELDS)) return VALUE_ABRUPT;
  for (;; replay_keep_loop(cx, &loop, step, STEP_FIELDS)) {
    if (!value_is_object(step[STEP_OBJECT])) return VALUE_HOLE;
    if (value_is_undefined(step[STEP_KEYS]) && !for_in_load_keys(cx, step)) return VALUE_ABRUPT;
    const Values *keys = (const Values *)value_as_cell(step[STEP_KEYS]);
    uint32_t index = (uint32_t)value_as_int(step[STEP_INDEX]);
    if (index >= values_count(keys)) {
      if (!for_in_next_object(cx, step)) return VALUE_ABRUPT;
      continue;
    }
    Object *object = value_as_object(step[STEP_OBJECT]);
    r->name = keys->items[index];
    Tristate found = TRISTATE_FALSE;
    Descriptor descriptor;
    if (value_is_string(r->name)) {
      r->key = key_from_string(cx, value_as_string(r->name));
      if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
      found = object_get_own_property(cx, object, r->key, &descriptor, &r->value);
      if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    }
    step[STEP_INDEX] = value_int((int32_t)index + 1);
    if (found == TRISTATE_FALSE) continue;  // deleted meanwhile
    bool was_seen;
    if (!for_in_see(cx, record, object, r->key, &was_seen)) return VALUE_ABRUPT;
    if (!was_seen && descriptor.attributes & PROPERTY_ENUMERABLE) return r->name;
  }
}

Value for_in_next(Context *cx, Value enumerator) {
  static const uint8_t fields[STEP_FIELDS] = {FOR_IN_OBJECT, FOR_IN_KEYS, FOR_IN_INDEX, FOR_IN_PROXIES};
  Record *record = (Record *)value_as_cell(enumerator);
  ROOTS(cx, r, step[STEP_FIELDS]);
  for (int i = 0; i < STEP_FIELDS; i++) r->step[i] = record->items[fields[i]];
  Value name = for_in_step(cx, record, r->step);
  if (!value_is_abrupt(name))
    for (int i = 0; i < STEP_FIELDS; i++) cell_store(cx, &record->items[fields[i]], r->step[i]);
  return name;
}
