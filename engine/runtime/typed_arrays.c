#include "runtime/typed_arrays.h"

#include "number/format.h"
#include "number/parse.h"
#include "runtime/bigints.h"
#include "runtime/errors.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

const uint8_t element_size_shifts[ELEMENT_KIND_COUNT] = {0, 0, 0, 1, 1, 2, 2, 1, 2, 3, 3, 3};

static const char *const typed_array_names[ELEMENT_KIND_COUNT] = {
#define ELEMENT_KIND(name, type) #name "Array",
#include "runtime/element_kinds.def"
#undef ELEMENT_KIND
};
static const int16_t typed_array_prototypes[ELEMENT_KIND_COUNT] = {
#define ELEMENT_KIND(name, type) INTRINSIC_##name##ArrayPrototype,
#include "runtime/element_kinds.def"
#undef ELEMENT_KIND
};

const char *typed_array_name(uint32_t kind) { return typed_array_names[kind]; }

// Elements -------------------------------------------------------------------------------------------------

bool element_from_value(Context *cx, uint32_t kind, Value value, uint64_t *bits) {
  if (element_is_bigint(kind)) {
    ROOTS(cx, r, bigint);
    r->bigint = value_to_bigint(cx, value);
    if (value_is_abrupt(r->bigint)) return false;
    *bits = (uint64_t)bigint_to_int64(value_as_bigint(r->bigint));
    return true;
  }
  double number;
  if (!value_to_number(cx, value, &number)) return false;
  uint64_t raw = 0;
  TypedArray place = {.data = (uint8_t *)&raw, .element_kind = (uint8_t)kind};
  bool stored = typed_array_store(&place, 0, value_double(number));
  ASSERT(stored);
  (void)stored;
  *bits = raw;
  return true;
}

Value element_to_value(Context *cx, uint32_t kind, uint64_t bits) {
  if (kind == ELEMENT_BigInt64) return bigint_from_int64(cx, (int64_t)bits);
  if (kind == ELEMENT_BigUint64) return bigint_from_uint64(cx, bits);
  TypedArray place = {.data = (uint8_t *)&bits, .element_kind = (uint8_t)kind};
  return typed_array_load(&place, 0);
}

static inline bool index_is_valid(const TypedArray *array, double index) {
  return index >= 0 && index < typed_array_length(array) && (double)(uint32_t)index == index;
}

// https://tc39.es/ecma262/#sec-typedarraygetelement
Value typed_array_get(Context *cx, const TypedArray *array, double index) {
  if (!index_is_valid(array, index)) return VALUE_UNDEFINED;
  Value value = typed_array_load(array, (uint32_t)index);
  if (LIKELY(!value_is_hole(value))) return value;
  return element_to_value(cx, array->element_kind, ((const uint64_t *)array->data)[(uint32_t)index]);
}

// https://tc39.es/ecma262/#sec-typedarraysetelement
bool typed_array_set(Context *cx, TypedArray *array, double index, Value value) {
  if (LIKELY(index_is_valid(array, index)) && typed_array_store(array, (uint32_t)index, value)) return true;
  uint64_t bits;
  if (!element_from_value(cx, array->element_kind, value, &bits)) return false;
  if (!index_is_valid(array, index)) return true;
  memcpy(array->data + ((size_t)index << array->size_shift), &bits, (size_t)1 << array->size_shift);
  return true;
}

// Keys -----------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-canonicalnumericindexstring  An atom that is one never names an element: lengths
// stay below 2^31, and the indices below that are int keys.
static bool key_is_numeric_name(Context *cx, PropertyKey key) {
  if (key_is_plain_name(key) || !key_is_atom(key)) return false;
  TextView text = string_view_flat(value_as_string(key));
  if (text.length > NUMBER_TEXT_SIZE) return false;
  if (text_view_equals(text, text_view_literal("-0"))) return true;
  char canonical[NUMBER_TEXT_SIZE];
  unsigned length = number_to_text(number_from_text(text, &cx->fuel), canonical);
  return text_view_equals(text, text_view_narrow(canonical, length));
}

typedef enum KeyClass { KEY_ORDINARY, KEY_VALID_INDEX, KEY_INVALID_INDEX } KeyClass;
static KeyClass key_classify(Context *cx, const Object *object, PropertyKey key) {
  if (key_is_index(key)) return (uint32_t)value_as_int(key) < object->length ? KEY_VALID_INDEX : KEY_INVALID_INDEX;
  return key_is_numeric_name(cx, key) ? KEY_INVALID_INDEX : KEY_ORDINARY;
}

// Internal methods -------------------------------------------------------------------------------------------

static Tristate typed_array_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out,
                                             Value *roots) {
  KeyClass key_class = key_classify(cx, object, key);
  if (key_class == KEY_ORDINARY) return ordinary_get_own_property(cx, object, key, out, roots);
  if (key_class == KEY_INVALID_INDEX) return TRISTATE_FALSE;
  roots[0] = typed_array_get(cx, (TypedArray *)object, value_as_int(key));
  if (value_is_abrupt(roots[0])) return TRISTATE_ABRUPT;
  *out = descriptor_data(roots[0], PROPERTY_DEFAULT);
  return TRISTATE_TRUE;
}

static Tristate typed_array_has_property(Context *cx, Object *object, PropertyKey key) {
  KeyClass key_class = key_classify(cx, object, key);
  return key_class == KEY_ORDINARY ? ordinary_has_property(cx, object, key) : key_class == KEY_VALID_INDEX;
}

