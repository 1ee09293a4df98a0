// URL and URLSearchParams, evaluated when a program first looks at one of them (see web_globals.js). Hosts are ASCII or
// percent-encoded: names in other scripts are refused, since there is no table for their ASCII form here.
(function (native) {
  'use strict';
  const specialPorts = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const isSpecial = (url) => Object.hasOwn(specialPorts, url.protocol);

  // What each part encodes beside controls and everything that is not ASCII. https://url.spec.whatwg.org/#percent-encoded-bytes
  const fragmentSet = ' "<>`';
  const querySet = ' "#<>';
  const pathSet = '#"<>? `{}^';
  const userSet = `${pathSet}/:;=@[\\]|`;
  function percentEncode(text, set) {
    let result = '';
    for (const character of text) {
      const code = character.codePointAt(0);
      if (code > 0x1f && code < 0x7f && !set.includes(character)) {
        result += character;
        continue;
      }
      for (const byte of native.encode(character.toWellFormed())) result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return result;
  }
  function percentDecode(text) {
    const bytes = [];
    const source = native.encode(text);
    for (let i = 0; i < source.length; i++) {
      const pair = source[i] === 0x25 ? String.fromCharCode(source[i + 1], source[i + 2]) : '';
      if (/^[0-9a-f]{2}$/i.test(pair)) {
        bytes.push(parseInt(pair, 16));
        i += 2;
      } else {
        bytes.push(source[i]);
      }
    }
    return native.decode(Uint8Array.from(bytes), false);
  }

  // https://url.spec.whatwg.org/#concept-ipv4-parser: undefined is no IPv4 address, null a wrong one.
  function parseIPv4(host) {
    const parts = host.split('.');
    if (parts.at(-1) === '' && parts.length > 1) parts.pop();
    if (!/^(?:\d+|0x[0-9a-f]*)$/i.test(parts.at(-1))) return undefined;
    if (parts.length > 4) return null;
    const numbers = parts.map((part) => {
      if (/^0x[0-9a-f]*$/i.test(part)) return part.length === 2 ? 0 : parseInt(part, 16);
      if (/^0[0-7]+$/.test(part)) return parseInt(part, 8);
      return /^(?:0|[1-9]\d*)$/.test(part) ? Number(part) : NaN;
    });
    const last = numbers.pop();
    if (Number.isNaN(last) || numbers.some((number) => !(number <= 255)) || last >= 256 ** (4 - numbers.length)) return null;
    const address = numbers.reduce((sum, number, index) => sum + number * 256 ** (3 - index), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
  }
  // https://url.spec.whatwg.org/#concept-ipv6-parser and its serializer
  function parseIPv6(text) {
    const embedded = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
    if (embedded !== null) {
      const bytes = embedded.slice(2).map(Number);
      if (bytes.some((byte, index) => byte > 255 || String(byte) !== embedded[index + 2])) return null;
      text = `${embedded[1]}${(bytes[0] * 256 + bytes[1]).toString(16)}:${(bytes[2] * 256 + bytes[3]).toString(16)}`;
    }
    const halves = text.split('::');
    if (halves.length > 2) return null;
    const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
    const missing = 8 - head.length - (tail?.length ?? 0);
    if (tail === undefined ? missing !== 0 : missing < 1) return null;
    const pieces = [...head, ...Array(tail === undefined ? 0 : missing).fill('0'), ...(tail ?? [])];
    if (!pieces.every((piece) => /^[0-9a-f]{1,4}$/i.test(piece))) return null;
    const numbers = pieces.map((piece) => parseInt(piece, 16));
    let [longest, length] = [-1, 1];
    for (let i = 0; i < 8; i++) {
      let end = i;
      while (end < 8 && numbers[end] === 0) end++;
      if (end - i > length) [longest, length] = [i, end - i];
      if (end > i) i = end;
    }
    const show = (list) => list.map((number) => number.toString(16)).join(':');
    return longest < 0 ? show(numbers) : `${show(numbers.slice(0, longest))}::${show(numbers.slice(longest + length))}`;
  }
  // https://url.spec.whatwg.org/#concept-host-parser: null for a wrong host
  function parseHost(text, special) {
    if (text.startsWith('[')) {
      const address = text.endsWith(']') ? parseIPv6(text.slice(1, -1)) : null;
      return address === null ? null : `[${address}]`;
    }
    if (!special) return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? null : percentEncode(text, '');
    const host = percentDecode(text).toLowerCase();
    if (host === '' || /[^\x21-\x7e]|[#%/:<>?@[\\\]^|]/.test(host)) return null;
    const address = parseIPv4(host);
    return address === undefined ? host : address;
  }

  const isDrive = (segment) => /^[a-z][:|]$/i.test(segment);
  function appendSegments(url, path, text, special) {
    const segments = text.split(special ? /[/\\]/ : '/');
    segments.forEach((segment, index) => {
      const isLast = index === segments.length - 1;
      const plain = segment.replace(/%2e/gi, '.');
      if (plain === '..') {
        if (!(url.protocol === 'file:' && path.length === 1 && isDrive(path[0]))) path.pop();
        if (isLast) path.push('');
      } else if (plain === '.') {
        if (isLast) path.push('');
      } else {
        path.push(url.protocol === 'file:' && path.length === 0 && isDrive(segment) ? `${segment[0]}:` : percentEncode(segment, pathSet));
      }
    });
    return path;
  }

  // The authority: credentials, host and port. False when it is wrong.
  function parseAuthority(url, text, special) {
    const at = text.lastIndexOf('@');
    if (at >= 0) {
      const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(text.slice(0, at));
      url.username = percentEncode(user, userSet);
      url.password = percentEncode(password ?? '', userSet);
    }
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(text.slice(at + 1)) ?? [];
    if (name === undefined || (special && name === '' && url.protocol !== 'file:') || (name === '' && (at >= 0 || port))) return false;
    url.host = name === '' ? '' : parseHost(name, special);
    if (url.host === null || Number(port) > 65535) return false;
    if (url.protocol === 'file:' && url.host === 'localhost') url.host = '';
    url.port = port ? defaultPortHidden(url.protocol, String(Number(port))) : '';
    return true;
  }
  const defaultPortHidden = (protocol, port) => (specialPorts[protocol] === port ? '' : port);

  // https://url.spec.whatwg.org/#concept-basic-url-parser: a record, or undefined
  function parse(input, base) {
    let rest = input.replace(/^[\0- ]+|[\0- ]+$/g, '').replace(/[\t\n\r]/g, '');
    const url = { protocol: '', username: '', password: '', host: null, port: '', path: [], opaque: undefined, query: null, fragment: null };
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      url.fragment = percentEncode(rest.slice(hash + 1), fragmentSet);
      rest = rest.slice(0, hash);
    }
    const scheme = /^([a-z][a-z\d+.-]*:)(.*)$/is.exec(rest);
    let isRelative = scheme === null;
    if (!isRelative) {
      url.protocol = scheme[1].toLowerCase();
      rest = scheme[2];
      // A special scheme without slashes is relative to a base of the same scheme.
      if (base !== undefined && isSpecial(url) && base.protocol === url.protocol && !/^[/\\]/.test(rest)) isRelative = true;
    } else if (base === undefined) {
      return undefined;
    } else {
      url.protocol = base.protocol;
    }
    const special = isSpecial(url);
    const mark = rest.indexOf('?');
    if (mark >= 0) {
      url.query = percentEncode(rest.slice(mark + 1), special ? `${querySet}'` : querySet);
      rest = rest.slice(0, mark);
    }
    if (isRelative && base.opaque !== undefined) {
      if (rest !== '' || url.query !== null || hash < 0) return undefined;
      return { ...base, fragment: url.fragment };
    }
    const slashes = special ? /^[/\\]{2}/ : /^\/\//;
    if (slashes.test(rest) || (special && !isRelative && url.protocol !== 'file:')) {
      const text = special && url.protocol !== 'file:' ? rest.replace(/^[/\\]*/, '') : rest.slice(2);
      const end = text.search(special ? /[/\\]/ : /\//);
      const authority = end < 0 ? text : text.slice(0, end);
      if (url.protocol === 'file:' && isDrive(authority)) {
        url.host = '';
        appendSegments(url, url.path, text, special);
        return url;
      }
      if (!parseAuthority(url, authority, special)) return undefined;
      if (end >= 0) appendSegments(url, url.path, text.slice(end + 1), special);
      else if (special) url.path = [''];
      return url;
    }
    if (isRelative) return resolve(url, rest, base, special);
    if (url.protocol === 'file:') {
      url.host = '';
      if (base?.protocol === 'file:') return resolve(url, rest, base, special);
    }
    if (special || rest.startsWith('/')) appendSegments(url, url.path, rest.replace(special ? /^[/\\]/ : /^\//, ''), special);
    else url.opaque = percentEncode(rest, '').replace(/ +$/, (spaces) => (url.query === null && url.fragment === null ? '' : spaces));
    return url;
  }
  function resolve(url, rest, base, special) {
    Object.assign(url, { username: base.username, password: base.password, host: base.host, port: base.port });
    if (rest === '') {
      url.path = [...base.path];
      url.query ??= base.query;
    } else if (/^\//.test(rest) || (special && rest[0] === '\\')) {
      if (url.protocol === 'file:' && isDrive(base.path[0] ?? '') && !isDrive(rest.slice(1, 3))) url.path = [base.path[0]];
      appendSegments(url, url.path, rest.slice(1), special);
    } else {
      appendSegments(url, url.path = base.path.slice(0, -1), rest, special);
    }
    return url;
  }

  function serialize(url, withFragment = true) {
    let text = url.protocol;
    if (url.host !== null) {
      text += '//';
      if (url.username !== '' || url.password !== '') text += `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
      text += url.host + (url.port === '' ? '' : `:${url.port}`);
    } else if (url.opaque === undefined && url.path.length > 1 && url.path[0] === '') {
      text += '/.';
    }
    text += pathOf(url);
    if (url.query !== null) text += `?${url.query}`;
    return withFragment && url.fragment !== null ? `${text}#${url.fragment}` : text;
  }
  const pathOf = (url) => url.opaque ?? url.path.map((segment) => `/${segment}`).join('');

  // https://url.spec.whatwg.org/#interface-urlsearchparams
  function formEncode(text) {
    let result = '';
    for (const byte of native.encode(text.toWellFormed())) {
      const character = String.fromCharCode(byte);
      if (byte === 0x20) result += '+';
      else result += /[\w*.-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return result;
  }
  const formDecode = (text) => percentDecode(text.replaceAll('+', ' '));
  const formParse = (text) => text.split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [formDecode(part), ''] : [formDecode(part.slice(0, equals)), formDecode(part.slice(equals + 1))];
  });
  let refresh;
  class URLSearchParams {
    #list = [];
    #changed = () => {};
    static {
      refresh = (params, query, changed) => {
        params.#list = formParse(query);
        if (changed !== undefined) params.#changed = changed;
      };
    }
    constructor(init = '') {
      if (typeof init === 'object' && init !== null || typeof init === 'function') {
        if (init[Symbol.iterator] != null) {
          for (const pair of init) {
            const entry = [...pair];
            if (entry.length !== 2) throw new TypeError('Each query pair must be an iterable [name, value] tuple');
            this.#list.push(entry.map((item) => String(item).toWellFormed()));
          }
        } else {
          for (const name of Object.keys(init)) this.#list.push([name.toWellFormed(), String(init[name]).toWellFormed()]);
        }
      } else {
        this.#list = formParse(String(init).replace(/^\?/, ''));
      }
    }
    get size() { return this.#list.length; }
    append(name, value) {
      this.#list.push([String(name).toWellFormed(), String(value).toWellFormed()]);
      this.#changed(this.toString());
    }
    delete(name, value = undefined) {
      this.#list = this.#list.filter(([key, item]) => key !== String(name) || (value !== undefined && item !== String(value)));
      this.#changed(this.toString());
    }
    get(name) { return this.#list.find(([key]) => key === String(name))?.[1] ?? null; }
    getAll(name) { return this.#list.filter(([key]) => key === String(name)).map(([, value]) => value); }
    has(name, value = undefined) { return this.#list.some(([key, item]) => key === String(name) && (value === undefined || item === String(value))); }
    set(name, value) {
      const found = this.#list.find(([key]) => key === String(name));
      if (found === undefined) return this.append(name, value);
      found[1] = String(value).toWellFormed();
      this.#list = this.#list.filter((entry) => entry === found || entry[0] !== found[0]);
      this.#changed(this.toString());
    }
    sort() {
      this.#list.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
      this.#changed(this.toString());
    }
    forEach(callback, thisArgument = undefined) { for (const [name, value] of this.#list) callback.call(thisArgument, value, name, this); }
    *entries() { for (let i = 0; i < this.#list.length; i++) yield [...this.#list[i]]; }
    *keys() { for (let i = 0; i < this.#list.length; i++) yield this.#list[i][0]; }
    *values() { for (let i = 0; i < this.#list.length; i++) yield this.#list[i][1]; }
    toString() { return this.#list.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&'); }
  }
  Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, { value: URLSearchParams.prototype.entries, writable: true, configurable: true });

  // https://url.spec.whatwg.org/#url-class
  class URL {
    #url;
    #params;
    constructor(input, base = undefined) {
      if (arguments.length === 0) throw new TypeError('URL: an address is needed');
      const parsed = parseWithBase(input, base);
      if (parsed === undefined) throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: String(input), ...(base !== undefined && { base: String(base) }) });
      this.#url = parsed;
    }
    static canParse(input, base = undefined) { return parseWithBase(input, base) !== undefined; }
    static parse(input, base = undefined) { return URL.canParse(input, base) ? new URL(input, base) : null; }
    get href() { return serialize(this.#url); }
    set href(value) {
      this.#url = new URL(value).#url;
      this.#refreshParams();
    }
    get origin() {
      if (this.#url.protocol === 'blob:') return /^https?:/.test(this.pathname) && URL.canParse(this.pathname) ? new URL(this.pathname).origin : 'null';
      return isSpecial(this.#url) && this.#url.protocol !== 'file:' ? `${this.#url.protocol}//${this.host}` : 'null';
    }
    get protocol() { return this.#url.protocol; }
    set protocol(value) {
      const [name] = /^[a-z][a-z\d+.-]*(?=:|$)/i.exec(String(value)) ?? [];
      if (name === undefined || isSpecial({ protocol: `${name.toLowerCase()}:` }) !== isSpecial(this.#url)) return;
      this.#url.protocol = `${name.toLowerCase()}:`;
      this.#url.port = defaultPortHidden(this.#url.protocol, this.#url.port);
    }
    get username() { return this.#url.username; }
    set username(value) { if (this.#url.host) this.#url.username = percentEncode(String(value), userSet); }
    get password() { return this.#url.password; }
    set password(value) { if (this.#url.host) this.#url.password = percentEncode(String(value), userSet); }
    get host() { return (this.#url.host ?? '') + (this.#url.port === '' ? '' : `:${this.#url.port}`); }
    set host(value) {
      if (this.#url.opaque !== undefined) return;
      const changed = { ...this.#url };
      if (parseAuthority(changed, String(value).split(/[/?#\\]/)[0].replace(/.*@/, ''), isSpecial(changed)))
        Object.assign(this.#url, { host: changed.host, port: /:\d/.test(String(value).replace(/^\[.*\]/, '')) ? changed.port : this.#url.port });
    }
    get hostname() { return this.#url.host ?? ''; }
    set hostname(value) { if (!/^[^[]*:/.test(String(value))) this.host = String(value); }
    get port() { return this.#url.port; }
    set port(value) {
      if (!this.#url.host) return;
      const [digits] = /^\d*/.exec(String(value));
      if (String(value) === '') this.#url.port = '';
      else if (digits !== '' && Number(digits) <= 65535) this.#url.port = defaultPortHidden(this.#url.protocol, String(Number(digits)));
    }
    get pathname() { return pathOf(this.#url); }
    set pathname(value) {
      if (this.#url.opaque !== undefined) return;
      const special = isSpecial(this.#url);
      this.#url.path = appendSegments(this.#url, [], String(value).replace(special ? /^[/\\]/ : /^\//, ''), special);
    }
    get search() { return this.#url.query ? `?${this.#url.query}` : ''; }
    set search(value) {
      const text = String(value).replace(/^\?/, '');
      this.#url.query = text === '' ? null : percentEncode(text, isSpecial(this.#url) ? `${querySet}'` : querySet);
      this.#refreshParams();
    }
    get searchParams() {
      if (this.#params === undefined) {
        this.#params = new URLSearchParams();
        refresh(this.#params, this.#url.query ?? '', (query) => { this.#url.query = query === '' ? null : query; });
      }
      return this.#params;
    }
    #refreshParams() { if (this.#params !== undefined) refresh(this.#params, this.#url.query ?? ''); }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ''; }
    set hash(value) {
      const text = String(value).replace(/^#/, '');
      this.#url.fragment = text === '' ? null : percentEncode(text, fragmentSet);
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
  }
  function parseWithBase(input, base) {
    if (base === undefined) return parse(String(input).toWellFormed());
    const parsed = parse(String(base).toWellFormed());
    return parsed && parse(String(input).toWellFormed(), parsed);
  }

  for (const constructor of [URL, URLSearchParams]) {
    Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: constructor.name, configurable: true });
    for (const name of Object.getOwnPropertyNames(constructor.prototype)) {
      if (name !== 'constructor') Object.defineProperty(constructor.prototype, name, { enumerable: true });
    }
  }
  return { URL, URLSearchParams };
})
