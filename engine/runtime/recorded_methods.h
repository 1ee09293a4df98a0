// The internal methods of objects, in a step that is recorded (runtime/replay.h).
#ifndef CAISSON_RECORDED_METHODS_H
#define CAISSON_RECORDED_METHODS_H

#include "runtime/objects.h"
#include "runtime/replay.h"

// What the internal methods do, without a record.
Tristate object_perform_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots);
Tristate object_perform_define_own_property(Context *cx, Object *object, PropertyKey key, const Descriptor *descriptor);
Tristate object_perform_has_property(Context *cx, Object *object, PropertyKey key);
Tristate object_perform_delete(Context *cx, Object *object, PropertyKey key);
Value object_perform_get(Context *cx, Object *object, PropertyKey key, Value receiver);
Tristate object_perform_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver);
Tristate object_perform_get_prototype(Context *cx, Object *object, Value *out);
Tristate object_perform_set_prototype(Context *cx, Object *object, Value prototype);
Tristate object_perform_is_extensible(Context *cx, Object *object);
Tristate object_perform_prevent_extensions(Context *cx, Object *object);
Value object_perform_own_keys(Context *cx, Object *object);

// The end of OrdinarySet: the property is absent or a writable data property where it was found.
Tristate object_set_on_receiver(Context *cx, Value receiver, PropertyKey key, Value value);

Value recorded_get(Context *cx, Object *object, PropertyKey key, Value receiver);
Tristate recorded_set(Context *cx, Object *object, PropertyKey key, Value value, Value receiver);
Tristate recorded_get_own_property(Context *cx, Object *object, PropertyKey key, Descriptor *out, Value *roots);
Value recorded_own_keys(Context *cx, Object *object);
// Any other; key, descriptor and *value as the method takes or gives them.
Tristate recorded_method(Context *cx, ReplayKind kind, Object *object, PropertyKey key, const Descriptor *descriptor,
                         Value *value);

#endif
