// Equality, typeof and instanceof.
#include "number/arithmetic.h"
#include "runtime/bigints.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/functions.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

typedef enum ZeroRule { ZEROS_DIFFER, ZEROS_EQUAL, IEEE_NUMBERS } ZeroRule;

// The three kinds of equality without conversion differ only in how they compare numbers.
static MUST_CHECK bool values_equal(Context *cx, Value a, Value b, ZeroRule rule, bool *out) {
  if (value_is_number(a)) {
    if (!value_is_number(b)) {
      *out = false;
      return true;
    }
    double x = value_as_number(a), y = value_as_number(b);
    *out = rule == IEEE_NUMBERS ? x == y : rule == ZEROS_EQUAL ? number_same_value_zero(x, y) : number_same_value(x, y);
    return true;
  }
  if (a == b) {
    *out = true;
    return true;
  }
  if (value_is_string(a) && value_is_string(b)) return string_equals(cx, value_as_string(a), value_as_string(b), out);
  *out = value_is_bigint(a) && value_is_bigint(b) && bigint_equals(value_as_bigint(a), value_as_bigint(b));
  return true;
}

// https://tc39.es/ecma262/#sec-isstrictlyequal
bool value_strict_equals(Context *cx, Value a, Value b, bool *out) { return values_equal(cx, a, b, IEEE_NUMBERS, out); }

// https://tc39.es/ecma262/#sec-samevalue
bool value_same(Context *cx, Value a, Value b, bool *out) { return values_equal(cx, a, b, ZEROS_DIFFER, out); }

// https://tc39.es/ecma262/#sec-samevaluezero
bool value_same_zero(Context *cx, Value a, Value b, bool *out) { return values_equal(cx, a, b, ZEROS_EQUAL, out); }

static bool value_is_nullish_or_htmldda(Value value) {
  return value_is_nullish(value) || (value_is_object(value) && (value_as_object(value)->cell.flags & OBJECT_HTMLDDA));
}

// A BigInt and a string that may spell one.
static MUST_CHECK bool bigint_equals_string(Context *cx, Value bigint, Value string, bool *out) {
  TextView text;
  if (!string_view(cx, value_as_string(string), &text)) return false;
  ROOTS(cx, r, parsed);
  r->parsed = bigint_from_view(cx, text);
  if (value_is_abrupt(r->parsed)) return false;
  *out = value_is_bigint(r->parsed) && bigint_equals(value_as_bigint(bigint), value_as_bigint(r->parsed));
  return true;
}

