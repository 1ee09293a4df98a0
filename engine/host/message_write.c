#include "host/message.h"
#include "runtime/bigints.h"
#include "runtime/buffers.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/promises.h"
#include "runtime/typed_arrays.h"

enum { KEY_CACHE_SIZE = 128 };

typedef struct Writer {
  Context *cx;
  Buffer *out;
  Value *seen;           // rooted: internal HashTable, object -> number
  uint32_t object_count;
  uint32_t key_count;
  Value *keys;           // rooted place that keeps the cached atoms alive: internal Values
  uint32_t numbers[KEY_CACHE_SIZE];
  const Value *refuse;   // structuredClone: is called with what is not data, and throws; NULL: for the host
} Writer;

static void write_tag(Writer *w, MessageTag tag) { buffer_append_byte(w->out, (uint8_t)tag); }

static void write_varint(Writer *w, uint32_t number) {
  uint8_t bytes[5];
  size_t size = 0;
  while (number >= 0x80) {
    bytes[size++] = (uint8_t)(number | 0x80);
    number >>= 7;
  }
  bytes[size++] = (uint8_t)number;
  buffer_append(w->out, bytes, size);
}

static void write_double(Writer *w, double number) {
  buffer_append(w->out, &number, sizeof number);
}

static void write_view(Writer *w, TextView text) {
  write_tag(w, text.is_wide ? MESSAGE_UTF16 : MESSAGE_LATIN1);
  write_varint(w, text.length);
  buffer_append(w->out, text.narrow, (size_t)text.length << text.is_wide);
}

static MUST_CHECK bool write_string(Writer *w, Value string) {
  TextView text;
  if (!string_view(w->cx, value_as_string(string), &text)) return false;
  write_view(w, text);
  return true;
}

static MUST_CHECK bool write_value(Writer *w, Value value);

static MUST_CHECK bool write_key(Writer *w, PropertyKey key) {
  if (value_is_int(key)) {
    ROOTS(w->cx, r, text);
    r->text = string_from_uint32(w->cx, (uint32_t)value_as_int(key));
    if (value_is_abrupt(r->text)) return false;
    write_varint(w, 0);
    w->key_count++;
    return write_string(w, r->text);
  }
  Values *keys = (Values *)value_as_cell(*w->keys);
  uint32_t place = (uint32_t)(key >> 4) & (KEY_CACHE_SIZE - 1);
  if (keys->items[place] == key) {
    write_varint(w, w->numbers[place] + 1);
    return true;
  }
  write_varint(w, 0);
  keys->items[place] = key;
  w->numbers[place] = w->key_count++;
  return write_string(w, key);
}

// Own enumerable string-keyed properties, as structured clone takes them. `skip_indices`: elements written already.
static MUST_CHECK bool write_properties(Writer *w, Object *object, bool skip_elements) {
  Context *cx = w->cx;
  ROOTS(cx, r, keys, key, value, get, set, chosen);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  Values *chosen = values_create(cx, keys->cell.extra);
  if (!chosen) return false;
  r->chosen = value_internal(chosen);
  uint32_t count = 0;
  for (uint32_t i = 0; i < keys->cell.extra; i++) {
    if (!value_is_string(keys->items[i])) continue;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    if (skip_elements && key_is_index(r->key)) continue;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, object, r->key, &descriptor, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_TRUE && descriptor.attributes & PROPERTY_ENUMERABLE) chosen->items[count++] = r->key;
  }
  write_varint(w, count);
  for (uint32_t i = 0; i < count; i++) {
    r->value = object_get_key(cx, object, chosen->items[i]);
    if (value_is_abrupt(r->value)) return false;
    if (!write_key(w, chosen->items[i]) || !write_value(w, r->value)) return false;
  }
  return true;
}

