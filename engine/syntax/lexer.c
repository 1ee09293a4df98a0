// Tokens. The scanner proper is written once and instantiated for Latin-1 and for UTF-16 sources, so that
// the common case pays neither for the other nor for a branch per code unit.
#include <stdarg.h>

#include "syntax/lexer_internal.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { ID_START = 1, ID_PART = 2 };

static const uint8_t unit_classes[256] = {
    ['$'] = ID_START | ID_PART,
    ['_'] = ID_START | ID_PART,
    ['A' ... 'Z'] = ID_START | ID_PART,
    ['a' ... 'z'] = ID_START | ID_PART,
    ['0' ... '9'] = ID_PART,
    [0xAA] = ID_START | ID_PART,
    [0xB5] = ID_START | ID_PART,
    [0xBA] = ID_START | ID_PART,
    [0xB7] = ID_PART,
    [0xC0 ... 0xD6] = ID_START | ID_PART,
    [0xD8 ... 0xF6] = ID_START | ID_PART,
    [0xF8 ... 0xFF] = ID_START | ID_PART,
};

bool code_point_is_identifier_start(uint32_t code_point) {
  if (code_point < 256) return unit_classes[code_point] & ID_START;
  return code_point <= 0x10FFFF && unicode_is_identifier_start(code_point);
}
bool code_point_is_identifier_part(uint32_t code_point) {
  if (code_point < 256) return unit_classes[code_point] & ID_PART;
  return code_point <= 0x10FFFF && unicode_is_identifier_part(code_point);
}

const char *token_type_text(unsigned type) {
  static const char *const texts[] = {
#define TOKEN(name, text, precedence, operator_) text,
      SYNTAX_PUNCTUATORS(TOKEN)
#undef TOKEN
  };
  static const char *const names[] = {
      "",
#define NAME(identifier, text) text,
#include "syntax/source_names.def"
#undef NAME
  };
  return type > TOKEN_KEYWORD_BASE ? names[type - TOKEN_KEYWORD_BASE] : texts[type];
}

// --- Failures ---

// Messages are UTF-8 and hold short pieces of the guest's text.
static void message_append_unit(ParseError *error, size_t *length, uint32_t c) {
  if (*length + 4 >= PARSE_MESSAGE_SIZE) return;
  *length += utf8_encode_code_point(unicode_is_surrogate(c) ? 0xFFFD : c, (uint8_t *)error->message + *length);
}

static void message_format(ParseError *error, const char *format, va_list arguments) {
  size_t length = 0;
  for (; *format; format++) {
    if (*format != '%') {
      message_append_unit(error, &length, (uint8_t)*format);
      continue;
    }
    format++;
    if (*format == 'u') {
      char digits[12];
      unsigned count = 0;
      for (unsigned value = va_arg(arguments, unsigned); value || !count; value /= 10)
        digits[count++] = '0' + value % 10;
      while (count) message_append_unit(error, &length, (uint8_t)digits[--count]);
    } else if (*format == 'x') {
      unsigned value = va_arg(arguments, unsigned), shift = 12;
      while (value >> shift >> 4) shift += 4;
      for (;; shift -= 4) {
        message_append_unit(error, &length, (uint8_t)"0123456789ABCDEF"[value >> shift & 15]);
        if (!shift) break;
      }
    } else if (*format == 'v') {
      const TextView *text = va_arg(arguments, const TextView *);
      uint32_t shown = MIN_OF(text->length, 60);
      for (uint32_t i = 0; i < shown;) message_append_unit(error, &length, text_view_next_code_point(*text, &i));
      if (shown < text->length)
        for (int i = 0; i < 3; i++) message_append_unit(error, &length, '.');
    } else {
      const char *text =
          *format == 't' ? token_type_text(va_arg(arguments, unsigned)) : va_arg(arguments, const char *);
      for (; *text; text++) message_append_unit(error, &length, (uint8_t)*text);
    }
  }
  error->message[length] = 0;
}

