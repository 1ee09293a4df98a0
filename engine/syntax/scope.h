// Scopes and bindings: what the parser knows about every name. All of it is complete when the parse returns.
//
// How to use it when compiling, with `scope` the innermost scope of the code at hand:
// - A binding with !is_captured lives in a register of its function. A captured one lives in slot `slot` of the
//   heap environment of its scope. A scope has an environment iff needs_environment (also `with` scopes and
//   function scopes that sloppy direct eval may extend); slots are numbered from 0 by the parser.
// - For NODE_IDENTIFIER-like nodes:
//     NODE_FLAG_DYNAMIC                  look up by name at run time, starting in the current environment
//     binding == NULL                    a global: global lexical environment, then global object
//     binding_is_global(binding)         likewise, and declared by this very script
//     !(binding->is_captured)            register
//     else                               scope_count_hops(scope, binding->scope) environments out, slot binding->slot
// A node with NODE_FLAG_TDZ_CHECK needs a check for this use; a binding with needs_tdz must hold the uninitialised
// marker from scope entry on.
// - Scopes of surrounding code of an eval (from OuterScope) appear as ordinary ancestors, is_outer set, all captured.
#ifndef CAISSON_SYNTAX_SCOPE_H
#define CAISSON_SYNTAX_SCOPE_H

#include "syntax/ast.h"
#include "syntax/scope_outer.h"

typedef enum ScopeKind {
  SCOPE_SCRIPT,  // bindings are globals, for GlobalDeclarationInstantiation; never an environment
  SCOPE_MODULE,
  SCOPE_EVAL,           // lexical names; also var names when strict (sloppy ones belong to the caller's var scope)
  SCOPE_FUNCTION,       // parameters, implicit bindings and (unless there is a body scope) the body's names
  SCOPE_FUNCTION_BODY,  // separate scope of the body
  SCOPE_BLOCK,
  SCOPE_FOR,  // lexical names of a for head
  SCOPE_SWITCH,
  SCOPE_CATCH,         // the parameter
  SCOPE_WITH,          // always an (object) environment; no bindings
  SCOPE_CLASS,         // inner class name, private names, element storage
  SCOPE_STATIC_BLOCK,  // a class static block: a var scope inside the static initialiser function
} ScopeKind;

typedef enum BindingKind {
  BINDING_VAR,
  BINDING_FUNCTION,  // function declaration at the top level of a function, script, module or eval: var-like
  BINDING_PARAMETER,
  BINDING_ARGUMENTS,  // the arguments object; assignable
  BINDING_LET,
  BINDING_CONST,
  BINDING_USING,
  BINDING_AWAIT_USING,
  BINDING_CLASS,            // class declaration
  BINDING_BLOCK_FUNCTION,   // function declaration in a block (and at the top level of a module): lexical, no TDZ
  BINDING_CATCH_PARAMETER,  // catch (e)
  BINDING_CATCH_PATTERN,    // name in catch ({e})
  BINDING_CLASS_NAME,       // inner name of a class: immutable
  BINDING_FUNCTION_NAME,    // own name of a function expression: assignment is ignored, or throws when strict
  BINDING_IMPORT,           // immutable; lives in the other module's environment
  BINDING_THIS,             // with TDZ in derived constructors
  BINDING_NEW_TARGET,
  BINDING_HOME_OBJECT,
  BINDING_ACTIVE_FUNCTION,  // callee, for super()
  BINDING_PRIVATE_FIELD,    // hold the private name (see ClassElement for the rest)
  BINDING_PRIVATE_METHOD,
  BINDING_PRIVATE_GETTER,
  BINDING_PRIVATE_SETTER,
  BINDING_PRIVATE_ACCESSOR,  // getter and setter
  BINDING_INTERNAL,          // the compiler's storage: computed keys, private methods
} BindingKind;

