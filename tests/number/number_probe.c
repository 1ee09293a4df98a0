// Answers requests from standard input, one a line, for compare_with_node.mjs. Doubles cross as the
// hexadecimal of their bits. "f BITS" formats in every way, "t BITS N" with one count of digits,
// "p TEXT" reads a number, "i RADIX TEXT" reads an integer, "m BITS BITS" is arithmetic.
#include <stdio.h>
#include <stdlib.h>

#include "number/arithmetic.h"
#include "number/format.h"
#include "number/parse.h"

static void print_text(const char *text, unsigned length) { printf("%.*s ", (int)length, text); }

static void print_double(double number) {
  if (number != number) {
    printf("nan ");
  } else {
    printf("%llx ", (unsigned long long)number_to_bits(number));
  }
}

static double read_double(char **line) {
  uint64_t bits = strtoull(*line, line, 16);
  return number_from_bits(bits);
}

static void probe_format(double number) {
  char text[NUMBER_RADIX_SIZE];
  print_text(text, number_to_text(number, text));
  print_text(text, number_to_radix(number, 2, text));
  print_text(text, number_to_radix(number, 3, text));
  print_text(text, number_to_radix(number, 16, text));
  print_text(text, number_to_radix(number, 36, text));
  if (number_is_finite(number)) print_text(text, number_to_exponential(number, -1, text));
}

static void probe_digits(double number, unsigned count) {
  char text[NUMBER_FIXED_SIZE];
  if (number < 1e21 && number > -1e21) print_text(text, number_to_fixed(number, count, text));
  print_text(text, number_to_exponential(number, (int)count, text));
  if (count > 0) print_text(text, number_to_precision(number, count, text));
}

static void probe_arithmetic(double a, double b) {
  printf("%d ", number_to_int32(a));
  printf("%llu ", (unsigned long long)number_to_uint64(a));
  print_double(number_remainder(a, b));
  print_double(number_round(a));
  printf("%u ", number_to_uint8_clamped(a));
}

static bool no_refill(Fuel *fuel) {
  fuel->remaining = INT32_MAX;
  return true;
}

int main(void) {
  Fuel fuel = {0, no_refill};
  static char line[70000];
  while (fgets(line, sizeof line, stdin)) {
    size_t length = strlen(line) - 1;
    char *rest = line + 1;
    if (line[0] == 'f') {
      probe_format(read_double(&rest));
    } else if (line[0] == 't') {
      double number = read_double(&rest);
      probe_digits(number, (unsigned)strtoul(rest, NULL, 10));
    } else if (line[0] == 'p') {
      char *copy = malloc(length - 2 + (length == 2));
      memcpy(copy, line + 2, length - 2);
      print_double(number_from_text(text_view_narrow(copy, length - 2), &fuel));
      print_double(number_parse_float(text_view_narrow(copy, length - 2), &fuel));
      free(copy);
    } else if (line[0] == 'i') {
      long radix = strtol(rest, &rest, 10);
      rest++;
      print_double(number_parse_int(text_view_narrow(rest, (size_t)(line + length - rest)), (int32_t)radix, &fuel));
    } else if (line[0] == 'm') {
      double a = read_double(&rest), b = read_double(&rest);
      probe_arithmetic(a, b);
    }
    putchar('\n');
  }
}
