// Expressions, except chains and calls, assignments and classes.
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

// --- Operands ---

// Whether evaluating the node might assign a local variable of this very function. Looks at a few nodes only; for any
// other node the answer is yes.
static bool looks_assigning(const Node *node, uint32_t *budget) {
  if (!node) return false;
  if (*budget == 0) return true;
  --*budget;
  switch (node->kind) {
    case NODE_IDENTIFIER:
    case NODE_INTRINSIC:
    case NODE_THIS:
    case NODE_NEW_TARGET:
    case NODE_NULL:
    case NODE_TRUE:
    case NODE_FALSE:
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_BIGINT:
    case NODE_REGEXP:
    case NODE_FUNCTION:
    case NODE_IMPORT_META: return false;
    case NODE_UNARY:
    case NODE_SPREAD:
    case NODE_OPTIONAL_CHAIN:
    case NODE_AWAIT:
    case NODE_YIELD: return looks_assigning(node->unary.operand, budget);
    case NODE_BINARY:
    case NODE_LOGICAL: return looks_assigning(node->binary.right, budget) || looks_assigning(node->binary.left, budget);
    case NODE_CONDITIONAL:
      return looks_assigning(node->conditional.test, budget) || looks_assigning(node->conditional.consequent, budget) ||
             looks_assigning(node->conditional.alternate, budget);
    case NODE_MEMBER: return looks_assigning(node->member.object, budget);
    case NODE_PRIVATE_MEMBER: return looks_assigning(node->private_member.object, budget);
    case NODE_INDEX: return looks_assigning(node->index.object, budget) || looks_assigning(node->index.key, budget);
    case NODE_CALL:
    case NODE_NEW:
      if (node->flags & NODE_FLAG_DIRECT_EVAL) return true;
      for (uint32_t i = 0; i < node->call.arguments.count; i++) {
        if (looks_assigning(node->call.arguments.items[i], budget)) return true;
      }
      return looks_assigning(node->call.callee, budget);
    case NODE_ARRAY:
      for (uint32_t i = 0; i < node->list.count; i++) {
        if (looks_assigning(node->list.items[i], budget)) return true;
      }
      return false;
    default: return true;
  }
}

bool may_assign_local(const Node *node) {
  uint32_t budget = 24;
  return looks_assigning(node, &budget);
}

Register keep_operand(Compiler *c, Register value, Register mark, Node *later) {
  if (value >= mark || !later || !may_assign_local(later)) return value;
  Register copy = new_register(c);
  emit_move(c, copy, value);
  return copy;
}

Register compile_operand(Compiler *c, Node *node, Node *later) {
  Register mark = c->top;
  Register value = compile_value(c, node, ANY);
  if (value < mark && node->kind == NODE_IDENTIFIER && node->identifier.binding &&
      !node->identifier.binding->is_assigned) {
    return value;
  }
  return keep_operand(c, value, mark, later);
}

bool expression_writes_last(const Node *node) {
  switch (node->kind) {
    case NODE_IDENTIFIER:
    case NODE_THIS:
    case NODE_NULL:
    case NODE_TRUE:
    case NODE_FALSE:
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_BIGINT:
    case NODE_REGEXP:
    case NODE_FUNCTION:
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_CALL:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_NEW:
    case NODE_PRIVATE_MEMBER: return true;
    default: return false;
  }
}

bool is_anonymous_function(const Node *node) {
  if (node->kind == NODE_FUNCTION) return !node->function.function->name;
  return node->kind == NODE_CLASS && !node->class_.class_->name;
}

// --- Arithmetic ---

bool small_integer(const Node *node, int32_t *out) {
  bool negative = node->kind == NODE_UNARY && node->operator == OPERATOR_NEGATE;
  if (negative) node = node->unary.operand;
  if (node->kind != NODE_NUMBER) return false;
  double value = node->number.value;
  if (!(value >= 0 && value <= 32767) || value != (double)(int32_t)value) return false;
  if (negative && value == 0) return false;
  *out = negative ? -(int32_t)value : (int32_t)value;
  return true;
}

