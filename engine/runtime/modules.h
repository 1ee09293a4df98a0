// Module records: linking, evaluation (cycles and top-level await included), namespace objects, import().
// https://tc39.es/ecma262/#sec-modules
//
// Sources come from the host: RuntimeHooks.load_module is asked for each request and answers, at once or later, by
// module_finish_load(). The code of a module runs in an Environment made when linking; an import binding's slot holds
// either the value itself (namespace objects) or a Record {environment, slot} of the module that has the binding.
#ifndef CAISSON_MODULES_H
#define CAISSON_MODULES_H

#include "runtime/environments.h"
#include "runtime/functions.h"
#include "runtime/realm.h"

// What all code of one source text shares: a CELL_RECORD {source string, file name string, internal Module or
// undefined}.
enum { SOURCE_TEXT, SOURCE_NAME, SOURCE_MODULE, SOURCE_FIELDS };
// The type number of that record. With SOURCE_OF_EVAL, SOURCE_NAME is the program that gave the source to eval; code of
// SOURCE_OF_ENGINE is hidden from stacks and toString.
enum { SOURCE_OF_PROGRAM, SOURCE_OF_EVAL, SOURCE_OF_ENGINE };

typedef enum ModuleStatus {
  MODULE_NEW,
  MODULE_UNLINKED,
  MODULE_LINKING,
  MODULE_LINKED,
  MODULE_EVALUATING,
  MODULE_EVALUATING_ASYNC,
  MODULE_EVALUATED,
} ModuleStatus;
enum { MODULE_PHASE_EVALUATION, MODULE_PHASE_DEFER, MODULE_PHASE_SOURCE };  // as ImportPhase

// Rows of the lists below. Places are offsets in the source, for errors.
enum { REQUEST_SPECIFIER, REQUEST_ATTRIBUTES, REQUEST_PHASE, REQUEST_MODULE, REQUEST_PLACE, MODULE_REQUEST_FIELDS };
enum {
  IMPORT_REQUEST,
  IMPORT_NAME,
  IMPORT_SLOT,
  IMPORT_PLACE,
  IMPORT_FIELDS
};  // name: a key; undefined: the namespace
enum { LOCAL_EXPORT_NAME, LOCAL_EXPORT_SLOT, LOCAL_EXPORT_FIELDS };
enum {
  INDIRECT_EXPORT_NAME,
  INDIRECT_EXPORT_REQUEST,
  INDIRECT_EXPORT_IMPORT,
  INDIRECT_EXPORT_PLACE,
  INDIRECT_EXPORT_FIELDS
};
enum { INITIAL_SLOT, INITIAL_VALUE, INITIAL_FIELDS };  // value: undefined, or a Code to close over

#define ASYNC_ORDER_UNSET UINT64_C(0)
#define ASYNC_ORDER_DONE UINT64_MAX

struct Module {
  Cell cell;       // extra: see module_program
  uint8_t status;  // ModuleStatus
  bool has_top_level_await;
  bool is_synthetic;  // JSON, text, bytes, what the host exports: nothing to run
  bool is_occupied;   // of an evaluation's root: a body is set aside, and the next modules wait for it
  bool is_awaiting;   // asynchronous because of a dependency's top-level await, not only of a body that is set aside
  bool is_marked;     // by a walk over the graph
  bool is_deferred;   // of an evaluation's root: a frame of self-hosted code runs the bodies
  uint32_t depth_index, depth_ancestor;
  uint32_t pending_dependencies;
  uint64_t async_order;  // 64 bits never reach their end
  uint64_t job_drops;    // cx->job_drops when its evaluation began
  Realm *realm;
  Environment *environment;
  Module *cycle_root;
  Module *evaluation_root;  // the module on which Evaluate() was called
  Module *next_ready;       // in cx->ready_modules (module_evaluation.c)
  // While it is being evaluated: module_evaluation.c.
  Module *open, *visited;  // of the root
  uint32_t evaluation_index;
  Module *next_open, *visitor;
  Value dependencies;  // internal Values
  uint32_t next_dependency;
  Value name;          // string: what the host calls it
  Value code, source;  // internal Code (undefined: synthetic), its source Record
  Value names;         // scope names for direct eval, or undefined
  uint32_t slot_count;
  Value requests, imports, local_exports, indirect_exports, star_exports, initial;  // internal Values, rows as above
  Value namespace, deferred_namespace, meta;
  Value module_source;  // the value of the source phase: an object; undefined: it has none
  Value error;          // of the evaluation; hole: none
  Value late_error;     // what it throws in place of its body when its turn comes; hole: nothing
  Value promise;        // of Evaluate(), undefined before
  Value async_parents;  // internal Values used as a growing list (async_parent_count items)
  uint32_t async_parent_count;
};
// The number of the program that evaluates it (programs.h).
static inline uint32_t module_program(const Module *module) { return module->cell.extra; }
static inline void module_set_program(Module *module, uint32_t program) { module->cell.extra = program; }
static inline Module *value_as_module(Value value) { return (Module *)value_as_cell(value); }
static inline const Values *module_list(Value list) { return (const Values *)value_as_cell(list); }
MUST_CHECK Module *module_create(Context *cx);
// A module that runs nothing. Its exports: so many keys, each once, and values, all of which the caller keeps alive.
MUST_CHECK Module *module_create_synthetic(Context *cx, Value name, const Value *keys, const Value *values,
                                           uint32_t count);
