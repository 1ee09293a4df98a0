// Small values that cross without a message: undefined, null, booleans, numbers and short texts, in registers that both
// sides see. What a call passes in them is read at once, by whoever is called, so that one set serves calls within
// calls. The JavaScript side is npm/src/registers.js.
#ifndef CAISSON_MESSAGE_REGISTERS_H
#define CAISSON_MESSAGE_REGISTERS_H

#include "host/runtime/protocol.h"
#include "runtime/context.h"

// PROTOCOL_REGISTER_BYTES in all.
typedef struct Register {
  double number;    // of MESSAGE_DOUBLE
  uint32_t tag;     // a MessageTag
  uint32_t length;  // of MESSAGE_LATIN1
  uint8_t text[PROTOCOL_REGISTER_TEXT];
} Register;

// OPTIMIZATION: texts that came lately, which most come again: to compare a few bytes costs less than to make a text.
// Forgotten at each collection: nothing is kept alive by it.
enum { LATEST_TEXT_BITS = 6, LATEST_TEXT_LEAST = 2, LATEST_TEXT_MOST = 16 };  // bytes of one
typedef struct LatestText {
  uint64_t bytes[2];    // what is beyond its length: 0
  struct String *text;  // NULL: none
} LatestText;
typedef struct LatestTexts {
  LatestText items[1 << LATEST_TEXT_BITS];
} LatestTexts;
void latest_texts_forget(LatestTexts *texts);
// The text of LATEST_TEXT_LEAST to LATEST_TEXT_MOST units at `text`, where LATEST_TEXT_MOST bytes can be read.
Value latest_text(Context *cx, LatestTexts *texts, const uint8_t *text, uint32_t length);

// Whether it can be written into one, now and later.
bool register_fits(Value value);
MUST_CHECK bool register_write(Register *to, Value value);  // false: it does not
// False: a value is none of those, or they are too many; nothing was thrown, and no code of the guest ran.
bool registers_write(Register *registers, const Value *values, uint32_t count);
// Of one that holds no number. Throws when it is malformed: nothing in it is believed.
Value register_read_other(Context *cx, LatestTexts *texts, const Register *from);

#endif
