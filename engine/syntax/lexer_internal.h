// What lexer.c and lexer_literals.c share.
#ifndef CAISSON_SYNTAX_LEXER_INTERNAL_H
#define CAISSON_SYNTAX_LEXER_INTERNAL_H

#include "syntax/lexer.h"

enum { UNIT_END = 0x7FFFFFFF };  // what reading past the end yields

static ALWAYS_INLINE uint32_t lexer_unit_at(const Lexer *lexer, uint32_t position) {
  if (position >= lexer->length) return UNIT_END;
  return text_view_unit(lexer->source, position);
}
static inline bool unit_is_line_terminator(uint32_t unit) {
  return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029;
}
static inline bool unit_is_digit(uint32_t unit) { return unit - '0' <= 9; }
static inline int unit_hex_value(uint32_t unit) {
  if (unit - '0' <= 9) return (int)(unit - '0');
  if ((unit | 32) - 'a' <= 5 && unit < 128) return (int)((unit | 32) - 'a' + 10);
  return -1;
}

bool code_point_is_identifier_start(uint32_t code_point);
bool code_point_is_identifier_part(uint32_t code_point);

// Scanners of literals: `lexer->position` is at the first unit; they fill the token and move the position.
void lexer_scan_string(Lexer *lexer, uint32_t quote);
void lexer_scan_number(Lexer *lexer);
void lexer_scan_template(Lexer *lexer, uint32_t start);
// \u escape after the backslash and u: the code point, or UINT32_MAX without moving when malformed.
uint32_t lexer_scan_unicode_escape(Lexer *lexer);

// Loops inside one token, which may be as long as the source, pay once every LEXER_PIECE units. False: the lexer has
// failed.
enum { LEXER_PIECE = 1 << 13 };
MUST_CHECK bool lexer_pay_piece(Lexer *lexer);
void lexer_scratch_clear(Lexer *lexer);
void lexer_scratch_append(Lexer *lexer, uint32_t unit);
void lexer_scratch_append_code_point(Lexer *lexer, uint32_t code_point);
// The scratch text copied to the arena, narrow when it can be.
TextView lexer_scratch_finish(Lexer *lexer);

#endif
