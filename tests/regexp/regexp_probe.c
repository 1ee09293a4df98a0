#define _DEFAULT_SOURCE
// Runs patterns against texts for compare_with_node.mjs. Each line of standard input holds: an operation (c check,
// m match all, t time), flags, pattern, text and start, the middle two as hexadecimal code units ("-" when empty).
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "regexp/regexp.h"

static bool refill_until_spent(Fuel *fuel) {
  (void)fuel;
  return false;
}

static uint16_t *read_units(const char *hex, uint32_t *length, bool *wide) {
  *length = hex[0] == '-' ? 0 : (uint32_t)(strlen(hex) / 4);
  uint16_t *units = malloc(*length * 2 + 2);
  *wide = false;
  for (uint32_t i = 0; i < *length; i++) {
    char digits[5] = {hex[4 * i], hex[4 * i + 1], hex[4 * i + 2], hex[4 * i + 3], 0};
    units[i] = (uint16_t)strtoul(digits, NULL, 16);
    *wide |= units[i] > 255;
  }
  return units;
}

// An exact copy, so that the sanitizer sees every read past the end.
static TextView make_view(const char *hex, void **owned, bool force_wide) {
  uint32_t length;
  bool wide;
  uint16_t *units = read_units(hex, &length, &wide);
  if (wide || force_wide) {
    uint16_t *exact = malloc(length * 2 + !length);
    memcpy(exact, units, length * 2);
    free(units);
    *owned = exact;
    return text_view_wide(exact, length);
  }
  uint8_t *narrow = malloc(length + !length);
  for (uint32_t i = 0; i < length; i++) narrow[i] = (uint8_t)units[i];
  free(units);
  *owned = narrow;
  return text_view_narrow(narrow, length);
}

static void print_captures(const RegExpProgram *program, const uint32_t *captures) {
  for (uint32_t group = 0; group < program->group_count; group++) {
    uint32_t start = captures[2 * group], end = captures[2 * group + 1];
    if (start == REGEXP_UNSET || end == REGEXP_UNSET) {
      printf(",-");
    } else {
      printf(",%u:%u", start, end);
    }
  }
  printf(";");
}

static void match_all(const RegExpProgram *program, TextView text, uint32_t start, RegExpMatcher *matcher) {
  uint32_t *captures = malloc(program->register_count * sizeof *captures);
  for (int matches = 0; matches < 20 && start <= text.length; matches++) {
    RegExpResult result = regexp_match(program, text, start, captures, matcher);
    if (result == REGEXP_INTERRUPTED) printf("interrupted");
    if (result == REGEXP_OUT_OF_MEMORY) printf("memory");
    if (result != REGEXP_MATCH) break;
    print_captures(program, captures);
    if (!(program->flags & (REGEXP_GLOBAL | REGEXP_STICKY))) break;
    start = captures[1];
    if (captures[1] == captures[0]) {
      if (program->flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS)) {
        if (start >= text.length) break;
        text_view_next_code_point(text, &start);
      } else {
        start++;
      }
    }
  }
  free(captures);
}

static void time_matches(const RegExpProgram *program, TextView text, RegExpMatcher *matcher) {
  uint32_t *captures = malloc(program->register_count * sizeof *captures);
  double best = 1e9;
  uint32_t count = 0;
  for (int round = 0; round < 5; round++) {
    clock_t before = clock();
    count = 0;
    for (uint32_t start = 0; start <= text.length;) {
      if (regexp_search(program, text, start, captures, matcher) != REGEXP_MATCH) break;
      count++;
      start = captures[1] + (captures[1] == captures[0]);
    }
    double spent = (double)(clock() - before) * 1000 / CLOCKS_PER_SEC;
    if (spent < best) best = spent;
  }
  printf("%u %.3f", count, best);
  free(captures);
}

int main(void) {
  static char line[1 << 23];
  while (fgets(line, sizeof line, stdin)) {
    char *part[5] = {0}, *rest = line;
    for (int i = 0; i < 5; i++) part[i] = strsep(&rest, " \n");
    Memory memory;
    memory_initialize(&memory, 64 << 20);
    Fuel fuel = {part[0][0] == 't' ? INT32_MAX : 3000000, refill_until_spent};
    RegExpFlags flags = 0;
    const char *letters = part[1][0] == '-' ? "" : part[1];
    bool valid = regexp_parse_flags(text_view_literal(letters), &flags);
    void *pattern_owned, *text_owned;
    TextView pattern = make_view(part[2], &pattern_owned, false);
    TextView text = make_view(part[3], &text_owned, false);
    RegExpError error = {0};
    RegExpProgram *program = NULL;
    RegExpResult checked = valid ? regexp_check_syntax(&memory, &fuel, pattern, flags, &error) : REGEXP_SYNTAX_ERROR;
    RegExpResult result = checked;
    if (valid) result = regexp_compile(&memory, &fuel, pattern, flags, &program, &error);
    if (checked != result) printf("check %d compile %d ", checked, result);
    if (result == REGEXP_SYNTAX_ERROR) {
      printf("error %s", error.message ? error.message : "flags");
    } else if (result != REGEXP_OK) {
      printf("failed %d", result);
    } else if (part[0][0] == 'c') {
      printf("ok");
    } else {
      RegExpMatcher matcher;
      regexp_matcher_initialize(&matcher, &memory, &fuel);
      if (part[0][0] == 't') {
        time_matches(program, text, &matcher);
      } else {
        match_all(program, text, (uint32_t)atoi(part[4]), &matcher);
      }
      regexp_matcher_release(&matcher);
    }
    regexp_release(&memory, program);
    if (memory.used) printf(" leaked %zu", memory.used);
    free(pattern_owned);
    free(text_owned);
    printf("\n");
    fflush(stdout);
  }
}
