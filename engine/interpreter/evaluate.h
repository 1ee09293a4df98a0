// Running whole programs from C. They return completion values, or VALUE_PARKED when the program waits (see frame.h).
#ifndef CAISSON_EVALUATE_H
#define CAISSON_EVALUATE_H

#include "bytecode/code.h"
#include "runtime/context.h"

Value evaluate_script(Context *cx, Value source, Value source_name);
Value evaluate_code(Context *cx, Value code);  // of a script or an indirect eval
Value interpreter_close_over(Context *cx, Code *code, Environment *environment);
Value interpreter_run_module(Context *cx, Module *module);
// hooks->evaluate_indirect and hooks->compile_function
Value evaluate_indirect(Context *cx, Value source);
// The Code of the one function that a script declares (an internal Value), or VALUE_HOLE.
Value code_declared_function(const Code *script);
Value evaluate_dynamic_function(Context *cx, int kind, Value parameters, Value body, Value new_target);

#endif
