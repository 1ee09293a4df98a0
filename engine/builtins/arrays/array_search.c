// Searching, joining and flattening arrays.
#include "builtins/arrays/array.h"
#include "builtins/fundamentals/function.h"
#include "number/arithmetic.h"
#include "number/format.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"

// Searching ------------------------------------------------------------------------------------------------

typedef enum Equality { EQUALITY_STRICT, EQUALITY_SAME_VALUE_ZERO } Equality;

static inline MUST_CHECK bool array_equals(Context *cx, Equality equality, Value a, Value b, bool *out) {
  if (value_is_number(a) && value_is_number(b)) {
    double left = value_as_number(a), right = value_as_number(b);
    *out = left == right || (equality == EQUALITY_SAME_VALUE_ZERO && left != left && right != right);
    return true;
  }
  if (a == b) {
    *out = true;
    return true;
  }
  *out = false;
  // Only strings and BigInts have contents to compare.
  if (value_tag(a) != value_tag(b) || !(value_is_string(a) || value_is_bigint(a))) return true;
  return value_strict_equals(cx, a, b, out);
}

// The first index from `start` at which the element equals `wanted`, or -1. `holes_count`: absent elements are
// undefined (includes) rather than skipped. *index is set; false: threw.
static MUST_CHECK bool array_search(Context *cx, Object *object, double start, double length, Value wanted,
                                    Equality equality, bool holes_count, double *index) {
  ROOTS(cx, r, element);
  bool finds_holes = holes_count && value_is_undefined(wanted);
  ReplayLoop loop = {0};
  for (double i = start;; i++) {
    if (!array_begin_round(cx, &loop, &i) || (!finds_holes && !array_seek(cx, object, &i, length))) return false;
    if (i >= length) break;
    if (holes_count) {
      r->element = array_get_index(cx, object, i);
      if (value_is_abrupt(r->element)) return false;
    } else if (!array_get_if_present(cx, object, i, &r->element)) {
      return false;
    }
    bool equal = false;
    if (!value_is_hole(r->element) && !array_equals(cx, equality, wanted, r->element, &equal)) return false;
    if (equal) {
      *index = i;
      return true;
    }
  }
  *index = -1;
  return true;
}