static Opcode binary_opcode(Operator operator) {
  switch (operator) {
    case OPERATOR_ADD: return OPCODE_add;
    case OPERATOR_SUBTRACT: return OPCODE_subtract;
    case OPERATOR_MULTIPLY: return OPCODE_multiply;
    case OPERATOR_DIVIDE: return OPCODE_divide;
    case OPERATOR_REMAINDER: return OPCODE_remainder;
    case OPERATOR_EXPONENTIATE: return OPCODE_exponentiate;
    case OPERATOR_SHIFT_LEFT: return OPCODE_shift_left;
    case OPERATOR_SHIFT_RIGHT: return OPCODE_shift_right;
    case OPERATOR_SHIFT_RIGHT_UNSIGNED: return OPCODE_shift_right_unsigned;
    case OPERATOR_BIT_AND: return OPCODE_bit_and;
    case OPERATOR_BIT_OR: return OPCODE_bit_or;
    case OPERATOR_BIT_XOR: return OPCODE_bit_xor;
    case OPERATOR_EQUAL: return OPCODE_equal;
    case OPERATOR_NOT_EQUAL: return OPCODE_not_equal;
    case OPERATOR_STRICT_EQUAL: return OPCODE_strict_equal;
    case OPERATOR_STRICT_NOT_EQUAL: return OPCODE_strict_not_equal;
    case OPERATOR_LESS: return OPCODE_less;
    case OPERATOR_GREATER: return OPCODE_greater;
    case OPERATOR_LESS_EQUAL: return OPCODE_less_equal;
    case OPERATOR_GREATER_EQUAL: return OPCODE_greater_equal;
    case OPERATOR_INSTANCEOF: return OPCODE_instance_of;
    default: return OPCODE_in;
  }
}

static int32_t immediate_opcode(Operator operator) {
  switch (operator) {
    case OPERATOR_ADD: return OPCODE_add_int;
    case OPERATOR_SUBTRACT: return OPCODE_subtract_int;
    case OPERATOR_MULTIPLY: return OPCODE_multiply_int;
    case OPERATOR_DIVIDE: return OPCODE_divide_int;
    case OPERATOR_REMAINDER: return OPCODE_remainder_int;
    case OPERATOR_BIT_AND: return OPCODE_bit_and_int;
    case OPERATOR_BIT_OR: return OPCODE_bit_or_int;
    case OPERATOR_SHIFT_LEFT: return OPCODE_shift_left_int;
    case OPERATOR_SHIFT_RIGHT: return OPCODE_shift_right_int;
    case OPERATOR_SHIFT_RIGHT_UNSIGNED: return OPCODE_shift_right_unsigned_int;
    default: return -1;
  }
}

void emit_binary(Compiler *c, Operator operator, Register to, Register left, Register right) {
  emit_rrr(c, binary_opcode(operator), to, left, right);
}

static void push_spine(Compiler *c, Node *node) { buffer_append(&c->spine, &node, sizeof node); }
static size_t spine_count(const Compiler *c) { return c->spine.size / sizeof(Node *); }
static Node *pop_spine(Compiler *c) {
  c->spine.size -= sizeof(Node *);
  return *(Node **)(void *)(c->spine.data + c->spine.size);
}

void compile_operation(Compiler *c, Node *node, Operator operator, Register to, Register left, Node *value) {
  int32_t immediate;
  int32_t opcode = immediate_opcode(operator);
  if (opcode >= 0 && small_integer(value, &immediate) && !(opcode == OPCODE_remainder_int && immediate <= 0)) {
    position_at(c, node);
    emit_rru(c, (Opcode)opcode, to, left, (uint16_t)immediate);
    return;
  }
  Register right = compile_value(c, value, ANY);
  position_at(c, node);
  emit_binary(c, operator, to, left, right);
}

static bool is_commutative(Operator operator) {
  return operator == OPERATOR_MULTIPLY || operator == OPERATOR_BIT_AND || operator == OPERATOR_BIT_OR;
}

static Register compile_binary(Compiler *c, Node *node, Register target) {
  Register mark = c->top;
  size_t base = spine_count(c);
  Node *left = node;
  while (left->kind == NODE_BINARY) {
    push_spine(c, left);
    left = left->binary.left;
  }
  if (c->spine.failed) {
    c->spine.size = base * sizeof(Node *);
    compiler_fail(c);
    return result_register(c, target);
  }
  Node *level = pop_spine(c);
  int32_t immediate;
  if (small_integer(left, &immediate) && is_commutative((Operator)level->operator)) {
    // 2 * x is compiled as x * 2: converting the number has no effect, so the order does not matter.
    Node *right = level->binary.right;
    level->binary.right = left;
    level->binary.left = left = right;
  }
  Register value = compile_operand(c, left, level->binary.right);
  for (;;) {
    // Intermediate results are at `mark`, the place of the first operand if it was not a local.
    bool is_last = spine_count(c) == base;
    Register to = is_last && target != ANY ? target : mark;
    compile_operation(c, level, (Operator)level->operator, to, value, level->binary.right);
    c->top = mark;
    if (to == mark) new_register(c);
    if (is_last) {
      if (target != ANY) c->top = mark;
      return to;
    }
    value = to;
    level = pop_spine(c);
  }
}

