// Temporal.PlainTime. https://tc39.es/proposal-temporal/#sec-temporal-plaintime-objects
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plaintime
static Value plain_time_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {.iso.date = {1970, 1, 1}};
  double numbers[TIME_FIELDS];
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.PlainTime cannot be called without 'new'");
  if (!temporal_read_numbers(cx, call, 0, TIME_FIELDS, numbers)) return VALUE_ABRUPT;
  if (!iso_time_from_fields(numbers, false, &record.iso.time))
    return throw_range_error(cx, "%ethere is no such time of day");
  return temporal_create(cx, TEMPORAL_PLAIN_TIME, &record, call->new_target);
}

#define TIME(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_PLAIN_TIME, rest)

static const BuiltinRow plain_time_rows[] = {
    TIME("from", 1, temporal_from, 0),
    TIME("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow plain_time_prototype_rows[] = {
    TEMPORAL_TIME_GETTERS(TEMPORAL_PLAIN_TIME), TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_PLAIN_TIME),
    TIME("with", 1, temporal_with, 0),          TIME("round", 1, temporal_round, 0),
    TIME("equals", 1, temporal_equals, 0),      TEMPORAL_TEXT_METHODS(TEMPORAL_PLAIN_TIME),
    TO_STRING_TAG("Temporal.PlainTime"),        END_OF_ROWS,
};

TEMPORAL_CLASS(plain_time, PlainTime, 0, plain_time_constructor, plain_time_rows, plain_time_prototype_rows);
