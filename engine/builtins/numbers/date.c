// Date. https://tc39.es/ecma262/#sec-date-objects
// A Date object keeps its time value as a number: milliseconds since the epoch, or NaN.
#include <math.h>

#include "builtins/temporal/temporal_objects.h"
#include "number/arithmetic.h"
#include "number/calendar.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/replay.h"

static ZoneCache *date_zone(Context *cx) { return cx->hooks->time_zone ? cx->hooks->time_zone(cx) : NULL; }

static double date_local(Context *cx, double utc) { return utc == utc ? zone_local_from_utc(date_zone(cx), utc) : utc; }

static double date_utc(Context *cx, double local) { return zone_utc_from_local(date_zone(cx), local); }

static double date_current(Context *cx) { return cx->hooks->now ? floor(cx->hooks->now(cx)) : 0; }

static MUST_CHECK bool this_time(Context *cx, const Call *call, double *time) {
  if (!value_is_primitive_object(call->this_value, &object_class_date)) {
    throw_type_error(cx, "%eexpected a Date, not %v", call->this_value);
    return false;
  }
  *time = value_as_number(primitive_object_value(call->this_value));
  return replay_note_number(cx, time);
}

static Value set_this_time(Context *cx, const Call *call, double time) {
  Object *object = value_as_object(call->this_value);
  Value value = value_number(time);
  cell_store(cx, &((PrimitiveObject *)object)->value, value);
  return value;
}

static MUST_CHECK bool parse_text(Context *cx, Value string, double *time) {
  TextView text;
  if (!string_view(cx, value_as_string(string), &text)) return false;
  // No date is longer; a longer text would only cost time.
  bool is_local = false;
  *time = text.length > 1000 ? NAN : calendar_parse(text, &is_local);
  *time = calendar_time_clip(is_local ? date_utc(cx, *time) : *time);
  return true;
}

// Reads the up to seven fields of Date(...) and Date.UTC(...) and makes the time value. `count` is 1 to 7.
static MUST_CHECK bool time_from_fields(Context *cx, const Value *arguments, uint32_t count, double *time) {
  double fields[7] = {NAN, 0, 1, 0, 0, 0, 0};
  for (uint32_t i = 0; i < count && i < 7; i++) {
    if (!value_to_number(cx, arguments[i], &fields[i])) return false;
  }
  double day = calendar_make_day(calendar_make_full_year(fields[0]), fields[1], fields[2]);
  *time = calendar_make_date(day, calendar_make_time(fields[3], fields[4], fields[5], fields[6]));
  return true;
}

// Texts ----------------------------------------------------------------------------------------------

// " (Central European Summer Time)", or nothing when the host does not name its zone.
static unsigned zone_name_write(Context *cx, double time, char text[ZONE_NAME_SIZE + 3]) {
  unsigned length = cx->hooks->time_zone_name ? cx->hooks->time_zone_name(cx, time, text + 2) : 0;
  if (length == 0) return 0;
  text[0] = ' ';
  text[1] = '(';
  text[length + 2] = ')';
  return length + 3;
}

// https://tc39.es/ecma262/#sec-todatestring
static Value date_to_text(Context *cx, double time, bool with_date, bool with_time) {
  if (time != time) return string_from_ascii(cx, "Invalid Date");
  char text[CALENDAR_TEXT_SIZE * 2 + ZONE_NAME_SIZE];
  unsigned length = 0;
  double local = date_local(cx, time);
  if (with_date) length = calendar_format_date(local, text);
  if (with_date && with_time) text[length++] = ' ';
  if (with_time) {
    length += calendar_format_time(local, text + length);
    length += calendar_format_offset(local - time, text + length);
    length += zone_name_write(cx, time, text + length);
  }
  return string_from_utf8(cx, text, length);
}

