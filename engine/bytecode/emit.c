// The functions that the rest of the compiler emits code with: registers, constants, named properties,
// compare-and-jump.
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

Value compiler_fail(Compiler *c) {
  c->failed = true;
  c->assembler.failed = true;
  return VALUE_UNDEFINED;
}

void compiler_fail_interrupted(Compiler *c) {
  if (!c->failed) context_throw_interrupted(c->cx);
  compiler_fail(c);
}

void compiler_fail_range(Compiler *c, const char *message) {
  if (!c->failed) throw_range_error(c->cx, "%s", message);
  compiler_fail(c);
}

Register new_registers(Compiler *c, uint32_t count) {
  Register first = c->top;
  c->top += count;
  if (c->top > c->highest) {
    c->highest = c->top;
    if (c->top > REGISTER_LIMIT) compiler_fail_range(c, "the function needs too many registers");
  }
  return first;
}

Register new_register(Compiler *c) { return new_registers(c, 1); }

void emit_move(Compiler *c, Register to, Register from) {
  if (to != from) emit_rr(c, OPCODE_move, to, from);
}

void emit_load_int(Compiler *c, Register to, int32_t number) {
  assembler_emit_wide(&c->assembler, OPCODE_load_int, scaled(to), (uint32_t)number);
}

void emit_load_constant(Compiler *c, Register to, Value value) { emit_rk(c, OPCODE_load_constant, to, value); }

void emit_load_number(Compiler *c, Register to, double number) {
  Value value = value_number(number);
  if (value_is_int(value)) emit_load_int(c, to, value_as_int(value));
  else emit_load_constant(c, to, value);
}

void emit_load_key(Compiler *c, Register to, PropertyKey key) {
  if (key_is_index(key)) emit_load_int(c, to, value_as_int(key));
  else emit_load_constant(c, to, key);
}

uint32_t name_cache(Compiler *c, PropertyKey name) { return assembler_name_cache(&c->assembler, name); }

static int32_t property_cache(Compiler *c, PropertyKey key) {
  return key_is_index(key) ? -1 : assembler_cache(&c->assembler, key);
}

void emit_get_named(Compiler *c, Register to, Register object, PropertyKey key) {
  int32_t cache = property_cache(c, key);
  if (cache >= 0) {
    emit_rru(c, key == c->cx->names->length ? OPCODE_get_length : OPCODE_get_property, to, object, (uint32_t)cache);
    return;
  }
  Register name = new_register(c);
  emit_load_key(c, name, key);
  emit_rrr(c, OPCODE_get_element, to, object, name);
  c->top = name;
}

void emit_set_named(Compiler *c, Register object, PropertyKey key, Register value) {
  int32_t cache = property_cache(c, key);
  if (cache >= 0) {
    assembler_emit(&c->assembler, OPCODE_set_property, scaled(object), (uint32_t)cache, scaled(value));
    return;
  }
  Register name = new_register(c);
  emit_load_key(c, name, key);
  emit_rrr(c, OPCODE_set_element, object, name, value);
  c->top = name;
}

void emit_define_named(Compiler *c, Register object, PropertyKey key, Register value) {
  int32_t cache = property_cache(c, key);
  if (cache >= 0) {
    assembler_emit(&c->assembler, OPCODE_define_property, scaled(object), (uint32_t)cache, scaled(value));
    return;
  }
  Register name = new_register(c);
  emit_load_key(c, name, key);
  emit_rrr(c, OPCODE_define_element, object, name, value);
  c->top = name;
}

typedef struct ComparisonOpcodes {
  uint16_t value, when_true, when_false;
} ComparisonOpcodes;

static ComparisonOpcodes comparison_opcodes(Operator operator) {
  switch (operator) {
    case OPERATOR_LESS: return (ComparisonOpcodes){OPCODE_less, OPCODE_jump_if_less, OPCODE_jump_if_not_less};
    case OPERATOR_LESS_EQUAL:
      return (ComparisonOpcodes){OPCODE_less_equal, OPCODE_jump_if_less_equal, OPCODE_jump_if_not_less_equal};
    case OPERATOR_GREATER:
      return (ComparisonOpcodes){OPCODE_greater, OPCODE_jump_if_greater, OPCODE_jump_if_not_greater};
    case OPERATOR_GREATER_EQUAL:
      return (ComparisonOpcodes){OPCODE_greater_equal, OPCODE_jump_if_greater_equal, OPCODE_jump_if_not_greater_equal};
    case OPERATOR_EQUAL: return (ComparisonOpcodes){OPCODE_equal, OPCODE_jump_if_equal, OPCODE_jump_if_not_equal};
    case OPERATOR_NOT_EQUAL:
      return (ComparisonOpcodes){OPCODE_not_equal, OPCODE_jump_if_not_equal, OPCODE_jump_if_equal};
    case OPERATOR_STRICT_EQUAL:
      return (ComparisonOpcodes){OPCODE_strict_equal, OPCODE_jump_if_strict_equal, OPCODE_jump_if_strict_not_equal};
    default:
      return (ComparisonOpcodes){OPCODE_strict_not_equal, OPCODE_jump_if_strict_not_equal, OPCODE_jump_if_strict_equal};
  }
}

void emit_compare_jump(Compiler *c, Operator operator, bool when, Register left, Register right, Label *label) {
  ComparisonOpcodes opcodes = comparison_opcodes(operator);
  if (!c->assembler.long_jumps) {
    assembler_short_jump(&c->assembler, when ? opcodes.when_true : opcodes.when_false, scaled(left), scaled(right),
                         label);
    return;
  }
  Register result = new_register(c);
  emit_rrr(c, opcodes.value, result, left, right);
  emit_jump_if(c, when ? OPCODE_jump_if_true : OPCODE_jump_if_false, result, label);
  c->top = result;
}

