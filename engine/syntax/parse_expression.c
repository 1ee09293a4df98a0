// Operators, calls and members. Left-associative chains are loops.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/parser_internal.h"

static const uint8_t token_precedences[TOKEN_COUNT] = {
#define TOKEN(name, text, precedence, operator_) [TOKEN_##name] = precedence,
    SYNTAX_PUNCTUATORS(TOKEN)
#undef TOKEN
        [TOKEN_IN] = 8,
    [TOKEN_INSTANCEOF] = 8,
};
static const uint8_t token_operators[TOKEN_COUNT] = {
#define TOKEN(name, text, precedence, operator_) [TOKEN_##name] = OPERATOR_##operator_,
    SYNTAX_PUNCTUATORS(TOKEN)
#undef TOKEN
        [TOKEN_IN] = OPERATOR_IN,
    [TOKEN_INSTANCEOF] = OPERATOR_INSTANCEOF,
    [TOKEN_TYPEOF] = OPERATOR_TYPEOF,
    [TOKEN_VOID] = OPERATOR_VOID,
    [TOKEN_DELETE] = OPERATOR_DELETE,
};
enum { PRECEDENCE_LOWEST = 1, PRECEDENCE_RELATIONAL = 8, PRECEDENCE_EXPONENT = 12 };

static bool node_is_arrow(const Node *node) {
  return node->kind == NODE_FUNCTION && node->function.function->kind == FUNCTION_ARROW &&
         !(node->flags & NODE_FLAG_PARENTHESIZED);
}

// --- Targets ---

// Assignment, update and for-in/of targets: https://tc39.es/ecma262/#sec-static-semantics-assignmenttargettype
bool check_assignment_target(Parser *parser, Node *node, const char *what) {
  switch (node->kind) {
    case NODE_IDENTIFIER: {
      Name *name = node->identifier.name;
      if (parser->is_strict && (name->well_known == NAME_eval || name->well_known == NAME_arguments)) {
        parser_fail_node(parser, node, "'%v' may not be assigned to in strict mode", &name->text);
        return false;
      }
      node->flags |= NODE_FLAG_ASSIGNED;
      return true;
    }
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_PRIVATE_MEMBER:
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX: return true;
    case NODE_CALL:
      // In sloppy code this is allowed: it throws a ReferenceError when it runs.
      if (!parser->is_strict && *what != '&' && !(node->flags & NODE_FLAG_OPTIONAL)) return true;
      break;
    default: break;
  }
  parser_fail_node(parser, node, "invalid target of %s", *what == '&' ? what + 1 : what);
  return false;
}

bool check_cover_error(Parser *parser, uint32_t saved_offset) {
  if (LIKELY(parser->cover_offset == OFFSET_NONE)) {
    parser->cover_offset = saved_offset;
    return true;
  }
  parser_fail(parser, parser->cover_offset, parser->cover_offset + 1, "%s", parser->cover_message);
  return false;
}

// --- Members and calls ---

bool parse_arguments(Parser *parser, NodeList *arguments, bool cover, bool *trailing_comma) {
  bool saved_no_in = parser->no_in;
  parser->no_in = false;
  uint32_t mark = parser->stack_count, opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    uint32_t start = parser->lexer.token.start;
    bool is_spread = parser_accept(parser, TOKEN_ELLIPSIS);
    Node *node = cover ? parse_assignment_cover(parser) : parse_assignment(parser);
    if (!node) return false;
    if (is_spread) {
      Node *spread = NODE_NEW(parser, NODE_SPREAD, unary, start);
      if (!spread) return false;
      spread->unary.operand = node;
      spread->end = node->end;
      node = spread;
    }
    if (!parser_push(parser, node)) return false;
    if (parser_at(parser, TOKEN_COMMA)) {
      parser_next(parser);
      if (trailing_comma && is_spread) *trailing_comma = true;
    } else if (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
      if (cover && parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
      return parser_fail_expected(parser, "',' or ')'");
    }
  }
  parser->no_in = saved_no_in;
  parser->opener = opener;
  parser_next(parser);
  return parser_take_list(parser, mark, arguments);
}