static void lexer_stop(Lexer *lexer) {
  lexer->failed = true;
  lexer->token.type = TOKEN_END;
  lexer->position = lexer->length;
}

void *lexer_fail(Lexer *lexer, uint32_t start, uint32_t end, const char *format, ...) {
  if (!lexer->failed && !lexer->is_peeking) {
    ParseError *error = lexer->error;
    error->status = PARSE_SYNTAX_ERROR;
    va_list arguments;
    va_start(arguments, format);
    message_format(error, format, arguments);
    va_end(arguments);
    error->offset = MIN_OF(start, lexer->length);
    error->end = MIN_OF(end, lexer->length);
    error->at_end = start >= lexer->length;
    parse_source_line(lexer->source, error->offset, lexer->fuel, &error->line, &error->column);
  }
  lexer_stop(lexer);
  return NULL;
}

void *lexer_fail_unclosed(Lexer *lexer, uint32_t start, uint32_t end, const char *message) {
  bool is_first = !lexer->failed;
  lexer_fail(lexer, start, end, message);
  if (is_first) lexer->error->at_end = true;
  return NULL;
}

void lexer_fail_status(Lexer *lexer, ParseStatus status) {
  if (!lexer->failed) {
    ParseError *error = lexer->error;
    static const char *const messages[] = {"", "", "out of memory", "interrupted"};
    error->status = status;
    strcpy(error->message, messages[status]);
    error->offset = error->end = lexer->token.start;
    lexer->is_peeking = false;
    if (status != PARSE_INTERRUPTED)
      parse_source_line(lexer->source, error->offset, lexer->fuel, &error->line, &error->column);
  }
  lexer_stop(lexer);
}

NO_INLINE bool lexer_pay_piece(Lexer *lexer) {
  if (fuel_charge(lexer->fuel, LEXER_PIECE / 16)) return true;
  lexer_fail_status(lexer, PARSE_INTERRUPTED);
  return false;
}

TextView parse_source_line(TextView source, uint32_t offset, Fuel *fuel, uint32_t *line, uint32_t *column) {
  uint32_t number = 1, start = 0, steps = 0;
  if (offset > source.length) offset = source.length;
  for (uint32_t i = 0; i < offset; i++) {
    if (!fuel_step(fuel, &steps)) break;
    uint32_t unit = text_view_unit(source, i);
    if (!unit_is_line_terminator(unit)) continue;
    if (unit == '\r' && i + 1 < source.length && text_view_unit(source, i + 1) == '\n') {
      if (i + 1 >= offset) break;
      i++;
    }
    number++;
    start = i + 1;
  }
  uint32_t end = offset;
  while (end < source.length && !unit_is_line_terminator(text_view_unit(source, end)) && fuel_step(fuel, &steps)) end++;
  *line = number;
  *column = offset - start + 1;
  return text_view_slice(source, start, end);
}

// --- Names ---

static bool name_table_grow(Lexer *lexer) {
  NameTable *table = &lexer->names;
  uint32_t count = table->bucket_count ? table->bucket_count * 4 : 512;
  Name **buckets = arena_new_array(lexer->arena, Name *, count);
  if (!buckets) return false;
  for (uint32_t i = 0; i < table->bucket_count; i++) {
    for (Name *name = table->buckets[i], *next; name; name = next) {
      next = name->next_in_bucket;
      name->next_in_bucket = buckets[name->hash & (count - 1)];
      buckets[name->hash & (count - 1)] = name;
    }
  }
  table->buckets = buckets;
  table->bucket_count = count;
  return true;
}

#define HASH_SEED 0x2F6E2B1u
static ALWAYS_INLINE uint32_t hash_step(uint32_t hash, uint32_t unit) { return (hash ^ unit) * 0x01000193u; }
static ALWAYS_INLINE uint32_t hash_finish(uint32_t hash) { return hash ^ hash >> 15; }

