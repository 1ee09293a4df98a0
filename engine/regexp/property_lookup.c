// Finding properties by name and reading their packed sets.
// Loops here are bounded: tables of the engine.
#include "regexp/char_set.h"
#include "regexp/unicode_properties.h"

static uint32_t read_number(const uint8_t **data) {
  const uint8_t *p = *data;
  uint32_t first = p[0];
  if (first < 0xC0) {
    *data = p + 1;
    return first;
  }
  if (first < 0xE0) {
    *data = p + 2;
    return ((first & 0x1F) << 8 | p[1]) + 0xC0;
  }
  *data = p + 3;
  return (first & 0x1F) << 16 | (uint32_t)p[1] << 8 | p[2];
}

static bool read_toggles(Arena *arena, CharSet *set, const uint8_t **data) {
  uint32_t count = read_number(data), position = 0;
  for (uint32_t i = 0; i < count; i += 2) {
    uint32_t first = position += read_number(data);
    position += read_number(data);
    if (!char_set_add(arena, set, first, position - 1)) return false;
  }
  return true;
}

// Recursion is as deep as the generator lets sets build on sets (six).
static bool read_set(Arena *arena, CharSet *set, uint32_t index) {
  const uint8_t *data = unicode_set_data + unicode_set_offsets[index];
  uint32_t bases = read_number(&data);
  CharSet result = {0};
  const uint8_t *toggles = data;
  for (uint32_t i = 0; i < bases; i++) read_number(&toggles);
  if (!read_toggles(arena, &result, &toggles)) return false;
  for (uint32_t i = 0; i < bases; i++) {
    CharSet base = {0};
    if (!read_set(arena, &base, read_number(&data))) return false;
    if (!char_set_combine(arena, &result, &result, &base, CHAR_SET_XOR)) return false;
  }
  *set = result;
  return true;
}

bool property_add_set(Arena *arena, CharSet *set, uint32_t index) {
  CharSet members = {0};
  if (!read_set(arena, &members, index)) return false;
  if (set->count) return char_set_add_all(arena, set, &members);
  *set = members;
  return true;
}

static bool set_has(uint32_t index, uint32_t code_point) {
  const uint8_t *data = unicode_set_data + unicode_set_offsets[index];
  bool has = false;
  uint32_t bases = read_number(&data);
  for (uint32_t i = 0; i < bases; i++) has ^= set_has(read_number(&data), code_point);
  uint32_t count = read_number(&data), position = 0;
  for (uint32_t i = 0; i < count; i++) {
    position += read_number(&data);
    if (position > code_point) break;
    has = !has;
  }
  return has;
}

// The position among the sets of a list of names, or -1.
static int32_t find_name(const char *names, TextView name) {
  int32_t index = 0;
  for (const char *p = names; *p;) {
    uint32_t i = 0;
    while (i < name.length && (uint8_t)*p == text_view_unit(name, i) && *p != ',' && *p != ';') p++, i++;
    if (i == name.length && (*p == ',' || *p == ';')) return index;
    while (*p != ',' && *p != ';') p++;
    if (*p++ == ';') index++;
  }
  return -1;
}

static bool is_text(TextView text, const char *expected) { return text_view_equals(text, text_view_literal(expected)); }

// https://tc39.es/ecma262/#sec-runtime-semantics-unicodematchproperty-p
PropertyKind property_find(TextView name, TextView value, bool has_value, uint32_t *index) {
  int32_t found;
  if (has_value) {
    if (is_text(name, "General_Category") || is_text(name, "gc")) {
      found = find_name(unicode_category_names, value);
      *index = unicode_first_sets.category + (uint32_t)found;
    } else if (is_text(name, "Script") || is_text(name, "sc")) {
      found = find_name(unicode_script_names, value);
      *index = unicode_first_sets.script + (uint32_t)found;
    } else if (is_text(name, "Script_Extensions") || is_text(name, "scx")) {
      found = find_name(unicode_script_names, value);
      if (found >= 0) *index = unicode_script_extension_sets[found];
    } else {
      return PROPERTY_UNKNOWN;
    }
    return found < 0 ? PROPERTY_UNKNOWN : PROPERTY_SET;
  }
  if ((found = find_name(unicode_category_names, name)) >= 0) {
    *index = unicode_first_sets.category + (uint32_t)found;
    return PROPERTY_SET;
  }
  if ((found = find_name(unicode_binary_names, name)) >= 0) {
    *index = unicode_first_sets.binary + (uint32_t)found;
    return PROPERTY_SET;
  }
  found = find_name(unicode_sequence_names, name);
  *index = (uint32_t)found;
  return found < 0 ? PROPERTY_UNKNOWN : PROPERTY_STRINGS;
}

static bool has_binary_property(const char *name, uint32_t code_point) {
  int32_t index = find_name(unicode_binary_names, text_view_literal(name));
  return index >= 0 && set_has(unicode_first_sets.binary + (uint32_t)index, code_point);
}

bool property_is_identifier_start(uint32_t c) {
  if (c < 128) return (c | 32) - 'a' < 26 || c == '$' || c == '_';
  return has_binary_property("ID_Start", c);
}

bool property_is_identifier_part(uint32_t c) {
  if (c < 128) return property_is_identifier_start(c) || c - '0' < 10;
  return c == 0x200C || c == 0x200D || has_binary_property("ID_Continue", c);
}

// ---- Properties of strings

static bool add_product(Arena *arena, const uint8_t *pieces, uint32_t length, StringSink *sink) {
  CharSet sets[16] = {0};
  uint32_t range[16], at[16], string[16];
  for (uint32_t i = 0; i < length; i++) {
    const uint8_t *piece = unicode_piece_data + unicode_piece_offsets[read_number(&pieces)];
    if (!read_toggles(arena, &sets[i], &piece)) return false;
    range[i] = 0;
    at[i] = sets[i].toggles[0];
  }
  // Counts through all combinations, the last position fastest.
  for (;;) {
    for (uint32_t i = 0; i < length; i++) string[i] = at[i];
    if (!sink->add(sink, string, length)) return false;
    uint32_t i = length;
    while (i-- > 0) {
      if (++at[i] < sets[i].toggles[range[i] + 1]) break;
      range[i] += 2;
      if (range[i] < sets[i].count) {
        at[i] = sets[i].toggles[range[i]];
        break;
      }
      range[i] = 0;
      at[i] = sets[i].toggles[0];
      if (i == 0) return true;
    }
  }
}

bool property_add_strings(Arena *arena, uint32_t index, StringSink *sink) {
  uint32_t first = index == UNICODE_RGI_EMOJI ? 0 : index;
  uint32_t last = index == UNICODE_RGI_EMOJI ? UNICODE_RGI_EMOJI - 1 : index;
  for (uint32_t property = first; property <= last; property++) {
    const uint8_t *data = unicode_sequence_data + unicode_sequence_offsets[property];
    for (uint32_t products = read_number(&data); products > 0; products--) {
      uint32_t length = *data++;
      if (!add_product(arena, data, length, sink)) return false;
      for (uint32_t i = 0; i < length; i++) read_number(&data);
    }
  }
  return true;
}
