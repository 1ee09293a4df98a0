// https://html.spec.whatwg.org/multipage/webappapis.html#atob
#include "host/web/web_natives.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "text/base64.h"
#include "text/utf8.h"

static Value throw_invalid_character(Context *cx, const char *text) {
  ROOTS(cx, r, message, name, error);
  r->message = string_from_ascii(cx, text);
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  r->name = string_from_ascii(cx, "InvalidCharacterError");
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  r->error = host_of(cx)->web->make_dom_exception(cx, r->message, r->name);
  return value_is_abrupt(r->error) ? VALUE_ABRUPT : throw_value(cx, r->error);
}

// The argument as text; the caller's root keeps *text alive.
static MUST_CHECK bool read_text(Context *cx, const Call *call, const char *name, Value *text, TextView *view) {
  if (call->count == 0) return throw_type_error(cx, "%s: 1 argument required, but only 0 present", name), false;
  *text = call->arguments[0];
  if (!value_is_string(*text)) *text = value_to_string(cx, *text);
  return !value_is_abrupt(*text) && string_view(cx, value_as_string(*text), view);
}

// Latin-1 in UTF-16.
static MUST_CHECK bool encode_wide(Context *cx, TextView text, uint8_t *to) {
  uint8_t narrowed[BASE64_PIECE / 8];
  for (uint32_t at = 0; at < text.length; at += sizeof narrowed) {
    size_t size = MIN_OF(text.length - at, (uint32_t)sizeof narrowed);
    if (!context_charge_bytes(cx, size, CHARGE_COMPARE)) return false;
    latin1_narrow(text.wide + at, size, narrowed);
    to = base64_encode(narrowed, size, BASE64_STANDARD, true, to);
  }
  return true;
}

static MUST_CHECK bool encode_narrow(Context *cx, TextView text, uint8_t *to) {
  for (uint32_t at = 0; at < text.length; at += BASE64_PIECE) {
    size_t size = MIN_OF(text.length - at, (uint32_t)BASE64_PIECE);
    if (!context_charge_bytes(cx, size, CHARGE_COMPARE)) return false;
    to = base64_encode(text.narrow + at, size, BASE64_STANDARD, true, to);
  }
  return true;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#dom-btoa
Value web_btoa(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  TextView view;
  if (!read_text(cx, call, "btoa", &r->text, &view)) return VALUE_ABRUPT;
  if (view.length == 0) return cx->names->empty;
  if (view.is_wide) {
    if (!context_charge_bytes(cx, view.length, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (!utf16_is_latin1(view.wide, view.length)) return throw_invalid_character(cx, "Invalid character");
  }
  size_t length = base64_encoded_size(view.length, true);
  if (length > STRING_MAX_LENGTH) return throw_range_error(cx, "invalid string length");
  String *encoded = string_create_uninitialized(cx, (uint32_t)length, false);
  if (!encoded) return VALUE_ABRUPT;
  bool is_paid = view.is_wide ? encode_wide(cx, view, encoded->narrow) : encode_narrow(cx, view, encoded->narrow);
  return is_paid ? value_string(encoded) : VALUE_ABRUPT;
}

// Decodes texts without white space. Undefined: the text has some, or is malformed.
static Value decode_plain(Context *cx, const uint8_t *text, size_t size) {
  size_t length = base64_decoded_size(text, &size), at = 0;
  if (length == SIZE_MAX) return VALUE_UNDEFINED;
  if (length == 0) return cx->names->empty;
  String *decoded = string_create_uninitialized(cx, (uint32_t)length, false);
  if (!decoded) return VALUE_ABRUPT;
  uint8_t *to = decoded->narrow;
  while (size - at >= 4) {
    size_t piece = MIN_OF(size - at, (size_t)BASE64_PIECE) / 4 * 4;
    if (!context_charge_bytes(cx, piece, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (base64_decode_groups(text + at, piece, BASE64_STANDARD, to) != piece) return VALUE_UNDEFINED;
    at += piece;
    to += piece / 4 * 3;
  }
  if (size > at && !base64_decode_rest(text + at, (unsigned)(size - at), BASE64_STANDARD, false, to))
    return VALUE_UNDEFINED;
  return value_string(decoded);
}

// https://infra.spec.whatwg.org/#forgiving-base64-decode
static Value decode_forgiving(Context *cx, TextView text) {
  Base64Decoded decoded = {.read = 0};
  buffer_initialize(&decoded.bytes, &cx->memory);
  base64_decode(text, BASE64_STANDARD, LAST_CHUNK_LOOSE, SIZE_MAX, &decoded, &cx->fuel);
  Value result = VALUE_ABRUPT;
  if (decoded.bytes.failed) context_throw_out_of_memory(cx);
  else if (!context_charge(cx, 1)) context_throw_interrupted(cx);
  else if (decoded.malformed) throw_invalid_character(cx, "The string to be decoded is not correctly encoded.");
  else result = string_from_view(cx, text_view_narrow(decoded.bytes.data, decoded.bytes.size));
  buffer_release(&decoded.bytes);
  return result;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#dom-atob
Value web_atob(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  TextView view;
  if (!read_text(cx, call, "atob", &r->text, &view)) return VALUE_ABRUPT;
  Value decoded = view.is_wide ? VALUE_UNDEFINED : decode_plain(cx, view.narrow, view.length);
  return value_is_undefined(decoded) ? decode_forgiving(cx, view) : decoded;
}
