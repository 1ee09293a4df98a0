#include "agents.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "host/runtime/host.h"
#include "runtime/atomic_waits.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/realm.h"
#include "text/utf8.h"

typedef struct Agent Agent;

// Somebody in Atomics.wait (async_waiter is undefined) or behind a promise of Atomics.waitAsync.
typedef struct Waiter {
  struct Waiter *next;
  Agent *agent;
  SharedBlock *block;
  size_t offset;
  double deadline;
  Value async_waiter;
  bool woken;
} Waiter;

typedef struct Report {
  struct Report *next;
  char *text;
  size_t size;
} Report;

struct Agent {
  Agent *next;
  AgentCluster *cluster;
  CaissonRuntime *runtime;
  RuntimeHooks hooks;
  pthread_t thread;
  char *script;
  Value receiver;  // what receiveBroadcast was given
  bool has_receiver, is_leaving, has_ended;
  uint32_t broadcasts_seen;
};

struct AgentCluster {
  pthread_mutex_t mutex;
  pthread_cond_t changed;  // anything below
  Agent main;
  Agent *agents;
  Waiter *waiters;  // oldest first
  Report *reports;
  SharedBlock *block;  // of the latest broadcast
  double broadcast_value;
  uint32_t broadcasts;
  bool is_used, is_stopping;
};

static void lock(AgentCluster *cluster) { pthread_mutex_lock(&cluster->mutex); }
static void unlock(AgentCluster *cluster) { pthread_mutex_unlock(&cluster->mutex); }
static void announce(AgentCluster *cluster) { pthread_cond_broadcast(&cluster->changed); }

double agents_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

// Waits for a change until a moment of agents_now(); at most a tenth of a second at a time.
static void wait_for_change(AgentCluster *cluster, double deadline) {
  double delay = MIN_OF(deadline - agents_now(), 100);
  if (delay <= 0) return;
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  int64_t nanoseconds = until.tv_nsec + (int64_t)(delay * 1e6);
  until.tv_sec += nanoseconds / 1000000000;
  until.tv_nsec = nanoseconds % 1000000000;
  pthread_cond_timedwait(&cluster->changed, &cluster->mutex, &until);
}

// The hooks keep their address, so that an agent is found through those of its context.
static Agent *agent_of(Context *cx) { return (Agent *)((char *)(uintptr_t)cx->hooks - offsetof(Agent, hooks)); }

// Atomics --------------------------------------------------------------------------------------------------

static void waiter_link(AgentCluster *cluster, Waiter *waiter) {
  Waiter **link = &cluster->waiters;
  while (*link) link = &(*link)->next;
  *link = waiter;
}

static void waiter_unlink(AgentCluster *cluster, const Waiter *waiter) {
  for (Waiter **link = &cluster->waiters; *link; link = &(*link)->next) {
    if (*link != waiter) continue;
    *link = waiter->next;
    return;
  }
}

static bool element_is(const SharedBlock *block, size_t offset, uint32_t size, uint64_t expected) {
  const char *address = (const char *)block->data + offset;
  if (size == 4) return __atomic_load_n((const uint32_t *)address, __ATOMIC_SEQ_CST) == (uint32_t)expected;
  return __atomic_load_n((const uint64_t *)address, __ATOMIC_SEQ_CST) == expected;
}

static int agent_wait(Context *cx, ArrayBuffer *buffer, size_t offset, uint32_t size, uint64_t expected,
                      double timeout) {
  SharedBlock *block = buffer->shared;
  Agent *agent = agent_of(cx);
  AgentCluster *cluster = agent->cluster;
  lock(cluster);
  if (!element_is(block, offset, size, expected)) {
    unlock(cluster);
    return ATOMICS_NOT_EQUAL;
  }
  Waiter waiter = {.agent = agent, .block = block, .offset = offset, .async_waiter = VALUE_UNDEFINED};
  waiter.deadline = agents_now() + timeout;
  waiter_link(cluster, &waiter);
  double limit = agent->runtime->deadline ? agent->runtime->deadline : (double)INFINITY;
  while (!waiter.woken && !cluster->is_stopping && agents_now() < waiter.deadline && host_monotonic_time() < limit) {
    wait_for_change(cluster, waiter.deadline);
  }
  waiter_unlink(cluster, &waiter);
  bool stopped = !waiter.woken && (cluster->is_stopping || host_monotonic_time() >= limit);
  unlock(cluster);
  if (stopped) {
    cx->termination = TERMINATION_TIME_LIMIT;
    context_throw_interrupted(cx);
    return -1;
  }
  return waiter.woken ? ATOMICS_WOKEN : ATOMICS_TIMED_OUT;
}

