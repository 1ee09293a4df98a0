// Globals that hosts give every realm in addition to ECMAScript: console, timers, queueMicrotask.
#include "host/runtime/host.h"
#include "host/web/web_natives.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "text/utf8.h"

enum { CONSOLE_DEEPEST = 1000 };

// The text, with all lines indented as deeply as the first.
static MUST_CHECK bool format_in_group(Context *cx, const Value *values, uint32_t count, Buffer *out) {
  uint32_t columns = 2 * host_of(cx)->console_depth, start = (uint32_t)out->size;
  if (!host_format(cx, values, count, out)) return false;
  if (columns == 0 || out->failed) return !out->failed || (context_throw_out_of_memory(cx), false);
  Buffer lines;
  buffer_initialize(&lines, &cx->memory);
  uint32_t steps = 0;
  bool is_running = true;
  for (size_t i = start; i <= out->size && is_running && !lines.failed; i++) {
    is_running = context_step(cx, &steps);
    bool begins_line = i == start || out->data[i - 1] == '\n';
    for (uint32_t column = 0; begins_line && column < columns; column++) buffer_append_byte(&lines, ' ');
    if (i < out->size) buffer_append_byte(&lines, out->data[i]);
  }
  buffer_release(out);
  *out = lines;
  return is_running && (!lines.failed || (context_throw_out_of_memory(cx), false));
}

static Value call_host_console(Context *cx, Object *console, int level, const Value *values, uint32_t count) {
  static const char *const levels[] = {"log", "debug", "info", "warn", "error"};
  ROOTS(cx, r, key, method);
  r->key = key_from_ascii(cx, levels[level]);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  r->method = object_get_key(cx, console, r->key);
  if (value_is_abrupt(r->method) || !value_is_callable(r->method))
    return value_is_abrupt(r->method) ? VALUE_ABRUPT : VALUE_UNDEFINED;
  return function_call(cx, r->method, VALUE_UNDEFINED, values, count);
}

// Whether the host's console wants texts.
static bool console_takes_text(Context *cx, Object *console) {
  PropertyKey key = key_from_ascii(cx, "text");
  if (!value_is_abrupt(key)) return object_peek(console, key) == VALUE_TRUE;
  if (exception_is_catchable(cx)) (void)exception_take(cx);
  return false;
}

// For the host it is like a call of one of its functions (bridge.c), and costs as much.
static Value print_for_host(CaissonRuntime *runtime, int level, String *text) {
  enum { PRINT_UNITS = 400 };
  Context *cx = &runtime->cx;
  TextView view;
  if (!string_view(cx, text, &view)) return VALUE_ABRUPT;
  if (!context_charge(cx, PRINT_UNITS)) return context_throw_interrupted(cx);
  runtime->print_text(runtime, (CaissonConsoleLevel)level, view);
  host_look_after_call(runtime);
  if (cx->termination == TERMINATION_NONE && program_is_aborted(cx, cx->program)) context_stop(cx, TERMINATION_PROGRAM);
  return cx->termination == TERMINATION_NONE ? VALUE_UNDEFINED : context_throw_interrupted(cx);
}

static Value print_text(Context *cx, Object *console, int level, const Value *values, uint32_t count) {
  CaissonRuntime *runtime = host_of(cx);
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  ROOTS(cx, r, text);
  bool is_made = format_in_group(cx, values, count, &text);
  if (is_made && (console || runtime->print_text)) {
    r->text = string_from_utf8(cx, text.data ? (const char *)text.data : "", text.size);
    is_made = !value_is_abrupt(r->text);
  } else if (is_made) {
    runtime->options.callbacks.print(runtime->options.user, (CaissonConsoleLevel)level,
                                     text.data ? (const char *)text.data : "", text.size);
  }
  buffer_release(&text);
  if (!is_made) return VALUE_ABRUPT;
  if (console) return call_host_console(cx, console, level, &r->text, 1);
  return runtime->print_text ? print_for_host(runtime, level, value_as_string(r->text)) : VALUE_UNDEFINED;
}

