// The collector and its verifier on a toy cell: a vector of references.
#include <stdio.h>
#include <stdlib.h>

#include "heap/heap_internal.h"

enum { KIND_NODE = 1, KIND_WEAK, KIND_LEAF, ROOT_COUNT = 8 };

typedef struct Node {
  Cell cell;  // extra: number of references
  Value items[];
} Node;

typedef struct World {
  Memory memory;
  Heap heap;
  Value roots[ROOT_COUNT];
  int cleared, ephemeron_looks;
  size_t traced;  // references
} World;

#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))
static void fail(const char *what, int line) {
  fprintf(stderr, "heap_test.c:%d: %s\n", line, what);
  exit(1);
}

static void node_trace(Tracer *tracer, Cell *cell) {
  World *world = tracer_owner(tracer);
  TracerRange range = tracer_range(tracer, cell, cell->extra, sizeof(Value));
  world->traced += range.end - range.first;
  tracer_visit_values(tracer, ((Node *)cell)->items + range.first, range.end - range.first);
}
static void weak_trace(Tracer *tracer, Cell *cell) { tracer_add_weak(tracer, cell); }
// Two items: an ephemeron's key and value.
static void weak_ephemerons(Tracer *tracer, Cell *cell) {
  World *world = tracer_owner(tracer);
  Node *node = (Node *)cell;
  world->ephemeron_looks++;
  if (!value_is_cell(node->items[0])) return;
  if (heap_is_marked(&world->heap, value_as_cell(node->items[0]))) {
    tracer_visit_value(tracer, node->items[1]);
  } else {
    tracer_await(tracer, value_as_cell(node->items[0]), node->items[1]);
  }
}
static void weak_clear(Heap *heap, Cell *cell) {
  Node *node = (Node *)cell;
  if (value_is_cell(node->items[0]) && !heap_is_marked(heap, value_as_cell(node->items[0]))) {
    node->items[0] = node->items[1] = VALUE_UNDEFINED;
    ((World *)heap->owner)->cleared++;
  }
}
static const CellType types[256] = {
    [KIND_NODE] = {"node", VALUE_TAG_INTERNAL, node_trace, NULL, NULL},
    [KIND_WEAK] = {"weak", VALUE_TAG_INTERNAL, weak_trace, weak_ephemerons, weak_clear},
    [KIND_LEAF] = {"leaf", VALUE_TAG_STRING, NULL, NULL, NULL},
};
static void trace_roots(void *owner, Tracer *tracer) {
  tracer_visit_values(tracer, ((World *)owner)->roots, ROOT_COUNT);
}

static void world_open(World *world, size_t limit) {
  memset(world, 0, sizeof *world);
  memory_initialize(&world->memory, limit);
  CHECK(heap_initialize(&world->heap, &world->memory, types, world));
  world->heap.trace_roots = trace_roots;
}
static void world_close(World *world) {
  heap_release(&world->heap);
  CHECK(world->memory.used == 0);
}

static Node *node_create(World *world, uint8_t kind, uint32_t count) {
  Node *node = heap_allocate(&world->heap, kind, sizeof(Node) + count * sizeof(Value));
  if (!node) return NULL;
  node->cell.extra = count;
  for (uint32_t i = 0; i < count; i++) node->items[i] = VALUE_UNDEFINED;
  return node;
}

static void test_sizes_survive(void) {
  World world;
  world_open(&world, SIZE_MAX);
  // A list whose nodes have all kinds of sizes, filled with a pattern.
  for (uint32_t i = 0; i < 600; i++) {
    Node *node = node_create(&world, KIND_NODE, 1 + i);
    node->items[0] = world.roots[0];
    for (uint32_t k = 1; k <= i; k++) node->items[k] = value_int((int32_t)(i * 1000 + k));
    world.roots[0] = value_internal(node);
    CHECK(node_create(&world, KIND_NODE, i) != NULL);  // garbage
  }
  heap_collect(&world.heap);
  size_t live = heap_count_live_bytes(&world.heap);
  Value next = world.roots[0];
  for (uint32_t i = 600; i-- > 0;) {
    Node *node = (Node *)value_as_cell(next);
    CHECK(node->cell.extra == 1 + i);
    for (uint32_t k = 1; k <= i; k++) CHECK(node->items[k] == value_int((int32_t)(i * 1000 + k)));
    next = node->items[0];
  }
  CHECK(heap_verify(&world.heap, NULL, NULL) == 0);
  world.roots[0] = VALUE_UNDEFINED;
  CHECK(heap_count_live_bytes(&world.heap) == 0 && live > 0);
  world_close(&world);
}

