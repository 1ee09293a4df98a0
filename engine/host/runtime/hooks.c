// The table of upward calls.
#include "runtime/hooks.h"

#include "builtins/install.h"
#include "builtins/intrinsics.h"
#include "builtins/regexp.h"
#include "builtins/self_hosted.h"
#include "bytecode/compile.h"
#include "host/runtime/host.h"
#include "host/runtime/modules.h"
#include "host/runtime/shared_waits.h"
#include "interpreter/evaluate.h"
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/promises.h"
#include "runtime/realm.h"

static void host_trace(Context *cx, Tracer *tracer) {
  CaissonRuntime *runtime = host_of(cx);
  interpreter_trace_stacks(cx, tracer);
  tracer_visit_value(tracer, runtime->result);
  tracer_visit_value(tracer, runtime->evaluation);
  tracer_visit_value(tracer, runtime->continued);
  tracer_visit_value(tracer, runtime->rejections);
  tracer_visit_cell(tracer, runtime->main_realm);
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->trace) (*extension)->trace(runtime, tracer);
  shared_waits_trace(runtime, tracer);
  host_timers_trace(runtime, tracer);
  host_modules_trace(runtime, tracer);
}

// https://tc39.es/ecma262/#sec-host-promise-rejection-tracker
static void host_track_rejection(Context *cx, Object *promise, int operation) {
  CaissonRuntime *runtime = host_of(cx);
  // Of those handled before the host heard of them it hears nothing: they are skipped when the list is reported.
  if (operation == 1 && ((const Promise *)promise)->report_number == 0) return;
  ROOTS(cx, r, promise);
  r->promise = value_object(promise);
  Values *list = value_is_internal(runtime->rejections) ? (Values *)value_as_cell(runtime->rejections) : NULL;
  uint32_t count = runtime->rejection_count;
  if (!list || count == list->cell.extra) {
    Values *grown = values_create(cx, count * 2 + 4);
    if (!grown) {
      if (exception_is_catchable(cx)) (void)exception_take(cx);
      return;  // out of memory: the report is lost, the guest goes on
    }
    if (count) memcpy(grown->items, list->items, count * sizeof(Value));
    list = grown;
    runtime->rejections = value_internal(list);
  }
  list->items[count] = r->promise;
  runtime->rejection_count = count + 1;
}

static void host_report_exception(Context *cx, Value exception) {
  host_report(host_of(cx), HOST_EVENT_UNCAUGHT_ERROR, 0, exception);
}

static void host_clear_weak(Context *cx, Heap *heap) {
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->clear_weak) (*extension)->clear_weak(host_of(cx), heap);
}

// The one extension that has globals makes them.
static Value host_make_global(Context *cx, Realm *realm, PropertyKey key) {
  const HostExtension *const *extension = host_extensions;
  while (*extension && !(*extension)->make_global) extension++;
  ASSERT(*extension);
  return (*extension)->make_global(cx, realm, key);
}

static double host_now(Context *cx) {
  CaissonRuntime *runtime = host_of(cx);
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  return callbacks->now ? callbacks->now(runtime->options.user) : host_wall_time();
}

static double host_monotonic(Context *cx) {
  (void)cx;
  return host_monotonic_time();
}

static TimeZone *host_time_zone(Context *cx) { return &host_of(cx)->zone; }

// What the host is asked for takes longer than an operation of the guest.
enum { ZONE_OFFSET_COST = 100, ZONE_NAME_COST = 500 };

ZoneSpan host_zone_span(void *data, double utc) {
  CaissonRuntime *runtime = data;
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  fuel_spend(&runtime->cx.fuel, ZONE_OFFSET_COST);
  double offset = callbacks->time_zone_offset ? callbacks->time_zone_offset(runtime->options.user, utc) : host_zone_offset(utc);
  return (ZoneSpan){utc, utc, offset};
}

static unsigned host_time_zone_name(Context *cx, double utc, char name[ZONE_NAME_SIZE]) {
  CaissonRuntime *runtime = host_of(cx);
  fuel_spend(&cx->fuel, ZONE_NAME_COST);
  return runtime->options.callbacks.time_zone_offset ? 0 : host_zone_name(utc, name);
}

// A handler of a promise reaction waits for the host: its reaction is finished when its fiber ends.
static void host_finish_parked_job(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  if (!job_finish_reaction(cx, fiber->data, result, is_abrupt) && exception_is_catchable(cx)) (void)exception_take(cx);
}
static void host_finish_parked_module(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  module_body_ended(cx, value_as_module(fiber->data), result, is_abrupt);
}
static void host_module_parked(Context *cx, Value module) {
  cx->parked->complete = host_finish_parked_module;
  cx->parked->data = module;
}
static void host_job_parked(Context *cx, Value reaction) {
  cx->parked->complete = host_finish_parked_job;
  cx->parked->data = reaction;
}

const RuntimeHooks host_hooks = {
    .call = interpreter_call,
    .construct = interpreter_construct,
    .resume = interpreter_resume,
    .capture_frames = interpreter_capture_frames,
    .make_call_sites = call_sites_create,
    .describe_expression = interpreter_describe_expression,
    .install_builtins = install_builtins,
    .self_hosted = self_hosted_function,
    .find_intrinsic_operation = intrinsic_operation_find,
    .intrinsic_operations = intrinsic_operations,
    .compile_function = evaluate_dynamic_function,
    .evaluate_indirect = evaluate_indirect,
    .close_over = interpreter_close_over,
    .run_module = interpreter_run_module,
    .load_module = host_load_module,
    .generator_resume = interpreter_generator_resume,
    .async_generator_enqueue = async_generator_enqueue,
    .trace_code = code_trace,
    .empty_caches = code_empty_caches,
    .regexp_create = regexp_create_from_literal,
    .trace_extra_roots = host_trace,
    .clear_weak_roots = host_clear_weak,
    .promise_rejection_tracker = host_track_rejection,
    .report_exception = host_report_exception,
    .job_parked = host_job_parked,
    .module_parked = host_module_parked,
    .builtin_objects = builtin_objects,
    .make_global = host_make_global,
    .now = host_now,
    .monotonic_time = host_monotonic,
    .time_zone = host_time_zone,
    .time_zone_name = host_time_zone_name,
    .atomics_wait = shared_wait,
    .atomics_wait_async = shared_wait_async,
    .atomics_notify = shared_notify,
};
