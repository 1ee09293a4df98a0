// Patterns to trees. Groups are kept on a list of open groups instead of the C stack, so that memory alone limits
// how deep they are nested.
#include "regexp/pattern.h"

// Where in which alternative of which disjunction a named group stands: two groups of one name are fine when
// they are in different alternatives of one disjunction.
typedef struct AlternativePath AlternativePath;
struct AlternativePath {
  AlternativePath *parent;
  uint32_t depth, disjunction, alternative;
};

struct OpenGroup {
  OpenGroup *parent;
  PatternNode *group;  // NULL: the pattern itself, or a group that only groups
  PatternNode *alternatives, *last_alternative;
  PatternNode *terms, *last_term;
  AlternativePath *path;
  RegExpFlags flags;  // to be restored when it closes
  uint32_t depth;
  uint32_t first_group;
  bool behind;  // inside some lookbehind (and no lookahead in it)
};

struct PlacedName {
  GroupName name;  // first: a GroupName is part of one of these
  PlacedName *bucket_next;
  uint32_t hash;
  AlternativePath *path;
};

struct NamedReference {
  NamedReference *next;
  PatternNode *node;
  const uint16_t *units;
  uint32_t length, position;
};

bool pattern_fail(PatternParser *parser, const char *message) {
  if (parser->result == REGEXP_OK) {
    parser->result = REGEXP_SYNTAX_ERROR;
    *parser->error = (RegExpError){.message = message, .offset = parser->position};
  }
  return false;
}

bool pattern_out_of_memory(PatternParser *parser) {
  if (parser->result == REGEXP_OK) parser->result = REGEXP_OUT_OF_MEMORY;
  return false;
}

static bool charge(PatternParser *parser, uint32_t units) {
  if (fuel_charge(parser->fuel, (int32_t)MIN_OF(units, 1u << 20))) return true;
  if (parser->result == REGEXP_OK) parser->result = REGEXP_INTERRUPTED;
  return false;
}

CaseMode pattern_case_mode(const PatternParser *parser) {
  if (!(parser->flags & REGEXP_IGNORE_CASE)) return CASE_EXACT;
  return parser->unicode ? CASE_FOLD : CASE_UPPER;
}

bool pattern_is_behind(const PatternParser *parser) { return parser->open->behind; }

uint32_t pattern_next(PatternParser *parser) {
  if (parser->unicode) return text_view_next_code_point(parser->text, &parser->position);
  return text_view_unit(parser->text, parser->position++);
}

// ---- Nodes

PatternNode *pattern_new_node(PatternParser *parser, NodeKind kind) {
  PatternNode *node = arena_new(parser->arena, PatternNode);
  if (!node) {
    pattern_out_of_memory(parser);
    return NULL;
  }
  node->kind = kind;
  node->depth = 1;
  node->first_group = node->last_group = parser->group_count;
  return node;
}

PatternNode *pattern_new_set(PatternParser *parser, const CharSet *set) {
  PatternNode *node = pattern_new_node(parser, NODE_SET);
  if (!node) return NULL;
  node->set = *set;
  bool astral = parser->unicode && set->count && set->toggles[set->count - 1] > 0x10000;
  bool basic = !set->count || set->toggles[0] < 0x10000;
  node->minimum = basic ? 1 : 2;
  node->maximum = astral ? 2 : 1;
  return node;
}

PatternNode *pattern_new_char(PatternParser *parser, uint32_t code_point) {
  CaseMode mode = pattern_case_mode(parser);
  bool may_have_case = mode != CASE_EXACT && (code_point >= 128 || (code_point | 32) - 'a' < 26);
  if (may_have_case && !parser->only_check) {
    CharSet set = {0};
    bool added = char_set_add(parser->arena, &set, code_point, code_point) &&
                 char_set_close_over_case(parser->arena, &set, mode);
    if (!added) {
      pattern_out_of_memory(parser);
      return NULL;
    }
    if (set.count != 2 || set.toggles[1] - set.toggles[0] != 1) return pattern_new_set(parser, &set);
  }
  PatternNode *node = pattern_new_node(parser, NODE_CHAR);
  if (!node) return NULL;
  node->character = code_point;
  node->minimum = node->maximum = code_point > 0xFFFF ? 2 : 1;
  return node;
}

