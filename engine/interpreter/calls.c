// Calls and constructions of every kind of callee, without C recursion where JavaScript calls JavaScript.
#include "interpreter/generator.h"
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/programs.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

// All arguments of a call, kept for `arguments` and rest parameters.
static Values *argument_list_create(Context *cx, const Value *arguments, uint32_t count) {
  Values *list = values_create(cx, count);
  if (!list) return NULL;
  if (count) memcpy(list->items, arguments, count * sizeof(Value));
  return list;
}

static bool closure_check_call(Context *cx, Closure *closure, Value new_target) {
  if (!(closure->code->flags & CODE_CLASS_CONSTRUCTOR) || !value_is_undefined(new_target)) return true;
  Realm *realm = cx->realm;
  cx->realm = closure->realm;  // the error belongs to the callee's realm
  throw_type_error(cx, "class constructor %k cannot be called without 'new'", closure->code->name);
  cx->realm = realm;
  return false;
}

// Fills in a frame whose `this` and arguments are in place. Does not allocate.
// bounded: the call pays for the parameters.
static void frame_enter(Context *cx, Value *area, uint32_t count, Closure *closure, Value new_target, Values *list,
                        uint32_t result_register, uint16_t flags) {
  Code *code = closure->code;
  fuel_spend(&cx->fuel, 1 + (size_t)fuel_of_body(code));  // calls in dispatch.c are quicker
  Value *registers = area + FRAME_WORDS;
  for (uint32_t i = count; i < code->parameter_count; i++) registers[REGISTER_FIRST_PARAMETER + i] = VALUE_UNDEFINED;
  Frame *frame = (Frame *)area;
  *frame = (Frame){
      .function = value_object(closure),
      .new_target = new_target,
      .caller = cx->frame,
      .pc = code->instructions,
      .code = code,
      .environment = closure->environment,
      .result_register = result_register,
      .flags = flags,
  };
  if (closure->realm != cx->realm) {
    frame->flags |= FRAME_REALM;
    cx->realm = closure->realm;
  }
  if (list) *frame_register(frame, code->argument_list) = value_internal(list);
  cx->frame = frame;
}

// Tail call: the callee's frame replaces the running one. TRISTATE_FALSE: not possible here; nothing was done. A frame
// at the end of its chunk may be too small for the callee, which then begins the next chunk: so chains of tail calls
// need bounded memory.
static Tristate frame_replace(Context *cx, Closure *closure, Value this_value, const Value *arguments, uint32_t count) {
  Frame *frame = cx->frame;
  Code *code = closure->code;
  Value *place = (Value *)frame;
  uint32_t kept = MIN_OF(count, code->parameter_count);
  if (frame->flags & (FRAME_CONSTRUCT | FRAME_GENERATOR | FRAME_ASYNC | FRAME_DELEGATED) ||
      code->flags & CODE_CLASS_CONSTRUCTOR || place + FRAME_WORDS + code->register_count + FRAME_WORDS > cx->stack_end)
    return TRISTATE_FALSE;
  Values *list = NULL;
  if (code->flags & CODE_NEEDS_ARGUMENT_LIST) {
    list = argument_list_create(cx, arguments, count);
    if (!list) return TRISTATE_ABRUPT;
  }
  uint16_t flags = frame->flags & (uint16_t)~FRAME_REALM;
  uint32_t result_register = frame->result_register;
  frame_restore_realm(cx, frame);
  cx->frame = frame->caller;
  if (kept) memmove(place + FRAME_WORDS + REGISTER_FIRST_PARAMETER, arguments, kept * sizeof(Value));
  place[FRAME_WORDS + REGISTER_THIS] = this_value;
  frame_enter(cx, place, kept, closure, VALUE_UNDEFINED, list, result_register, flags);
  return TRISTATE_TRUE;
}

// Copies callee, this and arguments to a fresh area above the running frame and enters there.
static bool closure_push_values(Context *cx, Closure *closure, Value this_value, Value new_target,
                                const Value *arguments, uint32_t count, uint32_t result_register, uint16_t flags) {
  if (flags & CALL_TAIL) {
    Tristate replaced = frame_replace(cx, closure, this_value, arguments, count);
    if (replaced != TRISTATE_FALSE) return replaced == TRISTATE_TRUE;
    flags &= (uint16_t)~CALL_TAIL;
  }
  Code *code = closure->code;
  Values *list = NULL;
  if (code->flags & CODE_NEEDS_ARGUMENT_LIST) {
    list = argument_list_create(cx, arguments, count);
    if (!list) return false;
  }
  if (count > code->parameter_count) count = code->parameter_count;
  bool new_chunk;
  Value *area = stack_reserve(cx, count, code->register_count, &new_chunk);
  if (!area) return false;
  // stack_reserve may have collected, which clears the area: fill it only now.
  area[FRAME_WORDS + REGISTER_THIS] = this_value;
  if (count) memcpy(area + FRAME_WORDS + REGISTER_FIRST_PARAMETER, arguments, count * sizeof(Value));
  frame_enter(cx, area, count, closure, new_target, list, result_register, flags | (new_chunk ? FRAME_NEW_CHUNK : 0));
  return true;
}

