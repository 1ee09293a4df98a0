// The history of a zone in zone_data, as its offsets and the distances between their changes:
//
//   rule: 1 byte    the rule that goes on after the last change (zone_rules)
//   offset: 3 bytes    before the first change, in seconds
//   count: 2 bytes    of changes; each is
//     2 bytes: 13 bits of hours since the previous change (of the first: since ZONE_FIRST), 3 bits of a place
//     5 bytes: the distance in seconds, when the hours are ZONE_FAR
//     3 bytes: the new offset, when the place is ZONE_NEW; else it is the one at that place among the latest offsets,
//              and comes to the front
//
// All little-endian. So zones that change in the same way have the same bytes, which compresses well.
#include "temporal/zones.h"

#include <math.h>

#include "number/calendar.h"
#include "temporal/iso_text.h"

#define ZONE_FIRST (-(INT64_C(1) << 33))
enum { ZONE_FAR = 8191, ZONE_NEW = 7, SECONDS_PER_DAY = 24 * 60 * 60 };

// Names ----------------------------------------------------------------------------------------------

static const char *name_of(ZoneId zone) { return zone_names + zone_name_starts[zone - ZONE_NAMED]; }

static uint32_t lower(uint32_t unit) { return unit >= 'A' && unit <= 'Z' ? unit | 32 : unit; }

// bounded: the length of a name.
static int compare_ignoring_case(TextView text, const char *name) {
  for (uint32_t i = 0;; i++) {
    uint32_t unit = i < text.length ? lower(text_view_unit(text, i)) : 0, other = lower((uint8_t)name[i]);
    if (unit != other) return unit < other ? -1 : 1;
    if (i >= text.length) return 0;
    if (other == 0) return 1;  // a zero within the text
  }
}

// bounded: ten halvings.
bool zone_find(TextView name, ZoneId *zone) {
  ZoneId low = ZONE_NAMED, high = ZONE_NAMED + ZONE_NAMES;
  while (low < high) {
    *zone = low + (high - low) / 2;
    int order = compare_ignoring_case(name, name_of(*zone));
    if (order == 0) return true;
    if (order < 0) high = *zone;
    else low = *zone + 1;
  }
  return false;
}

ZoneId zone_primary(ZoneId zone) {
  return zone_is_offset(zone) ? zone : ZONE_NAMED + zone_primaries[zone_of_name[zone - ZONE_NAMED]];
}

unsigned zone_write_id(ZoneId zone, char text[ZONE_ID_SIZE]) {
  if (zone_is_offset(zone)) return iso_write_offset(zone * NANOSECONDS_PER_MINUTE, text);
  size_t length = strlen(name_of(zone));
  memcpy(text, name_of(zone), length);
  return (unsigned)length;
}

bool zone_equals(ZoneId one, ZoneId two) {
  if (zone_is_offset(one) || zone_is_offset(two)) return one == two;
  return zone_of_name[one - ZONE_NAMED] == zone_of_name[two - ZONE_NAMED];
}

// Periods --------------------------------------------------------------------------------------------

static uint32_t take_two(const uint8_t **at) {
  const uint8_t *from = *at;
  *at += 2;
  return from[0] | (uint32_t)from[1] << 8;
}
static int32_t take_offset(const uint8_t **at) {
  uint32_t low = take_two(at);
  return (int32_t)(low << 8 | (uint32_t)*(*at)++ << 24) >> 8;
}
static int64_t take_distance(const uint8_t **at) {
  int64_t low = take_two(at), middle = take_two(at);
  return low | middle << 16 | (int64_t)*(*at)++ << 32;
}

// The second of a rule's day in a year, by the clock.
static int64_t rule_day(const ZoneRuleDay *day, int64_t year) {
  int64_t first = calendar_days_from_civil(year, day->month - 1, 1);
  int weekday = iso_day_of_week(iso_date_from_days(first)) % 7;
  int place = (day->weekday - weekday + 7) % 7 + (day->week - 1) * 7;
  if (place >= iso_days_in_month(year, day->month)) place -= 7;
  return (first + place) * SECONDS_PER_DAY + day->time;
}

// Makes the period that begins with the last change the one of the rule.
// bounded: three years.
static void apply_rule(const ZoneRule *rule, int64_t second, ZonePeriod *period) {
  int64_t from = second > period->start ? second : period->start, last = period->start;
  int64_t year = iso_date_from_days((int64_t)nanoseconds_divide_floor(from, SECONDS_PER_DAY)).year;
  for (int i = 0; i < 6; i++) {
    bool is_summer = i % 2 == 0;
    int64_t change = is_summer ? rule_day(&rule->to_summer, year - 1 + i / 2) - rule->standard
                               : rule_day(&rule->to_standard, year - 1 + i / 2) - rule->summer;
    if (change > from && change < period->end) period->end = change;
    if (change <= from && change > last && change >= period->start) {
      period->start = change;
      period->offset = is_summer ? rule->summer : rule->standard;
    }
  }
}

