// Runtimes: creation, entries, limits.
#include <stdlib.h>

#include "base/counters.h"
#include "host/runtime/host.h"
#include "host/runtime/shared_waits.h"
#include "interpreter/evaluate.h"
#include "interpreter/interpreter.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "runtime/realm.h"

enum { DEFAULT_MEMORY_LIMIT = 256 << 20, DEFAULT_STACK_LIMIT = 4 << 20 };

static int32_t fuel_slice(const CaissonRuntime *runtime) {
  return runtime->options.fuel_slice ? runtime->options.fuel_slice : 50 * 1000;
}

// Before the slice is replaced, and at the end of an entry.
static void count_operations(CaissonRuntime *runtime) {
  int64_t spent = (int64_t)runtime->fuel_granted - runtime->cx.fuel.remaining;
  runtime->counts.operations += (uint64_t)MAX_OF(spent, 0);
}

// Grants a slice of the fuel that the entry has left. False: nothing is left.
static bool grant_fuel(CaissonRuntime *runtime, int32_t slice) {
  Fuel *fuel = &runtime->cx.fuel;
  count_operations(runtime);
  runtime->fuel_left += (int64_t)fuel->remaining - runtime->fuel_granted;
  runtime->fuel_granted = fuel->remaining = (int32_t)MIN_OF((int64_t)slice, MAX_OF(runtime->fuel_left, 0));
  return runtime->fuel_left > 0;
}
static int64_t fuel_of_entry(const CaissonRuntime *runtime) {
  return runtime->fuel_left + runtime->cx.fuel.remaining - runtime->fuel_granted;
}
static void shorten_slice(CaissonRuntime *runtime, int32_t slice) {
  runtime->cx.fuel.remaining = runtime->fuel_granted = MIN_OF(runtime->fuel_granted, slice);
}

// A clock that stands still must not make a time limit endless; no host performs so many operations in a millisecond.
#define IMPLIED_FUEL_PER_MILLISECOND 4e6
static int64_t entry_fuel(const CaissonOptions *options) {
  double fuel = options->fuel_limit > 0   ? options->fuel_limit
                : options->time_limit > 0 ? options->time_limit * IMPLIED_FUEL_PER_MILLISECOND
                                          : 0;
  return fuel > 0 && fuel < 9e18 ? (int64_t)MAX_OF(fuel, 1) : INT64_MAX / 2;
}

// Lets the entry run for `time_limit` (0: no limit), but not beyond what is left of the total time.
static void start_clock(CaissonRuntime *runtime, double time_limit) {
  double total_limit = runtime->options.total_time_limit;
  runtime->deadline = 0;
  runtime->total_is_nearer = false;
  // OPTIMIZATION: most entries end before they look at a clock, which may take as long as a short call.
  runtime->clock_waits = time_limit > 0 && total_limit <= 0 && runtime->options.clock_may_wait;
  if (runtime->clock_waits) runtime->time_left = time_limit;
  if ((time_limit <= 0 && total_limit <= 0) || runtime->clock_waits) return;
  double now = runtime->entry_start = host_monotonic_time();
  if (time_limit > 0) runtime->deadline = now + time_limit;
  if (total_limit <= 0) return;
  double left = total_limit - runtime->total_time;
  runtime->total_is_nearer = time_limit <= 0 || left <= time_limit;
  if (runtime->total_is_nearer) runtime->deadline = now + left;
  if (left <= 0) runtime->cx.termination = TERMINATION_TOTAL_TIME;
}
static void stop_clock(CaissonRuntime *runtime) {
  if (runtime->options.total_time_limit > 0)
    runtime->total_time += MAX_OF(host_monotonic_time() - runtime->entry_start, 0);
}

