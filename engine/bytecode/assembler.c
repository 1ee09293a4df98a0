// Loops here are bounded: instructions and caches were paid for by the nodes that they were made for.

#include "bytecode/assembler.h"

typedef struct Fixup {
  uint32_t instruction;
  int32_t next;
  int32_t table;  // constant of a jump table, or -1
  uint32_t item;
  uint8_t is_short;
} Fixup;

void assembler_initialize(Assembler *assembler, Context *cx) {
  *assembler = (Assembler){.cx = cx};
  Buffer *buffers[] = {&assembler->instructions, &assembler->constants, &assembler->cache_keys, &assembler->handlers,
                       &assembler->positions,    &assembler->fixups,    &assembler->name_caches};
  for (size_t i = 0; i < COUNT_OF(buffers); i++) buffer_initialize(buffers[i], &cx->memory);
}

void assembler_reset(Assembler *assembler) {
  Buffer *buffers[] = {&assembler->instructions, &assembler->constants, &assembler->cache_keys, &assembler->handlers,
                       &assembler->positions,    &assembler->fixups,    &assembler->name_caches};
  for (size_t i = 0; i < COUNT_OF(buffers); i++) buffers[i]->size = 0;
  assembler->name_cache_count = 0;
  assembler->needs_long_jumps = false;
}

void assembler_release(Assembler *assembler) {
  Buffer *buffers[] = {&assembler->instructions, &assembler->constants, &assembler->cache_keys, &assembler->handlers,
                       &assembler->positions,    &assembler->fixups,    &assembler->name_caches};
  for (size_t i = 0; i < COUNT_OF(buffers); i++) buffer_release(buffers[i]);
}

static inline void *append(Assembler *assembler, Buffer *buffer, size_t size) {
  void *place;
  if (LIKELY(buffer->size + size <= buffer->capacity)) {
    place = buffer->data + buffer->size;
  } else {
    place = buffer_reserve(buffer, size);
    if (!place) {
      assembler->failed = true;
      return NULL;
    }
  }
  buffer->size += size;
  return place;
}

uint32_t assembler_emit(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t b, uint32_t c) {
  if (UNLIKELY((a | b | c) > UINT16_MAX)) {
    Instruction *wide = append(assembler, &assembler->instructions, sizeof(Instruction));
    if (wide) *wide = (Instruction){OPCODE_wide, (uint16_t)(a >> 16), (uint16_t)(b >> 16), (uint16_t)(c >> 16)};
  }
  uint32_t index = assembler_position(assembler);
  Instruction *place = append(assembler, &assembler->instructions, sizeof(Instruction));
  if (place) *place = (Instruction){(uint16_t)opcode, (uint16_t)a, (uint16_t)b, (uint16_t)c};
  return index;
}

uint32_t assembler_emit_wide(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t wide) {
  return assembler_emit(assembler, opcode, a, wide & 0xFFFF, wide >> 16);
}

static void patch(Assembler *assembler, const Fixup *fixup, int32_t target) {
  if (assembler->failed) return;
  int32_t distance = target - (int32_t)fixup->instruction - 1;
  if (fixup->table >= 0) {
    Value table = ((Value *)(void *)assembler->constants.data)[fixup->table];
    ((Values *)value_as_cell(table))->items[fixup->item] = value_int(distance);
    return;
  }
  Instruction *instruction = assembler_instruction(assembler, fixup->instruction);
  if (fixup->is_short) {
    if (distance < INT16_MIN || distance > INT16_MAX) assembler->needs_long_jumps = true;
    instruction->c = (uint16_t)distance;
  } else {
    instruction->b = (uint16_t)((uint32_t)distance & 0xFFFF);
    instruction->c = (uint16_t)((uint32_t)distance >> 16);
  }
}

static void use_label(Assembler *assembler, Label *label, Fixup fixup) {
  if (label->position >= 0) {
    patch(assembler, &fixup, label->position);
    return;
  }
  int32_t index = (int32_t)(assembler->fixups.size / sizeof(Fixup));
  Fixup *place = append(assembler, &assembler->fixups, sizeof(Fixup));
  if (!place) return;
  fixup.next = label->uses;
  *place = fixup;
  label->uses = index;
}

void assembler_jump(Assembler *assembler, Opcode opcode, uint32_t a, Label *label) {
  uint32_t index = assembler_emit_wide(assembler, opcode, a, 0);
  use_label(assembler, label, (Fixup){index, -1, -1, 0, false});
}

void assembler_short_jump(Assembler *assembler, Opcode opcode, uint32_t a, uint32_t b, Label *label) {
  if (!assembler->long_jumps) {
    uint32_t index = assembler_emit(assembler, opcode, a, b, 0);
    use_label(assembler, label, (Fixup){index, -1, -1, 0, true});
    return;
  }
  assembler_emit(assembler, opcode, a, b, 1);  // goes to the long jump after the next instruction
  assembler_emit_wide(assembler, OPCODE_jump, 0, 1);
  assembler_jump(assembler, OPCODE_jump, 0, label);
}

void assembler_table_entry(Assembler *assembler, uint32_t instruction, uint32_t table, uint32_t item, Label *label) {
  use_label(assembler, label, (Fixup){instruction, -1, (int32_t)table, item, false});
}

void assembler_bind(Assembler *assembler, Label *label) {
  label->position = (int32_t)assembler_position(assembler);
  if (assembler->failed) return;
  for (int32_t use = label->uses; use >= 0;) {
    const Fixup *fixup = (const Fixup *)(void *)assembler->fixups.data + use;
    patch(assembler, fixup, label->position);
    use = fixup->next;
  }
  label->uses = -1;
}

