// Making the cells that Code consists of. (Apart from the compiler because the names of conversions.h and of the
// syntax tree meet nowhere else.)
#ifndef CAISSON_CODE_CELLS_H
#define CAISSON_CODE_CELLS_H

#include "bytecode/code.h"

MUST_CHECK Code *code_create(Context *cx);
Value code_bigint_constant(Context *cx, TextView digits, uint32_t radix);
Value code_bigint_key(Context *cx, TextView digits, uint32_t radix);

#endif
