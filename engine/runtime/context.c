#include "runtime/context.h"

#include "base/counters.h"
#include "runtime/buffers.h"
#include "runtime/cell_types.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"
#include "runtime/shapes.h"

enum {
#ifdef CAISSON_CHECKED
  // Every activation that finds anything on the root stack adds a chunk.
  FIRST_ROOTS = NATIVE_ROOTS_RESERVE,  // Values
  MORE_ROOTS = NATIVE_ROOTS_RESERVE,
#else
  FIRST_ROOTS = NATIVE_ROOTS_RESERVE + 160,
  MORE_ROOTS = 4 * NATIVE_ROOTS_RESERVE,
#endif
#ifdef __wasm__
  // The engine cannot see the host's stack in WebAssembly. Optimized code takes up to 3 KB of it per level, and hosts
  // give about 984 KB.
  NATIVE_DEPTH_LIMIT = 200,
#else
  NATIVE_DEPTH_LIMIT = 400,
#endif
  OUT_OF_MEMORY_SLACK = 64 * 1024,
  OUT_OF_MEMORY_PATIENCE = 64,  // errors in one entry before the guest is stopped
  FUEL_DEFAULT = 1 << 30,
  STACK_LIMIT_DEFAULT = 1 << 20,
};

static bool fuel_refill_unlimited(Fuel *fuel) {
  fuel->remaining = FUEL_DEFAULT;
  return true;
}

static void context_trace_roots(void *owner, Tracer *tracer) {
  Context *cx = owner;
  for (const RootStack *chunk = &cx->roots; chunk; chunk = chunk->outer)
    tracer_visit_values(tracer, chunk->base, (size_t)(chunk->top - chunk->base));
  tracer_visit_value(tracer, cx->exception);
  tracer_visit_value(tracer, cx->absent_holder);
  tracer_visit_value(tracer, cx->symbol_registry);
  tracer_visit_value(tracer, cx->kept_alive);
  tracer_visit_value(tracer, cx->finalization_queue);
  tracer_visit_value(tracer, cx->atomics_waiters);
  tracer_visit_cell(tracer, cx->ready_modules);
  tracer_visit_value(tracer, cx->self_hosted_codes);
  if (cx->names) tracer_visit_values(tracer, (const Value *)cx->names, sizeof(Names) / sizeof(Value));
  if (cx->single_units) tracer_visit_values(tracer, cx->single_units, SINGLE_UNITS);
  tracer_visit_cell(tracer, cx->realm);
  tracer_visit_value(tracer, cx->replay.log);
  tracer_visit_value(tracer, cx->replay.spare_log);
  tracer_visit_value(tracer, cx->replay.answerer);
  tracer_visit_value(tracer, cx->replay.callee);
  tracer_visit_value(tracer, cx->replay.this_value);
  tracer_visit_value(tracer, cx->replay.new_target);
  tracer_visit_value(tracer, cx->replay.arguments);
  tracer_visit_value(tracer, cx->replay.joins);
  tracer_visit_value(tracer, cx->replay.joins_left);
  jobs_trace(cx, tracer);
  if (cx->hooks && cx->hooks->trace_extra_roots) cx->hooks->trace_extra_roots(cx, tracer);
}

static void context_close_memory_slack(Context *cx) {
  if (cx->memory_slack && cx->memory.used <= cx->memory.limit - 2 * cx->memory_slack) {
    cx->memory.limit -= cx->memory_slack;
    cx->memory_slack = 0;
  }
}

static void context_clear_weak_roots(void *owner, Heap *heap) {
  Context *cx = owner;
  atoms_begin_clearing(cx);
  root_shapes_begin_clearing(cx);
  stub_cache_clear(cx);
  index_orders_clear(cx);
  cx->line_table = (LineTable){0};
  buffers_clear_weak(cx, heap);
  programs_clear_weak(cx);
  Realm **place = &cx->first_realm;
  while (*place) {
    if (heap_is_marked(heap, *place)) {
      place = &(*place)->next;
    } else {
      *place = (*place)->next;
    }
  }
  if (cx->hooks && cx->hooks->clear_weak_roots) cx->hooks->clear_weak_roots(cx, heap);
  context_close_memory_slack(cx);
}

static bool context_clear_weak_roots_partly(void *owner, Heap *heap, size_t entries) {
  return atoms_clear_some(owner, heap, entries) && root_shapes_clear_some(owner, heap, entries);
}

