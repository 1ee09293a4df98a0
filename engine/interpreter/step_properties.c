// Steps: properties. property_sites.c and operations.c do the work; these functions decide where the answer goes when
// an accessor runs as a frame, or makes the fiber wait.
#include "interpreter/step.h"

// The result of a setter is not used.
static RunStatus step_stored(Context *cx, Frame *frame, CallStatus status) {
  if (status == CALL_FINISHED) return RUN_CONTINUES;
  return step_called(cx, frame, status, frame_discard_register(frame), VALUE_UNDEFINED);
}

RunStatus step_get_property(Context *cx, Frame *frame, Value base, InlineCache *cache, uint32_t result_register) {
  Value value = VALUE_UNDEFINED;
  CallStatus status = site_get_property(cx, base, cache, result_register, &value);
  return step_called(cx, frame, status, result_register, value);
}

RunStatus step_set_property(Context *cx, Frame *frame, Value base, InlineCache *cache, Value value) {
  return step_stored(cx, frame, site_set_property(cx, base, cache, value));
}

RunStatus step_get_element(Context *cx, Frame *frame, Value base, Value key, uint32_t result_register) {
  Value value = VALUE_UNDEFINED;
  CallStatus status = site_get_element(cx, base, key, result_register, &value);
  return step_called(cx, frame, status, result_register, value);
}

RunStatus step_set_element(Context *cx, Frame *frame, Value base, Value key, Value value) {
  return step_stored(cx, frame, site_set_element(cx, base, key, value));
}

RunStatus step_get_private(Context *cx, Frame *frame, Value base, Value name, uint32_t result_register) {
  Value value = VALUE_UNDEFINED;
  CallStatus status = private_get(cx, base, name, result_register, &value);
  return step_called(cx, frame, status, result_register, value);
}
