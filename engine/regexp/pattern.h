// A parsed pattern: the tree between the parser and the code generator. Lives in an arena.
//
// The flags i, m and s can change inside a pattern, so they are spent while parsing: sets are closed over case,
// the dot is a set, assertions know whether they look at lines.
#ifndef CAISSON_REGEXP_PATTERN_H
#define CAISSON_REGEXP_PATTERN_H

#include "base/buffer.h"
#include "regexp/char_set.h"
#include "regexp/regexp.h"

typedef enum NodeKind {
  NODE_EMPTY,
  NODE_CHAR,         // one code point
  NODE_SET,          // one code point of a set
  NODE_SEQUENCE,     // list
  NODE_ALTERNATION,  // list, at least two
  NODE_SWITCH,       // the same, of alternatives that each begin with a NODE_CHAR or a small NODE_SET, all disjoint
  NODE_CAPTURE,
  NODE_CAPTURE_END,  // sets a capture of `length` units that ends here; what it holds stands before
  NODE_REPEAT,
  NODE_LOOK,
  NODE_ASSERTION,
  NODE_BACK_REFERENCE,
} NodeKind;

typedef enum AssertionKind {
  ASSERT_START,
  ASSERT_END,
  ASSERT_LINE_START,
  ASSERT_LINE_END,
  ASSERT_WORD_BOUNDARY,
  ASSERT_NOT_WORD_BOUNDARY,
} AssertionKind;

typedef struct PatternNode PatternNode;
typedef struct GroupName GroupName;
typedef struct PlacedName PlacedName;

struct PatternNode {
  uint8_t kind;
  bool flag;    // repeat: lazy; look: negative; assertion: word characters of u and i; reference: ignores case
  bool behind;  // look
  uint8_t assertion;
  uint32_t minimum, maximum;         // lengths of what it matches, in code units; maximum UINT32_MAX: unbounded
  uint32_t depth;                    // of the tree below
  uint32_t first_group, last_group;  // captures inside: first_group up to but not last_group
  PatternNode *next;                 // in a list
  union {
    uint32_t character;
    uint32_t length;  // of a NODE_CAPTURE_END
    CharSet set;
    struct {
      PatternNode *first;            // of a list
      const struct FirstSet *heads;  // of a NODE_SWITCH
    };
    struct {
      PatternNode *body;
      uint32_t least, most;  // repeat; most UINT32_MAX: no limit
    };
    struct {
      uint32_t group;         // 0: by name
      const GroupName *name;  // the groups of this name are the referents
    } reference;
  };
};

// Named groups in the order of their indices. Those that share a name are linked by `same`.
struct GroupName {
  GroupName *next, *same;
  const uint16_t *units;
  uint32_t length, group;
};

typedef struct Pattern {
  PatternNode *root;
  uint32_t group_count;  // the whole match included
  GroupName *names;
  uint32_t name_count;
} Pattern;

typedef struct OpenGroup OpenGroup;
typedef struct NamedReference NamedReference;

typedef struct PatternParser {
  Memory *memory;
  Fuel *fuel;
  Arena *arena;
  TextView text;
  uint32_t position;
  RegExpFlags flags;      // as they stand here
  bool unicode, sets;     // u or v; v
  bool has_names;         // some group is named: \k is a reference
  bool only_check;        // no sets are made
  uint32_t total_groups;  // counted ahead, without the whole match
  uint32_t group_count;   // so far, the whole match included
  uint32_t name_count;
  GroupName *names, *last_name;
  PlacedName **name_buckets;  // a hash table of the names; a power of two
  uint32_t name_bucket_count;
  NamedReference *references;
  OpenGroup *open;
  RegExpResult result;
  RegExpError *error;
} PatternParser;

// pattern_parser.c
MUST_CHECK RegExpResult pattern_parse(PatternParser *parser, Pattern *pattern);
// All parsing functions: false (or NULL) with parser->result and the error set.
bool pattern_fail(PatternParser *parser, const char *message);
bool pattern_out_of_memory(PatternParser *parser);
PatternNode *pattern_new_node(PatternParser *parser, NodeKind kind);
PatternNode *pattern_new_set(PatternParser *parser, const CharSet *set);
PatternNode *pattern_new_char(PatternParser *parser, uint32_t code_point);
PatternNode *pattern_new_list(PatternParser *parser, NodeKind kind, PatternNode *first);
CaseMode pattern_case_mode(const PatternParser *parser);

// The code point (code unit without u or v) at the position plus `ahead` units; -1 at the end.
static inline int32_t pattern_peek_unit(const PatternParser *parser, uint32_t ahead) {
  uint32_t at = parser->position + ahead;
  return at < parser->text.length ? text_view_unit(parser->text, at) : -1;
}
static inline bool pattern_take(PatternParser *parser, char c) {
  if (pattern_peek_unit(parser, 0) != c) return false;
  parser->position++;
  return true;
}
// The next character, which is passed over; not at the end.
uint32_t pattern_next(PatternParser *parser);

// A capture whose length is known before it is matched: it can be set where it ends.
static inline bool pattern_capture_is_fixed(const PatternNode *node) {
  return node->minimum == node->maximum && node->minimum < 1u << 20;
}

// word_tries.c: alternatives in their order, at least one; not for text that is matched backwards.
PatternNode *pattern_new_alternation(PatternParser *parser, PatternNode *first);
// The characters that an alternative of a NODE_SWITCH begins with; their number is returned.
enum { HEAD_LARGEST = 8 };
uint32_t pattern_head_members(const PatternNode *alternative, uint32_t members[HEAD_LARGEST]);

// pattern_escapes.c
typedef enum EscapeKind { ESCAPE_CHARACTER, ESCAPE_SET, ESCAPE_STRINGS } EscapeKind;
typedef struct Escape {
  EscapeKind kind;
  uint32_t character;
  char letter;  // the set's escape letter d, s, w or p
  bool inverted;
  uint32_t property;  // for p
} Escape;
// After the backslash. `in_class` admits \b and - (and, without u, more of \c).
MUST_CHECK bool pattern_parse_escape(PatternParser *parser, bool in_class, Escape *escape);
// Adds the members, closed and inverted as the flags ask for.
MUST_CHECK bool pattern_add_escape_set(PatternParser *parser, CharSet *set, const Escape *escape);
// After the <; the name and the > are passed over.
MUST_CHECK bool pattern_parse_group_name(PatternParser *parser, const uint16_t **units, uint32_t *length);
bool pattern_parse_hex(PatternParser *parser, uint32_t digits, uint32_t *value);

// class_parser.c: after the [.
PatternNode *pattern_parse_class(PatternParser *parser);
// class_sets.c: the same with the v flag, and properties of strings outside of classes.
PatternNode *pattern_parse_class_set(PatternParser *parser);
PatternNode *pattern_new_strings_property(PatternParser *parser, uint32_t property);
bool pattern_is_behind(const PatternParser *parser);

#endif
