#include "builtins/text/regexp_objects.h"
#include "host/boundary/message_buffers.h"
#include "host/boundary/message_numbers.h"
#include "host/boundary/message_shapes.h"
#include "number/calendar.h"
#include "runtime/bigints.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

enum { BIGINT_MOST_DIGITS = 1 << 24 };

// Nothing in the message is trusted: it may be anything when an attacker has broken into the other side's memory.
typedef struct Reader {
  Context *cx;
  const uint8_t *bytes;
  size_t size, position;  // size: of the part with the values
  Value *objects;         // rooted: an array of the objects begun so far, if something refers to one
  Value *keys;            // of key atoms
  Value *texts;           // of numbered strings, if something refers to one
  Value *later;           // of objects whose contents follow, each with its tag
  uint32_t depth;
  BufferTable buffers;
  MessageNumbers numbers;
  bool refers_to_objects, refers_to_texts;
  bool is_clone;        // no functions or promises
  const Object *moved;  // of a clone: the objects that guest_promises stand for
} Reader;

static Value malformed(Reader *reader) { return throw_type_error(reader->cx, "malformed message from the host"); }

static bool read_byte(Reader *reader, uint8_t *byte) {
  if (reader->position >= reader->size) return false;
  *byte = reader->bytes[reader->position++];
  return true;
}

static inline bool read_varint(Reader *reader, uint32_t *number) {
  if (LIKELY(reader->position < reader->size && reader->bytes[reader->position] < 0x80)) {
    *number = reader->bytes[reader->position++];
    return true;
  }
  return message_take_varint(reader->bytes, reader->size, &reader->position, number);
}

// The number of items that follow, each of which takes at least a byte.
static bool read_count(Reader *reader, uint32_t *count) {
  return read_varint(reader, count) && *count <= reader->size - reader->position;
}

static bool read_bytes(Reader *reader, size_t size, const uint8_t **bytes) {
  if (reader->size - reader->position < size) return false;
  *bytes = reader->bytes + reader->position;
  reader->position += size;
  return true;
}

// The lists are created when the first item is added.
static MUST_CHECK bool list_add(Reader *reader, Value *list, Value value) {
  if (!value_is_object(*list)) {
    Object *array = array_create(reader->cx, 0);
    if (!array) return false;
    *list = value_object(array);
  }
  return array_push(reader->cx, value_as_object(*list), value);
}

static uint32_t list_size(Value list) { return value_is_object(list) ? value_as_object(list)->element_count : 0; }
static Value *list_item(Value list, uint32_t index) { return &value_as_object(list)->elements->items[index]; }

static Value read_value(Reader *reader);
static Value read_double(Reader *reader);

static Value read_short_text(Reader *reader, const uint8_t *bytes, uint32_t length) {
  uint8_t copied[LATEST_TEXT_MOST] = {0};
  if (UNLIKELY((size_t)(reader->bytes + reader->size - bytes) < sizeof copied)) {
    bytes_copy_short(copied, bytes, length);
    bytes = copied;
  }
  return latest_text(reader->cx, &host_of(reader->cx)->bridge->latest_texts, bytes, length);
}

static Value read_text(Reader *reader, bool is_wide) {
  Context *cx = reader->cx;
  uint32_t length;
  const uint8_t *bytes;
  if (!read_varint(reader, &length) || length > STRING_MAX_LENGTH ||
      !read_bytes(reader, (size_t)length << is_wide, &bytes))
    return malformed(reader);
  if (!is_wide && length >= LATEST_TEXT_LEAST && length <= LATEST_TEXT_MOST && length < PROTOCOL_SHARED_TEXT_LENGTH)
    return read_short_text(reader, bytes, length);
  if (!context_charge_bytes(cx, (size_t)length << is_wide, CHARGE_COPY)) return VALUE_ABRUPT;
  ROOTS(cx, r, text);
  if (is_wide) {
    String *string = string_create_uninitialized(cx, length, true);
    if (!string) return VALUE_ABRUPT;
    memcpy(string->wide, bytes, (size_t)length * 2);  // the message may be unaligned
    r->text = value_string(string);
  } else {
    r->text = string_from_view(cx, text_view_narrow(bytes, length));
    if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  }
  if (length < PROTOCOL_SHARED_TEXT_LENGTH || !reader->refers_to_texts) return r->text;
  return list_add(reader, reader->texts, r->text) ? r->text : VALUE_ABRUPT;
}

