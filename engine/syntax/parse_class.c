// Classes. Instance fields share one initialiser function per class; static fields and blocks share another. The parser
// enters it again for every element that belongs to it, so that its code is compiled and called once.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

typedef struct ClassState {
  Class *class_;
  Node *node;
  ClassElement element;  // that is being parsed
  ClassElement *elements;
  uint32_t count, capacity;
} ClassState;

static Node *parse_decorator_member(Parser *parser, Node *object) {
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_PRIVATE_NAME) {
    Node *member = NODE_NEW(parser, NODE_PRIVATE_MEMBER, private_member, object->start);
    if (!member) return NULL;
    member->private_member.object = object;
    member->private_member.name = parse_private_reference(parser);
    return member->private_member.name ? member : NULL;
  }
  if (token->type != TOKEN_IDENTIFIER && !token_is_keyword(token->type)) return parser_fail_at_token(parser);
  Node *member = NODE_NEW(parser, NODE_MEMBER, member, object->start);
  if (!member) return NULL;
  member->member.object = object;
  member->member.name = token->name;
  member->member.name_start = token->start;
  parser_next(parser);
  return member;
}

static void *resume_decorator(Parser *parser);

// After the `@`.
static Node *parse_decorator(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  Node *node;
  PRODUCTION(f)
  if (parser_accept(parser, TOKEN_LEFT_PAREN)) {
    PARSE_OR_LEAVE(1, node, parse_expression_in(parser))
    return parser_expect(parser, TOKEN_RIGHT_PAREN) ? node : NULL;
  }
  node = parse_identifier_reference(parser);
  while (node && parser_accept(parser, TOKEN_DOT)) node = parse_decorator_member(parser, node);
  if (!node || !parser_at(parser, TOKEN_LEFT_PAREN)) return node;
  f.node = NODE_NEW(parser, NODE_CALL, call, node->start);
  if (!f.node) return NULL;
  f.node->call.callee = node;
  SUCCEED_OR_LEAVE(2, parse_arguments(parser, &f.node->call.arguments, false))
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_decorator)
}
static void *resume_decorator(Parser *parser) { return parse_decorator(parser); }

static void *resume_decorators(Parser *parser);

bool parse_decorators(Parser *parser) {
  struct {
    uint32_t mark;
  } f = {0};
  PRODUCTION(f)
  f.mark = parser->stack_count;
  while (parser_accept(parser, TOKEN_AT)) {
    Node *node;
    PARSE_OR_LEAVE(1, node, parse_decorator(parser))
    if (!parser_push(parser, node)) return false;
  }
  return parser_take_list(parser, f.mark, &parser->pending_decorators);
  RETURN_SUSPENDED(f, resume_decorators)
}
static void *resume_decorators(Parser *parser) { return parse_decorators(parser) ? parser : NULL; }

static void *resume_decorated_class(Parser *parser);

Node *parse_decorated_class(Parser *parser, bool is_default) {
  struct {
    bool is_default;
  } f = {0};
  PRODUCTION(f)
  f.is_default = is_default;
  SUCCEED_OR_LEAVE(1, parse_decorators(parser))
  return parse_class(parser, f.is_default, f.is_default);
  RETURN_SUSPENDED(f, resume_decorated_class)
}
static void *resume_decorated_class(Parser *parser) { return parse_decorated_class(parser, false); }

static NodeList take_decorators(Parser *parser) {
  NodeList list = parser->pending_decorators;
  parser->pending_decorators = (NodeList){0};
  return list;
}

// --- The initialiser functions ---

static Function *class_initializer(Parser *parser, ClassState *state, bool is_static) {
  Class *class_ = state->class_;
  Function **slot = is_static ? &class_->static_initializer : &class_->field_initializer;
  if (*slot) return *slot;
  Function *function =
      function_new(parser, is_static ? FUNCTION_STATIC_INITIALIZER : FUNCTION_FIELD_INITIALIZER, class_->start);
  if (!function) return NULL;
  function->is_static = is_static;
  function->has_simple_parameters = true;
  function->class_ = class_;
  FunctionState *outer = parser->state, inner = {.outer = outer, .function = function};
  Scope *scope = parser->scope;
  parser->state = &inner;
  function->scope = scope_open(parser, SCOPE_FUNCTION, class_->start);
  parser->state = outer;
  parser->scope = scope;
  *slot = function;
  return function->scope ? function : NULL;
}

