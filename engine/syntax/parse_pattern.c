// Binding patterns, and the reinterpretation of expressions as patterns.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

// --- Binding patterns as written ---

static Node *bind_identifier(Parser *parser, Node *node, BindingKind kind) {
  Name *name = node->identifier.name;
  bool is_lexical = kind >= BINDING_LET && kind <= BINDING_CLASS;
  if (is_lexical && name->well_known == NAME_let)
    return parser_fail_node(parser, node, "'let' may not be declared lexically");
  Binding *binding = scope_declare(parser, kind, name, node->start, node->end);
  if (!binding) return NULL;
  // `var` names are resolved like any reference: a catch parameter or a `with` may stand in between.
  if (kind != BINDING_VAR) node->identifier.binding = binding;
  return node;
}

Node *parse_binding_identifier(Parser *parser, BindingKind kind) {
  const Token *token = &parser->lexer.token;
  if (!check_identifier(parser, token, true)) return NULL;
  Node *node;
  if (kind == BINDING_VAR) {
    node = reference_new(parser, NODE_BINDING_IDENTIFIER, token->name, token->start, token->end);
    if (node) node->flags |= NODE_FLAG_ASSIGNED;
  } else {
    node = NODE_NEW(parser, NODE_BINDING_IDENTIFIER, identifier, token->start);
    if (node) {
      node->identifier.name = token->name;
      node->identifier.scope = parser->scope;
    }
  }
  if (!node || !bind_identifier(parser, node, kind)) return NULL;
  parser_next(parser);
  return node;
}

static void *resume_rest(Parser *parser);

static Node *parse_rest(Parser *parser, BindingKind kind, bool identifier_only) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_REST, unary, parser->lexer.token.start);
  if (!f.node) return NULL;
  parser_next(parser);
  PARSE_OR_LEAVE(1, f.node->unary.operand,
                 identifier_only ? parse_binding_identifier(parser, kind) : parse_binding_target(parser, kind))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_rest)
}
static void *resume_rest(Parser *parser) { return parse_rest(parser, BINDING_VAR, false); }

static Node *fail_after_rest(Parser *parser, const Node *rest, const char *closer) {
  if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, closer);
  return parser_fail_node(parser, rest, "the rest must be the last in a pattern");
}

static void *resume_array_pattern(Parser *parser);

static Node *parse_array_pattern(Parser *parser, BindingKind kind) {
  struct {
    Node *node;
    uint32_t mark, opener;
    BindingKind kind;
    bool is_rest;
  } f = {0};
  PRODUCTION(f)
  f.kind = kind;
  f.node = NODE_NEW(parser, NODE_ARRAY_PATTERN, list, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACKET)) {
    if (parser_at(parser, TOKEN_COMMA)) {
      if (!parser_push(parser, NULL)) return NULL;
      parser_next(parser);
      continue;
    }
    f.is_rest = parser_at(parser, TOKEN_ELLIPSIS);
    Node *element;
    PARSE_OR_LEAVE(1, element, f.is_rest ? parse_rest(parser, f.kind, false) : parse_binding_element(parser, f.kind))
    if (!parser_push(parser, element)) return NULL;
    if (parser_at(parser, TOKEN_RIGHT_BRACKET)) break;
    if (f.is_rest) return fail_after_rest(parser, element, "']'");
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or ']'");
    parser_next(parser);
  }
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->list)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_array_pattern)
}
static void *resume_array_pattern(Parser *parser) { return parse_array_pattern(parser, BINDING_VAR); }

// The parser's state is that of the function whose parameters these are.
static void note_parameter_expression(Parser *parser, int kind) {
  if (kind == BINDING_PARAMETER) parser->state->function->has_parameter_expressions = true;
}

static void *resume_binding_default(Parser *parser);

static Node *parse_binding_default(Parser *parser, Node *target, BindingKind kind) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  if (!target || !parser_at(parser, TOKEN_ASSIGN)) return target;
  note_parameter_expression(parser, kind);
  f.node = NODE_NEW(parser, NODE_PATTERN_DEFAULT, assign, target->start);
  if (!f.node) return NULL;
  parser_next(parser);
  f.node->assign.target = target;
  PARSE_OR_LEAVE(1, f.node->assign.value, parse_assignment_in(parser))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_binding_default)
}
static void *resume_binding_default(Parser *parser) { return parse_binding_default(parser, NULL, BINDING_VAR); }

static void *resume_binding_property(Parser *parser);

