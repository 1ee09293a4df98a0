// The typed array constructors. https://tc39.es/ecma262/#sec-typedarray-constructors
#include "builtins/binary/typed_array.h"

#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/iterators.h"
#include "runtime/names.h"
#include "runtime/replay.h"

static const int16_t typed_array_constructors[ELEMENT_KIND_COUNT] = {
#define ELEMENT_KIND(name, type) INTRINSIC_##name##Array,
#include "runtime/element_kinds.def"
#undef ELEMENT_KIND
};

TypedArray *typed_array_validate(Context *cx, Value value) {
  if (!value_is_typed_array(value)) {
    throw_type_error(cx, "%eexpected a typed array, not %v", value);
    return NULL;
  }
  TypedArray *array = value_as_typed_array(value);
  if (LIKELY(!array->out_of_bounds)) return array;
  throw_type_error(cx, "the typed array is detached or out of bounds");
  return NULL;
}

TypedArray *typed_array_enter(Context *cx, Value value, double *length) {
  TypedArray *array = replay_is_repeating(cx) ? value_as_typed_array(value) : typed_array_validate(cx, value);
  *length = array ? typed_array_length(array) : 0;
  return array && replay_note_number(cx, length) ? array : NULL;
}

bool typed_array_convert_elements(Context *cx, TypedArray *to, uint32_t to_index, const TypedArray *from,
                                  uint32_t from_index, uint32_t count) {
  uint32_t shift = to->size_shift;
  bool same_bytes = to->element_kind == from->element_kind ||
                    (element_is_bigint(to->element_kind) && element_is_bigint(from->element_kind));
  if (same_bytes) {
    return context_move_bytes(cx, to->data + ((size_t)to_index << shift), from->data + ((size_t)from_index << shift),
                              (size_t)count << shift);
  }
  uint32_t steps = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!context_step(cx, &steps)) return false;
    (void)typed_array_store(to, to_index + i, typed_array_load(from, from_index + i));
  }
  return true;
}

bool typed_array_charge(Context *cx, int32_t units) {
  if (LIKELY(context_charge(cx, units))) return true;
  context_throw_interrupted(cx);
  return false;
}

// Called before each element of a loop in C; pays for many elements at once.
static inline bool charge_element(Context *cx, uint32_t index) {
  return LIKELY(index % TYPED_ARRAY_CHUNK) || typed_array_charge(cx, TYPED_ARRAY_CHUNK);
}

// Initialization -------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-allocatetypedarraybuffer
static bool array_allocate_buffer(Context *cx, TypedArray *array, double length) {
  ROOTS(cx, r, buffer);
  if (replay_is_repeating(cx)) return true;  // the array has it already
  ArrayBuffer *buffer = array_buffer_create(cx, length * element_size(array->element_kind));
  if (!buffer) return false;
  r->buffer = value_object(buffer);
  array->fixed_length = (uint32_t)length;
  buffer_view_attach(array, buffer);
  return true;
}

// https://tc39.es/ecma262/#sec-initializetypedarrayfromtypedarray
static bool initialize_from_typed_array(Context *cx, TypedArray *array, TypedArray *source) {
  if (!typed_array_validate(cx, value_object(source))) return false;
  uint32_t length = typed_array_length(source);
  if (element_is_bigint(array->element_kind) != element_is_bigint(source->element_kind)) {
    throw_type_error(cx, "%s: cannot mix BigInt and number elements", typed_array_name(array->element_kind));
    return false;
  }
  if (!array_allocate_buffer(cx, array, length)) return false;
  return typed_array_convert_elements(cx, array, 0, source, 0, length);
}

