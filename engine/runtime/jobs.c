// The job queue: rings of microtasks, in the order in which they were queued; one ring per epoch (promises.h).
// https://tc39.es/ecma262/#sec-jobs
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/promise_reactions.h"
#include "runtime/realm.h"

enum { JOBS_LEAST_CAPACITY = 64, JOBS_KEPT_CAPACITY = 4096, JOB_COST = 20 };

struct JobQueue {
  Job *jobs;  // a power of two of them
  uint32_t capacity, first, count;
  JobQueue *outer;  // of the epoch around this one; NULL: the first
  bool is_draining;
  bool is_paused;  // the last drain was paused and has to be continued
};

bool jobs_initialize(Context *cx) {
  cx->jobs = memory_allocate_zeroed(&cx->memory, sizeof(JobQueue));
  return cx->jobs != NULL;
}

static void queue_pop(Context *cx) {
  JobQueue *queue = cx->jobs;
  cx->jobs = queue->outer;
  memory_release(&cx->memory, queue->jobs, queue->capacity * sizeof(Job));
  memory_release(&cx->memory, queue, sizeof(JobQueue));
}

void jobs_release(Context *cx) {
  while (cx->jobs) queue_pop(cx);
}

bool jobs_begin_epoch(Context *cx) {
  JobQueue *queue = memory_allocate_zeroed(&cx->memory, sizeof(JobQueue));
  if (!queue) {
    (void)context_throw_out_of_memory(cx);
    return false;
  }
  queue->outer = cx->jobs;
  cx->jobs = queue;
  return true;
}

void jobs_trace(Context *cx, Tracer *tracer) {
  for (const JobQueue *queue = cx->jobs; queue; queue = queue->outer) {
    for (uint32_t i = 0; i < queue->count; i++) {
      const Job *job = &queue->jobs[(queue->first + i) & (queue->capacity - 1)];
      program_note_reachable(cx, job->program);
      tracer_visit_cell(tracer, job->realm);
      tracer_visit_value(tracer, job->a);
      tracer_visit_value(tracer, job->b);
      tracer_visit_value(tracer, job->c);
    }
  }
}

bool jobs_is_empty(const Context *cx) { return cx->jobs->count == 0; }
bool jobs_is_idle(const Context *cx) { return cx->jobs->count == 0 && !cx->jobs->is_paused; }
bool jobs_is_paused(const Context *cx) { return cx->jobs->is_paused; }

// bounded: an operation made each job; doubling moves each once.
static MUST_CHECK bool queue_grow(Context *cx, JobQueue *queue) {
  uint32_t capacity = queue->capacity ? queue->capacity * 2 : JOBS_LEAST_CAPACITY;
  Job *jobs = memory_allocate(&cx->memory, capacity * sizeof(Job));
  if (!jobs) {
    (void)context_throw_out_of_memory(cx);
    return false;
  }
  for (uint32_t i = 0; i < queue->count; i++) jobs[i] = queue->jobs[(queue->first + i) & (queue->capacity - 1)];
  memory_release(&cx->memory, queue->jobs, queue->capacity * sizeof(Job));
  queue->jobs = jobs;
  queue->capacity = capacity;
  queue->first = 0;
  return true;
}

bool job_enqueue(Context *cx, Job job) {
  JobQueue *queue = cx->jobs;
  if (queue->count == queue->capacity && !queue_grow(cx, queue)) return false;
  queue->jobs[(queue->first + queue->count++) & (queue->capacity - 1)] = job;
  return true;
}

// A drain leaves nothing. Jobs of an evaluation that was stopped before its drain come last.
// bounded: an operation made each job.
void jobs_end_epoch(Context *cx) {
  JobQueue *queue = cx->jobs, *outer = queue->outer;
  ASSERT(outer != NULL);
  bool ok = true;
  while (ok && outer->count + queue->count > outer->capacity && queue->count > 0) {
    ok = queue_grow(cx, outer);
  }
  for (uint32_t i = 0; ok && i < queue->count; i++)
    outer->jobs[(outer->first + outer->count++) & (outer->capacity - 1)] =
        queue->jobs[(queue->first + i) & (queue->capacity - 1)];
  queue_pop(cx);
}

bool job_enqueue_call(Context *cx, Value function, const Value *argument) {
  Job job = {.kind = JOB_CALL,
             .program = cx->program,
             .realm = cx->realm,
             .a = function,
             .b = argument ? *argument : VALUE_HOLE,
             .c = VALUE_UNDEFINED};
  return job_enqueue(cx, job);
}

