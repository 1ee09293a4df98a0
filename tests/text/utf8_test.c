// UTF-8 in both directions, held against fixed cases and round trips.
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/unicode.h"

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

static void check_decoding(const char *bytes, const uint16_t *expected, size_t length, bool valid) {
  size_t size = strlen(bytes);
  uint8_t *copy = malloc(size + !size);  // exact, so that the sanitizer sees a read past the end
  memcpy(copy, bytes, size);
  Utf8Measure measure = utf8_measure(copy, size);
  CHECK(measure.length == length);
  CHECK(measure.is_valid == valid);
  uint16_t units[64];
  utf8_decode_wide(copy, size, units);
  CHECK(memcmp(units, expected, length * 2) == 0);
  free(copy);
}

static void check_round_trips(void) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
    uint8_t bytes[4], again[8];
    unsigned size = utf8_encode_code_point(code_point, bytes);
    uint16_t units[4];
    utf8_decode_wide(bytes, size, units);
    TextView text = text_view_wide(units, code_point >= 0x10000 ? 2 : 1);
    uint32_t index = 0;
    CHECK(text_view_next_code_point(text, &index) == code_point && index == text.length);
    CHECK(utf8_encoded_size(text) == size);
    CHECK(utf8_encode(text, again) == again + size && memcmp(again, bytes, size) == 0);
    CHECK(text_is_well_formed(text) == !unicode_is_surrogate(code_point));
    Utf8Measure measure = utf8_measure(bytes, size);
    CHECK(measure.is_valid && measure.is_latin1 == (code_point < 0x100) && measure.is_ascii == (code_point < 0x80));
  }
}

int main(void) {
  check_decoding("", (const uint16_t[]){0}, 0, true);
  check_decoding("abc", (const uint16_t[]){0x61, 0x62, 0x63}, 3, true);
  check_decoding("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", (const uint16_t[]){0xE9, 0x20AC, 0xD83D, 0xDE00}, 4, true);
  check_decoding("\xED\xA0\x80", (const uint16_t[]){0xD800}, 1, true);
  check_decoding("\xC0\x80", (const uint16_t[]){0xFFFD, 0xFFFD}, 2, false);
  check_decoding("\xE2\x82", (const uint16_t[]){0xFFFD}, 1, false);
  check_decoding("\xF0\x9F\x98z", (const uint16_t[]){0xFFFD, 'z'}, 2, false);
  check_decoding("\xF4\x90\x80\x80", (const uint16_t[]){0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4, false);
  check_decoding("\xE0\x80\x80", (const uint16_t[]){0xFFFD, 0xFFFD, 0xFFFD}, 3, false);
  check_round_trips();
  const uint8_t latin1[] = {'a', 0xE9, 0xFF};
  uint8_t out[8];
  CHECK(utf8_encoded_size(text_view_narrow(latin1, 3)) == 5);
  CHECK(utf8_encode(text_view_narrow(latin1, 3), out) == out + 5);
  utf8_decode_narrow(out, 5, out);
  CHECK(memcmp(out, latin1, 3) == 0);
  CHECK(!text_is_well_formed(text_view_wide((const uint16_t[]){'a', 0xDC00, 0xD800}, 3)));
  CHECK(text_well_formed_prefix(text_view_wide((const uint16_t[]){'a', 0xD800, 'b'}, 3)) == 1);
  CHECK(utf16_is_latin1((const uint16_t[]){1, 2, 3, 0xFF, 5}, 5));
  CHECK(!utf16_is_latin1((const uint16_t[]){1, 2, 3, 0xFF, 0x100}, 5));
  puts(failures ? "utf8: failures" : "utf8: passed");
  return failures != 0;
}
