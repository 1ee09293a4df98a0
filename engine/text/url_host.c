// Hosts: names, numbers and opaque ones. https://url.spec.whatwg.org/#host-parsing
#include "text/idna.h"
#include "text/unicode.h"
#include "text/url_parts.h"
#include "text/utf8.h"

// A bit for each ASCII character. https://url.spec.whatwg.org/#forbidden-host-code-point
static const uint32_t forbidden[4] = {0x00002601, 0xD4008009, 0x78000001, 0x10000000};
// https://url.spec.whatwg.org/#forbidden-domain-code-point
static const uint32_t forbidden_in_names[4] = {0xFFFFFFFF, 0xD4008029, 0x78000001, 0x90000000};
static bool is_in(const uint32_t set[4], uint8_t byte) { return byte < 0x80 && set[byte >> 5] >> (byte & 31) & 1; }

// https://url.spec.whatwg.org/#concept-opaque-host-parser
static UrlResult parse_opaque_host(UrlBytes text, Buffer *out, Fuel *fuel) {
  uint32_t steps = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (!fuel_step(fuel, &steps)) return URL_INTERRUPTED;
    if (is_in(forbidden, text.bytes[i])) return URL_REFUSED;
  }
  return url_encode(text, ENCODE_CONTROLS, out, fuel) ? URL_DONE : URL_INTERRUPTED;
}

// IPv6 ----------------------------------------------------------------------------------------------------------------

enum { PIECES = 8 };

// Four decimal bytes at the end, as two pieces.
static bool read_embedded_ipv4(UrlBytes text, uint16_t pieces[2]) {
  size_t at = 0;
  for (int i = 0; i < 4; i++) {
    if (i > 0 && url_byte(text, at++) != '.') return false;
    if (!is_digit(url_byte(text, at))) return false;
    uint32_t value = 0;
    for (size_t start = at; is_digit(url_byte(text, at)); at++) {
      if (at > start && value == 0) return false;  // a zero before it
      value = value * 10 + text.bytes[at] - '0';
      if (value > 255) return false;
    }
    pieces[i / 2] = (uint16_t)(i % 2 ? pieces[i / 2] << 8 | value : value);
  }
  return at == text.size;
}

// https://url.spec.whatwg.org/#concept-ipv6-parser
static bool read_ipv6(UrlBytes text, uint16_t address[PIECES]) {
  int count = 0, compressed = -1;
  size_t at = 0;
  memset(address, 0, PIECES * sizeof *address);
  if (url_byte(text, 0) == ':') {
    if (url_byte(text, 1) != ':') return false;
    at = 2;
    compressed = 0;
  }
  while (at < text.size) {
    if (count == PIECES) return false;
    if (text.bytes[at] == ':') {
      if (compressed >= 0) return false;
      at++;
      compressed = count;
      continue;
    }
    size_t start = at;
    uint32_t value = 0;
    for (; at < start + 4 && hex_digit(url_byte(text, at)) < 16; at++) value = value * 16 + hex_digit(text.bytes[at]);
    if (url_byte(text, at) == '.') {
      if (at == start || count > PIECES - 2 || !read_embedded_ipv4(url_bytes_from(text, start), address + count))
        return false;
      count += 2;
      break;
    }
    if (at < text.size) {
      if (text.bytes[at] != ':' || at + 1 == text.size) return false;
      at++;
    }
    if (at == start) return false;
    address[count++] = (uint16_t)value;
  }
  if (compressed < 0) return count == PIECES;
  if (count == PIECES) return false;
  int moved = count - compressed;
  memmove(address + PIECES - moved, address + compressed, (size_t)moved * sizeof *address);
  memset(address + compressed, 0, (size_t)(PIECES - count) * sizeof *address);
  return true;
}

