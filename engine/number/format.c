// Doubles to text. The shortest digits come from the interval of decimals that read back as the number,
// scaled so that its ends are integers of 64 bits (the idea of Giulietti's Schubfach); fixed numbers of
// digits come from the exact decimal expansion.
// Loops here are bounded: the digits of one double.
#include "number/format.h"

#include <math.h>

#include "number/arithmetic.h"
#include "number/fixed_integer.h"
#include "number/powers_of_ten.h"

enum { EXPANSION_SIZE = 1100 };  // 309 digits before the point, or 1074 after it

unsigned number_uint32_to_text(uint32_t number, char *text) {
  char digits[10];
  unsigned count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  for (unsigned i = 0; i < count; i++) text[i] = digits[count - 1 - i];
  return count;
}

unsigned number_int32_to_text(int32_t number, char *text) {
  if (number >= 0) return number_uint32_to_text((uint32_t)number, text);
  text[0] = '-';
  return 1 + number_uint32_to_text(0u - (uint32_t)number, text + 1);
}

// Nine digits at a time, so that most divisions are of 32 bits.
static unsigned write_uint64(uint64_t number, char *text) {
  const uint32_t chunk = 1000000000;
  if (number < chunk) return number_uint32_to_text((uint32_t)number, text);
  unsigned count = write_uint64(number / chunk, text);  // at most twice
  uint32_t rest = (uint32_t)(number % chunk);
  for (unsigned i = 9; i-- > 0;) {
    text[count + i] = (char)('0' + rest % 10);
    rest /= 10;
  }
  return count + 9;
}

// The top 64 bits of power * scaled, with the lowest one set when anything was cut off.
static uint64_t multiply_round_to_odd(Bits128 power, uint64_t scaled) {
  Bits128 low = multiply_64(power.low, scaled), high = multiply_64(power.high, scaled);
  uint64_t middle = high.low + low.high;
  return (high.high + (middle < low.high)) | (middle > 1);
}

typedef struct ShortDecimal {
  uint64_t digits;
  int exponent;
} ShortDecimal;

static ShortDecimal shortest_decimal(double number) {
  uint64_t bits = number_to_bits(number), fraction = bits & (((uint64_t)1 << 52) - 1);
  int biased = (int)(bits >> 52);
  uint64_t mantissa = biased ? fraction | (uint64_t)1 << 52 : fraction;
  int binary = (biased ? biased : 1) - 1075;
  bool even = (mantissa & 1) == 0, uneven_gap = fraction == 0 && biased > 1;
  // floor(log10(2^binary)), or of 3/4 of it where the gap below is half as wide.
  int k = uneven_gap ? (binary * 1262611 - 524031) >> 22 : (binary * 1262611) >> 22;
  int shift = binary + power_of_ten_log2(-k) + 1;
  Bits128 power = power_of_ten_bits(-k);
  if (++power.low == 0) power.high++;  // rounded up: an upper bound that is close enough
  uint64_t center = multiply_round_to_odd(power, (mantissa * 4) << shift);
  uint64_t lower = multiply_round_to_odd(power, (mantissa * 4 - (uneven_gap ? 1 : 2)) << shift) + !even;
  uint64_t upper = multiply_round_to_odd(power, (mantissa * 4 + 2) << shift) - !even;
  uint64_t floor_digits = center / 4;
  if (floor_digits >= 10) {
    uint64_t tens = floor_digits / 10;
    bool down = lower <= tens * 40, up = tens * 40 + 40 <= upper;
    if (down != up) return (ShortDecimal){tens + up, k + 1};
  }
  bool down = lower <= floor_digits * 4, up = floor_digits * 4 + 4 <= upper;
  if (down != up) return (ShortDecimal){floor_digits + up, k};
  uint64_t middle = floor_digits * 4 + 2;
  bool round_up = center > middle || (center == middle && (floor_digits & 1));
  return (ShortDecimal){floor_digits + round_up, k};
}

unsigned number_shortest_digits(double number, char digits[20], int *point) {
  ShortDecimal decimal;
  if (number < 9007199254740992.0 && number == (double)(uint64_t)number) {
    decimal = (ShortDecimal){(uint64_t)number, 0};
  } else {
    decimal = shortest_decimal(number);
  }
  unsigned count = write_uint64(decimal.digits, digits);
  *point = (int)count + decimal.exponent;
  while (count > 1 && digits[count - 1] == '0') count--;
  return count;
}

static char *write_text(char *to, const char *text) {
  while (*text) *to++ = *text++;
  return to;
}

static char *write_digits(char *to, const char *digits, unsigned count) {
  memcpy(to, digits, count);
  return to + count;
}

static char *write_zeros(char *to, int count) {
  while (count-- > 0) *to++ = '0';
  return to;
}

static char *write_exponent(char *to, int exponent) {
  *to++ = 'e';
  *to++ = exponent < 0 ? '-' : '+';
  return to + number_uint32_to_text((uint32_t)(exponent < 0 ? -exponent : exponent), to);
}

