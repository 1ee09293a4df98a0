// Evaluating module graphs, top-level await included.
// https://tc39.es/ecma262/#sec-moduleevaluation
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/module_stack.h"
#include "runtime/programs.h"
#include "runtime/promises.h"

// A module that is being evaluated: which of its dependencies comes next, and where they begin.
typedef struct Visit {
  Module *module;
  size_t next, first;
} Visit;

// One run of Evaluate().
typedef struct Evaluation {
  Module *root;
  ModuleStack stack;         // modules whose component is not complete
  ModuleStack dependencies;  // of the modules that are being evaluated, one after the other
  Buffer visits;             // Visit: from the root to the one that is looked at
  uint32_t index;
} Evaluation;

static void execute_async(Context *cx, Module *module);
static void body_is_set_aside(Context *cx, Module *module);
static void enqueue_ready(Context *cx, Module *module);
static void async_rejected(Context *cx, Module *module, Value error);
static void fail_evaluation(Context *cx, Module *module, Value error);
static void fail_in_turn(Context *cx, Module *module, Value error);

static bool is_async_pending(const Module *module) {
  return module->async_order != ASYNC_ORDER_UNSET && module->async_order != ASYNC_ORDER_DONE;
}

static bool add_async_parent(Context *cx, Module *module, Module *parent) {
  uint32_t capacity = value_is_internal(module->async_parents) ? values_count(module_list(module->async_parents)) : 0;
  if (module->async_parent_count == capacity) {
    Values *grown = values_create(cx, capacity ? capacity * 2 : 4);
    if (!grown) return false;
    for (uint32_t i = 0; i < capacity; i++) grown->items[i] = module_list(module->async_parents)->items[i];
    cell_store(cx, &module->async_parents, value_internal(grown));
  }
  ((Values *)value_as_cell(module->async_parents))->items[module->async_parent_count++] = value_internal(parent);
  return true;
}

static Module *async_parent(const Module *module, uint32_t i) {
  return value_as_module(module_list(module->async_parents)->items[i]);
}

// https://tc39.es/proposal-defer-import-eval/#sec-IsModuleSCCEvaluated
static bool is_component_evaluated(const Module *module) {
  return (module->cycle_root ? module->cycle_root : module)->status == MODULE_EVALUATED;
}

// The modules with top-level await that a deferred one needs first.
// https://tc39.es/proposal-defer-import-eval/#sec-GatherAsynchronousTransitiveDependencies
static MUST_CHECK bool gather_async(Context *cx, Module *module, ModuleStack *result) {
  ModuleStack seen, pending;
  module_stack_initialize(cx, &seen);
  module_stack_initialize(cx, &pending);
  module_stack_push(&pending, module);
  while (module_stack_count(&pending) > 0) {
    Module *next = module_stack_pop(&pending);
    if (module_stack_has(cx, &seen, next)) continue;
    module_stack_push(&seen, next);
    if (next->is_synthetic || next->status == MODULE_EVALUATING || is_component_evaluated(next)) continue;
    if (next->has_top_level_await) {
      module_stack_push(result, next);
      continue;
    }
    context_spend_steps(cx, module_request_count(next));
    for (uint32_t i = module_request_count(next); i-- > 0;)
      if (module_request_phase(next, i) == MODULE_PHASE_EVALUATION)
        module_stack_push(&pending, module_requested(next, i));
  }
  bool ok =
      module_stack_is_whole(cx, &seen) && module_stack_is_whole(cx, &pending) && module_stack_is_whole(cx, result);
  module_stack_release(&seen);
  module_stack_release(&pending);
  return ok;
}

static MUST_CHECK bool list_dependencies(Context *cx, Module *module, ModuleStack *dependencies) {
  bool ok = true;
  for (uint32_t i = 0; i < module_request_count(module) && ok; i++) {
    Module *requested = module_requested(module, i);
    int phase = module_request_phase(module, i);
    context_spend_step(cx);
    if (phase == MODULE_PHASE_EVALUATION) module_stack_push(dependencies, requested);
    else if (phase == MODULE_PHASE_DEFER) ok = gather_async(cx, requested, dependencies);
  }
  return ok && module_stack_is_whole(cx, dependencies);
}

