// Slow paths of property sites: fill the inline caches, call accessors without C recursion, handle primitives.
//
// A named site is cached when every object from the receiver to the holder looks its named properties up in
// the ordinary way. A receiver's shape fixes its prototype; layout changes of any object that serves as a prototype
// change cx->prototype_epoch. So "same shape, same epoch" proves that the holder and the slot are still right.
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"

// Whether named property `key` of `object` behaves as an ordinary own property, or is ordinarily absent.
static bool named_access_is_ordinary(Context *cx, const Object *object, PropertyKey key) {
  switch (object->cell.kind) {
    case CELL_ARRAY:
    case CELL_PRIMITIVE:
      return key != cx->names->length;
    case CELL_ARGUMENTS:
      return true;
    case CELL_TYPED_ARRAY: {
      if (value_is_symbol(key)) return true;
      // Canonical numeric strings begin with a digit, '-', 'I' or 'N'.
      TextView text = string_view_flat(value_as_string(key));
      uint16_t first = text.length ? text_view_unit(text, 0) : 0;
      return first >= 'a' && first <= 'z';
    }
    default: {
      const ObjectClass *class_ = object->shape->class_;
      return !class_->get && !class_->get_own_property && !class_->set && !class_->define_own_property &&
             !class_->has_property;
    }
  }
}

static inline PropertyStub *stub_find(Context *cx, const Shape *shape, PropertyKey key) {
  uint32_t hash = (uint32_t)((uintptr_t)shape >> 4) ^ (key_hash(key) * 5);
  return &cx->interpreter->stubs[hash & (PROPERTY_STUB_COUNT - 1)];
}

static void shape_note_cached(Shape *shape) { shape->cell.flags |= SHAPE_CACHED; }

typedef struct SiteLookup {
  const Property *property;  // NULL: absent
  Object *holder;
  bool is_cacheable;
} SiteLookup;

// False: some object on the way is not ordinary.
static bool site_lookup(Context *cx, Object *object, PropertyKey key, SiteLookup *lookup) {
  for (Object *holder = object; holder; holder = holder->shape->prototype) {
    if (!named_access_is_ordinary(cx, holder, key)) return false;
    const Property *property = shape_lookup(holder->shape, key);
    if (!property) continue;
    if (property->attributes & PROPERTY_LAZY && property_is_unfilled(holder->slots[property->slot])) return false;
    // Closures share shapes, and one's lazy slot may be filled while another's is not.
    bool is_cacheable = !(property->attributes & PROPERTY_LAZY && holder->cell.kind == CELL_CLOSURE);
    *lookup = (SiteLookup){property, holder, is_cacheable};
    return true;
  }
  *lookup = (SiteLookup){NULL, NULL, false};
  return true;
}

static void cache_fill_get(Context *cx, InlineCache *cache, Shape *shape, Object *holder, uint32_t slot) {
  shape_note_cached(shape);
  cache->shape = shape;
  cache->new_shape = NULL;
  cache->holder = holder;
  cache->slot = slot;
  cache->epoch = cx->prototype_epoch;
  cx->interpreter->cache_fills++;
}

