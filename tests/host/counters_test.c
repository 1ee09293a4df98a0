// Numbers that the host gets: none is met again while an old message of it may be on its way, and an old one finds
// nothing.
#include <stdio.h>
#include <stdlib.h>

#include "host/boundary/message.h"
#include "host/runtime/host.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"

enum { MANY = 450 };  // more than counters of checked builds take to leave 32 bits behind

static uint64_t latest_timer, latest_rejection, handled_rejection, latest_request, latest_wait, released_crossings;
static uint32_t started, rejections, released;

static void expect(bool condition, const char *what) {
  if (condition) return;
  fprintf(stderr, "expected: %s\n", what);
  exit(1);
}

static void on_timer(void *user, int operation, uint64_t timer, double delay, bool repeats) {
  (void)user, (void)delay, (void)repeats;
  if (operation != 0) return;
  expect(timer > latest_timer && timer < UINT64_C(1) << 53, "timers with ever greater numbers");
  latest_timer = timer;
  started++;
}
static void on_unhandled(void *user, uint64_t rejection, const char *description, size_t size) {
  (void)user, (void)description, (void)size;
  expect(rejection > latest_rejection, "rejections with ever greater numbers");
  latest_rejection = rejection;
  rejections++;
}
static void on_handled(void *user, uint64_t rejection) {
  (void)user;
  handled_rejection = rejection;
}
static void on_request(void *user, uint64_t request, const char *specifier, const char *referrer, const char *type) {
  (void)user, (void)specifier, (void)referrer, (void)type;
  expect(request > latest_request, "requests for modules with ever greater numbers");
  latest_request = request;
}
static HostCallStatus on_call(void *user, uint32_t number, int64_t receiver, const uint8_t *message, size_t size,
                              uint64_t wait, uint32_t program, uint32_t depth) {
  (void)user, (void)number, (void)receiver, (void)message, (void)size, (void)program, (void)depth;
  expect(wait > latest_wait, "waits with ever greater numbers");
  latest_wait = wait;
  return HOST_CALL_WAITS;
}
static void on_outcome(void *user, OutcomeReceiver receiver, double number, CaissonStatus status,
                       const uint8_t *message, size_t size) {
  (void)user, (void)receiver, (void)number, (void)status, (void)message, (void)size;
}
static void on_release(void *user, uint32_t number, uint64_t crossings) {
  (void)user, (void)number;
  released++;
  released_crossings = crossings;
}
static const BridgeHost bridge_host = {.call = on_call, .tell = on_outcome, .release = on_release};

static CaissonRuntime *start(void) {
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){.callbacks = {.timer = on_timer,
                                                                           .unhandled_rejection = on_unhandled,
                                                                           .rejection_handled = on_handled,
                                                                           .request_module = on_request}});
  expect(runtime, "a runtime");
  runtime->bridge->host = &bridge_host;
  return runtime;
}

static void run(CaissonRuntime *runtime, const char *source) {
  CaissonStatus status = caisson_evaluate(runtime, source, strlen(source), "test.js", CAISSON_SCRIPT);
  expect(status == CAISSON_OK || status == CAISSON_WAITING, source);
}
static bool is_true(CaissonRuntime *runtime, const char *source) {
  run(runtime, source);
  size_t size;
  return strcmp(caisson_result_text(runtime, &size), "true") == 0;
}

static void test_timers(CaissonRuntime *runtime) {
  run(runtime, "var fired = []; var first = setTimeout(() => fired.push('first'), 1)");
  uint64_t first = latest_timer;
  run(runtime,
      "for (let i = 0; i < 450; i++) { const timer = setTimeout(() => fired.push(i), 1); if (i < 449) "
      "clearTimeout(timer); }");
  expect(started == MANY + 1, "as many timers as were started");
  for (int i = 0; i < 2; i++) expect(caisson_fire_timer(runtime, first) == CAISSON_OK, "a timer that fires");
  expect(caisson_fire_timer(runtime, latest_timer - 1) == CAISSON_OK, "a cancelled timer that is ignored");
  expect(caisson_fire_timer(runtime, latest_timer) == CAISSON_OK, "a timer that fires");
  expect(is_true(runtime, "fired.join() === 'first,449'"), "each of two timers has fired once, no other");
  expect(!caisson_has_timers(runtime), "no timer that is left");
}

static void test_rejections(CaissonRuntime *runtime) {
  run(runtime, "var kept = Promise.reject(0)");
  uint64_t kept = latest_rejection;
  run(runtime, "for (let i = 1; i < 450; i++) Promise.reject(i)");
  expect(rejections == MANY, "as many reports as rejections");
  run(runtime, "kept.catch(() => {})");
  expect(handled_rejection == kept, "the rejection that was handled after all under the number of its report");
}

