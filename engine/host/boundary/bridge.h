// What crossed the boundary, and the interface of the host at the other side.
#ifndef CAISSON_BRIDGE_H
#define CAISSON_BRIDGE_H

#include "host/boundary/message_registers.h"
#include "host/runtime/host.h"
#include "host/runtime/statistics.h"

// Functions and promises that crossed the boundary (bridge.c).
typedef struct HostHandle {
  Value object;  // the guest's object; VALUE_UNDEFINED: the place is free
  uint32_t next_free;
  uint64_t crossings;   // how often the handle was sent; the host gives back all of them before the place is free again
  uint32_t generation;  // how often the place was used before: part of the handle, so that an old one is refused
  bool is_watched;      // a promise that tells the host how it ends
} HostHandle;
typedef struct HostFunctionEntry {
  Object *function;    // weak: the guest's object of that host function or host object; NULL: none alive
  uint32_t number;     // with its generation
  uint64_t crossings;  // how often it has arrived since the host was last told that the object died
} HostFunctionEntry;
// A copy of a host's object that remembers its original. Its place + 1 is the copy's crossing_place.
typedef struct HostCopy {
  Object *object;   // weak; NULL: free
  uint64_t number;  // of the host's object, or of the host's error when the copy is an error
  uint32_t next_free;
} HostCopy;
// An error of the guest that crossed; when it returns, it is the same object. Its place + 1 is its crossing_place.
typedef struct CrossedError {
  Object *error;  // weak
  uint64_t number;
} CrossedError;
// Bytes of the host in the guest's memory (message_blocks.h).
typedef struct HostBlock {
  Cell *bytes;   // CELL_BYTES
  bool is_sent;  // the message that refers to it is in the inbox or is being read
} HostBlock;
// HOST_CALL_FAILED: there is no answer, not even an error; any other number means the same.
typedef enum HostCallStatus {
#define PROTOCOL_HOST_CALL(name) HOST_CALL_##name,
#include "host/runtime/protocol.def"
} HostCallStatus;
enum { HOST_RECEIVER_NONE = -1, HOST_RECEIVER_NEW = -2 };
// Who is told how something ended (outcomes.h), with a number.
typedef enum OutcomeReceiver {
  OUTCOME_OF_FIBER,
  OUTCOME_OF_PROMISE,    // its handle
  OUTCOME_OF_ERROR,      // that nobody caught: 0
  OUTCOME_OF_REJECTION,  // that nobody handled: its number
  OUTCOME_OF_HANDLING,   // of a rejection that was reported
  OUTCOME_OF_PROGRAM,    // whose time is up: its number
} OutcomeReceiver;
// What the host at the other side of the bridge does (wasm.c); NULL in builds without a bridge.
typedef struct BridgeHost {
  // Calls host function `number` with a message (a list), or without one (NULL) with `size` arguments in registers. The
  // answer is in the inbox or in a register, unless the status is WAITS: then the guest is set aside until it is
  // resumed. `receiver`: the number of the host's object that the function was called on, or HOST_RECEIVER_NONE, or
  // HOST_RECEIVER_NEW when it constructs an instance. `wait` is 0 for functions that must not wait. `depth`: the native
  // levels in use; entries that the host makes meanwhile start from there, in any runtime.
  HostCallStatus (*call)(void *user, uint32_t number, int64_t receiver, const uint8_t *message, size_t size,
                         uint64_t wait, uint32_t program, uint32_t depth);
  // OPTIMIZATION: the same with `count` arguments in registers and without a message, a receiver and a wait.
  HostCallStatus (*call_with_registers)(void *user, uint32_t number, uint32_t count, uint32_t program, uint32_t depth);
  // How something ended: CAISSON_OK, CAISSON_EXCEPTION, or the limit that stopped the value from crossing.
  void (*tell)(void *user, OutcomeReceiver receiver, double number, CaissonStatus status, const uint8_t *message,
               size_t size);
  // The guest no longer refers to host function or object `number`, which has arrived `crossings` times. The host has
  // counted how often it sent it, so sendings that are still on their way keep the number in use.
  void (*release)(void *user, uint32_t number, uint64_t crossings);
} BridgeHost;
typedef struct SuspendedWriter SuspendedWriter;
struct Bridge {
  const BridgeHost *host;
  HostHandle *handles;
  uint32_t handle_count, handle_capacity, free_handle;
  Value handle_numbers;  // a Map: object -> handle
  HostFunctionEntry *functions;
  uint32_t function_capacity;
  HostCopy *copies;
  uint32_t copy_count, copy_capacity, free_copy;
  CrossedError *errors;    // NULL: none has crossed; else CROSSED_ERRORS of them
  uint64_t error_counter;  // the latest number
  bool omits;              // parts of a value that cannot cross are left out, and the host is told
  bool describes_thrown;   // a thrown value reaches the host as a text for people
  // Promises of the host that are still pending: a single one with its number, and a Map of the others, number ->
  // promise. OPTIMIZATION: mostly there is one at a time.
  Value promise;  // undefined: none
  uint32_t promise_number;
  Value promises;
  struct ShapeTable *shapes;  // message_shapes.c; NULL: there are none
  uint32_t shape_count;
  SuspendedWriter *suspended, *dropped;  // message_write.c; those that are dropped have handles to give back
  Buffer blocks;                         // HostBlocks, in the order in which they were made
  Buffer inbox, outbox;                  // messages to and from the guest
  double statistics[STATISTIC_COUNT];    // for the host to read
  Register registers[PROTOCOL_REGISTER_COUNT];
  uint8_t short_message[PROTOCOL_SHORT_MESSAGE];  // of a call: the arguments that fit into no register
  LatestTexts latest_texts;                       // weak
};

Value bridge_take_inbox(Context *cx);  // reads the message that the host left there
// The same for message_read_values: from the inbox, or from the place after the registers.
MUST_CHECK bool bridge_take_values(Context *cx, size_t size, Value *values, uint32_t count);
// Returns how many crossings of it the host still has to give back.
uint64_t bridge_release_handle(CaissonRuntime *runtime, uint32_t handle, uint64_t crossings);
bool bridge_has_handle(CaissonRuntime *runtime, uint32_t handle);
// What the host gets for a thrown value: the value; or, for a host that wants texts, a text, or the error that kept it
// from being made.
Value bridge_make_thrown(Context *cx, Value value);
MUST_CHECK bool bridge_settle_promise(Context *cx, uint32_t number, Value value, bool is_rejection);
Value bridge_reflect(Context *cx, uint32_t handle, uint32_t reflection, Value list);
extern const HostExtension bridge_extension;

#endif
