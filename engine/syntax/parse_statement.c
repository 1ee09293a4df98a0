// Statements and declarations, except loops, imports and exports.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

// --- Declarations ---

static BindingKind variable_binding_kind(VariableKind kind) {
  static const uint8_t kinds[] = {BINDING_VAR, BINDING_LET, BINDING_CONST, BINDING_USING, BINDING_AWAIT_USING};
  return kinds[kind];
}

static bool at_for_each_word(const Parser *parser) {
  return parser_at(parser, TOKEN_IN) || parser_at_word(parser, NAME_of);
}

static void *resume_declarator(Parser *parser);

static Node *parse_declarator(Parser *parser, VariableKind kind, bool in_for_head) {
  struct {
    Node *node;
    Scope *scope;
    const Binding *last;
    VariableKind kind;
    bool in_for_head;
  } f = {0};
  PRODUCTION(f)
  f.kind = kind;
  f.in_for_head = in_for_head;
  f.node = NODE_NEW(parser, NODE_DECLARATOR, assign, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.scope = parser->scope;
  f.last = f.scope->last_binding;
  bool identifier_only = kind >= VARIABLE_USING;
  BindingKind binding_kind = variable_binding_kind(kind);
  PARSE_OR_LEAVE(
      1, f.node->assign.target,
      identifier_only ? parse_binding_identifier(parser, binding_kind) : parse_binding_target(parser, binding_kind))
  if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
  if (parser_accept(parser, TOKEN_ASSIGN)) {
    PARSE_OR_LEAVE(2, f.node->assign.value, parse_assignment(parser))
  } else if (!(f.in_for_head && at_for_each_word(parser))) {
    Node *target = f.node->assign.target;
    if (parser->lexer.failed) return NULL;
    if (target->kind != NODE_BINDING_IDENTIFIER)
      return parser_fail_node(parser, target, "a destructuring declaration needs an initialiser");
    if (f.kind >= VARIABLE_CONST) {
      return parser_fail_node(parser, target, "a %s declaration needs an initialiser",
                              f.kind == VARIABLE_CONST ? "constant" : "'using'");
    }
    target->flags &= (uint16_t)~NODE_FLAG_ASSIGNED;  // `var x;` changes nothing
  }
  node_finish(parser, f.node);
  // In `for (let x of ...)` the names get their values at the start of the body.
  bool in_for_each = f.in_for_head && at_for_each_word(parser) && !f.node->assign.value;
  if (f.kind != VARIABLE_VAR && !in_for_each) scope_mark_initialized(f.scope, f.last, f.node->end);
  return f.node;
  RETURN_SUSPENDED(f, resume_declarator)
}
static void *resume_declarator(Parser *parser) { return parse_declarator(parser, VARIABLE_VAR, false); }

// The declarators; the keywords have been passed.
static void *resume_variable(Parser *parser);

Node *parse_variable(Parser *parser, VariableKind kind, bool in_for_head) {
  struct {
    Node *node;
    uint32_t mark;
    VariableKind kind;
    bool in_for_head;
  } f = {0};
  PRODUCTION(f)
  f.kind = kind;
  f.in_for_head = in_for_head;
  f.node = NODE_NEW(parser, NODE_VARIABLE, variable, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.node->operator = kind;
  if (kind >= VARIABLE_USING) {
    parser->scope->has_using = true;
    if (parser->scope == parser->state->var_scope) parser->state->function->has_using = true;
    if (kind == VARIABLE_AWAIT_USING) parser->state->function->has_await = true;
  }
  f.mark = parser->stack_count;
  do {
    Node *declarator;
    PARSE_OR_LEAVE(1, declarator, parse_declarator(parser, f.kind, f.in_for_head))
    if (!parser_push(parser, declarator)) return NULL;
  } while (parser_accept(parser, TOKEN_COMMA));
  if (!parser_take_list(parser, f.mark, &f.node->variable.declarators)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_variable)
}
static void *resume_variable(Parser *parser) { return parse_variable(parser, VARIABLE_VAR, false); }

static void *resume_variable_statement(Parser *parser);

static Node *parse_variable_statement(Parser *parser, VariableKind kind) {
  struct {
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  parser_next(parser);
  if (kind == VARIABLE_AWAIT_USING) parser_next(parser);
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_variable(parser, kind, false))
  if (!parser_consume_semicolon(parser)) return NULL;
  node->start = f.start;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_variable_statement)
}
static void *resume_variable_statement(Parser *parser) { return parse_variable_statement(parser, VARIABLE_VAR); }

// At `let`, which may be a plain name in sloppy code.
bool parser_at_let_declaration(Parser *parser) {
  if (!parser_at_word(parser, NAME_let)) return false;
  switch (lexer_peek(&parser->lexer, NULL)) {
    case TOKEN_IDENTIFIER:
    case TOKEN_LEFT_BRACKET:
    case TOKEN_LEFT_BRACE:
    case TOKEN_ESCAPED_KEYWORD: return true;
    // A keyword may not be declared, but `let in` and `let instanceof` are expressions.
    case TOKEN_IN:
    case TOKEN_INSTANCEOF: return false;
    default: return parser->is_strict;
  }
}

// The token after the next one, for `await using x` and `using of = `.
static unsigned peek_second(Parser *parser, Token *token) {
  Lexer saved = parser->lexer;
  lexer_peek(&parser->lexer, token);
  parser->lexer.is_peeking = true;
  lexer_next(&parser->lexer);
  unsigned type = lexer_peek(&parser->lexer, token);
  uint16_t *scratch = parser->lexer.scratch;
  uint32_t capacity = parser->lexer.scratch_capacity;
  NameTable names = parser->lexer.names;
  bool is_final = parser->error->status != PARSE_OK;
  parser->lexer = saved;
  parser->lexer.names = names;
  parser->lexer.scratch = scratch;
  parser->lexer.scratch_capacity = capacity;
  if (is_final) parser->lexer.failed = true;
  return type;
}

bool parser_at_using_declaration(Parser *parser, VariableKind *kind, bool in_for_head) {
  Token next;
  if (parser_at_word(parser, NAME_using)) {
    *kind = VARIABLE_USING;
    if (lexer_peek(&parser->lexer, &next) != TOKEN_IDENTIFIER || next.newline_before) return false;
    if (!in_for_head || next.has_escape || next.name->well_known != NAME_of) return true;
    // `for (using of` begins a for-of over the name `using`, unless `of` is a declared name here.
    return peek_second(parser, &next) == TOKEN_ASSIGN;
  }
  if (!parser_at_word(parser, NAME_await) || !parser->state->await_allowed) return false;
  *kind = VARIABLE_AWAIT_USING;
  if (lexer_peek(&parser->lexer, &next) != TOKEN_IDENTIFIER || next.newline_before || next.has_escape ||
      next.name->well_known != NAME_using)
    return false;
  return peek_second(parser, &next) == TOKEN_IDENTIFIER && !next.newline_before;
}

// --- Blocks ---

static void *resume_statements(Parser *parser);

bool parse_statements(Parser *parser, unsigned end_type) {
  struct {
    uint32_t end_type;
  } f = {0};
  PRODUCTION(f)
  f.end_type = end_type;
  while (parser->lexer.token.type != f.end_type) {
    Node *statement;
    PARSE_OR_LEAVE(1, statement, parse_statement(parser, STATEMENT_IN_LIST))
    if (!parser_push(parser, statement)) return false;
  }
  return !parser->lexer.failed;
  RETURN_SUSPENDED(f, resume_statements)
}
static void *resume_statements(Parser *parser) { return parse_statements(parser, 0) ? parser : NULL; }

static void *resume_block(Parser *parser);

Node *parse_block_in_scope(Parser *parser, ScopeKind kind) {
  struct {
    Node *node;
    uint32_t mark, opener;
  } f = {0};
  PRODUCTION(f)
  Node *node = f.node = NODE_NEW(parser, NODE_BLOCK, block, parser->lexer.token.start);
  if (!node) return NULL;
  node->block.scope = scope_open(parser, kind, node->start);
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  if (!node->block.scope || !parser_expect(parser, TOKEN_LEFT_BRACE)) return NULL;
  SUCCEED_OR_LEAVE(1, parse_statements(parser, TOKEN_RIGHT_BRACE))
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->block.statements) || !scope_close(parser)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_block)
}
static void *resume_block(Parser *parser) { return parse_block_in_scope(parser, SCOPE_BLOCK); }

