// Boolean. https://tc39.es/ecma262/#sec-boolean-objects
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"

// https://tc39.es/ecma262/#sec-boolean-constructor-boolean-value
static Value boolean_constructor(Context *cx, const Call *call) {
  Value boolean = value_boolean(value_to_boolean(call_argument(call, 0)));
  if (!call_is_construct(call)) return boolean;
  Object *object =
      object_create_from_constructor(cx, call->new_target, INTRINSIC_BooleanPrototype, &object_class_boolean);
  if (!object) return VALUE_ABRUPT;
  ((PrimitiveObject *)object)->value = boolean;
  return value_object(object);
}

// https://tc39.es/ecma262/#sec-thisbooleanvalue
static Value boolean_this_value(Context *cx, Value value, const char *method) {
  if (value_is_boolean(value)) return value;
  if (value_is_primitive_object(value, &object_class_boolean)) return primitive_object_value(value);
  return throw_type_error(cx, "%s: expected a boolean, not %v", method, value);
}

// https://tc39.es/ecma262/#sec-boolean.prototype.tostring
static Value boolean_prototype_to_string(Context *cx, const Call *call) {
  Value boolean = boolean_this_value(cx, call->this_value, "Boolean.prototype.toString");
  if (value_is_abrupt(boolean)) return VALUE_ABRUPT;
  return value_as_boolean(boolean) ? cx->names->true_ : cx->names->false_;
}

// https://tc39.es/ecma262/#sec-boolean.prototype.valueof
static Value boolean_prototype_value_of(Context *cx, const Call *call) {
  return boolean_this_value(cx, call->this_value, "Boolean.prototype.valueOf");
}

static const BuiltinRow boolean_rows[] = {END_OF_ROWS};

static const BuiltinRow boolean_prototype_rows[] = {
    FUNCTION("toString", 0, boolean_prototype_to_string),
    FUNCTION("valueOf", 0, boolean_prototype_value_of),
    END_OF_ROWS,
};

const BuiltinObject builtin_boolean_prototype = {
    .intrinsic = INTRINSIC_BooleanPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .class_ = &object_class_boolean,
    .rows = boolean_prototype_rows,
};

const BuiltinObject builtin_boolean = {
    .global_name = "Boolean",
    .intrinsic = INTRINSIC_Boolean,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = boolean_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_BooleanPrototype,
    .rows = boolean_rows,
};
