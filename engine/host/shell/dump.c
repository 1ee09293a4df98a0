// Dumps what each stage of the engine makes of a source text.
#include "host/shell/dump.h"

#include "bytecode/compile.h"
#include "host/runtime/host.h"
#include "interpreter/interpreter.h"
#include "runtime/strings.h"
#include "syntax/ast_dump.h"

// bounded: a tool of the command line.
static bool dump_bytecode(CaissonRuntime *runtime, const char *source, size_t size, const char *name, Buffer *out) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, source, name, code);
  r->source = string_from_utf8(cx, source, size);
  if (value_is_abrupt(r->source)) return false;
  r->name = string_from_utf8(cx, name, strlen(name));
  if (value_is_abrupt(r->name)) return false;
  CompileOptions options = {.source = r->source, .source_name = r->name};
  size_t length = strlen(name);
  bool is_module = length > 4 && strcmp(name + length - 4, ".mjs") == 0;
  r->code = is_module ? compile_module(cx, &options) : compile_script(cx, &options);
  if (value_is_abrupt(r->code)) return false;
  if (!is_module) {
    code_disassemble(cx, (const Code *)value_as_cell(r->code), out);
    return true;
  }
  // Functions that linking puts into the environment are not constants of the module's code.
  const Module *module = value_as_module(r->code);
  code_disassemble(cx, (const Code *)value_as_cell(module->code), out);
  const Values *initial = module_list(module->initial);
  for (uint32_t i = INITIAL_VALUE; i < values_count(initial); i += INITIAL_FIELDS) {
    if (!value_is_internal(initial->items[i])) continue;
    buffer_append_byte(out, '\n');
    code_disassemble(cx, (const Code *)value_as_cell(initial->items[i]), out);
  }
  return true;
}

// Tokens, tree and scopes come from the text alone; a syntax error is part of the dump.
static bool dump_syntax(CaissonRuntime *runtime, const char *stage, const char *source, size_t size, const char *name,
                        Buffer *out) {
  Context *cx = &runtime->cx;
  ROOTS(cx, r, source);
  TextView text;
  r->source = string_from_utf8(cx, source, size);
  if (value_is_abrupt(r->source) || !string_view(cx, value_as_string(r->source), &text)) return false;
  size_t name_length = strlen(name);
  bool is_module = name_length > 4 && strcmp(name + name_length - 4, ".mjs") == 0;
  Arena arena;
  arena_initialize(&arena, &cx->memory);
  if (strcmp(stage, "tokens") == 0) syntax_dump_tokens(text, is_module, &arena, out);
  else {
    ParseOptions options = {.arena = &arena, .fuel = &cx->fuel};
    ParseError error;
    Program *program = is_module ? parse_module(text, &options, &error) : parse_script(text, &options, &error);
    if (!program) buffer_format(out, "%u:%u: %s\n", error.line, error.column, error.message);
    else if (strcmp(stage, "ast") == 0) ast_dump(program, out);
    else scopes_dump(program, out);
  }
  arena_release(&arena);
  return true;
}

bool caisson_dump(CaissonRuntime *runtime, const char *stage, const char *source, size_t size, const char *name,
                  FILE *stream) {
  Context *cx = &runtime->cx;
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  bool known = true, done = true;
  host_enter(runtime);
  if (strcmp(stage, "bytecode") == 0) {
    done = dump_bytecode(runtime, source, size, name, &out);
  } else if (strcmp(stage, "tokens") == 0 || strcmp(stage, "ast") == 0 || strcmp(stage, "scopes") == 0) {
    done = dump_syntax(runtime, stage, source, size, name, &out);
  } else if (strcmp(stage, "shapes") == 0 || strcmp(stage, "gc") == 0) {
    CaissonStatus status = caisson_evaluate(runtime, source, size, name, CAISSON_SCRIPT);
    buffer_format(&out,
                  "status %d\ncache fills %lu\ncache misses %lu\ncollections %lu\nlive bytes %lu\nmemory used %lu\n",
                  (int)status, (unsigned long)cx->interpreter->cache_fills,
                  (unsigned long)cx->interpreter->cache_misses, (unsigned long)cx->heap.collections,
                  (unsigned long)heap_count_live_bytes(&cx->heap), (unsigned long)cx->memory.used);
  } else {
    known = false;
  }
  (void)host_leave(runtime, done ? VALUE_UNDEFINED : VALUE_ABRUPT);
  if (!known) fprintf(stderr, "caisson: --dump=%s: stages are tokens, ast, scopes, bytecode, shapes, gc\n", stage);
  if (known && !done) {
    size_t length;
    const char *text = caisson_result_text(runtime, &length);
    fprintf(stderr, "Uncaught %.*s\n", (int)length, text);
  }
  fwrite(out.data, 1, out.size, stream);
  buffer_release(&out);
  return known && done;
}
