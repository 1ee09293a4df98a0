#include "temporal/calendars.h"

#include <math.h>

#include "temporal/calendar_years.h"
#include "temporal/iso_text.h"

static const char *const calendar_names[] = {
    [CALENDAR_ISO8601] = "iso8601",
    [CALENDAR_BUDDHIST] = "buddhist",
    [CALENDAR_CHINESE] = "chinese",
    [CALENDAR_COPTIC] = "coptic",
    [CALENDAR_DANGI] = "dangi",
    [CALENDAR_ETHIOAA] = "ethioaa",
    [CALENDAR_ETHIOPIC] = "ethiopic",
    [CALENDAR_GREGORY] = "gregory",
    [CALENDAR_HEBREW] = "hebrew",
    [CALENDAR_INDIAN] = "indian",
    [CALENDAR_ISLAMIC_CIVIL] = "islamic-civil",
    [CALENDAR_ISLAMIC_TBLA] = "islamic-tbla",
    [CALENDAR_ISLAMIC_UMALQURA] = "islamic-umalqura",
    [CALENDAR_JAPANESE] = "japanese",
    [CALENDAR_PERSIAN] = "persian",
    [CALENDAR_ROC] = "roc",
    // Other names.
    [CALENDARS] = "ethiopic-amete-alem",
    [CALENDARS + 1] = "islamicc",
};

const char *calendar_name(CalendarId calendar) { return calendar_names[calendar]; }

// bounded: the calendars.
bool calendar_find(TextView name, CalendarId *calendar) {
  for (int id = 0; id < (int)COUNT_OF(calendar_names); id++) {
    if (!text_equals_ignoring_case(name, calendar_names[id])) continue;
    *calendar = id < CALENDARS ? (CalendarId)id : id == CALENDARS ? CALENDAR_ETHIOAA : CALENDAR_ISLAMIC_CIVIL;
    return true;
  }
  return false;
}

// Eras -----------------------------------------------------------------------------------------------
// https://tc39.es/proposal-intl-era-monthcode/#table-eras

typedef struct Era {
  uint8_t calendar;  // CalendarId
  char name[7], alias[3];
  bool is_backward;    // year 1 of it is year 0
  int32_t first_year;  // the year that is the first of the era
  IsoDate start;       // when the era began; year 0: it has a year 1 before it, or none at all
} Era;
// Of each calendar the latest first.
static const Era eras[] = {
    {CALENDAR_BUDDHIST, "be", "", false, 1, {0, 0, 0}},
    {CALENDAR_COPTIC, "am", "", false, 1, {0, 0, 0}},
    {CALENDAR_ETHIOAA, "aa", "", false, 1, {0, 0, 0}},
    {CALENDAR_ETHIOPIC, "am", "", false, 1, {8, 8, 27}},
    {CALENDAR_ETHIOPIC, "aa", "", false, -5499, {0, 0, 0}},
    {CALENDAR_GREGORY, "ce", "ad", false, 1, {1, 1, 1}},
    {CALENDAR_GREGORY, "bce", "bc", true, 0, {0, 0, 0}},
    {CALENDAR_HEBREW, "am", "", false, 1, {0, 0, 0}},
    {CALENDAR_INDIAN, "shaka", "", false, 1, {0, 0, 0}},
    {CALENDAR_ISLAMIC_CIVIL, "ah", "", false, 1, {622, 7, 19}},
    {CALENDAR_ISLAMIC_CIVIL, "bh", "", true, 0, {0, 0, 0}},
    {CALENDAR_ISLAMIC_TBLA, "ah", "", false, 1, {622, 7, 18}},
    {CALENDAR_ISLAMIC_TBLA, "bh", "", true, 0, {0, 0, 0}},
    {CALENDAR_ISLAMIC_UMALQURA, "ah", "", false, 1, {622, 7, 19}},
    {CALENDAR_ISLAMIC_UMALQURA, "bh", "", true, 0, {0, 0, 0}},
    {CALENDAR_JAPANESE, "reiwa", "", false, 2019, {2019, 5, 1}},
    {CALENDAR_JAPANESE, "heisei", "", false, 1989, {1989, 1, 8}},
    {CALENDAR_JAPANESE, "showa", "", false, 1926, {1926, 12, 25}},
    {CALENDAR_JAPANESE, "taisho", "", false, 1912, {1912, 7, 30}},
    {CALENDAR_JAPANESE, "meiji", "", false, 1868, {1873, 1, 1}},
    {CALENDAR_JAPANESE, "ce", "ad", false, 1, {1, 1, 1}},
    {CALENDAR_JAPANESE, "bce", "bc", true, 0, {0, 0, 0}},
    {CALENDAR_PERSIAN, "ap", "", false, 1, {0, 0, 0}},
    {CALENDAR_ROC, "roc", "", false, 1, {1912, 1, 1}},
    {CALENDAR_ROC, "broc", "", true, 0, {0, 0, 0}},
};

