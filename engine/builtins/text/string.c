// The String constructor, and the methods of String.prototype that work on the text alone.
// https://tc39.es/ecma262/#sec-string-objects
#include "builtins/text/string.h"

#include <math.h>

#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"
#include "text/case_mapping.h"
#include "text/normalization.h"
#include "text/unicode.h"
#include "text/utf8.h"

Value string_this(Context *cx, const Call *call, const char *method) {
  if (LIKELY(value_is_string(call->this_value))) return call->this_value;
  if (!value_require_object_coercible(cx, call->this_value, method)) return VALUE_ABRUPT;
  return value_to_string(cx, call->this_value);
}

// `this` as text, rooted in *root.
static MUST_CHECK bool this_text(Context *cx, const Call *call, const char *method, Value *root, TextView *text) {
  *root = string_this(cx, call, method);
  return !value_is_abrupt(*root) && string_view(cx, value_as_string(*root), text);
}

static MUST_CHECK bool argument_text(Context *cx, const Call *call, uint32_t index, Value *root, TextView *text) {
  *root = value_to_string(cx, call_argument(call, index));
  return !value_is_abrupt(*root) && string_view(cx, value_as_string(*root), text);
}

static Value string_from_units(Context *cx, const Buffer *units) {
  if (units->failed) return context_throw_out_of_memory(cx);
  size_t length = units->size / sizeof(uint16_t);
  if (length > STRING_MAX_LENGTH) return throw_range_error(cx, "%einvalid string length %u", (unsigned)length);
  return string_from_view(cx, text_view_wide((const uint16_t *)units->data, length));
}

// Constructor --------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-string-constructor-string-value
static Value string_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, text, prototype);
  r->text = cx->names->empty;
  if (call->count > 0) {
    Value value = call->arguments[0];
    if (!call_is_construct(call) && value_is_symbol(value)) {
      StringBuilder builder SCOPED_BUILDER;
      string_builder_initialize(&builder, cx);
      string_builder_append_ascii(&builder, "Symbol(");
      Value description = value_as_symbol(value)->description;
      if (value_is_string(description) && !string_builder_append_string(&builder, value_as_string(description)))
        return VALUE_ABRUPT;
      string_builder_append_unit(&builder, ')');
      return string_builder_finish(&builder);
    }
    r->text = value_to_string(cx, value);
    if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  }
  if (!call_is_construct(call)) return r->text;
  r->prototype = object_prototype_from_constructor(cx, call->new_target, INTRINSIC_StringPrototype);
  if (value_is_abrupt(r->prototype)) return VALUE_ABRUPT;
  Object *object = primitive_object_create(cx, &object_class_string, value_as_object(r->prototype), r->text);
  return object ? value_object(object) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-string.fromcharcode
static Value string_from_char_code(Context *cx, const Call *call) {
  if (call->count == 1 && value_is_int(call->arguments[0]))
    return string_from_unit(cx, (uint16_t)value_as_int(call->arguments[0]));
  ROOTS(cx, r, text);
  REPLAY_TEXT(text, cx, &r->text);
  uint32_t steps = 0;
  for (double i = 0;; i++) {
    if (!context_step(cx, &steps) || !replay_text_round(&text, &i)) return VALUE_ABRUPT;
    if (i >= call->count) return replay_text_finish(&text);
    uint32_t unit;
    if (!value_to_uint32(cx, call->arguments[(uint32_t)i], &unit)) return VALUE_ABRUPT;
    string_builder_append_unit(&text.builder, (uint16_t)unit);
  }
}

// https://tc39.es/ecma262/#sec-string.fromcodepoint
static Value string_from_code_points(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  REPLAY_TEXT(text, cx, &r->text);
  uint32_t steps = 0;
  for (double i = 0;; i++) {
    if (!context_step(cx, &steps) || !replay_text_round(&text, &i)) return VALUE_ABRUPT;
    if (i >= call->count) return replay_text_finish(&text);
    Value argument = call->arguments[(uint32_t)i];
    double number;
    if (!value_to_number(cx, argument, &number)) return VALUE_ABRUPT;
    if (!(number >= 0 && number <= 0x10FFFF) || number != (double)(uint32_t)number)
      return throw_range_error(cx, "String.fromCodePoint: %v is not a code point", argument);
    string_builder_append_code_point(&text.builder, (uint32_t)number);
  }
}

