// https://fetch.spec.whatwg.org/#headers-class
(function (web) {
  'use strict';
  const { byteText, inspectable, isObject, isToken, iterable, mimeType, requireArguments, splitHeader } = web;
  // https://fetch.spec.whatwg.org/#forbidden-request-header
  const forbidden = new Set([
    ...['accept-charset', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method'],
    ...['access-control-request-private-network', 'connection', 'content-length', 'cookie', 'cookie2', 'date', 'dnt'],
    ...['expect', 'host', 'keep-alive', 'origin', 'referer', 'set-cookie', 'te', 'trailer', 'transfer-encoding'],
    ...['upgrade', 'via'],
  ]);
  const overrides = ['x-http-method', 'x-http-method-override', 'x-method-override'];
  const isForbidden = (name, value) =>
    forbidden.has(name) ||
    /^(?:proxy|sec)-/.test(name) ||
    (overrides.includes(name) && splitHeader(value).some((item) => /^(?:connect|trace|track)$/i.test(item)));
  // https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
  const isSafelistedName = (name) => /^(?:accept|accept-language|content-language|content-type)$/.test(name);
  function isSafelisted(name, value) {
    if (!isSafelistedName(name) || value.length > 128) return false;
    if (name.endsWith('-language')) return !/[^0-9A-Za-z *,\-.;=]/.test(value);
    if (/[\0-\x08\n-\x1f"():<>?@[\\\]{}\x7f]/.test(value)) return false;
    const types = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
    return name === 'accept' || types.includes(mimeType(value)?.essence);
  }

  let guarded, listOf;
  class Headers {
    #list = []; // [name, value], of names in lower case
    #guard = 'none';
    #sorted; // the list as it is iterated, until it changes
    static {
      // https://fetch.spec.whatwg.org/#headers-guard
      guarded = (headers, guard) => {
        headers.#guard = guard;
        return headers;
      };
      listOf = (headers) => headers.#list;
    }
    constructor(init = undefined) {
      if (init !== undefined) fill(this, init);
    }
    // https://fetch.spec.whatwg.org/#concept-headers-validate: whether it may be written
    #mayWrite(name, value) {
      if (!isToken(name)) throw new TypeError(`Headers: '${name}' is no name of a header`);
      if (/[\0\r\n]/.test(value))
        throw new TypeError(`Headers: a value of '${name}' has a character that it may not have`);
      if (this.#guard === 'immutable') throw new TypeError('Headers: they cannot be changed');
      if (this.#guard.startsWith('request')) return !isForbidden(name.toLowerCase(), value);
      return this.#guard !== 'response' || !/^set-cookie2?$/i.test(name);
    }
    append(name, value) {
      void this.#list;
      requireArguments(arguments.length, 2, 'Headers.append');
      const key = byteText(name, 'Headers.append');
      const text = normalized(byteText(value, 'Headers.append'));
      if (!this.#mayWrite(key, text)) return;
      const lower = key.toLowerCase();
      const before = this.#guard === 'request-no-cors' ? this.#list.filter(([other]) => other === lower) : [];
      if (!this.#isSafe(lower, [...before.map(([, value]) => value), text].join(', '))) return;
      this.#list.push([lower, text]);
      this.#sorted = undefined;
    }
    delete(name) {
      void this.#list;
      requireArguments(arguments.length, 1, 'Headers.delete');
      const key = byteText(name, 'Headers.delete');
      const lower = key.toLowerCase();
      if (!this.#mayWrite(key, '')) return;
      if (this.#guard === 'request-no-cors' && !isSafelistedName(lower) && lower !== 'range') return;
      this.#remove(lower);
    }
    #isSafe = (name, value) => this.#guard !== 'request-no-cors' || isSafelisted(name, value);
    #remove(key) {
      this.#list = this.#list.filter(([name]) => name !== key);
      this.#sorted = undefined;
    }
    #key(name, method) {
      const key = byteText(name, method);
      if (!isToken(key)) throw new TypeError(`${method}: '${key}' is no name of a header`);
      return key.toLowerCase();
    }
    get(name) {
      void this.#list;
      requireArguments(arguments.length, 1, 'Headers.get');
      const key = this.#key(name, 'Headers.get');
      const values = this.#list.filter(([other]) => other === key);
      return values.length === 0 ? null : values.map(([, value]) => value).join(', ');
    }
    getSetCookie() {
      return this.#list.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
    }
    has(name) {
      void this.#list;
      requireArguments(arguments.length, 1, 'Headers.has');
      const key = this.#key(name, 'Headers.has');
      return this.#list.some(([other]) => other === key);
    }
    set(name, value) {
      void this.#list;
      requireArguments(arguments.length, 2, 'Headers.set');
      const key = byteText(name, 'Headers.set');
      const text = normalized(byteText(value, 'Headers.set'));
      if (!this.#mayWrite(key, text)) return;
      const lower = key.toLowerCase();
      if (!this.#isSafe(lower, text)) return;
      const at = this.#list.findIndex(([other]) => other === lower);
      this.#list = this.#list.filter(([other], index) => other !== lower || index === at);
      if (at < 0) this.#list.push([lower, text]);
      else this.#list[at] = [lower, text];
      this.#sorted = undefined;
    }
    // https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
    static pairsOf(headers) {
      if (headers.#sorted !== undefined) return headers.#sorted;
      const values = new Map();
      const cookies = [];
      for (const [name, value] of headers.#list) {
        if (name === 'set-cookie') cookies.push([name, value]);
        else values.set(name, values.has(name) ? `${values.get(name)}, ${value}` : value);
      }
      headers.#sorted = [...values, ...cookies].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
      return headers.#sorted;
    }
  }
  const { pairsOf } = Headers;
  delete Headers.pairsOf;
  const normalized = (value) => value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');

  // https://fetch.spec.whatwg.org/#concept-headers-fill
  function fill(headers, init) {
    if (!isObject(init)) throw new TypeError('Headers: expected an object, or a list of pairs');
    const method = init[Symbol.iterator];
    if (method !== undefined && method !== null) {
      const pairs = [];
      for (const pair of { [Symbol.iterator]: () => Reflect.apply(method, init, []) }) {
        if (!isObject(pair) || typeof pair[Symbol.iterator] !== 'function')
          throw new TypeError('Headers: an item of the list is no pair');
        pairs.push([...pair].map((text) => byteText(text, 'Headers')));
      }
      for (const pair of pairs) {
        if (pair.length !== 2) throw new TypeError('Headers: an item of the list is no pair');
        headers.append(pair[0], pair[1]);
      }
      return;
    }
    // https://webidl.spec.whatwg.org/#js-record
    const record = new Map();
    for (const key of Reflect.ownKeys(init)) {
      if (!Reflect.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
      if (typeof key === 'symbol') throw new TypeError('Headers: a symbol is no name of a header');
      record.set(byteText(key, 'Headers'), byteText(init[key], 'Headers'));
    }
    for (const [name, value] of record) headers.append(name, value);
  }
  inspectable(Headers);
  iterable(Headers, pairsOf);

  const isHeaders = (value) => {
    try {
      return listOf(value) !== undefined;
    } catch {
      return false;
    }
  };
  Object.assign(web, { Headers, fillHeaders: fill, guarded, headerList: listOf, isHeaders });
});
