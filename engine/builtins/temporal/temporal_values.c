// How values become dates, times, instants and durations: objects of Temporal, objects with fields, and texts.
#include <math.h>

#include "builtins/temporal/temporal.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

static Value throw_text(Context *cx, Value string, const char *what) {
  return throw_range_error(cx, "%e%v is not %s", string, what);
}

static bool type_has_calendar(TemporalType type) { return type >= TEMPORAL_PLAIN_DATE && type != TEMPORAL_PLAIN_TIME; }

bool temporal_zone_from_value(Context *cx, Value value, ZoneId *zone) {
  TextView text;
  if (temporal_type(value) == TEMPORAL_ZONED_DATE_TIME) {
    *zone = temporal_record(value).zone;
    return true;
  }
  if (!value_is_string(value)) {
    throw_type_error(cx, "%eexpected a time zone, not %v", value);
    return false;
  }
  if (!temporal_view(cx, value, &text)) return false;
  if (iso_parse_zone(text, zone)) return true;
  throw_text(cx, value, "a known time zone");
  return false;
}

static MUST_CHECK bool check_calendar_type(Context *cx, Value value) {
  if (value_is_string(value)) return true;
  throw_type_error(cx, "%eexpected a calendar, not %v", value);
  return false;
}

static MUST_CHECK bool find_calendar(Context *cx, TextView name, Value value, CalendarId *calendar) {
  if (calendar_find(name, calendar)) return true;
  throw_text(cx, value, "a known calendar");
  return false;
}

// What a text says, whose calendar may be missing.
static MUST_CHECK bool find_calendar_of_text(Context *cx, TextView name, Value value, CalendarId *calendar) {
  *calendar = CALENDAR_ISO8601;
  return name.length == 0 || find_calendar(cx, name, value, calendar);
}

bool temporal_calendar_from_value(Context *cx, Value value, CalendarId *calendar) {
  TextView text;
  if (type_has_calendar(temporal_type(value))) {
    *calendar = temporal_record(value).calendar;
    return true;
  }
  if (!check_calendar_type(cx, value) || !temporal_view(cx, value, &text)) return false;
  if (iso_parse_calendar(text, &text)) return find_calendar_of_text(cx, text, value, calendar);
  throw_text(cx, value, "a known calendar");
  return false;
}

bool temporal_calendar_from_name(Context *cx, Value value, CalendarId *calendar) {
  TextView text;
  *calendar = CALENDAR_ISO8601;
  if (value_is_undefined(value)) return true;
  return check_calendar_type(cx, value) && temporal_view(cx, value, &text) && find_calendar(cx, text, value, calendar);
}

bool temporal_calendar_of_object(Context *cx, Value object, CalendarId *calendar) {
  ROOTS(cx, r, key, value);
  *calendar = CALENDAR_ISO8601;
  if (type_has_calendar(temporal_type(object))) return temporal_calendar_from_value(cx, object, calendar);
  r->key = key_from_ascii(cx, "calendar");
  if (value_is_abrupt(r->key)) return false;
  r->value = object_get_key(cx, value_as_object(object), r->key);
  if (value_is_abrupt(r->value)) return false;
  return value_is_undefined(r->value) || temporal_calendar_from_value(cx, r->value, calendar);
}

// Objects of Temporal ---------------------------------------------------------------------------------

// Whether an object of one type can be taken as one of another.
static bool converts(TemporalType from, TemporalType to) {
  if (from == to) return true;
  switch (to) {
    case TEMPORAL_PLAIN_DATE: return from == TEMPORAL_PLAIN_DATE_TIME || from == TEMPORAL_ZONED_DATE_TIME;
    case TEMPORAL_PLAIN_TIME: return from == TEMPORAL_PLAIN_DATE_TIME || from == TEMPORAL_ZONED_DATE_TIME;
    case TEMPORAL_PLAIN_DATE_TIME: return from == TEMPORAL_PLAIN_DATE || from == TEMPORAL_ZONED_DATE_TIME;
    case TEMPORAL_INSTANT: return from == TEMPORAL_ZONED_DATE_TIME;
    default: return false;
  }
}

