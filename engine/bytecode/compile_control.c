// Leaving blocks: jumps out of them, iterators to close, finally blocks, disposal of resources.
//
// A finally block is compiled once. Code that leads to it sets a completion kind (0 normal, 1 throw, then one number
// per jump or return that passes through) and a value; a jump table after the block continues from there.
// Loops here are bounded: statements paid for their jumps, and a jump pays for what it leaves (emit_unwind).
#include "bytecode/compiler.h"

Control *push_control(Compiler *c, ControlKind kind) {
  Control *control = arena_new(&c->arena, Control);
  if (!control) {
    if (!c->failed) context_throw_out_of_memory(c->cx);
    compiler_fail(c);
    control = &c->spare_control;
  }
  // The spare one is always the innermost, so that the chain ends.
  Control *outer = c->control == control ? control->outer : c->control;
  *control = (Control){.outer = outer,
                       .kind = (uint8_t)kind,
                       .end = LABEL_NEW,
                       .next = LABEL_NEW,
                       .entry = LABEL_NEW,
                       .deferred_before = c->deferred_count};
  if (kind == CONTROL_ITERATOR || kind == CONTROL_FINALLY) c->control_unwinds++;
  c->control = control;
  return control;
}

void pop_control(Compiler *c) {
  if (c->control->kind == CONTROL_ITERATOR || c->control->kind == CONTROL_FINALLY) c->control_unwinds--;
  c->control = c->control->outer;
}

// --- Iterators ---

void emit_iterator_close(Compiler *c, Register base, bool is_async) {
  Register mark = c->top;
  Register result = new_register(c);
  Register area = new_registers(c, CALL_ARGUMENTS);
  Label none = LABEL_NEW;
  assembler_short_jump(&c->assembler, OPCODE_iterator_close, scaled(area), scaled(base), &none);
  emit_rru(c, OPCODE_call, result, area, 0);
  if (is_async) emit_await(c, result);
  emit_ruu(c, OPCODE_check_object, result, 2, 0);
  bind_label(c, &none);
  c->top = mark;
}

void emit_iterator_handler(Compiler *c, Control *iterator, uint32_t start, uint32_t end, Register environment) {
  Register mark = c->top, base = iterator->base;
  Register exception = iterator->exception = new_register(c), scratch = new_register(c);
  Register area = new_registers(c, CALL_ARGUMENTS);
  Label rethrow = LABEL_NEW;
  protect_region(c, iterator, start, end);
  emit_r(c, OPCODE_restore_environment, environment);
  emit_jump_if(c, OPCODE_jump_if_true, base + 2, &rethrow);
  uint32_t inner = here(c);
  assembler_short_jump(&c->assembler, OPCODE_iterator_close, scaled(area), scaled(base), &rethrow);
  emit_rru(c, OPCODE_call, scratch, area, 0);
  if (iterator->is_async) emit_await(c, scratch);
  uint32_t inner_end = here(c);
  bind_label(c, &rethrow);
  assembler_handler(&c->assembler, inner, inner_end, scratch);
  emit_r(c, OPCODE_throw, exception);
  c->top = mark;
}

// --- Jumps ---

static void add_pending_jump(Compiler *c, Control *finally, Control *target, bool is_continue, Register value) {
  int32_t number = COMPLETION_FIRST_JUMP;
  PendingJump *jump = finally->jumps;
  for (; jump; jump = jump->next, number++) {
    fuel_spend(&c->cx->fuel, 1);
    if (jump->target == target && jump->is_continue == is_continue) break;
  }
  if (!jump) {
    jump = arena_new(&c->arena, PendingJump);
    if (!jump) {
      compiler_fail(c);
      return;
    }
    *jump = (PendingJump){NULL, target, is_continue, LABEL_NEW};
    if (finally->last_jump) finally->last_jump->next = jump;
    else finally->jumps = jump;
    finally->last_jump = jump;
  }
  if (value != NO_REGISTER) emit_move(c, finally->base + 1, value);
  emit_load_int(c, finally->base, number);
  emit_jump(c, &finally->entry);
}