// https://tc39.es/ecma262/#sec-initializetypedarrayfromarraybuffer
static bool initialize_from_buffer(Context *cx, TypedArray *array, ArrayBuffer *buffer, Value byte_offset,
                                   Value length_value) {
  uint32_t size = element_size(array->element_kind);
  double offset, length = 0;
  if (!value_to_index(cx, byte_offset, &offset)) return false;
  const char *problem = "the offset must be a multiple of the element size";
  if (offset / size != (double)(uint64_t)(offset / size)) goto out_of_range;
  bool has_length = !value_is_undefined(length_value);
  if (has_length && !value_to_index(cx, length_value, &length)) return false;
  if (buffer_is_detached(buffer)) {
    throw_type_error(cx, "%s: the buffer is detached", typed_array_name(array->element_kind));
    return false;
  }
  double available = (double)buffer->byte_length;
  array->tracks_length = !has_length && buffer_is_resizable(buffer);
  if (array->tracks_length) {
    problem = "the offset is outside the buffer";
    if (offset > available) goto out_of_range;
  } else if (!has_length) {
    problem = "the buffer's length must be a multiple of the element size";
    if (buffer->byte_length % size) goto out_of_range;
    problem = "the offset is outside the buffer";
    if (offset > available) goto out_of_range;
    length = (available - offset) / size;
  } else {
    problem = "the array would end outside the buffer";
    if (offset + length * size > available) goto out_of_range;
  }
  array->byte_offset = (size_t)offset;
  array->fixed_length = (uint32_t)length;
  buffer_view_attach(array, buffer);
  return true;
out_of_range:
  throw_range_error(cx, "%s: %s", typed_array_name(array->element_kind), problem);
  return false;
}

// Stores values, whose conversion may run guest code.
static bool set_from_values(Context *cx, TypedArray *array, const Value *values, uint32_t count) {
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return false;
    if (i >= count) return true;
    if (!charge_element(cx, i) || !typed_array_set(cx, array, i, values[i])) return false;
  }
}

// https://tc39.es/ecma262/#sec-initializetypedarrayfromlist
static bool initialize_from_list(Context *cx, TypedArray *array, Value list) {
  const Values *values = (const Values *)value_as_cell(list);
  if (!array_allocate_buffer(cx, array, values_count(values))) return false;
  return set_from_values(cx, array, values->items, values_count(values));
}

// https://tc39.es/ecma262/#sec-initializetypedarrayfromarraylike
static bool initialize_from_array_like(Context *cx, TypedArray *array, Object *source) {
  ROOTS(cx, r, key, element);
  double length;
  if (!object_length(cx, source, &length) || !array_allocate_buffer(cx, array, length)) return false;
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return false;
    if (i >= length) return true;
    r->key = key_from_uint32(cx, i);
    if (value_is_abrupt(r->key) || !charge_element(cx, i)) return false;
    r->element = object_get_key(cx, source, r->key);
    if (value_is_abrupt(r->element) || !typed_array_set(cx, array, i, r->element)) return false;
  }
}

// OPTIMIZATION: an untouched array is read without its iterator. NULL: it is not an untouched array.
static const Object *iterates_plainly(Context *cx, Object *source, Value method) {
  if (method != realm_intrinsic(cx, INTRINSIC_ArrayPrototype_values) || !array_is_dense(source)) return NULL;
  if (source->element_count != source->length) return NULL;
  for (uint32_t i = 0; i < source->element_count; i++) {
    if (value_is_hole(source->elements->items[i])) return NULL;
  }
  Object *prototype = realm_prototype(cx, INTRINSIC_ArrayIteratorPrototype);
  const Property *next = shape_lookup(prototype->shape, cx->names->next);
  bool untouched = next && !(next->attributes & PROPERTY_ACCESSOR) &&
                   (property_is_unfilled(prototype->slots[next->slot]) ||
                    prototype->slots[next->slot] == realm_intrinsic(cx, INTRINSIC_ArrayIteratorPrototype_next));
  return untouched ? source : NULL;
}

