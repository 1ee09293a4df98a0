#include "number/elementary.h"

#include <math.h>

#include "number/arithmetic.h"

// ln 2 as a sum whose first part times a small integer is exact.
static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;

static inline uint32_t high_word(double x) { return (uint32_t)(number_to_bits(x) >> 32); }
static inline uint32_t low_word(double x) { return (uint32_t)number_to_bits(x); }
static inline double with_high_word(double x, uint32_t high) {
  return number_from_bits((uint64_t)high << 32 | low_word(x));
}
static inline double without_low_word(double x) { return number_from_bits(number_to_bits(x) >> 32 << 32); }
static inline double power_of_two(int exponent) { return number_from_bits((uint64_t)(exponent + 1023) << 52); }

// Exponential ----------------------------------------------------------------------------------------------

// x - x * (e^x + 1) / (e^x - 1) for a reduced x, by its series in x squared.
static double exp_remainder(double x) {
  double t = x * x;
  return x - t * (1.66666666666666019037e-01 +
                  t * (-2.77777777770155933842e-03 +
                       t * (6.61375632143793436117e-05 +
                            t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
}

double elementary_exp(double x) {
  if (x != x) return x;
  if (x > 7.09782712893383973096e+02) return INFINITY;
  if (x < -7.45133219101941108420e+02) return 0;
  uint32_t magnitude = high_word(x) & 0x7FFFFFFF;
  bool is_negative = high_word(x) >> 31;
  double high = x, low = 0;
  int k = 0;
  if (magnitude > 0x3FD62E42) {  // more than ln2 / 2: x = k ln2 + high - low
    if (magnitude < 0x3FF0A2B2) {
      if (x == 1) return 2.718281828459045;
      k = is_negative ? -1 : 1;
    } else {
      k = (int)(1.44269504088896338700e+00 * x + (is_negative ? -0.5 : 0.5));
    }
    high = x - k * ln2_high;
    low = k * ln2_low;
    x = high - low;
  } else if (magnitude < 0x3E300000) {
    return 1 + x;
  }
  double c = exp_remainder(x);
  if (k == 0) return 1 - ((x * c) / (c - 2) - x);
  double y = 1 - ((low - (x * c) / (2 - c)) - high);
  if (k == 1024) return y * 2 * 0x1p1023;
  return k >= -1021 ? y * power_of_two(k) : y * power_of_two(k + 1000) * 0x1p-1000;
}

// Logarithms -----------------------------------------------------------------------------------------------

// x = 2^exponent (1 + fraction), with 1 + fraction between sqrt(1/2) and sqrt(2). `mantissa`: its high bits.
typedef struct Reduced {
  int exponent;
  uint32_t mantissa;
  double fraction;
} Reduced;

static Reduced reduce(double x) {
  int exponent = 0;
  if (x < 0x1p-1022) {
    exponent = -54;
    x *= 0x1p54;
  }
  uint32_t high = high_word(x), mantissa = high & 0xFFFFF, carry = (mantissa + 0x95F64) & 0x100000;
  exponent += (int)(high >> 20) - 1023 + (int)(carry >> 20);
  return (Reduced){exponent, mantissa, with_high_word(x, mantissa | (carry ^ 0x3FF00000)) - 1};
}

// Whether the logarithm is a special case; then *result is set.
static bool logarithm_is_special(double x, double *result) {
  *result = x == 0 ? -INFINITY : x < 0 ? NAN : x;
  return !(x > 0) || isinf(x);
}

static double logarithm_series(double z) {
  double w = z * z;
  double odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double even = z * (6.666666666666735130e-01 +
                     w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return even + odd;
}

double elementary_log(double x) {
  double special;
  if (logarithm_is_special(x, &special)) return special;
  Reduced reduced = reduce(x);
  double f = reduced.fraction, k = reduced.exponent;
  if ((0xFFFFF & (2 + reduced.mantissa)) < 3) {  // f is tiny
    if (f == 0) return k == 0 ? 0 : k * ln2_high + k * ln2_low;
    double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : k * ln2_high - ((r - k * ln2_low) - f);
  }
  double s = f / (2 + f), r = logarithm_series(s * s);
  bool is_middle = (((int32_t)reduced.mantissa - 0x6147A) | (0x6B851 - (int32_t)reduced.mantissa)) > 0;
  if (is_middle) {
    double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : k * ln2_high - ((half - (s * (half + r) + k * ln2_low)) - f);
  }
  return k == 0 ? f - s * (f - r) : k * ln2_high - ((s * (f - r) - k * ln2_low) - f);
}

double elementary_log2(double x) {
  const double inverse_ln2_high = 1.44269504072144627571e+00, inverse_ln2_low = 1.67517131648865118353e-10;
  double special;
  if (logarithm_is_special(x, &special)) return special;
  if (x == 1) return 0;
  Reduced reduced = reduce(x);
  double f = reduced.fraction, k = reduced.exponent, half = 0.5 * f * f, s = f / (2 + f);
  double r = s * (half + logarithm_series(s * s));
  double high = without_low_word(f - half), low = (f - high) - half + r;
  double value = high * inverse_ln2_high, rest = (low + high) * inverse_ln2_low + low * inverse_ln2_high;
  double sum = k + value;
  return rest + ((k - sum) + value) + sum;
}

double elementary_log10(double x) {
  double special;
  if (logarithm_is_special(x, &special)) return special;
  int k = 0;
  if (x < 0x1p-1022) {
    k = -54;
    x *= 0x1p54;
  }
  uint32_t high = high_word(x);
  k += (int)(high >> 20) - 1023;
  int is_small = k < 0;
  x = with_high_word(x, (high & 0xFFFFF) | (uint32_t)(1023 - is_small) << 20);
  double y = k + is_small;
  return y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * elementary_log(x) +
         y * 3.01029995663611771306e-01;
}

// Hyperbolic functions -------------------------------------------------------------------------------------

double elementary_cosh(double x) {
  x = fabs(x);
  if (x < 22) {
    if (high_word(x) < 0x3FD62E43) {
      double t = expm1(x), w = 1 + t;
      return high_word(x) < 0x3C800000 ? w : 1 + (t * t) / (w + w);
    }
    double t = elementary_exp(x);
    return 0.5 * t + 0.5 / t;
  }
  if (x < 709.7822265625) return 0.5 * elementary_exp(x);
  if (x > 710.4758600739439) return x > 0 ? INFINITY : x;
  double w = elementary_exp(0.5 * x);
  return 0.5 * w * w;
}

double elementary_sinh(double x) {
  double half = x < 0 ? -0.5 : 0.5, magnitude = fabs(x);
  if (magnitude < 22) {
    if (magnitude < 0x1p-28) return x;
    double t = expm1(magnitude);
    return magnitude < 1 ? half * (2 * t - t * t / (t + 1)) : half * (t + t / (t + 1));
  }
  if (magnitude < 709.7822265625) return half * elementary_exp(magnitude);
  if (!(magnitude <= 710.4758600739439)) return x * INFINITY;
  double w = elementary_exp(0.5 * magnitude);
  return half * w * w;
}

double elementary_tanh(double x) {
  double magnitude = fabs(x);
  if (x != x || magnitude < 0x1p-28) return x;
  double result = 1;
  if (magnitude < 22) {
    double t = expm1(magnitude >= 1 ? 2 * magnitude : -2 * magnitude);
    result = magnitude >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2);
  }
  return copysign(result, x);
}

static const double ln2 = 6.93147180559945286227e-01;

double elementary_acosh(double x) {
  if (!(x >= 1)) return NAN;
  if (x >= 0x1p28) return isinf(x) ? x : elementary_log(x) + ln2;
  if (x > 2) return elementary_log(2 * x - 1 / (x + sqrt(x * x - 1)));
  double t = x - 1;
  return log1p(t + sqrt(2 * t + t * t));
}

double elementary_asinh(double x) {
  double magnitude = fabs(x), t = x * x, result;
  if (!(magnitude < INFINITY) || magnitude < 0x1p-28) return x;
  if (magnitude > 0x1p28) {
    result = elementary_log(magnitude) + ln2;
  } else if (magnitude > 2) {
    result = elementary_log(2 * magnitude + 1 / (sqrt(t + 1) + magnitude));
  } else {
    result = log1p(magnitude + t / (1 + sqrt(1 + t)));
  }
  return copysign(result, x);
}

double elementary_atanh(double x) {
  double magnitude = fabs(x);
  if (!(magnitude <= 1)) return NAN;
  if (magnitude == 1) return x * INFINITY;
  if (magnitude < 0x1p-28) return x;
  double t = magnitude + magnitude;
  t = magnitude < 0.5 ? log1p(t + t * magnitude / (1 - magnitude)) : log1p(t / (1 - magnitude));
  return copysign(0.5 * t, x);
}

// Powers -----------------------------------------------------------------------------------------------------

// A value as a sum, the first part with few bits.
typedef struct Sum {
  double high, low;
} Sum;

// log2 of a value that is close to 1.
static Sum log2_near_one(double x) {
  double t = x - 1, w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
  double u = 1.44269502162933349609e+00 * t, v = t * 1.92596299112661746887e-08 - w * 1.44269504088896338700e+00;
  double high = without_low_word(u + v);
  return (Sum){high, v - (high - u)};
}

// log2 of a positive value with about twelve more bits than a double has: around 1 or 1.5, by s = (x - c) / (x + c).
static Sum log2_extended(double x) {
  const double centres[] = {1, 1.5}, centre_high[] = {0, 5.84962487220764160156e-01},
               centre_low[] = {0, 1.35003920212974897128e-08};
  int n = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p53;
    n = -53;
  }
  uint32_t high = high_word(x), mantissa = high & 0xFFFFF;
  n += (int)(high >> 20) - 1023;
  high = mantissa | 0x3FF00000;
  int k = mantissa > 0x3988E && mantissa < 0xBB67A;
  if (mantissa >= 0xBB67A) {
    n++;
    high -= 0x00100000;
  }
  x = with_high_word(x, high);
  double u = x - centres[k], v = 1 / (x + centres[k]), s = u * v, s_high = without_low_word(s);
  double t_high = with_high_word(0, ((high >> 1) | 0x20000000) + 0x00080000 + ((uint32_t)k << 18));
  double t_low = x - (t_high - centres[k]), s_low = v * ((u - s_high * t_high) - s_high * t_low), s2 = s * s;
  double r = s2 * s2 *
             (5.99999999999994648725e-01 +
              s2 * (4.28571428578550184252e-01 +
                    s2 * (3.33333329818377432918e-01 +
                          s2 * (2.72728123808534006489e-01 +
                                s2 * (2.30660745775561754067e-01 + s2 * 2.06975017800338417784e-01)))));
  r += s_low * (s_high + s);
  s2 = s_high * s_high;
  t_high = without_low_word(3 + s2 + r);
  t_low = r - ((t_high - 3) - s2);
  u = s_high * t_high;
  v = s_low * t_high + t_low * s;
  double p_high = without_low_word(u + v), p_low = v - (p_high - u);
  double z_high = 9.61796700954437255859e-01 * p_high;
  double z_low = -7.02846165095275826516e-09 * p_high + p_low * 9.61796693925975554329e-01 + centre_low[k];
  double sum = without_low_word(((z_high + z_low) + centre_high[k]) + n);
  return (Sum){sum, z_low - (((sum - n) - centre_high[k]) - z_high)};
}

// 2 to the power of a sum that is in range.
static double exp2_of_sum(double z, Sum sum) {
  int32_t bits = (int32_t)high_word(z), n = 0;
  uint32_t magnitude = (uint32_t)bits & 0x7FFFFFFF;
  if (magnitude > 0x3FE00000) {  // more than a half: n is the nearest integer
    int k = (int)(magnitude >> 20) - 1023;
    uint32_t rounded = (uint32_t)bits + (0x00100000u >> (k + 1));
    k = (int)((rounded & 0x7FFFFFFF) >> 20) - 1023;
    sum.high -= with_high_word(0, rounded & ~(0x000FFFFFu >> k));
    n = (int32_t)(((rounded & 0x000FFFFF) | 0x00100000) >> (20 - k));
    if (bits < 0) n = -n;
  }
  double t = without_low_word(sum.low + sum.high), u = t * 6.93147182464599609375e-01;
  double v = (sum.low - (t - sum.high)) * ln2 + t * -1.90465429995776804525e-09, x = u + v, w = v - (x - u);
  // Sun's library divides only by c - 2. V8 divides by all of this, and programs are compared with V8's last digits.
  double c = exp_remainder(x), r = (x * c) / ((c - 2) - (w + x * w));
  x = 1 - (r - x);
  int32_t exponent = (int32_t)high_word(x) + (int32_t)((uint32_t)n << 20);
  return exponent >> 20 <= 0 ? scalbn(x, n) : with_high_word(x, (uint32_t)exponent);
}

static bool is_odd(double integer) { return fabs(integer) < 0x1p53 && fmod(integer, 2) != 0; }

double elementary_pow(double base, double exponent) {
  if (exponent == 0) return 1;
  if (exponent == 1) return base;
  if (exponent == -1) return 1 / base;
  if (exponent == 2) return base * base;
  if (exponent == 0.5 && base >= 0) return sqrt(base + 0.0);
  double magnitude = fabs(base);
  // Zeros, infinities and NaN, where nothing is rounded.
  if (!(magnitude > 0 && magnitude < INFINITY) || isinf(exponent) || magnitude == 1) return pow(base, exponent);
  double sign = 1;
  if (base < 0) {
    if (exponent != trunc(exponent)) return NAN;
    if (is_odd(exponent)) sign = -1;
  }
  uint32_t exponent_high = high_word(fabs(exponent)), base_high = high_word(magnitude);
  Sum logarithm;
  if (exponent_high > 0x41E00000) {  // more than 2^31
    bool grows = (magnitude > 1) == (exponent > 0);
    if (exponent_high > 0x43F00000 || base_high < 0x3FEFFFFF || base_high > 0x3FF00000)
      return sign * (grows ? INFINITY : 0);
    logarithm = log2_near_one(magnitude);
  } else {
    logarithm = log2_extended(magnitude);
  }
  double coarse = without_low_word(exponent);
  Sum product = {coarse * logarithm.high, (exponent - coarse) * logarithm.high + exponent * logarithm.low};
  double z = product.low + product.high;
  if (z > 1024 || (z == 1024 && product.low + 8.0085662595372944372e-17 > z - product.high)) return sign * INFINITY;
  if (z < -1075 || (z == -1075 && product.low <= z - product.high)) return sign * 0.0;
  return sign * exp2_of_sum(z, product);
}
