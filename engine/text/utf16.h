// UTF-16 as bytes of either order.
#ifndef CAISSON_UTF16_H
#define CAISSON_UTF16_H

#include "base/base.h"

static inline uint16_t utf16_unit(const uint8_t *bytes, size_t index, bool is_big) {
  uint8_t first = bytes[index * 2], second = bytes[index * 2 + 1];
  return (uint16_t)(is_big ? first << 8 | second : second << 8 | first);
}
// `length` is in units.
bool utf16_bytes_are_latin1(const uint8_t *bytes, size_t length, bool is_big);
void utf16_narrow_bytes(const uint8_t *bytes, size_t length, bool is_big, uint8_t *to);
void utf16_read_bytes(const uint8_t *bytes, size_t length, bool is_big, uint16_t *to);
// Lone surrogates from `start` to `end`, of all the units, become U+FFFD; whether there were any.
bool utf16_replace_lone(uint16_t *units, size_t start, size_t end, size_t length);

#endif
