// How the parts of a shown value are arranged: in one line when they are short, in columns when there are many, and
// otherwise one part per line.
#ifndef CAISSON_INSPECT_LAYOUT_H
#define CAISSON_INSPECT_LAYOUT_H

#include "base/buffer.h"

typedef struct Parts {
  Buffer text;  // all parts, one after the other, UTF-8
  Buffer ends;  // uint32_t each: where each part ends
  uint32_t count;
  bool has_rest;  // the last part says how many more there are
  bool is_line;   // on one line, whatever its length
  bool is_of_array;
  bool are_numbers;  // parts of an array of numbers: aligned on the right
} Parts;

void parts_initialize(Parts *parts, Memory *memory);
void parts_release(Parts *parts);
static inline Buffer *parts_begin(Parts *parts) { return &parts->text; }
void parts_end(Parts *parts);
// The length of UTF-8 in UTF-16 units.
size_t layout_length(const uint8_t *bytes, size_t size);
// Appends base, braces and parts. `indent` is the column of the whole, `levels` is the depth of nesting in its parts.
void parts_lay_out(Parts *parts, const Buffer *base, const Buffer *open, const char *close, unsigned indent,
                   unsigned levels, Buffer *out);

#endif