bool frame_push_closure(Context *cx, Value *area, uint32_t count, Closure *closure, Value new_target,
                        uint32_t result_register, uint16_t flags) {
  Code *code = closure->code;
  const Value *arguments = area + FRAME_WORDS + REGISTER_FIRST_PARAMETER;
  if (!closure_check_call(cx, closure, new_target)) return false;
  if (area + FRAME_WORDS + code->register_count + FRAME_WORDS > cx->stack_end)
    return closure_push_values(cx, closure, area[FRAME_WORDS + REGISTER_THIS], new_target, arguments, count,
                               result_register, flags);
  Values *list = NULL;
  if (code->flags & CODE_NEEDS_ARGUMENT_LIST) {
    list = argument_list_create(cx, arguments, count);
    if (!list) return false;
  }
  frame_enter(cx, area, count, closure, new_target, list, result_register, flags);
  return true;
}

bool code_is_strict_at(const Code *code, const Instruction *pc) {
  const Values *parts = (const Values *)value_as_cell(code->strict_parts);
  int32_t at = (int32_t)(pc - code->instructions) - 1;
  for (uint32_t i = 0; i + 1 < values_count(parts); i += 2)
    if (at >= value_as_int(parts->items[i]) && at < value_as_int(parts->items[i + 1])) return true;
  return false;
}

void frame_restore_realm(Context *cx, const Frame *frame) {
  if (frame->flags & FRAME_REALM && frame->caller)
    cx->realm = ((Closure *)value_as_object(frame->caller->function))->realm;
}

void frame_pop(Context *cx) {
  Frame *frame = cx->frame;
  cx->frame = frame->caller;
  if (frame->flags & FRAME_NEW_CHUNK) stack_leave_chunk(cx);
  frame_restore_realm(cx, frame);
}

static NO_INLINE CallStatus native_call(Context *cx, NativeFunctionObject *native, Value this_value, Value new_target,
                                        const Value *arguments, uint32_t count, Value *result) {
  Call call = {.arguments = arguments,
               .count = count,
               .this_value = this_value,
               .callee = value_object(native),
               .new_target = new_target};
  Realm *realm = cx->realm;
  cx->realm = native->realm;
  fuel_spend(&cx->fuel, NATIVE_CALL_COST);
  Value value = native->function(cx, &call);
  cx->realm = realm;
  if (value_is_abrupt(value) || UNLIKELY(cx->termination == TERMINATION_REPLAY)) return CALL_ABRUPT;
  if (UNLIKELY(value == VALUE_PARKED)) return CALL_PARKED;
  *result = value;
  return CALL_FINISHED;
}

static inline bool native_is_called(const NativeFunctionObject *native) { return native->performed <= NATIVE_OF_HOST; }

// The argument list for a native that spreads it; errors belong to the native's realm.
static Value native_argument_list(Context *cx, NativeFunctionObject *native, Value array_like) {
  Realm *realm = cx->realm;
  cx->realm = native->realm;
  Value list = value_list_from_array_like(cx, array_like);
  cx->realm = realm;
  return list;
}

