// https://w3c.github.io/webcrypto/ : random values and digests. The host makes both: `random(size)` gives bytes, and
// `digest(name, bytes)` a promise of bytes.
(function (quotaError, native) {
  'use strict';
  const { random, digest } = native;
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const getterOf = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  const kindOf = getterOf(typedArray, Symbol.toStringTag);
  const set = typedArray.set;
  const places = [typedArray, DataView.prototype].map((prototype) =>
    ['buffer', 'byteOffset', 'byteLength'].map((name) => getterOf(prototype, name)),
  );
  const sizeOfBuffer = getterOf(ArrayBuffer.prototype, 'byteLength');
  const QUOTA = 65536;
  const integers = new Set(
    ['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'BigInt64', 'BigUint64'].map(
      (kind) => `${kind}Array`,
    ),
  );
  const digests = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

  // The bytes of a view or buffer, not copied. The getters throw a TypeError for everything else.
  function bytesOf(value) {
    if (ArrayBuffer.isView(value)) {
      const getters = places[apply(kindOf, value, []) === undefined ? 1 : 0];
      const [buffer, offset, length] = getters.map((getter) => apply(getter, value, []));
      apply(sizeOfBuffer, buffer, []); // shared memory is refused
      return new Uint8Array(buffer, offset, length);
    }
    return new Uint8Array(value, 0, apply(sizeOfBuffer, value, []));
  }

  let isMaking = true;
  function requireMaking() {
    if (!isMaking) throw new TypeError('Illegal constructor');
  }
  function requireArguments(count, least, name) {
    if (count < least)
      throw new TypeError(`${name}: ${least} argument${least > 1 ? 's' : ''} required, but only ${count} present`);
  }

  // https://w3c.github.io/webcrypto/#subtlecrypto-interface
  class SubtleCrypto {
    #brand = requireMaking();
    async digest(algorithm, data) {
      void this.#brand;
      requireArguments(arguments.length, 2, 'SubtleCrypto.digest');
      const isObject = (typeof algorithm === 'object' && algorithm !== null) || typeof algorithm === 'function';
      if (isObject && algorithm.name === undefined)
        throw new TypeError('SubtleCrypto.digest: the algorithm has no name');
      const name = `${isObject ? algorithm.name : algorithm}`.toUpperCase();
      const bytes = bytesOf(data).slice(); // as they are now
      if (!digests.includes(name)) throw new DOMException(`There is no digest '${name}'`, 'NotSupportedError');
      return digest(name, bytes);
    }
  }

  // https://w3c.github.io/webcrypto/#crypto-interface
  class Crypto {
    #subtle = (requireMaking(), new SubtleCrypto());
    get subtle() {
      return this.#subtle;
    }
    getRandomValues(array) {
      void this.#subtle;
      requireArguments(arguments.length, 1, 'Crypto.getRandomValues');
      if (!ArrayBuffer.isView(array)) throw new TypeError('Crypto.getRandomValues: expected a typed array');
      if (!integers.has(apply(kindOf, array, [])))
        throw new DOMException('Random values need a typed array of integers', 'TypeMismatchError');
      const bytes = bytesOf(array);
      if (bytes.length > QUOTA) throw quotaError(`${bytes.length} bytes are more than ${QUOTA} at once`);
      if (bytes.length > 0) apply(set, bytes, [random(bytes.length)]);
      return array;
    }
    randomUUID() {
      void this.#subtle;
      const bytes = random(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      let text = '';
      for (let i = 0; i < 16; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
        text += (bytes[i] + 0x100).toString(16).slice(1);
      }
      return text;
    }
  }
  for (const [constructor, names] of [
    [SubtleCrypto, ['digest']],
    [Crypto, ['subtle', 'getRandomValues', 'randomUUID']],
  ]) {
    defineProperty(constructor.prototype, Symbol.toStringTag, { value: constructor.name, configurable: true });
    for (const name of names) defineProperty(constructor.prototype, name, { enumerable: true });
    defineProperty(globalThis, constructor.name, { value: constructor, writable: true, configurable: true });
  }
  const crypto = new Crypto();
  isMaking = false;
  const attribute = Object.getOwnPropertyDescriptor(
    {
      get crypto() {
        return crypto;
      },
    },
    'crypto',
  );
  defineProperty(globalThis, 'crypto', { get: attribute.get, set: undefined, enumerable: true, configurable: true });
});