// From here on the code has left the region of the control; close_gaps ends that.
static void open_gap(Compiler *c, Control *control) {
  Gap *gap = arena_new(&c->arena, Gap);
  if (!gap) {
    compiler_fail(c);
    return;
  }
  *gap = (Gap){control->gaps, here(c), 0};
  control->gaps = gap;
}

// Emits the code that runs between here and `target` (NULL: the caller). True: a finally block took over the jump.
static bool emit_unwind(Compiler *c, Control *target, bool is_continue, Register value) {
  Control *saved = c->control;
  bool taken = false;
  for (Control *control = saved; control != target && !taken; control = control->outer) {
    c->control = control->outer;
    fuel_spend(&c->cx->fuel, 1);
    switch ((ControlKind)control->kind) {
      case CONTROL_JUMPS: break;
      case CONTROL_ENVIRONMENT: emit_0(c, OPCODE_pop_environment); break;
      case CONTROL_ITERATOR:
        open_gap(c, control);
        emit_iterator_close(c, control->base, control->is_async);
        break;
      case CONTROL_CATCH: open_gap(c, control); break;
      case CONTROL_FINALLY:
        add_pending_jump(c, control, target, is_continue, value);
        taken = true;
        break;
    }
  }
  c->control = saved;
  return taken;
}

// The jump or return is emitted: after it, the regions that it left protect code again.
static void close_gaps(Compiler *c, Control *target) {
  for (Control *control = c->control; control != target; control = control->outer) {
    if (control->gaps && control->gaps->end == 0) control->gaps->end = here(c);
    if (control->kind == CONTROL_FINALLY) break;
  }
}

void emit_jump_to(Compiler *c, Control *target, bool is_continue) {
  if (!emit_unwind(c, target, is_continue, NO_REGISTER)) {
    emit_jump(c, is_continue ? target->continue_label : target->break_label);
  }
  close_gaps(c, target);
}

static void emit_plain_return(Compiler *c, Register value) {
  const Function *function = c->function;
  if (function && function->is_derived && function->kind == FUNCTION_CLASS_CONSTRUCTOR) {
    Binding *binding = function->scope->this_;
    Register mark = c->top;
    Register this_value = binding ? load_binding(c, binding, ANY) : REGISTER_THIS;
    emit_rr(c, OPCODE_return_derived, value, this_value);
    c->top = mark;
    return;
  }
  emit_r(c, OPCODE_return, value);
}

void emit_return(Compiler *c, Register value) {
  if (!emit_unwind(c, NULL, false, value)) emit_plain_return(c, value);
  close_gaps(c, NULL);
}

void add_region_handlers(Compiler *c, Control *control, uint32_t start, uint32_t end) {
  // Gaps are newest first, so this goes from the end backwards.
  for (const Gap *gap = control->gaps; gap; gap = gap->next) {
    if (gap->end < end) assembler_handler(&c->assembler, gap->end, end, control->exception);
    end = gap->start;
  }
  if (start < end) assembler_handler(&c->assembler, start, end, control->exception);
  control->gaps = NULL;
}

void protect_region(Compiler *c, Control *control, uint32_t start, uint32_t end) {
  add_region_handlers(c, control, start, end);
  control->handler = here(c);
}

// --- finally ---

void emit_finally_dispatch(Compiler *c, Control *control) {
  if (c->deferred_count == control->deferred_before) compile_finally_dispatch(c, control);
  else defer_finally_dispatch(c, control);
}

void compile_finally_dispatch(Compiler *c, const Control *control) {
  uint32_t count = 2;
  for (PendingJump *jump = control->jumps; jump; jump = jump->next) count++;
  Values *table = list_create(c, 1 + count);
  if (!table) return;
  table->items[0] = value_int(0);
  for (uint32_t i = 1; i <= count; i++) table->items[i] = value_int(0);
  Label end = LABEL_NEW, rethrow = LABEL_NEW;
  uint32_t constant = assembler_constant(&c->assembler, value_internal(table));
  uint32_t instruction = assembler_emit_wide(&c->assembler, OPCODE_jump_table, scaled(control->base), constant);
  assembler_table_entry(&c->assembler, instruction, constant, 1, &end);
  assembler_table_entry(&c->assembler, instruction, constant, 2, &rethrow);
  uint32_t item = 3;
  for (PendingJump *jump = control->jumps; jump; jump = jump->next) {
    assembler_table_entry(&c->assembler, instruction, constant, item++, &jump->label);
  }
  bind_label(c, &rethrow);
  emit_r(c, OPCODE_throw, control->base + 1);
  for (PendingJump *jump = control->jumps; jump; jump = jump->next) {
    bind_label(c, &jump->label);
    if (jump->target) emit_jump_to(c, jump->target, jump->is_continue);
    else emit_return(c, control->base + 1);
  }
  bind_label(c, &end);
}

