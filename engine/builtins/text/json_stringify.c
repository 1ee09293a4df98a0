// JSON.stringify, with a stack of its own in place of recursion: memory alone limits the depth of a text. A step of its
// loop asks the guest for what it needs before it changes anything, so that it can be run again (runtime/replay.h).
//
// Every open object has a frame and some Values on a heap-allocated stack: the object, the source of its names (a
// shape, or a list of keys), the current name, and the saved frame. When a step is run again, the outer frames are
// loaded one by one as they become the innermost: so a step takes the same time at any depth.
#include "builtins/text/json.h"
#include "number/arithmetic.h"
#include "number/format.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/primitive_objects.h"
#include "runtime/property_cache.h"
#include "runtime/realm.h"
#include "runtime/replay.h"
#include "text/unicode.h"

enum {
  STACK_LEAST_FRAMES = 8,
  VALUE_HOLDER = 0,
  VALUE_NAMES = 1,
  VALUE_KEY = 2,
  VALUE_KIND = 3,  // with is_empty in the lowest bit
  VALUE_INDEX = 4,
  VALUE_COUNT = 5,
  FRAME_VALUES = 6,
  GAP_LIMIT = 10,
  FUEL_BYTES_SHIFT = 5,  // bytes written per unit of fuel, as a power of two
  PATH_LIMIT = 240,      // bytes of a path in a message
  NO_TO_JSON_ENTRIES = 4,
  DEPTH_LIMIT = 20000,  // a replacer or toJSON can make an endless structure
};

typedef enum StringifyKind { STRINGIFY_ARRAY, STRINGIFY_SHAPED, STRINGIFY_LISTED } StringifyKind;

typedef struct StringifyFrame {
  StringifyKind kind;
  bool is_empty;  // nothing written yet
  double index, count;
} StringifyFrame;

typedef struct Stringifier {
  Context *cx;
  StringBuilder builder;
  Value *stack_root;
  Values *stack;        // FRAME_VALUES per frame
  Buffer frames;        // of StringifyFrame: the inner ones, as many as are loaded
  uint32_t depth;       // frames
  uint32_t saved;       // the outer frames that are on the stack as they are
  Value replacer;       // a function, or undefined; rooted by the owner
  Value property_list;  // an internal Values of keys, or undefined; rooted by the owner
  TextView gap;
  size_t charged;
  // What opening an object will push, which the guest is asked for before it is written.
  StringifyFrame opening;
  Value *opening_names;  // rooted by the owner
  // Shapes whose objects were found to have no toJSON. Valid while these are unchanged:
  uint64_t layout_time, collections;
  const Shape *without_to_json[NO_TO_JSON_ENTRIES];
} Stringifier;

// Writing ---------------------------------------------------------------------------------------------

static inline void write_narrow(Stringifier *stringifier, const void *bytes, size_t size) {
  Buffer *buffer = &stringifier->builder.buffer;
  if (LIKELY(!stringifier->builder.is_wide && buffer->capacity - buffer->size >= size)) {
    memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    return;
  }
  string_builder_append_view(&stringifier->builder, text_view_narrow(bytes, size));
}

static inline void write_unit(Stringifier *stringifier, char unit) { write_narrow(stringifier, &unit, 1); }

static void write_unicode_escape(Stringifier *stringifier, uint32_t unit) {
  char text[6] = "\\u";
  for (int i = 0; i < 4; i++) text[2 + i] = "0123456789abcdef"[unit >> (12 - 4 * i) & 15];
  write_narrow(stringifier, text, sizeof text);
}

static void write_escape(Stringifier *stringifier, uint32_t unit) {
  switch (unit) {
    case '"': write_narrow(stringifier, "\\\"", 2); return;
    case '\\': write_narrow(stringifier, "\\\\", 2); return;
    case '\b': write_narrow(stringifier, "\\b", 2); return;
    case '\f': write_narrow(stringifier, "\\f", 2); return;
    case '\n': write_narrow(stringifier, "\\n", 2); return;
    case '\r': write_narrow(stringifier, "\\r", 2); return;
    case '\t': write_narrow(stringifier, "\\t", 2); return;
    default: write_unicode_escape(stringifier, unit);
  }
}

// The index of the first unit from `index` on that needs an escape.
static uint32_t scan_plain_wide(const uint16_t *units, uint32_t index, uint32_t length) {
  for (; index < length; index++) {
    uint32_t unit = units[index];
    if (unit < ' ' || unit == '"' || unit == '\\') break;
    if (unicode_is_surrogate(unit)) {
      bool paired = unicode_is_high_surrogate(unit) && index + 1 < length && unicode_is_low_surrogate(units[index + 1]);
      if (!paired) break;
      index++;
    }
  }
  return index;
}

