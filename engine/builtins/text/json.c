// JSON: the object, revivers and raw JSON. https://tc39.es/ecma262/#sec-json-object
#include "builtins/text/json.h"

#include "runtime/builtin_table.h"
#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/names.h"

const ObjectClass object_class_raw_json = {.name = "RawJSON", .kind = CELL_OBJECT, .size = sizeof(Object)};

// Revivers --------------------------------------------------------------------------------------------

static Value internalize(Context *cx, Value holder, PropertyKey key, Value reviver, Value record);

// The parse record of a child: undefined when there is none, or when it is no longer valid. `index`: the element, or
// the place where the name is expected.
static Value child_record(Value record, bool is_array, uint32_t index, PropertyKey key) {
  if (value_is_undefined(record)) return VALUE_UNDEFINED;
  const Record *fields = (const Record *)value_as_cell(record);
  if (!value_is_internal(fields->items[JSON_RECORD_CHILDREN])) return VALUE_UNDEFINED;
  const Values *children = (const Values *)value_as_cell(fields->items[JSON_RECORD_CHILDREN]);
  bool has_keys = value_is_internal(fields->items[JSON_RECORD_KEYS]);
  if (is_array == has_keys) return VALUE_UNDEFINED;
  if (is_array) return index < values_count(children) ? children->items[index] : VALUE_UNDEFINED;
  const Values *keys = (const Values *)value_as_cell(fields->items[JSON_RECORD_KEYS]);
  // Without repeated names or indices the order is that of the text; the last of repeated names wins.
  if (index < values_count(children) && keys->items[index] == key) return children->items[index];
  for (uint32_t i = values_count(children); i-- > 0;) {
    if (keys->items[i] == key) return children->items[i];
  }
  return VALUE_UNDEFINED;
}

static uint32_t record_child_count(Value record) {
  if (value_is_undefined(record)) return 0;
  Value children = ((const Record *)value_as_cell(record))->items[JSON_RECORD_CHILDREN];
  return value_is_internal(children) ? values_count((const Values *)value_as_cell(children)) : 0;
}

static MUST_CHECK bool internalize_child(Context *cx, Value value, PropertyKey key, Value reviver, Value record) {
  ROOTS(cx, r, revived);
  r->revived = internalize(cx, value, key, reviver, record);
  if (value_is_abrupt(r->revived)) return false;
  Object *object = value_as_object(value);
  if (value_is_undefined(r->revived)) return object_delete(cx, object, key) != TRISTATE_ABRUPT;
  Descriptor descriptor = descriptor_data(r->revived, PROPERTY_DEFAULT);
  return object_define_own_property(cx, object, key, &descriptor) != TRISTATE_ABRUPT;
}

// bounded: each round calls the reviver.
static MUST_CHECK bool internalize_elements(Context *cx, Value value, Value reviver, Value record) {
  ROOTS(cx, r, key);
  double length;
  if (!object_length(cx, value_as_object(value), &length)) return false;
  for (double i = 0; i < length; i++) {
    r->key = key_from_value(cx, value_number(i));
    if (value_is_abrupt(r->key)) return false;
    Value child = i < UINT32_MAX ? child_record(record, true, (uint32_t)i, r->key) : VALUE_UNDEFINED;
    if (!internalize_child(cx, value, r->key, reviver, child)) return false;
  }
  return true;
}

// bounded: each round calls the reviver; listing the keys paid for them.
static MUST_CHECK bool internalize_entries(Context *cx, Value value, Value reviver, Value record) {
  ROOTS(cx, r, keys, key, fields[3]);
  r->keys = object_own_keys(cx, value_as_object(value));
  if (value_is_abrupt(r->keys)) return false;
  Values *keys = (Values *)value_as_cell(r->keys);
  // Which keys are enumerable is decided before the first call of the reviver.
  uint32_t kept = 0;
  for (uint32_t i = 0; i < values_count(keys); i++) {
    if (!value_is_string(keys->items[i])) continue;
    r->key = key_from_value(cx, keys->items[i]);
    if (value_is_abrupt(r->key)) return false;
    Descriptor descriptor;
    Tristate found = object_get_own_property(cx, value_as_object(value), r->key, &descriptor, r->fields);
    if (found == TRISTATE_ABRUPT) return false;
    if (found == TRISTATE_TRUE && (descriptor.attributes & PROPERTY_ENUMERABLE)) keys->items[kept++] = r->key;
  }
  bool in_order = kept == record_child_count(record);
  for (uint32_t i = 0; i < kept; i++) {
    PropertyKey key = keys->items[i];
    Value child = child_record(record, false, in_order ? i : UINT32_MAX, key);
    if (!internalize_child(cx, value, key, reviver, child)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-internalizejsonproperty
static Value internalize_entered(Context *cx, Value holder, PropertyKey key, Value reviver, Value record) {
  ROOTS(cx, r, value, arguments[3]);
  r->value = object_get_key(cx, value_as_object(holder), key);
  if (value_is_abrupt(r->value)) return VALUE_ABRUPT;
  Value text = VALUE_UNDEFINED;
  if (!value_is_undefined(record)) {
    const Record *fields = (const Record *)value_as_cell(record);
    bool same;
    if (!value_same(cx, fields->items[JSON_RECORD_VALUE], r->value, &same)) return VALUE_ABRUPT;
    if (same) {
      text = fields->items[JSON_RECORD_TEXT];
    } else {
      record = VALUE_UNDEFINED;
    }
  }
  if (value_is_object(r->value)) {
    bool is_array;
    if (!value_is_array(cx, r->value, &is_array)) return VALUE_ABRUPT;
    bool done = is_array ? internalize_elements(cx, r->value, reviver, record)
                         : internalize_entries(cx, r->value, reviver, record);
    if (!done) return VALUE_ABRUPT;
  }
  Object *details = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!details) return VALUE_ABRUPT;
  r->arguments[2] = value_object(details);
  if (value_is_string(text) && !object_create_data_property(cx, details, cx->names->source, text)) return VALUE_ABRUPT;
  r->arguments[0] = key_to_value(cx, key);
  if (value_is_abrupt(r->arguments[0])) return VALUE_ABRUPT;
  r->arguments[1] = r->value;
  return function_call(cx, reviver, holder, r->arguments, 3);
}

static Value internalize(Context *cx, Value holder, PropertyKey key, Value reviver, Value record) {
  if (!context_enter_native(cx)) return VALUE_ABRUPT;
  Value value = internalize_entered(cx, holder, key, reviver, record);
  context_leave_native(cx);
  return value;
}

static Value revive(Context *cx, Value value, Value reviver, Value record) {
  ROOTS(cx, r, root);
  Object *root = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  if (!root) return VALUE_ABRUPT;
  r->root = value_object(root);
  if (!object_create_data_property(cx, root, cx->names->empty, value)) return VALUE_ABRUPT;
  return internalize(cx, r->root, cx->names->empty, reviver, record);
}

// The functions ---------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-json.parse
static Value json_parse_call(Context *cx, const Call *call) {
  ROOTS(cx, r, string, value, record);
  r->string = value_to_string(cx, call_argument(call, 0));
  TextView text;
  if (value_is_abrupt(r->string) || !string_view(cx, value_as_string(r->string), &text)) return VALUE_ABRUPT;
  Value reviver = call_argument(call, 1);
  bool revives = value_is_callable(reviver);
  r->value = json_parse(cx, text, revives ? &r->record : NULL);
  if (value_is_abrupt(r->value) || !revives) return r->value;
  return revive(cx, r->value, reviver, r->record);
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
