// Objects across the boundary, other than functions and promises.
//
// A plain object crosses as a copy. One with functions is remembered, so that these are called on the original: the
// host keeps a handle of the guest's object; the copy of a host's object keeps its number. Errors are remembered
// weakly, so that one that returns to its side is the original again. Objects that do not cross as copies are
// references: the guest's objects by handles, the host's as proxies whose traps are host functions.
#include "host/boundary/message.h"
#include "interpreter/interpreter.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/proxies.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

enum {
#define PROTOCOL_REFLECTION(name) REFLECTION_##name,
#include "host/runtime/protocol.def"
};
enum { NO_COPY = UINT32_MAX, CROSSED_ERRORS = 1024 };

// Copies of the host's objects ----------------------------------------------------------------------------------------

static HostCopy *find_copy(const Bridge *bridge, const Object *object) {
  if (object->cell.kind != CELL_OBJECT && object->cell.kind != CELL_ERROR) return NULL;
  uint32_t place = object->crossing_place - 1;
  return place < bridge->copy_count && bridge->copies[place].object == object ? &bridge->copies[place] : NULL;
}

bool bridge_add_copy(Context *cx, Object *copy, uint64_t number) {
  Bridge *bridge = host_of(cx)->bridge;
  uint32_t place = bridge->free_copy;
  if (place == NO_COPY) {
    place = bridge->copy_count;
    if (!bridge_reserve(cx, (void **)&bridge->copies, &bridge->copy_capacity, sizeof *bridge->copies, place + 1))
      return false;
    bridge->copy_count++;
  } else {
    bridge->free_copy = bridge->copies[place].next_free;
  }
  bridge->copies[place] = (HostCopy){.object = copy, .number = number, .next_free = NO_COPY};
  copy->crossing_place = place + 1;
  return true;
}

bool bridge_find_copy(Context *cx, const Object *object, uint64_t *number) {
  const HostCopy *copy = find_copy(host_of(cx)->bridge, object);
  if (copy) *number = copy->number;
  return copy;
}

int64_t bridge_receiver(Context *cx, Value this_value) {
  uint32_t number;
  if (!value_is_object(this_value)) return HOST_RECEIVER_NONE;
  if (bridge_is_host_object(this_value, &number)) return number;
  const HostCopy *copy = find_copy(host_of(cx)->bridge, value_as_object(this_value));
  return copy && copy->object->cell.kind == CELL_OBJECT ? (int64_t)copy->number : HOST_RECEIVER_NONE;
}

void bridge_clear_copies(CaissonRuntime *runtime, Heap *heap) {
  Bridge *bridge = runtime->bridge;
  for (uint32_t i = 0; i < bridge->copy_count; i++) {
    HostCopy *copy = &bridge->copies[i];
    if (!copy->object || heap_is_marked(heap, copy->object)) continue;
    uint64_t number = copy->number;
    bool is_error = copy->object->cell.kind == CELL_ERROR;
    *copy = (HostCopy){.next_free = bridge->free_copy};
    bridge->free_copy = i;
    if (!is_error) bridge->host->release(runtime->options.user, (uint32_t)number, 1);
  }
  for (uint32_t i = 0; bridge->errors && i < CROSSED_ERRORS; i++)
    if (bridge->errors[i].error && !heap_is_marked(heap, bridge->errors[i].error)) bridge->errors[i].error = NULL;
}

void bridge_release_copies(CaissonRuntime *runtime) {
  Bridge *bridge = runtime->bridge;
  memory_release(&runtime->cx.memory, bridge->copies, bridge->copy_capacity * sizeof *bridge->copies);
  if (bridge->errors) memory_release(&runtime->cx.memory, bridge->errors, CROSSED_ERRORS * sizeof *bridge->errors);
}

// Errors of the guest -------------------------------------------------------------------------------------------------

bool bridge_number_error(Context *cx, Object *error, uint64_t *number) {
  Bridge *bridge = host_of(cx)->bridge;
  if (!bridge->errors) {
    bridge->errors = memory_allocate_zeroed(&cx->memory, CROSSED_ERRORS * sizeof *bridge->errors);
    if (!bridge->errors) return context_throw_out_of_memory(cx), false;
  }
  uint32_t place = error->crossing_place - 1;
  if (place >= CROSSED_ERRORS || bridge->errors[place].error != error) {
    uint64_t next = ++bridge->error_counter;
    place = (uint32_t)(next % CROSSED_ERRORS);
    bridge->errors[place] = (CrossedError){error, next};
    error->crossing_place = place + 1;
  }
  *number = bridge->errors[place].number;
  return true;
}

