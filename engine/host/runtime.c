// Runtimes: creation, entries, limits.
#include <stdlib.h>

#include "base/counters.h"
#include "host/host.h"
#include "host/shared_waits.h"
#include "interpreter/evaluate.h"
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/collections.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/promises.h"
#include "runtime/realm.h"

enum { DEFAULT_MEMORY_LIMIT = 256 << 20, DEFAULT_STACK_LIMIT = 4 << 20 };

static int32_t fuel_slice(const CaissonRuntime *runtime) {
  return runtime->options.fuel_slice ? runtime->options.fuel_slice : 50 * 1000;
}

// The fuel's refill: the one place where limits of time are looked at.
static bool host_refill(Fuel *fuel) {
  Context *cx = (Context *)((char *)fuel - offsetof(Context, fuel));
  CaissonRuntime *runtime = host_of(cx);
  if (cx->termination != TERMINATION_NONE) return false;
  fuel->remaining = fuel_slice(runtime);
  if (runtime->deadline != 0 && host_monotonic_time() >= runtime->deadline) {
    cx->termination = TERMINATION_TIME_LIMIT;
    return false;
  }
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  switch (callbacks->interrupt ? callbacks->interrupt(runtime->options.user) : CAISSON_GO_ON) {
    case CAISSON_GO_ON: return true;
    case CAISSON_PAUSE:
      cx->pause_is_wanted = runtime->may_pause && runtime->entry_depth == 1;
      // Natives that were called from the interpreter go on: soon it is the interpreter that asks.
      fuel->remaining = fuel_slice(runtime) / 16;
      return true;
    case CAISSON_STOP: break;
  }
  cx->termination = TERMINATION_INTERRUPT;
  return false;
}

CaissonRuntime *caisson_create(const CaissonOptions *options) {
  CaissonRuntime *runtime = calloc(1, sizeof *runtime);
  if (!runtime) return NULL;
  runtime->options = *options;
  runtime->result = runtime->evaluation = runtime->continued = runtime->rejections = runtime->module_requests = VALUE_UNDEFINED;
  runtime->timers.counter = runtime->rejection_counter = runtime->module_request_counter = COUNTER_BEFORE_FIRST;
  Context *cx = &runtime->cx;
  size_t memory_limit = options->memory_limit ? options->memory_limit : DEFAULT_MEMORY_LIMIT;
  if (!context_initialize(cx, memory_limit, &host_hooks)) {
    free(runtime);
    return NULL;
  }
  cx->stack_limit = options->stack_limit ? options->stack_limit : DEFAULT_STACK_LIMIT;
  cx->fuel = (Fuel){fuel_slice(runtime), host_refill};
  uint64_t seed = host_random_seed();
  cx->random_state[0] ^= seed;
  cx->random_state[1] ^= seed << 32 | seed >> 32;
  buffer_initialize(&runtime->text, &cx->memory);
  buffer_initialize(&runtime->name, &cx->memory);
  buffer_initialize(&runtime->stack, &cx->memory);
  bridge_initialize(runtime);
  if (!interpreter_initialize(cx)) goto failed;
  runtime->main_realm = realm_create(cx);
  if (!runtime->main_realm) goto failed;
  cx->realm = runtime->main_realm;
  if (!host_install_globals(cx)) goto failed;
  if (options->test_hooks && !host_install_test_hooks(cx, cx->realm->global_object)) goto failed;
  return runtime;
failed:
  caisson_destroy(runtime);
  return NULL;
}

void caisson_destroy(CaissonRuntime *runtime) {
  if (!runtime) return;
  Context *cx = &runtime->cx;
  shared_waits_release(runtime);
  host_timers_release(runtime);
  bridge_release(runtime);
  buffer_release(&runtime->text);
  buffer_release(&runtime->name);
  buffer_release(&runtime->stack);
  interpreter_release(cx);
  context_release(cx);
  free(runtime);
}

