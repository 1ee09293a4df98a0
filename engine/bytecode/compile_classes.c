// Classes. https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

static const char *element_prefix(const ClassElement *element) {
  return element->kind == ELEMENT_GETTER ? "get" : element->kind == ELEMENT_SETTER ? "set" : NULL;
}

static bool element_is_method(const ClassElement *element) {
  return element->kind == ELEMENT_METHOD || element->kind == ELEMENT_GETTER || element->kind == ELEMENT_SETTER;
}

static bool element_is_field(const ClassElement *element) {
  return element->kind == ELEMENT_FIELD || element->kind == ELEMENT_AUTO_ACCESSOR;
}

static Value private_name_text(Compiler *c, const ClassElement *element) {
  return key_text(c, name_key(c, element->key->identifier.name), element_prefix(element));
}

static void create_private_names(Compiler *c, Scope *scope) {
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (!binding_kind_is_private(binding->kind)) continue;
    Register mark = c->top;
    Register name = new_register(c);
    emit_rk(c, OPCODE_create_private_name, name, name_key(c, binding->name));
    store_binding(c, binding, name);
    c->top = mark;
  }
}

static void create_private_method(Compiler *c, ClassElement *element, Register holder, Register extra) {
  Register mark = c->top;
  Register decorators = element->decorators.count ? compile_decorator_list(c, &element->decorators) : NO_REGISTER;
  Register closure = new_register(c);
  Code *code = compiler_add_function(c, element->value->function.function, private_name_text(c, element));
  if (code) emit_rk(c, OPCODE_create_closure, closure, value_internal(code));
  emit_rr(c, OPCODE_set_home_object, closure, holder);
  store_binding(c, element->storage, closure);
  if (decorators != NO_REGISTER) {
    Register key = new_register(c);
    emit_load_key(c, key, name_key(c, element->key->identifier.name));
    emit_decoration(c, element, decorators, key, closure, NO_REGISTER, extra);
  }
  c->top = mark;
}

// The key of a public element in a register, or the name of a private one as a text.
static Register element_key(Compiler *c, const ClassElement *element) {
  Register key = new_register(c);
  if (element->is_private) emit_load_key(c, key, name_key(c, element->key->identifier.name));
  else if (element->is_computed) return compile_property_key(c, element->key, key);
  else emit_load_key(c, key, node_key(c, element->key));
  return key;
}

static Value element_name(Compiler *c, const ClassElement *element) {
  if (element->is_computed) return c->cx->names->empty;
  return key_text(c, node_key(c, element->key), element_prefix(element));
}

static void define_closure(Compiler *c, const ClassElement *element, Register holder, Register key, Register closure) {
  position_at(c, element->key);
  emit_rrr(c,
           element->kind == ELEMENT_GETTER   ? OPCODE_define_getter
           : element->kind == ELEMENT_SETTER ? OPCODE_define_setter
                                             : OPCODE_define_method,
           holder, key, closure);
}

static void define_method(Compiler *c, ClassElement *element, Register holder, Register extra) {
  Register mark = c->top;
  Register decorators = element->decorators.count ? compile_decorator_list(c, &element->decorators) : NO_REGISTER;
  Register key = element_key(c, element);
  Register closure = new_register(c);
  Code *code = compiler_add_function(c, element->value->function.function, element_name(c, element));
  if (code) emit_rk(c, OPCODE_create_closure, closure, value_internal(code));
  unsigned kind = element->kind;
  if (element->is_computed) {
    emit_rru(c, OPCODE_set_function_name, closure, key, kind == ELEMENT_GETTER ? 1 : kind == ELEMENT_SETTER ? 2 : 0);
  }
  if (decorators == NO_REGISTER) {
    define_closure(c, element, holder, key, closure);
  } else {
    emit_rr(c, OPCODE_set_home_object, closure, holder);
    emit_decoration(c, element, decorators, key, closure, NO_REGISTER, extra);
  }
  c->top = mark;
}

