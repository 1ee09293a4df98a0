// The syntax tree. Nodes live in the parse's arena, are allocated at the size of their kind, and are
// never freed one by one.
//
// What every consumer must know:
// - Long chains are deep on the left: `a+b+c`, `a&&b&&c`, `a.b().c`. Walk the left spine with a loop, never by
//   recursion; `else if` chains are deep on the right (`alternate`) and want a loop too. Everything else is
//   bounded by the parser's depth limit. Comma expressions, templates and argument lists are flat.
// - A parenthesised expression is its inner node with NODE_FLAG_PARENTHESIZED.
// - `(a, b) => c` has been reinterpreted: binding positions hold BINDING_IDENTIFIER and pattern nodes.
// - Offsets count code units of the source.
#ifndef CAISSON_SYNTAX_AST_H
#define CAISSON_SYNTAX_AST_H

#include "base/arena.h"
#include "base/text_view.h"

typedef struct Node Node;
typedef struct Name Name;
typedef struct Scope Scope;      // scope.h
typedef struct Binding Binding;  // scope.h
typedef struct Function Function;
typedef struct Class Class;

typedef enum WellKnownName {
  NAME_NONE,  // not in the list
#define NAME(identifier, text) NAME_##identifier,
#include "syntax/source_names.def"
#undef NAME
  NAME_COUNT
} WellKnownName;

// One per distinct identifier, property name or private name (with its '#') of a parse, so that names can be compared
// as pointers.
struct Name {
  TextView text;
  uint32_t hash;
  uint16_t well_known;  // WellKnownName
  bool is_array_index;  // canonical array index below 2^32 - 1 (from string or numeric keys); see `index`
  uint8_t reserved;     // used by the parser: how restricted the name is
  bool is_export_name;  // used by the parser: seen as the name of an export
  uint32_t index;
  uint64_t compiler_cache;  // used by the compiler (for its atom); zero at first
  // Used by the parser:
  Name *next_in_bucket;
  Node *unresolved;    // references not yet bound, newest first
  Binding *innermost;  // visible declarations, innermost first
};

typedef struct NodeList {
  Node **items;
  uint32_t count;
} NodeList;

