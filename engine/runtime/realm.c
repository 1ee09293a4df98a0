// Realm creation, and the properties of built-in objects that are made at first use.
#include "runtime/realm.h"

#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/shapes.h"

enum { GLOBAL_PROPERTIES = 95 };  // about as many as there are; their slots just fit into a cell of 768 bytes

// The class of Object.prototype: its own prototype cannot be changed.
// https://tc39.es/ecma262/#sec-immutable-prototype-exotic-objects
static Tristate object_prototype_set_prototype(Context *cx, Object *object, Value prototype) {
  (void)cx;
  Value current = object->shape->prototype ? value_object(object->shape->prototype) : VALUE_NULL;
  return current == prototype ? TRISTATE_TRUE : TRISTATE_FALSE;
}

static const ObjectClass object_class_object_prototype = {
    .name = "Object", .kind = CELL_OBJECT, .size = sizeof(Object), .set_prototype = object_prototype_set_prototype};

// https://tc39.es/ecma262/#sec-properties-of-the-function-prototype-object
static Value function_prototype_call_itself(Context *cx, const Call *call) {
  (void)cx, (void)call;
  return VALUE_UNDEFINED;
}

static void realm_clear(const Context *cx, Realm *realm) {
  realm->global_this = VALUE_UNDEFINED;
  for (int i = 0; i < INTRINSICS_ALWAYS; i++) realm->intrinsics[i] = VALUE_UNDEFINED;
  realm->on_demand = VALUE_UNDEFINED;
  realm->global_lexicals = realm->error_stack = realm->self_hosted = realm->template_objects = VALUE_UNDEFINED;
  realm->loaded_modules = realm->host_defined = VALUE_UNDEFINED;
  realm->last_match.input = realm->last_match.text = cx->names->empty;
}

// {length, name} and then `third` (VALUE_HOLE: nothing) of the class, below Function.prototype.
static MUST_CHECK bool realm_make_function_shape(Context *cx, Realm *realm, RealmShape which, const ObjectClass *class_,
                                                 PropertyKey third, uint8_t third_attributes) {
  ROOTS(cx, r, shape);
  Object *prototype = value_as_object(realm->intrinsics[INTRINSIC_FunctionPrototype]);
  const PropertyKey keys[] = {cx->names->length, cx->names->name, third};
  const uint8_t attributes[] = {PROPERTY_CONFIGURABLE, PROPERTY_CONFIGURABLE, third_attributes};
  Shape *shape = shape_for_prototype(cx, class_, prototype);
  for (size_t i = 0; shape && i < COUNT_OF(keys) && !value_is_hole(keys[i]); i++) {
    r->shape = value_internal(shape);
    shape = shape_add_property(cx, shape, keys[i], attributes[i]);
  }
  realm->shapes[which] = shape;
  return shape != NULL;
}

static MUST_CHECK bool realm_make_shapes(Context *cx, Realm *realm) {
  Object *object_prototype = value_as_object(realm->intrinsics[INTRINSIC_ObjectPrototype]);
  Value prototype = cx->names->prototype;
  realm->shapes[REALM_SHAPE_OBJECT] = shape_for_prototype(cx, &object_class_ordinary, object_prototype);
  return realm->shapes[REALM_SHAPE_OBJECT] &&
         realm_make_function_shape(cx, realm, REALM_SHAPE_FUNCTION, &object_class_closure, VALUE_HOLE, 0) &&
         realm_make_function_shape(cx, realm, REALM_SHAPE_FUNCTION_WITH_PROTOTYPE, &object_class_closure, prototype,
                                   PROPERTY_WRITABLE | PROPERTY_LAZY) &&
         realm_make_function_shape(cx, realm, REALM_SHAPE_CLASS, &object_class_closure, prototype, 0) &&
         realm_make_function_shape(cx, realm, REALM_SHAPE_NATIVE_FUNCTION, &object_class_native_function, VALUE_HOLE,
                                   0);
}

static MUST_CHECK bool realm_make_absent_holder(Context *cx) {
  if (value_is_object(cx->absent_holder)) return true;
  Object *holder = object_create_with_shape(cx, cx->realm->shapes[REALM_SHAPE_OBJECT], 1);
  if (!holder) return false;
  holder->slots[0] = VALUE_UNDEFINED;
  cx->absent_holder = value_object(holder);
  return true;
}

