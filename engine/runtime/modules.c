// Module cells, export resolution and linking.
#include "runtime/modules.h"

#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/programs.h"

Module *module_create(Context *cx) {
  Module *module = context_allocate(cx, CELL_MODULE, sizeof(Module));
  if (!module) return NULL;
  module->realm = cx->realm;
  module->name = module->code = module->source = module->names = VALUE_UNDEFINED;
  module->requests = module->imports = module->local_exports = VALUE_UNDEFINED;
  module->indirect_exports = module->star_exports = module->initial = VALUE_UNDEFINED;
  module->namespace = module->deferred_namespace = module->meta = module->module_source = VALUE_UNDEFINED;
  module->error = VALUE_HOLE;
  module->promise = module->async_parents = VALUE_UNDEFINED;
  return module;
}

void module_trace(Tracer *tracer, Cell *cell) {
  Module *module = (Module *)cell;
  program_note_reachable(tracer_owner(tracer), module_program(module));
  const Value values[] = {
      module->name,          module->code,          module->source,        module->names,
      module->requests,      module->imports,       module->local_exports, module->indirect_exports,
      module->star_exports,  module->initial,       module->namespace,     module->deferred_namespace,
      module->meta,          module->module_source, module->error,         module->promise,
      module->async_parents,
  };
  tracer_visit_values(tracer, values, COUNT_OF(values));
  tracer_visit_cell(tracer, module->realm);
  tracer_visit_cell(tracer, module->environment);
  tracer_visit_cell(tracer, module->cycle_root);
  tracer_visit_cell(tracer, module->evaluation_root);
  tracer_visit_cell(tracer, module->next_ready);
}

