// Slow paths other than calls, named properties, globals and iteration.
#include "interpreter/interpreter.h"
#include "runtime/arguments.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/refusals.h"
#include "runtime/replay.h"
#include "runtime/shapes.h"
#include "text/utf8.h"

void operation_throw_error(Context *cx, unsigned type, Value message) {
  Object *error = error_create(cx, (ErrorType)type, message);
  if (error) throw_value(cx, value_object(error));
}

// Operators ------------------------------------------------------------------------------------------------------

Value operation_in(Context *cx, Value key, Value object) {
  if (!value_is_object(object)) {
    char text[EXPRESSION_TEXT_SIZE];
    return throw_type_error(cx, "%sthe right-hand side of 'in' must be an object, got %v", expression_prefix(cx, text),
                            object);
  }
  const Object *array = value_as_object(object);
  // OPTIMIZATION: the case that loops of self-hosted array methods need.
  if (value_is_int(key) && array_is_dense(array) && (uint32_t)value_as_int(key) < array->element_count &&
      !value_is_hole(array->elements->items[value_as_int(key)]))
    return VALUE_TRUE;
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Tristate has = object_has_property(cx, value_as_object(object), r->key);
  return has == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(has == TRISTATE_TRUE);
}

bool operation_instance_of(Context *cx, Value value, Value target, bool *out) {
  bool is_refused = !value_is_object(target);
  if (!is_refused && UNLIKELY(!value_is_callable(target))) {
    Tristate has = object_has_property(cx, value_as_object(target), cx->names->symbol_hasInstance);
    if (has == TRISTATE_ABRUPT) return false;
    is_refused = has == TRISTATE_FALSE;
  }
  if (!is_refused) return value_instance_of(cx, value, target, out);
  char text[EXPRESSION_TEXT_SIZE];
  throw_type_error(cx, "%sthe right-hand side of 'instanceof' must be a function, got %v", expression_prefix(cx, text),
                   target);
  return false;
}

Value operation_to_property_key(Context *cx, Value value) { return key_from_value(cx, value); }

bool operation_define_element(Context *cx, Object *object, Value key, Value value) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  return !value_is_abrupt(r->key) && object_create_data_property(cx, object, r->key, value);
}