static void test_module_requests(CaissonRuntime *runtime) {
  run(runtime,
      "var brought = []; import('first').then((m) => brought.push(m.default), (e) => brought.push(e.message))");
  uint64_t first = latest_request;
  static const char one[] = "export default 'one'", two[] = "export default 'two'";
  (void)caisson_provide_module(runtime, first, one, sizeof one - 1, NULL);
  run(runtime, "import('second').then((m) => brought.push(m.default))");
  // The second request stands where the first one stood.
  (void)caisson_provide_module(runtime, first, one, sizeof one - 1, NULL);
  expect(is_true(runtime, "brought.join() === 'one'"), "an answer that came twice brings nothing");
  (void)caisson_provide_module(runtime, latest_request, two, sizeof two - 1, NULL);
  expect(is_true(runtime, "brought.join() === 'one,two'"), "each module from its own answer");
  run(runtime, "for (let i = 0; i < 450; i++) import('many' + i).catch(() => {})");
}

static void resume(CaissonRuntime *runtime, uint64_t wait, int32_t answer) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  Fiber *fiber = fiber_find_parked(cx, wait);
  if (fiber) (void)fiber_resume(cx, fiber, value_int(answer), FIBER_ANSWER);
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

static void define_host_function(CaissonRuntime *runtime, const char *name, uint32_t number) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  ROOTS(cx, r, name, function);
  r->name = key_from_ascii(cx, name);
  r->function = bridge_host_function(cx, number, r->name, 1, 0);
  expect(
      !value_is_abrupt(r->function) && object_create_data_property(cx, cx->realm->global_object, r->name, r->function),
      "a host function");
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

static void test_waits(CaissonRuntime *runtime) {
  define_host_function(runtime, "wait", 3);
  run(runtime, "var answers = []; for (let i = 0; i < 450; i++) answers.push(wait())");
  uint64_t stale = 0;
  for (int32_t i = 0; i < MANY; i++) {
    uint64_t wait = latest_wait;
    if (stale) resume(runtime, stale, -1);  // comes a second time, and finds another wait of the same fiber
    expect(latest_wait == wait, "a stale answer that resumes nothing");
    stale = wait;
    resume(runtime, wait, i);
  }
  expect(is_true(runtime, "answers.length === 450 && answers.every((answer, i) => answer === i)"),
         "each answer once, in order");
  // The fiber has ended and is used again.
  run(runtime, "var after; after = wait()");
  resume(runtime, stale, -1);
  resume(runtime, latest_wait, 7);
  expect(is_true(runtime, "after === 7"), "an answer to the fiber that waits now");
}

static void test_handles(CaissonRuntime *runtime) {
  Context *cx = &runtime->cx;
  run(runtime, "var f = () => 1, g = () => 2");
  host_enter(runtime);
  ROOTS(cx, r, f, g, key);
  r->key = key_from_ascii(cx, "f");
  r->f = object_get_key(cx, cx->realm->global_object, r->key);
  r->key = key_from_ascii(cx, "g");
  r->g = object_get_key(cx, cx->realm->global_object, r->key);
  uint32_t of_f, again, of_g;
  expect(bridge_guest_handle(cx, r->f, &of_f) && bridge_guest_handle(cx, r->f, &again) && of_f == again,
         "one handle for one function");
  bridge_release_handle(runtime, of_f, 1);  // one crossing is still on its way
  expect(bridge_guest_handle(cx, r->g, &of_g) && of_g != of_f, "a handle that is not free is not given out");
  expect(bridge_guest_object(cx, of_f, HANDLE_FUNCTION) == r->f, "the function of a handle that is in use");
  runtime->bridge->handles[of_f].crossings = (uint64_t)UINT32_MAX + 5;
  bridge_release_handle(runtime, of_f, 5);
  expect(bridge_guest_object(cx, of_f, HANDLE_FUNCTION) == r->f, "counts of crossings that do not end at 32 bits");
  expect(value_is_abrupt(bridge_guest_object(cx, of_f, HANDLE_PROMISE)), "a function is no promise");
  (void)exception_take(cx);
  bridge_release_handle(runtime, of_f, UINT64_MAX);
  expect(bridge_guest_handle(cx, r->f, &again) && again != of_f, "a place that is used again has another handle");
  expect(value_is_abrupt(bridge_guest_object(cx, of_f, HANDLE_FUNCTION)), "an old handle finds nothing");
  (void)exception_take(cx);
  bridge_release_handle(runtime, of_f, UINT64_MAX);
  expect(bridge_guest_object(cx, again, HANDLE_FUNCTION) == r->f, "an old handle releases nothing");
  (void)host_leave(runtime, VALUE_UNDEFINED);
}

static void test_host_functions(CaissonRuntime *runtime) {
  define_host_function(runtime, "gone", 5);
  runtime->bridge->functions[5].crossings = (uint64_t)UINT32_MAX + 2;
  run(runtime, "delete globalThis.gone");
  uint32_t before = released;
  caisson_collect(runtime);
  expect(released == before + 1 && released_crossings == (uint64_t)UINT32_MAX + 2,
         "all crossings given back with the function");
}

int main(void) {
  CaissonRuntime *runtime = start();
  test_timers(runtime);
  test_rejections(runtime);
  test_module_requests(runtime);
  test_waits(runtime);
  test_handles(runtime);
  test_host_functions(runtime);
  caisson_destroy(runtime);
  return 0;
}
