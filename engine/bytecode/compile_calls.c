// Chains of member accesses and calls, `new`, super calls, tagged templates, direct eval, tail calls.
//
// A chain is walked from its base outwards in a loop. All calls of one chain share one call area at the chain's mark:
// the result of a link goes directly to the place where the next link needs it (callee or `this` of the area).
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

// --- Arguments ---

static bool has_spread(const NodeList *list) {
  if (list->count > LARGEST_CALL) return true;
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->items[i]->kind == NODE_SPREAD) return true;
  }
  return false;
}

bool compile_arguments(Compiler *c, NodeList *list, Register first) {
  if (has_spread(list)) {
    compile_array_items(c, list, new_register(c));
    return false;
  }
  (void)first;
  for (uint32_t i = 0; i < list->count; i++) {
    Register place = new_register(c);
    compile_value(c, list->items[i], place);
  }
  return true;
}

// --- Direct eval ---

static Value describe_outer(Compiler *c) {
  if (!c->scope || c->scope->kind == SCOPE_SCRIPT) return VALUE_UNDEFINED;
  if (c->scope->compiler_data) return value_internal(c->scope->compiler_data);
  size_t size = scope_measure_outer(c->scope);
  Bytes *bytes = size < UINT32_MAX ? bytes_create(c->cx, (uint32_t)size) : NULL;
  if (!bytes) return compiler_fail(c);
  scope_describe_outer(c->scope, bytes->data);
  c->scope->compiler_data = bytes;
  return value_internal(bytes);
}

static uint32_t eval_flags(Compiler *c) {
  uint32_t flags = c->flags & CODE_STRICT ? EVAL_STRICT : 0;
  const Function *function = c->function;
  while (function && function->kind == FUNCTION_ARROW) function = function->outer;
  if (!function) return flags;
  switch ((FunctionKind)function->kind) {
    case FUNCTION_EVAL:
      if (c->options->in_function) flags |= EVAL_IN_FUNCTION;
      if (c->options->in_method) flags |= EVAL_IN_METHOD;
      if (c->options->in_derived_constructor) flags |= EVAL_IN_DERIVED_CONSTRUCTOR;
      if (c->options->in_class_field) flags |= EVAL_IN_CLASS_FIELD;
      break;
    case FUNCTION_SCRIPT:
    case FUNCTION_MODULE: break;
    case FUNCTION_ORDINARY: flags |= EVAL_IN_FUNCTION; break;
    case FUNCTION_FIELD_INITIALIZER:
    case FUNCTION_STATIC_INITIALIZER: flags |= EVAL_IN_FUNCTION | EVAL_IN_METHOD | EVAL_IN_CLASS_FIELD; break;
    default: flags |= EVAL_IN_FUNCTION | EVAL_IN_METHOD;
  }
  if (function->is_derived) flags |= EVAL_IN_DERIVED_CONSTRUCTOR;
  return flags;
}

static void emit_eval_operand(Compiler *c) { emit_uk(c, OPCODE_operand, eval_flags(c), describe_outer(c)); }

// --- Super properties ---

void compile_super_operands(Compiler *c, Node *node, Register base) {
  load_this(c, node->super_member.this_, base + 1);
  if (node->kind == NODE_SUPER_MEMBER) emit_load_key(c, base + 2, name_key(c, node->super_member.name));
  else compile_value(c, node->super_member.key, base + 2);
  load_identifier(c, node->super_member.home, base, false);
  emit_rr(c, OPCODE_get_super_base, base, base);
}

// --- Chains ---

typedef struct Chain {
  Register mark;  // of the area, and of plain intermediate values
  Register target;
  Label *short_circuit;
  size_t base;     // in the spine; the outermost link comes first there
  bool is_callee;  // the whole chain is a callee: its value and `this` go to the area at `mark`
  bool no_this;    // the callee in the area is not a method; `this` is undefined and not in the area yet
} Chain;

static Node *spine_at(const Compiler *c, size_t index) { return ((Node **)(void *)c->spine.data)[index]; }

