#include "builtins/collections/collection.h"

#include "builtins/intrinsics.h"
#include "runtime/errors.h"
#include "runtime/iterators.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"

static const char *const type_names[] = {"Map", "Set", "WeakMap", "WeakSet"};
static const int16_t type_prototypes[] = {INTRINSIC_MapPrototype, INTRINSIC_SetPrototype, INTRINSIC_WeakMapPrototype,
                                          INTRINSIC_WeakSetPrototype};

Collection *collection_this(Context *cx, Value value, CollectionType type) {
  if (LIKELY(value_is_collection(value, type))) return value_as_collection(value);
  throw_type_error(cx, "%eexpected a %s, not %v", type_names[type], value);
  return NULL;
}

static inline bool type_has_entries(CollectionType type) {
  return type == COLLECTION_MAP || type == COLLECTION_WEAK_MAP;
}

// OPTIMIZATION: the original adder is not called; its work is done here.
static bool adder_is_original(Value adder, CollectionType type) {
  if (!value_is_object_of(adder, CELL_NATIVE_FUNCTION)) return false;
  NativeFunction function = ((NativeFunctionObject *)value_as_object(adder))->function;
  return (type == COLLECTION_MAP && function == map_prototype_set) ||
         (type == COLLECTION_SET && function == set_prototype_add);
}

static bool collection_add(Context *cx, Value target, Value adder, CollectionType type, const Value *pair) {
  if (adder_is_original(adder, type)) {
    Value value = type == COLLECTION_MAP ? pair[1] : VALUE_UNDEFINED;
    return collection_put(cx, value_as_collection(target), pair[0], value);
  }
  return !value_is_abrupt(function_call(cx, adder, target, pair, type_has_entries(type) ? 2 : 1));
}

