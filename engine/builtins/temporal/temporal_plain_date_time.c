// Temporal.PlainDateTime. https://tc39.es/proposal-temporal/#sec-temporal-plaindatetime-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plaindatetime
static Value plain_date_time_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  double numbers[3 + TIME_FIELDS];
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.PlainDateTime cannot be called without 'new'");
  if (!temporal_read_numbers(cx, call, 0, 3, numbers) ||
      !temporal_read_numbers(cx, call, 3, TIME_FIELDS, numbers + 3) ||
      !temporal_calendar_from_name(cx, call_argument(call, 3 + TIME_FIELDS), &record.calendar))
    return VALUE_ABRUPT;
  if (!iso_date_from_numbers(numbers[0], numbers[1], numbers[2], false, &record.iso.date) ||
      !iso_time_from_fields(numbers + 3, false, &record.iso.time))
    return throw_range_error(cx, "%ethere is no such date and time, or it is outside of the range of Temporal");
  return temporal_create(cx, TEMPORAL_PLAIN_DATE_TIME, &record, call->new_target);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindatetime.prototype.tozoneddatetime
static Value plain_date_time_to_zoned_date_time(Context *cx, const Call *call) {
  TemporalOptions options;
  int disambiguation;
  if (!temporal_this(cx, call, TEMPORAL_PLAIN_DATE_TIME)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!temporal_zone_from_value(cx, call_argument(call, 0), &record.zone) ||
      !options_from_value(cx, call_argument(call, 1), &options) ||
      !options_choose(cx, &options, "disambiguation", "compatible earlier later reject", 0, &disambiguation))
    return VALUE_ABRUPT;
  if (!zone_to_instant(record.zone, record.iso, (Disambiguation)disambiguation, &record.epoch))
    return throw_range_error(cx, "%ethere is no such time in the time zone, or it is outside of the range of Temporal");
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

#define DATE_TIME(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_PLAIN_DATE_TIME, rest)

static const BuiltinRow plain_date_time_rows[] = {
    DATE_TIME("from", 1, temporal_from, 0),
    DATE_TIME("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow plain_date_time_prototype_rows[] = {
    TEMPORAL_DATE_GETTERS(TEMPORAL_PLAIN_DATE_TIME),
    TEMPORAL_TIME_GETTERS(TEMPORAL_PLAIN_DATE_TIME),
    DATE_TIME("with", 1, temporal_with, 0),
    DATE_TIME("withPlainTime", 0, temporal_with_plain_time, 0),
    DATE_TIME("withCalendar", 1, temporal_with_calendar, 0),
    TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_PLAIN_DATE_TIME),
    DATE_TIME("round", 1, temporal_round, 0),
    DATE_TIME("equals", 1, temporal_equals, 0),
    TEMPORAL_TEXT_METHODS(TEMPORAL_PLAIN_DATE_TIME),
    FUNCTION("toZonedDateTime", 1, plain_date_time_to_zoned_date_time),
    DATE_TIME("toPlainDate", 0, temporal_convert, TEMPORAL_PLAIN_DATE),
    DATE_TIME("toPlainTime", 0, temporal_convert, TEMPORAL_PLAIN_TIME),
    TO_STRING_TAG("Temporal.PlainDateTime"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(plain_date_time, PlainDateTime, 3, plain_date_time_constructor, plain_date_time_rows,
               plain_date_time_prototype_rows);
