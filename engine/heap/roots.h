// Explicit roots. WebAssembly locals cannot be scanned, so C code that holds heap values across a call
// which may collect keeps them in a named struct on the root stack:
//
//     ROOTS(cx, r, key, value, result);     // r->key, r->value, r->result: Values, zeroed
//     r->key = ...;
//
// The struct is popped when the C scope is left, by any return. Rules:
// 1. A function that takes `Context *cx` may collect (and may throw when it returns a checked bool/Value).
// 2. The CALLER keeps arguments alive: what you pass to such a function must be reachable from a root
//    (your ROOTS, the arguments of your native, a rooted object) for the whole call. A callee therefore
//    roots only what it makes itself.
// 3. What such a function returns must be stored in a root before the next call that may collect. Hence
//    never nest: f(cx, g(cx)) is wrong when f may collect before it has stored its argument.
// 4. Cells never move: C copies of a rooted pointer (String *, Object *) are fine while the root stands.
// Loops here are bounded: a collection is paid for by what it marked and swept (heap_mark, heap_sweep_next).
#ifndef CAISSON_ROOTS_H
#define CAISSON_ROOTS_H

#include "heap/heap.h"

// The stack is a list of chunks, because what is in it does not move: this one, and where the stack had come to in
// those before. Only context_enter_native adds a chunk, and its pair drops it. So a function declares its roots before
// it enters, or in an inner scope that ends before it leaves.
typedef struct __attribute__((aligned(8))) RootStack {
  Value *base, *top, *end;
  struct RootStack *outer;  // at the head of this chunk; NULL: it is the first
  uint32_t depth;           // the native depth for which the chunk was added
} RootStack;

typedef struct RootScope {
  RootStack *stack;
  Value *saved_top;
} RootScope;

static inline RootScope root_scope_enter(RootStack *stack) { return (RootScope){stack, stack->top}; }
static inline void root_scope_leave(RootScope *scope) { scope->stack->top = scope->saved_top; }
// context_enter_native, which sees to it that there is a reserve, guarantees room. Should that ever fail, a trap is
// better than a write beyond the stack.
static inline Value *root_stack_push(RootStack *stack, size_t count) {
  Value *place = stack->top;
  if (UNLIKELY((size_t)(stack->end - place) < count)) __builtin_trap();
  for (size_t i = 0; i < count; i++) place[i] = 0;
  stack->top = place + count;
  return place;
}

#define ROOTS(cx, name, ...)                                                                 \
  RootScope name##_scope __attribute__((cleanup(root_scope_leave), unused)) = root_scope_enter(&(cx)->roots); \
  struct name##_roots {                                                                      \
    Value __VA_ARGS__;                                                                       \
  } *const name = (struct name##_roots *)root_stack_push(&(cx)->roots, sizeof(struct name##_roots) / sizeof(Value))

#endif
