// Date.parse. The Date Time String Format is tried first. Other texts are read word by word, by the rules that web
// pages have come to rely on: numbers fill year, month and day by their size and order, names of months and zones count
// by their first letters, and words before the first number are ignored.
// Loops here are bounded: the text is a date of at most as many characters as the caller lets through, and words of a
// month are short.
#include <math.h>

#include "number/calendar.h"

enum { NONE = -1, NUMBER_LIMIT = 100000000 };

typedef struct DateReader {
  TextView text;
  uint32_t index;
} DateReader;

// Beyond the end there is a NUL, which no date contains.
static uint32_t peek(const DateReader *reader) {
  return reader->index < reader->text.length ? text_view_unit(reader->text, reader->index) : 0;
}

static bool at_end(const DateReader *reader) { return reader->index >= reader->text.length; }

static bool skip(DateReader *reader, uint32_t unit) {
  if (at_end(reader) || peek(reader) != unit) return false;
  reader->index++;
  return true;
}

static bool is_digit(uint32_t unit) { return unit - '0' <= 9; }
static bool is_letter(uint32_t unit) { return (unit | 0x20) - 'a' < 26 && unit < 0x80; }
static bool is_blank(uint32_t unit) {
  return unit == ' ' || (unit >= 9 && unit <= 13) || unit == 0xA0 || unit == 0x202F;
}

// Exactly `count` digits.
static bool read_fixed(DateReader *reader, int count, int *number) {
  uint32_t start = reader->index;
  *number = 0;
  for (int i = 0; i < count; i++) {
    if (!is_digit(peek(reader))) {
      reader->index = start;
      return false;
    }
    *number = *number * 10 + (int)(peek(reader) - '0');
    reader->index++;
  }
  return true;
}

// Digits as a number (capped); returns how many there were.
static int read_number(DateReader *reader, int *number) {
  uint32_t start = reader->index;
  int64_t value = 0;
  while (is_digit(peek(reader))) {
    value = value * 10 + (peek(reader) - '0');
    if (value > NUMBER_LIMIT) value = NUMBER_LIMIT;
    reader->index++;
  }
  *number = (int)value;
  return (int)(reader->index - start);
}

// The first three digits count; their place decides the value.
static bool read_milliseconds(DateReader *reader, int *milliseconds) {
  int scale = 100;
  *milliseconds = 0;
  if (!is_digit(peek(reader))) return false;
  for (; is_digit(peek(reader)); reader->index++) {
    *milliseconds += (int)(peek(reader) - '0') * scale;
    scale /= 10;
  }
  return true;
}

// Year, or a signed year of six digits, not -000000.
static bool read_iso_year(DateReader *reader, int *year) {
  bool negative = peek(reader) == '-';
  if (negative || peek(reader) == '+') {
    reader->index++;
    if (!read_fixed(reader, 6, year) || (negative && *year == 0)) return false;
    if (negative) *year = -*year;
    return true;
  }
  return read_fixed(reader, 4, year);
}

static bool read_iso_time(DateReader *reader, double *time) {
  int hour, minute, second = 0, millisecond = 0;
  if (!read_fixed(reader, 2, &hour) || !skip(reader, ':') || !read_fixed(reader, 2, &minute)) return false;
  if (skip(reader, ':')) {
    if (!read_fixed(reader, 2, &second)) return false;
    if (skip(reader, '.') && !read_milliseconds(reader, &millisecond)) return false;
  }
  bool midnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return false;
  *time = calendar_make_time(hour, minute, second, millisecond);
  return true;
}

static bool read_iso_offset(DateReader *reader, double *offset, bool *has_offset) {
  *offset = 0;
  *has_offset = skip(reader, 'Z') || skip(reader, 'z');
  if (*has_offset || at_end(reader)) return true;
  bool negative = peek(reader) == '-';
  if (!negative && peek(reader) != '+') return false;
  reader->index++;
  int hour, minute;
  if (!read_fixed(reader, 2, &hour)) return false;
  skip(reader, ':');  // not optional in the format, but everywhere else
  if (!read_fixed(reader, 2, &minute) || hour > 23 || minute > 59) return false;
  *offset = (hour * 60 + minute) * MS_PER_MINUTE * (negative ? -1 : 1);
  *has_offset = true;
  return true;
}

