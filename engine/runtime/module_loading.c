// Loading module graphs, and import(). https://tc39.es/ecma262/#sec-LoadRequestedModules
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/module_stack.h"
#include "runtime/names.h"
#include "runtime/promises.h"

// A graph being loaded: Record.
enum {
  GRAPH_PROMISE,
  GRAPH_PENDING,
  GRAPH_IS_LOADING,
  GRAPH_VISITED,
  GRAPH_VISITED_COUNT,
  GRAPH_VISITS,  // a list in place of recursion: modules whose requests are being looked at, each with the next one
  GRAPH_VISITS_SIZE,
  GRAPH_IS_WALKED,
  GRAPH_FIELDS
};
// A request to the host: a Record of one of two types.
enum { LOAD_FOR_GRAPH = 1, LOAD_FOR_IMPORT = 2 };
enum { LOAD_TYPE, LOAD_STATE, LOAD_MODULE, LOAD_REQUEST, LOAD_FIELDS };
enum { LOAD_PROMISE = LOAD_STATE, LOAD_PHASE = LOAD_MODULE };

// --- Graphs ---

// Adds values to a growing list.
static MUST_CHECK bool graph_append(Context *cx, Record *graph, int list, int size, const Value *values,
                                    uint32_t added) {
  uint32_t count = (uint32_t)value_as_int(graph->items[size]);
  Values *items = (Values *)value_as_cell(graph->items[list]);
  if (count + added > values_count(items)) {
    Values *grown = values_create(cx, count * 2 + added);
    if (!grown) return false;
    memcpy(grown->items, items->items, count * sizeof(Value));
    cell_store(cx, &graph->items[list], value_internal(grown));
    items = grown;
  }
  for (uint32_t i = 0; i < added; i++) cell_store(cx, &items->items[count + i], values[i]);  // bounded: two
  graph->items[size] = value_int((int32_t)(count + added));
  return true;
}

static bool graph_has(Context *cx, const Record *graph, const Module *module) {
  uint32_t count = (uint32_t)value_as_int(graph->items[GRAPH_VISITED_COUNT]);
  const Values *visited = module_list(graph->items[GRAPH_VISITED]);
  context_spend_steps(cx, count);
  for (uint32_t i = 0; i < count; i++)  // bounded: charged above
    if (value_as_module(visited->items[i]) == module) return true;
  return false;
}

static bool graph_fail(Context *cx, Record *graph) {
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, error);
  r->error = exception_take(cx);
  if (!value_as_boolean(graph->items[GRAPH_IS_LOADING])) return true;
  graph->items[GRAPH_IS_LOADING] = VALUE_FALSE;
  return promise_reject(cx, value_as_object(graph->items[GRAPH_PROMISE]), r->error);
}

static bool graph_ask_host(Context *cx, Record *graph, Module *module, uint32_t request) {
  ROOTS(cx, r, load);
  Record *load = record_create(cx, 0, LOAD_FIELDS);
  if (!load) return false;
  r->load = value_internal(load);
  load->items[LOAD_TYPE] = value_int(LOAD_FOR_GRAPH);
  load->items[LOAD_STATE] = value_internal(graph);
  load->items[LOAD_MODULE] = value_internal(module);
  load->items[LOAD_REQUEST] = value_int((int32_t)request);
  const Value *row = &module_list(module->requests)->items[request * MODULE_REQUEST_FIELDS];
  return cx->hooks->load_module(cx, module->name, row[REQUEST_SPECIFIER], row[REQUEST_ATTRIBUTES], r->load);
}

// One of the modules for which the graph waited is there. The last one ends the loading.
static MUST_CHECK bool graph_note_loaded(Context *cx, Record *graph) {
  int32_t pending = value_as_int(graph->items[GRAPH_PENDING]) - 1;
  graph->items[GRAPH_PENDING] = value_int(pending);
  if (pending > 0) return true;
  graph->items[GRAPH_IS_LOADING] = VALUE_FALSE;
  const Values *visited = module_list(graph->items[GRAPH_VISITED]);
  context_spend_steps(cx, (uint32_t)value_as_int(graph->items[GRAPH_VISITED_COUNT]));
  for (int32_t i = 0; i < value_as_int(graph->items[GRAPH_VISITED_COUNT]); i++) {
    Module *loaded = value_as_module(visited->items[i]);
    if (loaded->status == MODULE_NEW) loaded->status = MODULE_UNLINKED;
  }
  return promise_resolve_with(cx, value_as_object(graph->items[GRAPH_PROMISE]), VALUE_UNDEFINED);
}

