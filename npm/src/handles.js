// Handles: numbers of the guest's functions and objects that the host holds. When the object that stands for one here
// has been collected, the handle is given back, as often as it has arrived.
//
// One registry serves all sandboxes. When a registry is collected after the death of something in it and before its
// cleanup, V8 (that of Node 20) serves no registry of the whole process any more; so a registry must not die with its
// sandbox. What it holds refers weakly to the owner of the handle, for copies of the guest's objects must not keep a
// sandbox alive.
import { limitReached } from './limits.js';

/**
 * A handle, and what stands for it here.
 * @typedef {{ owner: WeakRef<Handles>, handle: number, reference: WeakRef<any>, crossings: number }} Entry
 */

export class Handles {
  #guest;
  /** @type {Map<number, Entry>} */
  #proxies = new Map(); // by handle
  #handles = new WeakMap(); // what stands for it -> handle
  #receivers = new WeakMap(); // copy of an object with functions -> handle of the original
  #others = 0; // handles that copies with functions and references hold in addition
  /** @type {WeakRef<Handles> | undefined} */
  #self; // made when it is first used
  static #collected = new FinalizationRegistry((/** @type {Entry} */ entry) => {
    const owner = entry.owner.deref();
    if (owner !== undefined) owner.#proxyCollected(entry);
  });
  static #forgotten = new FinalizationRegistry(
    (/** @type {{ owner: WeakRef<Handles>, handle: number }} */ { owner, handle }) => owner.deref()?.release(handle),
  );

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  get #owner() {
    return (this.#self ??= new WeakRef(this));
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
    if (entry !== undefined && live !== undefined) entry.crossings++;
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
    const entry = { owner: this.#owner, handle, reference: new WeakRef(proxy), crossings };
    this.#proxies.set(handle, entry);
    this.#handles.set(proxy, handle);
    Handles.#collected.register(proxy, entry);
  }

  /**
   * Another object that stands for the same one.
   * @param {any} proxy
   * @param {number} handle
   */
  addAlias(proxy, handle) {
    this.#handles.set(proxy, handle);
  }

  /** @param {Entry} entry */
  #proxyCollected(entry) {
    if (this.#proxies.get(entry.handle) !== entry) return; // given back, or something else stands for it now
    this.#proxies.delete(entry.handle);
    this.#giveBack(entry.handle, entry.crossings);
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
    Handles.#forgotten.register(copy, { owner: this.#owner, handle });
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
    const entry = /** @type {Entry} */ (this.#proxies.get(handle));
    if (--entry.crossings === 0) this.#proxies.delete(handle);
    this.#handles.set(owner, handle);
    this.#others++;
    Handles.#forgotten.register(owner, { owner: this.#owner, handle }, owner);
  }

  /** @param {object} owner */
  letGo(owner) {
    const handle = this.#handles.get(owner);
    if (handle === undefined || !Handles.#forgotten.unregister(owner)) return;
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
