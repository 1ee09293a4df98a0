// Scopes and names: where bindings live and how they are read and written.
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"
#include "runtime/environments.h"

bool binding_in_register(const Binding *binding) {
  return !binding->is_captured && !binding->scope->is_outer && !binding_is_global(binding);
}

static Register binding_register(const Binding *binding) { return (Register)binding->compiler_data; }

// An access to a slot in an environment this far out pays for the way (interpreter/step.c), so it begins with `wide`.
enum { FAR_HOPS = 128 };

void emit_slot(Compiler *c, Opcode opcode, Register value, const Binding *binding) {
  uint32_t hops = scope_count_hops(c->scope, binding->scope);
  fuel_spend(&c->cx->fuel, (c->scope->depth - binding->scope->depth) / 16);
  if (UNLIKELY(hops >= FAR_HOPS)) emit_0(c, OPCODE_wide);
  emit_ruu(c, opcode, value, hops, binding->slot);
}

Register load_binding(Compiler *c, Binding *binding, Register target) {
  if (binding_in_register(binding)) {
    if (target == ANY) return binding_register(binding);
    emit_move(c, target, binding_register(binding));
    return target;
  }
  target = result_register(c, target);
  emit_slot(c, OPCODE_get_slot, target, binding);
  return target;
}

void store_binding(Compiler *c, Binding *binding, Register value) {
  if (binding_in_register(binding)) emit_move(c, binding_register(binding), value);
  else emit_slot(c, OPCODE_set_slot, value, binding);
}

static uint32_t binding_name_flags(const Binding *binding) {
  uint32_t flags = 0;
  if (binding_is_immutable(binding)) flags |= SCOPE_NAME_IMMUTABLE;
  if (binding->kind == BINDING_FUNCTION_NAME) flags |= SCOPE_NAME_SILENT;
  if (binding->kind == BINDING_IMPORT) flags |= SCOPE_NAME_IMPORT;
  if (binding_kind_is_lexical(binding->kind) && binding->kind != BINDING_CATCH_PARAMETER) flags |= SCOPE_NAME_LEXICAL;
  return flags;
}

static uint32_t scope_environment_flags(const Scope *scope) {
  uint32_t flags = 0;
  if (scope->is_dynamic) flags |= ENVIRONMENT_EVAL_VARS;
  if (scope->is_var_scope) flags |= ENVIRONMENT_FUNCTION;
  if (scope->kind == SCOPE_MODULE) flags |= ENVIRONMENT_MODULE;
  return flags;
}

Value make_scope_names(Compiler *c, Scope *scope) {
  if (!scope->contains_direct_eval && !c->has_with && !scope->is_dynamic) return VALUE_UNDEFINED;
  Values *names = list_create(c, scope->slot_count * 2);
  if (!names) return VALUE_UNDEFINED;
  names->cell.kind = CELL_SCOPE_NAMES;
  names->cell.small = (uint8_t)scope_environment_flags(scope);
  for (uint32_t i = 0; i < scope->slot_count * 2; i++) names->items[i] = VALUE_UNDEFINED;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (!binding->is_captured || binding->kind >= BINDING_THIS) continue;
    names->items[binding->slot * 2] = name_key(c, binding->name);
    names->items[binding->slot * 2 + 1] = value_int((int32_t)binding_name_flags(binding));
  }
  return value_internal(names);
}

void open_scope_environment(Compiler *c, Scope *scope) {
  c->scope = scope;
  if (!scope->needs_environment) return;
  c->environments++;
  emit_uk(c, OPCODE_push_environment, scope->slot_count + scope->is_dynamic, make_scope_names(c, scope));
}

// Whether the binding holds undefined when its scope is entered.
static bool binding_starts_undefined(const Binding *binding) {
  switch (binding->kind) {
    case BINDING_VAR: return true;
    case BINDING_FUNCTION: return !binding->declaration;
    case BINDING_ARGUMENTS: return true;
    default: return false;
  }
}

