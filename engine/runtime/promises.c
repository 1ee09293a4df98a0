// Promise objects: settling, reactions, capabilities. https://tc39.es/ecma262/#sec-promise-objects
//
// The reactions of a promise are a list of PromiseReaction cells, newest first, reversed when it settles. A reaction is
// not a closure: it names a handler pair with a capability (then), a suspended activation (await), or a C function. A
// capability whose promise is a plain native one carries no resolving functions (`resolve` undefined), because nobody
// could see them; C then settles the promise itself.
#include "runtime/promises.h"

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/programs.h"
#include "runtime/promise_reactions.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

const ObjectClass object_class_promise = {.name = "Promise", .kind = CELL_PROMISE, .size = sizeof(Promise)};

void promise_reaction_trace(Tracer *tracer, Cell *cell) {
  const PromiseReaction *reaction = (const PromiseReaction *)cell;
  program_note_reachable(tracer_owner(tracer), reaction_program(reaction));
  tracer_visit_cell(tracer, reaction->next);
  switch ((ReactionKind)cell->small) {
    case REACTION_THEN: tracer_visit_values(tracer, reaction->values, REACTION_THEN_VALUES); break;
    case REACTION_AWAIT: tracer_visit_values(tracer, reaction->values, 1); break;
    case REACTION_NATIVE: tracer_visit_value(tracer, ((const NativePromiseReaction *)reaction)->data); break;
  }
}

Object *promise_create(Context *cx) {
  Object *object =
      object_create_of_class(cx, &object_class_promise, realm_prototype(cx, INTRINSIC_PromisePrototype), 0);
  if (!object) return NULL;
  promise_initialize((Promise *)object);
  return object;
}

void promise_initialize(Promise *promise) {
  promise->state = PROMISE_PENDING;
  promise->is_handled = false;
  promise->report_number = 0;
  promise->result = VALUE_UNDEFINED;
  promise->reactions = VALUE_UNDEFINED;
}

// Settling -------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-newpromisereactionjob
static MUST_CHECK bool reaction_enqueue(Context *cx, PromiseReaction *reaction, Value argument, bool is_rejection) {
  Job job = {.is_rejection = is_rejection,
             .program = reaction_program(reaction),
             .realm = cx->realm,
             .b = argument,
             .c = VALUE_UNDEFINED};
  switch ((ReactionKind)reaction->cell.small) {
    case REACTION_THEN:
      job.kind = JOB_REACTION;
      job.a = value_internal(reaction);
      break;
    case REACTION_AWAIT:
      job.kind = JOB_AWAIT;
      job.a = reaction->values[REACTION_GENERATOR];
      break;
    case REACTION_NATIVE:
      job.kind = JOB_NATIVE;
      job.a = ((NativePromiseReaction *)reaction)->data;
      job.native = ((NativePromiseReaction *)reaction)->native;
      break;
  }
  return job_enqueue(cx, job);
}

// bounded: a call made each reaction.
static PromiseReaction *reactions_reversed(Context *cx, Value newest) {
  PromiseReaction *oldest = NULL;
  PromiseReaction *reaction = value_is_internal(newest) ? (PromiseReaction *)value_as_cell(newest) : NULL;
  while (reaction) {
    PromiseReaction *next = reaction->next;
    heap_keep_cell(&cx->heap, next);
    reaction->next = oldest;
    oldest = reaction;
    reaction = next;
  }
  return oldest;
}