// --- Simple statements ---

static void *resume_operand_statement(Parser *parser);

static Node *parse_operand_statement(Parser *parser, NodeKind kind) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, kind, unary, parser->lexer.token.start);
  if (!f.node) return NULL;
  const Token *token = &parser->lexer.token;
  if (kind == NODE_RETURN && !parser->state->return_allowed) {
    return parser_fail(parser, token->start, token->end, "'return' is only allowed in functions");
  }
  parser_next(parser);
  bool has_operand = !token->newline_before && token->type != TOKEN_SEMICOLON && token->type != TOKEN_RIGHT_BRACE &&
                     token->type != TOKEN_END;
  if (!has_operand && kind == NODE_THROW && !parser->lexer.failed) {
    return parser_fail(parser, token->start, token->end, "'throw' needs an expression on the same line");
  }
  if (has_operand) {
    PARSE_OR_LEAVE(1, f.node->unary.operand, parse_expression(parser))
  }
  if (!parser_consume_semicolon(parser)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_operand_statement)
}
static void *resume_operand_statement(Parser *parser) { return parse_operand_statement(parser, NODE_EMPTY); }

static LabelState *find_label(Parser *parser, const Name *label) {
  LabelState *state = parser->state->labels;
  for (; state && state->label != label; state = state->outer) fuel_spend(parser->lexer.fuel, 1);
  return state;
}

