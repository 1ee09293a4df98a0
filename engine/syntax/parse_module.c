// Import and export declarations, and the records that linking works from.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"
#include "text/utf8.h"

typedef struct PendingExport {
  Name *local_name, *export_name;
  uint32_t start, end;
} PendingExport;

typedef struct ModuleState {
  ModuleRequest *requests;
  ImportEntry *imports;
  ExportEntry *indirect, *star, *local;
  PendingExport *pending;  // local exports, looked up at the end
  uint32_t request_count, request_capacity, import_count, import_capacity;
  uint32_t indirect_count, indirect_capacity, star_count, star_capacity, local_count, local_capacity;
  uint32_t pending_count, pending_capacity;
} ModuleState;

static ModuleState *module_state(Parser *parser) {
  if (!parser->module) parser->module = PARSER_NEW(parser, ModuleState);
  return parser->module;
}

static void *array_add(Parser *parser, void *array, uint32_t *count, uint32_t *capacity, size_t size) {
  void **items = array;
  if (*count == *capacity) {
    uint32_t grown = *capacity ? *capacity * 2 : 8;
    void *block = arena_grow(parser->arena, *items, size * *capacity, size * grown);
    if (!block) {
      lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
      return NULL;
    }
    *items = block;
    *capacity = grown;
  }
  return (char *)*items + size * (*count)++;
}
#define ARRAY_ADD(parser, state, field, items) \
  array_add((parser), &(state)->items, &(state)->field##_count, &(state)->field##_capacity, sizeof(*(state)->items))

// --- Requests ---

static int text_compare(TextView a, TextView b) {
  for (uint32_t i = 0; i < a.length && i < b.length; i++) {
    int difference = (int)text_view_unit(a, i) - (int)text_view_unit(b, i);
    if (difference) return difference;
  }
  return a.length < b.length ? -1 : a.length > b.length;
}

static bool add_attribute(Parser *parser, ModuleRequest *request, uint32_t *capacity, TextView key, TextView value,
                          uint32_t start) {
  uint32_t at = 0;
  while (at < request->attribute_count && text_compare(request->attributes[at].key, key) < 0) at++;
  if (at < request->attribute_count && text_compare(request->attributes[at].key, key) == 0) {
    return parser_fail(parser, start, start + key.length, "import attribute '%v' is given twice", &key);
  }
  if (!fuel_charge(parser->lexer.fuel, (int32_t)(request->attribute_count / 4))) {
    lexer_fail_status(&parser->lexer, PARSE_INTERRUPTED);
    return false;
  }
  if (!array_add(parser, &request->attributes, &request->attribute_count, capacity, sizeof(ImportAttribute)))
    return false;
  ImportAttribute *slot = &request->attributes[at];
  memmove(slot + 1, slot, sizeof(*slot) * (request->attribute_count - 1 - at));
  *slot = (ImportAttribute){key, value};
  return true;
}

// `with { type: "json" }`
static bool parse_attributes(Parser *parser, ModuleRequest *request) {
  if (!parser_accept(parser, TOKEN_WITH)) return true;
  if (!parser_expect(parser, TOKEN_LEFT_BRACE)) return false;
  const Token *token = &parser->lexer.token;
  uint32_t capacity = 0;
  while (token->type != TOKEN_RIGHT_BRACE) {
    uint32_t start = token->start;
    TextView key;
    if (token->type == TOKEN_STRING) key = token->text;
    else if (token->type == TOKEN_IDENTIFIER || token_is_keyword(token->type)) key = token->name->text;
    else return parser_fail_at_token(parser);
    parser_next(parser);
    if (!parser_expect(parser, TOKEN_COLON)) return false;
    if (token->type != TOKEN_STRING) return parser_fail_expected(parser, "a string");
    TextView value = token->text;
    parser_next(parser);
    if (!add_attribute(parser, request, &capacity, key, value, start)) return false;
    if (token->type == TOKEN_RIGHT_BRACE) break;
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or '}'");
    parser_next(parser);
  }
  parser_next(parser);
  return true;
}

static bool requests_equal(const ModuleRequest *a, const ModuleRequest *b) {
  if (a->phase != b->phase || a->attribute_count != b->attribute_count) return false;
  if (!text_view_equals(a->specifier, b->specifier)) return false;
  for (uint32_t i = 0; i < a->attribute_count; i++) {
    if (!text_view_equals(a->attributes[i].key, b->attributes[i].key) ||
        !text_view_equals(a->attributes[i].value, b->attributes[i].value))
      return false;
  }
  return true;
}

// The specifier and attributes; yields the index of the (possibly earlier, equal) request.
static bool parse_request(Parser *parser, ImportPhase phase, uint32_t *index) {
  ModuleState *state = module_state(parser);
  const Token *token = &parser->lexer.token;
  if (!state) return false;
  if (token->type != TOKEN_STRING) return parser_fail_expected(parser, "a string");
  ModuleRequest request = {.specifier = token->text, .phase = phase, .start = token->start, .end = token->end};
  parser_next(parser);
  if (!parse_attributes(parser, &request)) return false;
  if (!fuel_charge(parser->lexer.fuel, (int32_t)(state->request_count / 4))) {
    lexer_fail_status(&parser->lexer, PARSE_INTERRUPTED);
    return false;
  }
  for (uint32_t i = 0; i < state->request_count; i++) {
    if (!requests_equal(&state->requests[i], &request)) continue;
    *index = i;
    return true;
  }
  ModuleRequest *slot = ARRAY_ADD(parser, state, request, requests);
  if (!slot) return false;
  *slot = request;
  *index = state->request_count - 1;
  return true;
}

// --- Names ---

// An IdentifierName or a well-formed string. `token_type` tells which it was.
static Name *parse_module_name(Parser *parser, Token *read) {
  const Token *token = &parser->lexer.token;
  *read = *token;
  Name *name = NULL;
  if (token->type == TOKEN_STRING) {
    if (!text_is_well_formed(token->text)) {
      return parser_fail(parser, token->start, token->end, "the name of an export may not contain lone surrogates");
    }
    name = lexer_intern(&parser->lexer, token->text);
  } else if (token->type == TOKEN_IDENTIFIER || token_is_keyword(token->type) || token->type == TOKEN_ESCAPED_KEYWORD) {
    name = token->name;
  } else return parser_fail_at_token(parser);
  parser_next(parser);
  return name;
}

static bool add_export_name(Parser *parser, Name *name, uint32_t start, uint32_t end) {
  if (name->is_export_name) return parser_fail(parser, start, end, "'%v' is exported twice", &name->text);
  name->is_export_name = true;
  return true;
}

// --- Imports ---

// The local name is the current token.
static bool declare_import(Parser *parser, Name *import_name) {
  const Token *token = &parser->lexer.token;
  if (!check_identifier(parser, token, true)) return false;
  ModuleState *state = module_state(parser);
  ImportEntry *entry = state ? ARRAY_ADD(parser, state, import, imports) : NULL;
  if (!entry) return false;
  entry->import_name = import_name;
  entry->local_name = token->name;
  entry->start = token->start;
  entry->binding = scope_declare(parser, BINDING_IMPORT, token->name, token->start, token->end);
  if (!entry->binding) return false;
  parser_next(parser);
  return true;
}

static bool parse_namespace_import(Parser *parser) {
  parser_next(parser);
  return parser_expect_word(parser, NAME_as) && declare_import(parser, NULL);
}

static bool parse_named_imports(Parser *parser) {
  uint32_t opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    Token peeked, read = parser->lexer.token;
    bool has_as = lexer_peek(&parser->lexer, &peeked) == TOKEN_IDENTIFIER && peeked.name->well_known == NAME_as &&
                  !peeked.has_escape;
    if (has_as || read.type == TOKEN_STRING) {
      Name *name = parse_module_name(parser, &read);
      if (!name || !parser_expect_word(parser, NAME_as) || !declare_import(parser, name)) return false;
    } else {
      if (read.type != TOKEN_IDENTIFIER) return parser_fail_at_name(parser);
      if (!declare_import(parser, read.name)) return false;
    }
    if (parser_at(parser, TOKEN_RIGHT_BRACE)) break;
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or '}'");
    parser_next(parser);
  }
  parser->opener = opener;
  parser_next(parser);
  return true;
}