static bool is_access(const Node *node) {
  return node->kind == NODE_MEMBER || node->kind == NODE_INDEX || node->kind == NODE_PRIVATE_MEMBER ||
         node->kind == NODE_SUPER_MEMBER || node->kind == NODE_SUPER_INDEX;
}

// Whether the outer link calls the value of the link at `index`.
static bool is_called(const Compiler *c, const Chain *chain, size_t index) {
  if (index == chain->base) return chain->is_callee;
  Node *outer = spine_at(c, index - 1);
  return outer->kind == NODE_CALL || outer->kind == NODE_TAGGED_TEMPLATE;
}

// Where the value of the link goes; ANY when the outer link accepts any place.
static Register link_destination(const Compiler *c, const Chain *chain, size_t index) {
  if (is_called(c, chain, index)) return chain->mark;
  if (index == chain->base) return chain->target;
  if (is_called(c, chain, index - 1)) return chain->mark + CALL_THIS;  // object of a method call
  return ANY;
}

static void chain_reserve(Compiler *c, Register top) {
  if (c->top < top) new_registers(c, top - c->top);
  else c->top = top;
}

static Register link_result(Compiler *c, const Chain *chain, Register destination) {
  if (destination != ANY) return destination;
  if (chain->mark + 1 > c->highest) c->highest = chain->mark + 1;
  return chain->mark;
}

// After a link: only registers below the new top hold values that the next link needs.
static void chain_settle(Compiler *c, const Chain *chain, Register value) {
  c->top = chain->mark;
  if (value >= chain->mark) chain_reserve(c, value + 1);
}

static void optional_jump(Compiler *c, const Chain *chain, const Node *node, Register value) {
  if ((node->flags & NODE_FLAG_OPTIONAL) && chain->short_circuit) {
    emit_jump_if(c, OPCODE_jump_if_nullish, value, chain->short_circuit);
  }
}

static Register access_link(Compiler *c, const Chain *chain, size_t index, Node *node, Register object) {
  bool is_method = is_called(c, chain, index);
  if (is_method) chain_reserve(c, chain->mark + CALL_ARGUMENTS);
  optional_jump(c, chain, node, object);
  Register to = link_result(c, chain, link_destination(c, chain, index));
  if (node->kind == NODE_MEMBER) {
    position_at(c, node);
    emit_get_named(c, to, object, name_key(c, node->member.name));
  } else if (node->kind == NODE_INDEX) {
    object = keep_operand(c, object, chain->mark, node->index.key);
    Register key = compile_value(c, node->index.key, ANY);
    position_at(c, node);
    emit_rrr(c, OPCODE_get_element, to, object, key);
  } else {
    Register name = load_identifier(c, node->private_member.name, ANY, false);
    position_at(c, node);
    emit_rrr(c, OPCODE_get_private, to, object, name);
  }
  return to;
}

static Value template_object_constant(Compiler *c, Node *template) {
  uint32_t count = template->template.count;
  Values *list = list_create(c, 1 + 2 * count);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < count; i++) {
    TemplatePiece *piece = &template->template.pieces[i];
    list->items[1 + 2 * i] = piece->has_cooked ? text_constant(c, piece->cooked) : VALUE_UNDEFINED;
    list->items[2 + 2 * i] = text_constant(c, piece->raw);
  }
  return value_internal(list);
}

