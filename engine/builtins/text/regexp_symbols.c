// The methods of RegExp.prototype behind String's match, matchAll, search, split and replace.
#include "builtins/intrinsics.h"
#include "builtins/text/regexp_objects.h"
#include "builtins/text/string.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"
#include "runtime/slotted.h"

// https://tc39.es/ecma262/#sec-advancestringindex
double string_advance_index(TextView text, double index, bool unicode) {
  if (!unicode || index + 1 >= text.length) return index + 1;
  uint32_t at = (uint32_t)index;
  text_view_next_code_point(text, &at);
  return at;
}

static MUST_CHECK bool check_receiver(Context *cx, const Call *call, const char *method) {
  if (value_is_object(call->this_value)) return true;
  throw_type_error(cx, "RegExp.prototype[Symbol.%s]: expected an object, not %v", method, call->this_value);
  return false;
}

// bounded: the callers charge by the text's length.
static bool text_has_unit(TextView text, uint16_t unit) {
  for (uint32_t i = 0; i < text.length; i++) {
    if (text_view_unit(text, i) == unit) return true;
  }
  return false;
}

// ToString(Get(R, "flags")) as bits; letters that are not flags are ignored. OPTIMIZATION: untouched getters are not
// called.
static MUST_CHECK bool read_flags(Context *cx, Object *object, Value *string, RegExpFlags *flags) {
  ROOTS(cx, r, value);
  if (!string && !replay_is_recording(cx) && object->cell.kind == CELL_REGEXP && regexp_flags_are_builtin(cx, object)) {
    *flags = regexp_object_program((RegExpObject *)object)->flags;
    return true;
  }
  r->value = object_get_key(cx, object, cx->names->flags);
  if (value_is_abrupt(r->value)) return false;
  r->value = value_to_string(cx, r->value);
  if (value_is_abrupt(r->value)) return false;
  if (string) *string = r->value;
  TextView text;
  if (!string_view(cx, value_as_string(r->value), &text)) return false;
  *flags = 0;
  if (!context_charge_bytes(cx, text.length, CHARGE_ELEMENTS)) return false;
  for (int i = 0; i < 8; i++) {
    if (text_has_unit(text, (uint8_t)"dgimsuvy"[i])) *flags |= (RegExpFlags)(1 << i);
  }
  return true;
}

// ToLength(Get(R, "lastIndex")), then moves it on by one character.
static MUST_CHECK bool advance_last_index(Context *cx, Object *object, Value text, bool unicode) {
  ROOTS(cx, r, value);
  double index;
  r->value = object_get_key(cx, object, cx->names->lastIndex);
  if (value_is_abrupt(r->value) || !value_to_length(cx, r->value, &index)) return false;
  TextView view;
  if (!string_view(cx, value_as_string(text), &view)) return false;
  return regexp_set_last_index(cx, object, string_advance_index(view, index, unicode));
}

// ToString(Get(result, "0"))
static Value matched_string(Context *cx, Value result) {
  ROOTS(cx, r, value);
  r->value = object_get_key(cx, value_as_object(result), value_int(0));
  return value_is_abrupt(r->value) ? VALUE_ABRUPT : value_to_string(cx, r->value);
}

// match ----------------------------------------------------------------------------------------------

// All matches of an untouched global expression as an array, or null.
static Value match_all_directly(Context *cx, RegExpObject *regexp, Value text) {
  ROOTS(cx, r, array, part);
  RegExpRun run SCOPED_RUN;
  regexp_run_initialize(&run, cx);
  if (!regexp_run_start(&run, regexp, value_as_string(text))) return VALUE_ABRUPT;
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  bool unicode = regexp_object_is_unicode(regexp);
  for (double at = 0; at <= run.text.length;) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    Tristate matched = regexp_run_match(&run, (uint32_t)at, RUN_MATCH);
    if (matched == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (!matched) break;
    r->part = string_slice(cx, value_as_string(text), run.registers[0], run.registers[1]);
    if (value_is_abrupt(r->part) || !array_push(cx, array, r->part)) return VALUE_ABRUPT;
    at = run.registers[1];
    if (run.registers[0] == run.registers[1]) at = string_advance_index(run.text, at, unicode);
  }
  return array->length ? r->array : VALUE_NULL;
}