// `import source x from`, `import defer * as x from`; a default import may be called like the phase.
static ImportPhase parse_phase(Parser *parser) {
  Token next;
  if (parser_at_word(parser, NAME_defer) && lexer_peek(&parser->lexer, &next) == TOKEN_STAR) {
    parser_next(parser);
    return IMPORT_DEFER;
  }
  if (!parser_at_word(parser, NAME_source) || lexer_peek(&parser->lexer, &next) != TOKEN_IDENTIFIER)
    return IMPORT_EVALUATION;
  if (next.name->well_known == NAME_from && !next.has_escape) {
    // `source from "x"` against `source from from "x"`.
    Lexer saved = parser->lexer;
    parser_next(parser);
    bool is_phase = lexer_peek(&parser->lexer, &next) == TOKEN_IDENTIFIER;
    NameTable names = parser->lexer.names;
    if (parser->lexer.failed) return IMPORT_EVALUATION;
    parser->lexer = saved;
    parser->lexer.names = names;
    if (!is_phase) return IMPORT_EVALUATION;
  }
  parser_next(parser);
  return IMPORT_SOURCE;
}

static bool parse_import_clause(Parser *parser, ImportPhase phase) {
  const Token *token = &parser->lexer.token;
  if (phase == IMPORT_SOURCE) return declare_import(parser, NULL);
  if (token->type == TOKEN_IDENTIFIER) {
    if (!declare_import(parser, WELL_KNOWN(parser, default))) return false;
    if (!parser_accept(parser, TOKEN_COMMA)) return true;
    if (token->type != TOKEN_STAR && token->type != TOKEN_LEFT_BRACE) return parser_fail_at_token(parser);
  }
  if (token->type == TOKEN_STAR) return parse_namespace_import(parser);
  if (token->type == TOKEN_LEFT_BRACE) return parse_named_imports(parser);
  return parser_fail_at_token(parser);
}