static uint32_t add_lengths(uint32_t a, uint32_t b) { return a + b < a ? UINT32_MAX : a + b; }

static uint32_t multiply_lengths(uint32_t a, uint32_t b) {
  uint64_t product = (uint64_t)a * b;
  return product > UINT32_MAX ? UINT32_MAX : (uint32_t)product;
}

PatternNode *pattern_new_list(PatternParser *parser, NodeKind kind, PatternNode *first) {
  if (!first) return pattern_new_node(parser, NODE_EMPTY);
  if (!first->next) return first;
  PatternNode *node = pattern_new_node(parser, kind);
  if (!node) return NULL;
  node->first = first;
  bool sequence = kind == NODE_SEQUENCE;
  node->minimum = sequence ? 0 : UINT32_MAX;
  node->first_group = first->first_group;
  node->last_group = first->last_group;
  for (PatternNode *child = first; child; child = child->next) {
    node->minimum = sequence ? add_lengths(node->minimum, child->minimum) : MIN_OF(node->minimum, child->minimum);
    node->maximum = sequence ? add_lengths(node->maximum, child->maximum) : MAX_OF(node->maximum, child->maximum);
    node->depth = MAX_OF(node->depth, child->depth + 1);
    // Tries put alternatives in another order.
    node->first_group = MIN_OF(node->first_group, child->first_group);
    node->last_group = MAX_OF(node->last_group, child->last_group);
  }
  return node;
}

// ---- Groups

static bool open_group(PatternParser *parser, PatternNode *group) {
  OpenGroup *open = arena_new(parser->arena, OpenGroup);
  AlternativePath *path = arena_new(parser->arena, AlternativePath);
  if (!open || !path) return pattern_out_of_memory(parser);
  OpenGroup *parent = parser->open;
  open->parent = parent;
  open->group = group;
  open->flags = parser->flags;
  open->depth = parent ? parent->depth + 1 : 1;
  open->first_group = parser->group_count;
  open->behind = group && group->kind == NODE_LOOK ? group->behind : parent && parent->behind;
  *path =
      (AlternativePath){.parent = parent ? parent->path : NULL, .depth = open->depth, .disjunction = parser->position};
  open->path = path;
  parser->open = open;
  return true;
}

static void append_term(PatternParser *parser, PatternNode *term) {
  OpenGroup *open = parser->open;
  if (open->last_term) {
    open->last_term->next = term;
  } else {
    open->terms = term;
  }
  open->last_term = term;
}

// Ends an alternative of the innermost open group.
static bool end_alternative(PatternParser *parser) {
  OpenGroup *open = parser->open;
  PatternNode *alternative = pattern_new_list(parser, NODE_SEQUENCE, open->terms);
  if (!alternative) return false;
  if (open->last_alternative) {
    open->last_alternative->next = alternative;
  } else {
    open->alternatives = alternative;
  }
  open->last_alternative = alternative;
  open->terms = open->last_term = NULL;
  return true;
}

static bool start_alternative(PatternParser *parser) {
  AlternativePath *path = arena_new(parser->arena, AlternativePath);
  if (!path) return pattern_out_of_memory(parser);
  *path = *parser->open->path;
  path->alternative++;
  parser->open->path = path;
  return true;
}

// The innermost group ends; NULL after a failure.
static PatternNode *close_group(PatternParser *parser) {
  if (!end_alternative(parser)) return NULL;
  OpenGroup *open = parser->open;
  bool plain = parser->only_check || open->behind;
  PatternNode *body = plain ? pattern_new_list(parser, NODE_ALTERNATION, open->alternatives)
                            : pattern_new_alternation(parser, open->alternatives);
  if (!body) return NULL;
  parser->flags = open->flags;
  parser->open = open->parent;
  PatternNode *group = open->group;
  if (!group) return body;
  group->body = body;
  group->depth = body->depth + 1;
  group->last_group = parser->group_count;
  if (group->kind == NODE_CAPTURE) {
    group->minimum = body->minimum;
    group->maximum = body->maximum;
  }
  return group;
}