static void enter_initializer(Parser *parser, FunctionState *state, Function *function) {
  function_state_enter(parser, state, function);
  state->return_allowed = false;
  state->arguments_forbidden = true;
  state->var_scope = function->scope;
  parser->scope = function->scope;
}

static void leave_initializer(Parser *parser, FunctionState *state, uint32_t start) {
  Function *function = state->function;
  scope_finish_initializer(parser, function->scope, start);
  parser->state = state->outer;
  parser->scope = function->scope->parent;
}

static bool close_initializer(Parser *parser, Function *function) {
  if (!function) return true;
  FunctionState state;
  enter_initializer(parser, &state, function);
  function->end = parser->lexer.previous_end;
  function->scope->start = parser->lexer.token.start;  // everything has been bound already
  if (!scope_close(parser)) return false;
  function->scope->start = function->start;
  function_state_leave(parser, &state);
  return true;
}

static void *resume_field_value(Parser *parser);

static Node *parse_field_value(Parser *parser, ClassState *class_state, bool is_static) {
  struct {
    FunctionState *state;
    uint32_t start, candidates;
  } f = {0};
  PRODUCTION(f)
  Function *function = class_initializer(parser, class_state, is_static);
  f.state = function_state_new(parser);
  if (!function || !f.state) return NULL;
  f.start = parser->lexer.token.start;
  f.candidates = parser->arrow_candidates;
  parser->arrow_candidates = 0;
  enter_initializer(parser, f.state, function);
  Node *value;
  PARSE_OR_LEAVE(1, value, parse_assignment_in(parser))
  leave_initializer(parser, f.state, f.start);
  parser->arrow_candidates = f.candidates;
  return value;
  RETURN_SUSPENDED(f, resume_field_value)
}
static void *resume_field_value(Parser *parser) { return parse_field_value(parser, NULL, false); }

static void *resume_static_block(Parser *parser);

static Node *parse_static_block(Parser *parser, ClassState *class_state) {
  struct {
    FunctionState *state;
    uint32_t start, candidates;
  } f = {0};
  PRODUCTION(f)
  Function *function = class_initializer(parser, class_state, true);
  f.state = function_state_new(parser);
  if (!function || !f.state) return NULL;
  f.start = parser->lexer.token.start;
  f.candidates = parser->arrow_candidates;
  parser->arrow_candidates = 0;
  enter_initializer(parser, f.state, function);
  f.state->await_reserved = true;
  Node *block;
  PARSE_OR_LEAVE(1, block, parse_block_in_scope(parser, SCOPE_STATIC_BLOCK))
  leave_initializer(parser, f.state, f.start);
  parser->arrow_candidates = f.candidates;
  return block;
  RETURN_SUSPENDED(f, resume_static_block)
}
static void *resume_static_block(Parser *parser) { return parse_static_block(parser, NULL); }

// --- Elements ---

static Binding *storage_binding(Parser *parser, Scope *scope) {
  Binding *binding = scope_add_binding(parser, scope, BINDING_INTERNAL, WELL_KNOWN(parser, empty), scope->start);
  if (binding) binding->is_captured = true;
  return binding;
}

static BindingKind private_kind(const ClassElement *element) {
  switch (element->kind) {
    case ELEMENT_METHOD: return BINDING_PRIVATE_METHOD;
    case ELEMENT_GETTER: return BINDING_PRIVATE_GETTER;
    case ELEMENT_SETTER: return BINDING_PRIVATE_SETTER;
    case ELEMENT_AUTO_ACCESSOR: return BINDING_PRIVATE_ACCESSOR;
    default: return BINDING_PRIVATE_FIELD;
  }
}

