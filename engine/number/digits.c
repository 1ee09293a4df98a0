#include "number/digits.h"

#include <math.h>

#include "number/arithmetic.h"
#include "number/magnitude.h"
#include "text/unicode.h"

enum { LIMB_BITS = 32, DIGITS_LIMIT_LIMBS = DIGITS_LIMIT_BITS / LIMB_BITS };

void digits_initialize(Digits *digits, Memory *memory, Fuel *fuel) {
  digits->memory = memory;
  digits->fuel = fuel;
  digits->limbs = digits->inline_limbs;
  digits->count = 0;
  digits->capacity = DIGITS_INLINE_LIMBS;
  digits->negative = false;
}

void digits_release(Digits *digits) {
  if (digits->limbs != digits->inline_limbs) {
    memory_release(digits->memory, digits->limbs, (size_t)digits->capacity * sizeof(uint32_t));
  }
  digits_initialize(digits, digits->memory, digits->fuel);
}

// Makes room for `count` limbs, dropping what was there, and charges for writing them.
static DigitsStatus digits_reserve(Digits *digits, uint32_t count) {
  if (count > digits->capacity) {
    uint32_t *limbs = memory_allocate(digits->memory, (size_t)count * sizeof *limbs);
    if (!limbs) return DIGITS_OUT_OF_MEMORY;
    digits_release(digits);
    digits->limbs = limbs;
    digits->capacity = count;
  }
  digits->count = count;
  digits->negative = false;
  if (digits->fuel && count > 64 && !fuel_charge(digits->fuel, (int32_t)(count / 16))) return DIGITS_INTERRUPTED;
  return DIGITS_DONE;
}

// Drops leading zeros, gives the sign, and holds the result to the size limit.
static DigitsStatus digits_finish(Digits *digits, bool negative) {
  digits->count = magnitude_count(digits->limbs, digits->count);
  digits->negative = negative && digits->count > 0;
  if (digits->count > DIGITS_LIMIT_LIMBS) return DIGITS_TOO_LARGE;
  return DIGITS_DONE;
}

static DigitsStatus status_from_magnitude(MagnitudeStatus status) {
  switch (status) {
    case MAGNITUDE_OUT_OF_MEMORY: return DIGITS_OUT_OF_MEMORY;
    case MAGNITUDE_INTERRUPTED: return DIGITS_INTERRUPTED;
    default: return DIGITS_DONE;
  }
}

static MagnitudeContext context_of(const Digits *digits) { return (MagnitudeContext){digits->memory, digits->fuel}; }

static uint64_t bit_length(DigitsView a) {
  if (a.count == 0) return 0;
  return (uint64_t)a.count * LIMB_BITS - (unsigned)__builtin_clz(a.limbs[a.count - 1]);
}

DigitsStatus digits_copy(Digits *result, DigitsView a) {
  DigitsStatus status = digits_reserve(result, a.count);
  if (status != DIGITS_DONE) return status;
  if (a.count) memcpy(result->limbs, a.limbs, (size_t)a.count * sizeof *a.limbs);
  result->negative = a.negative;
  return DIGITS_DONE;
}

DigitsStatus digits_from_uint64(Digits *result, uint64_t number) {
  result->limbs[0] = (uint32_t)number;
  result->limbs[1] = (uint32_t)(number >> LIMB_BITS);
  result->count = 2;
  return digits_finish(result, false);
}

