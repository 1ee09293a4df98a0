#include "runtime/collections.h"

#include "base/counters.h"
#include "runtime/bigints.h"
#include "runtime/errors.h"

enum { HASH_LEAST_CAPACITY = 8, HASH_MAX_CAPACITY = 1 << 26 };
#ifdef CAISSON_COUNTERS_NEAR_END
#define DISTANCE_LAST (UINT64_C(1) << 21)
#else
#define DISTANCE_LAST ((UINT64_C(1) << 37) - 1)
#endif

static void collection_trace(Tracer *tracer, Object *object) {
  tracer_visit_cell(tracer, ((Collection *)object)->table);
}

const ObjectClass object_class_collection = {
    .name = "Collection", .kind = CELL_COLLECTION, .size = sizeof(Collection), .trace = collection_trace};

// Keys ---------------------------------------------------------------------------------------------------

bool collection_key(Context *cx, Value *key) {
  if (value_is_double(*key)) {
    double number = value_as_double(*key);
    *key = number != number ? UINT64_C(0x7FF8000000000000) : number == 0 ? VALUE_INT_ZERO : value_number(number);
  } else if (value_is_string(*key)) {
    TextView text;
    if (!string_view(cx, value_as_string(*key), &text)) return false;
    if (!string_hash_flat(cx, value_as_string(*key))) return false;
  }
  return true;
}

