// Reading prepared programs (prepared.h). Like the compiler, this allocates almost only what stays alive: it does not
// collect, and holds no roots.
// Loops here are bounded: they make what the bytes hold, which read_code pays for, function by function.
#include "bytecode/code_cells.h"
#include "bytecode/prepared.h"
#include "runtime/bigints.h"
#include "runtime/errors.h"
#include "syntax/scope_outer.h"

typedef struct Reader {
  Context *cx;
  const uint8_t *start, *at, *end;
  PreparedHeader header;
  Code **functions;
  Value *cells;
  uint32_t cell_count;  // so far
  Value source;         // the Record of all functions
  bool failed, threw;   // failed without having thrown: the bytes are not whole
} Reader;

enum { BYTES_PER_UNIT = 16 };

static void fail(Reader *r) {
  r->failed = true;
  r->at = r->end;
}

static void fail_thrown(Reader *r) {
  r->threw = true;
  fail(r);
}

// --- Values ---

static uint32_t read_byte(Reader *r) {
  if (LIKELY(r->at < r->end)) return *r->at++;
  fail(r);
  return 0;
}

static uint32_t read_number(Reader *r) {
  uint32_t byte = read_byte(r), number = byte & 0x7F;
  for (unsigned shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
    byte = read_byte(r);
    number |= (byte & 0x7F) << shift;
  }
  return number;
}

static uint32_t read_signed(Reader *r) {
  uint32_t number = read_number(r);
  return number >> 1 ^ (0 - (number & 1));
}

// So many items of `size` bytes; NULL: there are fewer.
static const void *read_bytes(Reader *r, uint32_t count, size_t size) {
  if (count > (size_t)(r->end - r->at) / size) {
    fail(r);
    return NULL;
  }
  const uint8_t *bytes = r->at;
  r->at += count * size;
  return bytes;
}

static Value read_text(Reader *r, bool is_atom, bool is_wide) {
  uint32_t length = read_number(r);
  if (is_wide && (r->at - r->start) % 2) (void)read_byte(r);
  const void *units = read_bytes(r, length, is_wide ? 2 : 1);
  if (!units) return VALUE_ABRUPT;
  TextView text = is_wide ? text_view_wide(units, length) : text_view_narrow(units, length);
  return is_atom ? atom_from_view(r->cx, text) : string_from_view(r->cx, text);
}

static Value read_bigint(Reader *r) {
  uint32_t is_negative = read_byte(r), count = read_number(r);
  const void *digits = read_bytes(r, count, sizeof(uint32_t));
  if (!digits) return VALUE_ABRUPT;
  BigInt *bigint = context_allocate(r->cx, CELL_BIGINT, sizeof(BigInt) + count * sizeof(uint32_t));
  if (!bigint) return VALUE_ABRUPT;
  bigint->cell.flags = is_negative & 1;
  bigint_set_digit_count(bigint, count);
  memcpy(bigint->digits, digits, count * sizeof(uint32_t));
  return value_bigint(bigint);
}

static Value read_outer(Reader *r) {
  uint32_t size = read_number(r);
  const void *block = read_bytes(r, size, 1);
  Bytes *bytes = block ? bytes_create(r->cx, size) : NULL;
  if (!bytes) return VALUE_ABRUPT;
  memcpy(bytes->data, block, size);
  scope_move_outer(bytes->data, 0, (uintptr_t)bytes->data);
  return value_internal(bytes);
}

static Value read_value(Reader *r, unsigned depth);

static Values *read_values(Reader *r, unsigned depth) {
  uint32_t count = read_number(r);
  if (depth > PREPARED_DEPTH || count > (size_t)(r->end - r->at)) {
    fail(r);
    return NULL;
  }
  Values *list = values_create(r->cx, count);
  if (!list) {
    fail_thrown(r);
    return NULL;
  }
  for (uint32_t i = 0; i < count; i++) list->items[i] = read_value(r, depth);
  return list;
}

static Value read_list(Reader *r, unsigned depth) {
  Values *list = read_values(r, depth + 1);
  return list ? value_internal(list) : VALUE_ABRUPT;
}

static Value read_names(Reader *r, unsigned depth) {
  uint32_t flags = read_byte(r);
  Values *names = read_values(r, depth + 1);
  if (!names) return VALUE_ABRUPT;
  names->cell.kind = CELL_SCOPE_NAMES;
  names->cell.small = (uint8_t)flags;
  return value_internal(names);
}