static bool declare_private(Parser *parser, ClassElement *element, Scope *scope) {
  Node *key = element->key;
  Name *name = key->identifier.name;
  if (name->well_known == NAME_private_constructor) {
    parser_fail_node(parser, key, "a private name may not be '#constructor'");
    return false;
  }
  BindingKind kind = private_kind(element);
  Binding *binding = scope_find(scope, name);
  if (binding) {
    bool is_pair = (binding->kind == BINDING_PRIVATE_GETTER && kind == BINDING_PRIVATE_SETTER) ||
                   (binding->kind == BINDING_PRIVATE_SETTER && kind == BINDING_PRIVATE_GETTER);
    if (!is_pair || binding->is_static != element->is_static) {
      parser_fail_node(parser, key, "private name '%v' has already been declared", &name->text);
      return false;
    }
    binding->kind = BINDING_PRIVATE_ACCESSOR;
  } else {
    binding = scope_add_binding(parser, scope, kind, name, key->start);
    if (!binding) return false;
    binding->is_static = element->is_static;
    binding->is_captured = true;
  }
  key->identifier.binding = binding;
  return true;
}

static bool token_starts_name(const Token *token) {
  switch (token->type) {
    case TOKEN_IDENTIFIER:
    case TOKEN_ESCAPED_KEYWORD:
    case TOKEN_STRING:
    case TOKEN_NUMBER:
    case TOKEN_BIGINT:
    case TOKEN_LEFT_BRACKET:
    case TOKEN_PRIVATE_NAME: return true;
    default: return token_is_keyword(token->type);
  }
}

static Node *parse_element_key(Parser *parser, ClassElement *element) {
  const Token *token = &parser->lexer.token;
  element->is_computed = token->type == TOKEN_LEFT_BRACKET;
  if (token->type != TOKEN_PRIVATE_NAME) return parse_property_name(parser);
  element->is_private = true;
  Node *node = NODE_NEW(parser, NODE_IDENTIFIER, identifier, token->start);
  if (!node) return NULL;
  node->identifier.name = token->name;
  node->identifier.scope = parser->scope;
  parser_next(parser);
  return node;
}

// Reads `static`, `async`, `get`, `set`, `accessor` and `*`; a modifier that turns out to be the name becomes the key.
static bool parse_element_modifiers(Parser *parser, ClassElement *element, FunctionShape *shape) {
  const Token *token = &parser->lexer.token;
  while (token->type == TOKEN_IDENTIFIER && !token->has_escape) {
    unsigned word = token->name->well_known;
    bool is_static = word == NAME_static && !element->is_static;
    if (!is_static && word != NAME_async && word != NAME_get && word != NAME_set && word != NAME_accessor) break;
    Token name = *token;
    parser_next(parser);
    bool is_modifier = token_starts_name(token) || (token->type == TOKEN_STAR && (is_static || word == NAME_async));
    if (is_static && token->type == TOKEN_LEFT_BRACE) is_modifier = true;
    if ((word == NAME_async || word == NAME_accessor) && token->newline_before) is_modifier = false;
    if (!is_modifier) return (element->key = string_node(parser, name.name, name.start, name.end));
    if (is_static) {
      element->is_static = true;
      element->start = token->start;  // the source text of a method begins after `static`
      if (token->type == TOKEN_LEFT_BRACE) {
        element->kind = ELEMENT_STATIC_BLOCK;
        return true;
      }
      continue;
    }
    if (word == NAME_async) shape->is_async = true;
    else if (word == NAME_get) element->kind = ELEMENT_GETTER, shape->kind = FUNCTION_GETTER;
    else if (word == NAME_set) element->kind = ELEMENT_SETTER, shape->kind = FUNCTION_SETTER;
    else element->kind = ELEMENT_AUTO_ACCESSOR;
    break;
  }
  if (element->kind == ELEMENT_METHOD && parser_accept(parser, TOKEN_STAR)) shape->is_generator = true;
  return true;
}

static bool element_is_named(const ClassElement *element, WellKnownName name) {
  return !element->is_computed && !element->is_private && element->key->kind == NODE_STRING &&
         element->key->string.key->well_known == name;
}

static bool finish_method(Parser *parser, ClassState *state, Function *function, bool is_constructor) {
  Class *class_ = state->class_;
  ClassElement *element = &state->element;
  Node *value = NODE_NEW(parser, NODE_FUNCTION, function, element->start);
  if (!value) return false;
  value->function.function = function;
  value->end = function->end;
  element->value = value;
  if (is_constructor) class_->constructor = function;
  if (element->is_private && !element->is_static) class_->has_instance_private_methods = true;
  return !element->is_private || (element->storage = storage_binding(parser, class_->scope));
}

static void *resume_method(Parser *parser);

