// Error objects and throwing. Messages are composed in C without running guest code.
#include "runtime/errors.h"

#include <stdarg.h>

#include "number/format.h"
#include "runtime/bigints.h"
#include "runtime/builtin_table.h"
#include "runtime/functions.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "text/utf8.h"

enum { DESCRIBED_UNITS = 64 };

const ObjectClass object_class_error = {.name = "Error", .kind = CELL_ERROR, .size = sizeof(ErrorObject)};

Value object_peek(const Object *object, PropertyKey key) {
  for (int i = 0; object && i < 100; object = object->shape->prototype, i++) {
    const ObjectClass *class_ = object->shape->class_;
    if (class_->get || class_->get_own_property) return VALUE_UNDEFINED;
    const Property *property = shape_lookup(object->shape, key);
    if (!property && object_is_unfilled(object)) return VALUE_UNDEFINED;
    if (!property) continue;
    Value value = object->slots[property->slot];
    return (property->attributes & PROPERTY_ACCESSOR) || value_is_internal(value) || value_is_hole(value)
               ? VALUE_UNDEFINED
               : value;
  }
  return VALUE_UNDEFINED;
}

// bounded: the unfilled prototypes are built-in.
Value object_constructor_name(Context *cx, const Object *object) {
  Value constructor = VALUE_UNDEFINED;
  const Object *filled = object;
  for (; filled && object_is_unfilled(filled) && value_is_undefined(constructor); filled = filled->shape->prototype) {
    constructor = builtin_unfilled_constructor(cx, filled);
  }
  if (value_is_undefined(constructor)) constructor = object_peek(filled, cx->names->constructor);
  return value_is_object(constructor) ? object_peek(value_as_object(constructor), cx->names->name) : VALUE_UNDEFINED;
}

// Describing values ----------------------------------------------------------------------------------

// bounded: descriptions are cut.
static void describe_unit_sequence(Buffer *out, TextView text, uint32_t end) {
  for (uint32_t i = 0; i < end;) {
    uint8_t bytes[4];
    buffer_append(out, bytes, utf8_encode_code_point(text_view_next_code_point(text, &i), bytes));
  }
}

// False: out of memory (threw); the description is then incomplete, and the caller fails for the same reason.
static bool describe_text(Context *cx, Value string, Buffer *out, uint32_t limit) {
  TextView text;
  if (!string_view(cx, value_as_string(string), &text)) return false;
  describe_unit_sequence(out, text, MIN_OF(text.length, limit));
  if (text.length > limit) buffer_append_text(out, "...");
  return true;
}

static void describe_object(Context *cx, Object *object, Buffer *out) {
  Value name;
  if (object->cell.flags & OBJECT_CALLABLE) {
    name = object_peek(object, cx->names->name);
    bool has_name = value_is_string(name) && string_length(value_as_string(name)) > 0;
    buffer_append_text(out, has_name ? "function " : "anonymous function");
    if (has_name) (void)describe_text(cx, name, out, DESCRIBED_UNITS);
    return;
  }
  name = object_constructor_name(cx, object);
  buffer_append_text(out, "#<");
  bool has_name = value_is_string(name) && string_length(value_as_string(name)) > 0;
  if (!has_name || !describe_text(cx, name, out, DESCRIBED_UNITS)) {
    buffer_append_text(out, object->shape->class_->name ? object->shape->class_->name : "Object");
  }
  buffer_append_text(out, ">");
}

void value_describe(Context *cx, Value value, Buffer *out) {
  char text[NUMBER_TEXT_SIZE];
  if (value_is_number(value)) {
    buffer_append(out, text, number_to_text(value_as_number(value), text));
  } else if (value_is_string(value)) {
    buffer_append_byte(out, '"');
    (void)describe_text(cx, value, out, DESCRIBED_UNITS);
    buffer_append_byte(out, '"');
  } else if (value_is_symbol(value)) {
    Value description = value_as_symbol(value)->description;
    bool is_private = value_as_symbol(value)->cell.flags & SYMBOL_PRIVATE;
    if (!is_private) buffer_append_text(out, "Symbol(");
    if (value_is_string(description)) (void)describe_text(cx, description, out, DESCRIBED_UNITS);
    if (!is_private) buffer_append_byte(out, ')');
  } else if (value_is_bigint(value)) {
    ROOTS(cx, r, digits);
    r->digits = bigint_to_string(cx, value_as_bigint(value), 10);
    if (!value_is_abrupt(r->digits)) (void)describe_text(cx, r->digits, out, DESCRIBED_UNITS);
    buffer_append_byte(out, 'n');
  } else if (value_is_object(value)) {
    describe_object(cx, value_as_object(value), out);
  } else {
    buffer_append_text(out, value == VALUE_NULL    ? "null"
                            : value == VALUE_TRUE  ? "true"
                            : value == VALUE_FALSE ? "false"
                                                   : "undefined");
  }
}

