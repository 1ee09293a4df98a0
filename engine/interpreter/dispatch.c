// The dispatch loop: the fast paths of the hot opcodes, and nothing else.
//
// It makes no call at all. A WebAssembly engine's register allocator keeps a loop's variables in registers only when no
// call inside the loop can clobber them, so one call on a path that is never taken would cost every instruction several
// loads and stores. What a fast path cannot finish leaves the loop with frame->pc at the instruction; interpreter_step
// performs that one completely, and the loop is entered again (interpreter_run). So nothing here allocates from an empty
// free list, collects, throws or runs anything else, and no case is complete without its twin in step.c.
//
// State in locals: `frame`, its `registers` (bytes, as operands are pre-scaled), `pc` (next instruction) and
// `caches`. cx->frame and frame->pc are written when the loop is left.
//
// A taken backward jump and a call charge fuel. When the slice is spent the loop is left too: that is where limits are
// looked at, and it lets a WebAssembly engine replace this function by its optimised version.
#include "interpreter/interpreter.h"
#include "interpreter/quick.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

#define REGISTER(operand) (*(Value *)(registers + (operand)))
// The instruction being executed; operands are loaded where they are used.
#define INSTRUCTION (pc[-1])
#define A REGISTER(INSTRUCTION.a)
#define B REGISTER(INSTRUCTION.b)
#define C REGISTER(INSTRUCTION.c)
#define WIDE() instruction_wide(&INSTRUCTION)
#define CASE(name) case OPCODE_##name:
#define NEXT() continue
// Left to interpreter_step.
#define LEAVE() goto leave
#define LOAD_FRAME()                            \
  do {                                          \
    registers = (char *)frame_registers(frame); \
    caches = frame->code->caches;               \
  } while (0)
// A block and not do-while, in which NEXT would continue the wrong loop.
#define JUMP(distance)                                                             \
  {                                                                                \
    int32_t jump_distance = (distance);                                            \
    pc += jump_distance;                                                           \
    if (jump_distance < 0 && UNLIKELY((cx->fuel.remaining -= fuel_of_jump(jump_distance)) < 0)) goto slice_ended; \
    NEXT();                                                                        \
  }

#define ARITHMETIC(name, right_operand, int_operation, double_expression)       \
  CASE(name) {                                                                  \
    Value x = B, y = right_operand;                                             \
    int32_t sum;                                                                \
    if (LIKELY(BOTH_INT(x, y) && !int_operation(value_as_int(x), value_as_int(y), &sum))) { \
      A = value_int(sum);                                                       \
      NEXT();                                                                   \
    }                                                                           \
    if (UNLIKELY(!BOTH_NUMBER(x, y))) LEAVE();                                  \
    double left = value_as_number(x), right = value_as_number(y);               \
    A = value_double(double_expression);                                        \
    NEXT();                                                                     \
  }
#define IMMEDIATE value_int((int16_t)INSTRUCTION.c)

#define BITWISE(name, right_operand, expression)                                \
  CASE(name) {                                                                  \
    Value x = B, y = right_operand;                                             \
    int32_t left, right;                                                        \
    if (UNLIKELY(!value_to_int32_quickly(x, &left) || !value_to_int32_quickly(y, &right))) LEAVE(); \
    A = expression;                                                             \
    NEXT();                                                                     \
  }

#define COMPARE(x, operation, y, outcome)                  \
  if (LIKELY(BOTH_INT(x, y))) {                            \
    outcome = value_as_int(x) operation value_as_int(y);   \
  } else if (LIKELY(BOTH_NUMBER(x, y))) {                  \
    outcome = value_as_number(x) operation value_as_number(y); \
  } else {                                                 \
    LEAVE();                                               \
  }
#define RELATIONAL(name, operation)      \
  CASE(name) {                           \
    Value x = B, y = C;                  \
    bool outcome;                        \
    COMPARE(x, operation, y, outcome)    \
    A = value_boolean(outcome);          \
    NEXT();                              \
  }
#define JUMP_RELATIONAL(name, right_operand, operation, wanted) \
  CASE(name) {                                                  \
    Value x = A, y = right_operand;                             \
    bool outcome;                                               \
    COMPARE(x, operation, y, outcome)                           \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);        \
    NEXT();                                                     \
  }