// Paused code will go on with the time that it had left.
static void pause_clock(CaissonRuntime *runtime) {
  bool is_limited = runtime->deadline != 0 && !runtime->total_is_nearer;
  if (!runtime->clock_waits)
    runtime->time_left = is_limited ? MAX_OF(runtime->deadline - host_monotonic_time(), 1e-3) : 0;
  runtime->paused_fuel = fuel_of_entry(runtime);
}
static void continue_clock(CaissonRuntime *runtime) {
  runtime->fuel_left = runtime->paused_fuel;
  runtime->fuel_granted = runtime->cx.fuel.remaining = 0;
  start_clock(runtime, runtime->time_left);
}

// The fuel's refill: the only place where time limits are checked.
static bool host_refill(Fuel *fuel) {
  Context *cx = (Context *)((char *)fuel - offsetof(Context, fuel));
  CaissonRuntime *runtime = host_of(cx);
  if (cx->termination != TERMINATION_NONE) return false;
  if (!runtime->is_timed) host_time_entry(runtime);
  if (UNLIKELY(runtime->clock_waits)) {
    runtime->clock_waits = false;
    runtime->entry_start = host_monotonic_time();
    runtime->deadline = runtime->entry_start + runtime->time_left;
  }
  if (UNLIKELY(cx->program_notes.timed_count > 0)) program_check_time(cx);
  if (program_is_aborted(cx, cx->program)) {
    context_stop(cx, TERMINATION_PROGRAM);
    return false;
  }
  if (!grant_fuel(runtime, fuel_slice(runtime))) {
    // The implied fuel limit only stands in for the clock while the clock stands still.
    bool clock_runs = runtime->options.fuel_limit <= 0 && host_monotonic_time() > runtime->entry_start;
    if (!clock_runs) {
      context_stop(cx, TERMINATION_FUEL);
      return false;
    }
    runtime->fuel_left = entry_fuel(&runtime->options);
    (void)grant_fuel(runtime, fuel_slice(runtime));
  }
  if (runtime->deadline != 0 && host_monotonic_time() >= runtime->deadline) {
    context_stop(cx, runtime->total_is_nearer ? TERMINATION_TOTAL_TIME : TERMINATION_TIME_LIMIT);
    return false;
  }
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  switch (callbacks->interrupt ? callbacks->interrupt(runtime->options.user) : CAISSON_GO_ON) {
    case CAISSON_GO_ON: return true;
    case CAISSON_PAUSE:
      cx->pause_is_wanted = runtime->may_pause && runtime->entry_depth == 1;
      // Natives that the interpreter called go on; soon the interpreter itself asks.
      shorten_slice(runtime, fuel_slice(runtime) / 16);
      return true;
    case CAISSON_STOP:
    default: break;
  }
  context_stop(cx, TERMINATION_INTERRUPT);
  return false;
}

// A call of the host costs little fuel, however long the host took. So limits are checked after each call as long as
// calls are slow. When they are quick, most calls are not followed by a check, which may take longer than the call.
enum { CALLS_BETWEEN_LOOKS = 15 };
#define QUICK_CALLS_MILLISECONDS 0.1

void host_look_after_call(CaissonRuntime *runtime) {
  if (runtime->calls_until_look > 0) {
    runtime->calls_until_look--;
    return;
  }
  double now = host_monotonic_time();
  if (now - runtime->call_look_time < QUICK_CALLS_MILLISECONDS) runtime->calls_until_look = CALLS_BETWEEN_LOOKS;
  else (void)runtime->cx.fuel.refill(&runtime->cx.fuel);  // if a limit was reached, cx->termination says so
  runtime->call_look_time = now;
}