static double agent_notify(Context *cx, ArrayBuffer *buffer, size_t offset, double count) {
  AgentCluster *cluster = agent_of(cx)->cluster;
  double woken = 0;
  lock(cluster);
  for (Waiter *waiter = cluster->waiters; waiter && woken < count; waiter = waiter->next) {
    if (waiter->block != buffer->shared || waiter->offset != offset || waiter->woken ||
        agents_now() >= waiter->deadline)
      continue;
    waiter->woken = true;
    woken++;
  }
  if (woken > 0) announce(cluster);
  unlock(cluster);
  return woken;
}

static bool agent_wait_async(Context *cx, ArrayBuffer *buffer, size_t offset, double timeout, Value async_waiter) {
  Agent *agent = agent_of(cx);
  Waiter *waiter = malloc(sizeof *waiter);
  if (!waiter) return !value_is_abrupt(context_throw_out_of_memory(cx));
  *waiter = (Waiter){NULL, agent, buffer->shared, offset, agents_now() + timeout, async_waiter, false};
  lock(agent->cluster);
  waiter_link(agent->cluster, waiter);
  agent->cluster->is_used = true;
  unlock(agent->cluster);
  return true;
}

// Takes an asynchronous waiter of the agent that was woken or whose time is over. Locked.
static Waiter *agent_take_due_waiter(Agent *agent) {
  for (Waiter *waiter = agent->cluster->waiters; waiter; waiter = waiter->next) {
    if (waiter->agent != agent || value_is_undefined(waiter->async_waiter)) continue;
    if (!waiter->woken && agents_now() < waiter->deadline) continue;
    waiter_unlink(agent->cluster, waiter);
    return waiter;
  }
  return NULL;
}

// Settles the promises that are due. Locked, but not while guest code runs.
static void agent_settle(Agent *agent) {
  for (Waiter *waiter; (waiter = agent_take_due_waiter(agent)) != NULL;) {
    unlock(agent->cluster);
    host_enter(agent->runtime);
    bool settled = atomics_finish(&agent->runtime->cx, waiter->async_waiter, !waiter->woken);
    (void)host_leave(agent->runtime, settled ? VALUE_UNDEFINED : VALUE_ABRUPT);
    free(waiter);
    lock(agent->cluster);
  }
}

// When the agent's next asynchronous wait ends by itself; negative: it has none at all. Locked.
static double agent_next_deadline(const Agent *agent) {
  double next = -1;
  for (const Waiter *waiter = agent->cluster->waiters; waiter; waiter = waiter->next) {
    if (waiter->agent != agent || value_is_undefined(waiter->async_waiter)) continue;
    if (next < 0 || waiter->deadline < next) next = waiter->deadline;
  }
  return next;
}

// $262.agent -----------------------------------------------------------------------------------------------

static char *text_of_value(Context *cx, Value value, size_t *size) {
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, value);
  TextView view;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &view)) return NULL;
  *size = utf8_encoded_size(view);
  char *text = malloc(*size + 1);
  if (!text) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  utf8_encode(view, (uint8_t *)text);
  text[*size] = 0;
  return text;
}

static Value agent_sleep(Context *cx, const Call *call) {
  AgentCluster *cluster = agent_of(cx)->cluster;
  double delay;
  if (!value_to_number(cx, call_argument(call, 0), &delay)) return VALUE_ABRUPT;
  double end = agents_now() + delay;
  lock(cluster);
  while (agents_now() < end && !cluster->is_stopping) wait_for_change(cluster, end);
  unlock(cluster);
  return VALUE_UNDEFINED;
}

static Value agent_monotonic_now(Context *cx, const Call *call) {
  (void)cx;
  (void)call;
  return value_number(agents_now());
}

static Value agent_get_report(Context *cx, const Call *call) {
  (void)call;
  AgentCluster *cluster = agent_of(cx)->cluster;
  lock(cluster);
  Report *report = cluster->reports;
  if (report) cluster->reports = report->next;
  unlock(cluster);
  if (!report) return VALUE_NULL;
  Value text = string_from_utf8(cx, report->text, report->size);
  free(report->text);
  free(report);
  return text;
}

static Value agent_report(Context *cx, const Call *call) {
  AgentCluster *cluster = agent_of(cx)->cluster;
  Report *report = calloc(1, sizeof *report);
  if (!report) return context_throw_out_of_memory(cx);
  report->text = text_of_value(cx, call_argument(call, 0), &report->size);
  if (!report->text) {
    free(report);
    return VALUE_ABRUPT;
  }
  lock(cluster);
  Report **link = &cluster->reports;
  while (*link) link = &(*link)->next;
  *link = report;
  announce(cluster);
  unlock(cluster);
  return VALUE_UNDEFINED;
}

