// Promises and the job queue's producers. https://tc39.es/ecma262/#sec-promise-objects
#ifndef CAISSON_PROMISES_H
#define CAISSON_PROMISES_H

#include "runtime/functions.h"

typedef enum PromiseState { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED } PromiseState;

typedef struct Promise {
  Object object;
  uint8_t state;
  uint8_t is_handled;
  uint32_t program;             // for promises of the host: the program that they were made for
  uint64_t report_number : 48;  // number of the rejection as told to the host; 0: not told. 48 bits last for ever
  Value result;
  Value reactions;  // internal PromiseReaction list (first), or undefined
} Promise;
extern const ObjectClass object_class_promise;

// What happens when a promise settles: a handler pair with a capability, or a suspended activation to go on
// (await allocates this one cell and no closure).
typedef enum ReactionKind { REACTION_THEN, REACTION_AWAIT, REACTION_NATIVE } ReactionKind;
typedef void (*NativeReaction)(Context *cx, Value data, Value result, bool is_rejection);

// A promise capability; all three rooted by the holder. `resolve` undefined: a native promise that C settles directly
// (promise_new_direct_capability), whose resolving functions nobody can see.
typedef struct PromiseCapability {
  Value promise, resolve, reject;
} PromiseCapability;

void promise_reaction_trace(Tracer *tracer, Cell *cell);  // of CELL_PROMISE_REACTION

void promise_initialize(Promise *promise);       // a fresh object of the class
MUST_CHECK Object *promise_create(Context *cx);  // pending, of the current realm
MUST_CHECK bool promise_new_capability(Context *cx, Value constructor, PromiseCapability *rooted);
// The same for callers in C that use only capability_resolve and capability_reject.
MUST_CHECK bool promise_new_direct_capability(Context *cx, Value constructor, PromiseCapability *rooted);
MUST_CHECK bool capability_resolve(Context *cx, const PromiseCapability *capability, Value value);
MUST_CHECK bool capability_reject(Context *cx, const PromiseCapability *capability, Value reason);
// https://tc39.es/ecma262/#sec-createresolvingfunctions
MUST_CHECK bool promise_create_resolving_functions(Context *cx, Object *promise, Value *resolve, Value *reject);
// The objects that `new Promise` makes before it calls its executor: the promise, its resolve and its reject function.
MUST_CHECK bool promise_construct_prepare(Context *cx, Value new_target, Value rooted[3]);
Value promise_resolve(Context *cx, Value constructor, Value value);                    // PromiseResolve
MUST_CHECK bool promise_resolve_with(Context *cx, Object *promise, Value resolution);  // as its resolve function
// The same for C code outside of frames. A getter or trap of `then` runs in a frame that may be set aside; then the
// promise is resolved later.
MUST_CHECK bool promise_resolve_in_frame_slowly(Context *cx, Object *promise, Value resolution);
static inline MUST_CHECK bool promise_resolve_in_frame(Context *cx, Object *promise, Value resolution) {
  if (LIKELY(!cx->replay.is_wanted)) return promise_resolve_with(cx, promise, resolution);
  return promise_resolve_in_frame_slowly(cx, promise, resolution);
}
MUST_CHECK bool promise_fulfill(Context *cx, Object *promise, Value value);
MUST_CHECK bool promise_reject(Context *cx, Object *promise, Value reason);
// PerformPromiseThen with undefined or callable handlers; capability NULL: none
MUST_CHECK bool promise_then(Context *cx, Object *promise, Value on_fulfilled, Value on_rejected,
                             const PromiseCapability *capability);
// Promise.prototype.then with its species lookup; gives the derived promise
Value promise_then_chained(Context *cx, Object *promise, Value on_fulfilled, Value on_rejected);
// Await: `generator` is resumed through hooks->resume when `value` settles. One tick for native promises.
MUST_CHECK bool promise_await(Context *cx, Value value, Object *generator);
// The activation whose await will continue when this pending promise settles, or undefined; looks through derived
// promises that only pass the result on. For stack traces. Leaf.
Value promise_awaiting_activation(Context *cx, const Promise *promise);
// Whether it is a function that resolves or rejects a promise, and calls nothing of the guest for this argument. Leaf.
bool promise_function_is_quiet(Context *cx, Value function, Value argument);
// Whether `then` of the promise would look up its constructor and species without calling anything of the guest, and
// come to %Promise%.
bool promise_species_is_own(Context *cx, Object *promise);
Value promise_get_species(Context *cx, const Call *call);  // get Promise[@@species]
// Marks a rejection as handled without a reaction. The promise is rooted by the caller.
void promise_mark_handled(Context *cx, Promise *promise);
// For C code that waits: `reaction(cx, data, ...)` is called as a job.
MUST_CHECK bool promise_then_native(Context *cx, Object *promise, NativeReaction reaction, Value data);

// Jobs -----------------------------------------------------------------------------------------------
// The queue of a Context consists of epochs, each a ring of its own. There is one epoch, until an evaluation has to be
// drained before the code around it goes on (evalSync in a host function that the guest called): its jobs, and the jobs
// that these make, then go into a new epoch; jobs that were queued before wait behind it, in their order.
typedef enum JobKind {
  JOB_REACTION,          // a: PromiseReaction, b: the settled value
  JOB_AWAIT,             // a: generator, b: the settled value
  JOB_RESOLVE_THENABLE,  // a: promise, b: thenable, c: its then
  JOB_CALL,              // a: function, b: argument or VALUE_HOLE
  JOB_NATIVE,            // native(cx, a, b, is_rejection)
} JobKind;
typedef struct Job {
  uint8_t kind;
  bool is_rejection;
  uint32_t program;  // runtime/programs.h
  Realm *realm;
  Value a, b, c;
  NativeReaction native;
} Job;
// The second half of JOB_REACTION: settles the capability with the result of the handler. Called at once, or later by
// the interpreter when the handler was parked (RuntimeHooks.job_parked got the reaction).
MUST_CHECK bool job_finish_reaction(Context *cx, Value reaction, Value result, bool is_abrupt);
MUST_CHECK bool job_enqueue(Context *cx, Job job);  // values rooted by the caller
MUST_CHECK bool job_enqueue_call(Context *cx, Value function, const Value *argument /*NULL: none*/);  // queueMicrotask
bool jobs_is_empty(const Context *cx);
bool jobs_is_idle(const Context *cx);  // empty, and no drain was paused
// The last drain was paused: the next one continues it, or drops the queue if the paused code was terminated.
bool jobs_is_paused(const Context *cx);
// Encloses an evaluation all of whose jobs run before it ends (jobs_drain in between).
MUST_CHECK bool jobs_begin_epoch(Context *cx);
void jobs_end_epoch(Context *cx);
// Runs jobs until the queue is empty. False: terminated (limits); the rest of the queue is dropped, so that a storm
// does not go on at the next entry. Exceptions of JOB_CALL jobs go to the host's error event.
MUST_CHECK bool jobs_drain(Context *cx);
MUST_CHECK bool jobs_initialize(Context *cx);
void jobs_release(Context *cx);
void jobs_trace(Context *cx, Tracer *tracer);

#endif
