// Nesting costs the compiler no C stack. What is nested more deeply than DEFER_DEPTH is not compiled where it stands: a
// jump is emitted there, and at the end of the function the code that it leads to, followed by a jump back. In between
// nothing has changed for that code: it finds its scope, its free registers and what it may jump to.
//
// It is not in the regions that handlers protect around its place, so it has handlers of its own that lead there. And
// since jumps out of it may pass through finally blocks, the dispatch after such a block, which has to know all of
// them, comes last, after those of the blocks inside.
// Loops here are bounded: each round compiles a part of the tree, or walks controls that statements paid for.
#include "bytecode/compiler.h"

typedef enum DeferredKind { DEFERRED_VALUE, DEFERRED_STATEMENT, DEFERRED_ASSIGNMENT, DEFERRED_DISPATCH } DeferredKind;

typedef struct Deferred {
  struct Deferred *next;
  DeferredKind kind;
  Node *node;
  Register target;  // or the value that is assigned
  InferredName name;
  StoreMode mode;
  Control *finally;
  uint32_t jump;  // the instruction that leads here; the one after it goes on
  Label entry;
  // Of the compiler
  Register top, completion, kept_register;
  Node *kept_number;
  Scope *scope;
  Control *control;
  uint32_t flags, handler_depth, control_unwinds;
} Deferred;

bool defers_value(const Node *node) {
  switch ((NodeKind)node->kind) {
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
    default: return true;
  }
}

bool defers_statement(const Node *node) {
  switch ((NodeKind)node->kind) {
    case NODE_BLOCK:
    case NODE_IF:
    case NODE_FOR:
    case NODE_FOR_IN:
    case NODE_FOR_OF:
    case NODE_WHILE:
    case NODE_DO_WHILE:
    case NODE_WITH:
    case NODE_SWITCH:
    case NODE_LABELED:
    case NODE_TRY: return true;
    default: return false;
  }
}

// Only the kind and what it needs is left to be set. NULL: the compiler has failed.
static Deferred *defer(Compiler *c, DeferredKind kind, Node *node) {
  Deferred *deferred = c->failed ? NULL : arena_new(&c->arena, Deferred);
  if (!deferred) {
    if (!c->failed) context_throw_out_of_memory(c->cx);
    compiler_fail(c);
    return NULL;
  }
  *deferred = (Deferred){.kind = kind,
                         .node = node,
                         .jump = here(c),
                         .entry = LABEL_NEW,
                         .top = c->top,
                         .completion = c->completion,
                         .kept_register = c->kept_register,
                         .kept_number = c->kept_number,
                         .scope = c->scope,
                         .control = c->control,
                         .flags = c->flags,
                         .handler_depth = c->handler_depth,
                         .control_unwinds = c->control_unwinds};
  emit_jump(c, &deferred->entry);
  c->deferred_count++;
  return deferred;
}

static Deferred *defer_node(Compiler *c, DeferredKind kind, Node *node) {
  Deferred *deferred = defer(c, kind, node);
  if (!deferred) return NULL;
  *c->last_deferred = deferred;
  c->last_deferred = &deferred->next;
  return deferred;
}

Register defer_value(Compiler *c, Node *node, Register target, InferredName name) {
  target = result_register(c, target);
  Deferred *deferred = defer_node(c, DEFERRED_VALUE, node);
  if (!deferred) return target;
  deferred->target = target;
  deferred->name = name;
  return target;
}

void defer_statement(Compiler *c, Node *node) { defer_node(c, DEFERRED_STATEMENT, node); }

void defer_assignment(Compiler *c, Node *target, Register value, StoreMode mode) {
  Deferred *deferred = defer_node(c, DEFERRED_ASSIGNMENT, target);
  if (!deferred) return;
  deferred->target = value;
  deferred->mode = mode;
}

void defer_finally_dispatch(Compiler *c, Control *control) {
  Deferred *deferred = defer(c, DEFERRED_DISPATCH, NULL), *none = NULL;
  if (!deferred) return;
  deferred->finally = control;
  while (c->dispatches.size / sizeof none <= c->control_unwinds && !c->dispatches.failed)
    buffer_append(&c->dispatches, &none, sizeof none);
  if (c->dispatches.failed) {
    context_throw_out_of_memory(c->cx);
    compiler_fail(c);
    return;
  }
  Deferred **list = (Deferred **)(void *)c->dispatches.data + c->control_unwinds;
  deferred->next = *list;
  *list = deferred;
}

// The code from `start` on is protected like its place. Beyond the first region that no jump has left, all is as there.
static void protect(Compiler *c, const Deferred *deferred, uint32_t start) {
  uint32_t end = here(c);
  for (Control *control = deferred->control; control; control = control->outer) {
    fuel_spend(&c->cx->fuel, 1);
    if (control->kind < CONTROL_ITERATOR) continue;
    bool is_left = control->gaps;
    Label handler = {.position = (int32_t)control->handler, .uses = -1};
    add_region_handlers(c, control, start, end);
    emit_jump(c, &handler);
    if (!is_left) return;
  }
}

static void compile_node(Compiler *c, Deferred *deferred) {
  switch (deferred->kind) {
    case DEFERRED_VALUE: compile_named_value(c, deferred->node, deferred->target, deferred->name); break;
    case DEFERRED_STATEMENT: compile_statement(c, deferred->node); break;
    case DEFERRED_ASSIGNMENT: assign_target(c, deferred->node, deferred->target, deferred->mode); break;
    case DEFERRED_DISPATCH: compile_finally_dispatch(c, deferred->finally); break;
  }
}

static void compile_one(Compiler *c, Deferred *deferred) {
  c->depth = 0;
  c->top = deferred->top;
  c->completion = deferred->completion;
  c->kept_register = deferred->kept_register;
  c->kept_number = deferred->kept_number;
  c->scope = deferred->scope;
  c->control = deferred->control;
  c->handler_depth = deferred->handler_depth;
  c->control_unwinds = deferred->control_unwinds;
  uint32_t flags = c->flags, start = here(c);
  c->flags = (flags & ~(uint32_t)CODE_STRICT) | (deferred->flags & CODE_STRICT);
  bind_label(c, &deferred->entry);
  compile_node(c, deferred);
  Label back = {.position = (int32_t)deferred->jump + 1, .uses = -1};
  emit_jump(c, &back);
  if (c->flags & ~flags & CODE_STRICT) {
    uint32_t part[] = {start, here(c)};
    buffer_append(&c->strict_parts, part, sizeof part);
  }
  c->flags = flags;
  if (!c->assembler.failed) protect(c, deferred, start);
}

void compile_deferred(Compiler *c) {
  uint32_t depth = c->depth;
  for (Deferred *deferred; (deferred = c->deferred) && !c->failed;) {
    // What is deferred meanwhile comes last, so that the handlers around it are there.
    if (!(c->deferred = deferred->next)) c->last_deferred = &c->deferred;
    compile_one(c, deferred);
  }
  // From the innermost outwards; jumps that go on pass through outer ones.
  while (c->dispatches.size && !c->failed) {
    c->dispatches.size -= sizeof(Deferred *);
    Deferred *deferred = *(Deferred **)(void *)(c->dispatches.data + c->dispatches.size);
    for (; deferred && !c->failed; deferred = deferred->next) compile_one(c, deferred);
  }
  c->depth = depth;
}
