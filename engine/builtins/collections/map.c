// https://tc39.es/ecma262/#sec-map-objects
#include "builtins/collections/collection.h"
#include "runtime/builtin_table.h"

static Value map_constructor(Context *cx, const Call *call) { return collection_construct(cx, call, COLLECTION_MAP); }

// https://tc39.es/ecma262/#sec-get-map-%symbol.species%
static Value map_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-map.prototype.clear
static Value map_prototype_clear(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  if (!map) return VALUE_ABRUPT;
  collection_clear(cx, map);
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-map.prototype.delete
static Value map_prototype_delete(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  if (!map) return VALUE_ABRUPT;
  Tristate deleted = collection_delete(cx, map, call_argument(call, 0));
  return deleted == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(deleted);
}

// https://tc39.es/ecma262/#sec-map.prototype.get
static Value map_prototype_get(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  return map ? collection_get(cx, map, call_argument(call, 0)) : VALUE_ABRUPT;
}

// https://tc39.es/proposal-upsert/#sec-map.prototype.getorinsert
static Value map_prototype_get_or_insert(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  if (!map) return VALUE_ABRUPT;
  Tristate present = collection_has(cx, map, call_argument(call, 0));
  if (present == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  if (present) return collection_get(cx, map, call_argument(call, 0));
  return collection_put(cx, map, call_argument(call, 0), call_argument(call, 1)) ? call_argument(call, 1)
                                                                                 : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-map.prototype.has
static Value map_prototype_has(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  if (!map) return VALUE_ABRUPT;
  Tristate present = collection_has(cx, map, call_argument(call, 0));
  return present == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(present);
}

// https://tc39.es/ecma262/#sec-map.prototype.set
Value map_prototype_set(Context *cx, const Call *call) {
  Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  if (!map) return VALUE_ABRUPT;
  return collection_put(cx, map, call_argument(call, 0), call_argument(call, 1)) ? call->this_value : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-get-map.prototype.size
static Value map_get_size(Context *cx, const Call *call) {
  const Collection *map = collection_this(cx, call->this_value, COLLECTION_MAP);
  return map ? value_unsigned(collection_size(map)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-createmapiterator  magic: what it gives
static Value map_prototype_iterate(Context *cx, const Call *call) {
  if (!collection_this(cx, call->this_value, COLLECTION_MAP)) return VALUE_ABRUPT;
  return collection_iterator_create(cx, call->this_value, true, call_magic(call));
}

static const BuiltinRow map_rows[] = {
    SELF_HOSTED("groupBy", 2, "Map_groupBy"),
    GETTER("@@species", map_get_species),
    END_OF_ROWS,
};
static const BuiltinRow map_prototype_rows[] = {
    FUNCTION("clear", 0, map_prototype_clear),
    FUNCTION("delete", 1, map_prototype_delete),
    FUNCTION_MAGIC("entries", 0, map_prototype_iterate, COLLECTION_ENTRIES),
    SELF_HOSTED("forEach", 1, "MapPrototype_forEach"),
    FUNCTION("get", 1, map_prototype_get),
    FUNCTION("getOrInsert", 2, map_prototype_get_or_insert),
    SELF_HOSTED("getOrInsertComputed", 2, "MapPrototype_getOrInsertComputed"),
    FUNCTION("has", 1, map_prototype_has),
    FUNCTION_MAGIC("keys", 0, map_prototype_iterate, COLLECTION_KEYS),
    FUNCTION("set", 2, map_prototype_set),
    GETTER("size", map_get_size),
    FUNCTION_MAGIC("values", 0, map_prototype_iterate, COLLECTION_VALUES),
    ALIAS("@@iterator", "entries"),
    TO_STRING_TAG("Map"),
    END_OF_ROWS,
};
static const BuiltinRow map_iterator_prototype_rows[] = {
    FUNCTION_MAGIC("next", 0, collection_iterator_next, true),
    TO_STRING_TAG("Map Iterator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_map = {
    .global_name = "Map",
    .intrinsic = INTRINSIC_Map,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = map_constructor,
    .prototype_property = INTRINSIC_MapPrototype,
    .rows = map_rows,
};
const BuiltinObject builtin_map_prototype = {
    .intrinsic = INTRINSIC_MapPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = map_prototype_rows,
};
const BuiltinObject builtin_map_iterator_prototype = {
    .intrinsic = INTRINSIC_MapIteratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = map_iterator_prototype_rows,
};
