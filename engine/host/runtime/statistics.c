// What a runtime tells about itself. Counters are kept as things happen; memory by kind is found by a collection and
// one walk over the heap.
#include "host/runtime/statistics.h"

#include "base/counters.h"
#include "runtime/buffers.h"

static void count_cell(void *sink, Cell *cell, size_t size) {
  double *out = sink;
  switch ((CellKind)cell->kind) {
    case CELL_STRING: out[STATISTIC_MEMORY_STRINGS] += (double)size; return;
    // Contents of buffers are in such cells too; they are counted with their buffers.
    case CELL_BYTES:
    case CELL_CODE:
    case CELL_MODULE:
    case CELL_SCOPE_NAMES: out[STATISTIC_MEMORY_CODE] += (double)size; return;
    case CELL_SHAPE:
    case CELL_PROPERTY_TABLE:
    case CELL_TRANSITIONS: out[STATISTIC_MEMORY_SHAPES] += (double)size; return;
    case CELL_ARRAY_BUFFER: {
      const ArrayBuffer *buffer = (const ArrayBuffer *)cell;
      double own = buffer->bytes ? (double)bytes_size(buffer->bytes) : 0;
      out[STATISTIC_MEMORY_CODE] -= own;
      out[STATISTIC_MEMORY_BUFFERS] += own + (buffer->shared ? (double)buffer->shared->capacity : 0);
      break;
    }
    default: break;
  }
  out[STATISTIC_OBJECTS] += cell->kind >= CELL_OBJECT;
  out[STATISTIC_MEMORY_OBJECTS] += (double)size;
}

void host_gather_statistics(CaissonRuntime *runtime, double out[STATISTIC_COUNT]) {
  Context *cx = &runtime->cx;
  for (int i = 0; i < STATISTIC_COUNT; i++) out[i] = 0;
  heap_collect_fully(&cx->heap);
  heap_for_each_cell(&cx->heap, count_cell, out);
  bool is_entered = runtime->entry_depth > 0;
  out[STATISTIC_MEMORY_USED] = (double)cx->memory.used;
  out[STATISTIC_MEMORY_PEAK] = (double)cx->memory.peak;
  out[STATISTIC_COLLECTIONS] = (double)(cx->heap.collections - COUNTER_BEFORE_FIRST);
  double running = is_entered && runtime->is_timed ? host_monotonic_time() - runtime->timed_since : 0;
  out[STATISTIC_TIME] = runtime->counts.time + MAX_OF(running, 0);
  out[STATISTIC_OPERATIONS] =
      (double)runtime->counts.operations + (is_entered ? (double)(runtime->fuel_granted - cx->fuel.remaining) : 0);
  out[STATISTIC_JOBS] = (double)cx->jobs_run;
  out[STATISTIC_GUEST_CALLS] = (double)runtime->counts.guest_calls;
  out[STATISTIC_HOST_CALLS] = (double)runtime->counts.host_calls;
  out[STATISTIC_TIMERS_PENDING] = (double)host_count_timers(runtime);
  out[STATISTIC_TIMERS_FIRED] = (double)runtime->counts.timers_fired;
}
