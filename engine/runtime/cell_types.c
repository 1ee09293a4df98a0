// How each kind of cell is traced. Objects share one function, which calls the class to trace its own fields.
#include "runtime/cell_types.h"

#include "runtime/bigints.h"
#include "runtime/buffers.h"
#include "runtime/collections.h"
#include "runtime/environments.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/modules.h"
#include "runtime/own_property.h"
#include "runtime/promises.h"
#include "runtime/realm.h"
#include "runtime/shapes.h"

static void string_trace(Tracer *tracer, Cell *cell) {
  String *s = (String *)cell;
  if (cell->flags & STRING_ROPE) {
    tracer_visit_cell(tracer, s->left);
    tracer_visit_cell(tracer, s->right);
  } else if (cell->flags & STRING_SLICE) {
    tracer_visit_cell(tracer, s->parent);
  }
}

static void symbol_trace(Tracer *tracer, Cell *cell) { tracer_visit_value(tracer, ((Symbol *)cell)->description); }

static void values_trace(Tracer *tracer, Cell *cell) {
  const Values *values = (const Values *)cell;
  TracerRange range = tracer_range(tracer, cell, values_count(values), sizeof(Value));
  tracer_visit_values(tracer, values->items + range.first, range.end - range.first);
}

static void environment_trace(Tracer *tracer, Cell *cell) {
  Environment *environment = (Environment *)cell;
  tracer_visit_cell(tracer, environment->outer);
  tracer_visit_value(tracer, environment->names);
  TracerRange range = tracer_range(tracer, cell, environment_slot_count(environment), sizeof(Value));
  tracer_visit_values(tracer, environment->slots + range.first, range.end - range.first);
}

static void realm_trace(Tracer *tracer, Cell *cell) {
  Realm *realm = (Realm *)cell;
  tracer_visit_cell(tracer, realm->global_object);
  tracer_visit_value(tracer, realm->global_this);
  tracer_visit_values(tracer, realm->intrinsics, INTRINSICS_ALWAYS);
  tracer_visit_value(tracer, realm->on_demand);
  for (size_t i = 0; i < COUNT_OF(realm->shapes); i++) tracer_visit_cell(tracer, realm->shapes[i]);
  tracer_visit_value(tracer, realm->global_lexicals);
  tracer_visit_value(tracer, realm->error_stack);
  tracer_visit_value(tracer, realm->self_hosted);
  tracer_visit_value(tracer, realm->template_objects);
  tracer_visit_value(tracer, realm->loaded_modules);
  tracer_visit_value(tracer, realm->host_defined);
  tracer_visit_value(tracer, realm->last_match.input);
  tracer_visit_value(tracer, realm->last_match.text);
}

static void object_trace(Tracer *tracer, Cell *cell) {
  Object *object = (Object *)cell;
  // An object that is still being built when a collection comes has no shape yet.
  if (!object->shape) return;
  const ObjectClass *class_ = object->shape->class_;
  tracer_visit_cell(tracer, object->shape);
  tracer_visit_cell(tracer, elements_cell(object->elements));
  const Value *inline_slots = (const Value *)((const char *)object + class_->size);
  if (object->slots == inline_slots) {
    tracer_visit_values(tracer, inline_slots, cell->small);
  } else {
    tracer_visit_cell(tracer, (const char *)object->slots - sizeof(Values));
  }
  if (class_->trace) class_->trace(tracer, object);
}

static void closure_trace(Tracer *tracer, Cell *cell) {
  Closure *closure = (Closure *)cell;
  object_trace(tracer, cell);
  tracer_visit_cell(tracer, closure->code);
  tracer_visit_cell(tracer, closure->environment);
  tracer_visit_cell(tracer, closure->realm);
  tracer_visit_value(tracer, closure->home_object);
  tracer_visit_value(tracer, closure->class_fields);
}

static void native_function_trace(Tracer *tracer, Cell *cell) {
  NativeFunctionObject *function = (NativeFunctionObject *)cell;
  object_trace(tracer, cell);
  tracer_visit_cell(tracer, function->realm);
  tracer_visit_values(tracer, function->captured, COUNT_OF(function->captured));
}

static void bound_function_trace(Tracer *tracer, Cell *cell) {
  BoundFunction *function = (BoundFunction *)cell;
  object_trace(tracer, cell);
  tracer_visit_value(tracer, function->target);
  tracer_visit_value(tracer, function->this_value);
  tracer_visit_value(tracer, function->arguments);
}

static void error_trace(Tracer *tracer, Cell *cell) {
  object_trace(tracer, cell);
  tracer_visit_value(tracer, ((ErrorObject *)cell)->frames);
}

static void promise_trace(Tracer *tracer, Cell *cell) {
  Promise *promise = (Promise *)cell;
  object_trace(tracer, cell);
  tracer_visit_value(tracer, promise->result);
  tracer_visit_value(tracer, promise->reactions);
}