// Function.prototype.call/apply, Reflect.apply, Reflect.construct, generator methods: performed, not called.
// False: an ordinary native.
static bool native_perform(Context *cx, NativeFunctionObject *native, Value this_value, const Value *arguments,
                           uint32_t count, uint32_t result_register, uint16_t flags, Value *result,
                           CallStatus *status) {
  if (LIKELY(native_is_called(native))) return false;
  NativePerformed performed = (NativePerformed)native->performed;
  uint16_t plain = flags & (uint16_t)~CALL_TAIL;
  Value first = count > 0 ? arguments[0] : VALUE_UNDEFINED;
  Value second = count > 1 ? arguments[1] : VALUE_UNDEFINED;
  if (performed == NATIVE_FUNCTION_CALL) {
    if (!value_is_callable(this_value)) return false;
    *status = call_values(cx, this_value, first, arguments + (count > 0), count - (count > 0), result_register, flags,
                          result);
    return true;
  }
  if (performed == NATIVE_FUNCTION_APPLY || performed == NATIVE_REFLECT_APPLY) {
    bool is_reflect = performed == NATIVE_REFLECT_APPLY;
    Value target = is_reflect ? first : this_value;
    Value receiver = is_reflect ? second : first;
    Value list_like = is_reflect ? (count > 2 ? arguments[2] : VALUE_UNDEFINED) : second;
    if (!value_is_callable(target)) return false;  // its C body reports that
    if (!is_reflect && value_is_nullish(list_like)) {
      *status = call_values(cx, target, receiver, NULL, 0, result_register, flags, result);
      return true;
    }
    ROOTS(cx, r, list);
    r->list = native_argument_list(cx, native, list_like);
    if (value_is_abrupt(r->list)) {
      *status = CALL_ABRUPT;
      return true;
    }
    const Values *list = (const Values *)value_as_cell(r->list);
    *status = call_values(cx, target, receiver, list->items, values_count(list), result_register, flags, result);
    return true;
  }
  if (performed == NATIVE_REFLECT_CONSTRUCT) {
    Value new_target = count > 2 ? arguments[2] : first;
    if (!value_is_constructor(first) || !value_is_constructor(new_target)) return false;
    ROOTS(cx, r, list);
    r->list = native_argument_list(cx, native, second);
    if (value_is_abrupt(r->list)) {
      *status = CALL_ABRUPT;
      return true;
    }
    const Values *list = (const Values *)value_as_cell(r->list);
    *status = construct_values(cx, first, new_target, list->items, values_count(list), result_register, plain, result);
    return true;
  }
  if (performed == NATIVE_EVAL) {
    *status = eval_indirect(cx, native->realm, first, result_register, plain, result);
    return true;
  }
  int async_mode = performed == NATIVE_ASYNC_GENERATOR_NEXT     ? (int)RESUME_NEXT
                   : performed == NATIVE_ASYNC_GENERATOR_THROW  ? (int)RESUME_THROW
                   : performed == NATIVE_ASYNC_GENERATOR_RETURN ? (int)RESUME_RETURN
                                                                : -1;
  if (async_mode >= 0) {
    *status = async_generator_resume(cx, native->realm, this_value, first, async_mode, result_register, result);
    return true;
  }
  int mode = performed == NATIVE_GENERATOR_NEXT     ? (int)RESUME_NEXT
             : performed == NATIVE_GENERATOR_THROW  ? (int)RESUME_THROW
             : performed == NATIVE_GENERATOR_RETURN ? (int)RESUME_RETURN
                                                    : -1;
  if (mode < 0) return false;
  *status = generator_resume(cx, this_value, first, mode, result_register, plain, result);
  return true;
}

CallStatus call_values(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count,
                       uint32_t result_register, uint16_t flags, Value *result) {
  if (!value_is_callable(callee)) {
    throw_not_callable(cx, callee, false);
    return CALL_ABRUPT;
  }
  Object *object = value_as_object(callee);
  switch (object->cell.kind) {
    case CELL_CLOSURE: {
      Closure *closure = (Closure *)object;
      if (!closure_check_call(cx, closure, VALUE_UNDEFINED)) return CALL_ABRUPT;
      return closure_push_values(cx, closure, this_value, VALUE_UNDEFINED, arguments, count, result_register, flags)
                 ? CALL_PUSHED
                 : CALL_ABRUPT;
    }
    case CELL_NATIVE_FUNCTION: {
      CallStatus status;
      if (native_perform(cx, (NativeFunctionObject *)object, this_value, arguments, count, result_register, flags,
                         result, &status))
        return status;
      return native_call(cx, (NativeFunctionObject *)object, this_value, VALUE_UNDEFINED, arguments, count, result);
    }
    case CELL_BOUND_FUNCTION: {
      ROOTS(cx, r, list);
      BoundCall call = {callee, this_value, VALUE_UNDEFINED, arguments, count};
      if (!bound_function_resolve(cx, &call, &r->list)) return CALL_ABRUPT;
      return call_values(cx, call.callee, call.this_value, call.arguments, call.count, result_register, flags, result);
    }
    default: {
      Value value = function_call(cx, callee, this_value, arguments, count);
      if (value_is_abrupt(value)) return CALL_ABRUPT;
      *result = value;
      return CALL_FINISHED;
    }
  }
}

CallStatus call_area(Context *cx, Value *area, uint32_t count, uint32_t result_register, uint16_t flags,
                     Value *result) {
  Value callee = area[0];
  const Value *arguments = area + FRAME_WORDS + REGISTER_FIRST_PARAMETER;
  if (value_is_object_of(callee, CELL_CLOSURE)) {
    return frame_push_closure(cx, area, count, (Closure *)value_as_object(callee), VALUE_UNDEFINED, result_register,
                              flags)
               ? CALL_PUSHED
               : CALL_ABRUPT;
  }
  Value this_value = area[FRAME_WORDS + REGISTER_THIS];
  // OPTIMIZATION: most calls that come here; call_values would do the same.
  if (value_is_object_of(callee, CELL_NATIVE_FUNCTION)) {
    NativeFunctionObject *native = (NativeFunctionObject *)value_as_object(callee);
    if (native_is_called(native)) return native_call(cx, native, this_value, VALUE_UNDEFINED, arguments, count, result);
  }
  return call_values(cx, callee, this_value, arguments, count, result_register, flags, result);
}