static Value read_string(Reader *reader) {
  if (reader->position >= reader->size) return malformed(reader);
  uint8_t tag = reader->bytes[reader->position];
  if (tag != MESSAGE_LATIN1 && tag != MESSAGE_UTF16 && tag != MESSAGE_TEXT_REFERENCE) return malformed(reader);
  return read_value(reader);
}

// OPTIMIZATION: reads the kinds that most properties and items are, or returns VALUE_ABRUPT in *value. False: it is
// another kind, or the fuel is spent; read_value then handles it.
static inline bool read_small(Reader *reader, Value *value) {
  const uint8_t *bytes = reader->bytes + reader->position;
  size_t left = reader->size - reader->position;
  if (left < 2 || !context_charge(reader->cx, 1)) return false;
  switch ((MessageTag)bytes[0]) {
    case MESSAGE_NULL: *value = VALUE_NULL; break;
    case MESSAGE_TRUE: *value = VALUE_TRUE; break;
    case MESSAGE_FALSE: *value = VALUE_FALSE; break;
    case MESSAGE_INT:
      if (bytes[1] >= 0x80) return false;
      *value = value_int((int32_t)(bytes[1] >> 1 ^ (0u - (bytes[1] & 1u))));
      reader->position++;
      break;
    case MESSAGE_DOUBLE:
      reader->position++;
      *value = read_double(reader);
      return true;
    case MESSAGE_LATIN1:
      reader->position++;
      *value = read_text(reader, false);
      return true;
    default: return false;
  }
  reader->position++;
  return true;
}

// A value, or a hole where holes are allowed.
static Value read_item(Reader *reader) {
  if (reader->position >= reader->size || reader->bytes[reader->position] != MESSAGE_HOLE) return read_value(reader);
  reader->position++;
  return VALUE_HOLE;
}

static MUST_CHECK bool remember(Reader *reader, Value object) {
  return !reader->refers_to_objects || list_add(reader, reader->objects, object);
}

// Reserves the number of an object that is created when more has been read. Until then a reference to it is malformed.
static MUST_CHECK bool reserve_number(Reader *reader, uint32_t *number) {
  *number = list_size(*reader->objects);
  return remember(reader, VALUE_UNDEFINED);
}

static void give_number(Reader *reader, uint32_t number, Value object) {
  if (reader->refers_to_objects) *list_item(*reader->objects, number) = object;
}

static Value read_key(Reader *reader) {
  uint32_t number;
  if (!read_varint(reader, &number)) return malformed(reader);
  if (number > 0) return number <= list_size(*reader->keys) ? *list_item(*reader->keys, number - 1) : malformed(reader);
  ROOTS(reader->cx, r, text, key);
  bool is_symbol = reader->position < reader->size && reader->bytes[reader->position] == MESSAGE_SYMBOL;
  r->text = is_symbol ? read_value(reader) : read_string(reader);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->key = key_from_value(reader->cx, r->text);
  if (value_is_abrupt(r->key) || !list_add(reader, reader->keys, r->key)) return VALUE_ABRUPT;
  return r->key;
}

// For a number that was read but is not counted as arrived.
static void not_arrived(Reader *reader, uint32_t number) {
  CaissonRuntime *runtime = host_of(reader->cx);
  if (runtime->bridge->host) runtime->bridge->host->release(runtime->options.user, number, 1);
}

// Reads which object of the host this is a copy of.
static MUST_CHECK bool read_receiver(Reader *reader, Object *object) {
  uint32_t number;
  if (reader->position >= reader->size || reader->bytes[reader->position] != MESSAGE_RECEIVER) return true;
  reader->position++;
  if (reader->is_clone || object->cell.kind != CELL_OBJECT || !read_varint(reader, &number))
    return malformed(reader), false;
  uint64_t known;
  if (bridge_find_copy(reader->cx, object, &known)) return malformed(reader), false;
  reader->numbers.next++;
  if (bridge_add_copy(reader->cx, object, number)) return true;
  not_arrived(reader, number);
  return false;
}

// bounded: each value that is read is charged.
static MUST_CHECK bool read_properties(Reader *reader, Object *object) {
  Context *cx = reader->cx;
  uint32_t count;
  if (!read_count(reader, &count)) return malformed(reader), false;
  ROOTS(cx, r, key, value);
  for (uint32_t i = 0; i < count; i++) {
    r->key = read_key(reader);
    if (value_is_abrupt(r->key) || !read_receiver(reader, object)) return false;
    r->value = read_item(reader);
    if (value_is_abrupt(r->value)) return false;
    if (!value_is_hole(r->value) && !object_create_data_property(cx, object, r->key, r->value)) return false;
  }
  return true;
}

