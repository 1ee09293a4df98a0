// Modules from the host's side: requests for sources, and their answers.
#ifndef CAISSON_MODULE_SOURCES_H
#define CAISSON_MODULE_SOURCES_H

#include "host/runtime/host.h"

// import(specifier) from the host: a promise of the namespace.
Value host_import_module(Context *cx, Value specifier, Value referrer);
typedef enum ModuleAnswer {
#define PROTOCOL_MODULE_ANSWER(name) MODULE_ANSWER_##name,
#include "host/runtime/protocol.def"
  MODULE_ANSWERS
} ModuleAnswer;
// The answer to a request for a module. `name`: which one it is, where the host has another name for it than the one
// that was asked for, else undefined. A module is made once of each name.
MUST_CHECK bool host_provide_module(Context *cx, uint64_t request, ModuleAnswer kind, Value given, Value name);
void host_modules_trace(const CaissonRuntime *runtime, Tracer *tracer);

#endif
