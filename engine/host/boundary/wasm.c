// The WebAssembly boundary: the exports and imports of caisson.wasm. The host holds integers, never pointers that it
// could follow. Every operation is one call; its operands are one message in the inbox, its result is one message in
// the outbox.
//
// Both halves have one version number (host/runtime/protocol.def).
#include <stdlib.h>

#include "host/boundary/message.h"
#include "host/boundary/message_blocks.h"
#include "host/boundary/message_numbers.h"
#include "host/boundary/message_shapes.h"
#include "host/boundary/outcomes.h"
#include "host/runtime/module_sources.h"
#include "host/runtime/prepared_programs.h"
#include "host/runtime/protocol.h"
#include "interpreter/evaluate.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

#define IMPORT(name) __attribute__((import_module("caisson"), import_name(#name)))

IMPORT(call)
uint32_t import_call(uint32_t user, uint32_t number, double receiver, const uint8_t *message, uint32_t size,
                     double wait, uint32_t program, uint32_t depth);
IMPORT(call_with_registers)
uint32_t import_call_with_registers(uint32_t user, uint32_t number, uint32_t count, uint32_t program, uint32_t depth);
IMPORT(settle)
void import_settle(uint32_t user, uint32_t handle, uint32_t status, const uint8_t *message, uint32_t size);
IMPORT(release) void import_release(uint32_t user, uint32_t number, double crossings);
// A fiber that waited has ended: status as from caisson_enter, message in the outbox.
IMPORT(finished)
void import_finished(uint32_t user, double fiber, uint32_t status, const uint8_t *message, uint32_t size);
IMPORT(timer) void import_timer(uint32_t user, uint32_t operation, double timer, double delay, uint32_t repeats);
// event: HOST_EVENT_*; number: of the rejection; status: of writing the value, which a limit may have stopped
IMPORT(report)
void import_report(uint32_t user, uint32_t event, double number, uint32_t status, const uint8_t *message,
                   uint32_t size);
// What the guest's console prints where the host has given it no functions: `length` units of the text of `all`, in
// Latin-1 or UTF-16.
IMPORT(print)
void import_print(uint32_t user, uint32_t level, const void *units, uint32_t length, uint32_t is_wide, uint32_t all,
                  uint32_t depth);
IMPORT(load_module) void import_load_module(uint32_t user, double request, const uint8_t *message, uint32_t size);
// Which module an import would mean: [specifier, referrer or undefined, resolved name]. Answers like `call`.
IMPORT(resolve_module) uint32_t import_resolve_module(uint32_t user, const uint8_t *message, uint32_t size);
IMPORT(interrupt) uint32_t import_interrupt(uint32_t user);
IMPORT(monotonic_time) double import_monotonic_time(void);
IMPORT(wall_time) double import_wall_time(void);
// The host's time zone (CaissonCallbacks.time_zone); and what people call the sandbox's at an instant, in UTF-8. The
// sizes are returned.
IMPORT(zone) uint32_t import_zone(char *text, uint32_t capacity);
IMPORT(zone_name) uint32_t import_zone_name(uint32_t user, double utc, char *name, uint32_t capacity);
IMPORT(random_seed) double import_random_seed(void);

double host_monotonic_time(void) { return import_monotonic_time(); }
double host_wall_time(void) { return import_wall_time(); }
unsigned host_zone_id(char *text, unsigned capacity) {
  memset(text, 0, capacity);
  uint32_t size = import_zone(text, capacity);
  return size <= capacity ? size : 0;
}
uint64_t host_random_seed(void) {
  return (uint64_t)(import_random_seed() * 4294967296.0) << 32 | (uint64_t)(import_random_seed() * 4294967296.0);
}

static uint32_t user_of(void *user) { return (uint32_t)(uintptr_t)user; }
unsigned host_zone_name(CaissonRuntime *runtime, double utc, double offset, char name[ZONE_NAME_SIZE]) {
  (void)offset;
  memset(name, 0, ZONE_NAME_SIZE);
  uint32_t size = import_zone_name(user_of(runtime->options.user), utc, name, ZONE_NAME_SIZE);
  return size <= ZONE_NAME_SIZE ? size : 0;
}

static HostCallStatus host_call_status(uint32_t status) {
  return status <= HOST_CALL_STOPPED ? (HostCallStatus)status : HOST_CALL_FAILED;
}