// bounded: the eras.
static const Era *first_era(CalendarId calendar) {
  for (size_t i = 0; i < COUNT_OF(eras); i++) {
    if (eras[i].calendar == calendar) return &eras[i];
  }
  return NULL;
}

// bounded: the eras of a calendar.
static const Era *find_era(CalendarId calendar, const char *name) {
  for (const Era *era = first_era(calendar); era && era < eras + COUNT_OF(eras) && era->calendar == calendar; era++) {
    if (strcmp(era->name, name) == 0 || (era->alias[0] && strncmp(era->alias, name, sizeof era->alias) == 0))
      return era;
  }
  return NULL;
}

// bounded: the eras of a calendar.
static const Era *era_of_date(CalendarId calendar, IsoDate date) {
  const Era *era = first_era(calendar);
  while (era && era->start.month && iso_compare_dates(date, era->start) < 0) era++;
  return era;
}

// https://tc39.es/proposal-intl-era-monthcode/#sec-temporal-calendardatearithmeticyearforerayear
static double year_of_era(const Era *era, double year) {
  return era->is_backward ? 1 - year : era->first_year - 1 + year;
}

// Dates ----------------------------------------------------------------------------------------------

typedef struct Position {
  CalendarYear of_year;
  int64_t year;
  int month, day;  // from 1
} Position;

// bounded: at most 13 months.
static int days_before_month(const CalendarYear *year, int month) {
  int days = 0;
  for (int i = 0; i < month - 1; i++) days += year->days[i];
  return days;
}

static int days_in_year(const CalendarYear *year) { return days_before_month(year, year->months + 1); }

// bounded: a guess is at most a few years off; at most 13 months.
static Position position_of(CalendarId calendar, IsoDate date) {
  int64_t day = iso_date_to_days(date);
  Position position = {.year = calendar_guess_year(calendar, day), .month = 1};
  position.of_year = calendar_year(calendar, position.year);
  while (day < position.of_year.first_day) position.of_year = calendar_year(calendar, --position.year);
  while (day >= position.of_year.first_day + days_in_year(&position.of_year)) {
    position.of_year = calendar_year(calendar, ++position.year);
  }
  int rest = (int)(day - position.of_year.first_day);
  while (rest >= position.of_year.days[position.month - 1]) rest -= position.of_year.days[position.month++ - 1];
  position.day = rest + 1;
  return position;
}

static MonthCode month_code_of(const CalendarYear *year, int month) {
  bool is_leap = month == year->leap_month, is_shifted = year->leap_month && month >= year->leap_month;
  return (MonthCode){(uint8_t)(month - is_shifted), is_leap};
}

static bool year_has_month_code(const CalendarYear *year, MonthCode code) {
  return !code.is_leap || year->leap_month == code.number + 1;
}