// https://tc39.es/ecma262/#sec-date-time-string-format
// False when the text is not of the format.
static bool parse_iso(TextView text, bool *is_local, double *result) {
  DateReader reader = {text, 0};
  int year, month = 1, day = 1;
  if (!read_iso_year(&reader, &year)) return false;
  if (skip(&reader, '-')) {
    if (!read_fixed(&reader, 2, &month)) return false;
    if (skip(&reader, '-')) {
      if (!read_fixed(&reader, 2, &day)) return false;
    }
  }
  static const uint8_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool valid = month >= 1 && month <= 12 && day >= 1 && day <= lengths[(month - 1) % 12];
  double time = 0, offset = 0;
  bool has_offset = true;  // dates without a time are UTC
  if (!at_end(&reader)) {
    if (!skip(&reader, 'T') && !skip(&reader, 't')) return false;
    if (!read_iso_time(&reader, &time) || !read_iso_offset(&reader, &offset, &has_offset)) return false;
    if (!at_end(&reader)) return false;
  }
  if (!valid) {
    *result = NAN;
    return true;
  }
  double value = calendar_make_date(calendar_make_day(year, month - 1, day), time);
  *result = has_offset ? value - offset : value;
  *is_local = !has_offset;
  return true;
}

// What the words of a legacy date have said so far.
typedef struct LegacyDate {
  int parts[3], part_count;   // numbers that are neither time nor offset
  int month;                  // from a name, 1 to 12
  int clock[4], clock_count;  // hour, minute, second, millisecond
  int half_day;               // 0 for AM, 12 for PM
  int zone_sign, zone_hour, zone_minute;
  bool seen_number;
} LegacyDate;

typedef struct DateWord {
  char name[4];
  int8_t kind, value;
} DateWord;
enum { WORD_MONTH, WORD_HALF_DAY, WORD_ZONE };

static const DateWord date_words[] = {
    {"jan", WORD_MONTH, 1},   {"feb", WORD_MONTH, 2},    {"mar", WORD_MONTH, 3},  {"apr", WORD_MONTH, 4},
    {"may", WORD_MONTH, 5},   {"jun", WORD_MONTH, 6},    {"jul", WORD_MONTH, 7},  {"aug", WORD_MONTH, 8},
    {"sep", WORD_MONTH, 9},   {"oct", WORD_MONTH, 10},   {"nov", WORD_MONTH, 11}, {"dec", WORD_MONTH, 12},
    {"am", WORD_HALF_DAY, 0}, {"pm", WORD_HALF_DAY, 12}, {"z", WORD_ZONE, 0},     {"ut", WORD_ZONE, 0},
    {"utc", WORD_ZONE, 0},    {"gmt", WORD_ZONE, 0},     {"est", WORD_ZONE, -5},  {"edt", WORD_ZONE, -4},
    {"cst", WORD_ZONE, -6},   {"cdt", WORD_ZONE, -5},    {"mst", WORD_ZONE, -7},  {"mdt", WORD_ZONE, -6},
    {"pst", WORD_ZONE, -8},   {"pdt", WORD_ZONE, -7},
};

static const DateWord *find_word(const char *word, unsigned length) {
  for (size_t i = 0; i < COUNT_OF(date_words); i++) {
    const DateWord *entry = &date_words[i];
    unsigned size = (unsigned)strlen(entry->name);
    bool whole = entry->kind != WORD_MONTH;  // months go on as they like
    if (length >= size && memcmp(word, entry->name, size) == 0 && (!whole || length == size)) return entry;
  }
  return NULL;
}