// OPTIMIZATION: an ordinary object all of whose properties are plain data is written from its shape.
static bool properties_are_plain(const Object *object, uint32_t *count) {
  const Shape *shape = object->shape;
  if (object->cell.kind != CELL_OBJECT || object->element_count || object->cell.flags & OBJECT_SPARSE ||
      shape->class_->own_keys || shape->class_->get_own_property)
    return false;
  *count = 0;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *property = &shape->properties->entries[i];
    if (!property->key || !(property->attributes & PROPERTY_ENUMERABLE) || value_is_symbol(property->key)) continue;
    if (property->attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY)) return false;
    ++*count;
  }
  return true;
}

static MUST_CHECK bool write_object(Writer *w, Object *object) {
  uint32_t count;
  write_tag(w, MESSAGE_OBJECT);
  if (!properties_are_plain(object, &count)) return write_properties(w, object, false);
  write_varint(w, count);
  Shape *shape = object->shape;
  ROOTS(w->cx, r, shape, value);
  r->shape = value_internal(shape);
  for (uint32_t i = 0; i < shape->count && count > 0; i++) {
    const Property property = shape->properties->entries[i];
    if (!property.key || !(property.attributes & PROPERTY_ENUMERABLE) || value_is_symbol(property.key)) continue;
    // Writing a value may run guest code that changes the object; what is gone crosses as undefined.
    r->value = object->shape == shape ? object->slots[property.slot] : object_get_key(w->cx, object, property.key);
    if (value_is_abrupt(r->value) || !write_key(w, property.key) || !write_value(w, r->value)) return false;
    count--;
  }
  return true;
}

static MUST_CHECK bool write_array(Writer *w, Object *array) {
  Context *cx = w->cx;
  write_tag(w, MESSAGE_ARRAY);
  uint32_t length = array->length;
  write_varint(w, length);
  ROOTS(cx, r, item);
  for (uint32_t i = 0; i < length; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (array_is_dense(array) && i < array->element_count && !value_is_hole(array->elements->items[i])) {
      r->item = array->elements->items[i];
    } else {
      Tristate has = object_has_own_property(cx, array, key_from_uint32(cx, i));
      if (has == TRISTATE_ABRUPT) return false;
      if (has == TRISTATE_FALSE) {
        write_tag(w, MESSAGE_HOLE);
        continue;
      }
      r->item = object_get_key(cx, array, key_from_uint32(cx, i));
      if (value_is_abrupt(r->item)) return false;
    }
    if (!write_value(w, r->item)) return false;
  }
  bool has_more = array->shape->count > 0 || array->cell.flags & OBJECT_SPARSE;
  if (has_more) return write_properties(w, array, true);
  write_varint(w, 0);
  return true;
}

static MUST_CHECK bool write_collection(Writer *w, Collection *collection, bool is_map) {
  write_tag(w, is_map ? MESSAGE_MAP : MESSAGE_SET);
  write_varint(w, collection_size(collection));
  uint64_t ordinal = 0;
  ROOTS(w->cx, r, key, value);
  for (const HashEntry *entry; (entry = collection_step(collection, &ordinal)) != NULL;) {
    r->key = entry->key;
    r->value = entry->value;
    if (!write_value(w, r->key) || (is_map && !write_value(w, r->value))) return false;
  }
  return true;
}

static MUST_CHECK bool write_data_string(Writer *w, Object *object, PropertyKey key) {
  Context *cx = w->cx;
  ROOTS(cx, r, value);
  r->value = object_get_key(cx, object, key);
  if (value_is_abrupt(r->value)) {
    if (!exception_is_catchable(cx)) return false;
    (void)exception_take(cx);
    r->value = VALUE_UNDEFINED;
  }
  if (value_is_string(r->value)) return write_string(w, r->value);
  write_view(w, text_view_literal(""));
  return true;
}

static MUST_CHECK bool write_error(Writer *w, Object *error) {
  Context *cx = w->cx;
  write_tag(w, MESSAGE_ERROR);
  if (!write_data_string(w, error, cx->names->name) || !write_data_string(w, error, cx->names->message) ||
      !write_data_string(w, error, cx->names->stack))
    return false;
  ROOTS(cx, r, value, get, set);
  for (int i = 0; i < 2; i++) {
    Descriptor descriptor;
    PropertyKey key = i ? cx->names->errors : cx->names->cause;
    Tristate found = object_get_own_property(cx, error, key, &descriptor, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_TRUE && !descriptor_is_accessor(&descriptor)) {
      if (!write_value(w, r->value)) return false;
    } else {
      write_tag(w, MESSAGE_HOLE);
    }
  }
  return true;
}