void declare_scope(Compiler *c, Scope *scope) {
  Register undefined = NO_REGISTER;
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->kind == BINDING_PARAMETER) continue;
    if (binding->is_captured) {
      if (!binding_starts_undefined(binding)) continue;
      if (undefined == NO_REGISTER) {
        undefined = new_register(c);
        emit_r(c, OPCODE_load_undefined, undefined);
      }
      store_binding(c, binding, undefined);
      continue;
    }
    if (binding->kind == BINDING_THIS && scope->kind == SCOPE_FUNCTION) {
      binding->compiler_data = REGISTER_THIS;
      continue;
    }
    Register place = new_register(c);
    binding->compiler_data = place;
    if (binding_starts_undefined(binding)) emit_r(c, OPCODE_load_undefined, place);
    else if (binding->needs_tdz) emit_r(c, OPCODE_load_uninitialized, place);
  }
}

void instantiate_functions(Compiler *c, NodeList *functions) {
  for (uint32_t i = 0; i < functions->count; i++) {
    Node *node = functions->items[i];
    Register mark = c->top;
    Binding *binding = node->function.binding;
    Name *name = node->function.function->name;
    Register target = binding_in_register(binding) ? binding_register(binding) : new_register(c);
    Value text = name && name->well_known != NAME_star_default ? name_text(c, name) : c->cx->names->default_;
    Code *code = compiler_add_function(c, node->function.function, text);
    if (code) emit_rk(c, OPCODE_create_closure, target, value_internal(code));
    store_binding(c, binding, target);
    c->top = mark;
  }
}

void open_scope(Compiler *c, Scope *scope, OpenScope *open) {
  *open = (OpenScope){.scope = scope, .outer = c->scope, .top = c->top};
  if (!scope) return;
  open_scope_environment(c, scope);
  if (scope->needs_environment) {
    open->has_control = true;
    push_control(c, CONTROL_ENVIRONMENT);
  }
  declare_scope(c, scope);
  if (scope->hoisted_functions.count) instantiate_functions(c, &scope->hoisted_functions);
}

void close_scope(Compiler *c, OpenScope *open) {
  if (open->has_control) {
    pop_control(c);
    emit_0(c, OPCODE_pop_environment);
  }
  c->scope = open->outer;
  c->top = open->top;
}

// --- Names ---

bool node_is_dynamic(const Node *node) { return node->flags & NODE_FLAG_DYNAMIC; }

static bool node_is_global(const Node *node) {
  return !node->identifier.binding || binding_is_global(node->identifier.binding);
}

static Register load_global(Compiler *c, Node *node, Register target, bool is_typeof) {
  target = result_register(c, target);
  position_at(c, node);
  emit_global(c, is_typeof ? OPCODE_get_global_or_undefined : OPCODE_get_global, target,
              name_key(c, node->identifier.name));
  return target;
}

Register load_identifier(Compiler *c, Node *node, Register target, bool is_typeof) {
  Binding *binding = node->identifier.binding;
  if (node_is_dynamic(node)) {
    target = result_register(c, target);
    position_at(c, node);
    emit_rk(c, is_typeof ? OPCODE_get_name_or_undefined : OPCODE_get_name, target, name_key(c, node->identifier.name));
    return target;
  }
  if (node_is_global(node)) {
    // The global `undefined` cannot be changed.
    if (!binding && node->identifier.name->well_known == NAME_undefined) {
      target = result_register(c, target);
      emit_r(c, OPCODE_load_undefined, target);
      return target;
    }
    return load_global(c, node, target, is_typeof);
  }
  bool check = node->flags & NODE_FLAG_TDZ_CHECK;
  if (binding_in_register(binding)) {
    if (check) {
      position_at(c, node);
      emit_r(c, OPCODE_check_initialized, binding_register(binding));
    }
    return load_binding(c, binding, target);
  }
  target = result_register(c, target);
  Opcode opcode = OPCODE_get_slot;
  if (binding->kind == BINDING_IMPORT) opcode = OPCODE_get_import;
  else if (check) opcode = OPCODE_get_slot_checked;
  if (opcode != OPCODE_get_slot) position_at(c, node);
  emit_slot(c, opcode, target, binding);
  return target;
}

