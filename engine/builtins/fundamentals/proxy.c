// The Proxy constructor; the exotic object itself is runtime/proxies.c. https://tc39.es/ecma262/#sec-proxy-objects
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/proxies.h"

// https://tc39.es/ecma262/#sec-proxy-target-handler
static Value proxy_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "Proxy cannot be called without 'new'");
  return proxy_create(cx, call_argument(call, 0), call_argument(call, 1));
}

// https://tc39.es/ecma262/#sec-proxy-revocation-functions
static Value proxy_revoke_captured(Context *cx, const Call *call) {
  NativeFunctionObject *callee = call_callee(call);
  if (!value_is_object(callee->captured[0])) return VALUE_UNDEFINED;
  proxy_revoke(cx, value_as_proxy(callee->captured[0]));
  cell_store(cx, &callee->captured[0], VALUE_NULL);
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-proxy.revocable
static Value proxy_revocable(Context *cx, const Call *call) {
  ROOTS(cx, r, proxy, revoke, result);
  r->proxy = proxy_create(cx, call_argument(call, 0), call_argument(call, 1));
  if (value_is_abrupt(r->proxy)) return VALUE_ABRUPT;
  Object *revoke = native_function_create(cx, proxy_revoke_captured, cx->names->empty, 0, false);
  if (!revoke) return VALUE_ABRUPT;
  r->revoke = value_object(revoke);
  cell_store(cx, &((NativeFunctionObject *)revoke)->captured[0], r->proxy);
  Object *result = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!result) return VALUE_ABRUPT;
  r->result = value_object(result);
  if (!object_add_property(cx, result, cx->names->proxy, r->proxy, PROPERTY_DEFAULT) ||
      !object_add_property(cx, result, cx->names->revoke, r->revoke, PROPERTY_DEFAULT)) {
    return VALUE_ABRUPT;
  }
  return r->result;
}

static const BuiltinRow proxy_rows[] = {
    FUNCTION("revocable", 2, proxy_revocable),
    END_OF_ROWS,
};

const BuiltinObject builtin_proxy = {
    .global_name = "Proxy",
    .intrinsic = INTRINSIC_Proxy,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = proxy_constructor,
    .length = 2,
    .prototype_property = -1,
    .rows = proxy_rows,
};
