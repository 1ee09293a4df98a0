// Entry points; functions and their prologues.
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

#include "bytecode/prepared.h"

// --- Work ---

static uint32_t function_flags(const Compiler *c, const Function *function) {
  uint32_t flags = 0;
  if (function->is_strict) flags |= CODE_STRICT;
  if (function->is_generator) flags |= CODE_GENERATOR;
  if (function->is_async) flags |= CODE_ASYNC;
  if (c->options->self_hosted) flags |= CODE_SELF_HOSTED;
  switch ((FunctionKind)function->kind) {
    case FUNCTION_SCRIPT: flags |= CODE_SCRIPT; break;
    case FUNCTION_MODULE: flags |= CODE_MODULE | (function->has_await ? CODE_ASYNC : 0); break;
    case FUNCTION_EVAL: flags |= CODE_EVAL; break;
    case FUNCTION_ORDINARY:
      if (!function->is_async && !function->is_generator) flags |= CODE_HAS_CONSTRUCT;
      break;
    case FUNCTION_ARROW: flags |= CODE_ARROW; break;
    case FUNCTION_METHOD:
    case FUNCTION_GETTER:
    case FUNCTION_SETTER: flags |= CODE_METHOD; break;
    case FUNCTION_CLASS_CONSTRUCTOR:
      flags |= CODE_CLASS_CONSTRUCTOR | CODE_HAS_CONSTRUCT | CODE_STRICT | (function->is_derived ? CODE_DERIVED : 0);
      break;
    case FUNCTION_FIELD_INITIALIZER:
    case FUNCTION_STATIC_INITIALIZER: flags |= CODE_METHOD | CODE_FIELD_INITIALIZER | CODE_STRICT; break;
  }
  return flags;
}

static Work *add_work(Compiler *c, WorkKind kind, Value name, uint32_t flags) {
  if (c->failed) return NULL;
  Work *work = arena_new(&c->arena, Work);
  Code *code = work ? code_create(c->cx) : NULL;
  if (!code) {
    if (!work) context_throw_out_of_memory(c->cx);
    compiler_fail(c);
    return NULL;
  }
  code->name = name;
  code->source = c->source;
  code->flags = flags;
  *work = (Work){.kind = (uint8_t)kind, .code = code};
  *c->last_work = work;
  c->last_work = &work->next;
  return work;
}

Code *compiler_add_function(Compiler *c, Function *function, Value name) {
  // In a second pass over a function (long jumps) its inner functions are already on the list.
  if (function->compiler_data) return function->compiler_data;
  Work *work = add_work(c, WORK_FUNCTION, name, function_flags(c, function));
  if (!work) return NULL;
  work->function = function;
  work->code->source_start = function->start;
  work->code->source_end = function->end;
  work->code->length = function->length;
  function->compiler_data = work->code;
  return work->code;
}

Code *compiler_add_synthetic(Compiler *c, WorkKind kind, Class *class_, ClassElement *element, Value name,
                             uint32_t flags) {
  Work *work = add_work(c, kind, name, flags);
  if (!work) return NULL;
  work->class_ = class_;
  work->element = element;
  work->scope = c->scope;
  work->code->length = kind == WORK_ACCESSOR_SETTER;
  return work->code;
}

// --- Prologue ---

static Node *parameter_target(Node *node) {
  if (node->kind == NODE_PATTERN_DEFAULT) return node->assign.target;
  return node->kind == NODE_REST ? node->unary.operand : node;
}

static void place_implicit(Compiler *c, Binding *binding, Opcode opcode) {
  if (!binding) return;
  Register mark = c->top;
  Register value = binding_in_register(binding) ? (Register)binding->compiler_data : new_register(c);
  emit_r(c, opcode, value);
  if (!binding_in_register(binding)) store_binding(c, binding, value);
  c->top = mark;
}

static void bind_implicits(Compiler *c, Function *function) {
  Scope *scope = function->scope;
  if (function->kind == FUNCTION_ARROW || function->kind <= FUNCTION_EVAL) return;
  if (function->is_derived) {
    // `this` is captured: its environment slot starts in the dead zone.
    if (!scope->this_ || binding_in_register(scope->this_)) emit_r(c, OPCODE_load_uninitialized, REGISTER_THIS);
  } else if (scope->this_) {
    if (!(c->flags & CODE_STRICT)) emit_0(c, OPCODE_coerce_this);
    if (!binding_in_register(scope->this_)) store_binding(c, scope->this_, REGISTER_THIS);
  }
  place_implicit(c, scope->new_target, OPCODE_load_new_target);
  place_implicit(c, scope->home_object, OPCODE_load_home_object);
  place_implicit(c, scope->active_function, OPCODE_load_function);
  place_implicit(c, scope->function_name, OPCODE_load_function);
}