// The place of the month. When the year does not have it: that of the one that takes its place; 0 when not
// `constrains`. https://tc39.es/proposal-intl-era-monthcode/#sec-temporal-constrainmonthcode and -monthcodetoordinal
static int month_of_code(const CalendarYear *year, MonthCode code, bool constrains) {
  if (!year_has_month_code(year, code)) {
    if (!constrains) return 0;
    // In Hebrew years the month after it takes the place of a leap month, else the one before.
    code = (MonthCode){(uint8_t)(code.number + year->leaps_forward), false};
  }
  return code.number + (year->leap_month && (code.is_leap || code.number >= year->leap_month));
}

CalendarDate calendar_date(CalendarId calendar, IsoDate date) {
  Position position = position_of(calendar, date);
  const CalendarYear *year = &position.of_year;
  const Era *era = era_of_date(calendar, date);
  int32_t arithmetic_year = (int32_t)position.year;
  return (CalendarDate){
      .era = era ? era->name : NULL,
      .era_year = !era               ? 0
                  : era->is_backward ? 1 - arithmetic_year
                                     : arithmetic_year - era->first_year + 1,
      .year = arithmetic_year,
      .month = (uint8_t)position.month,
      .day = (uint8_t)position.day,
      .month_code = month_code_of(year, position.month),
      .day_of_year = (uint16_t)(days_before_month(year, position.month) + position.day),
      .days_in_year = (uint16_t)days_in_year(year),
      .days_in_month = year->days[position.month - 1],
      .months_in_year = year->months,
      .is_in_leap_year = year->is_leap,
  };
}

// Arithmetic -----------------------------------------------------------------------------------------

// The first day of the month that comes `months` after a month of a year, and that month. False: too far away.
static MUST_CHECK bool month_after(CalendarId calendar, int64_t year, int month, int64_t months, Position *result) {
  enum { MONTHS_ADDED_MOST = 2 * MONTHS_MOST * CALENDAR_YEARS_MOST };
  if (months > MONTHS_ADDED_MOST || months < -MONTHS_ADDED_MOST) return false;
  int64_t number = calendar_months_before(calendar, year) + month - 1 + months;
  result->year = calendar_year_of_month(calendar, number);
  if (result->year > CALENDAR_YEARS_MOST || result->year < -CALENDAR_YEARS_MOST) return false;
  result->of_year = calendar_year(calendar, result->year);
  result->month = (int)(number - calendar_months_before(calendar, result->year)) + 1;
  return true;
}

static int64_t day_of_position(const Position *position, int day) {
  return position->of_year.first_day + days_before_month(&position->of_year, position->month) + day - 1;
}

// https://tc39.es/proposal-intl-era-monthcode/#sup-temporal-nonisodateadd, which describes all calendars.
bool calendar_add(CalendarId calendar, IsoDate date, const DateDuration *duration, bool constrains, IsoDate *result) {
  Position from = position_of(calendar, date), to;
  int64_t year = from.year + duration->years;
  if (year > CALENDAR_YEARS_MOST || year < -CALENDAR_YEARS_MOST) return false;
  CalendarYear of_year = calendar_year(calendar, year);
  int month = month_of_code(&of_year, month_code_of(&from.of_year, from.month), constrains);
  if (month == 0 || !month_after(calendar, year, month, duration->months, &to)) return false;
  int days_in_month = to.of_year.days[to.month - 1];
  if (from.day > days_in_month && !constrains) return false;
  int64_t day = day_of_position(&to, MIN_OF(from.day, days_in_month)) + 7 * duration->weeks + duration->days;
  if (day > 1 << 28 || day < -(1 << 28)) return false;  // so that the year fits
  *result = iso_date_from_days(day);
  return iso_date_is_within_limits(*result);
}

static int compare_places(int64_t year, int month, int day, const Position *target) {
  if (year != target->year) return year < target->year ? -1 : 1;
  int difference = (month - target->month) * 64 + day - target->day;
  return (difference > 0) - (difference < 0);
}

