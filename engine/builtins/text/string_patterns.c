// The methods of String.prototype that take patterns, and operations of the self-hosted replace methods.
#include "builtins/text/string.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"

// Calls the method of the pattern, if the pattern is an object that has one. TRISTATE_FALSE: it has none.
static Tristate delegate(Context *cx, Value pattern, PropertyKey symbol, const Call *call, Value argument,
                         Value *result) {
  if (!value_is_object(pattern)) return TRISTATE_FALSE;
  ROOTS(cx, r, method, text, argument);
  r->method = value_get_method(cx, pattern, symbol);
  if (value_is_abrupt(r->method)) return TRISTATE_ABRUPT;
  if (value_is_undefined(r->method)) return TRISTATE_FALSE;
  r->text = call->this_value;
  r->argument = argument;
  *result = function_call(cx, r->method, pattern, &r->text, value_is_hole(argument) ? 1 : 2);
  return value_is_abrupt(*result) ? TRISTATE_ABRUPT : TRISTATE_TRUE;
}

// https://tc39.es/ecma262/#sec-string.prototype.matchall: a regular expression must be global
static MUST_CHECK bool check_global(Context *cx, Value pattern, const char *method) {
  bool is_regexp;
  if (!value_is_regexp(cx, pattern, &is_regexp)) return false;
  if (!is_regexp) return true;
  ROOTS(cx, r, flags);
  r->flags = object_get_key(cx, value_as_object(pattern), cx->names->flags);
  if (value_is_abrupt(r->flags) || !value_require_object_coercible(cx, r->flags, method)) return false;
  r->flags = value_to_string(cx, r->flags);
  TextView flags;
  if (value_is_abrupt(r->flags) || !string_view(cx, value_as_string(r->flags), &flags)) return false;
  uint32_t found;
  if (!text_search(cx, flags, text_view_literal("g"), 0, &found)) return false;
  if (found != TEXT_NOT_FOUND) return true;
  throw_type_error(cx, "String.prototype.%s: the regular expression must have the flag 'g'", method);
  return false;
}

// Creates the regular expression and calls its method named by `symbol`.
static Value by_regexp(Context *cx, const Call *call, const char *method, PropertyKey symbol, const char *flags) {
  ROOTS(cx, r, text, flags, regexp);
  r->text = string_this(cx, call, method);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->flags = VALUE_UNDEFINED;
  if (flags) {
    r->flags = string_from_ascii(cx, flags);
    if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  }
  r->regexp = regexp_create(cx, call_argument(call, 0), r->flags);
  if (value_is_abrupt(r->regexp)) return VALUE_ABRUPT;
  r->flags = value_get_method(cx, r->regexp, symbol);
  if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  return function_call(cx, r->flags, r->regexp, &r->text, 1);
}

static Value search_with(Context *cx, const Call *call, const char *name, PropertyKey symbol, const char *flags) {
  if (!value_require_object_coercible(cx, call->this_value, name)) return VALUE_ABRUPT;
  Value result;
  Tristate delegated = delegate(cx, call_argument(call, 0), symbol, call, VALUE_HOLE, &result);
  if (delegated == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return delegated == TRISTATE_TRUE ? result : by_regexp(cx, call, name, symbol, flags);
}

// https://tc39.es/ecma262/#sec-string.prototype.match
Value string_prototype_match(Context *cx, const Call *call) {
  return search_with(cx, call, "String.prototype.match", cx->names->symbol_match, NULL);
}

// https://tc39.es/ecma262/#sec-string.prototype.search
Value string_prototype_search(Context *cx, const Call *call) {
  return search_with(cx, call, "String.prototype.search", cx->names->symbol_search, NULL);
}

// https://tc39.es/ecma262/#sec-string.prototype.matchall
Value string_prototype_match_all(Context *cx, const Call *call) {
  if (!value_require_object_coercible(cx, call->this_value, "String.prototype.matchAll")) return VALUE_ABRUPT;
  if (value_is_object(call_argument(call, 0)) && !check_global(cx, call->arguments[0], "matchAll")) return VALUE_ABRUPT;
  return search_with(cx, call, "String.prototype.matchAll", cx->names->symbol_matchAll, "g");
}

// https://tc39.es/ecma262/#sec-string.prototype.split
Value string_prototype_split(Context *cx, const Call *call) {
  if (!value_require_object_coercible(cx, call->this_value, "String.prototype.split")) return VALUE_ABRUPT;
  Value separator = call_argument(call, 0), limit_value = call_argument(call, 1), result;
  Tristate delegated = delegate(cx, separator, cx->names->symbol_split, call, limit_value, &result);
  if (delegated != TRISTATE_FALSE) return delegated == TRISTATE_ABRUPT ? VALUE_ABRUPT : result;
  ROOTS(cx, r, text, separator, array, part);
  r->text = value_to_string(cx, call->this_value);
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  uint32_t limit = UINT32_MAX;
  if (!value_is_undefined(limit_value) && !value_to_uint32(cx, limit_value, &limit)) return VALUE_ABRUPT;
  r->separator = value_to_string(cx, separator);
  if (value_is_abrupt(r->separator)) return VALUE_ABRUPT;
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  if (limit == 0) return r->array;
  TextView text, part;
  if (!string_view(cx, value_as_string(r->text), &text) || !string_view(cx, value_as_string(r->separator), &part))
    return VALUE_ABRUPT;
  if (value_is_undefined(separator)) return array_push(cx, array, r->text) ? r->array : VALUE_ABRUPT;
  if (text.length == 0 && part.length == 0) return r->array;
  uint32_t start = 0;
  while (array->length < limit) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    uint32_t at;
    if (part.length == 0) {
      at = start + 1 < text.length ? start + 1 : TEXT_NOT_FOUND;
    } else if (!text_search(cx, text, part, start, &at)) {
      return VALUE_ABRUPT;
    }
    uint32_t end = at == TEXT_NOT_FOUND ? text.length : at;
    r->part = start == end       ? cx->names->empty
              : end - start == 1 ? string_from_unit(cx, text_view_unit(text, start))
                                 : string_slice(cx, value_as_string(r->text), start, end);
    if (value_is_abrupt(r->part) || !array_push(cx, array, r->part)) return VALUE_ABRUPT;
    if (at == TEXT_NOT_FOUND) break;
    start = at + part.length;
  }
  return r->array;
}

