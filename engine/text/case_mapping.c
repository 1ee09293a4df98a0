#include "text/case_mapping.h"

#include "text/unicode.h"

// https://tc39.es/ecma262/#sec-string.prototype.tolowercase
uint32_t text_lowercase_unchanged(TextView text) {
  uint32_t index = 0;
  if (!text.is_wide) {
    while (index < text.length && latin1_to_lowercase(text.narrow[index]) == text.narrow[index]) index++;
    return index;
  }
  while (index < text.length) {
    uint32_t next = index;
    uint32_t code_point = text_view_next_code_point(text, &next), mapped[3];
    if (unicode_full_lowercase(code_point, mapped) != 1 || mapped[0] != code_point) break;
    index = next;
  }
  return index;
}

// https://tc39.es/ecma262/#sec-string.prototype.touppercase
uint32_t text_uppercase_unchanged(TextView text) {
  uint32_t index = 0;
  if (!text.is_wide) {
    while (index < text.length && latin1_uppercase_is_simple(text.narrow[index]) &&
           latin1_to_uppercase(text.narrow[index]) == text.narrow[index]) {
      index++;
    }
    return index;
  }
  while (index < text.length) {
    uint32_t next = index;
    uint32_t code_point = text_view_next_code_point(text, &next), mapped[3];
    if (unicode_full_uppercase(code_point, mapped) != 1 || mapped[0] != code_point) break;
    index = next;
  }
  return index;
}

static void text_append_code_point(Buffer *units, uint32_t code_point) {
  uint16_t pair[2] = {(uint16_t)code_point, 0};
  size_t count = 1;
  if (code_point >= 0x10000) {
    pair[0] = (uint16_t)(0xD7C0 + (code_point >> 10));
    pair[1] = (uint16_t)(0xDC00 | (code_point & 0x3FF));
    count = 2;
  }
  buffer_append(units, pair, count * 2);
}

static uint32_t text_previous_code_point(TextView text, uint32_t *index) {
  uint32_t unit = text_view_unit(text, --*index);
  if (unicode_is_low_surrogate(unit) && *index > 0) {
    uint32_t high = text_view_unit(text, *index - 1);
    if (unicode_is_high_surrogate(high)) {
      --*index;
      return unicode_join_surrogates(high, unit);
    }
  }
  return unit;
}

// The condition Final_Sigma: a cased letter before, none after, case-ignorables passed over.
static bool text_is_final_sigma(TextView text, uint32_t start, uint32_t end) {
  bool cased_before = false;
  while (start > 0) {
    uint32_t code_point = text_previous_code_point(text, &start);
    if (unicode_is_case_ignorable(code_point)) continue;
    cased_before = unicode_is_cased(code_point);
    break;
  }
  if (!cased_before) return false;
  while (end < text.length) {
    uint32_t code_point = text_view_next_code_point(text, &end);
    if (unicode_is_case_ignorable(code_point)) continue;
    return !unicode_is_cased(code_point);
  }
  return true;
}

void text_to_lowercase(TextView text, Buffer *units) {
  if (!buffer_reserve(units, (size_t)text.length * 2)) return;
  for (uint32_t index = 0; index < text.length;) {
    uint32_t start = index;
    uint32_t code_point = text_view_next_code_point(text, &index), mapped[3];
    if (code_point == 0x3A3) {
      text_append_code_point(units, text_is_final_sigma(text, start, index) ? 0x3C2 : 0x3C3);
      continue;
    }
    unsigned count = unicode_full_lowercase(code_point, mapped);
    for (unsigned i = 0; i < count; i++) text_append_code_point(units, mapped[i]);
  }
}

void text_to_uppercase(TextView text, Buffer *units) {
  if (!buffer_reserve(units, (size_t)text.length * 2)) return;
  for (uint32_t index = 0; index < text.length;) {
    uint32_t mapped[3];
    unsigned count = unicode_full_uppercase(text_view_next_code_point(text, &index), mapped);
    for (unsigned i = 0; i < count; i++) text_append_code_point(units, mapped[i]);
  }
}
