// Array iterators, which also walk typed arrays. https://tc39.es/ecma262/#sec-array-iterator-objects
#include "builtins/arrays/array.h"
#include "builtins/binary/typed_array.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"

enum { ITERATE_KEYS, ITERATE_VALUES, ITERATE_ENTRIES };
enum { ITERATOR_ARRAY, ITERATOR_INDEX, ITERATOR_KIND };

// https://tc39.es/ecma262/#sec-createarrayiterator
Value array_iterator_create(Context *cx, Value object, int32_t kind) {
  Object *prototype = realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype);
  Slotted *iterator = slotted_create(cx, SLOTTED_ARRAY_ITERATOR, prototype);
  if (!iterator) return VALUE_ABRUPT;
  slotted_set(cx, iterator, ITERATOR_ARRAY, object);
  slotted_set(cx, iterator, ITERATOR_INDEX, VALUE_INT_ZERO);
  slotted_set(cx, iterator, ITERATOR_KIND, value_int(kind));
  return value_object(iterator);
}

static Value array_prototype_iterate(Context *cx, const Call *call, int32_t kind) {
  ROOTS(cx, r, object);
  r->object = value_to_object(cx, call->this_value);
  return value_is_abrupt(r->object) ? VALUE_ABRUPT : array_iterator_create(cx, r->object, kind);
}

// https://tc39.es/ecma262/#sec-array.prototype.entries
Value array_prototype_entries(Context *cx, const Call *call) {
  return array_prototype_iterate(cx, call, ITERATE_ENTRIES);
}
// https://tc39.es/ecma262/#sec-array.prototype.keys
Value array_prototype_keys(Context *cx, const Call *call) { return array_prototype_iterate(cx, call, ITERATE_KEYS); }
// https://tc39.es/ecma262/#sec-array.prototype.values
Value array_prototype_values(Context *cx, const Call *call) {
  return array_prototype_iterate(cx, call, ITERATE_VALUES);
}

// https://tc39.es/ecma262/#sec-%arrayiteratorprototype%.next
static Value array_iterator_next(Context *cx, const Call *call) {
  ROOTS(cx, r, value, pair[2]);
  if (!value_is_slotted(call->this_value, SLOTTED_ARRAY_ITERATOR)) {
    return throw_type_error(cx, "next: expected an array iterator, not %v", call->this_value);
  }
  Slotted *iterator = value_as_slotted(call->this_value);
  if (value_is_undefined(iterator->internal[ITERATOR_ARRAY])) {
    return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  }
  Object *object = value_as_object(iterator->internal[ITERATOR_ARRAY]);
  double index = value_as_number(iterator->internal[ITERATOR_INDEX]), length;
  if (!replay_note_number(cx, &index)) return VALUE_ABRUPT;
  if (object->cell.kind == CELL_TYPED_ARRAY) {
    if (!typed_array_enter(cx, value_object(object), &length)) return VALUE_ABRUPT;
  } else if (!object_length(cx, object, &length)) {
    return VALUE_ABRUPT;
  }
  if (index >= length) {
    slotted_set(cx, iterator, ITERATOR_ARRAY, VALUE_UNDEFINED);
    return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  }
  bool moves_later = replay_defers(cx), failed = false;
  if (!moves_later && replay_once(cx, &failed)) slotted_set(cx, iterator, ITERATOR_INDEX, value_number(index + 1));
  if (failed) return VALUE_ABRUPT;
  int32_t kind = value_as_int(iterator->internal[ITERATOR_KIND]);
  if (kind != ITERATE_KEYS) r->value = array_get_index(cx, object, index);
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  if (moves_later) slotted_set(cx, iterator, ITERATOR_INDEX, value_number(index + 1));
  if (kind == ITERATE_KEYS) return object_create_iterator_result(cx, value_number(index), false);
  if (kind == ITERATE_ENTRIES) {
    r->pair[0] = value_number(index);
    r->pair[1] = r->value;
    Object *entry = array_create_from(cx, r->pair, 2);
    if (!entry) return VALUE_ABRUPT;
    r->value = value_object(entry);
  }
  return object_create_iterator_result(cx, r->value, false);
}

static const BuiltinRow array_iterator_prototype_rows[] = {
    FUNCTION_RECORD("next", 0, array_iterator_next, INTRINSIC_ArrayIteratorPrototype_next),
    TO_STRING_TAG("Array Iterator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_array_iterator_prototype = {
    .intrinsic = INTRINSIC_ArrayIteratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = array_iterator_prototype_rows,
};
