// Host functions as the guest calls them: their `this`, their answers, and those that the guest waits for.
import { HostCall, Operation } from './protocol.js';
import { describe } from './errors.js';

const blockingFunctions = new WeakSet();

/**
 * Marks an asynchronous host function as one that the guest calls as if it were synchronous: the guest is set aside
 * until the promise settles, while the host runs on.
 */
export function blocking(fn) {
  if (typeof fn !== 'function') throw new TypeError(`blocking: expected a function, got ${describe(fn)}`);
  const wrapper = function (...args) {
    return fn.apply(this, args);
  };
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  blockingFunctions.add(wrapper);
  return wrapper;
}

export function isBlocking(fn) {
  return blockingFunctions.has(fn);
}

export class HostCalls {
  #guest;
  #controller; // host work of this sandbox, once there was any: aborted by dispose and by eval's signal

  constructor(guest) {
    this.#guest = guest;
  }

  get isUsed() {
    return this.#controller !== undefined;
  }

  abort(reason) {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.abort(reason);
  }

  call(number, bytes, fiber) {
    const { engine, entries, functions, sandbox } = this.#guest;
    const fn = functions.ofNumber(number);
    const context = { signal: (this.#controller ??= new AbortController()).signal, sandbox };
    try {
      const args = entries.read(bytes);
      const result = fn.apply(context, args);
      if (fiber !== 0 && isThenable(result)) {
        result.then((value) => this.#resume(fiber, value, 0), (error) => this.#resume(fiber, error, 1));
        return HostCall.WAITS;
      }
      entries.sendMessage(result);
      return HostCall.RETURNED;
    } catch (error) {
      if (engine.isBroken) throw error;  // nothing of the guest goes on
      this.#sendError(error);
      return HostCall.THREW;
    }
  }

  #sendError(error) {
    for (const value of [error, new Error('a host function failed with an error that cannot be passed to the guest'), null]) {
      try {
        return this.#guest.entries.sendMessage(value);
      } catch {
        // The next one is simpler. When not even that fits, the inbox is empty and the guest sees a malformed message.
      }
    }
  }

  #resume(fiber, value, isThrow) {
    const { entries } = this.#guest;
    entries.later(() => {
      try {
        entries.enter(Operation.RESUME, fiber, isThrow, value);
      } catch (error) {
        if (!(error instanceof TypeError) || this.#guest.isDisposed) throw error;
        entries.enter(Operation.RESUME, fiber, 1, error);
      }
    });
  }
}

function isThenable(value) {
  return typeof value === 'object' && value !== null && typeof value.then === 'function';
}