// Callee and `this` are in the area already.
static Register call_link(Compiler *c, const Chain *chain, size_t index, Node *node) {
  Register area = chain->mark;
  chain_reserve(c, area + CALL_ARGUMENTS);
  optional_jump(c, chain, node, area);
  Register destination = link_destination(c, chain, index);
  if (node->kind == NODE_TAGGED_TEMPLATE) {
    Node *template = node->tagged_template.template;
    emit_rk(c, OPCODE_get_template_object, new_register(c), template_object_constant(c, template));
    for (uint32_t i = 0; i + 1 < template->template.count; i++) {
      compile_value(c, template->template.expressions[i], new_register(c));
    }
    position_at(c, node->tagged_template.tag);
    Register to = link_result(c, chain, destination);
    emit_rru(c, chain->no_this ? OPCODE_call_undefined : OPCODE_call, to, area, template->template.count);
    return to;
  }
  NodeList *list = &node->call.arguments;
  bool is_eval = node->flags & NODE_FLAG_DIRECT_EVAL;
  bool in_registers = compile_arguments(c, list, area + CALL_ARGUMENTS);
  position_at_call(c, node);
  Register to = link_result(c, chain, destination);
  if (chain->no_this && in_registers && !is_eval) {
    emit_rru(c, OPCODE_call_undefined, to, area, list->count);
    return to;
  }
  if (chain->no_this) emit_r(c, OPCODE_load_undefined, area + CALL_THIS);
  if (in_registers) emit_rru(c, is_eval ? OPCODE_call_eval : OPCODE_call, to, area, list->count);
  else emit_rrr(c, is_eval ? OPCODE_call_eval_list : OPCODE_call_list, to, area, area + CALL_ARGUMENTS);
  if (is_eval) emit_eval_operand(c);
  return to;
}

static Register super_base(Compiler *c, const Chain *chain, size_t index, Node *node) {
  bool called = is_called(c, chain, index);
  Register destination = link_destination(c, chain, index);
  if (called) chain_reserve(c, chain->mark + CALL_ARGUMENTS);
  Register operands = new_registers(c, 3);
  compile_super_operands(c, node, operands);
  Register to = link_result(c, chain, destination);
  position_at(c, node);
  if (called) emit_move(c, chain->mark + CALL_THIS, operands + 1);
  emit_rrr(c, OPCODE_get_super, to, operands, operands + 2);
  return to;
}

static Register optional_chain(Compiler *c, Node *node, Register target, bool is_callee, Register mark);

// The innermost expression of the chain.
static Register chain_base(Compiler *c, Chain *chain, size_t index, Node *node) {
  bool called = index > chain->base ? is_called(c, chain, index) : chain->is_callee;
  Register destination = link_destination(c, chain, index);
  if (node->kind == NODE_SUPER_MEMBER || node->kind == NODE_SUPER_INDEX) return super_base(c, chain, index, node);
  if (!called) {
    if (destination != ANY) chain_reserve(c, MAX_OF(destination + 1, c->top));
    return compile_value(c, node, destination);
  }
  Register callee = chain->mark, this_value = callee + CALL_THIS;
  chain_reserve(c, chain->mark + CALL_ARGUMENTS);
  if (node->kind == NODE_IDENTIFIER && node_is_dynamic(node)) {
    position_at(c, node);
    PropertyKey name = name_key(c, node->identifier.name);
    emit_rk(c, OPCODE_resolve_name, this_value, name);
    emit_rru(c, OPCODE_get_resolved, callee, this_value, name_cache(c, name));
    emit_rr(c, OPCODE_resolved_this, this_value, this_value);
    return callee;
  }
  if (node->kind == NODE_OPTIONAL_CHAIN) {
    Register value = compiler_enter(c) ? optional_chain(c, node, callee, true, chain->mark) : callee;
    compiler_leave(c);
    return value;
  }
  compile_value(c, node, callee);
  chain->no_this = true;
  return callee;
}

