// Turns: work that enters a guest by itself (answers of host functions, settled promises, modules, timers, the next
// slice of a paused program) waits for its turn. One turn of the host's loop has a budget of guest time for all
// sandboxes of the thread. When it is spent, the rest waits for the next task of the host, after whatever the host had
// to do. So a guest cannot starve its host, however many answers it asks for. What the host does itself (eval, a call)
// does not wait.
//
// Each sandbox has a lane: its deliveries come one after the other, those of several lanes in rotation. Lanes also keep
// a duty cycle: the share of wall time that a guest takes by itself over a longer time.
import { now } from './clock.js';

const SHORT = 0.05; // ms: after such a short delivery, several more are assumed to be as short
const NOT_MEASURED = 7;
const LONG = 0.5; // ms that have passed when the engine asks for the first time
const MOST_DELIVERIES = 2_000; // in one turn, whatever the clock shows
const LONGEST_BURST = 100; // ms of guest time before the duty cycle counts
const KEPT_DELIVERIES = 1000; // finished ones that may stay in the queue
const SHORTEST_REST = 10; // ms of guest time that a rest must bring, since hosts' timers are no finer

let turn = 0; // the number of this turn of the host's loop
let spent = 0; // ms of guest time in it
let deliveries = 0;
let isDelivering = false;
/** @type {number | undefined} */
let begin; // of the delivery that runs, when its time counts
let isMeasured = false; // its length is measured, and the others are judged by it
let unmeasured = 0; // deliveries to make without a look at the clock, which takes as long as a short one
let isScheduled = false;
/** @type {Set<Lane>} */
const ready = new Set(); // lanes with something to deliver, in rotation

/** Called during a delivery: it is not a short one. */
export function noteLongDelivery() {
  if (isDelivering && begin === undefined) {
    begin = now();
    spent += LONG;
  }
}

/** @typedef {{ action: () => void, cancel?: (error: Error) => void }} Delivery */
export class Lane {
  #budget; // ms a turn
  #dutyCycle; // 0 to 1
  #isHeld; // whether the guest can take nothing now: it is on the stack, or paused
  /** @type {Delivery[]} */
  #queue = []; // of { action, cancel }
  #first = 0; // index of the first one that is still to come
  /** @type {(() => void) | undefined} */
  #continuation; // what continues the paused guest: it comes before all others
  #after = 0; // the turn after which it is due
  #credit = LONGEST_BURST; // ms of guest time
  #creditTime = 0;
  /** @type {any} */
  #rest; // a host timer until there is credit again

  /**
   * @param {{ turnBudget: number, dutyCycle: number }} settings
   * @param {() => boolean} isHeld
   */
  constructor({ turnBudget, dutyCycle }, isHeld) {
    this.#budget = turnBudget;
    this.#dutyCycle = dutyCycle;
    this.#isHeld = isHeld;
  }

  /**
   * Performs the action, now if possible and otherwise in its turn; calls `cancel(error)` instead if the sandbox ends
   * before.
   * @param {() => void} action
   * @param {(error: Error) => void} [cancel]
   */
  deliver(action, cancel) {
    if (this.mayEnter) this.charge(action);
    else this.deliverLater(action, cancel);
  }

  /**
   * The same, but not now.
   * @param {() => void} action
   * @param {(error: Error) => void} [cancel]
   */
  deliverLater(action, cancel) {
    this.#queue.push({ action, cancel });
    this.release();
  }

  /**
   * Performs the action before all others, in the next turn or in this one: the guest is paused, or the answer that it
   * waits for has come.
   * @param {() => void} action
   * @param {boolean} isNextTurn
   */
  proceed(action, isNextTurn) {
    this.#continuation = action;
    this.#after = isNextTurn ? turn : turn - 1;
    this.#announce();
  }

