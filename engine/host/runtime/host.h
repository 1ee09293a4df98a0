// The host layer's own state around a Context.
#ifndef CAISSON_HOST_H
#define CAISSON_HOST_H

#include <stdio.h>

#include "host/runtime/caisson.h"
#include "runtime/builtin_table.h"
#include "runtime/hooks.h"

typedef struct HostTimer HostTimer;
// For the engine's own timers. False: threw.
typedef bool (*HostTimerCallback)(Context *cx, uint64_t timer);
struct HostTimer {
  HostTimer *next;
  uint64_t number;
  bool repeats;
  bool is_running;  // the host has been asked to run it
  uint32_t program;
  Value callback;
  Value arguments;           // internal Values
  HostTimerCallback native;  // NULL: the guest's timer
  bool is_idle;              // nobody has to wait for it
};

// By number (timers.c).
typedef struct HostTimers {
  HostTimer **buckets;
  uint32_t bucket_count, count;
  uint64_t counter;  // the latest number; none is given out twice
} HostTimers;

typedef struct Bridge Bridge;

// What the rooms above this one add to a runtime; each function may be NULL. The linker adds the list
// (host/extensions.c); this room knows nothing about them.
typedef struct HostExtension {
  bool (*initialize)(CaissonRuntime *runtime);  // before there is a realm; false: no memory
  void (*release)(CaissonRuntime *runtime);     // even when it was not initialized
  void (*trace)(CaissonRuntime *runtime, Tracer *tracer);
  void (*clear_weak)(CaissonRuntime *runtime, Heap *heap);
  bool (*install)(Context *cx);  // installs globals of the context's realm: lazy properties whose values it makes
  Value (*make_global)(Context *cx, Realm *realm, PropertyKey key);
} HostExtension;
extern const HostExtension *const host_extensions[];  // ends with NULL

// What the boundary asks of the room with the web's globals.
typedef struct HostWeb {
  bool (*is_dom_exception)(Context *cx, const Object *object);
  bool (*is_platform_object)(Context *cx,
                             const Object *object);  // URL, EventTarget and the other classes, by their prototypes
  Value (*make_dom_exception)(Context *cx, Value message, Value name);
  bool (*set_console)(Context *cx, Value console);  // an object with methods such as log, which the console calls
} HostWeb;

// What happened since the runtime was made.
typedef struct HostCounts {
  uint64_t operations;  // units of fuel
  uint64_t guest_calls, host_calls, timers_fired;
  double time;  // ms, of the entries that were timed (host_time_entry)
} HostCounts;

// Where the guest was when the latest limit struck, from the beginning of the outermost entry: a line per frame, each
// after a line feed, in UTF-16.
enum { STOP_UNITS = 1024 };
typedef struct HostStop {
  Termination reason;
  uint32_t program;
  uint32_t length;
  uint16_t units[STOP_UNITS];
} HostStop;