// --- Logic ---

static void logical_into(Compiler *c, Node *node, Register to) {
  size_t base = spine_count(c);
  Node *left = node;
  while (left->kind == NODE_LOGICAL) {
    push_spine(c, left);
    left = left->binary.left;
  }
  if (c->spine.failed) {
    c->spine.size = base * sizeof(Node *);
    compiler_fail(c);
    return;
  }
  compile_value(c, left, to);
  // A level's short-circuit skips only its own right side; levels with the same operator share the end.
  Label end = LABEL_NEW;
  Operator previous = OPERATOR_NONE;
  while (spine_count(c) > base) {
    Node *level = pop_spine(c);
    Operator operator = (Operator)level->operator;
    if (previous != OPERATOR_NONE && operator != previous) {
      bind_label(c, &end);
      end = LABEL_NEW;
    }
    previous = operator;
    Opcode opcode = operator == OPERATOR_AND  ? OPCODE_jump_if_false
                    : operator == OPERATOR_OR ? OPCODE_jump_if_true
                                              : OPCODE_jump_if_not_nullish;
    emit_jump_if(c, opcode, to, &end);
    compile_value(c, level->binary.right, to);
  }
  bind_label(c, &end);
}

// The value goes to a fresh temporary or the target, never to a local that its parts could read.
static Register compile_logical(Compiler *c, Node *node, Register target) {
  Register to = result_register(c, target);
  logical_into(c, node, to);
  return to;
}

static Register compile_conditional(Compiler *c, Node *node, Register target) {
  Register to = result_register(c, target);
  Label end = LABEL_NEW;
  while (node->kind == NODE_CONDITIONAL) {
    Label otherwise = LABEL_NEW;
    compile_jump_if(c, node->conditional.test, false, &otherwise);
    compile_value(c, node->conditional.consequent, to);
    emit_jump(c, &end);
    bind_label(c, &otherwise);
    node = node->conditional.alternate;
  }
  compile_value(c, node, to);
  bind_label(c, &end);
  return to;
}

static bool is_comparison(const Node *node) {
  return node->kind == NODE_BINARY && node->operator >= OPERATOR_EQUAL && node->operator <= OPERATOR_GREATER_EQUAL;
}

bool is_undefined_literal(const Node *node) {
  if (node->kind == NODE_UNARY) return node->operator == OPERATOR_VOID && node->unary.operand->kind == NODE_NUMBER;
  return node->kind == NODE_IDENTIFIER && !node->identifier.binding && !node_is_dynamic(node) &&
         node->identifier.name->well_known == NAME_undefined;
}

// Comparisons with null and undefined; false: the node is not one.
static bool jump_if_nothing(Compiler *c, Node *node, bool when, Label *label) {
  Operator operator = (Operator)node->operator;
  Node *right = node->binary.right;
  if (operator < OPERATOR_EQUAL || operator > OPERATOR_STRICT_NOT_EQUAL) return false;
  bool is_null = right->kind == NODE_NULL;
  if (!is_null && !is_undefined_literal(right)) return false;
  if (operator == OPERATOR_NOT_EQUAL || operator == OPERATOR_STRICT_NOT_EQUAL) when = !when;
  Opcode opcode;
  if (operator == OPERATOR_EQUAL || operator == OPERATOR_NOT_EQUAL) {
    opcode = when ? OPCODE_jump_if_equal_null : OPCODE_jump_if_not_equal_null;
  } else if (is_null) {
    opcode = when ? OPCODE_jump_if_null : OPCODE_jump_if_not_null;
  } else {
    opcode = when ? OPCODE_jump_if_undefined : OPCODE_jump_if_not_undefined;
  }
  Register mark = c->top;
  emit_jump_if(c, opcode, compile_value(c, node->binary.left, ANY), label);
  c->top = mark;
  return true;
}

