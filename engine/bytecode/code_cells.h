// Making the cells that Code consists of. (Separate from the compiler, because names in conversions.h clash with those
// of the syntax tree.)
#ifndef CAISSON_CODE_CELLS_H
#define CAISSON_CODE_CELLS_H

#include "bytecode/code.h"

MUST_CHECK Code *code_create(Context *cx);
Value code_bigint_constant(Context *cx, TextView digits, uint32_t radix);
Value code_bigint_key(Context *cx, TextView digits, uint32_t radix);

#endif