static Value match_all_by_exec(Context *cx, Object *object, Value text, bool unicode) {
  ROOTS(cx, r, array, result, part);
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  ReplayLoop loop;
  if (!replay_loop(cx, &loop, &r->array, 1)) return VALUE_ABRUPT;
  array = value_as_object(r->array);
  for (;; replay_keep_loop(cx, &loop, &r->array, 1)) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    r->result = regexp_exec(cx, object, text);
    if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
    if (value_is_null(r->result)) return array->length ? r->array : VALUE_NULL;
    r->part = matched_string(cx, r->result);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    bool empty = string_length(value_as_string(r->part)) == 0;
    if (empty && !advance_last_index(cx, object, text, unicode)) return VALUE_ABRUPT;
    if (!array_push(cx, array, r->part)) return VALUE_ABRUPT;
  }
}

// https://tc39.es/ecma262/#sec-regexp.prototype-@@match
Value regexp_prototype_match(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  if (!check_receiver(cx, call, "match")) return VALUE_ABRUPT;
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  Object *object = value_as_object(call->this_value);
  RegExpFlags flags;
  if (!read_flags(cx, object, NULL, &flags)) return VALUE_ABRUPT;
  if (!(flags & REGEXP_GLOBAL)) return regexp_exec(cx, object, r->text);
  if (!regexp_set_last_index(cx, object, 0)) return VALUE_ABRUPT;
  RegExpObject *regexp = (RegExpObject *)object;
  if (!replay_is_repeating(cx) && regexp_exec_is_builtin(cx, object) && regexp_object_program(regexp)->flags == flags) {
    return match_all_directly(cx, regexp, r->text);
  }
  return match_all_by_exec(cx, object, r->text, flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS));
}

// matchAll -------------------------------------------------------------------------------------------

enum { ITERATE_REGEXP, ITERATE_TEXT, ITERATE_FLAGS };  // slots; the regexp is undefined when exhausted

// https://tc39.es/ecma262/#sec-regexp-prototype-matchall
Value regexp_prototype_match_all(Context *cx, const Call *call) {
  ROOTS(cx, r, text, constructor, flags, matcher, index);
  if (!check_receiver(cx, call, "matchAll")) return VALUE_ABRUPT;
  Object *object = value_as_object(call->this_value);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  r->constructor = object_species_constructor(cx, object, realm_intrinsic(cx, INTRINSIC_RegExp));
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  RegExpFlags flags;
  if (!read_flags(cx, object, &r->flags, &flags)) return VALUE_ABRUPT;
  Value arguments[2] = {call->this_value, r->flags};
  r->matcher = function_construct(cx, r->constructor, r->constructor, arguments, 2);
  if (value_is_abrupt(r->matcher)) return VALUE_ABRUPT;
  double index;
  r->index = object_get_key(cx, object, cx->names->lastIndex);
  if (value_is_abrupt(r->index) || !value_to_length(cx, r->index, &index)) return VALUE_ABRUPT;
  if (!regexp_set_last_index(cx, value_as_object(r->matcher), index)) return VALUE_ABRUPT;
  Object *prototype = realm_prototype(cx, INTRINSIC_RegExpStringIteratorPrototype);
  Slotted *iterator = slotted_create(cx, SLOTTED_REGEXP_STRING_ITERATOR, prototype);
  if (!iterator) return VALUE_ABRUPT;
  slotted_set(cx, iterator, ITERATE_REGEXP, r->matcher);
  slotted_set(cx, iterator, ITERATE_TEXT, r->text);
  slotted_set(cx, iterator, ITERATE_FLAGS, value_int(flags));
  return value_object(iterator);
}

