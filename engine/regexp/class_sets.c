// Character classes with the v flag: nested classes, set operations, strings.
//
// With i every operand is closed over case when it is made, so that plain set operations give what the
// specification gets by folding. Strings are folded instead.
#include "regexp/pattern.h"

typedef struct ClassString {
  const uint32_t *characters;
  uint32_t length;  // not 1: single characters go to the set
} ClassString;

typedef struct ClassValue {
  CharSet set;
  ClassString *strings;  // when normalised: sorted, each once
  uint32_t count, capacity;
  bool may_contain_strings;
} ClassValue;

static bool charge_class(PatternParser *parser, uint32_t units) {
  if (fuel_charge(parser->fuel, (int32_t)MIN_OF(units, 1u << 20))) return true;
  parser->result = REGEXP_INTERRUPTED;
  return false;
}

static bool value_add_string(PatternParser *parser, ClassValue *value, const uint32_t *characters, uint32_t length) {
  if (parser->only_check) return true;
  CaseMode mode = pattern_case_mode(parser);
  if (length == 1) {
    CharSet one = {0};
    bool added = char_set_add(parser->arena, &one, characters[0], characters[0]) &&
                 char_set_close_over_case(parser->arena, &one, mode) &&
                 char_set_add_all(parser->arena, &value->set, &one);
    return added || pattern_out_of_memory(parser);
  }
  if (value->count == value->capacity) {
    uint32_t capacity = value->capacity ? value->capacity * 2 : 8;
    value->strings = arena_grow(parser->arena, value->strings, value->capacity * sizeof(ClassString),
                                capacity * sizeof(ClassString));
    if (!value->strings) return pattern_out_of_memory(parser);
    value->capacity = capacity;
  }
  uint32_t *copy = arena_new_array(parser->arena, uint32_t, length);
  if (!copy) return pattern_out_of_memory(parser);
  for (uint32_t i = 0; i < length; i++) copy[i] = char_canonicalize(characters[i], mode);
  value->strings[value->count++] = (ClassString){.characters = copy, .length = length};
  return true;
}

// ---- Sets of strings, in lexical order

static int compare_strings(const ClassString *a, const ClassString *b) {
  uint32_t shorter = MIN_OF(a->length, b->length);
  for (uint32_t i = 0; i < shorter; i++) {
    if (a->characters[i] != b->characters[i]) return a->characters[i] < b->characters[i] ? -1 : 1;
  }
  return a->length < b->length ? -1 : a->length > b->length;
}

static int compare_lengths(const ClassString *a, const ClassString *b) {
  return a->length > b->length ? -1 : a->length < b->length;
}

typedef int (*StringOrder)(const ClassString *a, const ClassString *b);

static void merge_strings(const ClassString *from, ClassString *to, uint32_t low, uint32_t middle, uint32_t high,
                          StringOrder order) {
  uint32_t i = low, j = middle;
  for (uint32_t k = low; k < high; k++) {
    bool left = j >= high || (i < middle && order(&from[i], &from[j]) <= 0);
    to[k] = left ? from[i++] : from[j++];
  }
}

static bool sort_strings(PatternParser *parser, ClassString **strings, uint32_t count, StringOrder order) {
  if (count < 2) return true;
  uint32_t units = count / 4;
  for (uint32_t i = 0; i < count; i++) units += (*strings)[i].length / 4;
  ClassString *from = *strings, *to = arena_new_array(parser->arena, ClassString, count);
  if (!to) return pattern_out_of_memory(parser);
  for (uint32_t width = 1; width < count; width *= 2) {
    if (!charge_class(parser, units)) return false;
    for (uint32_t low = 0; low < count; low += 2 * width) {
      merge_strings(from, to, low, MIN_OF(low + width, count), MIN_OF(low + 2 * width, count), order);
    }
    ClassString *swapped = from;
    from = to;
    to = swapped;
  }
  *strings = from;
  return true;
}

