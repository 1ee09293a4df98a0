// Statements and declarations, except loops, imports and exports.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/parser_internal.h"

// --- Declarations ---

static BindingKind variable_binding_kind(VariableKind kind) {
  static const uint8_t kinds[] = {BINDING_VAR, BINDING_LET, BINDING_CONST, BINDING_USING, BINDING_AWAIT_USING};
  return kinds[kind];
}

static bool at_for_each_word(const Parser *parser) {
  return parser_at(parser, TOKEN_IN) || parser_at_word(parser, NAME_of);
}

static Node *parse_declarator(Parser *parser, VariableKind kind, bool in_for_head) {
  Node *node = NODE_NEW(parser, NODE_DECLARATOR, assign, parser->lexer.token.start);
  if (!node) return NULL;
  Scope *scope = parser->scope;
  const Binding *last = scope->last_binding;
  bool identifier_only = kind >= VARIABLE_USING;
  BindingKind binding_kind = variable_binding_kind(kind);
  Node *target =
      identifier_only ? parse_binding_identifier(parser, binding_kind) : parse_binding_target(parser, binding_kind);
  if (!target) return NULL;
  node->assign.target = target;
  if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
  if (parser_accept(parser, TOKEN_ASSIGN)) {
    if (!(node->assign.value = parse_assignment(parser))) return NULL;
  } else if (!(in_for_head && at_for_each_word(parser))) {
    if (parser->lexer.failed) return NULL;
    if (target->kind != NODE_BINDING_IDENTIFIER)
      return parser_fail_node(parser, target, "a destructuring declaration needs an initialiser");
    if (kind >= VARIABLE_CONST) {
      return parser_fail_node(parser, target, "a %s declaration needs an initialiser",
                              kind == VARIABLE_CONST ? "constant" : "'using'");
    }
    target->flags &= (uint16_t)~NODE_FLAG_ASSIGNED;  // `var x;` changes nothing
  }
  node_finish(parser, node);
  // In `for (let x of ...)` the names get their values at the start of the body.
  bool in_for_each = in_for_head && at_for_each_word(parser) && !node->assign.value;
  if (kind != VARIABLE_VAR && !in_for_each) scope_mark_initialized(scope, last, node->end);
  return node;
}

