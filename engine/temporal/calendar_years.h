// The years of each calendar, which is all that its arithmetic needs.
#ifndef CAISSON_TEMPORAL_CALENDAR_YEARS_H
#define CAISSON_TEMPORAL_CALENDAR_YEARS_H

#include "temporal/calendars.h"

enum { MONTHS_MOST = 13 };

typedef struct CalendarYear {
  int64_t first_day;  // since the epoch
  uint8_t months;
  uint8_t leap_month;  // the place of the month whose code has an L; 0: there is none
  bool is_leap;
  bool leaps_forward;         // where there is no leap month, the next month takes its place, not the one before
  uint8_t days[MONTHS_MOST];  // of each month
} CalendarYear;

// `year` is at most CALENDAR_YEARS_MOST from 0.
enum { CALENDAR_YEARS_MOST = 400000 };
CalendarYear calendar_year(CalendarId calendar, int64_t year);
// A count of months that goes on through all years: how many there are before the year. It may be negative.
int64_t calendar_months_before(CalendarId calendar, int64_t year);
// The year in which that month is. `month` is at most three times CALENDAR_YEARS_MOST years from 0.
int64_t calendar_year_of_month(CalendarId calendar, int64_t month);
// The year in which a day is; may be a few years off.
int64_t calendar_guess_year(CalendarId calendar, int64_t day);
// Whether a year may have such a month.
bool calendar_has_month_code(CalendarId calendar, MonthCode code);

#endif
