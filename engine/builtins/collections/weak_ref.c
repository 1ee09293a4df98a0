// WeakRef and FinalizationRegistry. https://tc39.es/ecma262/#sec-weak-ref-objects
// https://tc39.es/ecma262/#sec-finalization-registry-objects
#include "runtime/builtin_table.h"
#include "runtime/collections.h"
#include "runtime/errors.h"

// https://tc39.es/ecma262/#sec-weak-ref-target
static Value weak_ref_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "WeakRef cannot be called without 'new'");
  Value target = call_argument(call, 0);
  if (!value_can_be_held_weakly(target)) return throw_type_error(cx, "WeakRef: %v cannot be held weakly", target);
  ROOTS(cx, r, reference);
  WeakRef *reference = (WeakRef *)object_create_from_constructor(cx, call->new_target, INTRINSIC_WeakRefPrototype,
                                                                 &object_class_weak_ref);
  if (!reference) return VALUE_ABRUPT;
  r->reference = value_object(reference);
  reference->target = target;
  return weak_keep_alive(cx, target) ? r->reference : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-weak-ref.prototype.deref
static Value weak_ref_prototype_deref(Context *cx, const Call *call) {
  if (!value_is_object_of(call->this_value, CELL_WEAK_REF)) {
    return throw_type_error(cx, "WeakRef.prototype.deref: expected a WeakRef, not %v", call->this_value);
  }
  ROOTS(cx, r, target);
  r->target = ((WeakRef *)value_as_object(call->this_value))->target;
  if (value_is_cell(r->target) && heap_is_dying(&cx->heap, value_as_cell(r->target))) r->target = VALUE_UNDEFINED;
  cell_keep(cx, r->target);
  if (!value_is_undefined(r->target) && !weak_keep_alive(cx, r->target)) return VALUE_ABRUPT;
  return r->target;
}

static FinalizationRegistry *this_registry(Context *cx, const Call *call) {
  if (value_is_object_of(call->this_value, CELL_FINALIZATION_REGISTRY)) {
    return (FinalizationRegistry *)value_as_object(call->this_value);
  }
  throw_type_error(cx, "%eexpected a FinalizationRegistry, not %v", call->this_value);
  return NULL;
}

// https://tc39.es/ecma262/#sec-finalization-registry-cleanup-callback
static Value finalization_registry_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "FinalizationRegistry cannot be called without 'new'");
  Value cleanup = call_argument(call, 0);
  if (!value_is_callable(cleanup)) return throw_type_error(cx, "FinalizationRegistry: %v is not a function", cleanup);
  FinalizationRegistry *registry = (FinalizationRegistry *)object_create_from_constructor(
      cx, call->new_target, INTRINSIC_FinalizationRegistryPrototype, &object_class_finalization_registry);
  if (!registry) return VALUE_ABRUPT;
  registry->cleanup = cleanup;
  registry->realm = cx->realm;
  registry->program = cx->program;
  registry->next_pending = VALUE_UNDEFINED;
  return value_object(registry);
}

// https://tc39.es/ecma262/#sec-finalization-registry.prototype.register
static Value finalization_registry_prototype_register(Context *cx, const Call *call) {
  FinalizationRegistry *registry = this_registry(cx, call);
  if (!registry) return VALUE_ABRUPT;
  Value target = call_argument(call, 0), held = call_argument(call, 1), token = call_argument(call, 2);
  if (!value_can_be_held_weakly(target))
    return throw_type_error(cx, "FinalizationRegistry.prototype.register: %v cannot be held weakly", target);
  // SameValue of objects and symbols is identity.
  if (target == held)
    return throw_type_error(cx, "FinalizationRegistry.prototype.register: the held value must not be the target");
  if (!value_is_undefined(token) && !value_can_be_held_weakly(token)) {
    return throw_type_error(
        cx, "FinalizationRegistry.prototype.register: the unregister token %v cannot be held weakly", token);
  }
  return finalization_registry_register(cx, registry, target, held, token) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-finalization-registry.prototype.unregister
static Value finalization_registry_prototype_unregister(Context *cx, const Call *call) {
  FinalizationRegistry *registry = this_registry(cx, call);
  if (!registry) return VALUE_ABRUPT;
  Value token = call_argument(call, 0);
  if (!value_can_be_held_weakly(token))
    return throw_type_error(cx, "FinalizationRegistry.prototype.unregister: %v cannot be held weakly", token);
  fuel_spend(&cx->fuel, registry->object.cell_count / FUEL_STEPS_PER_UNIT);
  return value_boolean(finalization_registry_unregister(cx, registry, token));
}

static const BuiltinRow weak_ref_prototype_rows[] = {
    FUNCTION("deref", 0, weak_ref_prototype_deref),
    TO_STRING_TAG("WeakRef"),
    END_OF_ROWS,
};
static const BuiltinRow finalization_registry_prototype_rows[] = {
    FUNCTION("register", 2, finalization_registry_prototype_register),
    FUNCTION("unregister", 1, finalization_registry_prototype_unregister),
    TO_STRING_TAG("FinalizationRegistry"),
    END_OF_ROWS,
};

const BuiltinObject builtin_weak_ref = {
    .global_name = "WeakRef",
    .intrinsic = INTRINSIC_WeakRef,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = weak_ref_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_WeakRefPrototype,
};
const BuiltinObject builtin_weak_ref_prototype = {
    .intrinsic = INTRINSIC_WeakRefPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = weak_ref_prototype_rows,
};
const BuiltinObject builtin_finalization_registry = {
    .global_name = "FinalizationRegistry",
    .intrinsic = INTRINSIC_FinalizationRegistry,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = finalization_registry_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_FinalizationRegistryPrototype,
};
const BuiltinObject builtin_finalization_registry_prototype = {
    .intrinsic = INTRINSIC_FinalizationRegistryPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = finalization_registry_prototype_rows,
};
