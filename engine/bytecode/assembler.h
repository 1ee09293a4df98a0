// Assembles one function: instructions, constants, inline cache keys, handlers and source positions grow in accounted
// buffers; labels are patched at the end.
//
// Fused compare-and-jump instructions have a distance of 16 bits. When one does not reach, the assembler says so
// (`needs_long_jumps`), and the function is compiled again with `long_jumps`: every short jump becomes a plain
// operation and a jump of 32 bits.
//
// Failure is sticky: after a refused allocation, emitted code is dropped and `failed` is set.
#ifndef CAISSON_ASSEMBLER_H
#define CAISSON_ASSEMBLER_H

#include "base/buffer.h"
#include "bytecode/code.h"

typedef uint32_t Register;  // by index, not scaled

typedef struct Label {
  int32_t position;  // instruction, or -1
  int32_t uses;      // newest Fixup, or -1
} Label;
#define LABEL_NEW ((Label){-1, -1})

typedef struct Assembler {
  Context *cx;
  Buffer instructions;  // Instruction
  Buffer constants;     // Value
  Buffer cache_keys;    // PropertyKey
  Buffer name_caches;   // uint32_t: an open hash table of the caches that sites of one name share, index + 1
  uint32_t name_cache_count;
  Buffer handlers;   // ExceptionHandler
  Buffer positions;  // CodePosition
  Buffer fixups;     // Fixup
  bool long_jumps, needs_long_jumps, failed;
} Assembler;

void assembler_initialize(Assembler *assembler, Context *cx);
void assembler_reset(Assembler *assembler);  // keeps the buffers
void assembler_release(Assembler *assembler);

static inline uint32_t assembler_position(const Assembler *assembler) {
  return (uint32_t)(assembler->instructions.size / sizeof(Instruction));
}
static inline Instruction *assembler_instruction(Assembler *assembler, uint32_t index) {
  return (Instruction *)(void *)assembler->instructions.data + index;
}

// Raw operands, registers already scaled; `wide` is put before it when one needs more than 16 bits. Returns the index
// of the instruction.
uint32_t assembler_emit(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t b, uint32_t c);
// With a 32-bit operand over b and c.
uint32_t assembler_emit_wide(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t wide);
// A jump with 32 bits of distance.
void assembler_jump(Assembler *assembler, Opcode opcode, uint32_t a, Label *label);
// An instruction with a 16-bit distance in c (in long-jump mode: followed by a long jump).
void assembler_short_jump(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t b, Label *label);
void assembler_bind(Assembler *assembler, Label *label);
// The fixup patches entry `item` of the jump table in constant `table`, not an instruction.
void assembler_table_entry(Assembler *assembler, uint32_t instruction, uint32_t table, uint32_t item, Label *label);

uint32_t assembler_constant(Assembler *assembler, Value value);
// A cache for one site. -1: the function has more sites than an operand can number.
int32_t assembler_cache(Assembler *assembler, PropertyKey key);
// The cache that all uses of a name share.
uint32_t assembler_name_cache(Assembler *assembler, PropertyKey name);
void assembler_position_at(Assembler *assembler, uint32_t start, uint32_t end, uint32_t source_place);
// Adds a handler for [start, end); inner ones must be added first. Its target is the next instruction emitted.
void assembler_handler(Assembler *assembler, uint32_t start, uint32_t end, Register exception);

// Moves everything into `code`. False: threw.
MUST_CHECK bool assembler_finish(Assembler *assembler, Code *code);

#endif
