// The months of years of calendars that follow observations or decrees.
#ifndef CAISSON_TEMPORAL_MONTH_TABLES_H
#define CAISSON_TEMPORAL_MONTH_TABLES_H

#include "base/base.h"

enum { CHINESE_FIRST_YEAR = 1900, CHINESE_YEARS = 201, UMALQURA_FIRST_YEAR = 1300, UMALQURA_YEARS = 301 };
enum { PERSIAN_LATE_LEAP_YEARS = 78 };

// Bits 0 to 12: the months of 30 days; others have 29. The bits from 13 on: the place of the leap month; 0: none.
extern const uint32_t chinese_years[CHINESE_YEARS];
extern const int32_t chinese_first_day;  // of CHINESE_FIRST_YEAR, since the epoch
// Years in which dangi differs; the bits from 17 on: how many years after CHINESE_FIRST_YEAR.
extern const uint32_t dangi_exceptions[];
extern const uint32_t dangi_exception_count;
// Leap years of the cycle of 33 years which are not: the next year is, each time.
extern const uint16_t persian_late_leap_years[PERSIAN_LATE_LEAP_YEARS];
// Bits 0 to 11: the months of 30 days.
extern const uint16_t umalqura_years[UMALQURA_YEARS];

#endif
