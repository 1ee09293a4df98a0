// The first values of counters whose end would be a problem. Builds that check invariants start such counters, and each
// of their rounds, near the end, so that every test passes through it.
#ifndef CAISSON_COUNTERS_H
#define CAISSON_COUNTERS_H

#include "base/base.h"

#ifdef CAISSON_COUNTERS_NEAR_END
#define COUNTER_FIRST_32 (UINT32_MAX - 60)
// For counters that are not 32 bits wide and never reach their end: the checked builds make them cross 2^32.
#define COUNTER_BEFORE_FIRST (UINT32_MAX - 60)
#else
#define COUNTER_FIRST_32 1u
#define COUNTER_BEFORE_FIRST 0u
#endif

#endif
