// Type conversion: the specification's ToX operations, with the cases that need no guest code first.
#include "runtime/conversions.h"

#include "number/arithmetic.h"
#include "number/parse.h"
#include "runtime/bigints.h"
#include "runtime/errors.h"
#include "runtime/functions.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

static const double LARGEST_LENGTH = 9007199254740991.0;

// https://tc39.es/ecma262/#sec-toboolean
bool value_to_boolean(Value value) {
  if (value_is_boolean(value)) return value_as_boolean(value);
  if (value_is_int(value)) return value_as_int(value) != 0;
  if (value_is_object(value)) return !(value_as_object(value)->cell.flags & OBJECT_HTMLDDA);
  if (value_is_string(value)) return string_length(value_as_string(value)) != 0;
  if (value_is_double(value)) {
    double number = value_as_double(value);
    return number == number && number != 0;
  }
  if (value_is_bigint(value)) return !bigint_is_zero(value_as_bigint(value));
  return value_is_symbol(value);
}

// https://tc39.es/ecma262/#sec-ordinarytoprimitive
Value object_to_ordinary_primitive(Context *cx, Value object, bool string_first) {
  ROOTS(cx, r, method, result);
  for (int attempt = 0; attempt < 2; attempt++) {
    Value name = (attempt == 0) == string_first ? cx->names->toString : cx->names->valueOf;
    r->method = object_get_key(cx, value_as_object(object), name);
    if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
    if (!value_is_callable(r->method)) continue;
    r->result = function_call(cx, r->method, object, NULL, 0);
    if (value_is_abrupt(r->result) || !value_is_object(r->result)) return r->result;
  }
  return throw_type_error(cx, "%ecannot convert %v to a primitive value", object);
}

// https://tc39.es/ecma262/#sec-toprimitive
Value value_to_primitive(Context *cx, Value value, PreferredType preferred) {
  if (!value_is_object(value)) return value;
  ROOTS(cx, r, method, hint, result);
  r->method = value_get_method(cx, value, cx->names->symbol_toPrimitive);
  if (value_is_abrupt(r->method)) return VALUE_ABRUPT;
  if (value_is_undefined(r->method)) return object_to_ordinary_primitive(cx, value, preferred == PREFER_STRING);
  const Names *names = cx->names;
  r->hint = preferred == PREFER_STRING ? names->string : preferred == PREFER_NUMBER ? names->number : names->default_;
  r->result = function_call(cx, r->method, value, &r->hint, 1);
  if (value_is_abrupt(r->result) || !value_is_object(r->result)) return r->result;
  return throw_type_error(cx, "[Symbol.toPrimitive] of %v returned an object", value);
}

// https://tc39.es/ecma262/#sec-tostring
Value value_to_string(Context *cx, Value value) {
  if (value_is_string(value)) return value;
  if (value_is_int(value)) {
    int32_t integer = value_as_int(value);
    return integer >= 0 ? string_from_uint32(cx, (uint32_t)integer) : string_from_number(cx, integer);
  }
  if (value_is_double(value)) return string_from_number(cx, value_as_double(value));
  if (value_is_boolean(value)) return value_as_boolean(value) ? cx->names->true_ : cx->names->false_;
  if (value_is_undefined(value)) return cx->names->undefined;
  if (value_is_null(value)) return cx->names->null;
  if (value_is_bigint(value)) return bigint_to_string(cx, value_as_bigint(value), 10);
  if (value_is_symbol(value)) return throw_type_error(cx, "%ecannot convert %v to a string", value);
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_STRING);
  if (value_is_abrupt(r->primitive)) return VALUE_ABRUPT;
  return value_to_string(cx, r->primitive);
}

