// How the console shows values: like Node, for people, cut in depth and length. Nothing of the guest runs meanwhile: no
// traps, conversions or getters, and not Error.prepareStackTrace.
#include <math.h>

#include "builtins/arrays/array.h"
#include "builtins/collections/collection.h"
#include "builtins/temporal/temporal_objects.h"
#include "builtins/text/regexp_objects.h"
#include "bytecode/code.h"
#include "host/runtime/host.h"
#include "host/runtime/inspect_layout.h"
#include "number/calendar.h"
#include "number/format.h"
#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/index_order.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/primitive_objects.h"
#include "runtime/promises.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"
#include "runtime/typed_arrays.h"
#include "text/utf8.h"

void host_append_utf8(Buffer *out, TextView text) {
  uint8_t *place = buffer_reserve(out, utf8_encoded_size(text));
  if (place) out->size += (size_t)(utf8_encode(text, place) - place);
}

enum { INSPECT_DEPTH = 2, INSPECT_ITEMS = 100, INSPECT_UNITS = 10000, INSPECT_LEVELS = 64, INSPECT_LINE = 80 };

typedef struct Inspector {
  Context *cx;
  int limit;        // objects nested deeper are only named; -1: all are shown
  unsigned indent;  // the column
  unsigned depth;   // of the object that was entered last
  unsigned complex_depth;
  bool is_line;                        // all on one line, for messages
  const Object *seen[INSPECT_LEVELS];  // the objects around the one that is shown now
  unsigned seen_count;
  Buffer circular;  // const Object * each: objects that contain themselves
} Inspector;

static void inspect_value(Inspector *in, Value value, unsigned depth, Buffer *out);

// Texts --------------------------------------------------------------------------------------------------------------

static bool text_has(TextView text, char character) {
  for (uint32_t i = 0; i < text.length; i++) {
    if (text_view_unit(text, i) == (uint8_t)character) return true;
  }
  return false;
}

// The text in quotes that it does not contain, with invisible characters escaped, like Node. `all` is the whole text
// that it is a part of.
static void inspect_quoted(TextView text, TextView all, Buffer *out) {
  char quote = !text_has(all, '\'') ? '\'' : !text_has(all, '"') ? '"' : !text_has(all, '`') ? '`' : '\'';
  buffer_append_byte(out, (uint8_t)quote);
  uint32_t plain = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    static const char letters[] = "btn\0fr";
    uint16_t unit = text_view_unit(text, i);
    bool is_high = (unit & 0xFC00) == 0xD800,
         is_paired = is_high && i + 1 < text.length && (text_view_unit(text, i + 1) & 0xFC00) == 0xDC00;
    if (is_paired) {
      i++;
      continue;
    }
    bool is_control = unit < 0x20 || (unit >= 0x7F && unit <= 0x9F), is_half = (unit & 0xF800) == 0xD800;
    if (!is_control && !is_half && unit != (uint8_t)quote && unit != '\\') continue;
    host_append_utf8(out, text_view_slice(text, plain, i));
    plain = i + 1;
    if (is_half) {
      buffer_format(out, "\\u%x", unit);
    } else if (!is_control) {
      buffer_format(out, "\\%c", unit);
    } else if (unit >= 8 && unit <= 13 && letters[unit - 8]) {
      buffer_format(out, "\\%c", letters[unit - 8]);
    } else {
      static const char digits[] = "0123456789ABCDEF";
      buffer_format(out, "\\x%c%c", digits[unit >> 4], digits[unit & 15]);
    }
  }
  host_append_utf8(out, text_view_slice(text, plain, text.length));
  buffer_append_byte(out, (uint8_t)quote);
}

// A long text is shown line by line.
static void inspect_string(Inspector *in, String *string, Buffer *out) {
  TextView text;
  if (!string_view(in->cx, string, &text)) return;
  context_spend_steps(in->cx, text.length);
  uint32_t length = MIN_OF(text.length, (uint32_t)INSPECT_UNITS), start = 0;
  TextView shown = text_view_slice(text, 0, length);
  bool is_split = !in->is_line && length > 16 && length + in->indent + 4 > INSPECT_LINE;
  for (uint32_t i = 0; is_split && i + 1 < length; i++) {
    if (text_view_unit(text, i) != '\n') continue;
    inspect_quoted(text_view_slice(text, start, i + 1), shown, out);
    buffer_append_text(out, " +\n");
    for (unsigned column = 0; column < in->indent + 2; column++) buffer_append_byte(out, ' ');
    start = i + 1;
  }
  inspect_quoted(text_view_slice(text, start, length), shown, out);
  uint32_t rest = text.length - length;
  if (rest) buffer_format(out, "... %u more character%s", rest, rest > 1 ? "s" : "");
}

static void append_string(Context *cx, Value string, Buffer *out) {
  TextView text;
  if (!value_is_string(string) || !string_view(cx, value_as_string(string), &text)) return;
  context_spend_steps(cx, text.length);
  host_append_utf8(out, text);
}

static void inspect_primitive(Inspector *in, Value value, Buffer *out) {
  Context *cx = in->cx;
  char text[NUMBER_TEXT_SIZE];
  if (value_is_string(value)) {
    inspect_string(in, value_as_string(value), out);
  } else if (value_is_number(value)) {
    double number = value_as_number(value);
    if (number == 0 && signbit(number)) buffer_append_text(out, "-0");
    else buffer_append(out, text, number_to_text(number, text));
  } else if (value_is_symbol(value)) {
    buffer_append_text(out, "Symbol(");
    append_string(cx, value_as_symbol(value)->description, out);
    buffer_append_byte(out, ')');
  } else if (value_is_bigint(value)) {
    ROOTS(cx, r, digits);
    r->digits = value_to_string(cx, value);
    append_string(cx, r->digits, out);
    buffer_append_byte(out, 'n');
  } else {
    value_describe(cx, value, out);
  }
}

static bool is_identifier(TextView text) {
  for (uint32_t i = 0; i < text.length; i++) {
    uint16_t unit = text_view_unit(text, i);
    if ((uint16_t)((unit | 32) - 'a') >= 26 && unit != '_' && (i == 0 || (uint16_t)(unit - '0') >= 10)) return false;
  }
  return text.length > 0;
}

