#include "temporal/calendar_years.h"

#include "temporal/month_tables.h"

static int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0); }
static int64_t modulo(int64_t a, int64_t b) { return a - floor_divide(a, b) * b; }

// How far the years of a calendar are ahead of those of the calendar whose rules it has.
static int64_t year_shift(CalendarId calendar) {
  switch (calendar) {
    case CALENDAR_BUDDHIST: return 543;
    case CALENDAR_ROC: return -1911;
    case CALENDAR_ETHIOAA: return 5500;  // of ethiopic
    default: return 0;
  }
}

// The Gregorian calendar -----------------------------------------------------------------------------

// bounded: twelve months.
static CalendarYear iso_year(int64_t year) {
  CalendarYear result = {.months = 12, .is_leap = iso_is_leap_year(year)};
  result.first_day = iso_date_to_days((IsoDate){(int32_t)year, 1, 1});
  for (int i = 0; i < 12; i++) result.days[i] = (uint8_t)iso_days_in_month(year, i + 1);
  return result;
}

// https://en.wikipedia.org/wiki/Indian_national_calendar
// bounded: twelve months.
static CalendarYear indian_year(int64_t year) {
  int32_t iso_year = (int32_t)year + 78;
  CalendarYear result = {.months = 12, .is_leap = iso_is_leap_year(iso_year)};
  result.first_day = iso_date_to_days((IsoDate){iso_year, 3, (uint8_t)(22 - result.is_leap)});
  for (int i = 0; i < 12; i++) result.days[i] = (uint8_t)(30 + (i == 0 ? result.is_leap : i < 6));
  return result;
}

// Calendars of their own rules -----------------------------------------------------------------------

enum {
  COPTIC_EPOCH = -615558,    // 0284-08-29
  ETHIOPIC_EPOCH = -716367,  // 0008-08-27
  HEBREW_EPOCH = -2092590,   // -003760-09-07
  CIVIL_EPOCH = -492148,     // 0622-07-19
  PERSIAN_EPOCH = -492268,   // 0622-03-21
};

// https://en.wikipedia.org/wiki/Coptic_calendar  Twelve months of 30 days, and the days that remain.
// bounded: thirteen months.
static CalendarYear coptic_year(int64_t year, int64_t epoch) {
  CalendarYear result = {.months = 13, .is_leap = modulo(year, 4) == 3};
  result.first_day = epoch + 365 * (year - 1) + floor_divide(year, 4);
  for (int i = 0; i < 12; i++) result.days[i] = 30;
  result.days[12] = (uint8_t)(5 + result.is_leap);
  return result;
}

// https://en.wikipedia.org/wiki/Tabular_Islamic_calendar  Eleven leap years in thirty.
static int64_t islamic_first_day(int64_t year, int64_t epoch) {
  return epoch + (year - 1) * 354 + floor_divide(3 + 11 * year, 30);
}

// bounded: twelve months.
static CalendarYear islamic_year(int64_t year, int64_t epoch) {
  CalendarYear result = {.months = 12, .is_leap = modulo(14 + 11 * year, 30) < 11};
  result.first_day = islamic_first_day(year, epoch);
  for (int i = 0; i < 12; i++) result.days[i] = (uint8_t)(30 - i % 2);
  result.days[11] = (uint8_t)(29 + result.is_leap);
  return result;
}

static int long_months(uint32_t bits) { return __builtin_popcount(bits & 0x1FFF); }

// bounded: the years of the table.
static CalendarYear umalqura_year(int64_t year) {
  CalendarYear result = islamic_year(year, CIVIL_EPOCH);
  if (year < UMALQURA_FIRST_YEAR || year >= UMALQURA_FIRST_YEAR + UMALQURA_YEARS) return result;
  uint32_t index = (uint32_t)(year - UMALQURA_FIRST_YEAR);
  result.first_day = islamic_first_day(UMALQURA_FIRST_YEAR, CIVIL_EPOCH);
  for (uint32_t i = 0; i < index; i++) result.first_day += 29 * 12 + long_months(umalqura_years[i]);
  for (int i = 0; i < 12; i++) result.days[i] = (uint8_t)(29 + (umalqura_years[index] >> i & 1));
  result.is_leap = long_months(umalqura_years[index]) == 7;
  return result;
}

// Eight leap years in 33, as published for the years 1206 to 1498; and later ones that astronomy gives.
// bounded: a table.
static int64_t persian_first_day(int64_t year) {
  bool is_late = false;
  for (int i = 0; i < PERSIAN_LATE_LEAP_YEARS; i++) is_late |= year == persian_late_leap_years[i] + 1;
  return PERSIAN_EPOCH + 365 * (year - 1) + floor_divide(8 * year + 21, 33) - is_late;
}