DigitsStatus digits_from_int64(Digits *result, int64_t number) {
  DigitsStatus status = digits_from_uint64(result, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
  result->negative = number < 0;
  return status;
}

DigitsStatus digits_from_double(Digits *result, double number) {
  if (!number_is_finite(number) || number != trunc(number)) return DIGITS_NOT_A_NUMBER;
  double magnitude = fabs(number);
  if (magnitude < 18446744073709551616.0) {
    DigitsStatus status = digits_from_uint64(result, (uint64_t)magnitude);
    result->negative = number < 0;
    return status;
  }
  uint64_t bits = number_to_bits(magnitude), mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
  unsigned exponent = (unsigned)(bits >> 52) - 1075;
  uint32_t low[2] = {(uint32_t)mantissa, (uint32_t)(mantissa >> LIMB_BITS)};
  DigitsStatus status = digits_reserve(result, exponent / LIMB_BITS + 3);
  if (status != DIGITS_DONE) return status;
  memset(result->limbs, 0, (size_t)result->count * sizeof(uint32_t));
  magnitude_shift_left(result->limbs + exponent / LIMB_BITS, low, 2, exponent % LIMB_BITS);
  return digits_finish(result, number < 0);
}

DigitsStatus digits_negate(Digits *result, DigitsView a) {
  DigitsStatus status = digits_copy(result, a);
  result->negative = !a.negative && a.count > 0;
  return status;
}

static DigitsStatus add_signed(Digits *result, DigitsView a, DigitsView b) {
  int order = magnitude_compare(a.limbs, a.count, b.limbs, b.count);
  if (order < 0) {
    DigitsView larger = b;
    b = a;
    a = larger;
  }
  DigitsStatus status = digits_reserve(result, a.count + 1);
  if (status != DIGITS_DONE) return status;
  if (a.negative == b.negative) {
    magnitude_add(result->limbs, a.limbs, a.count, b.limbs, b.count);
  } else {
    magnitude_subtract(result->limbs, a.limbs, a.count, b.limbs, b.count);
    result->limbs[a.count] = 0;
  }
  return digits_finish(result, a.negative);
}

DigitsStatus digits_add(Digits *result, DigitsView a, DigitsView b) { return add_signed(result, a, b); }

DigitsStatus digits_subtract(Digits *result, DigitsView a, DigitsView b) {
  b.negative = !b.negative;
  return add_signed(result, a, b);
}

DigitsStatus digits_multiply(Digits *result, DigitsView a, DigitsView b) {
  if (a.count == 0 || b.count == 0) return digits_from_uint64(result, 0);
  if (bit_length(a) + bit_length(b) - 1 > DIGITS_LIMIT_BITS) return DIGITS_TOO_LARGE;
  DigitsStatus status = digits_reserve(result, a.count + b.count);
  if (status != DIGITS_DONE) return status;
  MagnitudeContext context = context_of(result);
  status = status_from_magnitude(magnitude_multiply(&context, result->limbs, a.limbs, a.count, b.limbs, b.count));
  return status == DIGITS_DONE ? digits_finish(result, a.negative != b.negative) : status;
}

// Either result may be NULL.
static DigitsStatus divide(Digits *quotient, Digits *remainder, Digits *scratch, DigitsView a, DigitsView b) {
  if (b.count == 0) return DIGITS_DIVISION_BY_ZERO;
  Digits *rest = remainder ? remainder : scratch;
  DigitsStatus status = digits_copy(rest, a);
  if (status != DIGITS_DONE) return status;
  if (magnitude_compare(a.limbs, a.count, b.limbs, b.count) < 0) {
    return quotient ? digits_from_uint64(quotient, 0) : DIGITS_DONE;
  }
  if (quotient) {
    status = digits_reserve(quotient, b.count == 1 ? a.count : a.count - b.count + 1);
    if (status != DIGITS_DONE) return status;
  }
  MagnitudeContext context = context_of(rest);
  status = status_from_magnitude(
      magnitude_divide(&context, quotient ? quotient->limbs : NULL, rest->limbs, a.count, b.limbs, b.count));
  if (status == DIGITS_DONE && quotient) status = digits_finish(quotient, a.negative != b.negative);
  if (status == DIGITS_DONE) status = digits_finish(rest, a.negative);
  return status;
}

DigitsStatus digits_divide(Digits *result, DigitsView a, DigitsView b) {
  Digits scratch;
  digits_initialize(&scratch, result->memory, result->fuel);
  DigitsStatus status = divide(result, NULL, &scratch, a, b);
  digits_release(&scratch);
  return status;
}

DigitsStatus digits_remainder(Digits *result, DigitsView a, DigitsView b) { return divide(NULL, result, NULL, a, b); }

static DigitsStatus shift_left_by(Digits *result, DigitsView a, uint64_t by) {
  if (a.count == 0) return digits_from_uint64(result, 0);
  if (by > DIGITS_LIMIT_BITS || bit_length(a) + by > DIGITS_LIMIT_BITS) return DIGITS_TOO_LARGE;
  uint32_t limbs = (uint32_t)(by / LIMB_BITS);
  DigitsStatus status = digits_reserve(result, a.count + limbs + 1);
  if (status != DIGITS_DONE) return status;
  memset(result->limbs, 0, (size_t)limbs * sizeof(uint32_t));
  magnitude_shift_left(result->limbs + limbs, a.limbs, a.count, by % LIMB_BITS);
  return digits_finish(result, a.negative);
}

static DigitsStatus shift_right_by(Digits *result, DigitsView a, uint64_t by) {
  if (by >= bit_length(a)) return digits_from_int64(result, a.negative ? -1 : 0);
  uint32_t limbs = (uint32_t)(by / LIMB_BITS), count = a.count - limbs;
  unsigned bits = by % LIMB_BITS;
  bool lost = (a.limbs[limbs] & ((1u << bits) - 1)) != 0;
  for (uint32_t i = 0; i < limbs && !lost; i++) lost = a.limbs[i] != 0;
  DigitsStatus status = digits_reserve(result, count + 1);
  if (status != DIGITS_DONE) return status;
  magnitude_shift_right(result->limbs, a.limbs + limbs, count, bits);
  result->limbs[count] = 0;
  if (a.negative && lost) {  // towards minus infinity
    uint32_t one = 1;
    magnitude_add(result->limbs, result->limbs, count, &one, 1);
  }
  return digits_finish(result, a.negative);
}

static uint64_t shift_amount(DigitsView by) {
  if (by.count == 0) return 0;
  return by.count == 1 ? by.limbs[0] : UINT64_MAX / 2;
}

DigitsStatus digits_shift_left(Digits *result, DigitsView a, DigitsView by) {
  return by.negative ? shift_right_by(result, a, shift_amount(by)) : shift_left_by(result, a, shift_amount(by));
}

DigitsStatus digits_shift_right(Digits *result, DigitsView a, DigitsView by) {
  return by.negative ? shift_left_by(result, a, shift_amount(by)) : shift_right_by(result, a, shift_amount(by));
}

static bool is_power_of_two(DigitsView a) {
  uint32_t top = a.limbs[a.count - 1];
  if (top & (top - 1)) return false;
  for (uint32_t i = 0; i + 1 < a.count; i++) {
    if (a.limbs[i]) return false;
  }
  return true;
}

static DigitsStatus power_by_squaring(Digits *result, DigitsView base, uint32_t exponent) {
  Digits temporary;
  digits_initialize(&temporary, result->memory, result->fuel);
  Digits *value = result, *next = &temporary, *swap;
  DigitsStatus status = digits_copy(value, base);
  for (int bit = 30 - __builtin_clz(exponent); bit >= 0 && status == DIGITS_DONE; bit--) {
    status = digits_multiply(next, digits_view(value), digits_view(value));
    swap = value, value = next, next = swap;
    if (status == DIGITS_DONE && (exponent >> bit & 1)) {
      status = digits_multiply(next, digits_view(value), base);
      swap = value, value = next, next = swap;
    }
  }
  if (status == DIGITS_DONE && value != result) status = digits_copy(result, digits_view(value));
  digits_release(&temporary);
  return status;
}

DigitsStatus digits_power(Digits *result, DigitsView base, DigitsView exponent) {
  if (exponent.negative) return DIGITS_NEGATIVE_EXPONENT;
  if (exponent.count == 0) return digits_from_uint64(result, 1);
  if (base.count == 0) return digits_from_uint64(result, 0);
  bool odd = exponent.limbs[0] & 1;
  if (base.count == 1 && base.limbs[0] == 1) return digits_from_int64(result, base.negative && odd ? -1 : 1);
  if (exponent.count > 1) return DIGITS_TOO_LARGE;
  uint64_t least_bits = (bit_length(base) - 1) * exponent.limbs[0];
  if (bit_length(base) > DIGITS_LIMIT_BITS || least_bits >= DIGITS_LIMIT_BITS) return DIGITS_TOO_LARGE;
  if (is_power_of_two(base)) {
    uint32_t one = 1;
    return shift_left_by(result, (DigitsView){&one, 1, base.negative && odd}, least_bits);
  }
  return power_by_squaring(result, base, exponent.limbs[0]);
}

// The limbs of the infinite two's complement form, from the lowest up; `carry` starts at 1.
static inline uint32_t complement_limb(DigitsView a, uint32_t index, uint32_t *carry) {
  uint32_t limb = index < a.count ? a.limbs[index] : 0;
  if (!a.negative) return limb;
  uint32_t complement = ~limb + *carry;
  *carry = *carry && limb == 0;
  return complement;
}

// Turns two's complement limbs of a negative number into its magnitude.
static void complement_in_place(uint32_t *limbs, uint32_t count) {
  uint32_t carry = 1;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t limb = limbs[i];
    limbs[i] = ~limb + carry;
    carry = carry && limb == 0;
  }
}

