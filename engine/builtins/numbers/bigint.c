// BigInt. https://tc39.es/ecma262/#sec-bigint-objects
#include "runtime/bigints.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/primitive_objects.h"

// https://tc39.es/ecma262/#sec-bigint-constructor-number-value
static Value bigint_constructor(Context *cx, const Call *call) {
  if (call_is_construct(call)) return throw_type_error(cx, "BigInt is not a constructor");
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, call_argument(call, 0), PREFER_NUMBER);
  if (value_is_abrupt(r->primitive)) return VALUE_ABRUPT;
  if (value_is_number(r->primitive)) return bigint_from_double(cx, value_as_number(r->primitive));
  return value_to_bigint(cx, r->primitive);
}

static Value bigint_truncate_call(Context *cx, const Call *call, Value (*truncate)(Context *, double, BigInt *)) {
  ROOTS(cx, r, bigint);
  double bits;
  if (!value_to_index(cx, call_argument(call, 0), &bits)) return VALUE_ABRUPT;
  r->bigint = value_to_bigint(cx, call_argument(call, 1));
  if (value_is_abrupt(r->bigint)) return VALUE_ABRUPT;
  return truncate(cx, bits, value_as_bigint(r->bigint));
}

// https://tc39.es/ecma262/#sec-bigint.asintn
static Value bigint_as_int_n_(Context *cx, const Call *call) { return bigint_truncate_call(cx, call, bigint_as_int_n); }

// https://tc39.es/ecma262/#sec-bigint.asuintn
static Value bigint_as_uint_n_(Context *cx, const Call *call) {
  return bigint_truncate_call(cx, call, bigint_as_uint_n);
}

// https://tc39.es/ecma262/#sec-thisbigintvalue
static Value this_bigint(Context *cx, const Call *call, const char *method) {
  Value value = call->this_value;
  if (value_is_primitive_object(value, &object_class_bigint)) value = primitive_object_value(value);
  if (value_is_bigint(value)) return value;
  return throw_type_error(cx, "BigInt.prototype.%s: expected a BigInt, not %v", method, value);
}

// https://tc39.es/ecma262/#sec-bigint.prototype.tostring
static Value bigint_prototype_to_string(Context *cx, const Call *call) {
  Value bigint = this_bigint(cx, call, "toString");
  if (value_is_abrupt(bigint)) return VALUE_ABRUPT;
  double radix = 10;
  Value argument = call_argument(call, 0);
  if (!value_is_undefined(argument) && !value_to_integer_or_infinity(cx, argument, &radix)) return VALUE_ABRUPT;
  if (radix < 2 || radix > 36)
    return throw_range_error(cx, "BigInt.prototype.toString: the radix must be from 2 to 36");
  return bigint_to_string(cx, value_as_bigint(bigint), (uint32_t)radix);
}

// https://tc39.es/ecma262/#sec-bigint.prototype.tolocalestring
static Value bigint_prototype_to_locale_string(Context *cx, const Call *call) {
  Value bigint = this_bigint(cx, call, "toLocaleString");
  if (value_is_abrupt(bigint)) return VALUE_ABRUPT;
  ROOTS(cx, r, digits);
  r->digits = bigint_to_string(cx, value_as_bigint(bigint), 10);
  TextView text;
  if (value_is_abrupt(r->digits) || !string_view(cx, value_as_string(r->digits), &text)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    bool after_digit = i > 0 && text_view_unit(text, i - 1) != '-';
    if (after_digit && (text.length - i) % 3 == 0) string_builder_append_unit(&builder, ',');
    string_builder_append_unit(&builder, text_view_unit(text, i));
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-bigint.prototype.valueof
static Value bigint_prototype_value_of(Context *cx, const Call *call) { return this_bigint(cx, call, "valueOf"); }

static const BuiltinRow bigint_rows[] = {
    FUNCTION("asIntN", 2, bigint_as_int_n_),
    FUNCTION("asUintN", 2, bigint_as_uint_n_),
    END_OF_ROWS,
};

static const BuiltinRow bigint_prototype_rows[] = {
    TO_STRING_TAG("BigInt"),
    FUNCTION("toLocaleString", 0, bigint_prototype_to_locale_string),
    FUNCTION("toString", 0, bigint_prototype_to_string),
    FUNCTION("valueOf", 0, bigint_prototype_value_of),
    END_OF_ROWS,
};

const BuiltinObject builtin_bigint = {
    .global_name = "BigInt",
    .intrinsic = INTRINSIC_BigInt,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = bigint_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_BigIntPrototype,
    .rows = bigint_rows,
};

const BuiltinObject builtin_bigint_prototype = {
    .intrinsic = INTRINSIC_BigIntPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = bigint_prototype_rows,
};
