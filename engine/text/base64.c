// Base64 by tables: 12 bits to two characters, and a character at its place to its bits.
#include "text/base64.h"

#include "text/unicode.h"

// Both tables list the digits: eight at a time, and the value of the first of them.
#define EACH_EIGHT(X, of)                                                                                   \
  X(of, 0, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'), X(of, 8, 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P'),       \
      X(of, 16, 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X'), X(of, 24, 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f'), \
      X(of, 32, 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'), X(of, 40, 'o', 'p', 'q', 'r', 's', 't', 'u', 'v'), \
      X(of, 48, 'w', 'x', 'y', 'z', '0', '1', '2', '3')

// Encoding -------------------------------------------------------------------------------------------------

// OPTIMIZATION: 12 bits become two characters at once.
#define PAIRS(first, value, a, b, c, d, e, f, g, h) \
  {first, a}, {first, b}, {first, c}, {first, d}, {first, e}, {first, f}, {first, g}, { first, h }
#define PAIRS_OF(first) EACH_EIGHT(PAIRS, first), PAIRS(first, 56, '4', '5', '6', '7', '8', '9', '+', '/')
#define PAIRS_OF_EIGHT(a, b, c, d, e, f, g, h) \
  PAIRS_OF(a), PAIRS_OF(b), PAIRS_OF(c), PAIRS_OF(d), PAIRS_OF(e), PAIRS_OF(f), PAIRS_OF(g), PAIRS_OF(h)
static const uint8_t pairs[1 << 12][2] = {
    PAIRS_OF_EIGHT('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'), PAIRS_OF_EIGHT('I', 'J', 'K', 'L', 'M', 'N', 'O', 'P'),
    PAIRS_OF_EIGHT('Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X'), PAIRS_OF_EIGHT('Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f'),
    PAIRS_OF_EIGHT('g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'), PAIRS_OF_EIGHT('o', 'p', 'q', 'r', 's', 't', 'u', 'v'),
    PAIRS_OF_EIGHT('w', 'x', 'y', 'z', '0', '1', '2', '3'), PAIRS_OF_EIGHT('4', '5', '6', '7', '8', '9', '+', '/'),
};

static inline void encode_group(const uint8_t *bytes, uint8_t *to) {
  memcpy(to, pairs[bytes[0] << 4 | bytes[1] >> 4], 2);
  memcpy(to + 2, pairs[(bytes[1] & 15) << 8 | bytes[2]], 2);
}

// bounded: the caller pays by length.
static void use_url_alphabet(uint8_t *text, const uint8_t *end) {
  for (; text < end; text++) *text = *text == '+' ? '-' : *text == '/' ? '_' : *text;
}

// bounded: the caller pays by length.
uint8_t *base64_encode(const uint8_t *bytes, size_t size, Base64Alphabet alphabet, bool is_padded, uint8_t *to) {
  uint8_t *start = to;
  for (; size >= 12; size -= 12, bytes += 12, to += 16) {
    encode_group(bytes, to);
    encode_group(bytes + 3, to + 4);
    encode_group(bytes + 6, to + 8);
    encode_group(bytes + 9, to + 12);
  }
  for (; size >= 3; size -= 3, bytes += 3, to += 4) encode_group(bytes, to);
  if (size > 0) {
    uint8_t last[3] = {bytes[0], size == 2 ? bytes[1] : 0}, group[4];
    encode_group(last, group);
    *to++ = group[0];
    *to++ = group[1];
    if (size == 2) *to++ = group[2];
    else if (is_padded) *to++ = '=';
    if (is_padded) *to++ = '=';
  }
  if (alphabet == BASE64_URL) use_url_alphabet(start, to);
  return to;
}

// Decoding -------------------------------------------------------------------------------------------------

// OPTIMIZATION: for each of the four places of a group, a table gives a digit's contribution to the three bytes, and in
// a fourth byte marks for the alphabets that contain it. A group is the OR of four entries, and is valid when it has
// all marks of an alphabet.
#define MARK_BOTH(place) (0x11 << (place))
#define MARK_STANDARD(place) (0x01 << (place))
#define MARK_URL(place) (0x10 << (place))
#define FIRST(value, mark) \
  { (value) << 2, 0, 0, mark(0) }
#define SECOND(value, mark) \
  { (value) >> 4, ((value)&15) << 4, 0, mark(1) }
#define THIRD(value, mark) \
  { 0, (value) >> 2, ((value)&3) << 6, mark(2) }
#define FOURTH(value, mark) \
  { 0, 0, value, mark(3) }
#define EIGHT(entry, value, a, b, c, d, e, f, g, h)                                                        \
  [a] = entry(value, MARK_BOTH), [b] = entry(value + 1, MARK_BOTH), [c] = entry(value + 2, MARK_BOTH),     \
  [d] = entry(value + 3, MARK_BOTH), [e] = entry(value + 4, MARK_BOTH), [f] = entry(value + 5, MARK_BOTH), \
  [g] = entry(value + 6, MARK_BOTH), [h] = entry(value + 7, MARK_BOTH)
#define PLACE(entry)                                                                                     \
  {                                                                                                      \
    EACH_EIGHT(EIGHT, entry),                                                                            \
        ['4'] = entry(56, MARK_BOTH), ['5'] = entry(57, MARK_BOTH), ['6'] = entry(58, MARK_BOTH),        \
        ['7'] = entry(59, MARK_BOTH), ['8'] = entry(60, MARK_BOTH), ['9'] = entry(61, MARK_BOTH),        \
        ['+'] = entry(62, MARK_STANDARD), ['/'] = entry(63, MARK_STANDARD), ['-'] = entry(62, MARK_URL), \
        ['_'] = entry(63, MARK_URL)                                                                      \
  }
static const _Alignas(4) uint8_t places[4][256][4] = {PLACE(FIRST), PLACE(SECOND), PLACE(THIRD), PLACE(FOURTH)};

static inline bool is_digit(uint16_t unit, Base64Alphabet alphabet) {
  return unit < 0x80 && places[0][unit][3] & (alphabet == BASE64_URL ? MARK_URL(0) : MARK_STANDARD(0));
}

static inline uint32_t load_entry(const uint8_t entry[4]) {
  uint32_t word;
  memcpy(&word, entry, sizeof word);
  return word;
}

static inline uint32_t join_group(const uint8_t *text) {
  return load_entry(places[0][text[0]]) | load_entry(places[1][text[1]]) | load_entry(places[2][text[2]]) |
         load_entry(places[3][text[3]]);
}
static inline uint32_t decode_group(const uint8_t *text, uint8_t *to) {
  uint32_t group = join_group(text);
  memcpy(to, &group, 4);
  return group;
}

// bounded: the caller pays by length.
size_t base64_decode_groups(const uint8_t *text, size_t size, Base64Alphabet alphabet, uint8_t *to) {
  static const uint8_t all_marks[][4] = {[BASE64_STANDARD] = {0, 0, 0, 0x0F}, [BASE64_URL] = {0, 0, 0, 0xF0}};
  const uint32_t marks = load_entry(all_marks[alphabet]);
  const uint8_t *start = text;
  // Each group is written with its marks, which the next group overwrites, so one more group must follow.
  for (; size >= 20; size -= 16, text += 16, to += 12) {
    uint32_t all = decode_group(text, to) & decode_group(text + 4, to + 3) & decode_group(text + 8, to + 6) &
                   decode_group(text + 12, to + 9);
    if (UNLIKELY((all & marks) != marks)) break;
  }
  for (; size >= 4; size -= 4, text += 4, to += 3) {
    uint32_t group = join_group(text);
    if ((group & marks) != marks) break;
    memcpy(to, &group, 3);
  }
  return (size_t)(text - start);
}

size_t base64_decoded_size(const uint8_t *text, size_t *size) {
  size_t length = *size;
  if (length > 0 && length % 4 == 0) {
    if (text[length - 1] == '=') length--;
    if (text[length - 1] == '=') length--;
  }
  *size = length;
  return length % 4 == 1 ? SIZE_MAX : length / 4 * 3 + (length % 4 ? length % 4 - 1 : 0);
}

bool base64_decode_rest(const uint8_t *digits, unsigned count, Base64Alphabet alphabet, bool is_strict, uint8_t *to) {
  uint8_t group[4] = {digits[0], digits[1], count == 3 ? digits[2] : 'A', 'A'}, bytes[3];
  if (base64_decode_groups(group, 4, alphabet, bytes) != 4 || (is_strict && bytes[count - 1] != 0)) return false;
  memcpy(to, bytes, count == 3 ? 2 : 1);
  return true;
}

static uint32_t skip_white_space(TextView text, uint32_t index, Fuel *fuel, uint32_t *steps) {
  while (index < text.length && fuel_step(fuel, steps) && unicode_is_ascii_space(text_view_unit(text, index))) index++;
  return index;
}

// Takes groups from `index` on, as long as nothing is between them and there is room for their bytes.
static uint32_t take_groups(TextView text, uint32_t index, Base64Alphabet alphabet, size_t room, Base64Decoded *out,
                            Fuel *fuel) {
  while (!text.is_wide && text.length - index >= 4 && room >= 3) {
    size_t size = MIN_OF(MIN_OF((size_t)(text.length - index), (size_t)TEXT_PIECE) / 4, room / 3) * 4;
    uint8_t *to = buffer_reserve(&out->bytes, size / 4 * 3);
    if (!to || !fuel_charge(fuel, (int32_t)(size / 8))) break;
    size_t taken = base64_decode_groups(text.narrow + index, size, alphabet, to);
    out->bytes.size += taken / 4 * 3;
    room -= taken / 4 * 3;
    index += (uint32_t)taken;
    out->read = index;
    if (taken < size) break;
  }
  return index;
}

static bool append_rest(Base64Decoded *out, const uint8_t *digits, unsigned count, Base64Alphabet alphabet,
                        bool is_strict) {
  uint8_t bytes[2];
  if (!base64_decode_rest(digits, count, alphabet, is_strict, bytes)) return false;
  buffer_append(&out->bytes, bytes, count - 1);
  return true;
}

// What follows two or three digits and the padding character before `index`. False: malformed.
static bool decode_padding(TextView text, uint32_t index, const uint8_t *digits, unsigned count,
                           Base64Alphabet alphabet, Base64LastChunk last_chunk, Base64Decoded *out, Fuel *fuel) {
  uint32_t steps = 0;
  if (count < 2) return false;
  index = skip_white_space(text, index, fuel, &steps);
  if (count == 2) {
    if (index == text.length) return last_chunk == LAST_CHUNK_STOP;
    if (text_view_unit(text, index) == '=') index = skip_white_space(text, index + 1, fuel, &steps);
  }
  if (index < text.length || !append_rest(out, digits, count, alphabet, last_chunk == LAST_CHUNK_STRICT)) return false;
  out->read = text.length;
  return true;
}

// https://tc39.es/ecma262/#sec-frombase64
void base64_decode(TextView text, Base64Alphabet alphabet, Base64LastChunk last_chunk, size_t max_length,
                   Base64Decoded *out, Fuel *fuel) {
  uint32_t index = 0, steps = 0;
  uint8_t digits[4];
  unsigned count = 0;
  if (max_length == 0) return;
  for (;;) {
    if (!fuel_step(fuel, &steps)) return;
    if (count == 0) {
      index = take_groups(text, index, alphabet, max_length - out->bytes.size, out, fuel);
      if (out->bytes.size >= max_length || out->bytes.failed) return;
    }
    index = skip_white_space(text, index, fuel, &steps);
    if (index == text.length) {
      if (count > 0 && last_chunk == LAST_CHUNK_STOP) return;
      bool ends_well = count == 0 || (last_chunk == LAST_CHUNK_LOOSE && count > 1 &&
                                      append_rest(out, digits, count, alphabet, false));
      if (ends_well) out->read = text.length;
      out->malformed = !ends_well;
      return;
    }
    uint16_t unit = text_view_unit(text, index++);
    if (unit == '=') {
      out->malformed = !decode_padding(text, index, digits, count, alphabet, last_chunk, out, fuel);
      return;
    }
    if (!is_digit(unit, alphabet)) {
      out->malformed = true;
      return;
    }
    size_t remaining = max_length - out->bytes.size;
    if ((remaining == 1 && count == 2) || (remaining == 2 && count == 3)) return;
    digits[count++] = (uint8_t)unit;
    if (count < 4) continue;
    uint8_t bytes[3];
    (void)base64_decode_groups(digits, 4, alphabet, bytes);
    buffer_append(&out->bytes, bytes, 3);
    count = 0;
    out->read = index;
    if (out->bytes.size >= max_length || out->bytes.failed) return;
  }
}
