// Temporal.PlainYearMonth. https://tc39.es/proposal-temporal/#sec-temporal-plainyearmonth-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plainyearmonth
static Value plain_year_month_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  double numbers[2], day = 1;
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.PlainYearMonth cannot be called without 'new'");
  if (!temporal_read_numbers(cx, call, 0, 2, numbers) ||
      !temporal_calendar_from_name(cx, call_argument(call, 2), &record.calendar))
    return VALUE_ABRUPT;
  if (!value_is_undefined(call_argument(call, 3)) && !value_to_integer_with_truncation(cx, call->arguments[3], &day))
    return VALUE_ABRUPT;
  if (!iso_date_from_numbers(numbers[0], numbers[1], day, false, &record.iso.date))
    return throw_range_error(cx, "%ethere is no such month, or it is outside of the range of Temporal");
  return temporal_create(cx, TEMPORAL_PLAIN_YEAR_MONTH, &record, call->new_target);
}

#define YEAR_MONTH(name, length, function, rest) \
  TEMPORAL_METHOD(name, length, function, TEMPORAL_PLAIN_YEAR_MONTH, rest)

static const BuiltinRow plain_year_month_rows[] = {
    YEAR_MONTH("from", 1, temporal_from, 0),
    YEAR_MONTH("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow plain_year_month_prototype_rows[] = {
    TEMPORAL_GETTER("calendarId", TEMPORAL_PLAIN_YEAR_MONTH, GET_CALENDAR_ID),
    TEMPORAL_YEAR_GETTERS(TEMPORAL_PLAIN_YEAR_MONTH),
    TEMPORAL_GETTER("monthCode", TEMPORAL_PLAIN_YEAR_MONTH, GET_MONTH_CODE),
    YEAR_MONTH("with", 1, temporal_with, 0),
    TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_PLAIN_YEAR_MONTH),
    YEAR_MONTH("equals", 1, temporal_equals, 0),
    TEMPORAL_TEXT_METHODS(TEMPORAL_PLAIN_YEAR_MONTH),
    YEAR_MONTH("toPlainDate", 1, temporal_to_plain_date, 0),
    TO_STRING_TAG("Temporal.PlainYearMonth"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(plain_year_month, PlainYearMonth, 2, plain_year_month_constructor, plain_year_month_rows,
               plain_year_month_prototype_rows);
