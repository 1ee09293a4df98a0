// The fields of dates and times that programs give as properties of objects.
#include <math.h>

#include "builtins/temporal/temporal.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

bool value_to_integer_with_truncation(Context *cx, Value value, double *number) {
  if (!value_to_number(cx, value, number)) return false;
  if (!isfinite(*number)) {
    throw_range_error(cx, "%eexpected a finite number, not %v", value);
    return false;
  }
  *number = trunc(*number) + 0.0;
  return true;
}

// bounded: at most six numbers.
bool temporal_read_numbers(Context *cx, const Call *call, uint32_t first, uint32_t count, double *numbers) {
  bool are_optional = count == TIME_FIELDS;
  for (uint32_t i = 0; i < count; i++) {
    Value value = call_argument(call, first + i);
    numbers[i] = 0;
    if (are_optional && value_is_undefined(value)) continue;
    if (!value_to_integer_with_truncation(cx, value, &numbers[i])) return false;
  }
  return true;
}

bool temporal_view(Context *cx, Value string, TextView *text) {
  return string_view(cx, value_as_string(string), text) && context_charge_bytes(cx, text->length, CHARGE_COMPARE);
}

// A string that an object may be converted to; TypeError when it becomes something else.
static Value to_string_strictly(Context *cx, Value value, const char *name) {
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_STRING);
  if (value_is_abrupt(r->primitive) || value_is_string(r->primitive)) return r->primitive;
  return throw_type_error(cx, "%ethe field '%s' must be a string, not %v", name, r->primitive);
}

static Value throw_field(Context *cx, const char *name, Value value) {
  return throw_range_error(cx, "%ethe field '%s' cannot be %v", name, value);
}

// https://tc39.es/proposal-temporal/#sec-temporal-parsemonthcode
// bounded: four units.
static MUST_CHECK bool read_month_code(Context *cx, Value value, MonthCode *code) {
  ROOTS(cx, r, string);
  TextView text;
  r->string = to_string_strictly(cx, value, "monthCode");
  if (value_is_abrupt(r->string) || !temporal_view(cx, r->string, &text)) return false;
  uint32_t units[4] = {0};
  for (uint32_t i = 0; i < MIN_OF(text.length, 4); i++) units[i] = text_view_unit(text, i);
  bool is_leap = text.length == 4 && units[3] == 'L', is_good = text.length == 3 || is_leap;
  for (int i = 1; i < 3; i++) is_good &= units[i] >= '0' && units[i] <= '9';
  *code = (MonthCode){(uint8_t)((units[1] - '0') * 10 + units[2] - '0'), is_leap};
  if (is_good && units[0] == 'M' && (code->number > 0 || is_leap)) return true;
  throw_field(cx, "monthCode", r->string);
  return false;
}

static MUST_CHECK bool read_offset(Context *cx, Value value, int64_t *offset) {
  ROOTS(cx, r, string);
  TextView text;
  r->string = to_string_strictly(cx, value, "offset");
  if (value_is_abrupt(r->string) || !temporal_view(cx, r->string, &text)) return false;
  if (iso_parse_offset(text, offset)) return true;
  throw_field(cx, "offset", r->string);
  return false;
}

// In lower case where it can be an era at all; a longer one is cut, and then is none.
// bounded: the size of an era.
static MUST_CHECK bool read_era(Context *cx, Value value, char era[ERA_SIZE]) {
  ROOTS(cx, r, string);
  TextView text;
  r->string = value_to_string(cx, value);
  if (value_is_abrupt(r->string) || !temporal_view(cx, r->string, &text)) return false;
  uint32_t length = MIN_OF(text.length, ERA_SIZE - 1);
  for (uint32_t i = 0; i < length; i++) {
    uint32_t unit = text_view_unit(text, i);
    era[i] = unit > 0 && unit < 128 ? (char)unit : '?';
  }
  era[length] = 0;
  return true;
}

// Every field, in the order in which they are read.
static const struct {
  char name[12];
  uint32_t field;
} date_field_names[] = {
    {"day", FIELD_DAY},
    {"era", FIELD_ERA},
    {"eraYear", FIELD_ERA_YEAR},
    {"hour", FIELD_HOUR},
    {"microsecond", FIELD_HOUR << 4},
    {"millisecond", FIELD_HOUR << 3},
    {"minute", FIELD_HOUR << 1},
    {"month", FIELD_MONTH},
    {"monthCode", FIELD_MONTH_CODE},
    {"nanosecond", FIELD_NANOSECOND},
    {"offset", FIELD_OFFSET},
    {"second", FIELD_HOUR << 2},
    {"timeZone", FIELD_TIME_ZONE},
    {"year", FIELD_YEAR},
};

