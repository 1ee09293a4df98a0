// The table of interned strings: open addressing over a power of two, weak. Also a small cache of the strings of
// numbers, which is emptied at each collection.
#include "number/format.h"
#include "number/parse.h"
#include "runtime/cell_types.h"
#include "runtime/conversions.h"
#include "runtime/names.h"
#include "runtime/strings.h"

enum { ATOMS_LEAST_CAPACITY = 512, NUMBER_CACHE_SIZE = 256 };

typedef struct NumberString {
  Value number;
  String *string;  // NULL: unused
} NumberString;

struct AtomTable {
  String **entries;  // NULL: free; ATOM_REMOVED: was in use
  uint32_t capacity, count, removed;
  uint32_t cleared;       // while the heap clears weak references: the entries before it are cleared
  NumberString *numbers;  // NULL: none was needed yet
};

#define ATOM_REMOVED ((String *)(uintptr_t)1)

bool atoms_initialize(Context *cx) {
  AtomTable *table = memory_allocate_zeroed(&cx->memory, sizeof(AtomTable));
  if (!table) return false;
  cx->atoms = table;
  table->entries = memory_allocate_zeroed(&cx->memory, ATOMS_LEAST_CAPACITY * sizeof(String *));
  if (!table->entries) return false;
  table->capacity = ATOMS_LEAST_CAPACITY;
  return true;
}

void atoms_release(Context *cx) {
  AtomTable *table = cx->atoms;
  if (!table) return;
  memory_release(&cx->memory, table->numbers, NUMBER_CACHE_SIZE * sizeof(NumberString));
  memory_release(&cx->memory, table->entries, table->capacity * sizeof(String *));
  memory_release(&cx->memory, table, sizeof(AtomTable));
  cx->atoms = NULL;
}

void atoms_begin_clearing(Context *cx) {
  AtomTable *table = cx->atoms;
  if (!table) return;
  table->cleared = 0;
  if (table->numbers) memset(table->numbers, 0, NUMBER_CACHE_SIZE * sizeof(NumberString));
}

bool atoms_clear_some(Context *cx, Heap *heap, size_t entries) {
  AtomTable *table = cx->atoms;
  if (!table) return true;
  uint32_t end = table->capacity - table->cleared > entries ? table->cleared + (uint32_t)entries : table->capacity;
  memory_spend(heap->memory, (end - table->cleared) / FUEL_STEPS_PER_UNIT);
  for (; table->cleared < end; table->cleared++) {
    uint32_t i = table->cleared;
    String *atom = table->entries[i];
    if (!atom || atom == ATOM_REMOVED || heap_is_marked(heap, atom)) continue;
    // Nothing can probe past a slot whose successor is free, so such a slot can be marked free too.
    bool ends_run = table->entries[(i + 1) & (table->capacity - 1)] == NULL;
    table->entries[i] = ends_run ? NULL : ATOM_REMOVED;
    table->removed += !ends_run;
    table->count--;
  }
  return table->cleared == table->capacity;
}

static inline uint32_t hash_mix(uint32_t hash, uint32_t units) {
  hash = (hash ^ units) * 0x9E3779B1u;
  return hash ^ hash >> 15;
}

// bounded: as hash_units.
static inline uint32_t hash_narrow_units(uint32_t hash, const uint8_t *units, uint32_t length) {
  uint32_t i = 0;
  for (; i + 4 <= length; i += 4)
    hash = hash_mix(
        hash, units[i] | (uint32_t)units[i + 1] << 8 | (uint32_t)units[i + 2] << 16 | (uint32_t)units[i + 3] << 24);
  for (; i < length; i++) hash = hash_mix(hash, units[i]);
  return hash;
}

// OPTIMIZATION: hashes four units at a time; a text has the same hash whether it is wide or not. (A piece that is not
// the last has a multiple of four units, except where a wide one ends after a surrogate.)
//
// bounded: callers pass a piece at a time and charge for it.
static uint32_t hash_units(uint32_t hash, TextView text) {
  uint32_t i = 0;
  if (text.is_wide) {
    const uint16_t *units = text.wide;
    for (; i + 4 <= text.length; i += 4)
      hash = hash_mix(
          hash, units[i] ^ (uint32_t)units[i + 1] << 8 ^ (uint32_t)units[i + 2] << 16 ^ (uint32_t)units[i + 3] << 24);
    for (; i < text.length; i++) hash = hash_mix(hash, units[i]);
  } else {
    hash = hash_narrow_units(hash, text.narrow, text.length);
  }
  return hash;
}

