#include "host/boundary/message_numbers.h"

#include "host/boundary/message_blocks.h"
#include "host/runtime/protocol.h"

enum { NUMBER_SIZE = 4 };

static void append_number(Buffer *out, uint32_t number) {
  const uint8_t bytes[NUMBER_SIZE] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                                      (uint8_t)(number >> 24)};
  buffer_append(out, bytes, NUMBER_SIZE);
}

static uint32_t number_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

// bounded: writing the values has paid for each number.
void message_append_numbers(Buffer *out, size_t base, const Buffer *numbers) {
  uint32_t count = (uint32_t)(numbers->size / sizeof(uint32_t));
  if (count == 0) return;
  for (uint32_t i = 0; i < count; i++) append_number(out, ((const uint32_t *)numbers->data)[i]);
  append_number(out, count);
  if (!out->failed) out->data[base] |= PROTOCOL_MESSAGE_HAS_NUMBERS;
}

bool message_take_numbers(const uint8_t *bytes, size_t *size, MessageNumbers *numbers) {
  *numbers = (MessageNumbers){0};
  if (*size == 0 || !(bytes[0] & PROTOCOL_MESSAGE_HAS_NUMBERS)) return true;
  if (*size < 1 + NUMBER_SIZE) return false;
  size_t end = *size - NUMBER_SIZE;
  uint32_t count = number_at(bytes + end);
  if (count > (end - 1) / NUMBER_SIZE) return false;
  *size = end - (size_t)count * NUMBER_SIZE;
  *numbers = (MessageNumbers){.bytes = bytes + *size, .count = count};
  return true;
}

uint32_t message_number(const MessageNumbers *numbers, uint32_t index) {
  return number_at(numbers->bytes + (size_t)index * NUMBER_SIZE);
}

// bounded: writing the values has paid for each number.
void message_drop(CaissonRuntime *runtime, const Buffer *message) {
  MessageNumbers numbers;
  size_t size = message->size;
  if (message->failed || !message_take_numbers(message->data, &size, &numbers)) return;
  for (uint32_t i = 0; i < numbers.count; i++) (void)bridge_release_handle(runtime, message_number(&numbers, i), 1);
}

// bounded: by the number of values that the host has sent.
void message_drop_unread(CaissonRuntime *runtime, const uint8_t *bytes, size_t size) {
  MessageNumbers numbers;
  if (size > 0 && message_take_numbers(bytes, &size, &numbers))
    for (uint32_t i = 0; i < numbers.count; i++)
      runtime->bridge->host->release(runtime->options.user, message_number(&numbers, i), 1);
  message_blocks_end(runtime);
}

void message_drop_inbox(CaissonRuntime *runtime) {
  Buffer *inbox = &runtime->bridge->inbox;
  size_t size = inbox->size;
  inbox->size = 0;
  message_drop_unread(runtime, inbox->data, size);
}
