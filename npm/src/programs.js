// Programs that have to wait: evaluations and imports whose value is a promise, and fibers that were set aside.
import { Status } from './protocol.js';
import { ignoreRejection } from './promises.js';

export class Programs {
  #guest;
  #fibers = new Map();  // waiting fiber -> {resolve, reject}
  #waiting = new Set(); // rejects evals and imports that wait

  constructor(guest) {
    this.#guest = guest;
  }

  /** The value of a program, awaited until its signal is aborted or a limit ends it. */
  async outcome(value, signal) {
    if (!(value instanceof Promise)) return value;
    let stop;
    const stopped = new Promise((_, reject) => (stop = reject));
    const onAbort = () => {
      stop(signal.reason);
      // What is paused belongs to this program when no other is in progress.
      if (this.#waiting.size === 1) this.#guest.entries.forsakePaused();
      this.#guest.hostCalls.abort(signal.reason);
    };
    this.#waiting.add(stop);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort(); // by a host function that the program called before it had to wait
    try {
      return await Promise.race([value, stopped]);
    } finally {
      this.#waiting.delete(stop);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends all that wait; false: there were none. */
  rejectWaiting(error) {
    for (const reject of this.#waiting) reject(error);
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
    const value = entries.read(bytes);
    if (status === Status.EXCEPTION) entry.reject(value);
    else entry.resolve(value);
  }

  rejectFibers(reason) {
    for (const { reject } of this.#fibers.values()) reject(reason);
    this.#fibers.clear();
  }
}
