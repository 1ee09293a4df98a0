// Turning the rows of built-in objects into properties. Most functions are not made here: their slots hold the
// realm (PROPERTY_LAZY), and builtin_make_row makes them when somebody looks (realm_materialize_property).
#include "runtime/builtin_table.h"
#include "runtime/errors.h"
#include "runtime/hooks.h"
#include "runtime/names.h"
#include "runtime/primitive_objects.h"
#include "runtime/shapes.h"

enum { ACCESSOR_RECORD_GET, ACCESSOR_RECORD_SET, ACCESSOR_RECORD_FIELDS };

static Value well_known_symbol(Context *cx, const char *name) {
  static const char *const names[] = {
#define SYMBOL(identifier) #identifier,
      WELL_KNOWN_SYMBOLS(SYMBOL)
#undef SYMBOL
  };
  const Value *symbols = &cx->names->symbol_asyncDispose;  // the first of them
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    if (strcmp(names[i], name) == 0) return symbols[i];
  }
  return VALUE_UNDEFINED;
}

static PropertyKey builtin_row_key(Context *cx, const char *name) {
  return name[0] == '@' && name[1] == '@' ? well_known_symbol(cx, name + 2) : key_from_ascii(cx, name);
}

const BuiltinRow *builtin_find_row(Context *cx, const BuiltinRow *rows, PropertyKey key) {
  for (; rows->kind != BUILTIN_END; rows++) {
    bool is_symbol = rows->name[0] == '@' && rows->name[1] == '@';
    if (is_symbol != key_is_symbol(key)) continue;
    if (is_symbol ? well_known_symbol(cx, rows->name + 2) == key
                  : key_is_atom(key) && string_equals_ascii(value_as_string(key), rows->name)) {
      return rows;
    }
  }
  return NULL;
}

static Value make_native(Context *cx, const BuiltinRow *row, NativeFunction native, Value name, uint32_t length) {
  Object *function = native_function_create(cx, native, name, length, false);
  if (!function) return VALUE_ABRUPT;
  ((NativeFunctionObject *)function)->magic = row->magic;
  return value_object(function);
}

static Value make_self_hosted(Context *cx, Realm *realm, const BuiltinRow *row, PropertyKey key) {
  ROOTS(cx, r, function, name);
  r->function = cx->hooks->self_hosted(cx, realm, row->text);
  if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
  r->name = function_name_from_key(cx, key, NULL);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  Object *function = value_as_object(r->function);
  cell_store(&function->cell, &function->slots[FUNCTION_LENGTH_SLOT], value_int(row->length));
  cell_store(&function->cell, &function->slots[FUNCTION_NAME_SLOT], r->name);
  return r->function;
}

static Value make_accessor(Context *cx, const BuiltinRow *row, PropertyKey key) {
  ROOTS(cx, r, record, name, function);
  Record *record = record_create(cx, 0, ACCESSOR_RECORD_FIELDS);
  if (!record) return VALUE_ABRUPT;
  r->record = value_internal(record);
  for (int half = ACCESSOR_RECORD_GET; half <= ACCESSOR_RECORD_SET; half++) {
    NativeFunction native = half == ACCESSOR_RECORD_GET ? row->function : row->setter;
    if (!native) continue;
    r->name = function_name_from_key(cx, key, half == ACCESSOR_RECORD_GET ? "get" : "set");
    if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
    r->name = atom_from_string(cx, value_as_string(r->name));
    if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
    r->function = make_native(cx, row, native, r->name, half == ACCESSOR_RECORD_GET ? 0 : 1);
    if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
    cell_store(&record->cell, &record->items[half], r->function);
  }
  return r->record;
}

