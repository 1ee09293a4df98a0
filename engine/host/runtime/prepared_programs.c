#include "host/runtime/prepared_programs.h"

#include "bytecode/compile.h"
#include "bytecode/prepared.h"
#include "host/runtime/host.h"
#include "interpreter/evaluate.h"
#include "runtime/buffers.h"
#include "runtime/errors.h"

Value host_prepare(Context *cx, Value source, Value name, bool is_module) {
  ROOTS(cx, r, program);
  CompileOptions options = {.source = source, .source_name = name};
  r->program = is_module ? compile_module(cx, &options) : compile_script(cx, &options);
  if (value_is_abrupt(r->program)) return VALUE_ABRUPT;
  Buffer bytes;
  buffer_initialize(&bytes, &cx->memory);
  bool written = prepared_write(cx, r->program, &bytes);
  ArrayBuffer *buffer = written ? array_buffer_create(cx, (double)bytes.size) : NULL;
  if (buffer) memcpy(buffer->data, bytes.data, bytes.size);
  buffer_release(&bytes);
  return buffer ? value_object(&buffer->object) : VALUE_ABRUPT;
}

static const ArrayBuffer *prepared_bytes(Context *cx, Value bytes) {
  if (value_is_array_buffer(bytes, false)) return value_as_array_buffer(bytes);
  throw_type_error(cx, "malformed message from the host");
  return NULL;
}

Value host_evaluate_prepared(Context *cx, Value bytes, Value name) {
  const ArrayBuffer *buffer = prepared_bytes(cx, bytes);
  return buffer ? evaluate_prepared(cx, buffer->data, buffer->byte_length, name) : VALUE_ABRUPT;
}

Value host_read_prepared_module(Context *cx, Value bytes, Value name) {
  const ArrayBuffer *buffer = prepared_bytes(cx, bytes);
  if (!buffer) return VALUE_ABRUPT;
  if (!prepared_is_module(buffer->data, buffer->byte_length))
    return throw_type_error(cx, "the prepared program %v is not a module", name);
  return prepared_read(cx, buffer->data, buffer->byte_length, name);
}
