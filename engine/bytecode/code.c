// Loops here are bounded: instructions and caches were paid for by the nodes that they were made for.

#include "bytecode/code.h"

#include "bytecode/code_cells.h"
#include "runtime/bigints.h"

Bytes *bytes_create(Context *cx, uint32_t size) {
  Bytes *bytes = context_allocate(cx, CELL_BYTES, sizeof(Bytes) + size);
  if (bytes) bytes_set_size(&bytes->cell, size);
  return bytes;
}

Code *code_create(Context *cx) {
  Code *code = context_allocate(cx, CELL_CODE, sizeof(Code));
  if (!code) return NULL;
  code->name = code->source = code->strict_parts = VALUE_UNDEFINED;
  return code;
}

static void visit_bytes(Tracer *tracer, void *data) {
  if (data) tracer_visit_cell(tracer, (char *)data - offsetof(Bytes, data));
}

void code_trace(Tracer *tracer, Cell *cell) {
  Code *code = (Code *)cell;
  visit_bytes(tracer, code->instructions);
  visit_bytes(tracer, code->handlers);
  visit_bytes(tracer, code->positions);
  visit_bytes(tracer, code->caches);
  tracer_visit_cell(tracer, code->constants);
  tracer_visit_value(tracer, code->name);
  tracer_visit_value(tracer, code->source);
  tracer_visit_value(tracer, code->strict_parts);
  tracer_visit_cell(tracer, code->instance_shape);
  TracerRange range = tracer_range(tracer, cell, code->cache_count, sizeof(InlineCache));
  for (size_t i = range.first; i < range.end; i++) {
    // The code keeps alive what its caches refer to. Otherwise a shape could die, another shape could get its address,
    // and the cache would hit.
    InlineCache *cache = &code->caches[i];
    tracer_visit_value(tracer, cache->key);
    tracer_visit_cell(tracer, cache->shape);
    tracer_visit_cell(tracer, cache->storage);
    tracer_visit_cell(tracer, cache->new_shape);
    tracer_visit_cell(tracer, cache->holder);
  }
}

void code_empty_caches(Context *cx, Code *code) {
  for (uint32_t i = 0; i < code->cache_count; i++) {
    inline_cache_keep(cx, &code->caches[i]);
    code->caches[i] = (InlineCache){.key = code->caches[i].key};
  }
}

Value code_bigint_constant(Context *cx, TextView digits, uint32_t radix) {
  return bigint_from_digits_text(cx, digits, radix);
}

Value code_bigint_key(Context *cx, TextView digits, uint32_t radix) {
  Value bigint = bigint_from_digits_text(cx, digits, radix);
  if (value_is_abrupt(bigint)) return bigint;
  Value text = bigint_to_string(cx, value_as_bigint(bigint), 10);
  if (value_is_abrupt(text)) return text;
  return key_from_string(cx, value_as_string(text));
}
