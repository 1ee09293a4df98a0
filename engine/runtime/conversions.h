// Type conversion and comparison. https://tc39.es/ecma262/#sec-abstract-operations
#ifndef CAISSON_CONVERSIONS_H
#define CAISSON_CONVERSIONS_H

#include "runtime/objects.h"

typedef enum PreferredType { PREFER_DEFAULT, PREFER_NUMBER, PREFER_STRING } PreferredType;

bool value_to_boolean(Value value);  // leaf
Value value_to_primitive(Context *cx, Value value, PreferredType preferred);
Value object_to_ordinary_primitive(Context *cx, Value object, bool string_first);  // OrdinaryToPrimitive
Value value_to_string(Context *cx, Value value);                                   // a string Value
Value value_to_numeric(Context *cx, Value value);                                  // number or BigInt
Value value_to_object(Context *cx, Value value);
MUST_CHECK bool value_to_number(Context *cx, Value value, double *out);
MUST_CHECK bool value_to_integer_or_infinity(Context *cx, Value value, double *out);
MUST_CHECK bool value_to_int32(Context *cx, Value value, int32_t *out);
MUST_CHECK bool value_to_uint32(Context *cx, Value value, uint32_t *out);
MUST_CHECK bool value_to_length(Context *cx, Value value, double *out);  // 0 .. 2^53-1
MUST_CHECK bool value_to_index(Context *cx, Value value, double *out);   // RangeError outside 0 .. 2^53-1
// ToInt32 of a number without a call; false: not a number, or a rare one beyond 64 bits. Leaf.
static inline bool value_to_int32_quickly(Value value, int32_t *out) {
  if (LIKELY(value_is_int(value))) {
    *out = value_as_int(value);
    return true;
  }
  if (!value_is_double(value)) return false;
  double number = value_as_double(value);
  if (!(number > -9.0e18 && number < 9.0e18)) return false;
  *out = (int32_t)(uint32_t)(int64_t)number;
  return true;
}
// A relative index argument (slice, at, fill...): clamps ToIntegerOrInfinity(value) against length.
MUST_CHECK bool value_to_relative_index(Context *cx, Value value, double length, double if_undefined, double *out);
MUST_CHECK bool object_length(Context *cx, Object *object, double *out);                       // LengthOfArrayLike
MUST_CHECK bool value_require_object_coercible(Context *cx, Value value, const char *method);  // TypeError names method

MUST_CHECK bool value_is_array(Context *cx, Value value, bool *out);  // IsArray (sees through proxies)
MUST_CHECK bool value_strict_equals(Context *cx, Value a, Value b, bool *out);
MUST_CHECK bool value_loosely_equals(Context *cx, Value a, Value b, bool *out);
MUST_CHECK bool value_same(Context *cx, Value a, Value b, bool *out);       // SameValue
MUST_CHECK bool value_same_zero(Context *cx, Value a, Value b, bool *out);  // SameValueZero
const char *value_typeof(Value value);                                      // leaf
MUST_CHECK bool value_instance_of(Context *cx, Value value, Value target, bool *out);
MUST_CHECK bool value_ordinary_has_instance(Context *cx, Value constructor, Value value, bool *out);
// https://tc39.es/ecma262/#sec-speciesconstructor
Value object_species_constructor(Context *cx, Object *object, Value default_constructor);

// Slow paths of the operators (fast paths live in the interpreter). Numbers, strings, BigInts, objects.
typedef enum BinaryOperator {
  OPERATOR_ADD,
  OPERATOR_SUBTRACT,
  OPERATOR_MULTIPLY,
  OPERATOR_DIVIDE,
  OPERATOR_REMAINDER,
  OPERATOR_EXPONENTIATE,
  OPERATOR_BIT_AND,
  OPERATOR_BIT_OR,
  OPERATOR_BIT_XOR,
  OPERATOR_SHIFT_LEFT,
  OPERATOR_SHIFT_RIGHT,
  OPERATOR_SHIFT_RIGHT_UNSIGNED,
} BinaryOperator;
typedef enum Comparison { COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_GREATER, COMPARE_GREATER_EQUAL } Comparison;
typedef enum UnaryOperator { OPERATOR_NEGATE, OPERATOR_BIT_NOT, OPERATOR_INCREMENT, OPERATOR_DECREMENT } UnaryOperator;
Value value_binary(Context *cx, BinaryOperator op, Value left, Value right);
Value value_unary(Context *cx, UnaryOperator op, Value operand);
MUST_CHECK bool value_compare(Context *cx, Comparison comparison, Value left, Value right, bool *out);
double number_remainder(double dividend, double divisor);  // leaf

#endif