// Plain parameters that need no dead zone stay in the registers where the call puts them.
static void place_parameters(Function *function) {
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    Node *node = function->parameters.items[i];
    Node *target = parameter_target(node);
    if (target->kind != NODE_BINDING_IDENTIFIER) continue;
    Binding *binding = target->identifier.binding;
    if (!binding || binding->is_captured || binding->needs_tdz || node->kind == NODE_REST) continue;
    binding->compiler_data = REGISTER_FIRST_PARAMETER + i;
  }
}

// Allocates registers for parameters that cannot stay where the call put them.
static void declare_parameters(Compiler *c, Function *function) {
  for (Binding *binding = function->scope->bindings; binding; binding = binding->next) {
    if (binding->kind != BINDING_PARAMETER || binding->is_captured || binding->compiler_data) continue;
    Register place = new_register(c);
    binding->compiler_data = place;
    if (binding->needs_tdz) emit_r(c, OPCODE_load_uninitialized, place);
  }
}

static Value mapped_slots(Compiler *c, Function *function) {
  if (!function->has_mapped_arguments) return VALUE_UNDEFINED;
  uint32_t count = function->parameters.count;
  Values *slots = list_create(c, count);
  if (!slots) return VALUE_UNDEFINED;
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    slots->items[i] = value_int(-1);
    Node *target = function->parameters.items[i];
    Binding *binding = target->kind == NODE_BINDING_IDENTIFIER ? target->identifier.binding : NULL;
    if (!binding || !binding->is_captured) continue;
    if (binding->parameter_index != UINT32_MAX && binding->parameter_index != i) continue;
    slots->items[i] = value_int((int32_t)binding->slot);
    any = true;
  }
  (void)any;
  return value_internal(slots);
}

static void bind_arguments(Compiler *c, Function *function) {
  Binding *binding = function->scope->arguments;
  if (!binding || !function->uses_arguments) return;
  Register mark = c->top;
  Register value = binding_in_register(binding) ? (Register)binding->compiler_data : new_register(c);
  emit_rk(c, OPCODE_create_arguments, value, mapped_slots(c, function));
  if (!binding_in_register(binding)) store_binding(c, binding, value);
  c->top = mark;
}

static void bind_parameters(Compiler *c, Function *function) {
  // Simple parameters that are captured, duplicates in order.
  for (uint32_t i = 0; i < function->parameters.count && !c->failed; i++) {
    Register mark = c->top;
    Node *node = function->parameters.items[i];
    if (node->kind == NODE_REST) {
      Register rest = new_register(c);
      emit_ruu(c, OPCODE_create_rest, rest, i, 0);
      assign_target(c, node->unary.operand, rest, STORE_INITIALIZE);
      c->top = mark;
      break;
    }
    Register argument = REGISTER_FIRST_PARAMETER + i;
    Node *target = parameter_target(node);
    bool in_place = target->kind == NODE_BINDING_IDENTIFIER && target->identifier.binding &&
                    binding_in_register(target->identifier.binding) &&
                    (Register)target->identifier.binding->compiler_data == argument;
    if (node->kind == NODE_PATTERN_DEFAULT) {
      Label present = LABEL_NEW;
      emit_jump_if(c, OPCODE_jump_if_not_undefined, argument, &present);
      compile_named_value(c, node->assign.value, argument, target_name(c, target, node->assign.value));
      bind_label(c, &present);
    }
    if (target->kind == NODE_BINDING_IDENTIFIER) {
      // The register of an earlier duplicate belongs to no binding.
      bool is_duplicate = function->has_duplicate_parameters &&
                          target->identifier.binding->parameter_index != UINT32_MAX &&
                          target->identifier.binding->parameter_index != i;
      if (!in_place && !is_duplicate) store_binding(c, target->identifier.binding, argument);
    } else {
      assign_target(c, target, argument, STORE_INITIALIZE);
    }
    c->top = mark;
  }
}

