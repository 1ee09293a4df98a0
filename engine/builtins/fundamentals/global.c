// Functions and values of the global object that belong to no other file: eval and the URI and escape families.
// https://tc39.es/ecma262/#sec-global-object
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "text/unicode.h"
#include "text/utf8.h"

// https://tc39.es/ecma262/#sec-eval-x  (a direct eval does not come here)
static Value global_eval(Context *cx, const Call *call) {
  Value source = call_argument(call, 0);
  return value_is_string(source) ? cx->hooks->evaluate_indirect(cx, source) : source;
}

// URI encoding -------------------------------------------------------------------------------------------

static const char uri_reserved_and_hash[] = ";/?:@&=+$,#";
static const char uri_mark[] = "-_.!~*'()";
static const char escape_unescaped[] = "@*_+-./";

static bool unit_is_alphanumeric(uint32_t unit) {
  return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9');
}

static bool unit_is_among(uint32_t unit, const char *set) { return unit > 0 && unit < 128 && strchr(set, (int)unit); }

static void append_escaped_byte(StringBuilder *builder, uint8_t byte) {
  static const char digits[] = "0123456789ABCDEF";
  string_builder_append_unit(builder, '%');
  string_builder_append_unit(builder, (uint8_t)digits[byte >> 4]);
  string_builder_append_unit(builder, (uint8_t)digits[byte & 15]);
}

static int hexadecimal_digit(uint16_t unit) {
  if (unit >= '0' && unit <= '9') return unit - '0';
  if (unit >= 'a' && unit <= 'f') return unit - 'a' + 10;
  if (unit >= 'A' && unit <= 'F') return unit - 'A' + 10;
  return -1;
}

// The value of `count` hexadecimal digits at `index`; -1 when they are not all digits.
// bounded: two or four digits.
static int32_t hexadecimal_at(TextView text, uint32_t index, uint32_t count) {
  if (index + count > text.length) return -1;
  int32_t number = 0;
  for (uint32_t i = 0; i < count; i++) {
    int digit = hexadecimal_digit(text_view_unit(text, index + i));
    if (digit < 0) return -1;
    number = number << 4 | digit;
  }
  return number;
}

static Value throw_uri_error(Context *cx, const char *function, const char *problem) {
  return throw_error(cx, ERROR_URI, "%s: %s", function, problem);
}

// https://tc39.es/ecma262/#sec-encode
static Value global_encode(Context *cx, const Call *call, const char *function, const char *unescaped) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  uint32_t steps = 0;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < text.length;) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint32_t point = text_view_next_code_point(text, &i);
    if (unit_is_alphanumeric(point) || unit_is_among(point, uri_mark) || unit_is_among(point, unescaped)) {
      string_builder_append_unit(&builder, (uint16_t)point);
      continue;
    }
    if (unicode_is_surrogate(point)) return throw_uri_error(cx, function, "the text has a lone surrogate");
    context_spend_step(cx);
    uint8_t bytes[4];
    unsigned count = utf8_encode_code_point(point, bytes);
    for (unsigned j = 0; j < count; j++) append_escaped_byte(&builder, bytes[j]);
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-encodeuri-uri
static Value global_encode_uri(Context *cx, const Call *call) {
  return global_encode(cx, call, "encodeURI", uri_reserved_and_hash);
}

// https://tc39.es/ecma262/#sec-encodeuricomponent-uricomponent
static Value global_encode_uri_component(Context *cx, const Call *call) {
  return global_encode(cx, call, "encodeURIComponent", "");
}

