// Loops.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

static void *resume_loop_body(Parser *parser);

Node *parse_loop_body(Parser *parser, Node *loop) {
  struct {
    LabelState *outer;
  } f = {0};
  PRODUCTION(f)
  FunctionState *state = parser->state;
  for (LabelState *label = state->labels; label && label->awaits_loop; label = label->outer) {
    label->loop = loop;
    label->awaits_loop = false;
  }
  LabelState *label = PARSER_NEW(parser, LabelState);
  if (!label) return NULL;
  f.outer = state->labels;
  *label = (LabelState){.outer = f.outer, .statement = loop, .loop = loop};
  state->labels = label;
  Node *body;
  PARSE_OR_LEAVE(1, body, parse_statement(parser, STATEMENT_OF_LOOP))
  parser->state->labels = f.outer;
  return body;
  RETURN_SUSPENDED(f, resume_loop_body)
}
static void *resume_loop_body(Parser *parser) { return parse_loop_body(parser, NULL); }

static void *resume_while(Parser *parser);

static Node *parse_while(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_WHILE, loop, parser->lexer.token.start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->loop.test, parse_condition(parser))
  PARSE_OR_LEAVE(2, f.node->loop.body, parse_loop_body(parser, f.node))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_while)
}
static void *resume_while(Parser *parser) { return parse_while(parser); }

static void *resume_do_while(Parser *parser);

static Node *parse_do_while(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_DO_WHILE, loop, parser->lexer.token.start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->loop.body, parse_loop_body(parser, f.node))
  if (!parser_expect(parser, TOKEN_WHILE)) return NULL;
  PARSE_OR_LEAVE(2, f.node->loop.test, parse_condition(parser))
  parser_accept(parser, TOKEN_SEMICOLON);
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_do_while)
}
static void *resume_do_while(Parser *parser) { return parse_do_while(parser); }

// --- for ---

typedef struct ForHead {
  Node *node;  // of the largest kind until it is known which it is
  Scope *scope;
  Node *initializer;  // VARIABLE or expression or NULL
  uint32_t start, head_start, opener;
  bool is_await, starts_with_let, starts_with_async;
} ForHead;

static Node *parse_head_declaration(Parser *parser, ForHead *head, VariableKind kind) {
  uint32_t start = parser->lexer.token.start;
  if (kind != VARIABLE_VAR) {
    head->scope = scope_open(parser, SCOPE_FOR, head->start);
    if (!head->scope) return NULL;
  }
  parser_next(parser);
  if (kind == VARIABLE_AWAIT_USING) parser_next(parser);
  parser->no_in = true;
  Node *node = parse_variable(parser, kind, true);
  parser->no_in = false;
  if (node) node->start = start;
  return node;
}

static bool parse_head_initializer(Parser *parser, ForHead *head) {
  const Token *token = &parser->lexer.token;
  VariableKind kind;
  if (token->type == TOKEN_SEMICOLON) return true;
  if (token->type == TOKEN_VAR) return (head->initializer = parse_head_declaration(parser, head, VARIABLE_VAR));
  if (token->type == TOKEN_CONST) return (head->initializer = parse_head_declaration(parser, head, VARIABLE_CONST));
  if (parser_at_let_declaration(parser))
    return (head->initializer = parse_head_declaration(parser, head, VARIABLE_LET));
  if (parser_at_using_declaration(parser, &kind, true)) {
    return (head->initializer = parse_head_declaration(parser, head, kind));
  }
  head->starts_with_let = parser_at_word(parser, NAME_let);
  Token next;
  if (parser_at_word(parser, NAME_async) && lexer_peek(&parser->lexer, &next) == TOKEN_IDENTIFIER &&
      next.name->well_known == NAME_of && !next.has_escape) {
    // `async of =>` is an arrow function, `for await (async of` a loop.
    head->starts_with_async = true;
    if (head->is_await) return (head->initializer = parse_identifier_reference(parser));
  }
  parser->no_in = true;
  uint32_t saved = parser->cover_offset;
  parser->cover_offset = OFFSET_NONE;
  Node *node = head->initializer = parse_expression_cover(parser);
  parser->no_in = false;
  if (!node) return false;
  bool is_pattern = (node->kind == NODE_OBJECT || node->kind == NODE_ARRAY) && !(node->flags & NODE_FLAG_PARENTHESIZED);
  if (is_pattern && (token->type == TOKEN_IN || parser_at_word(parser, NAME_of))) {
    parser->cover_offset = saved;
    return true;
  }
  return check_cover_error(parser, saved);
}

// `for (var x = 1 in y)`: https://tc39.es/ecma262/#sec-initializers-in-forin-statement-heads
static bool check_each_declaration(Parser *parser, const ForHead *head, bool is_of) {
  const Node *node = head->initializer;
  VariableKind kind = node->operator;
  const NodeList *list = &node->variable.declarators;
  if (list->count != 1) {
    parser_fail_node(parser, list->items[1], "the head of this loop declares more than one variable");
    return false;
  }
  const Node *declarator = list->items[0];
  if (declarator->assign.value) {
    bool tolerated = !is_of && kind == VARIABLE_VAR && !parser->is_strict &&
                     declarator->assign.target->kind == NODE_BINDING_IDENTIFIER;
    if (!tolerated) {
      parser_fail_node(parser, declarator, "the variable of this loop may not have an initialiser");
      return false;
    }
  }
  if (kind >= VARIABLE_USING && !is_of) {
    parser_fail_node(parser, node, "'using' is not allowed in a for-in loop");
    return false;
  }
  return true;
}