uint32_t assembler_constant(Assembler *assembler, Value value) {
  uint32_t index = (uint32_t)(assembler->constants.size / sizeof(Value));
  Value *place = append(assembler, &assembler->constants, sizeof(Value));
  if (place) *place = value;
  return index;
}

// The highest indices are reserved for names, which cannot do without a cache.
enum { SITE_CACHES = UINT16_MAX - 4096 };

int32_t assembler_cache(Assembler *assembler, PropertyKey key) {
  size_t index = assembler->cache_keys.size / sizeof(PropertyKey);
  if (index > SITE_CACHES) return -1;
  PropertyKey *place = append(assembler, &assembler->cache_keys, sizeof(PropertyKey));
  if (place) *place = key;
  return (int32_t)index;
}

static uint32_t *name_cache_place(const Assembler *assembler, PropertyKey name) {
  uint32_t *table = (uint32_t *)(void *)assembler->name_caches.data;
  const PropertyKey *keys = (const PropertyKey *)(void *)assembler->cache_keys.data;
  size_t mask = assembler->name_caches.size / sizeof(uint32_t) - 1;
  for (size_t at = (size_t)((name ^ name >> 17) * UINT64_C(0x9E3779B97F4A7C15) >> 32);; at++) {
    uint32_t *place = &table[at & mask];
    if (!*place || keys[*place - 1] == name) return place;
  }
}

static void name_caches_grow(Assembler *assembler) {
  size_t count = assembler->name_caches.size / sizeof(uint32_t), grown = count ? count * 2 : 16;
  Buffer old = assembler->name_caches;
  buffer_initialize(&assembler->name_caches, &assembler->cx->memory);
  uint32_t *table = append(assembler, &assembler->name_caches, grown * sizeof(uint32_t));
  if (!table) {
    buffer_release(&old);
    return;
  }
  memset(table, 0, grown * sizeof(uint32_t));
  const PropertyKey *keys = (const PropertyKey *)(void *)assembler->cache_keys.data;
  for (size_t i = 0; i < count; i++) {
    uint32_t entry = ((const uint32_t *)(void *)old.data)[i];
    if (entry) *name_cache_place(assembler, keys[entry - 1]) = entry;
  }
  buffer_release(&old);
}

uint32_t assembler_name_cache(Assembler *assembler, PropertyKey name) {
  if (assembler->failed) return 0;
  if (assembler->name_cache_count * 2 >= assembler->name_caches.size / sizeof(uint32_t)) name_caches_grow(assembler);
  if (assembler->failed) return 0;
  uint32_t *place = name_cache_place(assembler, name);
  if (*place) return *place - 1;
  uint32_t index = (uint32_t)(assembler->cache_keys.size / sizeof(PropertyKey));
  PropertyKey *key = append(assembler, &assembler->cache_keys, sizeof(PropertyKey));
  if (!key) return 0;
  *key = name;
  *place = index + 1;
  assembler->name_cache_count++;
  return index;
}

void assembler_position_at(Assembler *assembler, uint32_t start, uint32_t end, uint32_t source_place) {
  CodePosition entry = {assembler_position(assembler), start, end, source_place};
  if (assembler->positions.size) {
    CodePosition *last = (CodePosition *)(void *)(assembler->positions.data + assembler->positions.size) - 1;
    if (last->start == start && last->end == end && last->place == source_place) return;
    if (last->pc == entry.pc) {
      *last = entry;
      return;
    }
  }
  CodePosition *place = append(assembler, &assembler->positions, sizeof(CodePosition));
  if (place) *place = entry;
}

void assembler_handler(Assembler *assembler, uint32_t start, uint32_t end, Register exception) {
  ExceptionHandler *place;
  if (start == end) return;
  ASSERT(end <= assembler_position(assembler));  // frame_unwind relies on it
  place = append(assembler, &assembler->handlers, sizeof(ExceptionHandler));
  if (place) *place = (ExceptionHandler){start, end, assembler_position(assembler), exception * 8};
}

static bool copy_out(Assembler *assembler, const Buffer *buffer, void **out) {
  Bytes *bytes = bytes_create(assembler->cx, (uint32_t)buffer->size);
  if (!bytes) return false;
  if (buffer->size) memcpy(bytes->data, buffer->data, buffer->size);
  *out = bytes->data;
  return true;
}

bool assembler_finish(Assembler *assembler, Code *code) {
  Context *cx = assembler->cx;
  if (assembler->failed) return (void)context_throw_out_of_memory(cx), false;
  void *block;
  if (!copy_out(assembler, &assembler->instructions, &block)) return false;
  code->instructions = block;
  code->instruction_count = assembler_position(assembler);
  if (!copy_out(assembler, &assembler->handlers, &block)) return false;
  code->handlers = block;
  code->handler_count = (uint32_t)(assembler->handlers.size / sizeof(ExceptionHandler));
  if (!copy_out(assembler, &assembler->positions, &block)) return false;
  code->positions = block;
  code->position_count = (uint32_t)(assembler->positions.size / sizeof(CodePosition));
  uint32_t caches = (uint32_t)(assembler->cache_keys.size / sizeof(PropertyKey));
  Bytes *bytes = bytes_create(cx, caches * (uint32_t)sizeof(InlineCache));
  if (!bytes) return false;
  memset(bytes->data, 0, caches * sizeof(InlineCache));
  code->caches = (InlineCache *)(void *)bytes->data;
  code->cache_count = caches;
  for (uint32_t i = 0; i < caches; i++) {
    code->caches[i].key = ((PropertyKey *)(void *)assembler->cache_keys.data)[i];
  }
  uint32_t constants = (uint32_t)(assembler->constants.size / sizeof(Value));
  code->constants = values_create(cx, constants);
  if (!code->constants) return false;
  if (constants) memcpy(code->constants->items, assembler->constants.data, constants * sizeof(Value));
  return true;
}
