// The host layer's own state around a Context.
#ifndef CAISSON_HOST_H
#define CAISSON_HOST_H

#include <stdio.h>

#include "host/caisson.h"
#include "host/message_registers.h"
#include "number/local_time.h"
#include "runtime/builtin_table.h"

typedef struct HostTimer HostTimer;
// Of the engine's own timers. False: threw.
typedef bool (*HostTimerCallback)(Context *cx, uint64_t timer);
struct HostTimer {
  HostTimer *next;
  uint64_t number;
  bool repeats;
  bool is_running;  // the host has it
  uint32_t program;
  Value callback;
  Value arguments;  // internal Values
  HostTimerCallback native;  // NULL: the guest's timer
  bool is_idle;              // nobody waits for it
};

// By number (timers.c).
typedef struct HostTimers {
  HostTimer **buckets;
  uint32_t bucket_count, count;
  uint64_t counter;  // the latest number; none is given out twice
} HostTimers;

// Functions and promises that crossed the boundary (bridge.c).
typedef struct HostHandle {
  Value object;       // of the guest; VALUE_UNDEFINED: free
  uint32_t next_free;
  uint64_t crossings; // how often it was handed out; the host gives back all of them before the place is free again
  uint32_t generation; // how often the place was used before: part of the handle, so that an old one is refused
  bool is_watched;    // a promise that tells the host how it ends
} HostHandle;
typedef struct HostFunctionEntry {
  Object *function;   // weak: the guest's object of that host function or host object; NULL: none alive
  uint32_t number;    // with its generation
  uint64_t crossings; // how often it has arrived since the host was last told of a death
} HostFunctionEntry;
// A copy of an object of the host that remembers which. Its place + 1 is in the copy's `length`.
typedef struct HostCopy {
  Object *object;     // weak; NULL: free
  uint64_t number;    // of the host's object, or of its error when the copy is one
  uint32_t next_free;
} HostCopy;
// An error of the guest that crossed, so that it is itself when it comes home. Its place + 1 is in its `length`.
typedef struct CrossedError {
  Object *error;      // weak
  uint64_t number;
} CrossedError;
// HOST_CALL_FAILED: there is no answer, not even an error; so is any other number.
typedef enum HostCallStatus {
#define PROTOCOL_HOST_CALL(name) HOST_CALL_##name,
#include "host/protocol.def"
} HostCallStatus;
enum { HOST_RECEIVER_NONE = -1, HOST_RECEIVER_NEW = -2 };
// What the host at the other side of the bridge does (wasm.c); NULL in builds without one.
typedef struct BridgeHost {
  // Calls host function `number` with a message (a list), or without one (NULL) with `size` arguments in registers. The
  // answer is in the inbox or in a register, unless it WAITS: then the guest is set aside until it is resumed.
  // `receiver`: the number of the host's object that it was called on, or
  // HOST_RECEIVER_NONE, or HOST_RECEIVER_NEW when it makes an instance. `wait` is 0 for functions that must not wait.
  // `depth`: native levels in use, from which entries that the host makes meanwhile count on, in whatever runtime.
  HostCallStatus (*call)(void *user, uint32_t number, int64_t receiver, const uint8_t *message, size_t size, uint64_t wait,
                         uint32_t program, uint32_t depth);
  // A guest promise that crossed has settled: CAISSON_OK, CAISSON_EXCEPTION, or the limit that kept its value from crossing.
  void (*settle)(void *user, uint32_t handle, CaissonStatus status, const uint8_t *message, size_t size);
  // The guest no longer refers to host function or object `number`, which has arrived `crossings` times. The host has counted how
  // often it sent it: what is still on its way keeps the number.
  void (*release)(void *user, uint32_t number, uint64_t crossings);
} BridgeHost;
typedef struct Bridge {
  const BridgeHost *host;
  HostHandle *handles;
  uint32_t handle_count, handle_capacity, free_handle;
  Value handle_numbers;        // a Map: object -> handle
  HostFunctionEntry *functions;
  uint32_t function_capacity;
  HostCopy *copies;
  uint32_t copy_count, copy_capacity, free_copy;
  CrossedError *errors;        // NULL: none has crossed; else CROSSED_ERRORS of them
  uint64_t error_counter;      // the latest number
  bool omits;                  // what cannot cross within something is left out, and told
  Value promises;              // a Map: number -> promise of the host that is still pending
  struct Shape **shapes;       // NULL: the host has described none; else PROTOCOL_SHAPE_COUNT of them
  uint32_t shape_count;
  Buffer inbox, outbox;        // messages to and from the guest
  Register registers[PROTOCOL_REGISTER_COUNT];
} Bridge;

