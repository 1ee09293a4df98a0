// Call sites: the objects that describe frames to Error.prepareStackTrace. https://v8.dev/docs/stack-trace-api
#include "builtins/self_hosted.h"
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/names.h"
#include "runtime/own_property.h"
#include "runtime/realm.h"
#include "runtime/slotted.h"
#include "text/sha256.h"
#include "text/utf8.h"

// An array of call sites for frames as errors.h describes them, without the place of a syntax error.
// bounded: the number of frames of a stack is limited.
Value call_sites_create(Context *cx, Value frames) {
  ROOTS(cx, r, sites, site, fields);
  Object *sites = array_create(cx, 0);
  if (!sites) return VALUE_ABRUPT;
  r->sites = value_object(sites);
  const Values *from = value_is_internal(frames) ? (const Values *)value_as_cell(frames) : NULL;
  uint32_t count = from ? values_count(from) / FRAME_FIELDS : 0;
  for (uint32_t i = 0; i < count; i++) {
    const Value *frame = from->items + i * FRAME_FIELDS;
    if ((value_as_int(frame[FRAME_MANNER]) & FRAME_MANNERS) == FRAME_MANNER_SOURCE) continue;
    Values *fields = values_create(cx, FRAME_FIELDS);
    if (!fields) return VALUE_ABRUPT;
    r->fields = value_internal(fields);
    memcpy(fields->items, frame, FRAME_FIELDS * sizeof(Value));
    Slotted *site = slotted_create(cx, SLOTTED_CALL_SITE, realm_prototype(cx, INTRINSIC_CallSitePrototype));
    if (!site) return VALUE_ABRUPT;
    r->site = value_object(&site->object);
    slotted_set(cx, site, 0, r->fields);
    if (!array_push(cx, sites, r->site)) return VALUE_ABRUPT;
  }
  return r->sites;
}

static const Value *site_enter(Context *cx, const Call *call) {
  if (value_is_slotted(call->this_value, SLOTTED_CALL_SITE)) {
    return ((const Values *)value_as_cell(value_as_slotted(call->this_value)->internal[0]))->items;
  }
  (void)throw_type_error(cx, "%eexpected a CallSite, not %v", call->this_value);
  return NULL;
}

static int site_manner(const Value *site) { return value_as_int(site[FRAME_MANNER]) & FRAME_MANNERS; }
static bool site_is_eval(const Value *site) { return value_as_int(site[FRAME_MANNER]) & FRAME_OF_EVAL; }
static bool site_is_strict(const Value *site) { return value_as_int(site[FRAME_MANNER]) & FRAME_OF_STRICT; }
static bool site_is_toplevel(const Context *cx, const Value *site) {
  return site_manner(site) != FRAME_MANNER_NEW &&
         (value_is_nullish(site[FRAME_RECEIVER]) || site[FRAME_RECEIVER] == cx->realm->global_this);
}
static bool text_is_there(Value value) { return value_is_string(value) && string_length(value_as_string(value)) > 0; }
static Value or_null(Value text) { return text_is_there(text) ? text : VALUE_NULL; }

// Parts --------------------------------------------------------------------------------------------------------

static Value site_type_name(Context *cx, const Value *site) {
  Value receiver = site[FRAME_RECEIVER];
  if (site_manner(site) == FRAME_MANNER_NEW || site_is_toplevel(cx, site)) return VALUE_NULL;
  if (value_is_object(receiver)) {
    bool is_function = value_is_callable(receiver);
    Value name = is_function ? object_peek(value_as_object(receiver), cx->names->name)
                             : object_constructor_name(cx, value_as_object(receiver));
    return text_is_there(name) ? name : string_from_ascii(cx, is_function ? "Function" : "Object");
  }
  return string_from_ascii(cx, value_is_number(receiver)    ? "Number"
                               : value_is_string(receiver)  ? "String"
                               : value_is_boolean(receiver) ? "Boolean"
                               : value_is_symbol(receiver)  ? "Symbol"
                                                            : "BigInt");
}

// Whether the slot holds the function, or an accessor that contains it.
static bool slot_is_of(Value slot, uint32_t attributes, Value function) {
  if (!(attributes & PROPERTY_ACCESSOR)) return slot == function;
  if (!value_is_internal(slot) || value_as_cell(slot)->kind != CELL_RECORD) return false;
  const Record *accessor = (const Record *)value_as_cell(slot);
  return accessor->items[ACCESSOR_GET] == function || accessor->items[ACCESSOR_SET] == function;
}

