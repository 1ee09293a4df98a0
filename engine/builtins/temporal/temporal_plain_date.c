// Temporal.PlainDate. https://tc39.es/proposal-temporal/#sec-temporal-plaindate-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate
static Value plain_date_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  double numbers[3];
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.PlainDate cannot be called without 'new'");
  if (!temporal_read_numbers(cx, call, 0, 3, numbers) ||
      !temporal_calendar_from_name(cx, call_argument(call, 3), &record.calendar))
    return VALUE_ABRUPT;
  if (!iso_date_from_numbers(numbers[0], numbers[1], numbers[2], false, &record.iso.date))
    return throw_range_error(cx, "%ethere is no such date, or it is outside of the range of Temporal");
  return temporal_create(cx, TEMPORAL_PLAIN_DATE, &record, call->new_target);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.tozoneddatetime
static Value plain_date_to_zoned_date_time(Context *cx, const Call *call) {
  ROOTS(cx, r, key, zone, time);
  if (!temporal_this(cx, call, TEMPORAL_PLAIN_DATE)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value), time;
  Value given = r->zone = call_argument(call, 0);
  r->time = VALUE_UNDEFINED;
  if (value_is_object(given)) {
    r->key = key_from_ascii(cx, "timeZone");
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    r->zone = object_get_key(cx, value_as_object(given), r->key);
    if (value_is_abrupt(r->zone)) return VALUE_ABRUPT;
  }
  bool has_zone = value_is_object(given) && !value_is_undefined(r->zone);
  if (!temporal_zone_from_value(cx, has_zone ? r->zone : given, &record.zone)) return VALUE_ABRUPT;
  if (has_zone) {
    r->key = key_from_ascii(cx, "plainTime");
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    r->time = object_get_key(cx, value_as_object(given), r->key);
    if (value_is_abrupt(r->time)) return VALUE_ABRUPT;
  }
  bool is_good;
  if (value_is_undefined(r->time)) {
    is_good = zone_start_of_day(record.zone, record.iso.date, &record.epoch);
  } else {
    if (!temporal_from_value(cx, TEMPORAL_PLAIN_TIME, r->time, VALUE_HOLE, &time)) return VALUE_ABRUPT;
    record.iso.time = time.iso.time;
    is_good = iso_is_within_limits(record.iso) &&
              zone_to_instant(record.zone, record.iso, DISAMBIGUATE_COMPATIBLE, &record.epoch);
  }
  if (!is_good) return temporal_throw_out_of_range(cx);
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

#define DATE(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_PLAIN_DATE, rest)

static const BuiltinRow plain_date_rows[] = {
    DATE("from", 1, temporal_from, 0),
    DATE("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow plain_date_prototype_rows[] = {
    TEMPORAL_DATE_GETTERS(TEMPORAL_PLAIN_DATE),
    DATE("toPlainYearMonth", 0, temporal_convert, TEMPORAL_PLAIN_YEAR_MONTH),
    DATE("toPlainMonthDay", 0, temporal_convert, TEMPORAL_PLAIN_MONTH_DAY),
    TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_PLAIN_DATE),
    DATE("with", 1, temporal_with, 0),
    DATE("withCalendar", 1, temporal_with_calendar, 0),
    DATE("equals", 1, temporal_equals, 0),
    DATE("toPlainDateTime", 0, temporal_with_plain_time, 0),
    FUNCTION("toZonedDateTime", 1, plain_date_to_zoned_date_time),
    TEMPORAL_TEXT_METHODS(TEMPORAL_PLAIN_DATE),
    TO_STRING_TAG("Temporal.PlainDate"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(plain_date, PlainDate, 3, plain_date_constructor, plain_date_rows, plain_date_prototype_rows);