// Both primitive, neither nullish, of different types; booleans already made numbers.
static MUST_CHECK bool mixed_primitives_equal(Context *cx, Value a, Value b, bool *out) {
  if (value_is_bigint(b) || (value_is_number(b) && value_is_string(a))) {
    Value swapped = a;
    a = b, b = swapped;
  }
  *out = false;
  if (value_is_bigint(a)) {
    if (value_is_string(b)) return bigint_equals_string(cx, a, b, out);
    if (value_is_number(b)) *out = bigint_compare_number(value_as_bigint(a), value_as_number(b)) == 0;
    return true;
  }
  if (value_is_number(a) && value_is_string(b)) {
    double number;
    if (!value_to_number(cx, b, &number)) return false;
    *out = value_as_number(a) == number;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-islooselyequal
bool value_loosely_equals(Context *cx, Value a, Value b, bool *out) {
  if (value_is_nullish(a) || value_is_nullish(b)) {
    *out = value_is_nullish_or_htmldda(a) && value_is_nullish_or_htmldda(b);
    return true;
  }
  ROOTS(cx, r, primitive);
  if (value_is_object(a) != value_is_object(b)) {
    bool first = value_is_object(a);
    r->primitive = value_to_primitive(cx, first ? a : b, PREFER_DEFAULT);
    if (value_is_abrupt(r->primitive)) return false;
    if (first) a = r->primitive;
    else b = r->primitive;
    if (value_is_nullish(r->primitive)) {
      *out = false;
      return true;
    }
  }
  if (value_is_boolean(a) != value_is_boolean(b)) {
    if (value_is_boolean(a)) a = value_int(value_as_boolean(a));
    if (value_is_boolean(b)) b = value_int(value_as_boolean(b));
  }
  bool same_type = value_is_number(a) ? value_is_number(b) : value_tag(a) == value_tag(b);
  return same_type ? values_equal(cx, a, b, IEEE_NUMBERS, out) : mixed_primitives_equal(cx, a, b, out);
}

// https://tc39.es/ecma262/#sec-typeof-operator
const char *value_typeof(Value value) {
  if (value_is_object(value)) {
    uint8_t flags = value_as_object(value)->cell.flags;
    return flags & OBJECT_HTMLDDA ? "undefined" : flags & OBJECT_CALLABLE ? "function" : "object";
  }
  if (value_is_number(value)) return "number";
  if (value_is_string(value)) return "string";
  if (value_is_boolean(value)) return "boolean";
  if (value_is_null(value)) return "object";
  if (value_is_symbol(value)) return "symbol";
  return value_is_bigint(value) ? "bigint" : "undefined";
}

// https://tc39.es/ecma262/#sec-instanceofoperator
bool value_instance_of(Context *cx, Value value, Value target, bool *out) {
  if (!value_is_object(target)) {
    throw_type_error(cx, "the right-hand side of 'instanceof' must be a function, got %v", target);
    return false;
  }
  ROOTS(cx, r, method, argument, result);
  r->method = value_get_method(cx, target, cx->names->symbol_hasInstance);
  if (value_is_abrupt(r->method)) return false;
  if (!value_is_undefined(r->method)) {
    r->argument = value;
    r->result = function_call(cx, r->method, target, &r->argument, 1);
    if (value_is_abrupt(r->result)) return false;
    *out = value_to_boolean(r->result);
    return true;
  }
  if (!value_is_callable(target)) {
    throw_type_error(cx, "the right-hand side of 'instanceof' must be a function, got %v", target);
    return false;
  }
  return value_ordinary_has_instance(cx, target, value, out);
}

// https://tc39.es/ecma262/#sec-ordinaryhasinstance
bool value_ordinary_has_instance(Context *cx, Value constructor, Value value, bool *out) {
  *out = false;
  if (!value_is_callable(constructor)) return true;
  if (value_is_object_of(constructor, CELL_BOUND_FUNCTION)) {
    if (!context_enter_native(cx)) return false;
    bool ok = value_instance_of(cx, value, ((BoundFunction *)value_as_object(constructor))->target, out);
    context_leave_native(cx);
    return ok;
  }
  if (!value_is_object(value)) return true;
  ROOTS(cx, r, prototype, object);
  r->prototype = object_get_key(cx, value_as_object(constructor), cx->names->prototype);
  if (value_is_abrupt(r->prototype)) return false;
  if (!value_is_object(r->prototype)) {
    throw_type_error(cx, "the 'prototype' of %v must be an object, not %v", constructor, r->prototype);
    return false;
  }
  r->object = value;
  ReplayLoop loop = {0};
  for (double proxies = 0;;) {
    if (!replay_round_with(cx, &loop, &proxies, &r->object) || !object_step_up(cx, &r->object, &proxies)) return false;
    if (!value_is_object(r->object)) return true;
    if (r->object == r->prototype) {
      *out = true;
      return true;
    }
  }
}

// https://tc39.es/ecma262/#sec-speciesconstructor
Value object_species_constructor(Context *cx, Object *object, Value default_constructor) {
  ROOTS(cx, r, constructor, species);
  r->constructor = object_get_key(cx, object, cx->names->constructor);
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  if (value_is_undefined(r->constructor)) return default_constructor;
  if (!value_is_object(r->constructor)) {
    return throw_type_error(cx, "'constructor' must be an object, not %v", r->constructor);
  }
  r->species = object_get_key(cx, value_as_object(r->constructor), cx->names->symbol_species);
  if (value_is_abrupt(r->species)) return VALUE_ABRUPT;
  if (value_is_nullish(r->species)) return default_constructor;
  if (value_is_constructor(r->species)) return r->species;
  return throw_type_error(cx, "[Symbol.species] must be a constructor, not %v", r->species);
}
