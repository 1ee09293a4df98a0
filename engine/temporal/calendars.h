// Calendars: what years, months and days they have, and arithmetic with these.
//
// A calendar describes any of its years (calendar_year): its first day, and the lengths of its months. All else is the
// same for all calendars. Years are arithmetic years: they are counted through, without eras.
#ifndef CAISSON_TEMPORAL_CALENDARS_H
#define CAISSON_TEMPORAL_CALENDARS_H

#include "base/text_view.h"
#include "temporal/duration.h"
#include "temporal/zones.h"

typedef enum CalendarId {
  CALENDAR_ISO8601,
  CALENDAR_BUDDHIST,
  CALENDAR_CHINESE,
  CALENDAR_COPTIC,
  CALENDAR_DANGI,
  CALENDAR_ETHIOAA,
  CALENDAR_ETHIOPIC,
  CALENDAR_GREGORY,
  CALENDAR_HEBREW,
  CALENDAR_INDIAN,
  CALENDAR_ISLAMIC_CIVIL,
  CALENDAR_ISLAMIC_TBLA,
  CALENDAR_ISLAMIC_UMALQURA,
  CALENDAR_JAPANESE,
  CALENDAR_PERSIAN,
  CALENDAR_ROC,
  CALENDARS,
} CalendarId;

// By any of its names, in any letter case. False: there is none.
MUST_CHECK bool calendar_find(TextView name, CalendarId *calendar);
const char *calendar_name(CalendarId calendar);

// https://tc39.es/proposal-temporal/#sec-temporal-month-codes
typedef struct MonthCode {
  uint8_t number;  // 0 to 99
  bool is_leap;
} MonthCode;

// What a calendar says of a date. https://tc39.es/proposal-temporal/#sec-temporal-calendar-date-records
typedef struct CalendarDate {
  const char *era;  // NULL: the calendar has none
  int32_t era_year, year;
  uint8_t month, day;  // from 1
  MonthCode month_code;
  uint16_t day_of_year, days_in_year;
  uint8_t days_in_month, months_in_year;
  bool is_in_leap_year;
} CalendarDate;
CalendarDate calendar_date(CalendarId calendar, IsoDate date);

// What a program gives to name a date, and more. Numbers are integers of any size.
// https://tc39.es/proposal-temporal/#sec-temporal-calendar-fields-records
enum {
  FIELD_ERA = 1,
  FIELD_ERA_YEAR = 2,
  FIELD_YEAR = 4,
  FIELD_MONTH = 8,
  FIELD_MONTH_CODE = 16,
  FIELD_DAY = 32,
  FIELD_HOUR = 64,  // the fields of a time, in their order
  FIELD_NANOSECOND = FIELD_HOUR << (TIME_FIELDS - 1),
  FIELD_OFFSET = FIELD_NANOSECOND << 1,
  FIELD_TIME_ZONE = FIELD_OFFSET << 1,
  FIELDS_OF_TIME = FIELD_HOUR * ((1 << TIME_FIELDS) - 1),
  FIELDS_OF_DATE = FIELD_YEAR | FIELD_MONTH | FIELD_MONTH_CODE | FIELD_DAY,
};
enum { ERA_SIZE = 16 };
typedef struct DateFields {
  uint32_t present;  // those that are set; others are 0
  char era[ERA_SIZE];
  double era_year, year, month, day, time[TIME_FIELDS];
  MonthCode month_code;
  int64_t offset;  // nanoseconds
  ZoneId zone;
} DateFields;

typedef enum DateFieldsType { DATE_FIELDS_DATE, DATE_FIELDS_YEAR_MONTH, DATE_FIELDS_MONTH_DAY } DateFieldsType;
// Which fields a program may give besides those of `fields`.
uint32_t calendar_extra_fields(CalendarId calendar, uint32_t fields);
// https://tc39.es/proposal-temporal/#sec-temporal-isodatetofields
DateFields calendar_to_fields(CalendarId calendar, IsoDate date, DateFieldsType type);
// https://tc39.es/proposal-temporal/#sec-temporal-calendarmergefields
DateFields calendar_merge_fields(CalendarId calendar, const DateFields *fields, const DateFields *additional);
typedef enum FieldsProblem { FIELDS_GOOD, FIELDS_MISSING, FIELDS_OUT_OF_RANGE } FieldsProblem;
// The date, year and month, or month and day, that the fields name; within limits.
// https://tc39.es/proposal-temporal/#sec-temporal-calendardatefromfields and its kin
MUST_CHECK FieldsProblem calendar_from_fields(CalendarId calendar, const DateFields *fields, DateFieldsType type,
                                              bool constrains, IsoDate *date);

// False: the result does not exist (when not `constrains`), or is not within limits.
// https://tc39.es/proposal-temporal/#sec-temporal-calendardateadd
MUST_CHECK bool calendar_add(CalendarId calendar, IsoDate date, const DateDuration *duration, bool constrains,
                             IsoDate *result);
// https://tc39.es/proposal-temporal/#sec-temporal-calendardateuntil
DateDuration calendar_until(CalendarId calendar, IsoDate one, IsoDate two, TemporalUnit largest_unit);

#endif
