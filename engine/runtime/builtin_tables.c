// Making built-in objects, and filling them when they are first used: their links and rows become properties. Most
// functions are not made at that time either: their slots hold the realm (PROPERTY_LAZY), and builtin_make_row makes
// the function when the property is first read (realm_materialize_property).
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

// bounded: the engine's own tables.
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

// bounded: the engine's own tables.
Value builtin_global(Context *cx, Realm *realm, PropertyKey key) {
  for (const BuiltinObject *const *place = cx->hooks->builtin_objects; *place; place++) {
    if ((*place)->is_on_demand && (*place)->global_name && key_is_atom(key) &&
        string_equals_ascii(value_as_string(key), (*place)->global_name))
      return builtin_intrinsic(cx, realm, (*place)->intrinsic);
  }
  return VALUE_UNDEFINED;
}

static Value make_native(Context *cx, const BuiltinRow *row, NativeFunction native, Value name, uint32_t length) {
  Object *function = native_function_create(cx, native, name, length, false);
  if (!function) return VALUE_ABRUPT;
  ((NativeFunctionObject *)function)->magic = row->magic;
  ((NativeFunctionObject *)function)->performed = row->performed;
  return value_object(function);
}

static Value make_self_hosted(Context *cx, Realm *realm, const BuiltinRow *row, PropertyKey key) {
  ROOTS(cx, r, function, name);
  r->function = cx->hooks->self_hosted(cx, realm, row->text);
  if (value_is_abrupt(r->function)) return VALUE_ABRUPT;
  r->name = function_name_from_key(cx, key, NULL);
  if (value_is_abrupt(r->name)) return VALUE_ABRUPT;
  Object *function = value_as_object(r->function);
  cell_store(cx, &function->slots[FUNCTION_LENGTH_SLOT], value_int(row->length));
  cell_store(cx, &function->slots[FUNCTION_NAME_SLOT], r->name);
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
    cell_store(cx, &record->items[half], r->function);
  }
  return r->record;
}

// Undefined: not installed, or not asked for yet.
static Value installed_intrinsic(const Realm *realm, int intrinsic) {
  if (LIKELY(intrinsic < INTRINSICS_ALWAYS)) return realm->intrinsics[intrinsic];
  if (value_is_undefined(realm->on_demand)) return VALUE_UNDEFINED;
  return ((Values *)value_as_cell(realm->on_demand))->items[intrinsic - INTRINSICS_ALWAYS];
}

// bounded: the engine's own tables.
static MUST_CHECK bool install_intrinsic(Context *cx, Realm *realm, int intrinsic, Value object) {
  if (LIKELY(intrinsic < INTRINSICS_ALWAYS)) {
    realm->intrinsics[intrinsic] = object;
    return true;
  }
  if (value_is_undefined(realm->on_demand)) {
    Values *made = values_create(cx, INTRINSIC_COUNT - INTRINSICS_ALWAYS);
    if (!made) return false;
    for (uint32_t i = 0; i < values_count(made); i++) made->items[i] = VALUE_UNDEFINED;
    cell_store(cx, &realm->on_demand, value_internal(made));
  }
  Values *made = (Values *)value_as_cell(realm->on_demand);
  cell_store(cx, &made->items[intrinsic - INTRINSICS_ALWAYS], object);
  return true;
}

// bounded: the engine's own tables.
const BuiltinObject *builtin_of_object(Context *cx, const Realm *realm, const Object *object) {
  for (const BuiltinObject *const *place = cx->hooks->builtin_objects; *place; place++) {
    if ((*place)->intrinsic >= 0 && installed_intrinsic(realm, (*place)->intrinsic) == value_object(object))
      return *place;
  }
  return NULL;
}

static MUST_CHECK bool builtin_make(Context *cx, Realm *realm, const BuiltinObject *builtin) {
  ROOTS(cx, r, previous);
  Realm *previous = cx->realm;
  r->previous = value_internal_or_undefined(previous);
  bool created;
  cx->realm = realm;
  bool is_made = builtin_create(cx, realm, builtin, &created);
  cx->realm = previous;
  ASSERT(!is_made || created);
  return is_made;
}