// https://tc39.es/ecma262/#sec-mightbothparticipate
static bool might_both_participate(const AlternativePath *a, const AlternativePath *b) {
  while (a->depth > b->depth) a = a->parent;
  while (b->depth > a->depth) b = b->parent;
  for (; a; a = a->parent, b = b->parent) {
    if (a->disjunction == b->disjunction && a->alternative != b->alternative) return false;
  }
  return true;
}

static bool same_units(const uint16_t *a, uint32_t a_length, const uint16_t *b, uint32_t b_length) {
  return a_length == b_length && memcmp(a, b, a_length * sizeof *a) == 0;
}

static uint32_t hash_units(const uint16_t *units, uint32_t length) {
  uint32_t hash = 2166136261u;
  for (uint32_t i = 0; i < length; i++) hash = (hash ^ units[i]) * 16777619u;
  return hash ^ hash >> 15;
}

static bool grow_name_table(PatternParser *parser) {
  uint32_t count = parser->name_buckets ? parser->name_bucket_count * 4 : 16;
  PlacedName **buckets = arena_new_array(parser->arena, PlacedName *, count);
  if (!buckets) return pattern_out_of_memory(parser);
  memset(buckets, 0, count * sizeof *buckets);
  // In the order of the pattern, so that the newest of one name comes first.
  for (GroupName *name = parser->names; name; name = name->next) {
    PlacedName *placed = (PlacedName *)name;
    placed->bucket_next = buckets[placed->hash & (count - 1)];
    buckets[placed->hash & (count - 1)] = placed;
  }
  parser->name_buckets = buckets;
  parser->name_bucket_count = count;
  return true;
}

// The first of that name from `entry` of a bucket on, which is the newest; NULL: none.
static PlacedName *find_name(PlacedName *entry, const uint16_t *units, uint32_t length) {
  while (entry && !same_units(entry->name.units, entry->name.length, units, length)) entry = entry->bucket_next;
  return entry;
}

static bool add_group_name(PatternParser *parser, uint32_t group) {
  PlacedName *placed = arena_new(parser->arena, PlacedName);
  if (!placed) return pattern_out_of_memory(parser);
  GroupName *name = &placed->name;
  placed->path = parser->open->path;
  name->group = group;
  if (!pattern_parse_group_name(parser, &name->units, &name->length)) return false;
  if (parser->name_count >= parser->name_bucket_count && !grow_name_table(parser)) return false;
  placed->hash = hash_units(name->units, name->length);
  PlacedName **bucket = &parser->name_buckets[placed->hash & (parser->name_bucket_count - 1)];
  PlacedName *previous = find_name(*bucket, name->units, name->length);
  for (PlacedName *other = previous; other; other = find_name(other->bucket_next, name->units, name->length)) {
    if (!charge(parser, placed->path->depth + 1)) return false;
    if (might_both_participate(other->path, placed->path)) {
      return pattern_fail(parser, "duplicate capture group name");
    }
  }
  if (previous) previous->name.same = name;
  placed->bucket_next = *bucket;
  *bucket = placed;
  if (parser->last_name) {
    parser->last_name->next = name;
  } else {
    parser->names = name;
  }
  parser->last_name = name;
  parser->name_count++;
  return true;
}

static bool open_capture(PatternParser *parser, bool named) {
  PatternNode *group = pattern_new_node(parser, NODE_CAPTURE);
  if (!group) return false;
  uint32_t index = parser->group_count;
  if (index >= 1u << 22) return pattern_fail(parser, "too many captures");
  if (named && !add_group_name(parser, index)) return false;
  if (!open_group(parser, group)) return false;
  parser->group_count++;
  return true;
}

static bool open_look(PatternParser *parser, bool behind, bool negative) {
  PatternNode *group = pattern_new_node(parser, NODE_LOOK);
  if (!group) return false;
  group->behind = behind;
  group->flag = negative;
  return open_group(parser, group);
}

static RegExpFlags modifier_flag(int32_t c) {
  return c == 'i' ? REGEXP_IGNORE_CASE : c == 'm' ? REGEXP_MULTILINE : c == 's' ? REGEXP_DOT_ALL : 0;
}