static ALWAYS_INLINE bool name_matches(const Name *name, TextView text, const bool wide) {
  if (name->text.length != text.length) return false;
  if (!wide && !name->text.is_wide) {
    const uint8_t *a = name->text.narrow, *b = text.narrow;
    for (uint32_t i = 0; i < text.length; i++)
      if (a[i] != b[i]) return false;
    return true;
  }
  for (uint32_t i = 0; i < text.length; i++) {
    if (text_view_unit(name->text, i) != (wide ? text.wide[i] : text.narrow[i])) return false;
  }
  return true;
}

// Wide texts that fit into Latin-1 are stored narrow, so that equal names have equal width.
static bool text_narrow(Arena *arena, TextView *text) {
  memory_spend(arena->memory, text->length / 4);
  for (uint32_t i = 0; i < text->length; i++)
    if (text->wide[i] > 255) return true;
  uint8_t *narrow = arena_allocate(arena, text->length ? text->length : 1);
  if (!narrow) return false;
  for (uint32_t i = 0; i < text->length; i++) narrow[i] = (uint8_t)text->wide[i];
  *text = text_view_narrow(narrow, text->length);
  return true;
}

static void name_find_index(Name *name) {
  TextView text = name->text;
  if (!text.length || text.length > 10 || text.is_wide) return;
  if (text.narrow[0] == '0' && text.length > 1) return;
  uint64_t value = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!unit_is_digit(text.narrow[i])) return;
    value = value * 10 + (text.narrow[i] - '0');
  }
  if (value >= UINT32_MAX) return;
  name->is_array_index = true;
  name->index = (uint32_t)value;
}

static NO_INLINE Name *name_add(Lexer *lexer, TextView text, uint32_t hash) {
  NameTable *table = &lexer->names;
  if (table->count >= table->bucket_count && !name_table_grow(lexer)) goto fail;
  if (text.is_wide && !text_narrow(lexer->arena, &text)) goto fail;
  Name *name = arena_new(lexer->arena, Name);
  if (!name) goto fail;
  name->text = text;
  name->hash = hash;
  name_find_index(name);
  Name **bucket = &table->buckets[hash & (table->bucket_count - 1)];
  name->next_in_bucket = *bucket;
  *bucket = name;
  table->count++;
  return name;
fail:
  lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY);
  return NULL;
}

static ALWAYS_INLINE Name *name_intern(Lexer *lexer, TextView text, uint32_t hash, const bool wide) {
  NameTable *table = &lexer->names;
  unsigned steps = 0;
  for (Name *name = table->buckets[hash & (table->bucket_count - 1)]; name; name = name->next_in_bucket) {
    if (name->hash == hash && name_matches(name, text, wide)) return name;
    // A guest can make long chains on purpose, so they are paid for.
    if (UNLIKELY(++steps > 16) && !fuel_charge(lexer->fuel, 1)) {
      lexer_fail_status(lexer, PARSE_INTERRUPTED);
      return NULL;
    }
  }
  return name_add(lexer, text, hash);
}

Name *lexer_intern(Lexer *lexer, TextView text) {
  uint32_t hash = HASH_SEED;
  for (uint32_t i = 0; i < text.length; i++) hash = hash_step(hash, text_view_unit(text, i));
  hash = hash_finish(hash);
  return text.is_wide ? name_intern(lexer, text, hash, true) : name_intern(lexer, text, hash, false);
}

