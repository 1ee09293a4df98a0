// Activations that can be suspended: generators, async functions, async generators.
#ifndef CAISSON_GENERATOR_ACTIVATION_H
#define CAISSON_GENERATOR_ACTIVATION_H

#include "interpreter/frame.h"
#include "runtime/hooks.h"
#include "runtime/promises.h"

typedef enum GeneratorKind { GENERATOR_SYNC, GENERATOR_ASYNC_FUNCTION, GENERATOR_ASYNC } GeneratorKind;
typedef enum GeneratorState {
  GENERATOR_SUSPENDED_START,
  GENERATOR_SUSPENDED_YIELD,
  GENERATOR_EXECUTING,
  GENERATOR_DRAINING_QUEUE,  // async generators: no activation is left, but requests are
  GENERATOR_COMPLETED,
} GeneratorState;
typedef int ResumeMode;  // RESUME_NEXT, RESUME_THROW, RESUME_RETURN of runtime/hooks.h

struct Generator {
  Object object;
  uint8_t kind, state;
  uint32_t value_register;  // where the value sent goes, pre-scaled
  uint32_t mode_register;   // yield: where "return?" goes
  uint8_t suspension;       // SuspensionKind
  Value function, new_target;
  const Instruction *pc;
  Code *code;
  Environment *environment;
  Realm *realm;
  Value saved;    // internal Values: the registers
  Value promise;  // async functions: their promise
  Value queue;    // async generators: internal Record list of requests, oldest first; undefined
  Value queue_tail;
};
extern const ObjectClass object_class_generator;
typedef enum SuspensionKind {
  SUSPENSION_START,
  SUSPENSION_YIELD,
  SUSPENSION_DELEGATE,
  SUSPENSION_AWAIT
} SuspensionKind;

MUST_CHECK Generator *generator_create(Context *cx, GeneratorKind kind, Object *prototype);
// Copies cx->frame out. The caller pops the frame itself.
void generator_save_frame(Context *cx, Generator *generator);
// Pushes the saved frame above the running one (or at `area`, if it is given and large enough).
MUST_CHECK bool generator_restore_frame(Context *cx, Generator *generator, uint32_t result_register, uint16_t flags);
// Stores the value that was sent; true: cx->exception must be raised at the suspension.
bool generator_deliver(Context *cx, Generator *generator, Value value, ResumeMode mode);

// next/return/throw of sync generators from the dispatch loop. `flags`: extra frame flags.
CallStatus generator_resume(Context *cx, Value this_value, Value value, ResumeMode mode, uint32_t result_register,
                            uint16_t flags, Value *result);
Value interpreter_resume_activation(Context *cx, Generator *generator, Value value, ResumeMode mode, uint16_t flags);
// The opcodes create_generator and start_async, for cx->frame.
Value generator_begin(Context *cx);
MUST_CHECK bool async_begin(Context *cx);
// hooks->resume: a job continues an async function or async generator after await.
Value interpreter_resume(Context *cx, Object *generator, Value value, int mode);

// Async generators (async_generators.c)
// The methods, which give a promise of `realm`: in the interpreter, where the generator's frame is pushed above the
// caller's; and for C.
CallStatus async_generator_resume(Context *cx, Realm *realm, Value this_value, Value value, ResumeMode mode,
                                  uint32_t result_register, Value *result);
Value async_generator_enqueue(Context *cx, Value this_value, Value value, ResumeMode mode);
Value async_generator_promise(const Generator *generator);  // the promise that it works for at present; or undefined
bool async_generator_has_requests(const Generator *generator);
// Answers the first request, as a step that may be run again; and with an exception, which calls nothing of the guest.
MUST_CHECK bool async_generator_answer(Context *cx, Generator *generator, Value value, bool done);
MUST_CHECK bool async_generator_refuse(Context *cx, Generator *generator, Value reason);
bool generator_continue(Context *cx, Generator *generator);
// A job continues a return request, whose value has been awaited.
Value async_generator_return_awaited(Context *cx, Generator *generator, Value value, ResumeMode mode);
// %AsyncGeneratorServe: answers the first request of a generator that has no activation any more, or begins to wait for
// its value. False: the queue is empty, or goes on when the value is there.
// https://tc39.es/ecma262/#sec-asyncgeneratordrainqueue
Value async_generator_serve(Context *cx, Generator *generator);
// Pushes the frame of the function that serves all requests.
MUST_CHECK bool async_generator_push_drain(Context *cx, Generator *generator, uint32_t result_register, uint16_t flags);
// hooks->generator_resume
Value interpreter_generator_resume(Context *cx, Value this_value, Value value, int mode);

#endif
