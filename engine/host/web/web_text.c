// The native part of TextEncoder and TextDecoder in web_globals.js.
#include "host/web/web_natives.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/typed_arrays.h"
#include "text/single_byte.h"
#include "text/unicode.h"
#include "text/utf16.h"
#include "text/utf8.h"

// Encoding ------------------------------------------------------------------------------------------------------------

// Lone surrogates, which utf8_encode writes as three bytes, become U+FFFD, which has three bytes as well.
static void replace_surrogates(uint8_t *bytes, size_t size) {
  for (size_t i = 0; i + 2 < size; i++)
    if (bytes[i] == 0xED && bytes[i + 1] >= 0xA0) memcpy(bytes + i, "\xEF\xBF\xBD", 3);
}

// The size of a text as UTF-8; charges for measuring.
static MUST_CHECK bool measure_encoded(Context *cx, TextView view, size_t *size) {
  *size = 0;
  for (uint32_t at = 0, end; at < view.length; at = end) {
    end = text_view_piece_end(view, at);
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return false;
    *size += utf8_encoded_size(text_view_slice(view, at, end));
  }
  return true;
}

static MUST_CHECK bool encode_text(Context *cx, TextView view, uint8_t *to) {
  for (uint32_t at = 0, end; at < view.length; at = end) {
    end = text_view_piece_end(view, at);
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return false;
    uint8_t *start = to;
    to = utf8_encode(text_view_slice(view, at, end), to);
    if (view.is_wide) replace_surrogates(start, (size_t)(to - start));
  }
  return true;
}

bool web_text_bytes(Context *cx, Value string, Buffer *scratch, UrlBytes *bytes) {
  TextView view;
  if (!value_is_string(string)) return throw_type_error(cx, "expected a string, not %v", string), false;
  if (!string_view(cx, value_as_string(string), &view)) return false;
  size_t size;
  if (!measure_encoded(cx, view, &size)) return false;
  if (!view.is_wide && size == view.length) {
    *bytes = (UrlBytes){view.narrow, size};
    return true;
  }
  uint8_t *to = buffer_reserve(scratch, size);
  if (!to && size > 0) return context_throw_out_of_memory(cx), false;
  if (!encode_text(cx, view, to)) return false;
  *bytes = (UrlBytes){to, size};
  return true;
}

// https://encoding.spec.whatwg.org/#dom-textencoder-encode
// encode(text): a Uint8Array
static Value text_encode(Context *cx, const Call *call) {
  ROOTS(cx, r, text, bytes);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  TextView view;
  size_t size;
  if (!string_view(cx, value_as_string(r->text), &view) || !measure_encoded(cx, view, &size)) return VALUE_ABRUPT;
  TypedArray *bytes = typed_array_create(cx, ELEMENT_Uint8, (double)size);
  if (!bytes) return VALUE_ABRUPT;
  r->bytes = value_object(bytes);
  return encode_text(cx, view, bytes->data) ? r->bytes : VALUE_ABRUPT;
}

// https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto
// encodeInto(text, Uint8Array): [units read, bytes written]; undefined when the target is no Uint8Array
static Value text_encode_into(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  Value target = call_argument(call, 1);
  if (!value_is_typed_array(target) || value_as_typed_array(target)->element_kind != ELEMENT_Uint8)
    return VALUE_UNDEFINED;
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  TextView view;
  if (!string_view(cx, value_as_string(r->text), &view)) return VALUE_ABRUPT;
  // Making the string may have detached the buffer.
  const TypedArray *array = value_as_typed_array(target);
  size_t room = typed_array_length(array), written = 0;
  uint32_t read = 0;
  while (read < view.length) {
    uint32_t end = text_view_piece_end(view, read), start = read;
    if (!context_charge_bytes(cx, MIN_OF(end - read, room - written), CHARGE_COMPARE)) return VALUE_ABRUPT;
    read += utf8_encode_prefix(text_view_slice(view, read, end), array->data + written, room - written, &written);
    if (read < end || read == start) break;
  }
  Value counts[2] = {value_unsigned(read), value_unsigned((uint32_t)written)};
  Object *result = array_create_from(cx, counts, 2);
  return result ? value_object(result) : VALUE_ABRUPT;
}

// Decoding ------------------------------------------------------------------------------------------------------------

