// Array and Array.prototype. Methods that take callbacks are in array.js; searching and joining in array_search.c,
// sorting in array_sort.c, iterators in array_iterator.c. https://tc39.es/ecma262/#sec-array-objects
#include "builtins/arrays/array.h"

#include "number/arithmetic.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"

static Value object_or_abrupt(Object *object) { return object ? value_object(object) : VALUE_ABRUPT; }

static void array_store(Context *cx, Object *array, uint32_t index, Value value) {
  cell_store(cx, &array->elements->items[index], value);
}

static void array_move_elements(Context *cx, Object *array, uint32_t to, uint32_t from, uint32_t count) {
  heap_keep_contents(&cx->heap, &elements_cell(array->elements)->cell);
  memmove(&array->elements->items[to], &array->elements->items[from], count * sizeof(Value));
}

// Before a native changes an object step by step: guest code that runs in between must not make it begin again.
static MUST_CHECK bool array_may_change(Context *cx, const Object *object, double length) {
  return array_moves_silently(cx, object, length) || replay_must_record(cx);
}

// The constructor ------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array
static Value array_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, array);
  Object *array;
  if (!call_is_construct(call) || call->new_target == realm_intrinsic(cx, INTRINSIC_Array)) {
    array = array_create(cx, 0);
  } else {
    array = object_create_from_constructor(cx, call->new_target, INTRINSIC_ArrayPrototype, &object_class_array);
  }
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  if (call->count == 1 && value_is_number(call->arguments[0])) {
    double length = value_as_number(call->arguments[0]);
    if (length != (double)number_to_uint32(length)) {
      return throw_range_error(cx, "invalid array length: %v is not an integer from 0 to 2^32 - 1", call->arguments[0]);
    }
    array->length = number_to_uint32(length);
    return r->array;
  }
  if (!array_extend_elements(cx, array, call->count)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < call->count; i++) array_store(cx, array, i, call->arguments[i]);
  return r->array;
}

// https://tc39.es/ecma262/#sec-array.isarray
static Value array_is_array(Context *cx, const Call *call) {
  bool is_array;
  if (!value_is_array(cx, call_argument(call, 0), &is_array)) return VALUE_ABRUPT;
  return value_boolean(is_array);
}

// https://tc39.es/ecma262/#sec-array.of
static Value array_of(Context *cx, const Call *call) {
  ROOTS(cx, r, length, array);
  if (!value_is_constructor(call->this_value) || call->this_value == realm_intrinsic(cx, INTRINSIC_Array)) {
    return object_or_abrupt(array_create_from(cx, call->arguments, call->count));
  }
  r->length = value_unsigned(call->count);
  r->array = function_construct(cx, call->this_value, call->this_value, &r->length, 1);
  if (value_is_abrupt(r->array)) return VALUE_ABRUPT;
  Object *array = value_as_object(r->array);
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= call->count) break;
    if (!array_create_index(cx, array, i, call->arguments[(uint32_t)i])) return VALUE_ABRUPT;
  }
  return array_put_length(cx, array, call->count) ? r->array : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-get-array-%symbol.species%
Value array_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// Reading --------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.at
static Value array_prototype_at(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  double length, index;
  if (!array_enter(cx, call, &r->object, &length) ||
      !value_to_integer_or_infinity(cx, call_argument(call, 0), &index)) {
    return VALUE_ABRUPT;
  }
  if (index < 0) index += length;
  if (index < 0 || index >= length) return VALUE_UNDEFINED;
  return array_get_index(cx, value_as_object(r->object), index);
}

// https://tc39.es/ecma262/#sec-isconcatspreadable
static MUST_CHECK bool array_is_concat_spreadable(Context *cx, Value value, bool *out) {
  *out = false;
  if (!value_is_object(value)) return true;
  Value spreadable = object_get_key(cx, value_as_object(value), cx->names->symbol_isConcatSpreadable);
  if (value_is_abrupt(spreadable)) return false;
  if (value_is_undefined(spreadable)) return value_is_array(cx, value, out);
  *out = value_to_boolean(spreadable);
  return true;
}

