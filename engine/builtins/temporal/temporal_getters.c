// The getters of all types but Temporal.Duration.
#include "builtins/temporal/temporal.h"
#include "runtime/bigints.h"
#include "runtime/errors.h"

static Value month_code_text(Context *cx, MonthCode code) {
  char text[4] = {'M', (char)('0' + code.number / 10), (char)('0' + code.number % 10), 'L'};
  return string_from_utf8(cx, text, 3 + code.is_leap);
}

// https://tc39.es/proposal-temporal/#sec-get-temporal.zoneddatetime.prototype.hoursinday
static Value hours_in_day(Context *cx, const TemporalRecord *record) {
  Nanoseconds today, tomorrow;
  if (!zone_start_of_day(record->zone, record->iso.date, &today) ||
      !zone_start_of_day(record->zone, iso_date_add_days(record->iso.date, 1), &tomorrow))
    return temporal_throw_out_of_range(cx);
  return value_number(time_duration_total(tomorrow - today, UNIT_HOUR));
}

static Value get_of_date(Context *cx, TemporalGetter getter, const TemporalRecord *record) {
  CalendarDate date = calendar_date(record->calendar, record->iso.date);
  switch (getter) {
    case GET_ERA: return date.era ? string_from_ascii(cx, date.era) : VALUE_UNDEFINED;
    case GET_ERA_YEAR: return date.era ? value_int(date.era_year) : VALUE_UNDEFINED;
    case GET_YEAR: return value_int(date.year);
    case GET_MONTH: return value_int(date.month);
    case GET_MONTH_CODE: return month_code_text(cx, date.month_code);
    case GET_DAY: return value_int(date.day);
    case GET_DAY_OF_YEAR: return value_int(date.day_of_year);
    case GET_DAYS_IN_MONTH: return value_int(date.days_in_month);
    case GET_DAYS_IN_YEAR: return value_int(date.days_in_year);
    case GET_MONTHS_IN_YEAR: return value_int(date.months_in_year);
    default: return value_boolean(date.is_in_leap_year);
  }
}

// https://tc39.es/proposal-temporal/#sec-get-temporal.plaindate.prototype.calendarid and all others
Value temporal_get(Context *cx, const Call *call) {
  TemporalType type = temporal_magic_type(call);
  TemporalGetter getter = (TemporalGetter)temporal_magic_rest(call);
  if (!temporal_this(cx, call, type)) return VALUE_ABRUPT;
  TemporalRecord record = temporal_record(call->this_value);
  double time[TIME_FIELDS];
  int32_t year;
  char text[ZONE_ID_SIZE];
  switch (getter) {
    case GET_CALENDAR_ID: return string_from_ascii(cx, calendar_name(record.calendar));
    case GET_TIME_ZONE_ID: return string_from_utf8(cx, text, zone_write_id(record.zone, text));
    case GET_HOUR:
    case GET_MINUTE:
    case GET_SECOND:
    case GET_MILLISECOND:
    case GET_MICROSECOND:
    case GET_NANOSECOND: iso_time_to_fields(record.iso.time, time); return value_number(time[getter - GET_HOUR]);
    case GET_EPOCH_MILLISECONDS: return value_number((double)nanoseconds_divide_floor(record.epoch, 1000000));
    case GET_EPOCH_NANOSECONDS: return bigint_from_int128(cx, record.epoch);
    case GET_DAY_OF_WEEK: return value_int(iso_day_of_week(record.iso.date));
    case GET_WEEK_OF_YEAR:
    case GET_YEAR_OF_WEEK: {
      if (record.calendar != CALENDAR_ISO8601) return VALUE_UNDEFINED;
      int week = iso_week_of_year(record.iso.date, &year);
      return value_int(getter == GET_WEEK_OF_YEAR ? week : year);
    }
    case GET_HOURS_IN_DAY: return hours_in_day(cx, &record);
    case GET_DAYS_IN_WEEK: return value_int(7);
    case GET_OFFSET_NANOSECONDS: return value_number((double)zone_offset(record.zone, record.epoch));
    case GET_OFFSET: return string_from_utf8(cx, text, iso_write_offset(zone_offset(record.zone, record.epoch), text));
    default: return get_of_date(cx, getter, &record);
  }
}
