// https://tc39.es/ecma262/#sec-properties-of-the-%typedarrayprototype%-object
// Arguments are converted after the array was validated, and conversion may run guest code that shrinks or detaches its
// buffer: code after a conversion reads the length again.
#include "builtins/arrays/array.h"
#include "builtins/binary/typed_array.h"
#include "runtime/bigints.h"
#include "runtime/builtin_table.h"
#include "runtime/names.h"
#include "runtime/replay.h"

// Getters --------------------------------------------------------------------------------------------------

static TypedArray *this_array(Context *cx, const Call *call) {
  if (value_is_typed_array(call->this_value)) return value_as_typed_array(call->this_value);
  throw_type_error(cx, "%eexpected a typed array, not %v", call->this_value);
  return NULL;
}

// https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.buffer
static Value typed_array_get_buffer(Context *cx, const Call *call) {
  const TypedArray *array = this_array(cx, call);
  return array ? value_object(array->buffer) : VALUE_ABRUPT;
}
// https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.bytelength
static Value typed_array_get_byte_length(Context *cx, const Call *call) {
  const TypedArray *array = this_array(cx, call);
  return array ? value_number((double)((size_t)typed_array_length(array) << array->size_shift)) : VALUE_ABRUPT;
}
// https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.byteoffset
static Value typed_array_get_byte_offset(Context *cx, const Call *call) {
  const TypedArray *array = this_array(cx, call);
  return array ? value_number(array->out_of_bounds ? 0 : (double)array->byte_offset) : VALUE_ABRUPT;
}
// https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.length
static Value typed_array_get_length(Context *cx, const Call *call) {
  const TypedArray *array = this_array(cx, call);
  return array ? value_unsigned(typed_array_length(array)) : VALUE_ABRUPT;
}
// https://tc39.es/ecma262/#sec-get-%typedarray%.prototype-%symbol.tostringtag%
static Value typed_array_get_to_string_tag(Context *cx, const Call *call) {
  if (!value_is_typed_array(call->this_value)) return VALUE_UNDEFINED;
  const char *name = typed_array_name(value_as_typed_array(call->this_value)->element_kind);
  return atom_from_view(cx, text_view_literal(name));
}

// Iteration ------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.entries  magic: what the iterator gives
static Value typed_array_iterate(Context *cx, const Call *call) {
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  return array_iterator_create(cx, call->this_value, call_magic(call));
}

// Reading --------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.at
static Value typed_array_at(Context *cx, const Call *call) {
  double length, index;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array || !value_to_integer_or_infinity(cx, call_argument(call, 0), &index)) return VALUE_ABRUPT;
  return typed_array_get(cx, array, index < 0 ? length + index : index);
}

// The bytes of an element that equals the value; false: no element can equal it.
static bool search_bits(Context *cx, const TypedArray *array, Value wanted, uint64_t *bits) {
  if (!element_is_bigint(array->element_kind) || !value_is_bigint(wanted)) return false;
  ROOTS(cx, r, back);
  *bits = (uint64_t)bigint_to_int64(value_as_bigint(wanted));
  r->back = element_to_value(cx, array->element_kind, *bits);
  return value_is_bigint(r->back) && bigint_equals(value_as_bigint(r->back), value_as_bigint(wanted));
}

enum { SEARCH_ABRUPT = -2 };
static inline bool search_charge(Context *cx, double index) {
  return LIKELY((uint32_t)index % (16 * TYPED_ARRAY_CHUNK)) || typed_array_charge(cx, TYPED_ARRAY_CHUNK);
}

