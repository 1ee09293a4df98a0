// Unhandled rejections: new ones, and those that are handled later, are kept in a list, and the host is told when the
// jobs are done.
#include "host/runtime/host.h"
#include "runtime/errors.h"
#include "runtime/promises.h"

// https://tc39.es/ecma262/#sec-host-promise-rejection-tracker
void host_track_rejection(Context *cx, Object *promise, int operation) {
  CaissonRuntime *runtime = host_of(cx);
  // A rejection that is handled before the host was told is not reported: it is skipped when the list is reported.
  if (operation == 1 && ((const Promise *)promise)->report_number == 0) return;
  ROOTS(cx, r, promise);
  r->promise = value_object(promise);
  Values *list = value_is_internal(runtime->rejections) ? (Values *)value_as_cell(runtime->rejections) : NULL;
  uint32_t count = runtime->rejection_count;
  if (!list || count == values_count(list)) {
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

// Rejections that were handled later are reported first, as in other hosts. The host may call the guest meanwhile: then
// there are jobs to run, and perhaps more to report.
void host_report_rejections(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, list);
  while (value_is_internal(runtime->rejections)) {
    r->list = runtime->rejections;
    uint32_t count = runtime->rejection_count;
    runtime->rejections = VALUE_UNDEFINED;
    runtime->rejection_count = 0;
    const Values *list = (const Values *)value_as_cell(r->list);
    uint32_t handled = 0, reported = 0;
    while (handled < count && !cx->is_paused)
      report_handling(runtime, (Promise *)value_as_object(list->items[handled++]));
    while (reported < count && !cx->is_paused)
      report_rejection(runtime, (Promise *)value_as_object(list->items[reported++]));
    // A value that was written has paused the guest: the others come when it has ended.
    while (reported < count) host_track_rejection(cx, value_as_object(list->items[reported++]), 0);
    if (cx->is_paused) return;
    if (cx->termination != TERMINATION_NONE) {
      // A limit struck while a rejection was written. It and those after it were reported with that limit; the entry
      // itself had ended well.
      cx->termination = TERMINATION_NONE;
      return;
    }
    if (!jobs_drain(cx)) return;
  }
}
