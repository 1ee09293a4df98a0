// Evaluating module graphs, top-level await included.
// https://tc39.es/ecma262/#sec-moduleevaluation
#include "runtime/errors.h"
#include "runtime/functions.h"
#include "runtime/hooks.h"
#include "runtime/module_stack.h"
#include "runtime/programs.h"
#include "runtime/promises.h"
#include "runtime/replay.h"

// An evaluation is kept in its modules, since the body of a deferred one may be set aside. The root knows the modules
// whose component is not complete (`open`, linked through next_open), and the one whose dependencies are begun one
// after the other (`visited`, linked through visitor to the root).

static void execute_async(Context *cx, Module *module);
static void body_is_set_aside(Context *cx, Module *module);
static void enqueue_ready(Context *cx, Module *module);
static void async_rejected(Context *cx, Module *module, Value error);
static void fail_evaluation(Context *cx, Module *module, Value error);
static void fail_in_turn(Context *cx, Module *module, Value error);
static void fail_open(Context *cx, Module *root, Value error);
static void release_waiting(Context *cx, Module *module);

static bool is_async_pending(const Module *module) {
  return module->async_order != ASYNC_ORDER_UNSET && module->async_order != ASYNC_ORDER_DONE;
}

// Before fields of the module change that refer to cells: with no allocation in between.
static void module_changes(Context *cx, Module *module) { heap_keep_contents(&cx->heap, &module->cell); }

