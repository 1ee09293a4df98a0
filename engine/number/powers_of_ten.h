// Powers of ten to 128 bits, for reading and writing doubles.
#ifndef CAISSON_NUMBER_POWERS_OF_TEN_H
#define CAISSON_NUMBER_POWERS_OF_TEN_H

#include "base/base.h"

enum { POWER_OF_TEN_FIRST = -351, POWER_OF_TEN_LAST = 350, POWER_OF_TEN_STEP = 27 };

typedef struct Bits128 {
  uint64_t high, low;
} Bits128;

extern const Bits128 power_of_ten_coarse[];
extern const uint64_t power_of_five_small[];
extern const uint32_t power_of_ten_corrections[];

static inline Bits128 multiply_64(uint64_t a, uint64_t b) {
  uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)cross;
  return (Bits128){a1 * b1 + (cross >> 32) + (other >> 32), other << 32 | (uint32_t)low};
}

// floor(log2(10^power)).
static inline int power_of_ten_log2(int power) { return (power * 217706) >> 16; }

// The leading 128 bits of 10^power, rounded down: 10^power = bits * 2^(log2 - 127).
static inline Bits128 power_of_ten_bits(int power) {
  unsigned index = (unsigned)(power - POWER_OF_TEN_FIRST), fine = index % POWER_OF_TEN_STEP;
  Bits128 coarse = power_of_ten_coarse[index / POWER_OF_TEN_STEP];
  if (fine == 0) return coarse;
  uint64_t factor = power_of_five_small[fine];
  Bits128 low = multiply_64(coarse.low, factor), high = multiply_64(coarse.high, factor);
  uint64_t middle = high.low + low.high;
  uint64_t top = high.high + (middle < low.high);
  int shift = __builtin_clzll(top);
  Bits128 result = {top << shift | middle >> (64 - shift), middle << shift | low.low >> (64 - shift)};
  uint32_t correction = (power_of_ten_corrections[index >> 4] >> (index % 16 * 2)) & 3;
  result.low += correction;
  result.high += result.low < correction;
  return result;
}

#endif
