// Entries, node allocation and the small verbs of the parser.
// Loops here are bounded: each round takes a token, which the lexer charges, or walks a list of nodes that were made of
// tokens.
#include "syntax/suspension.h"

void *parser_allocate(Parser *parser, size_t size) {
  void *block = arena_allocate(parser->arena, size);
  if (UNLIKELY(!block)) lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
  return block;
}

Node *node_allocate(Parser *parser, size_t size, NodeKind kind, uint32_t start) {
  Node *node = parser_allocate(parser, size);
  if (UNLIKELY(!node)) return NULL;
  node->kind = kind;
  node->start = start;
  node->end = parser->lexer.token.end;
  parser->node_count++;
  return node;
}

bool parser_push(Parser *parser, Node *node) {
  if (UNLIKELY(parser->stack_count == parser->stack_capacity)) {
    uint32_t capacity = parser->stack_capacity ? parser->stack_capacity * 2 : 256;
    Node **grown =
        arena_grow(parser->arena, parser->stack, sizeof(Node *) * parser->stack_capacity, sizeof(Node *) * capacity);
    if (!grown) {
      lexer_fail_status(&parser->lexer, PARSE_OUT_OF_MEMORY);
      return false;
    }
    parser->stack = grown;
    parser->stack_capacity = capacity;
  }
  parser->stack[parser->stack_count++] = node;
  return true;
}

bool parser_take_list(Parser *parser, uint32_t from, NodeList *list) {
  uint32_t count = parser->stack_count - from;
  parser->stack_count = from;
  list->count = count;
  list->items = NULL;
  if (parser->lexer.failed) return false;
  if (!count) return true;
  list->items = parser_allocate(parser, sizeof(Node *) * count);
  if (!list->items) return false;
  memcpy(list->items, parser->stack + from, sizeof(Node *) * count);
  return true;
}

bool parser_accept(Parser *parser, unsigned type) {
  if (parser->lexer.token.type != type) return false;
  lexer_next(&parser->lexer);
  return true;
}

bool parser_expect_word(Parser *parser, WellKnownName word) {
  if (parser_at_word(parser, word)) {
    parser_next(parser);
    return true;
  }
  char expected[24] = "'";
  const TextView text = parser->lexer.names.well_known[word]->text;
  memcpy(expected + 1, text.narrow, text.length);
  strcpy(expected + 1 + text.length, "'");
  parser_fail_expected(parser, expected);
  return false;
}

// https://tc39.es/ecma262/#sec-automatic-semicolon-insertion
bool parser_consume_semicolon(Parser *parser) {
  const Token *token = &parser->lexer.token;
  if (token->type == TOKEN_SEMICOLON) {
    lexer_next(&parser->lexer);
    return true;
  }
  if (parser->lexer.failed) return false;
  if (token->type == TOKEN_RIGHT_BRACE || token->type == TOKEN_END || token->newline_before) return true;
  parser_fail_at_token(parser);
  return false;
}

// --- Entries ---

static bool never_interrupt(Fuel *fuel) {
  fuel->remaining = INT32_MAX;
  return true;
}

static bool parser_initialize(Parser *parser, TextView source, const ParseOptions *options, ParseError *error) {
  memset(parser, 0, sizeof(*parser));
  memset(error, 0, sizeof(*error));
  ParseOptions with_fuel = *options;
  parser->own_fuel = (Fuel){.remaining = INT32_MAX, .refill = never_interrupt};
  if (!with_fuel.fuel) with_fuel.fuel = &parser->own_fuel;
  parser->arena = options->arena;
  parser->kept_end = &parser->kept;
  parser->error = error;
  parser->is_strict = options->is_strict;
  parser->cover_offset = parser->arrow_start = parser->opener = OFFSET_NONE;
  return lexer_initialize(&parser->lexer, source, &with_fuel, error);
}

