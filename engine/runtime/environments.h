// Environments: heap records for bindings that closures capture. A function whose variables are not captured has none.
#ifndef CAISSON_ENVIRONMENTS_H
#define CAISSON_ENVIRONMENTS_H

#include "runtime/context.h"

enum {
  ENVIRONMENT_WITH = 1,       // slots[0] is the binding object of a with statement
  ENVIRONMENT_EVAL_VARS = 2,  // the last slot: undefined, or a null-prototype object of variables that eval declared
  ENVIRONMENT_FUNCTION = 4,   // top scope of a function (for eval: where var declarations go)
  ENVIRONMENT_MODULE = 8,
};

struct Environment {
  Cell cell;  // extra: see environment_slot_count; flags as above
  Environment *outer;
  Value names;  // internal CELL_SCOPE_NAMES where eval or with can look names up at run time, else undefined
  Value slots[];
};
static inline uint32_t environment_slot_count(const Environment *environment) { return environment->cell.extra; }
static inline void environment_set_slot_count(Environment *environment, uint32_t count) {
  environment->cell.extra = count;
}
MUST_CHECK Environment *environment_create(Context *cx, Environment *outer,
                                           uint32_t slot_count);  // UNINITIALIZED-filled

// Global lexical declarations (let, const, class at script top level): name -> slot, per realm.
// https://tc39.es/ecma262/#sec-global-environment-records

#endif
