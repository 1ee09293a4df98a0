#include "runtime/strings.h"

#include "runtime/errors.h"
#include "runtime/names.h"
#include "text/utf8.h"

enum {
  STRING_COPY_LIMIT = 64,          // concatenations and slices up to here are copied at once
  STRING_EXTENSIBLE_LIMIT = 1024,  // a concatenation up to here may start an extensible string
};

// Views ------------------------------------------------------------------------------------------------

static inline TextView view_of_flat(const String *s) {
  return s->cell.flags & STRING_WIDE ? text_view_wide(s->wide, string_length(s))
                                     : text_view_narrow(s->narrow, string_length(s));
}

TextView string_view_flat(const String *s) {
  ASSERT(string_is_flat(s));
  if (!(s->cell.flags & STRING_SLICE)) return view_of_flat(s);
  return s->cell.flags & STRING_WIDE ? text_view_wide(s->parent->wide + s->offset, string_length(s))
                                     : text_view_narrow(s->parent->narrow + s->offset, string_length(s));
}

// Copying a short text is part of the operation that asks for it.
static void units_copy_piece(String *to, uint32_t offset, TextView from) {
  if (to->cell.flags & STRING_WIDE) {
    if (from.is_wide) {
      memcpy(to->wide + offset, from.wide, from.length * sizeof(uint16_t));
    } else {
      latin1_widen(from.narrow, from.length, to->wide + offset);
    }
  } else if (from.is_wide) {
    latin1_narrow(from.wide, from.length, to->narrow + offset);
  } else {
    bytes_copy_short(to->narrow + offset, from.narrow, from.length);
  }
}

static MUST_CHECK bool units_copy_pieces(Context *cx, String *to, uint32_t offset, TextView from) {
  for (uint32_t at = 0; at < from.length;) {
    uint32_t end = text_view_piece_end(from, at);
    if (!context_charge_bytes(cx, (size_t)(end - at) << from.is_wide, CHARGE_COPY)) return false;
    units_copy_piece(to, offset + at, text_view_slice(from, at, end));
    at = end;
  }
  return true;
}

// False: threw.
static inline MUST_CHECK bool units_copy(Context *cx, String *to, uint32_t offset, TextView from) {
  if (UNLIKELY(from.length > TEXT_PIECE)) return units_copy_pieces(cx, to, offset, from);
  units_copy_piece(to, offset, from);
  return true;
}

// Copies the characters of a rope. Of two ropes the shorter one is entered first, so that every level of the small
// stack holds a text at most half as long as the level before.
static MUST_CHECK bool rope_copy(Context *cx, const String *rope, String *to) {
  struct {
    const String *string;
    uint32_t offset;
  } pending[32];
  unsigned depth = 0;
  const String *s = rope;
  uint32_t offset = 0;
  for (;;) {
    if (string_is_flat(s)) {
      if (!units_copy(cx, to, offset, string_view_flat(s))) return false;
      if (depth == 0) return true;
      depth--;
      s = pending[depth].string;
      offset = pending[depth].offset;
      continue;
    }
    context_spend_step(cx);
    const String *left = s->left, *right = s->right;
    uint32_t right_offset = offset + string_length(left);
    if (string_is_flat(right)) {
      if (!units_copy(cx, to, right_offset, string_view_flat(right))) return false;
      s = left;
    } else if (string_is_flat(left)) {
      if (!units_copy(cx, to, offset, string_view_flat(left))) return false;
      s = right;
      offset = right_offset;
    } else if (string_length(left) < string_length(right)) {
      pending[depth].string = right;
      pending[depth++].offset = right_offset;
      s = left;
    } else {
      pending[depth].string = left;
      pending[depth++].offset = offset;
      s = right;
      offset = right_offset;
    }
  }
}

static bool string_flatten(Context *cx, String *rope) {
  uint32_t length = string_length(rope);
  if (!context_charge_bytes(cx, length, CHARGE_COPY)) return false;
  String *flat = string_create_uninitialized(cx, length, rope->cell.flags & STRING_WIDE);
  if (!flat || !rope_copy(cx, rope, flat)) return false;
  flat->cell.flags |= STRING_EXTENSIBLE;
  flat->index = length;
  rope->cell.flags = (uint8_t)((rope->cell.flags & ~STRING_ROPE) | STRING_SLICE);
  heap_keep_cell(&cx->heap, rope->left);
  heap_keep_cell(&cx->heap, rope->right);
  rope->parent = flat;
  rope->offset = 0;
  return true;
}

