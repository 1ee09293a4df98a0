// The reviver of JSON.parse. https://tc39.es/ecma262/#sec-internalizejsonproperty
//
// The objects around the property at hand are levels of a stack in the heap: so no depth of a value needs C stack, and
// a step that is run again goes on with the property at which it was abandoned.
#include "builtins/text/json.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

// A level: the object whose properties are revived, their keys (undefined: indices), their count and the one at hand,
// and the object's parse record or undefined.
enum { LEVEL_OBJECT, LEVEL_KEYS, LEVEL_COUNT, LEVEL_INDEX, LEVEL_RECORD, LEVEL_VALUES, LEVELS_FIRST = 8 };
// What is kept between rounds: the levels in an internal Values, and how many there are.
enum { STATE_LEVELS, STATE_DEPTH, STATE_VALUES };

typedef struct Revival {
  Context *cx;
  Value reviver;
  Value *state;   // rooted
  Value *source;  // rooted: the shape of objects that have only a `source`, once there is one
} Revival;

static uint32_t revival_depth(const Revival *revival) { return (uint32_t)value_as_int(revival->state[STATE_DEPTH]); }

static Value *level_at(const Revival *revival, uint32_t place) {
  return ((Values *)value_as_cell(revival->state[STATE_LEVELS]))->items + (size_t)place * LEVEL_VALUES;
}

// bounded: twice as many each time; the list pays for its size.
static MUST_CHECK bool push_level(Revival *revival, const Value *level) {
  Values *levels = (Values *)value_as_cell(revival->state[STATE_LEVELS]);
  uint32_t depth = revival_depth(revival), used = depth * LEVEL_VALUES;
  if (used == values_count(levels)) {
    if (used > UINT32_MAX / 2) return context_throw_out_of_memory(revival->cx), false;
    Values *larger = values_create(revival->cx, used * 2);
    if (!larger) return false;
    memcpy(larger->items, levels->items, used * sizeof(Value));
    revival->state[STATE_LEVELS] = value_internal(larger);
    levels = larger;
  }
  for (uint32_t i = 0; i < LEVEL_VALUES; i++) cell_store(revival->cx, &levels->items[used + i], level[i]);
  revival->state[STATE_DEPTH] = value_int((int32_t)depth + 1);
  return true;
}

// Parse records ---------------------------------------------------------------------------------------

static uint32_t record_child_count(Value record) {
  if (value_is_undefined(record)) return 0;
  Value children = ((const Record *)value_as_cell(record))->items[JSON_RECORD_CHILDREN];
  return value_is_internal(children) ? values_count((const Values *)value_as_cell(children)) : 0;
}

// The record of the property at hand; undefined: there is none. False: the fuel is spent.
static MUST_CHECK bool child_record(Context *cx, const Value *level, PropertyKey key, Value *child) {
  *child = VALUE_UNDEFINED;
  Value record = level[LEVEL_RECORD];
  uint32_t count = record_child_count(record);
  if (count == 0) return true;
  const Record *fields = (const Record *)value_as_cell(record);
  const Values *children = (const Values *)value_as_cell(fields->items[JSON_RECORD_CHILDREN]);
  bool has_keys = value_is_internal(fields->items[JSON_RECORD_KEYS]);
  if (value_is_internal(level[LEVEL_KEYS]) != has_keys) return true;
  double index = value_as_number(level[LEVEL_INDEX]);
  if (!has_keys) {
    if (index < count) *child = children->items[(uint32_t)index];
    return true;
  }
  const Values *keys = (const Values *)value_as_cell(fields->items[JSON_RECORD_KEYS]);
  // Without repeated names or indices the order is that of the text; the last of repeated names wins.
  if (value_as_number(level[LEVEL_COUNT]) == count && keys->items[(uint32_t)index] == key) {
    *child = children->items[(uint32_t)index];
    return true;
  }
  uint32_t steps = 0;
  for (uint32_t i = count; i-- > 0;) {
    if (!context_step(cx, &steps)) return false;
    if (keys->items[i] != key) continue;
    *child = children->items[i];
    break;
  }
  return true;
}