static void settle_component(Context *cx, Module *module, ModuleStack *stack) {
  Module *done;
  do {
    done = module_stack_pop(stack);
    done->status = done->async_order == ASYNC_ORDER_UNSET ? MODULE_EVALUATED : MODULE_EVALUATING_ASYNC;
    heap_keep_cell(&cx->heap, done->cycle_root);
    done->cycle_root = module;
  } while (done != module);
}

// A body that was set aside (a blocking host function, a pause) makes its module asynchronous. The modules whose turn
// comes after it in this evaluation wait until it has run (see run_ready).
static bool run_or_wait(Context *cx, Module *module) {
  bool is_asynchronous =
      module->pending_dependencies > 0 || module->has_top_level_await || module->evaluation_root->is_occupied;
  if (!is_asynchronous) context_let_park(cx);
  Value result = is_asynchronous ? VALUE_UNDEFINED : cx->hooks->run_module(cx, module);
  if (!is_asynchronous && result != VALUE_PARKED) return !value_is_abrupt(result);
  module->async_order = ++cx->module_async_counter;
  if (result == VALUE_PARKED) {
    body_is_set_aside(cx, module);
  } else if (module->pending_dependencies == 0 || !value_is_hole(module->late_error)) {
    if (module->evaluation_root->is_occupied) enqueue_ready(cx, module);
    else execute_async(cx, module);
  }
  return cx->termination == TERMINATION_NONE;
}

// The error of a module that a limit or an abort stopped: it is not evaluated again, and nobody may wait for it.
// Undefined: there is no memory for an error. The termination goes on.
static Value stopped_error(Context *cx, const Module *module) {
  Termination termination = cx->termination;
  cx->termination = TERMINATION_NONE;
  throw_type_error(cx, "the evaluation of module %v was stopped", module->name);
  Value error = exception_is_catchable(cx) ? exception_take(cx) : VALUE_UNDEFINED;
  cx->termination = termination;
  return error;
}

// During the evaluation its program was aborted, or a limit dropped jobs, perhaps those of this evaluation: it may
// never end, so it fails. Parts that wait for the host still end as they would have, but nobody is told.
static void fail_if_stopped(Context *cx, Module *module) {
  if (module->status != MODULE_EVALUATING_ASYNC) return;
  if (module->job_drops == cx->job_drops && !program_is_aborted(cx, module_program(module))) return;
  ROOTS(cx, r, error);
  r->error = stopped_error(cx, module);
  async_rejected(cx, module, r->error);
}

// False: its evaluation has failed before, which is thrown.
static MUST_CHECK bool needs_evaluation(Context *cx, Module *module, bool *out) {
  *out = false;
  if (module->is_synthetic) return true;
  fail_if_stopped(cx, module);
  if (module->status > MODULE_EVALUATING && !value_is_hole(module->error)) return throw_value(cx, module->error), false;
  *out = module->status < MODULE_EVALUATING;
  return true;
}

static Visit *last_visit(const Evaluation *evaluation) {
  return evaluation->visits.size ? (Visit *)(void *)(evaluation->visits.data + evaluation->visits.size) - 1 : NULL;
}

static MUST_CHECK bool begin_evaluation(Context *cx, Module *module, Evaluation *evaluation) {
  module->status = MODULE_EVALUATING;
  module->depth_index = module->depth_ancestor = evaluation->index++;
  module->pending_dependencies = 0;
  module->is_awaiting = false;
  cell_store(cx, &module->late_error, VALUE_HOLE);
  heap_keep_cell(&cx->heap, module->evaluation_root);
  module->evaluation_root = evaluation->root;
  module_set_program(module, cx->program);
  module->job_drops = cx->job_drops;
  module_stack_push(&evaluation->stack, module);
  size_t first = module_stack_count(&evaluation->dependencies);
  Visit visit = {module, first, first};
  buffer_append(&evaluation->visits, &visit, sizeof visit);
  if (evaluation->visits.failed) return context_throw_out_of_memory(cx), false;
  return module_stack_is_whole(cx, &evaluation->stack) && list_dependencies(cx, module, &evaluation->dependencies);
}

// A dependency of the module has been begun.
static MUST_CHECK bool note_dependency(Context *cx, Module *module, Module *requested) {
  if (requested->is_synthetic) return true;
  if (requested->status == MODULE_EVALUATING) {
    module->depth_ancestor = MIN_OF(module->depth_ancestor, requested->depth_ancestor);
  } else {
    requested = requested->cycle_root ? requested->cycle_root : requested;
    if (!value_is_hole(requested->error)) return throw_value(cx, requested->error), false;
  }
  if (!is_async_pending(requested)) return true;
  if (requested->has_top_level_await || requested->is_awaiting) module->is_awaiting = true;
  module->pending_dependencies++;
  return add_async_parent(cx, requested, module);
}

