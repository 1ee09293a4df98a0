// The kinds of token. One list gives the enum, the texts for messages and dumps, and the binary operators'
// precedences.
#ifndef CAISSON_SYNTAX_TOKEN_H
#define CAISSON_SYNTAX_TOKEN_H

#include "syntax/ast.h"

// TOKEN(NAME, text, precedence of the binary operator or 0, its Operator)
#define SYNTAX_PUNCTUATORS(TOKEN)                              \
  TOKEN(END, "end of input", 0, NONE)                          \
  TOKEN(LEFT_BRACE, "{", 0, NONE)                              \
  TOKEN(RIGHT_BRACE, "}", 0, NONE)                             \
  TOKEN(LEFT_PAREN, "(", 0, NONE)                              \
  TOKEN(RIGHT_PAREN, ")", 0, NONE)                             \
  TOKEN(LEFT_BRACKET, "[", 0, NONE)                            \
  TOKEN(RIGHT_BRACKET, "]", 0, NONE)                           \
  TOKEN(DOT, ".", 0, NONE)                                     \
  TOKEN(ELLIPSIS, "...", 0, NONE)                              \
  TOKEN(OPTIONAL_DOT, "?.", 0, NONE)                           \
  TOKEN(SEMICOLON, ";", 0, NONE)                               \
  TOKEN(COMMA, ",", 0, NONE)                                   \
  TOKEN(QUESTION, "?", 0, NONE)                                \
  TOKEN(COLON, ":", 0, NONE)                                   \
  TOKEN(ARROW, "=>", 0, NONE)                                  \
  TOKEN(AT, "@", 0, NONE)                                      \
  TOKEN(NOT, "!", 0, NOT)                                      \
  TOKEN(BIT_NOT, "~", 0, BIT_NOT)                              \
  TOKEN(INCREMENT, "++", 0, INCREMENT)                         \
  TOKEN(DECREMENT, "--", 0, DECREMENT)                         \
  TOKEN(COALESCE, "??", 1, COALESCE)                           \
  TOKEN(OR, "||", 2, OR)                                       \
  TOKEN(AND, "&&", 3, AND)                                     \
  TOKEN(BIT_OR, "|", 4, BIT_OR)                                \
  TOKEN(BIT_XOR, "^", 5, BIT_XOR)                              \
  TOKEN(BIT_AND, "&", 6, BIT_AND)                              \
  TOKEN(EQUAL, "==", 7, EQUAL)                                 \
  TOKEN(NOT_EQUAL, "!=", 7, NOT_EQUAL)                         \
  TOKEN(STRICT_EQUAL, "===", 7, STRICT_EQUAL)                  \
  TOKEN(STRICT_NOT_EQUAL, "!==", 7, STRICT_NOT_EQUAL)          \
  TOKEN(LESS, "<", 8, LESS)                                    \
  TOKEN(GREATER, ">", 8, GREATER)                              \
  TOKEN(LESS_EQUAL, "<=", 8, LESS_EQUAL)                       \
  TOKEN(GREATER_EQUAL, ">=", 8, GREATER_EQUAL)                 \
  TOKEN(SHIFT_LEFT, "<<", 9, SHIFT_LEFT)                       \
  TOKEN(SHIFT_RIGHT, ">>", 9, SHIFT_RIGHT)                     \
  TOKEN(SHIFT_RIGHT_UNSIGNED, ">>>", 9, SHIFT_RIGHT_UNSIGNED)  \
  TOKEN(PLUS, "+", 10, ADD)                                    \
  TOKEN(MINUS, "-", 10, SUBTRACT)                              \
  TOKEN(STAR, "*", 11, MULTIPLY)                               \
  TOKEN(SLASH, "/", 11, DIVIDE)                                \
  TOKEN(PERCENT, "%", 11, REMAINDER)                           \
  TOKEN(STAR_STAR, "**", 12, EXPONENTIATE)                     \
  TOKEN(ASSIGN, "=", 0, ASSIGN)                                \
  TOKEN(ASSIGN_ADD, "+=", 0, ADD)                              \
  TOKEN(ASSIGN_SUBTRACT, "-=", 0, SUBTRACT)                    \
  TOKEN(ASSIGN_MULTIPLY, "*=", 0, MULTIPLY)                    \
  TOKEN(ASSIGN_DIVIDE, "/=", 0, DIVIDE)                        \
  TOKEN(ASSIGN_REMAINDER, "%=", 0, REMAINDER)                  \
  TOKEN(ASSIGN_EXPONENTIATE, "**=", 0, EXPONENTIATE)           \
  TOKEN(ASSIGN_SHIFT_LEFT, "<<=", 0, SHIFT_LEFT)               \
  TOKEN(ASSIGN_SHIFT_RIGHT, ">>=", 0, SHIFT_RIGHT)             \
  TOKEN(ASSIGN_SHIFT_RIGHT_UNSIGNED, ">>>=", 0, SHIFT_RIGHT_UNSIGNED) \
  TOKEN(ASSIGN_BIT_AND, "&=", 0, BIT_AND)                      \
  TOKEN(ASSIGN_BIT_OR, "|=", 0, BIT_OR)                        \
  TOKEN(ASSIGN_BIT_XOR, "^=", 0, BIT_XOR)                      \
  TOKEN(ASSIGN_AND, "&&=", 0, AND)                             \
  TOKEN(ASSIGN_OR, "||=", 0, OR)                               \
  TOKEN(ASSIGN_COALESCE, "?\?=", 0, COALESCE)                   \
  TOKEN(NUMBER, "number", 0, NONE)                             \
  TOKEN(BIGINT, "bigint", 0, NONE)                             \
  TOKEN(STRING, "string", 0, NONE)                             \
  TOKEN(TEMPLATE, "template", 0, NONE)                         \
  TOKEN(REGEXP, "regular expression", 0, NONE)                 \
  TOKEN(IDENTIFIER, "identifier", 0, NONE)                     \
  TOKEN(PRIVATE_NAME, "private name", 0, NONE)                 \
  TOKEN(INTRINSIC, "intrinsic", 0, NONE)                       \
  TOKEN(ESCAPED_KEYWORD, "keyword with escapes", 0, NONE)