static MUST_CHECK bool primitive_to_number(Context *cx, Value value, double *out) {
  if (value_is_number(value)) {
    *out = value_as_number(value);
  } else if (value_is_undefined(value)) {
    *out = __builtin_nan("");
  } else if (value_is_null(value) || value_is_boolean(value)) {
    *out = value == VALUE_TRUE;
  } else if (value_is_string(value)) {
    TextView text;
    if (!string_view(cx, value_as_string(value), &text)) return false;
    *out = number_from_text(text, &cx->fuel);
    if (text.length >= 64 && !context_charge_bytes(cx, 256, CHARGE_ELEMENTS)) return false;
  } else {
    throw_type_error(cx, "%ecannot convert %v to a number", value);
    return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-tonumber
bool value_to_number(Context *cx, Value value, double *out) {
  if (LIKELY(value_is_number(value))) {
    *out = value_as_number(value);
    return true;
  }
  if (!value_is_object(value)) return primitive_to_number(cx, value, out);
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_NUMBER);
  if (value_is_abrupt(r->primitive)) return false;
  return primitive_to_number(cx, r->primitive, out);
}

// https://tc39.es/ecma262/#sec-tonumeric
Value value_to_numeric(Context *cx, Value value) {
  if (value_is_number(value) || value_is_bigint(value)) return value;
  ROOTS(cx, r, primitive);
  r->primitive = value_to_primitive(cx, value, PREFER_NUMBER);
  if (value_is_abrupt(r->primitive) || value_is_bigint(r->primitive)) return r->primitive;
  double number;
  if (!primitive_to_number(cx, r->primitive, &number)) return VALUE_ABRUPT;
  return value_number(number);
}

// https://tc39.es/ecma262/#sec-toobject
Value value_to_object(Context *cx, Value value) {
  if (value_is_object(value)) return value;
  const ObjectClass *class_;
  Intrinsic prototype;
  if (value_is_string(value)) {
    class_ = &object_class_string, prototype = INTRINSIC_StringPrototype;
  } else if (value_is_number(value)) {
    class_ = &object_class_number, prototype = INTRINSIC_NumberPrototype;
  } else if (value_is_boolean(value)) {
    class_ = &object_class_boolean, prototype = INTRINSIC_BooleanPrototype;
  } else if (value_is_symbol(value)) {
    class_ = &object_class_symbol, prototype = INTRINSIC_SymbolPrototype;
  } else if (value_is_bigint(value)) {
    class_ = &object_class_bigint, prototype = INTRINSIC_BigIntPrototype;
  } else {
    return throw_type_error(cx, "%ecannot convert %v to an object", value);
  }
  Object *object = primitive_object_create(cx, class_, realm_prototype(cx, prototype), value);
  if (!object) return VALUE_ABRUPT;
  return replay_note(cx, value_object(object));  // the guest may see it, and change it
}

// https://tc39.es/ecma262/#sec-requireobjectcoercible
bool value_require_object_coercible(Context *cx, Value value, const char *method) {
  if (LIKELY(!value_is_nullish(value))) return true;
  throw_type_error(cx, "%s called on %v", method, value);
  return false;
}

// https://tc39.es/ecma262/#sec-tointegerorinfinity
bool value_to_integer_or_infinity(Context *cx, Value value, double *out) {
  if (LIKELY(value_is_int(value))) {
    *out = value_as_int(value);
    return true;
  }
  double number;
  if (!value_to_number(cx, value, &number)) return false;
  *out = number_to_integer_or_infinity(number);
  return true;
}

// https://tc39.es/ecma262/#sec-toint32
bool value_to_int32(Context *cx, Value value, int32_t *out) {
  if (LIKELY(value_is_int(value))) {
    *out = value_as_int(value);
    return true;
  }
  double number;
  if (!value_to_number(cx, value, &number)) return false;
  *out = number_to_int32(number);
  return true;
}

// https://tc39.es/ecma262/#sec-touint32
bool value_to_uint32(Context *cx, Value value, uint32_t *out) {
  int32_t integer;
  if (!value_to_int32(cx, value, &integer)) return false;
  *out = (uint32_t)integer;
  return true;
}

// https://tc39.es/ecma262/#sec-tolength
bool value_to_length(Context *cx, Value value, double *out) {
  double length;
  if (!value_to_integer_or_infinity(cx, value, &length)) return false;
  *out = length <= 0 ? 0 : MIN_OF(length, LARGEST_LENGTH);
  return true;
}

// https://tc39.es/ecma262/#sec-toindex
bool value_to_index(Context *cx, Value value, double *out) {
  double index;
  if (!value_to_integer_or_infinity(cx, value, &index)) return false;
  if (index < 0 || index > LARGEST_LENGTH) {
    throw_range_error(cx, "%e%v is not a valid index or length", value);
    return false;
  }
  *out = index;
  return true;
}

bool value_to_relative_index(Context *cx, Value value, double length, double if_undefined, double *out) {
  if (value_is_undefined(value)) {
    *out = if_undefined;
    return true;
  }
  double relative;
  if (!value_to_integer_or_infinity(cx, value, &relative)) return false;
  *out = relative < 0 ? MAX_OF(length + relative, 0) : MIN_OF(relative, length);
  return true;
}

// https://tc39.es/ecma262/#sec-lengthofarraylike
bool object_length(Context *cx, Object *object, double *out) {
  if (object->cell.kind == CELL_ARRAY) {
    *out = object->length;
    return replay_note_number(cx, out);
  }
  ROOTS(cx, r, length);
  r->length = object_get_key(cx, object, cx->names->length);
  if (value_is_abrupt(r->length)) return false;
  return value_to_length(cx, r->length, out);
}

static NO_INLINE MUST_CHECK bool proxy_is_array(Context *cx, Value value, bool *out) {
  // A proxy may be revoked before the step is run again.
  *out = false;
  if (replay_is_repeating(cx)) return replay_note_flag(cx, out);
  while (value_is_object_of(value, CELL_PROXY)) {
    const Proxy *proxy = value_as_proxy(value);
    if (value_is_null(proxy->handler)) {
      throw_type_error(cx, "cannot use a proxy that has been revoked");
      return false;
    }
    value = proxy->target;
  }
  *out = value_is_object_of(value, CELL_ARRAY);
  return replay_note_flag(cx, out);
}

// https://tc39.es/ecma262/#sec-isarray
bool value_is_array(Context *cx, Value value, bool *out) {
  if (UNLIKELY(value_is_object_of(value, CELL_PROXY))) return proxy_is_array(cx, value, out);
  *out = value_is_object_of(value, CELL_ARRAY);
  return true;
}
