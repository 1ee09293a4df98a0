// DisposableStack and AsyncDisposableStack: constructors and tables; the methods are in disposable_stack.js.
// https://tc39.es/ecma262/#sec-disposablestack-objects
#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/slotted.h"

static Value stack_construct(Context *cx, const Call *call, SlottedKind kind, Intrinsic prototype, const char *name) {
  if (!call_is_construct(call)) return throw_type_error(cx, "%s cannot be called without 'new'", name);
  ROOTS(cx, r, stack);
  Object *object = object_create_from_constructor(cx, call->new_target, prototype, &object_class_slotted);
  if (!object) return VALUE_ABRUPT;
  r->stack = value_object(object);
  Slotted *stack = (Slotted *)object;
  object->slotted_kind = (uint32_t)kind;
  for (uint32_t i = 0; i < SLOTTED_SLOTS; i++) slotted_set(cx, stack, i, VALUE_UNDEFINED);
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  slotted_set(cx, stack, STACK_IS_DISPOSED, VALUE_FALSE);
  slotted_set(cx, stack, STACK_RESOURCES, value_object(list));
  return r->stack;
}

// https://tc39.es/ecma262/#sec-disposablestack
static Value disposable_stack_constructor(Context *cx, const Call *call) {
  return stack_construct(cx, call, SLOTTED_DISPOSABLE_STACK, INTRINSIC_DisposableStackPrototype, "DisposableStack");
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack
static Value async_disposable_stack_constructor(Context *cx, const Call *call) {
  return stack_construct(cx, call, SLOTTED_ASYNC_DISPOSABLE_STACK, INTRINSIC_AsyncDisposableStackPrototype,
                         "AsyncDisposableStack");
}

// https://tc39.es/ecma262/#sec-get-disposablestack.prototype.disposed (magic: the kind)
static Value stack_get_disposed(Context *cx, const Call *call) {
  if (!value_is_slotted(call->this_value, (SlottedKind)call_magic(call))) {
    return throw_type_error(cx, "get disposed: expected a disposable stack, not %v", call->this_value);
  }
  return value_as_slotted(call->this_value)->internal[STACK_IS_DISPOSED];
}

Value intrinsic_symbol_dispose(Context *cx, const Call *call) {
  (void)call;
  return cx->names->symbol_dispose;
}

Value intrinsic_symbol_async_dispose(Context *cx, const Call *call) {
  (void)call;
  return cx->names->symbol_asyncDispose;
}

static const BuiltinRow disposable_stack_prototype_rows[] = {
    SELF_HOSTED("adopt", 2, "DisposableStackPrototype_adopt"),
    SELF_HOSTED("defer", 1, "DisposableStackPrototype_defer"),
    SELF_HOSTED("dispose", 0, "DisposableStackPrototype_dispose"),
    GETTER_MAGIC("disposed", stack_get_disposed, SLOTTED_DISPOSABLE_STACK),
    SELF_HOSTED("move", 0, "DisposableStackPrototype_move"),
    SELF_HOSTED("use", 1, "DisposableStackPrototype_use"),
    ALIAS("@@dispose", "dispose"),
    TO_STRING_TAG("DisposableStack"),
    END_OF_ROWS,
};
const BuiltinObject builtin_disposable_stack_prototype = {
    .intrinsic = INTRINSIC_DisposableStackPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = disposable_stack_prototype_rows,
};
const BuiltinObject builtin_disposable_stack = {
    .global_name = "DisposableStack",
    .intrinsic = INTRINSIC_DisposableStack,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = disposable_stack_constructor,
    .prototype_property = INTRINSIC_DisposableStackPrototype,
};

static const BuiltinRow async_disposable_stack_prototype_rows[] = {
    SELF_HOSTED("adopt", 2, "AsyncDisposableStackPrototype_adopt"),
    SELF_HOSTED("defer", 1, "AsyncDisposableStackPrototype_defer"),
    SELF_HOSTED("disposeAsync", 0, "AsyncDisposableStackPrototype_disposeAsync"),
    GETTER_MAGIC("disposed", stack_get_disposed, SLOTTED_ASYNC_DISPOSABLE_STACK),
    SELF_HOSTED("move", 0, "AsyncDisposableStackPrototype_move"),
    SELF_HOSTED("use", 1, "AsyncDisposableStackPrototype_use"),
    ALIAS("@@asyncDispose", "disposeAsync"),
    TO_STRING_TAG("AsyncDisposableStack"),
    END_OF_ROWS,
};
const BuiltinObject builtin_async_disposable_stack_prototype = {
    .intrinsic = INTRINSIC_AsyncDisposableStackPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = async_disposable_stack_prototype_rows,
};
const BuiltinObject builtin_async_disposable_stack = {
    .global_name = "AsyncDisposableStack",
    .intrinsic = INTRINSIC_AsyncDisposableStack,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = async_disposable_stack_constructor,
    .prototype_property = INTRINSIC_AsyncDisposableStackPrototype,
};
