// Primary expressions: names, literals, arrays, objects, templates, parentheses.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "number/format.h"
#include "regexp/regexp.h"
#include "syntax/suspension.h"

// --- Names ---

static bool check_restricted_name(Parser *parser, Name *name, uint32_t start, uint32_t end, bool is_binding) {
  const FunctionState *state = parser->state;
  switch (name->well_known) {
    case NAME_await:
      if (!parser->is_module && !state->await_reserved) {
        parser->last_await_name = start;
        return true;
      }
      if (parser->is_module && !is_binding) {
        return parser_fail(parser, start, end,
                           "'await' is only allowed in async functions and at the top level of modules");
      }
      return parser_fail(
          parser, start, end,
          parser->is_module ? "'await' is reserved in modules" : "'await' may not be used as a name here");
    case NAME_yield:
      if (!parser->is_strict && !state->yield_allowed) return true;
      parser_fail(parser, start, end, "'yield' may not be used as a name here");
      return false;
    case NAME_arguments:
      if (state->arguments_forbidden && !is_binding) {
        parser_fail(parser, start, end, "'arguments' is not allowed in class fields and static blocks");
        return false;
      }  // fall through
    case NAME_eval:
      if (!is_binding || !parser->is_strict) return true;
      parser_fail(parser, start, end, "'%v' may not be bound in strict mode", &name->text);
      return false;
    default:
      if (!parser->is_strict) return true;
      parser_fail(parser, start, end, "'%v' is reserved in strict mode", &name->text);
      return false;
  }
}

bool check_identifier(Parser *parser, const Token *token, bool is_binding) {
  if (UNLIKELY(token->type != TOKEN_IDENTIFIER)) return parser_fail_at_name(parser);
  if (LIKELY(!token->name->reserved)) return true;
  return check_restricted_name(parser, token->name, token->start, token->end, is_binding);
}

// The same for a name read earlier as something else (parameters of arrows, names before "use strict").
bool check_binding_name(Parser *parser, Name *name, uint32_t start, uint32_t end) {
  return !name->reserved || check_restricted_name(parser, name, start, end, true);
}

Node *parse_identifier_reference(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (!check_identifier(parser, token, false)) return NULL;
  Node *node = reference_new(parser, NODE_IDENTIFIER, token->name, token->start, token->end);
  parser_next(parser);
  return node;
}

Node *parse_private_reference(Parser *parser) {
  const Token *token = &parser->lexer.token;
  Node *node = reference_new(parser, NODE_IDENTIFIER, token->name, token->start, token->end);
  parser_next(parser);
  return node;
}

Node *string_node(Parser *parser, Name *name, uint32_t start, uint32_t end) {
  Node *node = NODE_NEW(parser, NODE_STRING, string, start);
  if (!node) return NULL;
  node->string.value = name->text;
  node->string.key = name;
  node->end = end;
  return node;
}

// --- Literals ---

static bool check_legacy_octal(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (!token->has_legacy_octal || !parser->is_strict) return true;
  const char *message = token->type == TOKEN_STRING ? "octal escapes are not allowed in strict mode"
                                                    : "numbers may not begin with a zero in strict mode";
  parser_fail(parser, parser->lexer.octal_offset, token->end, message);
  return false;
}

static Node *parse_number(Parser *parser) {
  Node *node = NODE_NEW(parser, NODE_NUMBER, number, parser->lexer.token.start);
  if (!node || !check_legacy_octal(parser)) return NULL;
  node->number.value = parser->lexer.token.number;
  parser_next(parser);
  return node;
}

static Node *parse_string(Parser *parser) {
  const Token *token = &parser->lexer.token;
  Node *node = NODE_NEW(parser, NODE_STRING, string, token->start);
  if (!node || !check_legacy_octal(parser)) return NULL;
  node->string.value = token->text;
  if (token->has_legacy_octal) node->flags |= NODE_FLAG_LEGACY_OCTAL;
  parser_next(parser);
  return node;
}

static Node *parse_bigint(Parser *parser) {
  const Token *token = &parser->lexer.token;
  Node *node = NODE_NEW(parser, NODE_BIGINT, bigint, token->start);
  if (!node) return NULL;
  node->bigint.digits = token->text;
  node->bigint.radix = token->radix;
  parser_next(parser);
  return node;
}

