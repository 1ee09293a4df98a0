// Long integer operations under refused memory and spent fuel: they must report it and leave nothing behind.
// Their results are held against Node's by compare_digits_with_node.mjs.
#include "number/digits.h"

#include <stdio.h>

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

typedef struct StoppingFuel {
  Fuel fuel;
  int slices;  // before it says stop
} StoppingFuel;

static bool stopping_refill(Fuel *fuel) {
  StoppingFuel *stopping = (StoppingFuel *)(void *)fuel;
  if (stopping->slices-- <= 0) return false;  // what is spent stays spent, as with the engine's
  fuel->remaining = 10000;
  return true;
}

enum { OPERATION_MULTIPLY, OPERATION_DIVIDE, OPERATION_POWER, OPERATION_TEXT, OPERATION_PARSE, OPERATION_COUNT };

static DigitsStatus run(int operation, Memory *memory, Fuel *fuel, DigitsView a, DigitsView b, TextView text) {
  Digits result;
  digits_initialize(&result, memory, fuel);
  DigitsStatus status = DIGITS_DONE;
  uint32_t nine = 9;
  Buffer out;
  buffer_initialize(&out, memory);
  switch (operation) {
    case OPERATION_MULTIPLY: status = digits_multiply(&result, a, b); break;
    case OPERATION_DIVIDE: status = digits_divide(&result, a, b); break;
    case OPERATION_POWER: status = digits_power(&result, b, (DigitsView){&nine, 1, false}); break;
    case OPERATION_TEXT: status = digits_to_text(a, 10, &out, memory, fuel); break;
    case OPERATION_PARSE: status = digits_parse(&result, text, 10, false); break;
  }
  buffer_release(&out);
  digits_release(&result);
  return status;
}

int main(void) {
  static uint32_t limbs[3000], others[1100];
  static char text[20000];
  uint32_t state = 1;
  for (size_t i = 0; i < COUNT_OF(limbs); i++) limbs[i] = state = state * 1664525 + 1013904223;
  for (size_t i = 0; i < COUNT_OF(others); i++) others[i] = state = state * 1664525 + 1013904223;
  for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('1' + i % 9);
  DigitsView a = {limbs, COUNT_OF(limbs), false}, b = {others, COUNT_OF(others), true};
  TextView digits = text_view_narrow(text, sizeof text);
  for (int operation = 0; operation < OPERATION_COUNT; operation++) {
    Memory memory;
    memory_initialize(&memory, SIZE_MAX);
    StoppingFuel endless = {{0, stopping_refill}, 1000000};
    CHECK(run(operation, &memory, &endless.fuel, a, b, digits) == DIGITS_DONE);
    CHECK(memory.used == 0);
    for (size_t fail = 1; fail < 200; fail++) {
      memory.fail_after = fail;
      DigitsStatus status = run(operation, &memory, &endless.fuel, a, b, digits);
      bool refused = memory.fail_after == 0;
      CHECK(status == (refused ? DIGITS_OUT_OF_MEMORY : DIGITS_DONE));
      CHECK(memory.used == 0);
      memory.fail_after = 0;
      if (!refused) break;
    }
    for (int slices = 0; slices < 3; slices++) {
      StoppingFuel short_lived = {{0, stopping_refill}, slices};
      CHECK(run(operation, &memory, &short_lived.fuel, a, b, digits) == DIGITS_INTERRUPTED);
      CHECK(memory.used == 0);
    }
  }
  puts(failures ? "digits: failures" : "digits: passed");
  return failures != 0;
}
