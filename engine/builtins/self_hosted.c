#include "builtins/self_hosted.h"

#include "bytecode/compile.h"
#include "interpreter/evaluate.h"
#include "interpreter/interpreter.h"
#include "runtime/errors.h"

// Caches are null-prototype objects: name -> internal Code (of the Context) or closure (of a realm).
static Value cache_find(Value cache, PropertyKey name) {
  if (!value_is_object(cache)) return VALUE_HOLE;
  const Object *object = value_as_object(cache);
  const Property *property = shape_lookup(object->shape, name);
  return property ? object->slots[property->slot] : VALUE_HOLE;
}

// *cache is part of a rooted object.
static MUST_CHECK bool cache_add(Context *cx, Value *cache, PropertyKey name, Value value) {
  if (!value_is_object(*cache)) {
    Object *object = object_create(cx, NULL);
    if (!object) return false;
    *cache = value_object(object);
    if (!object_make_dictionary(cx, object)) return false;
  }
  return object_add_property(cx, value_as_object(*cache), name, value, PROPERTY_DEFAULT);
}

static bool is_word_end(char unit) { return unit == '(' || unit == ' '; }

// Whether the line begins the function of that name.
static bool line_declares(const char *line, const char *name) {
  if (strncmp(line, "async ", 6) == 0) line += 6;
  if (strncmp(line, "function", 8) != 0) return false;
  line += 8;
  if (*line == '*') line++;
  if (*line++ != ' ') return false;
  size_t length = strlen(name);
  return strncmp(line, name, length) == 0 && is_word_end(line[length]);
}

static const char *next_line(const char *text) {
  const char *end = strchr(text, '\n');
  return end ? end + 1 : text + strlen(text);
}

// bounded: the engine's own text.
static bool source_find(const char *name, TextView *found) {
  for (const SelfHostedSource *source = self_hosted_sources; source->name; source++) {
    for (const char *line = source->text; *line; line = next_line(line)) {
      if (!line_declares(line, name)) continue;
      const char *end = line;
      while (*end && *end != '}') end = next_line(end);
      *found = text_view_narrow(line, (size_t)(end - line) + (*end == '}'));
      return true;
    }
  }
  return false;
}

static Value self_hosted_code(Context *cx, PropertyKey key, const char *name) {
  Value cached = cache_find(cx->self_hosted_codes, key);
  if (!value_is_hole(cached)) return cached;
  TextView text;
  if (!source_find(name, &text)) return throw_type_error(cx, "there is no self-hosted function %s", name);
  ROOTS(cx, r, source, script, code);
  r->source = string_from_view(cx, text);
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  CompileOptions options = {
      .source = r->source, .source_name = VALUE_UNDEFINED, .self_hosted = true, .is_strict = true};
  r->script = compile_script(cx, &options);
  if (value_is_abrupt(r->script)) return VALUE_ABRUPT;
  r->code = code_declared_function((const Code *)value_as_cell(r->script));
  if (value_is_hole(r->code)) return throw_type_error(cx, "self-hosted %s declares no function", name);
  // Like natives they are not constructors and have no `prototype`.
  ((Code *)value_as_cell(r->code))->flags &= ~(uint32_t)CODE_HAS_CONSTRUCT;
  return cache_add(cx, &cx->self_hosted_codes, key, r->code) ? r->code : VALUE_ABRUPT;
}

Value self_hosted_function(Context *cx, Realm *realm, const char *name) {
  ROOTS(cx, r, key, code, function, previous);
  r->key = key_from_ascii(cx, name);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Value cached = cache_find(realm->self_hosted, r->key);
  if (!value_is_hole(cached)) return cached;
  r->code = self_hosted_code(cx, r->key, name);
  if (value_is_abrupt(r->code)) return VALUE_ABRUPT;
  Realm *previous = cx->realm;
  r->previous = value_internal_or_undefined(previous);
  cx->realm = realm;
  Closure *closure = closure_create(cx, (Code *)value_as_cell(r->code), NULL);
  cx->realm = previous;
  if (!closure) return VALUE_ABRUPT;
  r->function = value_object(closure);
  return cache_add(cx, &realm->self_hosted, r->key, r->function) ? r->function : VALUE_ABRUPT;
}
