// Values as bytes, for crossing between guest and host: a compact structured clone, one message per crossing.
// The JavaScript side is npm/src/message-writer.js and message-reader.js; the numbers are those of protocol.def.
//
// A message is a byte of flags, one value, the contents that were put off, and optionally the buffers and the numbers.
// The flags say which of these there are, and whether anything refers to an earlier object or text. A value is a tag,
// followed by:
//
//   undefined, null, true, false    nothing
//   hole             nothing; only where a hole is named below
//   int              zigzag varint
//   double           8 bytes, little-endian
//   latin1           varint length, bytes
//   utf16            varint length, 2 bytes per unit
//   text_reference   varint; texts of SHARED_TEXT_LENGTH units and more are numbered, keys and names included
//   bigint           sign byte, varint count of 32-bit digits, the digits
//   symbol           byte: which of the symbols that cross
//   reference        varint: number of an earlier object of the message (objects are numbered as they begin)
//   object           properties: varint count, then key, value, ... (a hole: it disappeared while the object was
//                    written). Before the first function among them there may be a receiver and the object's number at
//                    the sending side: functions of the copy are called on that object.
//   shaped           varint number of a shape, then the values of its keys in order (holes and a receiver as above):
//                    message_shapes.h
//   iterator, async_iterator    an object that inherits from %IteratorPrototype% or %AsyncIteratorPrototype%
//   array            varint length, items (holes allowed), properties
//   sparse_array     varint length, properties, with indices among them
//   map              varint count, key, value, ...
//   set              varint count, items
//   error            flags byte, optionally its number (8 bytes), three strings: name, message, stack; then cause or
//                    hole, errors or hole, properties
//   date             8 bytes (ms; NaN: invalid)
//   regexp           source string, flags string
//   boxed            the primitive
//   buffer, typed_array (kind byte), data_view
//                    varint size of new bytes, these bytes; the first, second, ... of these values is the first,
//                    second, ... item below
//   guest_function   varint handle, name, flags byte, length byte; made by the guest, and back there it is the function
//                    itself
//   host_function    varint number, name, flags byte, length byte (255: a greater length)
//   guest_promise    varint handle
//   host_promise     varint number
//   guest_object     varint handle, flags byte; a reference, not a copy
//   host_object      varint number; from the host: its class (a host function) or undefined, and the handler of the
//                    proxy that stands for it; back to the host: undefined, undefined
//   namespace        of a module, as the whole message: varint count, then for each export its key, 0 or 1, varint size
//                    and a message with its value (0) or with the error that says why it cannot cross (1)
//   later            the tag of an object, array, map, set or error: its contents (those of an error from the cause on)
//                    come after the value, in the order of their beginnings. So nothing is nested more than
//                    MESSAGE_DEPTH deep, however deep the value is, and neither side needs a stack.
//   refused          text: the reason why a property or item cannot cross, in its place; within a module, or where the
//                    host wants such values left out
//
// A key is 0 and a string or symbol value, which gets the next number; or an earlier number + 1. Varints are
// little-endian base 128.
//
// The buffers: a buffer that crosses itself is sent entirely, other buffers only where views in the message cover them;
// overlapping views share a buffer.
//   varint count of buffers; each: flags byte; shared: varint index; otherwise varint size; resizable: double maximum;
//                    a block: its address
//   varint count of chunks; each: varint buffer, offset in it, size, position of the bytes in the message, or 0 and the
//                    address of a block (host/boundary/message_blocks.h)
//   varint count of items; each: varint buffer, offset in it, size in bytes, flags byte
//   4 bytes, little-endian: the position where this table begins
//
// The numbers: of everything that counts as arrived (guest_function, guest_promise, guest_object and receivers of the
// guest; host_function, host_object and receivers of the host) 4 bytes each, in order, and 4 bytes with their count
// (host/boundary/message_numbers.h).
#ifndef CAISSON_MESSAGE_H
#define CAISSON_MESSAGE_H

#include "host/boundary/bridge.h"
#include "host/runtime/protocol.h"

typedef enum MessageTag {  // MESSAGE_UNDEFINED and so on
#define PROTOCOL_TAG(name) MESSAGE_##name,
#include "host/runtime/protocol.def"
} MessageTag;