// Either the intrinsic of an object on demand, or one that is recorded when the object with its row is filled.
// bounded: the engine's own tables.
Value builtin_intrinsic(Context *cx, Realm *realm, int intrinsic) {
  Value installed = installed_intrinsic(realm, intrinsic);
  if (LIKELY(!value_is_undefined(installed))) return installed;
  for (const BuiltinObject *const *place = cx->hooks->builtin_objects;
       *place && value_is_undefined(installed_intrinsic(realm, intrinsic)); place++) {
    if ((*place)->intrinsic == intrinsic && !builtin_make(cx, realm, *place)) return VALUE_ABRUPT;
    for (const BuiltinRow *row = (*place)->rows; row && row->kind != BUILTIN_END; row++) {
      if (row->intrinsic != intrinsic) continue;
      if (!object_ensure_filled(cx, value_as_object(installed_intrinsic(realm, (*place)->intrinsic))))
        return VALUE_ABRUPT;
    }
  }
  return installed_intrinsic(realm, intrinsic);
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
    case BUILTIN_INTRINSIC: return builtin_intrinsic(cx, realm, (int)row->number);
    case BUILTIN_MADE: return row->function(cx, &(const Call){0});
    case BUILTIN_ALIAS:
    case BUILTIN_END: break;
  }
  UNREACHABLE();
}

// Whether an alias of this row follows; aliases come after the row that they repeat.
// bounded: the engine's own tables.
static bool row_is_aliased(const BuiltinRow *row) {
  for (const BuiltinRow *later = row + 1; later->kind != BUILTIN_END; later++) {
    if (later->kind == BUILTIN_ALIAS && strcmp(later->text, row->name) == 0) return true;
  }
  return false;
}

static bool row_can_be_lazy(const BuiltinRow *row) {
  switch ((BuiltinKind)row->kind) {
    case BUILTIN_FUNCTION:
    case BUILTIN_SELF_HOSTED:
    case BUILTIN_GETTER:
    case BUILTIN_ACCESSOR:
    case BUILTIN_MADE:
    case BUILTIN_INTRINSIC: return row->intrinsic < 0 && !row_is_aliased(row);
    default: return false;
  }
}

// The value of an earlier property that is not lazy.
static Value alias_value(Context *cx, Object *target, const char *name) {
  PropertyKey key = builtin_row_key(cx, name);
  if (value_is_abrupt(key)) return VALUE_ABRUPT;
  const Property *property = shape_lookup(target->shape, key);
  ASSERT(property != NULL);
  return property ? target->slots[property->slot] : VALUE_UNDEFINED;
}

static MUST_CHECK bool builtin_add_row(Context *cx, Realm *realm, Object *target, const BuiltinRow *row, bool lazy) {
  ROOTS(cx, r, key, value);
  r->key = builtin_row_key(cx, row->name);
  if (value_is_abrupt(r->key)) return false;
  bool is_accessor = row->kind == BUILTIN_GETTER || row->kind == BUILTIN_ACCESSOR;
  uint8_t attributes = row->attributes | (is_accessor ? PROPERTY_ACCESSOR : 0);
  if (lazy && row_can_be_lazy(row)) {
    r->value = value_internal(realm);
    attributes |= PROPERTY_LAZY;
  } else {
    bool is_made = row->intrinsic >= 0 && value_is_object(realm->intrinsics[row->intrinsic]);
    r->value = is_made                      ? realm->intrinsics[row->intrinsic]
               : row->kind == BUILTIN_ALIAS ? alias_value(cx, target, row->text)
                                            : builtin_make_row(cx, realm, row, r->key);
    if (value_is_abrupt(r->value)) return false;
    if (row->intrinsic >= 0) realm->intrinsics[row->intrinsic] = r->value;
  }
  object_append_reserved(target, r->key, r->value, attributes);
  return true;
}

// bounded: the engine's own tables.
static uint32_t builtin_count_rows(const BuiltinRow *rows) {
  uint32_t count = 0;
  while (rows && rows[count].kind != BUILTIN_END) count++;
  return count;
}

// bounded: the engine's own tables.
static MUST_CHECK bool builtin_add_all(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows, bool lazy) {
  uint32_t count = builtin_count_rows(rows);
  if (!object_reserve_dictionary(cx, target, count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!builtin_add_row(cx, realm, target, &rows[i], lazy)) return false;
  }
  return true;
}

bool builtin_add_rows(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows) {
  return builtin_add_all(cx, realm, target, rows, false);
}

bool builtin_add_lazy_rows(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows) {
  return builtin_add_all(cx, realm, target, rows, true);
}

// OPTIMIZATION: a new global object has no property twice, and room for those of the engine.
bool builtin_add_global(Context *cx, Object *global, PropertyKey key, Value value, uint8_t attributes) {
  const Shape *shape = global->shape;
  bool is_reserved = shape->cell.flags & SHAPE_DICTIONARY && !(shape->cell.flags & SHAPE_CACHED) &&
                     shape->properties->count < property_table_capacity(shape->properties) &&
                     shape->slot_count < object_slot_capacity(global);
  if (UNLIKELY(!is_reserved)) return object_add_property(cx, global, key, value, attributes);
  object_append_reserved(global, key, value, attributes);
  return true;
}

