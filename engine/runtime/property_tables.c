// Property tables. Small ones are scanned; larger ones carry an index (open addressing, entry number + 1)
// behind their entries. A deleted entry stays in the index and matches no key.
#include "runtime/shapes.h"

// bounded: doubling.
static uint32_t index_length(uint32_t capacity) {
  if (capacity <= PROPERTY_TABLE_SCAN_LIMIT) return 0;
  uint32_t length = 32;
  while (length < capacity * 2) length *= 2;
  return length;
}

static inline uint32_t *table_index(const PropertyTable *table) {
  return (uint32_t *)(uintptr_t)(table->entries + property_table_capacity(table));
}

size_t property_table_size(uint32_t capacity) {
  return sizeof(PropertyTable) + capacity * sizeof(Property) + index_length(capacity) * sizeof(uint32_t);
}

PropertyTable *property_table_create(Context *cx, uint32_t capacity) {
  PropertyTable *table = context_allocate(cx, CELL_PROPERTY_TABLE, property_table_size(capacity));
  if (!table) return NULL;
  property_table_set_capacity(table, capacity);
  if (UNLIKELY(++cx->property_table_serial == 0)) cx->property_table_serial = 1;
  table->serial = cx->property_table_serial;
  table->hash_mask = capacity > PROPERTY_TABLE_SCAN_LIMIT ? index_length(capacity) - 1 : 0;
  return table;
}

void property_table_append(PropertyTable *table, PropertyKey key, uint32_t slot, uint32_t attributes) {
  ASSERT(table->count < property_table_capacity(table));
  uint32_t entry = table->count++;
  table->entries[entry] = (Property){key, slot, attributes};
  if (!table->hash_mask) return;
  uint32_t *index = table_index(table), place = key_hash(key) & table->hash_mask;
  while (index[place]) place = (place + 1) & table->hash_mask;
  index[place] = entry + 1;
}

// bounded: the table pays for its size when it is made.
PropertyTable *property_table_copy(Context *cx, const PropertyTable *from, uint32_t count, uint32_t capacity) {
  PropertyTable *table = property_table_create(cx, capacity);
  if (!table) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    const Property *entry = &from->entries[i];
    if (entry->key) property_table_append(table, entry->key, entry->slot, entry->attributes);
  }
  return table;
}

// bounded: a table without an index has a few entries.
uint32_t property_table_find(const PropertyTable *table, PropertyKey key, uint32_t count) {
  if (!table->hash_mask) {
    for (uint32_t i = 0; i < count; i++) {
      if (table->entries[i].key == key) return i;
    }
    return PROPERTY_ABSENT;
  }
  const uint32_t *index = table_index(table);
  for (uint32_t place = key_hash(key) & table->hash_mask; index[place]; place = (place + 1) & table->hash_mask) {
    uint32_t entry = index[place] - 1;
    if (table->entries[entry].key == key) return entry < count ? entry : PROPERTY_ABSENT;
  }
  return PROPERTY_ABSENT;
}

void property_table_delete(PropertyTable *table, uint32_t entry) {
  table->entries[entry].key = 0;
  table->deleted++;
}

void property_table_trace(Tracer *tracer, Cell *cell) {
  PropertyTable *table = (PropertyTable *)cell;
  TracerRange range = tracer_range(tracer, cell, table->count, sizeof(Property));
  for (size_t i = range.first; i < range.end; i++) tracer_visit_value(tracer, table->entries[i].key);
}