static bool parse_method(Parser *parser, ClassState *state, FunctionShape shape) {
  struct {
    ClassState *state;
    bool is_constructor;
  } f = {0};
  PRODUCTION(f)
  f.state = state;
  Class *class_ = state->class_;
  const ClassElement *element = &state->element;
  f.is_constructor = !element->is_static && element_is_named(element, NAME_constructor);
  if (f.is_constructor) {
    if (element->kind != ELEMENT_METHOD || shape.is_async || shape.is_generator) {
      parser_fail_node(parser, element->key, "a constructor may not be an accessor, a generator or async");
      return false;
    }
    if (class_->constructor) {
      parser_fail_node(parser, element->key, "a class has at most one constructor");
      return false;
    }
    shape.kind = FUNCTION_CLASS_CONSTRUCTOR;
    shape.is_derived = class_->heritage;
  }
  if (element->is_static && element_is_named(element, NAME_prototype)) {
    parser_fail_node(parser, element->key, "a static class element may not be called 'prototype'");
    return false;
  }
  shape.class_ = class_;
  shape.is_static = element->is_static;
  Function *function;
  PARSE_OR_LEAVE(1, function, parse_function_rest(parser, &shape, element->start))
  return finish_method(parser, f.state, function, f.is_constructor);
  RETURN_SUSPENDED(f, resume_method)
}
static void *resume_method(Parser *parser) { return parse_method(parser, NULL, (FunctionShape){0}) ? parser : NULL; }

// `const x = 1` among the elements.
static bool is_declaring_word(const Parser *parser, const Node *key) {
  const Token *token = &parser->lexer.token;
  if (key->kind != NODE_STRING || token->type != TOKEN_IDENTIFIER || token->newline_before) return false;
  switch (key->string.key->well_known) {
    case NAME_const:
    case NAME_let:
    case NAME_var:
    case NAME_function: return true;
    default: return false;
  }
}

static void *resume_field(Parser *parser);

static bool parse_field(Parser *parser, ClassState *state, const FunctionShape *shape) {
  struct {
    ClassState *state;
  } f = {0};
  PRODUCTION(f)
  f.state = state;
  Class *class_ = state->class_;
  ClassElement *element = &state->element;
  bool is_accessor = element->kind == ELEMENT_AUTO_ACCESSOR;
  bool is_method = shape->is_async || shape->is_generator || (element->kind != ELEMENT_METHOD && !is_accessor);
  if (is_method || parser_at(parser, TOKEN_LEFT_BRACE)) return parser_fail_expected(parser, "'('");
  if (!is_accessor) element->kind = ELEMENT_FIELD;
  if (element_is_named(element, NAME_constructor) ||
      (element->is_static && element_is_named(element, NAME_prototype))) {
    parser_fail_node(parser, element->key, "a class field may not be called '%v'", &element->key->string.value);
    return false;
  }
  if (!class_initializer(parser, state, element->is_static)) return false;
  if (is_accessor || element->is_computed) {
    if (!(element->storage = storage_binding(parser, class_->scope))) return false;
  }
  if (parser_at(parser, TOKEN_COLON)) {
    const Token *token = &parser->lexer.token;
    return parser_fail(parser, token->start, token->end,
                       "unexpected token ':': fields are written 'name = value', and types are TypeScript");
  }
  if (parser_accept(parser, TOKEN_ASSIGN)) {
    PARSE_OR_LEAVE(1, f.state->element.value, parse_field_value(parser, f.state, element->is_static))
  } else if (!element->is_computed && is_declaring_word(parser, element->key)) {
    return parser_fail_node(parser, element->key, "class elements are written without '%v'",
                            &element->key->string.value);
  }
  return parser_consume_semicolon(parser);
  RETURN_SUSPENDED(f, resume_field)
}
static void *resume_field(Parser *parser) { return parse_field(parser, NULL, NULL) ? parser : NULL; }

static ClassElement *class_add_element(Parser *parser, ClassState *state) {
  if (state->count == state->capacity) {
    uint32_t grown = state->capacity ? state->capacity * 2 : 8;
    ClassElement *elements = arena_grow(parser->arena, state->elements, sizeof(ClassElement) * state->capacity,
                                        sizeof(ClassElement) * grown);
    if (!elements) {
      lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
      return NULL;
    }
    state->elements = elements;
    state->capacity = grown;
  }
  return &state->elements[state->count++];
}

