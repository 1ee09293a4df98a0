// Throwing. Messages say what was expected and name the expression where the compiler knows it.
#ifndef CAISSON_ERRORS_H
#define CAISSON_ERRORS_H

#include "runtime/objects.h"

typedef enum ErrorType {
  ERROR_PLAIN,
  ERROR_TYPE,
  ERROR_RANGE,
  ERROR_SYNTAX,
  ERROR_REFERENCE,
  ERROR_EVAL,
  ERROR_URI,
  ERROR_AGGREGATE,
  ERROR_SUPPRESSED,
  ERROR_TYPE_COUNT,
} ErrorType;

// An Error instance (kind CELL_ERROR). The stack is captured at creation as frames and formatted at first read.
typedef struct ErrorObject {
  Object object;
  Value frames;  // internal: captured frames, or undefined
} ErrorObject;
extern const ObjectClass object_class_error;

// Each sets cx->exception and returns VALUE_ABRUPT. Formats: %s (UTF-8 C string), %d, %u, %v (a Value, shown briefly
// and safely: runs no guest code), %k (a PropertyKey). %e takes no argument: it stands for the expression that the
// guest evaluates ("Object.keys: "), or for nothing when that is unknown. Use it for errors of shared operators and
// built-ins.
Value throw_value(Context *cx, Value exception);
Value throw_error(Context *cx, ErrorType type, const char *format, ...);
Value throw_type_error(Context *cx, const char *format, ...);
Value throw_range_error(Context *cx, const char *format, ...);
Value throw_reference_error(Context *cx, const char *format, ...);
// Takes the pending exception (clears it). Terminations cannot be taken: check cx->termination first.
Value exception_take(Context *cx);
static inline bool exception_is_catchable(const Context *cx) { return cx->termination == TERMINATION_NONE; }
// An error object without throwing it.
MUST_CHECK Object *error_create(Context *cx, ErrorType type, Value message /*string or undefined*/);
// Captures all frames of the VM stack for an error. The frames are internal Values, FRAME_FIELDS per frame, innermost
// first. Function and receiver are included when Error.prepareStackTrace might show them, and undefined otherwise.
enum {
  FRAME_FUNCTION_NAME,
  FRAME_SOURCE_NAME,
  FRAME_SOURCE_TEXT,
  FRAME_OFFSET,
  FRAME_MANNER,
  FRAME_FUNCTION,
  FRAME_RECEIVER,
  FRAME_FIELDS
};
// int Values; FRAME_OF_EVAL is added when the program in FRAME_SOURCE_NAME gave the source to eval or Function.
enum {
  FRAME_MANNER_CALL,
  FRAME_MANNER_ASYNC,
  FRAME_MANNER_NEW,
  FRAME_MANNER_SOURCE,
  FRAME_MANNERS = 3,
  FRAME_OF_EVAL = 4,
  FRAME_OF_STRICT = 8
};
MUST_CHECK bool error_capture_stack(Context *cx, Object *error);
// For syntax errors: the stack begins with the place in the source, its line and a caret.
MUST_CHECK bool error_set_location(Context *cx, Object *error, Value source_name, Value line_text, uint32_t line,
                                   uint32_t column, bool is_eval);
// The same for an error in cx->exception about a source: takes the place from the offset in the text of a source
// Record. An error that has a place keeps it.
void error_locate_exception(Context *cx, Value source, uint32_t offset);
// The value of `stack`: what the program set, or the text: a header, then a line per frame. Formatted at first use,
// without running guest code.
Value error_stack_value(Context *cx, ErrorObject *error);
// Makes the stack begin with `header`, not with the current data of name and message, and with the callers of `above`.
MUST_CHECK bool error_set_header(Context *cx, Object *error, Value header, Value above);
// The text of a stack, for copies of errors.
void error_set_stack_text(Context *cx, Object *error, Value text);
// Adds the own accessor `stack` that every error has from the start.
MUST_CHECK bool error_add_stack(Context *cx, Object *error);
// The stack of an error, or of an object given to Error.captureStackTrace, as a program reads it: as above, but when
// Error.prepareStackTrace is a function, it makes the stack from the frames.
Value error_read_stack(Context *cx, Value object);
void error_replace_stack(Context *cx, Value object, Value stack);
// The name of the object's constructor, found without running guest code; undefined: none.
Value object_constructor_name(Context *cx, const Object *object);
// Defines an own `stack` with the current frames (Error.captureStackTrace).
// `above`: as in hooks.h.
MUST_CHECK bool error_define_stack(Context *cx, Object *object, Value above);
// The value of a data property, found without running guest code (no accessors, proxies or lazy ones) and not too far
// up the prototype chain; otherwise undefined. Leaf.
Value object_peek(const Object *object, PropertyKey key);
// Line and column (both from 1) of an offset in code units.
MUST_CHECK bool source_locate(Context *cx, TextView text, uint32_t offset, uint32_t *line, uint32_t *column);
// The same step by step, for ascending offsets; allocates nothing and cannot fail. `cursor` begins as {.line = 1}.
typedef struct SourceCursor {
  uint32_t offset, line, line_start;
} SourceCursor;
void source_advance(Context *cx, TextView text, uint32_t offset, SourceCursor *cursor);
// A one-line description of any value without running guest code (for messages, console fallback, dumps).
void value_describe(Context *cx, Value value, Buffer *out);
void error_describe_key(Context *cx, PropertyKey key, Buffer *out);  // names without quotes

#endif