static bool legacy_word(LegacyDate *date, DateReader *reader) {
  char word[4] = "";
  unsigned length = 0;
  for (; is_letter(peek(reader)); reader->index++, length++) {
    if (length < 3) word[length] = (char)(peek(reader) | 0x20);
  }
  const DateWord *entry = find_word(word, length);
  if (entry && entry->kind == WORD_HALF_DAY && date->clock_count > 0) {
    date->half_day = entry->value;
  } else if (entry && entry->kind == WORD_MONTH) {
    date->month = entry->value;
    skip(reader, '-');
  } else if (entry && entry->kind == WORD_ZONE && date->seen_number) {
    date->zone_sign = entry->value < 0 ? -1 : 1;
    date->zone_hour = entry->value < 0 ? -entry->value : entry->value;
    date->zone_minute = 0;
  } else if (date->seen_number || is_digit(peek(reader))) {
    return false;
  }
  return true;
}

static bool clock_add(LegacyDate *date, int number) {
  if (date->clock_count >= 4) return false;
  date->clock[date->clock_count++] = number;
  return true;
}

// Whether a bare number continues the time: a minute after an hour, a second, milliseconds.
static bool clock_expects(const LegacyDate *date, int number) {
  return (date->clock_count == 1 && number < 60) || (date->clock_count == 2 && number < 60) ||
         (date->clock_count == 3 && number < 1000);
}

static void clock_close(LegacyDate *date) {
  while (date->clock_count < 4) date->clock[date->clock_count++] = 0;
}

static bool legacy_number(LegacyDate *date, DateReader *reader) {
  int number;
  read_number(reader, &number);
  date->seen_number = true;
  if (skip(reader, ':')) {
    if (skip(reader, ':')) return date->clock_count == 0 && clock_add(date, number) && clock_add(date, 0);
    if (!clock_add(date, number)) return false;
    skip(reader, '.');
    return true;
  }
  if (peek(reader) == '.' && clock_expects(date, number)) {
    reader->index++;
    int milliseconds;
    if (!clock_add(date, number) || !read_milliseconds(reader, &milliseconds)) return false;
    if (!clock_add(date, milliseconds)) return false;  // after a minute they count as seconds, as in other engines
    clock_close(date);
    return true;
  }
  skip(reader, '.');
  if (date->zone_hour != NONE && date->zone_minute == NONE && number < 60) {
    date->zone_minute = number;
  } else if (clock_expects(date, number)) {
    if (!clock_add(date, number)) return false;
    clock_close(date);
    uint32_t next = peek(reader);
    return at_end(reader) || is_blank(next) || (next | 0x20) == 'z' || next == '+' || next == '-';
  } else {
    if (date->part_count >= 3) return false;
    date->parts[date->part_count++] = number;
    skip(reader, '-');
  }
  return true;
}

static bool legacy_offset(LegacyDate *date, DateReader *reader) {
  date->zone_sign = peek(reader) == '-' ? -1 : 1;
  reader->index++;
  int number, length = read_number(reader, &number);
  date->seen_number = true;
  if (peek(reader) == ':') {
    reader->index++;
    date->zone_hour = number;
    date->zone_minute = NONE;
    return true;
  }
  if (length < 1 || length > 4) return false;
  date->zone_hour = length > 2 ? number / 100 : number;
  date->zone_minute = length > 2 ? number % 100 : 0;
  return true;
}

static void skip_parentheses(DateReader *reader) {
  int depth = 0;
  do {
    if (peek(reader) == '(') depth++;
    if (peek(reader) == ')') depth--;
    reader->index++;
  } while (depth > 0 && !at_end(reader));
}

// Year, month and day, from the names that occurred and from the size of the numbers.
static bool legacy_resolve_day(LegacyDate *date, double *day) {
  if (date->part_count < 1) return false;
  while (date->part_count < 3) date->parts[date->part_count++] = 1;
  int year, month, of_month;
  bool first_is_day = date->parts[0] >= 1 && date->parts[0] <= 31;
  if (date->month != NONE) {
    month = date->month;
    year = date->parts[first_is_day ? 1 : 0];
    of_month = date->parts[first_is_day ? 0 : 1];
  } else if (!first_is_day) {
    year = date->parts[0];
    month = date->parts[1];
    of_month = date->parts[2];
  } else {
    month = date->parts[0];
    of_month = date->parts[1];
    year = date->parts[2];
  }
  if (year >= 0 && year < 100) year += year < 50 ? 2000 : 1900;
  if (month < 1 || month > 12 || of_month < 1 || of_month > 31) return false;
  *day = calendar_make_day(year, month - 1, of_month);
  return true;
}

