// References to objects of the guest: handles with methods, which copy only what is asked for.
import { describe } from './errors.js';
import { Reflection, Result } from './protocol.js';

export class GuestReference {
  #guest;
  // biome-ignore lint/correctness/noUnusedPrivateClassMembers: keeps it from being collected; undefined: released
  #proxy;

  /**
   * @param proxy stands for the object in messages
   * @param {import('./guest.js').Guest} guest
   * @param {any} proxy
   */
  constructor(guest, proxy) {
    this.#guest = guest;
    this.#proxy = proxy;
  }

  /**
   * @param {number} reflection
   * @param {any[]} args
   * @param {number} [form]
   */
  #ask(reflection, args, form) {
    const handle = this.#guest.handles.of(this);
    if (handle === undefined) throw new TypeError('the reference was released');
    return this.#guest.objects.reflect(handle, reflection, args, form);
  }

  /**
   * @param {number} reflection
   * @param {any[]} args
   */
  #askForReference(reflection, args) {
    return this.#guest.objects.referenceTo(this.#ask(reflection, args, Result.REFERENCE));
  }

  /** @param {any} key */
  get(key) {
    return this.#ask(Reflection.GET, [checkKey(key)]);
  }

  /** @param {any} key */
  ref(key) {
    return this.#askForReference(Reflection.GET, [checkKey(key)]);
  }

  /**
   * @param {any} key
   * @param {any} value
   */
  set(key, value) {
    return this.#ask(Reflection.SET, [checkKey(key), value]);
  }

  /** @param {any} key */
  has(key) {
    return this.#ask(Reflection.HAS, [checkKey(key)]);
  }

  /** @param {any} key */
  delete(key) {
    return this.#ask(Reflection.DELETE, [checkKey(key)]);
  }

  keys() {
    return this.#ask(Reflection.KEYS, []);
  }

  /**
   * @param {any} thisValue
   * @param {...any} args
   */
  call(thisValue, ...args) {
    return this.#ask(Reflection.CALL, [thisValue, ...args]);
  }

  /**
   * @param {any} key
   * @param {...any} args
   */
  invoke(key, ...args) {
    const method = this.ref(key);
    try {
      return method.call(this, ...args);
    } finally {
      method.release();
    }
  }

  /** @param {...any} args */
  construct(...args) {
    return this.#askForReference(Reflection.CONSTRUCT, args);
  }

  toValue() {
    return this.#ask(Reflection.VALUE, [], Result.COPY);
  }

  /** @param {any} other */
  isSame(other) {
    const { handles } = this.#guest;
    const handle = handles.of(this);
    return (
      handle !== undefined &&
      (typeof other === 'object' || typeof other === 'function') &&
      other !== null &&
      (handles.of(other) ?? handles.receiverOf(other)) === handle
    );
  }

  [Symbol.iterator]() {
    const method = this.get(Symbol.iterator);
    if (typeof method !== 'function') throw new TypeError('what the reference refers to is not iterable');
    return method.call(this);
  }

  [Symbol.asyncIterator]() {
    const method = this.get(Symbol.asyncIterator);
    return typeof method === 'function' ? method.call(this) : asynchronous(this[Symbol.iterator]());
  }

  release() {
    this.#proxy = undefined;
    this.#guest.handles.letGo(this);
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.release();
  }
}

/**
 * For `for await` over an object that has only an ordinary iterator.
 * @param {any} iterator
 */
async function* asynchronous(iterator) {
  yield* { [Symbol.iterator]: () => iterator };
}

/** @param {any} key */
function checkKey(key) {
  if (typeof key === 'number') return String(key);
  if (typeof key !== 'string' && typeof key !== 'symbol')
    throw new TypeError(`the key must be a string, a number or a well-known symbol, got ${describe(key)}`);
  return key;
}
