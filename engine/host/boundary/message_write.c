// A message is written with a stack of its own in place of recursion. Each object that is being written has a frame;
// what is nested too deep for the stack is put off to the end of the message.
//
// Guest code (getters, traps) may change everything while it is written. So anything that has a count is copied before
// its count is written, and items that have disappeared since are holes.
//
// Guest code may also wait (runtime/replay.h). Then the writer is kept aside (SuspendedWriter), and goes on where it
// was. So a step of its loop asks the guest for all that it needs before it writes or changes anything.
#include "builtins/text/regexp_objects.h"
#include "bytecode/code.h"
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
#include "runtime/replay.h"
#include "runtime/typed_arrays.h"

enum { KEY_CACHE_SIZE = 128, TEXT_CACHE_SIZE = 64, LONGEST_NAME = 1000 };

typedef enum FrameKind {
  WRITES_VALUES,      // the values of the message
  WRITES_EXPORTS,     // a module
  WRITES_FUNCTION,    // a function whose name is asked for
  WRITES_ERROR,       // an error whose name, message and stack are asked for
  WRITES_CAUSE,       // an error: `cause` and `errors`
  WRITES_ITEMS,       // an array
  WRITES_COLLECTION,  // a Map or Set
  WRITES_KEYS,        // an object whose keys are asked for, and which of them cross
  WRITES_PROPERTIES,  // an object with the keys that cross
  WRITES_PLAIN,       // an object whose properties were plain data when it was begun
  WRITES_SHAPED,      // the same whose keys are not sent
} FrameKind;
typedef enum KeyChoice { ALL_KEYS, KEYS_WITHOUT_INDICES, KEYS_OF_ERROR } KeyChoice;

typedef struct WriterFrame {
  uint8_t kind, choice;
  bool has_receiver;  // the object's number has been written
  bool is_later;      // an error whose contents are put off
  bool is_container;  // counts for the depth
  bool is_error;      // counts for the error depth
  // The next value; how many there are. WRITES_KEYS: how many of the keys before it cross. WRITES_PLAIN: how many
  // properties are left.
  uint32_t index, count;
} WriterFrame;
// The rooted values of a frame: its object; its list, which holds the keys, the contents of a Map or Set, the shape, or
// the bits of holes.
enum { FRAME_OBJECT, FRAME_LIST, FRAME_ROOTS };

// Rooted values of the writer, before those of the frames.
enum {
  ROOT_SEEN,     // internal HashTable, object -> number
  ROOT_BUFFERS,  // that of the BufferWriter
  ROOT_KEYS,     // internal Values: atoms that were written lately
  ROOT_TEXTS,    // the same for strings
  ROOT_LATER,    // an array: objects whose contents are put off; for each, its tag, whether it is part of an error, and
                 // its length
  ROOT_REFUSED,  // the value that cannot cross; a hole: none
  WRITER_ROOTS,
};
// Containers, and the values of the message and a function, which are none.
enum { MOST_FRAMES = PROTOCOL_MESSAGE_DEPTH + 2, MOST_ROOTS = WRITER_ROOTS + MOST_FRAMES * FRAME_ROOTS };

typedef struct Writer {
  Context *cx;
  Buffer *out;
  size_t base;   // where the message begins in `out`
  Value *roots;  // rooted: MOST_ROOTS
  uint32_t object_count, key_count, text_count;
  uint32_t depth;
  uint32_t error_depth;  // above 0: within the properties of an error, where values that cannot cross are undefined
  uint32_t later_index;  // of the contents that are put off: which come next
  BufferWriter buffers;  // of the message
  const Value *refuse;   // structuredClone: is called with a value that is not data, and throws; NULL: for the host
  const Object *moved;   // structuredClone: objects that are replaced in the copy; NULL: none
  bool copies;           // nothing is sent as a reference
  bool is_lenient;       // a property that cannot cross is replaced by the reason
  bool omits;            // the same for items
  bool is_for_trap;      // symbols that do not cross are undefined
  bool is_list;          // the values are the items of an array
  bool is_recorded;      // the step is recorded: one value at a time
  bool refuses;          // `refuse` has been called
  ReplayLoop *loop;      // while the step is recorded
  Value prefix;          // a key that stands for the whole value in errors about it; or a hole
  Buffer handles;        // the handles that are in the message
  uint32_t key_numbers[KEY_CACHE_SIZE], text_numbers[TEXT_CACHE_SIZE];
  uint32_t frame_count;
  WriterFrame frames[MOST_FRAMES];
} Writer;

static Value *frame_roots(const Writer *w, uint32_t frame) { return &w->roots[WRITER_ROOTS + frame * FRAME_ROOTS]; }
static Value *top_roots(const Writer *w) { return frame_roots(w, w->frame_count - 1); }

static WriterFrame *push_frame(Writer *w, FrameKind kind, Value object) {
  WriterFrame *frame = &w->frames[w->frame_count++];
  *frame = (WriterFrame){.kind = (uint8_t)kind};
  top_roots(w)[FRAME_OBJECT] = object;
  top_roots(w)[FRAME_LIST] = VALUE_UNDEFINED;
  return frame;
}

// Always true.
static bool pop_frame(Writer *w) {
  const WriterFrame *frame = &w->frames[--w->frame_count];
  w->depth -= frame->is_container;
  w->error_depth -= frame->is_error;
  return true;
}

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

// A cache in a rooted place; NULL: threw.
static Value *cache_of(Writer *w, Value *place, uint32_t size) {
  if (!value_is_internal(*place)) {
    Values *values = values_create(w->cx, size);
    if (!values) return NULL;
    *place = value_internal(values);
  }
  return ((Values *)value_as_cell(*place))->items;
}

