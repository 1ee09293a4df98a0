// Temporal.PlainMonthDay. https://tc39.es/proposal-temporal/#sec-temporal-plainmonthday-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plainmonthday
static Value plain_month_day_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  double numbers[2], year = 1972;
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.PlainMonthDay cannot be called without 'new'");
  if (!temporal_read_numbers(cx, call, 0, 2, numbers) ||
      !temporal_calendar_from_name(cx, call_argument(call, 2), &record.calendar))
    return VALUE_ABRUPT;
  if (!value_is_undefined(call_argument(call, 3)) && !value_to_integer_with_truncation(cx, call->arguments[3], &year))
    return VALUE_ABRUPT;
  if (!iso_date_from_numbers(year, numbers[0], numbers[1], false, &record.iso.date))
    return throw_range_error(cx, "%ethere is no such month and day, or it is outside of the range of Temporal");
  return temporal_create(cx, TEMPORAL_PLAIN_MONTH_DAY, &record, call->new_target);
}

#define MONTH_DAY(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_PLAIN_MONTH_DAY, rest)

static const BuiltinRow plain_month_day_rows[] = {
    MONTH_DAY("from", 1, temporal_from, 0),
    END_OF_ROWS,
};

static const BuiltinRow plain_month_day_prototype_rows[] = {
    TEMPORAL_GETTER("calendarId", TEMPORAL_PLAIN_MONTH_DAY, GET_CALENDAR_ID),
    TEMPORAL_GETTER("monthCode", TEMPORAL_PLAIN_MONTH_DAY, GET_MONTH_CODE),
    TEMPORAL_GETTER("day", TEMPORAL_PLAIN_MONTH_DAY, GET_DAY),
    MONTH_DAY("with", 1, temporal_with, 0),
    MONTH_DAY("equals", 1, temporal_equals, 0),
    TEMPORAL_TEXT_METHODS(TEMPORAL_PLAIN_MONTH_DAY),
    MONTH_DAY("toPlainDate", 1, temporal_to_plain_date, 0),
    TO_STRING_TAG("Temporal.PlainMonthDay"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(plain_month_day, PlainMonthDay, 2, plain_month_day_constructor, plain_month_day_rows,
               plain_month_day_prototype_rows);