static void open_body_scope(Compiler *c, Function *function) {
  Scope *scope = function->body_scope;
  if (!scope) return;
  open_scope_environment(c, scope);
  declare_scope(c, scope);
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (!binding->shadowed || (binding->kind == BINDING_FUNCTION && binding->declaration)) continue;
    Register mark = c->top;
    store_binding(c, binding, load_binding(c, binding->shadowed, ANY));
    c->top = mark;
  }
}

static bool function_has_rest(const Function *function) {
  uint32_t count = function->parameters.count;
  return count && function->parameters.items[count - 1]->kind == NODE_REST;
}

// Must come before the parameters, since their default values may read fields.
static void initialize_own_fields(Compiler *c, Class *class_) {
  if (!class_initializes_instances(class_)) return;
  Register active = new_register(c);
  emit_r(c, OPCODE_load_function, active);
  emit_initialize_fields(c, active, REGISTER_THIS);
  c->top = active;
}

static void function_prologue(Compiler *c, Function *function) {
  uint32_t count = function->parameters.count - function_has_rest(function);
  c->code->parameter_count = count;
  new_registers(c, count);
  if (function->is_async && !function->is_generator) emit_0(c, OPCODE_start_async);
  if (function->uses_arguments || function_has_rest(function)) {
    c->argument_list = new_register(c);
    c->flags |= CODE_NEEDS_ARGUMENT_LIST;
  }
  for (Binding *binding = function->scope->bindings; binding; binding = binding->next) binding->compiler_data = 0;
  place_parameters(function);
  open_scope_environment(c, function->scope);
  declare_parameters(c, function);
  declare_scope(c, function->scope);
  bind_implicits(c, function);
  bind_arguments(c, function);
  if (function->kind == FUNCTION_CLASS_CONSTRUCTOR && !function->is_derived) initialize_own_fields(c, function->class_);
  bind_parameters(c, function);
  open_body_scope(c, function);
  instantiate_functions(c, &function->hoisted_functions);
  if (function->is_generator) emit_0(c, OPCODE_create_generator);
}

// --- Programs ---

static uint32_t count_lexical(const Scope *scope) {
  uint32_t count = 0;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    count += binding_kind_is_lexical(binding->kind);
  }
  return count;
}

// The constant of declare_globals and declare_eval; see code.h.
static Value declarations(Compiler *c, Function *function, bool with_lexicals) {
  Scope *scope = function->scope;
  uint32_t lexicals = with_lexicals ? count_lexical(scope) : 0, vars = 0;
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    vars += !binding_kind_is_lexical(binding->kind) && !binding->declaration && binding->kind != BINDING_INTERNAL;
  }
  uint32_t functions = function->hoisted_functions.count;
  Values *list = list_create(c, 3 + 2 * (lexicals + functions + vars));
  if (!list) return VALUE_UNDEFINED;
  uint32_t at = 0;
  list->items[at++] = value_int((int32_t)lexicals);
  for (Binding *binding = scope->bindings; binding && with_lexicals; binding = binding->next) {
    if (!binding_kind_is_lexical(binding->kind)) continue;
    list->items[at++] = name_key(c, binding->name);
    list->items[at++] = value_int(binding_is_immutable(binding));
  }
  list->items[at++] = value_int((int32_t)functions);
  for (uint32_t i = 0; i < functions; i++) {
    Function *inner = function->hoisted_functions.items[i]->function.function;
    Value name = name_text(c, inner->name);
    Code *code = compiler_add_function(c, inner, name);
    list->items[at++] = name;
    list->items[at++] = code ? value_internal(code) : VALUE_UNDEFINED;
  }
  list->items[at++] = value_int((int32_t)vars);
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding_kind_is_lexical(binding->kind) || binding->declaration || binding->kind == BINDING_INTERNAL) continue;
    list->items[at++] = name_key(c, binding->name);
    list->items[at++] = value_int(binding->is_annex_b);
  }
  return value_internal(list);
}

