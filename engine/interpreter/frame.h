// Frames and fibers.
//
// A frame lies on the VM stack of its fiber: FRAME_WORDS registers of header, then the registers. The caller
// evaluates callee and arguments straight into the place where the callee's frame will be, so a call copies
// nothing. A generator's frame is copied out to its activation on suspension and back on resumption.
//
// The stack of a fiber is a list of chunks; a frame never moves and never spans chunks. When the next frame
// does not fit, its header, `this` and arguments are copied to a new chunk (FRAME_NEW_CHUNK).
//
// The collector relies on this: registers of live frames are scanned, and at each collection everything above the top
// frame is zeroed. So a register that a new frame has not written yet holds zero, or a value that was alive at the last
// collection or made since: scanning it is safe, and calls need not clear their registers. When a caller's area is
// scanned later, header words in it are read as Values; they are doubles, since pointers and flags have no tag in their
// upper bits. Where pointers have 32 bits, two fields share a word, and the one in its upper half is always written
// when a frame is pushed; fields that may be unwritten (`pc`, padding) are in lower halves. The header of a live frame
// is not scanned as Values, so an unwritten word would keep an old value, which would one day refer to a dead cell.
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
  FRAME_RESUMED = 64,     // async: a job continued it, nobody waits for its promise here
  FRAME_DELEGATED = 128,  // generator resumed by iterator_next: results are handed over raw
  CALL_TAIL = 256,        // an argument of call_values, never in a frame: the callee's frame replaces the running one
  FRAME_REPLAY = 512,     // the caller's step was abandoned for the call that this frame makes (runtime/replay.h)
};

struct Frame {
  Value function;
  Value new_target;
  const Instruction *pc;  // next instruction, up to date whenever other code can read it
  Frame *caller;          // NULL at the bottom of a fiber
  Code *code;
  Environment *environment;
  Generator *generator;
  uint32_t result_register;  // of the caller, pre-scaled
#if UINTPTR_MAX == UINT32_MAX
  uint32_t padding;
#endif
  uint16_t more_padding;
  uint16_t flags;  // the highest bits stay 0 (see above)
};
_Static_assert(offsetof(Frame, flags) % sizeof(Value) == 6 &&
                   (sizeof(void *) == 8 || (offsetof(Frame, caller) % sizeof(Value) == 4 &&
                                            offsetof(Frame, result_register) % sizeof(Value) == 4)),
               "the uppermost bits of every header word are written");
_Static_assert(sizeof(Frame) == FRAME_WORDS * sizeof(Value), "a word that no frame writes would keep a dead value");

static inline Value *frame_registers(const Frame *frame) { return (Value *)frame + FRAME_WORDS; }
static inline Value *frame_end(const Frame *frame) { return frame_registers(frame) + frame->code->register_count; }
static inline Value *frame_register(const Frame *frame, uint32_t scaled) {
  return (Value *)((char *)frame_registers(frame) + scaled);
}

// Code without loops and calls may be as long as its source. So a taken backward jump (its distance is negative) pays
// for the instructions that it repeats, and a call for the body and the parameters (`body_fuel`), in addition to its
// own unit.
static inline int32_t fuel_of_jump(int32_t distance) { return -(distance >> FUEL_INSTRUCTIONS_SHIFT); }
static inline int32_t fuel_of_body(const Code *code) { return (int32_t)code->body_fuel; }
static inline int32_t fuel_of_registers(const Code *code) {
  return (int32_t)(code->register_count >> FUEL_INSTRUCTIONS_SHIFT);
}
// Where the next instruction after the one at `pc` begins, and that one's operands.
static inline const Instruction *instruction_read(const Instruction *pc, WideInstruction *out) {
  uint32_t a = 0, b = 0, c = 0;
  if (UNLIKELY(pc->opcode == OPCODE_wide)) {
    a = (uint32_t)pc->a << 16, b = (uint32_t)pc->b << 16, c = (uint32_t)pc->c << 16;
    pc++;
  }
  *out = (WideInstruction){a | pc->a, b | pc->b, c | pc->c};
  return pc + 1;
}
// The running instruction is to begin again.
static inline void frame_repeat_instruction(Frame *frame) {
  frame->pc--;
  if (frame->pc > frame->code->instructions && frame->pc[-1].opcode == OPCODE_wide) frame->pc--;
}
// Whether the running instruction belongs to strict code: heritage and keys of classes always do.
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

// A line of execution that can be set aside as a whole while it waits for a host function.
struct Fiber {
  Fiber *next;  // in the Context's list of all fibers, or of idle ones
  StackChunk *first, *chunk;
  size_t stack_bytes;
  Frame *top;              // while set aside
  Realm *realm;            // while set aside
  uint32_t base_depth;     // native depth at which its base frame runs
  uint32_t wait_register;  // where the answer goes, pre-scaled
  bool is_parked;
  uint64_t number;           // of this use of the fiber, given to the host: no number is used again
  uint64_t wait;             // of what it waits for, also unique; 0: nothing
  uint32_t program;          // while set aside
  Value joins;               // Replay.joins, while set aside
  FiberCompletion complete;  // called when a fiber that was parked ends
  Value data;                // for `complete`
};

// Stack --------------------------------------------------------------------------------------------------------
// Room for a frame header, `this` and `count` arguments above the running frame; callee_registers is the callee's
// register_count. NULL: threw (stack limit or memory). *new_chunk: the frame must get FRAME_NEW_CHUNK.
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
  CALL_REPLAYS,  // the step at cx->frame's pc is run again
} CallStatus;

