// Operators, calls and members. Left-associative chains are loops.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

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

static void *resume_arguments(Parser *parser);

bool parse_arguments(Parser *parser, NodeList *arguments, bool cover) {
  struct {
    NodeList *arguments;
    uint32_t mark, opener, start;
    bool saved_no_in, cover, is_spread;
  } f = {0};
  PRODUCTION(f)
  f.arguments = arguments;
  f.cover = cover;
  f.saved_no_in = parser->no_in;
  parser->no_in = false;
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    f.start = parser->lexer.token.start;
    f.is_spread = parser_accept(parser, TOKEN_ELLIPSIS);
    Node *node;
    PARSE_OR_LEAVE(1, node, f.cover ? parse_assignment_cover(parser) : parse_assignment(parser))
    if (f.is_spread) {
      Node *spread = NODE_NEW(parser, NODE_SPREAD, unary, f.start);
      if (!spread) return false;
      spread->unary.operand = node;
      spread->end = node->end;
      node = spread;
    }
    if (!parser_push(parser, node)) return false;
    if (parser_at(parser, TOKEN_COMMA)) {
      parser_next(parser);
      // Parameters end with their rest.
      if (f.is_spread) node->flags |= NODE_FLAG_TRAILING_COMMA;
    } else if (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
      if (f.cover && parser_at(parser, TOKEN_COLON)) return parser_fail_at_type(parser);
      return parser_fail_expected(parser, "',' or ')'");
    }
  }
  parser->no_in = f.saved_no_in;
  parser->opener = f.opener;
  parser_next(parser);
  return parser_take_list(parser, f.mark, f.arguments);
  RETURN_SUSPENDED(f, resume_arguments)
}
static void *resume_arguments(Parser *parser) { return parse_arguments(parser, NULL, false) ? parser : NULL; }

static void *resume_index(Parser *parser);

static Node *parse_index(Parser *parser, NodeKind kind, uint32_t start) {
  struct {
    uint32_t start, opener;
    NodeKind kind;
  } f = {0};
  PRODUCTION(f)
  f.start = start;
  f.kind = kind;
  f.opener = parser_open(parser);
  parser_next(parser);
  Node *key;
  PARSE_OR_LEAVE(1, key, parse_expression_in(parser))
  if (!parser_expect(parser, TOKEN_RIGHT_BRACKET)) return NULL;
  parser->opener = f.opener;
  Node *node = f.kind == NODE_INDEX ? NODE_NEW(parser, NODE_INDEX, index, f.start)
                                    : NODE_NEW(parser, NODE_SUPER_INDEX, super_member, f.start);
  if (!node) return NULL;
  if (f.kind == NODE_INDEX) node->index.key = key;
  else node->super_member.key = key;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_index)
}
static void *resume_index(Parser *parser) { return parse_index(parser, NODE_INDEX, 0); }

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

static void *resume_call(Parser *parser);

static Node *parse_call(Parser *parser, Node *callee, uint32_t start, bool is_optional) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  Node *node = f.node = NODE_NEW(parser, NODE_CALL, call, start);
  if (!node) return NULL;
  node->call.list_start = parser->lexer.token.start;
  node->call.callee = callee;
  if (callee->kind == NODE_IDENTIFIER && callee->identifier.name->well_known == NAME_eval && !is_optional) {
    node->flags |= NODE_FLAG_DIRECT_EVAL;
    callee->flags |= NODE_FLAG_DIRECT_EVAL;
    scope_note_direct_eval(parser);
  }
  SUCCEED_OR_LEAVE(1, parse_arguments(parser, &f.node->call.arguments, false))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_call)
}
static void *resume_call(Parser *parser) { return parse_call(parser, NULL, 0, false); }

static void *resume_tagged_template(Parser *parser);

