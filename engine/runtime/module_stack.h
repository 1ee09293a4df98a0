// Stacks of modules, in place of recursion: a graph of modules may be as deep as there are modules. Its modules are
// kept alive by the one that it begins with.
#ifndef CAISSON_MODULE_STACK_H
#define CAISSON_MODULE_STACK_H

#include "base/buffer.h"
#include "runtime/modules.h"

typedef struct ModuleStack {
  Buffer buffer;  // Module *
} ModuleStack;

static inline void module_stack_initialize(Context *cx, ModuleStack *stack) {
  buffer_initialize(&stack->buffer, &cx->memory);
}
static inline void module_stack_release(ModuleStack *stack) { buffer_release(&stack->buffer); }

static inline size_t module_stack_count(const ModuleStack *stack) { return stack->buffer.size / sizeof(Module *); }
static inline Module *module_stack_at(const ModuleStack *stack, size_t i) {
  return ((Module **)(void *)stack->buffer.data)[i];
}
static inline void module_stack_push(ModuleStack *stack, Module *module) {
  buffer_append(&stack->buffer, &module, sizeof module);
}
static inline Module *module_stack_pop(ModuleStack *stack) {
  stack->buffer.size -= sizeof(Module *);
  return *(Module **)(void *)(stack->buffer.data + stack->buffer.size);
}
// False: threw, because a push found no memory.
static inline MUST_CHECK bool module_stack_is_whole(Context *cx, const ModuleStack *stack) {
  return !stack->buffer.failed || !value_is_abrupt(context_throw_out_of_memory(cx));
}

// Charges for the search.
static inline bool module_stack_has(Context *cx, const ModuleStack *stack, const Module *module) {
  context_spend_steps(cx, module_stack_count(stack));
  for (size_t i = 0; i < module_stack_count(stack); i++)  // bounded: charged above
    if (module_stack_at(stack, i) == module) return true;
  return false;
}

static inline uint32_t module_request_count(const Module *module) {
  return values_count(module_list(module->requests)) / MODULE_REQUEST_FIELDS;
}
static inline int module_request_phase(const Module *module, uint32_t i) {
  return value_as_int(module_list(module->requests)->items[i * MODULE_REQUEST_FIELDS + REQUEST_PHASE]);
}

#endif
