// https://tc39.es/ecma262/#sec-set-objects
#include "builtins/collections/collection.h"
#include "runtime/builtin_table.h"

static Value set_constructor(Context *cx, const Call *call) { return collection_construct(cx, call, COLLECTION_SET); }

// https://tc39.es/ecma262/#sec-get-set-%symbol.species%
static Value set_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-set.prototype.add
Value set_prototype_add(Context *cx, const Call *call) {
  Collection *set = collection_this(cx, call->this_value, COLLECTION_SET);
  if (!set) return VALUE_ABRUPT;
  return collection_put(cx, set, call_argument(call, 0), VALUE_UNDEFINED) ? call->this_value : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-set.prototype.clear
static Value set_prototype_clear(Context *cx, const Call *call) {
  Collection *set = collection_this(cx, call->this_value, COLLECTION_SET);
  if (!set) return VALUE_ABRUPT;
  collection_clear(cx, set);
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-set.prototype.delete
static Value set_prototype_delete(Context *cx, const Call *call) {
  Collection *set = collection_this(cx, call->this_value, COLLECTION_SET);
  if (!set) return VALUE_ABRUPT;
  Tristate deleted = collection_delete(cx, set, call_argument(call, 0));
  return deleted == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(deleted);
}

// https://tc39.es/ecma262/#sec-set.prototype.has
static Value set_prototype_has(Context *cx, const Call *call) {
  Collection *set = collection_this(cx, call->this_value, COLLECTION_SET);
  if (!set) return VALUE_ABRUPT;
  Tristate present = collection_has(cx, set, call_argument(call, 0));
  return present == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(present);
}

// https://tc39.es/ecma262/#sec-get-set.prototype.size
static Value set_get_size(Context *cx, const Call *call) {
  const Collection *set = collection_this(cx, call->this_value, COLLECTION_SET);
  return set ? value_unsigned(collection_size(set)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-createsetiterator  magic: what it gives
static Value set_prototype_iterate(Context *cx, const Call *call) {
  if (!collection_this(cx, call->this_value, COLLECTION_SET)) return VALUE_ABRUPT;
  return collection_iterator_create(cx, call->this_value, false, call_magic(call));
}

static const BuiltinRow set_rows[] = {GETTER("@@species", set_get_species), END_OF_ROWS};
static const BuiltinRow set_prototype_rows[] = {
    FUNCTION("add", 1, set_prototype_add),
    FUNCTION("clear", 0, set_prototype_clear),
    FUNCTION("delete", 1, set_prototype_delete),
    SELF_HOSTED("difference", 1, "SetPrototype_difference"),
    FUNCTION_MAGIC("entries", 0, set_prototype_iterate, COLLECTION_ENTRIES),
    SELF_HOSTED("forEach", 1, "SetPrototype_forEach"),
    FUNCTION("has", 1, set_prototype_has),
    SELF_HOSTED("intersection", 1, "SetPrototype_intersection"),
    SELF_HOSTED("isDisjointFrom", 1, "SetPrototype_isDisjointFrom"),
    SELF_HOSTED("isSubsetOf", 1, "SetPrototype_isSubsetOf"),
    SELF_HOSTED("isSupersetOf", 1, "SetPrototype_isSupersetOf"),
    GETTER("size", set_get_size),
    SELF_HOSTED("symmetricDifference", 1, "SetPrototype_symmetricDifference"),
    SELF_HOSTED("union", 1, "SetPrototype_union"),
    FUNCTION_MAGIC("values", 0, set_prototype_iterate, COLLECTION_VALUES),
    ALIAS("keys", "values"),
    ALIAS("@@iterator", "values"),
    TO_STRING_TAG("Set"),
    END_OF_ROWS,
};
static const BuiltinRow set_iterator_prototype_rows[] = {
    FUNCTION_MAGIC("next", 0, collection_iterator_next, false),
    TO_STRING_TAG("Set Iterator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_set = {
    .global_name = "Set",
    .intrinsic = INTRINSIC_Set,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = set_constructor,
    .prototype_property = INTRINSIC_SetPrototype,
    .rows = set_rows,
};
const BuiltinObject builtin_set_prototype = {
    .intrinsic = INTRINSIC_SetPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = set_prototype_rows,
};
const BuiltinObject builtin_set_iterator_prototype = {
    .intrinsic = INTRINSIC_SetIteratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = set_iterator_prototype_rows,
};