// bounded: the changes of a zone, some hundreds.
static ZonePeriod named_period(unsigned zone, int64_t second) {
  const uint8_t *at = zone_data + zone_starts[zone];
  const ZoneRule *rule = &zone_rules[*at++];
  ZonePeriod period = {INT64_MIN, INT64_MAX, take_offset(&at)};
  int32_t latest[ZONE_NEW + 1] = {(int32_t)period.offset};
  int64_t time = ZONE_FIRST;
  for (uint32_t count = take_two(&at); count > 0; count--) {
    uint32_t change = take_two(&at), place = change >> 13, hours = change & ZONE_FAR;
    time += hours == ZONE_FAR ? take_distance(&at) : (int64_t)hours * 3600;
    if (second < time) {
      period.end = time;
      return period;
    }
    int32_t offset = place == ZONE_NEW ? take_offset(&at) : latest[place];
    for (uint32_t i = place; i > 0; i--) latest[i] = latest[i - 1];
    latest[0] = offset;
    period.start = time;
    period.offset = offset;
  }
  if (rule != zone_rules) apply_rule(rule, second, &period);
  return period;
}

ZonePeriod zone_period(ZoneId zone, int64_t second) {
  return zone_is_offset(zone) ? (ZonePeriod){INT64_MIN, INT64_MAX, zone * 60}
                              : named_period(zone_of_name[zone - ZONE_NAMED], second);
}

// The same, from those found before.
// bounded: the places of a cache.
static ZonePeriod cached_period(ZoneId zone, ZoneCache *cache, int64_t second) {
  if (!cache) return zone_period(zone, second);
  for (uint32_t i = 0; i < cache->count; i++) {
    const ZonePeriod *period = &cache->periods[(cache->latest - i) % ZONE_CACHE_SIZE];
    if (second >= period->start && second < period->end) return *period;
  }
  cache->misses++;
  cache->latest = (cache->latest + 1) % ZONE_CACHE_SIZE;
  cache->count = MIN_OF(cache->count + 1, ZONE_CACHE_SIZE);
  return cache->periods[cache->latest] = zone_period(zone, second);
}

static int64_t second_of(Nanoseconds instant) {
  return (int64_t)nanoseconds_divide_floor(instant, NANOSECONDS_PER_SECOND);
}

int64_t zone_offset(ZoneId zone, Nanoseconds instant) {
  return zone_period(zone, second_of(instant)).offset * NANOSECONDS_PER_SECOND;
}

IsoDateTime zone_to_iso(ZoneId zone, Nanoseconds instant) {
  return iso_from_nanoseconds(instant + zone_offset(zone, instant));
}

// The offsets with which a reading of a clock is an instant of the zone: `count` of them, the first and the last. When
// there is none, the clocks were put forward past it at the second `change`: then they are those after and before it.
typedef struct LocalOffsets {
  int count;
  int64_t offsets[2], change;
} LocalOffsets;

// A cache may be NULL.
// bounded: the offset changes a few times in some days at most.
static LocalOffsets find_offsets(ZoneId zone, ZoneCache *cache, int64_t local) {
  LocalOffsets found = {0};
  ZonePeriod period = cached_period(zone, cache, local - 2 * SECONDS_PER_DAY);  // no offset is as large
  for (;; period = cached_period(zone, cache, period.end)) {
    int64_t instant = local - period.offset;
    if (instant >= period.end) {
      found.offsets[1] = period.offset;
      found.change = period.end;
    } else if (instant >= period.start) {
      found.offsets[found.count > 0] = period.offset;
      found.count++;
    } else {
      if (found.count == 0) found.offsets[0] = period.offset;
      return found;
    }
    if (period.end > local + 2 * SECONDS_PER_DAY) return found;
  }
}

// https://tc39.es/proposal-temporal/#sec-temporal-getpossibleepochnanoseconds  False: out of range.
// bounded: two offsets.
static MUST_CHECK bool find_candidates(ZoneId zone, IsoDateTime iso, LocalOffsets *found) {
  Nanoseconds local = iso_to_nanoseconds(iso);
  *found = find_offsets(zone, NULL, second_of(local));
  for (int i = 0; i < MIN_OF(found->count, 2); i++) {
    if (!instant_is_valid(local - found->offsets[i] * NANOSECONDS_PER_SECOND)) return false;
  }
  return true;
}

