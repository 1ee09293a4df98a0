// Options of Temporal's functions. https://tc39.es/proposal-temporal/#sec-operations-for-reading-options
#include <math.h>

#include "builtins/temporal/temporal.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

bool options_from_value(Context *cx, Value value, TemporalOptions *options) {
  *options = (TemporalOptions){value, NULL};
  if (value_is_undefined(value) || value_is_object(value)) return true;
  throw_type_error(cx, "%ethe options must be an object or undefined, not %v", value);
  return false;
}

bool options_or_text(Context *cx, Value value, const char *shorthand, TemporalOptions *options) {
  *options = (TemporalOptions){value, shorthand};
  if (value_is_string(value)) return true;
  if (!value_is_undefined(value)) return options_from_value(cx, value, options);
  throw_type_error(cx, "%eoptions or the option '%s' must be given", shorthand);
  return false;
}

Value options_get(Context *cx, const TemporalOptions *options, const char *name) {
  if (value_is_string(options->value)) return strcmp(name, options->shorthand) == 0 ? options->value : VALUE_UNDEFINED;
  if (value_is_undefined(options->value)) return VALUE_UNDEFINED;
  ROOTS(cx, r, key);
  r->key = key_from_ascii(cx, name);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return object_get_key(cx, value_as_object(options->value), r->key);
}

// The number of a word among those that are separated by spaces, or -1.
// bounded: the choices.
static int find_choice(TextView text, const char *choices) {
  for (int number = 0;; number++) {
    const char *end = strchr(choices, ' ');
    size_t length = end ? (size_t)(end - choices) : strlen(choices);
    if (text_view_equals(text, text_view_narrow(choices, length))) return number;
    if (!end) return -1;
    choices = end + 1;
  }
}

// The option's text as a string; undefined when it is absent.
static Value get_text(Context *cx, const TemporalOptions *options, const char *name, bool is_required) {
  ROOTS(cx, r, value);
  r->value = options_get(cx, options, name);
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  if (!value_is_undefined(r->value)) return value_to_string(cx, r->value);
  return is_required ? throw_range_error(cx, "%ethe option '%s' is missing", name) : VALUE_UNDEFINED;
}

bool options_choose(Context *cx, const TemporalOptions *options, const char *name, const char *choices, int fallback,
                    int *choice) {
  ROOTS(cx, r, string);
  r->string = get_text(cx, options, name, fallback < 0);
  *choice = fallback;
  if (value_is_abrupt(r->string)) return false;
  if (value_is_undefined(r->string)) return true;
  TextView text;
  if (!string_view(cx, value_as_string(r->string), &text)) return false;
  *choice = find_choice(text, choices);
  if (*choice >= 0) return true;
  throw_range_error(cx, "%ethe option '%s' must be one of %s, not %v", name, choices, r->string);
  return false;
}

bool options_rounding_mode(Context *cx, const TemporalOptions *options, RoundingMode fallback, RoundingMode *mode) {
  int choice;
  if (!options_choose(cx, options, "roundingMode",
                      "ceil floor expand trunc halfCeil halfFloor halfExpand halfTrunc halfEven", (int)fallback,
                      &choice))
    return false;
  *mode = (RoundingMode)choice;
  return true;
}

// https://tc39.es/proposal-temporal/#sec-temporal-getroundingincrementoption
bool options_rounding_increment(Context *cx, const TemporalOptions *options, int64_t *increment) {
  ROOTS(cx, r, value);
  double number;
  *increment = 1;
  r->value = options_get(cx, options, "roundingIncrement");
  if (value_is_abrupt(r->value)) return false;
  if (value_is_undefined(r->value)) return true;
  if (!value_to_integer_with_truncation(cx, r->value, &number)) return false;
  *increment = number >= 1 && number <= 1e9 ? (int64_t)number : 0;
  if (*increment > 0) return true;
  throw_range_error(cx, "%ethe option 'roundingIncrement' must be 1 to 1000000000, not %v", r->value);
  return false;
}

