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

static Node *parse_rest(Parser *parser, BindingKind kind, bool identifier_only) {
  Node *node = NODE_NEW(parser, NODE_REST, unary, parser->lexer.token.start);
  if (!node) return NULL;
  parser_next(parser);
  Node *target = identifier_only ? parse_binding_identifier(parser, kind) : parse_binding_target(parser, kind);
  if (!target) return NULL;
  node->unary.operand = target;
  node_finish(parser, node);
  return node;
}

static Node *fail_after_rest(Parser *parser, const Node *rest, const char *closer) {
  if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, closer);
  return parser_fail_node(parser, rest, "the rest must be the last in a pattern");
}

static Node *parse_array_pattern(Parser *parser, BindingKind kind) {
  Node *node = NODE_NEW(parser, NODE_ARRAY_PATTERN, list, parser->lexer.token.start);
  if (!node) return NULL;
  uint32_t mark = parser->stack_count, opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACKET)) {
    if (parser_at(parser, TOKEN_COMMA)) {
      if (!parser_push(parser, NULL)) return NULL;
      parser_next(parser);
      continue;
    }
    bool is_rest = parser_at(parser, TOKEN_ELLIPSIS);
    Node *element = is_rest ? parse_rest(parser, kind, false) : parse_binding_element(parser, kind);
    if (!element || !parser_push(parser, element)) return NULL;
    if (parser_at(parser, TOKEN_RIGHT_BRACKET)) break;
    if (is_rest) return fail_after_rest(parser, element, "']'");
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or ']'");
    parser_next(parser);
  }
  parser->opener = opener;
  parser_next(parser);
  if (!parser_take_list(parser, mark, &node->list)) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *finish_binding_element(Parser *parser, Node *target) {
  if (!target || !parser_at(parser, TOKEN_ASSIGN)) return target;
  Node *node = NODE_NEW(parser, NODE_PATTERN_DEFAULT, assign, target->start);
  if (!node) return NULL;
  parser_next(parser);
  node->assign.target = target;
  if (!(node->assign.value = parse_assignment_in(parser))) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_binding_property(Parser *parser, BindingKind kind) {
  Node *node = NODE_NEW(parser, NODE_PROPERTY, property, parser->lexer.token.start);
  if (!node) return NULL;
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_IDENTIFIER && lexer_peek(&parser->lexer, NULL) != TOKEN_COLON) {
    node->flags |= NODE_FLAG_SHORTHAND;
    node->property.key = string_node(parser, token->name, token->start, token->end);
    if (!node->property.key) return NULL;
    node->property.value = finish_binding_element(parser, parse_binding_identifier(parser, kind));
  } else {
    bool is_computed;
    if (token_is_keyword(token->type) && lexer_peek(&parser->lexer, NULL) != TOKEN_COLON)
      return parser_fail_at_name(parser);
    node->property.key = parse_property_name(parser, &is_computed);
    if (!node->property.key) return NULL;
    if (is_computed) node->flags |= NODE_FLAG_COMPUTED;
    if (!parser_expect(parser, TOKEN_COLON)) return NULL;
    node->property.value = parse_binding_element(parser, kind);
  }
  if (!node->property.value) return NULL;
  node_finish(parser, node);
  return node;
}

static Node *parse_object_pattern(Parser *parser, BindingKind kind) {
  Node *node = NODE_NEW(parser, NODE_OBJECT_PATTERN, list, parser->lexer.token.start);
  if (!node) return NULL;
  uint32_t mark = parser->stack_count, opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    bool is_rest = parser_at(parser, TOKEN_ELLIPSIS);
    Node *property = is_rest ? parse_rest(parser, kind, true) : parse_binding_property(parser, kind);
    if (!property || !parser_push(parser, property)) return NULL;
    if (parser_at(parser, TOKEN_RIGHT_BRACE)) break;
    if (is_rest) return fail_after_rest(parser, property, "'}'");
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or '}'");
    parser_next(parser);
  }
  parser->opener = opener;
  parser_next(parser);
  if (!parser_take_list(parser, mark, &node->list)) return NULL;
  node_finish(parser, node);
  return node;
}

Node *parse_binding_target(Parser *parser, BindingKind kind) {
  unsigned type = parser->lexer.token.type;
  if (type != TOKEN_LEFT_BRACKET && type != TOKEN_LEFT_BRACE) return parse_binding_identifier(parser, kind);
  if (!parser_enter(parser)) return NULL;
  parser_pin(parser);
  bool saved_no_in = parser->no_in;
  parser->no_in = false;
  Node *node = type == TOKEN_LEFT_BRACKET ? parse_array_pattern(parser, kind) : parse_object_pattern(parser, kind);
  parser->no_in = saved_no_in;
  parser_unpin(parser);
  parser_leave(parser);
  return node;
}

Node *parse_binding_element(Parser *parser, BindingKind kind) {
  return finish_binding_element(parser, parse_binding_target(parser, kind));
}

// --- Reinterpretation ---

static Node *convert_identifier(Parser *parser, Node *node, int kind) {
  if (kind == PATTERN_ASSIGNMENT)
    return check_assignment_target(parser, node, "a destructuring assignment") ? node : NULL;
  if (node->flags & NODE_FLAG_PARENTHESIZED)
    return parser_fail_node(parser, node, "a parameter may not be parenthesised");
  if (!check_binding_name(parser, node->identifier.name, node->start, node->end)) return NULL;
  node->kind = NODE_BINDING_IDENTIFIER;
  node->identifier.scope = parser->scope;
  return bind_identifier(parser, node, (BindingKind)kind);
}