// Kinds of the layers above are traced through the hooks.
static const RuntimeHooks *tracer_hooks(Tracer *tracer) { return ((Context *)tracer_owner(tracer))->hooks; }

static void code_trace(Tracer *tracer, Cell *cell) { tracer_hooks(tracer)->trace_code(tracer, cell); }

#define INTERNAL VALUE_TAG_INTERNAL
#define OBJECT VALUE_TAG_OBJECT
const CellType cell_types[256] = {
    [CELL_STRING] = {"string", VALUE_TAG_STRING, string_trace, NULL, NULL},
    [CELL_SYMBOL] = {"symbol", VALUE_TAG_SYMBOL, symbol_trace, NULL, NULL},
    [CELL_BIGINT] = {"bigint", VALUE_TAG_BIGINT, NULL, NULL, NULL},
    [CELL_SHAPE] = {"shape", INTERNAL, shape_trace, NULL, shape_clear_weak},
    [CELL_PROPERTY_TABLE] = {"property table", INTERNAL, property_table_trace, NULL, NULL},
    [CELL_TRANSITIONS] = {"transitions", INTERNAL, transitions_trace, NULL, transitions_clear_weak},
    [CELL_VALUES] = {"values", INTERNAL, values_trace, NULL, NULL},
    [CELL_BYTES] = {"bytes", INTERNAL, NULL, NULL, NULL},
    [CELL_ENVIRONMENT] = {"environment", INTERNAL, environment_trace, NULL, NULL},
    [CELL_CODE] = {"code", INTERNAL, code_trace, NULL, NULL},
    [CELL_REALM] = {"realm", INTERNAL, realm_trace, NULL, NULL},
    [CELL_PROMISE_REACTION] = {"promise reaction", INTERNAL, promise_reaction_trace, NULL, NULL},
    [CELL_MODULE] = {"module", INTERNAL, module_trace, NULL, NULL},
    [CELL_SCOPE_NAMES] = {"scope names", INTERNAL, values_trace, NULL, NULL},
    [CELL_RECORD] = {"record", INTERNAL, values_trace, NULL, NULL},
    [CELL_HASH_TABLE] = {"hash table", INTERNAL, hash_table_trace, NULL, NULL},
    [CELL_WEAK_TABLE] = {"weak table", INTERNAL, weak_table_trace, weak_table_trace_ephemerons, weak_table_clear},
    [CELL_OBJECT] = {"object", OBJECT, object_trace, NULL, NULL},
    [CELL_ARRAY] = {"array", OBJECT, object_trace, NULL, NULL},
    [CELL_CLOSURE] = {"closure", OBJECT, closure_trace, NULL, NULL},
    [CELL_NATIVE_FUNCTION] = {"native function", OBJECT, native_function_trace, NULL, NULL},
    [CELL_BOUND_FUNCTION] = {"bound function", OBJECT, bound_function_trace, NULL, NULL},
    [CELL_PROXY] = {"proxy", OBJECT, object_trace, NULL, NULL},
    [CELL_ARGUMENTS] = {"arguments", OBJECT, object_trace, NULL, NULL},
    [CELL_PRIMITIVE] = {"primitive", OBJECT, object_trace, NULL, NULL},
    [CELL_ERROR] = {"error", OBJECT, error_trace, NULL, NULL},
    [CELL_REGEXP] = {"regexp", OBJECT, object_trace, NULL, NULL},
    [CELL_COLLECTION] = {"collection", OBJECT, object_trace, NULL, NULL},
    [CELL_WEAK_REF] = {"weak reference", OBJECT, object_trace, NULL, weak_ref_clear},
    [CELL_FINALIZATION_REGISTRY] = {"finalization registry", OBJECT, object_trace, NULL, finalization_registry_clear},
    [CELL_ARRAY_BUFFER] = {"array buffer", OBJECT, object_trace, NULL, array_buffer_clear_weak},
    [CELL_TYPED_ARRAY] = {"typed array", OBJECT, object_trace, NULL, NULL},
    [CELL_DATA_VIEW] = {"data view", OBJECT, object_trace, NULL, NULL},
    [CELL_PROMISE] = {"promise", OBJECT, promise_trace, NULL, NULL},
    [CELL_GENERATOR] = {"generator", OBJECT, object_trace, NULL, NULL},
    [CELL_MODULE_NAMESPACE] = {"module namespace", OBJECT, object_trace, NULL, NULL},
    [CELL_SLOTTED] = {"slotted object", OBJECT, object_trace, NULL, NULL},
    [CELL_TEMPORAL] = {"temporal object", OBJECT, object_trace, NULL, NULL},
    [CELL_HOST_OBJECT] = {"host object", OBJECT, object_trace, NULL, NULL},
};
