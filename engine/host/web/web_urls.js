// URL and URLSearchParams, evaluated when a program first uses one of them (see web_globals.c). Parsing is in C.
(function (native) {
  'use strict';
  const { parse, set, parseForm, writeForm, find, without, sorted, text: textOf } = native;

  // The contents of a record from `parse`: text/url.h. The members for `set`: UrlMember there.
  const [HREF, SCHEME_END, USER_END, HOST, HOST_END, PATH, QUERY, FRAGMENT] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [PARAMS, IS_OUTDATED] = [8, 9]; // its URLSearchParams, and whether they have changed since
  const members = {
    protocol: 0,
    username: 1,
    password: 2,
    host: 3,
    hostname: 4,
    port: 5,
    pathname: 6,
    search: 7,
    hash: 8,
  };
  const QUERY_TEXT = 9;

  function requireArguments(count, least, name) {
    if (count < least)
      throw new TypeError(`${name}: ${least} argument${least > 1 ? 's' : ''} required, but only ${count} present`);
  }

  // What programs see: enumerable members and a tag, as Web IDL requires.
  function inspectable(constructor) {
    Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: constructor.name, configurable: true });
    for (const [object, own] of [
      [constructor.prototype, ['constructor']],
      [constructor, ['length', 'name', 'prototype']],
    ]) {
      for (const name of Object.getOwnPropertyNames(object))
        if (!own.includes(name)) Object.defineProperty(object, name, { enumerable: true });
    }
  }

  // https://url.spec.whatwg.org/#interface-urlsearchparams
  let listOf, attach, renew;
  class URLSearchParams {
    #list = []; // name, value, name, value...
    #url; // the URL whose query these parameters are
    static {
      listOf = (params) => params.#list;
      attach = (params, url, query) => {
        params.#url = url;
        params.#list = parseForm(query);
      };
      renew = (params, query) => {
        params.#list = parseForm(query);
      };
    }
    constructor(init = '') {
      if (typeof init === 'string') this.#list = parseForm(init[0] === '?' ? init.slice(1) : init);
      else if ((typeof init === 'object' && init !== null) || typeof init === 'function') this.#list = listFrom(init);
      else this.#list = parseForm(`${init}`.replace(/^\?/, ''));
    }
    get size() {
      return this.#list.length / 2;
    }
    append(name, value) {
      const list = this.#list;
      requireArguments(arguments.length, 2, 'URLSearchParams.append');
      const key = textOf(name);
      list.push(key, textOf(value));
      this.#changed();
    }
    delete(name, value = undefined) {
      void this.#list;
      requireArguments(arguments.length, 1, 'URLSearchParams.delete');
      const key = textOf(name);
      const item = value === undefined ? undefined : textOf(value);
      this.#list = without(this.#list, 0, key, item);
      this.#changed();
    }
    get(name) {
      void this.#list;
      requireArguments(arguments.length, 1, 'URLSearchParams.get');
      const key = textOf(name);
      const list = this.#list;
      const place = find(list, 0, key);
      return place < 0 ? null : list[place + 1];
    }
    getAll(name) {
      void this.#list;
      requireArguments(arguments.length, 1, 'URLSearchParams.getAll');
      const key = textOf(name);
      const list = this.#list;
      const values = [];
      for (let place = 0; (place = find(list, place, key)) >= 0; place += 2) values.push(list[place + 1]);
      return values;
    }
    has(name, value = undefined) {
      void this.#list;
      requireArguments(arguments.length, 1, 'URLSearchParams.has');
      const key = textOf(name);
      const item = value === undefined ? undefined : textOf(value);
      return find(this.#list, 0, key, item) >= 0;
    }
    set(name, value) {
      void this.#list;
      requireArguments(arguments.length, 2, 'URLSearchParams.set');
      const key = textOf(name);
      const item = textOf(value);
      const list = this.#list;
      const place = find(list, 0, key);
      if (place < 0) {
        list.push(key, item);
      } else {
        list[place + 1] = item;
        this.#list = without(list, place + 2, key);
      }
      this.#changed();
    }
    sort() {
      this.#list = sorted(this.#list);
      this.#changed();
    }
    forEach(callback, thisArgument = undefined) {
      void this.#list;
      requireArguments(arguments.length, 1, 'URLSearchParams.forEach');
      if (typeof callback !== 'function')
        throw new TypeError('URLSearchParams.forEach: the callback must be a function');
      for (let i = 0; i < this.#list.length; i += 2)
        callback.call(thisArgument, this.#list[i + 1], this.#list[i], this);
    }
    entries() {
      return new ParamsIterator(this, this.#list && 'entries');
    }
    keys() {
      return new ParamsIterator(this, this.#list && 'keys');
    }
    values() {
      return new ParamsIterator(this, this.#list && 'values');
    }
    toString() {
      return writeForm(this.#list);
    }
    // The URL serializes its query when it is next read.
    #changed() {
      if (this.#url !== undefined) outdate(this.#url);
    }
  }
  Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
    value: URLSearchParams.prototype.entries,
    writable: true,
    configurable: true,
  });

  // https://webidl.spec.whatwg.org/#js-to-union and https://webidl.spec.whatwg.org/#js-to-record
  function listFrom(init) {
    const list = [];
    const method = init[Symbol.iterator];
    if (method !== undefined && method !== null) {
      if (typeof method !== 'function') throw new TypeError('URLSearchParams: the query is not iterable');
      for (const pair of { [Symbol.iterator]: () => method.call(init) }) {
        const isSequence =
          ((typeof pair === 'object' && pair !== null) || typeof pair === 'function') &&
          typeof pair[Symbol.iterator] === 'function';
        const entry = isSequence ? [...pair] : [];
        if (entry.length !== 2)
          throw Object.assign(new TypeError('Each query pair must be an iterable [name, value] tuple'), {
            code: 'ERR_INVALID_TUPLE',
          });
        list.push(textOf(entry[0]), textOf(entry[1]));
      }
      return list;
    }
    const record = new Map();
    for (const key of Reflect.ownKeys(init)) {
      if (Reflect.getOwnPropertyDescriptor(init, key)?.enumerable) record.set(textOf(key), textOf(init[key]));
    }
    for (const [name, value] of record) list.push(name, value);
    return list;
  }

  // https://webidl.spec.whatwg.org/#dfn-default-iterator-object
  class ParamsIterator {
    #params;
    #kind;
    #index = 0;
    constructor(params, kind) {
      this.#params = params;
      this.#kind = kind;
    }
    next() {
      const list = listOf(this.#params);
      const index = this.#index;
      if (index >= list.length) return { value: undefined, done: true };
      this.#index = index + 2;
      const kind = this.#kind;
      const value =
        kind === 'keys' ? list[index] : kind === 'values' ? list[index + 1] : [list[index], list[index + 1]];
      return { value, done: false };
    }
  }
  delete ParamsIterator.prototype.constructor;
  Object.setPrototypeOf(ParamsIterator.prototype, Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
  Object.defineProperty(ParamsIterator.prototype, 'next', { enumerable: true });
  Object.defineProperty(ParamsIterator.prototype, Symbol.toStringTag, {
    value: 'URLSearchParams Iterator',
    configurable: true,
  });

  // https://url.spec.whatwg.org/#url-class
  let outdate;
  let made; // a record that `parse` passes to the constructor
  class URL {
    #record;
    static {
      outdate = (url) => {
        url.#record[IS_OUTDATED] = true;
      };
    }
    // Without arguments the address is "undefined", which is not a valid URL.
    constructor(input, base = undefined) {
      const record = made === undefined ? parse(input, base) : made;
      made = undefined;
      if (record === undefined) throw invalid(input, base);
      this.#record = record;
    }
    static canParse(input, base = undefined) {
      requireArguments(arguments.length, 1, 'URL.canParse');
      return parse(input, base) !== undefined;
    }
    static parse(input, base = undefined) {
      requireArguments(arguments.length, 1, 'URL.parse');
      const record = parse(input, base);
      if (record === undefined) return null;
      made = record;
      return new URL();
    }
    // The record, with changes by URLSearchParams applied.
    get #now() {
      const record = this.#record;
      if (record[IS_OUTDATED]) {
        record[IS_OUTDATED] = false;
        this.#set(QUERY_TEXT, writeForm(listOf(record[PARAMS])));
      }
      return this.#record;
    }
    #set(member, value) {
      void this.#record;
      const text = `${value}`;
      const record = this.#now;
      const changed = set(record, member, text);
      if (changed === undefined) return;
      changed[PARAMS] = record[PARAMS];
      this.#record = changed;
    }
    #renewParams() {
      const params = this.#record[PARAMS];
      if (params !== undefined) renew(params, this.search.slice(1));
    }
    get href() {
      const record = this.#record;
      return (record[IS_OUTDATED] ? this.#now : record)[HREF];
    }
    set href(value) {
      void this.#record;
      const text = `${value}`;
      const record = parse(text);
      if (record === undefined) throw invalid(text);
      record[PARAMS] = this.#record[PARAMS];
      this.#record = record;
      this.#renewParams();
    }
    get origin() {
      const protocol = this.#record[HREF].slice(0, this.#record[SCHEME_END]);
      switch (protocol) {
        case 'http:':
        case 'https:':
        case 'ws:':
        case 'wss:':
        case 'ftp:':
          return `${protocol}//${this.host}`;
        case 'blob:': {
          const inner = parse(this.pathname);
          const isOfHost = inner !== undefined && /^https?:/.test(inner[HREF]);
          return isOfHost
            ? `${inner[HREF].slice(0, inner[SCHEME_END])}//${inner[HREF].slice(inner[HOST], inner[PATH])}`
            : 'null';
        }
        default:
          return 'null';
      }
    }
    get protocol() {
      return this.#record[HREF].slice(0, this.#record[SCHEME_END]);
    }
    set protocol(value) {
      this.#set(members.protocol, value);
    }
    get username() {
      return this.#record[HREF].slice(this.#record[SCHEME_END] + 2, this.#record[USER_END]);
    }
    set username(value) {
      this.#set(members.username, value);
    }
    get password() {
      return this.#record[HREF].slice(this.#record[USER_END] + 1, Math.max(this.#record[HOST] - 1, 0));
    }
    set password(value) {
      this.#set(members.password, value);
    }
    get host() {
      const record = this.#record;
      return record[HOST] === record[HOST_END] ? '' : record[HREF].slice(record[HOST], record[PATH]);
    }
    set host(value) {
      this.#set(members.host, value);
    }
    get hostname() {
      return this.#record[HREF].slice(this.#record[HOST], this.#record[HOST_END]);
    }
    set hostname(value) {
      this.#set(members.hostname, value);
    }
    get port() {
      const record = this.#record;
      return record[HOST] === record[HOST_END] ? '' : record[HREF].slice(record[HOST_END] + 1, record[PATH]);
    }
    set port(value) {
      this.#set(members.port, value);
    }
    get pathname() {
      return this.#record[HREF].slice(this.#record[PATH], this.#record[QUERY]);
    }
    set pathname(value) {
      this.#set(members.pathname, value);
    }
    get search() {
      const record = this.#now;
      return record[FRAGMENT] - record[QUERY] > 1 ? record[HREF].slice(record[QUERY], record[FRAGMENT]) : '';
    }
    set search(value) {
      this.#set(members.search, value);
      this.#renewParams();
    }
    get searchParams() {
      const record = this.#record;
      if (record[PARAMS] === undefined) {
        record[PARAMS] = new URLSearchParams();
        attach(record[PARAMS], this, this.search.slice(1));
      }
      return record[PARAMS];
    }
    get hash() {
      const record = this.#now;
      return record[HREF].length - record[FRAGMENT] > 1 ? record[HREF].slice(record[FRAGMENT]) : '';
    }
    set hash(value) {
      this.#set(members.hash, value);
    }
    toString() {
      return this.#now[HREF];
    }
    toJSON() {
      return this.#now[HREF];
    }
  }
  function invalid(input, base) {
    return Object.assign(new TypeError('Invalid URL'), {
      code: 'ERR_INVALID_URL',
      input: `${input}`,
      ...(base !== undefined && { base: `${base}` }),
    });
  }

  inspectable(URL);
  inspectable(URLSearchParams);
  return { URL, URLSearchParams };
});
