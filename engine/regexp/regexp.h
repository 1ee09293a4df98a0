// Regular expressions: a pattern is compiled to a flat program of position-independent bytes, and a
// program is matched against text. Nothing here knows of values or of the heap.
#ifndef CAISSON_REGEXP_H
#define CAISSON_REGEXP_H

#include "base/fuel.h"
#include "base/memory.h"
#include "base/text_view.h"

typedef uint8_t RegExpFlags;
enum {
  REGEXP_HAS_INDICES = 1 << 0,   // d
  REGEXP_GLOBAL = 1 << 1,        // g
  REGEXP_IGNORE_CASE = 1 << 2,   // i
  REGEXP_MULTILINE = 1 << 3,     // m
  REGEXP_DOT_ALL = 1 << 4,       // s
  REGEXP_UNICODE = 1 << 5,       // u
  REGEXP_UNICODE_SETS = 1 << 6,  // v
  REGEXP_STICKY = 1 << 7,        // y
};

typedef enum RegExpResult {
  REGEXP_OK,            // compiled, or the syntax is right
  REGEXP_SYNTAX_ERROR,  // the RegExpError is filled in
  REGEXP_MATCH,
  REGEXP_NO_MATCH,
  REGEXP_INTERRUPTED,    // the fuel refused
  REGEXP_OUT_OF_MEMORY,  // the memory refused
} RegExpResult;

typedef struct RegExpError {
  const char *message;  // static text, without the pattern
  uint32_t offset;      // code units into the pattern
} RegExpError;

// The head of a compiled program. The whole of it is `size` bytes that may be copied anywhere aligned to 4
// (a heap cell, a memory image): it holds no pointers.
typedef struct RegExpProgram {
  uint32_t size;
  uint32_t group_count;     // capture groups, the whole match (group 0) included
  uint32_t register_count;  // elements that the caller's capture array must have: at least 2 * group_count
  uint32_t name_count;      // named groups, in the order of their group indices; names may repeat
  uint32_t names_offset;    // bytes from the start to the table of names
  uint32_t code_offset;     // bytes from the start to the instructions
  uint32_t sets_offset;     // bytes from the start to the sets
  uint32_t minimum_length;  // of a match, in code units
  uint32_t prefix;          // depends on prefix_kind
  uint32_t leading_loop;    // the word of the unbounded loop that every match starts with; 0: none such
  uint8_t prefix_kind;
  uint8_t anchored;  // can match at index 0 only, or at starts of lines only: ANCHORED_*
  RegExpFlags flags;
  uint8_t reserved;
} RegExpProgram;

// What a capture holds when its group did not take part.
#define REGEXP_UNSET UINT32_MAX

// The backtracking stack, kept between matches. Small ones stay inside; a matcher must not be moved.
typedef struct RegExpMatcher {
  Memory *memory;
  Fuel *fuel;
  void *stack;
  size_t stack_size;  // bytes
  uint64_t inside[96];
} RegExpMatcher;

// Reads the letters of a flags string; false when one is unknown or repeated, or both u and v are there.
MUST_CHECK bool regexp_parse_flags(TextView text, RegExpFlags *flags);

// The early errors of a literal: REGEXP_OK, REGEXP_SYNTAX_ERROR, REGEXP_INTERRUPTED or REGEXP_OUT_OF_MEMORY.
MUST_CHECK RegExpResult regexp_check_syntax(Memory *memory, Fuel *fuel, TextView pattern, RegExpFlags flags,
                                            RegExpError *error);
// The same, and makes the program, which the caller gives back with regexp_release.
MUST_CHECK RegExpResult regexp_compile(Memory *memory, Fuel *fuel, TextView pattern, RegExpFlags flags,
                                       RegExpProgram **program, RegExpError *error);
void regexp_release(Memory *memory, RegExpProgram *program);

// The named group at `index` (below name_count); its name borrows from the program.
TextView regexp_group_name(const RegExpProgram *program, uint32_t index, uint32_t *group);

void regexp_matcher_initialize(RegExpMatcher *matcher, Memory *memory, Fuel *fuel);
void regexp_matcher_release(RegExpMatcher *matcher);

// Finds the first match at or after `start` (which is at most the length); with the y flag at `start` only.
// REGEXP_MATCH: captures[2 * group] and [2 * group + 1] are the start and end of each group or REGEXP_UNSET. In
// Unicode mode a `start` inside a surrogate pair is moved to the start of that pair.
// The other results are REGEXP_NO_MATCH, REGEXP_INTERRUPTED, REGEXP_OUT_OF_MEMORY.
MUST_CHECK RegExpResult regexp_match(const RegExpProgram *program, TextView subject, uint32_t start, uint32_t *captures,
                                     RegExpMatcher *matcher);
// The same whatever the y flag says: anywhere from `start` on, or at `start` only.
MUST_CHECK RegExpResult regexp_search(const RegExpProgram *program, TextView subject, uint32_t start,
                                      uint32_t *captures, RegExpMatcher *matcher);
MUST_CHECK RegExpResult regexp_match_here(const RegExpProgram *program, TextView subject, uint32_t start,
                                          uint32_t *captures, RegExpMatcher *matcher);

#endif
