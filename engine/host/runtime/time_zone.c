// The local time zone of a runtime, and its sources.
#include "host/runtime/host.h"

TimeZone *host_time_zone(Context *cx) { return &host_of(cx)->zone; }

// Asking the host takes longer than an operation of the guest.
enum { ZONE_OFFSET_COST = 100, ZONE_NAME_COST = 500 };

ZoneSpan host_zone_span(void *data, double utc) {
  CaissonRuntime *runtime = data;
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  fuel_spend(&runtime->cx.fuel, ZONE_OFFSET_COST);
  double offset =
      callbacks->time_zone_offset ? callbacks->time_zone_offset(runtime->options.user, utc) : host_zone_offset(utc);
  return (ZoneSpan){utc, utc, offset};
}

unsigned host_time_zone_name(Context *cx, double utc, char name[ZONE_NAME_SIZE]) {
  CaissonRuntime *runtime = host_of(cx);
  fuel_spend(&cx->fuel, ZONE_NAME_COST);
  return runtime->options.callbacks.time_zone_offset ? 0 : host_zone_name(utc, name);
}