// The record is undefined from now on when the value is no longer the one that was parsed.
static MUST_CHECK bool check_record(Context *cx, Value value, Value *record) {
  if (value_is_undefined(*record)) return true;
  bool same;
  if (!value_same(cx, ((const Record *)value_as_cell(*record))->items[JSON_RECORD_VALUE], value, &same)) return false;
  if (!same) *record = VALUE_UNDEFINED;
  return true;
}

// Properties ------------------------------------------------------------------------------------------

// Fills a level for an object that was met.
static MUST_CHECK bool open_level(Context *cx, Value value, Value record, Value *level) {
  Object *object = value_as_object(value);
  level[LEVEL_OBJECT] = value;
  level[LEVEL_KEYS] = VALUE_UNDEFINED;
  level[LEVEL_INDEX] = VALUE_INT_ZERO;
  level[LEVEL_RECORD] = record;
  bool is_array;
  if (!value_is_array(cx, value, &is_array)) return false;
  double length;
  if (!is_array) {  // which names are enumerable is decided before the first of them is revived
    level[LEVEL_KEYS] = json_enumerable_names(cx, object, &length);
    if (value_is_abrupt(level[LEVEL_KEYS])) return false;
  } else if (!object_length(cx, object, &length)) {
    return false;
  }
  level[LEVEL_COUNT] = value_number(length);
  return true;
}

// The key at which a level stands.
static PropertyKey level_key(Context *cx, const Value *level) {
  if (value_is_undefined(level[LEVEL_KEYS])) return key_from_value(cx, level[LEVEL_INDEX]);
  return ((const Values *)value_as_cell(level[LEVEL_KEYS]))->items[(uint32_t)value_as_number(level[LEVEL_INDEX])];
}

// The third argument of the reviver: the text of a primitive that is as it was parsed.
static Value make_details(const Revival *revival, Value record) {
  Context *cx = revival->cx;
  Value text =
      value_is_undefined(record) ? VALUE_UNDEFINED : ((const Record *)value_as_cell(record))->items[JSON_RECORD_TEXT];
  bool has_text = value_is_string(text);
  // OPTIMIZATION: the property is not added to each object by itself.
  Shape *shape = has_text && value_is_internal(*revival->source) ? (Shape *)value_as_cell(*revival->source)
                                                                 : cx->realm->shapes[REALM_SHAPE_OBJECT];
  Object *details = object_create_with_shape(cx, shape, has_text);
  if (!details) return VALUE_ABRUPT;
  if (!has_text) return value_object(details);
  if (value_is_internal(*revival->source)) {
    details->slots[0] = text;
    return value_object(details);
  }
  ROOTS(cx, r, details);
  r->details = value_object(details);
  if (!object_add_property(cx, details, cx->names->source, text, PROPERTY_DEFAULT)) return VALUE_ABRUPT;
  *revival->source = value_internal(details->shape);
  return r->details;
}

static Value call_reviver(const Revival *revival, Value holder, PropertyKey key, Value value, Value record) {
  Context *cx = revival->cx;
  ROOTS(cx, r, arguments[3]);
  r->arguments[2] = make_details(revival, record);
  if (value_is_abrupt(r->arguments[2])) return VALUE_ABRUPT;
  r->arguments[0] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[0])) return VALUE_ABRUPT;
  r->arguments[1] = value;
  return function_call(cx, revival->reviver, holder, r->arguments, 3);
}

// An object may refuse what the reviver has made of a property.
static MUST_CHECK bool put_revived(Context *cx, Object *object, PropertyKey key, Value value) {
  if (value_is_undefined(value)) return object_delete(cx, object, key) != TRISTATE_ABRUPT;
  Descriptor descriptor = descriptor_data(value, PROPERTY_DEFAULT);
  return object_define_own_property(cx, object, key, &descriptor) != TRISTATE_ABRUPT;
}