// Values for a console of the host. Within groups the first text is indented, or a text comes before the values.
static Value print_values(Context *cx, Object *console, int level, const Value *values, uint32_t count) {
  uint32_t depth = host_of(cx)->console_depth;
  if (depth == 0) return call_host_console(cx, console, level, values, count);
  static const char spaces[] = "                                        ";
  ROOTS(cx, r, list, text);
  r->text = string_from_view(cx, text_view_narrow(spaces, MIN_OF(2 * depth, (uint32_t)sizeof spaces - 1)));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  Values *list = values_create(cx, count + 1);
  if (!list) return VALUE_ABRUPT;
  r->list = value_internal(list);
  bool joins = count > 0 && value_is_string(values[0]);
  if (joins) r->text = string_concatenate(cx, value_as_string(r->text), value_as_string(values[0]));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  list->items[0] = r->text;
  for (uint32_t i = joins; i < count; i++) list->items[i + !joins] = values[i];
  return call_host_console(cx, console, level, list->items, count + !joins);
}

// https://console.spec.whatwg.org/#logger
static Value print_in_group(Context *cx, int level, const Value *values, uint32_t count) {
  const CaissonRuntime *runtime = host_of(cx);
  ROOTS(cx, r, console);
  r->console = host_console_object(cx);
  Object *console = value_is_object(r->console) ? value_as_object(r->console) : NULL;
  if (console && !console_takes_text(cx, console)) return print_values(cx, console, level, values, count);
  bool has_printer = console || runtime->print_text || runtime->options.callbacks.print;
  return has_printer ? print_text(cx, console, level, values, count) : VALUE_UNDEFINED;
}

static Value console_print(Context *cx, const Call *call) {
  return print_in_group(cx, call_magic(call), call->arguments, call->count);
}

// print(level, ...values)
static Value print_at_level(Context *cx, const Call *call) {
  if (call->count == 0 || !value_is_int(call->arguments[0])) return VALUE_UNDEFINED;
  if (value_as_int(call->arguments[0]) < CAISSON_LOG || value_as_int(call->arguments[0]) > CAISSON_ERROR)
    return VALUE_UNDEFINED;
  return print_in_group(cx, value_as_int(call->arguments[0]), call->arguments + 1, call->count - 1);
}

// indent(by): enters or leaves groups
static Value change_indent(Context *cx, const Call *call) {
  if (!value_is_number(call_argument(call, 0))) return VALUE_UNDEFINED;
  double depth = host_of(cx)->console_depth + value_as_number(call_argument(call, 0));
  host_of(cx)->console_depth = depth < 0 ? 0 : depth > CONSOLE_DEEPEST ? CONSOLE_DEEPEST : (uint32_t)depth;
  return VALUE_UNDEFINED;
}

static Value text_of_buffer(Context *cx, Buffer *text, bool is_made) {
  Value value = VALUE_ABRUPT;
  if (is_made && text->failed) context_throw_out_of_memory(cx);
  else if (is_made) value = string_from_utf8(cx, text->data ? (const char *)text->data : "", text->size);
  buffer_release(text);
  return value;
}

// inspect(value, depth): the text that `print` shows for the value
static Value inspect_native(Context *cx, const Call *call) {
  double depth = value_is_number(call_argument(call, 1)) ? value_as_number(call_argument(call, 1)) : 2;
  if (!host_make_stack(cx, call_argument(call, 0))) return VALUE_ABRUPT;
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  host_inspect_to_depth(cx, call_argument(call, 0), depth >= -1 && depth < 1000 ? (int)depth : 1000, &text);
  return text_of_buffer(cx, &text, true);
}

// format(...values): the text that `print` makes of the values
static Value format_native(Context *cx, const Call *call) {
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  bool is_made = host_format(cx, call->arguments, call->count, &text);
  return text_of_buffer(cx, &text, is_made);
}

const BuiltinRow web_console_rows[] = {
    FUNCTION("print", 1, print_at_level),
    FUNCTION("indent", 1, change_indent),
    FUNCTION("now", 0, web_now),
    FUNCTION("stack", 0, web_stack),
    FUNCTION("inspect", 2, inspect_native),
    FUNCTION("format", 0, format_native),
    END_OF_ROWS,
};

