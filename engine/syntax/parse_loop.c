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
  uint32_t start, opener;
  bool is_await, starts_with_let, starts_with_async;
} ForHead;

static void *resume_head_declaration(Parser *parser);

static Node *parse_head_declaration(Parser *parser, ForHead *head, VariableKind kind) {
  struct {
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  if (kind != VARIABLE_VAR) {
    head->scope = scope_open(parser, SCOPE_FOR, head->start);
    if (!head->scope) return NULL;
  }
  parser_next(parser);
  if (kind == VARIABLE_AWAIT_USING) parser_next(parser);
  parser->no_in = true;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_variable(parser, kind, true))
  parser->no_in = false;
  node->start = f.start;
  return node;
  RETURN_SUSPENDED(f, resume_head_declaration)
}
static void *resume_head_declaration(Parser *parser) { return parse_head_declaration(parser, NULL, VARIABLE_VAR); }

static void *resume_head_expression(Parser *parser);

static Node *parse_head_expression(Parser *parser) {
  struct {
    uint32_t saved;
  } f = {0};
  PRODUCTION(f)
  parser->no_in = true;
  f.saved = parser->cover_offset;
  parser->cover_offset = OFFSET_NONE;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_expression_cover(parser))
  parser->no_in = false;
  bool is_pattern = (node->kind == NODE_OBJECT || node->kind == NODE_ARRAY) && !(node->flags & NODE_FLAG_PARENTHESIZED);
  if (is_pattern && (parser_at(parser, TOKEN_IN) || parser_at_word(parser, NAME_of))) {
    parser->cover_offset = f.saved;
    return node;
  }
  return check_cover_error(parser, f.saved) ? node : NULL;
  RETURN_SUSPENDED(f, resume_head_expression)
}
static void *resume_head_expression(Parser *parser) { return parse_head_expression(parser); }

static Node *parse_head_initializer(Parser *parser, ForHead *head) {
  VariableKind kind;
  if (parser_at(parser, TOKEN_VAR)) return parse_head_declaration(parser, head, VARIABLE_VAR);
  if (parser_at(parser, TOKEN_CONST)) return parse_head_declaration(parser, head, VARIABLE_CONST);
  if (parser_at_let_declaration(parser)) return parse_head_declaration(parser, head, VARIABLE_LET);
  if (parser_at_using_declaration(parser, &kind, true)) return parse_head_declaration(parser, head, kind);
  head->starts_with_let = parser_at_word(parser, NAME_let);
  Token next;
  if (parser_at_word(parser, NAME_async) && lexer_peek(&parser->lexer, &next) == TOKEN_IDENTIFIER &&
      next.name->well_known == NAME_of && !next.has_escape) {
    // `async of =>` is an arrow function, `for await (async of` a loop.
    head->starts_with_async = true;
    if (head->is_await) return parse_identifier_reference(parser);
  }
  return parse_head_expression(parser);
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
    const ForHead *head;
  } f = {0};
  PRODUCTION(f)
  f.head = head;
  head->node->kind = is_of ? NODE_FOR_OF : NODE_FOR_IN;
  if (head->is_await) head->node->flags |= NODE_FLAG_AWAIT;
  head->node->for_each.left = head->initializer;
  head->node->for_each.scope = head->scope;
  if (!check_each_target(parser, head, is_of)) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.head->node->for_each.right, is_of ? parse_assignment(parser) : parse_expression(parser))
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = f.head->opener;
  if (f.head->scope) scope_mark_initialized(f.head->scope, NULL, parser->lexer.previous_end);
  PARSE_OR_LEAVE(2, f.head->node->for_each.body, parse_loop_body(parser, f.head->node))
  if (f.head->scope && !scope_close(parser)) return NULL;
  node_finish(parser, f.head->node);
  return f.head->node;
  RETURN_SUSPENDED(f, resume_each_rest)
}
static void *resume_each_rest(Parser *parser) { return parse_each_rest(parser, NULL, false); }

static void *resume_for_rest(Parser *parser);

static Node *parse_for_rest(Parser *parser, const ForHead *head) {
  struct {
    const ForHead *head;
  } f = {0};
  PRODUCTION(f)
  f.head = head;
  head->node->kind = NODE_FOR;
  head->node->loop.scope = head->scope;
  head->node->loop.initializer = head->initializer;
  if (head->is_await) return parser_fail_node(parser, head->node, "'for await' needs 'of'");
  if (!parser_expect(parser, TOKEN_SEMICOLON)) return NULL;
  if (!parser_at(parser, TOKEN_SEMICOLON)) {
    PARSE_OR_LEAVE(1, f.head->node->loop.test, parse_expression(parser))
  }
  if (!parser_expect(parser, TOKEN_SEMICOLON)) return NULL;
  if (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    PARSE_OR_LEAVE(2, f.head->node->loop.update, parse_expression(parser))
  }
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = f.head->opener;
  PARSE_OR_LEAVE(3, f.head->node->loop.body, parse_loop_body(parser, f.head->node))
  const Scope *scope = f.head->scope;
  if (scope && !scope_close(parser)) return NULL;
  f.head->node->loop.per_iteration = scope && scope->needs_environment && f.head->initializer->operator == VARIABLE_LET;
  node_finish(parser, f.head->node);
  return f.head->node;
  RETURN_SUSPENDED(f, resume_for_rest)
}
static void *resume_for_rest(Parser *parser) { return parse_for_rest(parser, NULL); }

static void *resume_for(Parser *parser);

Node *parse_for(Parser *parser) {
  struct {
    ForHead *head;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  if (parser_at(parser, TOKEN_WHILE)) return parse_while(parser);
  if (parser_at(parser, TOKEN_DO)) return parse_do_while(parser);
  ForHead *head = f.head = PARSER_NEW(parser, ForHead);
  if (!head) return NULL;
  head->start = token->start;
  _Static_assert(sizeof(((Node *)0)->loop) >= sizeof(((Node *)0)->for_each), "the node must hold either kind");
  head->node = NODE_NEW(parser, NODE_FOR, loop, token->start);
  if (!head->node) return NULL;
  parser_next(parser);
  if (parser_at_word(parser, NAME_await)) {
    if (!parser->state->await_allowed) {
      return parser_fail(parser, token->start, token->end,
                         "'for await' is only allowed in async functions and at the top level of modules");
    }
    parser->state->function->has_await = true;
    head->is_await = true;
    parser_next(parser);
  }
  head->opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return NULL;
  if (!parser_at(parser, TOKEN_SEMICOLON)) {
    PARSE_OR_LEAVE(1, f.head->initializer, parse_head_initializer(parser, head))
    bool is_of = parser_at_word(parser, NAME_of);
    if (is_of || (token->type == TOKEN_IN && !f.head->is_await)) return parse_each_rest(parser, f.head, is_of);
  }
  return parse_for_rest(parser, f.head);
  RETURN_SUSPENDED(f, resume_for)
}
static void *resume_for(Parser *parser) { return parse_for(parser); }
