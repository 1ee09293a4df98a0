#include "runtime/environments.h"

// bounded: slots are declarations of one scope; the cell pays for its size.
Environment *environment_create(Context *cx, Environment *outer, uint32_t slot_count) {
  Environment *environment =
      context_allocate(cx, CELL_ENVIRONMENT, sizeof(Environment) + (size_t)slot_count * sizeof(Value));
  if (!environment) return NULL;
  environment_set_slot_count(environment, slot_count);
  environment->outer = outer;
  environment->names = VALUE_UNDEFINED;
  for (uint32_t i = 0; i < slot_count; i++) environment->slots[i] = VALUE_UNINITIALIZED;
  return environment;
}
