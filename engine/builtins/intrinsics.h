// The operations that self-hosted code calls as %Name(...), one row each in intrinsics.def. They are natives that
// get their operands as arguments (`this` undefined) and are reachable from nowhere else. The compiler turns a
// name into its number through RuntimeHooks.find_intrinsic_operation; the interpreter calls
// RuntimeHooks.intrinsic_operations[number].
#ifndef CAISSON_BUILTINS_INTRINSICS_H
#define CAISSON_BUILTINS_INTRINSICS_H

#include "runtime/functions.h"

typedef enum IntrinsicOperation {
#define INTRINSIC_OPERATION(name, function) INTRINSIC_OPERATION_##name,
#include "builtins/intrinsics.def"
#undef INTRINSIC_OPERATION
  INTRINSIC_OPERATION_COUNT
} IntrinsicOperation;

#define INTRINSIC_OPERATION(name, function) Value function(Context *cx, const Call *call);
#include "builtins/intrinsics.def"
#undef INTRINSIC_OPERATION

extern const NativeFunction intrinsic_operations[INTRINSIC_OPERATION_COUNT];
int intrinsic_operation_find(TextView name);  // -1: none

#endif
