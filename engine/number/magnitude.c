#include "number/magnitude.h"

enum {
  KARATSUBA_THRESHOLD = 48,  // limbs; below it the plain product wins
  FUEL_SHIFT = 3,            // limb products that cost one unit of fuel, as a power of two
  WORK_UNCHARGED = 1 << 14,  // limb products between two charges
};

static MagnitudeStatus charge(MagnitudeContext *context, uint64_t products) {
  if (!context->fuel) return MAGNITUDE_DONE;
  uint64_t units = products >> FUEL_SHIFT;
  return fuel_charge(context->fuel, (int32_t)MIN_OF(units, INT32_MAX / 2)) ? MAGNITUDE_DONE : MAGNITUDE_INTERRUPTED;
}

int magnitude_compare(const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count) {
  if (a_count != b_count) return a_count < b_count ? -1 : 1;
  for (uint32_t i = a_count; i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

void magnitude_add(uint32_t *result, const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count) {
  uint64_t carry = 0;
  uint32_t i = 0;
  for (; i < b_count; i++) {
    carry += (uint64_t)a[i] + b[i];
    result[i] = (uint32_t)carry;
    carry >>= 32;
  }
  for (; i < a_count; i++) {
    carry += a[i];
    result[i] = (uint32_t)carry;
    carry >>= 32;
  }
  result[i] = (uint32_t)carry;
}

void magnitude_subtract(uint32_t *result, const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count) {
  int64_t borrow = 0;
  uint32_t i = 0;
  for (; i < b_count; i++) {
    borrow += (int64_t)a[i] - b[i];
    result[i] = (uint32_t)borrow;
    borrow >>= 32;
  }
  for (; i < a_count; i++) {
    borrow += a[i];
    result[i] = (uint32_t)borrow;
    borrow >>= 32;
  }
}

// target[count...] += addend, where the sum is known to fit: carries ripple up.
static void add_in_place(uint32_t *target, const uint32_t *addend, uint32_t count) {
  uint64_t carry = 0;
  for (uint32_t i = 0; i < count; i++) {
    carry += (uint64_t)target[i] + addend[i];
    target[i] = (uint32_t)carry;
    carry >>= 32;
  }
  for (uint32_t i = count; carry; i++) {
    carry += target[i];
    target[i] = (uint32_t)carry;
    carry >>= 32;
  }
}

uint32_t magnitude_multiply_small(uint32_t *limbs, uint32_t count, uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (uint32_t i = 0; i < count; i++) {
    carry += (uint64_t)limbs[i] * factor;
    limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return (uint32_t)carry;
}

uint32_t magnitude_divide_small(uint32_t *limbs, uint32_t count, uint32_t divisor) {
  uint64_t remainder = 0;
  for (uint32_t i = count; i-- > 0;) {
    remainder = remainder << 32 | limbs[i];
    limbs[i] = (uint32_t)(remainder / divisor);
    remainder %= divisor;
  }
  return (uint32_t)remainder;
}

void magnitude_shift_left(uint32_t *result, const uint32_t *limbs, uint32_t count, unsigned shift) {
  uint32_t carry = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t wide = (uint64_t)limbs[i] << shift | carry;
    result[i] = (uint32_t)wide;
    carry = (uint32_t)(wide >> 32);
  }
  result[count] = carry;
}

void magnitude_shift_right(uint32_t *result, const uint32_t *limbs, uint32_t count, unsigned shift) {
  for (uint32_t i = 0; i < count; i++) {
    uint64_t wide = (uint64_t)(i + 1 < count ? limbs[i + 1] : 0) << 32 | limbs[i];
    result[i] = (uint32_t)(wide >> shift);
  }
}

static MagnitudeStatus multiply_plainly(MagnitudeContext *context, uint32_t *result, const uint32_t *a,
                                        uint32_t a_count, const uint32_t *b, uint32_t b_count) {
  memset(result, 0, (size_t)(a_count + b_count) * sizeof *result);
  uint64_t work = 0;
  for (uint32_t i = 0; i < b_count; i++) {
    uint64_t carry = 0, factor = b[i];
    for (uint32_t j = 0; j < a_count; j++) {
      carry += a[j] * factor + result[i + j];
      result[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
    result[i + a_count] = (uint32_t)carry;
    work += a_count;
    if (work >= WORK_UNCHARGED) {
      MagnitudeStatus status = charge(context, work);
      if (status != MAGNITUDE_DONE) return status;
      work = 0;
    }
  }
  return charge(context, work);
}

// result[count] = |a - b| of two halves; returns whether a < b.
static bool absolute_difference(uint32_t *result, const uint32_t *a, uint32_t a_count, const uint32_t *b,
                                uint32_t b_count, uint32_t count) {
  uint32_t a_used = magnitude_count(a, a_count), b_used = magnitude_count(b, b_count);
  memset(result, 0, (size_t)count * sizeof *result);
  if (magnitude_compare(a, a_used, b, b_used) < 0) {
    magnitude_subtract(result, b, b_used, a, a_used);
    return true;
  }
  magnitude_subtract(result, a, a_used, b, b_used);
  return false;
}

// Karatsuba's product of two equally long operands. `scratch` has 4 * count + 128 limbs. The recursion
// halves `count`, so its depth is bounded by the 25 bits that a limb count has.
static MagnitudeStatus multiply_balanced(MagnitudeContext *context, uint32_t *result, const uint32_t *a,
                                         const uint32_t *b, uint32_t count, uint32_t *scratch) {
  if (count < KARATSUBA_THRESHOLD) {
    return multiply_plainly(context, result, a, count, b, count);
  }
  uint32_t low = (count + 1) / 2, high = count - low;
  uint32_t *product = scratch, *rest = scratch + 2 * low;
  // The differences borrow the result's place until the products need it.
  bool a_negative = absolute_difference(result, a, low, a + low, high, low);
  bool b_negative = absolute_difference(result + low, b, low, b + low, high, low);
  MagnitudeStatus status = multiply_balanced(context, product, result, result + low, low, rest);
  if (status == MAGNITUDE_DONE) status = multiply_balanced(context, result, a, b, low, rest);
  if (status == MAGNITUDE_DONE) status = multiply_balanced(context, result + 2 * low, a + low, b + low, high, rest);
  if (status != MAGNITUDE_DONE) return status;
  // middle = low product + high product -+ product of the differences, 2 * low + 1 limbs.
  uint32_t *middle = rest;
  magnitude_add(middle, result, 2 * low, result + 2 * low, 2 * high);
  if (a_negative != b_negative) {
    add_in_place(middle, product, 2 * low);
  } else {
    magnitude_subtract(middle, middle, 2 * low + 1, product, 2 * low);
  }
  add_in_place(result + low, middle, magnitude_count(middle, 2 * low + 1));
  return MAGNITUDE_DONE;
}

MagnitudeStatus magnitude_multiply(MagnitudeContext *context, uint32_t *result, const uint32_t *a, uint32_t a_count,
                                   const uint32_t *b, uint32_t b_count) {
  if (a_count < b_count) {
    const uint32_t *limbs = a;
    uint32_t count = a_count;
    a = b;
    a_count = b_count;
    b = limbs;
    b_count = count;
  }
  if (b_count < KARATSUBA_THRESHOLD) return multiply_plainly(context, result, a, a_count, b, b_count);
  // The longer operand in pieces as long as the shorter one.
  size_t scratch_size = ((size_t)6 * b_count + 256) * sizeof(uint32_t);
  uint32_t *scratch = memory_allocate(context->memory, scratch_size);
  if (!scratch) return MAGNITUDE_OUT_OF_MEMORY;
  uint32_t *piece = scratch + 4 * (size_t)b_count + 256;
  memset(result, 0, (size_t)(a_count + b_count) * sizeof *result);
  MagnitudeStatus status = MAGNITUDE_DONE;
  uint32_t done = 0;
  for (; status == MAGNITUDE_DONE && a_count - done >= b_count; done += b_count) {
    status = multiply_balanced(context, piece, a + done, b, b_count, scratch);
    if (status == MAGNITUDE_DONE) add_in_place(result + done, piece, magnitude_count(piece, 2 * b_count));
  }
  if (status == MAGNITUDE_DONE && done < a_count) {
    uint32_t left = a_count - done;
    status = magnitude_multiply(context, piece, b, b_count, a + done, left);  // Euclid's descent: logarithmic
    if (status == MAGNITUDE_DONE) add_in_place(result + done, piece, magnitude_count(piece, b_count + left));
  }
  memory_release(context->memory, scratch, scratch_size);
  return status;
}

// Knuth's algorithm D on normalized operands: b's top bit is set, a has a_count + 1 limbs.
static MagnitudeStatus divide_normalized(MagnitudeContext *context, uint32_t *quotient, uint32_t *a, uint32_t a_count,
                                         const uint32_t *b, uint32_t b_count) {
  uint64_t first = b[b_count - 1], second = b_count > 1 ? b[b_count - 2] : 0;
  uint64_t work = 0;
  for (uint32_t i = a_count - b_count + 1; i-- > 0;) {
    uint64_t top = (uint64_t)a[i + b_count] << 32 | a[i + b_count - 1];
    uint64_t guess = top / first, rest = top % first;
    uint64_t third = b_count > 1 ? a[i + b_count - 2] : 0;
    while (guess >> 32 || guess * second > (rest << 32 | third)) {
      guess--;
      rest += first;
      if (rest >> 32) break;
    }
    int64_t borrow = 0;
    uint64_t carry = 0;
    for (uint32_t j = 0; j < b_count; j++) {
      carry += guess * b[j];
      borrow += (int64_t)a[i + j] - (uint32_t)carry;
      a[i + j] = (uint32_t)borrow;
      borrow >>= 32;
      carry >>= 32;
    }
    borrow += (int64_t)a[i + b_count] - (int64_t)carry;
    a[i + b_count] = (uint32_t)borrow;
    if (borrow < 0) {  // one too many: add b back
      guess--;
      uint64_t sum = 0;
      for (uint32_t j = 0; j < b_count; j++) {
        sum += (uint64_t)a[i + j] + b[j];
        a[i + j] = (uint32_t)sum;
        sum >>= 32;
      }
      a[i + b_count] += (uint32_t)sum;
    }
    if (quotient) quotient[i] = (uint32_t)guess;
    work += b_count;
    if (work >= WORK_UNCHARGED) {
      MagnitudeStatus status = charge(context, work);
      if (status != MAGNITUDE_DONE) return status;
      work = 0;
    }
  }
  return charge(context, work);
}

MagnitudeStatus magnitude_divide(MagnitudeContext *context, uint32_t *quotient, uint32_t *a, uint32_t a_count,
                                 const uint32_t *b, uint32_t b_count) {
  if (b_count == 1) {
    if (quotient) {
      memmove(quotient, a, (size_t)a_count * sizeof *a);
      a[0] = magnitude_divide_small(quotient, a_count, b[0]);
    } else {
      a[0] = magnitude_divide_small(a, a_count, b[0]);
    }
    memset(a + 1, 0, (size_t)(a_count - 1) * sizeof *a);
    return charge(context, a_count);
  }
  unsigned shift = (unsigned)__builtin_clz(b[b_count - 1]);
  size_t size = ((size_t)a_count + 1 + b_count + 1) * sizeof(uint32_t);
  uint32_t *work = memory_allocate(context->memory, size);
  if (!work) return MAGNITUDE_OUT_OF_MEMORY;
  uint32_t *divisor = work + a_count + 1;
  magnitude_shift_left(work, a, a_count, shift);
  magnitude_shift_left(divisor, b, b_count, shift);
  MagnitudeStatus status = divide_normalized(context, quotient, work, a_count, divisor, b_count);
  if (status == MAGNITUDE_DONE) {
    magnitude_shift_right(a, work, b_count, shift);
    memset(a + b_count, 0, (size_t)(a_count - b_count) * sizeof *a);
  }
  memory_release(context->memory, work, size);
  return status;
}
