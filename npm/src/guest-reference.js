// References to objects of the guest: handles with methods, which copy only what is asked for.
import { Reflection, Result } from './protocol.js';
import { ReferencePromises, checkKey } from './reference-promises.js';

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
    return this.#guest.objects.reflect(this.#handle(), reflection, args, form);
  }

  #handle() {
    const handle = this.#guest.handles.of(this);
    if (handle === undefined) throw new TypeError('the reference was released');
    return handle;
  }

  /** The same methods, which give promises: for what may have to wait. */
  get promises() {
    const { objects } = this.#guest;
    return new ReferencePromises(
      (reflection, args, form, take) => objects.reflectLater(() => this.#handle(), reflection, args, form, take),
      (result) => objects.referenceTo(result),
      this,
    );
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
    return this.#guest.atOnce.iteratorMethod(method).call(this);
  }

  [Symbol.asyncIterator]() {
    this.#handle();
    const { atOnce, entries } = this.#guest;
    const method = entries.isBusy ? undefined : this.get(Symbol.asyncIterator);
    return typeof method === 'function'
      ? method.call(this)
      : atOnce.iterationOf(this, 'what the reference refers to')();
  }

  release() {
    this.#proxy = undefined;
    this.#guest.handles.letGo(this);
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.release();
  }
}
