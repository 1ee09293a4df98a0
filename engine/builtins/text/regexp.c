// RegExp: construction, exec and the accessors. Matching in bulk (match, replace, split...) is in regexp_symbols.c and
// regexp.js. https://tc39.es/ecma262/#sec-regexp-regular-expression-objects
#include "builtins/text/regexp_objects.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/property_cache.h"
#include "runtime/replay.h"

static void regexp_trace(Tracer *tracer, Object *object) {
  RegExpObject *regexp = (RegExpObject *)object;
  tracer_visit_value(tracer, regexp->source);
  tracer_visit_value(tracer, regexp->program);
}

const ObjectClass object_class_regexp = {
    .name = "RegExp", .kind = CELL_REGEXP, .size = sizeof(RegExpObject), .trace = regexp_trace};

// Construction ---------------------------------------------------------------------------------------

// An internal CELL_BYTES with the program. `flags` was parsed from `flags_value`, which the message shows.
static Value regexp_compile_program(Context *cx, Value pattern, RegExpFlags flags) {
  TextView text;
  if (!string_view(cx, value_as_string(pattern), &text)) return VALUE_ABRUPT;
  RegExpError error = {.message = "invalid"};
  RegExpProgram *program;
  RegExpResult result = regexp_compile(&cx->memory, &cx->fuel, text, flags, &program, &error);
  if (result == REGEXP_INTERRUPTED) return context_throw_interrupted(cx);
  if (result == REGEXP_OUT_OF_MEMORY) return context_throw_out_of_memory(cx);
  if (result == REGEXP_SYNTAX_ERROR) {
    return throw_error(cx, ERROR_SYNTAX, "invalid regular expression %v: %s", pattern, error.message);
  }
  Cell *cell = context_allocate(cx, CELL_BYTES, sizeof(Cell) + program->size);
  if (cell) {
    bytes_set_size(cell, program->size);
    memcpy(cell + 1, program, program->size);
  }
  regexp_release(&cx->memory, program);
  return cell ? value_internal(cell) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-regexpinitialize
static MUST_CHECK bool regexp_initialize(Context *cx, Object *object, Value pattern, Value flags_value) {
  ROOTS(cx, r, pattern, flags, program);
  r->pattern = value_is_undefined(pattern) ? cx->names->empty : value_to_string(cx, pattern);
  if (value_is_abrupt(r->pattern)) return false;
  r->flags = value_is_undefined(flags_value) ? cx->names->empty : value_to_string(cx, flags_value);
  if (value_is_abrupt(r->flags)) return false;
  TextView text;
  if (!string_view(cx, value_as_string(r->flags), &text)) return false;
  RegExpFlags flags;
  if (!regexp_parse_flags(text, &flags)) {
    throw_error(cx, ERROR_SYNTAX, "invalid regular expression flags %v", r->flags);
    return false;
  }
  r->program = regexp_compile_program(cx, r->pattern, flags);
  if (value_is_abrupt(r->program)) return false;
  RegExpObject *regexp = (RegExpObject *)object;
  cell_store(cx, &regexp->source, r->pattern);
  cell_store(cx, &regexp->program, r->program);
  return regexp_set_last_index(cx, object, 0);
}

static MUST_CHECK bool regexp_add_last_index(Context *cx, Object *object) {
  return object_add_property(cx, object, cx->names->lastIndex, VALUE_INT_ZERO, PROPERTY_WRITABLE);
}

// Uninitialised, below the realm's own RegExp.prototype.
static MUST_CHECK Object *regexp_allocate(Context *cx) {
  Object *prototype = realm_prototype(cx, INTRINSIC_RegExpPrototype);
  Object *object = object_create_of_class(cx, &object_class_regexp, prototype, 1);
  if (!object) return NULL;
  ROOTS(cx, r, object);
  r->object = value_object(object);
  return regexp_add_last_index(cx, object) ? object : NULL;
}

Value regexp_create(Context *cx, Value pattern, Value flags) {
  ROOTS(cx, r, object);
  Object *object = regexp_allocate(cx);
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  return regexp_initialize(cx, object, pattern, flags) ? r->object : VALUE_ABRUPT;
}

Value regexp_create_from_literal(Context *cx, Value pattern, Value flags_value, Value *compiled) {
  if (!value_is_internal(*compiled)) {
    RegExpFlags flags = 0;
    TextView text;
    if (!string_view(cx, value_as_string(flags_value), &text)) return VALUE_ABRUPT;
    if (!regexp_parse_flags(text, &flags)) {
      return throw_error(cx, ERROR_SYNTAX, "invalid regular expression flags %v", flags_value);
    }
    Value program = regexp_compile_program(cx, pattern, flags);
    if (value_is_abrupt(program)) return VALUE_ABRUPT;
    *compiled = program;
  }
  Object *object = regexp_allocate(cx);
  if (!object) return VALUE_ABRUPT;
  RegExpObject *regexp = (RegExpObject *)object;
  cell_store(cx, &regexp->source, pattern);
  cell_store(cx, &regexp->program, *compiled);
  return value_object(object);
}

bool value_is_regexp(Context *cx, Value value, bool *is_regexp) {
  *is_regexp = false;
  if (!value_is_object(value)) return true;
  Value matcher = object_get_key(cx, value_as_object(value), cx->names->symbol_match);
  if (value_is_abrupt(matcher)) return false;
  *is_regexp = value_is_undefined(matcher) ? value_is_object_of(value, CELL_REGEXP) : value_to_boolean(matcher);
  return true;
}

// https://tc39.es/ecma262/#sec-regexp-pattern-flags
Value regexp_constructor(Context *cx, const Call *call) {
  ROOTS(cx, r, new_target, pattern, flags, object);
  Value pattern = call_argument(call, 0), flags = call_argument(call, 1);
  bool is_regexp;
  if (!value_is_regexp(cx, pattern, &is_regexp)) return VALUE_ABRUPT;
  r->new_target = call->new_target;
  if (!call_is_construct(call)) {
    r->new_target = call->callee;
    if (is_regexp && value_is_undefined(flags)) {
      Value constructor = object_get_key(cx, value_as_object(pattern), cx->names->constructor);
      if (value_is_abrupt(constructor)) return VALUE_ABRUPT;
      if (constructor == r->new_target) return pattern;
    }
  }
  r->pattern = pattern;
  r->flags = flags;
  if (value_is_object_of(pattern, CELL_REGEXP)) {
    r->pattern = value_as_regexp(pattern)->source;
    // A RegExp object with a source has been initialised by its constructor.
    if (value_is_undefined(flags)) {
      char letters[9];
      int count = 0;
      RegExpFlags bits = regexp_object_program(value_as_regexp(pattern))->flags;
      for (int i = 0; i < 8; i++) {
        if (bits >> i & 1) letters[count++] = "dgimsuvy"[i];
      }
      r->flags = string_from_view(cx, text_view_narrow(letters, (size_t)count));
    }
  } else if (is_regexp) {
    r->pattern = object_get_key(cx, value_as_object(pattern), cx->names->source);
    if (value_is_abrupt(r->pattern)) return VALUE_ABRUPT;
    if (value_is_undefined(flags)) r->flags = object_get_key(cx, value_as_object(pattern), cx->names->flags);
  }
  if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  Object *object = object_create_from_constructor(cx, r->new_target, INTRINSIC_RegExpPrototype, &object_class_regexp);
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  if (!regexp_add_last_index(cx, object)) return VALUE_ABRUPT;
  return regexp_initialize(cx, object, r->pattern, r->flags) ? r->object : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-get-regexp-@@species
static Value regexp_get_species(Context *cx, const Call *call) {
  (void)cx;
  return call->this_value;
}

static bool is_syntax_character(uint32_t c) { return c < 128 && c && strchr("^$\\.*+?()[]{}|/", (int)c); }
static bool is_other_punctuator(uint32_t c) { return c < 128 && c && strchr(",-=<>#&!%:;@~'`\"", (int)c); }

static void append_hex(StringBuilder *builder, const char *prefix, uint32_t number, int digits) {
  string_builder_append_ascii(builder, prefix);
  while (digits-- > 0) string_builder_append_unit(builder, (uint8_t)"0123456789abcdef"[number >> (4 * digits) & 15]);
}

// https://tc39.es/ecma262/#sec-encodeforregexpescape
static void encode_for_escape(StringBuilder *builder, uint32_t c) {
  static const char controls[] = "\tt\nn\vv\ff\rr";
  if (is_syntax_character(c)) {
    string_builder_append_unit(builder, '\\');
    string_builder_append_unit(builder, (uint16_t)c);
    return;
  }
  const char *control = c >= 9 && c <= 13 ? strchr(controls, (int)c) : NULL;
  if (control) {
    string_builder_append_unit(builder, '\\');
    string_builder_append_unit(builder, (uint8_t)control[1]);
    return;
  }
  bool is_space = c == ' ' || c == 0xA0 || c == 0xFEFF || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
                  c == 0x205F || c == 0x3000 || c == 0x2028 || c == 0x2029;
  if (is_other_punctuator(c) || is_space || (c >= 0xD800 && c < 0xE000)) {
    append_hex(builder, c <= 0xFF ? "\\x" : "\\u", c, c <= 0xFF ? 2 : 4);
    return;
  }
  string_builder_append_code_point(builder, c);
}

// https://tc39.es/ecma262/#sec-regexp.escape
static Value regexp_escape(Context *cx, const Call *call) {
  Value value = call_argument(call, 0);
  if (!value_is_string(value)) return throw_type_error(cx, "RegExp.escape: expected a string, not %v", value);
  TextView text;
  if (!string_view(cx, value_as_string(value), &text)) return VALUE_ABRUPT;
  if (!context_charge(cx, (int32_t)(text.length / 4))) return context_throw_interrupted(cx);
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  for (uint32_t i = 0; i < text.length;) {
    bool first = i == 0;
    uint32_t c = text_view_next_code_point(text, &i);
    if (first && (c - '0' < 10 || (c | 32) - 'a' < 26)) {
      append_hex(&builder, "\\x", c, 2);
    } else {
      encode_for_escape(&builder, c);
    }
  }
  return string_builder_finish(&builder);
}

// Matching -------------------------------------------------------------------------------------------

void regexp_run_initialize(RegExpRun *run, Context *cx) {
  run->cx = cx;
  run->registers = run->few;
  run->has_matched = false;
  regexp_matcher_initialize(&run->matcher, &cx->memory, &cx->fuel);
}

bool regexp_run_start(RegExpRun *run, RegExpObject *regexp, String *text) {
  Context *cx = run->cx;
  run->program = regexp_object_program(regexp);
  run->string = text;
  run->is_legacy = regexp_is_legacy(cx, regexp);
  if (!string_view(cx, text, &run->text)) return false;
  uint32_t count = run->program->register_count;
  if (count > COUNT_OF(run->few)) {
    run->registers = memory_allocate(&cx->memory, count * sizeof(uint32_t));
    if (!run->registers) {
      run->registers = run->few;
      context_throw_out_of_memory(cx);
      return false;
    }
  }
  return true;
}

void regexp_run_release(RegExpRun *run) {
  if (run->has_matched) regexp_legacy_record(run->cx, run);
  regexp_matcher_release(&run->matcher);
  if (run->registers != run->few) {
    memory_release(&run->cx->memory, run->registers, run->program->register_count * sizeof(uint32_t));
  }
}

static void remember_match(RegExpRun *run) {
  uint32_t count = run->program->group_count;
  memcpy(run->last_groups, run->registers, MIN_OF(count * 2, COUNT_OF(run->last_groups)) * sizeof(uint32_t));
  run->last_group[0] = count > 1 ? run->registers[2 * (count - 1)] : REGEXP_UNSET;
  run->last_group[1] = count > 1 ? run->registers[2 * (count - 1) + 1] : REGEXP_UNSET;
  run->has_matched = true;
}

// What a match costs in addition to the steps of the matcher.
enum { MATCH_COST = 4 };

Tristate regexp_run_match(RegExpRun *run, uint32_t start, RegExpRunMode mode) {
  RegExpResult result;
  fuel_spend(&run->cx->fuel, MATCH_COST + run->program->register_count / 8);
  if (mode == RUN_MATCH) {
    result = regexp_match(run->program, run->text, start, run->registers, &run->matcher);
  } else if (mode == RUN_SEARCH) {
    result = regexp_search(run->program, run->text, start, run->registers, &run->matcher);
  } else {
    result = regexp_match_here(run->program, run->text, start, run->registers, &run->matcher);
  }
  switch (result) {
    case REGEXP_MATCH: remember_match(run); return TRISTATE_TRUE;
    case REGEXP_NO_MATCH: return TRISTATE_FALSE;
    case REGEXP_OUT_OF_MEMORY: context_throw_out_of_memory(run->cx); return TRISTATE_ABRUPT;
    default: context_throw_interrupted(run->cx); return TRISTATE_ABRUPT;
  }
}

Value regexp_capture(Context *cx, const RegExpRun *run, String *text, uint32_t group) {
  uint32_t start = run->registers[2 * group], end = run->registers[2 * group + 1];
  if (start == REGEXP_UNSET || end == REGEXP_UNSET) return VALUE_UNDEFINED;
  return string_slice(cx, text, start, end);
}

// The `groups` of a result: `captures` holds a value per group.
Value regexp_groups_object(Context *cx, const RegExpRun *run, const Value *captures) {
  if (run->program->name_count == 0) return VALUE_UNDEFINED;
  ROOTS(cx, r, groups, key);
  Object *groups = object_create(cx, NULL);
  if (!groups) return VALUE_ABRUPT;
  r->groups = value_object(groups);
  for (uint32_t i = 0; i < run->program->name_count; i++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    uint32_t group;
    TextView name = regexp_group_name(run->program, i, &group);
    r->key = key_from_view(cx, name);
    if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
    // Of several groups with the same name at most one took part.
    const Property *known = key_is_index(r->key) ? NULL : shape_lookup(groups->shape, r->key);
    if (known && value_is_undefined(captures[group])) continue;
    if (known) {
      cell_store(cx, &groups->slots[known->slot], captures[group]);
    } else if (!object_create_data_property(cx, groups, r->key, captures[group])) {
      return VALUE_ABRUPT;
    }
  }
  return r->groups;
}

// [start, end] or undefined.
static Value index_pair(Context *cx, uint32_t start, uint32_t end) {
  if (start == REGEXP_UNSET || end == REGEXP_UNSET) return VALUE_UNDEFINED;
  Value pair[2] = {value_unsigned(start), value_unsigned(end)};
  Object *array = array_create_from(cx, pair, 2);
  return array ? value_object(array) : VALUE_ABRUPT;
}

// https://tc39.es/ecma262/#sec-makematchindicesindexpairarray
static Value regexp_indices(Context *cx, const RegExpRun *run) {
  ROOTS(cx, r, array, pair, groups);
  Object *array = array_create(cx, 0);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  for (uint32_t group = 0; group < run->program->group_count; group++) {
    if (!context_charge(cx, 4)) return context_throw_interrupted(cx);
    r->pair = index_pair(cx, run->registers[2 * group], run->registers[2 * group + 1]);
    if (value_is_abrupt(r->pair) || !array_push(cx, array, r->pair)) return VALUE_ABRUPT;
  }
  r->groups = regexp_groups_object(cx, run, array->elements->items);
  if (value_is_abrupt(r->groups)) return VALUE_ABRUPT;
  if (!object_add_property(cx, array, cx->names->groups, r->groups, PROPERTY_DEFAULT)) return VALUE_ABRUPT;
  return r->array;
}

static Shape *match_result_shape(Context *cx) {
  Shape **place = &cx->realm->shapes[REALM_SHAPE_REGEXP_RESULT];
  if (LIKELY(*place != NULL)) return *place;
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_prototype(cx, &object_class_array, realm_prototype(cx, INTRINSIC_ArrayPrototype));
  Value names[] = {cx->names->index, cx->names->input, cx->names->groups};
  for (unsigned i = 0; shape && i < COUNT_OF(names); i++) {
    r->shape = value_internal(shape);
    shape = shape_add_property(cx, shape, names[i], PROPERTY_DEFAULT);
  }
  return *place = shape;
}

// The array that exec gives for the match in `run`.
static Value regexp_result(Context *cx, const RegExpRun *run, Value text) {
  ROOTS(cx, r, array, part);
  Shape *shape = match_result_shape(cx);
  if (!shape) return VALUE_ABRUPT;
  Object *array = object_create_with_shape(cx, shape, 4);
  if (!array) return VALUE_ABRUPT;
  r->array = value_object(array);
  array->slots[0] = value_unsigned(run->registers[0]);
  array->slots[1] = text;
  array->slots[2] = VALUE_UNDEFINED;
  uint32_t count = run->program->group_count;
  if (!object_reserve_elements(cx, array, count)) return VALUE_ABRUPT;
  for (uint32_t group = 0; group < count; group++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx);
    r->part = regexp_capture(cx, run, value_as_string(text), group);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    cell_store(cx, &array->elements->items[group], r->part);
    array->element_count = array->length = group + 1;
  }
  if (run->program->name_count) {
    r->part = regexp_groups_object(cx, run, array->elements->items);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    cell_store(cx, &array->slots[2], r->part);
  }
  if (run->program->flags & REGEXP_HAS_INDICES) {
    r->part = regexp_indices(cx, run);
    if (value_is_abrupt(r->part)) return VALUE_ABRUPT;
    if (!object_add_property(cx, array, cx->names->indices, r->part, PROPERTY_DEFAULT)) return VALUE_ABRUPT;
  }
  return r->array;
}

bool regexp_set_last_index(Context *cx, Object *regexp, double index) {
  if (regexp->cell.kind == CELL_REGEXP && !replay_is_recording(cx)) {
    const Property *property = shape_lookup(regexp->shape, cx->names->lastIndex);
    if (property && property->attributes == PROPERTY_WRITABLE) {
      cell_store(cx, &regexp->slots[property->slot], value_number(index));
      return true;
    }
  }
  return object_set_key(cx, regexp, cx->names->lastIndex, value_number(index));
}

// ToLength(Get(R, "lastIndex"))
static MUST_CHECK bool regexp_get_last_index(Context *cx, Object *regexp, double *index) {
  Value value = replay_note(cx, regexp->slots[REGEXP_LAST_INDEX_SLOT]);
  if (value_is_abrupt(value)) return false;
  if (value_is_int(value) && value_as_int(value) >= 0) {
    *index = value_as_int(value);
    return true;
  }
  return value_to_length(cx, value, index);
}

// The matching half of RegExpBuiltinExec. TRISTATE_FALSE: no match; lastIndex was reset if required.
static Tristate regexp_exec_run(Context *cx, RegExpObject *regexp, String *text, RegExpRun *run) {
  double index;
  if (!regexp_get_last_index(cx, &regexp->object, &index)) return TRISTATE_ABRUPT;
  // Converting lastIndex may have called `compile`.
  if (!regexp_run_start(run, regexp, text)) return TRISTATE_ABRUPT;
  bool moves = run->program->flags & (REGEXP_GLOBAL | REGEXP_STICKY);
  if (!moves) index = 0;
  Tristate matched = TRISTATE_FALSE;
  if (index <= run->text.length) matched = regexp_run_match(run, (uint32_t)index, RUN_MATCH);
  if (!moves || matched == TRISTATE_ABRUPT) return matched;
  if (!regexp_set_last_index(cx, &regexp->object, matched ? run->registers[1] : 0)) return TRISTATE_ABRUPT;
  return matched;
}

// https://tc39.es/ecma262/#sec-regexpbuiltinexec
Value regexp_builtin_exec(Context *cx, RegExpObject *regexp, Value text) {
  RegExpRun run SCOPED_RUN;
  regexp_run_initialize(&run, cx);
  Tristate matched = regexp_exec_run(cx, regexp, value_as_string(text), &run);
  if (matched == TRISTATE_ABRUPT) return VALUE_ABRUPT;
  return matched ? regexp_result(cx, &run, text) : VALUE_NULL;
}

bool object_has_builtin(Context *cx, Object *object, PropertyKey key, NativeFunction function) {
  const StubEntry *entry = stub_cache_find(cx, object, key);
  if (!entry || (entry->attributes & PROPERTY_ACCESSOR)) return false;
  Value value = (entry->holder ? entry->holder : object)->slots[entry->slot];
  return value_is_object_of(value, CELL_NATIVE_FUNCTION) &&
         ((NativeFunctionObject *)value_as_object(value))->function == function;
}

static Value regexp_prototype_exec(Context *cx, const Call *call);

bool regexp_exec_is_builtin(Context *cx, Object *object) {
  return object->cell.kind == CELL_REGEXP && value_is_int(object->slots[REGEXP_LAST_INDEX_SLOT]) &&
         value_as_int(object->slots[REGEXP_LAST_INDEX_SLOT]) >= 0 &&
         object_has_builtin(cx, object, cx->names->exec, regexp_prototype_exec);
}

// https://tc39.es/ecma262/#sec-regexpexec
static Value regexp_exec_once(Context *cx, Object *object, Value text) {
  ROOTS(cx, r, exec, result);
  bool is_regexp = object->cell.kind == CELL_REGEXP;
  bool is_builtin =
      is_regexp && !replay_is_repeating(cx) && object_has_builtin(cx, object, cx->names->exec, regexp_prototype_exec);
  if (!replay_note_flag(cx, &is_builtin)) return VALUE_ABRUPT;
  if (is_builtin) {
    return regexp_builtin_exec(cx, (RegExpObject *)object, text);
  }
  r->exec = object_get_key(cx, object, cx->names->exec);
  if (value_is_abrupt(r->exec)) return VALUE_ABRUPT;
  if (value_is_callable(r->exec)) {
    r->result = function_call(cx, r->exec, value_object(object), &text, 1);
    if (value_is_abrupt(r->result)) return VALUE_ABRUPT;
    if (!value_is_object(r->result) && !value_is_null(r->result)) {
      return throw_type_error(cx, "exec must return an object or null, not %v", r->result);
    }
    return r->result;
  }
  if (!is_regexp) return throw_type_error(cx, "%eexpected a regular expression, not %v", value_object(object));
  return regexp_builtin_exec(cx, (RegExpObject *)object, text);
}

Value regexp_exec(Context *cx, Object *object, Value text) {
  if (LIKELY(!replay_is_recording(cx))) return regexp_exec_once(cx, object, text);
  ReplayOperation operation;
  ROOTS(cx, r, result);
  if (replay_begin(cx, REPLAY_NATIVE, &operation, &r->result, 1)) return r->result;
  r->result = regexp_exec_once(cx, object, text);
  return replay_end(cx, &operation, &r->result, 1);
}

// Methods of the prototype ---------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-regexp.prototype.exec
static Value regexp_prototype_exec(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  if (!value_is_object_of(call->this_value, CELL_REGEXP)) {
    return throw_type_error(cx, "RegExp.prototype.exec: expected a regular expression, not %v", call->this_value);
  }
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  return regexp_builtin_exec(cx, value_as_regexp(call->this_value), r->text);
}

// https://tc39.es/ecma262/#sec-regexp.prototype.test
static Value regexp_prototype_test(Context *cx, const Call *call) {
  ROOTS(cx, r, text);
  if (!value_is_object(call->this_value)) {
    return throw_type_error(cx, "RegExp.prototype.test: expected an object, not %v", call->this_value);
  }
  r->text = value_to_string(cx, call_argument(call, 0));
  if (value_is_abrupt(r->text)) return VALUE_ABRUPT;
  Object *object = value_as_object(call->this_value);
  if (!replay_is_repeating(cx) && regexp_exec_is_builtin(cx, object)) {
    // OPTIMIZATION: no result array is made.
    RegExpRun run SCOPED_RUN;
    regexp_run_initialize(&run, cx);
    Tristate matched = regexp_exec_run(cx, (RegExpObject *)object, value_as_string(r->text), &run);
    return matched == TRISTATE_ABRUPT ? VALUE_ABRUPT : value_boolean(matched == TRISTATE_TRUE);
  }
  Value result = regexp_exec(cx, object, r->text);
  return value_is_abrupt(result) ? VALUE_ABRUPT : value_boolean(!value_is_null(result));
}

// https://tc39.es/ecma262/#sec-regexp.prototype.tostring
static Value regexp_prototype_to_string(Context *cx, const Call *call) {
  ROOTS(cx, r, pattern, flags);
  if (!value_is_object(call->this_value)) {
    return throw_type_error(cx, "RegExp.prototype.toString: expected an object, not %v", call->this_value);
  }
  Object *object = value_as_object(call->this_value);
  r->pattern = object_get_key(cx, object, cx->names->source);
  if (value_is_abrupt(r->pattern)) return VALUE_ABRUPT;
  r->pattern = value_to_string(cx, r->pattern);
  if (value_is_abrupt(r->pattern)) return VALUE_ABRUPT;
  r->flags = object_get_key(cx, object, cx->names->flags);
  if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  r->flags = value_to_string(cx, r->flags);
  if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_unit(&builder, '/');
  if (!string_builder_append_string(&builder, value_as_string(r->pattern))) return VALUE_ABRUPT;
  string_builder_append_unit(&builder, '/');
  if (!string_builder_append_string(&builder, value_as_string(r->flags))) return VALUE_ABRUPT;
  return string_builder_finish(&builder);
}

// https://tc39.es/ecma262/#sec-regexp.prototype.compile
static Value regexp_prototype_compile(Context *cx, const Call *call) {
  ROOTS(cx, r, flags);
  if (!value_is_object_of(call->this_value, CELL_REGEXP)) {
    return throw_type_error(cx, "RegExp.prototype.compile: expected a regular expression, not %v", call->this_value);
  }
  if (!regexp_is_legacy(cx, value_as_regexp(call->this_value))) {
    return throw_type_error(cx, "a regular expression of a subclass or another realm cannot be compiled again");
  }
  Value pattern = call_argument(call, 0), flags = call_argument(call, 1);
  if (value_is_object_of(pattern, CELL_REGEXP)) {
    if (!value_is_undefined(flags)) {
      return throw_type_error(
          cx, "RegExp.prototype.compile: the flags must be undefined when the pattern is a regular expression");
    }
    char letters[9];
    int count = 0;
    RegExpFlags bits = regexp_object_program(value_as_regexp(pattern))->flags;
    for (int i = 0; i < 8; i++) {
      if (bits >> i & 1) letters[count++] = "dgimsuvy"[i];
    }
    r->flags = string_from_view(cx, text_view_narrow(letters, (size_t)count));
    if (value_is_abrupt(r->flags)) return VALUE_ABRUPT;
    flags = r->flags;
    pattern = value_as_regexp(pattern)->source;
  }
  if (!regexp_initialize(cx, value_as_object(call->this_value), pattern, flags)) return VALUE_ABRUPT;
  return call->this_value;
}

// https://tc39.es/ecma262/#sec-escaperegexppattern
static Value escape_pattern(Context *cx, Value source) {
  TextView text;
  if (!string_view(cx, value_as_string(source), &text)) return VALUE_ABRUPT;
  if (text.length == 0) return string_from_ascii(cx, "(?:)");
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  bool in_class = false, changed = false;
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    uint16_t unit = text_view_unit(text, i);
    bool escaped = unit == '\\' && i + 1 < text.length;
    if (escaped) unit = text_view_unit(text, ++i);
    if (unit == '[' && !escaped) in_class = true;
    if (unit == ']' && !escaped) in_class = false;
    const char *terminator = unit == '\n'     ? "\\n"
                             : unit == '\r'   ? "\\r"
                             : unit == 0x2028 ? "\\u2028"
                             : unit == 0x2029 ? "\\u2029"
                                              : NULL;
    if (terminator) {
      string_builder_append_ascii(&builder, terminator);
      changed = true;
      continue;
    }
    if (unit == '/' && !escaped && !in_class) changed = escaped = true;
    if (escaped) string_builder_append_unit(&builder, '\\');
    string_builder_append_unit(&builder, unit);
  }
  return changed ? string_builder_finish(&builder) : source;
}

