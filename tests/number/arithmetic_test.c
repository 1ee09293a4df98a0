// What C's mathematics leaves open or does otherwise: powers, halves, exact sums.
#include "number/arithmetic.h"

#include <math.h>
#include <stdio.h>

#include "number/parse.h"

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

static double sum(const double *numbers, size_t count) {
  ExactSum exact;
  exact_sum_initialize(&exact);
  for (size_t i = 0; i < count; i++) exact_sum_add(&exact, numbers[i]);
  return exact_sum_result(&exact);
}
#define SUM(...) sum((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void check_halves(void) {
  for (uint32_t half = 0; half < 0x10000; half++) {
    double number = number_from_half((uint16_t)half);
    if (number != number) continue;
    CHECK(number_to_half(number) == half);
    if ((half & 0x7FFF) >= 0x7BFF) continue;
    double next = number_from_half((uint16_t)(half + 1)), middle = (number + next) / 2;
    CHECK(number_to_half(middle) == (half & 1 ? half + 1 : half));
    CHECK(number_to_half(nextafter(middle, number)) == half);
    CHECK(number_to_half(nextafter(middle, next)) == half + 1);
  }
  CHECK(number_to_half(65519.99999999999) == 0x7BFF && number_to_half(65520) == 0x7C00);
  CHECK(number_to_half(2.9802322387695312e-8) == 0 && number_to_half(2.980232238769532e-8) == 1);
  CHECK(number_to_half(NAN) == 0x7E00 && number_to_half(-INFINITY) == 0xFC00);
}

static void check_sums(void) {
  CHECK(SUM(1e308, 1e308, -1e308) == 1e308);
  CHECK(SUM(1e308, 1e308) == INFINITY);
  CHECK(SUM(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1) == 1);
  CHECK(SUM(1, 1e-20, -1) == 1e-20);
  CHECK(SUM(5e-324, 5e-324) == 1e-323);
  CHECK(SUM(-5e-324, 5e-324) == 0 && !signbit(SUM(-5e-324, 5e-324)));
  CHECK(signbit(sum(NULL, 0)) && signbit(SUM(-0.0, -0.0)) && !signbit(SUM(-0.0, 0.0)));
  CHECK(SUM(9007199254740992, 1) == 9007199254740992 && SUM(9007199254740992, 1, 5e-324) == 9007199254740994);
  CHECK(SUM(-1e300, 1, 1e300, 2) == 3);
  CHECK(SUM(INFINITY, -INFINITY) != SUM(INFINITY, -INFINITY));
  CHECK(SUM(1.7976931348623157e308, 9.979201547673598e291) == 1.7976931348623157e308);
  CHECK(SUM(1.7976931348623157e308, 9.979201547673599e291) == INFINITY);
}

int main(void) {
  check_halves();
  check_sums();
  CHECK(number_power(1, INFINITY) != number_power(1, INFINITY) &&
        number_power(-1, -INFINITY) != number_power(-1, -INFINITY));
  CHECK(number_power(1, NAN) != number_power(1, NAN) && number_power(NAN, 0) == 1);
  CHECK(number_power(-0.0, 3) == 0 && signbit(number_power(-0.0, 3)) && number_power(-INFINITY, 0.5) == INFINITY);
  CHECK(signbit(number_remainder(-4, 2)) && number_remainder(5, INFINITY) == 5 && isnan(number_remainder(5, 0)));
  CHECK(signbit(number_round(-0.2)) && number_round(-0.5) == 0 && number_round(0.49999999999999994) == 0);
  CHECK(number_round(2.5) == 3 && number_round(-2.5) == -2 && number_round(4503599627370495.5) == 4503599627370496);
  CHECK(number_hypot((const double[]){3, 4}, 2) == 5 && number_hypot((const double[]){1e308, 1e308, 0}, 3) < INFINITY);
  CHECK(number_hypot((const double[]){NAN, INFINITY}, 2) == INFINITY &&
        !signbit(number_hypot((const double[]){-0.0}, 1)));
  CHECK(number_to_integer_or_infinity(-0.9) == 0 && !signbit(number_to_integer_or_infinity(-0.9)));
  CHECK(number_to_int32(4294967296.0 * 5 + 7) == 7 && number_to_int32(-2147483649.0) == 2147483647 &&
        number_to_int32(NAN) == 0);
  uint32_t index;
  CHECK(number_parse_array_index(text_view_literal("4294967294"), &index) && index == 4294967294u);
  CHECK(!number_parse_array_index(text_view_literal("4294967295"), &index) &&
        !number_parse_array_index(text_view_literal("01"), &index));
  CHECK(number_parse_array_index(text_view_literal("0"), &index) && index == 0 &&
        !number_parse_array_index(text_view_literal(""), &index));
  puts(failures ? "arithmetic: failures" : "arithmetic: passed");
  return failures != 0;
}
