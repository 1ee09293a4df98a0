// Destructuring: binding and assignment patterns, in the specification's order of evaluation.
// https://tc39.es/ecma262/#sec-destructuring-assignment
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

static bool is_pattern(const Node *node) {
  return node->kind == NODE_ARRAY_PATTERN || node->kind == NODE_OBJECT_PATTERN;
}

// A local that an element may be written to directly: its intermediate value is not visible to anyone.
static Register direct_local(Compiler *c, Node *target, StoreMode mode) {
  if (target->kind != NODE_BINDING_IDENTIFIER || mode != STORE_INITIALIZE) return NO_REGISTER;
  Binding *binding = target->identifier.binding;
  if (!binding || node_is_dynamic(target) || !binding_in_register(binding) || binding->needs_tdz) return NO_REGISTER;
  (void)c;
  return (Register)binding->compiler_data;
}

// Applies the default to the value in `value` (a temporary or a direct local).
static void apply_default(Compiler *c, Node *target, Node *fallback, Register value) {
  Label present = LABEL_NEW;
  emit_jump_if(c, OPCODE_jump_if_not_undefined, value, &present);
  compile_named_value(c, fallback, value, target_name(c, target, fallback));
  bind_label(c, &present);
}

typedef struct Element {
  Node *target, *fallback;
  Reference reference;
  Register value;  // where the element's value is put
  bool is_direct;
} Element;

static void element_begin(Compiler *c, Element *element, Node *node, StoreMode mode) {
  element->fallback = NULL;
  element->target = node;
  if (node->kind == NODE_PATTERN_DEFAULT) {
    element->target = node->assign.target;
    element->fallback = node->assign.value;
  }
  Register local = direct_local(c, element->target, mode);
  element->is_direct = local != NO_REGISTER;
  element->value = element->is_direct ? local : new_register(c);
  if (!element->is_direct && !is_pattern(element->target)) {
    // Any code may run before the store: the iterator's next, getters, the default.
    prepare_reference(c, &element->reference, element->target, node, false);
  }
}

static void element_end(Compiler *c, Element *element, StoreMode mode) {
  if (element->fallback) apply_default(c, element->target, element->fallback, element->value);
  if (element->is_direct) return;
  if (is_pattern(element->target)) assign_target(c, element->target, element->value, mode);
  else store_reference(c, &element->reference, element->value, mode);
}

// --- Arrays ---

static void step_iterator(Compiler *c, Register state, Register area, Register value, bool may_be_done) {
  Label exhausted = LABEL_NEW, got = LABEL_NEW;
  if (may_be_done) emit_jump_if(c, OPCODE_jump_if_true, state + 2, &exhausted);
  emit_rrr(c, OPCODE_iterator_next, value, state, area);
  assembler_short_jump(&c->assembler, OPCODE_iterator_unpack, scaled(value), scaled(state), &exhausted);
  emit_jump(c, &got);
  bind_label(c, &exhausted);
  emit_r(c, OPCODE_load_undefined, value);
  bind_label(c, &got);
}

static void collect_rest(Compiler *c, Register state, Register area, Register array, bool may_be_done) {
  Label next = LABEL_NEW, end = LABEL_NEW;
  Register item = new_register(c);
  emit_ruu(c, OPCODE_create_array, array, 0, 0);
  if (may_be_done) emit_jump_if(c, OPCODE_jump_if_true, state + 2, &end);
  bind_label(c, &next);
  emit_rrr(c, OPCODE_iterator_next, item, state, area);
  assembler_short_jump(&c->assembler, OPCODE_iterator_unpack, scaled(item), scaled(state), &end);
  emit_rr(c, OPCODE_array_append, array, item);
  emit_jump(c, &next);
  bind_label(c, &end);
}

// A variable whose assignment is not visible to anyone, with a default of which the same is true.
static bool is_quiet_target(const Node *node, StoreMode mode) {
  if (!node) return true;
  if (node->kind == NODE_PATTERN_DEFAULT) {
    switch ((NodeKind)node->assign.value->kind) {
      case NODE_NUMBER:
      case NODE_STRING:
      case NODE_NULL:
      case NODE_TRUE:
      case NODE_FALSE: break;
      default: return false;
    }
    node = node->assign.target;
  }
  if (node->kind != NODE_IDENTIFIER && node->kind != NODE_BINDING_IDENTIFIER) return false;
  const Binding *binding = node->identifier.binding;
  if (!binding || node_is_dynamic(node) || binding_is_global(binding)) return false;
  return mode == STORE_INITIALIZE || (!binding_is_immutable(binding) && !(node->flags & NODE_FLAG_TDZ_CHECK));
}

