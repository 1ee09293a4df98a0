// Functions that crossed: the host's by number, the guest's as proxies that hold a handle.
import { functionFlags } from './grants.js';
import { FUNCTION } from './host-things.js';
import { FUNCTION_CONSTRUCTOR, FUNCTION_HAS_MEMBERS, Reflection } from './protocol.js';

export class Functions {
  #guest;
  /** @type {WeakMap<Function, Function>} */
  #thens = new WeakMap(); // proxy function -> the same for promises of the host, see thenOf

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * The proxy of a function of the host.
   * @param {(...args: any[]) => any} fn
   */
  numberOf(fn) {
    return { number: this.#guest.things.numberOf(FUNCTION, fn), flags: functionFlags(fn) };
  }

  // Of the guest ------------------------------------------------------------------------------------------------------

  /**
   * @param {number} handle
   * @param {string} name
   * @param {number} flags
   * @param {number} [length] how many parameters it declares
   */
  ofHandle(handle, name, flags, length = 0) {
    const { handles, objects } = this.#guest;
    const known = handles.find(handle);
    if (known !== undefined) return known;
    handles.check();
    const functions = this;
    const { entries } = this.#guest;
    /**
     * @this {any}
     * @param {...any} args
     */
    const proxy = function (...args) {
      if (new.target !== undefined) return functions.#construct(handle, new.target, args);
      if (this === undefined && entries.mayCall(args)) return entries.call(handle, args);
      return functions.#call(handle, this === globalThis ? undefined : this, args);
    };
    Object.defineProperty(proxy, 'name', { value: name, configurable: true });
    if (length !== 0) Object.defineProperty(proxy, 'length', { value: length, configurable: true });
    if ((flags & FUNCTION_CONSTRUCTOR) !== 0) {
      Object.defineProperty(proxy, Symbol.hasInstance, {
        value: (/** @type {any} */ value) => this.#hasInstance(handle, value),
        configurable: true,
      });
    }
    if ((flags & FUNCTION_HAS_MEMBERS) === 0) {
      handles.add(handle, proxy);
      return proxy;
    }
    const whole = objects.functionWithMembers(proxy, handle);
    handles.add(handle, whole);
    handles.addAlias(proxy, handle);
    return whole;
  }

  /**
   * A guest function that became the `then` of an object. The host's promises call such a function by themselves, and
   * again if it gives another such object; these calls are made in turns.
   * @param {(...args: any[]) => any} fn
   */
  thenOf(fn) {
    const { entries, handles, promises } = this.#guest;
    const handle = handles.of(fn);
    if (handle === undefined) return fn;
    let then = this.#thens.get(fn);
    if (then === undefined) {
      /** @this {any} */
      then = function (/** @type {any[]} */ ...args) {
        const callbacks = promises.awaiting(args);
        try {
          return entries.inTurn(() => fn.apply(this, callbacks), callbacks[1]);
        } catch (error) {
          callbacks[1]?.(error); // unless it has already called back
          throw error;
        }
      };
      Object.defineProperty(then, 'name', { value: fn.name, configurable: true });
      handles.addAlias(then, handle);
      this.#thens.set(fn, then);
    }
    return then;
  }

  /**
   * @param {number} handle
   * @param {any} thisValue
   * @param {any[]} args
   */
  #call(handle, thisValue, args) {
    const { entries } = this.#guest;
    const receiver = this.#thisForGuest(thisValue);
    if (receiver === undefined && entries.mayCall(args)) return entries.call(handle, args);
    const message = [receiver, ...args];
    if (!entries.isBusy) return entries.callWithMessage(handle, message);
    const result = entries.whenFree(() => entries.callWithMessage(handle, message));
    // A host that expects no promise here (it iterates over a guest's object, for example) must not be ended by a
    // rejection.
    result.catch(() => {});
    return result;
  }

  /**
   * Calls a function for an answer that is wanted at once.
   * @param {number} handle
   * @param {any} thisValue
   * @param {any[]} args
   * @param {string} what it is called for
   */
  callAtOnce(handle, thisValue, args, what) {
    const { atOnce, entries, programs } = this.#guest;
    if (entries.isBusy) throw atOnce.error(what);
    const result = this.#call(handle, thisValue === globalThis ? undefined : thisValue, args);
    // A promise that the function itself gave is its answer.
    if (result instanceof Promise && programs.isFiberResult(result)) {
      const error = atOnce.error(what);
      programs.abandon(result, error);
      throw error;
    }
    return result;
  }

  /**
   * An object of the guest is passed as itself; other objects of the host are not passed.
   * @param {any} value
   */
  #thisForGuest(value) {
    if (value === undefined || (typeof value !== 'object' && typeof value !== 'function') || value === null)
      return value === null ? undefined : value;
    return this.#guest.objects.receiver(value);
  }

  /**
   * @param {number} handle
   * @param {any} newTarget
   * @param {any[]} args
   */
  #construct(handle, newTarget, args) {
    const { handles, objects } = this.#guest;
    if (handles.of(newTarget) !== handle) throw new TypeError('a class of the guest cannot be extended by the host');
    return objects.reflect(handle, Reflection.CONSTRUCT, args);
  }

  /**
   * @param {number} handle
   * @param {any} value
   */
  #hasInstance(handle, value) {
    const { handles, objects } = this.#guest;
    return handles.of(value) !== undefined && objects.reflect(handle, Reflection.HAS_INSTANCE, [value]);
  }
}
