// JSON.parse: one pass over the text, with a stack of its own instead of recursion.
//
// Values wait on a stack in one heap cell until their array or object ends. Every open container has a frame. An object
// collects its values in the order of its names while it follows the tree of shapes. Most texts repeat the same few
// layouts, so the next name is usually the one transition of the current shape; its characters are then compared, not
// hashed. Names that are indices, repeated names and objects with many names leave that path: the object is created at
// once, and its properties are defined one by one.
#include "builtins/text/json.h"
#include "number/parse.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
  SHAPED_LIMIT = 64,  // an object with more properties stops following shapes
  STACK_LEAST = 64,
  FUEL_UNITS_SHIFT = 4,  // characters of text per unit of fuel, as a power of two
  FUEL_INTERVAL = 4096,  // characters between two charges
};

typedef enum FrameKind { FRAME_ARRAY, FRAME_SHAPED_OBJECT, FRAME_OBJECT } FrameKind;

typedef struct ParseFrame {
  FrameKind kind;
  uint32_t base;  // where its part of the stack begins: for objects the shape or the object, then values or one name
} ParseFrame;

typedef struct JsonParser {
  Context *cx;
  TextView text;
  uint32_t index;
  uint32_t charged;  // the index up to which fuel was paid
  Values *stack;     // rooted by the owner through `root`
  Value *root;
  uint32_t depth;      // values on the stack
  Buffer frames;       // of ParseFrame
  bool keeps_records;  // then every value on the stack is followed by its record
} JsonParser;

// The text --------------------------------------------------------------------------------------------

static inline uint32_t parser_unit(const JsonParser *parser, uint32_t index) {
  return parser->text.is_wide ? parser->text.wide[index] : parser->text.narrow[index];
}

// At the end, a unit that no JSON text contains.
static inline uint32_t parser_peek(const JsonParser *parser) {
  return parser->index < parser->text.length ? parser_unit(parser, parser->index) : UINT32_MAX;
}

static inline bool is_json_space(uint32_t unit) { return unit == ' ' || unit == '\n' || unit == '\r' || unit == '\t'; }

// For loops over text that may be long: false when the fuel is spent; the next charge fails as well.
static inline bool parser_step(const JsonParser *parser, uint32_t index) {
  return LIKELY(index % FUEL_INTERVAL != 0) || fuel_charge(&parser->cx->fuel, FUEL_INTERVAL >> FUEL_UNITS_SHIFT);
}

static inline void skip_space(JsonParser *parser) {
  uint32_t index = parser->index, length = parser->text.length;
  if (parser->text.is_wide) {
    while (index < length && is_json_space(parser->text.wide[index]) && parser_step(parser, index)) index++;
  } else {
    while (index < length && is_json_space(parser->text.narrow[index]) && parser_step(parser, index)) index++;
  }
  parser->index = index;
}

static void describe_unit(uint32_t unit, char *out) {
  if (unit < ' ' || unit == 0x7F || (unit & 0xF800) == 0xD800) {
    memcpy(out, "U+", 2);
    for (int i = 0; i < 4; i++) out[2 + i] = "0123456789ABCDEF"[unit >> (12 - 4 * i) & 15];
    out[6] = 0;
    return;
  }
  unsigned length = utf8_encode_code_point(unit, (uint8_t *)out + 1);
  out[0] = out[length + 1] = '\'';
  out[length + 2] = 0;
}

// The error shows the place and the text around it, since the text often comes from elsewhere.
static NO_INLINE Value throw_syntax(JsonParser *parser, const char *expected) {
  enum { AROUND = 24 };
  Context *cx = parser->cx;
  uint32_t line = 1, column = 1, length = parser->text.length, index = parser->index;
  for (uint32_t i = 0; i < index && i < length && parser_step(parser, i); i++) {
    column = parser_unit(parser, i) == '\n' ? line++, 1 : column + 1;
  }
  uint32_t start = index > AROUND ? index - AROUND : 0, end = MIN_OF(length, index + AROUND);
  ROOTS(cx, r, excerpt);
  uint16_t units[2 * AROUND];
  for (uint32_t i = start; i < end; i++) units[i - start] = (uint16_t)MAX_OF(parser_unit(parser, i), ' ');
  r->excerpt = string_from_view(cx, text_view_wide(units, end - start));
  if (value_is_abrupt(r->excerpt)) return VALUE_ABRUPT;
  const char *before = start ? "..." : "", *after = end < length ? "..." : "";
  uint32_t unit = parser_peek(parser);
  if (length == 0) return throw_error(cx, ERROR_SYNTAX, "JSON.parse: expected %s but the text is empty", expected);
  if (unit == UINT32_MAX) {
    return throw_error(cx, ERROR_SYNTAX,
                       "JSON.parse: expected %s before the end of the text at line %u column %u: %s%v", expected, line,
                       column, before, r->excerpt);
  }
  char shown[12];
  describe_unit(unit, shown);
  return throw_error(cx, ERROR_SYNTAX, "JSON.parse: expected %s but found %s at line %u column %u: %s%v%s", expected,
                     shown, line, column, before, r->excerpt, after);
}

