// Each function that reads a part takes it off the text and returns true, or returns false; then the text may be at any
// place, and callers who try something else begin again.
#include "temporal/iso_text.h"

typedef struct Reader {
  TextView text;
  uint32_t at;
} Reader;

// 0 beyond the end: no text that is read has it.
static uint32_t peek(const Reader *reader) {
  return reader->at < reader->text.length ? text_view_unit(reader->text, reader->at) : 0;
}
static bool is_at_end(const Reader *reader) { return reader->at >= reader->text.length; }
static bool is_digit(uint32_t unit) { return unit >= '0' && unit <= '9'; }
static bool is_letter(uint32_t unit) { return (unit | 32) >= 'a' && (unit | 32) <= 'z' && unit < 128; }

static bool take(Reader *reader, uint32_t unit) {
  if (peek(reader) != unit || is_at_end(reader)) return false;
  reader->at++;
  return true;
}
// In either case.
static bool take_letter(Reader *reader, char letter) {
  return take(reader, (uint32_t)letter) || take(reader, (uint32_t)letter | 32);
}

// bounded: a few digits.
static bool take_digits(Reader *reader, int count, int *number) {
  *number = 0;
  for (int i = 0; i < count; i++, reader->at++) {
    if (!is_digit(peek(reader))) return false;
    *number = *number * 10 + (int)(peek(reader) - '0');
  }
  return true;
}

static bool take_number(Reader *reader, int least, int most, int *number) {
  return take_digits(reader, 2, number) && *number >= least && *number <= most;
}

// TemporalDecimalFraction: its digits as a number of nanoths; none when there is no fraction.
// bounded: a few digits.
static bool take_fraction(Reader *reader, int32_t *nanoths) {
  *nanoths = 0;
  if (peek(reader) != '.' && peek(reader) != ',') return true;
  reader->at++;
  if (!is_digit(peek(reader))) return false;
  for (int32_t worth = 100000000; is_digit(peek(reader)); worth /= 10, reader->at++) {
    if (worth == 0) return false;
    *nanoths += worth * (int32_t)(peek(reader) - '0');
  }
  return true;
}

// Dates and times ------------------------------------------------------------------------------------

static bool take_sign(Reader *reader, int *sign) {
  *sign = take(reader, '-') ? -1 : 1;
  return *sign < 0 || take(reader, '+');
}

static bool take_year(Reader *reader, int32_t *year) {
  int sign, number;
  if (!take_sign(reader, &sign)) return take_digits(reader, 4, year);
  if (!take_digits(reader, 6, &number) || (number == 0 && sign < 0)) return false;
  *year = sign * number;
  return true;
}

static bool take_month(Reader *reader, IsoDate *date) {
  int month;
  if (!take_number(reader, 1, 12, &month)) return false;
  date->month = (uint8_t)month;
  return true;
}

static bool take_day(Reader *reader, IsoDate *date) {
  int day;
  if (!take_number(reader, 1, iso_days_in_month(date->year, date->month), &day)) return false;
  date->day = (uint8_t)day;
  return true;
}

static bool take_date(Reader *reader, IsoDate *date) {
  if (!take_year(reader, &date->year)) return false;
  bool is_extended = take(reader, '-');
  return take_month(reader, date) && take(reader, '-') == is_extended && take_day(reader, date);
}

static bool take_year_month(Reader *reader, IsoDate *date) {
  date->day = 1;
  if (!take_year(reader, &date->year)) return false;
  (void)take(reader, '-');
  return take_month(reader, date);
}

static bool take_month_day(Reader *reader, IsoDate *date) {
  date->year = 1972;
  if (take(reader, '-') && !take(reader, '-')) return false;
  if (!take_month(reader, date)) return false;
  (void)take(reader, '-');
  return take_day(reader, date);
}

