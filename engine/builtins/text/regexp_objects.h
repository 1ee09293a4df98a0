// RegExp objects, and the functions that String's methods need.
#ifndef CAISSON_REGEXP_OBJECTS_H
#define CAISSON_REGEXP_OBJECTS_H

#include "regexp/regexp.h"
#include "runtime/functions.h"
#include "runtime/realm.h"

// [[OriginalFlags]] are those of the program. `lastIndex` is the first own property and cannot be deleted: slot 0.
typedef struct RegExpObject {  // CELL_REGEXP
  Object object;
  Value source;   // [[OriginalSource]]: a string (0 before initialisation)
  Value program;  // internal: CELL_BYTES with a RegExpProgram after the header
} RegExpObject;
extern const ObjectClass object_class_regexp;

enum { REGEXP_LAST_INDEX_SLOT = 0 };

static inline RegExpObject *value_as_regexp(Value value) { return (RegExpObject *)value_as_cell(value); }
static inline const RegExpProgram *regexp_object_program(const RegExpObject *regexp) {
  return (const RegExpProgram *)(value_as_cell(regexp->program) + 1);
}
static inline bool regexp_object_is_unicode(const RegExpObject *regexp) {
  return regexp_object_program(regexp)->flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS);
}

// The hook of literals: RuntimeHooks.regexp_create.
Value regexp_create_from_literal(Context *cx, Value pattern, Value flags, Value *compiled);
// https://tc39.es/ecma262/#sec-regexpcreate  Both strings or undefined.
Value regexp_create(Context *cx, Value pattern, Value flags);
// The text of the regular expression as a literal, regardless of its properties.
Value regexp_to_text(Context *cx, RegExpObject *regexp);
// https://tc39.es/ecma262/#sec-isregexp
MUST_CHECK bool value_is_regexp(Context *cx, Value value, bool *is_regexp);
// https://tc39.es/ecma262/#sec-regexpexec  An object, null or abrupt.
Value regexp_exec(Context *cx, Object *regexp, Value text);
// https://tc39.es/ecma262/#sec-regexpbuiltinexec
Value regexp_builtin_exec(Context *cx, RegExpObject *regexp, Value text);
// https://tc39.es/ecma262/#sec-advancestringindex
double string_advance_index(TextView text, double index, bool unicode);

// Matching without result objects: the registers for one program, and the matcher.
typedef struct RegExpRun {
  Context *cx;
  const RegExpProgram *program;
  TextView text;
  uint32_t *registers;  // captures
  uint32_t few[64];
  RegExpMatcher matcher;
  String *string;  // the string of `text`
  bool is_legacy, has_matched;
  uint32_t last_groups[20], last_group[2];  // of the last match, for RegExp.$1 and the like
} RegExpRun;
// Use: `RegExpRun run SCOPED_RUN;`, then initialize. start flattens `text`; the caller keeps both values rooted.
void regexp_run_initialize(RegExpRun *run, Context *cx);
MUST_CHECK bool regexp_run_start(RegExpRun *run, RegExpObject *regexp, String *text);
void regexp_run_release(RegExpRun *run);
typedef enum RegExpRunMode { RUN_MATCH, RUN_SEARCH, RUN_HERE } RegExpRunMode;
Tristate regexp_run_match(RegExpRun *run, uint32_t start, RegExpRunMode mode);
#define SCOPED_RUN __attribute__((cleanup(regexp_run_release)))

// The expression belongs neither to a subclass nor to another realm.
static inline bool regexp_is_legacy(const Context *cx, const RegExpObject *regexp) {
  return regexp->object.shape->prototype == realm_prototype(cx, INTRINSIC_RegExpPrototype);
}
// regexp_legacy.c: records the last match at the end of a run; and the getters.
void regexp_legacy_record(Context *cx, const RegExpRun *run);
Value regexp_get_last_group(Context *cx, const Call *call);
Value regexp_get_last_paren(Context *cx, const Call *call);
Value regexp_get_context(Context *cx, const Call *call);
Value regexp_get_input(Context *cx, const Call *call);
Value regexp_set_input(Context *cx, const Call *call);

// The capture as a string, or undefined.
Value regexp_capture(Context *cx, const RegExpRun *run, String *text, uint32_t group);
Value regexp_groups_object(Context *cx, const RegExpRun *run, const Value *captures);

// OPTIMIZATION: an object whose `exec` is the built-in one and whose lastIndex is an unguarded number below 2^31 can be
// matched directly: nobody can notice it. If its flags getters are untouched too, they need not be called.
bool regexp_exec_is_builtin(Context *cx, Object *object);
bool regexp_flags_are_builtin(Context *cx, Object *object);
bool regexp_constructor_is_builtin(Context *cx, Object *object);
// Whether the property found on the object or a prototype is a data property that holds this native function.
bool object_has_builtin(Context *cx, Object *object, PropertyKey key, NativeFunction function);
MUST_CHECK bool regexp_set_last_index(Context *cx, Object *regexp, double index);

// The group of $n in a replacement template: two digits if they name a group, otherwise one; 0: there is no such group.
uint32_t substitution_group(TextView template_, uint32_t at, uint32_t group_count, uint32_t *units);

Value regexp_prototype_match(Context *cx, const Call *call);
Value regexp_prototype_match_all(Context *cx, const Call *call);
Value regexp_prototype_search(Context *cx, const Call *call);
Value regexp_prototype_split(Context *cx, const Call *call);
Value regexp_constructor(Context *cx, const Call *call);
Value regexp_prototype_flags(Context *cx, const Call *call);

#endif
