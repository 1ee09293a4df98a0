// Runs a program natively: unhandled rejections are lines of output, $262 makes realms, and timers fire in order
// without waiting.
//     ordering_probe FILE
#include <stdio.h>
#include <stdlib.h>

#include "host/caisson.h"

enum { MAX_TIMERS = 64, MAX_SOURCE = 64 * 1024 };

typedef struct Timer {
  uint32_t number;
  double due;
} Timer;

typedef struct Loop {
  Timer timers[MAX_TIMERS];
  size_t count;
  double clock;
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

static void on_unhandled(void *user, const char *description, size_t size) {
  (void)user;
  printf("unhandled: %.*s\n", (int)size, description);
}

static void on_timer(void *user, int operation, uint32_t number, double delay, bool repeats) {
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
      .callbacks = {.print = on_print, .timer = on_timer, .unhandled_rejection = on_unhandled},
      .user = &loop,
      .test_hooks = true,
  });
  if (!runtime) fail("cannot create a runtime");
  check(runtime, caisson_evaluate(runtime, source, size, arguments[1], CAISSON_SCRIPT));
  fire_timers(&loop, runtime);
  caisson_destroy(runtime);
  return 0;
}
