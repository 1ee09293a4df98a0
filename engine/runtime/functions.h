// Callables: closures over bytecode, natives in C, bound functions; and how C calls them.
#ifndef CAISSON_FUNCTIONS_H
#define CAISSON_FUNCTIONS_H

#include "runtime/objects.h"

// What a native function sees of its call. Everything in it is rooted for the duration of the call.
typedef struct Call {
  const Value *arguments;
  uint32_t count;
  Value this_value;
  Value callee;      // the native function object itself
  Value new_target;  // undefined unless constructing
} Call;
typedef Value (*NativeFunction)(Context *cx, const Call *call);

static inline Value call_argument(const Call *call, uint32_t index) {
  return index < call->count ? call->arguments[index] : VALUE_UNDEFINED;
}
static inline bool call_is_construct(const Call *call) { return !value_is_undefined(call->new_target); }

enum { FUNCTION_NAME_SLOT = 1, FUNCTION_LENGTH_SLOT = 0, FUNCTION_PROTOTYPE_SLOT = 2, FUNCTION_FIRST_SLOTS = 3 };

// A function compiled from JavaScript. Own properties begin with `length`, `name` and, for those that have one,
// `prototype` (PROPERTY_LAZY until first touched).
typedef struct Closure {
  Object object;
  Code *code;
  Environment *environment;  // NULL: none beyond the global one
  Realm *realm;
  Value home_object;   // [[HomeObject]] of methods, else undefined
  Value class_fields;  // class constructors: internal Record of field initialisers and brands, else undefined
} Closure;

// Natives that the interpreter performs itself, without C recursion: it replaces the call by the call, construction or
// resumption that it stands for. Their C functions serve calls from C.
typedef enum NativePerformed {
  NATIVE_PLAIN,              // an ordinary native: it is called
  NATIVE_OF_HOST,            // the same, but it may wait
  NATIVE_FUNCTION_CALL,      // (thisArgument, ...arguments)
  NATIVE_FUNCTION_APPLY,     // (thisArgument, argumentsList)
  NATIVE_REFLECT_APPLY,      // (target, thisArgument, argumentsList)
  NATIVE_REFLECT_CONSTRUCT,  // (target, argumentsList, newTarget)
  NATIVE_PROMISE,            // new Promise(executor)
  NATIVE_EVAL,               // (source): an indirect eval
  NATIVE_GENERATOR_NEXT,
  NATIVE_GENERATOR_RETURN,
  NATIVE_GENERATOR_THROW,
  NATIVE_ASYNC_GENERATOR_NEXT,
  NATIVE_ASYNC_GENERATOR_RETURN,
  NATIVE_ASYNC_GENERATOR_THROW,
} NativePerformed;

// Natives carry up to two captured values (promise capability functions and the like).
typedef struct NativeFunctionObject {
  Object object;
  NativeFunction function;
  Realm *realm;
  int32_t magic;      // lets one C function serve several rows
  uint8_t performed;  // NativePerformed
  Value captured[2];
} NativeFunctionObject;

typedef struct BoundFunction {
  Object object;
  Value target, this_value;
  Value arguments;  // internal Values or undefined
} BoundFunction;

extern const ObjectClass object_class_closure, object_class_native_function, object_class_bound_function;

static inline NativeFunctionObject *call_callee(const Call *call) {
  return (NativeFunctionObject *)value_as_object(call->callee);
}
static inline int32_t call_magic(const Call *call) { return call_callee(call)->magic; }

// The object that a closure's PROPERTY_LAZY `prototype` stands for (realm_materialize_property comes here).
Value function_materialize_prototype(Context *cx, Object *function);

MUST_CHECK Object *native_function_create(Context *cx, NativeFunction function, PropertyKey name, uint32_t length,
                                          bool is_constructor);  // of the current realm
// A call on its way through a chain of bound functions. The chain may be long, so it is walked, not recursed into.
typedef struct BoundCall {
  Value callee, this_value, new_target;  // new_target undefined: no construction
  const Value *arguments;
  uint32_t count;
} BoundCall;
// Resolves the call to the function behind the bound ones. `*list`, a root of the caller, keeps the collected arguments
// alive.
MUST_CHECK bool bound_function_resolve(Context *cx, BoundCall *call, Value *list);
// SetFunctionName for values created with a computed key (prefix: "get", "set" or NULL).
Value function_name_from_key(Context *cx, PropertyKey key, const char *prefix);
// https://tc39.es/ecma262/#sec-getfunctionrealm  NULL: threw (revoked proxy)
MUST_CHECK Realm *function_get_realm(Context *cx, Object *function);

// C calls JavaScript. Re-enters the interpreter (checked depth). Arguments must be rooted by the caller.
Value function_call(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count);
Value function_construct(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count);
// Calls a native directly: what function_call and the interpreter do with CELL_NATIVE_FUNCTION.
Value native_function_call(Context *cx, NativeFunctionObject *function, Value this_value, const Value *arguments,
                           uint32_t count, Value new_target);
// https://tc39.es/ecma262/#sec-createlistfromarraylike -> internal Values with exactly values_count items
Value value_list_from_array_like(Context *cx, Value array_like);

// Units of fuel that a call of a native function costs in addition to what the function charges itself.
enum { NATIVE_CALL_COST = 3 };

#endif
