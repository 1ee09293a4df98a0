// Host functions as the guest calls them: their `this`, their answers, and the blocking ones.
import { HostCall, Operation } from './protocol.js';
import { describe } from './errors.js';
import { HostInstance, blocking, checkFunction, named } from './grants.js';
import { settled } from './host-promises.js';
import { REFERENCE } from './host-things.js';
import { limitReached } from './limits.js';
import { isThenable, raise } from './promises.js';

const callOn = Function.prototype.call.bind(Function.prototype.call);
const NO_RECEIVER = -1;
const NEW = -2;

/** @type {HostCallContext | undefined} */
let current; // the context of the innermost host function on the stack

/**
 * Information about the call that a host function performs; undefined outside of a call, and after its first await.
 */
export function hostCall() {
  return current;
}

/**
 * Calls a host function that was called in another manner, with what hostCall() gives meanwhile.
 * @param {any} context
 * @param {() => any} action
 */
export function performAs(context, action) {
  const outer = current;
  current = context;
  try {
    return action();
  } finally {
    current = outer;
  }
}

/**
 * Marks a host function of callbacks: `fn(resume, signal, ...args)` gets a function to call with the result, now or
 * later; its `fail` takes an error instead. Until then the guest is set aside. `signal` is aborted when nobody waits
 * any longer; then the function that `fn` returned, if any, is called with the reason.
 * @param {(...args: any[]) => any} fn
 */
export function callback(fn) {
  checkFunction('callback', fn);
  return blocking(
    named(
      fn,
      /** @this {any} */ function (/** @type {any[]} */ ...args) {
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
      },
    ),
  );
}

/** @type {WeakMap<AbortSignal, Set<() => void>>} */
const waiting = new WeakMap(); // what is called when a signal is aborted

/**
 * One listener for all that wait: hosts report many listeners of one signal as a leak.
 * @param {AbortSignal} signal
 * @param {() => void} action
 * @returns {() => void} what forgets it
 */
function whenAborted(signal, action) {
  let actions = waiting.get(signal);
  if (actions === undefined) {
    const all = (actions = new Set());
    waiting.set(signal, all);
    signal.addEventListener(
      'abort',
      () => {
        for (const each of [...all]) each();
      },
      { once: true },
    );
  }
  actions.add(action);
  return () => void actions.delete(action);
}

/** What the host does for a guest or a program, until nobody wants it any more. Its signal may be asked for late. */
export class HostWork {
  /** @type {AbortController | undefined} */
  #controller; // an AbortController costs much, and is seldom asked for
  #isAborted = false;
  /** @type {any} */
  #reason;

