// Host functions as the guest calls them: their `this`, their answers, and those that the guest waits for.
import { HostCall, Operation } from './protocol.js';
import { describe } from './errors.js';
import { HostInstance, blocking, checkFunction, named } from './grants.js';
import { FUNCTION } from './host-things.js';
import { limitReached } from './limits.js';
import { isThenable, raise, settled } from './promises.js';

const NO_RECEIVER = -1;
const NEW = -2;

/** @type {HostCallContext | undefined} */
let current; // the context of the host function that is on the stack, innermost

/** What a host function may ask about the call that it performs; undefined outside of one, and after its first await. */
export function hostCall() {
  return current;
}

/**
 * Marks a host function of callbacks: `fn(resume, signal, ...args)` gets a function to call with the result, now or later, whose
 * `fail` takes an error instead. The guest is set aside until then. `signal` is aborted when nobody waits any longer; then what
 * `fn` returned, if it is a function, is called with the reason.
 * @param {(...args: any[]) => any} fn
 */
export function callback(fn) {
  checkFunction('callback', fn);
  return blocking(named(fn, /** @this {any} */ function (/** @type {any[]} */ ...args) {
    const signal = current?.signal ?? new AbortController().signal;
    return new Promise((resolve, reject) => {
      /** @type {any} */
      let cancel;
      let isDone = false;
      /**
       * @param {(value: any) => void} settle
       * @param {any} value
       */
      const end = (settle, value) => {
        if (isDone) return false;
        isDone = true;
        forget();
        settle(value);
        return true;
      };
      let isAborted = false; // perhaps by `fn`, which then has not returned yet
      const cancelWork = () => {
        if (typeof cancel !== 'function') return;
        try {
          cancel(signal.reason);
        } catch (error) {
          raise(error);
        }
      };
      const forget = whenAborted(signal, () => {
        if (!end(reject, signal.reason)) return;
        isAborted = true;
        cancelWork();
      });
      if (signal.aborted) return void end(reject, signal.reason);
      /** @param {any} value */
      const resume = (value) => void end(resolve, value);
      resume.fail = (/** @type {any} */ error) => void end(reject, error);
      try {
        cancel = fn.call(this, resume, signal, ...args);
      } catch (error) {
        end(reject, error);
      }
      if (isAborted) cancelWork();
    });
  }));
}

/** @type {WeakMap<AbortSignal, Set<() => void>>} */
const waiting = new WeakMap(); // what is called when a signal is aborted

/**
 * One listener for all that wait: hosts take many listeners of a signal for a leak.
 * @param {AbortSignal} signal
 * @param {() => void} action
 * @returns {() => void} what forgets it
 */
function whenAborted(signal, action) {
  let actions = waiting.get(signal);
  if (actions === undefined) {
    const all = (actions = new Set());
    waiting.set(signal, all);
    signal.addEventListener('abort', () => { for (const each of [...all]) each(); }, { once: true });
  }
  actions.add(action);
  return () => void actions.delete(action);
}

class HostCallContext {
  #program;
  #programs;

  /**
   * @param {any} sandbox
   * @param {import('./programs.js').Programs} programs
   * @param {number} program
   */
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
  /** @type {AbortController | undefined} */
  #controller;       // host work of this sandbox, once its signal was asked for: aborted by dispose and interrupt
  #pending = new Map(); // of the host's promises (by number) and blocking calls (by fiber, negative) that have not settled: the function
  /** @type {any} */
  #current;          // the function whose promise is sent
  #asynchronous = new WeakSet(); // functions that have given a promise: too many pending calls are refused before they begin

  /** @param {import('./guest.js').Guest} guest */
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

  /** @param {any} reason */
  abort(reason) {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.abort(reason);
  }

  get signal() {
    return (this.#controller ??= new AbortController()).signal;
  }

  /**
   * Something of the host's begins that will settle, or is refused. `key`: for end().
   * @param {any} key
   * @param {(...args: any[]) => any} [fn]
   */
  begin(key, fn = this.#current) {
    this.#checkPending();
    this.#pending.set(key, fn);
  }

  /** @param {any} key */
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

  /**
   * The engine is on the stack, so that nothing may be thrown.
   * @param {number} number
   * @param {number} receiver
   * @param {number} address
   * @param {number} size
   * @param {number} fiber
   * @param {number} program
   */
  call(number, receiver, address, size, fiber, program) {
    const { engine, entries } = this.#guest;
    if (entries.isStopping) {
      if (address !== 0) entries.drop(engine.bytes(address, size));
      return HostCall.STOPPED;
    }
    let status;
    try {
      status = this.#answer(number, receiver, address, size, fiber, program);
    } catch (error) {
      if (engine.isBroken) throw error; // nothing of that instance goes on
      status = this.#sendError(error);
    }
    // By that function, perhaps.
    return entries.isStopping ? HostCall.STOPPED : status;
  }

  /**
   * @param {number} number
   * @param {number} receiver
   * @param {number} address
   * @param {number} size
   * @param {number} fiber
   * @param {number} program
   */
  #answer(number, receiver, address, size, fiber, program) {
    const { entries, things, programs, sandbox } = this.#guest;
    const fn = things.find(FUNCTION, number);
    if (fn === undefined) throw new TypeError('this function of the host is gone');
    const args = entries.readArguments(address, size);
    if (this.#asynchronous.has(fn)) this.#checkPending();
    const result = this.#perform(fn, receiver, args, new HostCallContext(sandbox, programs, program));
    if (receiver === NEW) return this.#send(new HostInstance(result, fn));
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

  /**
   * `this`: what the function was called on, if that is the host's.
   * @param {(...args: any[]) => any} fn
   * @param {number} receiver
   * @param {any[]} args
   * @param {HostCallContext} context
   */
  #perform(fn, receiver, args, context) {
    const outer = current;
    current = context;
    try {
      if (receiver === NEW) return Reflect.construct(fn, args);
      return Reflect.apply(fn, receiver === NO_RECEIVER ? context : this.#receiver(receiver), args);
    } finally {
      current = outer;
    }
  }

  /** @param {number} number */
  #receiver(number) {
    const receiver = this.#guest.things.findReceiver(number);
    if (receiver === undefined) throw new TypeError('this object of the host is gone');
    return receiver;
  }

  /** @param {any} result */
  #send(result) {
    if (this.#guest.entries.answerInRegister(result)) return HostCall.RETURNED_REGISTER;
    this.#guest.entries.sendMessage(result);
    return HostCall.RETURNED;
  }

  /** @param {any} error */
  #sendError(error) {
    try {
      this.#guest.entries.sendOrExplain(error);
      return HostCall.THREW;
    } catch {
      return this.#guest.entries.isStopping ? HostCall.STOPPED : HostCall.FAILED;
    }
  }
}