bool string_view(Context *cx, String *s, TextView *view) {
  if (UNLIKELY(!string_is_flat(s)) && !string_flatten(cx, s)) return false;
  *view = string_view_flat(s);
  return true;
}

// Creation ---------------------------------------------------------------------------------------------

static String *string_allocate(Context *cx, uint32_t length, uint32_t capacity, bool is_wide) {
  if (length > STRING_MAX_LENGTH) {
    throw_error(cx, ERROR_RANGE, "%einvalid string length");
    return NULL;
  }
  // The empty string is in no block of its own.
  String *s = context_allocate(cx, CELL_STRING, offsetof(String, narrow) + ((size_t)MAX_OF(capacity, 1) << is_wide));
  if (!s) return NULL;
  s->cell.flags = is_wide ? STRING_WIDE : 0;
  string_set_length(s, length);
  return s;
}

String *string_create_uninitialized(Context *cx, uint32_t length, bool is_wide) {
  return string_allocate(cx, length, length, is_wide);
}

Value string_from_unit(Context *cx, uint16_t unit) {
  bool is_wide = unit > 0xFF;
  Value *singles = cx->single_units;
  if (!is_wide && LIKELY(singles && value_is_string(singles[unit]))) return singles[unit];
  String *s = string_create_uninitialized(cx, 1, is_wide);
  if (!s) return VALUE_ABRUPT;
  if (is_wide) {
    s->wide[0] = unit;
    return value_string(s);
  }
  s->narrow[0] = (uint8_t)unit;
  Value atom = atom_from_string(cx, s);
  if (!singles) singles = cx->single_units = memory_allocate_zeroed(&cx->memory, SINGLE_UNITS * sizeof(Value));
  if (singles && !value_is_abrupt(atom)) singles[unit] = atom;
  return atom;
}

Value string_from_view(Context *cx, TextView text) {
  // The empty string does not exist yet when names_create begins.
  if (text.length == 0 && value_is_string(cx->names->empty)) return cx->names->empty;
  if (text.length == 1) return string_from_unit(cx, text_view_unit(text, 0));
  if (UNLIKELY(text.length > TEXT_PIECE) && !context_charge_bytes(cx, text.length, CHARGE_COPY)) return VALUE_ABRUPT;
  bool is_wide = text.is_wide && !utf16_is_latin1(text.wide, text.length);
  String *s = string_create_uninitialized(cx, text.length, is_wide);
  return s && units_copy(cx, s, 0, text) ? value_string(s) : VALUE_ABRUPT;
}

Value string_from_ascii(Context *cx, const char *text) { return string_from_view(cx, text_view_literal(text)); }

bool string_measure_utf8(Context *cx, const uint8_t *bytes, size_t size, Utf8Measure *measure) {
  *measure = (Utf8Measure){.length = 0, .is_latin1 = true, .is_ascii = true, .is_valid = true};
  for (size_t at = 0; at < size;) {
    size_t end = utf8_piece_end(bytes, size, at);
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return false;
    Utf8Measure piece = utf8_measure(bytes + at, end - at);
    measure->length += piece.length;
    measure->is_latin1 &= piece.is_latin1;
    measure->is_ascii &= piece.is_ascii;
    measure->is_valid &= piece.is_valid;
    measure->has_surrogates |= piece.has_surrogates;
    at = end;
  }
  return true;
}

Value string_from_utf8(Context *cx, const char *bytes, size_t size) {
  const uint8_t *units = (const uint8_t *)bytes;
  Utf8Measure measure;
  return string_measure_utf8(cx, units, size, &measure) ? string_from_measured_utf8(cx, bytes, size, &measure)
                                                        : VALUE_ABRUPT;
}

Value string_from_measured_utf8(Context *cx, const char *bytes, size_t size, const Utf8Measure *measured) {
  const uint8_t *units = (const uint8_t *)bytes;
  Utf8Measure measure = *measured;
  if (measure.length > STRING_MAX_LENGTH) return throw_error(cx, ERROR_RANGE, "%einvalid string length");
  if (measure.is_ascii) return string_from_view(cx, text_view_narrow(bytes, size));
  String *s = string_create_uninitialized(cx, (uint32_t)measure.length, !measure.is_latin1);
  if (!s) return VALUE_ABRUPT;
  uint8_t *narrow = s->narrow;
  uint16_t *wide = s->wide;
  for (size_t at = 0; at < size;) {
    size_t end = utf8_piece_end(units, size, at);
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return VALUE_ABRUPT;
    if (measure.is_latin1) {
      narrow = utf8_decode_narrow(units + at, end - at, narrow);
    } else {
      wide = utf8_decode_wide(units + at, end - at, wide);
    }
    at = end;
  }
  return value_string(s);
}

