// Setters: the URL is put together anew with one part replaced. https://url.spec.whatwg.org/#api
#include "text/url_parts.h"

typedef struct Parts {
  UrlBytes scheme;  // without the colon
  UrlBytes username, password, host, port, path, query, fragment;
  bool has_host, has_query, has_fragment;
} Parts;

static Parts take_apart(const Url *url) {
  const UrlPlaces *at = &url->at;
  Parts parts = {
      .scheme = url_part(url, 0, at->scheme_end - 1),
      .has_host = url_has_host(url),
      .path = url_part(url, at->path, at->query),
      .has_query = at->query < at->fragment,
      .query = url_part(url, at->query + 1, at->fragment),
      .has_fragment = at->fragment < url->size,
      .fragment = url_part(url, at->fragment + 1, url->size),
  };
  if (!parts.has_host) return parts;
  parts.username = url_part(url, at->scheme_end + 2, at->user_end);
  if (at->host > 0) parts.password = url_part(url, at->user_end + 1, at->host - 1);
  parts.host = url_part(url, at->host, at->host_end);
  parts.port = url_part(url, at->host_end + 1, at->path);
  return parts;
}

static void append(Buffer *out, UrlBytes text) { buffer_append(out, text.bytes, text.size); }
static uint32_t place(const Buffer *out) { return (uint32_t)out->size; }

// https://url.spec.whatwg.org/#concept-url-serializer
static void put_together(const Parts *parts, Buffer *out, UrlPlaces *at) {
  append(out, parts->scheme);
  buffer_append_byte(out, ':');
  at->scheme_end = place(out);
  if (parts->has_host) {
    buffer_append_text(out, "//");
    append(out, parts->username);
    at->user_end = place(out);
    if (parts->password.size > 0) {
      buffer_append_byte(out, ':');
      append(out, parts->password);
    }
    if (parts->username.size + parts->password.size > 0) buffer_append_byte(out, '@');
    at->host = place(out);
    append(out, parts->host);
    at->host_end = place(out);
    if (parts->port.size > 0) {
      buffer_append_byte(out, ':');
      append(out, parts->port);
    }
  } else {
    at->user_end = at->host = at->host_end = place(out);
    if (parts->path.size > 1 && parts->path.bytes[0] == '/' && parts->path.bytes[1] == '/')
      buffer_append_text(out, "/.");
  }
  at->path = place(out);
  append(out, parts->path);
  at->query = place(out);
  if (parts->has_query) {
    buffer_append_byte(out, '?');
    append(out, parts->query);
  }
  at->fragment = place(out);
  if (parts->has_fragment) {
    buffer_append_byte(out, '#');
    append(out, parts->fragment);
  }
}

typedef struct Setter {
  Parts parts;
  UrlScheme scheme;
  bool has_opaque_path;
  Buffer *made;    // the new part
  Buffer *digits;  // the new port
  Fuel *fuel;
} Setter;

static UrlBytes made_bytes(const Buffer *made) { return url_bytes(made->data, made->failed ? 0 : made->size); }

static UrlResult encode_part(Setter *s, UrlBytes value, EncodeSet set, UrlBytes *part) {
  if (!url_encode(value, set, s->made, s->fuel)) return URL_INTERRUPTED;
  *part = made_bytes(s->made);
  return URL_DONE;
}

// https://url.spec.whatwg.org/#cannot-have-a-username-password-port
static bool has_no_authority(const Setter *s) { return s->parts.host.size == 0 || s->scheme == SCHEME_FILE; }

static UrlResult set_protocol(Setter *s, UrlBytes value) {
  size_t length = scheme_length(value);
  if (length == 0 || (length < value.size && value.bytes[length] != ':')) return URL_REFUSED;
  for (size_t i = 0; i < length; i++)
    buffer_append_byte(s->made, is_alpha(value.bytes[i]) ? value.bytes[i] | 0x20 : value.bytes[i]);
  UrlBytes name = made_bytes(s->made);
  UrlScheme scheme = scheme_from_text(name.bytes, name.size);
  const Parts *parts = &s->parts;
  if (scheme_is_special(scheme) != scheme_is_special(s->scheme)) return URL_REFUSED;
  if (scheme == SCHEME_FILE && parts->username.size + parts->password.size + parts->port.size > 0) return URL_REFUSED;
  if (s->scheme == SCHEME_FILE && parts->host.size == 0) return URL_REFUSED;
  s->parts.scheme = name;
  int32_t port;
  if (parts->port.size > 0 && url_read_port(parts->port, scheme, &port) && port < 0) s->parts.port.size = 0;
  return URL_DONE;
}

// The digits that `text` begins with.
static void set_port_digits(Setter *s, UrlBytes text) {
  size_t length = 0;
  while (is_digit(url_byte(text, length))) length++;
  int32_t port;
  if (length == 0 || !url_read_port(url_bytes(text.bytes, length), s->scheme, &port)) return;
  if (port >= 0) buffer_format(s->digits, "%d", port);
  s->parts.port = made_bytes(s->digits);
}

