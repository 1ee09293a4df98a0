// Patterns with known answers, limits that hold, and every allocation failing once.
#include "regexp/regexp.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"

static int failures;

typedef struct Case {
  const char *pattern, *flags, *text;
  const char *expected;  // start:end of each group, "no match", or "error"
} Case;

static const Case cases[] = {
    {"(?i:a)b", "", "Ab AB", "0:2"},
    {"(?i:a)b", "", "aB", "no match"},
    {"(?-i:a)b", "i", "aB", "0:2"},
    {"(?-i:a)b", "i", "AB", "no match"},
    {"(?m:^)b$", "", "a\nb", "2:3"},
    {"(?s:.)(?-s:.)", "", "\n\nx", "1:3"},
    {"(?i-s:A.)", "s", "a\nab", "2:4"},
    {"(?i:a|(?-i:b))c", "", "BC Ac", "3:5"},
    {"(?ii:a)", "", "", "error"},
    {"(?i-i:a)", "", "", "error"},
    {"(?-:a)", "", "", "error"},
    {"(?u:a)", "", "", "error"},
    {"(?i-:a)", "", "A", "0:1"},
    {"(?<a>x)|(?<a>y)", "", "y", "0:1 - 0:1"},
    {"(?<a>x)(?<a>y)", "", "", "error"},
    {"(?:(?<a>x)|(?<a>y))\\k<a>", "", "xyy", "1:3 - 1:2"},
    {"(?:(?<a>x)|(?<a>y)|z)*\\k<a>", "", "xyz", "0:3 - -"},
    {"(?<a>x)|(?:(?<a>y)|(?<b>z)(?<a>w))", "", "zw", "0:2 - - 0:1 1:2"},
    {"(?:(?<a>x)|b)(?<a>y)", "", "", "error"},
    {"(?<$>a)\\k<$>", "", "aa", "0:2 0:1"},
    {"\\k<a>", "u", "", "error"},
    {"(?=(a*?b))a{2}", "", "xaab", "1:3 1:4"},
    {"(?<=(\\w)(\\w+))c", "", "abc", "2:3 0:1 1:2"},
    {"(?<!\\$)\\b\\d+", "", "$12 34", "4:6"},
    {"(?:abc|abd|xyz|q|w1|w2|e){2}", "", "..w2abd", "2:7"},
    {"a{4294967296}", "", "aaa", "no match"},
    {"(?:){1000000000}b", "", "ab", "1:2"},
    {"(a?){3}b", "", "aab", "0:3 2:2"},
    {"[^\\s,;]+(?=;)", "", "ab,cd; ef", "3:5"},
    {".*?;(\\d+)", "", "x;y;12", "0:6 4:6"},
    {"\\p{Lu}(?<=\\p{L})", "u", "a1B", "2:3"},
    {"[\\p{L}--[a-z]]", "v", "abC", "2:3"},
    {"[[a-z]&&[aeiou]]+", "v", "xyaei", "2:5"},
    {"^[\\q{ab|a}b]$", "v", "ab", "0:2"},
    {"[a--b&&c]", "v", "", "error"},
    {"[^\\q{ab}]", "v", "", "error"},
    {"(?:the|there|then|these|a|an|and|)x", "i", "zAndx", "1:5"},
    {"(?:in|int|integer|is)(?=;)", "", "is integer;", "3:10"},
    {"(?:ab|cd|ab(c)|aa|abcd)$", "", "xabc", "1:4 3:4"},
    {"(?:\\u{1f600}a|\\u{1f600}|b|\\ud83d|k)+", "iu", "\xe2\x84\xaa", "no match"},
    {"(?:a|b)?\?c{2,3}?$", "", "abccc", "1:5"},
};

static bool refuse(Fuel *fuel) {
  (void)fuel;
  return false;
}

static void describe(Buffer *out, const RegExpProgram *program, const uint32_t *captures) {
  for (uint32_t group = 0; group < program->group_count; group++) {
    if (group) buffer_append_byte(out, ' ');
    if (captures[2 * group + 1] == REGEXP_UNSET) {
      buffer_append_byte(out, '-');
    } else {
      buffer_format(out, "%u:%u", captures[2 * group], captures[2 * group + 1]);
    }
  }
}

// Compiles and matches; what came of it as text. NULL: memory was refused.
static const char *outcome(Memory *memory, const Case *test, Buffer *out) {
  Fuel fuel = {10000000, refuse};
  RegExpFlags flags;
  RegExpError error;
  RegExpProgram *program;
  if (!regexp_parse_flags(text_view_literal(test->flags), &flags)) return "bad flags";
  RegExpResult result = regexp_compile(memory, &fuel, text_view_literal(test->pattern), flags, &program, &error);
  if (result == REGEXP_OUT_OF_MEMORY) return NULL;
  if (result == REGEXP_SYNTAX_ERROR) return "error";
  uint32_t *captures = malloc(program->register_count * sizeof *captures);
  RegExpMatcher matcher;
  regexp_matcher_initialize(&matcher, memory, &fuel);
  result = regexp_match(program, text_view_literal(test->text), 0, captures, &matcher);
  const char *text = result == REGEXP_OUT_OF_MEMORY ? NULL : result == REGEXP_NO_MATCH ? "no match" : "interrupted";
  if (result == REGEXP_MATCH) {
    describe(out, program, captures);
    buffer_append_byte(out, 0);
    text = out->failed ? NULL : (const char *)out->data;
  }
  regexp_matcher_release(&matcher);
  regexp_release(memory, program);
  free(captures);
  return text;
}

static void check_case(const Case *test) {
  for (size_t fail_after = 0; fail_after < 200; fail_after++) {
    Memory memory;
    memory_initialize(&memory, SIZE_MAX);
    memory.fail_after = fail_after;
    Buffer out;
    buffer_initialize(&out, &memory);
    const char *actual = outcome(&memory, test, &out);
    if ((actual || fail_after == 0) && (!actual || strcmp(actual, test->expected))) {
      failures++;
      printf("/%s/%s on %s: %s, not %s (failing allocation %d)\n", test->pattern, test->flags, test->text,
             actual ? actual : "out of memory", test->expected, (int)fail_after);
    }
    bool done = fail_after && memory.fail_after;
    buffer_release(&out);
    if (memory.used) {
      failures++;
      printf("/%s/%s leaks %d bytes\n", test->pattern, test->flags, (int)memory.used);
    }
    if (done) break;
  }
}

static void check_interruption(void) {
  Memory memory;
  memory_initialize(&memory, SIZE_MAX);
  Fuel fuel = {100000, refuse};
  RegExpError error;
  RegExpProgram *program;
  uint32_t captures[16];
  RegExpResult result = regexp_compile(&memory, &fuel, text_view_literal("(?:a*)*(?:a|aa)+$"), 0, &program, &error);
  if (result != REGEXP_OK) {
    failures++;
    return;
  }
  RegExpMatcher matcher;
  regexp_matcher_initialize(&matcher, &memory, &fuel);
  TextView text = text_view_literal("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
  if (regexp_match(program, text, 0, captures, &matcher) != REGEXP_INTERRUPTED) {
    failures++;
    printf("a catastrophic pattern is not interrupted\n");
  }
  regexp_matcher_release(&matcher);
  regexp_release(&memory, program);
}

int main(void) {
  for (size_t i = 0; i < COUNT_OF(cases); i++) check_case(&cases[i]);
  check_interruption();
  if (failures) printf("%d failures\n", failures);
  return failures != 0;
}