void host_enter(CaissonRuntime *runtime) {
  if (runtime->entry_depth++ > 0) return;
  Context *cx = &runtime->cx;
  cx->termination = TERMINATION_NONE;
  cx->exception = VALUE_UNDEFINED;
  cx->out_of_memory_errors = 0;
  cx->pause_is_wanted = false;
  runtime->may_pause = !cx->is_paused;
  memset(runtime->zone, 0, sizeof runtime->zone);
  cx->fuel.remaining = fuel_slice(runtime);
  runtime->deadline = runtime->options.time_limit > 0 ? host_monotonic_time() + runtime->options.time_limit : 0;
}

enum { ENTRY_LEAST_MEMORY = 256 * 1024, ENTRY_LEAST_SLACK = 48 * 1024 };
void host_make_room(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  size_t left = cx->memory.limit - MIN_OF(cx->memory.used, cx->memory.limit);
  if (runtime->entry_depth != 1 || left >= ENTRY_LEAST_MEMORY) return;
  heap_collect_fully(&cx->heap);
  if (cx->memory_slack) context_reclaim_memory(cx, ENTRY_LEAST_SLACK);
}

void host_report(CaissonRuntime *runtime, int event, uint64_t number, Value value) {
  Context *cx = &runtime->cx;
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  if (runtime->report_value) {
    runtime->report_value(runtime, event, number, value);
  } else if (event == HOST_EVENT_REJECTION_HANDLED) {
    if (callbacks->rejection_handled) callbacks->rejection_handled(runtime->options.user, number);
  } else if (callbacks->unhandled_rejection) {
    Buffer text;
    buffer_initialize(&text, &cx->memory);
    host_inspect(cx, value, &text);
    callbacks->unhandled_rejection(runtime->options.user, number, (const char *)text.data, text.size);
    buffer_release(&text);
  }
}

static void report_rejection(CaissonRuntime *runtime, Promise *promise) {
  if (promise->is_handled) return;
  promise->report_number = ++runtime->rejection_counter;
  host_report(runtime, HOST_EVENT_UNHANDLED_REJECTION, promise->report_number, promise->result);
}

static void report_handling(CaissonRuntime *runtime, Promise *promise) {
  uint64_t number = promise->report_number;
  if (number == 0) return;
  promise->report_number = 0;
  host_report(runtime, HOST_EVENT_REJECTION_HANDLED, number, promise->result);
}

// What was handled after all comes first, as in other hosts. The host may call the guest meanwhile: then there are jobs to
// do, and perhaps more to report.
static void report_rejections(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, list);
  while (!runtime->holds_reports && value_is_internal(runtime->rejections)) {
    r->list = runtime->rejections;
    uint32_t count = runtime->rejection_count;
    runtime->rejections = VALUE_UNDEFINED;
    runtime->rejection_count = 0;
    const Values *list = (const Values *)value_as_cell(r->list);
    for (uint32_t i = 0; i < count; i++) report_handling(runtime, (Promise *)value_as_object(list->items[i]));
    for (uint32_t i = 0; i < count; i++) report_rejection(runtime, (Promise *)value_as_object(list->items[i]));
    if (cx->termination != TERMINATION_NONE || !jobs_drain(cx)) return;
  }
}

// Callbacks of FinalizationRegistries come after everything else, as a task of their own would.
static void run_finalization(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  runtime->may_pause = false;
  if (!finalization_run(cx) && cx->termination == TERMINATION_NONE) {
    ROOTS(cx, r, exception);
    r->exception = exception_take(cx);
    host_report(runtime, HOST_EVENT_UNCAUGHT_ERROR, 0, r->exception);
  }
  if (cx->termination == TERMINATION_NONE) (void)!jobs_drain(cx);
}

CaissonStatus host_limit_status(Termination termination, CaissonStatus otherwise) {
  switch (termination) {
    case TERMINATION_TIME_LIMIT: return CAISSON_TIME_LIMIT;
    case TERMINATION_INTERRUPT: return CAISSON_INTERRUPTED;
    case TERMINATION_MEMORY: return CAISSON_MEMORY_LIMIT;
    case TERMINATION_NONE: break;
  }
  return otherwise;
}

