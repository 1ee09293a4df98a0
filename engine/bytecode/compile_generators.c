// yield and yield*.
#include "bytecode/compiler.h"

static bool is_async_generator(const Compiler *c) { return c->function && c->function->is_async; }

Register compile_yield(Compiler *c, Node *node, Register target) {
  Register mark_target = result_register(c, target);
  Register mark = c->top;
  // The value is sent and received in a temporary: if resumption throws, the target must be unchanged.
  Register value = new_register(c), returns = new_register(c);
  if (node->unary.operand) compile_value(c, node->unary.operand, value);
  else emit_r(c, OPCODE_load_undefined, value);
  position_at(c, node);
  if (is_async_generator(c)) emit_await(c, value);
  emit_rr(c, OPCODE_yield, value, returns);
  Label go_on = LABEL_NEW;
  emit_jump_if(c, OPCODE_jump_if_false, returns, &go_on);
  if (is_async_generator(c)) emit_await(c, value);
  emit_return(c, value);
  bind_label(c, &go_on);
  emit_move(c, mark_target, value);
  c->top = mark;
  return mark_target;
}

typedef struct Delegate {
  Register state;  // iterator, next, done
  Register received, mode, result;
  Register area;  // callee, ..., this, argument
  bool is_async;
} Delegate;

// result = inner.method(received), awaited and checked; or jumps to `missing` when there is no such method.
static void delegate_call(Compiler *c, const Delegate *d, PropertyKey method, bool with_argument, Label *missing) {
  if (missing) {
    emit_get_named(c, d->area, d->state, method);
    emit_jump_if(c, OPCODE_jump_if_nullish, d->area, missing);
  } else {
    emit_move(c, d->area, d->state + 1);
  }
  emit_move(c, d->area + CALL_THIS, d->state);
  if (with_argument) emit_move(c, d->area + CALL_ARGUMENTS, d->received);
  emit_rru(c, OPCODE_call, d->result, d->area, with_argument);
  if (d->is_async) emit_await(c, d->result);
  emit_ruu(c, OPCODE_check_object, d->result, 0, 0);
}

// When an async generator is resumed with a return completion, its value is awaited, and a rejection becomes a throw.
static void await_returned_value(Compiler *c, const Delegate *d) {
  Label no = LABEL_NEW;
  Register two = d->area;
  emit_load_int(c, two, 2);
  emit_compare_jump(c, OPERATOR_STRICT_NOT_EQUAL, true, d->mode, two, &no);
  uint32_t start = here(c);
  emit_await(c, d->received);
  uint32_t end = here(c);
  emit_jump(c, &no);
  assembler_handler(&c->assembler, start, end, d->received);
  emit_load_int(c, d->mode, 1);
  bind_label(c, &no);
}

static uint32_t mode_table(Compiler *c, Register mode, uint32_t *instruction) {
  Values *table = list_create(c, 4);
  if (!table) return 0;
  for (int i = 0; i < 4; i++) table->items[i] = value_int(0);
  uint32_t constant = assembler_constant(&c->assembler, value_internal(table));
  *instruction = assembler_emit_wide(&c->assembler, OPCODE_jump_table, scaled(mode), constant);
  return constant;
}

// https://tc39.es/ecma262/#sec-generator-function-definitions-runtime-semantics-evaluation
Register compile_yield_star(Compiler *c, Node *node, Register target) {
  Register to = result_register(c, target);
  Register mark = c->top;
  Names *names = c->cx->names;
  Delegate d = {.is_async = is_async_generator(c)};
  d.state = new_registers(c, 3);
  d.received = new_register(c);
  d.mode = new_register(c);
  d.result = new_register(c);
  d.area = new_registers(c, CALL_ARGUMENTS + 1);
  Label loop = LABEL_NEW, next = LABEL_NEW, throws = LABEL_NEW, returns = LABEL_NEW, got = LABEL_NEW;
  Label end = LABEL_NEW, no_throw = LABEL_NEW, no_return = LABEL_NEW, go_on = LABEL_NEW, failed = LABEL_NEW;
  compile_value(c, node->unary.operand, d.state);
  position_at(c, node->unary.operand);
  emit_rr(c, d.is_async ? OPCODE_get_async_iterator : OPCODE_get_iterator_object, d.state, d.state);
  emit_r(c, OPCODE_load_undefined, d.received);
  emit_load_int(c, d.mode, 0);
  bind_label(c, &loop);
  uint32_t instruction = 0;
  uint32_t table = mode_table(c, d.mode, &instruction);
  if (c->failed) return to;
  assembler_table_entry(&c->assembler, instruction, table, 1, &next);
  assembler_table_entry(&c->assembler, instruction, table, 2, &throws);
  assembler_table_entry(&c->assembler, instruction, table, 3, &returns);

  bind_label(c, &next);
  delegate_call(c, &d, VALUE_UNDEFINED, true, NULL);
  emit_jump(c, &got);

  bind_label(c, &throws);
  delegate_call(c, &d, names->throw_, true, &no_throw);
  emit_jump(c, &got);

  bind_label(c, &returns);
  delegate_call(c, &d, names->return_, true, &no_return);
  emit_get_named(c, d.area, d.result, names->done);
  emit_jump_if(c, OPCODE_jump_if_false, d.area, &go_on);
  emit_get_named(c, d.result, d.result, names->value);
  emit_return(c, d.result);

  bind_label(c, &no_return);
  if (d.is_async) emit_await(c, d.received);
  emit_return(c, d.received);

  // The inner iterator has no `throw`: it is closed, and a TypeError is thrown.
  bind_label(c, &no_throw);
  emit_get_named(c, d.area, d.state, names->return_);
  emit_jump_if(c, OPCODE_jump_if_nullish, d.area, &failed);
  emit_move(c, d.area + CALL_THIS, d.state);
  emit_rru(c, OPCODE_call, d.result, d.area, 0);
  if (d.is_async) emit_await(c, d.result);
  emit_ruu(c, OPCODE_check_object, d.result, 2, 0);
  bind_label(c, &failed);
  emit_throw_error(c, ERROR_TYPE, "The iterator does not provide a 'throw' method");

  bind_label(c, &got);
  emit_get_named(c, d.area, d.result, names->done);
  emit_jump_if(c, OPCODE_jump_if_true, d.area, &end);
  bind_label(c, &go_on);
  if (d.is_async) emit_get_named(c, d.received, d.result, names->value);
  else emit_move(c, d.received, d.result);
  emit_rr(c, OPCODE_yield_delegate, d.received, d.mode);
  if (d.is_async) await_returned_value(c, &d);
  emit_jump(c, &loop);

  bind_label(c, &end);
  emit_get_named(c, d.result, d.result, names->value);
  emit_move(c, to, d.result);
  c->top = mark;
  return to;
}
