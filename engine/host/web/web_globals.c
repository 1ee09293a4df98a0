// The globals of web_globals.js and web_urls.js. Each is a lazy property; the file that makes it runs when a program
// first uses one of its globals. Also the native operations that those files use.
#include "builtins/self_hosted.h"
#include "host/boundary/message.h"
#include "host/web/web_natives.h"
#include "interpreter/evaluate.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

extern const SelfHostedSource host_sources[];  // generated; ends with a NULL name

typedef struct WebGlobal {
  const char *name, *file;
} WebGlobal;

static const WebGlobal web_globals[] = {
    {"AbortController", "web_globals"}, {"AbortSignal", "web_globals"},
    {"CustomEvent", "web_globals"},     {"DOMException", "web_globals"},
    {"Event", "web_globals"},           {"EventTarget", "web_globals"},
    {"MessageChannel", "web_globals"},  {"MessageEvent", "web_globals"},
    {"MessagePort", "web_globals"},     {"TextDecoder", "web_globals"},
    {"TextEncoder", "web_globals"},     {"Performance", "web_globals"},
    {"structuredClone", "web_globals"}, {"URL", "web_urls"},
    {"URLSearchParams", "web_urls"},
};

// https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
// clone(value, refuse, moved, places): `refuse` is called with a value that cannot be cloned, and throws; each object
// of the array `moved` is replaced in the copy by the object of `places` at its index.
static Value web_clone(Context *cx, const Call *call) {
  return message_clone(cx, call_argument(call, 0), call_argument(call, 1), call_argument(call, 2),
                       call_argument(call, 3));
}

// setStackHeader(error, text, function): makes the stack begin with the text, and with the callers of the function
static Value web_set_stack_header(Context *cx, const Call *call) {
  Value error = call_argument(call, 0);
  if (!value_is_object_of(error, CELL_ERROR) || !value_is_string(call_argument(call, 1))) return VALUE_UNDEFINED;
  return error_set_header(cx, value_as_object(error), call_argument(call, 1), call_argument(call, 2)) ? VALUE_UNDEFINED
                                                                                                      : VALUE_ABRUPT;
}

// stack(): the guest's frames as text, a line each
Value web_stack(Context *cx, const Call *call) {
  (void)call;
  ROOTS(cx, r, error, stack);
  Object *error = error_create(cx, ERROR_PLAIN, VALUE_UNDEFINED);
  if (!error) return VALUE_ABRUPT;
  r->error = value_object(error);
  r->stack = error_stack_value(cx, (ErrorObject *)error);
  TextView text;
  if (!value_is_string(r->stack)) return value_is_abrupt(r->stack) ? VALUE_ABRUPT : cx->names->empty;
  if (!string_view(cx, value_as_string(r->stack), &text)) return VALUE_ABRUPT;
  uint32_t start = 0, steps = 0;
  for (; start < text.length && text_view_unit(text, start) != '\n'; start++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
  }
  return string_slice(cx, value_as_string(r->stack), start, text.length);
}

Value web_now(Context *cx, const Call *call) {
  (void)cx;
  (void)call;
  return value_number(host_monotonic_time());
}

static const BuiltinRow native_rows[] = {
    FUNCTION("clone", 2, web_clone),
    FUNCTION("setStackHeader", 3, web_set_stack_header),
    FUNCTION("now", 0, web_now),
    FUNCTION_MAGIC("startIdleTimer", 2, host_timer_start, 2),
    END_OF_ROWS,
};