static void define_auto_accessor(Compiler *c, ClassElement *element, Register holder) {
  Register mark = c->top;
  Register decorators = element->decorators.count ? compile_decorator_list(c, &element->decorators) : NO_REGISTER;
  Register key = element_key(c, element);
  Register storage = new_register(c), getter = new_register(c), setter = new_register(c);
  PropertyKey name = element->is_private    ? name_key(c, element->key->identifier.name)
                     : element->is_computed ? c->cx->names->empty
                                            : node_key(c, element->key);
  emit_rk(c, OPCODE_create_private_name, storage, key_text(c, name, NULL));
  store_binding(c, element->storage, storage);
  for (int is_setter = 0; is_setter < 2; is_setter++) {
    Register closure = is_setter ? setter : getter;
    Value text = element->is_computed ? c->cx->names->empty : key_text(c, name, is_setter ? "set" : "get");
    Code *code = compiler_add_synthetic(c, is_setter ? WORK_ACCESSOR_SETTER : WORK_ACCESSOR_GETTER, NULL, element, text,
                                        CODE_METHOD | CODE_STRICT);
    if (code) emit_rk(c, OPCODE_create_closure, closure, value_internal(code));
    if (element->is_computed) emit_rru(c, OPCODE_set_function_name, closure, key, is_setter ? 2 : 1);
    if (!element->decoration) {
      emit_rrr(c, is_setter ? OPCODE_define_setter : OPCODE_define_getter, holder, key, closure);
    }
  }
  if (element->decoration) emit_decoration(c, element, decorators, key, getter, setter, NO_REGISTER);
  c->top = mark;
}

static void define_field(Compiler *c, ClassElement *element) {
  Register mark = c->top;
  Register decorators = element->decorators.count ? compile_decorator_list(c, &element->decorators) : NO_REGISTER;
  if (element->is_computed || decorators != NO_REGISTER) {
    Register key = element_key(c, element);
    if (element->is_computed) store_binding(c, element->storage, key);
    if (decorators != NO_REGISTER) emit_decoration(c, element, decorators, key, NO_REGISTER, NO_REGISTER, NO_REGISTER);
  }
  c->top = mark;
}

// `extra`: the registers of the arrays for initialisers that decorators of methods add: static methods, then the
// others.
static void define_element(Compiler *c, ClassElement *element, Register pair, Register extra) {
  Register holder = element->is_static ? pair : pair + 1;
  if (element_is_method(element)) {
    if (extra != NO_REGISTER && !element->is_static) extra++;
    if (element->is_private) create_private_method(c, element, holder, extra);
    else define_method(c, element, holder, extra);
  } else if (element->kind == ELEMENT_AUTO_ACCESSOR) {
    define_auto_accessor(c, element, holder);
  } else if (element->kind == ELEMENT_FIELD) {
    define_field(c, element);
  }
}

// Calls the decorators of an element and defines the element that they return.
static void decorate_element(Compiler *c, ClassElement *element, Register pair) {
  Register mark = c->top;
  Register holder = element->is_static ? pair : pair + 1;
  apply_element_decorators(c, element);
  if (element_is_method(element) && element->is_private) {
    store_binding(c, element->storage, load_decoration(c, element, DECORATION_VALUE));
  } else if (element_is_method(element)) {
    Register key = load_decoration(c, element, DECORATION_KEY);
    define_closure(c, element, holder, key, load_decoration(c, element, DECORATION_VALUE));
  } else if (element->kind == ELEMENT_AUTO_ACCESSOR && !element->is_private) {
    Register key = load_decoration(c, element, DECORATION_KEY);
    emit_rrr(c, OPCODE_define_getter, holder, key, load_decoration(c, element, DECORATION_GETTER));
    emit_rrr(c, OPCODE_define_setter, holder, key, load_decoration(c, element, DECORATION_SETTER));
  }
  c->top = mark;
}

// Methods and accessors before fields, in each group static elements first.
static void decorate_elements(Compiler *c, Class *class_, Register pair) {
  for (int group = 0; group < 4; group++) {
    for (uint32_t i = 0; i < class_->element_count && !c->failed; i++) {
      ClassElement *element = &class_->elements[i];
      if (!element->decorators.count || element->kind == ELEMENT_STATIC_BLOCK) continue;
      if ((element->kind == ELEMENT_FIELD) != group / 2 || element->is_static == group % 2) continue;
      decorate_element(c, element, pair);
    }
  }
}