static Node *parse_tagged_template(Parser *parser, Node *tag, uint32_t start) {
  struct {
    Node *tag;
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.tag = tag;
  f.start = start;
  Node *template;
  PARSE_OR_LEAVE(1, template, parse_template(parser, true))
  Node *node = NODE_NEW(parser, NODE_TAGGED_TEMPLATE, tagged_template, f.start);
  if (!node) return NULL;
  node->tagged_template.tag = f.tag;
  node->tagged_template.template = template;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_tagged_template)
}
static void *resume_tagged_template(Parser *parser) { return parse_tagged_template(parser, NULL, 0); }

// After `?.`.
static void *resume_optional_link(Parser *parser);

static Node *parse_optional_link(Parser *parser, Node *object, uint32_t start) {
  struct {
    Node *object;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  f.object = object;
  switch (parser->lexer.token.type) {
    case TOKEN_TEMPLATE:
      return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                         "a template may not be tagged by an optional chain");
    case TOKEN_LEFT_PAREN:
    case TOKEN_LEFT_BRACKET: break;
    default:
      node = parse_member_name(parser, object, start);
      if (node) node->flags |= NODE_FLAG_OPTIONAL;
      return node;
  }
  PARSE_OR_LEAVE(1, node,
                 parser_at(parser, TOKEN_LEFT_PAREN) ? parse_call(parser, object, start, true)
                                                     : parse_index(parser, NODE_INDEX, start))
  if (node->kind == NODE_INDEX) node->index.object = f.object;
  node->flags |= NODE_FLAG_OPTIONAL;
  return node;
  RETURN_SUSPENDED(f, resume_optional_link)
}
static void *resume_optional_link(Parser *parser) { return parse_optional_link(parser, NULL, 0); }

static void *resume_index_link(Parser *parser);

static Node *parse_index_link(Parser *parser, Node *object, uint32_t start) {
  struct {
    Node *object;
  } f = {0};
  PRODUCTION(f)
  f.object = object;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_index(parser, NODE_INDEX, start))
  node->index.object = f.object;
  return node;
  RETURN_SUSPENDED(f, resume_index_link)
}
static void *resume_index_link(Parser *parser) { return parse_index_link(parser, NULL, 0); }

static Node *parse_link(Parser *parser, Node *object, uint32_t start) {
  switch (parser->lexer.token.type) {
    case TOKEN_LEFT_BRACKET: return parse_index_link(parser, object, start);
    case TOKEN_LEFT_PAREN: return parse_call(parser, object, start, false);
    case TOKEN_TEMPLATE: return parse_tagged_template(parser, object, start);
    default: parser_next(parser); return parse_optional_link(parser, object, start);
  }
}

// The links after a primary expression that began at `start` (parentheses included). Without `allow_calls` (after
// `new`), neither calls nor optional links.
static void *resume_links(Parser *parser);

static Node *parse_links(Parser *parser, Node *first, uint32_t start, bool allow_calls) {
  struct {
    uint32_t start;
    bool allow_calls, is_optional_chain;
  } f = {0};
  Node *node = first;
  PRODUCTION(f)
  f.start = start;
  f.allow_calls = allow_calls;
  while (node) {
    switch (parser->lexer.token.type) {
      case TOKEN_DOT:
        parser_next(parser);
        node = parse_member_name(parser, node, f.start);
        continue;
      case TOKEN_LEFT_BRACKET: break;
      case TOKEN_LEFT_PAREN:
        if (!f.allow_calls) return node;
        break;
      case TOKEN_TEMPLATE:
        if (f.is_optional_chain) {
          return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                             "a template may not be tagged by an optional chain");
        }
        break;
      case TOKEN_OPTIONAL_DOT:
        if (!f.allow_calls) {
          return parser_fail(parser, parser->lexer.token.start, parser->lexer.token.end,
                             "an optional chain may not be constructed with 'new'");
        }
        f.is_optional_chain = true;
        break;
      default:
        if (!f.is_optional_chain) return node;
        Node *chain = NODE_NEW(parser, NODE_OPTIONAL_CHAIN, unary, f.start);
        if (!chain) return NULL;
        chain->unary.operand = node;
        node_finish(parser, chain);
        return chain;
    }
    PARSE_OR_LEAVE(1, node, parse_link(parser, node, f.start))
  }
  return NULL;
  RETURN_SUSPENDED(f, resume_links)
}
static void *resume_links(Parser *parser) { return parse_links(parser, NULL, 0, false); }

