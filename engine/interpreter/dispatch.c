// The dispatch loop: the fast paths of the hot opcodes, and nothing else.
//
// It makes no call at all. A WebAssembly engine's register allocator keeps a loop's variables in registers only when no
// call inside the loop can clobber them. One call, even on a path that is never taken, would cost every instruction
// several loads and stores. An instruction that a fast path cannot finish leaves the loop, with frame->pc at that
// instruction; interpreter_step performs it completely, and the loop is entered again (interpreter_run). So no code
// here allocates from an empty free list, collects, throws or runs anything else, and every case has a complete twin in
// step.c. HOT_OPCODE in bytecode/opcodes.def marks the opcodes that have a fast path.
//
// State in locals: `frame`, its `registers` (bytes, as operands are pre-scaled), `pc` (next instruction) and `caches`.
// cx->frame and frame->pc are written when the loop is left.
//
// A taken backward jump and a call charge fuel. The loop is also left when the slice is spent: then limits are checked,
// and a WebAssembly engine can replace this function by its optimised version.
#include "interpreter/interpreter.h"
#include "interpreter/operands.h"
#include "interpreter/quick.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

// A macro that leaves the case says so in its name. CASE_ is a complete case: it continues, or leaves the instruction
// to interpreter_step when it cannot finish it.
#define LOAD_FRAME()                            \
  do {                                          \
    registers = (char *)frame_registers(frame); \
    caches = frame->code->caches;               \
  } while (0)
// A block, not do-while: `continue` would only leave the do-while.
#define JUMP_AND_CONTINUE(distance)                                                                               \
  {                                                                                                               \
    int32_t jump_distance = (distance);                                                                           \
    pc += jump_distance;                                                                                          \
    if (jump_distance < 0 && UNLIKELY((cx->fuel.remaining -= fuel_of_jump(jump_distance)) < 0)) goto slice_ended; \
    continue;                                                                                                     \
  }

#define CASE_ARITHMETIC(name, right_operand, int_operation, double_expression)              \
  case OPCODE_##name: {                                                                     \
    Value x = B, y = right_operand;                                                         \
    int32_t sum;                                                                            \
    if (LIKELY(BOTH_INT(x, y) && !int_operation(value_as_int(x), value_as_int(y), &sum))) { \
      A = value_int(sum);                                                                   \
      continue;                                                                             \
    }                                                                                       \
    if (UNLIKELY(!BOTH_NUMBER(x, y))) goto leave;                                           \
    double left = value_as_number(x), right = value_as_number(y);                           \
    A = value_double(double_expression);                                                    \
    continue;                                                                               \
  }

#define CASE_BITWISE(name, right_operand, expression)                                                  \
  case OPCODE_##name: {                                                                                \
    Value x = B, y = right_operand;                                                                    \
    int32_t left, right;                                                                               \
    if (UNLIKELY(!value_to_int32_quickly(x, &left) || !value_to_int32_quickly(y, &right))) goto leave; \
    A = expression;                                                                                    \
    continue;                                                                                          \
  }

#define COMPARE_OR_LEAVE(x, operation, y, outcome)             \
  if (LIKELY(BOTH_INT(x, y))) {                                \
    outcome = value_as_int(x) operation value_as_int(y);       \
  } else if (LIKELY(BOTH_NUMBER(x, y))) {                      \
    outcome = value_as_number(x) operation value_as_number(y); \
  } else {                                                     \
    goto leave;                                                \
  }
#define CASE_RELATIONAL(name, operation)       \
  case OPCODE_##name: {                        \
    Value x = B, y = C;                        \
    bool outcome;                              \
    COMPARE_OR_LEAVE(x, operation, y, outcome) \
    A = value_boolean(outcome);                \
    continue;                                  \
  }
#define CASE_JUMP_RELATIONAL(name, right_operand, operation, wanted) \
  case OPCODE_##name: {                                              \
    Value x = A, y = right_operand;                                  \
    bool outcome;                                                    \
    COMPARE_OR_LEAVE(x, operation, y, outcome)                       \
    if (outcome == wanted) JUMP_AND_CONTINUE(DISTANCE_C);            \
    continue;                                                        \
  }

