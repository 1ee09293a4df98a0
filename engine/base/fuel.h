// Work is paid for in fuel: one unit is roughly one bytecode operation. Everything that can run for a
// time the guest chooses (the interpreter, the regular-expression matcher, the parser, sorting, long
// copies) charges it, so that one mechanism stops all of them.
#ifndef CAISSON_FUEL_H
#define CAISSON_FUEL_H

#include "base/base.h"

typedef struct Fuel Fuel;
struct Fuel {
  int32_t remaining;  // of the current slice
  // Called when the slice is spent: looks at deadlines and interrupts and starts a new slice.
  // Returns false when the work must stop; the owner of the Fuel knows why.
  bool (*refill)(Fuel *fuel);
};

// The build `charged` watches for work that nobody pays for: tests/charged/detector.c.
#ifdef CAISSON_CHARGED
void fuel_detector_look(const Fuel *fuel);
#else
static inline void fuel_detector_look(const Fuel *fuel) { (void)fuel; }
#endif

// False: unwind at once, reporting interruption.
static inline MUST_CHECK bool fuel_charge(Fuel *fuel, int32_t units) {
  fuel->remaining -= units;
  fuel_detector_look(fuel);
  return LIKELY(fuel->remaining >= 0) || fuel->refill(fuel);
}

// For loops whose length the guest chooses and whose steps are a few instructions: `*steps`, 0 at first, counts them,
// and several are charged at once. False: as above. A layer that cannot report failure may stop with any result: fuel
// that has run out stays out, so the caller's own charge fails as well.
enum { FUEL_STEPS = 64, FUEL_STEPS_PER_UNIT = 4 };
static inline MUST_CHECK bool fuel_step(Fuel *fuel, uint32_t *steps) {
  if (LIKELY(++*steps % FUEL_STEPS != 0) || fuel_charge(fuel, FUEL_STEPS / FUEL_STEPS_PER_UNIT)) return true;
  *steps = UINT32_MAX;  // the next step fails as well, wherever the count is shared
  return false;
}

// Pays for finished work that was too short to be interrupted. When this uses up the fuel, the next charge stops the
// guest.
static inline void fuel_spend(Fuel *fuel, size_t units) {
  int64_t left = (int64_t)fuel->remaining - (int64_t)MIN_OF(units, (size_t)INT32_MAX);
  fuel->remaining = left < INT32_MIN / 2 ? INT32_MIN / 2 : (int32_t)left;
  fuel_detector_look(fuel);
}

#endif
