// Small values that cross without a message: undefined, null, booleans, numbers and short texts, in registers that both
// sides see. The callee reads its registers at once, so one set of registers serves nested calls too. The JavaScript
// side is npm/src/registers.js.
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

// OPTIMIZATION: texts that crossed lately, since most come again: comparing a few bytes costs less than making a text.
// Emptied at each collection: it keeps nothing alive.
enum { LATEST_TEXT_BITS = 6, LATEST_TEXT_LEAST = 2, LATEST_TEXT_MOST = 16 };  // bytes of one
typedef struct LatestText {
  uint64_t bytes[2];    // the bytes after its length are 0
  struct String *text;  // NULL: none
} LatestText;
typedef struct LatestTexts {
  LatestText *items;  // 1 << LATEST_TEXT_BITS of them; NULL: no text has crossed
} LatestTexts;
void latest_texts_forget(LatestTexts *texts);
void latest_texts_release(Context *cx, LatestTexts *texts);
// The text of LATEST_TEXT_LEAST to LATEST_TEXT_MOST units at `text`, from where LATEST_TEXT_MOST bytes can be read.
Value latest_text(Context *cx, LatestTexts *texts, const uint8_t *text, uint32_t length);

// Whether the value can be written to a register, now and later.
bool register_fits(Value value);
MUST_CHECK bool register_write(Register *to, Value value);  // false: it does not fit
// False: a value does not fit into a register, or there are too many; nothing was thrown, and no guest code ran.
bool registers_write(Register *registers, const Value *values, uint32_t count);
// Reads a register that holds no number. Throws when it is malformed; trusts nothing in it.
Value register_read_other(Context *cx, LatestTexts *texts, const Register *from);

#endif