// bounded: each value that is read is charged.
static MUST_CHECK bool read_array(Reader *reader, Object *array) {
  Context *cx = reader->cx;
  uint32_t length;
  if (!read_count(reader, &length)) return malformed(reader), false;
  ROOTS(cx, r, item);
  if (!object_reserve_elements(cx, array, length)) return false;
  for (uint32_t i = 0; i < length; i++) {
    if (!read_small(reader, &r->item)) r->item = read_item(reader);
    if (value_is_abrupt(r->item) || !array_push(cx, array, r->item)) return false;
  }
  return read_properties(reader, array);
}

static MUST_CHECK bool read_sparse_array(Reader *reader, Object *array) {
  uint32_t length;
  bool done;
  if (!read_varint(reader, &length)) return malformed(reader), false;
  return array_set_length(reader->cx, array, length, &done) && read_properties(reader, array);
}

static MUST_CHECK bool read_collection(Reader *reader, Collection *collection, bool is_map) {
  Context *cx = reader->cx;
  uint32_t count;
  if (!read_count(reader, &count)) return malformed(reader), false;
  ROOTS(cx, r, key, value);
  for (uint32_t i = 0; i < count; i++) {
    r->key = read_value(reader);
    if (value_is_abrupt(r->key)) return false;
    r->value = is_map ? read_value(reader) : r->key;
    if (value_is_abrupt(r->value) || !collection_put(cx, collection, r->key, r->value)) return false;
  }
  return true;
}

static MUST_CHECK bool read_error_properties(Reader *reader, Object *error) {
  Context *cx = reader->cx;
  ROOTS(cx, r, value);
  for (int i = 0; i < 2; i++) {
    r->value = read_item(reader);
    if (value_is_abrupt(r->value)) return false;
    if (value_is_hole(r->value)) continue;
    Descriptor descriptor = descriptor_data(r->value, PROPERTY_HIDDEN);
    if (!object_define_or_throw(cx, error, i ? cx->names->errors : cx->names->cause, &descriptor)) return false;
  }
  return read_properties(reader, error);
}

static MUST_CHECK bool read_contents(Reader *reader, Object *object, MessageTag tag) {
  switch (tag) {
    case MESSAGE_ARRAY: return read_array(reader, object);
    case MESSAGE_SPARSE_ARRAY: return read_sparse_array(reader, object);
    case MESSAGE_MAP: return read_collection(reader, (Collection *)object, true);
    case MESSAGE_SET: return read_collection(reader, (Collection *)object, false);
    case MESSAGE_ERROR: return read_error_properties(reader, object);
    default: return read_properties(reader, object);
  }
}

// The rest of the head of an error that structuredClone has written.
static Object *make_cloned_error(Reader *reader, uint8_t class_, Value name, Value message, Value stack) {
  Context *cx = reader->cx;
  // https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize
  static const struct {
    const char *name;
    ErrorType type;
  } types[] = {{"TypeError", ERROR_TYPE},           {"RangeError", ERROR_RANGE}, {"SyntaxError", ERROR_SYNTAX},
               {"ReferenceError", ERROR_REFERENCE}, {"EvalError", ERROR_EVAL},   {"URIError", ERROR_URI}};
  ErrorType type = ERROR_PLAIN;
  for (unsigned i = 0; i < COUNT_OF(types); i++)
    if (string_equals_ascii(value_as_string(name), types[i].name)) type = types[i].type;
  Object *error = error_create(cx, type, class_ & CLONED_ERROR_HAS_NO_MESSAGE ? VALUE_UNDEFINED : message);
  if (error)
    error_set_stack_text(reader->cx, error, string_length(value_as_string(stack)) > 0 ? stack : VALUE_UNDEFINED);
  return error;
}

static MUST_CHECK bool number_copy(Context *cx, Object *error, double number) {
  return error->cell.kind != CELL_ERROR || bridge_add_copy(cx, error, (uint64_t)number);
}