static Node *jump_target(Parser *parser, NodeKind kind, const Token *label, uint32_t start, uint32_t end) {
  if (label) {
    LabelState *state = find_label(parser, label->name);
    if (!state) return parser_fail(parser, label->start, label->end, "label '%v' is not defined", &label->name->text);
    if (kind == NODE_BREAK) return state->statement;
    if (!state->loop) return parser_fail(parser, label->start, label->end, "'continue' needs the label of a loop");
    return state->loop;
  }
  for (LabelState *state = parser->state->labels; state; state = state->outer) {
    fuel_spend(parser->lexer.fuel, 1);
    if (!state->label && (kind == NODE_BREAK || state->loop)) return state->statement;
  }
  return parser_fail(
      parser, start, end,
      kind == NODE_BREAK ? "'break' is only allowed in loops and 'switch'" : "'continue' is only allowed in loops");
}

static Node *parse_jump(Parser *parser, NodeKind kind) {
  const Token *token = &parser->lexer.token;
  uint32_t start = token->start, end = token->end;
  Node *node = NODE_NEW(parser, kind, jump, start);
  if (!node) return NULL;
  parser_next(parser);
  Token label = *token;
  bool has_label = label.type == TOKEN_IDENTIFIER && !label.newline_before;
  if (has_label) {
    if (!check_identifier(parser, token, false)) return NULL;
    node->jump.label = label.name;
    parser_next(parser);
  }
  if (!(node->jump.target = jump_target(parser, kind, has_label ? &label : NULL, start, end))) return NULL;
  if (!parser_consume_semicolon(parser)) return NULL;
  node_finish(parser, node);
  return node;
}

// A function as the body of `if` is in a block of its own.
static void *resume_if_branch(Parser *parser);

static Node *parse_if_branch(Parser *parser) {
  struct {
    Node *block;
  } f = {0};
  PRODUCTION(f)
  if (!parser_at(parser, TOKEN_FUNCTION)) return parse_statement(parser, STATEMENT_OF_IF);
  const Token *token = &parser->lexer.token;
  if (parser->is_strict) {
    return parser_fail(parser, token->start, token->end,
                       "in strict mode functions may only be declared at the top level or in a block");
  }
  f.block = NODE_NEW(parser, NODE_BLOCK, block, token->start);
  if (!f.block || !(f.block->block.scope = scope_open(parser, SCOPE_BLOCK, token->start))) return NULL;
  Node *function;
  PARSE_OR_LEAVE(1, function, parse_function_declaration(parser, false, true))
  uint32_t mark = parser->stack_count;
  if (!parser_push(parser, function) || !parser_take_list(parser, mark, &f.block->block.statements)) return NULL;
  if (!scope_close(parser)) return NULL;
  node_finish(parser, f.block);
  return f.block;
  RETURN_SUSPENDED(f, resume_if_branch)
}
static void *resume_if_branch(Parser *parser) { return parse_if_branch(parser); }

static void *resume_condition(Parser *parser);

