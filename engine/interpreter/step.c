// The dispatch loop. Cases hold fast paths only; everything else is a named function, which a JIT can call too.
//
// State in locals: `frame`, its `registers` (bytes, as operands are pre-scaled), `pc` (next instruction) and
// `caches`. Before anything that may collect, throw or push a frame, SAVE() writes pc to the frame, where the
// collector, error positions and stack traces find it. cx->frame always equals `frame`.
//
// A taken backward jump and a call charge fuel. When the slice is spent the loop returns to its trampoline: that is
// where limits are looked at, and it lets a WebAssembly engine replace this function by its optimised version.
#include <math.h>

#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "interpreter/quick.h"
#include "interpreter/stackless_natives.h"
#include "runtime/arguments.h"
#include "runtime/bigints.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

#define REGISTER(operand) (*(Value *)(registers + (operand)))
// The instruction being executed; operands are loaded where they are used.
#define INSTRUCTION (pc[-1])
#define A REGISTER(INSTRUCTION.a)
#define B REGISTER(INSTRUCTION.b)
#define C REGISTER(INSTRUCTION.c)
#define WIDE() instruction_wide(&INSTRUCTION)
#define CONSTANT() (frame->code->constants->items[(uint32_t)WIDE()])
#define CASE(name) case OPCODE_##name:
#define NEXT() goto finished
#define SAVE() (frame->pc = pc)
#define THROW() goto unwind
#define TRY(condition) \
  do {                 \
    if (UNLIKELY(!(condition))) THROW(); \
  } while (0)
#define STORE_RESULT(expression)              \
  do {                                        \
    SAVE();                                   \
    Value produced = (expression);            \
    if (value_is_abrupt(produced)) THROW();   \
    A = produced;                             \
  } while (0)
#define LOAD_FRAME()                             \
  do {                                           \
    frame = cx->frame;                           \
    registers = (char *)frame_registers(frame);  \
    pc = frame->pc;                              \
    caches = frame->code->caches;                \
  } while (0)
// After a CallStatus-returning slow path whose result goes to register a.
#define HANDLE_CALL(status)                         \
  switch (status) {                                 \
    case CALL_FINISHED: A = call_result; NEXT();    \
    case CALL_PUSHED: goto enter_frame;             \
    case CALL_PARKED: goto park;                    \
    default: THROW();                               \
  }
// Likewise for stores, whose setter's result nobody wants.
#define HANDLE_STORE(status)                        \
  switch (status) {                                 \
    case CALL_FINISHED: NEXT();                     \
    case CALL_PUSHED: goto enter_frame;             \
    case CALL_PARKED: goto park_store;              \
    default: THROW();                               \
  }
// A block and not do-while, in which NEXT would continue the wrong loop.
#define JUMP(distance)                                                             \
  {                                                                                \
    int32_t jump_distance = (distance);                                            \
    pc += jump_distance;                                                           \
    if (jump_distance < 0 && UNLIKELY(--cx->fuel.remaining < 0)) goto slice_ended; \
    NEXT();                                                                        \
  }

#define ARITHMETIC(name, int_operation, double_expression, slow_operator)                      \
  CASE(name) {                                                                                 \
    Value x = B, y = C;                                                                        \
    if (LIKELY(BOTH_INT(x, y))) {                                                              \
      int32_t sum;                                                                             \
      if (LIKELY(!int_operation(value_as_int(x), value_as_int(y), &sum))) {                    \
        A = value_int(sum);                                                                    \
        NEXT();                                                                                \
      }                                                                                        \
    }                                                                                          \
    if (LIKELY(BOTH_NUMBER(x, y))) {                                                           \
      double left = value_as_number(x), right = value_as_number(y);                            \
      A = value_double(double_expression);                                                     \
      NEXT();                                                                                  \
    }                                                                                          \
    STORE_RESULT(value_binary(cx, slow_operator, x, y));                                       \
    NEXT();                                                                                    \
  }

#define ARITHMETIC_INT(name, int_operation, double_expression, slow_operator)                  \
  CASE(name) {                                                                                 \
    Value x = B;                                                                               \
    int32_t immediate = (int16_t)INSTRUCTION.c;                                                \
    if (LIKELY(value_is_int(x))) {                                                             \
      int32_t sum;                                                                             \
      if (LIKELY(!int_operation(value_as_int(x), immediate, &sum))) {                          \
        A = value_int(sum);                                                                    \
        NEXT();                                                                                \
      }                                                                                        \
    }                                                                                          \
    if (LIKELY(value_is_number(x))) {                                                          \
      double left = value_as_number(x), right = immediate;                                     \
      A = value_double(double_expression);                                                     \
      NEXT();                                                                                  \
    }                                                                                          \
    STORE_RESULT(value_binary(cx, slow_operator, x, value_int(immediate)));                    \
    NEXT();                                                                                    \
  }

#define BITWISE(name, expression, slow_operator)                        \
  CASE(name) {                                                          \
    Value x = B, y = C;                                                 \
    int32_t left, right;                                                \
    if (LIKELY(BOTH_INT(x, y))) {                                       \
      left = value_as_int(x), right = value_as_int(y);                  \
    } else if (BOTH_NUMBER(x, y)) {                                     \
      left = double_to_int32(value_as_number(x)), right = double_to_int32(value_as_number(y)); \
    } else {                                                            \
      STORE_RESULT(value_binary(cx, slow_operator, x, y));              \
      NEXT();                                                           \
    }                                                                   \
    A = expression;                                                     \
    NEXT();                                                             \
  }

#define BITWISE_INT(name, expression, slow_operator)                    \
  CASE(name) {                                                          \
    Value x = B;                                                        \
    int32_t left, right = (int16_t)INSTRUCTION.c;                       \
    if (LIKELY(value_is_int(x))) {                                      \
      left = value_as_int(x);                                           \
    } else if (value_is_double(x)) {                                    \
      left = double_to_int32(value_as_double(x));                       \
    } else {                                                            \
      STORE_RESULT(value_binary(cx, slow_operator, x, value_int(right))); \
      NEXT();                                                           \
    }                                                                   \
    A = expression;                                                     \
    NEXT();                                                             \
  }

#define RELATIONAL(name, operation, comparison)                         \
  CASE(name) {                                                          \
    Value x = B, y = C;                                                 \
    bool outcome;                                                       \
    if (LIKELY(BOTH_INT(x, y))) {                                       \
      outcome = value_as_int(x) operation value_as_int(y);              \
    } else if (LIKELY(BOTH_NUMBER(x, y))) {                             \
      outcome = value_as_number(x) operation value_as_number(y);        \
    } else {                                                            \
      SAVE();                                                           \
      TRY(value_compare(cx, comparison, x, y, &outcome));               \
    }                                                                   \
    A = value_boolean(outcome);                                         \
    NEXT();                                                             \
  }

#define JUMP_RELATIONAL(name, operation, comparison, wanted)            \
  CASE(name) {                                                          \
    Value x = A, y = B;                                                 \
    bool outcome;                                                       \
    if (LIKELY(BOTH_INT(x, y))) {                                       \
      outcome = value_as_int(x) operation value_as_int(y);              \
    } else if (LIKELY(BOTH_NUMBER(x, y))) {                             \
      outcome = value_as_number(x) operation value_as_number(y);        \
    } else {                                                            \
      SAVE();                                                           \
      TRY(value_compare(cx, comparison, x, y, &outcome));               \
    }                                                                   \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);                \
    NEXT();                                                             \
  }

