// Base64 of whole texts, as `atob` and `btoa` have it.
#ifndef CAISSON_BASE64_H
#define CAISSON_BASE64_H

#include "base/base.h"

static inline size_t base64_encoded_size(size_t size) { return (size + 2) / 3 * 4; }
// Writes base64_encoded_size(size) characters, padded. Of pieces all but the last have a multiple of 3 bytes.
void base64_encode(const uint8_t *bytes, size_t size, uint8_t *to);

// How many bytes `size` characters without white space stand for, their padding looked at; SIZE_MAX: no length that base64 has.
// `*size` becomes the characters without padding.
size_t base64_decoded_size(const uint8_t *text, size_t *size);
// False: a character that is none of base64. Of pieces all but the last have a multiple of 4 characters.
MUST_CHECK bool base64_decode(const uint8_t *text, size_t size, uint8_t *to);

#endif