// https://url.spec.whatwg.org/#host-state with the state override of `host` or `hostname`
static UrlResult set_host(Setter *s, UrlBytes value, bool is_hostname) {
  if (s->has_opaque_path) return URL_REFUSED;
  Parts *parts = &s->parts;
  size_t end = 0;
  while (end < value.size && !is_slash(value.bytes[end], s->scheme) && value.bytes[end] != '?' &&
         value.bytes[end] != '#')
    end++;
  if (!fuel_charge(s->fuel, 1 + (int32_t)MIN_OF(end / 4, (size_t)INT32_MAX / 2))) return URL_INTERRUPTED;
  UrlBytes host = url_bytes(value.bytes, end);
  bool is_file = s->scheme == SCHEME_FILE;
  size_t colon = is_file ? end : url_find_port(host);
  if (colon < end && (colon == 0 || is_hostname)) return URL_REFUSED;
  host.size = colon;
  bool has_authority = parts->username.size + parts->password.size + parts->port.size > 0;
  if (host.size == 0 && !is_file && (scheme_is_special(s->scheme) || has_authority)) return URL_REFUSED;
  if (host.size > 0) {
    UrlResult result = url_parse_host(host, s->scheme, s->made, s->fuel);
    if (result != URL_DONE) return result;
  }
  parts->host = made_bytes(s->made);
  if (is_file && parts->host.size == 9 && memcmp(parts->host.bytes, "localhost", 9) == 0) parts->host.size = 0;
  parts->has_host = true;
  if (colon < end) set_port_digits(s, url_bytes(value.bytes + colon + 1, end - colon - 1));
  return URL_DONE;
}

static UrlResult set_port(Setter *s, UrlBytes value, bool is_empty) {
  if (has_no_authority(s)) return URL_REFUSED;
  if (is_empty) s->parts.port.size = 0;
  else set_port_digits(s, value);
  return URL_DONE;
}

static UrlResult set_pathname(Setter *s, UrlBytes value) {
  if (s->has_opaque_path) return URL_REFUSED;
  bool stays_empty = value.size == 0 && !scheme_is_special(s->scheme) && s->parts.has_host;
  if (!stays_empty) {
    if (value.size > 0 && is_slash(value.bytes[0], s->scheme)) value = url_bytes_from(value, 1);
    UrlResult result = url_add_segments(value, s->scheme, 0, s->made, s->fuel);
    if (result != URL_DONE) return result;
  }
  s->parts.path = made_bytes(s->made);
  return URL_DONE;
}

static UrlResult set_cleaned(Setter *s, UrlMember member, UrlBytes value, bool is_empty) {
  Parts *parts = &s->parts;
  switch (member) {
    case URL_PROTOCOL: return set_protocol(s, value);
    case URL_HOST: return set_host(s, value, false);
    case URL_HOSTNAME: return set_host(s, value, true);
    case URL_PORT: return set_port(s, value, is_empty);
    case URL_PATHNAME: return set_pathname(s, value);
    case URL_SEARCH:
      parts->has_query = !is_empty;
      return encode_part(s, value, scheme_is_special(s->scheme) ? ENCODE_SPECIAL_QUERY : ENCODE_QUERY, &parts->query);
    default: parts->has_fragment = !is_empty; return encode_part(s, value, ENCODE_FRAGMENT, &parts->fragment);
  }
}

static UrlResult set(Setter *s, UrlMember member, UrlBytes value, Buffer *cleaned) {
  switch (member) {
    case URL_USERNAME:
      return has_no_authority(s) ? URL_REFUSED : encode_part(s, value, ENCODE_USER, &s->parts.username);
    case URL_PASSWORD:
      return has_no_authority(s) ? URL_REFUSED : encode_part(s, value, ENCODE_USER, &s->parts.password);
    case URL_QUERY:
      s->parts.has_query = value.size > 0;
      s->parts.query = value;
      return URL_DONE;
    default: break;
  }
  UrlBytes text = value;
  bool has_mark =
      (member == URL_SEARCH && url_byte(value, 0) == '?') || (member == URL_HASH && url_byte(value, 0) == '#');
  UrlResult result = url_clean(has_mark ? url_bytes_from(value, 1) : value, false, cleaned, &text, s->fuel);
  return result == URL_DONE ? set_cleaned(s, member, text, value.size == 0) : result;
}

UrlResult url_set(const Url *url, UrlMember member, UrlBytes value, Buffer *out, UrlPlaces *at, Fuel *fuel) {
  Buffer made, digits, cleaned;
  buffer_initialize(&made, out->memory);
  buffer_initialize(&digits, out->memory);
  buffer_initialize(&cleaned, out->memory);
  Setter setter = {.parts = take_apart(url),
                   .scheme = url_scheme(url),
                   .has_opaque_path = url_has_opaque_path(url),
                   .made = &made,
                   .digits = &digits,
                   .fuel = fuel};
  UrlResult result = set(&setter, member, value, &cleaned);
  if (result == URL_DONE) put_together(&setter.parts, out, at);
  out->failed |= made.failed || digits.failed || cleaned.failed;
  buffer_release(&made);
  buffer_release(&digits);
  buffer_release(&cleaned);
  return result;
}
