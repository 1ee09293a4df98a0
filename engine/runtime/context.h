// The Context is one runtime: a heap, a set of limits, an event loop and the realms that live in them.
// There is no other state; two Contexts never touch each other.
//
// Conventions of the runtime and all layers above it:
// - `Context *cx` as first parameter: the function may collect. It returns a Value: VALUE_ABRUPT means that it threw,
//   and cx->exception holds the exception. Or it returns a MUST_CHECK bool: false means the same.
// - A termination (time limit, interrupt, memory exhausted beyond recovery) unwinds like an exception, but no guest
//   code can catch it: cx->termination is not TERMINATION_NONE.
#ifndef CAISSON_CONTEXT_H
#define CAISSON_CONTEXT_H

#include "base/buffer.h"
#include "heap/roots.h"

typedef struct Context Context;
typedef struct Realm Realm;
typedef struct String String;
typedef struct Symbol Symbol;
typedef struct Module Module;
typedef struct BigInt BigInt;
typedef struct Object Object;
typedef struct Shape Shape;
typedef struct Environment Environment;
typedef struct Code Code;
typedef struct Frame Frame;
typedef struct Fiber Fiber;
typedef struct ArrayBuffer ArrayBuffer;
typedef struct AtomTable AtomTable;
typedef struct StubCache StubCache;
typedef struct RootShapes RootShapes;
typedef struct JobQueue JobQueue;
typedef struct RuntimeHooks RuntimeHooks;

// Every kind of cell. The names double as the heap's type names (runtime/cell_types.c).
typedef enum CellKind {
  CELL_FREE,
  CELL_STRING,
  CELL_SYMBOL,
  CELL_BIGINT,
  CELL_SHAPE,
  CELL_PROPERTY_TABLE,
  CELL_TRANSITIONS,
  CELL_VALUES,  // a counted vector of Values: out-of-line slots, elements, argument lists
  CELL_BYTES,   // raw bytes: buffer storage, compiled patterns
  CELL_ENVIRONMENT,
  CELL_CODE,
  CELL_REALM,
  CELL_PROMISE_REACTION,
  CELL_MODULE,       // source text or synthetic module record
  CELL_SCOPE_NAMES,  // names of an environment's slots, kept where direct eval or with can see them
  CELL_RECORD,       // an internal record: a counted vector of Values with a small type number
  CELL_HASH_TABLE,   // ordered hash table behind Map and Set
  CELL_WEAK_TABLE,   // ephemeron table behind WeakMap, WeakSet
  // Objects: every kind from here on begins with struct Object.
  CELL_OBJECT,
  CELL_ARRAY,
  CELL_CLOSURE,
  CELL_NATIVE_FUNCTION,
  CELL_BOUND_FUNCTION,
  CELL_PROXY,
  CELL_ARGUMENTS,  // mapped or unmapped arguments object
  CELL_PRIMITIVE,  // Boolean, Number, String, Symbol, BigInt wrapper objects; also Date ([[DateValue]])
  CELL_ERROR,
  CELL_REGEXP,
  CELL_COLLECTION,  // Map, Set, WeakMap, WeakSet
  CELL_WEAK_REF,
  CELL_FINALIZATION_REGISTRY,
  CELL_ARRAY_BUFFER,  // ArrayBuffer and SharedArrayBuffer
  CELL_TYPED_ARRAY,
  CELL_DATA_VIEW,
  CELL_PROMISE,
  CELL_GENERATOR,  // generator, async function activation, async generator
  CELL_MODULE_NAMESPACE,
  CELL_SLOTTED,      // an object with a few internal slots (iterators, disposable stacks, ...)
  CELL_TEMPORAL,     // instances of the classes of Temporal
  CELL_HOST_OBJECT,  // guest-side proxy of a host function or object
  CELL_KIND_COUNT,
} CellKind;

typedef enum Termination {
  TERMINATION_NONE,
  TERMINATION_TIME_LIMIT,
  TERMINATION_INTERRUPT,   // host asked: AbortSignal, Stop button
  TERMINATION_MEMORY,      // out of memory again after the guest was told
  TERMINATION_FUEL,        // the entry's fuel is spent
  TERMINATION_TOTAL_TIME,  // the time of all entries together is spent
  TERMINATION_PROGRAM,     // the program that runs was aborted; it ends where that program does (runtime/programs.h)
  TERMINATION_REPLAY,      // no limit: the step is abandoned, and will be run again (runtime/replay.h)
} Termination;

