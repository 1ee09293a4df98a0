// Slow paths of the operators: all operands other than two small integers or two doubles.
#include "number/arithmetic.h"
#include "runtime/bigints.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"

static Value number_binary(BinaryOperator op, double a, double b) {
  switch (op) {
    case OPERATOR_ADD: return value_number(a + b);
    case OPERATOR_SUBTRACT: return value_number(a - b);
    case OPERATOR_MULTIPLY: return value_number(a * b);
    case OPERATOR_DIVIDE: return value_number(a / b);
    case OPERATOR_REMAINDER: return value_number(number_remainder(a, b));
    case OPERATOR_EXPONENTIATE: return value_number(number_power(a, b));
    case OPERATOR_BIT_AND: return value_int(number_to_int32(a) & number_to_int32(b));
    case OPERATOR_BIT_OR: return value_int(number_to_int32(a) | number_to_int32(b));
    case OPERATOR_BIT_XOR: return value_int(number_to_int32(a) ^ number_to_int32(b));
    case OPERATOR_SHIFT_LEFT: return value_int((int32_t)(number_to_uint32(a) << (number_to_uint32(b) & 31)));
    case OPERATOR_SHIFT_RIGHT: return value_int(number_to_int32(a) >> (number_to_uint32(b) & 31));
    case OPERATOR_SHIFT_RIGHT_UNSIGNED: return value_unsigned(number_to_uint32(a) >> (number_to_uint32(b) & 31));
  }
  UNREACHABLE();
}

static Value throw_mixed_bigint(Context *cx, Value left, Value right) {
  return throw_type_error(cx, "%ecannot mix BigInt and other types (%v and %v), convert one of them", left, right);
}

static Value numeric_binary(Context *cx, BinaryOperator op, Value left, Value right) {
  if (value_is_number(left) && value_is_number(right)) {
    return number_binary(op, value_as_number(left), value_as_number(right));
  }
  if (!value_is_bigint(left) || !value_is_bigint(right)) return throw_mixed_bigint(cx, left, right);
  if (op == OPERATOR_SHIFT_RIGHT_UNSIGNED)
    return throw_type_error(cx, "%eBigInts have no unsigned right shift, use >>");
  return bigint_binary(cx, op, value_as_bigint(left), value_as_bigint(right));
}

// https://tc39.es/ecma262/#sec-applystringornumericbinaryoperator
static Value value_add(Context *cx, Value left, Value right) {
  ROOTS(cx, r, left, right);
  r->left = value_to_primitive(cx, left, PREFER_DEFAULT);
  if (value_is_abrupt(r->left)) return VALUE_ABRUPT;
  r->right = value_to_primitive(cx, right, PREFER_DEFAULT);
  if (value_is_abrupt(r->right)) return VALUE_ABRUPT;
  if (value_is_string(r->left) || value_is_string(r->right)) {
    r->left = value_to_string(cx, r->left);
    if (value_is_abrupt(r->left)) return VALUE_ABRUPT;
    r->right = value_to_string(cx, r->right);
    if (value_is_abrupt(r->right)) return VALUE_ABRUPT;
    return string_concatenate(cx, value_as_string(r->left), value_as_string(r->right));
  }
  r->left = value_to_numeric(cx, r->left);
  if (value_is_abrupt(r->left)) return VALUE_ABRUPT;
  r->right = value_to_numeric(cx, r->right);
  if (value_is_abrupt(r->right)) return VALUE_ABRUPT;
  return numeric_binary(cx, OPERATOR_ADD, r->left, r->right);
}

// https://tc39.es/ecma262/#sec-evaluatestringornumericbinaryexpression
Value value_binary(Context *cx, BinaryOperator op, Value left, Value right) {
  if (value_is_number(left) && value_is_number(right)) {
    return number_binary(op, value_as_number(left), value_as_number(right));
  }
  if (op == OPERATOR_ADD) {
    if (value_is_string(left) && value_is_string(right)) {
      return string_concatenate(cx, value_as_string(left), value_as_string(right));
    }
    return value_add(cx, left, right);
  }
  ROOTS(cx, r, left, right);
  r->left = value_to_numeric(cx, left);
  if (value_is_abrupt(r->left)) return VALUE_ABRUPT;
  r->right = value_to_numeric(cx, right);
  if (value_is_abrupt(r->right)) return VALUE_ABRUPT;
  return numeric_binary(cx, op, r->left, r->right);
}