Node *parse_condition(Parser *parser) {
  struct {
    uint32_t opener;
  } f = {0};
  PRODUCTION(f)
  f.opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return NULL;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_expression(parser))
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = f.opener;
  return node;
  RETURN_SUSPENDED(f, resume_condition)
}
static void *resume_condition(Parser *parser) { return parse_condition(parser); }

// `else if` chains are followed by a loop: they may be long.
static void *resume_if(Parser *parser);

static Node *parse_if(Parser *parser) {
  struct {
    Node *first, *node;
    uint32_t mark;
  } f = {0};
  PRODUCTION(f)
  f.mark = parser->stack_count;
  for (;;) {
    Node *node = NODE_NEW(parser, NODE_IF, conditional, parser->lexer.token.start);
    if (!node || !parser_push(parser, node)) return NULL;
    if (f.node) f.node->conditional.alternate = node;
    else f.first = node;
    f.node = node;
    parser_next(parser);
    PARSE_OR_LEAVE(1, f.node->conditional.test, parse_condition(parser))
    PARSE_OR_LEAVE(2, f.node->conditional.consequent, parse_if_branch(parser))
    if (!parser_accept(parser, TOKEN_ELSE)) break;
    if (parser_at(parser, TOKEN_IF)) continue;
    PARSE_OR_LEAVE(3, f.node->conditional.alternate, parse_if_branch(parser))
    break;
  }
  for (uint32_t i = f.mark; i < parser->stack_count; i++) node_finish(parser, parser->stack[i]);
  parser->stack_count = f.mark;
  return f.first;
  RETURN_SUSPENDED(f, resume_if)
}
static void *resume_if(Parser *parser) { return parse_if(parser); }

static void *resume_with(Parser *parser);

static Node *parse_with(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  const Token *token = &parser->lexer.token;
  if (parser->is_strict) return parser_fail(parser, token->start, token->end, "'with' is not allowed in strict mode");
  f.node = NODE_NEW(parser, NODE_WITH, with, token->start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->with.object, parse_condition(parser))
  if (!(f.node->with.scope = scope_open(parser, SCOPE_WITH, parser->lexer.token.start))) return NULL;
  PARSE_OR_LEAVE(2, f.node->with.body, parse_statement(parser, STATEMENT_OF_LOOP))
  if (!scope_close(parser)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_with)
}
static void *resume_with(Parser *parser) { return parse_with(parser); }

// --- Switch ---

static void *resume_case(Parser *parser);

static Node *parse_case(Parser *parser, LabelState *label) {
  struct {
    Node *node;
    uint32_t mark;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_CASE, case_, token->start);
  if (!f.node) return NULL;
  if (parser_accept(parser, TOKEN_CASE)) {
    PARSE_OR_LEAVE(1, f.node->case_.test, parse_expression(parser))
  } else {
    if (label->has_default) return parser_fail(parser, token->start, token->end, "a switch has at most one 'default'");
    label->has_default = true;
    if (!parser_accept(parser, TOKEN_DEFAULT)) return parser_fail_expected(parser, "'case', 'default' or '}'");
  }
  if (!parser_expect(parser, TOKEN_COLON)) return NULL;
  f.mark = parser->stack_count;
  while (token->type != TOKEN_CASE && token->type != TOKEN_DEFAULT && token->type != TOKEN_RIGHT_BRACE) {
    Node *statement;
    PARSE_OR_LEAVE(2, statement, parse_statement(parser, STATEMENT_IN_LIST))
    if (!parser_push(parser, statement)) return NULL;
  }
  if (!parser_take_list(parser, f.mark, &f.node->case_.statements)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_case)
}
static void *resume_case(Parser *parser) { return parse_case(parser, NULL); }

static void *resume_switch(Parser *parser);

static Node *parse_switch(Parser *parser) {
  struct {
    Node *node;
    LabelState *label;
    uint32_t opener, mark;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_SWITCH, switch_, parser->lexer.token.start);
  f.label = PARSER_NEW(parser, LabelState);
  if (!f.node || !f.label) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->switch_.discriminant, parse_condition(parser))
  f.node->switch_.scope = scope_open(parser, SCOPE_SWITCH, parser->lexer.token.start);
  f.opener = parser_open(parser);
  if (!f.node->switch_.scope || !parser_expect(parser, TOKEN_LEFT_BRACE)) return NULL;
  *f.label = (LabelState){.outer = parser->state->labels, .statement = f.node};
  parser->state->labels = f.label;
  f.mark = parser->stack_count;
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    Node *case_;
    PARSE_OR_LEAVE(2, case_, parse_case(parser, f.label))
    if (!parser_push(parser, case_)) return NULL;
  }
  parser->state->labels = f.label->outer;
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->switch_.cases) || !scope_close(parser)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_switch)
}
static void *resume_switch(Parser *parser) { return parse_switch(parser); }

