#include "temporal/difference.h"

Origin origin_plain(IsoDateTime iso, CalendarId calendar) {
  return (Origin){.iso = iso, .epoch = iso_to_nanoseconds(iso), .calendar = calendar};
}

Origin origin_zoned(Nanoseconds instant, ZoneId zone, CalendarId calendar) {
  return (Origin){
      .iso = zone_to_iso(zone, instant), .epoch = instant, .calendar = calendar, .is_zoned = true, .zone = zone};
}

double time_duration_total(Nanoseconds time, TemporalUnit unit) { return exact_quotient(time, unit_nanoseconds(unit)); }

InternalDuration difference_of_instants(Nanoseconds one, Nanoseconds two, const DifferenceSettings *settings) {
  Nanoseconds time = two - one;
  bool is_valid = time_duration_round(&time, settings->increment, settings->smallest_unit, settings->mode);
  ASSERT(is_valid);
  (void)is_valid;
  return (InternalDuration){.time = time};
}

// The instant (or date and time) that comes a number of years, months, weeks and days after the origin.
static MUST_CHECK bool origin_after(const Origin *origin, const DateDuration *duration, Nanoseconds *epoch) {
  IsoDateTime end = origin->iso;
  if (!calendar_add(origin->calendar, origin->iso.date, duration, true, &end.date)) return false;
  if (origin->is_zoned) return zone_to_instant(origin->zone, end, DISAMBIGUATE_COMPATIBLE, epoch);
  *epoch = iso_to_nanoseconds(end);
  return true;
}

bool zoned_add(const Origin *origin, const InternalDuration *duration, bool constrains, Nanoseconds *instant) {
  *instant = origin->epoch;
  if (date_duration_sign(&duration->date) != 0) {
    IsoDateTime end = origin->iso;
    if (!calendar_add(origin->calendar, origin->iso.date, &duration->date, constrains, &end.date) ||
        !iso_is_within_limits(end) || !zone_to_instant(origin->zone, end, DISAMBIGUATE_COMPATIBLE, instant))
      return false;
  }
  *instant += duration->time;
  return instant_is_valid(*instant);
}

// Differences ----------------------------------------------------------------------------------------

// https://tc39.es/proposal-temporal/#sec-temporal-differenceisodatetime
static InternalDuration difference_of_date_times(const Origin *origin, IsoDateTime end, TemporalUnit largest_unit) {
  Nanoseconds time = end.time - origin->iso.time;
  int time_sign = sign_of(time);
  IsoDate date = end.date;
  if (time_sign && time_sign == iso_compare_dates(origin->iso.date, date)) {
    date = iso_date_add_days(date, time_sign);
    time -= time_sign * NANOSECONDS_PER_DAY;
  }
  TemporalUnit date_unit = unit_larger_of(UNIT_DAY, largest_unit);
  InternalDuration result = {calendar_until(origin->calendar, origin->iso.date, date, date_unit), time};
  if (largest_unit != date_unit) {
    result.time += (Nanoseconds)result.date.days * NANOSECONDS_PER_DAY;
    result.date.days = 0;
  }
  return result;
}

// https://tc39.es/proposal-temporal/#sec-temporal-differencezoneddatetime
// bounded: at most three corrections.
static MUST_CHECK bool difference_of_zoned(const Origin *origin, Nanoseconds end, TemporalUnit largest_unit,
                                           InternalDuration *result) {
  *result = (InternalDuration){.time = end - origin->epoch};
  if (result->time == 0) return true;
  IsoDateTime start = origin->iso, local_end = zone_to_iso(origin->zone, end);
  if (iso_compare_dates(start.date, local_end.date) == 0) return true;
  int sign = result->time < 0 ? 1 : -1;  // the direction in which the date is corrected
  int correction = sign_of(local_end.time - start.time) == sign, most = sign < 0 ? 2 : 1;
  IsoDateTime intermediate = start;
  for (;; correction++) {
    if (correction > most) return false;
    Nanoseconds instant;
    intermediate.date = iso_date_add_days(local_end.date, correction * sign);
    if (!zone_to_instant(origin->zone, intermediate, DISAMBIGUATE_COMPATIBLE, &instant)) return false;
    result->time = end - instant;
    if (sign_of(result->time) != sign) break;
  }
  result->date =
      calendar_until(origin->calendar, start.date, intermediate.date, unit_larger_of(largest_unit, UNIT_DAY));
  return true;
}

// Relative rounding ----------------------------------------------------------------------------------

// The multiples of a unit between which a duration lies, and where they end.
typedef struct NudgeWindow {
  int64_t counts[2];  // of the unit; the first is nearer to zero
  Nanoseconds epochs[2];
  DateDuration durations[2];
} NudgeWindow;

