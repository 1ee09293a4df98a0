// Case conversion of whole texts, with the expansions and the final-sigma rule of SpecialCasing.
#ifndef CAISSON_CASE_MAPPING_H
#define CAISSON_CASE_MAPPING_H

#include "base/buffer.h"
#include "base/fuel.h"
#include "base/text_view.h"

// How many leading units the conversion leaves as they are; the whole length means "unchanged".
uint32_t text_lowercase_unchanged(TextView text, Fuel *fuel);
uint32_t text_uppercase_unchanged(TextView text, Fuel *fuel);

// Append the converted text as UTF-16 units.
MUST_CHECK bool text_to_lowercase(TextView text, Buffer *units, Fuel *fuel);
MUST_CHECK bool text_to_uppercase(TextView text, Buffer *units, Fuel *fuel);

// Latin-1 stays Latin-1 and keeps its length when lowered.
static inline uint8_t latin1_to_lowercase(uint8_t unit) {
  bool upper = (unit >= 'A' && unit <= 'Z') || (unit >= 0xC0 && unit <= 0xDE && unit != 0xD7);
  return upper ? unit + 0x20 : unit;
}
// Latin-1 texts without the three characters that leave Latin-1 or expand can be raised unit by unit.
static inline bool latin1_uppercase_is_simple(uint8_t unit) { return unit != 0xB5 && unit != 0xDF && unit != 0xFF; }
static inline uint8_t latin1_to_uppercase(uint8_t unit) {
  bool lower = (unit >= 'a' && unit <= 'z') || (unit >= 0xE0 && unit <= 0xFE && unit != 0xF7);
  return lower ? unit - 0x20 : unit;
}

#endif
