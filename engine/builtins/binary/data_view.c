// https://tc39.es/ecma262/#sec-dataview-objects
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/typed_arrays.h"

static const char out_of_bounds_message[] = "the DataView is detached or out of bounds";

static BufferView *this_view(Context *cx, const Call *call) {
  if (value_is_object_of(call->this_value, CELL_DATA_VIEW)) return (BufferView *)value_as_object(call->this_value);
  throw_type_error(cx, "%eexpected a DataView, not %v", call->this_value);
  return NULL;
}

// https://tc39.es/ecma262/#sec-dataview-buffer-byteoffset-bytelength
static Value data_view_constructor(Context *cx, const Call *call) {
  if (!call_is_construct(call)) return throw_type_error(cx, "DataView cannot be called without 'new'");
  Value target = call_argument(call, 0);
  if (!value_is_object_of(target, CELL_ARRAY_BUFFER))
    return throw_type_error(cx, "DataView: expected an ArrayBuffer or a SharedArrayBuffer, not %v", target);
  ArrayBuffer *buffer = value_as_array_buffer(target);
  double offset, length = 0;
  if (!value_to_index(cx, call_argument(call, 1), &offset)) return VALUE_ABRUPT;
  if (buffer_is_detached(buffer)) return throw_type_error(cx, "DataView: the buffer is detached");
  if (offset > (double)buffer->byte_length) return throw_range_error(cx, "DataView: the offset is outside the buffer");
  bool has_length = !value_is_undefined(call_argument(call, 2));
  bool tracks_length = !has_length && buffer_is_resizable(buffer);
  if (has_length) {
    if (!value_to_index(cx, call_argument(call, 2), &length)) return VALUE_ABRUPT;
    if (offset + length > (double)buffer->byte_length)
      return throw_range_error(cx, "DataView: the view would end outside the buffer");
  } else if (!tracks_length) {
    length = (double)buffer->byte_length - offset;
  }
  ROOTS(cx, r, view);
  BufferView *view = (BufferView *)object_create_from_constructor(cx, call->new_target, INTRINSIC_DataViewPrototype,
                                                                  &object_class_data_view);
  if (!view) return VALUE_ABRUPT;
  r->view = value_object(view);
  // Finding the prototype may have run guest code.
  if (buffer_is_detached(buffer)) return throw_type_error(cx, "DataView: the buffer is detached");
  if (offset > (double)buffer->byte_length || offset + length > (double)buffer->byte_length) {
    return throw_range_error(cx, "DataView: the view would end outside the buffer");
  }
  view->byte_offset = (size_t)offset;
  view->fixed_length = (uint32_t)length;
  view->tracks_length = tracks_length;
  buffer_view_attach(view, buffer);
  return r->view;
}

