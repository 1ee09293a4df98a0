// libFuzzer: any pattern compiles or is refused; a compiled one matches any text within its fuel.
#include <stdlib.h>

#include "base/memory.h"
#include "regexp/regexp.h"

static bool refuse(Fuel *fuel) {
  fuel->remaining = 0;
  return false;
}

static void match(const RegExpProgram *program, TextView subject, Memory *memory, Fuel *fuel) {
  RegExpMatcher matcher;
  regexp_matcher_initialize(&matcher, memory, fuel);
  uint32_t *captures = calloc(program->register_count, sizeof(uint32_t));
  RegExpResult result = regexp_match(program, subject, 0, captures, &matcher);
  if (result == REGEXP_MATCH) {
    for (uint32_t group = 0; group < program->group_count; group++) {
      uint32_t start = captures[2 * group], end = captures[2 * group + 1];
      if (start == REGEXP_UNSET || end == REGEXP_UNSET) continue;
      if (start > end || end > subject.length) __builtin_trap();
    }
  }
  free(captures);
  regexp_matcher_release(&matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 4) return 0;
  RegExpFlags flags = data[0];
  if ((flags & REGEXP_UNICODE) && (flags & REGEXP_UNICODE_SETS)) flags &= (RegExpFlags)~REGEXP_UNICODE_SETS;
  size_t split = 2 + data[1] % (size - 2);
  Memory memory;
  memory_initialize(&memory, 64u << 20);
  Fuel fuel = {.remaining = 1 << 20, .refill = refuse};
  RegExpProgram *program = NULL;
  RegExpError error = {0};
  TextView pattern = text_view_narrow(data + 2, split - 2);
  if (regexp_compile(&memory, &fuel, pattern, flags, &program, &error) == REGEXP_OK) {
    match(program, text_view_narrow(data + split, size - split), &memory, &fuel);
    uint16_t *wide = malloc(size - split + 2);
    memcpy(wide, data + split, (size - split) & ~(size_t)1);
    match(program, text_view_wide(wide, (size - split) / 2), &memory, &fuel);
    free(wide);
    regexp_release(&memory, program);
  }
  if (memory.used != 0) __builtin_trap();
  return 0;
}