// `*original`: the guest's own error, when this is one that returns; its copy is read and thrown away.
static Object *read_error_head(Reader *reader, Value *original) {
  Context *cx = reader->cx;
  uint8_t flags;
  double number = 0;
  ROOTS(cx, r, name, message, stack, error);
  enum { ALL_FLAGS = PROTOCOL_ERROR_IS_DOM_EXCEPTION | PROTOCOL_ERROR_IS_NUMBERED | PROTOCOL_ERROR_COMES_HOME };
  if (!read_byte(reader, &flags) || flags > (reader->is_clone ? CLONED_ERROR_HAS_NO_MESSAGE : ALL_FLAGS))
    return malformed(reader), NULL;
  bool is_numbered = !reader->is_clone && flags & PROTOCOL_ERROR_IS_NUMBERED,
       is_home = !reader->is_clone && flags & PROTOCOL_ERROR_COMES_HOME;
  if (is_numbered || is_home) {
    Value read = read_double(reader);
    if (value_is_abrupt(read)) return NULL;
    number = value_as_number(read);
    if (!(number >= 1 && number < 0x1p53)) return malformed(reader), NULL;
  }
  Object *home = is_home ? bridge_find_error(cx, (uint64_t)number) : NULL;
  if (home) *original = value_object(home);
  r->name = read_string(reader);
  if (value_is_abrupt(r->name)) return NULL;
  r->message = read_string(reader);
  if (value_is_abrupt(r->message)) return NULL;
  r->stack = read_string(reader);  // the host's own stack is not shown to the guest
  if (value_is_abrupt(r->stack)) return NULL;
  if (flags & PROTOCOL_ERROR_IS_DOM_EXCEPTION) {
    r->error = host_of(cx)->web->make_dom_exception(cx, r->message, r->name);
    if (!value_is_object_of(r->error, CELL_ERROR)) return NULL;
    Object *error = value_as_object(r->error);
    if (reader->is_clone) error_set_stack_text(reader->cx, error, r->stack);
    return !is_numbered || number_copy(cx, error, number) ? error : NULL;
  }
  if (reader->is_clone) return make_cloned_error(reader, flags, r->name, r->message, r->stack);
  static const char *const names[] = {"Error",     "TypeError", "RangeError",     "SyntaxError",    "ReferenceError",
                                      "EvalError", "URIError",  "AggregateError", "SuppressedError"};
  ErrorType type = ERROR_PLAIN;
  bool is_known = false;
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    if (!string_equals_ascii(value_as_string(r->name), names[i])) continue;
    type = (ErrorType)i;
    is_known = true;
  }
  Object *error = error_create(cx, type, r->message);
  if (!error) return NULL;
  r->error = value_object(error);
  if (is_numbered && !number_copy(cx, error, number)) return NULL;
  return is_known || object_add_property(cx, error, cx->names->name, r->name, PROPERTY_HIDDEN) ? error : NULL;
}

static Object *make_container(Reader *reader, MessageTag tag, Value *original) {
  Context *cx = reader->cx;
  switch (tag) {
    case MESSAGE_OBJECT: return object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
    case MESSAGE_ITERATOR: return object_create(cx, realm_prototype(cx, INTRINSIC_IteratorPrototype));
    case MESSAGE_ASYNC_ITERATOR: return object_create(cx, realm_prototype(cx, INTRINSIC_AsyncIteratorPrototype));
    case MESSAGE_ARRAY:
    case MESSAGE_SPARSE_ARRAY: return array_create(cx, 0);
    case MESSAGE_MAP:
    case MESSAGE_SET: {
      bool is_map = tag == MESSAGE_MAP;
      Object *prototype = realm_prototype(cx, is_map ? INTRINSIC_MapPrototype : INTRINSIC_SetPrototype);
      Object *object = object_create_of_class(cx, &object_class_collection, prototype, 0);
      if (object) object->length = is_map ? COLLECTION_MAP : COLLECTION_SET;
      return object;
    }
    case MESSAGE_ERROR: return read_error_head(reader, original);
    default: return malformed(reader), NULL;
  }
}

static Value read_container(Reader *reader, MessageTag tag) {
  Context *cx = reader->cx;
  ROOTS(cx, r, object, original);
  bool is_later = tag == MESSAGE_LATER;
  uint32_t number;
  uint8_t kind = (uint8_t)tag;
  if ((is_later && !read_byte(reader, &kind)) || (!is_later && reader->depth >= PROTOCOL_MESSAGE_DEPTH))
    return malformed(reader);
  if (!reserve_number(reader, &number)) return VALUE_ABRUPT;
  Object *object = make_container(reader, (MessageTag)kind, &r->original);
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  if (!value_is_object(r->original)) r->original = r->object;
  give_number(reader, number, r->original);
  if (is_later)
    return list_add(reader, reader->later, r->object) && list_add(reader, reader->later, value_int(kind))
               ? r->original
               : VALUE_ABRUPT;
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  reader->depth++;
  bool is_read = read_contents(reader, object, tag);
  reader->depth--;
  context_leave_native(cx);
  return is_read ? r->original : VALUE_ABRUPT;
}