typedef enum BitwiseOperation { BITWISE_AND, BITWISE_OR, BITWISE_XOR } BitwiseOperation;

static DigitsStatus bitwise(Digits *result, DigitsView a, DigitsView b, BitwiseOperation operation) {
  uint32_t count = MAX_OF(a.count, b.count) + 1;
  DigitsStatus status = digits_reserve(result, count);
  if (status != DIGITS_DONE) return status;
  uint32_t a_carry = 1, b_carry = 1;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t x = complement_limb(a, i, &a_carry), y = complement_limb(b, i, &b_carry);
    result->limbs[i] = operation == BITWISE_AND ? x & y : operation == BITWISE_OR ? x | y : x ^ y;
  }
  bool negative = result->limbs[count - 1] >> 31;
  if (negative) complement_in_place(result->limbs, count);
  return digits_finish(result, negative);
}

DigitsStatus digits_and(Digits *result, DigitsView a, DigitsView b) { return bitwise(result, a, b, BITWISE_AND); }
DigitsStatus digits_or(Digits *result, DigitsView a, DigitsView b) { return bitwise(result, a, b, BITWISE_OR); }
DigitsStatus digits_xor(Digits *result, DigitsView a, DigitsView b) { return bitwise(result, a, b, BITWISE_XOR); }

