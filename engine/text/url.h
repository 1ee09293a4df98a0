// URLs: https://url.spec.whatwg.org/
//
// A URL is its serialization, which is ASCII, and the places of its parts in it:
//
//     https://user:pass@example.com:1234/foo/bar?baz#quux
//          |     |     |          |    |        |   |
//          |     |     |          |    |        |   `-- fragment: where # is, or the end
//          |     |     |          |    |        `------ query: where ? is, or where the fragment is
//          |     |     |          |    `--------------- path
//          |     |     |          `-------------------- host_end
//          |     |     `------------------------------- host: behind the @, or behind the slashes
//          |     `------------------------------------- user_end: behind the slashes when there is no user
//          `------------------------------------------- scheme_end: behind the colon
//
// Without a host user_end, host and host_end are scheme_end, and `path` is behind the `/.` that keeps a path of two
// slashes from being read as a host. An opaque path is one without a host and without a slash.
#ifndef CAISSON_URL_H
#define CAISSON_URL_H

#include "base/buffer.h"
#include "base/fuel.h"

typedef struct UrlPlaces {
  uint32_t scheme_end, user_end, host, host_end, path, query, fragment;
} UrlPlaces;
enum { URL_PLACES = sizeof(UrlPlaces) / sizeof(uint32_t) };

typedef struct Url {
  const uint8_t *text;
  uint32_t size;
  UrlPlaces at;
} Url;

typedef struct UrlBytes {
  const uint8_t *bytes;
  size_t size;
} UrlBytes;

// As guest code gives them: append only.
typedef enum UrlMember {
  URL_PROTOCOL,
  URL_USERNAME,
  URL_PASSWORD,
  URL_HOST,
  URL_HOSTNAME,
  URL_PORT,
  URL_PATHNAME,
  URL_SEARCH,
  URL_HASH,
  URL_QUERY,  // what a URLSearchParams is as text: taken as it is
} UrlMember;

typedef enum UrlResult { URL_DONE, URL_REFUSED, URL_INTERRUPTED } UrlResult;

// All take valid UTF-8. Out of memory shows in out->failed. Nothing else is in `out` before.
// https://url.spec.whatwg.org/#concept-basic-url-parser
MUST_CHECK UrlResult url_parse(UrlBytes input, const Url *base, Buffer *out, UrlPlaces *at, Fuel *fuel);
// What the setters of the class URL do; URL_REFUSED: nothing changes.
MUST_CHECK UrlResult url_set(const Url *url, UrlMember member, UrlBytes value, Buffer *out, UrlPlaces *at, Fuel *fuel);

#endif
