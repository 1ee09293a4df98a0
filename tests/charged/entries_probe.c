// Runs entries of hostile programs and tells what each cost: tests/security/intrinsics.mjs.
//
// A frame is a line "KIND SIZE", then SIZE bytes of source. S: a fresh runtime evaluates it without limits, to prepare.
// C: a fork of the prepared process runs the sources in it, separated by bytes of 1, each as an entry of its own. One
// that begins with a byte of 2 prepares more; the others run under the limits (of memory beyond what is in use before)
// and are told of. Per such entry a line: status, processor time in microseconds, growth of the memory counted, growth
// of what is resident in KiB, text. A line "died SIGNAL" ends a fork that did not live; "." ends every frame. T: a line
// with the microseconds of processor time that the system takes to bring a MiB that is touched for the first time.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/runtime/host.h"

static const char *const statuses[] = {"ok", "exception", "waiting", "time", "interrupted", "memory"};

#define UNLIMITED ((size_t)2 << 30)

static double processor_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

// Limits are of processor time here: a busy machine is not the guest's fault.
static CaissonInterrupt out_of_time(void *user) {
  const double *deadline = user;
  return *deadline > 0 && processor_time() > *deadline ? CAISSON_STOP : CAISSON_GO_ON;
}

static long resident(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static double touching_time(void) {
  enum { MEBIBYTES = 16, PAGE = 4096 };
  size_t size = (size_t)MEBIBYTES << 20;
  double start = processor_time();
  char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED) return 0;
  for (size_t at = 0; at < size; at += PAGE) bytes[at] = 1;
  munmap(bytes, size);
  return (processor_time() - start) / MEBIBYTES;
}

static void run_entry(CaissonRuntime *runtime, double *deadline, double limit, size_t memory_limit, const char *source,
                      size_t size) {
  long resident_before = resident();
  Memory *memory = &runtime->cx.memory;
  if (size > 0 && *source == 2) {
    memory->limit = UNLIMITED;
    if (caisson_evaluate(runtime, source + 1, size - 1, "prepare", CAISSON_SCRIPT) != CAISSON_OK) _exit(3);
    caisson_collect(runtime);
    return;
  }
  size_t before = memory->peak = memory->used;
  memory->limit = before + memory_limit;
  double start = processor_time();
  *deadline = start + limit * 1000;
  CaissonStatus status = caisson_evaluate(runtime, source, size, "call", CAISSON_SCRIPT);
  double used = processor_time() - start;
  *deadline = 0;
  size_t length = 0;
  const char *text = status == CAISSON_OK || status == CAISSON_EXCEPTION ? caisson_result_text(runtime, &length) : "";
  const char *line_end = memchr(text, '\n', length);
  if (line_end) length = (size_t)(line_end - text);
  printf("%s %.0f %zu %ld %.*s\n", statuses[status], used, memory->peak - MIN_OF(memory->peak, before),
         resident() - resident_before, (int)MIN_OF(length, (size_t)100), text);
}

static void run_fork(CaissonRuntime *runtime, double *deadline, double limit, size_t memory, const char *sources,
                     size_t size, unsigned patience) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setrlimit(RLIMIT_CPU, &(struct rlimit){patience, patience});
    for (const char *source = sources, *end = sources + size; source < end;) {
      const char *next = memchr(source, 1, (size_t)(end - source));
      if (!next) next = end;
      run_entry(runtime, deadline, limit, memory, source, (size_t)(next - source));
      fflush(stdout);
      source = next + 1;
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("died %d\n", WTERMSIG(status));
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) printf("died exit %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv) {
  double limit = argc > 1 ? strtod(argv[1], NULL) : 50, deadline = 0;
  size_t memory = argc > 2 ? strtoul(argv[2], NULL, 10) : 64u << 20;
  unsigned patience = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 10;
  CaissonRuntime *runtime = NULL;
  char kind;
  size_t size;
  while (scanf("%c %zu", &kind, &size) == 2 && getchar() == '\n') {
    char *source = malloc(size + 1);
    if (!source || fread(source, 1, size, stdin) != size) return 2;
    if (kind == 'S') {
      caisson_destroy(runtime);
      deadline = 0;
      runtime = caisson_create(
          &(CaissonOptions){.memory_limit = UNLIMITED, .user = &deadline, .callbacks = {.interrupt = out_of_time}});
      if (!runtime) return 2;
      CaissonStatus status = caisson_evaluate(runtime, source, size, "prepare", CAISSON_SCRIPT);
      size_t length;
      const char *text = caisson_result_text(runtime, &length);
      printf("%s %.*s\n", statuses[status], (int)length, text);
    } else if (kind == 'T') {
      printf("%.0f\n", touching_time());
    } else {
      run_fork(runtime, &deadline, limit, memory, source, size, patience);
    }
    puts(".");
    fflush(stdout);
    free(source);
  }
  caisson_destroy(runtime);
  return 0;
}
