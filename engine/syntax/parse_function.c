// Functions of all kinds: parameters, bodies, directives, arrows.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

Function *function_new(Parser *parser, FunctionKind kind, uint32_t start) {
  Function *function = PARSER_NEW(parser, Function);
  if (!function) return NULL;
  function->kind = kind;
  function->start = start;
  function->is_strict = parser->is_strict;
  function->outer = parser->state ? parser->state->function : NULL;
  return function;
}

FunctionState *function_state_new(Parser *parser) { return PARSER_NEW(parser, FunctionState); }

void function_state_enter(Parser *parser, FunctionState *state, Function *function) {
  FunctionState *outer = parser->state;
  *state = (FunctionState){.outer = outer, .function = function, .return_allowed = true, .new_target_allowed = true};
  if (function->kind == FUNCTION_ARROW) {
    state->new_target_allowed = outer->new_target_allowed;
    state->super_property_allowed = outer->super_property_allowed;
    state->super_call_allowed = outer->super_call_allowed;
    state->arguments_forbidden = outer->arguments_forbidden;
  } else {
    state->super_property_allowed = function->kind >= FUNCTION_METHOD;
    state->super_call_allowed = function->is_derived;
  }
  state->await_allowed = function->is_async;
  state->await_reserved = function->is_async || parser->is_module;
  state->yield_allowed = function->is_generator;
  parser->state = state;
}

void function_state_leave(Parser *parser, FunctionState *state) {
  state->function->index = parser->function_count++;
  parser->state = state->outer;
}

// --- Directives ---

static bool is_use_strict(const Parser *parser, const Node *expression) {
  if (expression->end - expression->start != 12) return false;
  return text_view_equals(expression->string.value, WELL_KNOWN(parser, use_strict)->text) &&
         !(expression->flags & NODE_FLAG_PARENTHESIZED);
}

static bool recheck_parameters(Parser *parser, Function *function) {
  const Scope *scope = function->scope;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->kind != BINDING_PARAMETER) continue;
    Name *name = binding->name;
    if (!check_binding_name(parser, name, binding->declared_at, binding->declared_at + name->text.length)) return false;
  }
  return true;
}

static bool become_strict(Parser *parser, Function *function, const Node *directive, uint32_t octal_offset) {
  if (!function->has_simple_parameters) {
    parser_fail_node(parser, directive, "\"use strict\" is not allowed in a function with non-simple parameters");
    return false;
  }
  if (octal_offset != OFFSET_NONE) {
    parser_fail(parser, octal_offset, octal_offset + 1, "octal escapes are not allowed in strict mode");
    return false;
  }
  if (parser->is_strict) return true;
  scope_set_strict(parser, parser->scope);
  return function->kind <= FUNCTION_EVAL || recheck_parameters(parser, function);
}

// Directives stay in the body as expression statements.
static void *resume_directives(Parser *parser);

// Directives stay in the body as expression statements.
static bool parse_directives(Parser *parser, Function *function) {
  struct {
    Function *function;
    uint32_t octal_offset, offset;
    bool has_octal;
  } f = {0};
  PRODUCTION(f)
  f.function = function;
  f.octal_offset = OFFSET_NONE;
  while (parser_at(parser, TOKEN_STRING)) {
    f.has_octal = parser->lexer.token.has_legacy_octal;
    f.offset = parser->lexer.octal_offset;
    Node *statement;
    PARSE_OR_LEAVE(1, statement, parse_statement(parser, STATEMENT_IN_LIST))
    if (!parser_push(parser, statement)) return false;
    const Node *expression = statement->unary.operand;
    if (expression->kind != NODE_STRING || (expression->flags & NODE_FLAG_PARENTHESIZED)) break;
    if (f.has_octal && f.octal_offset == OFFSET_NONE) f.octal_offset = f.offset;
    if (is_use_strict(parser, expression) && !become_strict(parser, f.function, expression, f.octal_offset))
      return false;
    if (parser->is_strict && f.octal_offset != OFFSET_NONE) {
      parser_fail(parser, f.octal_offset, f.octal_offset + 1, "octal escapes are not allowed in strict mode");
      return false;
    }
  }
  return !parser->lexer.failed;
  RETURN_SUSPENDED(f, resume_directives)
}
static void *resume_directives(Parser *parser) { return parse_directives(parser, NULL) ? parser : NULL; }