// https://tc39.es/ecma262/#sec-%regexpstringiteratorprototype%.next
static Value regexp_string_iterator_next(Context *cx, const Call *call) {
  ROOTS(cx, r, result, part);
  if (!value_is_slotted(call->this_value, SLOTTED_REGEXP_STRING_ITERATOR)) {
    return throw_type_error(cx, "next: expected a RegExp String Iterator, not %v", call->this_value);
  }
  Slotted *iterator = value_as_slotted(call->this_value);
  Value matcher = iterator->internal[ITERATE_REGEXP], text = iterator->internal[ITERATE_TEXT];
  if (value_is_undefined(matcher)) return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
  int32_t flags = value_as_int(iterator->internal[ITERATE_FLAGS]);
  r->result = regexp_exec(cx, value_as_object(matcher), text);
  if (value_is_abrupt(r->result) && !exception_is_catchable(cx)) return VALUE_ABRUPT;
  if (value_is_abrupt(r->result) || value_is_null(r->result) || !(flags & REGEXP_GLOBAL)) {
    slotted_set(cx, iterator, ITERATE_REGEXP, VALUE_UNDEFINED);
    if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
    if (value_is_null(r->result)) return object_create_iterator_result(cx, VALUE_UNDEFINED, true);
    return object_create_iterator_result(cx, r->result, false);
  }
  r->part = matched_string(cx, r->result);
  bool ok = !value_is_abrupt(r->part);
  if (ok && string_length(value_as_string(r->part)) == 0) {
    ok = advance_last_index(cx, value_as_object(matcher), text, flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS));
  }
  if (!ok && !exception_is_catchable(cx)) return VALUE_ABRUPT;
  if (!ok) {
    slotted_set(cx, iterator, ITERATE_REGEXP, VALUE_UNDEFINED);
    return VALUE_ABRUPT;
  }
  return object_create_iterator_result(cx, r->result, false);
}

// search ---------------------------------------------------------------------------------------------

static MUST_CHECK bool set_last_index_value(Context *cx, Object *object, Value value) {
  if (value_is_number(value)) return regexp_set_last_index(cx, object, value_as_number(value));
  return object_set_key(cx, object, cx->names->lastIndex, value);
}

// https://tc39.es/ecma262/#sec-regexp.prototype-@@search
Value regexp_prototype_search(Context *cx, const Call *call) {
  ROOTS(cx, r, text, previous, current, result);
  if (!check_receiver(cx, call, "search")) return VALUE_ABRUPT;
  Object *object = value_as_object(call->this_value);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  if (!regexp_exec_is_builtin(cx, object) && !replay_must_record(cx)) return VALUE_ABRUPT;
  r->previous = object_get_key(cx, object, cx->names->lastIndex);
  if (value_is_abrupt(r->previous)) return VALUE_ABRUPT;
  bool same;
  if (!value_same(cx, r->previous, VALUE_INT_ZERO, &same)) return VALUE_ABRUPT;
  if (!same && !regexp_set_last_index(cx, object, 0)) return VALUE_ABRUPT;
  r->result = regexp_exec(cx, object, r->text);
  if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
  r->current = object_get_key(cx, object, cx->names->lastIndex);
  if (value_is_abrupt(r->current) || !value_same(cx, r->current, r->previous, &same)) return VALUE_ABRUPT;
  if (!same && !set_last_index_value(cx, object, r->previous)) return VALUE_ABRUPT;
  if (value_is_null(r->result)) return value_int(-1);
  return object_get_key(cx, value_as_object(r->result), cx->names->index);
}

// split ----------------------------------------------------------------------------------------------

typedef struct SplitResult {
  Context *cx;
  Object *array;
  Value text;
  uint32_t limit;
  double count;  // parts up to now; a step that is run again may have added more
} SplitResult;

// False: threw, or *full.
static MUST_CHECK bool split_add(SplitResult *result, Value part, bool *full) {
  ROOTS(result->cx, r, part);
  r->part = part;
  if (value_is_abrupt(part)) return false;
  if (result->array->length == result->count && !array_push(result->cx, result->array, r->part)) return false;
  *full = ++result->count == result->limit;
  return !*full;
}