static bool everybody_has_received(const AgentCluster *cluster) {
  for (const Agent *agent = cluster->agents; agent; agent = agent->next) {
    if (!agent->has_ended && agent->broadcasts_seen != cluster->broadcasts) return false;
  }
  return true;
}

// Returns when all agents have taken the broadcast.
static Value agent_broadcast(Context *cx, const Call *call) {
  AgentCluster *cluster = agent_of(cx)->cluster;
  Value buffer = call_argument(call, 0);
  if (!value_is_array_buffer(buffer, true)) return throw_type_error(cx, "broadcast: %v is not shared", buffer);
  double value;
  if (!value_to_number(cx, call_argument(call, 1), &value)) return VALUE_ABRUPT;
  double limit = agents_now() + 10000;
  lock(cluster);
  if (cluster->block) shared_block_release(cluster->block);
  cluster->block = value_as_array_buffer(buffer)->shared;
  __atomic_add_fetch(&cluster->block->references, 1, __ATOMIC_ACQ_REL);
  cluster->broadcast_value = value;
  cluster->broadcasts++;
  announce(cluster);
  while (!everybody_has_received(cluster) && agents_now() < limit) wait_for_change(cluster, limit);
  unlock(cluster);
  return VALUE_UNDEFINED;
}

static Value agent_receive_broadcast(Context *cx, const Call *call) {
  Agent *agent = agent_of(cx);
  agent->receiver = call_argument(call, 0);
  // Functions that the global object refers to live as long as the agent.
  PropertyKey key = key_from_ascii(cx, "broadcastReceiver");
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  if (!object_create_data_property(cx, cx->realm->global_object, key, agent->receiver)) return VALUE_ABRUPT;
  agent->has_receiver = true;
  return VALUE_UNDEFINED;
}

static Value agent_leaving(Context *cx, const Call *call) {
  (void)call;
  agent_of(cx)->is_leaving = true;
  return VALUE_UNDEFINED;
}

static Value agent_start(Context *cx, const Call *call);

static const BuiltinRow agent_rows[] = {
    FUNCTION("start", 1, agent_start),
    FUNCTION("broadcast", 1, agent_broadcast),
    FUNCTION("getReport", 0, agent_get_report),
    FUNCTION("sleep", 1, agent_sleep),
    FUNCTION("monotonicNow", 0, agent_monotonic_now),
    FUNCTION("receiveBroadcast", 1, agent_receive_broadcast),
    FUNCTION("report", 1, agent_report),
    FUNCTION("leaving", 0, agent_leaving),
    END_OF_ROWS,
};

static bool agent_install(Agent *agent, AgentCluster *cluster, CaissonRuntime *runtime, bool can_block) {
  Context *cx = &runtime->cx;
  agent->cluster = cluster;
  agent->runtime = runtime;
  agent->hooks = *cx->hooks;
  agent->hooks.atomics_wait = can_block ? agent_wait : NULL;
  agent->hooks.atomics_notify = agent_notify;
  agent->hooks.atomics_wait_async = agent_wait_async;
  cx->hooks = &agent->hooks;
  ROOTS(cx, r, key, hooks, object);
  r->key = key_from_ascii(cx, "$262");
  if (value_is_abrupt(r->key)) return false;
  r->hooks = object_get_key(cx, cx->realm->global_object, r->key);
  if (!value_is_object(r->hooks)) return false;
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!object) return false;
  r->object = value_object(object);
  r->key = key_from_ascii(cx, "agent");
  return !value_is_abrupt(r->key) && builtin_add_rows(cx, cx->realm, object, agent_rows) &&
         object_create_data_property(cx, value_as_object(r->hooks), r->key, r->object);
}

// The life of an agent -------------------------------------------------------------------------------------

static void agent_deliver(Agent *agent, SharedBlock *block, double value) {
  Context *cx = &agent->runtime->cx;
  host_enter(agent->runtime);
  ROOTS(cx, r, arguments[2], result);
  ArrayBuffer *buffer = array_buffer_adopt_shared(cx, block);
  shared_block_release(block);
  agent->has_receiver = false;
  r->result = VALUE_ABRUPT;
  if (buffer) {
    r->arguments[0] = value_object(buffer);
    r->arguments[1] = value_number(value);
    r->result = function_call(cx, agent->receiver, VALUE_UNDEFINED, r->arguments, 2);
  }
  (void)host_leave(agent->runtime, r->result);
}

