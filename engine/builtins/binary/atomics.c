// https://tc39.es/ecma262/#sec-atomics-object
#include <math.h>

#include "builtins/binary/typed_array.h"
#include "runtime/atomic_waits.h"
#include "runtime/bigints.h"
#include "runtime/builtin_table.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/promises.h"
#include "runtime/replay.h"

typedef enum AtomicOperation {
  ATOMIC_ADD,
  ATOMIC_AND,
  ATOMIC_EXCHANGE,
  ATOMIC_OR,
  ATOMIC_SUB,
  ATOMIC_XOR,
} AtomicOperation;

// https://tc39.es/ecma262/#sec-validateintegertypedarray
static TypedArray *validate_integer_array(Context *cx, Value value, bool waitable) {
  double length;
  TypedArray *array = typed_array_enter(cx, value, &length);
  if (!array) return NULL;
  uint32_t kind = array->element_kind;
  bool suits = waitable ? kind == ELEMENT_Int32 || kind == ELEMENT_BigInt64
                        : !element_is_float(kind) && kind != ELEMENT_Uint8Clamped;
  if (suits) return array;
  throw_type_error(cx, "Atomics: expected %s, not a %s",
                   waitable ? "an Int32Array or a BigInt64Array" : "an integer typed array", typed_array_name(kind));
  return NULL;
}

// https://tc39.es/ecma262/#sec-validateatomicaccess
static bool validate_access(Context *cx, const TypedArray *array, Value index_value, uint32_t *index) {
  double length = typed_array_length(array), number;
  if (!replay_note_number(cx, &length)) return false;
  if (!value_to_index(cx, index_value, &number)) return false;
  if (number >= length) {
    throw_range_error(cx, "Atomics: the index is out of range");
    return false;
  }
  *index = (uint32_t)number;
  return true;
}

// https://tc39.es/ecma262/#sec-revalidateatomicaccess
static bool revalidate_access(Context *cx, const TypedArray *array, uint32_t index) {
  if (!typed_array_validate(cx, value_object(array))) return false;
  if (index < typed_array_length(array)) return true;
  throw_range_error(cx, "Atomics: the index is out of range");
  return false;
}

// Converts an operand: a BigInt or an integral number. `bits` are the element's; *converted is the operand itself.
static bool operand_from_value(Context *cx, const TypedArray *array, Value value, uint64_t *bits, Value *converted) {
  if (element_is_bigint(array->element_kind)) {
    *converted = value_to_bigint(cx, value);
    if (value_is_abrupt(*converted)) return false;
    *bits = (uint64_t)bigint_to_int64(value_as_bigint(*converted));
    return true;
  }
  double number;
  if (!value_to_integer_or_infinity(cx, value, &number)) return false;
  *converted = value_number(number);
  return element_from_value(cx, array->element_kind, *converted, bits);
}

#define RETURN_MODIFIED(type)                                                                       \
  {                                                                                                 \
    type *place = (type *)address, operand = (type)bits;                                            \
    switch (operation) {                                                                            \
      case ATOMIC_ADD: return (uint64_t)__atomic_fetch_add(place, operand, __ATOMIC_SEQ_CST);       \
      case ATOMIC_AND: return (uint64_t)__atomic_fetch_and(place, operand, __ATOMIC_SEQ_CST);       \
      case ATOMIC_EXCHANGE: return (uint64_t)__atomic_exchange_n(place, operand, __ATOMIC_SEQ_CST); \
      case ATOMIC_OR: return (uint64_t)__atomic_fetch_or(place, operand, __ATOMIC_SEQ_CST);         \
      case ATOMIC_SUB: return (uint64_t)__atomic_fetch_sub(place, operand, __ATOMIC_SEQ_CST);       \
      default: return (uint64_t)__atomic_fetch_xor(place, operand, __ATOMIC_SEQ_CST);               \
    }                                                                                               \
  }

static uint64_t atomic_apply(void *address, uint32_t shift, AtomicOperation operation, uint64_t bits) {
  switch (shift) {
    case 0: RETURN_MODIFIED(uint8_t)
    case 1: RETURN_MODIFIED(uint16_t)
    case 2: RETURN_MODIFIED(uint32_t)
    default: RETURN_MODIFIED(uint64_t)
  }
}

static uint64_t atomic_load(const void *address, uint32_t shift) {
  switch (shift) {
    case 0: return __atomic_load_n((const uint8_t *)address, __ATOMIC_SEQ_CST);
    case 1: return __atomic_load_n((const uint16_t *)address, __ATOMIC_SEQ_CST);
    case 2: return __atomic_load_n((const uint32_t *)address, __ATOMIC_SEQ_CST);
    default: return __atomic_load_n((const uint64_t *)address, __ATOMIC_SEQ_CST);
  }
}