static MUST_CHECK bool graph_begin(Context *cx, Record *graph, Module *module) {
  if (module->is_synthetic || module->status != MODULE_NEW || graph_has(cx, graph, module))
    return graph_note_loaded(cx, graph);
  int32_t pending = value_as_int(graph->items[GRAPH_PENDING]);
  graph->items[GRAPH_PENDING] = value_int(pending + (int32_t)module_request_count(module));
  Value visit[] = {value_internal(module), VALUE_INT_ZERO};
  return graph_append(cx, graph, GRAPH_VISITED, GRAPH_VISITED_COUNT, visit, 1) &&
         graph_append(cx, graph, GRAPH_VISITS, GRAPH_VISITS_SIZE, visit, 2);
}

// Looks at the next request of the module that was begun last.
static MUST_CHECK bool graph_step(Context *cx, Record *graph) {
  int32_t size = value_as_int(graph->items[GRAPH_VISITS_SIZE]);
  Value *visit = ((Values *)value_as_cell(graph->items[GRAPH_VISITS]))->items + size - 2;
  Module *module = value_as_module(visit[0]);
  uint32_t request = (uint32_t)value_as_int(visit[1]);
  context_spend_step(cx);
  if (request == module_request_count(module)) {
    graph->items[GRAPH_VISITS_SIZE] = value_int(size - 2);
    return graph_note_loaded(cx, graph);
  }
  visit[1] = value_int((int32_t)request + 1);
  Value loaded = module_list(module->requests)->items[request * MODULE_REQUEST_FIELDS + REQUEST_MODULE];
  return value_is_internal(loaded) ? graph_begin(cx, graph, value_as_module(loaded))
                                   : graph_ask_host(cx, graph, module, request);
}

// A host that answers at once adds to the walk that is going on.
// https://tc39.es/ecma262/#sec-InnerModuleLoading
static MUST_CHECK bool graph_load(Context *cx, Record *graph, Module *module) {
  if (!graph_begin(cx, graph, module)) return false;
  if (value_as_boolean(graph->items[GRAPH_IS_WALKED])) return true;
  graph->items[GRAPH_IS_WALKED] = VALUE_TRUE;
  bool ok = true;
  while (ok && value_as_boolean(graph->items[GRAPH_IS_LOADING]) && value_as_int(graph->items[GRAPH_VISITS_SIZE]) > 0)
    ok = graph_step(cx, graph);
  graph->items[GRAPH_IS_WALKED] = VALUE_FALSE;
  return ok;
}

static Value load_requested_modules(Context *cx, Module *module) {
  ROOTS(cx, r, module, promise, graph);
  r->module = value_internal(module);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  Record *graph = record_create(cx, 0, GRAPH_FIELDS);
  if (!graph) return VALUE_ABRUPT;
  r->graph = value_internal(graph);
  graph->items[GRAPH_PROMISE] = r->promise;
  graph->items[GRAPH_PENDING] = value_int(1);
  graph->items[GRAPH_IS_LOADING] = VALUE_TRUE;
  graph->items[GRAPH_IS_WALKED] = VALUE_FALSE;
  graph->items[GRAPH_VISITED_COUNT] = graph->items[GRAPH_VISITS_SIZE] = VALUE_INT_ZERO;
  for (int list = GRAPH_VISITED; list <= GRAPH_VISITS; list += GRAPH_VISITS - GRAPH_VISITED) {
    Values *items = values_create(cx, 8);
    if (!items) return VALUE_ABRUPT;
    graph->items[list] = value_internal(items);
  }
  return graph_load(cx, graph, module) ? r->promise : VALUE_ABRUPT;
}

// --- import() ---

static bool reject_pending(Context *cx, Value promise) {
  if (!exception_is_catchable(cx)) return false;
  ROOTS(cx, r, error);
  r->error = exception_take(cx);
  return promise_reject(cx, value_as_object(promise), r->error);
}

// Continuations of import(); data: Record {promise, module, phase}.
enum { IMPORTING_PROMISE, IMPORTING_MODULE, IMPORTING_PHASE, IMPORTING_FIELDS };

static void import_evaluated(Context *cx, Value data, Value result, bool is_rejection) {
  const Record *record = (const Record *)value_as_cell(data);
  Object *promise = value_as_object(record->items[IMPORTING_PROMISE]);
  ROOTS(cx, r, namespace);
  bool ok;
  if (is_rejection) {
    ok = promise_reject(cx, promise, result);
  } else {
    bool is_deferred = value_as_int(record->items[IMPORTING_PHASE]) == MODULE_PHASE_DEFER;
    r->namespace = module_get_namespace(cx, value_as_module(record->items[IMPORTING_MODULE]), is_deferred);
    ok = value_is_abrupt(r->namespace) ? reject_pending(cx, record->items[IMPORTING_PROMISE])
                                       : promise_resolve_in_frame(cx, promise, r->namespace);
  }
  (void)ok;
}

