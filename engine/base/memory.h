// Accounted memory. Everything a guest can cause to be allocated goes through one `Memory`, which
// counts it to the byte and refuses what would pass the limit. Releases name the size, so that no
// header is stored per block.
#ifndef CAISSON_MEMORY_H
#define CAISSON_MEMORY_H

#include "base/fuel.h"

typedef struct Memory {
  size_t used;          // bytes handed out and not yet released
  size_t limit;         // `used` never exceeds this
  size_t peak;          // the largest `used` so far
  bool is_system_full;  // the last refused request was refused by the system, not by the limit
  // Fault injection for tests: when above zero, counts down at each request; reaching zero fails it.
  size_t fail_after;
  // Pays for clearing, moving and giving back large blocks; NULL: nobody pays.
  Fuel *fuel;
} Memory;

// For layers that have no other access to the fuel. This does not stop their work; it stops the caller at its next
// charge.
static inline void memory_spend(Memory *memory, size_t units) {
  if (memory->fuel) fuel_spend(memory->fuel, units);
}

void memory_initialize(Memory *memory, size_t limit);

// All three return NULL (and change nothing) when the limit or the system refuses.
MUST_CHECK void *memory_allocate(Memory *memory, size_t size);
MUST_CHECK void *memory_allocate_zeroed(Memory *memory, size_t size);
MUST_CHECK void *memory_resize(Memory *memory, void *block, size_t old_size, size_t new_size);
// `block` may be NULL. `size` is the size the block was last given.
void memory_release(Memory *memory, void *block, size_t size);

#endif