// https://tc39.es/ecma262/#sec-string.raw
static Value string_raw(Context *cx, const Call *call) {
  ROOTS(cx, r, cooked, raw, piece, text);
  r->cooked = value_to_object(cx, call_argument(call, 0));
  if (value_is_abrupt(r->cooked)) return VALUE_ABRUPT;
  r->raw = object_get_key(cx, value_as_object(r->cooked), cx->names->raw);
  if (value_is_abrupt(r->raw)) return VALUE_ABRUPT;
  r->raw = value_to_object(cx, r->raw);
  double length;
  if (value_is_abrupt(r->raw) || !object_length(cx, value_as_object(r->raw), &length)) return VALUE_ABRUPT;
  REPLAY_TEXT(text, cx, &r->text);
  for (double i = 0;; i += 0.5) {  // a piece of the text, and what stands between it and the next one, in turn
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    if (!replay_text_round(&text, &i)) return VALUE_ABRUPT;
    bool is_piece = i == floor(i);
    if (is_piece ? i >= length : i + 0.5 >= length) return replay_text_finish(&text);
    if (is_piece) {
      r->piece = key_from_value(cx, value_number(i));
      if (value_is_abrupt(r->piece)) return VALUE_ABRUPT;
      r->piece = object_get_key(cx, value_as_object(r->raw), r->piece);
    } else if (i + 0.5 < call->count) {
      r->piece = call->arguments[(uint32_t)(i + 0.5)];
    } else {
      continue;
    }
    if (value_is_abrupt(r->piece)) return VALUE_ABRUPT;
    r->piece = value_to_string(cx, r->piece);
    if (value_is_abrupt(r->piece) || !string_builder_append_string(&text.builder, value_as_string(r->piece)))
      return VALUE_ABRUPT;
  }
}

// Access --------------------------------------------------------------------------------------------------------------

enum { ACCESS_AT, ACCESS_CHAR_AT, ACCESS_CHAR_CODE_AT, ACCESS_CODE_POINT_AT };

// https://tc39.es/ecma262/#sec-string.prototype.at and the three below it
static Value string_access(Context *cx, const Call *call) {
  static const char *const methods[] = {"String.prototype.at", "String.prototype.charAt", "String.prototype.charCodeAt",
                                        "String.prototype.codePointAt"};
  int kind = call_magic(call);
  ROOTS(cx, r, text);
  TextView text;
  if (!this_text(cx, call, methods[kind], &r->text, &text)) return VALUE_ABRUPT;
  Value index = call_argument(call, 0);
  double position;
  if (value_is_int(index)) {
    position = value_as_int(index);
  } else if (!value_to_integer_or_infinity(cx, index, &position)) {
    return VALUE_ABRUPT;
  }
  if (kind == ACCESS_AT && position < 0) position += text.length;
  if (!(position >= 0 && position < text.length)) {
    if (kind == ACCESS_CHAR_AT) return cx->names->empty;
    return kind == ACCESS_CHAR_CODE_AT ? value_double(__builtin_nan("")) : VALUE_UNDEFINED;
  }
  uint32_t at = (uint32_t)position;
  if (kind == ACCESS_CODE_POINT_AT) return value_int((int32_t)text_view_next_code_point(text, &at));
  uint16_t unit = text_view_unit(text, at);
  return kind == ACCESS_CHAR_CODE_AT ? value_int(unit) : string_from_unit(cx, unit);
}

// Slices --------------------------------------------------------------------------------------------------------------

static MUST_CHECK bool clamped_position(Context *cx, Value value, uint32_t length, uint32_t if_undefined, bool relative,
                                        uint32_t *out) {
  double position = if_undefined;
  if (!value_is_undefined(value) && !value_to_integer_or_infinity(cx, value, &position)) return false;
  if (relative && position < 0) position += length;
  *out = position < 0 ? 0 : position > length ? length : (uint32_t)position;
  return true;
}

// https://tc39.es/ecma262/#sec-string.prototype.slice
static Value string_prototype_slice(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = string_this(cx, call, "String.prototype.slice");
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  uint32_t length = string_length(value_as_string(r->text)), start, end;
  if (!clamped_position(cx, call_argument(call, 0), length, 0, true, &start) ||
      !clamped_position(cx, call_argument(call, 1), length, length, true, &end))
    return VALUE_ABRUPT;
  return start >= end ? cx->names->empty : string_slice(cx, value_as_string(r->text), start, end);
}

// https://tc39.es/ecma262/#sec-string.prototype.substring
static Value string_prototype_substring(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = string_this(cx, call, "String.prototype.substring");
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  uint32_t length = string_length(value_as_string(r->text)), start, end;
  if (!clamped_position(cx, call_argument(call, 0), length, 0, false, &start) ||
      !clamped_position(cx, call_argument(call, 1), length, length, false, &end))
    return VALUE_ABRUPT;
  return start == end ? cx->names->empty
                      : string_slice(cx, value_as_string(r->text), MIN_OF(start, end), MAX_OF(start, end));
}