// https://tc39.es/ecma262/#sec-iteratortolist  *list: internal Values with exactly values_count items.
static bool list_from_iterator(Context *cx, Object *source, Value method, Value *list) {
  const Object *plain = replay_is_repeating(cx) ? NULL : iterates_plainly(cx, source, method);
  bool is_plain = plain != NULL;
  if (!replay_note_flag(cx, &is_plain)) return false;
  if (is_plain && !plain) return true;  // the caller has noted the list
  if (plain) {
    Values *copy = values_create(cx, plain->element_count);
    if (!copy) return false;
    *list = value_internal(copy);
    if (plain->element_count) memcpy(copy->items, plain->elements->items, plain->element_count * sizeof(Value));
    return true;
  }
  ROOTS(cx, r, iterator, next);
  IteratorRecord *record = (IteratorRecord *)&r->iterator;
  r->iterator = function_call(cx, method, value_object(source), NULL, 0);
  if (value_is_abrupt(r->iterator)) return false;
  if (!value_is_object(r->iterator)) {
    throw_type_error(cx, "the iterator must be an object, not %v", r->iterator);
    return false;
  }
  r->next = object_get_key(cx, value_as_object(r->iterator), cx->names->next);
  if (value_is_abrupt(r->next)) return false;
  *list = iterator_to_list(cx, record);
  return !value_is_abrupt(*list);
}

static bool initialize_from_object(Context *cx, TypedArray *array, const Call *call) {
  Value first = call_argument(call, 0);
  if (value_is_typed_array(first)) return initialize_from_typed_array(cx, array, value_as_typed_array(first));
  if (value_is_object_of(first, CELL_ARRAY_BUFFER)) {
    return initialize_from_buffer(cx, array, value_as_array_buffer(first), call_argument(call, 1),
                                  call_argument(call, 2));
  }
  ROOTS(cx, r, method, list);
  r->method = value_get_method(cx, first, cx->names->symbol_iterator);
  if (value_is_abrupt(r->method)) return false;
  if (value_is_undefined(r->method)) return initialize_from_array_like(cx, array, value_as_object(first));
  if (!list_from_iterator(cx, value_as_object(first), r->method, &r->list)) return false;
  r->list = replay_note(cx, r->list);
  return !value_is_abrupt(r->list) && initialize_from_list(cx, array, r->list);
}

