// A JavaScript value in 64 bits. Doubles are stored as they are; everything else lives in the space of
// negative quiet NaNs, which arithmetic never produces with these payloads:
//
//   0xFFF9 int32   0xFFFA special   0xFFFB internal cell   0xFFFC string   0xFFFD symbol
//   0xFFFE BigInt  0xFFFF object          (tag in the upper 16 bits, payload below)
//
// An integral number may be stored as either an int32 or a double: only value_number() promises the
// int32 form. Doubles read from raw memory must pass value_double_untrusted(), which tames NaN payloads.
#ifndef CAISSON_VALUE_H
#define CAISSON_VALUE_H

#include "base/base.h"

typedef uint64_t Value;
typedef struct Cell Cell;

#define VALUE_TAG_INT UINT64_C(0xFFF9)
#define VALUE_TAG_SPECIAL UINT64_C(0xFFFA)
#define VALUE_TAG_INTERNAL UINT64_C(0xFFFB)
#define VALUE_TAG_STRING UINT64_C(0xFFFC)
#define VALUE_TAG_SYMBOL UINT64_C(0xFFFD)
#define VALUE_TAG_BIGINT UINT64_C(0xFFFE)
#define VALUE_TAG_OBJECT UINT64_C(0xFFFF)

#define VALUE_MAKE(tag, payload) ((Value)((tag) << 48 | (payload)))
#define VALUE_UNDEFINED VALUE_MAKE(VALUE_TAG_SPECIAL, 0)
#define VALUE_NULL VALUE_MAKE(VALUE_TAG_SPECIAL, 1)
#define VALUE_FALSE VALUE_MAKE(VALUE_TAG_SPECIAL, 2)
#define VALUE_TRUE VALUE_MAKE(VALUE_TAG_SPECIAL, 3)
// Never visible to the guest:
#define VALUE_HOLE VALUE_MAKE(VALUE_TAG_SPECIAL, 4)           // absent element of a dense array; "no value"
#define VALUE_UNINITIALIZED VALUE_MAKE(VALUE_TAG_SPECIAL, 5)  // binding in its temporal dead zone
#define VALUE_ABRUPT VALUE_MAKE(VALUE_TAG_SPECIAL, 6)         // result of a throw; the error is in the Context
#define VALUE_PARKED VALUE_MAKE(VALUE_TAG_SPECIAL, 7)         // a blocking host function waits for the host's answer
#define VALUE_INT_ZERO VALUE_MAKE(VALUE_TAG_INT, 0)

static inline Value value_bits(double number) {
  Value v;
  memcpy(&v, &number, sizeof v);
  return v;
}
// For results of arithmetic on values.
static inline Value value_double(double number) { return value_bits(number); }
// For doubles that come out of raw bytes (typed arrays, messages from the host).
static inline Value value_double_untrusted(double number) {
  return number == number ? value_bits(number) : UINT64_C(0x7FF8000000000000);
}
static inline Value value_int(int32_t number) { return VALUE_MAKE(VALUE_TAG_INT, (uint32_t)number); }
// Prefers the int32 form (not for -0).
static inline Value value_number(double number) {
  if (number >= -2147483648.0 && number <= 2147483647.0) {
    int32_t integer = (int32_t)number;
    if ((double)integer == number && value_bits(number) != UINT64_C(0x8000000000000000)) return value_int(integer);
  }
  return value_bits(number);
}
static inline Value value_unsigned(uint32_t number) {
  return number <= INT32_MAX ? value_int((int32_t)number) : value_double(number);
}
static inline Value value_boolean(bool condition) { return VALUE_FALSE + (Value)condition; }

static inline uint32_t value_tag(Value v) { return (uint32_t)(v >> 48); }
static inline bool value_is_double(Value v) { return v < VALUE_MAKE(VALUE_TAG_INT, 0); }
static inline bool value_is_int(Value v) { return value_tag(v) == VALUE_TAG_INT; }
static inline bool value_is_number(Value v) { return v < VALUE_MAKE(VALUE_TAG_SPECIAL, 0); }
static inline bool value_is_undefined(Value v) { return v == VALUE_UNDEFINED; }
static inline bool value_is_null(Value v) { return v == VALUE_NULL; }
static inline bool value_is_nullish(Value v) { return (v | 1) == VALUE_NULL; }
static inline bool value_is_boolean(Value v) { return (v | 1) == VALUE_TRUE; }
static inline bool value_is_hole(Value v) { return v == VALUE_HOLE; }
static inline bool value_is_abrupt(Value v) { return UNLIKELY(v == VALUE_ABRUPT); }
static inline bool value_is_cell(Value v) { return v >= VALUE_MAKE(VALUE_TAG_INTERNAL, 0); }
static inline bool value_is_internal(Value v) { return value_tag(v) == VALUE_TAG_INTERNAL; }
static inline bool value_is_string(Value v) { return value_tag(v) == VALUE_TAG_STRING; }
static inline bool value_is_symbol(Value v) { return value_tag(v) == VALUE_TAG_SYMBOL; }
static inline bool value_is_bigint(Value v) { return value_tag(v) == VALUE_TAG_BIGINT; }
static inline bool value_is_object(Value v) { return v >= VALUE_MAKE(VALUE_TAG_OBJECT, 0); }

static inline int32_t value_as_int(Value v) { return (int32_t)(uint32_t)v; }
static inline double value_as_double(Value v) {
  double number;
  memcpy(&number, &v, sizeof number);
  return number;
}
// Of either number form.
static inline double value_as_number(Value v) { return value_is_int(v) ? (double)value_as_int(v) : value_as_double(v); }
static inline bool value_as_boolean(Value v) { return v == VALUE_TRUE; }
static inline Cell *value_as_cell(Value v) { return (Cell *)(uintptr_t)(v & UINT64_C(0xFFFFFFFFFFFF)); }

#define VALUE_FROM_CELL(tag, pointer) VALUE_MAKE(tag, (uint64_t)(uintptr_t)(pointer))
static inline Value value_internal(const void *cell) { return VALUE_FROM_CELL(VALUE_TAG_INTERNAL, cell); }
// For rooting a pointer that may be NULL.
static inline Value value_internal_or_undefined(const void *cell) {
  return cell ? VALUE_FROM_CELL(VALUE_TAG_INTERNAL, cell) : VALUE_UNDEFINED;
}
static inline Value value_string(const void *string) { return VALUE_FROM_CELL(VALUE_TAG_STRING, string); }
static inline Value value_symbol(const void *symbol) { return VALUE_FROM_CELL(VALUE_TAG_SYMBOL, symbol); }
static inline Value value_bigint(const void *bigint) { return VALUE_FROM_CELL(VALUE_TAG_BIGINT, bigint); }
static inline Value value_object(const void *object) { return VALUE_FROM_CELL(VALUE_TAG_OBJECT, object); }

#endif
