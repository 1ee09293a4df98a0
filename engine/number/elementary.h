// Logarithms, exponentials and powers as the widespread engines compute them: the algorithms of Sun's freely published
// mathematical library, which ECMAScript recommends. C libraries differ from it, and from each other, in the last
// digit, so with them programs would print other numbers than in Node, and native builds other numbers than
// WebAssembly.
#ifndef CAISSON_NUMBER_ELEMENTARY_H
#define CAISSON_NUMBER_ELEMENTARY_H

double elementary_exp(double x);
double elementary_log(double x);
double elementary_log2(double x);
double elementary_log10(double x);
double elementary_cosh(double x);
double elementary_sinh(double x);
double elementary_tanh(double x);
double elementary_acosh(double x);
double elementary_asinh(double x);
double elementary_atanh(double x);
// `exponent` is not NaN, and not infinite when `base` is 1 or -1: there C and ECMAScript differ (number_power).
double elementary_pow(double base, double exponent);

#endif
