// Promises that crossed. A guest's promise is a handle here until it settles; a host's promise is a number for the guest
// until it settles.
import { Numbers } from './numbers.js';
import { Operation } from './protocol.js';

export class Promises {
  #guest;
  #guestPromises = new Map(); // handle -> {promise, resolve, reject}
  #promiseHandles = new WeakMap();
  #hostPromises = new Map();  // number -> promise, until the engine has heard how it ended
  #hostPromiseNumbers = new WeakMap();
  #numbers = new Numbers((number) => this.#hostPromises.has(number));

  constructor(guest) {
    this.#guest = guest;
  }

  // Of the guest ---------------------------------------------------------------------------------------------------------

  isOfGuest(value) {
    return this.#promiseHandles.has(value);
  }

  get hasOfGuest() {
    return this.#guestPromises.size > 0;
  }

  handleOf(promise) {
    return this.#promiseHandles.get(promise);
  }

  ofHandle(handle) {
    const entry = this.#guestPromise(handle);
    entry.crossings++;
    if (entry.isSettled) this.#forget(handle, entry);
    return entry.promise;
  }

  /** A guest promise that crossed has settled. */
  guestSettled(handle, isRejection, bytes) {
    const value = this.#guest.entries.read(bytes);
    // It may settle before the message that carries it has been read: then the reader finds it settled.
    const entry = this.#guestPromise(handle);
    entry.isSettled = true;
    if (entry.crossings > 0) this.#forget(handle, entry);
    if (isRejection) entry.reject(value);
    else entry.resolve(value);
  }

  rejectAll(reason) {
    for (const { reject } of this.#guestPromises.values()) reject(reason);
    this.#guestPromises.clear();
  }

  #guestPromise(handle) {
    let entry = this.#guestPromises.get(handle);
    if (!entry) {
      entry = { crossings: 0, isSettled: false };
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      ignoreRejection(entry.promise);
      this.#guestPromises.set(handle, entry);
      this.#promiseHandles.set(entry.promise, handle);
    }
    return entry;
  }

  #forget(handle, entry) {
    this.#guestPromises.delete(handle);
    this.#promiseHandles.delete(entry.promise);
    this.#guest.engine.release(this.#guest.runtime, handle, entry.crossings);
  }

  // Of the host ----------------------------------------------------------------------------------------------------------

  numberOf(promise) {
    const known = this.#hostPromiseNumbers.get(promise);
    if (known !== undefined) return known;
    const number = this.#numbers.next();
    this.#hostPromises.set(number, promise);
    this.#hostPromiseNumbers.set(promise, number);
    promise.then(
      (value) => this.#hostSettled(promise, number, false, value),
      (error) => this.#hostSettled(promise, number, true, error),
    );
    return number;
  }

  ofNumber(number) {
    return this.#hostPromises.get(number);
  }

  #hostSettled(promise, number, isRejection, value) {
    const { entries } = this.#guest;
    entries.later(() => {
      // Not before: the engine still has a promise of that number, which the guest may send home.
      this.#hostPromises.delete(number);
      this.#hostPromiseNumbers.delete(promise);
      try {
        entries.enter(Operation.SETTLE, number, isRejection ? 1 : 0, value);
      } catch (error) {
        if (!(error instanceof TypeError) || this.#guest.isDisposed) throw error;
        // The value cannot cross: the guest's promise is rejected with the error that says so.
        entries.enter(Operation.SETTLE, number, 1, error);
      }
    });
  }
}

/**
 * The guest's rejections that nobody looks at must not end the host's process. What eval and import return is another
 * promise, which does count when it is forgotten.
 */
export function ignoreRejection(promise) {
  promise.catch(() => {});
}