static Node *parse_binding_property(Parser *parser, BindingKind kind) {
  struct {
    Node *node;
    BindingKind kind;
  } f = {0};
  PRODUCTION(f)
  const Token *token = &parser->lexer.token;
  f.kind = kind;
  f.node = NODE_NEW(parser, NODE_PROPERTY, property, token->start);
  if (!f.node) return NULL;
  if (token->type == TOKEN_IDENTIFIER && lexer_peek(&parser->lexer, NULL) != TOKEN_COLON) {
    f.node->flags |= NODE_FLAG_SHORTHAND;
    f.node->property.key = string_node(parser, token->name, token->start, token->end);
    if (!f.node->property.key) return NULL;
    Node *target = parse_binding_identifier(parser, kind);
    PARSE_OR_LEAVE(1, f.node->property.value, parse_binding_default(parser, target, kind))
  } else {
    if (token_is_keyword(token->type) && lexer_peek(&parser->lexer, NULL) != TOKEN_COLON)
      return parser_fail_at_name(parser);
    if (token->type == TOKEN_LEFT_BRACKET) {
      f.node->flags |= NODE_FLAG_COMPUTED;
      note_parameter_expression(parser, kind);
    }
    PARSE_OR_LEAVE(2, f.node->property.key, parse_property_name(parser))
    if (!parser_expect(parser, TOKEN_COLON)) return NULL;
    PARSE_OR_LEAVE(3, f.node->property.value, parse_binding_element(parser, f.kind))
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_binding_property)
}
static void *resume_binding_property(Parser *parser) { return parse_binding_property(parser, BINDING_VAR); }

static void *resume_object_pattern(Parser *parser);

static Node *parse_object_pattern(Parser *parser, BindingKind kind) {
  struct {
    Node *node;
    uint32_t mark, opener;
    BindingKind kind;
    bool is_rest;
  } f = {0};
  PRODUCTION(f)
  f.kind = kind;
  f.node = NODE_NEW(parser, NODE_OBJECT_PATTERN, list, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    f.is_rest = parser_at(parser, TOKEN_ELLIPSIS);
    Node *property;
    PARSE_OR_LEAVE(1, property, f.is_rest ? parse_rest(parser, f.kind, true) : parse_binding_property(parser, f.kind))
    if (!parser_push(parser, property)) return NULL;
    if (parser_at(parser, TOKEN_RIGHT_BRACE)) break;
    if (f.is_rest) return fail_after_rest(parser, property, "'}'");
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or '}'");
    parser_next(parser);
  }
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->list)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_object_pattern)
}
static void *resume_object_pattern(Parser *parser) { return parse_object_pattern(parser, BINDING_VAR); }

static void *begin_pattern(Parser *parser, uint32_t kind);
static void *resume_pattern(Parser *parser);

static Node *parse_pattern(Parser *parser, BindingKind kind) {
  struct {
    bool saved_no_in;
  } f = {0};
  PRODUCTION(f)
  if (parser_suspends(parser, begin_pattern, kind)) return NULL;
  parser_enter(parser);
  f.saved_no_in = parser->no_in;
  parser->no_in = false;
  Node *node;
  PARSE_OR_LEAVE(
      1, node,
      parser_at(parser, TOKEN_LEFT_BRACKET) ? parse_array_pattern(parser, kind) : parse_object_pattern(parser, kind))
  parser->no_in = f.saved_no_in;
  parser_leave(parser);
  return node;
  RETURN_SUSPENDED(f, resume_pattern)
}
static void *begin_pattern(Parser *parser, uint32_t kind) { return parse_pattern(parser, (BindingKind)kind); }
static void *resume_pattern(Parser *parser) { return parse_pattern(parser, BINDING_VAR); }

Node *parse_binding_target(Parser *parser, BindingKind kind) {
  bool is_pattern = parser_at(parser, TOKEN_LEFT_BRACKET) || parser_at(parser, TOKEN_LEFT_BRACE);
  return is_pattern ? parse_pattern(parser, kind) : parse_binding_identifier(parser, kind);
}

static void *resume_binding_element(Parser *parser);

Node *parse_binding_element(Parser *parser, BindingKind kind) {
  struct {
    BindingKind kind;
  } f = {0};
  PRODUCTION(f)
  f.kind = kind;
  Node *target;
  PARSE_OR_LEAVE(1, target, parse_binding_target(parser, kind))
  return parse_binding_default(parser, target, f.kind);
  RETURN_SUSPENDED(f, resume_binding_element)
}
static void *resume_binding_element(Parser *parser) { return parse_binding_element(parser, BINDING_VAR); }

// --- Reinterpretation ---

static bool convert_identifier(Parser *parser, Node *node, int kind) {
  if (kind == PATTERN_ASSIGNMENT) return check_assignment_target(parser, node, "a destructuring assignment");
  if (node->flags & NODE_FLAG_PARENTHESIZED)
    return parser_fail_node(parser, node, "a parameter may not be parenthesised");
  if (!check_binding_name(parser, node->identifier.name, node->start, node->end)) return false;
  node->kind = NODE_BINDING_IDENTIFIER;
  node->identifier.scope = parser->scope;
  return bind_identifier(parser, node, (BindingKind)kind);
}