static MUST_CHECK bool write_string(Writer *w, Value string) {
  TextView text;
  if (!string_view(w->cx, value_as_string(string), &text)) return false;
  if (text.length < PROTOCOL_SHARED_TEXT_LENGTH) return write_view(w, text);
  Value *cached = cache_of(w, &w->roots[ROOT_TEXTS], TEXT_CACHE_SIZE);
  if (!cached) return false;
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
  Value *cached = cache_of(w, &w->roots[ROOT_KEYS], KEY_CACHE_SIZE);
  if (!cached) return false;
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

// `refuse` throws. Always false.
static bool call_refuse(Writer *w) {
  (void)function_call(w->cx, *w->refuse, VALUE_UNDEFINED, &w->roots[ROOT_REFUSED], 1);
  return false;
}

static MUST_CHECK bool refuse(Writer *w, Value value) {
  if (w->error_depth > 0) {
    write_tag(w, MESSAGE_UNDEFINED);
    return true;
  }
  w->roots[ROOT_REFUSED] = value;
  if (!w->refuse) return false;
  w->refuses = true;
  if (w->is_recorded) replay_next_round(w->cx, w->loop, 1);
  return call_refuse(w);
}

static void append_place(Buffer *out, Context *cx, Value key) {
  if (value_is_int(key)) {
    buffer_format(out, "[%d]", value_as_int(key));
  } else {
    if (out->size) buffer_append_byte(out, '.');
    error_describe_key(cx, key, out);
  }
}

// The key that the frame's object is written at; a hole: none.
static Value key_of_frame(const Writer *w, uint32_t number) {
  const WriterFrame *frame = &w->frames[number];
  uint32_t index = frame->index - 1;
  Value list = frame_roots(w, number)[FRAME_LIST];
  switch ((FrameKind)frame->kind) {
    case WRITES_VALUES: return w->is_list ? value_unsigned(index) : VALUE_HOLE;
    case WRITES_CAUSE: return index ? w->cx->names->errors : w->cx->names->cause;
    case WRITES_ITEMS: return value_unsigned(index);
    case WRITES_COLLECTION: {
      bool is_map = value_as_object(frame_roots(w, number)[FRAME_OBJECT])->length == COLLECTION_MAP;
      return value_unsigned(is_map ? index / 2 : index);
    }
    case WRITES_PROPERTIES: return ((const Values *)value_as_cell(list))->items[index];
    case WRITES_PLAIN:
    case WRITES_SHAPED: return ((const Shape *)value_as_cell(list))->properties->entries[index].key;
    default: return VALUE_HOLE;
  }
}

static void append_path(const Writer *w, Buffer *path) {
  bool was_put_off = w->later_index > 0;
  if (was_put_off) buffer_append_text(path, "..");  // and one more point
  if (!was_put_off && !value_is_hole(w->prefix)) append_place(path, w->cx, w->prefix);
  for (uint32_t i = 0; i < w->frame_count; i++) {
    Value key = key_of_frame(w, i);
    if (!value_is_hole(key)) append_place(path, w->cx, key);
  }
  if (path->size) buffer_append_text(path, ": ");
}

static void throw_refused(Writer *w) {
  Context *cx = w->cx;
  Buffer path;
  buffer_initialize(&path, &cx->memory);
  append_path(w, &path);
  buffer_append_byte(&path, 0);
  const char *text = path.failed ? "" : (const char *)path.data;
  Value refused = w->roots[ROOT_REFUSED];
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

// Writes a member of an object. The host remembers objects with functions; it need not know errors.
static MUST_CHECK bool write_member(Writer *w, WriterFrame *frame, Value value) {
  uint32_t number;
  if (frame->choice == KEYS_OF_ERROR) return write_value(w, value);
  if (!frame->has_receiver && !w->refuse && !w->copies && value_is_callable(value) &&
      !bridge_is_host_function(value, &number)) {
    frame->has_receiver = true;
    if (!take_handle(w, top_roots(w)[FRAME_OBJECT], &number)) return false;
    write_tag(w, MESSAGE_RECEIVER);
    write_varint(w, number);
  }
  return write_or_refuse(w, value, w->is_lenient);
}

// Writes the next property, which existed when the keys were listed: its value or a hole.
static MUST_CHECK bool write_property(Writer *w, WriterFrame *frame, PropertyKey key, bool has_key) {
  Context *cx = w->cx;
  Object *object = value_as_object(top_roots(w)[FRAME_OBJECT]);
  Tristate is_there = object->cell.kind == CELL_PROXY ? TRISTATE_TRUE : object_has_own_property(cx, object, key);
  if (is_there == TRISTATE_ABRUPT) return false;
  ROOTS(cx, r, value);
  if (is_there == TRISTATE_TRUE) r->value = get_value(w, object, key);
  if (value_is_abrupt(r->value)) return false;
  frame->index++;
  if (has_key && !write_key(w, key)) return false;
  if (is_there == TRISTATE_TRUE) return write_member(w, frame, r->value);
  write_tag(w, MESSAGE_HOLE);
  return true;
}

// Whether a step goes on with the next value of the frame: if not, another frame comes first, or the record.
static inline bool goes_on(const Writer *w, const WriterFrame *frame) {
  return LIKELY(&w->frames[w->frame_count - 1] == frame && !w->is_recorded);
}

// An object that defines its own iteration keeps that property.
static bool is_iteration(const Writer *w, Value key) {
  return !w->refuse && !w->copies &&
         (key == w->cx->names->symbol_iterator || key == w->cx->names->symbol_asyncIterator);
}

static void begin_keys(WriterFrame *frame, KeyChoice choice, Value *roots) {
  frame->kind = WRITES_KEYS;
  frame->choice = (uint8_t)choice;
  frame->index = frame->count = 0;
  roots[FRAME_LIST] = VALUE_UNDEFINED;
}

// What was recorded must not be changed.
static MUST_CHECK bool list_keys(Writer *w) {
  Context *cx = w->cx;
  ROOTS(cx, r, keys);
  r->keys = object_own_keys(cx, value_as_object(top_roots(w)[FRAME_OBJECT]));
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  Values *copied = values_create(cx, values_count(keys));
  if (!copied) return false;
  // bounded: listing the keys has paid for them
  for (uint32_t i = 0; i < values_count(keys); i++) copied->items[i] = keys->items[i];
  top_roots(w)[FRAME_LIST] = value_internal(copied);
  return true;
}

// Own enumerable properties with string keys, as in structured clone; for errors all data properties, since libraries
// hide theirs.
static MUST_CHECK bool choose_key(Writer *w, WriterFrame *frame, Values *keys) {
  Context *cx = w->cx;
  Value listed = keys->items[frame->index];
  if (!value_is_string(listed) && !is_iteration(w, listed)) return true;
  ROOTS(cx, r, key, fields[3]);
  r->key = key_from_value(cx, listed);
  if (value_is_abrupt(r->key)) return false;
  if (!is_chosen(w, r->key, (KeyChoice)frame->choice)) return true;
  Descriptor descriptor;
  Tristate found =
      object_get_own_property(cx, value_as_object(top_roots(w)[FRAME_OBJECT]), r->key, &descriptor, r->fields);
  if (found == TRISTATE_ABRUPT) return false;
  bool is_chosen =
      found == TRISTATE_TRUE && (frame->choice == KEYS_OF_ERROR ? !descriptor_is_accessor(&descriptor)
                                                                : (descriptor.attributes & PROPERTY_ENUMERABLE) != 0);
  if (is_chosen) cell_store(w->cx, &keys->items[frame->count++], r->key);
  return true;
}

static MUST_CHECK bool step_keys(Writer *w, WriterFrame *frame) {
  if (value_is_undefined(top_roots(w)[FRAME_LIST])) return list_keys(w);
  Values *keys = (Values *)value_as_cell(top_roots(w)[FRAME_LIST]);
  for (; frame->index < values_count(keys); frame->index++) {
    if (!context_charge(w->cx, 1)) return context_throw_interrupted(w->cx), false;
    if (!choose_key(w, frame, keys)) return false;
    if (w->is_recorded) return frame->index++, true;
  }
  write_varint(w, frame->count);
  frame->kind = WRITES_PROPERTIES;
  frame->index = 0;
  return true;
}

// bounded: each value that is written is charged.
static MUST_CHECK bool step_properties(Writer *w, WriterFrame *frame) {
  const Values *keys = (const Values *)value_as_cell(top_roots(w)[FRAME_LIST]);
  while (frame->index < frame->count) {
    if (!write_property(w, frame, keys->items[frame->index], true)) return false;
    if (!goes_on(w, frame)) return true;
  }
  return pop_frame(w);
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

// The keys of an object whose shape is a dictionary, which changes in place.
static MUST_CHECK bool copy_keys(Writer *w, WriterFrame *frame, const Object *object) {
  Values *copied = values_create(w->cx, frame->count);
  if (!copied) return false;
  uint32_t size = 0;
  const Shape *shape = object->shape;
  for (uint32_t i = 0; i < shape->count; i++)
    if (is_written(&shape->properties->entries[i])) copied->items[size++] = shape->properties->entries[i].key;
  frame->kind = WRITES_PROPERTIES;
  top_roots(w)[FRAME_LIST] = value_internal(copied);
  return true;
}

// bounded: each value that is written is charged.
static MUST_CHECK bool step_plain(Writer *w, WriterFrame *frame) {
  Value *roots = top_roots(w);
  const Object *object = value_as_object(roots[FRAME_OBJECT]);
  const Shape *shape = (const Shape *)value_as_cell(roots[FRAME_LIST]);
  while (frame->count > 0) {
    const Property property = shape->properties->entries[frame->index];
    if (!is_written(&property)) {
      frame->index++;
      continue;
    }
    // Writing a value may run guest code that changes the object.
    if (object->shape != shape) {
      if (!write_property(w, frame, property.key, true)) return false;
    } else {
      frame->index++;
      if (!write_key(w, property.key) || !write_member(w, frame, object->slots[property.slot])) return false;
    }
    frame->count--;
    if (!goes_on(w, frame)) return true;
  }
  return pop_frame(w);
}

static MUST_CHECK bool begin_object(Writer *w, WriterFrame *frame, Object *object) {
  if (!properties_are_plain(w, object, &frame->count)) return begin_keys(frame, ALL_KEYS, top_roots(w)), true;
  write_varint(w, frame->count);
  if (object->shape->cell.flags & SHAPE_DICTIONARY) return copy_keys(w, frame, object);
  frame->kind = WRITES_PLAIN;
  top_roots(w)[FRAME_LIST] = value_internal(object->shape);
  return true;
}

static bool array_is_sparse(const Object *array) {
  return array->cell.flags & OBJECT_SPARSE || array->element_count < array->length / 4;
}

// Finds which indices of a dense array are holes, a bit for each; undefined: there are none.
static MUST_CHECK bool find_holes(Context *cx, const Object *array, uint32_t length, Value *holes) {
  if (!array_is_dense(array)) return true;
  uint32_t count = MIN_OF(array->element_count, length);
  bool has_holes = count < length;
  for (uint32_t i = 0; i < count && !has_holes; i++) has_holes = value_is_hole(array->elements->items[i]);
  if (!has_holes) return true;
  Bytes *bits = bytes_create(cx, length / 8 + 1);
  if (!bits) return false;
  *holes = value_internal(bits);
  memset(bits->data, 0, length / 8 + 1);
  const Value *items = array->elements ? array->elements->items : NULL;
  for (uint32_t i = 0; i < length; i++)
    if (i >= count || value_is_hole(items[i])) bits->data[i / 8] |= (uint8_t)(1 << i % 8);
  return true;
}

// The item at that index; a hole: there is none.
static NO_INLINE MUST_CHECK bool get_item(Writer *w, Object *array, uint32_t index, Value *item) {
  Context *cx = w->cx;
  ROOTS(cx, r, fields[3]);
  Descriptor descriptor;
  PropertyKey key = key_from_uint32(cx, index);
  if (value_is_abrupt(key)) return false;
  Tristate has = object_get_own_property(cx, array, key, &descriptor, r->fields);
  if (has == TRISTATE_ABRUPT) return false;
  bool is_there = has == TRISTATE_TRUE && descriptor.attributes & PROPERTY_ENUMERABLE;
  *item = is_there ? get_value(w, array, key) : VALUE_HOLE;
  return !value_is_abrupt(*item);
}

static bool is_hole_at(const Value *roots, uint32_t index) {
  if (!value_is_internal(roots[FRAME_LIST])) return false;
  return ((const Bytes *)value_as_cell(roots[FRAME_LIST]))->data[index / 8] & 1 << index % 8;
}

static MUST_CHECK bool step_items(Writer *w, WriterFrame *frame) {
  Context *cx = w->cx;
  Value *roots = top_roots(w);
  Object *array = value_as_object(roots[FRAME_OBJECT]);
  ROOTS(cx, r, item);
  while (frame->index < frame->count) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    uint32_t index = frame->index;
    if (UNLIKELY(is_hole_at(roots, index))) {
      r->item = VALUE_HOLE;  // even when it was filled meanwhile
    } else if (LIKELY(array_is_dense(array) && index < array->element_count)) {
      r->item = array->elements->items[index];
      if (UNLIKELY(value_is_hole(r->item)) && !get_item(w, array, index, &r->item)) return false;
    } else if (!get_item(w, array, index, &r->item)) {
      return false;
    }
    frame->index++;
    if (UNLIKELY(value_is_hole(r->item))) write_tag(w, MESSAGE_HOLE);
    else if (!write_item(w, r->item)) return false;
    if (!goes_on(w, frame)) return true;
  }
  if (array->shape->count > 0 || array->cell.flags & OBJECT_SPARSE) {
    begin_keys(frame, KEYS_WITHOUT_INDICES, roots);
    return true;
  }
  write_varint(w, 0);
  return pop_frame(w);
}

static MUST_CHECK bool begin_array(Writer *w, WriterFrame *frame, const Object *array) {
  Context *cx = w->cx;
  frame->kind = WRITES_ITEMS;
  write_varint(w, frame->count);
  if (!context_charge(cx, (int32_t)(frame->count / 16))) return context_throw_interrupted(cx), false;
  return find_holes(cx, array, frame->count, &top_roots(w)[FRAME_LIST]);
}

static MUST_CHECK bool begin_collection(Writer *w, WriterFrame *frame, Collection *collection, bool is_map) {
  uint32_t count = collection_size(collection);
  uint64_t ordinal = 0;
  frame->kind = WRITES_COLLECTION;
  write_varint(w, count);
  if (!context_charge(w->cx, (int32_t)MIN_OF(count, (uint32_t)INT32_MAX)))
    return context_throw_interrupted(w->cx), false;
  Values *copied = values_create(w->cx, is_map ? count * 2 : count);
  if (!copied) return false;
  top_roots(w)[FRAME_LIST] = value_internal(copied);
  for (const HashEntry *entry; (entry = collection_step(w->cx, collection, &ordinal)) != NULL;) {
    copied->items[frame->count++] = entry->key;
    if (is_map) copied->items[frame->count++] = entry->value;
  }
  return true;
}

// bounded: each value that is written is charged.
static MUST_CHECK bool step_collection(Writer *w, WriterFrame *frame) {
  const Values *items = (const Values *)value_as_cell(top_roots(w)[FRAME_LIST]);
  while (frame->index < frame->count) {
    if (!write_item(w, items->items[frame->index++])) return false;
    if (!goes_on(w, frame)) return true;
  }
  return pop_frame(w);
}

// Errors --------------------------------------------------------------------------------------------------------------

// A property of which only a text is written; anything else is the empty text.
static MUST_CHECK bool get_data_string(Writer *w, Object *object, PropertyKey key, Value *text) {
  Context *cx = w->cx;
  *text = object_get_key(cx, object, key);
  if (value_is_abrupt(*text)) {
    if (!exception_is_catchable(cx)) return false;
    (void)exception_take(cx);
  }
  if (!value_is_string(*text)) *text = cx->names->empty;
  return true;
}

static MUST_CHECK bool write_data_string(Writer *w, Value string, uint32_t longest) {
  TextView text;
  if (!string_view(w->cx, value_as_string(string), &text)) return false;
  text.length = MIN_OF(text.length, longest);
  return write_view(w, text);
}

// https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal, the step for errors: the
// name as a string, and the message only if it is the error's own data.
static MUST_CHECK bool write_cloned_error_head(Writer *w, Object *error) {
  Context *cx = w->cx;
  ROOTS(cx, r, name, message, get, set, stack);
  r->name = object_get_key(cx, error, cx->names->name);
  if (value_is_abrupt(r->name)) return false;
  r->name = value_is_undefined(r->name) ? cx->names->empty : value_to_string(cx, r->name);
  if (value_is_abrupt(r->name)) return false;
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, error, cx->names->message, &descriptor, &r->message);
  if (found == TRISTATE_ABRUPT) return false;
  bool has_message = found == TRISTATE_TRUE && !descriptor_is_accessor(&descriptor);
  r->message = has_message ? value_to_string(cx, r->message) : cx->names->empty;
  if (value_is_abrupt(r->message) || !get_data_string(w, error, cx->names->stack, &r->stack)) return false;
  buffer_append_byte(w->out, has_message ? 0 : CLONED_ERROR_HAS_NO_MESSAGE);
  return write_string(w, r->name) &&
         (has_message ? write_string(w, r->message) : write_view(w, text_view_literal(""))) &&
         write_data_string(w, r->stack, UINT32_MAX);
}

static MUST_CHECK bool write_error_head(Writer *w, Object *error) {
  Context *cx = w->cx;
  const Names *names = cx->names;
  bool is_dom_exception = host_of(cx)->web->is_dom_exception(cx, error);
  if (w->refuse && !is_dom_exception) return write_cloned_error_head(w, error);
  ROOTS(cx, r, name, message, stack);
  if (!get_data_string(w, error, names->name, &r->name) || !get_data_string(w, error, names->message, &r->message) ||
      !get_data_string(w, error, names->stack, &r->stack))
    return false;
  uint8_t flags = is_dom_exception ? PROTOCOL_ERROR_IS_DOM_EXCEPTION : 0;
  uint64_t number = 0;
  if (!w->refuse && error->cell.kind == CELL_ERROR) {
    bool is_hosts = bridge_find_copy(cx, error, &number);
    if (!is_hosts && !bridge_number_error(cx, error, &number)) return false;
    flags |= is_hosts ? PROTOCOL_ERROR_COMES_HOME : PROTOCOL_ERROR_IS_NUMBERED;
  }
  buffer_append_byte(w->out, flags);
  if (number) write_double(w, (double)number);
  return write_data_string(w, r->name, LONGEST_NAME) && write_data_string(w, r->message, UINT32_MAX) &&
         write_data_string(w, r->stack, UINT32_MAX);
}

static MUST_CHECK bool begin_contents(Writer *w, WriterFrame *frame, MessageTag tag, uint32_t length);
static MUST_CHECK bool put_off(Writer *w, Value value, MessageTag tag);

static MUST_CHECK bool step_error(Writer *w, WriterFrame *frame) {
  Value error = top_roots(w)[FRAME_OBJECT];
  if (!write_error_head(w, value_as_object(error))) return false;
  if (!frame->is_later) return begin_contents(w, frame, MESSAGE_ERROR, 0);
  return pop_frame(w) && put_off(w, error, MESSAGE_ERROR);
}

static MUST_CHECK bool step_cause(Writer *w, WriterFrame *frame) {
  Context *cx = w->cx;
  ROOTS(cx, r, fields[3]);
  Object *error = value_as_object(top_roots(w)[FRAME_OBJECT]);
  while (frame->index < 2) {
    Descriptor descriptor;
    PropertyKey key = frame->index ? cx->names->errors : cx->names->cause;
    Tristate found = object_get_own_property(cx, error, key, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return false;
    frame->index++;
    bool is_taken = !w->refuse || key == cx->names->cause;  // structuredClone ignores `errors`
    if (found != TRISTATE_TRUE || descriptor_is_accessor(&descriptor) || !is_taken) write_tag(w, MESSAGE_HOLE);
    else if (!write_value(w, descriptor.value)) return false;
    if (!goes_on(w, frame)) return true;
  }
  if (!w->refuse) {
    begin_keys(frame, KEYS_OF_ERROR, top_roots(w));
    return true;
  }
  write_varint(w, 0);  // structuredClone writes nothing more
  return pop_frame(w);
}

// Containers ----------------------------------------------------------------------------------------------------------

// Begins to write the contents of the frame's object. `length`: of an array, as it was when its tag was written.
static MUST_CHECK bool begin_contents(Writer *w, WriterFrame *frame, MessageTag tag, uint32_t length) {
  Object *object = value_as_object(top_roots(w)[FRAME_OBJECT]);
  frame->is_container = true;
  w->depth++;
  frame->count = 0;
  switch (tag) {
    case MESSAGE_ARRAY: frame->count = length; return begin_array(w, frame, object);
    case MESSAGE_SPARSE_ARRAY:
      write_varint(w, length);
      begin_keys(frame, ALL_KEYS, top_roots(w));
      return true;
    case MESSAGE_MAP: return begin_collection(w, frame, (Collection *)object, true);
    case MESSAGE_SET: return begin_collection(w, frame, (Collection *)object, false);
    case MESSAGE_ERROR:
      frame->kind = WRITES_CAUSE;
      frame->is_error = !w->refuse;
      w->error_depth += frame->is_error;
      return true;
    default: return begin_object(w, frame, object);
  }
}

// Whether the contents are so deep that they must be put off.
static bool is_deep(const Writer *w) { return w->depth >= PROTOCOL_MESSAGE_DEPTH; }

// bounded: each value that is written is charged.
static MUST_CHECK bool step_shaped(Writer *w, WriterFrame *frame) {
  Value *roots = top_roots(w);
  const Object *object = value_as_object(roots[FRAME_OBJECT]);
  const Shape *shape = (const Shape *)value_as_cell(roots[FRAME_LIST]);
  while (frame->index < shape->count) {
    // Writing a value may run guest code that changes the object.
    if (UNLIKELY(object->shape != shape)) {
      if (!write_property(w, frame, shape->properties->entries[frame->index].key, false)) return false;
    } else if (!write_member(w, frame, object->slots[frame->index++])) {
      return false;
    }
    if (!goes_on(w, frame)) return true;
  }
  return pop_frame(w);
}

// OPTIMIZATION: plain data whose keys the host knows is sent without the keys. False for other objects.
static bool begin_shaped(Writer *w, Object *object) {
  if (w->refuse || is_deep(w) || object->element_count || object->cell.flags & OBJECT_SPARSE) return false;
  uint32_t number = message_shape_number(w->cx, object->shape);
  if (number == MESSAGE_NO_SHAPE) return false;
  write_tag(w, MESSAGE_SHAPED);
  write_varint(w, number);
  WriterFrame *frame = push_frame(w, WRITES_SHAPED, value_object(object));
  top_roots(w)[FRAME_LIST] = value_internal(message_shape(w->cx, number));
  frame->is_container = true;
  w->depth++;
  return true;
}

static MUST_CHECK bool put_off(Writer *w, Value value, MessageTag tag) {
  Value *place = &w->roots[ROOT_LATER];
  if (!value_is_object(*place)) {
    Object *list = array_create(w->cx, 0);
    if (!list) return false;
    *place = value_object(list);
  }
  Object *later = value_as_object(*place);
  return array_push(w->cx, later, value) &&
         array_push(w->cx, later, value_int((int32_t)tag | (w->error_depth > 0 ? 0x100 : 0))) &&
         array_push(w->cx, later, value_unsigned(value_as_object(value)->length));
}

static MUST_CHECK bool write_container(Writer *w, Value value, MessageTag tag) {
  bool is_later = is_deep(w);
  if (is_later) write_tag(w, MESSAGE_LATER);
  write_tag(w, tag);
  if (tag == MESSAGE_ERROR) {
    push_frame(w, WRITES_ERROR, value)->is_later = is_later;
    return true;
  }
  if (is_later) return put_off(w, value, tag);
  return begin_contents(w, push_frame(w, WRITES_PROPERTIES, value), tag, value_as_object(value)->length);
}

// Begins to write the next contents that were put off, which may put off more. False: there are none.
static bool begin_later(Writer *w, bool *is_begun) {
  const Object *later = value_is_object(w->roots[ROOT_LATER]) ? value_as_object(w->roots[ROOT_LATER]) : NULL;
  if (!later || w->later_index >= later->element_count) return false;
  Value *items = later->elements->items + w->later_index;
  w->later_index += 3;
  int32_t tag = value_as_int(items[1]);
  uint32_t length = (uint32_t)value_as_number(items[2]);
  WriterFrame *frame = push_frame(w, WRITES_PROPERTIES, items[0]);
  cell_store(w->cx, &items[0], VALUE_UNDEFINED);
  w->error_depth = (uint32_t)tag >> 8;
  w->depth = 0;
  *is_begun = begin_contents(w, frame, (MessageTag)(tag & 0xFF), length);
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
  uint32_t number;
  if (bridge_is_host_function(function, &number)) {
    write_tag(w, MESSAGE_HOST_FUNCTION);
    write_varint(w, number);
    if (!write_view(w, text_view_literal(""))) return false;
    buffer_append_byte(w->out, 0);
    buffer_append_byte(w->out, 0);
    return true;
  }
  push_frame(w, WRITES_FUNCTION, function);
  return true;
}

static MUST_CHECK bool step_function(Writer *w) {
  Context *cx = w->cx;
  ROOTS(cx, r, name);
  Object *function = value_as_object(top_roots(w)[FRAME_OBJECT]);
  uint32_t handle;
  bool members = false;
  if (!get_data_string(w, function, cx->names->name, &r->name) ||
      (function->cell.kind != CELL_PROXY && !has_members(cx, function, &members)) ||
      !take_handle(w, value_object(function), &handle))
    return false;
  write_tag(w, MESSAGE_GUEST_FUNCTION);
  write_varint(w, handle);
  if (!write_data_string(w, r->name, LONGEST_NAME)) return false;
  buffer_append_byte(w->out,
                     (uint8_t)((members ? PROTOCOL_FUNCTION_HAS_MEMBERS : 0) |
                               (function->cell.flags & OBJECT_CONSTRUCTOR ? PROTOCOL_FUNCTION_CONSTRUCTOR : 0)));
  buffer_append_byte(w->out, parameter_count(cx, function));
  return pop_frame(w);
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
    case CELL_TEMPORAL:
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
    case CELL_OBJECT: return begin_shaped(w, object) || write_container(w, value, MESSAGE_OBJECT);
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
  Value *place = &w->roots[ROOT_SEEN];
  HashTable *seen = value_is_internal(*place) ? (HashTable *)value_as_cell(*place) : NULL;
  int64_t found = hash_table_find(w->cx, seen, value);
  if (found != HASH_ABSENT) {
    write_reference(w, MESSAGE_REFERENCE, (uint32_t)value_as_int(seen->entries[found].value));
    return true;
  }
  if (w->moved) context_spend_steps(w->cx, w->moved->element_count);
  for (uint32_t i = 0; w->moved && i < w->moved->element_count; i++) {
    if (w->moved->elements->items[i] != value) continue;
    if (!hash_table_put(w->cx, &seen, value, value_int((int32_t)w->object_count++))) return false;
    *place = value_internal(seen);
    write_tag(w, MESSAGE_GUEST_PROMISE);
    write_varint(w, i);
    return true;
  }
  bool refers;
  if (!is_reference(w, value_as_object(value), &refers)) return false;
  if (!refers && !can_cross(w, value_as_object(value))) return refuse(w, value);
  if (!hash_table_put(w->cx, &seen, value, value_int((int32_t)w->object_count++))) return false;
  *place = value_internal(seen);
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

// Writers that are kept aside -----------------------------------------------------------------------------------------

// A writer whose step is run again later. `token`: what the record of the step has of it, its rooted values. When the
// guest's work is ended meanwhile, the token dies, and the next collection finds the writer.
struct SuspendedWriter {
  SuspendedWriter *next;
  const Values *token;
  size_t size;  // of this
  Buffer out;
  Writer writer;  // with as many frames as it has
};

static uint32_t used_roots(const Writer *w) { return WRITER_ROOTS + w->frame_count * FRAME_ROOTS; }
static size_t used_size(const Writer *w) { return offsetof(Writer, frames) + w->frame_count * sizeof(WriterFrame); }

// Keeps the writer and what it has written; *state is its token. False: threw.
static MUST_CHECK bool suspend(Writer *w, Value *state) {
  Context *cx = w->cx;
  Bridge *bridge = host_of(cx)->bridge;
  Values *token = values_create(cx, used_roots(w));
  if (!token) return false;
  *state = value_internal(token);
  memcpy(token->items, w->roots, used_roots(w) * sizeof(Value));
  size_t size = offsetof(SuspendedWriter, writer) + used_size(w);
  SuspendedWriter *suspended = memory_allocate(&cx->memory, size);
  if (!suspended) return context_throw_out_of_memory(cx), false;
  suspended->next = bridge->suspended;
  suspended->token = token;
  suspended->size = size;
  suspended->out = *w->out;
  buffer_initialize(w->out, &cx->memory);
  memcpy(&suspended->writer, w, used_size(w));
  bridge->suspended = suspended;
  return true;
}

// The other way round, into a writer that has been begun.
static MUST_CHECK bool resume(Writer *w, Value state) {
  Context *cx = w->cx;
  SuspendedWriter **link = &host_of(cx)->bridge->suspended;
  Values *token = (Values *)value_as_cell(state);
  for (; *link && (*link)->token != token; link = &(*link)->next) context_spend_step(cx);
  SuspendedWriter *suspended = *link;
  if (!suspended) return throw_range_error(cx, "internal error: a message could not be continued"), false;
  *link = suspended->next;
  Writer fresh = *w;
  memcpy(w, &suspended->writer, used_size(&suspended->writer));
  memcpy(fresh.roots, token->items, used_roots(w) * sizeof(Value));
  // A hash table that grows is given back, and the token is still in the record.
  for (uint32_t i = 0; i < used_roots(w); i++) cell_store(cx, &token->items[i], VALUE_UNDEFINED);  // bounded: few
  buffer_release(fresh.out);
  *fresh.out = suspended->out;
  w->out = w->buffers.out = fresh.out;
  w->roots = fresh.roots;
  w->buffers.seen = fresh.buffers.seen;
  w->buffers.shared = fresh.buffers.shared;
  w->refuse = fresh.refuse;
  w->moved = fresh.moved;
  w->loop = fresh.loop;
  memory_release(&cx->memory, suspended, suspended->size);
  return true;
}

static void release_suspended(CaissonRuntime *runtime, SuspendedWriter *suspended) {
  buffer_release(&suspended->writer.handles);
  memory_release(&runtime->cx.memory, suspended, suspended->size);
}

// During a collection no handles can be given back.
// bounded: suspending has paid for the writers.
void message_clear_suspended(CaissonRuntime *runtime, Heap *heap) {
  Bridge *bridge = runtime->bridge;
  for (SuspendedWriter **link = &bridge->suspended; *link;) {
    SuspendedWriter *suspended = *link;
    if (heap_is_marked(heap, suspended->token)) {
      link = &suspended->next;
      continue;
    }
    *link = suspended->next;
    buffer_release(&suspended->out);
    buffer_writer_release(&suspended->writer.buffers);
    suspended->next = bridge->dropped;
    bridge->dropped = suspended;
  }
}

// bounded: suspending has paid for the writers.
static void give_back_dropped(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  for (SuspendedWriter *dropped; (dropped = bridge->dropped) != NULL;) {
    bridge->dropped = dropped->next;
    give_back_handles(&dropped->writer);
    release_suspended(runtime, dropped);
  }
}

// bounded: as above.
void message_release_suspended(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  for (SuspendedWriter *suspended; (suspended = bridge->dropped) != NULL;) {
    bridge->dropped = suspended->next;
    release_suspended(runtime, suspended);
  }
  for (SuspendedWriter *suspended; (suspended = bridge->suspended) != NULL;) {
    bridge->suspended = suspended->next;
    buffer_release(&suspended->out);
    buffer_writer_release(&suspended->writer.buffers);
    release_suspended(runtime, suspended);
  }
}

// Frames --------------------------------------------------------------------------------------------------------------

typedef struct Manner {
  bool is_list, is_namespace, copies, is_reference, is_lenient, is_for_trap;
  const Value *refuse;
  const Object *moved;
  Value *shared;
  Value prefix;
} Manner;

// bounded: each value that is written is charged.
static MUST_CHECK bool step_values(Writer *w, WriterFrame *frame, const Value *values) {
  while (frame->index < frame->count) {
    if (!write_value(w, values[frame->index++])) return false;
    if (!goes_on(w, frame)) return true;
  }
  if (w->is_list) write_varint(w, 0);
  return pop_frame(w);
}

static MUST_CHECK bool step_exports(Writer *w, WriterFrame *frame);

static MUST_CHECK bool step(Writer *w, const Value *values) {
  WriterFrame *frame = &w->frames[w->frame_count - 1];
  switch ((FrameKind)frame->kind) {
    case WRITES_VALUES: return step_values(w, frame, values);
    case WRITES_EXPORTS: return step_exports(w, frame);
    case WRITES_FUNCTION: return step_function(w);
    case WRITES_ERROR: return step_error(w, frame);
    case WRITES_CAUSE: return step_cause(w, frame);
    case WRITES_ITEMS: return step_items(w, frame);
    case WRITES_COLLECTION: return step_collection(w, frame);
    case WRITES_KEYS: return step_keys(w, frame);
    case WRITES_PROPERTIES: return step_properties(w, frame);
    case WRITES_PLAIN: return step_plain(w, frame);
    case WRITES_SHAPED: return step_shaped(w, frame);
  }
  return false;
}

// bounded: each value that is written is charged.
static MUST_CHECK bool write_parts(Writer *w, const Value *values) {
  for (;;) {
    bool is_ok = true;
    if (w->frame_count > 0) is_ok = step(w, values);
    else if (!begin_later(w, &is_ok)) return buffer_writer_finish(&w->buffers);
    if (!is_ok) return false;
    if (UNLIKELY(w->is_recorded)) replay_next_round(w->cx, w->loop, 1);
  }
}

static MUST_CHECK bool begin_namespace(Writer *w, Value namespace);

static MUST_CHECK bool begin_parts(Writer *w, const Value *values, uint32_t count, const Manner *manner) {
  buffer_append_byte(w->out, 0);
  if (manner->is_reference) return write_guest_object(w, values[0]);
  if (manner->is_namespace) return begin_namespace(w, values[0]);
  push_frame(w, WRITES_VALUES, VALUE_UNDEFINED)->count = count;
  if (!w->is_list) return true;
  write_tag(w, MESSAGE_ARRAY);
  w->object_count++;
  w->depth = 1;
  write_varint(w, count);
  return true;
}

static MUST_CHECK bool write_with(Writer *w, const Value *values, uint32_t count, const Manner *manner, Value state) {
  bool is_resumed = value_is_internal(state);
  bool written = is_resumed ? resume(w, state) : begin_parts(w, values, count, manner);
  if (UNLIKELY(w->is_recorded) && !is_resumed) replay_next_round(w->cx, w->loop, 1);
  if (written && w->refuses) return call_refuse(w);
  written = written && write_parts(w, values);
  if (!written && !w->refuse && !value_is_hole(w->roots[ROOT_REFUSED])) throw_refused(w);
  if (!written) return false;
  message_append_numbers(w->out, w->base, &w->handles);
  return !(w->out->failed || w->handles.failed) || (context_throw_out_of_memory(w->cx), false);
}

static void writer_begin(Writer *w, Context *cx, const Manner *manner, Value *roots, Buffer *out) {
  bool omits = !manner->refuse && host_of(cx)->bridge->omits;
  w->cx = cx;
  w->out = out;
  w->base = out->size;
  w->roots = roots;
  w->object_count = w->key_count = w->text_count = w->depth = w->error_depth = w->later_index = w->frame_count = 0;
  w->refuse = manner->refuse;
  w->moved = manner->moved;
  w->copies = manner->copies;
  w->omits = omits;
  w->is_lenient = omits || manner->is_lenient;
  w->is_for_trap = manner->is_for_trap;
  w->is_list = manner->is_list;
  w->is_recorded = w->refuses = false;
  w->loop = NULL;
  w->prefix = manner->prefix;
  buffer_initialize(&w->handles, &cx->memory);
  buffer_writer_initialize(&w->buffers, cx, out, &roots[ROOT_BUFFERS], manner->shared);
  roots[ROOT_REFUSED] = VALUE_HOLE;
}

static void writer_release(Writer *w) {
  buffer_release(&w->handles);
  buffer_writer_release(&w->buffers);
}

// The step is recorded. What succeeded is written once: code that calls guest code afterwards has to record it.
static MUST_CHECK bool write_recorded(Writer *w, const Value *values, uint32_t count, const Manner *manner) {
  Context *cx = w->cx;
  ROOTS(cx, r, state, outcome);
  ReplayOperation operation;
  ReplayLoop loop;
  if (replay_begin(cx, REPLAY_NATIVE, &operation, &r->outcome, 1)) return !value_is_abrupt(r->outcome);
  r->state = VALUE_UNDEFINED;
  if (!replay_loop(cx, &loop, &r->state, 1)) return false;
  w->is_recorded = true;
  w->loop = &loop;
  r->outcome = write_with(w, values, count, manner, r->state) ? VALUE_UNDEFINED : VALUE_ABRUPT;
  if (cx->termination == TERMINATION_REPLAY) {
    replay_begin_saving(cx);
    bool is_saved = suspend(w, &r->state);
    if (is_saved) {
      replay_put_loop(cx, &loop, &r->state, 1);
      writer_begin(w, cx, manner, w->roots, w->out);
    }
    replay_end_saving(cx, is_saved);
  }
  return !value_is_abrupt(replay_end(cx, &operation, &r->outcome, 1));
}

static MUST_CHECK bool write_message(Context *cx, const Value *values, uint32_t count, const Manner *manner,
                                     Buffer *out) {
  ROOTS(cx, r, values[MOST_ROOTS]);
  CaissonRuntime *runtime = host_of(cx);
  if (UNLIKELY(runtime->bridge->dropped != NULL)) give_back_dropped(runtime);
  Writer writer;
  writer_begin(&writer, cx, manner, r->values, out);
  bool written = UNLIKELY(replay_is_recording(cx)) ? write_recorded(&writer, values, count, manner)
                                                   : write_with(&writer, values, count, manner, VALUE_UNDEFINED);
  if (!written) give_back_handles(&writer);
  writer_release(&writer);
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

static MUST_CHECK bool begin_namespace(Writer *w, Value namespace) {
  ROOTS(w->cx, r, keys);
  r->keys = object_own_keys(w->cx, value_as_object(namespace));
  if (value_is_abrupt(r->keys)) return false;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  uint32_t count = 0;
  // bounded: listing the keys has paid for them
  for (uint32_t i = 0; i < values_count(keys); i++) count += value_is_string(keys->items[i]);
  write_tag(w, MESSAGE_NAMESPACE);
  write_varint(w, count);
  push_frame(w, WRITES_EXPORTS, namespace)->count = values_count(keys);
  top_roots(w)[FRAME_LIST] = r->keys;
  return true;
}

static MUST_CHECK bool write_next_export(Writer *w, WriterFrame *frame, Buffer *message) {
  ROOTS(w->cx, r, key);
  const Value *roots = top_roots(w);
  Value name = ((const Values *)value_as_cell(roots[FRAME_LIST]))->items[frame->index];
  if (!value_is_string(name)) return frame->index++, true;
  bool is_error = false;
  r->key = key_from_value(w->cx, name);
  if (value_is_abrupt(r->key) || !write_export(w->cx, value_as_object(roots[FRAME_OBJECT]), r->key, message, &is_error))
    return false;
  frame->index++;
  add_numbers(&w->handles, message);
  if (!write_string(w, name)) return false;
  buffer_append_byte(w->out, is_error);
  write_varint(w, (uint32_t)message->size);
  buffer_append(w->out, message->data, message->size);
  return true;
}

static MUST_CHECK bool step_exports(Writer *w, WriterFrame *frame) {
  if (frame->index == frame->count) return pop_frame(w);
  Buffer message;
  buffer_initialize(&message, &w->cx->memory);
  bool written = write_next_export(w, frame, &message);
  buffer_release(&message);
  return written;
}

bool message_write(Context *cx, Value value, Buffer *out) {
  bool is_namespace = value_is_object_of(value, CELL_MODULE_NAMESPACE);
  return write_message(cx, &value, 1, &(Manner){.is_namespace = is_namespace, .prefix = VALUE_HOLE}, out);
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