static HostCallStatus wasm_call(void *user, uint32_t number, int64_t receiver, const uint8_t *message, size_t size,
                                uint64_t wait, uint32_t program, uint32_t depth) {
  return host_call_status(
      import_call(user_of(user), number, (double)receiver, message, (uint32_t)size, (double)wait, program, depth));
}
static HostCallStatus wasm_call_with_registers(void *user, uint32_t number, uint32_t count, uint32_t program,
                                               uint32_t depth) {
  return host_call_status(import_call_with_registers(user_of(user), number, count, program, depth));
}
static void wasm_tell(void *user, OutcomeReceiver receiver, double number, CaissonStatus status, const uint8_t *message,
                      size_t size) {
  int event = HOST_EVENT_UNCAUGHT_ERROR;
  switch (receiver) {
    case OUTCOME_OF_FIBER: import_finished(user_of(user), number, status, message, (uint32_t)size); return;
    case OUTCOME_OF_PROMISE: import_settle(user_of(user), (uint32_t)number, status, message, (uint32_t)size); return;
    case OUTCOME_OF_ERROR: break;
    case OUTCOME_OF_REJECTION: event = HOST_EVENT_UNHANDLED_REJECTION; break;
    case OUTCOME_OF_HANDLING: event = HOST_EVENT_REJECTION_HANDLED; break;
    case OUTCOME_OF_PROGRAM: event = HOST_EVENT_PROGRAM_TIME_LIMIT; break;
  }
  import_report(user_of(user), (uint32_t)event, number, status, message, (uint32_t)size);
}
static void wasm_release(void *user, uint32_t number, uint64_t crossings) {
  import_release(user_of(user), number, (double)crossings);
}
static const BridgeHost wasm_bridge_host = {wasm_call, wasm_call_with_registers, wasm_tell, wasm_release};

static void wasm_timer(void *user, int operation, uint64_t timer, double delay, bool repeats) {
  import_timer(user_of(user), (uint32_t)operation, (double)timer, delay, repeats);
}
static CaissonInterrupt wasm_interrupt(void *user) {
  uint32_t step = import_interrupt(user_of(user));
  return step <= CAISSON_PAUSE ? (CaissonInterrupt)step : CAISSON_STOP;
}

static bool wasm_request_module(CaissonRuntime *runtime, uint64_t request, const Value values[4]) {
  Buffer message;
  buffer_initialize(&message, &runtime->cx.memory);
  bool written = message_write_list(&runtime->cx, values, 4, &message);
  if (written)
    import_load_module(user_of(runtime->options.user), (double)request, message.data, (uint32_t)message.size);
  buffer_release(&message);
  return written;
}

static Value wasm_resolve_module(CaissonRuntime *runtime, const Value values[3]) {
  Context *cx = &runtime->cx;
  Buffer message;
  buffer_initialize(&message, &cx->memory);
  HostCallStatus status = HOST_CALL_FAILED;
  bool written = message_write_list(cx, values, 3, &message);
  message_drop_inbox(runtime);
  if (written)
    status =
        host_call_status(import_resolve_module(user_of(runtime->options.user), message.data, (uint32_t)message.size));
  buffer_release(&message);
  if (!written) return VALUE_ABRUPT;
  if (status != HOST_CALL_RETURNED && status != HOST_CALL_THREW)
    return throw_range_error(cx, "import.meta.resolve: the host could not answer; its stack or its memory is full");
  ROOTS(cx, r, answer);
  r->answer = bridge_take_inbox(cx);
  if (value_is_abrupt(r->answer)) return VALUE_ABRUPT;
  if (status == HOST_CALL_THREW) return throw_value(cx, r->answer);
  return value_is_string(r->answer) ? r->answer : throw_type_error(cx, "malformed message from the host");
}

enum { RESULT_FACTOR = 16 };
enum {
#define PROTOCOL_REFLECTION(name) REFLECTION_##name,
#include "host/runtime/protocol.def"
};

static void wasm_report(CaissonRuntime *runtime, int event, uint64_t number, Value value) {
  static const OutcomeReceiver receivers[] = {[HOST_EVENT_UNCAUGHT_ERROR] = OUTCOME_OF_ERROR,
                                              [HOST_EVENT_UNHANDLED_REJECTION] = OUTCOME_OF_REJECTION,
                                              [HOST_EVENT_REJECTION_HANDLED] = OUTCOME_OF_HANDLING,
                                              [HOST_EVENT_PROGRAM_TIME_LIMIT] = OUTCOME_OF_PROGRAM};
  OutcomeReceiver receiver = receivers[event];
  CaissonStatus status = host_limit_status(runtime->cx.termination, CAISSON_OK);
  if (status != CAISSON_OK) {
    wasm_tell(runtime->options.user, receiver, (double)number, status, NULL, 0);
    return;
  }
  outcome_deliver(runtime, &(Outcome){.status = CAISSON_OK,
                                      .value = value,
                                      .was_thrown = event != HOST_EVENT_REJECTION_HANDLED,
                                      .may_wait = true,
                                      .receiver = receiver,
                                      .number = (double)number});
}

