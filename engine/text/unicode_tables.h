// The generated tables (unicode_tables.c); unicode.c and normalization.c read them.
#ifndef CAISSON_UNICODE_TABLES_H
#define CAISSON_UNICODE_TABLES_H

#include "text/unicode.h"

extern const UnicodeSet unicode_id_start, unicode_id_continue_only, unicode_cased, unicode_case_ignorable;

// Code points first, first + stride, ... up to first + extent move by `distance`.
typedef struct UnicodeCaseRun {
  uint32_t first;
  uint16_t extent, stride;
  int32_t distance;
} UnicodeCaseRun;
extern const UnicodeCaseRun unicode_uppercase_runs[], unicode_lowercase_runs[], unicode_fold_runs[];
extern const uint16_t unicode_uppercase_runs_count, unicode_lowercase_runs_count, unicode_fold_runs_count;

typedef struct UnicodeExpansion {
  uint16_t from, to[3];  // zero where there is no third
} UnicodeExpansion;
extern const UnicodeExpansion unicode_uppercase_expansions[];
extern const uint16_t unicode_uppercase_expansion_count;

extern const uint32_t unicode_combining_classes[];
extern const uint16_t unicode_combining_class_count;

typedef struct UnicodeDecompositionMark {
  uint32_t first;
  uint32_t offset;
} UnicodeDecompositionMark;
extern const uint8_t unicode_decompositions[];
extern const uint32_t unicode_decompositions_size;
extern const UnicodeDecompositionMark unicode_decomposition_marks[];
extern const uint16_t unicode_decomposition_mark_count;
extern const uint8_t unicode_decomposition_pages[];

typedef struct UnicodeComposition {
  uint16_t first, second, composite;
} UnicodeComposition;
typedef struct UnicodeWideComposition {
  uint32_t first, second, composite;
} UnicodeWideComposition;
extern const UnicodeComposition unicode_compositions[];
extern const uint16_t unicode_composition_count;
extern const UnicodeWideComposition unicode_wide_compositions[];
extern const uint16_t unicode_wide_composition_count;
extern const uint32_t unicode_composing_starters[];
extern const uint16_t unicode_composing_starter_count;

#endif