#define JUMP_RELATIONAL_INT(name, operation, comparison, wanted)               \
  CASE(name) {                                                                 \
    Value x = A, y = value_int((int16_t)INSTRUCTION.b);                        \
    bool outcome;                                                              \
    if (LIKELY(value_is_int(x))) {                                             \
      outcome = value_as_int(x) operation value_as_int(y);                     \
    } else if (LIKELY(value_is_double(x))) {                                   \
      outcome = value_as_double(x) operation value_as_int(y);                  \
    } else {                                                                   \
      SAVE();                                                                  \
      TRY(value_compare(cx, comparison, x, y, &outcome));                      \
    }                                                                          \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);                       \
    NEXT();                                                                    \
  }

// What a returning frame hands to its caller, for frames with flags. Pops the frame. `status` tells how the dispatch
// loop goes on: CALL_PUSHED: cx->frame is the caller and the result is in its register; CALL_FINISHED: back to C with
// *result; CALL_ABRUPT: cx->exception is raised in cx->frame (the caller), or goes to C when *to_c.
static CallStatus frame_return(Context *cx, Value value, Value *result) {
  Frame *frame = cx->frame;
  if (frame->flags & FRAME_CONSTRUCT) {
    Value this_value = frame_registers(frame)[REGISTER_THIS];
    uint32_t slot_count = value_is_object(this_value) ? value_as_object(this_value)->shape->slot_count : 0;
    if (slot_count > frame->code->instance_slots) frame->code->instance_slots = MIN_OF(slot_count, 32);
    if (!value_is_object(value)) value = this_value;
  }
  if (frame->flags & (FRAME_GENERATOR | FRAME_ASYNC)) {
    Generator *generator = frame->generator;
    generator->state = GENERATOR_COMPLETED;
    if (frame->flags & FRAME_ASYNC) {
      if (!promise_resolve_with(cx, value_as_object(generator->promise), value)) return CALL_ABRUPT;
      value = frame->flags & FRAME_RESUMED ? VALUE_UNDEFINED : generator->promise;
    } else if (generator->kind == GENERATOR_ASYNC) {
      if (!async_generator_finished(cx, generator, value, false)) return CALL_ABRUPT;
      value = VALUE_UNDEFINED;
    } else if (frame->flags & FRAME_DELEGATED) {
      generator->saved = VALUE_UNDEFINED;
      frame_pop(cx);
      // iterator_next: the value of a finished generator is not looked at; `done` goes to the unpack instruction.
      Frame *caller = cx->frame;
      Instruction unpack = *caller->pc;
      *frame_register(caller, unpack.b) = VALUE_UNDEFINED;
      caller->pc += 1 + (int16_t)unpack.c;
      return CALL_PUSHED;
    } else {
      value = object_create_iterator_result(cx, value, true);
      if (value_is_abrupt(value)) return CALL_ABRUPT;
    }
    generator->saved = VALUE_UNDEFINED;
  }
  uint16_t flags = frame->flags, result_register = frame->result_register;
  frame_pop(cx);
  if (flags & FRAME_ENTRY) {
    *result = value;
    return CALL_FINISHED;
  }
  *frame_register(cx->frame, result_register) = value;
  return CALL_PUSHED;
}

// Unwinds to the nearest handler, settling what is passed on the way. CALL_PUSHED: cx->frame continues at a handler (or
// after an async call that was rejected); CALL_ABRUPT: the exception leaves to C.
static CallStatus frame_unwind(Context *cx) {
  for (;;) {
    Frame *frame = cx->frame;
    Code *code = frame->code;
    if (cx->termination == TERMINATION_NONE) {
      uint32_t index = (uint32_t)(frame->pc - code->instructions) - 1;
      for (uint32_t i = 0; i < code->handler_count; i++) {
        const ExceptionHandler *handler = &code->handlers[i];
        if (index < handler->start || index >= handler->end) continue;
        *frame_register(frame, handler->exception_register) = exception_take(cx);
        frame->pc = code->instructions + handler->target;
        return CALL_PUSHED;
      }
    }
    uint16_t flags = frame->flags, result_register = frame->result_register;
    if (flags & (FRAME_GENERATOR | FRAME_ASYNC)) {
      Generator *generator = frame->generator;
      generator->state = GENERATOR_COMPLETED;
      generator->saved = VALUE_UNDEFINED;
      if (cx->termination == TERMINATION_NONE && (flags & FRAME_ASYNC || generator->kind == GENERATOR_ASYNC)) {
        ROOTS(cx, r, reason, generator);
        r->reason = exception_take(cx);
        r->generator = value_object(generator);
        bool settled = flags & FRAME_ASYNC ? promise_reject(cx, value_as_object(generator->promise), r->reason)
                                           : async_generator_finished(cx, generator, r->reason, true);
        if (settled) {
          Value value = flags & FRAME_ASYNC && !(flags & FRAME_RESUMED) ? generator->promise : VALUE_UNDEFINED;
          frame_pop(cx);
          if (flags & FRAME_ENTRY) {
            cx->exception = value;
            return CALL_FINISHED;
          }
          *frame_register(cx->frame, result_register) = value;
          return CALL_PUSHED;
        }
      }
    }
    frame_pop(cx);
    if (flags & FRAME_ENTRY) return CALL_ABRUPT;
  }
}