static void *resume_directives_and_body(Parser *parser);

bool parse_directives_and_body(Parser *parser, Function *function, unsigned end_type) {
  struct {
    Function *function;
    uint32_t mark, end_type;
  } f = {0};
  PRODUCTION(f)
  f.function = function;
  f.end_type = end_type;
  f.mark = parser->stack_count;
  SUCCEED_OR_LEAVE(1, parse_directives(parser, f.function))
  SUCCEED_OR_LEAVE(2, parse_statements(parser, f.end_type))
  return parser_take_list(parser, f.mark, &f.function->body);
  RETURN_SUSPENDED(f, resume_directives_and_body)
}
static void *resume_directives_and_body(Parser *parser) {
  return parse_directives_and_body(parser, NULL, 0) ? parser : NULL;
}

// --- Parameters ---

// Kinds, lengths and register order of the finished list.
static void finish_parameters(Function *function) {
  bool counts = true;
  function->has_simple_parameters = true;
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    Node *node = function->parameters.items[i];
    if (node->kind != NODE_BINDING_IDENTIFIER) function->has_simple_parameters = false;
    if (node->kind == NODE_PATTERN_DEFAULT || node->kind == NODE_REST) counts = false;
    if (counts) function->length++;
    if (node->kind == NODE_BINDING_IDENTIFIER) node->identifier.binding->parameter_index = i;
  }
  if (!function->has_parameter_expressions) {
    // No code runs before all parameters are bound.
    for (Binding *binding = function->scope->bindings; binding; binding = binding->next) binding->initialized_at = 0;
  }
}

// Parameters have a dead zone while later defaults run.
static void mark_parameters(Scope *scope, const Binding *last, uint32_t offset) {
  for (Binding *binding = last ? last->next : scope->bindings; binding; binding = binding->next) {
    binding->initialized_at = offset;
  }
}

static void *resume_parameter(Parser *parser);

static Node *parse_parameter(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  if (!parser_at(parser, TOKEN_ELLIPSIS)) return parse_binding_element(parser, BINDING_PARAMETER);
  f.node = NODE_NEW(parser, NODE_REST, unary, parser->lexer.token.start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->unary.operand, parse_binding_target(parser, BINDING_PARAMETER))
  if (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    return parser->lexer.failed
               ? NULL
               : parser_fail_node(parser, f.node, "a rest parameter must be the last and has no default");
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_parameter)
}
static void *resume_parameter(Parser *parser) { return parse_parameter(parser); }

static void *resume_parameters(Parser *parser);

static bool parse_parameters(Parser *parser, Function *function) {
  struct {
    Function *function;
    const Binding *last;
    uint32_t mark, opener;
  } f = {0};
  PRODUCTION(f)
  f.function = function;
  f.opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return false;
  parser->state->in_parameters = true;
  parser->state->references_before = parser->reference_total;
  f.mark = parser->stack_count;
  while (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    f.last = parser->scope->last_binding;
    Node *node;
    PARSE_OR_LEAVE(1, node, parse_parameter(parser))
    if (!parser_push(parser, node)) return false;
    mark_parameters(parser->scope, f.last, parser->lexer.previous_end);
    if (parser_at(parser, TOKEN_RIGHT_PAREN)) break;
    if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or ')'");
    parser_next(parser);
  }
  parser->opener = f.opener;
  parser_next(parser);
  parser->state->in_parameters = false;
  if (!parser_take_list(parser, f.mark, &f.function->parameters)) return false;
  finish_parameters(f.function);
  return true;
  RETURN_SUSPENDED(f, resume_parameters)
}
static void *resume_parameters(Parser *parser) { return parse_parameters(parser, NULL) ? parser : NULL; }

static bool check_accessor_parameters(Parser *parser, const Function *function) {
  uint32_t start = function->scope->start;
  if (function->kind == FUNCTION_GETTER && function->parameters.count) {
    parser_fail(parser, start, start + 1, "a getter has no parameters");
    return false;
  }
  if (function->kind == FUNCTION_SETTER &&
      (function->parameters.count != 1 || function->parameters.items[0]->kind == NODE_REST)) {
    parser_fail(parser, start, start + 1, "a setter has exactly one parameter");
    return false;
  }
  return true;
}

