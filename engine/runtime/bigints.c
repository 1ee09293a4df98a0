// BigInt cells over number/digits.h. Most operands have one or two limbs and use machine arithmetic.
#include "runtime/bigints.h"

#include "number/arithmetic.h"
#include "number/digits.h"
#include "runtime/errors.h"

enum { BIGINT_NEGATIVE = 1 };

static DigitsView bigint_view(const BigInt *bigint) {
  return (DigitsView){bigint->digits, bigint_digit_count(bigint), bigint->cell.flags & BIGINT_NEGATIVE};
}

static Value bigint_from_parts(Context *cx, const uint32_t *limbs, uint32_t count, bool negative) {
  BigInt *bigint = context_allocate(cx, CELL_BIGINT, sizeof(BigInt) + (size_t)count * sizeof *limbs);
  if (!bigint) return VALUE_ABRUPT;
  bigint_set_digit_count(bigint, count);
  bigint->cell.flags = negative ? BIGINT_NEGATIVE : 0;
  if (count > 0) memcpy(bigint->digits, limbs, (size_t)count * sizeof *limbs);
  return value_bigint(bigint);
}

static Value bigint_from_magnitude(Context *cx, uint64_t magnitude, bool negative) {
  uint32_t limbs[2] = {(uint32_t)magnitude, (uint32_t)(magnitude >> 32)};
  return bigint_from_parts(cx, limbs, limbs[1] ? 2 : limbs[0] != 0, negative && magnitude != 0);
}

Value bigint_from_uint64(Context *cx, uint64_t number) { return bigint_from_magnitude(cx, number, false); }

Value bigint_from_int64(Context *cx, int64_t number) {
  return bigint_from_magnitude(cx, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, number < 0);
}

// bounded: four limbs.
Value bigint_from_int128(Context *cx, __int128 number) {
  unsigned __int128 magnitude = number < 0 ? 0 - (unsigned __int128)number : (unsigned __int128)number;
  uint32_t limbs[4], count = 0;
  for (; magnitude; magnitude >>= 32) limbs[count++] = (uint32_t)magnitude;
  return bigint_from_parts(cx, limbs, count, number < 0);
}

// bounded: four limbs.
bool bigint_to_int128(const BigInt *bigint, __int128 *number) {
  uint32_t count = bigint_digit_count(bigint);
  if (count > 4 || (count == 4 && bigint->digits[3] >> 31)) return false;
  unsigned __int128 magnitude = 0;
  for (uint32_t i = count; i-- > 0;) magnitude = magnitude << 32 | bigint->digits[i];
  *number = bigint->cell.flags & BIGINT_NEGATIVE ? -(__int128)magnitude : (__int128)magnitude;
  return true;
}

// Turns the result of an operation into a value or the error it stands for.
static Value bigint_finish(Context *cx, const Digits *result, DigitsStatus status) {
  switch (status) {
    case DIGITS_DONE: return bigint_from_parts(cx, result->limbs, result->count, result->negative);
    case DIGITS_TOO_LARGE: return throw_range_error(cx, "BigInt is too large (more than %d bits)", DIGITS_LIMIT_BITS);
    case DIGITS_OUT_OF_MEMORY: return context_throw_out_of_memory(cx);
    case DIGITS_INTERRUPTED: return context_throw_interrupted(cx);
    case DIGITS_DIVISION_BY_ZERO: return throw_range_error(cx, "%edivision of a BigInt by zero");
    case DIGITS_NEGATIVE_EXPONENT: return throw_range_error(cx, "%ea BigInt exponent must not be negative");
    case DIGITS_NOT_A_NUMBER: return VALUE_UNDEFINED;
  }
  UNREACHABLE();
}

// https://tc39.es/ecma262/#sec-numbertobigint
Value bigint_from_double(Context *cx, double number) {
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  Value value = bigint_finish(cx, &result, digits_from_double(&result, number));
  if (!value_is_undefined(value)) return value;
  return throw_range_error(cx, "%ecannot convert %v to a BigInt, it is not an integer", value_number(number));
}