// https://tc39.es/ecma262/#sec-date.prototype.tostring
static Value date_prototype_to_string(Context *cx, const Call *call) {
  double time;
  return this_time(cx, call, &time) ? date_to_text(cx, time, true, true) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-date.prototype.todatestring
static Value date_prototype_to_date_string(Context *cx, const Call *call) {
  double time;
  return this_time(cx, call, &time) ? date_to_text(cx, time, true, false) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-date.prototype.totimestring
static Value date_prototype_to_time_string(Context *cx, const Call *call) {
  double time;
  return this_time(cx, call, &time) ? date_to_text(cx, time, false, true) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-date.prototype.toisostring
static Value date_prototype_to_iso_string(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  if (time != time) return throw_range_error(cx, "Date.prototype.toISOString: the date is invalid");
  char text[CALENDAR_TEXT_SIZE];
  return string_from_view(cx, text_view_narrow(text, calendar_format_iso(time, text)));
}

// https://tc39.es/ecma262/#sec-date.prototype.toutcstring
static Value date_prototype_to_utc_string(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  if (time != time) return string_from_ascii(cx, "Invalid Date");
  char text[CALENDAR_TEXT_SIZE];
  return string_from_view(cx, text_view_narrow(text, calendar_format_utc(time, text)));
}

enum { LOCALE_DATE = 1, LOCALE_TIME = 2 };

// https://tc39.es/ecma262/#sec-date.prototype.tolocalestring, -tolocaledatestring and -tolocaletimestring
// In American English, like numbers: 3/1/2022, 10:00:00 AM. Years before 1 count backwards.
static Value date_prototype_to_locale_string(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  if (time != time) return string_from_ascii(cx, "Invalid Date");
  CalendarFields fields = calendar_fields(date_local(cx, time));
  int32_t parts = call_magic(call);
  Buffer text __attribute__((cleanup(buffer_release)));
  buffer_initialize(&text, &cx->memory);
  if (parts & LOCALE_DATE)
    buffer_format(&text, "%d/%d/%d", fields.month + 1, fields.day,
                  (int)(fields.year > 0 ? fields.year : 1 - fields.year));
  if (parts == (LOCALE_DATE | LOCALE_TIME)) buffer_append_text(&text, ", ");
  if (parts & LOCALE_TIME) {
    int hour = fields.hour % 12 == 0 ? 12 : fields.hour % 12;
    buffer_format(&text, "%d:%s%d:%s%d %s", hour, fields.minute < 10 ? "0" : "", fields.minute,
                  fields.second < 10 ? "0" : "", fields.second, fields.hour < 12 ? "AM" : "PM");
  }
  if (text.failed) return context_throw_out_of_memory(cx);
  return string_from_view(cx, text_view_narrow(text.data, text.size));
}

// https://tc39.es/ecma262/#sec-date.prototype.tojson
static Value date_prototype_to_json(Context *cx, const Call *call) {
  ROOTS(cx, r, object, primitive, method);
  r->object = value_to_object(cx, call->this_value);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->primitive = value_to_primitive(cx, r->object, PREFER_NUMBER);
  if (value_is_abrupt(r->primitive)) return VALUE_ABRUPT;
  if (value_is_number(r->primitive) && !number_is_finite(value_as_number(r->primitive))) return VALUE_NULL;
  r->method = key_from_ascii(cx, "toISOString");
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  r->method = object_get_key(cx, value_as_object(r->object), r->method);
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  if (!value_is_callable(r->method))
    return throw_type_error(cx, "Date.prototype.toJSON: toISOString is not a function");
  return function_call(cx, r->method, r->object, NULL, 0);
}

// Constructor ----------------------------------------------------------------------------------------

static MUST_CHECK bool time_from_value(Context *cx, Value value, double *time) {
  if (value_is_primitive_object(value, &object_class_date)) {
    *time = value_as_number(primitive_object_value(value));
    return true;
  }
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_DEFAULT);
  if (value_is_abrupt(r->primitive)) return false;
  if (value_is_string(r->primitive)) return parse_text(cx, r->primitive, time);
  if (!value_to_number(cx, r->primitive, time)) return false;
  *time = calendar_time_clip(*time);
  return true;
}

// https://tc39.es/ecma262/#sec-date
static Value date_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return date_to_text(cx, date_current(cx), true, true);
  double time;
  if (call->count == 0) {
    time = date_current(cx);
  } else if (call->count == 1) {
    if (!time_from_value(cx, call->arguments[0], &time)) return VALUE_ABRUPT;
  } else {
    if (!time_from_fields(cx, call->arguments, call->count, &time)) return VALUE_ABRUPT;
    time = calendar_time_clip(date_utc(cx, time));
  }
  Object *object = object_create_from_constructor(cx, call->new_target, INTRINSIC_DatePrototype, &object_class_date);
  if (!object) return VALUE_ABRUPT;
  cell_store(cx, &((PrimitiveObject *)object)->value, value_number(time));
  return value_object(object);
}

// https://tc39.es/ecma262/#sec-date.now
static Value date_now(Context *cx, const Call *call) {
  (void)call;
  return value_number(date_current(cx));
}

// https://tc39.es/ecma262/#sec-date.parse
static Value date_parse(Context *cx, const Call *call) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, call_argument(call, 0));
  double time;
  if (value_is_abrupt(r->string) || !parse_text(cx, r->string, &time)) return VALUE_ABRUPT;
  return value_number(time);
}

