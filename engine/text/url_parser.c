// The states of the specification's parser are functions here; each appends what it has read to the serialization.
#include "text/url_parts.h"

enum { PIECE = 4096 };  // bytes between two charges

static const struct {
  const char *name;
  int32_t port;
} schemes[] = {{"", -1}, {"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"file", -1}};

UrlScheme scheme_from_text(const uint8_t *text, size_t size) {
  if (size < 2 || size > 5) return SCHEME_OTHER;
  for (int i = SCHEME_HTTP; i <= SCHEME_FILE; i++)
    if (strlen(schemes[i].name) == size && memcmp(schemes[i].name, text, size) == 0) return (UrlScheme)i;
  return SCHEME_OTHER;
}

int32_t scheme_default_port(UrlScheme scheme) { return schemes[scheme].port; }

size_t scheme_length(UrlBytes text) {
  if (!is_alpha(url_byte(text, 0))) return 0;
  size_t size = 1;
  while (is_alpha(url_byte(text, size)) || is_digit(url_byte(text, size)) || url_byte(text, size) == '+' ||
         url_byte(text, size) == '-' || url_byte(text, size) == '.')
    size++;
  return size;
}

// A bit for each ASCII character that is encoded; controls and everything beyond ASCII always are.
static const uint32_t encode_sets[][4] = {
    [ENCODE_CONTROLS] = {0xFFFFFFFF, 0, 0, 0x80000000},
    [ENCODE_FRAGMENT] = {0xFFFFFFFF, 0x50000005, 0, 0x80000001},       // space " < > `
    [ENCODE_QUERY] = {0xFFFFFFFF, 0x5000000D, 0, 0x80000000},          // space " # < >
    [ENCODE_SPECIAL_QUERY] = {0xFFFFFFFF, 0x5000008D, 0, 0x80000000},  // and '
    [ENCODE_PATH] = {0xFFFFFFFF, 0xD000000D, 0x40000000, 0xA8000001},  // query, ? ^ ` { }
    [ENCODE_USER] = {0xFFFFFFFF, 0xFC00800D, 0x78000001, 0xB8000001},  // path, / : ; = @ [ \ ] |
};

bool url_encode(UrlBytes text, EncodeSet set, Buffer *out, Fuel *fuel) {
  static const char digits[] = "0123456789ABCDEF";
  const uint32_t *bits = encode_sets[set];
  for (size_t start = 0; start < text.size; start += PIECE) {
    size_t end = MIN_OF(start + PIECE, text.size);
    if (!fuel_charge(fuel, (int32_t)((end - start) / FUEL_STEPS_PER_UNIT))) return false;
    for (size_t i = start; i < end; i++) {
      size_t plain = i;
      while (i < end && text.bytes[i] < 0x80 && !(bits[text.bytes[i] >> 5] >> (text.bytes[i] & 31) & 1)) i++;
      if (i > plain) buffer_append(out, text.bytes + plain, i - plain);
      if (i == end) break;
      uint8_t *to = buffer_reserve(out, 3);
      if (!to) return true;
      to[0] = '%';
      to[1] = (uint8_t)digits[text.bytes[i] >> 4];
      to[2] = (uint8_t)digits[text.bytes[i] & 15];
      out->size += 3;
    }
  }
  return true;
}

bool is_drive_letter(UrlBytes text) {
  return text.size == 2 && is_alpha(text.bytes[0]) && (text.bytes[1] == ':' || text.bytes[1] == '|');
}

bool begins_with_drive_letter(UrlBytes text) {
  if (text.size < 2 || !is_drive_letter(url_bytes(text.bytes, 2))) return false;
  uint8_t next = url_byte(text, 2);
  return text.size == 2 || next == '/' || next == '\\' || next == '?' || next == '#';
}

UrlResult url_clean(UrlBytes text, bool trim, Buffer *cleaned, UrlBytes *result, Fuel *fuel) {
  uint32_t steps = 0;
  while (trim && text.size > 0 && text.bytes[0] <= ' ') {
    if (!fuel_step(fuel, &steps)) return URL_INTERRUPTED;
    text = url_bytes_from(text, 1);
  }
  while (trim && text.size > 0 && text.bytes[text.size - 1] <= ' ') {
    if (!fuel_step(fuel, &steps)) return URL_INTERRUPTED;
    text.size--;
  }
  *result = text;
  bool is_clean = true;
  for (size_t start = 0; start < text.size && is_clean; start += PIECE) {
    size_t end = MIN_OF(start + PIECE, text.size);
    if (!fuel_charge(fuel, (int32_t)((end - start) / 8))) return URL_INTERRUPTED;
    for (size_t i = start; i < end; i++)
      is_clean &= text.bytes[i] != '\t' && text.bytes[i] != '\n' && text.bytes[i] != '\r';
  }
  if (is_clean) return URL_DONE;
  for (size_t i = 0; i < text.size; i++) {
    if (!fuel_step(fuel, &steps)) return URL_INTERRUPTED;
    if (text.bytes[i] != '\t' && text.bytes[i] != '\n' && text.bytes[i] != '\r')
      buffer_append_byte(cleaned, text.bytes[i]);
  }
  *result = url_bytes(cleaned->data, cleaned->failed ? 0 : cleaned->size);
  return URL_DONE;
}

// Paths ---------------------------------------------------------------------------------------------------------------

// Bytes of the segment that is a dot, percent-encoded or not, at `at`; 0: none.
static size_t dot_size(UrlBytes segment, size_t at) {
  if (url_byte(segment, at) == '.') return 1;
  bool is_encoded =
      url_byte(segment, at) == '%' && url_byte(segment, at + 1) == '2' && (url_byte(segment, at + 2) | 0x20) == 'e';
  return is_encoded ? 3 : 0;
}

// 0, 1 or 2: the segment is that many dots.
static unsigned count_dots(UrlBytes segment) {
  if (segment.size == 0 || segment.size > 6) return 0;
  size_t first = dot_size(segment, 0);
  if (first == 0) return 0;
  if (first == segment.size) return 1;
  size_t second = dot_size(segment, first);
  return second > 0 && first + second == segment.size ? 2 : 0;
}

void url_shorten_path(UrlScheme scheme, size_t path, Buffer *out) {
  if (out->failed || out->size == path) return;
  size_t end = out->size - 1;
  while (end > path && out->data[end] != '/') end--;
  bool is_drive = scheme == SCHEME_FILE && end == path && out->size - path == 3 && out->data[path + 2] == ':' &&
                  is_alpha(out->data[path + 1]);
  if (!is_drive) out->size = end;
}

UrlResult url_add_segments(UrlBytes text, UrlScheme scheme, size_t path, Buffer *out, Fuel *fuel) {
  for (size_t start = 0;;) {
    size_t end = start;
    while (end < text.size && !is_slash(text.bytes[end], scheme)) end++;
    bool is_last = end == text.size;
    UrlBytes segment = url_bytes(text.bytes + start, end - start);
    if (!fuel_charge(fuel, 1 + (int32_t)MIN_OF(segment.size / 16, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
    unsigned dots = count_dots(segment);
    if (dots == 2) url_shorten_path(scheme, path, out);
    if (dots == 0 || is_last) buffer_append_byte(out, '/');
    if (dots == 0) {
      bool is_drive = scheme == SCHEME_FILE && !out->failed && out->size == path + 1 && is_drive_letter(segment);
      if (is_drive) {
        buffer_append_byte(out, segment.bytes[0]);
        buffer_append_byte(out, ':');
      } else if (!url_encode(segment, ENCODE_PATH, out, fuel)) {
        return URL_INTERRUPTED;
      }
    }
    if (is_last) return URL_DONE;
    start = end + 1;
  }
}

// The parser ----------------------------------------------------------------------------------------------------------

typedef struct Parser {
  UrlBytes rest;   // of the input, up to the question mark or the number sign where parts end there
  UrlBytes query;  // behind the question mark
  UrlBytes fragment;
  bool has_query, has_fragment;
  UrlScheme scheme;
  const Url *base;
  Buffer *out;
  UrlPlaces *at;
  Fuel *fuel;
} Parser;

static uint32_t place(const Parser *p) { return (uint32_t)p->out->size; }

static void append_part(Parser *p, UrlBytes part) { buffer_append(p->out, part.bytes, part.size); }

static void begin_without_host(Parser *p) { p->at->user_end = p->at->host = p->at->host_end = p->at->path = place(p); }

static void begin_with_empty_host(Parser *p) {
  buffer_append_text(p->out, "//");
  begin_without_host(p);
}

// Credentials, host and port of the base.
static void copy_authority(Parser *p) {
  const Url *base = p->base;
  if (!url_has_host(base)) return begin_without_host(p);
  uint32_t moved = place(p) - base->at.scheme_end;
  append_part(p, url_part(base, base->at.scheme_end, base->at.path));
  *p->at = (UrlPlaces){p->at->scheme_end,
                       base->at.user_end + moved,
                       base->at.host + moved,
                       base->at.host_end + moved,
                       base->at.path + moved,
                       0,
                       0};
}

static void copy_path(Parser *p) { append_part(p, url_part(p->base, p->base->at.path, p->base->at.query)); }

static UrlResult finish_path(Parser *p, UrlBytes segments) {
  return url_add_segments(segments, p->scheme, p->at->path, p->out, p->fuel);
}

// https://url.spec.whatwg.org/#path-start-state, behind a host
static UrlResult path_after_host(Parser *p, UrlBytes rest) {
  if (rest.size == 0 && !scheme_is_special(p->scheme)) return URL_DONE;
  return finish_path(p, rest.size > 0 && is_slash(rest.bytes[0], p->scheme) ? url_bytes_from(rest, 1) : rest);
}

size_t url_find_port(UrlBytes text) {
  bool in_brackets = false;
  for (size_t i = 0; i < text.size; i++) {
    if (text.bytes[i] == '[') in_brackets = true;
    else if (text.bytes[i] == ']') in_brackets = false;
    else if (text.bytes[i] == ':' && !in_brackets) return i;
  }
  return text.size;
}

bool url_read_port(UrlBytes digits, UrlScheme scheme, int32_t *port) {
  *port = -1;
  uint32_t number = 0;
  for (size_t i = 0; i < digits.size; i++) {
    if (!is_digit(digits.bytes[i])) return false;
    number = number * 10 + digits.bytes[i] - '0';
    if (number > 0xFFFF) return false;
  }
  if (digits.size > 0 && (int32_t)number != scheme_default_port(scheme)) *port = (int32_t)number;
  return true;
}

static UrlResult read_credentials(Parser *p, UrlBytes text) {
  size_t colon = 0;
  while (colon < text.size && text.bytes[colon] != ':') colon++;
  if (!url_encode(url_bytes(text.bytes, colon), ENCODE_USER, p->out, p->fuel)) return URL_INTERRUPTED;
  p->at->user_end = place(p);
  if (colon + 1 < text.size) {
    buffer_append_byte(p->out, ':');
    if (!url_encode(url_bytes_from(text, colon + 1), ENCODE_USER, p->out, p->fuel)) return URL_INTERRUPTED;
  }
  if (text.size > 1 || (text.size == 1 && colon == 1)) buffer_append_byte(p->out, '@');
  return URL_DONE;
}

// https://url.spec.whatwg.org/#authority-state: all behind the slashes
static UrlResult read_authority(Parser *p) {
  UrlBytes rest = p->rest;
  size_t end = 0, behind_at = 0;
  for (; end < rest.size && !is_slash(rest.bytes[end], p->scheme); end++)
    if (rest.bytes[end] == '@') behind_at = end + 1;
  if (!fuel_charge(p->fuel, 1 + (int32_t)MIN_OF(end / 8, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  begin_with_empty_host(p);
  if (behind_at > 0) {
    UrlResult result = read_credentials(p, url_bytes(rest.bytes, behind_at - 1));
    if (result != URL_DONE) return result;
  }
  UrlBytes host = url_bytes(rest.bytes + behind_at, end - behind_at);
  size_t colon = url_find_port(host);
  bool has_port = colon < host.size;
  if (colon == 0 && (behind_at > 0 || has_port || scheme_is_special(p->scheme))) return URL_REFUSED;
  p->at->host = place(p);
  if (colon > 0) {
    UrlResult result = url_parse_host(url_bytes(host.bytes, colon), p->scheme, p->out, p->fuel);
    if (result != URL_DONE) return result;
  }
  p->at->host_end = place(p);
  int32_t port = -1;
  if (has_port && !url_read_port(url_bytes_from(host, colon + 1), p->scheme, &port)) return URL_REFUSED;
  if (port >= 0) buffer_format(p->out, ":%d", port);
  p->at->path = place(p);
  return path_after_host(p, url_bytes_from(rest, end));
}

static UrlResult read_special_authority(Parser *p) {
  size_t skip = 0;
  while (skip < p->rest.size && is_slash(p->rest.bytes[skip], p->scheme)) skip++;
  if (!fuel_charge(p->fuel, 1 + (int32_t)MIN_OF(skip / 8, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  p->rest = url_bytes_from(p->rest, skip);
  return read_authority(p);
}

// Nothing is left before the query: the base's path, and its query when there is no other.
static UrlResult copy_path_and_query(Parser *p) {
  copy_path(p);
  if (!p->has_query && p->base->at.query < p->base->at.fragment) {
    p->at->query = place(p);
    append_part(p, url_part(p->base, p->base->at.query, p->base->at.fragment));
  }
  return URL_DONE;
}

// https://url.spec.whatwg.org/#relative-state
static UrlResult read_relative(Parser *p) {
  UrlBytes rest = p->rest;
  if (rest.size > 0 && is_slash(rest.bytes[0], p->scheme)) {
    if (rest.size > 1 && is_slash(rest.bytes[1], p->scheme)) {
      p->rest = url_bytes_from(rest, 2);
      return scheme_is_special(p->scheme) ? read_special_authority(p) : read_authority(p);
    }
    copy_authority(p);
    return finish_path(p, url_bytes_from(rest, 1));
  }
  copy_authority(p);
  if (rest.size == 0) return copy_path_and_query(p);
  copy_path(p);
  url_shorten_path(p->scheme, p->at->path, p->out);
  return finish_path(p, rest);
}

// https://url.spec.whatwg.org/#file-host-state: behind two slashes
static UrlResult read_file_host(Parser *p) {
  UrlBytes rest = p->rest;
  size_t end = 0;
  while (end < rest.size && !is_slash(rest.bytes[end], p->scheme)) end++;
  if (!fuel_charge(p->fuel, 1 + (int32_t)MIN_OF(end / 8, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  begin_with_empty_host(p);
  UrlBytes host = url_bytes(rest.bytes, end);
  if (is_drive_letter(host)) return finish_path(p, rest);
  if (end > 0) {
    UrlResult result = url_parse_host(host, p->scheme, p->out, p->fuel);
    if (result != URL_DONE) return result;
    if (place(p) - p->at->host == 9 && memcmp(p->out->data + p->at->host, "localhost", 9) == 0)
      p->out->size = p->at->host;
  }
  p->at->host_end = p->at->path = place(p);
  return path_after_host(p, url_bytes_from(rest, end));
}

static void copy_file_host(Parser *p) {
  if (p->base) return copy_authority(p);
  begin_with_empty_host(p);
}

// https://url.spec.whatwg.org/#file-state; a base counts when it is one of files too
static UrlResult read_file(Parser *p) {
  UrlBytes rest = p->rest;
  if (p->base && url_scheme(p->base) != SCHEME_FILE) p->base = NULL;
  const Url *base = p->base;
  if (rest.size > 0 && is_slash(rest.bytes[0], p->scheme)) {
    if (rest.size > 1 && is_slash(rest.bytes[1], p->scheme)) {
      p->rest = url_bytes_from(rest, 2);
      return read_file_host(p);
    }
    copy_file_host(p);
    rest = url_bytes_from(rest, 1);
    if (base && !begins_with_drive_letter(rest)) {
      UrlBytes path = url_part(base, base->at.path, base->at.query);
      bool has_drive =
          path.size >= 3 && is_alpha(path.bytes[1]) && path.bytes[2] == ':' && (path.size == 3 || path.bytes[3] == '/');
      if (has_drive) append_part(p, url_bytes(path.bytes, 3));
    }
    return finish_path(p, rest);
  }
  copy_file_host(p);
  if (!base) return finish_path(p, rest);
  if (rest.size == 0) return copy_path_and_query(p);
  if (!begins_with_drive_letter(rest)) {
    copy_path(p);
    url_shorten_path(p->scheme, p->at->path, p->out);
  }
  return finish_path(p, rest);
}

// https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state; a space before the query or the fragment would be lost
static UrlResult read_opaque_path(Parser *p) {
  begin_without_host(p);
  UrlBytes rest = p->rest;
  bool ends_in_space = (p->has_query || p->has_fragment) && rest.size > 0 && rest.bytes[rest.size - 1] == ' ';
  if (ends_in_space) rest.size--;
  if (!url_encode(rest, ENCODE_CONTROLS, p->out, p->fuel)) return URL_INTERRUPTED;
  if (ends_in_space) buffer_append_text(p->out, "%20");
  return URL_DONE;
}

static UrlResult read_behind_scheme(Parser *p) {
  UrlBytes rest = p->rest;
  if (p->scheme == SCHEME_FILE) return read_file(p);
  if (scheme_is_special(p->scheme)) {
    bool has_slashes = url_byte(rest, 0) == '/' && url_byte(rest, 1) == '/';
    if (p->base && url_scheme(p->base) == p->scheme && !has_slashes) return read_relative(p);
    return read_special_authority(p);
  }
  if (url_byte(rest, 0) != '/') return read_opaque_path(p);
  if (url_byte(rest, 1) == '/') {
    p->rest = url_bytes_from(rest, 2);
    return read_authority(p);
  }
  begin_without_host(p);
  return finish_path(p, url_bytes_from(rest, 1));
}

// https://url.spec.whatwg.org/#no-scheme-state
static UrlResult read_without_scheme(Parser *p) {
  if (!p->base) return URL_REFUSED;
  append_part(p, url_part(p->base, 0, p->base->at.scheme_end));
  p->at->scheme_end = place(p);
  p->scheme = url_scheme(p->base);
  if (url_has_opaque_path(p->base)) {
    if (p->rest.size > 0 || p->has_query || !p->has_fragment) return URL_REFUSED;
    begin_without_host(p);
    return copy_path_and_query(p);
  }
  return p->scheme == SCHEME_FILE ? read_file(p) : read_relative(p);
}

// A path of two slashes without a host gets `/.` before it.
static void guard_path(Parser *p) {
  Buffer *out = p->out;
  UrlPlaces *at = p->at;
  bool has_host = at->path > at->scheme_end;
  if (out->failed || has_host || out->size < at->path + 2u || out->data[at->path] != '/' ||
      out->data[at->path + 1] != '/')
    return;
  if (!buffer_reserve(out, 2)) return;
  memmove(out->data + at->path + 2, out->data + at->path, out->size - at->path);
  memcpy(out->data + at->path, "/.", 2);
  out->size += 2;
  at->path += 2;
  if (at->query) at->query += 2;
}

static void cut_at(UrlBytes *text, uint8_t mark, bool *found, UrlBytes *rest) {
  const uint8_t *place = text->size > 0 ? memchr(text->bytes, mark, text->size) : NULL;
  *found = place != NULL;
  if (!place) return;
  size_t at = (size_t)(place - text->bytes);
  *rest = url_bytes_from(*text, at + 1);
  text->size = at;
}

static UrlResult parse(Parser *p) {
  if (!fuel_charge(p->fuel, 4 + (int32_t)MIN_OF(p->rest.size / 32, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  cut_at(&p->rest, '#', &p->has_fragment, &p->fragment);
  cut_at(&p->rest, '?', &p->has_query, &p->query);
  size_t length = scheme_length(p->rest);
  UrlResult result;
  if (length > 0 && url_byte(p->rest, length) == ':') {
    uint8_t *to = buffer_reserve(p->out, length + 1);
    if (!to) return URL_DONE;
    for (size_t i = 0; i < length; i++) to[i] = is_alpha(p->rest.bytes[i]) ? p->rest.bytes[i] | 0x20 : p->rest.bytes[i];
    to[length] = ':';
    p->out->size += length + 1;
    p->scheme = scheme_from_text(to, length);
    p->at->scheme_end = place(p);
    p->rest = url_bytes_from(p->rest, length + 1);
    result = read_behind_scheme(p);
  } else {
    result = read_without_scheme(p);
  }
  if (result != URL_DONE) return result;
  guard_path(p);
  if (p->has_query) {
    p->at->query = place(p);
    buffer_append_byte(p->out, '?');
    if (!url_encode(p->query, scheme_is_special(p->scheme) ? ENCODE_SPECIAL_QUERY : ENCODE_QUERY, p->out, p->fuel))
      return URL_INTERRUPTED;
  }
  p->at->fragment = place(p);
  if (!p->at->query) p->at->query = p->at->fragment;
  if (p->has_fragment) {
    buffer_append_byte(p->out, '#');
    if (!url_encode(p->fragment, ENCODE_FRAGMENT, p->out, p->fuel)) return URL_INTERRUPTED;
  }
  return URL_DONE;
}

UrlResult url_parse(UrlBytes input, const Url *base, Buffer *out, UrlPlaces *at, Fuel *fuel) {
  Buffer cleaned;
  buffer_initialize(&cleaned, out->memory);
  Parser parser = {.base = base, .out = out, .at = at, .fuel = fuel};
  *at = (UrlPlaces){0};
  UrlResult result = url_clean(input, true, &cleaned, &parser.rest, fuel);
  // Room for what is usual, in one piece.
  if (result == URL_DONE && buffer_reserve(out, parser.rest.size + (base ? base->at.query : 0) + 16))
    result = parse(&parser);
  out->failed |= cleaned.failed;
  buffer_release(&cleaned);
  return result;
}
