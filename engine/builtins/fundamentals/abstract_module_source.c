// %AbstractModuleSource%, which has no global name: values of the source phase of an import inherit from its prototype.
// https://tc39.es/proposal-source-phase-imports/#sec-%abstractmodulesource%-constructor
#include "runtime/builtin_table.h"
#include "runtime/errors.h"

// https://tc39.es/proposal-source-phase-imports/#sec-%abstractmodulesource%
static Value abstract_module_source_constructor(Context *cx, const Call *call) {
  (void)call;
  return throw_type_error(cx, "AbstractModuleSource cannot be called or constructed");
}

// https://tc39.es/proposal-source-phase-imports/#sec-get-%abstractmodulesource%.prototype.@@tostringtag
static Value abstract_module_source_get_to_string_tag(Context *cx, const Call *call) {
  // [[ModuleSourceClassName]] is for hosts whose modules have sources; here only conformance suites have one.
  (void)cx, (void)call;
  return VALUE_UNDEFINED;
}

static const BuiltinRow abstract_module_source_prototype_rows[] = {
    GETTER("@@toStringTag", abstract_module_source_get_to_string_tag),
    END_OF_ROWS,
};

const BuiltinObject builtin_abstract_module_source_prototype = {
    .intrinsic = INTRINSIC_AbstractModuleSourcePrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = abstract_module_source_prototype_rows,
};

const BuiltinObject builtin_abstract_module_source = {
    .intrinsic = INTRINSIC_AbstractModuleSource,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = abstract_module_source_constructor,
    .constructor_name = "AbstractModuleSource",
    .prototype_property = INTRINSIC_AbstractModuleSourcePrototype,
};