// https://tc39.es/ecma262/#sec-date.utc
static Value date_utc_(Context *cx, const Call *call) {
  double time;
  if (!time_from_fields(cx, call->arguments, call->count, &time)) return VALUE_ABRUPT;
  return value_number(calendar_time_clip(time));
}

// Fields ---------------------------------------------------------------------------------------------

// The magic of getters and setters: a field, and whether it is in UTC.
enum {
  FIELD_YEAR,
  FIELD_MONTH,
  FIELD_DATE,
  FIELD_HOURS,
  FIELD_MINUTES,
  FIELD_SECONDS,
  FIELD_MILLISECONDS,
  FIELD_DAY,
  FIELD_UTC = 16
};

// https://tc39.es/ecma262/#sec-properties-of-the-date-prototype-object
static Value date_prototype_get_field(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  if (time != time) return value_double(NAN);
  int32_t magic = call_magic(call);
  CalendarFields fields = calendar_fields(magic & FIELD_UTC ? time : date_local(cx, time));
  switch (magic & ~FIELD_UTC) {
    case FIELD_YEAR: return value_int((int32_t)fields.year);
    case FIELD_MONTH: return value_int(fields.month);
    case FIELD_DATE: return value_int(fields.day);
    case FIELD_HOURS: return value_int(fields.hour);
    case FIELD_MINUTES: return value_int(fields.minute);
    case FIELD_SECONDS: return value_int(fields.second);
    case FIELD_MILLISECONDS: return value_int(fields.millisecond);
    default: return value_int(fields.weekday);
  }
}

