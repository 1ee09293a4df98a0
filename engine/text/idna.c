// A name is mapped and normalized as a whole, then split into labels of code points, with punycode decoded; the rules
// are checked on the labels. The output is ASCII.
#include "text/idna.h"

#include "text/idna_tables.h"
#include "text/normalization.h"
#include "text/punycode.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
  SHARP_S = 0xDF,
  CAPITAL_SHARP_S = 0x1E9E,
  FINAL_SIGMA = 0x3C2,
  IDEOGRAPHIC_STOP = 0x3002,
  JOINER = 0x200D,
  NON_JOINER = 0x200C,
  VIRAMA = 9
};

typedef struct Label {
  size_t start, length;    // in Names.points
  size_t text, text_size;  // in Names.text: what it came as, when that was ASCII
  bool is_ascii;
} Label;

typedef struct Name {
  Buffer mapped;  // UTF-16 units, then normalized ones
  Buffer points;  // the code points of all labels
  Buffer labels;
  Buffer text;  // ASCII of the labels that came as such
  Fuel *fuel;
  uint32_t steps;
} Name;

static uint32_t look_up(uint32_t code_point) {
  uint32_t low = 0, high = idna_mark_count;
  while (low < high) {  // the first mark beyond the code point
    uint32_t middle = (low + high) / 2;
    if (idna_marks[middle].first <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const uint8_t *next = idna_runs + idna_marks[low - 1].offset;
  for (uint32_t end = idna_marks[low - 1].first;;) {
    uint32_t kind = *next++;
    for (unsigned shift = 0;; shift += 7) {
      uint8_t byte = *next++;
      end += (uint32_t)(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    if (code_point < end) return idna_kinds[kind];
  }
}

static void append_point(Buffer *units, uint32_t code_point) {
  uint16_t pair[2] = {(uint16_t)code_point, 0};
  if (code_point >= 0x10000) {
    pair[0] = (uint16_t)(0xD7C0 + (code_point >> 10));
    pair[1] = (uint16_t)(0xDC00 | (code_point & 0x3FF));
  }
  buffer_append(units, pair, code_point >= 0x10000 ? 4 : 2);
}

// The mapping of UTS #46 is that of NFKC_Casefold, except for these.
static bool maps_to_itself(uint32_t code_point) {
  return code_point == SHARP_S || code_point == FINAL_SIGMA || code_point == JOINER || code_point == NON_JOINER;
}

static void map_point(Buffer *units, uint32_t code_point) {
  if (code_point == CAPITAL_SHARP_S) code_point = SHARP_S;
  if (maps_to_itself(code_point)) {
    append_point(units, code_point);
    return;
  }
  uint32_t parts[DECOMPOSITION_MOST];
  unsigned count = text_decompose(code_point, true, parts);
  for (unsigned i = 0; i < count; i++) {
    uint32_t folded[DECOMPOSITION_MOST];
    unsigned folded_count = text_decompose(unicode_simple_fold(parts[i]), true, folded);
    for (unsigned k = 0; k < folded_count; k++)
      if (look_up(folded[k]) != IDNA_IGNORED) append_point(units, folded[k] == IDEOGRAPHIC_STOP ? '.' : folded[k]);
  }
}

// https://www.unicode.org/reports/tr46/#Processing, the first two steps
static IdnaResult map_name(Name *name, const uint8_t *bytes, size_t size) {
  Buffer units;
  buffer_initialize(&units, name->mapped.memory);
  IdnaResult result = IDNA_IS_NAME;
  for (size_t at = 0; at < size && result == IDNA_IS_NAME; name->steps++) {
    if (name->steps % 16 == 0 && !fuel_charge(name->fuel, 32)) {
      result = IDNA_INTERRUPTED;
      break;
    }
    uint32_t code_point = utf8_next_code_point(bytes, size, &at);
    uint32_t kind = code_point == UINT32_MAX ? 0 : look_up(code_point);
    if (code_point < 0x80)
      append_point(&units, code_point >= 'A' && code_point <= 'Z' ? code_point | 0x20 : code_point);
    else if (kind & IDNA_ALLOWED) map_point(&units, code_point);
    else if (kind != IDNA_IGNORED) result = IDNA_IS_NO_NAME;
  }
  if (result == IDNA_IS_NAME && !units.failed) {
    TextView view = text_view_wide((const uint16_t *)(const void *)units.data, units.size / 2);
    if (!text_normalize(view, NORMALIZATION_NFC, &name->mapped, name->fuel)) result = IDNA_INTERRUPTED;
  }
  name->mapped.failed |= units.failed;
  buffer_release(&units);
  return result;
}

// Whether a code point of a label that came as punycode is one that a name may have without being mapped.
static bool is_stable(uint32_t code_point) {
  if (code_point < 0x80) return !(code_point >= 'A' && code_point <= 'Z');
  if (!(look_up(code_point) & IDNA_ALLOWED) || code_point == CAPITAL_SHARP_S) return false;
  if (maps_to_itself(code_point)) return true;
  uint32_t parts[DECOMPOSITION_MOST], canonical[DECOMPOSITION_MOST];
  unsigned count = text_decompose(code_point, true, parts);
  if (count != text_decompose(code_point, false, canonical)) return false;
  for (unsigned i = 0; i < count; i++)
    if (parts[i] != canonical[i] || unicode_simple_fold(parts[i]) != parts[i] || parts[i] == IDEOGRAPHIC_STOP)
      return false;
  return true;
}

static IdnaResult check_normalized(Name *name, const uint32_t *points, size_t length) {
  Buffer units, normalized;
  buffer_initialize(&units, name->mapped.memory);
  buffer_initialize(&normalized, name->mapped.memory);
  for (size_t i = 0; i < length; i++) append_point(&units, points[i]);
  IdnaResult result = IDNA_IS_NAME;
  if (!units.failed) {
    TextView view = text_view_wide((const uint16_t *)(const void *)units.data, units.size / 2);
    if (!text_normalize(view, NORMALIZATION_NFC, &normalized, name->fuel)) result = IDNA_INTERRUPTED;
    else if (!normalized.failed &&
             (normalized.size != units.size || memcmp(normalized.data, units.data, units.size) != 0))
      result = IDNA_IS_NO_NAME;
  }
  name->mapped.failed |= units.failed || normalized.failed;
  buffer_release(&units);
  buffer_release(&normalized);
  return result;
}

// A label of punycode behind its `xn--`.
static IdnaResult decode_label(Name *name, Label *label, const uint8_t *text, size_t size) {
  switch (punycode_decode(text, size, &name->points, name->fuel)) {
    case PUNYCODE_WRONG: return IDNA_IS_NO_NAME;
    case PUNYCODE_INTERRUPTED: return IDNA_INTERRUPTED;
    case PUNYCODE_DONE: break;
  }
  if (name->points.failed) return IDNA_IS_NAME;
  label->length = name->points.size / sizeof(uint32_t) - label->start;
  const uint32_t *points = (const uint32_t *)(const void *)name->points.data + label->start;
  bool is_ascii = true;
  for (size_t i = 0; i < label->length; i++) {
    if (!fuel_charge(name->fuel, 2)) return IDNA_INTERRUPTED;
    if (!is_stable(points[i])) return IDNA_IS_NO_NAME;
    is_ascii &= points[i] < 0x80;
  }
  return is_ascii ? IDNA_IS_NO_NAME : check_normalized(name, points, label->length);
}

static IdnaResult add_label(Name *name, const uint16_t *units, size_t length) {
  Label label = {.start = name->points.size / sizeof(uint32_t), .text = name->text.size, .is_ascii = true};
  for (size_t i = 0; i < length; i++) label.is_ascii &= units[i] < 0x80;
  bool is_encoded = length >= 4 && units[0] == 'x' && units[1] == 'n' && units[2] == '-' && units[3] == '-';
  if (is_encoded && !label.is_ascii) return IDNA_IS_NO_NAME;
  IdnaResult result = IDNA_IS_NAME;
  if (label.is_ascii) {
    for (size_t i = 0; i < length; i++) buffer_append_byte(&name->text, (uint8_t)units[i]);
    label.text_size = length;
  }
  if (is_encoded && !name->text.failed) {
    result = decode_label(name, &label, name->text.data + label.text + 4, length - 4);
  } else {
    TextView view = text_view_wide(units, length);
    for (uint32_t at = 0; at < length;) {
      uint32_t code_point = text_view_next_code_point(view, &at);
      buffer_append(&name->points, &code_point, sizeof code_point);
    }
    label.length = name->points.size / sizeof(uint32_t) - label.start;
  }
  buffer_append(&name->labels, &label, sizeof label);
  return result;
}

static IdnaResult split_name(Name *name) {
  const uint16_t *units = (const uint16_t *)(const void *)name->mapped.data;
  size_t length = name->mapped.size / 2;
  for (size_t start = 0, end = 0; end <= length; end++) {
    if (!fuel_step(name->fuel, &name->steps)) return IDNA_INTERRUPTED;
    if (end < length && units[end] != '.') continue;
    IdnaResult result = add_label(name, units + start, end - start);
    if (result != IDNA_IS_NAME) return result;
    start = end + 1;
  }
  return IDNA_IS_NAME;
}

// https://www.rfc-editor.org/rfc/rfc5892#appendix-A.1 and A.2
static bool joiner_may_stand(const uint32_t *points, size_t length, size_t at) {
  if (at > 0 && unicode_combining_class(points[at - 1]) == VIRAMA) return true;
  if (points[at] == JOINER) return false;
  size_t before = at, after = at + 1;
  while (before > 0 && look_up(points[before - 1]) & IDNA_TRANSPARENT) before--;
  while (after < length && look_up(points[after]) & IDNA_TRANSPARENT) after++;
  return before > 0 && after < length && look_up(points[before - 1]) & IDNA_JOINS_LEFT &&
         look_up(points[after]) & IDNA_JOINS_RIGHT;
}

// https://www.rfc-editor.org/rfc/rfc5893#section-2
static bool direction_is_right(const uint32_t *points, size_t length) {
  uint32_t first = look_up(points[0]), all = 0, last = 0;
  bool has_other = false;
  for (size_t i = 0; i < length; i++) {
    uint32_t kind = look_up(points[i]);
    all |= kind;
    if (!(kind & IDNA_NONSPACING)) last = kind;
    has_other |= !(kind & IDNA_ALLOWED);
  }
  if (has_other) return false;
  if (first & IDNA_RIGHT) {
    return !(all & IDNA_LEFT) && last & (IDNA_RIGHT | IDNA_NUMBER | IDNA_ARABIC_NUMBER) &&
           (all & (IDNA_NUMBER | IDNA_ARABIC_NUMBER)) != (IDNA_NUMBER | IDNA_ARABIC_NUMBER);
  }
  return first & IDNA_LEFT && !(all & (IDNA_RIGHT | IDNA_ARABIC_NUMBER)) && last & (IDNA_LEFT | IDNA_NUMBER);
}

// https://www.unicode.org/reports/tr46/#Validity_Criteria, as far as they are not checked yet; and whether the
// directions within a name are valid.
static IdnaResult check_labels(Name *name) {
  const Label *labels = (const Label *)(const void *)name->labels.data;
  const uint32_t *all = (const uint32_t *)(const void *)name->points.data;
  size_t count = name->labels.size / sizeof *labels, size = name->points.size / sizeof *all;
  bool has_right = false;
  for (size_t i = 0; i < size; i++) {
    if (!fuel_step(name->fuel, &name->steps)) return IDNA_INTERRUPTED;
    if (all[i] >= 0x80) has_right |= (look_up(all[i]) & (IDNA_RIGHT | IDNA_ARABIC_NUMBER)) != 0;
  }
  for (size_t i = 0; i < count; i++) {
    const uint32_t *points = all + labels[i].start;
    size_t length = labels[i].length;
    if (!fuel_charge(name->fuel, 1 + (int32_t)MIN_OF(length, (size_t)INT32_MAX / 2))) return IDNA_INTERRUPTED;
    if (length == 0) continue;
    if (look_up(points[0]) & IDNA_MARK) return IDNA_IS_NO_NAME;
    for (size_t k = 0; k < length; k++)
      if ((points[k] == JOINER || points[k] == NON_JOINER) && !joiner_may_stand(points, length, k))
        return IDNA_IS_NO_NAME;
    if (has_right && !direction_is_right(points, length)) return IDNA_IS_NO_NAME;
  }
  return IDNA_IS_NAME;
}

static IdnaResult write_labels(Name *name, Buffer *out) {
  const Label *labels = (const Label *)(const void *)name->labels.data;
  for (size_t i = 0; i < name->labels.size / sizeof *labels; i++) {
    if (i > 0) buffer_append_byte(out, '.');
    if (labels[i].is_ascii) {
      buffer_append(out, name->text.data + labels[i].text, labels[i].text_size);
      continue;
    }
    buffer_append_text(out, "xn--");
    const uint32_t *points = (const uint32_t *)(const void *)name->points.data + labels[i].start;
    PunycodeResult result = punycode_encode(points, labels[i].length, out, name->fuel);
    if (result != PUNYCODE_DONE) return result == PUNYCODE_WRONG ? IDNA_IS_NO_NAME : IDNA_INTERRUPTED;
  }
  return IDNA_IS_NAME;
}

static bool has_failed(const Name *name) {
  return name->mapped.failed || name->points.failed || name->labels.failed || name->text.failed;
}

IdnaResult idna_to_ascii(const uint8_t *bytes, size_t size, Buffer *out, Fuel *fuel) {
  Name name = {.fuel = fuel};
  buffer_initialize(&name.mapped, out->memory);
  buffer_initialize(&name.points, out->memory);
  buffer_initialize(&name.labels, out->memory);
  buffer_initialize(&name.text, out->memory);
  IdnaResult result = map_name(&name, bytes, size);
  if (result == IDNA_IS_NAME && !has_failed(&name)) result = split_name(&name);
  if (result == IDNA_IS_NAME && !has_failed(&name)) result = check_labels(&name);
  if (result == IDNA_IS_NAME && !has_failed(&name)) result = write_labels(&name, out);
  out->failed |= has_failed(&name);
  buffer_release(&name.mapped);
  buffer_release(&name.points);
  buffer_release(&name.labels);
  buffer_release(&name.text);
  return result;
}