typedef enum NodeKind {
  // Expressions
  NODE_IDENTIFIER,  // identifier
  NODE_INTRINSIC,   // identifier (name without '%'); self-hosted code only
  NODE_THIS,        // identifier (resolved like any name; binding NULL: global this / undefined in modules)
  NODE_NEW_TARGET,  // identifier
  NODE_NULL,
  NODE_TRUE,
  NODE_FALSE,
  NODE_NUMBER,           // number
  NODE_STRING,           // string
  NODE_BIGINT,           // bigint
  NODE_REGEXP,           // regexp
  NODE_TEMPLATE,         // template
  NODE_TAGGED_TEMPLATE,  // tagged_template
  NODE_ARRAY,            // list: elements, NULL for a hole, SPREAD
  NODE_OBJECT,           // list: PROPERTY or SPREAD
  NODE_PROPERTY,         // property
  NODE_SPREAD,           // unary.operand
  NODE_FUNCTION,         // function: function expressions and arrows
  NODE_CLASS,            // class_: class expressions
  NODE_UNARY,            // unary, operator: OPERATOR_NOT ... OPERATOR_DELETE
  NODE_UPDATE,           // unary, operator: OPERATOR_INCREMENT/DECREMENT; NODE_FLAG_PREFIX
  NODE_BINARY,           // binary, operator: arithmetic, comparison, in, instanceof
  NODE_LOGICAL,          // binary, operator: OPERATOR_AND, OPERATOR_OR, OPERATOR_COALESCE
  NODE_PRIVATE_IN,       // private_member: #name in object
  NODE_ASSIGN,           // assign, operator: OPERATOR_ASSIGN or that of the compound (logical ones included)
  NODE_CONDITIONAL,      // conditional
  NODE_CALL,             // call; NODE_FLAG_OPTIONAL, NODE_FLAG_DIRECT_EVAL
  NODE_NEW,              // call
  NODE_MEMBER,           // member: object.name; NODE_FLAG_OPTIONAL
  NODE_INDEX,            // index: object[key]; NODE_FLAG_OPTIONAL
  NODE_PRIVATE_MEMBER,   // private_member: object.#name; NODE_FLAG_OPTIONAL
  NODE_SUPER_MEMBER,     // super_member: super.name
  NODE_SUPER_INDEX,      // super_member: super[key]
  NODE_SUPER_CALL,       // super_call
  NODE_OPTIONAL_CHAIN,   // unary.operand: where the short-circuit of the NODE_FLAG_OPTIONAL links inside ends
  NODE_SEQUENCE,         // list
  NODE_YIELD,            // unary.operand (may be NULL)
  NODE_YIELD_STAR,       // unary.operand
  NODE_AWAIT,            // unary.operand
  NODE_IMPORT_CALL,      // import_call
  NODE_IMPORT_META,
  // Patterns (binding and assignment)
  NODE_BINDING_IDENTIFIER,  // identifier: let/const/class/parameter/catch: its own binding; var: resolved like a name
  NODE_OBJECT_PATTERN,      // list: PROPERTY (value is a target or PATTERN_DEFAULT), then at most one REST
  NODE_ARRAY_PATTERN,       // list: target, PATTERN_DEFAULT, NULL for a hole, then at most one REST
  NODE_PATTERN_DEFAULT,     // assign: target = value
  NODE_REST,                // unary.operand: the target
  // Statements
  NODE_EXPRESSION_STATEMENT,  // unary.operand
  NODE_VARIABLE,              // variable
  NODE_DECLARATOR,            // assign: target, value (may be NULL)
  NODE_FUNCTION_DECLARATION,  // function (instantiated at entry of the scope that declares it)
  NODE_CLASS_DECLARATION,     // class_
  NODE_BLOCK,                 // block
  NODE_EMPTY,
  NODE_IF,        // conditional
  NODE_FOR,       // loop
  NODE_FOR_IN,    // for_each
  NODE_FOR_OF,    // for_each; NODE_FLAG_AWAIT
  NODE_WHILE,     // loop (test, body)
  NODE_DO_WHILE,  // loop (test, body)
  NODE_CONTINUE,  // jump
  NODE_BREAK,     // jump
  NODE_RETURN,    // unary.operand (may be NULL)
  NODE_WITH,      // with
  NODE_SWITCH,    // switch_
  NODE_CASE,      // case_ (test NULL: default)
  NODE_LABELED,   // labeled
  NODE_THROW,     // unary.operand
  NODE_TRY,       // try_
  NODE_DEBUGGER,
  NODE_IMPORT,          // Linking only; nothing to run.
  NODE_EXPORT,          // unary.operand: the declaration exported, or NULL (lists, re-exports)
  NODE_EXPORT_DEFAULT,  // export_default
  NODE_KIND_COUNT
} NodeKind;

typedef enum Operator {
  OPERATOR_NONE,
  OPERATOR_ASSIGN,
  // Binary, by token.
  OPERATOR_ADD,
  OPERATOR_SUBTRACT,
  OPERATOR_MULTIPLY,
  OPERATOR_DIVIDE,
  OPERATOR_REMAINDER,
  OPERATOR_EXPONENTIATE,
  OPERATOR_SHIFT_LEFT,
  OPERATOR_SHIFT_RIGHT,
  OPERATOR_SHIFT_RIGHT_UNSIGNED,
  OPERATOR_BIT_AND,
  OPERATOR_BIT_OR,
  OPERATOR_BIT_XOR,
  OPERATOR_AND,
  OPERATOR_OR,
  OPERATOR_COALESCE,
  OPERATOR_EQUAL,
  OPERATOR_NOT_EQUAL,
  OPERATOR_STRICT_EQUAL,
  OPERATOR_STRICT_NOT_EQUAL,
  OPERATOR_LESS,
  OPERATOR_GREATER,
  OPERATOR_LESS_EQUAL,
  OPERATOR_GREATER_EQUAL,
  OPERATOR_INSTANCEOF,
  OPERATOR_IN,
  // Unary
  OPERATOR_NOT,
  OPERATOR_BIT_NOT,
  OPERATOR_PLUS,
  OPERATOR_NEGATE,
  OPERATOR_TYPEOF,
  OPERATOR_VOID,
  OPERATOR_DELETE,
  OPERATOR_INCREMENT,
  OPERATOR_DECREMENT,
} Operator;