CaissonRuntime *caisson_create(const CaissonOptions *options) {
  CaissonRuntime *runtime = calloc(1, sizeof *runtime);
  if (!runtime) return NULL;
  runtime->options = *options;
  runtime->result = runtime->evaluation = runtime->continued = runtime->rejections = runtime->module_requests =
      VALUE_UNDEFINED;
  runtime->timers.counter = runtime->rejection_counter = runtime->module_request_counter = COUNTER_BEFORE_FIRST;
  Context *cx = &runtime->cx;
  size_t memory_limit = options->memory_limit ? options->memory_limit : DEFAULT_MEMORY_LIMIT;
  if (!context_initialize(cx, memory_limit, &host_hooks)) {
    free(runtime);
    return NULL;
  }
  cx->stack_limit = options->stack_limit ? options->stack_limit : DEFAULT_STACK_LIMIT;
  cx->replay.is_wanted = options->may_pause;
  cx->fuel = (Fuel){fuel_slice(runtime), host_refill};
  runtime->fuel_granted = cx->fuel.remaining;
  runtime->fuel_left = INT64_MAX / 2;  // limits apply to entries
  uint64_t seed = host_random_seed();
  cx->random_state[0] ^= seed;
  cx->random_state[1] ^= seed << 32 | seed >> 32;
  buffer_initialize(&runtime->text, &cx->memory);
  buffer_initialize(&runtime->name, &cx->memory);
  buffer_initialize(&runtime->stack, &cx->memory);
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->initialize && !(*extension)->initialize(runtime)) goto failed;
  if (!interpreter_initialize(cx)) goto failed;
  runtime->main_realm = realm_create(cx);
  if (!runtime->main_realm) goto failed;
  cx->realm = runtime->main_realm;
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->install && !(*extension)->install(cx)) goto failed;
  cx->copies_programs = options->copies_programs;
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
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->release) (*extension)->release(runtime);
  buffer_release(&runtime->text);
  buffer_release(&runtime->name);
  buffer_release(&runtime->stack);
  interpreter_release(cx);
  context_release(cx);
  free(runtime);
}

void host_time_entry(CaissonRuntime *runtime) {
  if (runtime->is_timed || runtime->entry_depth == 0) return;
  runtime->is_timed = true;
  runtime->timed_since = host_monotonic_time();
}
// The outermost entry ends.
static void count_entry(CaissonRuntime *runtime) {
  count_operations(runtime);
  if (!runtime->is_timed) return;
  runtime->counts.time += MAX_OF(host_monotonic_time() - runtime->timed_since, 0);
  runtime->is_timed = false;
}

void host_enter(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  cx->may_park = false;
  if (runtime->entry_depth++ > 0) return;
  cx->termination = TERMINATION_NONE;
  cx->exception = VALUE_UNDEFINED;
  cx->out_of_memory_errors = 0;
  cx->pause_is_wanted = false;
  runtime->stop.reason = TERMINATION_NONE;
  runtime->may_pause = !cx->is_paused;
  runtime->is_zone_known = runtime->is_zone_fixed;
  cx->program = runtime->entry_program = 0;
  runtime->fuel_left = entry_fuel(&runtime->options);
  runtime->fuel_granted = cx->fuel.remaining =
      (int32_t)MIN_OF((int64_t)fuel_slice(runtime), MAX_OF(runtime->fuel_left, 0));
  start_clock(runtime, runtime->options.time_limit);
}

enum { ENTRY_LEAST_MEMORY = 256 * 1024, ENTRY_LEAST_SLACK = 48 * 1024 };
void host_make_room(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  size_t left = cx->memory.limit - MIN_OF(cx->memory.used, cx->memory.limit);
  if (runtime->entry_depth != 1 || left >= ENTRY_LEAST_MEMORY) return;
  // Even without slack: a buffer that does not fit is refused without using any, and leaves almost nothing.
  context_reclaim_memory(cx, ENTRY_LEAST_SLACK);
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
    (void)!host_make_stack_outside(cx, value);
    host_inspect(cx, value, &text);
    callbacks->unhandled_rejection(runtime->options.user, number, (const char *)text.data, text.size);
    buffer_release(&text);
  }
}

// Cleanup callbacks -----------------------------------------------------------------------------------------------

static bool run_cleanups(Context *cx, uint64_t timer);

// They run in turns of their own, each an entry with its own limits and report: one that does not end costs no other
// entry anything.
static void schedule_cleanups(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  if (runtime->cleanup_timer || !finalization_is_due(cx)) return;
  runtime->cleanup_timer = host_add_timer(cx, 0, run_cleanups);
  if (!runtime->cleanup_timer && exception_is_catchable(cx)) (void)exception_take(cx);  // no memory: retried later
}

