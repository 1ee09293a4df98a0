// How console shows values: a short, deterministic form that runs no guest code (no getters, no proxies' traps, no
// toString), cut off in depth and length.
#include <math.h>

#include "host/runtime/host.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/promises.h"
#include "text/utf8.h"

void host_append_utf8(Buffer *out, TextView text) {
  uint8_t *place = buffer_reserve(out, utf8_encoded_size(text));
  if (place) out->size += (size_t)(utf8_encode(text, place) - place);
}

enum { INSPECT_DEPTH = 3, INSPECT_ITEMS = 100 };

static void inspect_value(Context *cx, Value value, Buffer *out, unsigned depth);

static bool text_has(TextView text, char character) {
  for (uint32_t i = 0; i < text.length; i++) {
    if (text_view_unit(text, i) == (uint8_t)character) return true;
  }
  return false;
}

// In quotes that it does not hold, with what cannot be seen escaped, as Node shows texts.
static void inspect_quoted(TextView text, Buffer *out) {
  char quote = !text_has(text, '\'') ? '\'' : !text_has(text, '"') ? '"' : !text_has(text, '`') ? '`' : '\'';
  buffer_append_byte(out, (uint8_t)quote);
  uint32_t plain = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    static const char letters[] = "btn\0fr";
    uint16_t unit = text_view_unit(text, i);
    bool is_high = (unit & 0xFC00) == 0xD800, is_paired = is_high && i + 1 < text.length && (text_view_unit(text, i + 1) & 0xFC00) == 0xDC00;
    if (is_paired) {
      i++;
      continue;
    }
    bool is_control = unit < 0x20 || (unit >= 0x7F && unit <= 0x9F), is_half = (unit & 0xF800) == 0xD800;
    if (!is_control && !is_half && unit != (uint8_t)quote && unit != '\\') continue;
    host_append_utf8(out, text_view_slice(text, plain, i));
    plain = i + 1;
    if (is_half) {
      buffer_format(out, "\\u%x", unit);
    } else if (!is_control) {
      buffer_format(out, "\\%c", unit);
    } else if (unit >= 8 && unit <= 13 && letters[unit - 8]) {
      buffer_format(out, "\\%c", letters[unit - 8]);
    } else {
      static const char digits[] = "0123456789ABCDEF";
      buffer_format(out, "\\x%c%c", digits[unit >> 4], digits[unit & 15]);
    }
  }
  host_append_utf8(out, text_view_slice(text, plain, text.length));
  buffer_append_byte(out, (uint8_t)quote);
}

static void inspect_key(Context *cx, PropertyKey key, Buffer *out) {
  if (value_is_int(key)) {
    buffer_format(out, "%d", value_as_int(key));
  } else if (value_is_symbol(key)) {
    buffer_append_byte(out, '[');
    value_describe(cx, key, out);
    buffer_append_byte(out, ']');
  } else {
    TextView text = string_view_flat(value_as_string(key));
    bool is_identifier = text.length > 0;
    for (uint32_t i = 0; i < text.length && is_identifier; i++) {
      uint16_t unit = text_view_unit(text, i);
      is_identifier = (uint16_t)((unit | 32) - 'a') < 26 || unit == '_' || unit == '$' || (i > 0 && (uint16_t)(unit - '0') < 10);
    }
    if (is_identifier) {
      host_append_utf8(out, text);
    } else {
      inspect_quoted(text, out);
    }
  }
}

static void inspect_separator(Buffer *out, uint32_t *count) {
  buffer_append_text(out, (*count)++ ? ", " : " ");
}

