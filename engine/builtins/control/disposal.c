// The operations of compiled `using` and `await using` declarations. The loop that disposes is bytecode
// (compile_control.c), so that it can await. The list of resources is an array that the guest never sees; a resource is
// an internal record.
// https://tc39.es/ecma262/#sec-disposable-objects
#include "builtins/intrinsics.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/promises.h"

enum { RESOURCE_VALUE, RESOURCE_METHOD, RESOURCE_IS_ASYNC, RESOURCE_FIELDS };

// A synchronous dispose method serving `await using`. https://tc39.es/ecma262/#sec-getdisposemethod
static Value call_sync_method(Context *cx, const Call *call) {
  ROOTS(cx, r, promise, result);
  Object *promise = promise_create(cx);
  if (!promise) return VALUE_ABRUPT;
  r->promise = value_object(promise);
  r->result = function_call(cx, call_callee(call)->captured[0], call->this_value, NULL, 0);
  if (value_is_abrupt(r->result)) {
    if (!exception_is_catchable(cx)) return VALUE_ABRUPT;
    r->result = exception_take(cx);
    return promise_reject(cx, promise, r->result) ? r->promise : VALUE_ABRUPT;
  }
  return promise_fulfill(cx, promise, VALUE_UNDEFINED) ? r->promise : VALUE_ABRUPT;
}

static Value get_dispose_method(Context *cx, Value value, bool is_async) {
  ROOTS(cx, r, method);
  if (!is_async) return value_get_method(cx, value, cx->names->symbol_dispose);
  r->method = value_get_method(cx, value, cx->names->symbol_asyncDispose);
  if (!value_is_undefined(r->method)) return r->method;
  r->method = value_get_method(cx, value, cx->names->symbol_dispose);
  if (value_is_abrupt(r->method) || value_is_undefined(r->method)) return r->method;
  Object *wrapper = native_function_create(cx, call_sync_method, cx->names->empty, 0, false);
  if (!wrapper) return VALUE_ABRUPT;
  ((NativeFunctionObject *)wrapper)->captured[0] = r->method;
  return value_object(wrapper);
}

// https://tc39.es/ecma262/#sec-adddisposableresource  (list or undefined, value, whether async) -> list
Value intrinsic_disposable_add(Context *cx, const Call *call) {
  ROOTS(cx, r, list, method, record);
  Value value = call_argument(call, 1);
  bool is_async = value_as_boolean(call_argument(call, 2));
  r->list = call_argument(call, 0);
  r->method = VALUE_UNDEFINED;
  if (value_is_nullish(value)) {
    if (!is_async) return r->list;
  } else {
    if (!value_is_object(value)) return throw_type_error(cx, "%v cannot be disposed: it is not an object", value);
    r->method = get_dispose_method(cx, value, is_async);
    if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
    if (value_is_undefined(r->method)) {
      return throw_type_error(cx, "%v has no [Symbol.%s] method", value, is_async ? "asyncDispose" : "dispose");
    }
  }
  if (value_is_undefined(r->list)) {
    Object *list = array_create(cx, 0);
    if (!list) return VALUE_ABRUPT;
    r->list = value_object(list);
  }
  Record *record = record_create(cx, 0, RESOURCE_FIELDS);
  if (!record) return VALUE_ABRUPT;
  r->record = value_internal(record);
  record->items[RESOURCE_VALUE] = value;
  record->items[RESOURCE_METHOD] = r->method;
  record->items[RESOURCE_IS_ASYNC] = value_boolean(is_async);
  return array_push(cx, value_as_object(r->list), r->record) ? r->list : VALUE_ABRUPT;
}

// (list or undefined): removes and returns the newest resource; undefined: none is left
Value intrinsic_disposable_next(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  if (!value_is_object(value)) return VALUE_UNDEFINED;
  Object *list = value_as_object(value);
  if (list->length == 0) return VALUE_UNDEFINED;
  Value record = list->elements->items[--list->length];
  list->element_count = list->length;
  return record;
}

static Value resource_field(const Call *call, int field) {
  return ((Record *)value_as_cell(call_argument(call, 0)))->items[field];
}

Value intrinsic_disposable_method(Context *cx, const Call *call) {
  (void)cx;
  return resource_field(call, RESOURCE_METHOD);
}

Value intrinsic_disposable_value(Context *cx, const Call *call) {
  (void)cx;
  return resource_field(call, RESOURCE_VALUE);
}

Value intrinsic_disposable_is_async(Context *cx, const Call *call) {
  (void)cx;
  return resource_field(call, RESOURCE_IS_ASYNC);
}

// (exception, completion kind, value): the value to throw: a SuppressedError when the completion was already a throw
Value intrinsic_disposable_combine(Context *cx, const Call *call) {
  if (call_argument(call, 1) != value_int(1)) return call_argument(call, 0);
  Value arguments[] = {call_argument(call, 0), call_argument(call, 2)};
  const Call inner = {.arguments = arguments,
                      .count = 2,
                      .this_value = VALUE_UNDEFINED,
                      .callee = call->callee,
                      .new_target = VALUE_UNDEFINED};
  return intrinsic_create_suppressed_error(cx, &inner);
}