static bool value_normalize(PatternParser *parser, ClassValue *value) {
  char_set_normalize(parser->arena, &value->set);
  if (!sort_strings(parser, &value->strings, value->count, compare_strings)) return false;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < value->count; i++) {
    bool repeated = kept && compare_strings(&value->strings[kept - 1], &value->strings[i]) == 0;
    if (!repeated) value->strings[kept++] = value->strings[i];
  }
  value->count = kept;
  value->capacity = value->count;  // sorting may have moved the array
  return true;
}

// Intersects with or subtracts `other`; both normalised.
static bool value_combine(PatternParser *parser, ClassValue *value, const ClassValue *other, CharSetOperation how) {
  if (parser->only_check) return true;
  // The guest may repeat small operands; each of them goes through all that is left.
  if (!charge_class(parser, (value->count + other->count + value->set.count + other->set.count) / 4)) return false;
  if (!char_set_combine(parser->arena, &value->set, &value->set, &other->set, how)) {
    return pattern_out_of_memory(parser);
  }
  uint32_t kept = 0, j = 0;
  for (uint32_t i = 0; i < value->count; i++) {
    while (j < other->count && compare_strings(&other->strings[j], &value->strings[i]) < 0) j++;
    bool shared = j < other->count && compare_strings(&other->strings[j], &value->strings[i]) == 0;
    if (shared == (how == CHAR_SET_INTERSECTION)) value->strings[kept++] = value->strings[i];
  }
  value->count = kept;
  return true;
}

static bool value_unite(PatternParser *parser, ClassValue *value, const ClassValue *other) {
  value->may_contain_strings |= other->may_contain_strings;
  if (parser->only_check) return true;
  if (!charge_class(parser, other->set.count / 4)) return false;
  if (!char_set_add_all(parser->arena, &value->set, &other->set)) return pattern_out_of_memory(parser);
  for (uint32_t i = 0; i < other->count; i++) {
    if (!charge_class(parser, 1 + other->strings[i].length / 4)) return false;
    if (!value_add_string(parser, value, other->strings[i].characters, other->strings[i].length)) return false;
  }
  return true;
}

// ---- Operands

typedef struct ClassSink {
  StringSink sink;
  PatternParser *parser;
  ClassValue *value;
} ClassSink;

static bool add_property_string(StringSink *sink, const uint32_t *string, uint32_t length) {
  ClassSink *target = (ClassSink *)sink;
  return value_add_string(target->parser, target->value, string, length);
}

static bool value_add_property(PatternParser *parser, ClassValue *value, uint32_t property) {
  value->may_contain_strings = true;
  if (parser->only_check) return true;
  ClassSink sink = {.sink = {.add = add_property_string}, .parser = parser, .value = value};
  if (!charge_class(parser, 1000)) return false;
  return property_add_strings(parser->arena, property, &sink.sink) || pattern_out_of_memory(parser);
}

static bool is_class_syntax(int32_t c) { return c > 0 && c < 128 && strchr("()[]{}/-\\|", c); }

static bool is_double_punctuator(int32_t c) { return c > 0 && c < 128 && strchr("&!#$%*+,.:;<=>?@^`~", c); }

// https://tc39.es/ecma262/#prod-ClassSetCharacter, after a backslash when `escaped`
static bool parse_set_character(PatternParser *parser, uint32_t *character) {
  int32_t c = pattern_peek_unit(parser, 0);
  if (c < 0) return pattern_fail(parser, "unterminated character class");
  if (pattern_take(parser, '\\')) {
    c = pattern_peek_unit(parser, 0);
    if (c > 0 && c < 128 && strchr("&-!#%,:;<=>@`~", c)) {
      *character = pattern_next(parser);
      return true;
    }
    Escape escape;
    if (!pattern_parse_escape(parser, true, &escape)) return false;
    if (escape.kind != ESCAPE_CHARACTER) return pattern_fail(parser, "invalid character class");
    *character = escape.character;
    return true;
  }
  if (is_class_syntax(c)) return pattern_fail(parser, "invalid character in character class");
  if (is_double_punctuator(c) && pattern_peek_unit(parser, 1) == c) {
    return pattern_fail(parser, "invalid set operation in character class");
  }
  *character = pattern_next(parser);
  return true;
}