// For an untouched expression: searches forwards, where the specification tries one position after the other.
static MUST_CHECK bool split_directly(SplitResult *result, RegExpObject *regexp, bool *full) {
  Context *cx = result->cx;
  String *text = value_as_string(result->text);
  RegExpRun run SCOPED_RUN;
  regexp_run_initialize(&run, cx);
  if (!regexp_run_start(&run, regexp, text)) return false;
  bool unicode = regexp_object_is_unicode(regexp);
  uint32_t size = run.text.length, last = 0;
  if (size == 0) {
    Tristate matched = regexp_run_match(&run, 0, RUN_HERE);
    if (matched != TRISTATE_FALSE) return matched == TRISTATE_TRUE;
    return split_add(result, result->text, full);
  }
  for (double at = 0; at < size;) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    Tristate matched = regexp_run_match(&run, (uint32_t)at, RUN_SEARCH);
    if (matched == TRISTATE_ABRUPT) return false;
    uint32_t start = run.registers[0], end = run.registers[1];
    if (!matched || start >= size) break;
    if (end == last) {
      at = string_advance_index(run.text, start, unicode);
      continue;
    }
    if (!split_add(result, string_slice(cx, text, last, start), full)) return false;
    for (uint32_t group = 1; group < run.program->group_count; group++) {
      if (!split_add(result, regexp_capture(cx, &run, text, group), full)) return false;
    }
    at = last = end;
  }
  return split_add(result, string_slice(cx, text, last, size), full);
}

// Adds the captures of a match that came from a replaced exec.
static MUST_CHECK bool split_add_captures(SplitResult *result, Value match, bool *full) {
  ROOTS(result->cx, r, key);
  double count;
  if (!object_length(result->cx, value_as_object(match), &count)) return false;
  ReplayLoop loop = {0};
  for (double i = 1;; i++) {
    if (!context_charge(result->cx, 2)) return context_throw_interrupted(result->cx), false;
    if (!replay_round_pair(result->cx, &loop, &i, &result->count)) return false;
    if (i >= count) return true;
    r->key = key_from_uint32(result->cx, (uint32_t)i);
    if (value_is_abrupt(r->key)) return false;
    if (!split_add(result, object_get_key(result->cx, value_as_object(match), r->key), full)) return false;
  }
}

// Begins a round of split_by_exec.
static MUST_CHECK bool keep_split(SplitResult *result, ReplayLoop *loop, double *at, double *last) {
  Value state[] = {value_number(*at), value_number(*last), value_number(result->count)};
  if (!replay_round_slowly(result->cx, loop, state, 3)) return false;
  *at = value_as_number(state[0]), *last = value_as_number(state[1]), result->count = value_as_number(state[2]);
  return true;
}

static MUST_CHECK bool split_by_exec(SplitResult *result, Object *splitter, bool unicode, bool *full) {
  Context *cx = result->cx;
  ROOTS(cx, r, match, index);
  String *text = value_as_string(result->text);
  uint32_t size = string_length(text);
  double last = 0;
  TextView view;
  if (!string_view(cx, text, &view)) return false;
  if (size == 0) {
    r->match = regexp_exec(cx, splitter, result->text);
    if (value_is_abrupt(r->match)) return false;
    return value_is_null(r->match) ? split_add(result, result->text, full) : true;
  }
  ReplayLoop loop = {0};
  for (double at = 0;;) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx), false;
    if (UNLIKELY(replay_is_recording(cx)) && !keep_split(result, &loop, &at, &last)) return false;
    if (at >= size) break;
    if (!regexp_set_last_index(cx, splitter, at)) return false;
    r->match = regexp_exec(cx, splitter, result->text);
    if (value_is_abrupt(r->match)) return false;
    double end = last;
    if (!value_is_null(r->match)) {
      r->index = object_get_key(cx, splitter, cx->names->lastIndex);
      if (value_is_abrupt(r->index) || !value_to_length(cx, r->index, &end)) return false;
      if (end > size) end = size;
    }
    if (end == last) {
      at = string_advance_index(view, at, unicode);
      continue;
    }
    if (!split_add(result, string_slice(cx, text, (uint32_t)last, (uint32_t)at), full)) return false;
    last = end;
    if (!split_add_captures(result, r->match, full)) return false;
    at = end;
  }
  return split_add(result, string_slice(cx, text, (uint32_t)last, size), full);
}

