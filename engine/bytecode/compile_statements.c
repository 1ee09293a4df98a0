// Statements.
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

void set_completion_undefined(Compiler *c) {
  if (c->completion != NO_REGISTER) emit_r(c, OPCODE_load_undefined, c->completion);
}

// --- Declarations ---

static void compile_variable(Compiler *c, Node *node) {
  unsigned kind = node->operator;
  StoreMode mode = kind == VARIABLE_VAR ? STORE_ASSIGN : STORE_INITIALIZE;
  for (uint32_t i = 0; i < node->variable.declarators.count; i++) {
    Node *declarator = node->variable.declarators.items[i];
    Node *target = declarator->assign.target, *value = declarator->assign.value;
    Register mark = c->top;
    if (kind == VARIABLE_USING || kind == VARIABLE_AWAIT_USING) {
      Register resource = new_register(c);
      compile_named_value(c, value, resource, target_name(c, target, value));
      position_at(c, value);
      emit_add_resource(c, resource, kind == VARIABLE_AWAIT_USING);
      store_identifier(c, target, resource, STORE_INITIALIZE);
    } else if (value) {
      compile_initializer(c, target, value, mode);
    } else if (kind != VARIABLE_VAR) {
      Register undefined = new_register(c);
      emit_r(c, OPCODE_load_undefined, undefined);
      store_identifier(c, target, undefined, mode);
    }
    c->top = mark;
  }
}

// https://tc39.es/ecma262/#sec-web-compat-functiondeclarationinstantiation
static void compile_block_function(Compiler *c, Node *node) {
  Binding *var = node->function.hoisted_binding;
  if (!node->function.is_hoisted || !var) return;
  Register mark = c->top;
  Register value = load_binding(c, node->function.binding, ANY);
  if (binding_is_global(var)) {
    emit_global(c, OPCODE_set_global, value, name_key(c, var->name));
  } else if (var->scope->kind == SCOPE_EVAL && !var->scope->is_strict) {
    emit_rk(c, OPCODE_set_eval_variable, value, name_key(c, var->name));
  } else {
    store_binding(c, var, value);
  }
  c->top = mark;
}

static void compile_block(Compiler *c, Node *node) {
  OpenScope open;
  open_scope(c, node->block.scope, &open);
  DisposeScope dispose;
  dispose_scope_begin(c, &dispose, node->block.scope);
  compile_statements(c, &node->block.statements);
  dispose_scope_end(c, &dispose);
  if (node->block.scope) close_scope(c, &open);
}

// --- if, loops ---

static void compile_if(Compiler *c, Node *node) {
  Label end = LABEL_NEW;
  set_completion_undefined(c);
  for (;;) {
    Label otherwise = LABEL_NEW;
    compile_jump_if(c, node->conditional.test, false, &otherwise);
    compile_statement(c, node->conditional.consequent);
    Node *alternate = node->conditional.alternate;
    if (!alternate) {
      bind_label(c, &otherwise);
      break;
    }
    emit_jump(c, &end);
    bind_label(c, &otherwise);
    if (alternate->kind == NODE_IF) {
      node = alternate;
      continue;
    }
    compile_statement(c, alternate);
    break;
  }
  bind_label(c, &end);
}

static Control *push_loop(Compiler *c, Node *node, bool may_break, bool may_continue) {
  Control *control = push_control(c, CONTROL_JUMPS);
  control->node = node;
  control->break_label = may_break ? &control->end : NULL;
  control->continue_label = may_continue ? &control->next : NULL;
  return control;
}

// OPTIMIZATION: `i < 1000000` loads its number once, before the loop.
typedef struct KeptNumber {
  Node *node;  // or NULL
  Register place;
} KeptNumber;

