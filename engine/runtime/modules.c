// Module cells, export resolution and linking.
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/module_stack.h"
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
  module->error = module->late_error = VALUE_HOLE;
  module->promise = module->async_parents = module->dependencies = VALUE_UNDEFINED;
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
      module->async_parents, module->late_error,    module->dependencies,
  };
  tracer_visit_values(tracer, values, COUNT_OF(values));
  tracer_visit_cell(tracer, module->realm);
  tracer_visit_cell(tracer, module->environment);
  tracer_visit_cell(tracer, module->cycle_root);
  tracer_visit_cell(tracer, module->evaluation_root);
  tracer_visit_cell(tracer, module->next_ready);
  tracer_visit_cell(tracer, module->open);
  tracer_visit_cell(tracer, module->visited);
  tracer_visit_cell(tracer, module->next_open);
  tracer_visit_cell(tracer, module->visitor);
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
  Module *module;
  PropertyKey name;
} ResolveEntry;

// What a resolution has looked at: a table with open addressing, at most half full.
typedef struct SeenEntries {
  Buffer table;  // ResolveEntry; module NULL: free
  size_t count;
} SeenEntries;

enum { SEEN_FIRST_SIZE = 8 };

// The place of the entry, or where it would be.
// bounded: half of the table is free.
static ResolveEntry *seen_place(const Buffer *table, Module *module, PropertyKey name) {
  ResolveEntry *entries = (ResolveEntry *)(void *)table->data;
  size_t mask = table->size / sizeof(ResolveEntry) - 1;
  size_t i = (size_t)(((uintptr_t)module >> 4 ^ name) * UINT64_C(0x9E3779B97F4A7C15) >> 40) & mask;
  while (entries[i].module && (entries[i].module != module || entries[i].name != name)) i = (i + 1) & mask;
  return &entries[i];
}

static void seen_grow(Context *cx, SeenEntries *seen) {
  size_t size = seen->table.size ? seen->table.size * 2 : SEEN_FIRST_SIZE * sizeof(ResolveEntry);
  Buffer grown;
  buffer_initialize(&grown, &cx->memory);
  uint8_t *bytes = buffer_reserve(&grown, size);
  if (!bytes) {
    seen->table.failed = true;
    return;
  }
  context_spend_steps(cx, size / sizeof(ResolveEntry));
  memset(bytes, 0, size);
  grown.size = size;
  const ResolveEntry *entries = (const ResolveEntry *)(void *)seen->table.data;
  for (size_t i = 0; i < seen->table.size / sizeof(ResolveEntry); i++)  // bounded: charged above
    if (entries[i].module) *seen_place(&grown, entries[i].module, entries[i].name) = entries[i];
  buffer_release(&seen->table);
  seen->table = grown;
}

// Whether it has been looked at; from now on it has. When there is no memory, `table.failed` says so.
static bool resolve_seen(Context *cx, SeenEntries *seen, Module *module, PropertyKey name) {
  if ((seen->count + 1) * 2 > seen->table.size / sizeof(ResolveEntry)) seen_grow(cx, seen);
  if (seen->table.failed) return true;
  ResolveEntry *place = seen_place(&seen->table, module, name);
  if (place->module) return true;
  *place = (ResolveEntry){module, name};
  seen->count++;
  return false;
}

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

static void push_entry(Buffer *pending, Module *module, PropertyKey name) {
  ResolveEntry entry = {module, name};
  buffer_append(pending, &entry, sizeof entry);
}

static ResolveEntry pop_entry(Buffer *pending) {
  pending->size -= sizeof(ResolveEntry);
  return *(ResolveEntry *)(void *)(pending->data + pending->size);
}