// The sticky copy that split works with.
static Value make_splitter(Context *cx, Object *object, bool *unicode) {
  ROOTS(cx, r, constructor, flags, sticky);
  r->constructor = object_species_constructor(cx, object, realm_intrinsic(cx, INTRINSIC_RegExp));
  if (value_is_abrupt(r->constructor)) return VALUE_ABRUPT;
  RegExpFlags flags;
  if (!read_flags(cx, object, &r->flags, &flags)) return VALUE_ABRUPT;
  *unicode = flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS);
  if (!(flags & REGEXP_STICKY)) {
    r->sticky = string_from_unit(cx, 'y');
    if (value_is_abrupt(r->sticky)) return VALUE_ABRUPT;
    r->flags = string_concatenate(cx, value_as_string(r->flags), value_as_string(r->sticky));
    if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  }
  Value arguments[2] = {value_object(object), r->flags};
  return function_construct(cx, r->constructor, r->constructor, arguments, 2);
}

// https://tc39.es/ecma262/#sec-regexp.prototype-@@split
Value regexp_prototype_split(Context *cx, const Call *call) {
  ROOTS(cx, r, text, splitter, array);
  if (!check_receiver(cx, call, "split")) return VALUE_ABRUPT;
  Object *object = value_as_object(call->this_value);
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  // OPTIMIZATION: an untouched expression is not copied.
  Value limit_value = call_argument(call, 1);
  // Constructing the copy would read other own properties besides lastIndex (Symbol.match, for example).
  bool untouched = regexp_exec_is_builtin(cx, object) && regexp_constructor_is_builtin(cx, object) &&
                   regexp_flags_are_builtin(cx, object) && object->shape->count == 1 && !value_is_object(limit_value);
  if (!replay_note_flag(cx, &untouched)) return VALUE_ABRUPT;
  bool unicode = false;
  if (!untouched) {
    r->splitter = make_splitter(cx, object, &unicode);
    if (value_is_abrupt(r->splitter)) return VALUE_ABRUPT;
  }
  SplitResult result = {.cx = cx, .text = r->text, .limit = UINT32_MAX};
  result.array = array_create(cx, 0);
  if (!result.array) return VALUE_ABRUPT;
  r->array = replay_note(cx, value_object(result.array));
  if (value_is_abrupt(r->array)) return VALUE_ABRUPT;
  result.array = value_as_object(r->array);
  if (!value_is_undefined(limit_value) && !value_to_uint32(cx, limit_value, &result.limit)) return VALUE_ABRUPT;
  if (result.limit == 0) return r->array;
  bool full = false;
  bool done = untouched ? split_directly(&result, (RegExpObject *)object, &full)
                        : split_by_exec(&result, value_as_object(r->splitter), unicode, &full);
  return done || full ? r->array : VALUE_ABRUPT;
}

// replace --------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-getsubstitution with captures by register.
static MUST_CHECK bool append_part(StringBuilder *builder, const RegExpRun *run, uint32_t start, uint32_t end) {
  if (!context_charge_bytes(builder->cx, end - start, CHARGE_COPY)) return false;
  string_builder_append_view(builder, text_view_slice(run->text, start, end));
  return true;
}

static MUST_CHECK bool append_capture(StringBuilder *builder, const RegExpRun *run, uint32_t group) {
  uint32_t start = run->registers[2 * group], end = run->registers[2 * group + 1];
  return start == REGEXP_UNSET || end == REGEXP_UNSET || append_part(builder, run, start, end);
}

// The group that a name in the template refers to; 0: no group of that name took part.
static uint32_t find_named_group(const RegExpRun *run, TextView name) {
  fuel_spend(&run->cx->fuel, run->program->name_count / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < run->program->name_count; i++) {
    uint32_t group;
    if (!text_view_equals(regexp_group_name(run->program, i, &group), name)) continue;
    if (run->registers[2 * group + 1] != REGEXP_UNSET) return group;
  }
  return 0;
}

