// What the parser says about unexpected tokens. Two things help most: the place of the bracket that was not closed, and
// the word before the token that is the real mistake (`await` outside of async functions, TypeScript).
#include "syntax/lexer_internal.h"
#include "syntax/parser_internal.h"

// --- What was found ---

// Reads "'name'", or "a number" for tokens without a short text.
typedef struct Found {
  const char *before, *after;
  TextView text;
} Found;

static Found found_token(const Token *token) {
  const char *kind = NULL;
  switch (token->type) {
    case TOKEN_NUMBER:
    case TOKEN_BIGINT: kind = "a number"; break;
    case TOKEN_STRING: kind = "a string"; break;
    case TOKEN_TEMPLATE: kind = "a template literal"; break;
    case TOKEN_REGEXP: kind = "a regular expression"; break;
    default: break;
  }
  if (kind) return (Found){.before = kind, .after = ""};
  bool is_name =
      token->type == TOKEN_IDENTIFIER || token->type == TOKEN_PRIVATE_NAME || token->type == TOKEN_ESCAPED_KEYWORD;
  return (Found){"'", "'", is_name ? token->name->text : text_view_literal(token_type_text(token->type))};
}

// --- Brackets ---

typedef struct Opener {
  const char *text;
  uint32_t line, column;
  bool is_elsewhere;  // on another line than the token
} Opener;

static bool find_opener(Parser *parser, Opener *opener) {
  if (parser->opener == OFFSET_NONE) return false;
  const Lexer *lexer = &parser->lexer;
  uint32_t line, column;
  parse_source_line(lexer->source, lexer->token.start, lexer->fuel, &line, &column);
  parse_source_line(lexer->source, parser->opener, lexer->fuel, &opener->line, &opener->column);
  opener->is_elsewhere = opener->line != line;
  switch (lexer_unit_at(lexer, parser->opener)) {
    case '(': opener->text = "("; break;
    case '[': opener->text = "["; break;
    case '{': opener->text = "{"; break;
    default: opener->text = "${"; break;
  }
  return true;
}

static void *fail_at_end(Parser *parser, const char *expected) {
  const Token *token = &parser->lexer.token;
  Opener opener;
  if (find_opener(parser, &opener)) {
    return parser_fail(parser, token->start, token->end,
                       "unexpected end of input: the '%s' at line %u column %u is not closed", opener.text, opener.line,
                       opener.column);
  }
  if (!expected) return parser_fail(parser, token->start, token->end, "unexpected end of input");
  return parser_fail(parser, token->start, token->end, "expected %s before the end of input", expected);
}

// --- Words that explain it ---

static bool word_stands_before(const Lexer *lexer, const char *word) {
  uint32_t length = (uint32_t)strlen(word), end = lexer->previous_end;
  if (end < length || lexer->token.start < end) return false;
  uint32_t start = end - length;
  if (!text_view_equals(text_view_slice(lexer->source, start, end), text_view_literal(word))) return false;
  uint32_t before = start ? lexer_unit_at(lexer, start - 1) : ' ';
  return !code_point_is_identifier_part(before) && before != '.' && before != '#';
}

static bool token_begins_operand(const Token *token) {
  switch (token->type) {
    case TOKEN_IDENTIFIER:
    case TOKEN_NUMBER:
    case TOKEN_BIGINT:
    case TOKEN_STRING:
    case TOKEN_TEMPLATE:
    case TOKEN_LEFT_BRACE:
    case TOKEN_NOT:
    case TOKEN_BIT_NOT: return true;
    case TOKEN_IN:
    case TOKEN_INSTANCEOF: return false;
    default: return token_is_keyword(token->type);
  }
}

// `await x` and `yield x` in places where these words are ordinary names.
static bool fail_for_word_before(Parser *parser) {
  const Lexer *lexer = &parser->lexer;
  if (!token_begins_operand(&lexer->token)) return false;
  uint32_t end = lexer->previous_end;
  if (!parser->state->await_allowed && word_stands_before(lexer, "await")) {
    parser_fail(parser, end - 5, end, "'await' is only allowed in async functions and at the top level of modules");
  } else if (!parser->state->yield_allowed && word_stands_before(lexer, "yield")) {
    parser_fail(parser, end - 5, end, "'yield' is only allowed in generator functions");
  }
  return lexer->failed;
}

// The word of TypeScript before or at a token where JavaScript allows none, or NULL.
static const char *typescript_word(const Lexer *lexer) {
  static const char *const before[] = {"interface", "type",      "namespace", "declare",  "abstract",  "private",
                                       "public",    "protected", "readonly",  "override", "implements"};
  static const char *const here[] = {"as", "satisfies", "implements"};
  const Token *token = &lexer->token;
  if (token->type == TOKEN_ENUM) {
    return code_point_is_identifier_start(lexer_unit_at(lexer, token->end + 1)) ? "enum" : NULL;
  }
  if (token->newline_before) return NULL;
  bool is_name = token->type == TOKEN_IDENTIFIER;
  if (token->type == TOKEN_LEFT_BRACE && word_stands_before(lexer, "type")) return "type";
  if (!is_name && !token_is_keyword(token->type) && token->type != TOKEN_PRIVATE_NAME) return NULL;
  for (unsigned i = 0; is_name && i < COUNT_OF(here); i++) {
    if (text_view_equals(token->name->text, text_view_literal(here[i]))) return here[i];
  }
  for (unsigned i = 0; i < COUNT_OF(before); i++)
    if (word_stands_before(lexer, before[i])) return before[i];
  return NULL;
}

