// Scope analysis. It happens while parsing and needs no second walk of the tree, thanks to two invariants:
// - A scope covers one stretch of the source, and scopes nest. So when a scope closes, the references that its binding
//   catches are exactly those of that name that begin inside it and are still unbound. Since each Name keeps its
//   unbound references newest first, they are the head of that list.
// - Each Name keeps its visible declarations innermost first, so redeclaration checks look at few entries.
// Parameters of arrows are parsed as expressions of the surrounding scope and moved by scope_adopt.
// Loops here are bounded: lists of a scope are walked once for each scope, and who walks a chain of scopes pays for it.
#include "syntax/parser_internal.h"

// Chains of scopes and functions are as long as a source is deep.
static inline void pay_walk(Parser *parser, uint32_t *steps) {
  if (UNLIKELY(++*steps % 16 == 0)) fuel_spend(parser->lexer.fuel, 1);
}

Scope *scope_open(Parser *parser, ScopeKind kind, uint32_t start) {
  Scope *scope = PARSER_NEW(parser, Scope);
  if (!scope) return NULL;
  Scope *parent = parser->scope;
  scope->kind = kind;
  scope->start = start;
  scope->parent = parent;
  scope->is_strict = parser->is_strict;
  scope->function = parser->state->function;
  scope->is_function_scope = kind <= SCOPE_FUNCTION;
  scope->is_var_scope = kind <= SCOPE_FUNCTION_BODY || kind == SCOPE_STATIC_BLOCK;
  if (parent) {
    scope->depth = parent->depth + 1;
    scope->next_sibling = parent->first_child;
    parent->first_child = scope;
  }
  if (scope->is_var_scope) parser->state->var_scope = scope;
  if (kind == SCOPE_WITH) parser->any_dynamic = true;
  parser->scope = scope;
  parser->scope_count++;
  return scope;
}

void scope_set_strict(Parser *parser, Scope *scope) {
  parser->is_strict = true;
  parser->state->function->is_strict = true;
  scope->is_strict = true;
  if (scope->kind == SCOPE_FUNCTION_BODY) scope->parent->is_strict = true;
}

Binding *scope_find(const Scope *scope, const Name *name) {
  for (Binding *binding = name->innermost; binding && binding->scope->depth >= scope->depth; binding = binding->outer) {
    if (binding->scope == scope) return binding;
  }
  return NULL;
}

Binding *scope_add_binding(Parser *parser, Scope *scope, BindingKind kind, Name *name, uint32_t start) {
  Binding *binding = PARSER_NEW(parser, Binding);
  if (!binding) return NULL;
  binding->name = name;
  binding->scope = scope;
  binding->kind = kind;
  binding->declared_at = start;
  binding->last_declared_at = kind == BINDING_VAR ? start : 0;
  binding->parameter_index = UINT32_MAX;
  binding->initialized_at = binding_kind_is_lexical(kind) && kind != BINDING_BLOCK_FUNCTION ? UINT32_MAX : 0;
  if (scope->last_binding) scope->last_binding->next = binding;
  else scope->bindings = binding;
  scope->last_binding = binding;
  scope->binding_count++;
  if (kind == BINDING_INTERNAL) return binding;
  Binding **link = &name->innermost;
  uint32_t steps = 0;
  for (; *link && (*link)->scope->depth > scope->depth; link = &(*link)->outer) pay_walk(parser, &steps);
  binding->outer = *link;
  *link = binding;
  return binding;
}

// Its var names live in the variable environment of the calling code.
static bool scope_is_sloppy_eval(const Scope *scope) { return scope->kind == SCOPE_EVAL && !scope->is_strict; }

// --- Declarations and their early errors ---

static Binding *fail_redeclared(Parser *parser, Name *name, uint32_t start, uint32_t end) {
  return parser_fail(parser, start, end, "'%v' has already been declared", &name->text);
}

// Whether a var declaration may pass outwards through this lexical binding.
static bool var_may_cross(const Binding *binding) {
  if (binding->scope->is_outer)
    return binding->kind == BINDING_CATCH_PARAMETER || binding->kind == BINDING_CATCH_PATTERN;
  return binding->kind == BINDING_CATCH_PARAMETER || !binding_kind_is_lexical(binding->kind);
}