#define CASE_EQUALITY(name, quick_equals, wanted)            \
  case OPCODE_##name: {                                      \
    bool outcome;                                            \
    if (UNLIKELY(!quick_equals(B, C, &outcome))) goto leave; \
    A = value_boolean(outcome == wanted);                    \
    continue;                                                \
  }
#define CASE_JUMP_EQUALITY(name, right_operand, quick_equals, wanted)    \
  case OPCODE_##name: {                                                  \
    bool outcome;                                                        \
    if (UNLIKELY(!quick_equals(A, right_operand, &outcome))) goto leave; \
    if (outcome == wanted) JUMP_AND_CONTINUE(DISTANCE_C);                \
    continue;                                                            \
  }

// Whether the loop can enter the closure, with its frame at `area`.
static inline bool closure_enters_quickly(const Context *cx, const Closure *closure, const Value *area) {
  return LIKELY(!(closure->code->flags & CODE_NEEDS_ARGUMENT_LIST) && closure->realm == cx->realm &&
                area + FRAME_WORDS + closure->code->register_count + FRAME_WORDS <= cx->stack_end);
}

// The closure of a call that the loop can enter; NULL: the call needs a step.
static inline const Closure *quick_callee(const Context *cx, const Value *area) {
  if (UNLIKELY(!value_is_object_of(area[0], CELL_CLOSURE) || cx->fuel.remaining <= 0)) return NULL;
  const Closure *closure = (const Closure *)value_as_object(area[0]);
  return closure->code->flags & CODE_CLASS_CONSTRUCTOR || !closure_enters_quickly(cx, closure, area) ? NULL : closure;
}

// The frame of a closure whose `count` arguments are in `area`.
// bounded: the call pays for the parameters.
static inline Frame *frame_enter_quickly(Frame *caller, Value *area, const Closure *closure, Value this_value,
                                         uint32_t count, uint32_t result_register) {
  Code *code = closure->code;
  Value *registers = area + FRAME_WORDS;
  registers[REGISTER_THIS] = this_value;
  for (uint32_t i = count; i < code->parameter_count; i++) registers[REGISTER_FIRST_PARAMETER + i] = VALUE_UNDEFINED;
  Frame *frame = (Frame *)area;
  frame->function = value_object(closure);
  frame->new_target = VALUE_UNDEFINED;
  frame->caller = caller;
  frame->code = code;
  frame->environment = closure->environment;
  frame->generator = NULL;
  frame->result_register = result_register;
  frame->flags = 0;
  return frame;
}

