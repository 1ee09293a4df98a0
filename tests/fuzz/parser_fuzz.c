// libFuzzer: the parser takes any text, as script and as module, in Latin-1 and in UTF-16.
#include <stdlib.h>

#include "base/memory.h"
#include "syntax/parser.h"

static bool refuse(Fuel *fuel) {
  fuel->remaining = 0;
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  uint8_t mode = data[0];
  Memory memory;
  memory_initialize(&memory, 64u << 20);
  // Some inputs meet a failing allocation.
  memory.fail_after = mode & 4 ? data[1] : 0;
  Arena arena;
  arena_initialize(&arena, &memory);
  Fuel fuel = {.remaining = 1 << 22, .refill = refuse};
  uint16_t *wide = malloc(size * 2);
  TextView text = text_view_narrow(data + 2, size - 2);
  if (mode & 2) {
    memcpy(wide, data + 2, (size - 2) & ~(size_t)1);
    text = text_view_wide(wide, (size - 2) / 2);
  }
  ParseOptions options = {.arena = &arena, .fuel = &fuel, .is_strict = (mode & 8) != 0};
  ParseError error = {0};
  Program *program = mode & 1 ? parse_module(text, &options, &error) : parse_script(text, &options, &error);
  if (program == NULL && error.status == PARSE_OK) __builtin_trap();
  arena_release(&arena);
  free(wide);
  if (memory.used != 0) __builtin_trap();
  return 0;
}
