// The numbers of protocol.def that belong to no enum: PROTOCOL_MESSAGE_DEPTH and so on.
#ifndef CAISSON_PROTOCOL_H
#define CAISSON_PROTOCOL_H

enum {
#define PROTOCOL_NUMBER(name, value) PROTOCOL_##name = value,
#include "host/runtime/protocol.def"
};

#endif
