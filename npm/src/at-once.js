// What JavaScript asks of the guest's objects by itself, on the host's side, and wants at once: the steps of iterators,
// conversions. A promise in place of the answer would be taken for the answer (an iterator's result without a value, a
// text "[object Promise]"), so functions that were read for such a purpose throw when they would have to wait.
// `for await` waits: what has a synchronous iterator has an asynchronous one, too.
import { WouldWaitError } from './errors.js';
import { patientIteration } from './patient-iterator.js';

const conversions = new Set(['toString', 'toLocaleString', 'valueOf', 'toJSON', Symbol.toPrimitive]);
const steps = new Set(['next', 'return', 'throw']);

/** Functions of guests, by the forms of them that do not wait. @type {WeakMap<Function, any>} */
const originals = new WeakMap();

/**
 * The same function, which gives a promise when it has to wait.
 * @param {any} fn
 */
export const waitingForm = (fn) => originals.get(fn) ?? fn;

export class AtOnce {
  #guest;
  /** @type {WeakMap<Function, Function>} */
  #forms = new WeakMap(); // function -> the same that does not wait
  /** @type {WeakMap<Function, Function>} */
  #iteratorForms = new WeakMap(); // the same for functions that give an iterator
  /** @type {WeakSet<object>} */
  #iterators = new WeakSet(); // objects by reference that such functions gave

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * A property of an object of the guest, as the host reads it.
   * @param {any} key
   * @param {any} fn a function
   * @param {() => boolean} [isIterator] whether the object is an iterator
   */
  property(key, fn, isIterator) {
    if (key === 'then') return this.#guest.functions.thenOf(fn); // the host's promises call it
    if (key === Symbol.iterator) return this.iteratorMethod(fn);
    return conversions.has(key) || (steps.has(key) && isIterator?.()) ? this.#form(fn, String(key)) : fn;
  }

  /**
   * The form of a method of the guest that gives an iterator.
   * @param {any} fn
   */
  iteratorMethod(fn) {
    return this.#form(fn, 'Symbol(Symbol.iterator)', this.#iteratorForms, (result) => this.#iterator(result));
  }

  /**
   * A copy that has a method that gives an iterator; it may be an iterator itself.
   * @param {any} copy
   */
  iterable(copy) {
    if (typeof copy[Symbol.asyncIterator] === 'function') return;
    const method = waitingForm(copy[Symbol.iterator]);
    this.#stepsOf(copy);
    Object.defineProperty(copy, Symbol.asyncIterator, {
      value: this.#patiently(() => Reflect.apply(method, copy, [])),
      writable: true,
      configurable: true,
    });
  }

  /**
   * A method that gives an asynchronous iterator over an object of the guest, which is not asked before.
   * @param {any} object by reference
   * @param {string} what the object is, for errors
   */
  iterationOf(object, what) {
    return this.#patiently(async () => {
      const promises = this.#guest.objects.promisesOf(object);
      const method = (await promises?.get(Symbol.asyncIterator)) ?? (await promises?.get(Symbol.iterator));
      if (typeof method !== 'function') throw new TypeError(`${what} is not iterable`);
      return Reflect.apply(method, object, []);
    });
  }

  /** @param {() => any} open gives an iterator, or a promise of it */
  #patiently(open) {
    const { objects } = this.#guest;
    const read = (/** @type {any} */ object, /** @type {any} */ key) => {
      const promises = objects.promisesOf(object);
      return promises === undefined ? waitingForm(object[key]) : promises.get(key);
    };
    return patientIteration(open, read);
  }

  /**
   * Whether the object by reference came from a method that gives iterators.
   * @param {any} proxy
   */
  isIterator(proxy) {
    return this.#iterators.has(proxy);
  }

  /** @param {any} result of a method that gives an iterator */
  #iterator(result) {
    if (typeof result !== 'object' || result === null) return result;
    if (this.#guest.handles.of(result) !== undefined) this.#iterators.add(result);
    else if (!(result instanceof Promise)) this.#stepsOf(result);
    return result;
  }

  /** @param {any} copy */
  #stepsOf(copy) {
    for (const name of steps)
      if (Object.hasOwn(copy, name) && typeof copy[name] === 'function') copy[name] = this.#form(copy[name], name);
  }

  /**
   * @param {any} fn
   * @param {string} name
   * @param {WeakMap<Function, Function>} [forms]
   * @param {(result: any) => any} [finish]
   */
  #form(fn, name, forms = this.#forms, finish = (result) => result) {
    const known = forms.get(fn);
    if (known !== undefined) return known;
    const { functions, handles } = this.#guest;
    const handle = handles.of(fn);
    if (handle === undefined || originals.has(fn)) return fn; // a function of the host
    const form = /** @this {any} */ function (/** @type {any[]} */ ...args) {
      return finish(functions.callAtOnce(handle, this, args, name));
    };
    Object.defineProperty(form, 'name', { value: fn.name, configurable: true });
    Object.defineProperty(form, 'length', { value: fn.length, configurable: true });
    handles.addAlias(form, handle);
    originals.set(form, fn); // and keeps its handle
    forms.set(fn, form);
    return form;
  }

  /**
   * The guest waits, but what it was asked for was wanted at once.
   * @param {string} what
   */
  error(what) {
    const { entries } = this.#guest;
    const why = entries.slices.isPaused
      ? 'its program was paused (timeSlice)'
      : `it waits for ${this.#guest.awaited()}`;
    return new WouldWaitError(`${what}: the guest's answer is not there at once, since ${why}; ${remedyOf(what)}`);
  }
}

/** @param {string} what */
function remedyOf(what) {
  if (steps.has(what) || what === 'Symbol(Symbol.iterator)') return 'use for await';
  return 'use sandbox.ref(object).promises';
}
