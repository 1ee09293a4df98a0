// What the files behind the JSON object share.
#ifndef CAISSON_BUILTINS_JSON_H
#define CAISSON_BUILTINS_JSON_H

#include "runtime/functions.h"

// [[IsRawJSON]]: an ordinary object of this class.
extern const ObjectClass object_class_raw_json;
static inline bool value_is_raw_json(Value value) {
  return value_is_object_of(value, CELL_OBJECT) && value_as_object(value)->shape->class_ == &object_class_raw_json;
}

// A JSON Parse Record, kept when a reviver may ask for source text. That of a primitive has its text, a string; those
// of arrays and objects have the records of their elements or entries (and the keys of these).
enum { JSON_RECORD_VALUE, JSON_RECORD_TEXT, JSON_RECORD_CHILDREN, JSON_RECORD_KEYS, JSON_RECORD_FIELDS };

// The index of the first quote, backslash or control character of a Latin-1 text from `index` on: the units before it
// are written to JSON unchanged.
// bounded: the callers pay for the units that were passed.
static inline uint32_t json_plain_end(const uint8_t *units, uint32_t index, uint32_t length) {
  // OPTIMIZATION: eight at a time, with the usual test for a zero byte; the loop below sorts out false alarms.
  const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  while (index + 8 <= length) {
    uint64_t word;
    memcpy(&word, units + index, sizeof word);
    uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
    if (((quote - ones) & ~quote & tops) | ((slash - ones) & ~slash & tops) | ((word - ones * ' ') & ~word & tops))
      break;
    index += 8;
  }
  while (index < length && units[index] >= ' ' && units[index] != '"' && units[index] != '\\') index++;
  return index;
}

// Parses a whole text; `text` is a view of a string that the caller keeps alive. With `record`, fills it with the
// internal parse record (rooted storage); else NULL.
Value json_parse(Context *cx, TextView text, Value *record);

// https://tc39.es/ecma262/#sec-enumerableownproperties with kind key: an internal Values, packed at its beginning.
Value json_enumerable_names(Context *cx, Object *object, double *count);

// What the reviver makes of a parsed value. https://tc39.es/ecma262/#sec-internalizejsonproperty
Value json_revive(Context *cx, Value value, Value record, Value reviver);

// https://tc39.es/ecma262/#sec-json.stringify
Value json_stringify(Context *cx, Value value, Value replacer, Value space);

#endif