static Node *parse_regexp(Parser *parser) {
  Lexer *lexer = &parser->lexer;
  lexer_rescan_regexp(lexer);
  if (lexer->failed) return NULL;
  Token *token = &lexer->token;
  RegExpFlags flags;
  if (!regexp_parse_flags(token->raw, &flags)) {
    return parser_fail(parser, token->end - token->raw.length, token->end, "invalid regular expression flags '%v'",
                       &token->raw);
  }
  RegExpError error = {"", 0};
  switch (regexp_check_syntax(parser->arena->memory, lexer->fuel, token->text, flags, &error)) {
    case REGEXP_SYNTAX_ERROR: {
      uint32_t offset = token->start + 1 + error.offset;
      return parser_fail(parser, offset, token->end, "invalid regular expression: %s", error.message);
    }
    case REGEXP_INTERRUPTED: lexer_fail_status(lexer, PARSE_INTERRUPTED); return NULL;
    case REGEXP_OUT_OF_MEMORY: lexer_fail_status(lexer, PARSE_OUT_OF_MEMORY); return NULL;
    default: break;
  }
  Node *node = NODE_NEW(parser, NODE_REGEXP, regexp, token->start);
  if (!node) return NULL;
  node->regexp.pattern = token->text;
  node->regexp.flags = token->raw;
  parser_next(parser);
  return node;
}

static Node *parse_keyword_node(Parser *parser, NodeKind kind) {
  Node *node = NODE_NEW(parser, kind, unary, parser->lexer.token.start);
  parser_next(parser);
  return node;
}

static Node *parse_this(Parser *parser) {
  const Token *token = &parser->lexer.token;
  Node *node = reference_new(parser, NODE_THIS, WELL_KNOWN(parser, this), token->start, token->end);
  parser_next(parser);
  return node;
}

// --- Templates ---

static bool template_add_piece(Parser *parser, Node *node, uint32_t *capacity, bool is_tagged) {
  const Token *token = &parser->lexer.token;
  if (!token->has_cooked && !is_tagged) {
    parser_fail(parser, parser->lexer.octal_offset, token->end, "malformed escape in a template literal");
    return false;
  }
  uint32_t count = node->template.count;
  if (count == *capacity) {
    uint32_t grown = *capacity ? *capacity * 2 : 4;
    TemplatePiece *pieces = arena_grow(parser->arena, node->template.pieces, sizeof(TemplatePiece) * *capacity,
                                       sizeof(TemplatePiece) * grown);
    if (!pieces) {
      lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
      return false;
    }
    node->template.pieces = pieces;
    *capacity = grown;
  }
  node->template.pieces[count] =
      (TemplatePiece){.cooked = token->text, .raw = token->raw, .has_cooked = token->has_cooked};
  node->template.count++;
  return true;
}

static void *resume_template(Parser *parser);

Node *parse_template(Parser *parser, bool is_tagged) {
  struct {
    Node *node;
    uint32_t mark, capacity, opener;
    bool is_tagged;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_TEMPLATE, template, token->start);
  if (!f.node) return NULL;
  f.is_tagged = is_tagged;
  f.mark = parser->stack_count;
  f.opener = parser->opener;
  for (;;) {
    uint32_t capacity = f.capacity;
    if (!template_add_piece(parser, f.node, &capacity, f.is_tagged)) return NULL;
    f.capacity = capacity;
    if (token->is_template_tail) break;
    parser->opener = token->end - 2;
    parser_next(parser);
    Node *expression;
    PARSE_OR_LEAVE(1, expression, parse_expression_in(parser))
    if (!parser_push(parser, expression)) return NULL;
    if (token->type != TOKEN_RIGHT_BRACE) return parser_fail_expected(parser, "'}'");
    parser->opener = f.opener;
    lexer_rescan_template(&parser->lexer);
    if (parser->lexer.failed) return NULL;
  }
  NodeList expressions;
  if (!parser_take_list(parser, f.mark, &expressions)) return NULL;
  f.node->template.expressions = expressions.items;
  parser_next(parser);
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_template)
}
static void *resume_template(Parser *parser) { return parse_template(parser, false); }