static Value decode_with_surrogates(Context *cx, const uint8_t *bytes, size_t size) {
  Buffer copy;
  buffer_initialize(&copy, &cx->memory);
  bool is_paid = true;
  uint32_t steps = 0;
  for (size_t i = 0; i < size && (is_paid = context_step(cx, &steps)); i++) {
    if (bytes[i] == 0xED && i + 1 < size && bytes[i + 1] >= 0xA0 && bytes[i + 1] <= 0xBF) {
      // Both bytes are errors, and so is the third byte by itself.
      buffer_append(&copy, "\xEF\xBF\xBD\xEF\xBF\xBD", 6);
      i++;
    } else {
      buffer_append_byte(&copy, bytes[i]);
    }
  }
  Value text = VALUE_ABRUPT;
  if (copy.failed) context_throw_out_of_memory(cx);
  else if (is_paid) text = string_from_utf8(cx, (const char *)copy.data, copy.size);
  buffer_release(&copy);
  return text;
}

Value web_decode_utf8(Context *cx, const uint8_t *bytes, size_t size, bool fatal) {
  Utf8Measure measure;
  if (!string_measure_utf8(cx, bytes, size, &measure)) return VALUE_ABRUPT;
  if (fatal && (!measure.is_valid || measure.has_surrogates)) return VALUE_UNDEFINED;
  if (measure.has_surrogates) return decode_with_surrogates(cx, bytes, size);
  return string_from_measured_utf8(cx, (const char *)bytes, size, &measure);
}

