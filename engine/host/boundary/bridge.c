// Functions and promises across the boundary. Other objects: bridge_objects.c.
//
// Guest objects are given to the host as handles: numbers that keep the object alive until the host gives them back.
// Host functions have numbers that the host chooses. The guest's function objects for them are held weakly here, and
// when one dies the host is told (BridgeHost.release).
#include "host/boundary/message.h"
#include "host/boundary/message_blocks.h"
#include "host/boundary/message_numbers.h"
#include "host/boundary/message_shapes.h"
#include "host/boundary/outcomes.h"
#include "interpreter/interpreter.h"
#include "runtime/collections.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

enum {
  NO_HANDLE = UINT32_MAX,
  MOST_HANDLES = 1 << PROTOCOL_HANDLE_INDEX_BITS,
  KEPT_INBOX = 4096,
  LAST_GENERATION = (1 << (32 - PROTOCOL_HANDLE_INDEX_BITS)) - 1,
};

// Numbers of handles and host functions have two parts. A place whose generations are used up is not used again.
static uint32_t place_of(uint32_t number) { return number & (MOST_HANDLES - 1); }
static uint32_t generation_of(uint32_t number) { return number >> PROTOCOL_HANDLE_INDEX_BITS; }

static bool bridge_initialize(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge = memory_allocate_zeroed(&runtime->cx.memory, sizeof *bridge);
  if (!bridge) return false;
  bridge->free_handle = bridge->free_copy = NO_HANDLE;
  bridge->handle_numbers = bridge->promise = bridge->promises = VALUE_UNDEFINED;
  buffer_initialize(&bridge->blocks, &runtime->cx.memory);
  buffer_initialize(&bridge->inbox, &runtime->cx.memory);
  buffer_initialize(&bridge->outbox, &runtime->cx.memory);
  return true;
}

static void bridge_release(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  if (!bridge) return;
  Memory *memory = &runtime->cx.memory;
  memory_release(memory, bridge->handles, bridge->handle_capacity * sizeof *bridge->handles);
  memory_release(memory, bridge->functions, bridge->function_capacity * sizeof *bridge->functions);
  bridge_release_copies(runtime);
  latest_texts_release(&runtime->cx, &bridge->latest_texts);
  message_shapes_release(runtime);
  message_release_suspended(runtime);
  buffer_release(&bridge->blocks);
  buffer_release(&bridge->inbox);
  buffer_release(&bridge->outbox);
  memory_release(memory, bridge, sizeof *bridge);
}

static void bridge_trace(CaissonRuntime *runtime, Tracer *tracer) {
  Bridge *bridge = runtime->bridge;
  if (!bridge) return;
  for (uint32_t i = 0; i < bridge->handle_count; i++) tracer_visit_value(tracer, bridge->handles[i].object);
  tracer_visit_value(tracer, bridge->handle_numbers);
  tracer_visit_value(tracer, bridge->promise);
  tracer_visit_value(tracer, bridge->promises);
  message_shapes_trace(runtime, tracer);
  message_blocks_trace(runtime, tracer);
}

static void bridge_clear_weak(CaissonRuntime *runtime, Heap *heap) {
  Bridge *bridge = runtime->bridge;
  if (!bridge) return;
  for (uint32_t i = 0; i < bridge->function_capacity; i++) {
    HostFunctionEntry *entry = &bridge->functions[i];
    if (!entry->function || heap_is_marked(heap, entry->function)) continue;
    uint32_t number = entry->number;
    uint64_t crossings = entry->crossings;
    *entry = (HostFunctionEntry){0};
    bridge->host->release(runtime->options.user, number, crossings);
  }
  bridge_clear_copies(runtime, heap);
  message_clear_suspended(runtime, heap);
  latest_texts_forget(&bridge->latest_texts);
}

const HostExtension bridge_extension = {
    .initialize = bridge_initialize, .release = bridge_release, .trace = bridge_trace, .clear_weak = bridge_clear_weak};

// Makes room for `needed` zeroed items; false: threw.
bool bridge_reserve(Context *cx, void **items, uint32_t *capacity, size_t size, uint32_t needed) {
  if (needed <= *capacity) return true;
  uint32_t grown = MAX_OF(needed, *capacity * 2);
  if (grown < 8) grown = 8;
  void *resized = memory_resize(&cx->memory, *items, *capacity * size, grown * size);
  if (!resized) return context_throw_out_of_memory(cx), false;
  memset((char *)resized + *capacity * size, 0, (grown - *capacity) * size);
  *items = resized;
  *capacity = grown;
  return true;
}