static Value evaluate_file(Context *cx, Realm *realm, const char *file) {
  const SelfHostedSource *source = host_sources;
  while (source->name && strcmp(source->name, file) != 0) source++;
  ASSERT(source->name != NULL);
  ROOTS(cx, r, text, name, function, native, key);
  r->text = string_from_ascii(cx, source->text);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->name = string_from_ascii(cx, file);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  r->function = evaluate_script(cx, r->text, r->name);
  if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
  value_as_cell(((const Closure *)value_as_object(r->function))->code->source)->small = SOURCE_OF_ENGINE;
  Object *native = object_create(cx, NULL);
  if (!native) return VALUE_ABRUPT;
  r->native = value_object(native);
  const BuiltinRow *rows = strcmp(file, "web_urls") == 0      ? web_url_rows
                           : strcmp(file, "web_console") == 0 ? web_console_rows
                                                              : native_rows;
  if (!builtin_add_rows(cx, realm, native, rows)) return VALUE_ABRUPT;
  if (rows == native_rows && !builtin_add_rows(cx, realm, native, web_text_rows)) return VALUE_ABRUPT;
  r->key = key_from_ascii(cx, "globals");
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  if (!object_add_property(cx, native, r->key, value_object(realm->global_object), PROPERTY_HIDDEN))
    return VALUE_ABRUPT;
  return function_call(cx, r->function, VALUE_UNDEFINED, &r->native, 1);
}

// The result of a file is kept in realm->host_defined: an object, file -> globals.
static MUST_CHECK bool make_files(Context *cx, Realm *realm) {
  if (value_is_object(realm->host_defined)) return true;
  Object *files = object_create(cx, NULL);
  if (files) realm->host_defined = value_object(files);
  return files != NULL;
}

static Value globals_of_file(Context *cx, Realm *realm, const char *file) {
  ROOTS(cx, r, key, value, log);
  r->key = key_from_ascii(cx, file);
  if (value_is_abrupt(r->key) || !make_files(cx, realm)) return VALUE_ABRUPT;
  Object *files = value_as_object(realm->host_defined);
  r->value = object_peek(files, r->key);  // without a record, see below
  if (value_is_object(r->value)) return r->value;
  // The step around this can still be run again: then the file has been evaluated.
  Replay replay = replay_suspend(cx);
  r->log = replay.log;
  r->value = evaluate_file(cx, realm, file);
  replay_go_on(cx, replay);
  if (value_is_abrupt(r->value) || !object_add_property(cx, files, r->key, r->value, PROPERTY_DEFAULT))
    return VALUE_ABRUPT;
  return r->value;
}

Value host_web_member(Context *cx, const char *file, const char *name) {
  ROOTS(cx, r, globals, key);
  r->globals = globals_of_file(cx, cx->realm, file);
  if (value_is_abrupt(r->globals)) return VALUE_ABRUPT;
  r->key = key_from_ascii(cx, name);
  return value_is_abrupt(r->key) ? VALUE_ABRUPT : object_get_key(cx, value_as_object(r->globals), r->key);
}

// Before web_globals.js has run, there are none.
static Value peek_at(Context *cx, Value object, const char *name) {
  if (!value_is_object(object)) return VALUE_UNDEFINED;
  PropertyKey key = key_from_ascii(cx, name);
  if (!value_is_abrupt(key)) return object_peek(value_as_object(object), key);
  if (exception_is_catchable(cx)) (void)exception_take(cx);
  return VALUE_UNDEFINED;
}

enum { PROTOTYPES_LOOKED_AT = 16 };

static const char console_name[] = "host_console";

Value host_console_object(Context *cx) { return peek_at(cx, cx->realm->host_defined, console_name); }

static bool host_set_console(Context *cx, Value console) {
  ROOTS(cx, r, key);
  r->key = key_from_ascii(cx, console_name);
  if (value_is_abrupt(r->key) || !make_files(cx, cx->realm)) return false;
  return object_add_property(cx, value_as_object(cx->realm->host_defined), r->key, console, PROPERTY_DEFAULT);
}