// https://url.spec.whatwg.org/#concept-ipv6-serializer
static void write_ipv6(const uint16_t address[PIECES], Buffer *out) {
  int longest = -1, length = 1;
  for (int i = 0; i < PIECES; i++) {
    int end = i;
    while (end < PIECES && address[end] == 0) end++;
    if (end - i > length) {
      longest = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  buffer_append_byte(out, '[');
  for (int i = 0; i < PIECES; i++) {
    if (i == longest) {
      buffer_append_text(out, i == 0 ? "::" : ":");
      i += length - 1;
      continue;
    }
    buffer_format(out, "%x", (unsigned)address[i]);
    if (i < PIECES - 1) buffer_append_byte(out, ':');
  }
  buffer_append_byte(out, ']');
}

// IPv4 ----------------------------------------------------------------------------------------------------------------

// A number of any of the three bases; UINT64_MAX for what is too large; false: none.
static bool read_number(UrlBytes text, uint64_t *number) {
  *number = 0;
  if (text.size == 0) return false;
  unsigned base = 10;
  if (text.size >= 2 && text.bytes[0] == '0' && (text.bytes[1] | 0x20) == 'x') {
    base = 16;
    text = url_bytes_from(text, 2);
  } else if (text.size >= 2 && text.bytes[0] == '0') {
    base = 8;
    text = url_bytes_from(text, 1);
  }
  for (size_t i = 0; i < text.size; i++) {
    unsigned digit = hex_digit(text.bytes[i]);
    if (digit >= base) return false;
    *number = *number > UINT32_MAX ? UINT64_MAX / 2 : *number * base + digit;
  }
  return true;
}

static bool is_all_digits(UrlBytes text) {
  for (size_t i = 0; i < text.size; i++)
    if (!is_digit(text.bytes[i])) return false;
  return text.size > 0;
}

// https://url.spec.whatwg.org/#ends-in-a-number-checker
static bool ends_in_number(UrlBytes name) {
  if (name.size > 0 && name.bytes[name.size - 1] == '.') name.size--;
  size_t start = name.size;
  while (start > 0 && name.bytes[start - 1] != '.') start--;
  UrlBytes last = url_bytes_from(name, start);
  uint64_t number;
  return is_all_digits(last) ||
         (last.size >= 2 && last.bytes[0] == '0' && (last.bytes[1] | 0x20) == 'x' && read_number(last, &number));
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
static bool read_ipv4(UrlBytes name, uint32_t *address) {
  if (name.size > 0 && name.bytes[name.size - 1] == '.') name.size--;
  uint64_t numbers[4];
  int count = 0;
  for (size_t start = 0; start <= name.size; count++) {
    size_t end = start;
    while (end < name.size && name.bytes[end] != '.') end++;
    if (count == 4 || !read_number(url_bytes(name.bytes + start, end - start), &numbers[count])) return false;
    start = end + 1;
  }
  uint64_t result = numbers[count - 1];
  if (result >= (uint64_t)1 << (8 * (5 - count))) return false;
  for (int i = 0; i < count - 1; i++) {
    if (numbers[i] > 255) return false;
    result |= numbers[i] << (8 * (3 - i));
  }
  *address = (uint32_t)result;
  return true;
}

// Names ---------------------------------------------------------------------------------------------------------------

static MUST_CHECK bool percent_decode(UrlBytes text, Buffer *out, Fuel *fuel) {
  uint32_t steps = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (!fuel_step(fuel, &steps)) return false;
    unsigned high = hex_digit(url_byte(text, i + 1)), low = hex_digit(url_byte(text, i + 2));
    bool is_encoded = text.bytes[i] == '%' && high < 16 && low < 16;
    buffer_append_byte(out, is_encoded ? (uint8_t)(high << 4 | low) : text.bytes[i]);
    if (is_encoded) i += 2;
  }
  return true;
}

// OPTIMIZATION: what is ASCII without escapes and without punycode only becomes lower case.
static bool is_plain_name(UrlBytes text) {
  for (size_t i = 0; i < text.size; i++) {
    uint8_t byte = text.bytes[i];
    if (byte >= 0x80 || byte == '%') return false;
    if ((byte | 0x20) == 'x' && (url_byte(text, i + 1) | 0x20) == 'n' && url_byte(text, i + 2) == '-' &&
        url_byte(text, i + 3) == '-')
      return false;
  }
  return true;
}

static UrlResult write_name(UrlBytes text, Buffer *out, Fuel *fuel) {
  if (!fuel_charge(fuel, 1 + (int32_t)MIN_OF(text.size / 4, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  if (is_plain_name(text)) {
    uint8_t *to = buffer_reserve(out, text.size);
    if (!to) return URL_DONE;
    for (size_t i = 0; i < text.size; i++)
      to[i] = (uint8_t)(text.bytes[i] - 'A') < 26 ? text.bytes[i] | 0x20 : text.bytes[i];
    out->size += text.size;
    return URL_DONE;
  }
  Buffer decoded;
  buffer_initialize(&decoded, out->memory);
  IdnaResult result = IDNA_INTERRUPTED;
  if (percent_decode(text, &decoded, fuel))
    result = decoded.failed ? IDNA_IS_NAME : idna_to_ascii(decoded.data, decoded.size, out, fuel);
  out->failed |= decoded.failed;
  buffer_release(&decoded);
  return result == IDNA_IS_NAME ? URL_DONE : result == IDNA_IS_NO_NAME ? URL_REFUSED : URL_INTERRUPTED;
}

UrlResult url_parse_host(UrlBytes text, UrlScheme scheme, Buffer *out, Fuel *fuel) {
  if (text.size > 0 && text.bytes[0] == '[') {
    uint16_t address[PIECES];
    if (text.bytes[text.size - 1] != ']' || !read_ipv6(url_bytes(text.bytes + 1, text.size - 2), address))
      return URL_REFUSED;
    write_ipv6(address, out);
    return URL_DONE;
  }
  if (!scheme_is_special(scheme)) return parse_opaque_host(text, out, fuel);
  size_t start = out->size;
  UrlResult result = write_name(text, out, fuel);
  if (result != URL_DONE || out->failed) return result;
  UrlBytes name = url_bytes(out->data + start, out->size - start);
  if (name.size == 0) return URL_REFUSED;
  for (size_t i = 0; i < name.size; i++)
    if (is_in(forbidden_in_names, name.bytes[i])) return URL_REFUSED;
  if (!ends_in_number(name)) return URL_DONE;
  uint32_t address;
  if (!read_ipv4(name, &address)) return URL_REFUSED;
  out->size = start;
  buffer_format(out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
  return URL_DONE;
}