static void inspect_key(Inspector *in, PropertyKey key, bool is_enumerable, Buffer *out) {
  bool in_brackets = value_is_symbol(key) || !is_enumerable;
  if (in_brackets) buffer_append_byte(out, '[');
  TextView text = {0};
  if (value_is_string(key)) text = string_view_flat(value_as_string(key));
  context_spend_steps(in->cx, text.length);
  bool is_plain = value_is_string(key) &&
                  (in_brackets || (is_identifier(text) && !string_equals_ascii(value_as_string(key), "__proto__")));
  if (is_plain) {
    host_append_utf8(out, text);
  } else if (value_is_int(key)) {
    buffer_format(out, "'%d'", value_as_int(key));
  } else if (value_is_string(key) && string_equals_ascii(value_as_string(key), "__proto__")) {
    buffer_append_text(out, "['__proto__']");
  } else if (value_is_string(key)) {
    inspect_quoted(text, text, out);
  } else {
    inspect_primitive(in, key, out);
  }
  if (in_brackets) buffer_append_byte(out, ']');
  buffer_append_text(out, ": ");
}

// What an object says about itself -----------------------------------------------------------------------------------

static Value data_of(const Object *object, const Property *property) {
  if (!property || property->attributes & PROPERTY_ACCESSOR) return VALUE_UNDEFINED;
  Value value = object->slots[property->slot];
  return property_is_unfilled(value) ? VALUE_UNDEFINED : value;
}
static Value own_data(const Object *object, PropertyKey key) {
  return data_of(object, shape_lookup(object->shape, key));
}

// The same for an object that the engine may not have filled yet.
static Value own_data_filled(Context *cx, Object *object, PropertyKey key) {
  if (object_is_unfilled(object) && !object_fill(cx, object)) return VALUE_UNDEFINED;
  const Property *property = shape_lookup(object->shape, key);
  if (!property || property->attributes & PROPERTY_ACCESSOR) return VALUE_UNDEFINED;
  if (property->attributes & PROPERTY_LAZY && property_is_unfilled(object->slots[property->slot])) {
    OwnProperty own = {&object->slots[property->slot], property->attributes};
    return own_property_materialize(cx, object, key, &own) ? *own.place : VALUE_UNDEFINED;
  }
  return data_of(object, property);
}

// Looks along the prototypes; undefined as well when an accessor or a proxy is met. *getter: the accessor's, a hole
// when it is one of the engine that was never read; NULL: not wanted.
static Value inherited_data(Context *cx, const Object *object, PropertyKey key, Value *getter) {
  for (int i = 0; object && i < 100; object = object->shape->prototype, i++) {
    if (object->cell.kind == CELL_PROXY) break;
    context_spend_step(cx);
    if (object_is_unfilled(object) && !object_fill(cx, (Object *)object)) break;
    const Property *property = shape_lookup(object->shape, key);
    if (!property) continue;
    Value value = object->slots[property->slot];
    if (getter && property_is_unfilled(value)) *getter = VALUE_HOLE;
    else if (getter && property->attributes & PROPERTY_ACCESSOR)
      *getter = ((const Record *)value_as_cell(value))->items[ACCESSOR_GET];
    return data_of(object, property);
  }
  return VALUE_UNDEFINED;
}

// What a getter gives whose body is no more than `return` and a literal; otherwise undefined.
static Value literal_of_getter(Value getter) {
  if (!value_is_object_of(getter, CELL_CLOSURE)) return VALUE_UNDEFINED;
  const Code *code = ((const Closure *)value_as_object(getter))->code;
  const Instruction *first = code->instructions;
  bool is_literal =
      first[0].opcode == OPCODE_load_constant && first[1].opcode == OPCODE_return && first[0].a == first[1].a;
  return is_literal ? code->constants->items[(uint32_t)instruction_wide(first)] : VALUE_UNDEFINED;
}

static bool text_is(Value string, const char *text) {
  return value_is_string(string) && string_is_flat(value_as_string(string)) &&
         string_equals_ascii(value_as_string(string), text);
}

static bool has_text(Value value) { return value_is_string(value) && string_length(value_as_string(value)) > 0; }

static bool inherits_from(Context *cx, const Object *object, const Object *prototype) {
  for (int i = 0; prototype && object && i < 100; i++) {
    context_spend_step(cx);
    object = object->shape->prototype;
    if (object == prototype) return true;
  }
  return false;
}

// For an object whose prototypes name no constructor: "Object <description of the prototype>".
static Value name_of_complex(Inspector *in, const Object *object) {
  Context *cx = in->cx;
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  const char *name = object->cell.kind == CELL_OBJECT ? NULL : object->shape->class_->name;
  buffer_format(&text, "%s <", name ? name : "Object");
  int limit = in->limit;
  in->limit = 0;
  inspect_value(in, value_object(object->shape->prototype), 1, &text);
  in->limit = limit;
  buffer_append_byte(&text, '>');
  Value value = text.failed ? VALUE_ABRUPT : string_from_utf8(cx, (const char *)text.data, text.size);
  buffer_release(&text);
  return value_is_string(value) ? value : VALUE_UNDEFINED;
}

// The name of the constructor along the prototype chain; undefined: the object has no prototype.
static Value constructor_name(Inspector *in, Object *object) {
  Context *cx = in->cx;
  ROOTS(cx, r, constructor, name, prototype);
  for (Object *holder = object; holder && holder->cell.kind != CELL_PROXY; holder = holder->shape->prototype) {
    if (!context_charge(cx, 1)) return VALUE_UNDEFINED;
    r->constructor = own_data_filled(cx, holder, cx->names->constructor);
    if (!value_is_callable(r->constructor)) continue;
    r->name = own_data_filled(cx, value_as_object(r->constructor), cx->names->name);
    r->prototype = own_data_filled(cx, value_as_object(r->constructor), cx->names->prototype);
    if (has_text(r->name) && value_is_object(r->prototype) && inherits_from(cx, object, value_as_object(r->prototype)))
      return r->name;
  }
  // Such prototypes are shown nested, as deep as there is room.
  bool is_complex = object->shape->prototype && in->complex_depth < INSPECT_LEVELS;
  if (!is_complex) return VALUE_UNDEFINED;
  in->complex_depth++;
  r->name = name_of_complex(in, object);
  in->complex_depth--;
  return r->name;
}