static MUST_CHECK bool read_field(Context *cx, const char *name, uint32_t field, Value value, DateFields *fields) {
  double *number = NULL;
  switch (field) {
    case FIELD_ERA: return read_era(cx, value, fields->era);
    case FIELD_MONTH_CODE: return read_month_code(cx, value, &fields->month_code);
    case FIELD_OFFSET: return read_offset(cx, value, &fields->offset);
    case FIELD_TIME_ZONE: return temporal_zone_from_value(cx, value, &fields->zone);
    case FIELD_ERA_YEAR: number = &fields->era_year; break;
    case FIELD_YEAR: number = &fields->year; break;
    case FIELD_MONTH: number = &fields->month; break;
    case FIELD_DAY: number = &fields->day; break;
    default: number = &fields->time[__builtin_ctz(field / FIELD_HOUR)]; break;
  }
  if (!value_to_integer_with_truncation(cx, value, number)) return false;
  if (*number > 0 || !(field & (FIELD_MONTH | FIELD_DAY))) return true;
  throw_field(cx, name, value);
  return false;
}

static Value throw_missing(Context *cx, const char *name) {
  return throw_type_error(cx, "%ethe field '%s' is missing", name);
}

// bounded: the fields.
bool temporal_read_fields(Context *cx, CalendarId calendar, Value object, uint32_t wanted, uint32_t required,
                          DateFields *fields) {
  ROOTS(cx, r, key, value);
  *fields = (DateFields){0};
  wanted |= calendar_extra_fields(calendar, wanted);
  for (size_t i = 0; i < COUNT_OF(date_field_names); i++) {
    const char *name = date_field_names[i].name;
    uint32_t field = date_field_names[i].field;
    if (!(wanted & field)) continue;
    r->key = key_from_ascii(cx, name);
    if (value_is_abrupt(r->key)) return false;
    r->value = object_get_key(cx, value_as_object(object), r->key);
    if (value_is_abrupt(r->value)) return false;
    if (!value_is_undefined(r->value)) {
      if (!read_field(cx, name, field, r->value, fields)) return false;
      fields->present |= field;
    } else if (required != FIELDS_PARTIAL && required & field) {
      throw_missing(cx, name);
      return false;
    }
  }
  if (required != FIELDS_PARTIAL || fields->present) return true;
  throw_type_error(cx, "%ethe object has none of the fields that can be set");
  return false;
}

bool temporal_date_from_fields(Context *cx, CalendarId calendar, const DateFields *fields, DateFieldsType type,
                               bool constrains, IsoDate *date) {
  switch (calendar_from_fields(calendar, fields, type, constrains, date)) {
    case FIELDS_GOOD: return true;
    case FIELDS_MISSING:
      throw_missing(cx, !(fields->present & (FIELD_MONTH | FIELD_MONTH_CODE))              ? "month"
                        : !(fields->present & FIELD_DAY) && type != DATE_FIELDS_YEAR_MONTH ? "day"
                                                                                           : "year");
      return false;
    default: throw_range_error(cx, "%ethere is no such date, or it is outside of the range of Temporal"); return false;
  }
}

bool temporal_date_time_from_fields(Context *cx, CalendarId calendar, const DateFields *fields, bool constrains,
                                    IsoDateTime *iso) {
  if (!temporal_date_from_fields(cx, calendar, fields, DATE_FIELDS_DATE, constrains, &iso->date)) return false;
  if (iso_time_from_fields(fields->time, constrains, &iso->time)) return true;
  throw_range_error(cx, "%ethere is no such time of day");
  return false;
}

bool temporal_check_partial(Context *cx, Value value) {
  ROOTS(cx, r, key, field);
  TemporalType type = temporal_type(value);
  bool is_good =
      value_is_object(value) && (type == TEMPORAL_NONE || type == TEMPORAL_DURATION || type == TEMPORAL_INSTANT);
  static const char *const forbidden[] = {"calendar", "timeZone"};
  for (size_t i = 0; i < COUNT_OF(forbidden) && is_good; i++) {
    r->key = key_from_ascii(cx, forbidden[i]);
    if (value_is_abrupt(r->key)) return false;
    r->field = object_get_key(cx, value_as_object(value), r->key);
    if (value_is_abrupt(r->field)) return false;
    is_good = value_is_undefined(r->field);
  }
  if (is_good) return true;
  throw_type_error(cx, "%eexpected an object with some fields, without calendar and timeZone, not %v", value);
  return false;
}
