// Base64: what atob, btoa and the methods of Uint8Array share.
// https://www.rfc-editor.org/rfc/rfc4648#section-4 and, for URLs, #section-5
#ifndef CAISSON_BASE64_H
#define CAISSON_BASE64_H

#include "base/buffer.h"
#include "base/fuel.h"
#include "base/text_view.h"

typedef enum Base64Alphabet { BASE64_STANDARD, BASE64_URL } Base64Alphabet;

static inline size_t base64_encoded_size(size_t size, bool is_padded) {
  size_t rest = size % 3;
  return size / 3 * 4 + (rest == 0 ? 0 : is_padded ? 4 : rest + 1);
}
// Work is charged a piece at a time.
enum { BASE64_PIECE = 3 << 13 };
// Writes base64_encoded_size characters and returns the end of them. Of pieces all but the last have a multiple of 3
// bytes.
uint8_t *base64_encode(const uint8_t *bytes, size_t size, Base64Alphabet alphabet, bool is_padded, uint8_t *to);

// Decodes the groups of four digits at the start, up to the first that has anything else in it, and returns how many
// characters these are. `to` has room for 3 bytes for each 4 characters of `size`.
size_t base64_decode_groups(const uint8_t *text, size_t size, Base64Alphabet alphabet, uint8_t *to);

// For text without white space: the number of bytes that `size` characters stand for, if all except the padding are
// digits. `*size` becomes the number of characters without padding. SIZE_MAX: the text is malformed.
size_t base64_decoded_size(const uint8_t *text, size_t *size);
// Decodes the last 2 or 3 digits, which form no whole group. `is_strict`: the bits that are left over must be zero.
// False: they are not, or a character is not a digit.
MUST_CHECK bool base64_decode_rest(const uint8_t *digits, unsigned count, Base64Alphabet alphabet, bool is_strict,
                                   uint8_t *to);

typedef enum Base64LastChunk { LAST_CHUNK_LOOSE, LAST_CHUNK_STRICT, LAST_CHUNK_STOP } Base64LastChunk;
// The outcome of decoding. The bytes before an error count.
typedef struct Base64Decoded {
  Buffer bytes;
  size_t read;
  bool malformed;
} Base64Decoded;
// Decodes texts that may have white space. LAST_CHUNK_LOOSE accepts exactly what the forgiving decoding of the web
// accepts. When the fuel stops it, the result is incomplete, and the caller's charge fails.
void base64_decode(TextView text, Base64Alphabet alphabet, Base64LastChunk last_chunk, size_t max_length,
                   Base64Decoded *out, Fuel *fuel);

#endif
