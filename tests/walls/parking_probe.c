// Runs scripts in one runtime whose guest can be set aside: tests/walls/parking-everywhere.mjs.
//     parking_probe [--wait] [--pause OPERATIONS] FILE...
// --wait: the guest has `wait()`, which sets it aside until those that waited before have been continued; where it
// cannot, it throws. --pause: the guest is paused that often, and continued at once. Any module that is asked for is a
// text that reports to the program. `report(text)` prints; the console prints nothing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/runtime/host.h"
#include "interpreter/frame.h"
#include "runtime/errors.h"
#include "runtime/realm.h"

enum { MAX_WAITS = 1024 };

typedef struct Probe {
  int32_t pause_after;
  uint64_t waits[MAX_WAITS];  // a ring
  uint32_t first, count;
} Probe;

static void fail(const char *what, const char *detail) {
  fprintf(stderr, "parking_probe: %s %s\n", what, detail);
  exit(2);
}

static void on_print(void *user, CaissonConsoleLevel level, const char *text, size_t size) {
  (void)user;
  (void)level;
  (void)text;
  (void)size;
}

static CaissonInterrupt on_interrupt(void *user) {
  return ((const Probe *)user)->pause_after ? CAISSON_PAUSE : CAISSON_GO_ON;
}

static bool on_load_module(void *user, const char *specifier, char **source, size_t *size, const char **error) {
  static const char text[] = "event('the body of a module');\nexport default 1;\n";
  (void)user;
  (void)specifier;
  *size = sizeof text - 1;
  *source = strdup(text);
  *error = "no memory";
  return *source != NULL;
}

static Value wait_for_turn(Context *cx, const Call *call) {
  Probe *probe = host_of(cx)->options.user;
  (void)call;
  if (!fiber_can_park(cx)) return throw_type_error(cx, "wait: it cannot be called inside code that cannot be paused");
  if (probe->count == MAX_WAITS) return throw_range_error(cx, "wait: too many wait");
  probe->waits[(probe->first + probe->count++) % MAX_WAITS] = fiber_begin_wait(cx);
  return VALUE_PARKED;
}

static Value report(Context *cx, const Call *call) {
  Value text = call_argument(call, 0);
  TextView view;
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  if (!value_is_string(text) || !string_view(cx, value_as_string(text), &view)) return VALUE_ABRUPT;
  host_append_utf8(&out, view);
  fwrite(out.data, 1, out.size, stdout);
  fputc('\n', stdout);
  fflush(stdout);
  buffer_release(&out);
  return VALUE_UNDEFINED;
}

static void define(CaissonRuntime *runtime, const char *name, NativeFunction function) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  ROOTS(cx, r, key, function);
  r->key = key_from_ascii(cx, name);
  Object *made = value_is_abrupt(r->key) ? NULL : native_function_create(cx, function, r->key, 0, false);
  if (!made) fail("no memory for", name);
  r->function = value_object(made);
  if (!object_add_property(cx, cx->realm->global_object, r->key, r->function, PROPERTY_HIDDEN)) fail("no", name);
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

static void resume_first(Probe *probe, CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  uint64_t wait = probe->waits[probe->first];
  probe->first = (probe->first + 1) % MAX_WAITS;
  probe->count--;
  host_enter(runtime);
  Fiber *fiber = fiber_find_parked(cx, wait);
  if (fiber) (void)fiber_resume(cx, fiber, VALUE_TRUE, FIBER_ANSWER);
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

static void run_file(Probe *probe, CaissonRuntime *runtime, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot read", path);
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  char *source = malloc(size + 1);
  if (!source || fread(source, 1, size, file) != size) fail("cannot read", path);
  fclose(file);
  const char *slash = strrchr(path, '/');
  CaissonStatus status = caisson_evaluate(runtime, source, size, slash ? slash + 1 : path, CAISSON_SCRIPT);
  free(source);
  for (;;) {
    if (caisson_is_paused(runtime)) status = caisson_continue(runtime);
    else if (probe->count > 0) resume_first(probe, runtime);
    else break;
  }
  if (status == CAISSON_OK || status == CAISSON_WAITING) return;
  size_t length;
  const char *text = caisson_result_text(runtime, &length);
  fprintf(stderr, "parking_probe: %s ended with status %d: %.*s\n", path, (int)status, (int)length, text);
  exit(1);
}

int main(int count, char **arguments) {
  static Probe probe;
  bool waits = false;
  int i = 1;
  for (; i < count && arguments[i][0] == '-'; i++) {
    if (strcmp(arguments[i], "--wait") == 0) waits = true;
    else if (strcmp(arguments[i], "--pause") == 0 && i + 1 < count)
      probe.pause_after = (int32_t)strtol(arguments[++i], NULL, 10);
    else fail("unknown option", arguments[i]);
  }
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){
      .memory_limit = (size_t)1 << 30,
      .fuel_slice = probe.pause_after,
      .may_pause = probe.pause_after != 0,
      .callbacks = {.print = on_print, .interrupt = on_interrupt, .load_module = on_load_module},
      .user = &probe,
  });
  if (!runtime) fail("cannot create", "a runtime");
  define(runtime, "report", report);
  if (waits) define(runtime, "wait", wait_for_turn);
  runtime->cx.replay.is_wanted |= waits;
  for (; i < count; i++) run_file(&probe, runtime, arguments[i]);
  caisson_destroy(runtime);
  return 0;
}
