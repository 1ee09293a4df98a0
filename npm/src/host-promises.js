// Promises of the host that crossed: each is a number for the guest until it settles.
import { Numbers } from './numbers.js';

const { then } = Promise.prototype;

/**
 * @typedef {import('./types.d.ts').HostPromise} HostPromise what is kept of one until the engine has heard how it ended
 */

export class HostPromises {
  #guest;
  // OPTIMIZATION: mostly there is one at a time.
  /** @type {HostPromise | undefined} */
  #only;
  /** @type {Map<number, HostPromise>} */
  #all = new Map(); // empty while there is only one
  /**
   * The same map by promise. Created on demand while there are any, and dropped with the last one.
   * @type {Map<Promise<any>, HostPromise> | undefined}
   */
  #byPromise;
  #numbers = new Numbers((number) => this.#find(number) !== undefined);

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /** How many have not settled. */
  get pending() {
    return this.#only === undefined ? this.#all.size : 1;
  }

  /** The function that gave the first of them. */
  get first() {
    const [first] = this.#all.values();
    return (this.#only ?? first)?.fn;
  }

  /**
   * `promise`: a promise of the host, or any object with a `then`; `fn`: the function that gave it.
   * @param {Promise<any>} promise
   * @param {((...args: any[]) => any) | undefined} fn
   */
  numberOf(promise, fn) {
    const known = this.#findByPromise(promise);
    if (known !== undefined) {
      known.messages++;
      return known.number;
    }
    this.#guest.hostCalls.checkPending();
    const entry = { number: this.#numbers.next(), promise, fn, messages: 1 };
    this.#add(entry);
    // If it is gone, no message with it has arrived.
    then.call(
      nativeOf(promise),
      (value) => {
        if (this.#find(entry.number) === entry) this.#guest.entries.settle(entry, false, value);
      },
      (error) => {
        if (this.#find(entry.number) === entry) this.#guest.entries.settle(entry, true, error);
      },
    );
    return entry.number;
  }

  /**
   * Called just before the engine is told, and not earlier: until then the engine has a promise with that number, which
   * the guest may send back.
   * @param {HostPromise} entry
   */
  forget(entry) {
    if (this.#only === entry) this.#only = undefined;
    else this.#all.delete(entry.number);
    if (this.pending === 0) this.#byPromise = undefined;
    else this.#byPromise?.delete(entry.promise);
  }

  /**
   * A message with it was not sent.
   * @param {number} number
   */
  notSent(number) {
    const entry = this.#find(number);
    if (entry !== undefined && --entry.messages === 0) this.forget(entry);
  }

  /** The guest is gone. */
  clear() {
    this.#only = this.#byPromise = undefined;
    this.#all.clear();
  }

  /** @param {HostPromise} entry */
  #add(entry) {
    this.#byPromise?.set(entry.promise, entry);
    if (this.pending === 0) {
      this.#only = entry;
      return;
    }
    if (this.#only !== undefined) this.#all.set(this.#only.number, this.#only);
    this.#only = undefined;
    this.#all.set(entry.number, entry);
  }

  /** @param {number} number */
  #find(number) {
    return this.#only === undefined ? this.#all.get(number) : this.#only.number === number ? this.#only : undefined;
  }

  /** @param {Promise<any>} promise */
  #findByPromise(promise) {
    if (this.#only !== undefined) return this.#only.promise === promise ? this.#only : undefined;
    if (this.#all.size === 0) return undefined;
    if (this.#byPromise === undefined) {
      this.#byPromise = new Map();
      for (const entry of this.#all.values()) this.#byPromise.set(entry.promise, entry);
    }
    return this.#byPromise.get(promise);
  }
}

/**
 * Calls back once, in a job of its own, when a promise of the host or another object with a `then` has settled, however
 * that `then` behaves.
 * @param {Promise<any>} promise
 * @param {(...args: any[]) => any} callback
 */
export function settled(promise, callback) {
  then.call(
    nativeOf(promise),
    (value) => callback(value, false),
    (error) => callback(error, true),
  );
}

/** @param {Promise<any>} promise */
function nativeOf(promise) {
  try {
    return Promise.resolve(promise);
  } catch (error) {
    return Promise.reject(error); // its `constructor` is a getter that throws
  }
}