// OPTIMIZATION: each parse begins with this. The names differ from one another, so none is looked for.
static MUST_CHECK bool lexer_add_well_known(Lexer *lexer) {
  static const struct {
    const char *text;
    uint8_t length;
  } texts[NAME_COUNT] = {
      {0},
#define NAME(identifier, text) {text, sizeof text - 1},
#include "syntax/source_names.def"
#undef NAME
  };
  NameTable *table = &lexer->names;
  Name *names = arena_new_array(lexer->arena, Name, NAME_COUNT);
  if (!names) {
    lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY);
    return false;
  }
  for (unsigned i = 1; i < NAME_COUNT; i++) {
    Name *name = &names[i];
    name->text = text_view_narrow(texts[i].text, texts[i].length);
    uint32_t hash = HASH_SEED;
    for (uint32_t unit = 0; unit < texts[i].length; unit++) hash = hash_step(hash, (uint8_t)texts[i].text[unit]);
    name->hash = hash_finish(hash);
    name->well_known = (uint16_t)i;
    // `reserved`: 2 always a keyword, 1 restricted somewhere as a binding or reference.
    if (i <= NAME_yield && i != NAME_await && i != NAME_yield) name->reserved = 2;
    else if (i <= NAME_public || i == NAME_arguments || i == NAME_eval) name->reserved = 1;
    Name **bucket = &table->buckets[name->hash & (table->bucket_count - 1)];
    name->next_in_bucket = *bucket;
    *bucket = name;
    table->well_known[i] = name;
  }
  table->count = NAME_COUNT - 1;
  return true;
}

bool lexer_initialize(Lexer *lexer, TextView source, const ParseOptions *options, ParseError *error) {
  *lexer = (Lexer){.source = source,
                   .length = source.length,
                   .arena = options->arena,
                   .fuel = options->fuel,
                   .error = error,
                   .self_hosted = options->self_hosted};
  lexer->token.newline_before = true;
  if (!name_table_grow(lexer)) {
    lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY);
    return false;
  }
  return lexer_add_well_known(lexer);
}

// --- Scratch text ---

void lexer_scratch_clear(Lexer *lexer) { lexer->scratch_length = 0; }

void lexer_scratch_append(Lexer *lexer, uint32_t unit) {
  if (lexer->scratch_length == lexer->scratch_capacity) {
    uint32_t capacity = lexer->scratch_capacity ? lexer->scratch_capacity * 2 : 128;
    uint16_t *grown =
        arena_grow(lexer->arena, lexer->scratch, (size_t)lexer->scratch_capacity * 2, (size_t)capacity * 2);
    if (!grown) {
      lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY);
      return;
    }
    lexer->scratch = grown;
    lexer->scratch_capacity = capacity;
  }
  lexer->scratch[lexer->scratch_length++] = (uint16_t)unit;
}

void lexer_scratch_append_code_point(Lexer *lexer, uint32_t code_point) {
  if (code_point > 0xFFFF) {
    lexer_scratch_append(lexer, 0xD800 + ((code_point - 0x10000) >> 10));
    code_point = 0xDC00 + ((code_point - 0x10000) & 0x3FF);
  }
  lexer_scratch_append(lexer, code_point);
}

TextView lexer_scratch_finish(Lexer *lexer) {
  TextView text = text_view_wide(lexer->scratch, lexer->scratch_length);
  if (!text_narrow(lexer->arena, &text)) goto fail;
  if (text.is_wide) {
    uint16_t *copy = arena_new_array(lexer->arena, uint16_t, text.length);
    if (!copy) goto fail;
    memcpy(copy, text.wide, text.length * sizeof(uint16_t));
    text.wide = copy;
  }
  return text;
fail:
  lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY);
  return text_view_narrow("", 0);
}

// --- Identifiers ---

static void token_set_name(Token *token, Name *name) {
  token->name = name;
  if (!name) token->type = TOKEN_END;
  else if (name->reserved == 2) {
    token->type = token->has_escape ? TOKEN_ESCAPED_KEYWORD : TOKEN_KEYWORD_BASE + name->well_known;
  } else token->type = TOKEN_IDENTIFIER;
}

static uint32_t code_point_at(const Lexer *lexer, uint32_t position, uint32_t *next) {
  *next = position;
  if (position >= lexer->length) return UNIT_END;
  return text_view_next_code_point(lexer->source, next);
}

