// toString, toJSON and toLocaleString of all types.
#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

typedef enum ShowCalendar { CALENDAR_AUTO, CALENDAR_ALWAYS, CALENDAR_NEVER, CALENDAR_CRITICAL } ShowCalendar;
typedef enum ShowZone { ZONE_NAME_AUTO, ZONE_NAME_NEVER, ZONE_NAME_CRITICAL } ShowZone;

typedef struct TextOptions {
  int calendar;      // ShowCalendar
  int zone_name;     // ShowZone
  int hides_offset;  // flag
  bool has_zone;     // an instant in this zone, not in UTC
  ZoneId zone;
  SecondsPrecision precision;
  RoundingMode mode;
} TextOptions;

static const TextOptions text_defaults = {.precision = {PRECISION_AUTO, UNIT_NANOSECOND, 1}, .mode = ROUND_TRUNC};

// Each type reads what it has, in this order.
static MUST_CHECK bool read_text_options(Context *cx, TemporalType type, Value given, TextOptions *text) {
  ROOTS(cx, r, zone);
  TemporalOptions options;
  int digits;
  TemporalUnit unit;
  bool is_zoned = type == TEMPORAL_ZONED_DATE_TIME;
  bool has_time =
      type <= TEMPORAL_DURATION || type == TEMPORAL_PLAIN_TIME || type == TEMPORAL_PLAIN_DATE_TIME || is_zoned;
  *text = text_defaults;
  if (!options_from_value(cx, given, &options)) return false;
  if (type > TEMPORAL_DURATION && type != TEMPORAL_PLAIN_TIME &&
      !options_choose(cx, &options, "calendarName", "auto always never critical", CALENDAR_AUTO, &text->calendar))
    return false;
  if (!has_time) return true;
  if (!options_fraction_digits(cx, &options, &digits) ||
      (is_zoned && !options_choose(cx, &options, "offset", "auto never", 0, &text->hides_offset)) ||
      !options_rounding_mode(cx, &options, ROUND_TRUNC, &text->mode) ||
      !options_unit(cx, &options, "smallestUnit", false, &unit) ||
      (is_zoned &&
       !options_choose(cx, &options, "timeZoneName", "auto never critical", ZONE_NAME_AUTO, &text->zone_name)))
    return false;
  if (type == TEMPORAL_INSTANT) {
    r->zone = options_get(cx, &options, "timeZone");
    if (value_is_abrupt(r->zone)) return false;
  }
  TemporalUnit largest = type == TEMPORAL_DURATION ? UNIT_SECOND : UNIT_MINUTE;
  if (!options_check_unit(cx, "smallestUnit", unit, largest, UNIT_NANOSECOND)) return false;
  text->precision = seconds_precision(unit, digits);
  if (type != TEMPORAL_INSTANT || value_is_undefined(r->zone)) return true;
  text->has_zone = true;
  return temporal_zone_from_value(cx, r->zone, &text->zone);
}

static unsigned append(char *text, unsigned length, const char *part) {
  size_t size = strlen(part);
  memcpy(text + length, part, size);
  return length + (unsigned)size;
}

// https://tc39.es/proposal-temporal/#sec-temporal-formatcalendarannotation
static unsigned append_calendar(char *text, unsigned length, CalendarId calendar, int show) {
  if (show == CALENDAR_NEVER || (show == CALENDAR_AUTO && calendar == CALENDAR_ISO8601)) return length;
  length = append(text, length, show == CALENDAR_CRITICAL ? "[!u-ca=" : "[u-ca=");
  return append(text, append(text, length, calendar_name(calendar)), "]");
}

// https://tc39.es/proposal-temporal/#sec-temporal-formatdatetimeutcoffsetrounded
static unsigned append_rounded_offset(char *text, unsigned length, int64_t offset) {
  offset = (int64_t)round_to_increment(offset, NANOSECONDS_PER_MINUTE, ROUND_HALF_EXPAND);
  return length + iso_write_offset(offset, text + length);
}