static Node *implicit_reference(Parser *parser, WellKnownName word, NodeKind kind, uint32_t start) {
  return reference_new(parser, kind, parser->lexer.names.well_known[word], start, parser->lexer.token.end);
}

static void *resume_super_call(Parser *parser);

static Node *parse_super_call(Parser *parser, uint32_t start, uint32_t end) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  if (!parser->state->super_call_allowed) {
    return parser_fail(parser, start, end, "'super()' is only allowed in constructors of derived classes");
  }
  Node *this_ = implicit_reference(parser, NAME_this, NODE_THIS, start);
  Node *function = implicit_reference(parser, NAME_active_function, NODE_IDENTIFIER, start);
  Node *new_target = implicit_reference(parser, NAME_new_target, NODE_NEW_TARGET, start);
  Node *node = f.node = NODE_NEW(parser, NODE_SUPER_CALL, super_call, start);
  if (!this_ || !function || !new_target || !node) return NULL;
  node->super_call.this_ = this_;
  node->super_call.function = function;
  node->super_call.new_target = new_target;
  SUCCEED_OR_LEAVE(1, parse_arguments(parser, &f.node->super_call.arguments, false))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_super_call)
}
static void *resume_super_call(Parser *parser) { return parse_super_call(parser, 0, 0); }

static void *resume_super(Parser *parser);

static Node *parse_super(Parser *parser) {
  struct {
    Node *this_, *home;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  uint32_t start = parser->lexer.token.start, end = parser->lexer.token.end;
  parser_next(parser);
  if (parser_at(parser, TOKEN_LEFT_PAREN)) return parse_super_call(parser, start, end);
  if (!parser_at(parser, TOKEN_DOT) && !parser_at(parser, TOKEN_LEFT_BRACKET)) {
    return parser_fail(parser, start, end, "'super' must be followed by '.', '[' or an argument list");
  }
  if (!parser->state->super_property_allowed) {
    return parser_fail(parser, start, end, "'super' properties are only allowed in methods and class elements");
  }
  f.this_ = implicit_reference(parser, NAME_this, NODE_THIS, start);
  f.home = implicit_reference(parser, NAME_home_object, NODE_IDENTIFIER, start);
  if (!f.this_ || !f.home) return NULL;
  if (parser_at(parser, TOKEN_LEFT_BRACKET)) {
    PARSE_OR_LEAVE(1, node, parse_index(parser, NODE_SUPER_INDEX, start))
  } else {
    parser_next(parser);
    const Token *token = &parser->lexer.token;
    if (token->type == TOKEN_PRIVATE_NAME) {
      return parser_fail(parser, token->start, token->end, "private names may not be accessed through 'super'");
    }
    if (!token_is_property_name(token)) return parser_fail_at_token(parser);
    node = NODE_NEW(parser, NODE_SUPER_MEMBER, super_member, start);
    if (!node) return NULL;
    node->super_member.name = token->name;
    parser_next(parser);
  }
  node->super_member.this_ = f.this_;
  node->super_member.home = f.home;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_super)
}
static void *resume_super(Parser *parser) { return parse_super(parser); }

// After `new` and the dot.
static Node *parse_new_target(Parser *parser, uint32_t start) {
  if (!parser_expect_word(parser, NAME_target)) return NULL;
  if (!parser->state->new_target_allowed) {
    return parser_fail(parser, start, parser->lexer.previous_end, "'new.target' is only allowed in functions");
  }
  return reference_new(parser, NODE_NEW_TARGET, WELL_KNOWN(parser, new_target), start, parser->lexer.previous_end);
}