RunStatus interpreter_step(Context *cx, bool raise, Value *result) {
  Frame *frame;
  char *registers;
  const Instruction *pc;
  InlineCache *caches;
  Value call_result = VALUE_UNDEFINED;
  LOAD_FRAME();
  if (raise) THROW();

  switch ((Opcode)(pc++)->opcode) {
    // Loads and moves ------------------------------------------------------------------------------
    CASE(load_int) A = value_int(WIDE()); NEXT();
    CASE(load_constant) A = CONSTANT(); NEXT();
    CASE(load_undefined) A = VALUE_UNDEFINED; NEXT();
    CASE(load_null) A = VALUE_NULL; NEXT();
    CASE(load_true) A = VALUE_TRUE; NEXT();
    CASE(load_false) A = VALUE_FALSE; NEXT();
    CASE(load_hole) A = VALUE_HOLE; NEXT();
    CASE(load_uninitialized) A = VALUE_UNINITIALIZED; NEXT();
    CASE(move) A = B; NEXT();
    CASE(load_function) A = frame->function; NEXT();
    CASE(load_new_target) A = frame->new_target; NEXT();
    CASE(load_home_object) A = ((Closure *)value_as_object(frame->function))->home_object; NEXT();
    CASE(load_global_this) A = cx->realm->global_this; NEXT();
    CASE(load_intrinsic) A = cx->realm->intrinsics[INSTRUCTION.b]; NEXT();
    CASE(coerce_this) {
      Value this_value = REGISTER(0);
      if (value_is_object(this_value)) NEXT();
      if (value_is_nullish(this_value)) {
        REGISTER(0) = cx->realm->global_this;
        NEXT();
      }
      SAVE();
      Value object = value_to_object(cx, this_value);
      if (value_is_abrupt(object)) THROW();
      REGISTER(0) = object;
      NEXT();
    }

    // Arithmetic -----------------------------------------------------------------------------------
    ARITHMETIC(add, __builtin_add_overflow, left + right, OPERATOR_ADD)
    ARITHMETIC(subtract, __builtin_sub_overflow, left - right, OPERATOR_SUBTRACT)
    ARITHMETIC(multiply, multiply_overflows, left * right, OPERATOR_MULTIPLY)
    ARITHMETIC_INT(add_int, __builtin_add_overflow, left + right, OPERATOR_ADD)
    ARITHMETIC_INT(subtract_int, __builtin_sub_overflow, left - right, OPERATOR_SUBTRACT)
    ARITHMETIC_INT(multiply_int, multiply_overflows, left * right, OPERATOR_MULTIPLY)
    CASE(divide) {
      Value x = B, y = C;
      if (LIKELY(BOTH_NUMBER(x, y))) {
        A = value_number(value_as_number(x) / value_as_number(y));
        NEXT();
      }
      STORE_RESULT(value_binary(cx, OPERATOR_DIVIDE, x, y));
      NEXT();
    }
    CASE(remainder) {
      Value x = B, y = C;
      if (LIKELY(BOTH_INT(x, y) && value_as_int(x) >= 0 && value_as_int(y) > 0)) {
        A = value_int(value_as_int(x) % value_as_int(y));
        NEXT();
      }
      if (BOTH_NUMBER(x, y)) {
        A = value_number(number_remainder(value_as_number(x), value_as_number(y)));
        NEXT();
      }
      STORE_RESULT(value_binary(cx, OPERATOR_REMAINDER, x, y));
      NEXT();
    }
    CASE(divide_int) {
      Value x = B;
      int32_t immediate = (int16_t)INSTRUCTION.c;
      if (LIKELY(value_is_number(x))) {
        A = value_number(value_as_number(x) / immediate);
        NEXT();
      }
      STORE_RESULT(value_binary(cx, OPERATOR_DIVIDE, x, value_int(immediate)));
      NEXT();
    }
    CASE(remainder_int) {
      Value x = B;
      int32_t immediate = (int16_t)INSTRUCTION.c;
      if (LIKELY(value_is_int(x))) {
        int32_t rest = value_as_int(x) % immediate;
        A = UNLIKELY(rest == 0 && value_as_int(x) < 0) ? value_double(-0.0) : value_int(rest);
        NEXT();
      }
      if (value_is_double(x)) {
        A = value_number(number_remainder(value_as_double(x), immediate));
        NEXT();
      }
      STORE_RESULT(value_binary(cx, OPERATOR_REMAINDER, x, value_int(immediate)));
      NEXT();
    }
    CASE(exponentiate) STORE_RESULT(value_binary(cx, OPERATOR_EXPONENTIATE, B, C)); NEXT();
    BITWISE(bit_and, value_int(left & right), OPERATOR_BIT_AND)
    BITWISE(bit_or, value_int(left | right), OPERATOR_BIT_OR)
    BITWISE(bit_xor, value_int(left ^ right), OPERATOR_BIT_XOR)
    BITWISE(shift_left, value_int((int32_t)((uint32_t)left << (right & 31))), OPERATOR_SHIFT_LEFT)
    BITWISE(shift_right, value_int(left >> (right & 31)), OPERATOR_SHIFT_RIGHT)
    BITWISE(shift_right_unsigned, value_unsigned((uint32_t)left >> (right & 31)), OPERATOR_SHIFT_RIGHT_UNSIGNED)
    BITWISE_INT(bit_and_int, value_int(left & right), OPERATOR_BIT_AND)
    BITWISE_INT(bit_or_int, value_int(left | right), OPERATOR_BIT_OR)
    BITWISE_INT(shift_left_int, value_int((int32_t)((uint32_t)left << (right & 31))), OPERATOR_SHIFT_LEFT)
    BITWISE_INT(shift_right_int, value_int(left >> (right & 31)), OPERATOR_SHIFT_RIGHT)
    BITWISE_INT(shift_right_unsigned_int, value_unsigned((uint32_t)left >> (right & 31)),
                OPERATOR_SHIFT_RIGHT_UNSIGNED)
    CASE(negate) {
      Value x = B;
      if (LIKELY(value_is_int(x) && value_as_int(x) != 0 && value_as_int(x) != INT32_MIN)) {
        A = value_int(-value_as_int(x));
      } else if (value_is_number(x)) {
        A = value_double(-value_as_number(x));
      } else {
        STORE_RESULT(value_unary(cx, OPERATOR_NEGATE, x));
      }
      NEXT();
    }
    CASE(bit_not) {
      Value x = B;
      if (LIKELY(value_is_int(x))) {
        A = value_int(~value_as_int(x));
      } else {
        STORE_RESULT(value_unary(cx, OPERATOR_BIT_NOT, x));
      }
      NEXT();
    }
    CASE(not) A = value_boolean(!value_to_boolean(B)); NEXT();
    CASE(increment) {
      Value x = B;
      if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MAX)) {
        A = value_int(value_as_int(x) + 1);
      } else if (value_is_number(x)) {
        A = value_double(value_as_number(x) + 1);
      } else {
        STORE_RESULT(value_unary(cx, OPERATOR_INCREMENT, x));
      }
      NEXT();
    }
    CASE(decrement) {
      Value x = B;
      if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MIN)) {
        A = value_int(value_as_int(x) - 1);
      } else if (value_is_number(x)) {
        A = value_double(value_as_number(x) - 1);
      } else {
        STORE_RESULT(value_unary(cx, OPERATOR_DECREMENT, x));
      }
      NEXT();
    }
    CASE(to_number) {
      Value x = B;
      if (LIKELY(value_is_number(x))) {
        A = x;
        NEXT();
      }
      SAVE();
      double number;
      TRY(value_to_number(cx, x, &number));
      A = value_number(number);
      NEXT();
    }
    CASE(to_numeric) {
      Value x = B;
      if (LIKELY(value_is_number(x))) {
        A = x;
        NEXT();
      }
      STORE_RESULT(value_to_numeric(cx, x));
      NEXT();
    }
    CASE(to_string) {
      Value x = B;
      if (LIKELY(value_is_string(x))) {
        A = x;
        NEXT();
      }
      STORE_RESULT(value_to_string(cx, x));
      NEXT();
    }
    CASE(to_property_key) {
      Value x = B;
      if (value_is_string(x) || value_is_symbol(x) || value_is_int(x)) {
        A = x;
        NEXT();
      }
      STORE_RESULT(operation_to_property_key(cx, x));
      NEXT();
    }
    CASE(to_property_key_of)
      SAVE();
      if (value_is_nullish(C)) {
        throw_nullish_access(cx, C, B, false);
        THROW();
      }
      STORE_RESULT(operation_to_property_key(cx, B));
      NEXT();
    CASE(to_object) STORE_RESULT(value_to_object(cx, B)); NEXT();
    CASE(type_of) STORE_RESULT(string_from_ascii(cx, value_typeof(B))); NEXT();

    // Comparison -----------------------------------------------------------------------------------
    RELATIONAL(less, <, COMPARE_LESS)
    RELATIONAL(less_equal, <=, COMPARE_LESS_EQUAL)
    RELATIONAL(greater, >, COMPARE_GREATER)
    RELATIONAL(greater_equal, >=, COMPARE_GREATER_EQUAL)
    CASE(equal) CASE(not_equal) {
      Value x = B, y = C;
      bool outcome;
      if (!quick_loosely_equals(x, y, &outcome)) {
        SAVE();
        TRY(value_loosely_equals(cx, x, y, &outcome));
      }
      A = value_boolean(outcome == (INSTRUCTION.opcode == OPCODE_equal));
      NEXT();
    }
    CASE(strict_equal) CASE(strict_not_equal) {
      bool outcome;
      if (!quick_strict_equals(B, C, &outcome)) {
        SAVE();
        TRY(value_strict_equals(cx, B, C, &outcome));
      }
      A = value_boolean(outcome == (INSTRUCTION.opcode == OPCODE_strict_equal));
      NEXT();
    }
    CASE(instance_of) {
      SAVE();
      bool outcome;
      TRY(value_instance_of(cx, B, C, &outcome));
      A = value_boolean(outcome);
      NEXT();
    }
    CASE(in) {
      Value key = B;
      if (LIKELY(value_is_int(key) && value_is_object(C))) {
        const Object *object = value_as_object(C);
        uint32_t index = (uint32_t)value_as_int(key);
        if (LIKELY(object->cell.kind == CELL_ARRAY && index < object->element_count &&
                   !value_is_hole(object->elements->items[index]))) {
          A = VALUE_TRUE;
          NEXT();
        }
      }
      STORE_RESULT(operation_in(cx, key, C));
      NEXT();
    }

    // Jumps ----------------------------------------------------------------------------------------
    CASE(jump) JUMP(WIDE());
    CASE(jump_if_true) {
      Value x = A;
      if (value_is_boolean(x) ? x == VALUE_TRUE : value_to_boolean(x)) JUMP(WIDE());
      NEXT();
    }
    CASE(jump_if_false) {
      Value x = A;
      if (value_is_boolean(x) ? x == VALUE_FALSE : !value_to_boolean(x)) JUMP(WIDE());
      NEXT();
    }
    CASE(jump_if_nullish) if (value_is_nullish(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_nullish) if (!value_is_nullish(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_undefined) if (value_is_undefined(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_undefined) if (!value_is_undefined(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_hole) if (value_is_hole(A)) JUMP(WIDE()); NEXT();
    JUMP_RELATIONAL(jump_if_less, <, COMPARE_LESS, true)
    JUMP_RELATIONAL(jump_if_less_equal, <=, COMPARE_LESS_EQUAL, true)
    JUMP_RELATIONAL(jump_if_greater, >, COMPARE_GREATER, true)
    JUMP_RELATIONAL(jump_if_greater_equal, >=, COMPARE_GREATER_EQUAL, true)
    JUMP_RELATIONAL(jump_if_not_less, <, COMPARE_LESS, false)
    JUMP_RELATIONAL(jump_if_not_less_equal, <=, COMPARE_LESS_EQUAL, false)
    JUMP_RELATIONAL(jump_if_not_greater, >, COMPARE_GREATER, false)
    JUMP_RELATIONAL(jump_if_not_greater_equal, >=, COMPARE_GREATER_EQUAL, false)
    CASE(jump_if_equal) CASE(jump_if_not_equal) {
      Value x = A, y = B;
      bool outcome;
      if (!quick_loosely_equals(x, y, &outcome)) {
        SAVE();
        TRY(value_loosely_equals(cx, x, y, &outcome));
      }
      if (outcome == (INSTRUCTION.opcode == OPCODE_jump_if_equal)) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_strict_equal) CASE(jump_if_strict_not_equal) {
      bool outcome;
      if (!quick_strict_equals(A, B, &outcome)) {
        SAVE();
        TRY(value_strict_equals(cx, A, B, &outcome));
      }
      if (outcome == (INSTRUCTION.opcode == OPCODE_jump_if_strict_equal)) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_equal_null) if (nullish_equals(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_equal_null) if (!nullish_equals(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_null) if (value_is_null(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_null) if (!value_is_null(A)) JUMP(WIDE()); NEXT();
    JUMP_RELATIONAL_INT(jump_if_less_int, <, COMPARE_LESS, true)
    JUMP_RELATIONAL_INT(jump_if_less_equal_int, <=, COMPARE_LESS_EQUAL, true)
    JUMP_RELATIONAL_INT(jump_if_greater_int, >, COMPARE_GREATER, true)
    JUMP_RELATIONAL_INT(jump_if_greater_equal_int, >=, COMPARE_GREATER_EQUAL, true)
    JUMP_RELATIONAL_INT(jump_if_not_less_int, <, COMPARE_LESS, false)
    JUMP_RELATIONAL_INT(jump_if_not_less_equal_int, <=, COMPARE_LESS_EQUAL, false)
    JUMP_RELATIONAL_INT(jump_if_not_greater_int, >, COMPARE_GREATER, false)
    JUMP_RELATIONAL_INT(jump_if_not_greater_equal_int, >=, COMPARE_GREATER_EQUAL, false)
    CASE(jump_if_equal_int) CASE(jump_if_not_equal_int) {
      Value x = A, y = value_int((int16_t)INSTRUCTION.b);
      bool outcome;
      if (!quick_loosely_equals(x, y, &outcome)) {
        SAVE();
        TRY(value_loosely_equals(cx, x, y, &outcome));
      }
      if (outcome == (INSTRUCTION.opcode == OPCODE_jump_if_equal_int)) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_strict_equal_int) {
      Value x = A;
      int32_t y = (int16_t)INSTRUCTION.b;
      if (value_is_int(x) ? value_as_int(x) == y : value_is_double(x) && value_as_double(x) == y) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_strict_not_equal_int) {
      Value x = A;
      int32_t y = (int16_t)INSTRUCTION.b;
      if (!(value_is_int(x) ? value_as_int(x) == y : value_is_double(x) && value_as_double(x) == y)) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_type) {
      if (type_of_kind(A) == INSTRUCTION.b) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_if_not_type) {
      if (type_of_kind(A) != INSTRUCTION.b) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(jump_table) {
      Value x = A;
      if (value_is_double(x)) x = value_number(value_as_double(x));
      if (!value_is_int(x)) NEXT();
      const Values *table = (const Values *)value_as_cell(CONSTANT());
      int64_t index = (int64_t)value_as_int(x) - value_as_int(table->items[0]);
      if (index < 0 || index + 1 >= (int64_t)table->cell.extra) NEXT();
      JUMP(value_as_int(table->items[index + 1]));
    }

    // Environments ---------------------------------------------------------------------------------
    CASE(push_environment) {
      SAVE();
      Environment *environment = environment_create(cx, frame->environment, INSTRUCTION.a);
      TRY(environment);
      environment->names = CONSTANT();
      if (value_is_internal(environment->names)) {
        environment->cell.flags |= value_as_cell(environment->names)->small;
        if (environment->cell.flags & ENVIRONMENT_EVAL_VARS) environment->slots[INSTRUCTION.a - 1] = VALUE_UNDEFINED;
      }
      frame->environment = environment;
      NEXT();
    }
    CASE(push_with) {
      SAVE();
      Environment *environment = environment_create(cx, frame->environment, 1);
      TRY(environment);
      environment->cell.flags |= ENVIRONMENT_WITH;
      environment->names = VALUE_UNDEFINED;
      environment->slots[0] = A;
      frame->environment = environment;
      NEXT();
    }
    CASE(pop_environment) frame->environment = frame->environment->outer; NEXT();
    CASE(copy_environment) {
      SAVE();
      Environment *old = frame->environment;
      Environment *copy = environment_create(cx, old->outer, old->cell.extra);
      TRY(copy);
      copy->cell.flags = old->cell.flags;
      copy->names = old->names;
      memcpy(copy->slots, old->slots, old->cell.extra * sizeof(Value));
      frame->environment = copy;
      NEXT();
    }
    CASE(save_environment) A = value_internal(frame->environment); NEXT();
    CASE(restore_environment) frame->environment = (Environment *)value_as_cell(A); NEXT();
    CASE(get_slot) A = environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c]; NEXT();
    CASE(set_slot) {
      Environment *environment = environment_at(frame->environment, INSTRUCTION.b);
      cell_store(&environment->cell, &environment->slots[INSTRUCTION.c], A);
      NEXT();
    }
    CASE(get_slot_checked) {
      Value value = environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c];
      if (UNLIKELY(value == VALUE_UNINITIALIZED)) goto dead_zone;
      A = value;
      NEXT();
    }
    CASE(set_slot_checked) {
      Environment *environment = environment_at(frame->environment, INSTRUCTION.b);
      if (UNLIKELY(environment->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED)) goto dead_zone;
      cell_store(&environment->cell, &environment->slots[INSTRUCTION.c], A);
      NEXT();
    }
    CASE(check_slot)
      if (environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED) goto dead_zone;
      NEXT();
    CASE(get_import)
      STORE_RESULT(module_get_import(cx, environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c]));
      NEXT();
    CASE(check_initialized)
      if (UNLIKELY(A == VALUE_UNINITIALIZED)) goto dead_zone;
      NEXT();
    CASE(bind_this)
      if (UNLIKELY(A != VALUE_UNINITIALIZED)) {
        SAVE();
        throw_reference_error(cx, "super() was already called in this constructor");
        THROW();
      }
      A = B;
      NEXT();

    // Globals and names ----------------------------------------------------------------------------
    CASE(declare_globals)
      SAVE();
      TRY(globals_declare(cx, (Values *)value_as_cell(CONSTANT()), false));
      NEXT();
    CASE(declare_eval)
      SAVE();
      TRY(eval_declare(cx, (Values *)value_as_cell(CONSTANT()), frame->environment));
      NEXT();
    CASE(set_eval_variable)
      SAVE();
      TRY(eval_set_variable(cx, frame->environment, CONSTANT(), A));
      NEXT();
    CASE(get_global) CASE(get_global_or_undefined) {
      InlineCache *cache = &caches[INSTRUCTION.b];
      if (LIKELY(cache->global_slot && cache->epoch == cx->prototype_epoch)) {
        Value value = *cache->global_slot;
        if (LIKELY(value != VALUE_UNINITIALIZED)) {
          A = value;
          NEXT();
        }
      }
      STORE_RESULT(global_get(cx, cache, INSTRUCTION.opcode == OPCODE_get_global_or_undefined));
      NEXT();
    }
    CASE(set_global) {
      InlineCache *cache = &caches[INSTRUCTION.b];
      if (LIKELY(cache->global_slot && cache->epoch == cx->prototype_epoch && cache->kind == 1 &&
                 *cache->global_slot != VALUE_UNINITIALIZED)) {
        cell_store(&cache->holder->cell, cache->global_slot, A);
        NEXT();
      }
      SAVE();
      TRY(global_set(cx, cache, A, frame->code->flags & CODE_STRICT));
      NEXT();
    }
    CASE(initialize_global)
      SAVE();
      TRY(global_initialize(cx, &caches[INSTRUCTION.b], A));
      NEXT();
    CASE(resolve_name) STORE_RESULT(name_resolve(cx, frame->environment, CONSTANT())); NEXT();
    CASE(get_name) STORE_RESULT(name_get(cx, frame->environment, CONSTANT(), false)); NEXT();
    CASE(get_name_or_undefined) STORE_RESULT(name_get(cx, frame->environment, CONSTANT(), true)); NEXT();
    CASE(get_resolved)
      STORE_RESULT(name_get_resolved(cx, B, caches[INSTRUCTION.c].key, false, frame->code->flags & CODE_STRICT));
      NEXT();
    CASE(set_resolved)
      SAVE();
      TRY(name_set_resolved(cx, A, caches[INSTRUCTION.c].key, B, frame->code->flags & CODE_STRICT));
      NEXT();
    CASE(resolved_this) {
      Value base = B;
      A = VALUE_UNDEFINED;
      if (value_is_internal(base)) {
        Environment *environment = (Environment *)value_as_cell(base);
        if (environment->cell.flags & ENVIRONMENT_WITH) A = environment->slots[0];
      }
      NEXT();
    }
    CASE(delete_name) STORE_RESULT(name_delete(cx, frame->environment, CONSTANT())); NEXT();

    // Properties -----------------------------------------------------------------------------------
    CASE(get_length) {
      Value base = B;
      if (LIKELY(value_is_object(base))) {
        Object *object = value_as_object(base);
        if (object->cell.kind == CELL_ARRAY) {
          A = value_unsigned(object->length);
          NEXT();
        }
      } else if (value_is_string(base)) {
        A = value_int((int32_t)string_length(value_as_string(base)));
        NEXT();
      }
      goto get_named;  // like any other property
    }
    CASE(get_property)
    get_named: {
      Value base = B;
      InlineCache *cache = &caches[INSTRUCTION.c];
      if (LIKELY(value_is_object(base))) {
        Object *object = value_as_object(base);
        if (LIKELY(object->shape == cache->shape)) {
          if (LIKELY(cache->holder == NULL)) {
            A = object->slots[cache->slot];
            NEXT();
          }
          if (LIKELY(cache->epoch == cx->prototype_epoch)) {
            A = cache->holder->slots[cache->slot];
            NEXT();
          }
        }
      }
      SAVE();
      HANDLE_CALL(site_get_property(cx, base, cache, INSTRUCTION.a, &call_result));
    }
    CASE(set_property) {
      Value base = A;
      InlineCache *cache = &caches[INSTRUCTION.b];
      if (LIKELY(value_is_object(base))) {
        Object *object = value_as_object(base);
        if (LIKELY(object->shape == cache->shape)) {
          if (LIKELY(cache->new_shape == NULL)) {
            cell_store(&object->cell, &object->slots[cache->slot], C);
            NEXT();
          }
          if (LIKELY(cache->epoch == cx->prototype_epoch && cache->slot < object_slot_capacity(object))) {
            object->slots[cache->slot] = C;
            object->shape = cache->new_shape;
            NEXT();
          }
        }
      }
      SAVE();
      HANDLE_STORE(site_set_property(cx, base, cache, C));
    }
    CASE(get_element) {
      Value base = B, key = C;
      if (LIKELY(value_is_int(key) && value_is_object(base))) {
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (LIKELY(index < object->element_count && object->cell.kind != CELL_ARGUMENTS)) {
          Value value = object->elements->items[index];
          if (LIKELY(!value_is_hole(value))) {
            A = value;
            NEXT();
          }
        } else if (object->cell.kind == CELL_TYPED_ARRAY && index < object->length) {
          Value value = typed_array_load((TypedArray *)object, index);
          if (LIKELY(!value_is_hole(value))) {
            A = value;
            NEXT();
          }
        }
      }
      SAVE();
      HANDLE_CALL(site_get_element(cx, base, key, INSTRUCTION.a, &call_result));
    }
    CASE(set_element) {
      Value base = A, key = B;
      if (LIKELY(value_is_int(key) && value_is_object(base))) {
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (LIKELY(index < object->element_count && object->cell.kind == CELL_ARRAY &&
                   !(object->cell.flags & OBJECT_ELEMENTS_FROZEN))) {
          Value *place = &object->elements->items[index];
          if (LIKELY(!value_is_hole(*place))) {
            cell_store(&object->elements->cell, place, C);
            NEXT();
          }
        } else if (object->cell.kind == CELL_TYPED_ARRAY && index < object->length) {
          if (LIKELY(typed_array_store((TypedArray *)object, index, C))) NEXT();
        }
      }
      SAVE();
      HANDLE_STORE(site_set_element(cx, base, key, C));
    }
    CASE(delete_property) STORE_RESULT(operation_delete(cx, B, C, frame->code->flags & CODE_STRICT)); NEXT();
    CASE(get_super_base) STORE_RESULT(operation_get_super_base(cx, B)); NEXT();
    CASE(get_super) STORE_RESULT(operation_get_super(cx, (&B)[0], (&B)[1], C)); NEXT();
    CASE(set_super)
      SAVE();
      TRY(operation_set_super(cx, (&A)[0], (&A)[1], B, C, frame->code->flags & CODE_STRICT));
      NEXT();
    CASE(get_private) {
      Value base = B;
      SAVE();
      HANDLE_CALL(private_get(cx, base, C, INSTRUCTION.a, &call_result));
    }
    CASE(set_private)
      SAVE();
      TRY(private_set(cx, A, B, C));
      NEXT();
    CASE(has_private) STORE_RESULT(private_has(cx, B, C)); NEXT();
    CASE(create_private_name) STORE_RESULT(symbol_create(cx, CONSTANT(), SYMBOL_PRIVATE)); NEXT();
    CASE(define_private) CASE(define_private_method) CASE(define_private_getter) CASE(define_private_setter)
      SAVE();
      TRY(private_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_private));
      NEXT();

    // Literals -------------------------------------------------------------------------------------
    CASE(create_object) {
      SAVE();
      Object *object = object_create_with_shape(cx, cx->realm->shapes[REALM_SHAPE_OBJECT],
                                                INSTRUCTION.b ? MIN_OF(INSTRUCTION.b, 32) : 4);
      TRY(object);
      A = value_object(object);
      NEXT();
    }
    CASE(create_array) {
      SAVE();
      Object *array = array_create(cx, 0);
      TRY(array);
      A = value_object(array);
      if (INSTRUCTION.b) TRY(object_reserve_elements(cx, array, INSTRUCTION.b));
      NEXT();
    }
    CASE(create_array_of) {
      SAVE();
      const Values *items = (const Values *)value_as_cell(CONSTANT());
      Object *array = array_create_from(cx, items->items, items->cell.extra);
      TRY(array);
      A = value_object(array);
      NEXT();
    }
    CASE(array_append)
      SAVE();
      TRY(array_literal_append(cx, value_as_object(A), B));
      NEXT();
    CASE(array_append_all) {
      SAVE();
      Value appended = array_append_iterable_fast(cx, value_as_object(A), B);
      if (value_is_abrupt(appended)) THROW();
      if (appended == VALUE_TRUE) JUMP((int16_t)INSTRUCTION.c);
      NEXT();
    }
    CASE(define_property) {
      Value base = A;
      InlineCache *cache = &caches[INSTRUCTION.b];
      Object *object = value_as_object(base);
      if (LIKELY(object->shape == cache->shape && cache->slot < object_slot_capacity(object))) {
        object->slots[cache->slot] = C;
        object->shape = cache->new_shape;
        NEXT();
      }
      SAVE();
      TRY(site_define_property(cx, base, cache, C));
      NEXT();
    }
    CASE(define_element) {
      SAVE();
      TRY(operation_define_element(cx, value_as_object(A), B, C));
      NEXT();
    }
    CASE(define_method) CASE(define_getter) CASE(define_setter)
      SAVE();
      TRY(method_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_method, false));
      NEXT();
    CASE(define_object_getter) CASE(define_object_setter)
      SAVE();
      TRY(method_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_object_getter + 1, true));
      NEXT();
    CASE(set_prototype_literal) {
      Value prototype = B;
      if (!value_is_object(prototype) && !value_is_null(prototype)) NEXT();
      SAVE();
      TRY(object_set_prototype(cx, value_as_object(A), prototype) != TRISTATE_ABRUPT);
      NEXT();
    }
    CASE(copy_data_properties)
      SAVE();
      TRY(copy_data_properties(cx, A, B, &A + 1, INSTRUCTION.c));
      NEXT();
    CASE(create_regexp) STORE_RESULT(regexp_literal(cx, (Values *)value_as_cell(CONSTANT()))); NEXT();
    CASE(get_template_object) STORE_RESULT(template_object(cx, (Values *)value_as_cell(CONSTANT()))); NEXT();
    CASE(create_closure) {
      SAVE();
      Closure *closure = closure_create(cx, (Code *)value_as_cell(CONSTANT()), frame->environment);
      TRY(closure);
      A = value_object(closure);
      NEXT();
    }
    CASE(set_function_name) {
      static const char *const prefixes[] = {NULL, "get", "set"};
      SAVE();
      TRY(function_name_anonymous(cx, A, B, prefixes[INSTRUCTION.c]));
      NEXT();
    }
    CASE(set_home_object) ((Closure *)value_as_object(A))->home_object = B; NEXT();
    CASE(prepare_class)
      SAVE();
      (&A)[0] = B;
      TRY(class_prepare(cx, B, &A));
      NEXT();
    CASE(create_class)
      SAVE();
      TRY(class_create(cx, (Code *)value_as_cell(CONSTANT()), frame->environment, &A));
      NEXT();
    CASE(set_class_fields) ((Closure *)value_as_object(A))->class_fields = B; NEXT();
    CASE(get_class_fields) A = ((Closure *)value_as_object(B))->class_fields; NEXT();
    CASE(create_arguments) {
      SAVE();
      Object *arguments = frame_create_arguments(cx, CONSTANT());
      TRY(arguments);
      A = value_object(arguments);
      NEXT();
    }
    CASE(create_rest) {
      SAVE();
      const Values *list = (const Values *)value_as_cell(REGISTER(frame->code->argument_list));
      uint32_t start = MIN_OF(INSTRUCTION.b, list->cell.extra);
      Object *rest = array_create_from(cx, list->items + start, list->cell.extra - start);
      TRY(rest);
      A = value_object(rest);
      NEXT();
    }

    // Calls ----------------------------------------------------------------------------------------
    CASE(call) {
      Value *area = &B;
      Value callee = area[0];
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      if (LIKELY(value_is_object_of(callee, CELL_CLOSURE))) {
        Closure *closure = (Closure *)value_as_object(callee);
        Code *code = closure->code;
        Value *callee_registers = area + FRAME_WORDS;
        if (LIKELY(!(code->flags & (CODE_CLASS_CONSTRUCTOR | CODE_NEEDS_ARGUMENT_LIST)) &&
                   closure->realm == cx->realm &&
                   callee_registers + code->register_count + FRAME_WORDS <= cx->stack_end)) {
          SAVE();
          for (uint32_t i = INSTRUCTION.c; i < code->parameter_count; i++)
            callee_registers[REGISTER_FIRST_PARAMETER + i] = VALUE_UNDEFINED;
          Frame *callee_frame = (Frame *)area;
          callee_frame->new_target = VALUE_UNDEFINED;
          callee_frame->caller = frame;
          callee_frame->code = code;
          callee_frame->environment = closure->environment;
          callee_frame->generator = NULL;
          callee_frame->argument_count = INSTRUCTION.c;
          callee_frame->result_register = INSTRUCTION.a;
          callee_frame->flags = 0;
          cx->frame = frame = callee_frame;
          registers = (char *)callee_registers;
          pc = code->instructions;
          caches = code->caches;
          NEXT();
        }
      }
      SAVE();
      HANDLE_CALL(call_area(cx, area, INSTRUCTION.c, INSTRUCTION.a, 0, &call_result));
    }
    CASE(tail_call) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      HANDLE_CALL(tail_call_area(cx, &B, INSTRUCTION.c, INSTRUCTION.a, &call_result));
    }
    CASE(construct) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      Value *area = &B;
      HANDLE_CALL(construct_area(cx, area, INSTRUCTION.c, area[0], INSTRUCTION.a, 0, &call_result));
    }
    CASE(super_construct) {
      SAVE();
      Value *area = &B;
      HANDLE_CALL(construct_area(cx, area, INSTRUCTION.c, area[1], INSTRUCTION.a, 0, &call_result));
    }
    CASE(call_list) CASE(tail_call_list) {
      SAVE();
      const Object *list = value_as_object(C);
      Value *area = &B;
      uint16_t flags = INSTRUCTION.opcode == OPCODE_tail_call_list ? CALL_TAIL : 0;
      HANDLE_CALL(call_values(cx, area[0], area[FRAME_WORDS], list->elements ? list->elements->items : NULL,
                              list->element_count, INSTRUCTION.a, flags, &call_result));
    }
    CASE(construct_list) CASE(super_construct_list) {
      SAVE();
      const Object *list = value_as_object(C);
      Value *area = &B;
      HANDLE_CALL(construct_values(cx, area[0], area[INSTRUCTION.opcode == OPCODE_super_construct_list],
                                   list->elements ? list->elements->items : NULL, list->element_count, INSTRUCTION.a,
                                   0, &call_result));
    }
    CASE(call_eval) CASE(call_eval_list) {
      // The operand word is passed over when the call is done; a pushed frame returns behind it.
      const Instruction *operand = pc;
      frame->pc = pc + 1;
      const Value *area = &B;
      const Value *arguments = area + FRAME_WORDS + 1;
      uint32_t count = INSTRUCTION.c;
      if (INSTRUCTION.opcode == OPCODE_call_eval_list) {
        const Object *list = value_as_object(C);
        arguments = list->elements ? list->elements->items : NULL;
        count = list->element_count;
      }
      CallStatus status;
      if (area[0] != cx->realm->intrinsics[INTRINSIC_eval]) {
        uint16_t flags = operand->a & EVAL_TAIL ? CALL_TAIL : 0;
        status = call_values(cx, area[0], area[FRAME_WORDS], arguments, count, INSTRUCTION.a, flags, &call_result);
      } else if (count == 0 || !value_is_string(arguments[0])) {
        call_result = count == 0 ? VALUE_UNDEFINED : arguments[0];
        status = CALL_FINISHED;
      } else {
        Value scope = frame->code->constants->items[(uint32_t)instruction_wide(operand)];
        status = eval_direct(cx, arguments[0], operand->a, scope, INSTRUCTION.a, &call_result);
      }
      switch (status) {
        case CALL_FINISHED:
          A = call_result;
          pc++;
          NEXT();
        case CALL_PUSHED: goto enter_frame;
        case CALL_PARKED: goto park;
        default: THROW();
      }
    }
    CASE(operand) UNREACHABLE();
    CASE(call_intrinsic) {
      SAVE();
      Call call = {.arguments = &B, .count = INSTRUCTION.c >> 10, .this_value = VALUE_UNDEFINED,
                   .callee = frame->function, .new_target = VALUE_UNDEFINED};
      Value value = cx->hooks->intrinsic_operations[INSTRUCTION.c & 1023](cx, &call);
      if (value_is_abrupt(value)) THROW();
      A = value;
      NEXT();
    }
    CASE(get_super_constructor) {
      SAVE();
      TRY(object_get_prototype(cx, value_as_object(B), &A) != TRISTATE_ABRUPT);
      NEXT();
    }
    CASE(return) {
      call_result = A;
      goto return_value;
    }
    CASE(return_undefined) {
      call_result = VALUE_UNDEFINED;
      goto return_value;
    }
    CASE(return_derived) {
      Value value = A;
      if (!value_is_object(value)) {
        SAVE();
        if (!value_is_undefined(value)) {
          frame_restore_realm(cx, frame);  // the errors are the caller's
          throw_type_error(cx, "a derived constructor may return only an object or undefined, not %v", value);
          THROW();
        }
        value = B;
        if (value == VALUE_UNINITIALIZED) {
          frame_restore_realm(cx, frame);
          throw_reference_error(cx, "this is not initialised: super() must be called first in a derived constructor");
          THROW();
        }
      }
      call_result = value;
      goto return_value;
    }

    // Exceptions -----------------------------------------------------------------------------------
    CASE(throw)
      SAVE();
      throw_value(cx, A);
      THROW();
    CASE(throw_error) {
      SAVE();
      Value message = CONSTANT();
      operation_throw_error(cx, INSTRUCTION.a, message);
      THROW();
    }
    CASE(throw_constant)
      SAVE();
      throw_type_error(cx, "assignment to constant '%k'", CONSTANT());
      THROW();
    CASE(check_object) {
      if (LIKELY(value_is_object(A))) NEXT();
      static const char *const roles[] = {"iterator result", "iterator", "result of the iterator's return method"};
      SAVE();
      throw_type_error(cx, "%s must be an object, got %v", roles[INSTRUCTION.b], A);
      THROW();
    }
    CASE(check_coercible)
      if (LIKELY(!value_is_nullish(A))) NEXT();
      SAVE();
      operation_throw_not_coercible(cx, A);
      THROW();

    // Iteration ------------------------------------------------------------------------------------
    CASE(get_iterator)
      SAVE();
      TRY(iteration_open(cx, B, &A));
      NEXT();
    CASE(get_iterator_object)
      SAVE();
      TRY(iteration_open_object(cx, B, &A));
      NEXT();
    CASE(array_take)
      if (iteration_take(cx, B, &A, INSTRUCTION.c)) pc++;
      NEXT();
    CASE(jump_if_iteration_changed)
      if (UNLIKELY(!iteration_array_is_untouched(cx))) JUMP(WIDE());
      NEXT();
    CASE(get_async_iterator)
      SAVE();
      TRY(iteration_open_async(cx, B, &A));
      NEXT();
    CASE(iterator_next) {
      Value *state = &B;
      // OPTIMIZATION: state+1 holds the next index while an untouched array is walked (iteration_open).
      if (LIKELY(value_is_int(state[1]))) {
        Object *array = value_as_object(state[0]);
        uint32_t index = (uint32_t)value_as_int(state[1]);
        if (LIKELY(index < array->element_count)) {
          Value value = array->elements->items[index];
          if (LIKELY(!value_is_hole(value))) {
            A = value;
            state[1] = value_int((int32_t)index + 1);
            state[2] = VALUE_FALSE;
            pc++;
            NEXT();
          }
        }
        if (index >= array->length) {
          state[2] = VALUE_TRUE;
          A = VALUE_UNDEFINED;
          const Instruction unpack = *pc++;
          JUMP((int16_t)unpack.c);
        }
        SAVE();
        state[2] = VALUE_TRUE;
        Value value = object_get_key(cx, array, value_int((int32_t)index));
        if (value_is_abrupt(value)) THROW();
        A = value;
        state[1] = value_int((int32_t)index + 1);
        state[2] = VALUE_FALSE;
        pc++;
        NEXT();
      }
      SAVE();
      state[2] = VALUE_TRUE;
      switch (iteration_call_next(cx, state, &C, INSTRUCTION.a, &call_result)) {
        case CALL_FINISHED: A = call_result; NEXT();
        case CALL_PUSHED: goto enter_frame;
        case CALL_PARKED: goto park;
        default: THROW();
      }
    }
    CASE(iterator_unpack) {
      SAVE();
      bool done;
      TRY(iteration_unpack(cx, &A, &done));
      if (done) JUMP((int16_t)INSTRUCTION.c);
      (&B)[2] = VALUE_FALSE;
      NEXT();
    }
    CASE(iterator_close) {
      Value *state = &B;
      if (value_is_int(state[1])) JUMP((int16_t)INSTRUCTION.c);
      SAVE();
      Value method = value_get_method(cx, state[0], cx->names->return_);
      if (value_is_abrupt(method)) THROW();
      if (value_is_undefined(method)) JUMP((int16_t)INSTRUCTION.c);
      (&A)[0] = method;
      (&A)[FRAME_WORDS] = state[0];
      NEXT();
    }
    CASE(for_in_start) STORE_RESULT(for_in_start(cx, B)); NEXT();
    CASE(for_in_next) {
      SAVE();
      Value key = for_in_next(cx, B);
      if (value_is_abrupt(key)) THROW();
      if (value_is_hole(key)) JUMP((int16_t)INSTRUCTION.c);
      A = key;
      NEXT();
    }

    // Generators and async functions ---------------------------------------------------------------
    CASE(create_generator) {
      SAVE();
      Value generator = generator_begin(cx, pc);
      if (value_is_abrupt(generator)) THROW();
      call_result = generator;
      // The frame returns the generator; the activation itself is not finished by that.
      frame->flags &= (uint16_t)~(FRAME_GENERATOR | FRAME_CONSTRUCT);
      goto return_value;
    }
    CASE(start_async) {
      SAVE();
      TRY(async_begin(cx));
      NEXT();
    }
    CASE(yield) CASE(yield_delegate) {
      SAVE();
      Generator *generator = frame->generator;
      Value value = A;
      bool is_delegate = INSTRUCTION.opcode == OPCODE_yield_delegate;
      generator->value_register = INSTRUCTION.a;
      generator->mode_register = INSTRUCTION.b;
      generator->suspension = is_delegate ? SUSPENSION_DELEGATE : SUSPENSION_YIELD;
      if (generator->kind == GENERATOR_ASYNC) {
        generator_save_frame(cx, generator, pc);
        generator->state = GENERATOR_SUSPENDED_YIELD;
        // Delivers to the oldest request; when another is queued the generator goes on at once.
        bool goes_on;
        TRY(async_generator_yielded(cx, generator, value, &goes_on));
        if (goes_on) {
          LOAD_FRAME();
          if (generator_continue(cx, generator)) THROW();
          pc = frame->pc;
          NEXT();
        }
        call_result = VALUE_UNDEFINED;
      } else {
        call_result = value;
        if (!is_delegate && !(frame->flags & FRAME_DELEGATED)) {
          call_result = object_create_iterator_result(cx, value, false);
          if (value_is_abrupt(call_result)) THROW();
        }
        generator_save_frame(cx, generator, pc);
        generator->state = GENERATOR_SUSPENDED_YIELD;
      }
      goto suspend;
    }
    CASE(await) {
      SAVE();
      Generator *generator = frame->generator;
      generator->value_register = INSTRUCTION.a;
      generator->suspension = SUSPENSION_AWAIT;
      TRY(promise_await(cx, A, &generator->object));
      generator_save_frame(cx, generator, pc);
      call_result = frame->flags & FRAME_ASYNC && !(frame->flags & FRAME_RESUMED) ? generator->promise
                                                                                  : VALUE_UNDEFINED;
      goto suspend;
    }
    CASE(generator_result) STORE_RESULT(object_create_iterator_result(cx, B, false)); NEXT();

    // Modules --------------------------------------------------------------------------------------
    CASE(import_call) STORE_RESULT(module_import_dynamically(cx, frame->code->source, B, C, 0)); NEXT();
    CASE(import_call_phase)
      STORE_RESULT(module_import_dynamically(cx, frame->code->source, B, VALUE_UNDEFINED, INSTRUCTION.c));
      NEXT();
    CASE(import_meta) STORE_RESULT(module_import_meta(cx, frame->code->source)); NEXT();
    CASE(debugger) NEXT();
    case OPCODE_COUNT: UNREACHABLE();
  }
  UNREACHABLE();