// https://tc39.es/proposal-temporal/#sec-temporal-computenudgewindow
// bounded: two ends.
static MUST_CHECK bool nudge_window(const Origin *origin, const InternalDuration *duration, int sign, int64_t increment,
                                    TemporalUnit unit, bool is_shifted, NudgeWindow *window) {
  DateDuration base = duration->date;
  int64_t count = unit == UNIT_YEAR    ? base.years
                  : unit == UNIT_MONTH ? base.months
                  : unit == UNIT_WEEK  ? base.weeks
                                       : base.days;
  if (unit == UNIT_WEEK) {
    IsoDate start;
    DateDuration years_and_months = {.years = base.years, .months = base.months};
    if (!calendar_add(origin->calendar, origin->iso.date, &years_and_months, true, &start)) return false;
    count += calendar_until(origin->calendar, start, iso_date_add_days(start, base.days), UNIT_WEEK).weeks;
  }
  count -= count % increment;
  if (is_shifted) count += increment * sign;
  for (int i = 0; i < 2; i++) {
    DateDuration *end = &window->durations[i];
    int64_t number = window->counts[i] = count + i * increment * sign;
    *end = (DateDuration){.years = base.years};
    if (unit == UNIT_YEAR) end->years = number;
    else if (unit == UNIT_MONTH) end->months = number;
    else {
      end->months = base.months;
      end->weeks = unit == UNIT_WEEK ? number : base.weeks;
      end->days = unit == UNIT_DAY ? number : 0;
    }
    if (!date_duration_is_valid(end)) return false;
    if (date_duration_sign(end) == 0) window->epochs[i] = origin->epoch;
    else if (!origin_after(origin, end, &window->epochs[i])) return false;
  }
  return window->epochs[0] != window->epochs[1];
}

typedef struct Nudge {
  InternalDuration duration;
  Nanoseconds epoch;
  bool did_expand;  // to the next day or a larger unit
} Nudge;

// https://tc39.es/proposal-temporal/#sec-temporal-nudgetocalendarunit
// `total` gets the exact number of units when it is not NULL.
static MUST_CHECK bool nudge_to_calendar_unit(const Origin *origin, const InternalDuration *duration, Nanoseconds end,
                                              int sign, const DifferenceSettings *settings, Nudge *nudge,
                                              double *total) {
  NudgeWindow window;
  TemporalUnit unit = settings->smallest_unit;
  nudge->did_expand = false;
  if (!nudge_window(origin, duration, sign, settings->increment, unit, false, &window)) return false;
  if (sign * (end - window.epochs[0]) < 0 || sign * (window.epochs[1] - end) < 0) {
    nudge->did_expand = true;
    if (!nudge_window(origin, duration, sign, settings->increment, unit, true, &window)) return false;
  }
  Nanoseconds length = sign * (window.epochs[1] - window.epochs[0]), progress = sign * (end - window.epochs[0]);
  if (length <= 0 || progress < 0 || progress > length) return false;  // of no known time zone
  if (total) *total = exact_quotient(window.counts[0] * length + progress * settings->increment * sign, length);
  bool is_even = window.counts[0] / settings->increment % 2 == 0;
  bool expands = progress == length ||
                 (progress > 0 && rounding_expands(settings->mode, sign < 0, sign_of(2 * progress - length), is_even));
  nudge->did_expand |= expands;
  nudge->duration = (InternalDuration){.date = window.durations[expands]};
  nudge->epoch = window.epochs[expands];
  return true;
}

// https://tc39.es/proposal-temporal/#sec-temporal-nudgetozonedtime
static MUST_CHECK bool nudge_to_zoned_time(const Origin *origin, const InternalDuration *duration, int sign,
                                           const DifferenceSettings *settings, Nudge *nudge) {
  IsoDateTime start = origin->iso, end = origin->iso;
  Nanoseconds start_epoch, end_epoch, time = duration->time;
  if (!calendar_add(origin->calendar, origin->iso.date, &duration->date, true, &start.date)) return false;
  end.date = iso_date_add_days(start.date, sign);
  if (!zone_to_instant(origin->zone, start, DISAMBIGUATE_COMPATIBLE, &start_epoch) ||
      !zone_to_instant(origin->zone, end, DISAMBIGUATE_COMPATIBLE, &end_epoch) ||
      !time_duration_round(&time, settings->increment, settings->smallest_unit, settings->mode))
    return false;
  Nanoseconds beyond = time - (end_epoch - start_epoch);
  nudge->did_expand = sign_of(beyond) != -sign;
  nudge->duration.date = duration->date;
  if (nudge->did_expand) {
    nudge->duration.date.days += sign;
    time = beyond;
    if (!time_duration_round(&time, settings->increment, settings->smallest_unit, settings->mode)) return false;
  }
  nudge->duration.time = time;
  nudge->epoch = (nudge->did_expand ? end_epoch : start_epoch) + time;
  return true;
}