static Value empty_list(Context *cx) {
  Values *list = values_create(cx, 0);
  return list ? value_internal(list) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-createsyntheticmodule
Module *module_create_synthetic(Context *cx, Value name, const Value *keys, const Value *values, uint32_t count) {
  ROOTS(cx, r, module, empty, exports);
  Module *module = module_create(cx);
  if (!module) return NULL;
  r->module = value_internal(module);
  r->empty = empty_list(cx);
  if (value_is_abrupt(r->empty)) return NULL;
  Values *exports = values_create(cx, count * LOCAL_EXPORT_FIELDS);
  if (!exports) return NULL;
  r->exports = value_internal(exports);
  module->environment = environment_create(cx, NULL, count);
  if (!module->environment) return NULL;
  context_spend_steps(cx, count);
  for (uint32_t i = 0; i < count; i++) {
    exports->items[i * LOCAL_EXPORT_FIELDS + LOCAL_EXPORT_NAME] = keys[i];
    exports->items[i * LOCAL_EXPORT_FIELDS + LOCAL_EXPORT_SLOT] = value_unsigned(i);
    module->environment->slots[i] = values[i];
  }
  module->name = name;
  module->is_synthetic = true;
  module->status = MODULE_EVALUATED;
  module->local_exports = r->exports;
  module->requests = module->imports = module->indirect_exports = module->star_exports = module->initial = r->empty;
  return module;
}

// https://tc39.es/ecma262/#sec-create-default-export-synthetic-module
Module *module_create_default(Context *cx, Value name, Value default_export) {
  return module_create_synthetic(cx, name, &cx->names->default_, &default_export, 1);
}

Module *module_requested(const Module *module, uint32_t request) {
  return value_as_module(module_list(module->requests)->items[request * MODULE_REQUEST_FIELDS + REQUEST_MODULE]);
}

Value module_get_import(Value slot) {
  if (!value_is_internal(slot)) return slot;
  const Record *record = (const Record *)value_as_cell(slot);
  const Environment *environment = (const Environment *)value_as_cell(record->items[0]);
  return environment->slots[value_as_int(record->items[1])];
}

// --- ResolveExport ---

typedef struct ResolveEntry {
  const Module *module;
  PropertyKey name;
} ResolveEntry;

static bool resolve_seen(Context *cx, Buffer *seen, const Module *module, PropertyKey name) {
  const ResolveEntry *entries = (const ResolveEntry *)(void *)seen->data;
  context_spend_steps(cx, seen->size / sizeof(ResolveEntry));
  for (size_t i = 0; i < seen->size / sizeof(ResolveEntry); i++) {
    if (entries[i].module == module && entries[i].name == name) return true;
  }
  ResolveEntry entry = {module, name};
  buffer_append(seen, &entry, sizeof entry);
  return false;
}

static bool resolve_export(Context *cx, Module *module, PropertyKey name, Buffer *seen, Resolution *out);

// `import * as ns; export {ns}` resolves like `export * as ns`; likewise a source-phase import.
static ResolutionKind imported_as_whole(Context *cx, const Module *module, uint32_t slot, Module **imported) {
  const Values *imports = module_list(module->imports);
  context_spend_steps(cx, values_count(imports) / IMPORT_FIELDS);
  for (uint32_t i = 0; i < values_count(imports); i += IMPORT_FIELDS) {
    const Value *row = &imports->items[i];
    if ((uint32_t)value_as_int(row[IMPORT_SLOT]) != slot || !value_is_undefined(row[IMPORT_NAME])) continue;
    uint32_t request = (uint32_t)value_as_int(row[IMPORT_REQUEST]);
    int phase = value_as_int(module_list(module->requests)->items[request * MODULE_REQUEST_FIELDS + REQUEST_PHASE]);
    if (phase == MODULE_PHASE_DEFER) break;
    *imported = module_requested(module, request);
    return phase == MODULE_PHASE_SOURCE ? RESOLUTION_SOURCE : RESOLUTION_NAMESPACE;
  }
  return RESOLUTION_NONE;
}

static bool resolve_star(Context *cx, Module *module, PropertyKey name, Buffer *seen, Resolution *out) {
  const Values *stars = module_list(module->star_exports);
  *out = (Resolution){RESOLUTION_NONE, NULL, 0};
  for (uint32_t i = 0; i < values_count(stars); i++) {
    Resolution found;
    Module *requested = module_requested(module, (uint32_t)value_as_int(stars->items[i]));
    if (!resolve_export(cx, requested, name, seen, &found)) return false;
    if (found.kind == RESOLUTION_AMBIGUOUS) {
      *out = found;
      return true;
    }
    if (found.kind == RESOLUTION_NONE) continue;
    if (out->kind == RESOLUTION_NONE) {
      *out = found;
    } else if (out->kind != found.kind || out->module != found.module || out->slot != found.slot) {
      *out = (Resolution){RESOLUTION_AMBIGUOUS, NULL, 0};
      return true;
    }
  }
  return true;
}

static bool resolve_export(Context *cx, Module *module, PropertyKey name, Buffer *seen, Resolution *out) {
  *out = (Resolution){RESOLUTION_NONE, NULL, 0};
  // This charge stops a caller that looks for each of many names.
  if (!context_charge(cx, 1)) return !value_is_abrupt(context_throw_interrupted(cx));
  if (resolve_seen(cx, seen, module, name)) return true;
  const Values *local = module_list(module->local_exports);
  context_spend_steps(cx, values_count(local) / LOCAL_EXPORT_FIELDS);
  for (uint32_t i = 0; i < values_count(local); i += LOCAL_EXPORT_FIELDS) {
    if (local->items[i + LOCAL_EXPORT_NAME] != name) continue;
    uint32_t slot = (uint32_t)value_as_int(local->items[i + LOCAL_EXPORT_SLOT]);
    Module *imported;
    ResolutionKind kind = imported_as_whole(cx, module, slot, &imported);
    *out = kind == RESOLUTION_NONE ? (Resolution){RESOLUTION_BINDING, module, slot} : (Resolution){kind, imported, 0};
    return true;
  }
  if (!context_enter_native(cx)) return false;
  bool ok = true;
  const Values *indirect = module_list(module->indirect_exports);
  context_spend_steps(cx, values_count(indirect) / INDIRECT_EXPORT_FIELDS);
  for (uint32_t i = 0; i < values_count(indirect); i += INDIRECT_EXPORT_FIELDS) {
    if (indirect->items[i + INDIRECT_EXPORT_NAME] != name) continue;
    Module *requested = module_requested(module, (uint32_t)value_as_int(indirect->items[i + INDIRECT_EXPORT_REQUEST]));
    PropertyKey import = indirect->items[i + INDIRECT_EXPORT_IMPORT];
    if (value_is_undefined(import)) *out = (Resolution){RESOLUTION_NAMESPACE, requested, 0};
    else ok = resolve_export(cx, requested, import, seen, out);
    context_leave_native(cx);
    return ok;
  }
  if (name != cx->names->default_) ok = resolve_star(cx, module, name, seen, out);
  context_leave_native(cx);
  return ok;
}

bool module_resolve_export(Context *cx, Module *module, PropertyKey name, Resolution *out) {
  Buffer seen;
  buffer_initialize(&seen, &cx->memory);
  bool ok = resolve_export(cx, module, name, &seen, out);
  if (seen.failed && ok) ok = !value_is_abrupt(context_throw_out_of_memory(cx));
  buffer_release(&seen);
  return ok;
}

// --- GetExportedNames ---

static bool list_has_key(const Buffer *keys, PropertyKey key) {
  const PropertyKey *items = (const PropertyKey *)(void *)keys->data;
  for (size_t i = 0; i < keys->size / sizeof(PropertyKey); i++) {
    if (items[i] == key) return true;
  }
  return false;
}

static MUST_CHECK bool add_key(Context *cx, Buffer *keys, PropertyKey key) {
  context_spend_steps(cx, keys->size / sizeof(PropertyKey));
  if (!context_charge(cx, 1)) return !value_is_abrupt(context_throw_interrupted(cx));
  if (!list_has_key(keys, key)) buffer_append(keys, &key, sizeof key);
  return true;
}

static bool collect_names(Context *cx, Module *module, Buffer *names, Buffer *visited, bool is_star) {
  if (resolve_seen(cx, visited, module, VALUE_UNDEFINED)) return true;
  if (!context_enter_native(cx)) return false;
  const Values *lists[] = {module_list(module->local_exports), module_list(module->indirect_exports)};
  const uint32_t strides[] = {LOCAL_EXPORT_FIELDS, INDIRECT_EXPORT_FIELDS};
  bool ok = true;
  for (int list = 0; list < 2; list++) {
    for (uint32_t i = 0; i < values_count(lists[list]) && ok; i += strides[list]) {
      PropertyKey name = lists[list]->items[i];
      if (!is_star || name != cx->names->default_) ok = add_key(cx, names, name);
    }
  }
  const Values *stars = module_list(module->star_exports);
  for (uint32_t i = 0; i < values_count(stars) && ok; i++) {
    ok = collect_names(cx, module_requested(module, (uint32_t)value_as_int(stars->items[i])), names, visited, true);
  }
  context_leave_native(cx);
  return ok;
}

static int compare_keys(Context *cx, PropertyKey a, PropertyKey b) {
  Value texts[2] = {a, b};
  for (int i = 0; i < 2; i++) {
    if (key_is_index(texts[i])) texts[i] = string_from_uint32(cx, (uint32_t)value_as_int(texts[i]));
  }
  int order = 0;
  if (value_is_abrupt(texts[0]) || value_is_abrupt(texts[1])) return 0;
  return string_compare(cx, value_as_string(texts[0]), value_as_string(texts[1]), &order) ? order : 0;
}

static MUST_CHECK bool sort_keys(Context *cx, PropertyKey *keys, size_t count) {
  // Shell's method: the lists are short, and it needs no extra memory. Index keys make strings while comparing; keys
  // are kept alive by `exports`.
  for (size_t gap = count / 2; gap > 0; gap /= 2) {
    for (size_t i = gap; i < count; i++) {
      PropertyKey key = keys[i];
      size_t k = i;
      if (!context_charge(cx, 1)) return !value_is_abrupt(context_throw_interrupted(cx));
      for (; k >= gap && compare_keys(cx, keys[k - gap], key) > 0; k -= gap) {
        keys[k] = keys[k - gap];
        context_spend_step(cx);
      }
      keys[k] = key;
    }
  }
  return true;
}

static Value resolved_names(Context *cx, Module *module, const Buffer *names) {
  PropertyKey *keys = (PropertyKey *)(void *)names->data;
  size_t count = 0;
  for (size_t i = 0; i < names->size / sizeof(PropertyKey); i++) {
    Resolution resolution;
    if (!module_resolve_export(cx, module, keys[i], &resolution)) return VALUE_ABRUPT;
    if (resolution.kind >= RESOLUTION_BINDING) keys[count++] = keys[i];
  }
  if (!sort_keys(cx, keys, count)) return VALUE_ABRUPT;
  Values *list = values_create(cx, (uint32_t)count);
  if (!list) return VALUE_ABRUPT;
  if (count) memcpy(list->items, keys, count * sizeof(PropertyKey));
  return value_internal(list);
}

// https://tc39.es/ecma262/#sec-getexportednames
Value module_export_list(Context *cx, Module *module) {
  Buffer names, visited;
  buffer_initialize(&names, &cx->memory);
  buffer_initialize(&visited, &cx->memory);
  Value result = VALUE_ABRUPT;
  if (collect_names(cx, module, &names, &visited, false)) {
    result = names.failed || visited.failed ? context_throw_out_of_memory(cx) : resolved_names(cx, module, &names);
  }
  buffer_release(&names);
  buffer_release(&visited);
  return result;
}

// --- Linking ---

static bool throw_unresolved(Context *cx, const Module *requested, PropertyKey name, ResolutionKind kind) {
  throw_error(cx, ERROR_SYNTAX,
              kind == RESOLUTION_AMBIGUOUS ? "module %v exports '%k' more than once, from different modules"
                                           : "module %v has no export '%k'",
              requested->name, name);
  return false;
}

static uint32_t place_of(Value place) { return (uint32_t)value_as_number(place); }

Value module_get_source(Context *cx, Module *module) {
  if (value_is_object(module->module_source)) return module->module_source;
  return throw_error(cx, ERROR_SYNTAX, "module %v has no source phase", module->name);
}

static Value import_slot_value(Context *cx, const Resolution *resolution) {
  Value value = resolution->module->environment->slots[resolution->slot];
  // A binding that is itself a namespace import, or a chain that goes through one.
  if (value_is_internal(value) && value_as_cell(value)->kind == CELL_RECORD) return value;
  Record *record = record_create(cx, 0, 2);
  if (!record) return VALUE_ABRUPT;
  record->items[0] = value_internal(resolution->module->environment);
  record->items[1] = value_int((int32_t)resolution->slot);
  return value_internal(record);
}

static bool link_import(Context *cx, Module *module, const Value *row) {
  uint32_t request = (uint32_t)value_as_int(row[IMPORT_REQUEST]);
  Module *requested = module_requested(module, request);
  int phase = value_as_int(module_list(module->requests)->items[request * MODULE_REQUEST_FIELDS + REQUEST_PHASE]);
  Value *place = &module->environment->slots[value_as_int(row[IMPORT_SLOT])];
  Value value;
  if (phase == MODULE_PHASE_SOURCE) {
    value = module_get_source(cx, requested);
  } else if (value_is_undefined(row[IMPORT_NAME])) {
    value = module_get_namespace(cx, requested, phase == MODULE_PHASE_DEFER);
  } else {
    Resolution resolution;
    if (!module_resolve_export(cx, requested, row[IMPORT_NAME], &resolution)) return false;
    if (resolution.kind < RESOLUTION_BINDING) return throw_unresolved(cx, requested, row[IMPORT_NAME], resolution.kind);
    if (resolution.kind == RESOLUTION_NAMESPACE) value = module_get_namespace(cx, resolution.module, false);
    else if (resolution.kind == RESOLUTION_SOURCE) value = module_get_source(cx, resolution.module);
    else value = import_slot_value(cx, &resolution);
  }
  if (value_is_abrupt(value)) return false;
  cell_store(&module->environment->cell, place, value);
  return true;
}

static bool link_check_indirect(Context *cx, Module *module) {
  const Values *indirect = module_list(module->indirect_exports);
  for (uint32_t i = 0; i < values_count(indirect); i += INDIRECT_EXPORT_FIELDS) {
    Resolution resolution;
    PropertyKey name = indirect->items[i + INDIRECT_EXPORT_NAME];
    if (!module_resolve_export(cx, module, name, &resolution)) return false;
    if (resolution.kind >= RESOLUTION_BINDING) continue;
    Module *requested = module_requested(module, (uint32_t)value_as_int(indirect->items[i + INDIRECT_EXPORT_REQUEST]));
    PropertyKey import_name = indirect->items[i + INDIRECT_EXPORT_IMPORT];
    throw_unresolved(cx, requested, value_is_undefined(import_name) ? name : import_name, resolution.kind);
    error_locate_exception(cx, module->source, place_of(indirect->items[i + INDIRECT_EXPORT_PLACE]));
    return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-source-text-module-record-initialize-environment
static bool initialize_environment(Context *cx, Module *module) {
  if (!link_check_indirect(cx, module)) return false;
  const Values *imports = module_list(module->imports);
  for (uint32_t i = 0; i < values_count(imports); i += IMPORT_FIELDS) {
    const Value *row = &imports->items[i];
    if (link_import(cx, module, row)) continue;
    error_locate_exception(cx, module->source, place_of(row[IMPORT_PLACE]));
    return false;
  }
  const Values *initial = module_list(module->initial);
  for (uint32_t i = 0; i < values_count(initial); i += INITIAL_FIELDS) {
    Value value = initial->items[i + INITIAL_VALUE];
    if (value_is_internal(value)) {
      value = cx->hooks->close_over(cx, (Code *)value_as_cell(value), module->environment);
      if (value_is_abrupt(value)) return false;
    }
    cell_store(&module->environment->cell, &module->environment->slots[value_as_int(initial->items[i])], value);
  }
  return true;
}

static bool make_environment(Context *cx, Module *module) {
  if (module->environment) return true;
  Environment *environment = environment_create(cx, NULL, module->slot_count);
  if (!environment) return false;
  environment->names = module->names;
  environment->cell.flags |= ENVIRONMENT_MODULE | ENVIRONMENT_FUNCTION;
  module->environment = environment;
  return true;
}

typedef struct ModuleStack {
  Buffer buffer;  // Module *
} ModuleStack;

static uint32_t stack_count(const ModuleStack *stack) { return (uint32_t)(stack->buffer.size / sizeof(Module *)); }
static Module *stack_pop(ModuleStack *stack) {
  stack->buffer.size -= sizeof(Module *);
  return *(Module **)(void *)(stack->buffer.data + stack->buffer.size);
}

// https://tc39.es/ecma262/#sec-InnerModuleLinking
static bool inner_link(Context *cx, Module *module, ModuleStack *stack, uint32_t *index) {
  if (module->is_synthetic || module->status == MODULE_LINKING || module->status >= MODULE_LINKED) return true;
  if (!context_enter_native(cx)) return false;
  module->status = MODULE_LINKING;
  module->depth_index = module->depth_ancestor = (*index)++;
  buffer_append(&stack->buffer, &module, sizeof module);
  bool ok = make_environment(cx, module);
  uint32_t count = values_count(module_list(module->requests)) / MODULE_REQUEST_FIELDS;
  for (uint32_t i = 0; i < count && ok; i++) {
    if (value_as_int(module_list(module->requests)->items[i * MODULE_REQUEST_FIELDS + REQUEST_PHASE]) ==
        MODULE_PHASE_SOURCE)
      continue;
    Module *requested = module_requested(module, i);
    ok = inner_link(cx, requested, stack, index);
    if (ok && requested->status == MODULE_LINKING) {
      module->depth_ancestor = MIN_OF(module->depth_ancestor, requested->depth_ancestor);
    }
  }
  if (ok && stack->buffer.failed) ok = !value_is_abrupt(context_throw_out_of_memory(cx));
  ok = ok && initialize_environment(cx, module);
  if (ok && module->depth_ancestor == module->depth_index) {
    Module *done;
    do {
      done = stack_pop(stack);
      done->status = MODULE_LINKED;
    } while (done != module);
  }
  context_leave_native(cx);
  return ok;
}

// Every environment of the graph exists before any import is bound: in cycles an import refers to the environment of a
// module that is linked later.
static bool make_environments(Context *cx, Module *module) {
  if (module->is_synthetic || module->environment || module->status >= MODULE_LINKED) return true;
  if (!context_enter_native(cx)) return false;
  bool ok = make_environment(cx, module);
  uint32_t count = values_count(module_list(module->requests)) / MODULE_REQUEST_FIELDS;
  for (uint32_t i = 0; i < count && ok; i++) {
    if (!value_is_internal(module_list(module->requests)->items[i * MODULE_REQUEST_FIELDS + REQUEST_MODULE])) continue;
    ok = make_environments(cx, module_requested(module, i));
  }
  context_leave_native(cx);
  return ok;
}

// https://tc39.es/ecma262/#sec-moduledeclarationlinking
bool module_link(Context *cx, Module *module) {
  ModuleStack stack;
  buffer_initialize(&stack.buffer, &cx->memory);
  uint32_t index = 0;
  bool ok = make_environments(cx, module) && inner_link(cx, module, &stack, &index);
  while (stack_count(&stack)) stack_pop(&stack)->status = MODULE_UNLINKED;
  buffer_release(&stack.buffer);
  return ok;
}