// Filling --------------------------------------------------------------------------------------------

// The constructor whose `prototype` the object is. NULL for prototypes that have a special `constructor` among their
// rows.
// bounded: the engine's own tables.
static const BuiltinObject *builtin_constructor_of(Context *cx, const BuiltinObject *builtin) {
  if (builtin->intrinsic <= 0) return NULL;
  const BuiltinObject *const *place = cx->hooks->builtin_objects;
  while (*place && (*place)->prototype_property != builtin->intrinsic) place++;
  if (!*place || (builtin->rows && builtin_find_row(cx, builtin->rows, cx->names->constructor))) return NULL;
  return *place;
}

Value builtin_unfilled_constructor(Context *cx, const Object *object) {
  const Realm *realm = shape_realm_of_unfilled(object->shape);
  const BuiltinObject *builtin = builtin_of_object(cx, realm, object);
  const BuiltinObject *constructor = builtin ? builtin_constructor_of(cx, builtin) : NULL;
  return constructor ? installed_intrinsic(realm, constructor->intrinsic) : VALUE_UNDEFINED;
}

// `prototype` and `constructor`; `caller` and `arguments` of Function.prototype.
enum { LINKS = 2, LINKS_OF_FUNCTIONS = 2 };

// `target` has room for them.
// bounded: the engine's own tables.
static MUST_CHECK bool builtin_add_properties(Context *cx, Realm *realm, Object *target, const BuiltinObject *builtin) {
  ROOTS(cx, r, link);
  if (builtin->prototype_property > 0) {
    r->link = builtin_intrinsic(cx, realm, builtin->prototype_property);
    if (value_is_abrupt(r->link)) return false;
    object_append_reserved(target, cx->names->prototype, r->link, 0);
  }
  const BuiltinObject *constructor = builtin_constructor_of(cx, builtin);
  if (constructor) {
    // The prototypes of GeneratorFunction and similar constructors refer back by read-only properties.
    uint8_t attributes = constructor->prototype == INTRINSIC_Function ? PROPERTY_CONFIGURABLE : PROPERTY_HIDDEN;
    r->link = builtin_intrinsic(cx, realm, constructor->intrinsic);
    if (value_is_abrupt(r->link)) return false;
    object_append_reserved(target, cx->names->constructor, r->link, attributes);
  }
  for (const BuiltinRow *row = builtin->rows; row && row->kind != BUILTIN_END; row++) {
    if (!builtin_add_row(cx, realm, target, row, true)) return false;
  }
  return true;
}

static MUST_CHECK bool builtin_fill(Context *cx, Object *object) {
  ROOTS(cx, r, realm, unfilled, previous);
  Shape *unfilled = object->shape;
  Realm *realm = shape_realm_of_unfilled(unfilled), *previous = cx->realm;
  r->realm = value_internal(realm);
  r->unfilled = value_internal(unfilled);
  r->previous = value_internal_or_undefined(previous);
  const BuiltinObject *builtin = builtin_of_object(cx, realm, object);
  if (!object_begin_filling(cx, object, builtin_count_rows(builtin->rows) + LINKS)) return false;
  cx->realm = realm;
  bool is_filled = builtin_add_properties(cx, realm, object, builtin);
  cx->realm = previous;
  if (!is_filled) {
    heap_keep_cell(&cx->heap, object->shape);
    object->shape = unfilled;
  }
  return is_filled;
}

// Fills the prototypes further up as well: a lookup goes on there without asking.
bool object_fill(Context *cx, Object *object) {
  for (; object; object = object->shape->prototype, context_spend_step(cx)) {
    if (object_is_unfilled(object) && !builtin_fill(cx, object)) return false;
  }
  return true;
}

bool builtin_fill_existing(Context *cx, Realm *realm, Object *object) {
  const BuiltinObject *builtin = builtin_of_object(cx, realm, object);
  uint32_t links = LINKS + (object->cell.flags & OBJECT_CALLABLE ? LINKS_OF_FUNCTIONS : 0);
  return object_reserve_dictionary(cx, object, builtin_count_rows(builtin->rows) + links) &&
         builtin_add_properties(cx, realm, object, builtin);
}

// Objects --------------------------------------------------------------------------------------------

