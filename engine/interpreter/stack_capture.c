// What error objects remember of the stack: the running frames and, where a job continued the outermost of them, the
// activations that await it.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"

enum { DEEPEST = 32 };

typedef struct Capture {
  const Code *codes[DEEPEST];
  uint32_t offsets[DEEPEST];
  uint8_t manners[DEEPEST];
  uint32_t count;
} Capture;

static void capture_add(Capture *capture, const Code *code, const Instruction *pc, uint8_t manner) {
  if (code->flags & CODE_SELF_HOSTED || !value_is_internal(code->source) || capture->count == DEEPEST) return;
  const CodePosition *position = pc ? code_find_position(code, (uint32_t)(pc - code->instructions) - 1) : NULL;
  capture->codes[capture->count] = code;
  capture->offsets[capture->count] = position ? position->place : code->source_start;
  capture->manners[capture->count++] = manner;
}

// The activation which goes on when this one is over.
static const Generator *activation_awaiting(const Generator *generator) {
  if (!value_is_object_of(generator->promise, CELL_PROMISE)) return NULL;
  Value next = promise_awaiting_activation((const Promise *)value_as_object(generator->promise));
  return value_is_object_of(next, CELL_GENERATOR) ? (const Generator *)value_as_object(next) : NULL;
}

// Captures what errors.h's FRAME_* fields say, innermost first; lines are counted when somebody reads the stack.
Value interpreter_capture_frames(Context *cx) {
  Capture capture = {.count = 0};
  const Generator *resumed = NULL;
  for (const Frame *frame = cx->frame; frame && capture.count < DEEPEST; frame = frame->caller) {
    capture_add(&capture, frame->code, frame->pc,
                !value_is_undefined(frame->new_target) ? FRAME_MANNER_NEW : FRAME_MANNER_CALL);
    resumed = frame->generator;
  }
  for (uint32_t i = 0; resumed && i < DEEPEST; i++) {
    resumed = activation_awaiting(resumed);
    if (resumed) capture_add(&capture, resumed->code, resumed->pc, FRAME_MANNER_ASYNC);
  }
  // All of these are reachable from the stack, or from what the stack holds, while this allocates.
  Values *list = values_create(cx, capture.count * FRAME_FIELDS);
  if (!list) return VALUE_ABRUPT;
  for (uint32_t i = 0; i < capture.count; i++) {
    const Record *source = (const Record *)value_as_cell(capture.codes[i]->source);
    Value *out = list->items + i * FRAME_FIELDS;
    bool is_program = capture.codes[i]->flags & CODE_EVAL;
    out[FRAME_FUNCTION_NAME] = is_program ? cx->names->eval : capture.codes[i]->name;
    out[FRAME_SOURCE_NAME] = source->items[SOURCE_NAME];
    out[FRAME_SOURCE_TEXT] = source->items[SOURCE_TEXT];
    out[FRAME_OFFSET] = value_unsigned(capture.offsets[i]);
    out[FRAME_MANNER] = value_int(capture.manners[i] | (source->cell.small == SOURCE_OF_EVAL ? FRAME_OF_EVAL : 0));
  }
  return value_internal(list);
}
