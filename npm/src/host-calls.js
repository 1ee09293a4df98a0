// Host functions as the guest calls them: their `this`, their answers, and those that the guest waits for.
import { HostCall, Operation } from './protocol.js';
import { describe } from './errors.js';
import { limitReached } from './limits.js';
import { isThenable, settled } from './promises.js';

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

// `this` of a host function.
class HostCallContext {
  #program;
  #programs;

  constructor(sandbox, programs, program) {
    this.sandbox = sandbox;
    this.#programs = programs;
    this.#program = program;
  }

  get signal() {
    return this.#programs.signalOf(this.#program);
  }
}

export class HostCalls {
  #guest;
  #controller;       // host work of this sandbox, once its signal was asked for: aborted by dispose and interrupt
  #pending = new Map(); // of the host's promises (by number) and blocking calls (by fiber, negative) that have not settled: the function
  #current;          // the function whose promise is sent
  #asynchronous = new WeakSet(); // functions that have given a promise: too many pending calls are refused before they begin

  constructor(guest) {
    this.#guest = guest;
  }

  get isUsed() {
    return this.#controller !== undefined;
  }

  /** Whether the guest is owed an answer. */
  get isPending() {
    return this.#pending.size > 0;
  }

  abort(reason) {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.abort(reason);
  }

  get signal() {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Something of the host's begins that will settle, or is refused. `key`: for end(). */
  begin(key, fn = this.#current) {
    this.#checkPending();
    this.#pending.set(key, fn);
  }

  end(key) {
    this.#pending.delete(key);
  }

  /** What has not settled, for error messages. */
  describe() {
    if (this.#pending.size === 0) return '';
    const [fn] = this.#pending.values();
    const first = fn === undefined ? 'a promise of the host' : describe(fn) === 'a function' ? 'a function of the host' : `host ${describe(fn)}`;
    return `${first}${this.#pending.size > 1 ? ` and ${this.#pending.size - 1} more` : ''}`;
  }

  #checkPending() {
    const { calls } = this.#guest.settings.hostLimits;
    if (this.#pending.size >= calls) throw limitReached(calls, 'calls', 'calls of host functions are pending');
  }

  /** The engine is on the stack, so that nothing may be thrown. */
  call(number, bytes, fiber, program) {
    const { engine, entries } = this.#guest;
    if (entries.isStopping) return HostCall.STOPPED;
    let status;
    try {
      status = this.#answer(number, bytes, fiber, program);
    } catch (error) {
      if (engine.isBroken) throw error; // nothing of that instance goes on
      status = this.#sendError(error);
    }
    // By that function, perhaps.
    return entries.isStopping ? HostCall.STOPPED : status;
  }

  #answer(number, bytes, fiber, program) {
    const { entries, functions, programs, sandbox } = this.#guest;
    const fn = functions.ofNumber(number);
    if (fn === undefined) throw new TypeError('this function of the host is gone');
    const args = entries.read(bytes);
    if (this.#asynchronous.has(fn)) this.#checkPending();
    const context = new HostCallContext(sandbox, programs, program);
    const result = fn.apply(context, args);
    if (fiber !== 0 && isThenable(result)) {
      this.#asynchronous.add(fn);
      this.begin(-fiber, fn);
      settled(result, (value, isRejection) => {
        entries.answer(Operation.RESUME, fiber, isRejection ? 1 : 0, value, () => this.end(-fiber));
      });
      return HostCall.WAITS;
    }
    if (!(result instanceof Promise)) return this.#send(result);
    this.#asynchronous.add(fn);
    this.#current = fn;
    try {
      return this.#send(result);
    } finally {
      this.#current = undefined;
    }
  }

  #send(result) {
    this.#guest.entries.sendMessage(result);
    return HostCall.RETURNED;
  }

  #sendError(error) {
    try {
      this.#guest.entries.sendOrExplain(error);
      return HostCall.THREW;
    } catch {
      return this.#guest.entries.isStopping ? HostCall.STOPPED : HostCall.FAILED;
    }
  }
}
