// ArrayBuffer and SharedArrayBuffer. https://tc39.es/ecma262/#sec-arraybuffer-objects
#include "runtime/buffers.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"

enum { MAGIC_ARRAY_BUFFER, MAGIC_SHARED_ARRAY_BUFFER };

static ArrayBuffer *this_buffer(Context *cx, const Call *call, bool shared) {
  if (value_is_array_buffer(call->this_value, shared)) return value_as_array_buffer(call->this_value);
  throw_type_error(cx, "expected %s, not %v", shared ? "a SharedArrayBuffer" : "an ArrayBuffer", call->this_value);
  return NULL;
}

static ArrayBuffer *this_attached_buffer(Context *cx, const Call *call) {
  ArrayBuffer *buffer = this_buffer(cx, call, false);
  if (!buffer || !buffer_is_detached(buffer)) return buffer;
  throw_type_error(cx, "the ArrayBuffer is detached");
  return NULL;
}

// https://tc39.es/ecma262/#sec-getarraybuffermaxbytelengthoption
static bool read_max_byte_length(Context *cx, Value options, double *out, bool *present) {
  *present = false;
  if (!value_is_object(options)) return true;
  ROOTS(cx, r, value);
  PropertyKey key = key_from_ascii(cx, "maxByteLength");
  if (value_is_abrupt(key)) return false;
  r->value = key;
  r->value = object_get_key(cx, value_as_object(options), key);
  if (value_is_abrupt(r->value)) return false;
  *present = !value_is_undefined(r->value);
  return !*present || value_to_index(cx, r->value, out);
}

// https://tc39.es/ecma262/#sec-arraybuffer-length
// https://tc39.es/ecma262/#sec-sharedarraybuffer-length
static Value buffer_construct(Context *cx, const Call *call, bool shared) {
  const char *name = shared ? "SharedArrayBuffer" : "ArrayBuffer";
  if (!call_is_construct(call)) return throw_type_error(cx, "%s cannot be called without 'new'", name);
  double byte_length, max_byte_length;
  bool resizable;
  if (!value_to_index(cx, call_argument(call, 0), &byte_length)) return VALUE_ABRUPT;
  if (!read_max_byte_length(cx, call_argument(call, 1), &max_byte_length, &resizable)) return VALUE_ABRUPT;
  ArrayBuffer *buffer =
      array_buffer_allocate(cx, call->new_target, byte_length, resizable ? &max_byte_length : NULL, shared);
  return buffer ? value_object(buffer) : VALUE_ABRUPT;
}

static Value array_buffer_constructor(Context *cx, const Call *call) { return buffer_construct(cx, call, false); }
static Value shared_array_buffer_constructor(Context *cx, const Call *call) { return buffer_construct(cx, call, true); }

// https://tc39.es/ecma262/#sec-arraybuffer.isview
static Value array_buffer_is_view(Context *cx, const Call *call) {
  (void)cx;
  Value value = call_argument(call, 0);
  return value_boolean(value_is_object_of(value, CELL_TYPED_ARRAY) || value_is_object_of(value, CELL_DATA_VIEW));
}

// https://tc39.es/ecma262/#sec-get-arraybuffer-@@species
static Value buffer_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.bytelength
static Value buffer_get_byte_length(Context *cx, const Call *call) {
  const ArrayBuffer *buffer = this_buffer(cx, call, call_magic(call) == MAGIC_SHARED_ARRAY_BUFFER);
  if (!buffer) return VALUE_ABRUPT;
  if (!buffer->shared) return value_number((double)buffer->byte_length);
  return value_number((double)__atomic_load_n(&buffer->shared->byte_length, __ATOMIC_SEQ_CST));
}

// https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.maxbytelength
static Value buffer_get_max_byte_length(Context *cx, const Call *call) {
  const ArrayBuffer *buffer = this_buffer(cx, call, call_magic(call) == MAGIC_SHARED_ARRAY_BUFFER);
  if (!buffer) return VALUE_ABRUPT;
  return value_number(buffer_is_detached(buffer) ? 0 : (double)buffer->max_byte_length);
}