CallStatus tail_call_area(Context *cx, Value *area, uint32_t count, uint32_t result_register, Value *result) {
  Value this_value = area[FRAME_WORDS + REGISTER_THIS];
  const Value *arguments = area + FRAME_WORDS + REGISTER_FIRST_PARAMETER;
  if (!value_is_object_of(area[0], CELL_CLOSURE))
    return call_values(cx, area[0], this_value, arguments, count, result_register, CALL_TAIL, result);
  Tristate replaced = frame_replace(cx, (Closure *)value_as_object(area[0]), this_value, arguments, count);
  if (replaced == TRISTATE_FALSE) return call_area(cx, area, count, result_register, 0, result);
  return replaced == TRISTATE_TRUE ? CALL_PUSHED : CALL_ABRUPT;
}

// https://tc39.es/ecma262/#sec-ecmascript-function-objects-construct-argumentslist-newtarget
static CallStatus closure_construct(Context *cx, Closure *closure, Value new_target, const Value *arguments,
                                    uint32_t count, uint32_t result_register, uint16_t flags) {
  ROOTS(cx, r, this_value);
  if (closure->code->flags & CODE_DERIVED) {
    r->this_value = VALUE_UNINITIALIZED;
  } else {
    Object *instance = object_create_for_constructor(cx, new_target, closure);
    if (!instance) return CALL_ABRUPT;
    r->this_value = value_object(instance);
    flags |= FRAME_CONSTRUCT;
  }
  return closure_push_values(cx, closure, r->this_value, new_target, arguments, count, result_register, flags)
             ? CALL_PUSHED
             : CALL_ABRUPT;
}

// new Promise(executor): self-hosted code calls the executor, so that it can be set aside.
static CallStatus construct_promise(Context *cx, NativeFunctionObject *native, Value new_target, Value executor,
                                    uint32_t result_register, uint16_t flags, Value *result) {
  ROOTS(cx, r, arguments[4], function);
  r->arguments[0] = executor;
  Realm *realm = cx->realm;
  cx->realm = native->realm;
  bool is_ready = promise_construct_prepare(cx, new_target, r->arguments + 1);
  r->function = is_ready ? cx->hooks->self_hosted(cx, native->realm, "PromiseConstruct") : VALUE_ABRUPT;
  cx->realm = realm;
  if (value_is_abrupt(r->function)) return CALL_ABRUPT;
  return call_values(cx, r->function, VALUE_UNDEFINED, r->arguments, 4, result_register, flags, result);
}

CallStatus construct_values(Context *cx, Value callee, Value new_target, const Value *arguments, uint32_t count,
                            uint32_t result_register, uint16_t flags, Value *result) {
  if (!value_is_constructor(callee)) {
    throw_not_callable(cx, callee, true);
    return CALL_ABRUPT;
  }
  Object *object = value_as_object(callee);
  switch (object->cell.kind) {
    case CELL_CLOSURE:
      return closure_construct(cx, (Closure *)object, new_target, arguments, count, result_register, flags);
    case CELL_NATIVE_FUNCTION: {
      NativeFunctionObject *native = (NativeFunctionObject *)object;
      if (native->performed == NATIVE_PROMISE && count > 0 && value_is_callable(arguments[0]))
        return construct_promise(cx, native, new_target, arguments[0], result_register, flags, result);
      return native_call(cx, native, VALUE_UNDEFINED, new_target, arguments, count, result);
    }
    case CELL_BOUND_FUNCTION: {
      ROOTS(cx, r, list);
      BoundCall call = {callee, VALUE_UNDEFINED, new_target, arguments, count};
      if (!bound_function_resolve(cx, &call, &r->list)) return CALL_ABRUPT;
      return construct_values(cx, call.callee, call.new_target, call.arguments, call.count, result_register, flags,
                              result);
    }
    default: {
      Value value = function_construct(cx, callee, new_target, arguments, count);
      if (value_is_abrupt(value)) return CALL_ABRUPT;
      *result = value;
      return CALL_FINISHED;
    }
  }
}

CallStatus construct_area(Context *cx, Value *area, uint32_t count, Value new_target, uint32_t result_register,
                          uint16_t flags, Value *result) {
  const Value *arguments = area + FRAME_WORDS + REGISTER_FIRST_PARAMETER;
  if (value_is_object_of(area[0], CELL_CLOSURE) && value_is_constructor(area[0])) {
    Closure *closure = (Closure *)value_as_object(area[0]);
    Code *code = closure->code;
    if (!(code->flags & CODE_NEEDS_ARGUMENT_LIST) &&
        area + FRAME_WORDS + code->register_count + FRAME_WORDS <= cx->stack_end) {
      Value this_value = VALUE_UNINITIALIZED;
      if (!(code->flags & CODE_DERIVED)) {
        Object *instance = object_create_for_constructor(cx, new_target, closure);
        if (!instance) return CALL_ABRUPT;
        this_value = value_object(instance);
        flags |= FRAME_CONSTRUCT;
      }
      area[FRAME_WORDS + REGISTER_THIS] = this_value;
      frame_enter(cx, area, count, closure, new_target, NULL, result_register, flags);
      return CALL_PUSHED;
    }
  }
  return construct_values(cx, area[0], new_target, arguments, count, result_register, flags, result);
}

