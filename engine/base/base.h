// The vocabulary that every layer shares: fixed-width types, checked results and branch hints.
#ifndef CAISSON_BASE_H
#define CAISSON_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The caller must check a result that reports failure.
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

// For tables with open addressing. Addresses are multiples of a cell size; after a single multiplication such keys
// would still cluster.
static inline uint32_t hash_address(uint64_t address) {
  uint64_t hash = (address >> 4) * UINT64_C(0x9E3779B97F4A7C15);
  hash = (hash ^ hash >> 32) * UINT64_C(0xD6E8FEB86659FD93);
  return (uint32_t)(hash >> 32);
}

// For copies that are mostly short: in WebAssembly, a memcpy whose size is not a constant calls out of the module.
// bounded: LONG bytes.
static inline void bytes_copy_short(void *to, const void *from, size_t size) {
  enum { LONG = 64 };
  uint8_t *target = to;
  const uint8_t *source = from;
  if (UNLIKELY(size > LONG)) {
    memcpy(target, source, size);
    return;
  }
  for (; size >= 8; size -= 8, target += 8, source += 8) memcpy(target, source, 8);
  if (size & 4) memcpy(target, source, 4), target += 4, source += 4;
  if (size & 2) memcpy(target, source, 2), target += 2, source += 2;
  if (size & 1) *target = *source;
}

#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))

#endif
