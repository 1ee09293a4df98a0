// Frames of productions that wait.
#include "syntax/suspension.h"

// The productions around the one that is pending come here from the innermost to the outermost.
void *parser_keep_frame(Parser *parser, ResumeProduction resume, uint32_t at, const void *variables, size_t size) {
  SuspendedFrame *frame = parser->free_frames;
  if (frame) parser->free_frames = frame->outer;
  else if (!(frame = PARSER_NEW(parser, SuspendedFrame))) return NULL;
  frame->resume = resume;
  frame->at = at;
  memcpy(frame->variables, variables, size);
  frame->outer = NULL;
  *parser->kept_end = frame;
  parser->kept_end = &frame->outer;
  return NULL;
}

uint32_t parser_restore_frame(Parser *parser, void *variables, size_t size) {
  SuspendedFrame *frame = parser->resumed;
  parser->resumed = NULL;
  memcpy(variables, frame->variables, size);
  frame->outer = parser->free_frames;
  parser->free_frames = frame;
  return frame->at;
}

void *parser_finish(Parser *parser, void *result) {
  // bounded: each round parses a part of the text.
  for (SuspendedFrame *frames = NULL;;) {
    // A production that was interrupted leaves the levels that it entered before.
    parser->depth = SUSPEND_DEPTH / 4;
    if (parser->lexer.failed) return NULL;
    if (parser->is_suspending) {
      parser->is_suspending = false;
      *parser->kept_end = frames;
      frames = parser->kept;
      parser->kept_end = &parser->kept;
      result = parser->pending(parser, parser->pending_argument);
    } else {
      if (!frames || !result) return result;
      parser->resumed = frames;
      frames = frames->outer;
      parser->answer = result;
      result = parser->resumed->resume(parser);
    }
  }
}
