#include "builtins/text/regexp_objects.h"
#include "host/boundary/message_buffers.h"
#include "host/boundary/message_numbers.h"
#include "host/boundary/message_shapes.h"
#include "runtime/bigints.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/promises.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

enum { KEY_CACHE_SIZE = 128, TEXT_CACHE_SIZE = 64, LONGEST_NAME = 1000, NATIVE_RESERVE = 6 };

// Guest code (getters, traps) may change everything while it is written. So anything that has a count is copied before
// its count is written, and items that have disappeared since are holes.
typedef struct Writer {
  Context *cx;
  Buffer *out;
  size_t base;     // where the message begins in `out`
  Value *seen;     // rooted: internal HashTable, object -> number
  Value *keys;     // rooted place that keeps the cached atoms alive: internal Values
  Value *texts;    // the same for strings
  Value *later;    // an array: objects whose contents are put off; for each, its tag and whether it is part of an error
  Value *path;     // an array: the keys that lead to the value that cannot cross, innermost first
  Value *refused;  // the value that cannot cross; a hole: none
  uint32_t object_count, key_count, text_count;
  uint32_t key_numbers[KEY_CACHE_SIZE], text_numbers[TEXT_CACHE_SIZE];
  uint32_t depth;
  uint32_t error_depth;  // above 0: within the properties of an error, where values that cannot cross are undefined
  BufferWriter buffers;
  const Value *refuse;  // structuredClone: is called with a value that is not data, and throws; NULL: for the host
  const Object *moved;  // structuredClone: objects that are replaced in the copy; NULL: none
  bool copies;          // nothing is sent as a reference
  bool is_lenient;      // a property that cannot cross is replaced by the reason
  bool omits;           // the same for items
  bool is_for_trap;     // symbols that do not cross are undefined
  Value prefix;         // a key that stands for the whole value in errors about it; or a hole
  Buffer handles;       // the handles that are in the message
} Writer;

static void write_tag(Writer *w, MessageTag tag) { buffer_append_byte(w->out, (uint8_t)tag); }
static void write_varint(Writer *w, uint32_t number) { message_append_varint(w->out, number); }
static void write_double(Writer *w, double number) { buffer_append(w->out, &number, sizeof number); }

// Writes a reference to an earlier object or text.
static void write_reference(Writer *w, MessageTag tag, uint32_t number) {
  write_tag(w, tag);
  write_varint(w, number);
  uint8_t flag = tag == MESSAGE_REFERENCE ? PROTOCOL_MESSAGE_REFERS_TO_OBJECTS : PROTOCOL_MESSAGE_REFERS_TO_TEXTS;
  if (!w->out->failed) w->out->data[w->base] |= flag;
}

static MUST_CHECK bool write_view(Writer *w, TextView text) {
  if (text.length >= PROTOCOL_SHARED_TEXT_LENGTH) w->text_count++;
  write_tag(w, text.is_wide ? MESSAGE_UTF16 : MESSAGE_LATIN1);
  write_varint(w, text.length);
  buffer_append(w->out, text.narrow, (size_t)text.length << text.is_wide);
  return context_charge_bytes(w->cx, (size_t)text.length << text.is_wide, CHARGE_COPY);
}

static MUST_CHECK bool cache_create(Writer *w, Value *place, uint32_t size) {
  if (value_is_internal(*place)) return true;
  Values *values = values_create(w->cx, size);
  if (!values) return false;
  *place = value_internal(values);
  return true;
}

static MUST_CHECK bool write_string(Writer *w, Value string) {
  TextView text;
  if (!string_view(w->cx, value_as_string(string), &text)) return false;
  if (text.length < PROTOCOL_SHARED_TEXT_LENGTH) return write_view(w, text);
  if (!cache_create(w, w->texts, TEXT_CACHE_SIZE)) return false;
  Value *cached = ((Values *)value_as_cell(*w->texts))->items;
  uint32_t place = (uint32_t)(string >> 4 ^ string >> 10) & (TEXT_CACHE_SIZE - 1);
  if (cached[place] == string) {
    write_reference(w, MESSAGE_TEXT_REFERENCE, w->text_numbers[place]);
    return true;
  }
  cached[place] = string;
  w->text_numbers[place] = w->text_count;
  return write_view(w, text);
}

static MUST_CHECK bool write_value(Writer *w, Value value);

// The number of a symbol that crosses; otherwise -1.
static int crossing_symbol(const Writer *w, Value symbol) {
  const Names *names = w->cx->names;
  const Value crossing[] = {
#define PROTOCOL_CROSSING_SYMBOL(name) names->symbol_##name,
#include "host/runtime/protocol.def"
  };
  if (w->refuse) return -1;
  for (unsigned i = 0; i < COUNT_OF(crossing); i++)
    if (symbol == crossing[i]) return (int)i;
  return -1;
}

static bool symbol_crosses(const Writer *w, Value symbol) { return crossing_symbol(w, symbol) >= 0; }

static void write_symbol(Writer *w, Value symbol) {
  write_tag(w, MESSAGE_SYMBOL);
  buffer_append_byte(w->out, (uint8_t)crossing_symbol(w, symbol));
}

static MUST_CHECK bool take_handle(Writer *w, Value value, uint32_t *handle) {
  if (!bridge_guest_handle(w->cx, value, handle)) return false;
  buffer_append(&w->handles, handle, sizeof *handle);
  return true;
}

// The message will not arrive, so its handles are given back.
static void give_back_handles(Writer *w) {
  const uint32_t *handles = (const uint32_t *)w->handles.data;
  for (size_t i = 0; i < w->handles.size / sizeof *handles; i++)
    (void)bridge_release_handle(host_of(w->cx), handles[i], 1);
}

static MUST_CHECK bool write_key(Writer *w, PropertyKey key) {
  TextView text;
  if (value_is_int(key)) {
    ROOTS(w->cx, r, text);
    r->text = string_from_uint32(w->cx, (uint32_t)value_as_int(key));
    if (value_is_abrupt(r->text) || !string_view(w->cx, value_as_string(r->text), &text)) return false;
    write_varint(w, 0);
    w->key_count++;
    return write_view(w, text);
  }
  if (value_is_symbol(key)) {
    write_varint(w, 0);
    w->key_count++;
    write_symbol(w, key);
    return true;
  }
  if (!cache_create(w, w->keys, KEY_CACHE_SIZE)) return false;
  Value *cached = ((Values *)value_as_cell(*w->keys))->items;
  uint32_t place = (uint32_t)(key >> 4) & (KEY_CACHE_SIZE - 1);
  if (cached[place] == key) {
    write_varint(w, w->key_numbers[place] + 1);
    return true;
  }
  write_varint(w, 0);
  cached[place] = key;
  w->key_numbers[place] = w->key_count++;
  return string_view(w->cx, value_as_string(key), &text) && write_view(w, text);
}