// https://tc39.es/ecma262/#sec-get-regexp.prototype.source
static Value regexp_get_source(Context *cx, const Call *call) {
  if (value_is_object_of(call->this_value, CELL_REGEXP)) {
    return escape_pattern(cx, value_as_regexp(call->this_value)->source);
  }
  if (call->this_value == realm_intrinsic(cx, INTRINSIC_RegExpPrototype)) return string_from_ascii(cx, "(?:)");
  return throw_type_error(cx, "RegExp.prototype.source: expected a regular expression, not %v", call->this_value);
}

// https://tc39.es/ecma262/#sec-regexphasflag
static Value regexp_get_flag(Context *cx, const Call *call) {
  if (value_is_object_of(call->this_value, CELL_REGEXP)) {
    return value_boolean(regexp_object_program(value_as_regexp(call->this_value))->flags & call_magic(call));
  }
  if (call->this_value == realm_intrinsic(cx, INTRINSIC_RegExpPrototype)) return VALUE_UNDEFINED;
  return throw_type_error(cx, "%eexpected a regular expression, not %v", call->this_value);
}

typedef struct FlagName {
  PropertyKey key;
  char letter;
} FlagName;
enum { FLAG_COUNT = 8 };

// In the alphabetical order of the letters, which is that of the bits.
static void list_flag_names(Context *cx, FlagName names[FLAG_COUNT]) {
  const Names *known = cx->names;
  const Value keys[FLAG_COUNT] = {known->hasIndices, known->global,  known->ignoreCase,  known->multiline,
                                  known->dotAll,     known->unicode, known->unicodeSets, known->sticky};
  for (int i = 0; i < FLAG_COUNT; i++) names[i] = (FlagName){keys[i], "dgimsuvy"[i]};
}