static void add_private_accessor(Compiler *c, ClassElement *element, Register receiver) {
  Register mark = c->top;
  Register name = load_binding(c, element->key->identifier.binding, ANY);
  position_at(c, element->key);
  emit_rrr(c, OPCODE_define_private_getter, receiver, name, load_decoration(c, element, DECORATION_GETTER));
  emit_rrr(c, OPCODE_define_private_setter, receiver, name, load_decoration(c, element, DECORATION_SETTER));
  c->top = mark;
}

static void add_private_methods(Compiler *c, Class *class_, bool is_static, Register receiver) {
  for (uint32_t i = 0; i < class_->element_count; i++) {
    ClassElement *element = &class_->elements[i];
    if (!element->is_private || element->is_static != is_static) continue;
    if (element->kind == ELEMENT_AUTO_ACCESSOR) add_private_accessor(c, element, receiver);
    if (!element_is_method(element)) continue;
    // A private name in a register is used by no inner function, so the method is never called.
    if (!is_static && binding_in_register(element->key->identifier.binding)) continue;
    Register mark = c->top;
    Register name = load_binding(c, element->key->identifier.binding, ANY);
    Register closure = load_binding(c, element->storage, ANY);
    position_at(c, element->key);
    emit_rrr(c,
             element->kind == ELEMENT_METHOD   ? OPCODE_define_private_method
             : element->kind == ELEMENT_GETTER ? OPCODE_define_private_getter
                                               : OPCODE_define_private_setter,
             receiver, name, closure);
    c->top = mark;
  }
}

static Code *constructor_code(Compiler *c, Class *class_, Value name) {
  uint32_t flags = CODE_CLASS_CONSTRUCTOR | CODE_HAS_CONSTRUCT | CODE_STRICT | (class_->heritage ? CODE_DERIVED : 0);
  Code *code = class_->constructor ? compiler_add_function(c, class_->constructor, name)
                                   : compiler_add_synthetic(c, WORK_DEFAULT_CONSTRUCTOR, class_, NULL, name, flags);
  if (code) {
    code->source_start = class_->start;
    code->source_end = class_->end;
  }
  return code;
}

static void attach_initializer(Compiler *c, Class *class_, Function *function, Register closure, Register home) {
  Value name = c->cx->names->empty;
  Code *code = function ? compiler_add_function(c, function, name)
                        : compiler_add_synthetic(c, WORK_PRIVATE_METHODS, class_, NULL, name,
                                                 CODE_METHOD | CODE_STRICT | CODE_FIELD_INITIALIZER);
  if (code) emit_rk(c, OPCODE_create_closure, closure, value_internal(code));
  emit_rr(c, OPCODE_set_home_object, closure, home);
}

// Creates the arrays for initialisers that decorators of methods add: static methods in one register, the others in the
// next.
static Register create_extra_lists(Compiler *c, Class *class_) {
  Register extra = new_registers(c, 2);
  emit_ruu(c, OPCODE_create_array, extra, 0, 0);
  emit_ruu(c, OPCODE_create_array, extra + 1, 0, 0);
  if (class_->instance_extra) store_binding(c, class_->instance_extra, extra + 1);
  return extra;
}

// Defines the constructor and the prototype, with their methods except private ones.
static void define_class(Compiler *c, Class *class_, Register pair, Register extra, InferredName name) {
  create_private_names(c, class_->scope);
  Register heritage = pair;
  if (class_->heritage) {
    compile_value(c, class_->heritage, pair);
    position_at(c, class_->heritage);
  } else {
    emit_r(c, OPCODE_load_hole, pair);
  }
  emit_rr(c, OPCODE_prepare_class, pair, heritage);
  Value text = class_->name ? name_text(c, class_->name) : name.text ? name.text : c->cx->names->empty;
  Code *code = constructor_code(c, class_, text);
  if (code) emit_rk(c, OPCODE_create_class, pair, value_internal(code));
  if (!class_->name && name.key != NO_REGISTER) emit_rru(c, OPCODE_set_function_name, pair, name.key, name.prefix);
  for (uint32_t i = 0; i < class_->element_count && !c->failed; i++) {
    define_element(c, &class_->elements[i], pair, extra);
  }
}

