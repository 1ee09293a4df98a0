// The table of upward calls.
#include "runtime/hooks.h"

#include "builtins/install.h"
#include "builtins/intrinsics.h"
#include "builtins/self_hosted.h"
#include "builtins/text/regexp_objects.h"
#include "bytecode/compile.h"
#include "host/runtime/host.h"
#include "host/runtime/module_sources.h"
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

static void host_note_stop(Context *cx, bool is_first) {
  if (is_first) host_note_stop_at(host_of(cx), cx->frame);
  else host_of(cx)->stop.reason = cx->termination;
}

static void host_report_exception(Context *cx, Value exception) {
  host_report(host_of(cx), HOST_EVENT_UNCAUGHT_ERROR, 0, exception);
}

static void host_clear_weak(Context *cx, Heap *heap) {
  for (const HostExtension *const *extension = host_extensions; *extension; extension++)
    if ((*extension)->clear_weak) (*extension)->clear_weak(host_of(cx), heap);
}

// Asks the one extension that has globals.
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

// The handler of a promise reaction waits for the host: the reaction is completed when its fiber ends.
static void host_finish_parked_job(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  if (is_abrupt && exception_is_catchable(cx)) (void)throw_value(cx, result);
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
    // interpreter/
    .call = interpreter_call,
    .construct = interpreter_construct,
    .resume = interpreter_resume,
    .generator_resume = interpreter_generator_resume,
    .async_generator_enqueue = async_generator_enqueue,
    .is_running = interpreter_is_running,
    .close_over = interpreter_close_over,
    .is_evaluating = interpreter_is_evaluating,
    .run_module = interpreter_run_module,
    .compile_function = evaluate_dynamic_function,
    .evaluate_indirect = evaluate_indirect,
    .describe_expression = interpreter_describe_expression,
    .capture_frames = interpreter_capture_frames,
    // bytecode/
    .trace_code = code_trace,
    .empty_caches = code_empty_caches,
    // builtins/
    .install_builtins = install_builtins,
    .builtin_objects = builtin_objects,
    .self_hosted = self_hosted_function,
    .find_intrinsic_operation = intrinsic_operation_find,
    .intrinsic_operations = intrinsic_operations,
    .make_call_sites = call_sites_create,
    .regexp_create = regexp_create_from_literal,
    // host/
    .note_stop = host_note_stop,
    .trace_extra_roots = host_trace,
    .clear_weak_roots = host_clear_weak,
    .load_module = host_load_module,
    .resolve_module = host_resolve_module,
    .promise_rejection_tracker = host_track_rejection,
    .report_exception = host_report_exception,
    .job_parked = host_job_parked,
    .module_parked = host_module_parked,
    .make_global = host_make_global,
    .now = host_now,
    .monotonic_time = host_monotonic,
    .time_zone = host_time_zone,
    .time_zone_name = host_time_zone_name,
    .atomics_wait = shared_wait,
    .atomics_wait_async = shared_wait_async,
    .atomics_notify = shared_notify,
};