static void import_loaded(Context *cx, Value data, Value result, bool is_rejection) {
  const Record *record = (const Record *)value_as_cell(data);
  Module *module = value_as_module(record->items[IMPORTING_MODULE]);
  ROOTS(cx, r, evaluation);
  bool ok;
  if (is_rejection) {
    ok = promise_reject(cx, value_as_object(record->items[IMPORTING_PROMISE]), result);
    (void)ok;
    return;
  }
  if (module_link(cx, module)) {
    bool is_deferred = value_as_int(record->items[IMPORTING_PHASE]) == MODULE_PHASE_DEFER;
    r->evaluation = is_deferred ? module_evaluate_async_dependencies(cx, module) : module_evaluate(cx, module);
    if (value_is_undefined(r->evaluation)) {
      import_evaluated(cx, data, VALUE_UNDEFINED, false);
      return;
    }
    if (!value_is_abrupt(r->evaluation) &&
        promise_then_native(cx, value_as_object(r->evaluation), import_evaluated, data))
      return;
  }
  ok = reject_pending(cx, record->items[IMPORTING_PROMISE]);
  (void)ok;
}

// https://tc39.es/ecma262/#sec-ContinueDynamicImport
static bool continue_import(Context *cx, Value promise, Module *module, Value phase) {
  ROOTS(cx, r, data, loading);
  if (value_as_int(phase) == MODULE_PHASE_SOURCE) {
    Value source = module_get_source(cx, module);
    if (value_is_abrupt(source)) return reject_pending(cx, promise);
    return promise_resolve_with(cx, value_as_object(promise), source);
  }
  Record *data = record_create(cx, 0, IMPORTING_FIELDS);
  if (!data) return reject_pending(cx, promise);
  r->data = value_internal(data);
  data->items[IMPORTING_PROMISE] = promise;
  data->items[IMPORTING_MODULE] = value_internal(module);
  data->items[IMPORTING_PHASE] = phase;
  r->loading = load_requested_modules(cx, module);
  if (value_is_abrupt(r->loading)) return reject_pending(cx, promise);
  return promise_then_native(cx, value_as_object(r->loading), import_loaded, r->data);
}

// https://tc39.es/ecma262/#sec-FinishLoadingImportedModule
bool module_finish_load(Context *cx, Value request, Value module) {
  Record *load = (Record *)value_as_cell(request);
  if (value_as_int(load->items[LOAD_TYPE]) == LOAD_FOR_IMPORT) {
    if (value_is_abrupt(module)) return reject_pending(cx, load->items[LOAD_PROMISE]);
    return continue_import(cx, load->items[LOAD_PROMISE], value_as_module(module), load->items[LOAD_PHASE]);
  }
  Record *graph = (Record *)value_as_cell(load->items[LOAD_STATE]);
  Module *referrer = value_as_module(load->items[LOAD_MODULE]);
  Values *requests = (Values *)value_as_cell(referrer->requests);
  Value *row = &requests->items[(uint32_t)value_as_int(load->items[LOAD_REQUEST]) * MODULE_REQUEST_FIELDS];
  if (value_is_abrupt(module)) {
    error_locate_exception(cx, referrer->source, (uint32_t)value_as_number(row[REQUEST_PLACE]));
    return graph_fail(cx, graph);
  }
  row[REQUEST_MODULE] = module;
  if (!value_as_boolean(graph->items[GRAPH_IS_LOADING])) return true;
  return graph_load(cx, graph, value_as_module(module));
}

static Value import_into(Context *cx, Value promise, Value referrer, Value specifier, Value attributes, int phase) {
  ROOTS(cx, r, load);
  Record *load = record_create(cx, 0, LOAD_FIELDS);
  if (!load) return VALUE_ABRUPT;
  r->load = value_internal(load);
  load->items[LOAD_TYPE] = value_int(LOAD_FOR_IMPORT);
  load->items[LOAD_PROMISE] = promise;
  load->items[LOAD_PHASE] = value_int(phase);
  if (!cx->hooks->load_module(cx, referrer, specifier, attributes, r->load)) return VALUE_ABRUPT;
  return promise;
}

Value module_import(Context *cx, Value referrer, Value specifier, Value attributes, int phase) {
  ROOTS(cx, r, promise);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  return import_into(cx, r->promise, referrer, specifier, attributes, phase);
}

Value module_run(Context *cx, Module *module) {
  ROOTS(cx, r, module, promise);
  r->module = value_internal(module);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  return continue_import(cx, r->promise, module, value_int(MODULE_PHASE_EVALUATION)) ? r->promise : VALUE_ABRUPT;
}