// https://tc39.es/ecma262/#sec-typedarray
static Value typed_array_construct(Context *cx, const Call *call, ElementKind kind) {
  if (!call_is_construct(call))
    return throw_type_error(cx, "%s cannot be called without 'new'", typed_array_name(kind));
  Value first = call_argument(call, 0);
  double length = 0;
  if (!value_is_object(first) && !value_to_index(cx, first, &length)) return VALUE_ABRUPT;
  ROOTS(cx, r, array);
  TypedArray *array = typed_array_create_detached(cx, kind, call->new_target);
  if (!array) return VALUE_ABRUPT;
  r->array = replay_note(cx, value_object(array));
  if (value_is_abrupt(r->array)) return VALUE_ABRUPT;
  array = value_as_typed_array(r->array);
  bool made =
      value_is_object(first) ? initialize_from_object(cx, array, call) : array_allocate_buffer(cx, array, length);
  return made ? r->array : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-%typedarray%
static Value abstract_typed_array_constructor(Context *cx, const Call *call) {
  (void)call;
  return throw_type_error(cx, "%s", "TypedArray is abstract: use a concrete constructor such as Uint8Array");
}

// Creation through constructors --------------------------------------------------------------------------------

Value typed_array_construct_with(Context *cx, Value constructor, const Value *arguments, uint32_t count,
                                 double length) {
  ROOTS(cx, r, result);
  r->result = function_construct(cx, constructor, constructor, arguments, count);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  if (replay_is_repeating(cx)) return r->result;
  if (!typed_array_validate(cx, r->result)) return VALUE_ABRUPT;
  if (typed_array_length(value_as_typed_array(r->result)) < length) {
    return throw_type_error(cx, "the constructor returned a typed array that is too short");
  }
  return r->result;
}

Value typed_array_species_create(Context *cx, TypedArray *exemplar, const Value *arguments, uint32_t count,
                                 double length) {
  ROOTS(cx, r, constructor, result);
  Value default_constructor = realm_intrinsic(cx, (Intrinsic)typed_array_constructors[exemplar->element_kind]);
  r->constructor = object_species_constructor(cx, &exemplar->object, default_constructor);
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  r->result = typed_array_construct_with(cx, r->constructor, arguments, count, length);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  if (element_is_bigint(exemplar->element_kind) != element_is_bigint(value_as_typed_array(r->result)->element_kind)) {
    return throw_type_error(cx,
                            "the species constructor returned a typed array that cannot hold the elements: one has "
                            "BigInts, the other numbers");
  }
  return r->result;
}

// https://tc39.es/ecma262/#sec-get-%typedarray%-%symbol.species%
static Value typed_array_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-%typedarray%.of
static Value typed_array_of(Context *cx, const Call *call) {
  if (!value_is_constructor(call->this_value))
    return throw_type_error(cx, "TypedArray.of: %v is not a constructor", call->this_value);
  ROOTS(cx, r, length, result);
  r->length = value_unsigned(call->count);
  r->result = typed_array_construct_with(cx, call->this_value, &r->length, 1, call->count);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  bool done = set_from_values(cx, value_as_typed_array(r->result), call->arguments, call->count);
  return done ? r->result : VALUE_ABRUPT;
}

// Operations of self-hosted code -----------------------------------------------------------------------------

// (value): throws unless it is a typed array in bounds; returns its length
Value intrinsic_typed_array_validate(Context *cx, const Call *call) {
  const TypedArray *array = typed_array_validate(cx, call_argument(call, 0));
  return array ? value_unsigned(typed_array_length(array)) : VALUE_ABRUPT;
}
// (constructor, length)
Value intrinsic_typed_array_create(Context *cx, const Call *call) {
  Value length = call_argument(call, 1);
  return typed_array_construct_with(cx, call_argument(call, 0), &call->arguments[1], 1, value_as_number(length));
}
// (exemplar, length)
Value intrinsic_typed_array_species_create(Context *cx, const Call *call) {
  TypedArray *exemplar = value_as_typed_array(call_argument(call, 0));
  return typed_array_species_create(cx, exemplar, &call->arguments[1], 1, value_as_number(call_argument(call, 1)));
}
// (exemplar, length): a typed array of the same kind, made by the intrinsic constructor
Value intrinsic_typed_array_create_same_type(Context *cx, const Call *call) {
  const TypedArray *exemplar = value_as_typed_array(call_argument(call, 0));
  TypedArray *array =
      typed_array_create(cx, (ElementKind)exemplar->element_kind, value_as_number(call_argument(call, 1)));
  return array ? value_object(array) : VALUE_ABRUPT;
}
// (array, length): the elements as a list
Value intrinsic_typed_array_to_list(Context *cx, const Call *call) {
  ROOTS(cx, r, list, element);
  const TypedArray *array = value_as_typed_array(call_argument(call, 0));
  double length = value_as_number(call_argument(call, 1));
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  r->list = value_object(list);
  for (double i = 0; i < length; i++) {
    r->element = typed_array_get(cx, array, i);
    if (value_is_abrupt(r->element) || !array_push(cx, list, r->element)) return VALUE_ABRUPT;
    if (!charge_element(cx, (uint32_t)i)) return VALUE_ABRUPT;
  }
  return r->list;
}
// (array, list): stores the elements of the list, as far as there is room
Value intrinsic_typed_array_from_list(Context *cx, const Call *call) {
  TypedArray *array = value_as_typed_array(call_argument(call, 0));
  const Object *list = value_as_object(call_argument(call, 1));
  const Value *values = list->element_count ? list->elements->items : NULL;
  return set_from_values(cx, array, values, list->element_count) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}
// (array): sorts in place, as without a comparator
Value intrinsic_typed_array_sort(Context *cx, const Call *call) {
  return typed_array_sort_numbers(cx, value_as_typed_array(call_argument(call, 0))) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// Tables -----------------------------------------------------------------------------------------------------

static const BuiltinRow abstract_typed_array_rows[] = {
    SELF_HOSTED("from", 1, "TypedArray_from"),
    FUNCTION("of", 0, typed_array_of),
    GETTER("@@species", typed_array_get_species),
    END_OF_ROWS,
};

const BuiltinObject builtin_typed_array = {
    .intrinsic = INTRINSIC_TypedArray,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = abstract_typed_array_constructor,
    .constructor_name = "TypedArray",
    .prototype_property = INTRINSIC_TypedArrayPrototype,
    .rows = abstract_typed_array_rows,
};

#define BYTES_PER_ELEMENT(size) VALUE_NUMBER("BYTES_PER_ELEMENT", size)
#define TYPED_ARRAY_OBJECTS(name, Name, rows_, prototype_rows_)                            \
  static Value name##_constructor(Context *cx, const Call *call) {                         \
    return typed_array_construct(cx, call, ELEMENT_##Name);                                \
  }                                                                                        \
  const BuiltinObject builtin_##name##_array = {                                           \
      .global_name = #Name "Array",                                                        \
      .intrinsic = INTRINSIC_##Name##Array,                                                \
      .prototype = INTRINSIC_TypedArray,                                                   \
      .constructor = name##_constructor,                                                   \
      .length = 3,                                                                         \
      .prototype_property = INTRINSIC_##Name##ArrayPrototype,                              \
      .rows = rows_,                                                                       \
  };                                                                                       \
  const BuiltinObject builtin_##name##_array_prototype = {                                 \
      .intrinsic = INTRINSIC_##Name##ArrayPrototype,                                       \
      .prototype = INTRINSIC_TypedArrayPrototype,                                          \
      .prototype_property = -1,                                                            \
      .rows = prototype_rows_,                                                             \
  };

