// Encodings of one byte per character, whose lower half is ASCII:
// https://encoding.spec.whatwg.org/#legacy-single-byte-encodings
#ifndef CAISSON_SINGLE_BYTE_H
#define CAISSON_SINGLE_BYTE_H

#include "base/base.h"

// The code points of the bytes from 0x80 on; 0: none.
extern const uint16_t single_byte_tables[][128];

// The bits that any character has, and whether a byte stands for none.
uint16_t single_byte_measure(const uint16_t table[128], const uint8_t *bytes, size_t size, bool *has_errors);
void single_byte_decode_narrow(const uint16_t table[128], const uint8_t *bytes, size_t size, uint8_t *to);
void single_byte_decode_wide(const uint16_t table[128], const uint8_t *bytes, size_t size,
                             uint16_t *to);  // errors: U+FFFD

#endif
