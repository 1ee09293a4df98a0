// Globals, and names that are looked up at run time because of `with` or direct eval.
// https://tc39.es/ecma262/#sec-environment-records
//
// Global lexical bindings (let, const, class of scripts) are the properties of a null-prototype object,
// realm->global_lexicals: uninitialised ones hold VALUE_UNINITIALIZED, constants are not writable. The cache of a
// global site holds the slot number, and keeps alive the storage of the slots of the object that has the binding. Both
// objects count as prototypes, so any change of their layout (a binding that shadows, slots, attributes) changes
// cx->prototype_epoch and invalidates the cache. Checked builds compare with the holder as well.
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/shapes.h"

static Object *global_lexicals(const Context *cx) { return value_as_object(cx->realm->global_lexicals); }

static void global_cache_fill(Context *cx, InlineCache *cache, Object *holder, const Property *property) {
  if (property->attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY) || holder->shape->class_->get) return;
  object_mark_as_prototype(cx, holder);
  object_mark_as_prototype(cx, global_lexicals(cx));
  Values *storage = object_slots_cell(holder);
  if (!storage) return;
  inline_cache_keep(cx, cache);
  cache->storage = storage;
  cache->new_shape = property->attributes & PROPERTY_WRITABLE ? holder->shape : NULL;
  cache->holder = holder;
  cache->slot = property->slot;
  cache->epoch = cx->prototype_epoch;
  cx->interpreter->cache_fills++;
}

static Value throw_not_defined(Context *cx, PropertyKey name) {
  return throw_reference_error(cx, "%k is not defined", name);
}

static Value throw_dead_zone_named(Context *cx, PropertyKey name) {
  return throw_reference_error(cx, "cannot access '%k' before it is initialised", name);
}