// Two digits if they name a group, otherwise one; 0: there is no such group. Says how many units were read.
uint32_t substitution_group(TextView template_, uint32_t at, uint32_t group_count, uint32_t *units) {
  uint32_t first = text_view_unit(template_, at) - '0';
  *units = 1;
  if (at + 1 < template_.length) {
    uint32_t second = text_view_unit(template_, at + 1) - '0';
    uint32_t both = first * 10 + second;
    if (second < 10 && both > 0 && both < group_count) {
      *units = 2;
      return both;
    }
  }
  return first < group_count ? first : 0;
}

static MUST_CHECK bool append_text_substitution(StringBuilder *builder, const RegExpRun *run, TextView template_) {
  uint32_t start = run->registers[0], end = run->registers[1], steps = 0;
  bool has_no_close = false;  // there is no further `>`, so it is not searched for again
  for (uint32_t i = 0; i < template_.length; i++) {
    if (!context_step(builder->cx, &steps)) return false;
    uint16_t unit = text_view_unit(template_, i);
    uint16_t next = unit == '$' && i + 1 < template_.length ? text_view_unit(template_, i + 1) : 0;
    if (next == '$') {
      string_builder_append_unit(builder, '$');
      i++;
    } else if (next == '&') {
      if (!append_capture(builder, run, 0)) return false;
      i++;
    } else if (next == '`') {
      if (!append_part(builder, run, 0, start)) return false;
      i++;
    } else if (next == '\'') {
      if (!append_part(builder, run, end, run->text.length)) return false;
      i++;
    } else if (next >= '0' && next <= '9') {
      uint32_t units, group = substitution_group(template_, i + 1, run->program->group_count, &units);
      if (group) {
        if (!append_capture(builder, run, group)) return false;
        i += units;
      } else {
        string_builder_append_unit(builder, '$');
      }
    } else if (next == '<' && run->program->name_count && !has_no_close) {
      uint32_t close = i + 2;
      while (close < template_.length && text_view_unit(template_, close) != '>') {
        if (!context_step(builder->cx, &steps)) return false;
        close++;
      }
      if (close == template_.length) {
        has_no_close = true;
        string_builder_append_unit(builder, '$');
        continue;
      }
      uint32_t group = find_named_group(run, text_view_slice(template_, i + 2, close));
      if (group && !append_capture(builder, run, group)) return false;
      i = close;
    } else {
      string_builder_append_unit(builder, unit);
    }
  }
  return true;
}

// Whether replace may work on match registers: nothing about the expression can run guest code.
static bool replace_is_direct(Context *cx, Value regexp) {
  if (!value_is_object(regexp)) return false;
  Object *object = value_as_object(regexp);
  return regexp_exec_is_builtin(cx, object) && regexp_flags_are_builtin(cx, object);
}

typedef struct ReplaceWalk {
  RegExpRun *run;
  RegExpObject *regexp;
  double at;  // where the next search starts; above the length: finished
  bool all, sticky, unicode;
} ReplaceWalk;

// Reads lastIndex as RegExpBuiltinExec would at first.
static MUST_CHECK bool replace_walk_start(Context *cx, ReplaceWalk *walk) {
  RegExpFlags flags = walk->run->program->flags;
  walk->all = flags & REGEXP_GLOBAL;
  walk->sticky = flags & REGEXP_STICKY;
  walk->unicode = flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS);
  if (walk->all) return regexp_set_last_index(cx, &walk->regexp->object, 0);
  if (walk->sticky) walk->at = value_as_int(walk->regexp->object.slots[REGEXP_LAST_INDEX_SLOT]);
  return true;
}

