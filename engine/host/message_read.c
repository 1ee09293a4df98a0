#include "host/message.h"
#include "runtime/bigints.h"
#include "runtime/buffers.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

typedef struct Reader {
  Context *cx;
  const uint8_t *bytes;
  size_t size, position;
  Value *objects;  // rooted: an array of the objects begun so far
  Value *keys;     // rooted: an array of key atoms
} Reader;

static Value malformed(Reader *reader) { return throw_type_error(reader->cx, "malformed message from the host"); }

static bool read_byte(Reader *reader, uint8_t *byte) {
  if (reader->position >= reader->size) return false;
  *byte = reader->bytes[reader->position++];
  return true;
}

static bool read_varint(Reader *reader, uint32_t *number) {
  *number = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    uint8_t byte;
    if (!read_byte(reader, &byte)) return false;
    *number |= (uint32_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

static bool read_bytes(Reader *reader, size_t size, const uint8_t **bytes) {
  if (reader->size - reader->position < size) return false;
  *bytes = reader->bytes + reader->position;
  reader->position += size;
  return true;
}

static Value read_value(Reader *reader);

static Value read_text(Reader *reader, bool is_wide) {
  uint32_t length;
  const uint8_t *bytes;
  if (!read_varint(reader, &length) || length > STRING_MAX_LENGTH ||
      !read_bytes(reader, (size_t)length << is_wide, &bytes))
    return malformed(reader);
  if (!is_wide) return string_from_view(reader->cx, text_view_narrow(bytes, length));
  String *string = string_create_uninitialized(reader->cx, length, true);
  if (!string) return VALUE_ABRUPT;
  memcpy(string->wide, bytes, (size_t)length * 2);  // the message may be unaligned
  return value_string(string);
}

static Value read_string(Reader *reader) {
  Value value = read_value(reader);
  if (value_is_abrupt(value)) return value;
  return value_is_string(value) ? value : malformed(reader);
}

static MUST_CHECK bool remember(Reader *reader, Value object) {
  return array_push(reader->cx, value_as_object(*reader->objects), object);
}

static Value read_key(Reader *reader) {
  uint32_t number;
  Object *keys = value_as_object(*reader->keys);
  if (!read_varint(reader, &number)) return malformed(reader);
  if (number > 0) return number <= keys->element_count ? keys->elements->items[number - 1] : malformed(reader);
  ROOTS(reader->cx, r, text, key);
  r->text = read_string(reader);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->key = key_from_string(reader->cx, value_as_string(r->text));
  if (value_is_abrupt(r->key) || !array_push(reader->cx, keys, r->key)) return VALUE_ABRUPT;
  return r->key;
}

static MUST_CHECK bool read_properties(Reader *reader, Object *object) {
  Context *cx = reader->cx;
  uint32_t count;
  if (!read_varint(reader, &count)) return malformed(reader), false;
  ROOTS(cx, r, key, value);
  for (uint32_t i = 0; i < count; i++) {
    r->key = read_key(reader);
    if (value_is_abrupt(r->key)) return false;
    r->value = read_value(reader);
    if (value_is_abrupt(r->value) || !object_create_data_property(cx, object, r->key, r->value)) return false;
  }
  return true;
}

static Value read_array(Reader *reader) {
  Context *cx = reader->cx;
  uint32_t length;
  if (!read_varint(reader, &length) || length > reader->size - reader->position) return malformed(reader);
  ROOTS(cx, r, array, item);
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  if (!remember(reader, r->array) || !object_reserve_elements(cx, array, length)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < length; i++) {
    r->item = read_value(reader);
    if (value_is_abrupt(r->item) || !array_push(cx, array, r->item)) return VALUE_ABRUPT;
  }
  return read_properties(reader, array) ? r->array : VALUE_ABRUPT;
}

static Value read_collection(Reader *reader, bool is_map) {
  Context *cx = reader->cx;
  uint32_t count;
  if (!read_varint(reader, &count)) return malformed(reader);
  ROOTS(cx, r, collection, key, value);
  Object *object = object_create_of_class(cx, &object_class_collection,
                                          realm_prototype(cx, is_map ? INTRINSIC_MapPrototype : INTRINSIC_SetPrototype), 0);
  if (!object) return VALUE_ABRUPT;
  object->length = is_map ? COLLECTION_MAP : COLLECTION_SET;
  r->collection = value_object(object);
  if (!remember(reader, r->collection)) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < count; i++) {
    r->key = read_value(reader);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    r->value = is_map ? read_value(reader) : r->key;
    if (value_is_abrupt(r->value) || !collection_put(cx, (Collection *)object, r->key, r->value)) return VALUE_ABRUPT;
  }
  return r->collection;
}

static Value read_error(Reader *reader) {
  Context *cx = reader->cx;
  ROOTS(cx, r, error, name, message, stack, value, constructor);
  uint32_t number = value_as_object(*reader->objects)->element_count;
  if (!remember(reader, VALUE_UNDEFINED)) return VALUE_ABRUPT;
  r->name = read_string(reader);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  r->message = read_string(reader);
  if (value_is_abrupt(r->message)) return VALUE_ABRUPT;
  r->stack = read_string(reader);  // the host's is not shown to the guest
  if (value_is_abrupt(r->stack)) return VALUE_ABRUPT;
  static const char *const names[] = {"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError",
                                      "URIError", "AggregateError", "SuppressedError"};
  ErrorType type = ERROR_PLAIN;
  bool is_known = false;
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    if (!string_equals_ascii(value_as_string(r->name), names[i])) continue;
    type = (ErrorType)i;
    is_known = true;
  }
  Object *error = error_create(cx, type, r->message);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  value_as_object(*reader->objects)->elements->items[number] = r->error;
  if (!is_known && !object_add_property(cx, error, cx->names->name, r->name, PROPERTY_HIDDEN)) return VALUE_ABRUPT;
  for (int i = 0; i < 2; i++) {
    r->value = read_value(reader);
    if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
    if (value_is_hole(r->value)) continue;
    Descriptor descriptor = descriptor_data(r->value, PROPERTY_HIDDEN);
    if (!object_define_or_throw(cx, error, i ? cx->names->errors : cx->names->cause, &descriptor)) return VALUE_ABRUPT;
  }
  return r->error;
}