// Handles ------------------------------------------------------------------------------------------------------

// A Map in a traced place, created on first use.
static MUST_CHECK Collection *bridge_map(Context *cx, Value *place) {
  if (!value_is_object(*place)) {
    Object *map = object_create_of_class(cx, &object_class_collection, NULL, 0);
    if (!map) return NULL;
    map->length = COLLECTION_MAP;
    *place = value_object(map);
  }
  return value_as_collection(*place);
}

bool bridge_guest_handle(Context *cx, Value object, uint32_t *handle) {
  Bridge *bridge = host_of(cx)->bridge;
  Collection *numbers = bridge_map(cx, &bridge->handle_numbers);
  if (!numbers) return false;
  Value known = collection_get(cx, numbers, object);
  if (value_is_int(known)) {
    *handle = (uint32_t)value_as_int(known);
    bridge->handles[place_of(*handle)].crossings++;
    return true;
  }
  uint32_t place = bridge->free_handle;
  if (place == NO_HANDLE) {
    place = bridge->handle_count;
    if (place == MOST_HANDLES) {
      throw_range_error(cx, "the host holds too many functions, objects and promises: at most %d", MOST_HANDLES);
      return false;
    }
    if (!bridge_reserve(cx, (void **)&bridge->handles, &bridge->handle_capacity, sizeof *bridge->handles, place + 1))
      return false;
    bridge->handles[place] = (HostHandle){.object = VALUE_UNDEFINED, .next_free = NO_HANDLE};
  }
  HostHandle *entry = &bridge->handles[place];
  uint32_t number = entry->generation << PROTOCOL_HANDLE_INDEX_BITS | place;
  if (!collection_put(cx, numbers, object, value_int((int32_t)number))) return false;
  if (place == bridge->handle_count) bridge->handle_count++;
  else bridge->free_handle = entry->next_free;
  *entry = (HostHandle){.object = object, .crossings = 1, .next_free = NO_HANDLE, .generation = entry->generation};
  *handle = number;
  return true;
}

static HostHandle *find_handle(Bridge *bridge, uint32_t handle) {
  uint32_t place = place_of(handle);
  if (place >= bridge->handle_count) return NULL;
  HostHandle *entry = &bridge->handles[place];
  return value_is_undefined(entry->object) || entry->generation != generation_of(handle) ? NULL : entry;
}

Value bridge_guest_object(Context *cx, uint32_t handle, HandleKind kind) {
  const HostHandle *entry = find_handle(host_of(cx)->bridge, handle);
  bool is_of_kind =
      entry && (kind == HANDLE_OBJECT || (kind == HANDLE_PROMISE ? value_is_object_of(entry->object, CELL_PROMISE)
                                                                 : value_is_callable(entry->object)));
  if (!is_of_kind) return throw_type_error(cx, "the host used a handle that was not given to it");
  return entry->object;
}

uint64_t bridge_release_handle(CaissonRuntime *runtime, uint32_t handle, uint64_t crossings) {
  Bridge *bridge = runtime->bridge;
  HostHandle *entry = find_handle(bridge, handle);
  if (!entry) return 0;
  if (entry->crossings > crossings) return entry->crossings -= crossings;
  if (value_is_object(bridge->handle_numbers))
    (void)collection_delete(&runtime->cx, value_as_collection(bridge->handle_numbers), entry->object);
  *entry = (HostHandle){.object = VALUE_UNDEFINED, .next_free = NO_HANDLE, .generation = entry->generation};
  if (entry->generation == LAST_GENERATION) return 0;
  entry->generation++;
  entry->next_free = bridge->free_handle;
  bridge->free_handle = place_of(handle);
  return 0;
}

// Host functions -------------------------------------------------------------------------------------------------

static MUST_CHECK bool take_inbox(Context *cx, Value *values, uint32_t count) {
  Bridge *bridge = host_of(cx)->bridge;
  // The host may be called while values are read (promise reactions do not run, but handles may cross).
  Buffer message = bridge->inbox;
  buffer_initialize(&bridge->inbox, &cx->memory);
  if (message.size == 0) {
    buffer_release(&message);
    return throw_type_error(cx, "the host sent no value where one was expected"), false;
  }
  bool is_read = message_read_values(cx, message.data, message.size, values, count);
  message_blocks_end(host_of(cx));
  // OPTIMIZATION: the storage of small messages serves the next one.
  if (bridge->inbox.data || message.capacity > KEPT_INBOX) {
    buffer_release(&message);
  } else {
    message.size = 0;
    bridge->inbox = message;
  }
  return is_read;
}

