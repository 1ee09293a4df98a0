// Where counters begin that could be used up, or would be met again. Builds that check invariants begin them, and each
// of their rounds, near the end: what happens there happens in every test.
#ifndef CAISSON_COUNTERS_H
#define CAISSON_COUNTERS_H

#include "base/base.h"

#ifdef CAISSON_COUNTERS_NEAR_END
#define COUNTER_FIRST_32 (UINT32_MAX - 60)
// Of those that never reach their end: they leave 32 bits behind.
#define COUNTER_BEFORE_FIRST (UINT32_MAX - 60)
#else
#define COUNTER_FIRST_32 1u
#define COUNTER_BEFORE_FIRST 0u
#endif

#endif