  /** The guest can take deliveries again. */
  release() {
    if (!this.isEmpty && !this.#isHeld()) this.#announce();
  }

  /**
   * The sandbox has ended.
   * @param {Error} error
   */
  cancel(error) {
    const queue = this.#queue.splice(0).slice(this.#first);
    this.#first = 0;
    this.#continuation = undefined;
    clearTimeout(this.#rest);
    ready.delete(this);
    for (const { cancel } of queue) cancel?.(error);
  }

  /** Whether a delivery may be made now: nothing else waits, the guest can take it, and there is time. */
  get mayEnter() {
    return !isDelivering && this.isEmpty && this.#continuation === undefined && !this.#isHeld() && this.hasTime;
  }

  /** Whether a delivery is on the stack, in any sandbox. */
  get isDelivering() {
    return isDelivering;
  }

  /** Whether this turn has guest time left. */
  get hasTime() {
    return spent < this.#budget && deliveries < MOST_DELIVERIES && this.#hasCredit();
  }

  /**
   * Performs the action, and counts its time.
   * @template T
   * @param {() => T} action
   * @returns {T}
   */
  charge(action) {
    if (isDelivering) return action(); // within another delivery
    this.begin();
    try {
      return action();
    } finally {
      this.end();
    }
  }

  /** A delivery begins, and none is on the stack. */
  begin() {
    isMeasured = unmeasured === 0;
    begin = isMeasured ? now() : undefined;
    if (!isMeasured) unmeasured--;
    isDelivering = true;
  }

  /** It has ended. */
  end() {
    isDelivering = false;
    deliveries++;
    if (begin !== undefined) this.#count(Math.max(0, now() - begin), isMeasured);
  }

  /**
   * @param {number} time
   * @param {boolean} isMeasured
   */
  #count(time, isMeasured) {
    if (isMeasured && time < SHORT) {
      unmeasured = NOT_MEASURED;
      time *= 1 + NOT_MEASURED;
    }
    spent += time;
    this.#credit -= time;
  }

  // The scheduler's ---------------------------------------------------------------------------------------------------

  /** Performs the next action; false: it has to wait for another turn. */
  next() {
    const continuation = this.#continuation;
    if (!this.isReady) return true;
    if (!this.hasTime || (continuation !== undefined && this.#after === turn)) return false;
    try {
      this.#continuation = undefined;
      this.charge(continuation ?? this.#take());
    } finally {
      if (this.isReady) ready.add(this);
    }
    return true;
  }

  #take() {
    const { action } = this.#queue[this.#first++];
    // Finished ones are removed now and then.
    if (this.#first === this.#queue.length || this.#first >= KEPT_DELIVERIES) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
    return action;
  }

  get isReady() {
    return this.#continuation !== undefined || (!this.isEmpty && !this.#isHeld());
  }

  /** Waits until the duty cycle allows deliveries again; false: it allows them now. */
  rests() {
    if (this.#hasCredit()) return false;
    this.#rest ??= setTimeout(
      () => {
        this.#rest = undefined;
        if (this.isReady) this.#announce();
      },
      (SHORTEST_REST - this.#credit) / this.#dutyCycle,
    );
    return true;
  }

  get isEmpty() {
    return this.#first === this.#queue.length;
  }

  #hasCredit() {
    if (this.#dutyCycle >= 1) return true;
    if (this.#rest !== undefined) return false;
    if (this.#credit > SHORTEST_REST) return true;
    const time = now();
    this.#credit = Math.min(LONGEST_BURST, this.#credit + Math.max(0, time - this.#creditTime) * this.#dutyCycle);
    this.#creditTime = time;
    return this.#credit > 0;
  }

  #announce() {
    if (this.#rest !== undefined) return;
    ready.add(this);
    schedule();
  }
}

function schedule() {
  if (isScheduled) return;
  isScheduled = true;
  nextTask(takeTurn);
}

function takeTurn() {
  isScheduled = false;
  turn++;
  spent = deliveries = 0;
  /** @type {Lane[]} */
  const later = [];
  try {
    for (const lane of ready) {
      // lanes that are added meanwhile are visited as well
      ready.delete(lane);
      if (!lane.next()) later.push(lane);
    }
  } finally {
    for (const lane of later) if (!lane.rests()) ready.add(lane);
    if (ready.size > 0) schedule();
  }
}

/**
 * A task of the host, with less delay than its timers have, if the host offers that.
 * @type {(task: () => void) => void}
 */
const nextTask = (() => {
  const { setImmediate } = /** @type {any} */ (globalThis);
  if (typeof setImmediate === 'function') return setImmediate;
  if (typeof MessageChannel !== 'function') return (task) => setTimeout(task, 0);
  /** @type {MessageChannel | undefined} */
  let channel;
  /** @type {(() => void)[]} */
  const tasks = [];
  return (task) => {
    if (channel === undefined) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => tasks.shift()?.();
    }
    tasks.push(task);
    channel.port2.postMessage(undefined);
  };
})();
