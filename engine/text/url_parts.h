// What url_parser.c and url_setters.c share.
#ifndef CAISSON_URL_PARTS_H
#define CAISSON_URL_PARTS_H

#include "text/url.h"

typedef enum UrlScheme {
  SCHEME_OTHER,
  SCHEME_HTTP,
  SCHEME_HTTPS,
  SCHEME_WS,
  SCHEME_WSS,
  SCHEME_FTP,
  SCHEME_FILE
} UrlScheme;
static inline bool scheme_is_special(UrlScheme scheme) { return scheme != SCHEME_OTHER; }
UrlScheme scheme_from_text(const uint8_t *text, size_t size);  // without the colon
int32_t scheme_default_port(UrlScheme scheme);                 // -1: none
// The length of the scheme at the beginning, without its colon; 0: none.
size_t scheme_length(UrlBytes text);

// What a part encodes: https://url.spec.whatwg.org/#percent-encoded-bytes
typedef enum EncodeSet {
  ENCODE_CONTROLS,
  ENCODE_FRAGMENT,
  ENCODE_QUERY,
  ENCODE_SPECIAL_QUERY,
  ENCODE_PATH,
  ENCODE_USER
} EncodeSet;
MUST_CHECK bool url_encode(UrlBytes text, EncodeSet set, Buffer *out, Fuel *fuel);  // false: interrupted

static inline UrlBytes url_bytes(const void *bytes, size_t size) { return (UrlBytes){bytes, size}; }
static inline UrlBytes url_bytes_from(UrlBytes text, size_t from) {
  return (UrlBytes){text.bytes + from, text.size - from};
}
static inline uint8_t url_byte(UrlBytes text, size_t at) { return at < text.size ? text.bytes[at] : 0; }
static inline bool is_slash(uint8_t byte, UrlScheme scheme) {
  return byte == '/' || (byte == '\\' && scheme_is_special(scheme));
}
static inline bool is_alpha(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }
static inline bool is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }
static inline unsigned hex_digit(uint8_t byte) {  // 16: none
  if (is_digit(byte)) return byte - '0';
  return (uint8_t)((byte | 0x20) - 'a') < 6 ? (byte | 0x20) - 'a' + 10u : 16;
}
// https://url.spec.whatwg.org/#windows-drive-letter and https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
bool is_drive_letter(UrlBytes text);
bool begins_with_drive_letter(UrlBytes text);

// Without tabs and line ends, and for `trim` without controls and spaces at both ends. The text itself when it has
// none, else a copy in `cleaned`.
MUST_CHECK UrlResult url_clean(UrlBytes text, bool trim, Buffer *cleaned, UrlBytes *result, Fuel *fuel);

// https://url.spec.whatwg.org/#concept-host-parser: appends the serialized host.
MUST_CHECK UrlResult url_parse_host(UrlBytes text, UrlScheme scheme, Buffer *out, Fuel *fuel);
// The path state: adds the segments of `text` (all of it) to the path that begins at `path` in `out`.
MUST_CHECK UrlResult url_add_segments(UrlBytes text, UrlScheme scheme, size_t path, Buffer *out, Fuel *fuel);
// https://url.spec.whatwg.org/#shorten-a-urls-path
void url_shorten_path(UrlScheme scheme, size_t path, Buffer *out);
// Behind the host in `text`: where a colon outside of brackets is, or the end.
size_t url_find_port(UrlBytes text);
// -1: none or the scheme's own; false: none that a URL can have.
MUST_CHECK bool url_read_port(UrlBytes digits, UrlScheme scheme, int32_t *port);

static inline UrlScheme url_scheme(const Url *url) { return scheme_from_text(url->text, url->at.scheme_end - 1); }
static inline bool url_has_host(const Url *url) {
  return url->at.scheme_end + 1 < url->size && url->text[url->at.scheme_end] == '/' &&
         url->text[url->at.scheme_end + 1] == '/';
}
static inline bool url_has_opaque_path(const Url *url) {
  return !url_has_host(url) && !(url->at.path < url->size && url->text[url->at.path] == '/');
}
static inline UrlBytes url_part(const Url *url, uint32_t from, uint32_t to) {
  return url_bytes(url->text + from, from < to ? to - from : 0);
}

#endif
