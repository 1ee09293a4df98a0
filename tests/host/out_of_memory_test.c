// Whatever allocation fails, the engine goes on: the guest gets an error or is ended, and the runtime runs the next
// entry. Every program is run with each of its requests for memory refused once, and below limits in small steps.
#include <stdio.h>
#include <stdlib.h>

#include "host/runtime/caisson.h"
#include "host/runtime/host.h"

static const char *const programs[] = {
    "let s = ''; for (let i = 0; i < 300; i++) s += 'text ' + i; s.split(' ').map((x) => "
    "x.toUpperCase()).join('-').length",
    "class A { #x = 1; static y = 2; get z() { return this.#x; } m() { return super.toString(); } } class B extends A "
    "{} new B().m() + new B().z",
    "const m = new Map(), s = new Set(); for (let i = 0; i < 400; i++) { m.set('k' + i, { i }); s.add(i); } "
    "[...m.values()].length + s.size",
    "const o = {}; for (let i = 0; i < 300; i++) o['key' + i] = i; delete o.key7; "
    "JSON.stringify(JSON.parse(JSON.stringify(o))).length",
    "function* g() { for (let i = 0; i < 50; i++) yield i; } async function f() { let n = 0; for await (const x of "
    "g()) n += x; return n; } f().then((x) => x + 1)",
    "[5, 3, 1].sort((a, b) => a - b).concat(Array.from({ length: 500 }, (_, i) => i * 2)).filter((x) => x % "
    "3).reduce((a, b) => a + b)",
    "'2024-01-02'.replace(/(?<y>\\d+)-(?<m>\\d+)/u, (...all) => all.length) + /(a|b)*c/.test('ababab'.repeat(50)) + "
    "[...'abcabc'.matchAll(/b(c)/g)].length",
    "(2n ** 500n).toString().length + new Uint8Array(1000).fill(3).map((x) => x * 2).reduce((a, b) => a + b) + new "
    "Date(0).toISOString()",
    "function f(n) { return n ? f(n - 1) + 1 : 0; } f(3000); try { null.x.y } catch (error) { error.stack.length }",
    "const p = new Proxy({}, { get: (t, k) => k, ownKeys: () => ['a', 'b'] }); p.foo + Reflect.ownKeys(p).length + "
    "Object.keys(structuredClone({ a: [1, { b: 2 }] })).length",
    "Promise.all([1, 2, 3].map(async (x) => { await null; return x; })).finally(() => 0); new WeakRef({}); new "
    "FinalizationRegistry(() => 0).register({}, 1); eval('var q = 1; (() => q)()')",
    "label: for (const { a = 1, ...rest } of [{ b: 2 }, { a: 3 }]) { switch (a) { case 1: continue label; default: "
    "rest.c = `${a}`; } } Symbol('x').description",
};

static CaissonStatus run(CaissonRuntime *runtime, const char *source) {
  return caisson_evaluate(runtime, source, strlen(source), "test.js", CAISSON_SCRIPT);
}

static void check_usable(CaissonRuntime *runtime, size_t program, size_t step) {
  size_t size;
  if (run(runtime, "[1, 2].map((x) => x + 1).join()") == CAISSON_OK &&
      !strcmp(caisson_result_text(runtime, &size), "2,3"))
    return;
  fprintf(stderr, "program %zu, step %zu: the runtime is not usable afterwards\n", program, step);
  exit(1);
}

// Every request fails once, in turn; true when the program ended before the failure was due.
static bool run_with_failure(size_t program, size_t request) {
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){0});
  if (!runtime) exit(1);
  runtime->cx.memory.fail_after = request;
  (void)run(runtime, programs[program]);
  bool finished = runtime->cx.memory.fail_after > 0;
  runtime->cx.memory.fail_after = 0;
  check_usable(runtime, program, request);
  caisson_destroy(runtime);
  return finished;
}

int main(void) {
  size_t failures = 0, starved = 0;
  for (size_t program = 0; program < COUNT_OF(programs); program++) {
    for (size_t request = 1; !run_with_failure(program, request); request += 1 + request / 64) failures++;
    for (size_t limit = 16 << 10; limit < 1 << 20; limit += 9973) {
      CaissonRuntime *runtime = caisson_create(&(CaissonOptions){.memory_limit = limit});
      if (!runtime) continue;
      CaissonStatus status = run(runtime, programs[program]);
      caisson_destroy(runtime);
      if (status == CAISSON_OK || status == CAISSON_WAITING) break;
      starved++;
    }
  }
  // Creating a runtime may fail at each of its requests, too.
  for (size_t limit = 0; limit < 300 << 10; limit += 997)
    caisson_destroy(caisson_create(&(CaissonOptions){.memory_limit = limit + 1}));
  printf("%zu refused requests, %zu runs below their limit\n", failures, starved);
  return failures > 100 && starved > 100 ? 0 : 1;
}
