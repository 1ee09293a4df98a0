// Dates and times of the ISO 8601 calendar, exact to the nanosecond. They know nothing of time zones and of other
// calendars.
//
// A date may be outside of what Temporal can represent; the functions that say "within limits" tell.
#ifndef CAISSON_TEMPORAL_ISO_H
#define CAISSON_TEMPORAL_ISO_H

#include "base/base.h"

// Nanoseconds since the epoch, or between two instants. Time durations have 83 bits; quotients of them need some more.
typedef __int128 Nanoseconds;

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)
#define NANOSECONDS_PER_MINUTE (60 * NANOSECONDS_PER_SECOND)
#define NANOSECONDS_PER_HOUR (60 * NANOSECONDS_PER_MINUTE)
#define NANOSECONDS_PER_DAY (24 * NANOSECONDS_PER_HOUR)
#define NANOSECONDS_OF_LAST_INSTANT ((Nanoseconds)100000000 * NANOSECONDS_PER_DAY)

typedef struct IsoDate {
  int32_t year;
  uint8_t month, day;  // from 1
} IsoDate;

typedef struct IsoDateTime {
  IsoDate date;
  int64_t time;  // nanoseconds since midnight, 0 to NANOSECONDS_PER_DAY - 1
} IsoDateTime;

// The fields of a time of day, as numbers: hour, minute, second, millisecond, microsecond, nanosecond.
enum { TIME_FIELDS = 6 };

// Division that rounds towards negative infinity.
static inline Nanoseconds nanoseconds_divide_floor(Nanoseconds dividend, Nanoseconds divisor) {
  Nanoseconds quotient = dividend / divisor;
  return quotient - (quotient * divisor > dividend);
}
static inline int sign_of(Nanoseconds number) { return (number > 0) - (number < 0); }

bool iso_is_leap_year(int64_t year);
int iso_days_in_month(int64_t year, int month);
// The date of integers of any size. False: there is no such date, or its year is far outside of what Temporal can
// represent; when `constrains`, month and day are moved into their ranges first.
// https://tc39.es/proposal-temporal/#sec-temporal-regulateisodate
MUST_CHECK bool iso_date_from_numbers(double year, double month, double day, bool constrains, IsoDate *date);
int64_t iso_date_to_days(IsoDate date);  // since 1970-01-01
IsoDate iso_date_from_days(int64_t days);
IsoDate iso_date_add_days(IsoDate date, int64_t days);
int iso_compare_dates(IsoDate one, IsoDate two);  // -1, 0 or 1
int iso_day_of_week(IsoDate date);                // 1 is Monday
int iso_day_of_year(IsoDate date);
// The number of the week, and the year that it belongs to.
// https://tc39.es/proposal-temporal/#sec-temporal-isoweekofyear
int iso_week_of_year(IsoDate date, int32_t *year);
bool iso_date_is_within_limits(IsoDate date);
bool iso_year_month_is_within_limits(IsoDate date);

// https://tc39.es/proposal-temporal/#sec-getutcepochnanoseconds
Nanoseconds iso_to_nanoseconds(IsoDateTime iso);
IsoDateTime iso_from_nanoseconds(Nanoseconds nanoseconds);
int iso_compare(IsoDateTime one, IsoDateTime two);
bool iso_is_within_limits(IsoDateTime iso);
static inline IsoDateTime iso_midnight(IsoDate date) { return (IsoDateTime){date, 0}; }
bool instant_is_valid(Nanoseconds nanoseconds);
// The date and time after `nanoseconds` more, at most a year or so.
// https://tc39.es/proposal-temporal/#sec-temporal-balanceisodatetime
IsoDateTime iso_add(IsoDateTime iso, Nanoseconds nanoseconds);

void iso_time_to_fields(int64_t time, double fields[TIME_FIELDS]);
// Of integers of any size. False: not a time of day; when `constrains`, each is moved into its range instead.
// https://tc39.es/proposal-temporal/#sec-temporal-regulatetime
MUST_CHECK bool iso_time_from_fields(const double fields[TIME_FIELDS], bool constrains, int64_t *time);

#endif
