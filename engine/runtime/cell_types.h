// The heap's table of cell types, and the functions of the interning tables that runtime/context.c needs.
#ifndef CAISSON_CELL_TYPES_H
#define CAISSON_CELL_TYPES_H

#include "runtime/context.h"

extern const CellType cell_types[256];

MUST_CHECK bool atoms_initialize(Context *cx);
void atoms_release(Context *cx);
void atoms_begin_clearing(Context *cx);
bool atoms_clear_some(Context *cx, Heap *heap, size_t entries);  // of heap->clear_weak_roots_partly

#endif