// Cheap callbacks share a turn.
static bool run_cleanups(Context *cx, uint64_t timer) {
  enum { CLEANUPS_PER_TURN = 64, CLEANUP_UNITS_PER_TURN = 20 * 1000 };
  CaissonRuntime *runtime = host_of(cx);
  (void)timer;
  runtime->cleanup_timer = 0;
  int64_t end = fuel_of_entry(runtime) - CLEANUP_UNITS_PER_TURN;
  for (int i = 0; i < CLEANUPS_PER_TURN && finalization_is_due(cx) && !cx->is_paused && fuel_of_entry(runtime) > end;
       i++) {
    if (finalization_run_next(cx) && jobs_drain(cx)) continue;
    ROOTS(cx, r, exception);
    r->exception = exception_is_catchable(cx) ? exception_take(cx) : VALUE_UNDEFINED;
    bool hears_limits = runtime->report_value != NULL;
    if (exception_is_catchable(cx) || hears_limits) host_report(runtime, HOST_EVENT_UNCAUGHT_ERROR, 0, r->exception);
    if (exception_is_catchable(cx)) continue;
    if (hears_limits)
      cx->termination = TERMINATION_NONE;  // only the callback was terminated: whoever waits for something goes on
    break;
  }
  return exception_is_catchable(cx);
}

CaissonStatus host_limit_status(Termination termination, CaissonStatus otherwise) {
  switch (termination) {
    case TERMINATION_TIME_LIMIT: return CAISSON_TIME_LIMIT;
    case TERMINATION_INTERRUPT: return CAISSON_INTERRUPTED;
    case TERMINATION_MEMORY: return CAISSON_MEMORY_LIMIT;
    case TERMINATION_FUEL: return CAISSON_FUEL_LIMIT;
    case TERMINATION_TOTAL_TIME: return CAISSON_TOTAL_TIME_LIMIT;
    case TERMINATION_PROGRAM: return CAISSON_INTERRUPTED;
    case TERMINATION_REPLAY:
    case TERMINATION_NONE: break;
  }
  return otherwise;
}

void host_note_stop_at(CaissonRuntime *runtime, const Frame *top) {
  Context *cx = &runtime->cx;
  HostStop *stop = &runtime->stop;
  // What is left of a program that was stopped is stopped as well.
  bool is_rest = cx->termination == TERMINATION_PROGRAM && stop->reason == TERMINATION_PROGRAM && !top &&
                 stop->program == cx->program;
  if (is_rest) return;
  stop->reason = cx->termination;
  stop->program = cx->program;
  stop->length = interpreter_write_stop(cx, top, stop->units, STOP_UNITS);
}

const HostStop *host_find_stop(const CaissonRuntime *runtime, CaissonStatus status, uint32_t program) {
  const HostStop *stop = &runtime->stop;
  if (stop->reason == TERMINATION_NONE || (program != 0 && program != stop->program)) return NULL;
  bool is_program = stop->reason == TERMINATION_PROGRAM && status == CAISSON_PROGRAM_TIME_LIMIT;
  return is_program || host_limit_status(stop->reason, CAISSON_OK) == status ? stop : NULL;
}

CaissonStatus host_settle(CaissonRuntime *runtime, Value result, bool drains) {
  Context *cx = &runtime->cx;
  bool threw = value_is_abrupt(result);
  runtime->result = threw ? (cx->termination == TERMINATION_NONE ? exception_take(cx) : VALUE_UNDEFINED)
                    : result == VALUE_PARKED ? VALUE_UNDEFINED
                                             : result;
  if (drains && (cx->termination == TERMINATION_NONE || jobs_is_paused(cx))) (void)!jobs_drain(cx);
  if (threw) return CAISSON_EXCEPTION;
  if (result == VALUE_PARKED) return CAISSON_WAITING;
  if (value_is_object_of(result, CELL_PROMISE) && ((Promise *)value_as_object(result))->state == PROMISE_PENDING)
    return CAISSON_WAITING;
  return CAISSON_OK;
}

