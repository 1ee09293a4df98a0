// Modules from the host's side: who asks for sources, and who brings them.
#ifndef CAISSON_MODULE_SOURCES_H
#define CAISSON_MODULE_SOURCES_H

#include "host/runtime/host.h"

// import(specifier) from the host: a promise of the namespace.
Value host_import_module(Context *cx, Value specifier, Value referrer);
// The answer to a request for a module's source: the source text, or with `failed` the error.
MUST_CHECK bool host_provide_module(Context *cx, uint64_t request, Value source, bool failed);
void host_modules_trace(const CaissonRuntime *runtime, Tracer *tracer);

#endif