// https://tc39.es/ecma262/#sec-evaldeclarationinstantiation (the part that looks at surrounding functions)
static bool check_eval_var(Parser *parser, Name *name, uint32_t start, uint32_t end) {
  uint32_t steps = 0;
  for (Scope *scope = parser->state->var_scope->parent; scope; scope = scope->parent) {
    pay_walk(parser, &steps);
    Binding *found = scope_find(scope, name);
    // The own name of a function expression is bound outside of it.
    if (found && found->kind == BINDING_FUNCTION_NAME) found = NULL;
    bool is_parameter_eval = scope->kind == SCOPE_FUNCTION && !scope->is_var_scope;
    if (found && (binding_kind_is_lexical(found->kind) || is_parameter_eval) && !var_may_cross(found)) {
      fail_redeclared(parser, name, start, end);
      return false;
    }
    if ((scope->is_var_scope && !scope_is_sloppy_eval(scope)) || is_parameter_eval) break;
  }
  return true;
}

static Binding *declare_var(Parser *parser, BindingKind kind, Name *name, uint32_t start, uint32_t end) {
  Scope *scope = parser->state->var_scope;
  Binding *found = name->innermost;
  uint32_t steps = 0;
  for (; found && found->scope->depth > scope->depth; found = found->outer) {
    pay_walk(parser, &steps);
    if (!var_may_cross(found)) return fail_redeclared(parser, name, start, end);
  }
  if (found && found->scope == scope) {
    if (binding_kind_is_lexical(found->kind)) return fail_redeclared(parser, name, start, end);
    if (kind == BINDING_VAR) found->last_declared_at = start;
    else if (found->kind == BINDING_VAR) found->kind = BINDING_FUNCTION;
    return found;
  }
  if (scope->kind == SCOPE_EVAL && !parser->is_strict && !check_eval_var(parser, name, start, end)) return NULL;
  Binding *binding = scope_add_binding(parser, scope, kind, name, start);
  if (binding && scope->kind == SCOPE_FUNCTION_BODY) binding->shadowed = scope_find(scope->parent, name);
  return binding;
}

// Whether a var declaration inside the scope has passed through it on its way outwards. Where the name is bound in
// between so that none may pass, none has.
static bool var_passed_scope(Parser *parser, const Scope *scope, const Name *name) {
  const Scope *var_scope = parser->state->var_scope;
  const Binding *found = name->innermost;
  uint32_t steps = 0;
  for (; found && found->scope->depth > var_scope->depth && var_may_cross(found); found = found->outer)
    pay_walk(parser, &steps);
  return found && found->scope == var_scope && found->last_declared_at >= scope->start;
}

static Binding *declare_lexical(Parser *parser, BindingKind kind, Name *name, uint32_t start, uint32_t end) {
  Scope *scope = parser->scope;
  Binding *found = scope_find(scope, name);
  if (found) {
    // https://tc39.es/ecma262/#sec-block-duplicates-allowed-static-semantics
    if (kind == BINDING_BLOCK_FUNCTION && found->kind == BINDING_BLOCK_FUNCTION && !parser->is_strict &&
        scope->kind != SCOPE_MODULE && !found->declaration->function.function->is_async &&
        !found->declaration->function.function->is_generator)
      return found;
    return fail_redeclared(parser, name, start, end);
  }
  if (scope->kind == SCOPE_FUNCTION_BODY && scope_find(scope->parent, name)) {
    return fail_redeclared(parser, name, start, end);
  }
  if (scope->kind == SCOPE_BLOCK && scope->parent->kind == SCOPE_CATCH && scope_find(scope->parent, name)) {
    return fail_redeclared(parser, name, start, end);
  }
  if (!scope->is_var_scope && scope->kind != SCOPE_CATCH && scope->kind != SCOPE_CLASS &&
      var_passed_scope(parser, scope, name)) {
    return fail_redeclared(parser, name, start, end);
  }
  return scope_add_binding(parser, scope, kind, name, start);
}

Binding *scope_declare(Parser *parser, BindingKind kind, Name *name, uint32_t start, uint32_t end) {
  if (kind == BINDING_VAR || kind == BINDING_FUNCTION) return declare_var(parser, kind, name, start, end);
  if (kind != BINDING_PARAMETER) return declare_lexical(parser, kind, name, start, end);
  Binding *found = scope_find(parser->scope, name);
  if (!found) return scope_add_binding(parser, parser->scope, kind, name, start);
  // Only when the body has begun is it known whether duplicates are an error.
  Function *function = parser->state->function;
  function->has_duplicate_parameters = true;
  parser->state->duplicate_parameter = start;
  return found;
}