// `decorators`: the evaluated decorators of the class, or NO_REGISTER.
static void class_body(Compiler *c, Class *class_, Register pair, Register decorators, InferredName name) {
  Register mark = c->top;
  bool is_decorated = decorators != NO_REGISTER || class_->has_decorated_elements;
  Register extra = is_decorated ? create_extra_lists(c, class_) : NO_REGISTER;
  define_class(c, class_, pair, extra, name);
  if (class_->has_decorated_elements) decorate_elements(c, class_, pair);
  Register top = c->top;
  if (class_initializes_instances(class_)) {
    Register closure = new_register(c);
    attach_initializer(c, class_, class_->field_initializer, closure, pair + 1);
    emit_rr(c, OPCODE_set_class_fields, pair, closure);
    c->top = top;
  }
  add_private_methods(c, class_, true, pair);
  Register class_extra = NO_REGISTER;
  if (decorators != NO_REGISTER) {
    class_extra = new_register(c);
    emit_ruu(c, OPCODE_create_array, class_extra, 0, 0);
    Value text = class_->name ? name_text(c, class_->name) : name.text ? name.text : c->cx->names->empty;
    apply_class_decorators(c, decorators, pair, text, class_extra);
  }
  if (class_->inner_name) store_binding(c, class_->inner_name, pair);
  if (is_decorated) emit_run_extra_initializers(c, pair, extra);
  if (class_->static_initializer) {
    Register area = new_registers(c, CALL_ARGUMENTS);
    attach_initializer(c, class_, class_->static_initializer, area, pair);
    emit_move(c, area + CALL_THIS, pair);
    emit_rru(c, OPCODE_call, area, area, 0);
  }
  if (class_extra != NO_REGISTER) emit_run_extra_initializers(c, pair, class_extra);
  c->top = mark;
}

// Whether the class has expressions that are evaluated together with it.
static bool class_runs_code(const Class *class_) {
  if (class_->heritage || class_->decorators.count || class_->has_decorated_elements) return true;
  for (uint32_t i = 0; i < class_->element_count; i++)
    if (class_->elements[i].is_computed) return true;
  return false;
}

Register compile_class(Compiler *c, Node *node, Register target, InferredName name) {
  Class *class_ = node->class_.class_;
  Register to = result_register(c, target);
  Register mark = c->top;
  uint32_t flags = c->flags, start = here(c);
  c->flags |= CODE_STRICT;
  Register decorators = class_->decorators.count ? compile_decorator_list(c, &class_->decorators) : NO_REGISTER;
  OpenScope open;
  open_scope(c, class_->scope, &open);
  Register pair = new_registers(c, 2);
  class_body(c, class_, pair, decorators, name);
  c->flags = flags;
  if (!(flags & CODE_STRICT) && class_runs_code(class_)) {
    uint32_t part[] = {start, here(c)};
    buffer_append(&c->strict_parts, part, sizeof part);
  }
  if (class_->scope) close_scope(c, &open);
  emit_move(c, to, pair);
  c->top = mark;
  return to;
}

void compile_class_declaration(Compiler *c, Node *node) {
  Class *class_ = node->class_.class_;
  Register mark = c->top;
  InferredName name = class_->name ? NO_NAME : (InferredName){c->cx->names->default_, NO_REGISTER, 0};
  Register value = compile_class(c, node, ANY, name);
  if (node->class_.identifier) store_identifier(c, node->class_.identifier, value, STORE_INITIALIZE);
  c->top = mark;
}

// --- Initialisers ---

static void initialize_field(Compiler *c, ClassElement *element) {
  Register mark = c->top;
  Register key = NO_REGISTER;
  PropertyKey name = VALUE_UNDEFINED;
  bool is_hidden = element->is_private || element->kind == ELEMENT_AUTO_ACCESSOR;
  if (is_hidden && element->kind == ELEMENT_FIELD) key = load_binding(c, element->key->identifier.binding, ANY);
  else if (element->storage) key = load_binding(c, element->storage, ANY);
  else name = node_key(c, element->key);
  Register value;
  if (element->value) {
    InferredName inferred = NO_NAME;
    if (is_anonymous_function(element->value)) {
      if (element->is_private) inferred.text = private_name_text(c, element);
      else if (!element->is_computed) inferred.text = key_text(c, node_key(c, element->key), NULL);
      else if (element->kind == ELEMENT_FIELD) inferred.key = key;
    }
    value = compile_named_value(c, element->value, ANY, inferred);
  } else {
    value = new_register(c);
    emit_r(c, OPCODE_load_undefined, value);
  }
  if (element->decorators.count) {
    Register own = new_register(c);
    emit_move(c, own, value);
    emit_run_initializers(c, element, own);
    value = own;
  }
  position_at(c, element->key);
  if (is_hidden) emit_rrr(c, OPCODE_define_private, REGISTER_THIS, key, value);
  else if (key != NO_REGISTER) emit_rrr(c, OPCODE_define_element, REGISTER_THIS, key, value);
  else emit_define_named(c, REGISTER_THIS, name, value);
  if (element->decorators.count) {
    emit_run_extra_initializers(c, REGISTER_THIS, load_decoration(c, element, DECORATION_EXTRA));
  }
  c->top = mark;
}

