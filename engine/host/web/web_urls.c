// The native part of web_urls.js: the parser of URLs and that of forms. There a URL is an array: its serialization,
// then the positions of its parts (text/url.h).
#include "builtins/arrays/array.h"
#include "host/web/web_natives.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "text/utf8.h"

enum { RECORD_PARAMS = 1 + URL_PLACES, RECORD_IS_OUTDATED, RECORD_SIZE };  // the last two are those of web_urls.js

static Value make_record(Context *cx, const Buffer *text, const UrlPlaces *at) {
  if (text->size > STRING_MAX_LENGTH) return throw_range_error(cx, "invalid string length");
  ROOTS(cx, r, href);
  r->href = string_from_view(cx, text_view_narrow(text->data, text->size));
  if (value_is_abrupt(r->href)) return VALUE_ABRUPT;
  uint32_t places[URL_PLACES];
  memcpy(places, at, sizeof places);
  Value values[RECORD_SIZE] = {r->href};
  for (int i = 0; i < URL_PLACES; i++) values[i + 1] = value_int((int32_t)places[i]);
  values[RECORD_PARAMS] = VALUE_UNDEFINED;
  values[RECORD_IS_OUTDATED] = VALUE_FALSE;
  Object *record = array_create_from(cx, values, COUNT_OF(values));
  return record ? value_object(record) : VALUE_ABRUPT;
}

// A program that changes Array.prototype may reach the arrays of web_urls.js: nothing in them is trusted.
static MUST_CHECK bool url_of_record(Context *cx, Value record, Url *url) {
  const Object *array = value_is_object_of(record, CELL_ARRAY) ? value_as_object(record) : NULL;
  TextView text;
  bool is_record = array && array->element_count == RECORD_SIZE && value_is_string(array->elements->items[0]);
  if (is_record && !string_view(cx, value_as_string(array->elements->items[0]), &text)) return false;
  uint32_t places[URL_PLACES];
  for (int i = 0; is_record && i < URL_PLACES; i++) {
    Value item = array->elements->items[i + 1];
    is_record = value_is_int(item) && value_as_int(item) >= (i > 0 ? (int32_t)places[i - 1] : 1) &&
                (uint32_t)value_as_int(item) <= text.length;
    if (is_record) places[i] = (uint32_t)value_as_int(item);
  }
  if (!is_record || text.is_wide) return throw_type_error(cx, "expected a URL"), false;
  *url = (Url){.text = text.narrow, .size = text.length};
  memcpy(&url->at, places, sizeof places);
  return true;
}

static Value finish(Context *cx, UrlResult result, const Buffer *text, const UrlPlaces *at) {
  if (result == URL_INTERRUPTED) return context_throw_interrupted(cx);
  if (text->failed) return context_throw_out_of_memory(cx);
  return result == URL_REFUSED ? VALUE_UNDEFINED : make_record(cx, text, at);
}

static Value parse_string(Context *cx, Value string, const Url *base, Buffer *text, UrlPlaces *at, UrlResult *result) {
  Buffer scratch;
  buffer_initialize(&scratch, &cx->memory);
  UrlBytes bytes;
  bool is_read = web_text_bytes(cx, string, &scratch, &bytes);
  if (is_read) *result = url_parse(bytes, base, text, at, &cx->fuel);
  buffer_release(&scratch);
  return is_read ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

static Value parse_with_base(Context *cx, Value input, Value base) {
  Buffer text, base_text;
  buffer_initialize(&text, &cx->memory);
  buffer_initialize(&base_text, &cx->memory);
  UrlPlaces at;
  Url url = {0};
  UrlResult result = URL_DONE;
  Value value = VALUE_UNDEFINED;
  if (!value_is_undefined(base)) {
    value = parse_string(cx, base, NULL, &base_text, &url.at, &result);
    url.text = base_text.data;
    url.size = (uint32_t)base_text.size;
    text.failed |= base_text.failed;
  }
  if (!value_is_abrupt(value) && result == URL_DONE && !text.failed)
    value = parse_string(cx, input, url.text ? &url : NULL, &text, &at, &result);
  if (!value_is_abrupt(value)) value = finish(cx, result, &text, &at);
  buffer_release(&text);
  buffer_release(&base_text);
  return value;
}

// https://url.spec.whatwg.org/#api-url-parser
// parse(input, base): the record, or undefined
static Value url_parse_native(Context *cx, const Call *call) {
  ROOTS(cx, r, input, base);
  r->input = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->input)) return VALUE_ABRUPT;
  r->base = call_argument(call, 1);
  if (!value_is_undefined(r->base)) r->base = value_to_string(cx, r->base);
  return value_is_abrupt(r->base) ? VALUE_ABRUPT : parse_with_base(cx, r->input, r->base);
}