static Tristate typed_array_define_own_property(Context *cx, Object *object, PropertyKey key,
                                                const Descriptor *descriptor) {
  KeyClass key_class = key_classify(cx, object, key);
  double noted = key_class;
  if (!replay_note_number(cx, &noted)) return TRISTATE_ABRUPT;
  key_class = (KeyClass)noted;
  if (key_class == KEY_ORDINARY) return ordinary_define_own_property(cx, object, key, descriptor);
  if (key_class == KEY_INVALID_INDEX || descriptor_is_accessor(descriptor)) return TRISTATE_FALSE;
  if (descriptor->present & ~descriptor->attributes) return TRISTATE_FALSE;
  if (value_is_hole(descriptor->value)) return TRISTATE_TRUE;
  return typed_array_set(cx, (TypedArray *)object, value_as_int(key), descriptor->value) ? TRISTATE_TRUE
                                                                                         : TRISTATE_ABRUPT;
}

static Value typed_array_get_property(Context *cx, Object *object, PropertyKey key, Value receiver) {
  KeyClass key_class = key_classify(cx, object, key);
  if (key_class == KEY_ORDINARY) return ordinary_get(cx, object, key, receiver);
  return key_class == KEY_VALID_INDEX ? typed_array_get(cx, (TypedArray *)object, value_as_int(key)) : VALUE_UNDEFINED;
}

static Tristate typed_array_set_property(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  KeyClass key_class = key_classify(cx, object, key);
  double noted = key_class;
  if (!replay_note_number(cx, &noted)) return TRISTATE_ABRUPT;
  key_class = (KeyClass)noted;
  if (key_class == KEY_ORDINARY) return ordinary_set(cx, object, key, value, receiver);
  if (receiver == value_object(object)) {
    double index = key_is_index(key) ? value_as_int(key) : -1;
    return typed_array_set(cx, (TypedArray *)object, index, value) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
  }
  return key_class == KEY_VALID_INDEX ? ordinary_set(cx, object, key, value, receiver) : TRISTATE_TRUE;
}

static Tristate typed_array_delete(Context *cx, Object *object, PropertyKey key) {
  KeyClass key_class = key_classify(cx, object, key);
  return key_class == KEY_ORDINARY ? ordinary_delete(cx, object, key) : key_class == KEY_INVALID_INDEX;
}

static Value typed_array_own_keys(Context *cx, Object *object) {
  ROOTS(cx, r, named, keys);
  r->named = ordinary_own_keys(cx, object);
  if (value_is_abrupt(r->named)) return VALUE_ABRUPT;
  uint32_t length = object->length;
  if (length == 0) return r->named;
  const Values *named = (const Values *)value_as_cell(r->named);
  Values *keys = values_create(cx, length + values_count(named));
  if (!keys) return VALUE_ABRUPT;
  r->keys = value_internal(keys);
  for (uint32_t i = 0; i < length; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    keys->items[i] = string_from_uint32(cx, i);
    if (value_is_abrupt(keys->items[i])) return VALUE_ABRUPT;
  }
  memcpy(keys->items + length, named->items, values_count(named) * sizeof(Value));
  return r->keys;
}

// https://tc39.es/ecma262/#sec-typedarray-preventextensions
static Tristate typed_array_prevent_extensions(Context *cx, Object *object) {
  const TypedArray *array = (const TypedArray *)object;
  bool may_change = array->tracks_length || (buffer_is_resizable(array->buffer) && !buffer_is_shared(array->buffer));
  if (may_change) return TRISTATE_FALSE;
  return ordinary_prevent_extensions(cx, object);
}

static void buffer_view_trace(Tracer *tracer, Object *object) {
  tracer_visit_cell(tracer, ((const BufferView *)object)->buffer);
}

const ObjectClass object_class_typed_array = {
    .name = "TypedArray",
    .kind = CELL_TYPED_ARRAY,
    .size = sizeof(TypedArray),
    .get_own_property = typed_array_get_own_property,
    .define_own_property = typed_array_define_own_property,
    .has_property = typed_array_has_property,
    .get = typed_array_get_property,
    .set = typed_array_set_property,
    .delete_property = typed_array_delete,
    .own_keys = typed_array_own_keys,
    .prevent_extensions = typed_array_prevent_extensions,
    .trace = buffer_view_trace,
    .names_are_ordinary = true,
};
const ObjectClass object_class_data_view = {
    .name = "DataView", .kind = CELL_DATA_VIEW, .size = sizeof(BufferView), .trace = buffer_view_trace};

// Creation ---------------------------------------------------------------------------------------------------

TypedArray *typed_array_create_detached(Context *cx, ElementKind kind, Value new_target) {
  TypedArray *array = (TypedArray *)object_create_from_constructor(cx, new_target, typed_array_prototypes[kind],
                                                                   &object_class_typed_array);
  if (!array) return NULL;
  array->element_kind = (uint8_t)kind;
  array->size_shift = element_size_shifts[kind];
  array->out_of_bounds = true;
  return array;
}

TypedArray *typed_array_create(Context *cx, ElementKind kind, double length) {
  ROOTS(cx, r, array, buffer);
  TypedArray *array = typed_array_create_detached(cx, kind, VALUE_UNDEFINED);
  if (!array) return NULL;
  r->array = value_object(array);
  ArrayBuffer *buffer = array_buffer_create(cx, length * element_size(kind));
  if (!buffer) return NULL;
  r->buffer = value_object(buffer);
  array->fixed_length = (uint32_t)length;
  buffer_view_attach(array, buffer);
  return array;
}