// Whether so many years and months after `from`, the day of the month being left as it is, are beyond the target.
// https://tc39.es/proposal-intl-era-monthcode/#sec-temporal-nonisodatesurpasses
static bool surpasses(CalendarId calendar, int sign, const Position *from, const Position *target, int64_t years,
                      int64_t months, Position *reached) {
  int64_t year = from->year + years;
  MonthCode code = month_code_of(&from->of_year, from->month);
  MonthCode target_code = month_code_of(&target->of_year, target->month);
  // Codes are in the order of their numbers; a leap month follows the one of its number.
  if (sign * compare_places(
                 year, 2 * code.number + code.is_leap, from->day,
                 &(Position){
                     .year = target->year, .month = 2 * target_code.number + target_code.is_leap, .day = target->day}) >
      0)
    return true;
  CalendarYear of_year = calendar_year(calendar, year);
  return !month_after(calendar, year, month_of_code(&of_year, code, true), months, reached) ||
         sign * compare_places(reached->year, reached->month, from->day, target) > 0;
}

DateDuration calendar_until(CalendarId calendar, IsoDate one, IsoDate two, TemporalUnit largest_unit) {
  DateDuration result = {0};
  int sign = iso_compare_dates(two, one);
  if (sign == 0) return result;
  Position from = position_of(calendar, one), target = position_of(calendar, two), reached = from;
  // The number of years is the difference, or one less; then the same with months.
  if (largest_unit == UNIT_YEAR) {
    result.years = target.year - from.year;
    if (surpasses(calendar, sign, &from, &target, result.years, 0, &reached)) result.years -= sign;
    if (result.years * sign < 0) result.years = 0;
  }
  if (largest_unit <= UNIT_MONTH) {
    (void)surpasses(calendar, sign, &from, &target, result.years, 0, &reached);
    result.months = calendar_months_before(calendar, target.year) + target.month -
                    calendar_months_before(calendar, reached.year) - reached.month;
    if (surpasses(calendar, sign, &from, &target, result.years, result.months, &reached)) result.months -= sign;
    if (result.months * sign < 0) result.months = 0;
    (void)surpasses(calendar, sign, &from, &target, result.years, result.months, &reached);
  }
  result.days =
      iso_date_to_days(two) - day_of_position(&reached, MIN_OF(from.day, reached.of_year.days[reached.month - 1]));
  if (largest_unit == UNIT_WEEK) {
    result.weeks = result.days / 7;
    result.days %= 7;
  }
  return result;
}

// Fields ---------------------------------------------------------------------------------------------

// https://tc39.es/proposal-intl-era-monthcode/#sup-temporal-calendarextrafields
uint32_t calendar_extra_fields(CalendarId calendar, uint32_t fields) {
  return fields & FIELD_YEAR && first_era(calendar) ? FIELD_ERA | FIELD_ERA_YEAR : 0;
}

DateFields calendar_to_fields(CalendarId calendar, IsoDate date, DateFieldsType type) {
  CalendarDate parts = calendar_date(calendar, date);
  DateFields fields = {.present = FIELD_MONTH_CODE, .month_code = parts.month_code};
  if (type != DATE_FIELDS_YEAR_MONTH) {
    fields.present |= FIELD_DAY;
    fields.day = parts.day;
  }
  if (type != DATE_FIELDS_MONTH_DAY) {
    fields.present |= FIELD_YEAR;
    fields.year = parts.year;
  }
  return fields;
}

// bounded: the fields of a time.
DateFields calendar_merge_fields(CalendarId calendar, const DateFields *fields, const DateFields *additional) {
  enum { YEARS = FIELD_ERA | FIELD_ERA_YEAR | FIELD_YEAR, MONTHS = FIELD_MONTH | FIELD_MONTH_CODE };
  uint32_t added = additional->present, ignored = added;
  if (added & MONTHS) ignored |= MONTHS;
  if (added & YEARS) ignored |= YEARS;
  // Eras that do not begin with a year.
  if (calendar == CALENDAR_JAPANESE && added & (MONTHS | FIELD_DAY)) ignored |= FIELD_ERA | FIELD_ERA_YEAR;
  DateFields merged = *fields;
  merged.present = (fields->present & ~ignored) | added;
  if (added & FIELD_ERA) memcpy(merged.era, additional->era, sizeof merged.era);
  if (added & FIELD_ERA_YEAR) merged.era_year = additional->era_year;
  if (added & FIELD_YEAR) merged.year = additional->year;
  if (added & FIELD_MONTH) merged.month = additional->month;
  if (added & FIELD_MONTH_CODE) merged.month_code = additional->month_code;
  if (added & FIELD_DAY) merged.day = additional->day;
  if (added & FIELD_OFFSET) merged.offset = additional->offset;
  for (int i = 0; i < TIME_FIELDS; i++) {
    if (added & (uint32_t)FIELD_HOUR << i) merged.time[i] = additional->time[i];
  }
  return merged;
}

