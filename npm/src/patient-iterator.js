// Asynchronous iterators over those of the guest whose steps may wait, synchronous ones in the first place.
// https://tc39.es/ecma262/#sec-asyncfromsynciterator-objects, with steps that are awaited.

/** @type {WeakSet<Function>} */
const made = new WeakSet();

/**
 * Whether a method that gives an asynchronous iterator was made here: its object has none of its own.
 * @param {any} method
 */
export const isMadeHere = (method) => made.has(method);

/**
 * @param {() => any} open gives the iterator, or a promise of it
 * @param {(object: any, key: string) => any} read gives a property, or a promise of it
 */
export function patientIteration(open, read) {
  const iteration = () => new PatientIterator(open, read);
  made.add(iteration);
  return iteration;
}

class PatientIterator {
  #read;
  /** @type {Promise<any>} */
  #iterator;
  /** @type {Promise<any>} */
  #latest; // steps are taken one after the other
  #isOver = false;

  /**
   * @param {() => any} open
   * @param {(object: any, key: string) => any} read
   */
  constructor(open, read) {
    this.#read = read;
    this.#iterator = this.#latest = (async () => {
      const iterator = await open();
      if (!isObject(iterator)) throw new TypeError('the method of Symbol.iterator gave no object');
      return iterator;
    })();
    this.#iterator.catch(() => {}); // each step tells
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @param {any[]} args */
  next(...args) {
    return this.#queue(async () => {
      if (this.#isOver) return { value: undefined, done: true };
      try {
        const iterator = await this.#iterator;
        const method = await this.#read(iterator, 'next');
        if (typeof method !== 'function') throw new TypeError('the iterator has no method next');
        return await this.#result(iterator, await Reflect.apply(method, iterator, args), true);
      } catch (error) {
        this.#isOver = true;
        throw error;
      }
    });
  }

  /** @param {any} value */
  return(value) {
    return this.#queue(async () => {
      const iterator = this.#isOver ? undefined : await this.#iterator;
      this.#isOver = true;
      const method = iterator === undefined ? undefined : await this.#read(iterator, 'return');
      if (method === undefined || method === null) return { value: await value, done: true };
      return this.#result(iterator, await Reflect.apply(method, iterator, [value]), false);
    });
  }

  /** @param {any} error */
  throw(error) {
    return this.#queue(async () => {
      if (this.#isOver) throw error;
      const iterator = await this.#iterator;
      const method = await this.#read(iterator, 'throw');
      if (method !== undefined && method !== null)
        return this.#result(iterator, await Reflect.apply(method, iterator, [error]), true);
      this.#isOver = true;
      await this.#close(iterator);
      throw new TypeError('the iterator has no method throw');
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} step
   * @returns {Promise<T>}
   */
  #queue(step) {
    const taken = this.#latest.then(step, step);
    this.#latest = taken;
    return taken;
  }

  /**
   * @param {any} iterator
   * @param {any} result
   * @param {boolean} closes whether a value that is a rejected promise ends the iterator
   */
  async #result(iterator, result, closes) {
    if (!isObject(result)) throw new TypeError('a step of the iterator gave no object');
    const done = Boolean(await this.#read(result, 'done'));
    if (done) this.#isOver = true;
    try {
      return { value: await this.#read(result, 'value'), done };
    } catch (error) {
      this.#isOver = true;
      if (closes && !done) await this.#close(iterator);
      throw error;
    }
  }

  /**
   * After an error, which counts more than one of this.
   * @param {any} iterator
   */
  async #close(iterator) {
    try {
      const method = await this.#read(iterator, 'return');
      if (typeof method === 'function') await Reflect.apply(method, iterator, []);
    } catch {
      // The first error is thrown.
    }
  }
}

/** @param {any} value */
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