// What cannot cross ---------------------------------------------------------------------------------------------------

static MUST_CHECK bool refuse(Writer *w, Value value) {
  if (w->error_depth > 0) {
    write_tag(w, MESSAGE_UNDEFINED);
    return true;
  }
  if (w->refuse) {
    (void)function_call(w->cx, *w->refuse, VALUE_UNDEFINED, &value, 1);
    return false;
  }
  *w->refused = value;
  return false;
}

// While a refusal unwinds, each container adds the key that it was at. Always false.
static bool add_to_path(Writer *w, Value key) {
  if (value_is_hole(*w->refused)) return false;
  if (!value_is_object(*w->path)) {
    Object *path = array_create(w->cx, 0);
    if (!path) return *w->refused = VALUE_HOLE, false;
    *w->path = value_object(path);
  }
  if (!array_push(w->cx, value_as_object(*w->path), key)) *w->refused = VALUE_HOLE;
  return false;
}

static void append_place(Buffer *out, Context *cx, Value key) {
  if (value_is_int(key)) {
    buffer_format(out, "[%d]", value_as_int(key));
  } else {
    if (out->size) buffer_append_byte(out, '.');
    error_describe_key(cx, key, out);
  }
}

static void throw_refused(Writer *w, bool was_put_off) {
  Context *cx = w->cx;
  Buffer path;
  buffer_initialize(&path, &cx->memory);
  if (value_is_object(*w->path)) {
    const Object *keys = value_as_object(*w->path);
    if (was_put_off) buffer_append_text(&path, "..");  // and one more point
    for (uint32_t i = keys->element_count; i > 0; i--) append_place(&path, cx, keys->elements->items[i - 1]);
    buffer_append_text(&path, ": ");
  }
  buffer_append_byte(&path, 0);
  const char *text = path.failed ? "" : (const char *)path.data;
  Value refused = *w->refused;
  *w->refused = VALUE_HOLE;
  bool is_memory = value_is_object_of(refused, CELL_ARRAY_BUFFER) || value_is_object_of(refused, CELL_TYPED_ARRAY) ||
                   value_is_object_of(refused, CELL_DATA_VIEW);
  if (is_memory)
    throw_type_error(
        cx,
        "%s%v cannot be passed to the host: its memory is shared, detached or out of bounds; copy what there is of it",
        text, refused);
  else throw_type_error(cx, "%s%v cannot be passed to the host: only data, functions and promises can", text, refused);
  buffer_release(&path);
}

// Objects -------------------------------------------------------------------------------------------------------------

// Within the properties of an error, a getter that throws gives undefined too.
static Value get_value(Writer *w, Object *object, PropertyKey key) {
  Context *cx = w->cx;
  Value value = object_get_key(cx, object, key);
  if (!value_is_abrupt(value) || w->error_depth == 0 || !exception_is_catchable(cx)) return value;
  (void)exception_take(cx);
  return VALUE_UNDEFINED;
}

typedef enum KeyChoice { ALL_KEYS, KEYS_WITHOUT_INDICES, KEYS_OF_ERROR } KeyChoice;

static bool is_chosen(const Writer *w, PropertyKey key, KeyChoice choice) {
  const Names *names = w->cx->names;
  if (choice == KEYS_WITHOUT_INDICES) {
    uint32_t index;
    return !key_as_array_index(key, &index);
  }
  return choice == ALL_KEYS || (key != names->name && key != names->message && key != names->stack &&
                                key != names->cause && key != names->errors);
}

static MUST_CHECK bool is_reference(Writer *w, Object *object, bool *result);
static bool can_cross(const Writer *w, const Object *object);

static MUST_CHECK bool crosses(Writer *w, Value value, bool *result) {
  *result = value_is_symbol(value) ? symbol_crosses(w, value) : true;
  if (!value_is_object(value)) return true;
  if (!is_reference(w, value_as_object(value), result)) return false;
  *result = *result || can_cross(w, value_as_object(value));
  return true;
}

static MUST_CHECK bool write_refusal(Writer *w, Value value) {
  ROOTS(w->cx, r, text);
  Buffer text;
  buffer_initialize(&text, &w->cx->memory);
  value_describe(w->cx, value, &text);
  buffer_append_text(&text, " cannot be passed to the host: only data, functions and promises can");
  r->text = text.failed ? w->cx->names->empty : string_from_utf8(w->cx, (const char *)text.data, text.size);
  buffer_release(&text);
  if (value_is_abrupt(r->text)) return false;
  write_tag(w, MESSAGE_REFUSED);
  return write_string(w, r->text);
}

static MUST_CHECK bool write_or_refuse(Writer *w, Value value, bool is_lenient) {
  bool can = true;
  if (is_lenient && w->error_depth == 0 && !crosses(w, value, &can)) return false;
  return can ? write_value(w, value) : write_refusal(w, value);
}

static MUST_CHECK bool write_item(Writer *w, Value value) { return write_or_refuse(w, value, w->omits); }

// Writes a member of an object. The host remembers objects with functions: `has_receiver` says that the object's number
// has been written; NULL: the host need not know it.
static MUST_CHECK bool write_member(Writer *w, Object *object, Value value, bool *has_receiver) {
  uint32_t number;
  if (has_receiver && !*has_receiver && !w->refuse && !w->copies && value_is_callable(value) &&
      !bridge_is_host_function(value, &number)) {
    *has_receiver = true;
    if (!take_handle(w, value_object(object), &number)) return false;
    write_tag(w, MESSAGE_RECEIVER);
    write_varint(w, number);
  }
  return has_receiver ? write_or_refuse(w, value, w->is_lenient) : write_value(w, value);
}

// The value of a key that existed when the keys were listed, or a hole.
static MUST_CHECK bool write_current_value(Writer *w, Object *object, PropertyKey key, bool *has_receiver) {
  Context *cx = w->cx;
  if (object->cell.kind != CELL_PROXY) {
    Tristate is_there = object_has_own_property(cx, object, key);
    if (is_there == TRISTATE_ABRUPT) return false;
    if (is_there == TRISTATE_FALSE) {
      write_tag(w, MESSAGE_HOLE);
      return true;
    }
  }
  ROOTS(cx, r, value);
  r->value = get_value(w, object, key);
  if (value_is_abrupt(r->value)) return false;
  return write_member(w, object, r->value, has_receiver) || add_to_path(w, key);
}