// Identifiers with escapes or beyond Latin-1. `prefix` is 0 or '#'. False when none starts at the position.
static bool scan_identifier_slowly(Lexer *lexer, uint32_t start, uint32_t prefix) {
  Token *token = &lexer->token;
  lexer_scratch_clear(lexer);
  if (prefix) lexer_scratch_append(lexer, prefix);
  lexer->position = start;
  uint32_t steps = 0;
  for (bool first = true;; first = false) {
    uint32_t next, code_point = code_point_at(lexer, lexer->position, &next);
    if (code_point == '\\') {
      uint32_t escape_start = lexer->position;
      lexer->position++;
      bool is_unicode = lexer_unit_at(lexer, lexer->position) == 'u';
      if (is_unicode) lexer->position++;
      code_point = is_unicode ? lexer_scan_unicode_escape(lexer) : UINT32_MAX;
      if (!(first ? code_point_is_identifier_start(code_point) : code_point_is_identifier_part(code_point))) {
        lexer_fail(lexer, escape_start, lexer->position + 1, "invalid escape in an identifier");
        return true;
      }
      token->has_escape = true;
    } else if (first ? code_point_is_identifier_start(code_point) : code_point_is_identifier_part(code_point)) {
      lexer->position = next;
    } else if (first) return false;
    else break;
    if (!fuel_step(lexer->fuel, &steps)) lexer_fail_status(lexer, PARSE_INTERRUPTED);
    lexer_scratch_append_code_point(lexer, code_point);
    if (lexer->failed) return true;
  }
  // The table copies what it keeps of the scratch text only when it is narrow.
  TextView text = lexer_scratch_finish(lexer);
  if (!lexer->failed) token_set_name(token, lexer_intern(lexer, text));
  return true;
}

static ALWAYS_INLINE uint32_t unit_of(const Lexer *lexer, uint32_t position, const bool wide) {
  if (UNLIKELY(position >= lexer->length)) return UNIT_END;
  return wide ? lexer->source.wide[position] : lexer->source.narrow[position];
}

static ALWAYS_INLINE void scan_identifier(Lexer *lexer, uint32_t start, const bool wide) {
  uint32_t position = start, hash = HASH_SEED, length = lexer->length;
  uint32_t unit = 0;
  for (; position < length; position++) {
    unit = wide ? lexer->source.wide[position] : lexer->source.narrow[position];
    if (wide && UNLIKELY(unit > 255)) break;
    if (!(unit_classes[unit] & ID_PART)) break;
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
    hash = hash_step(hash, unit);
  }
  if (UNLIKELY(position < length && (unit == '\\' || (wide && unit > 255)))) {
    scan_identifier_slowly(lexer, start, 0);
    return;
  }
  lexer->position = position;
  TextView text = text_view_slice(lexer->source, start, position);
  token_set_name(&lexer->token, name_intern(lexer, text, hash_finish(hash), wide));
}

static void scan_private_name(Lexer *lexer, uint32_t start) {
  if (!scan_identifier_slowly(lexer, start + 1, '#')) {
    lexer_fail(lexer, start, start + 1, "expected a private name after '#'");
  } else if (!lexer->failed) lexer->token.type = TOKEN_PRIVATE_NAME;
}

static void scan_intrinsic(Lexer *lexer, uint32_t start) {
  scan_identifier_slowly(lexer, start + 1, 0);
  if (!lexer->failed) lexer->token.type = TOKEN_INTRINSIC;
}

static bool code_point_is_invisible(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) || code_point == 0xAD ||
         (code_point >= 0x200B && code_point <= 0x200F) || (code_point >= 0x202A && code_point <= 0x202E) ||
         (code_point >= 0x2060 && code_point <= 0x206F) || (code_point >= 0xD800 && code_point <= 0xDFFF) ||
         (code_point >= 0xE0000 && code_point <= 0xE007F);
}