static MUST_CHECK bool parser_charge(JsonParser *parser) {
  if (LIKELY(parser->index - parser->charged < FUEL_INTERVAL)) return true;
  int32_t units = (int32_t)((parser->index - parser->charged) >> FUEL_UNITS_SHIFT);
  parser->charged = parser->index;
  if (context_charge(parser->cx, units)) return true;
  context_throw_interrupted(parser->cx);
  return false;
}

// Strings ---------------------------------------------------------------------------------------------

// The index of the first quote, backslash or control character from `index` on.
static uint32_t scan_plain(const JsonParser *parser, uint32_t index) {
  uint32_t length = parser->text.length;
  if (parser->text.is_wide) {
    const uint16_t *units = parser->text.wide;
    while (index < length && units[index] >= ' ' && units[index] != '"' && units[index] != '\\') index++;
    return index;
  }
  return json_plain_end(parser->text.narrow, index, length);
}

static MUST_CHECK bool read_escape(JsonParser *parser, StringBuilder *builder) {
  uint32_t unit = parser_peek(parser);
  parser->index++;
  switch (unit) {
    case '"':
    case '\\':
    case '/': string_builder_append_unit(builder, (uint16_t)unit); return true;
    case 'b': string_builder_append_unit(builder, '\b'); return true;
    case 'f': string_builder_append_unit(builder, '\f'); return true;
    case 'n': string_builder_append_unit(builder, '\n'); return true;
    case 'r': string_builder_append_unit(builder, '\r'); return true;
    case 't': string_builder_append_unit(builder, '\t'); return true;
    case 'u': break;
    default:
      parser->index--;
      throw_syntax(parser, "an escape sequence");
      return false;
  }
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t digit = parser_peek(parser);
    uint32_t number = digit - '0' <= 9                           ? digit - '0'
                      : (digit | 0x20) - 'a' < 6 && digit < 0x80 ? (digit | 0x20) - 'a' + 10
                                                                 : 16;
    if (number > 15) {
      throw_syntax(parser, "a hexadecimal digit");
      return false;
    }
    value = value << 4 | number;
    parser->index++;
  }
  string_builder_append_unit(builder, (uint16_t)value);
  return true;
}

// A string with escapes; the index is after the opening quote.
static NO_INLINE Value read_escaped_string(JsonParser *parser) {
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, parser->cx);
  for (;;) {
    uint32_t end = scan_plain(parser, parser->index);
    string_builder_append_view(&builder, text_view_slice(parser->text, parser->index, end));
    parser->index = end;
    uint32_t unit = parser_peek(parser);
    if (unit == '"') {
      parser->index++;
      return string_builder_finish(&builder);
    }
    if (unit != '\\') return throw_syntax(parser, unit == UINT32_MAX ? "'\"'" : "an escape for a control character");
    parser->index++;
    if (!read_escape(parser, &builder) || !parser_charge(parser)) return VALUE_ABRUPT;
  }
}

// The index is after the opening quote.
static inline Value read_string(JsonParser *parser) {
  uint32_t end = scan_plain(parser, parser->index);
  if (UNLIKELY(end >= parser->text.length || parser_unit(parser, end) != '"')) return read_escaped_string(parser);
  TextView text = text_view_slice(parser->text, parser->index, end);
  parser->index = end + 1;
  return string_from_view(parser->cx, text);
}

// Names are interned; the result is a property key.
static PropertyKey read_name(JsonParser *parser) {
  uint32_t end = scan_plain(parser, parser->index);
  if (LIKELY(end < parser->text.length && parser_unit(parser, end) == '"')) {
    TextView text = text_view_slice(parser->text, parser->index, end);
    parser->index = end + 1;
    return key_from_view(parser->cx, text);
  }
  ROOTS(parser->cx, r, string);
  r->string = read_escaped_string(parser);
  if (value_is_abrupt(r->string)) return VALUE_ABRUPT;
  return key_from_string(parser->cx, value_as_string(r->string));
}