void scope_mark_initialized(Scope *scope, const Binding *last, uint32_t offset) {
  for (Binding *binding = last ? last->next : scope->bindings; binding; binding = binding->next) {
    if (binding->initialized_at == UINT32_MAX) binding->initialized_at = offset;
  }
}

bool scope_add_hoist_candidate(Parser *parser, Node *node) {
  HoistCandidate *candidate = PARSER_NEW(parser, HoistCandidate);
  if (!candidate) return false;
  candidate->node = node;
  candidate->block = parser->scope;
  candidate->next = parser->state->hoist_candidates;
  parser->state->hoist_candidates = candidate;
  return true;
}

// --- References ---

Node *reference_new(Parser *parser, NodeKind kind, Name *name, uint32_t start, uint32_t end) {
  Node *node = NODE_NEW(parser, kind, identifier, start);
  if (!node) return NULL;
  node->end = end;
  node->identifier.name = name;
  node->identifier.scope = parser->scope;
  node->identifier.next_reference = name->unresolved;
  name->unresolved = node;
  parser->reference_total++;
  if (!parser->arrow_candidates) return node;
  if (parser->reference_count == parser->reference_capacity) {
    uint32_t capacity = parser->reference_capacity ? parser->reference_capacity * 2 : 64;
    Node **grown = arena_grow(parser->arena, parser->references, sizeof(Node *) * parser->reference_capacity,
                              sizeof(Node *) * capacity);
    if (!grown) {
      lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
      return NULL;
    }
    parser->references = grown;
    parser->reference_capacity = capacity;
  }
  parser->references[parser->reference_count++] = node;
  return node;
}

// The node is not a reference after all (a label). It stays in the list, which ignores it.
void reference_cancel(Node *node) { node->kind = NODE_EMPTY; }

static bool reference_is_dead(const Node *node) { return node->kind == NODE_EMPTY || node->identifier.binding; }

void scope_note_direct_eval(Parser *parser) {
  Function *function = parser->state->function;
  function->has_direct_eval = true;
  parser->scope->contains_direct_eval = true;
  if (parser->is_strict) return;
  parser->any_dynamic = true;
  Scope *scope = parser->scope;
  while (scope && !scope->is_var_scope && scope->kind != SCOPE_FUNCTION) scope = scope->parent;
  // An eval in sloppy eval code adds to the same variable environment as that code, which is dynamic already.
  if (scope && !scope_is_sloppy_eval(scope)) scope->is_dynamic = true;
}

// Whether a scope between the reference and its binding may get more names, or is a `with` object.
static bool passes_dynamic_scope(Parser *parser, const Scope *scope, const Binding *binding) {
  uint32_t steps = 0;
  for (; scope && (!binding || scope != binding->scope); scope = scope->parent) {
    pay_walk(parser, &steps);
    if (scope->kind == SCOPE_WITH || scope->is_dynamic) return true;
  }
  return binding && binding->kind == BINDING_FUNCTION_NAME && binding->scope->is_dynamic;
}

// Where the code of the reference may first run, as a position in the function of the binding.
static uint32_t first_use_position(Parser *parser, const Node *reference, const Function *function,
                                   const Function **closure) {
  const Function *inner = reference->identifier.scope->function;
  *closure = NULL;
  if (inner == function) return reference->start;
  uint32_t steps = 0;
  for (; inner->outer && inner->outer != function; inner = inner->outer) pay_walk(parser, &steps);
  *closure = inner;
  return inner->is_declaration ? inner->scope->parent->start : inner->start;
}

static bool reference_needs_check(Parser *parser, const Node *reference, const Binding *binding) {
  switch (binding->kind) {
    case BINDING_IMPORT: return true;
    case BINDING_THIS: return binding->scope->function->is_derived;
    default: break;
  }
  if (binding->scope->is_outer) return binding->needs_tdz;
  if (binding->initialized_at == 0) return false;
  const Function *closure;
  uint32_t position = first_use_position(parser, reference, binding->scope->function, &closure);
  if (binding->kind == BINDING_CLASS_NAME) {
    // Elements run after the name is bound; heritage and computed keys (and closures made there) before.
    return !(closure && closure->class_ && closure->scope->parent == binding->scope);
  }
  return binding->scope->kind == SCOPE_SWITCH || position < binding->initialized_at;
}