// OPTIMIZATION: the ordinary case of OrdinaryCreateFromConstructor reads the closure's own `prototype` slot.
Object *object_create_for_constructor(Context *cx, Value new_target, Closure *closure) {
  uint32_t inline_slots = closure->code->instance_slots;
  if (value_is_object_of(new_target, CELL_CLOSURE)) {
    Closure *target = (Closure *)value_as_object(new_target);
    const Property *property = shape_lookup(target->object.shape, cx->names->prototype);
    if (property && !(property->attributes & PROPERTY_ACCESSOR)) {
      Value prototype = target->object.slots[property->slot];
      if (value_is_object(prototype)) {
        Shape *shape = shape_for_prototype(cx, &object_class_ordinary, value_as_object(prototype));
        if (!shape) return NULL;
        ROOTS(cx, r, shape);
        r->shape = value_internal(shape);
        if (target == closure && property->slot == FUNCTION_PROTOTYPE_SLOT) {
          heap_keep_cell(&cx->heap, closure->code->instance_shape);
          closure->code->instance_shape = shape;
        }
        return object_create_with_shape(cx, shape, inline_slots ? inline_slots : 4);
      }
    }
  }
  return object_create_from_constructor(cx, new_target, INTRINSIC_ObjectPrototype, &object_class_ordinary);
}

// C calls JavaScript ------------------------------------------------------------------------------------------

typedef struct Entry {
  Frame *frame;
  Realm *realm;
  Fiber *fiber;  // acquired for this entry, or NULL
  Value *stack_end;
} Entry;

enum { ENTRY_UNITS = 8 };
static ALWAYS_INLINE bool entry_begin(Context *cx, Entry *entry) {
  replay_close(cx);  // a native that runs code by itself cannot be run again
  *entry = (Entry){.frame = cx->frame, .realm = cx->realm, .stack_end = cx->stack_end};
  bool may_park = cx->may_park;
  cx->may_park = false;
  // Going through C takes as long as several operations.
  if (!context_charge(cx, ENTRY_UNITS)) return context_throw_interrupted(cx), false;
  if (!context_enter_native(cx)) return false;
  if (cx->fiber) return true;
  entry->fiber = fiber_acquire(cx);
  if (!entry->fiber) {
    context_leave_native(cx);
    return false;
  }
  cx->fiber = entry->fiber;
  cx->stack_end = entry->fiber->chunk->end;
  entry->fiber->base_depth = may_park ? cx->native_depth : UINT32_MAX;
  return true;
}

static ALWAYS_INLINE void entry_end(Context *cx, const Entry *entry, Value result) {
  context_leave_native(cx);
  replay_close(cx);
  cx->frame = entry->frame;
  cx->realm = entry->realm;
  if (entry->fiber) {
    cx->fiber = NULL;
    if (result != VALUE_PARKED) fiber_retire(cx, entry->fiber);
  }
  cx->stack_end = entry->stack_end;
}

// OPTIMIZATION: pushes the frame of a closure for which nothing has to be created. False: nothing was done.
// bounded: the call pays for the parameters.
static inline bool closure_push_quickly(Context *cx, Value callee, Value this_value, const Value *arguments,
                                        uint32_t count) {
  if (!value_is_object_of(callee, CELL_CLOSURE)) return false;
  Closure *closure = (Closure *)value_as_object(callee);
  const Code *code = closure->code;
  Value *area = cx->frame ? frame_end(cx->frame) : cx->fiber->first->base;
  if (code->flags & (CODE_NEEDS_ARGUMENT_LIST | CODE_CLASS_CONSTRUCTOR) ||
      (size_t)(cx->stack_end - area) < FRAME_WORDS + (size_t)code->register_count + FRAME_WORDS)
    return false;
  Value *registers = area + FRAME_WORDS;
  registers[REGISTER_THIS] = this_value;
  // One by one: in WebAssembly a memcpy of so few calls out of the module.
  for (uint32_t i = 0; i < code->parameter_count; i++)
    registers[REGISTER_FIRST_PARAMETER + i] = i < count ? arguments[i] : VALUE_UNDEFINED;
  frame_enter(cx, area, code->parameter_count, closure, VALUE_UNDEFINED, NULL, 0, FRAME_ENTRY);
  return true;
}