static void program_prologue(Compiler *c, Function *function) {
  Scope *scope = function->scope;
  if (function->kind == FUNCTION_SCRIPT) {
    c->scope = scope;
    emit_uk(c, OPCODE_declare_globals, 0, declarations(c, function, true));
  } else if (function->kind == FUNCTION_MODULE) {
    module_prologue(c, function);
    return;
  } else if (scope->is_strict) {
    open_scope_environment(c, scope);
    declare_scope(c, scope);
    instantiate_functions(c, &function->hoisted_functions);
  } else {
    // Functions are made in the environment that holds the lexical names.
    open_scope_environment(c, scope);
    for (Binding *binding = scope->bindings; binding; binding = binding->next) {
      if (!binding_kind_is_lexical(binding->kind) || binding->is_captured) continue;
      binding->compiler_data = new_register(c);
      if (binding->needs_tdz) emit_r(c, OPCODE_load_uninitialized, (Register)binding->compiler_data);
    }
    emit_uk(c, OPCODE_declare_eval, 0, declarations(c, function, false));
  }
  c->completion = new_register(c);
  emit_r(c, OPCODE_load_undefined, c->completion);
}

// --- One function ---

static void begin_code(Compiler *c, Work *work) {
  assembler_reset(&c->assembler);
  c->function = work->function;
  c->code = work->code;
  c->flags = work->code->flags;
  c->scope = work->function ? work->function->scope->parent : work->scope;
  c->control = NULL;
  c->dispose = NULL;
  c->top = c->highest = REGISTER_FIRST_PARAMETER;
  c->kept_number = NULL;
  c->deferred = NULL;
  c->last_deferred = &c->deferred;
  c->deferred_count = 0;
  c->dispatches.size = 0;
  c->completion = NO_REGISTER;
  c->argument_list = 0;
  c->handler_depth = c->control_unwinds = c->environments = 0;
  c->strict_parts.size = 0;
}

static Value strict_parts(Compiler *c) {
  uint32_t count = (uint32_t)(c->strict_parts.size / sizeof(uint32_t));
  Values *list = list_create(c, count);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < count; i++)
    list->items[i] = value_int((int32_t)((uint32_t *)(void *)c->strict_parts.data)[i]);
  return value_internal(list);
}

static void compile_body(Compiler *c, Function *function) {
  Scope *scope = function->body_scope ? function->body_scope : function->scope;
  DisposeScope dispose;
  switch ((FunctionKind)function->kind) {
    case FUNCTION_SCRIPT:
    case FUNCTION_MODULE:
    case FUNCTION_EVAL: program_prologue(c, function); break;
    default: function_prologue(c, function);
  }
  if (function->kind == FUNCTION_FIELD_INITIALIZER) compile_field_initializer(c, function);
  else if (function->kind == FUNCTION_STATIC_INITIALIZER) compile_static_initializer(c, function);
  dispose_scope_begin(c, &dispose, scope);
  compile_statements(c, &function->body);
  dispose_scope_end(c, &dispose);
  if (c->completion != NO_REGISTER) {
    emit_r(c, OPCODE_return, c->completion);
  } else if (function->is_derived && function->kind == FUNCTION_CLASS_CONSTRUCTOR) {
    Register undefined = new_register(c);
    emit_r(c, OPCODE_load_undefined, undefined);
    uint32_t last = function->end ? function->end - 1 : 0;
    assembler_position_at(&c->assembler, last, function->end, last);
    emit_return(c, undefined);
  } else {
    emit_0(c, OPCODE_return_undefined);
  }
}

static void compile_work(Compiler *c, Work *work) {
  c->assembler.long_jumps = false;
  for (int pass = 0; pass < 2 && !c->failed; pass++) {
    begin_code(c, work);
    if (work->function) {
      compile_body(c, work->function);
    } else {
      if (work->kind == WORK_ACCESSOR_SETTER) {
        c->code->parameter_count = 1;
        new_register(c);
      }
      compile_synthetic(c, work);
    }
    compile_deferred(c);
    if (!c->assembler.needs_long_jumps) break;
    c->assembler.long_jumps = true;
  }
  if (c->failed) return;
  Code *code = work->code;
  code->flags = c->flags;
  code->register_count = c->highest + 1;
  code->argument_list = scaled(c->argument_list);
  if (c->strict_parts.size) code->strict_parts = strict_parts(c);
  if (!assembler_finish(&c->assembler, code)) c->failed = true;
  code->body_fuel = (code->instruction_count + code->parameter_count) >> FUEL_INSTRUCTIONS_SHIFT;
}

// --- Entry points ---