// The name of the receiver's property that holds the function; null when there are several or none. Runs no guest code.
static Value site_method_name(Context *cx, const Value *site) {
  if (!value_is_object(site[FRAME_RECEIVER]) || site_is_toplevel(cx, site)) return VALUE_NULL;
  Value found = VALUE_NULL;
  const Object *object = value_as_object(site[FRAME_RECEIVER]);
  for (int hops = 0; object && hops < 100 && !(object->shape->cell.flags & SHAPE_EXOTIC);
       hops++, object = object->shape->prototype) {
    const Shape *shape = object->shape;
    fuel_spend(&cx->fuel, shape->count / FUEL_STEPS_PER_UNIT + 1);
    const Property *own =
        value_is_string(site[FRAME_FUNCTION_NAME]) ? shape_lookup(shape, site[FRAME_FUNCTION_NAME]) : NULL;
    if (own && slot_is_of(object->slots[own->slot], own->attributes, site[FRAME_FUNCTION])) return own->key;
    for (uint32_t i = 0; i < shape->count; i++) {
      const Property *property = &shape->properties->entries[i];
      if (!value_is_string(property->key) ||
          !slot_is_of(object->slots[property->slot], property->attributes, site[FRAME_FUNCTION]))
        continue;
      if (value_is_string(found) && found != property->key) return VALUE_NULL;
      found = property->key;
    }
  }
  return found;
}

// False: threw.
static MUST_CHECK bool site_locate(Context *cx, const Value *site, uint32_t *line, uint32_t *column) {
  TextView text;
  *line = *column = 0;
  if (!value_is_string(site[FRAME_SOURCE_TEXT])) return true;
  return string_view(cx, value_as_string(site[FRAME_SOURCE_TEXT]), &text) &&
         source_locate(cx, text, (uint32_t)value_as_number(site[FRAME_OFFSET]), line, column);
}

static MUST_CHECK bool append(StringBuilder *builder, Value text) {
  return !value_is_abrupt(text) &&
         (!value_is_string(text) || string_builder_append_string(builder, value_as_string(text)));
}

static MUST_CHECK bool append_eval_origin(StringBuilder *builder, const Value *site) {
  string_builder_append_ascii(builder, "eval at <anonymous> (");
  if (!text_is_there(site[FRAME_SOURCE_NAME])) string_builder_append_ascii(builder, "<anonymous>");
  if (!append(builder, site[FRAME_SOURCE_NAME])) return false;
  string_builder_append_ascii(builder, ")");
  return true;
}

static MUST_CHECK bool append_location(Context *cx, StringBuilder *builder, const Value *site) {
  ROOTS(cx, r, number);
  uint32_t place[2];
  if (!site_locate(cx, site, &place[0], &place[1])) return false;
  if (site_is_eval(site)) {
    if (!append_eval_origin(builder, site)) return false;
    string_builder_append_ascii(builder, ", <anonymous>");
  } else if (text_is_there(site[FRAME_SOURCE_NAME])) {
    if (!append(builder, site[FRAME_SOURCE_NAME])) return false;
  } else {
    string_builder_append_ascii(builder, "<anonymous>");
  }
  for (int i = 0; i < 2; i++) {
    string_builder_append_ascii(builder, ":");
    r->number = string_from_uint32(cx, place[i]);
    if (!append(builder, r->number)) return false;
  }
  return true;
}

static bool text_ends_with(TextView whole, TextView part) {
  return part.length <= whole.length &&
         text_view_equals(text_view_slice(whole, whole.length - part.length, whole.length), part);
}

static bool text_begins_with(TextView whole, TextView part) {
  return part.length <= whole.length && text_view_equals(text_view_slice(whole, 0, part.length), part);
}

// "Type.method [as other]"
static MUST_CHECK bool append_method(Context *cx, StringBuilder *builder, const Value *site) {
  ROOTS(cx, r, type, method);
  Value function = site[FRAME_FUNCTION_NAME];
  r->type = site_type_name(cx, site);
  if (value_is_abrupt(r->type)) return false;
  r->method = site_method_name(cx, site);
  TextView type, name, method;
  if (!string_view(cx, value_as_string(r->type), &type)) return false;
  if (text_is_there(function) && !string_view(cx, value_as_string(function), &name)) return false;
  if (value_is_string(r->method) && !string_view(cx, value_as_string(r->method), &method)) return false;
  bool is_named_so =
      text_is_there(function) && (text_begins_with(name, type) || text_begins_with(name, text_view_literal("get ")) ||
                                  text_begins_with(name, text_view_literal("set ")));
  if (!is_named_so) {
    if (!append(builder, r->type)) return false;
    string_builder_append_ascii(builder, ".");
  }
  if (!text_is_there(function)) {
    if (!value_is_string(r->method)) string_builder_append_ascii(builder, "<anonymous>");
    return append(builder, r->method);
  }
  if (!append(builder, function)) return false;
  if (!value_is_string(r->method) || text_ends_with(name, method)) return true;
  string_builder_append_ascii(builder, " [as ");
  if (!append(builder, r->method)) return false;
  string_builder_append_ascii(builder, "]");
  return true;
}

