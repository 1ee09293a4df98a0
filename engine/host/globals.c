// What hosts give every realm beyond ECMAScript: console, timers, queueMicrotask.
#include "host/host.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/promises.h"
#include "text/utf8.h"

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
    TO_STRING_TAG("console"),
    END_OF_ROWS,
};

// https://html.spec.whatwg.org/#microtask-queuing
static Value queue_microtask(Context *cx, const Call *call) {
  Value callback = call_argument(call, 0);
  if (!value_is_callable(callback))
    return throw_type_error(cx, "queueMicrotask: the callback must be a function, got %v", callback);
  return job_enqueue_call(cx, callback, NULL) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

static Value make_console(Context *cx, const Call *call) {
  (void)call;
  ROOTS(cx, r, console, prototype);
  // https://console.spec.whatwg.org/#console-namespace: an object without properties lies between
  Object *prototype = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!prototype) return VALUE_ABRUPT;
  r->prototype = value_object(prototype);
  Object *console = object_create(cx, prototype);
  if (!console) return VALUE_ABRUPT;
  r->console = value_object(console);
  return builtin_add_rows(cx, cx->realm, console, console_rows) ? r->console : VALUE_ABRUPT;
}

const BuiltinRow host_global_rows[] = {
    MADE("console", make_console, PROPERTY_HIDDEN),
    FUNCTION_MAGIC("setTimeout", 1, host_timer_start, 0),
    FUNCTION_MAGIC("setInterval", 1, host_timer_start, 1),
    FUNCTION("clearTimeout", 0, host_timer_clear),
    FUNCTION("clearInterval", 0, host_timer_clear),
    FUNCTION("queueMicrotask", 1, queue_microtask),
    END_OF_ROWS,
};

bool host_install_globals(Context *cx) {
  return builtin_add_lazy_rows(cx, cx->realm, cx->realm->global_object, host_global_rows) &&
         host_install_web_globals(cx);
}
