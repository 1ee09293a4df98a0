// The generated table of idna_tables.c; idna.c reads it.
#ifndef CAISSON_IDNA_TABLES_H
#define CAISSON_IDNA_TABLES_H

#include "base/base.h"

// What a code point may do in a host name: nothing (0), or these.
enum {
  IDNA_ALLOWED = 1,
  IDNA_IGNORED = 2,         // left out
  IDNA_MARK = 4,            // general category M: begins no label
  IDNA_LEFT = 8,            // bidirectional classes: L
  IDNA_RIGHT = 16,          // R and AL
  IDNA_ARABIC_NUMBER = 32,  // AN
  IDNA_NUMBER = 64,         // EN
  IDNA_NONSPACING = 128,    // NSM; none of these five: a class that stands anywhere
  IDNA_JOINS_LEFT = 256,    // joins what comes after it: Joining_Type L and D
  IDNA_JOINS_RIGHT = 512,   // joins what comes before it: R and D
  IDNA_TRANSPARENT = 1024,  // T
};

// The first code point of a run, and where the run is described; a mark every few dozen.
typedef struct IdnaMark {
  uint32_t first;
  uint16_t offset;
} IdnaMark;
extern const uint16_t idna_kinds[];
extern const uint8_t idna_runs[];
extern const IdnaMark idna_marks[];
extern const uint16_t idna_mark_count;

#endif
