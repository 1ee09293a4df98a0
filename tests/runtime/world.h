// A runtime with a bare realm (no built-ins) for unit tests of runtime/.
#ifndef CAISSON_TESTS_WORLD_H
#define CAISSON_TESTS_WORLD_H

#include <stdio.h>
#include <stdlib.h>

#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/realm.h"

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))
static inline void check_failed(const char *what, const char *file, int line) {
  fprintf(stderr, "%s:%d: %s\n", file, line, what);
  exit(1);
}

static Value world_no_frames(Context *cx, uint32_t limit, Value above, bool keeps_calls) {
  (void)cx, (void)limit, (void)above, (void)keeps_calls;
  return VALUE_UNDEFINED;
}
static const struct BuiltinObject *const world_no_builtins[] = {NULL};
static const RuntimeHooks world_hooks = {.capture_frames = world_no_frames, .builtin_objects = world_no_builtins};

static inline Context *world_open(size_t limit) {
  Context *cx = calloc(1, sizeof(Context));
  CHECK(cx && context_initialize(cx, limit, &world_hooks));
  Realm *realm = realm_create(cx);
  CHECK(realm != NULL);
  cx->realm = realm;
  return cx;
}

static inline void world_report(void *sink, const Cell *owner, const Cell *target, const char *problem) {
  (void)sink, (void)target;
  fprintf(stderr, "kind %d %s\n", owner ? owner->kind : 0, problem);
}

static inline void world_close(Context *cx) {
  heap_collect(&cx->heap);
  CHECK(heap_verify(&cx->heap, world_report, NULL) == 0);
  context_release(cx);
  CHECK(cx->memory.used == 0);
  free(cx);
}

static inline void world_run(void (*test)(Context *cx), size_t limit) {
  Context *cx = world_open(limit);
  test(cx);
  world_close(cx);
}

#endif