struct CaissonRuntime {
  Context cx;
  CaissonOptions options;
  double deadline;      // monotonic ms; 0: none
  double time_left;     // until the deadline of what is paused, ms; 0: it has none
  uint32_t entry_depth; // outermost host call: 1
  uint32_t entry_program;  // that the outermost one began; 0: none
  bool may_pause;       // what runs now may be paused
  bool must_not_wait;   // the program that runs must be there at once: Atomics.wait throws
  int64_t fuel_left;    // of the entry, without the slice that was granted last
  int32_t fuel_granted;
  int64_t paused_fuel;  // what is left to what is paused
  bool total_is_nearer; // the deadline is that of total_time_limit
  double entry_start;   // monotonic ms, when the total time counts
  double total_time;    // of the entries that have ended, ms; when it counts
  uint64_t cleanup_timer;  // in whose turn cleanup callbacks run; 0: none are due
  HostTimers timers;
  struct SharedWait *shared_waits;  // shared_waits.c
  TimeZone zone;        // what is known of it is forgotten at every entry
  Value result;         // last completion or exception
  Value evaluation;     // promise of the module whose evaluation is paused, or undefined
  Value continued;      // what a paused script came to; abrupt: it threw
  uint64_t module_request_counter;  // the latest number; none is given out twice
  Value module_requests;  // internal Values: sources asked for and not yet brought (modules.c)
  Value rejections;     // internal Values: promises rejected without a handler, or reported and then handled; or undefined
  uint32_t rejection_count;    // in that list
  uint64_t rejection_counter;  // the number of the one that was reported last; none is given out twice
  Buffer text, name, stack;
  Realm *main_realm;
  Bridge bridge;
  uint32_t console_depth;  // groups of the console that are open
  // Set by builds whose host takes values instead of texts (wasm.c).
  bool (*print_values)(CaissonRuntime *runtime, int level, const Value *values, uint32_t count);
  void (*report_value)(CaissonRuntime *runtime, int event, uint64_t number, Value value);
  // Specifier, referrer or undefined, resolved name, type. Replaces callbacks.request_module.
  bool (*request_module_values)(CaissonRuntime *runtime, uint64_t request, const Value values[4]);
};
enum {
#define PROTOCOL_EVENT(name) HOST_EVENT_##name,
#include "host/protocol.def"
};

static inline CaissonRuntime *host_of(Context *cx) { return (CaissonRuntime *)cx; }

extern const struct RuntimeHooks host_hooks;  // hooks.c

// An entry from the host is open, with its depth and its limits, from host_enter to host_close: also while what it
// came to is written for the host, which runs getters and traps of the guest and may queue jobs.
void host_enter(CaissonRuntime *runtime);
// Makes `result` of the guest's work runtime->result and, when it drains, runs the jobs. How the entry ends unless a limit strikes.
CaissonStatus host_settle(CaissonRuntime *runtime, Value result, bool drains);
// Runs what was queued since, in the outermost entry or when it drains, reports what nobody handled, and names how the entry ended.
CaissonStatus host_close(CaissonRuntime *runtime, CaissonStatus status, bool drains);
// OPTIMIZATION: settles and closes the outermost entry, whose result is a small value, when it has left nothing to do. False: it has.
MUST_CHECK bool host_close_when_done(CaissonRuntime *runtime, Value result);
CaissonStatus host_leave(CaissonRuntime *runtime, Value result);  // both, with nothing in between
// What the entry before left behind must not be what refuses this one. Collects when memory is short.
void host_make_room(CaissonRuntime *runtime);
// The limit that stopped the guest; `otherwise` when none did.
CaissonStatus host_limit_status(Termination termination, CaissonStatus otherwise);