static void test_deep_list(void) {
  World world;
  world_open(&world, SIZE_MAX);
  world.heap.stress_interval = 0;
  for (int i = 0; i < 200000; i++) {
    Node *node = node_create(&world, KIND_NODE, 1);
    node->items[0] = world.roots[0];
    world.roots[0] = value_internal(node);
  }
  heap_collect(&world.heap);
  int length = 0;
  for (Value v = world.roots[0]; value_is_cell(v); v = ((Node *)value_as_cell(v))->items[0]) length++;
  CHECK(length == 200000);
  world_close(&world);
}

static void test_garbage_is_reused(void) {
  World world;
  world_open(&world, 8 << 20);
  world.heap.stress_interval = 0;
  for (int i = 0; i < 2000000; i++) CHECK(node_create(&world, KIND_NODE, 1 + i % 7) != NULL);
  for (int i = 0; i < 300; i++) CHECK(node_create(&world, KIND_NODE, 30000) != NULL);
  CHECK(world.heap.collections > 5);
  world_close(&world);
}

static void test_limit_is_kept(void) {
  World world;
  world_open(&world, 1 << 20);
  world.heap.stress_interval = 0;
  int made = 0;
  for (;;) {
    Node *node = node_create(&world, KIND_NODE, 10);
    if (!node) break;
    node->items[0] = world.roots[0];
    world.roots[0] = value_internal(node);
    made++;
  }
  CHECK(made > 5000 && world.memory.used <= world.memory.limit);
  CHECK(node_create(&world, KIND_NODE, 1 << 20) == NULL);
  world.roots[0] = VALUE_UNDEFINED;
  CHECK(node_create(&world, KIND_NODE, 1 << 15) != NULL);
  world_close(&world);
}

static void test_ephemerons(void) {
  World world;
  world_open(&world, SIZE_MAX);
  // roots[0] holds weak cells; the key of each is the value of the one before, and the first comes last, so that a pass
  // over them finds one more. All are found, and not in as many passes.
  enum { COUNT = 20000 };
  world.heap.stress_interval = 0;  // one collection is looked at
  Node *holder = node_create(&world, KIND_NODE, COUNT);
  world.roots[0] = value_internal(holder);
  Node *first_key = node_create(&world, KIND_NODE, 0);
  world.roots[1] = world.roots[2] = value_internal(first_key);
  for (int i = 0; i < COUNT; i++) {
    Node *weak = node_create(&world, KIND_WEAK, 2);
    holder->items[i] = value_internal(weak);
    weak->items[0] = world.roots[2];
    world.roots[3] = value_internal(node_create(&world, KIND_NODE, 0));
    weak->items[1] = world.roots[3];
    world.roots[2] = world.roots[3];
  }
  world.roots[2] = world.roots[3] = VALUE_UNDEFINED;
  world.ephemeron_looks = 0;
  heap_collect(&world.heap);
  CHECK(world.cleared == 0 && world.ephemeron_looks < 100 * COUNT);
  world.roots[1] = VALUE_UNDEFINED;
  heap_collect(&world.heap);
  CHECK(world.cleared == COUNT);
  world_close(&world);
}

static void count_cell(void *sink, Cell *cell, size_t size) {
  CHECK(cell->kind && size >= sizeof(Node));
  ++*(int *)sink;
}

