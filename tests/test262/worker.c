// The native worker of the test262 runner: reads one run per line, performs it in a runtime of its own and answers
// with one line of JSON (the protocol is described in workers.mjs).
//     test262-worker SUITE TIMEOUT_MS [OPERATIONS [prepared]]
// OPERATIONS: programs are paused that often, and continued at once; 0: never. `prepared`: they run as prepared ones.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents.h"
#include "host/runtime/caisson.h"

enum { MAX_HARNESS = 64, MAX_TIMERS = 4096 };

typedef struct Text {
  char *data;
  size_t size;
} Text;

typedef struct HarnessFile {
  char *name;
  Text text;
} HarnessFile;

typedef struct Timer {
  uint64_t number;
  double due;
  double repeat;  // 0: fires once
} Timer;

typedef struct Worker {
  const char *suite;
  double time_limit;
  int32_t pause_after;  // operations; 0: never
  bool is_prepared;
  HarnessFile harness[MAX_HARNESS];
  size_t harness_count;
  Text printed;  // JSON strings divided by commas
  size_t printed_capacity;
  Timer timers[MAX_TIMERS];
  size_t timer_count;
  double clock;  // timers fire in order without waiting, unless other agents are about
  AgentCluster *agents;
} Worker;

static void fail(const char *what, const char *detail) {
  fprintf(stderr, "error: %s %s\n", what, detail);
  exit(2);
}

static bool read_file(const char *folder, const char *name, Text *text) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  fseek(file, 0, SEEK_END);
  text->size = (size_t)ftell(file);
  rewind(file);
  text->data = malloc(text->size + 1);
  if (!text->data || fread(text->data, 1, text->size, file) != text->size) fail("cannot read", path);
  text->data[text->size] = 0;
  fclose(file);
  return true;
}

static const Text *harness_text(Worker *worker, const char *name) {
  for (size_t i = 0; i < worker->harness_count; i++) {
    if (strcmp(worker->harness[i].name, name) == 0) return &worker->harness[i].text;
  }
  if (worker->harness_count == MAX_HARNESS) fail("too many harness files at", name);
  HarnessFile *file = &worker->harness[worker->harness_count++];
  char path[512];
  snprintf(path, sizeof path, "harness/%s", name);
  file->name = strdup(name);
  if (!read_file(worker->suite, path, &file->text)) fail("no harness file", name);
  return &file->text;
}

static void write_json_string(FILE *out, const char *text, size_t size) {
  fputc('"', out);
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
    else if (c < 0x20) fprintf(out, "\\u%04x", c);
    else fputc(c, out);
  }
  fputc('"', out);
}

// Callbacks of the runtime -----------------------------------------------------------------------------------

static void on_print(void *user, CaissonConsoleLevel level, const char *text, size_t size) {
  Worker *worker = user;
  (void)level;
  if (worker->printed.size + size * 6 + 16 > worker->printed_capacity) {
    if (worker->printed.size > (1 << 20)) return;
    worker->printed_capacity = (worker->printed.size + size * 6 + 16) * 2;
    worker->printed.data = realloc(worker->printed.data, worker->printed_capacity);
    if (!worker->printed.data) fail("out of memory", "");
  }
  char *start = worker->printed.data + worker->printed.size;
  FILE *out = fmemopen(start, worker->printed_capacity - worker->printed.size, "w");
  if (worker->printed.size > 0) fputc(',', out);
  write_json_string(out, text, size);
  fflush(out);
  worker->printed.size += (size_t)ftell(out);
  fclose(out);
}

static void on_timer(void *user, int operation, uint64_t number, double delay, bool repeats) {
  Worker *worker = user;
  if (operation == 1) {
    for (size_t i = 0; i < worker->timer_count; i++) {
      if (worker->timers[i].number != number) continue;
      worker->timers[i] = worker->timers[--worker->timer_count];
      return;
    }
  } else if (worker->timer_count < MAX_TIMERS) {
    if (!(delay >= 1)) delay = 1;
    worker->timers[worker->timer_count++] = (Timer){number, worker->clock + delay, repeats ? delay : 0};
  }
}

