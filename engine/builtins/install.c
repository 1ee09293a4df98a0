#include "builtins/install.h"

#include "builtins/array.h"
#include "builtins/function.h"
#include "runtime/names.h"

#define BUILTIN_OBJECT(name) extern const BuiltinObject builtin_##name;
#include "builtins/all.def"
#undef BUILTIN_OBJECT
extern const BuiltinRow builtin_global_rows[];

const BuiltinObject *const builtin_objects[] = {
#define BUILTIN_OBJECT(name) &builtin_##name,
#include "builtins/all.def"
#undef BUILTIN_OBJECT
    NULL,
};

// Objects come after their prototypes, whatever the order of the list.
static MUST_CHECK bool create_all(Context *cx, Realm *realm) {
  bool complete = false;
  for (int round = 0; round < 8 && !complete; round++) {
    complete = true;
    for (const BuiltinObject *const *place = builtin_objects; *place; place++) {
      if (round > 0 && (*place)->intrinsic < 0) continue;  // made already
      bool created;
      if (!builtin_create(cx, realm, *place, &created)) return false;
      complete = complete && created;
    }
  }
  ASSERT(complete);
  return complete;
}

bool install_builtins(Context *cx, Realm *realm) {
  if (!create_all(cx, realm)) return false;
  for (const BuiltinObject *const *place = builtin_objects; *place; place++) {
    if (!builtin_link(cx, realm, *place)) return false;
  }
  for (const BuiltinObject *const *place = builtin_objects; *place; place++) {
    if (!builtin_fill(cx, realm, *place)) return false;
  }
  return builtin_add_rows(cx, realm, realm->global_object, builtin_global_rows) &&
         object_add_property(cx, realm->global_object, cx->names->undefined, VALUE_UNDEFINED, 0) &&
         function_install_restricted(cx, realm) && array_install_unscopables(cx, realm);
}
