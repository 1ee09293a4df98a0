// Host names in other scripts as the ASCII that the network uses: UTS #46 as URLs use it. The rules for direction and
// joiners apply, deviations are kept; the rules for hyphens and for the lengths of DNS do not apply.
#ifndef CAISSON_IDNA_H
#define CAISSON_IDNA_H

#include "base/buffer.h"
#include "base/fuel.h"

typedef enum IdnaResult { IDNA_IS_NAME, IDNA_IS_NO_NAME, IDNA_INTERRUPTED } IdnaResult;

// https://url.spec.whatwg.org/#concept-domain-to-ascii without its last steps: what comes out may be empty or have
// forbidden characters. `name` is UTF-8, taken as valid. Out of memory shows in out->failed.
MUST_CHECK IdnaResult idna_to_ascii(const uint8_t *name, size_t size, Buffer *out, Fuel *fuel);

#endif
