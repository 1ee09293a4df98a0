// Suspending and resuming activations. https://tc39.es/ecma262/#sec-generator-objects
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"

static void generator_trace_fields(Tracer *tracer, Object *object) {
  Generator *generator = (Generator *)object;
  tracer_visit_value(tracer, generator->function);
  tracer_visit_value(tracer, generator->new_target);
  tracer_visit_cell(tracer, generator->code);
  tracer_visit_cell(tracer, generator->environment);
  tracer_visit_cell(tracer, generator->realm);
  tracer_visit_value(tracer, generator->saved);
  tracer_visit_value(tracer, generator->promise);
  tracer_visit_value(tracer, generator->queue);
  tracer_visit_value(tracer, generator->queue_tail);
}

const ObjectClass object_class_generator = {
    .name = "Generator",
    .kind = CELL_GENERATOR,
    .size = sizeof(Generator),
    .trace = generator_trace_fields,
};

Generator *generator_create(Context *cx, GeneratorKind kind, Object *prototype) {
  Generator *generator = (Generator *)object_create_of_class(cx, &object_class_generator, prototype, 0);
  if (!generator) return NULL;
  generator->kind = (uint8_t)kind;
  generator->function = generator->new_target = generator->saved = generator->promise = VALUE_UNDEFINED;
  generator->queue = generator->queue_tail = VALUE_UNDEFINED;
  generator->realm = cx->realm;
  return generator;
}

// Gives the running frame its activation, with room for its registers.
static bool generator_adopt_frame(Context *cx, Generator *generator) {
  Frame *frame = cx->frame;
  frame->generator = generator;  // this roots the generator
  generator->function = frame->function;
  generator->new_target = frame->new_target;
  generator->code = frame->code;
  generator->environment = frame->environment;
  Values *saved = values_create(cx, frame->code->register_count);
  if (!saved) return false;
  generator->saved = value_internal(saved);
  return true;
}

void generator_save_frame(Context *cx, Generator *generator) {
  Frame *frame = cx->frame;
  Values *saved = (Values *)value_as_cell(generator->saved);
  heap_keep_contents(&cx->heap, &saved->cell);
  memcpy(saved->items, frame_registers(frame), frame->code->register_count * sizeof(Value));
  cx->fuel.remaining -= fuel_of_registers(frame->code);
  // Frame headers of finished calls may lie among the registers; read as Values, they are doubles and harmless.
  heap_keep_cell(&cx->heap, generator->environment);
  generator->environment = frame->environment;
  generator->pc = frame->pc;
}

bool generator_restore_frame(Context *cx, Generator *generator, uint32_t result_register, uint16_t flags) {
  Code *code = generator->code;
  bool new_chunk;
  Value *area = stack_reserve(cx, 0, code->register_count, &new_chunk);
  if (!area) return false;
  const Values *saved = (const Values *)value_as_cell(generator->saved);
  memcpy(area + FRAME_WORDS, saved->items, code->register_count * sizeof(Value));
  Frame *frame = (Frame *)area;
  *frame = (Frame){
      .function = generator->function,
      .new_target = generator->new_target,
      .caller = cx->frame,
      .pc = generator->pc,
      .code = code,
      .environment = generator->environment,
      .generator = generator,
      .result_register = result_register,
      .flags = flags | (new_chunk ? FRAME_NEW_CHUNK : 0),
  };
  if (generator->kind == GENERATOR_ASYNC_FUNCTION) {
    frame->flags |= FRAME_ASYNC | FRAME_RESUMED;
  } else {
    frame->flags |= FRAME_GENERATOR;
  }
  if (generator->realm != cx->realm) {
    frame->flags |= FRAME_REALM;
    cx->realm = generator->realm;
  }
  generator->state = GENERATOR_EXECUTING;
  cx->frame = frame;
  return true;
}

bool generator_deliver(Context *cx, Generator *generator, Value value, ResumeMode mode) {
  Frame *frame = cx->frame;
  switch ((SuspensionKind)generator->suspension) {
    case SUSPENSION_START: break;
    case SUSPENSION_DELEGATE:
      *frame_register(frame, generator->value_register) = value;
      *frame_register(frame, generator->mode_register) = value_int(mode);
      return false;
    case SUSPENSION_YIELD:
      *frame_register(frame, generator->mode_register) = value_boolean(mode == RESUME_RETURN);
      *frame_register(frame, generator->value_register) = value;
      break;
    case SUSPENSION_AWAIT: *frame_register(frame, generator->value_register) = value; break;
  }
  if (mode != RESUME_THROW) return false;
  throw_value(cx, value);
  return true;
}

