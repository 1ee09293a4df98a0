// One instruction, performed completely: what every opcode means, with whatever it may allocate, throw, call or set
// aside. The dispatch loop (dispatch.c) comes here with those instructions that its fast paths do not finish; nothing
// here relies on a fast path having been tried. The stress build runs every instruction this way.
//
// frame->pc is moved behind the instruction (SAVE) before anything that may collect, throw or push a frame: the
// collector, error positions and stack traces find it there.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "interpreter/quick.h"
#include "runtime/arguments.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/realm.h"

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
    if (jump_distance < 0 && UNLIKELY((cx->fuel.remaining -= fuel_of_jump(jump_distance)) < 0)) goto slice_ended; \
    NEXT();                                                                        \
  }

#define IMMEDIATE value_int((int16_t)INSTRUCTION.c)
#define IMMEDIATE_B value_int((int16_t)INSTRUCTION.b)
#define BINARY(name, right_operand, operator)                            \
  CASE(name) {                                                           \
    STORE_RESULT(value_binary(cx, OPERATOR_##operator, B, right_operand)); \
    NEXT();                                                              \
  }
#define UNARY(name, operator)                              \
  CASE(name) {                                             \
    STORE_RESULT(value_unary(cx, OPERATOR_##operator, B)); \
    NEXT();                                                \
  }
#define RELATIONAL(name, comparison)                               \
  CASE(name) {                                                     \
    bool outcome;                                                  \
    SAVE();                                                        \
    TRY(value_compare(cx, COMPARE_##comparison, B, C, &outcome));  \
    A = value_boolean(outcome);                                    \
    NEXT();                                                        \
  }
#define JUMP_RELATIONAL(name, right_operand, comparison, wanted)               \
  CASE(name) {                                                                 \
    bool outcome;                                                              \
    SAVE();                                                                    \
    TRY(value_compare(cx, COMPARE_##comparison, A, right_operand, &outcome));  \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);                       \
    NEXT();                                                                    \
  }
#define EQUALITY(name, equals, wanted)         \
  CASE(name) {                                 \
    bool outcome;                              \
    SAVE();                                    \
    TRY(equals(cx, B, C, &outcome));           \
    A = value_boolean(outcome == wanted);      \
    NEXT();                                    \
  }
#define JUMP_EQUALITY(name, right_operand, equals, wanted)  \
  CASE(name) {                                              \
    bool outcome;                                           \
    SAVE();                                                 \
    TRY(equals(cx, A, right_operand, &outcome));            \
    if (outcome == wanted) JUMP((int16_t)INSTRUCTION.c);    \
    NEXT();                                                 \
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
    BINARY(add, C, ADD)
    BINARY(subtract, C, SUBTRACT)
    BINARY(multiply, C, MULTIPLY)
    BINARY(divide, C, DIVIDE)
    BINARY(remainder, C, REMAINDER)
    BINARY(exponentiate, C, EXPONENTIATE)
    BINARY(bit_and, C, BIT_AND)
    BINARY(bit_or, C, BIT_OR)
    BINARY(bit_xor, C, BIT_XOR)
    BINARY(shift_left, C, SHIFT_LEFT)
    BINARY(shift_right, C, SHIFT_RIGHT)
    BINARY(shift_right_unsigned, C, SHIFT_RIGHT_UNSIGNED)
    BINARY(add_int, IMMEDIATE, ADD)
    BINARY(subtract_int, IMMEDIATE, SUBTRACT)
    BINARY(multiply_int, IMMEDIATE, MULTIPLY)
    BINARY(divide_int, IMMEDIATE, DIVIDE)
    BINARY(remainder_int, IMMEDIATE, REMAINDER)
    BINARY(bit_and_int, IMMEDIATE, BIT_AND)
    BINARY(bit_or_int, IMMEDIATE, BIT_OR)
    BINARY(shift_left_int, IMMEDIATE, SHIFT_LEFT)
    BINARY(shift_right_int, IMMEDIATE, SHIFT_RIGHT)
    BINARY(shift_right_unsigned_int, IMMEDIATE, SHIFT_RIGHT_UNSIGNED)
    UNARY(negate, NEGATE)
    UNARY(bit_not, BIT_NOT)
    CASE(not) A = value_boolean(!value_to_boolean(B)); NEXT();
    UNARY(increment, INCREMENT)
    UNARY(decrement, DECREMENT)
    CASE(to_number) {
      SAVE();
      double number;
      TRY(value_to_number(cx, B, &number));
      A = value_number(number);
      NEXT();
    }
    CASE(to_numeric) STORE_RESULT(value_to_numeric(cx, B)); NEXT();
    CASE(to_string) STORE_RESULT(value_to_string(cx, B)); NEXT();
    CASE(to_property_key) STORE_RESULT(operation_to_property_key(cx, B)); NEXT();
    CASE(to_property_key_of)
      SAVE();
      if (value_is_nullish(C)) {
        throw_nullish_access(cx, C, B, "read");
        THROW();
      }
      STORE_RESULT(operation_to_property_key(cx, B));
      NEXT();
    CASE(to_object) STORE_RESULT(value_to_object(cx, B)); NEXT();
    CASE(type_of) STORE_RESULT(string_from_ascii(cx, value_typeof(B))); NEXT();

    // Comparison -----------------------------------------------------------------------------------
    RELATIONAL(less, LESS)
    RELATIONAL(less_equal, LESS_EQUAL)
    RELATIONAL(greater, GREATER)
    RELATIONAL(greater_equal, GREATER_EQUAL)
    EQUALITY(equal, value_loosely_equals, true)
    EQUALITY(not_equal, value_loosely_equals, false)
    EQUALITY(strict_equal, value_strict_equals, true)
    EQUALITY(strict_not_equal, value_strict_equals, false)
    CASE(instance_of) {
      SAVE();
      bool outcome;
      TRY(operation_instance_of(cx, B, C, &outcome));
      A = value_boolean(outcome);
      NEXT();
    }
    CASE(in) STORE_RESULT(operation_in(cx, B, C)); NEXT();

    // Jumps ----------------------------------------------------------------------------------------
    CASE(jump) JUMP(WIDE());
    CASE(jump_if_true) if (value_to_boolean(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_false) if (!value_to_boolean(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_nullish) if (value_is_nullish(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_nullish) if (!value_is_nullish(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_undefined) if (value_is_undefined(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_undefined) if (!value_is_undefined(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_hole) if (value_is_hole(A)) JUMP(WIDE()); NEXT();
    JUMP_RELATIONAL(jump_if_less, B, LESS, true)
    JUMP_RELATIONAL(jump_if_less_equal, B, LESS_EQUAL, true)
    JUMP_RELATIONAL(jump_if_greater, B, GREATER, true)
    JUMP_RELATIONAL(jump_if_greater_equal, B, GREATER_EQUAL, true)
    JUMP_RELATIONAL(jump_if_not_less, B, LESS, false)
    JUMP_RELATIONAL(jump_if_not_less_equal, B, LESS_EQUAL, false)
    JUMP_RELATIONAL(jump_if_not_greater, B, GREATER, false)
    JUMP_RELATIONAL(jump_if_not_greater_equal, B, GREATER_EQUAL, false)
    JUMP_RELATIONAL(jump_if_less_int, IMMEDIATE_B, LESS, true)
    JUMP_RELATIONAL(jump_if_less_equal_int, IMMEDIATE_B, LESS_EQUAL, true)
    JUMP_RELATIONAL(jump_if_greater_int, IMMEDIATE_B, GREATER, true)
    JUMP_RELATIONAL(jump_if_greater_equal_int, IMMEDIATE_B, GREATER_EQUAL, true)
    JUMP_RELATIONAL(jump_if_not_less_int, IMMEDIATE_B, LESS, false)
    JUMP_RELATIONAL(jump_if_not_less_equal_int, IMMEDIATE_B, LESS_EQUAL, false)
    JUMP_RELATIONAL(jump_if_not_greater_int, IMMEDIATE_B, GREATER, false)
    JUMP_RELATIONAL(jump_if_not_greater_equal_int, IMMEDIATE_B, GREATER_EQUAL, false)
    JUMP_EQUALITY(jump_if_equal, B, value_loosely_equals, true)
    JUMP_EQUALITY(jump_if_not_equal, B, value_loosely_equals, false)
    JUMP_EQUALITY(jump_if_strict_equal, B, value_strict_equals, true)
    JUMP_EQUALITY(jump_if_strict_not_equal, B, value_strict_equals, false)
    JUMP_EQUALITY(jump_if_equal_int, IMMEDIATE_B, value_loosely_equals, true)
    JUMP_EQUALITY(jump_if_not_equal_int, IMMEDIATE_B, value_loosely_equals, false)
    JUMP_EQUALITY(jump_if_strict_equal_int, IMMEDIATE_B, value_strict_equals, true)
    JUMP_EQUALITY(jump_if_strict_not_equal_int, IMMEDIATE_B, value_strict_equals, false)
    CASE(jump_if_equal_null) if (nullish_equals(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_equal_null) if (!nullish_equals(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_null) if (value_is_null(A)) JUMP(WIDE()); NEXT();
    CASE(jump_if_not_null) if (!value_is_null(A)) JUMP(WIDE()); NEXT();
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
      A = module_get_import(environment_at(frame->environment, INSTRUCTION.b)->slots[INSTRUCTION.c]);
      if (UNLIKELY(A == VALUE_UNINITIALIZED)) goto dead_zone;
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
    CASE(get_global) STORE_RESULT(global_get(cx, &caches[INSTRUCTION.b], false)); NEXT();
    CASE(get_global_or_undefined) STORE_RESULT(global_get(cx, &caches[INSTRUCTION.b], true)); NEXT();
    CASE(set_global)
      SAVE();
      TRY(global_set(cx, &caches[INSTRUCTION.b], A, frame_is_strict(frame)));
      NEXT();
    CASE(initialize_global)
      SAVE();
      TRY(global_initialize(cx, &caches[INSTRUCTION.b], A));
      NEXT();
    CASE(resolve_name) STORE_RESULT(name_resolve(cx, frame->environment, CONSTANT())); NEXT();
    CASE(get_name) STORE_RESULT(name_get(cx, frame->environment, CONSTANT(), false)); NEXT();
    CASE(get_name_or_undefined) STORE_RESULT(name_get(cx, frame->environment, CONSTANT(), true)); NEXT();
    CASE(get_resolved)
      STORE_RESULT(name_get_resolved(cx, B, caches[INSTRUCTION.c].key, false, frame_is_strict(frame)));
      NEXT();
    CASE(set_resolved)
      SAVE();
      TRY(name_set_resolved(cx, A, caches[INSTRUCTION.c].key, B, frame_is_strict(frame)));
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
    CASE(get_property) CASE(get_length) {
      SAVE();
      HANDLE_CALL(site_get_property(cx, B, &caches[INSTRUCTION.c], INSTRUCTION.a, &call_result));
    }
    CASE(set_property) {
      SAVE();
      HANDLE_STORE(site_set_property(cx, A, &caches[INSTRUCTION.b], C));
    }
    CASE(get_element) {
      SAVE();
      HANDLE_CALL(site_get_element(cx, B, C, INSTRUCTION.a, &call_result));
    }
    CASE(set_element) {
      SAVE();
      HANDLE_STORE(site_set_element(cx, A, B, C));
    }
    CASE(delete_property) STORE_RESULT(operation_delete(cx, B, C, frame_is_strict(frame))); NEXT();
    CASE(get_super_base) STORE_RESULT(operation_get_super_base(cx, B)); NEXT();
    CASE(get_super) STORE_RESULT(operation_get_super(cx, (&B)[0], (&B)[1], C)); NEXT();
    CASE(set_super)
      SAVE();
      TRY(operation_set_super(cx, (&A)[0], (&A)[1], B, C, frame_is_strict(frame)));
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
    CASE(define_property)
      SAVE();
      TRY(site_define_property(cx, A, &caches[INSTRUCTION.b], C));
      NEXT();
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
    CASE(call) CASE(call_undefined) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      if (INSTRUCTION.opcode == OPCODE_call_undefined) (&B)[FRAME_WORDS + REGISTER_THIS] = VALUE_UNDEFINED;
      HANDLE_CALL(call_area(cx, &B, INSTRUCTION.c, INSTRUCTION.a, 0, &call_result));
    }
    CASE(tail_call) CASE(tail_call_undefined) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      if (INSTRUCTION.opcode == OPCODE_tail_call_undefined) (&B)[FRAME_WORDS + REGISTER_THIS] = VALUE_UNDEFINED;
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
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      Value *area = &B;
      HANDLE_CALL(construct_area(cx, area, INSTRUCTION.c, area[1], INSTRUCTION.a, 0, &call_result));
    }
    CASE(call_list) CASE(tail_call_list) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
      SAVE();
      const Object *list = value_as_object(C);
      Value *area = &B;
      uint16_t flags = INSTRUCTION.opcode == OPCODE_tail_call_list ? CALL_TAIL : 0;
      HANDLE_CALL(call_values(cx, area[0], area[FRAME_WORDS], list->elements ? list->elements->items : NULL,
                              list->element_count, INSTRUCTION.a, flags, &call_result));
    }
    CASE(construct_list) CASE(super_construct_list) {
      if (UNLIKELY(--cx->fuel.remaining < 0)) {
        pc--;
        goto slice_ended;
      }
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
          throw_uninitialized_this(cx);
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
      throw_type_error(cx, "cannot assign to constant '%k'", CONSTANT());
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
      throw_not_coercible(cx, A);
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
      if (UNLIKELY(!iteration_array_is_untouched(cx) || iteration_may_close_arrays(cx))) JUMP(WIDE());
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
      SAVE();
      if (LIKELY(value_is_int(state[1]))) {
        if (LIKELY(!iteration_may_close_arrays(cx))) JUMP((int16_t)INSTRUCTION.c);
        TRY(iteration_reify_array(cx, state));
      }
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
