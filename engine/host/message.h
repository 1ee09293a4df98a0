// Values as bytes, for crossing between guest and host: a compact structured clone, one message per crossing.
// The JavaScript side is npm/src/message-writer.js and message-reader.js; the numbers are those of protocol.def.
//
// A message is a byte of flags, one value, the contents of what was put off, and perhaps the buffers. A value is a tag, then
//   undefined null true false        nothing
//   hole         nothing; stands only where it is named below
//   int          zigzag varint
//   double       8 bytes, little-endian
//   latin1       varint length, bytes          utf16  varint length, 2 bytes per unit
//   text_reference  varint: texts of SHARED_TEXT_LENGTH units and more are numbered, keys and names included
//   bigint       sign byte, varint count of 32-bit digits, the digits
//   reference    varint: number of an object that came earlier in the message (objects are numbered as they begin)
//   object       properties: varint count, then key, value, ...   (a hole: it went away while the object was written)
//   array        varint length, items (holes allowed), properties
//   sparse_array varint length, properties, indices among them
//   map          varint count, key, value, ...                     set    varint count, items
//   error        class byte, name, message, stack: three strings; then cause or hole, errors or hole, properties
//   date         8 bytes (ms; NaN: invalid)
//   regexp       source string, flags string
//   boxed        the primitive
//   buffer, typed_array (kind byte), data_view
//                varint size of new bytes, these bytes; the first, second, ... of them is the first, second, ... item below
//   guest_function   varint handle, name       made by the guest; going back to it: the function itself
//   host_function    varint number, name, flags byte
//   guest_promise    varint handle             host_promise  varint number
//   later        the tag of an object, array, map, set or error: its contents (an error's: from the cause on) come after the
//                value, in the order of their beginnings. So nothing is nested more than MESSAGE_DEPTH deep, however deep
//                the value is, and neither side needs a stack for it.
// Keys are: 0 then a string value, which gets the next number; or that number + 1. Varints are little-endian base 128.
//
// The buffers: of a buffer that crosses itself all bytes are sent, of others those which the views in the message cover;
// views that overlap share a buffer.
//   varint count of buffers, each: flags byte; shared: varint index; else varint size, resizable: double maximum
//   varint count of chunks, each: varint buffer, offset in it, size, position of the bytes in the message
//   varint count of items, each: varint buffer, offset in it, size in bytes, flags byte
// and at the very end 4 bytes, little-endian: the position where this begins.
#ifndef CAISSON_MESSAGE_H
#define CAISSON_MESSAGE_H

#include "host/host.h"
#include "host/protocol.h"

typedef enum MessageTag {  // MESSAGE_UNDEFINED and so on
#define PROTOCOL_TAG(name) MESSAGE_##name,
#include "host/protocol.def"
} MessageTag;

// Appends a message to `out`. TypeError naming what cannot cross; runs getters and proxies' traps of the guest.
MUST_CHECK bool message_write(Context *cx, Value value, Buffer *out);
// `arguments` as an array value.
MUST_CHECK bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out);
// For structuredClone: what is not data is given to `refuse`, a function that throws; `shared` collects SharedArrayBuffers.
// What is in the array `moved` crosses as the number of its place there, a guest_promise in form.
MUST_CHECK bool message_write_clone(Context *cx, Value value, Value refuse, Value moved, Value *shared, Buffer *out);
// Reads a message of the host. Throws when it is malformed: nothing in it is believed.
Value message_read(Context *cx, const uint8_t *bytes, size_t size);
// Writes and reads: structuredClone. For each object of the array `moved` the copy has the one of `places` at its index.
Value message_clone(Context *cx, Value value, Value refuse, Value moved, Value places);
enum { CLONED_ERROR_HAS_NO_MESSAGE = 2 };  // beside PROTOCOL_ERROR_IS_DOM_EXCEPTION, in clones only

// Functions and promises that crossed (bridge.c).
Value bridge_host_function(Context *cx, uint32_t number, Value name, uint8_t flags);
MUST_CHECK bool bridge_is_host_function(Value value, uint32_t *number);
Value bridge_host_promise(Context *cx, uint32_t number);
MUST_CHECK bool bridge_guest_handle(Context *cx, Value object, uint32_t *handle);  // keeps it alive until released
typedef enum HandleKind { HANDLE_FUNCTION, HANDLE_PROMISE } HandleKind;
Value bridge_guest_object(Context *cx, uint32_t handle, HandleKind kind);
MUST_CHECK bool bridge_watch_promise(Context *cx, Value promise, uint32_t handle);

// DOMException is written in JavaScript (web_globals.c).
MUST_CHECK bool host_is_dom_exception(Context *cx, const Object *object);
// URL, EventTarget and the other classes of web_globals.js and web_urls.js, by their prototypes.
MUST_CHECK bool host_is_platform_object(Context *cx, const Object *object);
Value host_make_dom_exception(Context *cx, Value message, Value name);

#endif