// --- Arrays ---

static void *resume_spread(Parser *parser);

static Node *parse_spread(Parser *parser) {
  struct {
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  parser_next(parser);
  Node *operand;
  PARSE_OR_LEAVE(1, operand, parse_assignment_cover(parser))
  Node *node = NODE_NEW(parser, NODE_SPREAD, unary, f.start);
  if (!node) return NULL;
  node->unary.operand = operand;
  node->end = operand->end;
  return node;
  RETURN_SUSPENDED(f, resume_spread)
}
static void *resume_spread(Parser *parser) { return parse_spread(parser); }

static void *resume_array(Parser *parser);

static Node *parse_array(Parser *parser) {
  struct {
    Node *node;
    uint32_t mark, opener;
    bool saved_no_in;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_ARRAY, list, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.saved_no_in = parser->no_in;
  parser->no_in = false;
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACKET)) {
    if (parser_at(parser, TOKEN_COMMA)) {
      if (!parser_push(parser, NULL)) return NULL;
      parser_next(parser);
      continue;
    }
    Node *element;
    PARSE_OR_LEAVE(1, element,
                   parser_at(parser, TOKEN_ELLIPSIS) ? parse_spread(parser) : parse_assignment_cover(parser))
    if (!parser_push(parser, element)) return NULL;
    if (parser_at(parser, TOKEN_COMMA)) {
      if (element->kind == NODE_SPREAD) f.node->flags |= NODE_FLAG_TRAILING_COMMA;
      parser_next(parser);
    } else if (!parser_at(parser, TOKEN_RIGHT_BRACKET)) return parser_fail_expected(parser, "',' or ']'");
  }
  parser->no_in = f.saved_no_in;
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->list)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_array)
}
static void *resume_array(Parser *parser) { return parse_array(parser); }

// --- Objects ---

static Node *parse_number_key(Parser *parser) {
  Node *node = parse_number(parser);
  if (!node) return NULL;
  char text[NUMBER_TEXT_SIZE];
  unsigned length = number_to_text(node->number.value, text);
  // The name may be new, and names borrow their text.
  char *copy = parser_allocate(parser, length);
  if (!copy) return NULL;
  memcpy(copy, text, length);
  node->number.key = lexer_intern(&parser->lexer, text_view_narrow(copy, length));
  return node->number.key ? node : NULL;
}

static void *resume_computed_name(Parser *parser);

static Node *parse_computed_name(Parser *parser) {
  struct {
    uint32_t opener;
  } f = {0};
  PRODUCTION(f)
  f.opener = parser_open(parser);
  parser_next(parser);
  Node *key;
  PARSE_OR_LEAVE(1, key, parse_assignment_in(parser))
  if (!parser_expect(parser, TOKEN_RIGHT_BRACKET)) return NULL;
  parser->opener = f.opener;
  return key;
  RETURN_SUSPENDED(f, resume_computed_name)
}
static void *resume_computed_name(Parser *parser) { return parse_computed_name(parser); }

Node *parse_property_name(Parser *parser) {
  const Token *token = &parser->lexer.token;
  switch (token->type) {
    case TOKEN_STRING: {
      Node *node = parse_string(parser);
      if (!node) return NULL;
      node->string.key = lexer_intern(&parser->lexer, node->string.value);
      return node->string.key ? node : NULL;
    }
    case TOKEN_NUMBER: return parse_number_key(parser);
    case TOKEN_BIGINT: return parse_bigint(parser);
    case TOKEN_LEFT_BRACKET: return parse_computed_name(parser);
    default: break;
  }
  if (token->type != TOKEN_IDENTIFIER && !token_is_keyword(token->type) && token->type != TOKEN_ESCAPED_KEYWORD) {
    return parser_fail_at_token(parser);
  }
  Node *node = string_node(parser, token->name, token->start, token->end);
  parser_next(parser);
  return node;
}

static void note_cover_error(Parser *parser, uint32_t offset, const char *message) {
  if (parser->cover_offset != OFFSET_NONE) return;
  parser->cover_offset = offset;
  parser->cover_message = message;
}