// Methods --------------------------------------------------------------------------------------------------------

enum SitePart {
  SITE_THIS,
  SITE_TYPE_NAME,
  SITE_FUNCTION,
  SITE_FUNCTION_NAME,
  SITE_METHOD_NAME,
  SITE_FILE_NAME,
  SITE_LINE,
  SITE_COLUMN,
  SITE_SCRIPT,
  SITE_POSITION,
  SITE_IS_TOPLEVEL,
  SITE_IS_EVAL,
  SITE_IS_CONSTRUCTOR,
  SITE_IS_ASYNC,
  SITE_FALSE,
  SITE_NULL,
};

static Value site_get(Context *cx, const Call *call) {
  const Value *site = site_enter(cx, call);
  if (!site) return VALUE_ABRUPT;
  uint32_t line, column;
  switch (call_magic(call)) {
    case SITE_THIS:
      return site_is_strict(site)                     ? VALUE_UNDEFINED
             : value_is_nullish(site[FRAME_RECEIVER]) ? cx->realm->global_this
                                                      : site[FRAME_RECEIVER];
    // Hidden as strict functions are elsewhere: bodies of modules, field initializers and the like must not be called.
    case SITE_FUNCTION: return VALUE_UNDEFINED;
    case SITE_TYPE_NAME: return site_type_name(cx, site);
    case SITE_FUNCTION_NAME: return or_null(site[FRAME_FUNCTION_NAME]);
    case SITE_METHOD_NAME: return site_method_name(cx, site);
    case SITE_FILE_NAME:
      return site_is_eval(site) || !value_is_string(site[FRAME_SOURCE_NAME]) ? VALUE_UNDEFINED
                                                                             : site[FRAME_SOURCE_NAME];
    case SITE_SCRIPT: return value_is_string(site[FRAME_SOURCE_NAME]) ? site[FRAME_SOURCE_NAME] : VALUE_UNDEFINED;
    case SITE_POSITION: return site[FRAME_OFFSET];
    case SITE_LINE:
    case SITE_COLUMN:
      if (!site_locate(cx, site, &line, &column)) return VALUE_ABRUPT;
      if (line == 0) return VALUE_NULL;
      return value_unsigned(call_magic(call) == SITE_LINE ? line : column);
    case SITE_IS_TOPLEVEL: return value_boolean(site_is_toplevel(cx, site));
    case SITE_IS_EVAL: return value_boolean(site_is_eval(site));
    case SITE_IS_CONSTRUCTOR: return value_boolean(site_manner(site) == FRAME_MANNER_NEW);
    case SITE_IS_ASYNC: return value_boolean(site_manner(site) == FRAME_MANNER_ASYNC);
    case SITE_NULL: return VALUE_NULL;
    default: return VALUE_FALSE;
  }
}

static Value site_get_eval_origin(Context *cx, const Call *call) {
  const Value *site = site_enter(cx, call);
  if (!site) return VALUE_ABRUPT;
  if (!site_is_eval(site)) return VALUE_UNDEFINED;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  return append_eval_origin(&builder, site) ? string_builder_finish(&builder) : VALUE_ABRUPT;
}

// The hash of the script: SHA-256 of its UTF-8.
static Value site_get_script_hash(Context *cx, const Call *call) {
  static const char digits[] = "0123456789abcdef";
  const Value *site = site_enter(cx, call);
  if (!site) return VALUE_ABRUPT;
  TextView text = {0};
  if (value_is_string(site[FRAME_SOURCE_TEXT]) && !string_view(cx, value_as_string(site[FRAME_SOURCE_TEXT]), &text))
    return VALUE_ABRUPT;
  if (!context_charge_bytes(cx, text.length, CHARGE_COPY)) return VALUE_ABRUPT;
  uint8_t digest[SHA256_SIZE];
  char hash[2 * SHA256_SIZE];
  Buffer bytes;
  buffer_initialize(&bytes, &cx->memory);
  uint8_t *place = buffer_reserve(&bytes, utf8_encoded_size(text));
  if (place) bytes.size = (size_t)(utf8_encode(text, place) - place);
  bool has_room = !bytes.failed, is_done = has_room && sha256(bytes.data, bytes.size, digest, &cx->fuel);
  buffer_release(&bytes);
  if (!is_done) return has_room ? context_throw_interrupted(cx) : context_throw_out_of_memory(cx);
  for (int i = 0; i < SHA256_SIZE; i++) {
    hash[2 * i] = digits[digest[i] >> 4];
    hash[2 * i + 1] = digits[digest[i] & 15];
  }
  return string_from_view(cx, text_view_narrow(hash, sizeof hash));
}