static MUST_CHECK bool write_property(Writer *w, Object *object, PropertyKey key, bool *has_receiver) {
  return write_key(w, key) && write_current_value(w, object, key, has_receiver);
}

// An object that defines its own iteration keeps that property.
static bool is_iteration(const Writer *w, Value key) {
  return !w->refuse && !w->copies &&
         (key == w->cx->names->symbol_iterator || key == w->cx->names->symbol_asyncIterator);
}

// Own enumerable properties with string keys, as in structured clone; for errors all data properties, since libraries
// hide theirs.
static MUST_CHECK bool write_properties(Writer *w, Object *object, KeyChoice choice) {
  Context *cx = w->cx;
  ROOTS(cx, r, keys, key, value, get, set, chosen);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  Values *chosen = values_create(cx, values_count(keys));
  if (!chosen) return false;
  r->chosen = value_internal(chosen);
  uint32_t count = 0;
  for (uint32_t i = 0; i < values_count(keys); i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (!value_is_string(keys->items[i]) && !is_iteration(w, keys->items[i])) continue;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    if (!is_chosen(w, r->key, choice)) continue;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, object, r->key, &descriptor, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_FALSE || (choice != KEYS_OF_ERROR && !(descriptor.attributes & PROPERTY_ENUMERABLE)))
      continue;
    if (choice != KEYS_OF_ERROR || !descriptor_is_accessor(&descriptor)) chosen->items[count++] = r->key;
  }
  write_varint(w, count);
  bool has_receiver = false;
  for (uint32_t i = 0; i < count; i++)
    if (!write_property(w, object, chosen->items[i], choice == KEYS_OF_ERROR ? NULL : &has_receiver)) return false;
  return true;
}

static bool is_written(const Property *property) {
  return property->key && property->attributes & PROPERTY_ENUMERABLE && !value_is_symbol(property->key);
}

// OPTIMIZATION: an ordinary object whose properties are all plain data is written from its shape.
static bool properties_are_plain(const Writer *w, const Object *object, uint32_t *count) {
  const Shape *shape = object->shape;
  if (object->cell.kind != CELL_OBJECT || object->element_count || object->cell.flags & OBJECT_SPARSE ||
      shape->class_->own_keys || shape->class_->get_own_property)
    return false;
  *count = 0;
  for (uint32_t i = 0; i < shape->count; i++) {
    const Property *property = &shape->properties->entries[i];
    if (property->key && is_iteration(w, property->key)) return false;
    if (!is_written(property)) continue;
    if (property->attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY)) return false;
    ++*count;
  }
  return true;
}

// Writes the properties of an object whose shape is a dictionary, which changes in place.
static MUST_CHECK bool write_copied_properties(Writer *w, Object *object, uint32_t count) {
  ROOTS(w->cx, r, copied);
  Values *copied = values_create(w->cx, count);
  if (!copied) return false;
  r->copied = value_internal(copied);
  uint32_t size = 0;
  const Shape *shape = object->shape;
  for (uint32_t i = 0; i < shape->count; i++)
    if (is_written(&shape->properties->entries[i])) copied->items[size++] = shape->properties->entries[i].key;
  bool has_receiver = false;
  for (uint32_t i = 0; i < size; i++)
    if (!write_property(w, object, copied->items[i], &has_receiver)) return false;
  return true;
}

static MUST_CHECK bool write_plain_properties(Writer *w, Object *object, uint32_t count) {
  ROOTS(w->cx, r, shape);
  const Shape *shape = object->shape;
  r->shape = value_internal(shape);
  bool has_receiver = false;
  for (uint32_t i = 0; count > 0; i++) {
    const Property property = shape->properties->entries[i];
    if (!is_written(&property)) continue;
    count--;
    // Writing a value may run guest code that changes the object.
    if (object->shape != shape) {
      if (!write_property(w, object, property.key, &has_receiver)) return false;
    } else if (!write_key(w, property.key)) {
      return false;
    } else if (!write_member(w, object, object->slots[property.slot], &has_receiver)) {
      return add_to_path(w, property.key);
    }
  }
  return true;
}

static MUST_CHECK bool write_object(Writer *w, Object *object) {
  uint32_t count;
  if (!properties_are_plain(w, object, &count)) return write_properties(w, object, ALL_KEYS);
  write_varint(w, count);
  return object->shape->cell.flags & SHAPE_DICTIONARY ? write_copied_properties(w, object, count)
                                                      : write_plain_properties(w, object, count);
}

static bool array_is_sparse(const Object *array) {
  return array->cell.flags & OBJECT_SPARSE || array->element_count < array->length / 4;
}

// Finds which indices of a dense array are holes, a bit for each; empty when there are none.
static MUST_CHECK bool find_holes(const Object *array, uint32_t length, Buffer *holes) {
  if (!array_is_dense(array)) return true;
  uint32_t count = MIN_OF(array->element_count, length);
  const Value *items = array->elements ? array->elements->items : NULL;
  bool has_holes = count < length;
  for (uint32_t i = 0; i < count && !has_holes; i++) has_holes = value_is_hole(items[i]);
  if (!has_holes) return true;
  size_t size = (size_t)length / 8 + 1;
  uint8_t *bits = buffer_reserve(holes, size);
  if (!bits) return false;
  memset(bits, 0, size);
  holes->size = size;
  for (uint32_t i = 0; i < length; i++)
    if (i >= count || value_is_hole(items[i])) bits[i / 8] |= (uint8_t)(1 << i % 8);
  return true;
}

static MUST_CHECK bool write_items(Writer *w, Object *array, uint32_t length, const Buffer *holes) {
  Context *cx = w->cx;
  ROOTS(cx, r, item, get, set);
  for (uint32_t i = 0; i < length; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    if (holes->size && holes->data[i / 8] & 1 << i % 8) {
      write_tag(w, MESSAGE_HOLE);  // even when it was filled meanwhile
      continue;
    }
    if (array_is_dense(array) && i < array->element_count && !value_is_hole(array->elements->items[i])) {
      r->item = array->elements->items[i];
    } else {
      PropertyKey key = key_from_uint32(cx, i);
      if (value_is_abrupt(key)) return false;
      Descriptor descriptor;
      Tristate has = object_get_own_property(cx, array, key, &descriptor, &r->item);
      if (has == TRISTATE_ABRUPT) return false;
      if (has == TRISTATE_FALSE || !(descriptor.attributes & PROPERTY_ENUMERABLE)) {
        write_tag(w, MESSAGE_HOLE);
        continue;
      }
      r->item = get_value(w, array, key);
      if (value_is_abrupt(r->item)) return false;
    }
    if (!write_item(w, r->item)) return add_to_path(w, value_unsigned(i));
  }
  return true;
}

