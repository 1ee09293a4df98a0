// Rounding to multiples of an increment, and exact quotients. All of it is integer arithmetic.
#ifndef CAISSON_TEMPORAL_ROUNDING_H
#define CAISSON_TEMPORAL_ROUNDING_H

#include "temporal/units.h"

// https://tc39.es/proposal-temporal/#table-rounding-modes
typedef enum RoundingMode {
  ROUND_CEIL,
  ROUND_FLOOR,
  ROUND_EXPAND,
  ROUND_TRUNC,
  ROUND_HALF_CEIL,
  ROUND_HALF_FLOOR,
  ROUND_HALF_EXPAND,
  ROUND_HALF_TRUNC,
  ROUND_HALF_EVEN,
} RoundingMode;

// Of a number between two neighbouring multiples: whether it becomes the one further from zero. `half` compares the
// number with the middle of the two; `is_even` tells about the multiple nearer to zero.
// https://tc39.es/proposal-temporal/#sec-applyunsignedroundingmode
bool rounding_expands(RoundingMode mode, bool is_negative, int half, bool is_even);
RoundingMode rounding_mode_negate(RoundingMode mode);
// https://tc39.es/proposal-temporal/#sec-temporal-roundnumbertoincrement
Nanoseconds round_to_increment(Nanoseconds number, Nanoseconds increment, RoundingMode mode);
// https://tc39.es/proposal-temporal/#sec-temporal-roundnumbertoincrementasifpositive
Nanoseconds round_as_if_positive(Nanoseconds number, Nanoseconds increment, RoundingMode mode);
// The time of day rounded to a day or a time unit; may be the end of the day, NANOSECONDS_PER_DAY.
// https://tc39.es/proposal-temporal/#sec-temporal-roundtime
int64_t round_time(int64_t time, int64_t increment, TemporalUnit unit, RoundingMode mode);
// https://tc39.es/proposal-temporal/#sec-temporal-roundisodatetime
IsoDateTime round_date_time(IsoDateTime iso, int64_t increment, TemporalUnit unit, RoundingMode mode);
// The nearest double to a quotient; of two that are equally near, the even one. The divisor is positive, and both
// are below 2^126.
double exact_quotient(Nanoseconds dividend, Nanoseconds divisor);

#endif