static void *resume_import_call(Parser *parser);

static Node *parse_import_call(Parser *parser, uint32_t start, ImportPhase phase) {
  struct {
    Node *node;
    uint32_t opener;
  } f = {0};
  PRODUCTION(f)
  f.opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_PAREN)) return NULL;
  f.node = NODE_NEW(parser, NODE_IMPORT_CALL, import_call, start);
  if (!f.node) return NULL;
  f.node->operator = phase;
  if (parser_at(parser, TOKEN_ELLIPSIS)) return parser_fail_at_token(parser);
  PARSE_OR_LEAVE(1, f.node->import_call.specifier, parse_assignment_in(parser))
  if (parser_accept(parser, TOKEN_COMMA) && !parser_at(parser, TOKEN_RIGHT_PAREN)) {
    if (parser_at(parser, TOKEN_ELLIPSIS)) return parser_fail_at_token(parser);
    PARSE_OR_LEAVE(2, f.node->import_call.options, parse_assignment_in(parser))
    parser_accept(parser, TOKEN_COMMA);
  }
  if (!parser_expect(parser, TOKEN_RIGHT_PAREN)) return NULL;
  parser->opener = f.opener;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_import_call)
}
static void *resume_import_call(Parser *parser) { return parse_import_call(parser, 0, IMPORT_EVALUATION); }

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

static Node *parse_new(Parser *parser);

static Node *parse_new_callee(Parser *parser) {
  switch (parser->lexer.token.type) {
    case TOKEN_NEW: return parse_new(parser);
    case TOKEN_IMPORT: return parse_import_expression(parser, true);
    case TOKEN_SUPER: return parse_super(parser);
    default: return parse_primary(parser);
  }
}

static void *begin_new(Parser *parser, uint32_t argument);
static void *resume_new(Parser *parser);

// At `new`.
static Node *parse_new(Parser *parser) {
  struct {
    Node *node;
    uint32_t start, callee_start;
  } f = {0};
  PRODUCTION(f)
  if (parser_suspends(parser, begin_new, 0)) return NULL;
  f.start = parser->lexer.token.start;
  parser_next(parser);
  if (parser_accept(parser, TOKEN_DOT)) return parse_new_target(parser, f.start);
  parser_enter(parser);
  f.callee_start = parser->lexer.token.start;
  Node *callee;
  PARSE_OR_LEAVE(1, callee, parse_new_callee(parser))
  if (node_is_arrow(callee)) return parser_fail_at_token(parser);
  if (callee->kind == NODE_SUPER_CALL) {
    return parser_fail_node(parser, callee, "'super()' may not be constructed with 'new'");
  }
  PARSE_OR_LEAVE(2, callee, parse_links(parser, callee, f.callee_start, false))
  parser_leave(parser);
  f.node = NODE_NEW(parser, NODE_NEW, call, f.start);
  if (!f.node) return NULL;
  f.node->call.callee = callee;
  if (parser_at(parser, TOKEN_LEFT_PAREN)) {
    SUCCEED_OR_LEAVE(3, parse_arguments(parser, &f.node->call.arguments, false))
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_new)
}
static void *begin_new(Parser *parser, uint32_t argument) { return (void)argument, parse_new(parser); }
static void *resume_new(Parser *parser) { return parse_new(parser); }

static Node *parse_head(Parser *parser) {
  switch (parser->lexer.token.type) {
    case TOKEN_NEW: return parse_new(parser);
    case TOKEN_SUPER: return parse_super(parser);
    case TOKEN_IMPORT: return parse_import_expression(parser, false);
    default: return parse_primary(parser);
  }
}

static void *resume_left_hand_side(Parser *parser);

Node *parse_left_hand_side(Parser *parser) {
  struct {
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_head(parser))
  if (node_is_arrow(node)) return node;
  return parse_links(parser, node, f.start, true);
  RETURN_SUSPENDED(f, resume_left_hand_side)
}
static void *resume_left_hand_side(Parser *parser) { return parse_left_hand_side(parser); }

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

