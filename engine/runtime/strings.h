// Strings: Latin-1 or UTF-16; flat, rope or slice. A wide string may happen to hold only Latin-1 units (a slice of a
// wide one). A wide atom never does, so that equal text always interns to the same cell.
//
// A rope is flattened in place when its characters are first needed, and then is a slice of the flat result. Atoms are
// interned flat strings; equal atoms are the same cell. Property keys are atoms, symbols or non-negative int32 values
// (array indices below 2^31); see PropertyKey.
#ifndef CAISSON_STRINGS_H
#define CAISSON_STRINGS_H

#include "base/text_view.h"
#include "runtime/context.h"

enum {
  STRING_WIDE = 1,
  STRING_ROPE = 2,
  STRING_SLICE = 4,
  STRING_ATOM = 8,
  STRING_HASHED = 16,
  STRING_INDEX = 32,       // an atom that is a canonical array index of 2^31 or more, which is in `index`
  STRING_EXTENSIBLE = 64,  // a flat string that only slices refer to, with room for `index` units: see below
};
enum { STRING_MAX_LENGTH = (1 << 29) - 24, STRING_ROPE_LEAST = 24 };
// Text that grows at its end (s += x) is a slice of an extensible string. Appending to the slice that ends where the
// extensible string ends writes after it and makes a longer slice. So a loop of appends copies each unit a bounded
// number of times, and its intermediate strings can be read without flattening.

struct String {
  Cell cell;  // extra: see string_length; flags as above
  uint32_t hash;
  uint32_t index;
  union {
    uint8_t narrow[1];
    uint16_t wide[1];
    struct {
      String *left, *right;  // rope
    };
    struct {
      String *parent;   // slice: a flat string
      uint32_t offset;  // in code units
    };
  };
};

static inline String *value_as_string(Value v) { return (String *)value_as_cell(v); }
static inline uint32_t string_length(const String *s) { return s->cell.extra; }
static inline void string_set_length(String *s, uint32_t length) { s->cell.extra = length; }
static inline bool string_is_flat(const String *s) { return !(s->cell.flags & STRING_ROPE); }

// The characters. A rope must have been flattened; view pointers stay valid as long as the string is alive.
TextView string_view_flat(const String *s);
// Flattens when needed; false: out of memory (threw).
MUST_CHECK bool string_view(Context *cx, String *s, TextView *view);

// Creation: all return the string Value, or VALUE_ABRUPT (out of memory, or RangeError: invalid length).
Value string_from_view(Context *cx, TextView text);  // copies; narrows wide text that is all Latin-1
Value string_from_ascii(Context *cx, const char *text);
// utf8_measure, with the work paid for.
struct Utf8Measure;
MUST_CHECK bool string_measure_utf8(Context *cx, const uint8_t *bytes, size_t size, struct Utf8Measure *measure);
Value string_from_utf8(Context *cx, const char *bytes, size_t size);  // WTF-8 surrogates survive
Value string_from_measured_utf8(Context *cx, const char *bytes, size_t size, const struct Utf8Measure *measure);
Value string_from_unit(Context *cx, uint16_t unit);  // cached for Latin-1
Value string_from_code_point(Context *cx, uint32_t code_point);
// An uninitialised flat string to be filled at once by the caller (narrow or wide).
MUST_CHECK String *string_create_uninitialized(Context *cx, uint32_t length, bool is_wide);
Value string_concatenate(Context *cx, String *left, String *right);  // copies short ones, else a rope
Value string_slice(Context *cx, String *s, uint32_t start, uint32_t end);
// The decimal digits of an array index or any uint32.
Value string_from_uint32(Context *cx, uint32_t number);
Value string_from_number(Context *cx, double number);

// Comparison by code units. They flatten; false: out of memory (threw).
MUST_CHECK bool string_equals(Context *cx, String *a, String *b, bool *equal);
MUST_CHECK bool string_compare(Context *cx, String *a, String *b, int *order);  // <0, 0, >0
bool string_equals_ascii(const String *flat, const char *text);
MUST_CHECK bool string_hash_flat(Context *cx, String *flat);  // fills in `hash`; false: threw

// Property keys --------------------------------------------------------------------------------------
typedef Value PropertyKey;
static inline bool key_is_index(PropertyKey key) { return value_is_int(key); }  // 0 .. 2^31-1
static inline bool key_is_symbol(PropertyKey key) { return value_is_symbol(key); }
static inline bool key_is_atom(PropertyKey key) { return value_is_string(key); }
// Any array index (below 2^32 - 1), including those that are atoms.
static inline bool key_as_array_index(PropertyKey key, uint32_t *index) {
  if (value_is_int(key)) {
    *index = (uint32_t)value_as_int(key);
    return true;
  }
  if (value_is_string(key) && (value_as_string(key)->cell.flags & STRING_INDEX)) {
    *index = value_as_string(key)->index;
    return true;
  }
  return false;
}

// Interning. The key forms canonicalise array indices below 2^31 to int keys; the atom forms always give an atom.
MUST_CHECK Value atom_from_view(Context *cx, TextView text);
MUST_CHECK Value atom_from_string(Context *cx, String *s);
MUST_CHECK Value atom_from_name(Context *cx, const char *text, uint32_t length);  // of the engine's own: ASCII, short
MUST_CHECK PropertyKey key_from_view(Context *cx, TextView text);
MUST_CHECK PropertyKey key_from_string(Context *cx, String *s);
MUST_CHECK PropertyKey key_from_ascii(Context *cx, const char *text);
PropertyKey key_from_uint32(Context *cx, uint32_t index);  // may throw for 2^31 and above
// https://tc39.es/ecma262/#sec-topropertykey
MUST_CHECK PropertyKey key_from_value(Context *cx, Value value);
// The key as a guest value: a string or the symbol.
Value key_to_value(Context *cx, PropertyKey key);

// Symbols --------------------------------------------------------------------------------------------
enum { SYMBOL_PRIVATE = 1, SYMBOL_REGISTERED = 2, SYMBOL_WELL_KNOWN = 8 };
struct Symbol {
  Cell cell;
  uint32_t hash;
  Value description;  // string or undefined
};
static inline Symbol *value_as_symbol(Value v) { return (Symbol *)value_as_cell(v); }
Value symbol_create(Context *cx, Value description, uint8_t flags);
// By identity: a guest can make many texts with equal hashes, but as keys they do not collide.
static inline uint32_t key_hash(PropertyKey key) { return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32); }

// String building ------------------------------------------------------------------------------------
// Collects code units outside the heap (accounted), as Latin-1 until a wide unit comes.
typedef struct StringBuilder {
  Context *cx;
  Buffer buffer;
  bool is_wide;
} StringBuilder;
void string_builder_initialize(StringBuilder *builder, Context *cx);
void string_builder_append_unit(StringBuilder *builder, uint16_t unit);
void string_builder_append_code_point(StringBuilder *builder, uint32_t code_point);
void string_builder_append_view(StringBuilder *builder, TextView text);
void string_builder_append_ascii(StringBuilder *builder, const char *text);
MUST_CHECK bool string_builder_append_string(StringBuilder *builder, String *s);
uint32_t string_builder_length(const StringBuilder *builder);
// Makes the string; releases the builder in any case.
Value string_builder_finish(StringBuilder *builder);
void string_builder_release(StringBuilder *builder);
// After `StringBuilder b SCOPED_BUILDER;` early returns are safe (finish leaves nothing to release).
#define SCOPED_BUILDER __attribute__((cleanup(string_builder_release)))

#endif