// `typeof x == 'name'`; false: the node is not of this form.
static bool jump_if_type(Compiler *c, Node *node, bool when, Label *label) {
  static const char *const names[TYPE_OF_COUNT] = {"undefined", "object", "boolean", "number",
                                                   "bigint",    "string", "symbol",  "function"};
  Operator operator = (Operator)node->operator;
  Node *left = node->binary.left, *right = node->binary.right;
  if (operator < OPERATOR_EQUAL || operator > OPERATOR_STRICT_NOT_EQUAL) return false;
  if (left->kind != NODE_UNARY || left->operator != OPERATOR_TYPEOF || right->kind != NODE_STRING) return false;
  uint32_t kind = 0;
  while (kind < TYPE_OF_COUNT && !text_view_equals(right->string.value, text_view_literal(names[kind]))) kind++;
  if (kind == TYPE_OF_COUNT) return false;
  if (operator == OPERATOR_NOT_EQUAL || operator == OPERATOR_STRICT_NOT_EQUAL) when = !when;
  Register mark = c->top;
  Node *inner = left->unary.operand;
  Register value = inner->kind == NODE_IDENTIFIER ? load_identifier(c, inner, ANY, true) : compile_value(c, inner, ANY);
  assembler_short_jump(&c->assembler, when ? OPCODE_jump_if_type : OPCODE_jump_if_not_type, scaled(value), kind, label);
  c->top = mark;
  return true;
}

static void jump_if_comparison(Compiler *c, Node *node, bool when, Label *label) {
  Register mark = c->top;
  int32_t immediate;
  if (jump_if_nothing(c, node, when, label) || jump_if_type(c, node, when, label)) return;
  if (small_integer(node->binary.right, &immediate)) {
    Register operand = compile_value(c, node->binary.left, ANY);
    position_at(c, node);
    emit_compare_jump_int(c, (Operator)node->operator, when, operand, immediate, label);
    c->top = mark;
    return;
  }
  Register left = compile_operand(c, node->binary.left, node->binary.right);
  Register right = compile_value(c, node->binary.right, ANY);
  position_at(c, node);
  emit_compare_jump(c, (Operator)node->operator, when, left, right, label);
  c->top = mark;
}

static void jump_if_logical(Compiler *c, Node *node, bool when, Label *label) {
  Operator operator = (Operator)node->operator;
  size_t base = spine_count(c);
  Node *left = node;
  while (left->kind == NODE_LOGICAL && left->operator == operator) {
    push_spine(c, left);
    left = left->binary.left;
  }
  if (c->spine.failed) {
    c->spine.size = base * sizeof(Node *);
    compiler_fail(c);
    return;
  }
  // `a && b` jumps when false at each part, `a || b` when true; otherwise only the last part jumps.
  bool each = (operator == OPERATOR_AND) != when;
  Label skip = LABEL_NEW;
  Node *part = left;
  for (;;) {
    bool is_last = spine_count(c) == base;
    if (is_last) {
      compile_jump_if(c, part, when, label);
      break;
    }
    compile_jump_if(c, part, each ? when : !when, each ? label : &skip);
    part = pop_spine(c)->binary.right;
  }
  bind_label(c, &skip);
}

void compile_jump_if(Compiler *c, Node *node, bool when, Label *label) {
  while (node->kind == NODE_UNARY && node->operator == OPERATOR_NOT) {
    node = node->unary.operand;
    when = !when;
  }
  if (!compiler_enter(c)) {
    compiler_leave(c);
    return;
  }
  if (node->kind == NODE_LOGICAL && node->operator != OPERATOR_COALESCE && c->depth <= DEFER_DEPTH) {
    jump_if_logical(c, node, when, label);
  } else if (node->kind == NODE_TRUE || node->kind == NODE_FALSE) {
    if ((node->kind == NODE_TRUE) == when) emit_jump(c, label);
  } else if (node->kind == NODE_NUMBER) {
    bool truth = node->number.value != 0 && node->number.value == node->number.value;
    if (truth == when) emit_jump(c, label);
  } else if (is_comparison(node)) {
    jump_if_comparison(c, node, when, label);
  } else {
    Register mark = c->top;
    Register value = compile_value(c, node, ANY);
    emit_jump_if(c, when ? OPCODE_jump_if_true : OPCODE_jump_if_false, value, label);
    c->top = mark;
  }
  compiler_leave(c);
}

// --- Unary ---