static KeptNumber keep_test_number(Compiler *c, Node *test) {
  int32_t immediate;
  if (!test || test->kind != NODE_BINARY || test->operator < OPERATOR_EQUAL ||
      test->operator > OPERATOR_GREATER_EQUAL || test->binary.right->kind != NODE_NUMBER ||
      small_integer(test->binary.right, &immediate)) {
    return (KeptNumber){NULL, NO_REGISTER};
  }
  Register place = new_register(c);
  compile_value(c, test->binary.right, place);
  return (KeptNumber){test->binary.right, place};
}

static void compile_loop_test(Compiler *c, Node *test, KeptNumber kept, Label *body) {
  c->kept_number = kept.node;
  c->kept_register = kept.place;
  compile_jump_if(c, test, true, body);
  c->kept_number = NULL;
}

static void compile_while(Compiler *c, Node *node) {
  Label body = LABEL_NEW;
  set_completion_undefined(c);
  Control *control = push_loop(c, node, true, true);
  bool is_do = node->kind == NODE_DO_WHILE;
  Register mark = c->top;
  KeptNumber kept = keep_test_number(c, node->loop.test);
  if (!is_do) emit_jump(c, &control->next);
  bind_label(c, &body);
  position_at(c, node);  // a limit may strike in a loop that does nothing else that has a place
  compile_statement(c, node->loop.body);
  bind_label(c, &control->next);
  compile_loop_test(c, node->loop.test, kept, &body);
  c->top = mark;
  pop_control(c);
  bind_label(c, &control->end);
}

static void compile_for(Compiler *c, Node *node) {
  Label test = LABEL_NEW, body = LABEL_NEW;
  set_completion_undefined(c);
  OpenScope open;
  Scope *scope = node->loop.scope;
  open_scope(c, scope, &open);
  DisposeScope dispose;
  dispose_scope_begin(c, &dispose, scope);
  Node *initializer = node->loop.initializer;
  if (initializer) {
    if (initializer->kind == NODE_VARIABLE) compile_variable(c, initializer);
    else compile_effect(c, initializer);
  }
  bool copies = node->loop.per_iteration && scope && scope->needs_environment;
  if (copies) emit_0(c, OPCODE_copy_environment);
  Control *control = push_loop(c, node, true, true);
  Register mark = c->top;
  KeptNumber kept = keep_test_number(c, node->loop.test);
  if (node->loop.test) emit_jump(c, &test);
  bind_label(c, &body);
  position_at(c, node);  // a limit may strike in a loop that does nothing else that has a place
  compile_statement(c, node->loop.body);
  bind_label(c, &control->next);
  if (copies) emit_0(c, OPCODE_copy_environment);
  if (node->loop.update) compile_effect(c, node->loop.update);
  if (node->loop.test) {
    bind_label(c, &test);
    compile_loop_test(c, node->loop.test, kept, &body);
  } else {
    emit_jump(c, &body);
  }
  c->top = mark;
  pop_control(c);
  bind_label(c, &control->end);
  dispose_scope_end(c, &dispose);
  if (scope) close_scope(c, &open);
}

// --- for-in, for-of ---

// Evaluates the object or iterable of the head in the dead zone of the head's names.
static void compile_head(Compiler *c, Node *node, Register to) {
  OpenScope open;
  open_scope(c, node->for_each.scope, &open);
  compile_value(c, node->for_each.right, to);
  if (node->for_each.scope) close_scope(c, &open);
}

// The place of each round's value: the loop variable itself when that is not visible to anyone.
static Register item_register(Compiler *c, Node *node) {
  Node *left = node->for_each.left;
  if (left->kind != NODE_VARIABLE || left->operator == VARIABLE_VAR) return NO_REGISTER;
  if (left->operator == VARIABLE_USING || left->operator == VARIABLE_AWAIT_USING) return NO_REGISTER;
  Node *target = left->variable.declarators.items[0]->assign.target;
  if (target->kind != NODE_BINDING_IDENTIFIER) return NO_REGISTER;
  Binding *binding = target->identifier.binding;
  if (!binding || node_is_dynamic(target) || !binding_in_register(binding) || binding->needs_tdz) return NO_REGISTER;
  (void)c;
  return (Register)binding->compiler_data;
}