// Natives, bound functions and proxies: a frame of self-hosted code (builtins/control/replay.js) calls them. `other`:
// the receiver, or new.target.
static bool push_performing_frame(Context *cx, Value callee, Value other, const Value *arguments, uint32_t count,
                                  bool is_construct) {
  ROOTS(cx, r, values[3], function);
  r->values[0] = callee, r->values[1] = other;
  Object *list = array_create_from(cx, arguments, count);
  if (!list) return false;
  r->values[2] = value_object(list);
  // The function that the frame calls is recorded when this object is filled.
  Intrinsic holder = is_construct ? INTRINSIC_Reflect : INTRINSIC_FunctionPrototype;
  if (!object_ensure_filled(cx, realm_prototype(cx, holder))) return false;
  r->function = cx->hooks->self_hosted(cx, cx->realm, is_construct ? "PerformConstruct" : "PerformCall");
  Value unused;
  return !value_is_abrupt(r->function) &&
         call_values(cx, r->function, VALUE_UNDEFINED, r->values, 3, 0, FRAME_ENTRY, &unused) == CALL_PUSHED;
}

Value interpreter_call(Context *cx, Value callee, Value this_value, const Value *arguments, uint32_t count) {
  Entry entry;
  if (!entry_begin(cx, &entry)) return VALUE_ABRUPT;
  Value unused;
  bool is_pushed = closure_push_quickly(cx, callee, this_value, arguments, count) ||
                   (value_is_object_of(callee, CELL_CLOSURE)
                        ? call_values(cx, callee, this_value, arguments, count, 0, FRAME_ENTRY, &unused) == CALL_PUSHED
                        : push_performing_frame(cx, callee, this_value, arguments, count, false));
  Value result = is_pushed ? interpreter_run(cx, false) : VALUE_ABRUPT;
  entry_end(cx, &entry, result);
  return result;
}

Value interpreter_construct(Context *cx, Value constructor, Value new_target, const Value *arguments, uint32_t count) {
  Entry entry;
  if (!entry_begin(cx, &entry)) return VALUE_ABRUPT;
  Value unused;
  bool is_pushed =
      value_is_object_of(constructor, CELL_CLOSURE)
          ? construct_values(cx, constructor, new_target, arguments, count, 0, FRAME_ENTRY, &unused) == CALL_PUSHED
          : push_performing_frame(cx, constructor, new_target, arguments, count, true);
  Value result = is_pushed ? interpreter_run(cx, false) : VALUE_ABRUPT;
  entry_end(cx, &entry, result);
  return result;
}

// Continues an activation whose frame is saved, from C.
Value interpreter_resume_activation(Context *cx, Generator *generator, Value value, ResumeMode mode, uint16_t flags) {
  Entry entry;
  ROOTS(cx, r, generator, value);
  if (!entry_begin(cx, &entry)) return VALUE_ABRUPT;
  Value result = VALUE_ABRUPT;
  r->generator = value_object(generator);
  r->value = value;
  if (generator_restore_frame(cx, generator, 0, FRAME_ENTRY | flags)) {
    bool raise = generator_deliver(cx, generator, value, mode);
    result = interpreter_run(cx, raise);
  }
  entry_end(cx, &entry, result);
  return result;
}

bool interpreter_is_running(Context *cx, Value function) {
  for (const Frame *frame = cx->frame; frame; frame = frame->caller) {
    if (frame->function == function) return true;
    context_spend_step(cx);
  }
  return false;
}

static bool frames_evaluate(Context *cx, const Frame *top, Value module) {
  for (const Frame *frame = top; frame; frame = frame->caller) {
    context_spend_step(cx);
    bool is_own = frame->code->flags & CODE_SELF_HOSTED && frame->code->parameter_count > 0;
    if (is_own && frame_registers(frame)[REGISTER_FIRST_PARAMETER] == module) return true;
  }
  return false;
}

bool interpreter_is_evaluating(Context *cx, Value module) {
  if (frames_evaluate(cx, cx->frame, module)) return true;
  for (const Fiber *fiber = cx->interpreter->fibers; fiber; fiber = fiber->next)
    if (frames_evaluate(cx, fiber->top, module)) return true;
  return false;
}

// Without a frame, a native function was called from C.
bool fiber_can_park(const Context *cx) { return cx->fiber && cx->frame && cx->native_depth == cx->fiber->base_depth; }

static Value fiber_park(Context *cx) {
  Fiber *fiber = cx->fiber;
  fiber->is_parked = true;
  fiber->top = cx->frame;
  fiber->realm = cx->realm;
  fiber->program = cx->program;
  fiber->joins = cx->replay.joins;
  cx->replay.joins = VALUE_UNDEFINED;
  cx->parked = fiber;
  return VALUE_PARKED;
}