Value bridge_take_inbox(Context *cx) {
  ROOTS(cx, r, value);
  r->value = VALUE_HOLE;
  return take_inbox(cx, &r->value, 1) ? r->value : VALUE_ABRUPT;
}

// A separate function, so that its copy of the message is not on the C stack while the guest runs, perhaps in nested
// entries.
static MUST_CHECK NO_INLINE bool take_short_message(Context *cx, size_t size, Value *values, uint32_t count) {
  uint8_t message[PROTOCOL_SHORT_MESSAGE];  // a copy: like the inbox, the place may be used again while values are read
  bytes_copy_short(message, host_of(cx)->bridge->short_message, size);
  bool is_read = message_read_values(cx, message, size, values, count);
  message_blocks_end(host_of(cx));
  return is_read;
}

bool bridge_take_values(Context *cx, size_t size, Value *values, uint32_t count) {
  return size > PROTOCOL_SHORT_MESSAGE ? take_inbox(cx, values, count) : take_short_message(cx, size, values, count);
}

// The least cost of a call of the host. A call takes as long as so many operations, and a guest that does nothing but
// such calls must be stopped in time.
enum { HOST_CALL_UNITS = 400 };

static Value host_function_call(Context *cx, const Call *call) {
  CaissonRuntime *runtime = host_of(cx);
  if (!context_charge(cx, HOST_CALL_UNITS)) return context_throw_interrupted(cx);
  NativeFunctionObject *callee = call_callee(call);
  uint32_t number = (uint32_t)value_as_int(callee->captured[0]);
  int32_t flags = value_as_int(callee->captured[1]);
  bool is_blocking = flags & PROTOCOL_FUNCTION_BLOCKING, is_construct = call_is_construct(call);
  if (is_construct && call->new_target != call->callee)
    return throw_type_error(cx, "%v is a class of the host: the guest cannot extend it", call->callee);
  if (is_blocking && !fiber_can_park(cx))
    return throw_type_error(cx, "%v waits for the host: it cannot be called inside " PLACES_THAT_CANNOT_WAIT,
                            call->callee);
  // The last argument of a trap, the receiver of `get` and `set`, is not sent to the host: it may be anything that
  // refers to the object, and reading it would call the trap again.
  uint32_t count = (flags & PROTOCOL_FUNCTION_IS_TRAP) && call->count > 2 ? call->count - 1 : call->count;
  const BridgeHost *host = runtime->bridge->host;
  void *user = runtime->options.user;
  HostCallStatus status;
  bool fits = registers_write(runtime->bridge->registers, call->arguments, count);
  if (LIKELY(fits && !is_blocking && !is_construct && !value_is_object(call->this_value))) {
    message_drop_inbox(runtime);
    replay_close(cx);  // the host must not be called twice
    runtime->counts.host_calls++;
    status = host->call_with_registers(user, number, count, cx->program, cx->native_depth);
  } else {
    Buffer message;
    buffer_initialize(&message, &cx->memory);
    if (fits) {
      message.size = count;
    } else if (!message_write_arguments(cx, call->arguments, count, (uint8_t)flags, &message)) {
      buffer_release(&message);
      return VALUE_ABRUPT;
    }
    int64_t receiver = is_construct ? HOST_RECEIVER_NEW : bridge_receiver(cx, call->this_value);
    message_drop_inbox(runtime);
    uint64_t wait = is_blocking ? fiber_begin_wait(cx) : 0;
    replay_close(cx);
    runtime->counts.host_calls++;
    status = host->call(user, number, receiver, message.data, message.size, wait, cx->program, cx->native_depth);
    buffer_release(&message);
  }
  if (status != HOST_CALL_WAITS) host_look_after_call(runtime);
  if (cx->termination == TERMINATION_NONE && program_is_aborted(cx, cx->program)) context_stop(cx, TERMINATION_PROGRAM);
  // If an answer comes later, nothing waits for it.
  if (is_blocking && (status != HOST_CALL_WAITS || cx->termination != TERMINATION_NONE)) cx->fiber->wait = 0;
  if (cx->termination != TERMINATION_NONE) return message_drop_inbox(runtime), context_throw_interrupted(cx);
  switch (status) {
    case HOST_CALL_RETURNED:
    case HOST_CALL_RETURNED_REGISTER: {
      Value result = status == HOST_CALL_RETURNED
                         ? bridge_take_inbox(cx)
                         : register_read(cx, &runtime->bridge->latest_texts, &runtime->bridge->registers[0]);
      if (is_construct && !value_is_abrupt(result) && !value_is_object(result))
        return throw_type_error(cx, "%v must return an object", call->callee);
      return result;
    }
    case HOST_CALL_RETURNED_PROMISE: {
      const Register *answer = &runtime->bridge->registers[0];
      if (answer->tag != MESSAGE_DOUBLE || !(answer->number >= 0 && answer->number <= UINT32_MAX))
        return throw_type_error(cx, "malformed message from the host");
      return bridge_host_promise(cx, (uint32_t)answer->number);
    }
    case HOST_CALL_WAITS:
      if (is_blocking) return VALUE_PARKED;
      break;
    case HOST_CALL_THREW: {
      ROOTS(cx, r, error);
      r->error = bridge_take_inbox(cx);
      return value_is_abrupt(r->error) ? VALUE_ABRUPT : throw_value(cx, r->error);
    }
    case HOST_CALL_FAILED: break;
    case HOST_CALL_STOPPED: context_stop(cx, TERMINATION_INTERRUPT); return context_throw_interrupted(cx);
  }
  return throw_range_error(cx, "%v: the host has no stack or memory left to answer", call->callee);
}