// https://tc39.es/proposal-temporal/#sec-temporal-nudgetodayortime
static MUST_CHECK bool nudge_to_day_or_time(const InternalDuration *duration, Nanoseconds end,
                                            const DifferenceSettings *settings, Nudge *nudge) {
  Nanoseconds time = duration->time + (Nanoseconds)duration->date.days * NANOSECONDS_PER_DAY, rounded = time;
  if (!time_duration_round(&rounded, settings->increment, settings->smallest_unit, settings->mode)) return false;
  int64_t days = (int64_t)(rounded / NANOSECONDS_PER_DAY);
  nudge->did_expand = sign_of(days - time / NANOSECONDS_PER_DAY) == sign_of(time);
  nudge->epoch = end + rounded - time;
  nudge->duration = (InternalDuration){duration->date, rounded};
  nudge->duration.date.days = 0;
  if (unit_is_date_unit(settings->largest_unit)) {
    nudge->duration.date.days = days;
    nudge->duration.time -= (Nanoseconds)days * NANOSECONDS_PER_DAY;
  }
  return true;
}

// Carries what was rounded up to a full unit over to the larger ones.
// https://tc39.es/proposal-temporal/#sec-temporal-bubblerelativeduration
// bounded: the units.
static MUST_CHECK bool bubble(const Origin *origin, Nudge *nudge, int sign, TemporalUnit largest_unit,
                              TemporalUnit smallest_unit) {
  for (int unit = (int)smallest_unit - 1; unit >= (int)largest_unit; unit--) {
    if (unit == UNIT_WEEK && largest_unit != UNIT_WEEK) continue;
    DateDuration end = nudge->duration.date;
    end.days = 0;
    if (unit == UNIT_WEEK) {
      end.weeks += sign;
    } else {
      end.weeks = 0;
      if (unit == UNIT_MONTH) end.months += sign;
      else end = (DateDuration){.years = end.years + sign};
    }
    Nanoseconds epoch;
    if (!date_duration_is_valid(&end) || !origin_after(origin, &end, &epoch)) return false;
    if (sign_of(nudge->epoch - epoch) == -sign) return true;
    nudge->duration = (InternalDuration){.date = end};
  }
  return true;
}

static int internal_duration_sign(const InternalDuration *duration) {
  int sign = date_duration_sign(&duration->date);
  if (sign == 0) sign = sign_of(duration->time);
  return sign < 0 ? -1 : 1;
}

bool difference_round(InternalDuration *duration, const Origin *origin, Nanoseconds end,
                      const DifferenceSettings *settings) {
  TemporalUnit unit = settings->smallest_unit;
  int sign = internal_duration_sign(duration);
  Nudge nudge;
  bool is_good = unit_is_calendar_unit(unit) || (origin->is_zoned && unit == UNIT_DAY)
                     ? nudge_to_calendar_unit(origin, duration, end, sign, settings, &nudge, NULL)
                 : origin->is_zoned ? nudge_to_zoned_time(origin, duration, sign, settings, &nudge)
                                    : nudge_to_day_or_time(duration, end, settings, &nudge);
  if (!is_good || (nudge.did_expand && unit != UNIT_WEEK &&
                   !bubble(origin, &nudge, sign, settings->largest_unit, unit_larger_of(unit, UNIT_DAY))))
    return false;
  *duration = nudge.duration;
  return true;
}

bool difference_until(const Origin *origin, const Origin *end, const DifferenceSettings *settings,
                      InternalDuration *result) {
  if (origin->is_zoned) {
    if (!unit_is_date_unit(settings->largest_unit)) {
      *result = difference_of_instants(origin->epoch, end->epoch, settings);
      return true;
    }
    if (!difference_of_zoned(origin, end->epoch, settings->largest_unit, result)) return false;
  } else {
    *result = (InternalDuration){0};
    if (origin->epoch == end->epoch) return true;
    if (!iso_is_within_limits(origin->iso) || !iso_is_within_limits(end->iso)) return false;
    *result = difference_of_date_times(origin, end->iso, settings->largest_unit);
  }
  return (settings->smallest_unit == UNIT_NANOSECOND && settings->increment == 1) ||
         difference_round(result, origin, end->epoch, settings);
}

bool difference_total(const Origin *origin, const Origin *end, TemporalUnit unit, double *total) {
  InternalDuration duration;
  if (origin->is_zoned) {
    if (!unit_is_date_unit(unit)) {
      *total = time_duration_total(end->epoch - origin->epoch, unit);
      return true;
    }
    if (!difference_of_zoned(origin, end->epoch, unit, &duration)) return false;
  } else {
    *total = 0;
    if (origin->epoch == end->epoch) return true;
    if (!iso_is_within_limits(origin->iso) || !iso_is_within_limits(end->iso)) return false;
    duration = difference_of_date_times(origin, end->iso, unit);
  }
  if (unit_is_calendar_unit(unit) || (origin->is_zoned && unit == UNIT_DAY)) {
    Nudge nudge;
    DifferenceSettings settings = {unit, unit, ROUND_TRUNC, 1};
    return nudge_to_calendar_unit(origin, &duration, end->epoch, internal_duration_sign(&duration), &settings, &nudge,
                                  total);
  }
  *total = time_duration_total(duration.time + (Nanoseconds)duration.date.days * NANOSECONDS_PER_DAY, unit);
  return true;
}