Object *bridge_find_error(Context *cx, uint64_t number) {
  const Bridge *bridge = host_of(cx)->bridge;
  const CrossedError *found = bridge->errors ? &bridge->errors[number % CROSSED_ERRORS] : NULL;
  if (!found || found->number != number) return NULL;
  heap_keep_cell(&cx->heap, found->error);
  return found->error;
}

// Host objects by reference -------------------------------------------------------------------------------------------

// The target of such a proxy. The guest never sees it; only the host's traps do, and take it for the host's object.
typedef struct HostObject {
  Object object;
  uint64_t number;
} HostObject;
static const ObjectClass object_class_host_object = {
    .name = "Object", .kind = CELL_HOST_OBJECT, .size = sizeof(HostObject)};

bool bridge_is_host_object(Value value, uint32_t *number) {
  if (value_is_object_of(value, CELL_PROXY)) value = value_as_proxy(value)->target;
  if (!value_is_object_of(value, CELL_HOST_OBJECT)) return false;
  *number = (uint32_t)((const HostObject *)value_as_object(value))->number;
  return true;
}

Value bridge_host_object(Context *cx, uint32_t number, Value class_, Value handler) {
  HostFunctionEntry *entry = bridge_host_entry(cx, number);
  if (!entry) return VALUE_ABRUPT;
  bool is_known = entry->function && entry->function->cell.kind == CELL_PROXY;
  if (is_known && value_is_object(handler)) entry->crossings++;
  if (is_known) return value_object(entry->function);
  if (entry->function || !value_is_object(handler)) return throw_type_error(cx, "malformed message from the host");
  ROOTS(cx, r, handler, target, proxy);
  r->handler = handler;
  Value prototype =
      value_is_object(class_) ? object_peek(value_as_object(class_), cx->names->prototype) : VALUE_UNDEFINED;
  Object *target = object_create_of_class(cx, &object_class_host_object,
                                          value_is_object(prototype) ? value_as_object(prototype) : NULL, 0);
  if (!target) return VALUE_ABRUPT;
  r->target = value_object(target);
  ((HostObject *)target)->number = number;
  r->proxy = proxy_create(cx, r->target, handler);
  if (value_is_abrupt(r->proxy)) return VALUE_ABRUPT;
  entry = bridge_host_entry(cx, number);
  if (!entry) return VALUE_ABRUPT;
  *entry = (HostFunctionEntry){.function = value_as_object(r->proxy), .number = number, .crossings = 1};
  return r->proxy;
}

// The guest's objects by reference ------------------------------------------------------------------------------------

static Value item(Value list, uint32_t index) {
  const Object *array = value_as_object(list);
  return index < array->element_count ? array->elements->items[index] : VALUE_UNDEFINED;
}

static Value truth(Tristate answer) {
  return answer == TRISTATE_ABRUPT ? VALUE_ABRUPT : answer == TRISTATE_TRUE ? VALUE_TRUE : VALUE_FALSE;
}

// Texts only, since the host has no use for other keys.
static Value own_texts(Context *cx, Object *object) {
  ROOTS(cx, r, keys, texts);
  r->keys = object_own_keys(cx, object);
  if (value_is_abrupt(r->keys)) return VALUE_ABRUPT;
  Object *texts = array_create(cx, 0);
  if (!texts) return VALUE_ABRUPT;
  r->texts = value_object(texts);
  const Values *keys = (const Values *)value_as_cell(r->keys);
  for (uint32_t i = 0; i < values_count(keys); i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    if (value_is_string(keys->items[i]) && !array_push(cx, texts, keys->items[i])) return VALUE_ABRUPT;
  }
  return r->texts;
}

static Value own_attributes(Context *cx, Object *object, PropertyKey key) {
  ROOTS(cx, r, value, get, set);
  Descriptor descriptor;
  Tristate found = object_get_own_property(cx, object, key, &descriptor, &r->value);
  if (found != TRISTATE_TRUE) return found == TRISTATE_ABRUPT ? VALUE_ABRUPT : VALUE_UNDEFINED;
  return value_int(descriptor.attributes & PROPERTY_DEFAULT);
}

