// Weak maps and sets, weak references, finalization.
#include "runtime/collections.h"
#include "runtime/functions.h"
#include "runtime/programs.h"
#include "runtime/realm.h"

enum { WEAK_LEAST_CAPACITY = 8, WEAK_MAX_CAPACITY = 1 << 25, REGISTRY_LEAST_CAPACITY = 4 };

// https://tc39.es/ecma262/#sec-canbeheldweakly
bool value_can_be_held_weakly(Value value) {
  return value_is_object(value) ||
         (value_is_symbol(value) && !(value_as_symbol(value)->cell.flags & SYMBOL_REGISTERED));
}

// Ephemeron tables -----------------------------------------------------------------------------------------

static inline uint32_t weak_hash(Value key) { return hash_address(key); }

static WeakEntry *weak_table_place(const WeakTable *table, Value key) {
  if (!table) return NULL;
  uint32_t mask = weak_table_capacity(table) - 1, place = weak_hash(key) & mask;
  for (; table->entries[place].key; place = (place + 1) & mask) {
    if (table->entries[place].key == key) return (WeakEntry *)(uintptr_t)&table->entries[place];
  }
  return NULL;
}

const WeakEntry *weak_table_find(Context *cx, const WeakTable *table, Value key) {
  const WeakEntry *entry = weak_table_place(table, key);
  if (entry) cell_keep(cx, entry->value);
  return entry;
}

static void weak_table_insert(WeakTable *table, Value key, Value value) {
  uint32_t mask = weak_table_capacity(table) - 1, place = weak_hash(key) & mask;
  while (table->entries[place].key && !value_is_hole(table->entries[place].key)) place = (place + 1) & mask;
  table->removed -= value_is_hole(table->entries[place].key);
  table->entries[place] = (WeakEntry){key, value};
  table->count++;
}

// bounded: the table pays for its size; doubling moves each entry once.
static bool weak_table_reserve(Context *cx, Collection *collection) {
  const WeakTable *old = collection->weak;
  if (old && (old->count + old->removed + 1) * 4 <= weak_table_capacity(old) * 3) return true;
  uint32_t capacity = WEAK_LEAST_CAPACITY;
  while (old && capacity < old->count * 2 + 2) capacity *= 2;
  if (capacity > WEAK_MAX_CAPACITY) {
    context_throw_out_of_memory(cx);
    return false;
  }
  WeakTable *table = context_allocate(cx, CELL_WEAK_TABLE, sizeof(WeakTable) + capacity * sizeof(WeakEntry));
  if (!table) return false;
  weak_table_set_capacity(table, capacity);
  for (uint32_t i = 0; old && i < weak_table_capacity(old); i++) {
    const WeakEntry *entry = &old->entries[i];
    if (entry->key && !value_is_hole(entry->key)) weak_table_insert(table, entry->key, entry->value);
  }
  heap_note_weak(&cx->heap, &table->cell);
  collection->weak = table;
  return true;
}

bool weak_collection_put(Context *cx, Collection *collection, Value key, Value value) {
  WeakEntry *entry = weak_table_place(collection->weak, key);
  if (entry) {
    entry->value = value;
    return true;
  }
  if (!weak_table_reserve(cx, collection)) return false;
  weak_table_insert(collection->weak, key, value);
  return true;
}

bool weak_collection_delete(Collection *collection, Value key) {
  WeakEntry *entry = weak_table_place(collection->weak, key);
  if (!entry) return false;
  *entry = (WeakEntry){VALUE_HOLE, VALUE_UNDEFINED};
  collection->weak->count--;
  collection->weak->removed++;
  return true;
}

void weak_table_trace(Tracer *tracer, Cell *cell) { tracer_add_weak(tracer, cell); }

void weak_table_trace_ephemerons(Tracer *tracer, Cell *cell) {
  WeakTable *table = (WeakTable *)cell;
  const Heap *heap = &((Context *)tracer_owner(tracer))->heap;
  TracerRange range = tracer_range(tracer, cell, weak_table_capacity(table), sizeof(WeakEntry));
  memory_spend(heap->memory, (range.end - range.first) / FUEL_STEPS_PER_UNIT);
  for (size_t i = range.first; i < range.end; i++) {
    const WeakEntry *entry = &table->entries[i];
    if (!value_is_cell(entry->key)) continue;
    const Cell *key = value_as_cell(entry->key);
    if (heap_is_marked(heap, key)) {
      tracer_visit_value(tracer, entry->value);
    } else {
      tracer_await(tracer, key, entry->value);
    }
  }
}

