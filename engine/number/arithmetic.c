// Loops here are bounded: the limbs of one double, or operands that the call paid for.

#include "number/arithmetic.h"

#include <math.h>

#include "number/elementary.h"

static const uint64_t fraction_mask = ((uint64_t)1 << 52) - 1;

uint64_t number_to_uint64(double number) {
  uint64_t bits = number_to_bits(number), mantissa = (bits & fraction_mask) | (fraction_mask + 1);
  int exponent = (int)(bits >> 52 & 0x7FF) - 1075;  // of the mantissa as an integer
  if (exponent >= 64 || exponent <= -53) return 0;  // NaN and infinities have 972
  uint64_t magnitude = exponent >= 0 ? mantissa << exponent : mantissa >> -exponent;
  return bits >> 63 ? 0 - magnitude : magnitude;
}

int32_t number_to_int32_slow(double number) { return (int32_t)(uint32_t)number_to_uint64(number); }

double number_to_integer_or_infinity(double number) {
  if (number != number) return 0;
  return trunc(number) + 0.0;  // the sum turns -0 into +0
}

double number_power(double base, double exponent) {
  if (exponent != exponent) return NAN;
  if ((base == 1 || base == -1) && isinf(exponent)) return NAN;  // C says 1
  return elementary_pow(base, exponent);
}

double number_remainder(double dividend, double divisor) {
  const double exact = 9007199254740992.0;
  if (fabs(dividend) < exact && fabs(divisor) < exact) {
    int64_t a = (int64_t)dividend, b = (int64_t)divisor;
    if ((double)a == dividend && (double)b == divisor && b != 0) {
      double remainder = (double)(a % b);
      return remainder == 0 ? copysign(0, dividend) : remainder;
    }
  }
  return fmod(dividend, divisor);
}

double number_round(double number) {
  if (!(fabs(number) < 4503599627370496.0)) return number;  // already an integer, or none
  double below = floor(number);
  return copysign(number - below >= 0.5 ? below + 1 : below, number);
}

double number_hypot(const double *numbers, size_t count) {
  double largest = 0;
  bool has_nan = false;
  for (size_t i = 0; i < count; i++) {
    double magnitude = fabs(numbers[i]);
    if (isinf(magnitude)) return INFINITY;
    has_nan |= magnitude != magnitude;
    if (magnitude > largest) largest = magnitude;
  }
  if (has_nan) return NAN;
  if (largest == 0) return 0;
  double sum = 0, lost = 0;  // compensated: the low parts that each addition drops
  for (size_t i = 0; i < count; i++) {
    double scaled = numbers[i] / largest, term = scaled * scaled - lost, next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return sqrt(sum) * largest;
}

uint8_t number_to_uint8_clamped(double number) {
  if (!(number > 0)) return 0;
  if (number >= 255) return 255;
  double below = floor(number), rest = number - below;
  unsigned integer = (unsigned)below;
  return (uint8_t)(integer + (rest > 0.5 || (rest == 0.5 && (integer & 1))));
}

uint16_t number_to_half(double number) {
  uint64_t bits = number_to_bits(number), fraction = bits & fraction_mask;
  uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
  int exponent = (int)(bits >> 52 & 0x7FF);
  if (exponent == 0x7FF) return sign | 0x7C00 | (fraction ? 0x200 : 0);
  exponent -= 1023;
  if (exponent > 15) return sign | 0x7C00;
  if (exponent < -25) return sign;  // less than half of the smallest
  uint64_t mantissa = fraction | (fraction_mask + 1);
  int drop = 42 + (exponent < -14 ? -14 - exponent : 0);
  uint64_t kept = mantissa >> drop, rest = mantissa & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);
  if (rest > half || (rest == half && (kept & 1))) kept++;
  // The leading bit and any carry add themselves to the exponent, up to infinity.
  unsigned biased = exponent < -14 ? 0 : (unsigned)(exponent + 14);
  return (uint16_t)(sign | ((biased << 10) + (unsigned)kept));
}

