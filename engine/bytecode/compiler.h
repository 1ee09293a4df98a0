// Inside the compiler. There is one pass over the tree per function. Inner functions are put on a list and compiled
// after the function around them, so that nesting of functions costs no C stack.
//
// Registers: `this` and the parameters, then locals (uncaptured bindings, fixed while their scope is open), then
// temporaries in stack order. `top` is the first free one; code that takes temporaries remembers `top` and restores it.
// compile_value() takes a target: a register, or ANY for the cheapest place, which may be the local itself. A register
// below the caller's mark is therefore a local: it must be copied when code that runs before its use might assign it
// (see keep_operand()). A given target may be written early, so pass a local only where that is not visible to anyone
// (see expression_writes_last()).
#ifndef CAISSON_COMPILER_H
#define CAISSON_COMPILER_H

#include "bytecode/assembler.h"
#include "bytecode/code_cells.h"
#include "bytecode/compile.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "syntax/parser.h"

enum { ANY = UINT32_MAX, NO_REGISTER = UINT32_MAX, CALL_THIS = FRAME_WORDS, CALL_ARGUMENTS = FRAME_WORDS + 1 };
enum { LARGEST_CALL = 250 };  // arguments in registers; more go through a list

typedef enum ControlKind {
  CONTROL_JUMPS,        // a place that break or continue can name
  CONTROL_ENVIRONMENT,  // an environment to pop
  // These protect a region with a handler; code that leaves one is not in the region.
  CONTROL_ITERATOR,  // an iterator to close
  CONTROL_CATCH,     // a catch block
  CONTROL_FINALLY,   // a finally block or disposal to run
} ControlKind;

typedef struct Control Control;

// A jump that has to run a finally block first. In the completion kind register it has a number: 2, 3, ...
typedef struct PendingJump {
  struct PendingJump *next;
  Control *target;  // NULL: return
  bool is_continue;
  Label label;
} PendingJump;
enum { COMPLETION_NORMAL, COMPLETION_THROW, COMPLETION_FIRST_JUMP };

// A stretch of code within a protected region that the region does not protect.
typedef struct Gap {
  struct Gap *next;
  uint32_t start, end;
} Gap;

struct Control {
  Control *outer;
  Gap *gaps;  // newest first
  uint8_t kind;
  bool is_async;                        // iterator
  Node *node;                           // what jumps name
  Label *break_label, *continue_label;  // `end` and `next`, or NULL
  Label end, next;
  Register base;  // iterator state; finally: completion kind, then value
  uint32_t handler;
  Register exception;  // where the handler finds what was thrown
  // Of finally:
  Label entry;
  PendingJump *jumps, *last_jump;
  uint32_t deferred_before;  // the compiler's deferred_count
};

typedef enum WorkKind {
  WORK_FUNCTION,
  WORK_DEFAULT_CONSTRUCTOR,
  WORK_PRIVATE_METHODS,
  WORK_ACCESSOR_GETTER,
  WORK_ACCESSOR_SETTER
} WorkKind;
typedef struct Work {
  struct Work *next;
  uint8_t kind;
  Function *function;     // WORK_FUNCTION
  Class *class_;          // default constructors
  ClassElement *element;  // auto-accessors
  Scope *scope;           // where the closure is made, for synthetic functions
  Code *code;
} Work;

// The name of an anonymous function or class: a known string, or a property key in a register.
typedef struct InferredName {
  Value text;      // string; 0: none
  Register key;    // NO_REGISTER: none
  uint8_t prefix;  // of set_function_name
} InferredName;
#define NO_NAME ((InferredName){0, NO_REGISTER, 0})

