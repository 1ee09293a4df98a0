// From source text to Code.
#ifndef CAISSON_COMPILE_H
#define CAISSON_COMPILE_H

#include "bytecode/code.h"

typedef enum DynamicFunctionKind {
  DYNAMIC_NORMAL,
  DYNAMIC_GENERATOR,
  DYNAMIC_ASYNC,
  DYNAMIC_ASYNC_GENERATOR
} DynamicFunctionKind;

typedef struct CompileOptions {
  Value source;       // string, rooted
  Value source_name;  // string (file name or URL) or undefined, rooted
  bool self_hosted;
  bool is_eval;    // the text came from the program called source_name, not from the host
  bool is_strict;  // scripts
  // direct eval:
  const void *outer_scope;  // OuterScope chain (inside the caller Code's outer_scope cell), or NULL
  bool is_direct_eval, in_function, in_method, in_derived_constructor, in_class_field;
} CompileOptions;

// Each returns the Code as an internal Value, or VALUE_ABRUPT: SyntaxError (with line, column and source line in its
// message or properties), RangeError (nested too deeply), out of memory, interruption.
Value compile_script(Context *cx, const CompileOptions *options);
Value compile_eval(Context *cx, const CompileOptions *options);
// The Code of the program whose completion value is the function expression.
Value compile_dynamic_function(Context *cx, DynamicFunctionKind kind, Value parameters, Value body, Value source_name);
// A module record cell (runtime/modules.h): Code plus the import/export entries.
Value compile_module(Context *cx, const CompileOptions *options);

void code_trace(Tracer *tracer, Cell *cell);
void code_empty_caches(Context *cx, Code *code);                    // hooks->empty_caches
void code_disassemble(Context *cx, const Code *code, Buffer *out);  // and the functions inside

#endif