static MUST_CHECK bool write_array(Writer *w, Object *array, uint32_t length) {
  Context *cx = w->cx;
  write_varint(w, length);
  if (!context_charge(cx, (int32_t)(length / 16))) return context_throw_interrupted(cx), false;
  Buffer holes;
  buffer_initialize(&holes, &cx->memory);
  bool found = find_holes(array, length, &holes);
  bool written = found && write_items(w, array, length, &holes);
  buffer_release(&holes);
  if (!found) context_throw_out_of_memory(cx);
  if (!written) return false;
  bool has_more = array->shape->count > 0 || array->cell.flags & OBJECT_SPARSE;
  if (has_more) return write_properties(w, array, KEYS_WITHOUT_INDICES);
  write_varint(w, 0);
  return true;
}

static MUST_CHECK bool write_collection(Writer *w, Collection *collection, bool is_map) {
  uint32_t count = collection_size(collection), size = 0;
  uint64_t ordinal = 0;
  write_varint(w, count);
  if (count == 0) return true;
  if (!context_charge(w->cx, (int32_t)MIN_OF(count, (uint32_t)INT32_MAX)))
    return context_throw_interrupted(w->cx), false;
  ROOTS(w->cx, r, copied);
  Values *copied = values_create(w->cx, is_map ? count * 2 : count);
  if (!copied) return false;
  r->copied = value_internal(copied);
  for (const HashEntry *entry; (entry = collection_step(w->cx, collection, &ordinal)) != NULL;) {
    copied->items[size++] = entry->key;
    if (is_map) copied->items[size++] = entry->value;
  }
  for (uint32_t i = 0; i < size; i++)
    if (!write_item(w, copied->items[i])) return add_to_path(w, value_unsigned(is_map ? i / 2 : i));
  return true;
}

// Errors --------------------------------------------------------------------------------------------------------------

static MUST_CHECK bool write_data_string(Writer *w, Object *object, PropertyKey key, uint32_t longest) {
  Context *cx = w->cx;
  ROOTS(cx, r, value);
  r->value = object_get_key(cx, object, key);
  if (value_is_abrupt(r->value)) {
    if (!exception_is_catchable(cx)) return false;
    (void)exception_take(cx);
    r->value = VALUE_UNDEFINED;
  }
  TextView text = text_view_literal("");
  if (value_is_string(r->value) && !string_view(cx, value_as_string(r->value), &text)) return false;
  text.length = MIN_OF(text.length, longest);
  return write_view(w, text);
}

// https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal, the step for errors: the
// name as a string, and the message only if it is the error's own data.
static MUST_CHECK bool write_cloned_error_head(Writer *w, Object *error) {
  Context *cx = w->cx;
  ROOTS(cx, r, name, message, get, set);
  r->name = object_get_key(cx, error, cx->names->name);
  if (value_is_abrupt(r->name)) return false;
  r->name = value_is_undefined(r->name) ? cx->names->empty : value_to_string(cx, r->name);
  if (value_is_abrupt(r->name)) return false;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, error, cx->names->message, &descriptor, &r->message);
  if (found == TRISTATE_ABRUPT) return false;
  bool has_message = found == TRISTATE_TRUE && !descriptor_is_accessor(&descriptor);
  if (has_message) r->message = value_to_string(cx, r->message);
  if (value_is_abrupt(r->message)) return false;
  buffer_append_byte(w->out, has_message ? 0 : CLONED_ERROR_HAS_NO_MESSAGE);
  return write_string(w, r->name) &&
         (has_message ? write_string(w, r->message) : write_view(w, text_view_literal(""))) &&
         write_data_string(w, error, cx->names->stack, UINT32_MAX);
}

static MUST_CHECK bool write_error_head(Writer *w, Object *error) {
  const Names *names = w->cx->names;
  if (w->refuse && !host_of(w->cx)->web->is_dom_exception(w->cx, error)) return write_cloned_error_head(w, error);
  uint8_t flags = host_of(w->cx)->web->is_dom_exception(w->cx, error) ? PROTOCOL_ERROR_IS_DOM_EXCEPTION : 0;
  uint64_t number = 0;
  if (!w->refuse && error->cell.kind == CELL_ERROR) {
    bool is_hosts = bridge_find_copy(w->cx, error, &number);
    if (!is_hosts && !bridge_number_error(w->cx, error, &number)) return false;
    flags |= is_hosts ? PROTOCOL_ERROR_COMES_HOME : PROTOCOL_ERROR_IS_NUMBERED;
  }
  buffer_append_byte(w->out, flags);
  if (number) write_double(w, (double)number);
  return write_data_string(w, error, names->name, LONGEST_NAME) &&
         write_data_string(w, error, names->message, UINT32_MAX) &&
         write_data_string(w, error, names->stack, UINT32_MAX);
}

static MUST_CHECK bool write_error_properties(Writer *w, Object *error) {
  Context *cx = w->cx;
  ROOTS(cx, r, value, get, set);
  for (int i = 0; i < 2; i++) {
    Descriptor descriptor;
    PropertyKey key = i ? cx->names->errors : cx->names->cause;
    Tristate found = object_get_own_property(cx, error, key, &descriptor, &r->value);
    if (found == TRISTATE_ABRUPT) return false;
    bool is_taken = !w->refuse || key == cx->names->cause;  // structuredClone ignores `errors`
    if (found == TRISTATE_TRUE && !descriptor_is_accessor(&descriptor) && is_taken) {
      if (!write_value(w, r->value)) return add_to_path(w, key);
    } else {
      write_tag(w, MESSAGE_HOLE);
    }
  }
  if (!w->refuse) return write_properties(w, error, KEYS_OF_ERROR);
  write_varint(w, 0);  // structuredClone writes nothing more
  return true;
}

// Containers ----------------------------------------------------------------------------------------------------------

// `length`: of an array, as it was when its tag was written.
static MUST_CHECK bool write_contents(Writer *w, Value value, MessageTag tag, uint32_t length) {
  Object *object = value_as_object(value);
  switch (tag) {
    case MESSAGE_ARRAY: return write_array(w, object, length);
    case MESSAGE_SPARSE_ARRAY: write_varint(w, length); return write_properties(w, object, ALL_KEYS);
    case MESSAGE_MAP: return write_collection(w, (Collection *)object, true);
    case MESSAGE_SET: return write_collection(w, (Collection *)object, false);
    case MESSAGE_ERROR: {
      uint32_t depth = w->error_depth;
      w->error_depth = w->refuse ? 0 : depth + 1;
      bool written = write_error_properties(w, object);
      w->error_depth = depth;
      return written;
    }
    default: return write_object(w, object);
  }
}

