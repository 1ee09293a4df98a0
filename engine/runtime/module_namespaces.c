// Module namespace exotic objects. https://tc39.es/ecma262/#sec-module-namespace-exotic-objects
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/names.h"

typedef struct ModuleNamespace {
  Object object;
  Value module;   // internal
  Value exports;  // internal Values: keys in order; undefined until first needed (deferred ones)
  Value values;   // internal Values beside `exports`: the argument of module_get_import for each
  bool is_deferred;
} ModuleNamespace;

static ModuleNamespace *as_namespace(Object *object) { return (ModuleNamespace *)object; }

// `then` and symbols never start the evaluation of a deferred module.
static bool key_is_symbol_like(Context *cx, const ModuleNamespace *namespace, PropertyKey key) {
  return key_is_symbol(key) || (namespace->is_deferred && key == cx->names->then);
}

static bool namespace_prepare(Context *cx, ModuleNamespace *namespace) {
  if (!namespace->is_deferred) return true;
  return module_evaluate_synchronously(cx, value_as_module(namespace->module));
}

static int32_t find_export(Context *cx, const ModuleNamespace *namespace, PropertyKey key) {
  const Values *exports = module_list(namespace->exports);
  context_spend_steps(cx, values_count(exports));
  for (uint32_t i = 0; i < values_count(exports); i++) {
    if (exports->items[i] == key) return (int32_t)i;
  }
  return -1;
}

uint32_t module_namespace_count(const Object *namespace) {
  Value exports = ((const ModuleNamespace *)namespace)->exports;
  return value_is_internal(exports) ? values_count(module_list(exports)) : 0;
}

Value module_namespace_export(Object *namespace, uint32_t index, PropertyKey *key) {
  *key = module_list(as_namespace(namespace)->exports)->items[index];
  Value slot = module_list(as_namespace(namespace)->values)->items[index];
  if (!value_is_internal(slot)) return slot;
  const Record *record = (const Record *)value_as_cell(slot);
  // The binding may itself be an import.
  return module_get_import(((Environment *)value_as_cell(record->items[0]))->slots[value_as_int(record->items[1])]);
}

static Value export_value(Context *cx, ModuleNamespace *namespace, int32_t index) {
  PropertyKey key;
  Value value = module_namespace_export(&namespace->object, (uint32_t)index, &key);
  return value != VALUE_UNINITIALIZED ? value
                                      : throw_reference_error(cx, "cannot access '%k' before it is initialised", key);
}

static Tristate namespace_get_prototype(Context *cx, Object *object, Value *out) {
  (void)cx, (void)object;
  *out = VALUE_NULL;
  return TRISTATE_TRUE;
}

static Tristate namespace_set_prototype(Context *cx, Object *object, Value prototype) {
  (void)cx, (void)object;
  return prototype == VALUE_NULL ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static Tristate namespace_is_extensible(Context *cx, Object *object) {
  (void)cx, (void)object;
  return TRISTATE_FALSE;
}

static Tristate namespace_prevent_extensions(Context *cx, Object *object) {
  (void)cx, (void)object;
  return TRISTATE_TRUE;
}

static Tristate namespace_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out,
                                           Value *roots) {
  ModuleNamespace *namespace = as_namespace(object);
  if (key_is_symbol_like(cx, namespace, key)) return ordinary_get_own_property(cx, object, key, out, roots);
  if (!namespace_prepare(cx, namespace)) return TRISTATE_ABRUPT;
  int32_t index = find_export(cx, namespace, key);
  if (index < 0) return TRISTATE_FALSE;
  roots[0] = export_value(cx, namespace, index);
  if (value_is_abrupt(roots[0])) return TRISTATE_ABRUPT;
  *out = descriptor_data(roots[0], PROPERTY_WRITABLE | PROPERTY_ENUMERABLE);
  return TRISTATE_TRUE;
}

static Tristate namespace_define_own_property(Context *cx, Object *object, PropertyKey key,
                                              const Descriptor *descriptor) {
  ModuleNamespace *namespace = as_namespace(object);
  if (key_is_symbol_like(cx, namespace, key)) return ordinary_define_own_property(cx, object, key, descriptor);
  ROOTS(cx, r, a, b, c);
  Descriptor current;
  Tristate found = namespace_get_own_property(cx, object, key, &current, &r->a);
  if (found != TRISTATE_TRUE) return found;
  uint8_t present = descriptor->present, attributes = descriptor->attributes;
  if ((present & PROPERTY_CONFIGURABLE) && (attributes & PROPERTY_CONFIGURABLE)) return TRISTATE_FALSE;
  if ((present & PROPERTY_ENUMERABLE) && !(attributes & PROPERTY_ENUMERABLE)) return TRISTATE_FALSE;
  if (descriptor_is_accessor(descriptor)) return TRISTATE_FALSE;
  if ((present & PROPERTY_WRITABLE) && !(attributes & PROPERTY_WRITABLE)) return TRISTATE_FALSE;
  if (value_is_hole(descriptor->value)) return TRISTATE_TRUE;
  bool same;
  if (!value_same(cx, descriptor->value, current.value, &same)) return TRISTATE_ABRUPT;
  return same ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static Tristate namespace_has_property(Context *cx, Object *object, PropertyKey key) {
  ModuleNamespace *namespace = as_namespace(object);
  if (key_is_symbol_like(cx, namespace, key)) return ordinary_has_property(cx, object, key);
  if (!namespace_prepare(cx, namespace)) return TRISTATE_ABRUPT;
  return find_export(cx, namespace, key) >= 0 ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static Value namespace_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  ModuleNamespace *namespace = as_namespace(object);
  if (key_is_symbol_like(cx, namespace, key)) return ordinary_get(cx, object, key, receiver);
  if (!namespace_prepare(cx, namespace)) return VALUE_ABRUPT;
  int32_t index = find_export(cx, namespace, key);
  return index < 0 ? VALUE_UNDEFINED : export_value(cx, namespace, index);
}

static Tristate namespace_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  (void)cx, (void)object, (void)key, (void)value, (void)receiver;
  return TRISTATE_FALSE;
}