// --- Try ---

static void *resume_catch_parameter(Parser *parser);

static bool parse_catch_parameter(Parser *parser, Node *node) {
  struct {
    Node *node;
    uint32_t opener;
  } f = {0};
  PRODUCTION(f)
  f.node = node;
  uint32_t start = parser->lexer.token.start;
  f.opener = parser_open(parser);
  if (!parser_accept(parser, TOKEN_LEFT_PAREN)) {
    parser->opener = f.opener;
    return true;
  }
  Scope *scope = node->try_.catch_scope = scope_open(parser, SCOPE_CATCH, start);
  if (!scope) return false;
  scope->is_simple_catch = !parser_at(parser, TOKEN_LEFT_BRACKET) && !parser_at(parser, TOKEN_LEFT_BRACE);
  PARSE_OR_LEAVE(1, f.node->try_.parameter,
                 parse_binding_target(parser, scope->is_simple_catch ? BINDING_CATCH_PARAMETER : BINDING_CATCH_PATTERN))
  scope_mark_initialized(parser->scope, NULL, parser->scope->is_simple_catch ? 0 : parser->lexer.previous_end);
  if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return false;
  parser->opener = f.opener;
  return true;
  RETURN_SUSPENDED(f, resume_catch_parameter)
}
static void *resume_catch_parameter(Parser *parser) { return parse_catch_parameter(parser, NULL) ? parser : NULL; }

static void *resume_try(Parser *parser);

static Node *parse_try(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_TRY, try_, parser->lexer.token.start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->try_.block, parse_block_in_scope(parser, SCOPE_BLOCK))
  if (parser_accept(parser, TOKEN_CATCH)) {
    SUCCEED_OR_LEAVE(2, parse_catch_parameter(parser, f.node))
    PARSE_OR_LEAVE(3, f.node->try_.handler, parse_block_in_scope(parser, SCOPE_BLOCK))
    if (f.node->try_.catch_scope && !scope_close(parser)) return NULL;
  }
  if (parser_accept(parser, TOKEN_FINALLY)) {
    PARSE_OR_LEAVE(4, f.node->try_.finalizer, parse_block_in_scope(parser, SCOPE_BLOCK))
  } else if (!f.node->try_.handler) {
    const Token *token = &parser->lexer.token;
    return parser_fail(parser, token->start, token->end, "'try' needs 'catch' or 'finally'");
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_try)
}
static void *resume_try(Parser *parser) { return parse_try(parser); }

// --- Labels and expressions ---

static Node *parse_label_body(Parser *parser, StatementContext context) {
  if (!parser_at(parser, TOKEN_FUNCTION)) {
    return parse_statement(parser, context <= STATEMENT_OF_LABEL ? STATEMENT_OF_LABEL : STATEMENT_OF_LOOP);
  }
  const Token *token = &parser->lexer.token;
  if (parser->is_strict || context > STATEMENT_OF_LABEL) {
    return parser_fail(parser, token->start, token->end, "a function may not be labelled here");
  }
  return parse_function_declaration(parser, false, true);
}

static void *resume_labeled(Parser *parser);

static Node *parse_labeled(Parser *parser, Node *identifier, StatementContext context) {
  struct {
    Node *node;
    LabelState *outer;
  } f = {0};
  PRODUCTION(f)
  Name *name = identifier->identifier.name;
  if (find_label(parser, name)) {
    return parser_fail_node(parser, identifier, "label '%v' has already been declared", &name->text);
  }
  reference_cancel(identifier);
  f.node = NODE_NEW(parser, NODE_LABELED, labeled, identifier->start);
  LabelState *label = PARSER_NEW(parser, LabelState);
  if (!f.node || !label) return NULL;
  parser_next(parser);
  f.node->labeled.label = name;
  f.outer = parser->state->labels;
  *label = (LabelState){.outer = f.outer, .label = name, .statement = f.node};
  switch (parser->lexer.token.type) {
    case TOKEN_FOR:
    case TOKEN_WHILE:
    case TOKEN_DO:
    case TOKEN_IDENTIFIER: label->awaits_loop = true; break;
    default: break;
  }
  parser->state->labels = label;
  PARSE_OR_LEAVE(1, f.node->labeled.body, parse_label_body(parser, context))
  parser->state->labels = f.outer;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_labeled)
}
static void *resume_labeled(Parser *parser) { return parse_labeled(parser, NULL, STATEMENT_IN_LIST); }

