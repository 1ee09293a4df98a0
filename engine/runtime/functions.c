// Function objects and calls from C. Natives are called here; closures go through the interpreter's hooks.
#include "runtime/functions.h"

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

const ObjectClass object_class_closure = {.name = "Function", .kind = CELL_CLOSURE, .size = sizeof(Closure)};
const ObjectClass object_class_native_function = {
    .name = "Function", .kind = CELL_NATIVE_FUNCTION, .size = sizeof(NativeFunctionObject)};
const ObjectClass object_class_bound_function = {
    .name = "Function", .kind = CELL_BOUND_FUNCTION, .size = sizeof(BoundFunction)};

// Creation -------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-createbuiltinfunction
Object *native_function_create(Context *cx, NativeFunction function, PropertyKey name, uint32_t length,
                               bool is_constructor) {
  ROOTS(cx, r, name);
  r->name = function_name_from_key(cx, name, NULL);
  if (value_is_abrupt(r->name)) return NULL;
  Object *object = object_create_with_shape(cx, cx->realm->shapes[REALM_SHAPE_NATIVE_FUNCTION], 2);
  if (!object) return NULL;
  NativeFunctionObject *native = (NativeFunctionObject *)object;
  object->cell.flags |= is_constructor ? OBJECT_CALLABLE | OBJECT_CONSTRUCTOR : OBJECT_CALLABLE;
  native->function = function;
  native->realm = cx->realm;
  native->captured[0] = native->captured[1] = VALUE_UNDEFINED;
  cell_store(cx, &object->slots[FUNCTION_LENGTH_SLOT], value_unsigned(length));
  cell_store(cx, &object->slots[FUNCTION_NAME_SLOT], r->name);
  return object;
}