#define IMMEDIATE_B value_int((int16_t)INSTRUCTION.b)

#define EQUALITY(name, quick_equals, wanted)                     \
  CASE(name) {                                                   \
    bool outcome;                                                \
    if (UNLIKELY(!quick_equals(B, C, &outcome))) LEAVE();        \
    A = value_boolean(outcome == wanted);                        \
    NEXT();                                                      \
  }
#define JUMP_EQUALITY(name, right_operand, quick_equals, wanted)    \
  CASE(name) {                                                      \
    bool outcome;                                                   \
    if (UNLIKELY(!quick_equals(A, right_operand, &outcome))) LEAVE(); \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);            \
    NEXT();                                                         \
  }

// Whether the loop can enter the closure, with its frame at `area`.
static inline bool closure_enters_quickly(const Context *cx, const Closure *closure, const Value *area) {
  return LIKELY(!(closure->code->flags & CODE_NEEDS_ARGUMENT_LIST) && closure->realm == cx->realm &&
                area + FRAME_WORDS + closure->code->register_count + FRAME_WORDS <= cx->stack_end);
}

// The closure a call can enter quickly; NULL: it takes a step.
static inline const Closure *quick_callee(const Context *cx, const Value *area) {
  if (UNLIKELY(!value_is_object_of(area[0], CELL_CLOSURE) || cx->fuel.remaining <= 0)) return NULL;
  const Closure *closure = (const Closure *)value_as_object(area[0]);
  return closure->code->flags & CODE_CLASS_CONSTRUCTOR || !closure_enters_quickly(cx, closure, area) ? NULL : closure;
}