// The digits with the point where it belongs, without an exponent.
static char *write_positional(char *to, const char *digits, int count, int point) {
  if (point <= 0) {
    to = write_zeros(write_text(to, "0."), -point);
    return write_digits(to, digits, (unsigned)count);
  }
  if (point >= count) return write_zeros(write_digits(to, digits, (unsigned)count), point - count);
  to = write_digits(to, digits, (unsigned)point);
  *to++ = '.';
  return write_digits(to, digits + point, (unsigned)(count - point));
}

static char *write_scientific(char *to, const char *digits, unsigned count, int point) {
  *to++ = digits[0];
  if (count > 1) {
    *to++ = '.';
    to = write_digits(to, digits + 1, count - 1);
  }
  return write_exponent(to, point - 1);
}

unsigned number_to_text(double number, char text[NUMBER_TEXT_SIZE]) {
  int32_t integer;
  if (number_is_int32(number, &integer)) return number_int32_to_text(integer, text);
  char *to = text;
  if (number != number) return (unsigned)(write_text(to, "NaN") - text);
  if (number == 0) return (unsigned)(write_text(to, "0") - text);
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  if (number == INFINITY) return (unsigned)(write_text(to, "Infinity") - text);
  if (number < 9007199254740992.0 && number == (double)(uint64_t)number) {
    return (unsigned)(to - text) + write_uint64((uint64_t)number, to);
  }
  char digits[20];
  int point;
  unsigned count = number_shortest_digits(number, digits, &point);
  to = point > -6 && point <= 21 ? write_positional(to, digits, (int)count, point)
                                 : write_scientific(to, digits, count, point);
  return (unsigned)(to - text);
}

// Every decimal digit of a finite number above zero: value = 0.d1d2d3... * 10^point.
static unsigned exact_digits(double number, char digits[EXPANSION_SIZE], int *point) {
  uint64_t bits = number_to_bits(number), mantissa = bits & (((uint64_t)1 << 52) - 1);
  int binary = (int)(bits >> 52);
  if (binary == 0) {
    binary = 1;
  } else {
    mantissa |= (uint64_t)1 << 52;
  }
  binary -= 1075;
  int zeros = __builtin_ctzll(mantissa);
  mantissa >>= zeros;
  binary += zeros;
  FixedInteger integer;
  fixed_integer_set(&integer, mantissa);
  int decimals = 0;
  if (binary >= 0) {
    fixed_integer_shift_left(&integer, (unsigned)binary);
  } else {
    decimals = -binary;
    fixed_integer_multiply_power_of_five(&integer, (unsigned)decimals);
  }
  unsigned start = EXPANSION_SIZE;
  while (integer.count > 0) {
    uint32_t chunk = fixed_integer_divide_small(&integer, 1000000000);
    for (int i = 0; i < 9 && (chunk || integer.count > 0); i++) {
      digits[--start] = (char)('0' + chunk % 10);
      chunk /= 10;
    }
  }
  unsigned count = EXPANSION_SIZE - start;
  memmove(digits, digits + start, count);
  *point = (int)count - decimals;
  return count;
}

// Keeps `wanted` digits (which may be none, or more than there are), rounding halves up. Returns how
// many digits are left: `wanted`, or one more when the carry ran over.
static int round_digits(char *digits, int count, int wanted, int *point) {
  if (wanted < 0) return 0;
  if (wanted >= count) {
    memset(digits + count, '0', (size_t)(wanted - count));
    return wanted;
  }
  bool up = digits[wanted] >= '5';
  if (!up) return wanted;
  int i = wanted;
  while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
  if (i > 0) {
    digits[i - 1]++;
    return wanted;
  }
  memmove(digits + 1, digits, (size_t)wanted);
  digits[0] = '1';
  ++*point;
  return wanted + 1;
}

// OPTIMIZATION: number * 10^fraction_digits rounded half up, where that and the exact product on the way are
// small enough for machine arithmetic. `number` is finite and above zero.
static bool scale_quickly(double number, unsigned fraction_digits, uint64_t *scaled) {
  uint64_t bits = number_to_bits(number);
  int shift = 1075 - (int)(bits >> 52);  // number = mantissa / 2^shift
  if (fraction_digits > 19 || shift < 1 || shift > 116 || bits >> 52 == 0) return false;
  uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
  Bits128 product = multiply_64(mantissa, power_of_five_small[fraction_digits] << fraction_digits);
  unsigned half = (unsigned)shift - 1;  // the bit to add before cutting off
  if (half < 64) {
    product.low += (uint64_t)1 << half;
    product.high += product.low < (uint64_t)1 << half;
  } else {
    product.high += (uint64_t)1 << (half - 64);
  }
  if (shift >= 64) {
    *scaled = product.high >> (shift - 64);
    return true;
  }
  if (product.high >> shift) return false;
  *scaled = product.high << (64 - shift) | product.low >> shift;
  return true;
}