// https://tc39.es/ecma262/#sec-string.prototype.substr
static Value string_prototype_substr(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = string_this(cx, call, "String.prototype.substr");
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  uint32_t length = string_length(value_as_string(r->text)), start;
  if (!clamped_position(cx, call_argument(call, 0), length, 0, true, &start)) return VALUE_ABRUPT;
  double count = length;
  if (!value_is_undefined(call_argument(call, 1)) && !value_to_integer_or_infinity(cx, call_argument(call, 1), &count))
    return VALUE_ABRUPT;
  double end = start + (count < 0 ? 0 : count);
  if (end > length) end = length;
  return start >= end ? cx->names->empty : string_slice(cx, value_as_string(r->text), start, (uint32_t)end);
}

static bool unit_is_space(uint32_t unit) {
  return (unit >= 9 && unit <= 13) || unit == ' ' || unit == 0xA0 || unit == 0xFEFF || unit == 0x2028 ||
         unit == 0x2029 || (unit > 0xFF && unicode_is_space_separator(unit));
}

enum { TRIM_START = 1, TRIM_END = 2 };

// https://tc39.es/ecma262/#sec-trimstring
static Value string_prototype_trim(Context *cx, const Call *call) {
  static const char *const methods[] = {"", "String.prototype.trimStart", "String.prototype.trimEnd",
                                        "String.prototype.trim"};
  int where = call_magic(call);
  ROOTS(cx, r, text);
  TextView text;
  if (!this_text(cx, call, methods[where], &r->text, &text)) return VALUE_ABRUPT;
  uint32_t start = 0, end = text.length;
  uint32_t steps = 0;
  if (where & TRIM_START) {
    for (; start < end && unit_is_space(text_view_unit(text, start)); start++) {
      if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    }
  }
  if (where & TRIM_END) {
    for (; end > start && unit_is_space(text_view_unit(text, end - 1)); end--) {
      if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    }
  }
  if (start == 0 && end == text.length) return r->text;
  return start == end ? cx->names->empty : string_slice(cx, value_as_string(r->text), start, end);
}

// Searching -----------------------------------------------------------------------------------------------------------

// bounded: text_search charges for the comparison.
static bool matches_at(TextView text, TextView part, uint32_t at) {
  if (text.is_wide == part.is_wide) {
    const uint8_t *bytes = text.narrow + ((size_t)at << text.is_wide);
    return memcmp(bytes, part.narrow, (size_t)part.length << part.is_wide) == 0;
  }
  for (uint32_t i = 0; i < part.length; i++)
    if (text_view_unit(text, at + i) != text_view_unit(part, i)) return false;
  return true;
}

// The first position at or after `from` that has the first unit of `part`; `part` is not empty.
// bounded: text_search asks for a piece at a time and charges it.
static uint32_t find_candidate(TextView text, TextView part, uint32_t from) {
  if (part.length > text.length) return TEXT_NOT_FOUND;
  uint32_t last = text.length - part.length;
  uint16_t first = text_view_unit(part, 0);
  if (from > last) return TEXT_NOT_FOUND;
  if (!text.is_wide) {
    const uint8_t *found = first > 0xFF ? NULL : memchr(text.narrow + from, first, last - from + 1);
    return found ? (uint32_t)(found - text.narrow) : TEXT_NOT_FOUND;
  }
  for (uint32_t at = from; at <= last; at++)
    if (text.wide[at] == first) return at;
  return TEXT_NOT_FOUND;
}

// find_candidate with charges, piece by piece.
static MUST_CHECK bool search_candidate(Context *cx, TextView text, TextView part, uint32_t from, uint32_t *found) {
  while (from + (uint64_t)part.length <= text.length) {
    uint32_t end = (uint32_t)MIN_OF((uint64_t)from + TEXT_PIECE + part.length - 1, (uint64_t)text.length);
    *found = find_candidate(text_view_slice(text, 0, end), part, from);
    uint32_t passed = *found == TEXT_NOT_FOUND ? end - part.length + 1 : *found;
    if (!context_charge(cx, 1 + (int32_t)((passed - from) / CHARGE_COMPARE)))
      return context_throw_interrupted(cx), false;
    if (*found != TEXT_NOT_FOUND) return true;
    from = passed;
  }
  *found = TEXT_NOT_FOUND;
  return true;
}

bool text_search(Context *cx, TextView text, TextView part, uint32_t from, uint32_t *found) {
  if (part.length == 0) {
    *found = from <= text.length ? from : TEXT_NOT_FOUND;
    return true;
  }
  for (;; from = *found + 1) {
    if (!search_candidate(cx, text, part, from, found)) return false;
    if (*found == TEXT_NOT_FOUND) return true;
    if (!context_charge(cx, 1 + (int32_t)(part.length / CHARGE_COMPARE))) return context_throw_interrupted(cx), false;
    if (matches_at(text, part, *found)) return true;
  }
}