static bool legacy_resolve_time(LegacyDate *date, double *time) {
  clock_close(date);
  int *clock = date->clock;
  if (date->half_day != NONE) {
    if (clock[0] > 12) return false;
    clock[0] = clock[0] % 12 + date->half_day;
  }
  bool midnight = clock[0] == 24 && clock[1] == 0 && clock[2] == 0 && clock[3] == 0;
  if ((clock[0] > 23 && !midnight) || clock[1] > 59 || clock[2] > 59) return false;
  *time = calendar_make_time(clock[0], clock[1], clock[2], clock[3]);
  return true;
}

static bool peek_fixed(const DateReader *reader, int count, int *number) {
  DateReader ahead = *reader;
  return read_fixed(&ahead, count, number) && !is_digit(peek(&ahead));
}

// A date that begins like the standard format keeps those parts, whatever follows.
static void legacy_standard_start(LegacyDate *date, DateReader *reader) {
  DateReader ahead = *reader;
  int number, sign = peek(&ahead) == '-' ? -1 : 1;
  bool is_signed = skip(&ahead, '-') || skip(&ahead, '+');
  if (!peek_fixed(&ahead, is_signed ? 6 : 4, &number)) return;
  ahead.index += is_signed ? 6 : 4;
  date->parts[date->part_count++] = sign * number;
  date->seen_number = true;
  for (int limit = 12; limit <= 31 && skip(&ahead, '-'); limit += 19) {
    if (!peek_fixed(&ahead, 2, &number) || number < 1 || number > limit) break;
    ahead.index += 2;
    date->parts[date->part_count++] = number;
  }
  *reader = ahead;
}

static double parse_legacy(TextView text, bool *is_local) {
  DateReader reader = {text, 0};
  LegacyDate date = {.month = NONE, .half_day = NONE, .zone_hour = NONE, .zone_minute = NONE};
  legacy_standard_start(&date, &reader);
  while (!at_end(&reader)) {
    uint32_t next = peek(&reader);
    bool fine = true;
    if (is_digit(next)) {
      fine = legacy_number(&date, &reader);
    } else if (is_letter(next)) {
      fine = legacy_word(&date, &reader);
    } else if (next == '(') {
      skip_parentheses(&reader);
    } else if ((next == '+' || next == '-') && (date.clock_count > 0 || date.zone_hour == 0)) {
      fine = legacy_offset(&date, &reader);
    } else {
      fine = !((next == '+' || next == '-' || next == ')') && date.seen_number);
      reader.index++;
    }
    if (!fine) return NAN;
  }
  double day, time;
  if (!legacy_resolve_day(&date, &day) || !legacy_resolve_time(&date, &time)) return NAN;
  double value = calendar_make_date(day, time);
  *is_local = date.zone_hour == NONE;
  if (*is_local) return value;
  double minutes = date.zone_hour * 60.0 + (date.zone_minute == NONE ? 0 : date.zone_minute);
  if (minutes * 60 > INT32_MAX) return NAN;
  return value - date.zone_sign * minutes * MS_PER_MINUTE;
}

static bool has_negative_year_zero(TextView text) {
  static const char year[] = "-000000";
  for (uint32_t i = 0; year[i]; i++) {
    if (i >= text.length || text_view_unit(text, i) != (uint8_t)year[i]) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-date.parse
double calendar_parse(TextView text, bool *is_local) {
  double result;
  *is_local = false;
  while (text.length > 0 && is_blank(text_view_unit(text, 0))) text = text_view_slice(text, 1, text.length);
  if (!parse_iso(text, is_local, &result)) result = has_negative_year_zero(text) ? NAN : parse_legacy(text, is_local);
  return result;
}
