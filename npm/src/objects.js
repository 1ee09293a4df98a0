// Objects that crossed as references. The guest's are proxies here, which ask the guest; the host's are proxies there,
// which ask the handler below. Through either, only own data and methods can be reached.
import { GuestReference } from './guest-reference.js';
import { WouldWaitError, keyText } from './errors.js';
import { SentHandle, flagged, iterationOf } from './grants.js';
import { isCrossingSymbol } from './message-writer.js';
import { FUNCTION_IS_TRAP, OBJECT_HAS_THEN, Operation, Reflection, Result, Status } from './protocol.js';
import { ReferencePromises } from './reference-promises.js';

const RESULT_FACTOR = 16;
const ENUMERABLE = 2;

/** Functions of guests with properties of their own. @type {WeakSet<Function>} */
const withMembers = new WeakSet();

/** @param {Function} fn */
export const hasMembers = (fn) => withMembers.has(fn);

/** The prototype of proxies of the guest's objects: reading from it does not ask the guest. */
export class GuestObject {}

export class Objects {
  #guest;
  /** @type {object | undefined} */
  #hostHandler; // of the guest's proxies of host objects

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * Asks the guest something about an object, and gets the answer at once; only calls may give a promise.
   * @param {number} handle
   * @param {number} reflection
   * @param {any[]} args
   * @param {number} form
   */
  reflect(handle, reflection, args, form = Result.VALUE) {
    const { atOnce, entries, programs } = this.#guest;
    if (entries.isBusy)
      throw new WouldWaitError(
        'a program of the guest is paused (timeSlice): its objects can be used when it has ended; use sandbox.ref(object).promises, which waits for that',
      );
    const entered = entries.enter(Operation.REFLECT, handle, reflection + RESULT_FACTOR * form, args);
    if (reflection === Reflection.CALL) return programs.callResult(entered);
    if (entered.status === Status.WAITING) throw atOnce.error(describeReflection(reflection, args));
    return entered.value;
  }

  /**
   * The same, or a promise of the answer when it is not there at once. `take` makes of it what is wanted.
   * @param {() => number} handleOf
   * @param {number} reflection
   * @param {any[]} args
   * @param {number} [form]
   * @param {(result: any) => any} [take]
   */
  reflectLater(handleOf, reflection, args, form = Result.VALUE, take = (result) => result) {
    const { entries, programs } = this.#guest;
    const enter = () => {
      const what = reflection + RESULT_FACTOR * form;
      return programs.callResult(entries.enterPatiently(Operation.REFLECT, handleOf(), what, args), take);
    };
    return entries.isBusy ? entries.whenFree(enter) : enter();
  }

  /**
   * Asks the guest about something of its own, with promises for answers; undefined: it belongs to the host, or is a
   * copy.
   * @param {any} object
   */
  promisesOf(object) {
    const handle = this.#guest.handles.of(object);
    if (handle === undefined) return undefined;
    return new ReferencePromises(
      (reflection, args, form, take) => this.reflectLater(() => handle, reflection, args, form, take),
      (result) => this.referenceTo(result),
      object,
    );
  }