Register plain_local(Compiler *c, Node *node) {
  (void)c;
  if (node->kind != NODE_IDENTIFIER && node->kind != NODE_BINDING_IDENTIFIER) return NO_REGISTER;
  Binding *binding = node->identifier.binding;
  if (!binding || node_is_dynamic(node) || !binding_in_register(binding) || binding_is_immutable(binding))
    return NO_REGISTER;
  if (node->kind == NODE_IDENTIFIER && (node->flags & NODE_FLAG_TDZ_CHECK)) return NO_REGISTER;
  return binding_register(binding);
}

static void store_global(Compiler *c, Node *node, Register value, StoreMode mode) {
  Binding *binding = node->identifier.binding;
  bool initialize = mode == STORE_INITIALIZE && binding && binding_kind_is_lexical(binding->kind);
  position_at(c, node);
  emit_global(c, initialize ? OPCODE_initialize_global : OPCODE_set_global, value, name_key(c, node->identifier.name));
}

static void store_immutable(Compiler *c, Node *node) {
  Binding *binding = node->identifier.binding;
  position_at(c, node);
  if (binding->kind == BINDING_FUNCTION_NAME && !(c->flags & CODE_STRICT)) return;
  if ((node->flags & NODE_FLAG_TDZ_CHECK) && binding->kind != BINDING_IMPORT) {
    if (binding_in_register(binding)) emit_r(c, OPCODE_check_initialized, binding_register(binding));
    else emit_slot(c, OPCODE_check_slot, 0, binding);
  }
  emit_uk(c, OPCODE_throw_constant, 0, name_text(c, node->identifier.name));
}

void store_identifier(Compiler *c, Node *node, Register value, StoreMode mode) {
  Binding *binding = node->identifier.binding;
  if (node_is_dynamic(node)) {
    // Only where the order of resolution does not matter; other assignments resolve the name first.
    Register mark = c->top;
    Register base = emit_resolve_name(c, node);
    emit_set_resolved(c, node, base, value);
    c->top = mark;
    return;
  }
  if (node_is_global(node)) {
    store_global(c, node, value, mode);
    return;
  }
  if (mode == STORE_INITIALIZE) {
    store_binding(c, binding, value);
    return;
  }
  if (binding_is_immutable(binding)) {
    store_immutable(c, node);
    return;
  }
  if (!(node->flags & NODE_FLAG_TDZ_CHECK)) {
    store_binding(c, binding, value);
    return;
  }
  position_at(c, node);
  if (binding_in_register(binding)) {
    emit_r(c, OPCODE_check_initialized, binding_register(binding));
    store_binding(c, binding, value);
  } else {
    emit_slot(c, OPCODE_set_slot_checked, value, binding);
  }
}

Register emit_resolve_name(Compiler *c, Node *node) {
  Register base = new_register(c);
  position_at(c, node);
  emit_rk(c, OPCODE_resolve_name, base, name_key(c, node->identifier.name));
  return base;
}

void emit_set_resolved(Compiler *c, Node *node, Register base, Register value) {
  position_at(c, node);
  emit_rru(c, OPCODE_set_resolved, base, value, name_cache(c, name_key(c, node->identifier.name)));
}

Register load_this(Compiler *c, Node *node, Register target) {
  if (!node->identifier.binding) {
    target = result_register(c, target);
    const Scope *scope = c->scope;
    while (scope->parent) scope = scope->parent;
    emit_r(c, scope->kind == SCOPE_MODULE ? OPCODE_load_undefined : OPCODE_load_global_this, target);
    return target;
  }
  return load_identifier(c, node, target, false);
}
