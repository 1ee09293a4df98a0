// Sets of code points in an arena, as sorted toggles: membership begins at toggles[0], ends before toggles[1],
// begins again at toggles[2] and so on. A set is built by adding ranges in any order and then normalising it.
#ifndef CAISSON_CHAR_SET_H
#define CAISSON_CHAR_SET_H

#include "base/arena.h"
#include "base/text_view.h"

typedef struct CharSet {
  uint32_t *toggles;
  uint32_t count, capacity;  // both even
} CharSet;

// How the i flag compares: not at all, by upper case (no u or v flag), by simple case folding.
typedef enum CaseMode { CASE_EXACT, CASE_UPPER, CASE_FOLD } CaseMode;

typedef enum CharSetOperation {
  CHAR_SET_UNION,
  CHAR_SET_INTERSECTION,
  CHAR_SET_DIFFERENCE,
  CHAR_SET_XOR,
} CharSetOperation;

enum { CODE_POINT_END = 0x110000 };

// All `bool` results: false when memory is exhausted.
MUST_CHECK bool char_set_add(Arena *arena, CharSet *set, uint32_t first, uint32_t last);
MUST_CHECK bool char_set_add_all(Arena *arena, CharSet *set, const CharSet *other);
void char_set_normalize(const Arena *arena, CharSet *set);
// These expect normalised operands.
MUST_CHECK bool char_set_combine(Arena *arena, CharSet *result, const CharSet *a, const CharSet *b,
                                 CharSetOperation how);
MUST_CHECK bool char_set_invert(Arena *arena, CharSet *set);
// Adds everything that compares equal to a member.
MUST_CHECK bool char_set_close_over_case(Arena *arena, CharSet *set, CaseMode mode);
bool char_set_has(const CharSet *set, uint32_t code_point);

// https://tc39.es/ecma262/#sec-runtime-semantics-canonicalize-ch
uint32_t char_canonicalize(uint32_t code_point, CaseMode mode);

// Adds the code points of \d, \s or \w (`letter` in lower case), or of the dot's line terminators ('n').
MUST_CHECK bool char_set_add_escape(Arena *arena, CharSet *set, char letter);

// Properties, by the text between the braces of \p{...}.
typedef enum PropertyKind { PROPERTY_UNKNOWN, PROPERTY_SET, PROPERTY_STRINGS } PropertyKind;
// `index` is that of a set or of a property of strings.
PropertyKind property_find(TextView name, TextView value, bool has_value, uint32_t *index);
// Appends the members of set `index`, normalised when `set` was empty.
MUST_CHECK bool property_add_set(Arena *arena, CharSet *set, uint32_t index);
// Receives each string of a property of strings; single code points come as strings of length 1.
typedef struct StringSink StringSink;
struct StringSink {
  bool (*add)(StringSink *sink, const uint32_t *string, uint32_t length);
};
MUST_CHECK bool property_add_strings(Arena *arena, uint32_t index, StringSink *sink);
bool property_is_identifier_start(uint32_t code_point);
bool property_is_identifier_part(uint32_t code_point);

#endif
