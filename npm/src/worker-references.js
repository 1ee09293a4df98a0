// What stands for functions and objects of a guest in a worker: what they are asked is answered by promises.

/** @typedef {import('./worker-session.js').Session} Session */

/**
 * Things keep the sandbox from being collected.
 * @type {WeakMap<object, any>}
 */
const sandboxes = new WeakMap();

/** The session and number of a WorkerReference. @type {WeakMap<object, { session: Session, number: number }>} */
const places = new WeakMap();

/**
 * @param {Session} session
 * @param {number} number
 * @param {{ name: string, length: number, hasMembers: boolean }} description
 */
export function functionOf(session, number, { name, length, hasMembers }) {
  const proxy = /** @type {any} */ (call);
  /**
   * @this {any}
   * @param {...any} args
   */
  function call(...args) {
    if (new.target !== undefined) return session.ask('construct', [number], args);
    const receiver = session.receiverOf(this) ?? 0;
    return session.ask('call', [number, receiver], args);
  }
  Object.defineProperty(proxy, 'name', { value: name, configurable: true });
  if (length > 0) Object.defineProperty(proxy, 'length', { value: length, configurable: true });
  sandboxes.set(proxy, session.sandbox);
  if (!hasMembers) return proxy;
  session.alias(proxy, number);
  return new Proxy(proxy, {
    get: (target, key) =>
      typeof key !== 'string' || Object.hasOwn(target, key) || key in Function.prototype || key === 'then'
        ? target[key]
        : pathOf(session, number, [key]),
    set: refuseSet,
  });
}

/**
 * An object of a class of the guest, or an iterator: `await object.property`, `await object.method()`.
 * @param {Session} session
 * @param {number} number
 */
export function objectOf(session, number) {
  /** @type {any} */
  const object = new Proxy(
    {},
    {
      get(_, key) {
        if (key === Symbol.asyncIterator)
          return () => iteratorOf(session, object, () => session.ask('iterate', [number], []));
        // It is no promise, so that it can be awaited itself.
        return typeof key !== 'string' || key === 'then' ? undefined : pathOf(session, number, [key]);
      },
      has: () => {
        throw new TypeError('an object in a worker cannot be asked at once: use (await sandbox.ref(object)).has(key)');
      },
      set: refuseSet,
    },
  );
  sandboxes.set(object, session.sandbox);
  return object;
}

/** @returns {never} */
function refuseSet() {
  throw new TypeError(
    'an object in a worker cannot be changed at once: use (await sandbox.ref(object)).set(key, value)',
  );
}

/**
 * A property that has not been read yet: awaited it is, called it is called on its object.
 * @param {Session} session
 * @param {number} number
 * @param {string[]} keys
 * @returns {any}
 */
function pathOf(session, number, keys) {
  return new Proxy(() => {}, {
    get(_, key) {
      if (key === 'then') {
        const promise = session.ask('get', [number, keys], []);
        return promise.then.bind(promise);
      }
      return typeof key === 'string' ? pathOf(session, number, [...keys, key]) : undefined;
    },
    apply: (_, thisValue, args) => session.ask('invoke', [number, keys], args),
    set: refuseSet,
  });
}

/**
 * An iterator of the guest's, asked for when the first value is.
 * @param {Session} session
 * @param {any} source what it comes from, kept meanwhile
 * @param {() => Promise<number>} open
 */
export function iteratorOf(session, source, open) {
  /** @type {Promise<number> | undefined} */
  let opened;
  /** @type {any} */
  let holder;
  /**
   * @param {string} method
   * @param {any[]} args
   */
  const step = async (method, args) => {
    opened ??= open();
    const number = await opened;
    holder ??= session.arrived(number, () => ({ source }));
    const result = await session.ask('step', [number, method], args);
    if (method !== 'next' || result?.done) session.release(holder);
    return result;
  };
  let isOver = false;
  const iterator = {
    async next(/** @type {any[]} */ ...args) {
      if (isOver) return { value: undefined, done: true };
      const result = await step('next', args);
      isOver ||= result?.done;
      return result;
    },
    async return(/** @type {any} */ value) {
      if (isOver || opened === undefined) {
        isOver = true;
        return { value, done: true };
      }
      isOver = true;
      return step('return', [value]);
    },
    async throw(/** @type {any} */ error) {
      if (isOver) throw error;
      isOver = true;
      return step('throw', [error]);
    },
    [Symbol.asyncIterator]() {
      return iterator;
    },
  };
  return iterator;
}

/** A GuestReference whose methods give promises. */
export class WorkerReference {
  /**
   * @param {Session} session
   * @param {number} number
   */
  constructor(session, number) {
    places.set(this, { session, number });
    sandboxes.set(this, session.sandbox);
  }

  /** @param {any} key */
  get(key) {
    return ask(this, 'get', [key]);
  }

  /** @param {any} key */
  ref(key) {
    return ask(this, 'ref', [key]);
  }

  /**
   * @param {any} key
   * @param {any} value
   */
  set(key, value) {
    return ask(this, 'set', [key, value]);
  }

  /** @param {any} key */
  has(key) {
    return ask(this, 'has', [key]);
  }

  /** @param {any} key */
  delete(key) {
    return ask(this, 'delete', [key]);
  }

  keys() {
    return ask(this, 'keys', []);
  }

  /**
   * @param {any} thisValue
   * @param {...any} args
   */
  call(thisValue, ...args) {
    return ask(this, 'call', [thisValue, ...args]);
  }

  /**
   * @param {any} key
   * @param {...any} args
   */
  invoke(key, ...args) {
    return ask(this, 'invoke', [key, ...args]);
  }

  /** @param {...any} args */
  construct(...args) {
    return ask(this, 'construct', args);
  }

  toValue() {
    return ask(this, 'toValue', []);
  }

  /** @param {any} other */
  async isSame(other) {
    const { session, number } = placeOf(this);
    return session.ask('isSame', [number, session.receiverOf(other) ?? 0], []);
  }

  [Symbol.asyncIterator]() {
    const { session, number } = placeOf(this);
    return iteratorOf(session, this, () => session.ask('iterate', [number], []));
  }

  release() {
    const place = places.get(this);
    places.delete(this);
    place?.session.release(this);
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.release();
  }
}

/** @param {WorkerReference} reference */
function placeOf(reference) {
  const place = places.get(reference);
  if (place === undefined) throw new TypeError('the reference was released');
  return place;
}

/**
 * @param {WorkerReference} reference
 * @param {string} method
 * @param {any[]} args
 */
async function ask(reference, method, args) {
  const { session, number } = placeOf(reference);
  return session.ask('reference', [number, method], args);
}
