// Realms: a global object, the intrinsics, global lexical bindings. https://tc39.es/ecma262/#sec-code-realms
#ifndef CAISSON_REALM_H
#define CAISSON_REALM_H

#include "runtime/functions.h"

// Intrinsics that C refers to. INTRINSIC(NAME): INTRINSIC_NAME indexes Realm.intrinsics. Constructors and
// prototypes of the globals are named <Global> and <Global>Prototype; add what you need.
#define INTRINSICS(INTRINSIC)                                                                          \
  INTRINSIC(Object) INTRINSIC(ObjectPrototype) INTRINSIC(Function) INTRINSIC(FunctionPrototype)        \
  INTRINSIC(FunctionPrototype_apply) INTRINSIC(Reflect_construct)                                      \
  INTRINSIC(Array) INTRINSIC(ArrayPrototype) INTRINSIC(ArrayPrototype_values)                          \
  INTRINSIC(ArrayPrototype_toString) INTRINSIC(ArrayIteratorPrototype) INTRINSIC(ArrayIteratorPrototype_next) \
  INTRINSIC(IteratorPrototype) INTRINSIC(Iterator) INTRINSIC(IteratorHelperPrototype)                  \
  INTRINSIC(WrapForValidIteratorPrototype) INTRINSIC(AsyncIteratorPrototype)                           \
  INTRINSIC(AsyncFromSyncIteratorPrototype)                                                            \
  INTRINSIC(String) INTRINSIC(StringPrototype) INTRINSIC(StringIteratorPrototype)                      \
  INTRINSIC(Number) INTRINSIC(NumberPrototype) INTRINSIC(Boolean) INTRINSIC(BooleanPrototype)          \
  INTRINSIC(Symbol) INTRINSIC(SymbolPrototype) INTRINSIC(BigInt) INTRINSIC(BigIntPrototype)            \
  INTRINSIC(Math) INTRINSIC(JSON) INTRINSIC(Reflect) INTRINSIC(Atomics) INTRINSIC(Proxy)               \
  INTRINSIC(Date) INTRINSIC(DatePrototype)                                                             \
  INTRINSIC(RegExp) INTRINSIC(RegExpPrototype) INTRINSIC(RegExpPrototype_exec)                         \
  INTRINSIC(RegExpStringIteratorPrototype)                                                             \
  INTRINSIC(Error) INTRINSIC(ErrorPrototype) INTRINSIC(TypeError) INTRINSIC(TypeErrorPrototype)        \
  INTRINSIC(RangeError) INTRINSIC(RangeErrorPrototype) INTRINSIC(SyntaxError) INTRINSIC(SyntaxErrorPrototype) \
  INTRINSIC(ReferenceError) INTRINSIC(ReferenceErrorPrototype) INTRINSIC(EvalError) INTRINSIC(EvalErrorPrototype) \
  INTRINSIC(URIError) INTRINSIC(URIErrorPrototype) INTRINSIC(AggregateError) INTRINSIC(AggregateErrorPrototype) \
  INTRINSIC(SuppressedError) INTRINSIC(SuppressedErrorPrototype) INTRINSIC(CallSitePrototype)          \
  INTRINSIC(Map) INTRINSIC(MapPrototype) INTRINSIC(MapIteratorPrototype) INTRINSIC(Set) INTRINSIC(SetPrototype) \
  INTRINSIC(SetIteratorPrototype) INTRINSIC(WeakMap) INTRINSIC(WeakMapPrototype) INTRINSIC(WeakSet)    \
  INTRINSIC(WeakSetPrototype) INTRINSIC(WeakRef) INTRINSIC(WeakRefPrototype)                           \
  INTRINSIC(FinalizationRegistry) INTRINSIC(FinalizationRegistryPrototype)                             \
  INTRINSIC(ArrayBuffer) INTRINSIC(ArrayBufferPrototype) INTRINSIC(SharedArrayBuffer)                  \
  INTRINSIC(SharedArrayBufferPrototype) INTRINSIC(DataView) INTRINSIC(DataViewPrototype)               \
  INTRINSIC(TypedArray) INTRINSIC(TypedArrayPrototype)                                                 \
  INTRINSIC(Int8Array) INTRINSIC(Uint8Array) INTRINSIC(Uint8ClampedArray) INTRINSIC(Int16Array)        \
  INTRINSIC(Uint16Array) INTRINSIC(Int32Array) INTRINSIC(Uint32Array) INTRINSIC(Float16Array)          \
  INTRINSIC(Float32Array) INTRINSIC(Float64Array) INTRINSIC(BigInt64Array) INTRINSIC(BigUint64Array)   \
  INTRINSIC(Int8ArrayPrototype) INTRINSIC(Uint8ArrayPrototype) INTRINSIC(Uint8ClampedArrayPrototype)   \
  INTRINSIC(Int16ArrayPrototype) INTRINSIC(Uint16ArrayPrototype) INTRINSIC(Int32ArrayPrototype)        \
  INTRINSIC(Uint32ArrayPrototype) INTRINSIC(Float16ArrayPrototype) INTRINSIC(Float32ArrayPrototype)    \
  INTRINSIC(Float64ArrayPrototype) INTRINSIC(BigInt64ArrayPrototype) INTRINSIC(BigUint64ArrayPrototype) \
  INTRINSIC(Promise) INTRINSIC(PromisePrototype) INTRINSIC(Promise_resolve) INTRINSIC(PromisePrototype_then) \
  INTRINSIC(GeneratorFunction) INTRINSIC(GeneratorFunctionPrototype) INTRINSIC(GeneratorPrototype)     \
  INTRINSIC(AsyncFunction) INTRINSIC(AsyncFunctionPrototype) INTRINSIC(AsyncGeneratorFunction)         \
  INTRINSIC(AsyncGeneratorFunctionPrototype) INTRINSIC(AsyncGeneratorPrototype)                        \
  INTRINSIC(DisposableStack) INTRINSIC(DisposableStackPrototype) INTRINSIC(AsyncDisposableStack)       \
  INTRINSIC(AsyncDisposableStackPrototype) INTRINSIC(AbstractModuleSource) INTRINSIC(AbstractModuleSourcePrototype) \
  INTRINSIC(ThrowTypeError) INTRINSIC(eval)                                                           \
  INTRINSIC(isFinite) INTRINSIC(isNaN) INTRINSIC(parseFloat) INTRINSIC(parseInt)                      \
  INTRINSIC(Temporal) INTRINSIC(TemporalNow)                                                           \
  INTRINSIC(TemporalInstant) INTRINSIC(TemporalDuration) INTRINSIC(TemporalPlainDate)                  \
  INTRINSIC(TemporalPlainTime) INTRINSIC(TemporalPlainDateTime) INTRINSIC(TemporalPlainYearMonth)      \
  INTRINSIC(TemporalPlainMonthDay) INTRINSIC(TemporalZonedDateTime)                                    \
  INTRINSIC(TemporalInstantPrototype) INTRINSIC(TemporalDurationPrototype) INTRINSIC(TemporalPlainDatePrototype) \
  INTRINSIC(TemporalPlainTimePrototype) INTRINSIC(TemporalPlainDateTimePrototype)                      \
  INTRINSIC(TemporalPlainYearMonthPrototype) INTRINSIC(TemporalPlainMonthDayPrototype)                 \
  INTRINSIC(TemporalZonedDateTimePrototype)

