// What the runtime keeps of the scopes around a direct eval (scope.h makes it, the parser of the eval reads it).
#ifndef CAISSON_SYNTAX_SCOPE_OUTER_H
#define CAISSON_SYNTAX_SCOPE_OUTER_H

#include "base/text_view.h"

// A description of the code around a direct eval, innermost scope first. Immutable; made by scope_describe_outer for
// functions that contain a direct eval, and kept by the runtime in one block without pointers into the parse.
typedef struct OuterBinding {
  TextView name;
  uint8_t kind;  // BindingKind
  bool needs_tdz;
  bool is_static;
  uint32_t slot;
} OuterBinding;

typedef struct OuterScope OuterScope;
struct OuterScope {
  const OuterScope *parent;
  uint8_t kind;           // ScopeKind
  uint8_t function_kind;  // FunctionKind of the function it belongs to
  bool is_strict, is_var_scope, is_function_scope, is_dynamic, has_environment, is_simple_catch;
  bool is_derived;  // function is a derived constructor
  bool is_async, is_generator;
  uint32_t slot_count;
  uint32_t binding_count;
  const OuterBinding *bindings;
};

// The block was made for the address `from`, and may have been copied: from now on it is one for the address `to`.
void scope_move_outer(void *block, uintptr_t from, uintptr_t to);

#endif