  get signal() {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get hasSignal() {
    return this.#controller !== undefined;
  }

  /** @param {any} reason */
  abort(reason) {
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

class HostCallContext {
  #programs;
  #program;
  #work;

  /**
   * @param {any} sandbox
   * @param {import('./programs.js').Programs} programs
   * @param {number} program
   */
  constructor(sandbox, programs, program) {
    this.sandbox = sandbox;
    this.#programs = programs;
    // Those of now: an asynchronous function may ask for the signal when the program has long ended.
    this.#program = programs.abortable(program);
    this.#work = programs.sandboxWork;
  }

  get signal() {
    return this.#programs.signalOf(this.#program, this.#work);
  }
}

export class HostCalls {
  #guest;
  work = new HostWork(); // for this sandbox: dispose and interrupt abort it
  /** @type {Map<number, (...args: any[]) => any>} */
  #waiting = new Map(); // blocking calls that have not settled: fiber -> function
  /** @type {any} */
  answering; // the function whose promise is sent

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  get isUsed() {
    return this.work.hasSignal;
  }

  /** Whether the guest still waits for an answer. */
  get isPending() {
    return this.#waiting.size > 0 || this.#guest.hostPromises.pending > 0;
  }

  /** @param {any} reason */
  abort(reason) {
    const { work } = this;
    this.work = new HostWork();
    work.abort(reason);
  }

  /** The calls that have not settled, for error messages. */
  describe() {
    const { hostPromises } = this.#guest;
    const count = this.#waiting.size + hostPromises.pending;
    if (count === 0) return '';
    const [blocking] = this.#waiting.values();
    const fn = hostPromises.pending > 0 ? hostPromises.first : blocking;
    const first =
      fn === undefined
        ? 'a promise of the host'
        : describe(fn) === 'a function'
          ? 'a function of the host'
          : `host ${describe(fn)}`;
    return `${first}${count > 1 ? ` and ${count - 1} more` : ''}`;
  }

  /** Refuses another promise of the host when too many have not settled. */
  checkPending() {
    const { calls } = this.#guest.settings.hostLimits;
    if (this.#waiting.size + this.#guest.hostPromises.pending >= calls)
      throw limitReached(calls, 'calls', 'calls of host functions are pending');
  }

  /**
   * The engine is on the stack, so nothing may be thrown.
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
      if (engine.isBroken) throw error; // the instance must not go on
      status = this.#sendError(error);
    }
    // Perhaps by that function.
    return entries.isStopping ? HostCall.STOPPED : status;
  }

  /**
   * OPTIMIZATION: like call(), for functions that are not blocking, with `count` arguments in registers and no
   * receiver.
   * @param {number} number
   * @param {number} count
   * @param {number} program
   */
  callWithRegisters(number, count, program) {
    const { engine, entries, things, programs, sandbox } = this.#guest;
    if (entries.isStopping) return HostCall.STOPPED;
    const outer = current;
    let status;
    try {
      const entry = things.findFunction(number);
      if (entry === undefined) throw gone();
      if (entry.givesPromises) this.checkPending();
      const fn = entry.thing;
      const context = (current = new HostCallContext(sandbox, programs, program));
      const result =
        count === 1
          ? callOn(fn, context, entries.readArgument(0))
          : count === 2
            ? callOn(fn, context, entries.readArgument(0), entries.readArgument(1))
            : Reflect.apply(fn, context, entries.readArguments(0, count));
      current = outer;
      status = entries.answerInRegister(result) ? HostCall.RETURNED_REGISTER : this.#sendResult(entry, result);
    } catch (error) {
      current = outer;
      if (engine.isBroken) throw error; // the instance must not go on
      status = this.#sendError(error);
    }
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
    const entry = things.findFunction(number);
    if (entry === undefined) throw gone();
    const fn = entry.thing;
    const args = entries.readArguments(address, size);
    if (entry.givesPromises) this.checkPending();
    const result = this.#perform(fn, receiver, args, new HostCallContext(sandbox, programs, program));
    if (receiver === NEW) return this.#send(new HostInstance(result, fn));
    if (fiber !== 0 && isThenable(result)) {
      entry.givesPromises = true;
      this.checkPending();
      this.#waiting.set(fiber, fn);
      settled(result, (value, isRejection) => {
        entries.answer(Operation.RESUME, fiber, isRejection ? 1 : 0, value, () => this.#waiting.delete(fiber));
      });
      return HostCall.WAITS;
    }
    return this.#sendResult(entry, result);
  }

  /**
   * @param {{ thing: any, givesPromises: boolean }} entry
   * @param {any} result
   */
  #sendResult(entry, result) {
    if (!(result instanceof Promise)) return this.#send(result);
    entry.givesPromises = true;
    const { entries, hostPromises } = this.#guest;
    // OPTIMIZATION: a plain promise of the host needs no message.
    if (this.#isPlainPromise(result)) {
      entries.answerInRegister(hostPromises.numberOf(result, entry.thing));
      return HostCall.RETURNED_PROMISE;
    }
    this.answering = entry.thing;
    try {
      return this.#send(result);
    } finally {
      this.answering = undefined;
    }
  }

  /** @param {Promise<any>} promise */
  #isPlainPromise(promise) {
    const { promises, things } = this.#guest;
    return (
      Object.getPrototypeOf(promise) === Promise.prototype &&
      !promises.isOfGuest(promise) &&
      !(things.hasReferences && things.has(REFERENCE, promise))
    );
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

function gone() {
  return new TypeError('this function of the host is gone');
}