static Register compile_unary(Compiler *c, Node *node, Register target) {
  Node *inner = node->unary.operand;
  Register mark = c->top;
  switch ((Operator)node->operator) {
    case OPERATOR_DELETE: return compile_delete(c, inner, target);
    case OPERATOR_VOID:
      compile_effect(c, inner);
      target = result_register(c, target);
      emit_r(c, OPCODE_load_undefined, target);
      return target;
    case OPERATOR_NEGATE:
      if (inner->kind == NODE_NUMBER) {
        target = result_register(c, target);
        emit_load_number(c, target, -inner->number.value);
        return target;
      }
      break;
    default: break;
  }
  Register value;
  if (node->operator == OPERATOR_TYPEOF && inner->kind == NODE_IDENTIFIER) value = load_identifier(c, inner, ANY, true);
  else value = compile_value(c, inner, ANY);
  c->top = mark;
  target = result_register(c, target);
  Opcode opcode;
  switch ((Operator)node->operator) {
    case OPERATOR_NOT: opcode = OPCODE_not; break;
    case OPERATOR_BIT_NOT: opcode = OPCODE_bit_not; break;
    case OPERATOR_PLUS: opcode = OPCODE_to_number; break;
    case OPERATOR_NEGATE: opcode = OPCODE_negate; break;
    default: opcode = OPCODE_type_of; break;
  }
  position_at(c, inner);
  emit_rr(c, opcode, target, value);
  return target;
}

void emit_await(Compiler *c, Register value) { emit_r(c, OPCODE_await, value); }

// --- Literals ---

static Register compile_template(Compiler *c, Node *node, Register target) {
  Register mark = c->top;
  Register total = new_register(c), part = new_register(c);
  bool has_total = false;
  TemplatePiece *pieces = node->template.pieces;
  for (uint32_t i = 0; i < node->template.count; i++) {
    if (pieces[i].cooked.length || (!has_total && (i + 1 == node->template.count))) {
      Register to = has_total ? part : total;
      emit_load_constant(c, to, text_constant(c, pieces[i].cooked));
      if (has_total) emit_rrr(c, OPCODE_add, total, total, part);
      has_total = true;
    }
    if (i + 1 == node->template.count) break;
    Node *inner = node->template.expressions[i];
    Register to = has_total ? part : total;
    Register value = compile_value(c, inner, ANY);
    position_at(c, inner);
    emit_rr(c, OPCODE_to_string, to, value);
    c->top = part + 1;
    if (has_total) emit_rrr(c, OPCODE_add, total, total, part);
    has_total = true;
  }
  c->top = mark;
  if (target == ANY) return new_register(c);
  emit_move(c, target, total);
  return target;
}

static void append_spread(Compiler *c, Node *node, Register array) {
  Register mark = c->top;
  Register state = new_registers(c, 3), item = new_register(c);
  Register area = new_registers(c, CALL_ARGUMENTS);
  Register source = compile_value(c, node->unary.operand, item);
  Label next = LABEL_NEW, end = LABEL_NEW;
  position_at(c, node->unary.operand);
  assembler_short_jump(&c->assembler, OPCODE_array_append_all, scaled(array), scaled(source), &end);
  emit_rr(c, OPCODE_get_iterator, state, source);
  bind_label(c, &next);
  emit_rrr(c, OPCODE_iterator_next, item, state, area);
  assembler_short_jump(&c->assembler, OPCODE_iterator_unpack, scaled(item), scaled(state), &end);
  emit_rr(c, OPCODE_array_append, array, item);
  emit_jump(c, &next);
  bind_label(c, &end);
  c->top = mark;
}

static bool is_literal(const Node *node) {
  if (!node) return false;
  switch ((NodeKind)node->kind) {
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_NULL:
    case NODE_TRUE:
    case NODE_FALSE: return true;
    default: return false;
  }
}

static Value literal_value(Compiler *c, const Node *node) {
  switch ((NodeKind)node->kind) {
    case NODE_NUMBER: return value_number(node->number.value);
    case NODE_STRING: return text_constant(c, node->string.value);
    case NODE_NULL: return VALUE_NULL;
    default: return value_boolean(node->kind == NODE_TRUE);
  }
}

// OPTIMIZATION: an array of literals is copied from a constant.
static bool compile_literal_items(Compiler *c, NodeList *list, Register array) {
  if (list->count < 2) return false;
  for (uint32_t i = 0; i < list->count; i++) {
    if (!is_literal(list->items[i])) return false;
  }
  Values *items = list_create(c, list->count);
  if (!items) return true;
  for (uint32_t i = 0; i < list->count; i++) items->items[i] = literal_value(c, list->items[i]);
  emit_rk(c, OPCODE_create_array_of, array, value_internal(items));
  return true;
}

