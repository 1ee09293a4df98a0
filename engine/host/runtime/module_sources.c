// Module sources: names are resolved like paths and URLs, each module is made once per realm, and the embedder provides
// the text (CaissonCallbacks.load_module at once, request_module later).
#include "host/runtime/module_sources.h"

#include <stdlib.h>

#include "builtins/text/json.h"
#include "bytecode/compile.h"
#include "host/runtime/host.h"
#include "host/runtime/prepared_programs.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/typed_arrays.h"

// Requests that the embedder has not answered: host->module_requests is an internal Values of internal Records.
enum { PENDING_REQUEST, PENDING_NAME, PENDING_TYPE, PENDING_NUMBER, PENDING_PROGRAM, PENDING_FIELDS };
typedef enum ModuleType {
  MODULE_TYPE_JAVASCRIPT,
  MODULE_TYPE_JSON,
  MODULE_TYPE_TEXT,
  MODULE_TYPE_BYTES,
  MODULE_TYPE_UNKNOWN
} ModuleType;
static const char *const type_names[] = {"", "json", "text", "bytes"};

// --- Names ---

static bool starts_with(TextView text, const char *prefix) {
  uint32_t length = (uint32_t)strlen(prefix);
  if (text.length < length) return false;
  return text_view_equals(text_view_slice(text, 0, length), text_view_literal(prefix));
}

// The length of the referrer up to and including its last slash.
static uint32_t directory_length(TextView referrer) {
  uint32_t length = referrer.length;
  while (length > 0 && text_view_unit(referrer, length - 1) != '/') length--;
  return length;
}

static void drop_last_segment(uint16_t *units, uint32_t *count, uint32_t floor) {
  if (*count <= floor) return;
  uint32_t length = *count - 1;  // the slash at the end
  while (length > floor && units[length - 1] != '/') length--;
  // A leading `..` cannot be dropped.
  if (*count - length == 3 && units[length] == '.' && units[length + 1] == '.') {
    units[(*count)++] = '.';
    units[(*count)++] = '.';
    units[(*count)++] = '/';
    return;
  }
  *count = length;
}

// Where a URL's path begins ("https://host/"), else 0.
static uint32_t origin_length(const uint16_t *units, uint32_t count) {
  for (uint32_t i = 0; i + 2 < count; i++) {
    if (units[i] == '/' && i > 0 && units[i - 1] == ':' && units[i + 1] == '/') {
      i += 2;
      while (i < count && units[i] != '/') i++;
      return MIN_OF(i + 1, count);
    }
    if (units[i] == '/') break;
  }
  return count && units[0] == '/' ? 1 : 0;
}

// Resolves `./x` and `../x` against the referrer's directory; any other specifier is a name itself.
static Value resolve_name(Context *cx, Value referrer, Value specifier) {
  TextView name, base = {0};
  if (!string_view(cx, value_as_string(specifier), &name)) return VALUE_ABRUPT;
  bool is_relative = starts_with(name, "./") || starts_with(name, "../");
  if (!is_relative || !value_is_string(referrer)) return specifier;
  if (!string_view(cx, value_as_string(referrer), &base)) return VALUE_ABRUPT;
  size_t capacity = ((size_t)base.length + name.length + 4) * 2;
  if (!context_charge_bytes(cx, capacity, CHARGE_COMPARE)) return VALUE_ABRUPT;
  uint16_t *units = memory_allocate(&cx->memory, capacity * sizeof *units);
  if (!units) return context_throw_out_of_memory(cx);
  uint32_t count = 0, directory = directory_length(base), at = 0;
  for (uint32_t i = 0; i < directory; i++) units[count++] = text_view_unit(base, i);
  uint32_t floor = origin_length(units, count);
  while (at < name.length) {
    uint32_t end = at;
    while (end < name.length && text_view_unit(name, end) != '/') end++;
    TextView segment = text_view_slice(name, at, end);
    bool is_last = end == name.length;
    if (text_view_equals(segment, text_view_literal(".."))) {
      if (count == floor && floor == 0 && (size_t)count + 3 < capacity) {
        units[count++] = '.', units[count++] = '.', units[count++] = '/';
      } else {
        drop_last_segment(units, &count, floor);
      }
    } else if (!text_view_equals(segment, text_view_literal("."))) {
      for (uint32_t i = 0; i < segment.length; i++) units[count++] = text_view_unit(segment, i);
      if (!is_last) units[count++] = '/';
    }
    at = end + 1;
  }
  Value result = string_from_view(cx, text_view_wide(units, count));
  memory_release(&cx->memory, units, capacity * sizeof *units);
  return result;
}

