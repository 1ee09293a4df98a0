// An unsigned integer of bounded size that lives on the C stack: enough for any exact question about one
// double (2,600 bits), so that reading and writing numbers never allocates.
#ifndef CAISSON_NUMBER_FIXED_INTEGER_H
#define CAISSON_NUMBER_FIXED_INTEGER_H

#include "base/base.h"

enum { FIXED_INTEGER_LIMBS = 200 };

typedef struct FixedInteger {
  uint32_t count;
  uint32_t limbs[FIXED_INTEGER_LIMBS];
} FixedInteger;

static inline void fixed_integer_set(FixedInteger *integer, uint64_t value) {
  integer->count = 0;
  for (; value; value >>= 32) integer->limbs[integer->count++] = (uint32_t)value;
}

static inline void fixed_integer_multiply_add(FixedInteger *integer, uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (uint32_t i = 0; i < integer->count; i++) {
    carry += (uint64_t)integer->limbs[i] * factor;
    integer->limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry) integer->limbs[integer->count++] = (uint32_t)carry;
}

static inline void fixed_integer_multiply_power_of_five(FixedInteger *integer, unsigned power) {
  for (; power >= 13; power -= 13) fixed_integer_multiply_add(integer, 1220703125u, 0);
  uint32_t rest = 1;
  while (power-- > 0) rest *= 5;
  if (rest > 1) fixed_integer_multiply_add(integer, rest, 0);
}

static inline void fixed_integer_shift_left(FixedInteger *integer, unsigned bits) {
  unsigned limbs = bits / 32, shift = bits % 32;
  if (integer->count == 0 || bits == 0) return;
  uint32_t top = shift ? integer->limbs[integer->count - 1] >> (32 - shift) : 0;
  for (uint32_t i = integer->count; i-- > 0;) {
    uint32_t below = i > 0 && shift ? integer->limbs[i - 1] >> (32 - shift) : 0;
    integer->limbs[i + limbs] = integer->limbs[i] << shift | below;
  }
  memset(integer->limbs, 0, limbs * sizeof(uint32_t));
  integer->count += limbs;
  if (top) integer->limbs[integer->count++] = top;
}

static inline int fixed_integer_compare(const FixedInteger *a, const FixedInteger *b) {
  if (a->count != b->count) return a->count < b->count ? -1 : 1;
  for (uint32_t i = a->count; i-- > 0;) {
    if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
  }
  return 0;
}

static inline uint32_t fixed_integer_divide_small(FixedInteger *integer, uint32_t divisor) {
  uint64_t remainder = 0;
  for (uint32_t i = integer->count; i-- > 0;) {
    remainder = remainder << 32 | integer->limbs[i];
    integer->limbs[i] = (uint32_t)(remainder / divisor);
    remainder %= divisor;
  }
  while (integer->count > 0 && integer->limbs[integer->count - 1] == 0) integer->count--;
  return (uint32_t)remainder;
}

#endif