void compile_array_items(Compiler *c, NodeList *list, Register array) {
  if (compile_literal_items(c, list, array)) return;
  emit_ruu(c, OPCODE_create_array, array, MIN_OF(list->count, UINT16_MAX), 0);
  for (uint32_t i = 0; i < list->count; i++) {
    Register mark = c->top;
    Node *item = list->items[i];
    if (item && item->kind == NODE_SPREAD) {
      append_spread(c, item, array);
      continue;
    }
    Register value;
    if (item) {
      value = compile_value(c, item, ANY);
    } else {
      value = new_register(c);
      emit_r(c, OPCODE_load_hole, value);
    }
    emit_rr(c, OPCODE_array_append, array, value);
    c->top = mark;
  }
}

static Register compile_array(Compiler *c, Node *node, Register target) {
  Register to = result_register(c, target);
  compile_array_items(c, &node->list, to);
  return to;
}

Register compile_property_key(Compiler *c, Node *key, Register target) {
  Register value = compile_value(c, key, target);
  if (key->kind == NODE_STRING || key->kind == NODE_NUMBER) {
    if (key->kind == NODE_STRING || (key->number.value >= 0 && key->number.value <= INT32_MAX &&
                                     key->number.value == (double)(int32_t)key->number.value)) {
      return value;
    }
  }
  position_at(c, key);
  Register to = target == ANY ? new_register(c) : target;
  emit_rr(c, OPCODE_to_property_key, to, value);
  return to;
}

static const char *accessor_prefix(unsigned kind) {
  return kind == PROPERTY_GETTER ? "get" : kind == PROPERTY_SETTER ? "set" : NULL;
}

// A method, getter or setter of an object literal; the key is in register `key`, or is `constant_key`.
static void define_literal_method(Compiler *c, Node *node, Register object, Register key, PropertyKey constant_key,
                                  Value name) {
  bool is_computed = node->flags & NODE_FLAG_COMPUTED;
  Register closure = new_register(c);
  Function *function = node->property.value->function.function;
  Code *code = compiler_add_function(c, function, name);
  if (code) emit_rk(c, OPCODE_create_closure, closure, value_internal(code));
  if (is_computed) emit_rru(c, OPCODE_set_function_name, closure, key, node->operator);
  switch (node->operator) {
    case PROPERTY_GETTER: emit_rrr(c, OPCODE_define_object_getter, object, key, closure); break;
    case PROPERTY_SETTER: emit_rrr(c, OPCODE_define_object_setter, object, key, closure); break;
    default:
      if (function->scope->home_object) emit_rr(c, OPCODE_set_home_object, closure, object);
      if (key == NO_REGISTER) emit_define_named(c, object, constant_key, closure);
      else emit_rrr(c, OPCODE_define_element, object, key, closure);
  }
}

static void compile_property(Compiler *c, Node *node, Register object) {
  Register mark = c->top;
  Node *key = node->property.key, *value = node->property.value;
  bool is_method = (node->flags & NODE_FLAG_METHOD) || node->operator != PROPERTY_VALUE;
  if (node->flags & NODE_FLAG_COMPUTED) {
    Register name = compile_property_key(c, key, new_register(c));
    if (is_method) {
      define_literal_method(c, node, object, name, VALUE_UNDEFINED, c->cx->names->empty);
    } else {
      Register to = compile_named_value(c, value, ANY, (InferredName){0, name, 0});
      emit_rrr(c, OPCODE_define_element, object, name, to);
    }
    c->top = mark;
    return;
  }
  PropertyKey name = node_key(c, key);
  if (is_method) {
    Register to = NO_REGISTER;
    if (node->operator != PROPERTY_VALUE) {
      to = new_register(c);
      emit_load_key(c, to, name);
    }
    define_literal_method(c, node, object, to, name, key_text(c, name, accessor_prefix(node->operator)));
  } else if (node->flags & NODE_FLAG_PROTO) {
    Register to = compile_value(c, value, ANY);
    emit_rr(c, OPCODE_set_prototype_literal, object, to);
  } else {
    InferredName inferred =
        is_anonymous_function(value) ? (InferredName){key_text(c, name, NULL), NO_REGISTER, 0} : NO_NAME;
    Register to = compile_named_value(c, value, ANY, inferred);
    emit_define_named(c, object, name, to);
  }
  c->top = mark;
}

static Register compile_object(Compiler *c, Node *node, Register target) {
  // copy_data_properties looks for excluded keys right after the object, so it gets the object in a temporary.
  Register to = result_register(c, target);
  emit_ruu(c, OPCODE_create_object, to, MIN_OF(node->list.count, 1000), 0);
  for (uint32_t i = 0; i < node->list.count && !c->failed; i++) {
    Node *item = node->list.items[i];
    if (item->kind != NODE_SPREAD) {
      compile_property(c, item, to);
      continue;
    }
    Register mark = c->top;
    Register source = compile_value(c, item->unary.operand, ANY);
    position_at(c, item->unary.operand);
    emit_rru(c, OPCODE_copy_data_properties, to, source, 0);
    c->top = mark;
  }
  return to;
}

