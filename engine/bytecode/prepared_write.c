// Writing prepared programs (prepared.h).
// Loops here are bounded: they go through what the compiler has made, and each part of that was paid for; the buffer
// pays for its bytes.
#include "bytecode/prepared.h"
#include "runtime/bigints.h"
#include "syntax/scope_outer.h"

typedef struct Entry {
  const Cell *cell;  // NULL: free
  uint32_t number;
} Entry;

typedef struct Writer {
  Context *cx;
  Buffer *out;
  size_t start;  // where the program begins in `out`
  Entry *table;  // open addressing over a power of two
  uint32_t capacity, used;
  uint32_t cell_count;
  Buffer functions;  // const Code *each, by number
  bool failed;       // threw
} Writer;

#define OPCODE(name, a, b, c, meaning) +((uint32_t)OPCODE_##name + 1) * (sizeof #name * 64 + sizeof #a + sizeof #b * 8)
const uint32_t prepared_format = PREPARED_VERSION + FRAME_WORDS * 16 + INTRINSIC_COUNT * 4096
#include "bytecode/opcodes.def"
    ;
#undef OPCODE

static void fail(Writer *w) {
  if (!w->failed) context_throw_out_of_memory(w->cx);
  w->failed = true;
}

// --- Numbers of cells ---

static Entry *find_entry(const Writer *w, const Cell *cell) {
  uint64_t hash = (uint64_t)(uintptr_t)cell * UINT64_C(0x9E3779B97F4A7C15);
  for (uint32_t at = (uint32_t)(hash >> 32);; at++) {
    Entry *entry = &w->table[at & (w->capacity - 1)];
    if (!entry->cell || entry->cell == cell) return entry;
  }
}

static void grow_table(Writer *w) {
  Entry *old = w->table;
  uint32_t count = w->capacity;
  w->capacity = count ? count * 2 : 256;
  w->table = memory_allocate_zeroed(&w->cx->memory, w->capacity * sizeof(Entry));
  if (w->table) {
    for (uint32_t i = 0; i < count; i++)
      if (old[i].cell) *find_entry(w, old[i].cell) = old[i];
  } else {
    w->capacity = 0;
    fail(w);
  }
  memory_release(&w->cx->memory, old, count * sizeof(Entry));
}

// The entry of a cell, new when its `cell` is not set. NULL: failed.
static Entry *cell_entry(Writer *w, const Cell *cell) {
  if (w->used * 2 >= w->capacity) grow_table(w);
  return w->failed ? NULL : find_entry(w, cell);
}

static void enter(Writer *w, Entry *entry, const Cell *cell, uint32_t number) {
  *entry = (Entry){cell, number};
  w->used++;
}

// --- Values ---

static void write_byte(Writer *w, unsigned byte) { buffer_append_byte(w->out, (uint8_t)byte); }

static void write_number(Writer *w, uint32_t number) {
  for (; number >= 0x80; number >>= 7) write_byte(w, number | 0x80);
  write_byte(w, number);
}

// Small ones of both signs are short.
static void write_signed(Writer *w, uint32_t number) { write_number(w, number << 1 ^ (0 - (number >> 31))); }

static void write_text(Writer *w, Value string, PreparedTag tag) {
  TextView text;
  if (!string_view(w->cx, value_as_string(string), &text)) {
    w->failed = true;
    return;
  }
  write_byte(w, (unsigned)tag + text.is_wide);
  write_number(w, text.length);
  if (text.is_wide && (w->out->size - w->start) % 2) write_byte(w, 0);
  buffer_append(w->out, text.narrow, (size_t)text.length << text.is_wide);
}

static void write_function(Writer *w, const Code *code) {
  Entry *entry = cell_entry(w, &code->cell);
  if (!entry) return;
  if (!entry->cell) {
    enter(w, entry, &code->cell, (uint32_t)(w->functions.size / sizeof code));
    buffer_append(&w->functions, &code, sizeof code);
  }
  write_byte(w, PREPARED_FUNCTION);
  write_number(w, entry->number);
}

static void write_outer(Writer *w, const Cell *cell) {
  const Bytes *bytes = (const Bytes *)cell;
  uint32_t size = bytes_size(cell);
  void *copy = memory_allocate(&w->cx->memory, size);
  if (!copy) {
    fail(w);
    return;
  }
  memcpy(copy, bytes->data, size);
  scope_move_outer(copy, (uintptr_t)bytes->data, 0);
  write_byte(w, PREPARED_OUTER);
  write_number(w, size);
  buffer_append(w->out, copy, size);
  memory_release(&w->cx->memory, copy, size);
}

static void write_value(Writer *w, Value value, unsigned depth);

static void write_list(Writer *w, const Values *list, unsigned depth) {
  ASSERT(depth < PREPARED_DEPTH);
  bool is_names = list->cell.kind == CELL_SCOPE_NAMES;
  write_byte(w, is_names ? PREPARED_NAMES : PREPARED_LIST);
  if (is_names) write_byte(w, list->cell.small);
  write_number(w, values_count(list));
  for (uint32_t i = 0; i < values_count(list) && !w->failed; i++) write_value(w, list->items[i], depth + 1);
}