// https://tc39.es/ecma262/#sec-quotejsonstring
static MUST_CHECK bool write_quoted_text(Stringifier *stringifier, TextView text) {
  uint32_t steps = 0;
  write_unit(stringifier, '"');
  for (uint32_t index = 0; index < text.length;) {
    uint32_t limit = text_view_piece_end(text, index);
    uint32_t end = text.is_wide ? scan_plain_wide(text.wide, index, limit) : json_plain_end(text.narrow, index, limit);
    if (!context_step(stringifier->cx, &steps) || !context_charge_bytes(stringifier->cx, end - index, CHARGE_COMPARE))
      return false;
    if (end > index) {
      if (text.is_wide) {
        string_builder_append_view(&stringifier->builder, text_view_slice(text, index, end));
      } else {
        write_narrow(stringifier, text.narrow + index, end - index);
      }
    }
    if (end < limit) write_escape(stringifier, text_view_unit(text, end++));
    index = end;
  }
  write_unit(stringifier, '"');
  return true;
}

static MUST_CHECK bool write_quoted(Stringifier *stringifier, Value string) {
  TextView text;
  if (!string_view(stringifier->cx, value_as_string(string), &text)) return false;
  return write_quoted_text(stringifier, text);
}

static void write_number(Stringifier *stringifier, Value number) {
  char text[NUMBER_TEXT_SIZE];
  if (value_is_int(number)) {
    write_narrow(stringifier, text, number_int32_to_text(value_as_int(number), text));
  } else if (number_is_finite(value_as_double(number))) {
    write_narrow(stringifier, text, number_to_text(value_as_double(number), text));
  } else {
    write_narrow(stringifier, "null", 4);
  }
}

static void write_line_break(Stringifier *stringifier, uint32_t depth) {
  if (stringifier->gap.length == 0) return;
  write_unit(stringifier, '\n');
  for (uint32_t i = 0; i < depth; i++) string_builder_append_view(&stringifier->builder, stringifier->gap);
}

static MUST_CHECK bool stringifier_charge(Stringifier *stringifier) {
  Context *cx = stringifier->cx;
  const Buffer *buffer = &stringifier->builder.buffer;
  int32_t units = 1 + (int32_t)((buffer->size - stringifier->charged) >> FUEL_BYTES_SHIFT);
  stringifier->charged = buffer->size;
  if (UNLIKELY(buffer->failed)) {
    context_throw_out_of_memory(cx);
  } else if (UNLIKELY(buffer->size >> stringifier->builder.is_wide > STRING_MAX_LENGTH)) {
    throw_range_error(cx, "%einvalid string length");
  } else if (LIKELY(context_charge(cx, units))) {
    return true;
  } else {
    context_throw_interrupted(cx);
  }
  return false;
}

// Frames ----------------------------------------------------------------------------------------------

static StringifyFrame *top_frame(Stringifier *stringifier) {
  return (StringifyFrame *)(void *)(stringifier->frames.data + stringifier->frames.size) - 1;
}

static Value *frame_values(Stringifier *stringifier, uint32_t frame) {
  return &stringifier->stack->items[frame * FRAME_VALUES];
}

static MUST_CHECK bool push_frame(Stringifier *stringifier, StringifyFrame frame, Value holder, Value names) {
  Context *cx = stringifier->cx;
  uint32_t base = stringifier->depth * FRAME_VALUES;
  if (base + FRAME_VALUES > values_count(stringifier->stack)) {
    Values *larger = values_create(cx, values_count(stringifier->stack) * 2);
    if (!larger) return false;
    memcpy(larger->items, stringifier->stack->items, base * sizeof(Value));
    stringifier->stack = larger;
    *stringifier->stack_root = value_internal(larger);
  }
  buffer_append(&stringifier->frames, &frame, sizeof frame);
  if (stringifier->frames.failed) {
    context_throw_out_of_memory(cx);
    return false;
  }
  stringifier->depth++;
  Values *stack = stringifier->stack;
  cell_store(cx, &stack->items[base + VALUE_HOLDER], holder);
  cell_store(cx, &stack->items[base + VALUE_NAMES], names);
  cell_store(cx, &stack->items[base + VALUE_KEY], VALUE_UNDEFINED);
  return true;
}