// \q{abc|d|}, after the q.
static bool parse_string_disjunction(PatternParser *parser, ClassValue *value) {
  if (!pattern_take(parser, '{')) return pattern_fail(parser, "invalid escape");
  uint32_t capacity = 16, count = 0;
  uint32_t *string = arena_new_array(parser->arena, uint32_t, capacity);
  if (!string) return pattern_out_of_memory(parser);
  for (;;) {
    bool ends = pattern_peek_unit(parser, 0) == '}';
    if (ends || pattern_peek_unit(parser, 0) == '|') {
      parser->position++;
      if (count != 1) value->may_contain_strings = true;
      if (!charge_class(parser, 1 + count) || !value_add_string(parser, value, string, count)) return false;
      count = 0;
      if (ends) return true;
      continue;
    }
    if (count == capacity) {
      string = arena_grow(parser->arena, string, capacity * sizeof *string, capacity * 2 * sizeof *string);
      if (!string) return pattern_out_of_memory(parser);
      capacity *= 2;
    }
    if (!parse_set_character(parser, &string[count++])) return false;
  }
}

static bool value_add_range(PatternParser *parser, ClassValue *value, uint32_t first, uint32_t last) {
  if (first > last) return pattern_fail(parser, "range out of order in character class");
  if (parser->only_check) return true;
  CharSet range = {0};
  bool added = char_set_add(parser->arena, &range, first, last) &&
               char_set_close_over_case(parser->arena, &range, pattern_case_mode(parser)) &&
               char_set_add_all(parser->arena, &value->set, &range);
  return added || pattern_out_of_memory(parser);
}

// ---- Classes. Open ones are a list instead of the C stack, so that memory alone limits how deep they are nested.

typedef struct OpenClass OpenClass;
struct OpenClass {
  OpenClass *outer;
  ClassValue value;
  bool inverted, has_operand;
  char operator;  // that stands between all operands: & or -, doubled; 0: none
};

// After the [.
static bool open_class(PatternParser *parser, OpenClass **innermost) {
  OpenClass *open = arena_new(parser->arena, OpenClass);
  if (!open) return pattern_out_of_memory(parser);
  open->outer = *innermost;
  open->inverted = pattern_take(parser, '^');
  *innermost = open;
  return true;
}

static bool at_operator(const PatternParser *parser, char c) {
  return pattern_peek_unit(parser, 0) == c && pattern_peek_unit(parser, 1) == c;
}

static bool pass_operator(PatternParser *parser, char operator) {
  if (!at_operator(parser, operator)) return pattern_fail(parser, "invalid set operation in character class");
  parser->position += 2;
  if (operator != '&' || pattern_peek_unit(parser, 0) != '&') return true;
  return pattern_fail(parser, "invalid character in character class");
}

// What follows the first operand decides what the class is.
static void note_operand(const PatternParser *parser, OpenClass *open) {
  if (open->has_operand) return;
  open->has_operand = true;
  open->operator = at_operator(parser, '&') ? '&' : at_operator(parser, '-') ? '-' : 0;
}

static bool add_operand(PatternParser *parser, OpenClass *open, ClassValue *operand) {
  bool is_first = !open->has_operand;
  note_operand(parser, open);
  if (!open->operator) return value_unite(parser, &open->value, operand);
  if (!value_normalize(parser, operand)) return false;
  if (is_first) {
    open->value = *operand;
    return true;
  }
  if (open->operator == '&') open->value.may_contain_strings &= operand->may_contain_strings;
  return value_combine(parser, &open->value, operand,
                       open->operator == '&' ? CHAR_SET_INTERSECTION : CHAR_SET_DIFFERENCE);
}

