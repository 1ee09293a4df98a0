// Objects with a few internal slots: iterators, iterator helpers, disposable stacks and so on. Both C and self-hosted
// JavaScript (%CreateSlotted, %SlotGet, ...) make and read them. Brand checks compare the kind.
#ifndef CAISSON_SLOTTED_H
#define CAISSON_SLOTTED_H

#include "runtime/objects.h"

typedef enum SlottedKind {
  SLOTTED_NONE,
#define SLOTTED_KIND(name, number) name = number,
#define SLOTTED_NUMBER(name, number)
#include "runtime/slotted.def"
#undef SLOTTED_KIND
#undef SLOTTED_NUMBER
} SlottedKind;

enum {
#define SLOTTED_KIND(name, number)
#define SLOTTED_NUMBER(name, number) name = number,
#include "runtime/slotted.def"
#undef SLOTTED_KIND
#undef SLOTTED_NUMBER
};

enum { SLOTTED_SLOTS = 4 };

typedef struct Slotted {  // CELL_SLOTTED
  Object object;
  Value internal[SLOTTED_SLOTS];  // any Value, internal cells included
} Slotted;
extern const ObjectClass object_class_slotted;

MUST_CHECK Slotted *slotted_create(Context *cx, SlottedKind kind, Object *prototype);  // slots undefined

static inline bool value_is_slotted(Value value, SlottedKind kind) {
  return value_is_object_of(value, CELL_SLOTTED) && value_as_object(value)->slotted_kind == (uint32_t)kind;
}
static inline Slotted *value_as_slotted(Value value) { return (Slotted *)value_as_cell(value); }
static inline void slotted_set(Context *cx, Slotted *slotted, uint32_t slot, Value value) {
  cell_store(cx, &slotted->internal[slot], value);
}

#endif
