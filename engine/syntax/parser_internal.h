// The state of one parse, and the functions that its files share.
//
// Conventions: a function that returns a node returns NULL after a failure, which has then been recorded and has
// turned the current token into END, so that every loop stops; or when it is suspended (suspension.h). Nothing is ever
// parsed twice: literals that turn out to be patterns, and parenthesised expressions that turn out to be parameters,
// are reinterpreted in place (parse_pattern.c, parse_function.c).
#ifndef CAISSON_SYNTAX_PARSER_INTERNAL_H
#define CAISSON_SYNTAX_PARSER_INTERNAL_H

#include "syntax/lexer.h"

// A label, or an unlabelled loop or switch, around the current statement.
typedef struct LabelState LabelState;
struct LabelState {
  LabelState *outer;
  Name *label;       // or NULL
  Node *statement;   // LABELED, loop or SWITCH
  Node *loop;        // what `continue` continues, or NULL
  bool awaits_loop;  // a label whose statement has not begun
  bool has_default;  // a switch that has had its `default`
};

// A function in a block that may also become a var:
// https://tc39.es/ecma262/#sec-block-level-function-declarations-web-legacy-compatibility-semantics
typedef struct HoistCandidate HoistCandidate;
struct HoistCandidate {
  HoistCandidate *next;
  Node *node;
  Scope *block;
};

typedef struct FunctionState FunctionState;
struct FunctionState {
  FunctionState *outer;
  Function *function;
  Scope *var_scope;
  LabelState *labels;
  HoistCandidate *hoist_candidates;
  uint32_t duplicate_parameter;  // where, if function->has_duplicate_parameters
  uint32_t references_before;    // the parser's reference_total where the parameters begin
  bool await_allowed;            // `await x` is an AwaitExpression here
  bool await_reserved;           // and it is not allowed as an identifier
  bool yield_allowed;
  bool in_parameters;  // yield and await expressions are errors
  bool return_allowed;
  bool super_property_allowed, super_call_allowed, new_target_allowed;
  bool arguments_forbidden;  // class fields and static blocks
};

enum { OFFSET_NONE = UINT32_MAX };

// Productions that wait until an inner one has been parsed: see suspension.h.
typedef struct Parser Parser;
typedef void *(*BeginProduction)(Parser *parser, uint32_t argument);
typedef void *(*ResumeProduction)(Parser *parser);
typedef struct SuspendedFrame SuspendedFrame;
struct SuspendedFrame {
  SuspendedFrame *outer;
  ResumeProduction resume;
  uint32_t at;
  _Alignas(8) char variables[104];
};

struct Parser {
  Lexer lexer;
  Arena *arena;
  ParseError *error;
  Fuel own_fuel;
  uint32_t depth;
  FunctionState *state;
  Scope *scope;
  bool is_strict;
  bool is_module;
  bool is_eval;
  bool no_in;            // inside a for head: `in` is not an operator
  bool any_dynamic;      // a `with` or a sloppy direct eval has been seen
  uint32_t opener;       // position of the innermost open bracket, for messages
  uint32_t arrow_start;  // where the current assignment expression began: arrow parameters may begin only there
  // The first part of the current expression that is valid only in a pattern: {a = 1} or a second __proto__.
  uint32_t cover_offset;
  const char *cover_message;
  // Latest positions, for parameters of arrows.
  uint32_t last_await, last_yield, last_await_name;
  // References made since the outermost open candidate for arrow parameters.
  Node **references;
  uint32_t reference_count, reference_capacity, arrow_candidates;
  uint32_t reference_total;
  // Lists under construction.
  Node **stack;
  uint32_t stack_count, stack_capacity;
  uint32_t function_count, scope_count, node_count;
  NodeList pending_decorators;
  struct ModuleState *module;
  // Suspension
  bool is_suspending;
  BeginProduction pending;
  uint32_t pending_argument;
  void *answer;  // for `resumed`: what it waited for
  SuspendedFrame *resumed, *kept, **kept_end, *free_frames;
};

#define WELL_KNOWN(parser, identifier) ((parser)->lexer.names.well_known[NAME_##identifier])

// --- parser.c ---

