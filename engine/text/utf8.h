// UTF-8 in and out. Encoding is WTF-8: a lone surrogate becomes its three-byte form, and decoding takes
// that form back, so that every guest string survives a crossing.
#ifndef CAISSON_UTF8_H
#define CAISSON_UTF8_H

#include "base/text_view.h"

// The length of the leading run of ASCII.
size_t ascii_prefix_narrow(const uint8_t *bytes, size_t size);
// True when every UTF-16 unit fits Latin-1.
bool utf16_is_latin1(const uint16_t *units, size_t length);
void latin1_widen(const uint8_t *from, size_t length, uint16_t *to);
void latin1_narrow(const uint16_t *from, size_t length, uint8_t *to);

typedef struct Utf8Measure {
  size_t length;   // UTF-16 code units the decoded text takes
  bool is_latin1;  // every code point is below U+0100
  bool is_ascii;
  bool is_valid;        // WTF-8 without errors (each error otherwise becomes U+FFFD)
  bool has_surrogates;  // or the first two bytes of one
} Utf8Measure;
// The code point at bytes[*index], which moves past it; UINT32_MAX: an error.
uint32_t utf8_next_code_point(const uint8_t *bytes, size_t size, size_t *index);
// Where to cut long bytes for work that is charged piece by piece: decoding the pieces gives what decoding the whole
// does.
enum { UTF8_PIECE = 1 << 15 };
size_t utf8_piece_end(const uint8_t *bytes, size_t size, size_t from);
Utf8Measure utf8_measure(const uint8_t *bytes, size_t size);
// `to` has room for the measured length. The narrow form is for measures with is_latin1.
// Behind the last unit written.
uint8_t *utf8_decode_narrow(const uint8_t *bytes, size_t size, uint8_t *to);
uint16_t *utf8_decode_wide(const uint8_t *bytes, size_t size, uint16_t *to);

size_t utf8_encoded_size(TextView text);
// Returns the end of what was written.
uint8_t *utf8_encode(TextView text, uint8_t *to);
// As much of a text as fits `room` bytes, lone surrogates as U+FFFD; returns the units read and adds the bytes to
// *written.
uint32_t utf8_encode_prefix(TextView text, uint8_t *to, size_t room, size_t *written);
// Bytes at the end that begin a sequence and may be completed by more.
size_t utf8_incomplete_size(const uint8_t *bytes, size_t size);
unsigned utf8_encode_code_point(uint32_t code_point, uint8_t to[4]);

// No lone surrogates.
bool text_is_well_formed(TextView text);
// Units before the first lone surrogate.
uint32_t text_well_formed_prefix(TextView text);

#endif