// Calls any callee in `area`; slow path of the call family. Pushed frames return to `result_register` of cx->frame.
CallStatus call_area(Context *cx, Value *area, uint32_t count, uint32_t result_register, uint16_t flags, Value *result);
// The running frame returns the callee's result: where possible, a closure's frame replaces it.
CallStatus tail_call_area(Context *cx, Value *area, uint32_t count, uint32_t result_register, Value *result);
CallStatus construct_area(Context *cx, Value *area, uint32_t count, Value new_target, uint32_t result_register,
                          uint16_t flags, Value *result);
// The same, with the values copied to a fresh area above the running frame.
CallStatus call_values(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count,
                       uint32_t result_register, uint16_t flags, Value *result);
CallStatus construct_values(Context *cx, Value callee, Value new_target, const Value *arguments, uint32_t count,
                            uint32_t result_register, uint16_t flags, Value *result);
// Pushes the frame of a closure whose area is ready (this set). False: threw.
MUST_CHECK bool frame_push_closure(Context *cx, Value *area, uint32_t count, Closure *closure, Value new_target,
                                   uint32_t result_register, uint16_t flags);
// The `this` of a base constructor.
MUST_CHECK Object *object_create_for_constructor(Context *cx, Value new_target, Closure *closure);
void frame_restore_realm(Context *cx, const Frame *frame);  // to the realm of the caller
// Pops cx->frame after it returned or was unwound.
void frame_pop(Context *cx);
// The parameters of a frame with FRAME_REPLAY (builtins/control/replay.js).
enum { REPLAY_FRAME_LOG, REPLAY_FRAME_COUNT, REPLAY_FRAME_JOINS, REPLAY_FRAME_CALLEE };
// Passes the result of a returning frame to its caller, for frames with flags, and pops the frame. CALL_PUSHED:
// cx->frame is the caller, and the result is in its register; CALL_FINISHED: back to C with *result; CALL_ABRUPT:
// cx->exception is raised in cx->frame; CALL_REPLAYS.
CallStatus frame_return(Context *cx, Value value, Value *result);
// Unwinds to the nearest handler, and settles the activations that it passes. CALL_PUSHED: cx->frame continues at a
// handler (or after an async call that was rejected); CALL_FINISHED: back to C, with cx->exception as the value;
// CALL_ABRUPT: the exception leaves to C; CALL_REPLAYS.
CallStatus frame_unwind(Context *cx);

// Running ------------------------------------------------------------------------------------------------------
typedef enum RunStatus {
  RUN_CONTINUES,    // goes on at cx->frame's pc; this may be another frame, and need not be the next instruction
  RUN_RETURNED,     // does not go on: the innermost FRAME_ENTRY frame is done, and its value is known
  RUN_THREW,        // goes on where cx->exception, raised in cx->frame, is caught
  RUN_SLICE_ENDED,  // goes on at the frame's pc when the limits have been checked
  RUN_PARKED,       // goes on when the answer that a host function waits for is there
  RUN_REPLAYS,      // goes on with another run of the step at cx->frame's pc
} RunStatus;
typedef enum DispatchEnd {
  DISPATCH_STEP,         // the instruction at the frame's pc needs interpreter_step
  DISPATCH_SLICE_ENDED,  // goes on at the pc
  DISPATCH_RETURNED,     // a FRAME_ENTRY frame is done but not popped yet: its value is in its REGISTER_THIS
} DispatchEnd;
// The dispatch loop: runs cx->frame from its pc.
NO_INLINE DispatchEnd interpreter_dispatch(Context *cx);
// Performs the instruction at cx->frame's pc completely; cx->replay.state is OPEN or RECORDING. RUN_RETURNED: *result
// is the value.
NO_INLINE RunStatus interpreter_step(Context *cx, Value *result);
// The trampoline around both. `raise`: begins by throwing cx->exception there.
Value interpreter_run(Context *cx, bool raise);

Value interpreter_call(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count);
Value interpreter_construct(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count);
bool interpreter_is_running(Context *cx, Value function);
bool interpreter_is_evaluating(Context *cx, Value module);
// Whether a native called now may return VALUE_PARKED: no C activation of the guest lies in between.
bool fiber_can_park(const Context *cx);
Fiber *fiber_find_parked(const Context *cx, uint64_t wait);  // NULL: none, for example when an answer comes twice
uint64_t fiber_begin_wait(Context *cx);                      // the number of the wait that the running fiber begins
// How a fiber that was set aside goes on: the function that it called answers or throws; FIBER_CONTINUE: it was only
// paused; FIBER_END: its program was aborted, and it is unwound without running guest code.
typedef enum FiberMode { FIBER_ANSWER, FIBER_RAISE, FIBER_CONTINUE, FIBER_END } FiberMode;
Value fiber_resume(Context *cx, Fiber *fiber, Value value, FiberMode mode);
void fibers_end_program(Context *cx, uint32_t program);  // ends those that are set aside; they report how they ended
Value interpreter_capture_frames(Context *cx, uint32_t limit, Value above, bool keeps_calls);
// The innermost frames as UTF-16 text, "\n    at NAME (FILE:LINE:COLUMN)" for each. Allocates nothing, for the guest
// may have no memory left. Returns the length.
uint32_t interpreter_write_stop(Context *cx, const Frame *top, uint16_t *units, uint32_t capacity);
void interpreter_describe_expression(Context *cx, Buffer *out);
MUST_CHECK Closure *closure_create(Context *cx, Code *code, Environment *environment);

#endif
