// Proxy exotic objects. https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots
//
// Every internal method goes the same way: enter (check native depth and revocation) and fetch the trap. Without a
// trap, do the operation on the target; otherwise call the trap and check its answer against the invariants of the
// target. Private names never reach a handler: they live on the proxy object itself.
#include "runtime/proxies.h"

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/replay.h"

enum { TRAP_HANDLER, TRAP_TARGET, TRAP_METHOD, TRAP_VALUES };

static void proxy_trace(Tracer *tracer, Object *object) {
  tracer_visit_value(tracer, ((Proxy *)object)->target);
  tracer_visit_value(tracer, ((Proxy *)object)->handler);
}

static void proxy_leave(Context **entered) {
  if (*entered) context_leave_native(*entered);
}
// Declares that the function leaves the native activation on any return.
#define PROXY_ACTIVATION Context *entered __attribute__((cleanup(proxy_leave))) = NULL

static MUST_CHECK bool proxy_find_trap(Context *cx, const Proxy *proxy, PropertyKey name, Value *trap) {
  trap[TRAP_HANDLER] = replay_note(cx, proxy->handler);
  trap[TRAP_TARGET] = replay_note(cx, proxy->target);
  if (value_is_abrupt(trap[TRAP_HANDLER]) || value_is_abrupt(trap[TRAP_TARGET])) return false;
  if (value_is_null(trap[TRAP_HANDLER])) {
    throw_type_error(cx, "%ecannot perform '%k' on a proxy that has been revoked", name);
    return false;
  }
  trap[TRAP_METHOD] = value_get_method(cx, trap[TRAP_HANDLER], name);
  return !value_is_abrupt(trap[TRAP_METHOD]);
}

// Fills trap[] (rooted) with handler, target and the trap or undefined. A proxy without the trap stands for its target:
// proxies of proxies take no C stack.
static MUST_CHECK bool proxy_enter(Context *cx, Object *object, PropertyKey name, Value *trap, Context **entered) {
  if (!context_enter_native(cx)) return false;
  *entered = cx;
  for (;;) {
    if (!proxy_find_trap(cx, (const Proxy *)object, name, trap)) return false;
    if (!value_is_undefined(trap[TRAP_METHOD]) || !value_is_object_of(trap[TRAP_TARGET], CELL_PROXY)) return true;
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    object = value_as_object(trap[TRAP_TARGET]);
  }
}

static bool key_is_private(PropertyKey key) {
  return key_is_symbol(key) && (value_as_symbol(key)->cell.flags & SYMBOL_PRIVATE);
}

static Value proxy_call_trap(Context *cx, const Value *trap, const Value *arguments, uint32_t count) {
  return function_call(cx, trap[TRAP_METHOD], trap[TRAP_HANDLER], arguments, count);
}

static Tristate proxy_violation(Context *cx, const char *trap, PropertyKey key, const char *what) {
  throw_type_error(cx, "'%s' on proxy: the trap's result for property '%k' is wrong: %s", trap, key, what);
  return TRISTATE_ABRUPT;
}

static Tristate proxy_object_violation(Context *cx, const char *trap, const char *what) {
  throw_type_error(cx, "'%s' on proxy: %s", trap, what);
  return TRISTATE_ABRUPT;
}

