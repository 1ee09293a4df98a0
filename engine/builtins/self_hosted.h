// Built-in functions written in JavaScript: builtins/**/*.js, embedded by the build.
//
// Each function of those files begins in the first column with `function Name(`, `function* Name(` or
// `async function Name(` and ends with `}` in the first column. It is compiled alone, when first needed, once per
// Context; each realm gets its own closure. One function reaches another through %SelfHosted("Name").
#ifndef CAISSON_BUILTINS_SELF_HOSTED_H
#define CAISSON_BUILTINS_SELF_HOSTED_H

#include "runtime/realm.h"

typedef struct SelfHostedSource {
  const char *name;  // of the file, without .js
  const char *text;  // ASCII, NUL-terminated
  uint32_t length;
} SelfHostedSource;
extern const SelfHostedSource self_hosted_sources[];  // generated; ends with a NULL name

// RuntimeHooks.self_hosted: the realm's function of that name.
Value self_hosted_function(Context *cx, Realm *realm, const char *name);

// The call sites for Error.prepareStackTrace (builtins/fundamentals/call_site.c).
Value call_sites_create(Context *cx, Value frames);

#endif
