// The stack that error objects remember: the running frames and, where a job continued the outermost of them, the
// activations that await it.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/modules.h"
#include "runtime/names.h"

enum { DEEPEST = 100, STOP_FRAMES = 16, STOP_NAME_UNITS = 100 };

typedef struct Capture {
  const Code *codes[DEEPEST];
  Value functions[DEEPEST];
  Value receivers[DEEPEST];
  uint32_t offsets[DEEPEST];
  uint8_t manners[DEEPEST];
  uint32_t count, limit;
} Capture;

static void capture_add(Capture *capture, Value function, const Code *code, const Instruction *pc, Value receiver,
                        uint8_t manner) {
  if (code->flags & CODE_SELF_HOSTED || !value_is_internal(code->source) || capture->count == capture->limit) return;
  if (value_as_cell(code->source)->small == SOURCE_OF_ENGINE) return;
  const CodePosition *position = pc ? code_find_position(code, (uint32_t)(pc - code->instructions) - 1) : NULL;
  capture->codes[capture->count] = code;
  capture->functions[capture->count] = function;
  capture->receivers[capture->count] = receiver;
  capture->offsets[capture->count] = position ? position->place : code->source_start;
  capture->manners[capture->count++] = manner;
}

// The activation that goes on when this one has ended.
static const Generator *activation_awaiting(Context *cx, Value promise) {
  if (!value_is_object_of(promise, CELL_PROMISE)) return NULL;
  Value next = promise_awaiting_activation(cx, (const Promise *)value_as_object(promise));
  return value_is_object_of(next, CELL_GENERATOR) ? (const Generator *)value_as_object(next) : NULL;
}

static Value activation_promise(const Generator *generator) {
  return generator->kind == GENERATOR_ASYNC ? async_generator_promise(generator) : generator->promise;
}

// Methods with computed keys get their names only when they are created.
static Value capture_name(Context *cx, const Code *code, Value function) {
  if (code->flags & CODE_EVAL) return cx->names->eval;
  if (code->name != cx->names->empty || !value_is_object(function)) return code->name;
  return object_peek(value_as_object(function), cx->names->name);
}

static const Frame *frame_above(Context *cx, const Frame *frame, Value function) {
  if (!value_is_object(function)) return frame;
  for (const Frame *each = frame; each; each = each->caller) {
    if (each->function == function) return each->caller;
    context_spend_step(cx);
  }
  return frame;
}

// The value of a register as the guest may see it; the register may be unset.
static Value receiver_to_keep(Value value) {
  bool is_guests = value_is_number(value) || value_is_boolean(value) || value_is_null(value) ||
                   (value_is_cell(value) && !value_is_internal(value));
  return is_guests ? value : VALUE_UNDEFINED;
}

// bounded: at most 200 frames.
static void capture_collect(Context *cx, Capture *capture, const Frame *frame, uint32_t limit) {
  capture->count = 0;
  capture->limit = MIN_OF(limit, DEEPEST);
  const Frame *outermost = frame;
  for (; frame && capture->count < capture->limit; frame = frame->caller) {
    capture_add(capture, frame->function, frame->code, frame->pc, frame_registers(frame)[REGISTER_THIS],
                !value_is_undefined(frame->new_target) ? FRAME_MANNER_NEW : FRAME_MANNER_CALL);
    outermost = frame;
  }
  // The activation that waits for the outermost one, or else for the promise job that called it.
  const Generator *generator = outermost ? outermost->generator : NULL;
  bool is_resumed = generator && (outermost->flags & FRAME_RESUMED || generator->kind == GENERATOR_ASYNC);
  Value settled = is_resumed ? activation_promise(generator) : cx->settling;
  while (!frame && capture->count < capture->limit) {
    const Generator *awaiting = activation_awaiting(cx, settled);
    if (!awaiting) break;
    capture_add(capture, awaiting->function, awaiting->code, awaiting->pc, VALUE_UNDEFINED, FRAME_MANNER_ASYNC);
    settled = activation_promise(awaiting);
  }
}

// Captures the FRAME_* fields of errors.h, innermost frame first; lines are counted when the stack is read.
// bounded: at most 100 frames.
Value interpreter_capture_frames(Context *cx, uint32_t limit, Value above, bool keeps_calls) {
  Capture capture;
  capture_collect(cx, &capture, frame_above(cx, cx->frame, above), limit);
  // All of these values are reachable from the stack, or from values on the stack, during this allocation.
  Values *list = values_create(cx, capture.count * FRAME_FIELDS);
  if (!list) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < capture.count; i++) {
    const Record *source = (const Record *)value_as_cell(capture.codes[i]->source);
    Value *out = list->items + i * FRAME_FIELDS;
    out[FRAME_FUNCTION_NAME] = capture_name(cx, capture.codes[i], capture.functions[i]);
    out[FRAME_SOURCE_NAME] = source->items[SOURCE_NAME];
    out[FRAME_SOURCE_TEXT] = source->items[SOURCE_TEXT];
    out[FRAME_OFFSET] = value_unsigned(capture.offsets[i]);
    out[FRAME_MANNER] = value_int(capture.manners[i] | (source->cell.small == SOURCE_OF_EVAL ? FRAME_OF_EVAL : 0) |
                                  (capture.codes[i]->flags & CODE_STRICT ? FRAME_OF_STRICT : 0));
    bool is_call = keeps_calls && value_is_callable(capture.functions[i]);
    out[FRAME_FUNCTION] = is_call ? capture.functions[i] : VALUE_UNDEFINED;
    out[FRAME_RECEIVER] =
        is_call && capture.manners[i] == FRAME_MANNER_CALL ? receiver_to_keep(capture.receivers[i]) : VALUE_UNDEFINED;
  }
  return value_internal(list);
}