static bool descriptor_lacks(const Descriptor *descriptor, uint8_t attribute) {
  return !(descriptor->attributes & attribute);
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-getprototypeof
static Tristate proxy_get_prototype(Context *cx, Object *object, Value *out) {
  ROOTS(cx, r, trap[TRAP_VALUES], prototype, actual);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->getPrototypeOf, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_get_prototype(cx, target, out);
  r->prototype = proxy_call_trap(cx, r->trap, &r->trap[TRAP_TARGET], 1);
  if (value_is_abrupt(r->prototype)) return TRISTATE_ABRUPT;
  if (!value_is_object(r->prototype) && !value_is_null(r->prototype)) {
    return proxy_object_violation(cx, "getPrototypeOf", "the trap returned neither an object nor null");
  }
  *out = r->prototype;
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible != TRISTATE_FALSE) return extensible;
  if (object_get_prototype(cx, target, &r->actual) == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (r->actual != r->prototype) {
    return proxy_object_violation(cx, "getPrototypeOf",
                                  "the target is not extensible and the trap did not return its actual prototype");
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-setprototypeof-v
static Tristate proxy_set_prototype(Context *cx, Object *object, Value prototype) {
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[2], actual);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->setPrototypeOf, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_set_prototype(cx, target, prototype);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = prototype;
  Value answer = proxy_call_trap(cx, r->trap, r->arguments, 2);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (!value_to_boolean(answer)) return TRISTATE_FALSE;
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible != TRISTATE_FALSE) return extensible;
  if (object_get_prototype(cx, target, &r->actual) == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (r->actual != prototype) {
    return proxy_object_violation(cx, "setPrototypeOf",
                                  "the trap returned true but the target is not extensible and has another prototype");
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-isextensible
static Tristate proxy_is_extensible(Context *cx, Object *object) {
  ROOTS(cx, r, trap[TRAP_VALUES]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->isExtensible, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_is_extensible(cx, target);
  Value answer = proxy_call_trap(cx, r->trap, &r->trap[TRAP_TARGET], 1);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  Tristate claimed = value_to_boolean(answer) ? TRISTATE_TRUE : TRISTATE_FALSE;
  Tristate actual = object_is_extensible(cx, target);
  if (actual == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (actual != claimed) {
    return proxy_object_violation(cx, "isExtensible", "the trap's result differs from the target's extensibility");
  }
  return claimed;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-preventextensions
static Tristate proxy_prevent_extensions(Context *cx, Object *object) {
  ROOTS(cx, r, trap[TRAP_VALUES]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->preventExtensions, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_prevent_extensions(cx, target);
  Value answer = proxy_call_trap(cx, r->trap, &r->trap[TRAP_TARGET], 1);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (!value_to_boolean(answer)) return TRISTATE_FALSE;
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (extensible == TRISTATE_TRUE) {
    return proxy_object_violation(cx, "preventExtensions", "the trap returned true but the target is extensible");
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-completepropertydescriptor
static void descriptor_complete(Descriptor *descriptor) {
  descriptor->attributes &= descriptor->present;
  if (descriptor_is_accessor(descriptor)) {
    if (value_is_hole(descriptor->get)) descriptor->get = VALUE_UNDEFINED;
    if (value_is_hole(descriptor->set)) descriptor->set = VALUE_UNDEFINED;
    descriptor->present = PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE;
  } else {
    if (value_is_hole(descriptor->value)) descriptor->value = VALUE_UNDEFINED;
    descriptor->present = PROPERTY_DEFAULT;
  }
}

static Tristate proxy_check_absent(Context *cx, Object *target, PropertyKey key, Tristate found,
                                   const Descriptor *actual, const char *trap) {
  if (found != TRISTATE_TRUE) return TRISTATE_FALSE;
  if (descriptor_lacks(actual, PROPERTY_CONFIGURABLE)) {
    return proxy_violation(cx, trap, key, "the target has it and it is not configurable");
  }
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (extensible == TRISTATE_FALSE) {
    return proxy_violation(cx, trap, key, "the target has it and is not extensible");
  }
  return TRISTATE_FALSE;
}

static Tristate proxy_check_descriptor(Context *cx, PropertyKey key, bool extensible, const Descriptor *claimed,
                                       Tristate found, const Descriptor *actual) {
  const char *const trap = "getOwnPropertyDescriptor";
  Tristate compatible =
      object_validate_and_apply(cx, NULL, key, extensible, claimed, found == TRISTATE_TRUE ? actual : NULL);
  if (compatible == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (compatible == TRISTATE_FALSE) {
    return proxy_violation(cx, trap, key, "it is incompatible with the property of the target");
  }
  if (!descriptor_lacks(claimed, PROPERTY_CONFIGURABLE)) return TRISTATE_TRUE;
  if (found == TRISTATE_FALSE || !descriptor_lacks(actual, PROPERTY_CONFIGURABLE)) {
    return proxy_violation(cx, trap, key,
                           "it claims to be non-configurable but the target's is configurable or absent");
  }
  if (descriptor_is_data(claimed) && descriptor_lacks(claimed, PROPERTY_WRITABLE) &&
      !descriptor_lacks(actual, PROPERTY_WRITABLE)) {
    return proxy_violation(cx, trap, key, "it claims to be read-only but the target's is writable");
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-getownproperty-p
static Tristate proxy_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots) {
  if (key_is_private(key)) return ordinary_get_own_property(cx, object, key, out, roots);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[2], answer, fields[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->getOwnPropertyDescriptor, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_get_own_property(cx, target, key, out, roots);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return TRISTATE_ABRUPT;
  r->answer = proxy_call_trap(cx, r->trap, r->arguments, 2);
  if (value_is_abrupt(r->answer)) return TRISTATE_ABRUPT;
  if (!value_is_object(r->answer) && !value_is_undefined(r->answer)) {
    return proxy_violation(cx, "getOwnPropertyDescriptor", key, "it is neither an object nor undefined");
  }
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (value_is_undefined(r->answer)) {
    return proxy_check_absent(cx, target, key, found, &actual, "getOwnPropertyDescriptor");
  }
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible == TRISTATE_ABRUPT || !descriptor_from_object(cx, r->answer, out, roots)) return TRISTATE_ABRUPT;
  descriptor_complete(out);
  return proxy_check_descriptor(cx, key, extensible == TRISTATE_TRUE, out, found, &actual);
}

static Tristate proxy_check_definition(Context *cx, Object *target, PropertyKey key, const Descriptor *descriptor) {
  ROOTS(cx, r, fields[3]);
  const char *const trap = "defineProperty";
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  Tristate extensible = object_is_extensible(cx, target);
  if (extensible == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  bool sets_not_configurable =
      (descriptor->present & PROPERTY_CONFIGURABLE) && descriptor_lacks(descriptor, PROPERTY_CONFIGURABLE);
  if (found == TRISTATE_FALSE) {
    if (extensible == TRISTATE_FALSE) return proxy_violation(cx, trap, key, "the target is not extensible");
    if (sets_not_configurable) {
      return proxy_violation(cx, trap, key, "a non-configurable property must exist on the target");
    }
    return TRISTATE_TRUE;
  }
  Tristate compatible = object_validate_and_apply(cx, NULL, key, extensible == TRISTATE_TRUE, descriptor, &actual);
  if (compatible == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (compatible == TRISTATE_FALSE) {
    return proxy_violation(cx, trap, key, "it is incompatible with the property of the target");
  }
  if (sets_not_configurable && !descriptor_lacks(&actual, PROPERTY_CONFIGURABLE)) {
    return proxy_violation(cx, trap, key, "the target's property is still configurable");
  }
  if (descriptor_is_data(&actual) && descriptor_lacks(&actual, PROPERTY_CONFIGURABLE) &&
      !descriptor_lacks(&actual, PROPERTY_WRITABLE) && (descriptor->present & PROPERTY_WRITABLE) &&
      descriptor_lacks(descriptor, PROPERTY_WRITABLE)) {
    return proxy_violation(cx, trap, key, "the target's non-configurable property is still writable");
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-defineownproperty-p-desc
static Tristate proxy_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor) {
  if (key_is_private(key)) return ordinary_define_own_property(cx, object, key, descriptor);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->defineProperty, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_define_own_property(cx, target, key, descriptor);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return TRISTATE_ABRUPT;
  r->arguments[2] = descriptor_to_object(cx, descriptor);
  if (value_is_abrupt(r->arguments[2])) return TRISTATE_ABRUPT;
  Value answer = proxy_call_trap(cx, r->trap, r->arguments, 3);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (!value_to_boolean(answer)) return TRISTATE_FALSE;
  return proxy_check_definition(cx, target, key, descriptor);
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-hasproperty-p
static Tristate proxy_has_property(Context *cx, Object *object, PropertyKey key) {
  if (key_is_private(key)) return ordinary_has_property(cx, object, key);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[2], fields[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->has, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_has_property(cx, target, key);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return TRISTATE_ABRUPT;
  Value answer = proxy_call_trap(cx, r->trap, r->arguments, 2);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (value_to_boolean(answer)) return TRISTATE_TRUE;
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  return proxy_check_absent(cx, target, key, found, &actual, "has");
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-get-p-receiver
static Value proxy_get(Context *cx, Object *object, PropertyKey key, Value receiver) {
  if (key_is_private(key)) return ordinary_get(cx, object, key, receiver);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[3], answer, fields[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->get, r->trap, &entered)) return VALUE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_get(cx, target, key, receiver);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return VALUE_ABRUPT;
  r->arguments[2] = receiver;
  r->answer = proxy_call_trap(cx, r->trap, r->arguments, 3);
  if (value_is_abrupt(r->answer)) return VALUE_ABRUPT;
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  if (found == TRISTATE_FALSE || !descriptor_lacks(&actual, PROPERTY_CONFIGURABLE)) return r->answer;
  if (descriptor_is_accessor(&actual)) {
    if (value_is_undefined(actual.get) && !value_is_undefined(r->answer)) {
      proxy_violation(cx, "get", key, "the target's is a non-configurable accessor without a getter");
      return VALUE_ABRUPT;
    }
  } else if (descriptor_lacks(&actual, PROPERTY_WRITABLE)) {
    bool same;
    if (!value_same(cx, r->answer, actual.value, &same)) return VALUE_ABRUPT;
    if (!same) {
      proxy_violation(cx, "get", key, "the target's is non-configurable and read-only with another value");
      return VALUE_ABRUPT;
    }
  }
  return r->answer;
}

static Tristate proxy_check_set(Context *cx, Object *target, PropertyKey key, Value value) {
  ROOTS(cx, r, fields[3]);
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (found == TRISTATE_FALSE || !descriptor_lacks(&actual, PROPERTY_CONFIGURABLE)) return TRISTATE_TRUE;
  if (descriptor_is_accessor(&actual)) {
    if (value_is_undefined(actual.set)) {
      return proxy_violation(cx, "set", key, "the target's is a non-configurable accessor without a setter");
    }
  } else if (descriptor_lacks(&actual, PROPERTY_WRITABLE)) {
    bool same;
    if (!value_same(cx, value, actual.value, &same)) return TRISTATE_ABRUPT;
    if (!same) {
      return proxy_violation(cx, "set", key, "the target's is non-configurable and read-only with another value");
    }
  }
  return TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-set-p-v-receiver
static Tristate proxy_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver) {
  if (key_is_private(key)) return ordinary_set(cx, object, key, value, receiver);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[4]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->set, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_set(cx, target, key, value, receiver);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return TRISTATE_ABRUPT;
  r->arguments[2] = value;
  r->arguments[3] = receiver;
  Value answer = proxy_call_trap(cx, r->trap, r->arguments, 4);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (!value_to_boolean(answer)) return TRISTATE_FALSE;
  return proxy_check_set(cx, target, key, value);
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-delete-p
static Tristate proxy_delete(Context *cx, Object *object, PropertyKey key) {
  if (key_is_private(key)) return ordinary_delete(cx, object, key);
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[2], fields[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->deleteProperty, r->trap, &entered)) return TRISTATE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_delete(cx, target, key);
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[1])) return TRISTATE_ABRUPT;
  Value answer = proxy_call_trap(cx, r->trap, r->arguments, 2);
  if (value_is_abrupt(answer)) return TRISTATE_ABRUPT;
  if (!value_to_boolean(answer)) return TRISTATE_FALSE;
  Descriptor actual;
  Tristate found = object_get_own_property(cx, target, key, &actual, r->fields);
  if (found == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  Tristate checked = proxy_check_absent(cx, target, key, found, &actual, "deleteProperty");
  return checked == TRISTATE_ABRUPT ? TRISTATE_ABRUPT : TRISTATE_TRUE;
}

// Checks that the trap's answer is a list of keys without duplicates; each also becomes a property of `seen`.
// bounded: listing the keys paid for them.
static MUST_CHECK bool proxy_check_keys(Context *cx, const Values *keys, Object *seen) {
  ROOTS(cx, r, key);
  for (uint32_t i = 0; i < values_count(keys); i++) {
    if (value_is_string(keys->items[i]) || value_is_symbol(keys->items[i])) continue;
    throw_type_error(cx, "'ownKeys' on proxy: %v is neither a string nor a symbol", keys->items[i]);
    return false;
  }
  for (uint32_t i = 0; i < values_count(keys); i++) {
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    OwnProperty present;
    if (own_property_find(seen, r->key, &present)) {
      throw_type_error(cx, "'ownKeys' on proxy: the trap returned '%k' twice", r->key);
      return false;
    }
    if (object_add_checked(cx, seen, r->key, VALUE_TRUE) == TRISTATE_ABRUPT) return false;
  }
  return true;
}

// Compares the target's keys with those in `seen`. A key must be there when it is not configurable or when the target
// is not extensible; *matched counts them.
static bool proxy_match_target_keys(Context *cx, Object *target, Object *seen, bool extensible, double *matched) {
  enum { ROUND, MATCHED, MISSING, STATE };
  ROOTS(cx, r, keys, key, fields[3], state[STATE]);
  r->keys = object_own_keys(cx, target);
  if (value_is_abrupt(r->keys)) return false;
  Values *keys = (Values *)value_as_cell(r->keys);
  // Two passes as in the specification: all descriptors are read before anything is compared.
  r->state[ROUND] = r->state[MATCHED] = VALUE_INT_ZERO;
  r->state[MISSING] = VALUE_UNDEFINED;
  ReplayLoop loop = {0};
  for (;; r->state[ROUND] = value_number(value_as_number(r->state[ROUND]) + 1)) {
    if (UNLIKELY(replay_is_recording(cx)) && !replay_round_slowly(cx, &loop, r->state, STATE)) return false;
    uint32_t i = (uint32_t)value_as_number(r->state[ROUND]);
    if (i >= values_count(keys)) break;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, target, r->key, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return false;
    bool must_appear = !extensible || (found == TRISTATE_TRUE && descriptor_lacks(&descriptor, PROPERTY_CONFIGURABLE));
    OwnProperty present;
    if (own_property_find(seen, r->key, &present)) {
      r->state[MATCHED] = value_number(value_as_number(r->state[MATCHED]) + 1);
    } else if (must_appear && value_is_undefined(r->state[MISSING])) {
      r->state[MISSING] = keys->items[i];
    }
  }
  *matched = value_as_number(r->state[MATCHED]);
  if (value_is_undefined(r->state[MISSING])) return true;
  throw_type_error(cx, "'ownKeys' on proxy: the trap's result lacks %v, %s", r->state[MISSING],
                   extensible ? "which is not configurable" : "of a target that is not extensible");
  return false;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-ownpropertykeys
static Value proxy_own_keys(Context *cx, Object *object) {
  ROOTS(cx, r, trap[TRAP_VALUES], answer, keys, seen);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, object, cx->names->ownKeys, r->trap, &entered)) return VALUE_ABRUPT;
  Object *target = value_as_object(r->trap[TRAP_TARGET]);
  if (value_is_undefined(r->trap[TRAP_METHOD])) return object_own_keys(cx, target);
  r->answer = proxy_call_trap(cx, r->trap, &r->trap[TRAP_TARGET], 1);
  if (value_is_abrupt(r->answer)) return VALUE_ABRUPT;
  Object *seen = object_create(cx, NULL);
  if (!seen) return VALUE_ABRUPT;
  r->seen = replay_note(cx, value_object(seen));
  if (value_is_abrupt(r->seen)) return VALUE_ABRUPT;
  seen = value_as_object(r->seen);
  if (!value_is_object(r->answer)) {
    return throw_type_error(cx, "'ownKeys' on proxy: the trap must return an array-like object of keys, not %v",
                            r->answer);
  }
  r->keys = value_list_from_array_like(cx, r->answer);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  // A step that is run again has filled `seen`.
  if (!replay_is_repeating(cx) && !proxy_check_keys(cx, (const Values *)value_as_cell(r->keys), seen))
    return VALUE_ABRUPT;
  Tristate extensible = object_is_extensible(cx, target);
  double matched;
  if (extensible == TRISTATE_ABRUPT ||
      !proxy_match_target_keys(cx, target, seen, extensible == TRISTATE_TRUE, &matched)) {
    return VALUE_ABRUPT;
  }
  if (extensible == TRISTATE_FALSE && matched != values_count((const Values *)value_as_cell(r->keys))) {
    return throw_type_error(cx, "'ownKeys' on proxy: the trap returned keys that the non-extensible target lacks");
  }
  return r->keys;
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-call-thisargument-argumentslist
Value proxy_call(Context *cx, Proxy *proxy, Value this_value, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, &proxy->object, cx->names->apply, r->trap, &entered)) return VALUE_ABRUPT;
  if (value_is_undefined(r->trap[TRAP_METHOD])) {
    return function_call(cx, r->trap[TRAP_TARGET], this_value, arguments, count);
  }
  Object *list = array_create_from(cx, arguments, count);
  if (!list) return VALUE_ABRUPT;
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = this_value;
  r->arguments[2] = value_object(list);
  return proxy_call_trap(cx, r->trap, r->arguments, 3);
}

// https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-construct-argumentslist-newtarget
Value proxy_construct(Context *cx, Proxy *proxy, Value new_target, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, trap[TRAP_VALUES], arguments[3]);
  PROXY_ACTIVATION;
  if (!proxy_enter(cx, &proxy->object, cx->names->construct, r->trap, &entered)) return VALUE_ABRUPT;
  if (value_is_undefined(r->trap[TRAP_METHOD])) {
    return function_construct(cx, r->trap[TRAP_TARGET], new_target, arguments, count);
  }
  Object *list = array_create_from(cx, arguments, count);
  if (!list) return VALUE_ABRUPT;
  r->arguments[0] = r->trap[TRAP_TARGET];
  r->arguments[1] = value_object(list);
  r->arguments[2] = new_target;
  Value result = proxy_call_trap(cx, r->trap, r->arguments, 3);
  if (value_is_abrupt(result) || value_is_object(result)) return result;
  return throw_type_error(cx, "'construct' on proxy: the trap must return an object, not %v", result);
}

const ObjectClass object_class_proxy = {
    .name = "Proxy",
    .kind = CELL_PROXY,
    .size = sizeof(Proxy),
    .get_own_property = proxy_get_own_property,
    .define_own_property = proxy_define_own_property,
    .has_property = proxy_has_property,
    .get = proxy_get,
    .set = proxy_set,
    .delete_property = proxy_delete,
    .own_keys = proxy_own_keys,
    .get_prototype = proxy_get_prototype,
    .set_prototype = proxy_set_prototype,
    .is_extensible = proxy_is_extensible,
    .prevent_extensions = proxy_prevent_extensions,
    .trace = proxy_trace,
};

// https://tc39.es/ecma262/#sec-proxycreate
Value proxy_create(Context *cx, Value target, Value handler) {
  if (!value_is_object(target)) return throw_type_error(cx, "Proxy: the target must be an object, not %v", target);
  if (!value_is_object(handler)) return throw_type_error(cx, "Proxy: the handler must be an object, not %v", handler);
  Proxy *proxy = (Proxy *)object_create_of_class(cx, &object_class_proxy, NULL, 0);
  if (!proxy) return VALUE_ABRUPT;
  proxy->object.cell.flags |= value_as_object(target)->cell.flags & (OBJECT_CALLABLE | OBJECT_CONSTRUCTOR);
  cell_store(cx, &proxy->target, target);
  cell_store(cx, &proxy->handler, handler);
  return value_object(proxy);
}

void proxy_revoke(Context *cx, Proxy *proxy) {
  cell_store(cx, &proxy->target, VALUE_NULL);
  cell_store(cx, &proxy->handler, VALUE_NULL);
}
