// The native part of the web globals that are written in JavaScript; each file's rows become methods of its `native`.
#ifndef CAISSON_WEB_NATIVES_H
#define CAISSON_WEB_NATIVES_H

#include "host/runtime/host.h"
#include "runtime/builtin_table.h"
#include "text/url.h"

extern const HostExtension web_extension;
extern const BuiltinRow host_global_rows[];  // console, timers, queueMicrotask (globals.c)
extern const BuiltinRow web_text_rows[];     // web_text.c
extern const BuiltinRow web_url_rows[];      // web_urls.c
extern const BuiltinRow web_console_rows[];  // globals.c

// web_base64.c
Value web_atob(Context *cx, const Call *call);
Value web_btoa(Context *cx, const Call *call);
// now(): monotonic milliseconds
Value web_now(Context *cx, const Call *call);
Value web_stack(Context *cx, const Call *call);
// The host's functions that the levels of the console call instead of printing: an object with methods such as log;
// undefined: none.
Value host_console_object(Context *cx);
// A member of the object that such a file returns.
Value host_web_member(Context *cx, const char *file, const char *name);

// The text of a string as UTF-8 with lone surrogates replaced by U+FFFD: USVString of Web IDL. ASCII text is the
// string's own characters, so the string must stay alive; other text is in `scratch`. False: threw.
MUST_CHECK bool web_text_bytes(Context *cx, Value string, Buffer *scratch, UrlBytes *bytes);
// UTF-8 as the Encoding Standard decodes it, without looking for a byte order mark. With `fatal`, undefined when there
// is an error.
Value web_decode_utf8(Context *cx, const uint8_t *bytes, size_t size, bool fatal);

#endif
