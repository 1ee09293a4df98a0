// Integers of any size to text and back. Short ones go digit group by digit group; long ones are split
// in halves, so that the cost is that of the multiplication or division of halves.
#include "number/digits.h"
#include "number/magnitude.h"
#include "text/unicode.h"

enum {
  LIMB_BITS = 32,
  TEXT_SPLIT_LIMBS = 32,   // to text: below this, plain division by one group
  PARSE_LEAF_GROUPS = 32,  // from text: digit groups that are read plainly
  LEVELS_LIMIT = 32,
};

// The most digits of a radix that fit a limb, and the power that they stand for.
typedef struct DigitGroup {
  uint32_t radix, digits, power;
} DigitGroup;

static DigitGroup digit_group(uint32_t radix) {
  DigitGroup group = {radix, 1, radix};
  while ((uint64_t)group.power * radix <= UINT32_MAX) {
    group.power *= radix;
    group.digits++;
  }
  return group;
}

static unsigned digit_value(uint32_t unit) {
  if (unit - '0' <= 9) return unit - '0';
  unsigned letter = (unit | 0x20) - 'a';
  return letter < 26 && unit < 0x80 ? letter + 10 : 99;
}

static DigitsStatus take(Digits *result, uint32_t *limbs, uint32_t count) {
  count = magnitude_count(limbs, count);
  DigitsStatus status = digits_copy(result, (DigitsView){limbs, count, false});
  if (status == DIGITS_DONE && count > DIGITS_LIMIT_BITS / LIMB_BITS) return DIGITS_TOO_LARGE;
  return status;
}

// Unless the fuel stopped the look at the digits.
static DigitsStatus not_a_number(const Digits *result) {
  return result->fuel && !fuel_charge(result->fuel, 1) ? DIGITS_INTERRUPTED : DIGITS_NOT_A_NUMBER;
}

static bool check_digits(TextView text, unsigned radix, bool separators, Fuel *fuel, uint32_t *count) {
  uint32_t steps = 0;
  *count = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (fuel && !fuel_step(fuel, &steps)) return false;
    uint32_t unit = text_view_unit(text, i);
    if (separators && unit == '_') continue;
    if (digit_value(unit) >= radix) return false;
    if (*count || unit != '0') ++*count;
  }
  return text.length > 0;
}

static DigitsStatus parse_bits(Digits *result, TextView text, unsigned bits, uint32_t digits) {
  uint64_t total = (uint64_t)digits * bits;
  if (total > DIGITS_LIMIT_BITS + 8) return DIGITS_TOO_LARGE;
  uint32_t count = (uint32_t)(total / LIMB_BITS) + 2;
  size_t size = (size_t)count * sizeof(uint32_t);
  uint32_t *limbs = memory_allocate_zeroed(result->memory, size);
  if (!limbs) return DIGITS_OUT_OF_MEMORY;
  uint64_t pending = 0;
  unsigned pending_bits = 0;
  uint32_t next = 0, steps = 0;
  for (uint32_t i = text.length; i-- > 0 && next < count;) {
    if (result->fuel && !fuel_step(result->fuel, &steps)) {
      memory_release(result->memory, limbs, size);
      return DIGITS_INTERRUPTED;
    }
    uint32_t unit = text_view_unit(text, i);
    if (unit == '_') continue;
    pending |= (uint64_t)digit_value(unit) << pending_bits;
    pending_bits += bits;
    if (pending_bits >= LIMB_BITS) {
      limbs[next++] = (uint32_t)pending;
      pending >>= LIMB_BITS;
      pending_bits -= LIMB_BITS;
    }
  }
  if (next < count) limbs[next] = (uint32_t)pending;
  DigitsStatus status = take(result, limbs, count);
  memory_release(result->memory, limbs, size);
  return status;
}

