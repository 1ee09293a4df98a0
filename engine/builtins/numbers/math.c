// Math. https://tc39.es/ecma262/#sec-math-object
#include <math.h>

#include "number/arithmetic.h"
#include "number/elementary.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/iterators.h"
#include "runtime/replay.h"

static inline MUST_CHECK bool math_operand(Context *cx, const Call *call, uint32_t index, double *out) {
  Value value = call_argument(call, index);
  if (LIKELY(value_is_number(value))) {
    *out = value_as_number(value);
    return true;
  }
  return value_to_number(cx, value, out);
}

// OPTIMIZATION: the functions that programs call most have natives of their own, which look into no table.
#define MATH_OF_NUMBER(name, compute)                                                             \
  static Value math_##name(Context *cx, const Call *call) {                                       \
    double number;                                                                                \
    return math_operand(cx, call, 0, &number) ? value_number(compute(number)) : VALUE_ABRUPT;     \
  }

// https://tc39.es/ecma262/#sec-math.abs
MATH_OF_NUMBER(abs, fabs)

// https://tc39.es/ecma262/#sec-math.ceil
MATH_OF_NUMBER(ceil, ceil)

// https://tc39.es/ecma262/#sec-math.floor
MATH_OF_NUMBER(floor, floor)

// https://tc39.es/ecma262/#sec-math.round
MATH_OF_NUMBER(round, number_round)

// https://tc39.es/ecma262/#sec-math.sqrt
MATH_OF_NUMBER(sqrt, sqrt)

// https://tc39.es/ecma262/#sec-math.trunc
MATH_OF_NUMBER(trunc, trunc)

// https://tc39.es/ecma262/#sec-math.sign
static double number_sign(double number) { return number > 0 ? 1 : number < 0 ? -1 : number; }

// https://tc39.es/ecma262/#sec-math.fround
static double number_fround(double number) { return (double)(float)number; }

// https://tc39.es/ecma262/#sec-math.f16round
static double number_f16round(double number) { return number_from_half(number_to_half(number)); }

// The functions of one number, by the magic of their rows. The C library has the specification's special cases.
static double (*const unary_functions[])(double) = {
    acos,
    elementary_acosh,
    asin,
    elementary_asinh,
    atan,
    elementary_atanh,
    cbrt,
    cos,
    elementary_cosh,
    elementary_exp,
    expm1,
    elementary_log,
    log1p,
    elementary_log10,
    elementary_log2,
    sin,
    elementary_sinh,
    tan,
    elementary_tanh,
    number_sign,
    number_fround,
    number_f16round,
};
enum {
  UNARY_ACOS,
  UNARY_ACOSH,
  UNARY_ASIN,
  UNARY_ASINH,
  UNARY_ATAN,
  UNARY_ATANH,
  UNARY_CBRT,
  UNARY_COS,
  UNARY_COSH,
  UNARY_EXP,
  UNARY_EXPM1,
  UNARY_LOG,
  UNARY_LOG1P,
  UNARY_LOG10,
  UNARY_LOG2,
  UNARY_SIN,
  UNARY_SINH,
  UNARY_TAN,
  UNARY_TANH,
  UNARY_SIGN,
  UNARY_FROUND,
  UNARY_F16ROUND,
};

// https://tc39.es/ecma262/#sec-function-properties-of-the-math-object
static Value math_unary(Context *cx, const Call *call) {
  double number;
  if (!math_operand(cx, call, 0, &number)) return VALUE_ABRUPT;
  // NaNs from the library may have bits that mean something else in a Value.
  return value_number(value_as_double(value_double_untrusted(unary_functions[call_magic(call)](number))));
}

// https://tc39.es/ecma262/#sec-math.atan2
static Value math_atan2(Context *cx, const Call *call) {
  double y, x;
  if (!math_operand(cx, call, 0, &y) || !math_operand(cx, call, 1, &x)) return VALUE_ABRUPT;
  return value_number(value_as_double(value_double_untrusted(atan2(y, x))));
}

// https://tc39.es/ecma262/#sec-math.clz32
static Value math_clz32(Context *cx, const Call *call) {
  uint32_t number;
  if (!value_to_uint32(cx, call_argument(call, 0), &number)) return VALUE_ABRUPT;
  return value_int(number ? __builtin_clz(number) : 32);
}

// https://tc39.es/ecma262/#sec-math.imul
static Value math_imul(Context *cx, const Call *call) {
  uint32_t x, y;
  if (!value_to_uint32(cx, call_argument(call, 0), &x) || !value_to_uint32(cx, call_argument(call, 1), &y)) {
    return VALUE_ABRUPT;
  }
  return value_int((int32_t)(x * y));
}

