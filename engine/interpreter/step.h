// The instructions as functions. interpreter_step (step.c) finds the operands and calls the functions below, which are
// in files by group. During a step frame->pc points after the instruction: the collector, error positions and stack
// traces find it there, and the code that runs next begins there. Each function says how the run goes on (RunStatus).
#ifndef CAISSON_STEP_H
#define CAISSON_STEP_H

#include "interpreter/interpreter.h"
#include "runtime/conversions.h"

static inline RunStatus step_check(bool succeeded) { return succeeded ? RUN_CONTINUES : RUN_THREW; }

static inline RunStatus step_store(Value *place, Value value) {
  if (value_is_abrupt(value)) return RUN_THREW;
  *place = value;
  return RUN_CONTINUES;
}

// NULL: threw.
static inline RunStatus step_store_object(Value *place, const void *object) {
  if (!object) return RUN_THREW;
  *place = value_object(object);
  return RUN_CONTINUES;
}

static inline RunStatus step_jump(Context *cx, Frame *frame, int32_t distance) {
  frame->pc += distance;
  if (distance >= 0 || LIKELY((cx->fuel.remaining -= fuel_of_jump(distance)) >= 0)) return RUN_CONTINUES;
  return RUN_SLICE_ENDED;
}

static inline RunStatus step_jump_if(Context *cx, Frame *frame, bool condition, int32_t distance) {
  return condition ? step_jump(cx, frame, distance) : RUN_CONTINUES;
}

// Handles the outcome of a call. Its answer goes to a register of `frame`: at once, or when the pushed frame returns,
// or by fiber_resume.
static inline RunStatus step_called(Context *cx, Frame *frame, CallStatus status, uint32_t result_register,
                                    Value answer) {
  switch (status) {
    case CALL_FINISHED: *frame_register(frame, result_register) = answer; return RUN_CONTINUES;
    case CALL_PUSHED: return RUN_CONTINUES;
    case CALL_PARKED: cx->fiber->wait_register = result_register; return RUN_PARKED;
    case CALL_REPLAYS:
    case CALL_ABRUPT: break;
  }
  return RUN_THREW;
}

// Conversions and comparison (step_values.c)
RunStatus step_coerce_this(Context *cx, Value *this_place);
RunStatus step_to_number(Context *cx, Value value, Value *place);
RunStatus step_to_property_key_of(Context *cx, Value key, Value base, Value *place);
RunStatus step_compare(Context *cx, Comparison comparison, Value left, Value right, Value *place);
RunStatus step_loosely_equal(Context *cx, Value left, Value right, bool wanted, Value *place);
RunStatus step_strictly_equal(Context *cx, Value left, Value right, bool wanted, Value *place);
RunStatus step_instance_of(Context *cx, Value value, Value target, Value *place);
// Jumps when the comparison gives the wanted result.
RunStatus step_jump_compare(Context *cx, Frame *frame, Comparison comparison, Value left, Value right, bool wanted,
                            int32_t distance);
RunStatus step_jump_loosely_equal(Context *cx, Frame *frame, Value left, Value right, bool wanted, int32_t distance);
RunStatus step_jump_strictly_equal(Context *cx, Frame *frame, Value left, Value right, bool wanted, int32_t distance);

// Environments (step_environments.c)
RunStatus step_push_environment(Context *cx, Frame *frame, uint32_t slot_count, Value names);
RunStatus step_push_with(Context *cx, Frame *frame, Value object);
RunStatus step_copy_environment(Context *cx, Frame *frame);
RunStatus step_check_initialized(Context *cx, Value value);
RunStatus step_store_initialized(Context *cx, Value value, Value *place);
RunStatus step_set_slot(Context *cx, Environment *environment, uint32_t slot, Value value);
RunStatus step_set_slot_checked(Context *cx, Environment *environment, uint32_t slot, Value value);
RunStatus step_bind_this(Context *cx, Value this_value, Value *place);
RunStatus step_resolved_this(Value base, Value *place);

