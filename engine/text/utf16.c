#include "text/utf16.h"

#include "text/unicode.h"

bool utf16_bytes_are_latin1(const uint8_t *bytes, size_t length, bool is_big) {
  uint8_t all = 0;
  for (size_t i = 0; i < length; i++) all |= bytes[i * 2 + !is_big];
  return all == 0;
}

void utf16_narrow_bytes(const uint8_t *restrict bytes, size_t length, bool is_big, uint8_t *restrict to) {
  for (size_t i = 0; i < length; i++) to[i] = bytes[i * 2 + is_big];
}

void utf16_read_bytes(const uint8_t *restrict bytes, size_t length, bool is_big, uint16_t *restrict to) {
  memcpy(to, bytes, length * 2);
  if (!is_big) return;
  for (size_t i = 0; i < length; i++) to[i] = (uint16_t)(to[i] << 8 | to[i] >> 8);
}

bool utf16_replace_lone(uint16_t *units, size_t start, size_t end, size_t length) {
  bool found = false;
  for (size_t i = start; i < end; i++) {
    if (LIKELY(!unicode_is_surrogate(units[i]))) continue;
    bool is_high = unicode_is_high_surrogate(units[i]);
    bool is_paired = is_high ? i + 1 < length && unicode_is_low_surrogate(units[i + 1])
                             : i > 0 && unicode_is_high_surrogate(units[i - 1]);
    if (is_paired) continue;
    units[i] = 0xFFFD;
    found = true;
  }
  return found;
}