// Its dependencies have been begun.
static MUST_CHECK bool finish_visit(Context *cx, Visit visit, Evaluation *evaluation) {
  if (!run_or_wait(cx, visit.module)) return false;
  if (visit.module->depth_ancestor == visit.module->depth_index) settle_component(cx, visit.module, &evaluation->stack);
  evaluation->visits.size -= sizeof(Visit);
  const Visit *parent = last_visit(evaluation);
  return !parent || note_dependency(cx, parent->module, visit.module);
}

// A dependency has failed before. While a body is set aside that comes first, the module only notes the error, and
// throws it in its turn.
static MUST_CHECK bool fail_late(Context *cx, Visit *visit, const Evaluation *evaluation) {
  if (!evaluation->root->is_occupied || !exception_is_catchable(cx)) return false;
  visit->module->late_error = exception_take(cx);
  visit->next = module_stack_count(&evaluation->dependencies);
  return true;
}

// https://tc39.es/ecma262/#sec-innermoduleevaluation
static MUST_CHECK bool evaluate_graph(Context *cx, Evaluation *evaluation) {
  bool is_needed;
  if (!needs_evaluation(cx, evaluation->root, &is_needed)) return false;
  bool ok = !is_needed || begin_evaluation(cx, evaluation->root, evaluation);
  for (Visit *visit; ok && (visit = last_visit(evaluation)) != NULL;) {
    context_spend_step(cx);
    Module *module = visit->module;
    if (visit->next == module_stack_count(&evaluation->dependencies)) {
      evaluation->dependencies.buffer.size = visit->first * sizeof(Module *);
      ok = finish_visit(cx, *visit, evaluation);
      continue;
    }
    Module *requested = module_stack_at(&evaluation->dependencies, visit->next++);
    ok = needs_evaluation(cx, requested, &is_needed);
    if (ok) ok = is_needed ? begin_evaluation(cx, requested, evaluation) : note_dependency(cx, module, requested);
    if (!ok && !is_needed) ok = fail_late(cx, visit, evaluation);
  }
  return ok;
}

static void settle_promise(Context *cx, Module *module, Value error) {
  if (!value_is_object(module->promise)) return;
  Object *promise = value_as_object(module->promise);
  if (((Promise *)promise)->state != PROMISE_PENDING) return;
  bool ok =
      value_is_hole(error) ? promise_resolve_with(cx, promise, VALUE_UNDEFINED) : promise_reject(cx, promise, error);
  (void)ok;  // when out of memory or terminated, the context says so
}

static void fail_stack(Context *cx, Module *module, ModuleStack *stack, Value error) {
  while (module_stack_count(stack)) {
    Module *failed = module_stack_pop(stack);
    failed->status = MODULE_EVALUATED;
    cell_store(cx, &failed->error, error);
    heap_keep_cell(&cx->heap, failed->cycle_root);
    failed->cycle_root = failed;
  }
  if (module->status != MODULE_EVALUATED) {
    module->status = MODULE_EVALUATED;
    cell_store(cx, &module->error, error);
  }
  settle_promise(cx, module, error);
}

Value module_evaluate(Context *cx, Module *module) {
  ROOTS(cx, r, module, error);
  r->module = value_internal(module);
  if (!module->is_synthetic && module->status >= MODULE_EVALUATING_ASYNC && module->cycle_root)
    module = module->cycle_root;
  fail_if_stopped(cx, module);
  if (value_is_object(module->promise)) return module->promise;
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  module->promise = value_object(promise);
  Evaluation evaluation = {.root = module};
  module_stack_initialize(cx, &evaluation.stack);
  module_stack_initialize(cx, &evaluation.dependencies);
  buffer_initialize(&evaluation.visits, &cx->memory);
  if (evaluate_graph(cx, &evaluation)) {
    if (module->async_order == ASYNC_ORDER_UNSET || module->async_order == ASYNC_ORDER_DONE)
      settle_promise(cx, module, VALUE_HOLE);
  } else if (exception_is_catchable(cx)) {
    r->error = exception_take(cx);
    fail_stack(cx, module, &evaluation.stack, r->error);
  } else {
    r->error = stopped_error(cx, module);
    promise_mark_handled(cx, (Promise *)promise);  // the entry reports how it ended
    fail_stack(cx, module, &evaluation.stack, r->error);
  }
  module_stack_release(&evaluation.stack);
  module_stack_release(&evaluation.dependencies);
  buffer_release(&evaluation.visits);
  return exception_is_catchable(cx) ? module->promise : VALUE_ABRUPT;
}