// https://tc39.es/ecma262/#sec-stringtobigint
Value bigint_from_view(Context *cx, TextView text) {
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  return bigint_finish(cx, &result, digits_from_text(&result, text));
}

Value bigint_from_digits_text(Context *cx, TextView text, uint32_t radix) {
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  return bigint_finish(cx, &result, digits_parse(&result, text, radix, true));
}

// https://tc39.es/ecma262/#sec-tobigint
Value value_to_bigint(Context *cx, Value value) {
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_NUMBER);
  if (value_is_abrupt(r->primitive) || value_is_bigint(r->primitive)) return r->primitive;
  if (value_is_boolean(r->primitive)) return bigint_from_uint64(cx, value_as_boolean(r->primitive));
  if (!value_is_string(r->primitive)) return throw_type_error(cx, "%ecannot convert %v to a BigInt", r->primitive);
  TextView text;
  if (!string_view(cx, value_as_string(r->primitive), &text)) return VALUE_ABRUPT;
  Value parsed = bigint_from_view(cx, text);
  if (!value_is_undefined(parsed)) return parsed;
  return throw_error(cx, ERROR_SYNTAX, "%ecannot convert %v to a BigInt", r->primitive);
}

int64_t bigint_to_int64(const BigInt *bigint) { return (int64_t)digits_to_uint64(bigint_view(bigint)); }
double bigint_to_double(const BigInt *bigint) { return digits_to_double(bigint_view(bigint)); }

// https://tc39.es/ecma262/#sec-numeric-types-bigint-tostring
Value bigint_to_string(Context *cx, BigInt *bigint, uint32_t radix) {
  Buffer text __attribute__((cleanup(buffer_release)));
  buffer_initialize(&text, &cx->memory);
  DigitsStatus status = digits_to_text(bigint_view(bigint), radix, &text, &cx->memory, &cx->fuel);
  if (text.failed) status = DIGITS_OUT_OF_MEMORY;
  if (status != DIGITS_DONE) return bigint_finish(cx, NULL, status);
  if (text.size > STRING_MAX_LENGTH) return throw_range_error(cx, "the string of the BigInt would be too long");
  return string_from_view(cx, text_view_narrow(text.data, text.size));
}

static bool bigint_is_small(const BigInt *bigint) { return bigint_digit_count(bigint) <= 1; }
static int64_t bigint_small_value(const BigInt *bigint) {
  int64_t magnitude = bigint_digit_count(bigint) ? bigint->digits[0] : 0;
  return bigint->cell.flags & BIGINT_NEGATIVE ? -magnitude : magnitude;
}

// OPTIMIZATION: operands below 2^32 in magnitude, whose results fit into 64 bits. VALUE_HOLE: the operands are larger.
static Value bigint_binary_small(Context *cx, BinaryOperator op, int64_t a, int64_t b) {
  switch (op) {
    case OPERATOR_ADD: return bigint_from_int64(cx, a + b);
    case OPERATOR_SUBTRACT: return bigint_from_int64(cx, a - b);
    case OPERATOR_MULTIPLY: {
      uint64_t magnitude = (uint64_t)(a < 0 ? -a : a) * (uint64_t)(b < 0 ? -b : b);
      return bigint_from_magnitude(cx, magnitude, (a < 0) != (b < 0));
    }
    case OPERATOR_DIVIDE: return b == 0 ? VALUE_HOLE : bigint_from_int64(cx, a / b);
    case OPERATOR_REMAINDER: return b == 0 ? VALUE_HOLE : bigint_from_int64(cx, a % b);
    case OPERATOR_BIT_AND: return bigint_from_int64(cx, a & b);
    case OPERATOR_BIT_OR: return bigint_from_int64(cx, a | b);
    case OPERATOR_BIT_XOR: return bigint_from_int64(cx, a ^ b);
    case OPERATOR_SHIFT_LEFT: return b >= 0 && b < 31 ? bigint_from_int64(cx, a * ((int64_t)1 << b)) : VALUE_HOLE;
    case OPERATOR_SHIFT_RIGHT: return b >= 0 && b < 63 ? bigint_from_int64(cx, a >> b) : VALUE_HOLE;
    default: return VALUE_HOLE;
  }
}

