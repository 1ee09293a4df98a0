// How a host chooses the manner in which something crosses: blocking functions, classes, references, transferred
// buffers. Also values that cross in a special manner: iterators and streams.
import { bufferIsDetached, tagOf } from './brands.js';
import { describe } from './errors.js';
import { isMadeHere } from './patient-iterator.js';
import { FUNCTION_BLOCKING, FUNCTION_CONSTRUCTOR } from './protocol.js';

// Functions -----------------------------------------------------------------------------------------------------------

const flagsOfFunctions = new WeakMap();

/**
 * How a function of the host crosses.
 * @param {(...args: any[]) => any} fn
 */
export const functionFlags = (fn) => flagsOfFunctions.get(fn) ?? 0;

/**
 * Marks a function; only the package has the mark.
 * @param {(...args: any[]) => any} fn
 * @param {number} flags
 */
export function flagged(fn, flags) {
  flagsOfFunctions.set(fn, flags);
  return fn;
}

/**
 * @param {(...args: any[]) => any} fn
 * @param {(...args: any[]) => any} wrapper
 */
export function named(fn, wrapper) {
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  return wrapper;
}

/**
 * Marks an asynchronous host function that the guest calls as if it were synchronous: the guest is set aside until the
 * promise settles, while the host runs on.
 * @param {(...args: any[]) => any} fn
 */
export function blocking(fn) {
  checkFunction('blocking', fn);
  return flagged(
    named(
      fn,
      /** @this {any} */ function (/** @type {any[]} */ ...args) {
        return fn.apply(this, args);
      },
    ),
    FUNCTION_BLOCKING,
  );
}

/**
 * Grants a class: the guest can call it with `new`. Its instances are references.
 * @param {(...args: any[]) => any} fn
 */
export function constructible(fn) {
  checkFunction('constructible', fn);
  return flagged(
    named(
      fn,
      /** @this {any} */ function (/** @type {any[]} */ ...args) {
        return new.target === undefined ? fn.apply(this, args) : Reflect.construct(fn, args);
      },
    ),
    FUNCTION_CONSTRUCTOR,
  );
}

/**
 * The functions of an accessor among the globals; the guest waits for those that are blocking.
 * @param {any} globals
 * @param {() => any} get
 * @param {((value: any) => void) | undefined} set
 * @returns {[() => any, ((value: any) => any) | undefined]}
 */
export function accessorFunctions(globals, get, set) {
  const isBlocking = (/** @type {any} */ fn) => functionFlags(fn) & FUNCTION_BLOCKING;
  const getter = flagged(() => get.call(globals), isBlocking(get));
  if (set === undefined) return [getter, undefined];
  const setter = (/** @type {any} */ value) => {
    const result = set.call(globals, value);
    return isBlocking(set) ? result : undefined;
  };
  return [getter, flagged(setter, isBlocking(set))];
}

/**
 * @param {string} name
 * @param {(...args: any[]) => any} fn
 */
export function checkFunction(name, fn) {
  if (typeof fn !== 'function') throw new TypeError(`${name}: expected a function, got ${describe(fn)}`);
}

// Values --------------------------------------------------------------------------------------------------------------

/** Values that do not cross as themselves. */
export class Grant {}

class HostReference extends Grant {
  /** @param {any} object */
  constructor(object) {
    super();
    this.object = object;
  }
}

/**
 * The guest gets a reference to the object in place of a copy: its own data and methods, live.
 * @param {any} object
 */
export function ref(object) {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null)
    throw new TypeError(`ref: expected an object, got ${describe(object)}`);
  return object instanceof HostReference ? object : new HostReference(object);
}

/** An instance of a class that was granted. */
export class HostInstance extends HostReference {
  /**
   * @param {any} object
   * @param {any} constructor
   */
  constructor(object, constructor) {
    super(object);
    this.class = constructor;
  }
}

class Transfer extends Grant {
  /**
   * @param {any} value
   * @param {Iterable<ArrayBuffer>} buffers
   */
  constructor(value, buffers) {
    super();
    this.value = value;
    this.buffers = buffers;
  }
}

