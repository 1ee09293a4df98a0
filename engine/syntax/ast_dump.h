// Text forms of the parser's results, for --dump and for snapshot tests.
#ifndef CAISSON_SYNTAX_AST_DUMP_H
#define CAISSON_SYNTAX_AST_DUMP_H

#include "base/buffer.h"
#include "syntax/parser.h"

// One node per line, indented, in an s-expression-like form.
void ast_dump(const Program *program, Buffer *out);
// Every scope with its bindings and the results of resolution.
void scopes_dump(const Program *program, Buffer *out);
// One token per line. Without the parser, a slash counts as division unless no operand comes before it.
void syntax_dump_tokens(TextView source, bool is_module, Arena *arena, Buffer *out);

#endif
