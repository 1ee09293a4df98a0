// Timers: the guest's setTimeout and setInterval, and the engine's own. The embedder decides when they are due.
#include <math.h>

#include "host/runtime/host.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/programs.h"

#define LONGEST_DELAY 2147483647.0

// The table ----------------------------------------------------------------------------------------------------------

enum { LEAST_BUCKETS = 16 };

// Numbers are given out in sequence, so they spread over the buckets by themselves.
static HostTimer **timer_bucket(const HostTimers *timers, uint64_t number) {
  return &timers->buckets[number & (timers->bucket_count - 1)];
}

// bounded: calls make the timers, and the number of timers of a sandbox is limited.
static bool timers_grow(CaissonRuntime *runtime) {
  HostTimers *timers = &runtime->timers;
  HostTimers grown = {.bucket_count = timers->bucket_count ? timers->bucket_count * 2 : LEAST_BUCKETS,
                      .count = timers->count,
                      .counter = timers->counter};
  grown.buckets = memory_allocate_zeroed(&runtime->cx.memory, grown.bucket_count * sizeof(HostTimer *));
  if (!grown.buckets) return false;
  for (uint32_t i = 0; i < timers->bucket_count; i++) {
    for (HostTimer *timer = timers->buckets[i], *next; timer; timer = next) {
      next = timer->next;
      HostTimer **bucket = timer_bucket(&grown, timer->number);
      timer->next = *bucket;
      *bucket = timer;
    }
  }
  memory_release(&runtime->cx.memory, timers->buckets, timers->bucket_count * sizeof(HostTimer *));
  *timers = grown;
  return true;
}

// The link that leads to a timer; NULL: there is no timer with that number.
static HostTimer **timer_find(CaissonRuntime *runtime, uint64_t number) {
  if (runtime->timers.count == 0) return NULL;
  HostTimer **link = timer_bucket(&runtime->timers, number);
  while (*link && (*link)->number != number) link = &(*link)->next;
  return *link ? link : NULL;
}

static void timer_delete(CaissonRuntime *runtime, HostTimer **link) {
  HostTimer *timer = *link;
  *link = timer->next;
  runtime->timers.count--;
  memory_release(&runtime->cx.memory, timer, sizeof *timer);
}

void host_timers_trace(const CaissonRuntime *runtime, Tracer *tracer) {
  for (uint32_t i = 0; i < runtime->timers.bucket_count; i++) {
    for (const HostTimer *timer = runtime->timers.buckets[i]; timer; timer = timer->next) {
      program_note_reachable(&runtime->cx, timer->program);
      tracer_visit_value(tracer, timer->callback);
      tracer_visit_value(tracer, timer->arguments);
    }
  }
}

void host_timers_release(CaissonRuntime *runtime) {
  HostTimers *timers = &runtime->timers;
  for (uint32_t i = 0; i < timers->bucket_count; i++) {
    while (timers->buckets[i]) timer_delete(runtime, &timers->buckets[i]);
  }
  memory_release(&runtime->cx.memory, timers->buckets, timers->bucket_count * sizeof(HostTimer *));
  *timers = (HostTimers){0};
}

bool caisson_has_timers(const CaissonRuntime *runtime) { return runtime->timers.count > 0; }

// Starting and stopping ----------------------------------------------------------------------------------------------

// Starting a timer takes the host as long as so many operations of the guest.
enum { TIMER_COST = 500 };

static void tell_host(CaissonRuntime *runtime, const HostTimer *timer, int operation, double delay) {
  if (!timer->is_running || !runtime->options.callbacks.timer) return;
  fuel_spend(&runtime->cx.fuel, TIMER_COST);
  runtime->options.callbacks.timer(runtime->options.user, operation, timer->number, delay, timer->repeats);
}

// Timers with an infinite delay are kept for host_restart_timer.
static void timer_run(CaissonRuntime *runtime, HostTimer *timer, double delay) {
  timer->is_running = delay < (double)INFINITY;
  tell_host(runtime, timer, timer->is_idle ? 2 : 0, MIN_OF(delay, LONGEST_DELAY));
}

static void timer_halt(CaissonRuntime *runtime, HostTimer *timer) {
  tell_host(runtime, timer, 1, 0);
  timer->is_running = false;
}

// NULL: threw.
static HostTimer *timer_add(Context *cx, double delay, bool repeats, bool is_idle) {
  CaissonRuntime *runtime = host_of(cx);
  HostTimers *timers = &runtime->timers;
  // Without memory for more buckets, the chains get longer.
  bool has_room = timers->count < timers->bucket_count || timers_grow(runtime) || timers->bucket_count > 0;
  HostTimer *timer = has_room ? memory_allocate_zeroed(&cx->memory, sizeof *timer) : NULL;
  if (!timer) {
    (void)context_throw_out_of_memory(cx);
    return NULL;
  }
  uint64_t number = ++timers->counter;
  HostTimer **bucket = timer_bucket(timers, number);
  *timer = (HostTimer){.next = *bucket,
                       .number = number,
                       .repeats = repeats,
                       .is_idle = is_idle,
                       .callback = VALUE_UNDEFINED,
                       .arguments = VALUE_UNDEFINED,
                       .program = cx->program};
  *bucket = timer;
  timers->count++;
  timer_run(runtime, timer, delay);
  return timer;
}

uint64_t host_add_timer(Context *cx, double delay, HostTimerCallback callback) {
  HostTimer *timer = timer_add(cx, delay, false, false);
  if (!timer) return 0;
  timer->native = callback;
  return timer->number;
}

