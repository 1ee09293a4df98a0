// The rule of local time in zones that no country would have: every reading around the transitions of random zones,
// against a search through all spans; and hosts that answer nonsense.
#include "number/local_time.h"

#include <math.h>
#include <stdio.h>

#include "number/calendar.h"

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

static uint32_t seed = 1;
static uint32_t below(uint32_t limit) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 8) % limit;
}

enum { MOST_SPANS = 40 };
typedef struct World {
  ZoneSpan spans[MOST_SPANS];
  int count;
  bool knows_spans;  // answers whole spans, not single instants
  int questions;
} World;

static ZoneSpan world_ask(void *data, double utc) {
  World *world = data;
  world->questions++;
  CHECK(fabs(utc) <= 8.64e15 && floor(utc) == utc);
  int i = 0;
  while (utc > world->spans[i].end) i++;
  return world->knows_spans ? world->spans[i] : (ZoneSpan){utc, utc, world->spans[i].offset};
}

// Some transitions hours apart, but the same offset not again within days, as with every zone there is.
static World world_create(bool knows_spans) {
  World world = {.knows_spans = knows_spans, .count = MOST_SPANS};
  double start = -INFINITY, at = -1e11;
  for (int i = 0; i < MOST_SPANS; i++) {
    bool is_short = i % 4 == 1;
    double offset = is_short ? (double)(1 + i) * 1717000 - 4e7 : ((double)below(170) - 84) * 1000 * 977 / 2 + i;
    world.spans[i] = (ZoneSpan){start, i == MOST_SPANS - 1 ? INFINITY : at - 1, offset};
    start = at;
    at += is_short ? 0 : (7 + below(300)) * MS_PER_DAY;
    at += 1000.0 * (1 + below(86400));
  }
  return world;
}

static double expected_utc(const World *world, double local) {
  double best = NAN, latest = -INFINITY;
  for (int i = 0; i < world->count; i++) {
    const ZoneSpan *span = &world->spans[i];
    double utc = local - span->offset;
    if (utc >= span->start && utc <= span->end) return utc;
    if (span->end + span->offset < local && span->end + span->offset >= latest) {
      latest = span->end + span->offset;
      best = utc;
    }
  }
  return best;
}

static void check_random_zones(void) {
  for (int round = 0; round < 60; round++) {
    World world = world_create(round % 2);
    TimeZone zone;
    time_zone_initialize(&zone, world_ask, &world);
    for (int n = 0; n < 3000; n++) {
      int i = (int)below(MOST_SPANS - 1);
      double at = world.spans[i].end + 1 + ((double)below(2000) - 1000) * (n % 3 ? 100 : 86461);
      double local = at + world.spans[i + (int)below(2)].offset;
      CHECK(time_zone_from_local(&zone, local) == expected_utc(&world, local));
      int of = 0;
      while (at > world.spans[of].end) of++;
      CHECK(time_zone_to_local(&zone, at) == at + world.spans[of].offset);
      if (n % 500 == 0) time_zone_forget(&zone);
    }
  }
}

static void check_ends(void) {
  World world = {.spans = {{-INFINITY, 0, 50000000}, {1, INFINITY, -50000000}}, .count = 2};
  TimeZone zone;
  time_zone_initialize(&zone, world_ask, &world);
  CHECK(time_zone_from_local(&zone, 8.64e15) == 8.64e15 + 50000000);
  CHECK(time_zone_from_local(&zone, -8.64e15) == -8.64e15 - 50000000);
  CHECK(time_zone_to_local(&zone, 8.64e15) == 8.64e15 - 50000000);
  CHECK(time_zone_from_local(&zone, 9e15) != time_zone_from_local(&zone, 9e15));
  CHECK(time_zone_from_local(&zone, NAN) != time_zone_from_local(&zone, NAN));
  CHECK(time_zone_from_local(NULL, 5) == 5 && time_zone_to_local(NULL, 5) == 5);
}

// What is near is asked for once.
static void check_questions(void) {
  World world = {.spans = {{-INFINITY, 1e12 - 1, 3600000}, {1e12, INFINITY, 7200000}}, .count = 2};
  TimeZone zone;
  time_zone_initialize(&zone, world_ask, &world);
  for (int n = -1000; n < 1000; n++) time_zone_from_local(&zone, 1e12 + 3600000 + n % 100 * 600000.0);
  CHECK(world.questions < 50);
  world.questions = 0;
  for (int n = 0; n < 10000; n++) time_zone_to_local(&zone, 1e12 + n * 600000.0);
  for (int n = 0; n < 10000; n++) time_zone_to_local(&zone, 1e12 - 1e11 - n * 600000.0);
  CHECK(world.questions < 70);
}

static ZoneSpan nonsense(void *data, double utc) {
  static const double answers[] = {0, 3600000, -3600000, 1e300, -INFINITY, 86399999, -86399999, 0.5, 7200000};
  ++*(int *)data;
  double offset = below(10) ? answers[below(9)] : NAN;
  return (ZoneSpan){below(3) ? utc : NAN, below(3) ? utc + below(1000) * 1e6 : -1, offset};
}

static void check_nonsense(void) {
  int questions = 0;
  TimeZone zone;
  time_zone_initialize(&zone, nonsense, &questions);
  for (int n = 0; n < 20000; n++) {
    double time = ((double)below(1 << 24) - (1 << 23)) * 1e9;
    int before = questions;
    CHECK(fabs(time_zone_from_local(&zone, time) - time) < MS_PER_DAY);
    CHECK(fabs(time_zone_to_local(&zone, time) - time) < MS_PER_DAY);
    CHECK(questions - before < 1000 && zone.count <= ZONE_SPANS_MOST);
    if (n % 100 == 0) time_zone_forget(&zone);
  }
}

int main(void) {
  check_random_zones();
  check_ends();
  check_questions();
  check_nonsense();
  if (failures == 0) puts("ok");
  return failures != 0;
}
