// Errors of programs name the expression that failed, in one wording:
//
//   user.profile.name: cannot read 'name' of undefined       (also: set, delete; destructure)
//   user.save is not a function: it is undefined             (also: a constructor, iterable)
//   cannot access 'x' before it is initialised               (variables: the name is the expression)
//
// The text comes from the source, by the position that the compiler noted for the instruction.
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/refusals.h"
#include "text/utf8.h"

const CodePosition *code_find_position(const Code *code, uint32_t pc) {
  uint32_t low = 0, high = code->position_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (code->positions[middle].pc <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low ? &code->positions[low - 1] : NULL;
}

static bool is_line_end(uint32_t unit) { return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029; }
static bool is_blank(uint32_t unit) { return unit == ' ' || unit == '\t' || is_line_end(unit); }

// An expression that is broken into lines is joined again: with nothing before a dot, and one blank elsewhere.
static uint32_t skip_line_break(TextView view, uint32_t from, uint32_t end, bool *joins) {
  uint32_t i = from;
  bool breaks = false;
  for (; i < end && is_blank(text_view_unit(view, i)); i++) breaks |= is_line_end(text_view_unit(view, i));
  if (!breaks) return from;
  uint32_t next = i < end ? text_view_unit(view, i) : 0;
  *joins = next == '.' || next == '?' || next == ')' || next == ']';
  return i;
}

typedef struct ExpressionWriter {
  char *out;
  size_t used, size;
} ExpressionWriter;

// bounded: the text is cut to the length of a message.
static void writer_add(ExpressionWriter *writer, TextView view, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to && writer->used + 8 < writer->size;) {
    bool joins = false;
    uint32_t after = skip_line_break(view, i, to, &joins);
    if (after != i) {
      if (!joins) writer->out[writer->used++] = ' ';
      i = after;
      continue;
    }
    uint8_t *place = (uint8_t *)writer->out + writer->used;
    writer->used += utf8_encode_code_point(text_view_next_code_point(view, &i), place);
  }
}

static bool frame_expression(const Frame *frame, char *out, size_t size) {
  enum { LONGEST = 80, HEAD = 48, TAIL = 28 };
  if (!frame || frame->code->flags & CODE_SELF_HOSTED || !value_is_internal(frame->code->source)) return false;
  const CodePosition *position = code_find_position(frame->code, (uint32_t)(frame->pc - frame->code->instructions) - 1);
  if (!position || position->end <= position->start) return false;
  const Record *source = (const Record *)value_as_cell(frame->code->source);
  String *text = value_as_string(source->items[SOURCE_TEXT]);
  if (!string_is_flat(text)) return false;
  TextView view = string_view_flat(text);
  if (position->end > view.length) return false;
  ExpressionWriter writer = {out, 0, size};
  if (position->end - position->start <= LONGEST) {
    writer_add(&writer, view, position->start, position->end);
  } else {
    // The beginning (what was called first) and the end (what was asked for last) say most.
    writer_add(&writer, view, position->start, position->start + HEAD);
    memcpy(out + writer.used, "...", 3);
    writer.used += 3;
    writer_add(&writer, view, position->end - TAIL, position->end);
  }
  out[writer.used] = 0;
  return writer.used > 0;
}

bool expression_text(Context *cx, char *out, size_t size) { return frame_expression(cx->frame, out, size); }

// The built-in that the guest called, when a built-in written in JavaScript is running.
void interpreter_describe_expression(Context *cx, Buffer *out) {
  const Frame *frame = cx->frame;
  while (frame && frame->code->flags & CODE_SELF_HOSTED) frame = frame->caller;
  char text[EXPRESSION_TEXT_SIZE];
  if (!frame_expression(frame, text, sizeof text)) return;
  buffer_append_text(out, text);
  buffer_append_text(out, ": ");
}

const char *expression_prefix(Context *cx, char *out) {
  if (!expression_text(cx, out, EXPRESSION_TEXT_SIZE - 2)) return "";
  strcat(out, ": ");
  return out;
}

Value throw_uninitialized_this(Context *cx) {
  return throw_reference_error(cx, "super() must be called before 'this' is used in a derived constructor");
}

Value throw_dead_zone(Context *cx) {
  char text[EXPRESSION_TEXT_SIZE];
  if (!expression_text(cx, text, sizeof text))
    return throw_reference_error(cx, "variable used before it is initialised");
  if (strcmp(text, "this") == 0 || strncmp(text, "super", 5) == 0) return throw_uninitialized_this(cx);
  return throw_reference_error(cx, "cannot access '%s' before it is initialised", text);
}

// "EXPRESSION is not a WHAT: it is VALUE"; for literals the value is left out.
static Value throw_is_not(Context *cx, Value value, const char *what) {
  char text[EXPRESSION_TEXT_SIZE];
  if (!expression_text(cx, text, sizeof text)) return throw_type_error(cx, "%e%v is not %s", value, what);
  Buffer described;
  buffer_initialize(&described, &cx->memory);
  value_describe(cx, value, &described);
  bool says_more = described.size != strlen(text) || memcmp(described.data, text, described.size) != 0;
  bool is_out_of_memory = described.failed;
  buffer_release(&described);
  if (is_out_of_memory) return context_throw_out_of_memory(cx);
  if (!says_more || value_is_callable(value)) return throw_type_error(cx, "%s is not %s", text, what);
  return throw_type_error(cx, "%s is not %s: it is %v", text, what, value);
}

Value throw_not_callable(Context *cx, Value callee, bool is_construct) {
  unsigned opcode = cx->frame ? cx->frame->pc[-1].opcode : 0;
  if (is_construct && (opcode == OPCODE_super_construct || opcode == OPCODE_super_construct_list))
    return throw_type_error(cx, "%ethe parent class is not a constructor: it is %v",
                            callee == realm_intrinsic(cx, INTRINSIC_FunctionPrototype) ? VALUE_NULL : callee);
  return throw_is_not(cx, callee, is_construct ? "a constructor" : "a function");
}

// An array pattern, alone or with `= value` after it.
// bounded: the operands of a few instructions.
static bool is_array_pattern(const char *text) {
  if (*text != '[') return false;
  unsigned depth = 0;
  do {
    depth += *text == '[';
    depth -= *text == ']';
  } while (*++text && depth);
  return depth || !*text || strncmp(text, " =", 2) == 0 || *text == '=';
}

Value throw_not_iterable(Context *cx, Value value, bool is_async) {
  char text[EXPRESSION_TEXT_SIZE];
  if (expression_text(cx, text, sizeof text) && is_array_pattern(text))
    return throw_type_error(cx, "%s: cannot destructure %v, it is not iterable", text, value);
  return throw_is_not(cx, value, is_async ? "async iterable" : "iterable");
}

Value throw_nullish_access(Context *cx, Value base, PropertyKey key, const char *action) {
  bool is_async = key == cx->names->symbol_asyncIterator;
  if ((is_async || key == cx->names->symbol_iterator) && cx->frame && cx->frame->code->flags & CODE_SELF_HOSTED)
    return throw_not_iterable(cx, base, is_async);
  return throw_of_nullish(cx, action, key, base);
}

Value throw_not_coercible(Context *cx, Value value) {
  char text[EXPRESSION_TEXT_SIZE];
  return throw_type_error(cx, "%scannot destructure %v", expression_prefix(cx, text), value);
}

Value throw_set_refused(Context *cx, Value base, PropertyKey key) {
  char text[EXPRESSION_TEXT_SIZE];
  return throw_refused(cx, expression_prefix(cx, text), "set", key, base, refusal_of_set(cx, base, key));
}