// Keeps of a record what the type has.
static void record_reduce(TemporalType type, TemporalRecord *record) {
  if (type != TEMPORAL_PLAIN_TIME && type != TEMPORAL_PLAIN_DATE_TIME) record->iso.time = 0;
  if (!type_has_calendar(type)) record->calendar = CALENDAR_ISO8601;
  if (type != TEMPORAL_ZONED_DATE_TIME) record->zone = 0;
  if (type == TEMPORAL_PLAIN_TIME) record->iso.date = (IsoDate){1970, 1, 1};
}

// Dates and times -------------------------------------------------------------------------------------

static MUST_CHECK bool check_reading(Context *cx, const ZonedReading *reading, TemporalRecord *record) {
  if (zone_interpret(record->zone, reading, &record->epoch)) return true;
  throw_range_error(cx, "%ethere is no such time in the time zone, or it is outside of the range of Temporal");
  return false;
}

static MUST_CHECK bool from_fields(Context *cx, TemporalType type, Value object, Value options,
                                   TemporalRecord *record) {
  DateFields fields;
  ZonedReading reading = {0};
  bool constrains;
  bool is_time = type == TEMPORAL_PLAIN_TIME, is_zoned = type == TEMPORAL_ZONED_DATE_TIME;
  if (!is_time && !temporal_calendar_of_object(cx, object, &record->calendar)) return false;
  uint32_t wanted = is_time                             ? FIELDS_OF_TIME
                    : type == TEMPORAL_PLAIN_YEAR_MONTH ? FIELDS_OF_DATE & ~FIELD_DAY
                    : type == TEMPORAL_PLAIN_DATE_TIME  ? FIELDS_OF_DATE | FIELDS_OF_TIME
                    : is_zoned ? FIELDS_OF_DATE | FIELDS_OF_TIME | FIELD_OFFSET | FIELD_TIME_ZONE
                               : FIELDS_OF_DATE;
  uint32_t required = is_time ? FIELDS_PARTIAL : is_zoned ? FIELD_TIME_ZONE : 0;
  if (!temporal_read_fields(cx, record->calendar, object, wanted, required, &fields)) return false;
  if (is_zoned ? !options_zoned(cx, options, OFFSET_REJECT, &reading, &constrains)
               : !options_overflow(cx, options, &constrains))
    return false;
  switch (type) {
    case TEMPORAL_PLAIN_TIME:
      record->iso.date = (IsoDate){1970, 1, 1};
      if (iso_time_from_fields(fields.time, constrains, &record->iso.time)) return true;
      throw_range_error(cx, "%ethere is no such time of day");
      return false;
    case TEMPORAL_PLAIN_DATE:
      return temporal_date_from_fields(cx, record->calendar, &fields, DATE_FIELDS_DATE, constrains, &record->iso.date);
    case TEMPORAL_PLAIN_YEAR_MONTH:
      return temporal_date_from_fields(cx, record->calendar, &fields, DATE_FIELDS_YEAR_MONTH, constrains,
                                       &record->iso.date);
    case TEMPORAL_PLAIN_MONTH_DAY:
      return temporal_date_from_fields(cx, record->calendar, &fields, DATE_FIELDS_MONTH_DAY, constrains,
                                       &record->iso.date);
    default: break;
  }
  if (!temporal_date_time_from_fields(cx, record->calendar, &fields, constrains, &record->iso)) return false;
  if (!is_zoned) return true;
  record->zone = fields.zone;
  reading.iso = record->iso;
  reading.behaviour = fields.present & FIELD_OFFSET ? OFFSET_OPTION : OFFSET_WALL;
  reading.offset = fields.offset;
  return check_reading(cx, &reading, record);
}