// https://tc39.es/ecma262/#sec-get-regexp.prototype.flags
Value regexp_prototype_flags(Context *cx, const Call *call) {
  if (!value_is_object(call->this_value)) {
    return throw_type_error(cx, "RegExp.prototype.flags: expected an object, not %v", call->this_value);
  }
  char letters[FLAG_COUNT];
  uint32_t count = 0;
  FlagName names[FLAG_COUNT];
  list_flag_names(cx, names);
  for (int i = 0; i < FLAG_COUNT; i++) {
    Value value = object_get_key(cx, value_as_object(call->this_value), names[i].key);
    if (value_is_abrupt(value)) return VALUE_ABRUPT;
    if (value_to_boolean(value)) letters[count++] = names[i].letter;
  }
  return string_from_view(cx, text_view_narrow(letters, count));
}

Value regexp_to_text(Context *cx, RegExpObject *regexp) {
  ROOTS(cx, r, regexp, source);
  r->regexp = value_object(&regexp->object);
  r->source = value_is_string(regexp->source) ? escape_pattern(cx, regexp->source) : cx->names->empty;
  if (value_is_abrupt(r->source)) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_unit(&builder, '/');
  if (!string_builder_append_string(&builder, value_as_string(r->source))) return VALUE_ABRUPT;
  string_builder_append_unit(&builder, '/');
  uint32_t flags = value_is_internal(regexp->program) ? regexp_object_program(regexp)->flags : 0;
  for (int i = 0; i < FLAG_COUNT; i++)
    if (flags & 1u << i) string_builder_append_unit(&builder, (uint8_t)"dgimsuvy"[i]);
  return string_builder_finish(&builder);
}