static Register compile_regexp(Compiler *c, Node *node, Register target) {
  target = result_register(c, target);
  Values *list = list_create(c, 3);
  if (!list) return target;
  list->items[0] = text_constant(c, node->regexp.pattern);
  list->items[1] = text_constant(c, node->regexp.flags);
  list->items[2] = VALUE_UNDEFINED;
  position_at(c, node);
  emit_rk(c, OPCODE_create_regexp, target, value_internal(list));
  return target;
}

static Register compile_function(Compiler *c, Node *node, Register target, InferredName name) {
  Function *function = node->function.function;
  target = result_register(c, target);
  Value text = function->name ? name_text(c, function->name) : name.text ? name.text : c->cx->names->empty;
  Code *code = compiler_add_function(c, function, text);
  if (code) emit_rk(c, OPCODE_create_closure, target, value_internal(code));
  if (!function->name && name.key != NO_REGISTER) emit_rru(c, OPCODE_set_function_name, target, name.key, name.prefix);
  return target;
}

static Register compile_intrinsic_value(Compiler *c, Node *node, Register target) {
  static const char *const names[] = {
#define INTRINSIC(name) #name,
      INTRINSICS(INTRINSIC)
#undef INTRINSIC
  };
  target = result_register(c, target);
  TextView text = node->identifier.name->text;
  if (text.length && text_view_unit(text, 0) == '%') text = text_view_slice(text, 1, text.length);
  for (uint32_t i = 0; i < COUNT_OF(names); i++) {
    if (!text_view_equals(text, text_view_literal(names[i]))) continue;
    emit_ruu(c, OPCODE_load_intrinsic, target, i, 0);
    return target;
  }
  if (!c->failed) throw_error(c->cx, ERROR_SYNTAX, "unknown intrinsic");
  compiler_fail(c);
  return target;
}

static Register compile_sequence(Compiler *c, Node *node, Register target) {
  for (uint32_t i = 0; i + 1 < node->list.count; i++) compile_effect(c, node->list.items[i]);
  return compile_value(c, node->list.items[node->list.count - 1], target);
}

static Register compile_import_call(Compiler *c, Node *node, Register target) {
  Register mark = c->top;
  Register specifier = compile_operand(c, node->import_call.specifier, node->import_call.options);
  if (node->operator == IMPORT_EVALUATION) {
    Register options = new_register(c);
    if (node->import_call.options) compile_value(c, node->import_call.options, options);
    else emit_r(c, OPCODE_load_undefined, options);
    c->top = mark;
    target = result_register(c, target);
    position_at(c, node);
    emit_rrr(c, OPCODE_import_call, target, specifier, options);
    return target;
  }
  c->top = mark;
  target = result_register(c, target);
  position_at(c, node);
  emit_rru(c, OPCODE_import_call_phase, target, specifier, node->operator);
  return target;
}

static Register compile_private_in(Compiler *c, Node *node, Register target) {
  Register mark = c->top;
  Register object = compile_value(c, node->private_member.object, ANY);
  Register name = load_identifier(c, node->private_member.name, ANY, false);
  c->top = mark;
  target = result_register(c, target);
  position_at(c, node);
  emit_rrr(c, OPCODE_has_private, target, object, name);
  return target;
}

static Register load_simple(Compiler *c, Register target, Opcode opcode) {
  target = result_register(c, target);
  emit_r(c, opcode, target);
  return target;
}