// Whether the contents are so deep that they must be put off.
static bool is_deep(const Writer *w) {
  return w->depth >= PROTOCOL_MESSAGE_DEPTH || w->cx->native_depth + NATIVE_RESERVE >= w->cx->native_depth_limit;
}

static MUST_CHECK bool write_shaped_values(Writer *w, Object *object, const Shape *shape) {
  bool has_receiver = false;
  for (uint32_t i = 0; i < shape->count; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    // Writing a value may run guest code that changes the object.
    if (UNLIKELY(object->shape != shape)) {
      if (!write_current_value(w, object, key, &has_receiver)) return false;
    } else if (!write_member(w, object, object->slots[i], &has_receiver)) {
      return add_to_path(w, key);
    }
  }
  return true;
}

// OPTIMIZATION: plain data whose keys the host knows is sent without the keys. `*is_written` is false for other
// objects.
static MUST_CHECK bool write_shaped(Writer *w, Object *object, bool *is_written) {
  Context *cx = w->cx;
  *is_written = false;
  if (w->refuse || is_deep(w) || object->element_count || object->cell.flags & OBJECT_SPARSE) return true;
  uint32_t number = message_shape_number(cx, object->shape);
  if (number == MESSAGE_NO_SHAPE) return true;
  *is_written = true;
  write_tag(w, MESSAGE_SHAPED);
  write_varint(w, number);
  if (!context_enter_native(cx)) return false;
  w->depth++;
  bool written = write_shaped_values(w, object, message_shape(cx, number));
  w->depth--;
  context_leave_native(cx);
  return written;
}

static MUST_CHECK bool put_off(Writer *w, Value value, MessageTag tag) {
  if (!value_is_object(*w->later)) {
    Object *list = array_create(w->cx, 0);
    if (!list) return false;
    *w->later = value_object(list);
  }
  Object *later = value_as_object(*w->later);
  return array_push(w->cx, later, value) &&
         array_push(w->cx, later, value_int((int32_t)tag | (w->error_depth > 0 ? 0x100 : 0))) &&
         array_push(w->cx, later, value_unsigned(value_as_object(value)->length));
}

static MUST_CHECK bool write_container(Writer *w, Value value, MessageTag tag) {
  Context *cx = w->cx;
  bool is_later = is_deep(w);
  if (is_later) write_tag(w, MESSAGE_LATER);
  write_tag(w, tag);
  if (tag == MESSAGE_ERROR && !write_error_head(w, value_as_object(value))) return false;
  if (is_later) return put_off(w, value, tag);
  if (!context_enter_native(cx)) return false;
  w->depth++;
  bool written = write_contents(w, value, tag, value_as_object(value)->length);
  w->depth--;
  context_leave_native(cx);
  return written;
}

// Writes the contents that were put off, which may put off more. `*was_put_off`: whether the message needed this.
// bounded: each value that is written is charged.
static MUST_CHECK bool write_later(Writer *w, bool *was_put_off) {
  for (uint32_t i = 0; value_is_object(*w->later) && i < value_as_object(*w->later)->element_count; i += 3) {
    *was_put_off = true;
    Value *items = value_as_object(*w->later)->elements->items;
    ROOTS(w->cx, r, object);
    r->object = items[i];
    int32_t tag = value_as_int(items[i + 1]);
    uint32_t length = (uint32_t)value_as_number(items[i + 2]);
    items[i] = VALUE_UNDEFINED;
    w->error_depth = tag >> 8;
    w->depth = 1;
    if (!write_contents(w, r->object, (MessageTag)(tag & 0xFF), length)) return false;
  }
  return true;
}

// Others --------------------------------------------------------------------------------------------------------------

// Whether the function has own properties besides those that every function has.
static MUST_CHECK bool has_own_members(Context *cx, Object *function, bool *found) {
  const Names *names = cx->names;
  if (!object_ensure_filled(cx, function)) return false;
  const Shape *shape = function->shape;
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
  context_spend_steps(cx, shape->count);
  *found = function->element_count > 0;
  for (uint32_t i = 0; i < shape->count && !*found; i++) {
    PropertyKey key = shape->properties->entries[i].key;
    *found = key && key != names->length && key != names->name && key != names->prototype && key != names->arguments &&
             key != names->caller;
  }
  return true;
}

// A class has the static members of the classes that it extends; members of built-in functions do not count.
static MUST_CHECK bool has_members(Context *cx, Object *function, bool *found) {
  if (!has_own_members(cx, function, found)) return false;
  for (Object *parent = function->shape->prototype; parent && !*found; parent = parent->shape->prototype) {
    if (!(parent->cell.flags & OBJECT_CALLABLE) || parent->cell.kind == CELL_NATIVE_FUNCTION) return true;
    if (parent->cell.kind == CELL_PROXY) *found = true;
    else if (!has_own_members(cx, parent, found)) return false;
  }
  return true;
}

static uint8_t parameter_count(Context *cx, const Object *function) {
  Value length = function->cell.kind == CELL_PROXY ? VALUE_UNDEFINED : object_peek(function, cx->names->length);
  return value_is_int(length) && value_as_int(length) > 0 ? (uint8_t)MIN_OF(value_as_int(length), UINT8_MAX) : 0;
}

static MUST_CHECK bool write_function(Writer *w, Value function) {
  Context *cx = w->cx;
  uint32_t number;
  if (bridge_is_host_function(function, &number)) {
    write_tag(w, MESSAGE_HOST_FUNCTION);
    write_varint(w, number);
    if (!write_view(w, text_view_literal(""))) return false;
    buffer_append_byte(w->out, 0);
    buffer_append_byte(w->out, 0);
    return true;
  }
  Object *object = value_as_object(function);
  bool members = false;
  if ((object->cell.kind != CELL_PROXY && !has_members(cx, object, &members)) || !take_handle(w, function, &number))
    return false;
  write_tag(w, MESSAGE_GUEST_FUNCTION);
  write_varint(w, number);
  if (!write_data_string(w, object, cx->names->name, LONGEST_NAME)) return false;
  buffer_append_byte(w->out, (uint8_t)((members ? PROTOCOL_FUNCTION_HAS_MEMBERS : 0) |
                                       (value_is_constructor(function) ? PROTOCOL_FUNCTION_CONSTRUCTOR : 0)));
  buffer_append_byte(w->out, parameter_count(cx, object));
  return true;
}

