// Uint8Array to and from base64 and hexadecimal. https://tc39.es/ecma262/#sec-uint8array-base64
#include "builtins/binary/typed_array.h"
#include "runtime/names.h"
#include "text/base64.h"

typedef struct Base64Options {
  Base64Alphabet alphabet;
  Base64LastChunk last_chunk;
  bool omit_padding;
} Base64Options;

// https://tc39.es/ecma262/#sec-validateuint8array
static TypedArray *validate_uint8_array(Context *cx, Value value) {
  if (value_is_typed_array(value) && value_as_typed_array(value)->element_kind == ELEMENT_Uint8) {
    return value_as_typed_array(value);
  }
  throw_type_error(cx, "%eexpected a Uint8Array, not %v", value);
  return NULL;
}

// Reads an option that must be undefined or one of the names; *choice is its place in the list.
// bounded: two or three words.
static bool read_choice(Context *cx, Value options, const char *name, const char *const *names, int count,
                        int *choice) {
  *choice = 0;
  if (value_is_undefined(options)) return true;
  ROOTS(cx, r, key, value);
  r->key = key_from_ascii(cx, name);
  if (value_is_abrupt(r->key)) return false;
  r->value = object_get_key(cx, value_as_object(options), r->key);
  if (value_is_abrupt(r->value)) return false;
  if (value_is_undefined(r->value)) return true;
  TextView text;
  if (value_is_string(r->value)) {
    if (!string_view(cx, value_as_string(r->value), &text)) return false;
    for (int i = 0; i < count; i++) {
      if (!text_view_equals(text, text_view_literal(names[i]))) continue;
      *choice = i;
      return true;
    }
  }
  throw_type_error(cx, "%v is not a value of the option '%s'", r->value, name);
  return false;
}

static bool read_options(Context *cx, Value options, bool decoding, Base64Options *out) {
  static const char *const alphabets[] = {"base64", "base64url"};
  static const char *const last_chunks[] = {"loose", "strict", "stop-before-partial"};
  if (!value_is_undefined(options) && !value_is_object(options)) {
    throw_type_error(cx, "the options must be an object, not %v", options);
    return false;
  }
  *out = (Base64Options){0};
  int alphabet, last_chunk;
  if (!read_choice(cx, options, "alphabet", alphabets, 2, &alphabet)) return false;
  out->alphabet = (Base64Alphabet)alphabet;
  if (decoding) {
    if (!read_choice(cx, options, "lastChunkHandling", last_chunks, 3, &last_chunk)) return false;
    out->last_chunk = (Base64LastChunk)last_chunk;
  } else if (!value_is_undefined(options)) {
    PropertyKey key = key_from_ascii(cx, "omitPadding");
    if (value_is_abrupt(key)) return false;
    ROOTS(cx, r, key);
    r->key = key;
    Value omit = object_get_key(cx, value_as_object(options), key);
    if (value_is_abrupt(omit)) return false;
    out->omit_padding = value_to_boolean(omit);
  }
  return true;
}

// Hexadecimal decoding -------------------------------------------------------------------------------------