static void fail_at_unit(Lexer *lexer, uint32_t position) {
  uint32_t next, code_point = code_point_at(lexer, position, &next);
  TextView text = text_view_slice(lexer->source, position, next);
  if (code_point_is_invisible(code_point)) {
    lexer_fail(lexer, position, next, "unexpected invisible character U+%x", (unsigned)code_point);
    return;
  }
  bool is_quote = (code_point >= 0x2018 && code_point <= 0x201F) || code_point == 0xAB || code_point == 0xBB;
  lexer_fail(lexer, position, next, "unexpected character '%v'%s", &text,
             is_quote ? ": strings are quoted by \" or '" : "");
}

// --- White space and comments ---

static ALWAYS_INLINE uint32_t skip_line(Lexer *lexer, uint32_t position, const bool wide) {
  while (position < lexer->length) {
    uint32_t unit = wide ? lexer->source.wide[position] : lexer->source.narrow[position];
    if (unit == '\n' || unit == '\r' || (wide && (unit & ~1u) == 0x2028)) break;
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return lexer->length;
    position++;
  }
  return position;
}

// After `/*`; UINT32_MAX when the comment does not end.
static ALWAYS_INLINE uint32_t skip_block_comment(Lexer *lexer, uint32_t position, const bool wide) {
  for (; position < lexer->length; position++) {
    uint32_t unit = wide ? lexer->source.wide[position] : lexer->source.narrow[position];
    if (unit == '*' && unit_of(lexer, position + 1, wide) == '/') return position + 2;
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return lexer->length;
    if (unit == '\n' || unit == '\r' || (wide && (unit & ~1u) == 0x2028)) lexer->token.newline_before = true;
  }
  return UINT32_MAX;
}

// --- The scanner ---

// What the token is, and the end of its scan.
#define RETURN_PUNCTUATOR(size, name)    \
  do {                                   \
    lexer->position = position + (size); \
    token->type = TOKEN_##name;          \
    return;                              \
  } while (0)
#define NEXT_IS(offset, character) (unit_of(lexer, position + (offset), wide) == (character))

static ALWAYS_INLINE void scan_operator(Lexer *lexer, uint32_t unit, const bool wide) {
  Token *token = &lexer->token;
  const uint32_t position = lexer->position;
  switch (unit) {
    case '<':
      if (NEXT_IS(1, '<')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_SHIFT_LEFT);
        RETURN_PUNCTUATOR(2, SHIFT_LEFT);
      }
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, LESS_EQUAL);
      RETURN_PUNCTUATOR(1, LESS);
    case '>':
      if (NEXT_IS(1, '>')) {
        if (NEXT_IS(2, '>')) {
          if (NEXT_IS(3, '=')) RETURN_PUNCTUATOR(4, ASSIGN_SHIFT_RIGHT_UNSIGNED);
          RETURN_PUNCTUATOR(3, SHIFT_RIGHT_UNSIGNED);
        }
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_SHIFT_RIGHT);
        RETURN_PUNCTUATOR(2, SHIFT_RIGHT);
      }
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, GREATER_EQUAL);
      RETURN_PUNCTUATOR(1, GREATER);
    case '=':
      if (NEXT_IS(1, '=')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, STRICT_EQUAL);
        RETURN_PUNCTUATOR(2, EQUAL);
      }
      if (NEXT_IS(1, '>')) RETURN_PUNCTUATOR(2, ARROW);
      RETURN_PUNCTUATOR(1, ASSIGN);
    case '!':
      if (NEXT_IS(1, '=')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, STRICT_NOT_EQUAL);
        RETURN_PUNCTUATOR(2, NOT_EQUAL);
      }
      RETURN_PUNCTUATOR(1, NOT);
    case '+':
      if (NEXT_IS(1, '+')) RETURN_PUNCTUATOR(2, INCREMENT);
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_ADD);
      RETURN_PUNCTUATOR(1, PLUS);
    case '-':
      if (NEXT_IS(1, '-')) RETURN_PUNCTUATOR(2, DECREMENT);
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_SUBTRACT);
      RETURN_PUNCTUATOR(1, MINUS);
    case '*':
      if (NEXT_IS(1, '*')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_EXPONENTIATE);
        RETURN_PUNCTUATOR(2, STAR_STAR);
      }
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_MULTIPLY);
      RETURN_PUNCTUATOR(1, STAR);
    case '/':
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_DIVIDE);
      RETURN_PUNCTUATOR(1, SLASH);
    case '%':
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_REMAINDER);
      if (UNLIKELY(lexer->self_hosted) && code_point_is_identifier_start(lexer_unit_at(lexer, position + 1))) {
        scan_intrinsic(lexer, position);
        return;
      }
      RETURN_PUNCTUATOR(1, PERCENT);
    case '&':
      if (NEXT_IS(1, '&')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_AND);
        RETURN_PUNCTUATOR(2, AND);
      }
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_BIT_AND);
      RETURN_PUNCTUATOR(1, BIT_AND);
    case '|':
      if (NEXT_IS(1, '|')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_OR);
        RETURN_PUNCTUATOR(2, OR);
      }
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_BIT_OR);
      RETURN_PUNCTUATOR(1, BIT_OR);
    case '^':
      if (NEXT_IS(1, '=')) RETURN_PUNCTUATOR(2, ASSIGN_BIT_XOR);
      RETURN_PUNCTUATOR(1, BIT_XOR);
    case '?':
      if (NEXT_IS(1, '?')) {
        if (NEXT_IS(2, '=')) RETURN_PUNCTUATOR(3, ASSIGN_COALESCE);
        RETURN_PUNCTUATOR(2, COALESCE);
      }
      if (NEXT_IS(1, '.') && !unit_is_digit(unit_of(lexer, position + 2, wide))) RETURN_PUNCTUATOR(2, OPTIONAL_DOT);
      RETURN_PUNCTUATOR(1, QUESTION);
    default: UNREACHABLE();
  }
}

