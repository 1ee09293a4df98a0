#include "builtins/install.h"

#include "builtins/fundamentals/function.h"
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

// Prototypes are created before their objects, in any order of the list.
// bounded: the engine's own objects.
static MUST_CHECK bool create_all(Context *cx, Realm *realm) {
  bool complete = false;
  for (int round = 0; round < 8 && !complete; round++) {
    complete = true;
    for (const BuiltinObject *const *place = builtin_objects; *place; place++) {
      if (round > 0 && (*place)->intrinsic < 0) continue;  // created already
      bool created;
      if ((*place)->is_on_demand) {
        if (round == 0 && !builtin_announce(cx, realm, *place)) return false;
        continue;
      }
      if (!builtin_create(cx, realm, *place, &created)) return false;
      complete = complete && created;
    }
  }
  ASSERT(complete);
  return complete;
}

bool install_builtins(Context *cx, Realm *realm) {
  // These objects are prototypes of others from the start.
  Object *object_prototype = value_as_object(realm->intrinsics[INTRINSIC_ObjectPrototype]);
  Object *function_prototype = value_as_object(realm->intrinsics[INTRINSIC_FunctionPrototype]);
  return create_all(cx, realm) && builtin_fill_existing(cx, realm, object_prototype) &&
         builtin_fill_existing(cx, realm, function_prototype) &&
         builtin_add_rows(cx, realm, realm->global_object, builtin_global_rows) &&
         object_add_property(cx, realm->global_object, cx->names->undefined, VALUE_UNDEFINED, 0) &&
         function_install_restricted(cx, realm) && error_install_stack(cx, realm);
}