static bool fail_target(Parser *parser, Node *node, int kind) {
  return parser_fail_node(
      parser, node, kind == PATTERN_ASSIGNMENT ? "invalid target of a destructuring assignment" : "invalid parameter");
}

// A spread at the end of an array or object becomes the rest of the pattern.
static bool convert_spread(Parser *parser, Node *node, bool is_last, bool of_object, int kind) {
  if (!is_last) return parser_fail_node(parser, node, "the rest must be the last in a pattern");
  Node *target = node->unary.operand;
  if (of_object && (target->kind == NODE_ASSIGN || target->kind == NODE_OBJECT || target->kind == NODE_ARRAY)) {
    return parser_fail_node(parser, target, "the rest of an object pattern must be a simple target");
  }
  if (target->kind == NODE_ASSIGN) return fail_target(parser, target, kind);
  node->kind = NODE_REST;
  return true;
}

// The parts of a literal wait on the list stack, the first one uppermost.
static bool convert_list(Parser *parser, Node *node, int kind) {
  bool of_object = node->kind == NODE_OBJECT;
  if (node->flags & NODE_FLAG_PARENTHESIZED)
    return parser_fail_node(parser, node, "a pattern may not be parenthesised");
  node->kind = of_object ? NODE_OBJECT_PATTERN : NODE_ARRAY_PATTERN;
  for (uint32_t i = node->list.count; i-- > 0;) {
    Node *part = node->list.items[i];
    if (!part) continue;
    bool is_last = i + 1 == node->list.count && !(node->flags & NODE_FLAG_TRAILING_COMMA);
    if (part->kind == NODE_SPREAD && !convert_spread(parser, part, is_last, of_object, kind)) return false;
    if (!parser_push(parser, part)) return false;
  }
  return true;
}

static bool convert_property(Parser *parser, Node *node, int kind) {
  if ((node->flags & NODE_FLAG_METHOD) || node->operator != PROPERTY_VALUE) {
    return parser_fail_node(parser, node, "a method may not appear in a pattern");
  }
  if (node->flags & NODE_FLAG_COMPUTED) note_parameter_expression(parser, kind);
  node->flags &= (uint16_t)~NODE_FLAG_PROTO;
  return parser_push(parser, node->property.value);
}

static bool convert_assignment(Parser *parser, Node *node, int kind) {
  if (node->operator != OPERATOR_ASSIGN || (node->flags & NODE_FLAG_PARENTHESIZED))
    return fail_target(parser, node, kind);
  Node *target = node->assign.target;
  if (target->kind == NODE_CALL) return fail_target(parser, target, PATTERN_ASSIGNMENT);
  node->kind = NODE_PATTERN_DEFAULT;
  note_parameter_expression(parser, kind);
  // Its own `=` has already made an assignment pattern of a literal.
  bool is_done =
      kind == PATTERN_ASSIGNMENT && (target->kind == NODE_OBJECT_PATTERN || target->kind == NODE_ARRAY_PATTERN);
  return is_done || parser_push(parser, target);
}

// Parts of an assignment pattern come here again when it turns out to be a parameter.
static bool convert_node(Parser *parser, Node *node, int kind) {
  switch (node->kind) {
    case NODE_IDENTIFIER: return convert_identifier(parser, node, kind);
    case NODE_OBJECT:
    case NODE_ARRAY: return convert_list(parser, node, kind);
    case NODE_PROPERTY: return convert_property(parser, node, kind);
    case NODE_ASSIGN: return convert_assignment(parser, node, kind);
    case NODE_REST: return parser_push(parser, node->unary.operand);
    case NODE_PATTERN_DEFAULT: note_parameter_expression(parser, kind); return parser_push(parser, node->assign.target);
    case NODE_OBJECT_PATTERN:
    case NODE_ARRAY_PATTERN:
      for (uint32_t i = node->list.count; i-- > 0;) {
        if (node->list.items[i] && !parser_push(parser, node->list.items[i])) return false;
      }
      return true;
    default:
      if (kind != PATTERN_ASSIGNMENT) return fail_target(parser, node, kind);
      return check_assignment_target(parser, node, "&a destructuring assignment");
  }
}

bool pattern_from_expression(Parser *parser, Node *node, int kind) {
  uint32_t mark = parser->stack_count;
  if (!parser_push(parser, node)) return false;
  while (parser->stack_count > mark) {
    if (!convert_node(parser, parser->stack[--parser->stack_count], kind)) return false;
  }
  return true;
}