static void assign_item(Compiler *c, Node *node, Register item) {
  Node *left = node->for_each.left;
  if (left->kind != NODE_VARIABLE) {
    assign_target(c, left, item, STORE_ASSIGN);
    return;
  }
  Node *target = left->variable.declarators.items[0]->assign.target;
  if (left->operator == VARIABLE_USING || left->operator == VARIABLE_AWAIT_USING) {
    position_at(c, target);
    emit_add_resource(c, item, left->operator == VARIABLE_AWAIT_USING);
  }
  assign_target(c, target, item, left->operator == VARIABLE_VAR ? STORE_ASSIGN : STORE_INITIALIZE);
}

// Compiles the scope of one round, the assignment and the body. `item` NO_REGISTER: the value is already in the loop
// variable.
static void compile_turn(Compiler *c, Node *node, Register item) {
  OpenScope open;
  Scope *scope = node->for_each.scope;
  bool direct = item == NO_REGISTER;
  if (!direct) open_scope(c, scope, &open);
  DisposeScope dispose;
  dispose_scope_begin(c, &dispose, scope);
  if (!direct) assign_item(c, node, item);
  Control *control = push_loop(c, node, false, true);
  compile_statement(c, node->for_each.body);
  pop_control(c);
  bind_label(c, &control->next);
  dispose_scope_end(c, &dispose);
  if (!direct && scope) close_scope(c, &open);
}

static void compile_for_in(Compiler *c, Node *node) {
  Register mark = c->top;
  Node *left = node->for_each.left;
  set_completion_undefined(c);
  if (left->kind == NODE_VARIABLE && left->variable.declarators.items[0]->assign.value) compile_variable(c, left);
  Label top = LABEL_NEW;
  Register keys = new_register(c);
  compile_head(c, node, keys);
  emit_rr(c, OPCODE_for_in_start, keys, keys);
  Control *control = push_loop(c, node, true, false);
  Scope *scope = node->for_each.scope;
  OpenScope open;
  // A scope without environment or dead zone is opened once, around the loop, so that the key goes directly to the
  // variable.
  bool outside = scope && !scope->needs_environment && !scope->has_using;
  if (outside) open_scope(c, scope, &open);
  Register direct = outside ? item_register(c, node) : NO_REGISTER;
  if (outside && direct == NO_REGISTER) close_scope(c, &open);
  Register item = direct != NO_REGISTER ? direct : new_register(c);
  bind_label(c, &top);
  position_at(c, node);
  assembler_short_jump(&c->assembler, OPCODE_for_in_next, scaled(item), scaled(keys), &control->end);
  compile_turn(c, node, direct != NO_REGISTER ? NO_REGISTER : item);
  emit_jump(c, &top);
  if (direct != NO_REGISTER) close_scope(c, &open);
  pop_control(c);
  bind_label(c, &control->end);
  c->top = mark;
}

static void compile_for_of(Compiler *c, Node *node) {
  Register mark = c->top;
  bool is_async = node->flags & NODE_FLAG_AWAIT;
  set_completion_undefined(c);
  Label top = LABEL_NEW, done = LABEL_NEW;
  Register environment = new_register(c), state = new_registers(c, 3);
  compile_head(c, node, state);
  emit_r(c, OPCODE_save_environment, environment);
  position_at(c, node->for_each.right);
  emit_rr(c, is_async ? OPCODE_get_async_iterator : OPCODE_get_iterator, state, state);
  Control *outer = push_loop(c, node, true, false);
  Control *iterator = push_control(c, CONTROL_ITERATOR);
  iterator->base = state;
  iterator->is_async = is_async;
  c->handler_depth++;
  Scope *scope = node->for_each.scope;
  OpenScope open;
  bool outside = scope && !scope->needs_environment && !scope->has_using;
  if (outside) open_scope(c, scope, &open);
  Register direct = outside ? item_register(c, node) : NO_REGISTER;
  if (outside && direct == NO_REGISTER) close_scope(c, &open);
  Register item = direct != NO_REGISTER ? direct : new_register(c);
  uint32_t start = here(c);
  bind_label(c, &top);
  Register area = new_registers(c, CALL_ARGUMENTS);
  c->top = area;
  position_at(c, node->for_each.right);
  emit_rrr(c, OPCODE_iterator_next, item, state, area);
  if (is_async) emit_await(c, item);
  assembler_short_jump(&c->assembler, OPCODE_iterator_unpack, scaled(item), scaled(state), &done);
  compile_turn(c, node, direct != NO_REGISTER ? NO_REGISTER : item);
  emit_jump(c, &top);
  if (direct != NO_REGISTER) close_scope(c, &open);
  pop_control(c);
  c->handler_depth--;
  uint32_t stop = here(c);
  emit_iterator_handler(c, iterator, start, stop, environment);
  pop_control(c);
  bind_label(c, &done);
  bind_label(c, &outer->end);
  c->top = mark;
}