// Reads up to `digits` digits that end before `*end`, going backwards; writes `stride` limbs.
static void parse_leaf(TextView text, uint32_t *end, DigitGroup group, uint32_t digits, uint32_t *limbs,
                       uint32_t stride) {
  uint32_t start = *end;
  for (uint32_t found = 0; start > 0 && found < digits;) {
    if (text_view_unit(text, --start) != '_') found++;
  }
  uint32_t count = 0, value = 0, scale = 1;
  for (uint32_t i = start; i < *end; i++) {
    uint32_t unit = text_view_unit(text, i);
    if (unit == '_') continue;
    value = value * group.radix + digit_value(unit);
    scale *= group.radix;
    if (scale == group.power) {
      uint32_t carry = magnitude_multiply_small(limbs, count, scale, value);
      if (carry) limbs[count++] = carry;
      value = 0;
      scale = 1;
    }
  }
  if (scale > 1) {
    uint32_t carry = magnitude_multiply_small(limbs, count, scale, value);
    if (carry) limbs[count++] = carry;
  }
  memset(limbs + count, 0, (size_t)(stride - count) * sizeof *limbs);
  *end = start;
}

// One round: neighbouring blocks of `stride` limbs become blocks of twice that, high * power + low.
static MagnitudeStatus join_blocks(MagnitudeContext *context, const uint32_t *from, uint32_t *to, uint32_t blocks,
                                   uint32_t stride, const uint32_t *power, uint32_t power_count) {
  for (uint32_t i = 0; i < blocks; i += 2) {
    const uint32_t *low = from + (size_t)i * stride, *high = low + stride;
    uint32_t *joined = to + (size_t)i * stride;
    memset(joined, 0, (size_t)stride * 2 * sizeof *joined);
    uint32_t high_count = i + 1 < blocks ? magnitude_count(high, stride) : 0;
    if (high_count > 0) {
      MagnitudeStatus status = magnitude_multiply(context, joined, high, high_count, power, power_count);
      if (status != MAGNITUDE_DONE) return status;
    }
    uint32_t count = high_count ? high_count + power_count : 0;
    uint32_t low_count = magnitude_count(low, stride);
    uint64_t carry = 0;  // the sum fits: it is below power squared
    for (uint32_t k = 0; k < MAX_OF(low_count, count) && (k < low_count || carry); k++) {
      carry += (uint64_t)joined[k] + (k < low_count ? low[k] : 0);
      joined[k] = (uint32_t)carry;
      carry >>= LIMB_BITS;
    }
  }
  return MAGNITUDE_DONE;
}

static DigitsStatus from_magnitude_status(MagnitudeStatus status) {
  if (status == MAGNITUDE_OUT_OF_MEMORY) return DIGITS_OUT_OF_MEMORY;
  return status == MAGNITUDE_INTERRUPTED ? DIGITS_INTERRUPTED : DIGITS_DONE;
}

// `space` holds two sets of blocks, then two powers.
static DigitsStatus parse_joined(Digits *result, TextView text, DigitGroup group, uint32_t blocks, uint32_t *space,
                                 uint32_t stride) {
  MagnitudeContext context = {result->memory, result->fuel};
  size_t set = (size_t)(blocks + 1) * stride;
  uint32_t *from = space, *to = space + set, *power = space + 2 * set, *squared = space + 3 * set, *swap;
  uint32_t end = text.length, power_count = 0;
  for (uint32_t i = 0; i < blocks; i++) {
    parse_leaf(text, &end, group, group.digits * PARSE_LEAF_GROUPS, from + (size_t)i * stride, stride);
    if (context.fuel && !fuel_charge(context.fuel, PARSE_LEAF_GROUPS * PARSE_LEAF_GROUPS / 4))
      return DIGITS_INTERRUPTED;
  }
  power[power_count++] = 1;
  for (int i = 0; i < PARSE_LEAF_GROUPS; i++) {
    uint32_t carry = magnitude_multiply_small(power, power_count, group.power, 0);
    if (carry) power[power_count++] = carry;
  }
  while (blocks > 1) {
    MagnitudeStatus status = join_blocks(&context, from, to, blocks, stride, power, power_count);
    if (status != MAGNITUDE_DONE) return from_magnitude_status(status);
    swap = from, from = to, to = swap;
    blocks = (blocks + 1) / 2;
    stride *= 2;
    if (blocks > 1) {
      status = magnitude_multiply(&context, squared, power, power_count, power, power_count);
      if (status != MAGNITUDE_DONE) return from_magnitude_status(status);
      power_count = magnitude_count(squared, power_count * 2);
      swap = power, power = squared, squared = swap;
    }
  }
  return take(result, from, stride);
}

