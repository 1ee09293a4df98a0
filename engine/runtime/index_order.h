// The indices among an object's properties in ascending order, which the shape does not keep. The order of a table of
// properties is remembered, so that repeated questions (a loop over indexOf, a walk that skips holes) sort once.
#ifndef CAISSON_INDEX_ORDER_H
#define CAISSON_INDEX_ORDER_H

#include "runtime/objects.h"

#define INDEX_END 9007199254740991.0  // 2^53 - 1: beyond the largest index

// Whether the key stands for an index below INDEX_END; which one.
bool key_as_large_index(PropertyKey key, double *index);
// *next: the least index from `from` on (or the greatest from there down) among the keys of the shape, or INFINITY. It
// may belong to a property that was deleted: a lookup then finds nothing. False: threw.
MUST_CHECK bool index_order_seek(Context *cx, const Object *object, double from, bool backwards, double *next);

#endif