// What a module's own lists say of the name: *found; or what is to be looked at next is pushed, the first last.
// bounded: each list is charged for before it is walked.
static void resolve_within(Context *cx, Module *module, PropertyKey name, Buffer *pending, Resolution *found) {
  *found = (Resolution){RESOLUTION_NONE, NULL, 0};
  const Values *local = module_list(module->local_exports);
  context_spend_steps(cx, values_count(local) / LOCAL_EXPORT_FIELDS);
  for (uint32_t i = 0; i < values_count(local); i += LOCAL_EXPORT_FIELDS) {
    if (local->items[i + LOCAL_EXPORT_NAME] != name) continue;
    uint32_t slot = (uint32_t)value_as_int(local->items[i + LOCAL_EXPORT_SLOT]);
    Module *imported;
    ResolutionKind kind = imported_as_whole(cx, module, slot, &imported);
    *found = kind == RESOLUTION_NONE ? (Resolution){RESOLUTION_BINDING, module, slot} : (Resolution){kind, imported, 0};
    return;
  }
  const Values *indirect = module_list(module->indirect_exports);
  context_spend_steps(cx, values_count(indirect) / INDIRECT_EXPORT_FIELDS);
  for (uint32_t i = 0; i < values_count(indirect); i += INDIRECT_EXPORT_FIELDS) {
    if (indirect->items[i + INDIRECT_EXPORT_NAME] != name) continue;
    Module *requested = module_requested(module, (uint32_t)value_as_int(indirect->items[i + INDIRECT_EXPORT_REQUEST]));
    PropertyKey import = indirect->items[i + INDIRECT_EXPORT_IMPORT];
    if (value_is_undefined(import)) *found = (Resolution){RESOLUTION_NAMESPACE, requested, 0};
    else push_entry(pending, requested, import);
    return;
  }
  if (name == cx->names->default_) return;
  const Values *stars = module_list(module->star_exports);
  context_spend_steps(cx, values_count(stars));
  for (uint32_t i = values_count(stars); i-- > 0;)
    push_entry(pending, module_requested(module, (uint32_t)value_as_int(stars->items[i])), name);
}

// All that stars lead to has to be the same, however many of them lie in between.
static Resolution resolution_join(Resolution one, Resolution other) {
  if (one.kind == RESOLUTION_NONE) return other;
  bool is_same = one.kind == other.kind && one.module == other.module && one.slot == other.slot;
  return other.kind == RESOLUTION_NONE || is_same ? one : (Resolution){RESOLUTION_AMBIGUOUS, NULL, 0};
}