// Whether the accessor found for the key is the built-in one, even if it has not been created yet.
static bool has_builtin_getter(Context *cx, Object *object, PropertyKey key, NativeFunction function, int magic) {
  Value slot = VALUE_HOLE;
  const StubEntry *entry = stub_cache_find(cx, object, key);
  if (entry) {
    if (!(entry->attributes & PROPERTY_ACCESSOR)) return false;
    slot = (entry->holder ? entry->holder : object)->slots[entry->slot];
  } else {
    Object *prototype = object->shape->prototype;
    if (!prototype || value_object(prototype) != realm_intrinsic(cx, INTRINSIC_RegExpPrototype)) return false;
    if (shape_lookup(object->shape, key)) return false;
    const Property *property = shape_lookup(prototype->shape, key);
    if (!property || !(property->attributes & PROPERTY_LAZY)) return false;
    slot = prototype->slots[property->slot];
    if (property_is_unfilled(slot)) return true;
  }
  if (!value_is_internal(slot)) return false;
  Value getter = ((const Record *)value_as_cell(slot))->items[ACCESSOR_GET];
  if (!value_is_object_of(getter, CELL_NATIVE_FUNCTION)) return false;
  const NativeFunctionObject *native = (const NativeFunctionObject *)value_as_object(getter);
  return native->function == function && native->magic == magic;
}

