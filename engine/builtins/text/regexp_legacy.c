// The last match as properties of RegExp: RegExp.input, RegExp.$1 and so on.
// https://github.com/tc39/proposal-regexp-legacy-features
//
// When a run of the matcher ends, it stores its last match in the realm; the strings are made when they are read. A
// regular expression takes part when its prototype is the realm's own; this stands for [[LegacyFeaturesEnabled]]: it
// belongs neither to a subclass nor to another realm.
#include "builtins/text/regexp_objects.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/realm.h"

// https://github.com/tc39/proposal-regexp-legacy-features#updatelegacyregexpstaticproperties--c-s-startindex-endindex-capturedvalues-
void regexp_legacy_record(Context *cx, const RegExpRun *run) {
  Realm *realm = cx->realm;
  cell_keep(cx, realm->last_match.text);
  cell_keep(cx, realm->last_match.input);
  if (!run->is_legacy) {
    realm->last_match.input = realm->last_match.text = VALUE_HOLE;
    return;
  }
  realm->last_match.input = realm->last_match.text = value_string(run->string);
  uint32_t count = MIN_OF(run->program->group_count * 2, COUNT_OF(run->last_groups));
  memcpy(realm->last_match.groups, run->last_groups, count * sizeof(uint32_t));
  while (count < COUNT_OF(realm->last_match.groups)) realm->last_match.groups[count++] = REGEXP_UNSET;
  memcpy(realm->last_match.last_group, run->last_group, sizeof run->last_group);
}

static bool check_receiver(Context *cx, const Call *call) {
  if (call->this_value == realm_intrinsic(cx, INTRINSIC_RegExp)) return true;
  throw_type_error(cx, "the last match can be read from RegExp itself only, not from %v", call->this_value);
  return false;
}

static Value throw_unknown(Context *cx) {
  return throw_type_error(cx, "the last match was of a regular expression of a subclass or another realm");
}

static Value cut(Context *cx, uint32_t start, uint32_t end) {
  String *text = value_as_string(cx->realm->last_match.text);
  if (start == REGEXP_UNSET || end == REGEXP_UNSET) start = end = 0;
  return string_slice(cx, text, start, end);
}

// $1 to $9, and the match itself: the magic is the group.
Value regexp_get_last_group(Context *cx, const Call *call) {
  if (!check_receiver(cx, call)) return VALUE_ABRUPT;
  if (value_is_hole(cx->realm->last_match.text)) return throw_unknown(cx);
  const uint32_t *pair = &cx->realm->last_match.groups[2 * call_magic(call)];
  return cut(cx, pair[0], pair[1]);
}

Value regexp_get_last_paren(Context *cx, const Call *call) {
  if (!check_receiver(cx, call)) return VALUE_ABRUPT;
  if (value_is_hole(cx->realm->last_match.text)) return throw_unknown(cx);
  return cut(cx, cx->realm->last_match.last_group[0], cx->realm->last_match.last_group[1]);
}

// The text on the left (magic 0) or on the right of the match.
Value regexp_get_context(Context *cx, const Call *call) {
  if (!check_receiver(cx, call)) return VALUE_ABRUPT;
  if (value_is_hole(cx->realm->last_match.text)) return throw_unknown(cx);
  const uint32_t *match = cx->realm->last_match.groups;
  if (call_magic(call) == 0) return cut(cx, 0, match[0]);
  return cut(cx, match[1], string_length(value_as_string(cx->realm->last_match.text)));
}

Value regexp_get_input(Context *cx, const Call *call) {
  if (!check_receiver(cx, call)) return VALUE_ABRUPT;
  return value_is_hole(cx->realm->last_match.input) ? throw_unknown(cx) : cx->realm->last_match.input;
}

Value regexp_set_input(Context *cx, const Call *call) {
  if (!check_receiver(cx, call)) return VALUE_ABRUPT;
  Value text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(text)) return VALUE_ABRUPT;
  cell_store(cx, &cx->realm->last_match.input, text);
  return VALUE_UNDEFINED;
}