static Value global_get_named(Context *cx, PropertyKey name, InlineCache *cache, bool is_typeof) {
  Object *lexicals = global_lexicals(cx);
  const Property *property = shape_lookup(lexicals->shape, name);
  if (property) {
    Value value = lexicals->slots[property->slot];
    if (value == VALUE_UNINITIALIZED) return throw_dead_zone_named(cx, name);
    if (cache) global_cache_fill(cx, cache, lexicals, property);
    return value;
  }
  Object *global = cx->realm->global_object;
  Tristate has = object_has_property(cx, global, name);
  if (has == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  if (has == TRISTATE_FALSE) return is_typeof ? VALUE_UNDEFINED : throw_not_defined(cx, name);
  Value value = object_get_key(cx, global, name);
  property = shape_lookup(global->shape, name);
  if (property && cache && !value_is_abrupt(value)) global_cache_fill(cx, cache, global, property);
  return value;
}

Value global_get(Context *cx, InlineCache *cache, bool is_typeof) {
  return global_get_named(cx, cache->key, cache, is_typeof);
}

static bool global_set_named(Context *cx, PropertyKey name, Value value, InlineCache *cache, bool is_strict) {
  Object *lexicals = global_lexicals(cx);
  const Property *property = shape_lookup(lexicals->shape, name);
  if (property) {
    Value *place = &lexicals->slots[property->slot];
    if (*place == VALUE_UNINITIALIZED) {
      throw_dead_zone_named(cx, name);
      return false;
    }
    if (!(property->attributes & PROPERTY_WRITABLE)) {
      throw_type_error(cx, "cannot assign to constant '%k'", name);
      return false;
    }
    cell_store(cx, place, value);
    if (cache) global_cache_fill(cx, cache, lexicals, property);
    return true;
  }
  Object *global = cx->realm->global_object;
  if (is_strict) {
    Tristate has = object_has_property(cx, global, name);
    if (has == TRISTATE_ABRUPT) return false;
    if (has == TRISTATE_FALSE) {
      throw_not_defined(cx, name);
      return false;
    }
  }
  Tristate done = object_set(cx, global, name, value, value_object(global));
  if (done == TRISTATE_ABRUPT) return false;
  if (done == TRISTATE_FALSE && is_strict) {
    throw_type_error(cx, "cannot assign to '%k': it is read-only", name);
    return false;
  }
  property = shape_lookup(global->shape, name);
  if (property && cache) global_cache_fill(cx, cache, global, property);
  return true;
}

bool global_set(Context *cx, InlineCache *cache, Value value, bool is_strict) {
  return global_set_named(cx, cache->key, value, cache, is_strict);
}

bool global_initialize(Context *cx, InlineCache *cache, Value value) {
  Object *lexicals = global_lexicals(cx);
  const Property *property = shape_lookup(lexicals->shape, cache->key);
  ASSERT(property);
  cell_store(cx, &lexicals->slots[property->slot], value);
  (void)cx;
  return true;
}

// Declaration instantiation ---------------------------------------------------------------------------------

typedef struct Declarations {
  uint32_t lexical_count, function_count, var_count;
  const Value *lexicals, *functions, *vars;  // pairs
} Declarations;

static Declarations declarations_read(const Values *list) {
  Declarations d;
  const Value *p = list->items;
  d.lexical_count = (uint32_t)value_as_int(*p++);
  d.lexicals = p;
  p += 2 * d.lexical_count;
  d.function_count = (uint32_t)value_as_int(*p++);
  d.functions = p;
  p += 2 * d.function_count;
  d.var_count = (uint32_t)value_as_int(*p++);
  d.vars = p;
  return d;
}

static bool throw_already_declared(Context *cx, PropertyKey name) {
  throw_error(cx, ERROR_SYNTAX, "'%k' has already been declared", name);
  return false;
}

static PropertyKey declared_key(Context *cx, Value name) { return key_from_string(cx, value_as_string(name)); }

// https://tc39.es/ecma262/#sec-candeclareglobalfunction
static bool can_declare_function(Context *cx, PropertyKey name, bool *can) {
  Object *global = cx->realm->global_object;
  ROOTS(cx, r, value, get, set);
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, global, name, &descriptor, &r->value);
  if (found == TRISTATE_ABRUPT) return false;
  if (found == TRISTATE_FALSE) {
    Tristate extensible = object_is_extensible(cx, global);
    *can = extensible == TRISTATE_TRUE;
    return extensible != TRISTATE_ABRUPT;
  }
  *can = descriptor.attributes & PROPERTY_CONFIGURABLE ||
         (!descriptor_is_accessor(&descriptor) && (descriptor.attributes & (PROPERTY_WRITABLE | PROPERTY_ENUMERABLE)) ==
                                                      (PROPERTY_WRITABLE | PROPERTY_ENUMERABLE));
  return true;
}

// https://tc39.es/ecma262/#sec-candeclareglobalvar
static bool can_declare_var(Context *cx, PropertyKey name, bool *can) {
  Object *global = cx->realm->global_object;
  Tristate has = object_has_own_property(cx, global, name);
  if (has == TRISTATE_ABRUPT) return false;
  *can = has == TRISTATE_TRUE || object_is_extensible(cx, global) == TRISTATE_TRUE;
  return true;
}

// https://tc39.es/ecma262/#sec-createglobalfunctionbinding
static bool create_function_binding(Context *cx, PropertyKey name, Value function, bool deletable) {
  Object *global = cx->realm->global_object;
  ROOTS(cx, r, value, get, set);
  Descriptor existing;
  Tristate found = object_get_own_property(cx, global, name, &existing, &r->value);
  if (found == TRISTATE_ABRUPT) return false;
  Descriptor descriptor =
      descriptor_data(function, PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | (deletable ? PROPERTY_CONFIGURABLE : 0));
  if (found == TRISTATE_TRUE && !(existing.attributes & PROPERTY_CONFIGURABLE)) {
    descriptor.present = 0;
    descriptor.attributes = 0;
  }
  return object_define_or_throw(cx, global, name, &descriptor) && object_set_key(cx, global, name, function);
}

static bool create_var_binding(Context *cx, PropertyKey name, bool deletable) {
  Object *global = cx->realm->global_object;
  Tristate has = object_has_own_property(cx, global, name);
  if (has == TRISTATE_ABRUPT) return false;
  if (has == TRISTATE_TRUE || object_is_extensible(cx, global) != TRISTATE_TRUE) return true;
  Descriptor descriptor = descriptor_data(
      VALUE_UNDEFINED, PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | (deletable ? PROPERTY_CONFIGURABLE : 0));
  return object_define_or_throw(cx, global, name, &descriptor);
}