#define RETURN_COMPARE_EXCHANGED(type)                                                                           \
  {                                                                                                              \
    type old = (type)expected;                                                                                   \
    __atomic_compare_exchange_n((type *)address, &old, (type)wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    return old;                                                                                                  \
  }

static uint64_t atomic_compare_exchange(void *address, uint32_t shift, uint64_t expected, uint64_t wanted) {
  switch (shift) {
    case 0: RETURN_COMPARE_EXCHANGED(uint8_t)
    case 1: RETURN_COMPARE_EXCHANGED(uint16_t)
    case 2: RETURN_COMPARE_EXCHANGED(uint32_t)
    default: RETURN_COMPARE_EXCHANGED(uint64_t)
  }
}

static void *element_address(const TypedArray *array, uint32_t index) {
  return array->data + ((size_t)index << array->size_shift);
}

// https://tc39.es/ecma262/#sec-atomicreadmodifywrite  magic: the AtomicOperation
static Value atomics_read_modify_write(Context *cx, const Call *call) {
  TypedArray *array = validate_integer_array(cx, call_argument(call, 0), false);
  uint32_t index;
  uint64_t bits;
  ROOTS(cx, r, operand);
  if (!array || !validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!operand_from_value(cx, array, call_argument(call, 2), &bits, &r->operand)) return VALUE_ABRUPT;
  if (!revalidate_access(cx, array, index)) return VALUE_ABRUPT;
  uint64_t old =
      atomic_apply(element_address(array, index), array->size_shift, (AtomicOperation)call_magic(call), bits);
  return element_to_value(cx, array->element_kind, old);
}

// https://tc39.es/ecma262/#sec-atomics.compareexchange
static Value atomics_compare_exchange(Context *cx, const Call *call) {
  TypedArray *array = validate_integer_array(cx, call_argument(call, 0), false);
  uint32_t index;
  uint64_t expected, wanted;
  ROOTS(cx, r, operand);
  if (!array || !validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!operand_from_value(cx, array, call_argument(call, 2), &expected, &r->operand)) return VALUE_ABRUPT;
  if (!operand_from_value(cx, array, call_argument(call, 3), &wanted, &r->operand)) return VALUE_ABRUPT;
  if (!revalidate_access(cx, array, index)) return VALUE_ABRUPT;
  uint64_t old = atomic_compare_exchange(element_address(array, index), array->size_shift, expected, wanted);
  return element_to_value(cx, array->element_kind, old);
}

// https://tc39.es/ecma262/#sec-atomics.load
static Value atomics_load(Context *cx, const Call *call) {
  const TypedArray *array = validate_integer_array(cx, call_argument(call, 0), false);
  uint32_t index;
  if (!array || !validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!revalidate_access(cx, array, index)) return VALUE_ABRUPT;
  return element_to_value(cx, array->element_kind, atomic_load(element_address(array, index), array->size_shift));
}

// https://tc39.es/ecma262/#sec-atomics.store
static Value atomics_store(Context *cx, const Call *call) {
  TypedArray *array = validate_integer_array(cx, call_argument(call, 0), false);
  uint32_t index;
  uint64_t bits;
  ROOTS(cx, r, operand);
  if (!array || !validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!operand_from_value(cx, array, call_argument(call, 2), &bits, &r->operand)) return VALUE_ABRUPT;
  if (!revalidate_access(cx, array, index)) return VALUE_ABRUPT;
  atomic_apply(element_address(array, index), array->size_shift, ATOMIC_EXCHANGE, bits);
  return r->operand;
}

// https://tc39.es/ecma262/#sec-atomics.islockfree
static Value atomics_is_lock_free(Context *cx, const Call *call) {
  double size;
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &size)) return VALUE_ABRUPT;
  return value_boolean(size == 1 || size == 2 || size == 4 || size == 8);
}

// https://tc39.es/ecma262/#sec-atomics.pause
static Value atomics_pause(Context *cx, const Call *call) {
  Value hint = call_argument(call, 0);
  if (value_is_undefined(hint)) return VALUE_UNDEFINED;
  double number = value_is_number(hint) ? value_as_number(hint) : 0.5;
  if (number - number != 0 || number != number_to_integer_or_infinity(number)) {
    return throw_type_error(cx, "Atomics.pause: expected an integer, not %v", hint);
  }
  return VALUE_UNDEFINED;
}

// Waiting --------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-atomics.notify
static Value atomics_notify(Context *cx, const Call *call) {
  const TypedArray *array = validate_integer_array(cx, call_argument(call, 0), true);
  uint32_t index;
  double count = (double)INFINITY;
  if (!array || !validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!value_is_undefined(call_argument(call, 2))) {
    if (!value_to_integer_or_infinity(cx, call_argument(call, 2), &count)) return VALUE_ABRUPT;
    count = MAX_OF(count, 0);
  }
  if (!buffer_is_shared(array->buffer)) return VALUE_INT_ZERO;
  size_t offset = array->byte_offset + ((size_t)index << array->size_shift);
  double woken = cx->hooks->atomics_notify(cx, array->buffer, offset, count);
  return woken < 0 ? VALUE_ABRUPT : value_number(woken);
}