// The shape that a native function has while it is unfilled: that of `filled`, below another root.
// bounded: {length, name}.
static Shape *builtin_unfilled_shape(Context *cx, Realm *realm, const Shape *filled, Object *prototype) {
  bool is_usual = filled->prototype == prototype;
  if (is_usual && realm->shapes[REALM_SHAPE_UNFILLED_FUNCTION]) return realm->shapes[REALM_SHAPE_UNFILLED_FUNCTION];
  ROOTS(cx, r, shape);
  Shape *shape = shape_for_unfilled(cx, realm, filled->class_, prototype);
  for (uint32_t i = 0; shape && i < filled->count; i++) {
    const Property *property = &filled->properties->entries[i];
    r->shape = value_internal(shape);
    shape = shape_add_property(cx, shape, property->key, (uint8_t)property->attributes);
  }
  if (is_usual) realm->shapes[REALM_SHAPE_UNFILLED_FUNCTION] = shape;
  return shape;
}

static Object *builtin_create_function(Context *cx, Realm *realm, const BuiltinObject *builtin, Object *prototype) {
  ROOTS(cx, r, name, function);
  const char *name = builtin->constructor_name ? builtin->constructor_name : builtin->global_name;
  r->name = key_from_ascii(cx, name ? name : "");
  if (value_is_abrupt(r->name)) return NULL;
  Object *function =
      native_function_create(cx, builtin->constructor, r->name, builtin->length, !builtin->is_not_constructor);
  if (!function) return NULL;
  ((NativeFunctionObject *)function)->performed = builtin->performed;
  bool has_properties = builtin->prototype_property > 0 || (builtin->rows && builtin->rows->kind != BUILTIN_END);
  if (!has_properties && function->shape->prototype == prototype) return function;
  r->function = value_object(function);
  Shape *shape = builtin_unfilled_shape(cx, realm, function->shape, prototype);
  if (!shape) return NULL;
  heap_keep_cell(&cx->heap, function->shape);
  function->shape = shape;
  return function;
}

static Object *builtin_create_plain(Context *cx, Realm *realm, const ObjectClass *class_, Object *prototype) {
  ROOTS(cx, r, shape);
  bool is_string = class_ == &object_class_string;
  Shape *shape = shape_for_unfilled(cx, realm, class_, prototype);
  if (!shape) return NULL;
  r->shape = value_internal(shape);
  if (is_string && !(shape = shape_add_property(cx, shape, cx->names->length, 0))) return NULL;
  r->shape = value_internal(shape);
  Object *object = object_create_with_shape(cx, shape, is_string);
  if (!object) return NULL;
  if (is_string) object->slots[0] = VALUE_INT_ZERO;
  if (class_->kind == CELL_PRIMITIVE) {
    Value value = class_ == &object_class_boolean ? VALUE_FALSE : is_string ? cx->names->empty : VALUE_INT_ZERO;
    cell_store(cx, &((PrimitiveObject *)object)->value, value);
  }
  return object;
}

bool builtin_create(Context *cx, Realm *realm, const BuiltinObject *builtin, bool *created) {
  *created = true;
  if (builtin->intrinsic >= 0 && value_is_object(installed_intrinsic(realm, builtin->intrinsic))) return true;
  Value parent = builtin->prototype < 0 ? VALUE_NULL : realm->intrinsics[builtin->prototype];
  if (builtin->prototype >= 0 && !value_is_object(parent)) {
    *created = false;
    return true;
  }
  ROOTS(cx, r, object, key);
  Object *prototype = value_is_object(parent) ? value_as_object(parent) : NULL;
  const ObjectClass *class_ = builtin->class_ ? builtin->class_ : &object_class_ordinary;
  Object *object = builtin->constructor ? builtin_create_function(cx, realm, builtin, prototype)
                                        : builtin_create_plain(cx, realm, class_, prototype);
  if (!object) return false;
  r->object = value_object(object);
  if (builtin->intrinsic >= 0 && !install_intrinsic(cx, realm, builtin->intrinsic, r->object)) return false;
  if (!builtin->global_name || builtin->is_on_demand) return true;
  bool is_function_name = builtin->constructor && !builtin->constructor_name;
  r->key = is_function_name ? object->slots[FUNCTION_NAME_SLOT] : key_from_ascii(cx, builtin->global_name);
  return !value_is_abrupt(r->key) && builtin_add_global(cx, realm->global_object, r->key, r->object, PROPERTY_HIDDEN);
}

bool builtin_announce(Context *cx, Realm *realm, const BuiltinObject *builtin) {
  ROOTS(cx, r, key);
  if (!builtin->global_name) return true;
  r->key = key_from_ascii(cx, builtin->global_name);
  return !value_is_abrupt(r->key) &&
         object_add_property(cx, realm->global_object, r->key, value_internal(realm), PROPERTY_HIDDEN | PROPERTY_LAZY);
}

Value builtin_self_hosted(Context *cx, const char *name) { return cx->hooks->self_hosted(cx, cx->realm, name); }
