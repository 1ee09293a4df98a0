// Numbers, strings, templates and regular expressions.
#include "number/parse.h"
#include "syntax/lexer_internal.h"

// --- Escapes ---

static uint32_t scan_hex_digits(Lexer *lexer, unsigned count) {
  uint32_t value = 0;
  for (unsigned i = 0; i < count; i++) {
    int digit = unit_hex_value(lexer_unit_at(lexer, lexer->position + i));
    if (digit < 0) return UINT32_MAX;
    value = value << 4 | (uint32_t)digit;
  }
  lexer->position += count;
  return value;
}

uint32_t lexer_scan_unicode_escape(Lexer *lexer) {
  if (lexer_unit_at(lexer, lexer->position) != '{') return scan_hex_digits(lexer, 4);
  uint32_t position = lexer->position + 1, value = 0;
  for (;; position++) {
    uint32_t unit = lexer_unit_at(lexer, position);
    if (unit == '}') break;
    int digit = unit_hex_value(unit);
    if (digit < 0) return UINT32_MAX;
    value = value << 4 | (uint32_t)digit;
    if (value > 0x10FFFF) return UINT32_MAX;
  }
  if (position == lexer->position + 1) return UINT32_MAX;
  lexer->position = position + 1;
  return value;
}

static void scan_legacy_octal_escape(Lexer *lexer, uint32_t unit) {
  uint32_t value = unit - '0';
  unsigned more = unit <= '3' ? 2 : 1;
  for (; more; more--) {
    uint32_t digit = lexer_unit_at(lexer, lexer->position) - '0';
    if (digit > 7) break;
    value = value * 8 + digit;
    lexer->position++;
  }
  lexer_scratch_append(lexer, value);
}

// After the backslash. Returns false (position anywhere) for a malformed escape. Octal escapes in strings are noted,
// and the parser decides whether they are allowed.
static bool scan_escape(Lexer *lexer, bool in_template) {
  uint32_t start = lexer->position, unit = lexer_unit_at(lexer, lexer->position++);
  switch (unit) {
    case 'n': unit = '\n'; break;
    case 't': unit = '\t'; break;
    case 'r': unit = '\r'; break;
    case 'b': unit = '\b'; break;
    case 'v': unit = '\v'; break;
    case 'f': unit = '\f'; break;
    case '\r':
      if (lexer_unit_at(lexer, lexer->position) == '\n') lexer->position++;
      return true;
    case '\n':
    case 0x2028:
    case 0x2029: return true;
    case 'x': {
      uint32_t value = scan_hex_digits(lexer, 2);
      if (value == UINT32_MAX) return false;
      lexer_scratch_append(lexer, value);
      return true;
    }
    case 'u': {
      uint32_t value = lexer_scan_unicode_escape(lexer);
      if (value == UINT32_MAX) return false;
      lexer_scratch_append_code_point(lexer, value);
      return true;
    }
    case '0' ... '9': {
      uint32_t next = lexer_unit_at(lexer, lexer->position);
      if (unit == '0' && !unit_is_digit(next)) {
        unit = 0;
        break;
      }
      if (in_template) return false;
      if (!lexer->token.has_legacy_octal) lexer->octal_offset = start - 1;
      lexer->token.has_legacy_octal = true;
      if (unit >= '8') break;
      scan_legacy_octal_escape(lexer, unit);
      return true;
    }
    case UNIT_END: return false;
    default: break;
  }
  lexer_scratch_append(lexer, unit);
  return true;
}

// --- Strings ---

static void scan_string_with_escapes(Lexer *lexer, uint32_t start, uint32_t quote) {
  Token *token = &lexer->token;
  lexer_scratch_clear(lexer);
  uint32_t steps = 0;
  for (uint32_t i = start + 1; i < lexer->position && fuel_step(lexer->fuel, &steps); i++)
    lexer_scratch_append(lexer, lexer_unit_at(lexer, i));
  token->has_escape = true;
  while (!lexer->failed) {
    if (!fuel_step(lexer->fuel, &steps)) {
      lexer_fail_status(lexer, PARSE_INTERRUPTED);
      return;
    }
    uint32_t position = lexer->position, unit = lexer_unit_at(lexer, position);
    if (unit == UNIT_END || unit == '\n' || unit == '\r') {
      lexer_fail(lexer, start, position, "the string is not closed");
      return;
    }
    lexer->position++;
    if (unit == quote) break;
    if (unit != '\\') lexer_scratch_append(lexer, unit);
    else if (lexer_unit_at(lexer, position + 1) == UNIT_END) {
      lexer_fail(lexer, start, position, "the string is not closed");
      return;
    } else if (!scan_escape(lexer, false)) {
      const char *message = lexer_unit_at(lexer, position + 1) == 'u' ? "malformed Unicode escape in a string"
                                                                      : "malformed escape in a string";
      lexer_fail(lexer, position, position + 2, message);
      return;
    }
  }
  if (lexer->failed) return;
  token->type = TOKEN_STRING;
  token->text = lexer_scratch_finish(lexer);
}

