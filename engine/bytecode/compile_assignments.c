// Assignment, compound and logical assignment, ++ and --, delete, and the references they share.
#include "bytecode/compiler.h"

// --- References ---

static bool key_needs_conversion(const Node *key) { return key->kind != NODE_STRING && key->kind != NODE_NUMBER; }

void prepare_reference(Compiler *c, Reference *reference, Node *node, Node *later, bool is_read) {
  *reference = (Reference){node, NO_REGISTER, NO_REGISTER};
  switch ((NodeKind)node->kind) {
    case NODE_IDENTIFIER:
    case NODE_BINDING_IDENTIFIER:
      if (node_is_dynamic(node)) reference->object = emit_resolve_name(c, node);
      break;
    case NODE_MEMBER: reference->object = compile_operand(c, node->member.object, later); break;
    case NODE_PRIVATE_MEMBER: reference->object = compile_operand(c, node->private_member.object, later); break;
    case NODE_INDEX: {
      Register mark = c->top;
      reference->object = compile_operand(c, node->index.object, node->index.key);
      reference->object = keep_operand(c, reference->object, mark, later);
      reference->key = compile_operand(c, node->index.key, later);
      if (is_read && key_needs_conversion(node->index.key)) {
        Register key = new_register(c);
        position_at(c, node);
        emit_rrr(c, OPCODE_to_property_key_of, key, reference->key, reference->object);
        reference->key = key;
      }
      break;
    }
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX:
      reference->object = new_registers(c, 3);
      compile_super_operands(c, node, reference->object);
      if (is_read && node->kind == NODE_SUPER_INDEX && key_needs_conversion(node->super_member.key)) {
        position_at(c, node);
        emit_rr(c, OPCODE_to_property_key, reference->object + 2, reference->object + 2);
      }
      break;
    default:
      // A call in sloppy code is evaluated, and the assignment then throws.
      compile_effect(c, node);
      position_at(c, node);
      emit_throw_error(c, ERROR_REFERENCE, "Invalid left-hand side in assignment");
  }
}

void load_reference(Compiler *c, const Reference *reference, Register to) {
  Node *node = reference->node;
  Register mark = c->top;
  switch ((NodeKind)node->kind) {
    case NODE_IDENTIFIER:
      if (reference->object == NO_REGISTER) {
        load_identifier(c, node, to, false);
        break;
      }
      position_at(c, node);
      emit_rru(c, OPCODE_get_resolved, to, reference->object, name_cache(c, name_key(c, node->identifier.name)));
      break;
    case NODE_MEMBER:
      position_at(c, node);
      emit_get_named(c, to, reference->object, name_key(c, node->member.name));
      break;
    case NODE_PRIVATE_MEMBER: {
      Register name = load_identifier(c, node->private_member.name, ANY, false);
      position_at(c, node);
      emit_rrr(c, OPCODE_get_private, to, reference->object, name);
      break;
    }
    case NODE_INDEX:
      position_at(c, node);
      emit_rrr(c, OPCODE_get_element, to, reference->object, reference->key);
      break;
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX:
      position_at(c, node);
      emit_rrr(c, OPCODE_get_super, to, reference->object, reference->object + 2);
      break;
    default: emit_r(c, OPCODE_load_undefined, to);
  }
  c->top = mark;
}

void store_reference(Compiler *c, const Reference *reference, Register value, StoreMode mode) {
  Node *node = reference->node;
  Register mark = c->top;
  switch ((NodeKind)node->kind) {
    case NODE_IDENTIFIER:
    case NODE_BINDING_IDENTIFIER:
      if (reference->object == NO_REGISTER) store_identifier(c, node, value, mode);
      else emit_set_resolved(c, node, reference->object, value);
      break;
    case NODE_MEMBER:
      position_at(c, node);
      emit_set_named(c, reference->object, name_key(c, node->member.name), value);
      break;
    case NODE_PRIVATE_MEMBER: {
      Register name = load_identifier(c, node->private_member.name, ANY, false);
      position_at(c, node);
      emit_rrr(c, OPCODE_set_private, reference->object, name, value);
      break;
    }
    case NODE_INDEX:
      position_at(c, node);
      emit_rrr(c, OPCODE_set_element, reference->object, reference->key, value);
      break;
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX:
      position_at(c, node);
      emit_rrr(c, OPCODE_set_super, reference->object, reference->object + 2, value);
      break;
    default: break;
  }
  c->top = mark;
}

InferredName target_name(Compiler *c, const Node *target, const Node *value) {
  bool is_name = target->kind == NODE_IDENTIFIER || target->kind == NODE_BINDING_IDENTIFIER;
  if (!is_name || (target->flags & NODE_FLAG_PARENTHESIZED) || !is_anonymous_function(value)) return NO_NAME;
  return (InferredName){name_text(c, target->identifier.name), NO_REGISTER, 0};
}

