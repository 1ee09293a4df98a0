// URLs out of pieces that parsers get wrong: what was parsed is parsed to the same again, its places are in order, and
// no setter makes a URL that does not come back as itself.
#include "text/url.h"

#include <stdio.h>
#include <stdlib.h>

static Memory memory;
static Fuel fuel;

static bool refill(Fuel *spent) {
  spent->remaining = 1 << 20;
  return true;
}

static uint32_t seed = 12345;
static uint32_t random_below(uint32_t limit) {
  seed = seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

static const char *const pieces[] = {
    "http:",
    "https:",
    "file:",
    "web:",
    "data:",
    "ws:",
    "//",
    "/",
    "\\",
    "?",
    "#",
    "@",
    ":",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%",
    "%41",
    "%zz",
    "C|",
    "c:",
    "[",
    "]",
    "[::1]",
    "[1:2:3:4:5:6:7:8]",
    "[::1.2.3.4]",
    "[",
    "localhost",
    "example.com",
    "1.2.3.4",
    "0x7f",
    "256",
    "4294967296",
    "09",
    ("b\xC3\xBC"
     "cher"),
    "xn--bcher-kva",
    "xn--",
    "xn--a",
    "\xC2\xAD",
    "\xE2\x80\x8D",
    "\xD7\x90",
    "\xD9\xA1",
    "\xCC\x80",
    "\xEF\xBC\x8E",
    "\xE3\x80\x82",
    "\xF0\x9F\x92\xA9",
    "\xED\xA0\x80",
    "\xFF",
    "80",
    "81",
    "65536",
    "user",
    "p:w",
    " ",
    "\t",
    "\n",
    "\r",
    "x",
    "A",
    "^`{}|\"'<>",
    "a/b/../c",
    "",
    "\x01",
    "&=+",
};

static size_t compose(uint8_t *to, uint32_t most) {
  size_t size = 0;
  for (uint32_t count = random_below(most); count > 0; count--) {
    const char *piece = pieces[random_below(COUNT_OF(pieces))];
    size_t length = strlen(piece);
    memcpy(to + size, piece, length);
    size += length;
  }
  return size;
}

static void fail(const char *what, UrlBytes input, const Buffer *text) {
  fprintf(stderr, "%s: \"%.*s\" -> \"%.*s\"\n", what, (int)input.size, (const char *)input.bytes, (int)text->size,
          (const char *)text->data);
  exit(1);
}

static void check(UrlBytes input, const Buffer *text, const UrlPlaces *at) {
  uint32_t places[URL_PLACES], again[URL_PLACES], previous = 0;
  memcpy(places, at, sizeof places);
  for (int i = 0; i < URL_PLACES; i++) {
    if (places[i] < previous || places[i] > text->size) fail("places out of order", input, text);
    previous = places[i];
  }
  for (size_t i = 0; i < text->size; i++)
    if (text->data[i] >= 0x7F || text->data[i] < ' ') fail("not printable ASCII", input, text);
  Buffer second;
  buffer_initialize(&second, &memory);
  UrlPlaces second_at;
  if (url_parse((UrlBytes){text->data, text->size}, NULL, &second, &second_at, &fuel) != URL_DONE)
    fail("not parsed again", input, text);
  memcpy(again, &second_at, sizeof again);
  if (second.size != text->size || memcmp(second.data, text->data, text->size) != 0)
    fail("parsed to another", input, text);
  if (memcmp(places, again, sizeof places) != 0) fail("other places", input, text);
  buffer_release(&second);
}

int main(void) {
  memory_initialize(&memory, 1 << 28);
  fuel = (Fuel){.remaining = 1 << 20, .refill = refill};
  uint8_t *bytes = malloc(1 << 12);
  uint32_t parsed = 0, changed = 0;
  for (int round = 0; round < 60000; round++) {
    Buffer base_text, text;
    buffer_initialize(&base_text, &memory);
    buffer_initialize(&text, &memory);
    UrlPlaces at;
    Url base = {0};
    UrlBytes input = {bytes, compose(bytes, 8)};
    bool has_base = url_parse(input, NULL, &base_text, &base.at, &fuel) == URL_DONE;
    base.text = base_text.data;
    base.size = (uint32_t)base_text.size;
    if (has_base) check(input, &base_text, &base.at);
    input.size = compose(bytes, 10);
    if (url_parse(input, has_base ? &base : NULL, &text, &at, &fuel) == URL_DONE) {
      parsed++;
      check(input, &text, &at);
      Url url = {text.data, (uint32_t)text.size, at};
      input.size = compose(bytes, 5);
      Buffer set_text;
      buffer_initialize(&set_text, &memory);
      UrlPlaces set_at;
      if (url_set(&url, (UrlMember)random_below(URL_HASH + 1), input, &set_text, &set_at, &fuel) == URL_DONE) {
        changed++;
        // A space at the end of an opaque path is the one thing that does not come back.
        if (set_text.data[set_text.size - 1] != ' ') check(input, &set_text, &set_at);
      }
      buffer_release(&set_text);
    }
    buffer_release(&base_text);
    buffer_release(&text);
  }
  free(bytes);
  if (memory.used != 0 || parsed < 5000 || changed < 1000) {
    fprintf(stderr, "%zu bytes left, %u parsed, %u changed\n", memory.used, parsed, changed);
    return 1;
  }
  return 0;
}