// The innermost frame from the stack.
static NO_INLINE MUST_CHECK bool load_frame(Stringifier *stringifier) {
  const Value *values = frame_values(stringifier, stringifier->depth - 1);
  int32_t kind = value_as_int(values[VALUE_KIND]);
  StringifyFrame frame = {.kind = (StringifyKind)(kind >> 1),
                          .is_empty = kind & 1,
                          .index = value_as_number(values[VALUE_INDEX]),
                          .count = value_as_number(values[VALUE_COUNT])};
  buffer_append(&stringifier->frames, &frame, sizeof frame);
  if (LIKELY(!stringifier->frames.failed)) return true;
  context_throw_out_of_memory(stringifier->cx);
  return false;
}

static MUST_CHECK bool pop_frame(Stringifier *stringifier) {
  Value *values = frame_values(stringifier, --stringifier->depth);
  heap_keep_values(&stringifier->cx->heap, values, FRAME_VALUES);
  values[VALUE_HOLDER] = values[VALUE_NAMES] = values[VALUE_KEY] = VALUE_HOLE;
  stringifier->frames.size -= sizeof(StringifyFrame);
  return LIKELY(stringifier->frames.size > 0) || stringifier->depth == 0 || load_frame(stringifier);
}

static bool is_identifier(Value text) {
  if (!value_is_string(text) || !string_is_flat(value_as_string(text))) return false;
  TextView view = string_view_flat(value_as_string(text));
  if (view.length == 0 || view.length > PATH_LIMIT || !unicode_is_identifier_start(text_view_unit(view, 0)))
    return false;
  for (uint32_t i = 1; i < view.length; i++)
    if (!unicode_is_identifier_part(text_view_unit(view, i))) return false;
  return true;
}

// The path from the outermost value to the frame's object, as an expression.
// bounded: the nesting of values is limited.
static void append_path(Stringifier *stringifier, Buffer *path, uint32_t frames) {
  buffer_append_text(path, "value");
  for (uint32_t i = 0; i < frames; i++) {
    PropertyKey key = frame_values(stringifier, i)[VALUE_KEY];
    if (path->size > PATH_LIMIT) {
      buffer_append_text(path, "...");
      return;
    }
    if (key_is_index(key)) {
      buffer_format(path, "[%d]", value_as_int(key));
    } else {
      bool is_name = is_identifier(key);
      buffer_append_byte(path, is_name ? '.' : '[');
      if (is_name) error_describe_key(stringifier->cx, key, path);
      else value_describe(stringifier->cx, key, path);
      if (!is_name) buffer_append_byte(path, ']');
    }
  }
}

static Value throw_circular(Stringifier *stringifier, uint32_t ancestor) {
  Buffer message __attribute__((cleanup(buffer_release)));
  buffer_initialize(&message, &stringifier->cx->memory);
  append_path(stringifier, &message, stringifier->depth);
  buffer_append_text(&message, " is the same object as ");
  append_path(stringifier, &message, ancestor);
  buffer_append_byte(&message, 0);
  if (message.failed) return context_throw_out_of_memory(stringifier->cx);
  return throw_type_error(stringifier->cx, "JSON.stringify: circular structure: %s", (const char *)message.data);
}

static MUST_CHECK bool check_circular(Stringifier *stringifier, Value object) {
  for (uint32_t i = stringifier->depth; i-- > 0;) {
    if (frame_values(stringifier, i)[VALUE_HOLDER] == object) {
      throw_circular(stringifier, i);
      return false;
    }
  }
  if (UNLIKELY(stringifier->depth >= DEPTH_LIMIT)) {
    throw_range_error(stringifier->cx, "JSON.stringify: the value is nested too deeply");
    return false;
  }
  if (LIKELY(context_charge(stringifier->cx, (int32_t)(stringifier->depth / 8)))) return true;
  context_throw_interrupted(stringifier->cx);
  return false;
}

// Keys of an object ------------------------------------------------------------------------------------

static bool object_names_from_shape(const Object *object) {
  uint8_t unsuitable = SHAPE_EXOTIC | SHAPE_DICTIONARY | SHAPE_HAS_INDEX_KEYS;
  return !(object->shape->cell.flags & unsuitable) && object->element_count == 0 && object->cell.kind != CELL_ARRAY;
}

static MUST_CHECK bool is_own_enumerable(Context *cx, Object *object, PropertyKey key, bool *out) {
  ROOTS(cx, r, fields[3]);
  OwnProperty property;
  if (LIKELY(!replay_is_recording(cx) && object_is_ordinary_for(object, key))) {
    *out = own_property_find(object, key, &property) && property.attributes & PROPERTY_ENUMERABLE;
    return true;
  }
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, object, key, &descriptor, r->fields);
  *out = found == TRISTATE_TRUE && descriptor.attributes & PROPERTY_ENUMERABLE;
  return found != TRISTATE_ABRUPT;
}

