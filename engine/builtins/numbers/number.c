// Number, and the global functions that read numbers. https://tc39.es/ecma262/#sec-number-objects
#include <math.h>

#include "number/arithmetic.h"
#include "number/format.h"
#include "number/parse.h"
#include "runtime/bigints.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/primitive_objects.h"

enum { DIGITS_LIMIT = 100 };  // of toFixed and similar methods

static Value string_from_text(Context *cx, const char *text, unsigned length) {
  return string_from_view(cx, text_view_narrow(text, length));
}

// https://tc39.es/ecma262/#sec-number-constructor-number-value
static Value number_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, number);
  r->number = VALUE_INT_ZERO;
  if (call->count > 0) {
    r->number = value_to_numeric(cx, call->arguments[0]);
    if (value_is_abrupt(r->number)) return VALUE_ABRUPT;
    if (value_is_bigint(r->number)) r->number = value_number(bigint_to_double(value_as_bigint(r->number)));
  }
  if (!call_is_construct(call)) return r->number;
  Object *object =
      object_create_from_constructor(cx, call->new_target, INTRINSIC_NumberPrototype, &object_class_number);
  if (!object) return VALUE_ABRUPT;
  cell_store(cx, &((PrimitiveObject *)object)->value, r->number);
  return value_object(object);
}

// https://tc39.es/ecma262/#sec-number.isfinite
static Value number_is_finite_(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  return value_boolean(value_is_number(value) && number_is_finite(value_as_number(value)));
}

// https://tc39.es/ecma262/#sec-number.isinteger
static Value number_is_integer(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  if (!value_is_number(value)) return VALUE_FALSE;
  double number = value_as_number(value);
  return value_boolean(number_is_finite(number) && trunc(number) == number);
}

// https://tc39.es/ecma262/#sec-number.isnan
static Value number_is_nan(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  return value_boolean(value_is_number(value) && isnan(value_as_number(value)));
}

// https://tc39.es/ecma262/#sec-number.issafeinteger
static Value number_is_safe_integer(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  if (!value_is_number(value)) return VALUE_FALSE;
  double number = value_as_number(value);
  return value_boolean(fabs(number) <= 9007199254740991.0 && trunc(number) == number);
}