static Node *parse_index(Parser *parser, NodeKind kind, uint32_t start) {
  uint32_t opener = parser_open(parser);
  parser_next(parser);
  Node *key = parse_expression_in(parser);
  if (!key || !parser_expect(parser, TOKEN_RIGHT_BRACKET)) return NULL;
  parser->opener = opener;
  Node *node = kind == NODE_INDEX ? NODE_NEW(parser, NODE_INDEX, index, start)
                                  : NODE_NEW(parser, NODE_SUPER_INDEX, super_member, start);
  if (!node) return NULL;
  if (kind == NODE_INDEX) node->index.key = key;
  else node->super_member.key = key;
  node_finish(parser, node);
  return node;
}

static bool token_is_property_name(const Token *token) {
  return token->type == TOKEN_IDENTIFIER || token_is_keyword(token->type) || token->type == TOKEN_ESCAPED_KEYWORD;
}

// After the dot.
static Node *parse_member_name(Parser *parser, Node *object, uint32_t start) {
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_PRIVATE_NAME) {
    Node *name = parse_private_reference(parser);
    Node *node = name ? NODE_NEW(parser, NODE_PRIVATE_MEMBER, private_member, start) : NULL;
    if (!node) return NULL;
    node->private_member.object = object;
    node->private_member.name = name;
    node_finish(parser, node);
    return node;
  }
  if (!token_is_property_name(token)) return parser_fail_at_token(parser);
  Node *node = NODE_NEW(parser, NODE_MEMBER, member, start);
  if (!node) return NULL;
  node->member.object = object;
  node->member.name = token->name;
  node->member.name_start = token->start;
  parser_next(parser);
  return node;
}

static Node *parse_call(Parser *parser, Node *callee, uint32_t start, bool is_optional) {
  Node *node = NODE_NEW(parser, NODE_CALL, call, start);
  if (!node) return NULL;
  node->call.list_start = parser->lexer.token.start;
  node->call.callee = callee;
  if (callee->kind == NODE_IDENTIFIER && callee->identifier.name->well_known == NAME_eval && !is_optional) {
    node->flags |= NODE_FLAG_DIRECT_EVAL;
    callee->flags |= NODE_FLAG_DIRECT_EVAL;
    scope_note_direct_eval(parser);
  }
  if (!parse_arguments(parser, &node->call.arguments, false, NULL)) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_tagged_template(Parser *parser, Node *tag, uint32_t start) {
  Node *template = parse_template(parser, true);
  Node *node = template ? NODE_NEW(parser, NODE_TAGGED_TEMPLATE, tagged_template, start) : NULL;
  if (!node) return NULL;
  node->tagged_template.tag = tag;
  node->tagged_template.template = template;
  node_finish(parser, node);
  return node;
}

// After `?.`.
static Node *parse_optional_link(Parser *parser, Node *node, uint32_t start) {
  switch (parser->lexer.token.type) {
    case TOKEN_LEFT_PAREN: node = parse_call(parser, node, start, true); break;
    case TOKEN_LEFT_BRACKET: {
      Node *object = node;
      node = parse_index(parser, NODE_INDEX, start);
      if (node) node->index.object = object;
      break;
    }
    case TOKEN_TEMPLATE:
      return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                         "a template may not be tagged by an optional chain");
    default: node = parse_member_name(parser, node, start); break;
  }
  if (node) node->flags |= NODE_FLAG_OPTIONAL;
  return node;
}