static void inspect_elements(Context *cx, const Object *object, Buffer *out, unsigned depth, uint32_t *count) {
  uint32_t length = object->cell.kind == CELL_ARRAY ? object->length : object->element_count;
  uint32_t holes = 0;
  for (uint32_t i = 0; i < length; i++) {
    Value item = i < object->element_count ? object->elements->items[i] : VALUE_HOLE;
    if (value_is_hole(item) && !(object->cell.flags & OBJECT_SPARSE)) {
      holes++;
      if (i + 1 < length && i + 1 < object->element_count) continue;
      if (i + 1 < length) holes += length - i - 1, i = length - 1;
    }
    if (holes) {
      inspect_separator(out, count);
      buffer_format(out, "<%u empty item%s>", holes, holes > 1 ? "s" : "");
      holes = 0;
      if (value_is_hole(item)) continue;
    }
    if (object->cell.flags & OBJECT_SPARSE) break;
    if (*count >= INSPECT_ITEMS) {
      buffer_format(out, ", ... %u more", length - i);
      return;
    }
    inspect_separator(out, count);
    if (object->cell.kind != CELL_ARRAY) buffer_format(out, "%u: ", i);
    inspect_value(cx, item, out, depth + 1);
  }
}

static void inspect_properties(Context *cx, const Object *object, Buffer *out, unsigned depth, uint32_t *count) {
  const Shape *shape = object->shape;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *property = &shape->properties->entries[i];
    if (!property->key || !(property->attributes & PROPERTY_ENUMERABLE)) continue;
    if (value_is_symbol(property->key) && value_as_symbol(property->key)->cell.flags & SYMBOL_PRIVATE) continue;
    if (*count >= INSPECT_ITEMS) {
      buffer_append_text(out, ", ...");
      return;
    }
    inspect_separator(out, count);
    inspect_key(cx, property->key, out);
    buffer_append_text(out, ": ");
    Value value = object->slots[property->slot];
    if (property->attributes & PROPERTY_ACCESSOR) {
      const Record *accessor = (const Record *)value_as_cell(value);
      bool has_get = !value_is_undefined(accessor->items[0]), has_set = !value_is_undefined(accessor->items[1]);
      buffer_append_text(out, has_get && has_set ? "[Getter/Setter]" : has_get ? "[Getter]" : "[Setter]");
    } else if (property->attributes & PROPERTY_LAZY && property_is_unfilled(value)) {
      buffer_append_text(out, "[Function]");
    } else {
      inspect_value(cx, value, out, depth + 1);
    }
  }
}

static Value own_data(const Object *object, PropertyKey key) {
  const Property *property = shape_lookup(object->shape, key);
  if (!property || property->attributes & PROPERTY_ACCESSOR) return VALUE_UNDEFINED;
  Value value = object->slots[property->slot];
  return property_is_unfilled(value) ? VALUE_UNDEFINED : value;
}

// The name of the constructor along the prototype chain, if plain data says it.
static Value constructor_name(Context *cx, const Object *object) {
  const Object *o = object;
  for (int i = 0; o && i < 100; o = o->shape->prototype, i++) {
    if (o->cell.kind == CELL_PROXY) return VALUE_UNDEFINED;
    Value constructor =
        object_is_unfilled(o) ? builtin_unfilled_constructor(cx, o) : own_data(o, cx->names->constructor);
    if (!value_is_object(constructor)) continue;
    Value name = own_data(value_as_object(constructor), cx->names->name);
    return value_is_string(name) ? name : VALUE_UNDEFINED;
  }
  return VALUE_UNDEFINED;
}

static bool text_is(Value string, const char *text) {
  return value_is_string(string) && string_is_flat(value_as_string(string)) &&
         string_equals_ascii(value_as_string(string), text);
}

static void inspect_error(Context *cx, Object *object, Buffer *out, unsigned depth);

// A line of its own per detail, indented: what an error carries besides its stack.
static void inspect_error_detail(Context *cx, const char *name, Value value, Buffer *out, unsigned depth, uint32_t *count) {
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  if (value_is_object_of(value, CELL_ERROR) && context_enter_native(cx)) {
    inspect_error(cx, value_as_object(value), &text, depth + 1);
    context_leave_native(cx);
  } else {
    inspect_value(cx, value, &text, depth + 1);
  }
  buffer_append_text(out, (*count)++ ? ",\n  " : " {\n  ");
  buffer_append_text(out, name);
  buffer_append_text(out, ": ");
  for (size_t i = 0; i < text.size; i++) {
    buffer_append_byte(out, text.data[i]);
    if (text.data[i] == '\n') buffer_append_text(out, "  ");
  }
  buffer_release(&text);
}