// --- Asynchronous modules ---

// Modules whose dependencies are done, in the order in which they became asynchronous: linked through next_ready.
static void enqueue_ready(Context *cx, Module *module) {
  Module **link = &cx->ready_modules;
  while (*link && (*link)->async_order < module->async_order) {
    context_spend_step(cx);
    link = &(*link)->next_ready;
  }
  heap_keep_cell(&cx->heap, *link);
  module->next_ready = *link;
  *link = module;
}

// The next module that need not wait for the body of another module of its evaluation.
static Module *take_ready(Context *cx) {
  for (Module **link = &cx->ready_modules; *link; link = &(*link)->next_ready) {
    Module *module = *link;
    context_spend_step(cx);
    if (module->evaluation_root->is_occupied) continue;
    heap_keep_cell(&cx->heap, module);
    heap_keep_cell(&cx->heap, module->next_ready);
    *link = module->next_ready;
    module->next_ready = NULL;
    return module;
  }
  return NULL;
}

static void body_is_set_aside(Context *cx, Module *module) {
  module->evaluation_root->is_occupied = true;
  cx->hooks->module_parked(cx, value_internal(module));
}

// The parents that waited only for this module.
// https://tc39.es/ecma262/#sec-gather-available-ancestors  Not their ancestors as well: those follow when a parent is
// done.
static void release_parents(Context *cx, Module *module) {
  for (uint32_t i = 0; i < module->async_parent_count; i++) {
    Module *parent = async_parent(module, i);
    if (parent->cycle_root && !value_is_hole(parent->cycle_root->error)) continue;
    if (--parent->pending_dependencies == 0 && value_is_hole(parent->late_error)) enqueue_ready(cx, parent);
  }
}

static void finish_module(Context *cx, Module *module) {
  module->async_order = ASYNC_ORDER_DONE;
  module->status = MODULE_EVALUATED;
  settle_promise(cx, module, VALUE_HOLE);
  release_parents(cx, module);
}

static void run_ready_module(Context *cx, Module *module) {
  ROOTS(cx, r, result);
  if (!value_is_hole(module->late_error)) return fail_in_turn(cx, module, module->late_error);
  if (module->has_top_level_await) return execute_async(cx, module);
  context_let_park(cx);
  r->result = cx->hooks->run_module(cx, module);
  if (r->result == VALUE_PARKED) {
    body_is_set_aside(cx, module);
  } else if (!value_is_abrupt(r->result)) {
    finish_module(cx, module);
  } else if (exception_is_catchable(cx)) {
    r->result = exception_take(cx);
    fail_evaluation(cx, module, r->result);
  }
}

static void run_ready(Context *cx) {
  ROOTS(cx, r, module);
  for (Module *module; !cx->is_paused && cx->termination == TERMINATION_NONE && (module = take_ready(cx)) != NULL;) {
    if (module->status != MODULE_EVALUATING_ASYNC) continue;
    r->module = value_internal(module);
    uint32_t program = program_enter(cx, module_program(module));
    run_ready_module(cx, module);
    program_leave(cx, program);
  }
  if (cx->termination != TERMINATION_NONE) cx->ready_modules = NULL;
}

// https://tc39.es/ecma262/#sec-async-module-execution-fulfilled
static void async_fulfilled(Context *cx, Module *module) {
  if (module->status == MODULE_EVALUATED) return;
  finish_module(cx, module);
  run_ready(cx);
}

