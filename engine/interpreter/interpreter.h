// The interpreter's state in a Context, and the slow paths that steps call.
#ifndef CAISSON_INTERPRETER_H
#define CAISSON_INTERPRETER_H

#include "interpreter/frame.h"

typedef struct InterpreterState {
  Fiber *fibers;  // running and parked
  Fiber *idle_fibers;
  uint64_t fiber_counter;  // numbers fibers and their waits: it stays below 2^53, to which no machine counts
  // Inline-cache statistics for --dump=shapes; counted in slow paths, and in fast ones of checked builds.
  uint64_t cache_misses, cache_fills;
} InterpreterState;
// A fiber that runs from now on. NULL: threw.
static inline MUST_CHECK Fiber *fiber_acquire(Context *cx) {
  InterpreterState *state = cx->interpreter;
  Fiber *fiber = state->idle_fibers;
  if (LIKELY(fiber != NULL)) {
    state->idle_fibers = fiber->next;
  } else {
    fiber = fiber_create(cx);
    if (!fiber) return NULL;
  }
  fiber->number = ++state->fiber_counter;
  fiber->wait = 0;
  fiber->next = state->fibers;
  state->fibers = fiber;
  fiber->top = NULL;
  fiber->complete = NULL;
  fiber->data = fiber->joins = VALUE_UNDEFINED;
  fiber->is_parked = false;
  return fiber;
}
// The fiber's stack is empty again.
static inline void fiber_retire(Context *cx, Fiber *fiber) {
  InterpreterState *state = cx->interpreter;
  if (UNLIKELY(state->fibers != fiber || state->idle_fibers || fiber->first->next)) {
    fiber_retire_slowly(cx, fiber);
    return;
  }
  state->fibers = fiber->next;
  fiber->top = NULL;
  fiber->data = fiber->joins = VALUE_UNDEFINED;
  fiber->next = NULL;
  state->idle_fibers = fiber;
}
MUST_CHECK bool interpreter_initialize(Context *cx);
void interpreter_release(Context *cx);

// Property sites (property_sites.c). An accessor that is a closure is pushed as a frame (stackless).
CallStatus site_get_property(Context *cx, Value base, InlineCache *cache, uint32_t result_register, Value *result);
CallStatus site_set_property(Context *cx, Value base, InlineCache *cache, Value value);
CallStatus site_get_element(Context *cx, Value base, Value key, uint32_t result_register, Value *result);
CallStatus site_set_element(Context *cx, Value base, Value key, Value value);
MUST_CHECK bool site_define_property(Context *cx, Value base, InlineCache *cache, Value value);

static inline uint32_t frame_discard_register(const Frame *frame) {
  return (uint32_t)(frame->code->register_count * sizeof(Value));
}

// Globals and run-time names (names_access.c)
Value global_get(Context *cx, InlineCache *cache, bool is_typeof);
MUST_CHECK bool global_set(Context *cx, InlineCache *cache, Value value, bool is_strict);
MUST_CHECK bool global_initialize(Context *cx, InlineCache *cache, Value value);
MUST_CHECK bool globals_declare(Context *cx, Values *declarations, bool is_eval);
MUST_CHECK bool eval_declare(Context *cx, Values *declarations, Environment *environment);
MUST_CHECK bool eval_set_variable(Context *cx, Environment *environment, Value name, Value value);
Value name_resolve(Context *cx, Environment *environment, Value name);
Value name_get(Context *cx, Environment *environment, Value name, bool is_typeof);
Value name_get_resolved(Context *cx, Value base, Value name, bool is_typeof, bool is_strict);
MUST_CHECK bool name_set_resolved(Context *cx, Value base, Value name, Value value, bool is_strict);
Value name_delete(Context *cx, Environment *environment, Value name);

