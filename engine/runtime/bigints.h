// BigInt cells: sign and magnitude. number/digits.h does the arithmetic on digits.
#ifndef CAISSON_BIGINTS_H
#define CAISSON_BIGINTS_H

#include "runtime/conversions.h"

struct BigInt {
  Cell cell;  // flags: 1 when negative; extra: see bigint_digit_count
  uint32_t digits[];
};
static inline BigInt *value_as_bigint(Value v) { return (BigInt *)value_as_cell(v); }
Value bigint_from_int64(Context *cx, int64_t number);
Value bigint_from_uint64(Context *cx, uint64_t number);
Value bigint_from_int128(Context *cx, __int128 number);
Value bigint_from_double(Context *cx, double number);  // NumberToBigInt: RangeError unless integral
Value bigint_from_view(Context *cx, TextView text);    // StringToBigInt; undefined when malformed
Value bigint_from_digits_text(Context *cx, TextView text, uint32_t radix);  // for literals; text is valid digits
Value value_to_bigint(Context *cx, Value value);                            // ToBigInt
int64_t bigint_to_int64(const BigInt *bigint);                              // modulo 2^64; leaf
// False: it does not fit. Leaf.
MUST_CHECK bool bigint_to_int128(const BigInt *bigint, __int128 *number);
double bigint_to_double(const BigInt *bigint);  // leaf
Value bigint_to_string(Context *cx, BigInt *bigint, uint32_t radix);
Value bigint_binary(Context *cx, BinaryOperator op, BigInt *left, BigInt *right);
Value bigint_unary(Context *cx, UnaryOperator op, BigInt *operand);
// https://tc39.es/ecma262/#sec-bigint.asintn and asuintn; bits is an integer of 0 to 2^53 - 1.
Value bigint_as_int_n(Context *cx, double bits, BigInt *bigint);
Value bigint_as_uint_n(Context *cx, double bits, BigInt *bigint);
bool bigint_equals(const BigInt *a, const BigInt *b);  // leaf
int bigint_compare(const BigInt *a, const BigInt *b);  // leaf
// Three-way comparison with a number: 2 when the number is NaN. Leaf.
int bigint_compare_number(const BigInt *bigint, double number);
// Of 32 bits each, without leading zeros: 0n has none.
static inline uint32_t bigint_digit_count(const BigInt *b) { return b->cell.extra; }
static inline void bigint_set_digit_count(BigInt *b, uint32_t count) { b->cell.extra = count; }
static inline bool bigint_is_zero(const BigInt *b) { return bigint_digit_count(b) == 0; }

#endif