// bounded: listing the keys paid for them.
Value json_enumerable_names(Context *cx, Object *object, double *count) {
  enum { INDEX, KEPT, NAMES, STATE };
  ROOTS(cx, r, keys, key, state[STATE]);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  const Values *keys = (const Values *)value_as_cell(r->keys);
  bool is_made = replay_is_repeating(cx);
  Values *names = is_made ? NULL : values_create(cx, values_count(keys));  // what was recorded must not be changed
  if (!is_made && !names) return VALUE_ABRUPT;
  r->state[NAMES] = value_internal_or_undefined(names);
  uint32_t kept = 0;
  ReplayLoop loop = {0};
  for (uint32_t i = 0;; i++) {
    if (UNLIKELY(replay_is_recording(cx))) {
      r->state[INDEX] = value_unsigned(i), r->state[KEPT] = value_unsigned(kept);
      if (!replay_round_slowly(cx, &loop, r->state, STATE)) return VALUE_ABRUPT;
      i = (uint32_t)value_as_number(r->state[INDEX]), kept = (uint32_t)value_as_number(r->state[KEPT]);
      names = (Values *)value_as_cell(r->state[NAMES]);
    }
    if (i >= values_count(keys)) break;
    if (!value_is_string(keys->items[i])) continue;
    r->key = key_from_value(cx, keys->items[i]);
    bool is_enumerable;
    if (value_is_abrupt(r->key) || !is_own_enumerable(cx, object, r->key, &is_enumerable)) return VALUE_ABRUPT;
    if (is_enumerable) cell_store(cx, &names->items[kept++], r->key);
  }
  *count = kept;
  return r->state[NAMES];
}

// Values ----------------------------------------------------------------------------------------------

// OPTIMIZATION: most objects have no toJSON, and this holds for all objects of a shape.
static bool surely_has_no_to_json(Stringifier *stringifier, Object *object) {
  Context *cx = stringifier->cx;
  if (stringifier->layout_time != context_layout_time(cx) || stringifier->collections != cx->heap.collections) {
    stringifier->layout_time = context_layout_time(cx);
    stringifier->collections = cx->heap.collections;
    memset(stringifier->without_to_json, 0, sizeof stringifier->without_to_json);
  }
  const Shape **entry = &stringifier->without_to_json[(uintptr_t)object->shape >> 6 & (NO_TO_JSON_ENTRIES - 1)];
  if (*entry == object->shape) return true;
  PropertyLookup lookup;
  if (!object_lookup_for_cache(cx, object, cx->names->toJSON, &lookup) || lookup.holder) return false;
  *entry = object->shape;
  return true;
}

// The first half of https://tc39.es/ecma262/#sec-serializejsonproperty: what toJSON and the replacer make of
// the value at `place`, in place.
static MUST_CHECK bool transform_value(Stringifier *stringifier, Value holder, PropertyKey key, Value *place) {
  Context *cx = stringifier->cx;
  ROOTS(cx, r, function, arguments[2]);
  if (value_is_bigint(*place) ||
      (value_is_object(*place) &&
       (replay_is_recording(cx) || !surely_has_no_to_json(stringifier, value_as_object(*place))))) {
    r->function = value_get(cx, *place, cx->names->toJSON);
    if (value_is_abrupt(r->function)) return false;
    if (value_is_callable(r->function)) {
      r->arguments[0] = key_to_value(cx, key);
      if (value_is_abrupt(r->arguments[0])) return false;
      *place = function_call(cx, r->function, *place, r->arguments, 1);
      if (value_is_abrupt(*place)) return false;
    }
  }
  if (value_is_object(stringifier->replacer)) {
    r->arguments[0] = key_to_value(cx, key);
    if (value_is_abrupt(r->arguments[0])) return false;
    r->arguments[1] = *place;
    *place = function_call(cx, stringifier->replacer, holder, r->arguments, 2);
    if (value_is_abrupt(*place)) return false;
  }
  if (!value_is_object_of(*place, CELL_PRIMITIVE)) return true;
  if (value_is_primitive_object(*place, &object_class_number)) {
    double number;
    if (!value_to_number(cx, *place, &number)) return false;
    *place = value_number(number);
  } else if (value_is_primitive_object(*place, &object_class_string)) {
    *place = value_to_string(cx, *place);
  } else if (value_is_primitive_object(*place, &object_class_boolean) ||
             value_is_primitive_object(*place, &object_class_bigint)) {
    *place = primitive_object_value(*place);
  }
  return !value_is_abrupt(*place);
}

