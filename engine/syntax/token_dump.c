// The dump of the token stream.
// Loops here are bounded: a tool of the command line; no guest reaches it.
#include "syntax/ast_dump.h"
#include "syntax/lexer.h"

// Whether a slash after this token divides. Without the parser this is only a good guess: after `)` and `}` it is
// assumed to divide.
static bool ends_operand(unsigned type) {
  switch (type) {
    case TOKEN_IDENTIFIER:
    case TOKEN_NUMBER:
    case TOKEN_BIGINT:
    case TOKEN_STRING:
    case TOKEN_REGEXP:
    case TOKEN_TEMPLATE:
    case TOKEN_RIGHT_PAREN:
    case TOKEN_RIGHT_BRACKET:
    case TOKEN_RIGHT_BRACE:
    case TOKEN_THIS:
    case TOKEN_NULL:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_SUPER:
    case TOKEN_PRIVATE_NAME:
    case TOKEN_INCREMENT:
    case TOKEN_DECREMENT: return true;
    default: return false;
  }
}

static void dump_token(const Token *token, TextView source, Buffer *out) {
  buffer_format(out, "%u-%u%s ", token->start, token->end, token->newline_before ? " newline" : "");
  if (token_is_keyword(token->type)) buffer_append_text(out, "keyword");
  else if (token->type < TOKEN_NUMBER) buffer_append_text(out, token->type == TOKEN_END ? "" : "punctuator");
  else buffer_append_text(out, token_type_text(token->type));
  buffer_append_byte(out, ' ');
  for (uint32_t i = token->start; i < token->end && i < token->start + 80; i++) {
    uint32_t unit = text_view_unit(source, i);
    if (unit >= 0x20 && unit < 0x7F) buffer_append_byte(out, (uint8_t)unit);
    else buffer_format(out, "\\u{%x}", (unsigned)unit);
  }
  buffer_append_byte(out, '\n');
}

enum { TEMPLATE_DEPTH = 256 };

static bool never_stop(Fuel *fuel) {
  fuel->remaining = INT32_MAX;
  return true;
}

void syntax_dump_tokens(TextView source, bool is_module, Arena *arena, Buffer *out) {
  Fuel fuel = {.remaining = INT32_MAX, .refill = never_stop};
  ParseOptions options = {.arena = arena, .fuel = &fuel};
  ParseError error = {0};
  Lexer lexer;
  if (!lexer_initialize(&lexer, source, &options, &error)) return;
  lexer.allow_html_comments = !is_module;
  // How many braces are open inside each open template substitution.
  uint32_t braces[TEMPLATE_DEPTH] = {0};
  unsigned depth = 0, previous = TOKEN_SEMICOLON;
  for (;;) {
    lexer_next(&lexer);
    Token *token = &lexer.token;
    if ((token->type == TOKEN_SLASH || token->type == TOKEN_ASSIGN_DIVIDE) && !ends_operand(previous)) {
      lexer_rescan_regexp(&lexer);
    } else if (token->type == TOKEN_RIGHT_BRACE && depth && !braces[depth]) {
      lexer_rescan_template(&lexer);
      depth--;
    } else if (token->type == TOKEN_RIGHT_BRACE && braces[depth]) braces[depth]--;
    if (token->type == TOKEN_LEFT_BRACE) braces[depth]++;
    if (token->type == TOKEN_TEMPLATE && !token->is_template_tail) {
      if (++depth == TEMPLATE_DEPTH) return;
      braces[depth] = 0;
    }
    if (token->type == TOKEN_END) break;
    dump_token(token, source, out);
    previous = token->type;
    // After a piece that opens a substitution an operand is expected.
    if (token->type == TOKEN_TEMPLATE && !token->is_template_tail) previous = TOKEN_SEMICOLON;
  }
  if (error.status != PARSE_OK) buffer_format(out, "%u:%u: %s\n", error.line, error.column, error.message);
}