static DigitsStatus digits_binary(BinaryOperator op, Digits *result, DigitsView a, DigitsView b) {
  switch (op) {
    case OPERATOR_ADD: return digits_add(result, a, b);
    case OPERATOR_SUBTRACT: return digits_subtract(result, a, b);
    case OPERATOR_MULTIPLY: return digits_multiply(result, a, b);
    case OPERATOR_DIVIDE: return digits_divide(result, a, b);
    case OPERATOR_REMAINDER: return digits_remainder(result, a, b);
    case OPERATOR_EXPONENTIATE: return digits_power(result, a, b);
    case OPERATOR_BIT_AND: return digits_and(result, a, b);
    case OPERATOR_BIT_OR: return digits_or(result, a, b);
    case OPERATOR_BIT_XOR: return digits_xor(result, a, b);
    case OPERATOR_SHIFT_LEFT: return digits_shift_left(result, a, b);
    case OPERATOR_SHIFT_RIGHT: return digits_shift_right(result, a, b);
    case OPERATOR_SHIFT_RIGHT_UNSIGNED: break;  // has no BigInt form: the caller has thrown
  }
  UNREACHABLE();
}

// https://tc39.es/ecma262/#sec-ecmascript-language-types-bigint-type
Value bigint_binary(Context *cx, BinaryOperator op, BigInt *left, BigInt *right) {
  if (bigint_is_small(left) && bigint_is_small(right)) {
    Value value = bigint_binary_small(cx, op, bigint_small_value(left), bigint_small_value(right));
    if (!value_is_hole(value)) return value;
  }
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  DigitsStatus status = digits_binary(op, &result, bigint_view(left), bigint_view(right));
  return bigint_finish(cx, &result, status);
}

// https://tc39.es/ecma262/#sec-numeric-types-bigint-unaryMinus
Value bigint_unary(Context *cx, UnaryOperator op, BigInt *operand) {
  if (bigint_is_small(operand)) {
    int64_t number = bigint_small_value(operand);
    switch (op) {
      case OPERATOR_NEGATE: return bigint_from_int64(cx, -number);
      case OPERATOR_BIT_NOT: return bigint_from_int64(cx, ~number);
      case OPERATOR_INCREMENT: return bigint_from_int64(cx, number + 1);
      case OPERATOR_DECREMENT: return bigint_from_int64(cx, number - 1);
    }
  }
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  uint32_t one = 1;
  DigitsView unit = {&one, 1, op == OPERATOR_DECREMENT}, view = bigint_view(operand);
  DigitsStatus status = op == OPERATOR_NEGATE    ? digits_negate(&result, view)
                        : op == OPERATOR_BIT_NOT ? digits_not(&result, view)
                                                 : digits_add(&result, view, unit);
  return bigint_finish(cx, &result, status);
}

bool bigint_equals(const BigInt *a, const BigInt *b) { return digits_equal(bigint_view(a), bigint_view(b)); }
int bigint_compare(const BigInt *a, const BigInt *b) { return digits_compare(bigint_view(a), bigint_view(b)); }

int bigint_compare_number(const BigInt *bigint, double number) {
  return number != number ? 2 : digits_compare_double(bigint_view(bigint), number);
}

static Value bigint_truncate(Context *cx, double bits, BigInt *bigint, bool is_signed) {
  Digits result __attribute__((cleanup(digits_release)));
  digits_initialize(&result, &cx->memory, &cx->fuel);
  DigitsView view = bigint_view(bigint);
  DigitsStatus status = is_signed ? digits_as_int_n(&result, bits, view) : digits_as_uint_n(&result, bits, view);
  return bigint_finish(cx, &result, status);
}

Value bigint_as_int_n(Context *cx, double bits, BigInt *bigint) { return bigint_truncate(cx, bits, bigint, true); }
Value bigint_as_uint_n(Context *cx, double bits, BigInt *bigint) { return bigint_truncate(cx, bits, bigint, false); }
