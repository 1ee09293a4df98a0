// Decimal text to double. The first 19 digits times a 128-bit power of ten bound the value from both
// sides; when both bounds round to the same double that is the answer, otherwise the exact digits are
// compared with the point halfway between the two candidates.
#include "number/parse.h"

#include <math.h>

#include "number/arithmetic.h"
#include "number/fixed_integer.h"
#include "number/powers_of_ten.h"
#include "text/unicode.h"

enum {
  SIGNIFICANT_DIGITS = 19,  // fit 64 bits
  // No halfway point between doubles has more digits than 767; beyond them only "something follows" counts.
  EXACT_DIGITS = 780,
  // Exponents past this are all the same: zero or infinity whatever the digits.
  EXPONENT_LIMIT = 1000000000,
  PIECE = 4096,
  DIGITS_PER_UNIT = 8,  // how often long texts are paid for, and at which rate
};

typedef struct DecimalScan {
  uint64_t digits;      // the first 19 significant digits
  int64_t exponent;     // of ten, for `digits` as an integer
  bool truncated;       // significant digits that are not zero follow
  uint32_t start, end;  // the significand's place in the text
  uint32_t consumed;
} DecimalScan;

static ALWAYS_INLINE uint32_t unit_at(TextView text, bool is_wide, uint32_t index) {
  return is_wide ? text.wide[index] : text.narrow[index];
}

static ALWAYS_INLINE uint32_t scan_exponent(TextView text, bool is_wide, bool separators, Fuel *fuel, uint32_t i,
                                            int64_t *exponent) {
  uint32_t start = i++;  // at the e
  if (i >= text.length) return start;
  bool negative = unit_at(text, is_wide, i) == '-';
  if (negative || unit_at(text, is_wide, i) == '+') i++;
  if (i >= text.length || unit_at(text, is_wide, i) - '0' > 9) return start;
  int64_t value = 0;
  for (; i < text.length; i++) {
    if (UNLIKELY(i % PIECE == PIECE - 1) && !fuel_charge(fuel, PIECE / DIGITS_PER_UNIT)) break;
    uint32_t digit = unit_at(text, is_wide, i) - '0';
    if (digit > 9) {
      if (separators && unit_at(text, is_wide, i) == '_') continue;
      break;
    }
    if (value < EXPONENT_LIMIT * (int64_t)10) value = value * 10 + digit;
  }
  *exponent += negative ? -value : value;
  return i;
}

static ALWAYS_INLINE bool scan_decimal(TextView text, bool is_wide, bool separators, Fuel *fuel, DecimalScan *scan) {
  uint64_t digits = 0;
  uint32_t count = 0, i = 0;  // count: significant digits seen
  int64_t exponent = 0;
  bool any = false, after_point = false, truncated = false;
  for (; i < text.length; i++) {
    if (UNLIKELY(i % PIECE == PIECE - 1) && !fuel_charge(fuel, PIECE / DIGITS_PER_UNIT)) return false;
    uint32_t unit = unit_at(text, is_wide, i), digit = unit - '0';
    if (digit <= 9) {
      any = true;
      if (count == 0 && digit == 0) {
        exponent -= after_point;
      } else if (count < SIGNIFICANT_DIGITS) {
        digits = digits * 10 + digit;
        count++;
        exponent -= after_point;
      } else {
        truncated |= digit != 0;
        exponent += !after_point;
      }
    } else if (unit == '.' && !after_point) {
      after_point = true;
    } else if (!(separators && unit == '_')) {
      break;
    }
  }
  if (!any) return false;
  scan->start = 0;
  scan->end = i;
  if (i < text.length && (unit_at(text, is_wide, i) | 0x20) == 'e') {
    i = scan_exponent(text, is_wide, separators, fuel, i, &exponent);
  }
  scan->digits = digits;
  scan->exponent = exponent;
  scan->truncated = truncated;
  scan->consumed = i;
  return true;
}