// https://tc39.es/ecma262/#sec-generatorstart and #sec-asyncgeneratorstart
Value generator_begin(Context *cx) {
  Frame *frame = cx->frame;
  bool is_async = frame->code->flags & CODE_ASYNC;
  ROOTS(cx, r, prototype);
  Object *function = value_as_object(frame->function);
  r->prototype = object_get_key(cx, function, cx->names->prototype);
  if (value_is_abrupt(r->prototype)) return VALUE_ABRUPT;
  if (!value_is_object(r->prototype))
    r->prototype = ((Closure *)function)
                       ->realm->intrinsics[is_async ? INTRINSIC_AsyncGeneratorPrototype : INTRINSIC_GeneratorPrototype];
  Generator *generator =
      generator_create(cx, is_async ? GENERATOR_ASYNC : GENERATOR_SYNC, value_as_object(r->prototype));
  if (!generator || !generator_adopt_frame(cx, generator)) return VALUE_ABRUPT;
  generator->suspension = SUSPENSION_START;
  generator->state = GENERATOR_SUSPENDED_START;
  generator_save_frame(cx, generator);
  return value_object(generator);
}

bool async_begin(Context *cx) {
  // No guest code can reach the activation, so it has no prototype.
  Generator *generator = generator_create(cx, GENERATOR_ASYNC_FUNCTION, NULL);
  if (!generator) return false;
  cx->frame->generator = generator;
  Object *promise = promise_create(cx);
  if (!promise) return false;
  generator->promise = value_object(promise);
  if (!generator_adopt_frame(cx, generator)) return false;
  generator->state = GENERATOR_EXECUTING;
  cx->frame->flags |= FRAME_ASYNC;
  return true;
}

static Generator *generator_validate(Context *cx, Value this_value, const char *method) {
  if (value_is_object_of(this_value, CELL_GENERATOR)) {
    Generator *generator = (Generator *)value_as_object(this_value);
    if (generator->kind == GENERATOR_SYNC) return generator;
  }
  throw_type_error(cx, "Generator.prototype.%s: expected a generator, got %v", method, this_value);
  return NULL;
}

// https://tc39.es/ecma262/#sec-generatorresume and #sec-generatorresumeabrupt
CallStatus generator_resume(Context *cx, Value this_value, Value value, ResumeMode mode, uint32_t result_register,
                            uint16_t flags, Value *result) {
  static const char *const methods[] = {"next", "throw", "return"};
  Generator *generator = generator_validate(cx, this_value, methods[mode]);
  if (!generator) return CALL_ABRUPT;
  if (generator->state == GENERATOR_EXECUTING) {
    throw_type_error(cx, "Generator.prototype.%s: the generator is already running", methods[mode]);
    return CALL_ABRUPT;
  }
  if (generator->state == GENERATOR_SUSPENDED_START && mode != RESUME_NEXT) {
    generator->state = GENERATOR_COMPLETED;
    cell_store(cx, &generator->saved, VALUE_UNDEFINED);
  }
  if (generator->state == GENERATOR_COMPLETED) {
    if (mode == RESUME_THROW) {
      throw_value(cx, value);
      return CALL_ABRUPT;
    }
    *result = object_create_iterator_result(cx, mode == RESUME_NEXT ? VALUE_UNDEFINED : value, true);
    return value_is_abrupt(*result) ? CALL_ABRUPT : CALL_FINISHED;
  }
  ROOTS(cx, r, value, generator);
  r->value = value;
  r->generator = this_value;
  if (!generator_restore_frame(cx, generator, result_register, flags)) return CALL_ABRUPT;
  if (!generator_deliver(cx, generator, value, mode)) return CALL_PUSHED;
  // Raised at the suspension: the caller unwinds from the generator's frame.
  return CALL_ABRUPT;
}

Value interpreter_generator_resume(Context *cx, Value this_value, Value value, int mode) {
  static const char *const methods[] = {"next", "throw", "return"};
  Generator *generator = generator_validate(cx, this_value, methods[mode]);
  if (!generator) return VALUE_ABRUPT;
  if (generator->state == GENERATOR_SUSPENDED_YIELD ||
      (generator->state == GENERATOR_SUSPENDED_START && mode == RESUME_NEXT))
    return interpreter_resume_activation(cx, generator, value, mode, 0);
  Value result = VALUE_ABRUPT;
  CallStatus status = generator_resume(cx, this_value, value, mode, 0, 0, &result);
  return status == CALL_FINISHED ? result : VALUE_ABRUPT;
}

Value interpreter_resume(Context *cx, Object *object, Value value, int mode) {
  Generator *generator = (Generator *)object;
  if (generator->state == GENERATOR_DRAINING_QUEUE) return async_generator_return_awaited(cx, generator, value, mode);
  return interpreter_resume_activation(cx, generator, value, mode, 0);
}
