// Temporal.Duration. https://tc39.es/proposal-temporal/#sec-temporal-duration-objects
#include <math.h>

#include "builtins/temporal/temporal.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.duration
// bounded: the fields.
static Value duration_constructor(Context *cx, const Call *call) {
  Duration duration = {{0}};
  if (!call_is_construct(call)) return throw_type_error(cx, "Temporal.Duration cannot be called without 'new'");
  for (uint32_t i = 0; i < UNITS; i++) {
    Value value = call_argument(call, i);
    if (value_is_undefined(value)) continue;
    if (!value_to_number(cx, value, &duration.fields[i])) return VALUE_ABRUPT;
    if (!isfinite(duration.fields[i]) || duration.fields[i] != trunc(duration.fields[i]))
      return throw_range_error(cx, "%ea field of a duration must be an integer, not %v", value);
    duration.fields[i] += 0.0;
  }
  return temporal_create_duration(cx, &duration, call->new_target);
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.from
static Value duration_from(Context *cx, const Call *call) {
  Duration duration;
  if (!temporal_duration_from_value(cx, call_argument(call, 0), &duration)) return VALUE_ABRUPT;
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

enum { GET_SIGN = UNITS, GET_BLANK };

// https://tc39.es/proposal-temporal/#sec-get-temporal.duration.prototype.years and its kin
static Value duration_get(Context *cx, const Call *call) {
  int getter = call_magic(call);
  if (!temporal_this(cx, call, TEMPORAL_DURATION)) return VALUE_ABRUPT;
  Duration duration = temporal_duration(call->this_value);
  if (getter == GET_SIGN) return value_int(duration_sign(&duration));
  if (getter == GET_BLANK) return value_boolean(duration_sign(&duration) == 0);
  return value_number(duration.fields[getter]);
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.prototype.with
static Value duration_with(Context *cx, const Call *call) {
  if (!temporal_this(cx, call, TEMPORAL_DURATION)) return VALUE_ABRUPT;
  Duration duration = temporal_duration(call->this_value);
  if (!temporal_read_duration_fields(cx, call_argument(call, 0), &duration)) return VALUE_ABRUPT;
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.prototype.negated
// https://tc39.es/proposal-temporal/#sec-temporal.duration.prototype.abs  magic: whether it is this one
static Value duration_negated(Context *cx, const Call *call) {
  if (!temporal_this(cx, call, TEMPORAL_DURATION)) return VALUE_ABRUPT;
  Duration duration = temporal_duration(call->this_value);
  if (!call_magic(call) || duration_sign(&duration) < 0) duration = duration_negate(&duration);
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal-adddurations  magic: ADD or SUBTRACT
static Value duration_add(Context *cx, const Call *call) {
  Duration other;
  if (!temporal_this(cx, call, TEMPORAL_DURATION) || !temporal_duration_from_value(cx, call_argument(call, 0), &other))
    return VALUE_ABRUPT;
  Duration duration = temporal_duration(call->this_value);
  if (call_magic(call) == SUBTRACT) other = duration_negate(&other);
  TemporalUnit largest_unit = unit_larger_of(duration_largest_unit(&duration), duration_largest_unit(&other));
  if (unit_is_calendar_unit(largest_unit))
    return throw_range_error(cx, "%eyears, months and weeks can only be added to a date");
  InternalDuration sum = duration_to_internal_with_24_hour_days(&duration);
  sum.time += duration_to_internal_with_24_hour_days(&other).time;
  if (!time_duration_is_valid(sum.time) || !duration_from_internal(&sum, largest_unit, &duration))
    return temporal_throw_out_of_range(cx);
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

// Relative to a date ---------------------------------------------------------------------------------

typedef struct RelativeTo {
  bool is_given;
  Origin origin;
} RelativeTo;

static MUST_CHECK bool relative_to_reading(Context *cx, const ZonedReading *reading, ZoneId zone, CalendarId calendar,
                                           RelativeTo *result) {
  Nanoseconds epoch;
  if (!zone_interpret(zone, reading, &epoch)) {
    throw_range_error(cx, "%ethe date of 'relativeTo' is outside of the range of Temporal, or not in its time zone");
    return false;
  }
  result->origin = origin_zoned(epoch, zone, calendar);
  return true;
}

static MUST_CHECK bool relative_to_date(Context *cx, IsoDate date, CalendarId calendar, RelativeTo *result) {
  result->origin = origin_plain(iso_midnight(date), calendar);
  if (iso_date_is_within_limits(date)) return true;
  temporal_throw_out_of_range(cx);
  return false;
}

static MUST_CHECK bool relative_to_fields(Context *cx, Value object, RelativeTo *result) {
  DateFields fields;
  CalendarId calendar;
  ZonedReading reading = {.option = OFFSET_REJECT};
  if (!temporal_calendar_of_object(cx, object, &calendar) ||
      !temporal_read_fields(cx, calendar, object, FIELDS_OF_DATE | FIELDS_OF_TIME | FIELD_OFFSET | FIELD_TIME_ZONE, 0,
                            &fields) ||
      !temporal_date_time_from_fields(cx, calendar, &fields, true, &reading.iso))
    return false;
  if (!(fields.present & FIELD_TIME_ZONE)) return relative_to_date(cx, reading.iso.date, calendar, result);
  reading.behaviour = fields.present & FIELD_OFFSET ? OFFSET_OPTION : OFFSET_WALL;
  reading.offset = fields.offset;
  return relative_to_reading(cx, &reading, fields.zone, calendar, result);
}

static MUST_CHECK bool relative_to_text(Context *cx, Value string, RelativeTo *result) {
  TextView text;
  IsoText parsed;
  ZoneId zone;
  CalendarId calendar = CALENDAR_ISO8601;
  ZonedReading reading = {.option = OFFSET_REJECT};
  if (!temporal_view(cx, string, &text)) return false;
  bool is_zoned = iso_parse(text, TEXT_ZONED_DATE_TIME | TEXT_DATE_TIME, &parsed) && parsed.time_zone.length > 0;
  bool is_good = parsed.iso.date.day > 0 && (is_zoned || iso_parse(text, TEXT_DATE_TIME, &parsed));
  if (!is_good || (is_zoned && !temporal_reading_of_text(&parsed, &reading, &zone)) ||
      (parsed.calendar.length > 0 && !calendar_find(parsed.calendar, &calendar))) {
    throw_range_error(cx, "%e%v is not the text of a date", string);
    return false;
  }
  return is_zoned ? relative_to_reading(cx, &reading, zone, calendar, result)
                  : relative_to_date(cx, parsed.iso.date, calendar, result);
}

// https://tc39.es/proposal-temporal/#sec-temporal-gettemporalrelativetooption
static MUST_CHECK bool read_relative_to(Context *cx, const TemporalOptions *options, RelativeTo *result) {
  ROOTS(cx, r, value);
  *result = (RelativeTo){0};
  r->value = options_get(cx, options, "relativeTo");
  if (value_is_abrupt(r->value)) return false;
  if (value_is_undefined(r->value)) return true;
  result->is_given = true;
  TemporalType type = temporal_type(r->value);
  if (type == TEMPORAL_ZONED_DATE_TIME || type == TEMPORAL_PLAIN_DATE || type == TEMPORAL_PLAIN_DATE_TIME) {
    TemporalRecord record = temporal_record(r->value);
    result->origin = type == TEMPORAL_ZONED_DATE_TIME ? origin_zoned(record.epoch, record.zone, record.calendar)
                                                      : origin_plain(iso_midnight(record.iso.date), record.calendar);
    return true;
  }
  if (value_is_object(r->value)) return relative_to_fields(cx, r->value, result);
  if (value_is_string(r->value)) return relative_to_text(cx, r->value, result);
  throw_type_error(cx, "%ethe option 'relativeTo' must be a date, not %v", r->value);
  return false;
}

// The date and time (or instant) that is the duration after the origin. False: out of range.
static MUST_CHECK bool end_of_duration(const Origin *origin, const Duration *duration, Origin *end) {
  if (origin->is_zoned) {
    Nanoseconds epoch;
    InternalDuration internal = duration_to_internal(duration);
    if (!zoned_add(origin, &internal, true, &epoch)) return false;
    *end = origin_zoned(epoch, origin->zone, origin->calendar);
    return true;
  }
  InternalDuration internal = duration_to_internal_with_24_hour_days(duration);
  internal.date.days = (int64_t)nanoseconds_divide_floor(internal.time, NANOSECONDS_PER_DAY);
  IsoDateTime iso = {.time = (int64_t)(internal.time - (Nanoseconds)internal.date.days * NANOSECONDS_PER_DAY)};
  if (!calendar_add(origin->calendar, origin->iso.date, &internal.date, true, &iso.date)) return false;
  *end = origin_plain(iso, origin->calendar);
  return true;
}

static Value throw_needs_relative_to(Context *cx) {
  return throw_range_error(cx, "%eyears, months and weeks need the option 'relativeTo'");
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.compare
static Value duration_compare(Context *cx, const Call *call) {
  Duration durations[2];
  TemporalOptions options;
  RelativeTo relative_to;
  Nanoseconds sums[2];
  if (!temporal_duration_from_value(cx, call_argument(call, 0), &durations[0]) ||
      !temporal_duration_from_value(cx, call_argument(call, 1), &durations[1]) ||
      !options_from_value(cx, call_argument(call, 2), &options) || !read_relative_to(cx, &options, &relative_to))
    return VALUE_ABRUPT;
  if (memcmp(&durations[0], &durations[1], sizeof durations[0]) == 0) return VALUE_INT_ZERO;
  TemporalUnit largest_unit =
      unit_larger_of(duration_largest_unit(&durations[0]), duration_largest_unit(&durations[1]));
  bool needs_date = relative_to.origin.is_zoned ? unit_is_date_unit(largest_unit) : unit_is_calendar_unit(largest_unit);
  if (needs_date && !relative_to.is_given) return throw_needs_relative_to(cx);
  for (int i = 0; i < 2; i++) {
    InternalDuration internal = duration_to_internal_with_24_hour_days(&durations[i]);
    if (needs_date && relative_to.origin.is_zoned) {
      Origin end;
      if (!end_of_duration(&relative_to.origin, &durations[i], &end)) return temporal_throw_out_of_range(cx);
      sums[i] = end.epoch;
      continue;
    }
    sums[i] = internal.time;
    if (date_duration_sign(&internal.date) == 0) continue;
    IsoDate start = relative_to.origin.iso.date, end;
    if (!calendar_add(relative_to.origin.calendar, start, &internal.date, true, &end))
      return temporal_throw_out_of_range(cx);
    sums[i] += (Nanoseconds)(iso_date_to_days(end) - iso_date_to_days(start)) * NANOSECONDS_PER_DAY;
    if (!time_duration_is_valid(sums[i])) return temporal_throw_out_of_range(cx);
  }
  return value_int(sign_of(sums[0] - sums[1]));
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.prototype.round
static Value duration_round(Context *cx, const Call *call) {
  TemporalOptions options;
  RelativeTo relative_to;
  DifferenceSettings settings;
  if (!temporal_this(cx, call, TEMPORAL_DURATION) ||
      !options_or_text(cx, call_argument(call, 0), "smallestUnit", &options) ||
      !options_unit(cx, &options, "largestUnit", false, &settings.largest_unit) ||
      !read_relative_to(cx, &options, &relative_to) || !options_rounding_increment(cx, &options, &settings.increment) ||
      !options_rounding_mode(cx, &options, ROUND_HALF_EXPAND, &settings.mode) ||
      !options_unit(cx, &options, "smallestUnit", false, &settings.smallest_unit) ||
      !options_check_unit(cx, "smallestUnit", settings.smallest_unit, UNIT_YEAR, UNIT_NANOSECOND))
    return VALUE_ABRUPT;
  if (settings.smallest_unit == UNIT_UNSET) {
    if (settings.largest_unit == UNIT_UNSET)
      return throw_range_error(cx, "%eone of the options 'smallestUnit' and 'largestUnit' must be given");
    settings.smallest_unit = UNIT_NANOSECOND;
  }
  Duration duration = temporal_duration(call->this_value);
  TemporalUnit existing_unit = duration_largest_unit(&duration);
  if (settings.largest_unit >= UNIT_AUTO) settings.largest_unit = unit_larger_of(existing_unit, settings.smallest_unit);
  if (settings.largest_unit > settings.smallest_unit)
    return throw_range_error(cx, "%ethe option 'smallestUnit' must not be larger than 'largestUnit'");
  uint32_t maximum = unit_maximum_increment(settings.smallest_unit);
  if (maximum > 0 && !options_check_increment(cx, settings.increment, maximum, false)) return VALUE_ABRUPT;
  if (settings.increment > 1 && settings.largest_unit != settings.smallest_unit &&
      unit_is_date_unit(settings.smallest_unit))
    return throw_range_error(cx, "%ean increment of days or larger units needs 'largestUnit' to be the same unit");
  InternalDuration internal = duration_to_internal_with_24_hour_days(&duration);
  TemporalUnit largest_unit = settings.largest_unit;
  bool is_good;
  if (relative_to.is_given) {
    Origin end;
    is_good = end_of_duration(&relative_to.origin, &duration, &end) &&
              difference_until(&relative_to.origin, &end, &settings, &internal);
    if (relative_to.origin.is_zoned && unit_is_date_unit(largest_unit)) largest_unit = UNIT_HOUR;
  } else {
    if (unit_is_calendar_unit(existing_unit) || unit_is_calendar_unit(largest_unit)) return throw_needs_relative_to(cx);
    is_good = time_duration_round(&internal.time, settings.increment, settings.smallest_unit, settings.mode);
  }
  if (!is_good || !duration_from_internal(&internal, largest_unit, &duration)) return temporal_throw_out_of_range(cx);
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.duration.prototype.total
static Value duration_total(Context *cx, const Call *call) {
  TemporalOptions options;
  RelativeTo relative_to;
  TemporalUnit unit;
  double total;
  if (!temporal_this(cx, call, TEMPORAL_DURATION) || !options_or_text(cx, call_argument(call, 0), "unit", &options) ||
      !read_relative_to(cx, &options, &relative_to) || !options_unit(cx, &options, "unit", true, &unit) ||
      !options_check_unit(cx, "unit", unit, UNIT_YEAR, UNIT_NANOSECOND))
    return VALUE_ABRUPT;
  Duration duration = temporal_duration(call->this_value);
  if (relative_to.is_given) {
    Origin end;
    if (!end_of_duration(&relative_to.origin, &duration, &end) ||
        !difference_total(&relative_to.origin, &end, unit, &total))
      return temporal_throw_out_of_range(cx);
  } else {
    if (unit_is_calendar_unit(duration_largest_unit(&duration)) || unit_is_calendar_unit(unit))
      return throw_needs_relative_to(cx);
    total = time_duration_total(duration_to_internal_with_24_hour_days(&duration).time, unit);
  }
  return value_number(total);
}

static const BuiltinRow duration_rows[] = {
    FUNCTION("from", 1, duration_from),
    FUNCTION("compare", 2, duration_compare),
    END_OF_ROWS,
};

static const BuiltinRow duration_prototype_rows[] = {
    GETTER_MAGIC("years", duration_get, UNIT_YEAR),
    GETTER_MAGIC("months", duration_get, UNIT_MONTH),
    GETTER_MAGIC("weeks", duration_get, UNIT_WEEK),
    GETTER_MAGIC("days", duration_get, UNIT_DAY),
    GETTER_MAGIC("hours", duration_get, UNIT_HOUR),
    GETTER_MAGIC("minutes", duration_get, UNIT_MINUTE),
    GETTER_MAGIC("seconds", duration_get, UNIT_SECOND),
    GETTER_MAGIC("milliseconds", duration_get, UNIT_MILLISECOND),
    GETTER_MAGIC("microseconds", duration_get, UNIT_MICROSECOND),
    GETTER_MAGIC("nanoseconds", duration_get, UNIT_NANOSECOND),
    GETTER_MAGIC("sign", duration_get, GET_SIGN),
    GETTER_MAGIC("blank", duration_get, GET_BLANK),
    FUNCTION("with", 1, duration_with),
    FUNCTION_MAGIC("negated", 0, duration_negated, 0),
    FUNCTION_MAGIC("abs", 0, duration_negated, 1),
    FUNCTION_MAGIC("add", 1, duration_add, ADD),
    FUNCTION_MAGIC("subtract", 1, duration_add, SUBTRACT),
    FUNCTION("round", 1, duration_round),
    FUNCTION("total", 1, duration_total),
    TEMPORAL_TEXT_METHODS(TEMPORAL_DURATION),
    TO_STRING_TAG("Temporal.Duration"),
    END_OF_ROWS,
};

TEMPORAL_CLASS(duration, Duration, 0, duration_constructor, duration_rows, duration_prototype_rows);
