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

// The program of these bytes, which are let go of: the message that brought them lives as long as the program runs.
static Value read_program(Context *cx, Value bytes, Value name, bool is_module) {
  if (!value_is_array_buffer(bytes, false)) return throw_type_error(cx, "malformed message from the host");
  ROOTS(cx, r, program);
  ArrayBuffer *buffer = value_as_array_buffer(bytes);
  r->program = prepared_read(cx, buffer->data, buffer->byte_length, name);
  if (value_is_abrupt(r->program) || !array_buffer_detach(cx, buffer, VALUE_UNDEFINED)) return VALUE_ABRUPT;
  if ((value_as_cell(r->program)->kind == CELL_MODULE) == is_module) return r->program;
  return throw_type_error(cx, "the prepared program %v is %s", name, is_module ? "not a module" : "not a script");
}

Value host_evaluate_prepared(Context *cx, Value bytes, Value name) {
  ROOTS(cx, r, code);
  r->code = read_program(cx, bytes, name, false);
  return value_is_abrupt(r->code) ? VALUE_ABRUPT : evaluate_code(cx, r->code);
}

Value host_read_prepared_module(Context *cx, Value bytes, Value name) { return read_program(cx, bytes, name, true); }
