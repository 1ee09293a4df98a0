// What hosts give every realm beyond ECMAScript: console, timers, queueMicrotask.
#include <math.h>

#include "host/host.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/promises.h"
#include "text/utf8.h"

#define LONGEST_DELAY 2147483647.0

void host_append_utf8(Buffer *out, TextView text) {
  uint8_t *place = buffer_reserve(out, utf8_encoded_size(text));
  if (place) out->size += (size_t)(utf8_encode(text, place) - place);
}

// https://console.spec.whatwg.org/#logger
static Value console_print(Context *cx, const Call *call) {
  CaissonRuntime *runtime = host_of(cx);
  if (runtime->print_values)
    return runtime->print_values(runtime, call_magic(call), call->arguments, call->count) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  if (!runtime->options.callbacks.print) return VALUE_UNDEFINED;
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  for (uint32_t i = 0; i < call->count; i++) {
    if (i) buffer_append_byte(&text, ' ');
    TextView view;
    if (value_is_string(call->arguments[i])) {
      if (!string_view(cx, value_as_string(call->arguments[i]), &view)) {
        buffer_release(&text);
        return VALUE_ABRUPT;
      }
      host_append_utf8(&text, view);
    } else {
      host_inspect(cx, call->arguments[i], &text);
    }
  }
  bool failed = text.failed;
  if (!failed)
    runtime->options.callbacks.print(runtime->options.user, (CaissonConsoleLevel)call_magic(call),
                                     text.data ? (const char *)text.data : "", text.size);
  buffer_release(&text);
  return failed ? context_throw_out_of_memory(cx) : VALUE_UNDEFINED;
}

static const BuiltinRow console_rows[] = {
    FUNCTION_MAGIC("log", 0, console_print, CAISSON_LOG),     FUNCTION_MAGIC("debug", 0, console_print, CAISSON_DEBUG),
    FUNCTION_MAGIC("info", 0, console_print, CAISSON_INFO),   FUNCTION_MAGIC("warn", 0, console_print, CAISSON_WARN),
    FUNCTION_MAGIC("error", 0, console_print, CAISSON_ERROR), FUNCTION_MAGIC("trace", 0, console_print, CAISSON_DEBUG),
    END_OF_ROWS,
};

// Timers without end are kept for host_restart_timer.
static void timer_run(CaissonRuntime *runtime, HostTimer *timer, double delay) {
  timer->is_running = delay < (double)INFINITY;
  if (timer->is_running && runtime->options.callbacks.timer)
    runtime->options.callbacks.timer(runtime->options.user, 0, timer->number, MIN_OF(delay, LONGEST_DELAY), timer->repeats);
}

// NULL: threw.
static HostTimer *timer_add(Context *cx, double delay, bool repeats) {
  CaissonRuntime *runtime = host_of(cx);
  HostTimer *timer = memory_allocate_zeroed(&cx->memory, sizeof *timer);
  if (!timer) {
    (void)context_throw_out_of_memory(cx);
    return NULL;
  }
  *timer = (HostTimer){.next = runtime->timers, .number = ++runtime->timer_counter, .repeats = repeats,
                       .callback = VALUE_UNDEFINED, .arguments = VALUE_UNDEFINED};
  runtime->timers = timer;
  timer_run(runtime, timer, delay);
  return timer;
}

uint32_t host_add_timer(Context *cx, double delay, HostTimerCallback callback) {
  HostTimer *timer = timer_add(cx, delay, false);
  if (!timer) return 0;
  timer->native = callback;
  return timer->number;
}

// Timers outlive the entry that sets them, whatever ends it: they leave room for the entries that come after it.
static bool timers_are_too_many(Context *cx) {
  size_t reserve = cx->memory.limit / 32;
  if (cx->memory.used + reserve <= cx->memory.limit) return false;
  heap_collect_fully(&cx->heap);
  return cx->memory.used + reserve > cx->memory.limit;
}

// https://html.spec.whatwg.org/#timers
static Value timer_start(Context *cx, const Call *call) {
  bool repeats = call_magic(call);
  Value callback = call_argument(call, 0);
  if (!value_is_callable(callback))
    return throw_type_error(cx, "%s: the callback must be a function, got %v", repeats ? "setInterval" : "setTimeout",
                            callback);
  double delay = 1;
  if (!value_to_number(cx, call_argument(call, 1), &delay)) return VALUE_ABRUPT;
  // Least and greatest delay are Node's, so that programs see one order of timers on every host.
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
  if (timers_are_too_many(cx)) return context_throw_out_of_memory(cx);
  HostTimer *timer = timer_add(cx, delay, repeats);
  if (!timer) return VALUE_ABRUPT;
  timer->callback = callback;
  timer->arguments = r->arguments;
  return value_unsigned(timer->number);
}

