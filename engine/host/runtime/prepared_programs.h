// Prepared programs (bytecode/prepared.h) for the host: their bytes cross in ArrayBuffers.
#ifndef CAISSON_PREPARED_PROGRAMS_H
#define CAISSON_PREPARED_PROGRAMS_H

#include "runtime/context.h"

// Compiles a source text. An ArrayBuffer with the bytes.
Value host_prepare(Context *cx, Value source, Value name, bool is_module);
// The completion value of a prepared script.
Value host_evaluate_prepared(Context *cx, Value bytes, Value name);
// The Module of a prepared one.
Value host_read_prepared_module(Context *cx, Value bytes, Value name);

#endif
