// Decorators. https://tc39.es/proposal-decorators/
//
// The parts of a decorated element wait in a record, an array in a binding of the class scope, until all elements have
// been evaluated. Then self-hosted code (builtins/fundamentals/decorators.js) calls the decorators and puts their
// results into the record, from which the element is defined. The initialiser functions read it again for each
// instance.
//
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

static void append_decorator(Compiler *c, Register list, Node *node) {
  Register mark = c->top;
  Register receiver = new_register(c), function = new_register(c);
  if (node->kind == NODE_MEMBER) {
    compile_value(c, node->member.object, receiver);
    position_at(c, node->member.object);
    emit_get_named(c, function, receiver, name_key(c, node->member.name));
  } else if (node->kind == NODE_PRIVATE_MEMBER) {
    compile_value(c, node->private_member.object, receiver);
    Register name = load_identifier(c, node->private_member.name, ANY, false);
    position_at(c, node->private_member.object);
    emit_rrr(c, OPCODE_get_private, function, receiver, name);
  } else {
    emit_r(c, OPCODE_load_undefined, receiver);
    compile_value(c, node, function);
  }
  emit_rr(c, OPCODE_array_append, list, receiver);
  emit_rr(c, OPCODE_array_append, list, function);
  c->top = mark;
}

// https://tc39.es/proposal-decorators/#sec-decoratorlistevaluation
Register compile_decorator_list(Compiler *c, const NodeList *decorators) {
  Register list = new_register(c);
  emit_ruu(c, OPCODE_create_array, list, MIN_OF(decorators->count * 2, (uint32_t)UINT16_MAX), 0);
  for (uint32_t i = 0; i < decorators->count && !c->failed; i++) append_decorator(c, list, decorators->items[i]);
  return list;
}

void emit_decoration(Compiler *c, ClassElement *element, Register decorators, Register key, Register value,
                     Register setter, Register extra) {
  Register mark = c->top;
  Register record = new_register(c), part = new_register(c);
  emit_ruu(c, OPCODE_create_array, record, DECORATION_FIELDS, 0);
  const Register given[] = {decorators, key, value, setter};
  for (size_t i = 0; i < COUNT_OF(given); i++) {
    if (given[i] == NO_REGISTER) emit_r(c, OPCODE_load_undefined, part);
    emit_rr(c, OPCODE_array_append, record, given[i] == NO_REGISTER ? part : given[i]);
  }
  emit_ruu(c, OPCODE_create_array, part, 0, 0);
  emit_rr(c, OPCODE_array_append, record, part);
  if (extra == NO_REGISTER) emit_ruu(c, OPCODE_create_array, part, 0, 0);
  emit_rr(c, OPCODE_array_append, record, extra == NO_REGISTER ? part : extra);
  store_binding(c, element->decoration, record);
  c->top = mark;
}

Register load_decoration(Compiler *c, ClassElement *element, unsigned field) {
  Register to = new_register(c);
  Register index = new_register(c);
  Register record = load_binding(c, element->decoration, ANY);
  emit_load_int(c, index, (int32_t)field);
  emit_rrr(c, OPCODE_get_element, to, record, index);
  c->top = to + 1;
  return to;
}

// A call area for a self-hosted function; its arguments go to the registers that follow.
static Register self_hosted_area(Compiler *c, const char *name) {
  Register area = new_registers(c, CALL_ARGUMENTS);
  emit_rk(c, OPCODE_load_constant, area, text_constant(c, text_view_literal(name)));
  emit_intrinsic_call(c, area, "SelfHosted", area, 1);
  emit_r(c, OPCODE_load_undefined, area + CALL_THIS);
  return area;
}

static void load_text(Compiler *c, const char *text) {
  emit_rk(c, OPCODE_load_constant, new_register(c), text_constant(c, text_view_literal(text)));
}

void apply_element_decorators(Compiler *c, ClassElement *element) {
  static const char *const kinds[] = {"method", "getter", "setter", "field", "accessor"};
  Register mark = c->top;
  Register area = self_hosted_area(c, "ApplyElementDecorators");
  load_binding(c, element->decoration, new_register(c));
  load_text(c, kinds[element->kind]);
  emit_r(c, element->is_static ? OPCODE_load_true : OPCODE_load_false, new_register(c));
  Register hidden = new_register(c);
  if (element->is_private) load_binding(c, element->key->identifier.binding, hidden);
  else emit_r(c, OPCODE_load_undefined, hidden);
  position_at(c, element->decorators.items[0]);
  emit_rru(c, OPCODE_call, area, area, 4);
  c->top = mark;
}

void apply_class_decorators(Compiler *c, Register decorators, Register class_, Value name, Register extra) {
  Register mark = c->top;
  Register area = self_hosted_area(c, "ApplyClassDecorators");
  emit_move(c, new_register(c), decorators);
  emit_move(c, new_register(c), class_);
  emit_rk(c, OPCODE_load_constant, new_register(c), name);
  emit_move(c, new_register(c), extra);
  emit_rru(c, OPCODE_call, class_, area, 4);
  c->top = mark;
}

void emit_run_initializers(Compiler *c, ClassElement *element, Register value) {
  Register mark = c->top;
  Register area = self_hosted_area(c, "RunInitializers");
  emit_move(c, new_register(c), REGISTER_THIS);
  load_decoration(c, element, DECORATION_INITIALIZERS);
  emit_move(c, new_register(c), value);
  emit_rru(c, OPCODE_call, value, area, 3);
  c->top = mark;
}

void emit_run_extra_initializers(Compiler *c, Register receiver, Register list) {
  Register mark = c->top;
  Register area = self_hosted_area(c, "RunExtraInitializers");
  emit_move(c, new_register(c), receiver);
  emit_move(c, new_register(c), list);
  emit_rru(c, OPCODE_call, area, area, 2);
  c->top = mark;
}