enum NodeFlags {
  NODE_FLAG_PARENTHESIZED = 1 << 0,
  NODE_FLAG_OPTIONAL = 1 << 1,     // `?.` before this link
  NODE_FLAG_PREFIX = 1 << 2,       // ++x
  NODE_FLAG_DIRECT_EVAL = 1 << 3,  // eval(...) that may be a direct eval
  NODE_FLAG_AWAIT = 1 << 4,        // for await
  NODE_FLAG_COMPUTED = 1 << 5,     // property or class element: [key]
  NODE_FLAG_SHORTHAND = 1 << 6,    // {name}
  NODE_FLAG_METHOD = 1 << 7,       // property: method, getter or setter
  // Identifiers, set by resolution:
  NODE_FLAG_DYNAMIC = 1 << 8,          // look up by name at run time: a `with` or sloppy direct eval may intervene
  NODE_FLAG_TDZ_CHECK = 1 << 9,        // may run before the binding is initialised
  NODE_FLAG_ASSIGNED = 1 << 10,        // the reference is (also) written
  NODE_FLAG_CAPTURED = 1 << 11,        // the binding belongs to an outer function (or to an outer eval scope)
  NODE_FLAG_PROTO = 1 << 12,           // property `__proto__: value` of an object literal, which sets the prototype
  NODE_FLAG_TRAILING_COMMA = 1 << 14,  // the parser's
  NODE_FLAG_LEGACY_OCTAL = 1 << 15,    // the parser's
};

typedef enum ImportPhase { IMPORT_EVALUATION, IMPORT_DEFER, IMPORT_SOURCE } ImportPhase;
typedef enum PropertyKind { PROPERTY_VALUE, PROPERTY_GETTER, PROPERTY_SETTER } PropertyKind;
typedef enum VariableKind {
  VARIABLE_VAR,
  VARIABLE_LET,
  VARIABLE_CONST,
  VARIABLE_USING,
  VARIABLE_AWAIT_USING
} VariableKind;

// One template piece: `cooked` is absent when the escape is malformed (tagged templates only).
typedef struct TemplatePiece {
  TextView cooked, raw;
  bool has_cooked;
} TemplatePiece;