static Value index_value(uint32_t index) { return index == TEXT_NOT_FOUND ? value_int(-1) : value_int((int32_t)index); }

// https://tc39.es/ecma262/#sec-string.prototype.indexof
static Value string_prototype_index_of(Context *cx, const Call *call) {
  ROOTS(cx, r, text, part);
  TextView text, part;
  uint32_t from;
  if (!this_text(cx, call, "String.prototype.indexOf", &r->text, &text) ||
      !argument_text(cx, call, 0, &r->part, &part) ||
      !clamped_position(cx, call_argument(call, 1), text.length, 0, false, &from))
    return VALUE_ABRUPT;
  uint32_t found;
  return text_search(cx, text, part, from, &found) ? index_value(found) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-string.prototype.lastindexof
static Value string_prototype_last_index_of(Context *cx, const Call *call) {
  ROOTS(cx, r, text, part);
  TextView text, part;
  double number;
  if (!this_text(cx, call, "String.prototype.lastIndexOf", &r->text, &text) ||
      !argument_text(cx, call, 0, &r->part, &part) || !value_to_number(cx, call_argument(call, 1), &number))
    return VALUE_ABRUPT;
  if (part.length > text.length) return value_int(-1);
  uint32_t last = text.length - part.length;
  if (number == number && number < last) last = number < 0 ? 0 : (uint32_t)number;
  for (uint32_t at = last + 1; at-- > 0;) {
    bool may_match = part.length > 0 && text_view_unit(text, at) == text_view_unit(part, 0);
    if (!context_charge(cx, 1 + (may_match ? (int32_t)(part.length / CHARGE_COMPARE) : 0)))
      return context_throw_interrupted(cx);
    if (matches_at(text, part, at)) return value_int((int32_t)at);
  }
  return value_int(-1);
}

enum { CONTAINS_ANYWHERE, CONTAINS_AT_START, CONTAINS_AT_END };

// https://tc39.es/ecma262/#sec-string.prototype.includes, startsWith and endsWith
static Value string_prototype_contains(Context *cx, const Call *call) {
  static const char *const methods[] = {"includes", "startsWith", "endsWith"};
  int kind = call_magic(call);
  ROOTS(cx, r, text, part);
  TextView text, part;
  bool is_regexp;
  if (!this_text(cx, call, methods[kind], &r->text, &text)) return VALUE_ABRUPT;
  if (!value_is_regexp(cx, call_argument(call, 0), &is_regexp)) return VALUE_ABRUPT;
  if (is_regexp)
    return throw_type_error(cx, "String.prototype.%s: the search string must not be a regular expression",
                            methods[kind]);
  uint32_t position;
  if (!argument_text(cx, call, 0, &r->part, &part) ||
      !clamped_position(cx, call_argument(call, 1), text.length, kind == CONTAINS_AT_END ? text.length : 0, false,
                        &position))
    return VALUE_ABRUPT;
  uint32_t found;
  if (kind == CONTAINS_ANYWHERE)
    return text_search(cx, text, part, position, &found) ? value_boolean(found != TEXT_NOT_FOUND) : VALUE_ABRUPT;
  if (!context_charge_bytes(cx, part.length, CHARGE_COMPARE)) return VALUE_ABRUPT;
  if (kind == CONTAINS_AT_END) {
    if (position < part.length) return VALUE_FALSE;
    position -= part.length;
  } else if (part.length > text.length - position) {
    return VALUE_FALSE;
  }
  return value_boolean(matches_at(text, part, position));
}

// Making --------------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-string.prototype.concat
static Value string_prototype_concat(Context *cx, const Call *call) {
  ROOTS(cx, r, text, part);
  r->text = string_this(cx, call, "String.prototype.concat");
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  uint32_t steps = 0;
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!context_step(cx, &steps) || !replay_round_with(cx, &loop, &i, &r->text)) return VALUE_ABRUPT;
    if (i >= call->count) return r->text;
    r->part = value_to_string(cx, call->arguments[(uint32_t)i]);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    r->text = string_concatenate(cx, value_as_string(r->text), value_as_string(r->part));
    if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  }
}