// https://tc39.es/proposal-temporal/#sec-temporal-disambiguatepossibleepochnanoseconds
static MUST_CHECK bool disambiguate(IsoDateTime iso, const LocalOffsets *found, Disambiguation disambiguation,
                                    Nanoseconds *instant) {
  bool is_last =
      disambiguation == DISAMBIGUATE_LATER || (found->count == 0 && disambiguation == DISAMBIGUATE_COMPATIBLE);
  int64_t offset = found->offsets[found->count != 1 && is_last];
  *instant = iso_to_nanoseconds(iso) - offset * NANOSECONDS_PER_SECOND;
  return (found->count == 1 || disambiguation != DISAMBIGUATE_REJECT) && instant_is_valid(*instant);
}

bool zone_to_instant(ZoneId zone, IsoDateTime iso, Disambiguation disambiguation, Nanoseconds *instant) {
  LocalOffsets found;
  return find_candidates(zone, iso, &found) && disambiguate(iso, &found, disambiguation, instant);
}

bool zone_start_of_day(ZoneId zone, IsoDate date, Nanoseconds *instant) {
  LocalOffsets found;
  if (!find_candidates(zone, iso_midnight(date), &found)) return false;
  if (found.count > 0) return disambiguate(iso_midnight(date), &found, DISAMBIGUATE_EARLIER, instant);
  *instant = (Nanoseconds)found.change * NANOSECONDS_PER_SECOND;
  return instant_is_valid(*instant);
}

bool zone_find_transition(ZoneId zone, Nanoseconds instant, bool is_next, Nanoseconds *transition) {
  ZonePeriod period = zone_period(zone, second_of(is_next ? instant : instant - 1));
  int64_t second = is_next ? period.end : period.start;
  *transition = (Nanoseconds)second * NANOSECONDS_PER_SECOND;
  return second != (is_next ? INT64_MAX : INT64_MIN) && instant_is_valid(*transition);
}

// bounded: two candidates.
bool zone_interpret(ZoneId zone, const ZonedReading *reading, Nanoseconds *instant) {
  if (reading->is_start_of_day) return zone_start_of_day(zone, reading->iso.date, instant);
  OffsetBehaviour behaviour = reading->behaviour;
  Nanoseconds local = iso_to_nanoseconds(reading->iso);
  if (behaviour == OFFSET_EXACT || (behaviour == OFFSET_OPTION && reading->option == OFFSET_USE)) {
    *instant = local - reading->offset;
    return instant_is_valid(*instant);
  }
  LocalOffsets found;
  if (behaviour == OFFSET_OPTION && reading->option != OFFSET_IGNORE) {
    int64_t days = iso_date_to_days(reading->iso.date);
    if (days > 100000000 || days < -100000000) return false;
    if (!find_candidates(zone, reading->iso, &found)) return false;
    for (int i = 0; i < MIN_OF(found.count, 2); i++) {
      int64_t offset = found.offsets[i] * NANOSECONDS_PER_SECOND;
      *instant = local - offset;
      if (offset == reading->offset) return true;
      if (reading->matches_minutes &&
          round_to_increment(offset, NANOSECONDS_PER_MINUTE, ROUND_HALF_EXPAND) == reading->offset)
        return true;
    }
    return reading->option != OFFSET_REJECT && disambiguate(reading->iso, &found, reading->disambiguation, instant);
  }
  return zone_to_instant(zone, reading->iso, reading->disambiguation, instant);
}

// Local time of Date ---------------------------------------------------------------------------------

void zone_cache_set(ZoneCache *cache, ZoneId zone) {
  if (zone == cache->zone) return;
  cache->zone = zone;
  cache->count = 0;
}

double zone_local_from_utc(ZoneCache *cache, double utc) {
  if (!cache) return utc;
  return utc + (double)cached_period(cache->zone, cache, (int64_t)floor(utc / MS_PER_SECOND)).offset * MS_PER_SECOND;
}

double zone_utc_from_local(ZoneCache *cache, double local) {
  if (!(fabs(local) <= 8.64e15 + MS_PER_DAY)) return NAN;
  if (!cache) return local;
  LocalOffsets found = find_offsets(cache->zone, cache, (int64_t)floor(local / MS_PER_SECOND));
  return local - (double)found.offsets[found.count == 0] * MS_PER_SECOND;
}