static Value construct_intrinsic(Context *cx, Intrinsic intrinsic, const Value *arguments, uint32_t count) {
  Value constructor = realm_intrinsic(cx, intrinsic);
  return function_construct(cx, constructor, constructor, arguments, count);
}

static Value read_buffer(Reader *reader) {
  uint32_t size;
  const uint8_t *bytes;
  if (!read_varint(reader, &size) || !read_bytes(reader, size, &bytes)) return malformed(reader);
  ArrayBuffer *buffer = array_buffer_create(reader->cx, size);
  if (!buffer) return VALUE_ABRUPT;
  if (size) memcpy(buffer->data, bytes, size);
  ROOTS(reader->cx, r, buffer);
  r->buffer = value_object(buffer);
  return remember(reader, r->buffer) ? r->buffer : VALUE_ABRUPT;
}

static Value read_buffer_view(Reader *reader, bool is_typed_array) {
  Context *cx = reader->cx;
  uint8_t kind = 0;
  uint32_t offset, length;
  ROOTS(cx, r, buffer, offset, length, view);
  uint32_t number = value_as_object(*reader->objects)->element_count;
  if (!remember(reader, VALUE_UNDEFINED)) return VALUE_ABRUPT;
  if (is_typed_array && (!read_byte(reader, &kind) || kind >= ELEMENT_KIND_COUNT)) return malformed(reader);
  r->buffer = read_value(reader);
  if (value_is_abrupt(r->buffer)) return VALUE_ABRUPT;
  if (!value_is_object_of(r->buffer, CELL_ARRAY_BUFFER) || !read_varint(reader, &offset) || !read_varint(reader, &length))
    return malformed(reader);
  r->offset = value_unsigned(offset);
  r->length = value_unsigned(length);
  r->view = construct_intrinsic(cx, is_typed_array ? (Intrinsic)(INTRINSIC_Int8Array + kind) : INTRINSIC_DataView,
                                &r->buffer, 3);
  if (value_is_abrupt(r->view)) return VALUE_ABRUPT;
  value_as_object(*reader->objects)->elements->items[number] = r->view;
  return r->view;
}

static Value read_bigint(Reader *reader) {
  uint8_t sign;
  uint32_t count;
  const uint8_t *digits;
  if (!read_byte(reader, &sign) || !read_varint(reader, &count) || count > 1 << 24 ||
      !read_bytes(reader, (size_t)count * sizeof(uint32_t), &digits))
    return malformed(reader);
  BigInt *bigint = context_allocate(reader->cx, CELL_BIGINT, sizeof(BigInt) + (size_t)count * sizeof(uint32_t));
  if (!bigint) return VALUE_ABRUPT;
  memcpy(bigint->digits, digits, (size_t)count * sizeof(uint32_t));
  while (count > 0 && bigint->digits[count - 1] == 0) count--;
  bigint->cell.extra = count;
  bigint->cell.flags = sign && count;
  return value_bigint(bigint);
}

static Value read_double(Reader *reader, double *number) {
  const uint8_t *bytes;
  if (!read_bytes(reader, sizeof *number, &bytes)) return malformed(reader);
  memcpy(number, bytes, sizeof *number);
  return value_is_double(value_double_untrusted(*number)) ? value_double_untrusted(*number) : VALUE_UNDEFINED;
}