// Removes the properties that disappeared while the object was written.
static MUST_CHECK bool read_shaped_values(Reader *reader, Object *object, const Shape *shape) {
  Context *cx = reader->cx;
  ROOTS(cx, r, value);
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    if (!read_small(reader, &r->value)) {
      if (!read_receiver(reader, object)) return false;
      r->value = read_item(reader);
    }
    if (value_is_abrupt(r->value)) return false;
    if (value_is_hole(r->value)) {
      if (!object_delete_or_throw(cx, object, key)) return false;
    } else if (LIKELY(object->shape == shape)) {
      cell_store(cx, &object->slots[i], r->value);
    } else if (!object_create_data_property(cx, object, key, r->value)) {
      return false;
    }
  }
  return true;
}

static Value read_shaped(Reader *reader) {
  Context *cx = reader->cx;
  ROOTS(cx, r, object);
  uint32_t number, shape_number;
  if (reader->is_clone || reader->depth >= PROTOCOL_MESSAGE_DEPTH || !read_varint(reader, &shape_number))
    return malformed(reader);
  Shape *shape = message_shape(cx, shape_number);
  if (!shape) return malformed(reader);
  if (!reserve_number(reader, &number)) return VALUE_ABRUPT;
  Object *prototype = realm_prototype(cx, INTRINSIC_ObjectPrototype);
  // Objects of another realm have other shapes.
  Object *object = LIKELY(shape->prototype == prototype) ? object_create_with_shape(cx, shape, shape->count)
                                                         : object_create(cx, prototype);
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  give_number(reader, number, r->object);
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  reader->depth++;
  bool is_read = read_shaped_values(reader, object, shape);
  reader->depth--;
  context_leave_native(cx);
  return is_read ? r->object : VALUE_ABRUPT;
}

// Buffers -------------------------------------------------------------------------------------------------------------

static MUST_CHECK bool take_item(Reader *reader, BufferItem *item) {
  uint32_t fresh;
  const uint8_t *bytes;
  if (!read_varint(reader, &fresh) || !read_bytes(reader, fresh, &bytes) ||
      reader->buffers.next >= reader->buffers.items.size / sizeof *item)
    return false;
  *item = ((const BufferItem *)reader->buffers.items.data)[reader->buffers.next++];
  return true;
}

static Value read_buffer(Reader *reader) {
  BufferItem item;
  if (!take_item(reader, &item)) return malformed(reader);
  Value buffer = *list_item(*reader->buffers.buffers, item.buffer);
  return remember(reader, buffer) ? buffer : VALUE_ABRUPT;
}

static Value read_buffer_view(Reader *reader, bool is_typed_array) {
  Context *cx = reader->cx;
  uint8_t kind = 0;
  BufferItem item;
  ROOTS(cx, r, buffer, offset, length, view);
  if ((is_typed_array && (!read_byte(reader, &kind) || kind >= ELEMENT_KIND_COUNT)) || !take_item(reader, &item))
    return malformed(reader);
  uint32_t size = is_typed_array ? element_size(kind) : 1;
  if (item.offset % size != 0 || (item.size % size != 0 && !item.flags)) return malformed(reader);
  r->buffer = *list_item(*reader->buffers.buffers, item.buffer);
  r->offset = value_unsigned(item.offset);
  r->length = value_unsigned(item.size / size);
  bool tracks_length =
      item.flags & PROTOCOL_VIEW_TRACKS_LENGTH && buffer_is_resizable(value_as_array_buffer(r->buffer));
  Value constructor =
      realm_intrinsic(cx, is_typed_array ? (Intrinsic)(INTRINSIC_Int8Array + kind) : INTRINSIC_DataView);
  r->view = function_construct(cx, constructor, constructor, &r->buffer, tracks_length ? 2 : 3);
  return value_is_abrupt(r->view) || !remember(reader, r->view) ? VALUE_ABRUPT : r->view;
}

// Others --------------------------------------------------------------------------------------------------------------