// A console shows the beginning of a long text.
enum { LONGEST_PRINTED = 1 << 16 };
static void wasm_print(CaissonRuntime *runtime, CaissonConsoleLevel level, TextView text) {
  const void *units = text.is_wide ? (const void *)text.wide : (const void *)text.narrow;
  message_drop_inbox(runtime);  // the host may enter the guest
  import_print(user_of(runtime->options.user), (uint32_t)level, units, MIN_OF(text.length, LONGEST_PRINTED),
               text.is_wide, text.length, runtime->cx.native_depth);
}

// Exports -------------------------------------------------------------------------------------------------------------

uint32_t caisson_boundary_version(void) { return PROTOCOL_BOUNDARY_VERSION; }

CaissonRuntime *caisson_start(uint32_t user, double memory_limit, double stack_limit, uint32_t test_hooks) {
  CaissonOptions options = {
      .memory_limit = (size_t)memory_limit,
      .stack_limit = (size_t)stack_limit,
      .callbacks = {.timer = wasm_timer, .interrupt = wasm_interrupt},
      .user = (void *)(uintptr_t)user,
      .test_hooks = test_hooks,
  };
  CaissonRuntime *runtime = caisson_create(&options);
  if (!runtime) return NULL;
  runtime->bridge->host = &wasm_bridge_host;
  runtime->report_value = wasm_report;
  runtime->print_text = wasm_print;
  runtime->request_module_values = wasm_request_module;
  runtime->resolve_module_values = wasm_resolve_module;
  return runtime;
}

// The zone whose name is in the inbox; 0: the engine does not know it.
uint32_t caisson_use_time_zone(CaissonRuntime *runtime, uint32_t size) {
  const Buffer *inbox = &runtime->bridge->inbox;
  return size <= inbox->capacity && caisson_set_time_zone(runtime, (const char *)inbox->data, size);
}

// Memory for a message of `size` bytes; NULL: not enough memory.
uint8_t *caisson_inbox(CaissonRuntime *runtime, uint32_t size) {
  Buffer *inbox = &runtime->bridge->inbox;
  message_drop_inbox(runtime);
  inbox->failed = false;
  uint8_t *place = buffer_reserve(inbox, size ? size : 1);
  if (!place) {
    context_reclaim_memory(&runtime->cx, size);
    inbox->failed = false;
    place = buffer_reserve(inbox, size ? size : 1);
  }
  if (place) inbox->size = size;
  return place;
}
// Blocks (host/boundary/message_blocks.h): memory for one of `size` bytes, or NULL; the block belongs to the message in
// the inbox; there will be no message for the block.
uint8_t *caisson_block(CaissonRuntime *runtime, uint32_t size) { return message_block_create(runtime, size); }
void caisson_send_block(CaissonRuntime *runtime, const uint8_t *address) { message_block_send(runtime, address); }
void caisson_drop_block(CaissonRuntime *runtime, const uint8_t *address) { message_block_drop(runtime, address); }
// Defines a shape from the description in the inbox: its number, or UINT32_MAX (host/boundary/message_shapes.h).
uint32_t caisson_describe_shape(CaissonRuntime *runtime) {
  Buffer *inbox = &runtime->bridge->inbox;
  uint32_t number = message_describe_shape(runtime, inbox->data, inbox->size);
  inbox->size = 0;  // the inbox holds no message
  return number;
}
const uint8_t *caisson_shape(CaissonRuntime *runtime, uint32_t number) {
  return message_shape_description(runtime, number);
}
Register *caisson_registers(CaissonRuntime *runtime) { return runtime->bridge->registers; }
const uint8_t *caisson_outbox(CaissonRuntime *runtime) { return runtime->bridge->outbox.data; }
uint32_t caisson_outbox_size(CaissonRuntime *runtime) { return (uint32_t)runtime->bridge->outbox.size; }

