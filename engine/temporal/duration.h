// Durations: ten numbers, and the exact form that arithmetic uses.
#ifndef CAISSON_TEMPORAL_DURATION_H
#define CAISSON_TEMPORAL_DURATION_H

#include "temporal/rounding.h"

// The fields of a Temporal.Duration by their units: integers, none of another sign than the others.
typedef struct Duration {
  double fields[UNITS];
} Duration;

// https://tc39.es/proposal-temporal/#sec-temporal-date-duration-records
// Years, months and weeks are below 2^32, days below 2^37; all of one sign.
typedef struct DateDuration {
  int64_t years, months, weeks, days;
} DateDuration;

// https://tc39.es/proposal-temporal/#sec-temporal-internal-duration-records
typedef struct InternalDuration {
  DateDuration date;
  Nanoseconds time;
} InternalDuration;

int duration_sign(const Duration *duration);
Duration duration_negate(const Duration *duration);
// https://tc39.es/proposal-temporal/#sec-isvalidduration  For finite integers.
bool duration_is_valid(const Duration *duration);
// https://tc39.es/proposal-temporal/#sec-temporal-defaulttemporallargestunit
TemporalUnit duration_largest_unit(const Duration *duration);
// https://tc39.es/proposal-temporal/#sec-temporal-tointernaldurationrecord  For a valid duration.
InternalDuration duration_to_internal(const Duration *duration);
// The same with the days, of 24 hours, as a part of the time.
// https://tc39.es/proposal-temporal/#sec-temporal-tointernaldurationrecordwith24hourdays
InternalDuration duration_to_internal_with_24_hour_days(const Duration *duration);
// False: not valid. https://tc39.es/proposal-temporal/#sec-temporal-temporaldurationfrominternal
MUST_CHECK bool duration_from_internal(const InternalDuration *internal, TemporalUnit largest_unit, Duration *duration);

int date_duration_sign(const DateDuration *date);
bool date_duration_is_valid(const DateDuration *date);
// https://tc39.es/proposal-temporal/#sec-temporal-addtimeduration  Whether it is a time duration.
bool time_duration_is_valid(Nanoseconds time);
// https://tc39.es/proposal-temporal/#sec-temporal-roundtimeduration  False: not a time duration.
MUST_CHECK bool time_duration_round(Nanoseconds *time, int64_t increment, TemporalUnit unit, RoundingMode mode);

#endif