// Many values wait for one key, and as many keys for one another: none is lost, and no step visits them all.
static void test_waiting_in_steps(void) {
  enum { COUNT = 60000 };
  World world;
  world_open(&world, SIZE_MAX);
  world.heap.stress_interval = 0;
  world.heap.forbid_collection = true;
  Node *holder = node_create(&world, KIND_NODE, 2 * COUNT);
  Node *key = node_create(&world, KIND_NODE, 0);
  world.roots[0] = value_internal(holder);
  world.roots[1] = value_internal(key);
  Node *last = key;
  for (uint32_t i = 0; i < COUNT; i++) {
    Node *weak = node_create(&world, KIND_WEAK, 2), *next = node_create(&world, KIND_NODE, 0);
    holder->items[i] = value_internal(weak);
    weak->items[0] = value_internal(last);
    weak->items[1] = value_internal(next);
    last = next;
  }
  for (uint32_t i = COUNT; i < 2 * COUNT; i++) {
    Node *weak = node_create(&world, KIND_WEAK, 2);
    holder->items[i] = value_internal(weak);
    weak->items[0] = value_internal(last);
    weak->items[1] = value_internal(node_create(&world, KIND_NODE, 1));
  }
  // The chain is looked through from its end.
  for (uint32_t i = 0; i < COUNT / 2; i++) {
    Value item = holder->items[i];
    holder->items[i] = holder->items[COUNT - 1 - i];
    holder->items[COUNT - 1 - i] = item;
  }
  world.heap.forbid_collection = false;
  uint64_t end = world.heap.collections + 1;
  size_t most = 0;
  while (world.heap.collections < end) {
    size_t before = world.heap.tracer->marked_count;
    CHECK(node_create(&world, KIND_NODE, 20) != NULL);
    if (world.heap.marking && world.heap.tracer->marked_count > before)
      most = MAX_OF(most, world.heap.tracer->marked_count - before);
  }
  CHECK(world.cleared == 0 && most > 0 && most < COUNT / 2);
  heap_collect(&world.heap);
  int cells = 0;
  heap_for_each_cell(&world.heap, count_cell, &cells);
  CHECK(world.cleared == 0 && cells == 2 + 4 * COUNT);
  world.roots[1] = VALUE_UNDEFINED;
  heap_collect(&world.heap);
  CHECK(world.cleared == 2 * COUNT);
  world_close(&world);
}

static void count_problem(void *sink, const Cell *owner, const Cell *target, const char *problem) {
  (void)owner, (void)target;
  CHECK(problem != NULL);
  ++*(int *)sink;
}

static int verify(World *world) {
  int problems = 0;
  size_t found = heap_verify(&world->heap, count_problem, &problems);
  CHECK((int)found == problems);
  return problems;
}

static void test_verifier_finds_wrong_references(void) {
  World world;
  world_open(&world, SIZE_MAX);
  world.heap.stress_interval = 0;
  Node *node = node_create(&world, KIND_NODE, 4);
  world.roots[0] = value_internal(node);
  Cell *leaf = heap_allocate(&world.heap, KIND_LEAF, 40);
  node->items[0] = value_string(leaf);
  Node *large = node_create(&world, KIND_NODE, 1000);
  node->items[1] = value_internal(large);
  CHECK(verify(&world) == 0);

  uint64_t outside[4] = {0};
  Node *freed = node_create(&world, KIND_NODE, 2);
  heap_free(&world.heap, &freed->cell);
  const Value wrong[] = {
      value_internal((char *)leaf + 16),
      value_internal((char *)large + 8),
      value_internal(outside),
      value_internal(freed),
      value_internal(leaf),
      value_object(large),
  };
  for (size_t i = 0; i < COUNT_OF(wrong); i++) {
    node->items[2] = wrong[i];
    CHECK(verify(&world) == 1);
    node->items[2] = VALUE_UNDEFINED;
    large->items[999] = wrong[i];
    world.roots[1] = wrong[i];
    CHECK(verify(&world) == 2);
    large->items[999] = world.roots[1] = VALUE_UNDEFINED;
  }
  leaf->kind = 77;
  CHECK(verify(&world) == 2);  // itself and the reference to it
  leaf->kind = KIND_LEAF;
  CHECK(verify(&world) == 0);
  world_close(&world);
}