// https://tc39.es/proposal-temporal/#sec-temporal-gettemporalunitvaluedoption
bool options_unit(Context *cx, const TemporalOptions *options, const char *name, bool is_required, TemporalUnit *unit) {
  ROOTS(cx, r, string);
  *unit = UNIT_UNSET;
  r->string = get_text(cx, options, name, is_required);
  if (value_is_abrupt(r->string)) return false;
  if (value_is_undefined(r->string)) return true;
  TextView text;
  if (!string_view(cx, value_as_string(r->string), &text)) return false;
  static const char names[] = "year month week day hour minute second millisecond microsecond nanosecond";
  int choice = find_choice(text, names);
  if (choice < 0 && text.length > 0 && text_view_unit(text, text.length - 1) == 's')
    choice = find_choice(text_view_slice(text, 0, text.length - 1), names);
  if (choice < 0 && text_view_equals(text, text_view_literal("auto"))) choice = UNIT_AUTO;
  *unit = (TemporalUnit)choice;
  if (choice >= 0) return true;
  throw_range_error(cx, "%ethe option '%s' must be a unit of time, not %v", name, r->string);
  return false;
}

bool options_check_unit(Context *cx, const char *name, TemporalUnit unit, TemporalUnit largest, TemporalUnit smallest) {
  if (unit == UNIT_UNSET || (unit >= largest && unit <= smallest)) return true;
  throw_range_error(cx, "%ethis unit is not possible as '%s'", name);
  return false;
}

bool options_check_increment(Context *cx, int64_t increment, int64_t dividend, bool is_inclusive) {
  if (increment <= dividend - !is_inclusive && dividend % increment == 0) return true;
  throw_range_error(cx, "%ethe option 'roundingIncrement' must divide the next larger unit");
  return false;
}

// https://tc39.es/proposal-temporal/#sec-temporal-gettemporalfractionalseconddigitsoption
bool options_fraction_digits(Context *cx, const TemporalOptions *options, int *digits) {
  ROOTS(cx, r, value);
  *digits = PRECISION_AUTO;
  r->value = options_get(cx, options, "fractionalSecondDigits");
  if (value_is_abrupt(r->value)) return false;
  if (value_is_undefined(r->value)) return true;
  if (value_is_number(r->value)) {
    double number = floor(value_as_number(r->value));
    *digits = number >= 0 && number <= 9 ? (int)number : PRECISION_AUTO;
    if (*digits >= 0) return true;
  } else {
    r->value = value_to_string(cx, r->value);
    TextView text;
    if (value_is_abrupt(r->value) || !string_view(cx, value_as_string(r->value), &text)) return false;
    if (text_view_equals(text, text_view_literal("auto"))) return true;
  }
  throw_range_error(cx, "%ethe option 'fractionalSecondDigits' must be 'auto' or 0 to 9, not %v", r->value);
  return false;
}

// bounded: at most two digits.
SecondsPrecision seconds_precision(TemporalUnit smallest_unit, int digits) {
  if (smallest_unit == UNIT_MINUTE) return (SecondsPrecision){PRECISION_MINUTE, UNIT_MINUTE, 1};
  if (smallest_unit != UNIT_UNSET) return (SecondsPrecision){3 * ((int)smallest_unit - UNIT_SECOND), smallest_unit, 1};
  if (digits == PRECISION_AUTO) return (SecondsPrecision){PRECISION_AUTO, UNIT_NANOSECOND, 1};
  SecondsPrecision result = {digits, (TemporalUnit)(UNIT_SECOND + (digits + 2) / 3), 1};
  for (int i = digits; i % 3 != 0; i++) result.increment *= 10;
  return result;
}

static MUST_CHECK bool read_overflow(Context *cx, const TemporalOptions *options, bool *constrains) {
  int choice;
  if (!options_choose(cx, options, "overflow", "constrain reject", 0, &choice)) return false;
  *constrains = choice == 0;
  return true;
}

bool options_overflow(Context *cx, Value value, bool *constrains) {
  TemporalOptions options;
  *constrains = true;
  if (value_is_hole(value)) return true;
  return options_from_value(cx, value, &options) && read_overflow(cx, &options, constrains);
}

bool options_zoned(Context *cx, Value value, OffsetOption fallback, ZonedReading *reading, bool *constrains) {
  TemporalOptions options;
  int disambiguation, offset;
  *constrains = true;
  reading->disambiguation = DISAMBIGUATE_COMPATIBLE;
  reading->option = fallback;
  if (value_is_hole(value)) return true;
  if (!options_from_value(cx, value, &options) ||
      !options_choose(cx, &options, "disambiguation", "compatible earlier later reject", 0, &disambiguation) ||
      !options_choose(cx, &options, "offset", "prefer use ignore reject", (int)fallback, &offset))
    return false;
  reading->disambiguation = (Disambiguation)disambiguation;
  reading->option = (OffsetOption)offset;
  return read_overflow(cx, &options, constrains);
}
