// Shapes: lists of keys that objects have again and again. The host describes those of its objects, the guest's are
// described when the host asks; both count from 0 on in one table, for as long as the runtime lives. From then on such
// an object is sent as a number and its values. The JavaScript side is npm/src/message-shapes.js.
#ifndef CAISSON_MESSAGE_SHAPES_H
#define CAISSON_MESSAGE_SHAPES_H

#include "host/boundary/bridge.h"

enum { MESSAGE_NO_SHAPE = UINT32_MAX };

// The description: for each key a byte that says its length and so many units, Latin-1. The number of the new shape;
// MESSAGE_NO_SHAPE: it is none that is taken, or there is no room for it. Nothing is thrown.
uint32_t message_describe_shape(CaissonRuntime *runtime, const uint8_t *bytes, size_t size);
// The shape of that number; NULL: there is none. Its keys are in the order of their slots.
Shape *message_shape(Context *cx, uint32_t number);
// The number of a shape that the guest sends. MESSAGE_NO_SHAPE: it has none, and its keys are to be sent.
uint32_t message_shape_number(Context *cx, Shape *shape);
// A byte that says how many keys shape `number` has, and its description, until the next one is asked for; NULL: there
// is none.
const uint8_t *message_shape_description(CaissonRuntime *runtime, uint32_t number);
void message_shapes_trace(CaissonRuntime *runtime, Tracer *tracer);
void message_shapes_release(CaissonRuntime *runtime);

#endif
