// Nesting costs the compiler no C stack. What is nested more deeply than DEFER_DEPTH is not compiled where it stands: a
// jump is emitted there, and at the end of the function the code that it leads to, followed by a jump back. In between
// nothing has changed for that code: it finds its scope, its free registers and what it may jump to.
//
// Statements between an iterator or a finally block and what they leave are not deferred, since those have to know all
// jumps that pass through them; nor are expressions of generators there, which may return.
// Loops here are bounded: each round compiles a part of the tree.
#include "bytecode/compiler.h"

typedef struct Deferred {
  struct Deferred *next;
  Node *node;
  bool is_statement;
  Register target;
  InferredName name;
  uint32_t jump;  // the instruction that leads here; the one after it goes on
  Label entry;
  // Of the compiler
  Register top, completion, kept_register;
  Node *kept_number;
  Scope *scope;
  Control *control;
  uint32_t flags, handler_depth, control_unwinds;
} Deferred;

bool defers_value(const Compiler *c, const Node *node) {
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
    default: return !c->failed && !(c->control_unwinds && c->function && c->function->is_generator);
  }
}

bool defers_statement(const Compiler *c, const Node *node) {
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
    case NODE_TRY: return !c->failed && !c->control_unwinds;
    default: return false;
  }
}

static Deferred *defer(Compiler *c, Node *node) {
  Deferred *deferred = arena_new(&c->arena, Deferred);
  if (!deferred) {
    context_throw_out_of_memory(c->cx);
    compiler_fail(c);
    return NULL;
  }
  *deferred = (Deferred){.node = node,
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
  *c->last_deferred = deferred;
  c->last_deferred = &deferred->next;
  return deferred;
}

Register defer_value(Compiler *c, Node *node, Register target, InferredName name) {
  target = result_register(c, target);
  Deferred *deferred = defer(c, node);
  if (!deferred) return target;
  deferred->target = target;
  deferred->name = name;
  return target;
}

void defer_statement(Compiler *c, Node *node) {
  Deferred *deferred = defer(c, node);
  if (deferred) deferred->is_statement = true;
}

// An exception in the code from `start` on goes where one at the jump goes.
static void protect(Compiler *c, const Deferred *deferred, uint32_t start) {
  const ExceptionHandler *handlers = (const ExceptionHandler *)(const void *)c->assembler.handlers.data;
  uint32_t count = (uint32_t)(c->assembler.handlers.size / sizeof(ExceptionHandler)), end = here(c) - 1;
  for (uint32_t i = 0; i < count; i++) {
    if (i % 64 == 0) fuel_spend(&c->cx->fuel, 1);
    if (deferred->jump < handlers[i].start || deferred->jump >= handlers[i].end) continue;
    Label target = {.position = (int32_t)handlers[i].target, .uses = -1};
    assembler_handler(&c->assembler, start, end, handlers[i].exception_register / 8);
    emit_jump(c, &target);
    return;
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
  if (deferred->is_statement) compile_statement(c, deferred->node);
  else compile_named_value(c, deferred->node, deferred->target, deferred->name);
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
  c->depth = depth;
}