// https://tc39.es/ecma262/#sec-isfinite-number
static Value global_is_finite(Context *cx, const Call *call) {
  double number;
  if (!value_to_number(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return value_boolean(number_is_finite(number));
}

// https://tc39.es/ecma262/#sec-isnan-number
static Value global_is_nan(Context *cx, const Call *call) {
  double number;
  if (!value_to_number(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return value_boolean(isnan(number));
}

// https://tc39.es/ecma262/#sec-parsefloat-string
static Value global_parse_float(Context *cx, const Call *call) {
  ROOTS(cx, r, string);
  Value argument = call_argument(call, 0);
  if (value_is_int(argument)) return argument;
  r->string = value_to_string(cx, argument);
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  double number = number_parse_float(text, &cx->fuel);
  return context_charge(cx, 1) ? value_number(number) : context_throw_interrupted(cx);
}

// https://tc39.es/ecma262/#sec-parseint-string-radix
static Value global_parse_int(Context *cx, const Call *call) {
  ROOTS(cx, r, string);
  Value argument = call_argument(call, 0);
  if (value_is_int(argument) && call->count == 1) return argument;
  r->string = value_to_string(cx, argument);
  if (value_is_abrupt(r->string)) return VALUE_ABRUPT;
  int32_t radix;
  TextView text;
  if (!value_to_int32(cx, call_argument(call, 1), &radix)) return VALUE_ABRUPT;
  if (!string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  double number = number_parse_int(text, radix, &cx->fuel);
  return context_charge(cx, 1) ? value_number(number) : context_throw_interrupted(cx);
}

// https://tc39.es/ecma262/#sec-thisnumbervalue
static MUST_CHECK bool this_number(Context *cx, const Call *call, const char *method, double *out) {
  Value value = call->this_value;
  if (value_is_primitive_object(value, &object_class_number)) value = primitive_object_value(value);
  if (!value_is_number(value)) {
    throw_type_error(cx, "Number.prototype.%s: expected a number, not %v", method, value);
    return false;
  }
  *out = value_as_number(value);
  return true;
}

static Value throw_digits_range(Context *cx, const char *method, int least) {
  return throw_range_error(cx, "Number.prototype.%s: the number of digits must be from %d to %d", method, least,
                           DIGITS_LIMIT);
}

// https://tc39.es/ecma262/#sec-number.prototype.toexponential
static Value number_prototype_to_exponential(Context *cx, const Call *call) {
  double number, digits;
  if (!this_number(cx, call, "toExponential", &number)) return VALUE_ABRUPT;
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &digits)) return VALUE_ABRUPT;
  if (!number_is_finite(number)) return string_from_number(cx, number);
  if (digits < 0 || digits > DIGITS_LIMIT) return throw_digits_range(cx, "toExponential", 0);
  char text[NUMBER_FIXED_SIZE];
  int count = value_is_undefined(call_argument(call, 0)) ? -1 : (int)digits;
  return string_from_text(cx, text, number_to_exponential(number, count, text));
}

// https://tc39.es/ecma262/#sec-number.prototype.tofixed
static Value number_prototype_to_fixed(Context *cx, const Call *call) {
  double number, digits;
  if (!this_number(cx, call, "toFixed", &number)) return VALUE_ABRUPT;
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &digits)) return VALUE_ABRUPT;
  if (digits < 0 || digits > DIGITS_LIMIT) return throw_digits_range(cx, "toFixed", 0);
  if (!(fabs(number) < 1e21)) return string_from_number(cx, number);
  char text[NUMBER_FIXED_SIZE];
  return string_from_text(cx, text, number_to_fixed(number, (unsigned)digits, text));
}

// https://tc39.es/ecma262/#sec-number.prototype.toprecision
static Value number_prototype_to_precision(Context *cx, const Call *call) {
  double number, digits;
  if (!this_number(cx, call, "toPrecision", &number)) return VALUE_ABRUPT;
  if (value_is_undefined(call_argument(call, 0))) return string_from_number(cx, number);
  if (!value_to_integer_or_infinity(cx, call_argument(call, 0), &digits)) return VALUE_ABRUPT;
  if (!number_is_finite(number)) return string_from_number(cx, number);
  if (digits < 1 || digits > DIGITS_LIMIT) return throw_digits_range(cx, "toPrecision", 1);
  char text[NUMBER_FIXED_SIZE];
  return string_from_text(cx, text, number_to_precision(number, (unsigned)digits, text));
}

// Digits of the integer part in groups of three. Returns the new length; `grouped` has room for a third more.
// bounded: the digits of a double.
static unsigned group_digits(const char *text, unsigned length, char *grouped) {
  unsigned start = length > 0 && text[0] == '-', end = start, used = 0;
  while (end < length && text[end] >= '0' && text[end] <= '9') end++;
  for (unsigned i = 0; i < length; i++) {
    if (i > start && i < end && (end - i) % 3 == 0) grouped[used++] = ',';
    grouped[used++] = text[i];
  }
  return used;
}

// https://tc39.es/ecma262/#sec-number.prototype.tolocalestring
// In American English, as in hosts without locale data: groups of three, at most three decimals.
// bounded: the digits of a double.
static Value number_prototype_to_locale_string(Context *cx, const Call *call) {
  double number;
  if (!this_number(cx, call, "toLocaleString", &number)) return VALUE_ABRUPT;
  if (!(fabs(number) < 1e21)) return string_from_number(cx, number);
  char text[NUMBER_FIXED_SIZE], grouped[NUMBER_FIXED_SIZE * 2];
  unsigned length = number_to_fixed(number, 3, text);
  while (text[length - 1] == '0') length--;
  if (text[length - 1] == '.') length--;
  return string_from_text(cx, grouped, group_digits(text, length, grouped));
}

// https://tc39.es/ecma262/#sec-number.prototype.tostring
static Value number_prototype_to_string(Context *cx, const Call *call) {
  double number, radix = 10;
  if (!this_number(cx, call, "toString", &number)) return VALUE_ABRUPT;
  Value argument = call_argument(call, 0);
  if (!value_is_undefined(argument) && !value_to_integer_or_infinity(cx, argument, &radix)) return VALUE_ABRUPT;
  if (radix < 2 || radix > 36)
    return throw_range_error(cx, "Number.prototype.toString: the radix must be from 2 to 36");
  if (radix == 10) return value_to_string(cx, value_number(number));
  char text[NUMBER_RADIX_SIZE];
  return string_from_text(cx, text, number_to_radix(number, (unsigned)radix, text));
}

// https://tc39.es/ecma262/#sec-number.prototype.valueof
static Value number_prototype_value_of(Context *cx, const Call *call) {
  double number;
  return this_number(cx, call, "valueOf", &number) ? value_number(number) : VALUE_ABRUPT;
}

static const BuiltinRow number_rows[] = {
    VALUE_NUMBER("EPSILON", 0x1p-52),
    VALUE_NUMBER("MAX_SAFE_INTEGER", 9007199254740991.0),
    VALUE_NUMBER("MAX_VALUE", 0x1.fffffffffffffp+1023),
    VALUE_NUMBER("MIN_SAFE_INTEGER", -9007199254740991.0),
    VALUE_NUMBER("MIN_VALUE", 0x1p-1074),
    VALUE_NUMBER("NaN", NAN),
    VALUE_NUMBER("NEGATIVE_INFINITY", -INFINITY),
    VALUE_NUMBER("POSITIVE_INFINITY", INFINITY),
    FUNCTION("isFinite", 1, number_is_finite_),
    FUNCTION("isInteger", 1, number_is_integer),
    FUNCTION("isNaN", 1, number_is_nan),
    FUNCTION("isSafeInteger", 1, number_is_safe_integer),
    VALUE_INTRINSIC("parseFloat", INTRINSIC_parseFloat, PROPERTY_HIDDEN),
    VALUE_INTRINSIC("parseInt", INTRINSIC_parseInt, PROPERTY_HIDDEN),
    END_OF_ROWS,
};

static const BuiltinRow number_prototype_rows[] = {
    FUNCTION("toExponential", 1, number_prototype_to_exponential),
    FUNCTION("toFixed", 1, number_prototype_to_fixed),
    FUNCTION("toLocaleString", 0, number_prototype_to_locale_string),
    FUNCTION("toPrecision", 1, number_prototype_to_precision),
    FUNCTION("toString", 1, number_prototype_to_string),
    FUNCTION("valueOf", 0, number_prototype_value_of),
    END_OF_ROWS,
};

const BuiltinObject builtin_number = {
    .global_name = "Number",
    .intrinsic = INTRINSIC_Number,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = number_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_NumberPrototype,
    .rows = number_rows,
};

const BuiltinObject builtin_number_prototype = {
    .intrinsic = INTRINSIC_NumberPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .class_ = &object_class_number,
    .rows = number_prototype_rows,
};

#define GLOBAL_FUNCTION(name_, intrinsic_, length_, function_)                                             \
  {                                                                                                        \
    .global_name = name_, .intrinsic = intrinsic_, .prototype = INTRINSIC_FunctionPrototype,               \
    .constructor = function_, .length = length_, .is_not_constructor = true, .prototype_property = -1,     \
  }
const BuiltinObject builtin_is_finite = GLOBAL_FUNCTION("isFinite", INTRINSIC_isFinite, 1, global_is_finite);
const BuiltinObject builtin_is_nan = GLOBAL_FUNCTION("isNaN", INTRINSIC_isNaN, 1, global_is_nan);
const BuiltinObject builtin_parse_float = GLOBAL_FUNCTION("parseFloat", INTRINSIC_parseFloat, 1, global_parse_float);
const BuiltinObject builtin_parse_int = GLOBAL_FUNCTION("parseInt", INTRINSIC_parseInt, 2, global_parse_int);
