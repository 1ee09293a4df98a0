// Runs a program natively: what the host hears of rejections are lines of output, $262 makes realms, and timers fire in
// order without waiting.
//     ordering_probe FILE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/runtime/caisson.h"

enum { MAX_TIMERS = 64, MAX_REJECTIONS = 64, MAX_REASON = 100, MAX_SOURCE = 64 * 1024 };

typedef struct Timer {
  uint64_t number;
  double due;
} Timer;

typedef struct Loop {
  Timer timers[MAX_TIMERS];
  size_t count;
  double clock;
  char reasons[MAX_REJECTIONS][MAX_REASON];  // by the rejection's number
} Loop;

static void fail(const char *what) {
  fprintf(stderr, "ordering_probe: %s\n", what);
  exit(2);
}

static void on_print(void *user, CaissonConsoleLevel level, const char *text, size_t size) {
  (void)user;
  (void)level;
  printf("%.*s\n", (int)size, text);
}

static void on_unhandled(void *user, uint64_t rejection, const char *description, size_t size) {
  Loop *loop = user;
  if (rejection >= MAX_REJECTIONS || size >= MAX_REASON) fail("no such rejections here");
  memcpy(loop->reasons[rejection], description, size);
  printf("unhandled: %.*s\n", (int)size, description);
}

static void on_handled(void *user, uint64_t rejection) {
  const Loop *loop = user;
  printf("handled: %s\n", loop->reasons[rejection]);
}

static void on_timer(void *user, int operation, uint64_t number, double delay, bool repeats) {
  Loop *loop = user;
  if (operation != 0 || repeats || loop->count == MAX_TIMERS) fail("no such timers here");
  loop->timers[loop->count++] = (Timer){number, loop->clock + (delay >= 1 ? delay : 1)};
}

static void check(CaissonRuntime *runtime, CaissonStatus status) {
  size_t size;
  if (status != CAISSON_OK && status != CAISSON_WAITING) fail(caisson_result_text(runtime, &size));
}

// The earliest one first; of those due together, the one started first.
static void fire_timers(Loop *loop, CaissonRuntime *runtime) {
  while (loop->count > 0) {
    size_t next = 0;
    for (size_t i = 1; i < loop->count; i++) {
      if (loop->timers[i].due < loop->timers[next].due) next = i;
    }
    Timer timer = loop->timers[next];
    loop->count--;
    for (size_t i = next; i < loop->count; i++) loop->timers[i] = loop->timers[i + 1];
    loop->clock = timer.due;
    check(runtime, caisson_fire_timer(runtime, timer.number));
  }
}

int main(int argument_count, char **arguments) {
  static char source[MAX_SOURCE];
  FILE *file = argument_count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (!file) fail("usage: ordering_probe FILE");
  size_t size = fread(source, 1, sizeof source, file);
  fclose(file);
  if (size == sizeof source) fail("the program is too long");
  Loop loop = {.count = 0};
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){
      .callbacks =
          {.print = on_print, .timer = on_timer, .unhandled_rejection = on_unhandled, .rejection_handled = on_handled},
      .user = &loop,
      .test_hooks = true,
  });
  if (!runtime) fail("cannot create a runtime");
  check(runtime, caisson_evaluate(runtime, source, size, arguments[1], CAISSON_SCRIPT));
  fire_timers(&loop, runtime);
  caisson_destroy(runtime);
  return 0;
}
