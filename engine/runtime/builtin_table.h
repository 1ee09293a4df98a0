// Built-ins are table rows. A global object's file under builtins/ ends with its tables and one BuiltinObject
// per constructor, prototype or namespace; builtins/all.def lists those for realm creation.
//
//     static const BuiltinRow array_prototype_rows[] = {
//       FUNCTION("at", 1, array_at),
//       SELF_HOSTED("map", 1, "ArrayPrototype_map"),         // in builtins/arrays/array.js
//       GETTER("@@species", array_get_species),              // @@x: the well-known symbol
//       VALUE_STRING("@@toStringTag", "Array", 0 attributes),
//       END_OF_ROWS };
//
// Built-ins that call back into JavaScript are self-hosted: written in the JavaScript dialect of builtins/**/*.js. This
// is strict code. `%Name(...)` calls the operation Name of intrinsics.def in C; `%call(f, thisValue, ...args)` and
// `%construct(f, ...args)` are the plain opcodes; `%ArrayPrototype` is an intrinsic; `%HELPER_STATE` is a number of
// runtime/slotted.def. The code is compiled to ordinary bytecode, so callbacks cost no C stack and can be interrupted
// and parked. The guest cannot affect it by patching prototypes: it looks up no property that the specification does
// not look up.
#ifndef CAISSON_BUILTIN_TABLE_H
#define CAISSON_BUILTIN_TABLE_H

#include "runtime/realm.h"

typedef enum BuiltinKind {
  BUILTIN_END,
  BUILTIN_FUNCTION,
  BUILTIN_SELF_HOSTED,
  BUILTIN_GETTER,
  BUILTIN_ACCESSOR,
  BUILTIN_NUMBER,
  BUILTIN_STRING,
  BUILTIN_SYMBOL,     // a well-known symbol
  BUILTIN_INTRINSIC,  // the value of another intrinsic
  BUILTIN_ALIAS,      // the same function object as an earlier row of the same object
  BUILTIN_MADE,       // what the function gives, called with nothing
} BuiltinKind;

typedef struct BuiltinRow {
  const char *name;         // "at"; "@@iterator"
  NativeFunction function;  // or the getter
  NativeFunction setter;
  const char *text;  // self-hosted name, string value, alias target
  double number;     // numeric value or the intrinsic
  int16_t magic;
  uint8_t performed;  // NativePerformed
  uint8_t kind, length;
  uint8_t attributes;  // default PROPERTY_HIDDEN for functions, CONFIGURABLE for accessors, none for values
  int16_t intrinsic;   // also record the made function as this intrinsic; -1: no (use RECORD(...))
} BuiltinRow;

#define FUNCTION(name_, length_, function_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .length = length_, .function = function_, .attributes = PROPERTY_HIDDEN, .intrinsic = -1}
#define FUNCTION_MAGIC(name_, length_, function_, magic_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .length = length_, .function = function_, .magic = magic_, .attributes = PROPERTY_HIDDEN, .intrinsic = -1}
#define FUNCTION_ATTRIBUTES(name_, length_, function_, attributes_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .length = length_, .function = function_, .attributes = attributes_, .intrinsic = -1}
#define FUNCTION_RECORD(name_, length_, function_, intrinsic_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .length = length_, .function = function_, .attributes = PROPERTY_HIDDEN, .intrinsic = intrinsic_}
#define PERFORMED(name_, length_, function_, performed_, intrinsic_) \
  {.name = name_, .kind = BUILTIN_FUNCTION, .length = length_, .function = function_, .performed = performed_, \
   .attributes = PROPERTY_HIDDEN, .intrinsic = intrinsic_}
#define SELF_HOSTED(name_, length_, text_) \
  {.name = name_, .kind = BUILTIN_SELF_HOSTED, .length = length_, .text = text_, .attributes = PROPERTY_HIDDEN, .intrinsic = -1}
#define GETTER(name_, function_) \
  {.name = name_, .kind = BUILTIN_GETTER, .function = function_, .attributes = PROPERTY_CONFIGURABLE, .intrinsic = -1}
#define GETTER_MAGIC(name_, function_, magic_) \
  {.name = name_, .kind = BUILTIN_GETTER, .function = function_, .magic = magic_, .attributes = PROPERTY_CONFIGURABLE, .intrinsic = -1}
#define ACCESSOR(name_, getter_, setter_) \
  {.name = name_, .kind = BUILTIN_ACCESSOR, .function = getter_, .setter = setter_, .attributes = PROPERTY_CONFIGURABLE, .intrinsic = -1}