static MUST_CHECK bool write_guest_object(Writer *w, Value value) {
  uint32_t handle;
  if (!take_handle(w, value, &handle)) return false;
  write_tag(w, MESSAGE_GUEST_OBJECT);
  write_varint(w, handle);
  buffer_append_byte(w->out, value_is_callable(object_peek(value_as_object(value), w->cx->names->then))
                                 ? PROTOCOL_OBJECT_HAS_THEN
                                 : 0);
  return true;
}

static MUST_CHECK bool write_host_object(Writer *w, uint32_t number) {
  write_tag(w, MESSAGE_HOST_OBJECT);
  write_varint(w, number);
  write_tag(w, MESSAGE_UNDEFINED);
  write_tag(w, MESSAGE_UNDEFINED);
  return true;
}

// An object is more than its own data when its class or a prototype gives it members.
static MUST_CHECK bool inherits_members(Context *cx, Object *object, bool *found) {
  const Object *top = realm_prototype(cx, INTRINSIC_ObjectPrototype);
  *found = false;
  for (Object *prototype = object->shape->prototype; prototype && prototype != top && !*found;
       prototype = prototype->shape->prototype) {
    if (prototype->cell.kind == CELL_PROXY || prototype->element_count) {
      *found = true;
      break;
    }
    if (!object_ensure_filled(cx, prototype)) return false;
    const Shape *shape = prototype->shape;
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    context_spend_steps(cx, shape->count);
    for (uint32_t i = 0; i < shape->count && !*found; i++)
      *found = shape->properties->entries[i].key && shape->properties->entries[i].key != cx->names->constructor;
  }
  return true;
}

// Whether the host gets a reference, because a copy would lose what the object can do.
static MUST_CHECK bool is_reference(Writer *w, Object *object, bool *result) {
  *result = false;
  if (w->refuse || w->copies) return true;
  switch (object->cell.kind) {
    case CELL_OBJECT: return inherits_members(w->cx, object, result);
    case CELL_GENERATOR:
    case CELL_SLOTTED:
    case CELL_MODULE_NAMESPACE: return *result = true;
    default: return true;
  }
}

static MUST_CHECK bool write_buffer(Writer *w, Value value) {
  ArrayBuffer *buffer = value_as_array_buffer(value);
  write_tag(w, MESSAGE_BUFFER);
  return buffer_writer_add(&w->buffers, buffer, 0, buffer->byte_length, 1, true, 0);
}

static MUST_CHECK bool write_buffer_view(Writer *w, Value value) {
  const BufferView *view = (const BufferView *)value_as_object(value);
  ArrayBuffer *buffer = view->buffer;
  bool is_typed_array = view->object.cell.kind == CELL_TYPED_ARRAY;
  write_tag(w, is_typed_array ? MESSAGE_TYPED_ARRAY : MESSAGE_DATA_VIEW);
  if (is_typed_array) buffer_append_byte(w->out, view->element_kind);
  size_t size = (size_t)view->object.length << view->size_shift;
  return buffer_writer_add(&w->buffers, buffer, view->byte_offset, view->byte_offset + size, 1u << view->size_shift,
                           w->refuse != NULL, view->tracks_length ? PROTOCOL_VIEW_TRACKS_LENGTH : 0);
}

static MUST_CHECK bool write_regexp(Writer *w, const RegExpObject *regexp) {
  static const char letters[] = "dgimsuvy";  // in the order of the flags' bits
  uint8_t flags[sizeof letters];
  uint32_t count = 0;
  for (unsigned bit = 0; bit < sizeof letters - 1; bit++)
    if (regexp_object_program(regexp)->flags & 1u << bit) flags[count++] = (uint8_t)letters[bit];
  write_tag(w, MESSAGE_REGEXP);
  return write_string(w, regexp->source) && write_view(w, text_view_narrow(flags, count));
}

static MUST_CHECK bool write_primitive_object(Writer *w, Value value) {
  Value primitive = primitive_object_value(value);
  if (value_is_primitive_object(value, &object_class_date)) {
    write_tag(w, MESSAGE_DATE);
    write_double(w, value_as_number(primitive));
    return true;
  }
  write_tag(w, MESSAGE_BOXED);
  return write_value(w, primitive);
}

static MUST_CHECK bool write_promise(Writer *w, Value value) {
  uint32_t handle;
  if (!take_handle(w, value, &handle) || !bridge_watch_promise(w->cx, value, handle)) return false;
  write_tag(w, MESSAGE_GUEST_PROMISE);
  write_varint(w, handle);
  return true;
}

static bool buffer_can_cross(const Writer *w, const ArrayBuffer *buffer) {
  return !buffer_is_detached(buffer) && (!buffer_is_shared(buffer) || w->buffers.shared);
}

static bool can_cross(const Writer *w, const Object *object) {
  if (object->cell.flags & OBJECT_CALLABLE) return !w->refuse;
  if (w->refuse && object->cell.kind == CELL_OBJECT && host_of(w->cx)->web->is_platform_object(w->cx, object))
    return false;
  switch (object->cell.kind) {
    case CELL_COLLECTION: return object->length <= COLLECTION_SET;
    case CELL_REGEXP: return ((const RegExpObject *)object)->program != 0;
    case CELL_PROMISE:
    case CELL_HOST_OBJECT:
    case CELL_ARGUMENTS:  // structuredClone refuses exotic objects other than arrays
    case CELL_MODULE_NAMESPACE:
    case CELL_PROXY: return !w->refuse;
    case CELL_PRIMITIVE: return !value_is_symbol(((const PrimitiveObject *)object)->value);
    case CELL_ARRAY_BUFFER: return buffer_can_cross(w, (const ArrayBuffer *)object);
    case CELL_TYPED_ARRAY:
    case CELL_DATA_VIEW:
      return !((const BufferView *)object)->out_of_bounds && buffer_can_cross(w, ((const BufferView *)object)->buffer);
    case CELL_ARRAY:
    case CELL_ERROR:
    case CELL_OBJECT: return true;
    default: return false;
  }
}