static Register run_chain(Compiler *c, Chain *chain, Node *node) {
  chain->base = c->spine.size / sizeof(Node *);
  for (;;) {
    buffer_append(&c->spine, &node, sizeof node);
    if (node->kind == NODE_CALL) {
      if (node->call.callee->kind == NODE_INTRINSIC) break;
      node = node->call.callee;
    } else if (node->kind == NODE_TAGGED_TEMPLATE) node = node->tagged_template.tag;
    else if (node->kind == NODE_MEMBER) node = node->member.object;
    else if (node->kind == NODE_INDEX) node = node->index.object;
    else if (node->kind == NODE_PRIVATE_MEMBER) node = node->private_member.object;
    else break;
  }
  if (c->spine.failed || c->failed) {
    c->spine.size = chain->base * sizeof(Node *);
    compiler_fail(c);
    return result_register(c, chain->target);
  }
  size_t index = c->spine.size / sizeof(Node *) - 1;
  Register value = chain_base(c, chain, index, spine_at(c, index));
  while (index > chain->base) {
    c->spine.size = index * sizeof(Node *);
    index--;
    node = spine_at(c, index);
    chain_settle(c, chain, value);
    if (is_access(node)) {
      chain->no_this = false;
      value = access_link(c, chain, index, node, value);
      continue;
    }
    Node *callee = node->kind == NODE_CALL ? node->call.callee : node->tagged_template.tag;
    if (callee->kind == NODE_CALL || callee->kind == NODE_TAGGED_TEMPLATE) {
      chain_reserve(c, chain->mark + CALL_ARGUMENTS);
      chain->no_this = true;
    }
    value = call_link(c, chain, index, node);
  }
  c->spine.size = chain->base * sizeof(Node *);
  return value;
}

static Register finish_chain(Compiler *c, const Chain *chain, Register value) {
  if (chain->is_callee) {
    chain_reserve(c, chain->mark + CALL_ARGUMENTS);
    return value;
  }
  c->top = chain->mark;
  if (chain->target != ANY) {
    emit_move(c, chain->target, value);
    return chain->target;
  }
  if (value < chain->mark) return value;  // a local
  new_register(c);
  emit_move(c, chain->mark, value);
  return chain->mark;
}

static Register optional_chain(Compiler *c, Node *node, Register target, bool is_callee, Register mark) {
  Label short_circuit = LABEL_NEW, end = LABEL_NEW;
  Register to = is_callee ? mark : target != ANY ? target : mark;
  Chain chain = {.mark = mark, .target = to, .short_circuit = &short_circuit, .is_callee = is_callee};
  if (to == mark && !is_callee) {
    // The result's register is the mark itself; until the result is there, the area may use it.
    if (c->top == mark) new_register(c);
    c->top = mark;
  }
  Register value = run_chain(c, &chain, node->unary.operand);
  if (!is_callee) emit_move(c, to, value);
  else if (!is_access(node->unary.operand)) emit_r(c, OPCODE_load_undefined, mark + CALL_THIS);
  emit_jump(c, &end);
  bind_label(c, &short_circuit);
  emit_r(c, OPCODE_load_undefined, to);
  if (is_callee) emit_r(c, OPCODE_load_undefined, mark + CALL_THIS);
  bind_label(c, &end);
  if (is_callee) {
    chain_reserve(c, mark + CALL_ARGUMENTS);
    return mark;
  }
  c->top = mark;
  if (to == mark) new_register(c);
  return to;
}

Register compile_chain(Compiler *c, Node *node, Register target) {
  if (node->kind == NODE_CALL && node->call.callee->kind == NODE_INTRINSIC) {
    return compile_intrinsic_call(c, node, target);
  }
  Register mark = c->top;
  if (node->kind == NODE_OPTIONAL_CHAIN) return optional_chain(c, node, target, false, mark);
  return compile_chain_part(c, node, target, NULL);
}

Register compile_chain_part(Compiler *c, Node *node, Register target, Label *short_circuit) {
  Chain chain = {.mark = c->top, .target = target, .short_circuit = short_circuit};
  Register value = run_chain(c, &chain, node);
  return finish_chain(c, &chain, value);
}

// --- new, super() ---

Register compile_new(Compiler *c, Node *node, Register target) {
  Register area = new_registers(c, CALL_ARGUMENTS);
  compile_value(c, node->call.callee, area);
  bool in_registers = compile_arguments(c, &node->call.arguments, area + CALL_ARGUMENTS);
  c->top = area;
  target = result_register(c, target);
  position_at_call(c, node);
  if (in_registers) emit_rru(c, OPCODE_construct, target, area, node->call.arguments.count);
  else emit_rrr(c, OPCODE_construct_list, target, area, area + CALL_ARGUMENTS);
  return target;
}