static Value array_search_call(Context *cx, const Call *call, Equality equality, bool holes_count, double *index) {
  ROOTS(cx, r, object);
  double length, start;
  *index = -1;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  if (length == 0) return VALUE_UNDEFINED;
  if (!value_to_relative_index(cx, call_argument(call, 1), length, 0, &start) ||
      !array_search(cx, value_as_object(r->object), start, length, call_argument(call, 0), equality, holes_count,
                    index)) {
    return VALUE_ABRUPT;
  }
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-array.prototype.includes
Value array_prototype_includes(Context *cx, const Call *call) {
  double index;
  Value outcome = array_search_call(cx, call, EQUALITY_SAME_VALUE_ZERO, true, &index);
  return value_is_abrupt(outcome) ? VALUE_ABRUPT : value_boolean(index >= 0);
}

// https://tc39.es/ecma262/#sec-array.prototype.indexof
Value array_prototype_index_of(Context *cx, const Call *call) {
  double index;
  Value outcome = array_search_call(cx, call, EQUALITY_STRICT, false, &index);
  return value_is_abrupt(outcome) ? VALUE_ABRUPT : value_number(index);
}

// https://tc39.es/ecma262/#sec-array.prototype.lastindexof
Value array_prototype_last_index_of(Context *cx, const Call *call) {
  ROOTS(cx, r, object, element);
  double length, start;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  if (length == 0) return value_int(-1);
  start = length - 1;
  if (call->count > 1) {
    if (!value_to_integer_or_infinity(cx, call->arguments[1], &start)) return VALUE_ABRUPT;
    start = start < 0 ? length + start : MIN_OF(start, length - 1);
  }
  Object *object = value_as_object(r->object);
  ReplayLoop loop = {0};
  for (double i = start;; i--) {
    if (!array_begin_round(cx, &loop, &i) || !array_seek_back(cx, object, &i)) return VALUE_ABRUPT;
    if (i < 0) break;
    if (!array_get_if_present(cx, object, i, &r->element)) return VALUE_ABRUPT;
    if (value_is_hole(r->element)) continue;
    bool equal;
    if (!array_equals(cx, EQUALITY_STRICT, call_argument(call, 0), r->element, &equal)) return VALUE_ABRUPT;
    if (equal) return value_number(i);
  }
  return value_int(-1);
}

// Joining --------------------------------------------------------------------------------------------------

// Arrays that are being joined, innermost first: when an array occurs inside itself, it joins as the empty text. The
// links are on the C stack, which the checked native depth bounds. Those of steps that wait for guest code are in
// Replay.joins.
typedef struct JoinActivation {
  Context *cx;
  Object *object;
  void *outer;
} JoinActivation;

static void join_leave(JoinActivation *activation) {
  if (!activation->cx) return;
  activation->cx->join_activations = activation->outer;
  context_leave_native(activation->cx);
  replay_keep_join(activation->cx, value_object(activation->object));
}

// Of the joins that wait, the innermost: all of them would take quadratic time where arrays are nested very deep. A
// longer cycle ends at the stack limit.
enum { MOST_JOINS_SEARCHED = 1000 };

static MUST_CHECK bool join_is_active(Context *cx, const Object *object, bool *out) {
  *out = false;
  if (!replay_is_repeating(cx)) {
    uint32_t steps = 0;
    // bounded: nested joins are native levels
    for (const JoinActivation *at = cx->join_activations; at && !*out; at = at->outer) *out = at->object == object;
    for (Value at = cx->replay.joins; value_is_internal(at) && !*out && steps < MOST_JOINS_SEARCHED;) {
      const Record *entry = (const Record *)value_as_cell(at);
      *out = value_as_object(entry->items[REPLAY_JOIN_ARRAY]) == object;
      at = entry->items[REPLAY_JOIN_REST];
      if (!context_step(cx, &steps)) return false;
    }
  }
  return replay_note_flag(cx, out);
}

static MUST_CHECK bool join_enter(Context *cx, Object *object, JoinActivation *activation) {
  if (!context_enter_native(cx)) return false;
  *activation = (JoinActivation){cx, object, cx->join_activations};
  cx->join_activations = activation;
  return true;
}

// The text of an element, which may call guest code.
static Value join_text(Context *cx, Value element, bool is_locale) {
  ROOTS(cx, r, text, method);
  if (value_is_nullish(element)) return cx->names->empty;
  if (!is_locale) return value_is_string(element) ? element : value_to_string(cx, element);
  r->method = value_get(cx, element, cx->names->toLocaleString);
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  if (!value_is_callable(r->method)) {
    return throw_type_error(cx, "Array.prototype.toLocaleString: toLocaleString of %v is not a function", element);
  }
  r->text = function_call(cx, r->method, element, NULL, 0);
  return value_is_abrupt(r->text) ? VALUE_ABRUPT : value_to_string(cx, r->text);
}

// Appends the separators before `count` empty elements.
static MUST_CHECK bool join_append_holes(Context *cx, StringBuilder *builder, TextView separator, double count) {
  if (separator.length == 0) return true;
  if (string_builder_length(builder) + count * separator.length > STRING_MAX_LENGTH) {
    throw_range_error(cx, "%einvalid string length");
    return false;
  }
  if (!context_charge(cx, (int32_t)(count * separator.length / 16))) return context_throw_interrupted(cx), false;
  for (uint32_t i = 0; i < (uint32_t)count && !builder->buffer.failed; i++)
    string_builder_append_view(builder, separator);
  return true;
}

// An iteration asks for the text of its element before it writes anything.
static Value array_join_elements(Context *cx, Object *object, double length, Value separator, bool is_locale) {
  ROOTS(cx, r, element, part, text);
  JoinActivation activation __attribute__((cleanup(join_leave))) = {NULL, NULL, NULL};
  bool is_active;
  if (!join_is_active(cx, object, &is_active)) return VALUE_ABRUPT;
  if (is_active) return cx->names->empty;
  if (!join_enter(cx, object, &activation)) return VALUE_ABRUPT;
  TextView separator_text;
  if (!string_view(cx, value_as_string(separator), &separator_text)) return VALUE_ABRUPT;
  REPLAY_TEXT(text, cx, &r->text);
  StringBuilder *builder = &text.builder;
  for (double i = 0;; i++) {
    if (!replay_text_round(&text, &i)) return VALUE_ABRUPT;
    if (i >= length) break;
    double present = i;
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    if (!array_seek(cx, object, &present, length)) return VALUE_ABRUPT;
    if (present > i) {
      double holes = present - i;
      if (!join_append_holes(cx, builder, separator_text, i > 0 ? holes : holes - 1)) return VALUE_ABRUPT;
      i = present - 1;
      continue;
    }
    if (builder->buffer.failed || string_builder_length(builder) > STRING_MAX_LENGTH) break;  // finish throws
    r->element = array_get_index(cx, object, i);
    bool is_short = value_is_int(r->element) && !is_locale;  // OPTIMIZATION: no string is made
    r->part = value_is_abrupt(r->element) || is_short ? r->element : join_text(cx, r->element, is_locale);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    if (i > 0) string_builder_append_view(builder, separator_text);
    if (is_short) {
      char digits[NUMBER_TEXT_SIZE];
      unsigned count = number_int32_to_text(value_as_int(r->element), digits);
      string_builder_append_view(builder, text_view_narrow(digits, count));
    } else if (!string_builder_append_string(builder, value_as_string(r->part))) {
      return VALUE_ABRUPT;
    }
  }
  return replay_text_finish(&text);
}

// https://tc39.es/ecma262/#sec-array.prototype.join
Value array_prototype_join(Context *cx, const Call *call) {
  ROOTS(cx, r, object, separator);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  Value separator = call_argument(call, 0);
  r->separator = value_is_undefined(separator) ? string_from_unit(cx, ',') : value_to_string(cx, separator);
  if (value_is_abrupt(r->separator)) return VALUE_ABRUPT;
  return array_join_elements(cx, value_as_object(r->object), length, r->separator, false);
}

// https://tc39.es/ecma262/#sec-array.prototype.tolocalestring
Value array_prototype_to_locale_string(Context *cx, const Call *call) {
  ROOTS(cx, r, object, separator);
  double length;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  r->separator = string_from_unit(cx, ',');
  if (value_is_abrupt(r->separator)) return VALUE_ABRUPT;
  return array_join_elements(cx, value_as_object(r->object), length, r->separator, true);
}

// https://tc39.es/ecma262/#sec-array.prototype.tostring
Value array_prototype_to_string(Context *cx, const Call *call) {
  ROOTS(cx, r, object, method);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->method = object_get_key(cx, value_as_object(r->object), cx->names->join);
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  if (value_is_callable(r->method)) return function_call(cx, r->method, r->object, NULL, 0);
  Call as_object = *call;
  as_object.this_value = r->object;
  return object_prototype_to_string(cx, &as_object);
}

// Flattening -----------------------------------------------------------------------------------------------

// The arrays that are being made flat, outermost first, are in a list in place of recursion: for each its object, the
// next index and its length. An iteration asks the guest for all that it needs before it changes that list.
enum { FLAT_OBJECT, FLAT_INDEX, FLAT_LENGTH, FLAT_FIELDS, FLAT_FIRST_LEVELS = 4, FLAT_MOST_LEVELS = 1000 * 1000 };
enum {
  FLAT_LIST,
  FLAT_LEVELS,
  FLAT_POSITION,
  FLAT_STATE
};  // of the loop: the list, how many arrays, and the result's
    // next index

static MUST_CHECK bool flat_push(Context *cx, Value *state, Value array, double length) {
  uint32_t levels = (uint32_t)value_as_int(state[FLAT_LEVELS]), count = levels * FLAT_FIELDS;
  Values *list = (Values *)value_as_cell(state[FLAT_LIST]);
  if (levels == FLAT_MOST_LEVELS)
    return throw_range_error(cx, "Array.prototype.flat: the arrays are nested too deeply"), false;
  if (count == values_count(list)) {
    Values *larger = values_create(cx, count * 2);
    if (!larger) return false;
    memcpy(larger->items, list->items, count * sizeof(Value));
    list = larger;
    state[FLAT_LIST] = value_internal(list);
  }
  cell_store(cx, &list->items[count + FLAT_OBJECT], array);
  list->items[count + FLAT_INDEX] = VALUE_INT_ZERO;
  list->items[count + FLAT_LENGTH] = value_number(length);
  state[FLAT_LEVELS] = value_int((int32_t)levels + 1);
  return true;
}

static void flat_pop(Context *cx, Value *state) {
  int32_t levels = value_as_int(state[FLAT_LEVELS]) - 1;
  Values *list = (Values *)value_as_cell(state[FLAT_LIST]);
  cell_store(cx, &list->items[levels * FLAT_FIELDS + FLAT_OBJECT], VALUE_HOLE);
  state[FLAT_LEVELS] = value_int(levels);
}

// The next element that is there of the array at `index`; a hole: there is none.
static MUST_CHECK bool flat_next(Context *cx, Object *array, double *index, double length, Value *element) {
  *element = VALUE_HOLE;
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
  if (!array_seek(cx, array, index, length)) return false;
  return *index >= length || array_get_if_present(cx, array, (*index)++, element);
}

// Goes on with the innermost array: for one element when the step is recorded, otherwise until another array comes.
static MUST_CHECK bool flat_step(Context *cx, Object *target, double depth, Value *state) {
  ROOTS(cx, r, element);
  int32_t levels = value_as_int(state[FLAT_LEVELS]);
  Value *level = ((Values *)value_as_cell(state[FLAT_LIST]))->items + (levels - 1) * FLAT_FIELDS;
  Object *array = value_as_object(level[FLAT_OBJECT]);
  double index = value_as_number(level[FLAT_INDEX]), length = value_as_number(level[FLAT_LENGTH]), inner_length = 0;
  double position = value_as_number(state[FLAT_POSITION]);
  bool is_array = false;
  do {
    if (!flat_next(cx, array, &index, length, &r->element)) return false;
    if (value_is_hole(r->element)) continue;
    if (levels <= depth && !value_is_array(cx, r->element, &is_array)) return false;
    if (is_array) {
      if (!object_length(cx, value_as_object(r->element), &inner_length)) return false;
    } else if (position >= ARRAY_LARGEST_LENGTH) {
      throw_type_error(cx, "Array.prototype.flat: the result would have more than 2^53 - 1 elements");
      return false;
    } else if (!array_create_index(cx, target, position++, r->element)) {
      return false;
    }
  } while (!is_array && index < length && !replay_is_recording(cx));
  level[FLAT_INDEX] = value_number(index);
  state[FLAT_POSITION] = value_number(position);
  if (is_array) return flat_push(cx, state, r->element, inner_length);
  if (index >= length) flat_pop(cx, state);
  return true;
}

// https://tc39.es/ecma262/#sec-flattenintoarray (without a mapper: flatMap is self-hosted)
static MUST_CHECK bool array_flatten_into(Context *cx, Object *target, Object *source, double length, double depth) {
  ROOTS(cx, r, state[FLAT_STATE]);
  Values *list = values_create(cx, FLAT_FIRST_LEVELS * FLAT_FIELDS);
  if (!list) return false;
  r->state[FLAT_LIST] = value_internal(list);
  r->state[FLAT_LEVELS] = r->state[FLAT_POSITION] = VALUE_INT_ZERO;
  ReplayLoop loop;
  if (!flat_push(cx, r->state, value_object(source), length) || !replay_loop(cx, &loop, r->state, FLAT_STATE))
    return false;
  while (value_as_int(r->state[FLAT_LEVELS]) > 0) {
    if (!flat_step(cx, target, depth, r->state)) return false;
    replay_keep_loop(cx, &loop, r->state, FLAT_STATE);
  }
  return true;
}

// https://tc39.es/ecma262/#sec-array.prototype.flat
Value array_prototype_flat(Context *cx, const Call *call) {
  ROOTS(cx, r, object, result);
  double length, depth = 1;
  if (!array_enter(cx, call, &r->object, &length)) return VALUE_ABRUPT;
  if (!value_is_undefined(call_argument(call, 0))) {
    if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &depth)) return VALUE_ABRUPT;
    if (depth < 0) depth = 0;
  }
  bool is_plain;
  Object *result = array_species_create(cx, value_as_object(r->object), 0, &is_plain);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (!array_flatten_into(cx, result, value_as_object(r->object), length, depth)) return VALUE_ABRUPT;
  return r->result;
}
