// What the classes of Temporal share: their objects, and how values are read as dates, times, durations and options.
//
// The objects hold plain data and no Values. Everything that calls code of the guest (getters of options and fields,
// conversions) comes before an operation makes or changes anything, and what it gives becomes plain data at once; so
// these natives can be run again (runtime/replay.h).
#ifndef CAISSON_TEMPORAL_H
#define CAISSON_TEMPORAL_H

#include "builtins/temporal/temporal_objects.h"
#include "runtime/builtin_table.h"
#include "temporal/difference.h"
#include "temporal/iso_text.h"

// The magic of a native that serves several types: the type, and something else of 0 to 2047.
#define TEMPORAL_MAGIC(type, rest) ((type) | (rest) << 4)
static inline TemporalType temporal_magic_type(const Call *call) { return (TemporalType)(call_magic(call) & 15); }
static inline int temporal_magic_rest(const Call *call) { return call_magic(call) >> 4; }

// What an object holds, except for durations. Each type uses what it needs.
typedef struct TemporalRecord {
  IsoDateTime iso;    // of the plain types; of a ZonedDateTime what its clocks show
  Nanoseconds epoch;  // Instant and ZonedDateTime
  ZoneId zone;
  CalendarId calendar;
} TemporalRecord;

TemporalRecord temporal_record(Value value);  // of an object of such a type; leaf
Duration temporal_duration(Value value);      // of a Temporal.Duration; leaf
// The receiver. False: threw, it is of another type.
MUST_CHECK bool temporal_this(Context *cx, const Call *call, TemporalType type);
bool temporal_is_within_limits(TemporalType type, const TemporalRecord *record);  // leaf
// The new object; throws a RangeError when it is not within limits. new_target undefined: the class itself.
Value temporal_create(Context *cx, TemporalType type, const TemporalRecord *record, Value new_target);
Value temporal_create_duration(Context *cx, const Duration *duration, Value new_target);
Value temporal_throw_out_of_range(Context *cx);

// From a BigInt. RangeError: there is no such instant.
MUST_CHECK bool temporal_read_nanoseconds(Context *cx, Value value, Nanoseconds *epoch);

// Reading values -------------------------------------------------------------------------------------

// https://tc39.es/proposal-temporal/#sec-tointegerwithtruncation
MUST_CHECK bool value_to_integer_with_truncation(Context *cx, Value value, double *number);
// https://tc39.es/proposal-temporal/#sec-temporal-totemporaldate and its kin. `options` is what the program gave, or
// VALUE_HOLE: none are read.
MUST_CHECK bool temporal_from_value(Context *cx, TemporalType type, Value value, Value options, TemporalRecord *record);
// https://tc39.es/proposal-temporal/#sec-temporal-totemporalduration
MUST_CHECK bool temporal_duration_from_value(Context *cx, Value value, Duration *duration);
// Sets the fields that the object has; the others are as they were. TypeError: it has none.
// https://tc39.es/proposal-temporal/#sec-temporal-totemporalpartialdurationrecord
MUST_CHECK bool temporal_read_duration_fields(Context *cx, Value value, Duration *duration);
// https://tc39.es/proposal-temporal/#sec-temporal-totemporaltimezoneidentifier
MUST_CHECK bool temporal_zone_from_value(Context *cx, Value value, ZoneId *zone);
// https://tc39.es/proposal-temporal/#sec-temporal-totemporalcalendaridentifier
MUST_CHECK bool temporal_calendar_from_value(Context *cx, Value value, CalendarId *calendar);
// Of a constructor: a string that is the name itself. undefined: iso8601.
MUST_CHECK bool temporal_calendar_from_name(Context *cx, Value value, CalendarId *calendar);
// https://tc39.es/proposal-temporal/#sec-temporal-gettemporalcalendarslotvaluewithisodefault
MUST_CHECK bool temporal_calendar_of_object(Context *cx, Value object, CalendarId *calendar);
// What a text with a time zone says. False: there is no such zone. Leaf.
MUST_CHECK bool temporal_reading_of_text(const IsoText *parsed, ZonedReading *reading, ZoneId *zone);
// So many arguments from `first` on, as integers. The TIME_FIELDS of a time are 0 where they are undefined.
MUST_CHECK bool temporal_read_numbers(Context *cx, const Call *call, uint32_t first, uint32_t count, double *numbers);
// A string's text, whose reading is paid for. It is valid until the next call that may collect.
MUST_CHECK bool temporal_view(Context *cx, Value string, TextView *text);

// https://tc39.es/proposal-temporal/#sec-temporal-preparecalendarfields  `required` of FIELDS_PARTIAL: any one is.
#define FIELDS_PARTIAL UINT32_MAX
MUST_CHECK bool temporal_read_fields(Context *cx, CalendarId calendar, Value object, uint32_t wanted, uint32_t required,
                                     DateFields *fields);
// calendar_from_fields that throws.
MUST_CHECK bool temporal_date_from_fields(Context *cx, CalendarId calendar, const DateFields *fields,
                                          DateFieldsType type, bool constrains, IsoDate *date);