static void end_program(CaissonRuntime *runtime, uint32_t program) {
  host_remove_timers_of(runtime, program);
  fibers_end_program(&runtime->cx, program);
  shared_waits_end(runtime);
}

// Ends programs whose time is up. The entry itself reports the program that it runs.
static void end_late_programs(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  Termination termination = cx->termination;
  for (const ProgramNote *note; (note = program_take_untold(cx)) != NULL;) {
    uint32_t program = note->number;
    Value limit = value_number(note->time_limit);
    end_program(runtime, program);
    cx->termination = TERMINATION_NONE;  // no guest code runs for the report
    if (program != runtime->entry_program && runtime->report_value)
      host_report(runtime, HOST_EVENT_PROGRAM_TIME_LIMIT, program, limit);
  }
  cx->termination = termination;
}

CaissonStatus host_close(CaissonRuntime *runtime, CaissonStatus status, bool drains) {
  Context *cx = &runtime->cx;
  bool is_outermost = runtime->entry_depth == 1;
  if (is_outermost || drains) {
    if (cx->termination == TERMINATION_NONE && !cx->is_paused && !jobs_is_empty(cx)) (void)!jobs_drain(cx);
  }
  if (is_outermost) {
    // Reporting may run guest code, which may be paused.
    if (!cx->is_paused && cx->termination == TERMINATION_NONE) host_report_rejections(runtime);
    if (!cx->is_paused) cx->kept_alive = VALUE_UNDEFINED;
    else if (runtime->may_pause) pause_clock(runtime);
    end_late_programs(runtime);
    stop_clock(runtime);
    count_entry(runtime);
    schedule_cleanups(runtime);
  }
  Termination termination = cx->termination;
  if (--runtime->entry_depth == 0) {
    cx->termination = TERMINATION_NONE;
    programs_entry_ended(cx);
  }
  return host_limit_status(termination, status);
}

bool host_close_when_done(CaissonRuntime *runtime, Value result) {
  Context *cx = &runtime->cx;
  bool is_done = runtime->entry_depth == 1 && cx->termination == TERMINATION_NONE && !cx->is_paused &&
                 jobs_is_idle(cx) && !value_is_internal(runtime->rejections) && cx->program_notes.count == 0 &&
                 runtime->options.total_time_limit <= 0 && !finalization_is_due(cx);
  if (!is_done) return false;
  runtime->result = result;
  cx->kept_alive = VALUE_UNDEFINED;
  count_entry(runtime);
  runtime->entry_depth = 0;
  return true;
}

CaissonStatus host_leave(CaissonRuntime *runtime, Value result) {
  bool drains = runtime->entry_depth == 1;
  CaissonStatus status = host_settle(runtime, result, drains);
  return host_close(runtime, status, drains);
}

// The outcome of a module's evaluation replaces its promise.
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
  r->source = cx->termination == TERMINATION_NONE ? string_from_utf8(cx, source, size) : VALUE_ABRUPT;
  if (!value_is_abrupt(r->source)) {
    r->name = string_from_utf8(cx, name, strlen(name));
    if (kind == CAISSON_SCRIPT) context_let_park(cx);
    if (!value_is_abrupt(r->name))
      r->result = kind == CAISSON_MODULE ? host_evaluate_module(cx, r->source, r->name)
                                         : evaluate_script(cx, r->source, r->name);
  }
  if (r->result == VALUE_PARKED && cx->is_paused) cx->paused_fiber->complete = script_ended;
  // The rejection of a module's evaluation is the program's outcome, not an unhandled rejection.
  if (kind == CAISSON_MODULE && value_is_object_of(r->result, CELL_PROMISE))
    ((Promise *)value_as_object(r->result))->is_handled = true;
  CaissonStatus status = host_leave(runtime, r->result);
  return take_evaluation(runtime, status, kind == CAISSON_MODULE ? r->result : VALUE_UNDEFINED);
}

