// Programs that have to wait: evaluations and imports whose value is a promise, and fibers that were set aside.
import { onAbort } from './abort-listeners.js';
import { TimeLimitError, isProgramTimeError } from './errors.js';
import { HostWork } from './host-calls.js';
import { ignoreRejection, isThenable } from './promises.js';
import { Status } from './protocol.js';

const LONGEST_TIMER = 2 ** 31 - 1; // ms that hosts can wait

// `stopped` is rejected by `stop`.
function stopper() {
  let stop;
  const stopped = new Promise((_, reject) => (stop = reject));
  ignoreRejection(stopped);
  return {
    stop: /** @type {(reason: any) => void} */ (/** @type {any} */ (stop)),
    stopped: /** @type {Promise<never>} */ (stopped),
  };
}

/** @param {AbortSignal[]} signals */
function anySignal(...signals) {
  if (typeof AbortSignal.any === 'function') return AbortSignal.any(signals);
  const controller = new AbortController();
  for (const signal of signals) {
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }
  return controller.signal;
}

export class Programs {
  #guest;
  /** @type {Map<number, import('./types.d.ts').Settler>} */
  #fibers = new Map(); // waiting fiber -> {resolve, reject, take}
  /** @type {WeakMap<Promise<any>, number>} */
  #fibersByResult = new WeakMap();
  /** @type {Map<(reason: any) => void, number>} */
  #waiting = new Map(); // what rejects each eval and import that waits -> number
  /** @type {Set<{ reject(reason: any): void }>} */
  #calls = new Set(); // {reject} of pending results of guest functions
  /** @type {Map<number, any>} */
  // Number -> { end, work, sandboxWork, signal }: those that a signal or a limit may end.
  #abortable = new Map();
  #latest = 0;

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /** All work that an evaluation or import starts carries its number (engine/runtime/programs.h). */
  newNumber() {
    return (this.#latest = (this.#latest % 0xffffffff) + 1);
  }

  /**
   * Evaluates or imports. The value is awaited until the signal is aborted, a limit ends the program, or it has waited
   * too long.
   * @param {number} operation
   * @param {any[]} message
   * @param {import('./types.d.ts').EntrySettings} settings
   */
  async run(operation, message, settings) {
    const { entries } = this.#guest;
    const { signal, totalTimeLimit, waitLimit = this.#guest.settings.waitLimit } = settings;
    signal?.throwIfAborted();
    const program = this.newNumber();
    const enter = () => this.#enter(program, settings, operation, message);
    const { stop, stopped } = stopper();
    if (signal === undefined && waitLimit > LONGEST_TIMER && totalTimeLimit === undefined)
      return this.#outcome(program, entries.isBusy ? await entries.whenFree(enter) : enter(), stop, stopped);
    /** @param {any} reason */
    const end = (reason) => {
      stop(reason);
      this.#abort(program, reason);
    };
    this.#abortable.set(program, { end, work: new HostWork(), sandboxWork: undefined, signal: undefined });
    const forget = onAbort(signal, () => end(signal?.reason));
    try {
      const entered = entries.isBusy ? await entries.whenFree(enter, signal) : enter();
      return await this.#outcome(program, entered, stop, stopped, waitLimit, end);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      this.#abortable.delete(program);
      forget();
    }
  }

  /**
   * @param {number} program
   * @param {import('./types.d.ts').EntrySettings} settings
   * @param {number} operation
   * @param {any} message
   */
  #enter(program, settings, operation, message) {
    const { entries, promises } = this.#guest;
    const outer = promises.program;
    promises.program = program;
    try {
      return entries.enterWithLimits(settings, operation, program, 0, message);
    } catch (error) {
      if (isProgramTimeError(error)) this.#abort(program, error);
      throw error;
    } finally {
      promises.program = outer;
    }
  }

  /**
   * @param {number} program
   * @param {{ status: number, value: any }} entered
   * @param {(reason: any) => void} stop
   * @param {Promise<never>} stopped
   * @param {number} [waitLimit]
   * @param {(reason: any) => void} [end]
   * @returns {Promise<any>}
   */
  async #outcome(program, { status, value }, stop, stopped, waitLimit = Infinity, end = undefined) {
    if (status === Status.WAITING) value = this.fiberResult(value);
    if (!isThenable(value)) return value;
    if (!(value instanceof Promise)) value = this.#guest.promises.adopted(value);
    /** @type {any} */
    let timer;
    const wait = () => {
      timer = setTimeout(
        () => (this.#guest.entries.slices.isPaused ? wait() : end?.(this.#waitedTooLong(waitLimit))),
        waitLimit,
      );
    };
    if (waitLimit <= LONGEST_TIMER) wait(); // a paused program runs on
    this.#waiting.set(stop, program);
    try {
      return await Promise.race([value, stopped]);
    } finally {
      this.#guest.promises.letGo(value); // unless it has settled
      clearTimeout(timer);
      this.#waiting.delete(stop);
    }
  }

  /**
   * The result of a guest function that the host called: a promise waits no longer than the limit. `take` makes of it
   * what is wanted.
   * @param {{ status: number, value: any }} entered
   * @param {(result: any) => any} [take]
   */
  callResult({ status, value }, take) {
    if (take !== undefined && status !== Status.WAITING) return take(value);
    const result = status === Status.WAITING ? this.fiberResult(value, take) : value;
    if (!(result instanceof Promise)) return result;
    const entry = status === Status.WAITING ? this.#fibers.get(value) : this.#guest.promises.pending(result);
    if (entry === undefined) return result;
    const { waitLimit } = this.#guest.settings;
    const timer =
      waitLimit <= LONGEST_TIMER
        ? setTimeout(() => entry.reject(this.#waitedTooLong(waitLimit)), waitLimit)
        : undefined;
    this.#calls.add(entry);
    const done = () => {
      clearTimeout(timer);
      this.#calls.delete(entry);
    };
    result.then(done, done);
    return result;
  }

  /** @param {number} waitLimit */
  #waitedTooLong(waitLimit) {
    return new TimeLimitError(
      `the guest waited longer than its wait limit (${waitLimit} ms) for ${this.#guest.awaited()}`,
    );
  }

  /**
   * Ends the program and aborts its host work; other programs go on.
   * @param {number} program
   * @param {any} reason
   */
  #abort(program, reason) {
    const work = this.#abortable.get(program)?.work;
    this.#abortable.delete(program);
    this.#guest.entries.abortProgram(program);
    work?.abort(reason);
  }

  /** @param {number} number */
  abortable(number) {
    return this.#abortable.get(number);
  }

  get sandboxWork() {
    return this.#guest.hostCalls.work;
  }

  /**
   * The signal for host work of a program. A program that can be aborted has its own signal, which follows the
   * sandbox's.
   * @param {any} program
   * @param {HostWork} sandboxWork
   */
  signalOf(program, sandboxWork) {
    if (program === undefined) return sandboxWork.signal;
    if (program.sandboxWork !== sandboxWork) {
      program.sandboxWork = sandboxWork;
      program.signal = anySignal(sandboxWork.signal, program.work.signal);
    }
    return program.signal;
  }

  /**
   * Ends all programs that wait; false: there was none, so perhaps nobody has been told of the error.
   * @param {any} error
   */
  rejectWaiting(error) {
    for (const reject of this.#waiting.keys()) reject(error);
    for (const { reject } of this.#calls) reject(error);
    return this.#waiting.size > 0;
  }

  /**
   * Ends all programs that wait, for good.
   * @param {any} reason
   */
  endWaiting(reason) {
    for (const [stop, program] of [...this.#waiting]) {
      stop(reason);
      this.#abort(program, reason);
    }
    for (const { reject } of this.#calls) reject(reason);
  }

  /**
   * The engine has ended a program whose time is up. False: nobody waits for it any more.
   * @param {number} number
   * @param {any} error
   */
  endLate(number, error) {
    const program = this.#abortable.get(number);
    program?.end(error);
    return program !== undefined;
  }

  // Fibers ------------------------------------------------------------------------------------------------------------

  get hasFibers() {
    return this.#fibers.size > 0;
  }

  /**
   * @param {number} fiber
   * @param {(result: any) => any} [take]
   */
  fiberResult(fiber, take) {
    const promise = new Promise((resolve, reject) => this.#fibers.set(fiber, { resolve, reject, take }));
    this.#fibersByResult.set(promise, fiber);
    ignoreRejection(promise);
    return promise;
  }

  /** @param {Promise<any>} promise */
  isFiberResult(promise) {
    return this.#fibersByResult.has(promise);
  }

  /**
   * Nobody wants the result any more; what the guest does goes on.
   * @param {Promise<any>} promise
   * @param {any} reason
   */
  abandon(promise, reason) {
    const fiber = /** @type {number} */ (this.#fibersByResult.get(promise));
    this.#fibers.get(fiber)?.reject(reason);
    this.#fibers.delete(fiber);
  }

  /** @param {number} fiber */
  forgetFiber(fiber) {
    this.#fibers.delete(fiber);
  }

  /**
   * A fiber that waited has ended.
   * @param {number} fiber
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  fiberFinished(fiber, status, bytes) {
    const entry = this.#fibers.get(fiber);
    this.#fibers.delete(fiber);
    const { entries } = this.#guest;
    if (!entry) return entries.drop(bytes);
    if (status === Status.PROGRAM_TIME_LIMIT) return; // an event reports it
    if (status > Status.WAITING) return entry.reject(entries.statusError(status));
    let value;
    try {
      value = entries.read(bytes);
      if (status === Status.OK && entry.take !== undefined) value = entry.take(value);
    } catch (error) {
      return entry.reject(error); // the host cannot build the value
    }
    if (status === Status.EXCEPTION) entry.reject(value);
    else this.#guest.promises.resolve(entry, value);
  }

  /** @param {any} reason */
  rejectFibers(reason) {
    for (const { reject } of this.#fibers.values()) reject(reason);
    this.#fibers.clear();
  }
}