// For the following entries; see CaissonOptions.
void caisson_set_limits(CaissonRuntime *runtime, double time_limit, double fuel_limit, double total_time_limit,
                        uint32_t clock_may_wait) {
  runtime->options.clock_may_wait = clock_may_wait;
  runtime->options.time_limit = time_limit;
  runtime->options.fuel_limit = fuel_limit;
  runtime->options.total_time_limit = total_time_limit;
}
void caisson_set_host_limits(CaissonRuntime *runtime, uint32_t timers, uint32_t requests) {
  runtime->options.timers_limit = timers;
  runtime->options.requests_limit = requests;
}
// From now on, parts of a value that cannot cross are left out.
void caisson_omit_uncrossable(CaissonRuntime *runtime) { runtime->bridge->omits = true; }
// From now on, the guest's console prints nothing, unless the host gives it functions.
// Before the first program, when the host may pause it: guest code can be set aside wherever it runs.
void caisson_expect_pauses(CaissonRuntime *runtime) { runtime->cx.replay.is_wanted = true; }

void caisson_silence_console(CaissonRuntime *runtime) { runtime->print_text = NULL; }
// From now on, thrown and uncaught values reach the host as a text for people.
void caisson_describe_thrown(CaissonRuntime *runtime) { runtime->bridge->describes_thrown = true; }
// For a program that has not begun: how long all its entries together may run, in ms. 0: there is no memory for the
// note.
uint32_t caisson_limit_program(CaissonRuntime *runtime, uint32_t program, double milliseconds) {
  return program_limit_time(&runtime->cx, program, milliseconds);
}
// How often a limit has dropped queued jobs.
double caisson_dropped_jobs(const CaissonRuntime *runtime) { return (double)runtime->cx.job_drops; }
// Where the guest was when the limit with this status struck in the outermost entry that runs or ran last: the address
// of its text in UTF-16, and its length. 0: unknown, or not in this program (0: whatever the program).
const uint16_t *caisson_stop_text(const CaissonRuntime *runtime, uint32_t status, uint32_t program) {
  const HostStop *stop = host_find_stop(runtime, (CaissonStatus)status, program);
  return stop ? stop->units : NULL;
}
uint32_t caisson_stop_length(const CaissonRuntime *runtime) { return runtime->stop.length; }
double caisson_used_memory(CaissonRuntime *runtime) { return (double)caisson_memory_used(runtime); }
// Writes the statistics, doubles in the order of protocol.def, and returns their address in the memory.
const double *caisson_statistics(CaissonRuntime *runtime) {
  host_gather_statistics(runtime, runtime->bridge->statistics);
  return runtime->bridge->statistics;
}
// Whether the last refused request for memory was refused by the instance, not by the limit of the runtime.
uint32_t caisson_is_system_full(const CaissonRuntime *runtime) { return runtime->cx.memory.is_system_full; }
// Whether it has crossed more often than the host has given back.
uint32_t caisson_release(CaissonRuntime *runtime, uint32_t handle, double crossings) {
  return bridge_release_handle(runtime, handle, (uint64_t)crossings) > 0;
}

typedef enum Operation {
#define PROTOCOL_OPERATION(name) OPERATION_##name,
#include "host/runtime/protocol.def"
} Operation;

// The form in which the result of a fiber crosses is kept in its data.
static Result form_of(uint32_t form, bool is_construct, Value value) {
  // Instances stay in the guest as they are; a copy would be another object.
  return is_construct && value_is_object_of(value, CELL_OBJECT) ? RESULT_REFERENCE : (Result)form;
}

static void fiber_finished(Context *cx, Fiber *fiber, Value result, bool is_abrupt) {
  CaissonRuntime *runtime = host_of(cx);
  CaissonStatus status = host_limit_status(cx->termination, is_abrupt ? CAISSON_EXCEPTION : CAISSON_OK);
  if (status == CAISSON_INTERRUPTED && program_is_out_of_time(cx, fiber->program)) status = CAISSON_PROGRAM_TIME_LIMIT;
  double number = (double)fiber->number;
  if (status > CAISSON_WAITING) {
    wasm_tell(runtime->options.user, OUTCOME_OF_FIBER, number, status, NULL, 0);
    return;
  }
  uint32_t asked = (uint32_t)value_as_int(fiber->data);
  outcome_deliver(runtime, &(Outcome){.status = status,
                                      .value = result,
                                      .form = form_of(asked / 2, asked % 2, result),
                                      .was_thrown = is_abrupt,
                                      .may_wait = true,
                                      .receiver = OUTCOME_OF_FIBER,
                                      .number = number});
}

static Value list_item(Value list, uint32_t index) {
  const Object *array = value_as_object(list);
  return index < array->element_count ? array->elements->items[index] : VALUE_UNDEFINED;
}

// Variables and functions that a script declared are not configurable: only their value is replaced.
static MUST_CHECK bool define_global(Context *cx, PropertyKey key, Value value) {
  Object *global = cx->realm->global_object;
  Tristate exists = object_has_own_property(cx, global, key);
  if (exists == TRISTATE_ABRUPT) return false;
  Descriptor descriptor = {value, VALUE_HOLE, VALUE_HOLE, 0, 0};
  return exists == TRISTATE_TRUE ? object_define_or_throw(cx, global, key, &descriptor)
                                 : object_create_data_property(cx, global, key, value);
}