static bool value_is_left_out(Value value) {
  return value_is_undefined(value) || value_is_symbol(value) || value_is_callable(value);
}

static bool value_opens(Value value) { return value_is_object(value) && !value_is_raw_json(value); }

static MUST_CHECK bool prepare_opening(Stringifier *stringifier, Value value) {
  Context *cx = stringifier->cx;
  if (!replay_is_repeating(cx) && !check_circular(stringifier, value)) return false;
  bool is_array;
  if (!value_is_array(cx, value, &is_array)) return false;
  Object *object = value_as_object(value);
  StringifyFrame *frame = &stringifier->opening;
  Value *names = stringifier->opening_names;
  *frame = (StringifyFrame){.kind = STRINGIFY_LISTED, .is_empty = true};
  *names = VALUE_UNDEFINED;
  if (is_array) {
    frame->kind = STRINGIFY_ARRAY;
    return object_length(cx, object, &frame->count);
  }
  if (value_is_internal(stringifier->property_list)) {
    *names = stringifier->property_list;
    frame->count = values_count((const Values *)value_as_cell(*names));
  } else if (!replay_is_recording(cx) && object_names_from_shape(object)) {
    frame->kind = STRINGIFY_SHAPED;
    frame->count = object->shape->count;
    *names = value_internal(object->shape);
  } else {
    *names = json_enumerable_names(cx, object, &frame->count);
  }
  return !value_is_abrupt(*names);
}

// The second half of SerializeJSONProperty, for a value that is not left out. An object is only opened.
static MUST_CHECK bool write_value(Stringifier *stringifier, Value value) {
  Context *cx = stringifier->cx;
  if (value_is_string(value)) return write_quoted(stringifier, value);
  if (value_is_number(value)) {
    write_number(stringifier, value);
  } else if (value_is_boolean(value)) {
    if (value_as_boolean(value)) {
      write_narrow(stringifier, "true", 4);
    } else {
      write_narrow(stringifier, "false", 5);
    }
  } else if (value_is_null(value)) {
    write_narrow(stringifier, "null", 4);
  } else if (value_is_bigint(value)) {
    throw_type_error(cx, "JSON.stringify: a BigInt has no JSON form (%v); give it a toJSON or convert it", value);
    return false;
  } else if (value_is_raw_json(value)) {
    ROOTS(cx, r, text);
    r->text = object_get_key(cx, value_as_object(value), cx->names->rawJSON);
    if (value_is_abrupt(r->text)) return false;
    return string_builder_append_string(&stringifier->builder, value_as_string(r->text));
  } else {
    write_unit(stringifier, stringifier->opening.kind == STRINGIFY_ARRAY ? '[' : '{');
    return push_frame(stringifier, stringifier->opening, value, *stringifier->opening_names);
  }
  return true;
}

static void write_separator(Stringifier *stringifier, StringifyFrame *frame) {
  if (!frame->is_empty) write_unit(stringifier, ',');
  frame->is_empty = false;
  write_line_break(stringifier, stringifier->depth);
}

static MUST_CHECK bool write_key(Stringifier *stringifier, PropertyKey key) {
  if (key_is_index(key)) {
    char text[NUMBER_TEXT_SIZE];
    write_unit(stringifier, '"');
    write_narrow(stringifier, text, number_int32_to_text(value_as_int(key), text));
    write_unit(stringifier, '"');
  } else if (!write_quoted(stringifier, key)) {
    return false;
  }
  write_unit(stringifier, ':');
  if (stringifier->gap.length > 0) write_unit(stringifier, ' ');
  return true;
}

// https://tc39.es/ecma262/#sec-serializejsonarray, one element
static MUST_CHECK bool step_array(Stringifier *stringifier, StringifyFrame *frame, Value *values) {
  Context *cx = stringifier->cx;
  Object *object = value_as_object(values[VALUE_HOLDER]);
  double position = frame->index;
  ROOTS(cx, r, key, value);
  if (LIKELY(!replay_is_recording(cx) && position < object->element_count && array_is_dense(object) &&
             !value_is_hole(object->elements->items[(uint32_t)position]))) {
    r->key = value_int((int32_t)position);
    r->value = object->elements->items[(uint32_t)position];
  } else {
    r->key = position <= INT32_MAX ? value_int((int32_t)position) : key_from_value(cx, value_number(position));
    if (value_is_abrupt(r->key)) return false;
    r->value = object_get_key(cx, object, r->key);
    if (value_is_abrupt(r->value)) return false;
  }
  cell_store(cx, &values[VALUE_KEY], r->key);
  if (!transform_value(stringifier, values[VALUE_HOLDER], r->key, &r->value)) return false;
  if (value_is_left_out(r->value)) r->value = VALUE_NULL;
  if (value_opens(r->value) && !prepare_opening(stringifier, r->value)) return false;
  frame->index++;
  write_separator(stringifier, frame);
  return write_value(stringifier, r->value);
}

