// The handles and numbers in a message that its receiver counts as arrived. They are repeated in order at the end of
// the message, so that the receiver can give back those of a message that is not read, or not read to its end.
#ifndef CAISSON_MESSAGE_NUMBERS_H
#define CAISSON_MESSAGE_NUMBERS_H

#include "host/boundary/bridge.h"

typedef struct MessageNumbers {
  const uint8_t *bytes;
  uint32_t count, next;  // next: the first that has not been read
} MessageNumbers;

// Appends the numbers to a message that begins at `base`. The buffer may fail.
void message_append_numbers(Buffer *out, size_t base, const Buffer *numbers);
// Takes the numbers from a whole message; `*size` becomes the size of the rest. False: malformed.
MUST_CHECK bool message_take_numbers(const uint8_t *bytes, size_t *size, MessageNumbers *numbers);
uint32_t message_number(const MessageNumbers *numbers, uint32_t index);

// Gives back the numbers of a guest's message that the host will not get.
void message_drop(CaissonRuntime *runtime, const Buffer *message);
// Does the same for a host's message in the inbox, if there is one that was not read.
void message_drop_inbox(CaissonRuntime *runtime);
void message_drop_unread(CaissonRuntime *runtime, const uint8_t *bytes, size_t size);

#endif