struct CaissonRuntime {
  Context cx;
  CaissonOptions options;
  double deadline;         // monotonic ms; 0: none
  bool clock_waits;        // the deadline is set at the first look at the limits
  double time_left;        // of paused code, or while the clock waits: until the deadline, ms; 0: there is none
  uint32_t entry_depth;    // outermost host call: 1
  uint32_t entry_program;  // the program that the outermost entry began; 0: none
  bool may_pause;          // the running code may be paused
  bool must_not_wait;      // the running program must finish at once: Atomics.wait throws
  int64_t fuel_left;       // of the entry, without the slice that was granted last
  int32_t fuel_granted;
  int64_t paused_fuel;        // the fuel that paused code has left
  uint32_t calls_until_look;  // host calls until limits are checked again: see host_look_after_call
  double call_look_time;
  bool total_is_nearer;    // the deadline is that of total_time_limit
  double entry_start;      // monotonic ms, when the total time is limited
  double total_time;       // of the entries that have ended, ms; when it is limited
  uint64_t cleanup_timer;  // the timer whose turn runs cleanup callbacks; 0: none are due
  HostTimers timers;
  struct SharedWait *shared_waits;  // shared_waits.c
  ZoneCache zone;                   // of local time, with the offsets found so far
  bool is_zone_known;               // it is asked for once in each entry, unless it is fixed
  bool is_zone_fixed;
  Value result;                     // last completion or exception
  Value evaluation;                 // promise of the module whose evaluation is paused, or undefined
  Value continued;                  // completion of a script that was paused; abrupt: it threw
  uint64_t module_request_counter;  // the latest number; none is given out twice
  Value module_requests;            // internal Values: sources requested but not provided yet (module_sources.c)
  Value rejections;  // internal Values: promises rejected without a handler, or reported and then handled; or undefined
  uint32_t rejection_count;    // in that list
  uint64_t rejection_counter;  // the number of the latest reported one; none is given out twice
  Buffer text, name, stack;
  Realm *main_realm;
  Bridge *bridge;  // host/boundary/bridge.h
  const HostWeb *web;
  uint32_t console_depth;  // open groups of the console
  HostStop stop;
  HostCounts counts;
  bool is_timed;  // the outermost entry
  double timed_since;
  // Set by builds whose host takes values in place of texts (wasm.c).
  void (*print_text)(CaissonRuntime *runtime, CaissonConsoleLevel level, TextView text);  // replaces callbacks.print
  void (*report_value)(CaissonRuntime *runtime, int event, uint64_t number, Value value);
  // Specifier, referrer or undefined, resolved name, type. Replaces callbacks.request_module.
  Value (*resolve_module_values)(CaissonRuntime *runtime,
                                 const Value values[3]);  // specifier, referrer or undefined, resolved name
  bool (*request_module_values)(CaissonRuntime *runtime, uint64_t request, const Value values[4]);
};
enum {
#define PROTOCOL_EVENT(name) HOST_EVENT_##name,
#include "host/runtime/protocol.def"
};

static inline CaissonRuntime *host_of(Context *cx) { return (CaissonRuntime *)cx; }

extern const struct RuntimeHooks host_hooks;  // hooks.c

// An entry from the host is open, with its depth and its limits, from host_enter to host_close. That includes writing
// its result for the host, which runs getters and traps of the guest and may queue jobs.
void host_enter(CaissonRuntime *runtime);
// Makes the `result` of the guest's work runtime->result and, when the entry drains, runs the jobs. Returns how the
// entry ends if no limit strikes.
CaissonStatus host_settle(CaissonRuntime *runtime, Value result, bool drains);
// Runs the jobs that were queued since (in the outermost entry, or when the entry drains), reports unhandled
// rejections, and returns how the entry ended.
CaissonStatus host_close(CaissonRuntime *runtime, CaissonStatus status, bool drains);
// OPTIMIZATION: settles and closes the outermost entry, whose result is a small value, when nothing is left to do.
// False: something is left.
MUST_CHECK bool host_close_when_done(CaissonRuntime *runtime, Value result);
// Measures the outermost entry from now on. Calls are measured only from their first look at the limits on: a look at
// the clock may take longer than a call.
void host_time_entry(CaissonRuntime *runtime);
// Called after a call of the host, which may have taken long. If a limit was reached, cx->termination says so.
void host_look_after_call(CaissonRuntime *runtime);
CaissonStatus host_leave(CaissonRuntime *runtime, Value result);  // host_settle and host_close in one
// Memory that the previous entry left in use must not make this one fail. Collects when memory is short.
void host_make_room(CaissonRuntime *runtime);
// Notes that a limit strikes now, where the top frame is.
void host_note_stop_at(CaissonRuntime *runtime, const struct Frame *top);
// The note, if this is how the entry of `program` ended (0: whatever the program); NULL: there is none.
const HostStop *host_find_stop(const CaissonRuntime *runtime, CaissonStatus status, uint32_t program);
// The status of the limit that stopped the guest; `otherwise` when no limit did.
CaissonStatus host_limit_status(Termination termination, CaissonStatus otherwise);