// `Symbol.toStringTag`, unless it is shown as a property in any case. Most classes that have one have a getter of a
// literal.
static Value tag_of(Inspector *in, Object *object) {
  Context *cx = in->cx;
  const PropertyKey key = cx->names->symbol_toStringTag;
  const Property *own = shape_lookup(object->shape, key);
  if (own && own->attributes & PROPERTY_ENUMERABLE) return VALUE_UNDEFINED;
  Value getter = VALUE_UNDEFINED, tag = inherited_data(cx, object, key, &getter);
  // The engine's own getter tells the names of typed arrays.
  bool is_engines = object->cell.kind == CELL_TYPED_ARRAY &&
                    (value_is_hole(getter) || value_is_object_of(getter, CELL_NATIVE_FUNCTION));
  if (is_engines) tag = string_from_ascii(cx, typed_array_name(((const TypedArray *)object)->element_kind));
  else if (!value_is_undefined(getter)) tag = literal_of_getter(getter);
  if (value_is_abrupt(tag) && exception_is_catchable(cx)) (void)exception_take(cx);
  return has_text(tag) ? tag : VALUE_UNDEFINED;
}

static bool texts_are_equal(Context *cx, Value left, Value right) {
  bool is_equal = false;
  return value_is_string(left) && value_is_string(right) &&
         string_equals(cx, value_as_string(left), value_as_string(right), &is_equal) && is_equal;
}

typedef struct Subject {
  Object *object;
  Value constructor, tag;  // texts or undefined
} Subject;

// "Class(3) [tag] "; `size` may be NULL.
static void append_prefix(Inspector *in, const Subject *subject, const char *fallback, const uint32_t *size,
                          Buffer *out) {
  Context *cx = in->cx;
  bool has_constructor = value_is_string(subject->constructor);
  if (has_constructor) append_string(cx, subject->constructor, out);
  else buffer_format(out, "[%s", fallback);
  if (size) buffer_format(out, "(%u)", *size);
  if (!has_constructor) buffer_append_text(out, ": null prototype]");
  bool is_tag_told =
      !has_text(subject->tag) ||
      (has_constructor ? texts_are_equal(cx, subject->tag, subject->constructor) : text_is(subject->tag, fallback));
  if (!is_tag_told) {
    buffer_append_text(out, " [");
    append_string(cx, subject->tag, out);
    buffer_append_byte(out, ']');
  }
  buffer_append_byte(out, ' ');
}

// Properties -------------------------------------------------------------------------------------------------------

static bool is_shown(const Property *property) {
  if (!property->key || !(property->attributes & PROPERTY_ENUMERABLE)) return false;
  return !value_is_symbol(property->key) || !(value_as_symbol(property->key)->cell.flags & SYMBOL_PRIVATE);
}

static void inspect_member(Inspector *in, Value value, unsigned depth, Buffer *out) {
  in->indent += 2;
  inspect_value(in, value, depth, out);
  in->indent -= 2;
}

static void append_accessor(Value value, Buffer *out) {
  const Record *accessor = (const Record *)value_as_cell(value);
  bool has_get = !value_is_undefined(accessor->items[ACCESSOR_GET]),
       has_set = !value_is_undefined(accessor->items[ACCESSOR_SET]);
  buffer_append_text(out, has_get ? has_set ? "[Getter/Setter]" : "[Getter]" : has_set ? "[Setter]" : "undefined");
}

static void add_property(Inspector *in, const Object *object, const Property *property, unsigned depth, Parts *parts) {
  Buffer *out = parts_begin(parts);
  inspect_key(in, property->key, property->attributes & PROPERTY_ENUMERABLE, out);
  Value value = object->slots[property->slot];
  if (property->attributes & PROPERTY_LAZY && property_is_unfilled(value)) {
    buffer_append_text(out, "[Function");
    if (value_is_string(property->key)) {
      buffer_append_text(out, ": ");
      append_string(in->cx, property->key, out);
    }
    buffer_append_byte(out, ']');
  } else if (property->attributes & PROPERTY_ACCESSOR) {
    append_accessor(value, out);
  } else {
    inspect_member(in, value, depth, out);
  }
  parts_end(parts);
}

static bool may_go_on(Inspector *in, const Parts *parts) { return !parts->text.failed && context_charge(in->cx, 1); }

typedef bool (*PropertyChoice)(Inspector *in, const Object *object, const Property *property);

// Strings and symbols in the order of creation, strings first. `choose` may be NULL.
static void add_named(Inspector *in, const Object *object, unsigned depth, PropertyChoice choose, Parts *parts) {
  uint32_t index;
  for (int symbols = 0; symbols < 2; symbols++) {
    for (uint32_t i = 0; i < object->shape->count && may_go_on(in, parts); i++) {
      const Property property = object->shape->properties->entries[i];
      if (!is_shown(&property) || value_is_symbol(property.key) != symbols || key_as_array_index(property.key, &index))
        continue;
      if (!choose || choose(in, object, &property)) add_property(in, object, &property, depth, parts);
    }
  }
}

static bool has_shown(Inspector *in, const Object *object, PropertyChoice choose) {
  for (uint32_t i = 0; i < object->shape->count; i++) {
    context_spend_step(in->cx);
    const Property *property = &object->shape->properties->entries[i];
    if (is_shown(property) && (!choose || choose(in, object, property))) return true;
  }
  return false;
}

static void add_rest(Parts *parts, double rest, const char *what) {
  buffer_format(parts_begin(parts), "... %lu more %s%s", (unsigned long)rest, what, rest > 1 ? "s" : "");
  parts_end(parts);
  parts->has_rest = true;
}