static Value reflect_on_key(Context *cx, Object *object, uint32_t reflection, Value list) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, item(list, 0));
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  switch (reflection) {
    case REFLECTION_GET: return object_get_key(cx, object, r->key);
    case REFLECTION_SET: return truth(object_set(cx, object, r->key, item(list, 1), value_object(object)));
    case REFLECTION_HAS: return truth(object_has_property(cx, object, r->key));
    case REFLECTION_DELETE: return truth(object_delete(cx, object, r->key));
    default: return own_attributes(cx, object, r->key);
  }
}

// The caller roots both.
static Value reflect(Context *cx, Value target, uint32_t reflection, Value list) {
  Object *object = value_as_object(target);
  switch (reflection) {
    case REFLECTION_GET:
    case REFLECTION_SET:
    case REFLECTION_HAS:
    case REFLECTION_DELETE:
    case REFLECTION_ATTRIBUTES: return reflect_on_key(cx, object, reflection, list);
    case REFLECTION_KEYS: return own_texts(cx, object);
    case REFLECTION_HAS_INSTANCE: {
      bool is_instance;
      if (!value_instance_of(cx, item(list, 0), target, &is_instance)) return VALUE_ABRUPT;
      return is_instance ? VALUE_TRUE : VALUE_FALSE;
    }
    case REFLECTION_VALUE: return target;
    default: return throw_type_error(cx, "unknown operation of the host");
  }
}

enum { ASKED_TARGET, ASKED_REFLECTION, ASKED_LIST, ASKED };
static Value reflect_in_frame(Context *cx, const Call *call) {
  const Values *asked = (const Values *)value_as_cell(call_callee(call)->captured[0]);
  return reflect(cx, asked->items[ASKED_TARGET], (uint32_t)value_as_int(asked->items[ASKED_REFLECTION]),
                 asked->items[ASKED_LIST]);
}

// Getters and traps of the guest may have to wait. Most questions need no guest code; the others are recognised when
// the step, which this is not, would be abandoned, and are asked again by a native that runs in a frame.
static Value reflect_or_park(Context *cx, Value target, uint32_t reflection, Value list) {
  if (!cx->replay.is_wanted || cx->fiber) return reflect(cx, target, reflection, list);
  cx->replay.state = REPLAY_OPEN;
  Value result = reflect(cx, target, reflection, list);
  replay_close(cx);
  if (cx->termination != TERMINATION_REPLAY) return result;
  cx->termination = TERMINATION_NONE;
  ROOTS(cx, r, asked, native);
  Values *asked = values_create(cx, ASKED);
  if (!asked) return VALUE_ABRUPT;
  r->asked = value_internal(asked);
  asked->items[ASKED_TARGET] = target;
  asked->items[ASKED_REFLECTION] = value_int((int32_t)reflection);
  asked->items[ASKED_LIST] = list;
  Object *native = native_function_create(cx, reflect_in_frame, cx->names->empty, 0, false);
  if (!native) return VALUE_ABRUPT;
  ((NativeFunctionObject *)native)->captured[0] = r->asked;
  r->native = value_object(native);
  context_let_park(cx);
  return function_call(cx, r->native, VALUE_UNDEFINED, NULL, 0);
}

Value bridge_reflect(Context *cx, uint32_t handle, uint32_t reflection, Value list) {
  ROOTS(cx, r, list, target);
  r->list = list;
  r->target = bridge_guest_object(cx, handle, HANDLE_OBJECT);
  if (value_is_abrupt(r->target)) return VALUE_ABRUPT;
  if (!value_is_object_of(list, CELL_ARRAY)) return throw_type_error(cx, "malformed message from the host");
  const Object *arguments = value_as_object(list);
  uint32_t count = arguments->element_count;
  switch (reflection) {
    case REFLECTION_CONSTRUCT:
      if (!value_is_constructor(r->target)) return throw_type_error(cx, "%v is not a constructor", r->target);
      context_let_park(cx);
      return function_construct(cx, r->target, r->target, count ? arguments->elements->items : NULL, count);
    case REFLECTION_CALL:
      if (!value_is_callable(r->target)) return throw_type_error(cx, "%v is not a function", r->target);
      context_let_park(cx);
      return function_call(cx, r->target, item(list, 0), count ? arguments->elements->items + 1 : NULL,
                           count ? count - 1 : 0);
    default: return reflect_or_park(cx, r->target, reflection, list);
  }
}