static void *begin_prefix(Parser *parser, uint32_t argument);
static void *resume_prefix(Parser *parser);

static Node *parse_prefix(Parser *parser, NodeKind kind, Operator operator) {
  struct {
    uint32_t start;
    NodeKind kind;
    Operator operator;
  } f = {0};
  PRODUCTION(f)
  if (parser_suspends(parser, begin_prefix, kind | (uint32_t)operator << 8)) return NULL;
  f.start = parser->lexer.token.start;
  f.kind = kind;
  f.operator = operator;
  parser_enter(parser);
  parser_next(parser);
  Node *operand;
  PARSE_OR_LEAVE(1, operand, parse_unary(parser))
  parser_leave(parser);
  if (node_is_arrow(operand)) return parser_fail_at_token(parser);
  Node *node = NODE_NEW(parser, f.kind, unary, f.start);
  if (!node) return NULL;
  node->unary.operand = operand;
  node->operator = f.operator;
  node_finish(parser, node);
  if (f.kind == NODE_UPDATE) {
    node->flags |= NODE_FLAG_PREFIX;
    const char *what = f.operator == OPERATOR_INCREMENT ? "'++'" : "'--'";
    return check_assignment_target(parser, operand, what) ? node : NULL;
  }
  if (f.operator == OPERATOR_DELETE && !check_delete(parser, operand)) return NULL;
  if (parser_at(parser, TOKEN_STAR_STAR)) {
    return parser_fail_node(parser, node, "a unary operator before '**' needs parentheses");
  }
  return node;
  RETURN_SUSPENDED(f, resume_prefix)
}
static void *begin_prefix(Parser *parser, uint32_t argument) {
  return parse_prefix(parser, (NodeKind)(argument & 255), (Operator)(argument >> 8));
}
static void *resume_prefix(Parser *parser) { return parse_prefix(parser, NODE_EMPTY, OPERATOR_NONE); }

static Node *parse_await(Parser *parser) {
  uint32_t start = parser->lexer.token.start;
  if (parser->state->in_parameters) {
    return parser_fail(parser, start, parser->lexer.token.end, "'await' is not allowed in parameters");
  }
  parser->last_await = start;
  parser->state->function->has_await = true;
  return parse_prefix(parser, NODE_AWAIT, OPERATOR_NONE);
}

static bool token_is_link(unsigned type) {
  return type == TOKEN_DOT || type == TOKEN_LEFT_PAREN || type == TOKEN_LEFT_BRACKET || type == TOKEN_TEMPLATE ||
         type == TOKEN_OPTIONAL_DOT;
}

static void *resume_postfix(Parser *parser);

