// Differences between dates, times and instants, and durations relative to a date: rounded, and as a number of one
// unit. Functions that return a bool: false means that something on the way is out of range.
#ifndef CAISSON_TEMPORAL_DIFFERENCE_H
#define CAISSON_TEMPORAL_DIFFERENCE_H

#include "temporal/calendars.h"

// https://tc39.es/proposal-temporal/#sec-temporal-getdifferencesettings
typedef struct DifferenceSettings {
  TemporalUnit smallest_unit, largest_unit;
  RoundingMode mode;
  int64_t increment;  // 1 to 10^9
} DifferenceSettings;

// Where a difference begins: a date and time in a calendar; when it is zoned, also an instant in a time zone.
typedef struct Origin {
  IsoDateTime iso;  // when it is zoned, what the zone's clocks show at the instant
  Nanoseconds epoch;
  CalendarId calendar;
  bool is_zoned;
  ZoneId zone;
} Origin;
Origin origin_plain(IsoDateTime iso, CalendarId calendar);
Origin origin_zoned(Nanoseconds instant, ZoneId zone, CalendarId calendar);

// https://tc39.es/proposal-temporal/#sec-temporal-differenceinstant
InternalDuration difference_of_instants(Nanoseconds one, Nanoseconds two, const DifferenceSettings *settings);
// Until a date and time, or (when the origin is zoned) until an instant.
// https://tc39.es/proposal-temporal/#sec-temporal-differenceplaindatetimewithrounding
// https://tc39.es/proposal-temporal/#sec-temporal-differencezoneddatetimewithrounding
MUST_CHECK bool difference_until(const Origin *origin, const Origin *end, const DifferenceSettings *settings,
                                 InternalDuration *result);
// https://tc39.es/proposal-temporal/#sec-temporal-differenceplaindatetimewithtotal
// https://tc39.es/proposal-temporal/#sec-temporal-differencezoneddatetimewithtotal
MUST_CHECK bool difference_total(const Origin *origin, const Origin *end, TemporalUnit unit, double *total);
// Rounds what calendar_until has found between two dates.
// https://tc39.es/proposal-temporal/#sec-temporal-roundrelativeduration
MUST_CHECK bool difference_round(InternalDuration *duration, const Origin *origin, Nanoseconds end,
                                 const DifferenceSettings *settings);
// https://tc39.es/proposal-temporal/#sec-temporal-totaltimeduration
double time_duration_total(Nanoseconds time, TemporalUnit unit);
// https://tc39.es/proposal-temporal/#sec-temporal-addzoneddatetime
MUST_CHECK bool zoned_add(const Origin *origin, const InternalDuration *duration, bool constrains,
                          Nanoseconds *instant);

#endif