// Elements of arrays, and keys that are indices of other objects.
static void add_elements(Inspector *in, Object *object, bool is_array, unsigned depth, Parts *parts) {
  Context *cx = in->cx;
  double length = is_array ? object->length : 4294967295.0, next = 0;
  for (double i = 0; i < length && may_go_on(in, parts); i = next + 1) {
    next = i;
    if (!array_has_element(object, i)) {
      for (; next < object->element_count && next < length && value_is_hole(object->elements->items[(uint32_t)next]);)
        next++;
      if (next >= object->element_count) {
        double keyed = length;
        if (object->shape->cell.flags & SHAPE_HAS_INDEX_KEYS && !index_order_seek(cx, object, next, false, &keyed))
          return;
        next = MIN_OF(keyed, length);
      }
    }
    if (is_array && parts->count >= INSPECT_ITEMS) return add_rest(parts, length - i, "item");
    if (is_array && next > i) {
      buffer_format(parts_begin(parts), "<%lu empty item%s>", (unsigned long)(next - i), next - i > 1 ? "s" : "");
      parts_end(parts);
      parts->are_numbers = false;
      if (next >= length) return;
      if (parts->count >= INSPECT_ITEMS) return add_rest(parts, length - next, "item");
    }
    if (next >= length) return;
    Property property = {.attributes = PROPERTY_DEFAULT};
    Value value;
    if (array_has_element(object, next)) {
      value = object->elements->items[(uint32_t)next];
    } else {
      PropertyKey key = key_from_uint32(cx, (uint32_t)next);
      const Property *found = value_is_abrupt(key) ? NULL : shape_lookup(object->shape, key);
      if (!found || !is_shown(found)) continue;
      property = *found;
      value = object->slots[found->slot];
    }
    if (is_array) {
      if (!value_is_number(value) && !value_is_bigint(value)) parts->are_numbers = false;
      if (property.attributes & PROPERTY_ACCESSOR) append_accessor(value, parts_begin(parts));
      else inspect_member(in, value, depth, parts_begin(parts));
      parts_end(parts);
    } else if (property.key) {
      add_property(in, object, &property, depth, parts);
    } else {
      buffer_format(parts_begin(parts), "'%u': ", (unsigned)next);
      inspect_member(in, value, depth, parts_begin(parts));
      parts_end(parts);
    }
  }
}

static void add_typed_elements(Inspector *in, Object *object, Parts *parts) {
  ROOTS(in->cx, r, element);
  for (uint32_t i = 0; i < object->length && may_go_on(in, parts); i++) {
    if (i == INSPECT_ITEMS) return add_rest(parts, object->length - i, "item");
    r->element = typed_array_get(in->cx, (const TypedArray *)object, i);
    if (value_is_abrupt(r->element)) return;
    inspect_primitive(in, r->element, parts_begin(parts));
    parts_end(parts);
  }
}

typedef enum EntryForm { ENTRY_PAIRS, ENTRY_KEYS, ENTRY_VALUES, ENTRY_TUPLES } EntryForm;

static void add_entries(Inspector *in, const Collection *collection, uint64_t ordinal, EntryForm form, unsigned depth,
                        Parts *parts) {
  const HashEntry *entry;
  ROOTS(in->cx, r, key, value);
  in->indent += 2;
  for (uint32_t i = 0; may_go_on(in, parts) && (entry = collection_step(in->cx, collection, &ordinal)); i++) {
    if (i == INSPECT_ITEMS) {
      add_rest(parts, collection_size(collection) - i, "item");
      break;
    }
    Buffer *out = parts_begin(parts);
    r->key = entry->key;
    r->value = value_is_collection(value_object(&collection->object), COLLECTION_MAP) ? entry->value : entry->key;
    if (form == ENTRY_TUPLES) buffer_append_text(out, "[ ");
    if (form != ENTRY_VALUES) inspect_value(in, r->key, depth, out);
    if (form == ENTRY_PAIRS || form == ENTRY_TUPLES) buffer_append_text(out, form == ENTRY_PAIRS ? " => " : ", ");
    if (form != ENTRY_KEYS) inspect_value(in, r->value, depth, out);
    if (form == ENTRY_TUPLES) buffer_append_text(out, " ]");
    parts_end(parts);
  }
  in->indent -= 2;
}

static int32_t iterator_kind(const Object *iterator) {
  Value kind = ((const Slotted *)iterator)->internal[2];
  return value_is_int(kind) ? value_as_int(kind) : COLLECTION_VALUES;
}

// The entries that an iterator of a Map or Set has not passed yet.
static void inspect_iterator(Inspector *in, const Slotted *iterator, unsigned depth, Parts *parts) {
  if (!value_is_object(iterator->internal[0])) return;
  bool is_map = iterator->object.slotted_kind == SLOTTED_MAP_ITERATOR;
  int32_t kind = iterator_kind(&iterator->object);
  EntryForm form = kind == COLLECTION_ENTRIES            ? ENTRY_TUPLES
                   : is_map && kind == COLLECTION_VALUES ? ENTRY_VALUES
                                                         : ENTRY_KEYS;
  uint64_t ordinal = value_is_number(iterator->internal[1]) ? (uint64_t)value_as_number(iterator->internal[1]) : 0;
  add_entries(in, (const Collection *)value_as_object(iterator->internal[0]), ordinal, form, depth, parts);
}

static void add_text(Parts *parts, const char *text) {
  buffer_append_text(parts_begin(parts), text);
  parts_end(parts);
}

static void add_number(Parts *parts, const char *name, double number) {
  char text[NUMBER_TEXT_SIZE];
  unsigned size = number_to_text(number, text);
  buffer_format(parts_begin(parts), "%s: %.*s", name, (int)size, text);
  parts_end(parts);
}

static void add_buffer_contents(const ArrayBuffer *buffer, Parts *parts) {
  if (buffer_is_detached(buffer)) {
    add_text(parts, "(detached)");
  } else {
    static const char digits[] = "0123456789abcdef";
    size_t size = buffer->shared ? buffer->shared->byte_length : buffer->byte_length;
    const uint8_t *bytes = buffer->data;
    Buffer *out = parts_begin(parts);
    buffer_append_text(out, "[Uint8Contents]: <");
    for (size_t i = 0; i < size && i < INSPECT_ITEMS; i++)
      buffer_format(out, "%s%c%c", i ? " " : "", digits[bytes[i] >> 4], digits[bytes[i] & 15]);
    if (size > INSPECT_ITEMS)
      buffer_format(out, " ... %lu more byte%s", (unsigned long)(size - INSPECT_ITEMS),
                    size > INSPECT_ITEMS + 1 ? "s" : "");
    buffer_append_byte(out, '>');
    parts_end(parts);
  }
  add_number(parts, "byteLength", buffer->shared ? (double)buffer->shared->byte_length : (double)buffer->byte_length);
}

// Functions and errors ---------------------------------------------------------------------------------------------

static const Code *code_of(const Object *function) {
  return function->cell.kind == CELL_CLOSURE ? ((const Closure *)function)->code : NULL;
}

