// Running programs: an explicit backtracking stack in accounted memory, never C recursion. The loop itself is in
// regexp_matcher_template.h, made twice, for Latin-1 and for UTF-16 text.
#include "regexp/char_set.h"
#include "regexp/regexp_program.h"

// Units of fuel taken at a time; one failed choice costs one.
enum { FUEL_SLICE = 1024 };
// Texts can be hundreds of megabytes long: what looks through them is paid for this many units at a time.
#define SCAN_PIECE (1u << 20)
enum { STACK_FIRST = 4096, STACK_KEPT = 256 * 1024 };

static void use_inside(RegExpMatcher *matcher) {
  matcher->stack = matcher->inside;
  matcher->stack_size = sizeof matcher->inside;
}

void regexp_matcher_initialize(RegExpMatcher *matcher, Memory *memory, Fuel *fuel) {
  matcher->memory = memory;
  matcher->fuel = fuel;
  use_inside(matcher);
}

void regexp_matcher_release(RegExpMatcher *matcher) {
  if (matcher->stack != matcher->inside) memory_release(matcher->memory, matcher->stack, matcher->stack_size);
  use_inside(matcher);
}

// Makes room above `top`; the new top, or NULL.
static NO_INLINE BacktrackSlot *stack_grow(RegExpMatcher *matcher, const BacktrackSlot *top,
                                           const BacktrackSlot **limit) {
  size_t used = (size_t)((const char *)top - (char *)matcher->stack);
  size_t size = MAX_OF(matcher->stack_size * 2, STACK_FIRST);
  if (size > UINT32_MAX / 2) return NULL;
  bool inside = matcher->stack == matcher->inside;
  void *stack = inside ? memory_allocate(matcher->memory, size)
                       : memory_resize(matcher->memory, matcher->stack, matcher->stack_size, size);
  if (!stack) return NULL;
  if (inside) memcpy(stack, matcher->inside, used);
  matcher->stack = stack;
  matcher->stack_size = size;
  *limit = (BacktrackSlot *)((char *)stack + size);
  return (BacktrackSlot *)((char *)stack + used);
}

static inline uint32_t slot_size(const BacktrackSlot *slot) {
  uint32_t kind = slot->head & 3;
  return kind == SLOT_GREEDY || kind == SLOT_LAZY ? 2 : 1;
}

// An atomic part has matched: forgets its choices, keeps what undoes its captures. From the top down, since only
// the upper slot of a loop tells that there are two.
static NO_INLINE BacktrackSlot *stack_drop_choices(BacktrackSlot *height, BacktrackSlot *top) {
  BacktrackSlot *kept = top;
  for (BacktrackSlot *slot = top; slot > height;) {
    slot -= slot_size(slot - 1);
    if ((slot->head & 3) == SLOT_RESTORE && slot_size(slot) == 1) *--kept = *slot;
  }
  size_t count = (size_t)(top - kept);
  memmove(height, kept, count * sizeof *height);
  return height + count;
}

static void stack_unwind(BacktrackSlot *height, BacktrackSlot *top, uint32_t *registers) {
  for (BacktrackSlot *slot = top; slot > height;) {
    BacktrackSlot *upper = slot - 1;
    if ((upper->head & 3) == SLOT_RESTORE) registers[upper->head >> 2] = upper->value;
    slot -= slot_size(upper);
  }
}

// Where a switch over sorted characters goes; 0: nowhere.
static inline uint32_t switch_target(const uint32_t *pc, uint32_t character) {
  uint32_t count = pc[0] >> 8, low = 0, high = count;
  const uint32_t *characters = pc + 1;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (characters[middle] < character) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count && characters[low] == character ? characters[count + low] : 0;
}

#define UNIT uint8_t
#define IS_WIDE 0
#define NAME(x) narrow_##x
#include "regexp/regexp_matcher_template.h"
#undef UNIT
#undef IS_WIDE
#undef NAME

#define UNIT uint16_t
#define IS_WIDE 1
#define NAME(x) wide_##x
#include "regexp/regexp_matcher_template.h"

static RegExpResult run(const RegExpProgram *program, TextView subject, uint32_t start, bool here_only,
                        uint32_t *captures, RegExpMatcher *matcher) {
  if (start > subject.length) return REGEXP_NO_MATCH;
  RegExpResult result;
  if (subject.is_wide) {
    wide_Text text = {subject.wide, subject.length};
    bool unicode = program->flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS);
    if (unicode && start > 0 && start < subject.length && wide_is_pair(text, start - 1)) start--;
    result = wide_match(program, text, start, here_only, captures, matcher);
  } else {
    result = narrow_match(program, (narrow_Text){subject.narrow, subject.length}, start, here_only, captures, matcher);
  }
  if (UNLIKELY(matcher->stack_size > STACK_KEPT)) regexp_matcher_release(matcher);
  return result;
}

RegExpResult regexp_match(const RegExpProgram *program, TextView subject, uint32_t start, uint32_t *captures,
                          RegExpMatcher *matcher) {
  return run(program, subject, start, program->flags & REGEXP_STICKY, captures, matcher);
}

RegExpResult regexp_search(const RegExpProgram *program, TextView subject, uint32_t start, uint32_t *captures,
                           RegExpMatcher *matcher) {
  return run(program, subject, start, false, captures, matcher);
}

RegExpResult regexp_match_here(const RegExpProgram *program, TextView subject, uint32_t start, uint32_t *captures,
                               RegExpMatcher *matcher) {
  return run(program, subject, start, true, captures, matcher);
}