MUST_CHECK bool host_install_globals(Context *cx);   // console, timers, queueMicrotask (globals.c)
MUST_CHECK bool host_install_web_globals(Context *cx);  // TextEncoder, URL and others (web_globals.c)
extern const BuiltinRow host_global_rows[];  // of those
Value host_make_global(Context *cx, Realm *realm, PropertyKey key);  // hooks->make_global
MUST_CHECK bool host_install_test_hooks(Context *cx, Object *global);  // $262 (test_hooks.c)
Value bridge_take_inbox(Context *cx);  // reads the message that the host left there
// How many crossings of it the host still has to give back.
uint64_t bridge_release_handle(CaissonRuntime *runtime, uint32_t handle, uint64_t crossings);
MUST_CHECK bool bridge_settle_promise(Context *cx, uint32_t number, Value value, bool is_rejection);
Value bridge_reflect(Context *cx, uint32_t handle, uint32_t reflection, Value list);
void bridge_initialize(CaissonRuntime *runtime);
void bridge_release(CaissonRuntime *runtime);
void bridge_trace(CaissonRuntime *runtime, Tracer *tracer);
void bridge_clear_weak(CaissonRuntime *runtime, Heap *heap);
// The engine's own timers. A delay (ms) of Infinity: it only runs when it is restarted. 0: threw.
MUST_CHECK uint64_t host_add_timer(Context *cx, double delay, HostTimerCallback callback);
MUST_CHECK bool host_check_timers(Context *cx);  // whether the guest may start another; otherwise throws
void host_restart_timer(CaissonRuntime *runtime, uint64_t number, double delay);
void host_remove_timer(CaissonRuntime *runtime, uint64_t number);
void host_remove_timers_of(CaissonRuntime *runtime, uint32_t program);  // the guest's
// Runs a timer's callback within the entry that is open.
Value host_run_timer(CaissonRuntime *runtime, uint64_t number);
Value host_timer_start(Context *cx, const Call *call);  // setTimeout; magic 1: setInterval; 2: a timer that nobody waits for
Value host_timer_clear(Context *cx, const Call *call);
void host_timers_trace(const CaissonRuntime *runtime, Tracer *tracer);
void host_timers_release(CaissonRuntime *runtime);
// Where time comes from (clock_*.c): monotonic ms and ms since the epoch.
double host_monotonic_time(void);
double host_wall_time(void);
// The zone of local time: its offset at an instant in ms, and its name there in UTF-8 (the length; 0: it has none).
double host_zone_offset(double utc);
unsigned host_zone_name(double utc, char name[ZONE_NAME_SIZE]);
ZoneSpan host_zone_span(void *runtime, double utc);  // asks whoever says what the zone is
uint64_t host_random_seed(void);
// event: HOST_EVENT_*; number: of the rejection, 0 of an exception.
void host_report(CaissonRuntime *runtime, int event, uint64_t number, Value value);
void host_append_utf8(Buffer *out, TextView text);
// Links and evaluates a module by source; the promise of its evaluation (modules.c).
Value host_evaluate_module(Context *cx, Value source, Value name);
// hooks->load_module
MUST_CHECK bool host_load_module(Context *cx, Value referrer, Value specifier, Value attributes, Value request);
// Shell: shows a stage's text; false when there is no such stage or the source does not compile (dump.c).
bool caisson_dump(CaissonRuntime *runtime, const char *stage, const char *source, size_t size, const char *name,
                  FILE *stream);
// A value as console prints it, without running guest code.
// For a thrown value that cannot cross, or whose getters failed while it did: an error that names it as far as it can be told,
// and the failure, which is its cause.
Value host_make_uncrossable(Context *cx, Value value, Value failure);
void host_inspect(Context *cx, Value value, Buffer *out);

#endif