static inline uint32_t hash_begin(uint32_t length) { return 2166136261u ^ length; }
static inline uint32_t hash_end(uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x85EBCA6Bu;
  return hash ^ hash >> 13;
}

// False: threw.
static MUST_CHECK bool text_view_hash(Context *cx, TextView text, uint32_t *result) {
  uint32_t hash = hash_begin(text.length);
  if (LIKELY(text.length < 256)) {
    hash = hash_units(hash, text);
  } else {
    for (uint32_t at = 0, end; at < text.length; at = end) {
      end = text_view_piece_end(text, at);
      if (!context_charge_bytes(cx, end - at, CHARGE_ELEMENTS)) return false;
      hash = hash_units(hash, text_view_slice(text, at, end));
    }
  }
  *result = hash_end(hash);
  return true;
}

bool string_hash_flat(Context *cx, String *flat) {
  if (flat->cell.flags & STRING_HASHED) return true;
  if (!text_view_hash(cx, string_view_flat(flat), &flat->hash)) return false;
  flat->cell.flags |= STRING_HASHED;
  return true;
}

static bool atoms_rehash(Context *cx, uint32_t capacity) {
  AtomTable *table = cx->atoms;
  String **entries = memory_allocate_zeroed(&cx->memory, capacity * sizeof(String *));
  if (!entries) return false;
  context_spend_steps(cx, table->capacity);
  for (uint32_t i = 0; i < table->capacity; i++) {
    String *atom = table->entries[i];
    if (!atom || atom == ATOM_REMOVED) continue;
    if (heap_is_dying(&cx->heap, atom)) {
      table->count--;
      continue;
    }
    uint32_t place = atom->hash & (capacity - 1);
    while (entries[place]) place = (place + 1) & (capacity - 1);
    entries[place] = atom;
  }
  memory_release(&cx->memory, table->entries, table->capacity * sizeof(String *));
  table->entries = entries;
  table->capacity = table->cleared = capacity;
  table->removed = 0;
  return true;
}

// The atom with that text, or NULL.
static inline String *atoms_find(Context *cx, TextView text, uint32_t hash) {
  const AtomTable *table = cx->atoms;
  uint32_t mask = table->capacity - 1;
  for (uint32_t place = hash & mask; table->entries[place]; place = (place + 1) & mask) {
    String *atom = table->entries[place];
    if (atom != ATOM_REMOVED && atom->hash == hash && string_length(atom) == text.length &&
        text_view_equals(string_view_flat(atom), text)) {
      heap_revive(&cx->heap, &atom->cell);
      return atom;
    }
    // A guest can make many texts with the same hash.
    context_spend_step(cx);
  }
  return NULL;
}

// `flat` is a flat string, not a slice; its hash is known, and its text is not interned yet.
static Value atoms_insert(Context *cx, String *flat) {
  AtomTable *table = cx->atoms;
  if ((table->count + table->removed + 1) * 4 > table->capacity * 3) {
    uint32_t capacity = table->count * 2 >= table->capacity ? table->capacity * 2 : table->capacity;
    // When memory is full, a fuller table must suffice: the next program needs a few names, not a table of twice the
    // size.
    bool is_full = (table->count + table->removed + 1) * 16 > table->capacity * 15;
    if (!atoms_rehash(cx, capacity) && is_full) return context_throw_out_of_memory(cx);
  }
  uint32_t mask = table->capacity - 1, place = flat->hash & mask;
  while (table->entries[place] && table->entries[place] != ATOM_REMOVED) place = (place + 1) & mask;
  table->removed -= table->entries[place] == ATOM_REMOVED;
  table->entries[place] = flat;
  table->count++;
  flat->cell.flags |= STRING_ATOM;
  bool may_be_index = !(flat->cell.flags & STRING_WIDE) && (uint8_t)(flat->narrow[0] - '0') <= 9;
  uint32_t index;
  if (may_be_index && number_parse_array_index(string_view_flat(flat), &index) && index > INT32_MAX) {
    flat->cell.flags |= STRING_INDEX;
    flat->index = index;
  }
  return value_string(flat);
}

