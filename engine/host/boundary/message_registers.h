// Small values that cross without a message: undefined, null, booleans, numbers and short texts, in registers that both
// sides see. What a call passes in them is read at once, by whoever is called, so that one set serves calls within calls.
// The JavaScript side is npm/src/registers.js.
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

// OPTIMIZATION: texts that came lately, which most come again, of 2 to 16 bytes: to compare those costs less than to
// make a text. Forgotten at each collection: nothing is kept alive by it.
enum { LATEST_TEXT_BITS = 6 };
typedef struct LatestText {
  uint64_t bytes[2];    // what is beyond its length: 0
  struct String *text;  // NULL: none
} LatestText;
typedef struct LatestTexts {
  LatestText items[1 << LATEST_TEXT_BITS];
} LatestTexts;
void latest_texts_forget(LatestTexts *texts);

// Whether it can be written into one, now and later.
bool register_fits(Value value);
MUST_CHECK bool register_write(Register *to, Value value);  // false: it does not
// False: a value is none of those, or they are too many; nothing was thrown, and no code of the guest ran.
bool registers_write(Register *registers, const Value *values, uint32_t count);
// Of one that holds no number. Throws when it is malformed: nothing in it is believed.
Value register_read_other(Context *cx, LatestTexts *texts, const Register *from);

#endif