void weak_table_clear(Heap *heap, Cell *cell) {
  WeakTable *table = (WeakTable *)cell;
  TracerRange range = heap_clear_range(heap, weak_table_capacity(table), sizeof(WeakEntry));
  memory_spend(heap->memory, (range.end - range.first) / FUEL_STEPS_PER_UNIT);
  for (size_t i = range.first; i < range.end; i++) {
    WeakEntry *entry = &table->entries[i];
    if (!value_is_cell(entry->key) || heap_is_marked(heap, value_as_cell(entry->key))) continue;
    *entry = (WeakEntry){VALUE_HOLE, VALUE_UNDEFINED};
    table->count--;
    table->removed++;
  }
}

// Weak references ------------------------------------------------------------------------------------------

static void weak_ref_trace(Tracer *tracer, Object *object) { tracer_add_weak(tracer, &object->cell); }

const ObjectClass object_class_weak_ref = {
    .name = "WeakRef", .kind = CELL_WEAK_REF, .size = sizeof(WeakRef), .trace = weak_ref_trace};

void weak_ref_clear(Heap *heap, Cell *cell) {
  WeakRef *reference = (WeakRef *)cell;
  if (value_is_cell(reference->target) && !heap_is_marked(heap, value_as_cell(reference->target))) {
    reference->target = VALUE_UNDEFINED;
  }
}

bool weak_keep_alive(Context *cx, Value target) {
  HashTable *kept = value_is_internal(cx->kept_alive) ? (HashTable *)value_as_cell(cx->kept_alive) : NULL;
  if (!hash_table_put(cx, &kept, target, VALUE_UNDEFINED)) return false;
  cx->kept_alive = value_internal(kept);
  return true;
}

// Finalization ---------------------------------------------------------------------------------------------

static FinalizationCell *registry_cells(const FinalizationRegistry *registry) {
  return registry->cells ? (FinalizationCell *)(registry->cells + 1) : NULL;
}

static uint32_t registry_capacity(const FinalizationRegistry *registry) {
  return registry->cells ? bytes_size(registry->cells) / (uint32_t)sizeof(FinalizationCell) : 0;
}

static void finalization_registry_trace(Tracer *tracer, Object *object) {
  FinalizationRegistry *registry = (FinalizationRegistry *)object;
  program_note_reachable(tracer_owner(tracer), registry->program);
  tracer_visit_value(tracer, registry->cleanup);
  tracer_visit_cell(tracer, registry->realm);
  tracer_visit_cell(tracer, registry->cells);
  tracer_visit_value(tracer, registry->next_pending);
  const FinalizationCell *cells = registry_cells(registry);
  for (uint32_t i = 0; i < object->length; i++) {
    if (!value_is_hole(cells[i].target)) tracer_visit_value(tracer, cells[i].held);
  }
  tracer_add_weak(tracer, &object->cell);
}

const ObjectClass object_class_finalization_registry = {
    .name = "FinalizationRegistry",
    .kind = CELL_FINALIZATION_REGISTRY,
    .size = sizeof(FinalizationRegistry),
    .trace = finalization_registry_trace,
};

void finalization_registry_clear(Heap *heap, Cell *cell) {
  FinalizationRegistry *registry = (FinalizationRegistry *)cell;
  Context *cx = heap->owner;
  FinalizationCell *cells = registry_cells(registry);
  bool any_died = false;
  memory_spend(heap->memory, registry->object.cell_count / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < registry->object.cell_count; i++) {
    if (value_is_cell(cells[i].token) && !heap_is_marked(heap, value_as_cell(cells[i].token))) {
      cells[i].token = VALUE_UNDEFINED;
    }
    if (value_is_cell(cells[i].target) && !heap_is_marked(heap, value_as_cell(cells[i].target))) {
      cells[i].target = VALUE_NULL;
      any_died = true;
    }
  }
  if (any_died) registry->scan = 0;
  if (!any_died || registry->is_pending) return;
  registry->is_pending = true;
  registry->next_pending = cx->finalization_queue;
  cx->finalization_queue = value_object(registry);
}