static Value async_result(Context *cx, bool is_async, Value value) {
  ROOTS(cx, r, object);
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  bool made = object_create_data_property(cx, object, cx->names->async, value_boolean(is_async)) &&
              object_create_data_property(cx, object, cx->names->value, value);
  return made ? r->object : VALUE_ABRUPT;
}

static Value async_text_result(Context *cx, const char *text) {
  ROOTS(cx, r, text);
  r->text = string_from_ascii(cx, text);
  return value_is_abrupt(r->text) ? VALUE_ABRUPT : async_result(cx, false, r->text);
}

static bool read_timeout(Context *cx, Value value, double *timeout) {
  if (!value_to_number(cx, value, timeout)) return false;
  if (*timeout != *timeout) *timeout = (double)INFINITY;
  *timeout = MAX_OF(*timeout, 0);
  return true;
}

// https://tc39.es/ecma262/#sec-dowait  magic: asynchronous
static Value atomics_wait(Context *cx, const Call *call) {
  bool is_async = call_magic(call);
  const TypedArray *array = validate_integer_array(cx, call_argument(call, 0), true);
  if (!array) return VALUE_ABRUPT;
  if (!buffer_is_shared(array->buffer))
    return throw_type_error(cx, "%s: the typed array's buffer must be a SharedArrayBuffer",
                            is_async ? "Atomics.waitAsync" : "Atomics.wait");
  uint32_t index;
  uint64_t expected;
  double timeout;
  if (!validate_access(cx, array, call_argument(call, 1), &index)) return VALUE_ABRUPT;
  if (!element_from_value(cx, array->element_kind, call_argument(call, 2), &expected)) return VALUE_ABRUPT;
  if (!read_timeout(cx, call_argument(call, 3), &timeout)) return VALUE_ABRUPT;
  ArrayBuffer *buffer = array->buffer;
  size_t offset = array->byte_offset + ((size_t)index << array->size_shift);
  if (!is_async) {
    if (!cx->hooks->atomics_wait)
      return throw_type_error(cx, "Atomics.wait: this program may not block; use Atomics.waitAsync");
    int outcome = cx->hooks->atomics_wait(cx, buffer, offset, element_size(array->element_kind), expected, timeout);
    if (outcome < 0) return VALUE_ABRUPT;
    if (outcome == ATOMICS_PARKED) return VALUE_PARKED;
    return string_from_ascii(cx, outcome == ATOMICS_WOKEN       ? "ok"
                                 : outcome == ATOMICS_TIMED_OUT ? "timed-out"
                                                                : "not-equal");
  }
  if (atomic_load(element_address(array, index), array->size_shift) != expected)
    return async_text_result(cx, "not-equal");
  if (timeout == 0) return async_text_result(cx, "timed-out");
  ROOTS(cx, r, promise);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  if (!atomics_wait_async(cx, buffer, offset, timeout, promise)) return VALUE_ABRUPT;
  return async_result(cx, true, r->promise);
}

static const BuiltinRow atomics_rows[] = {
    FUNCTION_MAGIC("add", 3, atomics_read_modify_write, ATOMIC_ADD),
    FUNCTION_MAGIC("and", 3, atomics_read_modify_write, ATOMIC_AND),
    FUNCTION("compareExchange", 4, atomics_compare_exchange),
    FUNCTION_MAGIC("exchange", 3, atomics_read_modify_write, ATOMIC_EXCHANGE),
    FUNCTION("isLockFree", 1, atomics_is_lock_free),
    FUNCTION("load", 2, atomics_load),
    FUNCTION("notify", 3, atomics_notify),
    FUNCTION_MAGIC("or", 3, atomics_read_modify_write, ATOMIC_OR),
    FUNCTION("pause", 0, atomics_pause),
    FUNCTION("store", 3, atomics_store),
    FUNCTION_MAGIC("sub", 3, atomics_read_modify_write, ATOMIC_SUB),
    FUNCTION_MAGIC("wait", 4, atomics_wait, false),
    FUNCTION_MAGIC("waitAsync", 4, atomics_wait, true),
    FUNCTION_MAGIC("xor", 3, atomics_read_modify_write, ATOMIC_XOR),
    TO_STRING_TAG("Atomics"),
    END_OF_ROWS,
};

const BuiltinObject builtin_atomics = {
    .global_name = "Atomics",
    .intrinsic = INTRINSIC_Atomics,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = atomics_rows,
};