// The next name of an object with its value. TRISTATE_FALSE: it must not be written.
static Tristate next_property(Stringifier *stringifier, StringifyFrame *frame, Value *values, Value *key,
                              Value *value) {
  Context *cx = stringifier->cx;
  Object *object = value_as_object(values[VALUE_HOLDER]);
  uint32_t index = (uint32_t)frame->index;
  if (frame->kind == STRINGIFY_LISTED) {
    *key = ((Values *)value_as_cell(values[VALUE_NAMES]))->items[index];
    *value = object_get_key(cx, object, *key);
    return value_is_abrupt(*value) ? TRISTATE_ABRUPT : TRISTATE_TRUE;
  }
  const Shape *shape = (const Shape *)value_as_cell(values[VALUE_NAMES]);
  const Property *property = &shape->properties->entries[index];
  *key = property->key;
  if (!key_is_atom(*key) || !(property->attributes & PROPERTY_ENUMERABLE)) return TRISTATE_FALSE;
  // The names were listed at the beginning; the values are read now.
  bool is_plain = !replay_is_recording(cx) && object->shape == shape &&
                  !(property->attributes & (PROPERTY_ACCESSOR | PROPERTY_LAZY));
  *value = is_plain ? object->slots[property->slot] : object_get_key(cx, object, *key);
  return value_is_abrupt(*value) ? TRISTATE_ABRUPT : TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-serializejsonobject, one property
static MUST_CHECK bool step_object(Stringifier *stringifier, StringifyFrame *frame, Value *values) {
  ROOTS(stringifier->cx, r, key, value);
  Tristate found = next_property(stringifier, frame, values, &r->key, &r->value);
  if (found == TRISTATE_ABRUPT) return false;
  if (found == TRISTATE_TRUE) {
    cell_store(stringifier->cx, &values[VALUE_KEY], r->key);
    if (!transform_value(stringifier, values[VALUE_HOLDER], r->key, &r->value)) return false;
    if (value_opens(r->value) && !value_is_callable(r->value) && !prepare_opening(stringifier, r->value)) return false;
  }
  frame->index++;
  if (found == TRISTATE_FALSE || value_is_left_out(r->value)) return true;
  write_separator(stringifier, frame);
  return write_key(stringifier, r->key) && write_value(stringifier, r->value);
}

// The state of the loop, for when a step of it is abandoned: the text so far, the stack, how many frames.
enum { STATE_TEXT, STATE_STACK, STATE_DEPTH, STATE_VALUES };

// Moves what was written to the text of the state.
static MUST_CHECK bool flush_text(Stringifier *stringifier, Value *state) {
  Context *cx = stringifier->cx;
  ROOTS(cx, r, text);
  r->text = string_builder_finish(&stringifier->builder);
  string_builder_initialize(&stringifier->builder, cx);
  stringifier->charged = 0;
  if (value_is_abrupt(r->text)) return false;
  state[STATE_TEXT] = string_concatenate(cx, value_as_string(state[STATE_TEXT]), value_as_string(r->text));
  return !value_is_abrupt(state[STATE_TEXT]);
}

// Saves the frames that have changed since they were saved. They are in `frames`: only the innermost changes.
// bounded: the steps that changed them have paid.
static MUST_CHECK bool save_state(Stringifier *stringifier, Value *state) {
  if (!flush_text(stringifier, state)) return false;
  for (; stringifier->saved < stringifier->depth; stringifier->saved++) {
    const StringifyFrame *frame = top_frame(stringifier) - (stringifier->depth - 1 - stringifier->saved);
    Value *values = frame_values(stringifier, stringifier->saved);
    values[VALUE_KIND] = value_int((int32_t)frame->kind << 1 | frame->is_empty);
    values[VALUE_INDEX] = value_number(frame->index);
    values[VALUE_COUNT] = value_number(frame->count);
  }
  state[STATE_STACK] = *stringifier->stack_root;
  state[STATE_DEPTH] = value_unsigned(stringifier->depth);
  return true;
}

static MUST_CHECK bool load_state(Stringifier *stringifier, const Value *state) {
  *stringifier->stack_root = state[STATE_STACK];
  stringifier->stack = (Values *)value_as_cell(state[STATE_STACK]);
  stringifier->depth = (uint32_t)value_as_number(state[STATE_DEPTH]);
  stringifier->frames.size = 0;
  if (stringifier->depth == 0) return true;
  stringifier->saved = stringifier->depth - 1;
  return load_frame(stringifier);
}

static MUST_CHECK bool write_step(Stringifier *stringifier) {
  if (!stringifier_charge(stringifier)) return false;
  StringifyFrame *frame = top_frame(stringifier);
  Value *values = frame_values(stringifier, stringifier->depth - 1);
  if (frame->index < frame->count) {
    return frame->kind == STRINGIFY_ARRAY ? step_array(stringifier, frame, values)
                                          : step_object(stringifier, frame, values);
  }
  if (!frame->is_empty) write_line_break(stringifier, stringifier->depth - 1);
  write_unit(stringifier, frame->kind == STRINGIFY_ARRAY ? ']' : '}');
  return pop_frame(stringifier);
}

// The text of a value that is not left out.
static Value write_all(Stringifier *stringifier, Value value) {
  Context *cx = stringifier->cx;
  ROOTS(cx, r, names, state[STATE_VALUES]);
  stringifier->opening_names = &r->names;
  if (value_opens(value) && !prepare_opening(stringifier, value)) return VALUE_ABRUPT;
  if (!write_value(stringifier, value)) return VALUE_ABRUPT;
  r->state[STATE_TEXT] = cx->names->empty;
  bool is_recording = replay_is_recording(cx);
  ReplayLoop loop;
  if (UNLIKELY(is_recording) && (!save_state(stringifier, r->state) ||
                                 !replay_loop(cx, &loop, r->state, STATE_VALUES) || !load_state(stringifier, r->state)))
    return VALUE_ABRUPT;
  while (stringifier->depth > 0) {
    if (!write_step(stringifier)) {
      if (cx->termination != TERMINATION_REPLAY || !is_recording) return VALUE_ABRUPT;
      replay_begin_saving(cx);
      bool is_saved = save_state(stringifier, r->state);
      if (is_saved) replay_put_loop(cx, &loop, r->state, STATE_VALUES);
      replay_end_saving(cx, is_saved);
      return VALUE_ABRUPT;
    }
    if (LIKELY(!is_recording)) continue;
    replay_next_round(cx, &loop, STATE_VALUES);
    stringifier->saved = MIN_OF(stringifier->saved, stringifier->depth - 1);  // the innermost is about to change
  }
  if (LIKELY(!is_recording)) return string_builder_finish(&stringifier->builder);
  return flush_text(stringifier, r->state) ? r->state[STATE_TEXT] : VALUE_ABRUPT;
}

// Arguments -------------------------------------------------------------------------------------------

// An element of a replacer array as a key; undefined when it names nothing.
static PropertyKey key_from_replacer_element(Context *cx, Value element) {
  bool names = value_is_string(element) || value_is_number(element) ||
               value_is_primitive_object(element, &object_class_string) ||
               value_is_primitive_object(element, &object_class_number);
  if (!names) return VALUE_UNDEFINED;
  ROOTS(cx, r, string);
  r->string = value_to_string(cx, element);
  return value_is_abrupt(r->string) ? VALUE_ABRUPT : key_from_string(cx, value_as_string(r->string));
}

// The distinct keys that the replacer array names, in order.
static Value property_list_from_array(Context *cx, Value replacer) {
  double length;
  ROOTS(cx, r, seen, element, key, list);
  if (!object_length(cx, value_as_object(replacer), &length)) return VALUE_ABRUPT;
  Object *seen = object_create(cx, NULL);
  if (!seen) return VALUE_ABRUPT;
  r->seen = replay_note(cx, value_object(seen));
  if (value_is_abrupt(r->seen)) return VALUE_ABRUPT;
  seen = value_as_object(r->seen);
  Object *keys = array_create(cx, 0);
  if (!keys) return VALUE_ABRUPT;
  r->list = replay_note(cx, value_object(keys));
  if (value_is_abrupt(r->list)) return VALUE_ABRUPT;
  keys = value_as_object(r->list);
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    if (!replay_round(cx, &loop, &i)) return VALUE_ABRUPT;
    if (i >= length) break;
    r->key = key_from_value(cx, value_number(i));
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    r->element = object_get_key(cx, value_as_object(replacer), r->key);
    if (value_is_abrupt(r->element)) return VALUE_ABRUPT;
    r->key = key_from_replacer_element(cx, r->element);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    OwnProperty present;
    if (value_is_undefined(r->key) || own_property_find(seen, r->key, &present)) continue;
    // Not an internal method, whose record would end with the round.
    if (object_add_checked(cx, seen, r->key, VALUE_TRUE) == TRISTATE_ABRUPT || !array_push(cx, keys, r->key))
      return VALUE_ABRUPT;
  }
  if (replay_is_repeating(cx)) return replay_note(cx, VALUE_UNDEFINED);  // the list is made
  Values *list = values_create(cx, keys->element_count);
  if (!list) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < keys->element_count; i++) list->items[i] = keys->elements->items[i];
  return replay_note(cx, value_internal(list));
}

