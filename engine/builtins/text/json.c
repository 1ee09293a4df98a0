// JSON: the object, revivers and raw JSON. https://tc39.es/ecma262/#sec-json-object
#include "builtins/text/json.h"

#include "builtins/intrinsics.h"
#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/replay.h"

const ObjectClass object_class_raw_json = {.name = "RawJSON", .kind = CELL_OBJECT, .size = sizeof(Object)};

// Revivers --------------------------------------------------------------------------------------------

// Operations of self-hosted code (json.js). A record is undefined when there is none.

// (record, value): the record if the value is still the parsed one
Value intrinsic_json_record_of(Context *cx, const Call *call) {
  Value record = call->arguments[0];
  if (value_is_undefined(record)) return record;
  bool same;
  if (!value_same(cx, ((const Record *)value_as_cell(record))->items[JSON_RECORD_VALUE], call->arguments[1], &same))
    return VALUE_ABRUPT;
  return same ? record : VALUE_UNDEFINED;
}

// (record): the text of a primitive, or undefined
Value intrinsic_json_record_text(Context *cx, const Call *call) {
  (void)cx;
  Value record = call->arguments[0];
  if (value_is_undefined(record)) return record;
  Value text = ((const Record *)value_as_cell(record))->items[JSON_RECORD_TEXT];
  return value_is_string(text) ? text : VALUE_UNDEFINED;
}

// (record): how many elements or entries it has
Value intrinsic_json_record_count(Context *cx, const Call *call) {
  (void)cx;
  if (value_is_undefined(call->arguments[0])) return VALUE_INT_ZERO;
  Value children = ((const Record *)value_as_cell(call->arguments[0]))->items[JSON_RECORD_CHILDREN];
  return value_is_internal(children) ? value_unsigned(values_count((const Values *)value_as_cell(children)))
                                     : VALUE_INT_ZERO;
}

// (record, of an array, index, key): the record of a child. `index`: the element, or the place where the name is
// expected, or -1.
Value intrinsic_json_record_child(Context *cx, const Call *call) {
  Value record = call->arguments[0], key = call->arguments[3];
  if (value_is_undefined(record)) return record;
  const Record *fields = (const Record *)value_as_cell(record);
  if (!value_is_internal(fields->items[JSON_RECORD_CHILDREN])) return VALUE_UNDEFINED;
  const Values *children = (const Values *)value_as_cell(fields->items[JSON_RECORD_CHILDREN]);
  bool is_array = value_as_boolean(call->arguments[1]), has_keys = value_is_internal(fields->items[JSON_RECORD_KEYS]);
  if (is_array == has_keys) return VALUE_UNDEFINED;
  double index = value_as_number(call->arguments[2]);
  bool is_inside = index >= 0 && index < values_count(children);
  if (is_array) return is_inside ? children->items[(uint32_t)index] : VALUE_UNDEFINED;
  const Values *keys = (const Values *)value_as_cell(fields->items[JSON_RECORD_KEYS]);
  key = key_from_value(cx, key);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  // Without repeated names or indices the order is that of the text; the last of repeated names wins.
  if (is_inside && keys->items[(uint32_t)index] == key) return children->items[(uint32_t)index];
  uint32_t steps = 0;
  for (uint32_t i = values_count(children); i-- > 0;) {
    if (!context_step(cx, &steps)) return VALUE_ABRUPT;
    if (keys->items[i] == key) return children->items[i];
  }
  return VALUE_UNDEFINED;
}

// (object, key, value): what the reviver has made of a property; an object may refuse it
Value intrinsic_json_put(Context *cx, const Call *call) {
  ROOTS(cx, r, key);
  r->key = key_from_value(cx, call->arguments[1]);
  if (value_is_abrupt(r->key)) return VALUE_ABRUPT;
  Object *object = value_as_object(call->arguments[0]);
  Descriptor descriptor = descriptor_data(call->arguments[2], PROPERTY_DEFAULT);
  Tristate done = value_is_undefined(call->arguments[2]) ? object_delete(cx, object, r->key)
                                                         : object_define_own_property(cx, object, r->key, &descriptor);
  return done == TRISTATE_ABRUPT ? VALUE_ABRUPT : VALUE_UNDEFINED;
}

static Value revive(Context *cx, Value value, Value reviver, Value record) {
  ROOTS(cx, r, function, arguments[4]);
  Object *root = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!root) return VALUE_ABRUPT;
  r->arguments[0] = value_object(root);
  if (!object_create_data_property(cx, root, cx->names->empty, value)) return VALUE_ABRUPT;
  r->arguments[1] = cx->names->empty;
  r->arguments[2] = reviver;
  r->arguments[3] = record;
  r->function = builtin_self_hosted(cx, "InternalizeJSONProperty");
  return value_is_abrupt(r->function) ? VALUE_ABRUPT : function_call(cx, r->function, VALUE_UNDEFINED, r->arguments, 4);
}

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
  return value_is_abrupt(r->parts[VALUE]) ? VALUE_ABRUPT : revive(cx, r->parts[VALUE], reviver, r->parts[RECORD]);
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
