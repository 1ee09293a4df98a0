// Handles: numbers of the guest's functions and objects that the host holds. When the object that stands for one here
// has been collected, the handle is given back, as often as it has arrived.
import { limitReached } from './limits.js';

export class Handles {
  #guest;
  #proxies = new Map(); // handle -> { reference: WeakRef of what stands for it, crossings }
  #handles = new WeakMap(); // what stands for it -> handle
  #receivers = new WeakMap(); // copy of an object with functions -> handle of the original
  #others = 0; // handles that copies with functions and references hold in addition
  #collected = new FinalizationRegistry((handle) => this.#proxyCollected(handle));
  #forgotten = new FinalizationRegistry((handle) => this.release(handle));

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * Undefined: the value stands for nothing of this guest.
   * @param {any} value
   */
  of(value) {
    return this.#handles.get(value);
  }

  /**
   * The object that stands for it, which arrives once more; undefined: there is none.
   * @param {number} handle
   */
  find(handle) {
    const entry = this.#proxies.get(handle);
    const live = entry?.reference.deref();
    if (live !== undefined) entry.crossings++;
    return live;
  }

  /** Called before a new object is made for a handle. */
  check() {
    const limit = this.#guest.settings.hostLimits.functions;
    if (this.#proxies.size + this.#others >= limit)
      throw limitReached(limit, 'functions', 'functions and objects of the guest are held by the host');
  }

  /**
   * @param {number} handle
   * @param {any} proxy
   */
  add(handle, proxy) {
    const crossings = (this.#proxies.get(handle)?.crossings ?? 0) + 1;
    this.#proxies.set(handle, { reference: new WeakRef(proxy), crossings });
    this.#handles.set(proxy, handle);
    this.#collected.register(proxy, handle);
  }

  /**
   * Another object that stands for the same one.
   * @param {any} proxy
   * @param {number} handle
   */
  addAlias(proxy, handle) {
    this.#handles.set(proxy, handle);
  }

  /** @param {number} handle */
  #proxyCollected(handle) {
    const entry = this.#proxies.get(handle);
    if (!entry || entry.reference.deref()) return;
    this.#proxies.delete(handle);
    this.#giveBack(handle, entry.crossings);
  }

  /**
   * @param {number} handle
   * @param {number} crossings
   */
  #giveBack(handle, crossings) {
    return this.#guest.isDisposed || this.#guest.engine.release(this.#guest.runtime, handle, crossings);
  }

  /**
   * One arrival that will not be read.
   * @param {number} handle
   */
  giveBackUnread(handle) {
    if (!this.#giveBack(handle, 1)) this.#guest.promises.forgetUnread(handle);
  }

  // Held by their number ----------------------------------------------------------------------------------------------

  /**
   * The copy's functions are called on the original.
   * @param {object} copy
   * @param {number} handle
   */
  addReceiver(copy, handle) {
    this.check();
    this.#receivers.set(copy, handle);
    this.#others++;
    this.#forgotten.register(copy, handle);
  }

  /** @param {object} copy */
  receiverOf(copy) {
    return this.#receivers.get(copy);
  }

  /**
   * From now on one arrival belongs to `owner`, until it is collected or releases it.
   * @param {object} owner
   * @param {number} handle
   */
  hold(owner, handle) {
    const entry = this.#proxies.get(handle);
    if (--entry.crossings === 0) this.#proxies.delete(handle);
    this.#handles.set(owner, handle);
    this.#others++;
    this.#forgotten.register(owner, handle, owner);
  }

  /** @param {object} owner */
  letGo(owner) {
    const handle = this.#handles.get(owner);
    if (handle === undefined || !this.#forgotten.unregister(owner)) return;
    this.#handles.delete(owner);
    this.release(handle);
  }

  /**
   * A handle that nothing holds any more.
   * @param {number} handle
   */
  release(handle) {
    this.#others--;
    this.#giveBack(handle, 1);
  }
}