// Numbers and words -----------------------------------------------------------------------------------

static Value read_number(JsonParser *parser) {
  uint32_t start = parser->index, index = start, length = parser->text.length;
  bool negative = parser_unit(parser, index) == '-';
  index += negative;
  uint32_t first = index, value = 0;
  while (index < length && parser_unit(parser, index) - '0' <= 9) {
    value = value * 10 + (parser_unit(parser, index) - '0');  // overflows for long numbers, which are read again
    if (!parser_step(parser, index)) break;
    index++;
  }
  uint32_t digits = index - first;
  parser->index = index;
  if (digits == 0) return throw_syntax(parser, "a digit");
  if (digits > 1 && parser_unit(parser, first) == '0') {
    parser->index = first + 1;
    return throw_syntax(parser, "no digit after a leading zero");
  }
  uint32_t next = parser_peek(parser);
  if (LIKELY(next != '.' && (next | 0x20) != 'e')) {
    if (digits <= 9 && !(negative && value == 0)) return value_int(negative ? -(int32_t)value : (int32_t)value);
  } else {
    if (next == '.') {
      parser->index++;
      if (parser_peek(parser) - '0' > 9) return throw_syntax(parser, "a digit");
      while (parser_peek(parser) - '0' <= 9 && parser_step(parser, parser->index)) parser->index++;
    }
    if ((parser_peek(parser) | 0x20) == 'e' && parser_peek(parser) != UINT32_MAX) {
      parser->index++;
      if (parser_peek(parser) == '+' || parser_peek(parser) == '-') parser->index++;
      if (parser_peek(parser) - '0' > 9) return throw_syntax(parser, "a digit");
      while (parser_peek(parser) - '0' <= 9 && parser_step(parser, parser->index)) parser->index++;
    }
  }
  uint32_t consumed;
  Fuel *fuel = &parser->cx->fuel;
  double number = number_parse_decimal(text_view_slice(parser->text, first, parser->index), false, fuel, &consumed);
  if (UNLIKELY(parser->index - first >= FUEL_INTERVAL) && !fuel_charge(fuel, 1))
    return context_throw_interrupted(parser->cx);
  return value_number(negative ? -number : number);
}

static Value read_word(JsonParser *parser, const char *word, Value value) {
  for (; *word; word++, parser->index++) {
    if (parser_peek(parser) != (uint8_t)*word) return throw_syntax(parser, "a value");
  }
  return value;
}

static Value read_primitive(JsonParser *parser) {
  uint32_t unit = parser_peek(parser);
  switch (unit) {
    case '"': parser->index++; return read_string(parser);
    case 't': return read_word(parser, "true", VALUE_TRUE);
    case 'f': return read_word(parser, "false", VALUE_FALSE);
    case 'n': return read_word(parser, "null", VALUE_NULL);
    default:
      if (unit - '0' <= 9 || unit == '-') return read_number(parser);
      return throw_syntax(parser, "a value");
  }
}

// The stack -------------------------------------------------------------------------------------------

static NO_INLINE MUST_CHECK bool stack_grow(JsonParser *parser) {
  Values *larger = values_create(parser->cx, values_count(parser->stack) * 2);
  if (!larger) return false;
  memcpy(larger->items, parser->stack->items, parser->depth * sizeof(Value));
  Values *old = parser->stack;
  parser->stack = larger;
  *parser->root = value_internal(larger);
  heap_free(&parser->cx->heap, &old->cell);
  return true;
}

// The caller keeps `value` alive while the stack grows.
static inline MUST_CHECK bool stack_push(JsonParser *parser, Value value) {
  if (UNLIKELY(parser->depth == values_count(parser->stack)) && !stack_grow(parser)) return false;
  cell_store(parser->cx, &parser->stack->items[parser->depth++], value);
  return true;
}

// bounded: the removed values were paid for when they were pushed.
static inline void stack_cut(JsonParser *parser, uint32_t depth) {
  heap_keep_values(&parser->cx->heap, parser->stack->items + depth, parser->depth - depth);
  for (uint32_t i = depth; i < parser->depth; i++) parser->stack->items[i] = VALUE_HOLE;
  parser->depth = depth;
}

