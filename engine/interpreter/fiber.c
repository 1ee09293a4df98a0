// Fibers and their stacks.
#include "interpreter/frame.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/programs.h"

// A small sandbox runs in the first chunk, which is cleared when it is made. Some hundred calls fit into it: a program
// that calls back and forth across the end of a chunk in its innermost loop takes twice the time.
enum { STACK_FIRST_WORDS = 2 * 1024, STACK_CHUNK_WORDS = 8 * 1024 };

static StackChunk *stack_chunk_create(Context *cx, Fiber *fiber, size_t words) {
  size_t left = (cx->stack_limit - MIN_OF(fiber->stack_bytes, cx->stack_limit)) / sizeof(Value) * sizeof(Value);
  size_t least = sizeof(StackChunk) + words * sizeof(Value),
         usual = sizeof(StackChunk) + (fiber->first ? STACK_CHUNK_WORDS : STACK_FIRST_WORDS) * sizeof(Value);
  size_t size = MAX_OF(least, MIN_OF(usual, left));  // the last chunk gets what the limit leaves
  if (size > left) {
    throw_range_error(cx, "stack overflow: calls are nested too deeply");
    return NULL;
  }
  StackChunk *chunk = memory_allocate_zeroed(&cx->memory, size);
  if (!chunk) {
    heap_collect_fully(&cx->heap);
    chunk = memory_allocate_zeroed(&cx->memory, size);
  }
  if (!chunk) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  chunk->size = size;
  chunk->end = (Value *)((char *)chunk + size);
  fiber->stack_bytes += size;
  return chunk;
}

static void stack_chunk_release(Context *cx, Fiber *fiber, StackChunk *chunk) {
  fiber->stack_bytes -= chunk->size;
  memory_release(&cx->memory, chunk, chunk->size);
}

StackChunk *stack_add_chunk(Context *cx, size_t words) {
  Fiber *fiber = cx->fiber;
  StackChunk *next = fiber->chunk->next;
  if (next && (size_t)(next->end - next->base) < words) {
    stack_chunk_release(cx, fiber, next);
    fiber->chunk->next = next = NULL;
  }
  if (!next) {
    next = stack_chunk_create(cx, fiber, words);
    if (!next) return NULL;
    next->previous = fiber->chunk;
    fiber->chunk->next = next;
  }
  fiber->chunk = next;
  cx->stack_end = next->end;
  return next;
}

void stack_leave_chunk(Context *cx) {
  Fiber *fiber = cx->fiber;
  // One spare chunk is kept, for calls that go back and forth across its boundary.
  StackChunk *spare = fiber->chunk->next;
  if (spare) {
    stack_chunk_release(cx, fiber, spare);
    fiber->chunk->next = NULL;
  }
  fiber->chunk = fiber->chunk->previous;
  cx->stack_end = fiber->chunk->end;
}

Value *stack_reserve(Context *cx, uint32_t count, uint32_t callee_registers, bool *new_chunk) {
  size_t words = FRAME_WORDS + MAX_OF((size_t)count + 1, (size_t)callee_registers) + FRAME_WORDS;
  Value *place = cx->frame ? frame_end(cx->frame) : cx->fiber->first->base;
  *new_chunk = false;
  if ((size_t)(cx->stack_end - place) >= words) return place;
  StackChunk *chunk = stack_add_chunk(cx, words);
  if (!chunk) return NULL;
  *new_chunk = true;
  return chunk->base;
}

Fiber *fiber_create(Context *cx) {
  Fiber *fiber = memory_allocate_zeroed(&cx->memory, sizeof *fiber);
  if (!fiber) {
    context_throw_out_of_memory(cx);
    return NULL;
  }
  fiber->first = fiber->chunk = stack_chunk_create(cx, fiber, 0);
  if (fiber->first) return fiber;
  memory_release(&cx->memory, fiber, sizeof *fiber);
  return NULL;
}

