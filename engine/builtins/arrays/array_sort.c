// Sorting without a comparator, and the C part of the self-hosted sort with one. All sorts are stable merge sorts.
// https://tc39.es/ecma262/#sec-array.prototype.sort
#include "builtins/arrays/array.h"
#include "builtins/intrinsics.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/replay.h"

// https://tc39.es/ecma262/#sec-sortindexedproperties (without the sorting)
// (object, length, read holes): the elements as a list. `undefined` elements come last in any sort, so they are only
// counted: the result is [list without undefined, count of undefined].
Value intrinsic_elements_to_sort(Context *cx, const Call *call) {
  ROOTS(cx, r, list, element, pair[2]);
  Object *object = value_as_object(call_argument(call, 0));
  double length = value_as_number(call_argument(call, 1));
  bool read_holes = value_as_boolean(call_argument(call, 2));
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  r->list = replay_note(cx, value_object(list));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  list = value_as_object(r->list);
  double undefined_count = 0;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round_of_two(cx, &loop, &i, &undefined_count)) return VALUE_ABRUPT;
    double present = i;
    if (!array_seek(cx, object, &present, length)) return VALUE_ABRUPT;
    if (read_holes) undefined_count += present - i;
    i = present;
    if (i >= length) break;
    if (read_holes) {
      r->element = array_get_index(cx, object, i);
      if (value_is_abrupt(r->element)) return VALUE_ABRUPT;
    } else if (!array_get_if_present(cx, object, i, &r->element)) {
      return VALUE_ABRUPT;
    }
    if (value_is_undefined(r->element)) {
      undefined_count++;
    } else if (!value_is_hole(r->element) && !array_push(cx, list, r->element)) {
      return VALUE_ABRUPT;
    }
  }
  r->pair[0] = r->list;
  r->pair[1] = value_number(undefined_count);
  Object *pair = array_create_from(cx, r->pair, 2);
  return pair ? value_object(pair) : VALUE_ABRUPT;
}

// (object, list, undefined count, length): writes the sorted elements back, then undefined, and deletes the rest.
Value intrinsic_array_put_sorted(Context *cx, const Call *call) {
  Object *object = value_as_object(call_argument(call, 0)), *list = value_as_object(call_argument(call, 1));
  double undefined_end = list->length + value_as_number(call_argument(call, 2));
  double length = value_as_number(call_argument(call, 3));
  // A size that does not fit is refused at once.
  if (!replay_is_repeating(cx) && array_is_mutable(object) &&
      !object_reserve_elements(cx, object, (uint32_t)undefined_end))
    return VALUE_ABRUPT;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= undefined_end && !array_seek(cx, object, &i, length)) return VALUE_ABRUPT;
    if (i >= length) break;
    bool ok;
    if (i < list->length) {
      ok = array_set_index(cx, object, i, list->elements->items[(uint32_t)i]);
    } else if (i < undefined_end) {
      ok = array_set_index(cx, object, i, VALUE_UNDEFINED);
    } else {
      ok = array_delete_index(cx, object, i);
    }
    if (!ok) return VALUE_ABRUPT;
  }
  return VALUE_UNDEFINED;
}

// The default order ----------------------------------------------------------------------------------------

// Merges runs of doubling width; `compare` < 0, 0, > 0, or SORT_FAILED.
enum { SORT_FAILED = 2 };
typedef int (*SortCompare)(Context *cx, Value a, Value b);

// Sorts `items` (pairs of key and value when stride is 2), with as much room in `scratch`. Both are rooted.
static MUST_CHECK bool sort_merge(Context *cx, Value *items, Value *scratch, uint32_t count, uint32_t stride,
                                  SortCompare compare) {
  Value *from = items, *to = scratch;
  for (uint32_t width = 1; width < count; width *= 2) {
    for (uint32_t start = 0; start < count; start += 2 * width) {
      uint32_t left = start, middle = MIN_OF(start + width, count), right = middle;
      uint32_t end = MIN_OF(start + 2 * width, count);
      for (uint32_t out = start; out < end; out++) {
        if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
        bool take_left = right >= end;
        if (left < middle && !take_left) {
          int order = compare(cx, from[left * stride], from[right * stride]);
          if (order == SORT_FAILED) return false;
          take_left = order <= 0;
        }
        uint32_t taken = take_left ? left++ : right++;
        heap_keep_values(&cx->heap, &to[out * stride], stride);
        memcpy(&to[out * stride], &from[taken * stride], stride * sizeof(Value));
      }
      if (end == count) break;
    }
    Value *swapped = from;
    from = to;
    to = swapped;
    if (width > UINT32_MAX / 4) break;
  }
  if (from != items) {
    heap_keep_values(&cx->heap, items, (size_t)count * stride);
    memcpy(items, from, (size_t)count * stride * sizeof(Value));
  }
  return true;
}