// Get of a named property along an ordinary chain that starts at `start`. `shape` is what the cache is keyed by
// (the receiver's, or that of a primitive's prototype).
static CallStatus named_get(Context *cx, Object *start, bool is_primitive, Value receiver, PropertyKey key,
                            InlineCache *cache, uint16_t result_register, Value *result) {
  Shape *shape = start->shape;
  PropertyStub *stub = stub_find(cx, shape, key);
  if (stub->shape == shape && stub->key == key && stub->epoch == cx->prototype_epoch) {
    *result = stub->holder ? stub->holder->slots[stub->slot] : start->slots[stub->slot];
    if (cache && !is_primitive && cache->misses < UINT16_MAX && (++cache->misses & 15) == 0)
      cache_fill_get(cx, cache, shape, stub->holder, stub->slot);
    return CALL_FINISHED;
  }
  cx->interpreter->cache_misses++;
  SiteLookup lookup;
  if (!site_lookup(cx, start, key, &lookup)) {
    Value value = object_get(cx, start, key, receiver);
    if (value_is_abrupt(value)) return CALL_ABRUPT;
    *result = value;
    return CALL_FINISHED;
  }
  if (!lookup.property) {
    *result = VALUE_UNDEFINED;
    return CALL_FINISHED;
  }
  Value slot_value = lookup.holder->slots[lookup.property->slot];
  if (lookup.property->attributes & PROPERTY_ACCESSOR) {
    Value getter = ((Record *)value_as_cell(slot_value))->items[0];
    if (value_is_undefined(getter)) {
      *result = VALUE_UNDEFINED;
      return CALL_FINISHED;
    }
    return call_values(cx, getter, receiver, NULL, 0, result_register, 0, result);
  }
  *result = slot_value;
  if (lookup.is_cacheable) {
    Object *holder = lookup.holder == start ? NULL : lookup.holder;
    shape_note_cached(shape);
    *stub = (PropertyStub){shape, holder, key, lookup.property->slot, cx->prototype_epoch};
    if (cache && !is_primitive) cache_fill_get(cx, cache, shape, holder, lookup.property->slot);
  }
  return CALL_FINISHED;
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

static CallStatus get_named(Context *cx, Value base, PropertyKey key, InlineCache *cache, uint16_t result_register,
                            Value *result) {
  if (LIKELY(value_is_object(base)))
    return named_get(cx, value_as_object(base), false, base, key, cache, result_register, result);
  Object *prototype = primitive_prototype(cx, base);
  if (!prototype) {
    throw_nullish_access(cx, base, key, false);
    return CALL_ABRUPT;
  }
  if (value_is_string(base) && key == cx->names->length) {
    *result = value_int((int32_t)string_length(value_as_string(base)));
    return CALL_FINISHED;
  }
  return named_get(cx, prototype, true, base, key, cache, result_register, result);
}

CallStatus site_get_property(Context *cx, Value base, InlineCache *cache, uint16_t result_register, Value *result) {
  return get_named(cx, base, cache->key, cache, result_register, result);
}

static CallStatus set_finished(Context *cx, Tristate done, Value base, PropertyKey key) {
  if (done == TRISTATE_ABRUPT) return CALL_ABRUPT;
  if (done == TRISTATE_TRUE || !(cx->frame->code->flags & CODE_STRICT)) return CALL_FINISHED;
  throw_type_error(cx, "cannot set '%k' of %v: it is read-only, has no setter, or the object is not extensible", key,
                   base);
  return CALL_ABRUPT;
}

static CallStatus set_generic(Context *cx, Value base, PropertyKey key, Value value) {
  if (value_is_object(base)) return set_finished(cx, object_set(cx, value_as_object(base), key, value, base), base, key);
  Object *prototype = primitive_prototype(cx, base);
  if (!prototype) {
    throw_nullish_access(cx, base, key, true);
    return CALL_ABRUPT;
  }
  if (value_is_string(base)) {
    uint32_t index;
    if (key == cx->names->length ||
        (key_as_array_index(key, &index) && index < string_length(value_as_string(base))))
      return set_finished(cx, TRISTATE_FALSE, base, key);
  }
  return set_finished(cx, object_set(cx, prototype, key, value, base), base, key);
}

static CallStatus set_named(Context *cx, Value base, PropertyKey key, InlineCache *cache, Value value) {
  uint32_t index;  // of 2^31 or more: arrays have a length to look after
  if (UNLIKELY(!value_is_object(base) || key_as_array_index(key, &index))) return set_generic(cx, base, key, value);
  Object *object = value_as_object(base);
  SiteLookup lookup;
  if (!site_lookup(cx, object, key, &lookup)) return set_generic(cx, base, key, value);
  const Property *property = lookup.property;
  cx->interpreter->cache_misses++;
  if (property && property->attributes & PROPERTY_ACCESSOR) {
    Value setter = ((Record *)value_as_cell(lookup.holder->slots[property->slot]))->items[1];
    if (value_is_undefined(setter)) return set_finished(cx, TRISTATE_FALSE, base, key);
    Value ignored;
    return call_values(cx, setter, base, &value, 1, frame_discard_register(cx->frame), 0, &ignored);
  }
  if (property && !(property->attributes & PROPERTY_WRITABLE)) return set_finished(cx, TRISTATE_FALSE, base, key);
  Shape *shape = object->shape;
  if (property && lookup.holder == object) {
    cell_store(&object->cell, &object->slots[property->slot], value);
    if (cache && lookup.is_cacheable) cache_fill_get(cx, cache, shape, NULL, property->slot);
    return CALL_FINISHED;
  }
  if (shape->cell.flags & SHAPE_NOT_EXTENSIBLE) return set_finished(cx, TRISTATE_FALSE, base, key);
  if (!object_transition(cx, object, key, value, PROPERTY_DEFAULT)) return CALL_ABRUPT;
  if (cache && !((shape->cell.flags | object->shape->cell.flags) & SHAPE_DICTIONARY) &&
      object->shape->slot_count == shape->slot_count + 1 && !(object->cell.flags & OBJECT_USED_AS_PROTOTYPE)) {
    cache_fill_get(cx, cache, shape, NULL, object->shape->slot_count - 1);
    cache->new_shape = object->shape;
  }
  return CALL_FINISHED;
}

CallStatus site_set_property(Context *cx, Value base, InlineCache *cache, Value value) {
  return set_named(cx, base, cache->key, cache, value);
}

bool site_define_property(Context *cx, Value base, InlineCache *cache, Value value) {
  Object *object = value_as_object(base);
  Shape *shape = object->shape;
  PropertyKey key = cache->key;
  bool is_plain = object->cell.kind == CELL_OBJECT && !(shape->cell.flags & (SHAPE_DICTIONARY | SHAPE_NOT_EXTENSIBLE)) &&
                  !shape_lookup(shape, key);
  if (!is_plain) return object_create_data_property(cx, object, key, value);
  if (!object_transition(cx, object, key, value, PROPERTY_DEFAULT)) return false;
  if (!(object->shape->cell.flags & SHAPE_DICTIONARY) && object->shape->slot_count == shape->slot_count + 1 &&
      !(object->cell.flags & OBJECT_USED_AS_PROTOTYPE)) {
    cache_fill_get(cx, cache, shape, NULL, object->shape->slot_count - 1);
    cache->new_shape = object->shape;
  }
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

CallStatus site_get_element(Context *cx, Value base, Value key, uint16_t result_register, Value *result) {
  if (value_is_double(key)) key = value_number(value_as_double(key));
  if (value_is_nullish(base)) {
    throw_nullish_access(cx, base, key, false);
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
  uint32_t capacity = array->elements ? array->elements->cell.extra : 0;
  if (index >= capacity) {
    if (!object_reserve_elements(cx, array, capacity + capacity / 2 + 8)) {
      *status = CALL_ABRUPT;
      return true;
    }
  }
  cell_store(&array->elements->cell, &array->elements->items[index], value);
  array->element_count = index + 1;
  if (array->length < index + 1) array->length = index + 1;
  *status = CALL_FINISHED;
  return true;
}

CallStatus site_set_element(Context *cx, Value base, Value key, Value value) {
  if (value_is_double(key)) key = value_number(value_as_double(key));
  if (value_is_nullish(base)) {
    throw_nullish_access(cx, base, key, true);
    return CALL_ABRUPT;
  }
  if (value_is_int(key) && value_as_int(key) >= 0) {
    CallStatus status;
    if (value_is_object(base) && array_try_append(cx, value_as_object(base), (uint32_t)value_as_int(key), value, &status))
      return status;
    return set_generic(cx, base, key, value);
  }
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return CALL_ABRUPT;
  if (key_is_index(r->key)) return set_generic(cx, base, r->key, value);
  return set_named(cx, base, r->key, NULL, value);
}
