// What the files behind the JSON object share.
#ifndef CAISSON_BUILTINS_JSON_H
#define CAISSON_BUILTINS_JSON_H

#include "runtime/functions.h"

// [[IsRawJSON]]: an ordinary object of this class.
extern const ObjectClass object_class_raw_json;
static inline bool value_is_raw_json(Value value) {
  return value_is_object_of(value, CELL_OBJECT) && value_as_object(value)->shape->class_ == &object_class_raw_json;
}

// A JSON Parse Record, kept when a reviver may ask for source text. A primitive's text is a string; arrays and
// objects keep the records of their elements or entries (and the keys of these).
enum { JSON_RECORD_VALUE, JSON_RECORD_TEXT, JSON_RECORD_CHILDREN, JSON_RECORD_KEYS, JSON_RECORD_FIELDS };

// Parses a whole text; `text` is a view of a string that the caller keeps alive. With `record`, fills it with the
// internal parse record (rooted storage); else NULL.
Value json_parse(Context *cx, TextView text, Value *record);

// https://tc39.es/ecma262/#sec-json.stringify
Value json_stringify(Context *cx, Value value, Value replacer, Value space);

#endif