typedef struct DisposeScope DisposeScope;
typedef struct Compiler {
  Assembler assembler;
  Context *cx;
  Arena arena;
  Program *program;
  const CompileOptions *options;
  Value source;          // internal Record
  Value module_initial;  // internal Values, rows of runtime/modules.h
  Work *work, **last_work;
  bool failed;    // the compiler has thrown
  bool has_with;  // some scope is a with statement's
  // Of the function being compiled:
  Function *function;  // NULL in synthetic ones
  Code *code;
  uint32_t flags;  // CodeFlags
  Scope *scope;    // innermost
  Control *control;
  DisposeScope *dispose;
  Register top, highest;
  Node *kept_number;  // a number in a loop's test, loaded before the loop
  Register kept_register;
  Register completion;  // of scripts and evals, else NO_REGISTER
  Register argument_list;
  uint32_t handler_depth;    // protected regions around this place
  uint32_t control_unwinds;  // finally blocks and iterators around this place
  uint32_t environments;     // pushed so far, to see whether a region pushes any
  uint32_t depth;
  struct Deferred *deferred, **last_deferred;  // compile_deferred.c
  uint32_t deferred_count;
  Buffer dispatches;      // struct Deferred *: lists, by the control_unwinds of their places
  Control spare_control;  // in place of one that there was no memory for
  Buffer spine;           // Node *: stack of left spines
  Buffer strict_parts;    // uint32_t: see Code
} Compiler;

// emit.c ----------------------------------------------------------------------------------------------
static inline uint32_t scaled(Register r) { return r * 8; }
static inline void emit_0(Compiler *c, Opcode op) { assembler_emit(&c->assembler, op, 0, 0, 0); }
static inline void emit_r(Compiler *c, Opcode op, Register a) { assembler_emit(&c->assembler, op, scaled(a), 0, 0); }
static inline void emit_rr(Compiler *c, Opcode op, Register a, Register b) {
  assembler_emit(&c->assembler, op, scaled(a), scaled(b), 0);
}
static inline void emit_rrr(Compiler *c, Opcode op, Register a, Register b, Register third) {
  assembler_emit(&c->assembler, op, scaled(a), scaled(b), scaled(third));
}
static inline void emit_rru(Compiler *c, Opcode op, Register a, Register b, uint32_t number) {
  assembler_emit(&c->assembler, op, scaled(a), scaled(b), number);
}
static inline void emit_ruu(Compiler *c, Opcode op, Register a, uint32_t b, uint32_t third) {
  assembler_emit(&c->assembler, op, scaled(a), b, third);
}
static inline void emit_rk(Compiler *c, Opcode op, Register a, Value constant) {
  assembler_emit_wide(&c->assembler, op, scaled(a), assembler_constant(&c->assembler, constant));
}
static inline void emit_uk(Compiler *c, Opcode op, uint32_t a, Value constant) {
  assembler_emit_wide(&c->assembler, op, a, assembler_constant(&c->assembler, constant));
}
static inline void emit_jump(Compiler *c, Label *label) { assembler_jump(&c->assembler, OPCODE_jump, 0, label); }
static inline void emit_jump_if(Compiler *c, Opcode op, Register a, Label *label) {
  assembler_jump(&c->assembler, op, scaled(a), label);
}
static inline void bind_label(Compiler *c, Label *label) { assembler_bind(&c->assembler, label); }
static inline uint32_t here(const Compiler *c) { return assembler_position(&c->assembler); }
// Sets what errors and stacks say about the next instruction: the expression, and where in it.
void position_at(Compiler *c, const Node *node);
void position_at_call(Compiler *c, const Node *call);  // the callee

Register new_register(Compiler *c);
Register new_registers(Compiler *c, uint32_t count);  // consecutive
static inline Register result_register(Compiler *c, Register target) {
  return target == ANY ? new_register(c) : target;
}
uint32_t name_cache(Compiler *c, PropertyKey name);  // the operand of accesses to globals and resolved names
static inline void emit_global(Compiler *c, Opcode op, Register a, PropertyKey name) {
  emit_ruu(c, op, a, name_cache(c, name), 0);
}
void emit_move(Compiler *c, Register to, Register from);
void emit_load_int(Compiler *c, Register to, int32_t number);
void emit_load_number(Compiler *c, Register to, double number);
void emit_load_constant(Compiler *c, Register to, Value value);
void emit_load_key(Compiler *c, Register to, PropertyKey key);
void emit_get_named(Compiler *c, Register to, Register object, PropertyKey key);
void emit_set_named(Compiler *c, Register object, PropertyKey key, Register value);
void emit_define_named(Compiler *c, Register object, PropertyKey key, Register value);
// Compare-and-jump: a fused opcode, or in long-jump mode the comparison and a plain jump.
void emit_compare_jump(Compiler *c, Operator operator, bool when, Register left, Register right, Label *label);
void emit_compare_jump_int(Compiler *c, Operator operator, bool when, Register left, int32_t right, Label *label);
void emit_throw_error(Compiler *c, ErrorType type, const char *message);
// Arguments from register base on. An operation that does not exist fails an assertion.
void emit_intrinsic_call(Compiler *c, Register to, const char *name, Register base, uint32_t count);