DispatchEnd interpreter_dispatch(Context *cx) {
  Frame *frame = cx->frame;
  const Instruction *pc = frame->pc;
  char *registers;
  InlineCache *caches;
  Value returned;
  LOAD_FRAME();

  for (;;) {
    switch ((Opcode)(pc++)->opcode) {
      // Loads and moves ------------------------------------------------------------------------------
      case OPCODE_load_int: A = value_int(WIDE); continue;
      case OPCODE_load_constant: A = CONSTANT; continue;
      case OPCODE_load_undefined: A = VALUE_UNDEFINED; continue;
      case OPCODE_load_null: A = VALUE_NULL; continue;
      case OPCODE_load_true: A = VALUE_TRUE; continue;
      case OPCODE_load_false: A = VALUE_FALSE; continue;
      case OPCODE_load_hole: A = VALUE_HOLE; continue;
      case OPCODE_load_uninitialized: A = VALUE_UNINITIALIZED; continue;
      case OPCODE_move: A = B; continue;
      case OPCODE_load_function: A = frame->function; continue;
      case OPCODE_load_global_this: A = cx->realm->global_this; continue;
      case OPCODE_load_intrinsic: A = cx->realm->intrinsics[INSTRUCTION.b]; continue;
      case OPCODE_coerce_this: {
        Value this_value = REGISTER(0);
        if (value_is_object(this_value)) continue;
        if (UNLIKELY(!value_is_nullish(this_value))) goto leave;
        REGISTER(0) = cx->realm->global_this;
        continue;
      }

        // Arithmetic -----------------------------------------------------------------------------------
        CASE_ARITHMETIC(add, C, __builtin_add_overflow, left + right)
        CASE_ARITHMETIC(subtract, C, __builtin_sub_overflow, left - right)
        CASE_ARITHMETIC(multiply, C, multiply_overflows, left * right)
        CASE_ARITHMETIC(add_int, IMMEDIATE_C, __builtin_add_overflow, left + right)
        CASE_ARITHMETIC(subtract_int, IMMEDIATE_C, __builtin_sub_overflow, left - right)
        CASE_ARITHMETIC(multiply_int, IMMEDIATE_C, multiply_overflows, left * right)
      case OPCODE_divide:
      case OPCODE_divide_int: {
        Value x = B, y = INSTRUCTION.opcode == OPCODE_divide ? C : IMMEDIATE_C;
        if (UNLIKELY(!BOTH_NUMBER(x, y))) goto leave;
        A = value_number(value_as_number(x) / value_as_number(y));
        continue;
      }
      case OPCODE_remainder: {
        Value x = B, y = C;
        if (UNLIKELY(!BOTH_INT(x, y) || value_as_int(x) < 0 || value_as_int(y) <= 0)) goto leave;
        A = value_int((int32_t)((uint32_t)value_as_int(x) % (uint32_t)value_as_int(y)));
        continue;
      }
      case OPCODE_remainder_int: {
        Value x = B;
        if (UNLIKELY(!value_is_int(x) || value_as_int(x) < 0)) goto leave;
        A = value_int((int32_t)((uint32_t)value_as_int(x) % (uint32_t)(int16_t)INSTRUCTION.c));
        continue;
      }
        CASE_BITWISE(bit_and, C, value_int(left & right))
        CASE_BITWISE(bit_or, C, value_int(left | right))
        CASE_BITWISE(bit_xor, C, value_int(left ^ right))
        CASE_BITWISE(shift_left, C, value_int((int32_t)((uint32_t)left << (right & 31))))
        CASE_BITWISE(shift_right, C, value_int(left >> (right & 31)))
        CASE_BITWISE(shift_right_unsigned, C, value_unsigned((uint32_t)left >> (right & 31)))
        CASE_BITWISE(bit_and_int, IMMEDIATE_C, value_int(left & right))
        CASE_BITWISE(bit_or_int, IMMEDIATE_C, value_int(left | right))
        CASE_BITWISE(shift_left_int, IMMEDIATE_C, value_int((int32_t)((uint32_t)left << (right & 31))))
        CASE_BITWISE(shift_right_int, IMMEDIATE_C, value_int(left >> (right & 31)))
        CASE_BITWISE(shift_right_unsigned_int, IMMEDIATE_C, value_unsigned((uint32_t)left >> (right & 31)))
      case OPCODE_negate: {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != 0 && value_as_int(x) != INT32_MIN)) {
          A = value_int(-value_as_int(x));
          continue;
        }
        if (UNLIKELY(!value_is_number(x))) goto leave;
        A = value_double(-value_as_number(x));
        continue;
      }
      case OPCODE_bit_not: {
        int32_t number;
        if (UNLIKELY(!value_to_int32_quickly(B, &number))) goto leave;
        A = value_int(~number);
        continue;
      }
      case OPCODE_not: {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(B, &truth))) goto leave;
        A = value_boolean(!truth);
        continue;
      }
      case OPCODE_increment: {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MAX)) {
          A = value_int(value_as_int(x) + 1);
          continue;
        }
        if (UNLIKELY(!value_is_number(x))) goto leave;
        A = value_double(value_as_number(x) + 1);
        continue;
      }
      case OPCODE_decrement: {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MIN)) {
          A = value_int(value_as_int(x) - 1);
          continue;
        }
        if (UNLIKELY(!value_is_number(x))) goto leave;
        A = value_double(value_as_number(x) - 1);
        continue;
      }
      case OPCODE_to_number:
      case OPCODE_to_numeric: {
        Value x = B;
        if (UNLIKELY(!value_is_number(x))) goto leave;
        A = x;
        continue;
      }
      case OPCODE_to_string: {
        Value x = B;
        if (UNLIKELY(!value_is_string(x))) goto leave;
        A = x;
        continue;
      }
      case OPCODE_to_property_key: {
        Value x = B;
        if (UNLIKELY(!(value_is_string(x) || value_is_symbol(x) || value_is_int(x)))) goto leave;
        A = x;
        continue;
      }

        // Comparison -----------------------------------------------------------------------------------
        CASE_RELATIONAL(less, <)
        CASE_RELATIONAL(less_equal, <=)
        CASE_RELATIONAL(greater, >)
        CASE_RELATIONAL(greater_equal, >=)
        CASE_EQUALITY(equal, quick_loosely_equals, true)
        CASE_EQUALITY(not_equal, quick_loosely_equals, false)
        CASE_EQUALITY(strict_equal, quick_strict_equals, true)
        CASE_EQUALITY(strict_not_equal, quick_strict_equals, false)

      case OPCODE_in: {
        Value key = B, base = C;
        if (UNLIKELY(!value_is_int(key) || !value_is_object_of(base, CELL_ARRAY))) goto leave;
        const Object *array = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (UNLIKELY(index >= array->element_count || value_is_hole(array->elements->items[index]))) goto leave;
        A = VALUE_TRUE;
        continue;
      }

      // Jumps ----------------------------------------------------------------------------------------
      case OPCODE_jump: JUMP_AND_CONTINUE(WIDE);
      case OPCODE_jump_if_true: {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(A, &truth))) goto leave;
        if (truth) JUMP_AND_CONTINUE(WIDE);
        continue;
      }
      case OPCODE_jump_if_false: {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(A, &truth))) goto leave;
        if (!truth) JUMP_AND_CONTINUE(WIDE);
        continue;
      }
      case OPCODE_jump_if_nullish:
        if (value_is_nullish(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_not_nullish:
        if (!value_is_nullish(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_undefined:
        if (value_is_undefined(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_not_undefined:
        if (!value_is_undefined(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_hole:
        if (value_is_hole(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_equal_null:
        if (nullish_equals(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_not_equal_null:
        if (!nullish_equals(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_null:
        if (value_is_null(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
      case OPCODE_jump_if_not_null:
        if (!value_is_null(A)) JUMP_AND_CONTINUE(WIDE);
        continue;
        CASE_JUMP_RELATIONAL(jump_if_less, B, <, true)
        CASE_JUMP_RELATIONAL(jump_if_less_equal, B, <=, true)
        CASE_JUMP_RELATIONAL(jump_if_greater, B, >, true)
        CASE_JUMP_RELATIONAL(jump_if_greater_equal, B, >=, true)
        CASE_JUMP_RELATIONAL(jump_if_not_less, B, <, false)
        CASE_JUMP_RELATIONAL(jump_if_not_less_equal, B, <=, false)
        CASE_JUMP_RELATIONAL(jump_if_not_greater, B, >, false)
        CASE_JUMP_RELATIONAL(jump_if_not_greater_equal, B, >=, false)
        CASE_JUMP_RELATIONAL(jump_if_less_int, IMMEDIATE_B, <, true)
        CASE_JUMP_RELATIONAL(jump_if_less_equal_int, IMMEDIATE_B, <=, true)
        CASE_JUMP_RELATIONAL(jump_if_greater_int, IMMEDIATE_B, >, true)
        CASE_JUMP_RELATIONAL(jump_if_greater_equal_int, IMMEDIATE_B, >=, true)
        CASE_JUMP_RELATIONAL(jump_if_not_less_int, IMMEDIATE_B, <, false)
        CASE_JUMP_RELATIONAL(jump_if_not_less_equal_int, IMMEDIATE_B, <=, false)
        CASE_JUMP_RELATIONAL(jump_if_not_greater_int, IMMEDIATE_B, >, false)
        CASE_JUMP_RELATIONAL(jump_if_not_greater_equal_int, IMMEDIATE_B, >=, false)
        CASE_JUMP_EQUALITY(jump_if_equal, B, quick_loosely_equals, true)
        CASE_JUMP_EQUALITY(jump_if_not_equal, B, quick_loosely_equals, false)
        CASE_JUMP_EQUALITY(jump_if_strict_equal, B, quick_strict_equals, true)
        CASE_JUMP_EQUALITY(jump_if_strict_not_equal, B, quick_strict_equals, false)
        CASE_JUMP_EQUALITY(jump_if_equal_int, IMMEDIATE_B, quick_loosely_equals, true)
        CASE_JUMP_EQUALITY(jump_if_not_equal_int, IMMEDIATE_B, quick_loosely_equals, false)
        CASE_JUMP_EQUALITY(jump_if_strict_equal_int, IMMEDIATE_B, quick_strict_equals, true)
        CASE_JUMP_EQUALITY(jump_if_strict_not_equal_int, IMMEDIATE_B, quick_strict_equals, false)
      case OPCODE_jump_if_type: {
        if (type_of_kind(A) == INSTRUCTION.b) JUMP_AND_CONTINUE(DISTANCE_C);
        continue;
      }
      case OPCODE_jump_if_not_type: {
        if (type_of_kind(A) != INSTRUCTION.b) JUMP_AND_CONTINUE(DISTANCE_C);
        continue;
      }
      case OPCODE_jump_table: JUMP_AND_CONTINUE(jump_table_distance((const Values *)value_as_cell(CONSTANT), A));

      // Environments and globals -----------------------------------------------------------------------
      case OPCODE_push_environment: {
        uint32_t slot_count = INSTRUCTION.a;
        Value names = CONSTANT;
        if (UNLIKELY(value_is_internal(names))) goto leave;
        Environment *environment = environment_create_quickly(cx, frame->environment, slot_count);
        if (UNLIKELY(!environment)) goto leave;
        for (uint32_t i = 0; i < slot_count; i++) environment->slots[i] = VALUE_UNINITIALIZED;
        frame->environment = environment;
        continue;
      }
      case OPCODE_copy_environment: {
        const Environment *old = frame->environment;
        uint32_t slot_count = environment_slot_count(old);
        Environment *environment = environment_create_quickly(cx, old->outer, slot_count);
        if (UNLIKELY(!environment)) goto leave;
        environment->cell.flags = old->cell.flags;
        environment->names = old->names;
        for (uint32_t i = 0; i < slot_count; i++) environment->slots[i] = old->slots[i];
        frame->environment = environment;
        continue;
      }
      case OPCODE_pop_environment: frame->environment = frame->environment->outer; continue;
      case OPCODE_save_environment: A = value_internal(frame->environment); continue;
      case OPCODE_restore_environment: frame->environment = (Environment *)value_as_cell(A); continue;
      case OPCODE_get_slot: A = ENVIRONMENT_B->slots[INSTRUCTION.c]; continue;
      case OPCODE_set_slot: {
        Environment *environment = ENVIRONMENT_B;
        if (UNLIKELY(!quick_store(cx, &environment->slots[INSTRUCTION.c], A))) goto leave;
        continue;
      }
      case OPCODE_get_slot_checked: {
        Value value = ENVIRONMENT_B->slots[INSTRUCTION.c];
        if (UNLIKELY(value == VALUE_UNINITIALIZED)) goto leave;
        A = value;
        continue;
      }
      case OPCODE_set_slot_checked: {
        Environment *environment = ENVIRONMENT_B;
        if (UNLIKELY(environment->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED)) goto leave;
        if (UNLIKELY(!quick_store(cx, &environment->slots[INSTRUCTION.c], A))) goto leave;
        continue;
      }
      case OPCODE_check_slot:
        if (ENVIRONMENT_B->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED) goto leave;
        continue;
      case OPCODE_check_initialized:
        if (UNLIKELY(A == VALUE_UNINITIALIZED)) goto leave;
        continue;
      case OPCODE_bind_this:
        if (UNLIKELY(A != VALUE_UNINITIALIZED)) goto leave;
        A = B;
        continue;
      case OPCODE_get_global: {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(cache->epoch != cx->prototype_epoch)) goto leave;
        ASSERT(cache->holder->slots == cache->storage->items && cache->slot < values_count(cache->storage));
        Value value = cache->storage->items[cache->slot];
        if (UNLIKELY(value == VALUE_UNINITIALIZED)) goto leave;
        A = value;
        continue;
      }
      case OPCODE_set_global: {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(cache->epoch != cx->prototype_epoch || !cache->new_shape)) goto leave;
        ASSERT(cache->holder->slots == cache->storage->items && cache->slot < values_count(cache->storage));
        Value *place = &cache->storage->items[cache->slot];
        if (UNLIKELY(*place == VALUE_UNINITIALIZED)) goto leave;
        if (UNLIKELY(!quick_store(cx, place, A))) goto leave;
        continue;
      }

      // Properties -----------------------------------------------------------------------------------
      case OPCODE_get_length: {
        Value base = B;
        if (LIKELY(value_is_object(base))) {
          Object *object = value_as_object(base);
          if (LIKELY(object->cell.kind == CELL_ARRAY)) {
            A = value_unsigned(object->length);
            continue;
          }
        } else if (value_is_string(base)) {
          A = value_int((int32_t)string_length(value_as_string(base)));
          continue;
        }
        goto get_named;  // like any other property
      }
      case OPCODE_get_property:
      get_named: {
        Value base = B;
        const InlineCache *cache = &caches[INSTRUCTION.c];
        // The properties of a string are looked up from its prototype, and caches are keyed by the object where the
        // lookup starts.
        Value start = LIKELY(value_is_object(base)) ? base
                      : value_is_string(base)       ? cx->realm->intrinsics[INTRINSIC_StringPrototype]
                                                    : VALUE_UNDEFINED;
        if (UNLIKELY(!value_is_object(start))) goto leave;
        Object *object = value_as_object(start);
        if (LIKELY(object->shape == cache->shape)) {
          if (LIKELY(cache->holder == NULL)) {
            A = object->slots[cache->slot];
            continue;
          }
          if (UNLIKELY(cache->epoch != cx->prototype_epoch)) goto leave;
          A = cache->holder->slots[cache->slot];
          continue;
        }
        if (LIKELY(object->shape == cache->new_shape)) {  // a getter
          if (UNLIKELY(cache->epoch != cx->prototype_epoch || cx->fuel.remaining <= 0)) goto leave;
          const Object *holder = cache->holder ? cache->holder : object;
          Value getter = ((const Record *)value_as_cell(holder->slots[cache->slot]))->items[0];
          Value *area = (Value *)registers + frame->code->register_count;
          if (UNLIKELY(!value_is_object_of(getter, CELL_CLOSURE))) goto leave;
          const Closure *closure = (const Closure *)value_as_object(getter);
          if (UNLIKELY(!closure_enters_quickly(cx, closure, area))) goto leave;
          frame->pc = pc;
          frame = frame_enter_quickly(frame, area, closure, base, 0, INSTRUCTION.a);
          goto enter_frame;
        }
        if (UNLIKELY(!cx->stub_cache)) goto leave;
        const StubEntry *entry = stub_cache_entry(cx->stub_cache, object->shape, cache->key);
        if (UNLIKELY(entry->shape != object->shape || entry->key != cache->key ||
                     entry->attributes & PROPERTY_ACCESSOR || entry->epoch != cx->prototype_epoch))
          goto leave;
        A = (entry->holder ? entry->holder : object)->slots[entry->slot];
        continue;
      }
      case OPCODE_set_property: {
        Value base = A;
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(!value_is_object(base))) goto leave;
        Object *object = value_as_object(base);
        if (UNLIKELY(object->shape != cache->shape)) goto leave;
        if (LIKELY(cache->new_shape == NULL)) {
          if (UNLIKELY(!quick_store(cx, &object->slots[cache->slot], C))) goto leave;
          continue;
        }
        // When an object gets a property after it became a prototype, a new epoch begins.
        if (UNLIKELY(cache->epoch != cx->prototype_epoch || cache->slot >= object_slot_capacity(object) ||
                     object->cell.flags & OBJECT_USED_AS_PROTOTYPE))
          goto leave;
        object->slots[cache->slot] = C;
        object->shape = cache->new_shape;
        continue;
      }
      case OPCODE_define_property: {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        Object *object = value_as_object(A);
        if (UNLIKELY(object->shape != cache->shape || cache->slot >= object_slot_capacity(object) ||
                     object->cell.flags & OBJECT_USED_AS_PROTOTYPE))
          goto leave;
        object->slots[cache->slot] = C;
        object->shape = cache->new_shape;
        continue;
      }
      case OPCODE_get_element: {
        Value base = B, key = C;
        if (UNLIKELY(!value_is_int(key) || !value_is_object(base))) goto leave;
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        Value value;
        if (LIKELY(index < object->element_count && object->cell.kind != CELL_ARGUMENTS)) {
          value = object->elements->items[index];
        } else {
          if (object->cell.kind != CELL_TYPED_ARRAY || index >= object->length) goto leave;
          value = typed_array_load_quickly((TypedArray *)object, index);
        }
        if (UNLIKELY(value_is_hole(value))) goto leave;
        A = value;
        continue;
      }
      case OPCODE_set_element: {
        Value base = A, key = B;
        if (UNLIKELY(!value_is_int(key) || !value_is_object(base))) goto leave;
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (LIKELY(object->cell.kind == CELL_ARRAY)) {
          if (UNLIKELY(index >= object->element_count || object->cell.flags & OBJECT_ELEMENTS_FROZEN)) goto leave;
          Value *place = &object->elements->items[index];
          if (UNLIKELY(value_is_hole(*place))) goto leave;
          if (UNLIKELY(!quick_store(cx, place, C))) goto leave;
          continue;
        }
        if (object->cell.kind != CELL_TYPED_ARRAY || index >= object->length ||
            !typed_array_store_quickly((TypedArray *)object, index, C))
          goto leave;
        continue;
      }
      case OPCODE_create_object: {
        Object *object = object_create_quickly(cx, cx->realm->shapes[REALM_SHAPE_OBJECT], LITERAL_SLOTS_B);
        if (UNLIKELY(!object)) goto leave;
        A = value_object(object);
        continue;
      }
      case OPCODE_set_home_object: ((Closure *)value_as_object(A))->home_object = B; continue;

      // Calls ----------------------------------------------------------------------------------------
      case OPCODE_call:
      case OPCODE_call_undefined: {
        Value *area = &B;
        const Closure *closure = quick_callee(cx, area);
        if (UNLIKELY(!closure)) goto leave;
        Value this_value = INSTRUCTION.opcode == OPCODE_call ? area[FRAME_WORDS + REGISTER_THIS] : VALUE_UNDEFINED;
        frame->pc = pc;
        frame = frame_enter_quickly(frame, area, closure, this_value, INSTRUCTION.c, INSTRUCTION.a);
        goto enter_frame;
      }
      case OPCODE_tail_call:
      case OPCODE_tail_call_undefined: {
        const Value *area = &B;
        const Closure *closure = quick_callee(cx, area);
        if (UNLIKELY(!closure || frame->flags != 0)) goto leave;
        Value this_value = INSTRUCTION.opcode == OPCODE_tail_call ? area[FRAME_WORDS + REGISTER_THIS] : VALUE_UNDEFINED;
        uint32_t count = INSTRUCTION.c;
        Value *place = (Value *)frame;  // below the area, so that copying upwards is right
        for (uint32_t i = FRAME_WORDS + REGISTER_FIRST_PARAMETER; i < FRAME_WORDS + REGISTER_FIRST_PARAMETER + count;
             i++)
          place[i] = area[i];
        frame = frame_enter_quickly(frame->caller, place, closure, this_value, count, frame->result_register);
        goto enter_frame;
      }
      case OPCODE_construct: {
        Value *area = &B;
        Value callee = area[0];
        if (UNLIKELY(!value_is_object_of(callee, CELL_CLOSURE) || cx->fuel.remaining <= 0)) goto leave;
        const Closure *closure = (Closure *)value_as_object(callee);
        const Code *code = closure->code;
        Shape *shape = code->instance_shape;
        if (UNLIKELY(!shape || code->flags & CODE_DERIVED ||
                     closure->object.slots[FUNCTION_PROTOTYPE_SLOT] != value_object(shape->prototype)))
          goto leave;
        if (UNLIKELY(!closure_enters_quickly(cx, closure, area))) goto leave;
        Object *instance = object_create_quickly(cx, shape, code->instance_slots ? code->instance_slots : 4);
        if (UNLIKELY(!instance)) goto leave;
        frame->pc = pc;
        frame = frame_enter_quickly(frame, area, closure, value_object(instance), INSTRUCTION.c, INSTRUCTION.a);
        frame->new_target = callee;
        frame->flags = FRAME_CONSTRUCT;
        goto enter_frame;
      }
      case OPCODE_return: returned = A; goto return_value;
      case OPCODE_return_undefined: returned = VALUE_UNDEFINED; goto return_value;
      case OPCODE_check_object:
        if (UNLIKELY(!value_is_object(A))) goto leave;
        continue;
      case OPCODE_check_coercible:
        if (UNLIKELY(value_is_nullish(A))) goto leave;
        continue;

      // Iteration ------------------------------------------------------------------------------------
      case OPCODE_iterator_next:
        if (UNLIKELY(!quick_iterate_array(&B, &A))) goto leave;
        pc++;
        continue;

        // Without a fast path ----------------------------------------------------------------------------
#define HOT_OPCODE(name, a, b, c, meaning)
#define OPCODE(name, a, b, c, meaning) case OPCODE_##name:
#include "bytecode/opcodes.def"
#undef OPCODE
      case OPCODE_COUNT: break;
    }
    // Reachable as far as the compiler knows. With an unreachable default, each dispatch in WebAssembly would cost one
    // subtraction more.
    goto leave;

  enter_frame:
    cx->fuel.remaining -= 1 + fuel_of_body(frame->code);
    pc = frame->code->instructions;
    LOAD_FRAME();
    continue;

  return_value:
    if (UNLIKELY(frame->flags != 0)) {
      if (frame->flags == FRAME_ENTRY) goto entry_returned;
      if (frame->flags != FRAME_CONSTRUCT) goto leave;
      Value this_value = REGISTER(REGISTER_THIS);
      if (UNLIKELY(!value_is_object(this_value) ||
                   value_as_object(this_value)->shape->slot_count > frame->code->instance_slots))
        goto leave;
      if (!value_is_object(returned)) returned = this_value;
    }
    uint32_t result_register = frame->result_register;
    frame = frame->caller;
    pc = frame->pc;
    LOAD_FRAME();
    REGISTER(result_register) = returned;
  }

entry_returned:
  cx->frame = frame;
  REGISTER(REGISTER_THIS) = returned;
  return DISPATCH_RETURNED;

leave:
  cx->frame = frame;
  frame->pc = pc - 1;
  return DISPATCH_STEP;

slice_ended:
  cx->frame = frame;
  frame->pc = pc;
  return DISPATCH_SLICE_ENDED;
}