static void *resume_method_value(Parser *parser);

static bool parse_method_value(Parser *parser, Node *node, uint32_t start, const FunctionShape *shape) {
  struct {
    Node *node;
    uint32_t start;
  } f = {0};
  PRODUCTION(f)
  f.node = node;
  f.start = start;
  Function *function;
  PARSE_OR_LEAVE(1, function, parse_function_rest(parser, shape, start))
  Node *value = NODE_NEW(parser, NODE_FUNCTION, function, f.start);
  if (!value) return false;
  value->function.function = function;
  value->end = function->end;
  f.node->property.value = value;
  f.node->flags |= NODE_FLAG_METHOD;
  return true;
  RETURN_SUSPENDED(f, resume_method_value)
}
static void *resume_method_value(Parser *parser) { return parse_method_value(parser, NULL, 0, NULL) ? parser : NULL; }

// `{name}` and `{name = default}`; the token of the name has been passed.
static void *resume_shorthand(Parser *parser);

static Node *parse_shorthand(Parser *parser, Node *reference) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  if (!parser_at(parser, TOKEN_ASSIGN)) return reference;
  note_cover_error(parser, parser->lexer.token.start, "'=' may follow a shorthand property in patterns only");
  parser_next(parser);
  f.node = NODE_NEW(parser, NODE_PATTERN_DEFAULT, assign, reference->start);
  if (!f.node) return NULL;
  f.node->assign.target = reference;
  PARSE_OR_LEAVE(1, f.node->assign.value, parse_assignment_in(parser))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_shorthand)
}
static void *resume_shorthand(Parser *parser) { return parse_shorthand(parser, NULL); }

// After the name, where one that could have been a modifier was a plain name after all.
static bool token_ends_property_name(const Parser *parser) {
  switch (parser->lexer.token.type) {
    case TOKEN_LEFT_PAREN:
    case TOKEN_COLON:
    case TOKEN_COMMA:
    case TOKEN_RIGHT_BRACE:
    case TOKEN_ASSIGN: return true;
    default: return false;
  }
}

static Node *parse_value_property(Parser *parser, Node *object, Node *node) {
  const Node *key = node->property.key;
  parser_next(parser);
  if (!(node->flags & NODE_FLAG_COMPUTED) && key->kind == NODE_STRING && key->string.key->well_known == NAME_proto) {
    node->flags |= NODE_FLAG_PROTO;
    // The object has the flag when one of its properties has.
    if (object->flags & NODE_FLAG_PROTO)
      note_cover_error(parser, key->start, "'__proto__' may be given once in an object literal");
    object->flags |= NODE_FLAG_PROTO;
  }
  return parse_assignment_cover(parser);
}

// Reads `get`, `set`, `async` and `*`; a word that turns out to be the name becomes the key. True: it is a method.
static bool parse_property_modifiers(Parser *parser, Node *node, FunctionShape *shape) {
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_IDENTIFIER) {
    Token name = *token;
    unsigned word = name.name->well_known;
    parser_next(parser);
    bool is_modifier = (word == NAME_get || word == NAME_set || word == NAME_async) && !name.has_escape;
    if (!is_modifier || token_ends_property_name(parser) || (word == NAME_async && token->newline_before)) {
      node->property.key = string_node(parser, name.name, name.start, name.end);
      return false;
    }
    if (word == NAME_get) shape->kind = FUNCTION_GETTER, node->operator = PROPERTY_GETTER;
    else if (word == NAME_set) shape->kind = FUNCTION_SETTER, node->operator = PROPERTY_SETTER;
    else shape->is_async = true;
  }
  shape->is_generator = shape->kind == FUNCTION_METHOD && parser_accept(parser, TOKEN_STAR);
  return shape->kind != FUNCTION_METHOD || shape->is_async || shape->is_generator;
}

static Node *shorthand_reference(Parser *parser, const Node *key) {
  Name *name = key->string.key;
  if (name->reserved && !check_restricted_name(parser, name, key->start, key->end, false)) return NULL;
  return reference_new(parser, NODE_IDENTIFIER, name, key->start, key->end);
}