DigitsStatus digits_not(Digits *result, DigitsView a) {
  uint32_t one = 1;  // ~a = -a - 1 = -(a + 1)
  DigitsStatus status = add_signed(result, a, (DigitsView){&one, 1, false});
  result->negative = !result->negative && result->count > 0;
  return status;
}

// The lowest `bits` bits in two's complement, not yet finished.
static DigitsStatus low_bits(Digits *result, uint32_t bits, DigitsView a) {
  uint32_t count = (bits + LIMB_BITS - 1) / LIMB_BITS, carry = 1;
  DigitsStatus status = digits_reserve(result, count);
  if (status != DIGITS_DONE) return status;
  for (uint32_t i = 0; i < count; i++) result->limbs[i] = complement_limb(a, i, &carry);
  if (bits % LIMB_BITS) result->limbs[count - 1] &= (1u << bits % LIMB_BITS) - 1;
  return DIGITS_DONE;
}

DigitsStatus digits_as_uint_n(Digits *result, double bits, DigitsView a) {
  if (bits == 0 || a.count == 0) return digits_from_uint64(result, 0);
  if (!a.negative && (double)bit_length(a) <= bits) return digits_copy(result, a);
  if (bits > DIGITS_LIMIT_BITS) return DIGITS_TOO_LARGE;
  DigitsStatus status = low_bits(result, (uint32_t)bits, a);
  return status == DIGITS_DONE ? digits_finish(result, false) : status;
}

