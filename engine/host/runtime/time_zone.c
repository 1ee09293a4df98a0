// The zone of local time of a runtime. Its offsets are those of the engine's own table; only which zone it is, and what
// people call it, comes from outside.
#include "host/runtime/host.h"
#include "temporal/iso_text.h"

// Asking the host takes longer than an operation of the guest; so does reading a zone's history.
enum { ZONE_ID_COST = 100, ZONE_NAME_COST = 500, ZONE_MISS_COST = 20, ZONE_TEXT_SIZE = 128 };

// The first zone that is known.
// bounded: a short text.
static ZoneId find_zone(const char *text, unsigned length) {
  ZoneId zone;
  for (unsigned start = 0, end; start < length; start = end + 1) {
    for (end = start; end < length && text[end] != ' ';) end++;
    if (iso_parse_zone_id(text_view_narrow(text + start, end - start), &zone)) return zone_primary(zone);
  }
  return ZONE_UTC;
}

ZoneCache *host_time_zone(Context *cx) {
  CaissonRuntime *runtime = host_of(cx);
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  if (!runtime->is_zone_known) {
    char text[ZONE_TEXT_SIZE];
    fuel_spend(&cx->fuel, ZONE_ID_COST);
    unsigned length = callbacks->time_zone ? callbacks->time_zone(runtime->options.user, text, sizeof text)
                                           : host_zone_id(text, sizeof text);
    zone_cache_set(&runtime->zone, find_zone(text, MIN_OF(length, (unsigned)sizeof text)));
    runtime->is_zone_known = true;
  }
  fuel_spend(&cx->fuel, runtime->zone.misses * ZONE_MISS_COST);
  runtime->zone.misses = 0;
  return &runtime->zone;
}

unsigned host_time_zone_name(Context *cx, double utc, char name[ZONE_NAME_SIZE]) {
  CaissonRuntime *runtime = host_of(cx);
  fuel_spend(&cx->fuel, ZONE_NAME_COST);
  double offset = zone_local_from_utc(host_time_zone(cx), utc) - utc;
  return runtime->options.callbacks.time_zone ? 0 : host_zone_name(runtime, utc, offset, name);
}

bool caisson_set_time_zone(CaissonRuntime *runtime, const char *name, size_t size) {
  ZoneId zone;
  if (!iso_parse_zone_id(text_view_narrow(name, size), &zone)) return false;
  zone_cache_set(&runtime->zone, zone_primary(zone));
  return runtime->is_zone_known = runtime->is_zone_fixed = true;
}
