// Time slices: a program of the guest that runs for long is paused where it is, the host has its turn, and then the
// program goes on. Nothing else of the guest runs in between, for JavaScript runs to completion: entries of the host
// wait until it has ended.
import { onAbort } from './abort-listeners.js';
import { now } from './clock.js';

export class TimeSlices {
  #length; // ms
  #lane;
  #guest; // isPaused(), continue()
  #end = Infinity; // of the slice that runs
  #isPaused = false;
  #isScheduled = false; // its next turn is scheduled
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /**
   * @param {number} length
   * @param {import('./turns.js').Lane} lane
   * @param {{ isPaused(): boolean, continue(): void }} guest
   */
  constructor(length, lane, guest) {
    this.#length = length;
    this.#lane = lane;
    this.#guest = guest;
  }

  get isPaused() {
    return this.#isPaused;
  }

  /** Whether entries have to wait for their turn. */
  get isBusy() {
    return this.#isPaused || this.#waiting.size > 0;
  }

  /**
   * An entry begins.
   * @param {boolean} mayPause
   */
  begin(mayPause) {
    this.#end = mayPause && this.#length !== Infinity ? now() + this.#length : Infinity;
  }

  get isOver() {
    return this.#end !== Infinity && now() >= this.#end;
  }

  /** An entry has returned. */
  end() {
    if (this.#length === Infinity) return;
    this.#isPaused = this.#guest.isPaused();
    if (!this.#isPaused || this.#isScheduled) return;
    this.#isScheduled = true;
    this.#lane.proceed(() => this.#next(), true);
  }

  /**
   * Performs the action when its turn comes, unless the signal is aborted before.
   * @template T
   * @param {() => T} action
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  whenFree(action, signal) {
    return new Promise((resolve, reject) => {
      const forget = onAbort(signal, () => {
        this.#waiting.delete(entry);
        reject(signal?.reason);
        this.#release();
      });
      const entry = () => {
        forget();
        try {
          resolve(action());
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.add(entry);
    });
  }

  /** Nothing will be continued: waiting entries are rejected with the reason. */
  cancel() {
    this.#isPaused = false;
    for (const entry of this.#waiting) {
      this.#waiting.delete(entry);
      entry();
    }
  }

  #next() {
    this.#isScheduled = false;
    if (this.#isPaused) this.#guest.continue();
    this.#release();
  }

  // One after the other, those of the host first.
  #release() {
    if (this.#isPaused) return;
    if (this.#waiting.size === 0) this.#lane.release();
    else this.#lane.proceed(() => this.#enterNext(), false);
  }

  #enterNext() {
    const [entry] = this.#waiting;
    if (entry !== undefined && !this.#isPaused) {
      this.#waiting.delete(entry);
      entry();
    }
    this.#release();
  }
}