// The goals of the types' texts, and what they are called.
static const struct {
  uint8_t goals;
  const char *what;
} text_forms[TEMPORAL_TYPES] = {
    [TEMPORAL_INSTANT] = {TEXT_INSTANT, "the text of an instant"},
    [TEMPORAL_PLAIN_DATE] = {TEXT_DATE_TIME, "the text of a date"},
    [TEMPORAL_PLAIN_TIME] = {TEXT_TIME, "the text of a time"},
    [TEMPORAL_PLAIN_DATE_TIME] = {TEXT_DATE_TIME, "the text of a date and time"},
    [TEMPORAL_PLAIN_YEAR_MONTH] = {TEXT_YEAR_MONTH, "the text of a year and month"},
    [TEMPORAL_PLAIN_MONTH_DAY] = {TEXT_MONTH_DAY, "the text of a month and day"},
    [TEMPORAL_ZONED_DATE_TIME] = {TEXT_ZONED_DATE_TIME, "the text of a date and time with a time zone"},
};

bool temporal_reading_of_text(const IsoText *parsed, ZonedReading *reading, ZoneId *zone) {
  reading->iso = parsed->iso;
  reading->is_start_of_day = !parsed->has_time;
  reading->behaviour = parsed->is_utc ? OFFSET_EXACT : parsed->has_offset ? OFFSET_OPTION : OFFSET_WALL;
  reading->offset = parsed->offset;
  reading->matches_minutes = !parsed->offset_has_seconds;
  return iso_parse_zone_id(parsed->time_zone, zone);
}

static MUST_CHECK bool from_text(Context *cx, TemporalType type, Value string, Value options, TemporalRecord *record) {
  TextView text;
  IsoText parsed;
  ZonedReading reading = {0};
  bool constrains;
  if (!temporal_view(cx, string, &text)) return false;
  if (!iso_parse(text, text_forms[type].goals, &parsed)) {
    throw_text(cx, string, text_forms[type].what);
    return false;
  }
  record->iso = parsed.iso;
  if (type == TEMPORAL_INSTANT) {
    record->epoch = iso_to_nanoseconds(parsed.iso) - parsed.offset;
    return true;
  }
  // The views of the text end here: reading options may call.
  if (type == TEMPORAL_ZONED_DATE_TIME && !temporal_reading_of_text(&parsed, &reading, &record->zone)) {
    throw_text(cx, string, text_forms[type].what);
    return false;
  }
  if (type != TEMPORAL_PLAIN_TIME && !find_calendar_of_text(cx, parsed.calendar, string, &record->calendar))
    return false;
  if (type == TEMPORAL_ZONED_DATE_TIME)
    return options_zoned(cx, options, OFFSET_REJECT, &reading, &constrains) && check_reading(cx, &reading, record);
  if (!options_overflow(cx, options, &constrains)) return false;
  if (type == TEMPORAL_PLAIN_YEAR_MONTH || type == TEMPORAL_PLAIN_MONTH_DAY) {
    // The calendar has its own first day of the month and its own reference year.
    DateFieldsType fields_type = type == TEMPORAL_PLAIN_YEAR_MONTH ? DATE_FIELDS_YEAR_MONTH : DATE_FIELDS_MONTH_DAY;
    bool is_good = type == TEMPORAL_PLAIN_YEAR_MONTH
                       ? iso_year_month_is_within_limits(parsed.iso.date)
                       : record->calendar == CALENDAR_ISO8601 || iso_date_is_within_limits(parsed.iso.date);
    if (!is_good) {
      temporal_throw_out_of_range(cx);
      return false;
    }
    DateFields fields = calendar_to_fields(record->calendar, parsed.iso.date, fields_type);
    record->iso.time = 0;
    return temporal_date_from_fields(cx, record->calendar, &fields, fields_type, true, &record->iso.date);
  }
  record_reduce(type, record);
  return true;
}

static MUST_CHECK bool read_options_of(Context *cx, TemporalType type, Value options) {
  ZonedReading reading;
  bool constrains;
  if (type == TEMPORAL_INSTANT) return true;
  return type == TEMPORAL_ZONED_DATE_TIME ? options_zoned(cx, options, OFFSET_REJECT, &reading, &constrains)
                                          : options_overflow(cx, options, &constrains);
}