static MUST_CHECK bool write_new_object(Writer *w, Value value) {
  Object *object = value_as_object(value);
  uint32_t number;
  if (object->cell.flags & OBJECT_CALLABLE) return write_function(w, value);
  if (bridge_is_host_object(value, &number)) return write_host_object(w, number);
  switch (object->cell.kind) {
    case CELL_ARRAY: return write_container(w, value, array_is_sparse(object) ? MESSAGE_SPARSE_ARRAY : MESSAGE_ARRAY);
    case CELL_OBJECT: {
      bool is_written;
      if (!write_shaped(w, object, &is_written)) return false;
      return is_written || write_container(w, value, MESSAGE_OBJECT);
    }
    case CELL_ERROR: return write_container(w, value, MESSAGE_ERROR);
    case CELL_COLLECTION:
      return write_container(w, value, object->length == COLLECTION_MAP ? MESSAGE_MAP : MESSAGE_SET);
    case CELL_PRIMITIVE: return write_primitive_object(w, value);
    case CELL_REGEXP: return write_regexp(w, (const RegExpObject *)object);
    case CELL_ARRAY_BUFFER: return write_buffer(w, value);
    case CELL_TYPED_ARRAY:
    case CELL_DATA_VIEW: return write_buffer_view(w, value);
    case CELL_PROMISE: return write_promise(w, value);
    default: return write_container(w, value, MESSAGE_OBJECT);
  }
}

static MUST_CHECK bool write_object_value(Writer *w, Value value) {
  HashTable *seen = value_is_internal(*w->seen) ? (HashTable *)value_as_cell(*w->seen) : NULL;
  int64_t found = hash_table_find(w->cx, seen, value);
  if (found != HASH_ABSENT) {
    write_reference(w, MESSAGE_REFERENCE, (uint32_t)value_as_int(seen->entries[found].value));
    return true;
  }
  if (w->moved) context_spend_steps(w->cx, w->moved->element_count);
  for (uint32_t i = 0; w->moved && i < w->moved->element_count; i++) {
    if (w->moved->elements->items[i] != value) continue;
    if (!hash_table_put(w->cx, &seen, value, value_int((int32_t)w->object_count++))) return false;
    *w->seen = value_internal(seen);
    write_tag(w, MESSAGE_GUEST_PROMISE);
    write_varint(w, i);
    return true;
  }
  bool refers;
  if (!is_reference(w, value_as_object(value), &refers)) return false;
  if (!refers && !can_cross(w, value_as_object(value))) return refuse(w, value);
  if (!hash_table_put(w->cx, &seen, value, value_int((int32_t)w->object_count++))) return false;
  *w->seen = value_internal(seen);
  return refers ? write_guest_object(w, value) : write_new_object(w, value);
}

static MUST_CHECK bool write_bigint(Writer *w, const BigInt *bigint) {
  size_t size = bigint_digit_count(bigint) * sizeof(uint32_t);
  write_tag(w, MESSAGE_BIGINT);
  buffer_append_byte(w->out, bigint->cell.flags & 1);
  write_varint(w, bigint_digit_count(bigint));
  buffer_append(w->out, bigint->digits, size);
  return context_charge_bytes(w->cx, size, CHARGE_COPY);
}

static MUST_CHECK bool write_value(Writer *w, Value value) {
  if (!context_charge(w->cx, 1)) return context_throw_interrupted(w->cx), false;
  if (value_is_double(value)) value = value_number(value_as_double(value));
  if (value_is_int(value)) {
    int32_t number = value_as_int(value);
    write_tag(w, MESSAGE_INT);
    write_varint(w, (uint32_t)number << 1 ^ (uint32_t)(number >> 31));
    return true;
  }
  switch (value_tag(value)) {
    case VALUE_TAG_SPECIAL:
      write_tag(w, value == VALUE_NULL    ? MESSAGE_NULL
                   : value == VALUE_TRUE  ? MESSAGE_TRUE
                   : value == VALUE_FALSE ? MESSAGE_FALSE
                                          : MESSAGE_UNDEFINED);
      return true;
    case VALUE_TAG_STRING: return write_string(w, value);
    case VALUE_TAG_BIGINT: return write_bigint(w, value_as_bigint(value));
    case VALUE_TAG_SYMBOL:
      if (symbol_crosses(w, value)) write_symbol(w, value);
      else if (!w->is_for_trap) return refuse(w, value);
      else write_tag(w, MESSAGE_UNDEFINED);
      return true;
    case VALUE_TAG_OBJECT: return write_object_value(w, value);
    default:
      write_tag(w, MESSAGE_DOUBLE);
      write_double(w, value_as_double(value));
      return true;
  }
}

static MUST_CHECK bool write_parts(Writer *w, const Value *values, uint32_t count, bool is_list) {
  buffer_append_byte(w->out, 0);
  if (is_list) {
    write_tag(w, MESSAGE_ARRAY);
    w->object_count++;
    w->depth = 1;
    write_varint(w, count);
  }
  bool written = true, was_put_off = false;
  for (uint32_t i = 0; i < count && written; i++) {
    written = write_value(w, values[i]);
    if (!written && is_list) add_to_path(w, value_unsigned(i));
  }
  if (is_list) write_varint(w, 0);
  written = written && write_later(w, &was_put_off);
  if (!written && !was_put_off && !value_is_hole(w->prefix)) add_to_path(w, w->prefix);
  if (!written && !value_is_hole(*w->refused)) throw_refused(w, was_put_off);
  return written && buffer_writer_finish(&w->buffers);
}

typedef struct Manner {
  bool is_list, copies, is_reference, is_lenient, is_for_trap;
  const Value *refuse;
  const Object *moved;
  Value *shared;
  Value prefix;
} Manner;

static MUST_CHECK bool write_message(Context *cx, const Value *values, uint32_t count, const Manner *manner,
                                     Buffer *out) {
  ROOTS(cx, r, seen, keys, texts, later, path, refused, buffers);
  r->refused = VALUE_HOLE;
  bool omits = !manner->refuse && host_of(cx)->bridge->omits;
  Writer writer = {.cx = cx,
                   .out = out,
                   .base = out->size,
                   .seen = &r->seen,
                   .keys = &r->keys,
                   .texts = &r->texts,
                   .later = &r->later,
                   .path = &r->path,
                   .refused = &r->refused,
                   .refuse = manner->refuse,
                   .moved = manner->moved,
                   .copies = manner->copies,
                   .omits = omits,
                   .is_lenient = omits || manner->is_lenient,
                   .is_for_trap = manner->is_for_trap,
                   .prefix = manner->prefix};
  buffer_writer_initialize(&writer.buffers, cx, out, &r->buffers, manner->shared);
  buffer_initialize(&writer.handles, &cx->memory);
  bool written;
  if (manner->is_reference) {
    buffer_append_byte(out, 0);
    written = write_guest_object(&writer, values[0]);
  } else {
    written = write_parts(&writer, values, count, manner->is_list);
  }
  if (written) message_append_numbers(out, writer.base, &writer.handles);
  if (written && (out->failed || writer.handles.failed)) written = (context_throw_out_of_memory(cx), false);
  if (!written) give_back_handles(&writer);
  buffer_release(&writer.handles);
  buffer_writer_release(&writer.buffers);
  return written;
}

