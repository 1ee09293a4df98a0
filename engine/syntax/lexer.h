// Source text to tokens, for a caller that has put a Fuel into the options. The lexer holds exactly one current token.
// Only the parser knows whether a slash begins a regular expression, and where a template goes on, so it asks for these
// two rescans.
#ifndef CAISSON_SYNTAX_LEXER_H
#define CAISSON_SYNTAX_LEXER_H

#include "syntax/parser.h"
#include "syntax/token.h"

typedef struct Token {
  uint8_t type;           // TokenType
  bool newline_before;    // a line terminator lies between the previous token and this one
  bool has_escape;        // identifiers, keywords and strings
  bool has_legacy_octal;  // 010, 08, "\1", "\8"
  bool is_template_tail;  // this piece ends the template
  bool has_cooked;
  uint8_t radix;  // bigint
  uint32_t start, end;
  Name *name;  // identifiers, keywords, private names, intrinsics
  union {
    double number;
    TextView text;  // string value, bigint digits, template's cooked text, regular expression's pattern
  };
  TextView raw;  // template's raw text, regular expression's flags
} Token;

typedef struct NameTable {
  Name **buckets;
  uint32_t bucket_count, count;
  Name *well_known[NAME_COUNT];
} NameTable;

typedef struct Lexer {
  TextView source;
  uint32_t position;
  uint32_t length;
  Token token;
  uint32_t previous_end;  // of the token before the current one
  Arena *arena;
  Fuel *fuel;
  ParseError *error;
  NameTable names;
  bool failed;
  bool is_peeking;  // errors during peeking are not final
  bool allow_html_comments;
  bool self_hosted;
  uint32_t octal_offset;  // of the escape or literal that set has_legacy_octal
  // The text being unescaped; kept to reuse its room.
  uint16_t *scratch;
  uint32_t scratch_length, scratch_capacity;
} Lexer;

MUST_CHECK bool lexer_initialize(Lexer *lexer, TextView source, const ParseOptions *options, ParseError *error);
// Goes to the next token. After a failure every token is END.
void lexer_next(Lexer *lexer);
// The type of the token after the current one; `newline` and `peeked` (may be NULL) tell more.
unsigned lexer_peek(Lexer *lexer, Token *peeked);
// The current token is `/` or `/=`: reads a regular expression literal instead.
void lexer_rescan_regexp(Lexer *lexer);
// The current token is the `}` that ends a substitution: reads the next template piece instead.
void lexer_rescan_template(Lexer *lexer);

// The one Name for this text; NULL (and failed) when out of memory.
Name *lexer_intern(Lexer *lexer, TextView text);

// Records the first failure; returns NULL for the caller to return. The format knows %s (C string), %v (TextView *)
// and %t (token type).
void *lexer_fail(Lexer *lexer, uint32_t start, uint32_t end, const char *format, ...);
// For a construct that is not closed before the end of the text: the error is at its beginning.
void *lexer_fail_unclosed(Lexer *lexer, uint32_t start, uint32_t end, const char *message);
void lexer_fail_status(Lexer *lexer, ParseStatus status);

#endif