static bool is_quiet_pattern(const Node *pattern, StoreMode mode) {
  if (pattern->list.count == 0 || pattern->list.count > 16) return false;
  for (uint32_t i = 0; i < pattern->list.count; i++) {
    if (!is_quiet_target(pattern->list.items[i], mode)) return false;
  }
  return true;
}

static void store_elements(Compiler *c, Node *pattern, Register taken, StoreMode mode) {
  for (uint32_t i = 0; i < pattern->list.count; i++) {
    Node *target = pattern->list.items[i];
    if (!target) continue;
    if (target->kind == NODE_PATTERN_DEFAULT) {
      apply_default(c, target->assign.target, target->assign.value, taken + i);
      target = target->assign.target;
    }
    store_identifier(c, target, taken + i, mode);
  }
}

// OPTIMIZATION: all elements of an untouched array are read at once, when no code can run between them.
static void take_elements(Compiler *c, Node *pattern, Register value, StoreMode mode, Label *slow) {
  uint32_t count = pattern->list.count;
  Register taken = new_registers(c, count);
  emit_rru(c, OPCODE_array_take, taken, value, count);
  emit_jump(c, slow);
  store_elements(c, pattern, taken, mode);
}

static void iterate_elements(Compiler *c, Node *pattern, Register value, StoreMode mode);

void compile_array_pattern(Compiler *c, Node *pattern, Register value, StoreMode mode) {
  Register mark = c->top;
  Label slow = LABEL_NEW, end = LABEL_NEW;
  bool is_quiet = is_quiet_pattern(pattern, mode);
  if (is_quiet) {
    take_elements(c, pattern, value, mode, &slow);
    emit_jump(c, &end);
    bind_label(c, &slow);
    c->top = mark;
  }
  iterate_elements(c, pattern, value, mode);
  bind_label(c, &end);
}

bool compile_array_exchange(Compiler *c, Node *pattern, Node *value, StoreMode mode) {
  if (pattern->kind != NODE_ARRAY_PATTERN || value->kind != NODE_ARRAY || !is_quiet_pattern(pattern, mode))
    return false;
  uint32_t count = value->list.count;
  if (count < pattern->list.count || count > 16) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!value->list.items[i] || value->list.items[i]->kind == NODE_SPREAD) return false;
  }
  Register mark = c->top;
  Label slow = LABEL_NEW, end = LABEL_NEW;
  Register taken = new_registers(c, 0);
  for (uint32_t i = 0; i < count; i++) {
    Register place = new_register(c);
    compile_value(c, value->list.items[i], place);
  }
  assembler_jump(&c->assembler, OPCODE_jump_if_iteration_changed, 0, &slow);
  store_elements(c, pattern, taken, mode);
  emit_jump(c, &end);
  bind_label(c, &slow);
  Register array = new_register(c);
  emit_ruu(c, OPCODE_create_array, array, count, 0);
  for (uint32_t i = 0; i < count; i++) emit_rr(c, OPCODE_array_append, array, taken + i);
  iterate_elements(c, pattern, array, mode);
  bind_label(c, &end);
  c->top = mark;
  return true;
}

static void iterate_elements(Compiler *c, Node *pattern, Register value, StoreMode mode) {
  Register mark = c->top;
  Register environment = new_register(c), state = new_registers(c, 3);
  emit_r(c, OPCODE_save_environment, environment);
  position_at(c, pattern);
  emit_rr(c, OPCODE_get_iterator, state, value);
  Control *iterator = push_control(c, CONTROL_ITERATOR);
  iterator->base = state;
  c->handler_depth++;
  uint32_t start = here(c);
  for (uint32_t i = 0; i < pattern->list.count && !c->failed; i++) {
    Register top = c->top;
    Node *node = pattern->list.items[i];
    Element element;
    if (node && node->kind == NODE_REST) {
      element_begin(c, &element, node->unary.operand, mode);
      Register area = new_registers(c, CALL_ARGUMENTS + 1);
      position_at(c, pattern);
      collect_rest(c, state, area, element.value, i > 0);
      c->top = area;
      element_end(c, &element, mode);
      c->top = top;
      break;
    }
    if (node) element_begin(c, &element, node, mode);
    else element.value = new_register(c);
    Register area = new_registers(c, CALL_ARGUMENTS);
    position_at(c, pattern);
    step_iterator(c, state, area, element.value, i > 0);
    c->top = area;
    if (node) element_end(c, &element, mode);
    c->top = top;
  }
  pop_control(c);
  c->handler_depth--;
  Label end = LABEL_NEW, after = LABEL_NEW;
  emit_jump_if(c, OPCODE_jump_if_true, state + 2, &end);
  uint32_t region_end = here(c);
  emit_iterator_close(c, state, false);
  bind_label(c, &end);
  emit_jump(c, &after);
  emit_iterator_handler(c, iterator, start, region_end, environment);
  bind_label(c, &after);
  c->top = mark;
}