static inline ParseFrame *top_frame(JsonParser *parser) {
  return (ParseFrame *)(void *)(parser->frames.data + parser->frames.size) - 1;
}

static MUST_CHECK bool push_frame(JsonParser *parser, FrameKind kind) {
  ParseFrame frame = {kind, parser->depth};
  buffer_append(&parser->frames, &frame, sizeof frame);
  if (!parser->frames.failed) return true;
  context_throw_out_of_memory(parser->cx);
  return false;
}

// Parse records ---------------------------------------------------------------------------------------

static Value create_record(JsonParser *parser, Value value, Value text) {
  Record *record = record_create(parser->cx, 0, JSON_RECORD_FIELDS);
  if (!record) return VALUE_ABRUPT;
  record->items[JSON_RECORD_VALUE] = value;
  record->items[JSON_RECORD_TEXT] = text;
  return value_internal(record);
}

// Records of frames with records: (value, record) pairs, or (name, value, record) triples, from `base` on.
// bounded: values that paid when they were parsed.
static Value gather_records(JsonParser *parser, uint32_t base, uint32_t stride, Value container) {
  Context *cx = parser->cx;
  ROOTS(cx, r, record, children, keys);
  uint32_t count = (parser->depth - base) / stride;
  r->record = create_record(parser, container, VALUE_UNDEFINED);
  if (value_is_abrupt(r->record)) return VALUE_ABRUPT;
  Values *children = values_create(cx, count);
  if (!children) return VALUE_ABRUPT;
  r->children = value_internal(children);
  Values *keys = stride == 3 ? values_create(cx, count) : NULL;
  if (stride == 3 && !keys) return VALUE_ABRUPT;
  r->keys = keys ? value_internal(keys) : VALUE_UNDEFINED;
  for (uint32_t i = 0; i < count; i++) {
    const Value *item = &parser->stack->items[base + i * stride];
    if (keys) cell_store(cx, &keys->items[i], item[0]);
    cell_store(cx, &children->items[i], item[stride - 1]);
  }
  Record *record = (Record *)value_as_cell(r->record);
  cell_store(cx, &record->items[JSON_RECORD_CHILDREN], r->children);
  cell_store(cx, &record->items[JSON_RECORD_KEYS], r->keys);
  return r->record;
}

// Objects ---------------------------------------------------------------------------------------------

static Shape *frame_shape(const JsonParser *parser, const ParseFrame *frame) {
  return (Shape *)value_as_cell(parser->stack->items[frame->base]);
}

// The object of a shaped frame: its shape's slots are the values from base + 1 on.
// bounded: values that paid when they were parsed.
static Object *make_shaped_object(JsonParser *parser, const ParseFrame *frame) {
  Shape *shape = frame_shape(parser, frame);
  Object *object = object_create_with_shape(parser->cx, shape, MAX_OF(shape->slot_count, 1));
  if (!object) return NULL;
  const Value *values = &parser->stack->items[frame->base + 1];
  for (uint32_t i = 0; i < shape->slot_count; i++) cell_store(parser->cx, &object->slots[i], values[i]);
  return object;
}

// Creates the object now; from here on its properties are defined one by one.
static MUST_CHECK bool frame_leave_shapes(JsonParser *parser, ParseFrame *frame) {
  Object *object = make_shaped_object(parser, frame);
  if (!object) return false;
  stack_cut(parser, frame->base + 1);
  cell_store(parser->cx, &parser->stack->items[frame->base], value_object(object));
  frame->kind = FRAME_OBJECT;
  return true;
}

// OPTIMIZATION: guesses that the next name is the one that followed here last time.
static Shape *guess_next_shape(JsonParser *parser, const Shape *shape) {
  if (parser->text.is_wide || shape->slot_count >= SHAPED_LIMIT || !value_is_internal(shape->transitions)) return NULL;
  Cell *cell = value_as_cell(shape->transitions);
  if (cell->kind != CELL_SHAPE) return NULL;
  Shape *next = (Shape *)cell;
  if (heap_is_dying(&parser->cx->heap, next)) return NULL;
  if (!key_is_atom(next->last_key) || shape_last_attributes(next) != PROPERTY_DEFAULT) return NULL;
  const String *name = value_as_string(next->last_key);
  uint32_t length = string_length(name), index = parser->index;
  if (name->cell.flags & (STRING_WIDE | STRING_SLICE) || parser->text.length - index <= length) return NULL;
  const uint8_t *units = parser->text.narrow + index;
  if (units[length] != '"' || memcmp(units, name->narrow, length) != 0) return NULL;
  for (uint32_t i = 0; i < length; i++) {  // names with such characters have escapes
    if (name->narrow[i] < ' ' || name->narrow[i] == '"' || name->narrow[i] == '\\') return NULL;
  }
  parser->index = index + length + 1;
  heap_keep_cell(&parser->cx->heap, next);  // transitions are weak
  return next;
}