static bool year_is_known(double year) { return year >= -CALENDAR_YEARS_MOST && year <= CALENDAR_YEARS_MOST; }

// Fills in the year of an era; and the month where only its code is given, if the year is known.
// https://tc39.es/proposal-temporal/#sec-temporal-calendarresolvefields
// https://tc39.es/proposal-intl-era-monthcode/#sup-temporal-nonisoresolvefields
static MUST_CHECK FieldsProblem resolve_fields(CalendarId calendar, DateFields *fields, DateFieldsType type) {
  uint32_t present = fields->present;
  bool is_iso = calendar == CALENDAR_ISO8601;
  bool needs_year =
      type != DATE_FIELDS_MONTH_DAY || (!is_iso && (!(present & FIELD_MONTH_CODE) || present & FIELD_MONTH));
  bool has_era = present & FIELD_ERA, has_era_year = present & FIELD_ERA_YEAR;
  if ((needs_year && !(present & FIELD_YEAR) && !(has_era && has_era_year)) || has_era != has_era_year)
    return FIELDS_MISSING;
  if (type != DATE_FIELDS_YEAR_MONTH && !(present & FIELD_DAY)) return FIELDS_MISSING;
  if (!(present & (FIELD_MONTH | FIELD_MONTH_CODE))) return FIELDS_MISSING;
  if (has_era) {
    const Era *era = find_era(calendar, fields->era);
    double year = era ? year_of_era(era, fields->era_year) : 0;
    if (!era || (present & FIELD_YEAR && fields->year != year)) return FIELDS_OUT_OF_RANGE;
    fields->year = year;
    fields->present |= FIELD_YEAR;
  }
  if (!(present & FIELD_MONTH_CODE)) return FIELDS_GOOD;
  if (!calendar_has_month_code(calendar, fields->month_code)) return FIELDS_OUT_OF_RANGE;
  double month = fields->month_code.number;
  if (!is_iso) {
    if (!(fields->present & FIELD_YEAR)) return FIELDS_GOOD;
    if (!year_is_known(fields->year)) return FIELDS_OUT_OF_RANGE;
    CalendarYear year = calendar_year(calendar, (int64_t)fields->year);
    month = month_of_code(&year, fields->month_code, true);
  }
  if (present & FIELD_MONTH && fields->month != month) return FIELDS_OUT_OF_RANGE;
  fields->month = month;
  return FIELDS_GOOD;
}

// The month and day in a year of the calendar. False: there is no such date.
static MUST_CHECK bool place_fields(CalendarId calendar, const DateFields *fields, bool constrains,
                                    Position *position) {
  if (!year_is_known(fields->year)) return false;
  position->year = (int64_t)fields->year;
  position->of_year = calendar_year(calendar, position->year);
  if (fields->present & FIELD_MONTH_CODE && !constrains && !year_has_month_code(&position->of_year, fields->month_code))
    return false;
  double months = position->of_year.months, month = fields->month > months ? months : fields->month;
  position->month = (int)month;
  double days = position->of_year.days[position->month - 1], day = fields->day > days ? days : fields->day;
  position->day = (int)day;
  return constrains || (month == fields->month && day == fields->day);
}