Value operation_delete(Context *cx, Value base, Value key, bool is_strict) {
  ROOTS(cx, r, object, key);
  if (value_is_nullish(base)) return throw_nullish_access(cx, base, key, "delete");
  r->object = value_to_object(cx, base);
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Tristate done = object_delete(cx, value_as_object(r->object), r->key);
  if (done == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  if (done == TRISTATE_FALSE && is_strict) {
    char text[EXPRESSION_TEXT_SIZE];
    return throw_refused(cx, expression_prefix(cx, text), "delete", r->key, base, refusal_of_delete(base));
  }
  return value_boolean(done == TRISTATE_TRUE);
}

// https://tc39.es/ecma262/#sec-getsuperbase
static bool super_base(Context *cx, Value home, Value *base) {
  return object_get_prototype(cx, value_as_object(home), base) != TRISTATE_ABRUPT;
}

Value operation_get_super_base(Context *cx, Value home) {
  ROOTS(cx, r, base);
  return super_base(cx, home, &r->base) ? r->base : VALUE_ABRUPT;
}

Value operation_get_super(Context *cx, Value base, Value this_value, Value key) {
  ROOTS(cx, r, key);
  if (value_is_nullish(base))
    return throw_type_error(cx, "super has no properties: the home object's prototype is null");
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  return object_get(cx, value_as_object(base), r->key, this_value);
}

bool operation_set_super(Context *cx, Value base, Value this_value, Value key, Value value, bool is_strict) {
  ROOTS(cx, r, key);
  if (value_is_nullish(base)) {
    throw_type_error(cx, "super has no properties: the home object's prototype is null");
    return false;
  }
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return false;
  Tristate done = object_set(cx, value_as_object(base), r->key, value, this_value);
  if (done == TRISTATE_FALSE && is_strict) {
    throw_set_refused(cx, this_value, r->key);
    return false;
  }
  return done != TRISTATE_ABRUPT;
}

// Private names: properties keyed by private symbols, looked up in the object's own shape only -----------------------

static Value throw_private(Context *cx, Value name, Value base, const char *action, const char *reason) {
  char text[EXPRESSION_TEXT_SIZE];
  return throw_refused(cx, expression_prefix(cx, text), action, value_as_symbol(name)->description, base, reason);
}

static const char private_missing[] = "it was not made by the class that declares it";

static const Property *private_find(Value base, Value name) {
  return value_is_object(base) ? shape_lookup(value_as_object(base)->shape, name) : NULL;
}

Value private_find_getter(Context *cx, Value base, Value name, Value *value) {
  const Property *property = private_find(base, name);
  if (!property) return throw_private(cx, name, base, "read", private_missing);
  *value = value_as_object(base)->slots[property->slot];
  if (!(property->attributes & PROPERTY_ACCESSOR)) return VALUE_UNDEFINED;
  Value getter = ((Record *)value_as_cell(*value))->items[0];
  if (!value_is_undefined(getter)) return getter;
  return throw_private(cx, name, base, "read", "it has no getter");
}

CallStatus private_get(Context *cx, Value base, Value name, uint32_t result_register, Value *result) {
  Value value = VALUE_UNDEFINED;
  Value getter = private_find_getter(cx, base, name, &value);
  if (value_is_abrupt(getter)) return CALL_ABRUPT;
  if (!value_is_undefined(getter)) return call_values(cx, getter, base, NULL, 0, result_register, 0, result);
  *result = value;
  return CALL_FINISHED;
}

bool private_set(Context *cx, Value base, Value name, Value value) {
  const Property *property = private_find(base, name);
  if (!property) {
    throw_private(cx, name, base, "set", private_missing);
    return false;
  }
  Object *object = value_as_object(base);
  if (property->attributes & PROPERTY_ACCESSOR) {
    Value setter = ((Record *)value_as_cell(object->slots[property->slot]))->items[1];
    if (!value_is_undefined(setter)) return !value_is_abrupt(function_call(cx, setter, base, &value, 1));
    throw_private(cx, name, base, "set", "it has no setter");
    return false;
  }
  if (!(property->attributes & PROPERTY_WRITABLE)) {
    throw_private(cx, name, base, "set", "it is a method");
    return false;
  }
  cell_store(cx, &object->slots[property->slot], value);
  return true;
}

Value private_has(Context *cx, Value base, Value name) {
  if (!value_is_object(base)) {
    char text[EXPRESSION_TEXT_SIZE];
    return throw_type_error(cx, "%sthe right-hand side of 'in' must be an object, got %v", expression_prefix(cx, text),
                            base);
  }
  return value_boolean(private_find(base, name) != NULL);
}

bool private_define(Context *cx, Value base, Value name, Value value, int kind) {
  Object *object = value_as_object(base);
  const Property *property = shape_lookup(object->shape, name);
  if (property) {
    Value slot = object->slots[property->slot];
    if (kind >= 2 && property->attributes & PROPERTY_ACCESSOR) {
      Value *half = &((Record *)value_as_cell(slot))->items[kind - 2];
      if (value_is_undefined(*half)) {
        cell_store(cx, half, value);
        return true;
      }
    }
    throw_type_error(cx, "cannot define '%k': the object already has it", value_as_symbol(name)->description);
    return false;
  }
  if (object->shape->cell.flags & SHAPE_NOT_EXTENSIBLE || object->cell.kind == CELL_MODULE_NAMESPACE) {
    throw_type_error(cx, "cannot define '%k': the object is not extensible", value_as_symbol(name)->description);
    return false;
  }
  if (kind == 0) return object_add_property(cx, object, name, value, PROPERTY_WRITABLE);
  if (kind == 1) return object_add_property(cx, object, name, value, 0);
  return object_add_accessor(cx, object, name, kind == 2 ? value : VALUE_UNDEFINED, kind == 3 ? value : VALUE_UNDEFINED,
                             0);
}

// Functions, methods, classes ----------------------------------------------------------------------------------

// Generators and async functions are rarer: their shapes are found by transitions.
static Shape *shape_for_function(Context *cx, Object *prototype, bool has_prototype) {
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_prototype(cx, &object_class_closure, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->length, PROPERTY_CONFIGURABLE);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  shape = shape_add_property(cx, shape, cx->names->name, PROPERTY_CONFIGURABLE);
  if (!shape || !has_prototype) return shape;
  r->shape = value_internal(shape);
  return shape_add_property(cx, shape, cx->names->prototype, PROPERTY_WRITABLE | PROPERTY_LAZY);
}

Closure *closure_create(Context *cx, Code *code, Environment *environment) {
  uint32_t flags = code->flags;
  bool is_generator = flags & CODE_GENERATOR, is_async = flags & CODE_ASYNC;
  Realm *realm = cx->realm;
  bool has_prototype = (flags & CODE_HAS_CONSTRUCT && !(flags & CODE_CLASS_CONSTRUCTOR)) || is_generator;
  Closure *closure;
  if (!is_generator && !is_async) {
    Shape *shape = realm->shapes[has_prototype ? REALM_SHAPE_FUNCTION_WITH_PROTOTYPE : REALM_SHAPE_FUNCTION];
    closure = (Closure *)object_create_with_shape(cx, shape, has_prototype ? 3 : 2);
    if (!closure) return NULL;
  } else {
    Intrinsic prototype =
        is_generator ? (is_async ? INTRINSIC_AsyncGeneratorFunctionPrototype : INTRINSIC_GeneratorFunctionPrototype)
                     : INTRINSIC_AsyncFunctionPrototype;
    Shape *shape = shape_for_function(cx, value_as_object(realm->intrinsics[prototype]), is_generator);
    if (!shape) return NULL;
    ROOTS(cx, r, shape);
    r->shape = value_internal(shape);
    closure = (Closure *)object_create_with_shape(cx, shape, is_generator ? 3 : 2);
    if (!closure) return NULL;
  }
  closure->object.cell.flags |= OBJECT_CALLABLE | (flags & CODE_HAS_CONSTRUCT ? OBJECT_CONSTRUCTOR : 0);
  closure->object.function_kind = (is_generator ? FUNCTION_KIND_GENERATOR : 0) | (is_async ? FUNCTION_KIND_ASYNC : 0);
  closure->code = code;
  closure->environment = environment;
  closure->realm = realm;
  closure->home_object = closure->class_fields = VALUE_UNDEFINED;
  closure->object.slots[FUNCTION_LENGTH_SLOT] = value_int(code->length);
  closure->object.slots[FUNCTION_NAME_SLOT] = code->name;
  if (has_prototype) closure->object.slots[FUNCTION_PROTOTYPE_SLOT] = VALUE_HOLE;
  return closure;
}

bool function_name_anonymous(Context *cx, Value function, Value key, const char *prefix) {
  if (!value_is_object(function)) return true;
  Object *object = value_as_object(function);
  const Property *property = shape_lookup(object->shape, cx->names->name);
  if (object->cell.kind == CELL_CLOSURE) {
    // A static member `name` of a class takes precedence.
    Closure *closure = (Closure *)object;
    bool is_own = property && property->slot == FUNCTION_NAME_SLOT && !(property->attributes & PROPERTY_ACCESSOR) &&
                  object->slots[FUNCTION_NAME_SLOT] == closure->code->name;
    if (!is_own) return true;
  }
  ROOTS(cx, r, key, name);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return false;
  r->name = function_name_from_key(cx, r->key, prefix);
  if (value_is_abrupt(r->name)) return false;
  cell_store(cx, &object->slots[FUNCTION_NAME_SLOT], r->name);
  return true;
}

bool method_define(Context *cx, Value object, Value key, Value closure, int kind, bool enumerable) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, key);
  if (value_is_abrupt(r->key)) return false;
  // The function that a decorator put in the place of a method may be a method of another object.
  if (value_is_object_of(closure, CELL_CLOSURE) &&
      value_is_undefined(((Closure *)value_as_object(closure))->home_object))
    ((Closure *)value_as_object(closure))->home_object = object;
  uint8_t attributes = PROPERTY_CONFIGURABLE | (enumerable ? PROPERTY_ENUMERABLE : 0);
  Descriptor descriptor = {VALUE_HOLE, VALUE_HOLE, VALUE_HOLE, attributes, PROPERTY_CONFIGURABLE | PROPERTY_ENUMERABLE};
  if (kind == 0) {
    descriptor = descriptor_data(closure, attributes | PROPERTY_WRITABLE);
  } else if (kind == 1) {
    descriptor.get = closure;
  } else {
    descriptor.set = closure;
  }
  return object_define_or_throw(cx, value_as_object(object), r->key, &descriptor);
}

