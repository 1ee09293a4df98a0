// Shapes of the host's objects. What the host sends again and again with the same keys it describes once, for as long
// as the runtime lives; from then on it sends a number and the values. The JavaScript side is
// npm/src/message-shapes.js.
#ifndef CAISSON_MESSAGE_SHAPES_H
#define CAISSON_MESSAGE_SHAPES_H

#include "host/boundary/bridge.h"

// The description: for each key a byte that says its length and so many units, Latin-1. The number of the new shape;
// UINT32_MAX: it is none that is taken, or there is no room for it. Nothing is thrown.
uint32_t message_describe_shape(CaissonRuntime *runtime, const uint8_t *bytes, size_t size);
// What it has described by that number, kept for as long as the runtime lives; NULL: nothing. Its keys are in the order
// of the description, so are their slots.
Shape *message_shape(Context *cx, uint32_t number);
void message_shapes_trace(CaissonRuntime *runtime, Tracer *tracer);
void message_shapes_release(CaissonRuntime *runtime);

#endif
