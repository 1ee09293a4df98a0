// Time and entropy from the C library (native and WASI builds; the browser build asks its glue: exports.c).
#ifndef CAISSON_BROWSER
#include <math.h>
#include <time.h>

#include "host/host.h"

static double clock_milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

double host_monotonic_time(void) { return clock_milliseconds(CLOCK_MONOTONIC); }
double host_wall_time(void) { return floor(clock_milliseconds(CLOCK_REALTIME)); }

static double local_offset_at(double utc) {
  time_t seconds = (time_t)floor(utc / 1000.0);
  struct tm local;
  return localtime_r(&seconds, &local) ? (double)(local.tm_gmtoff / 60) * 60000.0 : 0;
}

double host_local_offset(double time, bool is_utc) {
  if (is_utc) return local_offset_at(time);
  // A local time may lie at a transition. A repeated one is meant with the offset before it, a skipped one too.
  const double day = 86400000.0;
  double before = local_offset_at(time - day), after = local_offset_at(time + day);
  bool is_after = before != after && local_offset_at(time - before) != before && local_offset_at(time - after) == after;
  return is_after ? after : before;
}

uint64_t host_random_seed(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t seed = (uint64_t)now.tv_sec * UINT64_C(1000000007) ^ (uint64_t)now.tv_nsec << 20 ^ (uintptr_t)&now;
  seed ^= seed >> 33;
  seed *= UINT64_C(0xFF51AFD7ED558CCD);
  return seed ^ seed >> 33;
}
#endif
