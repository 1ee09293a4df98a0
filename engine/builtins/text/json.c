// JSON: the object and raw JSON. https://tc39.es/ecma262/#sec-json-object
#include "builtins/text/json.h"

#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"

const ObjectClass object_class_raw_json = {.name = "RawJSON", .kind = CELL_OBJECT, .size = sizeof(Object)};

// The functions ---------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-json.parse
static Value json_parse_call(Context *cx, const Call *call) {
  enum { VALUE, RECORD, PARTS };
  ROOTS(cx, r, string, parts[PARTS]);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  Value reviver = call_argument(call, 1);
  bool revives = value_is_callable(reviver);
  if (!revives) return json_parse(cx, text, NULL);
  // The text is parsed once.
  if (!replay_must_record(cx)) return VALUE_ABRUPT;
  ReplayOperation operation;
  bool is_recorded = replay_is_recording(cx);
  if (!is_recorded || !replay_begin(cx, REPLAY_NATIVE, &operation, r->parts, PARTS)) {
    r->parts[RECORD] = VALUE_UNDEFINED;
    r->parts[VALUE] = json_parse(cx, text, &r->parts[RECORD]);
    if (is_recorded) r->parts[VALUE] = replay_end(cx, &operation, r->parts, PARTS);
  }
  return value_is_abrupt(r->parts[VALUE]) ? VALUE_ABRUPT : json_revive(cx, r->parts[VALUE], r->parts[RECORD], reviver);
}

// https://tc39.es/ecma262/#sec-json.stringify
static Value json_stringify_call(Context *cx, const Call *call) {
  return json_stringify(cx, call_argument(call, 0), call_argument(call, 1), call_argument(call, 2));
}

static bool is_outer_space(uint16_t unit) { return unit == '\t' || unit == '\n' || unit == '\r' || unit == ' '; }

// https://tc39.es/ecma262/#sec-json.rawjson
static Value json_raw_json(Context *cx, const Call *call) {
  ROOTS(cx, r, string, value, object);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  if (text.length == 0) return throw_error(cx, ERROR_SYNTAX, "JSON.rawJSON: the text is empty");
  uint16_t first = text_view_unit(text, 0), last = text_view_unit(text, text.length - 1);
  if (is_outer_space(first) || is_outer_space(last)) {
    return throw_error(cx, ERROR_SYNTAX, "JSON.rawJSON: the text begins or ends with white space");
  }
  if (first == '{' || first == '[')
    return throw_error(cx, ERROR_SYNTAX, "JSON.rawJSON: the text must be a primitive value, not an object or an array");
  r->value = json_parse(cx, text, NULL);
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  Object *object = object_create_of_class(cx, &object_class_raw_json, NULL, 1);
  if (!object) return VALUE_ABRUPT;
  r->object = value_object(object);
  if (!object_create_data_property(cx, object, cx->names->rawJSON, r->string)) return VALUE_ABRUPT;
  return object_set_integrity(cx, object, INTEGRITY_FROZEN) == TRISTATE_ABRUPT ? VALUE_ABRUPT : r->object;
}

// https://tc39.es/ecma262/#sec-json.israwjson
static Value json_is_raw_json(Context *cx, const Call *call) {
  (void)cx;
  return value_boolean(value_is_raw_json(call_argument(call, 0)));
}

static const BuiltinRow json_rows[] = {
    FUNCTION("isRawJSON", 1, json_is_raw_json),
    FUNCTION("parse", 2, json_parse_call),
    FUNCTION("rawJSON", 1, json_raw_json),
    FUNCTION("stringify", 3, json_stringify_call),
    TO_STRING_TAG("JSON"),
    END_OF_ROWS,
};

const BuiltinObject builtin_json = {
    .global_name = "JSON",
    .intrinsic = INTRINSIC_JSON,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = json_rows,
};
