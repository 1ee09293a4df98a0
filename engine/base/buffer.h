// A growable byte buffer. Failure is sticky: appends after a refused allocation do nothing, and the
// owner looks at `failed` once at the end.
#ifndef CAISSON_BUFFER_H
#define CAISSON_BUFFER_H

#include "base/memory.h"

typedef struct Buffer {
  Memory *memory;
  uint8_t *data;
  size_t size, capacity;
  bool failed;
} Buffer;

void buffer_initialize(Buffer *buffer, Memory *memory);
void buffer_release(Buffer *buffer);
// Makes room for `extra` more bytes and returns where they go, or NULL; the caller adds to `size`.
uint8_t *buffer_reserve(Buffer *buffer, size_t extra);
void buffer_append(Buffer *buffer, const void *bytes, size_t size);
void buffer_append_byte(Buffer *buffer, uint8_t byte);
void buffer_append_text(Buffer *buffer, const char *text);
// Understands %s %c %d %u %x %% (int and unsigned), %ld %lu (long) and %.*s.
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
