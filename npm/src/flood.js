// Keeps what a guest makes its host write from becoming a flood: so many at once, so many per second after that. The
// rest is counted, and a summary says how much it was, at most once a second.
import { now } from './clock.js';

export class Flood {
  #left;
  #time = 0;
  #omitted = 0;
  #closedUntil = -Infinity;
  #most;
  #perSecond;
  #summarize;
  /** @type {import('./types.d.ts').HostTimer | undefined} */
  #timer; // a host timer

  /**
   * @param {number} most at once
   * @param {number} perSecond
   * @param {(omitted: number) => void} summarize what it throws is ignored
   */
  constructor(most, perSecond, summarize) {
    this.#left = this.#most = most;
    this.#perSecond = perSecond;
    this.#summarize = summarize;
  }

  /**
   * Whether one more may be written; otherwise it is counted.
   * @param {number} [cost]
   */
  admits(cost = 1) {
    const time = now();
    this.#left = Math.min(this.#most, this.#left + ((time - this.#time) / 1000) * this.#perSecond);
    this.#time = time;
    const isClosed = time < this.#closedUntil;
    if (isClosed || this.#left < 1) {
      if (!isClosed) this.#closedUntil = time + 1000;
      this.#omitted++;
      this.#announce();
      return false;
    }
    this.#left -= cost;
    this.#tell();
    return true;
  }

  #tell() {
    const omitted = this.#omitted;
    if (omitted === 0) return;
    this.#omitted = 0;
    try {
      this.#summarize(omitted);
    } catch {
      // Nowhere to write to.
    }
  }

  #announce() {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, 1000);
    this.#timer.unref?.(); // it must not keep a process alive
  }
}
