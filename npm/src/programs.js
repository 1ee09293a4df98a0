// Programs that have to wait: evaluations and imports whose value is a promise, and fibers that were set aside.
import { TimeLimitError } from './errors.js';
import { ignoreRejection } from './promises.js';
import { Status } from './protocol.js';

const LONGEST_TIMER = 2 ** 31 - 1; // ms that hosts can wait

export class Programs {
  #guest;
  #fibers = new Map();  // waiting fiber -> {resolve, reject}
  #waiting = new Set(); // rejects evals and imports that wait
  #calls = new Set();   // {reject} of results of guest functions that wait

  constructor(guest) {
    this.#guest = guest;
  }

  /** The value of a program, awaited until its signal is aborted, a limit ends it, or it has waited for too long. */
  async outcome(value, signal, waitLimit = this.#guest.settings.waitLimit) {
    if (!(value instanceof Promise)) return value;
    let stop, timer;
    const stopped = new Promise((_, reject) => (stop = reject));
    const end = (reason) => {
      stop(reason);
      // What is paused belongs to this program when no other is in progress.
      if (this.#waiting.size === 1) this.#guest.entries.forsakePaused();
      this.#guest.hostCalls.abort(reason);
    };
    const onAbort = () => end(signal.reason);
    this.#waiting.add(stop);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort(); // by a host function that the program called before it had to wait
    const wait = () => {
      timer = setTimeout(() => (this.#guest.entries.slices.isPaused ? wait() : end(this.#waitedTooLong(waitLimit))), waitLimit);
    };
    if (waitLimit <= LONGEST_TIMER) wait(); // what is paused runs
    try {
      return await Promise.race([value, stopped]);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(stop);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The result of a guest function that the host called: a promise waits no longer than the limit. */
  callResult({ status, value }) {
    const result = status === Status.WAITING ? this.fiberResult(value) : value;
    if (!(result instanceof Promise)) return result;
    const entry = status === Status.WAITING ? this.#fibers.get(value) : this.#guest.promises.pending(result);
    if (entry === undefined) return result;
    const { waitLimit } = this.#guest.settings;
    const timer = waitLimit <= LONGEST_TIMER ? setTimeout(() => entry.reject(this.#waitedTooLong(waitLimit)), waitLimit) : undefined;
    this.#calls.add(entry);
    const done = () => {
      clearTimeout(timer);
      this.#calls.delete(entry);
    };
    result.then(done, done);
    return result;
  }

  #waitedTooLong(waitLimit) {
    return new TimeLimitError(`the guest waited longer than its wait limit (${waitLimit} ms) for ${this.#guest.awaited()}`);
  }

  /** Ends all that wait; false: there was no program, so that perhaps nobody has heard of the error. */
  rejectWaiting(error) {
    for (const reject of this.#waiting) reject(error);
    for (const { reject } of this.#calls) reject(error);
    return this.#waiting.size > 0;
  }

  // Fibers ---------------------------------------------------------------------------------------------------------------

  get hasFibers() {
    return this.#fibers.size > 0;
  }

  fiberResult(fiber) {
    const promise = new Promise((resolve, reject) => this.#fibers.set(fiber, { resolve, reject }));
    ignoreRejection(promise);
    return promise;
  }

  forgetFiber(fiber) {
    this.#fibers.delete(fiber);
  }

  /** A fiber that waited has ended. */
  fiberFinished(fiber, status, bytes) {
    const entry = this.#fibers.get(fiber);
    this.#fibers.delete(fiber);
    if (!entry) return;
    const { entries } = this.#guest;
    if (status > Status.WAITING) return entry.reject(entries.statusError(status));
    let value;
    try {
      value = entries.read(bytes);
    } catch (error) {
      return entry.reject(error); // the host has no such value
    }
    if (status === Status.EXCEPTION) entry.reject(value);
    else entry.resolve(value);
  }

  rejectFibers(reason) {
    for (const { reject } of this.#fibers.values()) reject(reason);
    this.#fibers.clear();
  }
}