// https://tc39.es/ecma262/#sec-math.pow
static Value math_pow(Context *cx, const Call *call) {
  double base, exponent;
  if (!math_operand(cx, call, 0, &base) || !math_operand(cx, call, 1, &exponent)) return VALUE_ABRUPT;
  return value_number(value_as_double(value_double_untrusted(number_power(base, exponent))));
}

static double larger(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? b : a;  // +0 is greater than -0
  return a > b ? a : b;
}

static double smaller(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? a : b;
  return a < b ? a : b;
}

// The arguments as numbers: raw doubles in an internal Values. All are converted before the first is used.
static NO_INLINE Value math_operands(Context *cx, const Call *call) {
  ROOTS(cx, r, list);
  bool is_made = replay_is_repeating(cx);
  Values *list = is_made ? NULL : values_create(cx, call->count);
  if (!is_made && !list) return VALUE_ABRUPT;
  r->list = replay_note(cx, value_internal_or_undefined(list));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  list = (Values *)value_as_cell(r->list);
  uint32_t steps = 0;
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!context_step(cx, &steps) || !replay_round_index(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= call->count) return r->list;
    double number;
    if (!math_operand(cx, call, i, &number)) return VALUE_ABRUPT;
    list->items[i] = value_double(number);
  }
}

// https://tc39.es/ecma262/#sec-math.max and https://tc39.es/ecma262/#sec-math.min
static Value math_extreme(Context *cx, const Call *call, double result, double (*choose)(double, double)) {
  const Value *numbers = call->arguments;
  uint32_t i = 0;
  for (; i < call->count && value_is_number(numbers[i]); i++) {
  }
  if (i < call->count) {
    Value list = math_operands(cx, call);
    if (value_is_abrupt(list)) return VALUE_ABRUPT;
    numbers = ((const Values *)value_as_cell(list))->items;
  }
  for (i = 0; i < call->count; i++) result = choose(result, value_as_number(numbers[i]));
  return value_number(result);
}
static Value math_max(Context *cx, const Call *call) { return math_extreme(cx, call, -INFINITY, larger); }
static Value math_min(Context *cx, const Call *call) { return math_extreme(cx, call, INFINITY, smaller); }

// https://tc39.es/ecma262/#sec-math.hypot
static Value math_hypot(Context *cx, const Call *call) {
  if (call->count == 0) return VALUE_INT_ZERO;
  Value list = math_operands(cx, call);
  if (value_is_abrupt(list)) return VALUE_ABRUPT;
  const double *numbers = (const double *)((const Values *)value_as_cell(list))->items;
  return value_number(number_hypot(numbers, call->count));
}

// https://tc39.es/ecma262/#sec-math.random
static Value math_random(Context *cx, const Call *call) {
  (void)call;
  uint64_t a = cx->random_state[0], b = cx->random_state[1];  // xorshift128+
  cx->random_state[0] = b;
  a ^= a << 23;
  a ^= a >> 17 ^ b ^ b >> 26;
  cx->random_state[1] = a;
  return value_double((double)((a + b) >> 11) * 0x1p-53);
}

// Keeps a sum from round to round of a step that is recorded, in bytes.
static MUST_CHECK bool keep_sum(Context *cx, ReplayLoop *loop, double *count, ExactSum *sum, Value *rooted) {
  bool is_entered = loop->is_entered;
  if (!is_entered) {
    Cell *bytes = context_allocate(cx, CELL_BYTES, sizeof(Cell) + sizeof *sum);
    if (!bytes) return false;
    bytes_set_size(bytes, sizeof *sum);
    *rooted = value_internal(bytes);
  }
  memcpy(value_as_cell(*rooted) + 1, sum, sizeof *sum);
  if (!replay_round_value(cx, loop, count, rooted)) return false;
  if (!is_entered) memcpy(sum, value_as_cell(*rooted) + 1, sizeof *sum);
  return true;
}

