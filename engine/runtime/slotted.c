// Objects with a few internal slots.
#include "runtime/slotted.h"

static void slotted_trace(Tracer *tracer, Object *object) {
  tracer_visit_values(tracer, ((Slotted *)object)->internal, SLOTTED_SLOTS);
}

const ObjectClass object_class_slotted = {
    .name = "Object", .kind = CELL_SLOTTED, .size = sizeof(Slotted), .trace = slotted_trace};

Slotted *slotted_create(Context *cx, SlottedKind kind, Object *prototype) {
  Slotted *slotted = (Slotted *)object_create_of_class(cx, &object_class_slotted, prototype, 0);
  if (!slotted) return NULL;
  slotted->object.slotted_kind = kind;
  for (uint32_t i = 0; i < SLOTTED_SLOTS; i++) slotted_set(cx, slotted, i, VALUE_UNDEFINED);
  return slotted;
}
