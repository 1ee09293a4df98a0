// Frames and fibers.
//
// A frame lies on the VM stack of its fiber: FRAME_WORDS registers of header, then the registers. The caller
// evaluates callee and arguments straight into the place where the callee's frame will be, so a call copies
// nothing. A generator's frame is copied out to its activation on suspension and back on resumption.
//
// The stack of a fiber is a list of chunks; a frame never moves and never spans chunks. When the next frame
// does not fit, its header, `this` and arguments are copied to a new chunk (FRAME_NEW_CHUNK).
//
// What the collector relies on: registers of live frames are scanned; at each collection everything above the
// top frame is zeroed. So a register that a new frame has not written yet holds either zero or a value that was
// alive at, or born after, the last collection: scanning it is safe, and calls need not clear their registers.
// Header words, read as Values when a caller's area is scanned later, are doubles by construction: pointers and flags
// have no tag in their upper bits. Where pointers have 32 bits, two fields share a word, and the one in its upper half
// is always written when a frame is pushed; what is not (`pc`, padding) lies in lower halves. The header of a live
// frame is not scanned as Values, so a word of it that kept an older value would refer to a dead cell one day.
#ifndef CAISSON_FRAME_H
#define CAISSON_FRAME_H

#include "bytecode/code.h"

typedef struct Generator Generator;

enum FrameFlags {
  FRAME_ENTRY = 1,        // return to C
  FRAME_CONSTRUCT = 2,    // a non-object result is replaced by `this`
  FRAME_GENERATOR = 4,    // activation of a generator (sync or async): `generator` is set
  FRAME_ASYNC = 8,        // activation of an async function: `generator` is set
  FRAME_NEW_CHUNK = 16,   // first of its chunk: on return the caller's chunk becomes current
  FRAME_REALM = 32,       // on return cx->realm goes back to the caller's
  FRAME_RESUMED = 64,     // async: continued by a job, nobody waits for its promise here
  FRAME_DELEGATED = 128,  // generator resumed by iterator_next: results are handed over raw
  CALL_TAIL = 256,  // asked of call_values, never in a frame: the callee's frame takes the place of the running one
};

struct Frame {
  Value function;
  Value new_target;
  const Instruction *pc;  // next instruction, kept up to date before anything that can look
  Frame *caller;          // NULL at the bottom of a fiber
  Code *code;
  Environment *environment;
  Generator *generator;
  uint32_t argument_count;
#if UINTPTR_MAX == UINT32_MAX
  uint32_t padding;
#endif
  uint16_t result_register;  // of the caller, pre-scaled
  uint16_t flags;            // the uppermost bits stay 0 (see above)
};
_Static_assert(offsetof(Frame, flags) % sizeof(Value) == 6 &&
                   (sizeof(void *) == 8 || offsetof(Frame, caller) % sizeof(Value) == 4),
               "the upper half of every header word is written");
_Static_assert(sizeof(Frame) == FRAME_WORDS * sizeof(Value), "a word that no frame writes would keep a dead value");

static inline Value *frame_registers(const Frame *frame) { return (Value *)frame + FRAME_WORDS; }
static inline Value *frame_end(const Frame *frame) { return frame_registers(frame) + frame->code->register_count; }
static inline Value *frame_register(const Frame *frame, uint32_t scaled) {
  return (Value *)((char *)frame_registers(frame) + scaled);
}

// Whether the running instruction belongs to strict code: heritage and keys of classes do, whatever is around them.
// Between two charges lies code without loops and calls, which may be as long as its source: a taken backward jump (of
// a negative distance) pays for what it goes round, a call for the body, beyond its own unit.
enum { FUEL_INSTRUCTIONS_SHIFT = 6 };
static inline int32_t fuel_of_jump(int32_t distance) { return -(distance >> FUEL_INSTRUCTIONS_SHIFT); }
static inline int32_t fuel_of_body(const Code *code) {
  return (int32_t)(code->instruction_count >> FUEL_INSTRUCTIONS_SHIFT);
}
bool code_is_strict_at(const Code *code, const Instruction *pc);
static inline bool frame_is_strict(const Frame *frame) {
  if (frame->code->flags & CODE_STRICT) return true;
  return UNLIKELY(value_is_internal(frame->code->strict_parts)) && code_is_strict_at(frame->code, frame->pc);
}

typedef struct StackChunk StackChunk;
struct StackChunk {
  StackChunk *previous, *next;  // `next` is kept for reuse
  Value *end;
  size_t size;  // of the whole block, bytes
  Value base[];
};

typedef void (*FiberCompletion)(Context *cx, Fiber *fiber, Value result, bool is_abrupt);

// A line of execution that can be set aside as a whole while a host function makes it wait.
struct Fiber {
  Fiber *next;  // in the Context's list of all fibers, or of idle ones
  StackChunk *first, *chunk;
  size_t stack_bytes;
  Frame *top;              // while set aside
  Realm *realm;            // while set aside
  uint32_t base_depth;     // native depth at which its base frame runs
  uint16_t wait_register;  // where the answer goes, pre-scaled
  bool is_parked;
  uint64_t number;           // of this use of it, given to the host: none is met again
  uint64_t wait;             // of what it waits for, likewise; 0: nothing
  uint32_t program;          // while set aside
  FiberCompletion complete;  // called when a fiber that was parked ends
  Value data;                // its
};

