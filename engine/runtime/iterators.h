// Iteration from C. Built-ins that run guest callbacks per element are self-hosted instead (see builtin_table.h);
// this serves short, bounded uses (constructors from iterables, Promise internals, spread).
#ifndef CAISSON_ITERATORS_H
#define CAISSON_ITERATORS_H

#include "runtime/objects.h"

// Both values must live in roots of the caller.
typedef struct IteratorRecord {
  Value iterator, next_method;
} IteratorRecord;
MUST_CHECK bool iterator_open(Context *cx, Value iterable, IteratorRecord *rooted);  // GetIterator(sync)
MUST_CHECK bool iterator_open_with_method(Context *cx, Value iterable, Value method, IteratorRecord *rooted);
// Steps; *done set when exhausted; *value must be rooted storage.
MUST_CHECK bool iterator_step_value(Context *cx, IteratorRecord *rooted, Value *value, bool *done);
// IteratorClose. `completion_is_throw`: keeps cx->exception over errors of `return` and answers false.
MUST_CHECK bool iterator_close(Context *cx, IteratorRecord *rooted, bool completion_is_throw);
// The rest of an iterator in an internal Values (exactly values_count items).
Value iterator_to_list(Context *cx, IteratorRecord *rooted);
// IterableToList into an internal Values (exactly values_count items). Fast for untouched arrays.
Value iterable_to_list(Context *cx, Value iterable);

#endif
