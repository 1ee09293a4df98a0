// Character classes without the v flag.
#include "regexp/pattern.h"

// A class atom: a character, or the members of an escape.
typedef struct ClassAtom {
  bool is_set;
  Escape escape;
} ClassAtom;

static bool parse_class_atom(PatternParser *parser, ClassAtom *atom) {
  if (pattern_peek_unit(parser, 0) < 0) return pattern_fail(parser, "unterminated character class");
  if (pattern_take(parser, '\\')) {
    if (!pattern_parse_escape(parser, true, &atom->escape)) return false;
  } else {
    atom->escape = (Escape){.kind = ESCAPE_CHARACTER, .character = pattern_next(parser)};
  }
  atom->is_set = atom->escape.kind != ESCAPE_CHARACTER;
  return true;
}

static bool add_atom(PatternParser *parser, CharSet *set, const ClassAtom *atom) {
  if (parser->only_check) return true;
  if (atom->is_set) return pattern_add_escape_set(parser, set, &atom->escape);
  uint32_t c = atom->escape.character;
  return char_set_add(parser->arena, set, c, c) || pattern_out_of_memory(parser);
}

static bool add_range(PatternParser *parser, CharSet *set, const ClassAtom *first, const ClassAtom *last) {
  if (first->is_set || last->is_set) {
    if (parser->unicode) return pattern_fail(parser, "invalid character class");
    ClassAtom dash = {.escape = {.character = '-'}};
    return add_atom(parser, set, first) && add_atom(parser, set, &dash) && add_atom(parser, set, last);
  }
  uint32_t from = first->escape.character, to = last->escape.character;
  if (from > to) return pattern_fail(parser, "range out of order in character class");
  if (parser->only_check) return true;
  return char_set_add(parser->arena, set, from, to) || pattern_out_of_memory(parser);
}

static bool parse_class_contents(PatternParser *parser, CharSet *set) {
  while (!pattern_take(parser, ']')) {
    ClassAtom first, last;
    if (!fuel_charge(parser->fuel, 1)) {
      parser->result = REGEXP_INTERRUPTED;
      return false;
    }
    if (!parse_class_atom(parser, &first)) return false;
    bool range = pattern_peek_unit(parser, 0) == '-' && pattern_peek_unit(parser, 1) != ']';
    if (!range) {
      if (!add_atom(parser, set, &first)) return false;
      continue;
    }
    parser->position++;
    if (!parse_class_atom(parser, &last) || !add_range(parser, set, &first, &last)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-compilecharacterclass
PatternNode *pattern_parse_class(PatternParser *parser) {
  bool inverted = pattern_take(parser, '^');
  CharSet set = {0};
  if (!parse_class_contents(parser, &set)) return NULL;
  if (!parser->only_check) {
    char_set_normalize(parser->arena, &set);
    bool done = char_set_close_over_case(parser->arena, &set, pattern_case_mode(parser)) &&
                (!inverted || char_set_invert(parser->arena, &set));
    if (!done) {
      pattern_out_of_memory(parser);
      return NULL;
    }
  }
  return pattern_new_set(parser, &set);
}