// https://tc39.es/ecma262/#sec-async-module-execution-rejected
static void async_rejected(Context *cx, Module *module, Value error) {
  ModuleStack pending;
  module_stack_initialize(cx, &pending);
  module_stack_push(&pending, module);
  while (module_stack_count(&pending) > 0) {
    Module *rejected = module_stack_pop(&pending);
    context_spend_step(cx);
    if (rejected->status < MODULE_EVALUATING || rejected->status == MODULE_EVALUATED) continue;
    cell_store(cx, &rejected->error, error);
    rejected->status = MODULE_EVALUATED;
    rejected->async_order = ASYNC_ORDER_DONE;
    settle_promise(cx, rejected, error);
    context_spend_steps(cx, rejected->async_parent_count);
    for (uint32_t i = rejected->async_parent_count; i-- > 0;) module_stack_push(&pending, async_parent(rejected, i));
  }
  (void)!module_stack_is_whole(cx, &pending);  // when out of memory, the context says so
  module_stack_release(&pending);
}

// --- The error of a body after it, or one before it, was set aside ---

// The modules that can be reached from this one, each once.
static MUST_CHECK bool list_graph(Context *cx, Module *root, ModuleStack *all) {
  module_stack_push(all, root);
  root->is_marked = true;
  for (size_t next = 0; next < module_stack_count(all); next++) {
    Module *module = module_stack_at(all, next);
    context_spend_steps(cx, 1 + module_request_count(module));
    for (uint32_t i = 0; i < module_request_count(module); i++) {
      if (module_request_phase(module, i) == MODULE_PHASE_SOURCE) continue;
      Module *requested = module_requested(module, i);
      if (requested->is_synthetic || requested->is_marked) continue;
      requested->is_marked = !all->buffer.failed;
      module_stack_push(all, requested);
    }
  }
  for (size_t i = 0; i < module_stack_count(all); i++)  // bounded: charged above
    module_stack_at(all, i)->is_marked = false;
  return module_stack_is_whole(cx, all);
}

// Whether the evaluation came to `module` only after the body of `failed`: it was begun later and finished later.
static bool is_begun_after(const Module *module, const Module *failed) {
  return module->evaluation_root == failed->evaluation_root && module->status == MODULE_EVALUATING_ASYNC &&
         is_async_pending(module) && module->depth_index > failed->depth_index &&
         module->async_order > failed->async_order;
}

// Whether its component was not complete when the body of `failed` had its turn: the component's root is an ancestor.
static bool is_begun_before(const Module *module, const Module *failed) {
  const Module *root = module->cycle_root;
  return module->evaluation_root == failed->evaluation_root && module->status >= MODULE_EVALUATING_ASYNC && root &&
         is_async_pending(root) && root->async_order >= failed->async_order &&
         root->depth_index <= failed->depth_index && !is_begun_after(module, failed);
}

// Whether another evaluation, begun while the body was set aside, needs this module.
static bool is_needed_elsewhere(Context *cx, const Module *module) {
  if (value_is_object(module->promise)) return true;
  context_spend_steps(cx, module->async_parent_count);
  for (uint32_t i = 0; i < module->async_parent_count; i++) {
    const Module *parent = async_parent(module, i);
    if (parent->evaluation_root != module->evaluation_root && parent->status < MODULE_EVALUATED) return true;
  }
  return false;
}

// Marks those of the modules after `failed` that another evaluation needs, with what they need themselves.
static MUST_CHECK bool mark_needed(Context *cx, const ModuleStack *all, const Module *failed) {
  ModuleStack pending;
  module_stack_initialize(cx, &pending);
  for (size_t i = 0; i < module_stack_count(all); i++) {
    Module *module = module_stack_at(all, i);
    context_spend_step(cx);
    if (is_begun_after(module, failed) && is_needed_elsewhere(cx, module)) module_stack_push(&pending, module);
  }
  while (module_stack_count(&pending) > 0) {
    Module *module = module_stack_pop(&pending);
    context_spend_step(cx);
    if (module->is_marked) continue;
    module->is_marked = true;
    context_spend_steps(cx, module_request_count(module));
    for (uint32_t i = 0; i < module_request_count(module); i++) {
      Module *requested = module_requested(module, i);
      if (!requested->is_synthetic && is_begun_after(requested, failed)) module_stack_push(&pending, requested);
    }
  }
  bool ok = module_stack_is_whole(cx, &pending);
  module_stack_release(&pending);
  return ok;
}

static void unlink_begun_early(Context *cx) {
  for (Module **link = &cx->ready_modules; *link;) {
    Module *module = *link;
    context_spend_step(cx);
    if (module->status == MODULE_EVALUATING_ASYNC) {
      link = &module->next_ready;
    } else {
      heap_keep_cell(&cx->heap, module);
      heap_keep_cell(&cx->heap, module->next_ready);
      *link = module->next_ready;
      module->next_ready = NULL;
    }
  }
}