// https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation  heritage: hole when there is none
bool class_prepare(Context *cx, Value heritage, Value *pair) {
  if (value_is_hole(heritage)) {
    pair[0] = realm_intrinsic(cx, INTRINSIC_FunctionPrototype);
    pair[1] = realm_intrinsic(cx, INTRINSIC_ObjectPrototype);
    return true;
  }
  if (value_is_null(heritage)) {
    pair[0] = realm_intrinsic(cx, INTRINSIC_FunctionPrototype);
    pair[1] = VALUE_NULL;
    return true;
  }
  if (!value_is_constructor(heritage)) {
    throw_type_error(cx, "%ea class can extend only a constructor or null, not %v", heritage);
    return false;
  }
  Value prototype = object_get_key(cx, value_as_object(heritage), cx->names->prototype);
  if (value_is_abrupt(prototype)) return false;
  if (!value_is_object(prototype) && !value_is_null(prototype)) {
    throw_type_error(cx, "the prototype of an extended class must be an object or null, got %v", prototype);
    return false;
  }
  pair[0] = heritage;
  pair[1] = prototype;
  return true;
}

bool class_create(Context *cx, Code *code, Environment *environment, Value *pair) {
  ROOTS(cx, r, prototype, constructor);
  Object *prototype = object_create(cx, value_is_object(pair[1]) ? value_as_object(pair[1]) : NULL);
  if (!prototype) return false;
  r->prototype = value_object(prototype);
  Closure *closure = closure_create(cx, code, environment);
  if (!closure) return false;
  r->constructor = value_object(closure);
  closure->home_object = r->prototype;
  if (pair[0] != realm_intrinsic(cx, INTRINSIC_FunctionPrototype) &&
      // OPTIMIZATION: a new object is not a prototype yet, so the chain need not be searched for it.
      !object_change_prototype(cx, &closure->object, value_as_object(pair[0])))
    return false;
  if (!object_add_property(cx, &closure->object, cx->names->prototype, r->prototype, 0)) return false;
  if (!object_add_property(cx, prototype, cx->names->constructor, r->constructor, PROPERTY_HIDDEN)) return false;
  pair[0] = r->constructor;
  pair[1] = r->prototype;
  return true;
}