void lexer_scan_string(Lexer *lexer, uint32_t quote) {
  Token *token = &lexer->token;
  uint32_t start = lexer->position, position = start + 1, length = lexer->length;
  if (lexer->source.is_wide) {
    const uint16_t *units = lexer->source.wide;
    while (position < length && units[position] != quote && units[position] != '\\' && units[position] != '\n' &&
           units[position] != '\r') {
      if (UNLIKELY(++position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
    }
  } else {
    const uint8_t *units = lexer->source.narrow;
    while (position < length && units[position] != quote && units[position] != '\\' && units[position] != '\n' &&
           units[position] != '\r') {
      if (UNLIKELY(++position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
    }
  }
  lexer->position = position;
  if (lexer_unit_at(lexer, position) != quote) {
    scan_string_with_escapes(lexer, start, quote);
    return;
  }
  token->type = TOKEN_STRING;
  token->text = text_view_slice(lexer->source, start + 1, position);
  lexer->position = position + 1;
}

// --- Templates ---

// A piece from `start`, where the backquote or the closing brace stands, to the next `${` or the end.
void lexer_scan_template(Lexer *lexer, uint32_t start) {
  Token *token = &lexer->token;
  bool is_plain = true, is_valid = true;
  uint32_t position = start + 1, steps = 0;
  lexer->position = position;
  lexer_scratch_clear(lexer);
  for (;;) {
    if (lexer->failed) return;
    if (!fuel_step(lexer->fuel, &steps)) {
      lexer_fail_status(lexer, PARSE_INTERRUPTED);
      return;
    }
    uint32_t unit = lexer_unit_at(lexer, lexer->position);
    if (unit == UNIT_END) {
      lexer_fail_unclosed(lexer, start, start + 1, "the template literal is not closed");
      return;
    }
    if (unit == '`' || (unit == '$' && lexer_unit_at(lexer, lexer->position + 1) == '{')) break;
    if ((unit == '\\' || unit == '\r') && is_plain) {
      is_plain = false;
      for (uint32_t i = position; i < lexer->position && fuel_step(lexer->fuel, &steps); i++)
        lexer_scratch_append(lexer, lexer_unit_at(lexer, i));
    }
    lexer->position++;
    if (unit == '\\') {
      uint32_t escape = lexer->position;
      if (!scan_escape(lexer, true)) {
        if (is_valid) lexer->octal_offset = escape - 1;
        is_valid = false;
        lexer->position = escape;
        // The next unit belongs to the escape in any case: a backquote must not end the template here.
        uint32_t next = lexer_unit_at(lexer, escape);
        if (next != UNIT_END) lexer->position++;
      }
    } else if (unit == '\r') {
      if (lexer_unit_at(lexer, lexer->position) == '\n') lexer->position++;
      lexer_scratch_append(lexer, '\n');
    } else if (!is_plain) lexer_scratch_append(lexer, unit);
  }
  uint32_t end = lexer->position;
  token->type = TOKEN_TEMPLATE;
  token->is_template_tail = lexer_unit_at(lexer, end) == '`';
  lexer->position = end + (token->is_template_tail ? 1 : 2);
  token->raw = text_view_slice(lexer->source, position, end);
  token->text = token->raw;
  token->has_cooked = is_valid;
  if (is_plain) return;
  if (is_valid) token->text = lexer_scratch_finish(lexer);
  bool has_return = false;
  for (uint32_t i = position; i < end && fuel_step(lexer->fuel, &steps); i++)
    has_return |= lexer_unit_at(lexer, i) == '\r';
  if (!has_return || lexer->failed) return;
  lexer_scratch_clear(lexer);
  for (uint32_t i = position; i < end && fuel_step(lexer->fuel, &steps); i++) {
    uint32_t unit = lexer_unit_at(lexer, i);
    if (unit == '\r') {
      if (i + 1 < end && lexer_unit_at(lexer, i + 1) == '\n') i++;
      unit = '\n';
    }
    lexer_scratch_append(lexer, unit);
  }
  token->raw = lexer_scratch_finish(lexer);
}

void lexer_rescan_template(Lexer *lexer) {
  if (lexer->failed) return;
  lexer_scan_template(lexer, lexer->token.start);
  fuel_spend(lexer->fuel, (lexer->position - lexer->token.start) / 16);
  lexer->token.end = lexer->position;
}

// --- Regular expressions ---

void lexer_rescan_regexp(Lexer *lexer) {
  if (lexer->failed) return;
  Token *token = &lexer->token;
  uint32_t position = token->start + 1;
  for (bool in_class = false;; position++) {
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
    uint32_t unit = lexer_unit_at(lexer, position);
    if (unit == '\\') unit = lexer_unit_at(lexer, ++position);
    else if (unit == '[') in_class = true;
    else if (unit == ']') in_class = false;
    else if (unit == '/' && !in_class) break;
    if (unit == UNIT_END || unit_is_line_terminator(unit)) {
      lexer_fail(lexer, token->start, position, "the regular expression is not closed");
      return;
    }
  }
  token->text = text_view_slice(lexer->source, token->start + 1, position);
  uint32_t flags_start = ++position;
  while (position < lexer->length) {
    uint32_t next = position, code_point = text_view_next_code_point(lexer->source, &next);
    if (code_point == '\\') {
      lexer_fail(lexer, position, position + 1, "regular expression flags may not contain escapes");
      return;
    }
    if (!code_point_is_identifier_part(code_point)) break;
    position = next;
  }
  token->raw = text_view_slice(lexer->source, flags_start, position);
  token->type = TOKEN_REGEXP;
  lexer->position = token->end = position;
}

// --- Numbers ---

// Digits of a radix with separators, from the position; false after a failure. At least one digit.
static bool scan_digits(Lexer *lexer, unsigned radix, bool *has_separator) {
  uint32_t start = lexer->position;
  bool was_digit = false;
  for (;; lexer->position++) {
    if (UNLIKELY(lexer->position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return false;
    uint32_t unit = lexer_unit_at(lexer, lexer->position);
    if (unit == '_') {
      uint32_t next = lexer_unit_at(lexer, lexer->position + 1);
      if (!was_digit || unit_hex_value(next) < 0 || unit_hex_value(next) >= (int)radix) {
        lexer_fail(lexer, lexer->position, lexer->position + 1, "a numeric separator must stand between two digits");
        return false;
      }
      was_digit = false;
      *has_separator = true;
      continue;
    }
    int digit = unit_hex_value(unit);
    if (digit < 0 || digit >= (int)radix) break;
    was_digit = true;
  }
  if (lexer->position == start) {
    lexer_fail(lexer, start, start + 1, "expected digits in the numeric literal");
    return false;
  }
  return true;
}

static TextView digits_without_separators(Lexer *lexer, uint32_t start, uint32_t end) {
  lexer_scratch_clear(lexer);
  uint32_t steps = 0;
  for (uint32_t i = start; i < end && fuel_step(lexer->fuel, &steps); i++) {
    uint32_t unit = lexer_unit_at(lexer, i);
    if (unit != '_') lexer_scratch_append(lexer, unit);
  }
  return lexer_scratch_finish(lexer);
}

static void finish_bigint(Lexer *lexer, uint32_t start, unsigned radix, bool has_separator) {
  Token *token = &lexer->token;
  uint32_t end = lexer->position++;
  token->type = TOKEN_BIGINT;
  token->radix = (uint8_t)radix;
  token->text =
      has_separator ? digits_without_separators(lexer, start, end) : text_view_slice(lexer->source, start, end);
}

static void check_number_end(Lexer *lexer) {
  uint32_t position = lexer->position;
  if (lexer->failed || position >= lexer->length) return;
  uint32_t next = position, code_point = text_view_next_code_point(lexer->source, &next);
  if (code_point_is_identifier_start(code_point) || code_point == '\\' || unit_is_digit(code_point)) {
    lexer_fail(lexer, position, next, "an identifier or digit may not follow a numeric literal directly");
  }
}

static void scan_radix_number(Lexer *lexer, unsigned radix) {
  Token *token = &lexer->token;
  lexer->position += 2;
  uint32_t start = lexer->position;
  bool has_separator = false;
  if (!scan_digits(lexer, radix, &has_separator)) return;
  if (lexer_unit_at(lexer, lexer->position) == 'n') finish_bigint(lexer, start, radix, has_separator);
  else {
    uint32_t consumed;
    token->type = TOKEN_NUMBER;
    token->number = number_parse_radix(text_view_slice(lexer->source, start, lexer->position), radix, has_separator,
                                       lexer->fuel, &consumed);
  }
  check_number_end(lexer);
}

// 017 and 089: https://tc39.es/ecma262/#prod-LegacyOctalIntegerLiteral. False: 089 goes on like a decimal.
static bool scan_legacy_octal(Lexer *lexer) {
  Token *token = &lexer->token;
  uint32_t position = lexer->position;
  token->has_legacy_octal = true;
  lexer->octal_offset = position;
  double value = 0;
  for (position++;; position++) {
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return true;
    uint32_t unit = lexer_unit_at(lexer, position);
    if (unit == '_') {
      lexer_fail(lexer, position, position + 1, "numeric separators are not allowed in numbers with a leading zero");
      return true;
    }
    if (unit == '8' || unit == '9') return false;
    if (!unit_is_digit(unit)) break;
    value = value * 8 + (unit - '0');
  }
  // Beyond 2^53 the repeated rounding above could differ from the nearest double.
  if (value >= 9007199254740992.0) {
    uint32_t consumed;
    value =
        number_parse_radix(text_view_slice(lexer->source, lexer->position, position), 8, false, lexer->fuel, &consumed);
  }
  lexer->position = position;
  token->type = TOKEN_NUMBER;
  token->number = value;
  check_number_end(lexer);
  return true;
}

// The fraction and exponent; false after a failure.
static bool scan_decimal_rest(Lexer *lexer, bool *has_separator) {
  if (lexer_unit_at(lexer, lexer->position) == '.') {
    lexer->position++;
    uint32_t unit = lexer_unit_at(lexer, lexer->position);
    if ((unit_is_digit(unit) || unit == '_') && !scan_digits(lexer, 10, has_separator)) return false;
  }
  if ((lexer_unit_at(lexer, lexer->position) | 32) == 'e') {
    lexer->position++;
    uint32_t sign = lexer_unit_at(lexer, lexer->position);
    if (sign == '+' || sign == '-') lexer->position++;
    if (!scan_digits(lexer, 10, has_separator)) return false;
  }
  return true;
}

void lexer_scan_number(Lexer *lexer) {
  Token *token = &lexer->token;
  uint32_t start = lexer->position, unit = lexer_unit_at(lexer, start);
  bool has_separator = false;
  if (unit == '0') {
    uint32_t next = lexer_unit_at(lexer, start + 1);
    switch (next) {
      case 'x':
      case 'X': scan_radix_number(lexer, 16); return;
      case 'o':
      case 'O': scan_radix_number(lexer, 8); return;
      case 'b':
      case 'B': scan_radix_number(lexer, 2); return;
      case '_':
        lexer_fail(lexer, start + 1, start + 2, "numeric separators are not allowed in numbers with a leading zero");
        return;
      case '0' ... '9':
        if (scan_legacy_octal(lexer)) return;
        break;
      default: break;
    }
  }
  uint32_t position = start;
  uint64_t value = 0;
  while (unit_is_digit(unit = lexer_unit_at(lexer, position))) {
    value = value * 10 + (unit - '0');
    position++;
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
  }
  token->type = TOKEN_NUMBER;
  if (unit == '_' && token->has_legacy_octal) {
    lexer_fail(lexer, position, position + 1, "numeric separators are not allowed in numbers with a leading zero");
    return;
  }
  if (unit != '.' && unit != '_' && (unit | 32) != 'e' && unit != 'n' && position - start <= 15) {
    token->number = (double)value;
    lexer->position = position;
    check_number_end(lexer);
    return;
  }
  if (unit != '.' && !scan_digits(lexer, 10, &has_separator)) return;
  lexer->position = MAX_OF(lexer->position, position);
  if (lexer_unit_at(lexer, lexer->position) == 'n' && !token->has_legacy_octal) {
    finish_bigint(lexer, start, 10, has_separator);
    check_number_end(lexer);
    return;
  }
  if (!scan_decimal_rest(lexer, &has_separator)) return;
  uint32_t consumed;
  token->number = number_parse_decimal(text_view_slice(lexer->source, start, lexer->position), has_separator,
                                       lexer->fuel, &consumed);
  check_number_end(lexer);
}
