// The `stack` of errors: frames are captured as data when the error is made, and become text on first read.
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/modules.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"

enum { STACK_TRACE_LIMIT = 10 };

// A data property of Error; undefined when Error has not been used yet.
static Value error_property(Context *cx, PropertyKey key) {
  Value constructor = realm_intrinsic(cx, INTRINSIC_Error);
  if (!value_is_object(constructor) || object_is_unfilled(value_as_object(constructor))) return VALUE_UNDEFINED;
  return object_peek(value_as_object(constructor), key);
}

// The value of `Error.stackTraceLimit`. False when it is not a plain number: as in V8, errors then have no stack.
static bool stack_trace_limit(Context *cx, uint32_t *out) {
  *out = STACK_TRACE_LIMIT;
  Value constructor = realm_intrinsic(cx, INTRINSIC_Error);
  bool is_unseen = !value_is_object(constructor) || object_is_unfilled(value_as_object(constructor));
  if (is_unseen) return true;
  Value limit = object_peek(value_as_object(constructor), cx->names->stackTraceLimit);
  if (!value_is_number(limit)) return false;
  double number = value_as_number(limit);
  *out = number >= 1e6 ? 1000000 : number > 0 ? (uint32_t)number : 0;
  return true;
}

// The current frames; a hole when there are none, undefined when the error is to have no stack.
static Value capture_frames(Context *cx, Value above) {
  uint32_t limit;
  if (!stack_trace_limit(cx, &limit)) return VALUE_UNDEFINED;
  bool keeps_calls = !value_is_undefined(error_property(cx, cx->names->prepareStackTrace));
  Value frames = cx->hooks->capture_frames ? cx->hooks->capture_frames(cx, limit, above, keeps_calls) : VALUE_UNDEFINED;
  return value_is_undefined(frames) ? VALUE_HOLE : frames;
}

bool error_add_stack(Context *cx, Object *error) {
  Value accessor = cx->realm->error_stack;
  if (value_is_undefined(accessor)) return true;  // the realm is not complete yet
  return own_property_put(cx, error, cx->names->stack, accessor, PROPERTY_CONFIGURABLE | PROPERTY_ACCESSOR);
}

bool error_capture_stack(Context *cx, Object *error) {
  if (error->cell.kind != CELL_ERROR) return true;
  Value frames = capture_frames(cx, VALUE_UNDEFINED);
  if (value_is_abrupt(frames)) return false;
  cell_store(cx, &((ErrorObject *)error)->frames, frames);
  return true;
}

// A header is stored after the frames.
static Value header_of(Value frames) {
  const Values *fields = value_is_internal(frames) ? (const Values *)value_as_cell(frames) : NULL;
  return fields && values_count(fields) % FRAME_FIELDS ? fields->items[values_count(fields) - 1] : VALUE_UNDEFINED;
}

bool error_set_header(Context *cx, Object *error, Value header, Value above) {
  ROOTS(cx, r, frames);
  r->frames = capture_frames(cx, above);
  if (value_is_abrupt(r->frames)) return false;
  const Values *old = value_is_internal(r->frames) ? (const Values *)value_as_cell(r->frames) : NULL;
  uint32_t count = old ? values_count(old) : 0;
  Values *frames = values_create(cx, count + 1);
  if (!frames) return false;
  for (uint32_t i = 0; i < count; i++) frames->items[i] = old->items[i];
  frames->items[count] = header;
  cell_store(cx, &((ErrorObject *)error)->frames, value_internal(frames));
  return true;
}

void error_set_stack_text(Context *cx, Object *error, Value text) {
  cell_store(cx, &((ErrorObject *)error)->frames, text);
}

// bounded: the number of frames of a stack is limited.
bool error_set_location(Context *cx, Object *error, Value source_name, Value line_text, uint32_t line, uint32_t column,
                        bool is_eval) {
  ErrorObject *record = (ErrorObject *)error;
  const Values *old = value_is_internal(record->frames) ? (const Values *)value_as_cell(record->frames) : NULL;
  uint32_t count = old ? values_count(old) : 0;
  Values *frames = values_create(cx, count + FRAME_FIELDS);
  if (!frames) return false;
  frames->items[FRAME_FUNCTION_NAME] = line_text;
  frames->items[FRAME_SOURCE_NAME] = source_name;
  frames->items[FRAME_SOURCE_TEXT] = value_unsigned(line);
  frames->items[FRAME_OFFSET] = value_unsigned(column);
  frames->items[FRAME_MANNER] = value_int(FRAME_MANNER_SOURCE | (is_eval ? FRAME_OF_EVAL : 0));
  for (uint32_t i = 0; i < count; i++) frames->items[FRAME_FIELDS + i] = old->items[i];
  cell_store(cx, &record->frames, value_internal(frames));
  return true;
}