DigitsStatus digits_as_int_n(Digits *result, double bits, DigitsView a) {
  if (bits == 0 || a.count == 0) return digits_from_uint64(result, 0);
  if ((double)bit_length(a) < bits) return digits_copy(result, a);
  uint32_t width = (uint32_t)bits;  // no wider than the value itself
  DigitsStatus status = low_bits(result, width, a);
  if (status != DIGITS_DONE) return status;
  bool negative = result->limbs[(width - 1) / LIMB_BITS] >> (width - 1) % LIMB_BITS & 1;
  if (negative) {
    complement_in_place(result->limbs, result->count);
    if (width % LIMB_BITS) result->limbs[result->count - 1] &= (1u << width % LIMB_BITS) - 1;
  }
  return digits_finish(result, negative);
}

int digits_compare(DigitsView a, DigitsView b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = magnitude_compare(a.limbs, a.count, b.limbs, b.count);
  return a.negative ? -order : order;
}

bool digits_equal(DigitsView a, DigitsView b) { return digits_compare(a, b) == 0; }

// The 64 leading bits, the first one set; `rest` tells whether lower bits are set.
static uint64_t leading_bits(DigitsView a, bool *rest) {
  uint64_t high = a.limbs[a.count - 1], middle = a.count > 1 ? a.limbs[a.count - 2] : 0;
  uint64_t low = a.count > 2 ? a.limbs[a.count - 3] : 0;
  unsigned shift = (unsigned)__builtin_clz((uint32_t)high);
  *rest = (uint32_t)(low << shift) != 0;
  for (uint32_t i = 0; i + 3 < a.count && !*rest; i++) *rest = a.limbs[i] != 0;
  return (high << LIMB_BITS | middle) << shift | (low << shift) >> LIMB_BITS;
}

int digits_compare_double(DigitsView a, double number) {
  if (a.count == 0) return number > 0 ? -1 : number < 0;
  int sign = a.negative ? -1 : 1;
  if (number == 0 || (number < 0) != a.negative) return sign;
  double magnitude = fabs(number);
  if (magnitude < 1) return sign;
  if (isinf(magnitude)) return -sign;
  uint64_t bits = number_to_bits(magnitude);
  uint64_t length = (bits >> 52) - 1022;  // of the integer part
  if (length != bit_length(a)) return bit_length(a) < length ? -sign : sign;
  uint64_t theirs = bits << 11 | (uint64_t)1 << 63;
  bool rest;
  uint64_t ours = leading_bits(a, &rest);
  if (ours != theirs) return ours < theirs ? -sign : sign;
  return rest ? sign : 0;
}

double digits_to_double(DigitsView a) {
  if (a.count == 0) return 0;
  uint64_t length = bit_length(a);
  double magnitude = INFINITY;
  if (length <= 1024) {
    bool rest;
    uint64_t bits = leading_bits(a, &rest), kept = bits >> 11, dropped = bits & 0x7FF;
    if (dropped > 0x400 || (dropped == 0x400 && (rest || (kept & 1)))) kept++;
    // The leading bit and a carry add themselves to the exponent.
    magnitude = number_from_bits(((length + 1021) << 52) + kept);
  }
  return a.negative ? -magnitude : magnitude;
}

uint64_t digits_to_uint64(DigitsView a) {
  uint64_t magnitude = a.count ? a.limbs[0] : 0;
  if (a.count > 1) magnitude |= (uint64_t)a.limbs[1] << LIMB_BITS;
  return a.negative ? 0 - magnitude : magnitude;
}