static void append_function(Inspector *in, const Subject *subject, Buffer *out) {
  Context *cx = in->cx;
  const Object *function = subject->object;
  const Code *code = code_of(function);
  Value name = own_data(function, cx->names->name);
  bool is_class = code && code->flags & CODE_CLASS_CONSTRUCTOR, has_constructor = value_is_string(subject->constructor);
  bool is_async = code && code->flags & CODE_ASYNC, is_generator = code && code->flags & CODE_GENERATOR;
  const char *type = is_async       ? is_generator ? "AsyncGeneratorFunction" : "AsyncFunction"
                     : is_generator ? "GeneratorFunction"
                                    : "Function";
  buffer_format(out, "[%s", is_class ? "class" : type);
  if (!is_class && !has_constructor) buffer_append_text(out, " (null prototype)");
  buffer_append_text(out, has_text(name) ? is_class ? " " : ": " : " (anonymous)");
  append_string(cx, name, out);
  if (!is_class) buffer_append_byte(out, ']');
  if (has_constructor && !text_is(subject->constructor, type)) {
    buffer_append_text(out, is_class ? " [" : " ");
    append_string(cx, subject->constructor, out);
    if (is_class) buffer_append_byte(out, ']');
  }
  if (has_text(subject->tag) && !texts_are_equal(cx, subject->tag, subject->constructor)) {
    buffer_append_text(out, " [");
    append_string(cx, subject->tag, out);
    buffer_append_byte(out, ']');
  }
  if (!is_class) return;
  const Object *parent = function->shape->prototype;
  Value super = parent ? own_data(parent, cx->names->name) : VALUE_UNDEFINED;
  if (has_text(super)) {
    buffer_append_text(out, " extends ");
    append_string(cx, super, out);
  } else if (!has_constructor) {
    buffer_append_text(out, " extends null");
  }
  buffer_append_byte(out, ']');
}

// Errors, and objects of old-style error functions: they inherit from Error.prototype.
static bool is_error(Inspector *in, const Object *object) {
  if (object->cell.kind == CELL_ERROR) return true;
  Value prototype = realm_intrinsic(in->cx, INTRINSIC_ErrorPrototype);
  return object->cell.kind == CELL_OBJECT && value_is_object(prototype) &&
         inherits_from(in->cx, object, value_as_object(prototype));
}

static bool text_holds(Context *cx, const Buffer *text, Value value) {
  TextView view;
  if (!value_is_string(value) || !string_view(cx, value_as_string(value), &view) || view.length == 0) return false;
  Buffer wanted;
  buffer_initialize(&wanted, &cx->memory);
  host_append_utf8(&wanted, view);
  bool is_held = false;
  context_spend_steps(cx, text->size);
  for (size_t i = 0; !is_held && !wanted.failed && i + wanted.size <= text->size; i++) {
    const uint8_t *place = memchr(text->data + i, wanted.data[0], text->size - i - wanted.size + 1);
    if (!place) break;
    i = (size_t)(place - text->data);
    is_held = memcmp(place, wanted.data, wanted.size) == 0;
  }
  buffer_release(&wanted);
  return is_held;
}

// bounded: the text was paid for when it was made.
static size_t find_frames(const Buffer *text) {
  static const char mark[] = "\n    at";
  for (size_t i = 0; i + sizeof mark - 1 <= text->size; i++)
    if (memcmp(text->data + i, mark, sizeof mark - 1) == 0) return i;
  return text->size;
}

// Inserts the class when the stack begins with another name.
// bounded: names.
static void append_stack_title(Inspector *in, const Subject *subject, Buffer *stack, Buffer *out) {
  Context *cx = in->cx;
  size_t length = 0;
  while (length < stack->size && stack->data[length] != ':' && stack->data[length] != '\n') length++;
  Value name = inherited_data(cx, subject->object, cx->names->name, NULL);
  Buffer text, prefix;
  buffer_initialize(&text, &cx->memory);
  buffer_initialize(&prefix, &cx->memory);
  if (value_is_string(name)) append_string(cx, name, &text);
  else buffer_append(&text, stack->data, length);
  bool is_named = text.size == length && length >= 5 && memcmp(text.data, stack->data, length) == 0 &&
                  memcmp(text.data + length - 5, "Error", 5) == 0;
  append_prefix(in, subject, "Error", NULL, &prefix);
  size_t size = prefix.size ? prefix.size - 1 : 0, at = size;
  if (!text.failed && !prefix.failed && is_named && (size != length || memcmp(prefix.data, text.data, size) != 0)) {
    for (at = 0; at + length <= size && memcmp(prefix.data + at, text.data, length) != 0;) at++;
    buffer_append(out, prefix.data, size);
    if (at + length > size) buffer_format(out, " [%.*s]", (int)length, (const char *)text.data);
    buffer_append(out, stack->data + length, stack->size - length);
  } else {
    buffer_append(out, stack->data, stack->size);
  }
  buffer_release(&text);
  buffer_release(&prefix);
}

static void append_error(Inspector *in, const Subject *subject, Buffer *base) {
  Context *cx = in->cx;
  Buffer stack, titled;
  buffer_initialize(&stack, &cx->memory);
  buffer_initialize(&titled, &cx->memory);
  ROOTS(cx, r, text);
  // For the engine's own accessor, the stack; a property of that name that the program made is read if it is data.
  const Property *property = shape_lookup(subject->object->shape, cx->names->stack);
  bool is_engines = subject->object->cell.kind == CELL_ERROR && property && property->attributes & PROPERTY_ACCESSOR;
  r->text = is_engines ? error_stack_value(cx, (ErrorObject *)subject->object) : data_of(subject->object, property);
  if (value_is_abrupt(r->text)) {
    if (exception_is_catchable(cx)) (void)exception_take(cx);
    r->text = VALUE_UNDEFINED;
  }
  if (has_text(r->text)) {
    append_string(cx, r->text, &stack);
  } else {
    Value name = inherited_data(cx, subject->object, cx->names->name, NULL),
          message = inherited_data(cx, subject->object, cx->names->message, NULL);
    if (value_is_string(name)) append_string(cx, name, &stack);
    else buffer_append_text(&stack, "Error");
    if (has_text(message) && stack.size) buffer_append_text(&stack, ": ");
    append_string(cx, message, &stack);
  }
  if (!stack.failed) append_stack_title(in, subject, &stack, &titled);
  bool has_frames = !titled.failed && find_frames(&titled) < titled.size;
  if (!has_frames) buffer_append_byte(base, '[');
  context_spend_steps(cx, titled.size);
  for (size_t i = 0; i < titled.size; i++) {  // bounded: paid for
    buffer_append_byte(base, titled.data[i]);
    for (unsigned column = 0; titled.data[i] == '\n' && column < in->indent; column++) buffer_append_byte(base, ' ');
  }
  if (!has_frames) buffer_append_byte(base, ']');
  base->failed |= stack.failed | titled.failed;
  buffer_release(&stack);
  buffer_release(&titled);
}