// https://tc39.es/proposal-temporal/#sec-temporal-temporalinstanttostring
// https://tc39.es/proposal-temporal/#sec-temporal-temporalzoneddatetimetostring
static unsigned write_instant(char *text, TemporalType type, const TemporalRecord *record, const TextOptions *options) {
  const SecondsPrecision *precision = &options->precision;
  bool is_zoned = type == TEMPORAL_ZONED_DATE_TIME;
  ZoneId zone = is_zoned ? record->zone : options->has_zone ? options->zone : ZONE_UTC;
  Nanoseconds increment = (Nanoseconds)precision->increment * unit_nanoseconds(precision->unit);
  Nanoseconds epoch = round_as_if_positive(record->epoch, increment, options->mode);
  unsigned length = iso_write(zone_to_iso(zone, epoch), precision->precision, text);
  if (!is_zoned && !options->has_zone) return append(text, length, "Z");
  if (!options->hides_offset) length = append_rounded_offset(text, length, zone_offset(zone, epoch));
  if (!is_zoned) return length;
  if (options->zone_name != ZONE_NAME_NEVER) {
    length = append(text, length, options->zone_name == ZONE_NAME_CRITICAL ? "[!" : "[");
    length += zone_write_id(zone, text + length);
    length = append(text, length, "]");
  }
  return append_calendar(text, length, record->calendar, options->calendar);
}

static Value duration_to_text(Context *cx, Value value, const TextOptions *options) {
  const SecondsPrecision *precision = &options->precision;
  Duration duration = temporal_duration(value);
  if (precision->unit != UNIT_NANOSECOND || precision->increment != 1) {
    TemporalUnit largest_unit = unit_larger_of(duration_largest_unit(&duration), UNIT_SECOND);
    InternalDuration internal = duration_to_internal(&duration);
    if (!time_duration_round(&internal.time, precision->increment, precision->unit, options->mode) ||
        !duration_from_internal(&internal, largest_unit, &duration))
      return temporal_throw_out_of_range(cx);
  }
  char text[DURATION_TEXT_SIZE];
  return string_from_utf8(cx, text, iso_write_duration(&duration, precision->precision, text));
}

static Value object_to_text(Context *cx, Value value, TextOptions options) {
  TemporalType type = temporal_type(value);
  if (type == TEMPORAL_DURATION) return duration_to_text(cx, value, &options);
  TemporalRecord record = temporal_record(value);
  const SecondsPrecision *precision = &options.precision;
  // A year and month, or a month and day, is a whole date when it names the calendar.
  bool shows_date = options.calendar == CALENDAR_ALWAYS || options.calendar == CALENDAR_CRITICAL ||
                    record.calendar != CALENDAR_ISO8601;
  char text[ISO_TEXT_SIZE + ZONE_ID_SIZE + 48];
  unsigned length = 0;
  switch (type) {
    case TEMPORAL_INSTANT:
    case TEMPORAL_ZONED_DATE_TIME: length = write_instant(text, type, &record, &options); break;
    case TEMPORAL_PLAIN_TIME: {
      int64_t time = round_time(record.iso.time, precision->increment, precision->unit, options.mode);
      length = iso_write_time(time % NANOSECONDS_PER_DAY, precision->precision, text);
      break;
    }
    case TEMPORAL_PLAIN_DATE_TIME:
      record.iso = round_date_time(record.iso, precision->increment, precision->unit, options.mode);
      if (!iso_is_within_limits(record.iso)) return temporal_throw_out_of_range(cx);
      length = iso_write(record.iso, precision->precision, text);
      break;
    case TEMPORAL_PLAIN_YEAR_MONTH:
      length = shows_date ? iso_write_date(record.iso.date, text) : iso_write_year_month(record.iso.date, text);
      break;
    case TEMPORAL_PLAIN_MONTH_DAY:
      length = shows_date ? iso_write_date(record.iso.date, text) : iso_write_month_day(record.iso.date, text);
      break;
    default: length = iso_write_date(record.iso.date, text); break;
  }
  if (type > TEMPORAL_DURATION && type != TEMPORAL_PLAIN_TIME && type != TEMPORAL_ZONED_DATE_TIME)
    length = append_calendar(text, length, record.calendar, options.calendar);
  return string_from_utf8(cx, text, length);
}

// https://tc39.es/proposal-temporal/#sec-temporal.plaindate.prototype.tostring and its kin
Value temporal_to_string(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TextOptions options = text_defaults;
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  if (temporal_magic_rest(call) == TO_STRING && !read_text_options(cx, type, call_argument(call, 0), &options))
    return VALUE_ABRUPT;
  return object_to_text(cx, call->this_value, options);
}

Value temporal_text(Context *cx, Value value) { return object_to_text(cx, value, text_defaults); }