bool regexp_flags_are_builtin(Context *cx, Object *object) {
  if (!has_builtin_getter(cx, object, cx->names->flags, regexp_prototype_flags, 0)) return false;
  FlagName names[FLAG_COUNT];
  list_flag_names(cx, names);
  for (int i = 0; i < FLAG_COUNT; i++) {
    if (!has_builtin_getter(cx, object, names[i].key, regexp_get_flag, 1 << i)) return false;
  }
  return true;
}

// Whether IsRegExp would read the prototype's own method and run no guest code; the method may not have been created
// yet.
static bool has_builtin_match(Context *cx, Object *object) {
  PropertyKey key = cx->names->symbol_match;
  if (object_has_builtin(cx, object, key, regexp_prototype_match)) return true;
  Object *prototype = object->shape->prototype;
  if (!prototype || value_object(prototype) != realm_intrinsic(cx, INTRINSIC_RegExpPrototype)) return false;
  if (shape_lookup(object->shape, key)) return false;
  const Property *property = shape_lookup(prototype->shape, key);
  return property && (property->attributes & PROPERTY_LAZY) && property_is_unfilled(prototype->slots[property->slot]);
}

// Whether SpeciesConstructor gives the realm's own RegExp, and constructing a copy runs no guest code.
bool regexp_constructor_is_builtin(Context *cx, Object *object) {
  if (!has_builtin_match(cx, object)) return false;
  const StubEntry *entry = stub_cache_find(cx, object, cx->names->constructor);
  if (!entry || (entry->attributes & PROPERTY_ACCESSOR)) return false;
  Value constructor = (entry->holder ? entry->holder : object)->slots[entry->slot];
  if (constructor != realm_intrinsic(cx, INTRINSIC_RegExp)) return false;
  Object *function = value_as_object(constructor);
  const Property *property = shape_lookup(function->shape, cx->names->symbol_species);
  if (!property || !(property->attributes & PROPERTY_ACCESSOR)) return false;
  Value slot = function->slots[property->slot];
  if (property_is_unfilled(slot)) return true;
  Value getter = ((const Record *)value_as_cell(slot))->items[ACCESSOR_GET];
  return value_is_object_of(getter, CELL_NATIVE_FUNCTION) &&
         ((const NativeFunctionObject *)value_as_object(getter))->function == regexp_get_species;
}