static Value read_bigint(Reader *reader) {
  uint8_t sign;
  uint32_t count;
  const uint8_t *digits;
  if (!read_byte(reader, &sign) || !read_varint(reader, &count) || count > BIGINT_MOST_DIGITS ||
      !read_bytes(reader, (size_t)count * sizeof(uint32_t), &digits))
    return malformed(reader);
  if (!context_charge_bytes(reader->cx, (size_t)count * sizeof(uint32_t), CHARGE_COPY)) return VALUE_ABRUPT;
  BigInt *bigint = context_allocate(reader->cx, CELL_BIGINT, sizeof(BigInt) + (size_t)count * sizeof(uint32_t));
  if (!bigint) return VALUE_ABRUPT;
  memcpy(bigint->digits, digits, (size_t)count * sizeof(uint32_t));
  while (count > 0 && bigint->digits[count - 1] == 0) count--;
  bigint_set_digit_count(bigint, count);
  bigint->cell.flags = sign && count;
  return value_bigint(bigint);
}

static Value read_double(Reader *reader) {
  double number;
  const uint8_t *bytes;
  if (!read_bytes(reader, sizeof number, &bytes)) return malformed(reader);
  memcpy(&number, bytes, sizeof number);
  return value_double_untrusted(number);
}

static Value read_date(Reader *reader) {
  Context *cx = reader->cx;
  Value time = read_double(reader);
  if (value_is_abrupt(time)) return VALUE_ABRUPT;
  Object *date = primitive_object_create(cx, &object_class_date, realm_prototype(cx, INTRINSIC_DatePrototype),
                                         value_double_untrusted(calendar_time_clip(value_as_double(time))));
  return date ? value_object(date) : VALUE_ABRUPT;
}

static Value read_regexp(Reader *reader) {
  ROOTS(reader->cx, r, source, flags);
  r->source = read_string(reader);
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  r->flags = read_string(reader);
  return value_is_abrupt(r->flags) ? VALUE_ABRUPT : regexp_create(reader->cx, r->source, r->flags);
}

static Value read_boxed(Reader *reader) {
  ROOTS(reader->cx, r, primitive);
  if (reader->position < reader->size && reader->bytes[reader->position] >= MESSAGE_REFERENCE) return malformed(reader);
  r->primitive = read_value(reader);
  if (value_is_abrupt(r->primitive)) return VALUE_ABRUPT;
  if (value_is_object(r->primitive) || value_is_nullish(r->primitive)) return malformed(reader);
  return value_to_object(reader->cx, r->primitive);
}

static Value read_crossed(Reader *reader, MessageTag tag) {
  Context *cx = reader->cx;
  uint32_t number;
  uint8_t flags, length;
  ROOTS(cx, r, name);
  if (!read_varint(reader, &number)) return malformed(reader);
  if (reader->is_clone) {
    bool is_known = tag == MESSAGE_GUEST_PROMISE && reader->moved && number < reader->moved->element_count;
    return is_known ? reader->moved->elements->items[number] : malformed(reader);
  }
  if (tag == MESSAGE_GUEST_PROMISE) return bridge_guest_object(cx, number, HANDLE_PROMISE);
  if (tag == MESSAGE_HOST_PROMISE) return bridge_host_promise(cx, number);
  if (tag == MESSAGE_GUEST_OBJECT) {
    if (!read_byte(reader, &flags) || flags > PROTOCOL_OBJECT_HAS_THEN) return malformed(reader);
    return bridge_guest_object(cx, number, HANDLE_OBJECT);
  }
  r->name = read_string(reader);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  if (!read_byte(reader, &flags) || flags > PROTOCOL_FUNCTION_FLAGS || !read_byte(reader, &length))
    return malformed(reader);
  if (tag == MESSAGE_GUEST_FUNCTION) return bridge_guest_object(cx, number, HANDLE_FUNCTION);
  reader->numbers.next++;
  Value function = bridge_host_function(cx, number, r->name, flags, length);
  if (value_is_abrupt(function)) not_arrived(reader, number);
  return function;
}

// Only containers, whose depth is bounded, may nest deeper.
static bool next_is(const Reader *reader, MessageTag one, MessageTag other) {
  if (reader->position >= reader->size) return false;
  uint8_t tag = reader->bytes[reader->position];
  return tag == one || tag == other || tag == MESSAGE_REFERENCE;
}

static Value read_host_object_parts(Reader *reader, uint32_t number) {
  ROOTS(reader->cx, r, class_, handler);
  if (!next_is(reader, MESSAGE_UNDEFINED, MESSAGE_HOST_FUNCTION)) return malformed(reader);
  r->class_ = read_value(reader);
  if (value_is_abrupt(r->class_)) return VALUE_ABRUPT;
  if (!next_is(reader, MESSAGE_UNDEFINED, MESSAGE_OBJECT)) return malformed(reader);
  r->handler = read_value(reader);
  if (value_is_abrupt(r->handler)) return VALUE_ABRUPT;
  return bridge_host_object(reader->cx, number, r->class_, r->handler);
}