// Goes into the property at hand, or revives it: when it is no object, or an object whose properties are all revived.
// *result: what the reviver returned at last.
static MUST_CHECK bool revival_step(Revival *revival, Value *result) {
  Context *cx = revival->cx;
  ROOTS(cx, r, key, value, record, inner[LEVEL_VALUES]);
  uint32_t place = revival_depth(revival) - 1;
  const Value *level = level_at(revival, place);
  if (value_as_number(level[LEVEL_INDEX]) == value_as_number(level[LEVEL_COUNT])) {
    r->value = level[LEVEL_OBJECT];
    r->record = level[LEVEL_RECORD];
    r->key = level_key(cx, level_at(revival, --place));
    if (value_is_abrupt(r->key)) return false;
  } else {
    r->key = level_key(cx, level);
    if (value_is_abrupt(r->key) || !child_record(cx, level, r->key, &r->record)) return false;
    r->value = object_get_key(cx, value_as_object(level[LEVEL_OBJECT]), r->key);
    if (value_is_abrupt(r->value) || !check_record(cx, r->value, &r->record)) return false;
    if (value_is_object(r->value))
      return open_level(cx, r->value, r->record, r->inner) && push_level(revival, r->inner);
  }
  Value *holder = level_at(revival, place);
  *result = call_reviver(revival, holder[LEVEL_OBJECT], r->key, r->value, r->record);
  if (value_is_abrupt(*result)) return false;
  if (place > 0 && !put_revived(cx, value_as_object(holder[LEVEL_OBJECT]), r->key, *result)) return false;
  holder[LEVEL_INDEX] = value_number(value_as_number(holder[LEVEL_INDEX]) + 1);
  revival->state[STATE_DEPTH] = value_int((int32_t)place + 1);
  return true;
}

// The level below all others: an object with the value as its only property.
static MUST_CHECK bool push_root(Revival *revival, Value value, Value record) {
  Context *cx = revival->cx;
  ROOTS(cx, r, level[LEVEL_VALUES], children, parent);
  Object *root = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!root) return false;
  r->level[LEVEL_OBJECT] = value_object(root);
  if (!object_create_data_property(cx, root, cx->names->empty, value)) return false;
  Values *names = values_create(cx, 1);
  if (!names) return false;
  names->items[0] = cx->names->empty;
  r->level[LEVEL_KEYS] = value_internal(names);
  Values *children = values_create(cx, 1);
  if (!children) return false;
  children->items[0] = record;
  r->children = value_internal(children);
  Record *parent = record_create(cx, 0, JSON_RECORD_FIELDS);
  if (!parent) return false;
  parent->items[JSON_RECORD_CHILDREN] = r->children;
  parent->items[JSON_RECORD_KEYS] = r->level[LEVEL_KEYS];
  r->level[LEVEL_RECORD] = value_internal(parent);
  r->level[LEVEL_COUNT] = value_int(1);
  r->level[LEVEL_INDEX] = VALUE_INT_ZERO;
  return push_level(revival, r->level);
}

// bounded: each round calls the reviver or makes a level.
Value json_revive(Context *cx, Value value, Value record, Value reviver) {
  ROOTS(cx, r, state[STATE_VALUES], source, result);
  Revival revival = {cx, reviver, r->state, &r->source};
  Values *levels = values_create(cx, LEVELS_FIRST * LEVEL_VALUES);
  if (!levels) return VALUE_ABRUPT;
  r->state[STATE_LEVELS] = value_internal(levels);
  r->state[STATE_DEPTH] = VALUE_INT_ZERO;
  if (!push_root(&revival, value, record)) return VALUE_ABRUPT;
  ReplayLoop loop;
  if (!replay_loop(cx, &loop, r->state, STATE_VALUES)) return VALUE_ABRUPT;
  for (;; replay_keep_loop(cx, &loop, r->state, STATE_VALUES)) {
    if (!revival_step(&revival, &r->result)) return VALUE_ABRUPT;
    if (value_as_number(level_at(&revival, 0)[LEVEL_INDEX]) == 1) return r->result;
  }
}