static MUST_CHECK bool define_accessor(Context *cx, PropertyKey key, Value message) {
  Descriptor descriptor = {VALUE_HOLE, list_item(message, 1), list_item(message, 2),
                           PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE, PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE};
  if (!value_is_callable(descriptor.get) || !(value_is_callable(descriptor.set) || value_is_undefined(descriptor.set)))
    return throw_type_error(cx, "malformed message from the host"), false;
  return object_define_or_throw(cx, cx->realm->global_object, key, &descriptor);
}

// The host awaits a program's completion value. A value that has a `then` is resolved here, within the guest's limits:
// a promise of the host would call `then` again and again.
static Value await_completion(Context *cx, Value completion) {
  if (!value_is_object(completion) || value_is_object_of(completion, CELL_PROMISE)) return completion;
  ROOTS(cx, r, completion, promise);
  r->completion = completion;
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  return promise_resolve_in_frame(cx, promise, r->completion) ? r->promise : VALUE_ABRUPT;
}

// Drops the message with the arguments that fit into no register, when it is not read.
static void drop_arguments(CaissonRuntime *runtime, uint32_t size) {
  if (size > PROTOCOL_SHORT_MESSAGE) message_drop_inbox(runtime);
  else if (size > 0) message_drop_unread(runtime, runtime->bridge->short_message, size);
}

static Value call_with_registers(CaissonRuntime *runtime, uint32_t handle, uint32_t count, uint32_t size) {
  Context *cx = &runtime->cx;
  if (UNLIKELY(count > PROTOCOL_REGISTER_COUNT)) {
    drop_arguments(runtime, size);
    return throw_type_error(cx, "the host passed more arguments than there are registers");
  }
  ROOTS(cx, r, target);
  Value *arguments = cx->roots.top;
  for (uint32_t i = 0; i < count; i++) {
    Value *argument = root_stack_push(&cx->roots, 1);
    const Register *from = &runtime->bridge->registers[i];
    bool is_in_message = size > 0 && from->tag == PROTOCOL_REGISTER_IN_MESSAGE;
    *argument = is_in_message ? VALUE_HOLE : register_read(cx, &runtime->bridge->latest_texts, from);
    if (UNLIKELY(value_is_abrupt(*argument))) return drop_arguments(runtime, size), VALUE_ABRUPT;
  }
  if (size > 0 && !bridge_take_values(cx, size, arguments, count)) return VALUE_ABRUPT;
  r->target = bridge_guest_object(cx, handle, HANDLE_FUNCTION);
  if (UNLIKELY(value_is_abrupt(r->target))) return VALUE_ABRUPT;
  context_let_park(cx);
  // OPTIMIZATION: the path that function_call takes for most functions.
  if (LIKELY(value_is_object_of(r->target, CELL_CLOSURE)))
    return interpreter_call(cx, r->target, VALUE_UNDEFINED, arguments, count);
  return function_call(cx, r->target, VALUE_UNDEFINED, arguments, count);
}