// The most days that the month has in any year.
// bounded: a cycle of years.
static int most_days(CalendarId calendar, MonthCode code) {
  if (calendar == CALENDAR_CHINESE || calendar == CALENDAR_DANGI) return 30;
  int most = 0;
  int64_t year = calendar_guess_year(calendar, 0);
  for (int i = 0; i < 33; i++) {
    CalendarYear of_year = calendar_year(calendar, year - i);
    int month = month_of_code(&of_year, code, false);
    if (month > 0) most = MAX_OF(most, of_year.days[month - 1]);
  }
  return most;
}

// The day of the latest year until 1972 which has the month and day; or else of the first one after that, until 2035.
// bounded: these years.
static MUST_CHECK bool find_reference(CalendarId calendar, MonthCode code, int day, IsoDate *date) {
  int64_t first = iso_date_to_days((IsoDate){1900, 1, 1}), end = iso_date_to_days((IsoDate){1973, 1, 1});
  int64_t last = iso_date_to_days((IsoDate){2036, 1, 1}), around = calendar_guess_year(calendar, end);
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < 80; i++) {
      int64_t year = pass == 0 ? around + 2 - i : around - 2 + i;
      CalendarYear of_year = calendar_year(calendar, year);
      int month = month_of_code(&of_year, code, false);
      if (month == 0 || day > of_year.days[month - 1]) continue;
      int64_t found = of_year.first_day + days_before_month(&of_year, month) + day - 1;
      if (pass == 0 ? found < first || found >= end : found < end || found >= last) continue;
      *date = iso_date_from_days(found);
      return true;
    }
  }
  return false;
}

// https://tc39.es/proposal-intl-era-monthcode/#sup-temporal-nonisomonthdaytoisoreferencedate
static MUST_CHECK bool month_day_from_fields(CalendarId calendar, const DateFields *fields, bool constrains,
                                             IsoDate *date) {
  MonthCode code = fields->month_code;
  double day = fields->day;
  if (fields->present & FIELD_YEAR) {
    Position position;
    if (!place_fields(calendar, fields, constrains, &position)) return false;
    const CalendarYear *year = &position.of_year;
    if (!iso_date_is_within_limits(iso_date_from_days(year->first_day)) &&
        !iso_date_is_within_limits(iso_date_from_days(year->first_day + days_in_year(year) - 1)))
      return false;
    code = month_code_of(year, position.month);
    day = position.day;
  } else {
    int most = most_days(calendar, code);
    if (day > most && !constrains) return false;
    day = day > most ? most : day;
  }
  if (find_reference(calendar, code, (int)day, date)) return true;
  // A leap month that is too rare.
  return constrains && find_reference(calendar, (MonthCode){code.number, false}, (int)day, date);
}

FieldsProblem calendar_from_fields(CalendarId calendar, const DateFields *given, DateFieldsType type, bool constrains,
                                   IsoDate *date) {
  DateFields fields = *given;
  if (type == DATE_FIELDS_YEAR_MONTH) fields.day = 1;
  FieldsProblem problem = resolve_fields(calendar, &fields, type);
  if (problem != FIELDS_GOOD) return problem;
  bool is_good;
  if (type == DATE_FIELDS_MONTH_DAY && calendar == CALENDAR_ISO8601) {
    // The year may be any: it only tells whether it is a leap year.
    double year = fields.present & FIELD_YEAR ? fmod(fields.year, 400) + 2000 : 1972;
    is_good = iso_date_from_numbers(year, fields.month, fields.day, constrains, date);
    date->year = 1972;
  } else if (type == DATE_FIELDS_MONTH_DAY) {
    is_good = month_day_from_fields(calendar, &fields, constrains, date);
  } else {
    Position position;
    is_good = place_fields(calendar, &fields, constrains, &position);
    if (is_good) *date = iso_date_from_days(day_of_position(&position, position.day));
    is_good = is_good && (type == DATE_FIELDS_YEAR_MONTH ? iso_year_month_is_within_limits(*date)
                                                         : iso_date_is_within_limits(*date));
  }
  return is_good ? FIELDS_GOOD : FIELDS_OUT_OF_RANGE;
}
