#include "temporal/rounding.h"

#include <math.h>

static const struct {
  int64_t nanoseconds;
  uint16_t per_larger;
} unit_table[UNITS] = {
    [UNIT_DAY] = {NANOSECONDS_PER_DAY, 0},
    [UNIT_HOUR] = {NANOSECONDS_PER_HOUR, 24},
    [UNIT_MINUTE] = {NANOSECONDS_PER_MINUTE, 60},
    [UNIT_SECOND] = {NANOSECONDS_PER_SECOND, 60},
    [UNIT_MILLISECOND] = {1000000, 1000},
    [UNIT_MICROSECOND] = {1000, 1000},
    [UNIT_NANOSECOND] = {1, 1000},
};

int64_t unit_nanoseconds(TemporalUnit unit) { return unit_table[unit].nanoseconds; }
uint32_t unit_maximum_increment(TemporalUnit unit) { return unit_table[unit].per_larger; }

bool rounding_expands(RoundingMode mode, bool is_negative, int half, bool is_even) {
  switch (mode) {
    case ROUND_CEIL: return !is_negative;
    case ROUND_FLOOR: return is_negative;
    case ROUND_EXPAND: return true;
    case ROUND_TRUNC: return false;
    default: break;
  }
  if (half != 0) return half > 0;
  switch (mode) {
    case ROUND_HALF_CEIL: return !is_negative;
    case ROUND_HALF_FLOOR: return is_negative;
    case ROUND_HALF_EXPAND: return true;
    case ROUND_HALF_EVEN: return !is_even;
    default: return false;
  }
}

RoundingMode rounding_mode_negate(RoundingMode mode) {
  switch (mode) {
    case ROUND_CEIL: return ROUND_FLOOR;
    case ROUND_FLOOR: return ROUND_CEIL;
    case ROUND_HALF_CEIL: return ROUND_HALF_FLOOR;
    case ROUND_HALF_FLOOR: return ROUND_HALF_CEIL;
    default: return mode;
  }
}

// `quotient` increments are the multiple at or below the number.
static Nanoseconds round_between(Nanoseconds number, Nanoseconds quotient, Nanoseconds increment, RoundingMode mode,
                                 bool is_negative) {
  Nanoseconds rest = number - quotient * increment;
  if (rest == 0) return number;
  bool expands = rounding_expands(mode, is_negative, sign_of(2 * rest - increment), quotient % 2 == 0);
  return (quotient + expands) * increment;
}

Nanoseconds round_to_increment(Nanoseconds number, Nanoseconds increment, RoundingMode mode) {
  bool is_negative = number < 0;
  Nanoseconds magnitude = is_negative ? -number : number;
  Nanoseconds rounded = round_between(magnitude, magnitude / increment, increment, mode, is_negative);
  return is_negative ? -rounded : rounded;
}

Nanoseconds round_as_if_positive(Nanoseconds number, Nanoseconds increment, RoundingMode mode) {
  return round_between(number, nanoseconds_divide_floor(number, increment), increment, mode, false);
}

int64_t round_time(int64_t time, int64_t increment, TemporalUnit unit, RoundingMode mode) {
  // Units below an hour are counted from the start of the next larger one: halfEven can tell.
  int64_t start = unit <= UNIT_HOUR ? 0 : time - time % unit_nanoseconds(unit - 1);
  return start + (int64_t)round_to_increment(time - start, (Nanoseconds)increment * unit_nanoseconds(unit), mode);
}

IsoDateTime round_date_time(IsoDateTime iso, int64_t increment, TemporalUnit unit, RoundingMode mode) {
  return iso_add(iso_midnight(iso.date), round_time(iso.time, increment, unit, mode));
}

// bounded: the bits of the result and its leading zeros.
double exact_quotient(Nanoseconds dividend, Nanoseconds divisor) {
  unsigned __int128 magnitude = (unsigned __int128)(dividend < 0 ? -dividend : dividend);
  unsigned __int128 quotient = magnitude / (unsigned __int128)divisor;
  unsigned __int128 rest = magnitude % (unsigned __int128)divisor;
  if (magnitude == 0) return 0;
  // 62 bits of the quotient, and one that tells whether anything follows: the conversion then rounds once.
  int exponent = 0;
  bool is_inexact = false;
  for (; quotient >> 62; quotient >>= 1, exponent++) is_inexact |= quotient & 1;
  if (exponent > 0) is_inexact |= rest != 0;
  for (; exponent <= 0 && !(quotient >> 61); exponent--) {
    rest <<= 1;
    bool bit = rest >= (unsigned __int128)divisor;
    if (bit) rest -= (unsigned __int128)divisor;
    quotient = quotient << 1 | bit;
  }
  is_inexact |= rest != 0;
  double result = ldexp((double)((uint64_t)quotient << 1 | is_inexact), exponent - 1);
  return dividend < 0 ? -result : result;
}