// Where the class definition keeps the record that decorators work on.
static bool add_decoration(Parser *parser, ClassState *state, ClassElement *element) {
  Class *class_ = state->class_;
  bool is_decorated = element->decorators.count;
  if (!is_decorated && !(element->is_private && element->kind == ELEMENT_AUTO_ACCESSOR)) return true;
  if (!(element->decoration = storage_binding(parser, class_->scope))) return false;
  if (!is_decorated) return true;
  class_->has_decorated_elements = true;
  bool is_method = element->kind < ELEMENT_FIELD;
  if (!is_method || element->is_static || class_->instance_extra) return true;
  if (!class_initializer(parser, state, false)) return false;
  class_->instance_extra = storage_binding(parser, class_->scope);
  return class_->instance_extra;
}

// `constructor` is the class's before the element.
static bool finish_class_element(Parser *parser, ClassState *state, const Function *constructor) {
  ClassElement *element = &state->element;
  element->end = parser->lexer.previous_end;
  if (state->class_->constructor != constructor) {
    if (!element->decorators.count) return true;
    parser_fail_node(parser, element->key, "a constructor may not be decorated");
    return false;
  }
  if (!add_decoration(parser, state, element)) return false;
  ClassElement *slot = class_add_element(parser, state);
  if (slot) *slot = *element;
  return slot;
}

static void *resume_class_element(Parser *parser);

static bool parse_class_element(Parser *parser, ClassState *state) {
  struct {
    ClassState *state;
    const Function *constructor;
    FunctionShape shape;
  } f = {0};
  PRODUCTION(f)
  // A class among the decorators or in a key does not touch this element: it has a state of its own.
  f.state = state;
  state->element = (ClassElement){.kind = ELEMENT_METHOD};
  f.shape = (FunctionShape){.kind = FUNCTION_METHOD};
  if (parser_at(parser, TOKEN_AT)) {
    SUCCEED_OR_LEAVE(1, parse_decorators(parser))
    f.state->element.decorators = take_decorators(parser);
  }
  f.state->element.start = parser->lexer.token.start;
  f.constructor = f.state->class_->constructor;
  FunctionShape shape = f.shape;
  if (!parse_element_modifiers(parser, &f.state->element, &shape)) return false;
  f.shape = shape;
  if (f.state->element.kind == ELEMENT_STATIC_BLOCK) {
    if (f.state->element.decorators.count) return parser_fail_at_token(parser);
    PARSE_OR_LEAVE(2, f.state->element.value, parse_static_block(parser, f.state))
  } else {
    if (!f.state->element.key) {
      PARSE_OR_LEAVE(3, f.state->element.key, parse_element_key(parser, &f.state->element))
    }
    if (parser_at(parser, TOKEN_LEFT_PAREN) && f.state->element.kind != ELEMENT_AUTO_ACCESSOR) {
      SUCCEED_OR_LEAVE(4, parse_method(parser, f.state, f.shape))
    } else {
      SUCCEED_OR_LEAVE(5, parse_field(parser, f.state, &f.shape))
    }
    if (f.state->element.is_private && !declare_private(parser, &f.state->element, f.state->class_->scope))
      return false;
  }
  return finish_class_element(parser, f.state, f.constructor);
  RETURN_SUSPENDED(f, resume_class_element)
}
static void *resume_class_element(Parser *parser) { return parse_class_element(parser, NULL) ? parser : NULL; }

static void *resume_class_body(Parser *parser);

static bool parse_class_body(Parser *parser, ClassState *state) {
  struct {
    ClassState *state;
    uint32_t opener;
  } f = {0};
  PRODUCTION(f)
  f.state = state;
  f.opener = parser_open(parser);
  if (!parser_expect(parser, TOKEN_LEFT_BRACE)) return false;
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    if (parser_accept(parser, TOKEN_SEMICOLON)) continue;
    if (parser_at(parser, TOKEN_END)) return parser_fail_at_token(parser);
    SUCCEED_OR_LEAVE(1, parse_class_element(parser, f.state))
  }
  parser->opener = f.opener;
  Class *class_ = f.state->class_;
  class_->end = parser->lexer.token.end;
  class_->elements = f.state->elements;
  class_->element_count = f.state->count;
  return close_initializer(parser, class_->field_initializer) && close_initializer(parser, class_->static_initializer);
  RETURN_SUSPENDED(f, resume_class_body)
}
static void *resume_class_body(Parser *parser) { return parse_class_body(parser, NULL) ? parser : NULL; }

