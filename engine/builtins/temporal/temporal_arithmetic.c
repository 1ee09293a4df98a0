// What the types have in common beside their getters and texts: each function serves the types that have such a method.
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.from and its kin
Value temporal_from(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TemporalRecord record;
  if (!temporal_from_value(cx, type, call_argument(call, 0), call_argument(call, 1), &record)) return VALUE_ABRUPT;
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}

static int compare_records(TemporalType type, const TemporalRecord *one, const TemporalRecord *two) {
  return type == TEMPORAL_INSTANT || type == TEMPORAL_ZONED_DATE_TIME ? sign_of(one->epoch - two->epoch)
                                                                      : iso_compare(one->iso, two->iso);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.compare and its kin
Value temporal_compare(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TemporalRecord one, two;
  if (!temporal_from_value(cx, type, call_argument(call, 0), VALUE_HOLE, &one) ||
      !temporal_from_value(cx, type, call_argument(call, 1), VALUE_HOLE, &two))
    return VALUE_ABRUPT;
  return value_int(compare_records(type, &one, &two));
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.equals and its kin
Value temporal_equals(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TemporalRecord other;
  if (!temporal_this(cx, call, type) || !temporal_from_value(cx, type, call_argument(call, 0), VALUE_HOLE, &other))
    return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  return value_boolean(compare_records(type, &record, &other) == 0 && record.calendar == other.calendar &&
                       zone_equals(record.zone, other.zone));
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.valueof and its kin
Value temporal_value_of(Context *cx, const Call *call) {
  const char *name = temporal_type_names[temporal_magic_type(call)];
  return throw_type_error(cx, "%ea %s has no value: use compare, equals or toString", name);
}

static void set_time_fields(DateFields *fields, int64_t time) {
  iso_time_to_fields(time, fields->time);
  fields->present |= FIELDS_OF_TIME;
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.with and its kin
Value temporal_with(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  Value given = call_argument(call, 0), options = call_argument(call, 1);
  if (!temporal_this(cx, call, type) || !temporal_check_partial(cx, given)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  bool is_zoned = type == TEMPORAL_ZONED_DATE_TIME, is_time = type == TEMPORAL_PLAIN_TIME;
  bool has_time = is_time || is_zoned || type == TEMPORAL_PLAIN_DATE_TIME;
  DateFieldsType fields_type = type == TEMPORAL_PLAIN_YEAR_MONTH  ? DATE_FIELDS_YEAR_MONTH
                               : type == TEMPORAL_PLAIN_MONTH_DAY ? DATE_FIELDS_MONTH_DAY
                                                                  : DATE_FIELDS_DATE;
  DateFields fields = {0}, additional;
  if (!is_time) fields = calendar_to_fields(record.calendar, record.iso.date, fields_type);
  uint32_t wanted = is_time ? 0 : fields_type == DATE_FIELDS_YEAR_MONTH ? FIELDS_OF_DATE & ~FIELD_DAY : FIELDS_OF_DATE;
  if (has_time) {
    set_time_fields(&fields, record.iso.time);
    wanted |= FIELDS_OF_TIME;
  }
  if (is_zoned) {
    fields.present |= FIELD_OFFSET;
    fields.offset = zone_offset(record.zone, record.epoch);
    wanted |= FIELD_OFFSET;
  }
  if (!temporal_read_fields(cx, record.calendar, given, wanted, FIELDS_PARTIAL, &additional)) return VALUE_ABRUPT;
  fields = calendar_merge_fields(record.calendar, &fields, &additional);
  ZonedReading reading = {.behaviour = OFFSET_OPTION, .offset = fields.offset};
  bool constrains;
  if (is_zoned ? !options_zoned(cx, options, OFFSET_PREFER, &reading, &constrains)
               : !options_overflow(cx, options, &constrains))
    return VALUE_ABRUPT;
  if (is_time) {
    if (!iso_time_from_fields(fields.time, constrains, &record.iso.time))
      return throw_range_error(cx, "%ethere is no such time of day");
  } else if (has_time) {
    if (!temporal_date_time_from_fields(cx, record.calendar, &fields, constrains, &record.iso)) return VALUE_ABRUPT;
  } else if (!temporal_date_from_fields(cx, record.calendar, &fields, fields_type, constrains, &record.iso.date)) {
    return VALUE_ABRUPT;
  }
  reading.iso = record.iso;
  if (is_zoned && !zone_interpret(record.zone, &reading, &record.epoch))
    return throw_range_error(cx, "%ethere is no such time in the time zone, or it is outside of the range of Temporal");
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.withcalendar and its kin
Value temporal_with_calendar(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (!temporal_calendar_from_value(cx, call_argument(call, 0), &record.calendar)) return VALUE_ABRUPT;
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindatetime.prototype.withplaintime and its kin; of a date, it is
// toPlainDateTime.
Value temporal_with_plain_time(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  Value given = call_argument(call, 0);
  TemporalRecord time;
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  record.iso.time = 0;
  bool is_start = value_is_undefined(given);
  if (!is_start) {
    if (!temporal_from_value(cx, TEMPORAL_PLAIN_TIME, given, VALUE_HOLE, &time)) return VALUE_ABRUPT;
    record.iso.time = time.iso.time;
  }
  if (type == TEMPORAL_ZONED_DATE_TIME &&
      !(is_start ? zone_start_of_day(record.zone, record.iso.date, &record.epoch)
                 : zone_to_instant(record.zone, record.iso, DISAMBIGUATE_COMPATIBLE, &record.epoch)))
    return temporal_throw_out_of_range(cx);
  return temporal_create(cx, type == TEMPORAL_PLAIN_DATE ? TEMPORAL_PLAIN_DATE_TIME : type, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plainyearmonth.prototype.toplaindate
// https://tc39.es/proposal-temporal/#sec-temporal.plainmonthday.prototype.toplaindate
Value temporal_to_plain_date(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  Value given = call_argument(call, 0);
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  if (!value_is_object(given)) return throw_type_error(cx, "%eexpected an object with fields, not %v", given);
  bool is_year_month = type == TEMPORAL_PLAIN_YEAR_MONTH;
  TemporalRecord record = temporal_record(call->this_value);
  DateFields fields = calendar_to_fields(record.calendar, record.iso.date,
                                         is_year_month ? DATE_FIELDS_YEAR_MONTH : DATE_FIELDS_MONTH_DAY);
  DateFields additional;
  if (!temporal_read_fields(cx, record.calendar, given, is_year_month ? FIELD_DAY : FIELD_YEAR, 0, &additional))
    return VALUE_ABRUPT;
  fields = calendar_merge_fields(record.calendar, &fields, &additional);
  if (!temporal_date_from_fields(cx, record.calendar, &fields, DATE_FIELDS_DATE, true, &record.iso.date))
    return VALUE_ABRUPT;
  return temporal_create(cx, TEMPORAL_PLAIN_DATE, &record, VALUE_UNDEFINED);
}

// https://tc39.es/proposal-temporal/#sec-temporal.zoneddatetime.prototype.toplaindate and its kin
Value temporal_convert(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call), target = (TemporalType)temporal_magic_rest(call);
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (target == TEMPORAL_PLAIN_YEAR_MONTH || target == TEMPORAL_PLAIN_MONTH_DAY) {
    DateFieldsType fields_type = target == TEMPORAL_PLAIN_YEAR_MONTH ? DATE_FIELDS_YEAR_MONTH : DATE_FIELDS_MONTH_DAY;
    DateFields fields = calendar_to_fields(record.calendar, record.iso.date, fields_type);
    if (!temporal_date_from_fields(cx, record.calendar, &fields, fields_type, true, &record.iso.date))
      return VALUE_ABRUPT;
  }
  if (target != TEMPORAL_PLAIN_TIME && target != TEMPORAL_PLAIN_DATE_TIME) record.iso.time = 0;
  if (target == TEMPORAL_PLAIN_TIME) record = (TemporalRecord){.iso = {{1970, 1, 1}, record.iso.time}};
  if (target == TEMPORAL_INSTANT) record = (TemporalRecord){.epoch = record.epoch};
  record.zone = 0;
  return temporal_create(cx, target, &record, VALUE_UNDEFINED);
}

// Adding a duration ----------------------------------------------------------------------------------

// https://tc39.es/proposal-temporal/#sec-temporal-adddurationtodate and its kin. False: out of range.
static MUST_CHECK bool add_duration(TemporalType type, TemporalRecord *record, const Duration *duration,
                                    bool constrains) {
  InternalDuration exact = duration_to_internal(duration);
  InternalDuration whole = duration_to_internal_with_24_hour_days(duration);
  switch (type) {
    case TEMPORAL_INSTANT: record->epoch += exact.time; return instant_is_valid(record->epoch);
    case TEMPORAL_ZONED_DATE_TIME: {
      Origin origin = origin_zoned(record->epoch, record->zone, record->calendar);
      return zoned_add(&origin, &exact, constrains, &record->epoch);
    }
    case TEMPORAL_PLAIN_TIME: {
      // Not by `%` of 128 bits: in Debian's compiler library for WASI it needs a stack protector that nothing defines.
      Nanoseconds days = nanoseconds_divide_floor(exact.time, NANOSECONDS_PER_DAY);
      Nanoseconds beyond_days = exact.time - days * NANOSECONDS_PER_DAY;
      record->iso.time = iso_add((IsoDateTime){{1970, 1, 1}, record->iso.time}, beyond_days).time;
      return true;
    }
    case TEMPORAL_PLAIN_DATE: whole.date.days = (int64_t)(whole.time / NANOSECONDS_PER_DAY); break;
    case TEMPORAL_PLAIN_DATE_TIME: {
      Nanoseconds time = whole.time + record->iso.time;
      Nanoseconds days = nanoseconds_divide_floor(time, NANOSECONDS_PER_DAY);
      record->iso.time = (int64_t)(time - days * NANOSECONDS_PER_DAY);
      whole.date.days = (int64_t)days;
      break;
    }
    default: {
      // A year and month: from its first day.
      DateFields fields = calendar_to_fields(record->calendar, record->iso.date, DATE_FIELDS_YEAR_MONTH);
      fields.present |= FIELD_DAY;
      fields.day = 1;
      if (calendar_from_fields(record->calendar, &fields, DATE_FIELDS_DATE, true, &record->iso.date) != FIELDS_GOOD ||
          !calendar_add(record->calendar, record->iso.date, &whole.date, constrains, &record->iso.date))
        return false;
      fields = calendar_to_fields(record->calendar, record->iso.date, DATE_FIELDS_YEAR_MONTH);
      return calendar_from_fields(record->calendar, &fields, DATE_FIELDS_YEAR_MONTH, constrains, &record->iso.date) ==
             FIELDS_GOOD;
    }
  }
  return date_duration_is_valid(&whole.date) &&
         calendar_add(record->calendar, record->iso.date, &whole.date, constrains, &record->iso.date);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.add and its kin
Value temporal_add(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  Duration duration;
  bool constrains = true;
  if (!temporal_this(cx, call, type) || !temporal_duration_from_value(cx, call_argument(call, 0), &duration))
    return VALUE_ABRUPT;
  if (temporal_magic_rest(call) == SUBTRACT) duration = duration_negate(&duration);
  TemporalUnit largest_unit = duration_largest_unit(&duration);
  if (type == TEMPORAL_INSTANT && unit_is_date_unit(largest_unit))
    return throw_range_error(cx, "%ean instant knows no days or larger units");
  if (type != TEMPORAL_INSTANT && type != TEMPORAL_PLAIN_TIME &&
      !options_overflow(cx, call_argument(call, 1), &constrains))
    return VALUE_ABRUPT;
  Duration rest = duration;
  rest.fields[UNIT_YEAR] = rest.fields[UNIT_MONTH] = 0;
  if (type == TEMPORAL_PLAIN_YEAR_MONTH && duration_sign(&rest) != 0)
    return throw_range_error(cx, "%eonly years and months can be added to a year and month");
  TemporalRecord record = temporal_record(call->this_value);
  if (!add_duration(type, &record, &duration, constrains)) return temporal_throw_out_of_range(cx);
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}

// Differences ----------------------------------------------------------------------------------------

// What the options of until and since may be, by type.
static const struct {
  uint8_t largest, smallest;  // units that are good
  uint8_t default_smallest, default_largest;
} difference_units[TEMPORAL_TYPES] = {
    [TEMPORAL_INSTANT] = {UNIT_HOUR, UNIT_NANOSECOND, UNIT_NANOSECOND, UNIT_SECOND},
    [TEMPORAL_PLAIN_DATE] = {UNIT_YEAR, UNIT_DAY, UNIT_DAY, UNIT_DAY},
    [TEMPORAL_PLAIN_TIME] = {UNIT_HOUR, UNIT_NANOSECOND, UNIT_NANOSECOND, UNIT_HOUR},
    [TEMPORAL_PLAIN_DATE_TIME] = {UNIT_YEAR, UNIT_NANOSECOND, UNIT_NANOSECOND, UNIT_DAY},
    [TEMPORAL_PLAIN_YEAR_MONTH] = {UNIT_YEAR, UNIT_MONTH, UNIT_MONTH, UNIT_YEAR},
    [TEMPORAL_ZONED_DATE_TIME] = {UNIT_YEAR, UNIT_NANOSECOND, UNIT_NANOSECOND, UNIT_HOUR},
};

// https://tc39.es/proposal-temporal/#sec-temporal-getdifferencesettings
static MUST_CHECK bool read_settings(Context *cx, TemporalType type, Value given, bool is_since,
                                     DifferenceSettings *settings) {
  TemporalOptions options;
  TemporalUnit largest = (TemporalUnit)difference_units[type].largest;
  TemporalUnit smallest = (TemporalUnit)difference_units[type].smallest;
  if (!options_from_value(cx, given, &options) ||
      !options_unit(cx, &options, "largestUnit", false, &settings->largest_unit) ||
      !options_rounding_increment(cx, &options, &settings->increment) ||
      !options_rounding_mode(cx, &options, ROUND_TRUNC, &settings->mode) ||
      !options_unit(cx, &options, "smallestUnit", false, &settings->smallest_unit))
    return false;
  if (settings->largest_unit == UNIT_AUTO) settings->largest_unit = UNIT_UNSET;
  if (!options_check_unit(cx, "largestUnit", settings->largest_unit, largest, smallest) ||
      !options_check_unit(cx, "smallestUnit", settings->smallest_unit, largest, smallest))
    return false;
  if (settings->smallest_unit == UNIT_UNSET)
    settings->smallest_unit = (TemporalUnit)difference_units[type].default_smallest;
  if (settings->largest_unit == UNIT_UNSET) {
    settings->largest_unit =
        unit_larger_of((TemporalUnit)difference_units[type].default_largest, settings->smallest_unit);
  }
  if (settings->largest_unit > settings->smallest_unit) {
    throw_range_error(cx, "%ethe option 'smallestUnit' must not be larger than 'largestUnit'");
    return false;
  }
  uint32_t maximum = unit_maximum_increment(settings->smallest_unit);
  if (is_since) settings->mode = rounding_mode_negate(settings->mode);
  return maximum == 0 || options_check_increment(cx, settings->increment, maximum, false);
}

// Between dates; years and months when the settings allow nothing smaller. False: out of range.
static MUST_CHECK bool difference_of_dates(TemporalType type, TemporalRecord *one, TemporalRecord *two,
                                           const DifferenceSettings *settings, InternalDuration *result) {
  *result = (InternalDuration){0};
  if (iso_compare_dates(one->iso.date, two->iso.date) == 0) return true;
  if (type == TEMPORAL_PLAIN_YEAR_MONTH) {
    TemporalRecord *records[] = {one, two};
    for (int i = 0; i < 2; i++) {
      DateFields fields = calendar_to_fields(one->calendar, records[i]->iso.date, DATE_FIELDS_YEAR_MONTH);
      fields.present |= FIELD_DAY;
      fields.day = 1;
      if (calendar_from_fields(one->calendar, &fields, DATE_FIELDS_DATE, true, &records[i]->iso.date) != FIELDS_GOOD)
        return false;
    }
  }
  result->date = calendar_until(one->calendar, one->iso.date, two->iso.date, settings->largest_unit);
  if (type == TEMPORAL_PLAIN_YEAR_MONTH) result->date.weeks = result->date.days = 0;
  if (settings->smallest_unit == (TemporalUnit)difference_units[type].smallest && settings->increment == 1) return true;
  Origin origin = origin_plain(one->iso, one->calendar);
  return difference_round(result, &origin, iso_to_nanoseconds(two->iso), settings);
}

static MUST_CHECK bool difference_of_records(TemporalType type, TemporalRecord *one, TemporalRecord *two,
                                             const DifferenceSettings *settings, InternalDuration *result) {
  Origin origin, end;
  switch (type) {
    case TEMPORAL_INSTANT: *result = difference_of_instants(one->epoch, two->epoch, settings); return true;
    case TEMPORAL_PLAIN_TIME: *result = difference_of_instants(one->iso.time, two->iso.time, settings); return true;
    case TEMPORAL_PLAIN_DATE_TIME:
      origin = origin_plain(one->iso, one->calendar);
      end = origin_plain(two->iso, two->calendar);
      return difference_until(&origin, &end, settings, result);
    case TEMPORAL_ZONED_DATE_TIME:
      *result = (InternalDuration){0};
      if (one->epoch == two->epoch) return true;
      origin = origin_zoned(one->epoch, one->zone, one->calendar);
      end = origin_zoned(two->epoch, two->zone, two->calendar);
      return difference_until(&origin, &end, settings, result);
    default: return difference_of_dates(type, one, two, settings, result);
  }
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.until and its kin
Value temporal_until(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  bool is_since = temporal_magic_rest(call) == SINCE;
  TemporalRecord other;
  DifferenceSettings settings;
  InternalDuration internal;
  Duration duration;
  if (!temporal_this(cx, call, type) || !temporal_from_value(cx, type, call_argument(call, 0), VALUE_HOLE, &other))
    return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (record.calendar != other.calendar) return throw_range_error(cx, "%ethe calendars differ");
  if (!read_settings(cx, type, call_argument(call, 1), is_since, &settings)) return VALUE_ABRUPT;
  bool has_date_units = unit_is_date_unit(settings.largest_unit);
  if (type == TEMPORAL_ZONED_DATE_TIME && has_date_units && !zone_equals(record.zone, other.zone))
    return throw_range_error(cx, "%ethe time zones differ, and so may the lengths of their days");
  if (!difference_of_records(type, &record, &other, &settings, &internal)) return temporal_throw_out_of_range(cx);
  TemporalUnit largest_unit = type == TEMPORAL_ZONED_DATE_TIME && has_date_units ? UNIT_HOUR : settings.largest_unit;
  if (!duration_from_internal(&internal, largest_unit, &duration)) return temporal_throw_out_of_range(cx);
  if (is_since) duration = duration_negate(&duration);
  return temporal_create_duration(cx, &duration, VALUE_UNDEFINED);
}

// Rounding -------------------------------------------------------------------------------------------

// A ZonedDateTime rounded to the days of its zone. False: out of range.
static MUST_CHECK bool round_to_zoned_day(TemporalRecord *record, RoundingMode mode) {
  Nanoseconds start, end;
  if (!zone_start_of_day(record->zone, record->iso.date, &start) ||
      !zone_start_of_day(record->zone, iso_date_add_days(record->iso.date, 1), &end))
    return false;
  // Where clocks are put back past midnight, a time of the old day may come after the start of the new one.
  Nanoseconds length = end - start, progress = record->epoch - start;
  record->epoch = progress > 0 && rounding_expands(mode, false, sign_of(2 * progress - length), true) ? end : start;
  return true;
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindatetime.prototype.round and its kin
Value temporal_round(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TemporalOptions options;
  int64_t increment;
  RoundingMode mode;
  TemporalUnit unit;
  if (!temporal_this(cx, call, type) || !options_or_text(cx, call_argument(call, 0), "smallestUnit", &options) ||
      !options_rounding_increment(cx, &options, &increment) ||
      !options_rounding_mode(cx, &options, ROUND_HALF_EXPAND, &mode) ||
      !options_unit(cx, &options, "smallestUnit", true, &unit))
    return VALUE_ABRUPT;
  bool has_days = type == TEMPORAL_PLAIN_DATE_TIME || type == TEMPORAL_ZONED_DATE_TIME;
  bool is_instant = type == TEMPORAL_INSTANT;
  if (!options_check_unit(cx, "smallestUnit", unit, has_days ? UNIT_DAY : UNIT_HOUR, UNIT_NANOSECOND))
    return VALUE_ABRUPT;
  int64_t maximum = unit == UNIT_DAY ? 1
                    : is_instant     ? NANOSECONDS_PER_DAY / unit_nanoseconds(unit)
                                     : unit_maximum_increment(unit);
  if (!options_check_increment(cx, increment, maximum, unit == UNIT_DAY || is_instant)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  if (is_instant) {
    record.epoch = round_as_if_positive(record.epoch, (Nanoseconds)increment * unit_nanoseconds(unit), mode);
  } else if (type == TEMPORAL_PLAIN_TIME) {
    record.iso.time = round_time(record.iso.time, increment, unit, mode) % NANOSECONDS_PER_DAY;
  } else if (type == TEMPORAL_PLAIN_DATE_TIME) {
    record.iso = round_date_time(record.iso, increment, unit, mode);
  } else if (unit == UNIT_DAY) {
    if (!round_to_zoned_day(&record, mode)) return temporal_throw_out_of_range(cx);
  } else if (unit != UNIT_NANOSECOND || increment != 1) {
    ZonedReading reading = {.iso = round_date_time(record.iso, increment, unit, mode),
                            .behaviour = OFFSET_OPTION,
                            .offset = zone_offset(record.zone, record.epoch)};
    if (!zone_interpret(record.zone, &reading, &record.epoch)) return temporal_throw_out_of_range(cx);
  }
  return temporal_create(cx, type, &record, VALUE_UNDEFINED);
}