// The links after a primary expression that began at `start` (parentheses included). Without `allow_calls` (after
// `new`), neither calls nor optional links.
static Node *parse_links(Parser *parser, Node *node, uint32_t start, bool allow_calls) {
  bool is_optional_chain = false;
  while (node) {
    switch (parser->lexer.token.type) {
      case TOKEN_DOT:
        parser_next(parser);
        node = parse_member_name(parser, node, start);
        break;
      case TOKEN_LEFT_BRACKET: {
        Node *object = node;
        node = parse_index(parser, NODE_INDEX, start);
        if (node) node->index.object = object;
        break;
      }
      case TOKEN_LEFT_PAREN:
        if (!allow_calls) return node;
        node = parse_call(parser, node, start, false);
        break;
      case TOKEN_TEMPLATE:
        if (is_optional_chain) {
          return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                             "a template may not be tagged by an optional chain");
        }
        node = parse_tagged_template(parser, node, start);
        break;
      case TOKEN_OPTIONAL_DOT:
        if (!allow_calls) {
          return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                             "an optional chain may not be constructed with 'new'");
        }
        is_optional_chain = true;
        parser_next(parser);
        node = parse_optional_link(parser, node, start);
        break;
      default:
        if (!is_optional_chain) return node;
        Node *chain = NODE_NEW(parser, NODE_OPTIONAL_CHAIN, unary, start);
        if (!chain) return NULL;
        chain->unary.operand = node;
        node_finish(parser, chain);
        return chain;
    }
  }
  return NULL;
}

static Node *implicit_reference(Parser *parser, WellKnownName word, NodeKind kind, uint32_t start) {
  return reference_new(parser, kind, parser->lexer.names.well_known[word], start, parser->lexer.token.end);
}