static Value perform(CaissonRuntime *runtime, Operation operation, double a, uint32_t b) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, message, target, key);
  r->message = bridge_take_inbox(cx);
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  switch (operation) {
    case OPERATION_EVALUATE: {
      bool is_module = list_item(r->message, 3) == VALUE_TRUE;
      context_let_park(cx);
      Value source = list_item(r->message, 0), name = list_item(r->message, 1);
      if (is_module) return host_evaluate_module(cx, source, name);
      Value completion =
          value_is_string(source) ? evaluate_script(cx, source, name) : host_evaluate_prepared(cx, source, name);
      bool is_wanted = list_item(r->message, 2) != VALUE_FALSE;
      if (!is_wanted && !value_is_abrupt(completion) && completion != VALUE_PARKED) return VALUE_UNDEFINED;
      return b ? completion : await_completion(cx, completion);
    }
    case OPERATION_CALL: {
      r->target = bridge_guest_object(cx, (uint32_t)a, HANDLE_FUNCTION);
      if (value_is_abrupt(r->target)) return VALUE_ABRUPT;
      const Object *list = value_as_object(r->message);
      context_let_park(cx);
      return function_call(cx, r->target, list_item(r->message, 0), list->elements->items + 1, list->element_count - 1);
    }
    case OPERATION_REFLECT: return bridge_reflect(cx, (uint32_t)a, b, r->message);
    case OPERATION_SET_GLOBAL:
      if (value_is_null(list_item(r->message, 0)))
        return runtime->web->set_console(cx, list_item(r->message, 1)) ? VALUE_UNDEFINED : VALUE_ABRUPT;
      r->key = key_from_string(cx, value_as_string(list_item(r->message, 0)));
      if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
      return (b ? define_accessor(cx, r->key, r->message) : define_global(cx, r->key, list_item(r->message, 1)))
                 ? VALUE_UNDEFINED
                 : VALUE_ABRUPT;
    case OPERATION_SETTLE:
      return bridge_settle_promise(cx, (uint32_t)a, r->message, b) ? VALUE_UNDEFINED : VALUE_ABRUPT;
    case OPERATION_RESUME: {
      Fiber *fiber = fiber_find_parked(cx, (uint64_t)a);
      if (!fiber) return VALUE_UNDEFINED;
      // Whoever started the fiber gets the outcome, not this entry.
      (void)fiber_resume(cx, fiber, r->message, b ? FIBER_RAISE : FIBER_ANSWER);
      return VALUE_UNDEFINED;
    }
    case OPERATION_IMPORT: return host_import_module(cx, list_item(r->message, 0), list_item(r->message, 1));
    case OPERATION_PREPARE:
      return host_prepare(cx, list_item(r->message, 0), list_item(r->message, 1),
                          list_item(r->message, 2) == VALUE_TRUE);
    case OPERATION_PROVIDE: {
      ModuleAnswer kind = b < MODULE_ANSWERS ? (ModuleAnswer)b : MODULE_ANSWER_SOURCE;
      bool is_error = kind == MODULE_ANSWER_ERROR;
      Value given = is_error ? r->message : list_item(r->message, 0);
      Value name = is_error ? VALUE_UNDEFINED : list_item(r->message, 1);
      return host_provide_module(cx, (uint64_t)a, kind, given, name) ? VALUE_UNDEFINED : VALUE_ABRUPT;
    }
  }
  return throw_type_error(cx, "unknown operation of the host");
}

// A program or import gets a number of its own; all other work belongs to the program that started it.
static uint32_t program_of(const Context *cx, Operation operation, double a) {
  bool begins = (operation == OPERATION_EVALUATE || operation == OPERATION_IMPORT) && a != 0;
  return begins ? (uint32_t)a : cx->program;
}

// The running program is aborted: its entry ends, and no other.
static Value perform_for(CaissonRuntime *runtime, Operation operation, double a, uint32_t b, bool *was_aborted) {
  Context *cx = &runtime->cx;
  *was_aborted = false;
  if (cx->termination != TERMINATION_NONE) return VALUE_ABRUPT;  // its time is spent
  bool must_not_wait = runtime->must_not_wait;
  runtime->must_not_wait |= operation == OPERATION_EVALUATE && b;
  uint32_t program = program_enter(cx, program_of(cx, operation, a));
  if (runtime->entry_depth == 1) runtime->entry_program = cx->program;
  Value result = perform(runtime, operation, a, b);
  *was_aborted = cx->termination == TERMINATION_PROGRAM;
  program_leave(cx, program);
  runtime->must_not_wait = must_not_wait;
  return result;
}

// The message is written to the storage of the outbox. Until the entry is closed, that storage belongs to the entry
// alone, since guest code that writing calls may enter again.
static CaissonStatus write_and_close(CaissonRuntime *runtime, Outcome *outcome, uint32_t program, bool drains) {
  Context *cx = &runtime->cx;
  Buffer message = runtime->bridge->outbox;
  buffer_initialize(&runtime->bridge->outbox, &cx->memory);
  message.size = 0;
  CaissonStatus status = outcome->status;
  if (cx->termination == TERMINATION_NONE && status <= CAISSON_WAITING) {
    uint32_t outer = program_enter(cx, program);
    outcome->was_thrown = status == CAISSON_EXCEPTION;
    status = outcome_write(runtime, outcome, &message);
    if (status == CAISSON_WAITING && outcome->status != CAISSON_WAITING) {
      // The value itself waits, and the host waits for its fiber.
      Outcome fiber = {.status = status, .value = value_number((double)cx->parked->number)};
      status = outcome_write(runtime, &fiber, &message);
    }
    program_leave(cx, outer);
  }
  status = host_close(runtime, status, drains);
  if (program != 0 && (status <= CAISSON_WAITING || status == CAISSON_INTERRUPTED) &&
      program_is_out_of_time(cx, program))
    status = CAISSON_PROGRAM_TIME_LIMIT;
  if (status > CAISSON_WAITING) {
    message_drop(runtime, &message);
    message.size = 0;
  }
  buffer_release(&runtime->bridge->outbox);
  runtime->bridge->outbox = message;
  return status;
}

