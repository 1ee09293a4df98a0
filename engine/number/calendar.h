// Time values: the proleptic Gregorian calendar in milliseconds, and the texts that stand for them.
#ifndef CAISSON_NUMBER_CALENDAR_H
#define CAISSON_NUMBER_CALENDAR_H

#include "base/text_view.h"

#define MS_PER_DAY 86400000.0
#define MS_PER_HOUR 3600000.0
#define MS_PER_MINUTE 60000.0
#define MS_PER_SECOND 1000.0

// Days since 1970-01-01 of a civil date; `month` is 0 to 11, `day` any.
int64_t calendar_days_from_civil(int64_t year, int month, int day);
void calendar_civil_from_days(int64_t days, int64_t *year, int *month, int *day);

// A finite time value taken apart.
typedef struct CalendarFields {
  int64_t year;
  int month;    // 0 to 11
  int day;      // 1 to 31
  int weekday;  // 0 is Sunday
  int hour, minute, second, millisecond;
} CalendarFields;
CalendarFields calendar_fields(double time);

// The abstract operations of
// https://tc39.es/ecma262/#sec-overview-of-date-objects-and-definitions-of-abstract-operations
double calendar_make_time(double hour, double minute, double second, double millisecond);
double calendar_make_day(double year, double month, double date);
double calendar_make_date(double day, double time);
double calendar_make_full_year(double year);
double calendar_time_clip(double time);

// Date.parse: the standard format first, then the forms that all engines accept; NaN when neither.
// https://tc39.es/ecma262/#sec-date.parse
// Not clipped; *is_local: the result is local time.
double calendar_parse(TextView text, bool *is_local);

enum { CALENDAR_TEXT_SIZE = 80 };
// Each writes ASCII and returns its length; `time` is finite.
unsigned calendar_format_iso(double time, char text[CALENDAR_TEXT_SIZE]);          // toISOString
unsigned calendar_format_utc(double time, char text[CALENDAR_TEXT_SIZE]);          // toUTCString
unsigned calendar_format_date(double local, char text[CALENDAR_TEXT_SIZE]);        // "Tue Mar 01 2022"
unsigned calendar_format_time(double local, char text[CALENDAR_TEXT_SIZE]);        // "10:00:00 GMT"
unsigned calendar_format_offset(double offset_ms, char text[CALENDAR_TEXT_SIZE]);  // "+0100"

#endif
