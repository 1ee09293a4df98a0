// Running programs, and eval. https://tc39.es/ecma262/#sec-performeval
#include "bytecode/compile.h"
#include "interpreter/evaluate.h"
#include "interpreter/interpreter.h"
#include "runtime/hooks.h"
#include "runtime/realm.h"

CallStatus eval_direct(Context *cx, Value source, uint32_t flags, Value outer_scope, uint32_t result_register,
                       Value *result) {
  ROOTS(cx, r, code, closure);
  Frame *frame = cx->frame;
  const Record *caller_source = (const Record *)value_as_cell(frame->code->source);
  CompileOptions options = {
      .source = source,
      .source_name = caller_source->items[SOURCE_NAME],
      .outer_scope = value_is_internal(outer_scope) ? ((Bytes *)value_as_cell(outer_scope))->data : NULL,
      .is_eval = true,
      .is_direct_eval = true,
      .is_strict = flags & EVAL_STRICT,
      .in_function = flags & EVAL_IN_FUNCTION,
      .in_method = flags & EVAL_IN_METHOD,
      .in_derived_constructor = flags & EVAL_IN_DERIVED_CONSTRUCTOR,
      .in_class_field = flags & EVAL_IN_CLASS_FIELD,
  };
  r->code = compile_eval(cx, &options);
  if (value_is_abrupt(r->code)) return CALL_ABRUPT;
  Closure *closure = closure_create(cx, (Code *)value_as_cell(r->code), frame->environment);
  if (!closure) return CALL_ABRUPT;
  r->closure = value_object(closure);
  Value this_value = frame_registers(frame)[REGISTER_THIS];
  return call_values(cx, r->closure, this_value, NULL, 0, result_register, 0, result);
}

static Value compile_indirect_eval(Context *cx, Value source) {
  ROOTS(cx, r, code);
  CompileOptions options = {.source = source, .source_name = VALUE_UNDEFINED, .is_eval = true};
  r->code = compile_eval(cx, &options);
  return value_is_abrupt(r->code) ? VALUE_ABRUPT : interpreter_close_over(cx, (Code *)value_as_cell(r->code), NULL);
}

CallStatus eval_indirect(Context *cx, Realm *realm, Value source, uint32_t result_register, uint16_t flags,
                         Value *result) {
  if (!value_is_string(source)) {
    *result = source;
    return CALL_FINISHED;
  }
  ROOTS(cx, r, closure);
  Realm *caller_realm = cx->realm;
  cx->realm = realm;
  r->closure = compile_indirect_eval(cx, source);
  cx->realm = caller_realm;
  if (value_is_abrupt(r->closure)) return CALL_ABRUPT;
  return call_values(cx, r->closure, realm->global_this, NULL, 0, result_register, flags, result);
}

Value evaluate_code(Context *cx, Value code) {
  ROOTS(cx, r, closure);
  Closure *closure = closure_create(cx, (Code *)value_as_cell(code), NULL);
  if (!closure) return VALUE_ABRUPT;
  r->closure = value_object(closure);
  return interpreter_call(cx, r->closure, cx->realm->global_this, NULL, 0);
}

Value evaluate_script(Context *cx, Value source, Value source_name) {
  ROOTS(cx, r, code);
  CompileOptions options = {.source = source, .source_name = source_name};
  r->code = compile_script(cx, &options);
  if (value_is_abrupt(r->code)) return VALUE_ABRUPT;
  return evaluate_code(cx, r->code);
}

Value interpreter_close_over(Context *cx, Code *code, Environment *environment) {
  Closure *closure = closure_create(cx, code, environment);
  return closure ? value_object(closure) : VALUE_ABRUPT;
}

// Functions of a module belong to its realm, even when code of another realm evaluates it.
Value interpreter_run_module(Context *cx, Module *module) {
  ROOTS(cx, r, closure, result);
  Realm *saved = cx->realm;
  cx->realm = module->realm;
  r->closure = interpreter_close_over(cx, (Code *)value_as_cell(module->code), module->environment);
  r->result = value_is_abrupt(r->closure) ? VALUE_ABRUPT : interpreter_call(cx, r->closure, VALUE_UNDEFINED, NULL, 0);
  cx->realm = saved;
  return r->result;
}

Value evaluate_indirect(Context *cx, Value source) {
  ROOTS(cx, r, closure);
  r->closure = compile_indirect_eval(cx, source);
  if (value_is_abrupt(r->closure)) return VALUE_ABRUPT;
  return interpreter_call(cx, r->closure, cx->realm->global_this, NULL, 0);
}

// See declare_globals in bytecode/code.h.
// bounded: the constants of one script, which paid when it was compiled.
Value code_declared_function(const Code *script) {
  for (uint32_t i = 0; script->constants && i < values_count(script->constants); i++) {
    Value constant = script->constants->items[i];
    if (!value_is_internal(constant) || value_as_cell(constant)->kind != CELL_VALUES) continue;
    const Values *declarations = (const Values *)value_as_cell(constant);
    if (values_count(declarations) >= 4 && declarations->items[1] == value_int(1)) return declarations->items[3];
  }
  return VALUE_HOLE;
}

// https://tc39.es/ecma262/#sec-createdynamicfunction
Value evaluate_dynamic_function(Context *cx, int kind, Value parameters, Value body, Value new_target) {
  static const int16_t prototypes[] = {INTRINSIC_FunctionPrototype, INTRINSIC_GeneratorFunctionPrototype,
                                       INTRINSIC_AsyncFunctionPrototype, INTRINSIC_AsyncGeneratorFunctionPrototype};
  ROOTS(cx, r, code, prototype, closure);
  r->code = compile_dynamic_function(cx, (DynamicFunctionKind)kind, parameters, body, VALUE_UNDEFINED);
  if (value_is_abrupt(r->code)) return VALUE_ABRUPT;
  r->prototype = object_prototype_from_constructor(cx, new_target, prototypes[kind]);
  if (value_is_abrupt(r->prototype)) return VALUE_ABRUPT;
  // The completion value of the program is the function.
  r->closure = evaluate_code(cx, r->code);
  if (value_is_abrupt(r->closure)) return VALUE_ABRUPT;
  if (r->prototype == realm_intrinsic(cx, (Intrinsic)prototypes[kind])) return r->closure;
  return object_set_prototype(cx, value_as_object(r->closure), r->prototype) == TRISTATE_TRUE ? r->closure
                                                                                              : VALUE_ABRUPT;
}
