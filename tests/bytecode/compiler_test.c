#include "bytecode/compile.h"
#include "runtime/conversions.h"
#include "runtime/world.h"

static int no_operation(TextView name) { return (void)name, 0; }
static const RuntimeHooks hooks = {.capture_frames = world_no_frames,
                                   .builtin_objects = world_no_builtins,
                                   .trace_code = code_trace,
                                   .empty_caches = code_empty_caches,
                                   .find_intrinsic_operation = no_operation};

static Value try_compile(Context *cx, const char *text, size_t size) {
  ROOTS(cx, r, source);
  cx->hooks = &hooks;
  r->source = string_from_utf8(cx, text, size);
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  CompileOptions options = {.source = r->source, .source_name = VALUE_UNDEFINED};
  return compile_script(cx, &options);
}

static const Code *compile(Context *cx, const char *text) {
  Value code = try_compile(cx, text, strlen(text));
  CHECK(!value_is_abrupt(code));
  return (const Code *)value_as_cell(code);
}

static Buffer disassemble(Context *cx, const char *text) {
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  ROOTS(cx, r, code);
  r->code = value_internal(compile(cx, text));
  code_disassemble(cx, (const Code *)value_as_cell(r->code), &out);
  buffer_append_byte(&out, 0);
  CHECK(!out.failed);
  return out;
}

static void check_contains(Context *cx, const char *text, const char *wanted, bool is_there) {
  Buffer out = disassemble(cx, text);
  if ((strstr((const char *)out.data, wanted) != NULL) != is_there) {
    fprintf(stderr, "%s\n%s `%s` in\n%s", text, is_there ? "missing" : "unexpected", wanted, (const char *)out.data);
    exit(1);
  }
  buffer_release(&out);
}

static void test_locals_are_used_in_place(Context *cx) {
  check_contains(cx, "function f(a, b) { return a + b; }", "add r3, r1, r2", true);
  check_contains(cx, "function f(a) { for (let i = 0; i < 9; i++) a += i; return a; }", "move", false);
  // ... but not where a later operand assigns them.
  check_contains(cx, "function f(a) { return a + (a = 2); }", "move", true);
  check_contains(cx, "function f(a) { return a + a; }", "move", false);
}

static void test_conditions_are_fused(Context *cx) {
  check_contains(cx, "function f(a, b) { if (a < b && !(a > 3)) return 1; }", "jump_if_not_less", true);
  check_contains(cx, "function f(a, b) { if (a < b && !(a > 3)) return 1; }", "jump_if_greater_int", true);
  check_contains(cx, "function f(a) { if (a === undefined || a == null) return 1; }", "load_undefined r2", false);
  check_contains(cx, "function f(a) { while (true) a(); }", "jump_if", false);
}

static void test_switches_on_integers_jump_by_table(Context *cx) {
  check_contains(cx, "switch (x) { case 1: case 2: case 3: case 5: y }", "jump_table", true);
  check_contains(cx, "switch (x) { case 1: case 2: case 3: case 500: y }", "jump_table", false);
}

static void test_tail_calls_are_for_strict_code(Context *cx) {
  check_contains(cx, "function f() { 'use strict'; return g(1); }", "tail_call", true);
  check_contains(cx, "function f() { return g(1); }", "tail_call", false);
  check_contains(cx, "function f() { 'use strict'; try { return g(1); } finally { h() } }", "tail_call", false);
  check_contains(cx, "async function f() { 'use strict'; return g(1); }", "tail_call", false);
}

static void append_many(Buffer *text, const char *what, int count) {
  for (int i = 0; i < count; i++) buffer_append_text(text, what);
}

static Value compile_buffer(Context *cx, Buffer *text) {
  CHECK(!text->failed);
  Value code = try_compile(cx, (const char *)text->data, text->size);
  buffer_release(text);
  return code;
}

static void test_far_jumps(Context *cx) {
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  buffer_append_text(&text, "function f(a, o) { for (const x of o) { if (a < x) { ");
  append_many(&text, "a.b(a, x, 1, 2); ", 9000);
  buffer_append_text(&text, "} for (const k in o) { if (k) continue; else break; } } return a; }");
  CHECK(!value_is_abrupt(compile_buffer(cx, &text)));
}

static void test_long_chains_need_no_stack(Context *cx) {
  static const char *const links[] = {"+ a ", "&& a ", "?? a ", ".b", "[0]", ".c()", "?.d", ".e`x`", ", a"};
  for (size_t i = 0; i < COUNT_OF(links); i++) {
    Buffer text;
    buffer_initialize(&text, &cx->memory);
    buffer_append_text(&text, "var a; a");
    append_many(&text, links[i], 30000);
    CHECK(!value_is_abrupt(compile_buffer(cx, &text)));
  }
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  append_many(&text, "if (a) b; else ", 30000);
  buffer_append_text(&text, "c;");
  CHECK(!value_is_abrupt(compile_buffer(cx, &text)));
}

static void test_many_variables_are_compiled(Context *cx) {
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  buffer_append_text(&text, "function f() { ");
  for (int i = 0; i < 9000; i++) buffer_format(&text, "var v%d; ", i);
  buffer_append_text(&text, "}");
  CHECK(!value_is_abrupt(compile_buffer(cx, &text)));
}

static const char *const everything =
    "'use strict'; let {a, b: [c = 1, ...d], ...e} = f(); class A extends B { #p = 1; static q = 2; get r() { return 1 "
    "}\n"
    "constructor() { super(...d); this.#p++; } static { this.q; } async *m() { yield* a; for await (const x of b) "
    "break; } }\n"
    "switch (a) { case 1: case 2: case 3: case 4: case 'x': try { throw a } catch ({m}) { m } finally { b } }\n"
    "label: for (const x of a) { for (;;) continue label; } `a${b}c`; a?.b?.[c](d); (x => ({ ...x, y() {}, [z]: 1 "
    "}))();\n"
    "async function g() { await 1; using u = a; return 2n ** 3n } f`x`; delete a.b; typeof zz; /x/g; a ?\?= b; a.b ||= "
    "c;";

static void test_refused_memory_is_reported(Context *cx) {
  bool succeeded = false;
  for (size_t i = 1; i < 4000 && !succeeded; i++) {
    cx->memory.fail_after = i;
    Value code = try_compile(cx, everything, strlen(everything));
    cx->memory.fail_after = 0;
    if (value_is_abrupt(code)) {
      cx->termination = TERMINATION_NONE;
      (void)exception_take(cx);
    } else {
      succeeded = true;
    }
  }
  CHECK(succeeded);
}

int main(void) {
  size_t limit = (size_t)512 << 20;
  world_run(test_locals_are_used_in_place, limit);
  world_run(test_conditions_are_fused, limit);
  world_run(test_switches_on_integers_jump_by_table, limit);
  world_run(test_tail_calls_are_for_strict_code, limit);
  world_run(test_far_jumps, limit);
  world_run(test_long_chains_need_no_stack, limit);
  world_run(test_many_variables_are_compiled, limit);
  world_run(test_refused_memory_is_reported, limit);
  return 0;
}