static void skip_hashbang(Lexer *lexer) {
  if (lexer->length < 2 || text_view_unit(lexer->source, 0) != '#' || text_view_unit(lexer->source, 1) != '!') return;
  uint32_t position = 2, steps = 0;
  // When the fuel is spent, any place will do: the first token fails.
  for (; position < lexer->length && fuel_step(lexer->fuel, &steps); position++) {
    uint32_t unit = text_view_unit(lexer->source, position);
    if (unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029) break;
  }
  lexer->position = position;
}

static Program *program_new(Parser *parser, FunctionKind kind) {
  Program *program = PARSER_NEW(parser, Program);
  if (!program) return NULL;
  program->source = parser->lexer.source;
  memcpy(program->names, parser->lexer.names.well_known, sizeof(program->names));
  Function *function = function_new(parser, kind, 0);
  if (!function) return NULL;
  program->function = function;
  function->is_strict = parser->is_strict;
  function->has_simple_parameters = true;
  return program;
}

static Program *finish_program(Parser *parser, Program *program) {
  Function *function = program->function;
  function->end = parser->lexer.length;
  if (!scope_close(parser) || !scope_finish_program(parser) || parser->lexer.failed) return NULL;
  program->has_top_level_await = function->kind == FUNCTION_MODULE && function->has_await;
  program->function_count = parser->function_count;
  program->scope_count = parser->scope_count;
  program->node_count = parser->node_count;
  return program;
}

// The common steps of all entries, when the state around the program is set up.
static Program *parse_program(Parser *parser, Program *program) {
  static const uint8_t scope_kinds[] = {
      [FUNCTION_SCRIPT] = SCOPE_SCRIPT,
      [FUNCTION_MODULE] = SCOPE_MODULE,
      [FUNCTION_EVAL] = SCOPE_EVAL,
  };
  Function *function = program->function;
  Scope *scope = scope_open(parser, scope_kinds[function->kind], 0);
  if (!scope) return NULL;
  function->scope = scope;
  skip_hashbang(&parser->lexer);
  parser_next(parser);
  bool is_parsed = parse_directives_and_body(parser, function, TOKEN_END);
  if (!parser_finish(parser, is_parsed ? parser : NULL)) return NULL;
  if (function->kind == FUNCTION_MODULE && !module_finish(parser, program)) return NULL;
  return finish_program(parser, program);
}

Program *parse_script(TextView source, const ParseOptions *options, ParseError *error) {
  Parser parser;
  if (!parser_initialize(&parser, source, options, error)) return NULL;
  parser.lexer.allow_html_comments = !options->no_html_comments;
  FunctionState state = {0};
  parser.state = &state;
  Program *program = program_new(&parser, FUNCTION_SCRIPT);
  if (!program) return NULL;
  state.function = program->function;
  return parse_program(&parser, program);
}

Program *parse_module(TextView source, const ParseOptions *options, ParseError *error) {
  Parser parser;
  if (!parser_initialize(&parser, source, options, error)) return NULL;
  parser.is_module = parser.is_strict = true;
  FunctionState state = {.await_allowed = true, .await_reserved = true};
  parser.state = &state;
  Program *program = program_new(&parser, FUNCTION_MODULE);
  if (!program) return NULL;
  state.function = program->function;
  return parse_program(&parser, program);
}

// What the code around a direct eval permits: https://tc39.es/ecma262/#sec-performeval
static void allow_from_outer(FunctionState *state, const Scope *scope) {
  while (scope && !(scope->kind == SCOPE_FUNCTION && scope->function->kind != FUNCTION_ARROW)) scope = scope->parent;
  if (!scope) return;
  FunctionKind kind = scope->function->kind;
  state->new_target_allowed = true;
  state->super_property_allowed = kind >= FUNCTION_METHOD;
  state->super_call_allowed = scope->function->is_derived;
  state->arguments_forbidden = kind == FUNCTION_FIELD_INITIALIZER || kind == FUNCTION_STATIC_INITIALIZER;
}

