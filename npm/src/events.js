// Events of the guest that nobody waits for: uncaught errors, unhandled rejections. They are collected while the engine
// is on the stack, and the host is told after the outermost entry has ended, so that its callbacks may do anything with
// the sandbox.
import { limitReached } from './limits.js';
import { Log } from './log.js';
import { ignoreRejection, raise } from './promises.js';
import { Event, Status } from './protocol.js';

const OMITTED = -1; // an event that the host itself creates
const MOST_BYTES = 1024 * 1024; // of the values of one entry's events; later ones are only counted

export class Events {
  #guest;
  /** @type {{ event: number, number: number, value: unknown }[]} */
  #events = []; // { event, number, value }
  #bytes = 0; // of their values
  #omitted = 0; // since the host was last told
  #isTelling = false;
  // Made when they are first used:
  /** @type {Log | undefined} */
  #log;
  /** @type {Map<number, WeakRef<Promise<never>>> | undefined} */
  #rejections; // number -> WeakRef of the promise that onUnhandledRejection got
  /** @type {WeakRef<Events> | undefined} */
  #self;
  // Of all sandboxes: see handles.js.
  static #forgottenRejections = new FinalizationRegistry(
    (/** @type {{ owner: WeakRef<Events>, number: number }} */ held) => {
      const owner = held.owner.deref();
      if (owner !== undefined) owner.#rejections?.delete(held.number);
    },
  );

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * The engine is on the stack.
   * @param {number} event
   * @param {number} number
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  report(event, number, status, bytes) {
    const { entries, settings } = this.#guest;
    if (event === Event.REJECTION_HANDLED && !settings.onRejectionHandled) return entries.drop(bytes);
    const isFull = this.#events.length >= settings.hostLimits.events || this.#bytes >= MOST_BYTES;
    if (isFull && event !== Event.PROGRAM_TIME_LIMIT) {
      this.#omitted++;
      return entries.drop(bytes);
    }
    this.#bytes += bytes.length;
    let value;
    try {
      // A value that getters or traps of the guest keep from being read is replaced by the limit that stopped them.
      value = status > Status.WAITING ? entries.statusError(status) : entries.read(bytes);
      if (event === Event.PROGRAM_TIME_LIMIT) value = entries.programError(number, Number(value));
    } catch (error) {
      value = error; // the host cannot build the value; the event says so
    }
    this.#events.push({ event, number, value });
  }

  /** @param {unknown} error */
  uncaught(error) {
    this.#events.push({ event: Event.UNCAUGHT_ERROR, number: 0, value: error });
    if (this.#guest.entries.depth === 0) this.tell();
  }

  /** @param {string} what was left out of a message */
  omitted(what) {
    const { hostLimits, onOmitted } = this.#guest.settings;
    if (onOmitted === undefined) return;
    if (this.#events.length >= hostLimits.events) this.#omitted++;
    else this.#events.push({ event: OMITTED, number: 0, value: what });
  }

  get isEmpty() {
    return this.#events.length === 0;
  }

  /** The engine is no longer on the stack. Events that the host's callbacks cause are delivered later. */
  tell() {
    if (this.#isTelling || this.#events.length === 0) return;
    if (this.#omitted > 0) {
      const { events } = this.#guest.settings.hostLimits;
      const error =
        this.#bytes >= MOST_BYTES
          ? new RangeError(
              `the errors and rejections of one entry take more than ${MOST_BYTES} bytes: ${this.#omitted} were not reported`,
            )
          : limitReached(events, 'events', `errors and rejections in one entry: ${this.#omitted} were not reported`);
      this.#events.push({ event: Event.UNCAUGHT_ERROR, number: 0, value: error });
      this.#omitted = 0;
    }
    this.#isTelling = true;
    this.#guest.lane.charge(() => {
      this.#bytes = 0;
      for (const event of this.#events.splice(0)) if (!this.#guest.isDisposed) this.#tellOne(event);
    });
    this.#isTelling = false;
    if (this.#events.length > 0) this.#guest.lane.deliverLater(() => this.tell());
  }

  clear() {
    this.#events.length = this.#bytes = this.#omitted = 0;
  }

  /**
   * An exception of a host's callback goes to the host.
   * @param {{ event: number, number: number, value: any }} event
   * @returns {void}
   */
  #tellOne({ event, number, value }) {
    const { onOmitted, onUncaughtError, onUnhandledRejection, onRejectionHandled } = this.#guest.settings;
    try {
      switch (event) {
        case Event.PROGRAM_TIME_LIMIT: {
          this.#guest.promises.rejectOf(number, value);
          if (this.#guest.programs.endLate(number, value)) break;
          return this.#tellOne({ event: Event.UNCAUGHT_ERROR, number: 0, value });
        }
        case OMITTED:
          return void onOmitted?.(value);
        case Event.UNCAUGHT_ERROR:
          if (onUncaughtError) onUncaughtError(value);
          else (this.#log ??= new Log()).write('Uncaught error in a sandbox:', value);
          break;
        case Event.REJECTION_HANDLED:
          onRejectionHandled?.(this.#rejection(number, value));
          break;
        case Event.UNHANDLED_REJECTION:
          if (onUnhandledRejection) onUnhandledRejection(value, this.#rejection(number, value));
          else (this.#log ??= new Log()).write('Unhandled rejection in a sandbox:', value);
          break;
      }
    } catch (error) {
      raise(error);
    }
  }

  /**
   * The host's promise for a rejection of the guest: the same promise for both events, if the host has kept it.
   * @param {number} number
   * @param {unknown} reason
   */
  #rejection(number, reason) {
    const known = this.#rejections?.get(number)?.deref();
    if (known) return known;
    const promise = Promise.reject(reason);
    ignoreRejection(promise);
    if (this.#guest.settings.onRejectionHandled) {
      (this.#rejections ??= new Map()).set(number, new WeakRef(promise));
      this.#self ??= new WeakRef(this);
      Events.#forgottenRejections.register(promise, { owner: this.#self, number });
    }
    return promise;
  }
}