static bool on_load_module(void *user, const char *specifier, char **source, size_t *size, const char **error) {
  Worker *worker = user;
  Text text;
  size_t length = strlen(specifier);
  bool is_folder = length == 0 || specifier[length - 1] == '/';
  if (is_folder || !read_file(worker->suite, specifier, &text)) {
    *error = "there is no such module";
    return false;
  }
  *source = text.data;
  *size = text.size;
  return true;
}

static CaissonInterrupt on_interrupt(void *user) {
  const Worker *worker = user;
  return worker->pause_after ? CAISSON_PAUSE : CAISSON_GO_ON;
}

// One run ----------------------------------------------------------------------------------------------------

static CaissonStatus continue_to_end(CaissonRuntime *runtime, CaissonStatus status) {
  while (caisson_is_paused(runtime)) {
    CaissonStatus later = caisson_continue(runtime);
    if (status == CAISSON_WAITING || later > CAISSON_WAITING) status = later;
  }
  return status;
}

static CaissonStatus evaluate(CaissonRuntime *runtime, const Text *text, const char *name, CaissonSourceKind kind) {
  return continue_to_end(runtime, caisson_evaluate(runtime, text->data, text->size, name, kind));
}

static bool pump(Worker *worker, CaissonRuntime *runtime, double milliseconds) {
  bool may_come = agents_pump(worker->agents, milliseconds);
  (void)continue_to_end(runtime, CAISSON_OK);
  return may_come;
}

static CaissonStatus fire_timers(Worker *worker, CaissonRuntime *runtime, const Text *printed) {
  CaissonStatus status = CAISSON_OK;
  for (int fired = 0; worker->timer_count > 0 && fired < 10000; fired++) {
    if (printed->size > 0) break;  // the test has reported
    size_t next = 0;
    for (size_t i = 1; i < worker->timer_count; i++) {
      if (worker->timers[i].due < worker->timers[next].due) next = i;
    }
    Timer *timer = &worker->timers[next];
    uint64_t number = timer->number;
    if (agents_are_used(worker->agents)) {
      double delay = timer->due - worker->clock, start = agents_now();
      bool may_come = pump(worker, runtime, delay);
      worker->clock += agents_now() - start;
      if (may_come && worker->clock < timer->due) continue;
    }
    if (timer->due > worker->clock) worker->clock = timer->due;
    if (timer->repeat > 0) timer->due += timer->repeat;
    else *timer = worker->timers[--worker->timer_count];
    status = continue_to_end(runtime, caisson_fire_timer(runtime, number));
    if (status != CAISSON_OK && status != CAISSON_WAITING) break;
  }
  return status;
}

// Waits for what other agents and asynchronous waits still bring.
static CaissonStatus settle(Worker *worker, CaissonRuntime *runtime) {
  CaissonStatus status = CAISSON_OK;
  double limit = agents_now() + worker->time_limit;
  do {
    status = fire_timers(worker, runtime, &worker->printed);
    if (status != CAISSON_OK && status != CAISSON_WAITING) return status;
    bool is_finished = worker->printed.size > 0 || !agents_are_used(worker->agents);
    if (is_finished || !pump(worker, runtime, 100)) break;
  } while (agents_now() < limit);
  return status;
}