Value host_resolve_module(Context *cx, Value referrer, Value specifier) {
  CaissonRuntime *runtime = host_of(cx);
  ROOTS(cx, r, name);
  r->name = resolve_name(cx, referrer, specifier);
  if (value_is_abrupt(r->name) || !runtime->resolve_module_values) return r->name;
  Value values[3] = {specifier, value_is_string(referrer) ? referrer : VALUE_UNDEFINED, r->name};
  return runtime->resolve_module_values(runtime, values);
}

static bool attribute_type(Context *cx, Value attributes, ModuleType *type) {
  *type = MODULE_TYPE_JAVASCRIPT;
  if (!value_is_internal(attributes)) return true;
  const Values *list = module_list(attributes);
  for (uint32_t i = 0; i + 1 < values_count(list); i += 2) {
    TextView key, value;
    if (!string_view(cx, value_as_string(list->items[i]), &key)) return false;
    if (!string_view(cx, value_as_string(list->items[i + 1]), &value)) return false;
    *type = MODULE_TYPE_UNKNOWN;
    if (!text_view_equals(key, text_view_literal("type"))) continue;
    for (unsigned known = MODULE_TYPE_JSON; known < MODULE_TYPE_UNKNOWN; known++)
      if (text_view_equals(value, text_view_literal(type_names[known]))) *type = (ModuleType)known;
  }
  return true;
}

// --- The modules of a realm: a null-prototype object from type and name to the module cell ---

static Value loaded_table(Context *cx) {
  if (!value_is_object(cx->realm->loaded_modules)) {
    Object *table = object_create(cx, NULL);
    if (!table) return VALUE_ABRUPT;
    cx->realm->loaded_modules = value_object(table);
  }
  return cx->realm->loaded_modules;
}

static Value module_key(Context *cx, Value name, ModuleType type) {
  ROOTS(cx, r, text, key);
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_unit(&builder, (uint16_t)('0' + type));
  string_builder_append_ascii(&builder, ":");
  if (!string_builder_append_string(&builder, value_as_string(name))) return VALUE_ABRUPT;
  r->text = string_builder_finish(&builder);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  return key_from_string(cx, value_as_string(r->text));
}

static Value find_module(Context *cx, PropertyKey key) {
  Value table = loaded_table(cx);
  if (value_is_abrupt(table)) return VALUE_ABRUPT;
  return object_get_key(cx, value_as_object(table), key);
}

static bool remember_module(Context *cx, PropertyKey key, Value module) {
  Value table = loaded_table(cx);
  if (value_is_abrupt(table)) return false;
  Value known = object_get_key(cx, value_as_object(table), key);
  if (value_is_internal(known)) return true;
  return object_add_property(cx, value_as_object(table), key, module, PROPERTY_DEFAULT);
}

// --- Sources ---

static Value make_module(Context *cx, Value name, Value source, ModuleType type) {
  if (type == MODULE_TYPE_JAVASCRIPT) {
    if (!value_is_string(source)) return host_read_prepared_module(cx, source, name);
    CompileOptions options = {.source = source, .source_name = name};
    return compile_module(cx, &options);
  }
  ROOTS(cx, r, value);
  r->value = source;
  if (type == MODULE_TYPE_JSON) {
    TextView text;
    r->value = string_view(cx, value_as_string(source), &text) ? json_parse(cx, text, NULL) : VALUE_ABRUPT;
  }
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  Module *module = module_create_default(cx, name, r->value);
  return module ? value_internal(module) : VALUE_ABRUPT;
}

// Of an object that the host exports: its properties by their names, and itself as `default` unless one is named so.
static Value make_exporting_module(Context *cx, Value name, Value exports) {
  Object *object = value_as_object(exports);
  if (object->cell.kind != CELL_OBJECT) return make_module(cx, name, exports, MODULE_TYPE_TEXT);
  ROOTS(cx, r, keys, list, values, module);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  const Values *own = module_list(r->keys);
  Values *keys = values_create(cx, values_count(own) + 1);
  if (!keys) return VALUE_ABRUPT;
  r->list = value_internal(keys);
  Values *values = values_create(cx, values_count(own) + 1);
  if (!values) return VALUE_ABRUPT;
  r->values = value_internal(values);
  uint32_t count = 0;
  bool has_default = false;
  for (uint32_t i = 0; i < values_count(own); i++, context_spend_step(cx)) {
    PropertyKey key = own->items[i];
    if (!value_is_string(key)) continue;  // a symbol, or an index
    keys->items[count] = key;
    Value value = object_get_key(cx, object, key);
    if (value_is_abrupt(value)) return VALUE_ABRUPT;
    values->items[count++] = value;
    has_default |= key == cx->names->default_;
  }
  if (!has_default) {
    keys->items[count] = cx->names->default_;
    values->items[count++] = exports;
  }
  Module *module = module_create_synthetic(cx, name, keys->items, values->items, count);
  return module ? value_internal(module) : VALUE_ABRUPT;
}