// Operations (operations.c)
const CodePosition *code_find_position(const Code *code, uint32_t pc);  // NULL: none
Value operation_delete(Context *cx, Value base, Value key, bool is_strict);
Value operation_get_super_base(Context *cx, Value home);
Value operation_get_super(Context *cx, Value base, Value this_value, Value key);
MUST_CHECK bool operation_set_super(Context *cx, Value base, Value this_value, Value key, Value value, bool is_strict);
Value operation_in(Context *cx, Value key, Value object);
Value operation_to_property_key(Context *cx, Value value);
MUST_CHECK bool operation_define_element(Context *cx, Object *object, Value key, Value value);
void operation_throw_error(Context *cx, unsigned type, Value message);
MUST_CHECK bool operation_instance_of(Context *cx, Value value, Value target, bool *out);
Object *frame_create_arguments(Context *cx, Value map);  // for the running frame
MUST_CHECK bool function_name_anonymous(Context *cx, Value function, Value key, const char *prefix);
// The getter of a private accessor; undefined: not an accessor, and *value is the value of the member.
Value private_find_getter(Context *cx, Value base, Value name, Value *value);
CallStatus private_get(Context *cx, Value base, Value name, uint32_t result_register, Value *result);
MUST_CHECK bool private_set(Context *cx, Value base, Value name, Value value);
Value private_has(Context *cx, Value base, Value name);
MUST_CHECK bool private_define(Context *cx, Value base, Value name, Value value,
                               int kind /*0 field 1 method 2 get 3 set*/);
MUST_CHECK bool method_define(Context *cx, Value object, Value key, Value closure, int kind /*0 method 1 get 2 set*/,
                              bool enumerable);
MUST_CHECK bool class_prepare(Context *cx, Value heritage, Value *pair);
MUST_CHECK bool class_create(Context *cx, Code *code, Environment *environment, Value *pair);
MUST_CHECK bool copy_data_properties(Context *cx, Value target, Value source, const Value *excluded, uint32_t count);
Value regexp_literal(Context *cx, Values *constant);
Value template_object(Context *cx, Values *constant);
Value array_append_iterable_fast(Context *cx, Object *array, Value iterable);  // true, false or abrupt
MUST_CHECK bool array_literal_append(Context *cx, Object *array, Value value);
Value throw_uninitialized_this(Context *cx);
Value throw_dead_zone(Context *cx);  // ReferenceError naming the expression at the current pc
Value throw_not_callable(Context *cx, Value callee, bool is_construct);
Value throw_not_iterable(Context *cx, Value value, bool is_async);
Value throw_not_coercible(Context *cx, Value value);                                       // destructuring
Value throw_nullish_access(Context *cx, Value base, PropertyKey key, const char *action);  // "read", "set", "delete"
Value throw_set_refused(Context *cx, Value base, PropertyKey key);
enum { EXPRESSION_TEXT_SIZE = 256 };
// The source text of the expression at the running frame's pc, shortened, UTF-8, into `out`; false: unknown.
bool expression_text(Context *cx, char *out, size_t size);
// The same as the beginning of a message, "EXPRESSION: "; empty when unknown. `out`: EXPRESSION_TEXT_SIZE bytes.
const char *expression_prefix(Context *cx, char *out);

// Iteration (iteration.c)
MUST_CHECK bool iteration_open(Context *cx, Value iterable, Value *state);
MUST_CHECK bool iteration_open_object(Context *cx, Value iterable, Value *state);  // no array in place of its iterator
MUST_CHECK bool iteration_open_async(Context *cx, Value iterable, Value *state);
// Destructuring without an iterator: false when the value is not an untouched array.
bool iteration_take(Context *cx, Value value, Value *out, uint32_t count);
// Whether iterators of arrays may have a `return` method that closing must call. A program may add one at any time.
bool iteration_may_close_arrays(Context *cx);
// Replaces an array that is walked without an iterator by an iterator.
MUST_CHECK bool iteration_reify_array(Context *cx, Value *state);
bool iteration_array_is_untouched(Context *cx);  // Array.prototype[@@iterator] and %ArrayIteratorPrototype%.next
// Calls the next method of `state`; generators are continued directly.
CallStatus iteration_call_next(Context *cx, Value *state, Value *area, uint32_t result_register, Value *result);
// Turns a result object in *place into its value, unless *done.
MUST_CHECK bool iteration_unpack(Context *cx, Value *place, bool *done);
Value for_in_start(Context *cx, Value base);
Value for_in_next(Context *cx, Value enumerator);  // VALUE_HOLE at the end

// Direct eval, and indirect eval in a realm (eval.c)
CallStatus eval_direct(Context *cx, Value source, uint32_t flags, Value outer_scope, uint32_t result_register,
                       Value *result);
CallStatus eval_indirect(Context *cx, Realm *realm, Value source, uint32_t result_register, uint16_t flags,
                         Value *result);

#endif