// https://tc39.es/ecma262/#prod-Atom, the form (?ims-ims: after the ?
static bool open_modifiers(PatternParser *parser) {
  RegExpFlags flags[2] = {0, 0};
  int removing = 0;
  for (;;) {
    int32_t c = pattern_peek_unit(parser, 0);
    RegExpFlags flag = modifier_flag(c);
    if (flag) {
      if ((flags[0] | flags[1]) & flag) return pattern_fail(parser, "repeated regular expression flag");
      flags[removing] |= flag;
    } else if (c == '-' && !removing) {
      removing = 1;
    } else {
      break;
    }
    parser->position++;
  }
  bool empty = removing && !(flags[0] | flags[1]);
  if (empty || !pattern_take(parser, ':')) return pattern_fail(parser, "invalid group");
  if (!open_group(parser, NULL)) return false;
  parser->flags = (RegExpFlags)((parser->flags | flags[0]) & ~flags[1]);
  return true;
}

static bool parse_group_start(PatternParser *parser) {
  parser->position++;
  if (!pattern_take(parser, '?')) return open_capture(parser, false);
  if (pattern_take(parser, '=')) return open_look(parser, false, false);
  if (pattern_take(parser, '!')) return open_look(parser, false, true);
  if (pattern_take(parser, '<')) {
    if (pattern_take(parser, '=')) return open_look(parser, true, false);
    if (pattern_take(parser, '!')) return open_look(parser, true, true);
    return open_capture(parser, true);
  }
  return open_modifiers(parser);
}

// ---- Quantifiers

// Saturates: no text is longer than the largest value.
static bool parse_count(PatternParser *parser, uint32_t *value) {
  uint64_t number = 0;
  uint32_t start = parser->position;
  for (int32_t c; (c = pattern_peek_unit(parser, 0)) >= '0' && c <= '9'; parser->position++) {
    number = MIN_OF(number * 10 + (uint32_t)(c - '0'), UINT32_MAX - 1);
  }
  *value = (uint32_t)number;
  return parser->position > start;
}

typedef struct Quantifier {
  uint32_t least, most;
} Quantifier;

// {n}, {n,} or {n,m}; otherwise the position stays.
static bool parse_braces(PatternParser *parser, Quantifier *quantifier) {
  uint32_t start = parser->position;
  parser->position++;
  bool valid = parse_count(parser, &quantifier->least);
  quantifier->most = quantifier->least;
  if (valid && pattern_take(parser, ',') && !parse_count(parser, &quantifier->most)) quantifier->most = UINT32_MAX;
  valid = valid && pattern_take(parser, '}');
  if (!valid) parser->position = start;
  return valid;
}

// False: there is none, or a failure.
static bool parse_quantifier(PatternParser *parser, Quantifier *quantifier) {
  switch (pattern_peek_unit(parser, 0)) {
    case '*': *quantifier = (Quantifier){0, UINT32_MAX}; break;
    case '+': *quantifier = (Quantifier){1, UINT32_MAX}; break;
    case '?': *quantifier = (Quantifier){0, 1}; break;
    case '{':
      if (!parse_braces(parser, quantifier)) {
        return parser->unicode && pattern_fail(parser, "incomplete quantifier");
      }
      if (quantifier->most < quantifier->least) return pattern_fail(parser, "numbers out of order in {} quantifier");
      return true;
    default: return false;
  }
  parser->position++;
  return true;
}

// `bare`: not between parentheses that only group.
static bool add_quantified(PatternParser *parser, PatternNode *term, bool bare) {
  Quantifier quantifier;
  if (!parse_quantifier(parser, &quantifier)) {
    append_term(parser, term);
    return parser->result == REGEXP_OK;
  }
  bool assertion = term->kind == NODE_ASSERTION || (term->kind == NODE_LOOK && (term->behind || parser->unicode));
  if (assertion && bare) return pattern_fail(parser, "nothing to repeat");
  bool lazy = pattern_take(parser, '?');
  PatternNode *repeat = pattern_new_node(parser, NODE_REPEAT);
  if (!repeat) return false;
  repeat->body = term;
  repeat->flag = lazy;
  repeat->least = quantifier.least;
  repeat->most = quantifier.most;
  repeat->minimum = multiply_lengths(term->minimum, quantifier.least);
  repeat->maximum = multiply_lengths(term->maximum, quantifier.most);
  repeat->depth = term->depth + 1;
  repeat->first_group = term->first_group;
  repeat->last_group = term->last_group;
  append_term(parser, repeat);
  return true;
}