// Hours, then perhaps minutes, then perhaps seconds with a fraction; all separated or none. *parts tells how many.
static bool take_clock(Reader *reader, int most_seconds, int64_t *nanoseconds, int *parts) {
  int hour, minute = 0, second = 0;
  int32_t nanoths = 0;
  *parts = 1;
  if (!take_number(reader, 0, 23, &hour)) return false;
  bool is_extended = take(reader, ':');
  if (is_extended || is_digit(peek(reader))) {
    *parts = 2;
    if (!take_number(reader, 0, 59, &minute)) return false;
    if (is_extended ? take(reader, ':') : is_digit(peek(reader))) {
      *parts = 3;
      if (!take_number(reader, 0, most_seconds, &second) || !take_fraction(reader, &nanoths)) return false;
    }
  }
  if (second == 60) second = 59;
  *nanoseconds = ((hour * 60 + minute) * INT64_C(60) + second) * NANOSECONDS_PER_SECOND + nanoths;
  return true;
}

static bool take_time(Reader *reader, IsoText *result) {
  int parts;
  result->has_time = true;
  return take_clock(reader, 60, &result->iso.time, &parts);
}

static bool take_offset(Reader *reader, int64_t *nanoseconds, int *parts) {
  int sign;
  if (!take_sign(reader, &sign) || !take_clock(reader, 59, nanoseconds, parts)) return false;
  *nanoseconds *= sign;
  return true;
}

// The offset after a time, or Z, if there is any.
static bool take_time_offset(Reader *reader, IsoText *result) {
  if (take_letter(reader, 'Z')) return result->is_utc = true;
  if (peek(reader) != '+' && peek(reader) != '-') return true;
  int parts;
  result->has_offset = true;
  if (!take_offset(reader, &result->offset, &parts)) return false;
  result->offset_has_seconds = parts > 2;
  return true;
}

// Annotations ----------------------------------------------------------------------------------------

// bounded: the length of a text, which iso_parse pays for.
static bool take_zone_name(Reader *reader) {
  do {
    uint32_t first = peek(reader);
    if (!is_letter(first) && first != '.' && first != '_') return false;
    for (uint32_t unit = first; is_letter(unit) || is_digit(unit) || (unit && strchr("._-+", (int)unit));) {
      reader->at++;
      unit = peek(reader);
      if (unit > 127) unit = 0;
    }
  } while (take(reader, '/'));
  return true;
}

static bool take_zone_id(Reader *reader) {
  int64_t offset;
  int parts;
  if (peek(reader) != '+' && peek(reader) != '-') return take_zone_name(reader);
  return take_offset(reader, &offset, &parts) && parts < 3;
}

// AnnotationValue: letters and digits with hyphens between them.
// bounded: as above.
static bool take_annotation_value(Reader *reader) {
  do {
    if (!is_letter(peek(reader)) && !is_digit(peek(reader))) return false;
    while (is_letter(peek(reader)) || is_digit(peek(reader))) reader->at++;
  } while (take(reader, '-'));
  return true;
}

static TextView taken_since(const Reader *reader, uint32_t start) {
  return text_view_slice(reader->text, start, reader->at);
}

// bounded: as above.
static bool take_annotation(Reader *reader, TextView *key, TextView *value, bool *is_critical) {
  if (!take(reader, '[')) return false;
  *is_critical = take(reader, '!');
  uint32_t start = reader->at;
  for (uint32_t unit = peek(reader);
       is_letter(unit) || unit == '_' || (reader->at > start && (is_digit(unit) || unit == '-')); unit = peek(reader)) {
    if (unit >= 'A' && unit <= 'Z') return false;
    reader->at++;
  }
  if (reader->at == start) return false;
  *key = taken_since(reader, start);
  if (!take(reader, '=')) return false;
  start = reader->at;
  if (!take_annotation_value(reader)) return false;
  *value = taken_since(reader, start);
  return take(reader, ']');
}

// The time zone and what else is in brackets, to the end of the text.
// bounded: as above.
static bool take_annotations(Reader *reader, IsoText *result) {
  Reader before = *reader;
  if (take(reader, '[')) {
    (void)take(reader, '!');
    uint32_t start = reader->at;
    if (take_zone_id(reader) && peek(reader) == ']') {
      result->time_zone = taken_since(reader, start);
      reader->at++;
    } else {
      *reader = before;
    }
  }
  bool is_first_critical = false;
  while (!is_at_end(reader)) {
    TextView key, value;
    bool is_critical;
    if (!take_annotation(reader, &key, &value, &is_critical)) return false;
    if (!text_view_equals(key, text_view_literal("u-ca"))) {
      if (is_critical) return false;
    } else if (result->calendar.length == 0) {
      result->calendar = value;
      is_first_critical = is_critical;
    } else if (is_critical || is_first_critical) {
      return false;
    }
  }
  return true;
}