// https://tc39.es/ecma262/#sec-unary-operators
Value value_unary(Context *cx, UnaryOperator op, Value operand) {
  ROOTS(cx, r, numeric);
  r->numeric = value_to_numeric(cx, operand);
  if (value_is_abrupt(r->numeric)) return VALUE_ABRUPT;
  if (value_is_bigint(r->numeric)) return bigint_unary(cx, op, value_as_bigint(r->numeric));
  double number = value_as_number(r->numeric);
  switch (op) {
    case OPERATOR_NEGATE: return value_number(-number);
    case OPERATOR_BIT_NOT: return value_int(~number_to_int32(number));
    case OPERATOR_INCREMENT: return value_number(number + 1);
    case OPERATOR_DECREMENT: return value_number(number - 1);
  }
  UNREACHABLE();
}

static int order_sign(int order) { return order < 0 ? -1 : order > 0; }

// -1, 0, 1; 2: not comparable (NaN).
static int numbers_compare(double a, double b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; }

static int comparison_swap(int order) { return order == 2 ? 2 : -order; }

static MUST_CHECK bool bigint_compare_string(Context *cx, BigInt *bigint, Value string, int *order) {
  TextView text;
  if (!string_view(cx, value_as_string(string), &text)) return false;
  ROOTS(cx, r, parsed);
  r->parsed = bigint_from_view(cx, text);
  if (value_is_abrupt(r->parsed)) return false;
  *order = value_is_bigint(r->parsed) ? order_sign(bigint_compare(bigint, value_as_bigint(r->parsed))) : 2;
  return true;
}

static MUST_CHECK bool numerics_compare(Context *cx, Value left, Value right, int *order) {
  ROOTS(cx, r, left, right);
  r->left = value_to_numeric(cx, left);
  if (value_is_abrupt(r->left)) return false;
  r->right = value_to_numeric(cx, right);
  if (value_is_abrupt(r->right)) return false;
  bool left_big = value_is_bigint(r->left), right_big = value_is_bigint(r->right);
  if (left_big && right_big) {
    *order = order_sign(bigint_compare(value_as_bigint(r->left), value_as_bigint(r->right)));
  } else if (left_big) {
    *order = bigint_compare_number(value_as_bigint(r->left), value_as_number(r->right));
  } else if (right_big) {
    *order = comparison_swap(bigint_compare_number(value_as_bigint(r->right), value_as_number(r->left)));
  } else {
    *order = numbers_compare(value_as_number(r->left), value_as_number(r->right));
  }
  return true;
}

// https://tc39.es/ecma262/#sec-islessthan (operands are always converted left to right, as each operator wants it)
bool value_compare(Context *cx, Comparison comparison, Value left, Value right, bool *out) {
  ROOTS(cx, r, left, right);
  r->left = value_to_primitive(cx, left, PREFER_NUMBER);
  if (value_is_abrupt(r->left)) return false;
  r->right = value_to_primitive(cx, right, PREFER_NUMBER);
  if (value_is_abrupt(r->right)) return false;
  int order;
  bool left_string = value_is_string(r->left), right_string = value_is_string(r->right);
  if (left_string && right_string) {
    if (!string_compare(cx, value_as_string(r->left), value_as_string(r->right), &order)) return false;
    order = order_sign(order);
  } else if (value_is_bigint(r->left) && right_string) {
    if (!bigint_compare_string(cx, value_as_bigint(r->left), r->right, &order)) return false;
  } else if (left_string && value_is_bigint(r->right)) {
    if (!bigint_compare_string(cx, value_as_bigint(r->right), r->left, &order)) return false;
    order = comparison_swap(order);
  } else if (!numerics_compare(cx, r->left, r->right, &order)) {
    return false;
  }
  switch (comparison) {
    case COMPARE_LESS: *out = order == -1; break;
    case COMPARE_LESS_EQUAL: *out = order <= 0; break;
    case COMPARE_GREATER: *out = order == 1; break;
    case COMPARE_GREATER_EQUAL: *out = order == 0 || order == 1; break;
  }
  return true;
}