// https://tc39.es/ecma262/#sec-triggerpromisereactions
// bounded: a call made each reaction.
static MUST_CHECK bool promise_settle(Context *cx, Promise *promise, PromiseState state, Value result) {
  ASSERT(promise->state == PROMISE_PENDING);
  ROOTS(cx, r, reactions);
  r->reactions = promise->reactions;
  promise->state = (uint8_t)state;
  cell_store(cx, &promise->result, result);
  cell_store(cx, &promise->reactions, VALUE_UNDEFINED);
  if (state == PROMISE_REJECTED && !promise->is_handled && cx->hooks->promise_rejection_tracker) {
    cx->hooks->promise_rejection_tracker(cx, &promise->object, 0);
  }
  PromiseReaction *oldest = reactions_reversed(cx, r->reactions);
  r->reactions = value_internal_or_undefined(oldest);
  for (PromiseReaction *reaction = oldest; reaction; reaction = reaction->next) {
    if (!reaction_enqueue(cx, reaction, promise->result, state == PROMISE_REJECTED)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-fulfillpromise
bool promise_fulfill(Context *cx, Object *promise, Value value) {
  return promise_settle(cx, (Promise *)promise, PROMISE_FULFILLED, value);
}

// https://tc39.es/ecma262/#sec-rejectpromise
bool promise_reject(Context *cx, Object *promise, Value reason) {
  return promise_settle(cx, (Promise *)promise, PROMISE_REJECTED, reason);
}

// Rejects with the exception that was just thrown. False: terminated.
static MUST_CHECK bool promise_reject_pending(Context *cx, Object *promise) {
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, reason);
  r->reason = exception_take(cx);
  return promise_reject(cx, promise, r->reason);
}

// https://tc39.es/ecma262/#sec-promise-resolve-functions (steps 7 to 15)
bool promise_resolve_with(Context *cx, Object *promise, Value resolution) {
  if (!value_is_object(resolution)) return promise_fulfill(cx, promise, resolution);
  ROOTS(cx, r, then);
  if (value_as_object(resolution) == promise) {
    throw_type_error(cx, "a promise cannot be resolved with itself");
    return promise_reject_pending(cx, promise);
  }
  r->then = object_get_key(cx, value_as_object(resolution), cx->names->then);
  if (value_is_abrupt(r->then)) return promise_reject_pending(cx, promise);
  if (!value_is_callable(r->then)) return promise_fulfill(cx, promise, resolution);
  Realm *realm = function_get_realm(cx, value_as_object(r->then));
  if (!realm) {
    if (!exception_is_catchable(cx)) return false;
    exception_take(cx);
    realm = cx->realm;
  }
  Job job = {.kind = JOB_RESOLVE_THENABLE,
             .program = cx->program,
             .realm = realm,
             .a = value_object(promise),
             .b = resolution,
             .c = r->then};
  return job_enqueue(cx, job);
}

// Resolving functions and capabilities ----------------------------------------------------------------

// The promise, until one function of the pair is called, then undefined; and the other function of the pair.
enum { RESOLVING_PROMISE, RESOLVING_TWIN };

static void resolving_function_drop_promise(Context *cx, NativeFunctionObject *function) {
  NativeFunctionObject *twin = (NativeFunctionObject *)value_as_object(function->captured[RESOLVING_TWIN]);
  cell_store(cx, &twin->captured[RESOLVING_PROMISE], VALUE_UNDEFINED);
  cell_store(cx, &function->captured[RESOLVING_PROMISE], VALUE_UNDEFINED);
}

// https://tc39.es/ecma262/#sec-promise-resolve-functions
static Value promise_resolve_function(Context *cx, const Call *call) {
  ROOTS(cx, r, promise);
  NativeFunctionObject *function = call_callee(call);
  r->promise = replay_note(cx, function->captured[RESOLVING_PROMISE]);
  if (value_is_abrupt(r->promise)) return VALUE_ABRUPT;
  if (!value_is_object(r->promise)) return VALUE_UNDEFINED;
  bool drops_later = value_is_object(call_argument(call, 0)) && replay_defers(cx);
  if (!drops_later) resolving_function_drop_promise(cx, function);
  if (!promise_resolve_with(cx, value_as_object(r->promise), call_argument(call, 0))) return VALUE_ABRUPT;
  if (drops_later) resolving_function_drop_promise(cx, function);
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-promise-reject-functions
static Value promise_reject_function(Context *cx, const Call *call) {
  ROOTS(cx, r, promise);
  r->promise = call_callee(call)->captured[RESOLVING_PROMISE];
  if (!value_is_object(r->promise)) return VALUE_UNDEFINED;
  resolving_function_drop_promise(cx, call_callee(call));
  return promise_reject(cx, value_as_object(r->promise), call_argument(call, 0)) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

bool promise_create_resolving_functions(Context *cx, Object *promise, Value *resolve, Value *reject) {
  Object *function = native_function_create(cx, promise_resolve_function, cx->names->empty, 1, false);
  if (!function) return false;
  *resolve = value_object(function);
  Object *twin = native_function_create(cx, promise_reject_function, cx->names->empty, 1, false);
  if (!twin) return false;
  *reject = value_object(twin);
  NativeFunctionObject *first = (NativeFunctionObject *)function, *second = (NativeFunctionObject *)twin;
  cell_store(cx, &first->captured[RESOLVING_PROMISE], value_object(promise));
  cell_store(cx, &first->captured[RESOLVING_TWIN], *reject);
  cell_store(cx, &second->captured[RESOLVING_PROMISE], value_object(promise));
  cell_store(cx, &second->captured[RESOLVING_TWIN], *resolve);
  return true;
}

bool promise_construct_prepare(Context *cx, Value new_target, Value rooted[3]) {
  Object *promise = object_create_from_constructor(cx, new_target, INTRINSIC_PromisePrototype, &object_class_promise);
  if (!promise) return false;
  rooted[0] = value_object(promise);
  promise_initialize((Promise *)promise);
  return promise_create_resolving_functions(cx, promise, &rooted[1], &rooted[2]);
}

static bool resolution_is_quiet(Context *cx, Value resolution) {
  return !value_is_object(resolution) || !object_get_may_call(cx, value_as_object(resolution), cx->names->then);
}

bool promise_function_is_quiet(Context *cx, Value function, Value argument) {
  if (!value_is_object_of(function, CELL_NATIVE_FUNCTION)) return false;
  NativeFunction native = ((const NativeFunctionObject *)value_as_object(function))->function;
  return native == promise_reject_function || (native == promise_resolve_function && resolution_is_quiet(cx, argument));
}

bool promise_resolve_in_frame_slowly(Context *cx, Object *promise, Value resolution) {
  if (resolution_is_quiet(cx, resolution)) return promise_resolve_with(cx, promise, resolution);
  ROOTS(cx, r, resolution, resolve, reject);
  r->resolution = resolution;
  if (!promise_create_resolving_functions(cx, promise, &r->resolve, &r->reject)) return false;
  context_let_park(cx);
  return !value_is_abrupt(function_call(cx, r->resolve, VALUE_UNDEFINED, &r->resolution, 1));
}

// https://tc39.es/ecma262/#sec-getcapabilitiesexecutor-functions
static Value capability_executor(Context *cx, const Call *call) {
  NativeFunctionObject *executor = call_callee(call);
  if (!value_is_undefined(executor->captured[0]) || !value_is_undefined(executor->captured[1])) {
    return throw_type_error(cx, "the promise executor was already called");
  }
  cell_store(cx, &executor->captured[0], call_argument(call, 0));
  cell_store(cx, &executor->captured[1], call_argument(call, 1));
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-newpromisecapability
bool promise_new_capability(Context *cx, Value constructor, PromiseCapability *rooted) {
  if (!value_is_constructor(constructor)) {
    throw_type_error(cx, "%v is not a constructor: a promise cannot be made with it", constructor);
    return false;
  }
  if (constructor == realm_intrinsic(cx, INTRINSIC_Promise)) {
    Object *promise = promise_create(cx);
    if (!promise) return false;
    rooted->promise = value_object(promise);
    return promise_create_resolving_functions(cx, promise, &rooted->resolve, &rooted->reject);
  }
  ROOTS(cx, r, executor);
  Object *function = native_function_create(cx, capability_executor, cx->names->empty, 2, false);
  if (!function) return false;
  r->executor = replay_note(cx, value_object(function));
  if (value_is_abrupt(r->executor)) return false;
  function = value_as_object(r->executor);
  rooted->promise = function_construct(cx, constructor, constructor, &r->executor, 1);
  if (value_is_abrupt(rooted->promise)) return false;
  rooted->resolve = ((NativeFunctionObject *)function)->captured[0];
  rooted->reject = ((NativeFunctionObject *)function)->captured[1];
  if (value_is_callable(rooted->resolve) && value_is_callable(rooted->reject)) return true;
  throw_type_error(cx, "%v did not pass functions to its executor", constructor);
  return false;
}

bool promise_new_direct_capability(Context *cx, Value constructor, PromiseCapability *rooted) {
  if (constructor != realm_intrinsic(cx, INTRINSIC_Promise)) return promise_new_capability(cx, constructor, rooted);
  Object *promise = promise_create(cx);
  if (!promise) return false;
  rooted->promise = value_object(promise);
  rooted->resolve = rooted->reject = VALUE_UNDEFINED;
  return true;
}

static MUST_CHECK bool capability_call(Context *cx, Value function, Value value) {
  ROOTS(cx, r, argument);
  r->argument = value;
  return !value_is_abrupt(function_call(cx, function, VALUE_UNDEFINED, &r->argument, 1));
}

bool capability_resolve(Context *cx, const PromiseCapability *capability, Value value) {
  if (!value_is_undefined(capability->resolve)) return capability_call(cx, capability->resolve, value);
  return promise_resolve_with(cx, value_as_object(capability->promise), value);
}

bool capability_reject(Context *cx, const PromiseCapability *capability, Value reason) {
  if (!value_is_undefined(capability->reject)) return capability_call(cx, capability->reject, reason);
  return promise_reject(cx, value_as_object(capability->promise), reason);
}

// https://tc39.es/ecma262/#sec-promise-resolve
Value promise_resolve(Context *cx, Value constructor, Value value) {
  ROOTS(cx, r, capability[3]);
  if (value_is_object_of(value, CELL_PROMISE)) {
    r->capability[0] = object_get_key(cx, value_as_object(value), cx->names->constructor);
    if (value_is_abrupt(r->capability[0])) return VALUE_ABRUPT;
    if (r->capability[0] == constructor) return value;
  }
  PromiseCapability *capability = (PromiseCapability *)r->capability;
  if (!promise_new_direct_capability(cx, constructor, capability)) return VALUE_ABRUPT;
  return capability_resolve(cx, capability, value) ? capability->promise : VALUE_ABRUPT;
}

// Waiting --------------------------------------------------------------------------------------------

void promise_mark_handled(Context *cx, Promise *promise) {
  if (promise->is_handled) return;
  promise->is_handled = true;
  if (promise->state == PROMISE_REJECTED && cx->hooks->promise_rejection_tracker) {
    cx->hooks->promise_rejection_tracker(cx, &promise->object, 1);
  }
}

// Adds the reaction, or queues its job when the promise has settled. https://tc39.es/ecma262/#sec-performpromisethen
static MUST_CHECK bool promise_add_reaction(Context *cx, Promise *promise, PromiseReaction *reaction) {
  if (promise->state == PROMISE_PENDING) {
    promise->is_handled = true;
    reaction->next =
        value_is_internal(promise->reactions) ? (PromiseReaction *)value_as_cell(promise->reactions) : NULL;
    cell_store(cx, &promise->reactions, value_internal(reaction));
    return true;
  }
  ROOTS(cx, r, reaction, promise);
  r->reaction = value_internal(reaction);
  r->promise = value_object(&promise->object);
  promise_mark_handled(cx, promise);
  return reaction_enqueue(cx, reaction, promise->result, promise->state == PROMISE_REJECTED);
}

static MUST_CHECK PromiseReaction *reaction_create(Context *cx, ReactionKind kind, size_t size) {
  PromiseReaction *reaction = context_allocate(cx, CELL_PROMISE_REACTION, size);
  if (!reaction) return NULL;
  reaction->cell.small = (uint8_t)kind;
  reaction_set_program(reaction, cx->program);
  return reaction;
}

bool promise_then(Context *cx, Object *promise, Value on_fulfilled, Value on_rejected,
                  const PromiseCapability *capability) {
  size_t size = sizeof(PromiseReaction) + REACTION_THEN_VALUES * sizeof(Value);
  PromiseReaction *reaction = reaction_create(cx, REACTION_THEN, size);
  if (!reaction) return false;
  reaction->values[REACTION_ON_FULFILLED] = value_is_callable(on_fulfilled) ? on_fulfilled : VALUE_UNDEFINED;
  reaction->values[REACTION_ON_REJECTED] = value_is_callable(on_rejected) ? on_rejected : VALUE_UNDEFINED;
  reaction->values[REACTION_PROMISE] = capability ? capability->promise : VALUE_UNDEFINED;
  reaction->values[REACTION_RESOLVE] = capability ? capability->resolve : VALUE_UNDEFINED;
  reaction->values[REACTION_REJECT] = capability ? capability->reject : VALUE_UNDEFINED;
  return promise_add_reaction(cx, (Promise *)promise, reaction);
}

// https://tc39.es/ecma262/#sec-get-promise-%symbol.species%
Value promise_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

bool promise_species_is_own(Context *cx, Object *promise) {
  Object *own = value_as_object(realm_intrinsic(cx, INTRINSIC_Promise));
  if (!object_ensure_filled(cx, own)) {
    if (exception_is_catchable(cx)) (void)exception_take(cx);
    return false;
  }
  if (object_get_may_call(cx, promise, cx->names->constructor)) return false;
  if (object_get_key(cx, promise, cx->names->constructor) != value_object(own)) return false;
  OwnProperty property;
  if (!own_property_find(own, cx->names->symbol_species, &property)) return false;
  if (property.attributes & PROPERTY_LAZY && property_is_unfilled(*property.place)) return true;
  if (!(property.attributes & PROPERTY_ACCESSOR)) return false;
  Value getter = ((const Record *)value_as_cell(*property.place))->items[ACCESSOR_GET];
  return value_is_object_of(getter, CELL_NATIVE_FUNCTION) &&
         ((const NativeFunctionObject *)value_as_object(getter))->function == promise_get_species;
}

// https://tc39.es/ecma262/#sec-promise.prototype.then
Value promise_then_chained(Context *cx, Object *promise, Value on_fulfilled, Value on_rejected) {
  ROOTS(cx, r, constructor, capability[3]);
  r->constructor = object_species_constructor(cx, promise, realm_intrinsic(cx, INTRINSIC_Promise));
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  PromiseCapability *capability = (PromiseCapability *)r->capability;
  if (!promise_new_direct_capability(cx, r->constructor, capability)) return VALUE_ABRUPT;
  return promise_then(cx, promise, on_fulfilled, on_rejected, capability) ? capability->promise : VALUE_ABRUPT;
}

bool promise_then_native(Context *cx, Object *promise, NativeReaction native, Value data) {
  PromiseReaction *reaction = reaction_create(cx, REACTION_NATIVE, sizeof(NativePromiseReaction));
  if (!reaction) return false;
  ((NativePromiseReaction *)reaction)->native = native;
  ((NativePromiseReaction *)reaction)->data = data;
  return promise_add_reaction(cx, (Promise *)promise, reaction);
}

// https://tc39.es/ecma262/#await
bool promise_await(Context *cx, Value value, Object *generator) {
  if (!value_is_object(value)) {
    // OPTIMIZATION: await of a primitive would make a fulfilled promise that nobody can see.
    return job_enqueue(cx, (Job){.kind = JOB_AWAIT,
                                 .program = cx->program,
                                 .realm = cx->realm,
                                 .a = value_object(generator),
                                 .b = value,
                                 .c = VALUE_UNDEFINED});
  }
  ROOTS(cx, r, promise);
  r->promise = promise_resolve(cx, realm_intrinsic(cx, INTRINSIC_Promise), value);
  if (value_is_abrupt(r->promise)) return false;
  PromiseReaction *reaction = reaction_create(cx, REACTION_AWAIT, sizeof(PromiseReaction) + sizeof(Value));
  if (!reaction) return false;
  reaction->values[REACTION_GENERATOR] = value_object(generator);
  return promise_add_reaction(cx, (Promise *)value_as_object(r->promise), reaction);
}

// The promise that goes on when a reaction of `then` has run: the one that `then` returned, or, when nothing waits for
// that, the one whose resolving functions are the handlers (as in the combinators).
static const Promise *reaction_next_promise(const PromiseReaction *reaction) {
  Value given = reaction->values[REACTION_PROMISE];
  bool is_promise = value_is_object_of(given, CELL_PROMISE);
  if (is_promise && value_is_internal(((const Promise *)value_as_object(given))->reactions))
    return (const Promise *)value_as_object(given);
  for (int i = REACTION_ON_REJECTED; i >= REACTION_ON_FULFILLED; i--) {
    if (!value_is_object_of(reaction->values[i], CELL_NATIVE_FUNCTION)) continue;
    const NativeFunctionObject *native = (const NativeFunctionObject *)value_as_object(reaction->values[i]);
    if (native->function != promise_reject_function && native->function != promise_resolve_function) continue;
    if (value_is_object_of(native->captured[RESOLVING_PROMISE], CELL_PROMISE))
      return (const Promise *)value_as_object(native->captured[RESOLVING_PROMISE]);
  }
  return is_promise ? (const Promise *)value_as_object(given) : NULL;
}

Value promise_awaiting_activation(Context *cx, const Promise *promise) {
  enum { LONGEST_CHAIN = 8 };
  for (int i = 0; i < LONGEST_CHAIN && value_is_internal(promise->reactions); i++) {
    const PromiseReaction *reaction = (const PromiseReaction *)value_as_cell(promise->reactions);
    for (; reaction->next; reaction = reaction->next) context_spend_step(cx);  // to the oldest
    if (reaction->cell.small == REACTION_AWAIT) return reaction->values[REACTION_GENERATOR];
    promise = reaction->cell.small == REACTION_THEN ? reaction_next_promise(reaction) : NULL;
    if (!promise) break;
  }
  return VALUE_UNDEFINED;
}