static MUST_CHECK bool append_described(Context *cx, StringBuilder *builder, Value value) {
  if (value_is_string(value)) return string_builder_append_string(builder, value_as_string(value));
  ROOTS(cx, r, text);
  Buffer buffer;
  buffer_initialize(&buffer, &cx->memory);
  value_describe(cx, value, &buffer);
  r->text = string_from_utf8(cx, (const char *)buffer.data, buffer.size);
  buffer_release(&buffer);
  return !value_is_abrupt(r->text) && string_builder_append_string(builder, value_as_string(r->text));
}

// "Name: message" as Error.prototype.toString would give it for plain data properties.
static MUST_CHECK bool append_header(Context *cx, StringBuilder *builder, const Object *object) {
  Value name = object_peek(object, cx->names->name);
  Value message = object_peek(object, cx->names->message);
  bool has_message = !value_is_undefined(message) && message != cx->names->empty;
  if (value_is_undefined(name)) {
    string_builder_append_ascii(builder, "Error");
  } else if (!append_described(cx, builder, name)) {
    return false;
  }
  if (!has_message) return true;
  if (name != cx->names->empty) string_builder_append_ascii(builder, ": ");
  return append_described(cx, builder, message);
}

static bool is_line_end(uint16_t unit) { return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029; }

static bool ends_line(TextView text, uint32_t at) {
  uint16_t unit = text_view_unit(text, at);
  if (LIKELY(unit != '\n' && unit != '\r' && unit < 0x2028)) return false;
  return unit == '\n' || unit == 0x2028 || unit == 0x2029 ||
         (unit == '\r' && !(at + 1 < text.length && text_view_unit(text, at + 1) == '\n'));
}

// The starts of the lines after the first, in the table and how many; NULL: threw.
static const uint32_t *line_starts(Context *cx, TextView text, uint32_t *count) {
  const void *units = text.is_wide ? (const void *)text.wide : (const void *)text.narrow;
  const LineTable *table = &cx->line_table;
  uint32_t steps = 0, found = 0;
  if (table->units != units || table->length != text.length) {
    for (uint32_t i = 0; i < text.length; i++) {
      if (!context_step(cx, &steps)) return NULL;
      found += ends_line(text, i);
    }
    Cell *bytes = context_allocate(cx, CELL_BYTES, sizeof(Cell) + found * sizeof(uint32_t));
    if (!bytes) return NULL;
    bytes_set_size(bytes, found * (uint32_t)sizeof(uint32_t));
    uint32_t *starts = (uint32_t *)(bytes + 1);
    for (uint32_t i = 0, line = 0; i < text.length; i++) {
      if (!context_step(cx, &steps)) return NULL;
      if (ends_line(text, i)) starts[line++] = i + 1;
    }
    cx->line_table =
        (LineTable){.units = units, .length = text.length, .count = found, .starts = value_internal(bytes)};
  }
  *count = table->count;
  return (const uint32_t *)(value_as_cell(table->starts) + 1);
}