bool context_initialize(Context *cx, size_t memory_limit, const RuntimeHooks *hooks) {
  memory_initialize(&cx->memory, memory_limit);
  bool made = heap_initialize(&cx->heap, &cx->memory, cell_types, cx);
  cx->heap.trace_roots = context_trace_roots;
  cx->heap.clear_weak_roots = context_clear_weak_roots;
  cx->heap.clear_weak_roots_partly = context_clear_weak_roots_partly;
  cx->hooks = hooks;
  cx->fuel = (Fuel){FUEL_DEFAULT, fuel_refill_unlimited};
  cx->memory.fuel = &cx->fuel;
  cx->native_depth_limit = NATIVE_DEPTH_LIMIT;
  cx->stack_limit = STACK_LIMIT_DEFAULT;
  cx->exception = cx->symbol_registry = cx->kept_alive = cx->finalization_queue = cx->settling = VALUE_UNDEFINED;
  cx->atomics_waiters = VALUE_UNDEFINED;
  cx->self_hosted_codes = cx->absent_holder = VALUE_UNDEFINED;
  cx->replay.log = cx->replay.spare_log = cx->replay.answerer = VALUE_UNDEFINED;
  cx->replay.callee = cx->replay.this_value = cx->replay.new_target = cx->replay.arguments = VALUE_UNDEFINED;
  cx->replay.joins = cx->replay.joins_left = VALUE_UNDEFINED;
  cx->prototype_epoch = COUNTER_FIRST_32;
  cx->symbol_counter = COUNTER_BEFORE_FIRST;
  cx->module_async_counter = cx->heap.collections = COUNTER_BEFORE_FIRST;
  cx->random_state[0] = UINT64_C(0x9E3779B97F4A7C15);
  cx->random_state[1] = UINT64_C(0xD1B54A32D192ED03);
  // When even these do not fit into memory, the result says so, not an exception.
  cx->throwing_out_of_memory = true;
  cx->roots.base = cx->roots.top = memory_allocate(&cx->memory, FIRST_ROOTS * sizeof(Value));
  if (cx->roots.base) cx->roots.end = cx->roots.base + FIRST_ROOTS;
  made = made && cx->roots.base && atoms_initialize(cx) && root_shapes_initialize(cx) && jobs_initialize(cx) &&
         names_create(cx);
  cx->throwing_out_of_memory = false;
  cx->termination = TERMINATION_NONE;
  if (!made) context_release(cx);
  return made;
}

// A chunk begins with the state of the stack before it.
static const size_t roots_chunk_size = sizeof(RootStack) + MORE_ROOTS * sizeof(Value);

static void roots_drop_chunk(Context *cx) {
  RootStack *chunk = cx->roots.outer;
  cx->roots = *chunk;
  memory_release(&cx->memory, chunk, roots_chunk_size);
}

void context_drop_roots(Context *cx) {
  ASSERT(cx->roots.top == cx->roots.base);
  roots_drop_chunk(cx);
}

bool context_enter_native_slowly(Context *cx) {
  if (cx->native_depth >= cx->native_depth_limit) {
    throw_error(cx, ERROR_RANGE, "stack overflow: calls are nested too deeply");
    return false;
  }
  RootStack *chunk = memory_allocate(&cx->memory, roots_chunk_size);
  if (!chunk) {
    context_throw_out_of_memory(cx);
    return false;
  }
  *chunk = cx->roots;
  Value *base = (Value *)(chunk + 1);
  cx->native_depth++;
  cx->roots = (RootStack){base, base, base + MORE_ROOTS, chunk, cx->native_depth};
  return true;
}

void context_release(Context *cx) {
  buffers_release(cx);
  atoms_release(cx);
  root_shapes_release(cx);
  stub_cache_release(cx);
  jobs_release(cx);
  programs_release(cx);
  memory_release(&cx->memory, cx->names, sizeof(Names));
  cx->names = NULL;
  memory_release(&cx->memory, cx->single_units, SINGLE_UNITS * sizeof(Value));
  cx->single_units = NULL;
  while (cx->roots.outer) roots_drop_chunk(cx);
  memory_release(&cx->memory, cx->roots.base, FIRST_ROOTS * sizeof(Value));
  cx->roots = (RootStack){0};
  heap_release(&cx->heap);
}

