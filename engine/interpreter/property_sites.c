// Slow paths of property sites: fill the inline caches, call accessors without C recursion, handle primitives.
//
// A named site is cached when every object from the receiver to the holder looks its named properties up in
// the ordinary way. A receiver's shape fixes its prototype; layout changes of any object that serves as a prototype
// change cx->prototype_epoch. So "same shape, same epoch" proves that the holder and the slot are still right.
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"

// Notes for the dispatch loop what the site has found: a data property (cache->shape), or a getter whose frame the loop
// pushes (cache->new_shape).
static void cache_fill_get(Context *cx, InlineCache *cache, const StubEntry *entry) {
  bool is_accessor = entry->attributes & PROPERTY_ACCESSOR;
  inline_cache_keep(cx, cache);
  cache->shape = is_accessor ? NULL : (Shape *)entry->shape;
  cache->new_shape = is_accessor ? (Shape *)entry->shape : NULL;
  cache->holder = entry->holder;
  cache->slot = entry->slot;
  cache->epoch = cx->prototype_epoch;
  cx->interpreter->cache_fills++;
}

static void cache_fill_set(Context *cx, InlineCache *cache, Shape *shape, Shape *new_shape, uint32_t slot) {
  inline_cache_keep(cx, cache);
  cache->shape = shape;
  cache->new_shape = new_shape;
  cache->holder = NULL;
  cache->slot = slot;
  cache->epoch = cx->prototype_epoch;
  cx->interpreter->cache_fills++;
}

// Gets a named property along the chain that starts at `start`: the receiver, or the prototype of a primitive.
static CallStatus named_get(Context *cx, Object *start, Value receiver, PropertyKey key, InlineCache *cache,
                            uint32_t result_register, Value *result) {
  if (cache) cx->interpreter->cache_misses++;
  const StubEntry *entry = stub_cache_find(cx, start, key);
  if (!entry) {
    Value value = object_get(cx, start, key, receiver);
    if (value_is_abrupt(value)) return CALL_ABRUPT;
    *result = value;
    return CALL_FINISHED;
  }
  Value slot_value = (entry->holder ? entry->holder : start)->slots[entry->slot];
  if (cache) cache_fill_get(cx, cache, entry);
  if (!(entry->attributes & PROPERTY_ACCESSOR)) {
    *result = slot_value;
    return CALL_FINISHED;
  }
  Value getter = ((Record *)value_as_cell(slot_value))->items[0];
  if (value_is_undefined(getter)) {
    *result = VALUE_UNDEFINED;
    return CALL_FINISHED;
  }
  return call_values(cx, getter, receiver, NULL, 0, result_register, 0, result);
}

static Object *primitive_prototype(Context *cx, Value base) {
  Intrinsic intrinsic;
  if (value_is_string(base)) {
    intrinsic = INTRINSIC_StringPrototype;
  } else if (value_is_number(base)) {
    intrinsic = INTRINSIC_NumberPrototype;
  } else if (value_is_boolean(base)) {
    intrinsic = INTRINSIC_BooleanPrototype;
  } else if (value_is_symbol(base)) {
    intrinsic = INTRINSIC_SymbolPrototype;
  } else if (value_is_bigint(base)) {
    intrinsic = INTRINSIC_BigIntPrototype;
  } else {
    return NULL;
  }
  return realm_prototype(cx, intrinsic);
}

static CallStatus get_named(Context *cx, Value base, PropertyKey key, InlineCache *cache, uint32_t result_register,
                            Value *result) {
  if (LIKELY(value_is_object(base)))
    return named_get(cx, value_as_object(base), base, key, cache, result_register, result);
  Object *prototype = primitive_prototype(cx, base);
  if (!prototype) {
    throw_nullish_access(cx, base, key, "read");
    return CALL_ABRUPT;
  }
  if (value_is_string(base) && key == cx->names->length) {
    *result = value_int((int32_t)string_length(value_as_string(base)));
    return CALL_FINISHED;
  }
  return named_get(cx, prototype, base, key, cache, result_register, result);
}

