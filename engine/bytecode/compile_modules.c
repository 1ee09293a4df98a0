// Module records out of parsed modules. https://tc39.es/ecma262/#sec-parsemodule
// Loops here are bounded: each round compiles or counts a part of the tree; every node pays when it is entered
// (compiler_enter).
#include "bytecode/compiler.h"

static uint32_t count_initial(const Scope *scope) {
  uint32_t count = 0;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) {
    count += binding->is_captured && (binding->kind == BINDING_VAR || binding->declaration);
  }
  return count;
}

// Captured functions exist before the module runs, since modules in a cycle with this one may call them.
static void collect_initial(Compiler *c, Scope *scope) {
  Values *list = list_create(c, count_initial(scope) * INITIAL_FIELDS);
  if (!list) return;
  Value *row = list->items;
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (!binding->is_captured || (binding->kind != BINDING_VAR && !binding->declaration)) continue;
    row[INITIAL_SLOT] = value_int((int32_t)binding->slot);
    row[INITIAL_VALUE] = VALUE_UNDEFINED;
    if (binding->declaration) {
      Function *function = binding->declaration->function.function;
      bool is_named = function->name && function->name->well_known != NAME_star_default;
      Code *code = compiler_add_function(c, function, is_named ? name_text(c, function->name) : c->cx->names->default_);
      if (code) row[INITIAL_VALUE] = value_internal(code);
    }
    row += INITIAL_FIELDS;
  }
  c->module_initial = value_internal(list);
}

void module_prologue(Compiler *c, Function *function) {
  Scope *scope = function->scope;
  c->scope = scope;
  if (function->has_await) emit_0(c, OPCODE_start_async);
  collect_initial(c, scope);
  for (Binding *binding = scope->bindings; binding; binding = binding->next) {
    if (binding->is_captured) continue;
    Register place = new_register(c);
    binding->compiler_data = place;
    if (binding->declaration) continue;
    if (binding->kind == BINDING_VAR) emit_r(c, OPCODE_load_undefined, place);
    else if (binding->needs_tdz) emit_r(c, OPCODE_load_uninitialized, place);
  }
  NodeList *functions = &scope->hoisted_functions;
  for (uint32_t i = 0; i < functions->count; i++) {
    if (functions->items[i]->function.binding->is_captured) continue;
    NodeList one = {&functions->items[i], 1};
    instantiate_functions(c, &one);
  }
}

static PropertyKey export_key(Compiler *c, Name *name) { return name ? name_key(c, name) : VALUE_UNDEFINED; }

static Value make_attributes(Compiler *c, const ModuleRequest *request) {
  if (!request->attribute_count) return VALUE_UNDEFINED;
  Values *list = list_create(c, 2 * request->attribute_count);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < request->attribute_count; i++) {
    list->items[2 * i] = text_constant(c, request->attributes[i].key);
    list->items[2 * i + 1] = text_constant(c, request->attributes[i].value);
  }
  return value_internal(list);
}

static Value make_requests(Compiler *c, const Program *program) {
  Values *list = list_create(c, program->module_request_count * MODULE_REQUEST_FIELDS);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < program->module_request_count; i++) {
    const ModuleRequest *request = &program->module_requests[i];
    Value *row = &list->items[i * MODULE_REQUEST_FIELDS];
    row[REQUEST_SPECIFIER] = text_constant(c, request->specifier);
    row[REQUEST_ATTRIBUTES] = make_attributes(c, request);
    row[REQUEST_PHASE] = value_int(request->phase);
    row[REQUEST_MODULE] = VALUE_UNDEFINED;
    row[REQUEST_PLACE] = value_unsigned(request->start);
  }
  return value_internal(list);
}

static Value make_imports(Compiler *c, const Program *program) {
  Values *list = list_create(c, program->import_entry_count * IMPORT_FIELDS);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < program->import_entry_count; i++) {
    const ImportEntry *entry = &program->import_entries[i];
    Value *row = &list->items[i * IMPORT_FIELDS];
    row[IMPORT_REQUEST] = value_int((int32_t)entry->request);
    row[IMPORT_NAME] = export_key(c, entry->import_name);
    row[IMPORT_SLOT] = value_int((int32_t)entry->binding->slot);
    row[IMPORT_PLACE] = value_unsigned(entry->start);
  }
  return value_internal(list);
}

static Value make_local_exports(Compiler *c, const Program *program) {
  Values *list = list_create(c, program->local_export_count * LOCAL_EXPORT_FIELDS);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < program->local_export_count; i++) {
    const ExportEntry *entry = &program->local_exports[i];
    list->items[i * LOCAL_EXPORT_FIELDS + LOCAL_EXPORT_NAME] = export_key(c, entry->export_name);
    list->items[i * LOCAL_EXPORT_FIELDS + LOCAL_EXPORT_SLOT] = value_int((int32_t)entry->binding->slot);
  }
  return value_internal(list);
}

static Value make_indirect_exports(Compiler *c, const Program *program) {
  Values *list = list_create(c, program->indirect_export_count * INDIRECT_EXPORT_FIELDS);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < program->indirect_export_count; i++) {
    const ExportEntry *entry = &program->indirect_exports[i];
    Value *row = &list->items[i * INDIRECT_EXPORT_FIELDS];
    row[INDIRECT_EXPORT_NAME] = export_key(c, entry->export_name);
    row[INDIRECT_EXPORT_REQUEST] = value_int((int32_t)entry->request);
    row[INDIRECT_EXPORT_IMPORT] = export_key(c, entry->import_name);
    row[INDIRECT_EXPORT_PLACE] = value_unsigned(entry->start);
  }
  return value_internal(list);
}

static Value make_star_exports(Compiler *c, const Program *program) {
  Values *list = list_create(c, program->star_export_count);
  if (!list) return VALUE_UNDEFINED;
  for (uint32_t i = 0; i < program->star_export_count; i++) {
    list->items[i] = value_int((int32_t)program->star_exports[i].request);
  }
  return value_internal(list);
}

Value make_module(Compiler *c, Code *code) {
  const Program *program = c->program;
  Scope *scope = program->function->scope;
  Module *module = module_create(c->cx);
  if (!module) return VALUE_ABRUPT;
  module->name = c->options->source_name ? c->options->source_name : VALUE_UNDEFINED;
  module->code = value_internal(code);
  module->source = c->source;
  module->names = make_scope_names(c, scope);
  module->slot_count = scope->slot_count;
  module->has_top_level_await = program->function->has_await;
  module->requests = make_requests(c, program);
  module->imports = make_imports(c, program);
  module->local_exports = make_local_exports(c, program);
  module->indirect_exports = make_indirect_exports(c, program);
  module->star_exports = make_star_exports(c, program);
  module->initial = c->module_initial;
  ((Record *)value_as_cell(c->source))->items[SOURCE_MODULE] = value_internal(module);
  return c->failed ? VALUE_ABRUPT : value_internal(module);
}