// The first index from `start` in steps of `step` whose element equals the value; -1: none.
static double typed_array_search(Context *cx, const TypedArray *array, Value wanted, double start, double end, int step,
                                 bool nan_equals) {
  uint64_t bits;
  double length = typed_array_length(array);
  if (step > 0 && end > length) end = length;
  if (step < 0 && start >= length) start = length - 1;
  if (value_is_number(wanted) && !element_is_bigint(array->element_kind)) {
    double number = value_as_number(wanted);
    bool is_nan = number != number;
    if (is_nan && !nan_equals) return -1;
    for (double i = start; i != end && i >= 0 && i < length; i += step) {
      if (!search_charge(cx, i)) return SEARCH_ABRUPT;
      double element = value_as_number(typed_array_load(array, (uint32_t)i));
      if (element == number || (is_nan && element != element)) return i;
    }
  } else if (search_bits(cx, array, wanted, &bits)) {
    const uint64_t *elements = (const uint64_t *)array->data;
    for (double i = start; i != end && i >= 0 && i < length; i += step) {
      if (!search_charge(cx, i)) return SEARCH_ABRUPT;
      if (elements[(uint32_t)i] == bits) return i;
    }
  }
  return -1;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.includes
static Value typed_array_includes(Context *cx, const Call *call) {
  double length, start;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  if (length == 0) return VALUE_FALSE;
  if (!value_to_relative_index(cx, call_argument(call, 1), length, 0, &start)) return VALUE_ABRUPT;
  Value wanted = call_argument(call, 0);
  // Elements that are out of bounds by now read as undefined.
  if (value_is_undefined(wanted)) {
    return value_boolean(MAX_OF(start, (double)typed_array_length(array)) < length);
  }
  if (start >= length) return VALUE_FALSE;
  double found = typed_array_search(cx, array, wanted, start, length, 1, true);
  return found == SEARCH_ABRUPT ? VALUE_ABRUPT : value_boolean(found >= 0);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.indexof
static Value typed_array_index_of(Context *cx, const Call *call) {
  double length, start;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  if (length == 0) return value_int(-1);
  if (!value_to_relative_index(cx, call_argument(call, 1), length, 0, &start)) return VALUE_ABRUPT;
  if (start >= length) return value_int(-1);
  double found = typed_array_search(cx, array, call_argument(call, 0), start, length, 1, false);
  return found == SEARCH_ABRUPT ? VALUE_ABRUPT : value_number(found);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.lastindexof
static Value typed_array_last_index_of(Context *cx, const Call *call) {
  double length, start;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  start = length - 1;
  if (length == 0) return value_int(-1);
  if (call->count > 1) {
    if (!value_to_integer_or_infinity(cx, call->arguments[1], &start)) return VALUE_ABRUPT;
    start = start < 0 ? length + start : MIN_OF(start, length - 1);
  }
  if (start < 0) return value_int(-1);
  double found = typed_array_search(cx, array, call_argument(call, 0), start, -1, -1, false);
  return found == SEARCH_ABRUPT ? VALUE_ABRUPT : value_number(found);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.join
static Value typed_array_join(Context *cx, const Call *call) {
  double length;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  ROOTS(cx, r, separator, element);
  Value separator = call_argument(call, 0);
  r->separator = value_is_undefined(separator) ? string_from_unit(cx, ',') : value_to_string(cx, separator);
  if (value_is_abrupt(r->separator)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < length; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    if (i > 0 && !string_builder_append_string(&builder, value_as_string(r->separator))) return VALUE_ABRUPT;
    r->element = typed_array_get(cx, array, i);
    if (value_is_abrupt(r->element)) return VALUE_ABRUPT;
    if (value_is_undefined(r->element)) continue;
    r->element = value_to_string(cx, r->element);
    if (value_is_abrupt(r->element)) return VALUE_ABRUPT;
    if (!string_builder_append_string(&builder, value_as_string(r->element))) return VALUE_ABRUPT;
  }
  return string_builder_finish(&builder);
}

// Writing --------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.copywithin
static Value typed_array_copy_within(Context *cx, const Call *call) {
  double length, target, start, end;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  if (!value_to_relative_index(cx, call_argument(call, 0), length, 0, &target) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 2), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  double count = MIN_OF(end - start, length - target);
  if (count <= 0) return call->this_value;
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  length = typed_array_length(array);
  count = MIN_OF(count, MIN_OF(length - start, length - target));
  if (count > 0) {
    uint32_t shift = array->size_shift;
    uint8_t *to = array->data + ((size_t)target << shift), *from = array->data + ((size_t)start << shift);
    if (!context_move_bytes(cx, to, from, (size_t)count << shift)) return VALUE_ABRUPT;
  }
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.fill
static Value typed_array_fill(Context *cx, const Call *call) {
  double length, start, end;
  TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  uint64_t bits;
  if (!element_from_value(cx, array->element_kind, call_argument(call, 0), &bits) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 2), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  end = MIN_OF(end, (double)typed_array_length(array));
  if (array->size_shift == 0 && start < end) {
    bool done = context_fill_bytes(cx, array->data + (size_t)start, (int)(uint8_t)bits, (size_t)(end - start));
    return done ? call->this_value : VALUE_ABRUPT;
  }
  uint32_t steps = 0;
  for (double i = start; i < end; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    memcpy(array->data + ((size_t)i << array->size_shift), &bits, (size_t)1 << array->size_shift);
  }
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.reverse
static Value typed_array_reverse(Context *cx, const Call *call) {
  TypedArray *array = typed_array_validate(cx, call->this_value);
  if (!array) return VALUE_ABRUPT;
  uint32_t steps = 0;
  size_t size = (size_t)1 << array->size_shift;
  uint8_t *low = array->data, *high = array->data + (typed_array_length(array) - (size_t)1) * size, swap[8];
  for (uint32_t pairs = typed_array_length(array) / 2; pairs > 0; pairs--, low += size, high -= size) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    memcpy(swap, low, size);
    memcpy(low, high, size);
    memcpy(high, swap, size);
  }
  return call->this_value;
}

static bool check_room(Context *cx, double length, double offset, double room) {
  if (offset + length <= room) return true;
  throw_range_error(cx, "TypedArray.prototype.set: the source does not fit at that offset");
  return false;
}

// https://tc39.es/ecma262/#sec-settypedarrayfromtypedarray
static bool set_from_typed_array(Context *cx, TypedArray *target, double offset, Value value) {
  const TypedArray *source = typed_array_validate(cx, value);
  if (!source) return false;
  uint32_t length = typed_array_length(source);
  if (element_is_bigint(target->element_kind) != element_is_bigint(source->element_kind)) {
    throw_type_error(cx, "TypedArray.prototype.set: cannot mix BigInt and number elements");
    return false;
  }
  if (!check_room(cx, length, offset, typed_array_length(target))) return false;
  bool may_overlap = source->element_kind != target->element_kind && source->buffer->data == target->buffer->data;
  if (!may_overlap) return typed_array_convert_elements(cx, target, (uint32_t)offset, source, 0, length);
  size_t size = (size_t)length << source->size_shift;
  uint8_t *copy = memory_allocate(&cx->memory, size);
  if (!copy) {
    context_throw_out_of_memory(cx);
    return false;
  }
  TypedArray aside = *source;
  aside.data = copy;
  bool done = context_move_bytes(cx, copy, source->data, size) &&
              typed_array_convert_elements(cx, target, (uint32_t)offset, &aside, 0, length);
  memory_release(&cx->memory, copy, size);
  return done;
}

// https://tc39.es/ecma262/#sec-settypedarrayfromarraylike
static bool set_from_array_like(Context *cx, TypedArray *target, double offset, Value value) {
  ROOTS(cx, r, source, element);
  double room = typed_array_length(target), length;
  if (!replay_note_number(cx, &room)) return false;
  r->source = value_to_object(cx, value);
  if (value_is_abrupt(r->source) || !object_length(cx, value_as_object(r->source), &length)) return false;
  if (!check_room(cx, length, offset, room)) return false;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!replay_round(cx, &loop, &i)) return false;
    if (i >= length) return true;
    if ((uint32_t)i % TYPED_ARRAY_CHUNK == 0 && !typed_array_charge(cx, TYPED_ARRAY_CHUNK)) return false;
    r->element = object_get_key(cx, value_as_object(r->source), value_int((int32_t)i));
    if (value_is_abrupt(r->element) || !typed_array_set(cx, target, offset + i, r->element)) return false;
  }
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.set
static Value typed_array_prototype_set(Context *cx, const Call *call) {
  TypedArray *target = this_array(cx, call);
  double offset;
  if (!target || !value_to_integer_or_infinity(cx, call_argument(call, 1), &offset)) return VALUE_ABRUPT;
  if (offset < 0) return throw_range_error(cx, "TypedArray.prototype.set: the offset is negative");
  double length;  // before the source is asked for anything
  if (!typed_array_enter(cx, call->this_value, &length)) return VALUE_ABRUPT;
  Value source = call_argument(call, 0);
  bool done = value_is_typed_array(source) ? set_from_typed_array(cx, target, offset, source)
                                           : set_from_array_like(cx, target, offset, source);
  return done ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// New arrays -------------------------------------------------------------------------------------------------

// Within one buffer bytes are copied one after the other, even when that overwrites bytes still to be copied.
static MUST_CHECK bool copy_bytes_forward(Context *cx, uint8_t *to, const uint8_t *from, size_t size) {
  if (to <= from || to >= from + size) return context_move_bytes(cx, to, from, size);
  uint32_t steps = 0;
  for (size_t i = 0; i < size; i++) {
    if (!context_step(cx, &steps)) return false;
    to[i] = from[i];
  }
  return true;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.slice
static Value typed_array_slice(Context *cx, const Call *call) {
  double length, start, end;
  TypedArray *array = typed_array_enter(cx, call->this_value, &length);
  if (!array) return VALUE_ABRUPT;
  if (!value_to_relative_index(cx, call_argument(call, 0), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  ROOTS(cx, r, count, result, element);
  double count = MAX_OF(end - start, 0);
  if (!context_charge_bytes(cx, (size_t)count << array->size_shift, CHARGE_COPY)) return VALUE_ABRUPT;
  r->count = value_number(count);
  r->result = typed_array_species_create(cx, array, &r->count, 1, count);
  if (value_is_abrupt(r->result) || count == 0) return r->result;
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  TypedArray *result = value_as_typed_array(r->result);
  end = MIN_OF(end, (double)typed_array_length(array));
  if (start >= end) return r->result;
  if (result->element_kind != array->element_kind) {
    uint32_t steps = 0;
    for (double i = start; i < end; i++) {
      if (!context_step(cx, &steps)) return VALUE_ABRUPT;
      r->element = typed_array_get(cx, array, i);
      if (value_is_abrupt(r->element) || !typed_array_set(cx, result, i - start, r->element)) return VALUE_ABRUPT;
    }
    return r->result;
  }
  size_t size = (size_t)MIN_OF(end - start, (double)typed_array_length(result)) << array->size_shift;
  bool done = copy_bytes_forward(cx, result->data, array->data + ((size_t)start << array->size_shift), size);
  return done ? r->result : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.subarray
static Value typed_array_subarray(Context *cx, const Call *call) {
  TypedArray *array = this_array(cx, call);
  if (!array) return VALUE_ABRUPT;
  double length = typed_array_length(array), byte_offset = (double)array->byte_offset, start, end;
  bool to_the_end = array->tracks_length && value_is_undefined(call_argument(call, 1));
  if (!replay_note_number(cx, &length) || !replay_note_number(cx, &byte_offset)) return VALUE_ABRUPT;
  if (!value_to_relative_index(cx, call_argument(call, 0), length, 0, &start) ||
      !value_to_relative_index(cx, call_argument(call, 1), length, length, &end)) {
    return VALUE_ABRUPT;
  }
  ROOTS(cx, r, arguments[3]);
  r->arguments[0] = value_object(array->buffer);
  r->arguments[1] = value_number(byte_offset + start * element_size(array->element_kind));
  r->arguments[2] = value_number(MAX_OF(end - start, 0));
  return typed_array_species_create(cx, array, r->arguments, to_the_end ? 2 : 3, -1);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.toreversed
static Value typed_array_to_reversed(Context *cx, const Call *call) {
  const TypedArray *array = typed_array_validate(cx, call->this_value);
  if (!array) return VALUE_ABRUPT;
  uint32_t length = typed_array_length(array), shift = array->size_shift;
  if (!context_charge_bytes(cx, length, CHARGE_ELEMENTS)) return VALUE_ABRUPT;
  TypedArray *result = typed_array_create(cx, (ElementKind)array->element_kind, length);
  if (!result) return VALUE_ABRUPT;
  ROOTS(cx, r, result);
  r->result = value_object(result);
  uint32_t steps = 0;
  for (uint32_t i = 0; i < length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    memcpy(result->data + ((size_t)i << shift), array->data + ((size_t)(length - 1 - i) << shift), (size_t)1 << shift);
  }
  return value_object(result);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.with
static Value typed_array_with(Context *cx, const Call *call) {
  double entered_length, index;
  const TypedArray *array = typed_array_enter(cx, call->this_value, &entered_length);
  if (!array) return VALUE_ABRUPT;
  uint32_t length = (uint32_t)entered_length, shift = array->size_shift;
  uint64_t bits;
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &index)) return VALUE_ABRUPT;
  if (index < 0) index += length;
  if (!element_from_value(cx, array->element_kind, call_argument(call, 1), &bits)) return VALUE_ABRUPT;
  if (index < 0 || index >= typed_array_length(array))
    return throw_range_error(cx, "TypedArray.prototype.with: the index is out of range");
  ROOTS(cx, r, result);
  TypedArray *result = typed_array_create(cx, (ElementKind)array->element_kind, length);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  uint32_t present = MIN_OF(length, typed_array_length(array));
  if (!typed_array_convert_elements(cx, result, 0, array, 0, present)) return VALUE_ABRUPT;
  // Elements that are out of bounds by now read as undefined: NaN, or a TypeError for BigInts.
  uint32_t steps = 0;
  for (uint32_t i = present; i < length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    if (!typed_array_set(cx, result, i, VALUE_UNDEFINED)) return VALUE_ABRUPT;
  }
  if (index < length) memcpy(result->data + ((size_t)index << shift), &bits, (size_t)1 << shift);
  return r->result;
}

// Sorting ----------------------------------------------------------------------------------------------------

// Elements become unsigned keys of the same order: the sign of integers is flipped, negative doubles are
// inverted, NaN is above all. Then a radix sort, byte by byte.
static uint64_t sort_key(uint32_t kind, uint64_t bits) {
  uint64_t sign = UINT64_C(1) << (8 * element_size(kind) - 1), all = sign | (sign - 1);
  if (element_is_float(kind)) {
    uint64_t exponent = kind == ELEMENT_Float16   ? UINT64_C(0x7C00)
                        : kind == ELEMENT_Float32 ? UINT64_C(0x7F800000)
                                                  : UINT64_C(0x7FF0000000000000);
    if ((bits & ~sign) > exponent) return all;
    return bits & sign ? ~bits & all : bits | sign;
  }
  bool is_signed = kind == ELEMENT_Int8 || kind == ELEMENT_Int16 || kind == ELEMENT_Int32 || kind == ELEMENT_BigInt64;
  return is_signed ? bits ^ sign : bits;
}

static uint64_t sort_key_bits(uint32_t kind, uint64_t key) {
  uint64_t sign = UINT64_C(1) << (8 * element_size(kind) - 1), all = sign | (sign - 1);
  if (element_is_float(kind)) return key & sign ? key ^ sign : ~key & all;
  return sort_key(kind, key);
}

static MUST_CHECK bool radix_sort(Fuel *fuel, uint64_t *keys, uint64_t *other, uint32_t count, uint32_t size) {
  uint32_t steps = 0;
  uint64_t *from = keys, *to = other;
  for (uint32_t byte = 0; byte < size; byte++) {
    uint32_t starts[257] = {0};
    for (uint32_t i = 0; i < count; i++) starts[(from[i] >> (8 * byte) & 0xFF) + 1]++;
    for (uint32_t i = 0; i < 256; i++) starts[i + 1] += starts[i];
    for (uint32_t i = 0; i < count; i++) {
      if (!fuel_step(fuel, &steps)) return false;
      to[starts[from[i] >> (8 * byte) & 0xFF]++] = from[i];
    }
    uint64_t *swap = from;
    from = to;
    to = swap;
  }
  if (from != keys) memcpy(keys, from, count * sizeof *keys);
  return true;
}

bool typed_array_sort_numbers(Context *cx, TypedArray *array) {
  uint32_t count = typed_array_length(array), size = element_size(array->element_kind);
  if (count < 2) return true;
  if (!context_charge(cx, (int32_t)MIN_OF(count, (uint32_t)INT32_MAX))) {
    context_throw_interrupted(cx);
    return false;
  }
  size_t bytes = (size_t)count * 2 * sizeof(uint64_t);
  uint64_t *keys = memory_allocate(&cx->memory, bytes);
  if (!keys) {
    context_throw_out_of_memory(cx);
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint64_t bits = 0;
    memcpy(&bits, array->data + (size_t)i * size, size);
    keys[i] = sort_key(array->element_kind, bits);
  }
  bool done = radix_sort(&cx->fuel, keys, keys + count, count, size);
  for (uint32_t i = 0; done && i < count; i++) {
    uint64_t bits = sort_key_bits(array->element_kind, keys[i]);
    memcpy(array->data + (size_t)i * size, &bits, size);
  }
  memory_release(&cx->memory, keys, bytes);
  if (!done) context_throw_interrupted(cx);
  return done;
}

enum { ITERATE_KEYS, ITERATE_VALUES, ITERATE_ENTRIES };  // of array_iterator_create

static const BuiltinRow typed_array_prototype_rows[] = {
    FUNCTION("at", 1, typed_array_at),
    GETTER("buffer", typed_array_get_buffer),
    GETTER("byteLength", typed_array_get_byte_length),
    GETTER("byteOffset", typed_array_get_byte_offset),
    FUNCTION("copyWithin", 2, typed_array_copy_within),
    FUNCTION_MAGIC("entries", 0, typed_array_iterate, ITERATE_ENTRIES),
    SELF_HOSTED("every", 1, "TypedArrayPrototype_every"),
    FUNCTION("fill", 1, typed_array_fill),
    SELF_HOSTED("filter", 1, "TypedArrayPrototype_filter"),
    SELF_HOSTED("find", 1, "TypedArrayPrototype_find"),
    SELF_HOSTED("findIndex", 1, "TypedArrayPrototype_findIndex"),
    SELF_HOSTED("findLast", 1, "TypedArrayPrototype_findLast"),
    SELF_HOSTED("findLastIndex", 1, "TypedArrayPrototype_findLastIndex"),
    SELF_HOSTED("forEach", 1, "TypedArrayPrototype_forEach"),
    FUNCTION("includes", 1, typed_array_includes),
    FUNCTION("indexOf", 1, typed_array_index_of),
    FUNCTION("join", 1, typed_array_join),
    FUNCTION_MAGIC("keys", 0, typed_array_iterate, ITERATE_KEYS),
    FUNCTION("lastIndexOf", 1, typed_array_last_index_of),
    GETTER("length", typed_array_get_length),
    SELF_HOSTED("map", 1, "TypedArrayPrototype_map"),
    SELF_HOSTED("reduce", 1, "TypedArrayPrototype_reduce"),
    SELF_HOSTED("reduceRight", 1, "TypedArrayPrototype_reduceRight"),
    FUNCTION("reverse", 0, typed_array_reverse),
    FUNCTION("set", 1, typed_array_prototype_set),
    FUNCTION("slice", 2, typed_array_slice),
    SELF_HOSTED("some", 1, "TypedArrayPrototype_some"),
    SELF_HOSTED("sort", 1, "TypedArrayPrototype_sort"),
    FUNCTION("subarray", 2, typed_array_subarray),
    SELF_HOSTED("toLocaleString", 0, "TypedArrayPrototype_toLocaleString"),
    FUNCTION("toReversed", 0, typed_array_to_reversed),
    SELF_HOSTED("toSorted", 1, "TypedArrayPrototype_toSorted"),
    VALUE_INTRINSIC("toString", INTRINSIC_ArrayPrototype_toString, PROPERTY_HIDDEN),
    FUNCTION_MAGIC("values", 0, typed_array_iterate, ITERATE_VALUES),
    FUNCTION("with", 2, typed_array_with),
    ALIAS("@@iterator", "values"),
    GETTER("@@toStringTag", typed_array_get_to_string_tag),
    END_OF_ROWS,
};

const BuiltinObject builtin_typed_array_prototype = {
    .intrinsic = INTRINSIC_TypedArrayPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = typed_array_prototype_rows,
};
