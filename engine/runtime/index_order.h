// The indices among an object's properties in their order, which the shape does not keep. What was found out about a
// table of properties is remembered, so that whoever asks again and again (a loop over indexOf, a walk past holes)
// sorts once.
#ifndef CAISSON_INDEX_ORDER_H
#define CAISSON_INDEX_ORDER_H

#include "runtime/objects.h"

#define INDEX_END 9007199254740991.0  // 2^53 - 1: beyond the largest index

// The index below INDEX_END that a key stands for.
bool key_as_large_index(PropertyKey key, double *index);
// *next: the least index from there on (the greatest down from there) among the keys of the shape, or INFINITY. Some
// may be of properties that were deleted: whoever asks for them finds nothing. False: threw.
MUST_CHECK bool index_order_seek(Context *cx, const Object *object, double from, bool backwards, double *next);

#endif
