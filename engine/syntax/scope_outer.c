// The description of surrounding scopes that the runtime keeps for direct eval: one block, no pointers into the
// parse, innermost scope first, then its bindings, then their texts, then the next scope.
// Loops here are bounded: they take as long as the block that they fill, which is paid for as memory.
#include "syntax/scope.h"

static size_t align_size(size_t size) { return (size + 7) & ~(size_t)7; }

static size_t text_size(TextView text) { return (size_t)text.length << text.is_wide; }

static bool binding_is_described(const Binding *binding) { return binding->kind != BINDING_INTERNAL; }

static size_t measure_scope(const Scope *scope) {
  size_t size = align_size(sizeof(OuterScope));
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding_is_described(binding))
      size += align_size(sizeof(OuterBinding)) + align_size(text_size(binding->name->text));
  }
  return size;
}

size_t scope_measure_outer(const Scope *scope) {
  size_t size = 0;
  for (; scope && scope->kind != SCOPE_SCRIPT; scope = scope->parent) size += measure_scope(scope);
  return size ? size : 8;
}

static void describe_scope(const Scope *scope, OuterScope *outer) {
  const Function *function = scope->function;
  *outer = (OuterScope){
      .kind = scope->kind,
      .function_kind = function->kind,
      .is_strict = scope->is_strict,
      .is_var_scope = scope->is_var_scope,
      .is_function_scope = scope->is_function_scope,
      .is_dynamic = scope->is_dynamic,
      .has_environment = scope->needs_environment,
      .is_simple_catch = scope->is_simple_catch,
      .is_derived = function->is_derived,
      .is_async = function->is_async,
      .is_generator = function->is_generator,
      .slot_count = scope->slot_count,
  };
  char *next = (char *)outer + align_size(sizeof(OuterScope));
  uint32_t count = 0;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next)
    count += binding_is_described(binding);
  OuterBinding *bindings = (OuterBinding *)(void *)next;
  next += count * align_size(sizeof(OuterBinding));
  outer->bindings = bindings;
  outer->binding_count = count;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (!binding_is_described(binding)) continue;
    TextView text = binding->name->text;
    memcpy(next, text.narrow, text_size(text));
    *bindings++ = (OuterBinding){
        .name = text.is_wide ? text_view_wide((const uint16_t *)(const void *)next, text.length)
                             : text_view_narrow(next, text.length),
        .kind = binding->kind,
        .needs_tdz = binding->needs_tdz,
        .is_static = binding->is_static,
        .slot = binding->slot,
    };
    next += align_size(text_size(text));
  }
}

const OuterScope *scope_describe_outer(const Scope *scope, void *block) {
  char *next = block;
  OuterScope *inner = NULL;
  const OuterScope *first = NULL;
  for (; scope && scope->kind != SCOPE_SCRIPT; scope = scope->parent) {
    OuterScope *outer = (OuterScope *)(void *)next;
    describe_scope(scope, outer);
    if (inner) inner->parent = outer;
    else first = outer;
    inner = outer;
    next += measure_scope(scope);
  }
  return first;
}

static void *moved_address(uintptr_t to, uintptr_t from, const void *address) {
  return (void *)(to + ((uintptr_t)address - from));  // NOLINT(performance-no-int-to-ptr)
}

void scope_move_outer(void *block, uintptr_t from, uintptr_t to) {
  uintptr_t here = (uintptr_t)block;
  for (OuterScope *scope = block; scope;) {
    OuterScope *parent = scope->parent ? moved_address(here, from, scope->parent) : NULL;
    OuterBinding *bindings = moved_address(here, from, scope->bindings);
    for (uint32_t i = 0; i < scope->binding_count; i++)
      bindings[i].name.narrow = moved_address(to, from, bindings[i].name.narrow);
    scope->bindings = moved_address(to, from, scope->bindings);
    if (scope->parent) scope->parent = moved_address(to, from, scope->parent);
    scope = parent;
  }
}
