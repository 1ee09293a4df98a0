// Integers of any size: BigInt without the Value. Sign and magnitude; the magnitude is little-endian
// 32-bit limbs without leading zero limbs, and zero is never negative.
#ifndef CAISSON_NUMBER_DIGITS_H
#define CAISSON_NUMBER_DIGITS_H

#include "base/buffer.h"
#include "base/fuel.h"
#include "base/text_view.h"

enum { DIGITS_LIMIT_BITS = 1 << 30, DIGITS_INLINE_LIMBS = 10 };

typedef struct DigitsView {
  const uint32_t *limbs;
  uint32_t count;
  bool negative;
} DigitsView;

// A result in the making; small ones stay inside the struct, so a Digits must not be copied.
typedef struct Digits {
  Memory *memory;
  Fuel *fuel;
  uint32_t *limbs;
  uint32_t count, capacity;
  bool negative;
  uint32_t inline_limbs[DIGITS_INLINE_LIMBS];
} Digits;

typedef enum DigitsStatus {
  DIGITS_DONE,
  DIGITS_TOO_LARGE,  // RangeError: past DIGITS_LIMIT_BITS
  DIGITS_OUT_OF_MEMORY,
  DIGITS_INTERRUPTED,        // the fuel said stop
  DIGITS_DIVISION_BY_ZERO,   // RangeError
  DIGITS_NEGATIVE_EXPONENT,  // RangeError
  DIGITS_NOT_A_NUMBER,       // the text or the double is not an integer
} DigitsStatus;

void digits_initialize(Digits *digits, Memory *memory, Fuel *fuel);
void digits_release(Digits *digits);
static inline DigitsView digits_view(const Digits *digits) {
  return (DigitsView){digits->limbs, digits->count, digits->negative};
}

// Results go to an initialized Digits, whose old contents are dropped; it must not be an operand.
MUST_CHECK DigitsStatus digits_copy(Digits *result, DigitsView a);
MUST_CHECK DigitsStatus digits_from_int64(Digits *result, int64_t number);
MUST_CHECK DigitsStatus digits_from_uint64(Digits *result, uint64_t number);
// DIGITS_NOT_A_NUMBER unless `number` is a finite integer.
MUST_CHECK DigitsStatus digits_from_double(Digits *result, double number);
// https://tc39.es/ecma262/#sec-stringtobigint: white space, signs only in decimal, prefixes; DIGITS_NOT_A_NUMBER
// otherwise.
MUST_CHECK DigitsStatus digits_from_text(Digits *result, TextView text);
// Digits of one radix and nothing else; `separators` passes over underscores (a checked literal).
MUST_CHECK DigitsStatus digits_parse(Digits *result, TextView text, unsigned radix, bool separators);

MUST_CHECK DigitsStatus digits_negate(Digits *result, DigitsView a);
MUST_CHECK DigitsStatus digits_add(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_subtract(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_multiply(Digits *result, DigitsView a, DigitsView b);
// Truncating, as BigInt's / and %.
MUST_CHECK DigitsStatus digits_divide(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_remainder(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_power(Digits *result, DigitsView base, DigitsView exponent);
// Left for positive `by`, right (rounding down) for negative.
MUST_CHECK DigitsStatus digits_shift_left(Digits *result, DigitsView a, DigitsView by);
MUST_CHECK DigitsStatus digits_shift_right(Digits *result, DigitsView a, DigitsView by);
MUST_CHECK DigitsStatus digits_and(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_or(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_xor(Digits *result, DigitsView a, DigitsView b);
MUST_CHECK DigitsStatus digits_not(Digits *result, DigitsView a);
// https://tc39.es/ecma262/#sec-bigint.asintn and asuintn; `bits` is an integer of 0 to 2^53 - 1.
MUST_CHECK DigitsStatus digits_as_int_n(Digits *result, double bits, DigitsView a);
MUST_CHECK DigitsStatus digits_as_uint_n(Digits *result, double bits, DigitsView a);

int digits_compare(DigitsView a, DigitsView b);  // -1, 0, 1
// `number` may be infinite, not NaN.
int digits_compare_double(DigitsView a, double number);
bool digits_equal(DigitsView a, DigitsView b);
// Round to nearest, ties to even; infinite when too large.
double digits_to_double(DigitsView a);
// Modulo 2^64 (two's complement).
uint64_t digits_to_uint64(DigitsView a);

// Appends ASCII text in `radix` to `text` (whose failure is reported as DIGITS_OUT_OF_MEMORY).
MUST_CHECK DigitsStatus digits_to_text(DigitsView a, unsigned radix, Buffer *text, Memory *memory, Fuel *fuel);

#endif
