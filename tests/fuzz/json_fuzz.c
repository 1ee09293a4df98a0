// libFuzzer: JSON.parse takes any text, and what it accepts is the same after stringify and another parse.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/runtime/caisson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char before[] = "let parsed; try { parsed = JSON.parse(\"";
  static const char after[] =
      "\"); } catch (error) { if (!(error instanceof SyntaxError)) throw error; parsed = 0; }\n"
      "const text = JSON.stringify(parsed); if (JSON.stringify(JSON.parse(text)) !== text) throw new Error(text);";
  char *source = malloc(sizeof before + sizeof after + size * 4);
  if (!source) return 0;
  size_t length = sizeof before - 1;
  memcpy(source, before, length);
  for (size_t i = 0; i < size; i++) length += (size_t)sprintf(source + length, "\\x%02x", data[i]);
  memcpy(source + length, after, sizeof after - 1);
  length += sizeof after - 1;
  CaissonRuntime *runtime = caisson_create(&(CaissonOptions){.memory_limit = 32u << 20, .time_limit = 5000});
  if (!runtime) __builtin_trap();
  CaissonStatus status = caisson_evaluate(runtime, source, length, "fuzz", CAISSON_SCRIPT);
  // Deep nesting may end in a RangeError, which is an exception of the guest's; a difference is ours.
  if (status == CAISSON_EXCEPTION && strcmp(caisson_error_name(runtime), "Error") == 0) __builtin_trap();
  caisson_destroy(runtime);
  free(source);
  return 0;
}