// Names ----------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-setfunctionname (steps 2 to 5)
Value function_name_from_key(Context *cx, PropertyKey key, const char *prefix) {
  if (key_is_atom(key) && !prefix) return key;
  ROOTS(cx, r, name);
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  if (prefix) {
    string_builder_append_ascii(&builder, prefix);
    string_builder_append_unit(&builder, ' ');
  }
  if (key_is_symbol(key)) {
    const Symbol *symbol = value_as_symbol(key);
    bool is_private = symbol->cell.flags & SYMBOL_PRIVATE;
    if (value_is_string(symbol->description)) {
      if (!is_private) string_builder_append_unit(&builder, '[');
      if (!string_builder_append_string(&builder, value_as_string(symbol->description))) return VALUE_ABRUPT;
      if (!is_private) string_builder_append_unit(&builder, ']');
    }
  } else {
    r->name = key_to_value(cx, key);
    if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
    if (!string_builder_append_string(&builder, value_as_string(r->name))) return VALUE_ABRUPT;
  }
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-makeconstructor and the `prototype` of generator functions
Value function_materialize_prototype(Context *cx, Object *function) {
  const Realm *realm = ((Closure *)function)->realm;
  bool is_generator = function->function_kind & FUNCTION_KIND_GENERATOR,
       is_async = function->function_kind & FUNCTION_KIND_ASYNC;
  Intrinsic parent = !is_generator ? INTRINSIC_ObjectPrototype
                     : is_async    ? INTRINSIC_AsyncGeneratorPrototype
                                   : INTRINSIC_GeneratorPrototype;
  ROOTS(cx, r, prototype);
  Object *prototype = object_create(cx, value_as_object(realm->intrinsics[parent]));
  if (!prototype) return VALUE_ABRUPT;
  r->prototype = value_object(prototype);
  if (!is_generator) {
    Value back = value_object(function);
    if (!object_add_property(cx, prototype, cx->names->constructor, back, PROPERTY_HIDDEN)) return VALUE_ABRUPT;
  }
  return r->prototype;
}

// https://tc39.es/ecma262/#sec-getfunctionrealm
Realm *function_get_realm(Context *cx, Object *function) {
  for (;;) {
    context_spend_step(cx);  // memory alone limits how often a function can be bound or proxied
    switch (function->cell.kind) {
      case CELL_CLOSURE: return ((Closure *)function)->realm;
      case CELL_NATIVE_FUNCTION: return ((NativeFunctionObject *)function)->realm;
      case CELL_BOUND_FUNCTION: function = value_as_object(((BoundFunction *)function)->target); break;
      case CELL_PROXY: {
        const Proxy *proxy = (const Proxy *)function;
        if (value_is_null(proxy->handler)) {
          throw_type_error(cx, "cannot use a proxy that has been revoked");
          return NULL;
        }
        function = value_as_object(proxy->target);
        break;
      }
      default: return cx->realm;
    }
  }
}

// Calls ----------------------------------------------------------------------------------------------

Value native_function_call(Context *cx, NativeFunctionObject *function, Value this_value, const Value *arguments,
                           uint32_t count, Value new_target) {
  cx->may_park = false;
  if (!context_charge(cx, NATIVE_CALL_COST)) return context_throw_interrupted(cx);
  ROOTS(cx, r, realm);
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  Realm *caller_realm = cx->realm;
  r->realm = value_internal_or_undefined(caller_realm);
  cx->realm = function->realm;
  Call call = {arguments, count, this_value, value_object(function), new_target};
  Value result = function->function(cx, &call);
  cx->realm = caller_realm;
  context_leave_native(cx);
  return result;
}

// The arguments of a bound function followed by those of the call; NULL: threw.
static MUST_CHECK Values *bound_arguments(Context *cx, const BoundFunction *bound, const Value *arguments,
                                          uint32_t count) {
  const Values *first = (const Values *)value_as_cell(bound->arguments);
  uint32_t first_count = values_count(first);
  Values *all = values_create(cx, first_count + count);
  if (!all) return NULL;
  memcpy(all->items, first->items, first_count * sizeof(Value));
  if (count) memcpy(all->items + first_count, arguments, count * sizeof(Value));
  return all;
}

bool bound_function_resolve(Context *cx, BoundCall *call, Value *list) {
  while (value_is_object_of(call->callee, CELL_BOUND_FUNCTION)) {
    const BoundFunction *bound = (const BoundFunction *)value_as_object(call->callee);
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (value_is_internal(bound->arguments)) {
      Values *all = bound_arguments(cx, bound, call->arguments, call->count);
      if (!all) return false;
      *list = value_internal(all);
      call->arguments = all->items;
      call->count = values_count(all);
    }
    if (call->new_target == call->callee) call->new_target = bound->target;
    call->this_value = bound->this_value;
    call->callee = bound->target;
  }
  return true;
}

static Value bound_function_call(Context *cx, Value callee, const Value *arguments, uint32_t count) {
  ROOTS(cx, r, list);
  BoundCall call = {callee, VALUE_UNDEFINED, VALUE_UNDEFINED, arguments, count};
  if (!bound_function_resolve(cx, &call, &r->list)) return VALUE_ABRUPT;
  return function_call(cx, call.callee, call.this_value, call.arguments, call.count);
}

// Calls of natives nest in C only so deep; natives that the interpreter performs, and those of the host, which may
// wait, never do.
enum { NESTED_NATIVES = REPLAY_DEPTH };

static Value native_call_in_step(Context *cx, NativeFunctionObject *function, Value this_value, const Value *arguments,
                                 uint32_t count, Value new_target) {
  bool is_nested = function->performed == NATIVE_PLAIN ? cx->native_depth < NESTED_NATIVES : !replay_is_worth_it(cx);
  if (!is_nested) {
    return replay_call(cx, value_object(function), this_value, value_is_undefined(new_target) ? VALUE_HOLE : new_target,
                       arguments, count);
  }
  if (!replay_is_recording(cx)) return native_function_call(cx, function, this_value, arguments, count, new_target);
  ReplayOperation operation;
  Value result;
  if (replay_begin(cx, REPLAY_NATIVE, &operation, &result, 1)) return result;
  ROOTS(cx, r, result);
  r->result = native_function_call(cx, function, this_value, arguments, count, new_target);
  return replay_end(cx, &operation, &r->result, 1);
}

// Where no frame is, nothing could be set aside: then a native gets a frame, if it may have to wait.
static inline bool call_needs_frame(const Context *cx, const Object *function) {
  return UNLIKELY(cx->may_park) && cx->replay.is_wanted && !cx->fiber && function->cell.kind != CELL_CLOSURE;
}

// https://tc39.es/ecma262/#sec-call
Value function_call(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count) {
  if (UNLIKELY(!value_is_callable(callee))) return throw_type_error(cx, "%v is not a function", callee);
  Object *function = value_as_object(callee);
  if (replay_is_possible(cx) && replay_is_worth_it(cx)) {
    switch (function->cell.kind) {
      case CELL_NATIVE_FUNCTION:
        return native_call_in_step(cx, (NativeFunctionObject *)function, this_value, arguments, count, VALUE_UNDEFINED);
      case CELL_BOUND_FUNCTION: return bound_function_call(cx, callee, arguments, count);
      case CELL_PROXY: return proxy_call(cx, (Proxy *)function, this_value, arguments, count);
      default: return replay_call(cx, callee, this_value, VALUE_HOLE, arguments, count);
    }
  }
  if (call_needs_frame(cx, function)) return cx->hooks->call(cx, callee, this_value, arguments, count);
  switch (function->cell.kind) {
    case CELL_NATIVE_FUNCTION:
      return native_function_call(cx, (NativeFunctionObject *)function, this_value, arguments, count, VALUE_UNDEFINED);
    case CELL_BOUND_FUNCTION: return bound_function_call(cx, callee, arguments, count);
    case CELL_PROXY: cx->may_park = false; return proxy_call(cx, (Proxy *)function, this_value, arguments, count);
    default: return cx->hooks->call(cx, callee, this_value, arguments, count);
  }
}

static Value bound_function_construct(Context *cx, Value callee, Value new_target, const Value *arguments,
                                      uint32_t count) {
  ROOTS(cx, r, list);
  BoundCall call = {callee, VALUE_UNDEFINED, new_target, arguments, count};
  if (!bound_function_resolve(cx, &call, &r->list)) return VALUE_ABRUPT;
  return function_construct(cx, call.callee, call.new_target, call.arguments, call.count);
}

// https://tc39.es/ecma262/#sec-construct
Value function_construct(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count) {
  if (UNLIKELY(!value_is_constructor(constructor)))
    return throw_type_error(cx, "%e%v is not a constructor", constructor);
  Object *function = value_as_object(constructor);
  if (replay_is_possible(cx) && replay_is_worth_it(cx)) {
    switch (function->cell.kind) {
      case CELL_NATIVE_FUNCTION:
        return native_call_in_step(cx, (NativeFunctionObject *)function, VALUE_UNDEFINED, arguments, count, new_target);
      case CELL_BOUND_FUNCTION: return bound_function_construct(cx, constructor, new_target, arguments, count);
      case CELL_PROXY: return proxy_construct(cx, (Proxy *)function, new_target, arguments, count);
      default: return replay_call(cx, constructor, VALUE_UNDEFINED, new_target, arguments, count);
    }
  }
  if (call_needs_frame(cx, function)) return cx->hooks->construct(cx, constructor, new_target, arguments, count);
  switch (function->cell.kind) {
    case CELL_NATIVE_FUNCTION:
      return native_function_call(cx, (NativeFunctionObject *)function, VALUE_UNDEFINED, arguments, count, new_target);
    case CELL_BOUND_FUNCTION: return bound_function_construct(cx, constructor, new_target, arguments, count);
    case CELL_PROXY: return proxy_construct(cx, (Proxy *)function, new_target, arguments, count);
    default: return cx->hooks->construct(cx, constructor, new_target, arguments, count);
  }
}

// https://tc39.es/ecma262/#sec-createlistfromarraylike
Value value_list_from_array_like(Context *cx, Value array_like) {
  if (!value_is_object(array_like)) return throw_type_error(cx, "expected an array-like object, not %v", array_like);
  Object *object = value_as_object(array_like);
  double length;
  if (!object_length(cx, object, &length)) return VALUE_ABRUPT;
  if (length > UINT32_MAX) return throw_range_error(cx, "too many arguments");
  ROOTS(cx, r, list, key, item);
  Values *list = replay_is_repeating(cx) ? NULL : values_create(cx, (uint32_t)length);
  if (!list && !replay_is_repeating(cx)) return VALUE_ABRUPT;
  r->list = replay_note(cx, value_internal_or_undefined(list));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  list = (Values *)value_as_cell(r->list);
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (!replay_round_index(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= values_count(list)) break;
    if (!replay_is_recording(cx) && array_is_dense(object) && i < object->element_count &&
        !value_is_hole(object->elements->items[i])) {
      r->item = object->elements->items[i];
    } else {
      if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
      r->key = key_from_uint32(cx, i);
      if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
      r->item = object_get_key(cx, object, r->key);
      if (value_is_abrupt(r->item)) return VALUE_ABRUPT;
    }
    cell_store(cx, &list->items[i], r->item);
  }
  return r->list;
}