// https://tc39.es/ecma262/#sec-get-dataview.prototype.buffer
static Value data_view_get_buffer(Context *cx, const Call *call) {
  const BufferView *view = this_view(cx, call);
  return view ? value_object(view->buffer) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-get-dataview.prototype.bytelength
static Value data_view_get_byte_length(Context *cx, const Call *call) {
  const BufferView *view = this_view(cx, call);
  if (!view) return VALUE_ABRUPT;
  if (view->out_of_bounds) return throw_type_error(cx, "%s", out_of_bounds_message);
  return value_unsigned(view->object.length);
}

// https://tc39.es/ecma262/#sec-get-dataview.prototype.byteoffset
static Value data_view_get_byte_offset(Context *cx, const Call *call) {
  const BufferView *view = this_view(cx, call);
  if (!view) return VALUE_ABRUPT;
  if (view->out_of_bounds) return throw_type_error(cx, "%s", out_of_bounds_message);
  return value_number((double)view->byte_offset);
}

static uint64_t reverse_bytes(uint64_t bits, uint32_t size) { return __builtin_bswap64(bits) >> (64 - 8 * size); }

static bool view_check_access(Context *cx, const BufferView *view, double index, uint32_t size) {
  if (view->out_of_bounds) {
    throw_type_error(cx, "%s", out_of_bounds_message);
    return false;
  }
  if (index + size <= view->object.length) return true;
  throw_range_error(cx, "the offset is outside the DataView");
  return false;
}

// https://tc39.es/ecma262/#sec-getviewvalue  magic: the ElementKind
static Value data_view_get(Context *cx, const Call *call) {
  const BufferView *view = this_view(cx, call);
  double index;
  if (!view || !value_to_index(cx, call_argument(call, 0), &index)) return VALUE_ABRUPT;
  uint32_t kind = (uint32_t)call_magic(call), size = element_size(kind);
  bool little_endian = value_to_boolean(call_argument(call, 1));
  if (!view_check_access(cx, view, index, size)) return VALUE_ABRUPT;
  uint64_t bits = 0;
  memcpy(&bits, view->data + (size_t)index, size);
  return element_to_value(cx, kind, little_endian ? bits : reverse_bytes(bits, size));
}

// https://tc39.es/ecma262/#sec-setviewvalue  magic: the ElementKind
static Value data_view_set(Context *cx, const Call *call) {
  BufferView *view = this_view(cx, call);
  double index;
  if (!view || !value_to_index(cx, call_argument(call, 0), &index)) return VALUE_ABRUPT;
  uint32_t kind = (uint32_t)call_magic(call), size = element_size(kind);
  uint64_t bits;
  if (!element_from_value(cx, kind, call_argument(call, 1), &bits)) return VALUE_ABRUPT;
  bool little_endian = value_to_boolean(call_argument(call, 2));
  if (!view_check_access(cx, view, index, size)) return VALUE_ABRUPT;
  if (!little_endian) bits = reverse_bytes(bits, size);
  memcpy(view->data + (size_t)index, &bits, size);
  return VALUE_UNDEFINED;
}

static const BuiltinRow data_view_prototype_rows[] = {
    GETTER("buffer", data_view_get_buffer),
    GETTER("byteLength", data_view_get_byte_length),
    GETTER("byteOffset", data_view_get_byte_offset),
    FUNCTION_MAGIC("getBigInt64", 1, data_view_get, ELEMENT_BigInt64),
    FUNCTION_MAGIC("getBigUint64", 1, data_view_get, ELEMENT_BigUint64),
    FUNCTION_MAGIC("getFloat16", 1, data_view_get, ELEMENT_Float16),
    FUNCTION_MAGIC("getFloat32", 1, data_view_get, ELEMENT_Float32),
    FUNCTION_MAGIC("getFloat64", 1, data_view_get, ELEMENT_Float64),
    FUNCTION_MAGIC("getInt8", 1, data_view_get, ELEMENT_Int8),
    FUNCTION_MAGIC("getInt16", 1, data_view_get, ELEMENT_Int16),
    FUNCTION_MAGIC("getInt32", 1, data_view_get, ELEMENT_Int32),
    FUNCTION_MAGIC("getUint8", 1, data_view_get, ELEMENT_Uint8),
    FUNCTION_MAGIC("getUint16", 1, data_view_get, ELEMENT_Uint16),
    FUNCTION_MAGIC("getUint32", 1, data_view_get, ELEMENT_Uint32),
    FUNCTION_MAGIC("setBigInt64", 2, data_view_set, ELEMENT_BigInt64),
    FUNCTION_MAGIC("setBigUint64", 2, data_view_set, ELEMENT_BigUint64),
    FUNCTION_MAGIC("setFloat16", 2, data_view_set, ELEMENT_Float16),
    FUNCTION_MAGIC("setFloat32", 2, data_view_set, ELEMENT_Float32),
    FUNCTION_MAGIC("setFloat64", 2, data_view_set, ELEMENT_Float64),
    FUNCTION_MAGIC("setInt8", 2, data_view_set, ELEMENT_Int8),
    FUNCTION_MAGIC("setInt16", 2, data_view_set, ELEMENT_Int16),
    FUNCTION_MAGIC("setInt32", 2, data_view_set, ELEMENT_Int32),
    FUNCTION_MAGIC("setUint8", 2, data_view_set, ELEMENT_Uint8),
    FUNCTION_MAGIC("setUint16", 2, data_view_set, ELEMENT_Uint16),
    FUNCTION_MAGIC("setUint32", 2, data_view_set, ELEMENT_Uint32),
    TO_STRING_TAG("DataView"),
    END_OF_ROWS,
};

const BuiltinObject builtin_data_view = {
    .global_name = "DataView",
    .intrinsic = INTRINSIC_DataView,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = data_view_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_DataViewPrototype,
};
const BuiltinObject builtin_data_view_prototype = {
    .intrinsic = INTRINSIC_DataViewPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = data_view_prototype_rows,
};
