// What the files of the typed array built-ins share.
#ifndef CAISSON_BUILTINS_TYPED_ARRAY_H
#define CAISSON_BUILTINS_TYPED_ARRAY_H

#include "runtime/conversions.h"
#include "runtime/errors.h"
#include "runtime/realm.h"
#include "runtime/typed_arrays.h"

// https://tc39.es/ecma262/#sec-validatetypedarray  NULL: threw.
MUST_CHECK TypedArray *typed_array_validate(Context *cx, Value value);
// The same at the beginning of a native, which may be run again after its buffer has changed. *length: before that.
MUST_CHECK TypedArray *typed_array_enter(Context *cx, Value value, double *length);
// https://tc39.es/ecma262/#sec-typedarraycreatefromconstructor  length < 0: the arguments are no length.
Value typed_array_construct_with(Context *cx, Value constructor, const Value *arguments, uint32_t count, double length);
// https://tc39.es/ecma262/#typedarray-species-create
Value typed_array_species_create(Context *cx, TypedArray *exemplar, const Value *arguments, uint32_t count,
                                 double length);
// Copies elements with conversion between kinds of one content type. Leaf.
MUST_CHECK bool typed_array_convert_elements(Context *cx, TypedArray *to, uint32_t to_index, const TypedArray *from,
                                             uint32_t from_index, uint32_t count);
// Fuel for that many steps. False: terminated.
MUST_CHECK bool typed_array_charge(Context *cx, int32_t units);
enum { TYPED_ARRAY_CHUNK = 1024 };  // elements that loops in C process between two charges
// Sorts in place by the default order.
MUST_CHECK bool typed_array_sort_numbers(Context *cx, TypedArray *array);

// Base64 and hex (typed_array_base64.c)
Value uint8_array_from_base64(Context *cx, const Call *call);
Value uint8_array_from_hex(Context *cx, const Call *call);
Value uint8_array_prototype_set_from_base64(Context *cx, const Call *call);
Value uint8_array_prototype_set_from_hex(Context *cx, const Call *call);
Value uint8_array_prototype_to_base64(Context *cx, const Call *call);
Value uint8_array_prototype_to_hex(Context *cx, const Call *call);

#endif
