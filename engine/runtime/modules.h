// Modules. https://tc39.es/ecma262/#sec-modules
#ifndef CAISSON_MODULES_H
#define CAISSON_MODULES_H

#include "runtime/functions.h"

// The value of an imported binding: `slot` is what the module environment's slot holds (see the opcode get_import).
// ReferenceError in its dead zone.
Value module_get_import(Context *cx, Value slot);
// import(): a promise. phase: ImportPhase. `code`: of the importing script or module.
Value module_import_dynamically(Context *cx, Code *code, Value specifier, Value options, int phase);
Value module_import_meta(Context *cx, Code *code);

#endif
