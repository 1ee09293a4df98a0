// The objects Temporal and Temporal.Now. https://tc39.es/proposal-temporal/#sec-temporal-objects
#include <math.h>

#include "builtins/temporal/temporal.h"
#include "runtime/hooks.h"

// https://tc39.es/proposal-temporal/#sec-temporal-systemutcepochnanoseconds
static Nanoseconds now(Context *cx) {
  double milliseconds = cx->hooks->now ? cx->hooks->now(cx) : 0;
  if (!(milliseconds > -8.64e15)) return -NANOSECONDS_OF_LAST_INSTANT;
  if (milliseconds > 8.64e15) return NANOSECONDS_OF_LAST_INSTANT;
  return (Nanoseconds)(int64_t)floor(milliseconds) * 1000000 + (int64_t)((milliseconds - floor(milliseconds)) * 1e6);
}

// https://tc39.es/proposal-temporal/#sec-systemtimezoneidentifier
static ZoneId system_zone(Context *cx) { return cx->hooks->time_zone ? cx->hooks->time_zone(cx)->zone : ZONE_UTC; }

// https://tc39.es/proposal-temporal/#sec-temporal.now.timezoneid
static Value now_time_zone_id(Context *cx, const Call *call) {
  (void)call;
  char text[ZONE_ID_SIZE];
  return string_from_utf8(cx, text, zone_write_id(system_zone(cx), text));
}

// https://tc39.es/proposal-temporal/#sec-temporal.now.plaindatetimeiso and its kin. Magic: the type
static Value now_of_type(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  Value zone = call_argument(call, 0);
  TemporalRecord record = {0};
  if (type == TEMPORAL_INSTANT || value_is_undefined(zone)) record.zone = system_zone(cx);
  else if (!temporal_zone_from_value(cx, zone, &record.zone)) return VALUE_ABRUPT;
  record.epoch = now(cx);
  record.iso = zone_to_iso(record.zone, record.epoch);
  if (type == TEMPORAL_PLAIN_DATE) record.iso.time = 0;
  if (type == TEMPORAL_PLAIN_TIME) record.iso.date = (IsoDate){1970, 1, 1};
  if (type != TEMPORAL_ZONED_DATE_TIME) record.zone = 0;
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}

static const BuiltinRow now_rows[] = {
    FUNCTION("timeZoneId", 0, now_time_zone_id),
    TEMPORAL_METHOD("instant", 0, now_of_type, TEMPORAL_INSTANT, 0),
    TEMPORAL_METHOD("plainDateTimeISO", 0, now_of_type, TEMPORAL_PLAIN_DATE_TIME, 0),
    TEMPORAL_METHOD("zonedDateTimeISO", 0, now_of_type, TEMPORAL_ZONED_DATE_TIME, 0),
    TEMPORAL_METHOD("plainDateISO", 0, now_of_type, TEMPORAL_PLAIN_DATE, 0),
    TEMPORAL_METHOD("plainTimeISO", 0, now_of_type, TEMPORAL_PLAIN_TIME, 0),
    TO_STRING_TAG("Temporal.Now"),
    END_OF_ROWS,
};

const BuiltinObject builtin_temporal_now = {
    .intrinsic = INTRINSIC_TemporalNow,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .is_on_demand = true,
    .rows = now_rows,
};

static const BuiltinRow temporal_rows[] = {
    VALUE_INTRINSIC("Instant", INTRINSIC_TemporalInstant, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("PlainDateTime", INTRINSIC_TemporalPlainDateTime, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("PlainDate", INTRINSIC_TemporalPlainDate, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("PlainTime", INTRINSIC_TemporalPlainTime, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("PlainYearMonth", INTRINSIC_TemporalPlainYearMonth, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("PlainMonthDay", INTRINSIC_TemporalPlainMonthDay, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("Duration", INTRINSIC_TemporalDuration, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("ZonedDateTime", INTRINSIC_TemporalZonedDateTime, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("Now", INTRINSIC_TemporalNow, PROPERTY_HIDDEN),
    TO_STRING_TAG("Temporal"),
    END_OF_ROWS,
};

const BuiltinObject builtin_temporal = {
    .global_name = "Temporal",
    .intrinsic = INTRINSIC_Temporal,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .is_on_demand = true,
    .rows = temporal_rows,
};