// Settles the outermost entry: drains the jobs, reports what nobody handled, and names how it ended.
static CaissonStatus leave(CaissonRuntime *runtime, Value result, bool drains) {
  Context *cx = &runtime->cx;
  bool threw = value_is_abrupt(result);
  runtime->result = threw ? (cx->termination == TERMINATION_NONE ? exception_take(cx) : VALUE_UNDEFINED)
                    : result == VALUE_PARKED ? VALUE_UNDEFINED
                                             : result;
  if (drains && (cx->termination == TERMINATION_NONE || jobs_is_paused(cx)) && !jobs_drain(cx)) threw = true;
  if (cx->is_paused && runtime->may_pause)
    runtime->time_left = runtime->deadline ? MAX_OF(runtime->deadline - host_monotonic_time(), 1e-3) : 0;
  if (runtime->entry_depth == 1 && !cx->is_paused) {
    if (cx->termination == TERMINATION_NONE && finalization_is_due(cx)) run_finalization(runtime);
    if (cx->termination == TERMINATION_NONE) report_rejections(runtime);
    cx->kept_alive = VALUE_UNDEFINED;
  }
  runtime->entry_depth--;
  Termination termination = cx->termination;
  if (runtime->entry_depth == 0) cx->termination = TERMINATION_NONE;
  if (termination != TERMINATION_NONE) return host_limit_status(termination, CAISSON_OK);
  if (threw) return CAISSON_EXCEPTION;
  if (result == VALUE_PARKED) return CAISSON_WAITING;
  if (value_is_object_of(result, CELL_PROMISE) && ((Promise *)value_as_object(result))->state == PROMISE_PENDING)
    return CAISSON_WAITING;
  return CAISSON_OK;
}

CaissonStatus host_leave(CaissonRuntime *runtime, Value result) {
  return leave(runtime, result, runtime->entry_depth == 1);
}

CaissonStatus host_leave_drained(CaissonRuntime *runtime, Value result) {
  CaissonStatus status = leave(runtime, result, true);
  jobs_end_epoch(&runtime->cx);
  return status;
}

// The outcome of a module's evaluation takes the place of its promise.
static CaissonStatus take_evaluation(CaissonRuntime *runtime, CaissonStatus status, Value evaluation) {
  runtime->evaluation = VALUE_UNDEFINED;
  if (!value_is_object_of(evaluation, CELL_PROMISE) || status > CAISSON_WAITING) return status;
  const Promise *promise = (const Promise *)value_as_object(evaluation);
  if (promise->state == PROMISE_PENDING) {
    if (runtime->cx.is_paused) runtime->evaluation = evaluation;
    return CAISSON_WAITING;
  }
  runtime->result = promise->result;
  return promise->state == PROMISE_REJECTED ? CAISSON_EXCEPTION : CAISSON_OK;
}

// A script that was paused has ended.
static void script_ended(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  (void)fiber;
  CaissonRuntime *runtime = host_of(cx);
  runtime->continued = is_abrupt && cx->termination == TERMINATION_NONE ? throw_value(cx, result) : result;
}

CaissonStatus caisson_evaluate(CaissonRuntime *runtime, const char *source, size_t size, const char *name,
                               CaissonSourceKind kind) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  host_make_room(runtime);
  ROOTS(cx, r, source, name, result);
  r->result = VALUE_ABRUPT;
  r->source = string_from_utf8(cx, source, size);
  if (!value_is_abrupt(r->source)) {
    r->name = string_from_utf8(cx, name, strlen(name));
    if (!value_is_abrupt(r->name))
      r->result = kind == CAISSON_MODULE ? host_evaluate_module(cx, r->source, r->name)
                                         : evaluate_script(cx, r->source, r->name);
  }
  if (r->result == VALUE_PARKED && cx->is_paused) cx->paused_fiber->complete = script_ended;
  // The rejection of a module's evaluation is how the program ended, not one that nobody handles.
  if (kind == CAISSON_MODULE && value_is_object_of(r->result, CELL_PROMISE))
    ((Promise *)value_as_object(r->result))->is_handled = true;
  CaissonStatus status = host_leave(runtime, r->result);
  return take_evaluation(runtime, status, kind == CAISSON_MODULE ? r->result : VALUE_UNDEFINED);
}