// https://tc39.es/ecma262/#sec-copydataproperties
bool copy_data_properties(Context *cx, Value target, Value source, const Value *excluded, uint32_t count) {
  if (value_is_nullish(source)) return true;
  ROOTS(cx, r, from, keys, key, value, get, set);
  r->from = value_to_object(cx, source);
  if (value_is_abrupt(r->from)) return false;
  r->keys = object_own_keys(cx, value_as_object(r->from));
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!context_charge(cx, 2 + (int32_t)(count / FUEL_STEPS_PER_UNIT))) return context_throw_interrupted(cx), false;
    if (!replay_round_index(cx, &loop, &i)) return false;
    if (i >= values_count(keys)) return true;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    bool is_excluded = false;
    for (uint32_t k = 0; k < count && !is_excluded; k++) {
      Value other = key_from_value(cx, excluded[k]);
      if (value_is_abrupt(other)) return false;
      is_excluded = other == r->key;
    }
    if (is_excluded) continue;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, value_as_object(r->from), r->key, &descriptor, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_FALSE || !(descriptor.attributes & PROPERTY_ENUMERABLE)) continue;
    r->value = object_get_key(cx, value_as_object(r->from), r->key);
    if (value_is_abrupt(r->value)) return false;
    if (!object_create_data_property(cx, value_as_object(target), r->key, r->value)) return false;
  }
}

