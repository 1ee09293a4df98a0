// Arguments objects. https://tc39.es/ecma262/#sec-arguments-exotic-objects
// Values live in the object's elements. A mapped object also knows in which slot of the function's environment the
// parameter of an index lives; reads and writes of a mapped index go to that slot.
#ifndef CAISSON_ARGUMENTS_H
#define CAISSON_ARGUMENTS_H

#include "runtime/environments.h"
#include "runtime/objects.h"

typedef struct Arguments {  // CELL_ARGUMENTS, both forms
  Object object;
  Environment *environment;  // mapped form: where the parameters are; NULL: unmapped
  Value map;                 // internal Values: environment slot (int) per index, VALUE_HOLE when not mapped (any more)
} Arguments;
extern const ObjectClass object_class_arguments;  // unmapped: an ordinary object
extern const ObjectClass object_class_mapped_arguments;

// https://tc39.es/ecma262/#sec-createunmappedargumentsobject
MUST_CHECK Object *arguments_create_unmapped(Context *cx, const Value *arguments, uint32_t count);
// https://tc39.es/ecma262/#sec-createmappedargumentsobject
// slots[i]: the environment slot of the parameter that index i is mapped to, or -1 (for the earlier of two parameters
// with the same name). The environment already holds the parameters' values.
MUST_CHECK Object *arguments_create_mapped(Context *cx, const Value *arguments, uint32_t count, Value callee,
                                           Environment *environment, const Values *slots);

#endif
