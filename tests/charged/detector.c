// Finds work that nobody pays for. The `charged` build counts the edges of the engine's control flow that are taken
// (clang's coverage instrumentation calls the function below at each) and the bytes that library functions move. Every
// unit of fuel pays for EDGES_PER_UNIT of them. When more than `allowance` are unpaid, the stack is written to standard
// error, as addresses in one line that begins with "uncharged"; tests/charged/symbols.mjs makes names of them.
//
// The collector is not counted: it is over too soon to be stopped half-way, and pays afterwards.
#include <execinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fuel.h"

enum { EDGES_PER_UNIT = 64, BYTES_PER_EDGE = 32, DEPTH = 24, REPORTS = 200, IDENTITY = 4 };

static int64_t unpaid, allowance = 2 * 1000 * 1000;
static const Fuel *watched;
static int32_t seen;
static uintptr_t reported[REPORTS];
static unsigned report_count;

__attribute__((constructor)) static void detector_start(void) {
  const char *text = getenv("CAISSON_UNCHARGED_ALLOWANCE");
  if (text) allowance = strtoll(text, NULL, 10);
}

// What was taken from the fuel since the last look. More than then: its owner has looked at the clock.
void fuel_detector_look(const Fuel *fuel) {
  if (fuel == watched && fuel->remaining <= seen) {
    unpaid -= (int64_t)EDGES_PER_UNIT * ((int64_t)seen - fuel->remaining);
    if (unpaid < 0) unpaid = 0;
  } else {
    unpaid = 0;
  }
  watched = fuel;
  seen = fuel->remaining;
}

static __attribute__((noinline)) void detector_report(void) {
  if (watched) fuel_detector_look(watched);
  if (unpaid <= allowance) return;
  unpaid = 0;
  void *stack[DEPTH];
  int depth = backtrace(stack, DEPTH);
  uintptr_t identity = 0;
  for (int i = 2; i < depth && i < 2 + IDENTITY; i++) identity = identity * 31 + ((uintptr_t)stack[i] >> 5);
  for (unsigned i = 0; i < report_count; i++) {
    if (reported[i] == identity) return;
  }
  if (report_count == REPORTS) return;
  reported[report_count++] = identity;
  char line[DEPTH * 20 + 16];
  int length = snprintf(line, sizeof line, "uncharged");
  for (int i = 2; i < depth; i++) length += snprintf(line + length, sizeof line - (size_t)length, " %p", stack[i]);
  fprintf(stderr, "%s\n", line);
}

static inline void detector_count(size_t edges) {
  unpaid += (int64_t)edges;
  if (UNLIKELY(unpaid > allowance)) detector_report();
}

void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard) {
  (void)guard;
  detector_count(1);
}
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) {
  (void)start;
  (void)stop;
}

// Library functions, by the linker's --wrap.
void *__real_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size) {
  if (size > 1024) detector_count(size / BYTES_PER_EDGE);
  return __real_memcpy(to, from, size);
}
void *__real_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size) {
  if (size > 1024) detector_count(size / BYTES_PER_EDGE);
  return __real_memmove(to, from, size);
}
void *__real_memset(void *to, int byte, size_t size);
void *__wrap_memset(void *to, int byte, size_t size);
void *__wrap_memset(void *to, int byte, size_t size) {
  if (size > 1024) detector_count(size / BYTES_PER_EDGE);
  return __real_memset(to, byte, size);
}
int __real_memcmp(const void *a, const void *b, size_t size);
int __wrap_memcmp(const void *a, const void *b, size_t size);
int __wrap_memcmp(const void *a, const void *b, size_t size) {
  int order = __real_memcmp(a, b, size);
  // How far it went is not known; equal texts were read to the end.
  if (size > 1024 && order == 0) detector_count(size / BYTES_PER_EDGE);
  return order;
}
void *__real_memchr(const void *bytes, int byte, size_t size);
void *__wrap_memchr(const void *bytes, int byte, size_t size);
void *__wrap_memchr(const void *bytes, int byte, size_t size) {
  const char *found = __real_memchr(bytes, byte, size);
  size_t read = found ? (size_t)(found - (const char *)bytes) : size;
  if (read > 1024) detector_count(read / BYTES_PER_EDGE);
  return (void *)(uintptr_t)found;
}
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size) {
  if (count * size > 1024) detector_count(count * size / BYTES_PER_EDGE);
  return __real_calloc(count, size);
}
void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size) {
  if (size > 1024) detector_count(size / BYTES_PER_EDGE);
  return __real_realloc(block, size);
}