// The text that one level is indented by: a string.
static Value gap_from_space(Context *cx, Value space) {
  ROOTS(cx, r, space);
  r->space = space;
  if (value_is_primitive_object(space, &object_class_number)) {
    double number;
    if (!value_to_number(cx, space, &number)) return VALUE_ABRUPT;
    r->space = value_number(number);
  } else if (value_is_primitive_object(space, &object_class_string)) {
    r->space = value_to_string(cx, space);
    if (value_is_abrupt(r->space)) return VALUE_ABRUPT;
  }
  if (value_is_number(r->space)) {
    double width = number_to_integer_or_infinity(value_as_number(r->space));
    width = width < 0 ? 0 : MIN_OF(width, GAP_LIMIT);
    return string_from_view(cx, text_view_narrow("          ", (size_t)width));
  }
  if (!value_is_string(r->space)) return cx->names->empty;
  String *string = value_as_string(r->space);
  return string_slice(cx, string, 0, MIN_OF(string_length(string), GAP_LIMIT));
}

// The object that holds the outermost value; only replacer functions can see it.
static Value create_wrapper(Context *cx, Value value) {
  ROOTS(cx, r, wrapper);
  Object *wrapper = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!wrapper) return VALUE_ABRUPT;
  r->wrapper = replay_note(cx, value_object(wrapper));  // the replacer sees it
  if (value_is_abrupt(r->wrapper)) return VALUE_ABRUPT;
  wrapper = value_as_object(r->wrapper);
  return object_create_data_property(cx, wrapper, cx->names->empty, value) ? r->wrapper : VALUE_ABRUPT;
}