PropertyKey name_key(Compiler *c, Name *name);
Value name_text(Compiler *c, Name *name);      // as a string
PropertyKey node_key(Compiler *c, Node *key);  // STRING, NUMBER or BIGINT of a property name
Value key_text(Compiler *c, PropertyKey key, const char *prefix);
Value text_constant(Compiler *c, TextView text);
Values *list_create(Compiler *c, uint32_t count);  // filled with holes; NULL: failed
Value compiler_fail(Compiler *c);                  // notes that the compiler has thrown; returns undefined
void compiler_fail_range(Compiler *c, const char *message);
void compiler_fail_interrupted(Compiler *c);
// Each node pays for itself: compiling takes as long as parsing, and only memory limits the length of a source.
enum { COMPILER_UNITS_PER_NODE = 4 };
// From DEFER_DEPTH on, what is nested is compiled later (compile_deferred.c), where that is possible.
enum { DEFER_DEPTH = 200, COMPILER_DEPTH = 1500 };
static inline bool compiler_enter(Compiler *c) {
  if (UNLIKELY(c->depth++ >= COMPILER_DEPTH)) compiler_fail_range(c, "the source is nested too deeply");
  else if (UNLIKELY(!fuel_charge(&c->cx->fuel, COMPILER_UNITS_PER_NODE))) compiler_fail_interrupted(c);
  return !c->failed;
}
static inline void compiler_leave(Compiler *c) { c->depth--; }

// compiler.c ------------------------------------------------------------------------------------------
Code *compiler_add_function(Compiler *c, Function *function, Value name);  // its Code, to be compiled later
Code *compiler_add_synthetic(Compiler *c, WorkKind kind, Class *class_, ClassElement *element, Value name,
                             uint32_t flags);
// Scopes. Opening makes registers and the environment; function declarations are instantiated.
typedef struct OpenScope {
  Scope *scope, *outer;
  bool has_control;
  Register top;
} OpenScope;
void open_scope(Compiler *c, Scope *scope, OpenScope *open);
void open_scope_environment(Compiler *c, Scope *scope);
void declare_scope(Compiler *c, Scope *scope);  // registers and first values
void close_scope(Compiler *c, OpenScope *open);
void instantiate_functions(Compiler *c, NodeList *functions);
Value make_scope_names(Compiler *c, Scope *scope);  // names cell or undefined

// Names
typedef enum StoreMode { STORE_ASSIGN, STORE_INITIALIZE } StoreMode;
Register load_binding(Compiler *c, Binding *binding, Register target);  // no checks
void store_binding(Compiler *c, Binding *binding, Register value);      // no checks
bool binding_in_register(const Binding *binding);
void emit_slot(Compiler *c, Opcode opcode, Register value, const Binding *binding);  // get_slot and the like
Register load_identifier(Compiler *c, Node *node, Register target, bool is_typeof);
void store_identifier(Compiler *c, Node *node, Register value, StoreMode mode);
bool node_is_dynamic(const Node *node);  // written through resolve_name / set_resolved
Register emit_resolve_name(Compiler *c, Node *node);
void emit_set_resolved(Compiler *c, Node *node, Register base, Register value);
// The register of the local that `node` names, if writing it needs no check at all; otherwise NO_REGISTER.
Register plain_local(Compiler *c, Node *node);
Register load_this(Compiler *c, Node *node, Register target);