bool source_locate(Context *cx, TextView text, uint32_t offset, uint32_t *line, uint32_t *column) {
  enum { NEAR = 2000 };  // too near for a table to pay off
  *line = *column = 1;
  uint32_t steps = 0;
  if (offset > NEAR && text.length > NEAR) {
    uint32_t low = 0, high;
    const uint32_t *starts = line_starts(cx, text, &high);
    if (!starts) return false;
    while (low < high) {  // bounded: halving
      uint32_t middle = low + (high - low) / 2;
      if (starts[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    *line = low + 1;
    *column = MIN_OF(offset, text.length) - (low > 0 ? starts[low - 1] : 0) + 1;
    return true;
  }
  for (uint32_t i = 0; i < offset && i < text.length; i++) {
    if (!context_step(cx, &steps)) return false;
    bool ends = ends_line(text, i);
    *line += ends;
    *column = ends ? 1 : *column + 1;
  }
  return true;
}

// Pays afterwards: the caller may be out of fuel already.
void source_advance(Context *cx, TextView text, uint32_t offset, SourceCursor *cursor) {
  uint32_t end = MIN_OF(offset, text.length), at = cursor->offset;
  if (end < at) return;
  for (; at < end; at++) {
    if (at % FUEL_STEPS == 0) context_spend_steps(cx, FUEL_STEPS);
    if (LIKELY(!ends_line(text, at))) continue;
    cursor->line++;
    cursor->line_start = at + 1;
  }
  cursor->offset = end;
}

static bool is_located(const ErrorObject *error) {
  if (!value_is_internal(error->frames)) return !value_is_hole(error->frames);
  const Values *frames = (const Values *)value_as_cell(error->frames);
  return values_count(frames) && (value_as_int(frames->items[FRAME_MANNER]) & FRAME_MANNERS) == FRAME_MANNER_SOURCE;
}

void error_locate_exception(Context *cx, Value source, uint32_t offset) {
  if (!exception_is_catchable(cx) || !value_is_object_of(cx->exception, CELL_ERROR) || !value_is_internal(source))
    return;
  if (is_located((const ErrorObject *)value_as_object(cx->exception))) return;
  ROOTS(cx, r, error, line);
  const Record *record = (const Record *)value_as_cell(source);
  TextView text;
  r->error = exception_take(cx);
  if (!string_view(cx, value_as_string(record->items[SOURCE_TEXT]), &text)) return;
  uint32_t line, column;
  if (!source_locate(cx, text, offset, &line, &column)) return;
  uint32_t start = offset - (column - 1), end = offset, steps = 0;
  for (; end < text.length && !is_line_end(text_view_unit(text, end)); end++) {
    if (!context_step(cx, &steps)) return;
  }
  r->line = string_from_view(cx, text_view_slice(text, start, end));
  if (value_is_abrupt(r->line)) return;
  Object *error = value_as_object(r->error);
  if (!error_set_location(cx, error, record->items[SOURCE_NAME], r->line, line, column, false)) return;
  throw_value(cx, r->error);
}

static MUST_CHECK bool append_position(Context *cx, StringBuilder *builder, const Value *frame) {
  TextView text;
  if (!string_view(cx, value_as_string(frame[FRAME_SOURCE_TEXT]), &text)) return false;
  uint32_t line, column, offset = (uint32_t)value_as_number(frame[FRAME_OFFSET]);
  if (!source_locate(cx, text, offset, &line, &column)) return false;
  string_builder_append_ascii(builder, ":");
  if (!append_described(cx, builder, value_unsigned(line))) return false;
  string_builder_append_ascii(builder, ":");
  return append_described(cx, builder, value_unsigned(column));
}

// For a frame with FRAME_MANNER_SOURCE: its function name is the line's text, its source text and offset are line and
// column.
// bounded: the line is cut to a hundred units.
static MUST_CHECK bool append_source_excerpt(Context *cx, StringBuilder *builder, const Value *frame) {
  enum { WIDEST = 100, BEFORE = 60 };
  TextView text;
  if (!string_view(cx, value_as_string(frame[FRAME_FUNCTION_NAME]), &text)) return false;
  uint32_t column = (uint32_t)value_as_number(frame[FRAME_OFFSET]) - 1;
  column = MIN_OF(column, text.length);
  uint32_t start = column > BEFORE && text.length > WIDEST ? column - BEFORE : 0;
  uint32_t end = MIN_OF(text.length, start + WIDEST);
  string_builder_append_ascii(builder, "\n      ");
  string_builder_append_view(builder, text_view_slice(text, start, end));
  string_builder_append_ascii(builder, "\n      ");
  for (uint32_t i = start; i < column; i++)
    string_builder_append_unit(builder, text_view_unit(text, i) == '\t' ? '\t' : ' ');
  string_builder_append_ascii(builder, "^");
  return true;
}

static MUST_CHECK bool append_source_name(StringBuilder *builder, const Value *frame) {
  bool is_eval = value_as_int(frame[FRAME_MANNER]) & FRAME_OF_EVAL;
  if (!value_is_string(frame[FRAME_SOURCE_NAME])) {
    string_builder_append_ascii(builder, is_eval ? "eval" : "<anonymous>");
    return true;
  }
  if (is_eval) string_builder_append_ascii(builder, "eval in ");
  return string_builder_append_string(builder, value_as_string(frame[FRAME_SOURCE_NAME]));
}

static MUST_CHECK bool append_source_frame(Context *cx, StringBuilder *builder, const Value *frame) {
  string_builder_append_ascii(builder, "\n    at ");
  if (!append_source_name(builder, frame)) return false;
  for (int i = FRAME_SOURCE_TEXT; i <= FRAME_OFFSET; i++) {
    string_builder_append_ascii(builder, ":");
    if (!append_described(cx, builder, frame[i])) return false;
  }
  return append_source_excerpt(cx, builder, frame);
}

static MUST_CHECK bool append_frame(Context *cx, StringBuilder *builder, const Value *frame) {
  Value function = frame[FRAME_FUNCTION_NAME];
  int manner = value_as_int(frame[FRAME_MANNER]) & FRAME_MANNERS;
  bool has_name = value_is_string(function) && string_length(value_as_string(function)) > 0;
  if (manner == FRAME_MANNER_SOURCE) return append_source_frame(cx, builder, frame);
  string_builder_append_ascii(builder, "\n    at ");
  static const char *const prefixes[] = {"", "async ", "new "};
  string_builder_append_ascii(builder, prefixes[manner]);
  if (has_name) {
    if (!string_builder_append_string(builder, value_as_string(function))) return false;
    string_builder_append_ascii(builder, " (");
  }
  if (!append_source_name(builder, frame)) return false;
  if (value_is_string(frame[FRAME_SOURCE_TEXT]) && !append_position(cx, builder, frame)) return false;
  if (has_name) string_builder_append_ascii(builder, ")");
  return true;
}

// `frames` is rooted by the caller.
// bounded: the number of frames of a stack is limited; each is charged for its line and column.
static Value stack_text(Context *cx, const Object *object, Value frames, Value header) {
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  if (value_is_string(header) ? !string_builder_append_string(&builder, value_as_string(header))
                              : !append_header(cx, &builder, object))
    return VALUE_ABRUPT;
  if (value_is_internal(frames)) {
    const Values *fields = (const Values *)value_as_cell(frames);
    uint32_t count = values_count(fields) / FRAME_FIELDS;
    for (uint32_t i = 0; i < count; i++) {
      if (!append_frame(cx, &builder, fields->items + i * FRAME_FIELDS)) return VALUE_ABRUPT;
    }
  }
  return string_builder_finish(&builder);
}

Value error_stack_value(Context *cx, ErrorObject *error) {
  if (!value_is_internal(error->frames) && !value_is_hole(error->frames)) return error->frames;
  Value header = header_of(error->frames);
  Value text = stack_text(cx, &error->object, error->frames, header);
  // When the program reads it, it may make another one.
  const Object *constructor = value_as_object(realm_intrinsic(cx, INTRINSIC_Error));
  bool is_final = value_is_string(header) && !shape_lookup(constructor->shape, cx->names->prepareStackTrace);
  if (is_final && !value_is_abrupt(text)) cell_store(cx, &error->frames, text);
  return text;
}

// What programs read and replace ---------------------------------------------------------------------------

// The place of the captured stack that the object's `stack` shows: in itself or in the nearest object on its prototype
// chain, *owner.
static Value *stack_place(Context *cx, Value value, Object **owner) {
  if (!value_is_object(value)) return NULL;
  Object *object = value_as_object(value);
  for (int hops = 0; object && hops < 1000; hops++, object = object->shape->prototype) {
    *owner = object;
    if (object->cell.kind == CELL_ERROR) return &((ErrorObject *)object)->frames;
    if (object->shape->cell.flags & SHAPE_EXOTIC && !object->shape->class_->names_are_ordinary) return NULL;
    const Property *property = shape_lookup(object->shape, cx->names->private_stack);
    if (property) return &object->slots[property->slot];
    context_spend_step(cx);
  }
  return NULL;
}

// https://v8.dev/docs/stack-trace-api#customizing-stack-traces  Hole: the program has not set Error.prepareStackTrace.
static Value stack_prepare(Context *cx, Value owner, Value frames) {
  enum { PREPARE, CONSTRUCTOR, OWNER, SITES, ARGUMENTS };
  ROOTS(cx, r, function, arguments[ARGUMENTS]);
  Object *constructor = value_as_object(realm_intrinsic(cx, INTRINSIC_Error));
  if (object_is_unfilled(constructor)) return VALUE_HOLE;
  r->arguments[PREPARE] = object_get_key(cx, constructor, cx->names->prepareStackTrace);
  if (value_is_abrupt(r->arguments[PREPARE])) return VALUE_ABRUPT;
  if (!value_is_callable(r->arguments[PREPARE])) return VALUE_HOLE;
  r->function = cx->hooks->self_hosted(cx, cx->realm, "PrepareStackTrace");
  if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
  // While it runs, other stacks are plain text.
  if (cx->hooks->is_running(cx, r->function)) return VALUE_HOLE;
  r->arguments[CONSTRUCTOR] = value_object(constructor);
  r->arguments[OWNER] = owner;
  r->arguments[SITES] = cx->hooks->make_call_sites(cx, frames);
  if (value_is_abrupt(r->arguments[SITES])) return VALUE_ABRUPT;
  return function_call(cx, r->function, VALUE_UNDEFINED, r->arguments, ARGUMENTS);
}

// The header as Error.prototype.toString would give it, getters included; undefined when that throws. False:
// terminated.
static MUST_CHECK bool stack_make_header(Context *cx, Object *object, Value *header) {
  ROOTS(cx, r, parts[2]);
  const PropertyKey keys[2] = {cx->names->name, cx->names->message};
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  bool is_made = true;
  for (int i = 0; i < 2 && is_made; i++) {
    r->parts[i] = object_get_key(cx, object, keys[i]);
    if (value_is_undefined(r->parts[i])) r->parts[i] = i == 0 ? string_from_ascii(cx, "Error") : cx->names->empty;
    if (!value_is_abrupt(r->parts[i])) r->parts[i] = value_to_string(cx, r->parts[i]);
    is_made = !value_is_abrupt(r->parts[i]);
  }
  if (is_made) {
    bool has_both = r->parts[0] != cx->names->empty && r->parts[1] != cx->names->empty;
    is_made = string_builder_append_string(&builder, value_as_string(r->parts[0]));
    if (has_both) string_builder_append_ascii(&builder, ": ");
    is_made = is_made && string_builder_append_string(&builder, value_as_string(r->parts[1]));
    *header = is_made ? string_builder_finish(&builder) : VALUE_ABRUPT;
    is_made = !value_is_abrupt(*header);
  }
  if (is_made) return true;
  *header = VALUE_UNDEFINED;
  if (!exception_is_catchable(cx)) return false;
  (void)exception_take(cx);
  return true;
}

Value error_read_stack(Context *cx, Value object) {
  ROOTS(cx, r, owner, frames, header, stack);
  Object *owner;
  const Value *place = stack_place(cx, object, &owner);
  if (!place) return VALUE_UNDEFINED;
  r->frames = *place;
  if (!value_is_internal(r->frames) && !value_is_hole(r->frames)) return r->frames;
  r->owner = value_object(owner);
  r->stack = stack_prepare(cx, r->owner, r->frames);
  if (value_is_hole(r->stack)) {
    r->header = header_of(r->frames);
    if (!value_is_string(r->header) && !stack_make_header(cx, owner, &r->header)) return VALUE_ABRUPT;
  }
  if (value_is_hole(r->stack)) r->stack = stack_text(cx, owner, r->frames, r->header);
  if (!value_is_abrupt(r->stack)) error_replace_stack(cx, r->owner, r->stack);
  return r->stack;
}

void error_replace_stack(Context *cx, Value object, Value stack) {
  Object *owner;
  Value *place = stack_place(cx, object, &owner);
  if (place) cell_store(cx, place, stack);
}

bool error_define_stack(Context *cx, Object *object, Value above) {
  ROOTS(cx, r, frames);
  r->frames = capture_frames(cx, above);
  if (value_is_abrupt(r->frames)) return false;
  if (object->cell.kind == CELL_PROXY) {
    throw_type_error(cx, "Error.captureStackTrace: a proxy cannot have a stack");
    return false;
  }
  if (!object_ensure_filled(cx, object)) return false;
  const Record *accessor = (const Record *)value_as_cell(cx->realm->error_stack);
  Descriptor own = {VALUE_HOLE, accessor->items[ACCESSOR_GET], accessor->items[ACCESSOR_SET], PROPERTY_CONFIGURABLE,
                    PROPERTY_CONFIGURABLE | PROPERTY_ENUMERABLE};
  if (!object_define_or_throw(cx, object, cx->names->stack, &own)) return false;
  if (object->cell.kind == CELL_ERROR) {
    cell_store(cx, &((ErrorObject *)object)->frames, r->frames);
    return true;
  }
  return own_property_put(cx, object, cx->names->private_stack, r->frames, PROPERTY_WRITABLE | PROPERTY_CONFIGURABLE);
}