// At a `let` that begins no declaration.
static bool fits_let_as_name(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  Token next;
  unsigned type = lexer_peek(&parser->lexer, &next);
  bool is_declaration = type == TOKEN_IDENTIFIER || type == TOKEN_LEFT_BRACE;
  if (type == TOKEN_LEFT_BRACKET || (is_declaration && !next.newline_before && context != STATEMENT_IN_LIST)) {
    return parser_fail(parser, token->start, token->end, "a declaration is not allowed here without a block");
  }
  if (!token_is_keyword(type) || type == TOKEN_IN || type == TOKEN_INSTANCEOF || next.newline_before) return true;
  parser_next(parser);
  return parser_fail_at_name(parser);
}

static void *resume_expression_statement(Parser *parser);

static Node *parse_expression_statement(Parser *parser, StatementContext context) {
  struct {
    uint32_t start;
    StatementContext context;
    bool may_be_label;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  f.start = token->start;
  f.context = context;
  f.may_be_label = token->type == TOKEN_IDENTIFIER;
  Token next;
  if (parser_at_word(parser, NAME_let) && !fits_let_as_name(parser, context)) return NULL;
  if (parser_at_word(parser, NAME_async)) {
    if (lexer_peek(&parser->lexer, &next) == TOKEN_FUNCTION && !next.newline_before) {
      return parser_fail(parser, f.start, token->end, "an async function may not be declared here");
    }
  }
  Node *expression;
  PARSE_OR_LEAVE(1, expression, parse_expression(parser))
  if (f.may_be_label && token->type == TOKEN_COLON && expression->kind == NODE_IDENTIFIER &&
      !(expression->flags & NODE_FLAG_PARENTHESIZED))
    return parse_labeled(parser, expression, f.context);
  Node *node = NODE_NEW(parser, NODE_EXPRESSION_STATEMENT, unary, f.start);
  if (!node || !parser_consume_semicolon(parser)) return NULL;
  node->unary.operand = expression;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_expression_statement)
}
static void *resume_expression_statement(Parser *parser) {
  return parse_expression_statement(parser, STATEMENT_IN_LIST);
}

static Node *parse_leaf(Parser *parser, NodeKind kind) {
  Node *node = NODE_NEW(parser, kind, unary, parser->lexer.token.start);
  parser_next(parser);
  if (!node || (kind == NODE_DEBUGGER && !parser_consume_semicolon(parser))) return NULL;
  node_finish(parser, node);
  return node;
}

// Declarations that are allowed only in a statement list; NULL without failing or suspending when there is none.
static Node *parse_word_declaration(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (parser_at_word(parser, NAME_let) && parser_at_let_declaration(parser)) {
    return parse_variable_statement(parser, VARIABLE_LET);
  }
  if (parser_at_word(parser, NAME_async)) {
    Token next;
    if (lexer_peek(&parser->lexer, &next) == TOKEN_FUNCTION && !next.newline_before) {
      return parse_function_declaration(parser, false, false);
    }
  }
  VariableKind kind;
  if (!parser_at_using_declaration(parser, &kind, false)) return NULL;
  if (parser->scope->kind == SCOPE_SCRIPT || parser->scope->kind == SCOPE_EVAL || parser->scope->kind == SCOPE_SWITCH) {
    return parser_fail(parser, token->start, token->end,
                       "'using' is not allowed at the top level of a script or in a case");
  }
  return parse_variable_statement(parser, kind);
}

static bool is_module_item(Parser *parser) {
  return parser->is_module && parser->scope->kind == SCOPE_MODULE && !parser->state->labels;
}