// Appends a message to `out`. Throws a TypeError that names what cannot cross; runs getters and proxy traps of the
// guest.
MUST_CHECK bool message_write(Context *cx, Value value, Buffer *out);
// `arguments` as an array value.
MUST_CHECK bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out);
// For structuredClone: values that are not data are passed to `refuse`, a function that throws; `shared` collects
// SharedArrayBuffers. Objects in the array `moved` cross as their index there, in the form of a guest_promise.
MUST_CHECK bool message_write_clone(Context *cx, Value value, Value refuse, Value moved, Value *shared, Buffer *out);
// All objects are copied, even where otherwise a reference would be sent.
MUST_CHECK bool message_write_copy(Context *cx, Value value, Buffer *out);
// For a host function with these flags.
MUST_CHECK bool message_write_arguments(Context *cx, const Value *arguments, uint32_t count, uint8_t flags,
                                        Buffer *out);
// For a console: a value that cannot cross is replaced by its text.
MUST_CHECK bool message_write_printed(Context *cx, const Value *values, uint32_t count, Buffer *out);
// A reference to the object. TypeError for other values.
MUST_CHECK bool message_write_reference(Context *cx, Value value, Buffer *out);
// Writers that wait for the guest: those that died in a collection; all of them.
void message_clear_suspended(CaissonRuntime *runtime, Heap *heap);
void message_release_suspended(CaissonRuntime *runtime);
// Reads a message of the host. Throws when it is malformed; trusts nothing in it.
Value message_read(Context *cx, const uint8_t *bytes, size_t size);
// The same for as many values as there are holes in the rooted `values`, which they replace.
MUST_CHECK bool message_read_values(Context *cx, const uint8_t *bytes, size_t size, Value *values, uint32_t count);
// Writes and reads: structuredClone. Each object of the array `moved` is replaced in the copy by the object of `places`
// at the same index.
Value message_clone(Context *cx, Value value, Value refuse, Value moved, Value places);
enum { CLONED_ERROR_HAS_NO_MESSAGE = 2 };  // in addition to PROTOCOL_ERROR_IS_DOM_EXCEPTION, in clones only

// What crosses by number (bridge.c).
Value bridge_host_function(Context *cx, uint32_t number, Value name, uint8_t flags, uint8_t length);
MUST_CHECK bool bridge_is_host_function(Value value, uint32_t *number);
Value bridge_host_promise(Context *cx, uint32_t number);
// Keeps the object alive until the handle is released. `number`: the value's handle.
MUST_CHECK bool bridge_guest_handle(Context *cx, Value object, uint32_t *handle);
typedef enum HandleKind { HANDLE_FUNCTION, HANDLE_PROMISE, HANDLE_OBJECT } HandleKind;  // HANDLE_OBJECT: any object
Value bridge_guest_object(Context *cx, uint32_t handle, HandleKind kind);
MUST_CHECK bool bridge_watch_promise(Context *cx, Value promise, uint32_t handle);
// The entry of a host object that the guest knows, created if necessary; NULL: threw.
HostFunctionEntry *bridge_host_entry(Context *cx, uint32_t number);
MUST_CHECK bool bridge_reserve(Context *cx, void **items, uint32_t *capacity, size_t size, uint32_t needed);

// Objects that crossed (bridge_objects.c).
MUST_CHECK bool bridge_add_copy(Context *cx, Object *copy, uint64_t number);  // of an object or error of the host
bool bridge_find_copy(Context *cx, const Object *object, uint64_t *number);
// The host's object that a function is called on, found by its copy or proxy; HOST_RECEIVER_NONE.
int64_t bridge_receiver(Context *cx, Value this_value);
// A number for an error of the guest.
MUST_CHECK bool bridge_number_error(Context *cx, Object *error, uint64_t *number);
Object *bridge_find_error(Context *cx, uint64_t number);  // NULL: it is gone
// The guest's proxy of a host object. `class_`: the host function that it is an instance of, or undefined.
Value bridge_host_object(Context *cx, uint32_t number, Value class_, Value handler);
bool bridge_is_host_object(Value value, uint32_t *number);
void bridge_clear_copies(CaissonRuntime *runtime, Heap *heap);
void bridge_release_copies(CaissonRuntime *runtime);

// Throws when it is malformed.
static inline Value register_read(Context *cx, LatestTexts *texts, const Register *from) {
  if (UNLIKELY(from->tag != MESSAGE_DOUBLE)) return register_read_other(cx, texts, from);
  return LIKELY(from->number == from->number) ? value_number(from->number) : value_double_untrusted(from->number);
}

#endif