static void reference_bind(Parser *parser, Node *reference, Binding *binding) {
  reference->identifier.binding = binding;
  binding->is_referenced = true;
  if (reference->flags & NODE_FLAG_ASSIGNED) binding->is_assigned = true;
  if (reference->identifier.scope->function != binding->scope->function) {
    binding->is_captured = true;
    reference->flags |= NODE_FLAG_CAPTURED;
  }
  bool is_implicit = binding->kind >= BINDING_THIS;  // `this` and its like are never looked up by name
  if (parser->any_dynamic && !is_implicit && passes_dynamic_scope(parser, reference->identifier.scope, binding)) {
    reference->flags |= NODE_FLAG_DYNAMIC;
    binding->is_captured = true;
  }
  if (reference_needs_check(parser, reference, binding)) {
    reference->flags |= NODE_FLAG_TDZ_CHECK;
    binding->needs_tdz = true;
  }
}

static Node *name_first_reference(Name *name, uint32_t start) {
  Node *reference = name->unresolved;
  while (reference && reference->start >= start && reference_is_dead(reference)) {
    reference = reference->identifier.next_reference;
  }
  name->unresolved = reference;
  return reference && reference->start >= start ? reference : NULL;
}

static void scope_bind_references(Parser *parser, const Scope *scope, Binding *binding) {
  Name *name = binding->name;
  Node *reference = name->unresolved;
  uint32_t start = binding_kind_is_private(binding->kind) ? scope->private_start : scope->start;
  for (; reference && reference->start >= start; reference = reference->identifier.next_reference) {
    if (!reference_is_dead(reference)) reference_bind(parser, reference, binding);
  }
  name->unresolved = reference;
}

// Sloppy eval code: its var names live in the caller's variable environment, reached by name.
static void leave_references_dynamic(const Binding *binding) {
  Name *name = binding->name;
  for (Node *reference = name->unresolved; reference; reference = reference->identifier.next_reference) {
    if (reference_is_dead(reference)) continue;
    if (binding->scope->parent) reference->flags |= NODE_FLAG_DYNAMIC;
  }
}

// --- Closing ---

static void declare_implicit(Parser *parser, Scope *scope, WellKnownName word, BindingKind kind, bool always,
                             Binding **binding) {
  Name *name = parser->lexer.names.well_known[word];
  if (*binding || (!always && !name_first_reference(name, scope->start))) return;
  *binding = scope_add_binding(parser, scope, kind, name, scope->start);
}

// Declares `this` and similar bindings where code inside uses them, or where an eval might.
static void declare_receiver_bindings(Parser *parser, Scope *scope, bool always) {
  Function *function = scope->function;
  declare_implicit(parser, scope, NAME_this, BINDING_THIS, always, &scope->this_);
  declare_implicit(parser, scope, NAME_new_target, BINDING_NEW_TARGET, always, &scope->new_target);
  if (function->kind >= FUNCTION_METHOD) {
    declare_implicit(parser, scope, NAME_home_object, BINDING_HOME_OBJECT, always, &scope->home_object);
  }
  if (function->is_derived) {
    declare_implicit(parser, scope, NAME_active_function, BINDING_ACTIVE_FUNCTION, always, &scope->active_function);
  }
}

static void declare_implicits(Parser *parser, Scope *scope) {
  Function *function = scope->function;
  if (function->kind == FUNCTION_ARROW || function->kind <= FUNCTION_EVAL) return;
  bool always = scope->contains_direct_eval;
  declare_receiver_bindings(parser, scope, always);
  function->uses_this = scope->this_;
  function->uses_new_target = scope->new_target;
  function->uses_super_property = scope->home_object;
  function->uses_super_call = scope->active_function;
  function->has_super_reference = function->uses_super_property || function->uses_super_call;
  if (function->kind == FUNCTION_FIELD_INITIALIZER || function->kind == FUNCTION_STATIC_INITIALIZER) return;
  Name *name = WELL_KNOWN(parser, arguments);
  Binding *found = scope_find(scope, name);
  if (found && found->kind == BINDING_VAR) found->kind = BINDING_ARGUMENTS, scope->arguments = found;
  else if (!found) declare_implicit(parser, scope, NAME_arguments, BINDING_ARGUMENTS, always, &scope->arguments);
  function->uses_arguments = scope->arguments;
  function->has_mapped_arguments = scope->arguments && !function->is_strict && function->has_simple_parameters;
}

