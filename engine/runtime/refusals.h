// Errors about property access: to null and undefined, and accesses that an object refuses. Their wording is here, for
// all layers that throw them.
#ifndef CAISSON_REFUSALS_H
#define CAISSON_REFUSALS_H

#include "runtime/strings.h"

// Each throws a TypeError and returns VALUE_ABRUPT; `action` is "read", "set", "delete" and so on.
// "EXPRESSION: cannot ACTION 'key' of null". `key` may be any Value: one that is not a key is left out.
Value throw_of_nullish(Context *cx, const char *action, Value key, Value base);
// "EXPRESSION: cannot ACTION 'key' of BASE: REASON". `prefix` is "EXPRESSION: " or empty; NULL: the expression that the
// guest evaluates.
Value throw_refused(Context *cx, const char *prefix, const char *action, Value key, Value base, const char *reason);

// Why a property cannot be set, defined or deleted, found without running guest code.
const char *refusal_of_set(Context *cx, Value base, PropertyKey key);
const char *refusal_of_define(const Object *object, PropertyKey key);
const char *refusal_of_delete(Value base);

#endif