// The double nearest to (high:middle:low as one integer) * 2^exponent, ties to even.
static double round_192(uint64_t high, uint64_t middle, uint64_t low, int exponent) {
  if (high == 0) return 0;
  int shift = __builtin_clzll(high);
  uint64_t top = shift ? high << shift | middle >> (64 - shift) : high;
  bool sticky = (shift ? middle << shift : middle) != 0 || low != 0;
  int binary = exponent + 128 + 63 - shift;  // of the leading bit
  int drop = 11;                             // 64 - 53
  if (binary < -1022) drop += -1022 - binary;
  if (binary > 1023) return INFINITY;
  if (drop > 64) return 0;
  uint64_t kept = drop == 64 ? 0 : top >> drop;
  uint64_t half = (uint64_t)1 << (drop - 1), rest = drop == 64 ? top : top & ((half << 1) - 1);
  if (rest > half || (rest == half && (sticky || (kept & 1)))) kept++;
  // A carry out of the fraction moves into the exponent by itself, up to infinity.
  uint64_t biased = binary < -1022 ? 0 : (uint64_t)(binary + 1022);
  return number_from_bits((biased << 52) + kept);
}

// Bounds of digits * 10^exponent for -351 <= exponent <= 350: the doubles that the value may round to.
static void round_product(uint64_t digits, int exponent, double *lowest, double *highest) {
  int shift = __builtin_clzll(digits);
  digits <<= shift;
  Bits128 power = power_of_ten_bits(exponent);
  Bits128 low = multiply_64(power.low, digits), high = multiply_64(power.high, digits);
  uint64_t middle = high.low + low.high;
  uint64_t top = high.high + (middle < low.high);
  int binary = power_of_ten_log2(exponent) - 127 - shift;
  *lowest = round_192(top, middle, low.low, binary);
  *highest = *lowest;
  if (exponent >= 0 && exponent <= 55) return;  // 5^55 fits 128 bits: the product is exact
  uint64_t next = low.low + digits;
  if (next < low.low && ++middle == 0) top++;
  *highest = round_192(top, middle, next, binary);
}

// Decides between two neighbouring doubles by the exact digits.
static NO_INLINE double round_exactly(TextView text, const DecimalScan *scan, Fuel *fuel, double below, double above) {
  FixedInteger digits, halfway;
  fixed_integer_set(&digits, 0);
  unsigned count = 0;
  bool more = false;
  uint32_t chunk = 0, scale = 1;
  for (uint32_t i = scan->start; i < scan->end; i++) {
    if (UNLIKELY(i % PIECE == PIECE - 1) && !fuel_charge(fuel, PIECE / DIGITS_PER_UNIT)) break;
    uint32_t digit = text_view_unit(text, i) - (uint32_t)'0';
    if (digit > 9 || (count == 0 && digit == 0)) continue;
    if (count++ >= EXACT_DIGITS) {
      more |= digit != 0;
      continue;
    }
    chunk = chunk * 10 + digit;
    scale *= 10;
    if (scale == 1000000000) {
      fixed_integer_multiply_add(&digits, scale, chunk);
      chunk = 0;
      scale = 1;
    }
  }
  if (scale > 1) fixed_integer_multiply_add(&digits, scale, chunk);
  // Exponent of the last digit kept; scan->exponent is that of the 19th.
  unsigned kept = MIN_OF(count, EXACT_DIGITS);
  int exponent = (int)scan->exponent - (int)(kept - MIN_OF(kept, SIGNIFICANT_DIGITS));
  if (more) {
    fixed_integer_multiply_add(&digits, 10, 1);
    exponent--;
  }
  uint64_t bits = number_to_bits(below), mantissa = bits & (((uint64_t)1 << 52) - 1);
  int binary = (int)(bits >> 52);
  if (binary == 0) {
    binary = 1;
  } else {
    mantissa |= (uint64_t)1 << 52;
  }
  binary -= 1075 + 1;
  fixed_integer_set(&halfway, mantissa * 2 + 1);
  if (exponent >= 0) {
    fixed_integer_multiply_power_of_five(&digits, (unsigned)exponent);
  } else {
    fixed_integer_multiply_power_of_five(&halfway, (unsigned)-exponent);
  }
  binary -= exponent;  // the powers of two of both sides, on the side of halfway
  if (binary >= 0) {
    fixed_integer_shift_left(&halfway, (unsigned)binary);
  } else {
    fixed_integer_shift_left(&digits, (unsigned)-binary);
  }
  int order = fixed_integer_compare(&digits, &halfway);
  if (order == 0) return mantissa & 1 ? above : below;
  return order < 0 ? below : above;
}