static ALWAYS_INLINE void scan_token(Lexer *lexer, const bool wide) {
  Token *token = &lexer->token;
  for (;;) {
    const uint32_t position = lexer->position;
    const uint32_t unit = unit_of(lexer, position, wide);
    token->start = position;
    if (UNLIKELY(position % LEXER_PIECE == LEXER_PIECE - 1) && !lexer_pay_piece(lexer)) return;
    switch (unit) {
      case ' ':
      case '\t':
      case '\v':
      case '\f':
      case 0xA0: lexer->position++; continue;
      case '\n':
      case '\r':
        token->newline_before = true;
        lexer->position++;
        continue;
      case '$':
      case '_':
      case 'A' ... 'Z':
      case 'a' ... 'z':
      case '\\': scan_identifier(lexer, position, wide); return;
      case '0' ... '9': lexer_scan_number(lexer); return;
      case '"':
      case '\'': lexer_scan_string(lexer, unit); return;
      case '`': lexer_scan_template(lexer, position); return;
      case '#': scan_private_name(lexer, position); return;
      case '(': RETURN_PUNCTUATOR(1, LEFT_PAREN);
      case ')': RETURN_PUNCTUATOR(1, RIGHT_PAREN);
      case '{': RETURN_PUNCTUATOR(1, LEFT_BRACE);
      case '}': RETURN_PUNCTUATOR(1, RIGHT_BRACE);
      case '[': RETURN_PUNCTUATOR(1, LEFT_BRACKET);
      case ']': RETURN_PUNCTUATOR(1, RIGHT_BRACKET);
      case ';': RETURN_PUNCTUATOR(1, SEMICOLON);
      case ',': RETURN_PUNCTUATOR(1, COMMA);
      case ':': RETURN_PUNCTUATOR(1, COLON);
      case '~': RETURN_PUNCTUATOR(1, BIT_NOT);
      case '@': RETURN_PUNCTUATOR(1, AT);
      case '.':
        if (unit_is_digit(unit_of(lexer, position + 1, wide))) {
          lexer_scan_number(lexer);
          return;
        }
        if (NEXT_IS(1, '.') && NEXT_IS(2, '.')) RETURN_PUNCTUATOR(3, ELLIPSIS);
        RETURN_PUNCTUATOR(1, DOT);
      case '/':
        if (NEXT_IS(1, '/')) {
          lexer->position = skip_line(lexer, position + 2, wide);
          continue;
        }
        if (NEXT_IS(1, '*')) {
          uint32_t end = skip_block_comment(lexer, position + 2, wide);
          if (end == UINT32_MAX) {
            lexer_fail_unclosed(lexer, position, position + 2, "the comment is not closed");
            return;
          }
          lexer->position = end;
          continue;
        }
        scan_operator(lexer, unit, wide);
        return;
      case '<':
        if (lexer->allow_html_comments && NEXT_IS(1, '!') && NEXT_IS(2, '-') && NEXT_IS(3, '-')) {
          lexer->position = skip_line(lexer, position + 4, wide);
          continue;
        }
        scan_operator(lexer, unit, wide);
        return;
      case '-':
        if (token->newline_before && lexer->allow_html_comments && NEXT_IS(1, '-') && NEXT_IS(2, '>')) {
          lexer->position = skip_line(lexer, position + 3, wide);
          continue;
        }
        scan_operator(lexer, unit, wide);
        return;
      case '>':
      case '=':
      case '!':
      case '+':
      case '*':
      case '%':
      case '&':
      case '|':
      case '^':
      case '?': scan_operator(lexer, unit, wide); return;
      case UNIT_END: token->type = TOKEN_END; return;
      default:
        if (wide && (unit & ~1u) == 0x2028) {
          token->newline_before = true;
          lexer->position++;
          continue;
        }
        if (wide && unit > 255 && unicode_is_white_space(unit)) {
          lexer->position++;
          continue;
        }
        if (!scan_identifier_slowly(lexer, position, 0)) fail_at_unit(lexer, position);
        return;
    }
  }
}

