// Values as bytes, for crossing between guest and host: a compact structured clone, one message per crossing.
// The JavaScript side is npm/src/message-writer.js and message-reader.js; the numbers are those of protocol.def.
//
// A message is a byte of flags, one value, the contents of what was put off, and perhaps the buffers and the numbers.
// The flags say which of these there are, and whether something refers to an object or a text that came earlier. A
// value is a tag, then
//   undefined null true false        nothing
//   hole         nothing; stands only where it is named below
//   int          zigzag varint
//   double       8 bytes, little-endian
//   latin1       varint length, bytes          utf16  varint length, 2 bytes per unit
//   text_reference  varint: texts of SHARED_TEXT_LENGTH units and more are numbered, keys and names included
//   bigint       sign byte, varint count of 32-bit digits, the digits
//   symbol       byte: which of the symbols that cross
//   reference    varint: number of an object that came earlier in the message (objects are numbered as they begin)
//   object       properties: varint count, then key, value, ...   (a hole: it went away while the object was written)
//                Before the first function among them may stand a receiver and the number of the object at the side
//                that sends it: what its functions are called on when they are called on the copy.
//   shaped       varint number of a shape, then the values of its keys in their order (holes likewise, a receiver
//   likewise): see
//                message_shapes.h.
//   iterator, async_iterator   an object that inherits from %IteratorPrototype% or %AsyncIteratorPrototype%
//   array        varint length, items (holes allowed), properties
//   sparse_array varint length, properties, indices among them
//   map          varint count, key, value, ...                     set    varint count, items
//   error        flags byte, perhaps its number (8 bytes), name, message, stack: three strings; then cause or hole,
//   errors or hole, properties date         8 bytes (ms; NaN: invalid) regexp       source string, flags string boxed
//   the primitive buffer, typed_array (kind byte), data_view
//                varint size of new bytes, these bytes; the first, second, ... of them is the first, second, ... item
//                below
//   guest_function   varint handle, name, flags byte, length byte    made by the guest; going back to it: the function
//   itself host_function    varint number, name, flags byte, length byte    the length: 255 for more guest_promise
//   varint handle             host_promise  varint number guest_object     varint handle, flags byte            a
//   reference, not a copy host_object      varint number; coming from the host: its class (a host function) or
//   undefined, and the handler of the
//                    proxy that stands for it; going back to it: undefined, undefined
//   namespace        of a module, the whole message: varint count, then key, 0 or 1, varint size and a message: of what
//   is exported, or
//                    of the error that says why it cannot cross
//   later        the tag of an object, array, map, set or error: its contents (an error's: from the cause on) come
//   after the
//                value, in the order of their beginnings. So nothing is nested more than MESSAGE_DEPTH deep, however
//                deep the value is, and neither side needs a stack for it.
//   refused          text: in the place of a property or item, why it cannot cross. Within a module, or where the host
//   wants it left out.
// Keys are: 0 then a string or symbol value, which gets the next number; or that number + 1. Varints are little-endian
// base 128.
//
// The buffers: of a buffer that crosses itself all bytes are sent, of others those which the views in the message
// cover; views that overlap share a buffer.
//   varint count of buffers, each: flags byte; shared: varint index; else varint size, resizable: double maximum; a
//   block: its address varint count of chunks, each: varint buffer, offset in it, size, position of the bytes in the
//   message, or 0 and the address of a block (host/boundary/message_blocks.h) varint count of items, each: varint
//   buffer, offset in it, size in bytes, flags byte
// and at the end 4 bytes, little-endian: the position where this begins.
// The numbers: of all that counts as arrived (guest_function, guest_promise, guest_object and receivers of the guest;
// host_function, host_object and receivers of the host) 4 bytes each, in their order, and 4 bytes that say how many
// (host/boundary/message_numbers.h).
#ifndef CAISSON_MESSAGE_H
#define CAISSON_MESSAGE_H

#include "host/boundary/bridge.h"
#include "host/runtime/protocol.h"