MUST_CHECK bool host_install_test_hooks(Context *cx, Object *global);  // $262 (test_hooks.c)
// The engine's own timers. With a delay of Infinity the timer only runs when it is restarted. 0: threw.
MUST_CHECK uint64_t host_add_timer(Context *cx, double delay, HostTimerCallback callback);
uint32_t host_count_timers(const CaissonRuntime *runtime);  // the guest's that are pending
MUST_CHECK bool host_check_timers(Context *cx);             // whether the guest may start another timer; throws if not
void host_restart_timer(CaissonRuntime *runtime, uint64_t number, double delay);
void host_remove_timer(CaissonRuntime *runtime, uint64_t number);
void host_remove_timers_of(CaissonRuntime *runtime, uint32_t program);  // the guest's
// Runs a timer's callback within the open entry.
Value host_run_timer(CaissonRuntime *runtime, uint64_t number);
Value host_timer_start(Context *cx,
                       const Call *call);  // setTimeout; magic 1: setInterval; 2: a timer that nobody waits for
Value host_timer_clear(Context *cx, const Call *call);
void host_timers_trace(const CaissonRuntime *runtime, Tracer *tracer);
void host_timers_release(CaissonRuntime *runtime);
// The clocks (clock.c): monotonic ms and ms since the epoch.
double host_monotonic_time(void);
double host_wall_time(void);
// The zone of local time: its identifier (see CaissonCallbacks.time_zone); and what people call it at an instant, in
// UTF-8, where its offset is that many ms (returns the length; 0: no such name).
unsigned host_zone_id(char *text, unsigned capacity);
unsigned host_zone_name(CaissonRuntime *runtime, double utc, double offset, char name[ZONE_NAME_SIZE]);
// time_zone.c: what the runtime knows about the zone, from the callbacks or from the functions above.
ZoneCache *host_time_zone(Context *cx);
unsigned host_time_zone_name(Context *cx, double utc, char name[ZONE_NAME_SIZE]);
uint64_t host_random_seed(void);
// event: HOST_EVENT_*; number: of the rejection, 0 for an exception.
void host_report(CaissonRuntime *runtime, int event, uint64_t number, Value value);
// Rejections (rejections.c): operation as in hooks.h. Reporting may run jobs.
void host_track_rejection(Context *cx, Object *promise, int operation);
void host_report_rejections(CaissonRuntime *runtime);
void host_append_utf8(Buffer *out, TextView text);
// Links and evaluates a module from source; returns the promise of its evaluation (module_sources.c).
Value host_evaluate_module(Context *cx, Value source, Value name);
// hooks->resolve_module
Value host_resolve_module(Context *cx, Value referrer, Value specifier);
// hooks->load_module
MUST_CHECK bool host_load_module(Context *cx, Value referrer, Value specifier, Value attributes, Value request);
// An uncaught value as a text for people: as the console shows it, after "Uncaught" if it is not an error.
Value host_describe_thrown(Context *cx, Value value);
// For a thrown value that cannot cross, or whose getters failed meanwhile: an error that names it as far as possible
// and has the failure as its cause.
Value host_make_uncrossable(Context *cx, Value value, Value failure);
// A value as the console prints it, without running guest code.
void host_inspect(Context *cx, Value value, Buffer *out);
void host_inspect_to_depth(Context *cx, Value value, int limit,
                           Buffer *out);  // strings in quotes; -1: objects are only named
// Has the program's Error.prepareStackTrace, or its getters, make the stack of an error that is about to be printed.
// False: terminated.
MUST_CHECK bool host_make_stack(Context *cx, Value value);
// The same where there may be no step that can be run again, so that the program could not be set aside: then only
// where nothing waits or is paused.
MUST_CHECK bool host_make_stack_outside(Context *cx, Value value);
// The text that the console prints for its arguments; conversions for directives may run guest code. False: threw.
MUST_CHECK bool host_format(Context *cx, const Value *values, uint32_t count, Buffer *out);  // inspect_format.c

// For messages: where the guest cannot be set aside.
#define PLACES_THAT_CANNOT_WAIT "a host function that runs the guest, or a module whose evaluation was deferred"

#endif
