// From text to a resolved syntax tree. Everything made lives in the caller's arena; the source text must outlive
// the tree (names, strings without escapes and regular expressions point into it).
#ifndef CAISSON_SYNTAX_PARSER_H
#define CAISSON_SYNTAX_PARSER_H

#include "base/arena.h"
#include "base/fuel.h"
#include "syntax/ast.h"
#include "syntax/scope.h"

typedef enum ParseStatus {
  PARSE_OK,
  PARSE_SYNTAX_ERROR,
  PARSE_OUT_OF_MEMORY,
  PARSE_INTERRUPTED,  // the fuel's refill said stop
} ParseStatus;

enum { PARSE_MESSAGE_SIZE = 160 };

typedef struct ParseError {
  ParseStatus status;
  char message[PARSE_MESSAGE_SIZE];  // UTF-8, without the "SyntaxError: "
  uint32_t offset, end;              // of the offending token
  uint32_t line, column;             // 1-based; column in code units
  bool at_end;                       // the text ended too early: more input might complete it
} ParseError;

typedef struct ParseOptions {
  Arena *arena;           // required
  Fuel *fuel;             // may be NULL
  bool self_hosted;       // %Name intrinsics
  bool is_strict;         // scripts and eval: start strict
  bool no_html_comments;  // switches annex B comments off
} ParseOptions;

// All return NULL after filling `error`.
MUST_CHECK Program *parse_script(TextView source, const ParseOptions *options, ParseError *error);
MUST_CHECK Program *parse_module(TextView source, const ParseOptions *options, ParseError *error);

typedef struct EvalOptions {
  const OuterScope *outer;  // NULL: indirect eval, or direct eval at the top level of a script
  bool is_direct;
  bool is_strict;  // a direct eval in strict code
  // Where the direct eval stands; derived from `outer` for code inside functions.
  bool in_function;             // new.target allowed
  bool in_method;               // super.x allowed
  bool in_derived_constructor;  // super() allowed
  bool in_class_field;          // `arguments` forbidden
} EvalOptions;

// https://tc39.es/ecma262/#sec-performeval
MUST_CHECK Program *parse_eval(TextView source, const EvalOptions *eval, const ParseOptions *options,
                               ParseError *error);

// https://tc39.es/ecma262/#sec-createdynamicfunction
// `parameters` is the arguments joined by commas. The program's body is a single expression statement with the
// function expression `anonymous`; its source text is what toString returns and is written to the arena.
MUST_CHECK Program *parse_dynamic_function(TextView parameters, TextView body, bool is_async, bool is_generator,
                                           const ParseOptions *options, ParseError *error);

// The line of `source` that holds `offset`, for messages.
TextView parse_source_line(TextView source, uint32_t offset, Fuel *fuel, uint32_t *line, uint32_t *column);

#endif