// compile_deferred.c ----------------------------------------------------------------------------------
bool defers_value(const Node *node);
bool defers_statement(const Node *node);
Register defer_value(Compiler *c, Node *node, Register target, InferredName name);
void defer_statement(Compiler *c, Node *node);
void defer_assignment(Compiler *c, Node *target, Register value, StoreMode mode);
void defer_finally_dispatch(Compiler *c, Control *control);
void compile_deferred(Compiler *c);  // at the end of a function

// compile_expressions.c -------------------------------------------------------------------------------
Register compile_value(Compiler *c, Node *node, Register target);
Register compile_named_value(Compiler *c, Node *node, Register target, InferredName name);
void compile_effect(Compiler *c, Node *node);  // for its side effects only
void compile_jump_if(Compiler *c, Node *node, bool when, Label *label);
// An operand that keeps its value while `later` (may be NULL) is evaluated.
Register compile_operand(Compiler *c, Node *node, Node *later);
// Copies a local, that is a register below `mark`, when `later` might assign it.
Register keep_operand(Compiler *c, Register value, Register mark, Node *later);
bool may_assign_local(const Node *node);
bool expression_writes_last(const Node *node);
bool small_integer(const Node *node, int32_t *out);  // a literal that fits an immediate operand
bool is_anonymous_function(const Node *node);
void emit_await(Compiler *c, Register value);
void emit_binary(Compiler *c, Operator operator, Register to, Register left, Register right);
// to = left operator value of the right side, which is not evaluated yet; errors name `node`.
void compile_operation(Compiler *c, Node *node, Operator operator, Register to, Register left, Node *value);
// [items...] into register `array`.
void compile_array_items(Compiler *c, NodeList *list, Register array);
Register compile_property_key(Compiler *c, Node *key, Register target);  // computed keys: ToPropertyKey

// compile_calls.c -------------------------------------------------------------------------------------
// Member, call and index chains; the root may be an OPTIONAL_CHAIN.
Register compile_chain(Compiler *c, Node *node, Register target);
bool is_undefined_literal(const Node *node);  // void 0, or the global undefined
Register compile_chain_part(Compiler *c, Node *node, Register target, Label *short_circuit);
Register compile_new(Compiler *c, Node *node, Register target);
Register compile_super_call(Compiler *c, Node *node, Register target);
bool compile_tail_call(Compiler *c, Node *node);  // true: emitted (or jumped); the statement is done
void emit_initialize_fields(Compiler *c, Register constructor, Register this_value);
// Evaluates arguments from register `first` on. False: there are too many, or spreads, so they are an array in register
// `first`.
bool compile_arguments(Compiler *c, NodeList *list, Register first);
Register compile_intrinsic_call(Compiler *c, Node *node, Register target);
void compile_super_operands(Compiler *c, Node *node,
                            Register base);  // home object, this, key (registers base...base+2)

// compile_assignments.c -------------------------------------------------------------------------------
Register compile_assignment(Compiler *c, Node *node, Register target, bool want_value);
Register compile_update(Compiler *c, Node *node, Register target, bool want_value);
Register compile_delete(Compiler *c, Node *node, Register target);
// A place that can be assigned to; its parts have been evaluated.
typedef struct Reference {
  Node *node;
  Register object;  // resolved base of dynamic names; super: home object, this, key in three registers
  Register key;
} Reference;
// `later` is the code that runs between this and the store. `is_read`: the place is read first, so its key is converted
// once.
void prepare_reference(Compiler *c, Reference *reference, Node *node, Node *later, bool is_read);
void load_reference(Compiler *c, const Reference *reference, Register to);
void store_reference(Compiler *c, const Reference *reference, Register value, StoreMode mode);
InferredName target_name(Compiler *c, const Node *target, const Node *value);
// Binds or assigns a target or pattern from the value in a register, which stays unchanged.
void assign_target(Compiler *c, Node *target, Register value, StoreMode mode);
void compile_initializer(Compiler *c, Node *target, Node *value, StoreMode mode);

