// Emscripten's library reports growth of the memory to its own JavaScript, which is not shipped: the
// glue sees a detached buffer instead.
#include <stddef.h>

void emscripten_notify_memory_growth(size_t memory_index);
void emscripten_notify_memory_growth(size_t memory_index) { (void)memory_index; }