static void drop_linked_parents(Context *cx, Module *module) {
  uint32_t count = 0;
  context_spend_steps(cx, module->async_parent_count);
  for (uint32_t i = 0; i < module->async_parent_count; i++) {
    Module *parent = async_parent(module, i);
    if (parent->status != MODULE_LINKED)
      cell_store(cx, &((Values *)value_as_cell(module->async_parents))->items[count++], value_internal(parent));
  }
  module->async_parent_count = count;
}

// The modules after `failed` have not run: they are as if this evaluation had not come to them.
static MUST_CHECK bool forget_begun_after(Context *cx, const ModuleStack *all, const Module *failed) {
  bool ok = mark_needed(cx, all, failed);
  size_t count = module_stack_count(all);
  context_spend_steps(cx, count);
  for (size_t i = 0; i < count; i++) {  // bounded: charged above
    Module *module = module_stack_at(all, i);
    if (ok && !module->is_marked && is_begun_after(module, failed)) {
      module->status = MODULE_LINKED;
      module->async_order = ASYNC_ORDER_UNSET;
      module->async_parent_count = 0;
      cell_store(cx, &module->async_parents, VALUE_UNDEFINED);
      cell_store(cx, &module->late_error, VALUE_HOLE);
      heap_keep_cell(&cx->heap, module->cycle_root);
      module->cycle_root = NULL;
    }
    module->is_marked = false;
  }
  for (size_t i = 0; i < count; i++) drop_linked_parents(cx, module_stack_at(all, i));
  unlink_begun_early(cx);
  return ok;
}

// A module has thrown that would have had its turn in module_evaluate(), had no body been set aside. The evaluation
// ends as it would have then: see fail_stack.
static void fail_in_turn(Context *cx, Module *module, Value error) {
  ModuleStack all, failed;
  module_stack_initialize(cx, &all);
  module_stack_initialize(cx, &failed);
  bool ok = list_graph(cx, module->evaluation_root, &all) && forget_begun_after(cx, &all, module);
  for (size_t i = 0; ok && i < module_stack_count(&all); i++) {
    Module *each = module_stack_at(&all, i);
    context_spend_step(cx);
    if (is_begun_before(each, module)) module_stack_push(&failed, each);
  }
  async_rejected(cx, module, error);
  for (size_t i = 0; i < module_stack_count(&failed); i++) {
    Module *each = module_stack_at(&failed, i);
    async_rejected(cx, each, error);
    cell_store(cx, &each->error, error);  // its own body may have ended well
  }
  (void)(ok && !module_stack_is_whole(cx, &failed));  // when out of memory, the context says so
  module_stack_release(&all);
  module_stack_release(&failed);
}

static void fail_evaluation(Context *cx, Module *module, Value error) {
  bool is_in_turn = !module->has_top_level_await && !module->is_awaiting && module->status == MODULE_EVALUATING_ASYNC;
  if (is_in_turn) fail_in_turn(cx, module, error);
  else async_rejected(cx, module, error);
}

static void async_settled(Context *cx, Value data, Value result, bool is_rejection) {
  Module *module = value_as_module(data);
  if (is_rejection) async_rejected(cx, module, result);
  else async_fulfilled(cx, module);
}

// `result`: of the body, a promise of its end.
static void follow_body(Context *cx, Module *module, Value result) {
  ROOTS(cx, r, promise, error);
  r->promise = result;
  if (value_is_abrupt(r->promise)) {
    if (!exception_is_catchable(cx)) return;
    r->error = exception_take(cx);
    r->promise = VALUE_UNDEFINED;
    Object *rejected = promise_create(cx);
    if (!rejected) return;
    r->promise = value_object(rejected);
    if (!promise_reject(cx, rejected, r->error)) return;
  }
  // When out of memory the module never settles; the context reports that.
  (void)!promise_then_native(cx, value_as_object(r->promise), async_settled, value_internal(module));
}

// https://tc39.es/ecma262/#sec-execute-async-module
static void execute_async(Context *cx, Module *module) {
  context_let_park(cx);
  Value result = cx->hooks->run_module(cx, module);
  if (result == VALUE_PARKED) body_is_set_aside(cx, module);
  else follow_body(cx, module, result);
}