// bounded: doubling moves each entry once.
static bool registry_reserve(Context *cx, FinalizationRegistry *registry) {
  uint32_t capacity = registry_capacity(registry);
  if (registry->object.cell_count < capacity) return true;
  // Free places are used again before the list grows.
  FinalizationCell *cells = registry_cells(registry);
  uint32_t live = 0;
  for (uint32_t i = 0; i < registry->object.cell_count; i++) {
    if (!value_is_hole(cells[i].target)) cells[live++] = cells[i];
  }
  registry->object.cell_count = live;
  registry->scan = 0;
  if (live < capacity - capacity / 4) return true;
  uint32_t larger = MAX_OF(REGISTRY_LEAST_CAPACITY, capacity * 2);
  size_t size = larger * sizeof(FinalizationCell);
  Cell *bytes = context_allocate(cx, CELL_BYTES, sizeof(Cell) + size);
  if (!bytes) return false;
  bytes_set_size(bytes, (uint32_t)size);
  if (live) memcpy(bytes + 1, registry_cells(registry), live * sizeof(FinalizationCell));
  registry->cells = bytes;
  return true;
}

bool finalization_registry_register(Context *cx, FinalizationRegistry *registry, Value target, Value held,
                                    Value token) {
  if (!registry_reserve(cx, registry)) return false;
  registry_cells(registry)[registry->object.cell_count++] = (FinalizationCell){target, held, token};
  return true;
}

bool finalization_registry_unregister(Context *cx, FinalizationRegistry *registry, Value token) {
  FinalizationCell *cells = registry_cells(registry);
  bool removed = false;
  for (uint32_t i = 0; i < registry->object.cell_count; i++) {
    if (cells[i].token != token || value_is_hole(cells[i].target)) continue;
    cell_keep(cx, cells[i].held);
    cells[i] = (FinalizationCell){VALUE_HOLE, VALUE_UNDEFINED, VALUE_UNDEFINED};
    removed = true;
  }
  return removed;
}

static void finalization_unlink(Context *cx, FinalizationRegistry *registry) {
  Value *link = &cx->finalization_queue;
  while (value_is_object(*link) && value_as_object(*link) != &registry->object)
    link = &((FinalizationRegistry *)value_as_object(*link))->next_pending;
  if (value_is_object(*link)) cell_store(cx, link, registry->next_pending);
  cell_store(cx, &registry->next_pending, VALUE_UNDEFINED);
  registry->is_pending = false;
}

static MUST_CHECK bool registry_call(Context *cx, FinalizationRegistry *registry, Value held) {
  uint32_t program = program_enter(cx, registry->program);
  context_let_park(cx);
  Value result = function_call(cx, registry->cleanup, VALUE_UNDEFINED, &held, 1);
  bool ok = !value_is_abrupt(result) || cx->termination == TERMINATION_PROGRAM;
  program_leave(cx, program);
  return ok;
}

// https://tc39.es/ecma262/#sec-cleanup-finalization-registry
bool finalization_run_next(Context *cx) {
  ROOTS(cx, r, registry, held);
  while (value_is_object(cx->finalization_queue)) {
    r->registry = cx->finalization_queue;
    FinalizationRegistry *registry = (FinalizationRegistry *)value_as_object(r->registry);
    while (registry->scan < registry->object.cell_count) {
      context_spend_step(cx);
      FinalizationCell *cell = &registry_cells(registry)[registry->scan++];
      if (!value_is_null(cell->target)) continue;
      r->held = cell->held;
      cell_keep(cx, r->held);
      *cell = (FinalizationCell){VALUE_HOLE, VALUE_UNDEFINED, VALUE_UNDEFINED};
      if (!program_is_aborted(cx, registry->program)) return registry_call(cx, registry, r->held);
    }
    finalization_unlink(cx, registry);
  }
  return true;
}