static Value read_double(Reader *r) {
  const void *bits = read_bytes(r, 1, sizeof(double));
  double number = 0;
  if (bits) memcpy(&number, bits, sizeof number);
  return value_double_untrusted(number);
}

// A cell that is written here gets its number before those within.
static Value read_cell(Reader *r, PreparedTag tag, unsigned depth) {
  uint32_t number = r->cell_count++;
  if (number >= r->header.cell_count) return VALUE_ABRUPT;
  r->cells[number] = VALUE_UNDEFINED;
  switch (tag) {
    case PREPARED_ATOM: return r->cells[number] = read_text(r, true, false);
    case PREPARED_WIDE_ATOM: return r->cells[number] = read_text(r, true, true);
    case PREPARED_STRING: return r->cells[number] = read_text(r, false, false);
    case PREPARED_WIDE_STRING: return r->cells[number] = read_text(r, false, true);
    case PREPARED_BIGINT: return r->cells[number] = read_bigint(r);
    case PREPARED_LIST: return r->cells[number] = read_list(r, depth);
    case PREPARED_NAMES: return r->cells[number] = read_names(r, depth);
    case PREPARED_OUTER: return r->cells[number] = read_outer(r);
    default: return VALUE_ABRUPT;
  }
}

static Value read_value(Reader *r, unsigned depth) {
  uint32_t tag = read_byte(r), number;
  switch (tag) {
    case PREPARED_SPECIAL: return VALUE_MAKE(VALUE_TAG_SPECIAL, read_byte(r));
    case PREPARED_INT: return value_int((int32_t)read_signed(r));
    case PREPARED_DOUBLE: return read_double(r);
    case PREPARED_SEEN:
      number = read_number(r);
      if (LIKELY(number < r->cell_count)) return r->cells[number];
      fail(r);
      return VALUE_UNDEFINED;
    case PREPARED_FUNCTION:
      number = read_number(r);
      if (LIKELY(number < r->header.function_count)) return value_internal(r->functions[number]);
      fail(r);
      return VALUE_UNDEFINED;
    default: {
      Value value = read_cell(r, (PreparedTag)tag, depth);
      if (!value_is_abrupt(value)) return value;
      // Reading has failed already, or the allocation has.
      if (!r->failed) (tag <= PREPARED_OUTER && r->cell_count <= r->header.cell_count ? fail_thrown : fail)(r);
      return VALUE_UNDEFINED;
    }
  }
}

// --- Functions ---

// A copy in a cell of its own; NULL: failed.
static void *read_block(Reader *r, uint32_t count, size_t size) {
  const void *items = read_bytes(r, count, size);
  if (!items) return NULL;
  Bytes *bytes = bytes_create(r->cx, (uint32_t)(count * size));
  if (!bytes) {
    fail_thrown(r);
    return NULL;
  }
  memcpy(bytes->data, items, count * size);
  return bytes->data;
}

static void read_positions(Reader *r, Code *code) {
  uint32_t count = read_number(r);
  Bytes *bytes = NULL;
  if (count > (size_t)(r->end - r->at) / 4) fail(r);
  else if (!(bytes = bytes_create(r->cx, count * (uint32_t)sizeof(CodePosition)))) fail_thrown(r);
  if (!bytes) return;
  CodePosition *positions = (CodePosition *)(void *)bytes->data, last = {0};
  for (uint32_t i = 0; i < count; i++) {
    last.pc += read_number(r);
    last.start += read_signed(r);
    last.end = last.start + read_signed(r);
    last.place = last.start + read_signed(r);
    positions[i] = last;
  }
  code->positions = positions;
  code->position_count = count;
}

static void read_caches(Reader *r, Code *code) {
  uint32_t count = read_number(r);
  Bytes *bytes = NULL;
  if (count > (size_t)(r->end - r->at)) fail(r);
  else if (!(bytes = bytes_create(r->cx, count * (uint32_t)sizeof(InlineCache)))) fail_thrown(r);
  if (!bytes) return;
  code->caches = (InlineCache *)(void *)bytes->data;
  code->cache_count = count;
  for (uint32_t i = 0; i < count; i++) code->caches[i].key = read_value(r, PREPARED_DEPTH);
}

