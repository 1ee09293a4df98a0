// Time and entropy from the C library (native and WASI builds; the browser build asks its glue: wasm.c).
#ifndef CAISSON_BROWSER
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "host/runtime/host.h"

static double clock_milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

double host_monotonic_time(void) { return clock_milliseconds(CLOCK_MONOTONIC); }
double host_wall_time(void) { return floor(clock_milliseconds(CLOCK_REALTIME)); }

// The zone is that of the environment variable TZ, or else of the system.
unsigned host_zone_id(char *text, unsigned capacity) {
  const char *name = getenv("TZ");
#ifndef __wasi__
  char link[256];
  if (!name || !*name) {
    ssize_t length = readlink("/etc/localtime", link, sizeof link - 1);
    link[MAX_OF(length, 0)] = 0;
    name = strstr(link, "zoneinfo/");
    if (name) name += strlen("zoneinfo/");
  }
#endif
  if (!name) return 0;
  if (*name == ':') name++;
  size_t length = strlen(name);
  if (length > capacity) return 0;
  memcpy(text, name, length);
  return (unsigned)length;
}

// The C library's name, where the library agrees about the offset.
unsigned host_zone_name(CaissonRuntime *runtime, double utc, double offset, char name[ZONE_NAME_SIZE]) {
  (void)runtime;
  struct tm local;
  time_t seconds = (time_t)floor(utc / 1000.0);
  if (!localtime_r(&seconds, &local) || (double)local.tm_gmtoff * 1000.0 != offset) return 0;
  const char *abbreviation = local.tm_zone;
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
