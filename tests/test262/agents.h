// Agents for the native test262 worker: $262.agent, threads with a runtime of their own, and Atomics.wait across them.
// https://github.com/tc39/test262/blob/main/INTERPRETING.md
#ifndef CAISSON_TEST262_AGENTS_H
#define CAISSON_TEST262_AGENTS_H

#include "host/runtime/caisson.h"

typedef struct AgentCluster AgentCluster;

// Gives the main runtime of a run its $262.agent. NULL: out of memory.
AgentCluster *agents_open(CaissonRuntime *runtime, bool can_block);
// Stops and joins all agents, before the main runtime is destroyed.
void agents_close(AgentCluster *cluster);
// Whether agents or asynchronous waits play a part, so that time must be real.
bool agents_are_used(const AgentCluster *cluster);
// Settles what is due for the main runtime, waiting up to `milliseconds` for something to come. False: nothing can
// come any more.
bool agents_pump(AgentCluster *cluster, double milliseconds);
double agents_now(void);  // monotonic, in ms

#endif