// --- Assignment ---

static bool is_pattern(const Node *node) {
  return node->kind == NODE_ARRAY_PATTERN || node->kind == NODE_OBJECT_PATTERN;
}

static bool may_have_effects(const Node *node) {
  switch ((NodeKind)node->kind) {
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
    case NODE_MEMBER: return false;
    case NODE_BINARY:
      return node->binary.left->kind == NODE_BINARY || may_have_effects(node->binary.left) ||
             may_have_effects(node->binary.right);
    default: return true;
  }
}

static Register assign_local(Compiler *c, Node *node, Register local, Register target) {
  Node *value = node->assign.value;
  InferredName name = target_name(c, node->assign.target, value);
  if (expression_writes_last(value)) {
    compile_named_value(c, value, local, name);
    if (target == ANY) return local;
    emit_move(c, target, local);
    return target;
  }
  Register result = compile_named_value(c, value, target, name);
  emit_move(c, local, result);
  return result;
}

static Register assign_plain(Compiler *c, Node *node, Register target, bool want_value) {
  Node *place = node->assign.target, *value = node->assign.value;
  Register mark = c->top;
  Register local = plain_local(c, place);
  if (local != NO_REGISTER) return assign_local(c, node, local, target);
  if (is_pattern(place)) {
    if (!want_value && compile_array_exchange(c, place, value, STORE_ASSIGN)) return ANY;
    place->end = value->end;  // as in compile_initializer
    Register result = compile_value(c, value, target);
    if (result < mark && result != target) {
      Register copy = new_register(c);
      emit_move(c, copy, result);
      result = copy;
    }
    assign_target(c, place, result, STORE_ASSIGN);
    return result;
  }
  InferredName name = target_name(c, place, value);
  bool resolves_first = (c->flags & CODE_STRICT) && place->kind == NODE_IDENTIFIER && !place->identifier.binding &&
                        !node_is_dynamic(place) && may_have_effects(value);
  if (resolves_first) {
    // The value might create the global, but the name was resolved before that.
    Register base = emit_resolve_name(c, place);
    Register result = compile_named_value(c, value, target, name);
    emit_set_resolved(c, place, base, result);
    return result;
  }
  if (place->kind == NODE_IDENTIFIER && !node_is_dynamic(place)) {
    Register result = compile_named_value(c, value, target, name);
    store_identifier(c, place, result, STORE_ASSIGN);
    return result;
  }
  Register to = want_value ? result_register(c, target) : ANY;
  Register top = c->top;
  Reference reference;
  prepare_reference(c, &reference, place, value, false);
  Register result = compile_named_value(c, value, to, name);
  store_reference(c, &reference, result, STORE_ASSIGN);
  c->top = want_value ? top : mark;
  return result;
}

static Register assign_logical(Compiler *c, Node *node, Register target, bool want_value) {
  Node *place = node->assign.target, *value = node->assign.value;
  Register mark = c->top;
  Register to = result_register(c, target);
  Register top = c->top;
  Reference reference;
  prepare_reference(c, &reference, place, value, true);
  load_reference(c, &reference, to);
  Label end = LABEL_NEW;
  Opcode opcode = node->operator == OPERATOR_AND  ? OPCODE_jump_if_false
                  : node->operator == OPERATOR_OR ? OPCODE_jump_if_true
                                                  : OPCODE_jump_if_not_nullish;
  emit_jump_if(c, opcode, to, &end);
  compile_named_value(c, value, to, target_name(c, place, value));
  store_reference(c, &reference, to, STORE_ASSIGN);
  bind_label(c, &end);
  c->top = want_value ? top : mark;
  return to;
}

static Operator compound_operator(const Node *node) { return (Operator)node->operator; }

static Register assign_compound(Compiler *c, Node *node, Register target, bool want_value) {
  Node *place = node->assign.target, *value = node->assign.value;
  Register mark = c->top;
  Register local = plain_local(c, place);
  if (local != NO_REGISTER) {
    Register left = local;
    if (may_assign_local(value)) {
      left = new_register(c);
      emit_move(c, left, local);
    }
    compile_operation(c, node, compound_operator(node), local, left, value);
    c->top = mark;
    if (target == ANY) return local;
    emit_move(c, target, local);
    return target;
  }
  Register to = result_register(c, target);
  Register top = c->top;
  Reference reference;
  prepare_reference(c, &reference, place, value, true);
  Register old = new_register(c);
  load_reference(c, &reference, old);
  compile_operation(c, node, compound_operator(node), to, old, value);
  store_reference(c, &reference, to, STORE_ASSIGN);
  c->top = want_value ? top : mark;
  return to;
}