// bounded: declarations of one source, which paid when it was parsed.
static bool check_global_functions_and_vars(Context *cx, const Declarations *d) {
  for (uint32_t i = 0; i < d->function_count; i++) {
    PropertyKey name = declared_key(cx, d->functions[2 * i]);
    bool can;
    if (!can_declare_function(cx, name, &can)) return false;
    if (!can) {
      throw_type_error(cx, "cannot declare global function '%k'", name);
      return false;
    }
  }
  for (uint32_t i = 0; i < d->var_count; i++) {
    if (d->vars[2 * i + 1] == value_int(1)) continue;
    PropertyKey name = declared_key(cx, d->vars[2 * i]);
    bool can;
    if (!can_declare_var(cx, name, &can)) return false;
    if (!can) {
      throw_type_error(cx, "cannot declare global variable '%k': the global object is not extensible", name);
      return false;
    }
  }
  return true;
}

// bounded: declarations of one source, which paid when it was parsed.
static bool create_global_functions_and_vars(Context *cx, const Declarations *d, Environment *environment,
                                             bool deletable) {
  ROOTS(cx, r, function);
  for (uint32_t i = 0; i < d->function_count; i++) {
    Closure *closure = closure_create(cx, (Code *)value_as_cell(d->functions[2 * i + 1]), environment);
    if (!closure) return false;
    r->function = value_object(closure);
    if (!create_function_binding(cx, declared_key(cx, d->functions[2 * i]), r->function, deletable)) return false;
  }
  for (uint32_t i = 0; i < d->var_count; i++) {
    PropertyKey name = declared_key(cx, d->vars[2 * i]);
    if (d->vars[2 * i + 1] == value_int(1)) {
      // Annex B functions in blocks: only where a var of that name could be declared.
      if (shape_lookup(global_lexicals(cx)->shape, name)) continue;
      bool can;
      if (!can_declare_var(cx, name, &can)) return false;
      if (!can) continue;
    }
    if (!create_var_binding(cx, name, deletable)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-globaldeclarationinstantiation
// bounded: declarations of one source, which paid when it was parsed.
bool globals_declare(Context *cx, Values *declarations, bool is_eval) {
  (void)is_eval;
  Declarations d = declarations_read(declarations);
  Object *lexicals = global_lexicals(cx);
  Object *global = cx->realm->global_object;
  for (uint32_t i = 0; i < d.lexical_count; i++) {
    PropertyKey name = declared_key(cx, d.lexicals[2 * i]);
    if (shape_lookup(lexicals->shape, name)) return throw_already_declared(cx, name);
    ROOTS(cx, r, value, get, set);
    Descriptor existing;
    Tristate found = object_get_own_property(cx, global, name, &existing, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_TRUE && !(existing.attributes & PROPERTY_CONFIGURABLE))
      return throw_already_declared(cx, name);
  }
  for (uint32_t pass = 0; pass < 2; pass++) {
    const Value *names = pass ? d.vars : d.functions;
    for (uint32_t i = 0; i < (pass ? d.var_count : d.function_count); i++) {
      if (pass && names[2 * i + 1] == value_int(1)) continue;
      PropertyKey name = declared_key(cx, names[2 * i]);
      if (shape_lookup(lexicals->shape, name)) return throw_already_declared(cx, name);
    }
  }
  if (!check_global_functions_and_vars(cx, &d)) return false;
  for (uint32_t i = 0; i < d.lexical_count; i++) {
    uint8_t attributes = PROPERTY_ENUMERABLE | (d.lexicals[2 * i + 1] == value_int(1) ? 0 : PROPERTY_WRITABLE);
    if (!object_add_property(cx, lexicals, declared_key(cx, d.lexicals[2 * i]), VALUE_UNINITIALIZED, attributes))
      return false;
  }
  return create_global_functions_and_vars(cx, &d, NULL, false);
}

// Run-time lookup ---------------------------------------------------------------------------------------------

static Value *environment_find_slot(Context *cx, Environment *environment, Value name, int *flags) {
  if (!value_is_internal(environment->names)) return NULL;
  const Values *names = (const Values *)value_as_cell(environment->names);
  // A lookup looks through as many names as a scope has.
  for (uint32_t i = 0; i + 1 < values_count(names); i += 2) {
    if (names->items[i] != name) continue;
    context_spend_steps(cx, i);
    *flags = value_as_int(names->items[i + 1]);
    return &environment->slots[i / 2];
  }
  context_spend_steps(cx, values_count(names));
  return NULL;
}

static Object *environment_eval_variables(Environment *environment) {
  if (!(environment->cell.flags & ENVIRONMENT_EVAL_VARS)) return NULL;
  Value variables = environment->slots[environment_slot_count(environment) - 1];
  return value_is_object(variables) ? value_as_object(variables) : NULL;
}

// https://tc39.es/ecma262/#sec-object-environment-records-hasbinding-n
static bool with_has_binding(Context *cx, Object *object, PropertyKey key, bool *has) {
  Tristate found = object_has_property(cx, object, key);
  if (found == TRISTATE_ABRUPT) return false;
  *has = found == TRISTATE_TRUE;
  if (!*has) return true;
  ROOTS(cx, r, unscopables);
  r->unscopables = object_get_key(cx, object, cx->names->symbol_unscopables);
  if (value_is_abrupt(r->unscopables)) return false;
  if (!value_is_object(r->unscopables)) return true;
  Value blocked = object_get_key(cx, value_as_object(r->unscopables), key);
  if (value_is_abrupt(blocked)) return false;
  *has = !value_to_boolean(blocked);
  return true;
}

// https://tc39.es/ecma262/#sec-resolvebinding
// The environment (internal), the global object or global lexicals object (object), or undefined.
Value name_resolve(Context *cx, Environment *environment, Value name) {
  PropertyKey key = declared_key(cx, name);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  for (; environment; environment = environment->outer) {
    int flags;
    context_spend_step(cx);
    if (environment->cell.flags & ENVIRONMENT_WITH) {
      bool has;
      if (!with_has_binding(cx, value_as_object(environment->slots[0]), key, &has)) return VALUE_ABRUPT;
      if (has) return value_internal(environment);
      continue;
    }
    Object *variables = environment_eval_variables(environment);
    if (variables && shape_lookup(variables->shape, key)) return value_object(variables);
    if (environment_find_slot(cx, environment, name, &flags)) return value_internal(environment);
  }
  Object *lexicals = global_lexicals(cx);
  if (shape_lookup(lexicals->shape, key)) return value_object(lexicals);
  Tristate has = object_has_property(cx, cx->realm->global_object, key);
  if (has == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return has == TRISTATE_TRUE ? value_object(cx->realm->global_object) : VALUE_UNDEFINED;
}

Value name_get_resolved(Context *cx, Value base, Value name, bool is_typeof, bool is_strict) {
  PropertyKey key = declared_key(cx, name);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  if (value_is_undefined(base)) return is_typeof ? VALUE_UNDEFINED : throw_not_defined(cx, key);
  if (value_is_object(base)) {
    Object *object = value_as_object(base);
    if (object == global_lexicals(cx) || object == cx->realm->global_object)
      return global_get_named(cx, key, NULL, is_typeof);
    Tristate has = object_has_property(cx, object, key);  // eval's variables may have been deleted
    if (has == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (has == TRISTATE_FALSE) return is_strict ? throw_not_defined(cx, key) : VALUE_UNDEFINED;
    return object_get_key(cx, object, key);
  }
  Environment *environment = (Environment *)value_as_cell(base);
  if (environment->cell.flags & ENVIRONMENT_WITH) {
    Object *object = value_as_object(environment->slots[0]);
    Tristate has = object_has_property(cx, object, key);
    if (has == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (has == TRISTATE_FALSE) return is_strict ? throw_not_defined(cx, key) : VALUE_UNDEFINED;
    return object_get_key(cx, object, key);
  }
  int flags;
  Value *place = environment_find_slot(cx, environment, name, &flags);
  if (!place) return throw_not_defined(cx, key);
  Value value = flags & SCOPE_NAME_IMPORT ? module_get_import(*place) : *place;
  return value == VALUE_UNINITIALIZED ? throw_dead_zone_named(cx, key) : value;
}

Value name_get(Context *cx, Environment *environment, Value name, bool is_typeof) {
  ROOTS(cx, r, base);
  r->base = name_resolve(cx, environment, name);
  if (value_is_abrupt(r->base)) return VALUE_ABRUPT;
  return name_get_resolved(cx, r->base, name, is_typeof, frame_is_strict(cx->frame));
}

static bool object_binding_set(Context *cx, Object *object, PropertyKey key, Value value, bool is_strict) {
  // https://tc39.es/ecma262/#sec-object-environment-records-setmutablebinding-n-v-s
  Tristate has = object_has_property(cx, object, key);
  if (has == TRISTATE_ABRUPT) return false;
  if (has == TRISTATE_FALSE && is_strict) {
    throw_not_defined(cx, key);
    return false;
  }
  Tristate done = object_set(cx, object, key, value, value_object(object));
  if (done == TRISTATE_FALSE && is_strict) {
    throw_type_error(cx, "cannot assign to '%k': it is read-only", key);
    return false;
  }
  return done != TRISTATE_ABRUPT;
}

bool name_set_resolved(Context *cx, Value base, Value name, Value value, bool is_strict) {
  PropertyKey key = declared_key(cx, name);
  if (value_is_abrupt(key)) return false;
  Object *global = cx->realm->global_object;
  if (value_is_undefined(base)) {
    if (is_strict) {
      throw_not_defined(cx, key);
      return false;
    }
    return object_set(cx, global, key, value, value_object(global)) != TRISTATE_ABRUPT;
  }
  if (value_is_object(base)) {
    Object *object = value_as_object(base);
    if (object == global_lexicals(cx)) return global_set_named(cx, key, value, NULL, is_strict);
    return object_binding_set(cx, object, key, value, is_strict);
  }
  Environment *environment = (Environment *)value_as_cell(base);
  if (environment->cell.flags & ENVIRONMENT_WITH)
    return object_binding_set(cx, value_as_object(environment->slots[0]), key, value, is_strict);
  int flags;
  Value *place = environment_find_slot(cx, environment, name, &flags);
  if (!place) {
    throw_not_defined(cx, key);
    return false;
  }
  if (*place == VALUE_UNINITIALIZED) {
    throw_dead_zone_named(cx, key);
    return false;
  }
  if (flags & SCOPE_NAME_IMMUTABLE) {
    if (flags & SCOPE_NAME_SILENT && !is_strict) return true;
    throw_type_error(cx, "cannot assign to constant '%k'", key);
    return false;
  }
  cell_store(cx, place, value);
  return true;
}

Value name_delete(Context *cx, Environment *environment, Value name) {
  ROOTS(cx, r, base);
  r->base = name_resolve(cx, environment, name);
  if (value_is_abrupt(r->base)) return VALUE_ABRUPT;
  PropertyKey key = declared_key(cx, name);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  Object *object = NULL;
  if (value_is_undefined(r->base)) return VALUE_TRUE;
  if (value_is_object(r->base)) {
    object = value_as_object(r->base);
    if (object == global_lexicals(cx)) return VALUE_FALSE;
  } else {
    Environment *found = (Environment *)value_as_cell(r->base);
    if (!(found->cell.flags & ENVIRONMENT_WITH)) return VALUE_FALSE;
    object = value_as_object(found->slots[0]);
  }
  Tristate done = object_delete(cx, object, key);
  return done == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(done == TRISTATE_TRUE);
}

// Variables of sloppy direct eval ------------------------------------------------------------------------------

// A var of eval must not cross a lexical binding of the same name on its way to the variable environment.
static bool eval_check_conflicts(Context *cx, Environment *environment, Value name, bool is_annex_b, bool *conflict) {
  PropertyKey key = declared_key(cx, name);
  *conflict = false;
  for (; environment && !(environment->cell.flags & ENVIRONMENT_EVAL_VARS); environment = environment->outer) {
    int flags;
    context_spend_step(cx);
    if (environment->cell.flags & ENVIRONMENT_WITH) continue;
    if (environment_find_slot(cx, environment, name, &flags) && flags & SCOPE_NAME_LEXICAL) *conflict = true;
  }
  if (environment) {
    int flags;
    if (environment_find_slot(cx, environment, name, &flags) && flags & SCOPE_NAME_LEXICAL) *conflict = true;
  } else if (shape_lookup(global_lexicals(cx)->shape, key)) {
    *conflict = true;
  }
  if (*conflict && !is_annex_b) return throw_already_declared(cx, key);
  return true;
}

static Object *eval_variables_object(Context *cx, Environment *environment) {
  Object *variables = environment_eval_variables(environment);
  if (variables) return variables;
  variables = object_create(cx, NULL);
  if (!variables) return NULL;
  cell_store(cx, &environment->slots[environment_slot_count(environment) - 1], value_object(variables));
  return variables;
}

static bool eval_bind(Context *cx, Environment *environment, Value name, Value function /*hole: a var*/) {
  PropertyKey key = declared_key(cx, name);
  int flags;
  Value *place = environment_find_slot(cx, environment, name, &flags);
  // The own name of a function expression is outside of the variables, and they shadow it.
  if (place && !(flags & SCOPE_NAME_SILENT)) {
    if (!value_is_hole(function)) cell_store(cx, place, function);
    return true;
  }
  Object *variables = eval_variables_object(cx, environment);
  if (!variables) return false;
  bool exists = shape_lookup(variables->shape, key) != NULL;
  if (value_is_hole(function)) return exists || object_create_data_property(cx, variables, key, VALUE_UNDEFINED);
  return object_create_data_property(cx, variables, key, function);
}

// https://tc39.es/ecma262/#sec-evaldeclarationinstantiation
// bounded: declarations of one source, which paid when it was parsed.
bool eval_declare(Context *cx, Values *declarations, Environment *environment) {
  Declarations d = declarations_read(declarations);
  Environment *outer = environment;
  for (; outer && !(outer->cell.flags & ENVIRONMENT_EVAL_VARS); outer = outer->outer) context_spend_step(cx);
  bool conflict;
  for (uint32_t i = 0; i < d.function_count; i++)
    if (!eval_check_conflicts(cx, environment, d.functions[2 * i], false, &conflict)) return false;
  for (uint32_t i = 0; i < d.var_count; i++)
    if (!eval_check_conflicts(cx, environment, d.vars[2 * i], d.vars[2 * i + 1] == value_int(1), &conflict))
      return false;
  if (!outer) {
    if (!check_global_functions_and_vars(cx, &d)) return false;
    return create_global_functions_and_vars(cx, &d, environment, true);
  }
  ROOTS(cx, r, function);
  for (uint32_t i = 0; i < d.function_count; i++) {
    Closure *closure = closure_create(cx, (Code *)value_as_cell(d.functions[2 * i + 1]), environment);
    if (!closure) return false;
    r->function = value_object(closure);
    if (!eval_bind(cx, outer, d.functions[2 * i], r->function)) return false;
  }
  for (uint32_t i = 0; i < d.var_count; i++) {
    bool is_annex_b = d.vars[2 * i + 1] == value_int(1);
    if (!eval_check_conflicts(cx, environment, d.vars[2 * i], is_annex_b, &conflict)) return false;
    if (conflict) continue;
    if (!eval_bind(cx, outer, d.vars[2 * i], VALUE_HOLE)) return false;
  }
  return true;
}

// Assigns a variable that sloppy eval code declared itself, skipping lexical bindings of its name.
bool eval_set_variable(Context *cx, Environment *environment, Value name, Value value) {
  for (; environment && !(environment->cell.flags & ENVIRONMENT_EVAL_VARS); environment = environment->outer)
    context_spend_step(cx);
  if (environment) return eval_bind(cx, environment, name, value);
  PropertyKey key = declared_key(cx, name);
  if (value_is_abrupt(key)) return false;
  Object *global = cx->realm->global_object;
  return object_set(cx, global, key, value, value_object(global)) != TRISTATE_ABRUPT;
}