// Modules -------------------------------------------------------------------------------------------------------------

// Each export crosses by itself, so that one that cannot cross is missed only by those who read it.
static MUST_CHECK bool write_export(Context *cx, Object *namespace, PropertyKey key, Buffer *message, bool *is_error) {
  ROOTS(cx, r, value);
  *is_error = false;
  r->value = object_get_key(cx, namespace, key);
  for (int attempt = 0; attempt < 3; attempt++) {
    if (value_is_abrupt(r->value)) {
      if (!exception_is_catchable(cx)) return false;
      r->value = exception_take(cx);
      *is_error = true;
    }
    message->size = 0;
    message->failed = false;
    Manner manner = {.prefix = attempt == 0 ? key : VALUE_HOLE, .is_lenient = true};
    if (write_message(cx, &r->value, 1, &manner, message)) return true;
    r->value = VALUE_ABRUPT;
  }
  return false;
}

// The numbers of an export are in its own message and in that of the module.
// bounded: writing the values has paid for each number.
static void add_numbers(Buffer *all, const Buffer *message) {
  MessageNumbers numbers;
  size_t size = message->size;
  if (message->failed || !message_take_numbers(message->data, &size, &numbers)) return;
  for (uint32_t i = 0; i < numbers.count; i++) {
    uint32_t number = message_number(&numbers, i);
    buffer_append(all, &number, sizeof number);
  }
}

static MUST_CHECK bool write_namespace(Context *cx, Object *namespace, Buffer *out) {
  ROOTS(cx, r, keys, texts, key);
  r->keys = object_own_keys(cx, namespace);
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  uint32_t count = 0;
  for (uint32_t i = 0; i < values_count(keys); i++) count += value_is_string(keys->items[i]);
  Writer writer = {.cx = cx, .out = out, .base = out->size, .texts = &r->texts};
  buffer_initialize(&writer.handles, &cx->memory);
  buffer_append_byte(out, 0);
  write_tag(&writer, MESSAGE_NAMESPACE);
  write_varint(&writer, count);
  Buffer message;
  buffer_initialize(&message, &cx->memory);
  bool written = true;
  for (uint32_t i = 0; i < values_count(keys) && written; i++) {
    if (!value_is_string(keys->items[i])) continue;
    bool is_error = false;
    r->key = key_from_value(cx, keys->items[i]);
    written = !value_is_abrupt(r->key) && write_export(cx, namespace, r->key, &message, &is_error) &&
              write_string(&writer, keys->items[i]);
    add_numbers(&writer.handles, &message);
    if (!written) break;
    buffer_append_byte(out, is_error);
    write_varint(&writer, (uint32_t)message.size);
    buffer_append(out, message.data, message.size);
  }
  buffer_release(&message);
  if (written) message_append_numbers(out, writer.base, &writer.handles);
  if (written && (out->failed || writer.handles.failed)) written = (context_throw_out_of_memory(cx), false);
  if (!written) give_back_handles(&writer);
  buffer_release(&writer.handles);
  return written;
}

bool message_write(Context *cx, Value value, Buffer *out) {
  if (value_is_object_of(value, CELL_MODULE_NAMESPACE)) return write_namespace(cx, value_as_object(value), out);
  return write_message(cx, &value, 1, &(Manner){.prefix = VALUE_HOLE}, out);
}
bool message_write_copy(Context *cx, Value value, Buffer *out) {
  return write_message(cx, &value, 1, &(Manner){.copies = true, .prefix = VALUE_HOLE}, out);
}
bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out) {
  return write_message(cx, arguments, count, &(Manner){.is_list = true, .prefix = VALUE_HOLE}, out);
}
bool message_write_arguments(Context *cx, const Value *arguments, uint32_t count, uint8_t flags, Buffer *out) {
  if (flags & PROTOCOL_FUNCTION_PRINTS) return message_write_printed(cx, arguments, count, out);
  Manner manner = {.is_list = true, .is_for_trap = flags & PROTOCOL_FUNCTION_IS_TRAP, .prefix = VALUE_HOLE};
  return write_message(cx, arguments, count, &manner, out);
}

// Whether the value can cross by itself; if not, its text is printed. False: there was another failure.
static MUST_CHECK bool printable(Context *cx, Value *value, Buffer *scratch) {
  scratch->size = 0;
  scratch->failed = false;
  if (message_write_copy(cx, *value, scratch)) {
    message_drop(host_of(cx), scratch);
    return true;
  }
  if (!exception_is_catchable(cx)) return false;
  (void)exception_take(cx);
  scratch->size = 0;
  scratch->failed = false;
  host_inspect(cx, *value, scratch);
  *value = scratch->failed ? context_throw_out_of_memory(cx)
                           : string_from_utf8(cx, (const char *)scratch->data, scratch->size);
  return !value_is_abrupt(*value);
}

bool message_write_printed(Context *cx, const Value *values, uint32_t count, Buffer *out) {
  const Manner manner = {.is_list = true, .copies = true, .prefix = VALUE_HOLE};
  if (write_message(cx, values, count, &manner, out)) return true;
  if (!exception_is_catchable(cx)) return false;
  (void)exception_take(cx);
  ROOTS(cx, r, list);
  Values *list = values_create(cx, count);
  if (!list) return false;
  r->list = value_internal(list);
  bool written = true;
  for (uint32_t i = 0; i < count && written; i++) {
    list->items[i] = values[i];
    written = printable(cx, &list->items[i], out);
  }
  out->size = 0;
  out->failed = false;
  return written && write_message(cx, list->items, count, &manner, out);
}

bool message_write_reference(Context *cx, Value value, Buffer *out) {
  if (value_is_object(value))
    return write_message(cx, &value, 1, &(Manner){.is_reference = true, .prefix = VALUE_HOLE}, out);
  throw_type_error(cx, "a reference must be to an object, not to %v", value);
  return false;
}
bool message_write_clone(Context *cx, Value value, Value refuse, Value moved, Value *shared, Buffer *out) {
  const Object *list = value_is_object_of(moved, CELL_ARRAY) ? value_as_object(moved) : NULL;
  return write_message(cx, &value, 1,
                       &(Manner){.refuse = &refuse, .moved = list, .shared = shared, .prefix = VALUE_HOLE}, out);
}