static Value read_host_object(Reader *reader) {
  uint32_t number;
  if (reader->is_clone || !read_varint(reader, &number)) return malformed(reader);
  reader->numbers.next++;
  Value object = read_host_object_parts(reader, number);
  if (value_is_abrupt(object)) not_arrived(reader, number);
  return object;
}

static Value read_symbol(Reader *reader) {
  const Names *names = reader->cx->names;
  const Value crossing[] = {
#define PROTOCOL_CROSSING_SYMBOL(name) names->symbol_##name,
#include "host/runtime/protocol.def"
  };
  uint8_t which;
  if (reader->is_clone || !read_byte(reader, &which) || which >= COUNT_OF(crossing)) return malformed(reader);
  return crossing[which];
}

// Objects that are complete at once; they contain no other objects.
static Value read_other_object(Reader *reader, MessageTag tag) {
  ROOTS(reader->cx, r, object);
  uint32_t number;
  if (!reserve_number(reader, &number)) return VALUE_ABRUPT;
  switch (tag) {
    case MESSAGE_DATE: r->object = read_date(reader); break;
    case MESSAGE_REGEXP: r->object = read_regexp(reader); break;
    case MESSAGE_BOXED: r->object = read_boxed(reader); break;
    case MESSAGE_GUEST_FUNCTION:
    case MESSAGE_HOST_FUNCTION:
    case MESSAGE_GUEST_PROMISE:
    case MESSAGE_GUEST_OBJECT:
    case MESSAGE_HOST_PROMISE: r->object = read_crossed(reader, tag); break;
    case MESSAGE_HOST_OBJECT: r->object = read_host_object(reader); break;
    default: return malformed(reader);
  }
  if (value_is_abrupt(r->object)) return VALUE_ABRUPT;
  give_number(reader, number, r->object);
  return r->object;
}

static Value read_reference(Reader *reader, Value list) {
  uint32_t number;
  if (!read_varint(reader, &number) || number >= list_size(list)) return malformed(reader);
  Value value = *list_item(list, number);
  return value_is_undefined(value) ? malformed(reader) : value;
}

static Value read_value(Reader *reader) {
  uint8_t tag;
  uint32_t number;
  if (!context_charge(reader->cx, 1)) return context_throw_interrupted(reader->cx);
  if (!read_byte(reader, &tag)) return malformed(reader);
  switch ((MessageTag)tag) {
    case MESSAGE_UNDEFINED: return VALUE_UNDEFINED;
    case MESSAGE_NULL: return VALUE_NULL;
    case MESSAGE_TRUE: return VALUE_TRUE;
    case MESSAGE_FALSE: return VALUE_FALSE;
    case MESSAGE_INT:
      if (!read_varint(reader, &number)) return malformed(reader);
      return value_int((int32_t)(number >> 1 ^ (0 - (number & 1))));
    case MESSAGE_DOUBLE: return read_double(reader);
    case MESSAGE_LATIN1: return read_text(reader, false);
    case MESSAGE_UTF16: return read_text(reader, true);
    case MESSAGE_TEXT_REFERENCE: return read_reference(reader, *reader->texts);
    case MESSAGE_BIGINT: return read_bigint(reader);
    case MESSAGE_SYMBOL: return read_symbol(reader);
    case MESSAGE_REFERENCE: return read_reference(reader, *reader->objects);
    case MESSAGE_LATER:
    case MESSAGE_OBJECT:
    case MESSAGE_ARRAY:
    case MESSAGE_SPARSE_ARRAY:
    case MESSAGE_MAP:
    case MESSAGE_SET:
    case MESSAGE_ITERATOR:
    case MESSAGE_ASYNC_ITERATOR:
    case MESSAGE_ERROR: return read_container(reader, (MessageTag)tag);
    case MESSAGE_SHAPED: return read_shaped(reader);
    case MESSAGE_BUFFER: return read_buffer(reader);
    case MESSAGE_TYPED_ARRAY: return read_buffer_view(reader, true);
    case MESSAGE_DATA_VIEW: return read_buffer_view(reader, false);
    default: return read_other_object(reader, (MessageTag)tag);
  }
}