// What the stack does not contain already. The text that is searched is the error's own.
static bool is_error_detail(Inspector *in, const Object *object, const Property *property) {
  const Names *names = in->cx->names;
  if (property->key == names->stack) return false;
  if (property->key != names->name && property->key != names->message) return true;
  Value value = data_of(object, property);
  Buffer base;
  buffer_initialize(&base, &in->cx->memory);
  Subject subject = {(Object *)object, VALUE_UNDEFINED, VALUE_UNDEFINED};
  append_error(in, &subject, &base);
  bool is_told =
      value_is_string(value) && (string_length(value_as_string(value)) == 0 || text_holds(in->cx, &base, value));
  buffer_release(&base);
  return !is_told;
}

static void add_error_details(Inspector *in, const Object *object, unsigned depth, Parts *parts) {
  const Names *names = in->cx->names;
  add_named(in, object, depth, is_error_detail, parts);
  const PropertyKey details[] = {names->cause, names->errors, names->error, names->suppressed};
  bool is_suppressed = shape_lookup(object->shape, names->suppressed) != NULL;
  for (int i = 0; i < 4; i++) {
    const Property *property = shape_lookup(object->shape, details[i]);
    if (!property || property->attributes & PROPERTY_ENUMERABLE || (i >= 2 && !is_suppressed)) continue;
    if (i == 1 && !value_is_object_of(data_of(object, property), CELL_ARRAY)) continue;
    const Property detail = *property;
    add_property(in, object, &detail, depth, parts);
  }
}

static bool error_has_details(Inspector *in, const Object *object) {
  const Names *names = in->cx->names;
  return shape_lookup(object->shape, names->cause) || shape_lookup(object->shape, names->errors) ||
         shape_lookup(object->shape, names->suppressed) || has_shown(in, object, is_error_detail);
}

// Objects ----------------------------------------------------------------------------------------------------------

// The text before the braces, which stands alone when the braces would be empty.
static void append_base(Inspector *in, const Subject *subject, Buffer *base) {
  Context *cx = in->cx;
  Object *object = subject->object;
  const ObjectClass *class_ = object->shape->class_;
  if (object->cell.flags & OBJECT_CALLABLE) {
    append_function(in, subject, base);
  } else if (is_error(in, object)) {
    append_error(in, subject, base);
  } else if (object->cell.kind == CELL_REGEXP) {
    if (!text_is(subject->constructor, "RegExp") || has_text(subject->tag))
      append_prefix(in, subject, "RegExp", NULL, base);
    ROOTS(cx, r, text);
    r->text = regexp_to_text(cx, (RegExpObject *)object);
    append_string(cx, r->text, base);
  } else if (class_ == &object_class_date) {
    char text[CALENDAR_TEXT_SIZE];
    double time = value_as_number(((PrimitiveObject *)object)->value);
    if (!text_is(subject->constructor, "Date") || has_text(subject->tag))
      append_prefix(in, subject, "Date", NULL, base);
    if (isnan(time)) buffer_append_text(base, "Invalid Date");
    else buffer_append(base, text, calendar_format_iso(time, text));
  } else if (object->cell.kind == CELL_TEMPORAL) {
    const char *name = temporal_type_names[temporal_type(value_object(object))];
    if (!text_is(subject->tag, name) || !text_is(subject->constructor, strchr(name, '.') + 1))
      append_prefix(in, subject, name, NULL, base);
    else buffer_format(base, "%s ", name);
    ROOTS(cx, r, text);
    r->text = temporal_text(cx, value_object(object));
    append_string(cx, r->text, base);
  } else if (object->cell.kind == CELL_PRIMITIVE) {
    const char *type = class_->name;
    buffer_format(base, "[%s", type);
    if (!text_is(subject->constructor, type)) {
      if (value_is_string(subject->constructor)) {
        buffer_append_text(base, " (");
        append_string(cx, subject->constructor, base);
        buffer_append_byte(base, ')');
      } else {
        buffer_append_text(base, " (null prototype)");
      }
    }
    buffer_append_text(base, ": ");
    Value value = ((PrimitiveObject *)object)->value;
    TextView text;
    if (value_is_string(value) && string_view(cx, value_as_string(value), &text)) inspect_quoted(text, text, base);
    else inspect_primitive(in, value, base);
    buffer_append_byte(base, ']');
    if (has_text(subject->tag) && !texts_are_equal(cx, subject->tag, subject->constructor)) {
      buffer_append_text(base, " [");
      append_string(cx, subject->tag, base);
      buffer_append_byte(base, ']');
    }
  }
}

static bool is_list(const Object *object) {
  return object->cell.kind == CELL_ARRAY || object->cell.kind == CELL_TYPED_ARRAY;
}

static const Collection *collection_of(const Object *object) {
  bool is_strong = object->cell.kind == CELL_COLLECTION && object->collection_type <= COLLECTION_SET;
  return is_strong ? (const Collection *)object : NULL;
}

static bool is_collection_iterator(const Object *object) {
  return object->cell.kind == CELL_SLOTTED &&
         (object->slotted_kind == SLOTTED_MAP_ITERATOR || object->slotted_kind == SLOTTED_SET_ITERATOR);
}

