// Objects that wrap a primitive, and Date objects, whose [[DateValue]] is kept in the same way. The class of the shape
// tells which; a String object also has the exotic index properties.
#ifndef CAISSON_PRIMITIVE_OBJECTS_H
#define CAISSON_PRIMITIVE_OBJECTS_H

#include "runtime/objects.h"

typedef struct PrimitiveObject {  // CELL_PRIMITIVE
  Object object;
  Value value;  // (0 right after creation by class)
} PrimitiveObject;
extern const ObjectClass object_class_boolean, object_class_number, object_class_string, object_class_symbol,
    object_class_bigint, object_class_date;

// Makes an object of any of these classes; a String object gets its `length`.
MUST_CHECK Object *primitive_object_create(Context *cx, const ObjectClass *class_, Object *prototype, Value value);

static inline bool value_is_primitive_object(Value value, const ObjectClass *class_) {
  return value_is_object_of(value, CELL_PRIMITIVE) && value_as_object(value)->shape->class_ == class_;
}
static inline Value primitive_object_value(Value object) { return ((PrimitiveObject *)value_as_cell(object))->value; }

#endif
