// Values as bytes, for crossing between guest and host: a compact structured clone, one message per crossing.
// The JavaScript side is npm/src/message.js; both list the same tags.
//
// A message is one value: a tag byte, then
//   undefined null true false hole   nothing
//   int          zigzag varint
//   double       8 bytes, little-endian
//   latin1       varint length, bytes          utf16  varint length, 2 bytes per unit
//   bigint       sign byte, varint count of 32-bit digits, the digits
//   reference    varint: number of an object that came earlier in the message
//   object       varint count, then key, value, ...     (objects are numbered as they begin)
//   array        varint length, items (holes allowed), varint count of further keys, key, value, ...
//   date         8 bytes (ms)                  map    varint count, key, value, ...     set  varint count, items
//   regexp       source string, flags string
//   buffer       varint size, bytes            (numbered)
//   typed_array  kind byte, buffer, varint offset, varint length         data_view  likewise without kind
//   error        name, message, stack, then cause or hole, errors (array) or hole: five values (numbered)
//   boxed        the primitive
//   guest_function   varint handle, name       made by the guest; going back to it: the function itself
//   host_function    varint number, name, flags byte (1: blocking)
//   guest_promise    varint handle             host_promise  varint number
//   invalid date is a NaN. Keys are: 0 then a string value, which gets the next number; or that number + 1.
// Varints are little-endian base 128.
#ifndef CAISSON_MESSAGE_H
#define CAISSON_MESSAGE_H

#include "host/host.h"

typedef enum MessageTag {
  MESSAGE_UNDEFINED, MESSAGE_NULL, MESSAGE_TRUE, MESSAGE_FALSE, MESSAGE_HOLE, MESSAGE_INT, MESSAGE_DOUBLE,
  MESSAGE_LATIN1, MESSAGE_UTF16, MESSAGE_BIGINT, MESSAGE_REFERENCE, MESSAGE_OBJECT, MESSAGE_ARRAY, MESSAGE_DATE,
  MESSAGE_MAP, MESSAGE_SET, MESSAGE_REGEXP, MESSAGE_BUFFER, MESSAGE_TYPED_ARRAY, MESSAGE_DATA_VIEW, MESSAGE_ERROR,
  MESSAGE_BOXED, MESSAGE_GUEST_FUNCTION, MESSAGE_HOST_FUNCTION, MESSAGE_GUEST_PROMISE, MESSAGE_HOST_PROMISE,
} MessageTag;

// Appends `value` to `out`. TypeError naming what cannot cross; runs getters and proxies' traps of the guest.
MUST_CHECK bool message_write(Context *cx, Value value, Buffer *out);
// `arguments` as an array value.
MUST_CHECK bool message_write_list(Context *cx, const Value *arguments, uint32_t count, Buffer *out);
// The same for structuredClone: what is not data is given to `refuse`, a function that throws.
MUST_CHECK bool message_write_clone(Context *cx, Value value, Value refuse, Buffer *out);
// Reads one value; moves *position. Throws when the bytes are malformed.
Value message_read(Context *cx, const uint8_t *bytes, size_t size, size_t *position);

// Functions and promises that crossed (bridge.c).
Value bridge_host_function(Context *cx, uint32_t number, Value name, uint8_t flags);
MUST_CHECK bool bridge_is_host_function(Value value, uint32_t *number);
Value bridge_host_promise(Context *cx, uint32_t number);
MUST_CHECK bool bridge_guest_handle(Context *cx, Value object, uint32_t *handle);  // keeps it alive until released
Value bridge_guest_object(Context *cx, uint32_t handle);
MUST_CHECK bool bridge_watch_promise(Context *cx, Value promise, uint32_t handle);

#endif