Value string_from_code_point(Context *cx, uint32_t code_point) {
  if (code_point < 0x10000) return string_from_unit(cx, (uint16_t)code_point);
  String *s = string_create_uninitialized(cx, 2, true);
  if (!s) return VALUE_ABRUPT;
  uint16_t *units = s->wide;
  units[0] = (uint16_t)(0xD800 + ((code_point - 0x10000) >> 10));
  units[1] = (uint16_t)(0xDC00 + (code_point & 0x3FF));
  return value_string(s);
}

// Concatenation and slices -------------------------------------------------------------------------------

static Value string_create_slice(Context *cx, String *parent, uint32_t offset, uint32_t length) {
  String *slice = context_allocate(cx, CELL_STRING, sizeof(String));
  if (!slice) return VALUE_ABRUPT;
  slice->cell.flags = (uint8_t)((parent->cell.flags & STRING_WIDE) | STRING_SLICE);
  string_set_length(slice, length);
  slice->parent = parent;
  slice->offset = offset;
  return value_string(slice);
}

static Value string_concatenate_copying(Context *cx, String *left, String *right, uint32_t length) {
  String *s = string_create_uninitialized(cx, length, (left->cell.flags | right->cell.flags) & STRING_WIDE);
  if (!s) return VALUE_ABRUPT;
  units_copy_piece(s, 0, string_view_flat(left));
  units_copy_piece(s, string_length(left), string_view_flat(right));
  return value_string(s);
}

// `left` ends where its extensible string ends: writes `right` after it. When that string is full, a larger copy takes
// its place, and the old one cannot be extended any more; so no text is copied twice for the sake of one string.
static Value string_append_in_place(Context *cx, String *left, String *right, uint32_t length) {
  ROOTS(cx, r, parent);
  String *parent = left->parent;
  uint32_t offset = left->offset;
  if (string_length(parent) + string_length(right) > parent->index) {
    uint32_t capacity = MIN_OF(length + length / 2 + 64, (uint32_t)STRING_MAX_LENGTH);
    String *larger = string_allocate(cx, string_length(left), capacity, left->cell.flags & STRING_WIDE);
    if (!larger) return VALUE_ABRUPT;
    r->parent = value_string(larger);
    if (!units_copy(cx, larger, 0, string_view_flat(left))) return VALUE_ABRUPT;
    larger->cell.flags |= STRING_EXTENSIBLE;
    larger->index = capacity;
    parent->cell.flags &= ~STRING_EXTENSIBLE;
    parent = larger;
    offset = 0;
  }
  Value slice = string_create_slice(cx, parent, offset, length);
  if (value_is_abrupt(slice)) return slice;
  if (!units_copy(cx, parent, string_length(parent), string_view_flat(right))) return VALUE_ABRUPT;
  string_set_length(parent, string_length(parent) + string_length(right));
  return slice;
}

static Value string_start_extensible(Context *cx, String *left, String *right, uint32_t length) {
  ROOTS(cx, r, parent);
  String *parent = string_allocate(cx, length, length * 2, (left->cell.flags | right->cell.flags) & STRING_WIDE);
  if (!parent) return VALUE_ABRUPT;
  r->parent = value_string(parent);
  parent->cell.flags |= STRING_EXTENSIBLE;
  parent->index = length * 2;
  units_copy_piece(parent, 0, string_view_flat(left));
  units_copy_piece(parent, string_length(left), string_view_flat(right));
  return string_create_slice(cx, parent, 0, length);
}

static bool string_can_append(const String *left, const String *right) {
  return (left->cell.flags & STRING_SLICE) && (left->parent->cell.flags & STRING_EXTENSIBLE) &&
         left->offset + string_length(left) == string_length(left->parent) && string_is_flat(right) &&
         ((left->cell.flags & STRING_WIDE) || !(right->cell.flags & STRING_WIDE)) &&
         string_length(right) <= string_length(left);
}