Value builtin_make_row(Context *cx, Realm *realm, const BuiltinRow *row, PropertyKey key) {
  switch ((BuiltinKind)row->kind) {
    case BUILTIN_FUNCTION: return make_native(cx, row, row->function, key, row->length);
    case BUILTIN_SELF_HOSTED: return make_self_hosted(cx, realm, row, key);
    case BUILTIN_GETTER:
    case BUILTIN_ACCESSOR: return make_accessor(cx, row, key);
    case BUILTIN_NUMBER: return value_number(row->number);
    case BUILTIN_STRING: return atom_from_view(cx, text_view_literal(row->text));
    case BUILTIN_SYMBOL: return well_known_symbol(cx, row->text);
    case BUILTIN_INTRINSIC: return realm->intrinsics[(int)row->number];
    case BUILTIN_ALIAS:
    case BUILTIN_END: break;
  }
  UNREACHABLE();
}

static bool row_is_aliased(const BuiltinRow *rows, const BuiltinRow *row) {
  for (; rows->kind != BUILTIN_END; rows++) {
    if (rows->kind == BUILTIN_ALIAS && strcmp(rows->text, row->name) == 0) return true;
  }
  return false;
}

static bool row_can_be_lazy(const BuiltinRow *rows, const BuiltinRow *row) {
  switch ((BuiltinKind)row->kind) {
    case BUILTIN_FUNCTION:
    case BUILTIN_SELF_HOSTED:
    case BUILTIN_GETTER:
    case BUILTIN_ACCESSOR:
    case BUILTIN_INTRINSIC: return row->intrinsic < 0 && !row_is_aliased(rows, row);
    default: return false;
  }
}

// The value of an earlier property which is not lazy.
static Value alias_value(Context *cx, Object *target, const char *name) {
  PropertyKey key = builtin_row_key(cx, name);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  const Property *property = shape_lookup(target->shape, key);
  ASSERT(property != NULL);
  return property ? target->slots[property->slot] : VALUE_UNDEFINED;
}

static MUST_CHECK bool builtin_add_row(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows,
                                       const BuiltinRow *row, bool lazy) {
  ROOTS(cx, r, key, value);
  r->key = builtin_row_key(cx, row->name);
  if (value_is_abrupt(r->key)) return false;
  bool is_accessor = row->kind == BUILTIN_GETTER || row->kind == BUILTIN_ACCESSOR;
  uint8_t attributes = row->attributes | (is_accessor ? PROPERTY_ACCESSOR : 0);
  if (lazy && row_can_be_lazy(rows, row)) {
    r->value = value_internal(realm);
    attributes |= PROPERTY_LAZY;
  } else {
    r->value =
        row->kind == BUILTIN_ALIAS ? alias_value(cx, target, row->text) : builtin_make_row(cx, realm, row, r->key);
    if (value_is_abrupt(r->value)) return false;
    if (row->intrinsic >= 0) realm->intrinsics[row->intrinsic] = r->value;
  }
  object_append_reserved(target, r->key, r->value, attributes);
  return true;
}

static MUST_CHECK bool builtin_add_rows_to(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows,
                                           uint32_t others, bool lazy) {
  uint32_t count = 0;
  for (const BuiltinRow *row = rows; row && row->kind != BUILTIN_END; row++) count++;
  if (!object_reserve_dictionary(cx, target, count + others)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!builtin_add_row(cx, realm, target, rows, &rows[i], lazy)) return false;
  }
  return true;
}

bool builtin_add_rows(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows) {
  return builtin_add_rows_to(cx, realm, target, rows, 0, false);
}

// Objects --------------------------------------------------------------------------------------------

static bool builtin_has_prototype_property(const BuiltinObject *builtin) { return builtin->prototype_property > 0; }

static Object *builtin_create_function(Context *cx, Realm *realm, const BuiltinObject *builtin, Object *prototype) {
  ROOTS(cx, r, name, function);
  const char *name = builtin->constructor_name ? builtin->constructor_name : builtin->global_name;
  r->name = key_from_ascii(cx, name ? name : "");
  if (value_is_abrupt(r->name)) return NULL;
  Object *function =
      native_function_create(cx, builtin->constructor, r->name, builtin->length, !builtin->is_not_constructor);
  if (!function || prototype == value_as_object(realm->intrinsics[INTRINSIC_FunctionPrototype])) return function;
  r->function = value_object(function);
  Value parent = prototype ? value_object(prototype) : VALUE_NULL;
  return object_set_prototype(cx, function, parent) == TRISTATE_TRUE ? function : NULL;
}