// The module of that key: the one that is there already, or one made of what the host gives.
static Value find_or_make(Context *cx, Value name, PropertyKey key, ModuleType type, ModuleAnswer kind, Value given) {
  ROOTS(cx, r, module);
  r->module = find_module(cx, key);
  if (value_is_internal(r->module) || value_is_abrupt(r->module)) return r->module;
  r->module =
      kind == MODULE_ANSWER_EXPORTS ? make_exporting_module(cx, name, given) : make_module(cx, name, given, type);
  if (value_is_abrupt(r->module) || !remember_module(cx, key, r->module)) return VALUE_ABRUPT;
  return r->module;
}

static char *text_of(Context *cx, Value string, Buffer *out) {
  TextView view;
  buffer_initialize(out, &cx->memory);
  if (value_is_string(string) && string_view(cx, value_as_string(string), &view)) host_append_utf8(out, view);
  buffer_append_byte(out, 0);
  return out->failed ? NULL : (char *)out->data;
}

static Value bytes_value(Context *cx, const char *bytes, size_t size) {
  TypedArray *array = typed_array_create(cx, ELEMENT_Uint8, (double)size);
  if (!array) return VALUE_ABRUPT;
  if (size) memcpy(array->data, bytes, size);
  return value_object(array);
}

static bool load_at_once(Context *cx, Value request, Value name, PropertyKey key, ModuleType type) {
  CaissonRuntime *runtime = host_of(cx);
  const CaissonCallbacks *callbacks = &runtime->options.callbacks;
  ROOTS(cx, r, source);
  Buffer path;
  char *text = text_of(cx, name, &path);
  char *source = NULL;
  size_t size = 0;
  const char *error = "this sandbox has no modules";
  bool found =
      text && callbacks->load_module && callbacks->load_module(runtime->options.user, text, &source, &size, &error);
  buffer_release(&path);
  if (!found) {
    throw_type_error(cx, "cannot load module %v: %s", name, error);
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  r->source = type == MODULE_TYPE_BYTES ? bytes_value(cx, source, size) : string_from_utf8(cx, source, size);
  free(source);
  if (value_is_abrupt(r->source)) return module_finish_load(cx, request, VALUE_ABRUPT);
  return module_finish_load(cx, request, find_or_make(cx, name, key, type, MODULE_ANSWER_SOURCE, r->source));
}

// --- Requests that are answered later ---

void host_modules_trace(const CaissonRuntime *runtime, Tracer *tracer) {
  tracer_visit_value(tracer, runtime->module_requests);
  if (!value_is_internal(runtime->module_requests)) return;
  const Values *list = (const Values *)value_as_cell(runtime->module_requests);
  for (uint32_t i = 0; i < values_count(list); i++) {
    if (!value_is_internal(list->items[i])) continue;
    const Record *record = (const Record *)value_as_cell(list->items[i]);
    program_note_reachable(&runtime->cx, (uint32_t)value_as_number(record->items[PENDING_PROGRAM]));
  }
}

static Values *pending_list(Context *cx, uint32_t *free_place) {
  CaissonRuntime *runtime = host_of(cx);
  Values *list = value_is_internal(runtime->module_requests) ? (Values *)value_as_cell(runtime->module_requests) : NULL;
  uint32_t capacity = list ? values_count(list) : 0;
  for (uint32_t i = 0; i < capacity; i++, context_spend_step(cx)) {
    if (value_is_internal(list->items[i])) continue;
    *free_place = i;
    return list;
  }
  Values *grown = values_create(cx, capacity ? capacity * 2 : 4);
  if (!grown) return NULL;
  for (uint32_t i = 0; i < capacity; i++) grown->items[i] = list->items[i];
  runtime->module_requests = value_internal(grown);
  *free_place = capacity;
  return grown;
}

static bool load_later(Context *cx, Value referrer, Value specifier, Value request, Value name, ModuleType type) {
  CaissonRuntime *runtime = host_of(cx);
  ROOTS(cx, r, record, type);
  Record *record = record_create(cx, 0, PENDING_FIELDS);
  if (!record) return module_finish_load(cx, request, VALUE_ABRUPT);
  r->record = value_internal(record);
  record->items[PENDING_REQUEST] = request;
  record->items[PENDING_NAME] = name;
  record->items[PENDING_TYPE] = value_int(type);
  uint64_t number = ++runtime->module_request_counter;
  record->items[PENDING_NUMBER] = value_number((double)number);
  record->items[PENDING_PROGRAM] = value_unsigned(cx->program);
  uint32_t place;
  Values *list = pending_list(cx, &place);
  if (!list) return module_finish_load(cx, request, VALUE_ABRUPT);
  uint32_t limit = runtime->options.requests_limit;
  if (limit && place >= limit) {
    throw_range_error(cx, "more than %u modules are being loaded at once (hostLimits.imports)", limit);
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  list->items[place] = r->record;
  if (runtime->request_module_values) {
    r->type = string_from_ascii(cx, type_names[type]);
    if (!value_is_abrupt(r->type)) {
      Value values[4] = {specifier, value_is_string(referrer) ? referrer : VALUE_UNDEFINED, name, r->type};
      if (runtime->request_module_values(runtime, number, values)) return true;
    }
    // The list may have grown meanwhile.
    cell_store(cx, &((Values *)value_as_cell(runtime->module_requests))->items[place], VALUE_HOLE);
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  Buffer specifier_text, referrer_text;
  char *wanted = text_of(cx, specifier, &specifier_text), *by = text_of(cx, referrer, &referrer_text);
  if (wanted && by) {
    runtime->options.callbacks.request_module(runtime->options.user, number, wanted, by, type_names[type]);
  }
  bool ok = wanted && by;
  buffer_release(&specifier_text);
  buffer_release(&referrer_text);
  if (ok) return true;
  cell_store(cx, &list->items[place], VALUE_HOLE);
  context_throw_out_of_memory(cx);
  return module_finish_load(cx, request, VALUE_ABRUPT);
}

// The place of the request with that number; NULL: it has been answered.
static Value *pending_find(Context *cx, uint64_t number) {
  const CaissonRuntime *runtime = host_of(cx);
  if (!value_is_internal(runtime->module_requests)) return NULL;
  Values *list = (Values *)value_as_cell(runtime->module_requests);
  for (uint32_t i = 0; i < values_count(list); i++, context_spend_step(cx)) {
    if (!value_is_internal(list->items[i])) continue;
    const Record *record = (const Record *)value_as_cell(list->items[i]);
    if (value_as_number(record->items[PENDING_NUMBER]) == (double)number) return &list->items[i];
  }
  return NULL;
}

static bool is_answer(Value value, ModuleType type, ModuleAnswer kind) {
  if (kind == MODULE_ANSWER_EXPORTS) return value_is_object(value) && type == MODULE_TYPE_JAVASCRIPT;
  if (kind == MODULE_ANSWER_PREPARED) return value_is_array_buffer(value, false) && type == MODULE_TYPE_JAVASCRIPT;
  return type == MODULE_TYPE_BYTES ? value_is_typed_array(value) : value_is_string(value);
}

// The module is not remembered under the requested name, since the meaning of that name depends on the importer.
static bool take_answer(Context *cx, const Record *record, ModuleAnswer kind, Value given, Value name) {
  Value request = record->items[PENDING_REQUEST];
  ModuleType type = (ModuleType)value_as_int(record->items[PENDING_TYPE]);
  ROOTS(cx, r, name, key, module);
  r->name = value_is_string(name) ? name : record->items[PENDING_NAME];
  if (kind == MODULE_ANSWER_ERROR) {
    throw_value(cx, given);
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  if (!is_answer(given, type, kind)) {
    throw_type_error(cx, "the source of module %v must be %s", r->name,
                     type == MODULE_TYPE_BYTES ? "a Uint8Array" : "a string");
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  r->key = module_key(cx, r->name, type);
  if (value_is_abrupt(r->key)) return module_finish_load(cx, request, VALUE_ABRUPT);
  r->module = find_or_make(cx, r->name, r->key, type, kind, given);
  return module_finish_load(cx, request, r->module);
}

bool host_provide_module(Context *cx, uint64_t request, ModuleAnswer kind, Value given, Value name) {
  Value *place = pending_find(cx, request);
  if (!place) return true;
  ROOTS(cx, r, record);
  r->record = *place;
  cell_store(cx, place, VALUE_HOLE);
  const Record *record = (const Record *)value_as_cell(r->record);
  uint32_t program = (uint32_t)value_as_number(record->items[PENDING_PROGRAM]);
  if (program_is_aborted(cx, program)) return true;  // other programs have requests of their own for that module
  program = program_enter(cx, program);
  bool ok = take_answer(cx, record, kind, given, name);
  bool was_aborted = cx->termination == TERMINATION_PROGRAM;
  program_leave(cx, program);
  return ok || was_aborted;
}

CaissonStatus caisson_provide_module(CaissonRuntime *runtime, uint64_t request, const char *source, size_t size,
                                     const char *error) {
  Context *cx = &runtime->cx;
  host_enter(runtime);
  ROOTS(cx, r, value);
  r->value = error ? string_from_utf8(cx, error, strlen(error)) : string_from_utf8(cx, source, size);
  if (error && !value_is_abrupt(r->value)) {
    Object *object = error_create(cx, ERROR_TYPE, r->value);
    r->value = object ? value_object(object) : VALUE_ABRUPT;
  }
  ModuleAnswer kind = error ? MODULE_ANSWER_ERROR : MODULE_ANSWER_SOURCE;
  bool ok = !value_is_abrupt(r->value) && host_provide_module(cx, request, kind, r->value, VALUE_UNDEFINED);
  return host_leave(runtime, ok ? VALUE_UNDEFINED : VALUE_ABRUPT);
}

// The one module for which conformance suites expect a module source; module sources have a prototype for each class.
static Value make_sourced_module(Context *cx, Value name) {
  ROOTS(cx, r, module, prototype);
  Module *module = module_create_default(cx, name, VALUE_UNDEFINED);
  if (!module) return VALUE_ABRUPT;
  r->module = value_internal(module);
  Object *prototype = object_create(cx, realm_prototype(cx, INTRINSIC_AbstractModuleSourcePrototype));
  if (!prototype) return VALUE_ABRUPT;
  r->prototype = value_object(prototype);
  Object *source = object_create(cx, prototype);
  if (!source) return VALUE_ABRUPT;
  cell_store(cx, &module->module_source, value_object(source));
  return r->module;
}

static bool load_sourced_module(Context *cx, Value request, Value name, PropertyKey key) {
  ROOTS(cx, r, module);
  r->module = make_sourced_module(cx, name);
  if (!value_is_abrupt(r->module) && !remember_module(cx, key, r->module)) r->module = VALUE_ABRUPT;
  return module_finish_load(cx, request, r->module);
}

// https://tc39.es/ecma262/#sec-HostLoadImportedModule
bool host_load_module(Context *cx, Value referrer, Value specifier, Value attributes, Value request) {
  ROOTS(cx, r, name, key, known);
  ModuleType type;
  r->name = resolve_name(cx, referrer, specifier);
  if (value_is_abrupt(r->name) || !attribute_type(cx, attributes, &type))
    return module_finish_load(cx, request, VALUE_ABRUPT);
  if (type == MODULE_TYPE_UNKNOWN) {
    throw_error(cx, ERROR_SYNTAX, "module %v is imported with unknown attributes", specifier);
    return module_finish_load(cx, request, VALUE_ABRUPT);
  }
  r->key = module_key(cx, r->name, type);
  if (value_is_abrupt(r->key)) return module_finish_load(cx, request, VALUE_ABRUPT);
  r->known = find_module(cx, r->key);
  if (value_is_internal(r->known) || value_is_abrupt(r->known)) return module_finish_load(cx, request, r->known);
  const CaissonRuntime *runtime = host_of(cx);
  TextView text;
  if (runtime->options.test_hooks && string_view(cx, value_as_string(r->name), &text) &&
      text_view_equals(text, text_view_literal("<module source>")))
    return load_sourced_module(cx, request, r->name, r->key);
  if (runtime->options.callbacks.request_module || runtime->request_module_values)
    return load_later(cx, referrer, specifier, request, r->name, type);
  return load_at_once(cx, request, r->name, r->key, type);
}

Value host_evaluate_module(Context *cx, Value source, Value name) {
  ROOTS(cx, r, module, key);
  r->module = make_module(cx, name, source, MODULE_TYPE_JAVASCRIPT);
  if (value_is_abrupt(r->module)) return VALUE_ABRUPT;
  r->key = module_key(cx, name, MODULE_TYPE_JAVASCRIPT);
  if (value_is_abrupt(r->key) || !remember_module(cx, r->key, r->module)) return VALUE_ABRUPT;
  return module_run(cx, value_as_module(r->module));
}

Value host_import_module(Context *cx, Value specifier, Value referrer) {
  return module_import(cx, referrer, specifier, VALUE_UNDEFINED, MODULE_PHASE_EVALUATION);
}
