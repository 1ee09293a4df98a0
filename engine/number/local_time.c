#include "number/local_time.h"

#include <math.h>

#include "number/calendar.h"

#define LATEST_TIME 8.64e15

// OPTIMIZATION: no zone leaves an offset and comes back to it within this time. So when two instants that are this
// close have equal offsets, all instants between them have it too. (`npm run differential -- zones` looks for
// counterexamples.)
#define JOINING_REACH (5 * MS_PER_DAY)

void time_zone_initialize(TimeZone *zone, ZoneSpan (*ask)(void *data, double utc), void *data) {
  *zone = (TimeZone){.ask = ask, .data = data};
}

void time_zone_forget(TimeZone *zone) { zone->count = zone->latest = zone->misses = 0; }

static bool span_holds(const ZoneSpan *span, double utc) { return utc >= span->start && utc <= span->end; }

// The answer, corrected to a span that contains `utc`, whoever answers. Beyond the range of time values nothing
// changes.
static ZoneSpan zone_ask(TimeZone *zone, double utc) {
  double asked = fmin(fmax(utc, -LATEST_TIME), LATEST_TIME);
  ZoneSpan span = zone->ask(zone->data, asked);
  span.offset = fabs(span.offset) < MS_PER_DAY ? trunc(span.offset) : 0;
  if (!span_holds(&span, asked)) span.start = span.end = asked;
  if (span.start <= -LATEST_TIME) span.start = -INFINITY;
  if (span.end >= LATEST_TIME) span.end = INFINITY;
  return span;
}

// Remembers a span, joined with the spans that it continues.
static ZoneSpan zone_learn(TimeZone *zone, ZoneSpan span) {
  for (uint32_t i = 0; i < zone->count;) {
    const ZoneSpan *other = &zone->known[i];
    bool joins = other->offset == span.offset && other->start - span.end <= JOINING_REACH &&
                 span.start - other->end <= JOINING_REACH;
    if (!joins) {
      i++;
      continue;
    }
    span.start = fmin(span.start, other->start);
    span.end = fmax(span.end, other->end);
    zone->known[i] = zone->known[--zone->count];
  }
  // When all places are taken, the last one is used again and again.
  zone->latest = zone->count < ZONE_SPANS_MOST ? zone->count++ : ZONE_SPANS_MOST - 1;
  zone->known[zone->latest] = span;
  return span;
}

static const ZoneSpan *zone_find(TimeZone *zone, double utc) {
  if (zone->latest < zone->count && LIKELY(span_holds(&zone->known[zone->latest], utc)))
    return &zone->known[zone->latest];
  for (uint32_t i = 0; i < zone->count; i++) {
    if (!span_holds(&zone->known[i], utc)) continue;
    zone->latest = i;
    return &zone->known[i];
  }
  return NULL;
}

// OPTIMIZATION: a program that goes from one instant to the next leaves the known spans step by step. An instant
// further on in that direction mostly has the same offset; asking for it saves the questions in between.
static bool zone_look_ahead(TimeZone *zone, double utc, ZoneSpan *span) {
  if (zone->latest >= zone->count) return false;
  ZoneSpan left = zone->known[zone->latest];
  double ahead = utc > left.end ? left.end + JOINING_REACH : left.start - JOINING_REACH;
  bool is_between = utc > left.end ? utc < ahead : utc > ahead;
  if (!is_between || zone_find(zone, ahead)) return false;
  *span = zone_learn(zone, zone_ask(zone, ahead));
  return span_holds(span, utc);
}

static ZoneSpan zone_look(TimeZone *zone, double utc) {
  const ZoneSpan *known = zone_find(zone, utc);
  return known ? *known : zone_learn(zone, zone_ask(zone, utc));
}

// Completes two known spans with different offsets, the second of which is later: `before` is extended to where its
// offset ends, and the span that begins there is returned. It may be another one than the second.
static ZoneSpan zone_next(TimeZone *zone, ZoneSpan *before, ZoneSpan after) {
  while (after.start - before->end > 1) {
    double middle = floor((before->end + after.start) / 2);
    ZoneSpan span = zone_look(zone, middle);
    if (span.offset == before->offset) {
      before->end = fmax(span.end, middle);
    } else {
      after = span;
      after.start = fmax(fmin(span.start, middle), before->end + 1);  // the latter for a host that contradicts itself
    }
  }
  return after;
}

// OPTIMIZATION: when a program works with many dates over some decades, each span is found completely, as far as half a
// year reaches, before fragments take all places.
enum { MISSES_OF_FEW_DATES = 32, STEPS_OF_HALF_A_YEAR = 40 };
static ZoneSpan zone_explore(TimeZone *zone, ZoneSpan span) {
  for (int i = 0; i < STEPS_OF_HALF_A_YEAR && span.end < LATEST_TIME && !zone_find(zone, span.end + JOINING_REACH);
       i++) {
    ZoneSpan later = zone_learn(zone, zone_ask(zone, span.end + JOINING_REACH));
    if (later.offset != span.offset) {
      (void)zone_next(zone, &span, later);
      break;
    }
    span = later;
  }
  for (int i = 0; i < STEPS_OF_HALF_A_YEAR && span.start > -LATEST_TIME && !zone_find(zone, span.start - JOINING_REACH);
       i++) {
    ZoneSpan earlier = zone_learn(zone, zone_ask(zone, span.start - JOINING_REACH));
    if (earlier.offset != span.offset) {
      (void)zone_next(zone, &earlier, span);
      break;
    }
    span = earlier;
  }
  return span;
}

static ZoneSpan zone_span(TimeZone *zone, double utc) {
  const ZoneSpan *known = zone_find(zone, utc);
  if (LIKELY(known)) return *known;
  ZoneSpan span;
  if (zone_look_ahead(zone, utc, &span)) return span;
  span = zone_learn(zone, zone_ask(zone, utc));
  zone->misses++;
  return zone->misses < MISSES_OF_FEW_DATES || zone->count == ZONE_SPANS_MOST ? span : zone_explore(zone, span);
}

// https://tc39.es/ecma262/#sec-localtime
double time_zone_to_local(TimeZone *zone, double utc) { return zone ? utc + zone_span(zone, utc).offset : utc; }

// https://tc39.es/ecma262/#sec-utc-t
// The possible instants lie within a day. The spans of that day are searched from the first to the last; the first
// instant whose local time is `local` is the answer. When there is none, the clock was put forward past it, and the
// offset before that change counts.
double time_zone_from_local(TimeZone *zone, double local) {
  if (!(fabs(local) <= LATEST_TIME + MS_PER_DAY)) return NAN;
  if (!zone) return local;
  ZoneSpan span = zone_span(zone, local - MS_PER_DAY);
  double utc = local - span.offset, skipped = utc, missing = INFINITY;
  // A day of a zone has two or three spans. A host that answers differently each time is not followed further.
  for (int count = 0; count < 16; count++, utc = local - span.offset) {
    if (span_holds(&span, utc)) return utc;
    ZoneSpan last = zone_span(zone, local + MS_PER_DAY);
    if (span.offset == last.offset) return utc >= span.start ? utc : skipped;
    ZoneSpan next = zone_next(zone, &span, last);
    if (span_holds(&span, utc)) return utc;
    if (utc > span.end && utc - span.end <= missing) {
      missing = utc - span.end;
      skipped = utc;
    }
    span = next;
  }
  return skipped;
}
