// Loops here are bounded: callers give a piece at a time and charge it (string_measure_utf8, units_copy), or pay by
// length.

#include "text/utf8.h"

#include "text/unicode.h"

static uint64_t load_word(const void *from) {
  uint64_t word;
  memcpy(&word, from, sizeof word);
  return word;
}

size_t ascii_prefix_narrow(const uint8_t *bytes, size_t size) {
  size_t i = 0;
  while (i + 8 <= size && !(load_word(bytes + i) & 0x8080808080808080u)) i += 8;
  while (i < size && bytes[i] < 0x80) i++;
  return i;
}

bool utf16_is_latin1(const uint16_t *units, size_t length) {
  size_t i = 0;
  for (; i + 4 <= length; i += 4) {
    if (load_word(units + i) & 0xFF00FF00FF00FF00u) return false;
  }
  for (; i < length; i++) {
    if (units[i] > 0xFF) return false;
  }
  return true;
}

void latin1_widen(const uint8_t *restrict from, size_t length, uint16_t *restrict to) {
  for (size_t i = 0; i < length; i++) to[i] = from[i];
}

void latin1_narrow(const uint16_t *restrict from, size_t length, uint8_t *restrict to) {
  for (size_t i = 0; i < length; i++) to[i] = (uint8_t)from[i];
}

// Decodes one code point at bytes[*index] (which moves past it). An error consumes the longest prefix
// of a sequence that could have been valid, as the Encoding Standard has it, and gives UINT32_MAX.
uint32_t utf8_next_code_point(const uint8_t *bytes, size_t size, size_t *index) {
  size_t i = *index;
  uint32_t lead = bytes[i++];
  if (lead < 0x80) {
    *index = i;
    return lead;
  }
  // OPTIMIZATION: what is good in two or three bytes.
  if (lead >= 0xC2 && lead <= 0xDF && i < size && (bytes[i] & 0xC0) == 0x80) {
    *index = i + 1;
    return (lead & 0x1F) << 6 | (bytes[i] & 0x3F);
  }
  if (lead > 0xE0 && lead <= 0xEF && i + 1 < size && (bytes[i] & 0xC0) == 0x80 && (bytes[i + 1] & 0xC0) == 0x80) {
    *index = i + 2;
    return (lead & 0xF) << 12 | (bytes[i] & 0x3Fu) << 6 | (bytes[i + 1] & 0x3F);
  }
  unsigned extra;
  uint8_t lower = 0x80, upper = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    extra = 1;
  } else if ((lead & 0xF0) == 0xE0) {  // ED A0..BF are surrogates, which WTF-8 allows
    extra = 2;
    if (lead == 0xE0) lower = 0xA0;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    extra = 3;
    if (lead == 0xF0) lower = 0x90;
    if (lead == 0xF4) upper = 0x8F;
  } else {
    *index = i;
    return UINT32_MAX;
  }
  uint32_t code_point = lead & (0x3F >> extra);
  for (unsigned k = 0; k < extra; k++) {
    if (i >= size || bytes[i] < lower || bytes[i] > upper) {
      *index = i;
      return UINT32_MAX;
    }
    code_point = code_point << 6 | (bytes[i++] & 0x3F);
    lower = 0x80;
    upper = 0xBF;
  }
  *index = i;
  return code_point;
}

Utf8Measure utf8_measure(const uint8_t *bytes, size_t size) {
  Utf8Measure measure = {.length = 0, .is_latin1 = true, .is_ascii = true, .is_valid = true};
  size_t i = ascii_prefix_narrow(bytes, size);
  measure.length = i;
  if (i < size) measure.is_ascii = false;
  while (i < size) {
    if (bytes[i] < 0x80) {
      size_t run = ascii_prefix_narrow(bytes + i, size - i);
      i += run;
      measure.length += run;
      continue;
    }
    size_t start = i;
    uint32_t code_point = utf8_next_code_point(bytes, size, &i);
    if (code_point == UINT32_MAX) {
      measure.has_surrogates |= bytes[start] == 0xED && i - start > 1;
      measure.is_valid = false;
      code_point = 0xFFFD;
    }
    if (code_point > 0xFF) measure.is_latin1 = false;
    measure.has_surrogates |= unicode_is_surrogate(code_point);
    measure.length += code_point >= 0x10000 ? 2 : 1;
  }
  return measure;
}

// No sequence has more than three bytes behind its first, so a fourth in a row begins something anew.
size_t utf8_piece_end(const uint8_t *bytes, size_t size, size_t from) {
  if (size - from <= UTF8_PIECE) return size;
  size_t end = from + UTF8_PIECE;
  for (int i = 0; i < 3 && end < size && (bytes[end] & 0xC0) == 0x80; i++) end++;
  return end;
}

uint8_t *utf8_decode_narrow(const uint8_t *bytes, size_t size, uint8_t *to) {
  for (size_t i = 0; i < size;) {
    size_t run = ascii_prefix_narrow(bytes + i, size - i);
    memcpy(to, bytes + i, run);
    to += run;
    i += run;
    if (i < size) *to++ = (uint8_t)utf8_next_code_point(bytes, size, &i);
  }
  return to;
}