// --- Classes ---

static bool parse_class_name(Parser *parser, ClassState *state, bool is_declaration, bool is_default, Binding **outer) {
  Class *class_ = state->class_;
  const Token *token = &parser->lexer.token;
  bool has_name = token->type == TOKEN_IDENTIFIER;
  if (!has_name && (!is_declaration || is_default)) {
    if (!is_declaration) return true;
  } else if (!check_identifier(parser, token, true)) return false;
  Name *name = has_name ? token->name : WELL_KNOWN(parser, star_default);
  uint32_t start = token->start, end = has_name ? token->end : token->start;
  if (is_declaration) {
    Node *identifier = NODE_NEW(parser, NODE_BINDING_IDENTIFIER, identifier, start);
    if (!identifier) return false;
    identifier->end = end;
    identifier->identifier.name = name;
    identifier->identifier.scope = parser->scope;
    if (name->well_known == NAME_let) return parser_fail_at_token(parser);
    *outer = identifier->identifier.binding = scope_declare(parser, BINDING_CLASS, name, start, end);
    if (!*outer) return false;
    state->node->class_.identifier = identifier;
  }
  if (!has_name) return true;
  class_->name = name;
  parser_next(parser);
  return true;
}

static void *begin_class(Parser *parser, uint32_t argument);
static void *resume_class(Parser *parser);

Node *parse_class(Parser *parser, bool is_declaration, bool is_default) {
  struct {
    ClassState *state;
    Binding *outer;
    uint32_t saved_cover;
    bool saved_strict;
  } f = {0};
  PRODUCTION(f)
  if (parser_suspends(parser, begin_class, is_declaration | is_default << 1)) return NULL;
  parser_enter(parser);
  uint32_t start = parser->lexer.token.start;
  ClassState *state = f.state = PARSER_NEW(parser, ClassState);
  Class *class_ = PARSER_NEW(parser, Class);
  if (!state || !class_) return NULL;
  state->class_ = class_;
  state->node = NODE_NEW(parser, is_declaration ? NODE_CLASS_DECLARATION : NODE_CLASS, class_, start);
  if (!state->node) return NULL;
  class_->start = start;
  class_->decorators = take_decorators(parser);
  state->node->class_.class_ = class_;
  f.saved_strict = parser->is_strict;
  f.saved_cover = parser->cover_offset;
  parser->is_strict = true;
  parser->cover_offset = OFFSET_NONE;
  Binding *outer = NULL;
  if (!parser_expect(parser, TOKEN_CLASS)) return NULL;
  if (!parse_class_name(parser, state, is_declaration, is_default, &outer)) return NULL;
  f.outer = outer;
  class_->scope = scope_open(parser, SCOPE_CLASS, start);
  if (!class_->scope) return NULL;
  if (class_->name) {
    class_->inner_name = scope_add_binding(parser, class_->scope, BINDING_CLASS_NAME, class_->name, start);
    if (!class_->inner_name) return NULL;
  }
  if (parser_accept(parser, TOKEN_EXTENDS)) {
    PARSE_OR_LEAVE(1, f.state->class_->heritage, parse_left_hand_side(parser))
    if (!check_cover_error(parser, OFFSET_NONE)) return NULL;
  }
  f.state->class_->scope->private_start = parser->lexer.token.start;
  SUCCEED_OR_LEAVE(2, parse_class_body(parser, f.state))
  parser->is_strict = f.saved_strict;
  parser->cover_offset = f.saved_cover;
  parser_next(parser);
  if (!scope_close(parser)) return NULL;
  if (f.outer) f.outer->initialized_at = f.state->class_->end;
  parser_leave(parser);
  node_finish(parser, f.state->node);
  return f.state->node;
  RETURN_SUSPENDED(f, resume_class)
}
static void *begin_class(Parser *parser, uint32_t argument) { return parse_class(parser, argument & 1, argument >> 1); }
static void *resume_class(Parser *parser) { return parse_class(parser, false, false); }