// Broadcasts and promises until nothing more can come. Locked.
static void agent_live(Agent *agent) {
  AgentCluster *cluster = agent->cluster;
  while (!cluster->is_stopping) {
    agent_settle(agent);
    double deadline = agent_next_deadline(agent);
    if (agent->has_receiver && agent->broadcasts_seen != cluster->broadcasts) {
      agent->broadcasts_seen = cluster->broadcasts;
      SharedBlock *block = cluster->block;
      __atomic_add_fetch(&block->references, 1, __ATOMIC_ACQ_REL);
      double value = cluster->broadcast_value;
      announce(cluster);
      unlock(cluster);
      agent_deliver(agent, block, value);
      lock(cluster);
    } else if (agent->has_receiver || deadline >= 0) {
      wait_for_change(cluster, deadline >= 0 ? deadline : agents_now() + 100);
    } else {
      return;
    }
  }
}

static CaissonInterrupt agent_must_stop(void *user) {
  return ((Agent *)user)->cluster->is_stopping ? CAISSON_STOP : CAISSON_GO_ON;
}

static void *agent_run(void *data) {
  Agent *agent = data;
  AgentCluster *cluster = agent->cluster;
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){
      .memory_limit = (size_t)256 << 20,
      .time_limit = 20000,
      .callbacks = {.interrupt = agent_must_stop},
      .user = agent,
      .test_hooks = true,
  });
  bool installed = runtime && agent_install(agent, cluster, runtime, true);
  if (installed) (void)caisson_evaluate(runtime, agent->script, strlen(agent->script), "agent.js", CAISSON_SCRIPT);
  lock(cluster);
  if (installed) agent_live(agent);
  agent->has_ended = true;
  for (Waiter *waiter = cluster->waiters, *next; waiter; waiter = next) {
    next = waiter->next;
    if (waiter->agent != agent) continue;
    waiter_unlink(cluster, waiter);
    free(waiter);
  }
  announce(cluster);
  unlock(cluster);
  caisson_destroy(runtime);
  return NULL;
}

static Value agent_start(Context *cx, const Call *call) {
  AgentCluster *cluster = agent_of(cx)->cluster;
  size_t size;
  char *script = text_of_value(cx, call_argument(call, 0), &size);
  if (!script) return VALUE_ABRUPT;
  Agent *agent = calloc(1, sizeof *agent);
  if (!agent) {
    free(script);
    return context_throw_out_of_memory(cx);
  }
  agent->cluster = cluster;
  agent->script = script;
  lock(cluster);
  cluster->is_used = true;
  agent->broadcasts_seen = cluster->broadcasts;
  if (pthread_create(&agent->thread, NULL, agent_run, agent) != 0) {
    unlock(cluster);
    free(script);
    free(agent);
    return throw_error(cx, ERROR_PLAIN, "cannot start a thread");
  }
  agent->next = cluster->agents;
  cluster->agents = agent;
  unlock(cluster);
  return VALUE_UNDEFINED;
}

// The cluster ----------------------------------------------------------------------------------------------

AgentCluster *agents_open(CaissonRuntime *runtime, bool can_block) {
  AgentCluster *cluster = calloc(1, sizeof *cluster);
  if (!cluster) return NULL;
  pthread_mutex_init(&cluster->mutex, NULL);
  pthread_cond_init(&cluster->changed, NULL);
  if (agent_install(&cluster->main, cluster, runtime, can_block)) return cluster;
  agents_close(cluster);
  return NULL;
}

void agents_close(AgentCluster *cluster) {
  lock(cluster);
  cluster->is_stopping = true;
  announce(cluster);
  unlock(cluster);
  for (Agent *agent = cluster->agents, *next; agent; agent = next) {
    next = agent->next;
    pthread_join(agent->thread, NULL);
    free(agent->script);
    free(agent);
  }
  for (Waiter *waiter = cluster->waiters, *next; waiter; waiter = next) {
    next = waiter->next;
    free(waiter);
  }
  for (Report *report = cluster->reports, *next; report; report = next) {
    next = report->next;
    free(report->text);
    free(report);
  }
  if (cluster->block) shared_block_release(cluster->block);
  pthread_mutex_destroy(&cluster->mutex);
  pthread_cond_destroy(&cluster->changed);
  cluster->main.runtime->cx.hooks = &host_hooks;
  free(cluster);
}

bool agents_are_used(const AgentCluster *cluster) { return cluster->is_used; }

bool agents_pump(AgentCluster *cluster, double milliseconds) {
  double limit = agents_now() + milliseconds;
  lock(cluster);
  agent_settle(&cluster->main);
  double deadline = agent_next_deadline(&cluster->main);
  bool anybody_else = false;
  for (const Agent *agent = cluster->agents; agent; agent = agent->next) anybody_else |= !agent->has_ended;
  bool may_come = anybody_else || (deadline >= 0 && deadline - deadline == 0);
  if (may_come && milliseconds > 0) {
    wait_for_change(cluster, deadline >= 0 ? MIN_OF(deadline, limit) : limit);
    agent_settle(&cluster->main);
  }
  unlock(cluster);
  return may_come;
}