void host_remove_timer(CaissonRuntime *runtime, uint64_t number) {
  HostTimer **link = timer_find(runtime, number);
  if (!link) return;
  timer_halt(runtime, *link);
  timer_delete(runtime, link);
}

void host_restart_timer(CaissonRuntime *runtime, uint64_t number, double delay) {
  HostTimer **link = timer_find(runtime, number);
  if (!link) return;
  timer_halt(runtime, *link);
  timer_run(runtime, *link, delay);
}

void host_remove_timers_of(CaissonRuntime *runtime, uint32_t program) {
  for (uint32_t i = 0; i < runtime->timers.bucket_count; i++) {
    for (HostTimer **link = &runtime->timers.buckets[i]; *link;) {
      if ((*link)->program != program || (*link)->native) {
        link = &(*link)->next;
        continue;
      }
      timer_halt(runtime, *link);
      timer_delete(runtime, link);
    }
  }
}

Value host_run_timer(CaissonRuntime *runtime, uint64_t number) {
  Context *cx = &runtime->cx;
  HostTimer **link = timer_find(runtime, number);
  if (!link || cx->termination != TERMINATION_NONE) return link ? VALUE_ABRUPT : VALUE_UNDEFINED;
  ROOTS(cx, r, callback, arguments);
  HostTimer *timer = *link;
  r->callback = timer->callback;
  r->arguments = timer->arguments;
  HostTimerCallback native = timer->native;
  uint32_t program = timer->program;
  if (!timer->repeats) timer_delete(runtime, link);
  if (native) return native(cx, number) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  runtime->counts.timers_fired++;
  const Values *list = value_is_internal(r->arguments) ? (const Values *)value_as_cell(r->arguments) : NULL;
  program = program_enter(cx, program);
  context_let_park(cx);
  Value result =
      function_call(cx, r->callback, VALUE_UNDEFINED, list ? list->items : NULL, list ? values_count(list) : 0);
  bool was_aborted = cx->termination == TERMINATION_PROGRAM;
  program_leave(cx, program);
  return was_aborted ? VALUE_UNDEFINED : result;
}

CaissonStatus caisson_fire_timer(CaissonRuntime *runtime, uint64_t number) {
  if (!timer_find(runtime, number)) return CAISSON_OK;
  host_enter(runtime);
  return host_leave(runtime, host_run_timer(runtime, number));
}

// The guest's --------------------------------------------------------------------------------------------------------

// Timers outlive the entry that sets them, however it ends, so they must leave room for later entries.
static bool timers_are_too_many(Context *cx) {
  size_t reserve = cx->memory.limit / 32;
  if (cx->memory.used + reserve <= cx->memory.limit) return false;
  heap_collect_fully(&cx->heap);
  return cx->memory.used + reserve > cx->memory.limit;
}

// bounded: by the limit of timers
uint32_t host_count_timers(const CaissonRuntime *runtime) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < runtime->timers.bucket_count; i++)
    for (const HostTimer *timer = runtime->timers.buckets[i]; timer; timer = timer->next) count += !timer->native;
  return count;
}

bool host_check_timers(Context *cx) {
  const CaissonRuntime *runtime = host_of(cx);
  uint32_t limit = runtime->options.timers_limit;
  if (limit == 0 || runtime->timers.count < limit) return true;
  throw_range_error(cx, "more than %u timers are pending (hostLimits.timers)", limit);
  return false;
}

// https://html.spec.whatwg.org/#timers
Value host_timer_start(Context *cx, const Call *call) {
  bool repeats = call_magic(call) == 1, is_idle = call_magic(call) == 2;
  Value callback = call_argument(call, 0);
  if (!value_is_callable(callback))
    return throw_type_error(cx, "%s: the callback must be a function, got %v", repeats ? "setInterval" : "setTimeout",
                            callback);
  double delay = 1;
  if (!value_to_number(cx, call_argument(call, 1), &delay)) return VALUE_ABRUPT;
  // The least and the greatest delay are those of Node, so that programs see the same order of timers on every host.
  delay = trunc(delay);
  if (!(delay >= 1) || delay > LONGEST_DELAY) delay = 1;
  uint32_t count = call->count > 2 ? call->count - 2 : 0;
  ROOTS(cx, r, arguments);
  r->arguments = VALUE_UNDEFINED;
  if (count) {
    Values *list = values_create(cx, count);
    if (!list) return VALUE_ABRUPT;
    memcpy(list->items, call->arguments + 2, count * sizeof(Value));
    r->arguments = value_internal(list);
  }
  if (!host_check_timers(cx)) return VALUE_ABRUPT;
  if (timers_are_too_many(cx)) return context_throw_out_of_memory(cx);
  HostTimer *timer = timer_add(cx, delay, repeats, is_idle);
  if (!timer) return VALUE_ABRUPT;
  timer->callback = callback;
  timer->arguments = r->arguments;
  return value_number((double)timer->number);
}

// https://html.spec.whatwg.org/#dom-cleartimeout
Value host_timer_clear(Context *cx, const Call *call) {
  CaissonRuntime *runtime = host_of(cx);
  Value number = call_argument(call, 0);
  double wanted = value_is_number(number) ? value_as_number(number) : 0;
  HostTimer **link =
      wanted >= 1 && wanted < 0x1p53 && wanted == floor(wanted) ? timer_find(runtime, (uint64_t)wanted) : NULL;
  if (link && !(*link)->native) host_remove_timer(runtime, (*link)->number);
  return VALUE_UNDEFINED;
}
