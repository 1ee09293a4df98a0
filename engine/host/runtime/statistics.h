// What a runtime tells about itself.
#ifndef CAISSON_STATISTICS_H
#define CAISSON_STATISTICS_H

#include "host/runtime/host.h"

enum {
#define PROTOCOL_STATISTIC(name) STATISTIC_##name,
#include "host/runtime/protocol.def"
  STATISTIC_COUNT
};

// Collects first, so that the numbers are those of live cells.
void host_gather_statistics(CaissonRuntime *runtime, double out[STATISTIC_COUNT]);

#endif
