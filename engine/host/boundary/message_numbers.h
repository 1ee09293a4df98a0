// The numbers in a message of things that the receiver counts as arrived: at its end once more, in their order, so that
// those of a message which is not read, or not read to its end, can be given back.
#ifndef CAISSON_MESSAGE_NUMBERS_H
#define CAISSON_MESSAGE_NUMBERS_H

#include "host/boundary/bridge.h"

typedef struct MessageNumbers {
  const uint8_t *bytes;
  uint32_t count, next;  // next: the first that has not been read
} MessageNumbers;

// To a message that begins at `base`. The buffer may fail.
void message_append_numbers(Buffer *out, size_t base, const Buffer *numbers);
// Of a whole message; `*size` is what is left of it. False: it is malformed.
MUST_CHECK bool message_take_numbers(const uint8_t *bytes, size_t *size, MessageNumbers *numbers);
uint32_t message_number(const MessageNumbers *numbers, uint32_t index);

// A message of the guest's that the host will not get.
void message_drop(CaissonRuntime *runtime, const Buffer *message);
// The host's message in the inbox, if there is one that nobody has read.
void message_drop_inbox(CaissonRuntime *runtime);
void message_drop_unread(CaissonRuntime *runtime, const uint8_t *bytes, size_t size);

#endif