// A class's initialiser function is parsed in several stretches; each binds what it used of the implicit names.
void scope_finish_initializer(Parser *parser, Scope *scope, uint32_t start) {
  scope->start = start;
  declare_receiver_bindings(parser, scope, false);
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    scope_bind_references(parser, scope, binding);
  }
}

// `var arguments` in a separate body scope starts with the arguments object of the parameter scope.
static void declare_shadowed_arguments(Parser *parser, Scope *body) {
  Name *name = WELL_KNOWN(parser, arguments);
  Binding *found = scope_find(body, name);
  Scope *scope = body->parent;
  if (!found || found->shadowed || body->function->kind == FUNCTION_ARROW) return;
  if (binding_kind_is_lexical(found->kind) || found->kind == BINDING_FUNCTION) return;
  if (scope_find(scope, name)) return;
  found->shadowed = scope_add_binding(parser, scope, BINDING_VAR, name, scope->start);
}

static void drop_hoist_candidates(Parser *parser, const Scope *scope) {
  HoistCandidate **link = &parser->state->hoist_candidates;
  while (*link && (*link)->node->start >= scope->start) {
    HoistCandidate *candidate = *link;
    fuel_spend(parser->lexer.fuel, 1);
    Name *name = candidate->node->function.function->name;
    Binding *found = candidate->block == scope ? NULL : scope_find(scope, name);
    if (found && found->kind != BINDING_CATCH_PARAMETER) *link = candidate->next;
    else link = &candidate->next;
  }
}

// Names of a destructured catch parameter prevent hoisting, as they do within one script and in V8; by the
// specification the whole scope of the catch clause may be crossed.
static bool outer_scopes_allow_hoist(const Scope *scope, Name *name) {
  if (scope->kind != SCOPE_EVAL) return true;
  for (scope = scope->parent; scope; scope = scope->parent) {
    Binding *found = scope_find(scope, name);
    if (found && found->kind == BINDING_FUNCTION_NAME) found = NULL;
    bool is_parameter_eval = scope->kind == SCOPE_FUNCTION && !scope->is_var_scope;
    if (found && (binding_kind_is_lexical(found->kind) || is_parameter_eval) && found->kind != BINDING_CATCH_PARAMETER)
      return false;
    if ((scope->is_var_scope && !scope_is_sloppy_eval(scope)) || scope->kind == SCOPE_FUNCTION) break;
  }
  return true;
}

static void hoist_functions(Parser *parser, Scope *scope) {
  HoistCandidate *reversed = NULL;
  for (HoistCandidate *candidate = parser->state->hoist_candidates, *next; candidate; candidate = next) {
    next = candidate->next;
    candidate->next = reversed;
    reversed = candidate;
  }
  parser->state->hoist_candidates = NULL;
  for (HoistCandidate *candidate = reversed; candidate; candidate = candidate->next) {
    Node *node = candidate->node;
    Name *name = node->function.function->name;
    // An arguments object takes precedence.
    if (name->well_known == NAME_arguments && scope->function->kind > FUNCTION_EVAL &&
        scope->function->kind != FUNCTION_ARROW) {
      continue;
    }
    Binding *found = scope_find(scope, name);
    if (found && (binding_kind_is_lexical(found->kind) || found->kind == BINDING_PARAMETER)) continue;
    if (scope->kind == SCOPE_FUNCTION_BODY) {
      Binding *parameter = scope_find(scope->parent, name);
      if (parameter && parameter->kind == BINDING_PARAMETER) continue;
    }
    if (!found && !outer_scopes_allow_hoist(scope, name)) continue;
    if (!found) {
      found = scope_add_binding(parser, scope, BINDING_VAR, name, node->start);
      if (!found) return;
      found->is_annex_b = true;
      found->last_declared_at = 0;
    }
    found->is_assigned = true;
    node->function.hoisted_binding = found;
    node->function.is_hoisted = true;
  }
}