// Reads an entry's key and value into pair.
static bool entry_read(Context *cx, Value entry, Value *pair) {
  if (!value_is_object(entry)) {
    throw_type_error(cx, "%ean entry must be an object, not %v", entry);
    return false;
  }
  for (int32_t i = 0; i < 2; i++) {
    Value part = object_get_key(cx, value_as_object(entry), value_int(i));
    if (value_is_abrupt(part)) return false;
    pair[i] = part;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-add-entries-from-iterable
static bool collection_fill(Context *cx, Value target, Value adder, Value iterable, CollectionType type) {
  ROOTS(cx, r, iterator, next, item, pair[2]);
  IteratorRecord *record = (IteratorRecord *)&r->iterator;
  if (!iterator_open(cx, iterable, record)) return false;
  ReplayLoop loop;
  if (!replay_loop(cx, &loop, NULL, 0)) return false;
  for (;; replay_keep_loop(cx, &loop, NULL, 0)) {
    bool done;
    if (!iterator_step_value(cx, record, &r->item, &done)) return false;
    if (done) return true;
    if (!context_charge(cx, 1)) {
      context_throw_interrupted(cx);
      return false;
    }
    r->pair[0] = r->item;
    bool read = !type_has_entries(type) || entry_read(cx, r->item, r->pair);
    if (!read || !collection_add(cx, target, adder, type, r->pair)) {
      (void)!iterator_close(cx, record, true);
      return false;
    }
  }
}

Value collection_construct(Context *cx, const Call *call, CollectionType type) {
  if (!call_is_construct(call)) return throw_type_error(cx, "%s cannot be called without 'new'", type_names[type]);
  ROOTS(cx, r, collection, adder);
  Object *collection =
      object_create_from_constructor(cx, call->new_target, type_prototypes[type], &object_class_collection);
  if (!collection) return VALUE_ABRUPT;
  collection->collection_type = type;
  r->collection = replay_note(cx, value_object(collection));
  if (value_is_abrupt(r->collection)) return VALUE_ABRUPT;
  collection = value_as_object(r->collection);
  Value iterable = call_argument(call, 0);
  if (value_is_nullish(iterable)) return r->collection;
  PropertyKey key = type_has_entries(type) ? cx->names->set : key_from_ascii(cx, "add");
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  r->adder = key;
  r->adder = object_get_key(cx, collection, key);
  if (value_is_abrupt(r->adder)) return VALUE_ABRUPT;
  if (!value_is_callable(r->adder))
    return throw_type_error(cx, "%s: its method '%k' is not a function", type_names[type], key);
  return collection_fill(cx, r->collection, r->adder, iterable, type) ? r->collection : VALUE_ABRUPT;
}

// Iterators ------------------------------------------------------------------------------------------------

enum { ITERATOR_COLLECTION, ITERATOR_ORDINAL, ITERATOR_KIND };

Value collection_iterator_create(Context *cx, Value collection, bool is_map, int32_t kind) {
  SlottedKind slotted_kind = is_map ? SLOTTED_MAP_ITERATOR : SLOTTED_SET_ITERATOR;
  Intrinsic prototype = is_map ? INTRINSIC_MapIteratorPrototype : INTRINSIC_SetIteratorPrototype;
  Slotted *iterator = slotted_create(cx, slotted_kind, realm_prototype(cx, prototype));
  if (!iterator) return VALUE_ABRUPT;
  slotted_set(cx, iterator, ITERATOR_COLLECTION, collection);
  slotted_set(cx, iterator, ITERATOR_ORDINAL, VALUE_INT_ZERO);
  slotted_set(cx, iterator, ITERATOR_KIND, value_int(kind));
  return value_object(iterator);
}

// https://tc39.es/ecma262/#sec-%mapiteratorprototype%.next
Value collection_iterator_next(Context *cx, const Call *call) {
  SlottedKind kind = call_magic(call) ? SLOTTED_MAP_ITERATOR : SLOTTED_SET_ITERATOR;
  if (!value_is_slotted(call->this_value, kind)) {
    return throw_type_error(cx, "next: expected a %s iterator, not %v", call_magic(call) ? "map" : "set",
                            call->this_value);
  }
  Slotted *iterator = value_as_slotted(call->this_value);
  if (value_is_undefined(iterator->internal[ITERATOR_COLLECTION])) {
    return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  }
  uint64_t ordinal = (uint64_t)value_as_number(iterator->internal[ITERATOR_ORDINAL]);
  const HashEntry *entry = collection_step(cx, value_as_collection(iterator->internal[ITERATOR_COLLECTION]), &ordinal);
  if (!entry) {
    slotted_set(cx, iterator, ITERATOR_COLLECTION, VALUE_UNDEFINED);
    return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  }
  slotted_set(cx, iterator, ITERATOR_ORDINAL, value_number((double)ordinal));
  bool is_map = kind == SLOTTED_MAP_ITERATOR;
  int32_t what = value_as_int(iterator->internal[ITERATOR_KIND]);
  ROOTS(cx, r, value, pair[2]);
  r->pair[0] = entry->key;
  r->pair[1] = is_map ? entry->value : entry->key;
  if (what != COLLECTION_ENTRIES) {
    return object_create_iterator_result(cx, r->pair[what == COLLECTION_KEYS ? 0 : 1], false);
  }
  Object *pair = array_create_from(cx, r->pair, 2);
  if (!pair) return VALUE_ABRUPT;
  r->value = value_object(pair);
  return object_create_iterator_result(cx, r->value, false);
}

// Operations of self-hosted code -----------------------------------------------------------------------------
// Positions are ordinals plus one, so that 0 can stand for "before the first".

// (value, type): throws unless it is a collection of that type
Value intrinsic_collection_check(Context *cx, const Call *call) {
  CollectionType type = (CollectionType)value_as_int(call_argument(call, 1));
  return collection_this(cx, call_argument(call, 0), type) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}
// (type): a new one of the current realm
Value intrinsic_collection_create(Context *cx, const Call *call) {
  int32_t type = value_as_int(call_argument(call, 0));
  Object *prototype = realm_prototype(cx, (Intrinsic)type_prototypes[type]);
  Object *collection = object_create_of_class(cx, &object_class_collection, prototype, 0);
  if (!collection) return VALUE_ABRUPT;
  collection->collection_type = (uint32_t)type;
  return value_object(collection);
}
// (collection, position): the position of the next entry; 0: none
Value intrinsic_collection_next(Context *cx, const Call *call) {
  uint64_t ordinal = (uint64_t)value_as_number(call_argument(call, 1));
  const HashEntry *entry = collection_step(cx, value_as_collection(call_argument(call, 0)), &ordinal);
  return entry ? value_number((double)ordinal) : VALUE_INT_ZERO;
}
static const HashEntry *entry_at(Context *cx, const Call *call) {
  uint64_t ordinal = (uint64_t)value_as_number(call_argument(call, 1)) - 1;
  return collection_step(cx, value_as_collection(call_argument(call, 0)), &ordinal);
}
// (collection, position)
Value intrinsic_collection_key(Context *cx, const Call *call) { return entry_at(cx, call)->key; }
// (collection, position)
Value intrinsic_collection_value(Context *cx, const Call *call) { return entry_at(cx, call)->value; }
// (collection)
Value intrinsic_collection_size(Context *cx, const Call *call) {
  (void)cx;
  return value_unsigned(collection_size(value_as_collection(call_argument(call, 0))));
}
static Value value_from_tristate(Tristate state) {
  return state == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(state);
}
// (collection, key)
Value intrinsic_collection_has(Context *cx, const Call *call) {
  return value_from_tristate(collection_has(cx, value_as_collection(call_argument(call, 0)), call_argument(call, 1)));
}
// (map, key)
Value intrinsic_collection_get(Context *cx, const Call *call) {
  return collection_get(cx, value_as_collection(call_argument(call, 0)), call_argument(call, 1));
}
// (collection, key, value)
Value intrinsic_collection_put(Context *cx, const Call *call) {
  Collection *collection = value_as_collection(call_argument(call, 0));
  return collection_put(cx, collection, call_argument(call, 1), call_argument(call, 2)) ? VALUE_UNDEFINED
                                                                                        : VALUE_ABRUPT;
}
// (collection, key)
Value intrinsic_collection_delete(Context *cx, const Call *call) {
  return value_from_tristate(
      collection_delete(cx, value_as_collection(call_argument(call, 0)), call_argument(call, 1)));
}
// (set): a new Set with the same values
Value intrinsic_set_copy(Context *cx, const Call *call) {
  ROOTS(cx, r, copy, key);
  const Collection *set = value_as_collection(call_argument(call, 0));
  Object *copy = object_create_of_class(cx, &object_class_collection, realm_prototype(cx, INTRINSIC_SetPrototype), 0);
  if (!copy) return VALUE_ABRUPT;
  copy->collection_type = COLLECTION_SET;
  r->copy = value_object(copy);
  uint64_t ordinal = 0;
  for (const HashEntry *entry; (entry = collection_step(cx, set, &ordinal)) != NULL;) {
    r->key = entry->key;
    if (!hash_table_put(cx, &((Collection *)copy)->table, r->key, VALUE_UNDEFINED)) return VALUE_ABRUPT;
  }
  return r->copy;
}