struct Binding {
  Name *name;
  Scope *scope;
  Binding *next;     // in the scope, in order of declaration
  uint8_t kind;      // BindingKind
  bool is_captured;  // by an inner function, or visible to a direct eval
  bool is_assigned;  // written other than by its declaration
  bool is_referenced;
  bool needs_tdz;  // some use may come before the initialisation
  bool is_exported;
  bool is_static;           // private names: of a static element
  bool is_annex_b;          // var that exists only because of a function in a block (B.3.2)
  uint32_t declared_at;     // offset of the first declaration
  uint32_t initialized_at;  // offset after which straight-line code finds it initialised
  uint32_t last_declared_at;
  uint32_t slot;             // index in the scope's environment, when captured
  uint32_t parameter_index;  // parameters: position of a plain parameter (the last of duplicates), or UINT32_MAX
  Binding *shadowed;         // var in a body scope named like a parameter (or `arguments`): starts with its value
  Binding *outer;            // the parser's: next visible declaration of the name
  Node *declaration;         // FUNCTION_DECLARATION to instantiate (functions: the last one wins), else NULL
  uint64_t compiler_data;    // e.g. its register
};

struct Scope {
  uint8_t kind;  // ScopeKind
  bool is_strict;
  bool is_function_scope;     // SCOPE_FUNCTION or a program's
  bool is_var_scope;          // var declarations end here
  bool needs_environment;     // has captured bindings, or must exist for `with` or eval
  bool contains_direct_eval;  // here or further in
  bool is_dynamic;            // sloppy direct eval may add var names here
  bool is_outer;              // from OuterScope
  bool has_using;             // a disposal scope
  bool is_simple_catch;
  uint32_t start, end;
  uint32_t private_start;  // SCOPE_CLASS: private names are visible from here on, not in the heritage
  uint32_t depth;
  uint32_t binding_count;
  uint32_t slot_count;  // size of the environment
  Scope *parent;
  Function *function;
  Binding *bindings, *last_binding;
  Scope *first_child, *next_sibling;  // in reverse order of the source
  // Function declarations to instantiate when the scope is entered (blocks, switch, module; functions use
  // Function.hoisted_functions), the last of each name.
  NodeList hoisted_functions;
  // Implicit bindings of SCOPE_FUNCTION (non-arrow) and others; NULL where unused.
  Binding *this_, *new_target, *home_object, *active_function, *arguments, *function_name;
  void *compiler_data;
};

static inline bool binding_is_global(const Binding *binding) { return binding->scope->kind == SCOPE_SCRIPT; }
static inline bool binding_kind_is_lexical(unsigned kind) {
  return (kind >= BINDING_LET && kind <= BINDING_CLASS_NAME) || kind == BINDING_IMPORT;
}
static inline bool binding_kind_is_private(unsigned kind) {
  return kind >= BINDING_PRIVATE_FIELD && kind <= BINDING_PRIVATE_ACCESSOR;
}
// Immutable after initialisation: assignment throws a TypeError (BINDING_FUNCTION_NAME: in strict code only).
static inline bool binding_is_immutable(const Binding *binding) {
  switch (binding->kind) {
    case BINDING_CONST:
    case BINDING_USING:
    case BINDING_AWAIT_USING:
    case BINDING_CLASS_NAME:
    case BINDING_FUNCTION_NAME:
    case BINDING_IMPORT: return true;
    default: return false;
  }
}

// Environments to walk outwards from code in `from` to the environment of `to`.
// bounded: the compiler pays for the difference of their depths.
static inline uint32_t scope_count_hops(const Scope *from, const Scope *to) {
  uint32_t hops = 0;
  for (; from != to; from = from->parent) hops += from->needs_environment;
  return hops;
}

// Bytes that scope_describe_outer needs for the chain from `scope` outwards.
size_t scope_measure_outer(const Scope *scope);
// Writes the chain into `block` (8-aligned, of the size measured) and returns its innermost scope. Texts are copied.
const OuterScope *scope_describe_outer(const Scope *scope, void *block);

#endif