static void *fail_after_property_name(Parser *parser, const Node *key, unsigned name_type) {
  return token_is_keyword(name_type) && token_ends_property_name(parser)
             ? parser_fail(parser, key->start, key->end, "'%t' is a keyword and may not be used as a name", name_type)
             : parser_fail_expected(parser, "':'");
}

static void *resume_property(Parser *parser);

static Node *parse_property(Parser *parser, Node *object) {
  struct {
    Node *object, *node;
    FunctionShape shape;
    uint8_t name_type;
    bool is_method;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  FunctionShape shape = {.kind = FUNCTION_METHOD};
  f.object = object;
  f.node = NODE_NEW(parser, NODE_PROPERTY, property, token->start);
  if (!f.node) return NULL;
  f.name_type = token->type;
  f.is_method = parse_property_modifiers(parser, f.node, &shape);
  f.shape = shape;
  if (!f.node->property.key) {
    if (token->type == TOKEN_LEFT_BRACKET) f.node->flags |= NODE_FLAG_COMPUTED;
    PARSE_OR_LEAVE(1, f.node->property.key, parse_property_name(parser))
  }
  if (f.is_method || token->type == TOKEN_LEFT_PAREN) {
    SUCCEED_OR_LEAVE(2, parse_method_value(parser, f.node, f.node->start, &f.shape))
  } else if (token->type == TOKEN_COLON) {
    PARSE_OR_LEAVE(3, f.node->property.value, parse_value_property(parser, f.object, f.node))
  } else if (f.name_type == TOKEN_IDENTIFIER) {
    Node *reference = shorthand_reference(parser, f.node->property.key);
    if (!reference) return NULL;
    PARSE_OR_LEAVE(4, f.node->property.value, parse_shorthand(parser, reference))
    f.node->flags |= NODE_FLAG_SHORTHAND;
  } else {
    return fail_after_property_name(parser, f.node->property.key, f.name_type);
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_property)
}
static void *resume_property(Parser *parser) { return parse_property(parser, NULL); }

static void *resume_object(Parser *parser);

static Node *parse_object(Parser *parser) {
  struct {
    Node *node;
    uint32_t mark, opener;
    bool saved_no_in;
  } f = {0};
  PRODUCTION(f)
  f.node = NODE_NEW(parser, NODE_OBJECT, list, parser->lexer.token.start);
  if (!f.node) return NULL;
  f.saved_no_in = parser->no_in;
  parser->no_in = false;
  f.mark = parser->stack_count;
  f.opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    Node *property;
    PARSE_OR_LEAVE(1, property,
                   parser_at(parser, TOKEN_ELLIPSIS) ? parse_spread(parser) : parse_property(parser, f.node))
    if (!parser_push(parser, property)) return NULL;
    if (parser_at(parser, TOKEN_COMMA)) {
      if (property->kind == NODE_SPREAD) f.node->flags |= NODE_FLAG_TRAILING_COMMA;
      parser_next(parser);
    } else if (!parser_at(parser, TOKEN_RIGHT_BRACE)) return parser_fail_expected(parser, "',' or '}'");
  }
  parser->no_in = f.saved_no_in;
  parser->opener = f.opener;
  parser_next(parser);
  if (!parser_take_list(parser, f.mark, &f.node->list)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_object)
}
static void *resume_object(Parser *parser) { return parse_object(parser); }

// --- Parentheses ---

static const char *list_rest(bool is_rest) { return is_rest ? "')'" : "',' or ')'"; }

static Node *finish_parenthesized(Parser *parser, NodeList list, uint32_t parameters_only, uint32_t saved_cover) {
  if (parameters_only != OFFSET_NONE) {
    const Token *token = &parser->lexer.token;
    if (token->type == TOKEN_ARROW) return parser_fail_at_token(parser);
    if (list.count == 0 && token->type == TOKEN_COLON) return parser_fail_at_type(parser);
    if (list.count == 0) return parser_fail_expected(parser, "'=>'");
    return parser_fail(parser, parameters_only, parameters_only + 1,
                       "'...' and a comma at the end are only allowed in parentheses before '=>'");
  }
  if (!check_cover_error(parser, saved_cover)) return NULL;
  Node *node = list.items[0];
  if (list.count > 1) {
    node = NODE_NEW(parser, NODE_SEQUENCE, list, list.items[0]->start);
    if (!node) return NULL;
    node->list = list;
    node->end = list.items[list.count - 1]->end;
  }
  node->flags |= NODE_FLAG_PARENTHESIZED;
  return node;
}