CallStatus site_get_property(Context *cx, Value base, InlineCache *cache, uint32_t result_register, Value *result) {
  return get_named(cx, base, cache->key, cache, result_register, result);
}

static CallStatus set_finished(Context *cx, Tristate done, Value base, PropertyKey key) {
  if (done == TRISTATE_ABRUPT) return CALL_ABRUPT;
  if (done == TRISTATE_TRUE || !frame_is_strict(cx->frame)) return CALL_FINISHED;
  throw_set_refused(cx, base, key);
  return CALL_ABRUPT;
}

static CallStatus set_generic(Context *cx, Value base, PropertyKey key, Value value) {
  if (value_is_object(base))
    return set_finished(cx, object_set(cx, value_as_object(base), key, value, base), base, key);
  Object *prototype = primitive_prototype(cx, base);
  if (!prototype) {
    throw_nullish_access(cx, base, key, "set");
    return CALL_ABRUPT;
  }
  if (value_is_string(base)) {
    uint32_t index;
    if (key == cx->names->length || (key_as_array_index(key, &index) && index < string_length(value_as_string(base))))
      return set_finished(cx, TRISTATE_FALSE, base, key);
  }
  return set_finished(cx, object_set(cx, prototype, key, value, base), base, key);
}

// Called after `object` got the site's property, which it lacked while its shape was `before`.
static void cache_fill_addition(Context *cx, InlineCache *cache, const Object *object, Shape *before) {
  if (object->cell.flags & OBJECT_USED_AS_PROTOTYPE || !shape_is_addition(before, object->shape, cache->key)) return;
  cache_fill_set(cx, cache, before, object->shape, object->shape->slot_count - 1);
}

static CallStatus set_named(Context *cx, Value base, PropertyKey key, InlineCache *cache, Value value) {
  uint32_t index;  // 2^31 or more: an array must adjust its length
  if (UNLIKELY(!value_is_object(base) || key_as_array_index(key, &index))) return set_generic(cx, base, key, value);
  Object *object = value_as_object(base);
  PropertyLookup found;
  if (!object_lookup_for_cache(cx, object, key, &found)) return set_generic(cx, base, key, value);
  if (cache) cx->interpreter->cache_misses++;
  if (found.holder && found.attributes & PROPERTY_ACCESSOR) {
    Value setter = ((Record *)value_as_cell(found.holder->slots[found.slot]))->items[1];
    if (value_is_undefined(setter)) return set_finished(cx, TRISTATE_FALSE, base, key);
    Value ignored;
    return call_values(cx, setter, base, &value, 1, frame_discard_register(cx->frame), 0, &ignored);
  }
  if (found.holder && !(found.attributes & PROPERTY_WRITABLE)) return set_finished(cx, TRISTATE_FALSE, base, key);
  Shape *shape = object->shape;
  if (found.is_own) {
    cell_store(cx, &object->slots[found.slot], value);
    if (cache) cache_fill_set(cx, cache, shape, NULL, found.slot);
    return CALL_FINISHED;
  }
  if (shape->cell.flags & SHAPE_NOT_EXTENSIBLE) return set_finished(cx, TRISTATE_FALSE, base, key);
  if (!object_transition(cx, object, key, value, PROPERTY_DEFAULT)) return CALL_ABRUPT;
  if (cache) cache_fill_addition(cx, cache, object, shape);
  return CALL_FINISHED;
}

CallStatus site_set_property(Context *cx, Value base, InlineCache *cache, Value value) {
  return set_named(cx, base, cache->key, cache, value);
}

