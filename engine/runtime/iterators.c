// Iteration from C. https://tc39.es/ecma262/#sec-operations-on-iterator-objects
#include "runtime/iterators.h"

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/functions.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

// https://tc39.es/ecma262/#sec-getiteratorfrommethod
bool iterator_open_with_method(Context *cx, Value iterable, Value method, IteratorRecord *rooted) {
  rooted->iterator = function_call(cx, method, iterable, NULL, 0);
  if (value_is_abrupt(rooted->iterator)) return false;
  if (!value_is_object(rooted->iterator)) {
    throw_type_error(cx, "the iterator of %v must be an object, not %v", iterable, rooted->iterator);
    return false;
  }
  rooted->next_method = object_get_key(cx, value_as_object(rooted->iterator), cx->names->next);
  return !value_is_abrupt(rooted->next_method);
}

// https://tc39.es/ecma262/#sec-getiterator
bool iterator_open(Context *cx, Value iterable, IteratorRecord *rooted) {
  rooted->next_method = value_get_method(cx, iterable, cx->names->symbol_iterator);
  if (value_is_abrupt(rooted->next_method)) return false;
  if (value_is_undefined(rooted->next_method)) {
    throw_type_error(cx, "%e%v is not iterable", iterable);
    return false;
  }
  return iterator_open_with_method(cx, iterable, rooted->next_method, rooted);
}

// https://tc39.es/ecma262/#sec-iteratorstepvalue
bool iterator_step_value(Context *cx, IteratorRecord *rooted, Value *value, bool *done) {
  ROOTS(cx, r, result, done);
  r->result = function_call(cx, rooted->next_method, rooted->iterator, NULL, 0);
  if (value_is_abrupt(r->result)) return false;
  if (!value_is_object(r->result)) {
    throw_type_error(cx, "the iterator's result must be an object, not %v", r->result);
    return false;
  }
  r->done = object_get_key(cx, value_as_object(r->result), cx->names->done);
  if (value_is_abrupt(r->done)) return false;
  *done = value_to_boolean(r->done);
  if (*done) return true;
  *value = object_get_key(cx, value_as_object(r->result), cx->names->value);
  return !value_is_abrupt(*value);
}

static MUST_CHECK bool iterator_call_return(Context *cx, IteratorRecord *rooted, Value *result) {
  ROOTS(cx, r, method);
  *result = VALUE_HOLE;
  r->method = value_get_method(cx, rooted->iterator, cx->names->return_);
  if (value_is_abrupt(r->method)) return false;
  if (value_is_undefined(r->method)) return true;
  *result = function_call(cx, r->method, rooted->iterator, NULL, 0);
  return !value_is_abrupt(*result);
}

// https://tc39.es/ecma262/#sec-iteratorclose
bool iterator_close(Context *cx, IteratorRecord *rooted, bool completion_is_throw) {
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, exception, result);
  r->exception = cx->exception;
  bool ok = iterator_call_return(cx, rooted, &r->result);
  if (!exception_is_catchable(cx)) return false;
  if (completion_is_throw) {
    cx->exception = r->exception;
    return false;
  }
  if (!ok) return false;
  if (value_is_hole(r->result) || value_is_object(r->result)) return true;
  throw_type_error(cx, "the iterator's return method must return an object, not %v", r->result);
  return false;
}

// True when iterating the array is reading its elements in order: nothing of the protocol was replaced.
static bool array_iterates_plainly(Context *cx, Value iterable) {
  if (!value_is_object_of(iterable, CELL_ARRAY) || !array_is_dense(value_as_object(iterable))) return false;
  const Object *array = value_as_object(iterable);
  Object *prototype = realm_prototype(cx, INTRINSIC_ArrayPrototype);
  if (array->shape->prototype != prototype || shape_lookup(array->shape, cx->names->symbol_iterator)) return false;
  if (object_peek(prototype, cx->names->symbol_iterator) != realm_intrinsic(cx, INTRINSIC_ArrayPrototype_values)) {
    return false;
  }
  const Object *iterator_prototype = realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype);
  Value next = realm_intrinsic(cx, INTRINSIC_ArrayIteratorPrototype_next);
  if (object_peek(iterator_prototype, cx->names->next) != next) return false;
  return array_prototypes_have_no_elements(cx);
}

// bounded: the list pays for its size when it is made.
static MUST_CHECK bool list_append(Context *cx, Value *rooted_list, uint32_t *count, Value rooted_item) {
  Values *list = (Values *)value_as_cell(*rooted_list);
  if (*count == values_count(list)) {
    Values *grown = values_create(cx, values_count(list) ? values_count(list) * 2 : 8);
    if (!grown) return false;
    for (uint32_t i = 0; i < *count; i++) cell_store(cx, &grown->items[i], list->items[i]);
    *rooted_list = value_internal(grown);
    list = grown;
  }
  cell_store(cx, &list->items[(*count)++], rooted_item);
  return true;
}

static Value list_of_exactly(Context *cx, const Value *items, uint32_t count) {
  Values *exact = values_create(cx, count);
  if (!exact) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < count; i++) {
    cell_store(cx, &exact->items[i], value_is_hole(items[i]) ? VALUE_UNDEFINED : items[i]);
  }
  return value_internal(exact);
}

// bounded: the list pays for its size when it is made.
static Value list_of_array(Context *cx, const Object *array) {
  uint32_t present = MIN_OF(array->element_count, array->length);
  Values *list = values_create(cx, array->length);
  if (!list) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < array->length; i++) {
    Value item = i < present ? array->elements->items[i] : VALUE_HOLE;
    cell_store(cx, &list->items[i], value_is_hole(item) ? VALUE_UNDEFINED : item);
  }
  return value_internal(list);
}

// https://tc39.es/ecma262/#sec-iteratortolist
Value iterator_to_list(Context *cx, IteratorRecord *rooted) {
  ROOTS(cx, r, list, item);
  Values *list = values_create(cx, 8);
  if (!list) return VALUE_ABRUPT;
  r->list = value_internal(list);
  ReplayLoop loop = {0};
  for (uint32_t count = 0;;) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    if (UNLIKELY(replay_is_recording(cx))) {
      double number = count;
      if (!replay_round_value(cx, &loop, &number, &r->list)) return VALUE_ABRUPT;
      count = (uint32_t)number;
    }
    bool done;
    if (!iterator_step_value(cx, rooted, &r->item, &done)) return VALUE_ABRUPT;
    if (!done) {
      if (!list_append(cx, &r->list, &count, r->item)) return VALUE_ABRUPT;
      continue;
    }
    if (replay_is_repeating(cx)) return replay_note(cx, VALUE_UNDEFINED);
    r->item = list_of_exactly(cx, ((Values *)value_as_cell(r->list))->items, count);
    return value_is_abrupt(r->item) ? VALUE_ABRUPT : replay_note(cx, r->item);
  }
}

Value iterable_to_list(Context *cx, Value iterable) {
  bool is_known = replay_is_repeating(cx), is_plain = !is_known && array_iterates_plainly(cx, iterable);
  if (!replay_note_flag(cx, &is_plain)) return VALUE_ABRUPT;
  if (is_plain) {
    Value list = is_known ? VALUE_UNDEFINED : list_of_array(cx, value_as_object(iterable));
    return value_is_abrupt(list) ? VALUE_ABRUPT : replay_note(cx, list);
  }
  ROOTS(cx, r, record[2]);
  IteratorRecord *record = (IteratorRecord *)r->record;
  return iterator_open(cx, iterable, record) ? iterator_to_list(cx, record) : VALUE_ABRUPT;
}
