// Vectors of Values: out-of-line slots, elements, lists and internal records.
#include "runtime/context.h"

enum { VALUES_MAX_CAPACITY = (1 << 28) };

// bounded: the cell pays for its size.
Values *values_create(Context *cx, uint32_t capacity) {
  if (capacity > VALUES_MAX_CAPACITY) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  Values *values = context_allocate(cx, CELL_VALUES, sizeof(Values) + (size_t)capacity * sizeof(Value));
  if (!values) return NULL;
  values_set_count(values, capacity);
  for (uint32_t i = 0; i < capacity; i++) values->items[i] = VALUE_HOLE;
  return values;
}

// bounded: a record has a few fields.
Record *record_create(Context *cx, uint8_t type, uint32_t field_count) {
  Record *record = context_allocate(cx, CELL_RECORD, sizeof(Record) + (size_t)field_count * sizeof(Value));
  if (!record) return NULL;
  record->cell.small = type;
  values_set_count(record, field_count);
  for (uint32_t i = 0; i < field_count; i++) record->items[i] = VALUE_UNDEFINED;
  return record;
}