static Node *parse_postfix(Parser *parser) {
  struct {
    uint32_t start;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  PARSE_OR_LEAVE(1, node, parse_head(parser))
  if (token_is_link(parser->lexer.token.type) && !node_is_arrow(node)) {
    PARSE_OR_LEAVE(2, node, parse_links(parser, node, f.start, true))
  }
  const Token *token = &parser->lexer.token;
  if ((token->type != TOKEN_INCREMENT && token->type != TOKEN_DECREMENT) || token->newline_before) return node;
  if (node_is_arrow(node)) return node;
  bool is_increment = token->type == TOKEN_INCREMENT;
  if (!check_assignment_target(parser, node, is_increment ? "'++'" : "'--'")) return NULL;
  Node *update = NODE_NEW(parser, NODE_UPDATE, unary, node->start);
  if (!update) return NULL;
  update->operator = is_increment ? OPERATOR_INCREMENT : OPERATOR_DECREMENT;
  update->unary.operand = node;
  parser_next(parser);
  return update;
  RETURN_SUSPENDED(f, resume_postfix)
}
static void *resume_postfix(Parser *parser) { return parse_postfix(parser); }

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

static void *resume_private_in(Parser *parser);

static Node *parse_private_in(Parser *parser, unsigned minimum) {
  struct {
    Node *name;
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  if (minimum > PRECEDENCE_RELATIONAL || parser->no_in) return parser_fail_at_token(parser);
  f.name = parse_private_reference(parser);
  if (!f.name || !parser_expect(parser, TOKEN_IN)) return NULL;
  Node *object;
  PARSE_OR_LEAVE(1, object, parse_binary(parser, PRECEDENCE_RELATIONAL + 1))
  Node *node = NODE_NEW(parser, NODE_PRIVATE_IN, private_member, f.start);
  if (!node) return NULL;
  node->private_member.object = object;
  node->private_member.name = f.name;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_private_in)
}
static void *resume_private_in(Parser *parser) { return parse_private_in(parser, 0); }

static void *begin_binary(Parser *parser, uint32_t minimum);
static void *resume_binary(Parser *parser);

static Node *parse_binary(Parser *parser, unsigned minimum) {
  struct {
    Node *left;
    uint32_t minimum, start, at;
    uint8_t type, depth;
  } f = {0};
  Node *left;
  PRODUCTION(f)
  f.minimum = minimum;
  f.start = parser->lexer.token.start;
  PARSE_OR_LEAVE(1, left,
                 parser_at(parser, TOKEN_PRIVATE_NAME) ? parse_private_in(parser, minimum) : parse_unary(parser))
  for (;;) {
    unsigned type = parser->lexer.token.type, precedence = token_precedences[type];
    if (LIKELY(precedence < f.minimum || !precedence)) return left;
    if (UNLIKELY(node_is_arrow(left))) return left;
    if (type == TOKEN_IN && parser->no_in) return left;
    f.left = left;
    f.type = (uint8_t)type;
    f.at = parser->lexer.token.start;
    parser_next(parser);
    // Powers associate to the right, so the same precedence is nested.
    f.depth = precedence == PRECEDENCE_EXPONENT;
    if (f.depth) {
      parser_enter(parser);
      if (parser_suspends(parser, begin_binary, PRECEDENCE_EXPONENT)) {
        resume_at = 2;
        goto suspend;
      }
    }
    Node *right;
    PARSE_OR_LEAVE(2, right, parse_binary(parser, precedence + !f.depth))
    if (f.depth) parser_leave(parser);
    if (UNLIKELY(node_is_arrow(right))) return parser_fail_at_token(parser);
    left = binary_node(parser, f.start, f.left, right, f.type, f.at);
    if (!left) return NULL;
  }
  RETURN_SUSPENDED(f, resume_binary)
}
static void *begin_binary(Parser *parser, uint32_t minimum) { return parse_binary(parser, minimum); }
static void *resume_binary(Parser *parser) { return parse_binary(parser, 0); }

// --- Conditional, yield, assignment ---

static void *resume_conditional_rest(Parser *parser);

static Node *parse_conditional_rest(Parser *parser, Node *test) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_CONDITIONAL, conditional, test->start);
  if (!f.node) return NULL;
  parser_next(parser);
  f.node->conditional.test = test;
  PARSE_OR_LEAVE(1, f.node->conditional.consequent, parse_assignment_in(parser))
  if (!parser_expect(parser, TOKEN_COLON)) return NULL;
  PARSE_OR_LEAVE(2, f.node->conditional.alternate, parse_assignment(parser))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_conditional_rest)
}
static void *resume_conditional_rest(Parser *parser) { return parse_conditional_rest(parser, NULL); }

static void *resume_yield(Parser *parser);