static void emit_finally_entry(Compiler *c, Control *control, uint32_t start, uint32_t end, Register environment) {
  emit_load_int(c, control->base, COMPLETION_NORMAL);
  emit_jump(c, &control->entry);
  control->exception = control->base + 1;
  protect_region(c, control, start, end);
  emit_r(c, OPCODE_restore_environment, environment);
  emit_load_int(c, control->base, COMPLETION_THROW);
  bind_label(c, &control->entry);
}

// --- try ---

static void compile_catch(Compiler *c, Node *node, Register exception, Register environment) {
  emit_r(c, OPCODE_restore_environment, environment);
  set_completion_undefined(c);
  OpenScope open;
  open_scope(c, node->try_.catch_scope, &open);
  if (node->try_.parameter) assign_target(c, node->try_.parameter, exception, STORE_INITIALIZE);
  compile_statement(c, node->try_.handler);
  if (node->try_.catch_scope) close_scope(c, &open);
}

static void compile_try_catch(Compiler *c, Node *node, Register environment) {
  if (!node->try_.handler) {
    compile_statement(c, node->try_.block);
    return;
  }
  Register mark = c->top;
  Label after = LABEL_NEW;
  Control *control = push_control(c, CONTROL_CATCH);
  c->handler_depth++;
  uint32_t start = here(c);
  compile_statement(c, node->try_.block);
  pop_control(c);
  c->handler_depth--;
  uint32_t end = here(c);
  emit_jump(c, &after);
  control->exception = new_register(c);
  protect_region(c, control, start, end);
  compile_catch(c, node, control->exception, environment);
  bind_label(c, &after);
  c->top = mark;
}

void compile_try(Compiler *c, Node *node) {
  Register mark = c->top;
  set_completion_undefined(c);
  Register environment = new_register(c);
  emit_r(c, OPCODE_save_environment, environment);
  if (!node->try_.finalizer) {
    compile_try_catch(c, node, environment);
    c->top = mark;
    return;
  }
  Control *control = push_control(c, CONTROL_FINALLY);
  control->base = new_registers(c, 2);
  c->handler_depth++;
  uint32_t start = here(c);
  compile_try_catch(c, node, environment);
  pop_control(c);
  c->handler_depth--;
  emit_finally_entry(c, control, start, here(c), environment);
  Register saved = NO_REGISTER;
  if (c->completion != NO_REGISTER) {
    saved = new_register(c);
    emit_move(c, saved, c->completion);
    set_completion_undefined(c);
  }
  compile_statement(c, node->try_.finalizer);
  if (saved != NO_REGISTER) emit_move(c, c->completion, saved);
  emit_finally_dispatch(c, control);
  c->top = mark;
}

// --- using ---

static bool scope_awaits_disposal(const Scope *scope) {
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->kind == BINDING_AWAIT_USING) return true;
  }
  return false;
}

void dispose_scope_begin(Compiler *c, DisposeScope *dispose, const Scope *scope) {
  *dispose = (DisposeScope){.outer = c->dispose};
  if (!scope || !scope->has_using) return;
  dispose->is_active = true;
  dispose->is_async = scope_awaits_disposal(scope);
  dispose->base = new_registers(c, 3);
  dispose->environment = new_register(c);
  emit_r(c, OPCODE_save_environment, dispose->environment);
  emit_r(c, OPCODE_load_undefined, dispose->base + 2);
  dispose->control = push_control(c, CONTROL_FINALLY);
  dispose->control->base = dispose->base;
  c->dispose = dispose;
  c->handler_depth++;
  dispose->start = here(c);
}

