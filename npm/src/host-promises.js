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
   * The same by the promise. Made when it is looked at while there are some, and dropped with the last.
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

  /** Of those, the first: the function that gave it. */
  get first() {
    const [first] = this.#all.values();
    return (this.#only ?? first)?.fn;
  }

  /**
   * `promise`: of the host, or whatever has a `then`; `fn`: the function that gave it.
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
    // When it is not there any more, no message with it has arrived.
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
   * Just before the engine hears of it, and not earlier: until then the engine has a promise of that number, which the
   * guest may send home.
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

  /** There is no guest any more. */
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
 * Calls back once, in a job of its own, when a promise of the host or whatever else has a `then` has settled, however
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
    return Promise.reject(error); // a promise whose `constructor` is a getter
  }
}