void emit_initialize_fields(Compiler *c, Register constructor, Register this_value) {
  Register mark = c->top;
  Register area = new_registers(c, CALL_ARGUMENTS);
  Label none = LABEL_NEW;
  emit_rr(c, OPCODE_get_class_fields, area, constructor);
  emit_jump_if(c, OPCODE_jump_if_undefined, area, &none);
  emit_move(c, area + CALL_THIS, this_value);
  emit_rru(c, OPCODE_call, area, area, 0);
  bind_label(c, &none);
  c->top = mark;
}

Register compile_super_call(Compiler *c, Node *node, Register target) {
  Register mark = c->top;
  Register result = new_register(c);
  Register area = new_registers(c, CALL_ARGUMENTS);
  Register function = load_identifier(c, node->super_call.function, area, false);
  emit_rr(c, OPCODE_get_super_constructor, area, function);
  load_identifier(c, node->super_call.new_target, area + 1, false);
  bool in_registers = compile_arguments(c, &node->super_call.arguments, area + CALL_ARGUMENTS);
  position_at(c, node);
  if (in_registers) emit_rru(c, OPCODE_super_construct, result, area, node->super_call.arguments.count);
  else emit_rrr(c, OPCODE_super_construct_list, result, area, area + CALL_ARGUMENTS);
  c->top = area;
  Binding *this_binding = node->super_call.this_->identifier.binding;
  if (binding_in_register(this_binding)) {
    emit_rr(c, OPCODE_bind_this, (Register)this_binding->compiler_data, result);
  } else {
    Register old = load_binding(c, this_binding, new_register(c));
    emit_rr(c, OPCODE_bind_this, old, result);
    store_binding(c, this_binding, old);
  }
  c->top = area;
  function = load_identifier(c, node->super_call.function, new_register(c), false);
  emit_initialize_fields(c, function, result);
  c->top = mark;
  if (target == ANY) return new_register(c);
  emit_move(c, target, result);
  return target;
}

// --- Self-hosted dialect ---

Register compile_intrinsic_call(Compiler *c, Node *node, Register target) {
  TextView name = node->call.callee->identifier.name->text;
  if (name.length && text_view_unit(name, 0) == '%') name = text_view_slice(name, 1, name.length);
  NodeList *list = &node->call.arguments;
  bool is_call = text_view_equals(name, text_view_literal("call"));
  bool is_construct = text_view_equals(name, text_view_literal("construct"));
  if (is_call || is_construct) {
    uint32_t fixed = is_call ? 2 : 1;
    NodeList rest = {list->items + fixed, list->count - fixed};
    Register area = new_registers(c, CALL_ARGUMENTS);
    compile_value(c, list->items[0], area);
    bool no_this = is_call && is_undefined_literal(list->items[1]) && !has_spread(&rest);
    if (is_call && !no_this) compile_value(c, list->items[1], area + CALL_THIS);
    bool in_registers = compile_arguments(c, &rest, area + CALL_ARGUMENTS);
    c->top = area;
    target = result_register(c, target);
    position_at(c, list->items[0]);
    Opcode opcode = no_this ? OPCODE_call_undefined : is_call ? OPCODE_call : OPCODE_construct;
    if (in_registers) emit_rru(c, opcode, target, area, rest.count);
    else emit_rrr(c, is_call ? OPCODE_call_list : OPCODE_construct_list, target, area, area + CALL_ARGUMENTS);
    return target;
  }
  int number = c->cx->hooks->find_intrinsic_operation(name);
  Register base = new_registers(c, 0);
  for (uint32_t i = 0; i < list->count; i++) {
    Register place = new_register(c);
    compile_value(c, list->items[i], place);
  }
  c->top = base;
  target = result_register(c, target);
  if (number < 0 || number > 1023) {
    if (!c->failed) throw_error(c->cx, ERROR_SYNTAX, "unknown intrinsic operation");
    compiler_fail(c);
    return target;
  }
  position_at(c, node);
  emit_rru(c, OPCODE_call_intrinsic, target, base, (uint32_t)number | list->count << 10);
  return target;
}

// --- Tail calls ---