static Register value_of_kind(Compiler *c, Node *node, Register target, InferredName name) {
  switch ((NodeKind)node->kind) {
    case NODE_IDENTIFIER: return load_identifier(c, node, target, false);
    case NODE_INTRINSIC: return compile_intrinsic_value(c, node, target);
    case NODE_THIS: return load_this(c, node, target);
    case NODE_NEW_TARGET:
      if (!node->identifier.binding) return load_simple(c, target, OPCODE_load_undefined);
      return load_identifier(c, node, target, false);
    case NODE_NULL: return load_simple(c, target, OPCODE_load_null);
    case NODE_TRUE: return load_simple(c, target, OPCODE_load_true);
    case NODE_FALSE: return load_simple(c, target, OPCODE_load_false);
    case NODE_NUMBER:
      if (node == c->kept_number && target == ANY) return c->kept_register;
      target = result_register(c, target);
      emit_load_number(c, target, node->number.value);
      return target;
    case NODE_STRING:
      target = result_register(c, target);
      emit_load_constant(c, target, text_constant(c, node->string.value));
      return target;
    case NODE_BIGINT: {
      target = result_register(c, target);
      Value value = code_bigint_constant(c->cx, node->bigint.digits, node->bigint.radix);
      emit_load_constant(c, target, value_is_abrupt(value) ? compiler_fail(c) : value);
      return target;
    }
    case NODE_REGEXP: return compile_regexp(c, node, target);
    case NODE_TEMPLATE: return compile_template(c, node, target);
    case NODE_ARRAY: return compile_array(c, node, target);
    case NODE_OBJECT: return compile_object(c, node, target);
    case NODE_FUNCTION: return compile_function(c, node, target, name);
    case NODE_CLASS: return compile_class(c, node, target, name);
    case NODE_UNARY: return compile_unary(c, node, target);
    case NODE_UPDATE: return compile_update(c, node, target, true);
    case NODE_BINARY: return compile_binary(c, node, target);
    case NODE_LOGICAL: return compile_logical(c, node, target);
    case NODE_PRIVATE_IN: return compile_private_in(c, node, target);
    case NODE_ASSIGN: return compile_assignment(c, node, target, true);
    case NODE_CONDITIONAL: return compile_conditional(c, node, target);
    case NODE_CALL:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_PRIVATE_MEMBER:
    case NODE_OPTIONAL_CHAIN:
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX:
    case NODE_TAGGED_TEMPLATE: return compile_chain(c, node, target);
    case NODE_NEW: return compile_new(c, node, target);
    case NODE_SUPER_CALL: return compile_super_call(c, node, target);
    case NODE_SEQUENCE: return compile_sequence(c, node, target);
    case NODE_YIELD: return compile_yield(c, node, target);
    case NODE_YIELD_STAR: return compile_yield_star(c, node, target);
    case NODE_AWAIT: {
      target = compile_value(c, node->unary.operand, result_register(c, target));
      position_at(c, node);
      emit_await(c, target);
      return target;
    }
    case NODE_IMPORT_CALL: return compile_import_call(c, node, target);
    case NODE_IMPORT_META: return load_simple(c, target, OPCODE_import_meta);
    default: return load_simple(c, target, OPCODE_load_undefined);
  }
}

Register compile_named_value(Compiler *c, Node *node, Register target, InferredName name) {
  if (UNLIKELY(c->depth >= DEFER_DEPTH) && defers_value(node)) return defer_value(c, node, target, name);
  Register result;
  if (compiler_enter(c)) result = value_of_kind(c, node, target, name);
  else result = result_register(c, target);
  compiler_leave(c);
  return result;
}

Register compile_value(Compiler *c, Node *node, Register target) {
  return compile_named_value(c, node, target, NO_NAME);
}

void compile_effect(Compiler *c, Node *node) {
  Register mark = c->top;
  if (!compiler_enter(c)) {
    compiler_leave(c);
    return;
  }
  // What is nested more deeply is deferred where its value is compiled.
  switch (c->depth > DEFER_DEPTH ? NODE_EMPTY : (NodeKind)node->kind) {
    case NODE_UPDATE: compile_update(c, node, ANY, false); break;
    case NODE_ASSIGN: compile_assignment(c, node, ANY, false); break;
    case NODE_SEQUENCE:
      for (uint32_t i = 0; i < node->list.count; i++) compile_effect(c, node->list.items[i]);
      break;
    case NODE_LOGICAL:
      if (node->operator != OPERATOR_COALESCE) {
        Label end = LABEL_NEW;
        compile_jump_if(c, node->binary.left, node->operator == OPERATOR_OR, &end);
        compile_effect(c, node->binary.right);
        bind_label(c, &end);
        break;
      }
      compile_value(c, node, ANY);
      break;
    case NODE_CONDITIONAL: {
      Label otherwise = LABEL_NEW, end = LABEL_NEW;
      compile_jump_if(c, node->conditional.test, false, &otherwise);
      compile_effect(c, node->conditional.consequent);
      emit_jump(c, &end);
      bind_label(c, &otherwise);
      compile_effect(c, node->conditional.alternate);
      bind_label(c, &end);
      break;
    }
    default: compile_value(c, node, ANY);
  }
  compiler_leave(c);
  c->top = mark;
}
