#include "text/case_mapping.h"

#include "text/unicode.h"

// https://tc39.es/ecma262/#sec-string.prototype.tolowercase
uint32_t text_lowercase_unchanged(TextView text, Fuel *fuel) {
  uint32_t index = 0, steps = 0;
  if (!text.is_wide) {
    while (index < text.length && latin1_to_lowercase(text.narrow[index]) == text.narrow[index] &&
           fuel_step(fuel, &steps)) {
      index++;
    }
    return index;
  }
  while (index < text.length && fuel_step(fuel, &steps)) {
    uint32_t next = index;
    uint32_t code_point = text_view_next_code_point(text, &next), mapped[3];
    if (unicode_full_lowercase(code_point, mapped) != 1 || mapped[0] != code_point) break;
    index = next;
  }
  return index;
}

// https://tc39.es/ecma262/#sec-string.prototype.touppercase
uint32_t text_uppercase_unchanged(TextView text, Fuel *fuel) {
  uint32_t index = 0, steps = 0;
  if (!text.is_wide) {
    while (index < text.length && latin1_uppercase_is_simple(text.narrow[index]) &&
           latin1_to_uppercase(text.narrow[index]) == text.narrow[index] && fuel_step(fuel, &steps)) {
      index++;
    }
    return index;
  }
  while (index < text.length && fuel_step(fuel, &steps)) {
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

// The condition Final_Sigma: a cased letter before, none after, skipping case-ignorables. The text after is searched
// once per stretch of case-ignorables; otherwise a text of sigmas with marks would take quadratic time.
typedef struct SigmaContext {
  bool is_cased_before;
  bool is_cased_after;  // of every place up to `known_until`
  uint32_t known_until;
} SigmaContext;

static void sigma_pass(SigmaContext *context, uint32_t code_point) {
  if (!unicode_is_case_ignorable(code_point)) context->is_cased_before = unicode_is_cased(code_point);
}

static bool text_is_final_sigma(TextView text, uint32_t end, SigmaContext *context, Fuel *fuel, uint32_t *steps) {
  if (!context->is_cased_before) return false;
  if (end > context->known_until || context->known_until == 0) {
    context->is_cased_after = false;
    uint32_t index = end;
    while (index < text.length && fuel_step(fuel, steps)) {
      context->known_until = index;
      uint32_t code_point = text_view_next_code_point(text, &index);
      if (unicode_is_case_ignorable(code_point)) continue;
      context->is_cased_after = unicode_is_cased(code_point);
      break;
    }
    if (!context->is_cased_after && index >= text.length) context->known_until = text.length;
  }
  return !context->is_cased_after;
}

bool text_to_lowercase(TextView text, Buffer *units, Fuel *fuel) {
  if (!buffer_reserve(units, (size_t)text.length * 2)) return true;
  SigmaContext context = {0};
  uint32_t steps = 0;
  for (uint32_t index = 0; index < text.length;) {
    if (!fuel_step(fuel, &steps)) return false;
    uint32_t code_point = text_view_next_code_point(text, &index), mapped[3];
    if (code_point == 0x3A3) {
      text_append_code_point(units, text_is_final_sigma(text, index, &context, fuel, &steps) ? 0x3C2 : 0x3C3);
    } else {
      unsigned count = unicode_full_lowercase(code_point, mapped);
      for (unsigned i = 0; i < count; i++) text_append_code_point(units, mapped[i]);
    }
    if (text.is_wide) sigma_pass(&context, code_point);
  }
  return true;
}

bool text_to_uppercase(TextView text, Buffer *units, Fuel *fuel) {
  if (!buffer_reserve(units, (size_t)text.length * 2)) return true;
  uint32_t steps = 0;
  for (uint32_t index = 0; index < text.length;) {
    if (!fuel_step(fuel, &steps)) return false;
    uint32_t mapped[3];
    unsigned count = unicode_full_uppercase(text_view_next_code_point(text, &index), mapped);
    for (unsigned i = 0; i < count; i++) {
      if (!fuel_step(fuel, &steps)) return false;
      text_append_code_point(units, mapped[i]);
    }
  }
  return true;
}