// https://tc39.es/proposal-temporal/#sec-temporal-interprettemporaldatetimefields
MUST_CHECK bool temporal_date_time_from_fields(Context *cx, CalendarId calendar, const DateFields *fields,
                                               bool constrains, IsoDateTime *iso);
// https://tc39.es/proposal-temporal/#sec-temporal-ispartialtemporalobject  TypeError otherwise.
MUST_CHECK bool temporal_check_partial(Context *cx, Value value);

// Options --------------------------------------------------------------------------------------------

// An object or undefined; or a string, which is the option `shorthand` itself.
typedef struct TemporalOptions {
  Value value;
  const char *shorthand;
} TemporalOptions;
// https://tc39.es/ecma402/#sec-getoptionsobject
MUST_CHECK bool options_from_value(Context *cx, Value value, TemporalOptions *options);
// The same, where a string stands for the option of that name, and something must be given.
MUST_CHECK bool options_or_text(Context *cx, Value value, const char *shorthand, TemporalOptions *options);
Value options_get(Context *cx, const TemporalOptions *options, const char *name);
// One of `choices`, which are separated by spaces, as its number. fallback -1: the option is required.
// https://tc39.es/proposal-temporal/#sec-getoption
MUST_CHECK bool options_choose(Context *cx, const TemporalOptions *options, const char *name, const char *choices,
                               int fallback, int *choice);
MUST_CHECK bool options_rounding_mode(Context *cx, const TemporalOptions *options, RoundingMode fallback,
                                      RoundingMode *mode);
MUST_CHECK bool options_rounding_increment(Context *cx, const TemporalOptions *options, int64_t *increment);
// UNIT_UNSET when it is not given and not required.
MUST_CHECK bool options_unit(Context *cx, const TemporalOptions *options, const char *name, bool is_required,
                             TemporalUnit *unit);
// https://tc39.es/proposal-temporal/#sec-temporal-validatetemporalunitvaluedoption  `largest` to `smallest` are good.
MUST_CHECK bool options_check_unit(Context *cx, const char *name, TemporalUnit unit, TemporalUnit largest,
                                   TemporalUnit smallest);
// https://tc39.es/proposal-temporal/#sec-validatetemporalroundingincrement
MUST_CHECK bool options_check_increment(Context *cx, int64_t increment, int64_t dividend, bool is_inclusive);
// PRECISION_AUTO or 0 to 9.
MUST_CHECK bool options_fraction_digits(Context *cx, const TemporalOptions *options, int *digits);
// https://tc39.es/proposal-temporal/#sec-temporal-tosecondsstringprecisionrecord
typedef struct SecondsPrecision {
  int precision;
  TemporalUnit unit;
  int64_t increment;
} SecondsPrecision;
SecondsPrecision seconds_precision(TemporalUnit smallest_unit, int digits);
// The option `overflow` of what a program gave as options; VALUE_HOLE: constrain.
MUST_CHECK bool options_overflow(Context *cx, Value options, bool *constrains);
// disambiguation, offset and overflow.
MUST_CHECK bool options_zoned(Context *cx, Value options, OffsetOption fallback, ZonedReading *reading,
                              bool *constrains);

// Natives that serve several types. Magic: TEMPORAL_MAGIC(type, ...) ------------------------------------

typedef enum TemporalGetter {
  GET_CALENDAR_ID,
  GET_TIME_ZONE_ID,
  GET_ERA,
  GET_ERA_YEAR,
  GET_YEAR,
  GET_MONTH,
  GET_MONTH_CODE,
  GET_DAY,
  GET_HOUR,
  GET_MINUTE,
  GET_SECOND,
  GET_MILLISECOND,
  GET_MICROSECOND,
  GET_NANOSECOND,
  GET_EPOCH_MILLISECONDS,
  GET_EPOCH_NANOSECONDS,
  GET_DAY_OF_WEEK,
  GET_DAY_OF_YEAR,
  GET_WEEK_OF_YEAR,
  GET_YEAR_OF_WEEK,
  GET_HOURS_IN_DAY,
  GET_DAYS_IN_WEEK,
  GET_DAYS_IN_MONTH,
  GET_DAYS_IN_YEAR,
  GET_MONTHS_IN_YEAR,
  GET_IN_LEAP_YEAR,
  GET_OFFSET_NANOSECONDS,
  GET_OFFSET,
} TemporalGetter;
Value temporal_get(Context *cx, const Call *call);

Value temporal_from(Context *cx, const Call *call);
Value temporal_compare(Context *cx, const Call *call);
Value temporal_equals(Context *cx, const Call *call);
Value temporal_value_of(Context *cx, const Call *call);
Value temporal_with(Context *cx, const Call *call);
Value temporal_with_calendar(Context *cx, const Call *call);
Value temporal_with_plain_time(Context *cx, const Call *call);
Value temporal_to_plain_date(Context *cx, const Call *call);  // of a year and month, or a month and day
Value temporal_convert(Context *cx, const Call *call);        // with the type that results
enum { ADD, SUBTRACT };
Value temporal_add(Context *cx, const Call *call);  // with one of these
enum { UNTIL, SINCE };
Value temporal_until(Context *cx, const Call *call);  // with one of these
Value temporal_round(Context *cx, const Call *call);
enum { TO_STRING, TO_JSON };
Value temporal_to_string(Context *cx, const Call *call);  // with one of these

