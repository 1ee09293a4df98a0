// The generated Unicode tables of this layer (see generate_properties.mjs) and their reading.
//
// A set is stored as a count of earlier sets, their indices, a count of toggles and the distances between the
// toggles; its members are the exclusive or of all of these. Numbers below 0xC0 take one byte, below 0x20C0 two,
// others three.
#ifndef CAISSON_UNICODE_PROPERTIES_H
#define CAISSON_UNICODE_PROPERTIES_H

#include "base/base.h"

typedef struct UnicodeSetIndex {
  uint16_t category, binary, script;  // the first set of each kind
} UnicodeSetIndex;

// `count` code points from `first`, `step` apart, map to themselves plus `distance`.
typedef struct CanonicalizeRun {
  uint32_t first;
  uint16_t count, step;
  int32_t distance;
} CanonicalizeRun;

extern const uint8_t unicode_set_data[];
extern const uint16_t unicode_set_offsets[];
extern const uint16_t unicode_script_extension_sets[];  // the set of each script's Script_Extensions
extern const UnicodeSetIndex unicode_first_sets;

// The names of a set are separated by commas, the sets by semicolons.
extern const char unicode_category_names[];
extern const char unicode_binary_names[];
extern const char unicode_script_names[];
extern const char unicode_sequence_names[];

// A property of strings: a count of products, each a length and that many indices of pieces (sets of code points
// without bases); the last property, RGI_Emoji, is the union of all the others and has no data.
enum { UNICODE_RGI_EMOJI = 6 };
extern const uint8_t unicode_sequence_data[];
extern const uint16_t unicode_sequence_offsets[];
extern const uint8_t unicode_piece_data[];
extern const uint16_t unicode_piece_offsets[];

extern const CanonicalizeRun canonicalize_fold_runs[];  // simple case folding
extern const uint32_t canonicalize_fold_run_count;
extern const CanonicalizeRun canonicalize_upper_runs[];  // upper case of single code units, as Canonicalize wants it
extern const uint32_t canonicalize_upper_run_count;

#endif
