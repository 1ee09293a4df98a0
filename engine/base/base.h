// The vocabulary that every layer shares: fixed-width types, checked results and branch hints.
#ifndef CAISSON_BASE_H
#define CAISSON_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A result that reports failure must be looked at.
#define MUST_CHECK __attribute__((warn_unused_result))
#define NO_INLINE __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define UNREACHABLE() __builtin_unreachable()
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

// Internal invariants; compiled in for the sanitize and stress builds only.
#ifdef CAISSON_CHECKED
#define ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#else
#define ASSERT(condition) ((void)0)
#endif

#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))

#endif