static void mark_with_scopes(Compiler *c, const Scope *root) {
  buffer_append(&c->spine, &root, sizeof root);
  while (c->spine.size && !c->has_with) {
    c->spine.size -= sizeof root;
    const Scope *scope = *(const Scope **)(void *)(c->spine.data + c->spine.size);
    for (; scope && !c->has_with; scope = scope->next_sibling) {
      if (scope->kind == SCOPE_WITH) c->has_with = true;
      if (scope->first_child) buffer_append(&c->spine, &scope->first_child, sizeof root);
    }
  }
  c->spine.size = 0;
}

static Value throw_syntax_error(Context *cx, const ParseError *error, TextView source, const CompileOptions *options) {
  ROOTS(cx, r, message, error, line);
  r->message = string_from_utf8(cx, error->message, strlen(error->message));
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *object = error_create(cx, ERROR_SYNTAX, r->message);
  if (!object) return VALUE_ABRUPT;
  r->error = value_object(object);
  uint32_t line, column;
  r->line = string_from_view(cx, parse_source_line(source, error->offset, &cx->fuel, &line, &column));
  if (value_is_abrupt(r->line)) return VALUE_ABRUPT;
  Value name = options->source_name ? options->source_name : VALUE_UNDEFINED;
  if (!error_set_location(cx, object, name, r->line, line, column, options->is_eval)) return VALUE_ABRUPT;
  return throw_value(cx, r->error);
}

static Value throw_parse_error(Context *cx, const ParseError *error, TextView source, const CompileOptions *options) {
  switch (error->status) {
    case PARSE_OUT_OF_MEMORY: return context_throw_out_of_memory(cx);
    case PARSE_INTERRUPTED: return context_throw_interrupted(cx);
    default: return throw_syntax_error(cx, error, source, options);
  }
}

static bool compiler_begin(Compiler *c, Context *cx, const CompileOptions *options) {
  *c = (Compiler){.cx = cx, .options = options};
  c->last_work = &c->work;
  arena_initialize(&c->arena, &cx->memory);
  assembler_initialize(&c->assembler, cx);
  buffer_initialize(&c->spine, &cx->memory);
  buffer_initialize(&c->dispatches, &cx->memory);
  buffer_initialize(&c->strict_parts, &cx->memory);
  return true;
}

static void compiler_end(Compiler *c) {
  buffer_release(&c->spine);
  buffer_release(&c->dispatches);
  buffer_release(&c->strict_parts);
  assembler_release(&c->assembler);
  arena_release(&c->arena);
}

static bool make_source_record(Compiler *c, Value source) {
  Record *record = record_create(c->cx, c->options->is_eval ? SOURCE_OF_EVAL : SOURCE_OF_PROGRAM, SOURCE_FIELDS);
  if (!record) return false;
  record->items[SOURCE_TEXT] = source;
  record->items[SOURCE_NAME] = c->options->source_name ? c->options->source_name : VALUE_UNDEFINED;
  c->source = value_internal(record);
  return true;
}

// Compiles the parsed program; its Code, or NULL (threw).
static Code *compile_program(Compiler *c, Value source) {
  if (!make_source_record(c, source)) return NULL;
  Function *function = c->program->function;
  mark_with_scopes(c, function->scope);
  Code *code = compiler_add_function(c, function, c->cx->names->empty);
  for (Work *work = c->work; work && !c->failed; work = work->next) compile_work(c, work);
  return c->failed ? NULL : code;
}

typedef enum Goal { GOAL_SCRIPT, GOAL_EVAL, GOAL_MODULE } Goal;

static Program *parse_goal(Compiler *c, Goal goal, TextView text, ParseError *error) {
  const CompileOptions *options = c->options;
  ParseOptions parse = {.arena = &c->arena,
                        .fuel = &c->cx->fuel,
                        .self_hosted = options->self_hosted,
                        .is_strict = options->is_strict || options->self_hosted};
  if (goal == GOAL_SCRIPT) return parse_script(text, &parse, error);
  if (goal == GOAL_MODULE) return parse_module(text, &parse, error);
  EvalOptions eval = {.outer = options->outer_scope,
                      .is_direct = options->is_direct_eval,
                      .is_strict = options->is_strict,
                      .in_function = options->in_function,
                      .in_method = options->in_method,
                      .in_derived_constructor = options->in_derived_constructor,
                      .in_class_field = options->in_class_field};
  return parse_eval(text, &eval, &parse, error);
}

