// What may follow a backslash, and group names.
#include "regexp/pattern.h"
#include "regexp/unicode_properties.h"

static int32_t hex_value(int32_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Exactly that many digits; otherwise false and the position stays.
bool pattern_parse_hex(PatternParser *parser, uint32_t digits, uint32_t *value) {
  uint32_t number = 0;
  for (uint32_t i = 0; i < digits; i++) {
    int32_t digit = hex_value(pattern_peek_unit(parser, i));
    if (digit < 0) return false;
    number = number * 16 + (uint32_t)digit;
  }
  parser->position += digits;
  *value = number;
  return true;
}

// After \u in Unicode mode: {1F600}, or four digits where a pair of surrogates makes one character.
static bool parse_unicode_escape(PatternParser *parser, uint32_t *value) {
  uint32_t number = 0;
  if (pattern_take(parser, '{')) {
    uint32_t digits = 0;
    for (int32_t digit; (digit = hex_value(pattern_peek_unit(parser, 0))) >= 0; digits++) {
      number = number * 16 + (uint32_t)digit;
      if (number >= CODE_POINT_END) return pattern_fail(parser, "invalid Unicode escape");
      parser->position++;
    }
    if (digits == 0 || !pattern_take(parser, '}')) return pattern_fail(parser, "invalid Unicode escape");
    *value = number;
    return true;
  }
  if (!pattern_parse_hex(parser, 4, &number)) return pattern_fail(parser, "invalid Unicode escape");
  if ((number & 0xFC00) == 0xD800 && pattern_peek_unit(parser, 0) == '\\' && pattern_peek_unit(parser, 1) == 'u') {
    uint32_t start = parser->position, low;
    parser->position += 2;
    if (pattern_parse_hex(parser, 4, &low) && (low & 0xFC00) == 0xDC00) {
      number = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00);
    } else {
      parser->position = start;
    }
  }
  *value = number;
  return true;
}

// https://tc39.es/ecma262/#prod-annexB-LegacyOctalEscapeSequence
static uint32_t parse_legacy_octal(PatternParser *parser) {
  uint32_t value = 0;
  for (int digits = 0; digits < 3; digits++) {
    int32_t c = pattern_peek_unit(parser, 0);
    if (c < '0' || c > '7' || value * 8 + (uint32_t)(c - '0') > 255) break;
    value = value * 8 + (uint32_t)(c - '0');
    parser->position++;
  }
  return value;
}