Node *parse_import_declaration(Parser *parser) {
  Node *node = NODE_NEW(parser, NODE_IMPORT, unary, parser->lexer.token.start);
  ModuleState *state = module_state(parser);
  if (!node || !state) return NULL;
  parser_next(parser);
  ImportPhase phase = IMPORT_EVALUATION;
  uint32_t first = state->import_count, request = 0;
  if (!parser_at(parser, TOKEN_STRING)) {
    phase = parse_phase(parser);
    if (!parse_import_clause(parser, phase) || !parser_expect_word(parser, NAME_from)) return NULL;
  }
  if (!parse_request(parser, phase, &request) || !parser_consume_semicolon(parser)) return NULL;
  for (uint32_t i = first; i < state->import_count; i++) state->imports[i].request = request;
  node_finish(parser, node);
  return node;
}

// --- Exports ---

static bool add_pending_export(Parser *parser, Name *local, Name *exported, uint32_t start, uint32_t end) {
  ModuleState *state = module_state(parser);
  PendingExport *pending = state ? ARRAY_ADD(parser, state, pending, pending) : NULL;
  if (!pending) return false;
  *pending = (PendingExport){local, exported, start, end};
  return true;
}

static bool export_declared(Parser *parser, Name *local, Name *exported, uint32_t start, uint32_t end) {
  return add_export_name(parser, exported, start, end) && add_pending_export(parser, local, exported, start, end);
}

