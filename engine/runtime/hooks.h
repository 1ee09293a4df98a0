// The few upward calls: what runtime/ needs of the layers above it, given as one const table by host/.
#ifndef CAISSON_HOOKS_H
#define CAISSON_HOOKS_H

#include "number/local_time.h"
#include "runtime/functions.h"

enum { FUNCTION_KIND_PLAIN = 0, FUNCTION_KIND_GENERATOR = 1, FUNCTION_KIND_ASYNC = 2 };  // bits: 3 is an async generator
enum { RESUME_NEXT = 0, RESUME_THROW = 1, RESUME_RETURN = 2 };

struct RuntimeHooks {
  // interpreter/: runs a closure, generator or bound chain to completion from C.
  Value (*call)(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count);
  Value (*construct)(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count);
  // interpreter/: continues a parked activation (async function or async generator) after an await.
  // mode: 0 next with value, 1 throw value, 2 return value
  Value (*resume)(Context *cx, Object *generator, Value value, int mode);
  // interpreter/: "EXPRESSION: " for messages, or nothing. Leaf.
  void (*describe_expression)(Context *cx, Buffer *out);
  // interpreter/: source positions of at most `limit` running frames into a new internal Values (errors.h formats them):
  // those that called `above`, when it is a function among them.
  Value (*make_call_sites)(Context *cx, Value frames);  // builtins/call_site.c: an array
  Value (*capture_frames)(Context *cx, uint32_t limit, Value above, bool keeps_calls);
  // builtins/: fills a new realm.
  bool (*install_builtins)(Context *cx, Realm *realm);
  // builtins/: the compiled self-hosted function of that name, as a closure of the realm.
  Value (*self_hosted)(Context *cx, Realm *realm, const char *name);
  // builtins/: the operations that self-hosted code calls as %Name(...): their numbers (-1: none) and functions.
  int (*find_intrinsic_operation)(TextView name);
  const NativeFunction *intrinsic_operations;
  // bytecode/: CreateDynamicFunction. kind: FUNCTION_KIND_* bits; parameters (joined by commas) and body: strings.
  Value (*compile_function)(Context *cx, int kind, Value parameters, Value body, Value new_target);
  // bytecode/ and interpreter/: indirect eval of a source string in the current realm.
  Value (*evaluate_indirect)(Context *cx, Value source);
  // interpreter/: Generator.prototype.next/throw/return from C (checks the receiver). mode as for resume.
  Value (*generator_resume)(Context *cx, Value this_value, Value value, int mode);
  // interpreter/: the same of async generators: queues the request and returns its promise.
  Value (*async_generator_enqueue)(Context *cx, Value this_value, Value value, int mode);
  // interpreter/: a closure over code; runs a module's code in its environment (asynchronous ones: gives their promise).
  Value (*close_over)(Context *cx, Code *code, Environment *environment);
  Value (*run_module)(Context *cx, Module *module);
  // host/: HostLoadImportedModule. Answers by module_finish_load(cx, request, ...), now or later. `referrer`: name of the
  // importing script or module, or undefined; attributes: internal Values [key, value ...] or undefined. False: terminated.
  bool (*load_module)(Context *cx, Value referrer, Value specifier, Value attributes, Value request);
  // builtins/: a new RegExp for a literal; *compiled caches the pattern's program between evaluations.
  Value (*regexp_create)(Context *cx, Value pattern, Value flags, Value *compiled);
  // cell tracing of layers above (bytecode Code, Fiber): see cell_types.c
  void (*trace_code)(Tracer *tracer, Cell *cell);
  void (*empty_caches)(Code *code);  // of a Code: they hit no more. Leaf
  void (*trace_extra_roots)(Context *cx, Tracer *tracer);  // frames, host
  void (*clear_weak_roots)(Context *cx, Heap *heap);        // after marking: what the host holds weakly
  // host/: an unhandled rejection appeared (0) or was handled after all (1).
  void (*promise_rejection_tracker)(Context *cx, Object *promise, int operation);
  // host/: a job without anyone to tell (queueMicrotask) threw.
  void (*report_exception)(Context *cx, Value exception);
  // interpreter/: the handler of a promise reaction was parked; job_finish_reaction is owed when it completes.
  void (*job_parked)(Context *cx, Value reaction);
  // interpreter/: the body of a module was parked; module_body_ended is owed when it completes.
  void (*module_parked)(Context *cx, Value module);
  // builtins/: the table behind install_builtins, for lazy properties.
  const struct BuiltinObject *const *builtin_objects;  // NULL-terminated
  // host/: the value of a lazy property that the host gave the global object.
  Value (*make_global)(Context *cx, Realm *realm, PropertyKey key);
  // host/: time in ms since the epoch, UTC; the zone of local time (number/local_time.h), and its name at an instant in UTF-8, of
  // which the length is given (0: it has none).
  double (*now)(Context *cx);
  double (*monotonic_time)(Context *cx);  // ms
  TimeZone *(*time_zone)(Context *cx);
  unsigned (*time_zone_name)(Context *cx, double utc, char name[ZONE_NAME_SIZE]);
  // host/: Atomics.wait: waits while the element is `expected` (ATOMICS_* of atomics.h; -1: threw or terminated). NULL:
  // this agent must not wait. Offsets are those of the buffer, of which the host may keep the SharedBlock.
  int (*atomics_wait)(Context *cx, ArrayBuffer *buffer, size_t offset, uint32_t size, uint64_t expected, double timeout);
  // host/: a waiter for atomics_finish, owed when it is woken or its time is over.
  bool (*atomics_wait_async)(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Value waiter);
  // host/: wakes up to `count` of those that wait, oldest first, and gives their number; negative: threw.
  double (*atomics_notify)(Context *cx, ArrayBuffer *buffer, size_t offset, double count);
};

#endif