// What the braces begin with.
static void append_open(Inspector *in, const Subject *subject, Buffer *open) {
  const Object *object = subject->object;
  const Collection *collection = collection_of(object);
  bool is_plain = text_is(subject->constructor, "Object");
  if (object->cell.kind == CELL_ARRAY) {
    if (!text_is(subject->constructor, "Array") || has_text(subject->tag))
      append_prefix(in, subject, "Array", &object->length, open);
  } else if (object->cell.kind == CELL_TYPED_ARRAY) {
    append_prefix(in, subject, typed_array_name(((const TypedArray *)object)->element_kind), &object->length, open);
  } else if (collection) {
    uint32_t size = collection_size(collection);
    append_prefix(in, subject, object->collection_type == COLLECTION_MAP ? "Map" : "Set", &size, open);
  } else if (is_collection_iterator(object)) {
    buffer_format(open, "[%s %s] ", object->slotted_kind == SLOTTED_MAP_ITERATOR ? "Map" : "Set",
                  iterator_kind(object) == COLLECTION_ENTRIES ? "Entries" : "Iterator");
  } else if (object->cell.kind == CELL_ARGUMENTS) {
    buffer_append_text(open, "[Arguments] ");
  } else if (object->cell.kind == CELL_MODULE_NAMESPACE) {
    buffer_append_text(open, "[Module: null prototype] ");
  } else if (object->cell.flags & OBJECT_CALLABLE || is_error(in, object) || object->cell.kind == CELL_REGEXP ||
             object->cell.kind == CELL_PRIMITIVE || object->cell.kind == CELL_TEMPORAL) {
    // the base says everything
  } else if (!is_plain || has_text(subject->tag)) {
    const char *name =
        object->cell.kind == CELL_OBJECT || object->cell.kind == CELL_SLOTTED ? NULL : object->shape->class_->name;
    append_prefix(in, subject, name ? name : "Object", NULL, open);
  }
  buffer_append_byte(open, is_list(object) ? '[' : '{');
}

static void add_exports(Inspector *in, Object *namespace, unsigned depth, Parts *parts) {
  for (uint32_t i = 0; i < module_namespace_count(namespace) && may_go_on(in, parts); i++) {
    PropertyKey key;
    Value value = module_namespace_export(namespace, i, &key);
    Buffer *out = parts_begin(parts);
    inspect_key(in, key, true, out);
    if (value == VALUE_UNINITIALIZED) buffer_append_text(out, "<uninitialized>");
    else inspect_member(in, value, depth, out);
    parts_end(parts);
  }
}

static void add_parts(Inspector *in, const Subject *subject, unsigned depth, Parts *parts) {
  Object *object = subject->object;
  const Collection *collection = collection_of(object);
  if (object->cell.kind == CELL_TYPED_ARRAY) {
    add_typed_elements(in, object, parts);
  } else if (collection) {
    add_entries(in, collection, 0, object->collection_type == COLLECTION_MAP ? ENTRY_PAIRS : ENTRY_KEYS, depth, parts);
  } else if (is_collection_iterator(object)) {
    inspect_iterator(in, (const Slotted *)object, depth, parts);
  } else if (object->cell.kind == CELL_COLLECTION) {
    add_text(parts, "<items unknown>");
  } else if (object->cell.kind == CELL_PROMISE) {
    const Promise *promise = (const Promise *)object;
    if (promise->state == PROMISE_REJECTED) buffer_append_text(parts_begin(parts), "<rejected> ");
    if (promise->state == PROMISE_PENDING) buffer_append_text(parts_begin(parts), "<pending>");
    else inspect_member(in, promise->result, depth, parts_begin(parts));
    parts_end(parts);
  } else if (object->cell.kind == CELL_ARRAY_BUFFER) {
    add_buffer_contents((const ArrayBuffer *)object, parts);
  } else if (object->cell.kind == CELL_DATA_VIEW) {
    const BufferView *view = (const BufferView *)object;
    add_number(parts, "byteLength", object->length);
    add_number(parts, "byteOffset", (double)view->byte_offset);
    buffer_append_text(parts_begin(parts), "buffer: ");
    inspect_member(in, value_object(&view->buffer->object), depth, parts_begin(parts));
    parts_end(parts);
  }
  if (is_error(in, object)) {
    add_error_details(in, object, depth, parts);
    return;
  }
  if (object->cell.kind == CELL_MODULE_NAMESPACE) add_exports(in, object, depth, parts);
  if (object->cell.kind != CELL_TYPED_ARRAY) add_elements(in, object, object->cell.kind == CELL_ARRAY, depth, parts);
  uint32_t count = parts->count;
  add_named(in, object, depth, NULL, parts);
  if (parts->count > count) parts->are_numbers = false;
}

// Whether the braces would be empty; then they are left out if there is a base.
static bool is_bare(Inspector *in, const Object *object) {
  const Collection *collection = collection_of(object);
  if (is_error(in, object)) return !error_has_details(in, object);
  if (is_list(object) && object->length > 0) return false;
  if (object->cell.kind == CELL_MODULE_NAMESPACE && module_namespace_count(object) > 0) return false;
  if (collection && collection_size(collection) > 0) return false;
  if (!is_list(object) && !collection &&
      (object->cell.kind == CELL_PROMISE || object->cell.kind == CELL_COLLECTION || is_collection_iterator(object) ||
       object->cell.kind == CELL_ARRAY_BUFFER || object->cell.kind == CELL_DATA_VIEW))
    return false;
  for (uint32_t i = 0; i < object->element_count && object->cell.kind != CELL_TYPED_ARRAY; i++) {
    context_spend_step(in->cx);
    if (!value_is_hole(object->elements->items[i])) return false;
  }
  return !has_shown(in, object, NULL);
}

// The number of an object among those that contain themselves, from 1; 0: none.
// bounded: few objects that contain themselves are shown.
static unsigned circular_number(Inspector *in, const Object *object, bool adds) {
  unsigned count = (unsigned)(in->circular.size / sizeof object);
  for (unsigned i = 0; i < count; i++)
    if (((const Object *const *)(const void *)in->circular.data)[i] == object) return i + 1;
  if (!adds) return 0;
  buffer_append(&in->circular, &object, sizeof object);
  return count + 1;
}