// The step that ran has been abandoned: it is run again with a record, or the call for which it was abandoned is made.
// A frame of self-hosted code (builtins/control/replay.js) makes the call and keeps the record meanwhile.
static RunStatus step_abandoned(Context *cx) {
  Replay *replay = &cx->replay;
  Frame *frame = cx->frame;
  cx->termination = TERMINATION_NONE;
  frame->pc = replay->pc;
  if (!replay->is_asked) {
    replay->log = VALUE_UNDEFINED;
    replay->count = replay->next = 0;
    return RUN_REPLAYS;
  }
  replay->is_asked = false;
  frame->pc++;  // as while the step runs
  replay->state = REPLAY_CLOSED;
  ROOTS(cx, r, arguments[REPLAY_FRAME_CALLEE + 3], function, joins);
  r->joins = value_is_internal(replay->joins_left) ? replay->joins_left : replay->joins;
  replay->joins_left = VALUE_UNDEFINED;
  bool is_construct = replay->new_target != VALUE_HOLE;
  bool is_direct = value_is_object_of(replay->callee, CELL_CLOSURE);
  const Values *list = value_is_internal(replay->arguments) ? (const Values *)value_as_cell(replay->arguments) : NULL;
  uint32_t count = list ? values_count(list) : 0;
  r->arguments[REPLAY_FRAME_LOG] = replay->log;
  r->arguments[REPLAY_FRAME_COUNT] = value_int((int32_t)replay->count);
  r->arguments[REPLAY_FRAME_JOINS] = replay->joins;
  if (!is_direct) {
    // The functions that the frame calls are recorded when these objects are filled.
    if (!object_ensure_filled(cx, realm_prototype(cx, is_construct ? INTRINSIC_Reflect : INTRINSIC_FunctionPrototype)))
      return RUN_THREW;
    r->arguments[REPLAY_FRAME_CALLEE] = replay->callee;
    r->arguments[REPLAY_FRAME_CALLEE + 1] = is_construct ? replay->new_target : replay->this_value;
    Object *array = array_create_from(cx, list ? list->items : NULL, count);
    if (!array) return RUN_THREW;
    r->arguments[REPLAY_FRAME_CALLEE + 2] = value_object(array);
  }
  r->function = is_direct ? replay->answerer : VALUE_UNDEFINED;
  if (!value_is_object(r->function) || ((Closure *)value_as_object(r->function))->realm != cx->realm) {
    r->function = cx->hooks->self_hosted(cx, cx->realm,
                                         is_direct      ? "ReplayAnswer"
                                         : is_construct ? "ReplayConstruct"
                                                        : "ReplayCall");
    if (value_is_abrupt(r->function)) return RUN_THREW;
    if (is_direct) replay->answerer = r->function;
  }
  Value answer = VALUE_UNDEFINED;
  CallStatus status = call_values(cx, r->function, VALUE_UNDEFINED, r->arguments,
                                  is_direct ? REPLAY_FRAME_CALLEE : REPLAY_FRAME_CALLEE + 3,
                                  frame_discard_register(frame), FRAME_REPLAY, &answer);
  if (status == CALL_PUSHED) replay->joins = r->joins;
  if (status == CALL_PUSHED && is_direct) {
    uint16_t place = (REGISTER_FIRST_PARAMETER + REPLAY_FRAME_CALLEE) * sizeof(Value);
    status = is_construct ? construct_values(cx, replay->callee, replay->new_target, list ? list->items : NULL, count,
                                             place, 0, &answer)
                          : call_values(cx, replay->callee, replay->this_value, list ? list->items : NULL, count, place,
                                        0, &answer);
  }
  replay->callee = replay->this_value = replay->new_target = replay->arguments = replay->log = VALUE_UNDEFINED;
  return status == CALL_PUSHED ? RUN_CONTINUES : RUN_THREW;
}

// Dispatches until an instruction needs a step, and performs the step.
static inline RunStatus run_on(Context *cx, Value *result) {
#ifndef CAISSON_STEPPED
  switch (interpreter_dispatch(cx)) {
    case DISPATCH_STEP: break;
    case DISPATCH_SLICE_ENDED: return RUN_SLICE_ENDED;
    case DISPATCH_RETURNED:
      *result = frame_registers(cx->frame)[REGISTER_THIS];
      cx->frame = cx->frame->caller;  // nothing else has to be done for this frame
      return RUN_RETURNED;
  }
#endif
  cx->replay.state = REPLAY_OPEN;
  return interpreter_step(cx, result);
}

