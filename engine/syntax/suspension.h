// How nesting costs no C stack. Productions call one another as they would anywhere. But when they are SUSPEND_DEPTH
// calls deep, the next one is not begun: it is noted, and each production around it keeps its variables in a frame and
// returns NULL, as after a failure. On the empty stack parser_finish then begins the one that was noted, and when it
// has been parsed, continues the frames from the innermost on.
//
// So a production that others are nested in has this form. What it needs after a PARSE_OR_LEAVE is in the struct `f`;
// other variables are lost. Each PARSE_OR_LEAVE of a function has a number of its own:
//
//   Node *parse_pair(Parser *parser, uint32_t start) {
//     struct { Node *left; uint32_t start; } f = {0};
//     PRODUCTION(f)
//     f.start = start;
//     PARSE_OR_LEAVE(1, f.left, parse_assignment(parser))
//     Node *right;
//     PARSE_OR_LEAVE(2, right, parse_assignment(parser))
//     return pair_new(parser, f.left, right, f.start);
//     RETURN_SUSPENDED(f, resume_pair)
//   }
//   static void *resume_pair(Parser *parser) { return parse_pair(parser, 0); }
//
// One that calls another last (`return parse_other(parser)`) needs nothing of this. Wherever productions can nest in
// themselves, one of them asks parser_suspends first. Nothing that the parser's state refers to may be a variable of C.
#ifndef CAISSON_SYNTAX_SUSPENSION_H
#define CAISSON_SYNTAX_SUSPENSION_H

#include "syntax/parser_internal.h"

enum { SUSPEND_DEPTH = 160 };

#define PRODUCTION(f)                                                                             \
  uint32_t resume_at = 0;                                                                         \
  if (UNLIKELY(parser->resumed != NULL)) resume_at = parser_restore_frame(parser, &(f), sizeof(f)); \
  switch (resume_at) {                                                                            \
    case 0:;

// place = call, a node. With NULL the production ends: suspended or failed.
#define PARSE_OR_LEAVE(number, place, call)   \
  place = (call);                    \
  if (UNLIKELY(!(place))) {          \
    resume_at = (number);            \
    goto suspend;                    \
  }                                  \
  if (0) {                           \
    case (number): place = parser->answer; \
  }

// The same for a call whose answer is only whether it succeeded.
#define SUCCEED_OR_LEAVE(number, call) \
  if (UNLIKELY(!(call))) {       \
    resume_at = (number);        \
    goto suspend;                \
  }                              \
  if (0) {                       \
    case (number):;              \
  }

#define RETURN_SUSPENDED(f, resume) \
  } \
  _Static_assert(sizeof(f) <= sizeof(((SuspendedFrame *)0)->variables), "frames have one size"); \
  suspend: \
  return UNLIKELY(parser->is_suspending) ? parser_keep_frame(parser, resume, resume_at, &(f), sizeof(f)) : NULL;

// Whether the production that begins here has to wait for the empty stack; then it returns NULL.
static inline bool parser_suspends(Parser *parser, BeginProduction begin, uint32_t argument) {
  if (LIKELY(parser->depth < SUSPEND_DEPTH)) return false;
  parser->is_suspending = true;
  parser->pending = begin;
  parser->pending_argument = argument;
  return true;
}

void *parser_keep_frame(Parser *parser, ResumeProduction resume, uint32_t at, const void *variables, size_t size);
uint32_t parser_restore_frame(Parser *parser, void *variables, size_t size);
// With the result of the outermost production; gives its final result, or NULL after a failure.
void *parser_finish(Parser *parser, void *result);

#endif