// Every name that a declaration binds.
static bool export_bound_names(Parser *parser, const Node *node) {
  _Static_assert(offsetof(Node, list) == offsetof(Node, variable.declarators), "both are lists");
  if (!node) return true;
  switch (node->kind) {
    case NODE_BINDING_IDENTIFIER:
      return export_declared(parser, node->identifier.name, node->identifier.name, node->start, node->end);
    case NODE_PATTERN_DEFAULT:
    case NODE_DECLARATOR: return export_bound_names(parser, node->assign.target);
    case NODE_REST: return export_bound_names(parser, node->unary.operand);
    case NODE_PROPERTY: return export_bound_names(parser, node->property.value);
    case NODE_OBJECT_PATTERN:
    case NODE_ARRAY_PATTERN:
    case NODE_VARIABLE:
      for (uint32_t i = 0; i < node->list.count; i++)
        if (!export_bound_names(parser, node->list.items[i])) return false;
      return true;
    case NODE_FUNCTION_DECLARATION: return export_bound_names(parser, node->function.identifier);
    case NODE_CLASS_DECLARATION: return export_bound_names(parser, node->class_.identifier);
    default: return true;
  }
}

static void *resume_default_expression(Parser *parser);

static Node *parse_default_expression(Parser *parser, Node *node) {
  struct {
    Binding *binding;
  } f = {0};
  PRODUCTION(f)
  uint32_t start = parser->lexer.token.start;
  Name *name = WELL_KNOWN(parser, star_default);
  Node *identifier = NODE_NEW(parser, NODE_BINDING_IDENTIFIER, identifier, start);
  if (!identifier) return NULL;
  identifier->end = start;
  identifier->identifier.name = name;
  identifier->identifier.scope = parser->scope;
  f.binding = identifier->identifier.binding = scope_declare(parser, BINDING_LET, name, start, start);
  if (!f.binding) return NULL;
  node->export_default.identifier = identifier;
  Node *expression;
  PARSE_OR_LEAVE(1, expression, parse_assignment(parser))
  if (!parser_consume_semicolon(parser)) return NULL;
  f.binding->initialized_at = parser->lexer.previous_end;
  return expression;
  RETURN_SUSPENDED(f, resume_default_expression)
}
static void *resume_default_expression(Parser *parser) { return parse_default_expression(parser, NULL); }

static Node *parse_default_declaration(Parser *parser, Node *node) {
  const Token *token = &parser->lexer.token;
  Token next;
  bool is_async_function =
      parser_at_word(parser, NAME_async) && lexer_peek(&parser->lexer, &next) == TOKEN_FUNCTION && !next.newline_before;
  if (token->type == TOKEN_FUNCTION || is_async_function) return parse_function_declaration(parser, true, false);
  if (token->type != TOKEN_CLASS && token->type != TOKEN_AT) return parse_default_expression(parser, node);
  return token->type == TOKEN_AT ? parse_decorated_class(parser, true) : parse_class(parser, true, true);
}

static void *resume_export_default(Parser *parser);

static Node *parse_export_default(Parser *parser, uint32_t start) {
  struct {
    Node *node;
  } f = {0};
  PRODUCTION(f)
  const Token *token = &parser->lexer.token;
  f.node = NODE_NEW(parser, NODE_EXPORT_DEFAULT, export_default, start);
  if (!f.node || !add_export_name(parser, WELL_KNOWN(parser, default), token->start, token->end)) return NULL;
  parser_next(parser);
  Node *declaration;
  PARSE_OR_LEAVE(1, declaration, parse_default_declaration(parser, f.node))
  if (declaration->kind == NODE_FUNCTION_DECLARATION) {
    f.node->export_default.identifier = declaration->function.identifier;
  } else if (declaration->kind == NODE_CLASS_DECLARATION) {
    f.node->export_default.identifier = declaration->class_.identifier;
  }
  f.node->export_default.declaration = declaration;
  Name *local = f.node->export_default.identifier->identifier.name;
  if (!add_pending_export(parser, local, WELL_KNOWN(parser, default), f.node->start, f.node->start)) return NULL;
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_export_default)
}
static void *resume_export_default(Parser *parser) { return parse_export_default(parser, 0); }