// Goals ----------------------------------------------------------------------------------------------

static IsoText nothing_read(void) { return (IsoText){.iso.date = {1972, 1, 1}}; }

static bool read_date_time(Reader reader, IsoText *result) {
  *result = nothing_read();
  if (!take_date(&reader, &result->iso.date)) return false;
  if ((take(&reader, ' ') || take_letter(&reader, 'T')) &&
      (!take_time(&reader, result) || !take_time_offset(&reader, result)))
    return false;
  return take_annotations(&reader, result);
}

// Without a year or day only the ISO calendar can tell the date.
static bool is_of_iso_calendar(const IsoText *result) {
  return result->calendar.length == 0 || text_equals_ignoring_case(result->calendar, "iso8601");
}

static bool read_year_month(Reader reader, IsoText *result) {
  *result = nothing_read();
  return take_year_month(&reader, &result->iso.date) && take_annotations(&reader, result) && is_of_iso_calendar(result);
}

static bool read_month_day(Reader reader, IsoText *result) {
  *result = nothing_read();
  return take_month_day(&reader, &result->iso.date) && take_annotations(&reader, result) && is_of_iso_calendar(result);
}

static bool read_time(Reader reader, IsoText *result) {
  *result = nothing_read();
  Reader start = reader;
  bool is_designated = take_letter(&reader, 'T');
  if (!take_time(&reader, result) || !take_time_offset(&reader, result) || result->is_utc) return false;
  if (!is_designated) {
    // A text that may also be a month and day, or a year and month, is no time.
    start.text.length = reader.at;
    Reader month_day = start, year_month = start;
    IsoDate date = {1972, 1, 1};
    if (take_month_day(&month_day, &date) && is_at_end(&month_day)) return false;
    if (take_year_month(&year_month, &date) && is_at_end(&year_month)) return false;
  }
  return take_annotations(&reader, result);
}

bool iso_parse(TextView text, unsigned goals, IsoText *result) {
  Reader reader = {text, 0};
  if (read_date_time(reader, result)) {
    // These differ only in what they must have.
    if (goals & TEXT_ZONED_DATE_TIME && result->time_zone.length > 0) return true;
    if (goals & TEXT_INSTANT && (result->is_utc || result->has_offset)) return true;
    if (!result->is_utc && goals & (TEXT_DATE_TIME | TEXT_MONTH_DAY | TEXT_YEAR_MONTH)) return true;
    if (!result->is_utc && result->has_time && goals & TEXT_TIME) return true;
  }
  return (goals & TEXT_TIME && read_time(reader, result)) ||
         (goals & TEXT_MONTH_DAY && read_month_day(reader, result)) ||
         (goals & TEXT_YEAR_MONTH && read_year_month(reader, result));
}

bool iso_parse_offset(TextView text, int64_t *nanoseconds) {
  Reader reader = {text, 0};
  int parts;
  return take_offset(&reader, nanoseconds, &parts) && is_at_end(&reader);
}

bool iso_parse_zone_id(TextView text, ZoneId *zone) {
  Reader reader = {text, 0};
  int64_t offset;
  int parts;
  if (peek(&reader) != '+' && peek(&reader) != '-') return zone_find(text, zone);
  if (!take_offset(&reader, &offset, &parts) || parts > 2 || !is_at_end(&reader)) return false;
  *zone = (ZoneId)(offset / NANOSECONDS_PER_MINUTE);
  return true;
}