static void write_cell(Writer *w, Value value, unsigned depth) {
  const Cell *cell = value_as_cell(value);
  if (cell->kind == CELL_CODE) {
    write_function(w, (const Code *)cell);
    return;
  }
  Entry *entry = cell_entry(w, cell);
  if (!entry) return;
  if (entry->cell) {
    write_byte(w, PREPARED_SEEN);
    write_number(w, entry->number);
    return;
  }
  enter(w, entry, cell, w->cell_count++);
  switch ((CellKind)cell->kind) {
    case CELL_STRING: write_text(w, value, cell->flags & STRING_ATOM ? PREPARED_ATOM : PREPARED_STRING); break;
    case CELL_BIGINT:
      write_byte(w, PREPARED_BIGINT);
      write_byte(w, cell->flags & 1);
      write_number(w, bigint_digit_count((const BigInt *)cell));
      buffer_append(w->out, ((const BigInt *)cell)->digits,
                    bigint_digit_count((const BigInt *)cell) * sizeof(uint32_t));
      break;
    case CELL_VALUES:
    case CELL_SCOPE_NAMES: write_list(w, (const Values *)cell, depth); break;
    default: ASSERT(cell->kind == CELL_BYTES); write_outer(w, cell);
  }
}

static void write_value(Writer *w, Value value, unsigned depth) {
  if (value_is_int(value)) {
    write_byte(w, PREPARED_INT);
    write_signed(w, (uint32_t)value_as_int(value));
  } else if (value_is_double(value)) {
    write_byte(w, PREPARED_DOUBLE);
    buffer_append(w->out, &value, sizeof value);
  } else if (value_is_cell(value)) {
    write_cell(w, value, depth);
  } else {
    write_byte(w, PREPARED_SPECIAL);
    write_byte(w, (uint8_t)value);
  }
}

// --- Functions ---

static void write_positions(Writer *w, const CodePosition *positions, uint32_t count) {
  write_number(w, count);
  CodePosition last = {0};
  for (uint32_t i = 0; i < count; i++) {
    const CodePosition *position = &positions[i];
    write_number(w, position->pc - last.pc);
    write_signed(w, position->start - last.start);
    write_signed(w, position->end - position->start);
    write_signed(w, position->place - position->start);
    last = *position;
  }
}

static void write_code(Writer *w, const Code *code) {
  const uint32_t numbers[] = {code->flags,         code->register_count, code->parameter_count, code->length,
                              code->argument_list, code->body_fuel,      code->source_start,    code->source_end};
  for (size_t i = 0; i < COUNT_OF(numbers); i++) write_number(w, numbers[i]);
  write_value(w, code->name, 0);
  write_value(w, code->strict_parts, 0);
  write_number(w, code->instruction_count);
  buffer_append(w->out, code->instructions, code->instruction_count * sizeof(Instruction));
  write_number(w, code->handler_count);
  buffer_append(w->out, code->handlers, code->handler_count * sizeof(ExceptionHandler));
  write_positions(w, code->positions, code->position_count);
  write_number(w, code->cache_count);
  for (uint32_t i = 0; i < code->cache_count && !w->failed; i++) write_value(w, code->caches[i].key, 0);
  write_number(w, values_count(code->constants));
  for (uint32_t i = 0; i < values_count(code->constants) && !w->failed; i++)
    write_value(w, code->constants->items[i], 0);
}

static void write_module(Writer *w, Module *module) {
  Value *lists[PREPARED_MODULE_LISTS];
  prepared_module_lists(module, lists);
  write_byte(w, module->has_top_level_await);
  write_number(w, module->slot_count);
  for (size_t i = 0; i < PREPARED_MODULE_LISTS; i++) write_value(w, *lists[i], 0);
}

static void write_program(Writer *w, Value program) {
  Module *module = value_as_cell(program)->kind == CELL_MODULE ? value_as_module(program) : NULL;
  const Code *code = (const Code *)value_as_cell(module ? module->code : program);
  const Record *source = (const Record *)value_as_cell(code->source);
  PreparedHeader header = {.format = prepared_format, .is_module = module != NULL};
  buffer_append(w->out, &header, sizeof header);
  write_byte(w, source->cell.small);
  write_value(w, source->items[SOURCE_TEXT], 0);
  write_function(w, code);
  if (module) write_module(w, module);
  for (size_t at = 0; at < w->functions.size && !w->failed; at += sizeof code)
    write_code(w, *(const Code **)(void *)(w->functions.data + at));
  if (w->failed || w->out->failed || w->functions.failed || w->out->size - w->start > UINT32_MAX) {
    fail(w);
    return;
  }
  header.size = (uint32_t)(w->out->size - w->start);
  header.function_count = (uint32_t)(w->functions.size / sizeof code);
  header.cell_count = w->cell_count;
  memcpy(w->out->data + w->start, &header, sizeof header);
}

bool prepared_write(Context *cx, Value program, Buffer *out) {
  ROOTS(cx, r, program);
  r->program = program;
  Writer writer = {.cx = cx, .out = out, .start = out->size};
  buffer_initialize(&writer.functions, &cx->memory);
  write_program(&writer, program);
  buffer_release(&writer.functions);
  memory_release(&cx->memory, writer.table, writer.capacity * sizeof(Entry));
  return !writer.failed;
}
