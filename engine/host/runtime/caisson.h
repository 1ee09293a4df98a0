// The public C API. A runtime is one sandbox: a heap, limits, an event loop. Nothing is shared between runtimes.
//
//     CaissonRuntime *runtime = caisson_create(&(CaissonOptions){.memory_limit = 32 << 20, .time_limit = 50});
//     if (caisson_evaluate(runtime, source, size, "main.js", CAISSON_SCRIPT) == CAISSON_OK) ...
//     caisson_destroy(runtime);
//
// Texts are UTF-8 (WTF-8: lone surrogates survive) with their size in bytes. Results stay valid until the next call on
// the same runtime. Every function that runs guest code drains the microtask queue before it returns.
#ifndef CAISSON_H
#define CAISSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CaissonRuntime CaissonRuntime;

typedef enum CaissonStatus {  // CAISSON_OK and so on: host/runtime/protocol.def
#define PROTOCOL_STATUS(name) CAISSON_##name,
#include "host/runtime/protocol.def"
} CaissonStatus;

typedef enum CaissonSourceKind { CAISSON_SCRIPT, CAISSON_MODULE } CaissonSourceKind;
typedef enum CaissonConsoleLevel {
  CAISSON_LOG,
  CAISSON_DEBUG,
  CAISSON_INFO,
  CAISSON_WARN,
  CAISSON_ERROR
} CaissonConsoleLevel;

typedef enum CaissonInterrupt {  // CAISSON_GO_ON and so on; after CAISSON_PAUSE: caisson_is_paused
#define PROTOCOL_STEP(name) CAISSON_##name,
#include "host/runtime/protocol.def"
} CaissonInterrupt;

// What the embedder does for the guest. Any may be NULL.
typedef struct CaissonCallbacks {
  void (*print)(void *user, CaissonConsoleLevel level, const char *text, size_t size);
  // Starts (operation 0; 2: a timer that nobody has to wait for) or cancels (1) a timer; `delay` in ms. Numbers are
  // below 2^53, and none is used again. When it is due, call caisson_fire_timer.
  void (*timer)(void *user, int operation, uint64_t timer, double delay, bool repeats);
  // Gets the source of a module; false: *error is set. `specifier` is resolved already (see resolve).
  bool (*load_module)(void *user, const char *specifier, char **source, size_t *size, const char **error);
  // The same, but the answer comes later, by caisson_provide_module. `referrer`: the importing script or module, ""
  // when unknown. Used instead of load_module when set; `type`: the import attribute, or "".
  void (*request_module)(void *user, uint64_t request, const char *specifier, const char *referrer, const char *type);
  // Called once per fuel slice.
  CaissonInterrupt (*interrupt)(void *user);
  // A promise was rejected and nobody handled it; the number is that of the rejection. 0: a job that settles no promise
  // threw.
  void (*unhandled_rejection)(void *user, uint64_t rejection, const char *description, size_t size);
  void (*rejection_handled)(void *user, uint64_t rejection);  // one of those was handled later
  double (*now)(void *user);                                  // ms since the epoch, UTC
  // Writes the identifier of the zone of local time and returns its length: a name of the IANA Time Zone Database, or
  // an offset like +05:30. Several may be given, separated by spaces: the first that is known counts; UTC if none is.
  unsigned (*time_zone)(void *user, char *text, unsigned capacity);
} CaissonCallbacks;

typedef struct CaissonOptions {
  size_t memory_limit;      // bytes, everything included; 0: 256 MiB
  size_t stack_limit;       // bytes of JavaScript stack; 0: 4 MiB
  double time_limit;        // ms of guest time per entry; 0: none
  bool clock_may_wait;      // its clock may start when the entry first looks at its limits
  uint32_t timers_limit;    // timers that may be pending; 0: only memory limits them
  uint32_t requests_limit;  // requests for modules (request_module) that may be unanswered; 0: the same
  double fuel_limit;  // operations per entry, independent of any clock; 0: a generous number when there is a time limit
  double total_time_limit;  // ms of all entries together; 0: none
  bool may_pause;           // the interrupt callback may answer CAISSON_PAUSE, wherever guest code runs
  int32_t fuel_slice;       // operations between two looks at limits; 0: 50,000
  CaissonCallbacks callbacks;
  void *user;
  bool test_hooks;       // installs $262 for conformance suites
  bool copies_programs;  // for tests: each program runs as a prepared one that was made of it
} CaissonOptions;

// NULL: not enough memory.
CaissonRuntime *caisson_create(const CaissonOptions *options);
void caisson_destroy(CaissonRuntime *runtime);  // runs no guest code; cannot fail; NULL is allowed

// Local time is that of this zone from now on: a name of the IANA Time Zone Database, or an offset like +05:30. False:
// the engine does not know it.
bool caisson_set_time_zone(CaissonRuntime *runtime, const char *name, size_t size);

CaissonStatus caisson_evaluate(CaissonRuntime *runtime, const char *source, size_t size, const char *name,
                               CaissonSourceKind kind);
// Answers request_module with a source text or, when `error` is not NULL, with the reason why there is none.
CaissonStatus caisson_provide_module(CaissonRuntime *runtime, uint64_t request, const char *source, size_t size,
                                     const char *error);
// Ends a program (runtime/programs.h): its running code is stopped, and nothing of it runs any more.
void caisson_abort_program(CaissonRuntime *runtime, uint32_t program);
// Fires a timer once. Unknown timers are ignored.
CaissonStatus caisson_fire_timer(CaissonRuntime *runtime, uint64_t timer);
bool caisson_has_timers(const CaissonRuntime *runtime);

// Whether the last entry returned before the guest's program or its jobs were done. No other part of the guest may run
// until caisson_continue has finished them: jobs wait by themselves, but the embedder must hold back evaluations and
// timers. The time limit continues from where it was. A program that was paused gives CAISSON_WAITING, and its outcome
// comes with the caisson_continue that ends it. An entry that surrounds a host function cannot pause, nor can a native
// function that calls back.
bool caisson_is_paused(const CaissonRuntime *runtime);
CaissonStatus caisson_continue(CaissonRuntime *runtime);  // does nothing when the runtime is not paused

// The last result: its description (strings as they are; errors as "Name: message"), and for errors the stack.
const char *caisson_result_text(CaissonRuntime *runtime, size_t *size);
const char *caisson_error_name(CaissonRuntime *runtime);   // constructor name of a thrown error, "" for other values
const char *caisson_error_stack(CaissonRuntime *runtime);  // "" when there is none
// Adds a property to the global object of the runtime: a list of strings (program arguments).
bool caisson_define_strings(CaissonRuntime *runtime, const char *name, const char *const *strings, size_t count);

size_t caisson_memory_used(const CaissonRuntime *runtime);
void caisson_collect(CaissonRuntime *runtime);
const char *caisson_version(void);

#endif
