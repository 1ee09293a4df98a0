// Objects with a few internal slots: iterators, iterator helpers, disposable stacks... Both C and self-hosted
// JavaScript (%CreateSlotted, %SlotGet, ...) make and read them. The kind is what brand checks look at.
#ifndef CAISSON_SLOTTED_H
#define CAISSON_SLOTTED_H

#include "runtime/objects.h"

// Self-hosted code writes these as plain numbers: append only.
typedef enum SlottedKind {
  SLOTTED_NONE,
  SLOTTED_ARRAY_ITERATOR = 1,          // array or undefined when exhausted, next index, kind (0 keys, 1 values, 2 entries)
  SLOTTED_STRING_ITERATOR = 2,
  SLOTTED_REGEXP_STRING_ITERATOR = 3,
  SLOTTED_MAP_ITERATOR = 4,
  SLOTTED_SET_ITERATOR = 5,
  SLOTTED_ITERATOR_HELPER = 6,         // state, step function, close function, underlying iterators
  SLOTTED_WRAP_FOR_VALID_ITERATOR = 7, // iterator, next method
  SLOTTED_ASYNC_FROM_SYNC_ITERATOR = 8,
  SLOTTED_DISPOSABLE_STACK = 9,
  SLOTTED_ASYNC_DISPOSABLE_STACK = 10,
  SLOTTED_CALL_SITE = 11,              // internal Values: the fields of a frame (errors.h)
} SlottedKind;

enum { SLOTTED_SLOTS = 4 };

typedef struct Slotted {  // CELL_SLOTTED; object.length holds the SlottedKind
  Object object;
  Value internal[SLOTTED_SLOTS];  // any Value, internal cells included
} Slotted;
extern const ObjectClass object_class_slotted;

MUST_CHECK Slotted *slotted_create(Context *cx, SlottedKind kind, Object *prototype);  // slots undefined

static inline bool value_is_slotted(Value value, SlottedKind kind) {
  return value_is_object_of(value, CELL_SLOTTED) && value_as_object(value)->length == (uint32_t)kind;
}
static inline Slotted *value_as_slotted(Value value) { return (Slotted *)value_as_cell(value); }
static inline void slotted_set(Slotted *slotted, uint32_t slot, Value value) {
  cell_store(&slotted->object.cell, &slotted->internal[slot], value);
}

#endif