// https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.resizable
static Value buffer_get_resizable(Context *cx, const Call *call) {
  const ArrayBuffer *buffer = this_buffer(cx, call, call_magic(call) == MAGIC_SHARED_ARRAY_BUFFER);
  return buffer ? value_boolean(buffer_is_resizable(buffer)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.detached
static Value array_buffer_get_detached(Context *cx, const Call *call) {
  const ArrayBuffer *buffer = this_buffer(cx, call, false);
  return buffer ? value_boolean(buffer_is_detached(buffer)) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-arraybuffer.prototype.resize
static Value array_buffer_prototype_resize(Context *cx, const Call *call) {
  ArrayBuffer *buffer = this_buffer(cx, call, false);
  if (!buffer) return VALUE_ABRUPT;
  if (!buffer_is_resizable(buffer))
    return throw_type_error(cx, "ArrayBuffer.prototype.resize: the ArrayBuffer has a fixed length");
  double byte_length;
  if (!value_to_index(cx, call_argument(call, 0), &byte_length)) return VALUE_ABRUPT;
  if (buffer_is_detached(buffer))
    return throw_type_error(cx, "ArrayBuffer.prototype.resize: the ArrayBuffer is detached");
  if (byte_length > (double)buffer->max_byte_length)
    return throw_range_error(cx, "ArrayBuffer.prototype.resize: the new length is above maxByteLength");
  return array_buffer_resize(cx, buffer, (size_t)byte_length) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-sharedarraybuffer.prototype.grow
static Value shared_array_buffer_prototype_grow(Context *cx, const Call *call) {
  ArrayBuffer *buffer = this_buffer(cx, call, true);
  if (!buffer) return VALUE_ABRUPT;
  if (!buffer_is_resizable(buffer))
    return throw_type_error(cx, "SharedArrayBuffer.prototype.grow: the SharedArrayBuffer has a fixed length");
  double byte_length;
  if (!value_to_index(cx, call_argument(call, 0), &byte_length)) return VALUE_ABRUPT;
  size_t current = __atomic_load_n(&buffer->shared->byte_length, __ATOMIC_SEQ_CST);
  if (byte_length > (double)buffer->max_byte_length || byte_length < (double)current) {
    return throw_range_error(
        cx, "SharedArrayBuffer.prototype.grow: the new length must be from byteLength to maxByteLength");
  }
  return array_buffer_resize(cx, buffer, (size_t)byte_length) ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// Whether slice may use this new buffer: it is another one, attached and long enough.
static bool slice_target_is_valid(Context *cx, Value value, const ArrayBuffer *source, bool shared, double length) {
  if (!value_is_array_buffer(value, shared)) {
    throw_type_error(cx, "slice: the species constructor must return %s, not %v",
                     shared ? "a SharedArrayBuffer" : "an ArrayBuffer", value);
    return false;
  }
  const ArrayBuffer *target = value_as_array_buffer(value);
  if (buffer_is_detached(target) || target == source || (shared && target->shared == source->shared) ||
      (double)target->byte_length < length) {
    throw_type_error(
        cx, "slice: the species constructor returned a buffer that is detached, too short or the source itself");
    return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-arraybuffer.prototype.slice
// https://tc39.es/ecma262/#sec-sharedarraybuffer.prototype.slice
static Value buffer_prototype_slice(Context *cx, const Call *call) {
  bool shared = call_magic(call) == MAGIC_SHARED_ARRAY_BUFFER;
  bool is_checked = shared || replay_is_repeating(cx);
  ArrayBuffer *source = is_checked ? this_buffer(cx, call, shared) : this_attached_buffer(cx, call);
  if (!source) return VALUE_ABRUPT;
  double length = (double)source->byte_length, first, last;
  if (!replay_note_number(cx, &length)) return VALUE_ABRUPT;
  if (!value_to_relative_index(cx, call_argument(call, 0), length, 0, &first)) return VALUE_ABRUPT;
  if (!value_to_relative_index(cx, call_argument(call, 1), length, length, &last)) return VALUE_ABRUPT;
  ROOTS(cx, r, constructor, argument, target);
  r->argument = value_number(MAX_OF(last - first, 0));
  Value default_constructor = realm_intrinsic(cx, shared ? INTRINSIC_SharedArrayBuffer : INTRINSIC_ArrayBuffer);
  r->constructor = object_species_constructor(cx, &source->object, default_constructor);
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  r->target = function_construct(cx, r->constructor, r->constructor, &r->argument, 1);
  if (value_is_abrupt(r->target)) return VALUE_ABRUPT;
  if (!slice_target_is_valid(cx, r->target, source, shared, value_as_number(r->argument))) return VALUE_ABRUPT;
  if (buffer_is_detached(source))
    return throw_type_error(cx, "ArrayBuffer.prototype.slice: the ArrayBuffer was detached during the call");
  // The constructor may have shrunk the source.
  double end = MIN_OF(last, (double)source->byte_length);
  if (first < end) {
    uint8_t *to = value_as_array_buffer(r->target)->data;
    if (!context_move_bytes(cx, to, source->data + (size_t)first, (size_t)(end - first))) return VALUE_ABRUPT;
  }
  return r->target;
}

// https://tc39.es/ecma262/#sec-arraybuffercopyanddetach  magic: 1 keeps resizability
static Value array_buffer_prototype_transfer(Context *cx, const Call *call) {
  ArrayBuffer *source = this_buffer(cx, call, false);
  if (!source) return VALUE_ABRUPT;
  double length = (double)source->byte_length;
  if (!replay_note_number(cx, &length)) return VALUE_ABRUPT;
  Value argument = call_argument(call, 0);
  if (!value_is_undefined(argument) && !value_to_index(cx, argument, &length)) return VALUE_ABRUPT;
  if (buffer_is_detached(source))
    return throw_type_error(cx, "ArrayBuffer.prototype.transfer: the ArrayBuffer is detached");
  if (!value_is_undefined(source->detach_key))
    return throw_type_error(cx, "ArrayBuffer.prototype.transfer: the ArrayBuffer cannot be detached");
  double max_byte_length = (double)source->max_byte_length;
  bool resizable = call_magic(call) && buffer_is_resizable(source);
  ROOTS(cx, r, target);
  // OPTIMIZATION: the storage moves when its size need not change.
  bool moves = length == (double)source->byte_length && bytes_size(source->bytes) == source->byte_length;
  ArrayBuffer *target =
      array_buffer_allocate(cx, VALUE_UNDEFINED, moves ? 0 : length, resizable ? &max_byte_length : NULL, false);
  if (!target) return VALUE_ABRUPT;
  r->target = value_object(target);
  if (moves) {
    target->bytes = source->bytes;
    target->data = source->data;
    target->byte_length = source->byte_length;
    if (!resizable) target->max_byte_length = source->byte_length;
  } else if (!context_move_bytes(cx, target->data, source->data, MIN_OF((size_t)length, source->byte_length))) {
    return VALUE_ABRUPT;
  }
  return array_buffer_detach(cx, source, VALUE_UNDEFINED) ? r->target : VALUE_ABRUPT;
}

static const BuiltinRow array_buffer_rows[] = {
    FUNCTION("isView", 1, array_buffer_is_view),
    GETTER("@@species", buffer_get_species),
    END_OF_ROWS,
};

static const BuiltinRow array_buffer_prototype_rows[] = {
    GETTER_MAGIC("byteLength", buffer_get_byte_length, MAGIC_ARRAY_BUFFER),
    GETTER("detached", array_buffer_get_detached),
    GETTER_MAGIC("maxByteLength", buffer_get_max_byte_length, MAGIC_ARRAY_BUFFER),
    GETTER_MAGIC("resizable", buffer_get_resizable, MAGIC_ARRAY_BUFFER),
    FUNCTION("resize", 1, array_buffer_prototype_resize),
    FUNCTION_MAGIC("slice", 2, buffer_prototype_slice, MAGIC_ARRAY_BUFFER),
    FUNCTION_MAGIC("transfer", 0, array_buffer_prototype_transfer, 1),
    FUNCTION_MAGIC("transferToFixedLength", 0, array_buffer_prototype_transfer, 0),
    TO_STRING_TAG("ArrayBuffer"),
    END_OF_ROWS,
};

static const BuiltinRow shared_array_buffer_rows[] = {GETTER("@@species", buffer_get_species), END_OF_ROWS};

static const BuiltinRow shared_array_buffer_prototype_rows[] = {
    GETTER_MAGIC("byteLength", buffer_get_byte_length, MAGIC_SHARED_ARRAY_BUFFER),
    FUNCTION("grow", 1, shared_array_buffer_prototype_grow),
    GETTER_MAGIC("growable", buffer_get_resizable, MAGIC_SHARED_ARRAY_BUFFER),
    GETTER_MAGIC("maxByteLength", buffer_get_max_byte_length, MAGIC_SHARED_ARRAY_BUFFER),
    FUNCTION_MAGIC("slice", 2, buffer_prototype_slice, MAGIC_SHARED_ARRAY_BUFFER),
    TO_STRING_TAG("SharedArrayBuffer"),
    END_OF_ROWS,
};

const BuiltinObject builtin_array_buffer = {
    .global_name = "ArrayBuffer",
    .intrinsic = INTRINSIC_ArrayBuffer,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = array_buffer_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_ArrayBufferPrototype,
    .rows = array_buffer_rows,
};
const BuiltinObject builtin_array_buffer_prototype = {
    .intrinsic = INTRINSIC_ArrayBufferPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = array_buffer_prototype_rows,
};
const BuiltinObject builtin_shared_array_buffer = {
    .global_name = "SharedArrayBuffer",
    .intrinsic = INTRINSIC_SharedArrayBuffer,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = shared_array_buffer_constructor,
    .length = 1,
    .prototype_property = INTRINSIC_SharedArrayBufferPrototype,
    .rows = shared_array_buffer_rows,
};
const BuiltinObject builtin_shared_array_buffer_prototype = {
    .intrinsic = INTRINSIC_SharedArrayBufferPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = shared_array_buffer_prototype_rows,
};