// Tables ---------------------------------------------------------------------------------------------

static const BuiltinRow regexp_rows[] = {
    FUNCTION("escape", 1, regexp_escape),
    GETTER("@@species", regexp_get_species),
    ACCESSOR("input", regexp_get_input, regexp_set_input),
    ACCESSOR("$_", regexp_get_input, regexp_set_input),
    GETTER_MAGIC("lastMatch", regexp_get_last_group, 0),
    GETTER_MAGIC("$&", regexp_get_last_group, 0),
    GETTER("lastParen", regexp_get_last_paren),
    GETTER("$+", regexp_get_last_paren),
    GETTER_MAGIC("leftContext", regexp_get_context, 0),
    GETTER_MAGIC("$`", regexp_get_context, 0),
    GETTER_MAGIC("rightContext", regexp_get_context, 1),
    GETTER_MAGIC("$'", regexp_get_context, 1),
    GETTER_MAGIC("$1", regexp_get_last_group, 1),
    GETTER_MAGIC("$2", regexp_get_last_group, 2),
    GETTER_MAGIC("$3", regexp_get_last_group, 3),
    GETTER_MAGIC("$4", regexp_get_last_group, 4),
    GETTER_MAGIC("$5", regexp_get_last_group, 5),
    GETTER_MAGIC("$6", regexp_get_last_group, 6),
    GETTER_MAGIC("$7", regexp_get_last_group, 7),
    GETTER_MAGIC("$8", regexp_get_last_group, 8),
    GETTER_MAGIC("$9", regexp_get_last_group, 9),
    END_OF_ROWS,
};