// Makes Object.prototype and Function.prototype, which everything else refers to.
static MUST_CHECK bool realm_make_roots(Context *cx, Realm *realm) {
  Object *object_prototype = object_create_of_class(cx, &object_class_object_prototype, NULL, 0);
  if (!object_prototype) return false;
  realm->intrinsics[INTRINSIC_ObjectPrototype] = value_object(object_prototype);
  object_mark_as_prototype(cx, object_prototype);
  Object *function_prototype = object_create_of_class(cx, &object_class_native_function, object_prototype, 2);
  if (!function_prototype) return false;
  realm->intrinsics[INTRINSIC_FunctionPrototype] = value_object(function_prototype);
  object_mark_as_prototype(cx, function_prototype);
  NativeFunctionObject *native = (NativeFunctionObject *)function_prototype;
  native->function = function_prototype_call_itself;
  native->realm = realm;
  native->captured[0] = native->captured[1] = VALUE_UNDEFINED;
  function_prototype->cell.flags |= OBJECT_CALLABLE;
  return object_add_property(cx, function_prototype, cx->names->length, VALUE_INT_ZERO, PROPERTY_CONFIGURABLE) &&
         object_add_property(cx, function_prototype, cx->names->name, cx->names->empty, PROPERTY_CONFIGURABLE);
}

static MUST_CHECK bool realm_make_global(Context *cx, Realm *realm) {
  Object *prototype = value_as_object(realm->intrinsics[INTRINSIC_ObjectPrototype]);
  Object *global = object_create_of_class(cx, &object_class_ordinary, prototype, 0);
  if (!global) return false;
  realm->global_object = global;
  realm->global_this = value_object(global);
  // No inline slots: caches refer to the cell of out-of-line slots.
  Object *lexicals = object_create_of_class(cx, &object_class_ordinary, NULL, 0);
  if (!lexicals) return false;
  realm->global_lexicals = value_object(lexicals);
  return object_reserve_dictionary(cx, global, GLOBAL_PROPERTIES) &&
         object_add_property(cx, global, cx->names->globalThis, realm->global_this, PROPERTY_HIDDEN);
}

static Realm *realm_make(Context *cx) {
  ROOTS(cx, r, realm, previous);
  // Mostly there is one. A cell of its own takes less than a block of cells of that size.
  Realm *realm = context_allocate(cx, CELL_REALM, MAX_OF(sizeof(Realm), (size_t)HEAP_LARGEST_SMALL + 1));
  if (!realm) return NULL;
  realm_clear(cx, realm);
  r->realm = value_internal(realm);
  Realm *previous = cx->realm;
  r->previous = value_internal_or_undefined(previous);
  cx->realm = realm;
  bool made = realm_make_roots(cx, realm) && realm_make_shapes(cx, realm) && realm_make_absent_holder(cx) &&
              realm_make_global(cx, realm) && (!cx->hooks->install_builtins || cx->hooks->install_builtins(cx, realm));
  cx->realm = previous;
  if (!made) return NULL;
  realm->next = cx->first_realm;
  cx->first_realm = realm;
  return realm;
}

// https://tc39.es/ecma262/#sec-initializehostdefinedrealm
Realm *realm_create(Context *cx) {
  // An incomplete realm has no errors to throw: running out of memory ends the run instead.
  bool was_throwing = cx->throwing_out_of_memory;
  cx->throwing_out_of_memory = true;
  Realm *realm = realm_make(cx);
  cx->throwing_out_of_memory = was_throwing;
  return realm;
}

// Lazy properties ------------------------------------------------------------------------------------

Value realm_materialize_property(Context *cx, Object *object, PropertyKey key, Value slot) {
  if (value_is_hole(slot)) return function_materialize_prototype(cx, object);
  ROOTS(cx, r, realm, previous);
  Realm *realm = (Realm *)value_as_cell(slot), *previous = cx->realm;
  r->realm = slot;
  r->previous = value_internal_or_undefined(previous);
  const BuiltinObject *builtin = builtin_of_object(cx, realm, object);
  const BuiltinRow *row = builtin ? builtin_find_row(cx, builtin->rows, key) : NULL;
  cx->realm = realm;
  Value value = row                              ? builtin_make_row(cx, realm, row, key)
                : object == realm->global_object ? builtin_global(cx, realm, key)
                                                 : VALUE_UNDEFINED;
  if (value_is_undefined(value) && !row) value = cx->hooks->make_global(cx, realm, key);
  cx->realm = previous;
  return value;
}