Value json_stringify(Context *cx, Value value, Value replacer, Value space) {
  ROOTS(cx, r, stack, replacer, property_list, gap, value, wrapper);
  r->replacer = r->property_list = VALUE_UNDEFINED;
  bool is_array = false;
  if (value_is_callable(replacer)) {
    r->replacer = replacer;
  } else if (value_is_object(replacer)) {
    if (!value_is_array(cx, replacer, &is_array)) return VALUE_ABRUPT;
    if (is_array) r->property_list = property_list_from_array(cx, replacer);
    if (value_is_abrupt(r->property_list)) return VALUE_ABRUPT;
  }
  r->gap = gap_from_space(cx, space);
  if (value_is_abrupt(r->gap)) return VALUE_ABRUPT;
  r->value = value;
  r->wrapper = value_is_object(r->replacer) ? create_wrapper(cx, value) : VALUE_UNDEFINED;
  if (value_is_abrupt(r->wrapper)) return VALUE_ABRUPT;
  Values *stack = values_create(cx, STACK_LEAST_FRAMES * FRAME_VALUES);
  if (!stack) return VALUE_ABRUPT;
  r->stack = value_internal(stack);
  Stringifier stringifier = {
      .cx = cx, .stack = stack, .stack_root = &r->stack, .replacer = r->replacer, .property_list = r->property_list};
  if (!string_view(cx, value_as_string(r->gap), &stringifier.gap)) return VALUE_ABRUPT;
  if (!transform_value(&stringifier, r->wrapper, cx->names->empty, &r->value)) return VALUE_ABRUPT;
  if (value_is_left_out(r->value)) return VALUE_UNDEFINED;
  string_builder_initialize(&stringifier.builder, cx);
  buffer_initialize(&stringifier.frames, &cx->memory);
  Value text = write_all(&stringifier, r->value);
  string_builder_release(&stringifier.builder);
  buffer_release(&stringifier.frames);
  return text;
}