Register compile_assignment(Compiler *c, Node *node, Register target, bool want_value) {
  switch ((Operator)node->operator) {
    case OPERATOR_ASSIGN: return assign_plain(c, node, target, want_value);
    case OPERATOR_AND:
    case OPERATOR_OR:
    case OPERATOR_COALESCE: return assign_logical(c, node, target, want_value);
    default: return assign_compound(c, node, target, want_value);
  }
}

// --- ++ and -- ---

Register compile_update(Compiler *c, Node *node, Register target, bool want_value) {
  Node *place = node->unary.operand;
  Opcode opcode = node->operator == OPERATOR_INCREMENT ? OPCODE_increment : OPCODE_decrement;
  bool is_prefix = (node->flags & NODE_FLAG_PREFIX) || !want_value;
  Register mark = c->top;
  Register local = plain_local(c, place);
  if (local != NO_REGISTER) {
    position_at(c, place);
    if (is_prefix) {
      emit_rr(c, opcode, local, local);
      if (target == ANY) return local;
      emit_move(c, target, local);
      return target;
    }
    Register to = result_register(c, target);
    emit_rr(c, OPCODE_to_numeric, to, local);
    emit_rr(c, opcode, local, to);
    return to;
  }
  Register to = result_register(c, target);
  Register top = c->top;
  Reference reference;
  prepare_reference(c, &reference, place, NULL, true);
  Register value = is_prefix ? to : new_register(c);
  load_reference(c, &reference, value);
  position_at(c, place);
  if (!is_prefix) emit_rr(c, OPCODE_to_numeric, to, value);
  emit_rr(c, opcode, value, is_prefix ? value : to);
  store_reference(c, &reference, value, STORE_ASSIGN);
  c->top = want_value ? top : mark;
  return to;
}

// --- delete ---

static Register delete_identifier(Compiler *c, Node *node, Register target) {
  target = result_register(c, target);
  Binding *binding = node->identifier.binding;
  if (node_is_dynamic(node) || !binding || binding_is_global(binding)) {
    emit_rk(c, OPCODE_delete_name, target, name_key(c, node->identifier.name));
  } else {
    emit_r(c, OPCODE_load_false, target);
  }
  return target;
}

static void delete_access(Compiler *c, Node *node, Register to, Label *short_circuit) {
  Register mark = c->top;
  bool is_index = node->kind == NODE_INDEX;
  Node *inner = is_index ? node->index.object : node->member.object;
  Register object = short_circuit ? compile_chain_part(c, inner, ANY, short_circuit) : compile_value(c, inner, ANY);
  if (short_circuit && (node->flags & NODE_FLAG_OPTIONAL)) {
    emit_jump_if(c, OPCODE_jump_if_nullish, object, short_circuit);
  }
  Register key;
  if (is_index) {
    object = keep_operand(c, object, mark, node->index.key);
    key = compile_value(c, node->index.key, ANY);
  } else {
    key = new_register(c);
    emit_load_key(c, key, name_key(c, node->member.name));
  }
  position_at(c, node);
  emit_rrr(c, OPCODE_delete_property, to, object, key);
  c->top = mark;
}

Register compile_delete(Compiler *c, Node *node, Register target) {
  if (node->kind == NODE_IDENTIFIER) return delete_identifier(c, node, target);
  Register to = result_register(c, target);
  Register mark = c->top;
  switch ((NodeKind)node->kind) {
    case NODE_MEMBER:
    case NODE_INDEX: delete_access(c, node, to, NULL); break;
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX: {
      Register this_value = new_register(c);
      load_this(c, node->super_member.this_, this_value);
      if (node->kind == NODE_SUPER_INDEX) compile_effect(c, node->super_member.key);
      position_at(c, node);
      emit_throw_error(c, ERROR_REFERENCE, "Unsupported reference to 'super'");
      emit_r(c, OPCODE_load_undefined, to);
      break;
    }
    case NODE_OPTIONAL_CHAIN: {
      Node *inner = node->unary.operand;
      if (inner->kind != NODE_MEMBER && inner->kind != NODE_INDEX) {
        compile_effect(c, node);
        emit_r(c, OPCODE_load_true, to);
        break;
      }
      Label short_circuit = LABEL_NEW, end = LABEL_NEW;
      delete_access(c, inner, to, &short_circuit);
      emit_jump(c, &end);
      bind_label(c, &short_circuit);
      emit_r(c, OPCODE_load_true, to);
      bind_label(c, &end);
      break;
    }
    default: compile_effect(c, node); emit_r(c, OPCODE_load_true, to);
  }
  c->top = mark;
  return to;
}