  /**
   * The proxy of an object of the guest.
   * @param {number} handle
   * @param {number} flags
   */
  ofHandle(handle, flags) {
    const { handles } = this.#guest;
    const known = handles.find(handle);
    if (known !== undefined) return known;
    handles.check();
    const proxy = new Proxy(new GuestObject(), new ObjectHandler(this.#guest, handle, (flags & OBJECT_HAS_THEN) !== 0));
    handles.add(handle, proxy);
    return proxy;
  }

  /**
   * @param {(...args: any[]) => any} fn
   * @param {number} handle
   */
  functionWithMembers(fn, handle) {
    const proxy = new Proxy(fn, new FunctionHandler(this.#guest, handle, false));
    withMembers.add(proxy);
    return proxy;
  }

  /**
   * The object that a function of the guest is called on; undefined: it belongs to the host.
   * @param {any} value
   */
  receiver(value) {
    const { handles } = this.#guest;
    const handle = handles.receiverOf(value);
    if (handle !== undefined) return new SentHandle(handle);
    return handles.of(value) !== undefined ? value : undefined;
  }

  /**
   * A reference that owns an arrival: `result` is a proxy that has just arrived.
   * @param {any} result
   */
  referenceTo(result) {
    const { handles } = this.#guest;
    const handle = handles.of(result);
    const reference = new GuestReference(this.#guest, result);
    handles.hold(reference, handle);
    return reference;
  }

  /**
   * For any object of the guest's that the host has: a function, a proxy, a copy with functions or another reference.
   * @param {any} value
   */
  reference(value) {
    const { handles } = this.#guest;
    const handle = handles.of(value) ?? handles.receiverOf(value);
    return handle === undefined
      ? undefined
      : this.referenceTo(this.reflect(handle, Reflection.VALUE, [], Result.REFERENCE));
  }

  get hostHandler() {
    return (this.#hostHandler ??= hostHandler());
  }
}

/**
 * For messages.
 * @param {number} reflection
 * @param {any[]} args
 */
function describeReflection(reflection, [key]) {
  switch (reflection) {
    case Reflection.CONSTRUCT:
      return 'new';
    case Reflection.HAS_INSTANCE:
      return 'instanceof';
    case Reflection.KEYS:
      return 'the keys of an object';
    case Reflection.VALUE:
      return 'a copy of an object';
    default:
      return `the property ${keyText(key)}`;
  }
}

/** @param {any} key */
const keyCrosses = (key) => typeof key === 'string' || isCrossingSymbol(key);

// Traps. The target has only its class.
class ObjectHandler {
  #guest;
  #handle;
  #hasThen;
  /** @type {boolean | undefined} */
  #isIterator; // a synchronous one

  /**
   * @param {import('./guest.js').Guest} guest
   * @param {number} handle
   * @param {boolean} hasThen
   */
  constructor(guest, handle, hasThen) {
    this.#guest = guest;
    this.#handle = handle;
    this.#hasThen = hasThen;
  }

  /**
   * @param {number} reflection
   * @param {...any} args
   * @returns {any}
   */
  ask(reflection, ...args) {
    return this.#guest.objects.reflect(this.#handle, reflection, args);
  }

  /**
   * @param {any} target
   * @param {any} key
   * @param {any} [proxy]
   */
  get(target, key, proxy = target) {
    if (!keyCrosses(key) || (key === 'then' && !this.#hasThen)) return undefined;
    const { atOnce, entries } = this.#guest;
    if (key === Symbol.asyncIterator && entries.isBusy) return atOnce.iterationOf(proxy, 'the object');
    return this.#shown(key, this.ask(Reflection.GET, key), proxy);
  }

  /**
   * @param {any} key
   * @param {any} value
   * @param {any} proxy
   */
  #shown(key, value, proxy) {
    const { atOnce } = this.#guest;
    if (typeof value === 'function') return atOnce.property(key, value, () => this.#isIteratorAt(proxy));
    if (key !== Symbol.asyncIterator || (value !== undefined && value !== null)) return value;
    const method = this.ask(Reflection.GET, Symbol.iterator);
    return typeof method === 'function' ? atOnce.iterationOf(proxy, 'the object') : value;
  }

  /** @param {any} proxy */
  #isIteratorAt(proxy) {
    return (this.#isIterator ??=
      this.#guest.atOnce.isIterator(proxy) ||
      (this.ask(Reflection.HAS, Symbol.iterator) && !this.ask(Reflection.HAS, Symbol.asyncIterator)));
  }

  /**
   * @param {any} target
   * @param {any} key
   * @param {any} value
   */
  set(target, key, value) {
    return keyCrosses(key) && this.ask(Reflection.SET, key, value);
  }

  /**
   * @param {any} target
   * @param {any} key
   */
  has(target, key) {
    return keyCrosses(key) && this.ask(Reflection.HAS, key);
  }

  /**
   * @param {any} target
   * @param {any} key
   */
  deleteProperty(target, key) {
    return !keyCrosses(key) || this.ask(Reflection.DELETE, key);
  }

  ownKeys() {
    return this.ask(Reflection.KEYS);
  }

  /**
   * @param {any} target
   * @param {any} key
   * @returns {PropertyDescriptor | undefined}
   */
  getOwnPropertyDescriptor(target, key) {
    if (!keyCrosses(key)) return undefined;
    const attributes = this.ask(Reflection.ATTRIBUTES, key);
    if (attributes === undefined) return undefined;
    return {
      value: this.#shown(key, this.ask(Reflection.GET, key), target),
      writable: true,
      enumerable: (attributes & ENUMERABLE) !== 0,
      configurable: true,
    };
  }

  defineProperty() {
    return false;
  }

  setPrototypeOf() {
    return false;
  }

  preventExtensions() {
    return false;
  }
}

// For a function with properties of its own; properties that every function has are those of the proxy.
class FunctionHandler extends ObjectHandler {
  /**
   * @param {any} target
   * @param {any} key
   */
  #isLocal(target, key) {
    return Object.hasOwn(target, key) || key in Function.prototype;
  }

  /**
   * @param {any} target
   * @param {any} key
   * @param {any} [proxy]
   */
  get(target, key, proxy = target) {
    return this.#isLocal(target, key) ? target[key] : super.get(target, key, proxy);
  }

  /**
   * @param {any} target
   * @param {any} key
   */
  has(target, key) {
    return this.#isLocal(target, key) || super.has(target, key);
  }

  /**
   * @param {any} target
   * @param {any} key
   * @param {any} value
   */
  set(target, key, value) {
    return !this.#isLocal(target, key) && super.set(target, key, value);
  }

  /**
   * @param {any} target
   * @param {any} key
   */
  deleteProperty(target, key) {
    return !this.#isLocal(target, key) && super.deleteProperty(target, key);
  }

  /** @param {any} [target] */
  ownKeys(target) {
    const local = Reflect.ownKeys(target);
    return [...local, ...super.ownKeys().filter((/** @type {any} */ key) => !local.includes(key))];
  }

  /**
   * @param {any} target
   * @param {any} key
   */
  getOwnPropertyDescriptor(target, key) {
    return Object.hasOwn(target, key)
      ? Reflect.getOwnPropertyDescriptor(target, key)
      : super.getOwnPropertyDescriptor(target, key);
  }
}

// Host objects --------------------------------------------------------------------------------------------------------

const withheld = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/**
 * The property as the guest may see it: own, or of one of the object's classes.
 * @param {any} object
 * @param {any} key
 */
function findProperty(object, key) {
  if (typeof key !== 'string' || withheld.has(key)) return undefined;
  const own = Object.getOwnPropertyDescriptor(object, key);
  if (own !== undefined || typeof object === 'function') return own;
  for (
    let prototype = Object.getPrototypeOf(object);
    prototype !== null && !isEnd(prototype);
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const found = Object.getOwnPropertyDescriptor(prototype, key);
    // Data of a prototype is not shown.
    if (found !== undefined)
      return found.get !== undefined || found.set !== undefined || typeof found.value === 'function'
        ? found
        : undefined;
  }
  return undefined;
}

/**
 * Of any realm: an object without a prototype counts as an Object.prototype.
 * @param {object | null} prototype
 */
function isEnd(prototype) {
  return Object.getPrototypeOf(prototype) === null;
}

/**
 * @param {any} object
 * @param {PropertyDescriptor} descriptor
 */
function read(object, descriptor) {
  return descriptor.get !== undefined ? descriptor.get.call(object) : descriptor.value;
}

/**
 * What a guest in a worker is told of a property: its value, or for an accessor of a class only that it is one.
 * @param {any} object
 * @param {any} key
 */
export function describeHostProperty(object, key) {
  const found = findProperty(object, key);
  if (found === undefined) return undefined;
  const isOwn = Object.hasOwn(object, key);
  const isAccessor = found.get !== undefined || found.set !== undefined;
  return {
    isOwn,
    isAccessor,
    isEnumerable: found.enumerable === true,
    isSettable: found.set !== undefined || found.writable === true,
    value: isOwn || !isAccessor ? read(object, found) : undefined,
  };
}

// The traps of the guest's proxies. The engine gives the host's object as the target.
function hostHandler() {
  const traps = { ...hostTraps };
  for (const trap of Object.values(traps)) flagged(trap, FUNCTION_IS_TRAP);
  return traps;
}

export const hostTraps = {
  /**
   * @param {any} object
   * @param {any} key
   */
  get(object, key) {
    if (typeof key === 'symbol') return iterationOf(object, key);
    const found = findProperty(object, key);
    return found === undefined ? undefined : read(object, found);
  },
  /**
   * @param {any} object
   * @param {any} key
   * @param {any} value
   */
  set(object, key, value) {
    if (typeof key !== 'string' || withheld.has(key)) return false;
    const found = findProperty(object, key);
    if (found !== undefined)
      return (found.set !== undefined || found.writable === true) && Reflect.set(object, key, value);
    return Reflect.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  },
  has: (/** @type {any} */ object, /** @type {any} */ key) =>
    typeof key === 'symbol' ? iterationOf(object, key) !== undefined : findProperty(object, key) !== undefined,
  deleteProperty: (/** @type {any} */ object, /** @type {any} */ key) =>
    typeof key !== 'string' || withheld.has(key) || Reflect.deleteProperty(object, key),
  ownKeys: (/** @type {any} */ object) => Object.getOwnPropertyNames(object).filter((key) => !withheld.has(key)),
  /**
   * @param {any} object
   * @param {any} key
   */
  getOwnPropertyDescriptor(object, key) {
    const own =
      typeof key === 'string' && !withheld.has(key) ? Object.getOwnPropertyDescriptor(object, key) : undefined;
    return own && { value: read(object, own), writable: true, enumerable: own.enumerable, configurable: true };
  },
  defineProperty: () => false,
  setPrototypeOf: () => false,
  preventExtensions: () => false,
};