static MUST_CHECK bool read_value(Context *cx, TemporalType type, Value value, Value options, TemporalRecord *record) {
  ROOTS(cx, r, value);
  if (value_is_object(value)) {
    if (converts(temporal_type(value), type)) {
      *record = temporal_record(value);
      record_reduce(type, record);
      return read_options_of(cx, type, options);
    }
    if (type != TEMPORAL_INSTANT) return from_fields(cx, type, value, options, record);
    r->value = value_to_primitive(cx, value, PREFER_STRING);
    if (value_is_abrupt(r->value)) return false;
    value = r->value;
  }
  if (value_is_string(value)) return from_text(cx, type, value, options, record);
  throw_type_error(cx, "%eexpected %s, or something like it, not %v", temporal_type_names[type], value);
  return false;
}

bool temporal_from_value(Context *cx, TemporalType type, Value value, Value options, TemporalRecord *record) {
  *record = (TemporalRecord){.iso.date = {1970, 1, 1}};
  if (!read_value(cx, type, value, options, record)) return false;
  if (temporal_is_within_limits(type, record)) return true;
  temporal_throw_out_of_range(cx);
  return false;
}

// Durations -------------------------------------------------------------------------------------------

// https://tc39.es/proposal-temporal/#sec-tointegerifintegral
static MUST_CHECK bool read_duration_field(Context *cx, const char *name, Value value, double *field) {
  double number;
  if (!value_to_number(cx, value, &number)) return false;
  *field = number + 0.0;
  if (isfinite(number) && number == trunc(number)) return true;
  throw_range_error(cx, "%ethe field '%s' must be an integer, not %v", name, value);
  return false;
}

// bounded: the fields.
bool temporal_read_duration_fields(Context *cx, Value object, Duration *duration) {
  static const struct {
    char name[13];
    uint8_t unit;
  } names[] = {
      {"days", UNIT_DAY},
      {"hours", UNIT_HOUR},
      {"microseconds", UNIT_MICROSECOND},
      {"milliseconds", UNIT_MILLISECOND},
      {"minutes", UNIT_MINUTE},
      {"months", UNIT_MONTH},
      {"nanoseconds", UNIT_NANOSECOND},
      {"seconds", UNIT_SECOND},
      {"weeks", UNIT_WEEK},
      {"years", UNIT_YEAR},
  };
  ROOTS(cx, r, key, value);
  bool has_any = false;
  if (!value_is_object(object)) {
    throw_type_error(cx, "%eexpected an object with the fields of a duration, not %v", object);
    return false;
  }
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    r->key = key_from_ascii(cx, names[i].name);
    if (value_is_abrupt(r->key)) return false;
    r->value = object_get_key(cx, value_as_object(object), r->key);
    if (value_is_abrupt(r->value)) return false;
    if (value_is_undefined(r->value)) continue;
    has_any = true;
    if (!read_duration_field(cx, names[i].name, r->value, &duration->fields[names[i].unit])) return false;
  }
  if (has_any) return true;
  throw_type_error(cx, "%ethe object has none of the fields of a duration");
  return false;
}

bool temporal_duration_from_value(Context *cx, Value value, Duration *duration) {
  TextView text;
  if (temporal_type(value) == TEMPORAL_DURATION) {
    *duration = temporal_duration(value);
    return true;
  }
  *duration = (Duration){{0}};
  if (value_is_object(value)) {
    if (!temporal_read_duration_fields(cx, value, duration)) return false;
    if (duration_is_valid(duration)) return true;
    throw_range_error(cx, "%ethe duration has mixed signs, or is too long");
    return false;
  }
  if (!value_is_string(value)) {
    throw_type_error(cx, "%eexpected a Temporal.Duration, or something like it, not %v", value);
    return false;
  }
  if (!temporal_view(cx, value, &text)) return false;
  if (iso_parse_duration(text, duration)) return true;
  throw_text(cx, value, "the text of a valid duration");
  return false;
}
