// https://html.spec.whatwg.org/multipage/webstorage.html#storage-2 over functions of the host: `get` a text or null,
// `set`, `remove`, `clear`, `keys` all names, `key` the name at a place or null, `count` how many there are.
(function (quotaError, native, name) {
  'use strict';
  const { get, remove, clear, keys, key, count } = native;
  function set(name, value) {
    try {
      native.set(name, value);
    } catch (error) {
      throw error?.name === 'QuotaExceededError' ? quotaError(error.message) : error;
    }
  }
  const { defineProperty } = Object;
  const storages = new WeakSet();
  const hasStorage = WeakSet.prototype.has;
  const { apply } = Reflect;
  function check(value, given, least, method) {
    if (!apply(hasStorage, storages, [value])) throw new TypeError(`Storage.${method}: this is no Storage`);
    if (given < least)
      throw new TypeError(
        `Storage.${method}: ${least} argument${least > 1 ? 's' : ''} required, but only ${given} present`,
      );
  }
  let isMaking = false;
  class Storage {
    constructor() {
      if (!isMaking) throw new TypeError('Illegal constructor');
    }
    get length() {
      check(this, 0, 0, 'length');
      return count();
    }
    key(index) {
      check(this, arguments.length, 1, 'key');
      return key(Number(index) >>> 0);
    }
    getItem(key) {
      check(this, arguments.length, 1, 'getItem');
      return get(`${key}`);
    }
    setItem(key, value) {
      check(this, arguments.length, 2, 'setItem');
      const name = `${key}`;
      set(name, `${value}`);
    }
    removeItem(key) {
      check(this, arguments.length, 1, 'removeItem');
      remove(`${key}`);
    }
    clear() {
      check(this, 0, 0, 'clear');
      clear();
    }
  }
  const { prototype } = Storage;
  for (const member of Object.getOwnPropertyNames(prototype))
    if (member !== 'constructor') defineProperty(prototype, member, { enumerable: true });
  defineProperty(prototype, Symbol.toStringTag, { value: 'Storage', configurable: true });

  // https://webidl.spec.whatwg.org/#legacy-platform-object: names of items are properties, unless the prototype has them.
  const isNamed = (property) => typeof property === 'string' && !Reflect.has(prototype, property);
  const descriptorOf = (value) => ({ value, writable: true, enumerable: true, configurable: true });
  const handler = {
    __proto__: null,
    get(target, property, receiver) {
      const value = isNamed(property) ? get(property) : null;
      return value === null ? Reflect.get(target, property, receiver) : value;
    },
    set(target, property, value, receiver) {
      if (typeof property !== 'string') return Reflect.set(target, property, value, receiver);
      set(property, `${value}`);
      return true;
    },
    has: (target, property) => (isNamed(property) && get(property) !== null) || Reflect.has(target, property),
    deleteProperty(target, property) {
      if (!isNamed(property)) return Reflect.deleteProperty(target, property);
      remove(property);
      return true;
    },
    ownKeys: (target) => [...keys().filter(isNamed), ...Reflect.ownKeys(target)],
    getOwnPropertyDescriptor(target, property) {
      const value = isNamed(property) ? get(property) : null;
      return value === null ? Reflect.getOwnPropertyDescriptor(target, property) : descriptorOf(value);
    },
    defineProperty(target, property, descriptor) {
      if (typeof property !== 'string') return Reflect.defineProperty(target, property, descriptor);
      if (!('value' in descriptor)) return false;
      set(property, `${descriptor.value}`);
      return true;
    },
    preventExtensions: () => false,
  };
  isMaking = true;
  const storage = new Proxy(new Storage(), handler);
  isMaking = false;
  storages.add(storage);
  defineProperty(globalThis, name, { get: () => storage, set: undefined, enumerable: true, configurable: true });
  defineProperty(globalThis, 'Storage', { value: Storage, writable: true, configurable: true });
});