static bool attribute_is_type(Context *cx, PropertyKey key) {
  (void)cx;
  return key_is_atom(key) && string_equals_ascii(value_as_string(key), "type");
}

// The `with` object of import()'s options as internal Values [key, value ...]; undefined: none.
static Value read_attributes(Context *cx, Value options) {
  ROOTS(cx, r, key, attributes, keys, list, value, a, b, c);
  if (value_is_undefined(options)) return VALUE_UNDEFINED;
  if (!value_is_object(options)) return throw_type_error(cx, "the second argument of import() must be an object");
  r->key = key_from_ascii(cx, "with");
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  r->attributes = object_get_key(cx, value_as_object(options), r->key);
  if (value_is_abrupt(r->attributes) || value_is_undefined(r->attributes)) return r->attributes;
  if (!value_is_object(r->attributes)) return throw_type_error(cx, "the import attributes must be an object");
  Object *attributes = value_as_object(r->attributes);
  r->keys = object_own_keys(cx, attributes);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  uint32_t count = values_count(module_list(r->keys));
  r->list = VALUE_UNDEFINED;
  bool has_unknown = false;
  for (uint32_t i = 0; i < count; i++) {
    if (!value_is_string(module_list(r->keys)->items[i])) continue;
    r->key = key_from_value(cx, module_list(r->keys)->items[i]);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, attributes, r->key, &descriptor, &r->a);
    if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (found == TRISTATE_FALSE || !(descriptor.attributes & PROPERTY_ENUMERABLE)) continue;
    r->value = object_get_key(cx, attributes, r->key);
    if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
    if (!value_is_string(r->value)) return throw_type_error(cx, "import attribute '%k' must be a string", r->key);
    if (!attribute_is_type(cx, r->key)) {
      has_unknown = true;
      continue;
    }
    Values *list = values_create(cx, 2);
    if (!list) return VALUE_ABRUPT;
    list->items[0] = r->key;
    list->items[1] = r->value;
    r->list = value_internal(list);
  }
  if (has_unknown) return throw_type_error(cx, "the only import attribute is 'type'");
  return r->list;
}

// https://tc39.es/ecma262/#sec-evaluate-import-call
Value module_import_dynamically(Context *cx, Value source, Value specifier, Value options, int phase) {
  ROOTS(cx, r, promise, specifier, attributes);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  r->specifier = value_to_string(cx, specifier);
  r->attributes = value_is_abrupt(r->specifier) ? VALUE_ABRUPT : read_attributes(cx, options);
  if (value_is_abrupt(r->attributes)) return reject_pending(cx, r->promise) ? r->promise : VALUE_ABRUPT;
  Value referrer = ((const Record *)value_as_cell(source))->items[SOURCE_NAME];
  return import_into(cx, r->promise, referrer, r->specifier, r->attributes, phase);
}

// https://html.spec.whatwg.org/#hostgetimportmetaproperties  `resolve`; captured: the name of the module
static Value import_meta_resolve(Context *cx, const Call *call) {
  ROOTS(cx, r, specifier);
  r->specifier = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->specifier)) return VALUE_ABRUPT;
  return cx->hooks->resolve_module(cx, call_callee(call)->captured[0], r->specifier);
}

static MUST_CHECK bool add_resolve(Context *cx, Object *meta, Value name) {
  ROOTS(cx, r, key, function);
  r->key = key_from_ascii(cx, "resolve");
  if (value_is_abrupt(r->key)) return false;
  Object *function = native_function_create(cx, import_meta_resolve, r->key, 1, false);
  if (!function) return false;
  r->function = value_object(function);
  cell_store(cx, &((NativeFunctionObject *)function)->captured[0], name);
  return object_add_property(cx, meta, r->key, r->function, PROPERTY_DEFAULT);
}

// https://tc39.es/ecma262/#sec-meta-properties-runtime-semantics-evaluation
Value module_import_meta(Context *cx, Value source) {
  Value owner = ((const Record *)value_as_cell(source))->items[SOURCE_MODULE];
  if (!value_is_internal(owner)) return VALUE_UNDEFINED;
  Module *module = value_as_module(owner);
  if (value_is_object(module->meta)) return module->meta;
  ROOTS(cx, r, meta, key);
  Object *meta = object_create(cx, NULL);
  if (!meta) return VALUE_ABRUPT;
  r->meta = value_object(meta);
  if (value_is_string(module->name)) {
    r->key = key_from_ascii(cx, "url");
    if (value_is_abrupt(r->key) || !object_add_property(cx, meta, r->key, module->name, PROPERTY_DEFAULT))
      return VALUE_ABRUPT;
  }
  if (cx->hooks->resolve_module && !add_resolve(cx, meta, module->name)) return VALUE_ABRUPT;
  return module->meta = r->meta;
}