// Copies of the text up to `length` units; the last one may be cut.
static Value repeat_to_length(Context *cx, TextView text, uint32_t length) {
  String *result = string_create_uninitialized(cx, length, text.is_wide);
  if (!result) return VALUE_ABRUPT;
  size_t unit = text.is_wide ? 2 : 1, total = length * unit, filled = MIN_OF(text.length * unit, total);
  uint8_t *to = result->narrow;
  if (!context_move_bytes(cx, to, text.narrow, filled)) return VALUE_ABRUPT;
  while (filled < total) {
    size_t copied = MIN_OF(filled, total - filled);
    if (!context_move_bytes(cx, to + filled, to, copied)) return VALUE_ABRUPT;
    filled += copied;
  }
  return value_string(result);
}

// https://tc39.es/ecma262/#sec-string.prototype.repeat
static Value string_prototype_repeat(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  TextView text;
  double count;
  if (!this_text(cx, call, "String.prototype.repeat", &r->text, &text) ||
      !value_to_integer_or_infinity(cx, call_argument(call, 0), &count))
    return VALUE_ABRUPT;
  if (count < 0 || count > 9007199254740991.0)
    return throw_range_error(cx, "String.prototype.repeat: the count must be at least 0 and finite, got %v",
                             call_argument(call, 0));
  if (count == 0 || text.length == 0) return cx->names->empty;
  if (count * text.length > STRING_MAX_LENGTH) return throw_range_error(cx, "%einvalid string length");
  return repeat_to_length(cx, text, (uint32_t)count * text.length);
}

// https://tc39.es/ecma262/#sec-stringpad
static Value string_prototype_pad(Context *cx, const Call *call) {
  bool at_start = call_magic(call);
  ROOTS(cx, r, text, filler, padding);
  r->text = string_this(cx, call, at_start ? "String.prototype.padStart" : "String.prototype.padEnd");
  double length;
  if (value_is_abrupt(r->text) || !value_to_length(cx, call_argument(call, 0), &length)) return VALUE_ABRUPT;
  uint32_t own = string_length(value_as_string(r->text));
  if (length <= own) return r->text;
  TextView filler = text_view_literal(" ");
  if (!value_is_undefined(call_argument(call, 1)) && !argument_text(cx, call, 1, &r->filler, &filler))
    return VALUE_ABRUPT;
  if (filler.length == 0) return r->text;
  if (length > STRING_MAX_LENGTH) return throw_range_error(cx, "%einvalid string length");
  r->padding = repeat_to_length(cx, filler, (uint32_t)length - own);
  if (value_is_abrupt(r->padding)) return VALUE_ABRUPT;
  String *text = value_as_string(r->text), *padding = value_as_string(r->padding);
  return at_start ? string_concatenate(cx, padding, text) : string_concatenate(cx, text, padding);
}

// When the check is interrupted, the answer is no.
static bool latin1_stays_latin1_upper(Context *cx, TextView text) {
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!latin1_uppercase_is_simple(text.narrow[i]) || !fuel_step(&cx->fuel, &steps)) return false;
  }
  return true;
}

// OPTIMIZATION: Latin-1 text whose result is Latin-1 too is converted in its copy. The caller roots the text.
static Value latin1_change_case(Context *cx, TextView text, bool upper) {
  String *result = string_create_uninitialized(cx, text.length, false);
  if (!result) return VALUE_ABRUPT;
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    result->narrow[i] = upper ? latin1_to_uppercase(text.narrow[i]) : latin1_to_lowercase(text.narrow[i]);
  }
  return value_string(result);
}

// https://tc39.es/ecma262/#sec-string.prototype.tolowercase and toUpperCase (and the locale forms, which use no locale)
static Value string_prototype_change_case(Context *cx, const Call *call) {
  bool upper = call_magic(call);
  ROOTS(cx, r, text);
  TextView text;
  if (!this_text(cx, call, upper ? "String.prototype.toUpperCase" : "String.prototype.toLowerCase", &r->text, &text))
    return VALUE_ABRUPT;
  uint32_t unchanged = upper ? text_uppercase_unchanged(text, &cx->fuel) : text_lowercase_unchanged(text, &cx->fuel);
  if (unchanged == text.length) return r->text;
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
  if (!text.is_wide && (!upper || latin1_stays_latin1_upper(cx, text))) return latin1_change_case(cx, text, upper);
  Buffer units;
  buffer_initialize(&units, &cx->memory);
  bool done = upper ? text_to_uppercase(text, &units, &cx->fuel) : text_to_lowercase(text, &units, &cx->fuel);
  Value result = done ? string_from_units(cx, &units) : context_throw_interrupted(cx);
  buffer_release(&units);
  return result;
}