DigitsStatus digits_parse(Digits *result, TextView text, unsigned radix, bool separators) {
  uint32_t digits;
  if (!check_digits(text, radix, separators, result->fuel, &digits)) return not_a_number(result);
  if ((radix & (radix - 1)) == 0) return parse_bits(result, text, (unsigned)__builtin_ctz(radix), digits);
  unsigned least_bits = 31 - (unsigned)__builtin_clz(radix);  // per digit, rounded down
  if ((uint64_t)digits * least_bits > DIGITS_LIMIT_BITS + (uint64_t)LIMB_BITS) return DIGITS_TOO_LARGE;
  uint32_t steps = 0;
  while (text.length > 0 && (text_view_unit(text, 0) == '0' || text_view_unit(text, 0) == '_')) {
    if (result->fuel && !fuel_step(result->fuel, &steps)) return DIGITS_INTERRUPTED;
    text = text_view_slice(text, 1, text.length);
  }
  DigitGroup group = digit_group(radix);
  uint32_t leaf_digits = group.digits * PARSE_LEAF_GROUPS;
  if (digits <= leaf_digits) {
    uint32_t limbs[PARSE_LEAF_GROUPS + 1], end = text.length;
    parse_leaf(text, &end, group, leaf_digits, limbs, PARSE_LEAF_GROUPS + 1);
    return take(result, limbs, PARSE_LEAF_GROUPS + 1);
  }
  uint32_t blocks = (digits + leaf_digits - 1) / leaf_digits, rounded = 1;
  while (rounded < blocks) rounded *= 2;  // so that doubled strides stay inside the space
  uint32_t stride = PARSE_LEAF_GROUPS;
  size_t size = (size_t)(rounded + 1) * stride * 4 * sizeof(uint32_t);
  uint32_t *space = memory_allocate(result->memory, size);
  if (!space) return DIGITS_OUT_OF_MEMORY;
  size_t set = (size_t)(rounded + 1) * stride;
  memset(space, 0, set * sizeof *space);
  DigitsStatus status = parse_joined(result, text, group, rounded, space, stride);
  memory_release(result->memory, space, size);
  return status;
}

// https://tc39.es/ecma262/#sec-stringtobigint
DigitsStatus digits_from_text(Digits *result, TextView text) {
  uint32_t start = 0, end = text.length, steps = 0;
  bool goes_on = true;
  while (goes_on && start < end && unicode_is_trimmed(text_view_unit(text, start))) {
    start++;
    goes_on = !result->fuel || fuel_step(result->fuel, &steps);
  }
  while (goes_on && end > start && unicode_is_trimmed(text_view_unit(text, end - 1))) {
    end--;
    goes_on = !result->fuel || fuel_step(result->fuel, &steps);
  }
  if (!goes_on) return DIGITS_INTERRUPTED;
  text = text_view_slice(text, start, end);
  if (text.length == 0) return digits_from_uint64(result, 0);
  uint32_t first = text_view_unit(text, 0);
  if (first == '0' && text.length > 2) {
    uint32_t letter = text_view_unit(text, 1);
    unsigned radix = letter == 'x' || letter == 'X'   ? 16
                     : letter == 'o' || letter == 'O' ? 8
                     : letter == 'b' || letter == 'B' ? 2
                                                      : 0;
    if (radix) return digits_parse(result, text_view_slice(text, 2, text.length), radix, false);
  }
  bool negative = first == '-';
  if (negative || first == '+') text = text_view_slice(text, 1, text.length);
  DigitsStatus status = digits_parse(result, text, 10, false);
  if (status == DIGITS_DONE) result->negative = negative && result->count > 0;
  return status;
}