void emit_add_resource(Compiler *c, Register value, bool is_async) {
  Register mark = c->top;
  Register base = new_registers(c, 3);
  if (!c->dispose) return;
  Register list = c->dispose->base + 2;
  emit_move(c, base, list);
  emit_move(c, base + 1, value);
  emit_r(c, is_async ? OPCODE_load_true : OPCODE_load_false, base + 2);
  emit_intrinsic_call(c, list, "DisposableAdd", base, 3);
  c->top = mark;
}

// https://tc39.es/ecma262/#sec-disposeresources
static void emit_dispose_loop(Compiler *c, DisposeScope *dispose) {
  Register resource = new_register(c), needs_await = new_register(c), has_awaited = new_register(c);
  Register result = new_register(c), exception = new_registers(c, 3);
  Register area = new_registers(c, CALL_ARGUMENTS);
  Register kind = dispose->base, value = dispose->base + 1, list = dispose->base + 2;
  Label next = LABEL_NEW, end = LABEL_NEW, sync = LABEL_NEW, ready = LABEL_NEW, no_method = LABEL_NEW,
        no_wait = LABEL_NEW;
  emit_r(c, OPCODE_load_false, needs_await);
  emit_r(c, OPCODE_load_false, has_awaited);
  bind_label(c, &next);
  emit_intrinsic_call(c, resource, "DisposableNext", list, 1);
  emit_jump_if(c, OPCODE_jump_if_undefined, resource, &end);
  emit_intrinsic_call(c, area, "DisposableMethod", resource, 1);
  emit_intrinsic_call(c, area + CALL_THIS, "DisposableValue", resource, 1);
  emit_intrinsic_call(c, result, "DisposableIsAsync", resource, 1);
  if (dispose->is_async) {
    emit_move(c, resource, result);
    emit_jump_if(c, OPCODE_jump_if_true, resource, &ready);
    emit_jump_if(c, OPCODE_jump_if_false, needs_await, &ready);
    emit_jump_if(c, OPCODE_jump_if_true, has_awaited, &ready);
    emit_r(c, OPCODE_load_undefined, result);
    emit_await(c, result);
    emit_r(c, OPCODE_load_false, needs_await);
    bind_label(c, &ready);
    emit_jump_if(c, OPCODE_jump_if_undefined, area, &no_method);
  } else {
    emit_jump_if(c, OPCODE_jump_if_undefined, area, &next);
  }
  uint32_t start = here(c);
  emit_rru(c, OPCODE_call, result, area, 0);
  if (dispose->is_async) {
    emit_jump_if(c, OPCODE_jump_if_false, resource, &sync);
    emit_r(c, OPCODE_load_true, has_awaited);
    emit_await(c, result);
    bind_label(c, &sync);
  }
  uint32_t stop = here(c);
  emit_jump(c, &next);
  assembler_handler(&c->assembler, start, stop, exception);
  emit_move(c, exception + 1, kind);
  emit_move(c, exception + 2, value);
  emit_intrinsic_call(c, value, "DisposableCombine", exception, 3);
  emit_load_int(c, kind, COMPLETION_THROW);
  emit_jump(c, &next);
  if (dispose->is_async) {
    bind_label(c, &no_method);
    emit_r(c, OPCODE_load_true, needs_await);
    emit_jump(c, &next);
  }
  bind_label(c, &end);
  if (!dispose->is_async) return;
  emit_jump_if(c, OPCODE_jump_if_false, needs_await, &no_wait);
  emit_jump_if(c, OPCODE_jump_if_true, has_awaited, &no_wait);
  emit_r(c, OPCODE_load_undefined, result);
  emit_await(c, result);
  bind_label(c, &no_wait);
}

void dispose_scope_end(Compiler *c, DisposeScope *dispose) {
  if (!dispose->is_active) return;
  pop_control(c);
  c->dispose = dispose->outer;
  c->handler_depth--;
  emit_finally_entry(c, dispose->control, dispose->start, here(c), dispose->environment);
  Register mark = c->top;
  emit_dispose_loop(c, dispose);
  c->top = mark;
  emit_finally_dispatch(c, dispose->control);
}