typedef enum TokenType {
#define TOKEN(name, text, precedence, operator_) TOKEN_##name,
  SYNTAX_PUNCTUATORS(TOKEN)
#undef TOKEN
      TOKEN_KEYWORD_BASE,  // plus the WellKnownName
  TOKEN_BREAK = TOKEN_KEYWORD_BASE + NAME_break,
  TOKEN_CASE = TOKEN_KEYWORD_BASE + NAME_case,
  TOKEN_CATCH = TOKEN_KEYWORD_BASE + NAME_catch,
  TOKEN_CLASS = TOKEN_KEYWORD_BASE + NAME_class,
  TOKEN_CONST = TOKEN_KEYWORD_BASE + NAME_const,
  TOKEN_CONTINUE = TOKEN_KEYWORD_BASE + NAME_continue,
  TOKEN_DEBUGGER = TOKEN_KEYWORD_BASE + NAME_debugger,
  TOKEN_DEFAULT = TOKEN_KEYWORD_BASE + NAME_default,
  TOKEN_DELETE = TOKEN_KEYWORD_BASE + NAME_delete,
  TOKEN_DO = TOKEN_KEYWORD_BASE + NAME_do,
  TOKEN_ELSE = TOKEN_KEYWORD_BASE + NAME_else,
  TOKEN_ENUM = TOKEN_KEYWORD_BASE + NAME_enum,
  TOKEN_EXPORT = TOKEN_KEYWORD_BASE + NAME_export,
  TOKEN_EXTENDS = TOKEN_KEYWORD_BASE + NAME_extends,
  TOKEN_FALSE = TOKEN_KEYWORD_BASE + NAME_false,
  TOKEN_FINALLY = TOKEN_KEYWORD_BASE + NAME_finally,
  TOKEN_FOR = TOKEN_KEYWORD_BASE + NAME_for,
  TOKEN_FUNCTION = TOKEN_KEYWORD_BASE + NAME_function,
  TOKEN_IF = TOKEN_KEYWORD_BASE + NAME_if,
  TOKEN_IMPORT = TOKEN_KEYWORD_BASE + NAME_import,
  TOKEN_IN = TOKEN_KEYWORD_BASE + NAME_in,
  TOKEN_INSTANCEOF = TOKEN_KEYWORD_BASE + NAME_instanceof,
  TOKEN_NEW = TOKEN_KEYWORD_BASE + NAME_new,
  TOKEN_NULL = TOKEN_KEYWORD_BASE + NAME_null,
  TOKEN_RETURN = TOKEN_KEYWORD_BASE + NAME_return,
  TOKEN_SUPER = TOKEN_KEYWORD_BASE + NAME_super,
  TOKEN_SWITCH = TOKEN_KEYWORD_BASE + NAME_switch,
  TOKEN_THIS = TOKEN_KEYWORD_BASE + NAME_this,
  TOKEN_THROW = TOKEN_KEYWORD_BASE + NAME_throw,
  TOKEN_TRUE = TOKEN_KEYWORD_BASE + NAME_true,
  TOKEN_TRY = TOKEN_KEYWORD_BASE + NAME_try,
  TOKEN_TYPEOF = TOKEN_KEYWORD_BASE + NAME_typeof,
  TOKEN_VAR = TOKEN_KEYWORD_BASE + NAME_var,
  TOKEN_VOID = TOKEN_KEYWORD_BASE + NAME_void,
  TOKEN_WHILE = TOKEN_KEYWORD_BASE + NAME_while,
  TOKEN_WITH = TOKEN_KEYWORD_BASE + NAME_with,
  TOKEN_COUNT = TOKEN_KEYWORD_BASE + NAME_yield + 1,
} TokenType;

static inline bool token_is_keyword(unsigned type) { return type > TOKEN_KEYWORD_BASE; }
static inline bool token_is_assignment(unsigned type) { return type >= TOKEN_ASSIGN && type <= TOKEN_ASSIGN_COALESCE; }

// "(" or "identifier": for messages and dumps.
const char *token_type_text(unsigned type);

#endif
