// Until modules are linked: every use of them is an ordinary error.
#include "host/host.h"
#include "host/modules.h"
#include "runtime/errors.h"
#include "runtime/modules.h"

static Value not_linked(Context *cx) { return throw_type_error(cx, "modules are not available"); }
Value module_get_import(Context *cx, Value slot) { return (void)slot, not_linked(cx); }
Value module_import_dynamically(Context *cx, Code *code, Value specifier, Value options, int phase) {
  return (void)code, (void)specifier, (void)options, (void)phase, not_linked(cx);
}
Value module_import_meta(Context *cx, Code *code) { return (void)code, not_linked(cx); }
Value host_evaluate_module(Context *cx, Value source, Value name) { return (void)source, (void)name, not_linked(cx); }
Value host_import_module(Context *cx, Value specifier, Value referrer) { return (void)specifier, (void)referrer, not_linked(cx); }
bool host_provide_module(Context *cx, uint32_t request, Value source, bool failed) {
  return (void)cx, (void)request, (void)source, (void)failed, true;
}
