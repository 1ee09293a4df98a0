// What the other programs here share: conversions and shapes of Web IDL. `web` is the object that they fill, and that
// this one begins.
(function (web) {
  'use strict';
  const { defineProperty, getOwnPropertyNames, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  function requireArguments(count, least, name) {
    if (count < least)
      throw new TypeError(`${name}: ${least} argument${least > 1 ? 's' : ''} required, but only ${count} present`);
  }
  // https://webidl.spec.whatwg.org/#js-dictionary
  const nothing = Object.freeze({ __proto__: null });
  function dictionary(value, name) {
    if (value === undefined || value === null) return nothing;
    if (!isObject(value)) throw new TypeError(`${name}: the options must be an object`);
    return value;
  }
  // https://webidl.spec.whatwg.org/#js-enumeration
  function enumeration(value, values, usual, name) {
    if (value === undefined) return usual;
    const text = `${value}`;
    if (!values.includes(text)) throw new TypeError(`${name}: '${text}' is none of ${values.join(', ')}`);
    return text;
  }
  const wellFormed = String.prototype.toWellFormed;
  const scalarText = (value) => apply(wellFormed, `${value}`, []);
  // https://webidl.spec.whatwg.org/#js-ByteString
  function byteText(value, name) {
    const text = `${value}`;
    if (/[^\0-\xff]/.test(text)) throw new TypeError(`${name}: a character of '${text}' is above 255`);
    return text;
  }

  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  const getterOf = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
  const kindOf = getterOf(typedArray, Symbol.toStringTag);
  const places = [typedArray, DataView.prototype].map((prototype) =>
    ['buffer', 'byteOffset', 'byteLength'].map((name) => getterOf(prototype, name)),
  );
  const sizeOfBuffer = getterOf(ArrayBuffer.prototype, 'byteLength');
  function isBuffer(value) {
    try {
      apply(sizeOfBuffer, value, []);
      return true;
    } catch {
      return false;
    }
  }
  // The bytes of a view or buffer, not copied; undefined for everything else, and for shared memory.
  function bytesOf(value) {
    if (!isObject(value)) return undefined;
    if (!ArrayBuffer.isView(value))
      return isBuffer(value) ? new Uint8Array(value, 0, apply(sizeOfBuffer, value, [])) : undefined;
    const getters = places[apply(kindOf, value, []) === undefined ? 1 : 0];
    const [buffer, offset, length] = getters.map((getter) => apply(getter, value, []));
    return isBuffer(buffer) ? new Uint8Array(buffer, offset, length) : undefined;
  }
  function joined(parts) {
    let size = 0;
    for (const part of parts) size += part.length;
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  // Enumerable members and a tag.
  function inspectable(constructor) {
    const { name, prototype } = constructor;
    for (const [object, own] of [
      [prototype, ['constructor']],
      [constructor, ['length', 'name', 'prototype']],
    ])
      for (const member of getOwnPropertyNames(object))
        if (!own.includes(member)) defineProperty(object, member, { enumerable: true });
    defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    return constructor;
  }

  // https://webidl.spec.whatwg.org/#js-iterable: of pairs; `pairsOf` gives them as they are at the time of each step.
  const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  function iterable(constructor, pairsOf) {
    const { name, prototype } = constructor;
    class Iteration {
      #object;
      #kind;
      #at = 0;
      constructor(object, kind) {
        this.#object = object;
        this.#kind = kind;
      }
      next() {
        const pairs = pairsOf(this.#object);
        if (this.#at >= pairs.length) return { value: undefined, done: true };
        const [key, value] = pairs[this.#at++];
        return { value: this.#kind === 0 ? key : this.#kind === 1 ? value : [key, value], done: false };
      }
    }
    const methods = Object.create(iteratorPrototype);
    const { next } = Iteration.prototype;
    defineProperty(methods, 'next', { value: next, writable: true, enumerable: true, configurable: true });
    defineProperty(methods, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });
    function iteration(object, kind) {
      pairsOf(object); // is it one?
      return Object.setPrototypeOf(new Iteration(object, kind), methods);
    }
    const members = {
      entries() {
        return iteration(this, 2);
      },
      forEach(callback, thisArgument = undefined) {
        pairsOf(this);
        requireArguments(arguments.length, 1, `${name}.forEach`);
        if (typeof callback !== 'function') throw new TypeError(`${name}.forEach: the callback must be a function`);
        for (let i = 0; i < pairsOf(this).length; i++) {
          const [key, value] = pairsOf(this)[i];
          apply(callback, thisArgument, [value, key, this]);
        }
      },
      keys() {
        return iteration(this, 0);
      },
      values() {
        return iteration(this, 1);
      },
    };
    for (const member of Object.keys(members))
      defineProperty(prototype, member, {
        value: members[member],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    defineProperty(prototype, Symbol.iterator, { value: members.entries, writable: true, configurable: true });
  }

  // A global of the guest, as interfaces and operations have them.
  function defineGlobal(name, value) {
    const enumerable = name[0] >= 'a';
    defineProperty(globalThis, name, { value, writable: true, enumerable, configurable: true });
  }
  // One that is made when it is first used.
  function defineLazily(name, make) {
    defineProperty(globalThis, name, {
      get() {
        const value = make();
        defineGlobal(name, value);
        return value;
      },
      set(value) {
        defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
      enumerable: false,
      configurable: true,
    });
  }

  Object.assign(web, {
    ...{ bytesOf, byteText, defineGlobal, defineLazily, dictionary, enumeration, inspectable, isObject, iterable },
    ...{ joined, requireArguments, scalarText },
  });
});