/**
 * Sends the value and detaches these buffers of the host, as structuredClone does.
 * @param {any} value
 * @param {Iterable<ArrayBuffer>} buffers
 */
export function transfer(value, buffers) {
  // A buffer by itself would be an empty list, and a copy without a word.
  if (typeof (/** @type {any} */ (buffers)?.[Symbol.iterator]) !== 'function')
    throw new TypeError(`transfer: expected a list of ArrayBuffers, got ${describe(buffers)}`);
  const list = Array.from(buffers);
  for (const buffer of list) {
    if (tagOf(buffer) !== '[object ArrayBuffer]' || !(buffer instanceof ArrayBuffer))
      throw new TypeError(`transfer: expected ArrayBuffers, got ${describe(buffer)}`);
    if (bufferIsDetached(buffer)) throw new TypeError('transfer: a buffer is detached');
  }
  return new Transfer(value, list);
}

/** @param {any} grant */
export const isReference = (grant) => grant instanceof HostReference;
/** @param {any} grant */
export const isTransfer = (grant) => grant instanceof Transfer;

/** The value of a promise that is a promise itself, and remains one. */
export class Unwaited extends Grant {
  /** @param {any} value */
  constructor(value) {
    super();
    this.value = value;
  }
}

/** An object of the guest, by its handle. */
export class SentHandle extends Grant {
  /** @param {number} handle */
  constructor(handle) {
    super();
    this.handle = handle;
  }
}

// Iterators -----------------------------------------------------------------------------------------------------------

/** An iterator of the host: its methods as functions without a receiver. */
export class HostIterator extends Grant {
  /**
   * @param {any} iterator
   * @param {boolean} isAsync
   */
  constructor(iterator, isAsync) {
    super();
    this.isAsync = isAsync;
    /** @type {Record<string, Function>} */
    this.methods = {};
    for (const name of ['next', 'return', 'throw']) {
      const method = iterator[name];
      if (typeof method === 'function')
        this.methods[name] = flagged(
          named(method, (/** @type {any[]} */ ...args) => method.apply(iterator, args)),
          functionFlags(method),
        );
    }
  }
}

/**
 * The function that the guest gets for `object[key]` when the host's object has such a method: it returns an iterator.
 * @param {any} object
 * @param {any} key
 */
export function iterationOf(object, key) {
  const method = key === Symbol.iterator || key === Symbol.asyncIterator ? object[key] : undefined;
  return typeof method === 'function' && !isMadeHere(method)
    ? () => new HostIterator(method.call(object), key === Symbol.asyncIterator)
    : undefined;
}

/**
 * How an object crosses that hides its state: as an iterator or a stream; undefined: it is neither.
 * @param {any} object
 */
export function stateful(object) {
  switch (tagOf(object)) {
    case '[object ReadableStream]':
      return typeof object.getReader === 'function' ? new HostIterator(chunksOf(object), true) : undefined;
    case '[object WritableStream]':
      return typeof object.getWriter === 'function' ? sinkOf(object) : undefined;
    default:
  }
  if (typeof object.next !== 'function') return undefined;
  const method = object[Symbol.asyncIterator];
  if (typeof method === 'function' && !isMadeHere(method)) return new HostIterator(object, true);
  return typeof object[Symbol.iterator] === 'function' ? new HostIterator(object, false) : undefined;
}

/**
 * A stream is locked only when the guest begins to read it.
 * @param {any} stream
 */
function chunksOf(stream) {
  /** @type {any} */
  let reader;
  return {
    async next() {
      const { value, done } = await (reader ??= stream.getReader()).read();
      return { value, done };
    },
    /** @param {any} value */
    async return(value) {
      await (reader ?? stream).cancel();
      return { value, done: true };
    },
  };
}

/** @param {any} stream */
function sinkOf(stream) {
  /** @type {any} */
  let writer;
  const open = () => (writer ??= stream.getWriter());
  return {
    /**
     * Back-pressure: a chunk is taken when there is room for it.
     * @param {any} chunk
     */
    async write(chunk) {
      await open().ready;
      await open().write(chunk);
    },
    async close() {
      await open().close();
    },
    /** @param {any} reason */
    async abort(reason) {
      await open().abort(reason);
    },
  };
}
