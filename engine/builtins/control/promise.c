// Promise: what needs no callbacks; the rest is in promise.js. https://tc39.es/ecma262/#sec-promise-objects
#include "builtins/fundamentals/function.h"
#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/promises.h"

// https://tc39.es/ecma262/#sec-promise-executor
static Value promise_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "Promise cannot be called without 'new'");
  Value executor = call_argument(call, 0);
  if (!value_is_callable(executor))
    return throw_type_error(cx, "Promise: the executor must be a function, not %v", executor);
  ROOTS(cx, r, made[3], reason);
  if (!promise_construct_prepare(cx, call->new_target, r->made)) return VALUE_ABRUPT;
  if (!value_is_abrupt(function_call(cx, executor, VALUE_UNDEFINED, r->made + 1, 2))) return r->made[0];
  if (!exception_is_catchable(cx)) return VALUE_ABRUPT;
  r->reason = exception_take(cx);
  return value_is_abrupt(function_call(cx, r->made[2], VALUE_UNDEFINED, &r->reason, 1)) ? VALUE_ABRUPT : r->made[0];
}

// https://tc39.es/ecma262/#sec-promise.prototype.then
static Value promise_prototype_then(Context *cx, const Call *call) {
  if (!value_is_object_of(call->this_value, CELL_PROMISE)) {
    return throw_type_error(cx, "Promise.prototype.then called on %v, not on a promise", call->this_value);
  }
  return promise_then_chained(cx, value_as_object(call->this_value), call_argument(call, 0), call_argument(call, 1));
}

// https://tc39.es/ecma262/#sec-promise.resolve
static Value promise_static_resolve(Context *cx, const Call *call) {
  if (!value_is_object(call->this_value)) return throw_type_error(cx, "Promise.resolve called on %v", call->this_value);
  return promise_resolve(cx, call->this_value, call_argument(call, 0));
}

// https://tc39.es/ecma262/#sec-promise.reject
static Value promise_static_reject(Context *cx, const Call *call) {
  ROOTS(cx, r, capability[3]);
  PromiseCapability *capability = (PromiseCapability *)r->capability;
  if (!promise_new_direct_capability(cx, call->this_value, capability)) return VALUE_ABRUPT;
  return capability_reject(cx, capability, call_argument(call, 0)) ? capability->promise : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-promise.withResolvers
static Value promise_with_resolvers(Context *cx, const Call *call) {
  ROOTS(cx, r, capability[3], object, key);
  if (!promise_new_capability(cx, call->this_value, (PromiseCapability *)r->capability)) return VALUE_ABRUPT;
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  static const char *const names[] = {"promise", "resolve", "reject"};
  for (int i = 0; i < 3; i++) {
    r->key = key_from_ascii(cx, names[i]);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    if (!object_add_property(cx, object, r->key, r->capability[i], PROPERTY_DEFAULT)) return VALUE_ABRUPT;
  }
  return r->object;
}

// Operations of promise.js -----------------------------------------------------------------------------

// %NewPromiseCapability(C): a list of promise, resolve, reject
Value intrinsic_new_promise_capability(Context *cx, const Call *call) {
  ROOTS(cx, r, capability[3]);
  if (!promise_new_capability(cx, call_argument(call, 0), (PromiseCapability *)r->capability)) return VALUE_ABRUPT;
  Object *list = array_create_from(cx, r->capability, 3);
  return list ? value_object(list) : VALUE_ABRUPT;
}

// %PromiseResolve(C, value)
Value intrinsic_promise_resolve(Context *cx, const Call *call) {
  return promise_resolve(cx, call_argument(call, 0), call_argument(call, 1));
}

// %PromiseReject(reason): a native promise
Value intrinsic_promise_reject(Context *cx, const Call *call) {
  ROOTS(cx, r, promise);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  return promise_reject(cx, promise, call_argument(call, 0)) ? r->promise : VALUE_ABRUPT;
}

// %PerformPromiseThen(native promise, onFulfilled, onRejected): the derived native promise
Value intrinsic_perform_promise_then(Context *cx, const Call *call) {
  ROOTS(cx, r, capability[3]);
  PromiseCapability *capability = (PromiseCapability *)r->capability;
  if (!promise_new_direct_capability(cx, realm_intrinsic(cx, INTRINSIC_Promise), capability)) return VALUE_ABRUPT;
  Object *promise = value_as_object(call_argument(call, 0));
  bool ok = promise_then(cx, promise, call_argument(call, 1), call_argument(call, 2), capability);
  return ok ? capability->promise : VALUE_ABRUPT;
}

// Tables ---------------------------------------------------------------------------------------------

static const BuiltinRow promise_rows[] = {
    SELF_HOSTED("all", 1, "Promise_all"),
    SELF_HOSTED("allSettled", 1, "Promise_allSettled"),
    SELF_HOSTED("allKeyed", 1, "Promise_allKeyed"),
    SELF_HOSTED("allSettledKeyed", 1, "Promise_allSettledKeyed"),
    SELF_HOSTED("any", 1, "Promise_any"),
    SELF_HOSTED("race", 1, "Promise_race"),
    FUNCTION("reject", 1, promise_static_reject),
    FUNCTION_RECORD("resolve", 1, promise_static_resolve, INTRINSIC_Promise_resolve),
    SELF_HOSTED("try", 1, "Promise_try"),
    FUNCTION("withResolvers", 0, promise_with_resolvers),
    GETTER("@@species", promise_get_species),
    END_OF_ROWS,
};
static const BuiltinRow promise_prototype_rows[] = {
    SELF_HOSTED("catch", 1, "PromisePrototype_catch"),
    SELF_HOSTED("finally", 1, "PromisePrototype_finally"),
    FUNCTION_RECORD("then", 2, promise_prototype_then, INTRINSIC_PromisePrototype_then),
    TO_STRING_TAG("Promise"),
    END_OF_ROWS,
};
const BuiltinObject builtin_promise_prototype = {
    .intrinsic = INTRINSIC_PromisePrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = promise_prototype_rows,
};
const BuiltinObject builtin_promise = {
    .global_name = "Promise",
    .intrinsic = INTRINSIC_Promise,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = promise_constructor,
    .performed = NATIVE_PROMISE,
    .length = 1,
    .prototype_property = INTRINSIC_PromisePrototype,
    .rows = promise_rows,
};