uint16_t *utf8_decode_wide(const uint8_t *bytes, size_t size, uint16_t *to) {
  for (size_t i = 0; i < size;) {
    if (bytes[i] < 0x80) {
      for (; i + 8 <= size && !(load_word(bytes + i) & 0x8080808080808080u); i += 8, to += 8)
        latin1_widen(bytes + i, 8, to);
      while (i < size && bytes[i] < 0x80) *to++ = bytes[i++];
      continue;
    }
    uint32_t code_point = utf8_next_code_point(bytes, size, &i);
    if (code_point == UINT32_MAX) code_point = 0xFFFD;
    if (code_point >= 0x10000) {
      *to++ = (uint16_t)(0xD7C0 + (code_point >> 10));
      *to++ = (uint16_t)(0xDC00 | (code_point & 0x3FF));
    } else {
      *to++ = (uint16_t)code_point;
    }
  }
  return to;
}

size_t utf8_encoded_size(TextView text) {
  size_t size = text.length;
  if (!text.is_wide) {
    for (size_t i = ascii_prefix_narrow(text.narrow, text.length); i < text.length; i++) size += text.narrow[i] >> 7;
    return size;
  }
  for (uint32_t i = 0; i < text.length; i++) {
    uint32_t unit = text.wide[i];
    size += (unit >= 0x80) + (unit >= 0x800);
    if (unicode_is_high_surrogate(unit) && i + 1 < text.length && unicode_is_low_surrogate(text.wide[i + 1])) i++;
    // A pair is two units, counted as two bytes by the length and two more here: four.
  }
  return size;
}

unsigned utf8_encode_code_point(uint32_t code_point, uint8_t to[4]) {
  if (code_point < 0x80) {
    to[0] = (uint8_t)code_point;
    return 1;
  }
  if (code_point < 0x800) {
    to[0] = (uint8_t)(0xC0 | code_point >> 6);
    to[1] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    to[0] = (uint8_t)(0xE0 | code_point >> 12);
    to[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
    to[2] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 3;
  }
  to[0] = (uint8_t)(0xF0 | code_point >> 18);
  to[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3F));
  to[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
  to[3] = (uint8_t)(0x80 | (code_point & 0x3F));
  return 4;
}

uint8_t *utf8_encode(TextView text, uint8_t *to) {
  uint32_t i = 0;
  if (!text.is_wide) {
    while (i < text.length) {
      size_t run = ascii_prefix_narrow(text.narrow + i, text.length - i);
      memcpy(to, text.narrow + i, run);
      to += run;
      i += (uint32_t)run;
      if (i < text.length) to += utf8_encode_code_point(text.narrow[i++], to);
    }
    return to;
  }
  while (i < text.length) {
    uint32_t unit = text.wide[i];
    if (unit < 0x80) {
      *to++ = (uint8_t)unit;
      i++;
    } else {
      to += utf8_encode_code_point(text_view_next_code_point(text, &i), to);
    }
  }
  return to;
}

uint32_t utf8_encode_prefix(TextView text, uint8_t *to, size_t room, size_t *written) {
  uint32_t i = 0;
  size_t size = 0;
  while (i < text.length) {
    if (!text.is_wide && text.narrow[i] < 0x80) {
      size_t run = ascii_prefix_narrow(text.narrow + i, MIN_OF(text.length - i, room - size));
      if (run == 0) break;
      memcpy(to + size, text.narrow + i, run);
      size += run;
      i += (uint32_t)run;
      continue;
    }
    uint32_t next = i, code_point = text_view_next_code_point(text, &next);
    if (room - size < 4) {
      uint8_t bytes[4];
      unsigned length = utf8_encode_code_point(unicode_is_surrogate(code_point) ? 0xFFFD : code_point, bytes);
      if (length > room - size) break;
      memcpy(to + size, bytes, length);
      size += length;
    } else {
      size += utf8_encode_code_point(unicode_is_surrogate(code_point) ? 0xFFFD : code_point, to + size);
    }
    i = next;
  }
  *written += size;
  return i;
}

size_t utf8_incomplete_size(const uint8_t *bytes, size_t size) {
  for (size_t back = 1; back <= 3 && back <= size; back++) {
    uint8_t lead = bytes[size - back];
    if ((lead & 0xC0) == 0x80) continue;
    size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
    if (length <= back) return 0;
    if (back == 1) return 1;
    uint8_t second = bytes[size - back + 1];
    bool is_wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
                    (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90);
    return is_wrong ? 0 : back;
  }
  return 0;
}

uint32_t text_well_formed_prefix(TextView text) {
  if (!text.is_wide) return text.length;
  uint32_t i = 0;
  while (i < text.length) {
    uint32_t start = i;
    if (unicode_is_surrogate(text_view_next_code_point(text, &i))) return start;
  }
  return i;
}

bool text_is_well_formed(TextView text) { return text_well_formed_prefix(text) == text.length; }
