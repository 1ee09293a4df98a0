// libFuzzer: any bytes as a message of the host. What can be read is a value like any other: it can be shown, cloned
// and written back, and what was written can be read. Functions and proxies in it call a host that answers with the
// same bytes. It is a module of the host, too, whatever kind of answer it is said to be.
#include <stdlib.h>
#include <string.h>

#include "host/boundary/message.h"
#include "host/boundary/message_shapes.h"
#include "host/runtime/module_sources.h"
#include "runtime/errors.h"
#include "runtime/realm.h"

// One runtime serves many inputs: to make it takes longer than to read.
enum { INPUTS_PER_RUNTIME = 500, CALLS_PER_INPUT = 20 };
static CaissonRuntime *runtime;
static unsigned input_count, calls_left;
static const uint8_t *input;
static size_t input_size;
static uint64_t wanted_module;

// The host's answers: errors and values that are messages of the input, what is in a register, none.
static HostCallStatus call(void *user, uint32_t number, int64_t receiver, const uint8_t *message, size_t size,
                           uint64_t wait, uint32_t program, uint32_t depth) {
  (void)user, (void)receiver, (void)message, (void)size, (void)wait, (void)program, (void)depth;
  Bridge *bridge = runtime->bridge;
  if (calls_left == 0) return HOST_CALL_FAILED;
  calls_left--;
  buffer_append(&bridge->inbox, input, input_size);
  if (bridge->inbox.failed) return HOST_CALL_FAILED;
  memcpy(bridge->registers, input, MIN_OF(input_size, sizeof bridge->registers));
  return (HostCallStatus)(number % (HOST_CALL_STOPPED + 1));
}
static HostCallStatus call_with_registers(void *user, uint32_t number, uint32_t count, uint32_t program,
                                          uint32_t depth) {
  return call(user, number, HOST_RECEIVER_NONE, NULL, count, 0, program, depth);
}
static void tell(void *user, OutcomeReceiver receiver, double number, CaissonStatus status, const uint8_t *message,
                 size_t size) {
  (void)user, (void)receiver, (void)number, (void)status, (void)message, (void)size;
}
static void release(void *user, uint32_t number, uint64_t crossings) { (void)user, (void)number, (void)crossings; }
static bool request_module(CaissonRuntime *of, uint64_t request, const Value values[4]) {
  (void)of, (void)values;
  wanted_module = request;
  return true;
}
static const BridgeHost host = {
    .call = call, .call_with_registers = call_with_registers, .tell = tell, .release = release};

static void give_handles(Context *cx) {
  static const char *const names[] = {"fn", "promise", "object"};
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    ROOTS(cx, r, key, value);
    uint32_t handle;
    r->key = key_from_ascii(cx, names[i]);
    r->value = object_get_key(cx, cx->realm->global_object, r->key);
    if (!bridge_guest_handle(cx, r->value, &handle)) __builtin_trap();
  }
}

// Whatever was written by the engine must be a message for it.
static void read_back(Context *cx, Value value) {
  ROOTS(cx, r, copy);
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  bool written = message_write(cx, value, &out);
  r->copy = written ? message_read(cx, out.data, out.size) : VALUE_UNDEFINED;
  if (value_is_abrupt(r->copy) && cx->termination == TERMINATION_NONE) {
    ROOTS(cx, s, error, key, text);
    s->error = exception_take(cx);
    s->key = key_from_ascii(cx, "message");
    s->text = value_is_object(s->error) ? object_peek(value_as_object(s->error), s->key) : VALUE_UNDEFINED;
    if (value_is_string(s->text) && string_equals_ascii(value_as_string(s->text), "malformed message from the host"))
      __builtin_trap();
  } else if (!written && cx->termination == TERMINATION_NONE) {
    (void)exception_take(cx);
  }
  buffer_release(&out);
}

// The first has one key, the second two, the third three: as those of the seeds (tests/fuzz/message-values.mjs).
static void describe_shapes(void) {
  static const char *const descriptions[] = {"\1a", "\1b\1c", "\4then\1g\7getters"};
  for (uint32_t i = 0; i < COUNT_OF(descriptions); i++)
    if (message_describe_shape(runtime, (const uint8_t *)descriptions[i], strlen(descriptions[i])) != i)
      __builtin_trap();
}

