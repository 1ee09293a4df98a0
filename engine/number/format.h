// Double to text. Every function writes ASCII, not terminated, and returns its length.
#ifndef CAISSON_NUMBER_FORMAT_H
#define CAISSON_NUMBER_FORMAT_H

#include "base/base.h"

enum {
  NUMBER_TEXT_SIZE = 32,    // the longest decimal Number::toString takes 25
  NUMBER_FIXED_SIZE = 136,  // toFixed, toExponential and toPrecision with at most 100 digits
  NUMBER_RADIX_SIZE = 2208,
};

// https://tc39.es/ecma262/#sec-numeric-types-number-tostring with radix 10
unsigned number_to_text(double number, char text[NUMBER_TEXT_SIZE]);
unsigned number_int32_to_text(int32_t number, char *text);    // at most 11 characters
unsigned number_uint32_to_text(uint32_t number, char *text);  // at most 10
// Radix 2 to 36 (not 10); digits of fractions stop where they no longer tell the double apart.
unsigned number_to_radix(double number, unsigned radix, char text[NUMBER_RADIX_SIZE]);

// The three below take finite numbers. toFixed's is below 1e21 in magnitude.
unsigned number_to_fixed(double number, unsigned fraction_digits, char text[NUMBER_FIXED_SIZE]);
// fraction_digits < 0: as many as necessary.
unsigned number_to_exponential(double number, int fraction_digits, char text[NUMBER_FIXED_SIZE]);
unsigned number_to_precision(double number, unsigned precision, char text[NUMBER_FIXED_SIZE]);

// The shortest decimal digits that read back as `number` (finite, above zero): at most 17 of them,
// in `digits`, as value = 0.d1d2d3... * 10^point.
unsigned number_shortest_digits(double number, char digits[20], int *point);

#endif