// When memory gets short, collect first: there is no collection while compiling.
enum { COMPILER_LEAST_MEMORY = 256 * 1024 };
static void collect_before(Context *cx, uint32_t length) {
  size_t wanted = (size_t)length * 64 + COMPILER_LEAST_MEMORY;
  size_t left = cx->memory.limit - MIN_OF(cx->memory.used, cx->memory.limit);
  if (cx->heap.forbid_collection) return;
  if (wanted > left) heap_collect_if_stale(&cx->heap);
  else heap_catch_up(&cx->heap);
}

// What a prepared program would be in another runtime.
static Value copied_for_tests(Context *cx, Value program, const CompileOptions *options) {
  if (LIKELY(!cx->copies_programs) || value_is_abrupt(program) || options->self_hosted) return program;
  Buffer bytes;
  buffer_initialize(&bytes, &cx->memory);
  Value name = options->source_name ? options->source_name : VALUE_UNDEFINED;
  Value copy = prepared_write(cx, program, &bytes) ? prepared_read(cx, bytes.data, bytes.size, name) : VALUE_ABRUPT;
  buffer_release(&bytes);
  return copy;
}

// Compilation allocates almost only what stays alive (Code and its parts), so it does not collect, and nothing that it
// holds needs a root. The memory limit still applies.
static Value compile_goal(Context *cx, const CompileOptions *options, Goal goal) {
  TextView text;
  if (!string_view(cx, value_as_string(options->source), &text)) return VALUE_ABRUPT;
  bool saved = cx->heap.forbid_collection;
  collect_before(cx, text.length);
  Compiler compiler;
  compiler_begin(&compiler, cx, options);
  ParseError error = {0};
  compiler.program = parse_goal(&compiler, goal, text, &error);
  Value result = VALUE_ABRUPT;
  if (compiler.program) {
    cx->heap.forbid_collection = true;
    Code *code = compile_program(&compiler, options->source);
    if (code) result = goal == GOAL_MODULE ? make_module(&compiler, code) : value_internal(code);
    cx->heap.forbid_collection = saved;
  }
  compiler_end(&compiler);
  if (!compiler.program) return throw_parse_error(cx, &error, text, options);
  return copied_for_tests(cx, result, options);
}

Value compile_script(Context *cx, const CompileOptions *options) { return compile_goal(cx, options, GOAL_SCRIPT); }

Value compile_module(Context *cx, const CompileOptions *options) { return compile_goal(cx, options, GOAL_MODULE); }

Value compile_eval(Context *cx, const CompileOptions *options) { return compile_goal(cx, options, GOAL_EVAL); }

static Value compile_dynamic(Compiler *c, DynamicFunctionKind kind, TextView parameters, TextView body) {
  Context *cx = c->cx;
  ParseOptions parse = {.arena = &c->arena, .fuel = &cx->fuel};
  ParseError error = {0};
  bool is_async = kind == DYNAMIC_ASYNC || kind == DYNAMIC_ASYNC_GENERATOR;
  bool is_generator = kind == DYNAMIC_GENERATOR || kind == DYNAMIC_ASYNC_GENERATOR;
  c->program = parse_dynamic_function(parameters, body, is_async, is_generator, &parse, &error);
  if (!c->program) return throw_parse_error(cx, &error, text_view_literal(""), c->options);
  ROOTS(cx, r, source);
  r->source = string_from_view(cx, c->program->source);
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  bool saved = cx->heap.forbid_collection;
  cx->heap.forbid_collection = true;
  Code *code = compile_program(c, r->source);
  cx->heap.forbid_collection = saved;
  return code ? value_internal(code) : VALUE_ABRUPT;
}

Value compile_dynamic_function(Context *cx, DynamicFunctionKind kind, Value parameters, Value body, Value source_name) {
  TextView parameter_text, body_text;
  if (!string_view(cx, value_as_string(parameters), &parameter_text)) return VALUE_ABRUPT;
  if (!string_view(cx, value_as_string(body), &body_text)) return VALUE_ABRUPT;
  CompileOptions options = {.source_name = source_name, .is_eval = true};
  collect_before(cx, parameter_text.length + body_text.length);
  Compiler compiler;
  compiler_begin(&compiler, cx, &options);
  Value result = compile_dynamic(&compiler, kind, parameter_text, body_text);
  compiler_end(&compiler);
  return copied_for_tests(cx, result, &options);
}