static bool collect_hoisted_functions(Parser *parser, Scope *scope) {
  uint32_t mark = parser->stack_count;
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->declaration && !parser_push(parser, binding->declaration)) return false;
  }
  if (mark == parser->stack_count) return true;
  NodeList list;
  if (!parser_take_list(parser, mark, &list)) return false;
  scope->hoisted_functions = list;
  if (scope->is_var_scope && scope->kind != SCOPE_STATIC_BLOCK) scope->function->hoisted_functions = list;
  return true;
}

static void finish_binding(const Scope *scope, Binding *binding) {
  // The arguments object aliases the parameters, which must then be slots.
  if (binding->kind == BINDING_PARAMETER && scope->function->has_mapped_arguments) binding->is_captured = true;
  if (scope->kind == SCOPE_SCRIPT) {
    binding->is_captured = false;
    return;
  }
  bool is_lexical = binding_kind_is_lexical(binding->kind) || binding->initialized_at;
  if (scope->contains_direct_eval) {
    binding->is_captured = binding->is_referenced = binding->is_assigned = true;
    if (is_lexical && binding->kind != BINDING_BLOCK_FUNCTION && binding->kind != BINDING_CATCH_PARAMETER) {
      binding->needs_tdz = true;
    }
    if (binding->kind == BINDING_THIS && scope->function->is_derived) binding->needs_tdz = true;
  }
  if (binding->is_exported || binding->kind == BINDING_IMPORT) {
    binding->is_captured = true;
    if (binding->initialized_at) binding->needs_tdz = true;
  }
}

static void bind_scope(Parser *parser, Scope *scope) {
  bool is_sloppy_eval = scope_is_sloppy_eval(scope);
  uint32_t slots = 0;
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->kind != BINDING_INTERNAL) {
      Name *name = binding->name;
      if (name->innermost == binding) name->innermost = binding->outer;
      if (is_sloppy_eval && !binding_kind_is_lexical(binding->kind)) {
        leave_references_dynamic(binding);
        continue;
      }
      scope_bind_references(parser, scope, binding);
    }
    if (scope->is_outer) continue;
    finish_binding(scope, binding);
    if (binding->is_captured) binding->slot = slots++;
  }
  if (scope->is_outer) return;
  scope->slot_count = slots;
  scope->needs_environment = slots || scope->kind == SCOPE_WITH || scope->kind == SCOPE_MODULE ||
                             (scope->is_dynamic && scope->kind != SCOPE_SCRIPT);
}

bool scope_close(Parser *parser) {
  Scope *scope = parser->scope;
  scope->end = parser->lexer.previous_end;
  if (parser->lexer.failed) return false;
  if (scope->contains_direct_eval) {
    scope->function->contains_direct_eval = true;
    if (scope->parent) scope->parent->contains_direct_eval = true;
  }
  if (parser->state->hoist_candidates) {
    if (scope == parser->state->var_scope) hoist_functions(parser, scope);
    else drop_hoist_candidates(parser, scope);
  }
  if (scope->kind == SCOPE_FUNCTION) declare_implicits(parser, scope);
  if (scope->kind == SCOPE_FUNCTION_BODY) declare_shadowed_arguments(parser, scope);
  Function *function = scope->function;
  if (scope->kind == SCOPE_FUNCTION && function->is_expression && function->name &&
      function->kind == FUNCTION_ORDINARY && !scope_find(scope, function->name)) {
    scope->function_name = scope_add_binding(parser, scope, BINDING_FUNCTION_NAME, function->name, function->start);
  }
  if (parser->lexer.failed || !collect_hoisted_functions(parser, scope)) return false;
  bind_scope(parser, scope);
  parser->scope = scope->parent;
  return !parser->lexer.failed;
}

// --- Arrow parameters ---

static void adopt_child(Parser *parser, Scope *child, Function *function) {
  uint32_t steps = 0;
  for (Scope *scope = child;;) {
    pay_walk(parser, &steps);
    if (scope->is_function_scope) scope->function->outer = function;
    else scope->function = function;
    if (!scope->is_function_scope && scope->first_child) {
      scope = scope->first_child;
      continue;
    }
    while (scope != child && !scope->next_sibling) scope = scope->parent;
    if (scope == child) return;
    scope = scope->next_sibling;
  }
}