static Node *parse_yield(Parser *parser) {
  struct {
    uint32_t start;
    bool is_delegate;
  } f = {0};
  Node *operand = NULL;
  PRODUCTION(f)
  const Token *token = &parser->lexer.token;
  f.start = token->start;
  if (token->has_escape) return parser_fail(parser, f.start, token->end, "'yield' may not contain escapes");
  if (parser->state->in_parameters)
    return parser_fail(parser, f.start, token->end, "'yield' is not allowed in parameters");
  parser->last_yield = f.start;
  parser->state->function->has_yield = true;
  parser_next(parser);
  bool has_operand = true;
  switch (token->newline_before ? (unsigned)TOKEN_END : token->type) {
    case TOKEN_END:
    case TOKEN_RIGHT_PAREN:
    case TOKEN_RIGHT_BRACKET:
    case TOKEN_RIGHT_BRACE:
    case TOKEN_COMMA:
    case TOKEN_SEMICOLON:
    case TOKEN_COLON:
    case TOKEN_IN: has_operand = false; break;
    case TOKEN_STAR:
      f.is_delegate = true;
      parser_next(parser);
      break;
    default: break;
  }
  if (has_operand) {
    PARSE_OR_LEAVE(1, operand, parse_assignment(parser))
  }
  Node *node = NODE_NEW(parser, f.is_delegate ? NODE_YIELD_STAR : NODE_YIELD, unary, f.start);
  if (!node) return NULL;
  node->unary.operand = operand;
  node_finish(parser, node);
  return node;
  RETURN_SUSPENDED(f, resume_yield)
}
static void *resume_yield(Parser *parser) { return parse_yield(parser); }

static void *resume_assignment_rest(Parser *parser);

static Node *parse_assignment_rest(Parser *parser, Node *left, uint32_t saved_cover) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
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
  f.node = NODE_NEW(parser, NODE_ASSIGN, assign, left->start);
  if (!f.node) return NULL;
  f.node->operator = token_operators[type];
  f.node->assign.target = left;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->assign.value, parse_assignment(parser))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_assignment_rest)
}
static void *resume_assignment_rest(Parser *parser) { return parse_assignment_rest(parser, NULL, 0); }

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

static void *begin_assignment(Parser *parser, uint32_t keeps_cover);
static void *resume_assignment(Parser *parser);

// One function for the whole production, since most expressions pass through all of it.
static Node *parse_assignment_with(Parser *parser, bool keeps_cover) {
  struct {
    uint32_t start, saved_cover, outer_cover, mark;
    bool keeps_cover;
  } f = {0};
  Node *left;
  PRODUCTION(f)
  if (parser_suspends(parser, begin_assignment, keeps_cover)) return NULL;
  parser_enter(parser);
  const Token *token = &parser->lexer.token;
  f.keeps_cover = keeps_cover;
  f.outer_cover = parser->cover_offset;
  if (!keeps_cover) parser->cover_offset = OFFSET_NONE;
  f.start = token->start;
  f.saved_cover = parser->cover_offset;
  f.mark = parser->reference_count;
  Token peeked;
  if (token->type == TOKEN_IDENTIFIER && token->name->well_known &&
      ((token->name->well_known == NAME_yield && parser->state->yield_allowed) ||
       (parser_at_word(parser, NAME_async) && lexer_peek(&parser->lexer, &peeked) == TOKEN_IDENTIFIER &&
        !peeked.newline_before))) {
    PARSE_OR_LEAVE(
        1, left,
        token->name->well_known == NAME_yield ? parse_yield(parser) : parse_async_single_arrow(parser, f.start))
    goto done;
  }
  parser->arrow_start = f.start;
  PARSE_OR_LEAVE(2, left, parse_binary(parser, PRECEDENCE_LOWEST))
  unsigned type = parser->lexer.token.type;
  // Arrow functions end an expression. An expression that goes on after a literal cannot become a pattern.
  if (left->kind == NODE_FUNCTION && node_is_arrow(left)) goto done;
  if (type == TOKEN_QUESTION) {
    PARSE_OR_LEAVE(3, left, parse_conditional_rest(parser, left))
  } else if (type == TOKEN_ARROW && left->kind == NODE_IDENTIFIER && !(left->flags & NODE_FLAG_PARENTHESIZED) &&
             left->start == f.start && !parser->lexer.token.newline_before) {
    PARSE_OR_LEAVE(4, left, parse_single_parameter_arrow(parser, left, false, f.start, f.mark))
    goto done;
  } else if (token_is_assignment(type)) {
    // Only a direct literal may keep cover errors until it becomes a pattern.
    if (left->kind != NODE_OBJECT && left->kind != NODE_ARRAY && parser->cover_offset != f.saved_cover) {
      check_cover_error(parser, f.saved_cover);
      return NULL;
    }
    PARSE_OR_LEAVE(5, left, parse_assignment_rest(parser, left, f.saved_cover))
  }
  if (UNLIKELY(parser->cover_offset != f.saved_cover) && left->kind != NODE_OBJECT && left->kind != NODE_ARRAY) {
    check_cover_error(parser, f.saved_cover);
    return NULL;
  }
done:
  parser_leave(parser);
  return f.keeps_cover || check_cover_error(parser, f.outer_cover) ? left : NULL;
  RETURN_SUSPENDED(f, resume_assignment)
}
static void *begin_assignment(Parser *parser, uint32_t keeps_cover) {
  return parse_assignment_with(parser, keeps_cover);
}
static void *resume_assignment(Parser *parser) { return parse_assignment_with(parser, false); }

