// A borrowed piece of text: Latin-1 or UTF-16 code units, not terminated, lone surrogates allowed.
#ifndef CAISSON_TEXT_VIEW_H
#define CAISSON_TEXT_VIEW_H

#include "base/base.h"

typedef struct TextView {
  union {
    const uint8_t *narrow;  // Latin-1: one byte per code unit
    const uint16_t *wide;   // UTF-16
  };
  uint32_t length;  // in code units
  bool is_wide;
} TextView;

static inline TextView text_view_narrow(const void *data, size_t length) {
  return (TextView){.narrow = (const uint8_t *)data, .length = (uint32_t)length};
}
static inline TextView text_view_wide(const uint16_t *data, size_t length) {
  return (TextView){.wide = data, .length = (uint32_t)length, .is_wide = true};
}
// ASCII or Latin-1, NUL-terminated.
static inline TextView text_view_literal(const char *text) { return text_view_narrow(text, strlen(text)); }
static inline uint16_t text_view_unit(TextView text, uint32_t index) {
  return text.is_wide ? text.wide[index] : text.narrow[index];
}
static inline TextView text_view_slice(TextView text, uint32_t start, uint32_t end) {
  return text.is_wide ? text_view_wide(text.wide + start, end - start)
                      : text_view_narrow(text.narrow + start, end - start);
}
// The code point at `index` (which moves past it); a lone surrogate counts as itself.
static inline uint32_t text_view_next_code_point(TextView text, uint32_t *index) {
  uint32_t unit = text_view_unit(text, (*index)++);
  if (text.is_wide && (unit & 0xFC00) == 0xD800 && *index < text.length) {
    uint32_t low = text.wide[*index];
    if ((low & 0xFC00) == 0xDC00) {
      (*index)++;
      return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
  }
  return unit;
}
bool text_view_equals(TextView a, TextView b);
// Where to cut a long text that is charged piece by piece: an index above `from`, never inside a surrogate pair.
enum { TEXT_PIECE = 1 << 15 };
static inline uint32_t text_view_piece_end(TextView text, uint32_t from) {
  if (text.length - from <= TEXT_PIECE) return text.length;
  uint32_t end = from + TEXT_PIECE;
  return text.is_wide && (text.wide[end - 1] & 0xFC00) == 0xD800 ? end + 1 : end;
}

#endif
