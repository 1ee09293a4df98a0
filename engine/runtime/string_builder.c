#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/strings.h"
#include "text/utf8.h"

void string_builder_initialize(StringBuilder *builder, Context *cx) {
  builder->cx = cx;
  builder->is_wide = false;
  buffer_initialize(&builder->buffer, &cx->memory);
}

void string_builder_release(StringBuilder *builder) { buffer_release(&builder->buffer); }

uint32_t string_builder_length(const StringBuilder *builder) {
  return (uint32_t)(builder->buffer.size >> builder->is_wide);
}

static void string_builder_widen(StringBuilder *builder) {
  Buffer *buffer = &builder->buffer;
  size_t length = buffer->size;
  builder->is_wide = true;
  if (!buffer_reserve(buffer, length)) return;
  fuel_spend(&builder->cx->fuel, length / CHARGE_COPY);
  uint16_t *units = (uint16_t *)buffer->data;
  for (size_t i = length; i-- > 0;) units[i] = buffer->data[i];
  buffer->size = length * 2;
}

void string_builder_append_unit(StringBuilder *builder, uint16_t unit) {
  if (!builder->is_wide) {
    if (unit < 256) {
      Buffer *buffer = &builder->buffer;
      if (LIKELY(buffer->size < buffer->capacity)) {
        buffer->data[buffer->size++] = (uint8_t)unit;
      } else {
        buffer_append_byte(buffer, (uint8_t)unit);
      }
      return;
    }
    string_builder_widen(builder);
  }
  buffer_append(&builder->buffer, &unit, sizeof unit);
}

void string_builder_append_code_point(StringBuilder *builder, uint32_t code_point) {
  if (code_point < 0x10000) {
    string_builder_append_unit(builder, (uint16_t)code_point);
  } else {
    string_builder_append_unit(builder, (uint16_t)(0xD800 + ((code_point - 0x10000) >> 10)));
    string_builder_append_unit(builder, (uint16_t)(0xDC00 + (code_point & 0x3FF)));
  }
}

void string_builder_append_view(StringBuilder *builder, TextView text) {
  Buffer *buffer = &builder->buffer;
  // Many callers append texts whose length the guest chose; the guest is stopped at its next charge.
  if (UNLIKELY(text.length > 256)) fuel_spend(&builder->cx->fuel, text.length / CHARGE_COPY);
  if (text.is_wide && !builder->is_wide) {
    if (utf16_is_latin1(text.wide, text.length)) {
      uint8_t *to = buffer_reserve(buffer, text.length);
      if (!to) return;
      latin1_narrow(text.wide, text.length, to);
      buffer->size += text.length;
      return;
    }
    string_builder_widen(builder);
  }
  if (text.is_wide == builder->is_wide) {
    buffer_append(buffer, text.is_wide ? (const void *)text.wide : text.narrow, (size_t)text.length << text.is_wide);
    return;
  }
  uint8_t *to = buffer_reserve(buffer, (size_t)text.length * 2);
  if (!to) return;
  latin1_widen(text.narrow, text.length, (uint16_t *)to);
  buffer->size += (size_t)text.length * 2;
}

void string_builder_append_ascii(StringBuilder *builder, const char *text) {
  string_builder_append_view(builder, text_view_literal(text));
}

bool string_builder_append_string(StringBuilder *builder, String *s) {
  TextView text;
  if (!string_view(builder->cx, s, &text) || !context_charge_bytes(builder->cx, text.length, CHARGE_COPY)) return false;
  string_builder_append_view(builder, text);
  if (UNLIKELY(builder->buffer.size >> builder->is_wide > STRING_MAX_LENGTH)) {
    throw_error(builder->cx, ERROR_RANGE, "%einvalid string length");
    return false;
  }
  return true;
}

Value string_builder_finish(StringBuilder *builder) {
  Value string;
  if (builder->buffer.failed) {
    string_builder_release(builder);
    return context_throw_out_of_memory(builder->cx);
  }
  size_t length = builder->buffer.size >> builder->is_wide;
  if (length > STRING_MAX_LENGTH) {
    string = throw_error(builder->cx, ERROR_RANGE, "%einvalid string length");
  } else if (builder->is_wide) {
    // The builder went wide because of a unit beyond Latin-1, so the text cannot be narrowed.
    String *s = string_create_uninitialized(builder->cx, (uint32_t)length, true);
    bool copied = s && context_move_bytes(builder->cx, s->wide, builder->buffer.data, length * sizeof(uint16_t));
    string = copied ? value_string(s) : VALUE_ABRUPT;
  } else {
    string = string_from_view(builder->cx, text_view_narrow(builder->buffer.data, length));
  }
  string_builder_release(builder);
  return string;
}
