// What the writer and the reader of messages need to know about values that have crossed between a guest and its host.
import { DisposedError, MemoryLimitError } from './errors.js';
import { FUNCTION, RECEIVER, REFERENCE } from './host-things.js';
import { MessageShapes } from './message-shapes.js';

export class Bridge {
  #guest;

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
    this.omits = guest.settings.uncrossable === 'omit';
    this.shapes = new MessageShapes(
      (description) => describeShape(guest, description),
      (number) => shapeDescription(guest, number),
    );
  }

  /** @param {(...args: any[]) => any} fn */
  numberOfFunction(fn) {
    return this.#guest.functions.numberOf(fn);
  }

  /** @param {Promise<any>} promise */
  numberOfPromise(promise) {
    return this.#guest.hostPromises.numberOf(promise, this.#guest.hostCalls.answering);
  }

  /** @param {any} object */
  numberOfReceiver(object) {
    return this.#guest.things.numberOf(RECEIVER, object);
  }

  /** @param {any} object */
  numberOfReference(object) {
    return this.#guest.things.numberOf(REFERENCE, object);
  }

  /** @param {any} error */
  numberOfError(error) {
    return this.#guest.errors.numberOf(error);
  }

  /** @param {any} proxy */
  handleOf(proxy) {
    return this.#guest.handles.of(proxy);
  }

  /** @param {Promise<any>} promise */
  promiseHandleOf(promise) {
    return this.#guest.promises.handleOf(promise);
  }

  get hasReferences() {
    return this.#guest.things.hasReferences;
  }

  /** @param {any} object */
  isReferenced(object) {
    return this.#guest.things.has(REFERENCE, object);
  }

  get hostHandler() {
    return this.#guest.objects.hostHandler;
  }

  /**
   * @param {number} handle
   * @param {string} name
   * @param {number} flags
   * @param {number} length
   */
  functionOfHandle(handle, name, flags, length) {
    return this.#guest.functions.ofHandle(handle, name, flags, length);
  }

  /** @param {number} number */
  functionOfNumber(number) {
    return this.#guest.things.find(FUNCTION, number);
  }

  /** @param {number} handle */
  promiseOfHandle(handle) {
    return this.#guest.promises.ofHandle(handle);
  }

  /**
   * @param {number} handle
   * @param {number} flags
   */
  objectOfHandle(handle, flags) {
    return this.#guest.objects.ofHandle(handle, flags);
  }

  /**
   * Copies many bytes to where the guest will keep them; returns their address, which must be sent or dropped.
   * @param {Uint8Array} bytes
   */
  block(bytes) {
    const { engine, exports, runtime, isDisposed } = this.#guest;
    if (isDisposed) throw new DisposedError('the sandbox was disposed'); // a getter of the host did it
    const address = exports.caisson_block(runtime, bytes.length) >>> 0;
    if (address === 0) throw doesNotFit(this.#guest, bytes.length);
    engine.store(address, bytes, undefined, bytes.length);
    return address;
  }

  /** @param {string} what was left out of a message */
  omitted(what) {
    this.#guest.events.omitted(what);
  }

  /** @param {number} handle that has arrived and is not read */
  giveBack(handle) {
    this.#guest.handles.giveBackUnread(handle);
  }

  /** @param {number} number */
  objectOfNumber(number) {
    return this.#guest.things.find(REFERENCE, number);
  }

  /** @param {any} object */
  receiverOf(object) {
    return this.#guest.handles.receiverOf(object);
  }

  /**
   * @param {any} object
   * @param {number} handle
   */
  addReceiver(object, handle) {
    return this.#guest.handles.addReceiver(object, handle);
  }

  /** @param {number} number */
  errorOfNumber(number) {
    return this.#guest.errors.find(number);
  }

  /**
   * @param {any} error
   * @param {number} number
   */
  errorReceived(error, number) {
    return this.#guest.errors.received(error, number);
  }

  /**
   * A function of the guest as a property of a copy.
   * @param {any} key
   * @param {(...args: any[]) => any} fn
   */
  functionAs(key, fn) {
    return this.#guest.atOnce.property(key, fn);
  }

  /** @param {any} copy that has a method that gives an iterator */
  iterable(copy) {
    this.#guest.atOnce.iterable(copy);
  }
}

/**
 * @param {import('./guest.js').Guest} guest
 * @param {number} size
 */
export function doesNotFit({ engine, exports, runtime }, size) {
  const isInstanceFull = !engine.isBroken && exports.caisson_is_system_full(runtime) === 1;
  return new MemoryLimitError(
    `a value of ${size} bytes does not fit into ${isInstanceFull ? 'the WebAssembly instance' : "the sandbox's memory limit"}`,
  );
}

/**
 * Called while a message is written, before the engine has any of it. Getters of the host may have disposed of the
 * sandbox.
 * @param {import('./guest.js').Guest} guest
 * @param {Uint8Array} description
 */
function describeShape({ engine, exports, runtime, isDisposed }, description) {
  const address = isDisposed ? 0 : exports.caisson_inbox(runtime, description.length);
  if (address === 0) return -1;
  engine.store(address, description, undefined, description.length);
  return exports.caisson_describe_shape(runtime);
}

/**
 * Called while a message of the guest is read.
 * @param {import('./guest.js').Guest} guest
 * @param {number} number
 */
function shapeDescription({ engine, exports, runtime, isDisposed }, number) {
  const address = isDisposed ? 0 : exports.caisson_shape(runtime, number) >>> 0;
  return address === 0 ? undefined : { bytes: engine.bytes(0, engine.size), start: address };
}