// The decimal digits of an int32 in reading order. Returns their count.
// bounded: the digits of an index.
static int sort_digits(int32_t number, char digits[12]) {
  char reversed[12];
  uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  int count = 0, out = 0;
  do {
    reversed[count++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (number < 0) digits[out++] = '-';
  while (count > 0) digits[out++] = reversed[--count];
  return out;
}

// OPTIMIZATION: small integers are compared as their digits without making strings.
static int sort_compare_integers(Context *cx, Value a, Value b) {
  (void)cx;
  if (a == b) return 0;
  char left[12], right[12];
  int left_count = sort_digits(value_as_int(a), left), right_count = sort_digits(value_as_int(b), right);
  int order = memcmp(left, right, (size_t)MIN_OF(left_count, right_count));
  return order != 0 ? (order < 0 ? -1 : 1) : left_count < right_count ? -1 : left_count > right_count;
}

static int sort_compare_strings(Context *cx, Value a, Value b) {
  int order;
  if (!string_compare(cx, value_as_string(a), value_as_string(b), &order)) return SORT_FAILED;
  return order < 0 ? -1 : order > 0;
}

bool array_sort_pairs(Context *cx, Value *pairs, Value *scratch, uint32_t count) {
  return sort_merge(cx, pairs, scratch, count, 2, sort_compare_strings);
}

// (list): sorts it as https://tc39.es/ecma262/#sec-comparearrayelements does without a comparator.
Value intrinsic_sort_default(Context *cx, const Call *call) {
  ROOTS(cx, r, state[2], scratch, text);
  Object *list = value_as_object(call_argument(call, 0));
  uint32_t count = list->length;
  if (count < 2) return VALUE_UNDEFINED;
  // Texts are being made: a step that goes on with that need not look again.
  bool goes_on = replay_is_repeating(cx), all_integers = !goes_on, all_strings = !goes_on;
  for (uint32_t i = 0; i < count && (all_integers || all_strings); i++) {
    all_integers = all_integers && value_is_int(list->elements->items[i]);
    all_strings = all_strings && value_is_string(list->elements->items[i]);
  }
  if (count > UINT32_MAX / 4) return context_throw_out_of_memory(cx);
  if (all_integers || all_strings) {
    Values *scratch = values_create(cx, count);
    if (!scratch) return VALUE_ABRUPT;
    r->scratch = value_internal(scratch);
    SortCompare compare = all_integers ? sort_compare_integers : sort_compare_strings;
    if (!sort_merge(cx, list->elements->items, scratch->items, count, 1, compare)) return VALUE_ABRUPT;
    return VALUE_UNDEFINED;
  }
  // Each element's text is made once; key and value move together.
  Values *pairs = goes_on ? NULL : values_create(cx, count * 2);
  if (!goes_on && !pairs) return VALUE_ABRUPT;
  // The state of the loop: the pairs, and the index.
  r->state[0] = value_internal_or_undefined(pairs);
  r->state[1] = VALUE_INT_ZERO;
  ReplayLoop loop;
  if (!replay_loop(cx, &loop, r->state, 2)) return VALUE_ABRUPT;
  pairs = (Values *)value_as_cell(r->state[0]);
  for (uint32_t i = (uint32_t)value_as_number(r->state[1]); i < count; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    r->text = value_to_string(cx, list->elements->items[i]);
    if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
    cell_store(cx, &pairs->items[2 * i], r->text);
    cell_store(cx, &pairs->items[2 * i + 1], list->elements->items[i]);
    r->state[1] = value_unsigned(i + 1);
    replay_keep_loop(cx, &loop, r->state, 2);
  }
  Values *scratch = values_create(cx, count * 2);
  if (!scratch) return VALUE_ABRUPT;
  r->scratch = value_internal(scratch);
  if (!sort_merge(cx, pairs->items, scratch->items, count, 2, sort_compare_strings)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < count; i++) {
    cell_store(cx, &list->elements->items[i], pairs->items[2 * i + 1]);
  }
  return VALUE_UNDEFINED;
}