// https://tc39.es/ecma262/#sec-date.prototype.gettime and valueOf
static Value date_prototype_get_time(Context *cx, const Call *call) {
  double time;
  return this_time(cx, call, &time) ? value_number(time) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-date.prototype.gettimezoneoffset
// Whole minutes, as in other engines; by the specification, offsets with seconds would give fractions.
static Value date_prototype_get_timezone_offset(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  return value_number(trunc((time - date_local(cx, time)) / MS_PER_MINUTE) + 0.0);
}

// https://tc39.es/ecma262/#sec-date.prototype.getyear
static Value date_prototype_get_year(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  if (time != time) return value_double(NAN);
  return value_int((int32_t)calendar_fields(date_local(cx, time)).year - 1900);
}

// The time with the fields from `first` on replaced by the numbers.
// bounded: at most four fields.
static double time_with_fields(double time, int first, const double *numbers, uint32_t count) {
  CalendarFields fields = calendar_fields(time);
  double parts[7] = {(double)fields.year, fields.month,  fields.day,        fields.hour,
                     fields.minute,       fields.second, fields.millisecond};
  for (uint32_t i = 0; i < count; i++) parts[first + (int)i] = numbers[i];
  double day = calendar_make_day(parts[0], parts[1], parts[2]);
  return calendar_make_date(day, calendar_make_time(parts[3], parts[4], parts[5], parts[6]));
}

// https://tc39.es/ecma262/#sec-date.prototype.setfullyear and all its kin
// bounded: at most four fields.
static Value date_prototype_set_field(Context *cx, const Call *call) {
  int32_t magic = call_magic(call), field = magic & ~FIELD_UTC;
  uint32_t most = field <= FIELD_DATE ? FIELD_DATE + 1 - (uint32_t)field : FIELD_MILLISECONDS + 1 - (uint32_t)field;
  double time, numbers[4] = {NAN};
  if (!this_time(cx, call, &time)) return VALUE_ABRUPT;
  // All arguments are converted after the date's value was read, even when the date is invalid.
  uint32_t count = MIN_OF(call->count, most);
  for (uint32_t i = 0; i < count; i++) {
    if (!value_to_number(cx, call->arguments[i], &numbers[i])) return VALUE_ABRUPT;
  }
  if (time != time) {
    if (field != FIELD_YEAR) return value_double(NAN);
    time = 0;
  } else if (!(magic & FIELD_UTC)) {
    time = date_local(cx, time);
  }
  time = time_with_fields(time, field, numbers, MAX_OF(count, 1));
  if (!(magic & FIELD_UTC)) time = date_utc(cx, time);
  return set_this_time(cx, call, calendar_time_clip(time));
}

// https://tc39.es/ecma262/#sec-date.prototype.settime
static Value date_prototype_set_time(Context *cx, const Call *call) {
  double time;
  if (!this_time(cx, call, &time) || !value_to_number(cx, call_argument(call, 0), &time)) return VALUE_ABRUPT;
  return set_this_time(cx, call, calendar_time_clip(time));
}

// https://tc39.es/ecma262/#sec-date.prototype.setyear
static Value date_prototype_set_year(Context *cx, const Call *call) {
  double time, year;
  if (!this_time(cx, call, &time) || !value_to_number(cx, call_argument(call, 0), &year)) return VALUE_ABRUPT;
  if (year != year) return set_this_time(cx, call, NAN);
  year = calendar_make_full_year(year);
  time = time_with_fields(time == time ? date_local(cx, time) : 0, FIELD_YEAR, &year, 1);
  return set_this_time(cx, call, calendar_time_clip(date_utc(cx, time)));
}

// https://tc39.es/ecma262/#sec-date.prototype-%symbol.toprimitive%
static Value date_prototype_to_primitive(Context *cx, const Call *call) {
  if (!value_is_object(call->this_value)) {
    return throw_type_error(cx, "Date.prototype[Symbol.toPrimitive]: expected an object, not %v", call->this_value);
  }
  Value hint = call_argument(call, 0);
  bool string_first;
  TextView text;
  if (!value_is_string(hint))
    return throw_type_error(
        cx, "Date.prototype[Symbol.toPrimitive]: the hint must be 'default', 'string' or 'number', not %v", hint);
  if (!string_view(cx, value_as_string(hint), &text)) return VALUE_ABRUPT;
  if (text_view_equals(text, text_view_literal("string")) || text_view_equals(text, text_view_literal("default"))) {
    string_first = true;
  } else if (text_view_equals(text, text_view_literal("number"))) {
    string_first = false;
  } else {
    return throw_type_error(
        cx, "Date.prototype[Symbol.toPrimitive]: the hint must be 'default', 'string' or 'number', not %v", hint);
  }
  return object_to_ordinary_primitive(cx, call->this_value, string_first);
}

// https://tc39.es/proposal-temporal/#sec-date.prototype.totemporalinstant
static Value date_prototype_to_temporal_instant(Context *cx, const Call *call) {
  double time;
  return this_time(cx, call, &time) ? temporal_instant_from_milliseconds(cx, time) : VALUE_ABRUPT;
}

static const BuiltinRow date_rows[] = {
    FUNCTION("now", 0, date_now),
    FUNCTION("parse", 1, date_parse),
    FUNCTION("UTC", 7, date_utc_),
    END_OF_ROWS,
};

#define FIELD_GETTERS(name_, field_)                                        \
  FUNCTION_MAGIC("get" name_, 0, date_prototype_get_field, field_),         \
      FUNCTION_MAGIC("getUTC" name_, 0, date_prototype_get_field, field_ | FIELD_UTC)
#define FIELD_SETTERS(name_, length_, field_)                               \
  FUNCTION_MAGIC("set" name_, length_, date_prototype_set_field, field_),   \
      FUNCTION_MAGIC("setUTC" name_, length_, date_prototype_set_field, field_ | FIELD_UTC)

static const BuiltinRow date_prototype_rows[] = {
    FIELD_GETTERS("Date", FIELD_DATE),
    FIELD_GETTERS("Day", FIELD_DAY),
    FIELD_GETTERS("FullYear", FIELD_YEAR),
    FIELD_GETTERS("Hours", FIELD_HOURS),
    FIELD_GETTERS("Milliseconds", FIELD_MILLISECONDS),
    FIELD_GETTERS("Minutes", FIELD_MINUTES),
    FIELD_GETTERS("Month", FIELD_MONTH),
    FIELD_GETTERS("Seconds", FIELD_SECONDS),
    FUNCTION("getTime", 0, date_prototype_get_time),
    FUNCTION("getTimezoneOffset", 0, date_prototype_get_timezone_offset),
    FUNCTION("getYear", 0, date_prototype_get_year),
    FIELD_SETTERS("Date", 1, FIELD_DATE),
    FIELD_SETTERS("FullYear", 3, FIELD_YEAR),
    FIELD_SETTERS("Hours", 4, FIELD_HOURS),
    FIELD_SETTERS("Milliseconds", 1, FIELD_MILLISECONDS),
    FIELD_SETTERS("Minutes", 3, FIELD_MINUTES),
    FIELD_SETTERS("Month", 2, FIELD_MONTH),
    FIELD_SETTERS("Seconds", 2, FIELD_SECONDS),
    FUNCTION("setTime", 1, date_prototype_set_time),
    FUNCTION("setYear", 1, date_prototype_set_year),
    FUNCTION("toDateString", 0, date_prototype_to_date_string),
    FUNCTION("toISOString", 0, date_prototype_to_iso_string),
    FUNCTION("toJSON", 1, date_prototype_to_json),
    FUNCTION_MAGIC("toLocaleDateString", 0, date_prototype_to_locale_string, LOCALE_DATE),
    FUNCTION_MAGIC("toLocaleString", 0, date_prototype_to_locale_string, LOCALE_DATE | LOCALE_TIME),
    FUNCTION_MAGIC("toLocaleTimeString", 0, date_prototype_to_locale_string, LOCALE_TIME),
    FUNCTION("toString", 0, date_prototype_to_string),
    FUNCTION("toTemporalInstant", 0, date_prototype_to_temporal_instant),
    FUNCTION("toTimeString", 0, date_prototype_to_time_string),
    FUNCTION("toUTCString", 0, date_prototype_to_utc_string),
    ALIAS("toGMTString", "toUTCString"),
    FUNCTION("valueOf", 0, date_prototype_get_time),
    FUNCTION_ATTRIBUTES("@@toPrimitive", 1, date_prototype_to_primitive, PROPERTY_CONFIGURABLE),
    END_OF_ROWS,
};

const BuiltinObject builtin_date = {
    .global_name = "Date",
    .intrinsic = INTRINSIC_Date,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = date_constructor,
    .length = 7,
    .prototype_property = INTRINSIC_DatePrototype,
    .rows = date_rows,
};

const BuiltinObject builtin_date_prototype = {
    .intrinsic = INTRINSIC_DatePrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = date_prototype_rows,
};