Program *parse_eval(TextView source, const EvalOptions *eval, const ParseOptions *options, ParseError *error) {
  Parser parser;
  if (!parser_initialize(&parser, source, options, error)) return NULL;
  parser.lexer.allow_html_comments = !options->no_html_comments;
  parser.is_eval = true;
  FunctionState state = {0};
  parser.state = &state;
  if (!scope_open_outer(&parser, eval->outer)) return NULL;
  allow_from_outer(&state, parser.scope);
  parser.is_strict = eval->is_strict || options->is_strict;
  Program *program = program_new(&parser, FUNCTION_EVAL);
  if (!program) return NULL;
  program->function->outer = state.function;
  state.function = program->function;
  state.new_target_allowed |= eval->in_function;
  state.super_property_allowed |= eval->in_method;
  state.super_call_allowed |= eval->in_derived_constructor;
  state.arguments_forbidden |= eval->in_class_field;
  return parse_program(&parser, program);
}

// --- Dynamic functions ---

static const char *const dynamic_prefixes[] = {
    "function anonymous(",
    "function* anonymous(",
    "async function anonymous(",
    "async function* anonymous(",
};

// When the fuel stops it, zeros are left: the lexer is then stopped too.
static uint32_t append_text(uint16_t *wide, uint8_t *narrow, uint32_t at, TextView text, Fuel *fuel) {
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length && (!fuel || fuel_step(fuel, &steps)); i++) {
    if (wide) wide[at + i] = text_view_unit(text, i);
    else narrow[at + i] = text.narrow[i];
  }
  return at + text.length;
}

static bool compose_dynamic_source(const ParseOptions *options, const TextView *parts, size_t count, TextView *source) {
  uint64_t length = 0;
  bool is_wide = false;
  for (size_t i = 0; i < count; i++) length += parts[i].length, is_wide |= parts[i].is_wide;
  if (length > UINT32_MAX / 4) return false;
  void *block = arena_allocate(options->arena, (size_t)length << is_wide);
  if (!block) return false;
  uint32_t at = 0;
  for (size_t i = 0; i < count; i++) at = append_text(is_wide ? block : NULL, block, at, parts[i], options->fuel);
  *source = is_wide ? text_view_wide(block, length) : text_view_narrow(block, length);
  return true;
}

Program *parse_dynamic_function(TextView parameters, TextView body, bool is_async, bool is_generator,
                                const ParseOptions *options, ParseError *error) {
  const TextView parts[] = {
      text_view_literal(dynamic_prefixes[is_async * 2 + is_generator]),
      parameters,
      text_view_literal("\n) {\n"),
      body,
      text_view_literal("\n}"),
  };
  TextView source = {0};
  memset(error, 0, sizeof(*error));
  if (!compose_dynamic_source(options, parts, COUNT_OF(parts), &source)) {
    error->status = PARSE_OUT_OF_MEMORY;
    strcpy(error->message, "out of memory");
    return NULL;
  }
  Parser parser;
  if (!parser_initialize(&parser, source, options, error)) return NULL;
  parser.lexer.allow_html_comments = !options->no_html_comments;
  FunctionState state = {0};
  parser.state = &state;
  Program *program = program_new(&parser, FUNCTION_SCRIPT);
  if (!program) return NULL;
  state.function = program->function;
  if (!(program->function->scope = scope_open(&parser, SCOPE_SCRIPT, 0))) return NULL;
  parser_next(&parser);
  Node *node = parser_finish(&parser, parse_anonymous_function(&parser));
  if (!node) return NULL;
  // Parameters and body must each be complete: their borders must be where they were inserted.
  const Function *function = node->function.function;
  if (function->body_start != parts[0].length + parameters.length + 3 || function->end != source.length) {
    lexer_fail(&parser.lexer, function->body_start, function->body_start + 1,
               "the parameters or the body of the function are not complete by themselves");
    return NULL;
  }
  Node *statement = NODE_NEW(&parser, NODE_EXPRESSION_STATEMENT, unary, 0);
  if (!statement) return NULL;
  statement->unary.operand = node;
  statement->end = node->end;
  if (!parser_push(&parser, statement) || !parser_take_list(&parser, 0, &program->function->body)) return NULL;
  return finish_program(&parser, program);
}