// The step that runs, and what is recorded of it: runtime/replay.h
typedef enum ReplayState {
  REPLAY_CLOSED,     // what runs cannot be run again
  REPLAY_OPEN,       // a step runs, without a record
  REPLAY_RECORDING,  // the same with a record
} ReplayState;
typedef struct Replay {
  uint8_t state;
  bool is_wanted;                // guest code must be able to wait, or be paused, wherever it runs
  bool is_asked;                 // the step was abandoned for a call: of `callee`, or a construction
  uint32_t count, next;          // of the log: how much is used, where the step stands
  const struct Instruction *pc;  // where the step began
  Value log;                     // internal Values, or undefined
  Value spare_log;               // one that is empty, or undefined
  Value answerer;  // the function of the frames that wait for answers (builtins/control/replay.js), or undefined
  Value callee, this_value, new_target;
  Value arguments;  // internal Values, or undefined
  // Lists of arrays, innermost first: Records of an array and the rest, or undefined (replay_keep_join).
  Value joins;       // that the steps below in the running fiber were joining when they were abandoned
  Value joins_left;  // the same with those of the step that is just being abandoned; undefined: it has none
} Replay;

// What is known about programs that were aborted or whose time is limited; sorted by number (runtime/programs.c).
typedef struct ProgramNote {
  uint32_t number;
  bool is_aborted;
  bool is_timed;                 // its time is limited, and it has not been aborted
  bool is_out_of_time;           // it was aborted because its time was up
  bool is_told;                  // the host knows that its time was up
  bool is_reachable;             // something that belongs to it was met while marking
  bool may_run;                  // it belongs to an entry that still goes on, so C code may return to it
  double time_limit, time_left;  // ms
} ProgramNote;
typedef struct ProgramNotes {
  ProgramNote *items;
  uint32_t count, capacity;
  uint32_t timed_count;
  uint32_t charged;  // while a time is limited: the program that pays for the time that passes now
  double since;      // ms: when it began to pay
} ProgramNotes;

typedef struct Names Names;  // preinterned strings and well-known symbols: runtime/names.h

// Indices of a table of properties, sorted; forgotten in each collection. runtime/index_order.h
enum { INDEX_ORDERS = 4, INDEX_ORDER_TAIL = 32 };
typedef struct IndexOrder {
  uint32_t serial;        // of the table; 0: none
  uint32_t seen;          // entries that are in the order already
  uint32_t sorted, tail;  // how many are in order, and how many are behind them in the tail
  Value list;
} IndexOrder;
void index_orders_clear(Context *cx);

// Where the lines begin in the source that was asked about last, when it is long; forgotten in each collection. See
// source_locate.
typedef struct LineTable {
  const void *units;  // of the text, which stay where they are while the string lives; NULL: none
  uint32_t length, count;
  Value starts;  // CELL_BYTES with uint32_t each
} LineTable;