static double round_decimal(TextView text, const DecimalScan *scan, Fuel *fuel) {
  static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  uint64_t digits = scan->digits;
  int64_t exponent = scan->exponent;
  if (digits == 0) return 0;
  if (!scan->truncated && digits <= (uint64_t)1 << 53 && exponent >= -22 && exponent <= 22) {
    // Both operands are exact, so one operation rounds once.
    double value = (double)digits;
    return exponent < 0 ? value / exact_powers[-exponent] : value * exact_powers[exponent];
  }
  if (exponent < -345) return 0;
  if (exponent > 309) return INFINITY;
  double lowest, highest, unused;
  round_product(digits, (int)exponent, &lowest, &highest);
  if (scan->truncated) round_product(digits + 1, (int)exponent, &unused, &highest);
  return lowest == highest ? lowest : round_exactly(text, scan, fuel, lowest, highest);
}

double number_parse_decimal(TextView text, bool separators, Fuel *fuel, uint32_t *consumed) {
  DecimalScan scan;
  bool any = text.is_wide ? scan_decimal(text, true, separators, fuel, &scan)
                          : scan_decimal(text, false, separators, fuel, &scan);
  *consumed = any ? scan.consumed : 0;
  return any ? round_decimal(text, &scan, fuel) : 0;
}

static unsigned digit_value(uint32_t unit) {
  if (unit - '0' <= 9) return unit - '0';
  unsigned letter = (unit | 0x20) - 'a';
  return letter < 26 && unit < 0x80 ? letter + 10 : 99;
}

// Radices that are powers of two: the bits as they come, rounded once at the 53rd.
static double parse_bits(TextView text, unsigned bits_per_digit, bool separators, Fuel *fuel, uint32_t *consumed) {
  uint64_t bits = 0;
  int64_t dropped = 0;
  bool sticky = false;
  uint32_t i = 0;
  for (; i < text.length; i++) {
    if (UNLIKELY(i % PIECE == PIECE - 1) && !fuel_charge(fuel, PIECE / DIGITS_PER_UNIT)) break;
    uint32_t unit = text_view_unit(text, i);
    unsigned digit = digit_value(unit);
    if (digit >= 1u << bits_per_digit) {
      if (separators && unit == '_') continue;
      break;
    }
    if (bits >> (64 - 6)) {  // room for 58 bits is enough to round 53
      sticky |= digit != 0;
      dropped += bits_per_digit;
    } else {
      bits = bits << bits_per_digit | digit;
    }
  }
  *consumed = i;
  if (bits == 0) return 0;
  return dropped > 2000 ? INFINITY : round_192(bits, sticky, 0, (int)dropped - 128);
}

static double fixed_integer_to_double(const FixedInteger *integer) {
  if (integer->count == 0) return 0;
  uint64_t words[3] = {0, 0, 0};
  bool sticky = false;
  uint32_t taken = MIN_OF(integer->count, 6);
  for (uint32_t i = 0; i < taken; i++) {
    words[i / 2] |= (uint64_t)integer->limbs[integer->count - 1 - i] << (i % 2 ? 0 : 32);
  }
  for (uint32_t i = 0; i + taken < integer->count; i++) sticky |= integer->limbs[i] != 0;
  return round_192(words[0], words[1], words[2] | sticky, (int)integer->count * 32 - 192);
}

double number_parse_radix(TextView text, unsigned radix, bool separators, Fuel *fuel, uint32_t *consumed) {
  if ((radix & (radix - 1)) == 0) {
    return parse_bits(text, (unsigned)__builtin_ctz(radix), separators, fuel, consumed);
  }
  FixedInteger integer;
  fixed_integer_set(&integer, 0);
  bool infinite = false;
  uint32_t i = 0, chunk = 0, scale = 1;
  for (; i < text.length; i++) {
    if (UNLIKELY(i % PIECE == PIECE - 1) && !fuel_charge(fuel, PIECE / DIGITS_PER_UNIT)) break;
    uint32_t unit = text_view_unit(text, i);
    unsigned digit = digit_value(unit);
    if (digit >= radix) {
      if (separators && unit == '_') continue;
      break;
    }
    if (infinite) continue;
    chunk = chunk * radix + digit;
    scale *= radix;
    if (scale > UINT32_MAX / 36) {
      fixed_integer_multiply_add(&integer, scale, chunk);
      chunk = 0;
      scale = 1;
      infinite = integer.count > 40;
    }
  }
  *consumed = i;
  if (infinite) return INFINITY;
  if (scale > 1) fixed_integer_multiply_add(&integer, scale, chunk);
  return fixed_integer_to_double(&integer);
}