// A live graph of large and small cells, changed all the time while garbage is made: no allocation does more than a
// step of the collector's work, nothing that can be reached is lost, and garbage does not pile up.
static void test_steps(void) {
  enum { TABLE = 100000, ROUNDS = 3000000, STEP_REFERENCES = (1 << 20) / sizeof(Value) + 2048 };
  World world;
  world_open(&world, SIZE_MAX);
  world.heap.stress_interval = 0;
  Node *table = node_create(&world, KIND_NODE, TABLE);
  world.roots[0] = value_internal(table);
  for (uint32_t i = 0; i < TABLE; i++) {
    Node *node = node_create(&world, KIND_NODE, 10);
    node->items[1] = value_int((int32_t)i);
    table->items[i] = value_internal(node);
  }
  uint64_t before = world.heap.collections;
  size_t most = 0, peak = 0;
  uint32_t random = 1;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    random = random * 1664525 + 1013904223;
    uint32_t from = (random >> 8) % TABLE, to = (random >> 4) % TABLE;
    // Swaps two of the table, so that each is now where tracing may have been already.
    Value moved = table->items[from];
    heap_keep_value(&world.heap, table->items[from]);
    table->items[from] = table->items[to];
    heap_keep_value(&world.heap, table->items[to]);
    table->items[to] = moved;
    // The first item of a node is garbage soon.
    world.traced = 0;
    Node *garbage = node_create(&world, KIND_NODE, 6);
    most = MAX_OF(most, world.traced);
    peak = MAX_OF(peak, world.memory.used);
    Node *owner = (Node *)value_as_cell(table->items[from]);
    heap_keep_value(&world.heap, owner->items[0]);
    owner->items[0] = value_internal(garbage);
  }
  CHECK(world.heap.collections - before >= 5 && most <= STEP_REFERENCES);
  heap_collect(&world.heap);
  CHECK(heap_verify(&world.heap, NULL, NULL) == 0);
  CHECK(peak < 4 * world.heap.live_bytes_after_collection);
  uint8_t *seen = calloc(TABLE, 1);
  for (uint32_t i = 0; i < TABLE; i++) {
    int32_t number = value_as_int(((Node *)value_as_cell(table->items[i]))->items[1]);
    CHECK(!seen[number]);
    seen[number] = 1;
  }
  free(seen);
  world_close(&world);
}

// Weak cells are cleared in steps after marking; who looks meanwhile sees what is to be cleared as dying, and may save
// leaves.
static void test_clearing_in_steps(void) {
  enum { COUNT = 60000 };
  World world;
  world_open(&world, SIZE_MAX);
  world.heap.stress_interval = 0;
  world.heap.forbid_collection = true;
  Node *all = node_create(&world, KIND_NODE, COUNT);
  world.roots[0] = value_internal(all);
  for (uint32_t i = 0; i < COUNT; i++) {
    Node *weak = node_create(&world, KIND_WEAK, 2);
    all->items[i] = value_internal(weak);
    Cell *leaf = heap_allocate(&world.heap, KIND_LEAF, 32);
    weak->items[0] = value_string(leaf);
  }
  world.heap.forbid_collection = false;
  int dying = 0, saved = -1;
  uint64_t end = world.heap.collections + 1;
  while (world.heap.collections < end) {
    CHECK(node_create(&world, KIND_NODE, 20) != NULL);
    Node *weak = (Node *)value_as_cell(all->items[COUNT - 1]);
    if (!world.heap.clearing || !value_is_cell(weak->items[0])) continue;
    Cell *leaf = value_as_cell(weak->items[0]);
    if (!heap_is_dying(&world.heap, leaf)) continue;
    dying++;
    heap_revive(&world.heap, leaf);
    saved = COUNT - 1;
  }
  CHECK(dying == 1 && world.cleared == COUNT - 1);
  CHECK(value_is_cell(((Node *)value_as_cell(all->items[saved]))->items[0]));
  heap_collect(&world.heap);
  CHECK(world.cleared == COUNT && heap_verify(&world.heap, NULL, NULL) == 0);
  world_close(&world);
}

static void test_for_each_cell(void) {
  World world;
  world_open(&world, SIZE_MAX);
  Node *node = node_create(&world, KIND_NODE, 3);
  world.roots[0] = value_internal(node);
  for (int i = 0; i < 3; i++) node->items[i] = value_internal(node_create(&world, KIND_NODE, i * 500));
  CHECK(node_create(&world, KIND_NODE, 5) != NULL);
  heap_collect(&world.heap);
  int cells = 0;
  heap_for_each_cell(&world.heap, count_cell, &cells);
  CHECK(cells == 4);
  world_close(&world);
}

int main(void) {
  test_sizes_survive();
  test_deep_list();
  test_garbage_is_reused();
  test_limit_is_kept();
  test_ephemerons();
  test_waiting_in_steps();
  test_verifier_finds_wrong_references();
  test_for_each_cell();
  test_steps();
  test_clearing_in_steps();
  return 0;
}