static const char *const console_others[] = {"assert",   "clear", "count", "countReset", "dir",     "dirxml", "group",
                                             "groupEnd", "table", "time",  "timeEnd",    "timeLog", "trace"};

// In web_console.js.
static Value console_other(Context *cx, const Call *call) {
  ROOTS(cx, r, function);
  r->function = host_web_member(cx, "web_console", console_others[call_magic(call)]);
  return value_is_abrupt(r->function) ? VALUE_ABRUPT
                                      : function_call(cx, r->function, VALUE_UNDEFINED, call->arguments, call->count);
}

#define CONSOLE_ROW(name_, function_, magic_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .function = function_, .magic = magic_, .attributes = PROPERTY_DEFAULT, .intrinsic = -1}
static const BuiltinRow console_rows[] = {
    CONSOLE_ROW("log", console_print, CAISSON_LOG),
    CONSOLE_ROW("debug", console_print, CAISSON_DEBUG),
    CONSOLE_ROW("info", console_print, CAISSON_INFO),
    CONSOLE_ROW("warn", console_print, CAISSON_WARN),
    CONSOLE_ROW("error", console_print, CAISSON_ERROR),
    CONSOLE_ROW("trace", console_other, 12),
    CONSOLE_ROW("assert", console_other, 0),
    CONSOLE_ROW("clear", console_other, 1),
    CONSOLE_ROW("count", console_other, 2),
    CONSOLE_ROW("countReset", console_other, 3),
    CONSOLE_ROW("dir", console_other, 4),
    CONSOLE_ROW("dirxml", console_other, 5),
    CONSOLE_ROW("group", console_other, 6),
    CONSOLE_ROW("groupCollapsed", console_other, 6),
    CONSOLE_ROW("groupEnd", console_other, 7),
    CONSOLE_ROW("table", console_other, 8),
    CONSOLE_ROW("time", console_other, 9),
    CONSOLE_ROW("timeEnd", console_other, 10),
    CONSOLE_ROW("timeLog", console_other, 11),
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

// https://w3c.github.io/hr-time/#the-performance-attribute
static Value global_get_performance(Context *cx, const Call *call) {
  (void)call;
  return host_web_member(cx, "web_globals", "performance");
}

// https://webidl.spec.whatwg.org/#Replaceable
static Value global_set_performance(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_ascii(cx, "performance");
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Value target = value_is_object(call->this_value) ? call->this_value : value_object(cx->realm->global_object);
  return object_create_data_property(cx, value_as_object(target), r->key, call_argument(call, 0)) ? VALUE_UNDEFINED
                                                                                                  : VALUE_ABRUPT;
}

const BuiltinRow host_global_rows[] = {
    MADE("console", make_console, PROPERTY_HIDDEN),
    FUNCTION_ATTRIBUTES("setTimeout", 1, host_timer_start, PROPERTY_DEFAULT),
    {.name = "setInterval",
     .kind = BUILTIN_FUNCTION,
     .length = 1,
     .function = host_timer_start,
     .magic = 1,
     .attributes = PROPERTY_DEFAULT,
     .intrinsic = -1},
    FUNCTION_ATTRIBUTES("clearTimeout", 0, host_timer_clear, PROPERTY_DEFAULT),
    FUNCTION_ATTRIBUTES("clearInterval", 0, host_timer_clear, PROPERTY_DEFAULT),
    FUNCTION_ATTRIBUTES("queueMicrotask", 1, queue_microtask, PROPERTY_DEFAULT),
    FUNCTION_ATTRIBUTES("atob", 1, web_atob, PROPERTY_DEFAULT),
    FUNCTION_ATTRIBUTES("btoa", 1, web_btoa, PROPERTY_DEFAULT),
    {.name = "performance",
     .kind = BUILTIN_ACCESSOR,
     .function = global_get_performance,
     .setter = global_set_performance,
     .attributes = PROPERTY_CONFIGURABLE | PROPERTY_ENUMERABLE,
     .intrinsic = -1},
    END_OF_ROWS,
};
