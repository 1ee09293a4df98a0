// How the parts of a shown value are put on lines: side by side where they are short, in columns where they are many,
// else one a line.
#ifndef CAISSON_INSPECT_LAYOUT_H
#define CAISSON_INSPECT_LAYOUT_H

#include "base/buffer.h"

typedef struct Parts {
  Buffer text;  // one after the other, UTF-8
  Buffer ends;  // uint32_t each: where they end
  uint32_t count;
  bool has_rest;  // the last one says how many more there are
  bool is_line;   // whatever its length
  bool is_of_array;
  bool are_numbers;  // of an array: aligned at their ends
} Parts;

void parts_initialize(Parts *parts, Memory *memory);
void parts_release(Parts *parts);
static inline Buffer *parts_begin(Parts *parts) { return &parts->text; }
void parts_end(Parts *parts);
// UTF-16 units of UTF-8.
size_t layout_length(const uint8_t *bytes, size_t size);
// Appends base, braces and parts. `indent` is the column of the whole, `levels` how deep its parts nest.
void parts_lay_out(Parts *parts, const Buffer *base, const Buffer *open, const char *close, unsigned indent,
                   unsigned levels, Buffer *out);

#endif