void error_describe_key(Context *cx, PropertyKey key, Buffer *out) {
  if (value_is_string(key)) (void)describe_text(cx, key, out, 4 * DESCRIBED_UNITS);
  else value_describe(cx, key, out);
}

// bounded: the engine's own text.
static void format_message(Context *cx, Buffer *out, const char *format, va_list arguments) {
  for (; *format; format++) {
    if (*format != '%') {
      buffer_append_byte(out, (uint8_t)*format);
      continue;
    }
    switch (*++format) {
      case 's': buffer_append_text(out, va_arg(arguments, const char *)); break;
      case 'd': buffer_format(out, "%d", va_arg(arguments, int)); break;
      case 'u': buffer_format(out, "%u", va_arg(arguments, unsigned)); break;
      case 'v': value_describe(cx, va_arg(arguments, Value), out); break;
      case 'e':
        if (cx->hooks->describe_expression) cx->hooks->describe_expression(cx, out);
        break;
      case 'k': error_describe_key(cx, va_arg(arguments, PropertyKey), out); break;
      default: buffer_append_byte(out, (uint8_t)*format); break;
    }
  }
}

// Throwing -------------------------------------------------------------------------------------------

Value throw_value(Context *cx, Value exception) {
  // A termination goes on unwinding: nothing may replace it.
  if (cx->termination == TERMINATION_NONE) cx->exception = exception;
  return VALUE_ABRUPT;
}

Value exception_take(Context *cx) {
  Value exception = cx->exception;
  cx->exception = VALUE_UNDEFINED;
  return exception;
}

Object *error_create(Context *cx, ErrorType type, Value message) {
  static const int16_t prototypes[ERROR_TYPE_COUNT] = {
      [ERROR_PLAIN] = INTRINSIC_ErrorPrototype,
      [ERROR_TYPE] = INTRINSIC_TypeErrorPrototype,
      [ERROR_RANGE] = INTRINSIC_RangeErrorPrototype,
      [ERROR_SYNTAX] = INTRINSIC_SyntaxErrorPrototype,
      [ERROR_REFERENCE] = INTRINSIC_ReferenceErrorPrototype,
      [ERROR_EVAL] = INTRINSIC_EvalErrorPrototype,
      [ERROR_URI] = INTRINSIC_URIErrorPrototype,
      [ERROR_AGGREGATE] = INTRINSIC_AggregateErrorPrototype,
      [ERROR_SUPPRESSED] = INTRINSIC_SuppressedErrorPrototype,
  };
  Value prototype = realm_intrinsic(cx, (Intrinsic)prototypes[type]);
  if (!value_is_object(prototype)) prototype = realm_intrinsic(cx, INTRINSIC_ObjectPrototype);  // incomplete realm
  ROOTS(cx, r, error);
  Object *error = object_create_of_class(cx, &object_class_error, value_as_object(prototype), 2);
  if (!error) return NULL;
  ((ErrorObject *)error)->frames = VALUE_HOLE;
  r->error = value_object(error);
  if (!error_add_stack(cx, error)) return NULL;
  if (!value_is_undefined(message) && !object_add_property(cx, error, cx->names->message, message, PROPERTY_HIDDEN)) {
    return NULL;
  }
  return error_capture_stack(cx, error) ? error : NULL;
}

static Value throw_formatted(Context *cx, ErrorType type, const char *format, va_list arguments) {
  if (cx->termination != TERMINATION_NONE) return VALUE_ABRUPT;
  ROOTS(cx, r, message);
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  format_message(cx, &text, format, arguments);
  if (text.failed) {
    buffer_release(&text);
    return context_throw_out_of_memory(cx);
  }
  r->message = string_from_utf8(cx, (const char *)text.data, text.size);
  buffer_release(&text);
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, type, r->message);
  return error ? throw_value(cx, value_object(error)) : VALUE_ABRUPT;
}

Value throw_error(Context *cx, ErrorType type, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  throw_formatted(cx, type, format, arguments);
  va_end(arguments);
  return VALUE_ABRUPT;
}

Value throw_type_error(Context *cx, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  throw_formatted(cx, ERROR_TYPE, format, arguments);
  va_end(arguments);
  return VALUE_ABRUPT;
}

Value throw_range_error(Context *cx, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  throw_formatted(cx, ERROR_RANGE, format, arguments);
  va_end(arguments);
  return VALUE_ABRUPT;
}

Value throw_reference_error(Context *cx, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  throw_formatted(cx, ERROR_REFERENCE, format, arguments);
  va_end(arguments);
  return VALUE_ABRUPT;
}