void scope_adopt(Parser *parser, uint32_t start, uint32_t reference_mark) {
  Scope *scope = parser->scope, *parent = scope->parent;
  // The new scope is itself the parent's newest child.
  while (scope->next_sibling && scope->next_sibling->start >= start) {
    Scope *child = scope->next_sibling;
    scope->next_sibling = child->next_sibling;
    child->next_sibling = scope->first_child;
    scope->first_child = child;
    child->parent = scope;
    adopt_child(parser, child, scope->function);
    if (child->contains_direct_eval) scope->contains_direct_eval = true;
  }
  uint32_t count = parser->reference_count - reference_mark;
  if (!fuel_charge(parser->lexer.fuel, (int32_t)(count / 8))) {
    lexer_fail_status(&parser->lexer, PARSE_INTERRUPTED);
    return;
  }
  for (uint32_t i = reference_mark; i < parser->reference_count; i++) {
    Node *reference = parser->references[i];
    if (reference->kind == NODE_EMPTY || reference->identifier.scope != parent) continue;
    reference->identifier.scope = scope;
    if (reference->flags & NODE_FLAG_DIRECT_EVAL) scope_note_direct_eval(parser);
  }
}

// --- Eval and the end ---

static bool open_outer_scope(Parser *parser, const OuterScope *outer) {
  if (outer->is_function_scope || !parser->state->function) {
    Function *function = PARSER_NEW(parser, Function);
    if (!function) return false;
    function->kind = outer->function_kind;
    function->outer = parser->state->function;
    function->is_derived = outer->is_derived;
    function->is_strict = outer->is_strict;
    parser->state->function = function;
  }
  Scope *scope = scope_open(parser, outer->kind, 0);
  if (!scope) return false;
  scope->is_outer = true;
  scope->is_strict = outer->is_strict;
  scope->is_var_scope = outer->is_var_scope;
  scope->is_dynamic = outer->is_dynamic;
  scope->needs_environment = outer->has_environment;
  scope->slot_count = outer->slot_count;
  if (outer->is_function_scope) parser->state->function->scope = scope;
  if (outer->is_dynamic) parser->any_dynamic = true;
  for (uint32_t i = 0; i < outer->binding_count; i++) {
    const OuterBinding *described = &outer->bindings[i];
    Name *name = lexer_intern(&parser->lexer, described->name);
    Binding *binding = name ? scope_add_binding(parser, scope, described->kind, name, 0) : NULL;
    if (!binding) return false;
    binding->is_captured = true;
    binding->needs_tdz = described->needs_tdz;
    binding->is_static = described->is_static;
    binding->slot = described->slot;
  }
  return true;
}

// Surrounding scopes of an eval become ordinary open scopes that close after the program.
bool scope_open_outer(Parser *parser, const OuterScope *innermost) {
  uint32_t count = 0, at = 0;
  for (const OuterScope *outer = innermost; outer; outer = outer->parent) count++;
  const OuterScope **scopes = arena_new_array(parser->arena, const OuterScope *, count + 1);
  if (!scopes) {
    lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
    return false;
  }
  for (const OuterScope *outer = innermost; outer; outer = outer->parent) scopes[at++] = outer;
  while (at > 0) {
    fuel_spend(parser->lexer.fuel, 1);
    if (!open_outer_scope(parser, scopes[--at])) return false;
  }
  return true;
}

// When the program's own scope has closed, references that are still unbound are global, or wrong (private names).
bool scope_finish_program(Parser *parser) {
  while (parser->scope) {
    Scope *scope = parser->scope;
    bind_scope(parser, scope);
    parser->scope = scope->parent;
  }
  const NameTable *table = &parser->lexer.names;
  for (uint32_t i = 0; i < table->bucket_count; i++) {
    for (Name *name = table->buckets[i]; name; name = name->next_in_bucket) {
      bool is_private = name->text.length && text_view_unit(name->text, 0) == '#';
      if (!is_private && !parser->any_dynamic) continue;
      for (Node *reference = name->unresolved; reference; reference = reference->identifier.next_reference) {
        if (reference_is_dead(reference)) continue;
        if (is_private) {
          parser_fail_node(parser, reference, "private name '%v' is not declared in an enclosing class", &name->text);
          return false;
        }
        if (reference->kind == NODE_THIS || reference->kind == NODE_NEW_TARGET) continue;
        if (passes_dynamic_scope(parser, reference->identifier.scope, NULL)) reference->flags |= NODE_FLAG_DYNAMIC;
      }
    }
  }
  return true;
}