static Node *convert_property(Parser *parser, Node *node, int kind) {
  if (node->kind == NODE_SPREAD) {
    node->kind = NODE_REST;
    Node *target = node->unary.operand;
    if (target->kind == NODE_ASSIGN || target->kind == NODE_OBJECT || target->kind == NODE_ARRAY) {
      return parser_fail_node(parser, target, "the rest of an object pattern must be a simple target");
    }
    return pattern_from_expression(parser, target, kind) ? node : NULL;
  }
  if ((node->flags & NODE_FLAG_METHOD) || node->operator != PROPERTY_VALUE) {
    return parser_fail_node(parser, node, "a method may not appear in a pattern");
  }
  node->flags &= (uint16_t)~NODE_FLAG_PROTO;
  node->property.value = pattern_element_from_expression(parser, node->property.value, kind);
  return node->property.value ? node : NULL;
}

static Node *convert_object(Parser *parser, Node *node, int kind) {
  node->kind = NODE_OBJECT_PATTERN;
  for (uint32_t i = 0; i < node->list.count; i++) {
    Node *property = node->list.items[i];
    bool is_last = i + 1 == node->list.count;
    if (property->kind == NODE_SPREAD && (!is_last || (node->flags & NODE_FLAG_TRAILING_COMMA))) {
      return parser_fail_node(parser, property, "the rest must be the last in a pattern");
    }
    if (!convert_property(parser, property, kind)) return NULL;
  }
  return node;
}

static Node *convert_array(Parser *parser, Node *node, int kind) {
  node->kind = NODE_ARRAY_PATTERN;
  for (uint32_t i = 0; i < node->list.count; i++) {
    Node *element = node->list.items[i];
    if (!element) continue;
    bool is_last = i + 1 == node->list.count;
    if (element->kind != NODE_SPREAD) {
      if (!(node->list.items[i] = pattern_element_from_expression(parser, element, kind))) return NULL;
      continue;
    }
    if (!is_last || (node->flags & NODE_FLAG_TRAILING_COMMA)) {
      return parser_fail_node(parser, element, "the rest must be the last in a pattern");
    }
    element->kind = NODE_REST;
    if (!pattern_from_expression(parser, element->unary.operand, kind)) return NULL;
  }
  return node;
}

Node *pattern_from_expression(Parser *parser, Node *node, int kind) {
  bool is_parenthesized = node->flags & NODE_FLAG_PARENTHESIZED;
  switch (node->kind) {
    case NODE_IDENTIFIER: return convert_identifier(parser, node, kind);
    case NODE_OBJECT:
    case NODE_ARRAY: {
      if (is_parenthesized) return parser_fail_node(parser, node, "a pattern may not be parenthesised");
      if (!parser_enter(parser)) return NULL;
      Node *pattern =
          node->kind == NODE_OBJECT ? convert_object(parser, node, kind) : convert_array(parser, node, kind);
      parser_leave(parser);
      return pattern;
    }
    case NODE_OBJECT_PATTERN:
    case NODE_ARRAY_PATTERN: break;  // already an assignment of its own
    default:
      if (kind != PATTERN_ASSIGNMENT) break;
      return check_assignment_target(parser, node, "&a destructuring assignment") ? node : NULL;
  }
  return parser_fail_node(
      parser, node, kind == PATTERN_ASSIGNMENT ? "invalid target of a destructuring assignment" : "invalid parameter");
}

// An assignment pattern nested as `pattern = default` was already converted by its own `=`: turn its targets into
// bindings as well.
static Node *rebind_pattern(Parser *parser, Node *node, int kind) {
  if (kind == PATTERN_ASSIGNMENT) return node;
  if (!parser_enter(parser)) return NULL;
  Node *result = node;
  switch (node->kind) {
    case NODE_IDENTIFIER: result = convert_identifier(parser, node, kind); break;
    case NODE_PATTERN_DEFAULT:
      if (!rebind_pattern(parser, node->assign.target, kind)) result = NULL;
      break;
    case NODE_REST:
      if (!rebind_pattern(parser, node->unary.operand, kind)) result = NULL;
      break;
    case NODE_PROPERTY:
      if (!rebind_pattern(parser, node->property.value, kind)) result = NULL;
      break;
    case NODE_OBJECT_PATTERN:
    case NODE_ARRAY_PATTERN:
      for (uint32_t i = 0; i < node->list.count && result; i++) {
        if (node->list.items[i] && !rebind_pattern(parser, node->list.items[i], kind)) result = NULL;
      }
      break;
    default: result = parser_fail_node(parser, node, "invalid parameter"); break;
  }
  parser_leave(parser);
  return result;
}

Node *pattern_element_from_expression(Parser *parser, Node *node, int kind) {
  if (node->kind == NODE_PATTERN_DEFAULT) {  // {name = default}
    return pattern_from_expression(parser, node->assign.target, kind) ? node : NULL;
  }
  if (node->kind != NODE_ASSIGN) return pattern_from_expression(parser, node, kind);
  if (node->operator != OPERATOR_ASSIGN || (node->flags & NODE_FLAG_PARENTHESIZED)) {
    return parser_fail_node(
        parser, node,
        kind == PATTERN_ASSIGNMENT ? "invalid target of a destructuring assignment" : "invalid parameter");
  }
  node->kind = NODE_PATTERN_DEFAULT;
  Node *target = node->assign.target;
  if (target->kind == NODE_OBJECT_PATTERN || target->kind == NODE_ARRAY_PATTERN) {
    return rebind_pattern(parser, target, kind) ? node : NULL;
  }
  if (target->kind == NODE_CALL)
    return parser_fail_node(parser, target, "invalid target of a destructuring assignment");
  return pattern_from_expression(parser, target, kind) ? node : NULL;
}