static const char text_digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static DigitsStatus bits_to_text(DigitsView a, unsigned bits, Buffer *text) {
  uint64_t length = (uint64_t)a.count * LIMB_BITS - (unsigned)__builtin_clz(a.limbs[a.count - 1]);
  size_t count = (size_t)((length + bits - 1) / bits);
  char *to = (char *)buffer_reserve(text, count);
  if (!to) return DIGITS_OUT_OF_MEMORY;
  text->size += count;
  uint64_t pending = 0;
  unsigned pending_bits = 0;
  uint32_t next = 0;
  while (count > 0) {
    if (pending_bits < bits && next < a.count) {
      pending |= (uint64_t)a.limbs[next++] << pending_bits;
      pending_bits += LIMB_BITS;
    }
    to[--count] = text_digits[pending & ((1u << bits) - 1)];
    pending >>= bits;
    pending_bits -= MIN_OF(bits, pending_bits);
  }
  return DIGITS_DONE;
}

// Powers of a digit group: levels[k] = group.power^(2^k).
typedef struct TextPowers {
  MagnitudeContext context;
  DigitGroup group;
  int count;
  struct {
    uint32_t *limbs, count, capacity;
  } levels[LEVELS_LIMIT];
} TextPowers;

static void text_powers_release(TextPowers *powers) {
  for (int i = 0; i < powers->count; i++) {
    memory_release(powers->context.memory, powers->levels[i].limbs,
                   (size_t)powers->levels[i].capacity * sizeof(uint32_t));
  }
}

// Levels until the last one, squared, exceeds a number of `count` limbs.
static MagnitudeStatus text_powers_prepare(TextPowers *powers, uint32_t count) {
  uint32_t *first = memory_allocate(powers->context.memory, sizeof *first);
  if (!first) return MAGNITUDE_OUT_OF_MEMORY;
  first[0] = powers->group.power;
  powers->levels[0].limbs = first;
  powers->levels[0].count = powers->levels[0].capacity = 1;
  powers->count = 1;
  while (powers->levels[powers->count - 1].count * 2 - 1 <= count) {
    int last = powers->count - 1;
    uint32_t length = powers->levels[last].count, capacity = length * 2;
    uint32_t *limbs = memory_allocate(powers->context.memory, (size_t)capacity * sizeof *limbs);
    if (!limbs) return MAGNITUDE_OUT_OF_MEMORY;
    powers->levels[powers->count].limbs = limbs;
    powers->levels[powers->count].capacity = capacity;
    powers->count++;
    MagnitudeStatus status = magnitude_multiply(&powers->context, limbs, powers->levels[last].limbs, length,
                                                powers->levels[last].limbs, length);
    if (status != MAGNITUDE_DONE) return status;
    powers->levels[last + 1].count = magnitude_count(limbs, capacity);
  }
  return MAGNITUDE_DONE;
}

static void write_plainly(const TextPowers *powers, uint32_t *limbs, uint32_t count, char *to, size_t length) {
  while (count > 0) {
    uint32_t rest = magnitude_divide_small(limbs, count, powers->group.power);
    count = magnitude_count(limbs, count);
    for (uint32_t i = 0; i < powers->group.digits && length > 0; i++) {
      to[--length] = text_digits[rest % powers->group.radix];
      rest /= powers->group.radix;
    }
  }
  memset(to, '0', length);
}