static NO_INLINE void scan_narrow(Lexer *lexer) { scan_token(lexer, false); }
static NO_INLINE void scan_wide(Lexer *lexer) { scan_token(lexer, true); }

void lexer_next(Lexer *lexer) {
  Token *token = &lexer->token;
  if (UNLIKELY(lexer->failed)) {
    token->type = TOKEN_END;
    return;
  }
  lexer->previous_end = token->end;
  token->newline_before = lexer->position == 0;
  token->has_escape = false;
  token->has_legacy_octal = false;
  if (UNLIKELY(!fuel_charge(lexer->fuel, 1))) {
    lexer_fail_status(lexer, PARSE_INTERRUPTED);
    return;
  }
  uint32_t start = lexer->position;
  if (lexer->source.is_wide) scan_wide(lexer);
  else scan_narrow(lexer);
  token->end = lexer->position;
  if (UNLIKELY(token->end - start > 256)) fuel_spend(lexer->fuel, (token->end - start) / 16);
  if (UNLIKELY(lexer->failed)) token->type = TOKEN_END;
}

unsigned lexer_peek(Lexer *lexer, Token *peeked) {
  if (lexer->failed) {
    if (peeked) *peeked = (Token){.type = TOKEN_END};
    return TOKEN_END;
  }
  Token saved = lexer->token;
  uint32_t position = lexer->position, previous_end = lexer->previous_end;
  lexer->is_peeking = true;
  lexer_next(lexer);
  unsigned type = lexer->token.type;
  if (peeked) *peeked = lexer->token;
  if (lexer->error->status != PARSE_OK) {
    lexer->token = saved;  // peeking changes no token; out of memory or fuel: there is no next one
    return TOKEN_END;
  }
  lexer->failed = false;
  lexer->is_peeking = false;
  lexer->token = saved;
  lexer->position = position;
  lexer->previous_end = previous_end;
  return type;
}
