// Operations on doubles where C and ECMAScript differ, or where C has none.
#ifndef CAISSON_NUMBER_ARITHMETIC_H
#define CAISSON_NUMBER_ARITHMETIC_H

#include "base/base.h"

static inline uint64_t number_to_bits(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}
static inline double number_from_bits(uint64_t bits) {
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}
static inline bool number_is_finite(double number) { return number - number == 0; }
static inline bool number_same_value(double a, double b) {
  return (a != a && b != b) || (a == b && (a != 0 || number_to_bits(a) == number_to_bits(b)));
}
static inline bool number_same_value_zero(double a, double b) { return a == b || (a != a && b != b); }

int32_t number_to_int32_slow(double number);
// https://tc39.es/ecma262/#sec-toint32
static inline int32_t number_to_int32(double number) {
  if (LIKELY(number >= -2147483648.0 && number <= 2147483647.0)) return (int32_t)number;
  return number_to_int32_slow(number);
}
static inline uint32_t number_to_uint32(double number) { return (uint32_t)number_to_int32(number); }
// Modulo 2^64, for BigInt typed arrays and large integers; NaN and infinities give 0.
uint64_t number_to_uint64(double number);
// True when `number` is an int32 other than -0.
static inline bool number_is_int32(double number, int32_t *integer) {
  if (!(number >= -2147483648.0 && number <= 2147483647.0)) return false;
  *integer = (int32_t)number;
  return *integer == number && (*integer != 0 || number_to_bits(number) == 0);
}
// https://tc39.es/ecma262/#sec-tointegerorinfinity (NaN gives 0, never -0)
double number_to_integer_or_infinity(double number);

// https://tc39.es/ecma262/#sec-numeric-types-number-exponentiate
double number_power(double base, double exponent);
// https://tc39.es/ecma262/#sec-numeric-types-number-remainder
double number_remainder(double dividend, double divisor);
// https://tc39.es/ecma262/#sec-math.round
double number_round(double number);
// https://tc39.es/ecma262/#sec-math.hypot (the arguments already converted)
double number_hypot(const double *numbers, size_t count);
// Rounds to the nearest, ties to even, as typed arrays of clamped bytes do.
uint8_t number_to_uint8_clamped(double number);

// IEEE 754 binary16, rounding once, ties to even.
uint16_t number_to_half(double number);
double number_from_half(uint16_t half);

// The exact sum of any doubles, rounded once: Math.sumPrecise.
typedef struct ExactSum {
  int64_t limbs[68];  // fixed point from 2^-1074, 32 bits each plus room for carries
  uint32_t pending;   // additions since carries were last resolved
  bool has_nan, has_positive_infinity, has_negative_infinity, has_other_than_negative_zero;
} ExactSum;
void exact_sum_initialize(ExactSum *sum);
void exact_sum_add(ExactSum *sum, double number);
double exact_sum_result(ExactSum *sum);

#endif