static void inspect_error_details(Context *cx, Object *object, Buffer *out, unsigned depth) {
  if (depth > INSPECT_DEPTH) {
    buffer_append_text(out, " { ... }");
    return;
  }
  uint32_t count = 0;
  Value cause = own_data(object, cx->names->cause);
  if (cause == value_object(object)) {
    buffer_append_text(out, " {\n  [cause]: [Circular]");
    count++;
  } else if (shape_lookup(object->shape, cx->names->cause)) {
    inspect_error_detail(cx, "[cause]", cause, out, depth, &count);
  }
  Value errors = own_data(object, cx->names->errors);
  if (value_is_object(errors)) inspect_error_detail(cx, "[errors]", errors, out, depth, &count);
  if (shape_lookup(object->shape, cx->names->suppressed)) {
    inspect_error_detail(cx, "[error]", own_data(object, cx->names->error), out, depth, &count);
    inspect_error_detail(cx, "[suppressed]", own_data(object, cx->names->suppressed), out, depth, &count);
  }
  const Shape *shape = object->shape;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *property = &shape->properties->entries[i];
    if (!property->key || !(property->attributes & PROPERTY_ENUMERABLE) || property->key == cx->names->cause ||
        property->key == cx->names->name || property->attributes & PROPERTY_ACCESSOR || !value_is_string(property->key))
      continue;
    Buffer name;
    buffer_initialize(&name, &cx->memory);
    inspect_key(cx, property->key, &name);
    buffer_append_byte(&name, 0);
    if (!name.failed) inspect_error_detail(cx, (const char *)name.data, own_data(object, property->key), out, depth, &count);
    buffer_release(&name);
  }
  if (count) buffer_append_text(out, "\n}");
}

static void inspect_error(Context *cx, Object *object, Buffer *out, unsigned depth) {
  ROOTS(cx, r, stack);
  // `stack` is the engine's own accessor; reading it runs guest code only if the guest replaced it.
  r->stack = object_get_key(cx, object, cx->names->stack);
  if (value_is_abrupt(r->stack)) {
    if (exception_is_catchable(cx)) (void)exception_take(cx);
    r->stack = VALUE_UNDEFINED;
  }
  TextView text;
  if (value_is_string(r->stack) && string_view(cx, value_as_string(r->stack), &text) && text.length) {
    host_append_utf8(out, text);
  } else {
    value_describe(cx, value_object(object), out);
  }
  inspect_error_details(cx, object, out, depth);
}