static bool host_is_dom_exception(Context *cx, const Object *object) {
  Value constructor = peek_at(cx, peek_at(cx, cx->realm->host_defined, "web_globals"), "DOMException");
  Value prototype =
      value_is_object(constructor) ? object_peek(value_as_object(constructor), cx->names->prototype) : VALUE_UNDEFINED;
  const Object *next = value_is_object(prototype) ? object->shape->prototype : NULL;
  for (int depth = 0; next && depth < PROTOTYPES_LOOKED_AT; depth++, next = next->shape->prototype)
    if (next == value_as_object(prototype)) return true;
  return false;
}

static bool host_is_platform_object(Context *cx, const Object *object) {
  Value list = peek_at(cx, peek_at(cx, cx->realm->host_defined, "web_globals"), "platformPrototypes");
  Value urls = peek_at(cx, cx->realm->host_defined, "web_urls");
  const Object *prototypes = value_is_object_of(list, CELL_ARRAY) ? value_as_object(list) : NULL;
  const Object *prototype = object->shape->prototype;
  for (int depth = 0; prototype && depth < PROTOTYPES_LOOKED_AT; depth++, prototype = prototype->shape->prototype) {
    for (uint32_t i = 0; prototypes && i < prototypes->element_count; i++)
      if (prototypes->elements->items[i] == value_object(prototype)) return true;
    for (int i = 0; value_is_object(urls) && i < 2; i++) {
      Value constructor = peek_at(cx, urls, i ? "URLSearchParams" : "URL");
      if (value_is_object(constructor) &&
          object_peek(value_as_object(constructor), cx->names->prototype) == value_object(prototype))
        return true;
    }
  }
  return false;
}

static Value host_make_dom_exception(Context *cx, Value message, Value name) {
  ROOTS(cx, r, globals, key, constructor, message, name);
  r->message = message;
  r->name = name;
  r->globals = globals_of_file(cx, cx->realm, "web_globals");
  if (value_is_abrupt(r->globals)) return VALUE_ABRUPT;
  r->key = key_from_ascii(cx, "DOMException");
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  r->constructor = object_get_key(cx, value_as_object(r->globals), r->key);
  return value_is_abrupt(r->constructor) ? VALUE_ABRUPT
                                         : function_construct(cx, r->constructor, r->constructor, &r->message, 2);
}

static Value host_make_global(Context *cx, Realm *realm, PropertyKey key) {
  const BuiltinRow *row = builtin_find_row(cx, host_global_rows, key);
  if (row) return builtin_make_row(cx, realm, row, key);
  for (size_t i = 0; i < COUNT_OF(web_globals); i++) {
    if (!string_equals_ascii(value_as_string(key), web_globals[i].name)) continue;
    ROOTS(cx, r, globals);
    r->globals = globals_of_file(cx, realm, web_globals[i].file);
    return value_is_abrupt(r->globals) ? VALUE_ABRUPT : object_get_key(cx, value_as_object(r->globals), key);
  }
  UNREACHABLE();
}

static bool host_install_globals(Context *cx) {
  ROOTS(cx, r, key);
  if (!builtin_add_lazy_rows(cx, cx->realm, cx->realm->global_object, host_global_rows)) return false;
  for (size_t i = 0; i < COUNT_OF(web_globals); i++) {
    r->key = key_from_ascii(cx, web_globals[i].name);
    // https://webidl.spec.whatwg.org/#es-interfaces  Operations can be enumerated, interfaces cannot.
    bool is_operation = web_globals[i].name[0] >= 'a';
    uint8_t attributes = (is_operation ? PROPERTY_DEFAULT : PROPERTY_HIDDEN) | PROPERTY_LAZY;
    if (value_is_abrupt(r->key) ||
        !builtin_add_global(cx, cx->realm->global_object, r->key, value_internal(cx->realm), attributes))
      return false;
  }
  return true;
}

static bool web_initialize(CaissonRuntime *runtime) {
  static const HostWeb web = {host_is_dom_exception, host_is_platform_object, host_make_dom_exception,
                              host_set_console};
  runtime->web = &web;
  return true;
}

const HostExtension web_extension = {
    .initialize = web_initialize, .install = host_install_globals, .make_global = host_make_global};