// bounded: twelve months.
static CalendarYear persian_year(int64_t year) {
  CalendarYear result = {.months = 12, .first_day = persian_first_day(year)};
  result.is_leap = persian_first_day(year + 1) - result.first_day == 366;
  for (int i = 0; i < 12; i++) result.days[i] = (uint8_t)(i < 6 ? 31 : 30);
  result.days[11] = (uint8_t)(29 + result.is_leap);
  return result;
}

// https://en.wikipedia.org/wiki/Hebrew_calendar
static int64_t hebrew_months_before(int64_t year) { return floor_divide(235 * year - 234, 19); }

// Days until the mean new moon of Tishri, put off where the year would begin on a Sunday, Wednesday or Friday. A part
// is the 1080th of an hour.
static int64_t hebrew_elapsed_days(int64_t year) {
  int64_t months = hebrew_months_before(year), parts = 12084 + 13753 * months;
  int64_t day = 29 * months + floor_divide(parts, 25920);
  return day + (modulo(3 * (day + 1), 7) < 3);
}

static int64_t hebrew_first_day(int64_t year) {
  int64_t before = hebrew_elapsed_days(year - 1), day = hebrew_elapsed_days(year);
  int delay = hebrew_elapsed_days(year + 1) - day == 356 ? 2 : day - before == 382 ? 1 : 0;
  return HEBREW_EPOCH + day + delay;
}

// bounded: thirteen months.
static CalendarYear hebrew_year(int64_t year) {
  CalendarYear result = {.first_day = hebrew_first_day(year), .is_leap = modulo(7 * year + 1, 19) < 7};
  int days = (int)(hebrew_first_day(year + 1) - result.first_day);
  result.months = (uint8_t)(12 + result.is_leap);
  result.leap_month = result.is_leap ? 6 : 0;
  result.leaps_forward = true;
  for (int i = 0, month = 0; i < result.months; i++) {
    // Adar I has 30 days, and months after it alternate as if it were not there.
    bool is_leap_month = i + 1 == result.leap_month;
    result.days[i] = (uint8_t)(is_leap_month ? 30 : 30 - month++ % 2);
  }
  if (days % 10 == 5) result.days[1] = 30;
  if (days % 10 == 3) result.days[2] = 29;
  return result;
}

// Chinese and Korean years ---------------------------------------------------------------------------
// Outside of the table the mean sun and the mean moon tell: a month in which the sun enters no new sign (a twelfth of
// its way) repeats the number of the one before. Months are counted from an end of the table, where one begins.

enum { MONTH_LENGTH = 29530589, SIGN_LENGTH = 30436849, FIRST_SIGN = MONTH_LENGTH / 2, MILLION = 1000000 };

// How many signs the sun has entered by the end of a month.
static int64_t signs_until(int64_t month) {
  return floor_divide((month + 1) * MONTH_LENGTH - 1 - FIRST_SIGN, SIGN_LENGTH) + 1;
}
static int64_t first_month_of_mean_year(int64_t year) {
  return -floor_divide(-(12 * year * SIGN_LENGTH + FIRST_SIGN + 1), MONTH_LENGTH) - 1;
}
static int64_t mean_new_moon(int64_t month) { return floor_divide(month * MONTH_LENGTH, MILLION); }

// bounded: thirteen months.
static CalendarYear mean_year(int64_t year, int64_t first_day) {
  int64_t first = first_month_of_mean_year(year), end = first_month_of_mean_year(year + 1);
  CalendarYear result = {.months = (uint8_t)(end - first), .first_day = first_day + mean_new_moon(first)};
  for (int i = 0; i < result.months; i++) {
    result.days[i] = (uint8_t)(mean_new_moon(first + i + 1) - mean_new_moon(first + i));
    if (result.leap_month == 0 && i > 0 && signs_until(first + i) == signs_until(first + i - 1))
      result.leap_month = (uint8_t)(i + 1);
  }
  result.is_leap = result.months == 13;
  return result;
}

// bounded: a table.
static uint32_t lunisolar_entry(CalendarId calendar, uint32_t index) {
  for (uint32_t i = 0; calendar == CALENDAR_DANGI && i < dangi_exception_count; i++) {
    if (dangi_exceptions[i] >> 17 == index) return dangi_exceptions[i] & 0x1FFFF;
  }
  return chinese_years[index];
}

static uint32_t months_of_entry(uint32_t entry) { return 12 + (entry >> 13 != 0); }

// The days, or else the months, of so many years of the table.
// bounded: the years of the table.
static int64_t table_sum(CalendarId calendar, uint32_t years, bool counts_days) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < years; i++) {
    uint32_t entry = lunisolar_entry(calendar, i), months = months_of_entry(entry);
    sum += counts_days ? 29 * months + (uint32_t)long_months(entry) : months;
  }
  return sum;
}

