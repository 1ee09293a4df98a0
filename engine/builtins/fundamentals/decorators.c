// The access objects of decorators use this to reach private members.
#include "builtins/intrinsics.h"
#include "interpreter/interpreter.h"
#include "runtime/functions.h"

// https://tc39.es/ecma262/#sec-privateget
Value intrinsic_private_get(Context *cx, const Call *call) {
  Value value = VALUE_UNDEFINED;
  Value getter = private_find_getter(cx, call_argument(call, 0), call_argument(call, 1), &value);
  if (value_is_abrupt(getter)) return VALUE_ABRUPT;
  return value_is_undefined(getter) ? value : function_call(cx, getter, call_argument(call, 0), NULL, 0);
}

// https://tc39.es/ecma262/#sec-privateset
Value intrinsic_private_set(Context *cx, const Call *call) {
  if (!private_set(cx, call_argument(call, 0), call_argument(call, 1), call_argument(call, 2))) return VALUE_ABRUPT;
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-privateelementfind
Value intrinsic_private_has(Context *cx, const Call *call) {
  return private_has(cx, call_argument(call, 0), call_argument(call, 1));
}