// It may begin a range.
static bool add_character(PatternParser *parser, OpenClass *open, uint32_t first) {
  bool combines = open->operator || (!open->has_operand && (at_operator(parser, '&') || at_operator(parser, '-')));
  if (combines) {
    ClassValue operand = {0};
    return value_add_range(parser, &operand, first, first) && add_operand(parser, open, &operand);
  }
  note_operand(parser, open);
  uint32_t last = first;
  if (pattern_peek_unit(parser, 0) == '-' && !at_operator(parser, '-')) {
    parser->position++;
    if (!parse_set_character(parser, &last)) return false;
  }
  return value_add_range(parser, &open->value, first, last);
}

static bool parse_class_escape(PatternParser *parser, ClassValue *value) {
  Escape escape;
  if (!pattern_parse_escape(parser, true, &escape)) return false;
  if (escape.kind != ESCAPE_STRINGS) {
    return parser->only_check || pattern_add_escape_set(parser, &value->set, &escape);
  }
  return value_add_property(parser, value, escape.property) && value_normalize(parser, value);
}

// The next operand of the innermost class, which may be another class.
static bool parse_operand(PatternParser *parser, OpenClass **innermost) {
  if (!charge_class(parser, 1)) return false;
  if (pattern_take(parser, '[')) return open_class(parser, innermost);
  int32_t c = pattern_peek_unit(parser, 0) == '\\' ? pattern_peek_unit(parser, 1) : 0;
  ClassValue operand = {0};
  if (c == 'q') {
    parser->position += 2;
    return parse_string_disjunction(parser, &operand) && value_normalize(parser, &operand) &&
           add_operand(parser, *innermost, &operand);
  }
  if (c > 0 && c < 128 && strchr("dDsSwWpP", c)) {
    parser->position++;
    return parse_class_escape(parser, &operand) && add_operand(parser, *innermost, &operand);
  }
  uint32_t character;
  return parse_set_character(parser, &character) && add_character(parser, *innermost, character);
}

// The innermost class is complete; it is an operand of the one around it.
static bool close_class(PatternParser *parser, OpenClass **innermost) {
  OpenClass *open = *innermost;
  if (!open->operator && !value_normalize(parser, &open->value)) return false;
  if (open->inverted) {
    if (open->value.may_contain_strings) return pattern_fail(parser, "negated character class may contain strings");
    if (!parser->only_check && !char_set_invert(parser->arena, &open->value.set)) return pattern_out_of_memory(parser);
  }
  *innermost = open->outer;
  return !open->outer || add_operand(parser, open->outer, &open->value);
}

// https://tc39.es/ecma262/#prod-ClassSetExpression
static bool parse_class_value(PatternParser *parser, ClassValue *value) {
  OpenClass *innermost = NULL;
  if (!open_class(parser, &innermost)) return false;
  OpenClass *outermost = innermost;
  while (innermost) {
    if (pattern_take(parser, ']')) {
      if (!close_class(parser, &innermost)) return false;
      continue;
    }
    if (innermost->operator && !pass_operator(parser, innermost->operator)) return false;
    if (!parse_operand(parser, &innermost)) return false;
  }
  *value = outermost->value;
  return true;
}

// ---- Strings as trees: a trie, so that the longest wins and common beginnings are tested once.

static PatternNode *new_character_set(PatternParser *parser, CharSet set) {
  char_set_normalize(parser->arena, &set);
  if (!char_set_close_over_case(parser->arena, &set, pattern_case_mode(parser))) {
    pattern_out_of_memory(parser);
    return NULL;
  }
  if (set.count != 2 || set.toggles[1] - set.toggles[0] != 1) return pattern_new_set(parser, &set);
  PatternNode *node = pattern_new_node(parser, NODE_CHAR);
  if (!node) return NULL;
  node->character = set.toggles[0];
  node->minimum = node->maximum = node->character > 0xFFFF ? 2 : 1;
  return node;
}