static Object *builtin_create_plain(Context *cx, const ObjectClass *class_, Object *prototype) {
  if (class_->kind != CELL_PRIMITIVE) return object_create_of_class(cx, class_, prototype, 0);
  Value value = class_ == &object_class_boolean  ? VALUE_FALSE
                : class_ == &object_class_string ? cx->names->empty
                                                 : VALUE_INT_ZERO;
  return primitive_object_create(cx, class_, prototype, value);
}

bool builtin_create(Context *cx, Realm *realm, const BuiltinObject *builtin, bool *created) {
  *created = true;
  if (builtin->intrinsic >= 0 && value_is_object(realm->intrinsics[builtin->intrinsic])) return true;
  Value parent = builtin->prototype < 0 ? VALUE_NULL : realm->intrinsics[builtin->prototype];
  if (builtin->prototype >= 0 && !value_is_object(parent)) {
    *created = false;
    return true;
  }
  ROOTS(cx, r, object);
  Object *prototype = value_is_object(parent) ? value_as_object(parent) : NULL;
  Object *object =
      builtin->constructor
          ? builtin_create_function(cx, realm, builtin, prototype)
          : builtin_create_plain(cx, builtin->class_ ? builtin->class_ : &object_class_ordinary, prototype);
  if (!object) return false;
  r->object = value_object(object);
  if (builtin->intrinsic >= 0) realm->intrinsics[builtin->intrinsic] = r->object;
  if (!builtin->global_name) return true;
  r->object = key_from_ascii(cx, builtin->global_name);
  return !value_is_abrupt(r->object) &&
         object_add_property(cx, realm->global_object, r->object, value_object(object), PROPERTY_HIDDEN);
}

// Some prototypes have a `constructor` of their own making among their rows.
static bool builtin_has_constructor_row(Context *cx, int intrinsic) {
  for (const BuiltinObject *const *place = cx->hooks->builtin_objects; *place; place++) {
    if ((*place)->intrinsic != intrinsic || !(*place)->rows) continue;
    return builtin_find_row(cx, (*place)->rows, cx->names->constructor) != NULL;
  }
  return false;
}

bool builtin_link(Context *cx, Realm *realm, const BuiltinObject *builtin) {
  if (!builtin_has_prototype_property(builtin)) return true;
  Object *constructor = value_as_object(realm->intrinsics[builtin->intrinsic]);
  Object *prototype = value_as_object(realm->intrinsics[builtin->prototype_property]);
  if (!object_add_property(cx, constructor, cx->names->prototype, value_object(prototype), 0)) return false;
  if (builtin_has_constructor_row(cx, builtin->prototype_property)) return true;
  // The prototypes of GeneratorFunction and its kin refer back by read-only properties.
  uint8_t attributes = builtin->prototype == INTRINSIC_Function ? PROPERTY_CONFIGURABLE : PROPERTY_HIDDEN;
  return object_add_property(cx, prototype, cx->names->constructor, value_object(constructor), attributes);
}

bool builtin_fill(Context *cx, Realm *realm, const BuiltinObject *builtin) {
  if (builtin->intrinsic < 0) return true;
  Object *object = value_as_object(realm->intrinsics[builtin->intrinsic]);
  return builtin_add_rows_to(cx, realm, object, builtin->rows, 2, true);
}

bool builtin_install(Context *cx, Realm *realm, const BuiltinObject *builtin) {
  bool created;
  if (!builtin_create(cx, realm, builtin, &created)) return false;
  ASSERT(created);
  if (!builtin_link(cx, realm, builtin)) return false;
  if (builtin->intrinsic < 0) return true;
  Object *object = value_as_object(realm->intrinsics[builtin->intrinsic]);
  return builtin_add_rows_to(cx, realm, object, builtin->rows, 0, false);
}

Value builtin_self_hosted(Context *cx, const char *name) { return cx->hooks->self_hosted(cx, cx->realm, name); }