static void start(void) {
  static const char before[] =
      "globalThis.counted = 0; globalThis.fn = () => 1; globalThis.promise = Promise.resolve(2); globalThis.object = { "
      "n: 1 };\n"
      "const attempt = (action) => { try { return action(); } catch (error) { if (/malformed/.test(error?.message)) "
      "throw error; } };\n"
      "const quietly = (action) => { try { return action(); } catch { } };\n"
      "const use = (value, depth) => {\n"
      "  quietly(() => value(depth, value)); quietly(() => new value()); quietly(() => value.next()); quietly(() => "
      "value.then(String, String));\n"
      "  quietly(() => { for (const item of value) { if (depth < 2) use(item, depth + 1); break; } });\n"
      "  quietly(() => { for (const key of Object.keys(value)) if (depth < 2) quietly(() => use(value[key], depth + "
      "1)); });\n"
      "  quietly(() => value.method(value)); quietly(() => { value.fresh = value; delete value.fresh; return 'fresh' "
      "in value; });\n"
      "};\n"
      "globalThis.look = (value) => {\n  use(value, 0);\n"
      "  attempt(() => String(value)); attempt(() => structuredClone(value)); attempt(() => JSON.stringify(value));\n"
      "  attempt(() => [...value].map(String)); attempt(() => value.fill?.(1)); attempt(() => "
      "value.buffer?.resize?.(9)); attempt(() => value.stack);\n"
      "  attempt(() => Object.entries(value).map(([key, item]) => [key, typeof item, "
      "Object.prototype.toString.call(item)]));\n"
      "};";
  if (input_count++ % INPUTS_PER_RUNTIME != 0) return;
  if (runtime) caisson_destroy(runtime);
  runtime = caisson_create(&(CaissonOptions){.memory_limit = 24u << 20, .time_limit = 1000});
  if (!runtime) __builtin_trap();
  runtime->bridge->host = &host;
  runtime->request_module_values = request_module;
  if (caisson_evaluate(runtime, before, sizeof before - 1, "before", CAISSON_SCRIPT) != CAISSON_OK) __builtin_trap();
  host_enter(runtime);
  give_handles(&runtime->cx);
  describe_shapes();
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

// The value answers an import of a module of its own, by the kind and type that the input's size chooses.
static void provide_as_module(void) {
  static const char *const sources[] = {
      "import('m' + counted++).then(look, String)",
      "import('m' + counted++, { with: { type: 'json' } }).then(look, String)",
      "import('m' + counted++, { with: { type: 'text' } }).then(look, String)",
      "import('m' + counted++, { with: { type: 'bytes' } }).then(look, String)",
  };
  const char *source = sources[input_size % COUNT_OF(sources)];
  wanted_module = 0;
  if (caisson_evaluate(runtime, source, strlen(source), "import", CAISSON_SCRIPT) != CAISSON_OK || !wanted_module)
    return;
  Context *cx = &runtime->cx;
  host_enter(runtime);
  {
    ROOTS(cx, r, key, value, name);
    r->key = key_from_ascii(cx, "value");
    r->value = object_get_key(cx, cx->realm->global_object, r->key);
    r->key = key_from_ascii(cx, "name");
    r->name = value_is_object(r->value) ? object_peek(value_as_object(r->value), r->key) : r->value;
    ModuleAnswer kind = (ModuleAnswer)(input_size / COUNT_OF(sources) % MODULE_ANSWERS);
    if (!value_is_abrupt(r->value)) (void)host_provide_module(cx, wanted_module, kind, r->value, r->name);
    if (cx->termination == TERMINATION_NONE && cx->exception != VALUE_UNDEFINED) (void)exception_take(cx);
  }
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char after[] = "look(value)";
  start();
  input = data;
  input_size = size;
  calls_left = CALLS_PER_INPUT;
  Context *cx = &runtime->cx;
  host_enter(runtime);
  // A copy of just that size, so that reading past its end is seen.
  uint8_t *bytes = malloc(size ? size : 1);
  if (!bytes) __builtin_trap();
  memcpy(bytes, data, size);
  bool is_read = false;
  {
    ROOTS(cx, r, value, key);
    r->value = message_read(cx, bytes, size);
    free(bytes);
    if (r->value == VALUE_HOLE) __builtin_trap();
    if (value_is_abrupt(r->value)) {
      if (cx->termination == TERMINATION_NONE) (void)exception_take(cx);
    } else {
      r->key = key_from_ascii(cx, "value");
      is_read = object_create_data_property(cx, cx->realm->global_object, r->key, r->value);
      read_back(cx, r->value);
    }
  }
  (void)host_leave(runtime, VALUE_UNDEFINED);
  if (is_read && caisson_evaluate(runtime, after, sizeof after - 1, "after", CAISSON_SCRIPT) == CAISSON_EXCEPTION) {
    size_t length;
    // Unless the host has answered with bytes of its own.
    bool was_called = calls_left < CALLS_PER_INPUT;
    if (strstr(caisson_result_text(runtime, &length), "malformed") && !was_called) __builtin_trap();
  }
  if (is_read) provide_as_module();
  return 0;
}