// One with the export `default`.
MUST_CHECK Module *module_create_default(Context *cx, Value name, Value default_export);
void module_trace(Tracer *tracer, Cell *cell);

// The value of an imported binding: `slot` is what the module environment's slot holds (see the opcode get_import).
// VALUE_UNINITIALIZED in its dead zone. Leaf.
Value module_get_import(Value slot);
// import(): a promise. phase: ImportPhase. `source`: the source Record of the importing script or module.
Value module_import_dynamically(Context *cx, Value source, Value specifier, Value options, int phase);
Value module_import_meta(Context *cx, Value source);

// The same from the host: a promise of the namespace. `referrer`: the name of a script or module, or undefined.
Value module_import(Context *cx, Value referrer, Value specifier, Value attributes, int phase);
// Loads, links and evaluates a module that is compiled already: a promise of its namespace.
Value module_run(Context *cx, Module *module);
// Must be called after RuntimeHooks.module_parked when the body has returned or thrown `result`.
void module_body_ended(Context *cx, Module *module, Value result, bool is_abrupt);
// Answers RuntimeHooks.load_module: the module, or VALUE_ABRUPT with the error in cx->exception.
MUST_CHECK bool module_finish_load(Context *cx, Value request, Value module);

// https://tc39.es/ecma262/#sec-resolveexport
typedef enum ResolutionKind {
  RESOLUTION_NONE,
  RESOLUTION_AMBIGUOUS,
  RESOLUTION_BINDING,
  RESOLUTION_NAMESPACE,
  RESOLUTION_SOURCE
} ResolutionKind;
typedef struct Resolution {
  ResolutionKind kind;
  Module *module;
  uint32_t slot;
} Resolution;
MUST_CHECK bool module_resolve_export(Context *cx, Module *module, PropertyKey name, Resolution *out);
MUST_CHECK bool module_link(Context *cx, Module *module);
Value module_evaluate(Context *cx, Module *module);  // a promise
Value module_get_namespace(Context *cx, Module *module, bool is_deferred);
// The exports of a namespace, without evaluating anything: their number (0 while it is deferred), and each with its
// key; VALUE_UNINITIALIZED: its declaration has not been reached.
uint32_t module_namespace_count(const Object *namespace);
Value module_namespace_export(Object *namespace, uint32_t index, PropertyKey *key);
// https://tc39.es/proposal-source-phase-imports/#table-abstract-methods-of-module-records  SyntaxError: it has none.
Value module_get_source(Context *cx, Module *module);
Module *module_requested(const Module *module, uint32_t request);
// Names that `module` exports, as an internal Values-list of keys in property order, each resolved.
Value module_export_list(Context *cx, Module *module);
// What the frame of a deferred evaluation calls (builtins/control/modules.js): each gives the next body as a function;
// undefined: there is none left.
Value module_deferred_begin(Context *cx, Module *module);
Value module_deferred_next(Context *cx, Module *module);               // the body has ended
Value module_deferred_fail(Context *cx, Module *module, Value error);  // or thrown
// Deferred namespaces: evaluates now, without waiting for other evaluations. False: threw.
MUST_CHECK bool module_evaluate_synchronously(Context *cx, Module *module);
// Evaluates what a deferred module needs before it can run synchronously later: a promise, or undefined: nothing is
// needed.
Value module_evaluate_async_dependencies(Context *cx, Module *module);

#endif