static const char *dialect_of_token(const Lexer *lexer) {
  uint32_t next = lexer_unit_at(lexer, lexer->token.start + 1);
  switch (lexer->token.type) {
    case TOKEN_LESS: return code_point_is_identifier_start(next) || next == '>' ? "JSX and types are" : NULL;
    case TOKEN_QUESTION: return next == ':' ? "'?:' is TypeScript," : NULL;
    case TOKEN_NOT:
      return next == '.' || next == ';' || next == ')' || next == '[' ? "'!' after an expression is TypeScript," : NULL;
    default: return NULL;
  }
}

// --- Failures ---

static void *fail_with_hints(Parser *parser, const char *lead, Found found) {
  const Lexer *lexer = &parser->lexer;
  const Token *token = &lexer->token;
  const char *word = typescript_word(lexer), *dialect = dialect_of_token(lexer);
  if (word) {
    return parser_fail(parser, token->start, token->end, "%s%s%v%s: '%s' is TypeScript, not JavaScript", lead,
                       found.before, &found.text, found.after, word);
  }
  return parser_fail(parser, token->start, token->end, "%s%s%v%s%s%s%s", lead, found.before, &found.text, found.after,
                     dialect ? ": " : "", dialect ? dialect : "", dialect ? " not JavaScript" : "");
}

void *parser_fail_at_token(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (parser->lexer.failed) return NULL;
  if (token->type == TOKEN_END) return fail_at_end(parser, NULL);
  if (fail_for_word_before(parser)) return NULL;
  const char *lead = token_is_keyword(token->type) ? "unexpected keyword " : "unexpected token ";
  Found found = found_token(token);
  switch (token->type) {
    case TOKEN_NUMBER:
    case TOKEN_BIGINT: found.before = "number", lead = "unexpected "; break;
    case TOKEN_STRING: found.before = "string", lead = "unexpected "; break;
    case TOKEN_TEMPLATE: found.before = "template literal", lead = "unexpected "; break;
    case TOKEN_IDENTIFIER: lead = "unexpected identifier "; break;
    case TOKEN_PRIVATE_NAME: lead = "unexpected private name "; break;
    case TOKEN_ESCAPED_KEYWORD:
      return parser_fail(parser, token->start, token->end, "the keyword '%v' may not contain escapes",
                         &token->name->text);
    default: break;
  }
  return fail_with_hints(parser, lead, found);
}

void *parser_fail_expected(Parser *parser, const char *expected) {
  const Token *token = &parser->lexer.token;
  if (parser->lexer.failed) return NULL;
  if (token->type == TOKEN_END) return fail_at_end(parser, expected);
  if (fail_for_word_before(parser)) return NULL;
  Found found = found_token(token);
  char lead[96];
  size_t length = strlen(expected);
  memcpy(lead, "expected ", 9);
  memcpy(lead + 9, expected, length);
  memcpy(lead + 9 + length, " but found ", 12);
  // A closing bracket is the last of the expected tokens.
  bool closes = length > 2 && strchr(")]}", expected[length - 2]);
  Opener opener;
  if (typescript_word(&parser->lexer) || dialect_of_token(&parser->lexer) || !closes || !find_opener(parser, &opener) ||
      !opener.is_elsewhere) {
    return fail_with_hints(parser, lead, found);
  }
  return parser_fail(parser, token->start, token->end, "%s%s%v%s (the '%s' is at line %u column %u)", lead,
                     found.before, &found.text, found.after, opener.text, opener.line, opener.column);
}

bool parser_expect(Parser *parser, unsigned type) {
  if (LIKELY(parser->lexer.token.type == type)) {
    lexer_next(&parser->lexer);
    return true;
  }
  char expected[24] = "'";
  strcat(expected, token_type_text(type));
  strcat(expected, "'");
  parser_fail_expected(parser, expected);
  return false;
}

// Where a type would begin.
void *parser_fail_at_type(Parser *parser) {
  const Token *token = &parser->lexer.token;
  return parser_fail(parser, token->start, token->end,
                     "unexpected token ':': type annotations are TypeScript, not JavaScript");
}

// A name was expected.
void *parser_fail_at_name(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (!token_is_keyword(token->type)) return parser_fail_expected(parser, "a name");
  return parser_fail(parser, token->start, token->end, "'%t' is a keyword and may not be used as a name",
                     (unsigned)token->type);
}
