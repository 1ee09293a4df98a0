// Time slices: a program of the guest that runs for long is paused where it is, the host has its turn, and then it goes on.
// Nothing else of the guest runs in between, for JavaScript runs to completion: entries of the host wait until it has ended.

export class TimeSlices {
  #length;         // ms
  #guest;          // isPaused(), continue(), released(): it has ended, and so have those that waited
  #end = Infinity; // of the slice that runs
  #isPaused = false;
  #isScheduled = false; // its next turn
  #waiting = [];

  constructor(length, guest) {
    this.#length = length;
    this.#guest = guest;
  }

  get isPaused() {
    return this.#isPaused;
  }

  /** Whether entries have to wait for their turn. */
  get isBusy() {
    return this.#isPaused || this.#waiting.length > 0;
  }

  /** An entry begins. */
  begin(mayPause) {
    this.#end = mayPause && this.#length !== Infinity ? performance.now() + this.#length : Infinity;
  }

  get isOver() {
    return this.#end !== Infinity && performance.now() >= this.#end;
  }

  /** An entry has returned. */
  end() {
    if (this.#length === Infinity) return;
    this.#isPaused = this.#guest.isPaused();
    if (!this.#isPaused || this.#isScheduled) return;
    this.#isScheduled = true;
    nextTurn(() => this.#next());
  }

  /** Performs the action when its turn has come. */
  whenFree(action) {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(action());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Nothing will be continued. */
  cancel() {
    this.#isPaused = false;
    this.#release();
  }

  #next() {
    this.#isScheduled = false;
    if (!this.#isPaused) return;
    this.#guest.continue();
    this.#release();
  }

  #release() {
    while (!this.#isPaused && this.#waiting.length > 0) this.#waiting.shift()();
    if (!this.#isPaused) this.#guest.released();
  }
}

// A task of the host: with less delay than its timers have, where there is such a thing.
const nextTurn = (() => {
  if (typeof setImmediate === 'function') return setImmediate;
  if (typeof MessageChannel !== 'function') return (task) => setTimeout(task, 0);
  let channel;
  const tasks = [];
  return (task) => {
    if (channel === undefined) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => tasks.shift()();
    }
    tasks.push(task);
    channel.port2.postMessage(undefined);
  };
})();