void caisson_abort_program(CaissonRuntime *runtime, uint32_t program) {
  Context *cx = &runtime->cx;
  if (program == 0) return;
  program_abort(cx, program);
  if (runtime->entry_depth == 0) programs_entry_ended(cx);
  end_program(runtime, program);
}

bool caisson_is_paused(const CaissonRuntime *runtime) { return runtime->cx.is_paused; }

static void note_stop_of_paused(CaissonRuntime *runtime, Fiber *fiber) {
  if (fiber) fiber->top->pc++;  // as in interpreter_run
  host_note_stop_at(runtime, fiber ? fiber->top : NULL);
  if (fiber) fiber->top->pc--;
}

CaissonStatus caisson_continue(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  if (!cx->is_paused) return CAISSON_OK;
  ROOTS(cx, r, evaluation);
  r->evaluation = runtime->evaluation;
  Fiber *fiber = cx->paused_fiber;
  cx->is_paused = false;
  cx->paused_fiber = NULL;
  double time_left = runtime->time_left;
  host_enter(runtime);
  host_time_entry(runtime);
  runtime->time_left = time_left;
  continue_clock(runtime);
  // A decision that the host made meanwhile takes effect at once, except another pause: at least one slice runs.
  if (host_refill(&cx->fuel)) shorten_slice(runtime, fuel_slice(runtime));
  else note_stop_of_paused(runtime, fiber);
  cx->pause_is_wanted = false;
  runtime->continued = VALUE_UNDEFINED;
  // Whoever started the fiber is told how it ends; one that was set aside again has no outcome yet.
  if (fiber && fiber_resume(cx, fiber, VALUE_UNDEFINED, FIBER_CONTINUE) == VALUE_PARKED)
    runtime->continued = VALUE_PARKED;
  if (!cx->is_paused) cx->settling = VALUE_UNDEFINED;
  CaissonStatus status = host_leave(runtime, runtime->continued);
  return take_evaluation(runtime, status, r->evaluation);
}

const char *caisson_result_text(CaissonRuntime *runtime, size_t *size) {
  Buffer *text = &runtime->text;
  text->size = 0;
  text->failed = false;
  (void)!host_make_stack_outside(&runtime->cx, runtime->result);
  host_inspect(&runtime->cx, runtime->result, text);
  buffer_append_byte(text, 0);
  *size = text->failed ? 0 : text->size - 1;
  return text->failed ? "" : (const char *)text->data;
}

static const char *text_of_value(CaissonRuntime *runtime, Value value, Buffer *out) {
  out->size = 0;
  out->failed = false;
  TextView view;
  if (value_is_string(value) && string_view(&runtime->cx, value_as_string(value), &view)) host_append_utf8(out, view);
  buffer_append_byte(out, 0);
  return out->failed ? "" : (const char *)out->data;
}

const char *caisson_error_name(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  if (!value_is_object(runtime->result)) return "";
  Value constructor = object_peek(value_as_object(runtime->result), cx->names->constructor);
  if (!value_is_object(constructor)) return "";
  if (!object_ensure_filled(cx, value_as_object(constructor))) {
    if (exception_is_catchable(cx)) (void)exception_take(cx);
    return "";
  }
  return text_of_value(runtime, object_peek(value_as_object(constructor), cx->names->name), &runtime->name);
}

const char *caisson_error_stack(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  if (!value_is_object(runtime->result)) return "";
  Object *error = value_as_object(runtime->result);
  Value stack = error->cell.kind == CELL_ERROR ? error_stack_value(cx, (ErrorObject *)error)
                                               : object_peek(error, cx->names->stack);
  if (value_is_abrupt(stack) && exception_is_catchable(cx)) (void)exception_take(cx);
  return text_of_value(runtime, stack, &runtime->stack);
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
const char *caisson_version(void) { return "0.2.0"; }
