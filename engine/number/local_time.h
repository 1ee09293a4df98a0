// Local time: the one rule that connects instants with the readings of a wall clock.
//
// The platform is asked only for the offset at an instant. That a reading may occur twice or never is worked out here.
#ifndef CAISSON_NUMBER_LOCAL_TIME_H
#define CAISSON_NUMBER_LOCAL_TIME_H

#include "base/base.h"

// The offset from UTC in ms, positive to the east, of all instants from `start` to `end`, both included.
typedef struct ZoneSpan {
  double start, end, offset;
} ZoneSpan;

enum { ZONE_SPANS_MOST = 64, ZONE_NAME_SIZE = 256 };

// A zone and the spans found so far. Asking may be slow, and programs ask for near times again and again.
typedef struct TimeZone {
  // The span of an instant, as far as the platform knows it; at least start = end = utc. `utc` is a time value (finite,
  // within their range). An impossible offset counts as 0.
  ZoneSpan (*ask)(void *data, double utc);
  void *data;
  uint32_t count, latest;  // of the known spans: how many, and which was found last
  uint32_t misses;         // how often an instant was in no known span
  ZoneSpan known[ZONE_SPANS_MOST];
} TimeZone;

void time_zone_initialize(TimeZone *zone, ZoneSpan (*ask)(void *data, double utc), void *data);
void time_zone_forget(TimeZone *zone);

// The abstract operations LocalTime and UTC; a zone that is NULL is UTC.
double time_zone_to_local(TimeZone *zone, double utc);      // of a time value, not NaN
double time_zone_from_local(TimeZone *zone, double local);  // NaN for values far outside of the range of time values

#endif