// Stack --------------------------------------------------------------------------------------------------------
// Room for a frame header, `this` and `count` arguments above the running frame; callee_registers is the callee's
// register_count. NULL: threw (stack limit or memory). *new_chunk tells whether FRAME_NEW_CHUNK is due.
MUST_CHECK Value *stack_reserve(Context *cx, uint32_t count, uint32_t callee_registers, bool *new_chunk);
MUST_CHECK StackChunk *stack_add_chunk(Context *cx, size_t words);
void stack_leave_chunk(Context *cx);
void interpreter_trace_stacks(Context *cx, Tracer *tracer);

MUST_CHECK Fiber *fiber_create(Context *cx);
void fiber_retire_slowly(Context *cx, Fiber *fiber);
void fibers_release_all(Context *cx);

// Calls --------------------------------------------------------------------------------------------------------
typedef enum CallStatus {
  CALL_FINISHED,  // *result is set
  CALL_PUSHED,    // cx->frame is the callee's frame
  CALL_ABRUPT,
  CALL_PARKED,
} CallStatus;

// Any callee in `area`; slow path of the call family. Frames pushed return to `result_register` of cx->frame.
CallStatus call_area(Context *cx, Value *area, uint32_t count, uint16_t result_register, uint16_t flags, Value *result);
// The running frame ends with what the callee returns: a closure's frame takes its place where that is possible.
CallStatus tail_call_area(Context *cx, Value *area, uint32_t count, uint16_t result_register, Value *result);
CallStatus construct_area(Context *cx, Value *area, uint32_t count, Value new_target, uint16_t result_register,
                          uint16_t flags, Value *result);
// A fresh area above the running frame.
CallStatus call_values(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count,
                       uint16_t result_register, uint16_t flags, Value *result);
CallStatus construct_values(Context *cx, Value callee, Value new_target, const Value *arguments, uint32_t count,
                            uint16_t result_register, uint16_t flags, Value *result);
// Pushes the frame of a closure whose area is ready (this set). False: threw.
MUST_CHECK bool frame_push_closure(Context *cx, Value *area, uint32_t count, Closure *closure, Value new_target,
                                   uint16_t result_register, uint16_t flags);
// The `this` of a base constructor.
MUST_CHECK Object *object_create_for_constructor(Context *cx, Value new_target, Closure *closure);
void frame_restore_realm(Context *cx, const Frame *frame);  // to what the caller had
// Pops cx->frame after it returned or was unwound.
void frame_pop(Context *cx);
// What a returning frame hands to its caller, for frames with flags. Pops the frame. `status` tells how the
// interpreter goes on: CALL_PUSHED: cx->frame is the caller and the result is in its register; CALL_FINISHED: back to C
// with *result; CALL_ABRUPT: cx->exception is raised in cx->frame.
CallStatus frame_return(Context *cx, Value value, Value *result);
// Unwinds to the nearest handler, settling what is passed on the way. CALL_PUSHED: cx->frame continues at a handler (or
// after an async call that was rejected); CALL_FINISHED: back to C, with cx->exception as the value; CALL_ABRUPT: the
// exception leaves to C.
CallStatus frame_unwind(Context *cx);

// Running ------------------------------------------------------------------------------------------------------
typedef enum RunStatus {
  RUN_CONTINUES,    // at cx->frame's pc: it may be another frame, and another instruction than the next
  RUN_RETURNED,     // not: the innermost FRAME_ENTRY frame is done, and its value is known
  RUN_THREW,        // where cx->exception is caught, which is raised in cx->frame
  RUN_SLICE_ENDED,  // at the frame's pc, when the limits have been looked at
  RUN_PARKED,       // when the answer is there that a host function waits for
} RunStatus;
typedef enum DispatchEnd {
  DISPATCH_STEP,         // the instruction at the frame's pc is one for interpreter_step
  DISPATCH_SLICE_ENDED,  // the pc is where to go on
  DISPATCH_RETURNED,     // a FRAME_ENTRY frame is done and still to be popped: its value is in its REGISTER_THIS
} DispatchEnd;
// The dispatch loop: runs cx->frame from its pc.
NO_INLINE DispatchEnd interpreter_dispatch(Context *cx);
// Performs the instruction at cx->frame's pc, whatever it takes. RUN_RETURNED: *result is the value.
NO_INLINE RunStatus interpreter_step(Context *cx, Value *result);
// The trampoline around both. `raise`: cx->exception is thrown there to begin with.
Value interpreter_run(Context *cx, bool raise);

Value interpreter_call(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count);
Value interpreter_construct(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count);
// Whether a native called now may return VALUE_PARKED: no C activation of the guest lies in between.
bool fiber_can_park(const Context *cx);
Fiber *fiber_find_parked(const Context *cx, uint64_t wait);  // NULL: none. An answer that comes twice finds nothing
uint64_t fiber_begin_wait(Context *cx);                      // the running fiber is about to wait: the number of that
// How a fiber that was set aside goes on: what it called answers or throws; FIBER_CONTINUE: it was merely paused.
// FIBER_END: its program was aborted, and it is unwound without running anything of the guest.
typedef enum FiberMode { FIBER_ANSWER, FIBER_RAISE, FIBER_CONTINUE, FIBER_END } FiberMode;
Value fiber_resume(Context *cx, Fiber *fiber, Value value, FiberMode mode);
void fibers_end_program(Context *cx, uint32_t program);  // those that are set aside; they tell how they ended
Value interpreter_capture_frames(Context *cx, uint32_t limit, Value above, bool keeps_calls);
void interpreter_describe_expression(Context *cx, Buffer *out);
MUST_CHECK Closure *closure_create(Context *cx, Code *code, Environment *environment);

#endif
