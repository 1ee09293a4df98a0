#include "text/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const uint8_t *bytes, size_t size, uint8_t *to) {
  for (; size >= 3; size -= 3, bytes += 3, to += 4) {
    uint32_t group = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
    to[0] = (uint8_t)alphabet[group >> 18];
    to[1] = (uint8_t)alphabet[group >> 12 & 63];
    to[2] = (uint8_t)alphabet[group >> 6 & 63];
    to[3] = (uint8_t)alphabet[group & 63];
  }
  if (size == 0) return;
  uint32_t group = (uint32_t)bytes[0] << 16 | (size == 2 ? (uint32_t)bytes[1] << 8 : 0);
  to[0] = (uint8_t)alphabet[group >> 18];
  to[1] = (uint8_t)alphabet[group >> 12 & 63];
  to[2] = size == 2 ? (uint8_t)alphabet[group >> 6 & 63] : '=';
  to[3] = '=';
}

// 64: none of the alphabet.
static const uint8_t sextets[256] = {
#define NONE_8 64, 64, 64, 64, 64, 64, 64, 64
#define NONE_32 NONE_8, NONE_8, NONE_8, NONE_8
    NONE_32,
    NONE_8, 64, 64, 64, 62, 64, 64, 64, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
    64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
    NONE_32, NONE_32, NONE_32, NONE_32,
};

size_t base64_decoded_size(const uint8_t *text, size_t *size) {
  size_t length = *size;
  if (length > 0 && length % 4 == 0) {
    if (text[length - 1] == '=') length--;
    if (text[length - 1] == '=') length--;
  }
  *size = length;
  return length % 4 == 1 ? SIZE_MAX : length / 4 * 3 + (length % 4 ? length % 4 - 1 : 0);
}

bool base64_decode(const uint8_t *text, size_t size, uint8_t *to) {
  uint8_t all = 0;
  for (; size >= 4; size -= 4, text += 4, to += 3) {
    uint8_t a = sextets[text[0]], b = sextets[text[1]], c = sextets[text[2]], d = sextets[text[3]];
    all |= a | b | c | d;
    to[0] = (uint8_t)(a << 2 | b >> 4);
    to[1] = (uint8_t)(b << 4 | c >> 2);
    to[2] = (uint8_t)(c << 6 | d);
  }
  if (size >= 2) {
    uint8_t a = sextets[text[0]], b = sextets[text[1]], c = size == 3 ? sextets[text[2]] : 0;
    all |= a | b | c;
    to[0] = (uint8_t)(a << 2 | b >> 4);
    if (size == 3) to[1] = (uint8_t)(b << 4 | c >> 2);
  }
  return !(all & 64);
}