// --- switch ---

static bool case_integer(const Node *test, int32_t *out) {
  bool negative = test->kind == NODE_UNARY && test->operator == OPERATOR_NEGATE;
  if (negative) test = test->unary.operand;
  if (test->kind != NODE_NUMBER || !(test->number.value <= 1e9)) return false;
  if (test->number.value != (double)(int32_t)test->number.value) return false;
  *out = negative ? -(int32_t)test->number.value : (int32_t)test->number.value;
  return true;
}

static bool switch_range(const Node *node, int32_t *low, uint32_t *size) {
  int64_t least = INT32_MAX, most = INT32_MIN;
  uint32_t count = 0;
  for (uint32_t i = 0; i < node->switch_.cases.count; i++) {
    const Node *test = node->switch_.cases.items[i]->case_.test;
    int32_t value;
    if (!test) continue;
    if (!case_integer(test, &value)) return false;
    least = MIN_OF(least, value);
    most = MAX_OF(most, value);
    count++;
  }
  if (count < 3 || most - least >= (int64_t)count * 4 + 8) return false;
  *low = (int32_t)least;
  *size = (uint32_t)(most - least + 1);
  return true;
}

static void emit_switch_table(Compiler *c, Node *node, Register value, Label *labels, Label *otherwise, int32_t low,
                              uint32_t size) {
  Values *table = list_create(c, 1 + size);
  if (!table) return;
  for (uint32_t i = 0; i <= size; i++) table->items[i] = VALUE_UNDEFINED;
  table->items[0] = value_int(low);
  uint32_t constant = assembler_constant(&c->assembler, value_internal(table));
  uint32_t instruction = assembler_emit_wide(&c->assembler, OPCODE_jump_table, scaled(value), constant);
  for (uint32_t i = 0; i < node->switch_.cases.count; i++) {
    int32_t number;
    const Node *test = node->switch_.cases.items[i]->case_.test;
    if (!test || !case_integer(test, &number)) continue;
    uint32_t item = (uint32_t)(number - low) + 1;
    if (!value_is_undefined(table->items[item])) continue;
    table->items[item] = value_int(0);
    assembler_table_entry(&c->assembler, instruction, constant, item, &labels[i]);
  }
  for (uint32_t item = 1; item <= size; item++) {
    if (!value_is_undefined(table->items[item])) continue;
    table->items[item] = value_int(0);
    assembler_table_entry(&c->assembler, instruction, constant, item, otherwise);
  }
}

static void emit_switch_tests(Compiler *c, Node *node, Register value, Label *labels) {
  for (uint32_t i = 0; i < node->switch_.cases.count; i++) {
    Node *test = node->switch_.cases.items[i]->case_.test;
    if (!test) continue;
    Register mark = c->top;
    int32_t immediate;
    if (small_integer(test, &immediate)) {
      emit_compare_jump_int(c, OPERATOR_STRICT_EQUAL, true, value, immediate, &labels[i]);
      continue;
    }
    Register candidate = compile_value(c, test, ANY);
    emit_compare_jump(c, OPERATOR_STRICT_EQUAL, true, value, candidate, &labels[i]);
    c->top = mark;
  }
}