Node *parse_assignment_cover(Parser *parser) { return parse_assignment_with(parser, true); }
Node *parse_assignment(Parser *parser) { return parse_assignment_with(parser, false); }

static void *resume_assignment_in(Parser *parser);

Node *parse_assignment_in(Parser *parser) {
  struct {
    bool saved;
  } f = {0};
  PRODUCTION(f)
  f.saved = parser->no_in;
  parser->no_in = false;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_assignment(parser))
  parser->no_in = f.saved;
  return node;
  RETURN_SUSPENDED(f, resume_assignment_in)
}
static void *resume_assignment_in(Parser *parser) { return parse_assignment_in(parser); }

static void *resume_expression(Parser *parser);

static Node *parse_expression_with(Parser *parser, bool keeps_cover) {
  struct {
    Node *first;
    uint32_t mark, saved;
    bool keeps_cover;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  f.keeps_cover = keeps_cover;
  f.saved = parser->cover_offset;
  if (!keeps_cover) parser->cover_offset = OFFSET_NONE;
  PARSE_OR_LEAVE(1, node, parse_assignment_cover(parser))
  if (parser_at(parser, TOKEN_COMMA)) {
    f.first = node;
    f.mark = parser->stack_count;
    if (!parser_push(parser, node)) return NULL;
    while (parser_accept(parser, TOKEN_COMMA)) {
      PARSE_OR_LEAVE(2, node, parse_assignment(parser))
      if (!parser_push(parser, node)) return NULL;
    }
    node = NODE_NEW(parser, NODE_SEQUENCE, list, f.first->start);
    if (!node || !parser_take_list(parser, f.mark, &node->list)) return NULL;
    node_finish(parser, node);
  }
  return f.keeps_cover || check_cover_error(parser, f.saved) ? node : NULL;
  RETURN_SUSPENDED(f, resume_expression)
}
static void *resume_expression(Parser *parser) { return parse_expression_with(parser, false); }

Node *parse_expression_cover(Parser *parser) { return parse_expression_with(parser, true); }
Node *parse_expression(Parser *parser) { return parse_expression_with(parser, false); }

static void *resume_expression_in(Parser *parser);

Node *parse_expression_in(Parser *parser) {
  struct {
    bool saved;
  } f = {0};
  PRODUCTION(f)
  f.saved = parser->no_in;
  parser->no_in = false;
  Node *node;
  PARSE_OR_LEAVE(1, node, parse_expression(parser))
  parser->no_in = f.saved;
  return node;
  RETURN_SUSPENDED(f, resume_expression_in)
}
static void *resume_expression_in(Parser *parser) { return parse_expression_in(parser); }