// Writes a number below levels[level]^2 as 2^(level + 1) groups, destroying the limbs. Each level halves the
// length, so the recursion is at most LEVELS_LIMIT deep.
static MagnitudeStatus write_split(TextPowers *powers, uint32_t *limbs, uint32_t count, int level, char *to,
                                   size_t length) {
  count = magnitude_count(limbs, count);
  if (count <= TEXT_SPLIT_LIMBS || level < 0) {
    write_plainly(powers, limbs, count, to, length);
    if (powers->context.fuel && !fuel_charge(powers->context.fuel, (int32_t)(count * count / 4)))
      return MAGNITUDE_INTERRUPTED;
    return MAGNITUDE_DONE;
  }
  const uint32_t *power = powers->levels[level].limbs;
  uint32_t power_count = powers->levels[level].count;
  size_t low_length = (size_t)powers->group.digits << level;
  if (magnitude_compare(limbs, count, power, power_count) < 0) {
    memset(to, '0', length - low_length);
    return write_split(powers, limbs, count, level - 1, to + (length - low_length), low_length);
  }
  uint32_t quotient_count = power_count == 1 ? count : count - power_count + 1;
  size_t size = (size_t)quotient_count * sizeof(uint32_t);
  uint32_t *quotient = memory_allocate(powers->context.memory, size);
  if (!quotient) return MAGNITUDE_OUT_OF_MEMORY;
  MagnitudeStatus status = magnitude_divide(&powers->context, quotient, limbs, count, power, power_count);
  if (status == MAGNITUDE_DONE) {
    status = write_split(powers, quotient, quotient_count, level - 1, to, length - low_length);
  }
  memory_release(powers->context.memory, quotient, size);
  if (status != MAGNITUDE_DONE) return status;
  return write_split(powers, limbs, power_count, level - 1, to + (length - low_length), low_length);
}

static DigitsStatus long_to_text(DigitsView a, DigitGroup group, Buffer *text, Memory *memory, Fuel *fuel) {
  TextPowers powers = {.context = {memory, fuel}, .group = group};
  MagnitudeStatus status = text_powers_prepare(&powers, a.count);
  if (status == MAGNITUDE_DONE) {
    size_t length = (size_t)group.digits << powers.count, size = (size_t)a.count * sizeof *a.limbs;
    uint32_t *limbs = memory_allocate(memory, size);
    char *to = limbs ? (char *)buffer_reserve(text, length) : NULL;
    if (to) {
      memcpy(limbs, a.limbs, size);
      status = write_split(&powers, limbs, a.count, powers.count - 1, to, length);
      size_t zeros = 0;
      while (status == MAGNITUDE_DONE && to[zeros] == '0') zeros++;
      memmove(to, to + zeros, length - zeros);
      if (status == MAGNITUDE_DONE) text->size += length - zeros;
    } else {
      status = MAGNITUDE_OUT_OF_MEMORY;
    }
    memory_release(memory, limbs, size);
  }
  text_powers_release(&powers);
  return from_magnitude_status(status);
}

DigitsStatus digits_to_text(DigitsView a, unsigned radix, Buffer *text, Memory *memory, Fuel *fuel) {
  if (a.count == 0) {
    buffer_append_byte(text, '0');
    return text->failed ? DIGITS_OUT_OF_MEMORY : DIGITS_DONE;
  }
  if (a.negative) buffer_append_byte(text, '-');
  if ((radix & (radix - 1)) == 0) return bits_to_text(a, (unsigned)__builtin_ctz(radix), text);
  DigitGroup group = digit_group(radix);
  if (a.count > TEXT_SPLIT_LIMBS) return long_to_text(a, group, text, memory, fuel);
  uint32_t limbs[TEXT_SPLIT_LIMBS];
  memcpy(limbs, a.limbs, (size_t)a.count * sizeof *limbs);
  TextPowers powers = {.group = group};
  // A limb holds less than twice the bits of a group.
  char digits[TEXT_SPLIT_LIMBS * LIMB_BITS];
  size_t length = MIN_OF((size_t)a.count * 2 * group.digits, sizeof digits), zeros = 0;
  write_plainly(&powers, limbs, a.count, digits, length);
  while (digits[zeros] == '0') zeros++;
  buffer_append(text, digits + zeros, length - zeros);
  return text->failed ? DIGITS_OUT_OF_MEMORY : DIGITS_DONE;
}