static MUST_CHECK bool expect_colon(JsonParser *parser) {
  skip_space(parser);
  if (UNLIKELY(parser_peek(parser) != ':')) {
    throw_syntax(parser, "':'");
    return false;
  }
  parser->index++;
  skip_space(parser);
  return true;
}

// Reads a name and the colon. The frame is then ready for the value.
static MUST_CHECK bool read_property_name(JsonParser *parser, ParseFrame *frame) {
  if (UNLIKELY(parser_peek(parser) != '"')) {
    throw_syntax(parser, "a property name in double quotes");
    return false;
  }
  parser->index++;
  if (frame->kind == FRAME_SHAPED_OBJECT) {
    Shape *shape = frame_shape(parser, frame), *next = guess_next_shape(parser, shape);
    if (next) {
      cell_store(parser->cx, &parser->stack->items[frame->base], value_internal(next));
      return expect_colon(parser);
    }
  }
  ROOTS(parser->cx, r, key);
  r->key = read_name(parser);
  if (value_is_abrupt(r->key)) return false;
  if (frame->kind == FRAME_SHAPED_OBJECT) {
    Shape *shape = frame_shape(parser, frame);
    uint32_t index;
    if (shape->slot_count < SHAPED_LIMIT && !key_as_array_index(r->key, &index) && !shape_lookup(shape, r->key)) {
      shape = shape_add_property(parser->cx, shape, r->key, PROPERTY_DEFAULT);
      if (!shape) return false;
      cell_store(parser->cx, &parser->stack->items[frame->base], value_internal(shape));
      return expect_colon(parser);
    }
    if (!frame_leave_shapes(parser, frame)) return false;
  }
  return stack_push(parser, r->key) && expect_colon(parser);
}

// Containers ------------------------------------------------------------------------------------------

static MUST_CHECK bool open_object(JsonParser *parser) {
  parser->index++;
  skip_space(parser);
  Shape *shape =
      shape_for_prototype(parser->cx, &object_class_ordinary, realm_prototype(parser->cx, INTRINSIC_ObjectPrototype));
  if (!shape) return false;
  ROOTS(parser->cx, r, start);
  r->start = value_internal(shape);
  FrameKind kind = FRAME_SHAPED_OBJECT;
  if (parser->keeps_records) {  // records need the names too
    Object *object = object_create(parser->cx, realm_prototype(parser->cx, INTRINSIC_ObjectPrototype));
    if (!object) return false;
    r->start = value_object(object);
    kind = FRAME_OBJECT;
  }
  return push_frame(parser, kind) && stack_push(parser, r->start);
}

// Stores a complete value in the innermost frame. There is at least one frame.
static MUST_CHECK bool deliver(JsonParser *parser, Value value, Value record) {
  ROOTS(parser->cx, r, value, record);
  r->value = value;
  r->record = record;
  ParseFrame *frame = top_frame(parser);
  if (frame->kind == FRAME_OBJECT) {
    Object *object = value_as_object(parser->stack->items[frame->base]);
    PropertyKey key = parser->stack->items[parser->depth - 1];
    if (!object_create_data_property(parser->cx, object, key, value)) return false;
    if (!parser->keeps_records) {
      stack_cut(parser, parser->depth - 1);
      return true;
    }
  }
  if (!stack_push(parser, value)) return false;
  return !parser->keeps_records || stack_push(parser, r->record);
}