static void inspect_object(Inspector *in, Object *object, unsigned depth, Buffer *out) {
  Context *cx = in->cx;
  for (unsigned i = 0; i < in->seen_count; i++) {
    if (in->seen[i] != object) continue;
    buffer_format(out, "[Circular *%u]", circular_number(in, object, true));
    return;
  }
  ROOTS(cx, r, object, constructor, tag);
  r->object = value_object(object);
  if (object_is_unfilled(object) && !object_fill(cx, object)) return;
  r->constructor = constructor_name(in, object);
  r->tag = tag_of(in, object);
  Subject subject = {object, r->constructor, r->tag};
  Buffer base, open;
  buffer_initialize(&base, &cx->memory);
  buffer_initialize(&open, &cx->memory);
  append_base(in, &subject, &base);
  const char *close = is_list(object) ? "]" : "}";
  bool is_too_deep = (int)depth > in->limit || in->seen_count == INSPECT_LEVELS;
  if (is_bare(in, object)) {
    if (!base.size) append_open(in, &subject, &base);
    buffer_append(out, base.data, base.size);
    if (open.size == 0 && !(object->cell.flags & OBJECT_CALLABLE) && !is_error(in, object) &&
        object->cell.kind != CELL_REGEXP && object->cell.kind != CELL_PRIMITIVE && object->cell.kind != CELL_TEMPORAL)
      buffer_append_text(out, close);
  } else if (is_too_deep) {
    if (object->cell.kind == CELL_REGEXP) {
      buffer_append(out, base.data, base.size);
    } else {
      buffer_append_byte(out, '[');
      append_prefix(in, &subject, object->cell.kind == CELL_ARRAY ? "Array" : "Object", NULL, &open);
      buffer_append(out, open.data, open.size ? open.size - 1 : 0);
      buffer_append_byte(out, ']');
    }
  } else {
    Parts parts;
    parts_initialize(&parts, &cx->memory);
    parts.is_of_array = is_list(object);
    parts.is_line = in->is_line;
    append_open(in, &subject, &open);
    in->seen[in->seen_count++] = object;
    in->depth = depth + 1;
    add_parts(in, &subject, depth + 1, &parts);
    in->seen_count--;
    unsigned number = circular_number(in, object, false);
    if (number) {
      Buffer named;
      buffer_initialize(&named, &cx->memory);
      buffer_format(&named, "<ref *%u>%s", number, base.size ? " " : "");
      buffer_append(&named, base.data, base.size);
      buffer_release(&base);
      base = named;
    }
    // At each level again: when a limit has struck, the parts are not put together.
    if (context_charge_bytes(cx, parts.text.size, CHARGE_COPY))
      parts_lay_out(&parts, &base, &open, close, in->indent, in->depth - (depth + 1), out);
    parts_release(&parts);
  }
  out->failed |= base.failed | open.failed;
  buffer_release(&base);
  buffer_release(&open);
}

// A proxy is shown as its target, unless it was revoked.
static Value behind_proxies(Value value) {
  for (int i = 0; i < 100 && value_is_object_of(value, CELL_PROXY); i++) {
    Value target = value_as_proxy(value)->target;
    if (target == VALUE_NULL) break;
    value = target;
  }
  return value;
}

static void inspect_value(Inspector *in, Value value, unsigned depth, Buffer *out) {
  if (!context_charge(in->cx, 1)) return;
  value = behind_proxies(value);
  if (value_is_object_of(value, CELL_PROXY) && value_as_proxy(value)->target == VALUE_NULL)
    return buffer_append_text(out, "<Revoked Proxy>");
  if (!value_is_object(value)) return inspect_primitive(in, value, out);
  if (!context_enter_native(in->cx)) {
    if (exception_is_catchable(in->cx)) (void)exception_take(in->cx);
    return buffer_append_text(out, "...");
  }
  inspect_object(in, value_as_object(value), depth, out);
  context_leave_native(in->cx);
}

static void inspect_to_depth(Context *cx, Value value, int limit, bool is_line, Buffer *out) {
  ROOTS(cx, r, value, log);
  r->value = value;
  Replay replay = replay_suspend(cx);
  r->log = replay.log;
  Inspector in = {.cx = cx, .limit = limit, .is_line = is_line};
  buffer_initialize(&in.circular, &cx->memory);
  inspect_value(&in, value, 0, out);
  out->failed |= in.circular.failed;
  buffer_release(&in.circular);
  replay_go_on(cx, replay);
}

void host_inspect_to_depth(Context *cx, Value value, int limit, Buffer *out) {
  inspect_to_depth(cx, value, limit, false, out);
}

void host_inspect(Context *cx, Value value, Buffer *out) {
  if (value_is_string(value)) append_string(cx, value, out);
  else inspect_to_depth(cx, value, INSPECT_DEPTH, false, out);
}

Value host_describe_thrown(Context *cx, Value value) {
  ROOTS(cx, r, value, shown);
  r->value = value;
  if (!host_make_stack_outside(cx, value)) return VALUE_ABRUPT;
  Inspector in = {.cx = cx};
  Value subject = behind_proxies(value);
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  if (!value_is_object(subject) || !is_error(&in, value_as_object(subject))) buffer_append_text(&text, "Uncaught ");
  inspect_to_depth(cx, value, INSPECT_DEPTH, false, &text);
  r->shown = VALUE_ABRUPT;
  bool is_made = exception_is_catchable(cx);
  if (is_made && text.failed) context_throw_out_of_memory(cx);
  else if (is_made) r->shown = string_from_utf8(cx, (const char *)text.data, text.size);
  buffer_release(&text);
  return r->shown;
}

static MUST_CHECK bool append_failure(Context *cx, Value failure, Buffer *out) {
  TextView text;
  Value message = value_is_object_of(failure, CELL_ERROR) ? own_data(value_as_object(failure), cx->names->message)
                                                          : VALUE_UNDEFINED;
  if (!value_is_string(message)) {
    inspect_to_depth(cx, failure, INSPECT_DEPTH, true, out);
    return true;
  }
  if (!string_view(cx, value_as_string(message), &text)) return false;
  host_append_utf8(out, text);
  return true;
}

Value host_make_uncrossable(Context *cx, Value value, Value failure) {
  enum { LONGEST = 1000 };
  ROOTS(cx, r, value, failure, message, error);
  r->value = value;
  r->failure = failure;
  Buffer text;
  buffer_initialize(&text, &cx->memory);
  inspect_to_depth(cx, value, INSPECT_DEPTH, true, &text);
  if (text.size > LONGEST) {
    text.size = LONGEST;
    while (text.size && (text.data[text.size] & 0xC0) == 0x80) text.size--;
    buffer_append_text(&text, "...");
  }
  buffer_append_text(&text, " was thrown, and could not be handed to the host: ");
  bool is_told = append_failure(cx, failure, &text) && !text.failed;
  if (is_told) r->message = string_from_utf8(cx, (const char *)text.data, text.size);
  buffer_release(&text);
  if (!is_told || value_is_abrupt(r->message)) return VALUE_ABRUPT;
  Object *error = error_create(cx, ERROR_TYPE, r->message);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  return object_add_property(cx, error, cx->names->cause, failure, PROPERTY_HIDDEN) ? r->error : VALUE_ABRUPT;
}