struct Context {
  Heap heap;
  Memory memory;
  Fuel fuel;  // the interpreter's slice; refilled by the host layer, which checks deadlines
  RootStack roots;
  Value exception;  // meaningful after a VALUE_ABRUPT / false
  Termination termination;
  uint32_t native_depth, native_depth_limit;  // C frames that re-enter the interpreter or recurse
  size_t stack_limit;                         // bytes of VM stack a fiber may have
  Realm *realm;                               // of the running function
  Frame *frame;                               // the running frame (interpreter/frame.h)
  Fiber *fiber;                               // the running fiber (interpreter/frame.h); NULL outside the interpreter
  Value *stack_end;                           // end of the stack chunk that the running frame lies in
  Fiber *parked;                              // set when a call returned VALUE_PARKED: the fiber that waits
  bool may_park;         // for the next call only, when it is the first of a fiber (context_let_park)
  bool pause_is_wanted;  // the host wants its thread back: the interpreter or the job queue pauses where it can
  bool is_paused;        // nothing else may run before the paused code has ended
  Fiber *paused_fiber;   // NULL: paused between jobs
  Names *names;
  Value *single_units;  // the SINGLE_UNITS one-character Latin-1 strings, made on demand; NULL: none was needed yet
  AtomTable *atoms;
  StubCache *stub_cache;                 // runtime/property_cache.h
  Value absent_holder;                   // slot 0 is undefined: the holder of absent properties in caches
  RootShapes *root_shapes;               // slot 0 is undefined: the holder of absent properties in caches
  struct InterpreterState *interpreter;  // interpreter/interpreter.h
  Replay replay;
  JobQueue *jobs;
  uint64_t jobs_run;
  uint64_t job_drops;  // how often a limit has dropped the queue
  uint32_t program;    // the program that the guest works for now (runtime/programs.h); 0: none
  ProgramNotes program_notes;
  Value settling;  // the promise that the running job will settle, for stacks; or undefined. Kept alive by the job
  // Changes when any object that serves as a prototype changes its layout (context_begin_prototype_epoch); never 0,
  // which is what empty caches hold. Caches compare 32 bits. When these are used up all caches are emptied and another
  // round of epochs begins, so that an entry made in one round is never met in another.
  uint32_t prototype_epoch;
  uint32_t property_table_serial;         // of the table made last; no table has 0
  IndexOrder index_orders[INDEX_ORDERS];  // runtime/index_order.c
  uint32_t next_index_order;
  LineTable line_table;
  uint32_t epoch_rounds;
  uint32_t symbol_counter;        // used for hashes only: when it wraps, symbols stay different
  uint64_t module_async_counter;  // order in which asynchronous modules began
  Module *ready_modules;          // linked, in the order of module_async_counter: runtime/module_evaluation.c
  uint64_t random_state[2];
  const RuntimeHooks *hooks;
  Value symbol_registry;        // internal cell: Symbol.for
  Value kept_alive;             // internal cell: targets dereferenced during the current job
  Value atomics_waiters;        // internal: runtime/atomic_waits.c
  Value finalization_queue;     // registries with dead cells, for the host layer to schedule
  Value self_hosted_codes;      // object: name -> Code of self-hosted functions, on demand (builtins/self_hosted.c)
  Realm *first_realm;           // all realms; the list is weak: a realm lives while something refers to it
  ArrayBuffer *shared_buffers;  // weak; runtime/buffers.h
  size_t memory_slack;          // how far the limit is raised while the guest copes with an out-of-memory error
  bool throwing_out_of_memory;
  bool copies_programs;           // tests: programs run as their prepared copies (bytecode/prepared.h)
  uint32_t out_of_memory_errors;  // since the host entered
  void *host;                     // the host layer's own state (host/)
  void *join_activations;         // arrays being joined by C code, innermost first (builtins/arrays/array_search.c)
};

// Makes a runtime without a realm: memory, heap, root stack, atoms and names. False: there is not even that much
// memory. `cx` is zeroed storage. The host then sets limits, hooks and fuel.
MUST_CHECK bool context_initialize(Context *cx, size_t memory_limit, const RuntimeHooks *hooks);
void context_release(Context *cx);  // releases everything at once; runs no guest code and cannot fail

enum { SINGLE_UNITS = 256 };
enum { NATIVE_ROOTS_RESERVE = 2048 };  // Values that activations between two depth checks may push
MUST_CHECK bool context_enter_native_slowly(Context *cx);
void context_drop_roots(Context *cx);
// Enters a C activation that may recurse; throws RangeError past the limit. Pair with context_leave_native.
static inline MUST_CHECK bool context_enter_native(Context *cx) {
  if (UNLIKELY(cx->native_depth >= cx->native_depth_limit || cx->roots.end - cx->roots.top < NATIVE_ROOTS_RESERVE))
    return context_enter_native_slowly(cx);
  cx->native_depth++;
  return true;
}
static inline void context_leave_native(Context *cx) {
  if (UNLIKELY(cx->native_depth == cx->roots.depth)) context_drop_roots(cx);
  cx->native_depth--;
}

// Says that the caller of the function that is called next handles VALUE_PARKED. Other calls from C (getters,
// conversions, traps) cannot be set aside: a blocking host function throws there.
static inline void context_let_park(Context *cx) { cx->may_park = true; }

// Charges fuel in natives that can run long. False: terminated.
static inline MUST_CHECK bool context_charge(Context *cx, int32_t units) { return fuel_charge(&cx->fuel, units); }