static Node *parse_super_call(Parser *parser, uint32_t start, uint32_t end) {
  if (!parser->state->super_call_allowed) {
    return parser_fail(parser, start, end, "'super()' is only allowed in constructors of derived classes");
  }
  Node *this_ = implicit_reference(parser, NAME_this, NODE_THIS, start);
  Node *function = implicit_reference(parser, NAME_active_function, NODE_IDENTIFIER, start);
  Node *new_target = implicit_reference(parser, NAME_new_target, NODE_NEW_TARGET, start);
  Node *node = NODE_NEW(parser, NODE_SUPER_CALL, super_call, start);
  if (!this_ || !function || !new_target || !node) return NULL;
  node->super_call.this_ = this_;
  node->super_call.function = function;
  node->super_call.new_target = new_target;
  if (!parse_arguments(parser, &node->super_call.arguments, false, NULL)) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_super(Parser *parser) {
  uint32_t start = parser->lexer.token.start, end = parser->lexer.token.end;
  parser_next(parser);
  if (parser_at(parser, TOKEN_LEFT_PAREN)) return parse_super_call(parser, start, end);
  if (!parser_at(parser, TOKEN_DOT) && !parser_at(parser, TOKEN_LEFT_BRACKET)) {
    return parser_fail(parser, start, end, "'super' must be followed by '.', '[' or an argument list");
  }
  if (!parser->state->super_property_allowed) {
    return parser_fail(parser, start, end, "'super' properties are only allowed in methods and class elements");
  }
  Node *this_ = implicit_reference(parser, NAME_this, NODE_THIS, start);
  Node *home = implicit_reference(parser, NAME_home_object, NODE_IDENTIFIER, start);
  if (!this_ || !home) return NULL;
  Node *node;
  if (parser_at(parser, TOKEN_LEFT_BRACKET)) node = parse_index(parser, NODE_SUPER_INDEX, start);
  else {
    parser_next(parser);
    const Token *token = &parser->lexer.token;
    if (token->type == TOKEN_PRIVATE_NAME) {
      return parser_fail(parser, token->start, token->end, "private names may not be accessed through 'super'");
    }
    if (!token_is_property_name(token)) return parser_fail_at_token(parser);
    node = NODE_NEW(parser, NODE_SUPER_MEMBER, super_member, start);
    if (node) node->super_member.name = token->name;
    parser_next(parser);
  }
  if (!node) return NULL;
  node->super_member.this_ = this_;
  node->super_member.home = home;
  node_finish(parser, node);
  return node;
}

// After `new` and the dot.
static Node *parse_new_target(Parser *parser, uint32_t start) {
  if (!parser_expect_word(parser, NAME_target)) return NULL;
  if (!parser->state->new_target_allowed) {
    return parser_fail(parser, start, parser->lexer.previous_end, "'new.target' is only allowed in functions");
  }
  return reference_new(parser, NODE_NEW_TARGET, WELL_KNOWN(parser, new_target), start, parser->lexer.previous_end);
}

static Node *parse_import_call(Parser *parser, uint32_t start, ImportPhase phase) {
  uint32_t opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return NULL;
  Node *node = NODE_NEW(parser, NODE_IMPORT_CALL, import_call, start);
  if (!node) return NULL;
  node->operator = phase;
  if (parser_at(parser, TOKEN_ELLIPSIS)) return parser_fail_at_token(parser);
  if (!(node->import_call.specifier = parse_assignment_in(parser))) return NULL;
  if (parser_accept(parser, TOKEN_COMMA) && !parser_at(parser, TOKEN_RIGHT_PAREN)) {
    if (parser_at(parser, TOKEN_ELLIPSIS)) return parser_fail_at_token(parser);
    if (!(node->import_call.options = parse_assignment_in(parser))) return NULL;
    parser_accept(parser, TOKEN_COMMA);
  }
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = opener;
  node_finish(parser, node);
  return node;
}

static Node *parse_import_expression(Parser *parser, bool after_new) {
  uint32_t start = parser->lexer.token.start;
  parser_next(parser);
  ImportPhase phase = IMPORT_EVALUATION;
  if (parser_accept(parser, TOKEN_DOT)) {
    if (parser_at_word(parser, NAME_meta)) {
      if (!parser->is_module) {
        return parser_fail(parser, start, parser->lexer.token.end, "'import.meta' is only allowed in modules");
      }
      parser_next(parser);
      Node *node = NODE_NEW(parser, NODE_IMPORT_META, unary, start);
      if (node) node_finish(parser, node);
      return node;
    }
    if (parser_at_word(parser, NAME_defer)) phase = IMPORT_DEFER;
    else if (parser_at_word(parser, NAME_source)) phase = IMPORT_SOURCE;
    else return parser_fail_at_token(parser);
    parser_next(parser);
  }
  if (after_new) return parser_fail(parser, start, parser->lexer.previous_end, "'import()' may not follow 'new'");
  return parse_import_call(parser, start, phase);
}

static Node *parse_new(Parser *parser) {
  uint32_t start = parser->lexer.token.start;
  parser_next(parser);
  if (parser_accept(parser, TOKEN_DOT)) return parse_new_target(parser, start);
  if (!parser_enter(parser)) return NULL;
  uint32_t callee_start = parser->lexer.token.start;
  Node *callee;
  switch (parser->lexer.token.type) {
    case TOKEN_NEW: callee = parse_new(parser); break;
    case TOKEN_IMPORT: callee = parse_import_expression(parser, true); break;
    case TOKEN_SUPER: callee = parse_super(parser); break;
    default: callee = parse_primary(parser); break;
  }
  if (callee && node_is_arrow(callee)) callee = parser_fail_at_token(parser);
  if (callee && callee->kind == NODE_SUPER_CALL) {
    callee = parser_fail_node(parser, callee, "'super()' may not be constructed with 'new'");
  }
  callee = callee ? parse_links(parser, callee, callee_start, false) : NULL;
  parser_leave(parser);
  Node *node = callee ? NODE_NEW(parser, NODE_NEW, call, start) : NULL;
  if (!node) return NULL;
  node->call.callee = callee;
  if (parser_at(parser, TOKEN_LEFT_PAREN) && !parse_arguments(parser, &node->call.arguments, false, NULL)) return NULL;
  node_finish(parser, node);
  return node;
}

Node *parse_left_hand_side(Parser *parser) {
  uint32_t start = parser->lexer.token.start;
  Node *node;
  switch (parser->lexer.token.type) {
    case TOKEN_NEW: node = parse_new(parser); break;
    case TOKEN_SUPER: node = parse_super(parser); break;
    case TOKEN_IMPORT: node = parse_import_expression(parser, false); break;
    default: node = parse_primary(parser); break;
  }
  if (!node || node_is_arrow(node)) return node;
  return parse_links(parser, node, start, true);
}

// --- Unary ---

static bool check_delete(Parser *parser, const Node *operand) {
  if (operand->kind == NODE_IDENTIFIER && parser->is_strict) {
    parser_fail_node(parser, operand, "a plain name may not be deleted in strict mode");
    return false;
  }
  const Node *last = operand->kind == NODE_OPTIONAL_CHAIN ? operand->unary.operand : operand;
  if (last->kind == NODE_PRIVATE_MEMBER) {
    parser_fail_node(parser, operand, "private fields may not be deleted");
    return false;
  }
  return true;
}

static Node *parse_unary(Parser *parser);

static Node *parse_prefix(Parser *parser, NodeKind kind, Operator operator) {
  uint32_t start = parser->lexer.token.start;
  if (!parser_enter(parser)) return NULL;
  parser_next(parser);
  Node *operand = parse_unary(parser);
  parser_leave(parser);
  if (!operand) return NULL;
  if (node_is_arrow(operand)) return parser_fail_at_token(parser);
  Node *node = NODE_NEW(parser, kind, unary, start);
  if (!node) return NULL;
  node->unary.operand = operand;
  node->operator = operator;
  node_finish(parser, node);
  if (kind == NODE_UPDATE) {
    node->flags |= NODE_FLAG_PREFIX;
    return check_assignment_target(parser, operand, operator == OPERATOR_INCREMENT ? "'++'" : "'--'") ? node : NULL;
  }
  if (operator == OPERATOR_DELETE && !check_delete(parser, operand)) return NULL;
  if (parser_at(parser, TOKEN_STAR_STAR)) {
    return parser_fail_node(parser, node, "a unary operator before '**' needs parentheses");
  }
  return node;
}

static Node *parse_await(Parser *parser) {
  uint32_t start = parser->lexer.token.start;
  if (parser->state->in_parameters) {
    return parser_fail(parser, start, parser->lexer.token.end, "'await' is not allowed in parameters");
  }
  parser->last_await = start;
  parser->state->function->has_await = true;
  return parse_prefix(parser, NODE_AWAIT, OPERATOR_NONE);
}

static Node *parse_postfix(Parser *parser) {
  Node *node = parse_left_hand_side(parser);
  const Token *token = &parser->lexer.token;
  if (!node || (token->type != TOKEN_INCREMENT && token->type != TOKEN_DECREMENT) || token->newline_before) return node;
  if (node_is_arrow(node)) return node;
  bool is_increment = token->type == TOKEN_INCREMENT;
  if (!check_assignment_target(parser, node, is_increment ? "'++'" : "'--'")) return NULL;
  Node *update = NODE_NEW(parser, NODE_UPDATE, unary, node->start);
  if (!update) return NULL;
  update->operator = is_increment ? OPERATOR_INCREMENT : OPERATOR_DECREMENT;
  update->unary.operand = node;
  parser_next(parser);
  return update;
}

static Node *parse_unary(Parser *parser) {
  const Token *token = &parser->lexer.token;
  switch (token->type) {
    case TOKEN_NOT:
    case TOKEN_BIT_NOT:
    case TOKEN_TYPEOF:
    case TOKEN_VOID:
    case TOKEN_DELETE: return parse_prefix(parser, NODE_UNARY, token_operators[token->type]);
    case TOKEN_PLUS: return parse_prefix(parser, NODE_UNARY, OPERATOR_PLUS);
    case TOKEN_MINUS: return parse_prefix(parser, NODE_UNARY, OPERATOR_NEGATE);
    case TOKEN_INCREMENT:
    case TOKEN_DECREMENT: return parse_prefix(parser, NODE_UPDATE, token_operators[token->type]);
    case TOKEN_IDENTIFIER:
      if (UNLIKELY(token->name->well_known == NAME_await) && parser->state->await_allowed) {
        if (token->has_escape) return parser_fail(parser, token->start, token->end, "'await' may not contain escapes");
        return parse_await(parser);
      }
      break;
    default: break;
  }
  return parse_postfix(parser);
}

// --- Binary ---

static bool is_plain_logical(const Node *node, bool coalesce) {
  return node->kind == NODE_LOGICAL && !(node->flags & NODE_FLAG_PARENTHESIZED) &&
         (node->operator == OPERATOR_COALESCE) == coalesce;
}

static Node *binary_node(Parser *parser, uint32_t start, Node *left, Node *right, unsigned type, uint32_t at) {
  Operator operator = token_operators[type];
  bool is_logical = operator >= OPERATOR_AND && operator <= OPERATOR_COALESCE;
  if (is_logical) {
    bool is_coalesce = operator == OPERATOR_COALESCE;
    if (is_plain_logical(left, !is_coalesce) || is_plain_logical(right, !is_coalesce)) {
      return parser_fail(parser, at, at + 2, "'?\?' may not be mixed with '&&' or '||' without parentheses");
    }
  }
  Node *node = NODE_NEW(parser, is_logical ? NODE_LOGICAL : NODE_BINARY, binary, start);
  if (!node) return NULL;
  node->operator = operator;
  node->binary.left = left;
  node->binary.right = right;
  node_finish(parser, node);
  return node;
}

static Node *parse_binary(Parser *parser, unsigned minimum);

static Node *parse_private_in(Parser *parser, unsigned minimum) {
  uint32_t start = parser->lexer.token.start;
  if (minimum > PRECEDENCE_RELATIONAL || parser->no_in) return parser_fail_at_token(parser);
  Node *name = parse_private_reference(parser);
  if (!name || !parser_expect(parser, TOKEN_IN)) return NULL;
  Node *object = parse_binary(parser, PRECEDENCE_RELATIONAL + 1);
  Node *node = object ? NODE_NEW(parser, NODE_PRIVATE_IN, private_member, start) : NULL;
  if (!node) return NULL;
  node->private_member.object = object;
  node->private_member.name = name;
  node_finish(parser, node);
  return node;
}

static Node *parse_binary(Parser *parser, unsigned minimum) {
  bool is_private = parser_at(parser, TOKEN_PRIVATE_NAME);
  uint32_t start = parser->lexer.token.start;
  Node *left = is_private ? parse_private_in(parser, minimum) : parse_unary(parser);
  if (!left) return NULL;
  for (;;) {
    unsigned type = parser->lexer.token.type, precedence = token_precedences[type];
    if (LIKELY(precedence < minimum || !precedence)) return left;
    if (UNLIKELY(node_is_arrow(left))) return left;
    if (type == TOKEN_IN && parser->no_in) return left;
    uint32_t at = parser->lexer.token.start;
    parser_next(parser);
    Node *right;
    if (precedence == PRECEDENCE_EXPONENT) {
      if (!parser_enter(parser)) return NULL;
      right = parse_binary(parser, PRECEDENCE_EXPONENT);
      parser_leave(parser);
    } else right = parse_binary(parser, precedence + 1);
    if (!right) return NULL;
    if (UNLIKELY(node_is_arrow(right))) return parser_fail_at_token(parser);
    left = binary_node(parser, start, left, right, type, at);
    if (!left) return NULL;
  }
}

// --- Conditional, yield, assignment ---

static Node *parse_conditional_rest(Parser *parser, Node *test) {
  Node *node = NODE_NEW(parser, NODE_CONDITIONAL, conditional, test->start);
  if (!node) return NULL;
  parser_next(parser);
  node->conditional.test = test;
  if (!(node->conditional.consequent = parse_assignment_in(parser))) return NULL;
  if (!parser_expect(parser, TOKEN_COLON)) return NULL;
  if (!(node->conditional.alternate = parse_assignment(parser))) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_yield(Parser *parser) {
  const Token *token = &parser->lexer.token;
  uint32_t start = token->start;
  if (token->has_escape) return parser_fail(parser, start, token->end, "'yield' may not contain escapes");
  if (parser->state->in_parameters)
    return parser_fail(parser, start, token->end, "'yield' is not allowed in parameters");
  parser->last_yield = start;
  parser->state->function->has_yield = true;
  parser_next(parser);
  bool is_delegate = false;
  Node *operand = NULL;
  switch (token->newline_before ? (unsigned)TOKEN_END : token->type) {
    case TOKEN_END:
    case TOKEN_RIGHT_PAREN:
    case TOKEN_RIGHT_BRACKET:
    case TOKEN_RIGHT_BRACE:
    case TOKEN_COMMA:
    case TOKEN_SEMICOLON:
    case TOKEN_COLON:
    case TOKEN_IN: break;
    case TOKEN_STAR: is_delegate = true; parser_next(parser);  // fall through
    default:
      operand = parse_assignment(parser);
      if (!operand) return NULL;
  }
  Node *node = NODE_NEW(parser, is_delegate ? NODE_YIELD_STAR : NODE_YIELD, unary, start);
  if (!node) return NULL;
  node->unary.operand = operand;
  node_finish(parser, node);
  return node;
}

static Node *parse_assignment_rest(Parser *parser, Node *left, uint32_t saved_cover) {
  unsigned type = parser->lexer.token.type;
  if (type == TOKEN_ASSIGN && (left->kind == NODE_OBJECT || left->kind == NODE_ARRAY) &&
      !(left->flags & NODE_FLAG_PARENTHESIZED)) {
    parser->cover_offset = saved_cover;
    if (!pattern_from_expression(parser, left, PATTERN_ASSIGNMENT)) return NULL;
  } else {
    // Logical assignment and patterns are newer than the rule that allows calls as targets.
    bool is_logical = type >= TOKEN_ASSIGN_AND;
    if (!check_assignment_target(parser, left, is_logical ? "&an assignment" : "an assignment")) return NULL;
  }
  Node *node = NODE_NEW(parser, NODE_ASSIGN, assign, left->start);
  if (!node) return NULL;
  node->operator = token_operators[type];
  node->assign.target = left;
  parser_next(parser);
  node->assign.value = parse_assignment(parser);
  if (!node->assign.value) return NULL;
  node_finish(parser, node);
  return node;
}

// `x => ...`: the identifier has been read as a reference.
static Node *parse_single_parameter_arrow(Parser *parser, Node *parameter, bool is_async, uint32_t start,
                                          uint32_t mark) {
  NodeList parameters = {.count = 1, .items = parser_allocate(parser, sizeof(Node *))};
  if (!parameters.items) return NULL;
  parameters.items[0] = parameter;
  return parse_arrow(parser, start, parameters, is_async, mark);
}

// `async x => ...`
static Node *parse_async_single_arrow(Parser *parser, uint32_t start) {
  parser_next(parser);
  const Token *token = &parser->lexer.token;
  if (token->name->well_known == NAME_await) {
    return parser_fail(parser, token->start, token->end, "'await' may not name a parameter of an async function");
  }
  uint32_t mark = parser->reference_count;
  parser->arrow_candidates++;
  Node *parameter = parse_identifier_reference(parser);
  parser->arrow_candidates--;
  if (!parameter) return NULL;
  if (!parser_at(parser, TOKEN_ARROW) || parser->lexer.token.newline_before) return parser_fail_at_token(parser);
  return parse_single_parameter_arrow(parser, parameter, true, start, mark);
}

static Node *parse_assignment_inner(Parser *parser) {
  const Token *token = &parser->lexer.token;
  uint32_t start = token->start, saved_cover = parser->cover_offset, mark = parser->reference_count;
  if (token->type == TOKEN_IDENTIFIER && token->name->well_known) {
    if (token->name->well_known == NAME_yield && parser->state->yield_allowed) return parse_yield(parser);
    Token peeked;
    if (parser_at_word(parser, NAME_async) && lexer_peek(&parser->lexer, &peeked) == TOKEN_IDENTIFIER &&
        !peeked.newline_before)
      return parse_async_single_arrow(parser, start);
  }
  parser->arrow_start = start;
  Node *left = parse_binary(parser, PRECEDENCE_LOWEST);
  if (!left) return NULL;
  unsigned type = parser->lexer.token.type;
  // Arrow functions end an expression. An expression that goes on after a literal cannot become a pattern.
  if (left->kind == NODE_FUNCTION && node_is_arrow(left)) return left;
  if (type == TOKEN_QUESTION) left = parse_conditional_rest(parser, left);
  else if (type == TOKEN_ARROW && left->kind == NODE_IDENTIFIER && !(left->flags & NODE_FLAG_PARENTHESIZED) &&
           left->start == start && !parser->lexer.token.newline_before) {
    return parse_single_parameter_arrow(parser, left, false, start, mark);
  } else if (token_is_assignment(type)) {
    // Only a direct literal may keep cover errors until it becomes a pattern.
    if (left->kind != NODE_OBJECT && left->kind != NODE_ARRAY && parser->cover_offset != saved_cover) {
      check_cover_error(parser, saved_cover);
      return NULL;
    }
    left = parse_assignment_rest(parser, left, saved_cover);
  }
  if (!left) return NULL;
  if (UNLIKELY(parser->cover_offset != saved_cover) && left->kind != NODE_OBJECT && left->kind != NODE_ARRAY) {
    check_cover_error(parser, saved_cover);
    return NULL;
  }
  return left;
}

Node *parse_assignment_cover(Parser *parser) {
  if (!parser_enter(parser)) return NULL;
  Node *node = parse_assignment_inner(parser);
  parser_leave(parser);
  return node;
}

Node *parse_assignment(Parser *parser) {
  uint32_t saved = parser->cover_offset;
  parser->cover_offset = OFFSET_NONE;
  Node *node = parse_assignment_cover(parser);
  if (!node || !check_cover_error(parser, saved)) return NULL;
  return node;
}

Node *parse_assignment_in(Parser *parser) {
  bool saved = parser->no_in;
  parser->no_in = false;
  Node *node = parse_assignment(parser);
  parser->no_in = saved;
  return node;
}

Node *parse_expression_cover(Parser *parser) {
  Node *first = parse_assignment_cover(parser);
  if (!first || !parser_at(parser, TOKEN_COMMA)) return first;
  uint32_t mark = parser->stack_count;
  if (!parser_push(parser, first)) return NULL;
  while (parser_accept(parser, TOKEN_COMMA)) {
    Node *next = parse_assignment(parser);
    if (!next || !parser_push(parser, next)) return NULL;
  }
  Node *node = NODE_NEW(parser, NODE_SEQUENCE, list, first->start);
  if (!node || !parser_take_list(parser, mark, &node->list)) return NULL;
  node_finish(parser, node);
  return node;
}

Node *parse_expression(Parser *parser) {
  uint32_t saved = parser->cover_offset;
  parser->cover_offset = OFFSET_NONE;
  Node *node = parse_expression_cover(parser);
  if (!node || !check_cover_error(parser, saved)) return NULL;
  return node;
}

Node *parse_expression_in(Parser *parser) {
  bool saved = parser->no_in;
  parser->no_in = false;
  Node *node = parse_expression(parser);
  parser->no_in = saved;
  return node;
}