static const BuiltinRow size_1_rows[] = {BYTES_PER_ELEMENT(1), END_OF_ROWS};
static const BuiltinRow size_2_rows[] = {BYTES_PER_ELEMENT(2), END_OF_ROWS};
static const BuiltinRow size_4_rows[] = {BYTES_PER_ELEMENT(4), END_OF_ROWS};
static const BuiltinRow size_8_rows[] = {BYTES_PER_ELEMENT(8), END_OF_ROWS};
static const BuiltinRow uint8_rows[] = {
    BYTES_PER_ELEMENT(1),
    FUNCTION("fromBase64", 1, uint8_array_from_base64),
    FUNCTION("fromHex", 1, uint8_array_from_hex),
    END_OF_ROWS,
};
static const BuiltinRow uint8_prototype_rows[] = {
    BYTES_PER_ELEMENT(1),
    FUNCTION("setFromBase64", 1, uint8_array_prototype_set_from_base64),
    FUNCTION("setFromHex", 1, uint8_array_prototype_set_from_hex),
    FUNCTION("toBase64", 0, uint8_array_prototype_to_base64),
    FUNCTION("toHex", 0, uint8_array_prototype_to_hex),
    END_OF_ROWS,
};

TYPED_ARRAY_OBJECTS(int8, Int8, size_1_rows, size_1_rows)
TYPED_ARRAY_OBJECTS(uint8, Uint8, uint8_rows, uint8_prototype_rows)
TYPED_ARRAY_OBJECTS(uint8_clamped, Uint8Clamped, size_1_rows, size_1_rows)
TYPED_ARRAY_OBJECTS(int16, Int16, size_2_rows, size_2_rows)
TYPED_ARRAY_OBJECTS(uint16, Uint16, size_2_rows, size_2_rows)
TYPED_ARRAY_OBJECTS(int32, Int32, size_4_rows, size_4_rows)
TYPED_ARRAY_OBJECTS(uint32, Uint32, size_4_rows, size_4_rows)
TYPED_ARRAY_OBJECTS(float16, Float16, size_2_rows, size_2_rows)
TYPED_ARRAY_OBJECTS(float32, Float32, size_4_rows, size_4_rows)
TYPED_ARRAY_OBJECTS(float64, Float64, size_8_rows, size_8_rows)
TYPED_ARRAY_OBJECTS(bigint64, BigInt64, size_8_rows, size_8_rows)
TYPED_ARRAY_OBJECTS(biguint64, BigUint64, size_8_rows, size_8_rows)