static Value atom_intern_copy(Context *cx, TextView text, uint32_t hash) {
  ROOTS(cx, r, string);
  r->string = string_from_view(cx, text);
  if (value_is_abrupt(r->string)) return r->string;
  String *flat = value_as_string(r->string);
  if (flat->cell.flags & STRING_ATOM) return r->string;
  flat->hash = hash;
  flat->cell.flags |= STRING_HASHED;
  return atoms_insert(cx, flat);
}

Value atom_from_view(Context *cx, TextView text) {
  uint32_t hash;
  if (!text_view_hash(cx, text, &hash)) return VALUE_ABRUPT;
  String *atom = atoms_find(cx, text, hash);
  return atom ? value_string(atom) : atom_intern_copy(cx, text, hash);
}

static bool text_is_narrowable(TextView text) {
  for (uint32_t i = 0; i < text.length; i++) {
    if (text.wide[i] > 0xFF) return false;
  }
  return true;
}

Value atom_from_string(Context *cx, String *s) {
  if (s->cell.flags & STRING_ATOM) return value_string(s);
  TextView text;
  if (!string_view(cx, s, &text)) return VALUE_ABRUPT;
  if (!string_hash_flat(cx, s)) return VALUE_ABRUPT;
  uint32_t hash = s->hash;
  String *atom = atoms_find(cx, text, hash);
  if (atom) return value_string(atom);
  bool must_copy = (s->cell.flags & STRING_SLICE) || (text.is_wide && text_is_narrowable(text));
  return must_copy ? atom_intern_copy(cx, text, hash) : atoms_insert(cx, s);
}

// Array indices below 2^31 have at most ten digits and no leading zero.
static bool text_as_int_key(TextView text, PropertyKey *key) {
  if (text.length == 0 || text.length > 10) return false;
  uint32_t first = text_view_unit(text, 0) - '0';
  if (first > 9 || (first == 0 && text.length > 1)) return false;
  uint64_t number = first;
  for (uint32_t i = 1; i < text.length; i++) {
    uint32_t digit = text_view_unit(text, i) - '0';
    if (digit > 9) return false;
    number = number * 10 + digit;
  }
  if (number > INT32_MAX) return false;
  *key = value_int((int32_t)number);
  return true;
}

PropertyKey key_from_view(Context *cx, TextView text) {
  PropertyKey key;
  return text_as_int_key(text, &key) ? key : atom_from_view(cx, text);
}

static NO_INLINE PropertyKey key_from_other_string(Context *cx, String *s) {
  PropertyKey key;
  if (string_length(s) <= 10) {
    TextView text;
    if (!string_view(cx, s, &text)) return VALUE_ABRUPT;
    if (text_as_int_key(text, &key)) return key;
  }
  return atom_from_string(cx, s);
}

NO_INLINE PropertyKey key_from_string(Context *cx, String *s) {
  // OPTIMIZATION: an atom that cannot be an index is its own key (a wide one contains characters beyond Latin-1).
  if (s->cell.flags & STRING_ATOM && (s->cell.flags & STRING_WIDE || (uint8_t)(s->narrow[0] - '0') > 9)) {
    return value_string(s);
  }
  return key_from_other_string(cx, s);
}

// OPTIMIZATION: most of the strings of a new sandbox are made here. A name of the engine's own is ASCII, short, and no
// index unless it begins with a digit.
Value atom_from_name(Context *cx, const char *text, uint32_t length) {
  if (UNLIKELY(length < 2)) return atom_from_view(cx, text_view_narrow(text, length));
  const uint8_t *units = (const uint8_t *)text;
  uint32_t hash = hash_end(hash_narrow_units(hash_begin(length), units, length));
  String *atom = atoms_find(cx, text_view_narrow(units, length), hash);
  if (atom) return value_string(atom);
  atom = string_create_uninitialized(cx, length, false);
  if (!atom) return VALUE_ABRUPT;
  bytes_copy_short(atom->narrow, units, length);
  atom->hash = hash;
  atom->cell.flags |= STRING_HASHED;
  return atoms_insert(cx, atom);
}