static const BuiltinRow regexp_prototype_rows[] = {
    FUNCTION_RECORD("exec", 1, regexp_prototype_exec, INTRINSIC_RegExpPrototype_exec),
    GETTER_MAGIC("dotAll", regexp_get_flag, REGEXP_DOT_ALL),
    GETTER("flags", regexp_prototype_flags),
    GETTER_MAGIC("global", regexp_get_flag, REGEXP_GLOBAL),
    GETTER_MAGIC("hasIndices", regexp_get_flag, REGEXP_HAS_INDICES),
    GETTER_MAGIC("ignoreCase", regexp_get_flag, REGEXP_IGNORE_CASE),
    GETTER_MAGIC("multiline", regexp_get_flag, REGEXP_MULTILINE),
    GETTER("source", regexp_get_source),
    GETTER_MAGIC("sticky", regexp_get_flag, REGEXP_STICKY),
    GETTER_MAGIC("unicode", regexp_get_flag, REGEXP_UNICODE),
    GETTER_MAGIC("unicodeSets", regexp_get_flag, REGEXP_UNICODE_SETS),
    FUNCTION("compile", 2, regexp_prototype_compile),
    FUNCTION("test", 1, regexp_prototype_test),
    FUNCTION("toString", 0, regexp_prototype_to_string),
    FUNCTION("@@match", 1, regexp_prototype_match),
    FUNCTION("@@matchAll", 1, regexp_prototype_match_all),
    SELF_HOSTED("@@replace", 2, "RegExpPrototype_replace"),
    FUNCTION("@@search", 1, regexp_prototype_search),
    FUNCTION("@@split", 2, regexp_prototype_split),
    END_OF_ROWS,
};

const BuiltinObject builtin_regexp_prototype = {
    .intrinsic = INTRINSIC_RegExpPrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = regexp_prototype_rows,
};

const BuiltinObject builtin_regexp = {
    .global_name = "RegExp",
    .intrinsic = INTRINSIC_RegExp,
    .prototype = INTRINSIC_FunctionPrototype,
    .constructor = regexp_constructor,
    .length = 2,
    .prototype_property = INTRINSIC_RegExpPrototype,
    .rows = regexp_rows,
};