static bool add_indirect_export(Parser *parser, ExportEntry entry) {
  ModuleState *state = module_state(parser);
  ExportEntry *slot = state ? ARRAY_ADD(parser, state, indirect, indirect) : NULL;
  if (!slot) return false;
  *slot = entry;
  return true;
}

// `export *`
static bool parse_export_star(Parser *parser) {
  const Token *token = &parser->lexer.token;
  ExportEntry entry = {.start = token->start};
  parser_next(parser);
  if (parser_at_word(parser, NAME_as)) {
    parser_next(parser);
    Token read;
    if (!(entry.export_name = parse_module_name(parser, &read))) return false;
    if (!add_export_name(parser, entry.export_name, read.start, read.end)) return false;
  }
  if (!parser_expect_word(parser, NAME_from)) return false;
  if (!parse_request(parser, IMPORT_EVALUATION, &entry.request)) return false;
  if (entry.export_name) return add_indirect_export(parser, entry);
  ModuleState *state = module_state(parser);
  ExportEntry *slot = ARRAY_ADD(parser, state, star, star);
  if (!slot) return false;
  *slot = entry;
  return true;
}

typedef struct ExportSpecifier {
  Name *local, *exported;
  Token local_token;
} ExportSpecifier;

static bool parse_export_specifier(Parser *parser, ExportSpecifier *specifier) {
  Token read;
  if (!(specifier->local = parse_module_name(parser, &specifier->local_token))) return false;
  read = specifier->local_token;
  specifier->exported = specifier->local;
  if (parser_at_word(parser, NAME_as)) {
    parser_next(parser);
    if (!(specifier->exported = parse_module_name(parser, &read))) return false;
  }
  return add_export_name(parser, specifier->exported, read.start, read.end);
}

static bool finish_local_specifier(Parser *parser, const ExportSpecifier *specifier) {
  const Token *token = &specifier->local_token;
  if (token->type == TOKEN_STRING) {
    return parser_fail(parser, token->start, token->end, "a string may only name an export of another module");
  }
  if (token->type != TOKEN_IDENTIFIER) {
    return parser_fail(parser, token->start, token->end, "the keyword '%v' may not be exported", &token->name->text);
  }
  return check_identifier(parser, token, false) &&
         add_pending_export(parser, specifier->local, specifier->exported, token->start, token->end);
}

// `export { ... }` with or without `from`.
static bool parse_export_list(Parser *parser) {
  ExportSpecifier *specifiers = NULL;
  uint32_t count = 0, capacity = 0, opener = parser_open(parser);
  parser_next(parser);
  while (!parser_at(parser, TOKEN_RIGHT_BRACE)) {
    ExportSpecifier *specifier = array_add(parser, &specifiers, &count, &capacity, sizeof(ExportSpecifier));
    if (!specifier || !parse_export_specifier(parser, specifier)) return false;
    if (parser_at(parser, TOKEN_RIGHT_BRACE)) break;
    if (!parser_at(parser, TOKEN_COMMA)) return parser_fail_expected(parser, "',' or '}'");
    parser_next(parser);
  }
  parser->opener = opener;
  parser_next(parser);
  if (!parser_at_word(parser, NAME_from)) {
    for (uint32_t i = 0; i < count; i++)
      if (!finish_local_specifier(parser, &specifiers[i])) return false;
    return true;
  }
  parser_next(parser);
  uint32_t request = 0;
  if (!parse_request(parser, IMPORT_EVALUATION, &request)) return false;
  for (uint32_t i = 0; i < count; i++) {
    ExportEntry entry = {.export_name = specifiers[i].exported,
                         .import_name = specifiers[i].local,
                         .request = request,
                         .start = specifiers[i].local_token.start};
    if (!add_indirect_export(parser, entry)) return false;
  }
  return true;
}

static void *resume_export_declaration(Parser *parser);