struct Node {
  uint8_t kind;      // NodeKind
  uint8_t operator;  // Operator; ImportPhase, PropertyKind or VariableKind in nodes that have one
  uint16_t flags;    // NodeFlags
  uint32_t start, end;
  union {
    // `binding` NULL: a global, looked up by name (or `this` outside functions). The node's flags say how to reach it.
    struct {
      Name *name;
      Binding *binding;
      Scope *scope;
      Node *next_reference;
    } identifier;
    struct {
      double value;
      Name *key;
    } number;  // key: set where the number is a property key
    struct {
      TextView value;
      Name *key;
    } string;  // key: set where the string is a property key
    struct {
      TextView digits;
      uint32_t radix;
    } bigint;  // no prefix, separators or suffix; radix 2, 8, 10 or 16
    struct {
      TextView pattern, flags;
    } regexp;
    // count pieces, count - 1 expressions
    struct {
      TemplatePiece *pieces;
      Node **expressions;
      uint32_t count;
    } template;
    struct {
      Node *tag;
      Node *template;
    } tagged_template;
    NodeList list;
    // key: STRING (identifier names too), NUMBER, BIGINT or, when computed, any expression.
    // value: expression, or FUNCTION for methods and accessors. operator: PropertyKind.
    struct {
      Node *key;
      Node *value;
    } property;
    // binding, identifier: for declarations. is_hoisted (annex B): evaluating the declaration also assigns the function
    // to hoisted_binding, the var of the surrounding function or program.
    struct {
      Function *function;
      Binding *binding, *hoisted_binding;
      bool is_hoisted;
      Node *identifier;
    } function;
    struct {
      Class *class_;
      Node *identifier;
    } class_;  // identifier: BINDING_IDENTIFIER outside, declarations only
    struct {
      Node *operand;
    } unary;
    struct {
      Node *left;
      Node *right;
    } binary;
    struct {
      Node *target;
      Node *value;
    } assign;
    struct {
      Node *test;
      Node *consequent;
      Node *alternate;
    } conditional;  // alternate may be NULL in NODE_IF
    struct {
      Node *callee;
      NodeList arguments;
      uint32_t list_start;
    } call;
    struct {
      Node *object;
      Name *name;
      uint32_t name_start;
    } member;
    struct {
      Node *object;
      Node *key;
    } index;
    struct {
      Node *object;
      Node *name;
    } private_member;  // name: IDENTIFIER whose binding is BINDING_PRIVATE_*
    // this_, home: IDENTIFIER-like nodes of the implicit bindings. key for SUPER_INDEX, name for SUPER_MEMBER.
    struct {
      Node *this_;
      Node *home;
      Name *name;
      Node *key;
    } super_member;
    struct {
      Node *this_;
      Node *function;
      Node *new_target;
      NodeList arguments;
    } super_call;
    struct {
      Node *specifier;
      Node *options;
    } import_call;  // operator: ImportPhase
    struct {
      NodeList declarators;
    } variable;  // operator: VariableKind
    struct {
      Scope *scope;
      NodeList statements;
    } block;
    // scope: holds the let/const/using of the head (NULL when none). per_iteration: copy the environment each turn.
    struct {
      Scope *scope;
      Node *initializer;
      Node *test;
      Node *update;
      Node *body;
      bool per_iteration;
    } loop;
    // left: VARIABLE of one declarator, or a target. scope: of the head's lexical names, also their dead zone
    // while `right` runs (NULL when none); a fresh environment each turn.
    struct {
      Scope *scope;
      Node *left;
      Node *right;
      Node *body;
    } for_each;
    struct {
      Name *label;
      Node *target;
    } jump;  // target: the loop, SWITCH or LABELED statement left or continued
    struct {
      Node *object;
      Node *body;
      Scope *scope;
    } with;
    struct {
      Node *discriminant;
      NodeList cases;
      Scope *scope;
    } switch_;
    struct {
      Node *test;
      NodeList statements;
    } case_;
    struct {
      Name *label;
      Node *body;
    } labeled;
    // handler, finalizer: BLOCK or NULL. catch_scope: of the parameter (NULL when none).
    struct {
      Node *block;
      Node *parameter;
      Scope *catch_scope;
      Node *handler;
      Node *finalizer;
    } try_;
    // declaration: FUNCTION_DECLARATION or CLASS_DECLARATION (identifier *default* when anonymous), or an expression.
    // binding: the binding that the expression initialises.
    struct {
      Node *declaration;
      Node *identifier;
    } export_default;
  };
};

typedef enum FunctionKind {
  FUNCTION_SCRIPT,
  FUNCTION_MODULE,
  FUNCTION_EVAL,      // whole programs, in the same form as functions
  FUNCTION_ORDINARY,  // function f() {}
  FUNCTION_ARROW,
  FUNCTION_METHOD,
  FUNCTION_GETTER,
  FUNCTION_SETTER,
  FUNCTION_CLASS_CONSTRUCTOR,   // see is_derived
  FUNCTION_FIELD_INITIALIZER,   // all instance fields of a class, run by its constructor; see Class
  FUNCTION_STATIC_INITIALIZER,  // all static fields and blocks of a class, run once; see Class
} FunctionKind;

struct Function {
  uint8_t kind;  // FunctionKind
  bool is_async, is_generator;
  bool is_strict;
  bool is_derived;          // constructor of a class with heritage
  bool is_expression;       // function expression: its own name is a binding inside
  bool is_expression_body;  // arrow without braces; the body is one RETURN
  bool is_declaration;      // hoisted
  bool has_simple_parameters;
  bool has_parameter_expressions;
  bool has_direct_eval;       // in itself
  bool contains_direct_eval;  // in itself or in a function inside
  bool uses_this;             // in itself or by arrows inside (likewise below); eval counts as a use of everything
  bool uses_arguments;        // scope->arguments is set: an arguments object is needed at entry
  bool has_mapped_arguments;  // sloppy with simple parameters: the object aliases the parameters
  bool uses_super_property, uses_super_call, uses_new_target;
  bool has_super_reference;   // uses_super_property || uses_super_call
  bool has_await, has_yield;  // in itself; has_await of a module: top-level await
  bool has_duplicate_parameters;
  bool has_using;       // declares using/await using at its top level
  bool is_static;       // static class element
  uint32_t start, end;  // the text for Function.prototype.toString
  uint32_t body_start;
  uint32_t length;      // expected argument count
  Name *name;           // syntactic name, or NULL; the compiler infers other names
  NodeList parameters;  // BINDING_IDENTIFIER, pattern, PATTERN_DEFAULT, last possibly REST
  NodeList body;        // statements; directives stay in as expression statements
  Scope *scope;         // parameters and implicit bindings, and the body's too unless body_scope is set
  Scope *body_scope;    // NULL, or a separate scope of the body's var and lexical names (parameter closures)
  Function *outer;
  // Function declarations of the top level (the last of each name), to instantiate at entry, in order.
  NodeList hoisted_functions;
  Class *class_;  // of constructors, methods, fields
  void *compiler_data;
  uint32_t index;  // order of completion in the parse: inner before outer
};