#define TEMPORAL_GETTER(name, type, getter) GETTER_MAGIC(name, temporal_get, TEMPORAL_MAGIC(type, getter))
#define TEMPORAL_METHOD(name, length, function, type, rest) \
  FUNCTION_MAGIC(name, length, function, TEMPORAL_MAGIC(type, rest))
// Getters of a date, and what all types with texts have.
#define TEMPORAL_YEAR_GETTERS(type)                                     \
  TEMPORAL_GETTER("era", type, GET_ERA),                                \
      TEMPORAL_GETTER("eraYear", type, GET_ERA_YEAR),                   \
      TEMPORAL_GETTER("year", type, GET_YEAR),                          \
      TEMPORAL_GETTER("month", type, GET_MONTH),                        \
      TEMPORAL_GETTER("daysInMonth", type, GET_DAYS_IN_MONTH),          \
      TEMPORAL_GETTER("daysInYear", type, GET_DAYS_IN_YEAR),            \
      TEMPORAL_GETTER("monthsInYear", type, GET_MONTHS_IN_YEAR),        \
      TEMPORAL_GETTER("inLeapYear", type, GET_IN_LEAP_YEAR)
#define TEMPORAL_DATE_GETTERS(type)                                     \
  TEMPORAL_GETTER("calendarId", type, GET_CALENDAR_ID),                 \
      TEMPORAL_YEAR_GETTERS(type),                                      \
      TEMPORAL_GETTER("monthCode", type, GET_MONTH_CODE),               \
      TEMPORAL_GETTER("day", type, GET_DAY),                            \
      TEMPORAL_GETTER("dayOfWeek", type, GET_DAY_OF_WEEK),              \
      TEMPORAL_GETTER("dayOfYear", type, GET_DAY_OF_YEAR),              \
      TEMPORAL_GETTER("weekOfYear", type, GET_WEEK_OF_YEAR),            \
      TEMPORAL_GETTER("yearOfWeek", type, GET_YEAR_OF_WEEK),            \
      TEMPORAL_GETTER("daysInWeek", type, GET_DAYS_IN_WEEK)
#define TEMPORAL_TIME_GETTERS(type)                                     \
  TEMPORAL_GETTER("hour", type, GET_HOUR),                              \
      TEMPORAL_GETTER("minute", type, GET_MINUTE),                      \
      TEMPORAL_GETTER("second", type, GET_SECOND),                      \
      TEMPORAL_GETTER("millisecond", type, GET_MILLISECOND),            \
      TEMPORAL_GETTER("microsecond", type, GET_MICROSECOND),            \
      TEMPORAL_GETTER("nanosecond", type, GET_NANOSECOND)
#define TEMPORAL_TEXT_METHODS(type)                                                        \
  TEMPORAL_METHOD("toString", 0, temporal_to_string, type, TO_STRING),                     \
      TEMPORAL_METHOD("toLocaleString", 0, temporal_to_string, type, TO_JSON),             \
      TEMPORAL_METHOD("toJSON", 0, temporal_to_string, type, TO_JSON),                     \
      TEMPORAL_METHOD("valueOf", 0, temporal_value_of, type, 0)
#define TEMPORAL_ARITHMETIC_METHODS(type)                                                  \
  TEMPORAL_METHOD("add", 1, temporal_add, type, ADD),                                      \
      TEMPORAL_METHOD("subtract", 1, temporal_add, type, SUBTRACT),                        \
      TEMPORAL_METHOD("until", 1, temporal_until, type, UNTIL),                            \
      TEMPORAL_METHOD("since", 1, temporal_until, type, SINCE)
// The constructor and the prototype of a class.
#define TEMPORAL_CLASS(name_, type_, length_, constructor_, rows_, prototype_rows_)         \
  const BuiltinObject builtin_temporal_##name_ = {                                         \
      .intrinsic = INTRINSIC_Temporal##type_,                                              \
      .prototype = INTRINSIC_FunctionPrototype,                                            \
      .constructor = constructor_,                                                         \
      .constructor_name = #type_,                                                          \
      .length = length_,                                                                   \
      .is_on_demand = true,                                                                \
      .prototype_property = INTRINSIC_Temporal##type_##Prototype,                          \
      .rows = rows_,                                                                       \
  };                                                                                       \
  const BuiltinObject builtin_temporal_##name_##_prototype = {                             \
      .intrinsic = INTRINSIC_Temporal##type_##Prototype,                                   \
      .prototype = INTRINSIC_ObjectPrototype,                                              \
      .is_on_demand = true,                                                                \
      .prototype_property = -1,                                                            \
      .rows = prototype_rows_,                                                             \
  }

#endif
