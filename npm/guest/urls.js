// Addresses that need no host: https://fetch.spec.whatwg.org/#data-urls and https://w3c.github.io/FileAPI/#url
(function (web) {
  'use strict';
  const { contentOf, isBlob, mimeType, requireArguments } = web;
  const encode = (text) => new TextEncoder().encode(text);
  const codes = (text) => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  };

  // https://fetch.spec.whatwg.org/#data-url-processor: { bytes, type }; undefined: it has none
  function decodeData(href) {
    const comma = href.indexOf(',');
    if (comma < 0) return undefined;
    let type = href.slice('data:'.length, comma).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
    const rest = href.slice(comma + 1);
    const plain = rest.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
    let bytes;
    const base64 = /; *base64$/i.exec(type);
    if (base64 !== null) {
      try {
        bytes = codes(atob(plain));
      } catch {
        return undefined;
      }
      type = type.slice(0, base64.index);
    } else {
      bytes = plain.length === rest.length ? encode(plain) : codes(plain);
    }
    if (type.startsWith(';')) type = `text/plain${type}`;
    return { bytes, type: mimeType(type)?.text() ?? 'text/plain;charset=US-ASCII' };
  }

  const localBlobs = new Map(); // by their addresses
  function uuid() {
    let text = '';
    for (let i = 0; i < 36; i++) {
      const digit = i === 14 ? 4 : Math.floor(Math.random() * 16);
      text += [8, 13, 18, 23].includes(i) ? '-' : (i === 19 ? 8 | (digit & 3) : digit).toString(16);
    }
    return text;
  }
  const members = {
    createObjectURL(blob) {
      requireArguments(arguments.length, 1, 'URL.createObjectURL');
      if (!isBlob(blob)) throw new TypeError('URL.createObjectURL: expected a Blob');
      const address = `blob:${web.base === undefined ? 'null' : new URL(web.base).origin}/${uuid()}`;
      localBlobs.set(address, blob);
      return address;
    },
    revokeObjectURL(url) {
      requireArguments(arguments.length, 1, 'URL.revokeObjectURL');
      localBlobs.delete(`${url}`);
    },
  };
  web.defineBlobAddresses = () => {
    for (const name of Object.keys(members))
      Object.defineProperty(URL, name, { value: members[name], writable: true, enumerable: true, configurable: true });
  };

  // https://fetch.spec.whatwg.org/#simple-range-header-value: [from, to) of `size` bytes; undefined: none of them
  function rangeOf(value, size) {
    const [, first, last] = /^bytes[\t ]*=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)$/.exec(value) ?? [];
    if (first === undefined || (first === '' && last === '')) return undefined;
    const from = first === '' ? Math.max(size - Number(last), 0) : Number(first);
    const to = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
    return from < to ? [from, to] : undefined;
  }
  function blobAnswer(blob, range) {
    const all = contentOf(blob);
    const part = range === null ? [0, all.length] : rangeOf(range, all.length);
    if (part === undefined) throw new TypeError(`fetch: the blob has no such range: ${range}`);
    const [from, to] = part;
    const headers = [
      ['Content-Length', `${to - from}`],
      ['Content-Type', blob.type],
    ];
    if (range !== null) headers.push(['Content-Range', `bytes ${from}-${to - 1}/${all.length}`]);
    return {
      ...{ bytes: all.subarray(from, to), headers },
      ...(range === null ? { status: 200, statusText: 'OK' } : { status: 206, statusText: 'Partial Content' }),
    };
  }

  // The head of a response and its bytes; undefined: the host is to be asked.
  web.localAnswer = ({ url, method, headers, blob }) => {
    const { protocol } = url;
    if (protocol !== 'data:' && protocol !== 'blob:') return undefined;
    const place = { url: url.href.replace(/#.*$/s, ''), redirected: false, type: 'basic' };
    if (protocol === 'blob:') {
      if (method !== 'GET' || blob === undefined) throw new TypeError('fetch: there is no blob at this address');
      return { ...place, ...blobAnswer(blob, headers.get('range')) };
    }
    const data = decodeData(place.url);
    if (data === undefined) throw new TypeError('fetch: the address has no data');
    const bytes = method === 'HEAD' ? new Uint8Array() : data.bytes;
    return { ...place, bytes, status: 200, statusText: 'OK', headers: [['Content-Type', data.type]] };
  };
  Object.assign(web, { localBlobs });
});