// https://tc39.es/ecma262/#sec-math.sumprecise
static Value math_sum_precise(Context *cx, const Call *call) {
  Value items = call_argument(call, 0);
  if (!value_require_object_coercible(cx, items, "Math.sumPrecise")) return VALUE_ABRUPT;
  ROOTS(cx, r, iterator[2], value, sum);
  IteratorRecord *iterator = (IteratorRecord *)r->iterator;
  if (!iterator_open(cx, items, iterator)) return VALUE_ABRUPT;
  ExactSum sum;
  exact_sum_initialize(&sum);
  ReplayLoop loop = {0};
  for (double count = 0;; count++) {
    if (!context_charge(cx, 2)) return context_throw_interrupted(cx);
    if (UNLIKELY(replay_is_recording(cx)) && !keep_sum(cx, &loop, &count, &sum, &r->sum)) return VALUE_ABRUPT;
    bool done;
    if (!iterator_step_value(cx, iterator, &r->value, &done)) return VALUE_ABRUPT;
    if (done) return value_number(exact_sum_result(&sum));
    bool is_number = value_is_number(r->value);
    if (is_number && count < 9007199254740991.0) {
      exact_sum_add(&sum, value_as_number(r->value));
      continue;
    }
    if (is_number) {
      throw_range_error(cx, "Math.sumPrecise: too many numbers");
    } else {
      throw_type_error(cx, "Math.sumPrecise: expected numbers, not %v", r->value);
    }
    return iterator_close(cx, iterator, true) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  }
}

static const BuiltinRow math_rows[] = {
    VALUE_NUMBER("E", 2.7182818284590452354),
    VALUE_NUMBER("LN10", 2.302585092994046),
    VALUE_NUMBER("LN2", 0.6931471805599453),
    VALUE_NUMBER("LOG10E", 0.4342944819032518),
    VALUE_NUMBER("LOG2E", 1.4426950408889634),
    VALUE_NUMBER("PI", 3.1415926535897932),
    VALUE_NUMBER("SQRT1_2", 0.7071067811865476),
    VALUE_NUMBER("SQRT2", 1.4142135623730951),
    TO_STRING_TAG("Math"),
    FUNCTION("abs", 1, math_abs),
    FUNCTION_MAGIC("acos", 1, math_unary, UNARY_ACOS),
    FUNCTION_MAGIC("acosh", 1, math_unary, UNARY_ACOSH),
    FUNCTION_MAGIC("asin", 1, math_unary, UNARY_ASIN),
    FUNCTION_MAGIC("asinh", 1, math_unary, UNARY_ASINH),
    FUNCTION_MAGIC("atan", 1, math_unary, UNARY_ATAN),
    FUNCTION_MAGIC("atanh", 1, math_unary, UNARY_ATANH),
    FUNCTION("atan2", 2, math_atan2),
    FUNCTION_MAGIC("cbrt", 1, math_unary, UNARY_CBRT),
    FUNCTION("ceil", 1, math_ceil),
    FUNCTION("clz32", 1, math_clz32),
    FUNCTION_MAGIC("cos", 1, math_unary, UNARY_COS),
    FUNCTION_MAGIC("cosh", 1, math_unary, UNARY_COSH),
    FUNCTION_MAGIC("exp", 1, math_unary, UNARY_EXP),
    FUNCTION_MAGIC("expm1", 1, math_unary, UNARY_EXPM1),
    FUNCTION_MAGIC("f16round", 1, math_unary, UNARY_F16ROUND),
    FUNCTION("floor", 1, math_floor),
    FUNCTION_MAGIC("fround", 1, math_unary, UNARY_FROUND),
    FUNCTION("hypot", 2, math_hypot),
    FUNCTION("imul", 2, math_imul),
    FUNCTION_MAGIC("log", 1, math_unary, UNARY_LOG),
    FUNCTION_MAGIC("log1p", 1, math_unary, UNARY_LOG1P),
    FUNCTION_MAGIC("log10", 1, math_unary, UNARY_LOG10),
    FUNCTION_MAGIC("log2", 1, math_unary, UNARY_LOG2),
    FUNCTION("max", 2, math_max),
    FUNCTION("min", 2, math_min),
    FUNCTION("pow", 2, math_pow),
    FUNCTION("random", 0, math_random),
    FUNCTION("round", 1, math_round),
    FUNCTION_MAGIC("sign", 1, math_unary, UNARY_SIGN),
    FUNCTION_MAGIC("sin", 1, math_unary, UNARY_SIN),
    FUNCTION_MAGIC("sinh", 1, math_unary, UNARY_SINH),
    FUNCTION("sqrt", 1, math_sqrt),
    FUNCTION("sumPrecise", 1, math_sum_precise),
    FUNCTION_MAGIC("tan", 1, math_unary, UNARY_TAN),
    FUNCTION_MAGIC("tanh", 1, math_unary, UNARY_TANH),
    FUNCTION("trunc", 1, math_trunc),
    END_OF_ROWS,
};

const BuiltinObject builtin_math = {
    .global_name = "Math",
    .intrinsic = INTRINSIC_Math,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = math_rows,
};