static void compile_switch(Compiler *c, Node *node) {
  Register mark = c->top;
  uint32_t count = node->switch_.cases.count;
  set_completion_undefined(c);
  Register value = new_register(c);
  compile_value(c, node->switch_.discriminant, value);
  OpenScope open;
  open_scope(c, node->switch_.scope, &open);
  DisposeScope dispose;
  dispose_scope_begin(c, &dispose, node->switch_.scope);
  Label none = LABEL_NEW;
  Label *labels = arena_new_array(&c->arena, Label, count + 1);
  if (!labels) {
    compiler_fail(c);
    return;
  }
  Label *otherwise = &none;
  for (uint32_t i = 0; i < count; i++) {
    labels[i] = LABEL_NEW;
    if (!node->switch_.cases.items[i]->case_.test) otherwise = &labels[i];
  }
  int32_t low;
  uint32_t size;
  if (switch_range(node, &low, &size)) emit_switch_table(c, node, value, labels, otherwise, low, size);
  else emit_switch_tests(c, node, value, labels);
  emit_jump(c, otherwise);
  Control *control = push_loop(c, node, true, false);
  for (uint32_t i = 0; i < count; i++) {
    bind_label(c, &labels[i]);
    compile_statements(c, &node->switch_.cases.items[i]->case_.statements);
  }
  pop_control(c);
  bind_label(c, &none);
  bind_label(c, &control->end);
  dispose_scope_end(c, &dispose);
  if (node->switch_.scope) close_scope(c, &open);
  c->top = mark;
}

// --- Jumps ---

static void compile_jump(Compiler *c, Node *node, bool is_continue) {
  for (Control *control = c->control; control; control = control->outer) {
    fuel_spend(&c->cx->fuel, 1);
    if (control->kind != CONTROL_JUMPS || control->node != node->jump.target) continue;
    if (is_continue ? !control->continue_label : !control->break_label) continue;
    emit_jump_to(c, control, is_continue);
    return;
  }
}

static void compile_return(Compiler *c, Node *node) {
  Register mark = c->top;
  Node *inner = node->unary.operand;
  if (inner && compile_tail_call(c, inner)) {
    c->top = mark;
    return;
  }
  Register value;
  if (inner) {
    value = compile_value(c, inner, ANY);
    if (c->function && c->function->is_async && c->function->is_generator) {
      Register awaited = new_register(c);
      emit_move(c, awaited, value);
      position_at(c, inner);
      emit_await(c, awaited);
      value = awaited;
    }
  } else {
    value = new_register(c);
    emit_r(c, OPCODE_load_undefined, value);
  }
  position_at(c, node);
  emit_return(c, value);
  c->top = mark;
}

static void compile_with(Compiler *c, Node *node) {
  Register mark = c->top;
  set_completion_undefined(c);
  Register object = compile_value(c, node->with.object, ANY);
  Register converted = new_register(c);
  position_at(c, node->with.object);
  emit_rr(c, OPCODE_to_object, converted, object);
  emit_rk(c, OPCODE_push_with, converted, VALUE_UNDEFINED);
  c->environments++;
  Scope *outer = c->scope;
  c->scope = node->with.scope;
  push_control(c, CONTROL_ENVIRONMENT);
  compile_statement(c, node->with.body);
  pop_control(c);
  emit_0(c, OPCODE_pop_environment);
  c->scope = outer;
  c->top = mark;
}

static void compile_labeled(Compiler *c, Node *node) {
  Control *control = push_loop(c, node, true, false);
  compile_statement(c, node->labeled.body);
  pop_control(c);
  bind_label(c, &control->end);
}