static void *resume_parenthesized(Parser *parser);

// `( ... )`, which may turn out to be the parameters of an arrow function.
static Node *parse_parenthesized(Parser *parser) {
  struct {
    uint32_t start, saved_cover, mark, opener, stack_mark, item_start;
    uint32_t parameters_only;  // what only parameters may have, or OFFSET_NONE
    bool may_be_arrow, saved_no_in, is_rest;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  f.start = parser->lexer.token.start;
  f.saved_cover = parser->cover_offset;
  f.parameters_only = OFFSET_NONE;
  f.may_be_arrow = f.start == parser->arrow_start;
  f.saved_no_in = parser->no_in;
  f.mark = parser->reference_count;
  parser->no_in = false;
  parser->cover_offset = OFFSET_NONE;
  if (f.may_be_arrow) parser->arrow_candidates++;
  f.opener = parser_open(parser);
  parser_next(parser);
  f.stack_mark = parser->stack_count;
  while (!parser_at(parser, TOKEN_RIGHT_PAREN)) {
    f.item_start = parser->lexer.token.start;
    f.is_rest = parser_at(parser, TOKEN_ELLIPSIS);
    if (f.is_rest && f.parameters_only == OFFSET_NONE) f.parameters_only = f.item_start;
    PARSE_OR_LEAVE(1, node, f.is_rest ? parse_spread(parser) : parse_assignment_cover(parser))
    if (!parser_push(parser, node)) return NULL;
    if (parser_at(parser, TOKEN_RIGHT_PAREN)) break;
    uint32_t comma = parser->lexer.token.start;
    if (parser_at(parser, TOKEN_COLON) && node->kind == NODE_IDENTIFIER) return parser_fail_at_type(parser);
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, list_rest(f.is_rest));
    if (f.is_rest) return parser_fail(parser, f.item_start, comma, "a rest parameter must be the last");
    parser_next(parser);
    if (parser_at(parser, TOKEN_RIGHT_PAREN) && f.parameters_only == OFFSET_NONE) f.parameters_only = comma;
  }
  if (parser->stack_count == f.stack_mark) f.parameters_only = parser->lexer.token.start;
  NodeList list;
  if (!parser_take_list(parser, f.stack_mark, &list)) return NULL;
  parser->no_in = f.saved_no_in;
  parser->opener = f.opener;
  parser_next(parser);
  if (f.may_be_arrow && parser_at(parser, TOKEN_ARROW) && !parser->lexer.token.newline_before) {
    parser->arrow_candidates--;
    parser->cover_offset = f.saved_cover;
    PARSE_OR_LEAVE(2, node, parse_arrow(parser, f.start, list, false, f.mark))
  } else {
    node = finish_parenthesized(parser, list, f.parameters_only, f.saved_cover);
    if (!node) return NULL;
    if (f.may_be_arrow) parser->arrow_candidates--;
  }
  if (!parser->arrow_candidates) parser->reference_count = 0;
  return node;
  RETURN_SUSPENDED(f, resume_parenthesized)
}
static void *resume_parenthesized(Parser *parser) { return parse_parenthesized(parser); }

// `async (...)` where an arrow function may begin: a call, or the head of an async arrow.
static void *resume_async_call(Parser *parser);

static bool has_comma_after_rest(const NodeList *list) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->items[i]->kind == NODE_SPREAD && (list->items[i]->flags & NODE_FLAG_TRAILING_COMMA)) return true;
  return false;
}