// --- Bodies ---

// Expressions in the parameters must not see the body's names, and a variable that a sloppy eval in the body declares
// is not the parameter of that name. In strict code only references can tell the difference. (For an arrow, references
// in the parameters are not yet separated.)
static bool wants_body_scope(const Parser *parser, const Function *function) {
  return function->has_parameter_expressions && (!parser->is_strict || function->kind == FUNCTION_ARROW ||
                                                 parser->reference_total != parser->state->references_before);
}

static bool check_duplicate_parameters(Parser *parser, const Function *function) {
  if (!function->has_duplicate_parameters) return true;
  bool allowed = !parser->is_strict && function->has_simple_parameters && function->kind == FUNCTION_ORDINARY;
  if (allowed) return true;
  uint32_t offset = parser->state->duplicate_parameter;
  parser_fail(parser, offset, offset + 1, "a parameter name is used twice");
  return false;
}

static void *resume_function_body(Parser *parser);

static bool parse_function_body(Parser *parser, Function *function) {
  struct {
    Function *function;
    uint32_t opener;
    bool saved_no_in;
  } f = {0};
  PRODUCTION(f)
  f.function = function;
  function->body_start = parser->lexer.token.start;
  f.saved_no_in = parser->no_in;
  parser->no_in = false;
  if (wants_body_scope(parser, function)) {
    function->scope->is_var_scope = false;
    function->body_scope = scope_open(parser, SCOPE_FUNCTION_BODY, parser->lexer.token.start);
    if (!function->body_scope) return false;
  }
  if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
  f.opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_BRACE)) return false;
  SUCCEED_OR_LEAVE(1, parse_directives_and_body(parser, f.function, TOKEN_RIGHT_BRACE))
  parser->opener = f.opener;
  if (!check_duplicate_parameters(parser, f.function)) return false;
  f.function->end = parser->lexer.token.end;
  parser->no_in = f.saved_no_in;
  return true;
  RETURN_SUSPENDED(f, resume_function_body)
}
static void *resume_function_body(Parser *parser) { return parse_function_body(parser, NULL) ? parser : NULL; }

static bool close_function_scopes(Parser *parser, Function *function) {
  if (function->body_scope && !scope_close(parser)) return false;
  return scope_close(parser);
}

// Checks the function's own name when "use strict" is inside the function.
static bool check_function_name(Parser *parser, const FunctionShape *shape) {
  if (!shape->name || !parser->is_strict || shape->kind != FUNCTION_ORDINARY) return true;
  if (!shape->name->reserved || shape->name->well_known == NAME_await) return true;
  return check_binding_name(parser, shape->name, shape->name_start, shape->name_end);
}

static void *resume_function_rest(Parser *parser);

Function *parse_function_rest(Parser *parser, const FunctionShape *shape, uint32_t start) {
  struct {
    Function *function;
    FunctionState *state;
    FunctionShape shape;
    uint32_t saved_await, saved_yield, saved_name, saved_candidates, saved_cover;
    bool saved_strict;
  } f = {0};
  PRODUCTION(f)
  parser_enter(parser);
  Function *function = f.function = function_new(parser, shape->kind, start);
  f.state = function_state_new(parser);
  if (!function || !f.state) return NULL;
  f.shape = *shape;
  function->is_async = shape->is_async;
  function->is_generator = shape->is_generator;
  function->is_expression = shape->is_expression;
  function->is_declaration = shape->is_declaration;
  function->is_static = shape->is_static;
  function->is_derived = shape->is_derived;
  function->name = shape->name;
  function->class_ = shape->class_;
  f.saved_strict = parser->is_strict;
  f.saved_await = parser->last_await;
  f.saved_yield = parser->last_yield;
  f.saved_name = parser->last_await_name;
  f.saved_candidates = parser->arrow_candidates;
  f.saved_cover = parser->cover_offset;
  parser->arrow_candidates = 0;
  parser->cover_offset = OFFSET_NONE;
  function_state_enter(parser, f.state, function);
  function->scope = scope_open(parser, SCOPE_FUNCTION, shape->is_expression ? start : parser->lexer.token.start);
  if (!function->scope) return NULL;
  SUCCEED_OR_LEAVE(1, parse_parameters(parser, f.function))
  if (!check_accessor_parameters(parser, f.function)) return NULL;
  SUCCEED_OR_LEAVE(2, parse_function_body(parser, f.function))
  if (!check_function_name(parser, &f.shape)) return NULL;
  parser_next(parser);
  if (!close_function_scopes(parser, f.function)) return NULL;
  function_state_leave(parser, f.state);
  parser->is_strict = f.saved_strict;
  parser->last_await = f.saved_await;
  parser->last_yield = f.saved_yield;
  parser->last_await_name = f.saved_name;
  parser->arrow_candidates = f.saved_candidates;
  parser->cover_offset = f.saved_cover;
  parser_leave(parser);
  return f.function;
  RETURN_SUSPENDED(f, resume_function_rest)
}
static void *resume_function_rest(Parser *parser) { return parse_function_rest(parser, NULL, 0); }