typedef enum MessageTag {  // MESSAGE_UNDEFINED and so on
#define PROTOCOL_TAG(name) MESSAGE_##name,
#include "host/runtime/protocol.def"
} MessageTag;

// Appends a message to `out`. TypeError naming what cannot cross; runs getters and proxies' traps of the guest.
MUST_CHECK bool message_write(Context *cx, Value value, Buffer *out);
// `arguments` as an array value.
MUST_CHECK bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out);
// For structuredClone: what is not data is given to `refuse`, a function that throws; `shared` collects
// SharedArrayBuffers. What is in the array `moved` crosses as the number of its place there, a guest_promise in form.
MUST_CHECK bool message_write_clone(Context *cx, Value value, Value refuse, Value moved, Value *shared, Buffer *out);
// What crosses is copied, also where a reference would be sent.
MUST_CHECK bool message_write_copy(Context *cx, Value value, Buffer *out);
// For a host function with these flags.
MUST_CHECK bool message_write_arguments(Context *cx, const Value *arguments, uint32_t count, uint8_t flags,
                                        Buffer *out);
// For a console: what cannot cross is its text.
MUST_CHECK bool message_write_printed(Context *cx, const Value *values, uint32_t count, Buffer *out);
// A reference to the object. TypeError for what is none.
MUST_CHECK bool message_write_reference(Context *cx, Value value, Buffer *out);
// Reads a message of the host. Throws when it is malformed: nothing in it is believed.
Value message_read(Context *cx, const uint8_t *bytes, size_t size);
// Likewise, of as many values as there are holes among the rooted `values`: they take their places.
MUST_CHECK bool message_read_values(Context *cx, const uint8_t *bytes, size_t size, Value *values, uint32_t count);
// Writes and reads: structuredClone. For each object of the array `moved` the copy has the one of `places` at its
// index.
Value message_clone(Context *cx, Value value, Value refuse, Value moved, Value places);
enum { CLONED_ERROR_HAS_NO_MESSAGE = 2 };  // beside PROTOCOL_ERROR_IS_DOM_EXCEPTION, in clones only

// What crossed by number (bridge.c).
Value bridge_host_function(Context *cx, uint32_t number, Value name, uint8_t flags, uint8_t length);
MUST_CHECK bool bridge_is_host_function(Value value, uint32_t *number);
Value bridge_host_promise(Context *cx, uint32_t number);
// Keeps it alive until released. `number`: the value's handle.
MUST_CHECK bool bridge_guest_handle(Context *cx, Value object, uint32_t *handle);
typedef enum HandleKind { HANDLE_FUNCTION, HANDLE_PROMISE, HANDLE_OBJECT } HandleKind;  // an object: whatever it is
Value bridge_guest_object(Context *cx, uint32_t handle, HandleKind kind);
MUST_CHECK bool bridge_watch_promise(Context *cx, Value promise, uint32_t handle);
// Of an object of the host that the guest knows: its place, made if need be; NULL: threw.
HostFunctionEntry *bridge_host_entry(Context *cx, uint32_t number);
MUST_CHECK bool bridge_reserve(Context *cx, void **items, uint32_t *capacity, size_t size, uint32_t needed);

// Objects that crossed (bridge_objects.c).
MUST_CHECK bool bridge_add_copy(Context *cx, Object *copy, uint64_t number);  // of an object or error of the host
bool bridge_find_copy(Context *cx, const Object *object, uint64_t *number);
// The host's object that a function is called on: its copy or its proxy; HOST_RECEIVER_NONE.
int64_t bridge_receiver(Context *cx, Value this_value);
// A number for an error of the guest.
MUST_CHECK bool bridge_number_error(Context *cx, Object *error, uint64_t *number);
Object *bridge_find_error(Context *cx, uint64_t number);  // NULL: it is gone
// The guest's proxy of a host object. `class_`: a host function whose instance it is, or undefined.
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