static Node *parse_async_call(Parser *parser, uint32_t start) {
  struct {
    Node *call;
    uint32_t saved_await_name, saved_cover, mark;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  f.saved_cover = parser->cover_offset;
  f.saved_await_name = parser->last_await_name;
  f.call = NODE_NEW(parser, NODE_CALL, call, start);
  if (!f.call || !(f.call->call.callee = parse_identifier_reference(parser))) return NULL;
  f.call->call.list_start = start;
  f.mark = parser->reference_count;
  parser->cover_offset = OFFSET_NONE;
  parser->last_await_name = 0;
  parser->arrow_candidates++;
  SUCCEED_OR_LEAVE(1, parse_arguments(parser, &f.call->call.arguments, true))
  parser->arrow_candidates--;
  if (parser_at(parser, TOKEN_ARROW) && !parser->lexer.token.newline_before) {
    uint32_t from = f.call->start;
    if (has_comma_after_rest(&f.call->call.arguments))
      return parser_fail(parser, from, parser->lexer.previous_end, "a rest parameter must be the last");
    reference_cancel(f.call->call.callee);
    parser->cover_offset = f.saved_cover;
    if (parser->last_await_name > from) {
      return parser_fail(parser, parser->last_await_name, parser->last_await_name + 5,
                         "'await' may not be used as a name here");
    }
    PARSE_OR_LEAVE(2, node, parse_arrow(parser, from, f.call->call.arguments, true, f.mark))
  } else {
    if (!check_cover_error(parser, f.saved_cover)) return NULL;
    node = f.call;
    node_finish(parser, node);
  }
  parser->last_await_name = MAX_OF(parser->last_await_name, f.saved_await_name);
  if (!parser->arrow_candidates) parser->reference_count = 0;
  return node;
  RETURN_SUSPENDED(f, resume_async_call)
}
static void *resume_async_call(Parser *parser) { return parse_async_call(parser, 0); }

static Node *parse_async_primary(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (token->has_escape) return parse_identifier_reference(parser);
  Token next;
  unsigned type = lexer_peek(&parser->lexer, &next);
  if (!next.newline_before) {
    if (type == TOKEN_FUNCTION) return parse_function_expression(parser);
    // Elsewhere the name is ordinary, and its arguments belong to the code that parses the links (or to `new`).
    bool may_be_arrow = token->start == parser->arrow_start;
    if (type == TOKEN_LEFT_PAREN && may_be_arrow) return parse_async_call(parser, token->start);
  }
  return parse_identifier_reference(parser);
}

static Node *parse_intrinsic(Parser *parser) {
  const Token *token = &parser->lexer.token;
  Node *node = NODE_NEW(parser, NODE_INTRINSIC, identifier, token->start);
  if (!node) return NULL;
  node->identifier.name = token->name;
  parser_next(parser);
  return node;
}

Node *parse_primary(Parser *parser) {
  const Token *token = &parser->lexer.token;
  switch (token->type) {
    case TOKEN_IDENTIFIER:
      if (UNLIKELY(token->name->well_known == NAME_async)) return parse_async_primary(parser);
      return parse_identifier_reference(parser);
    case TOKEN_NUMBER: return parse_number(parser);
    case TOKEN_STRING: return parse_string(parser);
    case TOKEN_BIGINT: return parse_bigint(parser);
    case TOKEN_TEMPLATE: return parse_template(parser, false);
    case TOKEN_SLASH:
    case TOKEN_ASSIGN_DIVIDE: return parse_regexp(parser);
    case TOKEN_THIS: return parse_this(parser);
    case TOKEN_NULL: return parse_keyword_node(parser, NODE_NULL);
    case TOKEN_TRUE: return parse_keyword_node(parser, NODE_TRUE);
    case TOKEN_FALSE: return parse_keyword_node(parser, NODE_FALSE);
    case TOKEN_LEFT_PAREN: return parse_parenthesized(parser);
    case TOKEN_LEFT_BRACKET: return parse_array(parser);
    case TOKEN_LEFT_BRACE: return parse_object(parser);
    case TOKEN_FUNCTION: return parse_function_expression(parser);
    case TOKEN_CLASS: return parse_class(parser, false, false);
    case TOKEN_AT: return parse_decorated_class(parser, false);
    case TOKEN_INTRINSIC: return parse_intrinsic(parser);
    default: return parser_fail_at_token(parser);
  }
}