static CaissonStatus evaluate_run(Worker *worker, CaissonRuntime *runtime, const char *mode, char *harness,
                                  const char *name) {
  for (char *next, *file = harness; file && *file; file = next) {
    next = strchr(file, ',');
    if (next) *next++ = 0;
    const Text *text = harness_text(worker, file);
    CaissonStatus status = evaluate(runtime, text, file, CAISSON_SCRIPT);
    if (status != CAISSON_OK) return status;
  }
  Text text;
  if (!read_file(worker->suite, name, &text)) fail("no test", name);
  if (strcmp(mode, "strict") == 0) {
    static const char directive[] = "\"use strict\";\n";
    size_t length = sizeof directive - 1;
    char *prefixed = malloc(text.size + length);
    if (!prefixed) fail("out of memory", "");
    memcpy(prefixed, directive, length);
    memcpy(prefixed + length, text.data, text.size);
    free(text.data);
    text = (Text){prefixed, text.size + length};
  }
  CaissonSourceKind kind = strcmp(mode, "module") == 0 ? CAISSON_MODULE : CAISSON_SCRIPT;
  CaissonStatus status = evaluate(runtime, &text, name, kind);
  free(text.data);
  if (status == CAISSON_OK || status == CAISSON_WAITING) {
    CaissonStatus fired = settle(worker, runtime);
    if (fired != CAISSON_OK && fired != CAISSON_WAITING) status = fired;
  }
  return status;
}

static void report(Worker *worker, CaissonRuntime *runtime, long id, CaissonStatus status) {
  static const char *const outcomes[] = {
      [CAISSON_OK] = "ok",
      [CAISSON_EXCEPTION] = "throw",
      [CAISSON_WAITING] = "ok",
      [CAISSON_TIME_LIMIT] = "timeout",
      [CAISSON_INTERRUPTED] = "limit",
      [CAISSON_MEMORY_LIMIT] = "limit",
  };
  printf("{\"id\":%ld,\"outcome\":\"%s\"", id, outcomes[status]);
  if (status != CAISSON_OK && status != CAISSON_WAITING) {
    const char *name = caisson_error_name(runtime);
    size_t size;
    const char *text = caisson_result_text(runtime, &size);
    size_t skip = strlen(name);
    if (skip > 0 && size > skip + 1 && strncmp(text, name, skip) == 0 && text[skip] == ':') {
      text += skip + 2;
      size -= skip + 2;
    }
    printf(",\"name\":");
    write_json_string(stdout, *name ? name : "a value", *name ? strlen(name) : 7);
    printf(",\"message\":");
    write_json_string(stdout, text, size);
  }
  printf(",\"printed\":[%.*s]}\n", (int)worker->printed.size, worker->printed.data ? worker->printed.data : "");
  fflush(stdout);
}

static void perform(Worker *worker, char *line) {
  char *fields[5];
  for (int i = 0; i < 5; i++) {
    fields[i] = line;
    line = line ? strchr(line, i < 4 ? '\t' : '\n') : NULL;
    if (line) *line++ = 0;
    else if (i < 4) fail("a line has too few fields", fields[0]);
  }
  worker->printed.size = 0;
  worker->timer_count = 0;
  worker->clock = 0;
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){
      .memory_limit = (size_t)1 << 30,
      .stack_limit = (size_t)8 << 20,
      .time_limit = worker->time_limit,
      .fuel_slice = worker->pause_after,
      .may_pause = worker->pause_after != 0,
      .callbacks = {.print = on_print, .timer = on_timer, .load_module = on_load_module, .interrupt = on_interrupt},
      .user = worker,
      .test_hooks = true,
      .copies_programs = worker->is_prepared,
  });
  if (!runtime) fail("cannot create a runtime", "");
  worker->agents = agents_open(runtime, strcmp(fields[2], "block") == 0);
  if (!worker->agents) fail("cannot install agents", "");
  CaissonStatus status = evaluate_run(worker, runtime, fields[1], fields[3], fields[4]);
  report(worker, runtime, strtol(fields[0], NULL, 10), status);
  agents_close(worker->agents);
  caisson_destroy(runtime);
}

int main(int argument_count, char **arguments) {
  if (argument_count < 3) fail("usage:", "test262-worker SUITE TIMEOUT_MS [OPERATIONS] < runs");
  static Worker worker;
  worker.suite = arguments[1];
  worker.time_limit = strtod(arguments[2], NULL);
  worker.pause_after = argument_count > 3 ? (int32_t)strtol(arguments[3], NULL, 10) : 0;
  worker.is_prepared = argument_count > 4 && strcmp(arguments[4], "prepared") == 0;
  char *line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, stdin) > 0) perform(&worker, line);
  free(line);
  return 0;
}