// Closes the innermost container and returns its value (and record).
// bounded: values that paid when they were parsed.
static Value close_frame(JsonParser *parser, Value *record) {
  Context *cx = parser->cx;
  const ParseFrame frame = *top_frame(parser);
  ROOTS(cx, r, value);
  if (frame.kind == FRAME_ARRAY) {
    uint32_t stride = parser->keeps_records ? 2 : 1, count = (parser->depth - frame.base) / stride;
    Object *array = array_create(cx, stride == 1 ? 0 : count);
    if (stride == 1 && array) array = array_create_from(cx, &parser->stack->items[frame.base], count);
    if (!array) return VALUE_ABRUPT;
    r->value = value_object(array);
    if (stride == 2) {
      for (uint32_t i = 0; i < count; i++) {
        if (!element_put(cx, array, i, parser->stack->items[frame.base + i * 2])) return VALUE_ABRUPT;
      }
      *record = gather_records(parser, frame.base, stride, r->value);
    }
  } else if (frame.kind == FRAME_SHAPED_OBJECT) {
    Object *object = make_shaped_object(parser, &frame);
    if (!object) return VALUE_ABRUPT;
    r->value = value_object(object);
  } else {
    r->value = parser->stack->items[frame.base];
    if (parser->keeps_records) *record = gather_records(parser, frame.base + 1, 3, r->value);
  }
  if (parser->keeps_records && value_is_abrupt(*record)) return VALUE_ABRUPT;
  stack_cut(parser, frame.base);
  parser->frames.size -= sizeof(ParseFrame);
  return r->value;
}

// Opens containers until a value is complete, and returns it: a primitive or an empty container.
static Value read_value(JsonParser *parser, Value *record) {
  for (;;) {
    uint32_t unit = parser_peek(parser);
    if (unit == '{') {
      if (!open_object(parser)) return VALUE_ABRUPT;
      if (parser_peek(parser) == '}') {
        parser->index++;
        return close_frame(parser, record);
      }
      if (!read_property_name(parser, top_frame(parser))) return VALUE_ABRUPT;
    } else if (unit == '[') {
      parser->index++;
      skip_space(parser);
      if (!push_frame(parser, FRAME_ARRAY)) return VALUE_ABRUPT;
      if (parser_peek(parser) == ']') {
        parser->index++;
        return close_frame(parser, record);
      }
    } else {
      uint32_t start = parser->index;
      Value value = read_primitive(parser);
      if (!parser->keeps_records || value_is_abrupt(value)) return value;
      ROOTS(parser->cx, r, value, text);
      r->value = value;
      r->text = string_from_view(parser->cx, text_view_slice(parser->text, start, parser->index));
      if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
      *record = create_record(parser, r->value, r->text);
      return value_is_abrupt(*record) ? VALUE_ABRUPT : r->value;
    }
  }
}

// After a value inside a container: TRISTATE_TRUE after a comma, TRISTATE_FALSE at the end of the container.
static Tristate read_separator(JsonParser *parser) {
  skip_space(parser);
  uint32_t unit = parser_peek(parser);
  ParseFrame *frame = top_frame(parser);
  bool is_array = frame->kind == FRAME_ARRAY;
  if (unit == ',') {
    parser->index++;
    skip_space(parser);
    return is_array || read_property_name(parser, frame) ? TRISTATE_TRUE : TRISTATE_ABRUPT;
  }
  if (unit == (is_array ? ']' : '}')) {
    parser->index++;
    return TRISTATE_FALSE;
  }
  throw_syntax(parser, is_array ? "',' or ']'" : "',' or '}'");
  return TRISTATE_ABRUPT;
}

static Value parse_document(JsonParser *parser, Value *record) {
  ROOTS(parser->cx, r, value);
  skip_space(parser);
  r->value = read_value(parser, record);
  while (parser->frames.size > 0) {
    if (value_is_abrupt(r->value) || !parser_charge(parser)) return VALUE_ABRUPT;
    if (!deliver(parser, r->value, *record)) return VALUE_ABRUPT;
    Tristate more = read_separator(parser);
    if (more == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    r->value = more == TRISTATE_TRUE ? read_value(parser, record) : close_frame(parser, record);
  }
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  skip_space(parser);
  if (parser->index < parser->text.length) return throw_syntax(parser, "the end of the text");
  return r->value;
}

// https://tc39.es/ecma262/#sec-parsejson
Value json_parse(Context *cx, TextView text, Value *record) {
  ROOTS(cx, r, stack, record);
  Values *stack = values_create(cx, STACK_LEAST);
  if (!stack) return VALUE_ABRUPT;
  r->stack = value_internal(stack);
  r->record = VALUE_UNDEFINED;
  JsonParser parser = {.cx = cx, .text = text, .stack = stack, .root = &r->stack, .keeps_records = record != NULL};
  buffer_initialize(&parser.frames, &cx->memory);
  Value value = parse_document(&parser, &r->record);
  buffer_release(&parser.frames);
  if (record) *record = r->record;
  return value;
}
