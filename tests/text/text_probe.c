// Prints what the text layer says of every code point and of texts read from standard input, for
// compare_with_node.mjs to hold against the host's own answers.
#include <stdio.h>
#include <stdlib.h>

#include "text/case_mapping.h"
#include "text/normalization.h"
#include "text/unicode.h"

static bool no_refill(Fuel *fuel) {
  fuel->remaining = 1000000;
  return true;
}

static void print_units(const Buffer *units) {
  const uint16_t *data = (const uint16_t *)(const void *)units->data;
  for (size_t i = 0; i < units->size / 2; i++) printf("%s%x", i ? " " : "", data[i]);
  putchar(';');
}

static void probe_text(TextView text) {
  Memory memory;
  memory_initialize(&memory, SIZE_MAX);
  Fuel fuel = {0, no_refill};
  Buffer units;
  buffer_initialize(&units, &memory);
  if (!text_to_uppercase(text, &units, &fuel)) exit(1);
  print_units(&units);
  units.size = 0;
  if (!text_to_lowercase(text, &units, &fuel)) exit(1);
  print_units(&units);
  for (int form = 0; form < 4; form++) {
    units.size = 0;
    if (!text_normalize(text, (NormalizationForm)form, &units, &fuel)) exit(1);
    print_units(&units);
  }
  buffer_release(&units);
  if (memory.used) exit(2);
}

int main(int count, char **arguments) {
  (void)arguments;
  if (count > 1) {
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
      uint16_t pair[2] = {(uint16_t)code_point, 0};
      if (code_point > 0xFFFF) {
        pair[0] = (uint16_t)(0xD7C0 + (code_point >> 10));
        pair[1] = (uint16_t)(0xDC00 | (code_point & 0x3FF));
      }
      printf("%d%d%d;", unicode_is_identifier_start(code_point), unicode_is_identifier_part(code_point),
             unicode_is_trimmed(code_point));
      printf("%d%d;", unicode_is_cased(code_point), unicode_is_case_ignorable(code_point));
      printf("%x;", unicode_simple_fold(code_point));
      probe_text(text_view_wide(pair, code_point > 0xFFFF ? 2 : 1));
      putchar('\n');
    }
    return 0;
  }
  uint16_t units[4096];
  uint32_t length = 0;
  unsigned unit;
  for (;;) {  // lines of hexadecimal units
    int c = getchar();
    if (c == EOF) return 0;
    if (c == '\n') {
      probe_text(text_view_wide(units, length));
      putchar('\n');
      length = 0;
    } else if (c != ' ') {
      ungetc(c, stdin);
      if (scanf("%x", &unit) != 1) return 1;
      units[length++] = (uint16_t)unit;
    }
  }
}