// --- Objects ---

static void object_pattern_property(Compiler *c, Node *node, Register value, Register key_slot, StoreMode mode) {
  Register mark = c->top;
  bool is_computed = node->flags & NODE_FLAG_COMPUTED;
  Node *source = node->property.key;
  PropertyKey name = VALUE_UNDEFINED;
  Register key = key_slot;
  if (is_computed) {
    key = compile_property_key(c, source, key_slot == NO_REGISTER ? new_register(c) : key_slot);
  } else {
    name = node_key(c, source);
    if (key_slot != NO_REGISTER) emit_load_key(c, key_slot, name);
  }
  Element element;
  element_begin(c, &element, node->property.value, mode);
  position_at(c, source);
  if (is_computed) emit_rrr(c, OPCODE_get_element, element.value, value, key);
  else emit_get_named(c, element.value, value, name);
  element_end(c, &element, mode);
  c->top = mark;
}

void compile_object_pattern(Compiler *c, Node *pattern, Register value, StoreMode mode) {
  Register mark = c->top;
  uint32_t count = pattern->list.count;
  Node *rest = count && pattern->list.items[count - 1]->kind == NODE_REST ? pattern->list.items[count - 1] : NULL;
  position_at(c, pattern);
  emit_r(c, OPCODE_check_coercible, value);
  if (rest) count--;
  // The rest object, then the keys that it leaves out.
  Register object = rest ? new_registers(c, 1 + count) : NO_REGISTER;
  for (uint32_t i = 0; i < count && !c->failed; i++) {
    object_pattern_property(c, pattern->list.items[i], value, rest ? object + 1 + i : NO_REGISTER, mode);
  }
  if (rest) {
    Element element;
    element_begin(c, &element, rest->unary.operand, mode);
    emit_ruu(c, OPCODE_create_object, object, 0, 0);
    position_at(c, pattern);
    emit_rru(c, OPCODE_copy_data_properties, object, value, count);
    emit_move(c, element.value, object);
    element_end(c, &element, mode);
  }
  c->top = mark;
}

void assign_target(Compiler *c, Node *target, Register value, StoreMode mode) {
  if (UNLIKELY(c->depth >= DEFER_DEPTH) && is_pattern(target)) {
    defer_assignment(c, target, value, mode);
    return;
  }
  if (!compiler_enter(c)) {
    compiler_leave(c);
    return;
  }
  Register mark = c->top;
  switch ((NodeKind)target->kind) {
    case NODE_ARRAY_PATTERN: compile_array_pattern(c, target, value, mode); break;
    case NODE_OBJECT_PATTERN: compile_object_pattern(c, target, value, mode); break;
    case NODE_PATTERN_DEFAULT: {
      Register copy = new_register(c);
      emit_move(c, copy, value);
      apply_default(c, target->assign.target, target->assign.value, copy);
      assign_target(c, target->assign.target, copy, mode);
      break;
    }
    case NODE_IDENTIFIER:
    case NODE_BINDING_IDENTIFIER: store_identifier(c, target, value, mode); break;
    default: {
      Reference reference;
      prepare_reference(c, &reference, target, NULL, false);
      store_reference(c, &reference, value, mode);
    }
  }
  c->top = mark;
  compiler_leave(c);
}

void compile_initializer(Compiler *c, Node *target, Node *value, StoreMode mode) {
  Register mark = c->top;
  if (is_pattern(target)) {
    if (compile_array_exchange(c, target, value, mode)) return;
    target->end = value->end;  // errors show the value that could not be destructured
    Register source = compile_value(c, value, ANY);
    if (source < mark && mode == STORE_ASSIGN) {
      Register copy = new_register(c);
      emit_move(c, copy, source);
      source = copy;
    }
    assign_target(c, target, source, mode);
    c->top = mark;
    return;
  }
  InferredName name = target_name(c, target, value);
  Register local = mode == STORE_INITIALIZE ? direct_local(c, target, mode) : plain_local(c, target);
  if (local != NO_REGISTER && (mode == STORE_INITIALIZE || expression_writes_last(value))) {
    compile_named_value(c, value, local, name);
  } else {
    Reference reference;
    prepare_reference(c, &reference, target, value, false);
    Register result = compile_named_value(c, value, ANY, name);
    store_reference(c, &reference, result, mode);
  }
  c->top = mark;
}