// A part takes a few times as long as a unit even when its memory is touched for the first time.
enum { BYTES_PART = 1 << 20 };

bool context_move_bytes(Context *cx, void *to, const void *from, size_t size) {
  uint8_t *target = to;
  const uint8_t *source = from;
  bool backwards = target > source && target < source + size;
  for (size_t left = size; left > 0;) {
    size_t part = MIN_OF(left, (size_t)BYTES_PART), at = backwards ? left - part : size - left;
    if (!context_charge_bytes(cx, part, CHARGE_COPY)) return false;
    memmove(target + at, source + at, part);
    left -= part;
  }
  return true;
}

bool context_fill_bytes(Context *cx, void *to, int byte, size_t size) {
  for (size_t done = 0; done < size;) {
    size_t part = MIN_OF(size - done, (size_t)BYTES_PART);
    if (!context_charge_bytes(cx, part, CHARGE_COPY)) return false;
    memset((uint8_t *)to + done, byte, part);
    done += part;
  }
  return true;
}

// Stops every loop that allocates. After termination, code that unwinds may still allocate.
static NO_INLINE void *context_allocate_slowly(Context *cx, CellKind kind, size_t size) {
  if (UNLIKELY(cx->fuel.remaining < 0) && cx->termination == TERMINATION_NONE && !cx->fuel.refill(&cx->fuel)) {
    context_throw_interrupted(cx);
    return NULL;
  }
  if (UNLIKELY(size > 1024)) fuel_spend(&cx->fuel, size / 128);
  void *cell = heap_allocate_slowly(&cx->heap, (uint8_t)kind, size);
  if (UNLIKELY(!cell)) context_throw_out_of_memory(cx);
  return cell;
}

void *context_allocate(Context *cx, CellKind kind, size_t size) {
  void *cell = heap_allocate_quickly(&cx->heap, (uint8_t)kind, size);
  return LIKELY(cell != NULL) ? cell : context_allocate_slowly(cx, kind, size);
}

void context_stop(Context *cx, Termination reason) {
  bool is_first = cx->termination == TERMINATION_NONE;  // code that unwinds may run into another limit
  cx->termination = reason;
  if (cx->hooks && cx->hooks->note_stop) cx->hooks->note_stop(cx, is_first);
}

static Value context_terminate_out_of_memory(Context *cx) {
  context_stop(cx, TERMINATION_MEMORY);
  cx->exception = VALUE_UNDEFINED;
  return VALUE_ABRUPT;
}

// The first failure raises the limit a little, so that the error object can be made and the guest can handle it. The
// guest's run ends when it fails again before a collection has brought usage back below the limit, or when it fails
// again and again. Each failure has cost a collection, so the next charge of fuel looks at the clock.
Value context_throw_out_of_memory(Context *cx) {
  if (cx->throwing_out_of_memory) return context_terminate_out_of_memory(cx);
  cx->fuel.remaining = MIN_OF(cx->fuel.remaining, 0);
  if (++cx->out_of_memory_errors > OUT_OF_MEMORY_PATIENCE) return context_terminate_out_of_memory(cx);
  if (cx->memory_slack) {
    heap_collect_if_stale(&cx->heap);
    context_close_memory_slack(cx);
    if (cx->memory_slack) return context_terminate_out_of_memory(cx);
  }
  cx->memory_slack = OUT_OF_MEMORY_SLACK;
  cx->memory.limit += OUT_OF_MEMORY_SLACK;
  cx->throwing_out_of_memory = true;
  throw_error(cx, ERROR_RANGE, "out of memory");
  cx->throwing_out_of_memory = false;
  return VALUE_ABRUPT;
}

void context_reclaim_memory(Context *cx, size_t size) {
  heap_collect_fully(&cx->heap);
  bool fits = cx->memory.used <= cx->memory.limit && size <= cx->memory.limit - cx->memory.used;
  if (fits || cx->memory_slack >= 2 * OUT_OF_MEMORY_SLACK) return;
  cx->memory_slack += OUT_OF_MEMORY_SLACK;
  cx->memory.limit += OUT_OF_MEMORY_SLACK;
}

Value context_throw_interrupted(Context *cx) {
  if (cx->termination == TERMINATION_NONE) context_stop(cx, TERMINATION_INTERRUPT);
  cx->exception = VALUE_UNDEFINED;
  return VALUE_ABRUPT;
}