static void fiber_unlink(InterpreterState *state, Fiber *fiber) {
  for (Fiber **link = &state->fibers; *link; link = &(*link)->next) {
    if (*link == fiber) {
      *link = fiber->next;
      return;
    }
  }
}

static void fiber_release(Context *cx, Fiber *fiber) {
  for (StackChunk *chunk = fiber->first; chunk;) {
    StackChunk *next = chunk->next;
    stack_chunk_release(cx, fiber, chunk);
    chunk = next;
  }
  memory_release(&cx->memory, fiber, sizeof *fiber);
}

void fiber_retire_slowly(Context *cx, Fiber *fiber) {
  InterpreterState *state = cx->interpreter;
  fiber_unlink(state, fiber);
  fiber->top = NULL;
  fiber->data = fiber->joins = VALUE_UNDEFINED;
  if (state->idle_fibers) {  // one idle fiber is enough
    fiber_release(cx, fiber);
    return;
  }
  while (fiber->first->next) {
    StackChunk *extra = fiber->first->next;
    fiber->first->next = extra->next;
    stack_chunk_release(cx, fiber, extra);
  }
  fiber->chunk = fiber->first;
  fiber->next = NULL;
  state->idle_fibers = fiber;
}

void fibers_release_all(Context *cx) {
  InterpreterState *state = cx->interpreter;
  while (state->fibers) {
    Fiber *fiber = state->fibers;
    state->fibers = fiber->next;
    fiber_release(cx, fiber);
  }
  while (state->idle_fibers) {
    Fiber *fiber = state->idle_fibers;
    state->idle_fibers = fiber->next;
    fiber_release(cx, fiber);
  }
}

static void stack_clear(Value *from, const Value *end) { memset(from, 0, (size_t)((const char *)end - (char *)from)); }

// Scans the frames from `top` down, and clears every register that belongs to no frame: above the top frame, in spare
// chunks, and at the end of each chunk in which the next frame did not fit.
static void fiber_trace(Fiber *fiber, Frame *top, Tracer *tracer) {
  program_note_reachable(tracer_owner(tracer), fiber->program);
  tracer_visit_value(tracer, fiber->data);
  tracer_visit_value(tracer, fiber->joins);
  StackChunk *chunk = top ? fiber->chunk : fiber->first;
  // The area of a call in progress lies inside the registers of the top frame. When a push has reserved an area above
  // it, the caller of the push roots its contents.
  stack_clear(top ? frame_end(top) : chunk->base, chunk->end);
  for (StackChunk *spare = chunk->next; spare; spare = spare->next) stack_clear(spare->base, spare->end);
  Frame *above = NULL;
  for (Frame *frame = top; frame; above = frame, frame = frame->caller) {
    tracer_visit_value(tracer, frame->function);
    tracer_visit_value(tracer, frame->new_target);
    tracer_visit_cell(tracer, frame->code);
    tracer_visit_cell(tracer, frame->environment);
    tracer_visit_cell(tracer, frame->generator);
    Value *registers = frame_registers(frame);
    Value *end = frame_end(frame);
    if (above && (Value *)above >= registers && (Value *)above < end) end = (Value *)above;
    tracer_visit_values(tracer, registers, (size_t)(end - registers));
    if (frame->flags & FRAME_NEW_CHUNK) {
      chunk = chunk->previous;
      stack_clear(frame->caller ? frame_end(frame->caller) : chunk->base, chunk->end);
    }
  }
}

void interpreter_trace_stacks(Context *cx, Tracer *tracer) {
  InterpreterState *state = cx->interpreter;
  if (!state) return;
  for (Fiber *fiber = state->fibers; fiber; fiber = fiber->next) {
    tracer_visit_cell(tracer, fiber->realm);
    fiber_trace(fiber, fiber == cx->fiber ? cx->frame : fiber->top, tracer);
  }
  for (Fiber *fiber = state->idle_fibers; fiber; fiber = fiber->next) fiber_trace(fiber, NULL, tracer);
}
