// Local time: the one rule by which instants and readings of a clock on the wall belong together.
//
// What is asked of the world is the offset at an instant, nothing else: that a reading may occur twice or never is
// worked out here.
#ifndef CAISSON_NUMBER_LOCAL_TIME_H
#define CAISSON_NUMBER_LOCAL_TIME_H

#include "base/base.h"

// The offset from UTC in ms, positive to the east, of all instants from `start` to `end`, both included.
typedef struct ZoneSpan {
  double start, end, offset;
} ZoneSpan;

enum { ZONE_SPANS_MOST = 64, ZONE_NAME_SIZE = 256 };

// A zone and what is known of it so far. Asking may be slow, and programs ask for near times again and again.
typedef struct TimeZone {
  // The span of an instant, as far as the one who answers knows it; at least start = end = utc. `utc` is a time value
  // (finite, in their range). What cannot be an offset counts as 0.
  ZoneSpan (*ask)(void *data, double utc);
  void *data;
  uint32_t count, latest;  // of the known: how many, and which was found last
  uint32_t misses;         // how often an instant was not among them
  ZoneSpan known[ZONE_SPANS_MOST];
} TimeZone;

void time_zone_initialize(TimeZone *zone, ZoneSpan (*ask)(void *data, double utc), void *data);
void time_zone_forget(TimeZone *zone);

// The abstract operations LocalTime and UTC; a zone that is NULL is UTC.
double time_zone_to_local(TimeZone *zone, double utc);      // of a time value, not NaN
double time_zone_from_local(TimeZone *zone, double local);  // NaN for what is far outside of the range of time values

#endif
