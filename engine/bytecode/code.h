// Code: one compiled function body, with the data that the interpreter and error messages need.
#ifndef CAISSON_CODE_H
#define CAISSON_CODE_H

#include "runtime/environments.h"
#include "runtime/functions.h"
#include "runtime/modules.h"

typedef struct Instruction {
  uint16_t opcode, a, b, c;
} Instruction;
// The 32-bit operand over b and c.
static inline int32_t instruction_wide(const Instruction *i) {
  int32_t wide;
  memcpy(&wide, &i->b, sizeof wide);
  return wide;
}

// Its operands in full: those of an instruction with `wide` before it have 32 bits.
typedef struct WideInstruction {
  uint32_t a, b, c;
} WideInstruction;

typedef enum Opcode {
#define OPCODE(name, a, b, c, meaning) OPCODE_##name,
#include "bytecode/opcodes.def"
#undef OPCODE
  OPCODE_COUNT
} Opcode;

// The header of a frame takes this many registers of a call area (interpreter/frame.h).
enum {
  FRAME_WORDS = sizeof(void *) == 8 ? 8 : 6,
  REGISTER_THIS = 0,
  REGISTER_FIRST_PARAMETER = 1,
  REGISTER_LIMIT = 1 << 20  // a frame of 8 MB
};

// One property or global access site, filled by the interpreter (property_sites.c, names_access.c). It refers to cells,
// which it keeps alive and which do not move, and to slots in them by number.
typedef struct InlineCache {
  PropertyKey key;
  Shape *shape;      // receiver's shape; NULL: empty
  Shape *new_shape;  // adding stores, and getters; globals: the holder's shape when they may be assigned
  Object *holder;    // NULL: own property
  Values *storage;   // globals: the cell of the holder's slots
  uint32_t slot;
  uint32_t epoch;  // prototype_epoch the holder was found in; 0: empty
} InlineCache;
// Before a cache is filled again or emptied: what was taken from it must stay.
static inline void inline_cache_keep(Context *cx, const InlineCache *cache) {
  heap_keep_cell(&cx->heap, cache->shape);
  heap_keep_cell(&cx->heap, cache->storage);
  heap_keep_cell(&cx->heap, cache->new_shape);
  heap_keep_cell(&cx->heap, cache->holder);
}

enum CodeFlags {
  CODE_STRICT = 1,
  CODE_ARROW = 2,
  CODE_GENERATOR = 4,
  CODE_ASYNC = 8,
  CODE_CLASS_CONSTRUCTOR = 16,
  CODE_DERIVED = 32,
  CODE_METHOD = 64,                // no [[Construct]], no prototype property (methods, accessors)
  CODE_NEEDS_ARGUMENT_LIST = 128,  // the call keeps all arguments in register argument_list (internal Values)
  CODE_SELF_HOSTED = 256,          // hidden from toString and stacks
  CODE_MODULE = 512,
  CODE_SCRIPT = 1024,
  CODE_EVAL = 2048,
  CODE_FIELD_INITIALIZER = 4096,
  CODE_HAS_CONSTRUCT = 8192,  // ordinary functions and class constructors
};

typedef struct ExceptionHandler {
  uint32_t start, end;  // instruction range [start, end)
  uint32_t target;
  uint32_t exception_register;  // pre-scaled
} ExceptionHandler;             // innermost first

// Source positions, sorted by `pc`: the entry for an instruction is the last one not after it.
typedef struct CodePosition {
  uint32_t pc;
  uint32_t start, end;  // source range of the expression that errors name: the callee, the member, the name
  uint32_t place;       // where stack traces point: the property's name, `new`, the operator's expression
} CodePosition;

enum { FUEL_INSTRUCTIONS_SHIFT = 6 };

struct Code {
  Cell cell;
  uint32_t flags;
  uint32_t register_count;   // frame size beyond the header, call areas included
  uint32_t parameter_count;  // registers 1..n filled from arguments, missing ones undefined
  uint32_t length;           // the `length` property
  uint32_t argument_list;    // pre-scaled register
  uint32_t body_fuel;        // what a call pays for the instructions and the parameters
  uint32_t instruction_count, cache_count, handler_count, position_count;
  Instruction *instructions;  // all four inside CELL_BYTES cells
  InlineCache *caches;
  ExceptionHandler *handlers;
  CodePosition *positions;
  Values *constants;
  Value name;                         // string
  Value source;                       // internal Record, see above
  uint32_t source_start, source_end;  // the text for toString
  Value strict_parts;  // internal Values, or undefined: in sloppy code, pairs of instructions that enclose strict code
  uint32_t instance_slots;  // constructors: inline slots to give instances, learned from earlier ones
  Shape *instance_shape;    // constructors: of the last instance; valid while its prototype is the closure's
};

// Constant of declare_globals / declare_eval: internal Values
//   [number of lexical names, then per name: name atom, int 1 when immutable (const) else 0,
//    number of functions, then per function: name atom, Code,
//    number of var names, then per name: name atom, int 1 when an annex-B function name]
// (functions are in order of instantiation, var names exclude function names.)

// Operand of jump_if_type.
typedef enum TypeOfKind {
  TYPE_OF_UNDEFINED,
  TYPE_OF_OBJECT,
  TYPE_OF_BOOLEAN,
  TYPE_OF_NUMBER,
  TYPE_OF_BIGINT,
  TYPE_OF_STRING,
  TYPE_OF_SYMBOL,
  TYPE_OF_FUNCTION,
  TYPE_OF_COUNT,
} TypeOfKind;

// Names of an environment that direct eval or `with` code can look into: a Values cell of kind CELL_SCOPE_NAMES.
// cell.small holds the environment's flags (ENVIRONMENT_*). Two items per slot: the name atom (undefined: it cannot be
// found by name), and an int of ScopeNameFlags. With ENVIRONMENT_EVAL_VARS the environment has one more slot at the
// end, without items here: the null-prototype object of variables that eval declared, or undefined until eval declares
// one.
typedef enum ScopeNameFlags {
  SCOPE_NAME_IMMUTABLE = 1,  // assignment: TypeError
  SCOPE_NAME_SILENT = 2,     // with IMMUTABLE: only in strict code, else ignored (name of a function expression)
  SCOPE_NAME_IMPORT = 4,     // the slot holds the argument of get_import
  SCOPE_NAME_LEXICAL = 8,    // let, const, class: eval's var of that name is a SyntaxError
} ScopeNameFlags;

// Flags in the `operand` after call_eval (its constant: CELL_BYTES with the OuterScope chain, or undefined).
typedef enum EvalFlags {
  EVAL_STRICT = 1,
  EVAL_IN_FUNCTION = 2,
  EVAL_IN_METHOD = 4,
  EVAL_IN_DERIVED_CONSTRUCTOR = 8,
  EVAL_IN_CLASS_FIELD = 16,
  EVAL_TAIL = 32,  // a callee other than %eval% is called like tail_call; a `return` of the result follows
} EvalFlags;

// Bytes in a heap cell whose payload starts 8-aligned.
typedef struct Bytes {
  Cell cell;  // extra: see bytes_size
  uint8_t data[];
} Bytes;
MUST_CHECK Bytes *bytes_create(Context *cx, uint32_t size);

#endif