static void read_code(Reader *r, Code *code) {
  const uint8_t *before = r->at;
  code->source = r->source;
  code->flags = read_number(r);
  code->register_count = read_number(r);
  code->parameter_count = read_number(r);
  code->length = read_number(r);
  code->argument_list = read_number(r);
  code->body_fuel = read_number(r);
  code->source_start = read_number(r);
  code->source_end = read_number(r);
  code->name = read_value(r, 0);
  code->strict_parts = read_value(r, 0);
  code->instruction_count = read_number(r);
  code->instructions = read_block(r, code->instruction_count, sizeof(Instruction));
  code->handler_count = read_number(r);
  code->handlers = read_block(r, code->handler_count, sizeof(ExceptionHandler));
  read_positions(r, code);
  read_caches(r, code);
  code->constants = read_values(r, 0);
  if (!r->failed && !context_charge(r->cx, (int32_t)((r->at - before) / BYTES_PER_UNIT) + 1)) {
    context_throw_interrupted(r->cx);
    fail_thrown(r);
  }
}

static bool make_source_record(Reader *r, Value source_name) {
  Record *record = record_create(r->cx, (uint8_t)read_byte(r), SOURCE_FIELDS);
  if (!record) return false;
  r->source = value_internal(record);
  record->items[SOURCE_TEXT] = read_value(r, 0);
  record->items[SOURCE_NAME] = source_name;
  return true;
}

static bool make_functions(Reader *r) {
  for (uint32_t i = 0; i < r->header.function_count; i++)
    if (!(r->functions[i] = code_create(r->cx))) return false;
  return true;
}

static Value read_module(Reader *r, Value code, Value source_name) {
  Module *module = module_create(r->cx);
  if (!module) return fail_thrown(r), VALUE_ABRUPT;
  Value *lists[PREPARED_MODULE_LISTS];
  prepared_module_lists(module, lists);
  module->name = source_name;
  module->code = code;
  module->source = r->source;
  module->has_top_level_await = read_byte(r);
  module->slot_count = read_number(r);
  for (size_t i = 0; i < PREPARED_MODULE_LISTS; i++) *lists[i] = read_value(r, 0);
  ((Record *)value_as_cell(r->source))->items[SOURCE_MODULE] = value_internal(module);
  return value_internal(module);
}

static Value read_program(Reader *r, Value source_name) {
  if (!make_functions(r) || !make_source_record(r, source_name)) return fail_thrown(r), VALUE_ABRUPT;
  Value program = read_value(r, 0);
  if (r->header.is_module && !r->failed) program = read_module(r, program, source_name);
  for (uint32_t i = 0; i < r->header.function_count && !r->failed; i++) read_code(r, r->functions[i]);
  return program;
}

static bool read_header(PreparedHeader *header, const uint8_t *bytes, size_t size) {
  if (size < sizeof *header) return false;
  memcpy(header, bytes, sizeof *header);
  // Each function and each cell takes some bytes.
  return header->format == prepared_format && header->size == size && header->function_count < size &&
         header->cell_count < size;
}

// When memory gets short, collect first: there is no collection while reading.
static void collect_before(Context *cx, size_t size) {
  size_t left = cx->memory.limit - MIN_OF(cx->memory.used, cx->memory.limit);
  if (size * 4 > left && !cx->heap.forbid_collection) heap_collect_if_stale(&cx->heap);
}

static Value read_whole(Reader *r, Value source_name) {
  Memory *memory = &r->cx->memory;
  size_t functions = r->header.function_count * sizeof(Code *), cells = r->header.cell_count * sizeof(Value);
  r->functions = memory_allocate(memory, functions);
  r->cells = memory_allocate(memory, cells);
  Value program = VALUE_ABRUPT;
  if (r->functions && r->cells) program = read_program(r, source_name);
  else context_throw_out_of_memory(r->cx), fail_thrown(r);
  if (r->functions) memory_release(memory, r->functions, functions);
  if (r->cells) memory_release(memory, r->cells, cells);
  return program;
}

Value prepared_read(Context *cx, const uint8_t *bytes, size_t size, Value source_name) {
  Reader reader = {.cx = cx, .start = bytes, .at = bytes + sizeof reader.header, .end = bytes + size};
  Value program = VALUE_ABRUPT;
  if (read_header(&reader.header, bytes, size)) {
    collect_before(cx, size);
    bool saved = cx->heap.forbid_collection;
    cx->heap.forbid_collection = true;
    program = read_whole(&reader, source_name);
    cx->heap.forbid_collection = saved;
    if (reader.threw) return VALUE_ABRUPT;
  } else {
    reader.failed = true;
  }
  if (reader.failed || reader.at != reader.end) return throw_type_error(cx, "not a prepared program of this engine");
  return program;
}
