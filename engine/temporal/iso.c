#include "temporal/iso.h"

#include "number/calendar.h"

bool iso_is_leap_year(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// https://tc39.es/proposal-temporal/#sec-temporal-isodaysinmonth
int iso_days_in_month(int64_t year, int month) {
  if (month == 2) return iso_is_leap_year(year) ? 29 : 28;
  return 30 + ((month ^ month >> 3) & 1);
}

enum { YEARS_MOST = 1000000 };  // far beyond what is within limits

static double clamp(double number, double least, double most) {
  return number < least ? least : number > most ? most : number;
}

bool iso_date_from_numbers(double year, double month, double day, bool constrains, IsoDate *date) {
  if (!(year >= -YEARS_MOST && year <= YEARS_MOST)) return false;
  if (constrains) month = clamp(month, 1, 12);
  if (!(month >= 1 && month <= 12)) return false;
  int days = iso_days_in_month((int64_t)year, (int)month);
  if (constrains) day = clamp(day, 1, days);
  *date = (IsoDate){(int32_t)year, (uint8_t)month, 0};
  if (!(day >= 1 && day <= days)) return false;
  date->day = (uint8_t)day;
  return true;
}

int64_t iso_date_to_days(IsoDate date) { return calendar_days_from_civil(date.year, date.month - 1, date.day); }

IsoDate iso_date_from_days(int64_t days) {
  int64_t year;
  int month, day;
  calendar_civil_from_days(days, &year, &month, &day);
  return (IsoDate){(int32_t)year, (uint8_t)(month + 1), (uint8_t)day};
}

IsoDate iso_date_add_days(IsoDate date, int64_t days) { return iso_date_from_days(iso_date_to_days(date) + days); }

int iso_compare_dates(IsoDate one, IsoDate two) {
  if (one.year != two.year) return one.year < two.year ? -1 : 1;
  int difference = (one.month - two.month) * 32 + one.day - two.day;
  return (difference > 0) - (difference < 0);
}

int iso_day_of_week(IsoDate date) {
  int64_t day = (iso_date_to_days(date) + 3) % 7;  // 1970 began on a Thursday
  return (int)(day < 0 ? day + 7 : day) + 1;
}

int iso_day_of_year(IsoDate date) {
  return (int)(iso_date_to_days(date) - iso_date_to_days((IsoDate){date.year, 1, 1})) + 1;
}

// A week belongs to the year of its Thursday.
int iso_week_of_year(IsoDate date, int32_t *year) {
  IsoDate thursday = iso_date_add_days(date, 4 - iso_day_of_week(date));
  *year = thursday.year;
  return (iso_day_of_year(thursday) + 6) / 7;
}

Nanoseconds iso_to_nanoseconds(IsoDateTime iso) {
  return (Nanoseconds)iso_date_to_days(iso.date) * NANOSECONDS_PER_DAY + iso.time;
}

IsoDateTime iso_from_nanoseconds(Nanoseconds nanoseconds) {
  Nanoseconds days = nanoseconds_divide_floor(nanoseconds, NANOSECONDS_PER_DAY);
  return (IsoDateTime){iso_date_from_days((int64_t)days), (int64_t)(nanoseconds - days * NANOSECONDS_PER_DAY)};
}

int iso_compare(IsoDateTime one, IsoDateTime two) {
  int dates = iso_compare_dates(one.date, two.date);
  return dates ? dates : sign_of(one.time - two.time);
}

// https://tc39.es/proposal-temporal/#sec-temporal-isodatetimewithinlimits
bool iso_is_within_limits(IsoDateTime iso) {
  Nanoseconds nanoseconds = iso_to_nanoseconds(iso), end = NANOSECONDS_OF_LAST_INSTANT + NANOSECONDS_PER_DAY;
  return nanoseconds > -end && nanoseconds < end;
}

// https://tc39.es/proposal-temporal/#sec-temporal-isodatewithinlimits
bool iso_date_is_within_limits(IsoDate date) {
  return iso_is_within_limits((IsoDateTime){date, NANOSECONDS_PER_DAY / 2});
}

// https://tc39.es/proposal-temporal/#sec-temporal-isoyearmonthwithinlimits
bool iso_year_month_is_within_limits(IsoDate date) {
  int64_t month = date.year * INT64_C(12) + date.month;
  return month >= INT64_C(-271821) * 12 + 4 && month <= INT64_C(275760) * 12 + 9;
}

// https://tc39.es/proposal-temporal/#sec-temporal-isvalidepochnanoseconds
bool instant_is_valid(Nanoseconds nanoseconds) {
  return nanoseconds >= -NANOSECONDS_OF_LAST_INSTANT && nanoseconds <= NANOSECONDS_OF_LAST_INSTANT;
}

IsoDateTime iso_add(IsoDateTime iso, Nanoseconds nanoseconds) {
  return iso_from_nanoseconds(iso_to_nanoseconds(iso) + nanoseconds);
}

static const int32_t time_field_sizes[TIME_FIELDS] = {24, 60, 60, 1000, 1000, 1000};

// bounded: the fields of a time.
void iso_time_to_fields(int64_t time, double fields[TIME_FIELDS]) {
  for (int i = TIME_FIELDS - 1; i >= 0; i--) {
    fields[i] = (double)(time % time_field_sizes[i]);
    time /= time_field_sizes[i];
  }
}

// bounded: the fields of a time.
bool iso_time_from_fields(const double fields[TIME_FIELDS], bool constrains, int64_t *time) {
  *time = 0;
  for (int i = 0; i < TIME_FIELDS; i++) {
    int32_t most = time_field_sizes[i] - 1;
    if (!constrains && !(fields[i] >= 0 && fields[i] <= most)) return false;
    *time = *time * time_field_sizes[i] + (int64_t)clamp(fields[i], 0, most);
  }
  return true;
}
