#include "temporal/duration.h"

#include <math.h>

#define TIME_DURATION_END (((Nanoseconds)1 << 53) * NANOSECONDS_PER_SECOND)

// bounded: ten fields.
int duration_sign(const Duration *duration) {
  for (int i = 0; i < UNITS; i++) {
    if (duration->fields[i] != 0) return duration->fields[i] < 0 ? -1 : 1;
  }
  return 0;
}

// bounded: ten fields.
Duration duration_negate(const Duration *duration) {
  Duration negated;
  for (int i = 0; i < UNITS; i++) negated.fields[i] = 0 - duration->fields[i];  // no -0
  return negated;
}

// The sum of the fields from `first` on, which are so small that it is exact.
// bounded: seven fields.
static Nanoseconds duration_sum(const Duration *duration, TemporalUnit first) {
  Nanoseconds sum = 0;
  for (int i = (int)first; i < UNITS; i++) sum += (Nanoseconds)duration->fields[i] * unit_nanoseconds((TemporalUnit)i);
  return sum;
}

// bounded: ten fields.
bool duration_is_valid(const Duration *duration) {
  int sign = duration_sign(duration);
  for (int i = 0; i < UNITS; i++) {
    double field = duration->fields[i];
    if (sign < 0 ? field > 0 : field < 0) return false;
    if (i < UNIT_DAY ? fabs(field) >= 4294967296.0 : fabs(field) * (double)unit_nanoseconds((TemporalUnit)i) > 1e25)
      return false;
  }
  return time_duration_is_valid(duration_sum(duration, UNIT_DAY));
}

// bounded: ten fields.
TemporalUnit duration_largest_unit(const Duration *duration) {
  for (int i = 0; i < UNIT_NANOSECOND; i++) {
    if (duration->fields[i] != 0) return (TemporalUnit)i;
  }
  return UNIT_NANOSECOND;
}

InternalDuration duration_to_internal(const Duration *duration) {
  const double *fields = duration->fields;
  DateDuration date = {(int64_t)fields[UNIT_YEAR], (int64_t)fields[UNIT_MONTH], (int64_t)fields[UNIT_WEEK],
                       (int64_t)fields[UNIT_DAY]};
  return (InternalDuration){date, duration_sum(duration, UNIT_HOUR)};
}

InternalDuration duration_to_internal_with_24_hour_days(const Duration *duration) {
  InternalDuration internal = duration_to_internal(duration);
  internal.time += (Nanoseconds)internal.date.days * NANOSECONDS_PER_DAY;
  internal.date.days = 0;
  return internal;
}

// bounded: ten fields.
bool duration_from_internal(const InternalDuration *internal, TemporalUnit largest_unit, Duration *duration) {
  Nanoseconds rest = internal->time;
  double *fields = duration->fields;
  fields[UNIT_YEAR] = (double)internal->date.years;
  fields[UNIT_MONTH] = (double)internal->date.months;
  fields[UNIT_WEEK] = (double)internal->date.weeks;
  int64_t days = internal->date.days;
  for (int i = UNIT_DAY; i < UNITS; i++) {
    int64_t length = unit_nanoseconds((TemporalUnit)i);
    Nanoseconds count = i >= (int)largest_unit ? rest / length : 0;
    rest -= count * length;
    fields[i] = (double)(i == UNIT_DAY ? count + days : count);
  }
  return duration_is_valid(duration);
}

int date_duration_sign(const DateDuration *date) {
  int64_t first = date->years ? date->years : date->months ? date->months : date->weeks ? date->weeks : date->days;
  return sign_of(first);
}

bool date_duration_is_valid(const DateDuration *date) {
  Duration duration = {{(double)date->years, (double)date->months, (double)date->weeks, (double)date->days}};
  return duration_is_valid(&duration);
}

bool time_duration_is_valid(Nanoseconds time) { return time < TIME_DURATION_END && time > -TIME_DURATION_END; }

bool time_duration_round(Nanoseconds *time, int64_t increment, TemporalUnit unit, RoundingMode mode) {
  *time = round_to_increment(*time, (Nanoseconds)increment * unit_nanoseconds(unit), mode);
  return time_duration_is_valid(*time);
}