typedef enum ClassElementKind {
  ELEMENT_METHOD,
  ELEMENT_GETTER,
  ELEMENT_SETTER,
  ELEMENT_FIELD,
  ELEMENT_AUTO_ACCESSOR,
  ELEMENT_STATIC_BLOCK
} ClassElementKind;

typedef struct ClassElement {
  uint8_t kind;  // ClassElementKind
  bool is_static, is_computed, is_private;
  uint32_t start, end;
  Node *key;    // as in PROPERTY; IDENTIFIER bound to BINDING_PRIVATE_* when private; NULL for blocks
  Node *value;  // FUNCTION; field: initialiser or NULL; block: BLOCK
  // Computed field key: where the class definition stores the property key for the initialiser function.
  // Private method or accessor: where it stores the closure. Auto-accessor: holds the storage's private name.
  Binding *storage;
  // Decorated elements and private auto-accessors: holds the record of bytecode/compile_decorators.c.
  Binding *decoration;
  NodeList decorators;
} ClassElement;

struct Class {
  Name *name;              // or NULL
  uint32_t start, end;     // the text for Function.prototype.toString
  Node *heritage;          // or NULL
  Function *constructor;   // NULL: default constructor
  ClassElement *elements;  // without the constructor, in order
  uint32_t element_count;
  // The class body's scope: the inner name binding (if named), private names and element storage.
  Scope *scope;
  Binding *inner_name;           // or NULL
  Function *field_initializer;   // defines private methods and instance fields; `this` is the instance. NULL if none
  Function *static_initializer;  // static fields and blocks in order; `this` is the class. NULL if none
  bool has_instance_private_methods;
  bool has_decorated_elements;
  Binding *instance_extra;  // initialisers that decorators of methods added, which instances run first; NULL if none
  NodeList decorators;
};

// Module records: https://tc39.es/ecma262/#sec-source-text-module-records
typedef struct ImportAttribute {
  TextView key, value;
} ImportAttribute;
typedef struct ModuleRequest {
  TextView specifier;
  ImportAttribute *attributes;  // sorted by key
  uint32_t attribute_count;
  uint8_t phase;        // ImportPhase
  uint32_t start, end;  // of the specifier
} ModuleRequest;
typedef struct ImportEntry {
  uint32_t request;   // index into module_requests
  Name *import_name;  // NULL: the namespace object, or the source when the request's phase is IMPORT_SOURCE
  Name *local_name;
  Binding *binding;  // BINDING_IMPORT
  uint32_t start;
} ImportEntry;
typedef struct ExportEntry {
  Name *export_name;  // NULL: export * from
  Name *local_name;   // local exports, else NULL
  Name *import_name;  // indirect exports; NULL with a request: all (`* as ns` when export_name is set)
  Binding *binding;   // local exports
  uint32_t request;   // index, indirect and star exports only
  uint32_t start;
} ExportEntry;

typedef struct Program {
  Function *function;  // FUNCTION_SCRIPT, FUNCTION_MODULE, FUNCTION_EVAL, or what parse_dynamic_function made
  TextView source;     // borrowed
  bool has_top_level_await;
  ModuleRequest *module_requests;
  ImportEntry *import_entries;
  ExportEntry *local_exports, *indirect_exports, *star_exports;
  uint32_t module_request_count, import_entry_count, local_export_count, indirect_export_count, star_export_count;
  uint32_t function_count, scope_count, node_count;
  Name *names[NAME_COUNT];  // the well-known ones, indexed by WellKnownName
} Program;

#endif
