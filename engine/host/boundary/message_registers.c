#include "host/boundary/message_registers.h"

#include "host/boundary/message.h"
#include "runtime/errors.h"

_Static_assert(sizeof(Register) == PROTOCOL_REGISTER_BYTES, "the other side counts in these");

static bool text_fits(const String *text) {
  return string_length(text) <= PROTOCOL_REGISTER_TEXT && string_is_flat(text) && !string_view_flat(text).is_wide;
}

static bool register_write_text(Register *to, const String *text) {
  if (!text_fits(text)) return false;
  TextView view = string_view_flat(text);
  to->tag = MESSAGE_LATIN1;
  to->length = view.length;
  // The bytes after a text in its words are 0, since the other side compares words.
  if (view.length <= 16) memset(to->text, 0, 16);
  bytes_copy_short(to->text, view.narrow, view.length);
  return true;
}

bool register_write(Register *to, Value value) {
  if (value_is_number(value)) {
    to->tag = MESSAGE_DOUBLE;
    to->number = value_as_number(value);
    return true;
  }
  if (value_is_string(value)) return register_write_text(to, value_as_string(value));
  switch (value) {
    case VALUE_UNDEFINED: to->tag = MESSAGE_UNDEFINED; return true;
    case VALUE_NULL: to->tag = MESSAGE_NULL; return true;
    case VALUE_TRUE: to->tag = MESSAGE_TRUE; return true;
    case VALUE_FALSE: to->tag = MESSAGE_FALSE; return true;
    default: return false;
  }
}

bool register_fits(Value value) {
  if (value_is_string(value)) return text_fits(value_as_string(value));
  return value_is_number(value) || value == VALUE_UNDEFINED || value == VALUE_NULL || value_is_boolean(value);
}

bool registers_write(Register *registers, const Value *values, uint32_t count) {
  if (count > PROTOCOL_REGISTER_COUNT) return false;
  for (uint32_t i = 0; i < count; i++)
    if (!register_write(&registers[i], values[i])) return false;
  return true;
}

static const size_t latest_texts_size = sizeof(LatestText) << LATEST_TEXT_BITS;

void latest_texts_forget(LatestTexts *texts) {
  if (texts->items) memset(texts->items, 0, latest_texts_size);
}

void latest_texts_release(Context *cx, LatestTexts *texts) {
  memory_release(&cx->memory, texts->items, latest_texts_size);
  texts->items = NULL;
}

Value latest_text(Context *cx, LatestTexts *texts, const uint8_t *text, uint32_t length) {
  if (UNLIKELY(!texts->items) && !(texts->items = memory_allocate_zeroed(&cx->memory, latest_texts_size)))
    return string_from_view(cx, text_view_narrow(text, length));
  uint64_t bytes[2];
  memcpy(bytes, text, LATEST_TEXT_MOST);
  if (length < 8) {
    bytes[0] &= (UINT64_C(1) << 8 * length) - 1;
    bytes[1] = 0;
  } else if (length < LATEST_TEXT_MOST) {
    bytes[1] &= (UINT64_C(1) << 8 * (length - 8)) - 1;
  }
  uint64_t hash = (bytes[0] ^ bytes[1] * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
  LatestText *place = &texts->items[hash >> (64 - LATEST_TEXT_BITS)];
  if (place->text && place->bytes[0] == bytes[0] && place->bytes[1] == bytes[1] &&
      string_length(place->text) == length) {
    heap_keep_cell(&cx->heap, place->text);
    return value_string(place->text);
  }
  Value string = string_from_view(cx, text_view_narrow(text, length));
  if (!value_is_abrupt(string)) *place = (LatestText){.bytes = {bytes[0], bytes[1]}, .text = value_as_string(string)};
  return string;
}

static Value register_read_text(Context *cx, LatestTexts *texts, const Register *from) {
  if (from->length < LATEST_TEXT_LEAST || from->length > LATEST_TEXT_MOST)
    return string_from_view(cx, text_view_narrow(from->text, from->length));
  return latest_text(cx, texts, from->text, from->length);
}

Value register_read_other(Context *cx, LatestTexts *texts, const Register *from) {
  switch (from->tag) {
    case MESSAGE_UNDEFINED: return VALUE_UNDEFINED;
    case MESSAGE_NULL: return VALUE_NULL;
    case MESSAGE_TRUE: return VALUE_TRUE;
    case MESSAGE_FALSE: return VALUE_FALSE;
    case MESSAGE_LATIN1:
      if (from->length <= PROTOCOL_REGISTER_TEXT) return register_read_text(cx, texts, from);
      break;
    default: break;
  }
  return throw_type_error(cx, "malformed message from the host");
}
