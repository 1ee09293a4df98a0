// One instruction, performed completely: all that an opcode means, including whatever it may allocate, throw, call or
// set aside. The dispatch loop (dispatch.c) comes here for instructions that its fast paths do not finish; no code here
// relies on a fast path having been tried. The stress build runs every instruction this way.
//
// A case finds the operands, and performs what cannot fail. Everything else is a function: one of step.h, or one that
// returns a value or whether it succeeded.
#include "interpreter/step.h"

#define OPERAND_A operand_a
#define OPERAND_B operand_b
#define OPERAND_C operand_c
#define ENVIRONMENT_B step_environment(cx, frame, OPERAND_B)
#include "interpreter/generator.h"
#include "interpreter/operands.h"
#include "interpreter/quick.h"
#include "runtime/arguments.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/realm.h"

// Environments may be as deep as a source: who goes far pays for it.
static inline Environment *step_environment(Context *cx, const Frame *frame, uint32_t hops) {
  cx->fuel.remaining -= (int32_t)(hops >> 4);
  return environment_at(frame->environment, hops);
}

RunStatus interpreter_step(Context *cx, Value *result) {
  Frame *frame = cx->frame;
  char *registers = (char *)frame_registers(frame);
  const Instruction *pc = frame->pc + 1;
  cx->replay.pc = frame->pc;
  frame->pc = pc;
  InlineCache *caches = frame->code->caches;
  uint32_t operand_a = INSTRUCTION.a, operand_b = INSTRUCTION.b, operand_c = INSTRUCTION.c;
  if (UNLIKELY(INSTRUCTION.opcode == OPCODE_wide)) {
    pc = ++frame->pc;
    operand_a = operand_a << 16 | INSTRUCTION.a;
    operand_b = operand_b << 16 | INSTRUCTION.b;
    operand_c = operand_c << 16 | INSTRUCTION.c;
  }

  switch ((Opcode)INSTRUCTION.opcode) {
    // Loads and moves ------------------------------------------------------------------------------
    case OPCODE_load_int: A = value_int(WIDE); break;
    case OPCODE_load_constant: A = CONSTANT; break;
    case OPCODE_load_undefined: A = VALUE_UNDEFINED; break;
    case OPCODE_load_null: A = VALUE_NULL; break;
    case OPCODE_load_true: A = VALUE_TRUE; break;
    case OPCODE_load_false: A = VALUE_FALSE; break;
    case OPCODE_load_hole: A = VALUE_HOLE; break;
    case OPCODE_load_uninitialized: A = VALUE_UNINITIALIZED; break;
    case OPCODE_move: A = B; break;
    case OPCODE_load_function: A = frame->function; break;
    case OPCODE_load_new_target: A = frame->new_target; break;
    case OPCODE_load_home_object: A = ((Closure *)value_as_object(frame->function))->home_object; break;
    case OPCODE_load_global_this: A = cx->realm->global_this; break;
    case OPCODE_load_intrinsic: A = cx->realm->intrinsics[OPERAND_B]; break;
    case OPCODE_coerce_this: return step_coerce_this(cx, &REGISTER(REGISTER_THIS));

    // Arithmetic -----------------------------------------------------------------------------------
    case OPCODE_add: return step_store(&A, value_binary(cx, OPERATOR_ADD, B, C));
    case OPCODE_subtract: return step_store(&A, value_binary(cx, OPERATOR_SUBTRACT, B, C));
    case OPCODE_multiply: return step_store(&A, value_binary(cx, OPERATOR_MULTIPLY, B, C));
    case OPCODE_divide: return step_store(&A, value_binary(cx, OPERATOR_DIVIDE, B, C));
    case OPCODE_remainder: return step_store(&A, value_binary(cx, OPERATOR_REMAINDER, B, C));
    case OPCODE_exponentiate: return step_store(&A, value_binary(cx, OPERATOR_EXPONENTIATE, B, C));
    case OPCODE_bit_and: return step_store(&A, value_binary(cx, OPERATOR_BIT_AND, B, C));
    case OPCODE_bit_or: return step_store(&A, value_binary(cx, OPERATOR_BIT_OR, B, C));
    case OPCODE_bit_xor: return step_store(&A, value_binary(cx, OPERATOR_BIT_XOR, B, C));
    case OPCODE_shift_left: return step_store(&A, value_binary(cx, OPERATOR_SHIFT_LEFT, B, C));
    case OPCODE_shift_right: return step_store(&A, value_binary(cx, OPERATOR_SHIFT_RIGHT, B, C));
    case OPCODE_shift_right_unsigned: return step_store(&A, value_binary(cx, OPERATOR_SHIFT_RIGHT_UNSIGNED, B, C));
    case OPCODE_add_int: return step_store(&A, value_binary(cx, OPERATOR_ADD, B, IMMEDIATE_C));
    case OPCODE_subtract_int: return step_store(&A, value_binary(cx, OPERATOR_SUBTRACT, B, IMMEDIATE_C));
    case OPCODE_multiply_int: return step_store(&A, value_binary(cx, OPERATOR_MULTIPLY, B, IMMEDIATE_C));
    case OPCODE_divide_int: return step_store(&A, value_binary(cx, OPERATOR_DIVIDE, B, IMMEDIATE_C));
    case OPCODE_remainder_int: return step_store(&A, value_binary(cx, OPERATOR_REMAINDER, B, IMMEDIATE_C));
    case OPCODE_bit_and_int: return step_store(&A, value_binary(cx, OPERATOR_BIT_AND, B, IMMEDIATE_C));
    case OPCODE_bit_or_int: return step_store(&A, value_binary(cx, OPERATOR_BIT_OR, B, IMMEDIATE_C));
    case OPCODE_shift_left_int: return step_store(&A, value_binary(cx, OPERATOR_SHIFT_LEFT, B, IMMEDIATE_C));
    case OPCODE_shift_right_int: return step_store(&A, value_binary(cx, OPERATOR_SHIFT_RIGHT, B, IMMEDIATE_C));
    case OPCODE_shift_right_unsigned_int:
      return step_store(&A, value_binary(cx, OPERATOR_SHIFT_RIGHT_UNSIGNED, B, IMMEDIATE_C));
    case OPCODE_negate: return step_store(&A, value_unary(cx, OPERATOR_NEGATE, B));
    case OPCODE_bit_not: return step_store(&A, value_unary(cx, OPERATOR_BIT_NOT, B));
    case OPCODE_increment: return step_store(&A, value_unary(cx, OPERATOR_INCREMENT, B));
    case OPCODE_decrement: return step_store(&A, value_unary(cx, OPERATOR_DECREMENT, B));
    case OPCODE_not: A = value_boolean(!value_to_boolean(B)); break;
    case OPCODE_to_number: return step_to_number(cx, B, &A);
    case OPCODE_to_numeric: return step_store(&A, value_to_numeric(cx, B));
    case OPCODE_to_string: return step_store(&A, value_to_string(cx, B));
    case OPCODE_to_property_key: return step_store(&A, operation_to_property_key(cx, B));
    case OPCODE_to_property_key_of: return step_to_property_key_of(cx, B, C, &A);
    case OPCODE_to_object: return step_store(&A, value_to_object(cx, B));
    case OPCODE_type_of: return step_store(&A, string_from_ascii(cx, value_typeof(B)));

    // Comparison -----------------------------------------------------------------------------------
    case OPCODE_less: return step_compare(cx, COMPARE_LESS, B, C, &A);
    case OPCODE_less_equal: return step_compare(cx, COMPARE_LESS_EQUAL, B, C, &A);
    case OPCODE_greater: return step_compare(cx, COMPARE_GREATER, B, C, &A);
    case OPCODE_greater_equal: return step_compare(cx, COMPARE_GREATER_EQUAL, B, C, &A);
    case OPCODE_equal: return step_loosely_equal(cx, B, C, true, &A);
    case OPCODE_not_equal: return step_loosely_equal(cx, B, C, false, &A);
    case OPCODE_strict_equal: return step_strictly_equal(cx, B, C, true, &A);
    case OPCODE_strict_not_equal: return step_strictly_equal(cx, B, C, false, &A);
    case OPCODE_instance_of: return step_instance_of(cx, B, C, &A);
    case OPCODE_in: return step_store(&A, operation_in(cx, B, C));

    // Jumps ----------------------------------------------------------------------------------------
    case OPCODE_jump: return step_jump(cx, frame, WIDE);
    case OPCODE_jump_if_true: return step_jump_if(cx, frame, value_to_boolean(A), WIDE);
    case OPCODE_jump_if_false: return step_jump_if(cx, frame, !value_to_boolean(A), WIDE);
    case OPCODE_jump_if_nullish: return step_jump_if(cx, frame, value_is_nullish(A), WIDE);
    case OPCODE_jump_if_not_nullish: return step_jump_if(cx, frame, !value_is_nullish(A), WIDE);
    case OPCODE_jump_if_undefined: return step_jump_if(cx, frame, value_is_undefined(A), WIDE);
    case OPCODE_jump_if_not_undefined: return step_jump_if(cx, frame, !value_is_undefined(A), WIDE);
    case OPCODE_jump_if_hole: return step_jump_if(cx, frame, value_is_hole(A), WIDE);
    case OPCODE_jump_if_less: return step_jump_compare(cx, frame, COMPARE_LESS, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_less_equal: return step_jump_compare(cx, frame, COMPARE_LESS_EQUAL, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_greater: return step_jump_compare(cx, frame, COMPARE_GREATER, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_greater_equal:
      return step_jump_compare(cx, frame, COMPARE_GREATER_EQUAL, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_not_less: return step_jump_compare(cx, frame, COMPARE_LESS, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_not_less_equal:
      return step_jump_compare(cx, frame, COMPARE_LESS_EQUAL, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_not_greater: return step_jump_compare(cx, frame, COMPARE_GREATER, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_not_greater_equal:
      return step_jump_compare(cx, frame, COMPARE_GREATER_EQUAL, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_less_int: return step_jump_compare(cx, frame, COMPARE_LESS, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_less_equal_int:
      return step_jump_compare(cx, frame, COMPARE_LESS_EQUAL, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_greater_int:
      return step_jump_compare(cx, frame, COMPARE_GREATER, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_greater_equal_int:
      return step_jump_compare(cx, frame, COMPARE_GREATER_EQUAL, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_not_less_int:
      return step_jump_compare(cx, frame, COMPARE_LESS, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_not_less_equal_int:
      return step_jump_compare(cx, frame, COMPARE_LESS_EQUAL, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_not_greater_int:
      return step_jump_compare(cx, frame, COMPARE_GREATER, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_not_greater_equal_int:
      return step_jump_compare(cx, frame, COMPARE_GREATER_EQUAL, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_equal: return step_jump_loosely_equal(cx, frame, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_not_equal: return step_jump_loosely_equal(cx, frame, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_equal_int: return step_jump_loosely_equal(cx, frame, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_not_equal_int: return step_jump_loosely_equal(cx, frame, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_strict_equal: return step_jump_strictly_equal(cx, frame, A, B, true, DISTANCE_C);
    case OPCODE_jump_if_strict_not_equal: return step_jump_strictly_equal(cx, frame, A, B, false, DISTANCE_C);
    case OPCODE_jump_if_strict_equal_int: return step_jump_strictly_equal(cx, frame, A, IMMEDIATE_B, true, DISTANCE_C);
    case OPCODE_jump_if_strict_not_equal_int:
      return step_jump_strictly_equal(cx, frame, A, IMMEDIATE_B, false, DISTANCE_C);
    case OPCODE_jump_if_equal_null: return step_jump_if(cx, frame, nullish_equals(A), WIDE);
    case OPCODE_jump_if_not_equal_null: return step_jump_if(cx, frame, !nullish_equals(A), WIDE);
    case OPCODE_jump_if_null: return step_jump_if(cx, frame, value_is_null(A), WIDE);
    case OPCODE_jump_if_not_null: return step_jump_if(cx, frame, !value_is_null(A), WIDE);
    case OPCODE_jump_if_type: return step_jump_if(cx, frame, type_of_kind(A) == OPERAND_B, DISTANCE_C);
    case OPCODE_jump_if_not_type: return step_jump_if(cx, frame, type_of_kind(A) != OPERAND_B, DISTANCE_C);
    case OPCODE_jump_table:
      return step_jump(cx, frame, jump_table_distance((const Values *)value_as_cell(CONSTANT), A));

    // Environments ---------------------------------------------------------------------------------
    case OPCODE_push_environment: return step_push_environment(cx, frame, OPERAND_A, CONSTANT);
    case OPCODE_push_with: return step_push_with(cx, frame, A);
    case OPCODE_pop_environment: frame->environment = frame->environment->outer; break;
    case OPCODE_copy_environment: return step_copy_environment(cx, frame);
    case OPCODE_save_environment: A = value_internal(frame->environment); break;
    case OPCODE_restore_environment: frame->environment = (Environment *)value_as_cell(A); break;
    case OPCODE_get_slot: A = ENVIRONMENT_B->slots[OPERAND_C]; break;
    case OPCODE_set_slot: step_set_slot(cx, ENVIRONMENT_B, OPERAND_C, A); break;
    case OPCODE_get_slot_checked: return step_store_initialized(cx, ENVIRONMENT_B->slots[OPERAND_C], &A);
    case OPCODE_set_slot_checked: return step_set_slot_checked(cx, ENVIRONMENT_B, OPERAND_C, A);
    case OPCODE_check_slot: return step_check_initialized(cx, ENVIRONMENT_B->slots[OPERAND_C]);
    case OPCODE_get_import: return step_store_initialized(cx, module_get_import(ENVIRONMENT_B->slots[OPERAND_C]), &A);
    case OPCODE_check_initialized: return step_check_initialized(cx, A);
    case OPCODE_bind_this: return step_bind_this(cx, B, &A);

    // Globals and names ----------------------------------------------------------------------------
    case OPCODE_declare_globals: return step_check(globals_declare(cx, (Values *)value_as_cell(CONSTANT), false));
    case OPCODE_declare_eval:
      return step_check(eval_declare(cx, (Values *)value_as_cell(CONSTANT), frame->environment));
    case OPCODE_set_eval_variable: return step_check(eval_set_variable(cx, frame->environment, CONSTANT, A));
    case OPCODE_get_global: return step_store(&A, global_get(cx, &caches[OPERAND_B], false));
    case OPCODE_get_global_or_undefined: return step_store(&A, global_get(cx, &caches[OPERAND_B], true));
    case OPCODE_set_global: return step_check(global_set(cx, &caches[OPERAND_B], A, frame_is_strict(frame)));
    case OPCODE_initialize_global: return step_check(global_initialize(cx, &caches[OPERAND_B], A));
    case OPCODE_resolve_name: return step_store(&A, name_resolve(cx, frame->environment, CONSTANT));
    case OPCODE_get_name: return step_store(&A, name_get(cx, frame->environment, CONSTANT, false));
    case OPCODE_get_name_or_undefined: return step_store(&A, name_get(cx, frame->environment, CONSTANT, true));
    case OPCODE_get_resolved:
      return step_store(&A, name_get_resolved(cx, B, caches[OPERAND_C].key, false, frame_is_strict(frame)));
    case OPCODE_set_resolved:
      return step_check(name_set_resolved(cx, A, caches[OPERAND_C].key, B, frame_is_strict(frame)));
    case OPCODE_resolved_this: return step_resolved_this(B, &A);
    case OPCODE_delete_name: return step_store(&A, name_delete(cx, frame->environment, CONSTANT));

    // Properties -----------------------------------------------------------------------------------
    case OPCODE_get_property:
    case OPCODE_get_length: return step_get_property(cx, frame, B, &caches[OPERAND_C], OPERAND_A);
    case OPCODE_set_property: return step_set_property(cx, frame, A, &caches[OPERAND_B], C);
    case OPCODE_get_element: return step_get_element(cx, frame, B, C, OPERAND_A);
    case OPCODE_set_element: return step_set_element(cx, frame, A, B, C);
    case OPCODE_delete_property: return step_store(&A, operation_delete(cx, B, C, frame_is_strict(frame)));
    case OPCODE_get_super_base: return step_store(&A, operation_get_super_base(cx, B));
    case OPCODE_get_super: return step_store(&A, operation_get_super(cx, (&B)[0], (&B)[1], C));
    case OPCODE_set_super: return step_check(operation_set_super(cx, (&A)[0], (&A)[1], B, C, frame_is_strict(frame)));
    case OPCODE_get_private: return step_get_private(cx, frame, B, C, OPERAND_A);
    case OPCODE_set_private: return step_check(private_set(cx, A, B, C));
    case OPCODE_has_private: return step_store(&A, private_has(cx, B, C));
    case OPCODE_create_private_name: return step_store(&A, symbol_create(cx, CONSTANT, SYMBOL_PRIVATE));
    case OPCODE_define_private:
    case OPCODE_define_private_method:
    case OPCODE_define_private_getter:
    case OPCODE_define_private_setter:
      return step_check(private_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_private));

    // Literals -------------------------------------------------------------------------------------
    case OPCODE_create_object:
      return step_store_object(&A,
                               object_create_with_shape(cx, cx->realm->shapes[REALM_SHAPE_OBJECT], LITERAL_SLOTS_B));
    case OPCODE_create_array: return step_create_array(cx, OPERAND_B, &A);
    case OPCODE_create_array_of: return step_create_array_of(cx, (const Values *)value_as_cell(CONSTANT), &A);
    case OPCODE_array_append: return step_check(array_literal_append(cx, value_as_object(A), B));
    case OPCODE_array_append_all: return step_array_append_all(cx, frame, A, B, DISTANCE_C);
    case OPCODE_define_property: return step_check(site_define_property(cx, A, &caches[OPERAND_B], C));
    case OPCODE_define_element: return step_check(operation_define_element(cx, value_as_object(A), B, C));
    case OPCODE_define_method:
    case OPCODE_define_getter:
    case OPCODE_define_setter:
      return step_check(method_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_method, false));
    case OPCODE_define_object_getter:
    case OPCODE_define_object_setter:
      return step_check(method_define(cx, A, B, C, INSTRUCTION.opcode - OPCODE_define_object_getter + 1, true));
    case OPCODE_set_prototype_literal: return step_set_prototype_literal(cx, value_as_object(A), B);
    case OPCODE_copy_data_properties: return step_check(copy_data_properties(cx, A, B, &A + 1, OPERAND_C));
    case OPCODE_create_regexp: return step_store(&A, regexp_literal(cx, (Values *)value_as_cell(CONSTANT)));
    case OPCODE_get_template_object: return step_store(&A, template_object(cx, (Values *)value_as_cell(CONSTANT)));
    case OPCODE_create_closure:
      return step_store_object(&A, closure_create(cx, (Code *)value_as_cell(CONSTANT), frame->environment));
    case OPCODE_set_function_name: return step_set_function_name(cx, A, B, OPERAND_C);
    case OPCODE_set_home_object: ((Closure *)value_as_object(A))->home_object = B; break;
    case OPCODE_prepare_class: return step_prepare_class(cx, B, &A);
    case OPCODE_create_class:
      return step_check(class_create(cx, (Code *)value_as_cell(CONSTANT), frame->environment, &A));
    case OPCODE_set_class_fields: ((Closure *)value_as_object(A))->class_fields = B; break;
    case OPCODE_get_class_fields: A = ((Closure *)value_as_object(B))->class_fields; break;
    case OPCODE_create_arguments: return step_store_object(&A, frame_create_arguments(cx, CONSTANT));
    case OPCODE_create_rest: return step_create_rest(cx, frame, OPERAND_B, &A);

    // Calls ----------------------------------------------------------------------------------------
    case OPCODE_call_undefined: (&B)[FRAME_WORDS + REGISTER_THIS] = VALUE_UNDEFINED;  // fall through
    case OPCODE_call: return step_call(cx, frame, &B, OPERAND_C, OPERAND_A);
    case OPCODE_tail_call_undefined: (&B)[FRAME_WORDS + REGISTER_THIS] = VALUE_UNDEFINED;  // fall through
    case OPCODE_tail_call: return step_tail_call(cx, frame, &B, OPERAND_C, OPERAND_A);
    case OPCODE_construct: return step_construct(cx, frame, &B, OPERAND_C, (&B)[0], OPERAND_A);
    case OPCODE_super_construct: return step_construct(cx, frame, &B, OPERAND_C, (&B)[1], OPERAND_A);
    case OPCODE_call_list: return step_call_list(cx, frame, &B, value_as_object(C), 0, OPERAND_A);
    case OPCODE_tail_call_list: return step_call_list(cx, frame, &B, value_as_object(C), CALL_TAIL, OPERAND_A);
    case OPCODE_construct_list: return step_construct_list(cx, frame, (&B)[0], (&B)[0], value_as_object(C), OPERAND_A);
    case OPCODE_super_construct_list:
      return step_construct_list(cx, frame, (&B)[0], (&B)[1], value_as_object(C), OPERAND_A);
    case OPCODE_call_eval: return step_call_eval(cx, frame, &B, OPERAND_C, NULL, OPERAND_A);
    case OPCODE_call_eval_list: return step_call_eval(cx, frame, &B, 0, value_as_object(C), OPERAND_A);
    case OPCODE_operand: UNREACHABLE();
    case OPCODE_call_intrinsic: return step_call_intrinsic(cx, frame, OPERAND_C & 1023, &B, OPERAND_C >> 10, &A);
    case OPCODE_get_super_constructor: return step_get_super_constructor(cx, value_as_object(B), &A);
    case OPCODE_return: return step_return(cx, A, result);
    case OPCODE_return_undefined: return step_return(cx, VALUE_UNDEFINED, result);
    case OPCODE_return_derived: return step_return_derived(cx, frame, A, B, result);

    // Exceptions -----------------------------------------------------------------------------------
    case OPCODE_throw: return step_throw(cx, A);
    case OPCODE_throw_error: return step_throw_error(cx, OPERAND_A, CONSTANT);
    case OPCODE_throw_constant: return step_throw_constant(cx, CONSTANT);
    case OPCODE_check_object: return step_check_object(cx, A, OPERAND_B);
    case OPCODE_check_coercible: return step_check_coercible(cx, A);

    // Iteration ------------------------------------------------------------------------------------
    case OPCODE_get_iterator: return step_check(iteration_open(cx, B, &A));
    case OPCODE_get_iterator_object: return step_check(iteration_open_object(cx, B, &A));
    case OPCODE_get_async_iterator: return step_check(iteration_open_async(cx, B, &A));
    case OPCODE_array_take: return step_array_take(cx, frame, B, &A, OPERAND_C);
    case OPCODE_jump_if_iteration_changed:
      return step_jump_if(cx, frame, !iteration_array_is_untouched(cx) || iteration_may_close_arrays(cx), WIDE);
    case OPCODE_iterator_next: return step_iterator_next(cx, frame, &B, &C, OPERAND_A);
    case OPCODE_iterator_unpack: return step_iterator_unpack(cx, frame, &A, &B, DISTANCE_C);
    case OPCODE_iterator_close: return step_iterator_close(cx, frame, &A, &B, DISTANCE_C);
    case OPCODE_for_in_start: return step_store(&A, for_in_start(cx, B));
    case OPCODE_for_in_next: return step_for_in_next(cx, frame, B, &A, DISTANCE_C);

    // Generators and async functions ---------------------------------------------------------------
    case OPCODE_create_generator: return step_create_generator(cx, frame, result);
    case OPCODE_start_async: return step_check(async_begin(cx));
    case OPCODE_yield:
    case OPCODE_yield_delegate:
      return step_yield(cx, frame, INSTRUCTION.opcode == OPCODE_yield_delegate, OPERAND_A, OPERAND_B, result);
    case OPCODE_await: return step_await(cx, frame, OPERAND_A, A, result);
    case OPCODE_generator_result: return step_store(&A, object_create_iterator_result(cx, B, false));

    // Modules --------------------------------------------------------------------------------------
    case OPCODE_import_call: return step_store(&A, module_import_dynamically(cx, frame->code->source, B, C, 0));
    case OPCODE_import_call_phase:
      return step_store(&A, module_import_dynamically(cx, frame->code->source, B, VALUE_UNDEFINED, OPERAND_C));
    case OPCODE_import_meta: return step_store(&A, module_import_meta(cx, frame->code->source));
    case OPCODE_debugger: break;

    case OPCODE_wide:
    case OPCODE_COUNT: UNREACHABLE();
  }
  return RUN_CONTINUES;
}