bool bridge_is_host_function(Value value, uint32_t *number) {
  if (!value_is_object_of(value, CELL_NATIVE_FUNCTION)) return false;
  const NativeFunctionObject *native = (const NativeFunctionObject *)value_as_object(value);
  if (native->function != host_function_call) return false;
  *number = (uint32_t)value_as_int(native->captured[0]);
  return true;
}

HostFunctionEntry *bridge_host_entry(Context *cx, uint32_t number) {
  Bridge *bridge = host_of(cx)->bridge;
  uint32_t place = place_of(number);
  if (!bridge_reserve(cx, (void **)&bridge->functions, &bridge->function_capacity, sizeof *bridge->functions,
                      place + 1))
    return NULL;
  HostFunctionEntry *entry = &bridge->functions[place];
  // The host reuses a place only after it was told that its former function is gone.
  heap_keep_cell(&cx->heap, entry->function);
  if (!entry->function || entry->number == number) return entry;
  throw_type_error(cx, "malformed message from the host");
  return NULL;
}

// Adds the `prototype` for `instanceof`.
static MUST_CHECK bool add_prototype(Context *cx, Object *function) {
  ROOTS(cx, r, prototype);
  Object *prototype = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!prototype) return false;
  r->prototype = value_object(prototype);
  return object_add_property(cx, prototype, cx->names->constructor, value_object(function), PROPERTY_HIDDEN) &&
         object_add_property(cx, function, cx->names->prototype, r->prototype, 0);
}

Value bridge_host_function(Context *cx, uint32_t number, Value name, uint8_t flags, uint8_t length) {
  HostFunctionEntry *entry = bridge_host_entry(cx, number);
  if (!entry) return VALUE_ABRUPT;
  if (entry->function) {
    if (!(entry->function->cell.flags & OBJECT_CALLABLE))
      return throw_type_error(cx, "malformed message from the host");
    entry->crossings++;
    return value_object(entry->function);
  }
  ROOTS(cx, r, key, function);
  r->key = atom_from_string(cx, value_as_string(name));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  bool is_constructor = flags & PROTOCOL_FUNCTION_CONSTRUCTOR;
  Object *function = native_function_create(cx, host_function_call, r->key, length, is_constructor);
  if (!function) return VALUE_ABRUPT;
  r->function = value_object(function);
  ((NativeFunctionObject *)function)->performed = NATIVE_OF_HOST;
  if (flags & PROTOCOL_FUNCTION_BLOCKING) cx->replay.is_wanted = true;
  ((NativeFunctionObject *)function)->captured[0] = value_int((int32_t)number);
  ((NativeFunctionObject *)function)->captured[1] = value_int(flags);
  if (is_constructor && !add_prototype(cx, function)) return VALUE_ABRUPT;
  entry = bridge_host_entry(cx, number);
  if (!entry) return VALUE_ABRUPT;
  *entry = (HostFunctionEntry){.function = function, .number = number, .crossings = 1};
  return r->function;
}