static MUST_CHECK bool write_function(Writer *w, Value function) {
  Context *cx = w->cx;
  uint32_t number;
  if (bridge_is_host_function(function, &number)) {
    write_tag(w, MESSAGE_HOST_FUNCTION);
    write_varint(w, number);
    write_view(w, text_view_literal(""));
    buffer_append_byte(w->out, 0);
    return true;
  }
  if (!bridge_guest_handle(cx, function, &number)) return false;
  write_tag(w, MESSAGE_GUEST_FUNCTION);
  write_varint(w, number);
  return write_data_string(w, value_as_object(function), cx->names->name);
}

static MUST_CHECK bool write_buffer(Writer *w, ArrayBuffer *buffer) {
  if (buffer_is_detached(buffer)) {
    throw_type_error(w->cx, "a detached ArrayBuffer cannot be passed to the host");
    return false;
  }
  uint32_t size = (uint32_t)buffer->byte_length;
  write_tag(w, MESSAGE_BUFFER);
  write_varint(w, size);
  buffer_append(w->out, buffer->data, size);
  return true;
}

static MUST_CHECK bool write_view_object(Writer *w, BufferView *view) {
  if (view->out_of_bounds) {
    throw_type_error(w->cx, "a view of a detached or shrunken ArrayBuffer cannot be passed to the host");
    return false;
  }
  bool is_typed_array = view->object.cell.kind == CELL_TYPED_ARRAY;
  write_tag(w, is_typed_array ? MESSAGE_TYPED_ARRAY : MESSAGE_DATA_VIEW);
  if (is_typed_array) buffer_append_byte(w->out, view->element_kind);
  if (!write_value(w, value_object(view->buffer))) return false;
  write_varint(w, (uint32_t)view->byte_offset);
  write_varint(w, view->object.length);
  return true;
}

static MUST_CHECK bool throw_uncloneable(Writer *w, Value value) {
  Context *cx = w->cx;
  if (w->refuse) {
    (void)function_call(cx, *w->refuse, VALUE_UNDEFINED, &value, 1);
    return false;
  }
  throw_type_error(cx, "%v cannot be passed to the host: only data, functions and promises can", value);
  return false;
}

static MUST_CHECK bool write_new_object(Writer *w, Value value) {
  Context *cx = w->cx;
  Object *object = value_as_object(value);
  if (object->cell.flags & OBJECT_CALLABLE) return w->refuse ? throw_uncloneable(w, value) : write_function(w, value);
  switch (object->cell.kind) {
    case CELL_ARRAY: return write_array(w, object);
    case CELL_ERROR: return write_error(w, object);
    case CELL_PRIMITIVE:
      if (value_is_primitive_object(value, &object_class_date)) {
        write_tag(w, MESSAGE_DATE);
        write_double(w, value_as_number(primitive_object_value(value)));
        return true;
      }
      if (value_is_symbol(primitive_object_value(value))) return throw_uncloneable(w, value);
      write_tag(w, MESSAGE_BOXED);
      return write_value(w, primitive_object_value(value));
    case CELL_COLLECTION:
      if (object->length > COLLECTION_SET) return throw_uncloneable(w, value);
      return write_collection(w, (Collection *)object, object->length == COLLECTION_MAP);
    case CELL_REGEXP:
      write_tag(w, MESSAGE_REGEXP);
      return write_data_string(w, object, cx->names->source) && write_data_string(w, object, cx->names->flags);
    case CELL_ARRAY_BUFFER: return write_buffer(w, (ArrayBuffer *)object);
    case CELL_TYPED_ARRAY:
    case CELL_DATA_VIEW: return write_view_object(w, (BufferView *)object);
    case CELL_PROMISE: {
      if (w->refuse) return throw_uncloneable(w, value);
      uint32_t handle;
      if (!bridge_guest_handle(cx, value, &handle) || !bridge_watch_promise(cx, value, handle)) return false;
      write_tag(w, MESSAGE_GUEST_PROMISE);
      write_varint(w, handle);
      return true;
    }
    case CELL_OBJECT:
    case CELL_ARGUMENTS:
    case CELL_PROXY:
    case CELL_MODULE_NAMESPACE: return write_object(w, object);
    default: return throw_uncloneable(w, value);
  }
}