static bool add_async_parent(Context *cx, Module *module, Module *parent) {
  uint32_t capacity = value_is_internal(module->async_parents) ? values_count(module_list(module->async_parents)) : 0;
  if (module->async_parent_count == capacity) {
    Values *grown = values_create(cx, capacity ? capacity * 2 : 4);
    if (!grown) return false;
    for (uint32_t i = 0; i < capacity; i++) grown->items[i] = module_list(module->async_parents)->items[i];
    module_changes(cx, module);
    module->async_parents = value_internal(grown);
  }
  Values *parents = (Values *)value_as_cell(module->async_parents);
  cell_store(cx, &parents->items[module->async_parent_count++], value_internal(parent));
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

static void settle_promise(Context *cx, Module *module, Value error) {
  if (!value_is_object(module->promise)) return;
  Object *promise = value_as_object(module->promise);
  if (((Promise *)promise)->state != PROMISE_PENDING) return;
  bool ok =
      value_is_hole(error) ? promise_resolve_with(cx, promise, VALUE_UNDEFINED) : promise_reject(cx, promise, error);
  (void)ok;  // when out of memory or terminated, the context says so
}

static Module *pop_open(Context *cx, Module *root) {
  Module *module = root->open;
  module_changes(cx, root);
  module_changes(cx, module);
  root->open = module->next_open;
  module->next_open = NULL;
  return module;
}

static void settle_component(Context *cx, Module *module) {
  Module *done;
  do {
    done = pop_open(cx, module->evaluation_root);
    done->status = done->async_order == ASYNC_ORDER_UNSET ? MODULE_EVALUATED : MODULE_EVALUATING_ASYNC;
    module_changes(cx, done);
    done->cycle_root = module;
    if (done->status == MODULE_EVALUATED) release_waiting(cx, done);
    context_spend_step(cx);
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
  if (module->status == MODULE_EVALUATING && module->evaluation_root->is_deferred &&
      !cx->hooks->is_evaluating(cx, value_internal(module->evaluation_root))) {
    ROOTS(cx, r, error);  // a limit or an abort has unwound its frame
    r->error = stopped_error(cx, module);
    fail_open(cx, module->evaluation_root, r->error);
    return;
  }
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

static MUST_CHECK bool begin_evaluation(Context *cx, Module *module, Module *root) {
  module->status = MODULE_EVALUATING;
  module->depth_index = module->depth_ancestor = root->evaluation_index++;
  module->pending_dependencies = 0;
  module->is_awaiting = false;
  module_changes(cx, module);
  module->late_error = VALUE_HOLE;
  module->evaluation_root = root;
  module_set_program(module, cx->program);
  module->job_drops = cx->job_drops;
  module_changes(cx, module);
  module_changes(cx, root);
  module->next_open = root->open;
  root->open = module;
  module->visitor = root->visited;
  root->visited = module;
  module->next_dependency = 0;
  ModuleStack found;
  module_stack_initialize(cx, &found);
  bool ok = list_dependencies(cx, module, &found);
  uint32_t count = (uint32_t)module_stack_count(&found);
  Values *dependencies = ok ? values_create(cx, count) : NULL;
  if (dependencies) {
    for (uint32_t i = 0; i < count; i++)  // bounded: charged when it was listed
      dependencies->items[i] = value_internal(module_stack_at(&found, i));
    module_changes(cx, module);
    module->dependencies = value_internal(dependencies);
  }
  module_stack_release(&found);
  return dependencies != NULL;
}

// A dependency of the module has been begun.
static MUST_CHECK bool note_dependency(Context *cx, Module *module, Module *requested) {
  if (requested->is_synthetic) return true;
  if (requested->status == MODULE_EVALUATING && requested->evaluation_root != module->evaluation_root) {
    // Of a deferred evaluation that is set aside, or of one around this one: release_waiting tells its end.
    module->is_awaiting = true;
    module->pending_dependencies++;
    return add_async_parent(cx, requested, module);
  }
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

// Its dependencies have been begun, and its body has run or waits for its turn.
static MUST_CHECK bool finish_visit(Context *cx, Module *root) {
  Module *module = root->visited;
  if (module->depth_ancestor == module->depth_index) settle_component(cx, module);
  module_changes(cx, root);
  module_changes(cx, module);
  root->visited = module->visitor;
  module->visitor = NULL;
  module->dependencies = VALUE_UNDEFINED;
  return !root->visited || note_dependency(cx, root->visited, module);
}

// A dependency has failed before. While a body is set aside that comes first, the module only notes the error, and
// throws it in its turn.
static MUST_CHECK bool fail_late(Context *cx, Module *module) {
  if (!module->evaluation_root->is_occupied || !exception_is_catchable(cx)) return false;
  Value error = exception_take(cx);
  module_changes(cx, module);
  module->late_error = error;
  module->next_dependency = values_count(module_list(module->dependencies));
  return true;
}

// Begins dependencies until the next body has its turn, that of root->visited; NULL: there is none left.
static MUST_CHECK bool visit_dependencies(Context *cx, Module *root) {
  bool ok = true;
  for (Module *module; ok && (module = root->visited) != NULL;) {
    context_spend_step(cx);
    const Values *dependencies = module_list(module->dependencies);
    if (module->next_dependency == values_count(dependencies)) return true;
    Module *requested = value_as_module(dependencies->items[module->next_dependency++]);
    bool is_needed;
    ok = needs_evaluation(cx, requested, &is_needed);
    if (ok) ok = is_needed ? begin_evaluation(cx, requested, root) : note_dependency(cx, module, requested);
    if (!ok && !is_needed) ok = fail_late(cx, module);
  }
  return ok;
}

static MUST_CHECK bool begin_with_root(Context *cx, Module *root) {
  bool is_needed;
  module_changes(cx, root);
  root->open = root->visited = NULL;
  root->evaluation_index = 0;
  return needs_evaluation(cx, root, &is_needed) && (!is_needed || begin_evaluation(cx, root, root));
}

// https://tc39.es/ecma262/#sec-innermoduleevaluation
static MUST_CHECK bool evaluate_graph(Context *cx, Module *root) {
  bool ok = begin_with_root(cx, root) && visit_dependencies(cx, root);
  while (ok && root->visited)
    ok = run_or_wait(cx, root->visited) && finish_visit(cx, root) && visit_dependencies(cx, root);
  return ok;
}

static void fail_open(Context *cx, Module *root, Value error) {
  module_changes(cx, root);
  root->visited = NULL;
  root->is_deferred = false;
  for (bool is_left = true; is_left;) {
    is_left = root->open != NULL;
    Module *failed = is_left ? pop_open(cx, root) : root;
    context_spend_step(cx);
    if (!is_left && failed->status == MODULE_EVALUATED) break;
    failed->status = MODULE_EVALUATED;
    module_changes(cx, failed);
    failed->error = error;
    failed->visitor = NULL;
    failed->dependencies = VALUE_UNDEFINED;
    if (!is_left) break;
    module_changes(cx, failed);
    failed->cycle_root = failed;
    settle_promise(cx, failed, error);
    context_spend_steps(cx, failed->async_parent_count);
    for (uint32_t i = 0; i < failed->async_parent_count; i++) async_rejected(cx, async_parent(failed, i), error);
  }
  settle_promise(cx, root, error);
}

// The promise of the evaluation that begins now, or that was begun before; VALUE_ABRUPT: no memory.
static MUST_CHECK bool make_promise(Context *cx, Module *module) {
  Object *promise = promise_create(cx);
  module_changes(cx, module);
  if (promise) module->promise = value_object(promise);
  return promise != NULL;
}

// The evaluation is over, or goes on asynchronously. `ok` false: it threw.
static void end_evaluation(Context *cx, Module *module, bool ok) {
  ROOTS(cx, r, error);
  if (ok) {
    if (!is_async_pending(module)) settle_promise(cx, module, VALUE_HOLE);
  } else if (exception_is_catchable(cx)) {
    r->error = exception_take(cx);
    fail_open(cx, module, r->error);
  } else {
    r->error = stopped_error(cx, module);
    promise_mark_handled(cx, (Promise *)value_as_object(module->promise));  // the entry reports how it ended
    fail_open(cx, module, r->error);
  }
}

Value module_evaluate(Context *cx, Module *module) {
  ROOTS(cx, r, module);
  r->module = value_internal(module);
  if (!module->is_synthetic && module->status >= MODULE_EVALUATING_ASYNC && module->cycle_root)
    module = module->cycle_root;
  fail_if_stopped(cx, module);
  if (value_is_object(module->promise)) return module->promise;
  if (!make_promise(cx, module)) return VALUE_ABRUPT;
  // Another evaluation has begun it and is set aside, or runs the code that asks: the promise is settled there.
  if (module->status == MODULE_EVALUATING) return module->promise;
  end_evaluation(cx, module, evaluate_graph(cx, module));
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
  module_changes(cx, module);
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
    module_changes(cx, module);
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
    module_changes(cx, rejected);
    rejected->error = error;
    rejected->status = MODULE_EVALUATED;
    rejected->async_order = ASYNC_ORDER_DONE;
    settle_promise(cx, rejected, error);
    context_spend_steps(cx, rejected->async_parent_count);
    for (uint32_t i = rejected->async_parent_count; i-- > 0;) module_stack_push(&pending, async_parent(rejected, i));
  }
  (void)!module_stack_is_whole(cx, &pending);  // when out of memory, the context says so
  module_stack_release(&pending);
}

static void ready_in_job(Context *cx, Value data, Value result, bool is_rejection) {
  (void)data, (void)result, (void)is_rejection;
  run_ready(cx);
}

// It has been evaluated. Modules of other evaluations may wait for it, which run in a job.
static void release_waiting(Context *cx, Module *module) {
  settle_promise(cx, module, VALUE_HOLE);
  if (module->async_parent_count == 0) return;
  release_parents(cx, module);
  ROOTS(cx, r, promise);
  Object *promise = promise_create(cx);
  if (!promise) return;
  r->promise = value_object(promise);
  bool ok = promise_resolve_with(cx, promise, VALUE_UNDEFINED) &&
            promise_then_native(cx, promise, ready_in_job, VALUE_UNDEFINED);
  (void)ok;  // when out of memory, the context says so
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
      module_changes(cx, module);
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
      module_changes(cx, module);
      module->async_parents = VALUE_UNDEFINED;
      module->late_error = VALUE_HOLE;
      module->cycle_root = NULL;
    }
    module->is_marked = false;
  }
  for (size_t i = 0; i < count; i++) drop_linked_parents(cx, module_stack_at(all, i));
  unlink_begun_early(cx);
  return ok;
}

// A module has thrown that would have had its turn in module_evaluate(), had no body been set aside. The evaluation
// ends as it would have then: see fail_open.
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
    module_changes(cx, each);
    each->error = error;  // its own body may have ended well
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

static bool throw_not_ready(Context *cx, const Module *module) {
  throw_type_error(cx, "deferred module %v cannot be evaluated now: it or a dependency is still being evaluated",
                   module->name);
  return false;
}

// The next body as a function; undefined: the evaluation is over.
static Value next_deferred_body(Context *cx, Module *root, bool ok) {
  ROOTS(cx, r, body);
  while (ok && (ok = visit_dependencies(cx, root)) && root->visited) {
    Module *module = root->visited;
    if (module->pending_dependencies == 0) {
      Realm *realm = cx->realm;
      cx->realm = module->realm;
      r->body = cx->hooks->close_over(cx, (Code *)value_as_cell(module->code), module->environment);
      cx->realm = realm;
      if (!value_is_abrupt(r->body)) return r->body;
      ok = false;
    } else {  // while a body was set aside, another evaluation has begun a dependency, and will end this one
      ok = run_or_wait(cx, module) && finish_visit(cx, root);
    }
  }
  end_evaluation(cx, root, ok);
  root->is_deferred = false;
  Promise *promise = (Promise *)value_as_object(root->promise);
  if (exception_is_catchable(cx) && promise->state == PROMISE_REJECTED) {
    promise_mark_handled(cx, promise);
    return throw_value(cx, promise->result);
  }
  if (!exception_is_catchable(cx) || (is_async_pending(root) && !throw_not_ready(cx, root))) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// %DeferredBegin(module), %DeferredNext(module), %DeferredFail(module, error): each gives the next body.
Value module_deferred_begin(Context *cx, Module *module) {
  if (!make_promise(cx, module)) return VALUE_ABRUPT;
  bool ok = begin_with_root(cx, module);
  module->is_deferred = true;
  return next_deferred_body(cx, module, ok);
}

Value module_deferred_next(Context *cx, Module *module) {
  if (!value_is_hole(module->error)) return throw_value(cx, module->error);  // it was stopped meanwhile
  return next_deferred_body(cx, module, finish_visit(cx, module));
}

Value module_deferred_fail(Context *cx, Module *module, Value error) {
  if (value_is_hole(module->error)) (void)throw_value(cx, error);
  else (void)throw_value(cx, module->error);
  return next_deferred_body(cx, module, false);
}

bool module_evaluate_synchronously(Context *cx, Module *module) {
  if (module->is_synthetic) return true;
  ROOTS(cx, r, function, module);
  bool is_repeating = replay_is_repeating(cx);
  if (!is_repeating) fail_if_stopped(cx, module);
  bool is_evaluated = module->status == MODULE_EVALUATED;
  if (!replay_note_flag(cx, &is_evaluated)) return false;
  if (is_evaluated) return value_is_hole(module->error) || !value_is_abrupt(throw_value(cx, module->error));
  if (!is_repeating) {
    bool ready;
    if (!is_ready(cx, module, &ready)) return false;
    if (!ready) return throw_not_ready(cx, module);
  }
  // A frame of self-hosted code (builtins/control/modules.js) calls the bodies.
  r->module = value_internal(module);
  r->function = cx->hooks->self_hosted(cx, module->realm, "EvaluateDeferred");
  return !value_is_abrupt(r->function) &&
         !value_is_abrupt(function_call(cx, r->function, VALUE_UNDEFINED, &r->module, 1));
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
