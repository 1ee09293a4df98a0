// libFuzzer: any text runs as a program within small limits, and the runtime survives it.
#include <string.h>

#include "host/caisson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  CaissonOptions options = {.memory_limit = 24u << 20, .stack_limit = 256u << 10, .time_limit = 200};
  CaissonRuntime *runtime = caisson_create(&options);
  if (!runtime) __builtin_trap();
  CaissonStatus status = caisson_evaluate(runtime, (const char *)data, size, "fuzz", CAISSON_SCRIPT);
  (void)status;
  static const char after[] = "6 * 7";
  status = caisson_evaluate(runtime, after, sizeof after - 1, "after", CAISSON_SCRIPT);
  if (status != CAISSON_OK && status != CAISSON_EXCEPTION && status != CAISSON_MEMORY_LIMIT) __builtin_trap();
  caisson_destroy(runtime);
  return 0;
}