// Running one ---------------------------------------------------------------------------------------

// Reports the pending exception of a job that nobody waits for. False: terminated.
static MUST_CHECK bool job_report_exception(Context *cx) {
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, exception);
  r->exception = exception_take(cx);
  if (cx->hooks->report_exception) cx->hooks->report_exception(cx, r->exception);
  return exception_is_catchable(cx);
}

// A function of the guest or of the engine, in a frame that may be set aside: then the result is VALUE_PARKED.
static Value job_call(Context *cx, Value function, const Value *argument) {
  if (LIKELY(value_is_object_of(function, CELL_CLOSURE)) || !promise_function_is_quiet(cx, function, *argument))
    context_let_park(cx);
  return function_call(cx, function, VALUE_UNDEFINED, argument, 1);
}

static MUST_CHECK bool job_reject(Context *cx, const PromiseCapability *capability) {
  ROOTS(cx, r, reason);
  r->reason = exception_take(cx);
  if (value_is_undefined(capability->reject))
    return promise_reject(cx, value_as_object(capability->promise), r->reason);
  return !value_is_abrupt(job_call(cx, capability->reject, &r->reason));
}

static MUST_CHECK bool job_resolve(Context *cx, const PromiseCapability *capability, Value value) {
  if (LIKELY(value_is_undefined(capability->resolve)))
    return promise_resolve_in_frame(cx, value_as_object(capability->promise), value);
  ROOTS(cx, r, value);
  r->value = value;
  return !value_is_abrupt(job_call(cx, capability->resolve, &r->value));
}

// https://tc39.es/ecma262/#sec-newpromisereactionjob (from step 1.f on)
bool job_finish_reaction(Context *cx, Value reaction, Value result, bool is_abrupt) {
  const Value *values = ((const PromiseReaction *)value_as_cell(reaction))->values;
  if (is_abrupt && !exception_is_catchable(cx)) return false;
  if (value_is_undefined(values[REACTION_PROMISE])) {
    if (is_abrupt) exception_take(cx);
    return true;
  }
  const PromiseCapability *capability = (const PromiseCapability *)&values[REACTION_PROMISE];
  bool ok = is_abrupt ? job_reject(cx, capability) : job_resolve(cx, capability, result);
  // A resolving function of a subclass may throw: by the specification that exception disappears with the job.
  return ok || job_report_exception(cx);
}

static MUST_CHECK bool job_run_reaction(Context *cx, const Job *job) {
  ROOTS(cx, r, result);
  const Value *values = ((const PromiseReaction *)value_as_cell(job->a))->values;
  Value handler = values[job->is_rejection ? REACTION_ON_REJECTED : REACTION_ON_FULFILLED];
  if (value_is_undefined(handler)) {
    if (job->is_rejection) (void)throw_value(cx, job->b);
    return job_finish_reaction(cx, job->a, job->b, job->is_rejection);
  }
  r->result = job_call(cx, handler, &job->b);
  if (r->result == VALUE_PARKED) {
    cx->hooks->job_parked(cx, job->a);
    return true;
  }
  return job_finish_reaction(cx, job->a, r->result, value_is_abrupt(r->result));
}

// https://tc39.es/ecma262/#sec-newpromiseresolvethenablejob
static MUST_CHECK bool job_run_resolve_thenable(Context *cx, const Job *job) {
  ROOTS(cx, r, arguments[4], function, reason);
  if (value_is_object_of(job->b, CELL_PROMISE) && job->c == realm_intrinsic(cx, INTRINSIC_PromisePrototype_then) &&
      promise_species_is_own(cx, value_as_object(job->b))) {
    // OPTIMIZATION: `then` itself is known, so the resolving functions can be left out: the thenable's reaction settles
    // the promise.
    PromiseCapability capability = {job->a, VALUE_UNDEFINED, VALUE_UNDEFINED};
    return promise_then(cx, value_as_object(job->b), VALUE_UNDEFINED, VALUE_UNDEFINED, &capability);
  }
  r->arguments[0] = job->c, r->arguments[1] = job->b;
  if (!promise_create_resolving_functions(cx, value_as_object(job->a), &r->arguments[2], &r->arguments[3]))
    return false;
  Value result;
  if (cx->replay.is_wanted) {
    // `then` may be set aside, and throw afterwards.
    r->function = cx->hooks->self_hosted(cx, cx->realm, "PromiseResolveThenable");
    if (value_is_abrupt(r->function)) return false;
    context_let_park(cx);
    result = function_call(cx, r->function, VALUE_UNDEFINED, r->arguments, 4);
  } else {
    result = function_call(cx, job->c, job->b, r->arguments + 2, 2);
  }
  if (!value_is_abrupt(result)) return true;
  if (!exception_is_catchable(cx)) return false;
  r->reason = exception_take(cx);
  return !value_is_abrupt(function_call(cx, r->arguments[3], VALUE_UNDEFINED, &r->reason, 1));
}