// ---- Terms

static PatternNode *new_assertion(PatternParser *parser, AssertionKind kind) {
  PatternNode *node = pattern_new_node(parser, NODE_ASSERTION);
  if (!node) return NULL;
  node->assertion = (uint8_t)kind;
  node->flag = parser->unicode && (parser->flags & REGEXP_IGNORE_CASE);
  return node;
}

static PatternNode *new_dot(PatternParser *parser) {
  CharSet set = {0};
  bool made = true;
  if (!parser->only_check) {
    if (!(parser->flags & REGEXP_DOT_ALL)) made = char_set_add_escape(parser->arena, &set, 'n');
    made = made && char_set_invert(parser->arena, &set);
  }
  if (made) return pattern_new_set(parser, &set);
  pattern_out_of_memory(parser);
  return NULL;
}

static PatternNode *new_reference(PatternParser *parser, uint32_t group) {
  PatternNode *node = pattern_new_node(parser, NODE_BACK_REFERENCE);
  if (!node) return NULL;
  node->reference.group = group;
  node->flag = (parser->flags & REGEXP_IGNORE_CASE) != 0;
  node->maximum = UINT32_MAX;
  return node;
}

static PatternNode *parse_named_reference(PatternParser *parser) {
  NamedReference *reference = arena_new(parser->arena, NamedReference);
  PatternNode *node = new_reference(parser, 0);
  if (!node) return NULL;
  if (!reference) {
    pattern_out_of_memory(parser);
    return NULL;
  }
  reference->position = parser->position;
  if (!pattern_take(parser, '<')) {
    pattern_fail(parser, "invalid named reference");
    return NULL;
  }
  if (!pattern_parse_group_name(parser, &reference->units, &reference->length)) return NULL;
  reference->node = node;
  reference->next = parser->references;
  parser->references = reference;
  return node;
}

// \1 and so on, after the backslash. Without u or v a number without such a group is an octal or identity escape.
static PatternNode *parse_decimal_escape(PatternParser *parser) {
  uint32_t start = parser->position, number;
  if (!parse_count(parser, &number)) UNREACHABLE();
  if (number <= parser->total_groups) return new_reference(parser, number);
  if (parser->unicode) {
    pattern_fail(parser, "invalid escape");
    return NULL;
  }
  parser->position = start;
  Escape escape;
  return pattern_parse_escape(parser, false, &escape) ? pattern_new_char(parser, escape.character) : NULL;
}

static PatternNode *parse_atom_escape(PatternParser *parser) {
  parser->position++;
  int32_t c = pattern_peek_unit(parser, 0);
  if (c == 'b' || c == 'B') {
    parser->position++;
    return new_assertion(parser, c == 'b' ? ASSERT_WORD_BOUNDARY : ASSERT_NOT_WORD_BOUNDARY);
  }
  if (c >= '1' && c <= '9') return parse_decimal_escape(parser);
  if (c == 'k' && (parser->unicode || parser->has_names)) {
    parser->position++;
    return parse_named_reference(parser);
  }
  Escape escape;
  if (!pattern_parse_escape(parser, false, &escape)) return NULL;
  if (escape.kind == ESCAPE_CHARACTER) return pattern_new_char(parser, escape.character);
  if (escape.kind == ESCAPE_STRINGS) return pattern_new_strings_property(parser, escape.property);
  CharSet set = {0};
  if (!parser->only_check && !pattern_add_escape_set(parser, &set, &escape)) {
    pattern_out_of_memory(parser);
    return NULL;
  }
  char_set_normalize(parser->arena, &set);
  return pattern_new_set(parser, &set);
}

static PatternNode *parse_brace_atom(PatternParser *parser) {
  Quantifier ignored;
  if (parser->unicode || parse_braces(parser, &ignored)) {
    pattern_fail(parser, "nothing to repeat");
    return NULL;
  }
  return pattern_new_char(parser, pattern_next(parser));
}

