// The instructions of a compiled pattern and the layout of sets, shared by the code generator and the matcher.
//
// Code is an array of 32-bit words; an instruction is one word, opcode in the low 8 bits and operand A in the
// other 24, followed by the words that its row names. Targets are word indices into the code, sets are word indices
// into the sets. Word 0 is always FAIL_ATTEMPT, the instruction that the backtracking stack ends in.
//
// The backtracking stack holds slots of two words. The low two bits of `head` tell what a slot is for:
//   CHOICE   go on at instruction head >> 2 with position `value`
//   RESTORE  put `value` back into register head >> 2 and backtrack further
//   GREEDY   a loop over single characters may give one back: `value` is the position it has now, the slot below
//            holds the least position (head); the loop instruction is at head >> 2
//   LAZY     such a loop may take one more: the slot below holds the count still allowed (head)
// Loops here are bounded: halving.
#ifndef CAISSON_REGEXP_PROGRAM_H
#define CAISSON_REGEXP_PROGRAM_H

#include "regexp/regexp.h"

// X(name, extra words, operands)
#define REGEXP_OPCODES(X)                                                                         \
  X(FAIL_ATTEMPT, 0, "")                          /* no match from this start */                  \
  X(ACCEPT, 0, "")                                                                                \
  X(FAIL, 0, "")                                  /* backtrack */                                 \
  X(CHAR, 0, "unit")                                                                              \
  X(CHAR_IGNORE_CASE, 0, "lower")                 /* an ASCII letter in either case */            \
  X(LITERAL, 0, "count, units")                   /* two units per word follow */                 \
  X(ANY, 0, "")                                   /* but a line terminator */                     \
  X(ALL, 0, "")                                                                                   \
  X(CLASS, 0, "set")                                                                              \
  X(CLASS_POINT, 0, "set")                        /* a whole code point */                        \
  X(LOOP_GREEDY, 4, "operand, kind, least, most, hint")                                           \
  X(LOOP_LAZY, 4, "operand, kind, least, most, hint")                                             \
  X(LOOP_POSSESSIVE, 4, "operand, kind, least, most, hint")                                       \
  X(JUMP, 0, "target")                                                                            \
  X(JUMP_BACK, 0, "target")                       /* of a loop: each round is paid for */         \
  X(SPLIT, 0, "target")                           /* go on; failing that, from the target */      \
  X(SPLIT_LAZY, 0, "target")                      /* from the target; failing that, go on */      \
  X(SPLIT_CLASS, 1, "target, set")                /* SPLIT if the next unit is in the set, else JUMP */ \
  X(BRANCH_CLASS, 1, "target, set")               /* JUMP if the next unit is not in the set */   \
  X(BRANCH_END, 0, "target")                      /* JUMP unless at the end of the text */        \
  X(DISPATCH, 129, "-, other, table")             /* by the next unit: 256 16-bit offsets from here, 0: fail; other: those above */ \
  X(SWITCH, 1, "first, count")                    /* takes a unit: `count` targets from that of `first` on follow; 0: fail */ \
  X(SWITCH_SORTED, 0, "count")                    /* takes a unit: `count` units in order and their targets follow */ \
  X(SWITCH_POINT, 0, "count")                     /* the same with whole code points */          \
  X(SAVE, 0, "register")                          /* the position */                              \
  X(SAVE_FIXED, 1, "register, length")            /* a capture that ends here */                  \
  X(CLEAR, 1, "register, end")                    /* unset the registers up to end */             \
  X(COUNT_START, 0, "register")                                                                   \
  X(COUNT_LOOP, 3, "register, least, most, exit")                                                 \
  X(COUNT_LOOP_LAZY, 3, "register, least, most, exit")                                            \
  X(COUNT_NEXT, 1, "register, target")                                                            \
  X(EMPTY_CHECK, 0, "register")                   /* fail when the position has not moved */      \
  X(EMPTY_CHECK_COUNTED, 2, "register, counter, least")                                           \
  X(START, 0, "")                                                                                 \
  X(END, 0, "")                                                                                   \
  X(LINE_START, 0, "")                                                                            \
  X(LINE_END, 0, "")                                                                              \
  X(WORD_BOUNDARY, 0, "extended")                                                                 \
  X(NOT_WORD_BOUNDARY, 0, "extended")                                                             \
  X(BACK_REFERENCE, 1, "count, flags, groups")    /* `count` words of groups follow */            \
  X(RETREAT, 0, "count")                          /* back by that many units */                   \
  X(RETREAT_POINT, 0, "")                         /* back by one code point */                    \
  X(PEEK, 1, "set, flags")                        /* a look around that is one unit long */       \
  X(LOOK, 0, "register")                          /* remembers stack height and position */       \
  X(LOOK_END, 0, "register")                      /* drops the choices since, keeps the restores */ \
  X(LOOK_END_PLAIN, 0, "register")                /* the same where nothing was captured */       \
  X(NEGATIVE_LOOK, 1, "register, target")                                                         \
  X(NEGATIVE_LOOK_END, 0, "register")

typedef enum RegExpOpcode {
#define DECLARE(name, words, operands) REGEXP_##name##_OP,
  REGEXP_OPCODES(DECLARE)
#undef DECLARE
      REGEXP_OPCODE_COUNT
} RegExpOpcode;

enum { LOOP_OF_CLASS, LOOP_OF_UNIT, LOOP_OF_ANY, LOOP_OF_ALL, LOOP_OF_POINTS };
enum { REFERENCE_BEHIND = 1, REFERENCE_IGNORES_CASE = 2, REFERENCE_UNICODE = 4 };
enum { PEEK_BEHIND = 1, PEEK_NEGATIVE = 2 };
enum { PREFIX_NONE, PREFIX_UNIT, PREFIX_SET };
enum { ANCHORED_NOT, ANCHORED_START, ANCHORED_LINE };
#define NO_HINT UINT32_MAX

enum { SLOT_CHOICE, SLOT_RESTORE, SLOT_GREEDY, SLOT_LAZY };

typedef struct BacktrackSlot {
  uint32_t head, value;
} BacktrackSlot;

// A set in the code: 8 words of bits for the units below 256, then a count of toggles for those above, then the
// toggles. SET_ALL_WIDE instead of the count: all of them are in.
enum { SET_BITS_WORDS = 8, SET_WIDE_WORD = 8 };
#define SET_ALL_WIDE UINT32_MAX

static inline const uint32_t *regexp_program_code(const RegExpProgram *program) {
  return (const uint32_t *)((const char *)program + program->code_offset);
}

static inline const uint32_t *regexp_program_sets(const RegExpProgram *program) {
  return (const uint32_t *)((const char *)program + program->sets_offset);
}

static inline bool set_has_narrow(const uint32_t *set, uint32_t unit) { return set[unit >> 5] >> (unit & 31) & 1; }

static inline bool set_has_wide(const uint32_t *set, uint32_t c) {
  uint32_t count = set[SET_WIDE_WORD];
  if (count == 0) return false;
  if (count == SET_ALL_WIDE) return true;
  const uint32_t *toggles = set + SET_WIDE_WORD + 1;
  uint32_t low = 0;
  while (low < count) {
    uint32_t middle = (low + count) / 2;
    if (toggles[middle] <= c) {
      low = middle + 1;
    } else {
      count = middle;
    }
  }
  return low & 1;
}

static inline bool set_has(const uint32_t *set, uint32_t c) {
  return c < 256 ? set_has_narrow(set, c) : set_has_wide(set, c);
}

#endif