static bool same_tails(const ClassString *a, const ClassString *b, uint32_t count, uint32_t at) {
  for (uint32_t i = 0; i < count; i++) {
    if (a[i].length != b[i].length) return false;
    uint32_t tail = a[i].length - at;
    if (memcmp(a[i].characters + at, b[i].characters + at, tail * sizeof(uint32_t))) return false;
  }
  return true;
}

// The strings of one branch; `heads` are all the first characters that lead to the same tails.
typedef struct Branch Branch;
struct Branch {
  Branch *next;
  const ClassString *strings;
  uint32_t count;
  CharSet heads;
};

static bool append_node(PatternNode **first, PatternNode ***end, PatternNode *node) {
  if (!node) return false;
  if (!*end) *end = first;
  **end = node;
  *end = &node->next;
  return true;
}

// NULL: the parser has failed.
static Branch *find_branches(PatternParser *parser, const ClassString *strings, uint32_t count, uint32_t at) {
  Branch *branches = NULL, **last = &branches;
  for (uint32_t i = 0; i < count;) {
    uint32_t end = i;
    while (end < count && strings[end].characters[at] == strings[i].characters[at]) end++;
    Branch *same = branches;
    if (!charge_class(parser, 1 + (end - i) / 4)) return NULL;
    uint32_t compared = 0;
    for (; same; same = same->next) {
      if (same->count == end - i) {
        compared += end - i;
        if (same_tails(same->strings, &strings[i], end - i, at + 1)) break;
      }
      // Every branch may be looked at for every character.
      if (++compared >= 64) {
        if (!charge_class(parser, compared / 4)) return NULL;
        compared = 0;
      }
    }
    if (!same) {
      same = arena_new(parser->arena, Branch);
      if (!same) {
        pattern_out_of_memory(parser);
        return NULL;
      }
      *same = (Branch){.strings = &strings[i], .count = end - i};
      *last = same;
      last = &same->next;
    }
    uint32_t head = strings[i].characters[at];
    if (!char_set_add(parser->arena, &same->heads, head, head)) {
      pattern_out_of_memory(parser);
      return NULL;
    }
    i = end;
  }
  return branches;
}

// The longest first, from `at` on; the empty one is left out.
static bool append_plain_strings(PatternParser *parser, const ClassString *strings, uint32_t count, uint32_t at,
                                 PatternNode **first, PatternNode ***end) {
  ClassString *sorted = arena_new_array(parser->arena, ClassString, count);
  if (!sorted) return pattern_out_of_memory(parser);
  if (!charge_class(parser, count / 4)) return false;
  memcpy(sorted, strings, count * sizeof *sorted);
  if (!sort_strings(parser, &sorted, count, compare_lengths)) return false;
  for (uint32_t i = 0; i < count && sorted[i].length > at; i++) {
    PatternNode *characters = NULL, **last = NULL;
    if (!charge_class(parser, sorted[i].length - at)) return false;
    for (uint32_t k = at; k < sorted[i].length; k++) {
      uint32_t character = sorted[i].characters[k];
      CharSet one = {0};
      if (!char_set_add(parser->arena, &one, character, character)) return pattern_out_of_memory(parser);
      if (!append_node(&characters, &last, new_character_set(parser, one))) return false;
    }
    if (!append_node(first, end, pattern_new_list(parser, NODE_SEQUENCE, characters))) return false;
  }
  return true;
}

enum { TRIE_LEVELS = 100 };  // of branches within branches; what is deeper are plain alternatives

static PatternNode *build_trie(PatternParser *parser, const ClassString *strings, uint32_t count, uint32_t at,
                               uint32_t level);

