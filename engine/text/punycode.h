// Labels as ASCII: https://www.rfc-editor.org/rfc/rfc3492
#ifndef CAISSON_PUNYCODE_H
#define CAISSON_PUNYCODE_H

#include "base/buffer.h"
#include "base/fuel.h"

typedef enum PunycodeResult { PUNYCODE_DONE, PUNYCODE_WRONG, PUNYCODE_INTERRUPTED } PunycodeResult;

// Appends ASCII; the label's code points are below 0x110000.
MUST_CHECK PunycodeResult punycode_encode(const uint32_t *label, size_t length, Buffer *out, Fuel *fuel);
// Appends code points (uint32_t each).
MUST_CHECK PunycodeResult punycode_decode(const uint8_t *text, size_t size, Buffer *out, Fuel *fuel);

#endif
