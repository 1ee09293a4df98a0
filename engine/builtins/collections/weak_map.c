// WeakMap and WeakSet. https://tc39.es/ecma262/#sec-weakmap-objects https://tc39.es/ecma262/#sec-weakset-objects
#include "builtins/collections/collection.h"
#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"

static Collection *this_weak(Context *cx, const Call *call, CollectionType type) {
  if (value_is_collection(call->this_value, type)) return value_as_collection(call->this_value);
  throw_type_error(cx, "%eexpected a %s, not %v", type == COLLECTION_WEAK_MAP ? "WeakMap" : "WeakSet",
                   call->this_value);
  return NULL;
}

static bool check_key(Context *cx, Value key) {
  if (value_can_be_held_weakly(key)) return true;
  throw_type_error(cx, "%v cannot be held weakly", key);
  return false;
}

// https://tc39.es/ecma262/#sec-weakmap-iterable
static Value weak_map_constructor(Context *cx, const Call *call) {
  return collection_construct(cx, call, COLLECTION_WEAK_MAP);
}
// https://tc39.es/ecma262/#sec-weakset-iterable
static Value weak_set_constructor(Context *cx, const Call *call) {
  return collection_construct(cx, call, COLLECTION_WEAK_SET);
}

// https://tc39.es/ecma262/#sec-weakmap.prototype.get
static Value weak_map_prototype_get(Context *cx, const Call *call) {
  const Collection *map = this_weak(cx, call, COLLECTION_WEAK_MAP);
  if (!map) return VALUE_ABRUPT;
  const WeakEntry *entry = weak_table_find(cx, map->weak, call_argument(call, 0));
  return entry ? entry->value : VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-weakmap.prototype.set
static Value weak_map_prototype_set(Context *cx, const Call *call) {
  Collection *map = this_weak(cx, call, COLLECTION_WEAK_MAP);
  if (!map || !check_key(cx, call_argument(call, 0))) return VALUE_ABRUPT;
  bool put = weak_collection_put(cx, map, call_argument(call, 0), call_argument(call, 1));
  return put ? call->this_value : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-weakset.prototype.add
static Value weak_set_prototype_add(Context *cx, const Call *call) {
  Collection *set = this_weak(cx, call, COLLECTION_WEAK_SET);
  if (!set || !check_key(cx, call_argument(call, 0))) return VALUE_ABRUPT;
  bool put = weak_collection_put(cx, set, call_argument(call, 0), VALUE_UNDEFINED);
  return put ? call->this_value : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-weakmap.prototype.has  magic: the CollectionType
static Value weak_prototype_has(Context *cx, const Call *call) {
  const Collection *collection = this_weak(cx, call, (CollectionType)call_magic(call));
  if (!collection) return VALUE_ABRUPT;
  return value_boolean(weak_table_find(cx, collection->weak, call_argument(call, 0)) != NULL);
}

// https://tc39.es/ecma262/#sec-weakmap.prototype.delete  magic: the CollectionType
static Value weak_prototype_delete(Context *cx, const Call *call) {
  Collection *collection = this_weak(cx, call, (CollectionType)call_magic(call));
  if (!collection) return VALUE_ABRUPT;
  return value_boolean(weak_collection_delete(collection, call_argument(call, 0)));
}

// https://tc39.es/proposal-upsert/#sec-weakmap.prototype.getorinsert
static Value weak_map_prototype_get_or_insert(Context *cx, const Call *call) {
  Collection *map = this_weak(cx, call, COLLECTION_WEAK_MAP);
  if (!map || !check_key(cx, call_argument(call, 0))) return VALUE_ABRUPT;
  const WeakEntry *entry = weak_table_find(cx, map->weak, call_argument(call, 0));
  if (entry) return entry->value;
  bool put = weak_collection_put(cx, map, call_argument(call, 0), call_argument(call, 1));
  return put ? call_argument(call, 1) : VALUE_ABRUPT;
}

// (map, key): checks both. For the self-hosted getOrInsertComputed.
Value intrinsic_weak_map_check(Context *cx, const Call *call) {
  Call inner = {.this_value = call_argument(call, 0)};
  if (!this_weak(cx, &inner, COLLECTION_WEAK_MAP) || !check_key(cx, call_argument(call, 1))) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}
// (map, key): present?
Value intrinsic_weak_map_has(Context *cx, const Call *call) {
  (void)cx;
  const Collection *map = value_as_collection(call_argument(call, 0));
  return value_boolean(weak_table_find(cx, map->weak, call_argument(call, 1)) != NULL);
}
// (map, key)
Value intrinsic_weak_map_get(Context *cx, const Call *call) {
  (void)cx;
  const WeakEntry *entry =
      weak_table_find(cx, value_as_collection(call_argument(call, 0))->weak, call_argument(call, 1));
  return entry ? entry->value : VALUE_UNDEFINED;
}
// (map, key, value)
Value intrinsic_weak_map_set(Context *cx, const Call *call) {
  Collection *map = value_as_collection(call_argument(call, 0));
  return weak_collection_put(cx, map, call_argument(call, 1), call_argument(call, 2)) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

static const BuiltinRow weak_map_prototype_rows[] = {
    FUNCTION_MAGIC("delete", 1, weak_prototype_delete, COLLECTION_WEAK_MAP),
    FUNCTION("get", 1, weak_map_prototype_get),
    FUNCTION("getOrInsert", 2, weak_map_prototype_get_or_insert),
    SELF_HOSTED("getOrInsertComputed", 2, "WeakMapPrototype_getOrInsertComputed"),
    FUNCTION_MAGIC("has", 1, weak_prototype_has, COLLECTION_WEAK_MAP),
    FUNCTION("set", 2, weak_map_prototype_set),
    TO_STRING_TAG("WeakMap"),
    END_OF_ROWS,
};
static const BuiltinRow weak_set_prototype_rows[] = {
    FUNCTION("add", 1, weak_set_prototype_add),
    FUNCTION_MAGIC("delete", 1, weak_prototype_delete, COLLECTION_WEAK_SET),
    FUNCTION_MAGIC("has", 1, weak_prototype_has, COLLECTION_WEAK_SET),
    TO_STRING_TAG("WeakSet"),
    END_OF_ROWS,
};

const BuiltinObject builtin_weak_map = {
    .global_name = "WeakMap",
    .intrinsic = INTRINSIC_WeakMap,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = weak_map_constructor,
    .prototype_property = INTRINSIC_WeakMapPrototype,
};
const BuiltinObject builtin_weak_map_prototype = {
    .intrinsic = INTRINSIC_WeakMapPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = weak_map_prototype_rows,
};
const BuiltinObject builtin_weak_set = {
    .global_name = "WeakSet",
    .intrinsic = INTRINSIC_WeakSet,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = weak_set_constructor,
    .prototype_property = INTRINSIC_WeakSetPrototype,
};
const BuiltinObject builtin_weak_set_prototype = {
    .intrinsic = INTRINSIC_WeakSetPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = weak_set_prototype_rows,
};
