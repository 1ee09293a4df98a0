#include "base/buffer.h"

#include <stdarg.h>

void buffer_initialize(Buffer *buffer, Memory *memory) { *buffer = (Buffer){.memory = memory}; }

void buffer_release(Buffer *buffer) {
  memory_release(buffer->memory, buffer->data, buffer->capacity);
  buffer_initialize(buffer, buffer->memory);
}

uint8_t *buffer_reserve(Buffer *buffer, size_t extra) {
  if (buffer->failed) return NULL;
  if (buffer->capacity - buffer->size < extra) {
    size_t capacity = MAX_OF(buffer->capacity * 2, buffer->size + extra);
    if (capacity < 64) capacity = 64;
    uint8_t *data = memory_resize(buffer->memory, buffer->data, buffer->capacity, capacity);
    if (!data) {
      buffer->failed = true;
      return NULL;
    }
    buffer->data = data;
    buffer->capacity = capacity;
  }
  return buffer->data + buffer->size;
}

void buffer_append(Buffer *buffer, const void *bytes, size_t size) {
  if (size == 0) return;
  uint8_t *place = buffer_reserve(buffer, size);
  if (!place) return;
  memcpy(place, bytes, size);
  buffer->size += size;
}

void buffer_append_byte(Buffer *buffer, uint8_t byte) { buffer_append(buffer, &byte, 1); }

void buffer_append_text(Buffer *buffer, const char *text) { buffer_append(buffer, text, strlen(text)); }

static void buffer_append_unsigned(Buffer *buffer, uint64_t number, unsigned base) {
  char digits[24];
  size_t start = sizeof digits;
  do {
    digits[--start] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number);
  buffer_append(buffer, digits + start, sizeof digits - start);
}

static void buffer_append_signed(Buffer *buffer, int64_t number) {
  if (number < 0) buffer_append_byte(buffer, '-');
  buffer_append_unsigned(buffer, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10);
}

void buffer_format(Buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (const char *p = format; *p; p++) {
    if (*p != '%') {
      buffer_append_byte(buffer, (uint8_t)*p);
      continue;
    }
    bool is_long = p[1] == 'l';
    p += is_long ? 2 : 1;
    switch (*p) {
      case 's': buffer_append_text(buffer, va_arg(arguments, const char *)); break;
      case 'c': buffer_append_byte(buffer, (uint8_t)va_arg(arguments, int)); break;
      case 'd': buffer_append_signed(buffer, is_long ? va_arg(arguments, long) : va_arg(arguments, int)); break;
      case 'u':
        buffer_append_unsigned(buffer, is_long ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned), 10);
        break;
      case 'x':
        buffer_append_unsigned(buffer, is_long ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned), 16);
        break;
      case '.': {  // %.*s
        int length = va_arg(arguments, int);
        buffer_append(buffer, va_arg(arguments, const char *), (size_t)length);
        p += 2;
        break;
      }
      default: buffer_append_byte(buffer, (uint8_t)*p);
    }
  }
  va_end(arguments);
}