bool iso_parse_zone(TextView text, ZoneId *zone) {
  IsoText parsed;
  Reader reader = {text, 0};
  if (take_zone_id(&reader) && is_at_end(&reader)) return iso_parse_zone_id(text, zone);
  if (!iso_parse(text, TEXT_ANY, &parsed)) return false;
  if (parsed.time_zone.length > 0) return iso_parse_zone_id(parsed.time_zone, zone);
  *zone = parsed.is_utc ? ZONE_UTC : (ZoneId)(parsed.offset / NANOSECONDS_PER_MINUTE);
  return parsed.is_utc || (parsed.has_offset && !parsed.offset_has_seconds);
}

bool iso_parse_calendar(TextView text, TextView *calendar) {
  IsoText parsed;
  Reader reader = {text, 0};
  if (iso_parse(text, TEXT_ANY, &parsed)) {
    *calendar = parsed.calendar;
    return true;
  }
  *calendar = text;
  return take_annotation_value(&reader) && is_at_end(&reader);
}

// bounded: the length of what is expected.
bool text_equals_ignoring_case(TextView text, const char *expected) {
  uint32_t i = 0;
  for (; i < text.length && expected[i]; i++) {
    uint32_t unit = text_view_unit(text, i), other = (uint8_t)expected[i];
    if (unit != other && !(is_letter(unit) && (unit ^ other) == 32)) return false;
  }
  return i == text.length && !expected[i];
}

// Durations ------------------------------------------------------------------------------------------

// bounded: the length of the text, which the caller pays for.
static bool take_integer(Reader *reader, double *number) {
  if (!is_digit(peek(reader))) return false;
  // Digits beyond these make it invalid anyway; exactness is needed up to 2^53 only in seconds and below.
  unsigned __int128 sum = 0;
  bool is_huge = false;
  for (; is_digit(peek(reader)); reader->at++) {
    if (sum >> 100) is_huge = true;
    else sum = sum * 10 + (peek(reader) - '0');
  }
  *number = is_huge ? 1e30 : (double)sum;
  return true;
}

// A part of a time: a number, perhaps a fraction, and the letter of a unit from `first` on. A fraction is spread over
// the smaller units.
// bounded: three units.
static bool take_duration_time(Reader *reader, TemporalUnit *first, double *fields) {
  static const char letters[] = "HMS";
  double number;
  int32_t nanoths;
  if (!take_integer(reader, &number)) return false;
  bool has_fraction = peek(reader) == '.' || peek(reader) == ',';
  if (!take_fraction(reader, &nanoths)) return false;
  int unit = (int)*first;
  while (unit <= UNIT_SECOND && !take_letter(reader, letters[unit - UNIT_HOUR])) unit++;
  if (unit > UNIT_SECOND) return false;
  fields[unit] = number;
  *first = (TemporalUnit)(unit + 1);
  if (!has_fraction) return true;
  *first = UNIT_NANOSECOND;  // nothing may follow
  int64_t rest = (int64_t)nanoths * (unit_nanoseconds((TemporalUnit)unit) / NANOSECONDS_PER_SECOND);
  for (int smaller = unit + 1; smaller < UNITS; smaller++) {
    fields[smaller] = (double)(rest / unit_nanoseconds((TemporalUnit)smaller));
    rest %= unit_nanoseconds((TemporalUnit)smaller);
  }
  return true;
}

// bounded: each round takes a unit of its own.
bool iso_parse_duration(TextView text, Duration *duration) {
  static const char letters[] = "YMWD";
  Reader reader = {text, 0};
  int sign;
  *duration = (Duration){{0}};
  (void)take_sign(&reader, &sign);
  if (!take_letter(&reader, 'P') || is_at_end(&reader)) return false;
  for (int unit = UNIT_YEAR; is_digit(peek(&reader)); unit++) {
    double number;
    if (!take_integer(&reader, &number)) return false;
    while (unit <= UNIT_DAY && !take_letter(&reader, letters[unit])) unit++;
    if (unit > UNIT_DAY) return false;
    duration->fields[unit] = number;
  }
  if (take_letter(&reader, 'T')) {
    TemporalUnit unit = UNIT_HOUR;
    do {
      if (!take_duration_time(&reader, &unit, duration->fields)) return false;
    } while (!is_at_end(&reader));
  }
  if (!is_at_end(&reader)) return false;
  if (sign < 0) *duration = duration_negate(duration);
  return duration_is_valid(duration);
}