// For self-hosted code ------------------------------------------------------------------------------------------------

// %StringIndexOf(text, part, from): the position or -1
Value intrinsic_string_index_of(Context *cx, const Call *call) {
  TextView text, part;
  if (!string_view(cx, value_as_string(call->arguments[0]), &text) ||
      !string_view(cx, value_as_string(call->arguments[1]), &part))
    return VALUE_ABRUPT;
  double from = value_as_number(call->arguments[2]);
  uint32_t found = TEXT_NOT_FOUND;
  if (from <= text.length && !text_search(cx, text, part, (uint32_t)from, &found)) return VALUE_ABRUPT;
  return found == TEXT_NOT_FOUND ? value_int(-1) : value_int((int32_t)found);
}

// %SymbolReplace()
Value intrinsic_symbol_replace(Context *cx, const Call *call) {
  (void)call;
  return cx->names->symbol_replace;
}

// %CheckGlobalRegExp(pattern, method)
Value intrinsic_check_global_regexp(Context *cx, const Call *call) {
  (void)call->arguments[1];
  return check_global(cx, call->arguments[0], "replaceAll") ? VALUE_UNDEFINED : VALUE_ABRUPT;
}

// The named group of a template `$<name>`: appends nothing when it is undefined.
static MUST_CHECK bool append_named(Context *cx, StringBuilder *builder, Value groups, TextView name) {
  ROOTS(cx, r, key, value);
  r->key = key_from_view(cx, name);
  if (value_is_abrupt(r->key)) return false;
  r->value = object_get_key(cx, value_as_object(groups), r->key);
  if (value_is_abrupt(r->value)) return false;
  if (value_is_undefined(r->value)) return true;
  r->value = value_to_string(cx, r->value);
  return !value_is_abrupt(r->value) && string_builder_append_string(builder, value_as_string(r->value));
}

// %GetSubstitution(list of match and captures, text, position, named captures or undefined, template)
// https://tc39.es/ecma262/#sec-getsubstitution
Value intrinsic_get_substitution(Context *cx, const Call *call) {
  const Object *captures = value_as_object(call->arguments[0]);
  Value groups = call->arguments[3];
  TextView matched, text, template_;
  if (!string_view(cx, value_as_string(captures->elements->items[0]), &matched) ||
      !string_view(cx, value_as_string(call->arguments[1]), &text) ||
      !string_view(cx, value_as_string(call->arguments[4]), &template_))
    return VALUE_ABRUPT;
  uint32_t found;
  if (!text_search(cx, template_, text_view_literal("$"), 0, &found)) return VALUE_ABRUPT;
  if (found == TEXT_NOT_FOUND) return call->arguments[4];
  uint32_t start = (uint32_t)value_as_number(call->arguments[2]);
  uint32_t end = MIN_OF(text.length, start + matched.length);
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  uint32_t steps = 0;
  bool has_no_close = false;
  for (uint32_t i = 0; i < template_.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint16_t unit = text_view_unit(template_, i);
    uint16_t next = unit == '$' && i + 1 < template_.length ? text_view_unit(template_, i + 1) : 0;
    uint32_t units = 1, group = 0;
    if (next == '$') {
      string_builder_append_unit(&builder, '$');
    } else if (next == '&') {
      if (!context_charge_bytes(cx, matched.length, CHARGE_COPY)) return VALUE_ABRUPT;
      string_builder_append_view(&builder, matched);
    } else if (next == '`') {
      if (!context_charge_bytes(cx, start, CHARGE_COPY)) return VALUE_ABRUPT;
      string_builder_append_view(&builder, text_view_slice(text, 0, start));
    } else if (next == '\'') {
      if (!context_charge_bytes(cx, text.length - end, CHARGE_COPY)) return VALUE_ABRUPT;
      string_builder_append_view(&builder, text_view_slice(text, end, text.length));
    } else if (next >= '0' && next <= '9' &&
               (group = substitution_group(template_, i + 1, captures->element_count, &units)) != 0) {
      Value capture = captures->elements->items[group];
      if (value_is_string(capture) && !string_builder_append_string(&builder, value_as_string(capture)))
        return VALUE_ABRUPT;
    } else if (next == '<' && value_is_object(groups) && !has_no_close) {
      uint32_t close;
      if (!text_search(cx, template_, text_view_literal(">"), i + 2, &close)) return VALUE_ABRUPT;
      if (close == TEXT_NOT_FOUND) {
        has_no_close = true;
        string_builder_append_unit(&builder, '$');
        continue;
      }
      if (!append_named(cx, &builder, groups, text_view_slice(template_, i + 2, close))) return VALUE_ABRUPT;
      units = close - i;
    } else {
      string_builder_append_unit(&builder, unit);
      continue;
    }
    i += units;
  }
  return string_builder_finish(&builder);
}
