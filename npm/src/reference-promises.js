// What can be asked of an object of the guest, with promises for answers: the guest may have to wait for them.
import { describe } from './errors.js';
import { Reflection, Result } from './protocol.js';

/** @typedef {(reflection: number, args: any[], form?: number, take?: (result: any) => any) => any} Ask */

export class ReferencePromises {
  #ask;
  #referenceTo;
  #object;

  /**
   * @param {Ask} ask gives the answer, or a promise of it
   * @param {(result: any) => import('./guest-reference.js').GuestReference} referenceTo what has just arrived
   * @param {any} object that methods are called on
   */
  constructor(ask, referenceTo, object) {
    this.#ask = ask;
    this.#referenceTo = referenceTo;
    this.#object = object;
  }

  /** @param {any} key */
  async get(key) {
    return this.#ask(Reflection.GET, [checkKey(key)]);
  }

  /** @param {any} key */
  async ref(key) {
    return this.#ask(Reflection.GET, [checkKey(key)], Result.REFERENCE, this.#referenceTo);
  }

  /**
   * @param {any} key
   * @param {any} value
   */
  async set(key, value) {
    return this.#ask(Reflection.SET, [checkKey(key), value]);
  }

  /** @param {any} key */
  async has(key) {
    return this.#ask(Reflection.HAS, [checkKey(key)]);
  }

  /** @param {any} key */
  async delete(key) {
    return this.#ask(Reflection.DELETE, [checkKey(key)]);
  }

  async keys() {
    return this.#ask(Reflection.KEYS, []);
  }

  /**
   * @param {any} thisValue
   * @param {...any} args
   */
  async call(thisValue, ...args) {
    return this.#ask(Reflection.CALL, [thisValue, ...args]);
  }

  /**
   * @param {any} key
   * @param {...any} args
   */
  async invoke(key, ...args) {
    const method = await this.ref(key);
    try {
      return await method.promises.call(this.#object, ...args);
    } finally {
      method.release();
    }
  }

  /** @param {...any} args */
  async construct(...args) {
    return this.#ask(Reflection.CONSTRUCT, args, Result.REFERENCE, this.#referenceTo);
  }

  /**
   * The instance itself.
   * @param {any[]} args
   */
  async instance(args) {
    return this.#ask(Reflection.CONSTRUCT, args);
  }

  async toValue() {
    return this.#ask(Reflection.VALUE, [], Result.COPY);
  }
}

/** @param {any} key */
export function checkKey(key) {
  if (typeof key === 'number') return String(key);
  if (typeof key !== 'string' && typeof key !== 'symbol')
    throw new TypeError(`the key must be a string, a number or a well-known symbol, got ${describe(key)}`);
  return key;
}