// The frame of a closure whose `count` arguments are in `area`.
// bounded: parameters, which the call pays for.
static inline Frame *frame_enter_quickly(Frame *caller, Value *area, const Closure *closure, Value this_value,
                                         uint32_t count, uint16_t result_register) {
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
  frame->argument_count = count;
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
    switch ((pc++)->opcode) {
      // Loads and moves ------------------------------------------------------------------------------
      CASE(load_int) A = value_int(WIDE()); NEXT();
      CASE(load_constant) A = frame->code->constants->items[(uint32_t)WIDE()]; NEXT();
      CASE(load_undefined) A = VALUE_UNDEFINED; NEXT();
      CASE(load_null) A = VALUE_NULL; NEXT();
      CASE(load_true) A = VALUE_TRUE; NEXT();
      CASE(load_false) A = VALUE_FALSE; NEXT();
      CASE(load_hole) A = VALUE_HOLE; NEXT();
      CASE(load_uninitialized) A = VALUE_UNINITIALIZED; NEXT();
      CASE(move) A = B; NEXT();
      CASE(load_function) A = frame->function; NEXT();
      CASE(load_global_this) A = cx->realm->global_this; NEXT();
      CASE(load_intrinsic) A = cx->realm->intrinsics[INSTRUCTION.b]; NEXT();
      CASE(coerce_this) {
        Value this_value = REGISTER(0);
        if (value_is_object(this_value)) NEXT();
        if (UNLIKELY(!value_is_nullish(this_value))) LEAVE();
        REGISTER(0) = cx->realm->global_this;
        NEXT();
      }

      // Arithmetic -----------------------------------------------------------------------------------
      ARITHMETIC(add, C, __builtin_add_overflow, left + right)
      ARITHMETIC(subtract, C, __builtin_sub_overflow, left - right)
      ARITHMETIC(multiply, C, multiply_overflows, left * right)
      ARITHMETIC(add_int, IMMEDIATE, __builtin_add_overflow, left + right)
      ARITHMETIC(subtract_int, IMMEDIATE, __builtin_sub_overflow, left - right)
      ARITHMETIC(multiply_int, IMMEDIATE, multiply_overflows, left * right)
      CASE(divide) CASE(divide_int) {
        Value x = B, y = INSTRUCTION.opcode == OPCODE_divide ? C : IMMEDIATE;
        if (UNLIKELY(!BOTH_NUMBER(x, y))) LEAVE();
        A = value_number(value_as_number(x) / value_as_number(y));
        NEXT();
      }
      CASE(remainder) {
        Value x = B, y = C;
        if (UNLIKELY(!BOTH_INT(x, y) || value_as_int(x) < 0 || value_as_int(y) <= 0)) LEAVE();
        A = value_int((int32_t)((uint32_t)value_as_int(x) % (uint32_t)value_as_int(y)));
        NEXT();
      }
      CASE(remainder_int) {
        Value x = B;
        if (UNLIKELY(!value_is_int(x) || value_as_int(x) < 0)) LEAVE();
        A = value_int((int32_t)((uint32_t)value_as_int(x) % (uint32_t)(int16_t)INSTRUCTION.c));
        NEXT();
      }
      BITWISE(bit_and, C, value_int(left & right))
      BITWISE(bit_or, C, value_int(left | right))
      BITWISE(bit_xor, C, value_int(left ^ right))
      BITWISE(shift_left, C, value_int((int32_t)((uint32_t)left << (right & 31))))
      BITWISE(shift_right, C, value_int(left >> (right & 31)))
      BITWISE(shift_right_unsigned, C, value_unsigned((uint32_t)left >> (right & 31)))
      BITWISE(bit_and_int, IMMEDIATE, value_int(left & right))
      BITWISE(bit_or_int, IMMEDIATE, value_int(left | right))
      BITWISE(shift_left_int, IMMEDIATE, value_int((int32_t)((uint32_t)left << (right & 31))))
      BITWISE(shift_right_int, IMMEDIATE, value_int(left >> (right & 31)))
      BITWISE(shift_right_unsigned_int, IMMEDIATE, value_unsigned((uint32_t)left >> (right & 31)))
      CASE(negate) {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != 0 && value_as_int(x) != INT32_MIN)) {
          A = value_int(-value_as_int(x));
          NEXT();
        }
        if (UNLIKELY(!value_is_number(x))) LEAVE();
        A = value_double(-value_as_number(x));
        NEXT();
      }
      CASE(bit_not) {
        int32_t number;
        if (UNLIKELY(!value_to_int32_quickly(B, &number))) LEAVE();
        A = value_int(~number);
        NEXT();
      }
      CASE(not) {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(B, &truth))) LEAVE();
        A = value_boolean(!truth);
        NEXT();
      }
      CASE(increment) {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MAX)) {
          A = value_int(value_as_int(x) + 1);
          NEXT();
        }
        if (UNLIKELY(!value_is_number(x))) LEAVE();
        A = value_double(value_as_number(x) + 1);
        NEXT();
      }
      CASE(decrement) {
        Value x = B;
        if (LIKELY(value_is_int(x) && value_as_int(x) != INT32_MIN)) {
          A = value_int(value_as_int(x) - 1);
          NEXT();
        }
        if (UNLIKELY(!value_is_number(x))) LEAVE();
        A = value_double(value_as_number(x) - 1);
        NEXT();
      }
      CASE(to_number) CASE(to_numeric) {
        Value x = B;
        if (UNLIKELY(!value_is_number(x))) LEAVE();
        A = x;
        NEXT();
      }
      CASE(to_string) {
        Value x = B;
        if (UNLIKELY(!value_is_string(x))) LEAVE();
        A = x;
        NEXT();
      }
      CASE(to_property_key) {
        Value x = B;
        if (UNLIKELY(!(value_is_string(x) || value_is_symbol(x) || value_is_int(x)))) LEAVE();
        A = x;
        NEXT();
      }

      // Comparison -----------------------------------------------------------------------------------
      RELATIONAL(less, <)
      RELATIONAL(less_equal, <=)
      RELATIONAL(greater, >)
      RELATIONAL(greater_equal, >=)
      EQUALITY(equal, quick_loosely_equals, true)
      EQUALITY(not_equal, quick_loosely_equals, false)
      EQUALITY(strict_equal, quick_strict_equals, true)
      EQUALITY(strict_not_equal, quick_strict_equals, false)

      CASE(in) {
        Value key = B, base = C;
        if (UNLIKELY(!value_is_int(key) || !value_is_object_of(base, CELL_ARRAY))) LEAVE();
        const Object *array = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (UNLIKELY(index >= array->element_count || value_is_hole(array->elements->items[index]))) LEAVE();
        A = VALUE_TRUE;
        NEXT();
      }

      // Jumps ----------------------------------------------------------------------------------------
      CASE(jump) JUMP(WIDE());
      CASE(jump_if_true) {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(A, &truth))) LEAVE();
        if (truth) JUMP(WIDE());
        NEXT();
      }
      CASE(jump_if_false) {
        bool truth;
        if (UNLIKELY(!quick_to_boolean(A, &truth))) LEAVE();
        if (!truth) JUMP(WIDE());
        NEXT();
      }
      CASE(jump_if_nullish) if (value_is_nullish(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_not_nullish) if (!value_is_nullish(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_undefined) if (value_is_undefined(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_not_undefined) if (!value_is_undefined(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_hole) if (value_is_hole(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_equal_null) if (nullish_equals(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_not_equal_null) if (!nullish_equals(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_null) if (value_is_null(A)) JUMP(WIDE()); NEXT();
      CASE(jump_if_not_null) if (!value_is_null(A)) JUMP(WIDE()); NEXT();
      JUMP_RELATIONAL(jump_if_less, B, <, true)
      JUMP_RELATIONAL(jump_if_less_equal, B, <=, true)
      JUMP_RELATIONAL(jump_if_greater, B, >, true)
      JUMP_RELATIONAL(jump_if_greater_equal, B, >=, true)
      JUMP_RELATIONAL(jump_if_not_less, B, <, false)
      JUMP_RELATIONAL(jump_if_not_less_equal, B, <=, false)
      JUMP_RELATIONAL(jump_if_not_greater, B, >, false)
      JUMP_RELATIONAL(jump_if_not_greater_equal, B, >=, false)
      JUMP_RELATIONAL(jump_if_less_int, IMMEDIATE_B, <, true)
      JUMP_RELATIONAL(jump_if_less_equal_int, IMMEDIATE_B, <=, true)
      JUMP_RELATIONAL(jump_if_greater_int, IMMEDIATE_B, >, true)
      JUMP_RELATIONAL(jump_if_greater_equal_int, IMMEDIATE_B, >=, true)
      JUMP_RELATIONAL(jump_if_not_less_int, IMMEDIATE_B, <, false)
      JUMP_RELATIONAL(jump_if_not_less_equal_int, IMMEDIATE_B, <=, false)
      JUMP_RELATIONAL(jump_if_not_greater_int, IMMEDIATE_B, >, false)
      JUMP_RELATIONAL(jump_if_not_greater_equal_int, IMMEDIATE_B, >=, false)
      JUMP_EQUALITY(jump_if_equal, B, quick_loosely_equals, true)
      JUMP_EQUALITY(jump_if_not_equal, B, quick_loosely_equals, false)
      JUMP_EQUALITY(jump_if_strict_equal, B, quick_strict_equals, true)
      JUMP_EQUALITY(jump_if_strict_not_equal, B, quick_strict_equals, false)
      JUMP_EQUALITY(jump_if_equal_int, IMMEDIATE_B, quick_loosely_equals, true)
      JUMP_EQUALITY(jump_if_not_equal_int, IMMEDIATE_B, quick_loosely_equals, false)
      JUMP_EQUALITY(jump_if_strict_equal_int, IMMEDIATE_B, quick_strict_equals, true)
      JUMP_EQUALITY(jump_if_strict_not_equal_int, IMMEDIATE_B, quick_strict_equals, false)
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
        const Values *table = (const Values *)value_as_cell(frame->code->constants->items[(uint32_t)WIDE()]);
        int64_t index = (int64_t)value_as_int(x) - value_as_int(table->items[0]);
        if (index < 0 || index + 1 >= (int64_t)table->cell.extra) NEXT();
        JUMP(value_as_int(table->items[index + 1]));
      }

      // Environments and globals -----------------------------------------------------------------------
      CASE(push_environment) {
        uint32_t slot_count = INSTRUCTION.a;
        Value names = frame->code->constants->items[(uint32_t)WIDE()];
        if (UNLIKELY(value_is_internal(names))) LEAVE();
        Environment *environment = environment_create_quickly(cx, frame->environment, slot_count);
        if (UNLIKELY(!environment)) LEAVE();
        for (uint32_t i = 0; i < slot_count; i++) environment->slots[i] = VALUE_UNINITIALIZED;
        frame->environment = environment;
        NEXT();
      }
      CASE(copy_environment) {
        const Environment *old = frame->environment;
        uint32_t slot_count = old->cell.extra;
        Environment *environment = environment_create_quickly(cx, old->outer, slot_count);
        if (UNLIKELY(!environment)) LEAVE();
        environment->cell.flags = old->cell.flags;
        environment->names = old->names;
        for (uint32_t i = 0; i < slot_count; i++) environment->slots[i] = old->slots[i];
        frame->environment = environment;
        NEXT();
      }
      CASE(pop_environment) frame->environment = frame->environment->outer; NEXT();
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
        if (UNLIKELY(value == VALUE_UNINITIALIZED)) LEAVE();
        A = value;
        NEXT();
      }
      CASE(set_slot_checked) {
        Environment *environment = environment_at(frame->environment, INSTRUCTION.b);
        if (UNLIKELY(environment->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED)) LEAVE();
        cell_store(&environment->cell, &environment->slots[INSTRUCTION.c], A);
        NEXT();
      }
      CASE(check_slot)
        if (environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c] == VALUE_UNINITIALIZED) LEAVE();
        NEXT();
      CASE(check_initialized)
        if (UNLIKELY(A == VALUE_UNINITIALIZED)) LEAVE();
        NEXT();
      CASE(bind_this)
        if (UNLIKELY(A != VALUE_UNINITIALIZED)) LEAVE();
        A = B;
        NEXT();
      CASE(get_global) {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(cache->epoch != cx->prototype_epoch)) LEAVE();
        ASSERT(cache->holder->slots == cache->storage->items && cache->slot < cache->storage->cell.extra);
        Value value = cache->storage->items[cache->slot];
        if (UNLIKELY(value == VALUE_UNINITIALIZED)) LEAVE();
        A = value;
        NEXT();
      }
      CASE(set_global) {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(cache->epoch != cx->prototype_epoch || !cache->new_shape)) LEAVE();
        ASSERT(cache->holder->slots == cache->storage->items && cache->slot < cache->storage->cell.extra);
        Value *place = &cache->storage->items[cache->slot];
        if (UNLIKELY(*place == VALUE_UNINITIALIZED)) LEAVE();
        cell_store(&cache->storage->cell, place, A);
        NEXT();
      }

      // Properties -----------------------------------------------------------------------------------
      CASE(get_length) {
        Value base = B;
        if (LIKELY(value_is_object(base))) {
          Object *object = value_as_object(base);
          if (LIKELY(object->cell.kind == CELL_ARRAY)) {
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
        const InlineCache *cache = &caches[INSTRUCTION.c];
        // A string's properties are looked up from its prototype on, and caches are keyed by where the look-up starts.
        Value start = LIKELY(value_is_object(base)) ? base
                      : value_is_string(base)       ? cx->realm->intrinsics[INTRINSIC_StringPrototype]
                                                    : VALUE_UNDEFINED;
        if (UNLIKELY(!value_is_object(start))) LEAVE();
        Object *object = value_as_object(start);
        if (LIKELY(object->shape == cache->shape)) {
          if (LIKELY(cache->holder == NULL)) {
            A = object->slots[cache->slot];
            NEXT();
          }
          if (UNLIKELY(cache->epoch != cx->prototype_epoch)) LEAVE();
          A = cache->holder->slots[cache->slot];
          NEXT();
        }
        if (LIKELY(object->shape == cache->new_shape)) {  // a getter
          if (UNLIKELY(cache->epoch != cx->prototype_epoch || cx->fuel.remaining <= 0)) LEAVE();
          const Object *holder = cache->holder ? cache->holder : object;
          Value getter = ((const Record *)value_as_cell(holder->slots[cache->slot]))->items[0];
          Value *area = (Value *)registers + frame->code->register_count;
          if (UNLIKELY(!value_is_object_of(getter, CELL_CLOSURE))) LEAVE();
          const Closure *closure = (const Closure *)value_as_object(getter);
          if (UNLIKELY(!closure_enters_quickly(cx, closure, area))) LEAVE();
          frame->pc = pc;
          frame = frame_enter_quickly(frame, area, closure, base, 0, INSTRUCTION.a);
          goto enter_frame;
        }
        if (UNLIKELY(!cx->stub_cache)) LEAVE();
        const StubEntry *entry = stub_cache_entry(cx->stub_cache, object->shape, cache->key);
        if (UNLIKELY(entry->shape != object->shape || entry->key != cache->key || entry->attributes & PROPERTY_ACCESSOR ||
                     entry->epoch != cx->prototype_epoch))
          LEAVE();
        A = (entry->holder ? entry->holder : object)->slots[entry->slot];
        NEXT();
      }
      CASE(set_property) {
        Value base = A;
        const InlineCache *cache = &caches[INSTRUCTION.b];
        if (UNLIKELY(!value_is_object(base))) LEAVE();
        Object *object = value_as_object(base);
        if (UNLIKELY(object->shape != cache->shape)) LEAVE();
        if (LIKELY(cache->new_shape == NULL)) {
          cell_store(&object->cell, &object->slots[cache->slot], C);
          NEXT();
        }
        // A prototype that gets a property makes a new epoch.
        if (UNLIKELY(cache->epoch != cx->prototype_epoch || cache->slot >= object_slot_capacity(object) ||
                     object->cell.flags & OBJECT_USED_AS_PROTOTYPE))
          LEAVE();
        object->slots[cache->slot] = C;
        object->shape = cache->new_shape;
        NEXT();
      }
      CASE(define_property) {
        const InlineCache *cache = &caches[INSTRUCTION.b];
        Object *object = value_as_object(A);
        if (UNLIKELY(object->shape != cache->shape || cache->slot >= object_slot_capacity(object) ||
                     object->cell.flags & OBJECT_USED_AS_PROTOTYPE))
          LEAVE();
        object->slots[cache->slot] = C;
        object->shape = cache->new_shape;
        NEXT();
      }
      CASE(get_element) {
        Value base = B, key = C;
        if (UNLIKELY(!value_is_int(key) || !value_is_object(base))) LEAVE();
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        Value value;
        if (LIKELY(index < object->element_count && object->cell.kind != CELL_ARGUMENTS)) {
          value = object->elements->items[index];
        } else {
          if (object->cell.kind != CELL_TYPED_ARRAY || index >= object->length) LEAVE();
          value = typed_array_load_quickly((TypedArray *)object, index);
        }
        if (UNLIKELY(value_is_hole(value))) LEAVE();
        A = value;
        NEXT();
      }
      CASE(set_element) {
        Value base = A, key = B;
        if (UNLIKELY(!value_is_int(key) || !value_is_object(base))) LEAVE();
        Object *object = value_as_object(base);
        uint32_t index = (uint32_t)value_as_int(key);
        if (LIKELY(object->cell.kind == CELL_ARRAY)) {
          if (UNLIKELY(index >= object->element_count || object->cell.flags & OBJECT_ELEMENTS_FROZEN)) LEAVE();
          Value *place = &object->elements->items[index];
          if (UNLIKELY(value_is_hole(*place))) LEAVE();
          cell_store(&object->elements->cell, place, C);
          NEXT();
        }
        if (object->cell.kind != CELL_TYPED_ARRAY || index >= object->length ||
            !typed_array_store_quickly((TypedArray *)object, index, C))
          LEAVE();
        NEXT();
      }
      CASE(create_object) {
        Object *object = object_create_quickly(cx, cx->realm->shapes[REALM_SHAPE_OBJECT],
                                               INSTRUCTION.b ? MIN_OF(INSTRUCTION.b, 32) : 4);
        if (UNLIKELY(!object)) LEAVE();
        A = value_object(object);
        NEXT();
      }
      CASE(set_home_object) ((Closure *)value_as_object(A))->home_object = B; NEXT();

      // Calls ----------------------------------------------------------------------------------------
      CASE(call) CASE(call_undefined) {
        Value *area = &B;
        const Closure *closure = quick_callee(cx, area);
        if (UNLIKELY(!closure)) LEAVE();
        Value this_value =
            INSTRUCTION.opcode == OPCODE_call ? area[FRAME_WORDS + REGISTER_THIS] : VALUE_UNDEFINED;
        frame->pc = pc;
        frame = frame_enter_quickly(frame, area, closure, this_value, INSTRUCTION.c, INSTRUCTION.a);
        goto enter_frame;
      }
      CASE(tail_call) CASE(tail_call_undefined) {
        const Value *area = &B;
        const Closure *closure = quick_callee(cx, area);
        if (UNLIKELY(!closure || frame->flags != 0)) LEAVE();
        Value this_value =
            INSTRUCTION.opcode == OPCODE_tail_call ? area[FRAME_WORDS + REGISTER_THIS] : VALUE_UNDEFINED;
        uint32_t count = INSTRUCTION.c;
        Value *place = (Value *)frame;  // below the area, so that copying upwards is right
        for (uint32_t i = FRAME_WORDS + REGISTER_FIRST_PARAMETER; i < FRAME_WORDS + REGISTER_FIRST_PARAMETER + count; i++)
          place[i] = area[i];
        frame = frame_enter_quickly(frame->caller, place, closure, this_value, count, frame->result_register);
        goto enter_frame;
      }
      CASE(construct) {
        Value *area = &B;
        Value callee = area[0];
        if (UNLIKELY(!value_is_object_of(callee, CELL_CLOSURE) || cx->fuel.remaining <= 0)) LEAVE();
        const Closure *closure = (Closure *)value_as_object(callee);
        const Code *code = closure->code;
        Shape *shape = code->instance_shape;
        if (UNLIKELY(!shape || code->flags & CODE_DERIVED ||
                     closure->object.slots[FUNCTION_PROTOTYPE_SLOT] != value_object(shape->prototype)))
          LEAVE();
        if (UNLIKELY(!closure_enters_quickly(cx, closure, area))) LEAVE();
        Object *instance = object_create_quickly(cx, shape, code->instance_slots ? code->instance_slots : 4);
        if (UNLIKELY(!instance)) LEAVE();
        frame->pc = pc;
        frame = frame_enter_quickly(frame, area, closure, value_object(instance), INSTRUCTION.c, INSTRUCTION.a);
        frame->new_target = callee;
        frame->flags = FRAME_CONSTRUCT;
        goto enter_frame;
      }
      CASE(return) returned = A; goto return_value;
      CASE(return_undefined) returned = VALUE_UNDEFINED; goto return_value;
      CASE(check_object)
        if (UNLIKELY(!value_is_object(A))) LEAVE();
        NEXT();
      CASE(check_coercible)
        if (UNLIKELY(value_is_nullish(A))) LEAVE();
        NEXT();

      // Iteration ------------------------------------------------------------------------------------
      CASE(iterator_next) {
        // OPTIMIZATION: state+1 holds the next index while an untouched array is walked (iteration_open).
        Value *state = &B;
        if (UNLIKELY(!value_is_int(state[1]))) LEAVE();
        const Object *array = value_as_object(state[0]);
        uint32_t index = (uint32_t)value_as_int(state[1]);
        if (UNLIKELY(index >= array->element_count)) LEAVE();
        Value value = array->elements->items[index];
        if (UNLIKELY(value_is_hole(value))) LEAVE();
        A = value;
        state[1] = value_int((int32_t)index + 1);
        state[2] = VALUE_FALSE;
        pc++;
        NEXT();
      }
      default: LEAVE();
    }

  enter_frame:
    cx->fuel.remaining -= 1 + fuel_of_body(frame->code);
    pc = frame->code->instructions;
    LOAD_FRAME();
    continue;

  return_value:
    if (UNLIKELY(frame->flags != 0)) {
      if (frame->flags == FRAME_ENTRY) goto entry_returned;
      if (frame->flags != FRAME_CONSTRUCT) LEAVE();
      Value this_value = REGISTER(REGISTER_THIS);
      if (UNLIKELY(!value_is_object(this_value) ||
                   value_as_object(this_value)->shape->slot_count > frame->code->instance_slots))
        LEAVE();
      if (!value_is_object(returned)) returned = this_value;
    }
    uint16_t result_register = frame->result_register;
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
