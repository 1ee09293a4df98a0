// libFuzzer: any text runs as a program within small limits, as a module when it is no script, and the runtime
// survives it.
#include <stdio.h>
#include <string.h>

#include "host/runtime/caisson.h"
#include "program_mutator.h"

static const char *const modules[] = {"export default 1; export let a = 2; await 0;",
                                      "import * as self from 'b'; export { self as b };"};

static bool load_module(void *user, const char *specifier, char **source, size_t *size, const char **error) {
  (void)user;
  *error = "there is no such module";
  const char *text = specifier[0] == 'a' ? modules[0] : specifier[0] == 'b' ? modules[1] : NULL;
  if (!text || !(*source = strdup(text))) return false;
  *size = strlen(text);
  return true;
}

static char prelude[1 << 16];
static size_t prelude_size;
static void read_prelude(void) {
  FILE *file = fopen(FUZZ_FOLDER "/prelude.js", "rb");
  if (file) prelude_size = fread(prelude, 1, sizeof prelude, file);
  if (file) fclose(file);
  if (prelude_size == 0 || prelude_size == sizeof prelude) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  CaissonOptions options = {.memory_limit = 24u << 20,
                            .stack_limit = 256u << 10,
                            .time_limit = 50,
                            .callbacks = {.load_module = load_module},
                            .test_hooks = true};
  CaissonRuntime *runtime = caisson_create(&options);
  if (!runtime) __builtin_trap();
  if (prelude_size == 0) read_prelude();
  if (caisson_evaluate(runtime, prelude, prelude_size, "prelude", CAISSON_SCRIPT) == CAISSON_EXCEPTION)
    __builtin_trap();
  remember_donor(data, size);
  CaissonStatus status = caisson_evaluate(runtime, (const char *)data, size, "fuzz", CAISSON_SCRIPT);
  if (status == CAISSON_EXCEPTION && strcmp(caisson_error_name(runtime), "SyntaxError") == 0)
    status = caisson_evaluate(runtime, (const char *)data, size, "fuzz", CAISSON_MODULE);
  // What the error says of itself must be readable, too.
  size_t length;
  if (status == CAISSON_EXCEPTION) (void)caisson_result_text(runtime, &length);
  static const char after[] = "6 * 7";
  status = caisson_evaluate(runtime, after, sizeof after - 1, "after", CAISSON_SCRIPT);
  if (status != CAISSON_OK && status != CAISSON_EXCEPTION && status != CAISSON_MEMORY_LIMIT &&
      status != CAISSON_TIME_LIMIT)
    __builtin_trap();
  caisson_destroy(runtime);
  return 0;
}