// Properties (step_properties.c)
RunStatus step_get_property(Context *cx, Frame *frame, Value base, InlineCache *cache, uint32_t result_register);
RunStatus step_set_property(Context *cx, Frame *frame, Value base, InlineCache *cache, Value value);
RunStatus step_get_element(Context *cx, Frame *frame, Value base, Value key, uint32_t result_register);
RunStatus step_set_element(Context *cx, Frame *frame, Value base, Value key, Value value);
RunStatus step_get_private(Context *cx, Frame *frame, Value base, Value name, uint32_t result_register);

// Literals of objects, arrays, functions and classes (step_literals.c)
RunStatus step_create_array(Context *cx, uint32_t capacity, Value *place);
RunStatus step_create_array_of(Context *cx, const Values *items, Value *place);
RunStatus step_array_append_all(Context *cx, Frame *frame, Value array, Value iterable, int32_t distance);
RunStatus step_set_prototype_literal(Context *cx, Object *object, Value prototype);
RunStatus step_set_function_name(Context *cx, Value function, Value key, unsigned prefix);
RunStatus step_prepare_class(Context *cx, Value heritage, Value *pair);
RunStatus step_create_rest(Context *cx, Frame *frame, uint32_t start, Value *place);

// Calls and returns (step_calls.c)
RunStatus step_call(Context *cx, Frame *frame, Value *area, uint32_t count, uint32_t result_register);
RunStatus step_tail_call(Context *cx, Frame *frame, Value *area, uint32_t count, uint32_t result_register);
RunStatus step_construct(Context *cx, Frame *frame, Value *area, uint32_t count, Value new_target,
                         uint32_t result_register);
RunStatus step_call_list(Context *cx, Frame *frame, const Value *area, const Object *list, uint16_t flags,
                         uint32_t result_register);
RunStatus step_construct_list(Context *cx, Frame *frame, Value callee, Value new_target, const Object *list,
                              uint32_t result_register);
// The operand word follows. `list`: the arguments, in place of the `count` in the area; or NULL.
RunStatus step_call_eval(Context *cx, Frame *frame, const Value *area, uint32_t count, const Object *list,
                         uint32_t result_register);
RunStatus step_call_intrinsic(Context *cx, Frame *frame, unsigned operation, Value *arguments, uint32_t count,
                              Value *place);
RunStatus step_get_super_constructor(Context *cx, Object *function, Value *place);
RunStatus step_return(Context *cx, Value value, Value *result);
RunStatus step_return_derived(Context *cx, Frame *frame, Value value, Value this_value, Value *result);

// Exceptions (step_exceptions.c)
RunStatus step_throw(Context *cx, Value value);
RunStatus step_throw_error(Context *cx, unsigned type, Value message);
RunStatus step_throw_constant(Context *cx, Value name);
RunStatus step_check_object(Context *cx, Value value, unsigned role);
RunStatus step_check_coercible(Context *cx, Value value);

// Iteration (step_iteration.c)
RunStatus step_array_take(Context *cx, Frame *frame, Value array, Value *places, uint32_t count);
RunStatus step_iterator_next(Context *cx, Frame *frame, Value *state, Value *area, uint32_t result_register);
RunStatus step_iterator_unpack(Context *cx, Frame *frame, Value *result, Value *state, int32_t distance);
RunStatus step_iterator_close(Context *cx, Frame *frame, Value *area, Value *state, int32_t distance);
RunStatus step_for_in_next(Context *cx, Frame *frame, Value enumerator, Value *place, int32_t distance);

// Generators and async functions (step_generators.c)
RunStatus step_create_generator(Context *cx, Frame *frame, Value *result);
RunStatus step_yield(Context *cx, Frame *frame, bool is_delegate, uint32_t value_register, uint32_t mode_register,
                     Value *result);
RunStatus step_await(Context *cx, Frame *frame, uint32_t value_register, Value value, Value *result);

#endif
