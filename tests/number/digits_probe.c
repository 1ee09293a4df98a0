// Integer arithmetic for compare_digits_with_node.mjs: lines "OP A B" with hexadecimal operands (a
// leading '-' for negative ones) are answered in hexadecimal.
#include <stdio.h>
#include <stdlib.h>

#include "number/arithmetic.h"
#include "number/digits.h"

static bool refill(Fuel *fuel) {
  fuel->remaining = 1000000;
  return true;
}

static Memory memory;
static Fuel fuel = {1000, refill};

static void read_operand(Digits *digits, const char *text) {
  bool negative = *text == '-';
  digits_initialize(digits, &memory, &fuel);
  text += negative;
  if (digits_parse(digits, text_view_literal(text), 16, false) != DIGITS_DONE) exit(3);
  digits->negative = negative && digits->count > 0;
}

static void print_text(DigitsView view, unsigned radix) {
  Buffer text;
  buffer_initialize(&text, &memory);
  if (digits_to_text(view, radix, &text, &memory, &fuel) != DIGITS_DONE) exit(4);
  fwrite(text.data, 1, text.size, stdout);
  buffer_release(&text);
}

static DigitsStatus run(const char *operation, Digits *result, const Digits *a, const Digits *b) {
  DigitsView x = digits_view(a), y = digits_view(b);
  if (!strcmp(operation, "+")) return digits_add(result, x, y);
  if (!strcmp(operation, "-")) return digits_subtract(result, x, y);
  if (!strcmp(operation, "*")) return digits_multiply(result, x, y);
  if (!strcmp(operation, "/")) return digits_divide(result, x, y);
  if (!strcmp(operation, "%")) return digits_remainder(result, x, y);
  if (!strcmp(operation, "**")) return digits_power(result, x, y);
  if (!strcmp(operation, "<<")) return digits_shift_left(result, x, y);
  if (!strcmp(operation, ">>")) return digits_shift_right(result, x, y);
  if (!strcmp(operation, "&")) return digits_and(result, x, y);
  if (!strcmp(operation, "|")) return digits_or(result, x, y);
  if (!strcmp(operation, "^")) return digits_xor(result, x, y);
  if (!strcmp(operation, "~")) return digits_not(result, x);
  if (!strcmp(operation, "int")) return digits_as_int_n(result, digits_to_double(y), x);
  if (!strcmp(operation, "uint")) return digits_as_uint_n(result, digits_to_double(y), x);
  if (!strcmp(operation, "double")) return digits_from_double(result, digits_to_double(x));
  return DIGITS_NOT_A_NUMBER;
}

int main(void) {
  static char line[4000000];
  static const char *const failures[] = {"", "too-large", "memory", "interrupted", "by-zero", "negative", "nan"};
  memory_initialize(&memory, SIZE_MAX);
  while (fgets(line, sizeof line, stdin)) {
    char *operation = strtok(line, " "), *first = strtok(NULL, " "), *second = strtok(NULL, " \n");
    Digits a, b, result;
    digits_initialize(&result, &memory, &fuel);
    if (!strcmp(operation, "parse")) {  // parse RADIX DIGITS
      DigitsStatus status = digits_parse(&result, text_view_literal(second), (unsigned)atoi(first), true);
      if (status) printf("%s", failures[status]);
      else print_text(digits_view(&result), 16);
    } else if (!strcmp(operation, "text")) {  // text RADIX HEX
      read_operand(&a, second);
      print_text(digits_view(&a), (unsigned)atoi(first));
      digits_release(&a);
    } else if (!strcmp(operation, "compare")) {
      read_operand(&a, first);
      double number = number_from_bits(strtoull(second, NULL, 16));
      printf("%d", digits_compare_double(digits_view(&a), number));
      digits_release(&a);
    } else {
      read_operand(&a, first);
      read_operand(&b, second);
      DigitsStatus status = run(operation, &result, &a, &b);
      if (status) printf("%s", failures[status]);
      else print_text(digits_view(&result), 16);
      digits_release(&a);
      digits_release(&b);
    }
    digits_release(&result);
    putchar('\n');
  }
  if (memory.used) puts("leak");
}