// https://tc39.es/ecma262/#sec-string.prototype.normalize
static Value string_prototype_normalize(Context *cx, const Call *call) {
  static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
  ROOTS(cx, r, text, name);
  TextView text, name;
  NormalizationForm form = NORMALIZATION_NFC;
  if (!this_text(cx, call, "String.prototype.normalize", &r->text, &text)) return VALUE_ABRUPT;
  if (!value_is_undefined(call_argument(call, 0))) {
    if (!argument_text(cx, call, 0, &r->name, &name)) return VALUE_ABRUPT;
    unsigned i = 0;
    while (i < COUNT_OF(names) && !text_view_equals(name, text_view_literal(names[i]))) i++;
    if (i == COUNT_OF(names))
      return throw_range_error(cx, "String.prototype.normalize: the form must be NFC, NFD, NFKC or NFKD, got %v",
                               r->name);
    form = (NormalizationForm)i;
  }
  if (text_is_surely_normalized(text, form, &cx->fuel)) return r->text;
  Buffer units;
  buffer_initialize(&units, &cx->memory);
  bool done = text_normalize(text, form, &units, &cx->fuel);
  Value result = done || units.failed ? string_from_units(cx, &units) : context_throw_interrupted(cx);
  buffer_release(&units);
  return result;
}

// https://tc39.es/ecma262/#sec-string.prototype.localecompare  By code units of the canonical decompositions.
static Value string_prototype_locale_compare(Context *cx, const Call *call) {
  ROOTS(cx, r, left, right);
  TextView left, right;
  if (!this_text(cx, call, "String.prototype.localeCompare", &r->left, &left) ||
      !argument_text(cx, call, 0, &r->right, &right))
    return VALUE_ABRUPT;
  Buffer units[2];
  TextView texts[2] = {left, right};
  bool done = true;
  for (int i = 0; i < 2; i++) {
    buffer_initialize(&units[i], &cx->memory);
    if (!done || text_is_surely_normalized(texts[i], NORMALIZATION_NFD, &cx->fuel)) continue;
    done = text_normalize(texts[i], NORMALIZATION_NFD, &units[i], &cx->fuel) && !units[i].failed;
    texts[i] = text_view_wide((const uint16_t *)units[i].data, units[i].size / 2);
  }
  int order = 0;
  uint32_t shared = MIN_OF(texts[0].length, texts[1].length), steps = 0;
  for (uint32_t i = 0; done && i < shared && !order; i++) {
    order = (int)text_view_unit(texts[0], i) - (int)text_view_unit(texts[1], i);
    done = fuel_step(&cx->fuel, &steps);
  }
  if (!order) order = texts[0].length < texts[1].length ? -1 : texts[0].length > texts[1].length;
  bool failed = units[0].failed || units[1].failed;
  buffer_release(&units[0]);
  buffer_release(&units[1]);
  if (!done) return failed ? context_throw_out_of_memory(cx) : context_throw_interrupted(cx);
  return value_int(order < 0 ? -1 : order > 0);
}