// The code point whose escaped UTF-8 begins at *index (a '%'); *index moves past it. UINT32_MAX: malformed.
// bounded: three bytes.
static uint32_t decode_escapes(TextView text, uint32_t *index) {
  int32_t first = hexadecimal_at(text, *index + 1, 2);
  if (first < 0) return UINT32_MAX;
  *index += 3;
  if (first < 0x80) return (uint32_t)first;
  if (first < 0xC2 || first > 0xF4) return UINT32_MAX;
  unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  uint32_t point = (uint32_t)first & (0x3Fu >> more);
  for (unsigned i = 0; i < more; i++) {
    if (*index >= text.length || text_view_unit(text, *index) != '%') return UINT32_MAX;
    int32_t byte = hexadecimal_at(text, *index + 1, 2);
    if (byte < 0 || (byte & 0xC0) != 0x80) return UINT32_MAX;
    point = point << 6 | ((uint32_t)byte & 0x3F);
    *index += 3;
  }
  bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  return overlong || point > 0x10FFFF || unicode_is_surrogate(point) ? UINT32_MAX : point;
}

// https://tc39.es/ecma262/#sec-decode
static Value global_decode(Context *cx, const Call *call, const char *function, const char *preserved) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  uint32_t steps = 0;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < text.length;) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint16_t unit = text_view_unit(text, i);
    if (unit != '%') {
      string_builder_append_unit(&builder, unit);
      i++;
      continue;
    }
    uint32_t start = i;
    uint32_t point = decode_escapes(text, &i);
    if (point == UINT32_MAX) return throw_uri_error(cx, function, "the text has a malformed escape sequence");
    if (unit_is_among(point, preserved)) {
      string_builder_append_view(&builder, text_view_slice(text, start, i));
    } else {
      string_builder_append_code_point(&builder, point);
    }
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-decodeuri-encodeduri
static Value global_decode_uri(Context *cx, const Call *call) {
  return global_decode(cx, call, "decodeURI", uri_reserved_and_hash);
}

// https://tc39.es/ecma262/#sec-decodeuricomponent-encodeduricomponent
static Value global_decode_uri_component(Context *cx, const Call *call) {
  return global_decode(cx, call, "decodeURIComponent", "");
}

// https://tc39.es/ecma262/#sec-escape-string
static Value global_escape(Context *cx, const Call *call) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  uint32_t steps = 0;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < text.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint16_t unit = text_view_unit(text, i);
    if (unit_is_alphanumeric(unit) || unit_is_among(unit, escape_unescaped)) {
      string_builder_append_unit(&builder, unit);
    } else if (unit < 256) {
      append_escaped_byte(&builder, (uint8_t)unit);
    } else {
      static const char digits[] = "0123456789ABCDEF";
      string_builder_append_ascii(&builder, "%u");
      for (int shift = 12; shift >= 0; shift -= 4) {
        string_builder_append_unit(&builder, (uint8_t)digits[unit >> shift & 15]);
      }
    }
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-unescape-string
static Value global_unescape(Context *cx, const Call *call) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  uint32_t steps = 0;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < text.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint16_t unit = text_view_unit(text, i);
    if (unit == '%') {
      bool is_long = i + 1 < text.length && text_view_unit(text, i + 1) == 'u';
      int32_t number = is_long ? hexadecimal_at(text, i + 2, 4) : hexadecimal_at(text, i + 1, 2);
      if (number >= 0) {
        unit = (uint16_t)number;
        i += is_long ? 5 : 2;
      }
    }
    string_builder_append_unit(&builder, unit);
  }
  return string_builder_finish(&builder);
}

// The properties of the global object in addition to the global constructors and namespaces.
const BuiltinRow builtin_global_rows[] = {
    VALUE_NUMBER("Infinity", __builtin_inf()),
    VALUE_NUMBER("NaN", __builtin_nan("")),
    PERFORMED("eval", 1, global_eval, NATIVE_EVAL, INTRINSIC_eval),
    FUNCTION("decodeURI", 1, global_decode_uri),
    FUNCTION("decodeURIComponent", 1, global_decode_uri_component),
    FUNCTION("encodeURI", 1, global_encode_uri),
    FUNCTION("encodeURIComponent", 1, global_encode_uri_component),
    FUNCTION("escape", 1, global_escape),
    FUNCTION("unescape", 1, global_unescape),
    END_OF_ROWS,
};