// How an entry was begun, and the outcome of its work; needed at its end.
typedef struct Entry {
  Operation operation;
  double a;
  uint32_t b;
  Result form;
  bool is_forced;  // it drains its jobs within another entry, in an epoch of their own
  bool drains;
  bool was_aborted;
  uint32_t native_depth;
  Value result;
} Entry;

// Returns the native depth to go back to.
static inline uint32_t begin_entry(CaissonRuntime *runtime, uint32_t depth) {
  Context *cx = &runtime->cx;
  replay_close(cx);  // the step around it, if there is one, must not enter the host twice
  host_enter(runtime);
  host_make_room(runtime);
  uint32_t native_depth = cx->native_depth;
  cx->native_depth = MAX_OF(native_depth, depth);
  return native_depth;
}

// `outer`: the result of the surrounding entry; it is rooted, as is this entry's result.
static uint32_t end_entry(CaissonRuntime *runtime, const Entry *entry, Value outer) {
  Context *cx = &runtime->cx;
  Operation operation = entry->operation;
  Value result = entry->result;
  ROOTS(cx, r, promise, value);
  bool in_register = false;
  bool is_construct = operation == OPERATION_REFLECT && entry->b == REFLECTION_CONSTRUCT;
  uint64_t fiber = 0;
  if (result == VALUE_PARKED && cx->parked) {
    fiber = cx->parked->number;
    cx->parked->complete = fiber_finished;
    cx->parked->data = value_int((int32_t)entry->form * 2 + is_construct);
  }
  Promise *promise = value_is_object_of(result, CELL_PROMISE) ? (Promise *)value_as_object(result) : NULL;
  if (promise) {
    r->promise = result;
    promise_mark_handled(cx, promise);  // the host handles it from now on
  }
  CaissonStatus status = host_settle(runtime, result, entry->drains);
  r->value = runtime->result;
  // A host function made this entry while jobs ran: the surrounding entry still needs its own result.
  if (runtime->entry_depth > 1) runtime->result = outer;
  if (entry->was_aborted) {
    status = CAISSON_INTERRUPTED;  // or its time is up
  } else if (result == VALUE_PARKED) {
    r->value = value_number((double)fiber);
  } else if (status == CAISSON_WAITING) {
    status = CAISSON_OK;  // a pending promise is a value like any other
  } else if (promise && operation == OPERATION_EVALUATE) {
    // A program's promise that has settled by now is unwrapped here.
    r->value = promise->result;
    if (promise->state == PROMISE_REJECTED) status = CAISSON_EXCEPTION;
  }
  if (operation == OPERATION_CALL && status == CAISSON_OK && register_fits(r->value)) {
    status = host_close(runtime, status, entry->drains);
    // Not earlier: calls of the host during the entry have used the registers too.
    in_register = status == CAISSON_OK && register_write(runtime->bridge->registers, r->value);
  } else {
    Result form = form_of(entry->form, is_construct, r->value);
    bool may_wait = operation == OPERATION_EVALUATE || operation == OPERATION_CALL || operation == OPERATION_REFLECT;
    Outcome outcome = {.status = status, .value = r->value, .form = form, .may_wait = may_wait};
    status = write_and_close(runtime, &outcome, program_of(cx, operation, entry->a), entry->drains);
  }
  if (entry->is_forced) jobs_end_epoch(cx);
  cx->native_depth = entry->native_depth;
  return in_register ? PROTOCOL_RESULT_IN_REGISTER : status;
}

// OPTIMIZATION: ends the outermost entry when its result fits into a register and nothing is left to do. False: one of
// these is not so.
static inline bool end_call_quickly(CaissonRuntime *runtime, Value result) {
  return register_write(runtime->bridge->registers, result) && host_close_when_done(runtime, result);
}