static bool is_letter(int32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

// After \p or \P.
static bool parse_property(PatternParser *parser, Escape *escape) {
  const char *message = "invalid property name";
  if (!pattern_take(parser, '{')) return pattern_fail(parser, message);
  uint32_t start = parser->position, equals = 0;
  int32_t c;
  while ((c = pattern_peek_unit(parser, 0)) == '_' || is_letter(c) || is_digit(c) || (c == '=' && !equals)) {
    if (c == '=') equals = parser->position;
    parser->position++;
  }
  uint32_t end = parser->position;
  if (!pattern_take(parser, '}')) return pattern_fail(parser, message);
  TextView name = text_view_slice(parser->text, start, equals ? equals : end);
  TextView value = text_view_slice(parser->text, equals ? equals + 1 : end, end);
  PropertyKind kind = property_find(name, value, equals != 0, &escape->property);
  bool strings = kind == PROPERTY_STRINGS;
  if (kind == PROPERTY_UNKNOWN || (strings && (!parser->sets || escape->inverted)))
    return pattern_fail(parser, message);
  escape->kind = strings ? ESCAPE_STRINGS : ESCAPE_SET;
  escape->letter = 'p';
  return true;
}

static bool parse_set_escape(PatternParser *parser, int32_t c, Escape *escape) {
  escape->kind = ESCAPE_SET;
  escape->letter = (char)(c | 32);
  escape->inverted = c < 'a';
  return escape->letter != 'p' || parse_property(parser, escape);
}

static bool is_syntax_character(int32_t c) { return c > 0 && c < 128 && strchr("^$\\.*+?()[]{}|/", c); }

static bool take_character(Escape *escape, uint32_t character) {
  escape->character = character;
  return true;
}

// After \c. Where it is no control letter, the backslash stands for itself and the c is read again.
static bool parse_control(PatternParser *parser, bool in_class, Escape *escape) {
  int32_t c = pattern_peek_unit(parser, 0);
  if (is_letter(c) || (in_class && !parser->unicode && (is_digit(c) || c == '_'))) {
    parser->position++;
    return take_character(escape, (uint32_t)c & 31);
  }
  if (parser->unicode) return pattern_fail(parser, "invalid Unicode escape");
  parser->position--;
  return take_character(escape, '\\');
}

static bool parse_zero_or_octal(PatternParser *parser, Escape *escape) {
  int32_t c = pattern_peek_unit(parser, 0);
  if (c == '0' && !is_digit(pattern_peek_unit(parser, 1))) {
    parser->position++;
    return take_character(escape, 0);
  }
  if (parser->unicode) return pattern_fail(parser, "invalid decimal escape");
  if (c < '8') return take_character(escape, parse_legacy_octal(parser));
  parser->position++;
  return take_character(escape, (uint32_t)c);
}

// https://tc39.es/ecma262/#prod-CharacterEscape
bool pattern_parse_escape(PatternParser *parser, bool in_class, Escape *escape) {
  *escape = (Escape){.kind = ESCAPE_CHARACTER};
  int32_t c = pattern_peek_unit(parser, 0);
  if (c < 0) return pattern_fail(parser, "\\ at end of pattern");
  if (is_digit(c)) return parse_zero_or_octal(parser, escape);
  if (c > 127) {
    if (parser->unicode) return pattern_fail(parser, "invalid escape");
    return take_character(escape, pattern_next(parser));
  }
  parser->position++;
  uint32_t value;
  switch (c) {
    case 'd':
    case 'D':
    case 's':
    case 'S':
    case 'w':
    case 'W': return parse_set_escape(parser, c, escape);
    case 'p':
    case 'P':
      if (parser->unicode) return parse_set_escape(parser, c, escape);
      break;
    case 'f': return take_character(escape, '\f');
    case 'n': return take_character(escape, '\n');
    case 'r': return take_character(escape, '\r');
    case 't': return take_character(escape, '\t');
    case 'v': return take_character(escape, '\v');
    case 'b':
      if (in_class) return take_character(escape, '\b');
      break;
    case '-':
      if (in_class) return take_character(escape, '-');
      break;
    case 'c': return parse_control(parser, in_class, escape);
    case 'x':
      if (pattern_parse_hex(parser, 2, &value)) return take_character(escape, value);
      break;
    case 'u':
      if (parser->unicode) return parse_unicode_escape(parser, &escape->character);
      if (pattern_parse_hex(parser, 4, &value)) return take_character(escape, value);
      break;
    case 'k':
      if (parser->has_names) return pattern_fail(parser, "invalid named reference");
      break;
    default: break;
  }
  if (parser->unicode && !is_syntax_character(c)) return pattern_fail(parser, "invalid escape");
  return take_character(escape, (uint32_t)c);
}

bool pattern_add_escape_set(PatternParser *parser, CharSet *set, const Escape *escape) {
  CharSet members = {0};
  bool added = escape->letter == 'p' ? property_add_set(parser->arena, &members, escape->property)
                                     : char_set_add_escape(parser->arena, &members, escape->letter);
  if (!added) return pattern_out_of_memory(parser);
  CaseMode mode = pattern_case_mode(parser);
  // With v the complement is taken of what compares equal; \w grows by its case partners with u as well.
  bool close_first = parser->sets || (escape->letter == 'w' && mode == CASE_FOLD);
  bool done = !close_first || char_set_close_over_case(parser->arena, &members, mode);
  done = done && (!escape->inverted || char_set_invert(parser->arena, &members));
  done = done && (parser->sets || char_set_close_over_case(parser->arena, &members, mode));
  done = done && char_set_add_all(parser->arena, set, &members);
  return done || pattern_out_of_memory(parser);
}

// ---- Group names

// One code point of a name, where \u escapes are allowed whatever the flags.
static bool next_name_character(PatternParser *parser, uint32_t *character) {
  if (pattern_peek_unit(parser, 0) < 0) return pattern_fail(parser, "invalid capture group name");
  *character = text_view_next_code_point(parser->text, &parser->position);
  if (*character != '\\') return true;
  if (!pattern_take(parser, 'u')) return pattern_fail(parser, "invalid capture group name");
  return parse_unicode_escape(parser, character);
}

// https://tc39.es/ecma262/#prod-GroupName
bool pattern_parse_group_name(PatternParser *parser, const uint16_t **units, uint32_t *length) {
  uint32_t capacity = 16, count = 0;
  uint16_t *name = arena_new_array(parser->arena, uint16_t, capacity);
  if (!name) return pattern_out_of_memory(parser);
  for (;;) {
    uint32_t character;
    if (count && pattern_take(parser, '>')) break;
    if (!next_name_character(parser, &character)) return false;
    bool valid = count ? property_is_identifier_part(character) : property_is_identifier_start(character);
    if (!valid) return pattern_fail(parser, "invalid capture group name");
    if (count + 2 > capacity) {
      name = arena_grow(parser->arena, name, capacity * sizeof *name, capacity * 2 * sizeof *name);
      if (!name) return pattern_out_of_memory(parser);
      capacity *= 2;
    }
    if (character > 0xFFFF) {
      name[count++] = (uint16_t)(0xD7C0 + (character >> 10));
      character = 0xDC00 | (character & 0x3FF);
    }
    name[count++] = (uint16_t)character;
  }
  *units = name;
  *length = count;
  return true;
}