// set(record, member, text): the changed record, or undefined when nothing changes
static Value url_set_native(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = value_to_string(cx, call_argument(call, 2));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  Buffer scratch, text;
  buffer_initialize(&scratch, &cx->memory);
  buffer_initialize(&text, &cx->memory);
  UrlBytes bytes;
  Value value = VALUE_ABRUPT;
  Url url;
  if (url_of_record(cx, call_argument(call, 0), &url) && web_text_bytes(cx, r->text, &scratch, &bytes)) {
    UrlPlaces at;
    UrlResult result = url_set(&url, (UrlMember)value_as_int(call_argument(call, 1)), bytes, &text, &at, &cx->fuel);
    value = finish(cx, result, &text, &at);
  }
  buffer_release(&scratch);
  buffer_release(&text);
  return value;
}

// https://webidl.spec.whatwg.org/#idl-USVString
// text(value)
static Value convert_to_text(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = value_to_string(cx, call_argument(call, 0));
  TextView view;
  if (value_is_abrupt(r->text) || !string_view(cx, value_as_string(r->text), &view)) return VALUE_ABRUPT;
  if (!view.is_wide) return r->text;
  if (!context_charge_bytes(cx, view.length, CHARGE_COMPARE)) return VALUE_ABRUPT;
  if (text_is_well_formed(view)) return r->text;
  Buffer scratch;
  buffer_initialize(&scratch, &cx->memory);
  UrlBytes bytes;
  if (web_text_bytes(cx, r->text, &scratch, &bytes))
    r->text = string_from_utf8(cx, (const char *)bytes.bytes, bytes.size);
  else r->text = VALUE_ABRUPT;
  buffer_release(&scratch);
  return r->text;
}

// Forms ------------------------------------------------------------------------------------------------------------

static unsigned hex_digit(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10u : 16;
}

// Decodes a name or value into `scratch`.
static Value decode_field(Context *cx, const uint8_t *bytes, size_t size, Buffer *scratch) {
  scratch->size = 0;
  uint8_t *to = buffer_reserve(scratch, size);
  if (!to && size > 0) return context_throw_out_of_memory(cx);
  if (!context_charge_bytes(cx, size, CHARGE_COMPARE)) return VALUE_ABRUPT;
  for (size_t i = 0; i < size; i++) {
    unsigned high = i + 2 < size ? hex_digit(bytes[i + 1]) : 16, low = i + 2 < size ? hex_digit(bytes[i + 2]) : 16;
    if (bytes[i] == '%' && high < 16 && low < 16) {
      *to++ = (uint8_t)(high << 4 | low);
      i += 2;
    } else {
      *to++ = bytes[i] == '+' ? ' ' : bytes[i];
    }
  }
  scratch->size = size ? (size_t)(to - scratch->data) : 0;
  return web_decode_utf8(cx, scratch->data, scratch->size, false);
}

static MUST_CHECK bool add_field(Context *cx, Object *list, const uint8_t *bytes, size_t size, Buffer *scratch) {
  ROOTS(cx, r, field);
  r->field = decode_field(cx, bytes, size, scratch);
  return !value_is_abrupt(r->field) && array_push(cx, list, r->field);
}

static MUST_CHECK bool add_fields(Context *cx, Object *list, UrlBytes text, Buffer *scratch) {
  for (size_t start = 0; start < text.size;) {
    const uint8_t *bytes = text.bytes + start;
    const uint8_t *end = memchr(bytes, '&', text.size - start);
    size_t size = end ? (size_t)(end - bytes) : text.size - start;
    start += size + 1;
    if (!context_charge(cx, 2)) return context_throw_interrupted(cx), false;
    if (size == 0) continue;
    const uint8_t *equals = memchr(bytes, '=', size);
    size_t name = equals ? (size_t)(equals - bytes) : size;
    if (!add_field(cx, list, bytes, name, scratch)) return false;
    if (!add_field(cx, list, bytes + name + 1, equals ? size - name - 1 : 0, scratch)) return false;
  }
  return true;
}