// The trampoline: keeps the dispatch loop going across fuel slices; between them limits are checked.
Value interpreter_run(Context *cx, bool raise) {
  Value result = VALUE_UNDEFINED;
  RunStatus status = raise ? RUN_THREW : RUN_CONTINUES;
  for (;;) {
    while (LIKELY(status == RUN_CONTINUES)) status = run_on(cx, &result);
    if (LIKELY(status == RUN_RETURNED)) return result;
    if (status == RUN_REPLAYS) {
      // Not the dispatch loop, whose fast path might find what the guest has changed meanwhile.
      cx->replay.state = REPLAY_RECORDING;
      status = interpreter_step(cx, &result);
      if (status != RUN_THREW || cx->termination != TERMINATION_REPLAY) replay_forget(cx);
    } else if (status == RUN_THREW && UNLIKELY(cx->termination == TERMINATION_REPLAY)) {
      status = step_abandoned(cx);
    } else if (status == RUN_THREW) {
      CallStatus unwound = frame_unwind(cx);
      if (unwound == CALL_FINISHED) return cx->exception;
      if (unwound == CALL_ABRUPT) return VALUE_ABRUPT;
      status = unwound == CALL_REPLAYS ? RUN_REPLAYS : RUN_CONTINUES;
    } else if (status == RUN_SLICE_ENDED) {
      status = RUN_CONTINUES;
      cx->frame->pc++;  // a limit strikes at the next instruction, as if that had begun
      bool goes_on = cx->fuel.refill(&cx->fuel);
      cx->frame->pc--;
      if (!goes_on) {
        context_throw_interrupted(cx);
        status = RUN_THREW;
      } else if (UNLIKELY(cx->pause_is_wanted) && fiber_can_park(cx)) {
        cx->is_paused = true;
        cx->paused_fiber = cx->fiber;
        return fiber_park(cx);
      }
    } else {
      ASSERT(fiber_can_park(cx));  // whoever lets the guest wait has asked
      return fiber_park(cx);
    }
  }
}

uint64_t fiber_begin_wait(Context *cx) { return cx->fiber->wait = ++cx->interpreter->fiber_counter; }

Fiber *fiber_find_parked(const Context *cx, uint64_t wait) {
  for (Fiber *fiber = cx->interpreter->fibers; fiber; fiber = fiber->next)
    if (fiber->wait == wait && fiber->is_parked) return fiber;
  return NULL;
}

static Fiber *fiber_find_parked_of(const Context *cx, uint32_t program) {
  for (Fiber *fiber = cx->interpreter->fibers; fiber; fiber = fiber->next)
    if (fiber->program == program && fiber->is_parked) return fiber;
  return NULL;
}

Value fiber_resume(Context *cx, Fiber *fiber, Value value, FiberMode mode) {
  ASSERT(cx->fiber == NULL && fiber->is_parked);
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  uint32_t program = program_enter(cx, fiber->program);
  Realm *realm = cx->realm;
  Frame *frame = cx->frame;
  Value *stack_end = cx->stack_end;
  cx->fiber = fiber;
  cx->frame = fiber->top;
  fiber->top = NULL;  // a fiber that has ended has no top frame
  cx->realm = fiber->realm;
  cx->stack_end = fiber->chunk->end;
  cx->replay.joins = fiber->joins;
  fiber->joins = VALUE_UNDEFINED;
  fiber->is_parked = false;
  fiber->wait = 0;
  fiber->base_depth = cx->native_depth;
  bool raise = mode == FIBER_RAISE || mode == FIBER_END;
  if (mode == FIBER_END) {
    cx->termination = TERMINATION_PROGRAM;
    cx->exception = VALUE_UNDEFINED;
  } else if (raise) {
    throw_value(cx, value);
  } else if (mode == FIBER_ANSWER) {
    *frame_register(cx->frame, fiber->wait_register) = value;
  }
  Value result = interpreter_run(cx, raise);
  context_leave_native(cx);
  replay_close(cx);
  cx->fiber = NULL;
  cx->frame = frame;
  cx->realm = realm;
  cx->stack_end = stack_end;
  if (result != VALUE_PARKED && fiber->complete) {
    ROOTS(cx, r, result);
    r->result = value_is_abrupt(result) ? (exception_is_catchable(cx) ? exception_take(cx) : VALUE_UNDEFINED) : result;
    fiber->complete(cx, fiber, r->result, value_is_abrupt(result));
  } else if (value_is_abrupt(result) && exception_is_catchable(cx)) {
    // For a timer or a queued function: nobody waits for it, but the host must be told the error.
    ROOTS(cx, r, exception);
    r->exception = exception_take(cx);
    if (cx->hooks->report_exception) cx->hooks->report_exception(cx, r->exception);
  }
  if (result != VALUE_PARKED) fiber_retire(cx, fiber);
  program_leave(cx, program);
  return result;
}

void fibers_end_program(Context *cx, uint32_t program) {
  Fiber *running = cx->fiber;
  Termination termination = cx->termination;
  ROOTS(cx, r, exception);
  r->exception = cx->exception;
  // Ending one fiber may end others (those of a module), which changes the list.
  for (Fiber *fiber; (fiber = fiber_find_parked_of(cx, program)) != NULL;) {
    if (fiber == cx->paused_fiber) cx->paused_fiber = NULL;
    // It must not be refused; no guest code runs here.
    uint32_t limit = cx->native_depth_limit;
    cx->native_depth_limit = UINT32_MAX;
    cx->fiber = NULL;
    (void)fiber_resume(cx, fiber, VALUE_UNDEFINED, FIBER_END);
    cx->native_depth_limit = limit;
  }
  cx->fiber = running;
  cx->termination = termination;
  cx->exception = r->exception;
}