// bounded: thirteen months.
static CalendarYear lunisolar_year(CalendarId calendar, int64_t year) {
  int64_t index = year - CHINESE_FIRST_YEAR;
  if (index < 0) return mean_year(index, chinese_first_day);
  if (index >= CHINESE_YEARS) {
    return mean_year(index - CHINESE_YEARS, chinese_first_day + table_sum(calendar, CHINESE_YEARS, true));
  }
  uint32_t entry = lunisolar_entry(calendar, (uint32_t)index);
  CalendarYear result = {.months = (uint8_t)months_of_entry(entry), .leap_month = (uint8_t)(entry >> 13)};
  result.first_day = chinese_first_day + table_sum(calendar, (uint32_t)index, true);
  result.is_leap = result.leap_month > 0;
  for (int i = 0; i < result.months; i++) result.days[i] = (uint8_t)(29 + (entry >> i & 1));
  return result;
}

static int64_t lunisolar_months_before(CalendarId calendar, int64_t year) {
  int64_t index = year - CHINESE_FIRST_YEAR;
  if (index < 0) return first_month_of_mean_year(index);
  if (index < CHINESE_YEARS) return table_sum(calendar, (uint32_t)index, false);
  return table_sum(calendar, CHINESE_YEARS, false) + first_month_of_mean_year(index - CHINESE_YEARS);
}

// All calendars --------------------------------------------------------------------------------------

CalendarYear calendar_year(CalendarId calendar, int64_t year) {
  switch (calendar) {
    case CALENDAR_COPTIC: return coptic_year(year, COPTIC_EPOCH);
    case CALENDAR_ETHIOAA:
    case CALENDAR_ETHIOPIC: return coptic_year(year - year_shift(calendar), ETHIOPIC_EPOCH);
    case CALENDAR_CHINESE:
    case CALENDAR_DANGI: return lunisolar_year(calendar, year);
    case CALENDAR_HEBREW: return hebrew_year(year);
    case CALENDAR_INDIAN: return indian_year(year);
    case CALENDAR_ISLAMIC_CIVIL: return islamic_year(year, CIVIL_EPOCH);
    case CALENDAR_ISLAMIC_TBLA: return islamic_year(year, CIVIL_EPOCH - 1);
    case CALENDAR_ISLAMIC_UMALQURA: return umalqura_year(year);
    case CALENDAR_PERSIAN: return persian_year(year);
    default: return iso_year(year - year_shift(calendar));
  }
}

static bool calendar_is_lunisolar(CalendarId calendar) {
  return calendar == CALENDAR_CHINESE || calendar == CALENDAR_DANGI;
}

static int months_of_common_year(CalendarId calendar) {
  bool has_thirteen = calendar == CALENDAR_COPTIC || calendar == CALENDAR_ETHIOAA || calendar == CALENDAR_ETHIOPIC;
  return has_thirteen ? 13 : 12;
}

int64_t calendar_months_before(CalendarId calendar, int64_t year) {
  if (calendar == CALENDAR_HEBREW) return hebrew_months_before(year);
  if (calendar_is_lunisolar(calendar)) return lunisolar_months_before(calendar, year);
  return months_of_common_year(calendar) * year;
}

// bounded: the guess is at most a few years off.
int64_t calendar_year_of_month(CalendarId calendar, int64_t month) {
  bool is_lunisolar = calendar_is_lunisolar(calendar);
  if (calendar != CALENDAR_HEBREW && !is_lunisolar) return floor_divide(month, months_of_common_year(calendar));
  int64_t year = floor_divide(19 * month, 235) + (is_lunisolar ? CHINESE_FIRST_YEAR : 0);
  while (calendar_months_before(calendar, year) > month) year--;
  while (calendar_months_before(calendar, year + 1) <= month) year++;
  return year;
}

int64_t calendar_guess_year(CalendarId calendar, int64_t day) {
  int64_t iso_year = iso_date_from_days(day).year;
  switch (calendar) {
    case CALENDAR_COPTIC: return iso_year - 283;
    case CALENDAR_ETHIOAA:
    case CALENDAR_ETHIOPIC: return iso_year - 7 + year_shift(calendar);
    case CALENDAR_HEBREW: return iso_year + 3760;
    case CALENDAR_INDIAN: return iso_year - 78;
    case CALENDAR_ISLAMIC_CIVIL:
    case CALENDAR_ISLAMIC_TBLA:
    case CALENDAR_ISLAMIC_UMALQURA: return floor_divide(30 * (day - CIVIL_EPOCH), 10631) + 1;
    case CALENDAR_PERSIAN: return iso_year - 621;
    default: return iso_year + year_shift(calendar);
  }
}

bool calendar_has_month_code(CalendarId calendar, MonthCode code) {
  if (code.is_leap) {
    return calendar_is_lunisolar(calendar) ? code.number >= 1 && code.number <= 12
                                           : calendar == CALENDAR_HEBREW && code.number == 5;
  }
  return code.number >= 1 && code.number <= months_of_common_year(calendar);
}
