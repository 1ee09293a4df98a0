// The units of Temporal, by descending size. https://tc39.es/proposal-temporal/#sec-temporal-units
#ifndef CAISSON_TEMPORAL_UNITS_H
#define CAISSON_TEMPORAL_UNITS_H

#include "temporal/iso.h"

typedef enum TemporalUnit {
  UNIT_YEAR,
  UNIT_MONTH,
  UNIT_WEEK,
  UNIT_DAY,
  UNIT_HOUR,
  UNIT_MINUTE,
  UNIT_SECOND,
  UNIT_MILLISECOND,
  UNIT_MICROSECOND,
  UNIT_NANOSECOND,
  UNITS,
  UNIT_AUTO = UNITS,  // only as an option
  UNIT_UNSET,
} TemporalUnit;

static inline bool unit_is_calendar_unit(TemporalUnit unit) { return unit <= UNIT_WEEK; }
static inline bool unit_is_date_unit(TemporalUnit unit) { return unit <= UNIT_DAY; }
static inline TemporalUnit unit_larger_of(TemporalUnit one, TemporalUnit two) { return MIN_OF(one, two); }

// The length of a day or of a time unit.
int64_t unit_nanoseconds(TemporalUnit unit);
// How many of a time unit the next larger one has; 0 for date units.
uint32_t unit_maximum_increment(TemporalUnit unit);

#endif