static void compile_export_default(Compiler *c, Node *node) {
  Node *declaration = node->export_default.declaration;
  if (declaration->kind == NODE_FUNCTION_DECLARATION) return;
  if (declaration->kind == NODE_CLASS_DECLARATION) {
    compile_statement(c, declaration);
    return;
  }
  Register mark = c->top;
  InferredName name =
      is_anonymous_function(declaration) ? (InferredName){c->cx->names->default_, NO_REGISTER, 0} : NO_NAME;
  Register value = compile_named_value(c, declaration, ANY, name);
  store_identifier(c, node->export_default.identifier, value, STORE_INITIALIZE);
  c->top = mark;
}

static void statement_of_kind(Compiler *c, Node *node) {
  Register mark = c->top;
  switch ((NodeKind)node->kind) {
    case NODE_EXPRESSION_STATEMENT:
      if (c->completion == NO_REGISTER) compile_effect(c, node->unary.operand);
      else emit_move(c, c->completion, compile_value(c, node->unary.operand, ANY));
      break;
    case NODE_VARIABLE: compile_variable(c, node); break;
    case NODE_FUNCTION_DECLARATION: compile_block_function(c, node); break;
    case NODE_CLASS_DECLARATION: compile_class_declaration(c, node); break;
    case NODE_BLOCK: compile_block(c, node); break;
    case NODE_IF: compile_if(c, node); break;
    case NODE_FOR: compile_for(c, node); break;
    case NODE_FOR_IN: compile_for_in(c, node); break;
    case NODE_FOR_OF: compile_for_of(c, node); break;
    case NODE_WHILE:
    case NODE_DO_WHILE: compile_while(c, node); break;
    case NODE_CONTINUE: compile_jump(c, node, true); break;
    case NODE_BREAK: compile_jump(c, node, false); break;
    case NODE_RETURN: compile_return(c, node); break;
    case NODE_WITH: compile_with(c, node); break;
    case NODE_SWITCH: compile_switch(c, node); break;
    case NODE_LABELED: compile_labeled(c, node); break;
    case NODE_THROW: {
      Register value = compile_value(c, node->unary.operand, ANY);
      position_at(c, node);
      emit_r(c, OPCODE_throw, value);
      break;
    }
    case NODE_TRY: compile_try(c, node); break;
    case NODE_DEBUGGER: emit_0(c, OPCODE_debugger); break;
    case NODE_EXPORT:
      if (node->unary.operand) compile_statement(c, node->unary.operand);
      break;
    case NODE_EXPORT_DEFAULT: compile_export_default(c, node); break;
    default: break;
  }
  c->top = mark;
}

void compile_statement(Compiler *c, Node *node) {
  if (UNLIKELY(c->depth >= DEFER_DEPTH) && defers_statement(node)) {
    defer_statement(c, node);
    return;
  }
  if (compiler_enter(c)) statement_of_kind(c, node);
  compiler_leave(c);
}

// Whether the statement sets the completion value on every path, unless it ends abruptly.
static bool sets_completion(const Node *node) {
  switch ((NodeKind)node->kind) {
    case NODE_EXPRESSION_STATEMENT:
    case NODE_IF:
    case NODE_FOR:
    case NODE_FOR_IN:
    case NODE_FOR_OF:
    case NODE_WHILE:
    case NODE_DO_WHILE:
    case NODE_WITH:
    case NODE_SWITCH:
    case NODE_TRY: return true;
    default: return false;
  }
}

void compile_statements(Compiler *c, NodeList *list) {
  uint32_t from = 0;
  // OPTIMIZATION: at the top level of a script only the last value counts, so the statements before it do not record
  // theirs.
  if (c->completion != NO_REGISTER && !c->control) {
    for (uint32_t i = list->count; i > 0 && from == 0; i--) {
      if (sets_completion(list->items[i - 1])) from = i - 1;
    }
  }
  Register completion = c->completion;
  if (from > 0) c->completion = NO_REGISTER;
  for (uint32_t i = 0; i < list->count && !c->failed; i++) {
    if (i == from) c->completion = completion;
    compile_statement(c, list->items[i]);
  }
}
