// How the guest's work ended, for the host: a value or an error that crosses when no frame of the guest is left. Its
// getters and traps may wait all the same: then a fiber writes the message, and the host is told later.
#ifndef CAISSON_OUTCOMES_H
#define CAISSON_OUTCOMES_H

#include "host/boundary/bridge.h"

typedef enum Result {
#define PROTOCOL_RESULT(name) RESULT_##name,
#include "host/runtime/protocol.def"
} Result;

typedef struct Outcome {
  CaissonStatus status;
  Value value;
  Result form;
  bool was_thrown;
  bool may_wait;
  OutcomeReceiver receiver;  // who is told later. OUTCOME_OF_FIBER with number 0: the fiber that writes
  double number;
} Outcome;

// Writes the message and returns the status with which it reaches the host. CAISSON_WAITING, when that is not the
// outcome's own status: cx->parked writes it, and tells the receiver.
CaissonStatus outcome_write(CaissonRuntime *runtime, const Outcome *outcome, Buffer *out);
// The same where the host is told by a call, now or later.
void outcome_deliver(CaissonRuntime *runtime, const Outcome *outcome);

#endif
