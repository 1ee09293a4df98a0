// libFuzzer: any text is parsed, bound and compiled or refused, as script, module, eval code and function body, with
// allocations that fail; what comes out can be disassembled. Nothing runs, so that one runtime serves many inputs.
#include <stdlib.h>

#include "bytecode/compile.h"
#include "host/runtime/host.h"
#include "runtime/errors.h"
#include "runtime/names.h"

enum { MODE_KINDS = 3, MODE_STRICT = 4, MODE_FAIL = 8, MODE_WIDE = 16 };

static Value compile_as(Context *cx, unsigned mode, Value source) {
  CompileOptions options = {.source = source, .source_name = VALUE_UNDEFINED, .is_strict = (mode & MODE_STRICT) != 0};
  switch (mode & MODE_KINDS) {
    case 0: return compile_script(cx, &options);
    case 1: return compile_module(cx, &options);
    case 2:
      options.is_direct_eval = options.in_function = true;
      options.in_method = options.in_derived_constructor = (mode & MODE_WIDE) != 0;
      return compile_eval(cx, &options);
    default:
      return compile_dynamic_function(cx, (DynamicFunctionKind)(mode >> 5 & 3), cx->names->empty, source,
                                      VALUE_UNDEFINED);
  }
}

static void compile(CaissonRuntime *runtime, unsigned mode, size_t fail_after, const uint8_t *data, size_t size) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  ROOTS(cx, r, source, code);
  if (mode & MODE_WIDE) {
    uint16_t *units = malloc(size + 2);
    if (!units) return;
    for (size_t i = 0; i < size / 2; i++) units[i] = (uint16_t)(data[2 * i] | data[2 * i + 1] << 8);
    r->source = string_from_view(cx, text_view_wide(units, (uint32_t)(size / 2)));
    free(units);
  } else {
    r->source = string_from_utf8(cx, (const char *)data, size);
  }
  if (!value_is_abrupt(r->source)) {
    cx->memory.fail_after = mode & MODE_FAIL ? fail_after : 0;
    r->code = compile_as(cx, mode, r->source);
    cx->memory.fail_after = 0;
    if (value_is_internal(r->code) && value_as_cell(r->code)->kind == CELL_CODE) {
      Buffer text;
      buffer_initialize(&text, &cx->memory);
      code_disassemble(cx, (const Code *)value_as_cell(r->code), &text);
      buffer_release(&text);
    }
  }
  (void)host_leave(runtime, value_is_abrupt(r->code) || value_is_abrupt(r->source) ? VALUE_ABRUPT : VALUE_UNDEFINED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static CaissonRuntime *runtime;
  static unsigned runs;
  if (size < 2) return 0;
  // A fresh one now and then: atoms stay for as long as the runtime.
  if (runtime && ++runs % 2000 == 0) {
    caisson_destroy(runtime);
    runtime = NULL;
  }
  if (!runtime) runtime = caisson_create(&(CaissonOptions){.memory_limit = 256u << 20, .time_limit = 5000});
  if (!runtime) __builtin_trap();
  compile(runtime, data[0], (size_t)data[1] * 4 + 1, data + 2, size - 2);
  return 0;
}