static PatternNode *parse_term(PatternParser *parser, int32_t c) {
  switch (c) {
    case '^':
      parser->position++;
      return new_assertion(parser, parser->flags & REGEXP_MULTILINE ? ASSERT_LINE_START : ASSERT_START);
    case '$':
      parser->position++;
      return new_assertion(parser, parser->flags & REGEXP_MULTILINE ? ASSERT_LINE_END : ASSERT_END);
    case '.': parser->position++; return new_dot(parser);
    case '[': parser->position++; return parser->sets ? pattern_parse_class_set(parser) : pattern_parse_class(parser);
    case '\\': return parse_atom_escape(parser);
    case '*':
    case '+':
    case '?': pattern_fail(parser, "nothing to repeat"); return NULL;
    case '{': return parse_brace_atom(parser);
    case '}':
    case ']':
      if (parser->unicode) {
        pattern_fail(parser, "lone quantifier brackets");
        return NULL;
      }
      break;
    default: break;
  }
  return pattern_new_char(parser, pattern_next(parser));
}

static bool parse_terms(PatternParser *parser) {
  for (;;) {
    if (!charge(parser, 1)) return false;
    int32_t c = pattern_peek_unit(parser, 0);
    if (c < 0) return true;
    PatternNode *term;
    bool bare = true;
    if (c == '|') {
      parser->position++;
      if (!end_alternative(parser) || !start_alternative(parser)) return false;
      continue;
    }
    if (c == '(') {
      if (!parse_group_start(parser)) return false;
      continue;
    }
    if (c == ')') {
      if (!parser->open->parent) return pattern_fail(parser, "unmatched ')'");
      parser->position++;
      bare = parser->open->group != NULL;
      term = close_group(parser);
    } else {
      term = parse_term(parser, c);
    }
    if (!term || !add_quantified(parser, term, bare)) return false;
  }
}

// Counts the groups ahead of parsing, since \1 and \k depend on groups further on.
static bool count_groups(PatternParser *parser) {
  TextView text = parser->text;
  if (!charge(parser, text.length / 4)) return false;
  uint32_t class_depth = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    uint16_t c = text_view_unit(text, i);
    if (c == '\\') {
      i++;
    } else if (c == '[') {
      if (class_depth == 0 || parser->sets) class_depth++;
    } else if (c == ']') {
      if (class_depth) class_depth--;
    } else if (c == '(' && !class_depth) {
      uint16_t next[3] = {0, 0, 0};
      for (uint32_t k = 0; k < 3 && i + 1 + k < text.length; k++) next[k] = text_view_unit(text, i + 1 + k);
      bool named = next[0] == '?' && next[1] == '<' && next[2] != '=' && next[2] != '!';
      if (named) parser->has_names = true;
      if (named || next[0] != '?') parser->total_groups++;
    }
  }
  return true;
}

static bool resolve_references(PatternParser *parser) {
  for (NamedReference *reference = parser->references; reference; reference = reference->next) {
    uint32_t hash = hash_units(reference->units, reference->length);
    PlacedName *name = parser->name_buckets ? parser->name_buckets[hash & (parser->name_bucket_count - 1)] : NULL;
    name = find_name(name, reference->units, reference->length);
    // The list of one name begins with the first of the pattern.
    for (PlacedName *older = name; older; older = find_name(older->bucket_next, reference->units, reference->length)) {
      if (!charge(parser, 1)) return false;
      name = older;
    }
    if (!name) {
      parser->position = reference->position;
      return pattern_fail(parser, "invalid named capture referenced");
    }
    reference->node->reference.name = &name->name;
  }
  return true;
}

RegExpResult pattern_parse(PatternParser *parser, Pattern *pattern) {
  parser->result = REGEXP_OK;
  parser->group_count = 1;
  parser->sets = (parser->flags & REGEXP_UNICODE_SETS) != 0;
  parser->unicode = parser->sets || (parser->flags & REGEXP_UNICODE);
  if (!count_groups(parser) || !open_group(parser, NULL) || !parse_terms(parser)) return parser->result;
  if (parser->open->parent) {
    pattern_fail(parser, "unterminated group");
    return parser->result;
  }
  if (!resolve_references(parser)) return parser->result;
  pattern->root = close_group(parser);
  pattern->group_count = parser->group_count;
  pattern->names = parser->names;
  pattern->name_count = parser->name_count;
  return parser->result;
}