static HostTimer *timer_unlink(CaissonRuntime *runtime, uint32_t number) {
  for (HostTimer **link = &runtime->timers; *link; link = &(*link)->next) {
    HostTimer *timer = *link;
    if (timer->number != number) continue;
    *link = timer->next;
    return timer;
  }
  return NULL;
}

static void timer_halt(CaissonRuntime *runtime, HostTimer *timer) {
  if (timer->is_running && runtime->options.callbacks.timer)
    runtime->options.callbacks.timer(runtime->options.user, 1, timer->number, 0, timer->repeats);
  timer->is_running = false;
}

void host_remove_timer(CaissonRuntime *runtime, uint32_t number) {
  HostTimer *timer = timer_unlink(runtime, number);
  if (!timer) return;
  timer_halt(runtime, timer);
  memory_release(&runtime->cx.memory, timer, sizeof *timer);
}

static HostTimer *timer_find(CaissonRuntime *runtime, uint32_t number) {
  HostTimer *timer = runtime->timers;
  while (timer && timer->number != number) timer = timer->next;
  return timer;
}

void host_restart_timer(CaissonRuntime *runtime, uint32_t number, double delay) {
  HostTimer *timer = timer_find(runtime, number);
  if (!timer) return;
  timer_halt(runtime, timer);
  timer_run(runtime, timer, delay);
}

static Value timer_clear(Context *cx, const Call *call) {
  Value number = call_argument(call, 0);
  if (value_is_double(number)) number = value_number(value_as_double(number));
  if (!value_is_int(number)) return VALUE_UNDEFINED;
  HostTimer *timer = timer_find(host_of(cx), (uint32_t)value_as_int(number));
  if (timer && !timer->native) host_remove_timer(host_of(cx), timer->number);
  return VALUE_UNDEFINED;
}

CaissonStatus caisson_fire_timer(CaissonRuntime *runtime, uint32_t number) {
  Context *cx = &runtime->cx;
  HostTimer *timer = runtime->timers;
  while (timer && timer->number != number) timer = timer->next;
  if (!timer) return CAISSON_OK;
  host_enter(runtime);
  ROOTS(cx, r, callback, arguments);
  r->callback = timer->callback;
  r->arguments = timer->arguments;
  HostTimerCallback native = timer->native;
  if (!timer->repeats) {
    timer_unlink(runtime, number);
    memory_release(&cx->memory, timer, sizeof *timer);
  }
  if (native) return host_leave(runtime, native(cx, number) ? VALUE_UNDEFINED : VALUE_ABRUPT);
  const Values *list = value_is_internal(r->arguments) ? (const Values *)value_as_cell(r->arguments) : NULL;
  Value result = function_call(cx, r->callback, VALUE_UNDEFINED, list ? list->items : NULL, list ? list->cell.extra : 0);
  return host_leave(runtime, result);
}

bool caisson_has_timers(const CaissonRuntime *runtime) { return runtime->timers != NULL; }

void host_timers_release(CaissonRuntime *runtime) {
  while (runtime->timers) {
    HostTimer *timer = runtime->timers;
    runtime->timers = timer->next;
    memory_release(&runtime->cx.memory, timer, sizeof *timer);
  }
}

// https://html.spec.whatwg.org/#microtask-queuing
static Value queue_microtask(Context *cx, const Call *call) {
  Value callback = call_argument(call, 0);
  if (!value_is_callable(callback))
    return throw_type_error(cx, "queueMicrotask: the callback must be a function, got %v", callback);
  return job_enqueue_call(cx, callback, NULL) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

static Value make_console(Context *cx, const Call *call) {
  (void)call;
  ROOTS(cx, r, console);
  Object *console = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!console) return VALUE_ABRUPT;
  r->console = value_object(console);
  return builtin_add_rows(cx, cx->realm, console, console_rows) ? r->console : VALUE_ABRUPT;
}

const BuiltinRow host_global_rows[] = {
    MADE("console", make_console, PROPERTY_HIDDEN),
    FUNCTION_MAGIC("setTimeout", 1, timer_start, 0),
    FUNCTION_MAGIC("setInterval", 1, timer_start, 1),
    FUNCTION("clearTimeout", 0, timer_clear),
    FUNCTION("clearInterval", 0, timer_clear),
    FUNCTION("queueMicrotask", 1, queue_microtask),
    END_OF_ROWS,
};

bool host_install_globals(Context *cx) {
  return builtin_add_lazy_rows(cx, cx->realm, cx->realm->global_object, host_global_rows) &&
         host_install_web_globals(cx);
}