// Before the layout of an object that serves as a prototype changes: invalidates what caches know of earlier epochs.
void caches_begin_round(Context *cx);  // runtime/property_cache.c
static inline void context_begin_prototype_epoch(Context *cx) {
  if (UNLIKELY(++cx->prototype_epoch == 0)) caches_begin_round(cx);
}
// For proofs that hold across guest code but are not in a cache that is emptied: no two epochs have the same time.
static inline uint64_t context_layout_time(const Context *cx) {
  return (uint64_t)cx->epoch_rounds << 32 | cx->prototype_epoch;
}

// For walks along prototypes, which may be as long as the guest likes.
static inline void context_spend_step(Context *cx) { fuel_spend(&cx->fuel, 1); }
// For scans of lists, whose steps are a few instructions.
static inline void context_spend_steps(Context *cx, size_t steps) {
  fuel_spend(&cx->fuel, steps / FUEL_STEPS_PER_UNIT);
}

// The same for work over `size` bytes at about `bytes_per_unit` a unit: throws when terminated. Small work is free; the
// operation that asked for it has paid.
static inline MUST_CHECK bool context_charge_bytes(Context *cx, size_t size, size_t bytes_per_unit);
enum { CHARGE_COPY = 64, CHARGE_COMPARE = 8, CHARGE_ELEMENTS = 4 };
// memmove and memset in parts that are paid for one by one, so that hundreds of megabytes can be stopped half-way.
// False: threw; the part that was done stays done.
MUST_CHECK bool context_move_bytes(Context *cx, void *to, const void *from, size_t size);
MUST_CHECK bool context_fill_bytes(Context *cx, void *to, int byte, size_t size);

// Overwrites a field of a cell: the write barrier (heap/heap.h). Fields that hold no cell yet may be filled directly.
static inline void cell_store(Context *cx, Value *place, Value value) {
  heap_keep_value(&cx->heap, *place);
  *place = value;
}
// The value leaves a cell, or came from a weak reference: heap_keep_value.
static inline void cell_keep(Context *cx, Value value) { heap_keep_value(&cx->heap, value); }

// heap_allocate that throws the out-of-memory error (a catchable RangeError first).
MUST_CHECK void *context_allocate(Context *cx, CellKind kind, size_t size);
// For failures of Memory-based layers (text, number, regexp, syntax). Always returns VALUE_ABRUPT.
Value context_throw_out_of_memory(Context *cx);
// fuel_step that throws.
static inline MUST_CHECK bool context_step(Context *cx, uint32_t *steps);
// Begins to stop the guest, and lets the host note where.
void context_stop(Context *cx, Termination reason);
// After a lower layer reported that fuel_charge failed. Always returns VALUE_ABRUPT.
Value context_throw_interrupted(Context *cx);
static inline bool context_step(Context *cx, uint32_t *steps) {
  if (LIKELY(fuel_step(&cx->fuel, steps))) return true;
  context_throw_interrupted(cx);
  return false;
}
static inline bool context_charge_bytes(Context *cx, size_t size, size_t bytes_per_unit) {
  if (LIKELY(size < 256)) return true;
  size_t units = size / bytes_per_unit;
  if (LIKELY(fuel_charge(&cx->fuel, (int32_t)MIN_OF(units, (size_t)INT32_MAX / 2)))) return true;
  context_throw_interrupted(cx);
  return false;
}
// For an entry from the host: collects, and raises the limit by the slack when `size` still does not fit, so that the
// entry can tell the guest to let go of something. A guest that has filled the slack too gets the same amount again,
// once.
void context_reclaim_memory(Context *cx, size_t size);

// A vector of Values in a heap cell.
typedef struct Values {
  Cell cell;  // extra: see values_count
  Value items[];
} Values;
// How many items there is room for; in lists and records, how many there are.
static inline uint32_t values_count(const Values *values) { return values->cell.extra; }
static inline void values_set_count(Values *values, uint32_t count) { values->cell.extra = count; }
MUST_CHECK Values *values_create(Context *cx, uint32_t capacity);  // filled with VALUE_HOLE; NULL: threw

// An internal record with a type number of the owner's choosing (cell.small).
typedef Values Record;
MUST_CHECK Record *record_create(Context *cx, uint8_t type, uint32_t field_count);  // undefined-filled

// Bytes in a CELL_BYTES, after its header.
static inline uint32_t bytes_size(const Cell *bytes) { return bytes->extra; }
static inline void bytes_set_size(Cell *bytes, uint32_t size) { bytes->extra = size; }

#endif
