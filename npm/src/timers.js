// The guest's timers on top of the host's. Hosts keep timers by the millisecond, in lists by duration, or throttle
// them, so two timers may fire in another order than they fall due. Here every firing of a host timer runs the guest
// timer that is due first: by time, then by age. Each guest timer has one host timer, so there is a firing for each.
import { now } from './clock.js';

/**
 * @typedef {{ number: number, delay: number, repeats: boolean, due: number, serial: number, place: number, host: any,
 * isIdle: boolean }} Timer
 */
export class Timers {
  /** @type {(number: number) => void} */
  #run; // runs a guest timer by its number
  /** @type {(action: () => void) => void} */
  #deliver; // performs an action when it is the guest's turn
  #firings = 0; // firings that came and were not delivered yet
  #isDelivering = false;
  /** @type {Map<number, Timer>} */
  #timers = new Map(); // number -> timer
  /** @type {Timer[]} */
  #queue = []; // a binary heap of timers, the earliest at 0
  #serial = 0;
  #idleCount = 0; // nobody has to wait for these: they keep no process alive, and run when their host timers fire
  #latest = 0; // the latest time that the host has reported as reached

  /**
   * @param {(number: number) => void} run
   * @param {(action: () => void) => void} deliver
   */
  constructor(run, deliver = (action) => action()) {
    this.#run = run;
    this.#deliver = deliver;
  }

  /**
   * Starts a timer; restarts it if the number exists.
   * @param {number} number
   * @param {number} delay in ms
   * @param {boolean} repeats
   * @param {boolean} isIdle nobody has to wait for it
   */
  start(number, delay, repeats, isIdle = false) {
    this.cancel(number);
    /** @type {Timer} */
    const timer = { number, delay, repeats, due: 0, serial: 0, place: -1, host: undefined, isIdle };
    this.#timers.set(number, timer);
    if (isIdle) this.#scheduleIdle(timer);
    else this.#schedule(timer, now());
  }

  /** @param {number} number */
  cancel(number) {
    const timer = this.#timers.get(number);
    if (timer === undefined) return;
    clearTimeout(timer.host);
    this.#timers.delete(number);
    if (timer.isIdle) this.#idleCount--;
    // An interval that cancels itself is not in the queue.
    if (this.#queue[timer.place] === timer) this.#remove(timer.place);
  }

  get isPending() {
    return this.#timers.size > this.#idleCount;
  }

  cancelAll() {
    for (const { host } of this.#timers.values()) clearTimeout(host);
    this.#timers.clear();
    this.#idleCount = 0;
    this.#queue.length = 0;
    this.#firings = 0;
  }

  /**
   * @param {Timer} timer
   * @param {number} time
   */
  #schedule(timer, time) {
    const due = time + timer.delay;
    timer.due = due;
    timer.serial = this.#serial++;
    timer.host = setTimeout(() => this.#fire(due), timer.delay);
    this.#queue.push(timer);
    this.#rise(timer, this.#queue.length - 1);
  }

  /** @param {Timer} timer */
  #scheduleIdle(timer) {
    this.#idleCount++;
    const { number } = timer;
    timer.host = setTimeout(
      () =>
        this.#deliver(() => {
          if (this.#timers.get(number) !== timer) return;
          this.cancel(number);
          this.#run(number);
        }),
      timer.delay,
    );
    timer.host?.unref?.();
  }

  /**
   * The host reports that the time `due` has come, whatever its clock shows, and from then on it counts as reached. The
   * timer that the firing belongs to may already have run, in place of an earlier one whose host timer was late; then
   * the firing serves that one, and so on.
   * @param {number} due
   */
  #fire(due) {
    this.#latest = Math.max(this.#latest, due);
    this.#firings++;
    this.#deliverNext();
  }

  // One after the other, with other deliveries in between.
  #deliverNext() {
    // Firings of timers that were cancelled meanwhile serve no timer.
    this.#firings = Math.min(this.#firings, this.#queue.length);
    if (this.#isDelivering || this.#firings === 0) return;
    this.#isDelivering = true;
    this.#deliver(() => {
      this.#isDelivering = false;
      this.#firings--;
      try {
        this.#runNext();
      } finally {
        this.#deliverNext();
      }
    });
  }

  #runNext() {
    const time = (this.#latest = Math.max(this.#latest, now()));
    const timer = this.#queue[0];
    if (timer === undefined || timer.due > time) return;
    this.#remove(0);
    // If its own host timer has still to fire, that firing will serve another timer, so cancelling this one must not
    // take it away.
    timer.host = undefined;
    if (!timer.repeats) this.#timers.delete(timer.number);
    try {
      this.#run(timer.number);
    } finally {
      if (timer.repeats && this.#timers.get(timer.number) === timer) this.#schedule(timer, time);
    }
  }

  /** @param {number} place */
  #remove(place) {
    const last = /** @type {Timer} */ (this.#queue.pop());
    if (place === this.#queue.length) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  /**
   * @param {Timer} timer
   * @param {number} place
   */
  #put(timer, place) {
    this.#queue[place] = timer;
    timer.place = place;
  }

  /**
   * @param {Timer} timer
   * @param {number} place
   */
  #rise(timer, place) {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(timer, this.#queue[parent])) break;
      this.#put(this.#queue[parent], place);
      place = parent;
    }
    this.#put(timer, place);
  }

  /**
   * @param {Timer} timer
   * @param {number} place
   */
  #sink(timer, place) {
    const queue = this.#queue;
    for (let child = 2 * place + 1; child < queue.length; child = 2 * place + 1) {
      if (child + 1 < queue.length && isBefore(queue[child + 1], queue[child])) child++;
      if (!isBefore(queue[child], timer)) break;
      this.#put(queue[child], place);
      place = child;
    }
    this.#put(timer, place);
  }
}

/**
 * @param {Timer} left
 * @param {Timer} right
 */
function isBefore(left, right) {
  return left.due < right.due || (left.due === right.due && left.serial < right.serial);
}