static Value site_to_string(Context *cx, const Call *call) {
  const Value *site = site_enter(cx, call);
  if (!site) return VALUE_ABRUPT;
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  int manner = site_manner(site);
  bool has_name = text_is_there(site[FRAME_FUNCTION_NAME]);
  if (manner == FRAME_MANNER_ASYNC) string_builder_append_ascii(&builder, "async ");
  if (manner == FRAME_MANNER_NEW) {
    string_builder_append_ascii(&builder, "new ");
    if (!has_name) string_builder_append_ascii(&builder, "<anonymous>");
    if (!append(&builder, site[FRAME_FUNCTION_NAME])) return VALUE_ABRUPT;
    has_name = true;
  } else if (manner == FRAME_MANNER_CALL && !site_is_toplevel(cx, site)) {
    if (!append_method(cx, &builder, site)) return VALUE_ABRUPT;
    has_name = true;
  } else if (!append(&builder, site[FRAME_FUNCTION_NAME])) {
    return VALUE_ABRUPT;
  }
  if (has_name) string_builder_append_ascii(&builder, " (");
  if (!append_location(cx, &builder, site)) return VALUE_ABRUPT;
  if (has_name) string_builder_append_ascii(&builder, ")");
  return string_builder_finish(&builder);
}

static const BuiltinRow call_site_prototype_rows[] = {
    FUNCTION_MAGIC("getColumnNumber", 0, site_get, SITE_COLUMN),
    FUNCTION_MAGIC("getEnclosingColumnNumber", 0, site_get, SITE_COLUMN),
    FUNCTION_MAGIC("getEnclosingLineNumber", 0, site_get, SITE_LINE),
    FUNCTION("getEvalOrigin", 0, site_get_eval_origin),
    FUNCTION_MAGIC("getFileName", 0, site_get, SITE_FILE_NAME),
    FUNCTION_MAGIC("getFunction", 0, site_get, SITE_FUNCTION),
    FUNCTION_MAGIC("getFunctionName", 0, site_get, SITE_FUNCTION_NAME),
    FUNCTION_MAGIC("getLineNumber", 0, site_get, SITE_LINE),
    FUNCTION_MAGIC("getMethodName", 0, site_get, SITE_METHOD_NAME),
    FUNCTION_MAGIC("getPosition", 0, site_get, SITE_POSITION),
    FUNCTION_MAGIC("getPromiseIndex", 0, site_get, SITE_NULL),
    FUNCTION("getScriptHash", 0, site_get_script_hash),
    FUNCTION_MAGIC("getScriptNameOrSourceURL", 0, site_get, SITE_SCRIPT),
    FUNCTION_MAGIC("getThis", 0, site_get, SITE_THIS),
    FUNCTION_MAGIC("getTypeName", 0, site_get, SITE_TYPE_NAME),
    FUNCTION_MAGIC("isAsync", 0, site_get, SITE_IS_ASYNC),
    FUNCTION_MAGIC("isConstructor", 0, site_get, SITE_IS_CONSTRUCTOR),
    FUNCTION_MAGIC("isEval", 0, site_get, SITE_IS_EVAL),
    FUNCTION_MAGIC("isNative", 0, site_get, SITE_FALSE),
    FUNCTION_MAGIC("isPromiseAll", 0, site_get, SITE_FALSE),
    FUNCTION_MAGIC("isToplevel", 0, site_get, SITE_IS_TOPLEVEL),
    FUNCTION("toString", 0, site_to_string),
    END_OF_ROWS,
};

const BuiltinObject builtin_call_site_prototype = {
    .intrinsic = INTRINSIC_CallSitePrototype,
    .prototype = INTRINSIC_ObjectPrototype,
    .prototype_property = -1,
    .rows = call_site_prototype_rows,
};