static Tristate replace_walk_next(Context *cx, ReplaceWalk *walk) {
  RegExpRun *run = walk->run;
  Tristate matched = TRISTATE_FALSE;
  if (!context_charge(cx, 1)) return context_throw_interrupted(cx), TRISTATE_ABRUPT;
  if (walk->at <= run->text.length) matched = regexp_run_match(run, (uint32_t)walk->at, RUN_MATCH);
  if (matched == TRISTATE_ABRUPT) return TRISTATE_ABRUPT;
  if (!matched) {
    if ((walk->all || walk->sticky) && !regexp_set_last_index(cx, &walk->regexp->object, 0)) return TRISTATE_ABRUPT;
    return TRISTATE_FALSE;
  }
  walk->at = run->registers[1];
  if (run->registers[0] == run->registers[1]) walk->at = string_advance_index(run->text, walk->at, walk->unicode);
  if (!walk->all) {
    if (walk->sticky && !regexp_set_last_index(cx, &walk->regexp->object, run->registers[1])) return TRISTATE_ABRUPT;
    walk->at = (double)run->text.length + 1;
  }
  return TRISTATE_TRUE;
}

// %RegExpReplaceText(regexp, text, template): the replaced text, or undefined when the general algorithm is needed.
Value intrinsic_regexp_replace_text(Context *cx, const Call *call) {
  if (!replace_is_direct(cx, call->arguments[0])) return VALUE_UNDEFINED;
  RegExpObject *regexp = value_as_regexp(call->arguments[0]);
  String *text = value_as_string(call->arguments[1]);
  TextView template_;
  RegExpRun run SCOPED_RUN;
  regexp_run_initialize(&run, cx);
  if (!string_view(cx, value_as_string(call->arguments[2]), &template_)) return VALUE_ABRUPT;
  if (!regexp_run_start(&run, regexp, text)) return VALUE_ABRUPT;
  ReplaceWalk walk = {.run = &run, .regexp = regexp};
  if (!replace_walk_start(cx, &walk)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  if (!context_charge_bytes(cx, template_.length, CHARGE_ELEMENTS)) return VALUE_ABRUPT;
  bool plain = !text_has_unit(template_, '$'), any = false;
  uint32_t done = 0;
  for (;;) {
    Tristate matched = replace_walk_next(cx, &walk);
    if (matched == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (!matched || (!walk.all && any)) break;
    any = true;
    if (run.registers[0] > done && !append_part(&builder, &run, done, run.registers[0])) return VALUE_ABRUPT;
    if (!plain) {
      if (!append_text_substitution(&builder, &run, template_)) return VALUE_ABRUPT;
    } else {
      if (!context_charge_bytes(cx, template_.length, CHARGE_COPY)) return VALUE_ABRUPT;
      string_builder_append_view(&builder, template_);
    }
    done = run.registers[1];
    if (string_builder_length(&builder) > STRING_MAX_LENGTH || builder.buffer.failed) break;
    if (!walk.all) break;
  }
  if (!any) return call->arguments[1];
  string_builder_append_view(&builder, text_view_slice(run.text, done, run.text.length));
  return string_builder_finish(&builder);
}

// The arguments of a replacer call for the match in `run`.
static Value replacer_arguments(Context *cx, const RegExpRun *run, Value text) {
  ROOTS(cx, r, array, part);
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  if (!object_reserve_elements(cx, array, run->program->group_count + 3)) return VALUE_ABRUPT;
  for (uint32_t group = 0; group < run->program->group_count; group++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    r->part = regexp_capture(cx, run, value_as_string(text), group);
    if (value_is_abrupt(r->part) || !array_push(cx, array, r->part)) return VALUE_ABRUPT;
  }
  if (!array_push(cx, array, value_unsigned(run->registers[0])) || !array_push(cx, array, text)) return VALUE_ABRUPT;
  if (run->program->name_count) {
    r->part = regexp_groups_object(cx, run, array->elements->items);
    if (value_is_abrupt(r->part) || !array_push(cx, array, r->part)) return VALUE_ABRUPT;
  }
  return r->array;
}

// %RegExpReplaceMatches(regexp, text): a list of start, end and replacer arguments of each match, or undefined when the
// general algorithm is needed. Without captures, the matched string replaces the list of arguments.
Value intrinsic_regexp_replace_matches(Context *cx, const Call *call) {
  if (!replace_is_direct(cx, call->arguments[0])) return VALUE_UNDEFINED;
  ROOTS(cx, r, list, arguments);
  RegExpObject *regexp = value_as_regexp(call->arguments[0]);
  RegExpRun run SCOPED_RUN;
  regexp_run_initialize(&run, cx);
  if (!regexp_run_start(&run, regexp, value_as_string(call->arguments[1]))) return VALUE_ABRUPT;
  Object *list = array_create(cx, 0);
  if (!list) return VALUE_ABRUPT;
  r->list = value_object(list);
  ReplaceWalk walk = {.run = &run, .regexp = regexp};
  if (!replace_walk_start(cx, &walk)) return VALUE_ABRUPT;
  for (;;) {
    Tristate matched = replace_walk_next(cx, &walk);
    if (matched == TRISTATE_ABRUPT) return VALUE_ABRUPT;
    if (!matched) break;
    r->arguments = run.program->group_count == 1 ? regexp_capture(cx, &run, value_as_string(call->arguments[1]), 0)
                                                 : replacer_arguments(cx, &run, call->arguments[1]);
    if (value_is_abrupt(r->arguments)) return VALUE_ABRUPT;
    bool pushed = array_push(cx, list, value_unsigned(run.registers[0])) &&
                  array_push(cx, list, value_unsigned(run.registers[1])) && array_push(cx, list, r->arguments);
    if (!pushed) return VALUE_ABRUPT;
    if (!walk.all) break;
  }
  return r->list;
}

// %ReplacePieces(text, list): the text with the parts between start and end replaced; the list holds start, end and the
// replacement of each part, in order and without overlaps.
Value intrinsic_replace_pieces(Context *cx, const Call *call) {
  TextView text;
  if (!string_view(cx, value_as_string(call->arguments[0]), &text)) return VALUE_ABRUPT;
  const Object *list = value_as_object(call->arguments[1]);
  if (list->element_count == 0) return call->arguments[0];
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  uint32_t done = 0;
  for (uint32_t i = 0; i + 2 < list->element_count; i += 3) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    const Value *piece = &list->elements->items[i];
    uint32_t start = (uint32_t)value_as_number(piece[0]);
    string_builder_append_view(&builder, text_view_slice(text, done, start));
    if (!string_builder_append_string(&builder, value_as_string(piece[2]))) return VALUE_ABRUPT;
    done = (uint32_t)value_as_number(piece[1]);
  }
  string_builder_append_view(&builder, text_view_slice(text, done, text.length));
  return string_builder_finish(&builder);
}

// %RegExpFlagsOf(regexp): ToString of its flags as a number of bits.
Value intrinsic_regexp_flags_of(Context *cx, const Call *call) {
  RegExpFlags flags;
  ROOTS(cx, r, string);
  if (!read_flags(cx, value_as_object(call->arguments[0]), &r->string, &flags)) return VALUE_ABRUPT;
  return value_int(flags);
}

// %RegExpBuiltinExec(regexp, text): for callers whose `exec` is not callable.
Value intrinsic_regexp_builtin_exec(Context *cx, const Call *call) {
  if (!value_is_object_of(call->arguments[0], CELL_REGEXP)) {
    return throw_type_error(cx, "%eexpected a regular expression, not %v", call->arguments[0]);
  }
  return regexp_builtin_exec(cx, value_as_regexp(call->arguments[0]), call->arguments[1]);
}

// %AdvanceStringIndex(text, index, unicode)
Value intrinsic_advance_string_index(Context *cx, const Call *call) {
  TextView text;
  if (!string_view(cx, value_as_string(call->arguments[0]), &text)) return VALUE_ABRUPT;
  double index = value_as_number(call->arguments[1]);
  return value_number(string_advance_index(text, index, value_to_boolean(call->arguments[2])));
}

static const BuiltinRow regexp_string_iterator_prototype_rows[] = {
    FUNCTION("next", 0, regexp_string_iterator_next),
    TO_STRING_TAG("RegExp String Iterator"),
    END_OF_ROWS,
};

const BuiltinObject builtin_regexp_string_iterator_prototype = {
    .intrinsic = INTRINSIC_RegExpStringIteratorPrototype,
    .prototype = INTRINSIC_IteratorPrototype,
    .prototype_property = -1,
    .rows = regexp_string_iterator_prototype_rows,
};
