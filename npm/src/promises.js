// Promises of the guest that crossed: each is a handle here until it settles. Those of the host: host-promises.js.
import { settled } from './host-promises.js';
import { limitReached } from './limits.js';
import { Status } from './protocol.js';

const { then } = Promise.prototype;

export class Promises {
  #guest;
  #guestPromises = new Map(); // handle -> {promise, resolve, reject}
  #promiseHandles = new WeakMap();
  #adopting = new Set(); // {reject} of promises whose value has a `then`, which may never call back
  program = 0; // the program whose promises arrive now

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  // Of the guest ------------------------------------------------------------------------------------------------------

  /** @param {any} value */
  isOfGuest(value) {
    return this.#promiseHandles.has(value);
  }

  get hasOfGuest() {
    return this.#guestPromises.size + this.#adopting.size > 0;
  }

  /**
   * Settles a guest's promise that is still pending.
   * @param {Promise<any>} promise
   */
  pending(promise) {
    return this.#guestPromises.get(this.#promiseHandles.get(promise));
  }

  /** @param {Promise<any>} promise */
  handleOf(promise) {
    return this.#promiseHandles.get(promise);
  }

  /** @param {number} handle */
  ofHandle(handle) {
    const entry = this.#guestPromise(handle);
    entry.crossings++;
    if (entry.isSettled) this.#forget(handle, entry);
    return entry.promise;
  }

  /**
   * A guest promise that crossed has settled; a limit may have kept its value from crossing.
   * @param {number} handle
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  guestSettled(handle, status, bytes) {
    const { entries } = this.#guest;
    let value;
    try {
      value = status > Status.WAITING ? entries.statusError(status) : entries.read(bytes);
    } catch (error) {
      value = error; // the host cannot build the value
      status = Status.EXCEPTION;
    }
    // It may settle before the message with it has been read: the reader then finds it settled.
    const entry = this.#guestPromise(handle, true);
    entry.isSettled = true;
    this.#forget(handle, entry);
    if (status === Status.OK) this.resolve(entry, value);
    else entry.reject(value);
  }

  /**
   * Resolves a promise with a value of the guest. The engine resolves objects with a `then`; if only the copy has one
   * (through a getter or a Proxy), the host's promises call it, and the promise ends with the sandbox at the latest.
   * @param {any} value
   */
  resolve({ resolve, reject }, value) {
    if (value instanceof Promise || !isThenable(value)) return resolve(value);
    const entry = { reject };
    this.#adopting.add(entry);
    settled(value, (/** @type {any} */ result, /** @type {boolean} */ isRejection) => {
      this.#adopting.delete(entry);
      if (isRejection) reject(result);
      else resolve(result);
    });
  }

  /**
   * The same, returning a promise.
   * @param {any} value
   */
  adopted(value) {
    const promise = new Promise((resolve, reject) => this.resolve({ resolve, reject }, value));
    ignoreRejection(promise);
    return promise;
  }

  /**
   * The functions that a promise of the host passes to a `then` of the guest: both call back at most once, and the
   * promise ends with the sandbox at the latest.
   * @param {any[]} callbacks
   * @returns {any[]}
   */
  awaiting([resolve, reject, ...rest]) {
    if (typeof reject !== 'function') return [resolve, reject, ...rest];
    this.#checkNumber();
    const entry = { reject };
    this.#adopting.add(entry);
    /** @param {(...args: any[]) => any} fn */
    const calling = (fn) =>
      typeof fn !== 'function'
        ? fn
        : (/** @type {any} */ value) => {
            this.#adopting.delete(entry);
            return fn(value);
          };
    return [calling(resolve), calling(reject), ...rest];
  }

  /**
   * A limit may have dropped the jobs that would have settled them. Promises that can settle anyway have done so.
   * @param {any} reason
   */
  rejectPending(reason) {
    for (const { reject } of this.#guestPromises.values()) reject(reason);
    for (const { reject } of this.#adopting) reject(reason);
    this.#adopting.clear();
  }

  /**
   * The same for a program that has ended.
   * @param {number} program
   * @param {any} reason
   */
  rejectOf(program, reason) {
    for (const entry of this.#guestPromises.values()) if (entry.program === program) entry.reject(reason);
  }

  /** @param {any} reason */
  rejectAll(reason) {
    for (const { reject } of this.#guestPromises.values()) reject(reason);
    this.#guestPromises.clear();
    for (const { reject } of this.#adopting) reject(reason);
    this.#adopting.clear();
  }

  /**
   * @param {number} handle
   * @param {boolean} [isSettled] it no longer counts as pending, and the message with it is still to be read
   */
  #guestPromise(handle, isSettled = false) {
    let entry = this.#guestPromises.get(handle);
    if (!entry) {
      if (!isSettled) this.#checkNumber();
      /** @type {any} */
      const made = (entry = { crossings: 0, isSettled: false, program: this.program });
      entry.promise = new Promise((resolve, reject) => {
        made.resolve = resolve;
        // Whoever rejects it, nobody waits for what the guest makes of it any more.
        made.reject = (/** @type {any} */ reason) => {
          reject(reason);
          if (made.isSettled) return;
          made.isSettled = true;
          this.#forget(handle, made);
        };
      });
      ignoreRejection(entry.promise);
      this.#guestPromises.set(handle, entry);
      this.#promiseHandles.set(entry.promise, handle);
    }
    return entry;
  }

  #checkNumber() {
    const { promises } = this.#guest.settings.hostLimits;
    if (this.#guestPromises.size + this.#adopting.size >= promises)
      throw limitReached(promises, 'promises', 'promises of the guest are held by the host');
  }

  /**
   * @param {number} handle
   * @param {any} entry
   */
  #forget(handle, entry) {
    const { crossings } = entry;
    entry.crossings = 0;
    // A message with it may still be on its way.
    if (crossings === 0 || (!this.#guest.isDisposed && this.#release(handle, crossings))) return;
    this.#guestPromises.delete(handle);
    this.#promiseHandles.delete(entry.promise);
  }

  /**
   * @param {number} handle
   * @param {number} crossings
   */
  #release(handle, crossings) {
    return this.#guest.engine.release(this.#guest.runtime, handle, crossings);
  }

  /**
   * One arrival of a promise that has not settled, and that this one needs no longer.
   * @param {Promise<any>} promise
   */
  letGo(promise) {
    const handle = this.#promiseHandles.get(promise);
    const entry = this.pending(promise);
    if (entry === undefined || entry.isSettled || entry.crossings === 0 || this.#guest.isDisposed) return;
    entry.crossings--;
    if (this.#release(handle, 1)) return;
    this.#guestPromises.delete(handle);
    this.#promiseHandles.delete(promise);
  }

  /**
   * The last message with it is not read.
   * @param {number} handle
   */
  forgetUnread(handle) {
    const entry = this.#guestPromises.get(handle);
    if (entry === undefined || !entry.isSettled) return;
    this.#guestPromises.delete(handle);
    this.#promiseHandles.delete(entry.promise);
  }
}

/** @param {any} value */
export function isThenable(value) {
  return (
    (typeof value === 'function' || (typeof value === 'object' && value !== null)) && typeof value.then === 'function'
  );
}

/**
 * An exception of a host's callback goes to the host, but not on the engine's stack.
 * @param {any} error
 */
export function raise(error) {
  queueMicrotask(() => {
    throw error;
  });
}

/**
 * Unhandled rejections of the guest must not end the host's process. eval and import return other promises, and these
 * do count when nobody handles them.
 * @param {Promise<any>} promise
 */
export function ignoreRejection(promise) {
  then.call(promise, undefined, () => {});
}