void module_body_ended(Context *cx, Module *module, Value result, bool is_abrupt) {
  module->evaluation_root->is_occupied = false;
  if (is_abrupt && !exception_is_catchable(cx)) return;
  ROOTS(cx, r, module, result);
  r->module = value_internal(module);
  r->result = result;
  if (is_abrupt) fail_evaluation(cx, module, result);
  else if (module->has_top_level_await) follow_body(cx, module, result);
  else finish_module(cx, module);
  run_ready(cx);
}

// --- Deferred evaluation ---

// https://tc39.es/proposal-defer-import-eval/#sec-ReadyForSyncExecution
static MUST_CHECK bool is_ready(Context *cx, Module *module, bool *out) {
  ModuleStack seen, pending;
  module_stack_initialize(cx, &seen);
  module_stack_initialize(cx, &pending);
  module_stack_push(&pending, module);
  *out = true;
  while (*out && module_stack_count(&pending) > 0) {
    Module *next = module_stack_pop(&pending);
    if (next->is_synthetic || module_stack_has(cx, &seen, next)) continue;
    module_stack_push(&seen, next);
    if (is_component_evaluated(next)) continue;
    *out = next->status < MODULE_EVALUATING && !next->has_top_level_await;
    context_spend_steps(cx, module_request_count(next));
    for (uint32_t i = module_request_count(next); i-- > 0;)
      if (module_request_phase(next, i) != MODULE_PHASE_SOURCE) module_stack_push(&pending, module_requested(next, i));
  }
  bool ok = module_stack_is_whole(cx, &seen) && module_stack_is_whole(cx, &pending);
  module_stack_release(&seen);
  module_stack_release(&pending);
  return ok;
}

bool module_evaluate_synchronously(Context *cx, Module *module) {
  if (module->is_synthetic) return true;
  if (module->status == MODULE_EVALUATED) {
    if (value_is_hole(module->error)) return true;
    return throw_value(cx, module->error), false;
  }
  bool ready;
  if (!is_ready(cx, module, &ready)) return false;
  if (!ready) {
    throw_type_error(cx, "deferred module %v cannot be evaluated now: it or a dependency is still being evaluated",
                     module->name);
    return false;
  }
  ROOTS(cx, r, promise);
  r->promise = module_evaluate(cx, module);
  if (value_is_abrupt(r->promise)) return false;
  Promise *promise = (Promise *)value_as_object(r->promise);
  if (promise->state != PROMISE_REJECTED) return true;
  promise_mark_handled(cx, promise);
  throw_value(cx, promise->result);
  return false;
}

// Counts the evaluations that are still to come: a Record {count, promise}.
static void one_of_several_settled(Context *cx, Value data, Value result, bool is_rejection) {
  Record *record = (Record *)value_as_cell(data);
  Object *promise = value_as_object(record->items[1]);
  int32_t left = value_as_int(record->items[0]) - 1;
  record->items[0] = value_int(left);
  if (((Promise *)promise)->state != PROMISE_PENDING) return;
  bool ok = true;
  if (is_rejection) ok = promise_reject(cx, promise, result);
  else if (left == 0) ok = promise_resolve_with(cx, promise, VALUE_UNDEFINED);
  (void)ok;
}

static Value wait_for_all(Context *cx, const ModuleStack *modules) {
  ROOTS(cx, r, promise, record, each);
  size_t count = module_stack_count(modules);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  Record *record = record_create(cx, 0, 2);
  if (!record) return VALUE_ABRUPT;
  r->record = value_internal(record);
  record->items[0] = value_int((int32_t)count);
  record->items[1] = r->promise;
  for (size_t i = 0; i < count; i++) {
    r->each = module_evaluate(cx, module_stack_at(modules, i));
    if (value_is_abrupt(r->each)) return VALUE_ABRUPT;
    if (!promise_then_native(cx, value_as_object(r->each), one_of_several_settled, r->record)) return VALUE_ABRUPT;
  }
  return r->promise;
}

Value module_evaluate_async_dependencies(Context *cx, Module *module) {
  ModuleStack found;
  module_stack_initialize(cx, &found);
  Value result = VALUE_ABRUPT;
  if (gather_async(cx, module, &found))
    result = module_stack_count(&found) ? wait_for_all(cx, &found) : VALUE_UNDEFINED;
  module_stack_release(&found);
  return result;
}
