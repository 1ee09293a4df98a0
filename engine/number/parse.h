// Text to double, correctly rounded whatever the length of the text. Nothing here allocates. When the fuel is spent,
// the result is any number: the caller charges once more and fails.
#ifndef CAISSON_NUMBER_PARSE_H
#define CAISSON_NUMBER_PARSE_H

#include "base/fuel.h"
#include "base/text_view.h"

// The longest prefix that is an unsigned decimal literal (digits, one point, an exponent), for the lexer,
// JSON and parseFloat. `consumed` is 0 when there is none. With `separators`, underscores between
// digits are passed over (the lexer has checked their places).
double number_parse_decimal(TextView text, bool separators, Fuel *fuel, uint32_t *consumed);
// The longest prefix of digits in `radix` (2 to 36), correctly rounded.
double number_parse_radix(TextView text, unsigned radix, bool separators, Fuel *fuel, uint32_t *consumed);

// https://tc39.es/ecma262/#sec-stringtonumber
double number_from_text(TextView text, Fuel *fuel);
// https://tc39.es/ecma262/#sec-parsefloat-string (the text already converted)
double number_parse_float(TextView text, Fuel *fuel);
// https://tc39.es/ecma262/#sec-parseint-string-radix (the text and ToInt32 of the radix)
double number_parse_int(TextView text, int32_t radix, Fuel *fuel);

// An array index written canonically: "0" to "4294967294".
bool number_parse_array_index(TextView text, uint32_t *index);

#endif
