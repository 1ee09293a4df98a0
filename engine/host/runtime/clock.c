// Time and entropy from the C library (native and WASI builds; the browser build asks its glue: wasm.c).
#ifndef CAISSON_BROWSER
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "host/runtime/host.h"

static double clock_milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

double host_monotonic_time(void) { return clock_milliseconds(CLOCK_MONOTONIC); }
double host_wall_time(void) { return floor(clock_milliseconds(CLOCK_REALTIME)); }

// The zone is that of the environment (TZ) when it is first asked for. WASI has no zones, so it is UTC.
static bool local_fields(double utc, struct tm *local) {
  time_t seconds = (time_t)floor(utc / 1000.0);
  return localtime_r(&seconds, local) != NULL;
}

double host_zone_offset(double utc) {
  struct tm local;
  return local_fields(utc, &local) ? (double)local.tm_gmtoff * 1000.0 : 0;
}

unsigned host_zone_name(double utc, char name[ZONE_NAME_SIZE]) {
  struct tm local;
  const char *abbreviation = local_fields(utc, &local) ? local.tm_zone : NULL;
  if (!abbreviation) return 0;
  int length = snprintf(name, ZONE_NAME_SIZE, "%s",
                        strcmp(abbreviation, "UTC") == 0 ? "Coordinated Universal Time" : abbreviation);
  return length < ZONE_NAME_SIZE ? (unsigned)length : 0;
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