finished:
  frame->pc = pc;
  return RUN_CONTINUES;

enter_frame:
  return RUN_CONTINUES;

return_value:
  SAVE();
  switch (frame_return(cx, call_result, result)) {
    case CALL_PUSHED: goto enter_frame;
    case CALL_FINISHED: return RUN_RETURNED;
    default:
      frame = cx->frame;
      pc = frame->pc;
      THROW();
  }

suspend : {
  // The frame has been copied out: its caller goes on with call_result.
  uint16_t flags = frame->flags, result_register = frame->result_register;
  bool is_raw = flags & FRAME_DELEGATED && frame->generator->suspension == SUSPENSION_YIELD;
  frame_pop(cx);
  if (flags & FRAME_ENTRY) {
    *result = call_result;
    return RUN_RETURNED;
  }
  if (is_raw) {  // resumed by iterator_next: skip the unpacking
    Frame *caller = cx->frame;
    Instruction unpack = *caller->pc;
    *(frame_register(caller, unpack.b) + 2) = VALUE_FALSE;
    caller->pc++;
  }
  *frame_register(cx->frame, result_register) = call_result;
  goto enter_frame;
}

dead_zone:
  SAVE();
  throw_dead_zone(cx);
  THROW();

unwind:
  switch (frame_unwind(cx)) {
    case CALL_PUSHED: goto enter_frame;
    case CALL_FINISHED: *result = cx->exception; return RUN_RETURNED;
    default: return RUN_THREW;
  }

slice_ended:
  SAVE();
  return RUN_SLICE_ENDED;

park:
  // The callee's answer will be written to register a of this frame (fiber_resume).
  cx->fiber->wait_register = INSTRUCTION.a;
  return RUN_PARKED;

park_store:
  cx->fiber->wait_register = frame_discard_register(frame);
  return RUN_PARKED;
}