// https://url.spec.whatwg.org/#concept-urlencoded-parser
// parseForm(text): an array of name, value, name, value...
static Value form_parse(Context *cx, const Call *call) {
  ROOTS(cx, r, text, list);
  r->text = call_argument(call, 0);
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  r->list = value_object(list);
  Buffer copy, scratch;
  buffer_initialize(&copy, &cx->memory);
  buffer_initialize(&scratch, &cx->memory);
  UrlBytes text;
  bool is_read = web_text_bytes(cx, r->text, &copy, &text) && add_fields(cx, list, text, &scratch);
  buffer_release(&copy);
  buffer_release(&scratch);
  return is_read ? r->list : VALUE_ABRUPT;
}

// https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
static void append_encoded(Buffer *out, UrlBytes text) {
  static const char digits[] = "0123456789ABCDEF";
  static const uint32_t kept[4] = {0, 0x03FF6400, 0x87FFFFFE, 0x07FFFFFE};  // letters, digits, * - . _
  uint8_t *to = buffer_reserve(out, text.size * 3);
  if (!to) return;
  for (size_t i = 0; i < text.size; i++) {
    uint8_t byte = text.bytes[i];
    if (byte < 0x80 && kept[byte >> 5] >> (byte & 31) & 1) {
      *to++ = byte;
    } else if (byte == ' ') {
      *to++ = '+';
    } else {
      *to++ = '%';
      *to++ = (uint8_t)digits[byte >> 4];
      *to++ = (uint8_t)digits[byte & 15];
    }
  }
  out->size = (size_t)(to - out->data);
}

static MUST_CHECK bool write_fields(Context *cx, const Object *list, Buffer *out) {
  Buffer scratch;
  buffer_initialize(&scratch, &cx->memory);
  bool is_written = true;
  for (uint32_t i = 0; i < list->element_count && is_written; i++) {
    UrlBytes text;
    scratch.size = 0;
    is_written = web_text_bytes(cx, list->elements->items[i], &scratch, &text) &&
                 context_charge_bytes(cx, text.size + 256, CHARGE_COMPARE);
    if (!is_written) break;
    if (i > 0) buffer_append_byte(out, i % 2 ? '=' : '&');
    append_encoded(out, text);
  }
  buffer_release(&scratch);
  if (is_written && out->failed) context_throw_out_of_memory(cx);
  return is_written && !out->failed;
}

// https://url.spec.whatwg.org/#concept-urlencoded-serializer
// writeForm(list)
static Value form_write(Context *cx, const Call *call) {
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  Value text = VALUE_ABRUPT;
  if (!value_is_object_of(call_argument(call, 0), CELL_ARRAY)) {
    throw_type_error(cx, "expected a list of fields");
  } else if (write_fields(cx, value_as_object(call_argument(call, 0)), &out)) {
    text = out.size > STRING_MAX_LENGTH ? throw_range_error(cx, "invalid string length")
                                        : string_from_view(cx, text_view_narrow(out.data, out.size));
  }
  buffer_release(&out);
  return text;
}

// Lists of names and values ----------------------------------------------------------------------------------------
//
// name, value, name, value... Nothing here runs guest code, so a list does not change meanwhile.

static const Object *list_of(const Call *call) {
  Value list = call_argument(call, 0);
  const Object *array = value_is_object_of(list, CELL_ARRAY) ? value_as_object(list) : NULL;
  return array && array->length == array->element_count && array->length % 2 == 0 ? array : NULL;
}

static Value refuse_list(Context *cx) { return throw_type_error(cx, "expected a list of names and values"); }

// OPTIMIZATION: most texts differ in their lengths or first characters, which are compared here.
static inline MUST_CHECK bool text_matches(Context *cx, Value text, Value wanted, bool *is_match) {
  *is_match = text == wanted;
  if (*is_match) return true;
  if (!value_is_string(text)) return refuse_list(cx), false;
  String *left = value_as_string(text), *right = value_as_string(wanted);
  return string_length(left) != string_length(right) || string_equals(cx, left, right, is_match);
}