static bool tail_calls_allowed(const Compiler *c) {
  const Function *function = c->function;
  if (!function || !(c->flags & CODE_STRICT) || c->handler_depth || c->control_unwinds) return false;
  if (function->is_async || function->is_generator || (c->flags & CODE_SELF_HOSTED)) return false;
  switch ((FunctionKind)function->kind) {
    case FUNCTION_ORDINARY:
    case FUNCTION_ARROW:
    case FUNCTION_METHOD:
    case FUNCTION_GETTER:
    case FUNCTION_SETTER: return true;
    default: return false;
  }
}

// If the code since `before` ends with a call, makes it a tail call.
static void mark_tail_call(Compiler *c, uint32_t before) {
  if (here(c) <= before || c->assembler.failed) return;
  Instruction *last = assembler_instruction(&c->assembler, here(c) - 1);
  if (last->opcode == OPCODE_call) last->opcode = OPCODE_tail_call;
  else if (last->opcode == OPCODE_call_undefined) last->opcode = OPCODE_tail_call_undefined;
  else if (last->opcode == OPCODE_call_list) last->opcode = OPCODE_tail_call_list;
  else if (last->opcode == OPCODE_operand) last->a |= EVAL_TAIL;
}

static void tail_position(Compiler *c, Node *node) {
  Register mark = c->top;
  c->depth++;
  // Calls that are nested more deeply in one expression keep their frame.
  switch (c->depth > DEFER_DEPTH + 64 ? NODE_EMPTY : (NodeKind)node->kind) {
    case NODE_CONDITIONAL: {
      Label otherwise = LABEL_NEW;
      compile_jump_if(c, node->conditional.test, false, &otherwise);
      tail_position(c, node->conditional.consequent);
      bind_label(c, &otherwise);
      tail_position(c, node->conditional.alternate);
      break;
    }
    case NODE_SEQUENCE:
      for (uint32_t i = 0; i + 1 < node->list.count; i++) compile_effect(c, node->list.items[i]);
      tail_position(c, node->list.items[node->list.count - 1]);
      break;
    case NODE_LOGICAL: {
      Label go_on = LABEL_NEW;
      Register left = compile_value(c, node->binary.left, ANY);
      emit_jump_if(c,
                   node->operator == OPERATOR_AND  ? OPCODE_jump_if_true
                   : node->operator == OPERATOR_OR ? OPCODE_jump_if_false
                                                   : OPCODE_jump_if_nullish,
                   left, &go_on);
      emit_r(c, OPCODE_return, left);
      bind_label(c, &go_on);
      c->top = mark;
      tail_position(c, node->binary.right);
      break;
    }
    case NODE_CALL:
    case NODE_TAGGED_TEMPLATE: {
      uint32_t before = here(c);
      Register value = compile_chain(c, node, ANY);
      if (node->kind != NODE_CALL || node->call.callee->kind != NODE_INTRINSIC) mark_tail_call(c, before);
      emit_r(c, OPCODE_return, value);
      break;
    }
    case NODE_OPTIONAL_CHAIN: {
      Label short_circuit = LABEL_NEW;
      uint32_t before = here(c);
      Register value = compile_chain_part(c, node->unary.operand, ANY, &short_circuit);
      mark_tail_call(c, before);
      emit_r(c, OPCODE_return, value);
      bind_label(c, &short_circuit);
      emit_0(c, OPCODE_return_undefined);
      break;
    }
    default: emit_r(c, OPCODE_return, compile_value(c, node, ANY));
  }
  c->depth--;
  c->top = mark;
}

bool compile_tail_call(Compiler *c, Node *node) {
  if (!tail_calls_allowed(c)) return false;
  switch ((NodeKind)node->kind) {
    case NODE_CALL:
    case NODE_TAGGED_TEMPLATE:
    case NODE_CONDITIONAL:
    case NODE_LOGICAL:
    case NODE_SEQUENCE: break;
    case NODE_OPTIONAL_CHAIN:
      if (node->unary.operand->kind == NODE_CALL) break;
      return false;
    default: return false;
  }
  tail_position(c, node);
  return true;
}