static MUST_CHECK bool check_well_formed(Context *cx, TextView text, bool *is_well_formed) {
  *is_well_formed = true;
  for (uint32_t at = 0; *is_well_formed && text.is_wide && at < text.length;) {
    uint32_t end = text_view_piece_end(text, at);
    if (!context_charge_bytes(cx, end - at, CHARGE_ELEMENTS)) return false;
    *is_well_formed = text_is_well_formed(text_view_slice(text, at, end));
    at = end;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-string.prototype.iswellformed
static Value string_prototype_is_well_formed(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  TextView text;
  if (!this_text(cx, call, "String.prototype.isWellFormed", &r->text, &text)) return VALUE_ABRUPT;
  bool is_well_formed;
  return check_well_formed(cx, text, &is_well_formed) ? value_boolean(is_well_formed) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-string.prototype.towellformed
static Value string_prototype_to_well_formed(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  TextView text;
  if (!this_text(cx, call, "String.prototype.toWellFormed", &r->text, &text)) return VALUE_ABRUPT;
  bool is_well_formed;
  if (!check_well_formed(cx, text, &is_well_formed)) return VALUE_ABRUPT;
  if (is_well_formed) return r->text;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length;) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint32_t code_point = text_view_next_code_point(text, &i);
    string_builder_append_code_point(&builder, code_point >= 0xD800 && code_point < 0xE000 ? 0xFFFD : code_point);
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-string.prototype.tostring and valueOf
static Value string_prototype_value_of(Context *cx, const Call *call) {
  if (value_is_string(call->this_value)) return call->this_value;
  if (value_is_primitive_object(call->this_value, &object_class_string))
    return primitive_object_value(call->this_value);
  return throw_type_error(cx, "String.prototype.valueOf: expected a string, not %v", call->this_value);
}

// Annex B -------------------------------------------------------------------------------------------------------------

typedef struct HtmlMethod {
  const char *method, *tag, *attribute;
} HtmlMethod;
static const HtmlMethod html_methods[] = {
    {"anchor", "a", "name"}, {"big", "big", NULL},           {"blink", "blink", NULL},     {"bold", "b", NULL},
    {"fixed", "tt", NULL},   {"fontcolor", "font", "color"}, {"fontsize", "font", "size"}, {"italics", "i", NULL},
    {"link", "a", "href"},   {"small", "small", NULL},       {"strike", "strike", NULL},   {"sub", "sub", NULL},
    {"sup", "sup", NULL},
};

// https://tc39.es/ecma262/#sec-createhtml
static Value string_prototype_html(Context *cx, const Call *call) {
  const HtmlMethod *method = &html_methods[call_magic(call)];
  ROOTS(cx, r, text, attribute);
  TextView text, attribute;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  if (!this_text(cx, call, method->method, &r->text, &text)) return VALUE_ABRUPT;
  string_builder_append_unit(&builder, '<');
  string_builder_append_ascii(&builder, method->tag);
  if (method->attribute) {
    if (!argument_text(cx, call, 0, &r->attribute, &attribute)) return VALUE_ABRUPT;
    uint32_t steps = 0;
    string_builder_append_unit(&builder, ' ');
    string_builder_append_ascii(&builder, method->attribute);
    string_builder_append_ascii(&builder, "=\"");
    for (uint32_t i = 0; i < attribute.length; i++) {
      if (!context_step(cx, &steps)) return VALUE_ABRUPT;
      uint16_t unit = text_view_unit(attribute, i);
      if (unit == '"') {
        context_spend_step(cx);
        string_builder_append_ascii(&builder, "&quot;");
      } else {
        string_builder_append_unit(&builder, unit);
      }
    }
    string_builder_append_unit(&builder, '"');
  }
  string_builder_append_unit(&builder, '>');
  string_builder_append_view(&builder, text);
  string_builder_append_ascii(&builder, "</");
  string_builder_append_ascii(&builder, method->tag);
  string_builder_append_unit(&builder, '>');
  return string_builder_finish(&builder);
}

// Iteration -----------------------------------------------------------------------------------------------------------

enum { ITERATOR_TEXT, ITERATOR_POSITION };

// https://tc39.es/ecma262/#sec-string.prototype-@@iterator
static Value string_prototype_iterator(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  r->text = string_this(cx, call, "String.prototype[Symbol.iterator]");
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  Slotted *iterator =
      slotted_create(cx, SLOTTED_STRING_ITERATOR, realm_prototype(cx, INTRINSIC_StringIteratorPrototype));
  if (!iterator) return VALUE_ABRUPT;
  slotted_set(cx, iterator, ITERATOR_TEXT, r->text);
  slotted_set(cx, iterator, ITERATOR_POSITION, VALUE_INT_ZERO);
  return value_object(iterator);
}

// https://tc39.es/ecma262/#sec-%stringiteratorprototype%.next
static Value string_iterator_next(Context *cx, const Call *call) {
  if (!value_is_slotted(call->this_value, SLOTTED_STRING_ITERATOR))
    return throw_type_error(cx, "%eexpected a String Iterator, not %v", call->this_value);
  Slotted *iterator = value_as_slotted(call->this_value);
  Value string = iterator->internal[ITERATOR_TEXT];
  if (!value_is_string(string)) return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  TextView text;
  if (!string_view(cx, value_as_string(string), &text)) return VALUE_ABRUPT;
  uint32_t position = (uint32_t)value_as_int(iterator->internal[ITERATOR_POSITION]);
  if (position >= text.length) {
    slotted_set(cx, iterator, ITERATOR_TEXT, VALUE_UNDEFINED);
    return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  }
  uint32_t code_point = text_view_next_code_point(text, &position);
  slotted_set(cx, iterator, ITERATOR_POSITION, value_int((int32_t)position));
  ROOTS(cx, r, character);
  r->character = string_from_code_point(cx, code_point);
  return value_is_abrupt(r->character) ? VALUE_ABRUPT : object_create_iterator_result(cx, r->character, false);
}

// Tables --------------------------------------------------------------------------------------------------------------

static const BuiltinRow string_rows[] = {
    FUNCTION("fromCharCode", 1, string_from_char_code),
    FUNCTION("fromCodePoint", 1, string_from_code_points),
    FUNCTION("raw", 1, string_raw),
    END_OF_ROWS,
};

static const BuiltinRow string_prototype_rows[] = {
    FUNCTION_MAGIC("at", 1, string_access, ACCESS_AT),
    FUNCTION_MAGIC("charAt", 1, string_access, ACCESS_CHAR_AT),
    FUNCTION_MAGIC("charCodeAt", 1, string_access, ACCESS_CHAR_CODE_AT),
    FUNCTION_MAGIC("codePointAt", 1, string_access, ACCESS_CODE_POINT_AT),
    FUNCTION("concat", 1, string_prototype_concat),
    FUNCTION_MAGIC("endsWith", 1, string_prototype_contains, CONTAINS_AT_END),
    FUNCTION_MAGIC("includes", 1, string_prototype_contains, CONTAINS_ANYWHERE),
    FUNCTION("indexOf", 1, string_prototype_index_of),
    FUNCTION("isWellFormed", 0, string_prototype_is_well_formed),
    FUNCTION("lastIndexOf", 1, string_prototype_last_index_of),
    FUNCTION("localeCompare", 1, string_prototype_locale_compare),
    FUNCTION("match", 1, string_prototype_match),
    FUNCTION("matchAll", 1, string_prototype_match_all),
    FUNCTION("normalize", 0, string_prototype_normalize),
    FUNCTION_MAGIC("padEnd", 1, string_prototype_pad, 0),
    FUNCTION_MAGIC("padStart", 1, string_prototype_pad, 1),
    FUNCTION("repeat", 1, string_prototype_repeat),
    SELF_HOSTED("replace", 2, "StringPrototype_replace"),
    SELF_HOSTED("replaceAll", 2, "StringPrototype_replaceAll"),
    FUNCTION("search", 1, string_prototype_search),
    FUNCTION("slice", 2, string_prototype_slice),
    FUNCTION("split", 2, string_prototype_split),
    FUNCTION_MAGIC("startsWith", 1, string_prototype_contains, CONTAINS_AT_START),
    FUNCTION("substr", 2, string_prototype_substr),
    FUNCTION("substring", 2, string_prototype_substring),
    FUNCTION_MAGIC("toLocaleLowerCase", 0, string_prototype_change_case, 0),
    FUNCTION_MAGIC("toLocaleUpperCase", 0, string_prototype_change_case, 1),
    FUNCTION_MAGIC("toLowerCase", 0, string_prototype_change_case, 0),
    FUNCTION("toString", 0, string_prototype_value_of),
    FUNCTION_MAGIC("toUpperCase", 0, string_prototype_change_case, 1),
    FUNCTION("toWellFormed", 0, string_prototype_to_well_formed),
    FUNCTION_MAGIC("trim", 0, string_prototype_trim, TRIM_START | TRIM_END),
    FUNCTION_MAGIC("trimEnd", 0, string_prototype_trim, TRIM_END),
    FUNCTION_MAGIC("trimStart", 0, string_prototype_trim, TRIM_START),
    ALIAS("trimLeft", "trimStart"),
    ALIAS("trimRight", "trimEnd"),
    FUNCTION("valueOf", 0, string_prototype_value_of),
    FUNCTION_MAGIC("anchor", 1, string_prototype_html, 0),
    FUNCTION_MAGIC("big", 0, string_prototype_html, 1),
    FUNCTION_MAGIC("blink", 0, string_prototype_html, 2),
    FUNCTION_MAGIC("bold", 0, string_prototype_html, 3),
    FUNCTION_MAGIC("fixed", 0, string_prototype_html, 4),
    FUNCTION_MAGIC("fontcolor", 1, string_prototype_html, 5),
    FUNCTION_MAGIC("fontsize", 1, string_prototype_html, 6),
    FUNCTION_MAGIC("italics", 0, string_prototype_html, 7),
    FUNCTION_MAGIC("link", 1, string_prototype_html, 8),
    FUNCTION_MAGIC("small", 0, string_prototype_html, 9),
    FUNCTION_MAGIC("strike", 0, string_prototype_html, 10),
    FUNCTION_MAGIC("sub", 0, string_prototype_html, 11),
    FUNCTION_MAGIC("sup", 0, string_prototype_html, 12),
    FUNCTION("@@iterator", 0, string_prototype_iterator),
    END_OF_ROWS,
};

static const BuiltinRow string_iterator_prototype_rows[] = {
    FUNCTION("next", 0, string_iterator_next),
    TO_STRING_TAG("String Iterator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_string_prototype = {
    .intrinsic = INTRINSIC_StringPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .class_ = &object_class_string,
    .rows = string_prototype_rows,
};

const BuiltinObject builtin_string = {
    .global_name = "String",
    .intrinsic = INTRINSIC_String,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = string_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_StringPrototype,
    .rows = string_rows,
};

const BuiltinObject builtin_string_iterator_prototype = {
    .intrinsic = INTRINSIC_StringIteratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = string_iterator_prototype_rows,
};