double number_from_half(uint16_t half) {
  uint64_t sign = (uint64_t)(half & 0x8000) << 48;
  unsigned exponent = half >> 10 & 31, fraction = half & 0x3FF;
  if (exponent == 31) return number_from_bits(sign | (uint64_t)0x7FF << 52 | (uint64_t)fraction << 42);
  if (exponent == 0) return number_from_bits(sign | number_to_bits(fraction * 0x1p-24));
  return number_from_bits(sign | (uint64_t)(exponent + 1008) << 52 | (uint64_t)fraction << 42);
}

enum { EXACT_SUM_LIMBS = 68, EXACT_SUM_PENDING_LIMIT = 1 << 30 };

void exact_sum_initialize(ExactSum *sum) { memset(sum, 0, sizeof *sum); }

// Brings every limb but the last into 32 bits; the last keeps the sign.
static void exact_sum_carry(ExactSum *sum) {
  int64_t carry = 0;
  for (int i = 0; i < EXACT_SUM_LIMBS - 1; i++) {
    int64_t limb = sum->limbs[i] + carry;
    carry = limb >> 32;
    sum->limbs[i] = limb & 0xFFFFFFFF;
  }
  sum->limbs[EXACT_SUM_LIMBS - 1] += carry;
  sum->pending = 0;
}

void exact_sum_add(ExactSum *sum, double number) {
  uint64_t bits = number_to_bits(number), mantissa = bits & fraction_mask;
  bool negative = bits >> 63;
  int exponent = (int)(bits >> 52 & 0x7FF);
  if (bits != (uint64_t)1 << 63) sum->has_other_than_negative_zero = true;
  if (exponent == 0x7FF) {
    if (mantissa) {
      sum->has_nan = true;
    } else if (negative) {
      sum->has_negative_infinity = true;
    } else {
      sum->has_positive_infinity = true;
    }
    return;
  }
  if (exponent > 0) {
    mantissa |= fraction_mask + 1;
    exponent--;
  }
  if (++sum->pending >= EXACT_SUM_PENDING_LIMIT) exact_sum_carry(sum);
  int limb = exponent / 32, shift = exponent % 32;
  uint64_t low = mantissa << shift, high = shift ? mantissa >> (64 - shift) : 0;
  int64_t parts[3] = {(int64_t)(low & 0xFFFFFFFF), (int64_t)(low >> 32), (int64_t)high};
  for (int i = 0; i < 3; i++) {
    if (parts[i]) sum->limbs[limb + i] += negative ? -parts[i] : parts[i];
  }
}

double exact_sum_result(ExactSum *sum) {
  if (sum->has_nan || (sum->has_positive_infinity && sum->has_negative_infinity)) return NAN;
  if (sum->has_positive_infinity) return INFINITY;
  if (sum->has_negative_infinity) return -INFINITY;
  if (!sum->has_other_than_negative_zero) return -0.0;
  exact_sum_carry(sum);
  bool negative = sum->limbs[EXACT_SUM_LIMBS - 1] < 0;
  if (negative) {
    for (int i = 0; i < EXACT_SUM_LIMBS; i++) sum->limbs[i] = -sum->limbs[i];
    exact_sum_carry(sum);
  }
  int top = EXACT_SUM_LIMBS - 1;
  while (top >= 0 && sum->limbs[top] == 0) top--;
  if (top < 0) return 0;
  if (top > 66) return negative ? -INFINITY : INFINITY;
  int top_bit = top * 32 + 63 - __builtin_clzll((uint64_t)sum->limbs[top]);
  int lowest = MAX_OF(top_bit - 52, 0);  // the place of the result's last bit
  uint64_t kept = 0;
  for (int bit = top_bit; bit >= lowest; bit--) kept = kept << 1 | ((uint64_t)sum->limbs[bit / 32] >> bit % 32 & 1);
  if (lowest > 0) {
    bool half = (uint64_t)sum->limbs[(lowest - 1) / 32] >> (lowest - 1) % 32 & 1, sticky = false;
    for (int bit = 0; bit < lowest - 1 && !sticky; bit++) {
      sticky = (uint64_t)sum->limbs[bit / 32] >> bit % 32 & 1;
    }
    if (half && (sticky || (kept & 1))) kept++;
  }
  double result = ldexp((double)kept, lowest - 1074);
  return negative ? -result : result;
}