static Opcode immediate_jump(Opcode opcode) {
  switch (opcode) {
    case OPCODE_jump_if_less: return OPCODE_jump_if_less_int;
    case OPCODE_jump_if_less_equal: return OPCODE_jump_if_less_equal_int;
    case OPCODE_jump_if_greater: return OPCODE_jump_if_greater_int;
    case OPCODE_jump_if_greater_equal: return OPCODE_jump_if_greater_equal_int;
    case OPCODE_jump_if_not_less: return OPCODE_jump_if_not_less_int;
    case OPCODE_jump_if_not_less_equal: return OPCODE_jump_if_not_less_equal_int;
    case OPCODE_jump_if_not_greater: return OPCODE_jump_if_not_greater_int;
    case OPCODE_jump_if_not_greater_equal: return OPCODE_jump_if_not_greater_equal_int;
    case OPCODE_jump_if_equal: return OPCODE_jump_if_equal_int;
    case OPCODE_jump_if_not_equal: return OPCODE_jump_if_not_equal_int;
    case OPCODE_jump_if_strict_equal: return OPCODE_jump_if_strict_equal_int;
    default: return OPCODE_jump_if_strict_not_equal_int;
  }
}

void emit_compare_jump_int(Compiler *c, Operator operator, bool when, Register left, int32_t right, Label *label) {
  if (!c->assembler.long_jumps) {
    ComparisonOpcodes opcodes = comparison_opcodes(operator);
    Opcode opcode = immediate_jump(when ? opcodes.when_true : opcodes.when_false);
    assembler_short_jump(&c->assembler, opcode, scaled(left), (uint16_t)right, label);
    return;
  }
  Register number = new_register(c);
  emit_load_int(c, number, right);
  emit_compare_jump(c, operator, when, left, number, label);
  c->top = number;
}

void emit_throw_error(Compiler *c, ErrorType type, const char *message) {
  Value text = string_from_ascii(c->cx, message);
  if (value_is_abrupt(text)) text = compiler_fail(c);
  emit_uk(c, OPCODE_throw_error, type, text);
}

void emit_intrinsic_call(Compiler *c, Register to, const char *name, Register base, uint32_t count) {
  int number = c->cx->hooks->find_intrinsic_operation(text_view_literal(name));
  if (number < 0) {
    emit_throw_error(c, ERROR_PLAIN, "missing intrinsic operation");
    return;
  }
  emit_rru(c, OPCODE_call_intrinsic, to, base, (uint32_t)number | count << 10);
}

PropertyKey name_key(Compiler *c, Name *name) {
  if (LIKELY(name->compiler_cache)) return name->compiler_cache;
  PropertyKey key = name->is_array_index && name->index <= INT32_MAX ? value_int((int32_t)name->index)
                                                                     : atom_from_view(c->cx, name->text);
  if (value_is_abrupt(key)) return compiler_fail(c);
  return name->compiler_cache = key;
}

Value key_text(Compiler *c, PropertyKey key, const char *prefix) {
  if (c->failed) return VALUE_UNDEFINED;
  Value text = prefix              ? function_name_from_key(c->cx, key, prefix)
               : key_is_index(key) ? string_from_uint32(c->cx, (uint32_t)value_as_int(key))
                                   : key;
  return value_is_abrupt(text) ? compiler_fail(c) : text;
}

Value name_text(Compiler *c, Name *name) { return key_text(c, name_key(c, name), NULL); }

PropertyKey node_key(Compiler *c, Node *key) {
  if (key->kind == NODE_STRING) return name_key(c, key->string.key);
  if (key->kind == NODE_NUMBER) return name_key(c, key->number.key);
  PropertyKey made = code_bigint_key(c->cx, key->bigint.digits, key->bigint.radix);
  return value_is_abrupt(made) ? compiler_fail(c) : made;
}

Value text_constant(Compiler *c, TextView text) {
  // Short strings are interned: they repeat, and they tend to become property keys.
  Value value = text.length <= 48 ? atom_from_view(c->cx, text) : string_from_view(c->cx, text);
  return value_is_abrupt(value) ? compiler_fail(c) : value;
}

Values *list_create(Compiler *c, uint32_t count) {
  Values *list = c->failed ? NULL : values_create(c->cx, count);
  if (!list) compiler_fail(c);
  return list;
}

// --- Source positions ---

// As in other engines: the name after the last dot, `new`, or otherwise the beginning of the expression.
static uint32_t node_place(const Node *node) {
  while (node->kind == NODE_OPTIONAL_CHAIN) node = node->unary.operand;
  switch ((NodeKind)node->kind) {
    case NODE_MEMBER: return node->member.name_start;
    case NODE_PRIVATE_MEMBER: return node->private_member.name->start;
    case NODE_INDEX: return node->index.key->start;
    default: return node->start;
  }
}

void position_at(Compiler *c, const Node *node) {
  assembler_position_at(&c->assembler, node->start, node->end, node_place(node));
}

void position_at_call(Compiler *c, const Node *call) {
  const Node *callee = call->call.callee;
  while (callee->kind == NODE_OPTIONAL_CHAIN) callee = callee->unary.operand;
  bool is_named = callee->kind == NODE_IDENTIFIER || callee->kind == NODE_MEMBER ||
                  callee->kind == NODE_PRIVATE_MEMBER || callee->kind == NODE_SUPER_MEMBER;
  uint32_t place = call->kind == NODE_NEW ? call->start : is_named ? node_place(callee) : call->call.list_start;
  assembler_position_at(&c->assembler, callee->start, callee->end, place);
}