Value string_concatenate(Context *cx, String *left, String *right) {
  uint32_t left_length = string_length(left), right_length = string_length(right);
  if (right_length == 0) return value_string(left);
  if (left_length == 0) return value_string(right);
  uint32_t length = left_length + right_length;
  if (length > STRING_MAX_LENGTH) return throw_error(cx, ERROR_RANGE, "%einvalid string length");
  if (string_can_append(left, right)) return string_append_in_place(cx, left, right, length);
  bool both_flat = string_is_flat(left) && string_is_flat(right);
  if (both_flat && length <= STRING_COPY_LIMIT) return string_concatenate_copying(cx, left, right, length);
  if (both_flat && length <= STRING_EXTENSIBLE_LIMIT && right_length <= left_length) {
    return string_start_extensible(cx, left, right, length);
  }
  ASSERT(length >= STRING_ROPE_LEAST);
  String *rope = context_allocate(cx, CELL_STRING, sizeof(String));
  if (!rope) return VALUE_ABRUPT;
  rope->cell.flags = (uint8_t)(((left->cell.flags | right->cell.flags) & STRING_WIDE) | STRING_ROPE);
  string_set_length(rope, length);
  rope->left = left;
  rope->right = right;
  return value_string(rope);
}

Value string_slice(Context *cx, String *s, uint32_t start, uint32_t end) {
  uint32_t length = end - start;
  if (length == string_length(s)) return value_string(s);
  if (length == 0) return cx->names->empty;
  TextView view;
  if (!string_view(cx, s, &view)) return VALUE_ABRUPT;
  if (length == 1) return string_from_unit(cx, text_view_unit(view, start));
  if (length <= STRING_COPY_LIMIT) return string_from_view(cx, text_view_slice(view, start, end));
  bool is_slice = s->cell.flags & STRING_SLICE;
  return string_create_slice(cx, is_slice ? s->parent : s, is_slice ? s->offset + start : start, length);
}

// Comparison -------------------------------------------------------------------------------------------

bool string_equals(Context *cx, String *a, String *b, bool *equal) {
  uint8_t both = a->cell.flags & b->cell.flags;
  if (a == b || string_length(a) != string_length(b) || (both & STRING_ATOM) ||
      ((both & STRING_HASHED) && a->hash != b->hash)) {
    *equal = a == b;
    return true;
  }
  TextView x, y;
  if (!string_view(cx, a, &x) || !string_view(cx, b, &y)) return false;
  if (LIKELY(x.length <= TEXT_PIECE)) {
    *equal = text_view_equals(x, y);
    return context_charge_bytes(cx, x.length, CHARGE_COMPARE);
  }
  *equal = true;
  for (uint32_t at = 0; *equal && at < x.length;) {
    uint32_t end = x.length - at > TEXT_PIECE ? at + TEXT_PIECE : x.length;
    *equal = text_view_equals(text_view_slice(x, at, end), text_view_slice(y, at, end));
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return false;
    at = end;
  }
  return true;
}

// bounded: string_compare passes a piece at a time and charges it.
static int text_view_compare(TextView a, TextView b) {
  uint32_t common = MIN_OF(a.length, b.length);
  if (!a.is_wide && !b.is_wide) {
    int order = memcmp(a.narrow, b.narrow, common);
    if (order) return order;
  } else {
    for (uint32_t i = 0; i < common; i++) {
      int difference = (int)text_view_unit(a, i) - (int)text_view_unit(b, i);
      if (difference) return difference;
    }
  }
  return a.length < b.length ? -1 : a.length > b.length;
}

bool string_compare(Context *cx, String *a, String *b, int *order) {
  TextView x, y;
  if (!string_view(cx, a, &x) || !string_view(cx, b, &y)) return false;
  *order = 0;
  if (a == b) return true;
  uint32_t common = MIN_OF(x.length, y.length);
  for (uint32_t at = 0; *order == 0 && at < common;) {
    uint32_t end = common - at > TEXT_PIECE ? at + TEXT_PIECE : common;
    *order = text_view_compare(text_view_slice(x, at, end), text_view_slice(y, at, end));
    if (!context_charge_bytes(cx, end - at, CHARGE_COMPARE)) return false;
    at = end;
  }
  if (*order == 0) *order = x.length < y.length ? -1 : x.length > y.length;
  return true;
}

bool string_equals_ascii(const String *flat, const char *text) {
  return text_view_equals(string_view_flat(flat), text_view_literal(text));
}
