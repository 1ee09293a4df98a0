#include "number/calendar.h"

#include <math.h>

#include "number/arithmetic.h"

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_1970_FROM_MARCH_0 = 719468 };

static int64_t divide_floor(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// Years are counted from March here, so that the leap day is a year's last and months follow a rhythm
// of 153 days in five.
int64_t calendar_days_from_civil(int64_t year, int month, int day) {
  if (month < 2) year--;
  int64_t era = divide_floor(year, YEARS_PER_ERA), of_era = year - era * YEARS_PER_ERA;
  int64_t day_of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;
  return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - DAYS_TO_1970_FROM_MARCH_0;
}

void calendar_civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
  days += DAYS_TO_1970_FROM_MARCH_0;
  int64_t era = divide_floor(days, DAYS_PER_ERA), of_era = days - era * DAYS_PER_ERA;
  int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t from_march = (5 * day_of_year + 2) / 153;
  *day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
  *month = (int)(from_march < 10 ? from_march + 2 : from_march - 10);
  *year = era * YEARS_PER_ERA + year_of_era + (from_march >= 10);
}

CalendarFields calendar_fields(double time) {
  int64_t ms = (int64_t)time, days = divide_floor(ms, (int64_t)MS_PER_DAY);
  int of_day = (int)(ms - days * (int64_t)MS_PER_DAY);
  CalendarFields fields = {.hour = of_day / 3600000,
                           .minute = of_day / 60000 % 60,
                           .second = of_day / 1000 % 60,
                           .millisecond = of_day % 1000};
  calendar_civil_from_days(days, &fields.year, &fields.month, &fields.day);
  int64_t weekday = (days + 4) % 7;  // 1970 began on a Thursday
  fields.weekday = (int)(weekday < 0 ? weekday + 7 : weekday);
  return fields;
}

// https://tc39.es/ecma262/#sec-maketime
double calendar_make_time(double hour, double minute, double second, double millisecond) {
  if (!number_is_finite(hour) || !number_is_finite(minute) || !number_is_finite(second) ||
      !number_is_finite(millisecond)) {
    return NAN;
  }
  return ((trunc(hour) * MS_PER_HOUR + trunc(minute) * MS_PER_MINUTE) + trunc(second) * MS_PER_SECOND) +
         trunc(millisecond);
}

// https://tc39.es/ecma262/#sec-makeday
double calendar_make_day(double year, double month, double date) {
  if (!number_is_finite(year) || !number_is_finite(month) || !number_is_finite(date)) return NAN;
  year = trunc(year);
  month = trunc(month);
  double years = year + floor(month / 12);
  if (fabs(years) > 1e6) return NAN;  // far outside the range of time values
  double in_year = fmod(month, 12);
  if (in_year < 0) in_year += 12;
  return (double)calendar_days_from_civil((int64_t)years, (int)in_year, 1) + trunc(date) - 1;
}

// https://tc39.es/ecma262/#sec-makedate
double calendar_make_date(double day, double time) {
  if (!number_is_finite(day) || !number_is_finite(time)) return NAN;
  double value = day * MS_PER_DAY + time;
  return number_is_finite(value) ? value : NAN;
}

// https://tc39.es/ecma262/#sec-makefullyear
double calendar_make_full_year(double year) {
  if (year != year) return NAN;
  double integer = number_to_integer_or_infinity(year);
  return integer >= 0 && integer <= 99 ? 1900 + integer : integer;
}

// https://tc39.es/ecma262/#sec-timeclip
double calendar_time_clip(double time) {
  if (!(fabs(time) <= 8.64e15)) return NAN;
  return trunc(time) + 0.0;
}

static const char weekday_names[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static char *write_padded(char *to, uint32_t number, int width) {
  for (int i = width - 1; i >= 0; i--) {
    to[i] = (char)('0' + number % 10);
    number /= 10;
  }
  return to + width;
}

static char *write_name(char *to, const char *name) {
  memcpy(to, name, 3);
  return to + 3;
}

static char *write_year(char *to, int64_t year) {
  if (year < 0) *to++ = '-';
  uint32_t magnitude = (uint32_t)(year < 0 ? -year : year);
  return write_padded(to, magnitude, magnitude > 99999 ? 6 : magnitude > 9999 ? 5 : 4);
}

static char *write_clock(char *to, const CalendarFields *fields) {
  to = write_padded(to, (uint32_t)fields->hour, 2);
  *to++ = ':';
  to = write_padded(to, (uint32_t)fields->minute, 2);
  *to++ = ':';
  return write_padded(to, (uint32_t)fields->second, 2);
}

unsigned calendar_format_iso(double time, char text[CALENDAR_TEXT_SIZE]) {
  CalendarFields fields = calendar_fields(time);
  char *to = text;
  if (fields.year >= 0 && fields.year <= 9999) {
    to = write_padded(to, (uint32_t)fields.year, 4);
  } else {
    *to++ = fields.year < 0 ? '-' : '+';
    to = write_padded(to, (uint32_t)(fields.year < 0 ? -fields.year : fields.year), 6);
  }
  *to++ = '-';
  to = write_padded(to, (uint32_t)fields.month + 1, 2);
  *to++ = '-';
  to = write_padded(to, (uint32_t)fields.day, 2);
  *to++ = 'T';
  to = write_clock(to, &fields);
  *to++ = '.';
  to = write_padded(to, (uint32_t)fields.millisecond, 3);
  *to++ = 'Z';
  return (unsigned)(to - text);
}

// https://tc39.es/ecma262/#sec-date.prototype.toutcstring
unsigned calendar_format_utc(double time, char text[CALENDAR_TEXT_SIZE]) {
  CalendarFields fields = calendar_fields(time);
  char *to = write_name(text, weekday_names[fields.weekday]);
  *to++ = ',';
  *to++ = ' ';
  to = write_padded(to, (uint32_t)fields.day, 2);
  *to++ = ' ';
  to = write_name(to, month_names[fields.month]);
  *to++ = ' ';
  to = write_year(to, fields.year);
  *to++ = ' ';
  to = write_clock(to, &fields);
  memcpy(to, " GMT", 4);
  return (unsigned)(to + 4 - text);
}

// https://tc39.es/ecma262/#sec-datestring
unsigned calendar_format_date(double local, char text[CALENDAR_TEXT_SIZE]) {
  CalendarFields fields = calendar_fields(local);
  char *to = write_name(text, weekday_names[fields.weekday]);
  *to++ = ' ';
  to = write_name(to, month_names[fields.month]);
  *to++ = ' ';
  to = write_padded(to, (uint32_t)fields.day, 2);
  *to++ = ' ';
  return (unsigned)(write_year(to, fields.year) - text);
}

// https://tc39.es/ecma262/#sec-timestring
unsigned calendar_format_time(double local, char text[CALENDAR_TEXT_SIZE]) {
  CalendarFields fields = calendar_fields(local);
  char *to = write_clock(text, &fields);
  memcpy(to, " GMT", 4);
  return (unsigned)(to + 4 - text);
}

// https://tc39.es/ecma262/#sec-timezoneestring
unsigned calendar_format_offset(double offset_ms, char text[CALENDAR_TEXT_SIZE]) {
  uint32_t minutes = (uint32_t)(fabs(offset_ms) / MS_PER_MINUTE);
  char *to = text;
  *to++ = offset_ms < 0 ? '-' : '+';
  to = write_padded(to, minutes / 60, 2);
  return (unsigned)(write_padded(to, minutes % 60, 2) - text);
}