// Whether the pair's name is the call's third argument, and its value the fourth, if there is one.
static inline MUST_CHECK bool pair_matches(Context *cx, const Call *call, const Value *pair, bool *is_match) {
  if (!text_matches(cx, pair[0], call->arguments[2], is_match)) return false;
  return !*is_match || call->count < 4 || value_is_undefined(call->arguments[3]) ||
         text_matches(cx, pair[1], call->arguments[3], is_match);
}

// For `find` and `without`: (list, place, name, value).
static MUST_CHECK bool take_place(Context *cx, const Call *call, uint32_t *place) {
  bool is_query = list_of(call) && call->count >= 3 && value_is_int(call->arguments[1]) &&
                  value_as_int(call->arguments[1]) >= 0 && value_as_int(call->arguments[1]) % 2 == 0 &&
                  value_is_string(call->arguments[2]) &&
                  (call->count < 4 || value_is_undefined(call->arguments[3]) || value_is_string(call->arguments[3]));
  if (!is_query) return refuse_list(cx), false;
  *place = (uint32_t)value_as_int(call->arguments[1]);
  return true;
}

// find(list, from, name, value): the place of the first such pair at or after `from`, or -1
static Value list_find(Context *cx, const Call *call) {
  uint32_t steps = 0, place;
  bool is_match;
  if (!take_place(cx, call, &place)) return VALUE_ABRUPT;
  const Object *list = list_of(call);
  for (; place < list->element_count; place += 2) {
    if (!context_step(cx, &steps) || !pair_matches(cx, call, &list->elements->items[place], &is_match))
      return VALUE_ABRUPT;
    if (is_match) return value_int((int32_t)place);
  }
  return value_int(-1);
}

// without(list, from, name, value): the list, or a new one without such pairs at or after `from`
static Value list_without(Context *cx, const Call *call) {
  uint32_t steps = 0, place;
  bool is_match;
  if (!take_place(cx, call, &place)) return VALUE_ABRUPT;
  const Object *list = list_of(call);
  ROOTS(cx, r, kept);
  r->kept = VALUE_UNDEFINED;
  for (; place < list->element_count; place += 2) {
    if (!context_step(cx, &steps) || !pair_matches(cx, call, &list->elements->items[place], &is_match))
      return VALUE_ABRUPT;
    if (is_match && value_is_undefined(r->kept)) {
      Object *kept = array_create_from(cx, list->elements->items, place);
      if (!kept) return VALUE_ABRUPT;
      r->kept = value_object(kept);
    } else if (!is_match && value_is_object(r->kept)) {
      Object *kept = value_as_object(r->kept);
      if (!array_push(cx, kept, list->elements->items[place]) ||
          !array_push(cx, kept, list->elements->items[place + 1]))
        return VALUE_ABRUPT;
    }
  }
  return value_is_object(r->kept) ? r->kept : call->arguments[0];
}

// sorted(list): a new list, sorted stably by the names' units
static Value list_sorted(Context *cx, const Call *call) {
  const Object *list = list_of(call);
  if (!list) return refuse_list(cx);
  ROOTS(cx, r, result, scratch);
  uint32_t steps = 0;
  for (uint32_t i = 0; i < list->element_count; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    if (!value_is_string(list->elements->items[i])) return refuse_list(cx);
  }
  Object *result = array_create_from(cx, list->elements ? list->elements->items : NULL, list->element_count);
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (result->element_count < 4) return r->result;
  Values *scratch = values_create(cx, result->element_count);
  if (!scratch) return VALUE_ABRUPT;
  r->scratch = value_internal(scratch);
  return array_sort_pairs(cx, result->elements->items, scratch->items, result->element_count / 2) ? r->result
                                                                                                  : VALUE_ABRUPT;
}

const BuiltinRow web_url_rows[] = {
    FUNCTION("parse", 2, url_parse_native), FUNCTION("set", 3, url_set_native),   FUNCTION("parseForm", 1, form_parse),
    FUNCTION("writeForm", 1, form_write),   FUNCTION("text", 1, convert_to_text), FUNCTION("find", 4, list_find),
    FUNCTION("without", 4, list_without),   FUNCTION("sorted", 1, list_sorted),   END_OF_ROWS,
};
