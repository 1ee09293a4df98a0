// Unicode normalization forms.
#ifndef CAISSON_NORMALIZATION_H
#define CAISSON_NORMALIZATION_H

#include "base/buffer.h"
#include "base/fuel.h"
#include "base/text_view.h"

typedef enum NormalizationForm {
  NORMALIZATION_NFC,
  NORMALIZATION_NFD,
  NORMALIZATION_NFKC,
  NORMALIZATION_NFKD
} NormalizationForm;

// True when a cheap look shows that the text is in the form already; false says nothing.
bool text_is_surely_normalized(TextView text, NormalizationForm form, Fuel *fuel);
// Appends the normalized text as UTF-16 units. False: interrupted (out of memory shows in units->failed).
MUST_CHECK bool text_normalize(TextView text, NormalizationForm form, Buffer *units, Fuel *fuel);

// The whole decomposition of one code point, canonical or compatible; returns the count.
enum { DECOMPOSITION_MOST = 24 };  // the data needs 18
unsigned text_decompose(uint32_t code_point, bool compatible, uint32_t decomposed[DECOMPOSITION_MOST]);

#endif