// compile_statements.c, compile_control.c -----------------------------------------------------------------------------
void compile_statement(Compiler *c, Node *node);
void compile_statements(Compiler *c, NodeList *list);
void emit_return(Compiler *c, Register value);
void emit_jump_to(Compiler *c, Control *target, bool is_continue);
void compile_try(Compiler *c, Node *node);
// In [start, end) except the control's gaps, which are used up, exceptions go to the next instruction.
void add_region_handlers(Compiler *c, Control *control, uint32_t start, uint32_t end);
// The same; that is the control's handler.
void protect_region(Compiler *c, Control *control, uint32_t start, uint32_t end);
Control *push_control(Compiler *c, ControlKind kind);  // lives as long as the compiler
void pop_control(Compiler *c);
void emit_iterator_close(Compiler *c, Register base, bool is_async);
// The handler of a region that iterates: closes the iterator unless it is done, and throws again.
void emit_iterator_handler(Compiler *c, Control *iterator, uint32_t start, uint32_t end, Register environment);

struct DisposeScope {
  struct DisposeScope *outer;
  Control *control;
  Register base;  // completion kind, value, list of resources
  Register environment;
  uint32_t start;
  bool is_active, is_async;
};
// For a scope that declares resources; does nothing for others.
void dispose_scope_begin(Compiler *c, DisposeScope *dispose, const Scope *scope);
void dispose_scope_end(Compiler *c, DisposeScope *dispose);
void emit_add_resource(Compiler *c, Register value, bool is_async);
// Between begin and end: a try statement without its catch. `base` gets the completion kind and value.
void emit_finally_dispatch(Compiler *c, Control *control);
void compile_finally_dispatch(Compiler *c, const Control *control);  // when all jumps through it are known
void set_completion_undefined(Compiler *c);

// compile_patterns.c ----------------------------------------------------------------------------------
void compile_array_pattern(Compiler *c, Node *pattern, Register value, StoreMode mode);
// `[a, b] = [b, a]` whose value is not used: no array is made. False: not of that form.
bool compile_array_exchange(Compiler *c, Node *pattern, Node *value, StoreMode mode);
void compile_object_pattern(Compiler *c, Node *pattern, Register value, StoreMode mode);

// compile_modules.c ------------------------------------------------------------------------------------
// The first contents of the module's environment: variables are undefined, functions are closures.
void module_prologue(Compiler *c, Function *function);
Value make_module(Compiler *c, Code *code);

// compile_classes.c -----------------------------------------------------------------------------------
Register compile_class(Compiler *c, Node *node, Register target, InferredName name);
void compile_class_declaration(Compiler *c, Node *node);
void compile_field_initializer(Compiler *c, Function *function);
// Whether constructing an instance runs anything else of the class besides its constructor.
static inline bool class_initializes_instances(const Class *class_) {
  return class_->field_initializer || class_->has_instance_private_methods;
}
// compile_decorators.c
enum {
  DECORATION_DECORATORS,
  DECORATION_KEY,
  DECORATION_VALUE,
  DECORATION_GETTER = DECORATION_VALUE,
  DECORATION_SETTER,
  DECORATION_INITIALIZERS,
  DECORATION_EXTRA,
  DECORATION_FIELDS
};
Register compile_decorator_list(Compiler *c, const NodeList *decorators);  // an array in a new register
// Makes the record of an element whose key and value (or getter and setter) are in registers. `extra`: the array for
// initialisers that decorators add, or NO_REGISTER: the record gets one of its own.
void emit_decoration(Compiler *c, ClassElement *element, Register decorators, Register key, Register value,
                     Register setter, Register extra);
Register load_decoration(Compiler *c, ClassElement *element, unsigned field);  // into a new register
void apply_element_decorators(Compiler *c, ClassElement *element);
void apply_class_decorators(Compiler *c, Register decorators, Register class_, Value name, Register extra);
void emit_run_initializers(Compiler *c, ClassElement *element,
                           Register value);  // replaces the value; `this` is the receiver
void emit_run_extra_initializers(Compiler *c, Register receiver, Register list);

void compile_static_initializer(Compiler *c, Function *function);
void compile_synthetic(Compiler *c, Work *work);

// compile_generators.c --------------------------------------------------------------------------------
Register compile_yield(Compiler *c, Node *node, Register target);
Register compile_yield_star(Compiler *c, Node *node, Register target);

#endif
