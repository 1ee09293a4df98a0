// Time zones: the offsets of their clocks from UTC, and which instants a clock's reading may mean.
#ifndef CAISSON_TEMPORAL_ZONES_H
#define CAISSON_TEMPORAL_ZONES_H

#include "base/text_view.h"
#include "temporal/rounding.h"
#include "temporal/zone_tables.h"

// A fixed offset in minutes, -1439 to 1439; or ZONE_NAMED and the number of an identifier.
typedef int32_t ZoneId;
enum { ZONE_NAMED = 1 << 16, ZONE_UTC = ZONE_NAMED + ZONE_NAME_UTC, ZONE_ID_SIZE = 48 };
static inline bool zone_is_offset(ZoneId zone) { return zone < ZONE_NAMED; }

// A named zone, in any letter case. False: there is none.
// https://tc39.es/proposal-temporal/#sec-getavailablenamedtimezoneidentifier
MUST_CHECK bool zone_find(TextView name, ZoneId *zone);
// The same zone by its primary identifier. https://tc39.es/ecma262/#sec-time-zone-identifiers
ZoneId zone_primary(ZoneId zone);
unsigned zone_write_id(ZoneId zone, char text[ZONE_ID_SIZE]);  // returns the length
// https://tc39.es/proposal-temporal/#sec-temporal-timezoneequals
bool zone_equals(ZoneId one, ZoneId two);

// The offset that a zone has from `start` on, and before `end`; all in seconds. INT64_MIN, INT64_MAX: no such end.
typedef struct ZonePeriod {
  int64_t start, end, offset;
} ZonePeriod;
ZonePeriod zone_period(ZoneId zone, int64_t second);
// https://tc39.es/proposal-temporal/#sec-temporal-getoffsetnanosecondsfor
int64_t zone_offset(ZoneId zone, Nanoseconds instant);
// https://tc39.es/proposal-temporal/#sec-temporal-getisodatetimefor
IsoDateTime zone_to_iso(ZoneId zone, Nanoseconds instant);

typedef enum Disambiguation {
  DISAMBIGUATE_COMPATIBLE,
  DISAMBIGUATE_EARLIER,
  DISAMBIGUATE_LATER,
  DISAMBIGUATE_REJECT,
} Disambiguation;
// The instant at which the zone's clocks show this. False: it is outside of the range of instants, or there is none
// or more than one, and that is rejected. https://tc39.es/proposal-temporal/#sec-temporal-getepochnanosecondsfor
MUST_CHECK bool zone_to_instant(ZoneId zone, IsoDateTime iso, Disambiguation disambiguation, Nanoseconds *instant);
// https://tc39.es/proposal-temporal/#sec-temporal-getstartofday
MUST_CHECK bool zone_start_of_day(ZoneId zone, IsoDate date, Nanoseconds *instant);
// The nearest instant after or before this one at which the offset changes. False: there is none.
// https://tc39.es/proposal-temporal/#sec-temporal-getnamedtimezonenexttransition
MUST_CHECK bool zone_find_transition(ZoneId zone, Nanoseconds instant, bool is_next, Nanoseconds *transition);

// What is given about a clock's reading. https://tc39.es/proposal-temporal/#sec-temporal-interpretisodatetimeoffset
typedef enum OffsetBehaviour { OFFSET_WALL, OFFSET_OPTION, OFFSET_EXACT } OffsetBehaviour;
typedef enum OffsetOption { OFFSET_PREFER, OFFSET_USE, OFFSET_IGNORE, OFFSET_REJECT } OffsetOption;
typedef struct ZonedReading {
  IsoDateTime iso;
  bool is_start_of_day;  // no time was given
  OffsetBehaviour behaviour;
  int64_t offset;  // nanoseconds; with OFFSET_OPTION
  OffsetOption option;
  bool matches_minutes;  // an offset without seconds stands for all that are rounded to it
  Disambiguation disambiguation;
} ZonedReading;
// False: there is no such instant.
MUST_CHECK bool zone_interpret(ZoneId zone, const ZonedReading *reading, Nanoseconds *instant);

// Local time of Date, with the periods that were found last. A cache may be NULL, for UTC. --------------

enum { ZONE_CACHE_SIZE = 16 };
typedef struct ZoneCache {
  ZoneId zone;
  uint32_t count, latest;  // of the periods: how many, and which was found last
  uint32_t misses;         // how often none of them was the right one
  ZonePeriod periods[ZONE_CACHE_SIZE];
} ZoneCache;
void zone_cache_set(ZoneCache *cache, ZoneId zone);
// https://tc39.es/ecma262/#sec-localtime  Of a time value, not NaN.
double zone_local_from_utc(ZoneCache *cache, double utc);
// https://tc39.es/ecma262/#sec-utc-t  NaN for values far outside of the range of time values.
double zone_utc_from_local(ZoneCache *cache, double local);

#endif