static MUST_CHECK bool write_object_value(Writer *w, Value value) {
  Context *cx = w->cx;
  HashTable *seen = value_is_internal(*w->seen) ? (HashTable *)value_as_cell(*w->seen) : NULL;
  int64_t found = hash_table_find(seen, value);
  if (found != HASH_ABSENT) {
    write_tag(w, MESSAGE_REFERENCE);
    write_varint(w, (uint32_t)value_as_int(seen->entries[found].value));
    return true;
  }
  if (!hash_table_put(cx, &seen, value, value_int((int32_t)w->object_count++))) return false;
  *w->seen = value_internal(seen);
  if (!context_enter_native(cx)) return false;
  bool written = write_new_object(w, value);
  context_leave_native(cx);
  return written;
}

static MUST_CHECK bool write_value(Writer *w, Value value) {
  if (value_is_double(value)) value = value_number(value_as_double(value));
  if (value_is_int(value)) {
    int32_t number = value_as_int(value);
    write_tag(w, MESSAGE_INT);
    write_varint(w, (uint32_t)number << 1 ^ (uint32_t)(number >> 31));
    return true;
  }
  switch (value_tag(value)) {
    case VALUE_TAG_SPECIAL:
      write_tag(w, value == VALUE_UNDEFINED ? MESSAGE_UNDEFINED
                   : value == VALUE_NULL    ? MESSAGE_NULL
                   : value == VALUE_TRUE    ? MESSAGE_TRUE
                   : value == VALUE_FALSE   ? MESSAGE_FALSE
                                            : MESSAGE_HOLE);
      return true;
    case VALUE_TAG_STRING: return write_string(w, value);
    case VALUE_TAG_BIGINT: {
      const BigInt *bigint = value_as_bigint(value);
      write_tag(w, MESSAGE_BIGINT);
      buffer_append_byte(w->out, bigint->cell.flags & 1);
      write_varint(w, bigint->cell.extra);
      buffer_append(w->out, bigint->digits, bigint->cell.extra * sizeof(uint32_t));
      return true;
    }
    case VALUE_TAG_SYMBOL: return throw_uncloneable(w, value);
    case VALUE_TAG_OBJECT: return write_object_value(w, value);
    default:
      write_tag(w, MESSAGE_DOUBLE);
      write_double(w, value_as_double(value));
      return true;
  }
}

static MUST_CHECK bool write_root(Context *cx, const Value *values, uint32_t count, bool is_list, const Value *refuse,
                                  Buffer *out) {
  ROOTS(cx, r, seen, keys);
  Writer writer = {.cx = cx, .out = out, .seen = &r->seen, .keys = &r->keys, .refuse = refuse};
  Values *keys = values_create(cx, KEY_CACHE_SIZE);
  if (!keys) return false;
  r->keys = value_internal(keys);
  if (is_list) {
    write_tag(&writer, MESSAGE_ARRAY);
    writer.object_count++;
    write_varint(&writer, count);
  }
  for (uint32_t i = 0; i < count; i++)
    if (!write_value(&writer, values[i])) return false;
  if (is_list) write_varint(&writer, 0);
  if (!out->failed) return true;
  context_throw_out_of_memory(cx);
  return false;
}

bool message_write(Context *cx, Value value, Buffer *out) { return write_root(cx, &value, 1, false, NULL, out); }
bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out) {
  return write_root(cx, arguments, count, true, NULL, out);
}
bool message_write_clone(Context *cx, Value value, Value refuse, Buffer *out) {
  return write_root(cx, &value, 1, false, &refuse, out);
}
