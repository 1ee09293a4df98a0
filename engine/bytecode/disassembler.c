// Bytecode as text, for --dump=bytecode and the snapshot tests.
// Loops here are bounded: a tool of the command line; no guest reaches it.
#include "bytecode/compile.h"
#include "runtime/errors.h"

typedef struct OpcodeInformation {
  const char *name;
  const char *operands[3];
} OpcodeInformation;

static const OpcodeInformation opcodes[] = {
#define OPCODE(name, a, b, c, meaning) {#name, {#a, #b, #c}},
#include "bytecode/opcodes.def"
#undef OPCODE
};

static void dump_value(Context *cx, Value value, Buffer *out) {
  if (value_is_internal(value)) {
    Cell *cell = value_as_cell(value);
    if (cell->kind == CELL_CODE) {
      const Code *code = (const Code *)cell;
      buffer_append_text(out, "code ");
      value_describe(cx, code->name, out);
    } else if (cell->kind == CELL_VALUES || cell->kind == CELL_SCOPE_NAMES) {
      const Values *values = (const Values *)cell;
      buffer_append_text(out, cell->kind == CELL_VALUES ? "[" : "names [");
      for (uint32_t i = 0; i < values_count(values); i++) {
        if (i) buffer_append_text(out, ", ");
        dump_value(cx, values->items[i], out);
      }
      buffer_append_text(out, "]");
    } else {
      buffer_append_text(out, "internal");
    }
    return;
  }
  if (value_is_hole(value)) buffer_append_text(out, "hole");
  else value_describe(cx, value, out);
}

static void dump_register(uint32_t operand, Buffer *out) {
  if (operand == 0) buffer_append_text(out, "this");
  else buffer_format(out, "r%u", operand / 8);
}

static void dump_constant(Context *cx, const Code *code, uint32_t index, Buffer *out) {
  if (code->constants && index < values_count(code->constants)) dump_value(cx, code->constants->items[index], out);
  else buffer_format(out, "constant %u", index);
}

// `upper` is the upper half of the operand, from a `wide` before the instruction.
static void dump_operand(Context *cx, const Code *code, uint32_t pc, const char *type, uint32_t operand, uint32_t next,
                         uint32_t upper, Buffer *out) {
  uint32_t wide = operand | next << 16;
  operand |= upper << 16;
  if (!strcmp(type, "W") || !strcmp(type, "R") || !strcmp(type, "M")) dump_register(operand, out);
  else if (!strcmp(type, "U")) buffer_format(out, "%u", operand);
  else if (!strcmp(type, "I")) buffer_format(out, "%d", (int)(int16_t)operand);
  else if (!strcmp(type, "J")) buffer_format(out, "->%u", pc + 1 + (uint32_t)(int16_t)operand);
  else if (!strcmp(type, "J32")) buffer_format(out, "->%u", pc + 1 + wide);
  else if (!strcmp(type, "I32")) buffer_format(out, "%d", (int)wide);
  else if (!strcmp(type, "K32")) dump_constant(cx, code, wide, out);
  else if (!strcmp(type, "C") && operand < code->cache_count) dump_value(cx, code->caches[operand].key, out);
}

static void dump_instruction(Context *cx, const Code *code, uint32_t pc, Buffer *out) {
  Instruction instruction = code->instructions[pc];
  if (instruction.opcode >= OPCODE_COUNT) {
    buffer_format(out, "%5u  invalid %u\n", pc, instruction.opcode);
    return;
  }
  const OpcodeInformation *information = &opcodes[instruction.opcode];
  uint32_t operands[4] = {instruction.a, instruction.b, instruction.c, 0};
  const Instruction *before =
      pc && code->instructions[pc - 1].opcode == OPCODE_wide ? &code->instructions[pc - 1] : NULL;
  uint32_t upper[3] = {before ? before->a : 0, before ? before->b : 0, before ? before->c : 0};
  char line[16];
  uint32_t digits = 0;
  for (uint32_t n = pc; n || !digits; n /= 10) line[digits++] = (char)('0' + n % 10);
  for (uint32_t i = digits; i < 5; i++) buffer_append_byte(out, ' ');
  while (digits) buffer_append_byte(out, (uint8_t)line[--digits]);
  buffer_format(out, "  %s", information->name);
  bool is_first = true;
  for (int i = 0; i < 3; i++) {
    const char *type = information->operands[i];
    if (!strcmp(type, "_") || !strcmp(type, "H")) continue;
    buffer_append_text(out, is_first ? " " : ", ");
    is_first = false;
    dump_operand(cx, code, pc, type, operands[i], operands[i + 1], upper[i], out);
  }
  buffer_append_byte(out, '\n');
}

static void dump_flags(const Code *code, Buffer *out) {
  static const char *const names[] = {"strict",  "arrow",  "generator",        "async",       "class-constructor",
                                      "derived", "method", "argument-list",    "self-hosted", "module",
                                      "script",  "eval",   "field-initializer"};
  for (uint32_t i = 0; i < COUNT_OF(names); i++) {
    if (code->flags & 1u << i) buffer_format(out, " %s", names[i]);
  }
}

static void dump_code(Context *cx, const Code *code, Buffer *out) {
  buffer_append_text(out, "function ");
  value_describe(cx, code->name, out);
  buffer_format(out, " parameters %u registers %u", code->parameter_count, code->register_count);
  dump_flags(code, out);
  buffer_append_byte(out, '\n');
  for (uint32_t pc = 0; pc < code->instruction_count; pc++) dump_instruction(cx, code, pc, out);
  for (uint32_t i = 0; i < code->handler_count; i++) {
    const ExceptionHandler *handler = &code->handlers[i];
    buffer_format(out, "  handler %u..%u -> %u in r%u\n", handler->start, handler->end, handler->target,
                  handler->exception_register / 8);
  }
}

static const Code *value_as_code(Value value) {
  if (!value_is_internal(value) || value_as_cell(value)->kind != CELL_CODE) return NULL;
  return (const Code *)value_as_cell(value);
}

// Inner functions come after the function around them; `queue` holds those that are still to come.
void code_disassemble(Context *cx, const Code *code, Buffer *out) {
  Buffer queue;
  buffer_initialize(&queue, &cx->memory);
  buffer_append(&queue, &code, sizeof code);
  for (size_t at = 0; at < queue.size && !queue.failed; at += sizeof code) {
    const Code *current = *(const Code **)(void *)(queue.data + at);
    if (at) buffer_append_byte(out, '\n');
    dump_code(cx, current, out);
    for (uint32_t i = 0; current->constants && i < values_count(current->constants); i++) {
      Value constant = current->constants->items[i];
      const Code *inner = value_as_code(constant);
      if (inner) buffer_append(&queue, &inner, sizeof inner);
      if (!value_is_internal(constant) || value_as_cell(constant)->kind != CELL_VALUES) continue;
      const Values *list = (const Values *)value_as_cell(constant);
      for (uint32_t k = 0; k < values_count(list); k++) {
        inner = value_as_code(list->items[k]);
        if (inner) buffer_append(&queue, &inner, sizeof inner);
      }
    }
  }
  buffer_release(&queue);
}