static TextView trim_start(TextView text, Fuel *fuel) {
  uint32_t start = 0, steps = 0;
  while (start < text.length && unicode_is_trimmed(text_view_unit(text, start)) && fuel_step(fuel, &steps)) start++;
  return text_view_slice(text, start, text.length);
}

static TextView trim(TextView text, Fuel *fuel) {
  text = trim_start(text, fuel);
  uint32_t end = text.length, steps = 0;
  while (end > 0 && unicode_is_trimmed(text_view_unit(text, end - 1)) && fuel_step(fuel, &steps)) end--;
  return text_view_slice(text, 0, end);
}

static bool starts_with(TextView text, const char *prefix) {
  uint32_t i = 0;
  for (; prefix[i]; i++) {
    if (i >= text.length || text_view_unit(text, i) != (uint8_t)prefix[i]) return false;
  }
  return true;
}

// Takes a sign off the front of the text.
static bool take_sign(TextView *text) {
  if (text->length == 0) return false;
  uint32_t first = text_view_unit(*text, 0);
  if (first != '-' && first != '+') return false;
  *text = text_view_slice(*text, 1, text->length);
  return first == '-';
}

static const uint32_t infinity_length = 8;

double number_from_text(TextView text, Fuel *fuel) {
  text = trim(text, fuel);
  if (text.length == 0) return 0;
  uint32_t consumed;
  if (text.length > 2 && text_view_unit(text, 0) == '0') {
    uint32_t letter = text_view_unit(text, 1) | 0x20;
    unsigned radix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (radix && text_view_unit(text, 1) < 0x80) {
      TextView digits = text_view_slice(text, 2, text.length);
      double value = number_parse_radix(digits, radix, false, fuel, &consumed);
      return consumed == digits.length ? value : NAN;
    }
  }
  bool negative = take_sign(&text);
  double value;
  if (text.length == infinity_length && starts_with(text, "Infinity")) {
    value = INFINITY;
  } else {
    value = number_parse_decimal(text, false, fuel, &consumed);
    if (consumed == 0 || consumed != text.length) return NAN;
  }
  return negative ? -value : value;
}

double number_parse_float(TextView text, Fuel *fuel) {
  text = trim_start(text, fuel);
  bool negative = take_sign(&text);
  uint32_t consumed;
  double value = starts_with(text, "Infinity") ? INFINITY : number_parse_decimal(text, false, fuel, &consumed);
  if (!isinf(value) && consumed == 0) return NAN;
  return negative ? -value : value;
}

double number_parse_int(TextView text, int32_t radix, Fuel *fuel) {
  text = trim_start(text, fuel);
  bool negative = take_sign(&text);
  bool prefix = radix == 0 || radix == 16;
  if (radix == 0) radix = 10;
  if (radix < 2 || radix > 36) return NAN;
  if (prefix && (starts_with(text, "0x") || starts_with(text, "0X"))) {
    text = text_view_slice(text, 2, text.length);
    radix = 16;
  }
  uint32_t consumed = 0;
  double value;
  if (radix == 10) {
    uint32_t steps = 0;
    while (consumed < text.length && text_view_unit(text, consumed) - (uint32_t)'0' <= 9 && fuel_step(fuel, &steps))
      consumed++;
    value = number_parse_decimal(text_view_slice(text, 0, consumed), false, fuel, &consumed);
  } else {
    value = number_parse_radix(text, (unsigned)radix, false, fuel, &consumed);
  }
  if (consumed == 0) return NAN;
  return negative ? -value : value;
}

bool number_parse_array_index(TextView text, uint32_t *index) {
  if (text.length == 0 || text.length > 10) return false;
  uint64_t value = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    uint32_t digit = text_view_unit(text, i) - (uint32_t)'0';
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  if (text.length > 1 && text_view_unit(text, 0) == '0') return false;
  *index = (uint32_t)value;
  return value < UINT32_MAX;
}