// OPTIMIZATION: appends the elements of an untouched array to a fresh one.
static MUST_CHECK bool array_append_elements(Context *cx, Object *result, double position, const Object *source) {
  uint32_t start = (uint32_t)position;
  if (!context_charge(cx, (int32_t)(source->element_count / 8))) return context_throw_interrupted(cx), false;
  if (!array_extend_elements(cx, result, start + source->element_count)) return false;
  for (uint32_t i = 0; i < source->element_count; i++) array_store(cx, result, start + i, source->elements->items[i]);
  result->length = start + source->length;
  return true;
}

// Appends a spreadable item of concat at *position.
static MUST_CHECK bool array_concat_spread(Context *cx, Object *result, bool is_plain, Object *item, double *position) {
  ROOTS(cx, r, element);
  double length;
  if (!object_length(cx, item, &length)) return false;
  if (*position + length > ARRAY_LARGEST_LENGTH) {
    throw_type_error(cx, "Array.prototype.concat: the result would have more than 2^53 - 1 elements");
    return false;
  }
  if (is_plain && !replay_is_recording(cx) && *position + length < ARRAY_DENSE_LIMIT && array_reads_directly(item) &&
      array_is_mutable(result)) {
    if (!array_append_elements(cx, result, *position, item)) return false;
    *position += length;
    return true;
  }
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round(cx, &loop, &i) || !array_seek(cx, item, &i, length)) return false;
    if (i >= length) break;
    if (!array_get_if_present(cx, item, i, &r->element)) return false;
    if (!value_is_hole(r->element) && !array_create_index(cx, result, *position + i, r->element)) return false;
  }
  *position += length;
  return true;
}

// https://tc39.es/ecma262/#sec-array.prototype.concat
static Value array_prototype_concat(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  bool is_plain;
  Object *result = array_species_create(cx, value_as_object(r->object), 0, &is_plain);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  double position = 0;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round_of_two(cx, &loop, &i, &position)) return VALUE_ABRUPT;
    if (i > call->count) break;
    Value item = i == 0 ? r->object : call->arguments[(uint32_t)i - 1];
    bool is_spreadable;
    if (!array_is_concat_spreadable(cx, item, &is_spreadable)) return VALUE_ABRUPT;
    if (is_spreadable) {
      if (!array_concat_spread(cx, result, is_plain, value_as_object(item), &position)) return VALUE_ABRUPT;
      continue;
    }
    if (position >= ARRAY_LARGEST_LENGTH) {
      return throw_type_error(cx, "Array.prototype.concat: the result would have more than 2^53 - 1 elements");
    }
    if (!array_create_index(cx, result, position++, item)) return VALUE_ABRUPT;
  }
  return array_put_length(cx, result, position) ? r->result : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-array.prototype.slice