// --- Function expressions and declarations ---

// The `async`, `function` and `*` of the head.
static bool parse_function_head(Parser *parser, FunctionShape *shape) {
  if (parser_at_word(parser, NAME_async)) {
    shape->is_async = true;
    parser_next(parser);
  }
  if (!parser_expect(parser, TOKEN_FUNCTION)) return false;
  shape->is_generator = parser_accept(parser, TOKEN_STAR);
  return true;
}

// The name of an expression is read under the rules of the function itself.
static bool parse_expression_name(Parser *parser, FunctionShape *shape) {
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_LEFT_PAREN) return true;
  if (token->type == TOKEN_IDENTIFIER) {
    FunctionState *state = parser->state, inner = *state;
    inner.await_reserved = shape->is_async || parser->is_module;
    inner.yield_allowed = shape->is_generator;
    parser->state = &inner;
    bool is_good = check_identifier(parser, token, true);
    parser->state = state;
    if (!is_good) return false;
  } else return parser_fail_at_name(parser);
  shape->name = token->name;
  shape->name_start = token->start;
  shape->name_end = token->end;
  parser_next(parser);
  return true;
}

static Node *function_node(Parser *parser, Function *function, uint32_t start) {
  Node *node = NODE_NEW(parser, NODE_FUNCTION, function, start);
  if (!node) return NULL;
  node->function.function = function;
  node->end = function->end;
  return node;
}

static void *resume_function_expression(Parser *parser);