Node *parse_export_declaration(Parser *parser) {
  struct {
    Node *node;
  } f = {0};
  const Token *token = &parser->lexer.token;
  PRODUCTION(f)
  uint32_t start = token->start;
  bool is_decorated = parser->pending_decorators.count;
  parser_next(parser);
  if (token->type == TOKEN_DEFAULT) return parse_export_default(parser, start);
  f.node = NODE_NEW(parser, NODE_EXPORT, unary, start);
  if (!f.node) return NULL;
  if (is_decorated && token->type != TOKEN_CLASS) return parser_fail_at_token(parser);
  if (token->type == TOKEN_STAR || token->type == TOKEN_LEFT_BRACE) {
    bool is_good = token->type == TOKEN_STAR ? parse_export_star(parser) : parse_export_list(parser);
    if (!is_good || !parser_consume_semicolon(parser)) return NULL;
  } else {
    bool is_declaration = token->type == TOKEN_VAR || token->type == TOKEN_CONST || token->type == TOKEN_FUNCTION ||
                          token->type == TOKEN_CLASS || token->type == TOKEN_AT || parser_at_let_declaration(parser);
    Token next;
    if (!is_declaration && parser_at_word(parser, NAME_async)) {
      is_declaration = lexer_peek(&parser->lexer, &next) == TOKEN_FUNCTION && !next.newline_before;
    }
    if (!is_declaration) return parser_fail_at_token(parser);
    PARSE_OR_LEAVE(1, f.node->unary.operand, parse_statement(parser, STATEMENT_IN_LIST))
    if (!export_bound_names(parser, f.node->unary.operand)) return NULL;
  }
  node_finish(parser, f.node);
  return f.node;
  RETURN_SUSPENDED(f, resume_export_declaration)
}
static void *resume_export_declaration(Parser *parser) { return parse_export_declaration(parser); }

// --- The end of the module ---

static const ImportEntry *find_import(const ModuleState *state, const Binding *binding) {
  for (uint32_t i = 0; i < state->import_count; i++)
    if (state->imports[i].binding == binding) return &state->imports[i];
  return NULL;
}

// https://tc39.es/ecma262/#sec-parsemodule
static bool resolve_export(Parser *parser, ModuleState *state, const PendingExport *pending) {
  Binding *binding = scope_find(parser->scope, pending->local_name);
  if (!binding) {
    return parser_fail(parser, pending->start, pending->end, "'%v' is exported but not declared",
                       &pending->local_name->text);
  }
  binding->is_exported = true;
  if (binding->kind == BINDING_IMPORT) {
    if (!fuel_charge(parser->lexer.fuel, (int32_t)(state->import_count / 4))) {
      lexer_fail_status(&parser->lexer, PARSE_INTERRUPTED);
      return false;
    }
    const ImportEntry *entry = find_import(state, binding);
    if (entry->import_name) {
      return add_indirect_export(parser, (ExportEntry){.export_name = pending->export_name,
                                                       .start = pending->start,
                                                       .import_name = entry->import_name,
                                                       .request = entry->request});
    }
  }
  ExportEntry *slot = ARRAY_ADD(parser, state, local, local);
  if (!slot) return false;
  *slot = (ExportEntry){.export_name = pending->export_name,
                        .local_name = pending->local_name,
                        .binding = binding,
                        .start = pending->start};
  return true;
}

// While the module's scope is still open.
bool module_finish(Parser *parser, Program *program) {
  ModuleState *state = module_state(parser);
  if (!state) return false;
  for (uint32_t i = 0; i < state->pending_count; i++) {
    if (!resolve_export(parser, state, &state->pending[i])) return false;
  }
  program->module_requests = state->requests;
  program->module_request_count = state->request_count;
  program->import_entries = state->imports;
  program->import_entry_count = state->import_count;
  program->local_exports = state->local;
  program->local_export_count = state->local_count;
  program->indirect_exports = state->indirect;
  program->indirect_export_count = state->indirect_count;
  program->star_exports = state->star;
  program->star_export_count = state->star_count;
  return true;
}