static void inspect_object(Context *cx, Object *object, Buffer *out, unsigned depth) {
  CellKind kind = object->cell.kind;
  if (kind == CELL_ERROR) {
    if (depth) buffer_append_byte(out, '[');
    inspect_error(cx, object, out, depth);
    if (depth) buffer_append_byte(out, ']');
    return;
  }
  Value name = constructor_name(cx, object);
  bool is_array = kind == CELL_ARRAY;
  if (object->cell.flags & OBJECT_CALLABLE) {
    Value own_name = kind == CELL_PROXY ? VALUE_UNDEFINED : own_data(object, cx->names->name);
    buffer_append_text(out, "[Function");
    TextView text;
    if (value_is_string(own_name) && string_view(cx, value_as_string(own_name), &text) && text.length) {
      buffer_append_text(out, ": ");
      host_append_utf8(out, text);
    } else {
      buffer_append_text(out, " (anonymous)");
    }
    buffer_append_byte(out, ']');
    return;
  }
  if (kind != CELL_OBJECT && kind != CELL_ARRAY && kind != CELL_SLOTTED && kind != CELL_ARGUMENTS && kind != CELL_PROMISE) {
    value_describe(cx, value_object(object), out);
    return;
  }
  if (depth > INSPECT_DEPTH) {
    buffer_append_text(out, is_array ? "[Array]" : "[Object]");
    return;
  }
  if (!text_is(name, is_array ? "Array" : "Object") && value_is_string(name)) {
    TextView text;
    if (string_view(cx, value_as_string(name), &text)) host_append_utf8(out, text);
    if (is_array) buffer_format(out, "(%u)", object->length);
    buffer_append_byte(out, ' ');
  } else if (!object->shape->prototype && !is_array) {
    buffer_append_text(out, "[Object: null prototype] ");
  }
  uint32_t count = 0;
  buffer_append_byte(out, is_array ? '[' : '{');
  if (kind == CELL_PROMISE) {
    const Promise *promise = (const Promise *)object;
    inspect_separator(out, &count);
    if (promise->state == PROMISE_PENDING) {
      buffer_append_text(out, "<pending>");
    } else {
      if (promise->state == PROMISE_REJECTED) buffer_append_text(out, "<rejected> ");
      inspect_value(cx, promise->result, out, depth + 1);
    }
  }
  inspect_elements(cx, object, out, depth, &count);
  inspect_properties(cx, object, out, depth, &count);
  if (count) buffer_append_byte(out, ' ');
  buffer_append_byte(out, is_array ? ']' : '}');
}

static void inspect_value(Context *cx, Value value, Buffer *out, unsigned depth) {
  TextView text;
  if (value_is_object(value)) {
    if (!context_enter_native(cx)) {
      if (exception_is_catchable(cx)) (void)exception_take(cx);
      buffer_append_text(out, "...");
      return;
    }
    inspect_object(cx, value_as_object(value), out, depth);
    context_leave_native(cx);
  } else if (value_is_string(value) && string_view(cx, value_as_string(value), &text)) {
    if (depth) {
      inspect_quoted(text, out);
    } else {
      host_append_utf8(out, text);
    }
  } else if (value_is_double(value) && value_as_double(value) == 0 && signbit(value_as_double(value))) {
    buffer_append_text(out, "-0");
  } else {
    value_describe(cx, value, out);
  }
}

void host_inspect(Context *cx, Value value, Buffer *out) {
  ROOTS(cx, r, value);
  r->value = value;
  inspect_value(cx, value, out, 0);
}

static MUST_CHECK bool append_failure(Context *cx, Value failure, Buffer *out) {
  TextView text;
  Value message = value_is_object_of(failure, CELL_ERROR) ? own_data(value_as_object(failure), cx->names->message) : VALUE_UNDEFINED;
  if (!value_is_string(message)) {
    inspect_value(cx, failure, out, 1);
    return true;
  }
  if (!string_view(cx, value_as_string(message), &text)) return false;
  host_append_utf8(out, text);
  return true;
}

Value host_make_uncrossable(Context *cx, Value value, Value failure) {
  enum { LONGEST = 1000 };
  ROOTS(cx, r, value, failure, message, error);
  r->value = value;
  r->failure = failure;
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  inspect_value(cx, value, &text, 1);
  if (text.size > LONGEST) {
    text.size = LONGEST;
    while (text.size && (text.data[text.size] & 0xC0) == 0x80) text.size--;
    buffer_append_text(&text, "...");
  }
  buffer_append_text(&text, " was thrown, and could not be handed to the host: ");
  bool is_told = append_failure(cx, failure, &text) && !text.failed;
  if (is_told) r->message = string_from_utf8(cx, (const char *)text.data, text.size);
  buffer_release(&text);
  if (!is_told || value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, ERROR_TYPE, r->message);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  return object_add_property(cx, error, cx->names->cause, failure, PROPERTY_HIDDEN) ? r->error : VALUE_ABRUPT;
}