PropertyKey key_from_ascii(Context *cx, const char *text) {
  uint32_t length = (uint32_t)strlen(text);
  bool may_be_index = (uint8_t)(text[0] - '0') <= 9;
  return may_be_index ? key_from_view(cx, text_view_narrow(text, length)) : atom_from_name(cx, text, length);
}

PropertyKey key_from_uint32(Context *cx, uint32_t index) {
  if (LIKELY(index <= INT32_MAX)) return value_int((int32_t)index);
  char text[NUMBER_TEXT_SIZE];
  return atom_from_view(cx, text_view_narrow(text, number_uint32_to_text(index, text)));
}

static NO_INLINE PropertyKey key_from_other_value(Context *cx, Value value) {
  ROOTS(cx, r, primitive, string);
  r->primitive = value_is_object(value) ? value_to_primitive(cx, value, PREFER_STRING) : value;
  if (value_is_abrupt(r->primitive)) return VALUE_ABRUPT;
  if (value_is_symbol(r->primitive)) return r->primitive;
  r->string = value_to_string(cx, r->primitive);
  if (value_is_abrupt(r->string)) return VALUE_ABRUPT;
  return key_from_string(cx, value_as_string(r->string));
}

// https://tc39.es/ecma262/#sec-topropertykey
NO_INLINE PropertyKey key_from_value(Context *cx, Value value) {
  if (value_is_int(value) && value_as_int(value) >= 0) return value;
  if (value_is_string(value)) return key_from_string(cx, value_as_string(value));
  if (value_is_symbol(value)) return value;
  if (value_is_double(value)) {
    double number = value_as_double(value);
    if (number >= 0 && number <= INT32_MAX && (double)(int32_t)number == number) return value_int((int32_t)number);
  }
  return key_from_other_value(cx, value);
}

Value key_to_value(Context *cx, PropertyKey key) {
  return key_is_index(key) ? string_from_uint32(cx, (uint32_t)value_as_int(key)) : key;
}

// Strings of numbers -----------------------------------------------------------------------------------

// NULL: there is no memory for the cache.
static NumberString *number_cache_entry(Context *cx, Value number) {
  AtomTable *table = cx->atoms;
  if (UNLIKELY(!table->numbers)) {
    table->numbers = memory_allocate_zeroed(&cx->memory, NUMBER_CACHE_SIZE * sizeof(NumberString));
    if (!table->numbers) return NULL;
  }
  uint32_t mixed = (uint32_t)(number ^ number >> 32);
  mixed = (mixed ^ mixed >> 8 ^ mixed >> 20) & (NUMBER_CACHE_SIZE - 1);
  return &table->numbers[mixed];
}

static inline Value number_cache_hit(Context *cx, const NumberString *cached) {
  heap_keep_cell(&cx->heap, cached->string);
  return value_string(cached->string);
}

static Value number_cache_fill(Context *cx, Value number, const char *text, unsigned length) {
  Value string = string_from_view(cx, text_view_narrow(text, length));
  if (value_is_abrupt(string)) return string;
  NumberString *entry = number_cache_entry(cx, number);
  if (entry) *entry = (NumberString){number, value_as_string(string)};
  return string;
}

Value string_from_uint32(Context *cx, uint32_t number) {
  if (number < 10) return string_from_unit(cx, (uint16_t)('0' + number));
  Value key = value_unsigned(number);
  const NumberString *cached = number_cache_entry(cx, key);
  if (cached && cached->string && cached->number == key) return number_cache_hit(cx, cached);
  char text[NUMBER_TEXT_SIZE];
  return number_cache_fill(cx, key, text, number_uint32_to_text(number, text));
}

Value string_from_number(Context *cx, double number) {
  Value key = value_number(number);
  if (value_is_int(key) && value_as_int(key) >= 0) return string_from_uint32(cx, (uint32_t)value_as_int(key));
  const NumberString *cached = number_cache_entry(cx, key);
  if (cached && cached->string && cached->number == key) return number_cache_hit(cx, cached);
  char text[NUMBER_TEXT_SIZE];
  return number_cache_fill(cx, key, text, number_to_text(number, text));
}
