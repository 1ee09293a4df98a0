// Time zones: every name; periods that follow one another without a gap; and which instants a clock's reading may mean,
// against a search through all periods.
#include "temporal/zones.h"

#include <math.h>
#include <stdio.h>

#include "temporal/iso_text.h"

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

static uint32_t seed = 1;
static uint32_t below(uint32_t limit) {
  seed = seed * 1103515245u + 12345u;
  return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

static TextView view(const char *text) { return text_view_narrow(text, strlen(text)); }

static void test_names(void) {
  for (ZoneId zone = ZONE_NAMED; zone < ZONE_NAMED + ZONE_NAMES; zone++) {
    char text[ZONE_ID_SIZE];
    ZoneId found;
    unsigned length = zone_write_id(zone, text);
    CHECK(length > 0 && length < ZONE_ID_SIZE);
    CHECK(zone_find(text_view_narrow(text, length), &found) && found == zone);
    for (unsigned i = 0; i < length; i++) text[i] ^= text[i] >= 'a' && text[i] <= 'z' ? 32 : 0;
    CHECK(zone_find(text_view_narrow(text, length), &found) && found == zone);
    CHECK(!zone_find(text_view_narrow(text, length - 1), &found) || found != zone);
    CHECK(zone_equals(zone, zone_primary(zone)) && zone_primary(zone_primary(zone)) == zone_primary(zone));
  }
  ZoneId zone;
  CHECK(!zone_find(view(""), &zone) && !zone_find(view("Zz"), &zone) && !zone_find(view("\xE9"), &zone));
  CHECK(zone_find(view("Etc/GMT"), &zone) && zone_primary(zone) == ZONE_UTC);
  CHECK(zone_find(view("Asia/Calcutta"), &zone) && !zone_equals(zone, ZONE_UTC));
  CHECK(iso_parse_zone_id(view("-09:30"), &zone) && zone == -570 && zone_primary(zone) == zone);
}

static void test_periods(ZoneId zone) {
  int64_t second = INT64_C(-8640000000000) + 1;
  for (int i = 0; i < 2000; i++) {
    ZonePeriod period = zone_period(zone, second);
    CHECK(second >= period.start && second < period.end);
    CHECK(period.offset > -86400 && period.offset < 86400);
    if (period.end == INT64_MAX) break;
    ZonePeriod next = zone_period(zone, period.end), last = zone_period(zone, period.end - 1);
    CHECK(next.start == period.end && next.offset != period.offset);
    CHECK(last.start == period.start && last.end == period.end);
    second = period.end;
  }
}

// The first instant with this reading; none: the one that the offset before the gap gives.
static double search(ZoneId zone, double local) {
  int64_t reading = (int64_t)floor(local / 1000);
  double skipped = NAN;
  for (ZonePeriod period = zone_period(zone, reading - 200000);; period = zone_period(zone, period.end)) {
    int64_t instant = reading - period.offset;
    if (instant >= period.start && instant < period.end) return local - (double)period.offset * 1000;
    if (instant >= period.end) skipped = local - (double)period.offset * 1000;
    if (period.end > reading + 200000) return skipped;
  }
}

static void test_local_time(ZoneId zone, ZoneCache *cache) {
  zone_cache_set(cache, zone);
  for (int i = 0; i < 400; i++) {
    // Around a change, or anywhere.
    ZonePeriod period = zone_period(zone, (int64_t)below(1u << 28) * 16 - 2200000000);
    int64_t second = period.end < INT64_MAX && i % 4 ? period.end + (int64_t)below(20000) - 10000
                                                     : (int64_t)below(1u << 28) * 16 - 2200000000;
    double utc = (double)second * 1000 + below(1000);
    double local = zone_local_from_utc(cache, utc);
    CHECK(local == utc + (double)zone_period(zone, second).offset * 1000);
    CHECK(zone_utc_from_local(cache, local) == search(zone, local));
    CHECK(zone_utc_from_local(cache, utc) == search(zone, utc));
  }
}

int main(void) {
  static ZoneCache cache;
  test_names();
  for (ZoneId zone = ZONE_NAMED; zone < ZONE_NAMED + ZONE_NAMES; zone++) {
    test_periods(zone);
    test_local_time(zone, &cache);
  }
  CHECK(isnan(zone_utc_from_local(&cache, 1e17)) && isnan(zone_utc_from_local(&cache, NAN)));
  CHECK(zone_utc_from_local(NULL, 5) == 5 && zone_local_from_utc(NULL, 5) == 5);
  return failures > 0;
}