static Value array_prototype_slice(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result, element);
  double length, start, end;
  if (!array_enter(cx, call, &r->object, &length) ||
      !value_to_relative_index(cx, call_argument(call, 0), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  Object *object = value_as_object(r->object);
  double count = end > start ? end - start : 0;
  bool is_plain;
  Object *result = array_species_create(cx, object, count, &is_plain);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (is_plain && !replay_is_repeating(cx) && array_reads_directly(object) && end <= UINT32_MAX) {
    bool copied = array_copy_into(cx, result, object, (uint32_t)start, (uint32_t)(start + count));
    return copied ? r->result : VALUE_ABRUPT;
  }
  ReplayLoop loop = {0};
  for (double i = start;; i++) {
    if (!array_begin_round(cx, &loop, &i) || !array_seek(cx, object, &i, end)) return VALUE_ABRUPT;
    if (i >= end) break;
    if (!array_get_if_present(cx, object, i, &r->element)) return VALUE_ABRUPT;
    if (!value_is_hole(r->element) && !array_create_index(cx, result, i - start, r->element)) return VALUE_ABRUPT;
  }
  return array_put_length(cx, result, count) ? r->result : VALUE_ABRUPT;
}

// Filling and moving ---------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.fill
static Value array_prototype_fill(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  double length, start, end;
  if (!array_enter(cx, call, &r->object, &length) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 2), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  Object *object = value_as_object(r->object);
  Value value = call_argument(call, 0);
  // A size that does not fit is refused at once, if no guest code would run before.
  if ((end - start) * sizeof(Value) > (double)cx->memory.limit && array_moves_silently(cx, object, end)) {
    return context_throw_out_of_memory(cx);
  }
  if (!replay_is_repeating(cx) && start < end && end < ARRAY_DENSE_LIMIT && array_is_mutable(object) &&
      end <= object->length && (start <= object->element_count || end - start >= end / 8)) {
    if (!context_charge(cx, (int32_t)((end - start) / 8))) return context_throw_interrupted(cx);
    if (!array_extend_elements(cx, object, (uint32_t)end)) return VALUE_ABRUPT;
    for (uint32_t i = (uint32_t)start; i < (uint32_t)end; i++) array_store(cx, object, i, value);
    return r->object;
  }
  ReplayLoop loop = {0};
  for (double i = start;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= end) return r->object;
    if (!array_set_index(cx, object, i, value)) return VALUE_ABRUPT;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.copywithin
static Value array_prototype_copy_within(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  double length, target, start, end;
  if (!array_enter(cx, call, &r->object, &length) ||
      !value_to_relative_index(cx, call_argument(call, 0), length, 0, &target) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 2), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  Object *object = value_as_object(r->object);
  double count = MIN_OF(end - start, length - target);
  if (count > 0 && array_is_full(cx, object, length)) {
    if (!context_charge(cx, (int32_t)(count / 16))) return context_throw_interrupted(cx);
    array_move_elements(cx, object, (uint32_t)target, (uint32_t)start, (uint32_t)count);
    return r->object;
  }
  if (count > 0 && !array_may_change(cx, object, length)) return VALUE_ABRUPT;
  bool backwards = start < target && target < start + count;
  return array_move_range(cx, object, start, target, count, backwards) ? r->object : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-array.prototype.reverse
static Value array_prototype_reverse(Context *cx, const Call *call) {
  ROOTS(cx, r, object, lower, upper);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  if (array_is_full(cx, object, length)) {
    if (!context_charge(cx, (int32_t)(length / 8))) return context_throw_interrupted(cx);
    for (uint32_t low = 0, high = object->length; low + 1 < high; low++) {
      Value *items = object->elements->items;
      Value value = items[low];
      array_store(cx, object, low, items[--high]);
      array_store(cx, object, high, value);
    }
    return r->object;
  }
  double middle = (double)((uint64_t)length / 2), next_low = -1, next_high = length;
  bool is_silent = array_moves_silently(cx, object, length);
  if (!replay_note_flag(cx, &is_silent) || (!is_silent && !replay_must_record(cx))) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (double low = 0;; low++) {
    if (!array_begin_round(cx, &loop, &low)) return VALUE_ABRUPT;
    // OPTIMIZATION: two holes that change places stay as they are. Stores only touch what is behind, so the indices
    // ahead need one lookup.
    if (is_silent && next_low < low) {
      next_low = low;
      if (!array_seek(cx, object, &next_low, middle)) return VALUE_ABRUPT;
    }
    if (is_silent && next_high > length - 1 - low) {
      next_high = length - 1 - low;
      if (!array_seek_back(cx, object, &next_high)) return VALUE_ABRUPT;
    }
    if (is_silent) low = MIN_OF(next_low, length - 1 - next_high);
    double high = length - 1 - low;
    if (low >= middle) break;
    if (!array_get_if_present(cx, object, low, &r->lower) || !array_get_if_present(cx, object, high, &r->upper)) {
      return VALUE_ABRUPT;
    }
    bool has_lower = !value_is_hole(r->lower), has_upper = !value_is_hole(r->upper);
    if (has_upper && !array_set_index(cx, object, low, r->upper)) return VALUE_ABRUPT;
    if (has_lower && !has_upper && !array_delete_index(cx, object, low)) return VALUE_ABRUPT;
    if (has_lower && !array_set_index(cx, object, high, r->lower)) return VALUE_ABRUPT;
    if (has_upper && !has_lower && !array_delete_index(cx, object, high)) return VALUE_ABRUPT;
  }
  return r->object;
}

// Sets elements from `start` on, one after the other.
static MUST_CHECK bool array_set_items(Context *cx, Object *object, double start, const Value *items, uint32_t count) {
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return false;
    if (i >= count) return true;
    if (!array_set_index(cx, object, start + i, items[(uint32_t)i])) return false;
  }
}

// Stack and queue ------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.push
static Value array_prototype_push(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  if (array_is_full(cx, object, length) && length + call->count <= INT32_MAX) {
    for (uint32_t i = 0; i < call->count; i++) {
      if (!array_push(cx, object, call->arguments[i])) return VALUE_ABRUPT;
    }
    return value_unsigned(object->length);
  }
  if (length + call->count > ARRAY_LARGEST_LENGTH) {
    return throw_type_error(cx, "Array.prototype.push: the length would be more than 2^53 - 1");
  }
  if (!array_set_items(cx, object, length, call->arguments, call->count)) return VALUE_ABRUPT;
  length += call->count;
  return array_put_length(cx, object, length) ? value_number(length) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-array.prototype.pop
static Value array_prototype_pop(Context *cx, const Call *call) {
  ROOTS(cx, r, object, element);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  if (length == 0) return array_put_length(cx, object, 0) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  if (array_is_full(cx, object, length)) {
    Value value = object->elements->items[object->length - 1];
    array_drop_elements(cx, object, object->length - 1);
    return value_is_hole(value) ? VALUE_UNDEFINED : value;
  }
  if (!array_may_change(cx, object, length)) return VALUE_ABRUPT;
  r->element = array_get_index(cx, object, length - 1);
  if (value_is_abrupt(r->element) || !array_delete_index(cx, object, length - 1) ||
      !array_put_length(cx, object, length - 1)) {
    return VALUE_ABRUPT;
  }
  return r->element;
}

// https://tc39.es/ecma262/#sec-array.prototype.shift
static Value array_prototype_shift(Context *cx, const Call *call) {
  ROOTS(cx, r, object, first);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  if (length == 0) return array_put_length(cx, object, 0) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  if (array_is_plain(cx, object, length)) {
    object->length--;
    if (object->element_count == 0) return VALUE_UNDEFINED;
    Value value = object->elements->items[0];
    array_drop_front(cx, object, 1);
    return value_is_hole(value) ? VALUE_UNDEFINED : value;
  }
  if (!array_may_change(cx, object, length)) return VALUE_ABRUPT;
  r->first = array_get_index(cx, object, 0);
  if (value_is_abrupt(r->first)) return VALUE_ABRUPT;
  if (!array_move_range(cx, object, 1, 0, length - 1, false)) return VALUE_ABRUPT;
  if (!array_delete_index(cx, object, length - 1) || !array_put_length(cx, object, length - 1)) return VALUE_ABRUPT;
  return r->first;
}

// https://tc39.es/ecma262/#sec-array.prototype.unshift
// bounded: the call pays for its arguments.
static Value array_prototype_unshift(Context *cx, const Call *call) {
  ROOTS(cx, r, object);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *object = value_as_object(r->object);
  uint32_t count = call->count;
  if (count > 0 && array_is_plain(cx, object, length) && length + count < ARRAY_DENSE_LIMIT) {
    if (!array_extend_front(cx, object, count)) return VALUE_ABRUPT;
    object->length += count;
    for (uint32_t i = 0; i < count; i++) array_store(cx, object, i, call->arguments[i]);
    return value_unsigned(object->length);
  }
  if (count > 0) {
    if (length + count > ARRAY_LARGEST_LENGTH) {
      return throw_type_error(cx, "Array.prototype.unshift: the length would be more than 2^53 - 1");
    }
    if (!array_may_change(cx, object, length) || !array_move_range(cx, object, 0, count, length, true))
      return VALUE_ABRUPT;
    if (!array_set_items(cx, object, 0, call->arguments, count)) return VALUE_ABRUPT;
  }
  return array_put_length(cx, object, length + count) ? value_number(length + count) : VALUE_ABRUPT;
}

// Splicing -------------------------------------------------------------------------------------------------

typedef struct Splice {
  double length, start, delete_count;
  const Value *items;
  uint32_t item_count;
} Splice;

// The common reading of the arguments of splice and toSpliced. https://tc39.es/ecma262/#sec-array.prototype.splice
static MUST_CHECK bool splice_read(Context *cx, const Call *call, Splice *splice, const char *method) {
  if (!value_to_relative_index(cx, call_argument(call, 0), splice->length, 0, &splice->start)) return false;
  if (call->count == 0) {
    splice->delete_count = 0;
  } else if (call->count == 1) {
    splice->delete_count = splice->length - splice->start;
  } else {
    double count;
    if (!value_to_integer_or_infinity(cx, call->arguments[1], &count)) return false;
    count = count > 0 ? count : 0;
    splice->delete_count = MIN_OF(count, splice->length - splice->start);
  }
  splice->item_count = call->count > 2 ? call->count - 2 : 0;
  splice->items = call->count > 2 ? call->arguments + 2 : NULL;
  if (splice->length - splice->delete_count + splice->item_count > ARRAY_LARGEST_LENGTH) {
    throw_type_error(cx, "Array.prototype.%s: the length would be more than 2^53 - 1", method);
    return false;
  }
  return true;
}

// OPTIMIZATION: when all elements to be removed or moved are in `elements`. The removed ones go to a fresh array, the
// result.
static Value array_splice_directly(Context *cx, Object *object, const Splice *splice, Object *removed) {
  uint32_t start = (uint32_t)splice->start, deleted = (uint32_t)splice->delete_count, added = splice->item_count;
  uint32_t tail = object->element_count - start - deleted;
  if (!context_charge(cx, (int32_t)(MIN_OF(start, tail) / 64))) return context_throw_interrupted(cx);
  if (!array_copy_into(cx, removed, object, start, start + deleted)) return VALUE_ABRUPT;
  uint32_t new_count = object->element_count - deleted + added, new_length = object->length - deleted + added;
  if (start < tail && deleted != added) {  // the shorter part moves
    if (deleted > added) {
      array_move_elements(cx, object, deleted - added, 0, start);
      array_drop_front(cx, object, deleted - added);
    } else {
      if (!array_extend_front(cx, object, added - deleted)) return VALUE_ABRUPT;
      array_move_elements(cx, object, 0, added - deleted, start);
    }
  } else {
    if (!array_extend_elements(cx, object, new_count)) return VALUE_ABRUPT;
    if (tail > 0) array_move_elements(cx, object, start + added, start + deleted, tail);
    array_drop_elements(cx, object, new_count);
  }
  object->length = new_length;
  for (uint32_t i = 0; i < added; i++) array_store(cx, object, start + i, splice->items[i]);
  return value_object(removed);
}

static MUST_CHECK bool array_splice_move_tail(Context *cx, Object *object, const Splice *splice) {
  double added = splice->item_count, deleted = splice->delete_count, length = splice->length;
  double from = splice->start + deleted, to = splice->start + added;
  if (added == deleted) return true;
  if (!array_move_range(cx, object, from, to, length - from, added > deleted)) return false;
  ReplayLoop loop = {0};
  for (double i = length - 1;; i--) {
    if (!array_begin_round(cx, &loop, &i) || !array_seek_back(cx, object, &i)) return false;
    if (i < length - deleted + added) return true;
    if (!array_delete_index(cx, object, i)) return false;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.splice
static Value array_prototype_splice(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result, element);
  Splice splice;
  if (!array_enter(cx, call, &r->object, &splice.length) || !splice_read(cx, call, &splice, "splice")) {
    return VALUE_ABRUPT;
  }
  Object *object = value_as_object(r->object);
  bool is_plain;
  Object *result = array_species_create(cx, object, splice.delete_count, &is_plain);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (is_plain && array_is_plain(cx, object, splice.length) &&
      splice.start + splice.delete_count <= object->element_count &&
      splice.length + splice.item_count < ARRAY_DENSE_LIMIT) {
    return array_splice_directly(cx, object, &splice, result);
  }
  if (!array_may_change(cx, object, splice.length + splice.item_count)) return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (double i = splice.start, end = i + splice.delete_count;; i++) {
    if (!array_begin_round(cx, &loop, &i) || !array_seek(cx, object, &i, end)) return VALUE_ABRUPT;
    if (i >= end) break;
    if (!array_get_if_present(cx, object, i, &r->element)) return VALUE_ABRUPT;
    if (!value_is_hole(r->element) && !array_create_index(cx, result, i - splice.start, r->element))
      return VALUE_ABRUPT;
  }
  if (!array_put_length(cx, result, splice.delete_count) || !array_splice_move_tail(cx, object, &splice)) {
    return VALUE_ABRUPT;
  }
  if (!array_set_items(cx, object, splice.start, splice.items, splice.item_count)) return VALUE_ABRUPT;
  double new_length = splice.length - splice.delete_count + splice.item_count;
  return array_put_length(cx, object, new_length) ? r->result : VALUE_ABRUPT;
}

// Copies ---------------------------------------------------------------------------------------------------

// Appends Get(object, i) for i in [start, end) to a copy that has elements up to `position`.
static MUST_CHECK bool array_append_range(Context *cx, Object *copy, double position, Object *object, double start,
                                          double end, Value *scratch) {
  ReplayLoop loop = {0};
  for (double i = start;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return false;
    if (i >= end) return true;
    *scratch = array_get_index(cx, object, i);
    if (value_is_abrupt(*scratch) || !array_append_once(cx, copy, position + i - start, *scratch)) return false;
  }
}

// A fresh array with room for a copy, which will have no holes. NULL: threw, at once when the size does not fit.
static MUST_CHECK Object *array_create_copy(Context *cx, double length) {
  ROOTS(cx, r, copy);
  if (length > UINT32_MAX) {
    throw_range_error(cx, "invalid array length: the copy would have more than 2^32 - 1 elements");
    return NULL;
  }
  if (!replay_is_repeating(cx)) {
    Object *copy = array_create(cx, 0);
    if (!copy) return NULL;
    r->copy = value_object(copy);
    if (!object_reserve_elements(cx, copy, (uint32_t)length)) return NULL;
  }
  r->copy = replay_note(cx, r->copy);
  return value_is_abrupt(r->copy) ? NULL : value_as_object(r->copy);
}

// https://tc39.es/ecma262/#sec-array.prototype.toreversed
static Value array_prototype_to_reversed(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result, element);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Object *result = array_create_copy(cx, length);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  ReplayLoop loop = {0};
  for (double i = length - 1;; i--) {
    if (!array_begin_round(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i < 0) return r->result;
    r->element = array_get_index(cx, value_as_object(r->object), i);
    if (value_is_abrupt(r->element) || !array_append_once(cx, result, length - 1 - i, r->element)) return VALUE_ABRUPT;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.tospliced
// bounded: items are arguments of the call, which paid for them.
static Value array_prototype_to_spliced(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result, element);
  Splice splice;
  if (!array_enter(cx, call, &r->object, &splice.length) || !splice_read(cx, call, &splice, "toSpliced")) {
    return VALUE_ABRUPT;
  }
  Object *object = value_as_object(r->object);
  Object *result = array_create_copy(cx, splice.length - splice.delete_count + splice.item_count);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (!array_append_range(cx, result, 0, object, 0, splice.start, &r->element)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < splice.item_count; i++) {
    if (!array_append_once(cx, result, splice.start + i, splice.items[i])) return VALUE_ABRUPT;
  }
  double position = splice.start + splice.item_count, rest = splice.start + splice.delete_count;
  return array_append_range(cx, result, position, object, rest, splice.length, &r->element) ? r->result : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-array.prototype.with
static Value array_prototype_with(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result, element);
  double length, index;
  if (!array_enter(cx, call, &r->object, &length) ||
      !value_to_integer_or_infinity(cx, call_argument(call, 0), &index)) {
    return VALUE_ABRUPT;
  }
  if (index < 0) index += length;
  if (index < 0 || index >= length) {
    return throw_range_error(cx, "Array.prototype.with: index %v is outside the array", call_argument(call, 0));
  }
  Object *object = value_as_object(r->object), *result = array_create_copy(cx, length);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (!array_append_range(cx, result, 0, object, 0, index, &r->element) ||
      !array_append_once(cx, result, index, call_argument(call, 1)) ||
      !array_append_range(cx, result, index + 1, object, index + 1, length, &r->element)) {
    return VALUE_ABRUPT;
  }
  return r->result;
}

// Tables ---------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype-%symbol.unscopables%
static Value array_make_unscopables(Context *cx, const Call *call) {
  (void)call;
  static const char *const names[] = {
      "at",   "copyWithin", "entries",  "fill", "find",       "findIndex", "findLast",  "findLastIndex",
      "flat", "flatMap",    "includes", "keys", "toReversed", "toSorted",  "toSpliced", "values",
  };
  ROOTS(cx, r, list, key);
  Object *list = object_create(cx, NULL);
  if (!list) return VALUE_ABRUPT;
  r->list = value_object(list);
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    r->key = key_from_ascii(cx, names[i]);
    if (value_is_abrupt(r->key) || !object_add_property(cx, list, r->key, VALUE_TRUE, PROPERTY_DEFAULT))
      return VALUE_ABRUPT;
  }
  return r->list;
}

// clang-format off
static const BuiltinRow array_rows[] = {
    SELF_HOSTED("from", 1, "Array_from"),
    SELF_HOSTED("fromAsync", 1, "Array_fromAsync"),
    FUNCTION("isArray", 1, array_is_array),
    FUNCTION("of", 0, array_of),
    GETTER("@@species", array_get_species),
    END_OF_ROWS,
};
// clang-format on

static const BuiltinRow array_prototype_rows[] = {
    FUNCTION("at", 1, array_prototype_at),
    FUNCTION("concat", 1, array_prototype_concat),
    FUNCTION("copyWithin", 2, array_prototype_copy_within),
    FUNCTION("entries", 0, array_prototype_entries),
    SELF_HOSTED("every", 1, "ArrayPrototype_every"),
    FUNCTION("fill", 1, array_prototype_fill),
    SELF_HOSTED("filter", 1, "ArrayPrototype_filter"),
    SELF_HOSTED("find", 1, "ArrayPrototype_find"),
    SELF_HOSTED("findIndex", 1, "ArrayPrototype_findIndex"),
    SELF_HOSTED("findLast", 1, "ArrayPrototype_findLast"),
    SELF_HOSTED("findLastIndex", 1, "ArrayPrototype_findLastIndex"),
    FUNCTION("flat", 0, array_prototype_flat),
    SELF_HOSTED("flatMap", 1, "ArrayPrototype_flatMap"),
    SELF_HOSTED("forEach", 1, "ArrayPrototype_forEach"),
    FUNCTION("includes", 1, array_prototype_includes),
    FUNCTION("indexOf", 1, array_prototype_index_of),
    FUNCTION("join", 1, array_prototype_join),
    FUNCTION("keys", 0, array_prototype_keys),
    FUNCTION("lastIndexOf", 1, array_prototype_last_index_of),
    SELF_HOSTED("map", 1, "ArrayPrototype_map"),
    FUNCTION("pop", 0, array_prototype_pop),
    FUNCTION("push", 1, array_prototype_push),
    SELF_HOSTED("reduce", 1, "ArrayPrototype_reduce"),
    SELF_HOSTED("reduceRight", 1, "ArrayPrototype_reduceRight"),
    FUNCTION("reverse", 0, array_prototype_reverse),
    FUNCTION("shift", 0, array_prototype_shift),
    FUNCTION("slice", 2, array_prototype_slice),
    SELF_HOSTED("some", 1, "ArrayPrototype_some"),
    SELF_HOSTED("sort", 1, "ArrayPrototype_sort"),
    FUNCTION("splice", 2, array_prototype_splice),
    FUNCTION("toLocaleString", 0, array_prototype_to_locale_string),
    FUNCTION("toReversed", 0, array_prototype_to_reversed),
    SELF_HOSTED("toSorted", 1, "ArrayPrototype_toSorted"),
    FUNCTION("toSpliced", 2, array_prototype_to_spliced),
    FUNCTION_RECORD("toString", 0, array_prototype_to_string, INTRINSIC_ArrayPrototype_toString),
    FUNCTION("unshift", 1, array_prototype_unshift),
    FUNCTION_RECORD("values", 0, array_prototype_values, INTRINSIC_ArrayPrototype_values),
    FUNCTION("with", 2, array_prototype_with),
    ALIAS("@@iterator", "values"),
    MADE("@@unscopables", array_make_unscopables, PROPERTY_CONFIGURABLE),
    END_OF_ROWS,
};

const BuiltinObject builtin_array_prototype = {
    .intrinsic = INTRINSIC_ArrayPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .class_ = &object_class_array,
    .rows = array_prototype_rows,
};

const BuiltinObject builtin_array = {
    .global_name = "Array",
    .intrinsic = INTRINSIC_Array,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = array_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_ArrayPrototype,
    .rows = array_rows,
};
