// The text that a console prints for its arguments: a text with directives, then the rest, like Node's console.
// https://console.spec.whatwg.org/#formatter
#include <math.h>

#include "builtins/text/json.h"
#include "host/runtime/host.h"
#include "number/format.h"
#include "number/parse.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"

static bool append_text(Context *cx, Value string, Buffer *out) {
  TextView text;
  if (value_is_abrupt(string) || !string_view(cx, value_as_string(string), &text)) return false;
  host_append_utf8(out, text);
  return true;
}

static bool format_as_text(Context *cx, Value value, Buffer *out) {
  if (value_is_string(value)) return append_text(cx, value, out);
  // A toString of the guest is called.
  bool is_shown = !value_is_object(value) ||
                  (!value_is_callable(value) &&
                   !value_is_object_of(object_peek(value_as_object(value), cx->names->toString), CELL_CLOSURE));
  if (!replay_note_flag(cx, &is_shown)) return false;
  if (is_shown) return host_inspect_to_depth(cx, value, 0, out), true;
  ROOTS(cx, r, text);
  r->text = value_to_string(cx, value);
  return append_text(cx, r->text, out);
}

static void append_number(double number, Buffer *out) {
  char text[NUMBER_TEXT_SIZE];
  if (number == 0 && signbit(number)) buffer_append_text(out, "-0");
  else buffer_append(out, text, number_to_text(number, text));
}

static bool format_as_number(Context *cx, char directive, Value value, Buffer *out) {
  double number = (double)NAN;
  if (value_is_bigint(value) && directive != 'f') return host_inspect_to_depth(cx, value, 0, out), true;
  if (value_is_symbol(value)) {
    // NaN
  } else if (directive == 'd') {
    if (!value_to_number(cx, value, &number)) return false;
  } else {
    ROOTS(cx, r, text);
    TextView text;
    r->text = value_to_string(cx, value);
    if (value_is_abrupt(r->text) || !string_view(cx, value_as_string(r->text), &text)) return false;
    number = directive == 'i' ? number_parse_int(text, 0, &cx->fuel) : number_parse_float(text, &cx->fuel);
  }
  append_number(number, out);
  return true;
}

// Whether this is the engine's own error of JSON.stringify about cycles, recognised by its message.
static bool is_circular(Context *cx, Value error) {
  static const char start[] = "JSON.stringify: circular structure";
  TextView text;
  Value message =
      value_is_object_of(error, CELL_ERROR) ? object_peek(value_as_object(error), cx->names->message) : VALUE_UNDEFINED;
  return value_is_string(message) && string_view(cx, value_as_string(message), &text) && !text.is_wide &&
         text.length >= sizeof start - 1 && memcmp(text.narrow, start, sizeof start - 1) == 0;
}

static bool format_as_json(Context *cx, Value value, Buffer *out) {
  ROOTS(cx, r, text);
  ReplayOperation operation;
  bool is_recording = replay_is_recording(cx);
  if (!is_recording || !replay_begin(cx, REPLAY_NATIVE, &operation, &r->text, 1)) {
    r->text = json_stringify(cx, value, VALUE_UNDEFINED, VALUE_UNDEFINED);
    if (is_recording) r->text = replay_end(cx, &operation, &r->text, 1);
  }
  if (value_is_abrupt(r->text)) {
    // Node prints a text for cycles.
    if (!exception_is_catchable(cx) || !is_circular(cx, cx->exception)) return false;
    (void)exception_take(cx);
    buffer_append_text(out, "[Circular]");
    return true;
  }
  if (!value_is_undefined(r->text)) return append_text(cx, r->text, out);
  buffer_append_text(out, "undefined");
  return true;
}

static bool format_as_wanted(Context *cx, char directive, Value value, Buffer *out) {
  enum { OPTIMAL_DEPTH = 4, DEPTH = 2 };
  switch (directive) {
    case 's': return format_as_text(cx, value, out);
    case 'd':
    case 'i':
    case 'f': return format_as_number(cx, directive, value, out);
    case 'j': return format_as_json(cx, value, out);
    case 'o':
    case 'O': return host_inspect_to_depth(cx, value, directive == 'o' ? OPTIMAL_DEPTH : DEPTH, out), true;
    default: return true;  // %c: styles are not shown
  }
}

// A value whose conversion throws is shown as without a directive: printing never throws, in contrast to Node.
static bool format_directive(Context *cx, char directive, Value value, Buffer *out) {
  size_t start = out->size;
  if (format_as_wanted(cx, directive, value, out)) return true;
  if (!exception_is_catchable(cx)) return false;
  (void)exception_take(cx);
  out->size = start;
  host_inspect_to_depth(cx, value, 0, out);
  return true;
}

// Appends a text, with its directives as long as there are values. Returns how many values they took, or -1: threw.
static int64_t format_directives(Context *cx, String *string, const Value *values, uint32_t count, Buffer *out) {
  TextView text;
  if (!string_view(cx, string, &text)) return -1;
  uint32_t used = 0, plain = 0, steps = 0;
  for (uint32_t i = 0; i + 1 < text.length && count > 0; i++) {
    if (!context_step(cx, &steps)) return -1;
    if (text_view_unit(text, i) != '%') continue;
    uint16_t unit = text_view_unit(text, i + 1);
    bool is_directive = unit < 0x80 && strchr("sdifjoOc", unit) && unit != 0 && used < count;
    if (is_directive || unit == '%') {
      host_append_utf8(out, text_view_slice(text, plain, i + (unit == '%')));
      plain = i + 2;
    }
    if (is_directive && !format_directive(cx, (char)unit, values[used++], out)) return -1;
    // Guest code may have run meanwhile and moved the text.
    if (is_directive && !string_view(cx, string, &text)) return -1;
    if (plain == i + 2) i++;
  }
  host_append_utf8(out, text_view_slice(text, plain, text.length));
  return used;
}

bool host_make_stack(Context *cx, Value value) {
  if (!value_is_object_of(value, CELL_ERROR)) return true;
  Object *error = value_as_object(value);
  const Property *property = shape_lookup(error->shape, cx->names->stack);
  bool is_engines = property && property->attributes & PROPERTY_ACCESSOR;
  if (!replay_note_flag(cx, &is_engines)) return false;
  if (!is_engines) return true;
  if (!value_is_abrupt(object_get_key(cx, error, cx->names->stack))) return true;
  if (!exception_is_catchable(cx)) return false;
  (void)exception_take(cx);
  return true;
}

bool host_make_stack_outside(Context *cx, Value value) {
  return (cx->replay.is_wanted && !replay_is_possible(cx)) || host_make_stack(cx, value);
}

bool host_format(Context *cx, const Value *values, uint32_t count, Buffer *out) {
  uint32_t next = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (!host_make_stack(cx, values[i])) return false;
  }
  if (count > 0 && value_is_string(values[0])) {
    int64_t used = format_directives(cx, value_as_string(values[0]), values + 1, count - 1, out);
    if (used < 0) return false;
    next = (uint32_t)used + 1;
  }
  for (; next < count; next++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (next > 0) buffer_append_byte(out, ' ');
    if (!value_is_string(values[next])) host_inspect_to_depth(cx, values[next], 2, out);
    else if (!append_text(cx, values[next], out)) return false;
  }
  return true;
}
