// The operands of the running instruction, for interpreter_dispatch and interpreter_step. Both have these locals:
// `frame`, its `registers` (bytes, since operands are pre-scaled) and `pc`, which points after the instruction.
// Operands are loaded where they are used.
#ifndef CAISSON_OPERANDS_H
#define CAISSON_OPERANDS_H

#include "interpreter/quick.h"

#define REGISTER(operand) (*(Value *)(registers + (operand)))
#define INSTRUCTION (pc[-1])
// interpreter_step defines these otherwise, for operands of 32 bits.
#ifndef OPERAND_A
#define OPERAND_A INSTRUCTION.a
#define OPERAND_B INSTRUCTION.b
#define OPERAND_C INSTRUCTION.c
#endif
#define A REGISTER(OPERAND_A)
#define B REGISTER(OPERAND_B)
#define C REGISTER(OPERAND_C)
#define IMMEDIATE_B value_int((int16_t)INSTRUCTION.b)
#define IMMEDIATE_C value_int((int16_t)INSTRUCTION.c)
#define DISTANCE_C ((int16_t)INSTRUCTION.c)
#define WIDE instruction_wide(&INSTRUCTION)
#define CONSTANT (frame->code->constants->items[(uint32_t)WIDE])

// The environment b scopes outwards.
#ifndef ENVIRONMENT_B
#define ENVIRONMENT_B environment_at(frame->environment, OPERAND_B)
#endif
// The number of inline slots for an object literal with b properties.
#define LITERAL_SLOTS_B (OPERAND_B ? MIN_OF(OPERAND_B, 32) : 4)

#endif