static inline void parser_enter(Parser *parser) { parser->depth++; }
static inline void parser_leave(Parser *parser) { parser->depth--; }
Node *node_allocate(Parser *parser, size_t size, NodeKind kind, uint32_t start);
#define NODE_NEW(parser, kind, field, start) \
  node_allocate((parser), offsetof(Node, field) + sizeof(((Node *)0)->field), (kind), (start))

void *parser_allocate(Parser *parser, size_t size);
#define PARSER_NEW(parser, Type) ((Type *)parser_allocate((parser), sizeof(Type)))
bool parser_push(Parser *parser, Node *node);                          // onto the list stack
bool parser_take_list(Parser *parser, uint32_t from, NodeList *list);  // everything pushed since

static inline bool parser_at(const Parser *parser, unsigned type) { return parser->lexer.token.type == type; }
static inline void parser_next(Parser *parser) { lexer_next(&parser->lexer); }
bool parser_accept(Parser *parser, unsigned type);
bool parser_expect(Parser *parser, unsigned type);
// The current token is this contextual keyword, written without escapes.
static inline bool parser_at_word(const Parser *parser, WellKnownName word) {
  const Token *token = &parser->lexer.token;
  return token->type == TOKEN_IDENTIFIER && token->name->well_known == word && !token->has_escape;
}
bool parser_expect_word(Parser *parser, WellKnownName word);
// Called where an opening bracket should be. Returns the position of the surrounding bracket; restore it to `opener`
// when this bracket closes.
static inline uint32_t parser_open(Parser *parser) {
  const Token *token = &parser->lexer.token;
  uint32_t outer = parser->opener;
  if (token->type == TOKEN_LEFT_PAREN || token->type == TOKEN_LEFT_BRACKET || token->type == TOKEN_LEFT_BRACE) {
    parser->opener = token->start;
  }
  return outer;
}
bool parser_consume_semicolon(Parser *parser);
// --- parse_errors.c: always return NULL or false ---

void *parser_fail_at_token(Parser *parser);                        // "unexpected token ..."
void *parser_fail_expected(Parser *parser, const char *expected);  // "expected ... but found ..."
void *parser_fail_at_type(Parser *parser);                         // at a ':' that would begin a type annotation
void *parser_fail_at_name(Parser *parser);                         // at a token that is not a name
#define parser_fail(parser, start, end, ...) lexer_fail(&(parser)->lexer, (start), (end), __VA_ARGS__)
#define parser_fail_node(parser, node, ...) parser_fail(parser, (node)->start, (node)->end, __VA_ARGS__)
static inline void node_finish(Parser *parser, Node *node) { node->end = parser->lexer.previous_end; }

// --- scopes.c ---

Scope *scope_open(Parser *parser, ScopeKind kind, uint32_t start);
bool scope_close(Parser *parser);
void scope_set_strict(Parser *parser, Scope *scope);
// Declares in the current scope, or (var kinds) in the var scope. `node` is the BINDING_IDENTIFIER, which is bound at
// once unless the kind is BINDING_VAR. NULL after an early error.
Binding *scope_declare(Parser *parser, BindingKind kind, Name *name, uint32_t start, uint32_t end);
Binding *scope_add_binding(Parser *parser, Scope *scope, BindingKind kind, Name *name, uint32_t start);
Binding *scope_find(const Scope *scope, const Name *name);
Node *reference_new(Parser *parser, NodeKind kind, Name *name, uint32_t start, uint32_t end);
void reference_cancel(Node *node);
void scope_note_direct_eval(Parser *parser);
bool scope_add_hoist_candidate(Parser *parser, Node *node);
// The initialisers of bindings declared in the current scope after `last` have been evaluated.
void scope_mark_initialized(Scope *scope, const Binding *last, uint32_t offset);
// Code parsed since `start` in the parent of the current scope belongs to the current scope.
void scope_adopt(Parser *parser, uint32_t start, uint32_t reference_mark);
void scope_finish_initializer(Parser *parser, Scope *scope, uint32_t start);
bool scope_open_outer(Parser *parser, const OuterScope *outer);
bool scope_finish_program(Parser *parser);

// --- parse_expression.c ---