bool module_resolve_export(Context *cx, Module *module, PropertyKey name, Resolution *out) {
  SeenEntries seen = {.count = 0};
  Buffer pending;
  buffer_initialize(&seen.table, &cx->memory);
  buffer_initialize(&pending, &cx->memory);
  *out = (Resolution){RESOLUTION_NONE, NULL, 0};
  push_entry(&pending, module, name);
  bool ok = true;
  while (ok && pending.size > 0 && out->kind != RESOLUTION_AMBIGUOUS) {
    ResolveEntry entry = pop_entry(&pending);
    // This charge stops a caller that looks for each of many names.
    ok = context_charge(cx, 1) || !value_is_abrupt(context_throw_interrupted(cx));
    if (!ok || resolve_seen(cx, &seen, entry.module, entry.name)) continue;
    Resolution found;
    resolve_within(cx, entry.module, entry.name, &pending, &found);
    *out = resolution_join(*out, found);
  }
  if ((seen.table.failed || pending.failed) && ok) ok = !value_is_abrupt(context_throw_out_of_memory(cx));
  buffer_release(&seen.table);
  buffer_release(&pending);
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

static MUST_CHECK bool add_own_names(Context *cx, const Module *module, Buffer *names, bool is_star) {
  const Values *lists[] = {module_list(module->local_exports), module_list(module->indirect_exports)};
  const uint32_t strides[] = {LOCAL_EXPORT_FIELDS, INDIRECT_EXPORT_FIELDS};
  for (int list = 0; list < 2; list++) {
    for (uint32_t i = 0; i < values_count(lists[list]); i += strides[list]) {
      PropertyKey name = lists[list]->items[i];
      if ((!is_star || name != cx->names->default_) && !add_key(cx, names, name)) return false;
    }
  }
  return true;
}

static MUST_CHECK bool collect_names(Context *cx, Module *module, Buffer *names) {
  ModuleStack visited, pending;
  module_stack_initialize(cx, &visited);
  module_stack_initialize(cx, &pending);
  module_stack_push(&pending, module);
  bool ok = true;
  while (ok && module_stack_count(&pending) > 0) {
    Module *next = module_stack_pop(&pending);
    if (module_stack_has(cx, &visited, next)) continue;
    ok = add_own_names(cx, next, names, module_stack_count(&visited) > 0);
    module_stack_push(&visited, next);
    const Values *stars = module_list(next->star_exports);
    context_spend_steps(cx, values_count(stars));
    for (uint32_t i = values_count(stars); i-- > 0;)
      module_stack_push(&pending, module_requested(next, (uint32_t)value_as_int(stars->items[i])));
  }
  ok = ok && module_stack_is_whole(cx, &visited) && module_stack_is_whole(cx, &pending);
  module_stack_release(&visited);
  module_stack_release(&pending);
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
  Buffer names;
  buffer_initialize(&names, &cx->memory);
  Value result = VALUE_ABRUPT;
  if (collect_names(cx, module, &names))
    result = names.failed ? context_throw_out_of_memory(cx) : resolved_names(cx, module, &names);
  buffer_release(&names);
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
  cell_store(cx, place, value);
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
    cell_store(cx, &module->environment->slots[value_as_int(initial->items[i])], value);
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

// A module that is being linked, and how many of its requests have been looked at.
typedef struct Visit {
  Module *module;
  uint32_t next;
} Visit;

typedef struct Linking {
  ModuleStack stack;  // modules whose component is not complete
  Buffer visits;      // Visit: from the first module to the one that is looked at
  uint32_t index;
} Linking;

static Visit *last_visit(const Linking *linking) {
  return linking->visits.size ? (Visit *)(void *)(linking->visits.data + linking->visits.size) - 1 : NULL;
}

static bool needs_linking(const Module *module) {
  return !module->is_synthetic && module->status != MODULE_LINKING && module->status < MODULE_LINKED;
}

static MUST_CHECK bool begin_linking(Context *cx, Module *module, Linking *linking) {
  module->status = MODULE_LINKING;
  module->depth_index = module->depth_ancestor = linking->index++;
  module_stack_push(&linking->stack, module);
  Visit visit = {module, 0};
  buffer_append(&linking->visits, &visit, sizeof visit);
  if (linking->visits.failed) return context_throw_out_of_memory(cx), false;
  return module_stack_is_whole(cx, &linking->stack) && make_environment(cx, module);
}

static void note_linked(Module *module, const Module *requested) {
  if (requested->status == MODULE_LINKING)
    module->depth_ancestor = MIN_OF(module->depth_ancestor, requested->depth_ancestor);
}

// bounded: each module was paid for when it was begun.
static MUST_CHECK bool finish_linking(Context *cx, Module *module, Linking *linking) {
  if (!initialize_environment(cx, module)) return false;
  if (module->depth_ancestor == module->depth_index) {
    Module *done;
    do {
      done = module_stack_pop(&linking->stack);
      done->status = MODULE_LINKED;
    } while (done != module);
  }
  linking->visits.size -= sizeof(Visit);
  if (last_visit(linking)) note_linked(last_visit(linking)->module, module);
  return true;
}

// https://tc39.es/ecma262/#sec-InnerModuleLinking
static MUST_CHECK bool link_graph(Context *cx, Module *module, Linking *linking) {
  bool ok = !needs_linking(module) || begin_linking(cx, module, linking);
  for (Visit *visit; ok && (visit = last_visit(linking)) != NULL;) {
    context_spend_step(cx);
    uint32_t i = visit->next++;
    if (i == module_request_count(visit->module)) {
      ok = finish_linking(cx, visit->module, linking);
    } else if (module_request_phase(visit->module, i) != MODULE_PHASE_SOURCE) {
      Module *requested = module_requested(visit->module, i);
      if (needs_linking(requested)) ok = begin_linking(cx, requested, linking);
      else note_linked(visit->module, requested);
    }
  }
  return ok;
}

// Every environment of the graph exists before any import is bound: in cycles an import refers to the environment of a
// module that is linked later.
static MUST_CHECK bool make_environments(Context *cx, Module *module) {
  ModuleStack pending;
  module_stack_initialize(cx, &pending);
  module_stack_push(&pending, module);
  bool ok = true;
  while (ok && module_stack_count(&pending) > 0) {
    Module *next = module_stack_pop(&pending);
    context_spend_step(cx);
    if (next->is_synthetic || next->environment || next->status >= MODULE_LINKED) continue;
    ok = make_environment(cx, next);
    for (uint32_t i = 0; i < module_request_count(next); i++) {
      context_spend_step(cx);
      if (value_is_internal(module_list(next->requests)->items[i * MODULE_REQUEST_FIELDS + REQUEST_MODULE]))
        module_stack_push(&pending, module_requested(next, i));
    }
  }
  ok = ok && module_stack_is_whole(cx, &pending);
  module_stack_release(&pending);
  return ok;
}

// https://tc39.es/ecma262/#sec-moduledeclarationlinking
bool module_link(Context *cx, Module *module) {
  Linking linking = {.index = 0};
  module_stack_initialize(cx, &linking.stack);
  buffer_initialize(&linking.visits, &cx->memory);
  bool ok = make_environments(cx, module) && link_graph(cx, module, &linking);
  while (module_stack_count(&linking.stack)) module_stack_pop(&linking.stack)->status = MODULE_UNLINKED;
  module_stack_release(&linking.stack);
  buffer_release(&linking.visits);
  return ok;
}