// Runs one operation whose message is in the inbox; afterwards the result or error is in the outbox, or in a register.
// A guest that waits gives CAISSON_WAITING and its fiber's number. `depth`: the native levels in use around it on this
// thread.
uint32_t caisson_enter(CaissonRuntime *runtime, uint32_t operation, double a, uint32_t b, uint32_t depth) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, outer, result);
  r->outer = runtime->result;
  Entry entry = {
      .operation = (Operation)operation, .a = a, .native_depth = begin_entry(runtime, depth), .form = RESULT_VALUE};
  if (operation == OPERATION_EVALUATE || operation == OPERATION_REFLECT) {
    entry.form = (Result)(b / RESULT_FACTOR);
    b %= RESULT_FACTOR;
  }
  entry.b = b;
  if (operation == OPERATION_CALL) runtime->counts.guest_calls++;
  else if (operation != OPERATION_SETTLE) host_time_entry(runtime);
  // The outermost entry drains all jobs anyway.
  bool is_forced = operation == OPERATION_EVALUATE && b && runtime->entry_depth > 1;
  entry.is_forced = is_forced && jobs_begin_epoch(cx);
  entry.drains = runtime->entry_depth == 1 || entry.is_forced;
  entry.result =
      is_forced && !entry.is_forced ? VALUE_ABRUPT : perform_for(runtime, entry.operation, a, b, &entry.was_aborted);
  message_drop_inbox(runtime);  // a limit may have stopped the entry before it read the message
  if (operation == OPERATION_CALL && !entry.was_aborted && end_call_quickly(runtime, entry.result)) {
    cx->native_depth = entry.native_depth;
    return PROTOCOL_RESULT_IN_REGISTER;
  }
  r->result = entry.result;
  return end_entry(runtime, &entry, r->outer);
}

// Calls a guest function with `count` arguments in registers, without a receiver; otherwise like OPERATION_CALL.
// `size`: of the message with the arguments that fit into no register, after the registers or in the inbox; 0: there is
// none. OPTIMIZATION: a separate export that does only what such a call needs.
uint32_t caisson_call(CaissonRuntime *runtime, uint32_t handle, uint32_t count, uint32_t depth, uint32_t size) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, outer, result);
  r->outer = runtime->result;
  uint32_t native_depth = begin_entry(runtime, depth);
  runtime->counts.guest_calls++;
  bool was_aborted = false;
  Value result = VALUE_ABRUPT;
  if (LIKELY(cx->termination == TERMINATION_NONE)) {
    uint32_t program = program_enter(cx, cx->program);
    result = call_with_registers(runtime, handle, count, size);
    was_aborted = cx->termination == TERMINATION_PROGRAM;
    program_leave(cx, program);
  } else {
    drop_arguments(runtime, size);
  }
  if (LIKELY(!was_aborted && end_call_quickly(runtime, result))) {
    cx->native_depth = native_depth;
    return PROTOCOL_RESULT_IN_REGISTER;
  }
  r->result = result;
  Entry entry = {.operation = OPERATION_CALL,
                 .form = RESULT_VALUE,
                 .drains = runtime->entry_depth == 1,
                 .was_aborted = was_aborted,
                 .native_depth = native_depth,
                 .result = result};
  return end_entry(runtime, &entry, r->outer);
}

// Settles a promise of the host with the value in the first register; otherwise like OPERATION_SETTLE. OPTIMIZATION:
// separate for the same reason.
uint32_t caisson_settle(CaissonRuntime *runtime, uint32_t number, uint32_t is_rejection, uint32_t depth) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, outer, value);
  r->outer = runtime->result;
  uint32_t native_depth = begin_entry(runtime, depth);
  // It ends like a call without a result.
  Entry entry = {.operation = OPERATION_CALL,
                 .form = RESULT_VALUE,
                 .drains = runtime->entry_depth == 1,
                 .native_depth = native_depth,
                 .result = VALUE_ABRUPT};
  if (cx->termination == TERMINATION_NONE) {
    uint32_t program = program_enter(cx, cx->program);
    r->value = register_read(cx, &runtime->bridge->latest_texts, runtime->bridge->registers);
    if (!value_is_abrupt(r->value) && bridge_settle_promise(cx, number, r->value, is_rejection))
      entry.result = VALUE_UNDEFINED;
    entry.was_aborted = cx->termination == TERMINATION_PROGRAM;
    program_leave(cx, program);
  }
  return end_entry(runtime, &entry, r->outer);
}

CaissonStatus caisson_timer_fired(CaissonRuntime *runtime, double timer) {
  host_enter(runtime);
  host_time_entry(runtime);
  host_make_room(runtime);
  CaissonStatus status = host_settle(runtime, host_run_timer(runtime, (uint64_t)timer), runtime->entry_depth == 1);
  if (status == CAISSON_WAITING) status = CAISSON_OK;
  // Only a thrown value is reported.
  Value thrown = status == CAISSON_EXCEPTION ? runtime->result : VALUE_UNDEFINED;
  Outcome outcome = {.status = status, .value = thrown, .may_wait = true, .receiver = OUTCOME_OF_ERROR};
  return write_and_close(runtime, &outcome, 0, runtime->entry_depth == 1);
}
