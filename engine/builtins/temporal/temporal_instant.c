// Temporal.Instant. https://tc39.es/proposal-temporal/#sec-temporal-instant-objects
#include "builtins/temporal/temporal.h"
#include "runtime/bigints.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

bool temporal_read_nanoseconds(Context *cx, Value value, Nanoseconds *epoch) {
  ROOTS(cx, r, bigint);
  r->bigint = value_to_bigint(cx, value);
  if (value_is_abrupt(r->bigint)) return false;
  if (bigint_to_int128(value_as_bigint(r->bigint), epoch) && instant_is_valid(*epoch)) return true;
  temporal_throw_out_of_range(cx);
  return false;
}

// https://tc39.es/proposal-temporal/#sec-temporal.instant
static Value instant_constructor(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.Instant cannot be called without 'new'");
  if (!temporal_read_nanoseconds(cx, call_argument(call, 0), &record.epoch)) return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_INSTANT, &record, call->new_target);
}

// https://tc39.es/proposal-temporal/#sec-temporal.instant.fromepochnanoseconds
static Value instant_from_epoch_nanoseconds(Context *cx, const Call *call) {
  TemporalRecord record = {0};
  if (!temporal_read_nanoseconds(cx, call_argument(call, 0), &record.epoch)) return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_INSTANT, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.instant.fromepochmilliseconds
static Value instant_from_epoch_milliseconds(Context *cx, const Call *call) {
  double number;
  if (!value_to_number(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return temporal_instant_from_milliseconds(cx, number);
}

Value temporal_instant_from_milliseconds(Context *cx, double number) {
  if (!(number >= -8.64e15 && number <= 8.64e15) || number != (double)(int64_t)number)
    return throw_range_error(cx, "%e%v is not the time of an instant in milliseconds", value_number(number));
  TemporalRecord record = {.epoch = (Nanoseconds)number * 1000000};
  return temporal_create(cx, TEMPORAL_INSTANT, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.instant.prototype.tozoneddatetimeiso
static Value instant_to_zoned_date_time_iso(Context *cx, const Call *call) {
  if (!temporal_this(cx, call, TEMPORAL_INSTANT)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!temporal_zone_from_value(cx, call_argument(call, 0), &record.zone)) return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_ZONED_DATE_TIME, &record, VALUE_UNDEFINED);
}

#define INSTANT(name, length, function, rest) TEMPORAL_METHOD(name, length, function, TEMPORAL_INSTANT, rest)

static const BuiltinRow instant_rows[] = {
    INSTANT("from", 1, temporal_from, 0),
    FUNCTION("fromEpochMilliseconds", 1, instant_from_epoch_milliseconds),
    FUNCTION("fromEpochNanoseconds", 1, instant_from_epoch_nanoseconds),
    INSTANT("compare", 2, temporal_compare, 0),
    END_OF_ROWS,
};

static const BuiltinRow instant_prototype_rows[] = {
    TEMPORAL_GETTER("epochMilliseconds", TEMPORAL_INSTANT, GET_EPOCH_MILLISECONDS),
    TEMPORAL_GETTER("epochNanoseconds", TEMPORAL_INSTANT, GET_EPOCH_NANOSECONDS),
    TEMPORAL_ARITHMETIC_METHODS(TEMPORAL_INSTANT),
    INSTANT("round", 1, temporal_round, 0),
    INSTANT("equals", 1, temporal_equals, 0),
    TEMPORAL_TEXT_METHODS(TEMPORAL_INSTANT),
    FUNCTION("toZonedDateTimeISO", 1, instant_to_zoned_date_time_iso),
    TO_STRING_TAG("Temporal.Instant"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(instant, Instant, 1, instant_constructor, instant_rows, instant_prototype_rows);
