// The upward calls: what runtime/ needs from the layers above it, in one const table that host/runtime/hooks.c fills.
// They are grouped by the layer that implements them.
#ifndef CAISSON_HOOKS_H
#define CAISSON_HOOKS_H

#include "runtime/functions.h"
#include "temporal/zones.h"

enum {
  FUNCTION_KIND_PLAIN = 0,
  FUNCTION_KIND_GENERATOR = 1,
  FUNCTION_KIND_ASYNC = 2
};  // bits: 3 is an async generator
enum { ZONE_NAME_SIZE = 256 };
enum { RESUME_NEXT = 0, RESUME_THROW = 1, RESUME_RETURN = 2 };

struct RuntimeHooks {
  // interpreter/ ---------------------------------------------------------------------------------------------------
  // Runs a closure, or another callable in a frame of its own, from C: to completion, or until it waits.
  Value (*call)(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count);
  Value (*construct)(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count);
  // Continues a parked activation (async function or async generator) after an await. mode: RESUME_*
  Value (*resume)(Context *cx, Object *generator, Value value, int mode);
  // Generator.prototype.next/throw/return from C (checks the receiver).
  Value (*generator_resume)(Context *cx, Value this_value, Value value, int mode);
  // The same for async generators: queues the request and returns its promise.
  Value (*async_generator_enqueue)(Context *cx, Value this_value, Value value, int mode);
  // Whether the running fiber has a frame of the function, for which it pays.
  bool (*is_running)(Context *cx, Value function);
  // Whether a frame, of a fiber that is set aside too, evaluates the deferred module; pays for the frames.
  bool (*is_evaluating)(Context *cx, Value module);
  // A closure over code; and: runs a module's code in its environment (an asynchronous module returns its promise).
  Value (*close_over)(Context *cx, Code *code, Environment *environment);
  Value (*run_module)(Context *cx, Module *module);
  // CreateDynamicFunction. kind: FUNCTION_KIND_* bits; parameters (joined by commas) and body: strings.
  Value (*compile_function)(Context *cx, int kind, Value parameters, Value body, Value new_target);
  // Indirect eval of a source string in the current realm.
  Value (*evaluate_indirect)(Context *cx, Value source);
  // "EXPRESSION: " for messages, or nothing. Leaf.
  void (*describe_expression)(Context *cx, Buffer *out);
  // Source positions of at most `limit` running frames as new internal Values (errors.h formats them). When `above` is
  // a function among the frames, only its callers.
  Value (*capture_frames)(Context *cx, uint32_t limit, Value above, bool keeps_calls);

  // bytecode/ ------------------------------------------------------------------------------------------------------
  void (*trace_code)(Tracer *tracer, Cell *cell);
  void (*empty_caches)(Context *cx, Code *code);  // makes all caches miss. Leaf

  // builtins/ ------------------------------------------------------------------------------------------------------
  // Fills a new realm; and: the table that describes it, NULL-terminated, for lazy properties.
  bool (*install_builtins)(Context *cx, Realm *realm);
  const struct BuiltinObject *const *builtin_objects;
  // The compiled self-hosted function of that name, as a closure of the realm.
  Value (*self_hosted)(Context *cx, Realm *realm, const char *name);
  // The operations that self-hosted code calls as %Name(...): their numbers (-1: none) and functions.
  int (*find_intrinsic_operation)(TextView name);
  const NativeFunction *intrinsic_operations;
  // An array of call sites, one for each frame from capture_frames.
  Value (*make_call_sites)(Context *cx, Value frames);
  // A new RegExp for a literal; *compiled caches the pattern's program between evaluations.
  Value (*regexp_create)(Context *cx, Value pattern, Value flags, Value *compiled);

  // host/ ----------------------------------------------------------------------------------------------------------
  // A limit begins to stop the guest, for the reason in cx->termination; or, when this is not the first one, another
  // limit has struck while code unwinds. Leaf
  void (*note_stop)(Context *cx, bool is_first);
  void (*trace_extra_roots)(Context *cx, Tracer *tracer);  // frames of all fibers, and what the host holds
  void (*clear_weak_roots)(Context *cx, Heap *heap);       // after marking: drops dead cells that the host holds weakly
  // HostLoadImportedModule. Answers by module_finish_load(cx, request, ...), now or later. `referrer`: name of the
  // importing script or module, or undefined; attributes: internal Values [key, value ...] or undefined. False:
  // terminated.
  bool (*load_module)(Context *cx, Value referrer, Value specifier, Value attributes, Value request);
  // The name of the module that an import of the string `specifier` would mean.
  Value (*resolve_module)(Context *cx, Value referrer, Value specifier);
  // An unhandled rejection appeared (0) or was handled after all (1).
  void (*promise_rejection_tracker)(Context *cx, Object *promise, int operation);
  // A job that nobody waits for (queueMicrotask) threw.
  void (*report_exception)(Context *cx, Value exception);
  // The handler of a promise reaction was parked: the host must call job_finish_reaction when it completes.
  void (*job_parked)(Context *cx, Value reaction);
  // The body of a module was parked: the host must call module_body_ended when it completes.
  void (*module_parked)(Context *cx, Value module);
  // The value of a lazy property that the host gave to the global object.
  Value (*make_global)(Context *cx, Realm *realm, PropertyKey key);
  // Time in ms since the epoch, UTC; the zone of local time, with what was found of it; and what people call the zone
  // at an instant, in UTF-8 with its length (0: it has no such name).
  double (*now)(Context *cx);
  double (*monotonic_time)(Context *cx);  // ms
  ZoneCache *(*time_zone)(Context *cx);
  unsigned (*time_zone_name)(Context *cx, double utc, char name[ZONE_NAME_SIZE]);
  // Atomics.wait: waits while the element is `expected`. Returns ATOMICS_* of atomic_waits.h, or -1: threw or
  // terminated. NULL: this agent must not wait. Offsets are relative to the buffer; the host may keep its SharedBlock.
  int (*atomics_wait)(Context *cx, ArrayBuffer *buffer, size_t offset, uint32_t size, uint64_t expected,
                      double timeout);
  // Registers a waiter; the host must call atomics_finish when it is woken or its time is over.
  bool (*atomics_wait_async)(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Value waiter);
  // Wakes up to `count` waiters, oldest first, and returns how many; negative: threw.
  double (*atomics_notify)(Context *cx, ArrayBuffer *buffer, size_t offset, double count);
};

#endif