// The declarators; the keywords have been passed.
Node *parse_variable(Parser *parser, VariableKind kind, bool in_for_head) {
  Node *node = NODE_NEW(parser, NODE_VARIABLE, variable, parser->lexer.token.start);
  if (!node) return NULL;
  node->operator = kind;
  if (kind >= VARIABLE_USING) {
    parser->scope->has_using = true;
    if (parser->scope == parser->state->var_scope) parser->state->function->has_using = true;
    if (kind == VARIABLE_AWAIT_USING) parser->state->function->has_await = true;
  }
  uint32_t mark = parser->stack_count;
  do {
    Node *declarator = parse_declarator(parser, kind, in_for_head);
    if (!declarator || !parser_push(parser, declarator)) return NULL;
  } while (parser_accept(parser, TOKEN_COMMA));
  if (!parser_take_list(parser, mark, &node->variable.declarators)) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_variable_statement(Parser *parser, VariableKind kind) {
  uint32_t start = parser->lexer.token.start;
  parser_next(parser);
  if (kind == VARIABLE_AWAIT_USING) parser_next(parser);
  Node *node = parse_variable(parser, kind, false);
  if (!node || !parser_consume_semicolon(parser)) return NULL;
  node->start = start;
  node_finish(parser, node);
  return node;
}

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

bool parse_statements(Parser *parser, unsigned end_type) {
  while (parser->lexer.token.type != end_type) {
    Node *statement = parse_statement(parser, STATEMENT_IN_LIST);
    if (!statement || !parser_push(parser, statement)) return false;
  }
  return !parser->lexer.failed;
}

Node *parse_block_in_scope(Parser *parser, ScopeKind kind) {
  Node *node = NODE_NEW(parser, NODE_BLOCK, block, parser->lexer.token.start);
  if (!node) return NULL;
  node->block.scope = scope_open(parser, kind, node->start);
  uint32_t mark = parser->stack_count, opener = parser_open(parser);
  if (!node->block.scope || !parser_expect(parser, TOKEN_LEFT_BRACE)) return NULL;
  if (!parse_statements(parser, TOKEN_RIGHT_BRACE)) return NULL;
  parser->opener = opener;
  parser_next(parser);
  if (!parser_take_list(parser, mark, &node->block.statements) || !scope_close(parser)) return NULL;
  node_finish(parser, node);
  return node;
}

// --- Simple statements ---

static Node *parse_operand_statement(Parser *parser, NodeKind kind) {
  Node *node = NODE_NEW(parser, kind, unary, parser->lexer.token.start);
  if (!node) return NULL;
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
  if (has_operand && !(node->unary.operand = parse_expression(parser))) return NULL;
  if (!parser_consume_semicolon(parser)) return NULL;
  node_finish(parser, node);
  return node;
}

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
static Node *parse_if_branch(Parser *parser) {
  if (!parser_at(parser, TOKEN_FUNCTION)) return parse_statement(parser, STATEMENT_OF_IF);
  const Token *token = &parser->lexer.token;
  if (parser->is_strict) {
    return parser_fail(parser, token->start, token->end,
                       "in strict mode functions may only be declared at the top level or in a block");
  }
  Node *block = NODE_NEW(parser, NODE_BLOCK, block, token->start);
  if (!block || !(block->block.scope = scope_open(parser, SCOPE_BLOCK, token->start))) return NULL;
  Node *function = parse_function_declaration(parser, false, true);
  uint32_t mark = parser->stack_count;
  if (!function || !parser_push(parser, function) || !parser_take_list(parser, mark, &block->block.statements))
    return NULL;
  if (!scope_close(parser)) return NULL;
  node_finish(parser, block);
  return block;
}

Node *parse_condition(Parser *parser) {
  uint32_t opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return NULL;
  Node *node = parse_expression(parser);
  if (!node || !parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = opener;
  return node;
}

// `else if` chains are followed by a loop: they may be long.
static Node *parse_if(Parser *parser) {
  Node *first = NULL, **link = &first;
  uint32_t mark = parser->stack_count;
  for (;;) {
    Node *node = NODE_NEW(parser, NODE_IF, conditional, parser->lexer.token.start);
    if (!node || !parser_push(parser, node)) return NULL;
    *link = node;
    parser_next(parser);
    if (!(node->conditional.test = parse_condition(parser))) return NULL;
    if (!(node->conditional.consequent = parse_if_branch(parser))) return NULL;
    if (!parser_accept(parser, TOKEN_ELSE)) break;
    link = &node->conditional.alternate;
    if (parser_at(parser, TOKEN_IF)) continue;
    if (!(*link = parse_if_branch(parser))) return NULL;
    break;
  }
  for (uint32_t i = mark; i < parser->stack_count; i++) node_finish(parser, parser->stack[i]);
  parser->stack_count = mark;
  return first;
}

static Node *parse_with(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (parser->is_strict) return parser_fail(parser, token->start, token->end, "'with' is not allowed in strict mode");
  Node *node = NODE_NEW(parser, NODE_WITH, with, token->start);
  if (!node) return NULL;
  parser_next(parser);
  if (!(node->with.object = parse_condition(parser))) return NULL;
  if (!(node->with.scope = scope_open(parser, SCOPE_WITH, token->start))) return NULL;
  if (!(node->with.body = parse_statement(parser, STATEMENT_OF_LOOP)) || !scope_close(parser)) return NULL;
  node_finish(parser, node);
  return node;
}

// --- Switch ---

static Node *parse_case(Parser *parser, bool *has_default) {
  const Token *token = &parser->lexer.token;
  Node *node = NODE_NEW(parser, NODE_CASE, case_, token->start);
  if (!node) return NULL;
  if (parser_accept(parser, TOKEN_CASE)) {
    if (!(node->case_.test = parse_expression(parser))) return NULL;
  } else {
    if (*has_default) return parser_fail(parser, token->start, token->end, "a switch has at most one 'default'");
    *has_default = true;
    if (!parser_accept(parser, TOKEN_DEFAULT)) return parser_fail_expected(parser, "'case', 'default' or '}'");
  }
  if (!parser_expect(parser, TOKEN_COLON)) return NULL;
  uint32_t mark = parser->stack_count;
  while (token->type != TOKEN_CASE && token->type != TOKEN_DEFAULT && token->type != TOKEN_RIGHT_BRACE) {
    Node *statement = parse_statement(parser, STATEMENT_IN_LIST);
    if (!statement || !parser_push(parser, statement)) return NULL;
  }
  if (!parser_take_list(parser, mark, &node->case_.statements)) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_switch(Parser *parser) {
  Node *node = NODE_NEW(parser, NODE_SWITCH, switch_, parser->lexer.token.start);
  if (!node) return NULL;
  parser_next(parser);
  if (!(node->switch_.discriminant = parse_condition(parser))) return NULL;
  node->switch_.scope = scope_open(parser, SCOPE_SWITCH, parser->lexer.token.start);
  uint32_t opener = parser_open(parser);
  if (!node->switch_.scope || !parser_expect(parser, TOKEN_LEFT_BRACE)) return NULL;
  LabelState label = {.outer = parser->state->labels, .statement = node};
  parser->state->labels = &label;
  uint32_t mark = parser->stack_count;
  bool has_default = false;
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    Node *case_ = parse_case(parser, &has_default);
    if (!case_ || !parser_push(parser, case_)) return NULL;
  }
  parser->state->labels = label.outer;
  parser->opener = opener;
  parser_next(parser);
  if (!parser_take_list(parser, mark, &node->switch_.cases) || !scope_close(parser)) return NULL;
  node_finish(parser, node);
  return node;
}

// --- Try ---

static bool parse_catch_parameter(Parser *parser, Node *node) {
  uint32_t start = parser->lexer.token.start, opener = parser_open(parser);
  if (!parser_accept(parser, TOKEN_LEFT_PAREN)) {
    parser->opener = opener;
    return true;
  }
  Scope *scope = node->try_.catch_scope = scope_open(parser, SCOPE_CATCH, start);
  if (!scope) return false;
  bool is_pattern = parser_at(parser, TOKEN_LEFT_BRACKET) || parser_at(parser, TOKEN_LEFT_BRACE);
  scope->is_simple_catch = !is_pattern;
  node->try_.parameter = parse_binding_target(parser, is_pattern ? BINDING_CATCH_PATTERN : BINDING_CATCH_PARAMETER);
  if (!node->try_.parameter) return false;
  scope_mark_initialized(scope, NULL, is_pattern ? parser->lexer.previous_end : 0);
  if (parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return false;
  parser->opener = opener;
  return true;
}

static Node *parse_try(Parser *parser) {
  Node *node = NODE_NEW(parser, NODE_TRY, try_, parser->lexer.token.start);
  if (!node) return NULL;
  parser_next(parser);
  if (!(node->try_.block = parse_block_in_scope(parser, SCOPE_BLOCK))) return NULL;
  if (parser_accept(parser, TOKEN_CATCH)) {
    if (!parse_catch_parameter(parser, node)) return NULL;
    if (!(node->try_.handler = parse_block_in_scope(parser, SCOPE_BLOCK))) return NULL;
    if (node->try_.catch_scope && !scope_close(parser)) return NULL;
  }
  if (parser_accept(parser, TOKEN_FINALLY)) {
    if (!(node->try_.finalizer = parse_block_in_scope(parser, SCOPE_BLOCK))) return NULL;
  } else if (!node->try_.handler) {
    const Token *token = &parser->lexer.token;
    return parser_fail(parser, token->start, token->end, "'try' needs 'catch' or 'finally'");
  }
  node_finish(parser, node);
  return node;
}

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

static Node *parse_labeled(Parser *parser, Node *identifier, StatementContext context) {
  Name *name = identifier->identifier.name;
  if (find_label(parser, name)) {
    return parser_fail_node(parser, identifier, "label '%v' has already been declared", &name->text);
  }
  reference_cancel(identifier);
  Node *node = NODE_NEW(parser, NODE_LABELED, labeled, identifier->start);
  if (!node) return NULL;
  parser_next(parser);
  node->labeled.label = name;
  LabelState label = {.outer = parser->state->labels, .label = name, .statement = node};
  switch (parser->lexer.token.type) {
    case TOKEN_FOR:
    case TOKEN_WHILE:
    case TOKEN_DO:
    case TOKEN_IDENTIFIER: label.awaits_loop = true; break;
    default: break;
  }
  parser->state->labels = &label;
  node->labeled.body = parse_label_body(parser, context);
  parser->state->labels = label.outer;
  if (!node->labeled.body) return NULL;
  node_finish(parser, node);
  return node;
}

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

static Node *parse_expression_statement(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  uint32_t start = token->start;
  bool may_be_label = token->type == TOKEN_IDENTIFIER;
  Token next;
  if (parser_at_word(parser, NAME_let) && !fits_let_as_name(parser, context)) return NULL;
  if (parser_at_word(parser, NAME_async)) {
    if (lexer_peek(&parser->lexer, &next) == TOKEN_FUNCTION && !next.newline_before) {
      return parser_fail(parser, start, token->end, "an async function may not be declared here");
    }
  }
  Node *expression = parse_expression(parser);
  if (!expression) return NULL;
  if (may_be_label && token->type == TOKEN_COLON && expression->kind == NODE_IDENTIFIER &&
      !(expression->flags & NODE_FLAG_PARENTHESIZED))
    return parse_labeled(parser, expression, context);
  Node *node = NODE_NEW(parser, NODE_EXPRESSION_STATEMENT, unary, start);
  if (!node || !parser_consume_semicolon(parser)) return NULL;
  node->unary.operand = expression;
  node_finish(parser, node);
  return node;
}

static Node *parse_leaf(Parser *parser, NodeKind kind) {
  Node *node = NODE_NEW(parser, kind, unary, parser->lexer.token.start);
  parser_next(parser);
  if (!node || (kind == NODE_DEBUGGER && !parser_consume_semicolon(parser))) return NULL;
  node_finish(parser, node);
  return node;
}

// Declarations that are allowed only in a statement list; NULL without a failure when there is none.
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

static Node *parse_declaration_keyword(Parser *parser, StatementContext context) {
  const Token *token = &parser->lexer.token;
  if (context != STATEMENT_IN_LIST) {
    return parser_fail(parser, token->start, token->end, "a declaration is not allowed here without a block");
  }
  if (token->type == TOKEN_AT) {
    if (!parse_decorators(parser)) return NULL;
    if (token->type == TOKEN_EXPORT) return parse_export_statement(parser, context);
    return parse_class(parser, true, false);
  }
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
        if (declaration || parser->lexer.failed) return declaration;
      }
      break;
    default: break;
  }
  return parse_expression_statement(parser, context);
}

Node *parse_statement(Parser *parser, StatementContext context) {
  if (!parser_enter(parser)) return NULL;
  Node *node = parse_statement_inner(parser, context);
  parser_leave(parser);
  return node;
}
