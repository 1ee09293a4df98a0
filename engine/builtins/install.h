// Fills new realms with the built-in objects of all.def.
#ifndef CAISSON_BUILTINS_INSTALL_H
#define CAISSON_BUILTINS_INSTALL_H

#include "runtime/builtin_table.h"

extern const BuiltinObject *const builtin_objects[];          // NULL-terminated: RuntimeHooks.builtin_objects
MUST_CHECK bool install_builtins(Context *cx, Realm *realm);  // RuntimeHooks.install_builtins

#endif