static Value read_other_object(Reader *reader, MessageTag tag) {
  Context *cx = reader->cx;
  ROOTS(cx, r, object, first, second);
  const Object *objects = value_as_object(*reader->objects);
  uint32_t number = objects->element_count;  // this object's
  switch (tag) {
    case MESSAGE_OBJECT: {
      Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
      if (!object) return VALUE_ABRUPT;
      r->object = value_object(object);
      if (!remember(reader, r->object)) return VALUE_ABRUPT;
      return read_properties(reader, object) ? r->object : VALUE_ABRUPT;
    }
    case MESSAGE_DATE: {
      double time;
      if (value_is_abrupt(read_double(reader, &time))) return VALUE_ABRUPT;
      Object *date = primitive_object_create(cx, &object_class_date, realm_prototype(cx, INTRINSIC_DatePrototype),
                                             value_double_untrusted(time));
      if (!date) return VALUE_ABRUPT;
      r->object = value_object(date);
      break;
    }
    case MESSAGE_REGEXP:
      if (!remember(reader, VALUE_UNDEFINED)) return VALUE_ABRUPT;
      r->first = read_string(reader);
      if (value_is_abrupt(r->first)) return VALUE_ABRUPT;
      r->second = read_string(reader);
      if (value_is_abrupt(r->second)) return VALUE_ABRUPT;
      r->object = construct_intrinsic(cx, INTRINSIC_RegExp, &r->first, 2);
      if (!value_is_abrupt(r->object)) objects->elements->items[number] = r->object;
      return r->object;
    case MESSAGE_BOXED:
      if (!remember(reader, VALUE_UNDEFINED)) return VALUE_ABRUPT;
      r->first = read_value(reader);
      if (value_is_abrupt(r->first)) return VALUE_ABRUPT;
      r->object = value_to_object(cx, r->first);
      if (!value_is_abrupt(r->object)) objects->elements->items[number] = r->object;
      return r->object;
    case MESSAGE_GUEST_FUNCTION:
    case MESSAGE_GUEST_PROMISE:
    case MESSAGE_HOST_PROMISE: {
      uint32_t handle;
      if (!read_varint(reader, &handle)) return malformed(reader);
      if (tag == MESSAGE_GUEST_FUNCTION && value_is_abrupt(read_string(reader))) return VALUE_ABRUPT;
      r->object = tag == MESSAGE_HOST_PROMISE ? bridge_host_promise(cx, handle) : bridge_guest_object(cx, handle);
      break;
    }
    case MESSAGE_HOST_FUNCTION: {
      uint32_t function;
      uint8_t flags;
      if (!read_varint(reader, &function)) return malformed(reader);
      r->first = read_string(reader);
      if (value_is_abrupt(r->first)) return VALUE_ABRUPT;
      if (!read_byte(reader, &flags)) return malformed(reader);
      r->object = bridge_host_function(cx, function, r->first, flags);
      break;
    }
    default: return malformed(reader);
  }
  if (value_is_abrupt(r->object) || !remember(reader, r->object)) return VALUE_ABRUPT;
  return r->object;
}

static Value read_object(Reader *reader, MessageTag tag) {
  switch (tag) {
    case MESSAGE_ARRAY: return read_array(reader);
    case MESSAGE_MAP: return read_collection(reader, true);
    case MESSAGE_SET: return read_collection(reader, false);
    case MESSAGE_ERROR: return read_error(reader);
    case MESSAGE_BUFFER: return read_buffer(reader);
    case MESSAGE_TYPED_ARRAY: return read_buffer_view(reader, true);
    case MESSAGE_DATA_VIEW: return read_buffer_view(reader, false);
    default: return read_other_object(reader, tag);
  }
}

static Value read_value(Reader *reader) {
  uint8_t tag;
  uint32_t number;
  double real;
  if (!context_charge(reader->cx, 1)) return context_throw_interrupted(reader->cx);
  if (!read_byte(reader, &tag)) return malformed(reader);
  switch ((MessageTag)tag) {
    case MESSAGE_UNDEFINED: return VALUE_UNDEFINED;
    case MESSAGE_NULL: return VALUE_NULL;
    case MESSAGE_TRUE: return VALUE_TRUE;
    case MESSAGE_FALSE: return VALUE_FALSE;
    case MESSAGE_HOLE: return VALUE_HOLE;
    case MESSAGE_INT:
      if (!read_varint(reader, &number)) return malformed(reader);
      return value_int((int32_t)(number >> 1 ^ (0 - (number & 1))));
    case MESSAGE_DOUBLE: return read_double(reader, &real);
    case MESSAGE_LATIN1: return read_text(reader, false);
    case MESSAGE_UTF16: return read_text(reader, true);
    case MESSAGE_BIGINT: return read_bigint(reader);
    case MESSAGE_REFERENCE: {
      const Object *objects = value_as_object(*reader->objects);
      if (!read_varint(reader, &number) || number >= objects->element_count) return malformed(reader);
      return objects->elements->items[number];
    }
    default: break;
  }
  if (!context_enter_native(reader->cx)) return VALUE_ABRUPT;
  Value value = read_object(reader, (MessageTag)tag);
  context_leave_native(reader->cx);
  return value;
}

Value message_read(Context *cx, const uint8_t *bytes, size_t size, size_t *position) {
  ROOTS(cx, r, objects, keys);
  Object *objects = array_create(cx, 0);
  if (!objects) return VALUE_ABRUPT;
  r->objects = value_object(objects);
  Object *keys = array_create(cx, 0);
  if (!keys) return VALUE_ABRUPT;
  r->keys = value_object(keys);
  Reader reader = {cx, bytes, size, *position, &r->objects, &r->keys};
  Value value = read_value(&reader);
  *position = reader.position;
  return value;
}