static bool check_each_target(Parser *parser, const ForHead *head, bool is_of) {
  Node *node = head->initializer;
  if (node->kind == NODE_VARIABLE) return check_each_declaration(parser, head, is_of);
  if (is_of && head->starts_with_let) {
    parser_fail_node(parser, node, "the target of a for-of loop may not begin with 'let'");
    return false;
  }
  if (is_of && head->starts_with_async && !head->is_await && node->kind == NODE_IDENTIFIER) {
    parser_fail_node(parser, node, "the target of a for-of loop may not be 'async'");
    return false;
  }
  bool is_pattern = (node->kind == NODE_OBJECT || node->kind == NODE_ARRAY) && !(node->flags & NODE_FLAG_PARENTHESIZED);
  if (is_pattern) return pattern_from_expression(parser, node, PATTERN_ASSIGNMENT);
  return check_assignment_target(parser, node, "this loop");
}

static void *resume_each_rest(Parser *parser);

static Node *parse_each_rest(Parser *parser, const ForHead *head, bool is_of) {
  struct {
    Node *node;
    Scope *scope;
  } f = {0};
  PRODUCTION(f)
  Node *node = f.node = head->node;
  f.scope = head->scope;
  node->kind = is_of ? NODE_FOR_OF : NODE_FOR_IN;
  if (head->is_await) node->flags |= NODE_FLAG_AWAIT;
  if (!check_each_target(parser, head, is_of)) return NULL;
  parser_next(parser);
  parser_pin(parser);
  Node *right = is_of ? parse_assignment(parser) : parse_expression(parser);
  if (!right || !parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser_unpin(parser);
  parser->opener = head->opener;
  if (head->scope) scope_mark_initialized(head->scope, NULL, parser->lexer.previous_end);
  node->for_each.scope = head->scope;
  node->for_each.left = head->initializer;
  node->for_each.right = right;
  PARSE_OR_LEAVE(1, f.node->for_each.body, parse_loop_body(parser, f.node))
  if (f.scope && !scope_close(parser)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_each_rest)
}
static void *resume_each_rest(Parser *parser) { return parse_each_rest(parser, NULL, false); }

static void *resume_for_rest(Parser *parser);

static Node *parse_for_rest(Parser *parser, const ForHead *head) {
  struct {
    Node *node;
    Scope *scope;
  } f = {0};
  PRODUCTION(f)
  Node *node = f.node = head->node;
  f.scope = head->scope;
  node->kind = NODE_FOR;
  if (head->is_await) return parser_fail_node(parser, node, "'for await' needs 'of'");
  if (!parser_expect(parser, TOKEN_SEMICOLON)) return NULL;
  Node *test = NULL, *update = NULL;
  parser_pin(parser);
  if (!parser_at(parser, TOKEN_SEMICOLON) && !(test = parse_expression(parser))) return NULL;
  if (!parser_expect(parser, TOKEN_SEMICOLON)) return NULL;
  if (!parser_at(parser, TOKEN_RIGHT_PAREN) && !(update = parse_expression(parser))) return NULL;
  parser_unpin(parser);
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = head->opener;
  node->loop.scope = head->scope;
  node->loop.initializer = head->initializer;
  node->loop.test = test;
  node->loop.update = update;
  PARSE_OR_LEAVE(1, f.node->loop.body, parse_loop_body(parser, f.node))
  if (f.scope && !scope_close(parser)) return NULL;
  f.node->loop.per_iteration =
      f.scope && f.scope->needs_environment && f.node->loop.initializer->operator == VARIABLE_LET;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_for_rest)
}
static void *resume_for_rest(Parser *parser) { return parse_for_rest(parser, NULL); }

Node *parse_for(Parser *parser) {
  if (parser_at(parser, TOKEN_WHILE)) return parse_while(parser);
  if (parser_at(parser, TOKEN_DO)) return parse_do_while(parser);
  const Token *token = &parser->lexer.token;
  ForHead head = {.start = token->start};
  _Static_assert(sizeof(((Node *)0)->loop) >= sizeof(((Node *)0)->for_each), "the node must hold either kind");
  head.node = NODE_NEW(parser, NODE_FOR, loop, token->start);
  if (!head.node) return NULL;
  parser_next(parser);
  if (parser_at_word(parser, NAME_await)) {
    if (!parser->state->await_allowed) {
      return parser_fail(parser, token->start, token->end,
                         "'for await' is only allowed in async functions and at the top level of modules");
    }
    parser->state->function->has_await = true;
    head.is_await = true;
    parser_next(parser);
  }
  head.opener = parser_open(parser);
  parser_pin(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN) || !parse_head_initializer(parser, &head)) return NULL;
  parser_unpin(parser);
  if (head.initializer) {
    bool is_of = parser_at_word(parser, NAME_of);
    if (is_of || (token->type == TOKEN_IN && !head.is_await)) return parse_each_rest(parser, &head, is_of);
  }
  return parse_for_rest(parser, &head);
}