// bounded: hash_table_find charges for the digits of a BigInt.
static uint32_t key_hash_any(Value key) {
  if (value_is_string(key)) return value_as_string(key)->hash;
  // Neighbouring integers get neighbouring buckets; higher bits are scattered.
  if (value_is_int(key)) return (uint32_t)key + ((uint32_t)key >> 16) * 0x9E3779B1u;
  uint64_t bits = key;
  if (value_is_bigint(key)) {
    const BigInt *bigint = value_as_bigint(key);
    bits = bigint->cell.flags;
    for (uint32_t i = 0; i < bigint_digit_count(bigint); i++) bits = bits * 31 + bigint->digits[i];
  }
  bits ^= bits >> 32;
  return (uint32_t)((bits * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static inline bool keys_equal(Value a, Value b) {
  if (a == b) return true;
  if (value_is_string(a) && value_is_string(b)) {
    String *x = value_as_string(a), *y = value_as_string(b);
    return x->hash == y->hash && string_length(x) == string_length(y) &&
           !(x->cell.flags & y->cell.flags & STRING_ATOM) && text_view_equals(string_view_flat(x), string_view_flat(y));
  }
  return value_is_bigint(a) && value_is_bigint(b) && bigint_equals(value_as_bigint(a), value_as_bigint(b));
}

// Tables -------------------------------------------------------------------------------------------------

static inline uint32_t *hash_table_buckets(const HashTable *table) {
  return (uint32_t *)(uintptr_t)(table->entries + hash_table_capacity(table));
}

static size_t hash_table_size(uint32_t capacity) {
  return sizeof(HashTable) + (size_t)capacity * (sizeof(HashEntry) + sizeof(uint32_t));
}

int64_t hash_table_find(Context *cx, const HashTable *table, Value key) {
  if (!table) return HASH_ABSENT;
  if (value_is_bigint(key)) fuel_spend(&cx->fuel, bigint_digit_count(value_as_bigint(key)) / 8);
  uint32_t entry = hash_table_buckets(table)[key_hash_any(key) & table->bucket_mask];
  for (; entry; entry = table->entries[entry - 1].chain) {
    if (keys_equal(table->entries[entry - 1].key, key)) return entry - 1;
    context_spend_step(cx);  // a guest can make keys that all have the same hash
  }
  return HASH_ABSENT;
}

static void hash_table_append(HashTable *table, Value key, Value value, uint64_t ordinal) {
  uint32_t number = table->count++;
  uint32_t *bucket = &hash_table_buckets(table)[key_hash_any(key) & table->bucket_mask];
  table->entries[number] = (HashEntry){key, value, *bucket, ordinal - table->first_ordinal};
  *bucket = number + 1;
}

// The capacity is a power of two; there are as many buckets as entries.
static HashTable *hash_table_rebuild(Context *cx, const HashTable *old) {
  uint32_t live = old ? old->count - old->deleted : 0, capacity = HASH_LEAST_CAPACITY;
  while (capacity < live + live / 2 + 1) capacity *= 2;
  if (capacity > HASH_MAX_CAPACITY) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  if (old && !context_charge(cx, (int32_t)(live / 4))) {
    context_throw_interrupted(cx);
    return NULL;
  }
  HashTable *table = context_allocate(cx, CELL_HASH_TABLE, hash_table_size(capacity));
  if (!table) return NULL;
  hash_table_set_capacity(table, capacity);
  table->bucket_mask = capacity - 1;
  table->first_ordinal = table->next_ordinal = old ? old->next_ordinal : COUNTER_BEFORE_FIRST;
  if (!old) return table;
  if (old->first < old->count) table->first_ordinal = old->first_ordinal + old->entries[old->first].distance;
  for (uint32_t i = 0; i < old->count; i++) {
    const HashEntry *entry = &old->entries[i];
    if (!value_is_hole(entry->key))
      hash_table_append(table, entry->key, entry->value, old->first_ordinal + entry->distance);
  }
  return table;
}

// True when an entry has stayed while 2^37 others came and went: the distance of a new entry cannot be expressed.
static bool hash_table_is_at_end(const HashTable *table) {
  return UNLIKELY(table->next_ordinal - table->first_ordinal > DISTANCE_LAST);
}

bool hash_table_put(Context *cx, HashTable **place, Value key, Value value) {
  int64_t found = hash_table_find(cx, *place, key);
  if (found != HASH_ABSENT) {
    cell_store(cx, &(*place)->entries[found].value, value);
    return true;
  }
  if (!*place || (*place)->count == hash_table_capacity(*place) || hash_table_is_at_end(*place)) {
    HashTable *old = *place, *table = hash_table_rebuild(cx, old);
    if (!table) return false;
    *place = table;
    if (old) heap_free(&cx->heap, &old->cell);
    if (hash_table_is_at_end(table)) {
      throw_range_error(cx, "a Map or Set cannot hold that many entries");
      return false;
    }
  }
  hash_table_append(*place, key, value, (*place)->next_ordinal++);
  return true;
}

void hash_table_trace(Tracer *tracer, Cell *cell) {
  const HashTable *table = (const HashTable *)cell;
  TracerRange range = tracer_range(tracer, cell, table->count, sizeof(HashEntry));
  for (size_t i = range.first; i < range.end; i++) {
    tracer_visit_value(tracer, table->entries[i].key);
    tracer_visit_value(tracer, table->entries[i].value);
  }
}

// Maps and sets --------------------------------------------------------------------------------------------

bool collection_put(Context *cx, Collection *collection, Value key, Value value) {
  return collection_key(cx, &key) && hash_table_put(cx, &collection->table, key, value);
}

Value collection_get(Context *cx, Collection *map, Value key) {
  if (!map->table) return VALUE_UNDEFINED;
  if (!collection_key(cx, &key)) return VALUE_ABRUPT;
  int64_t found = hash_table_find(cx, map->table, key);
  return found == HASH_ABSENT ? VALUE_UNDEFINED : map->table->entries[found].value;
}

Tristate collection_has(Context *cx, Collection *collection, Value key) {
  if (!collection->table) return TRISTATE_FALSE;
  if (!collection_key(cx, &key)) return TRISTATE_ABRUPT;
  return hash_table_find(cx, collection->table, key) != HASH_ABSENT;
}

Tristate collection_delete(Context *cx, Collection *collection, Value key) {
  HashTable *table = collection->table;
  if (!table) return TRISTATE_FALSE;
  if (!collection_key(cx, &key)) return TRISTATE_ABRUPT;
  uint32_t *bucket = &hash_table_buckets(table)[key_hash_any(key) & table->bucket_mask];
  if (value_is_bigint(key)) fuel_spend(&cx->fuel, bigint_digit_count(value_as_bigint(key)) / 8);
  HashEntry *entry = NULL, *before = NULL;
  for (uint32_t number = *bucket; number; number = (uint32_t)entry->chain) {
    before = entry;
    entry = &table->entries[number - 1];
    if (keys_equal(entry->key, key)) break;
    context_spend_step(cx);
  }
  if (!entry || !keys_equal(entry->key, key)) return TRISTATE_FALSE;
  if (before) before->chain = entry->chain;
  else *bucket = (uint32_t)entry->chain;
  cell_store(cx, &entry->key, VALUE_HOLE);
  cell_store(cx, &entry->value, VALUE_HOLE);
  table->deleted++;
  while (table->first < table->count && value_is_hole(table->entries[table->first].key)) table->first++;
  if (table->deleted == table->count) table->count = table->deleted = table->first = 0;
  return TRISTATE_TRUE;
}

void collection_clear(Context *cx, Collection *collection) {
  HashTable *table = collection->table;
  if (!table || table->count == 0) return;
  fuel_spend(&cx->fuel, table->bucket_mask / 16);
  heap_keep_contents(&cx->heap, &table->cell);
  memset(hash_table_buckets(table), 0, (table->bucket_mask + 1) * sizeof(uint32_t));
  table->count = table->deleted = table->first = 0;
}

const HashEntry *collection_step(Context *cx, const Collection *collection, uint64_t *ordinal) {
  const HashTable *table = collection->table;
  if (!table || table->count == 0) return NULL;
  uint64_t wanted = *ordinal > table->first_ordinal ? *ordinal - table->first_ordinal : 0;
  // Ordinals have no gaps until a table is rebuilt, so the entry's position can usually be computed.
  uint64_t guess = wanted - table->entries[0].distance;
  uint32_t place = (uint32_t)guess;
  if (guess >= table->count || table->entries[place].distance != wanted) {
    uint32_t low = 0, high = table->count;
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      if (table->entries[middle].distance < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    place = low;
  }
  place = MAX_OF(place, table->first);
  uint32_t from = place;
  while (place < table->count && value_is_hole(table->entries[place].key)) place++;
  fuel_spend(&cx->fuel, (place - from) / 4);
  if (place >= table->count) return NULL;
  *ordinal = table->first_ordinal + table->entries[place].distance + 1;
  return &table->entries[place];
}