// The stack of a guest that a limit stops --------------------------------------------------------------------------

typedef struct StopText {
  uint16_t *units;
  uint32_t length, capacity;
} StopText;

static void stop_text_append(StopText *text, TextView view) {
  uint32_t count = MIN_OF(view.length, text->capacity - text->length);
  for (uint32_t i = 0; i < count; i++) text->units[text->length++] = text_view_unit(view, i);  // bounded: short texts
}

// A rope is flattened when it is used, which here would take memory.
static bool stop_text_append_name(StopText *text, Value name) {
  if (!value_is_string(name) || !string_is_flat(value_as_string(name))) return false;
  TextView view = string_view_flat(value_as_string(name));
  bool is_long = view.length > STOP_NAME_UNITS;
  stop_text_append(text, is_long ? text_view_slice(view, 0, STOP_NAME_UNITS) : view);
  if (is_long) stop_text_append(text, text_view_literal("..."));
  return view.length > 0;
}

// bounded: ten digits.
static void stop_text_append_number(StopText *text, uint32_t number) {
  char digits[12];
  char *start = digits + sizeof digits;
  *--start = 0;
  for (; number > 0; number /= 10) *--start = (char)('0' + number % 10);
  *--start = ':';
  stop_text_append(text, text_view_literal(start));
}

typedef struct StopPlace {
  uint32_t line, column;  // 0: unknown
} StopPlace;

// Frames of one source are located in the order of their offsets, so that its lines are counted once.
// bounded: 16 frames, each looked at once for each.
static void locate_frames(Context *cx, const Capture *capture, StopPlace *places) {
  bool done[STOP_FRAMES] = {false};
  for (uint32_t found = 0; found < capture->count;) {
    SourceCursor cursor = {.line = 1};
    Value source = VALUE_UNDEFINED;
    for (;;) {
      uint32_t next = STOP_FRAMES;
      for (uint32_t i = 0; i < capture->count; i++) {
        if (done[i] || (!value_is_undefined(source) && capture->codes[i]->source != source)) continue;
        if (value_is_undefined(source)) source = capture->codes[i]->source;
        if (next == STOP_FRAMES || capture->offsets[i] < capture->offsets[next]) next = i;
      }
      if (next == STOP_FRAMES) break;
      done[next] = true;
      found++;
      Value text = ((const Record *)value_as_cell(source))->items[SOURCE_TEXT];
      if (!value_is_string(text) || !string_is_flat(value_as_string(text))) continue;
      source_advance(cx, string_view_flat(value_as_string(text)), capture->offsets[next], &cursor);
      places[next] = (StopPlace){cursor.line, cursor.offset - cursor.line_start + 1};
    }
  }
}

// bounded: at most 16 frames.
uint32_t interpreter_write_stop(Context *cx, const Frame *top, uint16_t *units, uint32_t capacity) {
  static const char *const prefixes[] = {"\n    at ", "\n    at async ", "\n    at new "};
  Capture capture;
  StopPlace places[STOP_FRAMES] = {{0, 0}};
  StopText text = {units, 0, capacity};
  capture_collect(cx, &capture, top, STOP_FRAMES);
  locate_frames(cx, &capture, places);
  for (uint32_t i = 0; i < capture.count; i++) {
    uint32_t start = text.length;
    const Record *source = (const Record *)value_as_cell(capture.codes[i]->source);
    stop_text_append(&text, text_view_literal(prefixes[capture.manners[i]]));
    bool has_name = stop_text_append_name(&text, capture_name(cx, capture.codes[i], capture.functions[i]));
    if (has_name) stop_text_append(&text, text_view_literal(" ("));
    bool is_eval = source->cell.small == SOURCE_OF_EVAL, is_named = value_is_string(source->items[SOURCE_NAME]);
    if (is_eval) stop_text_append(&text, text_view_literal(is_named ? "eval in " : "eval"));
    if (!stop_text_append_name(&text, source->items[SOURCE_NAME]) && !is_eval)
      stop_text_append(&text, text_view_literal("<anonymous>"));
    if (places[i].line) {
      stop_text_append_number(&text, places[i].line);
      stop_text_append_number(&text, places[i].column);
    }
    if (has_name) stop_text_append(&text, text_view_literal(")"));
    if (text.length == capacity) return start;  // no half lines
  }
  return text.length;
}
