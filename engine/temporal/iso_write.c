#include <math.h>

#include "temporal/iso_text.h"

// bounded: the digits of a number.
static char *write_number(char *to, uint64_t number, int least_digits) {
  char digits[20];
  int count = 0;
  for (; number > 0 || count < least_digits; number /= 10) digits[count++] = (char)('0' + number % 10);
  while (count > 0) *to++ = digits[--count];
  return to;
}

static char *write_year(char *to, int32_t year) {
  if (year >= 0 && year <= 9999) return write_number(to, (uint64_t)year, 4);
  *to++ = year < 0 ? '-' : '+';
  return write_number(to, (uint64_t)(year < 0 ? -(int64_t)year : year), 6);
}

static char *write_part(char *to, char separator, int64_t number) {
  *to++ = separator;
  return write_number(to, (uint64_t)number, 2);
}

unsigned iso_write_year_month(IsoDate date, char *text) {
  return (unsigned)(write_part(write_year(text, date.year), '-', date.month) - text);
}

unsigned iso_write_date(IsoDate date, char *text) {
  unsigned length = iso_write_year_month(date, text);
  return (unsigned)(write_part(text + length, '-', date.day) - text);
}

unsigned iso_write_month_day(IsoDate date, char *text) {
  return (unsigned)(write_part(write_number(text, date.month, 2), '-', date.day) - text);
}

// https://tc39.es/proposal-temporal/#sec-temporal-formatfractionalseconds
// bounded: nine digits.
static char *write_fraction(char *to, uint32_t nanoseconds, int precision) {
  if (precision == 0 || (precision == PRECISION_AUTO && nanoseconds == 0)) return to;
  *to++ = '.';
  char *end = write_number(to, nanoseconds, 9);
  if (precision > 0) return to + precision;
  while (end[-1] == '0') end--;
  return end;
}

unsigned iso_write_time(int64_t time, int precision, char *text) {
  char *to = write_number(text, (uint64_t)(time / NANOSECONDS_PER_HOUR), 2);
  to = write_part(to, ':', time / NANOSECONDS_PER_MINUTE % 60);
  if (precision != PRECISION_MINUTE) {
    to = write_part(to, ':', time / NANOSECONDS_PER_SECOND % 60);
    to = write_fraction(to, (uint32_t)(time % NANOSECONDS_PER_SECOND), precision);
  }
  return (unsigned)(to - text);
}

unsigned iso_write(IsoDateTime iso, int precision, char *text) {
  unsigned length = iso_write_date(iso.date, text);
  text[length++] = 'T';
  return length + iso_write_time(iso.time, precision, text + length);
}

unsigned iso_write_offset(int64_t nanoseconds, char *text) {
  text[0] = nanoseconds < 0 ? '-' : '+';
  int64_t magnitude = nanoseconds < 0 ? -nanoseconds : nanoseconds;
  int precision = magnitude % NANOSECONDS_PER_MINUTE == 0 ? PRECISION_MINUTE : PRECISION_AUTO;
  return 1 + iso_write_time(magnitude, precision, text + 1);
}

static char *write_unit(char *to, double number, char letter) {
  if (number == 0) return to;
  to = write_number(to, (uint64_t)fabs(number), 1);
  *to++ = letter;
  return to;
}

// bounded: the units.
unsigned iso_write_duration(const Duration *duration, int precision, char text[DURATION_TEXT_SIZE]) {
  static const char letters[] = "YMWDHM";
  char *to = text;
  if (duration_sign(duration) < 0) *to++ = '-';
  *to++ = 'P';
  for (int unit = UNIT_YEAR; unit <= UNIT_DAY; unit++) to = write_unit(to, duration->fields[unit], letters[unit]);
  char *designator = to++;
  *designator = 'T';
  for (int unit = UNIT_HOUR; unit <= UNIT_MINUTE; unit++) to = write_unit(to, duration->fields[unit], letters[unit]);
  Duration seconds = *duration;
  for (int unit = UNIT_YEAR; unit <= UNIT_MINUTE; unit++) seconds.fields[unit] = 0;
  Nanoseconds time = duration_to_internal(&seconds).time;
  if (time < 0) time = -time;
  if (time != 0 || duration_largest_unit(duration) >= UNIT_SECOND || precision != PRECISION_AUTO) {
    to = write_number(to, (uint64_t)(time / NANOSECONDS_PER_SECOND), 1);
    to = write_fraction(to, (uint32_t)(time % NANOSECONDS_PER_SECOND), precision);
    *to++ = 'S';
  }
  return (unsigned)(to == designator + 1 ? designator - text : to - text);
}
