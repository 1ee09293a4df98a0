// Whether a guest has anything left to do by itself. It has nothing left when no timer is pending, no answer of the
// host is due and nothing waits for its turn: a program that still waits then waits for a promise that nothing will
// settle.

export class Idleness {
  #guest;
  /** @type {import('./types.d.ts').Settler[]} */
  #waiting = []; // of { resolve, reject }

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  get isIdle() {
    const { entries, lane, timers, hostCalls, modules } = this.#guest;
    return (
      entries.depth === 0 &&
      !entries.slices.isBusy &&
      lane.isEmpty &&
      !timers.isPending &&
      !hostCalls.isPending &&
      !modules.isPending
    );
  }

  /**
   * Resolves when this is so, at the earliest in a job of its own.
   * @returns {Promise<void>}
   */
  when() {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.check();
    });
  }

  /** Something has ended; it may have been the last. */
  check() {
    if (this.#waiting.length === 0 || this.#guest.isDisposed || !this.isIdle) return;
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
  }

  /**
   * The sandbox has ended.
   * @param {Error} error
   */
  cancel(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  get isAwaited() {
    return this.#waiting.length > 0;
  }
}
