// Proxy exotic objects. https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots
// Traps are called through function_call, so their nesting is bounded by the checked native depth.
#ifndef CAISSON_PROXIES_H
#define CAISSON_PROXIES_H

#include "runtime/functions.h"

typedef struct Proxy {  // CELL_PROXY; flags OBJECT_CALLABLE and OBJECT_CONSTRUCTOR as its target had them
  Object object;
  Value target, handler;  // null when revoked
} Proxy;
extern const ObjectClass object_class_proxy;

static inline Proxy *value_as_proxy(Value value) { return (Proxy *)value_as_cell(value); }

// https://tc39.es/ecma262/#sec-proxycreate
Value proxy_create(Context *cx, Value target, Value handler);
void proxy_revoke(Context *cx, Proxy *proxy);
// The proxy's [[Call]] and [[Construct]]; function_call and function_construct come here.
Value proxy_call(Context *cx, Proxy *proxy, Value this_value, const Value *arguments, uint32_t count);
Value proxy_construct(Context *cx, Proxy *proxy, Value new_target, const Value *arguments, uint32_t count);

#endif