bool caisson_is_paused(const CaissonRuntime *runtime) { return runtime->cx.is_paused; }

CaissonStatus caisson_continue(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  if (!cx->is_paused) return CAISSON_OK;
  ROOTS(cx, r, evaluation);
  r->evaluation = runtime->evaluation;
  Fiber *fiber = cx->paused_fiber;
  cx->is_paused = false;
  cx->paused_fiber = NULL;
  host_enter(runtime);
  runtime->deadline = runtime->time_left > 0 ? host_monotonic_time() + runtime->time_left : 0;
  // What the host has decided meanwhile counts at once, but for another pause: at least a slice is run.
  bool may_run = host_refill(&cx->fuel);
  cx->fuel.remaining = may_run ? fuel_slice(runtime) : 0;
  cx->pause_is_wanted = false;
  runtime->continued = VALUE_UNDEFINED;
  // How the fiber ends is told to whoever started it.
  if (fiber) (void)fiber_resume(cx, fiber, VALUE_UNDEFINED, FIBER_CONTINUE);
  if (!cx->is_paused) cx->settling = VALUE_UNDEFINED;
  CaissonStatus status = host_leave(runtime, runtime->continued);
  return take_evaluation(runtime, status, r->evaluation);
}

const char *caisson_result_text(CaissonRuntime *runtime, size_t *size) {
  Buffer *text = &runtime->text;
  text->size = 0;
  text->failed = false;
  host_inspect(&runtime->cx, runtime->result, text);
  buffer_append_byte(text, 0);
  *size = text->failed ? 0 : text->size - 1;
  return text->failed ? "" : (const char *)text->data;
}

static const char *host_property_text(CaissonRuntime *runtime, Value base, PropertyKey key, Buffer *out) {
  Context *cx = &runtime->cx;
  out->size = 0;
  out->failed = false;
  host_enter(runtime);
  ROOTS(cx, r, value);
  r->value = value_get(cx, base, key);
  if (value_is_string(r->value)) {
    TextView view;
    if (string_view(cx, value_as_string(r->value), &view)) host_append_utf8(out, view);
  }
  (void)host_leave(runtime, VALUE_UNDEFINED);
  buffer_append_byte(out, 0);
  return out->failed ? "" : (const char *)out->data;
}

const char *caisson_error_name(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  Value saved = runtime->result;
  if (!value_is_object(saved)) return "";
  ROOTS(cx, r, error, constructor);
  r->error = saved;
  r->constructor = object_get_key(cx, value_as_object(saved), cx->names->constructor);
  const char *name = value_is_object(r->constructor)
                         ? host_property_text(runtime, r->constructor, cx->names->name, &runtime->name)
                         : "";
  runtime->result = r->error;
  return name;
}

const char *caisson_error_stack(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  Value saved = runtime->result;
  if (!value_is_object(saved)) return "";
  ROOTS(cx, r, error);
  r->error = saved;
  const char *stack = host_property_text(runtime, saved, cx->names->stack, &runtime->stack);
  runtime->result = r->error;
  return stack;
}

bool caisson_define_strings(CaissonRuntime *runtime, const char *name, const char *const *strings, size_t count) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, array, key, text);
  Object *array = array_create(cx, 0);
  if (!array) return false;
  r->array = value_object(array);
  for (size_t i = 0; i < count; i++) {
    r->text = string_from_utf8(cx, strings[i], strlen(strings[i]));
    if (value_is_abrupt(r->text) || !array_push(cx, array, r->text)) return false;
  }
  r->key = key_from_ascii(cx, name);
  return !value_is_abrupt(r->key) && object_create_data_property(cx, cx->realm->global_object, r->key, r->array);
}

size_t caisson_memory_used(const CaissonRuntime *runtime) { return runtime->cx.memory.used; }
void caisson_collect(CaissonRuntime *runtime) { heap_collect(&runtime->cx.heap); }
const char *caisson_version(void) { return "0.1.0"; }