static int hex_value(uint16_t unit) {
  if (unit >= '0' && unit <= '9') return unit - '0';
  uint16_t letter = unit | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// https://tc39.es/ecma262/#sec-fromhex
static void decode_hex(TextView text, size_t max_length, Base64Decoded *out, Fuel *fuel) {
  uint32_t steps = 0;
  out->malformed = text.length % 2 != 0;
  if (out->malformed) return;
  while (out->read < text.length && out->bytes.size < max_length && !out->bytes.failed) {
    if (!fuel_step(fuel, &steps)) return;
    int high = hex_value(text_view_unit(text, (uint32_t)out->read));
    int low = hex_value(text_view_unit(text, (uint32_t)out->read + 1));
    if (high < 0 || low < 0) {
      out->malformed = true;
      return;
    }
    out->read += 2;
    buffer_append_byte(&out->bytes, (uint8_t)(high << 4 | low));
  }
}

// Built-ins ------------------------------------------------------------------------------------------------

static bool check_string(Context *cx, Value value, TextView *text) {
  if (value_is_string(value)) return string_view(cx, value_as_string(value), text);
  throw_type_error(cx, "%eexpected a string, not %v", value);
  return false;
}

static Value throw_malformed(Context *cx, bool hex) {
  return throw_error(cx, ERROR_SYNTAX, "the text is not valid %s", hex ? "hexadecimal" : "base64");
}

static Value decode_new(Context *cx, const Call *call, bool hex) {
  TextView text;
  Base64Options options;
  if (!check_string(cx, call_argument(call, 0), &text)) return VALUE_ABRUPT;
  if (!hex && !read_options(cx, call_argument(call, 1), true, &options)) return VALUE_ABRUPT;
  Base64Decoded decoded = {.read = 0};
  buffer_initialize(&decoded.bytes, &cx->memory);
  if (hex) {
    decode_hex(text, SIZE_MAX, &decoded, &cx->fuel);
  } else {
    base64_decode(text, options.alphabet, options.last_chunk, SIZE_MAX, &decoded, &cx->fuel);
  }
  Value result = VALUE_ABRUPT;
  if (decoded.bytes.failed) {
    context_throw_out_of_memory(cx);
  } else if (!context_charge(cx, 1)) {
    context_throw_interrupted(cx);
  } else if (decoded.malformed) {
    throw_malformed(cx, hex);
  } else {
    TypedArray *array = typed_array_create(cx, ELEMENT_Uint8, (double)decoded.bytes.size);
    bool copied = array && context_move_bytes(cx, array->data, decoded.bytes.data, decoded.bytes.size);
    if (copied) result = value_object(array);
  }
  buffer_release(&decoded.bytes);
  return result;
}

// https://tc39.es/ecma262/#sec-uint8array.frombase64
Value uint8_array_from_base64(Context *cx, const Call *call) { return decode_new(cx, call, false); }
// https://tc39.es/ecma262/#sec-uint8array.fromhex
Value uint8_array_from_hex(Context *cx, const Call *call) { return decode_new(cx, call, true); }

static Value read_written_object(Context *cx, size_t read, size_t written) {
  ROOTS(cx, r, object, key);
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  r->key = key_from_ascii(cx, "read");
  if (value_is_abrupt(r->key) || !object_create_data_property(cx, object, r->key, value_number((double)read))) {
    return VALUE_ABRUPT;
  }
  r->key = key_from_ascii(cx, "written");
  if (value_is_abrupt(r->key) || !object_create_data_property(cx, object, r->key, value_number((double)written))) {
    return VALUE_ABRUPT;
  }
  return r->object;
}

static Value decode_into(Context *cx, const Call *call, bool hex) {
  TypedArray *into = validate_uint8_array(cx, call->this_value);
  TextView text;
  Base64Options options;
  if (!into || !check_string(cx, call_argument(call, 0), &text)) return VALUE_ABRUPT;
  if (!hex && !read_options(cx, call_argument(call, 1), true, &options)) return VALUE_ABRUPT;
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  Base64Decoded decoded = {.read = 0};
  buffer_initialize(&decoded.bytes, &cx->memory);
  if (hex) {
    decode_hex(text, typed_array_length(into), &decoded, &cx->fuel);
  } else {
    base64_decode(text, options.alphabet, options.last_chunk, typed_array_length(into), &decoded, &cx->fuel);
  }
  size_t written = decoded.bytes.size;
  bool failed = decoded.bytes.failed,
       copied = failed || context_move_bytes(cx, into->data, decoded.bytes.data, written);
  buffer_release(&decoded.bytes);
  if (failed) return context_throw_out_of_memory(cx);
  if (!copied) return VALUE_ABRUPT;
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
  return decoded.malformed ? throw_malformed(cx, hex) : read_written_object(cx, decoded.read, written);
}

// https://tc39.es/ecma262/#sec-uint8array.prototype.setfrombase64
Value uint8_array_prototype_set_from_base64(Context *cx, const Call *call) { return decode_into(cx, call, false); }
// https://tc39.es/ecma262/#sec-uint8array.prototype.setfromhex
Value uint8_array_prototype_set_from_hex(Context *cx, const Call *call) { return decode_into(cx, call, true); }

// https://tc39.es/ecma262/#sec-uint8array.prototype.tobase64
Value uint8_array_prototype_to_base64(Context *cx, const Call *call) {
  const TypedArray *array = validate_uint8_array(cx, call->this_value);
  Base64Options options;
  if (!array || !read_options(cx, call_argument(call, 0), false, &options)) return VALUE_ABRUPT;
  if (!typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  size_t size = typed_array_length(array), length = base64_encoded_size(size, !options.omit_padding);
  if (length > STRING_MAX_LENGTH) return throw_range_error(cx, "%einvalid string length");
  if (length == 0) return cx->names->empty;
  String *result = string_create_uninitialized(cx, (uint32_t)length, false);
  if (!result) return VALUE_ABRUPT;
  uint8_t *to = result->narrow;
  for (size_t at = 0; at < size; at += BASE64_PIECE) {
    size_t count = MIN_OF(size - at, (size_t)BASE64_PIECE);
    if (!context_charge_bytes(cx, count, CHARGE_COMPARE)) return VALUE_ABRUPT;
    to = base64_encode(array->data + at, count, options.alphabet, !options.omit_padding, to);
  }
  return value_string(result);
}

// https://tc39.es/ecma262/#sec-uint8array.prototype.tohex
Value uint8_array_prototype_to_hex(Context *cx, const Call *call) {
  const TypedArray *array = validate_uint8_array(cx, call->this_value);
  if (!array || !typed_array_validate(cx, call->this_value)) return VALUE_ABRUPT;
  uint32_t size = typed_array_length(array);
  if (size == 0) return cx->names->empty;
  String *result = string_create_uninitialized(cx, size * 2, false);
  if (!result) return VALUE_ABRUPT;
  uint8_t *to = result->narrow;
  uint32_t steps = 0;
  for (uint32_t i = 0; i < size; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    *to++ = (uint8_t)"0123456789abcdef"[array->data[i] >> 4];
    *to++ = (uint8_t)"0123456789abcdef"[array->data[i] & 15];
  }
  return value_string(result);
}