static MUST_CHECK bool job_run(Context *cx, const Job *job) {
  switch ((JobKind)job->kind) {
    case JOB_REACTION: return job_run_reaction(cx, job);
    case JOB_AWAIT: {
      int mode = job->is_rejection ? RESUME_THROW : RESUME_NEXT;
      context_let_park(cx);
      return !value_is_abrupt(cx->hooks->resume(cx, value_as_object(job->a), job->b, mode)) || job_report_exception(cx);
    }
    case JOB_RESOLVE_THENABLE: return job_run_resolve_thenable(cx, job);
    case JOB_CALL: {
      uint32_t count = value_is_hole(job->b) ? 0 : 1;
      context_let_park(cx);
      return !value_is_abrupt(function_call(cx, job->a, VALUE_UNDEFINED, &job->b, count)) || job_report_exception(cx);
    }
    case JOB_NATIVE: job->native(cx, job->a, job->b, job->is_rejection); return exception_is_catchable(cx);
  }
  UNREACHABLE();
}

static Value job_promise(const Job *job) {
  switch ((JobKind)job->kind) {
    case JOB_REACTION: return ((const PromiseReaction *)value_as_cell(job->a))->values[REACTION_PROMISE];
    case JOB_RESOLVE_THENABLE: return job->a;
    default: return VALUE_UNDEFINED;
  }
}

bool jobs_drain(Context *cx) {
  JobQueue *queue = cx->jobs;
  // A job called the host function that wants this drain; or a program is paused.
  if (queue->is_draining || cx->is_paused) return true;
  ROOTS(cx, r, realm, job_realm, a, b, c, kept_alive);
  Realm *realm = cx->realm;
  uint32_t program = cx->program;
  if (queue->outer) r->kept_alive = cx->kept_alive;  // of the job or program that surrounds this epoch
  r->realm = value_internal_or_undefined(realm);
  queue->is_draining = true;
  bool ok = cx->termination == TERMINATION_NONE;  // or the paused code has been terminated
  while (ok && queue->count > 0) {
    cx->program = 0;
    if (UNLIKELY(cx->pause_is_wanted) && !queue->outer) {
      cx->is_paused = true;
      break;
    }
    if (!context_charge(cx, JOB_COST)) {
      (void)context_throw_interrupted(cx);
      ok = false;
      break;
    }
    Job job = queue->jobs[queue->first];
    queue->first = (queue->first + 1) & (queue->capacity - 1);
    queue->count--;
    if (UNLIKELY(program_is_aborted(cx, job.program))) continue;
    r->job_realm = value_internal_or_undefined(job.realm);
    r->a = job.a, r->b = job.b, r->c = job.c;
    cx->realm = job.realm;
    program_set(cx, job.program);
    cx->settling = job_promise(&job);
    cx->jobs_run++;
    ok = job_run(cx, &job) || (exception_is_catchable(cx) && job_report_exception(cx));
    if (UNLIKELY(!ok) && cx->termination == TERMINATION_PROGRAM) {  // this ends the job, not the others
      cx->termination = TERMINATION_NONE;
      ok = true;
    }
    if (cx->is_paused) break;  // the job goes on later
    cx->kept_alive = VALUE_UNDEFINED;
    cx->settling = VALUE_UNDEFINED;
  }
  if (!ok) {
    queue->count = 0;
    cx->job_drops++;
  }
  if (queue->count == 0 && queue->capacity > JOBS_KEPT_CAPACITY) {
    memory_release(&cx->memory, queue->jobs, queue->capacity * sizeof(Job));
    queue->jobs = NULL;
    queue->capacity = queue->first = 0;
  }
  queue->is_draining = false;
  queue->is_paused = cx->is_paused;
  if (queue->outer) cx->kept_alive = r->kept_alive;
  cx->realm = realm;
  program_set(cx, program);
  return ok;
}
