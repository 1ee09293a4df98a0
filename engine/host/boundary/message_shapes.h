// Shapes: lists of keys that many objects have. The host describes the shapes of its objects; the guest's are described
// when the host asks. Both are numbered from 0 in one table, as long as the runtime lives. After that, such an object
// is sent as a number and its values. The JavaScript side is npm/src/message-shapes.js.
#ifndef CAISSON_MESSAGE_SHAPES_H
#define CAISSON_MESSAGE_SHAPES_H

#include "host/boundary/bridge.h"

enum { MESSAGE_NO_SHAPE = UINT32_MAX };

// `bytes` describes it: for each key a byte with its length, and the units in Latin-1. Returns the number of the new
// shape; MESSAGE_NO_SHAPE: it is not acceptable, or there is no room for it. Throws nothing.
uint32_t message_describe_shape(CaissonRuntime *runtime, const uint8_t *bytes, size_t size);
// The shape with that number; NULL: there is none. Its keys are in the order of their slots.
Shape *message_shape(Context *cx, uint32_t number);
// The number of a shape that the guest sends. MESSAGE_NO_SHAPE: it has none, so the keys must be sent.
uint32_t message_shape_number(Context *cx, Shape *shape);
// A byte with the number of keys of shape `number`, and its description; valid until the next call. NULL: there is no
// such shape.
const uint8_t *message_shape_description(CaissonRuntime *runtime, uint32_t number);
void message_shapes_trace(CaissonRuntime *runtime, Tracer *tracer);
void message_shapes_release(CaissonRuntime *runtime);

#endif
