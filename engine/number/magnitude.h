// Arithmetic on bare little-endian limbs, the lower half of digits.c. Counts may include leading zero
// limbs where a function says so; results have exactly the count that each comment names.
#ifndef CAISSON_NUMBER_MAGNITUDE_H
#define CAISSON_NUMBER_MAGNITUDE_H

#include "base/fuel.h"
#include "base/memory.h"

static inline uint32_t magnitude_count(const uint32_t *limbs, uint32_t count) {
  while (count > 0 && limbs[count - 1] == 0) count--;
  return count;
}
int magnitude_compare(const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count);
// result[a_count + 1] = a + b, with a_count >= b_count. Operands may be the result.
void magnitude_add(uint32_t *result, const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count);
// result[a_count] = a - b, with a >= b. Operands may be the result.
void magnitude_subtract(uint32_t *result, const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count);
// limbs = limbs * factor + addend; returns what is carried out.
uint32_t magnitude_multiply_small(uint32_t *limbs, uint32_t count, uint32_t factor, uint32_t addend);
// limbs = limbs / divisor; returns the remainder.
uint32_t magnitude_divide_small(uint32_t *limbs, uint32_t count, uint32_t divisor);
// result[count + 1] = limbs << shift, shift < 32.
void magnitude_shift_left(uint32_t *result, const uint32_t *limbs, uint32_t count, unsigned shift);
void magnitude_shift_right(uint32_t *result, const uint32_t *limbs, uint32_t count, unsigned shift);

typedef enum MagnitudeStatus { MAGNITUDE_DONE, MAGNITUDE_OUT_OF_MEMORY, MAGNITUDE_INTERRUPTED } MagnitudeStatus;

// What the long operations need besides their operands.
typedef struct MagnitudeContext {
  Memory *memory;
  Fuel *fuel;
} MagnitudeContext;

// result[a_count + b_count] = a * b; the result is apart from both.
MUST_CHECK MagnitudeStatus magnitude_multiply(MagnitudeContext *context, uint32_t *result, const uint32_t *a,
                                              uint32_t a_count, const uint32_t *b, uint32_t b_count);
// a[a_count] becomes a mod b; quotient (or NULL) takes a_count - b_count + 1 limbs. b has no leading zeros
// and a_count >= b_count.
MUST_CHECK MagnitudeStatus magnitude_divide(MagnitudeContext *context, uint32_t *quotient, uint32_t *a,
                                            uint32_t a_count, const uint32_t *b, uint32_t b_count);

#endif