// Promises -----------------------------------------------------------------------------------------------------------

Value bridge_host_promise(Context *cx, uint32_t number) {
  Bridge *bridge = host_of(cx)->bridge;
  if (bridge->promise_number == number && value_is_object(bridge->promise)) return bridge->promise;
  Value known = value_is_object(bridge->promises)
                    ? collection_get(cx, value_as_collection(bridge->promises), value_unsigned(number))
                    : VALUE_UNDEFINED;
  if (value_is_object(known) || value_is_abrupt(known)) return known;
  ROOTS(cx, r, promise);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  ((Promise *)promise)->program = cx->program;
  if (value_is_undefined(bridge->promise)) {
    bridge->promise_number = number;
    return bridge->promise = r->promise;
  }
  Collection *promises = bridge_map(cx, &bridge->promises);
  return promises && collection_put(cx, promises, value_unsigned(number), r->promise) ? r->promise : VALUE_ABRUPT;
}

// Removes the promise with that number; undefined: there is none.
static Value take_promise(Context *cx, uint32_t number) {
  Bridge *bridge = host_of(cx)->bridge;
  Value promise = bridge->promise;
  if (bridge->promise_number == number && value_is_object(promise)) {
    bridge->promise = VALUE_UNDEFINED;
    return promise;
  }
  if (!value_is_object(bridge->promises)) return VALUE_UNDEFINED;
  ROOTS(cx, r, promise);
  r->promise = collection_get(cx, value_as_collection(bridge->promises), value_unsigned(number));
  if (value_is_abrupt(r->promise)) return VALUE_ABRUPT;
  return collection_delete(cx, value_as_collection(bridge->promises), value_unsigned(number)) == TRISTATE_ABRUPT
             ? VALUE_ABRUPT
             : r->promise;
}

bool bridge_settle_promise(Context *cx, uint32_t number, Value value, bool is_rejection) {
  ROOTS(cx, r, promise);
  r->promise = take_promise(cx, number);
  if (value_is_abrupt(r->promise)) return false;
  if (!value_is_object(r->promise)) return true;
  // Looking for a `then` in the value is work for the program that called the host. Promises that other programs wait
  // for are settled in any case.
  uint32_t program = ((const Promise *)value_as_object(r->promise))->program;
  program = program_enter(cx, program_is_aborted(cx, program) ? 0 : program);
  bool ok = is_rejection ? promise_reject(cx, value_as_object(r->promise), value)
                         : promise_resolve_in_frame(cx, value_as_object(r->promise), value);
  bool was_aborted = cx->termination == TERMINATION_PROGRAM;
  program_leave(cx, program);
  return ok || was_aborted;
}

Value bridge_make_thrown(Context *cx, Value value) {
  if (!host_of(cx)->bridge->describes_thrown) return value;
  Value text = host_describe_thrown(cx, value);
  return value_is_abrupt(text) && exception_is_catchable(cx) ? exception_take(cx) : text;
}

bool bridge_has_handle(CaissonRuntime *runtime, uint32_t handle) {
  return find_handle(runtime->bridge, handle) != NULL;
}

static void bridge_promise_settled(Context *cx, Value data, Value result, bool is_rejection) {
  CaissonRuntime *runtime = host_of(cx);
  uint32_t handle = (uint32_t)value_as_int(data);
  if (!find_handle(runtime->bridge, handle)) return;  // the message that contained it was never finished
  outcome_deliver(runtime, &(Outcome){.status = is_rejection ? CAISSON_EXCEPTION : CAISSON_OK,
                                      .value = result,
                                      .was_thrown = is_rejection,
                                      .may_wait = true,
                                      .receiver = OUTCOME_OF_PROMISE,
                                      .number = handle});
}

bool bridge_watch_promise(Context *cx, Value promise, uint32_t handle) {
  HostHandle *entry = &host_of(cx)->bridge->handles[place_of(handle)];
  if (entry->is_watched) return true;
  entry->is_watched = true;
  return promise_then_native(cx, value_as_object(promise), bridge_promise_settled, value_int((int32_t)handle));
}