static Node *parse_import_statement(Parser *parser, StatementContext context) {
  unsigned type = lexer_peek(&parser->lexer, NULL);
  if (type == TOKEN_LEFT_PAREN || type == TOKEN_DOT) return parse_expression_statement(parser, context);
  const Token *token = &parser->lexer.token;
  if (!is_module_item(parser) || context != STATEMENT_IN_LIST) {
    return parser_fail(parser, token->start, token->end,
                       "'import' declarations are only allowed at the top level of a module");
  }
  return parse_import_declaration(parser);
}

static Node *parse_export_statement(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  if (!is_module_item(parser) || context != STATEMENT_IN_LIST) {
    return parser_fail(parser, token->start, token->end, "'export' is only allowed at the top level of a module");
  }
  return parse_export_declaration(parser);
}

static void *resume_decorated_declaration(Parser *parser);

static Node *parse_decorated_declaration(Parser *parser) {
  struct {
    bool none;
  } f = {0};
  PRODUCTION(f)
  SUCCEED_OR_LEAVE(1, parse_decorators(parser))
  if (parser_at(parser, TOKEN_EXPORT)) return parse_export_statement(parser, STATEMENT_IN_LIST);
  return parse_class(parser, true, false);
  RETURN_SUSPENDED(f, resume_decorated_declaration)
}
static void *resume_decorated_declaration(Parser *parser) { return parse_decorated_declaration(parser); }

static Node *parse_declaration_keyword(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  if (context != STATEMENT_IN_LIST) {
    return parser_fail(parser, token->start, token->end, "a declaration is not allowed here without a block");
  }
  if (token->type == TOKEN_AT) return parse_decorated_declaration(parser);
  switch (token->type) {
    case TOKEN_FUNCTION: return parse_function_declaration(parser, false, false);
    case TOKEN_CLASS: return parse_class(parser, true, false);
    default: return parse_variable_statement(parser, VARIABLE_CONST);
  }
}

static Node *parse_statement_inner(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  switch (token->type) {
    case TOKEN_LEFT_BRACE: return parse_block_in_scope(parser, SCOPE_BLOCK);
    case TOKEN_SEMICOLON: return parse_leaf(parser, NODE_EMPTY);
    case TOKEN_VAR: return parse_variable_statement(parser, VARIABLE_VAR);
    case TOKEN_IF: return parse_if(parser);
    case TOKEN_RETURN: return parse_operand_statement(parser, NODE_RETURN);
    case TOKEN_THROW: return parse_operand_statement(parser, NODE_THROW);
    case TOKEN_FOR:
    case TOKEN_WHILE:
    case TOKEN_DO: return parse_for(parser);
    case TOKEN_BREAK: return parse_jump(parser, NODE_BREAK);
    case TOKEN_CONTINUE: return parse_jump(parser, NODE_CONTINUE);
    case TOKEN_SWITCH: return parse_switch(parser);
    case TOKEN_TRY: return parse_try(parser);
    case TOKEN_WITH: return parse_with(parser);
    case TOKEN_DEBUGGER: return parse_leaf(parser, NODE_DEBUGGER);
    case TOKEN_CONST:
    case TOKEN_CLASS:
    case TOKEN_FUNCTION:
    case TOKEN_AT: return parse_declaration_keyword(parser, context);
    case TOKEN_IMPORT: return parse_import_statement(parser, context);
    case TOKEN_EXPORT: return parse_export_statement(parser, context);
    case TOKEN_IDENTIFIER:
      if (context == STATEMENT_IN_LIST && UNLIKELY(token->name->well_known)) {
        Node *declaration = parse_word_declaration(parser);
        if (declaration || parser->lexer.failed || parser->is_suspending) return declaration;
      }
      break;
    default: break;
  }
  return parse_expression_statement(parser, context);
}

static void *begin_statement(Parser *parser, uint32_t context);
static void *resume_statement(Parser *parser);

Node *parse_statement(Parser *parser, StatementContext context) {
  struct {
    bool none;
  } f = {0};
  PRODUCTION(f)
  if (parser_suspends(parser, begin_statement, context)) return NULL;
  parser_enter(parser);
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_statement_inner(parser, context))
  parser_leave(parser);
  return node;
  RETURN_SUSPENDED(f, resume_statement)
}
static void *begin_statement(Parser *parser, uint32_t context) {
  return parse_statement(parser, (StatementContext)context);
}
static void *resume_statement(Parser *parser) { return parse_statement(parser, STATEMENT_IN_LIST); }