#define VALUE_NUMBER(name_, number_) {.name = name_, .kind = BUILTIN_NUMBER, .number = number_, .intrinsic = -1}
#define VALUE_STRING(name_, text_, attributes_) \
  {.name = name_, .kind = BUILTIN_STRING, .text = text_, .attributes = attributes_, .intrinsic = -1}
#define VALUE_SYMBOL(name_) {.name = name_, .kind = BUILTIN_SYMBOL, .text = name_, .intrinsic = -1}
#define TO_STRING_TAG(text_) VALUE_STRING("@@toStringTag", text_, PROPERTY_CONFIGURABLE)
#define VALUE_INTRINSIC(name_, intrinsic_, attributes_) \
  {.name = name_, .kind = BUILTIN_INTRINSIC, .number = intrinsic_, .attributes = attributes_, .intrinsic = -1}
#define ALIAS(name_, earlier_) \
  {.name = name_, .kind = BUILTIN_ALIAS, .text = earlier_, .attributes = PROPERTY_HIDDEN, .intrinsic = -1}
#define MADE(name_, function_, attributes_) \
  {.name = name_, .kind = BUILTIN_MADE, .function = function_, .attributes = attributes_, .intrinsic = -1}
#define END_OF_ROWS {.kind = BUILTIN_END}

// One object to make at realm creation; builtins/all.def has the order.
typedef struct BuiltinObject {
  const char *global_name;  // installed on the global object under this name; NULL: not
  int16_t intrinsic;        // where it is recorded
  int16_t prototype;        // its [[Prototype]]: an intrinsic; -1: null
  // Constructors (function not NULL): a native function object with these.
  NativeFunction constructor;  // serves call and construct (call->new_target tells)
  uint8_t length;
  uint8_t performed;             // NativePerformed
  bool is_not_constructor;       // a plain function such as a global helper
  const char *constructor_name;  // when it differs from global_name
  int16_t prototype_property;    // intrinsic of its `prototype` property (and that object's `constructor`); -1: none
  bool is_on_demand;             // made when builtin_intrinsic, or its global property, is first asked for
  const ObjectClass *class_;     // for namespaces and prototypes that are not plain objects; NULL: ordinary
  const BuiltinRow *rows;        // may be NULL
} BuiltinObject;

// Realm creation makes all objects but those on demand, unfilled (object_fill): `prototype`, `constructor` and the rows
// become properties when the object is first used, and the function of a row is made when its property is first read.
MUST_CHECK bool builtin_create(Context *cx, Realm *realm, const BuiltinObject *object, bool *created);
// The same for an object that exists already, is not unfilled, and takes the place of the one in the table.
MUST_CHECK bool builtin_fill_existing(Context *cx, Realm *realm, Object *object);
// For an object on demand: adds its global property, if it has one.
MUST_CHECK bool builtin_announce(Context *cx, Realm *realm, const BuiltinObject *object);
// An intrinsic that may not have been made yet. VALUE_ABRUPT: no memory.
Value builtin_intrinsic(Context *cx, Realm *realm, int intrinsic);
// The same for a global object on demand, by its name; VALUE_UNDEFINED: there is none.
Value builtin_global(Context *cx, Realm *realm, PropertyKey key);
const BuiltinObject *builtin_of_object(Context *cx, const Realm *realm, const Object *object);  // leaf; NULL: none
const BuiltinRow *builtin_find_row(Context *cx, const BuiltinRow *rows, PropertyKey key);       // leaf; NULL: none
// The `constructor` that an unfilled object will have, undefined when it has none of its own. Leaf.
Value builtin_unfilled_constructor(Context *cx, const Object *object);
Value builtin_make_row(Context *cx, Realm *realm, const BuiltinRow *row, PropertyKey key);
// Adds rows to any object; none of them lazy.
MUST_CHECK bool builtin_add_rows(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows);
// Adds rows to the global object whose values hooks->make_global makes when they are first read.
MUST_CHECK bool builtin_add_lazy_rows(Context *cx, Realm *realm, Object *target, const BuiltinRow *rows);
// Adds a property that the global object of a new realm does not have yet.
MUST_CHECK bool builtin_add_global(Context *cx, Object *global, PropertyKey key, Value value, uint8_t attributes);
// A self-hosted function object by its name in builtins/**/*.js, of the current realm.
Value builtin_self_hosted(Context *cx, const char *name);

#endif