static char *write_scaled(char *to, uint64_t scaled, unsigned fraction_digits) {
  char digits[24];
  unsigned count = write_uint64(scaled, digits);
  if (count > fraction_digits) return write_positional(to, digits, (int)count, (int)(count - fraction_digits));
  to = write_text(to, "0.");
  to = write_zeros(to, (int)(fraction_digits - count));
  return write_digits(to, digits, count);
}

unsigned number_to_fixed(double number, unsigned fraction_digits, char text[NUMBER_FIXED_SIZE]) {
  char digits[EXPANSION_SIZE + 128];
  char *to = text;
  int point = 1, count = 0;
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  uint64_t scaled;
  if (number > 0 && scale_quickly(number, fraction_digits, &scaled)) {
    return (unsigned)(write_scaled(to, scaled, fraction_digits) - text);
  }
  if (number != 0) {
    count = (int)exact_digits(number, digits, &point);
    count = round_digits(digits, count, point + (int)fraction_digits, &point);
  }
  if (count == 0) {  // nothing is left of it
    *to++ = '0';
    if (fraction_digits) *to++ = '.';
    return (unsigned)(write_zeros(to, (int)fraction_digits) - text);
  }
  // Now `count` digits end exactly `fraction_digits` behind the point.
  to = write_positional(to, digits, count, point);
  return (unsigned)(to - text);
}

unsigned number_to_exponential(double number, int fraction_digits, char text[NUMBER_FIXED_SIZE]) {
  char digits[EXPANSION_SIZE + 128];
  char *to = text;
  int point = 1, count;
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  if (number == 0) {
    count = MAX_OF(fraction_digits, 0) + 1;
    memset(digits, '0', (size_t)count);
  } else if (fraction_digits < 0) {
    count = (int)number_shortest_digits(number, digits, &point);
  } else {
    count = (int)exact_digits(number, digits, &point);
    count = MIN_OF(round_digits(digits, count, fraction_digits + 1, &point), fraction_digits + 1);
  }
  return (unsigned)(write_scientific(to, digits, (unsigned)count, point) - text);
}

unsigned number_to_precision(double number, unsigned precision, char text[NUMBER_FIXED_SIZE]) {
  char digits[EXPANSION_SIZE + 128];
  char *to = text;
  int point = 1;
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  if (number == 0) {
    memset(digits, '0', precision);
  } else {
    int count = (int)exact_digits(number, digits, &point);
    round_digits(digits, count, (int)precision, &point);
  }
  if (point - 1 < -6 || point > (int)precision)
    return (unsigned)(write_scientific(to, digits, precision, point) - text);
  return (unsigned)(write_positional(to, digits, (int)precision, point) - text);
}

static const char radix_digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

// Writes the digits of `fraction` that tell the number apart; returns their end. When rounding carries out
// of the fraction, `integer` goes up by one and nothing is written.
static char *write_radix_fraction(char *to, double number, double fraction, unsigned radix, double *integer) {
  // Half the distance to the next double: digits below it say nothing.
  double gap = 0.5 * (number_from_bits(number_to_bits(number) + 1) - number);
  if (gap < 5e-324) gap = 5e-324;
  if (fraction < gap) return to;
  char *start = to;
  *to++ = '.';
  do {
    fraction *= radix;
    gap *= radix;
    unsigned digit = (unsigned)fraction;
    *to++ = radix_digits[digit];
    fraction -= digit;
    bool over_half = fraction > 0.5 || (fraction == 0.5 && (digit & 1));
    if (over_half && fraction + gap > 1) {  // the next digit up is within the gap too: round and stop
      for (;;) {
        if (--to == start) {
          *integer += 1;
          return start;
        }
        unsigned value = *to <= '9' ? (unsigned)(*to - '0') : (unsigned)(*to - 'a' + 10);
        if (value + 1 < radix) {
          *to++ = radix_digits[value + 1];
          return to;
        }
      }
    }
  } while (fraction >= gap);
  return to;
}

unsigned number_to_radix(double number, unsigned radix, char text[NUMBER_RADIX_SIZE]) {
  char *to = text;
  if (number != number) return (unsigned)(write_text(to, "NaN") - text);
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  if (number == INFINITY) return (unsigned)(write_text(to, "Infinity") - text);
  double integer = floor(number);
  char fraction[1100];
  char *fraction_end = write_radix_fraction(fraction, number, number - integer, radix, &integer);
  char reversed[1100];
  unsigned count = 0;
  // The low digits of what is far above 2^53 are unknown: they are written as zeros.
  while (integer / radix >= 9007199254740992.0) {
    integer /= radix;
    reversed[count++] = '0';
  }
  do {
    double remainder = fmod(integer, radix);
    reversed[count++] = radix_digits[(unsigned)remainder];
    integer = (integer - remainder) / radix;
  } while (integer > 0);
  while (count > 0) *to++ = reversed[--count];
  return (unsigned)(write_digits(to, fraction, (unsigned)(fraction_end - fraction)) - text);
}