static Tristate namespace_delete(Context *cx, Object *object, PropertyKey key) {
  ModuleNamespace *namespace = as_namespace(object);
  if (key_is_symbol_like(cx, namespace, key)) return ordinary_delete(cx, object, key);
  if (!namespace_prepare(cx, namespace)) return TRISTATE_ABRUPT;
  return find_export(cx, namespace, key) >= 0 ? TRISTATE_FALSE : TRISTATE_TRUE;
}

// bounded: the list pays for its size when it is made.
static Value namespace_own_keys(Context *cx, Object *object) {
  ModuleNamespace *namespace = as_namespace(object);
  if (!namespace_prepare(cx, namespace)) return VALUE_ABRUPT;
  ROOTS(cx, r, symbols, list, key);
  r->symbols = ordinary_own_keys(cx, object);
  if (value_is_abrupt(r->symbols)) return VALUE_ABRUPT;
  const Values *symbols = module_list(r->symbols), *exports = module_list(namespace->exports);
  bool hides_then = namespace->is_deferred && find_export(cx, namespace, cx->names->then) >= 0;
  Values *list = values_create(cx, values_count(exports) - hides_then + values_count(symbols));
  if (!list) return VALUE_ABRUPT;
  r->list = value_internal(list);
  uint32_t at = 0;
  for (uint32_t i = 0; i < values_count(exports); i++) {
    if (hides_then && exports->items[i] == cx->names->then) continue;
    r->key = key_to_value(cx, exports->items[i]);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    list->items[at++] = r->key;
  }
  for (uint32_t i = 0; i < values_count(symbols); i++) list->items[at++] = symbols->items[i];
  return r->list;
}

static void namespace_trace(Tracer *tracer, Object *object) {
  ModuleNamespace *namespace = as_namespace(object);
  tracer_visit_value(tracer, namespace->module);
  tracer_visit_value(tracer, namespace->exports);
  tracer_visit_value(tracer, namespace->values);
}

static const ObjectClass object_class_module_namespace = {
    .name = "Module",
    .kind = CELL_MODULE_NAMESPACE,
    .size = sizeof(ModuleNamespace),
    .get_own_property = namespace_get_own_property,
    .define_own_property = namespace_define_own_property,
    .has_property = namespace_has_property,
    .get = namespace_get,
    .set = namespace_set,
    .delete_property = namespace_delete,
    .own_keys = namespace_own_keys,
    .get_prototype = namespace_get_prototype,
    .set_prototype = namespace_set_prototype,
    .is_extensible = namespace_is_extensible,
    .prevent_extensions = namespace_prevent_extensions,
    .trace = namespace_trace,
};

static Value resolved_values(Context *cx, Module *module, const Values *exports) {
  ROOTS(cx, r, list);
  Values *list = values_create(cx, values_count(exports));
  if (!list) return VALUE_ABRUPT;
  r->list = value_internal(list);
  for (uint32_t i = 0; i < values_count(exports); i++) {
    Resolution resolution;
    if (!module_resolve_export(cx, module, exports->items[i], &resolution)) return VALUE_ABRUPT;
    Value value;
    if (resolution.kind >= RESOLUTION_NAMESPACE) {
      value = resolution.kind == RESOLUTION_SOURCE ? module_get_source(cx, resolution.module)
                                                   : module_get_namespace(cx, resolution.module, false);
      if (value_is_abrupt(value)) return VALUE_ABRUPT;
    } else {
      Record *record = record_create(cx, 0, 2);
      if (!record) return VALUE_ABRUPT;
      record->items[0] = value_internal(resolution.module->environment);
      record->items[1] = value_int((int32_t)resolution.slot);
      value = value_internal(record);
    }
    list->items[i] = value;
  }
  return r->list;
}

// https://tc39.es/ecma262/#sec-getmodulenamespace
Value module_get_namespace(Context *cx, Module *module, bool is_deferred) {
  Value *place = is_deferred ? &module->deferred_namespace : &module->namespace;
  if (value_is_object(*place)) return *place;
  ROOTS(cx, r, exports, namespace, tag);
  r->exports = module_export_list(cx, module);
  if (value_is_abrupt(r->exports)) return VALUE_ABRUPT;
  ModuleNamespace *namespace = (ModuleNamespace *)object_create_of_class(cx, &object_class_module_namespace, NULL, 1);
  if (!namespace) return VALUE_ABRUPT;
  r->namespace = value_object(namespace);
  namespace->module = value_internal(module);
  namespace->exports = r->exports;
  namespace->values = VALUE_UNDEFINED;
  namespace->is_deferred = is_deferred;
  r->tag = string_from_ascii(cx, is_deferred ? "Deferred Module" : "Module");
  if (value_is_abrupt(r->tag)) return VALUE_ABRUPT;
  if (!object_add_property(cx, &namespace->object, cx->names->symbol_toStringTag, r->tag, 0)) return VALUE_ABRUPT;
  // Stored before the values are resolved, since namespaces may refer to each other in a cycle.
  *place = r->namespace;
  namespace->values = resolved_values(cx, module, module_list(r->exports));
  if (value_is_abrupt(namespace->values)) {
    namespace->values = VALUE_UNDEFINED;
    cell_store(cx, place, VALUE_UNDEFINED);
    return VALUE_ABRUPT;
  }
  return r->namespace;
}