// Of strings whose characters at `at` differ. `has_end`: another one, before them, ends there.
// bounded: find_branches paid for each.
static PatternNode *build_branches(PatternParser *parser, const Branch *branches, bool has_end, uint32_t at,
                                   uint32_t level) {
  PatternNode *first = NULL, **end = NULL;
  for (const Branch *branch = branches; branch; branch = branch->next) {
    PatternNode *head = new_character_set(parser, branch->heads);
    if (!head || !(head->next = build_trie(parser, branch->strings, branch->count, at + 1, level + 1))) return NULL;
    if (!append_node(&first, &end, pattern_new_list(parser, NODE_SEQUENCE, head))) return NULL;
  }
  if (has_end && !append_node(&first, &end, pattern_new_node(parser, NODE_EMPTY))) return NULL;
  return pattern_new_list(parser, NODE_ALTERNATION, first);
}

static PatternNode *build_plain(PatternParser *parser, const ClassString *strings, uint32_t count, bool has_end,
                                uint32_t at) {
  PatternNode *first = NULL, **end = NULL;
  if (!append_plain_strings(parser, strings, count, at, &first, &end)) return NULL;
  if (has_end && !append_node(&first, &end, pattern_new_node(parser, NODE_EMPTY))) return NULL;
  return pattern_new_list(parser, NODE_ALTERNATION, first);
}

// Of strings in lexical order that agree before `at`: what all go on with, then the branches.
static PatternNode *build_trie(PatternParser *parser, const ClassString *strings, uint32_t count, uint32_t at,
                               uint32_t level) {
  PatternNode *parts = NULL, **end = NULL;
  for (;; at++) {
    bool has_end = strings[0].length == at;
    if (has_end && count == 1) return pattern_new_list(parser, NODE_SEQUENCE, parts);
    if (level > TRIE_LEVELS) {
      if (!append_node(&parts, &end, build_plain(parser, strings, count, has_end, at))) return NULL;
      break;
    }
    const Branch *branches = find_branches(parser, strings + has_end, count - has_end, at);
    if (!branches) return NULL;
    if (has_end || branches->next) {
      if (!append_node(&parts, &end, build_branches(parser, branches, has_end, at, level))) return NULL;
      break;
    }
    if (!append_node(&parts, &end, new_character_set(parser, branches->heads))) return NULL;
    strings = branches->strings;
    count = branches->count;
  }
  return pattern_new_list(parser, NODE_SEQUENCE, parts);
}

// https://tc39.es/ecma262/#sec-compileatom, the class case: long strings, then characters, then the empty string.
static PatternNode *new_class_node(PatternParser *parser, ClassValue *value) {
  if (value->count == 0) return pattern_new_set(parser, &value->set);
  PatternNode *first = NULL, **end = NULL;
  bool has_empty = value->strings[0].length == 0;
  uint32_t skip = has_empty ? 1 : 0;
  if (pattern_is_behind(parser)) {
    // Backwards, a trie does not find the longest string first.
    if (!append_plain_strings(parser, value->strings, value->count, 0, &first, &end)) return NULL;
  } else if (value->count > skip) {
    PatternNode *trie = build_trie(parser, value->strings + skip, value->count - skip, 0, 0);
    if (!append_node(&first, &end, trie)) return NULL;
  }
  if (value->set.count && !append_node(&first, &end, pattern_new_set(parser, &value->set))) return NULL;
  if (has_empty && !append_node(&first, &end, pattern_new_node(parser, NODE_EMPTY))) return NULL;
  return pattern_new_list(parser, NODE_ALTERNATION, first);
}

PatternNode *pattern_parse_class_set(PatternParser *parser) {
  ClassValue value;
  if (!parse_class_value(parser, &value)) return NULL;
  return new_class_node(parser, &value);
}

PatternNode *pattern_new_strings_property(PatternParser *parser, uint32_t property) {
  ClassValue value = {0};
  if (!value_add_property(parser, &value, property) || !value_normalize(parser, &value)) return NULL;
  return new_class_node(parser, &value);
}
