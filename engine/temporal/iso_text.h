// The texts of dates, times, offsets, time zones and durations.
// https://tc39.es/proposal-temporal/#sec-temporal-iso8601grammar
#ifndef CAISSON_TEMPORAL_ISO_TEXT_H
#define CAISSON_TEMPORAL_ISO_TEXT_H

#include "base/text_view.h"
#include "temporal/duration.h"
#include "temporal/zones.h"

// Of ASCII letters. `expected` is ASCII without zeros.
bool text_equals_ignoring_case(TextView text, const char *expected);

// What a text may be; several are tried in this order.
enum {
  TEXT_ZONED_DATE_TIME = 1,
  TEXT_DATE_TIME = 2,  // or a date
  TEXT_INSTANT = 4,
  TEXT_TIME = 8,
  TEXT_MONTH_DAY = 16,
  TEXT_YEAR_MONTH = 32,
  TEXT_ANY = 63,
};
// https://tc39.es/proposal-temporal/#sec-temporal-iso-date-time-parse-records
typedef struct IsoText {
  IsoDateTime iso;  // what the text does not have is the first: year 1972, month 1, day 1, midnight
  bool has_time, is_utc, has_offset;
  bool offset_has_seconds;
  int64_t offset;      // nanoseconds; 0: there is none
  TextView time_zone;  // in brackets; of length 0: none
  TextView calendar;   // likewise
} IsoText;
// https://tc39.es/proposal-temporal/#sec-temporal-parseisodatetime
MUST_CHECK bool iso_parse(TextView text, unsigned goals, IsoText *result);
// https://tc39.es/proposal-temporal/#sec-temporal-parsetemporaldurationstring  Also false when it is not valid.
MUST_CHECK bool iso_parse_duration(TextView text, Duration *duration);
// An offset on its own, with or without seconds.
MUST_CHECK bool iso_parse_offset(TextView text, int64_t *nanoseconds);
// The name of a zone or an offset in minutes, which is all of the text.
// https://tc39.es/proposal-temporal/#sec-parsetimezoneidentifier False: it is neither, or no zone has the name.
MUST_CHECK bool iso_parse_zone_id(TextView text, ZoneId *zone);
// The same, or a text with a time zone. https://tc39.es/proposal-temporal/#sec-temporal-parsetemporaltimezonestring
MUST_CHECK bool iso_parse_zone(TextView text, ZoneId *zone);
// A calendar's name, or a text that may have one; *calendar is of length 0 when it has none.
// https://tc39.es/proposal-temporal/#sec-temporal-parsetemporalcalendarstring
MUST_CHECK bool iso_parse_calendar(TextView text, TextView *calendar);

// Each writes ASCII without an end and returns its length.
enum { ISO_TEXT_SIZE = 64, DURATION_TEXT_SIZE = 128 };
// Digits of the fraction of a second: 0 to 9, or one of these.
enum { PRECISION_AUTO = -1, PRECISION_MINUTE = -2 };
unsigned iso_write_date(IsoDate date, char *text);
unsigned iso_write_year_month(IsoDate date, char *text);
unsigned iso_write_month_day(IsoDate date, char *text);
// https://tc39.es/proposal-temporal/#sec-temporal-formattimestring
unsigned iso_write_time(int64_t time, int precision, char *text);
unsigned iso_write(IsoDateTime iso, int precision, char *text);
// https://tc39.es/proposal-temporal/#sec-temporal-formatutcoffsetnanoseconds
unsigned iso_write_offset(int64_t nanoseconds, char *text);
// https://tc39.es/proposal-temporal/#sec-temporal-temporaldurationtostring
unsigned iso_write_duration(const Duration *duration, int precision, char text[DURATION_TEXT_SIZE]);

#endif