Node *parse_expression(Parser *parser);        // with commas
Node *parse_expression_cover(Parser *parser);  // may leave a cover error pending
Node *parse_assignment(Parser *parser);
Node *parse_assignment_cover(Parser *parser);
Node *parse_left_hand_side(Parser *parser);
Node *parse_expression_in(Parser *parser);  // `in` allowed
Node *parse_assignment_in(Parser *parser);
bool check_assignment_target(Parser *parser, Node *node, const char *what);
bool check_cover_error(Parser *parser, uint32_t saved_offset);
bool parse_arguments(Parser *parser, NodeList *arguments, bool cover);

// --- parse_primary.c ---

Node *parse_primary(Parser *parser);
Node *parse_template(Parser *parser, bool is_tagged);
Node *parse_property_name(Parser *parser);  // with the `[` of a computed one
Node *parse_private_reference(Parser *parser);
Node *string_node(Parser *parser, Name *name, uint32_t start, uint32_t end);
Node *parse_identifier_reference(Parser *parser);
bool check_identifier(Parser *parser, const Token *token, bool is_binding);
bool check_binding_name(Parser *parser, Name *name, uint32_t start, uint32_t end);

// --- parse_pattern.c ---

Node *parse_binding_target(Parser *parser, BindingKind kind);
Node *parse_binding_element(Parser *parser, BindingKind kind);
Node *parse_binding_identifier(Parser *parser, BindingKind kind);
// Reinterprets an expression, in place, as a pattern that binds names of the kind, or as an assignment pattern.
bool pattern_from_expression(Parser *parser, Node *node, int kind);
enum { PATTERN_ASSIGNMENT = -1 };

// --- parse_function.c ---

typedef struct FunctionShape {
  FunctionKind kind;
  bool is_async, is_generator, is_expression, is_declaration, is_static, is_derived;
  Name *name;
  uint32_t name_start, name_end;
  Class *class_;
} FunctionShape;
// At the `(` of the parameters.
Function *parse_function_rest(Parser *parser, const FunctionShape *shape, uint32_t start);
Node *parse_function_expression(Parser *parser);
Node *parse_anonymous_function(Parser *parser);  // of the Function constructor
// At `function`, or at `async` followed by it. `is_default`: the name may be missing.
Node *parse_function_declaration(Parser *parser, bool is_default, bool plain_only);
Node *parse_arrow(Parser *parser, uint32_t start, NodeList parameters, bool is_async, uint32_t reference_mark);
Function *function_new(Parser *parser, FunctionKind kind, uint32_t start);
// NULL: out of memory. Such a state may be in use while productions are suspended.
FunctionState *function_state_new(Parser *parser);
void function_state_enter(Parser *parser, FunctionState *state, Function *function);
void function_state_leave(Parser *parser, FunctionState *state);
bool parse_directives_and_body(Parser *parser, Function *function, unsigned end_type);

// --- parse_class.c ---

Node *parse_class(Parser *parser, bool is_declaration, bool is_default);
bool parse_decorators(Parser *parser);
Node *parse_decorated_class(Parser *parser, bool is_default);  // an expression, or what a module exports by default

// --- parse_statement.c ---

typedef enum StatementContext {
  STATEMENT_IN_LIST,
  STATEMENT_OF_LABEL,
  STATEMENT_OF_IF,
  STATEMENT_OF_LOOP
} StatementContext;
Node *parse_statement(Parser *parser, StatementContext context);
bool parse_statements(Parser *parser, unsigned end_type);  // pushes onto the list stack
Node *parse_condition(Parser *parser);                     // in parentheses
Node *parse_block_in_scope(Parser *parser, ScopeKind kind);
Node *parse_variable(Parser *parser, VariableKind kind, bool in_for_head);
bool parser_at_let_declaration(Parser *parser);
bool parser_at_using_declaration(Parser *parser, VariableKind *kind, bool in_for_head);

// --- parse_loop.c ---

Node *parse_for(Parser *parser);
Node *parse_loop_body(Parser *parser, Node *loop);

// --- parse_module.c ---

Node *parse_import_declaration(Parser *parser);
Node *parse_export_declaration(Parser *parser);
bool module_finish(Parser *parser, Program *program);

#endif
