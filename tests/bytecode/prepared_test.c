// Prepared programs: what one runtime writes, another one reads as the same code.
#include "bytecode/prepared.h"

#include "bytecode/compile.h"
#include "runtime/conversions.h"
#include "runtime/world.h"

static int no_operation(TextView name) { return (void)name, 0; }
static const RuntimeHooks hooks = {.capture_frames = world_no_frames,
                                   .builtin_objects = world_no_builtins,
                                   .trace_code = code_trace,
                                   .empty_caches = code_empty_caches,
                                   .find_intrinsic_operation = no_operation};

static const char script[] =
    "'use strict'; let {a, b: [c = 1, ...d], ...e} = f(); class A extends B { #p = 1; static q = 2; get r() { return 1 "
    "}\n"
    "constructor() { super(...d); this.#p++; } static { this.q; } async *m() { yield* a; for await (const x of b) "
    "break; } accessor t = 1; @dec u() {} }\n"
    "switch (a) { case 1: case 2: case 3: case 4: case 'x': try { throw a } catch ({m}) { m } finally { b } }\n"
    "label: for (const x of a) { for (;;) continue label; } `a${b}c`; a?.b?.[c](d); (x => ({ ...x, y() {}, [z]: 1 "
    "}))();\n"
    "async function g() { await 1; using u = a; return 2n ** 3n } f`x${1}\\u{1F600}`; delete a.b; typeof zz; /x/gu; a "
    "?\?= b; a.b ||= c; [1, 2.5, -0, 'x', , null, undefined, true]; -12345678901234567890n; 0.1 + NaN;\n"
    "'a long text that is not interned, since it has more than forty-eight units'; 'wide \\u4E2D\\uD800';";
static const char sloppy[] =
    "function f(a, b) { arguments[0]; var x = 1; eval('x'); { let y = 2; (() => eval('y'))(); } with (a) b; "
    "return function inner() { return eval('this.x + \\u4E2D') }; }\n"
    "function \\u4E2D\\u6587(q) { 'use strict'; return q; }  var after; function later() {} async () => await 1;";
static const char module[] =
    "import d, { a as b, 'x y' as c } from './a.js'; import * as ns from './b.json' with { type: 'json' };\n"
    "export * from './c.js'; export { z } from './d.js'; export * as all from './e.js'; export default class {}\n"
    "export function hoisted() { return eval('b'); } export let n = await import.meta.x; import defer * as l from 'l';";

typedef enum Goal { SCRIPT, MODULE } Goal;

static Value compile(Context *cx, const char *text, Goal goal) {
  ROOTS(cx, r, source, name);
  r->source = string_from_utf8(cx, text, strlen(text));
  CHECK(!value_is_abrupt(r->source));
  r->name = string_from_ascii(cx, "x.js");
  CompileOptions options = {.source = r->source, .source_name = r->name};
  return goal == MODULE ? compile_module(cx, &options) : compile_script(cx, &options);
}

static Context *open_world(void) {
  Context *cx = world_open((size_t)256 << 20);
  cx->hooks = &hooks;
  return cx;
}

static Buffer prepare(Context *cx, const char *text, Goal goal) {
  ROOTS(cx, r, program);
  r->program = compile(cx, text, goal);
  CHECK(!value_is_abrupt(r->program));
  Buffer bytes;
  buffer_initialize(&bytes, &cx->memory);
  CHECK(prepared_write(cx, r->program, &bytes));
  return bytes;
}

static const Code *code_of(Value program) {
  const Cell *cell = value_as_cell(program);
  return (const Code *)(cell->kind == CELL_MODULE ? value_as_cell(((const Module *)cell)->code) : cell);
}

static Buffer disassemble(Context *cx, Value program) {
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  code_disassemble(cx, code_of(program), &out);
  CHECK(!out.failed);
  return out;
}

static void check_equal(Buffer *a, Buffer *b) {
  CHECK(a->size == b->size && memcmp(a->data, b->data, a->size) == 0);
  buffer_release(a);
  buffer_release(b);
}

// Another runtime gets the same code, and would write the same bytes of it.
static void test_another_runtime_reads_the_same(const char *text, Goal goal) {
  Context *first = open_world(), *second = open_world();
  {
    ROOTS(first, r, program);
    ROOTS(second, s, name, program);
    r->program = compile(first, text, goal);
    Buffer bytes = prepare(first, text, goal);
    s->name = string_from_ascii(second, "y.js");
    s->program = prepared_read(second, bytes.data, bytes.size, s->name);
    CHECK(!value_is_abrupt(s->program));
    CHECK(value_as_cell(s->program)->kind == (goal == MODULE ? CELL_MODULE : CELL_CODE));
    heap_collect(&second->heap);
    Buffer listed = disassemble(first, r->program), read = disassemble(second, s->program);
    check_equal(&listed, &read);
    Buffer again;
    buffer_initialize(&again, &second->memory);
    CHECK(prepared_write(second, s->program, &again));
    check_equal(&bytes, &again);
    const Record *source = (const Record *)value_as_cell(code_of(s->program)->source);
    CHECK(source->items[SOURCE_NAME] == s->name && value_is_internal(source->items[SOURCE_MODULE]) == (goal == MODULE));
  }
  world_close(first);
  world_close(second);
}

static void test_parts_are_refused(void) {
  Context *cx = open_world();
  {
    ROOTS(cx, r, name);
    r->name = string_from_ascii(cx, "x.js");
    Buffer bytes = prepare(cx, script, SCRIPT);
    for (uint32_t size = 0; size < bytes.size; size++) {
      uint8_t *part = malloc(size);
      CHECK(part || !size);
      if (size) memcpy(part, bytes.data, size);
      if (size >= sizeof(PreparedHeader)) memcpy(part + offsetof(PreparedHeader, size), &size, sizeof size);
      CHECK(value_is_abrupt(prepared_read(cx, part, size, r->name)));
      CHECK(value_is_object(exception_take(cx)));
      free(part);
    }
    // Of another engine.
    bytes.data[0] ^= 1;
    CHECK(value_is_abrupt(prepared_read(cx, bytes.data, bytes.size, r->name)));
    (void)exception_take(cx);
    buffer_release(&bytes);
  }
  world_close(cx);
}

static void test_refused_memory_is_reported(void) {
  Context *first = open_world(), *cx = open_world();
  Buffer bytes = prepare(first, script, SCRIPT);
  bool succeeded = false;
  for (size_t i = 1; i < 4000 && !succeeded; i++) {
    Buffer out;
    buffer_initialize(&out, &cx->memory);
    cx->memory.fail_after = i;
    Value program = prepared_read(cx, bytes.data, bytes.size, VALUE_UNDEFINED);
    bool written = !value_is_abrupt(program) && prepared_write(cx, program, &out);
    cx->memory.fail_after = 0;
    buffer_release(&out);
    if (written) {
      succeeded = true;
    } else {
      cx->termination = TERMINATION_NONE;
      (void)exception_take(cx);
    }
  }
  CHECK(succeeded);
  buffer_release(&bytes);
  world_close(first);
  world_close(cx);
}

int main(void) {
  test_another_runtime_reads_the_same(script, SCRIPT);
  test_another_runtime_reads_the_same(sloppy, SCRIPT);
  test_another_runtime_reads_the_same(module, MODULE);
  test_another_runtime_reads_the_same("", SCRIPT);
  test_parts_are_refused();
  test_refused_memory_is_reported();
  return 0;
}
