// Temporal.ZonedDateTime. https://tc39.es/proposal-temporal/#sec-temporal-zoneddatetime-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.zoneddatetime
static Value zoned_date_time_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.ZonedDateTime cannot be called without 'new'");
  if (!temporal_read_nanoseconds(cx, call_argument(call, 0), &record.epoch)) return VALUE_ABRUPT;
  Value zone = call_argument(call, 1);
  TextView text;
  if (!value_is_string(zone)) return throw_type_error(cx, "%eexpected a time zone, not %v", zone);
  if (!temporal_view(cx, zone, &text)) return VALUE_ABRUPT;
  if (!iso_parse_zone_id(text, &record.zone)) return throw_range_error(cx, "%e%v is not a known time zone", zone);
  if (!temporal_calendar_from_name(cx, call_argument(call, 2), &record.calendar)) return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, call->new_target);
}

// https://tc39.es/proposal-temporal/#sec-temporal.zoneddatetime.prototype.withtimezone
static Value zoned_date_time_with_time_zone(Context *cx, const Call *call) {
  if (!temporal_this(cx, call, TEMPORAL_ZONED_DATE_TIME)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!temporal_zone_from_value(cx, call_argument(call, 0), &record.zone)) return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.zoneddatetime.prototype.startofday
static Value zoned_date_time_start_of_day(Context *cx, const Call *call) {
  if (!temporal_this(cx, call, TEMPORAL_ZONED_DATE_TIME)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!zone_start_of_day(record.zone, record.iso.date, &record.epoch)) return temporal_throw_out_of_range(cx);
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.zoneddatetime.prototype.gettimezonetransition
static Value zoned_date_time_get_time_zone_transition(Context *cx, const Call *call) {
  TemporalOptions options;
  int direction;
  if (!temporal_this(cx, call, TEMPORAL_ZONED_DATE_TIME) ||
      !options_or_text(cx, call_argument(call, 0), "direction", &options) ||
      !options_choose(cx, &options, "direction", "next previous", -1, &direction))
    return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!zone_find_transition(record.zone, record.epoch, direction == 0, &record.epoch)) return VALUE_NULL;
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

#define ZONED(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_ZONED_DATE_TIME, rest)

static const BuiltinRow zoned_date_time_rows[] = {
    ZONED("from", 1, temporal_from, 0),
    ZONED("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow zoned_date_time_prototype_rows[] = {
    TEMPORAL_DATE_GETTERS(TEMPORAL_ZONED_DATE_TIME),
    TEMPORAL_TIME_GETTERS(TEMPORAL_ZONED_DATE_TIME),
    TEMPORAL_GETTER("timeZoneId", TEMPORAL_ZONED_DATE_TIME, GET_TIME_ZONE_ID),
    TEMPORAL_GETTER("epochMilliseconds", TEMPORAL_ZONED_DATE_TIME, GET_EPOCH_MILLISECONDS),
    TEMPORAL_GETTER("epochNanoseconds", TEMPORAL_ZONED_DATE_TIME, GET_EPOCH_NANOSECONDS),
    TEMPORAL_GETTER("hoursInDay", TEMPORAL_ZONED_DATE_TIME, GET_HOURS_IN_DAY),
    TEMPORAL_GETTER("offsetNanoseconds", TEMPORAL_ZONED_DATE_TIME, GET_OFFSET_NANOSECONDS),
    TEMPORAL_GETTER("offset", TEMPORAL_ZONED_DATE_TIME, GET_OFFSET),
    ZONED("with", 1, temporal_with, 0),
    ZONED("withPlainTime", 0, temporal_with_plain_time, 0),
    FUNCTION("withTimeZone", 1, zoned_date_time_with_time_zone),
    ZONED("withCalendar", 1, temporal_with_calendar, 0),
    TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_ZONED_DATE_TIME),
    ZONED("round", 1, temporal_round, 0),
    ZONED("equals", 1, temporal_equals, 0),
    TEMPORAL_TEXT_METHODS(TEMPORAL_ZONED_DATE_TIME),
    FUNCTION("startOfDay", 0, zoned_date_time_start_of_day),
    FUNCTION("getTimeZoneTransition", 1, zoned_date_time_get_time_zone_transition),
    ZONED("toInstant", 0, temporal_convert, TEMPORAL_INSTANT),
    ZONED("toPlainDate", 0, temporal_convert, TEMPORAL_PLAIN_DATE),
    ZONED("toPlainTime", 0, temporal_convert, TEMPORAL_PLAIN_TIME),
    ZONED("toPlainDateTime", 0, temporal_convert, TEMPORAL_PLAIN_DATE_TIME),
    TO_STRING_TAG("Temporal.ZonedDateTime"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(zoned_date_time, ZonedDateTime, 2, zoned_date_time_constructor, zoned_date_time_rows,
               zoned_date_time_prototype_rows);
