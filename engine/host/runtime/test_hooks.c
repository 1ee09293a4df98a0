// The host object that conformance suites ask for. https://github.com/tc39/test262/blob/main/INTERPRETING.md
#include "host/runtime/host.h"
#include "interpreter/evaluate.h"
#include "runtime/buffers.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/realm.h"

static Value hooks_print(Context *cx, const Call *call) {
  CaissonRuntime *runtime = host_of(cx);
  ROOTS(cx, r, text);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  TextView view;
  if (!string_view(cx, value_as_string(r->text), &view)) return VALUE_ABRUPT;
  Buffer out;
  buffer_initialize(&out, &cx->memory);
  host_append_utf8(&out, view);
  if (runtime->options.callbacks.print && !out.failed)
    runtime->options.callbacks.print(runtime->options.user, CAISSON_LOG, out.data ? (const char *)out.data : "",
                                     out.size);
  buffer_release(&out);
  return VALUE_UNDEFINED;
}

static Value hooks_create_realm(Context *cx, const Call *call) {
  (void)call;
  ROOTS(cx, r, realm, key);
  Realm *realm = realm_create(cx);
  if (!realm) return VALUE_ABRUPT;
  r->realm = value_internal(realm);
  Realm *saved = cx->realm;
  cx->realm = realm;
  bool made = host_install_test_hooks(cx, realm->global_object);
  cx->realm = saved;
  if (!made) return VALUE_ABRUPT;
  r->key = key_from_ascii(cx, "$262");
  return value_is_abrupt(r->key) ? VALUE_ABRUPT : object_get_key(cx, realm->global_object, r->key);
}

static Value hooks_eval_script(Context *cx, const Call *call) {
  ROOTS(cx, r, source, name);
  r->source = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  r->name = string_from_ascii(cx, "evalScript");
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  return evaluate_script(cx, r->source, r->name);
}

static Value hooks_detach_array_buffer(Context *cx, const Call *call) {
  Value buffer = call_argument(call, 0);
  if (!value_is_object_of(buffer, CELL_ARRAY_BUFFER))
    return throw_type_error(cx, "detachArrayBuffer: expected an ArrayBuffer, not %v", buffer);
  return array_buffer_detach(cx, (ArrayBuffer *)value_as_object(buffer), call_argument(call, 1)) ? VALUE_NULL
                                                                                                 : VALUE_ABRUPT;
}

static Value hooks_collect(Context *cx, const Call *call) {
  (void)call;
  heap_collect(&cx->heap);
  return VALUE_UNDEFINED;
}

// https://tc39.es/ecma262/#sec-IsHTMLDDA-internal-slot
static Value hooks_html_dda(Context *cx, const Call *call) {
  (void)cx;
  (void)call;
  return VALUE_NULL;
}

// Agents of one thread share memory by the address of its block, which the runner keeps alive meanwhile: shareMemory
// returns it, and adoptMemory makes a SharedArrayBuffer of another runtime from it.
static Value hooks_share_memory(Context *cx, const Call *call) {
  Value buffer = call_argument(call, 0);
  if (!value_is_array_buffer(buffer, true))
    return throw_type_error(cx, "shareMemory: expected a SharedArrayBuffer, got %v", buffer);
  return value_number((double)(uintptr_t)value_as_array_buffer(buffer)->shared);
}

static Value hooks_adopt_memory(Context *cx, const Call *call) {
  double address;
  if (!value_to_number(cx, call_argument(call, 0), &address)) return VALUE_ABRUPT;
  ArrayBuffer *buffer = array_buffer_adopt_shared(cx, (SharedBlock *)(uintptr_t)address);
  return buffer ? value_object(buffer) : VALUE_ABRUPT;
}

static const BuiltinRow hooks_rows[] = {
    FUNCTION("createRealm", 0, hooks_create_realm),
    FUNCTION("evalScript", 1, hooks_eval_script),
    FUNCTION("detachArrayBuffer", 1, hooks_detach_array_buffer),
    FUNCTION("gc", 0, hooks_collect),
    FUNCTION("shareMemory", 1, hooks_share_memory),
    FUNCTION("adoptMemory", 1, hooks_adopt_memory),
    END_OF_ROWS,
};
static const BuiltinRow global_rows[] = {
    FUNCTION("print", 1, hooks_print),
    END_OF_ROWS,
};

bool host_install_test_hooks(Context *cx, Object *global) {
  ROOTS(cx, r, hooks, key, dda);
  Object *hooks = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!hooks) return false;
  r->hooks = value_object(hooks);
  if (!builtin_add_rows(cx, cx->realm, hooks, hooks_rows) || !builtin_add_rows(cx, cx->realm, global, global_rows))
    return false;
  r->key = key_from_ascii(cx, "global");
  if (value_is_abrupt(r->key) || !object_add_property(cx, hooks, r->key, value_object(global), PROPERTY_HIDDEN))
    return false;
  r->key = key_from_ascii(cx, "IsHTMLDDA");
  if (value_is_abrupt(r->key)) return false;
  Object *dda = native_function_create(cx, hooks_html_dda, r->key, 0, false);
  if (!dda) return false;
  r->dda = value_object(dda);
  dda->cell.flags |= OBJECT_HTMLDDA;
  if (!object_add_property(cx, hooks, r->key, r->dda, PROPERTY_HIDDEN)) return false;
  Value source = realm_intrinsic(cx, INTRINSIC_AbstractModuleSource);
  if (value_is_object(source)) {
    r->key = key_from_ascii(cx, "AbstractModuleSource");
    if (value_is_abrupt(r->key) || !object_add_property(cx, hooks, r->key, source, PROPERTY_HIDDEN)) return false;
  }
  r->key = key_from_ascii(cx, "$262");
  return !value_is_abrupt(r->key) && object_add_property(cx, global, r->key, r->hooks, PROPERTY_HIDDEN);
}
