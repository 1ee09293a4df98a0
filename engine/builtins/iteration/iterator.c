// Iterator, Iterator.prototype and the prototypes of helpers and wrappers; their methods are in iterator.js.
// https://tc39.es/ecma262/#sec-iterator-objects
#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/slotted.h"

// https://tc39.es/ecma262/#sec-iterator
static Value iterator_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "Iterator cannot be called without 'new'");
  if (call->new_target == call->callee) {
    return throw_type_error(cx, "Iterator is abstract: extend it, or use Iterator.from");
  }
  Object *object =
      object_create_from_constructor(cx, call->new_target, INTRINSIC_IteratorPrototype, &object_class_ordinary);
  return object ? value_object(object) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-%iteratorprototype%-%symbol.iterator% and the same of async iterators
static Value iterator_prototype_itself(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-SetterThatIgnoresPrototypeProperties
static Value iterator_set_ignoring_prototype(Context *cx, const Call *call, PropertyKey key) {
  ROOTS(cx, r, fields[3]);
  Value self = call->this_value, value = call_argument(call, 0);
  if (!value_is_object(self)) {
    return throw_type_error(cx, "cannot set '%k' of %v: expected an object", key, self);
  }
  if (self == realm_intrinsic(cx, INTRINSIC_IteratorPrototype)) {
    return throw_type_error(cx, "cannot set '%k' of Iterator.prototype", key);
  }
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, value_as_object(self), key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  bool ok = found == TRISTATE_TRUE ? object_set_key(cx, value_as_object(self), key, value)
                                   : object_create_data_property(cx, value_as_object(self), key, value);
  return ok ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-iterator.prototype.constructor
static Value iterator_prototype_get_constructor(Context *cx, const Call *call) {
  (void)call;
  return realm_intrinsic(cx, INTRINSIC_Iterator);
}
static Value iterator_prototype_set_constructor(Context *cx, const Call *call) {
  return iterator_set_ignoring_prototype(cx, call, cx->names->constructor);
}

// https://tc39.es/ecma262/#sec-iterator.prototype-%symbol.tostringtag%
static Value iterator_prototype_get_tag(Context *cx, const Call *call) {
  (void)call;
  return string_from_ascii(cx, "Iterator");
}
static Value iterator_prototype_set_tag(Context *cx, const Call *call) {
  return iterator_set_ignoring_prototype(cx, call, cx->names->symbol_toStringTag);
}

// (value): the result of an iterator, if it is an object
Value intrinsic_iterator_result(Context *cx, const Call *call) {
  Value result = call->arguments[0];
  if (LIKELY(value_is_object(result))) return result;
  return throw_type_error(cx, "the iterator's result must be an object, not %v", result);
}

// (step function, close function): runtime/slotted.def describes them
Value intrinsic_create_iterator_helper(Context *cx, const Call *call) {
  Object *prototype = realm_prototype(cx, INTRINSIC_IteratorHelperPrototype);
  Slotted *helper = slotted_create(cx, SLOTTED_ITERATOR_HELPER, prototype);
  if (!helper) return VALUE_ABRUPT;
  slotted_set(cx, helper, HELPER_STATE, value_int(HELPER_NOT_STARTED));
  slotted_set(cx, helper, HELPER_STEP, call->arguments[0]);
  slotted_set(cx, helper, HELPER_CLOSE, call->arguments[1]);
  return value_object(helper);
}

// (value): marks the helper as running and returns its step function; undefined when it is finished.
Value intrinsic_iterator_helper_enter(Context *cx, const Call *call) {
  Value helper = call->arguments[0];
  if (!value_is_slotted(helper, SLOTTED_ITERATOR_HELPER)) {
    return throw_type_error(cx, "next: expected an iterator helper, not %v", helper);
  }
  Slotted *slotted = value_as_slotted(helper);
  if (slotted->internal[HELPER_STATE] == value_int(HELPER_FINISHED)) return VALUE_UNDEFINED;
  if (slotted->internal[HELPER_STATE] == value_int(HELPER_RUNNING)) {
    return throw_type_error(cx, "the iterator helper is already running");
  }
  slotted_set(cx, slotted, HELPER_STATE, value_int(HELPER_RUNNING));
  return slotted->internal[HELPER_STEP];
}

static const BuiltinRow iterator_rows[] = {
    SELF_HOSTED("concat", 0, "Iterator_concat"),
    SELF_HOSTED("from", 1, "Iterator_from"),
    SELF_HOSTED("zip", 1, "Iterator_zip"),
    SELF_HOSTED("zipKeyed", 1, "Iterator_zipKeyed"),
    END_OF_ROWS,
};

static const BuiltinRow iterator_prototype_rows[] = {
    ACCESSOR("constructor", iterator_prototype_get_constructor, iterator_prototype_set_constructor),
    SELF_HOSTED("chunks", 1, "IteratorPrototype_chunks"),
    SELF_HOSTED("drop", 1, "IteratorPrototype_drop"),
    SELF_HOSTED("every", 1, "IteratorPrototype_every"),
    SELF_HOSTED("filter", 1, "IteratorPrototype_filter"),
    SELF_HOSTED("find", 1, "IteratorPrototype_find"),
    SELF_HOSTED("flatMap", 1, "IteratorPrototype_flatMap"),
    SELF_HOSTED("forEach", 1, "IteratorPrototype_forEach"),
    SELF_HOSTED("includes", 1, "IteratorPrototype_includes"),
    SELF_HOSTED("join", 1, "IteratorPrototype_join"),
    SELF_HOSTED("map", 1, "IteratorPrototype_map"),
    SELF_HOSTED("reduce", 1, "IteratorPrototype_reduce"),
    SELF_HOSTED("some", 1, "IteratorPrototype_some"),
    SELF_HOSTED("take", 1, "IteratorPrototype_take"),
    SELF_HOSTED("toArray", 0, "IteratorPrototype_toArray"),
    SELF_HOSTED("windows", 1, "IteratorPrototype_windows"),
    FUNCTION("@@iterator", 0, iterator_prototype_itself),
    SELF_HOSTED("@@dispose", 0, "IteratorPrototype_dispose"),
    ACCESSOR("@@toStringTag", iterator_prototype_get_tag, iterator_prototype_set_tag),
    END_OF_ROWS,
};

static const BuiltinRow iterator_helper_prototype_rows[] = {
    SELF_HOSTED("next", 0, "IteratorHelperPrototype_next"),
    SELF_HOSTED("return", 0, "IteratorHelperPrototype_return"),
    TO_STRING_TAG("Iterator Helper"),
    END_OF_ROWS,
};

static const BuiltinRow wrap_for_valid_iterator_prototype_rows[] = {
    SELF_HOSTED("next", 0, "WrapForValidIteratorPrototype_next"),
    SELF_HOSTED("return", 0, "WrapForValidIteratorPrototype_return"),
    END_OF_ROWS,
};

static const BuiltinRow async_iterator_prototype_rows[] = {
    FUNCTION("@@asyncIterator", 0, iterator_prototype_itself),
    SELF_HOSTED("@@asyncDispose", 0, "AsyncIteratorPrototype_asyncDispose"),
    END_OF_ROWS,
};

static const BuiltinRow async_from_sync_iterator_prototype_rows[] = {
    SELF_HOSTED("next", 1, "AsyncFromSyncIteratorPrototype_next"),
    SELF_HOSTED("return", 1, "AsyncFromSyncIteratorPrototype_return"),
    SELF_HOSTED("throw", 1, "AsyncFromSyncIteratorPrototype_throw"),
    END_OF_ROWS,
};

#define PROTOTYPE(name_, intrinsic_, parent_)                                    \
  const BuiltinObject builtin_##name_ = {                                        \
      .intrinsic = intrinsic_, .prototype = parent_, .prototype_property = -1, .rows = name_##_rows}

PROTOTYPE(iterator_prototype, INTRINSIC_IteratorPrototype, INTRINSIC_ObjectPrototype);
PROTOTYPE(iterator_helper_prototype, INTRINSIC_IteratorHelperPrototype, INTRINSIC_IteratorPrototype);
PROTOTYPE(wrap_for_valid_iterator_prototype, INTRINSIC_WrapForValidIteratorPrototype, INTRINSIC_IteratorPrototype);
PROTOTYPE(async_iterator_prototype, INTRINSIC_AsyncIteratorPrototype, INTRINSIC_ObjectPrototype);
PROTOTYPE(async_from_sync_iterator_prototype, INTRINSIC_AsyncFromSyncIteratorPrototype,
          INTRINSIC_AsyncIteratorPrototype);

const BuiltinObject builtin_iterator = {
    .global_name = "Iterator",
    .intrinsic = INTRINSIC_Iterator,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = iterator_constructor,
    .prototype_property = INTRINSIC_IteratorPrototype,
    .rows = iterator_rows,
};