// Literals ---------------------------------------------------------------------------------------------------------

bool array_literal_append(Context *cx, Object *array, Value value) {
  uint32_t index = array->element_count;
  if (index >= (array->elements ? values_count(array->elements) : 0) &&
      !object_reserve_elements(cx, array, index + index / 2 + 8))
    return false;
  cell_store(cx, &array->elements->items[index], value);
  array->element_count = array->length = index + 1;
  return true;
}

Value array_append_iterable_fast(Context *cx, Object *array, Value iterable) {
  if (!value_is_object_of(iterable, CELL_ARRAY)) return VALUE_FALSE;
  Object *source = value_as_object(iterable);
  if (!array_is_dense(source) || source->shape->prototype != realm_prototype(cx, INTRINSIC_ArrayPrototype) ||
      shape_lookup(source->shape, cx->names->symbol_iterator) || !iteration_array_is_untouched(cx) ||
      !array_prototypes_have_no_elements(cx) || source->length != source->element_count)
    return VALUE_FALSE;
  uint32_t count = source->element_count, start = array->element_count;
  if (!context_charge(cx, (int32_t)(count / 8))) return context_throw_interrupted(cx);
  if (count == 0) return VALUE_TRUE;
  if (!object_reserve_elements(cx, array, start + count)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < count; i++) {
    Value value = source->elements->items[i];
    cell_store(cx, &array->elements->items[start + i], value_is_hole(value) ? VALUE_UNDEFINED : value);
  }
  array->element_count = array->length = start + count;
  return VALUE_TRUE;
}

Value regexp_literal(Context *cx, Values *constant) {
  return cx->hooks->regexp_create(cx, constant->items[0], constant->items[1], &constant->items[2]);
}

// https://tc39.es/ecma262/#sec-gettemplateobject
// bounded: parts of a template, which paid when it was parsed.
Value template_object(Context *cx, Values *constant) {
  if (!value_is_hole(constant->items[0])) return constant->items[0];
  uint32_t count = (values_count(constant) - 1) / 2;
  ROOTS(cx, r, cooked, raw);
  Object *cooked = array_create(cx, 0);
  if (!cooked) return VALUE_ABRUPT;
  r->cooked = value_object(cooked);
  Object *raw = array_create(cx, 0);
  if (!raw) return VALUE_ABRUPT;
  r->raw = value_object(raw);
  for (uint32_t i = 0; i < count; i++) {
    if (!array_literal_append(cx, cooked, constant->items[1 + 2 * i])) return VALUE_ABRUPT;
    if (!array_literal_append(cx, raw, constant->items[2 + 2 * i])) return VALUE_ABRUPT;
  }
  if (object_set_integrity(cx, raw, INTEGRITY_FROZEN) == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  Descriptor descriptor = descriptor_data(r->raw, 0);
  if (!object_define_or_throw(cx, cooked, cx->names->raw, &descriptor)) return VALUE_ABRUPT;
  if (object_set_integrity(cx, cooked, INTEGRITY_FROZEN) == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  cell_store(cx, &constant->items[0], r->cooked);
  return r->cooked;
}

// bounded: the call paid for the arguments.
Object *frame_create_arguments(Context *cx, Value map) {
  Frame *frame = cx->frame;
  const Values *list = (const Values *)value_as_cell(*frame_register(frame, frame->code->argument_list));
  if (!value_is_internal(map)) return arguments_create_unmapped(cx, list->items, values_count(list));
  return arguments_create_mapped(cx, list->items, values_count(list), frame->function, frame->environment,
                                 (const Values *)value_as_cell(map));
}