Node *parse_function_expression(Parser *parser) {
  struct {
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  uint32_t saved_name = parser->last_await_name;
  FunctionShape shape = {.kind = FUNCTION_ORDINARY, .is_expression = true};
  if (!parse_function_head(parser, &shape) || !parse_expression_name(parser, &shape)) return NULL;
  parser->last_await_name = saved_name;
  Function *function;
  PARSE_OR_LEAVE(1, function, parse_function_rest(parser, &shape, f.start))
  return function_node(parser, function, f.start);
  RETURN_SUSPENDED(f, resume_function_expression)
}
static void *resume_function_expression(Parser *parser) { return parse_function_expression(parser); }

static void *resume_anonymous_function(Parser *parser);

// The function of the Function constructor is called `anonymous`, but cannot see that name.
Node *parse_anonymous_function(Parser *parser) {
  struct {
    bool none;
  } f = {0};
  PRODUCTION(f)
  FunctionShape shape = {.kind = FUNCTION_ORDINARY, .name = WELL_KNOWN(parser, anonymous)};
  if (!parse_function_head(parser, &shape)) return NULL;
  parser_next(parser);
  Function *function;
  PARSE_OR_LEAVE(1, function, parse_function_rest(parser, &shape, 0))
  return function_node(parser, function, 0);
  RETURN_SUSPENDED(f, resume_anonymous_function)
}
static void *resume_anonymous_function(Parser *parser) { return parse_anonymous_function(parser); }

static bool declares_like_var(const Parser *parser) {
  return parser->scope == parser->state->var_scope && parser->scope->kind != SCOPE_MODULE;
}

static Node *default_export_identifier(Parser *parser, uint32_t start) {
  Node *node = NODE_NEW(parser, NODE_BINDING_IDENTIFIER, identifier, start);
  if (!node) return NULL;
  node->end = start;
  node->identifier.name = WELL_KNOWN(parser, star_default);
  node->identifier.scope = parser->scope;
  return node;
}

static Node *parse_declaration_name(Parser *parser, FunctionShape *shape, bool is_default) {
  const Token *token = &parser->lexer.token;
  if (is_default && token->type == TOKEN_LEFT_PAREN) return default_export_identifier(parser, token->start);
  if (!check_identifier(parser, token, true)) return NULL;
  Node *node = NODE_NEW(parser, NODE_BINDING_IDENTIFIER, identifier, token->start);
  if (!node) return NULL;
  node->identifier.name = shape->name = token->name;
  node->identifier.scope = parser->scope;
  shape->name_start = token->start;
  shape->name_end = token->end;
  parser_next(parser);
  return node;
}

static void *resume_function_declaration(Parser *parser);

Node *parse_function_declaration(Parser *parser, bool is_default, bool plain_only) {
  struct {
    Node *node;
    bool like_var, is_plain;
  } f = {0};
  PRODUCTION(f)
  uint32_t start = parser->lexer.token.start;
  FunctionShape shape = {.kind = FUNCTION_ORDINARY, .is_declaration = true};
  Node *node = f.node = NODE_NEW(parser, NODE_FUNCTION_DECLARATION, function, start);
  if (!node || !parse_function_head(parser, &shape)) return NULL;
  if (plain_only && (shape.is_async || shape.is_generator)) {
    return parser_fail(parser, start, parser->lexer.previous_end, "only a plain function may be declared here");
  }
  Node *identifier = parse_declaration_name(parser, &shape, is_default);
  if (!identifier) return NULL;
  bool like_var = f.like_var = declares_like_var(parser);
  bool is_plain = f.is_plain = !shape.is_async && !shape.is_generator;
  // Duplicates in a block are allowed only between plain functions.
  Name *name = identifier->identifier.name;
  Binding *found = like_var ? NULL : scope_find(parser->scope, name);
  if (found && !is_plain) return parser_fail_node(parser, identifier, "'%v' has already been declared", &name->text);
  BindingKind kind = like_var ? BINDING_FUNCTION : BINDING_BLOCK_FUNCTION;
  Binding *binding = scope_declare(parser, kind, name, identifier->start, identifier->end);
  if (!binding) return NULL;
  identifier->identifier.binding = binding;
  if (binding->declaration || binding->kind == BINDING_PARAMETER) binding->is_assigned = true;
  node->function.identifier = identifier;
  node->function.binding = binding;
  PARSE_OR_LEAVE(1, f.node->function.function, parse_function_rest(parser, &shape, start))
  f.node->function.binding->declaration = f.node;
  f.node->end = f.node->function.function->end;
  if (!f.like_var && f.is_plain && !parser->is_strict && parser->scope->kind != SCOPE_MODULE &&
      !scope_add_hoist_candidate(parser, f.node))
    return NULL;
  return f.node;
  RETURN_SUSPENDED(f, resume_function_declaration)
}
static void *resume_function_declaration(Parser *parser) { return parse_function_declaration(parser, false, false); }

// --- Arrows ---

static bool convert_arrow_parameters(Parser *parser, Function *function, NodeList parameters) {
  for (uint32_t i = 0; i < parameters.count; i++) {
    Node *node = parameters.items[i];
    const Binding *last = parser->scope->last_binding;
    if (node->kind == NODE_SPREAD) {
      node->kind = NODE_REST;
      if (i + 1 != parameters.count) {
        parser_fail_node(parser, node, "a rest parameter must be the last");
        return false;
      }
      if (node->unary.operand->kind == NODE_ASSIGN)
        return parser_fail_node(parser, node->unary.operand, "invalid parameter");
    }
    if (!pattern_from_expression(parser, node, BINDING_PARAMETER)) return false;
    mark_parameters(parser->scope, last, node->end);
  }
  function->parameters = parameters;
  finish_parameters(function);
  return true;
}

static bool check_arrow_head(Parser *parser, uint32_t start) {
  if (parser->last_await > start) {
    parser_fail(parser, parser->last_await, parser->last_await + 5, "'await' is not allowed in parameters");
    return false;
  }
  if (parser->last_yield > start) {
    parser_fail(parser, parser->last_yield, parser->last_yield + 5, "'yield' is not allowed in parameters");
    return false;
  }
  return true;
}

static void *resume_arrow_body(Parser *parser);

static bool parse_arrow_body(Parser *parser, Function *function) {
  struct {
    Function *function;
    Node *statement;
  } f = {0};
  PRODUCTION(f)
  f.function = function;
  if (parser_at(parser, TOKEN_LEFT_BRACE)) {
    SUCCEED_OR_LEAVE(1, parse_function_body(parser, f.function))
    parser_next(parser);
    return true;
  }
  if (wants_body_scope(parser, function)) {
    function->scope->is_var_scope = false;
    function->body_scope = scope_open(parser, SCOPE_FUNCTION_BODY, parser->lexer.token.start);
    if (!function->body_scope) return false;
  }
  function->body_start = parser->lexer.token.start;
  function->is_expression_body = true;
  if (!check_duplicate_parameters(parser, function)) return false;
  f.statement = NODE_NEW(parser, NODE_RETURN, unary, parser->lexer.token.start);
  if (!f.statement) return false;
  PARSE_OR_LEAVE(2, f.statement->unary.operand, parse_assignment(parser))
  node_finish(parser, f.statement);
  f.function->end = parser->lexer.previous_end;
  uint32_t mark = parser->stack_count;
  return parser_push(parser, f.statement) && parser_take_list(parser, mark, &f.function->body);
  RETURN_SUSPENDED(f, resume_arrow_body)
}
static void *resume_arrow_body(Parser *parser) { return parse_arrow_body(parser, NULL) ? parser : NULL; }

// At the `=>`.
static void *resume_arrow(Parser *parser);

Node *parse_arrow(Parser *parser, uint32_t start, NodeList parameters, bool is_async, uint32_t reference_mark) {
  struct {
    Function *function;
    FunctionState *state;
    uint32_t start, saved_name, saved_candidates, saved_cover, saved_await, saved_yield;
    bool saved_strict;
  } f = {0};
  PRODUCTION(f)
  f.start = start;
  Function *function = f.function = function_new(parser, FUNCTION_ARROW, start);
  FunctionState *state = f.state = function_state_new(parser);
  if (!function || !state) return NULL;
  parser_enter(parser);
  function->is_async = is_async;
  f.saved_strict = parser->is_strict;
  f.saved_name = parser->last_await_name;
  FunctionState *outer = parser->state;
  function_state_enter(parser, state, function);
  if (!check_arrow_head(parser, start)) return NULL;
  function->scope = scope_open(parser, SCOPE_FUNCTION, start);
  if (!function->scope) return NULL;
  scope_adopt(parser, start, reference_mark);
  // The rules of the surrounding code apply to names of parameters too.
  state->await_reserved |= outer->await_reserved;
  if (!convert_arrow_parameters(parser, function, parameters)) return NULL;
  state->await_reserved = is_async || parser->is_module;
  f.saved_candidates = parser->arrow_candidates;
  f.saved_cover = parser->cover_offset;
  f.saved_await = parser->last_await;
  f.saved_yield = parser->last_yield;
  parser->arrow_candidates = 0;
  parser->cover_offset = OFFSET_NONE;
  parser_next(parser);
  SUCCEED_OR_LEAVE(1, parse_arrow_body(parser, f.function))
  if (!close_function_scopes(parser, f.function)) return NULL;
  function_state_leave(parser, f.state);
  parser->is_strict = f.saved_strict;
  parser->arrow_candidates = f.saved_candidates;
  parser->cover_offset = f.saved_cover;
  parser->last_await = f.saved_await;
  parser->last_yield = f.saved_yield;
  parser->last_await_name = MAX_OF(f.saved_name, parser->last_await_name);
  parser_leave(parser);
  return function_node(parser, f.function, f.start);
  RETURN_SUSPENDED(f, resume_arrow)
}
static void *resume_arrow(Parser *parser) { return parse_arrow(parser, 0, (NodeList){0}, false, 0); }