bool site_define_property(Context *cx, Value base, InlineCache *cache, Value value) {
  Object *object = value_as_object(base);
  Shape *shape = object->shape;
  PropertyKey key = cache->key;
  uint8_t unsuitable = SHAPE_DICTIONARY | SHAPE_NOT_EXTENSIBLE | SHAPE_EXOTIC;
  bool is_plain = object->cell.kind == CELL_OBJECT && !(shape->cell.flags & unsuitable) && !shape_lookup(shape, key);
  if (!is_plain) return object_create_data_property(cx, object, key, value);
  if (!object_transition(cx, object, key, value, PROPERTY_DEFAULT)) return false;
  cache_fill_addition(cx, cache, object, shape);
  return true;
}

// Elements -----------------------------------------------------------------------------------------------------

static CallStatus get_index(Context *cx, Value base, uint32_t index, Value *result) {
  if (value_is_string(base)) {
    String *string = value_as_string(base);
    if (index < string_length(string)) {
      TextView view;
      if (!string_view(cx, string, &view)) return CALL_ABRUPT;
      *result = string_from_unit(cx, text_view_unit(view, index));
      return value_is_abrupt(*result) ? CALL_ABRUPT : CALL_FINISHED;
    }
  } else if (value_is_object(base)) {
    Object *object = value_as_object(base);
    if (array_reads_directly(object)) {
      bool is_hole = index >= object->element_count || value_is_hole(object->elements->items[index]);
      *result = is_hole ? VALUE_UNDEFINED : object->elements->items[index];
      return CALL_FINISHED;
    }
  }
  Value value = value_get(cx, base, value_int((int32_t)index));
  if (value_is_abrupt(value)) return CALL_ABRUPT;
  *result = value;
  return CALL_FINISHED;
}

CallStatus site_get_element(Context *cx, Value base, Value key, uint32_t result_register, Value *result) {
  if (value_is_double(key)) key = value_number(value_as_double(key));
  if (value_is_nullish(base)) {
    throw_nullish_access(cx, base, key, "read");
    return CALL_ABRUPT;
  }
  if (value_is_int(key) && value_as_int(key) >= 0) return get_index(cx, base, (uint32_t)value_as_int(key), result);
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return CALL_ABRUPT;
  if (key_is_index(r->key)) return get_index(cx, base, (uint32_t)value_as_int(r->key), result);
  return get_named(cx, base, r->key, NULL, result_register, result);
}

// OPTIMIZATION: a[a.length] = x on an untouched, extensible array.
static bool array_try_append(Context *cx, Object *array, uint32_t index, Value value, CallStatus *status) {
  if (!array_reads_directly(array) || index != array->element_count ||
      array->cell.flags & (OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN | OBJECT_LENGTH_READ_ONLY) ||
      array->shape->cell.flags & SHAPE_NOT_EXTENSIBLE)
    return false;
  uint32_t capacity = array->elements ? values_count(array->elements) : 0;
  if (index >= capacity) {
    if (!object_reserve_elements(cx, array, capacity + capacity / 2 + 8)) {
      *status = CALL_ABRUPT;
      return true;
    }
  }
  cell_store(cx, &array->elements->items[index], value);
  array->element_count = index + 1;
  if (array->length < index + 1) array->length = index + 1;
  *status = CALL_FINISHED;
  return true;
}

CallStatus site_set_element(Context *cx, Value base, Value key, Value value) {
  if (value_is_double(key)) key = value_number(value_as_double(key));
  if (value_is_nullish(base)) {
    throw_nullish_access(cx, base, key, "set");
    return CALL_ABRUPT;
  }
  if (value_is_int(key) && value_as_int(key) >= 0) {
    CallStatus status;
    if (value_is_object(base) &&
        array_try_append(cx, value_as_object(base), (uint32_t)value_as_int(key), value, &status))
      return status;
    return set_generic(cx, base, key, value);
  }
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return CALL_ABRUPT;
  if (key_is_index(r->key)) return set_generic(cx, base, r->key, value);
  return set_named(cx, base, r->key, NULL, value);
}
