// What the WebAssembly builds ask of their host, and stand-ins for builds without one. Numbers and byte ranges only.
#ifndef CAISSON_IMPORTS_H
#define CAISSON_IMPORTS_H

#include "base/base.h"

typedef enum HostCallStatus { HOST_CALL_RETURNED, HOST_CALL_THREW, HOST_CALL_WAITS } HostCallStatus;

#ifdef __EMSCRIPTEN__
#define HOST_IMPORT(name) __attribute__((import_module("caisson"), import_name(#name)))
#else
#define HOST_IMPORT(name)
#endif

// Calls host function `number` with a message (a list). The answer is in the inbox, unless it WAITS: then the guest
// is set aside until caisson_resume(fiber). `fiber` is 0 for functions that must not wait.
HOST_IMPORT(call) uint32_t host_import_call(void *user, uint32_t number, const uint8_t *message, size_t size, uint32_t fiber);
// A guest promise that crossed has settled.
HOST_IMPORT(settle) void host_import_settle(void *user, uint32_t handle, uint32_t is_rejection, const uint8_t *message, size_t size);
// The guest no longer refers to host function `number`.
HOST_IMPORT(release) void host_import_release(void *user, uint32_t number);

#endif