// The first byte, and the table of buffers at the end.
static MUST_CHECK bool read_frame(Reader *reader, const Value *shared) {
  uint8_t flags;
  uint8_t all = PROTOCOL_MESSAGE_HAS_BUFFERS | PROTOCOL_MESSAGE_REFERS_TO_OBJECTS | PROTOCOL_MESSAGE_REFERS_TO_TEXTS |
                (reader->is_clone ? 0 : PROTOCOL_MESSAGE_HAS_NUMBERS);
  if (!read_byte(reader, &flags) || flags & ~all) return malformed(reader), false;
  reader->refers_to_objects = flags & PROTOCOL_MESSAGE_REFERS_TO_OBJECTS;
  reader->refers_to_texts = flags & PROTOCOL_MESSAGE_REFERS_TO_TEXTS;
  if (flags & PROTOCOL_MESSAGE_HAS_NUMBERS && !message_take_numbers(reader->bytes, &reader->size, &reader->numbers))
    return malformed(reader), false;
  if (!(flags & PROTOCOL_MESSAGE_HAS_BUFFERS)) return true;
  if (reader->size < 5) return malformed(reader), false;
  size_t end = reader->size - 4;
  const uint8_t *last = reader->bytes + end;
  size_t position = last[0] | (size_t)last[1] << 8 | (size_t)last[2] << 16 | (size_t)last[3] << 24;
  if (position < reader->position || position > end) return malformed(reader), false;
  Tristate read = buffer_table_read(&reader->buffers, reader->bytes, end, position, shared);
  if (read == TRISTATE_FALSE) (void)malformed(reader);
  reader->size = position;
  return read == TRISTATE_TRUE;
}

// bounded: each value that is read is charged.
static MUST_CHECK bool read_parts(Reader *reader, const Value *shared, Value *values, uint32_t count) {
  ROOTS(reader->cx, r, object);
  if (!read_frame(reader, shared)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!value_is_hole(values[i])) continue;
    values[i] = read_value(reader);
    if (value_is_abrupt(values[i])) return false;
  }
  for (uint32_t i = 0; i < list_size(*reader->later); i += 2) {
    r->object = *list_item(*reader->later, i);
    MessageTag tag = (MessageTag)value_as_int(*list_item(*reader->later, i + 1));
    *list_item(*reader->later, i) = VALUE_UNDEFINED;
    reader->depth = 1;
    if (!read_contents(reader, value_as_object(r->object), tag)) return false;
  }
  return reader->position == reader->size || (malformed(reader), false);
}

// bounded: by the number of values that the host has sent.
static void give_back_unread(Reader *reader) {
  for (uint32_t i = reader->numbers.next; i < reader->numbers.count; i++)
    not_arrived(reader, message_number(&reader->numbers, i));
}

static MUST_CHECK bool read_message(Context *cx, const uint8_t *bytes, size_t size, const Value *shared, bool is_clone,
                                    Value moved, Value *values, uint32_t count) {
  ROOTS(cx, r, objects, keys, texts, later, buffers);
  Reader reader = {.cx = cx,
                   .bytes = bytes,
                   .size = size,
                   .objects = &r->objects,
                   .keys = &r->keys,
                   .texts = &r->texts,
                   .later = &r->later,
                   .is_clone = is_clone,
                   .moved = value_is_object_of(moved, CELL_ARRAY) ? value_as_object(moved) : NULL};
  buffer_table_initialize(&reader.buffers, cx, &r->buffers);
  bool is_read = read_parts(&reader, shared, values, count);
  if (!is_read && reader.numbers.count > 0) give_back_unread(&reader);
  buffer_table_release(&reader.buffers);
  return is_read;
}

bool message_read_values(Context *cx, const uint8_t *bytes, size_t size, Value *values, uint32_t count) {
  return read_message(cx, bytes, size, NULL, false, VALUE_UNDEFINED, values, count);
}

Value message_read(Context *cx, const uint8_t *bytes, size_t size) {
  ROOTS(cx, r, value);
  r->value = VALUE_HOLE;
  return message_read_values(cx, bytes, size, &r->value, 1) ? r->value : VALUE_ABRUPT;
}

Value message_clone(Context *cx, Value value, Value refuse, Value moved, Value places) {
  ROOTS(cx, r, shared, copy);
  Object *shared = array_create(cx, 0);
  if (!shared) return VALUE_ABRUPT;
  r->shared = value_object(shared);
  r->copy = VALUE_HOLE;
  Buffer message;
  buffer_initialize(&message, &cx->memory);
  bool is_copied = message_write_clone(cx, value, refuse, moved, &r->shared, &message) &&
                   read_message(cx, message.data, message.size, &r->shared, true, places, &r->copy, 1);
  buffer_release(&message);
  return is_copied ? r->copy : VALUE_ABRUPT;
}