void compile_field_initializer(Compiler *c, Function *function) {
  Class *class_ = function->class_;
  add_private_methods(c, class_, false, REGISTER_THIS);
  if (class_->instance_extra) {
    Register mark = c->top;
    emit_run_extra_initializers(c, REGISTER_THIS, load_binding(c, class_->instance_extra, ANY));
    c->top = mark;
  }
  for (uint32_t i = 0; i < class_->element_count && !c->failed; i++) {
    ClassElement *element = &class_->elements[i];
    if (!element->is_static && element_is_field(element)) initialize_field(c, element);
  }
}

void compile_static_initializer(Compiler *c, Function *function) {
  Class *class_ = function->class_;
  for (uint32_t i = 0; i < class_->element_count && !c->failed; i++) {
    ClassElement *element = &class_->elements[i];
    if (element->kind == ELEMENT_STATIC_BLOCK) compile_statement(c, element->value);
    else if (element->is_static && element_is_field(element)) initialize_field(c, element);
  }
}

// --- Functions without source of their own ---

// https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation (step 14)
static void default_constructor(Compiler *c, Work *work) {
  bool is_derived = work->class_->heritage;
  Register function = new_register(c);
  if (is_derived || class_initializes_instances(work->class_)) emit_r(c, OPCODE_load_function, function);
  if (!is_derived) {
    if (class_initializes_instances(work->class_)) emit_initialize_fields(c, function, REGISTER_THIS);
    emit_0(c, OPCODE_return_undefined);
    return;
  }
  c->argument_list = new_register(c);
  c->flags |= CODE_NEEDS_ARGUMENT_LIST;
  Register result = new_register(c);
  Register area = new_registers(c, CALL_ARGUMENTS + 1);
  emit_r(c, OPCODE_load_uninitialized, REGISTER_THIS);
  emit_rr(c, OPCODE_get_super_constructor, area, function);
  emit_r(c, OPCODE_load_new_target, area + 1);
  emit_ruu(c, OPCODE_create_rest, area + CALL_ARGUMENTS, 0, 0);
  assembler_position_at(&c->assembler, work->class_->heritage->start, work->class_->heritage->end,
                        work->class_->heritage->start);
  emit_rrr(c, OPCODE_super_construct_list, result, area, area + CALL_ARGUMENTS);
  emit_rr(c, OPCODE_bind_this, REGISTER_THIS, result);
  if (class_initializes_instances(work->class_)) emit_initialize_fields(c, function, REGISTER_THIS);
  emit_r(c, OPCODE_load_undefined, result);
  emit_rr(c, OPCODE_return_derived, result, REGISTER_THIS);
}

void compile_synthetic(Compiler *c, Work *work) {
  c->scope = work->scope;
  if (work->kind == WORK_DEFAULT_CONSTRUCTOR) {
    default_constructor(c, work);
    return;
  }
  if (work->kind == WORK_PRIVATE_METHODS) {
    add_private_methods(c, work->class_, false, REGISTER_THIS);
    emit_0(c, OPCODE_return_undefined);
    return;
  }
  bool is_setter = work->kind == WORK_ACCESSOR_SETTER;
  Register name = new_register(c), value = new_register(c);
  emit_slot(c, OPCODE_get_slot, name, work->element->storage);
  assembler_position_at(&c->assembler, work->element->start, work->element->end, work->element->start);
  if (is_setter) emit_rrr(c, OPCODE_set_private, REGISTER_THIS, name, REGISTER_FIRST_PARAMETER);
  else emit_rrr(c, OPCODE_get_private, value, REGISTER_THIS, name);
  if (is_setter) emit_0(c, OPCODE_return_undefined);
  else emit_r(c, OPCODE_return, value);
}