static Value decode_single_bytes(Context *cx, const uint8_t *bytes, size_t size, const uint16_t *table, bool fatal) {
  if (size > STRING_MAX_LENGTH) return throw_range_error(cx, "invalid string length");
  if (size == 0) return cx->names->empty;
  uint16_t all = 0;
  bool has_errors = false;
  for (size_t at = 0; at < size; at += UTF8_PIECE) {
    size_t length = MIN_OF(size - at, (size_t)UTF8_PIECE);
    if (!context_charge_bytes(cx, length, CHARGE_COMPARE)) return VALUE_ABRUPT;
    all |= single_byte_measure(table, bytes + at, length, &has_errors);
  }
  if (has_errors && fatal) return VALUE_UNDEFINED;
  String *text = string_create_uninitialized(cx, (uint32_t)size, all > 0xFF);
  if (!text) return VALUE_ABRUPT;
  for (size_t at = 0; at < size; at += UTF8_PIECE) {
    size_t length = MIN_OF(size - at, (size_t)UTF8_PIECE);
    if (!context_charge_bytes(cx, length, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (all > 0xFF) single_byte_decode_wide(table, bytes + at, length, text->wide + at);
    else single_byte_decode_narrow(table, bytes + at, length, text->narrow + at);
  }
  return value_string(text);
}

// https://encoding.spec.whatwg.org/#shared-utf-16-decoder, for the whole input
static Value decode_utf16(Context *cx, const uint8_t *bytes, size_t size, bool is_big, bool fatal) {
  size_t length = size / 2;
  if (length >= STRING_MAX_LENGTH) return throw_range_error(cx, "invalid string length");
  bool has_rest = size % 2 != 0;
  // A cut-off rest at the end is one error, even after half a pair.
  if (has_rest && length > 0 && unicode_is_high_surrogate(utf16_unit(bytes, length - 1, is_big))) length--;
  if (has_rest && fatal) return VALUE_UNDEFINED;
  if (length + has_rest == 0) return cx->names->empty;
  bool is_narrow = !has_rest;
  for (size_t at = 0; at < length && is_narrow; at += UTF8_PIECE) {
    size_t count = MIN_OF(length - at, (size_t)UTF8_PIECE);
    if (!context_charge_bytes(cx, count, CHARGE_COMPARE)) return VALUE_ABRUPT;
    is_narrow = utf16_bytes_are_latin1(bytes + at * 2, count, is_big);
  }
  String *text = string_create_uninitialized(cx, (uint32_t)(length + has_rest), !is_narrow);
  if (!text) return VALUE_ABRUPT;
  if (has_rest) text->wide[length] = 0xFFFD;
  for (size_t at = 0; at < length; at += UTF8_PIECE) {
    size_t count = MIN_OF(length - at, (size_t)UTF8_PIECE);
    if (!context_charge_bytes(cx, count * 2, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (is_narrow) utf16_narrow_bytes(bytes + at * 2, count, is_big, text->narrow + at);
    else utf16_read_bytes(bytes + at * 2, count, is_big, text->wide + at);
  }
  for (size_t at = 0; at < length && !is_narrow; at += UTF8_PIECE) {
    size_t end = MIN_OF(at + UTF8_PIECE, length);
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (utf16_replace_lone(text->wide, at, end, length) && fatal) return VALUE_UNDEFINED;
  }
  return value_string(text);
}

// https://encoding.spec.whatwg.org/#x-user-defined-decoder
static Value decode_user_defined(Context *cx, const uint8_t *bytes, size_t size) {
  uint16_t table[128];
  for (unsigned i = 0; i < COUNT_OF(table); i++) table[i] = (uint16_t)(0xF780 + i);
  return decode_single_bytes(cx, bytes, size, table, false);
}

// TextDecoder ---------------------------------------------------------------------------------------------------------

typedef enum EncodingKind { ENCODING_UTF8, ENCODING_UTF16, ENCODING_USER_DEFINED, ENCODING_SINGLE_BYTE } EncodingKind;

// https://encoding.spec.whatwg.org/#names-and-labels; encodings with several bytes per character have no tables here.
static const struct {
  const char *name, *labels;
  uint8_t kind, table;  // of UTF-16: whether it is big-endian
} encodings[] = {
    {"utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8", ENCODING_UTF8, 0},
    {"utf-16le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16", ENCODING_UTF16, 0},
    {"utf-16be", "unicodefffe", ENCODING_UTF16, 1},
    {"x-user-defined", "", ENCODING_USER_DEFINED, 0},
    {"ibm866", "866 cp866 csibm866", ENCODING_SINGLE_BYTE, 0},
    {"iso-8859-2", "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
     ENCODING_SINGLE_BYTE, 1},
    {"iso-8859-3", "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
     ENCODING_SINGLE_BYTE, 2},
    {"iso-8859-4", "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
     ENCODING_SINGLE_BYTE, 3},
    {"iso-8859-5", "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
     ENCODING_SINGLE_BYTE, 4},
    {"iso-8859-6",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 "
     "iso88596 iso_8859-6 iso_8859-6:1987",
     ENCODING_SINGLE_BYTE, 5},
    {"iso-8859-7",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
     "sun_eu_greek",
     ENCODING_SINGLE_BYTE, 6},
    {"iso-8859-8",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual",
     ENCODING_SINGLE_BYTE, 7},
    {"iso-8859-8-i", "csiso88598i logical", ENCODING_SINGLE_BYTE, 7},
    {"iso-8859-10", "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6", ENCODING_SINGLE_BYTE, 8},
    {"iso-8859-13", "iso8859-13 iso885913", ENCODING_SINGLE_BYTE, 9},
    {"iso-8859-14", "iso8859-14 iso885914", ENCODING_SINGLE_BYTE, 10},
    {"iso-8859-15", "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9", ENCODING_SINGLE_BYTE, 11},
    {"iso-8859-16", "", ENCODING_SINGLE_BYTE, 12},
    {"koi8-r", "cskoi8r koi koi8 koi8_r", ENCODING_SINGLE_BYTE, 13},
    {"koi8-u", "koi8-ru", ENCODING_SINGLE_BYTE, 14},
    {"macintosh", "csmacintosh mac x-mac-roman", ENCODING_SINGLE_BYTE, 15},
    {"windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620", ENCODING_SINGLE_BYTE, 16},
    {"windows-1250", "cp1250 x-cp1250", ENCODING_SINGLE_BYTE, 17},
    {"windows-1251", "cp1251 x-cp1251", ENCODING_SINGLE_BYTE, 18},
    {"windows-1252",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
     "iso_8859-1:1987 l1 latin1 us-ascii x-cp1252",
     ENCODING_SINGLE_BYTE, 19},
    {"windows-1253", "cp1253 x-cp1253", ENCODING_SINGLE_BYTE, 20},
    {"windows-1254",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254",
     ENCODING_SINGLE_BYTE, 21},
    {"windows-1255", "cp1255 x-cp1255", ENCODING_SINGLE_BYTE, 22},
    {"windows-1256", "cp1256 x-cp1256", ENCODING_SINGLE_BYTE, 23},
    {"windows-1257", "cp1257 x-cp1257", ENCODING_SINGLE_BYTE, 24},
    {"windows-1258", "cp1258 x-cp1258", ENCODING_SINGLE_BYTE, 25},
    {"x-mac-cyrillic", "x-mac-ukrainian", ENCODING_SINGLE_BYTE, 26},
};

static bool equals_without_case(TextView label, const char *name, size_t size) {
  if (label.length != size) return false;
  for (uint32_t i = 0; i < size; i++) {
    uint16_t unit = text_view_unit(label, i);
    if (unit >= 'A' && unit <= 'Z') unit |= 0x20;
    if (unit != (uint8_t)name[i]) return false;
  }
  return true;
}

static bool has_label(TextView label, const char *labels) {
  while (*labels) {
    size_t size = strcspn(labels, " ");
    if (equals_without_case(label, labels, size)) return true;
    labels += size + (labels[size] == ' ');
  }
  return false;
}

// https://encoding.spec.whatwg.org/#concept-encoding-get
// findEncoding(label): a number, or undefined
static Value find_encoding(Context *cx, const Call *call) {
  TextView label;
  uint32_t steps = 0;
  if (!value_is_string(call_argument(call, 0)) || !string_view(cx, value_as_string(call_argument(call, 0)), &label))
    return VALUE_ABRUPT;
  uint32_t start = 0, end = label.length;
  while (start < end && unicode_is_ascii_space(text_view_unit(label, start)))
    if (start++, !context_step(cx, &steps)) return VALUE_ABRUPT;
  while (end > start && unicode_is_ascii_space(text_view_unit(label, end - 1)))
    if (end--, !context_step(cx, &steps)) return VALUE_ABRUPT;
  label = text_view_slice(label, start, end);
  for (size_t i = 0; i < COUNT_OF(encodings); i++) {
    if (equals_without_case(label, encodings[i].name, strlen(encodings[i].name)) ||
        has_label(label, encodings[i].labels))
      return value_int((int32_t)i);
  }
  return VALUE_UNDEFINED;
}

// encodingName(number)
static Value encoding_name(Context *cx, const Call *call) {
  return string_from_ascii(cx, encodings[value_as_int(call_argument(call, 0))].name);
}

// The bytes of a buffer or view; NULL and 0 when it is detached or out of bounds. False: it is neither.
static bool bytes_of(Value source, const uint8_t **bytes, size_t *size, bool *is_shared) {
  if (value_is_array_buffer(source, false) || value_is_array_buffer(source, true)) {
    const ArrayBuffer *buffer = value_as_array_buffer(source);
    *bytes = buffer->data;
    *size = buffer->data ? buffer->byte_length : 0;
    *is_shared = buffer_is_shared(buffer);
    return true;
  }
  if (!value_is_object_of(source, CELL_TYPED_ARRAY) && !value_is_object_of(source, CELL_DATA_VIEW)) return false;
  const BufferView *view = (const BufferView *)value_as_object(source);
  *bytes = view->data;
  *size = view->data && !view->out_of_bounds ? (size_t)view->object.length << view->size_shift : 0;
  *is_shared = buffer_is_shared(view->buffer);
  return true;
}

enum { DECODE_FATAL = 1, DECODE_KEEPS_MARK = 2, DECODE_STREAM = 4 };
// What a decoder remembers between pieces: bytes of a Uint8Array.
enum { STATE_COUNT, STATE_BYTES, STATE_IS_INSIDE = STATE_BYTES + 3, STATE_SIZE };

// Bytes at the end that a later piece may complete.
static size_t incomplete_size(unsigned encoding, const uint8_t *bytes, size_t size) {
  if (encodings[encoding].kind == ENCODING_UTF8) return utf8_incomplete_size(bytes, size);
  if (encodings[encoding].kind != ENCODING_UTF16) return 0;
  size_t units = size / 2, rest = size % 2;
  return rest +
         (units > 0 && unicode_is_high_surrogate(utf16_unit(bytes, units - 1, encodings[encoding].table)) ? 2 : 0);
}

static size_t mark_size(unsigned encoding, const uint8_t *bytes, size_t size) {
  static const uint8_t marks[][3] = {{0xEF, 0xBB, 0xBF}, {0xFF, 0xFE}, {0xFE, 0xFF}};
  size_t length = encoding == 0 ? 3 : 2;
  return encoding < COUNT_OF(marks) && size >= length && memcmp(bytes, marks[encoding], length) == 0 ? length : 0;
}

static Value decode_all(Context *cx, unsigned encoding, const uint8_t *bytes, size_t size, bool fatal) {
  unsigned table = encodings[encoding].table;
  switch ((EncodingKind)encodings[encoding].kind) {
    case ENCODING_UTF8: return web_decode_utf8(cx, bytes, size, fatal);
    case ENCODING_UTF16: return decode_utf16(cx, bytes, size, table, fatal);
    case ENCODING_USER_DEFINED: return decode_user_defined(cx, bytes, size);
    default: return decode_single_bytes(cx, bytes, size, single_byte_tables[table], fatal);
  }
}

// As in Node: after an error in a pair that began in an earlier piece, the rest of this piece is dropped, except the
// first byte after half the pair. By the Encoding Standard all of it would be decoded, but no decoder does that.
static void keep_after_error(unsigned encoding, const uint8_t *bytes, size_t size, size_t before, uint8_t *state) {
  bool is_big = encodings[encoding].table;
  bool is_broken_pair = encodings[encoding].kind == ENCODING_UTF16 && before > 0 && size >= 4 &&
                        unicode_is_high_surrogate(utf16_unit(bytes, 0, is_big)) &&
                        !unicode_is_low_surrogate(utf16_unit(bytes, 1, is_big));
  memset(state, 0, STATE_SIZE);
  if (!is_broken_pair) return;
  state[STATE_COUNT] = 1;
  state[STATE_BYTES] = bytes[2];
}

// `before`: how many bytes are from earlier pieces.
static Value decode_piece(Context *cx, unsigned encoding, int flags, const uint8_t *bytes, size_t size, size_t before,
                          uint8_t *state) {
  const uint8_t *start = bytes;
  size_t rest = flags & DECODE_STREAM ? incomplete_size(encoding, bytes, size) : 0;
  const uint8_t *end = bytes + size - rest;
  bool is_inside = state && state[STATE_IS_INSIDE];
  if (state) memset(state, 0, STATE_SIZE);
  if (state && flags & DECODE_STREAM) {
    state[STATE_COUNT] = (uint8_t)rest;
    memcpy(state + STATE_BYTES, end, rest);
    state[STATE_IS_INSIDE] = is_inside || size > rest;
  }
  if (!is_inside && !(flags & DECODE_KEEPS_MARK)) bytes += mark_size(encoding, bytes, (size_t)(end - bytes));
  Value text = decode_all(cx, encoding, bytes, (size_t)(end - bytes), flags & DECODE_FATAL);
  if (value_is_undefined(text) && state)
    keep_after_error(encoding, start, size, flags & DECODE_STREAM ? before : 0, state);
  return text;
}

// https://encoding.spec.whatwg.org/#dom-textdecoder-decode
// decode(encoding, flags, buffer or view, state or undefined): the text; undefined: an error; null: not a buffer or
// view
static Value text_decode(Context *cx, const Call *call) {
  static const uint8_t nothing[1];
  const uint8_t *bytes = nothing;
  size_t size = 0;
  bool is_shared = false;
  Value source = call_argument(call, 2);
  if (!value_is_undefined(source) && !bytes_of(source, &bytes, &size, &is_shared)) return VALUE_NULL;
  if (!bytes) bytes = nothing;
  unsigned encoding = (unsigned)value_as_int(call_argument(call, 0));
  int flags = value_as_int(call_argument(call, 1));
  uint8_t *state =
      value_is_typed_array(call_argument(call, 3)) ? value_as_typed_array(call_argument(call, 3))->data : NULL;
  size_t before = state ? state[STATE_COUNT] : 0;
  if (before == 0 && !is_shared) return decode_piece(cx, encoding, flags, bytes, size, before, state);
  // Another thread may write to shared memory meanwhile.
  Buffer joined;
  buffer_initialize(&joined, &cx->memory);
  uint8_t *to = buffer_reserve(&joined, before + size + 1);
  Value text = VALUE_ABRUPT;
  if (!to) {
    context_throw_out_of_memory(cx);
  } else if (context_charge_bytes(cx, size, CHARGE_COPY)) {
    if (before) memcpy(to, state + STATE_BYTES, before);
    if (size) memcpy(to + before, bytes, size);
    text = decode_piece(cx, encoding, flags, to, before + size, before, state);
  }
  buffer_release(&joined);
  return text;
}

// clang-format off
const BuiltinRow web_text_rows[] = {
    FUNCTION("encode", 1, text_encode),
    FUNCTION("encodeInto", 2, text_encode_into),
    FUNCTION("findEncoding", 1, find_encoding),
    FUNCTION("encodingName", 1, encoding_name),
    FUNCTION("decode", 4, text_decode),
    END_OF_ROWS,
};
// clang-format on
