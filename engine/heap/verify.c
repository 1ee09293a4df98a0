// The verifier: every reference of every live cell must lead to the start of a live cell of a known kind
// whose Value tag agrees.
// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).
#include <stdio.h>
#include <stdlib.h>

#include "heap/heap_internal.h"

typedef struct Verifier {
  const Cell *owner;   // whose references are being visited; NULL: the roots
  const Cell *target;  // of the reference, once it is known to be a cell
  HeapVerifyReport report;
  void *sink;
  size_t problems;
  const char **block_starts;  // sorted
  size_t block_count;
  const Cell **large_cells;  // sorted
  size_t large_count;
} Verifier;

static int compare_pointers(const void *a, const void *b) {
  uintptr_t x = (uintptr_t)*(const void *const *)a, y = (uintptr_t)*(const void *const *)b;
  return x < y ? -1 : x > y;
}

static bool verifier_index_heap(Verifier *verifier, Heap *heap) {
  size_t blocks = 0, larges = 0;
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    for (HeapBlock *block = heap->classes[i].first; block; block = block->next) blocks++;
  }
  for (HeapLarge *large = heap->large; large; large = large->next) larges++;
  verifier->block_starts = malloc((blocks + 1) * sizeof(char *));
  verifier->large_cells = malloc((larges + 1) * sizeof(Cell *));
  if (!verifier->block_starts || !verifier->large_cells) return false;
  for (unsigned i = 0; i < HEAP_SIZE_CLASSES; i++) {
    for (HeapBlock *block = heap->classes[i].first; block; block = block->next) {
      verifier->block_starts[verifier->block_count++] = (const char *)block;
    }
  }
  for (HeapLarge *large = heap->large; large; large = large->next) {
    verifier->large_cells[verifier->large_count++] = heap_cell_of_large(large);
  }
  qsort(verifier->block_starts, verifier->block_count, sizeof(char *), compare_pointers);
  qsort(verifier->large_cells, verifier->large_count, sizeof(Cell *), compare_pointers);
  return true;
}

// Whether the address is the start of a cell, whatever the cell holds.
static bool verifier_is_cell_start(const Verifier *verifier, const char *address) {
  if (bsearch(&address, verifier->large_cells, verifier->large_count, sizeof(Cell *), compare_pointers)) return true;
  size_t low = 0, high = verifier->block_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if ((uintptr_t)verifier->block_starts[middle] <= (uintptr_t)address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return false;
  const HeapBlock *block = (const HeapBlock *)verifier->block_starts[low - 1];
  size_t offset = (size_t)((uintptr_t)address - (uintptr_t)block);
  if (offset < offsetof(HeapBlock, cells)) return false;
  offset -= offsetof(HeapBlock, cells);
  return offset % block->cell_size == 0 && offset / block->cell_size < block->cell_count;
}

static void verifier_complain(Verifier *verifier, const char *problem) {
  verifier->problems++;
  if (verifier->report) verifier->report(verifier->sink, verifier->owner, verifier->target, problem);
}

void verifier_check(Tracer *tracer, const void *address, uint32_t tag) {
  Verifier *verifier = tracer->verifier;
  verifier->target = NULL;
  if (!verifier_is_cell_start(verifier, address)) {
    verifier_complain(verifier, "refers to an address that is not the start of a cell");
    return;
  }
  const Cell *cell = address;
  const CellType *types = tracer->heap->types;
  verifier->target = cell;
  if (cell->kind == 0) {
    verifier_complain(verifier, "refers to a freed cell");
  } else if (!types[cell->kind].name) {
    verifier_complain(verifier, "refers to a cell of unknown kind");
  } else if (!heap_is_marked(tracer->heap, cell)) {
    verifier_complain(verifier, "refers to a dead cell");
  } else if (tag && types[cell->kind].value_tag && tag != types[cell->kind].value_tag) {
    verifier_complain(verifier, "value tag and kind of cell disagree");
  }
}

static void verify_cell(void *sink, Cell *cell, size_t size) {
  (void)size;
  Tracer *tracer = sink;
  if (!heap_is_marked(tracer->heap, cell)) return;  // it is to be swept
  const CellType *type = &tracer->heap->types[cell->kind];
  tracer->verifier->owner = cell;
  tracer->verifier->target = NULL;
  if (!type->name) {
    verifier_complain(tracer->verifier, "is of unknown kind");
  } else if (type->trace) {
    type->trace(tracer, cell);
  }
}

size_t heap_verify(Heap *heap, HeapVerifyReport report, void *sink) {
  Verifier verifier = {.report = report, .sink = sink};
  Tracer tracer = {.heap = heap, .verifier = &verifier};
  if (verifier_index_heap(&verifier, heap)) {
    if (heap->trace_roots) heap->trace_roots(heap->owner, &tracer);
    heap_visit_cells(heap, verify_cell, &tracer);
  }
  free(verifier.block_starts);
  free(verifier.large_cells);
  return verifier.problems;
}

#ifdef CAISSON_STRESS
static const char *cell_name(const Heap *heap, const Cell *cell) {
  const char *name = heap->types[cell->kind].name;
  return name ? name : "unknown";
}
static void print_problem(void *sink, const Cell *owner, const Cell *target, const char *problem) {
  const Heap *heap = sink;
  fprintf(stderr, "heap: %s %s (%s)\n", owner ? cell_name(heap, owner) : "a root", problem,
          target ? cell_name(heap, target) : "unknown");
}

void heap_verify_or_trap(Heap *heap) {
  if (heap_verify(heap, print_problem, heap) > 0) __builtin_trap();
}
#endif