typedef enum Intrinsic {
#define INTRINSIC(name) INTRINSIC_##name,
  INTRINSICS(INTRINSIC)
#undef INTRINSIC
      INTRINSIC_COUNT,
  INTRINSICS_ALWAYS = INTRINSIC_Temporal  // the later ones are of objects on demand: builtin_intrinsic
} Intrinsic;

struct Realm {
  Cell cell;
  Realm *next;
  Object *global_object;
  Value global_this;
  Value intrinsics[INTRINSICS_ALWAYS];  // objects; undefined until installed
  Value on_demand;                      // internal Values: the later intrinsics, from the first that is asked for
  Shape *shapes[16];                    // see RealmShape
  Value global_lexicals;                // internal: name -> binding slots (environments.h)
  Value error_stack;                    // internal: the accessor that each error has as its `stack`
  Value self_hosted;                    // internal Values: self-hosted functions by number, filled on demand
  Value template_objects;               // weak per site; internal
  Value loaded_modules;                 // internal
  Value host_defined;
  uint32_t quiet_close_epoch;  // the prototype epoch in which iterators of arrays had no `return`; 0: unknown
  struct {
    Value input;                         // what RegExp.input gives: a string
    Value text;                          // of the last match; hole: a regular expression that takes no part in this
    uint32_t groups[20], last_group[2];  // pairs of start and end: the match and $1 to $9; the last group of all
  } last_match;                          // see builtins/text/regexp_legacy.c
};
typedef enum RealmShape {  // root or initial shapes that are used often
  REALM_SHAPE_OBJECT,
  REALM_SHAPE_ARRAY,
  REALM_SHAPE_ITERATOR_RESULT,
  REALM_SHAPE_FUNCTION,
  REALM_SHAPE_FUNCTION_WITH_PROTOTYPE,
  REALM_SHAPE_NATIVE_FUNCTION,
  REALM_SHAPE_CLASS,
  REALM_SHAPE_REGEXP_RESULT,
  REALM_SHAPE_ARGUMENTS,
  REALM_SHAPE_SLOPPY_ARGUMENTS,
  REALM_SHAPE_MAPPED_ARGUMENTS,
  REALM_SHAPE_UNFILLED_FUNCTION,  // of built-in functions below Function.prototype
} RealmShape;

MUST_CHECK Realm *realm_create(Context *cx);  // with all built-ins
static inline Value realm_intrinsic(const Context *cx, Intrinsic intrinsic) { return cx->realm->intrinsics[intrinsic]; }
static inline Object *realm_prototype(const Context *cx, Intrinsic intrinsic) {
  return value_as_object(cx->realm->intrinsics[intrinsic]);
}

#endif
